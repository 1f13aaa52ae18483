//! The languages people read: words beside one another, numbers, money and days as each writes them.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::Serialize;

/// A language of the page and the brief.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl FromStr for Lang {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "en" => Ok(Self::En),
            "ja" => Ok(Self::Ja),
            other => Err(format!("no language `{other}`: write en or ja")),
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Lang {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// The words in this language. Both stand at every use, so that none can be missing.
    pub fn of<T>(self, en: T, ja: T) -> T {
        match self {
            Self::En => en,
            Self::Ja => ja,
        }
    }

    /// Its code (BCP 47).
    pub fn code(self) -> &'static str {
        self.of("en", "ja")
    }

    /// The unit that [`Lang::bn`], [`Lang::amount`] and [`Lang::rough`] write money in.
    pub fn unit(self) -> &'static str {
        self.of("bn USD", "億ドル")
    }

    /// Money of `bn` billion USD in that unit.
    pub fn in_unit(self, bn: f64) -> f64 {
        self.of(bn, 10.0 * bn)
    }

    /// Money with its sign to a tenth of a billion USD, for sentences. `bn` is in bn USD.
    pub fn rough(self, bn: f64) -> String {
        self.of(format!("{bn:+.1}"), format!("{:+.0}", self.in_unit(bn)))
            .replace('-', "−")
    }

    /// The unit that [`Lang::million`] writes money in.
    pub fn million_unit(self) -> &'static str {
        self.of("million USD", "万ドル")
    }

    /// Small money with its sign. `million` is in million USD.
    pub fn million(self, million: f64) -> String {
        self.of(format!("{million:+.1}"), format!("{:+.0}", 100.0 * million))
            .replace('-', "−")
    }

    /// Terms joined in one sentence.
    pub fn join<T: AsRef<str>>(self, terms: &[T]) -> String {
        let terms: Vec<&str> = terms.iter().map(AsRef::as_ref).collect();
        terms.join(self.of(", ", "、"))
    }

    /// A name and what is said of it.
    pub fn titled(self, name: &str, what: &str) -> String {
        self.of(format!("{name}: {what}"), format!("{name}：{what}"))
    }

    /// Money with its sign: two decimals below ten, one above. `bn` is in bn USD.
    pub fn bn(self, bn: f64) -> String {
        let x = self.in_unit(bn);
        if x.abs() < 0.005 {
            "0".to_owned()
        } else if x.abs() < 9.995 {
            format!("{x:+.2}").replace('-', "−")
        } else {
            format!("{x:+.1}").replace('-', "−")
        }
    }

    /// Money without a plus sign.
    pub fn amount(self, bn: f64) -> String {
        self.bn(bn).trim_start_matches('+').to_owned()
    }

    /// A fraction as per cent, one decimal.
    pub fn pct(self, fraction: f64) -> String {
        let x = 100.0 * fraction;
        let x = if x.abs() < 0.05 { 0.0 } else { x };
        format!("{x:.1}{}", self.of(" %", "%")).replace('-', "−")
    }

    /// A change in per cent with its sign, two decimals.
    pub fn change(self, pct: f64) -> String {
        let unit = self.of(" %", "%");
        if pct.abs() < 0.005 {
            format!("0{unit}")
        } else {
            format!("{pct:+.2}{unit}").replace('-', "−")
        }
    }

    /// A change of a rate in percentage points with its sign, two decimals.
    pub fn points(self, points: f64) -> String {
        if points.abs() < 0.005 {
            "0".to_owned()
        } else {
            format!("{points:+.2}").replace('-', "−")
        }
    }

    /// A probability as whole per cent.
    pub fn chance(self, probability: f64) -> String {
        format!("{:.0}{}", 100.0 * probability, self.of(" %", "%"))
    }

    /// A count with its thousands apart.
    pub fn count(self, n: f64) -> String {
        let digits = format!("{n:.0}");
        let mut out = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i) % 3 == 0 {
                out.push(self.of('\u{202f}', ','));
            }
            out.push(c);
        }
        out
    }

    /// `2025-04-16` as people write it; anything else as it is.
    pub fn day(self, iso: &str) -> String {
        let mut parts = iso.split('-').map(str::parse::<usize>);
        let (Some(Ok(y)), Some(Ok(m)), Some(Ok(d)), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return iso.to_owned();
        };
        match (self, MONTHS.get(m.wrapping_sub(1))) {
            (_, None) => iso.to_owned(),
            (Self::En, Some(month)) => format!("{d} {month} {y}"),
            (Self::Ja, Some(_)) => format!("{y}年{m}月{d}日"),
        }
    }
}

/// Things counted in English: `1 package`, `74 475 packages`.
pub fn counted(n: f64, one: &str) -> String {
    let plural = if (n - 1.0).abs() < 0.5 { "" } else { "s" };
    format!("{} {one}{plural}", Lang::En.count(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_in_the_unit_of_the_language() {
        assert_eq!(Lang::En.bn(-2.314), "−2.31");
        assert_eq!(Lang::Ja.bn(-2.314), "−23.1");
        assert_eq!(Lang::En.amount(21.33), "21.3");
        assert_eq!(Lang::En.bn(0.001), "0");
        assert_eq!(
            [Lang::En, Lang::Ja].map(|l| l.rough(-1.23)),
            ["−1.2", "−12"]
        );
        assert_eq!(
            [Lang::En, Lang::Ja].map(|l| l.million(4.56)),
            ["+4.6", "+456"]
        );
    }

    #[test]
    fn days_are_written_as_people_do() {
        assert_eq!(Lang::En.day("2025-04-16"), "16 April 2025");
        assert_eq!(Lang::Ja.day("2025-04-16"), "2025年4月16日");
        assert_eq!(Lang::En.day("soon"), "soon");
    }

    #[test]
    fn counts_have_their_thousands_apart() {
        let counted = [0.0, 1.0, 74_475.0].map(|n| counted(n, "package"));
        assert_eq!(
            counted,
            ["0 packages", "1 package", "74\u{202f}475 packages"]
        );
        assert_eq!(Lang::En.count(16_777_216.0), "16\u{202f}777\u{202f}216");
        assert_eq!(Lang::Ja.count(1234.0), "1,234");
    }
}
