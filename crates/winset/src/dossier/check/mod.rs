//! What must hold between the files of a dossier. Every fault is shown where it stands.

mod option;
mod origins;
mod words;

use std::collections::BTreeSet;

use winset_io::{Problem, Problems, Source, Span};

use super::format::{
    AnswerText, Day, EvidenceText, MixText, Name, OffersInTurn, OptionText, QuestionText,
    RowOrAmount, TariffChange, ValuationText,
};
use super::{Dossier, date, indicator};
use crate::indicator::Indicator;

/// The names of the economy and the law that a dossier may use.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Regions of the economy.
    pub regions: Vec<String>,
    /// Sectors of the economy.
    pub sectors: Vec<String>,
    /// Names of its sets of elasticities.
    pub elasticities: Vec<String>,
    /// Measures of the law.
    pub measures: Vec<String>,
    /// Countries and customs territories of the law (ISO codes).
    pub countries: Vec<String>,
    /// What entries can state that the law asks about: `firm=byd`.
    pub facts: Vec<String>,
    /// First and last day the law's data covers.
    pub days: Option<(jiff::civil::Date, jiff::civil::Date)>,
}

/// The one that was probably meant.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |a: &str, b: &str| {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut corner = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let next = row[j + 1];
                row[j + 1] = (corner + usize::from(x != y)).min(next + 1).min(row[j] + 1);
                corner = next;
            }
        }
        row[b.len()]
    };
    known
        .map(|k| (distance(&word.to_lowercase(), &k.to_lowercase()), k))
        .min()
        .filter(|(d, k)| *d <= 1 + k.len() / 4)
        .map(|(_, k)| k)
}

struct Check<'a> {
    dossier: &'a Dossier,
    names: &'a Names,
    problems: &'a mut Problems,
}

/// Checks everything.
pub(super) fn check(dossier: &Dossier, names: &Names, problems: &mut Problems) {
    let mut check = Check {
        dossier,
        names,
        problems,
    };
    check.head();
    check.assumptions();
    check.products();
    check.issues();
    check.parties();
    check.beliefs();
}

impl Check<'_> {
    fn known(&mut self, source: &Source, kind: &str, name: &Name, known: &[String]) {
        if known.iter().any(|k| k == name.get_ref()) {
            return;
        }
        let mut problem = Problem::at(
            source,
            name.span(),
            format!("unknown {kind} `{}`", name.get_ref()),
        );
        problem = match nearest(name.get_ref(), known.iter().map(String::as_str)) {
            Some(meant) => problem.help(format!("did you mean `{meant}`?")),
            None if known.is_empty() => problem.help(format!("the dossier has no {kind} yet")),
            None if known.len() <= 40 => problem.help(format!("known: {}", known.join(", "))),
            None => problem,
        };
        self.problems.push(problem);
    }

    fn region(&mut self, source: &Source, name: &Name) {
        let names = self.names;
        self.known(source, "region", name, &names.regions);
    }

    /// A region that is neither side: who claims the same, or talks as well.
    fn third(&mut self, source: &Source, name: &Name) {
        self.region(source, name);
        let head = &self.dossier.head;
        for (side, whose) in [(&head.ours, "ours"), (&head.theirs, "theirs")] {
            if side.get_ref() == name.get_ref() {
                let what = format!("`{}` is a side of these talks (`{whose}`)", name.get_ref());
                self.problems
                    .push(Problem::at(source, name.span(), what).help("name third countries here"));
            }
        }
    }

    /// A year that a figure may be of.
    fn year(&mut self, source: &Source, year: &toml::Spanned<i64>) {
        let x = *year.get_ref();
        if !(1950..=2100).contains(&x) {
            self.problems.push(
                Problem::at(source, year.span(), format!("the year is {x}"))
                    .help("write it as 2025; it must lie between 1950 and 2100"),
            );
        }
    }

    fn sector(&mut self, source: &Source, name: &Name) {
        let names = self.names;
        self.known(source, "sector", name, &names.sectors);
    }

    /// Sectors that a change is of: some, each once, or `*`. `at` is where the change stands.
    fn sectors(&mut self, source: &Source, at: Span, sectors: &[Name]) {
        self.some_once(source, at, "sector", sectors);
        for sector in sectors.iter().filter(|s| s.get_ref() != "*") {
            self.sector(source, sector);
        }
    }

    /// A list that names something, and nothing twice. `at` is where it would stand.
    fn some_once(&mut self, source: &Source, at: Span, kind: &str, names: &[Name]) {
        if names.is_empty() {
            let problem = Problem::at(source, at, format!("this is of no {kind}"));
            self.problems.push(
                problem.help("it would change nothing: name at least one, or leave the record out"),
            );
        }
        self.once(source, kind, names.iter());
    }

    /// Where it goes from must not be where it goes to.
    fn apart(&mut self, source: &Source, what: &str, from: &Name, to: &Name) {
        if from.get_ref() == to.get_ref() {
            let what = format!("{what} from `{}` to itself", from.get_ref());
            self.problems.push(
                Problem::at(source, to.span(), what)
                    .and_at(source, from.span(), "from here")
                    .help("name two regions: at home there is no border"),
            );
        }
    }

    /// Names of records, which others refer to.
    fn unique<'n>(&mut self, source: &Source, kind: &str, names: impl Iterator<Item = &'n Name>) {
        self.no_twins(source, kind, names, "give each a name of its own");
    }

    /// Names in a list.
    fn once<'n>(&mut self, source: &Source, kind: &str, names: impl Iterator<Item = &'n Name>) {
        self.no_twins(source, kind, names, "name it once: it would count twice");
    }

    fn no_twins<'n>(
        &mut self,
        source: &Source,
        kind: &str,
        names: impl Iterator<Item = &'n Name>,
        help: &str,
    ) {
        let mut seen: Vec<&Name> = Vec::new();
        for name in names {
            if let Some(first) = seen.iter().find(|s| s.get_ref() == name.get_ref()) {
                let what = format!("{kind} `{}` stands here twice", name.get_ref());
                let mut problem = Problem::at(source, name.span(), what);
                // The sectors of an indicator stand in one text.
                if first.span() != name.span() {
                    problem = problem.and_at(source, first.span(), "first here");
                }
                self.problems.push(problem.help(help));
            }
            seen.push(name);
        }
    }

    fn range(
        &mut self,
        source: &Source,
        what: &str,
        value: &toml::Spanned<f64>,
        low: f64,
        high: f64,
    ) {
        let x = *value.get_ref();
        if !(x >= low && x <= high) {
            self.problems.push(
                Problem::at(source, value.span(), format!("{what} is {x}"))
                    .help(format!("it must lie between {low} and {high}")),
            );
        }
    }

    /// A number and the range in which it may lie, of which either end may be written first.
    fn within_its_range(
        &mut self,
        source: &Source,
        what: &str,
        value: &toml::Spanned<f64>,
        [low, high]: [f64; 2],
    ) {
        if low.is_finite() && high.is_finite() {
            self.range(source, what, value, low.min(high), low.max(high));
        } else {
            let what = format!("{what} may lie between {low} and {high}");
            self.problems.push(
                Problem::at(source, value.span(), what)
                    .help("write numbers for `low` and `high`: `nan` and `inf` are none"),
            );
        }
    }

    /// A probability that nothing which is learned later could ever raise if it were zero.
    fn possible(&mut self, source: &Source, what: &str, value: &toml::Spanned<f64>) {
        let x = *value.get_ref();
        if !(x > 0.0 && x <= 1.0) {
            self.problems.push(
                Problem::at(source, value.span(), format!("{what} of {x}"))
                    .help("it is a probability above zero and at most one"),
            );
        }
    }

    fn citation(&mut self, source: &Source, name: &Name) {
        let known: Vec<String> = self
            .dossier
            .sources
            .iter()
            .map(|s| s.id.get_ref().clone())
            .collect();
        self.known(source, "source", name, &known);
    }

    fn assumption(&mut self, source: &Source, name: &Name) {
        let known: Vec<String> = self
            .dossier
            .assumptions
            .iter()
            .map(|a| a.id.get_ref().clone())
            .collect();
        self.known(source, "assumption", name, &known);
    }

    fn day(&mut self, source: &Source, name: &Day) {
        match date(source, name) {
            Ok(day) => {
                if let Some((first, last)) = self.names.days
                    && (day < first || day > last)
                {
                    self.problems.push(
                        Problem::at(
                            source,
                            name.span(),
                            format!("the data has no law for {day}"),
                        )
                        .help(format!("choose a day from {first} to {last}")),
                    );
                }
            }
            Err(problem) => self.problems.push(problem),
        }
    }

    fn tariff_change(&mut self, source: &Source, change: &TariffChange) {
        self.region(source, &change.origin);
        self.region(source, &change.destination);
        self.apart(source, "a tariff", &change.origin, &change.destination);
        self.sectors(source, change.origin.span(), &change.sectors);
        self.range(source, "a change of tariff", &change.add, -1.0, 10.0);
    }

    fn head(&mut self) {
        let source = self.dossier.source("dossier.toml");
        let head = &self.dossier.head;
        let names = self.names;
        self.region(&source, &head.ours);
        self.region(&source, &head.theirs);
        for day in [&head.clock.cliff, &head.clock.after, &head.clock.baseline]
            .into_iter()
            .chain(&head.clock.days)
        {
            self.day(&source, day);
        }
        if let (Ok(cliff), Ok(after)) = (
            date(&source, &head.clock.cliff),
            date(&source, &head.clock.after),
        ) && after < cliff
        {
            self.problems.push(
                Problem::at(
                    &source,
                    head.clock.after.span(),
                    format!("`after`, {after}, is earlier than the cliff"),
                )
                .and_at(&source, head.clock.cliff.span(), "the cliff")
                .help("`after` is the first full day after the cliff: the law is asked for it"),
            );
        }
        if let Some(offers) = &head.clock.offers {
            self.offers_in_turn(&source, offers);
        }
        self.known(&source, "country", &head.law.importer, &names.countries);
        self.known(&source, "country", &head.law.origin, &names.countries);
        self.known(
            &source,
            "set of elasticities",
            &head.economy.elasticities,
            &names.elasticities,
        );
        self.range(
            &source,
            "first-year-share",
            &head.economy.first_year_share,
            0.01,
            1.0,
        );
        self.sector(&source, &head.economy.services);
        if self.as_of_has_law(&source) {
            self.baseline_before_as_of(&source);
            self.origins(&source);
        }
        let balance = &head.economy.goods_balance;
        self.citation(&source, &balance.source);
        self.year(&source, &balance.year);
        for (what, row) in [("exports", &balance.exports), ("imports", &balance.imports)] {
            if let RowOrAmount::Amount(busd) = row.get_ref() {
                let busd = toml::Spanned::new(row.span(), *busd);
                self.range(&source, what, &busd, 0.0, 1e5);
            }
        }
        if let Some(trade) = &head.law.trade {
            self.citation(&source, &trade.source);
            self.year(&source, &trade.year);
        }
        for mix in &head.law.mix {
            self.mix(&source, mix);
        }
        self.unique(&source, "no deal", head.no_deal.iter().map(|n| &n.id));
        let mut total = 0.0;
        for no_deal in &head.no_deal {
            self.range(&source, "a probability", &no_deal.probability, 0.0, 1.0);
            total += no_deal.probability.get_ref();
            for change in &no_deal.tariff {
                self.tariff_change(&source, change);
            }
        }
        if let Some(last) = head.no_deal.last()
            && (total - 1.0).abs() > 1e-9
        {
            self.problems.push(
                Problem::at(
                    &source,
                    last.probability.span(),
                    format!("the probabilities of no deal sum to {total}"),
                )
                .help("they must sum to one: change one of them"),
            );
        }
        self.range(&source, "spread", &head.doubt.spread, 0.0, 2.0);
        self.range(&source, "inputs", &head.doubt.inputs, 0.0, 2.0);
        self.range(&source, "barriers", &head.doubt.barriers, 0.0, 2.0);
        self.share(&source, "durability", &head.doubt.durability);
        self.unique(&source, "region", head.queue.iter().map(|q| &q.region));
        for third in &head.queue {
            self.third(&source, &third.region);
            self.share(&source, "claims", &third.claims);
            self.assumed_within(&source, "gives", &third.gives, 0.0, 1000.0);
        }
        let draws = &head.doubt.draws;
        if !(10..=100_000).contains(draws.get_ref()) {
            self.problems.push(
                Problem::at(&source, draws.span(), format!("{} draws", draws.get_ref()))
                    .help("an interval needs between 10 and 100000"),
            );
        }
        for entry in &head.log {
            if let Err(problem) = date(&source, &entry.date) {
                self.problems.push(problem);
            }
            self.citation(&source, &entry.source);
        }
        let asked = self.asked();
        for act in head.acts.keys() {
            self.act(&source, act, &asked);
        }
        let sources = self.dossier.source("sources.toml");
        self.unique(
            &sources,
            "source",
            self.dossier.sources.iter().map(|s| &s.id),
        );
    }

    /// Whether the law in the data has begun on the as-of date.
    fn as_of_has_law(&mut self, source: &Source) -> bool {
        let begun = |(first, _)| self.dossier.as_of >= first;
        let begun = self.names.days.is_none_or(begun);
        if !begun {
            self.day(source, &self.dossier.head.as_of);
        }
        begun
    }

    /// The tariffs of the base year are those of a day whose law was known.
    fn baseline_before_as_of(&mut self, source: &Source) {
        let head = &self.dossier.head;
        let (baseline, as_of) = (&head.clock.baseline, self.dossier.as_of);
        if let Ok(day) = date(source, baseline)
            && day > as_of
        {
            let what = format!("`baseline`, {day}, is later than the as-of date");
            self.problems.push(
                Problem::at(source, baseline.span(), what)
                    .and_at(source, head.as_of.span(), "the as-of date")
                    .help("name a day whose law was known by then: the tariffs of the base year stand for it"),
            );
        }
    }

    fn mix(&mut self, source: &Source, mix: &MixText) {
        let names = self.names;
        self.known(source, "country", &mix.origin, &names.countries);
        for goods in &mix.goods {
            if let Err(error) = goods.get_ref().parse::<winset_law::GoodsCode>() {
                let problem = Problem::at(source, goods.span(), error.to_string());
                self.problems.push(problem);
            }
        }
        let mut total = 0.0;
        for (word, share) in &mix.shares {
            let stated = format!("{}={}", mix.fact.get_ref(), word.get_ref());
            let stated = Name::new(word.span(), stated);
            self.known(source, "fact of the law", &stated, &names.facts);
            self.share(source, "a share", share);
            total += self.dossier.assumption(share);
        }
        if total > 1.0 + 1e-9 {
            let what = format!("the shares by `{}` sum to {total}", mix.fact.get_ref());
            self.problems.push(
                Problem::at(source, mix.fact.span(), what)
                    .help("they are shares of one trade: at most one together; what they leave states nothing"),
            );
        }
    }

    /// The domestic acts that somebody is asked for.
    fn asked(&self) -> BTreeSet<String> {
        let ratifiers = self.dossier.parties.ratifier.iter();
        let asked = ratifiers.flat_map(|r| &r.asked_for);
        asked.map(|act| act.get_ref().clone()).collect()
    }

    fn act(&mut self, source: &Source, act: &Name, asked: &BTreeSet<String>) {
        if asked.contains(act.get_ref()) {
            return;
        }
        let known: Vec<&str> = asked.iter().map(String::as_str).collect();
        self.problems.push(
            Problem::at(
                source,
                act.span(),
                format!("nobody is asked for `{}`", act.get_ref()),
            )
            .help(format!(
                "name it in `asked-for` of a ratifier in parties.toml, or use one of: {}",
                known.join(", ")
            )),
        );
    }

    fn offers_in_turn(&mut self, source: &Source, offers: &OffersInTurn) {
        let head = &self.dossier.head;
        let sides = [&head.ours, &head.theirs].map(|side| side.get_ref().clone());
        self.known(source, "side", &offers.first, &sides);
        for (what, name, low, high) in [
            ("span", &offers.span, 1.0, 1040.0),
            ("extend", &offers.extend, 1.0, 520.0),
        ] {
            self.assumed_within(source, what, name, low, high);
        }
        for (side, rate) in &offers.discount {
            self.known(source, "side", side, &sides);
            self.assumed_within(source, "a discount rate", rate, 0.0, 5.0);
        }
        for side in [&head.ours, &head.theirs] {
            if !offers
                .discount
                .keys()
                .any(|k| k.get_ref() == side.get_ref())
            {
                self.problems.push(
                    Problem::at(
                        source,
                        offers.first.span(),
                        format!("no discount rate of `{}`", side.get_ref()),
                    )
                    .help("name an assumption for each side in `discount`"),
                );
            }
        }
    }

    /// An assumption that must lie within a range where it is used, and with it all that it may be.
    fn assumed_within(&mut self, source: &Source, what: &str, name: &Name, low: f64, high: f64) {
        self.assumption(source, name);
        let mut assumptions = self.dossier.assumptions.iter();
        let Some(found) = assumptions.find(|a| a.id.get_ref() == name.get_ref()) else {
            return;
        };
        let said = [
            ("is", *found.value.get_ref()),
            ("may be", found.low),
            ("may be", found.high),
        ];
        let outside = |(_, x): &&(&str, f64)| !(*x >= low && *x <= high);
        if let Some((how, x)) = said.iter().find(outside) {
            let what = format!("{what}: the assumption `{}` {how} {x}", name.get_ref());
            // The next use would say the same.
            if self.problems.0.iter().any(|told| told.what() == what) {
                return;
            }
            let assumptions = self.dossier.source("assumptions.toml");
            self.problems.push(
                Problem::at(source, name.span(), what)
                    .and_at(&assumptions, found.value.span(), "its value")
                    .help(format!("it must lie between {low} and {high}")),
            );
        }
    }

    /// An assumption that is a share or a probability.
    fn share(&mut self, source: &Source, what: &str, name: &Name) {
        self.assumed_within(source, what, name, 0.0, 1.0);
    }

    fn assumptions(&mut self) {
        let source = self.dossier.source("assumptions.toml");
        self.unique(
            &source,
            "assumption",
            self.dossier.assumptions.iter().map(|a| &a.id),
        );
        for a in &self.dossier.assumptions {
            let what = format!("assumption `{}`", a.id.get_ref());
            self.within_its_range(&source, &what, &a.value, [a.low, a.high]);
        }
    }

    fn products(&mut self) {
        let source = self.dossier.source("products.toml");
        self.unique(
            &source,
            "product",
            self.dossier.products.product.iter().map(|p| &p.id),
        );
        for product in &self.dossier.products.product {
            self.sector(&source, &product.sector);
            self.region(&source, &product.home);
            self.citation(&source, &product.source);
            self.range(
                &source,
                "an elasticity of demand",
                &product.demand,
                -50.0,
                0.0,
            );
            self.range(
                &source,
                "an elasticity of substitution",
                &product.substitution,
                0.0,
                100.0,
            );
            for (region, elasticity) in &product.supply {
                self.region(&source, region);
                let elasticity = toml::Spanned::new(region.span(), *elasticity);
                self.range(&source, "an elasticity of supply", &elasticity, 0.0, 1000.0);
            }
            self.unique(&source, "origin", product.flow.iter().map(|f| &f.origin));
            for flow in &product.flow {
                self.region(&source, &flow.origin);
                self.range(&source, "a flow", &flow.value, 0.0, 1e9);
                self.range(&source, "a tariff", &flow.tariff, -0.999, 50.0);
                if !product.supply.contains_key(&flow.origin) {
                    self.problems.push(
                        Problem::at(
                            &source,
                            flow.origin.span(),
                            format!("no elasticity of supply for `{}`", flow.origin.get_ref()),
                        )
                        .help("add it to `supply` of this product"),
                    );
                }
            }
        }
    }

    fn issues(&mut self) {
        let source = self.dossier.source("issues.toml");
        let parties: Vec<String> = self
            .dossier
            .parties
            .party
            .iter()
            .map(|p| p.id.get_ref().clone())
            .collect();
        let asked = self.asked();
        self.unique(
            &source,
            "issue",
            self.dossier.issues.issue.iter().map(|i| &i.id),
        );
        self.titles(&source);
        for issue in &self.dossier.issues.issue {
            self.known(&source, "party", &issue.asks, &parties);
            if let Some(citation) = &issue.source {
                self.citation(&source, citation);
            }
            self.unique(&source, "option", issue.option.iter().map(|o| &o.id));
            if issue.option.len() < 2 {
                self.problems.push(
                    Problem::at(&source, issue.id.span(), format!("issue `{}` has no choice", issue.id.get_ref()))
                        .help("give it at least two options; the first is what holds if nothing is agreed"),
                );
            }
            if let Some(first) = issue.option.first()
                && !is_no_change(first)
            {
                self.problems.push(
                    Problem::at(&source, first.id.span(), format!("the first option of `{}` changes something", issue.id.get_ref()))
                        .help("the package of first options is no deal itself: put the option that changes nothing first"),
                );
            }
            for option in &issue.option {
                for trigger in &option.triggers {
                    self.act(&source, trigger, &asked);
                }
                self.option(&source, option);
            }
        }
    }

    fn clauses(&self) -> BTreeSet<String> {
        let mut clauses = BTreeSet::new();
        for option in self.dossier.issues.issue.iter().flat_map(|i| &i.option) {
            clauses.extend(option.clause.iter().map(|c| c.clause.get_ref().clone()));
            clauses.extend(option.purchase.iter().map(|c| c.clause.get_ref().clone()));
            clauses.extend(option.investment.iter().map(|c| c.clause.get_ref().clone()));
        }
        clauses
    }

    fn indicator(&mut self, source: &Source, name: &Name) -> Option<Indicator> {
        let found = indicator(source, name);
        let found = self.problems.keep(found)?;
        let names = self.names;
        let spanned = |text: &str| Name::new(name.span(), text.to_owned());
        for region in found.regions() {
            self.known(source, "region", &spanned(region), &names.regions);
        }
        let sectors: Vec<Name> = found.sectors().iter().map(|s| spanned(s)).collect();
        self.once(source, "sector", sectors.iter());
        for sector in &sectors {
            self.sector(source, sector);
        }
        match &found {
            Indicator::FarmGatePct(product) => {
                let products: Vec<String> = self
                    .dossier
                    .products
                    .product
                    .iter()
                    .map(|p| p.id.get_ref().clone())
                    .collect();
                self.known(source, "product", &spanned(product), &products);
            }
            Indicator::Clause(clause) => {
                let clauses: Vec<String> = self.clauses().into_iter().collect();
                self.known(source, "clause", &spanned(clause), &clauses);
            }
            _ => {}
        }
        Some(found)
    }

    fn valuation(&mut self, source: &Source, valuation: &ValuationText) {
        let Some(found) = self.indicator(source, &valuation.indicator) else {
            return;
        };
        if found.inside_ev() && valuation.beyond_ev.is_none() {
            self.problems.push(
                Problem::at(source, valuation.indicator.span(), format!("`{found}` is counted twice"))
                    .label("EV holds this already")
                    .help("leave it out, or say in `beyond-ev = \"…\"` why it is worth more than EV counts"),
            );
        }
        let range = [valuation.low, valuation.high];
        self.within_its_range(source, "the central value", &valuation.value, range);
    }

    /// A party is one of the two that talk: nothing would be read of a third.
    fn side(&mut self, source: &Source, party: &Name) {
        let head = &self.dossier.head;
        let (ours, theirs) = (head.ours.get_ref(), head.theirs.get_ref());
        if ![ours, theirs].contains(&party.get_ref()) {
            let what = format!("`{}` is no side of these talks", party.get_ref());
            self.problems.push(Problem::at(source, party.span(), what).help(format!(
                "two sides talk, `{ours}` and `{theirs}`: take this party out, and say in `claim` of an option and in [[queue]] \
                 of dossier.toml what a third country wants"
            )));
        }
    }

    fn parties(&mut self) {
        let source = self.dossier.source("parties.toml");
        let parties: Vec<String> = self
            .dossier
            .parties
            .party
            .iter()
            .map(|p| p.id.get_ref().clone())
            .collect();
        self.unique(
            &source,
            "party",
            self.dossier.parties.party.iter().map(|p| &p.id),
        );
        let head = self.dossier.source("dossier.toml");
        for side in [&self.dossier.head.ours, &self.dossier.head.theirs] {
            self.known(&head, "party", side, &parties);
        }
        for party in &self.dossier.parties.party {
            self.region(&source, &party.id);
            self.side(&source, &party.id);
            for (sector, weight) in &party.weights {
                self.sector(&source, sector);
                self.range(&source, "a political weight", weight, 0.0, 100.0);
            }
            for valuation in &party.valuation {
                self.valuation(&source, valuation);
            }
            for mandate in &party.mandate {
                let issues: Vec<String> = self
                    .dossier
                    .issues
                    .issue
                    .iter()
                    .map(|i| i.id.get_ref().clone())
                    .collect();
                self.known(&source, "issue", &mandate.issue, &issues);
                let Some(issue) = self
                    .dossier
                    .issues
                    .issue
                    .iter()
                    .find(|i| i.id.get_ref() == mandate.issue.get_ref())
                else {
                    continue;
                };
                let options: Vec<String> = issue
                    .option
                    .iter()
                    .map(|o| o.id.get_ref().clone())
                    .collect();
                for option in &mandate.not {
                    self.known(
                        &source,
                        &format!("option of `{}`", issue.id.get_ref()),
                        option,
                        &options,
                    );
                }
                let forbidden = |option: &String| mandate.not.iter().any(|o| o.get_ref() == option);
                if options.iter().all(forbidden) {
                    let what = format!("this mandate leaves no option of `{}`", issue.id.get_ref());
                    self.problems.push(
                        Problem::at(&source, mandate.issue.span(), what)
                            .help("leave at least one out of `not`: no deal is the first of them"),
                    );
                }
            }
        }
        self.unique(
            &source,
            "ratifier",
            self.dossier.parties.ratifier.iter().map(|r| &r.id),
        );
        let kinds = ["veto".to_owned(), "objection".to_owned()];
        let against = ["no deal", "baseline", "2024"].map(str::to_owned);
        for ratifier in &self.dossier.parties.ratifier {
            self.known(&source, "party", &ratifier.party, &parties);
            self.known(&source, "kind of ratifier", &ratifier.kind, &kinds);
            for limit in &ratifier.limit {
                self.indicator(&source, &limit.indicator);
                self.range(&source, "a limit", &limit.at_least, -1e6, 1e6);
                self.known(&source, "point of comparison", &limit.against, &against);
            }
        }
    }

    fn beliefs(&mut self) {
        let source = self.dossier.source("beliefs.toml");
        let beliefs = &self.dossier.beliefs;
        let parties: Vec<String> = self
            .dossier
            .parties
            .party
            .iter()
            .map(|p| p.id.get_ref().clone())
            .collect();
        self.known(&source, "party", &beliefs.party, &parties);
        let theirs = self.dossier.head.theirs.get_ref();
        if beliefs.party.get_ref() != theirs && parties.contains(beliefs.party.get_ref()) {
            let what = format!("`{}` is not the other side", beliefs.party.get_ref());
            self.problems.push(
                Problem::at(&source, beliefs.party.span(), what).help(format!(
                    "beliefs are about what the other side wants: write `party = \"{theirs}\"`"
                )),
            );
        }
        if let Some(name) = &beliefs.offer_strength {
            self.share(&source, "offer-strength", name);
        }
        self.unique(
            &source,
            "hypothesis",
            beliefs.hypothesis.iter().map(|h| &h.id),
        );
        let mut total = 0.0;
        for hypothesis in &beliefs.hypothesis {
            self.possible(&source, "a prior", &hypothesis.prior);
            total += hypothesis.prior.get_ref();
            for valuation in &hypothesis.valuation {
                self.valuation(&source, valuation);
            }
        }
        if let Some(last) = beliefs.hypothesis.last()
            && (total - 1.0).abs() > 1e-9
        {
            self.problems.push(
                Problem::at(
                    &source,
                    last.prior.span(),
                    format!("the priors sum to {total}"),
                )
                .help("they must sum to one: change one of them"),
            );
        }
        self.unique(&source, "question", beliefs.question.iter().map(|q| &q.id));
        self.unique(&source, "evidence", beliefs.evidence.iter().map(|e| &e.id));
        let hypotheses: Vec<String> = beliefs
            .hypothesis
            .iter()
            .map(|h| h.id.get_ref().clone())
            .collect();
        for question in &beliefs.question {
            self.question(&source, question, &hypotheses);
        }
        for evidence in &beliefs.evidence {
            self.citation(&source, &evidence.source);
            self.said_before_published(&source, evidence);
            for (hypothesis, likelihood) in &evidence.likelihood {
                self.known(&source, "hypothesis", hypothesis, &hypotheses);
                self.possible(&source, "a likelihood", likelihood);
            }
            for hypothesis in &hypotheses {
                if !evidence
                    .likelihood
                    .keys()
                    .any(|k| k.get_ref() == hypothesis)
                {
                    self.problems.push(
                        Problem::at(
                            &source,
                            evidence.id.span(),
                            format!("no likelihood under `{hypothesis}`"),
                        )
                        .help("give one for every hypothesis, so that none is favoured by silence"),
                    );
                }
            }
        }
    }
}

impl Check<'_> {
    /// Nobody can publish what has not been said.
    fn said_before_published(&mut self, source: &Source, evidence: &EvidenceText) {
        let said = self.problems.keep(date(source, &evidence.said));
        let published = self.problems.keep(date(source, &evidence.published));
        if let (Some(said), Some(published)) = (said, published)
            && published < said
        {
            let what = format!("published on {published}, before it was said");
            self.problems.push(
                Problem::at(source, evidence.published.span(), what)
                    .and_at(source, evidence.said.span(), "said on this day")
                    .help("`published` is the day from which the statement could be known: that of `said`, or later"),
            );
        }
    }

    /// Under each hypothesis the answers of a question are all that can be said.
    fn question(&mut self, source: &Source, question: &QuestionText, hypotheses: &[String]) {
        for (hypothesis, likelihood) in question.answer.iter().flat_map(|a| &a.likelihood) {
            self.known(source, "hypothesis", hypothesis, hypotheses);
            self.range(source, "a likelihood", likelihood, 0.0, 1.0);
        }
        for hypothesis in hypotheses {
            let of = |answer: &AnswerText| {
                let mut found = answer.likelihood.iter();
                let found = found.find(|(k, _)| k.get_ref() == hypothesis);
                found.map_or(0.0, |(_, likelihood)| *likelihood.get_ref())
            };
            let total: f64 = question.answer.iter().map(of).sum();
            if (total - 1.0).abs() > 1e-9 {
                self.problems.push(
                    Problem::at(
                        source,
                        question.id.span(),
                        format!("under `{hypothesis}` the likelihoods of the answers sum to {total}"),
                    )
                    .help("they must sum to one for each hypothesis: change one of them, or add the answer that is missing"),
                );
            }
        }
    }
}

/// Whether an option changes nothing, as the first of every issue must.
fn is_no_change(option: &OptionText) -> bool {
    option.amend.is_empty()
        && option.barrier.is_empty()
        && option.tariff.is_empty()
        && option.purchase.is_empty()
        && option.investment.is_empty()
        && option.product.is_empty()
        && option.reallocate.is_empty()
        && option.clause.is_empty()
}
