//! An equilibrium as rows: what `winset simulate` answers.

use serde::Serialize;
use winset_trade::{Economy, Equilibrium};

use super::strategy::Structure;

/// The set of elasticities where none is named and there are several: one elasticity of 4 for all sectors.
const MIDDLE: &str = "U4";

/// The set of elasticities to use where none is named: the middle one, else the only one.
///
/// # Errors
/// The sets that there are, where there are several: which to use is never guessed.
pub fn default_elasticities(economy: &Economy) -> Result<String, Vec<String>> {
    let names: Vec<&str> = economy.elasticity_names().collect();
    match names.as_slice() {
        [only] => Ok((*only).to_owned()),
        several if several.contains(&MIDDLE) => Ok(MIDDLE.to_owned()),
        several => Err(several.iter().map(|name| (*name).to_owned()).collect()),
    }
}

/// What a shock does. Money is billion USD a year at the numeraire (the world's labour income is constant).
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Why the solver stopped.
    pub status: &'static str,
    /// The largest relative error of the equations that is left.
    pub residual: f64,
    /// Steps of the solver.
    pub iterations: usize,
    /// Steps in which the shock was applied: 1, at once, unless that could not be solved.
    pub shock_steps: usize,
    /// Seconds that it took.
    pub seconds: f64,
    /// The economy.
    pub economy: String,
    /// How markets work.
    pub structure: Structure,
    /// The set of elasticities.
    pub elasticities: String,
    /// What happens to deficits.
    pub deficits: String,
    /// The elasticity of labour supply to the real wage; where it is not zero, welfare and EV are net of effort.
    pub labour_supply: f64,
    /// What becomes of each region.
    pub regions: Vec<RegionRow>,
    /// What becomes of each sector of each region.
    pub sectors: Vec<SectorRow>,
    /// Trade between regions.
    pub trade: Vec<TradeRow>,
    /// What targets of purchases took.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purchases: Vec<PurchaseRow>,
}

/// A region. Real income is exact; terms of trade and volume of trade are the first-order terms of Caliendo and Parro
/// (2015), efficiency and transfer what is left and what is given.
#[derive(Clone, Debug, Serialize)]
pub struct RegionRow {
    /// The region.
    pub region: String,
    /// Change of real income, per cent; the effort of elastic labour is not taken off it.
    pub real_income_pct: f64,
    /// Change of welfare, per cent: real income less the effort of elastic labour.
    pub welfare_pct: f64,
    /// Equivalent variation, billion USD a year: the change of welfare at base-year prices.
    pub ev_busd: f64,
    /// Part of the change of real income, per cent.
    pub terms_of_trade_pct: f64,
    /// Part of the change of real income, per cent.
    pub volume_of_trade_pct: f64,
    /// Part of the change of real income, per cent.
    pub efficiency_pct: f64,
    /// Part of the change of real income, per cent.
    pub transfer_pct: f64,
    /// Ratio to the base year.
    pub wage: f64,
    /// Change, per cent.
    pub real_wage_pct: f64,
    /// Change against the other regions' mean, per cent.
    pub relative_wage_pct: f64,
    /// Ratio to the base year.
    pub price_index: f64,
    /// Ratio to the base year.
    pub labour: f64,
    /// New level of tariff revenue, billion USD a year.
    pub revenue_busd: f64,
    /// Its change.
    pub revenue_change_busd: f64,
    /// New level of the deficit, billion USD a year.
    pub deficit_busd: f64,
}

/// A sector of a region.
#[derive(Clone, Debug, Serialize)]
pub struct SectorRow {
    /// The region.
    pub region: String,
    /// The sector.
    pub sector: String,
    /// Change of the quantity of gross output, per cent.
    pub output_pct: f64,
    /// The same at base-year prices, billion USD a year.
    pub output_busd: f64,
    /// Change of value added in units of the numeraire, billion USD a year.
    pub value_added_busd: f64,
    /// Change of employment, per cent.
    pub employment_pct: f64,
}

/// Trade between two regions over all sectors, net of tariffs.
#[derive(Clone, Debug, Serialize)]
pub struct TradeRow {
    /// Who sells.
    pub origin: String,
    /// Who buys.
    pub destination: String,
    /// New level, billion USD a year.
    pub value_busd: f64,
    /// Level of the base year, billion USD.
    pub base_busd: f64,
    /// Exports of goods to the destination less imports of goods from it: new level.
    pub goods_balance_busd: f64,
    /// The same in the base year.
    pub base_goods_balance_busd: f64,
}

/// What a purchase target took.
#[derive(Clone, Debug, Serialize)]
pub struct PurchaseRow {
    /// Who sells.
    pub origin: String,
    /// Who buys.
    pub destination: String,
    /// Of which sector.
    pub sector: String,
    /// The subsidy that meets the target, a fraction.
    pub wedge: f64,
    /// What it costs the buyer's government, billion USD a year.
    pub cost_busd: f64,
    /// The flow that is reached, billion USD a year.
    pub flow_busd: f64,
    /// How much of it is more than without the target.
    pub additional_flow_busd: f64,
    /// How many purchases the shock has: what follows is of all of them together.
    pub joint: usize,
    /// What all purchases add to all exports of the seller.
    pub net_additional_exports_busd: f64,
    /// Equivalent variation of the buyer, of all purchases.
    pub importer_ev_busd: f64,
    /// Equivalent variation of the seller, of all purchases.
    pub exporter_ev_busd: f64,
    /// What other suppliers lose.
    pub displaced: Vec<DisplacedRow>,
}

/// Another supplier of the buyer.
#[derive(Clone, Debug, Serialize)]
pub struct DisplacedRow {
    /// The supplier.
    pub supplier: String,
    /// The change of what it sells there, billion USD a year.
    pub change_busd: f64,
}

/// Trade of one sector between two regions, or of a region with itself.
#[derive(Clone, Copy, Debug)]
pub struct FlowRow<'e> {
    /// Who sells.
    pub origin: &'e str,
    /// Who buys.
    pub destination: &'e str,
    /// What.
    pub sector: &'e str,
    /// New level net of tariffs, billion USD a year.
    pub value_busd: f64,
    /// Level of the base year, billion USD.
    pub base_busd: f64,
    /// The tariff, a fraction.
    pub tariff: f64,
}

/// All flows of an equilibrium that are not zero both before and after, by origin, destination and sector.
pub fn flows(e: &Equilibrium) -> impl Iterator<Item = FlowRow<'_>> {
    let (regions, sectors) = (e.regions(), e.sectors());
    let pairs = (0..regions.len()).flat_map(move |o| (0..regions.len()).map(move |d| (o, d)));
    let cells = pairs.flat_map(move |(o, d)| (0..sectors.len()).map(move |s| (o, d, s)));
    cells.filter_map(move |(o, d, s)| {
        let (base_busd, value_busd) = (e.base_flow_busd(o, d, s), e.flow_busd(o, d, s));
        let traded = base_busd != 0.0 || value_busd != 0.0;
        traded.then(|| FlowRow {
            origin: &regions[o],
            destination: &regions[d],
            sector: &sectors[s],
            value_busd,
            base_busd,
            tariff: e.tariff(o, d, s),
        })
    })
}

impl Outcome {
    /// Of an equilibrium; `deficits` says what happened to them.
    pub fn new(economy: &Economy, elasticities: &str, deficits: &str, e: &Equilibrium) -> Self {
        let report = e.report();
        Self {
            status: "converged",
            residual: report.residual,
            iterations: report.iterations,
            shock_steps: report.shock_steps,
            seconds: report.seconds,
            economy: economy.info().name.clone(),
            structure: Structure::Armington,
            elasticities: elasticities.to_owned(),
            deficits: deficits.to_owned(),
            labour_supply: e.labour_supply(),
            regions: (0..e.regions().len()).map(|r| region(e, r)).collect(),
            sectors: sectors(e),
            trade: trade(e),
            purchases: purchases(e),
        }
    }
}

fn region(e: &Equilibrium, r: usize) -> RegionRow {
    RegionRow {
        region: e.regions()[r].clone(),
        real_income_pct: e.real_income_pct(r),
        welfare_pct: e.welfare_pct(r),
        ev_busd: e.ev_busd(r),
        terms_of_trade_pct: e.terms_of_trade_pct(r),
        volume_of_trade_pct: e.volume_of_trade_pct(r),
        efficiency_pct: e.efficiency_pct(r),
        transfer_pct: e.transfer_pct(r),
        wage: e.wage_hat(r),
        real_wage_pct: e.real_wage_pct(r),
        relative_wage_pct: e.relative_wage_pct(r),
        price_index: e.price_index_hat(r),
        labour: e.labour_hat(r),
        revenue_busd: e.revenue_busd(r),
        revenue_change_busd: e.revenue_change_busd(r),
        deficit_busd: e.deficit_busd(r),
    }
}

fn sectors(e: &Equilibrium) -> Vec<SectorRow> {
    let mut rows = Vec::new();
    for (r, region) in e.regions().iter().enumerate() {
        for (s, sector) in e.sectors().iter().enumerate() {
            rows.push(SectorRow {
                region: region.clone(),
                sector: sector.clone(),
                output_pct: e.output_pct(r, s),
                output_busd: e.output_busd(r, s),
                value_added_busd: e.value_added_busd(r, s),
                employment_pct: e.employment_pct(r, s),
            });
        }
    }
    rows
}

fn trade(e: &Equilibrium) -> Vec<TradeRow> {
    let (regions, sectors) = (e.regions(), e.sectors().len());
    let mut rows = Vec::new();
    for (o, origin) in regions.iter().enumerate() {
        for (d, destination) in regions.iter().enumerate().filter(|(d, _)| *d != o) {
            let sum = |of: &dyn Fn(usize) -> f64| (0..sectors).map(of).sum::<f64>();
            let (base_goods_balance_busd, goods_balance_busd) = e.goods_balance_busd(o, d);
            rows.push(TradeRow {
                origin: origin.clone(),
                destination: destination.clone(),
                value_busd: sum(&|s| e.flow_busd(o, d, s)),
                base_busd: sum(&|s| e.base_flow_busd(o, d, s)),
                goods_balance_busd,
                base_goods_balance_busd,
            });
        }
    }
    rows
}

fn purchases(e: &Equilibrium) -> Vec<PurchaseRow> {
    let each = e.purchases().iter().map(|p| PurchaseRow {
        origin: p.exporter.clone(),
        destination: p.importer.clone(),
        sector: p.sector.clone(),
        wedge: p.wedge,
        cost_busd: p.cost_busd,
        flow_busd: p.flow_busd,
        additional_flow_busd: p.additional_flow_busd,
        joint: e.purchases().len(),
        net_additional_exports_busd: p.net_additional_exports_busd,
        importer_ev_busd: p.importer_ev_busd,
        exporter_ev_busd: p.exporter_ev_busd,
        displaced: (p.displaced.iter())
            .map(|(supplier, change_busd)| DisplacedRow {
                supplier: supplier.clone(),
                change_busd: *change_busd,
            })
            .collect(),
    });
    each.collect()
}
