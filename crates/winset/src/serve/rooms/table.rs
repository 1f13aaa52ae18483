//! Room 4, the table: a package moved option by option, and what follows for both sides and at home.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use winset_talks::Package;

use super::super::app::{App, Study};
use super::super::place::{Saving, version};
use super::super::workbench::{Exact, in_language, read_code, write_code};
use super::super::{guard, saved, shell};
use super::{View, signed};
use crate::brief::{Limit, Proposal, SectorMove};
use crate::lang::Lang;
use crate::study::StudyError;

/// How a ratifier stands to a package: the limit with the least margin decides.
struct Vote<'a> {
    limit: &'a Limit,
    margin: f64,
}

/// The votes on one side or both, in the order of the dossier.
fn votes(package: &Proposal) -> Vec<Vote<'_>> {
    let mut out: Vec<Vote<'_>> = Vec::new();
    for limit in &package.limits {
        let margin = limit.value - limit.at_least;
        match out.iter_mut().find(|v| v.limit.ratifier == limit.ratifier) {
            Some(vote) if margin < vote.margin => *vote = Vote { limit, margin },
            Some(_) => {}
            None => out.push(Vote { limit, margin }),
        }
    }
    out
}

/// A gain as a bar from the middle: 0 to 100 where 50 is no deal. The scale is that of the frontier.
fn bar(gain: f64, most: f64) -> (f64, f64) {
    let reach = 50.0 * (gain.abs() / most).min(1.0);
    if gain < 0.0 {
        (50.0 - reach, reach)
    } else {
        (50.0, reach)
    }
}

fn most(view: &View) -> f64 {
    let frontier = &view.brief().packages.frontier_all;
    let highest = frontier
        .iter()
        .flat_map(|p| [p.ours, p.theirs])
        .fold(1.0_f64, f64::max);
    highest.min(40.0)
}

fn gains(view: &View, p: &Proposal) -> Markup {
    let lang = view.lang;
    let most = most(view);
    let hypotheses = &view.brief().packages.hypotheses;
    let (low, high) = p
        .theirs_by_hypothesis
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| {
            (l.min(*x), h.max(*x))
        });
    html! {
        div.gains {
            @for (side, gain) in view.sides().iter().zip([&p.ours, &p.theirs]) {
                @let (from, width) = bar(gain.gain(), most);
                div.gain {
                    span.side { (side) }
                    b class=(if gain.gain() >= 0.0 { "up" } else { "down" }) { (lang.bn(gain.gain())) }
                    svg.bar viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
                        rect.under width="100" height="8" {}
                        rect class=(if gain.gain() >= 0.0 { "gain-up" } else { "gain-down" }) x=(format!("{from:.2}")) width=(format!("{width:.2}")) height="8" {}
                        line x1="50" x2="50" y1="0" y2="8" {}
                    }
                    span.sub { (lang.of("real income ", "実質所得 ")) (lang.bn(gain.ev)) }
                }
            }
        }
        p.note { (lang.of("Gain against no deal, ", "合意なしと比べた利得、")) (lang.unit()) (lang.of(" a year; theirs is the average over what we believe, from ", "／年。相手側は信念による平均、仮説により ")) (lang.bn(low)) (lang.of(" to ", "～")) (lang.bn(high)) (lang.of(".", "。")) }
        details.hypotheses { summary { (lang.of("Theirs under each hypothesis", "仮説ごとの相手の利得")) }
            table.small { tbody { @for ((title, gain), probability) in hypotheses.iter().zip(&p.theirs_by_hypothesis).zip(&view.brief().packages.probabilities) {
                tr { th scope="row" { (title) } td.num { (lang.chance(*probability)) } (signed(*gain, &lang.bn(*gain))) }
            } } }
        }
    }
}

fn ratifiers(view: &View, p: &Proposal) -> Markup {
    let lang = view.lang;
    html! {
        h2 { (lang.of("At home, and over there", "双方の国内承認")) }
        ul.votes { @for vote in votes(p) {
            @let l = vote.limit;
            @let (class, word) = if !l.asked { ("idle", lang.of("not asked", "対象外")) } else if vote.margin >= 0.0 { ("yes", lang.of("yes", "賛成")) } else { ("no", lang.of("no", "反対")) };
            li class=(class) {
                b.vote { (word) }
                span { (l.ratifier) " " small { (side_of(view, &l.party)) " · " (kind(lang, &l.kind)) }
                    @if l.asked { span.sub { (lang.of("“", "「")) (l.what) (lang.of("” ", "」")) (l.shown(lang, l.value)) " / " (l.shown(lang, l.at_least)) (lang.of(", margin ", "、余裕 ")) (l.shown(lang, vote.margin)) } }
                }
            }
        } }
    }
}

fn side_of<'a>(view: &'a View, party: &'a str) -> &'a str {
    let head = &view.bench.desk.bench.dossier.head;
    let [ours, theirs] = view.sides();
    if party == head.ours.get_ref() {
        ours
    } else if party == head.theirs.get_ref() {
        theirs
    } else {
        party
    }
}

fn kind(lang: Lang, kind: &str) -> &str {
    match kind {
        "veto" => lang.of("veto", "拒否権"),
        "objection" => lang.of("objection", "異議"),
        other => other,
    }
}

fn moved(lang: Lang, title: &str, sectors: &[SectorMove]) -> Markup {
    html! {
        table.small {
            caption { (title) }
            tbody {
                @for s in sectors { tr { th scope="row" { (s.label) } (signed(s.busd, &lang.bn(s.busd))) td.num { (lang.change(s.pct)) } } }
                @if sectors.is_empty() { tr { td { (lang.of("no sector moves", "変化なし")) } } }
            }
        }
    }
}

/// Everything that follows from a package. `sectors` are there once it was solved exactly.
fn follows(
    view: &View,
    p: &Proposal,
    sectors: Option<&[Vec<SectorMove>; 2]>,
) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let code = view.code();
    let exact = sectors.is_some();
    let why = view
        .bench
        .desk
        .average()
        .talks
        .why(&Package::from(view.package.clone()))?;
    let both = p.ours.gain() >= 0.0 && p.theirs.gain() >= 0.0;
    let inside = why.outside_mandates.is_empty();
    let signed_and_ratified = both && inside && p.blocked_by.is_empty();
    let [ours, theirs] = view.sides();
    Ok(html! {
        div #numbers data-code=(code) data-exact=(exact) {
            p class=(if signed_and_ratified { "verdict yes" } else { "verdict no" }) {
                @if signed_and_ratified { (lang.of("In the win-set: both would sign and ratify.", "ウィンセット内：双方が署名・批准できます。")) }
                @else {
                    (lang.of("Not in the win-set: ", "ウィンセット外："))
                    @for m in &why.outside_mandates { (lang.of("outside the mandate of ", "権限外（")) (side_of(view, &m.party)) (lang.of("; ", "）；")) }
                    @if p.ours.gain() < 0.0 { (lang.of("no deal is better for ", "合意なしの方が有利（")) (ours) (lang.of("; ", "）；")) }
                    @if p.theirs.gain() < 0.0 { (lang.of("no deal is better for ", "合意なしの方が有利（")) (theirs) (lang.of("; ", "）；")) }
                    @for b in &p.blocked_by { (b.ratifier) (lang.of(" says no; ", "が反対；")) }
                }
            }
            (gains(view, p))
            table.small {
                tbody {
                    @if let Some(acceptance) = p.acceptance { tr { th scope="row" { (lang.of("they accept, by our belief", "相手が受諾する確率")) } td.num { (lang.chance(acceptance)) } } }
                    tr { th scope="row" { (lang.of("their goods balance with us", "相手の対わが国財収支")) } (signed(p.balance, &lang.bn(p.balance))) }
                    tr { th scope="row" { (lang.of("their tariff revenue", "相手の関税収入")) } (signed(p.revenue, &lang.bn(p.revenue))) }
                    tr { th scope="row" { (lang.of("our budget", "わが国の財政")) } (signed(p.budget, &lang.bn(p.budget))) }
                    @if let Some(contested) = p.ours_if_contested { tr { th scope="row" { (lang.of("ours if their promise stands only as likely as assumed", "相手の約束の持続性を仮定通り割り引いた利得")) } (signed(contested, &lang.bn(contested))) } }
                    tr { th scope="row" { (lang.of("domestic acts", "必要な国内手続")) } td { @if p.acts.is_empty() { (lang.of("none", "なし")) } @else { (lang.join(&p.acts)) } } }
                }
            }
            (ratifiers(view, p))
            @match sectors {
                Some([first, second]) => div.two { (moved(lang, ours, first)) (moved(lang, theirs, second)) },
                None => {}
            }
            @if exact && !signed_and_ratified { (repair(view)?) }
            @for w in &p.warnings { p.note { (w) } }
            p.mark {
                @if exact { (lang.of("Solved exactly.", "厳密解です。")) }
                @else {
                    span.busy hx-get=(format!("/table/exact?p={code}")) hx-trigger="load" hx-target="#numbers" hx-swap="outerHTML" {
                        (lang.of("From the tables of options and pairs; the exact solve follows.", "選択肢と組合せの表による値。厳密解を計算中です。"))
                    }
                }
            }
        }
    })
}

/// The cheapest change that gets the package into the win-set.
fn repair(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let package = Package::from(view.package.clone());
    let found = view
        .bench
        .desk
        .average()
        .talks
        .cheapest_repair(&package, 0)?;
    let issues = &view.bench.desk.bench.dossier.issues.issue;
    Ok(html! {
        div.repair {
            h2 { (lang.of("The cheapest change that gets their yes", "承認を得る最小の変更")) }
            @match found.first() {
                None => p { (lang.of("No package can be signed and ratified: the win-set is empty.", "署名・批准できるパッケージはありません。")) },
                Some(repair) => {
                    ul { @for ((issue, from), to) in issues.iter().zip(&view.package).zip(repair.package.options()).filter(|((_, from), to)| from != to) {
                        li { (issue.title.of(lang)) (lang.of(": ", "：")) s { (issue.option[usize::from(*from)].title.of(lang)) } " → " (issue.option[usize::from(*to)].title.of(lang)) }
                    } }
                    a.button href=(shell::link("/table", &write_code(repair.package.options()))) { (lang.of("Put it on the table", "テーブルに載せる")) }
                }
            }
        }
    })
}

/// Both gains in one line, for a screen too narrow to hold options and numbers side by side. `swapped` where it
/// takes the place of the one on the page.
fn strip(view: &View, p: &Proposal, swapped: bool) -> Markup {
    let lang = view.lang;
    html! {
        div #strip.strip aria-hidden="true" hx-swap-oob=[swapped.then_some("true")] {
            @for (side, gain) in view.sides().iter().zip([&p.ours, &p.theirs]) {
                span { (side) " " b class=(if gain.gain() >= 0.0 { "up" } else { "down" }) { (lang.bn(gain.gain())) } }
            }
            @if !p.blocked_by.is_empty() { span.down { (p.blocked_by.len()) (lang.of(" say no", "者が反対")) } }
        }
    }
}

/// Numbers at once, by the tables.
pub(super) fn numbers(view: &View) -> Result<Markup, StudyError> {
    let package = view.bench.by_tables(&view.package, view.lang)?;
    let follows = follows(view, &package, None)?;
    Ok(html! { (follows) (strip(view, &package, true)) })
}

/// Numbers of the exact solve.
pub(super) fn exact(view: &View) -> Result<Markup, StudyError> {
    let solved = view.bench.exact(&view.package)?;
    let solved = in_language(&solved, view.lang);
    let follows = follows(view, &solved.package, Some(&solved.sectors))?;
    Ok(html! { (follows) (strip(view, &solved.package, true)) })
}

/// Packages held as A, B and C beside one another.
pub(super) fn compare(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let sizes = view.bench.sizes();
    let held: Vec<(&str, Vec<u16>)> = ["a", "b", "c"]
        .into_iter()
        .filter_map(|slot| Some((slot, read_code(view.asked(slot)?, &sizes)?)))
        .collect();
    let solved = held
        .iter()
        .map(|(_, package)| view.bench.exact(package))
        .collect::<Result<Vec<_>, _>>()?;
    let solved: Vec<&Exact> = solved.iter().map(|s| in_language(s, lang)).collect();
    let issues = &view.bench.desk.bench.dossier.issues.issue;
    let [ours, theirs] = view.sides();
    let row = |words: &str, of: &dyn Fn(&Proposal) -> f64| {
        html! { tr { th scope="row" { (words) } @for s in &solved { @let x = of(&s.package); (signed(x, &lang.bn(x))) } } }
    };
    Ok(html! {
        @if held.is_empty() { p.note { (lang.of("Hold a package as A, B or C to compare.", "A・B・Cに保持すると比較できます。")) } }
        @else {
            div.wide { table {
                thead { tr { th scope="col" { (lang.unit()) (lang.of(" a year", "／年")) } @for (slot, package) in &held { th.num scope="col" { a href=(shell::link("/table", &write_code(package))) { (slot.to_uppercase()) } } } } }
                tbody {
                    (row(ours, &|p| p.ours.gain()))
                    (row(theirs, &|p| p.theirs.gain()))
                    (row(lang.of("their goods balance with us", "相手の対わが国財収支"), &|p| p.balance))
                    (row(lang.of("our budget", "わが国の財政"), &|p| p.budget))
                    tr { th scope="row" { (lang.of("they accept", "受諾確率")) } @for s in &solved { td.num { @if let Some(x) = s.package.acceptance { (lang.chance(x)) } } } }
                    tr { th scope="row" { (lang.of("stopped by", "反対")) } @for s in &solved { td.num { (s.package.blocked_by.len()) } } }
                    @for (i, issue) in issues.iter().enumerate() {
                        @if held.iter().any(|(_, p)| p[i] != held[0].1[i]) {
                            tr { th scope="row" { (issue.title.of(lang)) } @for (_, p) in &held { td { (issue.option[usize::from(p[i])].title.of(lang)) } } }
                        }
                    }
                }
            } }
        }
    })
}

/// The saved packages, and the form that saves this one.
fn saving(view: &View, said: Option<Markup>) -> Markup {
    let lang = view.lang;
    let issues = &view.bench.desk.bench.dossier.issues;
    let text = view.app.place.read(saved::FILE).unwrap_or_default();
    let read = saved::read(&text, issues);
    html! {
        div #saved {
            @if let Some(said) = said { (said) }
            @match &read {
                Err(what) => p.failed role="alert" { (saved::FILE) ": " (what) },
                Ok((packages, strange)) => {
                    @if !packages.is_empty() { ul.saved { @for s in packages { li { a href=(shell::link("/table", &write_code(&s.package))) { (s.name) } } } } }
                    @if !strange.is_empty() { p.note { (lang.of("Not of this dossier's issues: ", "この案件の論点に合わないもの：")) (strange.join(", ")) } }
                    @if view.app.is_read_only() {
                        p.note { (lang.of("Nothing can be saved here. `winset init DIR` makes a dossier of your own.", "ここには保存できません。`winset init DIR` で自分の案件を作成してください。")) }
                    } @else {
                        form.save hx-post="/table/save" hx-target="#saved" hx-swap="outerHTML" {
                            input type="hidden" name="p" value=(view.code()) data-package;
                            input type="hidden" name="version" value=(version(&text));
                            label { span { (lang.of("Name", "名称")) } input name="name" required maxlength="60" autocomplete="off"; }
                            button { (lang.of("Save into the dossier", "案件に保存")) }
                        }
                    }
                }
            }
        }
    }
}

/// What is posted to save a package.
#[derive(Deserialize)]
pub(super) struct ToSave {
    p: String,
    name: String,
    version: String,
}

/// Saves the package on the table into the dossier's `packages.toml`.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(asked): Form<ToSave>,
) -> Response {
    let lang = guard::language(&headers, app.settings.lang);
    if app.is_read_only() {
        return shell::refusal(
            StatusCode::FORBIDDEN,
            lang,
            "Nothing can be saved here.",
            "ここには保存できません。",
        );
    }
    let Ok(files) = app.place.files() else {
        return shell::refusal(
            StatusCode::CONFLICT,
            lang,
            "The dossier cannot be read.",
            "案件を読み込めません。",
        );
    };
    // Saving needs the issues alone, not the numbers.
    let issues = files
        .get("issues.toml")
        .map_err(winset_io::Problems::from)
        .and_then(|source| winset_io::parse_toml(source).map_err(winset_io::Problems::from));
    let issues: crate::dossier::format::IssuesFile = match issues {
        Ok(issues) => issues,
        Err(problems) => {
            let body = shell::failed(lang, &problems.to_string());
            return (StatusCode::CONFLICT, Html(body.into_string())).into_response();
        }
    };
    let sizes: Vec<usize> = issues.issue.iter().map(|i| i.option.len()).collect();
    let name = asked.name.trim();
    let package = read_code(&asked.p, &sizes);
    let (Some(package), false) = (package, name.is_empty() || name.chars().count() > 60) else {
        return shell::refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            lang,
            "Give the package a name of at most 60 characters.",
            "60字以内の名称を付けてください。",
        );
    };
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let done = app.place.change(saved::FILE, &asked.version, |text| {
        saved::add(text, name, today, &package, &issues)
    });
    let (status, said) = match done {
        Ok(Saving::Saved) => (
            StatusCode::OK,
            html! { p.done role="status" { (lang.of("Saved: ", "保存しました：")) (name) } },
        ),
        Ok(Saving::Conflict) => (
            StatusCode::CONFLICT,
            html! { p.failed role="alert" { (lang.of(
                "Somebody else has changed packages.toml since this page was shown. Nothing was overwritten; this is how it stands now. Save again to add yours.",
                "この画面の表示後に packages.toml が変更されました。上書きはしていません。以下が現在の内容です。もう一度保存すると追加されます。",
            )) } },
        ),
        Err(error) => {
            let body = shell::failed(lang, &error.to_string());
            return (StatusCode::INTERNAL_SERVER_ERROR, Html(body.into_string())).into_response();
        }
    };
    let body = match app.study() {
        Study::Ready(bench) => {
            let asked = BTreeMap::from([("p".to_owned(), asked.p)]);
            super::view(app, bench, lang, asked).map(|view| saving(&view, Some(said.clone())))
        }
        _ => None,
    };
    (status, Html(body.unwrap_or(said).into_string())).into_response()
}

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let bench = &view.bench.desk.bench;
    let head = &bench.dossier.head;
    let mandates = &bench.dossier.parties.party;
    let barred = |issue: &str, option: &str| {
        mandates
            .iter()
            .find(|party| {
                party.mandate.iter().any(|m| {
                    m.issue.get_ref() == issue && m.not.iter().any(|n| n.get_ref() == option)
                })
            })
            .map(|party| party.title.of(lang))
    };
    let package = view.bench.by_tables(&view.package, view.lang)?;
    Ok(html! {
        div.table-room {
            form #options.options hx-get="/table/numbers" hx-target="#numbers" hx-swap="outerHTML" hx-trigger="change" hx-sync="this:replace" {
                @for (asks, words) in [(head.ours.get_ref(), lang.of("What we ask for", "わが方の要求")), (head.theirs.get_ref(), lang.of("What they ask for", "相手の要求"))] {
                    h2 { (words) }
                    @for (i, issue) in bench.dossier.issues.issue.iter().enumerate().filter(|(_, issue)| issue.asks.get_ref() == asks) {
                        fieldset {
                            legend { (issue.title.of(lang)) }
                            div.segments {
                                @for (o, option) in issue.option.iter().enumerate() {
                                    @let bar = barred(issue.id.get_ref(), option.id.get_ref());
                                    label class=(if bar.is_some() { "barred" } else { "" }) title=[bar.map(|who| format!("{}{who}", lang.of("outside the mandate of ", "権限外：")))] {
                                        input type="radio" name=(format!("o{i}")) value=(char::from_digit(o as u32, 36).unwrap_or('0')) checked[usize::from(view.package[i]) == o];
                                        span { (option.title.of(lang)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            aside.follows {
                div.tools {
                    button type="button" data-do="undo" { (lang.of("Undo", "元に戻す")) kbd { "u" } }
                    @for slot in ["a", "b", "c"] { button type="button" data-hold=(slot) { (lang.of("Hold ", "保持 ")) (slot.to_uppercase()) kbd { (slot) } } }
                    a.button href=(shell::link("/table", &write_code(&vec![0; view.package.len()]))) { (lang.of("No deal", "合意なし")) }
                }
                (follows(view, &package, None)?)
                h2 { (lang.of("Compare", "比較")) }
                div #compare data-src="/table/compare" { p.note { (lang.of("Hold a package as A, B or C to compare.", "A・B・Cに保持すると比較できます。")) } }
                h2 { (lang.of("Saved packages", "保存したパッケージ")) }
                (saving(view, None))
            }
            (strip(view, &package, false))
        }
    })
}
