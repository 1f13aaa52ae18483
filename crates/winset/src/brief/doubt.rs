//! Section 8, how sure: elasticities drawn, published sets, the first year, the data and what is assumed.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use winset_data::{MANIFEST, Manifest};
use winset_talks::Package;
use winset_trade::draws::{Elasticities, Spread, Uncertainty, draws};
use winset_trade::{Indicator, Model, Workspace};

use crate::dossier::Text;
use crate::labels;
use crate::lang::Lang;
use crate::law::imports::ships_trade_of;
use crate::law::words;
use crate::study::{Bench, Payoffs, StudyError, Worlds};
use crate::world::World;

/// A number with its interval over the draws.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Interval {
    /// What it is.
    pub what: String,
    /// Central value, bn USD a year.
    pub central: f64,
    /// Tenth percentile over the draws.
    pub low: f64,
    /// Ninetieth percentile.
    pub high: f64,
    /// Median over the draws.
    pub median: f64,
    /// First and third quartile.
    pub quartiles: [f64; 2],
    /// Share of the draws in which it is above zero.
    pub positive: f64,
    /// Lowest and highest over the published sets of elasticities.
    pub sets: [f64; 2],
    /// In the first year, when trade reacts less.
    pub first_year: f64,
    /// Whether the sign is the same in all draws, sets and the first year.
    pub sign_is_sure: bool,
}

/// One published set of elasticities.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SetRow {
    /// Its name.
    pub name: String,
    /// The numbers of [`Doubt::intervals`] under it.
    pub values: Vec<f64>,
}

/// A named assumption.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AssumptionRow {
    /// Its name in assumptions.toml.
    pub id: String,
    /// Value.
    pub value: f64,
    /// Low value.
    pub low: f64,
    /// High value.
    pub high: f64,
    /// Unit.
    pub unit: String,
    /// Whether it is a belief: a probability, or how the sides and third countries bargain.
    #[serde(skip)]
    pub private: bool,
    /// Reason.
    pub why: String,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SourceRow {
    /// What it is.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// When.
    pub date: String,
    /// What to mind.
    pub mind: String,
}

/// How sure.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Doubt {
    /// Number of draws.
    pub draws: usize,
    /// Standard deviation of the logarithm of the elasticities.
    pub spread: f64,
    /// The same of input shares and of what is cut of barriers.
    pub spread_beside: [f64; 2],
    /// The seed of the draws.
    pub seed: u64,
    /// The central set and why it is.
    pub central: String,
    /// Share of the central elasticities in the first-year case.
    pub first_year_share: f64,
    /// The headline numbers.
    pub intervals: Vec<Interval>,
    /// The same under every published set.
    pub sets: Vec<SetRow>,
    /// Sets or draws without an equilibrium.
    pub not_solved: usize,
    /// Largest residual of the equilibria behind sections 2 to 5.
    pub worst_residual: f64,
    /// How many equilibria were solved for the tables of packages.
    pub solves: usize,
    /// What the numbers cannot show.
    pub limits: Vec<String>,
    /// Assumptions.
    pub assumptions: Vec<AssumptionRow>,
    /// Acts, statements and data behind it.
    pub sources: Vec<SourceRow>,
    /// What happened at home and between the sides.
    pub log: Vec<[String; 3]>,
    /// What is held at its central value in all of this.
    pub not_computed: Vec<String>,
}

/// The headline numbers of a model: no deal for both sides, then each package for both sides, with what it adds `beside`
/// the model.
fn headline(
    bench: &Bench,
    model: &Model,
    worlds: &[&World],
    beside: &[[f64; 2]],
    workspace: &mut Workspace,
) -> Option<Vec<f64>> {
    let (ours, theirs) = (
        bench.dossier.head.ours.get_ref(),
        bench.dossier.head.theirs.get_ref(),
    );
    let (o, t) = (
        bench.lab.economy.region(ours).ok()?,
        bench.lab.economy.region(theirs).ok()?,
    );
    let no_deal = model
        .solve(&bench.lab.shock(worlds[0]), workspace, None)
        .ok()?;
    let mut out = vec![no_deal.ev_busd(o), no_deal.ev_busd(t)];
    for (world, [ours, theirs]) in worlds[1..].iter().zip(beside) {
        let solved = model
            .solve(&bench.lab.shock(world), workspace, Some(&no_deal))
            .ok()?;
        out.push(solved.ev_busd(o) - no_deal.ev_busd(o) + ours);
        out.push(solved.ev_busd(t) - no_deal.ev_busd(t) + theirs);
    }
    Some(out)
}

/// The headline numbers in every draw of elasticities, input shares and barriers; none in draws in which one of the
/// worlds has no equilibrium.
fn drawn(
    bench: &Bench,
    worlds: &[&World],
    beside: &[[f64; 2]],
    incomes: &[Indicator; 2],
) -> Result<Vec<Option<Vec<f64>>>, StudyError> {
    let doubt = &bench.dossier.head.doubt;
    let uncertainty = Uncertainty {
        elasticities: Elasticities::LogNormal(*doubt.spread.get_ref()),
        inputs: *doubt.inputs.get_ref(),
        barriers: *doubt.barriers.get_ref(),
        seed: doubt.seed,
    };
    let count = u64::from(*doubt.draws.get_ref());
    // The same draw is the same world economy in every shock: differences between worlds are taken draw by draw.
    let mut by_world: Vec<Vec<Option<[f64; 2]>>> = Vec::with_capacity(worlds.len());
    for world in worlds {
        let lab = &bench.lab;
        let made = draws(
            &lab.economy,
            lab.model.options(),
            &lab.shock(world),
            &uncertainty,
            incomes,
            0..count,
        )?;
        let [ours, theirs] = made.spreads.as_slice() else {
            return Err(StudyError::Missing(
                "two real incomes were asked for".to_owned(),
            ));
        };
        let mut values = ours.values.iter().zip(&theirs.values);
        let found = (0..count).map(|draw| {
            let failed = made.failed.iter().any(|(k, _)| *k == draw);
            let pair = if failed { None } else { values.next() };
            pair.map(|(ours, theirs)| [*ours, *theirs])
        });
        by_world.push(found.collect());
    }
    Ok((0..count as usize)
        .map(|draw| {
            let no_deal = by_world[0][draw]?;
            let mut out = no_deal.to_vec();
            for (package, beside) in by_world[1..].iter().zip(beside) {
                let with = package[draw]?;
                out.extend([0, 1].map(|side| with[side] - no_deal[side] + beside[side]));
            }
            Some(out)
        })
        .collect())
}

/// The section.
pub(super) fn section(
    bench: &Bench,
    worlds: &Worlds,
    payoffs: &Payoffs,
    proposals: &[Package],
    lang: Lang,
) -> Result<Doubt, StudyError> {
    let doubt = &bench.dossier.head.doubt;
    let choice = &bench.dossier.head.economy;
    let mut workspace = Workspace::new();
    let mut packages: Vec<World> = Vec::new();
    for package in proposals {
        packages.push(
            bench
                .exact(package.options(), worlds, payoffs, &mut workspace)?
                .0
                .world,
        );
    }
    let all: Vec<&World> = std::iter::once(&worlds.no_deal[0].1.world)
        .chain(&packages)
        .collect();
    let model = &bench.lab.model;
    let theta = model.theta().to_vec();
    let (ours, theirs) = (
        bench.dossier.head.ours.get_ref(),
        bench.dossier.head.theirs.get_ref(),
    );
    let beside: Vec<[f64; 2]> = proposals
        .iter()
        .map(|p| [ours, theirs].map(|side| bench.income_beside(p.options(), side)))
        .collect();
    let sides = [ours, theirs].map(|side| labels::region(side, lang));
    let year = bench.trade_year();
    let no_deal = sides.map(|side| {
        lang.of(
            format!("{side}: no deal against {year}"),
            format!("{side}：合意なし（{year}年比）"),
        )
    });
    let with_package = (1..=packages.len()).flat_map(|k| {
        sides.map(|side| {
            lang.of(
                format!("{side}: package {k} against no deal"),
                format!("{side}：パッケージ{k}（合意なし比）"),
            )
        })
    });
    let what: Vec<String> = no_deal.into_iter().chain(with_package).collect();
    let central = headline(bench, model, &all, &beside, &mut workspace)
        .ok_or_else(|| StudyError::Missing("the central case has no equilibrium".to_owned()))?;

    let incomes = [ours, theirs].map(|side| Indicator::EvBusd(side.clone()));
    let drawn = drawn(bench, &all, &beside, &incomes)?;
    let names: Vec<String> = bench
        .lab
        .economy
        .elasticity_names()
        .map(str::to_owned)
        .collect();
    let sets: Vec<(String, Option<Vec<f64>>)> = names
        .into_par_iter()
        .map_init(Workspace::new, |workspace, name| {
            let found = bench
                .lab
                .economy
                .elasticities(&name)
                .ok()
                .and_then(|theta| {
                    let model = model.with_theta(theta).ok()?;
                    headline(bench, &model, &all, &beside, workspace)
                });
            (name, found)
        })
        .collect();
    let share = *choice.first_year_share.get_ref();
    let low: Vec<f64> = theta.iter().map(|x| x * share).collect();
    let first_year = headline(
        bench,
        &model.with_theta(&low)?,
        &all,
        &beside,
        &mut workspace,
    );

    let not_solved = drawn.iter().filter(|d| d.is_none()).count()
        + sets.iter().filter(|(_, s)| s.is_none()).count()
        + usize::from(first_year.is_none());
    let intervals = what
        .into_iter()
        .enumerate()
        .map(|(k, what)| {
            let values: Vec<f64> = drawn.iter().flatten().map(|d| d[k]).collect();
            let of_sets: Vec<f64> = sets
                .iter()
                .filter_map(|(_, s)| s.as_ref().map(|s| s[k]))
                .collect();
            let first = first_year.as_ref().map_or(f64::NAN, |f| f[k]);
            let sign_is_sure = values
                .iter()
                .chain(&of_sets)
                .chain(first_year.as_ref().map(|f| &f[k]))
                .all(|x| x.signum() == central[k].signum());
            let spread = Spread::new(incomes[k % 2].clone(), values);
            Interval {
                what,
                central: central[k],
                low: spread.quantile(0.1),
                high: spread.quantile(0.9),
                median: spread.quantile(0.5),
                quartiles: [spread.quantile(0.25), spread.quantile(0.75)],
                positive: spread.positive(),
                sets: [
                    of_sets.iter().copied().fold(f64::INFINITY, f64::min),
                    of_sets.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                ],
                first_year: first,
                sign_is_sure,
            }
        })
        .collect();
    let worst_residual = std::iter::once(&worlds.status_quo)
        .chain(worlds.no_deal.iter().map(|(_, s)| s))
        .map(|s| s.equilibrium.report().residual)
        .fold(0.0, f64::max);
    let beliefs = beliefs(bench);
    let dossier_toml = bench.dossier.source("dossier.toml");
    Ok(Doubt {
        draws: drawn.len(),
        spread: *doubt.spread.get_ref(),
        spread_beside: [*doubt.inputs.get_ref(), *doubt.barriers.get_ref()],
        seed: doubt.seed,
        central: lang.titled(choice.elasticities.get_ref(), choice.why.of(lang)),
        first_year_share: share,
        intervals,
        sets: sets
            .into_iter()
            .filter_map(|(name, values)| values.map(|values| SetRow { name, values }))
            .collect(),
        not_solved,
        worst_residual,
        solves: payoffs.solves,
        limits: limits(bench, lang),
        assumptions: bench
            .dossier
            .assumptions
            .iter()
            .map(|a| AssumptionRow {
                id: a.id.get_ref().clone(),
                value: *a.value.get_ref(),
                low: a.low,
                high: a.high,
                private: is_probability(&a.unit) || beliefs.contains(&a.id.get_ref().as_str()),
                unit: a.unit.of(lang).to_owned(),
                why: a.why.of(lang).to_owned(),
            })
            .collect(),
        sources: sources(bench, lang),
        log: bench
            .dossier
            .head
            .log
            .iter()
            .filter(|l| {
                let day = crate::dossier::date(&dossier_toml, &l.date);
                day.is_ok_and(|day| day <= bench.dossier.as_of)
            })
            .map(|l| {
                let day = l.date.get_ref().0.clone();
                [day, l.who.of(lang).to_owned(), l.text.of(lang).to_owned()]
            })
            .collect(),
        not_computed: vec![lang.of(
            "Held at their central values in the draws: trade and tariffs of the base year, prices and delivery of purchases, products finer than a sector. Ranges of valuations are in section 6.",
            "抽出で中心値に固定したもの：基準年の貿易と関税、購入の価格と履行、産業より細かい品目。評価額の範囲は第6節に示す。",
        ).to_owned()],
    })
}

/// Assumptions about how the sides and third countries bargain.
fn beliefs(bench: &Bench) -> Vec<&str> {
    let head = &bench.dossier.head;
    let offers = head.clock.offers.iter();
    let clock = offers.flat_map(|o| [&o.span, &o.extend].into_iter().chain(o.discount.values()));
    let queue = head.queue.iter().flat_map(|q| [&q.claims, &q.gives]);
    let strength = bench.dossier.beliefs.offer_strength.iter();
    let all = clock.chain(queue).chain(strength);
    all.map(|name| name.get_ref().as_str()).collect()
}

/// Whether an assumption is a probability, by its unit in any language.
fn is_probability(unit: &Text) -> bool {
    unit.of(Lang::En).starts_with("probability")
        || Lang::ALL.iter().any(|l| unit.of(*l).contains("確率"))
}

fn limits(bench: &Bench, lang: Lang) -> Vec<String> {
    let c = &bench.border.coverage;
    let [all, no_sector, collected] = [c.value, c.no_sector, c.collected_base].map(|x| x / 1e9);
    let year = bench.trade_year();
    let mut out = vec![lang.of(
        format!("Of the importer's trade of {year} ({all:.0} bn USD) lines worth {no_sector:.1} bn map to no sector and lines worth {collected:.1} bn have a specific base rate that is taken as collected in {year}."),
        format!(
            "輸入国の{year}年の貿易（{}億ドル）のうち、{}億ドル分の品目は産業に割り当てられず、{}億ドル分は基本税率が従量税で、{year}年の徴収実績とした。",
            lang.count(lang.in_unit(all)),
            lang.count(lang.in_unit(no_sector)),
            lang.count(lang.in_unit(collected))
        ),
    )];
    out.extend(
        [
            (
                "The economy is of 2022, put together from two editions of the OECD's table; China's GDP is about 5 % low; simple-average tariffs outside the United States are high where tobacco or liquor weigh.",
                "経済は2022年のもので、OECD表の二つの版から作成した。中国のGDPは約5%過小。米国以外の単純平均関税は、たばこ・酒類の比重が大きい場合に高めとなる。",
            ),
            (
                "The model is real and static: no money, no nominal exchange rate, no adjustment in time beyond the first-year case.",
                "モデルは実物・静学であり、貨幣、名目為替相場、初年度以外の時間的調整を含まない。",
            ),
        ]
        .map(|(en, ja)| lang.of(en, ja).to_owned()),
    );
    out.push(lang.of(
        format!(
            "Applied rates are weighted by the trade of {year}, before the duties, on every date."
        ),
        format!("実行税率は、どの日付についても追加関税前の{year}年の貿易額で加重した。"),
    ));
    if ships_trade_of(bench.importer) {
        let shipped = lang.of(
            "Metal content of derivatives is an average of 2017, use of preferences one of 2024 (of USMCA by its claims, of others by the duty collected), not what an entry would state.",
            "派生品の金属含有割合は2017年、特恵の利用は2024年の平均(USMCAは申告、その他は徴収された関税による)であり、個々の申告内容ではない。",
        );
        out.push(shipped.to_owned());
    }
    let own = bench.dossier.head.doubt.limits.iter();
    out.extend(own.map(|limit| limit.of(lang).to_owned()));
    out
}

fn sources(bench: &Bench, lang: Lang) -> Vec<SourceRow> {
    let mut out: Vec<SourceRow> = bench
        .law
        .acts()
        .map(|act| SourceRow {
            title: act.title.to_string(),
            publisher: act.source.to_string(),
            date: act.known.to_string(),
            mind: words::of(&act.confidence.to_string(), lang).to_owned(),
        })
        .collect();
    out.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.title.cmp(&b.title)));
    out.extend(bench.dossier.sources.iter().map(|s| SourceRow {
        title: s.title.of(lang).to_owned(),
        publisher: s.publisher.of(lang).to_owned(),
        date: s.date.0.clone(),
        mind: String::new(),
    }));
    if let Ok(manifest) = Manifest::parse(MANIFEST) {
        let used = manifest.table.into_iter().filter(|t| bench.uses(&t.file));
        for t in used {
            let origin = t.origin.first();
            let row = SourceRow {
                title: words::of(&t.what, lang).to_owned(),
                publisher: origin.map_or_else(String::new, |o| o.publisher.clone()),
                date: origin.map_or_else(String::new, |o| o.date.clone()),
                mind: words::of(&t.mind, lang).to_owned(),
            };
            // The tables of one economy are told as one.
            if !out.contains(&row) {
                out.push(row);
            }
        }
    }
    out
}
