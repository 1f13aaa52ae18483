//! Prints how long solves take: `cargo run --release -p winset-trade --example speed -- ECONOMY [ELASTICITIES]`.

use std::path::Path;
use std::time::Instant;

use winset_trade::{Closure, Economy, Indicator, Model, Options, Shock, TradeError, Workspace};

const REPEATS: u32 = 50;

fn mean_milliseconds(mut run: impl FnMut() -> Result<(), TradeError>) -> Result<f64, TradeError> {
    run()?;
    let clock = Instant::now();
    for _ in 0..REPEATS {
        run()?;
    }
    Ok(1e3 * clock.elapsed().as_secs_f64() / f64::from(REPEATS))
}

fn main() -> Result<(), TradeError> {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        println!("usage: speed ECONOMY [ELASTICITIES]");
        return Ok(());
    };
    let economy = Economy::from_folder(Path::new(&folder))?;
    let name = match arguments.next() {
        Some(name) => name,
        None => economy
            .elasticity_names()
            .next()
            .unwrap_or_default()
            .to_owned(),
    };
    let importer = economy.regions()[0].clone();
    println!(
        "{} regions x {} sectors, θ {name}",
        economy.regions().len(),
        economy.sectors().len()
    );
    for (label, options) in [
        ("input-output", Options::new(&name)),
        ("no input-output", Options::new(&name).input_output(false)),
        ("zero deficits", Options::new(&name).closure(Closure::Zero)),
    ] {
        let calibrate = mean_milliseconds(|| Model::new(&economy, options.clone()).map(drop))?;
        let model = Model::new(&economy, options)?;
        let mut workspace = Workspace::new();
        let shock = Shock::new().tariff_add("*", &importer, "*", 0.10);
        let solved = model.solve(&shock, &mut workspace, None)?;
        let nearby = Shock::new().tariff_add("*", &importer, "*", 0.11);
        let neighbour = model.solve(&nearby, &mut workspace, Some(&solved))?;
        let cold = mean_milliseconds(|| model.solve(&shock, &mut workspace, None).map(drop))?;
        let warm = mean_milliseconds(|| {
            model
                .solve(&nearby, &mut workspace, Some(&solved))
                .map(drop)
        })?;
        let ev = Indicator::EvBusd(importer.clone());
        let gradient = model.sensitivities(&solved, &ev, &mut workspace)?;
        let adjoint =
            mean_milliseconds(|| model.sensitivities(&solved, &ev, &mut workspace).map(drop))?;
        println!(
            "{label:16} calibrate {calibrate:7.2} ms  cold {cold:7.2} ms ({} steps, {} products, residual {:.0e})  \
             warm {warm:6.2} ms ({} steps, {} products)  sensitivities {adjoint:6.2} ms ({} products)",
            solved.report().iterations,
            solved.report().products,
            solved.report().residual,
            neighbour.report().iterations,
            neighbour.report().products,
            gradient.products,
        );
        println!(
            "{importer}: real income {:.6} %, EV {:.4} bn USD",
            solved.real_income_pct(0),
            solved.ev_busd(0)
        );
    }
    Ok(())
}
