//! `duty`: what is owed on one entry, and why.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyString};
use rust_decimal::Decimal;
use winset::law::report;
use winset_law::{Assessment, Currency, Entry, Money, OwedFee};

use crate::error::Failure;
use crate::given::{amount, country, currency, day, goods, maybe_day};
use crate::laws::PyLaw;
use crate::told::{date, decimal};
use crate::{laws, told};

/// The duty on one entry. Amounts are `Decimal`, exact and not rounded but for `payable` and fees; total, payable and the
/// components are in the currency of the entry, fees in the importer's.
#[pyclass(module = "winset", frozen)]
pub(crate) struct Duty(Assessment);

/// One measure's duty on the entry.
#[pyclass(module = "winset", frozen)]
pub(crate) struct Component(winset_law::Component);

/// A fee beside duty.
#[pyclass(module = "winset", frozen)]
pub(crate) struct Fee(OwedFee);

/// Something that would change the answer and is not stated.
#[pyclass(module = "winset", frozen)]
pub(crate) struct Need(winset_law::Need);

/// A measure that was looked at.
#[pyclass(module = "winset", frozen)]
pub(crate) struct Step(winset_law::Step);

/// What is owed on one entry.
#[pyfunction]
#[pyo3(signature = (
    goods, origin, on, value, known_on = None, currency = None, quantity = None, unit = None, content = None,
    claims = None, facts = None, importer = "US", loaded = None, law = None
))]
#[allow(clippy::too_many_arguments, reason = "Python names them")]
pub(crate) fn duty(
    py: Python<'_>,
    goods: &str,
    origin: &str,
    on: &Bound<'_, PyAny>,
    value: &Bound<'_, PyAny>,
    known_on: Option<&Bound<'_, PyAny>>,
    currency: Option<&str>,
    quantity: Option<&Bound<'_, PyAny>>,
    unit: Option<&str>,
    content: Option<&Bound<'_, PyDict>>,
    claims: Option<&Bound<'_, PyAny>>,
    facts: Option<&Bound<'_, PyDict>>,
    importer: &str,
    loaded: Option<&Bound<'_, PyAny>>,
    law: Option<&Bound<'_, PyLaw>>,
) -> PyResult<Duty> {
    let raise = |failure: Failure| failure.raise(py);
    let importer = country(importer).map_err(raise)?;
    let currency = match currency {
        Some(named) => self::currency(named).map_err(raise)?,
        None => importer.currency().unwrap_or(Currency::USD),
    };
    let mut entry = Entry::new(
        importer,
        self::goods(goods).map_err(raise)?,
        country(origin).map_err(raise)?,
        day(on)?,
        Money::new(amount(value)?, currency),
    );
    if let Some(loaded) = loaded {
        entry = entry.loaded(day(loaded)?);
    }
    match (quantity, unit) {
        (Some(quantity), unit) => {
            entry = entry.quantity(amount(quantity)?, unit.unwrap_or_default());
        }
        (None, Some(_)) => return Err(raise(Failure::input("a unit needs a quantity"))),
        (None, None) => {}
    }
    if let Some(content) = content {
        for (material, value) in content {
            entry = entry.content(material.cast::<PyString>()?.to_str()?, amount(&value)?);
        }
    }
    if let Some(claims) = claims {
        entry = claimed(entry, claims)?;
    }
    if let Some(facts) = facts {
        for (name, value) in facts {
            let value = match value.cast::<PyBool>() {
                Ok(yes) => yes.is_true().to_string(),
                Err(_) => value.str()?.extract()?,
            };
            let stated = entry.fact(name.cast::<PyString>()?.to_str()?, &value);
            entry = stated.map_err(|error| raise(error.into()))?;
        }
    }
    let known_on = maybe_day(known_on)?;
    let meant = laws::meant(law);
    let assessed = py.detach(|| Ok(meant.law(importer)?.assess(&entry, known_on)?));
    assessed.map(Duty).map_err(raise)
}

/// One programme, or several.
fn claimed(mut entry: Entry, claims: &Bound<'_, PyAny>) -> PyResult<Entry> {
    if let Ok(one) = claims.cast::<PyString>() {
        return Ok(entry.claim(one.to_str()?));
    }
    for claim in claims.try_iter()? {
        entry = entry.claim(claim?.cast::<PyString>()?.to_str()?);
    }
    Ok(entry)
}

#[pymethods]
impl Duty {
    /// The goods, as in the schedule (`8703.23.01`).
    #[getter]
    fn goods(&self) -> String {
        self.0.goods.to_string()
    }

    /// The origin, ISO 3166.
    #[getter]
    fn origin(&self) -> &'static str {
        self.0.origin.iso2()
    }

    /// The importer, ISO 3166.
    #[getter]
    fn importer(&self) -> &'static str {
        self.0.importer.iso2()
    }

    /// The entry date.
    #[getter]
    fn on<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        date(py, self.0.entry_date)
    }

    /// The day as of which acts count; `None`: every act in the data.
    #[getter]
    fn known_on<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.known_on.map(|day| date(py, day)).transpose()
    }

    /// The customs value.
    #[getter]
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal(py, self.0.value.amount)
    }

    /// The currency of value, total, payable and components, ISO 4217.
    #[getter]
    fn currency(&self) -> String {
        self.0.value.currency.code().to_owned()
    }

    /// All duties, not rounded.
    #[getter]
    fn total<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal(py, self.0.total.amount)
    }

    /// What is paid: the duties rounded as the importer's law says.
    #[getter]
    fn payable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal(py, self.0.payable.amount)
    }

    /// Total over value, a fraction; `None` for a value of zero.
    #[getter]
    fn effective_rate<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let rate = self.0.effective_rate;
        rate.map(|rate| decimal(py, rate)).transpose()
    }

    /// The duties, the base rate first.
    #[getter]
    fn components(&self) -> Vec<Component> {
        self.0.components.iter().cloned().map(Component).collect()
    }

    /// Fees beside duty, in the importer's currency.
    #[getter]
    fn fees(&self) -> Vec<Fee> {
        self.0.fees.iter().cloned().map(Fee).collect()
    }

    /// What is not stated and would change the answer.
    #[getter]
    fn needs(&self) -> Vec<Need> {
        self.0.needs.iter().cloned().map(Need).collect()
    }

    /// What comes back of the duties paid at entry, where acts known since say that less is owed; `None` unless the law is
    /// asked as known on a day after the entry date.
    #[getter]
    fn refund<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let refund = self.0.refund.as_ref();
        refund
            .map(|refund| decimal(py, refund.amount.amount))
            .transpose()
    }

    /// What is stated and nothing in the law asks about, so that it was not counted: slips in names and words.
    #[getter]
    fn unasked(&self) -> Vec<String> {
        self.0.unasked.iter().map(|u| u.stated.clone()).collect()
    }

    /// Every measure that was looked at, applied or not, with the reason and its legal source.
    #[getter]
    fn trace(&self) -> Vec<Step> {
        self.0.trace.iter().cloned().map(Step).collect()
    }

    /// All of it as `winset duty --json` answers: amounts are texts, the effective rate is a float.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let json = told::json(&report::report(&self.0)).map_err(|failure| failure.raise(py))?;
        told::read(py, &json)
    }

    fn __repr__(&self) -> String {
        let a = &self.0;
        format!(
            "<winset.Duty {} from {} on {}: {} {}>",
            a.goods,
            a.origin,
            a.entry_date,
            report::exact(a.total.amount),
            a.total.currency
        )
    }
}

#[pymethods]
impl Component {
    /// The measure; `base` for the base rate.
    #[getter]
    fn measure(&self) -> &str {
        &self.0.measure
    }

    /// The heading to declare, where there is one.
    #[getter]
    fn heading(&self) -> Option<&str> {
        self.0.heading.as_deref()
    }

    /// The power it rests on.
    #[getter]
    fn authority(&self) -> &str {
        &self.0.authority
    }

    /// The value the duty is a share of.
    #[getter]
    fn basis<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal(py, self.0.basis)
    }

    /// The rate as text.
    #[getter]
    fn rate(&self) -> &str {
        &self.0.rate
    }

    /// The duty, not rounded.
    #[getter]
    fn amount<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal(py, self.0.amount)
    }

    /// The legal source.
    #[getter]
    fn source(&self) -> &str {
        &self.0.source
    }

    fn __repr__(&self) -> String {
        let (c, amount) = (&self.0, report::exact(self.0.amount));
        format!("<winset.Component {}: {} → {amount}>", c.measure, c.rate)
    }
}

#[pymethods]
impl Fee {
    /// Its name.
    #[getter]
    fn fee(&self) -> &str {
        &self.0.fee
    }

    /// The power it rests on.
    #[getter]
    fn authority(&self) -> &str {
        &self.0.authority
    }

    /// The amount, to the cent.
    #[getter]
    fn amount<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal(py, self.0.amount)
    }

    /// The legal source.
    #[getter]
    fn source(&self) -> &str {
        &self.0.source
    }

    fn __repr__(&self) -> String {
        format!(
            "<winset.Fee {}: {}>",
            self.0.fee,
            report::exact(self.0.amount)
        )
    }
}

#[pymethods]
impl Need {
    /// The fact, claim, content or `loaded`.
    #[getter]
    fn fact(&self) -> &str {
        &self.0.fact
    }

    /// What an entry states to answer yes: `certified=auto_part`, `loaded < 2025-04-05`, `us_share=…`.
    #[getter]
    fn stated(&self) -> String {
        self.0.stated()
    }

    /// The question.
    #[getter]
    fn question(&self) -> &str {
        &self.0.question
    }

    /// The total if the answer is yes; `None` where it takes a number.
    #[getter]
    fn total_if_yes<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let total: Option<Decimal> = self.0.total_if_yes;
        total.map(|total| decimal(py, total)).transpose()
    }

    fn __repr__(&self) -> String {
        format!("<winset.Need {}: {}>", self.0.fact, self.0.question)
    }
}

#[pymethods]
impl Step {
    /// The measure.
    #[getter]
    fn measure(&self) -> &str {
        &self.0.measure
    }

    /// Whether it applied.
    #[getter]
    fn applied(&self) -> bool {
        self.0.applied
    }

    /// Why.
    #[getter]
    fn because(&self) -> String {
        self.0.because.to_string()
    }

    /// The legal source of the reason.
    #[getter]
    fn source(&self) -> &str {
        &self.0.source
    }

    fn __repr__(&self) -> String {
        format!("<winset.Step {}: {}>", self.0.measure, self.0.because)
    }
}
