//! What is owed on one entry, for programs.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};
use winset_law::Assessment;

/// An amount as text, exact, with two decimals at least.
pub fn exact(amount: Decimal) -> String {
    let mut amount = amount.normalize();
    if amount.scale() < 2 {
        amount.rescale(2);
    }
    amount.to_string()
}

/// An assessment as `winset duty --json` answers it. Amounts are texts, exact; the effective rate is a fraction.
pub fn report(a: &Assessment) -> Value {
    let components: Vec<Value> = a
        .components
        .iter()
        .map(|c| {
            json!({
                "measure": &*c.measure,
                "heading": c.heading.as_deref(),
                "authority": &*c.authority,
                "basis": exact(c.basis),
                "rate": &*c.rate,
                "amount": exact(c.amount),
            })
        })
        .collect();
    let needs: Vec<Value> = a
        .needs
        .iter()
        .map(|n| {
            json!({"fact": &*n.fact, "stated": n.stated(), "question": &*n.question, "total_if_yes": n.total_if_yes.map(exact)})
        })
        .collect();
    let trace: Vec<Value> = a
        .trace
        .iter()
        .map(|s| {
            json!({
                "measure": &*s.measure,
                "applied": s.applied,
                "because": s.because.to_string(),
                "source": &*s.source,
            })
        })
        .collect();
    let fees: Vec<Value> = a
        .fees
        .iter()
        .map(|f| {
            json!({
                "fee": &*f.fee,
                "authority": &*f.authority,
                "amount": exact(f.amount),
                "source": &*f.source,
            })
        })
        .collect();
    let unasked: Vec<Value> = a
        .unasked
        .iter()
        .map(|u| json!({"stated": u.stated, "nearest": u.nearest.as_deref()}))
        .collect();
    let refund = a
        .refund
        .as_ref()
        .map(|r| json!({"paid": exact(r.paid.amount), "amount": exact(r.amount.amount)}));
    json!({
        "goods": a.goods.to_string(),
        "origin": a.origin.iso2(),
        "importer": a.importer.iso2(),
        "entry_date": a.entry_date.to_string(),
        "known_on": a.known_on.map(|day| day.to_string()),
        "value": {"amount": exact(a.value.amount), "currency": a.value.currency.code()},
        "components": components,
        "total": exact(a.total.amount),
        "payable": exact(a.payable.amount),
        "fees": fees,
        "refund": refund,
        "effective_rate": a.effective_rate.and_then(|rate| rate.to_f64()),
        "needs": needs,
        "unasked": unasked,
        "trace": trace,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_with_two_decimals_at_least() {
        let printed = |text: &str| exact(text.parse().unwrap());
        assert_eq!(printed("2750"), "2750.00");
        assert_eq!(printed("2750.500"), "2750.50");
        assert_eq!(printed("0.12345"), "0.12345");
        assert_eq!(printed("0"), "0.00");
    }
}
