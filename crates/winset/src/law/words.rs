//! What the law that ships says in English, in the language that is asked for.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use winset_law::Reason;

use crate::lang::Lang;

static JAPANESE: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut rows = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(include_str!("../../data/law-ja.csv").as_bytes());
    let rows = rows.records().filter_map(Result::ok);
    rows.filter_map(|row| Some((row.get(0)?.to_owned(), row.get(1)?.to_owned())))
        .collect()
});

/// An authority, a question to the importer, or a note on the data. What is not of the law that ships stays as it is.
pub fn of(text: &str, lang: Lang) -> &str {
    lang.of(text, JAPANESE.get(text).map_or(text, String::as_str))
}

/// Why a measure applied or did not. Measures, acts, facts and headings keep their names.
pub fn reason(reason: &Reason, lang: Lang) -> String {
    if lang == Lang::En {
        return reason.to_string();
    }
    let day = |day: &Date| lang.day(&day.to_string());
    match reason {
        Reason::Owed => "課税".to_owned(),
        Reason::NothingDue => "適用されるが課税額なし".to_owned(),
        Reason::OtherGoods => "この品目に及ばない".to_owned(),
        Reason::OtherOrigin => "この原産国に及ばない".to_owned(),
        Reason::OtherDate => "輸入日に効力なし".to_owned(),
        Reason::NotYetKnown(act, known) => format!("未公布：{act}は{}に公布", day(known)),
        Reason::Suspended(Date::MAX) => "期限なく停止中".to_owned(),
        Reason::Suspended(until) => format!("{}まで停止", day(until)),
        Reason::Ended => "後の法令により終了".to_owned(),
        Reason::Voided => "無効".to_owned(),
        Reason::NotStated(fact) => format!("`{fact}` の申告がある場合のみ"),
        Reason::NotSo(condition) => format!("`{condition}` の場合のみ"),
        Reason::Reads(so, others) => {
            format!("法令の解釈が分かれる：`{so}` と読み、{others} とは読まない")
        }
        Reason::AsOf(line) => {
            format!("この符号の細分により内訳は異なるが合計は同じ：{line}として表示")
        }
        Reason::Converted(how) => format!("法令の金額を換算：{how}"),
        Reason::Exempt(by) => format!("適用除外：{by}"),
        Reason::Yields(to) => format!("{to} が優先"),
        Reason::Quota(told) => {
            let (on, volume, unit) = (day(&told.on), told.volume, &told.unit);
            if told.left.is_zero() {
                format!("{on}に割当{volume} {unit} は満枠")
            } else {
                format!("{on}に割当{volume} {unit} の残りは{} {unit}", told.left)
            }
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Texts;

    /// Values of a key in the text of a file.
    fn values<'a>(text: &'a str, key: &str) -> impl Iterator<Item = &'a str> {
        let start = format!("{key} = \"");
        text.lines()
            .filter_map(move |line| line.trim_start().strip_prefix(&start)?.strip_suffix('"'))
    }

    #[test]
    fn everything_that_the_law_asks_and_the_data_say_has_japanese() {
        let law = Texts::built_in("us").unwrap();
        let texts = law.files.iter().map(winset_io::Source::text);
        let mut seen = 0;
        let texts = texts.flat_map(|t| values(t, "asks").chain(values(t, "authority")));
        let data =
            values(winset_data::MANIFEST, "what").chain(values(winset_data::MANIFEST, "mind"));
        for text in texts.chain(data).filter(|t| !t.contains("USC")) {
            seen += 1;
            assert!(
                JAPANESE.contains_key(text),
                "no Japanese in law-ja.csv: {text}"
            );
        }
        assert!(seen > 200, "{seen} texts");
        assert_eq!(of("IEEPA reciprocal", Lang::En), "IEEPA reciprocal");
        assert_eq!(of("IEEPA reciprocal", Lang::Ja), "IEEPA（相互関税）");
        assert_eq!(of("a law of one's own", Lang::Ja), "a law of one's own");
    }

    #[test]
    fn reasons_are_told_in_both_languages() {
        let until = Reason::Suspended(jiff::civil::date(2025, 7, 9));
        assert_eq!(reason(&until, Lang::En), "suspended until 2025-07-09");
        assert_eq!(reason(&until, Lang::Ja), "2025年7月9日まで停止");
    }
}
