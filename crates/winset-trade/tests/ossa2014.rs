//! Ossa (2014), "Trade Wars and Trade Talks with Data": Tables 3, 4 and 5.

mod common;

use common::{case, ossa, table};
use winset_trade::krugman::Krugman;
use winset_trade::strategy::{
    Contest, Instrument, KrugmanContest, Search, cooperative, nash, optimal,
};

/// Rows of numbers of an unrounded table; its header is a comment.
fn unrounded(path: &std::path::Path) -> Vec<Vec<f64>> {
    std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split(',').map(|x| x.parse().unwrap()).collect())
        .collect()
}

/// Government, welfare, wage and profits of a region, changes in per cent.
fn indicators(solved: &winset_trade::krugman::KrugmanEquilibrium<'_>, i: usize) -> [f64; 4] {
    [
        100.0 * (solved.government(i) - 1.0),
        solved.welfare_pct(i),
        solved.relative_wage_pct(i),
        solved.profits_pct(i),
    ]
}

/// A row of Table 3: own and the mean of others, then the median tariff.
fn optimal_row(model: &Krugman, tariffs: &[f64], player: usize) -> Vec<f64> {
    let n = model.regions().len();
    let solved = model.at_tariffs(tariffs, None).unwrap();
    let all: Vec<[f64; 4]> = (0..n).map(|i| indicators(&solved, i)).collect();
    let mut row = Vec::new();
    for k in 0..4 {
        let others: f64 = (0..n).filter(|i| *i != player).map(|i| all[i][k]).sum();
        row.push(all[player][k]);
        row.push(others / (n - 1) as f64);
    }
    row.push(ossa::median(n, tariffs, player));
    row
}

fn nash_row(model: &Krugman, tariffs: &[f64], player: usize) -> Vec<f64> {
    let solved = model.at_tariffs(tariffs, None).unwrap();
    let mut row = indicators(&solved, player).to_vec();
    row.push(ossa::median(model.regions().len(), tariffs, player));
    row
}

fn apart(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).fold(0.0, |m, (x, y)| m.max((x - y).abs()))
}

/// Tables 3 and 4 at the published tariffs: the unrounded values to their ten digits, the printed ones to the digit.
#[test]
fn tables_at_the_published_tariffs() {
    let Some(folder) = case("trade/ossa2014") else {
        return;
    };
    let paper = ossa::load(&folder);
    for (model, letter, key) in [(&paper.model, "a", "bas"), (&paper.political, "b", "pol")] {
        let file = |k: u8| folder.join(format!("expected/ours_table{k}{letter}_unrounded.csv"));
        let printed =
            |k: u8| table(&folder.join(format!("expected/published_TABLE{k}{letter}.csv")));
        let (third, fourth) = (unrounded(&file(3)), unrounded(&file(4)));
        let alone = ossa::published(&folder, model, &format!("optimal_unilateral_{key}"));
        let war = ossa::published(&folder, model, &format!("nash_{key}"));
        let mut worst = [0.0_f64; 2];
        let mut off = 0.0_f64;
        for i in 0..7 {
            let rows = [
                optimal_row(model, &ossa::alone(model, &alone, i), i),
                nash_row(model, &war, i),
            ];
            for (k, (row, want)) in rows.iter().zip([&third[i], &fourth[i]]).enumerate() {
                worst[k] = worst[k].max(apart(row, want));
                let published = printed(if k == 0 { 3 } else { 4 });
                for (x, name) in row.iter().zip(published.column_names().skip(1)) {
                    off = off.max((x - published.reals(name).unwrap()[i]).abs());
                }
            }
        }
        println!("{key}: worst {worst:?} pp of the unrounded tables, {off} of the printed ones");
        assert!(worst.iter().all(|x| *x <= 1e-8), "{key}: {worst:?}");
        // Printed to one decimal.
        assert!(off <= 0.05 + 1e-8, "{key}: {off}");
    }
}

/// The author's balanced trade is ours, from the raw trade.
#[test]
fn trade_without_deficits() {
    let Some(folder) = case("trade/ossa2014") else {
        return;
    };
    let paper = ossa::load(&folder);
    let balanced = paper.raw.without_deficits().unwrap();
    let scale: f64 = balanced.trade().iter().sum::<f64>() / paper.model.trade().iter().sum::<f64>();
    let worst = balanced
        .trade()
        .iter()
        .zip(paper.model.trade())
        .fold(0.0_f64, |m, (a, b)| {
            m.max((a / scale - b).abs() / b.max(1.0))
        });
    println!("scale {scale}, worst relative difference {worst:.1e}");
    assert!(worst < 1e-5, "{worst}");
}

/// Table 3 from scratch, without political weights: medians within 0.1 points, welfare within 0.02.
#[test]
fn optimal_tariffs_from_scratch() {
    let Some(folder) = case("trade/ossa2014") else {
        return;
    };
    let paper = ossa::load(&folder);
    for (model, letter) in [(&paper.model, "a"), (&paper.political, "b")] {
        let want = unrounded(&folder.join(format!("expected/ours_table3{letter}_unrounded.csv")));
        let mut contest = KrugmanContest::new(model).unwrap();
        let mut search = Search::new(Instrument::PartnerSector);
        // Political weights make for several maxima.
        search.starts = if letter == "a" { 2 } else { 7 };
        search.tolerance = 1e-8;
        let (mut seconds, mut mean) = (0.0, 0.0);
        for i in 0..7 {
            let found = optimal(&mut contest, i, &search, model.tariffs()).unwrap();
            let row = optimal_row(model, &found.tariffs, i);
            println!(
                "{letter} {:7} G {:.8} ({:+.1e}) W {:.6} ({:+.1e}) median {:.4} ({:+.4}) converged {} grad {:.1e} \
                 bounds {} agree {}/{} evals {} {:.2} s",
                model.regions()[i],
                row[0],
                row[0] - want[i][0],
                row[2],
                row[2] - want[i][2],
                row[8],
                row[8] - want[i][8],
                found.converged,
                found.gradient,
                found.at_bounds,
                found.agreeing,
                found.starts,
                found.evaluations,
                found.seconds
            );
            seconds += found.seconds;
            mean += row[8] / 7.0;
            if letter == "a" {
                assert!(found.converged);
                assert!((row[2] - want[i][2]).abs() <= 0.02);
            }
            // No worse than the author's tariffs, whatever the weights.
            assert!(row[0] >= want[i][0] - 1e-6);
        }
        println!("{letter}: mean of medians {mean:.2} %, {seconds:.2} s");
    }
}

/// Table 4 from scratch.
#[test]
fn nash_tariffs_from_scratch() {
    let Some(folder) = case("trade/ossa2014") else {
        return;
    };
    let paper = ossa::load(&folder);
    for (model, letter) in [(&paper.model, "a"), (&paper.political, "b")] {
        let want = unrounded(&folder.join(format!("expected/ours_table4{letter}_unrounded.csv")));
        let mut contest = KrugmanContest::new(model).unwrap();
        let mut search = Search::new(Instrument::PartnerSector);
        search.starts = if letter == "a" { 1 } else { 7 };
        let players: Vec<usize> = (0..7).collect();
        let found = nash(&mut contest, &players, &search, model.tariffs()).unwrap();
        println!(
            "{letter}: converged {} grad {:.1e} bounds {}/{} rounds {} evals {} {:.2} s",
            found.converged,
            found.gradient,
            found.at_bounds,
            found.levers,
            found.rounds,
            found.evaluations,
            found.seconds
        );
        for i in 0..7 {
            let row = nash_row(model, &found.tariffs, i);
            println!(
                "  {:7} G {:.4} ({:+.4}) W {:.4} ({:+.4}) median {:.3} ({:+.3})",
                model.regions()[i],
                row[0],
                row[0] - want[i][0],
                row[1],
                row[1] - want[i][1],
                row[4],
                row[4] - want[i][4]
            );
            if letter == "a" {
                assert!((row[1] - want[i][1]).abs() <= 0.02);
            }
        }
        assert!(found.converged);
    }
}

/// Table 5: the gains from efficient talks that start at the war, at the tariffs of the data, at free trade. Every region's
/// gain is that of the paper to half of the last digit printed, and the same for all, as the talks are defined.
#[test]
fn trade_talks() {
    let Some(folder) = case("trade/ossa2014") else {
        return;
    };
    let paper = ossa::load(&folder);
    for (model, letter, key) in [(&paper.model, "a", "bas"), (&paper.political, "b", "pol")] {
        let printed =
            table(&folder.join(format!("expected/published_TABLE5{letter}_tradetalks.csv")));
        let mut contest = KrugmanContest::new(model).unwrap();
        let mut search = Search::new(Instrument::PartnerSector);
        // The paper's talks know no import subsidies.
        search.tolerance = 1e-4;
        for (name, from, digits) in [
            (
                "nash",
                ossa::published(&folder, model, &format!("nash_{key}")),
                0.1,
            ),
            ("factual", model.tariffs().to_vec(), 0.1),
            ("free", vec![0.0; model.tariffs().len()], 0.01),
        ] {
            contest.go_to(&from).unwrap();
            let before: Vec<f64> = (0..7).map(|i| contest.payoff(i)).collect();
            let found = cooperative(&mut contest, &search, &from).unwrap();
            let want = printed.reals(&format!("gov_welfare_from_{name}")).unwrap();
            let gains: Vec<f64> = (0..7)
                .map(|i| 100.0 * (found.payoffs[i] / before[i] - 1.0))
                .collect();
            let spread = gains
                .iter()
                .fold(0.0_f64, |m, g| m.max((g - gains[0]).abs()));
            println!(
                "{key} from {name}: {:.4} (printed {}), spread {spread:.1e}, converged {} grad {:.1e} rounds {} evals {} {:.2} s",
                gains[0],
                want[0],
                found.converged,
                found.gradient,
                found.rounds,
                found.evaluations,
                found.seconds
            );
            assert!(found.converged, "{key} from {name}");
            assert!(spread <= 1e-5, "{key} from {name}: {spread}");
            // The last row of the table is the mean.
            for (gain, want) in gains.iter().zip(&want) {
                let off = (gain - want).abs();
                assert!(off <= digits / 2.0, "{key} from {name}: {gain}, {want}");
            }
        }
    }
}
