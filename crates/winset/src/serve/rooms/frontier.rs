//! Room 5: what can be had, what can be signed and ratified, and where the solutions lie.

use maud::{Markup, PreEscaped, html};
use winset_talks::{Package, Point, Solution};

use super::super::shell;
use super::super::workbench::write_code;
use super::View;
use crate::brief::{self, Bargain};
use crate::chart;
use crate::study::StudyError;

/// How many packages of a frontier are drawn and listed.
const DRAWN: usize = 60;

/// A package of the frontier: its code and both gains.
struct Spot {
    code: String,
    ours: f64,
    theirs: f64,
}

fn spot(point: &Point) -> Option<Spot> {
    let package: &Package = point.packages.first()?;
    Some(Spot {
        code: write_code(package.options()),
        ours: point.payoffs[0],
        theirs: point.payoffs[1],
    })
}

fn drawn(points: &[Point]) -> Vec<Spot> {
    brief::thin(points, DRAWN).filter_map(spot).collect()
}

/// The options of a package that differ from no deal, in words.
fn words(view: &View, code: &str) -> String {
    let issues = &view.bench.desk.bench.dossier.issues.issue;
    let moved: Vec<String> = issues
        .iter()
        .zip(code.chars().filter_map(|c| c.to_digit(36)))
        .filter(|(_, o)| *o > 0)
        .map(|(issue, o)| {
            let option = &issue.option[o as usize];
            view.lang
                .titled(issue.title.of(view.lang), option.title.of(view.lang))
        })
        .collect();
    if moved.is_empty() {
        view.lang.of("no deal", "合意なし").to_owned()
    } else {
        moved.join(" · ")
    }
}

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let desk = &view.bench.desk;
    let asked = view.asked("account").unwrap_or("belief");
    let k = desk
        .tables
        .iter()
        .position(|table| table.name == asked)
        .unwrap_or(1);
    let (table, answer) = (&desk.tables[k], &view.bench.answers[k]);
    let packages = &view.brief().packages;
    let spots = drawn(&answer.win_set_frontier);
    let marked: Vec<(Bargain, Spot, &Solution)> = Bargain::ALL
        .into_iter()
        .filter_map(|bargain| {
            let solution = bargain.of(answer);
            Some((bargain, spot(solution.points.first()?)?, solution))
        })
        .collect();
    let here = {
        let package = Package::from(view.package.clone());
        let why = table.talks.why(&package)?;
        (why.payoffs[0], why.payoffs[1])
    };
    let average = k == 1;
    let [ours, theirs] = view.sides();
    let svg = chart::frontier(&chart::Gains {
        sides: [ours, theirs],
        lang,
        cloud: if average {
            packages.cloud.iter().map(|c| (c.ours, c.theirs)).collect()
        } else {
            Vec::new()
        },
        all: if average {
            packages
                .frontier_all
                .iter()
                .map(|r| (r.ours, r.theirs))
                .collect()
        } else {
            Vec::new()
        },
        win_set: spots
            .iter()
            .map(|s| chart::Mark {
                ours: s.ours,
                theirs: s.theirs,
                says: format!(
                    "{} / {}: {}",
                    lang.bn(s.ours),
                    lang.bn(s.theirs),
                    words(view, &s.code)
                ),
                link: shell::link("/table", &s.code),
            })
            .collect(),
        solutions: marked
            .iter()
            .map(|(bargain, s, _)| (bargain.name(lang).to_owned(), s.ours, s.theirs))
            .collect(),
        here: Some(here),
    });
    let count = |n: f64| lang.count(n);
    let account = packages.accounts.get(k);
    Ok(html! {
        form.accounts method="get" action="/frontier" data-submit {
            input type="hidden" name="p" value=(view.code());
            fieldset { legend { (lang.of("What they want", "相手の狙い")) }
                div.segments { @for table in &desk.tables {
                    label { input type="radio" name="account" value=(table.name) checked[table.name == desk.tables[k].name]; span { (table.title.of(lang)) } }
                } }
            }
            noscript { button { (lang.of("Show", "表示")) } }
        }
        figure.chart { (PreEscaped(svg)) figcaption { (lang.of(
            "Both gains against no deal, bn USD a year. A point of the win-set opens on the table; the ring is the package that is there now.",
            "双方の利得（合意なし比、億ドル／年）。ウィンセットの点を選ぶとテーブルに載ります。輪は現在のパッケージです。",
        )) } }
        @if let Some(a) = account {
            p { (count(a.packages)) (lang.of(" packages; ", "件のパッケージ；")) (count(a.inside_mandates)) (lang.of(" inside both mandates; ", "件が双方の権限内；")) (count(a.ratified)) (lang.of(" of them ratified; ", "件が批准可能；")) strong { (count(a.win_set)) (lang.of(" in the win-set.", "件がウィンセット。")) } }
        }
        @if spots.is_empty() { p.failed { (lang.of("No zone of agreement under this account.", "この想定では合意可能領域がありません。")) } }
        h2 { (lang.of("Solutions", "解")) }
        div.wide { table {
            thead { tr { th scope="col" { (lang.of("solution", "解")) } th.num scope="col" { (ours) } th.num scope="col" { (theirs) } th scope="col" { (lang.of("definition", "定義")) } } }
            tbody { @for (bargain, s, solution) in &marked { tr {
                th scope="row" { a href=(shell::link("/table", &s.code)) { (bargain.name(lang)) } @if solution.points.len() > 1 { span.sub { (solution.points.len()) (lang.of(" tie", "件同点")) } } }
                td.num { (lang.bn(s.ours)) } td.num { (lang.bn(s.theirs)) } td { (bargain.definition(solution, lang)) }
            } } }
        } }
        details { summary { (lang.of("The frontier of the win-set as a list", "ウィンセットのフロンティア一覧")) }
            div.wide { table {
                thead { tr { th.num scope="col" { (ours) } th.num scope="col" { (theirs) } th scope="col" { (lang.of("package", "パッケージ")) } } }
                tbody { @for s in &spots { tr { td.num { (lang.bn(s.ours)) } td.num { (lang.bn(s.theirs)) } td { a href=(shell::link("/table", &s.code)) { (words(view, &s.code)) } } } } }
            } }
        }
    })
}
