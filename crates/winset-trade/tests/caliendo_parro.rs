//! Caliendo & Parro (2015), Rev. Econ. Stud. 82(1): NAFTA's tariffs from 1993 to 2005, 31 regions × 40 sectors.
//!
//! Published: Table 2. Reference: the same experiment solved to 10⁻¹³ by an independent program.

mod common;

use std::path::Path;

use winset_trade::{Closure, Equilibrium, Model, Options, Shock, Workspace};

fn solve(folder: &Path, closure: Closure) -> Equilibrium {
    let (economy, shock) = common::nafta::nafta(folder);
    let mut options = Options::new("theta").closure(closure);
    options.tolerance = 1e-13;
    let model = Model::new(&economy, options).expect("a calibrated model");
    model
        .solve(&shock, &mut Workspace::new(), None)
        .expect("an equilibrium")
}

#[test]
fn published_table_2() {
    let Some(folder) = common::case("trade/caliendo_parro_nafta") else {
        return;
    };
    let solved = solve(&folder, Closure::Zero);
    let published = common::table(&folder.join("published_table2.csv"));
    let columns = [
        "welfare_total",
        "terms_of_trade",
        "volume_of_trade",
        "real_wages",
    ];
    let want: Vec<Vec<f64>> = columns
        .iter()
        .map(|c| published.reals(c).unwrap())
        .collect();
    for (row, country) in published.texts("country").unwrap().iter().enumerate() {
        let i = solved.regions().iter().position(|r| r == country).unwrap();
        let (tot, vot) = (solved.terms_of_trade_pct(i), solved.volume_of_trade_pct(i));
        for (k, got) in [tot + vot, tot, vot, solved.real_wage_pct(i)]
            .into_iter()
            .enumerate()
        {
            assert!(
                (got - want[k][row]).abs() <= 0.005 + 1e-9,
                "{country}, {}: {got}, published {}",
                columns[k],
                want[k][row]
            );
        }
    }
}

fn against_reference(closure: Closure, name: &str) {
    let Some(folder) = common::case("trade/caliendo_parro_nafta") else {
        return;
    };
    let solved = solve(&folder, closure);
    let reference =
        common::table(&folder.join(format!("expected_reference_1e-13/{name}_summary.csv")));
    let mut worst = [0.0_f64; 5];
    for column in ["tot", "vot", "welfare", "realwage", "real_income_pct"]
        .iter()
        .enumerate()
    {
        let (k, column) = column;
        for (region, want) in common::map(&reference, "region", column) {
            let i = solved.regions().iter().position(|r| *r == region).unwrap();
            let (tot, vot) = (solved.terms_of_trade_pct(i), solved.volume_of_trade_pct(i));
            let got = [
                tot,
                vot,
                tot + vot,
                solved.real_wage_pct(i),
                solved.real_income_pct(i),
            ][k];
            worst[k] = worst[k].max((got - want).abs());
        }
    }
    println!("{name}: largest differences in percentage points {worst:?}");
    println!("{:?}", solved.report());
    assert!(worst.iter().all(|w| *w <= 1e-6), "{worst:?}");
    assert!(solved.accounts_gap() < 1e-9);
}

#[test]
fn reference_without_deficits() {
    against_reference(Closure::Zero, "zd");
}

#[test]
fn reference_with_observed_deficits() {
    against_reference(Closure::Fixed, "def");
}

/// Tariffs that cannot be solved for at once: the largest loss that an independent solver finds in small steps.
#[test]
fn high_tariffs_are_taken_in_steps() {
    let Some(folder) = common::case("trade/caliendo_parro_nafta") else {
        return;
    };
    let (economy, _) = common::nafta::nafta(&folder);
    let mut options = Options::new("theta").closure(Closure::Zero);
    options.tolerance = 1e-13;
    let model = Model::new(&economy, options).unwrap();
    for (rate, want) in [
        (2.0, -21.335_854_908_468_32),
        (5.0, -29.682_022_964_694_877),
        (10.0, -34.454_924_699_417_18),
    ] {
        let shock = Shock::new().tariff("*", "*", "*", rate);
        let solved = model.solve(&shock, &mut Workspace::new(), None).unwrap();
        assert!(solved.report().shock_steps > 1, "{:?}", solved.report());
        let least = (0..31)
            .map(|i| solved.real_income_pct(i))
            .fold(0.0, f64::min);
        assert!((least - want).abs() < 1e-7, "{rate}: {least} {want}");
    }
}
