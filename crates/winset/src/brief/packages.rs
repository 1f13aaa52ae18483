//! Sections 5 and 6: what can be signed, what to propose, and what if we are wrong about them.

use std::collections::BTreeSet;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use winset_talks::belief::Unused;
use winset_talks::{Answer, Package, Point, Restriction, Zone};
use winset_trade::Workspace;

use super::demands::{both, hypotheses, title_of};
use super::solution::Bargain;
use crate::dossier::Text;
use crate::indicator::Indicator;
use crate::lang::{Lang, counted};
use crate::study::{Bench, Desk, Logged, Payoffs, StudyError, Table, Worlds, logged, loud};

/// A package's payoffs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PointRow {
    /// The option of each issue.
    pub options: Vec<String>,
    /// Our gain against no deal, bn USD a year.
    pub ours: f64,
    /// Theirs.
    pub theirs: f64,
    /// Whether both gains were solved exactly; otherwise they come from the tables of options and pairs.
    pub exact: bool,
}

/// A solution.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SolutionRow {
    /// Its name.
    pub name: String,
    /// What is maximised, over what, from where.
    pub definition: String,
    /// The packages that tie (the first ones).
    pub points: Vec<PointRow>,
}

/// One account of what the other side wants, and what can then be signed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Probability on the as-of date; none for economic welfare and for the average.
    pub probability: Option<f64>,
    /// `exists`, `blocked` or `none`.
    pub zone: String,
    /// The same in words.
    pub zone_words: String,
    /// All packages.
    pub packages: f64,
    /// Inside both mandates.
    pub inside_mandates: f64,
    /// Of them, accepted by every ratifier that is asked.
    pub ratified: f64,
    /// Of them, better than no deal for both: the win-set.
    pub win_set: f64,
    /// Packages that beat no deal for both sides, mandates and ratifiers left aside: whether there are any.
    pub any_beats_no_deal: bool,
    /// Nash and Kalai–Smorodinsky over the win-set.
    pub solutions: Vec<SolutionRow>,
    /// How large the win-set would be without one mandate or ratifier.
    pub if_dropped: Vec<(String, f64)>,
}

/// A cell of the cloud of all packages.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct CloudPoint {
    /// Our gain, bn USD a year.
    pub ours: f64,
    /// Theirs.
    pub theirs: f64,
    /// Packages near it.
    pub count: u64,
}

/// A limit a ratifier sets, for one package.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Limit {
    /// Who.
    pub ratifier: String,
    /// On which side.
    pub party: String,
    /// Veto in law or political objection.
    pub kind: String,
    /// What they ask.
    pub what: String,
    /// The unit of the limit: `bn USD`, `%`, or blank.
    pub unit: String,
    /// The package's value.
    pub value: f64,
    /// The limit.
    pub at_least: f64,
    /// Whether they are asked at all for this package.
    pub asked: bool,
}

/// A number in the unit of a limit as people write it, without the unit where the language leaves it to the limit.
pub(super) fn in_unit(unit: &str, x: f64, lang: Lang) -> String {
    let ja = match unit {
        "bn USD" => format!("{}億ドル", lang.bn(x)),
        "%" => lang.change(x),
        _ => format!("{x:+.2}").replace('-', "−"),
    };
    lang.of(format!("{x:+.2}").replace('-', "−"), ja)
}

impl Limit {
    /// A number in the unit of the limit as people write it.
    pub fn shown(&self, lang: Lang, x: f64) -> String {
        in_unit(&self.unit, x, lang).replace('-', "−")
    }
}

/// Who stops a package.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Blocker {
    /// Who.
    pub ratifier: String,
    /// What they ask.
    pub what: String,
    /// The unit of the limit.
    pub unit: String,
    /// By how much it is missed, in the unit of the limit.
    pub short_by: f64,
}

/// A side's gains from a package, solved exactly.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Side {
    /// Real income against no deal, bn USD a year.
    pub ev: f64,
    /// Objective against no deal, bn USD a year (theirs: the average over what we believe); an edition for
    /// sharing does not hold it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objective: Option<f64>,
}

impl Side {
    /// The gain by which the package is judged: the objective, where the edition holds it, else real income.
    pub fn gain(&self) -> f64 {
        self.objective.unwrap_or(self.ev)
    }
}

/// What a package buys.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Purchase {
    /// What, from whom.
    pub what: String,
    /// Additional flow, bn USD a year.
    pub flow: f64,
    /// Net additional exports of the seller, bn USD a year.
    pub net: f64,
    /// Cost of the wedge, bn USD a year.
    pub cost: f64,
}

/// A package worth proposing.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Proposal {
    /// Why it is proposed.
    pub title: String,
    /// The option of each issue.
    pub options: Vec<String>,
    /// The same as indices from 0.
    pub indices: Vec<u16>,
    /// What they give, in words.
    pub they_give: Vec<String>,
    /// What we give, in words.
    pub we_give: Vec<String>,
    /// Our gains.
    pub ours: Side,
    /// Theirs.
    pub theirs: Side,
    /// Their gain by hypothesis, in the order of [`Packages::hypotheses`], from exact solves.
    pub theirs_by_hypothesis: Vec<f64>,
    /// Our lowest and highest gain over the ranges of our valuations; none in an edition for sharing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours_range: Option<[f64; 2]>,
    /// Theirs over the ranges of their valuations, by hypothesis.
    pub theirs_range_by_hypothesis: Vec<[f64; 2]>,
    /// Probability that they are no worse off than with no deal; none in an edition for sharing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<f64>,
    /// Our gain if the promised rates stand only as likely as assumed, bn USD a year; none in an edition for
    /// sharing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours_if_contested: Option<f64>,
    /// Their goods balance with us against no deal, bn USD a year.
    pub balance: f64,
    /// Their tariff revenue against no deal, bn USD a year.
    pub revenue: f64,
    /// What our state pays (−) or receives, bn USD a year.
    pub budget: f64,
    /// Every ratifier's limits and how they stand, from the exact solve.
    pub limits: Vec<Limit>,
    /// Who stops it, from the exact solve.
    pub blocked_by: Vec<Blocker>,
    /// The closest calls at home: who might block it, with the margin left.
    pub closest: Vec<String>,
    /// Domestic acts it needs.
    pub acts: Vec<String>,
    /// Warnings.
    pub warnings: Vec<String>,
}

/// Packages.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Packages {
    /// The no deal that every payoff is measured against.
    pub no_deal: String,
    /// Economic welfare alone, the average over what we believe, then each hypothesis.
    pub accounts: Vec<Account>,
    /// Titles of the hypotheses.
    pub hypotheses: Vec<String>,
    /// Their probabilities on the as-of date.
    pub probabilities: Vec<f64>,
    /// How the belief came about: date, evidence, probabilities.
    pub belief_path: Vec<(String, String, Vec<f64>)>,
    /// Evidence that does not count, and why.
    pub unused_evidence: Vec<(String, String)>,
    /// Evidence that alone moves the odds between two hypotheses twentyfold or more, with that factor.
    pub loud_evidence: Vec<(String, f64)>,
    /// The win-set's frontier under the average over what we believe.
    pub frontier: Vec<PointRow>,
    /// The frontier of all packages, mandates and ratifiers left aside (thinned to at most 200 points).
    pub frontier_all: Vec<PointRow>,
    /// All packages, one point a cell.
    pub cloud: Vec<CloudPoint>,
    /// Three packages worth proposing.
    pub proposals: Vec<Proposal>,
    /// What would open or widen the zone, in words.
    pub opens: Vec<String>,
    /// What their no deal is worth to each side under the other accounts of no deal, against the first.
    pub other_no_deals: Vec<(String, f64, f64)>,
    /// Error of the tables on the packages that were solved exactly: median and worst, per cent of the
    /// frontier's range, ours then theirs.
    pub table_error_pct: [[f64; 2]; 2],
    /// How many packages that is.
    pub solved_exactly: usize,
}

pub(super) fn names(table: &Table, package: &Package) -> Result<Vec<String>, StudyError> {
    Ok(table
        .talks
        .option_names(package)?
        .into_iter()
        .map(str::to_owned)
        .collect())
}

fn zone_words(zone: Zone, title: &str, lang: Lang) -> String {
    match zone {
        Zone::Exists => lang.of(
            format!("a zone of agreement exists on {title}"),
            format!("「{title}」では合意可能領域がある"),
        ),
        Zone::Blocked => lang.of(
            format!("no zone of agreement on {title}: some packages beat no deal for both, but mandates and ratifiers leave none of them"),
            format!("「{title}」では合意可能領域がない：合意なしより双方に有利なパッケージはあるが、交渉権限と批准者の条件を満たすものがない"),
        ),
        Zone::None => lang.of(
            format!("no zone of agreement on {title}: no package beats no deal for both"),
            format!("「{title}」では合意可能領域がない：合意なしより双方に有利なパッケージがない"),
        ),
    }
}

/// Points as the tables of options and pairs give them, each with the first of its packages.
fn by_tables<'a>(
    table: &Table,
    points: impl Iterator<Item = &'a Point>,
) -> Result<Vec<PointRow>, StudyError> {
    points
        .filter_map(|p| p.packages.first().map(|package| (p, package)))
        .map(|(p, package)| {
            Ok(PointRow {
                options: names(table, package)?,
                ours: p.payoffs[0],
                theirs: p.payoffs[1],
                exact: false,
            })
        })
        .collect()
}

fn account(
    bench: &Bench,
    table: &Table,
    answer: &Answer,
    probability: Option<f64>,
    lang: Lang,
) -> Result<Account, StudyError> {
    let solutions = [Bargain::Nash, Bargain::KalaiSmorodinsky]
        .into_iter()
        .map(|bargain| {
            let solution = bargain.of(answer);
            let points = by_tables(table, solution.points.iter())?;
            Ok(SolutionRow {
                name: bargain.name(lang).to_owned(),
                definition: bargain.definition(solution, lang).to_owned(),
                points,
            })
        })
        .collect::<Result<Vec<_>, StudyError>>()?;
    let if_dropped = if probability.is_none() && table.name == "belief" {
        table
            .talks
            .if_dropped()?
            .into_iter()
            .map(|d| {
                (
                    restriction(bench, &d.restriction, lang),
                    d.win_set.at_most as f64,
                )
            })
            .collect()
    } else {
        Vec::new()
    };
    Ok(Account {
        name: table.name.clone(),
        title: table.title.of(lang).to_owned(),
        probability,
        zone: serde_json::to_value(answer.zone)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default(),
        zone_words: zone_words(answer.zone, table.title.of(lang), lang),
        packages: answer.packages as f64,
        inside_mandates: answer.inside_mandates as f64,
        ratified: answer.ratified.at_most as f64,
        win_set: answer.better_for_all.at_most as f64,
        any_beats_no_deal: answer.zone != Zone::None,
        solutions,
        if_dropped,
    })
}

fn restriction(bench: &Bench, r: &Restriction, lang: Lang) -> String {
    match r {
        Restriction::Ratifier(ratifier) => title_of(bench, ratifier, lang),
        Restriction::Mandate { party, issue } => {
            let mut parties = bench.dossier.parties.party.iter();
            let mut issues = bench.dossier.issues.issue.iter();
            let whose = parties.find(|p| p.id.get_ref() == party);
            let on = issues.find(|i| i.id.get_ref() == issue);
            let whose = whose.map_or(party.as_str(), |p| p.title.of(lang));
            let on = on.map_or(issue.as_str(), |i| i.title.of(lang));
            lang.of(
                format!("the mandate of {whose} on “{on}”"),
                format!("{whose}の「{on}」に関する交渉権限"),
            )
        }
    }
}

/// The candidates for a proposal: every package of a win-set's frontier, under any account.
pub(super) fn candidates(answers: &[Answer]) -> Vec<Package> {
    let mut out: Vec<Package> = Vec::new();
    for answer in &answers[1..] {
        for point in &answer.win_set_frontier {
            if let Some(package) = point.packages.first()
                && !out.contains(package)
            {
                out.push(package.clone());
            }
        }
    }
    out
}

pub(super) struct Chosen {
    pub(super) title: Text,
    pub(super) package: Package,
}

/// Nash under the average; the best for us that they accept under most of what we believe; the safest.
fn choose(
    tables: &[Table],
    answers: &[Answer],
    probabilities: &[f64],
) -> Result<Vec<Chosen>, StudyError> {
    let mut out: Vec<Chosen> = Vec::new();
    let mut add = |en: &str, ja: &str, package: Option<Package>| {
        if let Some(package) = package
            && !out.iter().any(|c| c.package == package)
        {
            out.push(Chosen {
                title: Text::both(en, ja),
                package,
            });
        }
    };
    let nash = answers[1]
        .nash
        .points
        .first()
        .and_then(|p| p.packages.first().cloned());
    add(
        "The balanced package: the Nash point of the average over what we believe",
        "均衡案：信念による平均でのナッシュ解",
        nash,
    );
    let pool = candidates(answers);
    let gains = |p: &Package| -> Vec<f64> {
        tables[2..]
            .iter()
            .map(|t| both(t, p.options())[1])
            .collect()
    };
    let ours = |p: &Package| both(&tables[1], p.options())[0];
    let accepted = |p: &Package| -> f64 {
        gains(p)
            .iter()
            .zip(probabilities)
            .filter(|(g, _)| **g >= 0.0)
            .map(|(_, w)| w)
            .sum()
    };
    let safest = pool
        .iter()
        .filter(|p| ours(p) > 0.0)
        .max_by(|a, b| {
            let floor = |p: &Package| gains(p).into_iter().fold(f64::INFINITY, f64::min);
            accepted(a)
                .total_cmp(&accepted(b))
                .then(floor(a).min(0.0).total_cmp(&floor(b).min(0.0)))
                .then(ours(a).total_cmp(&ours(b)))
        })
        .cloned();
    add(
        "The safe package: best for us of those accepted under as many accounts of what they want as any",
        "安全案：相手の狙いの最も多くの想定で受諾されるもののうち、わが方に最善",
        safest,
    );
    let best = pool
        .iter()
        .filter(|p| accepted(p) >= 0.5 && ours(p) > 0.0)
        .max_by(|a, b| ours(a).total_cmp(&ours(b)))
        .cloned();
    add(
        "The opening offer: best for us among those they more likely accept than not",
        "最初の提示案：相手が受諾する見込みの方が高いもののうち、わが方に最善",
        best,
    );
    let nothing = Package::from(vec![0u16; tables[1].talks.issues().len()]);
    let small = tables[1]
        .talks
        .cheapest_repair(&nothing, 0)?
        .into_iter()
        .next()
        .map(|r| r.package);
    add(
        "The small package: the fewest issues moved that can still be signed and ratified",
        "小型案：署名・批准できるもののうち、動かす論点が最少",
        small,
    );
    let theirs = answers[1]
        .win_set_frontier
        .last()
        .and_then(|p| p.packages.first().cloned());
    add(
        "The generous package: the most for them that is still better than no deal for us",
        "譲歩案：わが方が合意なしを上回る範囲で相手に最大",
        theirs,
    );
    let ks = answers[1]
        .kalai_smorodinsky
        .points
        .first()
        .and_then(|p| p.packages.first().cloned());
    add(
        "The even package: the Kalai–Smorodinsky point",
        "公平案：カライ・スモロディンスキー解",
        ks,
    );
    out.truncate(3);
    Ok(out)
}

fn in_words(bench: &Bench, package: &[u16], asks: &str, lang: Lang) -> Vec<String> {
    let issues = bench.dossier.issues.issue.iter().zip(package);
    issues
        .filter(|(issue, o)| **o > 0 && issue.asks.get_ref() == asks)
        .map(|(issue, o)| {
            let option = &issue.option[usize::from(*o)];
            lang.titled(issue.title.of(lang), option.title.of(lang))
        })
        .collect()
}

pub(super) fn proposal(
    desk: &Desk,
    chosen: &Chosen,
    workspace: &mut Workspace,
    lang: Lang,
) -> Result<Proposal, StudyError> {
    let options = chosen.package.options();
    let (_, changes) = desk
        .bench
        .exact(options, &desk.worlds, &desk.payoffs, workspace)?;
    read_package(desk, chosen.title.of(lang), &chosen.package, &changes, lang)
}

/// Reads what a package does to everyone from its changes of [`Payoffs::quantities`], however they were found.
///
/// # Errors
/// A package that is not one of the dossier's.
pub fn read_package(
    desk: &Desk,
    title: &str,
    chosen: &Package,
    changes: &[f64],
    lang: Lang,
) -> Result<Proposal, StudyError> {
    let Desk {
        bench,
        worlds,
        payoffs,
        belief,
        tables,
        ..
    } = desk;
    let package = chosen.options();
    let (ours, theirs) = (
        bench.dossier.head.ours.get_ref(),
        bench.dossier.head.theirs.get_ref(),
    );
    let at = |indicator: Indicator| payoffs.indicator(&indicator).map_or(0.0, |q| changes[q]);
    let by_hypothesis: Vec<f64> = tables[2..].iter().map(|t| t.gain(1, changes)).collect();
    let side = |p: usize| Side {
        ev: tables[0].gain(p, changes),
        objective: Some(tables[1].gain(p, changes)),
    };
    let standings = bench.standings(worlds, payoffs, package, changes);
    let limits: Vec<Limit> = standings
        .into_iter()
        .map(|s| Limit {
            ratifier: s.ratifier.title.of(lang).to_owned(),
            party: s.ratifier.party.get_ref().clone(),
            kind: s.ratifier.kind.get_ref().clone(),
            what: s.limit.what.of(lang).to_owned(),
            unit: unit(&s.limit.indicator),
            value: s.value,
            at_least: *s.limit.at_least.get_ref(),
            asked: s.asked,
        })
        .collect();
    let blocked_by = limits
        .iter()
        .filter(|l| l.asked && l.value < l.at_least)
        .map(|l| Blocker {
            ratifier: l.ratifier.clone(),
            what: l.what.clone(),
            unit: l.unit.clone(),
            short_by: l.at_least - l.value,
        })
        .collect();
    let mut margins: Vec<(&Limit, f64)> = limits
        .iter()
        .filter(|l| l.asked)
        .map(|l| (l, (l.value - l.at_least) / l.at_least.abs().max(1.0)))
        .collect();
    margins.sort_by(|a, b| a.1.total_cmp(&b.1));
    let closest = margins
        .iter()
        .take(3)
        .map(|(l, _)| closest(l, lang))
        .collect();
    let mut acts: Vec<String> = Vec::new();
    let mut warnings = Vec::new();
    for (issue, o) in bench.dossier.issues.issue.iter().zip(package) {
        let option = &issue.option[usize::from(*o)];
        for trigger in &option.triggers {
            let act = bench.dossier.act(trigger.get_ref(), lang);
            if !acts.iter().any(|a| a == act) {
                acts.push(act.to_owned());
            }
        }
        if !option.investment.is_empty() && bench.they_may_want_balance() {
            let warning = lang.of(
                "Investment flowing in widens their current-account deficit: it contradicts a demand for a smaller one.",
                "投資の流入は相手の経常収支の赤字を広げ、赤字縮小の要求と矛盾する。",
            );
            warnings.push(warning.to_owned());
        }
        if !option.clause.is_empty() {
            let title = issue.title.of(lang);
            warnings.push(lang.of(
                format!("{title}: a clause has no effect in the model; it counts by its stated valuation alone."),
                format!("{title}：条項はモデル上の効果を持たず、所定の評価額だけで計算される。"),
            ));
        }
    }
    let durability = bench
        .dossier
        .assumption(&bench.dossier.head.doubt.durability);
    let our_side = side(0);
    // If the promised rates fall, what we gave stands: we keep the loss of our concessions alone.
    let given: f64 = bench
        .dossier
        .issues
        .issue
        .iter()
        .enumerate()
        .filter(|(_, issue)| issue.asks.get_ref() == theirs)
        .map(|(i, _)| tables[1].talks.parties()[0].payoff.values[i][usize::from(package[i])])
        .sum();
    Ok(Proposal {
        title: title.to_owned(),
        options: names(&tables[1], chosen)?,
        indices: package.to_vec(),
        they_give: in_words(bench, package, ours, lang),
        we_give: in_words(bench, package, theirs, lang),
        ours_if_contested: Some(durability * our_side.gain() + (1.0 - durability) * given),
        ours: our_side,
        theirs: side(1),
        ours_range: Some(tables[1].gain_range(0, payoffs, changes)),
        theirs_range_by_hypothesis: tables[2..]
            .iter()
            .map(|t| t.gain_range(1, payoffs, changes))
            .collect(),
        acceptance: Some(belief.acceptance(&by_hypothesis)?),
        theirs_by_hypothesis: by_hypothesis,
        balance: at(Indicator::Balance(theirs.clone(), ours.clone())),
        revenue: at(Indicator::Revenue(theirs.clone())),
        budget: at(Indicator::Budget(ours.clone())),
        limits,
        blocked_by,
        closest,
        acts,
        warnings,
    })
}

/// The unit of an indicator, as [`Limit::unit`] has it.
fn unit(indicator: &crate::dossier::format::Name) -> String {
    let indicator = indicator.get_ref().parse::<Indicator>();
    indicator.map_or_else(|_| String::new(), |i| i.unit().to_owned())
}

/// How close a limit is, in words.
fn closest(l: &Limit, lang: Lang) -> String {
    let shown = |x: f64| in_unit(&l.unit, x, lang);
    let (value, at_least) = (shown(l.value), shown(l.at_least));
    let unit = if l.unit.is_empty() {
        String::new()
    } else {
        format!(" {}", l.unit)
    };
    let kind = match l.kind.as_str() {
        "veto" => lang.of("veto", "拒否権"),
        "objection" => lang.of("objection", "異議"),
        other => other,
    };
    lang.of(
        format!(
            "{} ({kind}): “{}” stands at {value} against {at_least}{unit}",
            l.ratifier, l.what
        ),
        format!(
            "{}（{kind}）：「{}」は{value}（基準 {at_least}）",
            l.ratifier, l.what
        ),
    )
}

/// The three packages worth proposing, solved exactly; `answers` are those of [`Desk::answers`].
///
/// # Errors
/// What the law and the model say.
pub fn recommended(
    desk: &Desk,
    answers: &[Answer],
    lang: Lang,
) -> Result<Vec<Proposal>, StudyError> {
    choose(&desk.tables, answers, &desk.belief.probabilities)?
        .par_iter()
        .map_init(Workspace::new, |workspace, chosen| {
            proposal(desk, chosen, workspace, lang)
        })
        .collect()
}

/// Solves a frontier's packages exactly; returns the rows and the errors of the tables, ours and theirs.
fn exact_rows(
    bench: &Bench,
    worlds: &Worlds,
    payoffs: &Payoffs,
    table: &Table,
    points: &[(&Package, [f64; 2])],
) -> Result<Vec<(PointRow, [f64; 2])>, StudyError> {
    points
        .par_iter()
        .map_init(Workspace::new, |workspace, (package, by_table)| {
            let (_, changes) = bench.exact(package.options(), worlds, payoffs, workspace)?;
            let (ours, theirs) = (table.gain(0, &changes), table.gain(1, &changes));
            let row = PointRow {
                options: names(table, package)?,
                ours,
                theirs,
                exact: true,
            };
            Ok((
                row,
                [(ours - by_table[0]).abs(), (theirs - by_table[1]).abs()],
            ))
        })
        .collect()
}

/// Packages spread over the table, drawn with a fixed seed, to test it on.
fn held_out(bench: &Bench, count: usize) -> Vec<Package> {
    let mut state = bench.dossier.head.doubt.seed | 1;
    let mut next = |below: usize| {
        // Xorshift64*: enough to pick packages, and the same everywhere.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let x = state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        u16::try_from(x as usize % below).unwrap_or(0)
    };
    (0..count)
        .map(|_| {
            Package::from(
                bench
                    .effects
                    .iter()
                    .map(|e| next(e.len()))
                    .collect::<Vec<_>>(),
            )
        })
        .collect()
}

/// At most about `most` of the points, evenly spread, the last among them.
pub(crate) fn thin<T>(points: &[T], most: usize) -> impl Iterator<Item = &T> {
    let step = points.len().div_ceil(most).max(1);
    let last = points.len().saturating_sub(1);
    points
        .iter()
        .enumerate()
        .filter(move |(i, _)| i % step == 0 || *i == last)
        .map(|(_, p)| p)
}

fn opens(
    accounts: &[Account],
    worlds: &Worlds,
    payoffs: &Payoffs,
    bench: &Bench,
    lang: Lang,
) -> Vec<String> {
    let mut out = Vec::new();
    let welfare = &accounts[0];
    if welfare.zone == "exists" {
        out.push(lang.of(
            format!(
                "On economic welfare alone {} can be signed and ratified.",
                counted(welfare.win_set, "package")
            ),
            format!(
                "経済厚生だけでみると{}件のパッケージが署名・批准できる。",
                lang.count(welfare.win_set)
            ),
        ));
    } else {
        let which = accounts[2..].iter().filter(|a| a.zone == "exists");
        let which: Vec<&str> = which.map(|a| a.title.as_str()).collect();
        out.push(if which.is_empty() {
            let none = lang.of(
                "No stated valuation opens a zone either.",
                "どの評価額によっても合意可能領域は生じない。",
            );
            none.to_owned()
        } else {
            lang.of(
                format!(
                    "These accounts of what they want open one: {}.",
                    which.join("; ")
                ),
                format!(
                    "相手の狙いが次の場合は合意可能領域が生じる：{}。",
                    which.join("、")
                ),
            )
        });
    }
    for account in accounts[2..].iter().filter(|a| a.zone != "exists") {
        out.push(lang.of(
            format!("If they want {}: {}.", account.title, account.zone_words),
            format!("{}。", account.zone_words),
        ));
    }
    let theirs = bench.dossier.head.theirs.get_ref();
    if let Some(place) = payoffs.indicator(&Indicator::Ev(theirs.clone())) {
        // Where others are charged differently, a package is worth something else too: only an answer of ours is
        // lifted by every package alike.
        let ours = bench.dossier.head.ours.get_ref();
        let stated = bench.dossier.head.no_deal.iter().skip(1);
        let by_our_answer = stated.zip(&worlds.no_deal[1..]).filter(|(text, _)| {
            let mut changes = text.tariff.iter();
            !text.others_stay && changes.all(|change| change.destination.get_ref() == ours)
        });
        for (_, (_, solved)) in by_our_answer {
            let shift = solved.measured[place] - worlds.no_deal[0].1.measured[place];
            if shift < -0.005 {
                let title = solved.title.of(lang);
                out.push(lang.of(
                    format!("Against “{title}” every package is worth {:.1} bn USD a year of real income more to them: our answer costs them that much.", -shift),
                    format!("「{title}」と比べると、どのパッケージも相手の実質所得を年{}億ドル多く改善する：わが方の対抗措置がその分の損失となるため。", lang.amount(-shift)),
                ));
            }
        }
    }
    out
}

/// Evidence as people call it: the dossier's by its text, offers by their day.
fn evidence(bench: &Bench, logged: &Logged, name: &str, lang: Lang) -> String {
    let mut stated = bench.dossier.beliefs.evidence.iter();
    if let Some(found) = stated.find(|e| e.id.get_ref() == name) {
        return found.text.of(lang).to_owned();
    }
    let mut offers = logged.offers.iter();
    let offer = offers.find(|o| o.name.as_str() == name);
    offer.map_or(name, |o| o.name.of(lang)).to_owned()
}

/// Why evidence does not count.
fn unused(why: Unused, lang: Lang) -> String {
    let ja = match why {
        Unused::NoDay => "公表日がない",
        Unused::NotYetPublished => "基準日より後に公表",
    };
    lang.of(why.to_string(), ja.to_owned())
}

/// The section, and the packages proposed.
pub(super) fn section(
    desk: &Desk,
    answers: &[Answer],
    lang: Lang,
) -> Result<(Packages, Vec<Package>), StudyError> {
    let Desk {
        bench,
        worlds,
        payoffs,
        belief,
        tables,
        ..
    } = desk;
    let accounts = tables
        .par_iter()
        .zip(answers)
        .enumerate()
        .map(|(k, (table, answer))| {
            let probability = (k >= 2).then(|| belief.probabilities[k - 2]);
            account(bench, table, answer, probability, lang)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mean = &tables[1];
    let proposals = recommended(desk, answers, lang)?;

    let points: Vec<(&Package, [f64; 2])> = thin(&answers[1].win_set_frontier, 60)
        .filter_map(|p| {
            p.packages
                .first()
                .map(|package| (package, [p.payoffs[0], p.payoffs[1]]))
        })
        .collect();
    let frontier = exact_rows(bench, worlds, payoffs, mean, &points)?;
    let drawn = held_out(bench, 40);
    // A small dossier has fewer packages than are drawn, and its frontier is among them.
    let solved = points.iter().map(|(p, _)| *p).chain(&drawn);
    let solved: BTreeSet<&[u16]> = solved.map(Package::options).collect();
    let tested: Vec<(&Package, [f64; 2])> =
        drawn.iter().map(|p| (p, both(mean, p.options()))).collect();
    let tested = exact_rows(bench, worlds, payoffs, mean, &tested)?;
    let all: Vec<[f64; 2]> = answers[1]
        .frontier
        .iter()
        .map(|p| [p.payoffs[0], p.payoffs[1]])
        .collect();
    let range = |side: usize| {
        let (low, high) = all
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), p| {
                (l.min(p[side]), h.max(p[side]))
            });
        (high - low).max(1e-9)
    };
    let error = |side: usize| {
        let mut errors: Vec<f64> = frontier
            .iter()
            .chain(&tested)
            .map(|(_, e)| 100.0 * e[side] / range(side))
            .collect();
        errors.sort_by(f64::total_cmp);
        [
            errors.get(errors.len() / 2).copied().unwrap_or(0.0),
            errors.last().copied().unwrap_or(0.0),
        ]
    };
    let frontier_all = by_tables(mean, thin(&answers[1].frontier, 200))?;
    let cloud = mean
        .talks
        .cloud([0, 1], 192)?
        .cells
        .iter()
        .map(|c| CloudPoint {
            ours: c.payoffs[0],
            theirs: c.payoffs[1],
            count: c.count,
        })
        .collect();
    let (ours, theirs) = (
        bench.dossier.head.ours.get_ref(),
        bench.dossier.head.theirs.get_ref(),
    );
    let shift = |region: &str, k: usize| {
        payoffs
            .indicator(&Indicator::Ev(region.to_owned()))
            .map_or(0.0, |place| {
                worlds.no_deal[k].1.measured[place] - worlds.no_deal[0].1.measured[place]
            })
    };
    let logged = logged(&bench.dossier);
    let unread = logged.unread.iter();
    let unread = unread.map(|what| {
        let name = lang.of("an offer of theirs", "相手の提案");
        (name.to_owned(), what.of(lang).to_owned())
    });
    let section = Packages {
        no_deal: worlds.no_deal[0].1.title.of(lang).to_owned(),
        hypotheses: hypotheses(tables, lang),
        probabilities: belief.probabilities.clone(),
        belief_path: belief
            .path
            .iter()
            .map(|l| {
                (
                    l.published.to_string(),
                    evidence(bench, &logged, &l.evidence, lang),
                    l.probabilities.clone(),
                )
            })
            .collect(),
        unused_evidence: belief
            .unused
            .iter()
            .map(|(name, why)| (evidence(bench, &logged, name, lang), unused(*why, lang)))
            .chain(unread)
            .collect(),
        loud_evidence: loud(bench, belief)
            .into_iter()
            .map(|(name, factor)| (evidence(bench, &logged, &name, lang), factor))
            .collect(),
        table_error_pct: [error(0), error(1)],
        solved_exactly: solved.len(),
        frontier: frontier.into_iter().map(|(row, _)| row).collect(),
        frontier_all,
        cloud,
        opens: opens(&accounts, worlds, payoffs, bench, lang),
        other_no_deals: (1..worlds.no_deal.len())
            .map(|k| {
                (
                    worlds.no_deal[k].1.title.of(lang).to_owned(),
                    shift(ours, k),
                    shift(theirs, k),
                )
            })
            .collect(),
        accounts,
        proposals,
    };
    let proposed = section.proposals.iter();
    let proposed = proposed.map(|p| Package::from(p.indices.clone()));
    let packages = proposed.collect();
    Ok((section, packages))
}
