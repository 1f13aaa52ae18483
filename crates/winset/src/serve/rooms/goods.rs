//! Room 2: our goods at their border, line by line, with the trace of each.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use winset_law::averages::{Averages, Bases};
use winset_law::{Assessment, Currency, Entry, LawError, Money, Reason};

use super::View;
use super::situation::{authority, averages};
use crate::labels;
use crate::law;
use crate::serve::shell;
use crate::study::StudyError;

/// How many lines are listed.
const LISTED: usize = 200;

/// One line with both rates.
struct Line {
    cell: usize,
    value: f64,
    rate: f64,
    other: f64,
}

impl Line {
    fn duty(&self) -> f64 {
        self.value * self.rate
    }

    fn change(&self) -> f64 {
        self.value * (self.other - self.rate)
    }
}

fn dates(view: &View) -> Result<(Date, Date), StudyError> {
    let as_of = view.bench.desk.bench.dossier.as_of;
    Ok((
        view.asked_day("on", as_of)?,
        view.asked_day("known", as_of)?,
    ))
}

/// The rates that the lines are compared with: another day, or the package on the table after the cliff.
fn other(view: &View, known_on: Date) -> Result<Averages, StudyError> {
    let bench = &view.bench.desk.bench;
    let after = bench.day(&bench.dossier.head.clock.after)?;
    if view.asked("with") == Some("package") {
        let moved: Vec<(usize, usize)> = view
            .package
            .iter()
            .enumerate()
            .map(|(i, o)| (i, usize::from(*o)))
            .filter(|(i, o)| !bench.effects[*i][*o].amend.is_empty())
            .collect();
        if !moved.is_empty() {
            let law = bench.amended(&moved, &[bench.origin])?;
            return Ok(law.averages(
                bench.importer,
                bench.ours.trade(),
                after,
                Some(bench.dossier.as_of),
                Bases::Schedule,
                bench.ours.assumptions(),
            )?);
        }
    }
    averages(view, view.asked_day("and", after)?, known_on)
}

fn assess(view: &View, cell: usize, on: Date, known_on: Date) -> Result<Assessment, LawError> {
    let bench = &view.bench.desk.bench;
    let goods = bench.ours.trade().cells()[cell].goods;
    let value = Money::new(Decimal::ONE_HUNDRED, Currency::USD);
    let entry = Entry::new(bench.importer, goods, bench.origin, on, value);
    bench.law.assess(&entry, Some(known_on))
}

fn words<'a>(view: &'a View, digits: &str) -> &'a str {
    view.app
        .descriptions
        .of_goods(digits)
        .unwrap_or_else(|| labels::goods(digits, view.lang))
}

/// Whether a line is asked for: by the digits it starts with, by words, by chapter, sector, authority.
fn is_asked(view: &View, cell: usize, on: Date, known_on: Date) -> bool {
    let bench = &view.bench.desk.bench;
    let digits = bench.ours.trade().cells()[cell].goods.plain();
    if let Some(text) = view.asked("q") {
        let code: String = text.chars().filter(char::is_ascii_digit).collect();
        let by_code = !code.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_digit() || c == '.' || c == ' ');
        let found = if by_code {
            digits.starts_with(&code)
        } else {
            let there = words(view, &digits).to_lowercase();
            text.to_lowercase()
                .split_whitespace()
                .all(|word| there.contains(word))
        };
        if !found {
            return false;
        }
    }
    if view
        .asked("chapter")
        .is_some_and(|c| !digits.starts_with(c))
    {
        return false;
    }
    let sector = bench.ours.place(cell).map_or("", |(_, sector)| sector);
    if view.asked("sector").is_some_and(|s| s != sector) {
        return false;
    }
    view.asked("authority").is_none_or(|name| {
        assess(view, cell, on, known_on).is_ok_and(|a| {
            a.components
                .iter()
                .any(|c| &*c.authority == name && c.amount > Decimal::ZERO)
        })
    })
}

/// The lines that are asked for; what cannot be answered is said in their place, so that the next question finds it.
pub(super) fn list(view: &View) -> Result<Markup, StudyError> {
    Ok(lines(view).unwrap_or_else(|error| {
        html! { div #lines { (shell::unanswered(view.lang, &error.to_string())) } }
    }))
}

/// The lines that are asked for, sorted, with their sums.
fn lines(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let bench = &view.bench.desk.bench;
    let (on, known_on) = dates(view)?;
    let (now, then) = rayon::join(|| averages(view, on, known_on), || other(view, known_on));
    let (now, then) = (now?, then?);
    let cells = bench.ours.trade().cells();
    let mut lines: Vec<Line> = cells
        .iter()
        .enumerate()
        .filter(|(i, _)| is_asked(view, *i, on, known_on))
        .filter_map(|(i, cell)| {
            let rate = |a: &Averages| a.cells[i].as_ref().ok().map(winset_law::AppliedRate::total);
            Some(Line {
                cell: i,
                value: cell.value / 1e9,
                rate: rate(&now)?,
                other: rate(&then)?,
            })
        })
        .collect();
    let key = |line: &Line| match view.asked("sort") {
        Some("trade") => line.value,
        Some("rate") => line.rate,
        Some("change") => line.change().abs(),
        Some("code") => -(line.cell as f64),
        _ => line.duty(),
    };
    lines.sort_by(|a, b| key(b).total_cmp(&key(a)).then(a.cell.cmp(&b.cell)));
    let sum = |of: fn(&Line) -> f64| lines.iter().map(of).sum::<f64>();
    let (trade, duty, change) = (sum(|l| l.value), sum(Line::duty), sum(Line::change));
    let year = view.bench.desk.bench.trade_year();
    Ok(html! {
        div #lines {
            p.note role="status" {
                (lang.count(lines.len() as f64)) (lang.of(format!(" lines · trade of {year} "), format!("品目・{year}年貿易額 "))) (lang.amount(trade)) " · " (lang.of("duty ", "関税 ")) (lang.amount(duty))
                " · " (lang.of("change ", "変化 ")) (lang.bn(change)) " " (lang.unit()) (lang.of(" a year", "／年"))
                @if lines.len() > LISTED { (lang.of(" · the first ", "・上位")) (LISTED) (lang.of(" are listed", "件を表示")) }
            }
            div.lines {
                div.line.head aria-hidden="true" {
                    span { (lang.of("line", "品目")) } span.num { (lang.of("trade", "貿易額")) } span.num { (lang.of("rate", "税率")) }
                    span.num { (lang.of("compared", "比較")) } span.num { (lang.of("duty", "関税額")) } span.num { (lang.of("change", "変化")) }
                }
                @for line in lines.iter().take(LISTED) {
                    @let goods = cells[line.cell].goods;
                    details {
                        summary.line {
                            span { code { (goods) } " " (words(view, &goods.plain())) }
                            span.num { (lang.amount(line.value)) } span.num { (lang.pct(line.rate)) } span.num { (lang.pct(line.other)) }
                            span.num { (lang.amount(line.duty())) }
                            span class=(if line.change() > 0.004 { "num down" } else if line.change() < -0.004 { "num up" } else { "num" }) { (lang.bn(line.change())) }
                        }
                        div.trace hx-get=(format!("/goods/trace?cell={}&on={on}&known={known_on}", line.cell)) hx-trigger="toggle from:closest details once" { "…" }
                    }
                }
            }
        }
    })
}

/// Everything that was looked at for a line.
pub(super) fn trace(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let (on, known_on) = dates(view)?;
    let cell = view
        .asked("cell")
        .and_then(|text| text.parse::<usize>().ok());
    let all = view.bench.desk.bench.ours.trade().cells().len();
    let Some(cell) = cell.filter(|cell| *cell < all) else {
        return Err(StudyError::Missing(
            lang.of("There is no such line.", "その品目はありません。")
                .to_owned(),
        ));
    };
    let found = assess(view, cell, on, known_on)?;
    let (near, far): (Vec<_>, Vec<_>) = found
        .trace
        .iter()
        .partition(|step| !matches!(step.because, Reason::OtherGoods | Reason::OtherOrigin));
    Ok(html! {
        table {
            caption { (lang.of("Owed on 100 USD", "100ドルに対する税額")) }
            thead { tr {
                th scope="col" { (lang.of("measure", "措置")) } th scope="col" { (lang.of("heading", "番号")) } th scope="col" { (lang.of("rate", "税率")) }
                th scope="col" { (lang.of("authority", "根拠")) } th.num scope="col" { (lang.of("USD", "ドル")) }
            } }
            tbody { @for c in &found.components {
                tr { td { (c.measure) } td { (c.heading.as_deref().unwrap_or("")) } td { (c.rate) } td { (authority(view, &c.authority)) } td.num { (format!("{:.2}", c.amount.to_f64().unwrap_or(f64::NAN))) } }
            } }
        }
        table {
            caption { (lang.of("Looked at", "検討した措置")) }
            thead { tr {
                th scope="col" { (lang.of("measure", "措置")) } th scope="col" { (lang.of("applied", "適用")) }
                th scope="col" { (lang.of("because", "理由")) } th scope="col" { (lang.of("source", "出典")) }
            } }
            tbody {
                @for step in &near { tr { td { (step.measure) } td { (if step.applied { lang.of("yes", "あり") } else { lang.of("no", "なし") }) } td { (law::words::reason(&step.because, lang)) } td { (step.source) } } }
                @if !far.is_empty() { tr { td colspan="4" { (far.len()) (lang.of(" more measures do not cover these goods or this origin.", "件の措置はこの品目または原産国に及ばない。")) } } }
            }
        }
        @if !found.needs.is_empty() {
            p.note { (lang.of("Would need to know: ", "確認が必要な事項：")) @for need in &found.needs { (law::words::of(&need.question, lang)) " " } }
        }
    })
}

/// Choices of a select box: value, words.
fn select(name: &str, words: &str, any: &str, rows: &[(String, String)]) -> Markup {
    html! {
        label { span { (words) } select name=(name) { option value="" { (any) } @for (value, words) in rows { option value=(value) { (words) } } } }
    }
}

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let bench = &view.bench.desk.bench;
    let (as_of, year) = (bench.dossier.as_of, bench.trade_year());
    let after = bench.day(&bench.dossier.head.clock.after)?;
    let cells = bench.ours.trade().cells();
    let mut chapters: BTreeMap<String, String> = BTreeMap::new();
    let mut sectors: BTreeMap<String, String> = BTreeMap::new();
    for (i, cell) in cells.iter().enumerate() {
        let chapter = format!("{:02}", cell.goods.chapter());
        chapters
            .entry(chapter)
            .or_insert_with_key(|c| format!("{c} {}", labels::goods(c, lang)));
        if let Some((_, sector)) = bench.ours.place(i) {
            sectors
                .entry(sector.to_owned())
                .or_insert_with(|| labels::sector(sector, lang).to_owned());
        }
    }
    let rows = |map: BTreeMap<String, String>| map.into_iter().collect::<Vec<_>>();
    let mut authorities: Vec<(String, String)> = averages(view, as_of, as_of)?
        .duty_by_authority
        .keys()
        .map(|name| (name.to_string(), authority(view, name).to_owned()))
        .collect();
    authorities.sort();
    let any = lang.of("all", "すべて");
    let sorts = [
        ("duty", lang.of("duty paid", "関税額")),
        ("change", lang.of("change", "変化")),
        ("trade", lang.of("trade", "貿易額")),
        ("rate", lang.of("rate", "税率")),
        ("code", lang.of("code", "番号順")),
    ];
    Ok(html! {
        form.filters hx-get="/goods/list" hx-target="#lines" hx-swap="outerHTML" hx-trigger="load, input delay:150ms, change" hx-sync="this:replace" {
            input type="hidden" name="p" value=(view.code());
            label.grow { span { (lang.of("Code or words", "番号または語句")) } input #search type="search" name="q" autocomplete="off"; }
            (select("chapter", lang.of("Chapter", "類"), any, &rows(chapters)))
            (select("sector", lang.of("Sector", "産業"), any, &rows(sectors)))
            (select("authority", lang.of("Authority", "根拠法令"), any, &authorities))
            label { span { (lang.of("Sort by", "並べ替え")) } select name="sort" { @for (value, words) in sorts { option value=(value) { (words) } } } }
            label { span { (lang.of("Date of entry", "輸入日")) } input type="date" name="on" value=(as_of); }
            label { span { (lang.of("Law known on", "法令の公布日")) } input type="date" name="known" value=(as_of); }
            label { span { (lang.of("Compare with", "比較対象")) } select name="with" {
                option value="day" { (lang.of("another day", "別の日")) } option value="package" { (lang.of("the package on the table", "検討中のパッケージ")) }
            } }
            label { span { (lang.of("That day", "その日")) } input type="date" name="and" value=(after); }
        }
        @if view.app.descriptions.is_empty() {
            p.note { (lang.of(
                "Words are searched in our own short labels. Start with --descriptions FILE, a schedule as the USITC exports it, to search the official descriptions.",
                "語句は当方の短い名称から検索します。公式品名から検索するには、USITCの税率表を --descriptions FILE で指定してください。",
            )) }
        }
        p.note { (lang.of("Money in ", "金額は")) (lang.unit()) (lang.of(format!(" a year on the trade of {year}. Open a line for its trace."), format!("／年（{year}年の貿易額）。行を開くと判断の経過を表示します。"))) }
        div #lines {}
    })
}
