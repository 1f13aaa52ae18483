//! The dossier and the brief in both languages: every text is there, and neither speaks the other's.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::Value as Json;
use winset::brief::{self, Brief, Edition};
use winset::dossier::Files;
use winset::dossier::format::{
    AssumptionsFile, BeliefsFile, DossierFile, IssuesFile, PartiesFile, ProductsFile, SourcesFile,
};
use winset::export::{self, Format};
use winset::lang::Lang;
use winset::study::Desk;

/// The built-in brief in English and in Japanese, computed once for all tests of this process.
fn briefs() -> &'static [Brief; 2] {
    static BRIEFS: OnceLock<[Brief; 2]> = OnceLock::new();
    BRIEFS.get_or_init(|| {
        let desk = Desk::compute(Files::open(None).unwrap(), None, &|_, _, _| ()).unwrap();
        let answers = desk.answers().unwrap();
        Lang::ALL.map(|lang| brief::write(&desk, &answers, lang).unwrap())
    })
}

fn page(b: &Brief) -> String {
    String::from_utf8(export::write(b, Format::Html, Edition::Full).unwrap()).unwrap()
}

/// The path of every string of a table that is no part of a text in both languages, and every such text that lacks
/// a language.
fn strings(value: &toml::Value, path: &[String], plain: &mut Vec<Vec<String>>) {
    let step = |key: String| [path, &[key]].concat();
    match value {
        toml::Value::String(_) => plain.push(path.to_vec()),
        toml::Value::Array(items) => {
            for (k, item) in items.iter().enumerate() {
                strings(item, &step(k.to_string()), plain);
            }
        }
        toml::Value::Table(table) if table.contains_key("en") || table.contains_key("ja") => {
            assert_eq!(
                table.len(),
                2,
                "a language is missing at {path:?}: {table:?}"
            );
        }
        toml::Value::Table(table) => {
            for (key, item) in table {
                strings(item, &step(key.clone()), plain);
            }
        }
        _ => {}
    }
}

fn at<'a>(value: &'a mut toml::Value, path: &[String]) -> &'a mut toml::Value {
    path.iter().fold(value, |value, key| match value {
        toml::Value::Array(items) => &mut items[key.parse::<usize>().unwrap()],
        other => &mut other[key.as_str()],
    })
}

/// A string that could stand in both languages, and does not, is a text without Japanese.
#[test]
fn every_text_of_the_built_in_dossier_stands_in_both_languages() {
    fn reads<T: serde::de::DeserializeOwned>(text: &str) -> bool {
        toml::from_str::<T>(text).is_ok()
    }
    type Reads = fn(&str) -> bool;
    let readers: [(&str, Reads); 7] = [
        ("dossier.toml", reads::<DossierFile>),
        ("assumptions.toml", reads::<AssumptionsFile>),
        ("products.toml", reads::<ProductsFile>),
        ("issues.toml", reads::<IssuesFile>),
        ("parties.toml", reads::<PartiesFile>),
        ("beliefs.toml", reads::<BeliefsFile>),
        ("sources.toml", reads::<SourcesFile>),
    ];
    let files = Files::open(None).unwrap();
    for (name, reads) in readers {
        let text = files.get(name).unwrap().text();
        let whole: toml::Value = toml::from_str::<toml::Table>(text).unwrap().into();
        let mut plain = Vec::new();
        strings(&whole, &[], &mut plain);
        assert!(reads(text) && !plain.is_empty(), "{name}");
        for path in plain {
            let mut changed = whole.clone();
            let place = at(&mut changed, &path);
            let both = [("en", "x"), ("ja", "x")].map(|(k, v)| (k.to_owned(), v.into()));
            let was = std::mem::replace(place, toml::Value::Table(both.into_iter().collect()));
            let changed = toml::to_string(&changed).unwrap();
            assert!(!reads(&changed), "{name}: no Japanese at {path:?}: {was}");
        }
    }
}

/// The texts of a page, without its marks, codes and style, and without `names`.
fn texts(html: &str, names: &BTreeSet<String>) -> Vec<String> {
    let mut out = Vec::new();
    let mut silent = "";
    for piece in html.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        if silent.is_empty() {
            silent = ["style", "code", "script"]
                .into_iter()
                .find(|name| tag == *name || tag.starts_with(&format!("{name} ")))
                .unwrap_or("");
        } else if tag == format!("/{silent}") {
            silent = "";
        }
        let text = text
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        let text = text.trim();
        if silent.is_empty() && !text.is_empty() && !names.contains(text) {
            out.push(text.to_owned());
        }
    }
    out
}

/// Whether three words of small Latin letters follow one another.
fn is_english(text: &str) -> bool {
    let word = |w: &&str| w.len() > 1 && w.chars().all(|c| c.is_ascii_lowercase());
    let mut run = 0;
    text.split(' ').any(|w| {
        run = if word(&w) { run + 1 } else { 0 };
        run == 3
    })
}

fn is_japanese(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
}

/// What keeps its name in every language: measures, acts, citations and publishers.
fn names(b: &Brief) -> BTreeSet<String> {
    let traced = b.situation.lines.iter().flat_map(|l| &l.trace);
    let cited = traced.flat_map(|t| [t.measure.clone(), t.source.clone()]);
    let sources = b.doubt.sources.iter();
    let sources = sources.flat_map(|s| [s.title.clone(), s.publisher.clone()]);
    cited.chain(sources).collect()
}

#[test]
fn the_english_brief_has_no_japanese_and_the_japanese_no_english_sentence() {
    let [en, ja] = briefs();
    let said = texts(&page(en), &BTreeSet::new());
    assert!(said.len() > 1000 && said.iter().filter(|t| is_english(t)).count() > 100);
    for text in said {
        assert!(!is_japanese(&text), "Japanese in the English brief: {text}");
    }
    let said = texts(&page(ja), &names(ja));
    assert!(said.iter().filter(|t| is_japanese(t)).count() > 500);
    for text in said {
        assert!(!is_english(&text), "English in the Japanese brief: {text}");
    }
    assert!(page(ja).contains("<html lang=\"ja\">"));
    let shared = texts(&page(&ja.shareable()), &names(ja));
    assert!(!shared.iter().any(|text| is_english(text)));
}

/// Every number of a JSON value, in order.
fn numbers(value: &Json, out: &mut Vec<f64>) {
    match value {
        Json::Number(x) => out.push(x.as_f64().unwrap()),
        Json::Array(items) => items.iter().for_each(|x| numbers(x, out)),
        // Shares by authority stand under its name, so in another order.
        Json::Object(map) => map
            .iter()
            .filter(|(key, _)| *key != "by_authority")
            .for_each(|(_, x)| numbers(x, out)),
        _ => {}
    }
}

#[test]
fn the_numbers_are_the_same_in_both_languages() {
    let [en, ja] = briefs().each_ref().map(|b| {
        let mut found = Vec::new();
        numbers(&b.json(), &mut found);
        found
    });
    assert!(en.len() > 2000);
    assert!(en == ja, "the languages have different numbers");
    assert_eq!(
        briefs().each_ref().map(|b| b.json()["language"].clone()),
        ["en", "ja"]
    );
    // What is a probability is not shared in either.
    let [en, ja] = briefs()
        .each_ref()
        .map(|b| b.shareable().doubt.assumptions.len());
    assert_eq!(en, ja);
    assert!(en < briefs()[0].doubt.assumptions.len());
}

#[test]
fn every_character_of_the_japanese_brief_has_a_glyph() {
    let fonts = ["NotoSans-Regular.ttf", "NotoSansCJKjp-Regular.otf"].map(|name| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/");
        std::fs::read(format!("{folder}{name}")).unwrap()
    });
    let faces = fonts
        .each_ref()
        .map(|f| rustybuzz::Face::from_slice(f, 0).unwrap());
    let said = texts(&page(&briefs()[1]), &BTreeSet::new());
    let characters: BTreeSet<char> = said.iter().flat_map(|t| t.chars()).collect();
    assert!(characters.len() > 500, "{}", characters.len());
    for c in characters.into_iter().filter(|c| !c.is_whitespace()) {
        let glyph = faces.iter().any(|f| f.glyph_index(c).is_some());
        assert!(
            glyph,
            "no glyph for {c}: add it in scripts/build-fonts or say it in other words"
        );
    }
}
