//! How long solves take, as the minimum over many runs on one thread:
//! `cargo run --release -p winset-trade --example trade_speed [-- CASE…]`.
//!
//! The cases of published data are found by `WINSET_VALIDATION` and `WINSET_SOURCES`; without, only the synthetic ones
//! run.

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use winset_trade::draws::{Elasticities, Uncertainty, draws};
use winset_trade::{Closure, Economy, Indicator, Model, Options, Shock, TradeError, Workspace};

/// Seconds that one measurement may take.
const BUDGET: f64 = 1.0;

/// Milliseconds of the fastest run.
fn fastest(mut run: impl FnMut() -> Result<(), TradeError>) -> Result<f64, TradeError> {
    let begin = Instant::now();
    let mut best = f64::INFINITY;
    let mut runs = 0;
    while runs < 3 || begin.elapsed().as_secs_f64() < BUDGET {
        let clock = Instant::now();
        run()?;
        best = best.min(1e3 * clock.elapsed().as_secs_f64());
        runs += 1;
    }
    Ok(best)
}

struct Case {
    name: &'static str,
    economy: Economy,
    options: Options,
    shock: Shock,
    nearby: Shock,
    region: String,
}

fn uniform(importer: &str) -> (Shock, Shock) {
    (
        Shock::new().tariff_add("*", importer, "*", 0.10),
        Shock::new().tariff_add("*", importer, "*", 0.11),
    )
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add =
        |name, economy: Economy, options: Options, shocks: (Shock, Shock), region: &str| {
            cases.push(Case {
                name,
                economy,
                options: Options {
                    tolerance: 1e-10,
                    ..options
                },
                shock: shocks.0,
                nearby: shocks.1,
                region: region.to_owned(),
            });
        };
    if let Some(folder) = common::case("trade/caliendo_parro_nafta") {
        let (economy, shock) = common::nafta::nafta(&folder);
        let nearby = shock.clone().tariff_add("Mexico", "USA", "*", 0.01);
        let options = Options::new("theta").closure(Closure::Zero);
        add("NAFTA 31x40", economy, options, (shock, nearby), "Mexico");
    }
    if let Some(folder) = common::case("trade/icio2022") {
        let economy = common::icio::load(&folder).economy;
        let shocks = (
            Shock::new().tariff("*", "USA", "*", 0.10),
            Shock::new().tariff("*", "USA", "*", 0.11),
        );
        add(
            "ICIO 81x28, no IO",
            economy,
            Options::new("IS"),
            shocks,
            "USA",
        );
    }
    for (name, folder) in [
        ("embedded 17x28", "trade/economy_2022_17"),
        ("embedded 77x28", "trade/economy_2022_77"),
    ] {
        if let Some(folder) = common::folder("WINSET_SOURCES", folder) {
            let economy = Economy::from_folder(&folder).expect("an economy folder");
            add(name, economy, Options::new("U4"), uniform("USA"), "USA");
        }
    }
    for (name, n, s) in [("synthetic 81x45", 81, 45), ("synthetic 160x65", 160, 65)] {
        let economy = common::synthetic::synthetic(n, s);
        add(
            name,
            economy,
            Options::new("theta"),
            uniform("R000"),
            "R000",
        );
    }
    cases
}

fn measure(case: &Case) -> Result<(), TradeError> {
    let calibrate = fastest(|| Model::new(&case.economy, case.options.clone()).map(drop))?;
    let model = Model::new(&case.economy, case.options.clone())?;
    let mut workspace = Workspace::new();
    let solved = model.solve(&case.shock, &mut workspace, None)?;
    let neighbour = model.solve(&case.nearby, &mut workspace, Some(&solved))?;
    let cold = fastest(|| model.solve(&case.shock, &mut workspace, None).map(drop))?;
    let warm = fastest(|| {
        model
            .solve(&case.nearby, &mut workspace, Some(&solved))
            .map(drop)
    })?;
    let ev = Indicator::EvBusd(case.region.clone());
    let gradient = model.sensitivities(&solved, &ev, &mut workspace)?;
    let adjoint = fastest(|| model.sensitivities(&solved, &ev, &mut workspace).map(drop))?;
    println!(
        "{:18} calibrate {calibrate:7.2}  cold {cold:7.2} ({} steps, {} products, {:.0e})  warm {warm:6.2} ({}, {})  \
         sensitivities {adjoint:6.2} ({})  {} {:.9} %",
        case.name,
        solved.report().iterations,
        solved.report().products,
        solved.report().residual,
        neighbour.report().iterations,
        neighbour.report().products,
        gradient.products,
        case.region,
        solved.real_income_pct(
            solved
                .regions()
                .iter()
                .position(|r| *r == case.region)
                .unwrap_or(0)
        ),
    );
    Ok(())
}

/// How close each kernel comes to what the machine streams at that size.
fn kernels(case: &Case) -> Result<(), TradeError> {
    let model = Model::new(&case.economy, case.options.clone())?;
    for pass in model.pass_times(300)? {
        let peak = bandwidth(pass.bytes);
        let reached = pass.bytes as f64 / pass.seconds / 1e9;
        println!(
            "    {:32} {:8.1} us  {:7.2} MB  {reached:5.1} of {peak:5.1} GB/s ({:.0} %)",
            pass.name,
            1e6 * pass.seconds,
            pass.bytes as f64 / 1e6,
            100.0 * reached / peak
        );
    }
    Ok(())
}

/// Gigabytes a second at which a vector of that many bytes is summed again and again.
fn bandwidth(bytes: usize) -> f64 {
    let data = vec![1.0_f64; bytes / 8];
    let mut best = f64::INFINITY;
    for _ in 0..50 {
        let clock = Instant::now();
        let mut lanes = [0.0; 32];
        for block in std::hint::black_box(&data).as_chunks::<32>().0 {
            for l in 0..32 {
                lanes[l] += block[l];
            }
        }
        std::hint::black_box(lanes);
        best = best.min(clock.elapsed().as_secs_f64());
    }
    bytes as f64 / best / 1e9
}

/// Draws of elasticities around the published ones, on two threads.
fn many(case: &Case, count: u64) -> Result<(), TradeError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(2)
        .build()
        .expect("two threads");
    let uncertainty = Uncertainty {
        elasticities: Elasticities::LogNormal(0.2),
        ..Uncertainty::default()
    };
    let ev = [Indicator::EvBusd(case.region.clone())];
    let clock = Instant::now();
    let (economy, options, shock) = (&case.economy, &case.options, &case.shock);
    let answer = pool.install(|| draws(economy, options, shock, &uncertainty, &ev, 0..count))?;
    println!(
        "{:18} {count} draws of elasticities on two threads: {:.2} s, EV {:.2} to {:.2} (90 %), {} without answer",
        case.name,
        clock.elapsed().as_secs_f64(),
        answer.spreads[0].quantile(0.05),
        answer.spreads[0].quantile(0.95),
        answer.failed.len()
    );
    Ok(())
}

fn main() -> Result<(), TradeError> {
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    println!("milliseconds, fastest run; tolerance 1e-10");
    for case in cases() {
        if !chosen.is_empty() && !chosen.iter().any(|c| case.name.contains(c.as_str())) {
            continue;
        }
        measure(&case)?;
        kernels(&case)?;
        if case.name.contains("17x28") {
            many(&case, 10_000)?;
        }
    }
    Ok(())
}
