//! Every chart, as SVG. Nothing outside this file names the plotting library.

use std::fmt::Write as _;

use kuva::plot::annotations::{ReferenceLine, ShadedRegion, TextAnnotation};
use kuva::prelude::{
    BarPlot, DateTimeAxis, Layout, LegendPosition, LinePlot, MarkerShape, Plot, ScatterPlot,
    StackedAreaPlot, Theme, TickFormat, render_to_svg, ymd,
};

use crate::lang::Lang;

/// Colours: quiet, apart in print and for the colour-blind (Okabe & Ito).
const BLUE: &str = "#0072B2";
const ORANGE: &str = "#D55E00";
const GREEN: &str = "#009E73";
const PINK: &str = "#CC79A7";
const SKY: &str = "#56B4E9";
const GREY: &str = "#9aa3ad";
const SERIES: [&str; 6] = [GREY, ORANGE, BLUE, SKY, GREEN, PINK];

/// What the library adds where points have something to say.
const TOOLTIP_STYLE: &str = "<style>g.tt{cursor:pointer;}g.tt:hover>*{opacity:0.75;}</style>";

fn theme() -> Theme {
    Theme {
        background: "none".into(),
        axis_color: "#5b6570".into(),
        grid_color: "#e3e7eb".into(),
        tick_color: "#5b6570".into(),
        text_color: "#222a33".into(),
        legend_bg: "none".into(),
        legend_border: "none".into(),
        ..Theme::light()
    }
}

fn layout(plots: &[Plot], width: f64, height: f64) -> Layout {
    Layout::auto_from_plots(plots)
        .with_theme(theme())
        .with_width(width)
        .with_height(height)
        .with_font_family("system-ui, sans-serif")
        .with_title_size(14)
        .with_label_size(13)
        .with_tick_size(12)
        .with_body_size(12)
}

/// The library numbers its clips over all charts of the process; numbered within a chart named by its title, the
/// same chart is the same text, and charts on one page do not take each other's clips.
fn name_clips(svg: &str, title: &str) -> String {
    let title: String = title
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    let mut parts = svg.split("kuva-clip-");
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut seen: Vec<&str> = Vec::new();
    for part in parts {
        let (number, rest) = part.split_at(part.find(|c: char| !c.is_ascii_digit()).unwrap_or(0));
        let place = seen.iter().position(|n| *n == number).unwrap_or_else(|| {
            seen.push(number);
            seen.len() - 1
        });
        out.extend(["clip-", title.as_str(), "-", &place.to_string(), rest]);
    }
    out
}

/// The library measures a legend by its number of characters; a wide one takes the room of two. What stands at the end
/// of a line is not drawn.
fn legend(name: &str) -> String {
    let wide = name.chars().filter(|c| *c >= '\u{2e80}').count();
    format!("{name}{}", " ".repeat(wide))
}

/// Finishes a chart: scales with the page, and says what it shows to those who cannot see it.
fn finish(plots: Vec<Plot>, layout: Layout, title: &str) -> String {
    // Hovering is the page's own style; a page that allows no style inside takes the chart as it is.
    let svg = render_to_svg(plots, layout).replace(TOOLTIP_STYLE, "");
    let svg = name_clips(&svg, title);
    // The library writes a fixed size in pixels; a view box lets the page choose.
    let start = svg.find("<svg").unwrap_or(0);
    let end = start + svg[start..].find('>').unwrap_or(0);
    let mut tag = svg[start..end].to_owned();
    let mut take = |name: &str| -> Option<String> {
        let from = tag.find(&format!(" {name}=\""))?;
        let value = tag[from + name.len() + 3..].split('"').next()?.to_owned();
        tag.replace_range(from..from + name.len() + 4 + value.len(), "");
        Some(value)
    };
    let mut size = |name, usual: f64| take(name).and_then(|s| s.parse().ok()).unwrap_or(usual);
    let (width, height) = (size("width", 900.0), size("height", 400.0));
    // It leaves too little room below for a legend of three rows.
    let lowest = svg.match_indices("<text").filter_map(|(at, _)| {
        let tag = svg[at..].split('>').next()?;
        let y = tag.split_once(" y=\"")?.1.split('"').next()?;
        y.parse::<f64>().ok()
    });
    let height = lowest.map(|y| (y + 8.0).ceil()).fold(height, f64::max);
    let title = title
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    format!(
        "{tag} viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}\" class=\"chart\"{}",
        &svg[end..]
    )
}

fn x_of(date: &str) -> f64 {
    let mut parts = date.split('-').map(|p| p.parse::<i32>().unwrap_or(1));
    let (y, m, d) = (
        parts.next().unwrap_or(2025),
        parts.next().unwrap_or(1),
        parts.next().unwrap_or(1),
    );
    ymd(y, m.unsigned_abs(), d.unsigned_abs())
}

/// A rate in parts over time: each point holds until the next.
pub struct Steps<'a> {
    /// The language of its words.
    pub lang: Lang,
    /// First day of each step (ISO 8601).
    pub dates: Vec<&'a str>,
    /// Name of each part, and its value at each step, a fraction.
    pub parts: Vec<(String, Vec<f64>)>,
    /// Marked days: day, label.
    pub marks: Vec<(String, String)>,
    /// The last day drawn.
    pub until: String,
}

/// The applied rate over time, by authority.
pub fn timeline(steps: &Steps<'_>) -> String {
    let lang = steps.lang;
    let mut x = Vec::new();
    for (i, date) in steps.dates.iter().enumerate() {
        x.push(x_of(date));
        let next = steps
            .dates
            .get(i + 1)
            .map_or_else(|| x_of(&steps.until), |d| x_of(d));
        x.push(next - 1.0);
    }
    let mut area = StackedAreaPlot::new()
        .with_x(x.clone())
        .with_fill_opacity(0.85)
        .with_stroke_width(0.5);
    let mut top = vec![0.0; x.len()];
    for (k, (name, values)) in steps.parts.iter().enumerate() {
        let y: Vec<f64> = values.iter().flat_map(|v| [100.0 * v, 100.0 * v]).collect();
        for (t, v) in top.iter_mut().zip(&y) {
            *t += v;
        }
        area = area
            .with_series(y)
            .with_color(SERIES[k % SERIES.len()])
            .with_legend(legend(name));
    }
    let area = area.with_legend_position(LegendPosition::OutsideBottomColumns);
    let highest = top.iter().copied().fold(0.0, f64::max);
    let plots: Vec<Plot> = vec![Plot::StackedArea(area)];
    let mut layout = layout(&plots, 900.0, 380.0)
        .with_y_label(lang.of("% of value", "課税価格比（%）"))
        .with_x_datetime(DateTimeAxis::months(lang.of("%b %Y", "%Y/%m")))
        .with_y_axis_min(0.0)
        .with_y_axis_max((highest / 5.0).ceil() * 5.0 + 5.0)
        .with_y_tick_format(TickFormat::Integer)
        .with_legend_position(LegendPosition::OutsideBottomColumns);
    // More months than have room beside one another.
    let first = steps.dates.first().map_or(0.0, |d| x_of(d));
    if x_of(&steps.until) - first > 280.0 * 86_400.0 {
        layout = layout.with_x_tick_rotate(-45.0);
    }
    // A label stands beside its line, on the side that has room; it is centred where it is put.
    let end = x_of(&steps.until);
    // The axis goes on to whole months, so that a pixel is more than the days shown would have it.
    let a_pixel = (end - first) / 640.0;
    let half = |label: &str| {
        let widths = label.chars().map(|c| if c.is_ascii() { 6.5 } else { 12.0 });
        a_pixel * (widths.sum::<f64>() / 2.0 + 5.0)
    };
    for (k, (day, label)) in steps.marks.iter().enumerate() {
        let (x, half) = (x_of(day), half(label));
        let beside = if x + 2.0 * half < end {
            x + half
        } else {
            x - half
        };
        layout = layout
            .with_reference_line(
                ReferenceLine::vertical(x_of(day))
                    .with_color("#222a33")
                    .with_dasharray("5 4"),
            )
            .with_annotation(
                TextAnnotation::new(label.clone(), beside, highest + 3.6 - 2.0 * k as f64)
                    .with_font_size(12)
                    .with_color("#222a33"),
            );
    }
    finish(
        plots,
        layout,
        lang.of(
            "Applied rate on our goods over time, by authority",
            "わが国産品に対する実行税率の推移（根拠法令別）",
        ),
    )
}

/// Two sides' numbers by category, as horizontal bars.
pub fn pairs(title: &str, unit: &str, sides: [&str; 2], rows: &[(String, f64, f64)]) -> String {
    let mut plot = BarPlot::new().with_horizontal(true).with_width(0.75);
    for (label, ours, theirs) in rows.iter().rev() {
        plot = plot.with_group(label.clone(), vec![(*theirs, ORANGE), (*ours, BLUE)]);
    }
    let [ours, theirs] = sides.map(legend);
    let plots: Vec<Plot> = vec![plot.with_legend(vec![&theirs, &ours]).into()];
    let layout = layout(&plots, 900.0, 70.0 + 44.0 * rows.len() as f64)
        .with_x_label(unit)
        .with_legend_position(LegendPosition::OutsideBottomColumns)
        .with_reference_line(
            ReferenceLine::vertical(0.0)
                .with_color("#222a33")
                .with_dasharray("none"),
        );
    finish(plots, layout, title)
}

/// One number by category, as horizontal bars.
pub fn bars(title: &str, unit: &str, rows: &[(String, f64)]) -> String {
    let mut plot = BarPlot::new().with_horizontal(true).with_width(0.7);
    for (label, value) in rows.iter().rev() {
        plot = plot.with_colored_bar(
            label.clone(),
            *value,
            if *value < 0.0 { ORANGE } else { BLUE },
        );
    }
    let plots: Vec<Plot> = vec![plot.into()];
    let layout = layout(&plots, 900.0, 70.0 + 26.0 * rows.len() as f64)
        .with_x_label(unit)
        .with_reference_line(
            ReferenceLine::vertical(0.0)
                .with_color("#222a33")
                .with_dasharray("none"),
        );
    finish(plots, layout, title)
}

/// A package that can be pointed at.
#[derive(Clone, Debug, Default)]
pub struct Mark {
    /// Our gain.
    pub ours: f64,
    /// Theirs.
    pub theirs: f64,
    /// What is said of it when it is pointed at; blank for nothing.
    pub says: String,
    /// Where it leads; blank for nowhere.
    pub link: String,
}

/// Packages by both sides' gains.
pub struct Gains<'a> {
    /// The language of its words.
    pub lang: Lang,
    /// Names of the sides: horizontal, vertical.
    pub sides: [&'a str; 2],
    /// All packages, thinned.
    pub cloud: Vec<(f64, f64)>,
    /// The frontier of all packages.
    pub all: Vec<(f64, f64)>,
    /// The frontier of the win-set.
    pub win_set: Vec<Mark>,
    /// Solutions: name, gains.
    pub solutions: Vec<(String, f64, f64)>,
    /// The package that is looked at now.
    pub here: Option<(f64, f64)>,
}

/// The frontier: what can be had, what can be signed and ratified, and the solutions.
pub fn frontier(g: &Gains<'_>) -> String {
    let lang = g.lang;
    let in_unit = |(ours, theirs): (f64, f64)| (lang.in_unit(ours), lang.in_unit(theirs));
    let of_mark = |m: &Mark| in_unit((m.ours, m.theirs));
    let all: Vec<(f64, f64)> = g.all.iter().copied().map(in_unit).collect();
    let win_set: Vec<(f64, f64)> = g.win_set.iter().map(of_mark).collect();
    // What matters lies near no deal: the far tail that one side would never sign is cut.
    let named: Vec<(f64, f64)> = g
        .solutions
        .iter()
        .map(|(_, ours, theirs)| in_unit((*ours, *theirs)))
        .collect();
    let best = |points: &[(f64, f64)], f: fn(&(f64, f64)) -> f64| {
        points.iter().map(f).fold(lang.in_unit(1.0), f64::max)
    };
    let high = |f: fn(&(f64, f64)) -> f64| {
        let signed = best(&win_set, f).max(best(&named, f));
        best(&all, f).clamp(signed, 3.0 * signed)
    };
    let (x, y) = (high(|p| p.0), high(|p| p.1));
    let (left, right, bottom, top) = (-0.4 * x, 1.1 * x, -0.6 * y, 1.15 * y);
    let inside = |p: &(f64, f64)| p.0 >= left && p.0 <= right && p.1 >= bottom && p.1 <= top;
    let keep = |points: &[(f64, f64)]| points.iter().copied().filter(inside).collect::<Vec<_>>();

    let scatter = |points: Vec<(f64, f64)>, colour: &str, size: f64, name: &str| {
        ScatterPlot::new()
            .with_data(points)
            .with_color(colour)
            .with_size(size)
            .with_legend(legend(name))
    };
    let shown: Vec<&Mark> = g.win_set.iter().filter(|m| inside(&of_mark(m))).collect();
    let mut signed = scatter(
        shown.iter().map(|m| of_mark(m)).collect(),
        BLUE,
        4.5,
        lang.of("frontier of the win-set", "ウィンセットのフロンティア"),
    );
    if shown.iter().any(|m| !m.says.is_empty()) {
        signed = signed.with_tooltip_labels(shown.iter().map(|m| m.says.clone()));
    }
    let mut plots: Vec<Plot> = vec![
        scatter(
            keep(&g.cloud.iter().copied().map(in_unit).collect::<Vec<_>>()),
            "#c9d1d9",
            1.8,
            lang.of("all packages (thinned)", "全パッケージ（間引き）"),
        )
        .into(),
        LinePlot::new()
            .with_data(keep(&all))
            .with_color(GREY)
            .with_stroke_width(1.5)
            .with_legend(legend(lang.of(
                "frontier, mandates and ratifiers left aside",
                "権限・承認を除いたフロンティア",
            )))
            .into(),
    ];
    let marks = [
        (ORANGE, MarkerShape::Diamond),
        (GREEN, MarkerShape::Triangle),
        (PINK, MarkerShape::Square),
        (SKY, MarkerShape::Star),
    ];
    let names = g.solutions.iter().map(|(name, ..)| name);
    for ((name, at), (colour, shape)) in names.zip(&named).zip(marks.iter().cycle()) {
        plots.push(
            scatter(vec![*at], colour, 8.0, name)
                .with_marker(*shape)
                .into(),
        );
    }
    plots.push(
        scatter(
            vec![(0.0, 0.0)],
            "#222a33",
            7.0,
            lang.of("no deal", "合意なし"),
        )
        .with_marker(MarkerShape::Plus)
        .into(),
    );
    if let Some(here) = g.here.map(in_unit).filter(inside) {
        let words = lang.of("on the table", "検討中のパッケージ");
        plots.push(
            scatter(vec![here], "#222a33", 9.0, words)
                .with_marker_opacity(0.0)
                .with_marker_stroke_width(2.5)
                .into(),
        );
    }
    let words = lang.of(
        ": gain against no deal, bn USD a year",
        "：利得（合意なし比、億ドル／年）",
    );
    // On top of everything, for these are what can be pointed at.
    plots.push(signed.into());
    // Two columns of legend, a line for each pair.
    let height = 440.0 + 20.0 * plots.len().div_ceil(2) as f64;
    let layout = layout(&plots, 900.0, height)
        .with_x_label(format!("{}{words}", g.sides[0]))
        .with_y_label(format!("{}{words}", g.sides[1]))
        .with_x_axis_min(left)
        .with_x_axis_max(right)
        .with_y_axis_min(bottom)
        .with_y_axis_max(top)
        .with_clamp_axis()
        .with_shaded_region(
            ShadedRegion::horizontal(0.0, top)
                .with_color(GREEN)
                .with_opacity(0.05),
        )
        .with_shaded_region(
            ShadedRegion::vertical(0.0, right)
                .with_color(GREEN)
                .with_opacity(0.05),
        )
        .with_reference_line(
            ReferenceLine::horizontal(0.0)
                .with_color("#5b6570")
                .with_dasharray("none"),
        )
        .with_reference_line(
            ReferenceLine::vertical(0.0)
                .with_color("#5b6570")
                .with_dasharray("none"),
        )
        .with_legend_position(LegendPosition::OutsideBottomColumns)
        .with_legend_col_limit(2);
    let title = lang.of(
        "Both sides' gains from every package against no deal",
        "全パッケージの双方の利得（合意なし比）",
    );
    let svg = finish(plots, layout, title);
    let links: Vec<&str> = shown.iter().map(|m| m.link.as_str()).collect();
    if links.iter().all(|link| link.is_empty()) {
        return svg;
    }
    // What leads somewhere is no picture but a group of links.
    linked(&svg.replacen("role=\"img\"", "role=\"group\"", 1), &links)
}

/// Puts a link around each point that has something to say, in their order.
fn linked(svg: &str, links: &[&str]) -> String {
    const POINT: &str = "<g class=\"tt\"";
    let mut pieces = svg.split(POINT);
    let mut out = pieces.next().unwrap_or("").to_owned();
    for (piece, link) in pieces.zip(links.iter().copied().chain(std::iter::repeat(""))) {
        let end = piece.find("</g>").map_or(piece.len(), |at| at + 4);
        if link.is_empty() {
            out.push_str(POINT);
            out.push_str(piece);
        } else {
            let link = link.replace('&', "&amp;").replace('"', "&quot;");
            let _ = write!(
                out,
                "<a href=\"{link}\">{POINT}{}</a>{}",
                &piece[..end],
                &piece[end..]
            );
        }
    }
    out
}

/// Price against worth of each chip: name, price and worth in bn USD, whether it is stopped at home.
pub fn chips(lang: Lang, title: &str, points: &[(String, f64, f64, bool)]) -> String {
    let side = |blocked: bool| points.iter().filter(move |p| p.3 == blocked);
    let scatter = |blocked: bool, colour: &str, name: &str| -> Plot {
        ScatterPlot::new()
            .with_data(
                side(blocked)
                    .map(|p| (lang.in_unit(p.1), lang.in_unit(p.2)))
                    .collect::<Vec<_>>(),
            )
            .with_color(colour)
            .with_size(6.0)
            .with_labels(side(blocked).map(|p| p.0.clone()).collect::<Vec<_>>())
            .with_repel_labels()
            .with_legend(legend(name))
            .into()
    };
    let mut plots = Vec::new();
    for (blocked, colour, legend) in [
        (false, BLUE, lang.of("ours to give", "わが方から出せる")),
        (true, ORANGE, lang.of("stopped at home", "国内で反対される")),
    ] {
        if side(blocked).next().is_some() {
            plots.push(scatter(blocked, colour, legend));
        }
    }
    let layout = layout(&plots, 900.0, 460.0)
        .with_x_label(lang.of(
            "price to us: objective lost, bn USD a year",
            "わが方の価格：目的関数の損失（億ドル／年）",
        ))
        .with_y_label(lang.of(
            "worth to them, bn USD a year",
            "相手にとっての価値（億ドル／年）",
        ))
        .with_reference_line(
            ReferenceLine::horizontal(0.0)
                .with_color("#5b6570")
                .with_dasharray("none"),
        )
        .with_reference_line(
            ReferenceLine::vertical(0.0)
                .with_color("#5b6570")
                .with_dasharray("none"),
        )
        .with_legend_position(LegendPosition::OutsideBottomColumns);
    finish(plots, layout, title)
}
