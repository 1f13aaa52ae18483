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
