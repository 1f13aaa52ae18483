//! Short labels of our own for goods, sectors and regions, and the Japanese of what the law that ships says.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::indicator::Indicator;
use crate::lang::Lang;

/// Labels in both languages by their key.
type Labels = HashMap<String, [String; 2]>;

/// Reads a table of three columns: key, English, Japanese.
fn read(table: &str) -> Labels {
    let mut rows = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(table.as_bytes());
    let rows = rows.records().filter_map(Result::ok);
    rows.filter_map(|row| {
        let cell = |k: usize| row.get(k).map(str::to_owned);
        Some((cell(0)?, [cell(1)?, cell(2)?]))
    })
    .collect()
}

static GOODS: LazyLock<Labels> = LazyLock::new(|| read(include_str!("../data/labels.csv")));

/// A label for goods: that of the heading, else of the chapter.
pub fn goods(digits: &str, lang: Lang) -> &'static str {
    [4, 2]
        .iter()
        .find_map(|n| GOODS.get(digits.get(..*n)?))
        .map_or(lang.of("other goods", "その他の品目"), |[en, ja]| {
            lang.of(en, ja)
        })
}

/// A label for a sector of the economies.
pub fn sector(code: &str, lang: Lang) -> &str {
    let (en, ja) = match code {
        "A01" => ("farms", "農業"),
        "A02" => ("forestry", "林業"),
        "A03" => ("fishing", "漁業"),
        "B05" => ("coal", "石炭"),
        "B06" => ("oil and gas", "石油・ガス"),
        "B07" => ("metal ores", "金属鉱石"),
        "B08" => ("quarrying", "採石"),
        "B09" => ("mining services", "鉱業サービス"),
        "C10T12" => ("food", "食品"),
        "C13T15" => ("textiles and clothing", "繊維・衣料"),
        "C16" => ("wood", "木材"),
        "C17_18" => ("paper and printing", "紙・印刷"),
        "C19" => ("refined oil", "石油精製"),
        "C20" => ("chemicals", "化学"),
        "C21" => ("medicines", "医薬品"),
        "C22" => ("rubber and plastics", "ゴム・プラスチック"),
        "C23" => ("glass and cement", "ガラス・セメント"),
        "C24A" => ("steel", "鉄鋼"),
        "C24B" => ("other metals", "非鉄金属"),
        "C25" => ("metal products", "金属製品"),
        "C26" => ("electronics", "電子機器"),
        "C27" => ("electrical equipment", "電気機器"),
        "C28" => ("machinery", "機械"),
        "C29" => ("cars and parts", "自動車・同部品"),
        "C301" => ("ships", "船舶"),
        "C302T309" => ("aircraft and trains", "航空機・鉄道車両"),
        "C31T33" => ("other manufactures", "その他の製造業"),
        "SERV" => ("services", "サービス"),
        other => (other, other),
    };
    lang.of(en, ja)
}

/// A label for a region of the economies.
pub fn region(code: &str, lang: Lang) -> &str {
    let (en, ja) = match code {
        "USA" => ("United States", "米国"),
        "JPN" => ("Japan", "日本"),
        "CHN" => ("China", "中国"),
        "KOR" => ("Korea", "韓国"),
        "TWN" => ("Taiwan", "台湾"),
        "CAN" => ("Canada", "カナダ"),
        "MEX" => ("Mexico", "メキシコ"),
        "EU27" => ("European Union", "EU"),
        "GBR" => ("United Kingdom", "英国"),
        "CHE" => ("Switzerland", "スイス"),
        "IND" => ("India", "インド"),
        "VNM" => ("Viet Nam", "ベトナム"),
        "THA" => ("Thailand", "タイ"),
        "ASEAN8" => ("other ASEAN", "その他ASEAN"),
        "AUS" => ("Australia", "豪州"),
        "BRA" => ("Brazil", "ブラジル"),
        "ROW" => ("rest of the world", "その他の国々"),
        other => (other, other),
    };
    lang.of(en, ja)
}

/// An indicator as people call it.
pub fn indicator(indicator: &Indicator, lang: Lang) -> String {
    let of = |code: &str| region(code, lang).to_owned();
    let all = |codes: &[String]| {
        let labels: Vec<&str> = codes.iter().map(|code| sector(code, lang)).collect();
        labels.join(lang.of(" and ", "・"))
    };
    match indicator {
        Indicator::Ev(r) => lang.of(
            format!("real income of {}", of(r)),
            format!("{}の実質所得", of(r)),
        ),
        Indicator::OutputPct(r, s) => lang.of(
            format!("output of {} in {}", all(s), of(r)),
            format!("{}の{}の生産", of(r), all(s)),
        ),
        Indicator::ValueAdded(r, s) => lang.of(
            format!("value added of {} in {}", all(s), of(r)),
            format!("{}の{}の付加価値", of(r), all(s)),
        ),
        Indicator::Balance(r, p) => lang.of(
            format!("goods balance of {} with {}", of(r), of(p)),
            format!("{}の対{}財収支", of(r), of(p)),
        ),
        Indicator::Exports(r, p, s) if s.is_empty() => lang.of(
            format!("exports of {} to {}", of(r), of(p)),
            format!("{}の対{}輸出", of(r), of(p)),
        ),
        Indicator::Exports(r, p, s) => lang.of(
            format!("exports of {} from {} to {}", all(s), of(r), of(p)),
            format!("{}の対{}輸出（{}）", of(r), of(p), all(s)),
        ),
        Indicator::FarmExports(r, p) => lang.of(
            format!("farm exports of {} to {}", of(r), of(p)),
            format!("{}の対{}農産品輸出", of(r), of(p)),
        ),
        Indicator::Revenue(r) => lang.of(
            format!("tariff revenue of {}", of(r)),
            format!("{}の関税収入", of(r)),
        ),
        Indicator::FarmGatePct(product) => lang.of(
            format!("receipts of producers of {product}"),
            format!("{product}の生産者の収入"),
        ),
        Indicator::Clause(clause) => lang.of(
            format!("the clause “{clause}”"),
            format!("条項「{clause}」"),
        ),
        Indicator::Budget(r) => lang.of(format!("budget of {}", of(r)), format!("{}の財政", of(r))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heading_comes_before_the_chapter() {
        assert_eq!(goods("8703230110", Lang::En), "passenger cars");
        assert_eq!(goods("8703230110", Lang::Ja), "乗用車");
        assert_eq!(goods("9102", Lang::En), "wrist watches");
        assert_eq!(goods("8499", Lang::Ja), "機械類");
        assert_eq!(goods("0402", Lang::En), "dairy, eggs, honey");
        assert_eq!(goods("7700", Lang::En), "other goods");
    }

    #[test]
    fn an_indicator_is_said_without_its_codes() -> Result<(), String> {
        let balance: Indicator = "balance:USA:CHE".parse()?;
        assert_eq!(
            indicator(&balance, Lang::En),
            "goods balance of United States with Switzerland"
        );
        assert_eq!(indicator(&balance, Lang::Ja), "米国の対スイス財収支");
        let output: Indicator = "output_pct:USA:C29+C24A".parse()?;
        assert_eq!(
            indicator(&output, Lang::En),
            "output of cars and parts and steel in United States"
        );
        Ok(())
    }

    #[test]
    fn every_label_stands_in_both_languages() {
        assert!(GOODS.len() > 200);
        for (code, [en, ja]) in GOODS.iter() {
            assert!(en.is_ascii() && !ja.is_empty() && !ja.is_ascii(), "{code}");
        }
    }
}
