//! What must hold between the files of a dossier. Every fault is shown where it stands.

mod origins;
mod words;

use std::collections::BTreeSet;

use winset_io::{Problem, Problems, Source};

use super::format::{
    AnswerText, Day, MixText, Name, OffersInTurn, OptionText, QuestionText, TariffChange,
    ValuationText,
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
        if name.get_ref() != "*" {
            self.known(source, "sector", name, &names.sectors);
        }
    }

    fn unique<'n>(&mut self, source: &Source, kind: &str, names: impl Iterator<Item = &'n Name>) {
        let mut seen: Vec<&Name> = Vec::new();
        for name in names {
            if let Some(first) = seen.iter().find(|s| s.get_ref() == name.get_ref()) {
                self.problems.push(
                    Problem::at(
                        source,
                        name.span(),
                        format!("{kind} `{}` stands here twice", name.get_ref()),
                    )
                    .and_at(source, first.span(), "first here")
                    .help("give each a name of its own"),
                );
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
        for sector in &change.sectors {
            self.sector(source, sector);
        }
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
        self.origins(&source);
        self.citation(&source, &head.economy.goods_balance.source);
        self.year(&source, &head.economy.goods_balance.year);
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
        self.assumption(&source, &head.doubt.durability);
        self.unique(&source, "region", head.queue.iter().map(|q| &q.region));
        for third in &head.queue {
            self.third(&source, &third.region);
            self.assumed_within(&source, "claims", &third.claims, 0.0, 1.0);
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
            self.assumed_within(source, "a share", share, 0.0, 1.0);
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

    /// An assumption whose value must lie within a range where it is used.
    fn assumed_within(&mut self, source: &Source, what: &str, name: &Name, low: f64, high: f64) {
        self.assumption(source, name);
        let x = self.dossier.assumption(name);
        if x < low || x > high {
            self.problems.push(
                Problem::at(
                    source,
                    name.span(),
                    format!("{what}: the assumption `{}` is {x}", name.get_ref()),
                )
                .help(format!("it must lie between {low} and {high}")),
            );
        }
    }

    fn assumptions(&mut self) {
        let source = self.dossier.source("assumptions.toml");
        self.unique(
            &source,
            "assumption",
            self.dossier.assumptions.iter().map(|a| &a.id),
        );
        for a in &self.dossier.assumptions {
            let (low, high) = (a.low.min(a.high), a.low.max(a.high));
            self.range(
                &source,
                &format!("assumption `{}`", a.id.get_ref()),
                &a.value,
                low,
                high,
            );
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
            for region in product.supply.keys() {
                self.region(&source, region);
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

    fn option(&mut self, source: &Source, option: &OptionText) {
        let names = self.names;
        let products: Vec<String> = self
            .dossier
            .products
            .product
            .iter()
            .map(|p| p.id.get_ref().clone())
            .collect();
        for region in &option.claim {
            self.third(source, region);
        }
        for amend in &option.amend {
            for measure in &amend.measures {
                self.known(source, "measure", measure, &names.measures);
            }
            let Some(first) = amend.measures.first() else {
                continue;
            };
            if let Some(kept) = &amend.price_kept {
                self.assumed_within(source, "price-kept", kept, 0.0, 1.0);
            }
            if amend.rate.is_some() == amend.ends {
                self.problems.push(
                    Problem::at(
                        source,
                        first.span(),
                        "an amendment needs either a rate or `ends = true`",
                    )
                    .help("write `rate = \"15% inclusive\"`, or `ends = true`, and not both"),
                );
            }
        }
        for barrier in &option.barrier {
            self.region(source, &barrier.origin);
            self.region(source, &barrier.destination);
            for sector in &barrier.sectors {
                self.sector(source, sector);
            }
            self.assumption(source, &barrier.size);
            self.range(
                source,
                "the part of a barrier that is cut",
                &barrier.cut,
                -1.0,
                1.0,
            );
        }
        for change in &option.tariff {
            self.tariff_change(source, change);
        }
        for purchase in &option.purchase {
            for region in [&purchase.origin, &purchase.destination, &purchase.payer] {
                self.region(source, region);
            }
            self.year(source, &purchase.price_year);
            self.sector(source, &purchase.sector);
            match (&purchase.busd, &purchase.quantity, &purchase.price) {
                (Some(busd), None, None) => self.range(source, "a purchase", busd, 0.0, 1000.0),
                (None, Some(quantity), Some(price)) => {
                    self.range(source, "a quantity", quantity, 0.0, 1e6);
                    self.assumption(source, price);
                }
                _ => self.problems.push(
                    Problem::at(source, purchase.clause.span(), "a purchase needs an amount").help(
                        "write either `busd`, or `quantity` and the assumption that is its `price`",
                    ),
                ),
            }
            match (&purchase.delivery, &purchase.delivery_of) {
                (Some(p), None) => self.range(source, "a probability of delivery", p, 0.0, 1.0),
                (None, Some(name)) => self.assumption(source, name),
                _ => self.problems.push(
                    Problem::at(
                        source,
                        purchase.clause.span(),
                        "a purchase needs one probability of delivery",
                    )
                    .help(
                        "write `delivery = 0.8`, or `delivery-of` with the name of an assumption",
                    ),
                ),
            }
        }
        for investment in &option.investment {
            self.region(source, &investment.from);
            self.region(source, &investment.to);
            self.assumption(source, &investment.busd);
            self.assumption(source, &investment.concession);
        }
        for change in &option.product {
            self.known(source, "product", &change.product, &products);
            for origin in &change.origins {
                self.region(source, origin);
            }
            self.range(source, "a tariff", &change.tariff, -0.999, 50.0);
            if let Some(kept) = &change.price_kept {
                self.assumed_within(source, "price-kept", kept, 0.0, 1.0);
            }
        }
        for change in &option.reallocate {
            self.known(source, "product", &change.product, &products);
            self.region(source, &change.origin);
            self.assumption(source, &change.premium);
            self.assumption(source, &change.margin);
            self.range(source, "the growth of a share", &change.share, -1.0, 100.0);
        }
        for clause in &option.clause {
            self.range(
                source,
                "the strength of a clause",
                &clause.strength,
                0.0,
                1.0,
            );
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
        for sector in found.sectors() {
            self.known(source, "sector", &spanned(sector), &names.sectors);
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
        let (low, high) = (
            valuation.low.min(valuation.high),
            valuation.low.max(valuation.high),
        );
        self.range(source, "the central value", &valuation.value, low, high);
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
            self.assumed_within(&source, "offer-strength", name, 0.0, 1.0);
        }
        self.unique(
            &source,
            "hypothesis",
            beliefs.hypothesis.iter().map(|h| &h.id),
        );
        let mut total = 0.0;
        for hypothesis in &beliefs.hypothesis {
            self.range(&source, "a prior", &hypothesis.prior, 0.0, 1.0);
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
            for (hypothesis, likelihood) in &evidence.likelihood {
                self.known(&source, "hypothesis", hypothesis, &hypotheses);
                let x = *likelihood.get_ref();
                if !(x > 0.0 && x <= 1.0) {
                    self.problems.push(
                        Problem::at(&source, likelihood.span(), format!("a likelihood of {x}"))
                            .help("it is a probability above zero and at most one"),
                    );
                }
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
