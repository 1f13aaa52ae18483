//! Sections 3 and 4: what each of their demands would do, and which of our chips are cheap.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use winset_talks::{Chip, ChipLabel, Package};
use winset_trade::{Equilibrium, Workspace};

use crate::indicator::Indicator;
use crate::labels;
use crate::lang::Lang;
use crate::study::{Bench, Desk, Payoffs, Solved, StudyError, Table, Worlds, table_value};

/// A sector that an option moves.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SectorMove {
    /// The sector.
    pub sector: String,
    /// Its label.
    pub label: String,
    /// Change of real value added against no deal, bn USD a year.
    pub busd: f64,
    /// Change of output against no deal, per cent points of the baseline.
    pub pct: f64,
}

/// One option of one of their demands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Demand {
    /// The issue.
    pub issue: String,
    /// Its title.
    pub issue_title: String,
    /// The option.
    pub option: String,
    /// Its title.
    pub title: String,
    /// The form it would take.
    pub vehicle: String,
    /// The domestic acts it needs.
    pub triggers: Vec<String>,
    /// Who would claim the same.
    pub claim: Vec<String>,
    /// Our real income against no deal, bn USD a year; none of their demands in an edition for sharing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub our_ev: Option<f64>,
    /// Theirs.
    pub their_ev: f64,
    /// Their goods balance with us against no deal, bn USD a year.
    pub balance: f64,
    /// Their exports of farm goods to us against no deal, bn USD a year.
    pub farm_exports: f64,
    /// What our state pays (−) or receives, bn USD a year; none of their demands in an edition for sharing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<f64>,
    /// Our sectors that move most.
    pub our_sectors: Vec<SectorMove>,
    /// Their sectors that move most.
    pub their_sectors: Vec<SectorMove>,
    /// Home producers' receipts of products, per cent: product, change.
    pub farm_gate_pct: Vec<(String, f64)>,
    /// Something to be told beside the numbers.
    pub notes: Vec<String>,
}

/// A chip: an option that we could give.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChipRow {
    /// Rank, from 1.
    pub rank: usize,
    /// The issue.
    pub issue: String,
    /// The option.
    pub option: String,
    /// Both in words.
    pub title: String,
    /// Real income that we lose, bn USD a year; negative: we gain.
    pub economic_price: f64,
    /// Objective that we lose, bn USD a year, compensation of losing sectors left out.
    pub political_price: f64,
    /// What losing sectors would need to be no worse off, bn USD a year.
    pub compensation: f64,
    /// Their gain by the average over what we believe, bn USD a year.
    pub worth: f64,
    /// The same by hypothesis, in the order of [`Demands::hypotheses`].
    pub worth_by_hypothesis: Vec<f64>,
    /// Rank by hypothesis, in the same order.
    pub rank_by_hypothesis: Vec<usize>,
    /// What it is: priced, good for both, free, worthless to them, hurts both.
    pub label: String,
    /// Worth over price, where both are positive.
    pub ratio: Option<f64>,
    /// Who at home objects or stops it, given alone.
    pub blocked_by: Vec<String>,
}

/// A barrier or tariff of ours at the margin, by the model's derivatives.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MarginalChip {
    /// The sector.
    pub sector: String,
    /// Its label.
    pub label: String,
    /// Our real income for one per cent less cost on their goods, million USD a year, by the adjoint.
    pub ours: f64,
    /// Theirs.
    pub theirs: f64,
    /// The same solved exactly, for the first ones.
    pub exact: Option<[f64; 2]>,
}

/// Their demands and our chips.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Demands {
    /// Their demands, option by option.
    pub demands: Vec<Demand>,
    /// What we ask for, option by option, measured the same way.
    pub ours: Vec<Demand>,
    /// Titles of the hypotheses.
    pub hypotheses: Vec<String>,
    /// The chips, best first.
    pub chips: Vec<ChipRow>,
    /// Where one per cent of any barrier is worth most to them.
    pub margin: Vec<MarginalChip>,
    /// The largest difference between derivative and exact solve among the first ones, per cent of the
    /// exact value.
    pub margin_error_pct: f64,
}

fn moves(
    bench: &Bench,
    region: usize,
    [now, before]: [&Equilibrium; 2],
    lang: Lang,
) -> Vec<SectorMove> {
    let services = bench.dossier.head.economy.services.get_ref();
    let mut rows: Vec<SectorMove> = now
        .sectors()
        .iter()
        .enumerate()
        .filter(|(_, s)| *s != services)
        .map(|(s, sector)| SectorMove {
            sector: sector.clone(),
            label: labels::sector(sector, lang).to_owned(),
            busd: bench.lab.real_value_added(now, region, s)
                - bench.lab.real_value_added(before, region, s),
            pct: now.output_pct(region, s) - before.output_pct(region, s),
        })
        .filter(|m| m.busd.abs() >= 0.005)
        .collect();
    rows.sort_by(|a, b| b.busd.abs().total_cmp(&a.busd.abs()));
    rows.truncate(4);
    rows
}

/// The sectors of both sides that a solved world moves most against no deal, ours first.
///
/// # Errors
/// A side that is no region of the economy; the dossier was checked for it.
pub fn sectors_moved(
    desk: &Desk,
    solved: &Solved,
    lang: Lang,
) -> Result<[Vec<SectorMove>; 2], StudyError> {
    let bench = &desk.bench;
    let head = &bench.dossier.head;
    let no_deal = &desk.worlds.no_deal[0].1.equilibrium;
    let moved = |side: &str| -> Result<_, StudyError> {
        let region = bench.lab.economy.region(side)?;
        Ok(moves(bench, region, [&solved.equilibrium, no_deal], lang))
    };
    Ok([moved(head.ours.get_ref())?, moved(head.theirs.get_ref())?])
}

/// What sellers of one region keep in the price of what they sell to another where customs levied it, bn USD a year.
fn price_kept(e: &Equilibrium, origin: usize, destination: usize) -> f64 {
    let sectors = 0..e.sectors().len();
    let kept = sectors.map(|s| {
        let tax = -e.export_subsidy(origin, destination, s);
        e.flow_busd(origin, destination, s) * tax / (1.0 + tax)
    });
    kept.sum()
}

fn notes(
    bench: &Bench,
    payoffs: &Payoffs,
    (i, o): (usize, usize),
    at_their_border: f64,
    lang: Lang,
) -> Vec<String> {
    let text = &bench.dossier.issues.issue[i].option[o];
    let mut out = Vec::new();
    let ours = bench.dossier.head.ours.get_ref();
    let products = bench.effects[i][o].side.price_kept.iter();
    let products = products.map(|(region, busd)| (region, *busd));
    let sellers = std::iter::once((ours, at_their_border)).chain(products);
    for (region, busd) in sellers.filter(|(_, busd)| *busd > 0.0) {
        let region = labels::region(region, lang);
        out.push(lang.of(
            format!("Prices are kept up: the sellers ({region}) have {busd:.2} bn USD a year that customs would levy."),
            format!("価格が維持され、税関が徴収するはずの年{}億ドルが売り手（{region}）に残る。", lang.amount(busd)),
        ));
    }
    if !text.clause.is_empty() {
        let note = lang.of(
            "The model has no nominal exchange rate and no clause: only the stated valuations price this.",
            "モデルに名目為替相場と条項はなく、これは所定の評価額だけで値付けされる。",
        );
        out.push(note.to_owned());
    }
    for (_, _, report) in payoffs
        .purchases
        .iter()
        .filter(|(pi, po, _)| (*pi, *po) == (i, o))
    {
        let displaced = report.displaced.iter().filter(|(_, x)| *x < -0.005);
        let displaced: Vec<String> = displaced
            .take(3)
            .map(|(r, x)| format!("{} {}", labels::region(r, lang), lang.bn(*x)))
            .collect();
        let displaced = lang.join(&displaced);
        let (flow, net, cost) = (
            report.additional_flow_busd,
            report.net_additional_exports_busd,
            report.cost_busd,
        );
        out.push(lang.of(
            format!("Purchase: {} bn USD on the flow, {} bn net additional exports, the wedge costs {} bn a year; displaced: {displaced}.", lang.bn(flow), lang.bn(net), lang.amount(cost)),
            format!("購入（年、億ドル）：取引額 {}、純増の輸出 {}、価格差の費用 {}、他国からの減少：{displaced}。", lang.bn(flow), lang.bn(net), lang.amount(cost)),
        ));
    }
    if !text.investment.is_empty() {
        if bench.they_may_want_balance() {
            let warning = lang.of(
                "Warning: an inflow of investment widens the current-account deficit, which contradicts a demand for a smaller one.",
                "注意：投資の流入は経常収支の赤字を広げ、赤字縮小の要求と矛盾する。",
            );
            out.push(warning.to_owned());
        }
        let note = lang.of(
            "The investment itself is kept out of payoffs; only what its terms give away is a transfer.",
            "投資・融資自体は利得に含めず、条件による譲与分だけを移転とする。",
        );
        out.push(note.to_owned());
    }
    out
}

fn demand(
    bench: &Bench,
    worlds: &Worlds,
    payoffs: &Payoffs,
    (i, o): (usize, usize),
    workspace: &mut Workspace,
    lang: Lang,
) -> Result<Demand, StudyError> {
    let issue = &bench.dossier.issues.issue[i];
    let text = &issue.option[o];
    let (ours, theirs) = (
        bench.dossier.head.ours.get_ref(),
        bench.dossier.head.theirs.get_ref(),
    );
    let mut package = vec![0u16; bench.effects.len()];
    package[i] = u16::try_from(o).unwrap_or(u16::MAX);
    let no_deal = &worlds.no_deal[0].1.equilibrium;
    let (us, them) = (
        bench.lab.economy.region(ours)?,
        bench.lab.economy.region(theirs)?,
    );
    let (our_sectors, their_sectors, kept) = if bench.effects[i][o].moves_economy() {
        let (solved, _) = bench.exact(&package, worlds, payoffs, workspace)?;
        let both = [&solved.equilibrium, no_deal];
        (
            moves(bench, us, both, lang),
            moves(bench, them, both, lang),
            price_kept(&solved.equilibrium, us, them),
        )
    } else {
        (Vec::new(), Vec::new(), 0.0)
    };
    let own = |indicator: Indicator| {
        payoffs
            .indicator(&indicator)
            .map_or(0.0, |q| payoffs.tables[q].values[i][o])
    };
    Ok(Demand {
        issue: issue.id.get_ref().clone(),
        issue_title: issue.title.of(lang).to_owned(),
        option: text.id.get_ref().clone(),
        title: text.title.of(lang).to_owned(),
        vehicle: text
            .vehicle
            .as_ref()
            .map_or_else(String::new, |v| v.of(lang).to_owned()),
        triggers: text
            .triggers
            .iter()
            .map(|t| bench.dossier.act(t.get_ref(), lang).to_owned())
            .collect(),
        claim: text
            .claim
            .iter()
            .map(|c| labels::region(c.get_ref(), lang).to_owned())
            .collect(),
        our_ev: Some(own(Indicator::Ev(ours.clone()))),
        their_ev: own(Indicator::Ev(theirs.clone())),
        balance: own(Indicator::Balance(theirs.clone(), ours.clone())),
        farm_exports: own(Indicator::FarmExports(theirs.clone(), ours.clone())),
        budget: Some(own(Indicator::Budget(ours.clone()))),
        our_sectors,
        their_sectors,
        farm_gate_pct: bench.effects[i][o]
            .side
            .farm_gate_pct
            .iter()
            .map(|(p, x)| (product(bench, p, lang).to_owned(), *x))
            .collect(),
        notes: notes(bench, payoffs, (i, o), kept, lang),
    })
}

/// A product as people call it; in English its name is a word already.
fn product<'a>(bench: &'a Bench, id: &'a str, lang: Lang) -> &'a str {
    let mut products = bench.dossier.products.product.iter();
    let found = products.find(|p| p.id.get_ref() == id);
    lang.of(id, found.map_or(id, |p| p.title.of(lang)))
}

/// What a chip is good for, in words.
fn label(label: ChipLabel, lang: Lang) -> String {
    let ja = match label {
        ChipLabel::GoodForBoth => "双方に有利",
        ChipLabel::Free => "負担なし",
        ChipLabel::Priced => "対価あり",
        ChipLabel::WorthlessToThem => "相手に価値なし",
        ChipLabel::HurtsBoth => "双方に不利",
    };
    lang.of(label.to_string(), ja.to_owned())
}

/// Options of the issues that a party asks for, the first of each (no change) left out.
fn asked(bench: &Bench, party: &str) -> Vec<(usize, usize)> {
    let issues = bench.dossier.issues.issue.iter().enumerate();
    issues
        .filter(|(_, issue)| issue.asks.get_ref() == party)
        .flat_map(|(i, issue)| (1..issue.option.len()).map(move |o| (i, o)))
        .collect()
}

fn chips(
    bench: &Bench,
    tables: &[Table],
    demands: &[((usize, usize), &Demand)],
    lang: Lang,
) -> Result<Vec<ChipRow>, StudyError> {
    let (belief, hypotheses) = (&tables[1], &tables[2..]);
    let value = |table: &Table, side: usize, (i, o): (usize, usize)| {
        table.talks.parties()[side].payoff.values[i][o]
    };
    let mut rows = Vec::new();
    let mut ranked: Vec<Chip> = Vec::new();
    for (place, demand) in demands {
        let worth = value(belief, 1, *place);
        let mut options = vec![0u16; bench.effects.len()];
        options[place.0] = u16::try_from(place.1).unwrap_or(u16::MAX);
        let why = belief.talks.why(&Package::from(options))?;
        // A body that is asked about every package judges the whole: given alone, a chip is stopped only by
        // those that its own acts must pass.
        let ours = bench.dossier.head.ours.get_ref();
        let mut blocked: Vec<String> = why
            .blocked_by
            .iter()
            .filter(|b| b.party == *ours && !always_asked(bench, &b.ratifier))
            .map(|b| title_of(bench, &b.ratifier, lang))
            .collect();
        blocked.extend(
            why.outside_mandates
                .iter()
                .filter(|m| m.party == *ours)
                .map(|_| lang.of("our mandate", "わが方の交渉権限").to_owned()),
        );
        blocked.sort();
        blocked.dedup();
        let compensation: f64 = demand.our_sectors.iter().map(|m| (-m.busd).max(0.0)).sum();
        let chip = Chip::new(
            format!("{}/{}", demand.issue, demand.option),
            demand.our_ev.map_or(f64::NAN, |x| -x),
            -value(belief, 0, *place),
            worth,
            5e-4,
        )
        .blocked_by(blocked.clone());
        ranked.push(chip.clone());
        rows.push(ChipRow {
            rank: 0,
            issue: demand.issue.clone(),
            option: demand.option.clone(),
            title: lang.titled(&demand.issue_title, &demand.title),
            economic_price: chip.economic_price,
            political_price: chip.political_price,
            compensation,
            worth,
            worth_by_hypothesis: hypotheses.iter().map(|t| value(t, 1, *place)).collect(),
            rank_by_hypothesis: Vec::new(),
            label: label(chip.label, lang),
            ratio: chip.ratio,
            blocked_by: blocked,
        });
    }
    let place_of = |chips: &[Chip], row: &ChipRow| {
        let name = format!("{}/{}", row.issue, row.option);
        1 + chips
            .iter()
            .position(|c| c.name == name)
            .unwrap_or(chips.len())
    };
    let by_hypothesis: Vec<Vec<Chip>> = (0..hypotheses.len())
        .map(|h| {
            let mut chips: Vec<Chip> = rows
                .iter()
                .map(|row| {
                    Chip::new(
                        format!("{}/{}", row.issue, row.option),
                        row.economic_price,
                        row.political_price,
                        row.worth_by_hypothesis[h],
                        5e-4,
                    )
                    .blocked_by(row.blocked_by.clone())
                })
                .collect();
            Chip::rank(&mut chips);
            chips
        })
        .collect();
    Chip::rank(&mut ranked);
    for row in &mut rows {
        row.rank = place_of(&ranked, row);
        row.rank_by_hypothesis = by_hypothesis
            .iter()
            .map(|chips| place_of(chips, row))
            .collect();
    }
    rows.sort_by_key(|row| row.rank);
    Ok(rows)
}

/// Whether a ratifier is asked about every package.
fn always_asked(bench: &Bench, ratifier: &str) -> bool {
    let found = bench
        .dossier
        .parties
        .ratifier
        .iter()
        .find(|r| r.id.get_ref() == ratifier);
    found.is_some_and(|r| r.asked_for.iter().any(|a| a.get_ref() == "always"))
}

/// The title of a ratifier.
pub(super) fn title_of(bench: &Bench, ratifier: &str, lang: Lang) -> String {
    let found = bench
        .dossier
        .parties
        .ratifier
        .iter()
        .find(|r| r.id.get_ref() == ratifier);
    found.map_or(ratifier, |r| r.title.of(lang)).to_owned()
}

/// One per cent off the cost of their goods at our border, sector by sector, by the adjoint at no deal.
fn margin(
    bench: &Bench,
    worlds: &Worlds,
    lang: Lang,
) -> Result<(Vec<MarginalChip>, f64), StudyError> {
    let no_deal = &worlds.no_deal[0].1;
    let (ours, theirs) = (
        bench.dossier.head.ours.get_ref(),
        bench.dossier.head.theirs.get_ref(),
    );
    let services = bench.dossier.head.economy.services.get_ref();
    let model = &bench.lab.model;
    let mut workspace = Workspace::new();
    let mut gradient = |region: &str| {
        let indicator = winset_trade::Indicator::EvBusd(region.to_owned());
        model.sensitivities(&no_deal.equilibrium, &indicator, &mut workspace)
    };
    let (by_ours, by_theirs) = (gradient(ours)?, gradient(theirs)?);
    let mut rows = Vec::new();
    for sector in model.sectors().iter().filter(|s| *s != services) {
        rows.push(MarginalChip {
            sector: sector.clone(),
            label: labels::sector(sector, lang).to_owned(),
            ours: -10.0 * by_ours.by_iceberg(theirs, ours, sector)?,
            theirs: -10.0 * by_theirs.by_iceberg(theirs, ours, sector)?,
            exact: None,
        });
    }
    rows.sort_by(|a, b| b.theirs.total_cmp(&a.theirs));
    rows.truncate(10);
    let mut worst: f64 = 0.0;
    let (o, t) = (
        bench.lab.economy.region(ours)?,
        bench.lab.economy.region(theirs)?,
    );
    for row in rows.iter_mut().take(5) {
        let mut world = no_deal.world.clone();
        let key = (theirs.clone(), ours.clone(), row.sector.clone());
        *world.iceberg.entry(key).or_insert(1.0) *= 0.99;
        let solved = bench
            .lab
            .solve(&world, &mut workspace, Some(&no_deal.equilibrium))?;
        let exact = [o, t].map(|r| 1e3 * (solved.ev_busd(r) - no_deal.equilibrium.ev_busd(r)));
        for (found, exact) in [row.ours, row.theirs].into_iter().zip(exact) {
            worst = worst.max(100.0 * (found - exact).abs() / exact.abs().max(1.0));
        }
        row.exact = Some(exact);
    }
    Ok((rows, worst))
}

/// The section.
pub(super) fn section(
    bench: &Bench,
    worlds: &Worlds,
    payoffs: &Payoffs,
    tables: &[Table],
    lang: Lang,
) -> Result<Demands, StudyError> {
    let (ours, theirs) = (
        bench.dossier.head.ours.get_ref(),
        bench.dossier.head.theirs.get_ref(),
    );
    let measure = |party: &str| {
        let places = asked(bench, party);
        let rows = places
            .par_iter()
            .map_init(Workspace::new, |w, place| {
                demand(bench, worlds, payoffs, *place, w, lang)
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok::<_, StudyError>((places, rows))
    };
    let (places, demands) = measure(theirs)?;
    let (_, asked_by_us) = measure(ours)?;
    let placed: Vec<((usize, usize), &Demand)> = places.into_iter().zip(&demands).collect();
    let chips = chips(bench, tables, &placed, lang)?;
    let (margin, margin_error_pct) = margin(bench, worlds, lang)?;
    Ok(Demands {
        ours: asked_by_us,
        hypotheses: hypotheses(tables, lang),
        chips,
        margin,
        margin_error_pct,
        demands,
    })
}

/// Titles of the hypotheses.
pub(super) fn hypotheses(tables: &[Table], lang: Lang) -> Vec<String> {
    let hypotheses = tables[2..].iter();
    hypotheses.map(|t| t.title.of(lang).to_owned()).collect()
}

/// A table's value for our side and theirs.
pub(super) fn both(table: &Table, options: &[u16]) -> [f64; 2] {
    [0, 1].map(|side| table_value(&table.talks.parties()[side].payoff, options))
}
