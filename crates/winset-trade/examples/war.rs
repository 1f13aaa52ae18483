//! Prints optimal and Nash tariffs by partner and sector in the Krugman structure, and how long they take:
//! `cargo run --release -p winset-trade --example war -- ECONOMY ELASTICITIES`.

use std::path::Path;

use winset_trade::krugman::Krugman;
use winset_trade::strategy::{Contest, Found, Instrument, KrugmanContest, Search, nash, optimal};
use winset_trade::{Economy, TradeError};

fn line(name: &str, gain: f64, found: &Found) {
    println!(
        "{name}: {gain:+.4} %, converged {}, gradient {:.1e}, {} of {} levers at a bound, {} solves, {:.2} s",
        found.converged,
        found.gradient,
        found.at_bounds,
        found.levers,
        found.evaluations,
        found.seconds
    );
}

fn main() -> Result<(), TradeError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, elasticities] = arguments.as_slice() else {
        println!("usage: war ECONOMY ELASTICITIES");
        return Ok(());
    };
    let economy = Economy::from_folder(Path::new(folder))?;
    let model = Krugman::new(&economy, elasticities)?.without_deficits()?;
    let mut contest = KrugmanContest::new(&model)?;
    let search = Search::new(Instrument::PartnerSector);
    let base = contest.tariffs().to_vec();
    let players: Vec<usize> = (0..model.regions().len()).collect();
    for &player in &players {
        let found = optimal(&mut contest, player, &search, &base)?;
        let gain = 100.0 * (found.payoffs[player] - 1.0);
        line(&model.regions()[player], gain, &found);
    }
    let war = nash(&mut contest, &players, &search, &base)?;
    let mean = war.payoffs.iter().map(|p| p - 1.0).sum::<f64>() / players.len() as f64;
    line("war, mean", 100.0 * mean, &war);
    Ok(())
}
