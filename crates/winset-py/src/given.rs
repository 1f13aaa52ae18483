//! What Python hands over, as the types of the law: days, countries, codes, amounts.

use jiff::civil::Date;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyString};
use rust_decimal::Decimal;
use winset::assess::AnswerColumns;
use winset_law::{Country, Currency, GoodsCode};

use crate::error::Failure;

/// A day: a text such as `2025-04-16`, or an object with `isoformat` (a date, a datetime, a timestamp).
pub(crate) fn day(given: &Bound<'_, PyAny>) -> PyResult<Date> {
    let text = if let Ok(text) = given.cast::<PyString>() {
        text.to_str()?.trim().to_owned()
    } else if given.hasattr("isoformat")? {
        let text: String = given.call_method0("isoformat")?.extract()?;
        // The day of a moment; `NaT` of pandas is none.
        let day = text.split_once('T').map_or(&*text, |(day, _)| day);
        if day.contains('-') {
            day.to_owned()
        } else {
            text
        }
    } else {
        given.str()?.extract()?
    };
    text.parse().map_err(|_| {
        Failure::input(format!(
            "`{text}` is no day: give a date, or year, month and day such as \"2025-04-16\""
        ))
        .raise(given.py())
    })
}

/// As [`day`], where one may be left out.
pub(crate) fn maybe_day(given: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Date>> {
    given.map(day).transpose()
}

/// The columns of an answer by their names, one text or several; all where none are given.
pub(crate) fn answer_columns(given: Option<&Bound<'_, PyAny>>) -> PyResult<AnswerColumns> {
    let Some(given) = given else {
        return Ok(AnswerColumns::default());
    };
    let named = if let Ok(text) = given.cast::<PyString>() {
        text.to_str()?.parse()
    } else {
        let names = given.try_iter()?.map(|name| name?.extract::<String>());
        let names: Vec<String> = names.collect::<PyResult<_>>()?;
        AnswerColumns::by_names(names.iter().map(String::as_str))
    };
    named.map_err(|what| Failure::input(what).raise(given.py()))
}

/// A country by its ISO 3166 code, in letters of any size.
pub(crate) fn country(text: &str) -> Result<Country, Failure> {
    let read = text.parse::<Country>();
    Ok(read.or_else(|error| text.to_uppercase().parse().map_err(|_| error))?)
}

/// Goods by their code, 2 to 10 digits with or without points.
pub(crate) fn goods(text: &str) -> Result<GoodsCode, Failure> {
    Ok(text.parse()?)
}

/// A currency by its ISO 4217 code.
pub(crate) fn currency(text: &str) -> Result<Currency, Failure> {
    Ok(text.parse()?)
}

/// The digits of a `Decimal`; as it stands where they are more than an amount has.
fn plain(given: &Bound<'_, PyAny>) -> PyResult<String> {
    let size: i64 = given.call_method0("adjusted")?.extract()?;
    if size.abs() > 40 {
        return given.str()?.extract();
    }
    given.call_method1("__format__", ("f",))?.extract()
}

/// An exact amount: a `Decimal`, an `int`, a text, or a `float`, which counts as the shortest decimal that reads as it.
pub(crate) fn amount(given: &Bound<'_, PyAny>) -> PyResult<Decimal> {
    if let Ok(whole) = given.extract::<i64>() {
        return Ok(whole.into());
    }
    let text = match given.cast::<PyFloat>() {
        Ok(real) => real.extract::<f64>()?.to_string(),
        // A `Decimal` may stand with an exponent, `1E+3`, which is written out.
        Err(_) if given.hasattr("as_tuple")? => plain(given)?,
        Err(_) => given.str()?.extract::<String>()?,
    };
    Decimal::from_str_exact(text.trim()).map_err(|_| {
        Failure::input(format!(
            "`{text}` is no amount: give a number, or digits with at most one point such as \"2500.50\""
        ))
        .raise(given.py())
    })
}
