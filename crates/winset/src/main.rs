//! probe
use winset::study::Bench;
use winset::dossier::Files;
fn main() {
    let t = std::time::Instant::now();
    let files = Files::open(None).unwrap();
    let bench = match Bench::open(files, None) {
        Ok(b) => b,
        Err(winset::study::StudyError::Text(p)) => {
            for p in p.0 { eprintln!("{}\n", p.render(false)); }
            std::process::exit(2)
        }
        Err(e) => { eprintln!("{e}"); std::process::exit(2) }
    };
    println!("open {:?} anchor {:?} coverage {:?}", t.elapsed(), bench.anchor, bench.border.coverage);
    let worlds = bench.worlds().unwrap();
    println!("worlds {:?}", t.elapsed());
    for (p, w) in std::iter::once((0.0, &worlds.status_quo)).chain(worlds.no_deal.iter().map(|(p, w)| (*p, w))) {
        println!("{p} {} {:?}", w.title, w.equilibrium.report());
        for (i, m) in bench.lab.indicators.iter().zip(&w.measured) { println!("   {i} {m:.3}"); }
        println!("   political {:?}", w.political);
    }
    let payoffs = bench.payoffs(&worlds, &|_, _| ()).unwrap();
    println!("payoffs {:?} {} solves", t.elapsed(), payoffs.solves);
    let ev_j = payoffs.indicator(&"ev:JPN".parse().unwrap()).unwrap();
    let ev_u = payoffs.indicator(&"ev:USA".parse().unwrap()).unwrap();
    let bal = payoffs.indicator(&"balance:USA:JPN".parse().unwrap()).unwrap();
    for (i, issue) in bench.dossier.issues.issue.iter().enumerate() {
        for (o, option) in issue.option.iter().enumerate() {
            println!("{:22}{:16} JPN {:8.3} USA {:8.3} balance {:8.3}", issue.id.get_ref(), option.id.get_ref(), payoffs.tables[ev_j].values[i][o], payoffs.tables[ev_u].values[i][o], payoffs.tables[bal].values[i][o]);
        }
    }
    let belief = bench.belief().unwrap().known_on(&bench.dossier.as_of);
    println!("{:?} {:?}", belief.hypotheses, belief.probabilities);
    for table in bench.tables(&worlds, &payoffs, &belief.probabilities).unwrap() {
        let a = table.talks.analyse(&winset_talks::AnalyseOptions::default()).unwrap();
        println!("{:?} {}: {} {:?} inside {} ratified {:?} win-set {:?} frontier {} win frontier {} nash {:?}", t.elapsed(), table.title, a.zone, a.packages, a.inside_mandates, a.ratified, a.better_for_all, a.frontier.len(), a.win_set_frontier.len(), a.nash.points.first().map(|p| (table.talks.option_names(&p.packages[0]).unwrap().iter().map(|s| s.to_string()).collect::<Vec<_>>(), p.payoffs.clone())));
    }
}
