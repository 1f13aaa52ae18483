//! The dossier with the engines it chose, ready to compute.

use std::collections::BTreeMap;

use jiff::civil::Date;
use winset_data::Set;
use winset_io::{Problem, Problems, Source, Table};
use winset_law::averages::Trade;
use winset_law::{Assumptions, Country, GoodsCode, Law, LawError};
use winset_trade::Economy;

use super::StudyError;
use super::amended::charged_until;
use crate::dossier::format::{DossierFile, Name, RowOrAmount};
use crate::dossier::{Dossier, Files, Names, date};
use crate::indicator::Indicator;
use crate::law::Texts;
use crate::law::imports::{SHIPPED_TRADE_YEAR, shipped, ships_trade_of};
use crate::world::{
    Amendment, Anchor, Border, Days, Effect, Lab, SectorRates, effect, load_economy,
};

/// The law of a dossier: that which ships, as the dossier chooses, and its own measure files.
///
/// # Errors
/// What is wrong with the files.
pub fn law(files: &Files) -> Result<Law, Problems> {
    let source = files.get("dossier.toml")?;
    let head: DossierFile = winset_io::parse_toml(source)?;
    let mut texts = Texts::default();
    for folder in &head.law.built_in {
        let built_in = Texts::built_in(folder.get_ref()).map_err(|problem| {
            let at = Problem::at(source, folder.span(), problem.what());
            problem
                .advice()
                .iter()
                .fold(at, |at, help| at.help(help.clone()))
        })?;
        texts = texts.and(built_in);
    }
    let own = Texts::dossier(files);
    if texts.files.is_empty() && own.files.is_empty() {
        return Err(Problem::general(format!("{}: no measures", files.name))
            .help("name the law that ships, `built-in = [\"us\"]` under [law] in dossier.toml, or put a file into measures/")
            .into());
    }
    let importer: Country = (head.law.importer.get_ref().parse())
        .map_err(|e: LawError| Problem::at(source, head.law.importer.span(), e.to_string()))?;
    let mut problems = Problems::default();
    own.check_goods(importer, &mut problems)?;
    let texts = texts.and(own);
    let schedules = texts.schedules(importer)?;
    if schedules.is_empty() {
        let what = format!("no tariff schedule of {} is loaded", importer.name());
        return Err(Problem::at(source, head.law.importer.span(), what)
            .help("put the lines of its schedule into measures/schedule.csv (code,from,to,unit,mfn,preferences): without them every ordinary duty would be missing")
            .into());
    }
    match texts.compile(schedules) {
        Ok(law) => problems.unless_any(law),
        Err(mut more) => {
            more.0.extend(problems.0);
            Err(more)
        }
    }
}

/// The names a dossier may use, given its law.
///
/// # Errors
/// An economy that does not exist.
pub fn names(law: &Law, head: &DossierFile, source: &Source) -> Result<Names, Problems> {
    let economy = load_economy(*head.economy.regions.get_ref()).map_err(|e| {
        Problems::from(
            Problem::at(source, head.economy.regions.span(), e.to_string())
                .help("write `regions = 17` or 77"),
        )
    })?;
    Ok(Names {
        regions: economy.regions().to_vec(),
        sectors: economy.sectors().to_vec(),
        elasticities: economy.elasticity_names().map(str::to_owned).collect(),
        measures: law.measures().map(|m| m.id().to_owned()).collect(),
        countries: Country::all().map(|c| c.iso2().to_owned()).collect(),
        facts: law.asks().into_iter().map(|asks| asks.stated).collect(),
        days: (head.law.importer.get_ref().parse().ok()).and_then(|importer| law.held(importer)),
    })
}

/// A checked dossier and its law; `as_of` replaces the dossier's date.
///
/// # Errors
/// Everything that is wrong with the files, each with its place.
pub fn dossier(files: Files, as_of: Option<Date>) -> Result<(Dossier, Law), Problems> {
    let law = law(&files)?;
    let source = files.get("dossier.toml").cloned().map_err(Problems::from)?;
    let mut dossier = Dossier::read(files, |head| names(&law, head, &source))?;
    if let Some(as_of) = as_of {
        dossier.as_of = as_of;
    }
    Ok((dossier, law))
}

/// A checked dossier with its law, its border and its laboratory.
pub struct Bench {
    /// The dossier.
    pub dossier: Dossier,
    /// Its law.
    pub law: Law,
    /// The importer's border, all origins.
    pub border: Border,
    /// The border for our goods.
    pub ours: Border,
    /// The economy and its model.
    pub lab: Lab,
    /// What each option of each issue changes.
    pub effects: Vec<Vec<Effect>>,
    /// The region whose law the measures are.
    pub importer: Country,
    /// Our origin at that border.
    pub origin: Country,
    /// Regions of the economy by origin of the law.
    pub origins: BTreeMap<String, Vec<String>>,
    /// The published goods balance behind the anchor: exports, imports in bn USD.
    pub anchor: Anchor,
}

impl Bench {
    /// Opens a dossier's files and the engines it chose. `as_of` replaces the dossier's date.
    ///
    /// # Errors
    /// Everything that is wrong with the files, each with its place; damaged data.
    pub fn open(files: Files, as_of: Option<Date>) -> Result<Self, StudyError> {
        let (dossier, law) = dossier(files, as_of)?;
        let source = dossier.source("dossier.toml");
        let importer: Country = dossier.head.law.importer.get_ref().parse()?;
        let origin: Country = dossier.head.law.origin.get_ref().parse()?;
        let origins: BTreeMap<String, Vec<String>> = dossier
            .head
            .economy
            .origins
            .iter()
            .map(|(region, codes)| {
                (
                    region.get_ref().clone(),
                    codes.iter().map(|c| c.get_ref().clone()).collect(),
                )
            })
            .collect();
        let economy = load_economy(*dossier.head.economy.regions.get_ref())?;
        products_fit(&dossier, &economy)?;
        let baseline = date(&source, &dossier.head.clock.baseline)?;
        let after = date(&source, &dossier.head.clock.after)?;
        let shipped = shipped(&law, importer, None)?;
        let trade = match shipped.trade {
            Some(trade) if dossier.head.law.trade.is_none() => trade,
            _ => own_trade(&dossier, &law, importer, [baseline, after])?,
        };
        let border = Border::new(
            &law,
            importer,
            trade,
            &origins,
            economy.sectors(),
            with_mixes(&dossier, shipped.assumptions)?,
            Days {
                baseline,
                known_on: dossier.as_of,
            },
        )?;
        let ours = border.only(|country| country == origin);
        let anchor = anchor(&dossier)?;
        let (us, them) = (
            dossier.head.ours.get_ref().clone(),
            dossier.head.theirs.get_ref().clone(),
        );
        let mut lab = Lab::new(
            economy,
            dossier.head.economy.elasticities.get_ref(),
            dossier.head.economy.services.get_ref(),
            &them,
            (them.clone(), us.clone(), anchor),
        )?;
        lab.indicators = indicators(&dossier);
        for party in &dossier.parties.party {
            let region = party.id.get_ref();
            if let Some(value_added) = lab.value_added.get(region) {
                lab.weights
                    .insert(region.clone(), dossier.weights(region, value_added));
            }
        }
        let cliff = date(&source, &dossier.head.clock.cliff)?;
        // A measure that has ended when the cliff comes, or that no act of the time knows, is left as it is.
        let in_force = |amendment: &Amendment| {
            let measure = law.measure(&amendment.measure);
            measure.is_some_and(|m| charged_until(m, origin, cliff, dossier.as_of).is_some())
        };
        let effect_of = |option| {
            let mut effect = effect(&dossier, &lab.economy, option)?;
            effect.amend.retain(in_force);
            Ok::<_, StudyError>(effect)
        };
        let issues = dossier.issues.issue.iter();
        let effects = issues
            .map(|issue| issue.option.iter().map(effect_of).collect())
            .collect::<Result<Vec<Vec<Effect>>, _>>()?;
        Ok(Self {
            dossier,
            law,
            border,
            ours,
            lab,
            effects,
            importer,
            origin,
            origins,
            anchor,
        })
    }

    /// The year of the trade that weights the rates.
    pub fn trade_year(&self) -> i64 {
        let own = self.dossier.head.law.trade.as_ref();
        own.map_or(SHIPPED_TRADE_YEAR, |trade| *trade.year.get_ref())
    }

    /// The origins of the law that a region of the economy holds on the as-of date.
    pub fn members(&self, region: &str) -> Vec<Country> {
        let day = self.dossier.as_of;
        let named =
            |codes: &[String], country: Country| codes.iter().any(|c| country.is_member(c, day));
        let Some(own) = self.origins.get(region) else {
            return Vec::new();
        };
        let rest = own.iter().any(|code| code == "*");
        let left = |country: Country| rest && !self.origins.values().any(|c| named(c, country));
        Country::all()
            .filter(|country| named(own, *country) || left(*country))
            .collect()
    }

    /// Whether the other side may want another balance with us, under any hypothesis.
    pub fn they_may_want_balance(&self) -> bool {
        let theirs = self.dossier.head.theirs.get_ref();
        let parties = self.dossier.parties.party.iter();
        let own = parties.filter(|p| p.id.get_ref() == theirs);
        let stated = own.flat_map(|p| &p.valuation);
        let believed = self.dossier.beliefs.hypothesis.iter();
        stated
            .chain(believed.flat_map(|h| &h.valuation))
            .any(|v| v.indicator.get_ref().starts_with("balance:"))
    }

    /// The fact by which parts of some goods differ, where the dossier mixes them.
    pub fn mixed_by(&self, goods: GoodsCode, origin: Country) -> Option<&str> {
        let mut mixes = self.dossier.head.law.mix.iter();
        let holds = |prefix: &Name| {
            let prefix = prefix.get_ref().parse::<GoodsCode>();
            prefix.is_ok_and(|prefix| goods.is_within(prefix))
        };
        let found =
            mixes.find(|mix| mix.origin.get_ref() == origin.iso2() && mix.goods.iter().any(holds));
        found.map(|mix| mix.fact.get_ref().as_str())
    }

    /// Whether the numbers may stand on a table that ships, by its file.
    pub fn uses(&self, file: &str) -> bool {
        let balance = &self.dossier.head.economy.goods_balance;
        let amounts = [&balance.exports, &balance.imports];
        match file.split('_').next() {
            Some("us" | "jp" | "metal" | "usmca") => ships_trade_of(self.importer),
            Some("economy") => {
                let regions = self.dossier.head.economy.regions.get_ref();
                file.contains(&format!("_{regions}_"))
            }
            Some("bea") => amounts
                .iter()
                .any(|x| matches!(x.get_ref(), RowOrAmount::Row(_))),
            _ => true,
        }
    }

    /// A day of the dossier's clock.
    ///
    /// # Errors
    /// It is no date; [`Dossier::read`] has checked that it is.
    pub fn day(&self, name: &crate::dossier::format::Day) -> Result<Date, StudyError> {
        Ok(date(&self.dossier.source("dossier.toml"), name)?)
    }

    /// What our goods pay by sector under a package's amendments the day after the cliff, and what of the duty that
    /// falls away their sellers keep in the price.
    ///
    /// # Errors
    /// As [`Bench::amended`].
    pub fn our_rates(&self, options: &[(usize, usize)]) -> Result<OurRates, StudyError> {
        let after = self.day(&self.dossier.head.clock.after)?;
        let ours = self.dossier.head.ours.get_ref();
        let moved: Vec<(usize, usize)> = options
            .iter()
            .copied()
            .filter(|(i, o)| !self.effects[*i][*o].amend.is_empty())
            .collect();
        let origin = [self.origin];
        let under = |chosen: &[&Amendment]| -> Result<BTreeMap<String, f64>, StudyError> {
            let rates: SectorRates = if chosen.is_empty() {
                self.ours.change(&self.law, after)?
            } else {
                let law = self.with_amendments(chosen.iter().copied(), &origin)?;
                self.ours.change(&law, after)?
            };
            Ok(rates.origin(ours))
        };
        let chosen: Vec<&Amendment> = self.amendments(&moved).collect();
        let change = under(&chosen)?;
        let mut price_kept: BTreeMap<String, f64> = BTreeMap::new();
        let mut shares: Vec<f64> = chosen.iter().map(|a| a.price_kept).collect();
        shares.retain(|share| *share > 0.0);
        shares.sort_by(f64::total_cmp);
        shares.dedup();
        for share in shares {
            let keeps = |a: &Amendment| a.price_kept.total_cmp(&share).is_eq();
            let others = chosen.iter().copied().filter(|a| !keeps(a));
            let without = under(&others.collect::<Vec<_>>())?;
            for (sector, rate) in without {
                let fallen = rate - change.get(&sector).copied().unwrap_or(0.0);
                *price_kept.entry(sector).or_insert(0.0) += share * fallen.max(0.0);
            }
        }
        Ok(OurRates { change, price_kept })
    }
}

/// What our goods pay at the border by sector.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OurRates {
    /// Change of the tariff against the baseline day, fractions.
    pub change: BTreeMap<String, f64>,
    /// Points of duty that fell away and that our sellers keep in the price, fractions.
    pub price_kept: BTreeMap<String, f64>,
}

/// A product is part of its sector: what one origin sells of it cannot be more than the sector's whole flow.
fn products_fit(dossier: &Dossier, economy: &Economy) -> Result<(), StudyError> {
    let source = dossier.source("products.toml");
    let million = economy.info().unit.in_billion() * 1e3;
    let mut problems = Problems::default();
    for product in &dossier.products.product {
        let (sector, home) = (product.sector.get_ref(), product.home.get_ref());
        for flow in &product.flow {
            let origin = flow.origin.get_ref();
            let whole = million
                * economy.flow(
                    economy.sector(sector)?,
                    economy.region(origin)?,
                    economy.region(home)?,
                );
            let value = *flow.value.get_ref();
            if value > whole {
                let what = format!(
                    "{value} million USD of `{}` from {origin}: all of {sector} that it sells to {home} is {whole:.0} million",
                    product.id.get_ref()
                );
                problems.push(Problem::at(&source, flow.value.span(), what).help(
                    "a product is part of its sector: write million USD a year at world prices, or name another sector",
                ));
            }
        }
    }
    Ok(problems.unless_any(())?)
}

/// The importer's trade in the dossier's own table.
fn own_trade(
    dossier: &Dossier,
    law: &Law,
    importer: Country,
    days: [Date; 2],
) -> Result<Trade, StudyError> {
    let head = dossier.source("dossier.toml");
    let Some(choice) = &dossier.head.law.trade else {
        let at = dossier.head.law.importer.span();
        let what = format!("no trade of {} ships", importer.name());
        let problem = Problem::at(&head, at, what).help("name a table of the dossier: `trade = { file = \"measures/trade.csv\", year = 2023, source = \"…\" }` under [law]");
        return Err(Problems::from(problem).into());
    };
    let file = &choice.file;
    let source = dossier.files.optional(file.get_ref()).ok_or_else(|| {
        let problem = Problem::at(&head, file.span(), format!("no file `{}`", file.get_ref()));
        Problems::from(problem.help(
            "it stands in the dossier's folder, with the columns goods, origin and value (USD)",
        ))
    })?;
    let wrong = |what: &dyn std::fmt::Display| {
        Problem::general(what.to_string())
            .help("each row is goods,origin,value: a code of the schedule, an ISO country, USD")
    };
    let table = Table::from_csv_with_remarks(source.name(), source.text().as_bytes());
    let table = table.map_err(|error| wrong(&error))?;
    let trade = Trade::plain(&table).map_err(|error| wrong(&error))?;
    let total: f64 = trade.cells().iter().map(|cell| cell.value).sum();
    if total <= 0.0 || trade.cells().iter().any(|cell| cell.value > LARGEST_FLOW) {
        let what = format!("{}: {total} USD in all", source.name());
        return Err(Problem::general(what)
            .help("values are USD a year: they weigh the rates, so some must be above zero, and none above all trade of the world (1e14)")
            .into());
    }
    has_lines(&table, law, (importer, days))?;
    Ok(trade)
}

/// More than any country imports of anything, USD a year.
const LARGEST_FLOW: f64 = 1e14;

/// Trade under a code that is in no schedule would have no rate, and would fall out of every average.
fn has_lines(
    table: &Table,
    law: &Law,
    (importer, days): (Country, [Date; 2]),
) -> Result<(), StudyError> {
    let Some(schedule) = law.schedule(importer) else {
        return Ok(());
    };
    let mut problems = Problems::default();
    for (row, code) in table.texts("goods")?.iter().enumerate() {
        let goods: GoodsCode = code.parse()?;
        let mut lines = days.iter().map(|day| schedule.line(goods, *day));
        if let Some(Err(error)) = lines.find(Result::is_err) {
            let what = format!("{}, row {}: {error}", table.name(), row + 1);
            problems.push(Problem::general(what).help(
                "write a code of the schedule: trade under any other has no rate and would not count",
            ));
        }
    }
    Ok(problems.unless_any(())?)
}

/// Adds the dossier's mixes to what is assumed where an entry would state a fact.
fn with_mixes(dossier: &Dossier, mut out: Assumptions) -> Result<Assumptions, StudyError> {
    for mix in &dossier.head.law.mix {
        let shares = mix.shares.iter();
        let shares: Vec<(&str, f64)> = shares
            .map(|(word, name)| (word.get_ref().as_str(), dossier.assumption(name)))
            .collect();
        let origin = mix.origin.get_ref().parse()?;
        for goods in &mix.goods {
            out.mix(
                goods.get_ref().parse()?,
                origin,
                mix.fact.get_ref(),
                &shares,
            )?;
        }
    }
    Ok(out)
}

/// The published balance that the dossier names.
fn anchor(dossier: &Dossier) -> Result<Anchor, StudyError> {
    let choice = &dossier.head.economy.goods_balance;
    let table = Set::BeaTrade.table()?;
    let (measures, partners) = (table.text_slice("measure")?, table.text_slice("partner")?);
    let (years, values) = (table.ints("year")?, table.texts("million_usd")?);
    let partner = choice.partner.as_ref().map_or("", |p| p.get_ref());
    let year = *choice.year.get_ref();
    let find = |row: &toml::Spanned<RowOrAmount>| -> Result<f64, StudyError> {
        let measure = match row.get_ref() {
            RowOrAmount::Amount(busd) => return Ok(*busd),
            RowOrAmount::Row(name) => name,
        };
        let of_partner = |r: &usize| partners[*r] == partner && years[*r] == year;
        let rows = || (0..table.rows()).filter(of_partner);
        let found = rows().find(|r| measures[*r] == *measure);
        let million = found.and_then(|r| values[r].parse::<f64>().ok());
        million.map(|million| million / 1e3).ok_or_else(|| {
            let of = if partner.is_empty() {
                "no partner"
            } else {
                partner
            };
            let what =
                format!("the published trade table has no row `{measure}` of {of} in {year}");
            let source = dossier.source("dossier.toml");
            let there: Vec<&str> = rows().map(|r| measures[r].as_str()).collect();
            let help = if there.is_empty() {
                "write the amount in bn USD a year, or name another `partner` and `year`".to_owned()
            } else {
                format!(
                    "write the amount in bn USD a year, or a row that is there: {}",
                    there.join(", ")
                )
            };
            Problems::from(Problem::at(&source, row.span(), what).help(help)).into()
        })
    };
    Ok(Anchor {
        exports: find(&choice.exports)?,
        imports: find(&choice.imports)?,
    })
}

/// Every indicator that a valuation or a limit of the dossier names, with the real incomes of the parties.
fn indicators(dossier: &Dossier) -> Vec<Indicator> {
    let parties = dossier.parties.party.iter();
    let mut names: Vec<String> = parties
        .clone()
        .map(|p| format!("ev:{}", p.id.get_ref()))
        .collect();
    let valuations = parties.flat_map(|p| &p.valuation);
    let valuations = valuations.chain(dossier.beliefs.hypothesis.iter().flat_map(|h| &h.valuation));
    names.extend(valuations.map(|v| v.indicator.get_ref().clone()));
    names.extend(
        dossier
            .parties
            .ratifier
            .iter()
            .flat_map(|r| &r.limit)
            .map(|l| l.indicator.get_ref().clone()),
    );
    let (ours, theirs) = (dossier.head.ours.get_ref(), dossier.head.theirs.get_ref());
    names.push(format!("balance:{theirs}:{ours}"));
    names.push(format!("revenue:{theirs}"));
    names.push(format!("budget:{ours}"));
    let mut out: Vec<Indicator> = Vec::new();
    for name in names {
        if let Ok(indicator) = name.parse::<Indicator>()
            && !out.contains(&indicator)
        {
            out.push(indicator);
        }
    }
    out
}
