//! The economies of 2022 (OECD ICIO): they load, close, and solve under all published sets of elasticities.

mod common;

use winset_trade::{Closure, Economy, Model, Options, Shock, Workspace};

fn solves(name: &str) {
    let Some(folder) = common::folder("WINSET_SOURCES", &format!("trade/{name}")) else {
        return;
    };
    let economy = Economy::from_folder(&folder).expect("the economy folder");
    let shock = Shock::new()
        .tariff("*", "USA", "*", 0.10)
        .tariff("JPN", "USA", "*", 0.24);
    let mut workspace = Workspace::new();
    for elasticities in economy.elasticity_names() {
        for closure in [Closure::Fixed, Closure::Zero, Closure::Proportional] {
            let options = Options::new(elasticities).closure(closure);
            let model = Model::new(&economy, options).expect("a model");
            let solved = model
                .solve(&shock, &mut workspace, None)
                .expect("an equilibrium");
            let japan = economy.region("JPN").unwrap();
            assert!(solved.accounts_gap() < 1e-9, "{elasticities}, {closure:?}");
            assert!(
                solved.real_income_pct(japan) < 0.0,
                "{elasticities}, {closure:?}"
            );
            assert!(solved.report().iterations <= 25, "{:?}", solved.report());
        }
    }
}

#[test]
fn seventeen_regions() {
    solves("economy_2022_17");
}

#[test]
fn seventy_seven_regions() {
    solves("economy_2022_77");
}

/// Near autarky, and where one country shuts itself off, the equilibrium is found, and trade is balanced relative to what is
/// left of it. The largest losses of the second are an independent solver's, found in small steps.
#[test]
fn prohibitive_tariffs() {
    let Some(folder) = common::folder("WINSET_SOURCES", "trade/economy_2022_17") else {
        return;
    };
    let economy = Economy::from_folder(&folder).expect("the economy folder");
    let solve = |elasticities: &str, shock: Shock| {
        let options = Options::new(elasticities).closure(Closure::Zero);
        let model = Model::new(&economy, options).expect("a model");
        let solved = model.solve(&shock, &mut Workspace::new(), None);
        solved.expect("an equilibrium")
    };
    for rate in [10.0, 20.0, 50.0] {
        let solved = solve("U4", Shock::new().tariff("*", "*", "*", rate));
        for i in 0..17 {
            let mut imports = 0.0;
            for (j, m) in (0..28).flat_map(|j| (0..17).map(move |m| (j, m))) {
                imports += if m == i {
                    0.0
                } else {
                    solved.flow_busd(m, i, j)
                };
            }
            let apart = (solved.exports_busd(i) / imports - 1.0).abs();
            assert!(apart < 3e-6, "{rate}, {i}: {apart}");
        }
    }
    for (rate, want) in [(4.0, -2.870_728_120_568_371), (5.0, -3.302_473_756_575_275)] {
        let solved = solve("CP", Shock::new().tariff("*", "JPN", "*", rate));
        let least = (0..17)
            .map(|i| solved.real_income_pct(i))
            .fold(0.0, f64::min);
        assert!((least - want).abs() < 1e-7, "{rate}: {least} {want}");
    }
}
