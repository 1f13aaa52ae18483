//! Economies of any size by formula, for speed and for properties at size.

use winset_io::{Column, Table};
use winset_trade::{Economy, Unit};

/// Smooth numbers between 0 and 1 without a pattern.
fn noise(k: usize) -> f64 {
    (0.5 + k as f64 * 0.618_033_988_749_895).fract()
}

/// `n` regions of very different size × `s` sectors, the last fifth of them services; input–output links that make
/// half of cost, tariffs on goods of up to 12 %, θ between 2.5 and 9.5.
pub(crate) fn synthetic(n: usize, s: usize) -> Economy {
    let regions: Vec<String> = (0..n).map(|i| format!("R{i:03}")).collect();
    let sectors: Vec<String> = (0..s).map(|j| format!("S{j:03}")).collect();
    let size = |i: usize| (4.0 * noise(31 * i + 7)).exp();
    let services = |j: usize| j >= s - s / 5;
    let len = n * n * s;
    let place = |at: usize| (at / n / n, at / n % n, at % n);
    let value = |at: usize| {
        let (j, i, m) = place(at);
        let home = match (i == m, services(j)) {
            (true, true) => 5.0 * n as f64,
            (true, false) => 3.0 * n as f64,
            (false, true) => 0.3,
            (false, false) => 1.0,
        };
        home * size(i) * size(m) * (0.6 + 0.8 * noise(7 * j + 3 * (i + m)))
    };
    let rate = |at: usize| {
        let (j, i, m) = place(at);
        if i == m || services(j) {
            0.0
        } else {
            0.12 * noise(5 * j + 2 * i + 3 * m + 1)
        }
    };
    let text = |of: &dyn Fn(usize) -> String, len: usize| Column::Text((0..len).map(of).collect());
    let trade = Table::new("trade")
        .with("origin", text(&|at| regions[place(at).1].clone(), len))
        .with("destination", text(&|at| regions[place(at).2].clone(), len))
        .with("sector", text(&|at| sectors[place(at).0].clone(), len))
        .with("value", Column::Real((0..len).map(value).collect()))
        .with("tariff", Column::Real((0..len).map(rate).collect()));
    let own = |i: usize, j: usize| 0.45 + 0.2 * noise(13 * i + 5 * j);
    let value_added = Table::new("value_added")
        .with("region", text(&|k| regions[k / s].clone(), n * s))
        .with("sector", text(&|k| sectors[k % s].clone(), n * s))
        .with(
            "share",
            Column::Real((0..n * s).map(|k| own(k / s, k % s)).collect()),
        );
    let weight = |i: usize, k: usize, j: usize| {
        (if k == j { 4.0 } else { 0.5 }) + noise(17 * i + 3 * k + 7 * j)
    };
    let mut shares = Vec::with_capacity(n * s * s);
    for i in 0..n {
        let totals: Vec<f64> = (0..s)
            .map(|j| (0..s).map(|k| weight(i, k, j)).sum())
            .collect();
        for k in 0..s {
            shares.extend((0..s).map(|j| (1.0 - own(i, j)) * weight(i, k, j) / totals[j]));
        }
    }
    let inputs = Table::new("inputs")
        .with("region", text(&|at| regions[at / s / s].clone(), n * s * s))
        .with("input", text(&|at| sectors[at / s % s].clone(), n * s * s))
        .with("user", text(&|at| sectors[at % s].clone(), n * s * s))
        .with("share", Column::Real(shares));
    let elasticities = Table::new("elasticities")
        .with("sector", text(&|j| sectors[j].clone(), s))
        .with(
            "theta",
            Column::Real((0..s).map(|j| 2.5 + 7.0 * noise(3 * j)).collect()),
        );
    let info = super::info("synthetic", 2000, Unit::MillionUsd);
    Economy::from_tables(info, &trade, &value_added, Some(&inputs), &elasticities)
        .expect("an economy whose accounts close")
}
