//! Section 2, no deal: what the cliff costs both sides and everyone else, in each world it may mean.

use schemars::JsonSchema;
use serde::Serialize;

use crate::labels;
use crate::lang::Lang;
use crate::study::{Bench, Solved, StudyError, Worlds};

/// A region in a world, against the baseline year.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RegionRow {
    /// The region.
    pub region: String,
    /// Its label.
    pub label: String,
    /// Real income, equivalent variation, bn USD a year.
    pub ev: f64,
    /// Real income, per cent.
    pub real_income_pct: f64,
    /// Tariff revenue, change, bn USD a year.
    pub revenue: f64,
    /// Wage relative to the world's mean, per cent.
    pub relative_wage_pct: f64,
    /// The other side's average tariff on its goods in this world less that of the baseline, fraction of
    /// trade at fixed weights.
    pub tariff_change: f64,
}

/// Output of a sector on both sides.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SectorRow {
    /// The sector.
    pub sector: String,
    /// Its label.
    pub label: String,
    /// Our output, quantity, per cent.
    pub ours_pct: f64,
    /// Their output, quantity, per cent.
    pub theirs_pct: f64,
    /// Our real value added, bn USD.
    pub ours: f64,
    /// Their real value added, bn USD.
    pub theirs: f64,
}

/// A world.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WorldRow {
    /// What it is.
    pub title: String,
    /// Its probability as the dossier states it; zero for comparisons.
    pub probability: f64,
    /// Every region, our side and theirs first.
    pub regions: Vec<RegionRow>,
    /// Sectors that make goods, ours by size of the change.
    pub sectors: Vec<SectorRow>,
    /// Their goods balance with us, published, bn USD.
    pub balance_published: f64,
    /// The same in this world.
    pub balance: f64,
    /// Residual of the solve.
    pub residual: f64,
    /// Steps it took.
    pub iterations: usize,
}

/// No deal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NoDealSection {
    /// The as-of date's law, everywhere.
    pub status_quo: WorldRow,
    /// Every no deal; payoffs are measured against the first.
    pub no_deal: Vec<WorldRow>,
    /// What a smaller deficit would need, for information: with fixed aggregate deficits the aggregate
    /// balance is an assumption, not a result.
    pub note: String,
}

fn world(
    bench: &Bench,
    probability: f64,
    solved: &Solved,
    lang: Lang,
) -> Result<WorldRow, StudyError> {
    let e = &solved.equilibrium;
    let (ours, theirs) = (
        bench.dossier.head.ours.get_ref(),
        bench.dossier.head.theirs.get_ref(),
    );
    let (o, t) = (
        bench.lab.economy.region(ours)?,
        bench.lab.economy.region(theirs)?,
    );
    let services = bench.dossier.head.economy.services.get_ref();
    let goods: Vec<usize> = (0..e.sectors().len())
        .filter(|s| e.sectors()[*s] != *services)
        .collect();
    let mut order: Vec<usize> = (0..e.regions().len()).collect();
    order.sort_by_key(|r| (*r != o, *r != t, e.regions()[*r] == "ROW"));
    let regions = order
        .into_iter()
        .map(|r| {
            let (mut value, mut change) = (0.0, 0.0);
            for s in &goods {
                let flow = e.base_flow_busd(r, t, *s);
                value += flow;
                change += flow * (e.tariff(r, t, *s) - bench.lab.economy.tariff(*s, r, t));
            }
            RegionRow {
                region: e.regions()[r].clone(),
                label: labels::region(&e.regions()[r], lang).to_owned(),
                ev: e.ev_busd(r),
                real_income_pct: e.real_income_pct(r),
                revenue: e.revenue_change_busd(r),
                relative_wage_pct: e.relative_wage_pct(r),
                tariff_change: if value > 0.0 && r != t {
                    change / value
                } else {
                    0.0
                },
            }
        })
        .collect();
    let mut sectors: Vec<SectorRow> = goods
        .iter()
        .map(|s| SectorRow {
            sector: e.sectors()[*s].clone(),
            label: labels::sector(&e.sectors()[*s], lang).to_owned(),
            ours_pct: e.output_pct(o, *s),
            theirs_pct: e.output_pct(t, *s),
            ours: bench.lab.real_value_added(e, o, *s),
            theirs: bench.lab.real_value_added(e, t, *s),
        })
        .collect();
    sectors.sort_by(|a, b| b.ours.abs().total_cmp(&a.ours.abs()));
    let published = bench.anchor.exports - bench.anchor.imports;
    let change = bench.lab.read(
        &crate::indicator::Indicator::Balance(theirs.clone(), ours.clone()),
        e,
    )?;
    Ok(WorldRow {
        title: solved.title.of(lang).to_owned(),
        probability,
        regions,
        sectors,
        balance_published: published,
        balance: published + change,
        residual: e.report().residual,
        iterations: e.report().iterations,
    })
}

/// The section.
pub(super) fn section(
    bench: &Bench,
    worlds: &Worlds,
    lang: Lang,
) -> Result<NoDealSection, StudyError> {
    let year = bench.dossier.head.economy.goods_balance.year.get_ref();
    Ok(NoDealSection {
        status_quo: world(bench, 0.0, &worlds.status_quo, lang)?,
        no_deal: worlds
            .no_deal
            .iter()
            .map(|(p, solved)| world(bench, *p, solved, lang))
            .collect::<Result<_, _>>()?,
        note: lang.of(
            format!("Aggregate deficits are held fixed: that the sum of a country's balances does not move is an assumption of the model, not a result. The bilateral balance is the published one of {year} moved by the model's percentage changes."),
            format!("経常収支の総額は固定している。一国の収支の合計が動かないのはモデルの仮定であり、結果ではない。二国間収支は{year}年の公表値をモデルの変化率で動かしたもの。"),
        ),
    })
}
