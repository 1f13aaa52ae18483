//! `winset duty`: what is owed on one entry, and why.

use std::fmt::Write as _;

use rust_decimal::Decimal;
use winset::law::exchange_rates;
use winset::law::report::{exact, report};
use winset_law::{Assessment, Currency, Entry, Money};

use super::args::DutyArgs;
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;
use super::typed::amount;

pub(crate) fn run(args: &DutyArgs, console: &Console) -> Result<(), Failure> {
    let mut law = args.law.law(args.importer)?;
    if args.importer.currency() != Some(currency(args)) {
        law = law.with_exchange(exchange_rates().map_err(Failure::from_question)?);
    }
    let assessment = law
        .assess(&entry(args)?, args.known_on)
        .map_err(Failure::from_question)?;
    console.answer(|| report(&assessment), || text(&assessment, args.explain))
}

/// The currency of the value: as typed, else that of the importer.
fn currency(args: &DutyArgs) -> Currency {
    let of_importer = args.importer.currency();
    args.currency.or(of_importer).unwrap_or(Currency::USD)
}

/// The entry that was typed.
fn entry(args: &DutyArgs) -> Result<Entry, Failure> {
    let value = Money::new(args.value, currency(args));
    let mut entry = Entry::new(args.importer, args.goods, args.origin, args.on, value);
    if let Some(loaded) = args.loaded {
        entry = entry.loaded(loaded);
    }
    if let Some(quantity) = args.quantity {
        entry = entry.quantity(quantity, args.unit.as_deref().unwrap_or_default());
    }
    for part in &args.content {
        let value = amount(&part.value).map_err(|what| {
            Failure::Usage(format!("--content {}={}: {what}", part.name, part.value))
        })?;
        entry = entry.content(&part.name, value);
    }
    for programme in &args.claim {
        entry = entry.claim(programme);
    }
    for fact in &args.fact {
        entry = entry
            .fact(&fact.name, &fact.value)
            .map_err(Failure::from_question)?;
    }
    Ok(entry)
}

/// As [`exact`], to a millionth: conversions and shares of weight have no end.
fn shown(amount: Decimal) -> String {
    exact(amount.round_dp(6))
}

fn text(a: &Assessment, explain: bool) -> String {
    let known = a.known_on.map_or_else(
        || "by every act in the data".to_owned(),
        |day| format!("as known on {day}"),
    );
    let mut out = format!(
        "{} from {} into {}, entry of {}, {known}\nvalue {} {}\n\n",
        a.goods,
        a.origin.name(),
        a.importer.name(),
        a.entry_date,
        shown(a.value.amount),
        a.value.currency,
    );
    let mut table = Columns::new(&[
        ("measure", Side::Left),
        ("heading", Side::Left),
        ("authority", Side::Left),
        ("basis", Side::Right),
        ("rate", Side::Right),
        ("amount", Side::Right),
    ]);
    for c in &a.components {
        let heading = c.heading.as_deref().unwrap_or("");
        table.row([
            &*c.measure,
            heading,
            &*c.authority,
            &shown(c.basis),
            &*c.rate,
            &shown(c.amount),
        ]);
    }
    table.row(["total", "", "", "", "", &shown(a.total.amount)]);
    if a.payable != a.total {
        table.row(["payable, rounded", "", "", "", "", &shown(a.payable.amount)]);
    }
    // Fees are in the importer's currency.
    let fee_in = match a.importer.currency() {
        Some(own) if own != a.value.currency => format!("fee in {own}"),
        _ => "fee".to_owned(),
    };
    for fee in &a.fees {
        table.row([
            &*fee.fee,
            "",
            &*fee.authority,
            "",
            &fee_in,
            &shown(fee.amount),
        ]);
    }
    out.push_str(&table.to_string());
    if let Some(rate) = a.effective_rate {
        let percent = (rate * Decimal::ONE_HUNDRED).round_dp(4).normalize();
        let _ = writeln!(out, "effective rate {percent} %");
    }
    if let Some(refund) = &a.refund {
        let _ = writeln!(
            out,
            "refund {} of {} paid as the law was known on the entry date",
            shown(refund.amount.amount),
            shown(refund.paid.amount),
        );
    }
    if !a.needs.is_empty() {
        out.push_str("\nNot stated, and it would change the answer:\n");
        for need in &a.needs {
            let then = need
                .total_if_yes
                .map_or_else(String::new, |t| format!(" (if yes: {} in all)", shown(t)));
            let _ = writeln!(out, "  {}: {}{then}", need.stated(), need.question);
        }
    }
    if !a.unasked.is_empty() {
        out.push_str("\nStated, but nothing in this law asks about it, so it was not counted:\n");
        for unasked in &a.unasked {
            let _ = writeln!(out, "  {unasked}");
        }
    }
    if explain {
        out.push_str("\nEvery measure looked at:\n");
        let mut table = Columns::new(&[
            ("", Side::Left),
            ("measure", Side::Left),
            ("because", Side::Left),
            ("source", Side::Left),
        ]);
        for step in a.trace.iter() {
            let mark = if step.applied { "x" } else { "-" };
            table.row([
                mark,
                &*step.measure,
                &step.because.to_string(),
                &*step.source,
            ]);
        }
        out.push_str(&table.to_string());
    }
    out
}
