//! What an option changes: each part refers to what is there, lies within its range, and reaches something.

use winset_io::{Problem, Source};

use super::Check;
use crate::dossier::format::{
    AmendText, BarrierText, InvestmentText, Name, OptionText, ProductChange, PurchaseText,
    ReallocateText,
};

/// The largest part of a price that a barrier may be: what is cut must leave a price.
const LARGEST_BARRIER: f64 = 0.99;

impl Check<'_> {
    pub(super) fn option(&mut self, source: &Source, option: &OptionText) {
        for region in &option.claim {
            self.third(source, region);
        }
        self.once(source, "region", option.claim.iter());
        for amend in &option.amend {
            self.amend(source, &option.id, amend);
        }
        for barrier in &option.barrier {
            self.barrier(source, barrier);
        }
        for change in &option.tariff {
            self.tariff_change(source, change);
        }
        for purchase in &option.purchase {
            self.purchase(source, purchase);
        }
        for investment in &option.investment {
            self.investment(source, investment);
        }
        for change in &option.product {
            self.product_change(source, change);
        }
        for change in &option.reallocate {
            self.reallocate(source, change);
        }
        for clause in &option.clause {
            let what = "the strength of a clause";
            self.range(source, what, &clause.strength, 0.0, 1.0);
        }
    }

    fn amend(&mut self, source: &Source, option: &Name, amend: &AmendText) {
        let names = self.names;
        self.some_once(source, option.span(), "measure", &amend.measures);
        for measure in &amend.measures {
            self.known(source, "measure", measure, &names.measures);
        }
        let Some(first) = amend.measures.first() else {
            return;
        };
        if let Some(kept) = &amend.price_kept {
            self.share(source, "price-kept", kept);
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

    fn barrier(&mut self, source: &Source, barrier: &BarrierText) {
        self.region(source, &barrier.origin);
        self.region(source, &barrier.destination);
        self.apart(source, "a barrier", &barrier.origin, &barrier.destination);
        self.sectors(source, barrier.origin.span(), &barrier.sectors);
        self.assumed_within(source, "size", &barrier.size, 0.0, LARGEST_BARRIER);
        let what = "the part of a barrier that is cut";
        self.range(source, what, &barrier.cut, -1.0, 1.0);
    }

    fn purchase(&mut self, source: &Source, purchase: &PurchaseText) {
        self.region(source, &purchase.origin);
        self.region(source, &purchase.destination);
        self.apart(
            source,
            "a purchase",
            &purchase.origin,
            &purchase.destination,
        );
        self.payer(source, purchase);
        self.year(source, &purchase.price_year);
        self.sector(source, &purchase.sector);
        match (&purchase.busd, &purchase.quantity, &purchase.price) {
            (Some(busd), None, None) => self.range(source, "a purchase", busd, 0.0, 1000.0),
            (None, Some(quantity), Some(price)) => {
                self.range(source, "a quantity", quantity, 0.0, 1e6);
                self.assumed_within(source, "price", price, 0.0, 1000.0);
            }
            _ => self.problems.push(
                Problem::at(source, purchase.clause.span(), "a purchase needs an amount").help(
                    "write either `busd`, or `quantity` and the assumption that is its `price`",
                ),
            ),
        }
        match (&purchase.delivery, &purchase.delivery_of) {
            (Some(p), None) => self.range(source, "a probability of delivery", p, 0.0, 1.0),
            (None, Some(name)) => self.share(source, "delivery-of", name),
            _ => self.problems.push(
                Problem::at(
                    source,
                    purchase.clause.span(),
                    "a purchase needs one probability of delivery",
                )
                .help("write `delivery = 0.8`, or `delivery-of` with the name of an assumption"),
            ),
        }
    }

    /// In the economy the buyer's state bears what turns trade: a payoff would not know another payer.
    fn payer(&mut self, source: &Source, purchase: &PurchaseText) {
        let (payer, buyer) = (&purchase.payer, &purchase.destination);
        if payer.get_ref() != buyer.get_ref() {
            let what = format!("the payer `{}` is not the buyer", payer.get_ref());
            self.problems.push(
                Problem::at(source, payer.span(), what)
                    .and_at(source, buyer.span(), "the buyer")
                    .help(format!(
                        "write `payer = \"{}\"`: the payoffs charge what a purchase costs to the buyer's state",
                        buyer.get_ref()
                    )),
            );
        }
    }

    fn investment(&mut self, source: &Source, investment: &InvestmentText) {
        self.region(source, &investment.from);
        self.region(source, &investment.to);
        self.apart(source, "an investment", &investment.from, &investment.to);
        self.assumed_within(source, "busd", &investment.busd, 0.0, 1e4);
        self.share(source, "concession", &investment.concession);
    }

    fn product_change(&mut self, source: &Source, change: &ProductChange) {
        self.some_once(source, change.product.span(), "origin", &change.origins);
        self.sold(source, &change.product, &change.origins);
        self.range(source, "a tariff", &change.tariff, -0.999, 50.0);
        if let Some(kept) = &change.price_kept {
            self.share(source, "price-kept", kept);
        }
    }

    fn reallocate(&mut self, source: &Source, change: &ReallocateText) {
        let origin = std::slice::from_ref(&change.origin);
        self.sold(source, &change.product, origin);
        self.assumed_within(source, "premium", &change.premium, -1e6, 1e6);
        self.share(source, "margin", &change.margin);
        self.range(source, "the growth of a share", &change.share, -1.0, 100.0);
        self.range(source, "tonne-price", &change.tonne_price, 1.0, 1e6);
    }

    /// Origins of a product of products.toml that sell some of it.
    fn sold(&mut self, source: &Source, product: &Name, origins: &[Name]) {
        let products = &self.dossier.products.product;
        let ids: Vec<String> = products.iter().map(|p| p.id.get_ref().clone()).collect();
        self.known(source, "product", product, &ids);
        let named = |p: &&crate::dossier::format::ProductText| p.id.get_ref() == product.get_ref();
        let Some(found) = products.iter().find(named) else {
            return;
        };
        let flows = found.flow.iter();
        let sellers: Vec<String> = flows.map(|f| f.origin.get_ref().clone()).collect();
        let kind = format!("origin of `{}`", product.get_ref());
        for origin in origins {
            self.known(source, &kind, origin, &sellers);
        }
    }
}
