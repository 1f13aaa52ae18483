//! Every chart, as SVG. Nothing outside this file names the plotting library.

use kuva::plot::annotations::{ReferenceLine, ShadedRegion, TextAnnotation};
use kuva::prelude::{
    BarPlot, DateTimeAxis, Layout, LegendPosition, LinePlot, MarkerShape, Plot, ScatterPlot,
    StackedAreaPlot, Theme, TickFormat, render_to_svg, ymd,
};

/// Colours: quiet, apart in print and for the colour-blind (Okabe & Ito).
const BLUE: &str = "#0072B2";
const ORANGE: &str = "#D55E00";
const GREEN: &str = "#009E73";
const PINK: &str = "#CC79A7";
const SKY: &str = "#56B4E9";
const GREY: &str = "#9aa3ad";
const SERIES: [&str; 6] = [GREY, ORANGE, BLUE, SKY, GREEN, PINK];

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
        out.push_str(&format!("clip-{title}-{place}{rest}"));
    }
    out
}

/// Finishes a chart: scales with the page, and says what it shows to those who cannot see it.
fn finish(plots: Vec<Plot>, layout: Layout, title: &str) -> String {
    let svg = name_clips(&render_to_svg(plots, layout), title);
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
            .with_legend(name.clone());
    }
    let area = area.with_legend_position(LegendPosition::OutsideBottomColumns);
    let highest = top.iter().copied().fold(0.0, f64::max);
    let plots: Vec<Plot> = vec![Plot::StackedArea(area)];
    let mut layout = layout(&plots, 900.0, 380.0)
        .with_y_label("% of value")
        .with_x_datetime(DateTimeAxis::months("%b %Y"))
        .with_y_axis_min(0.0)
        .with_y_axis_max((highest / 5.0).ceil() * 5.0 + 5.0)
        .with_y_tick_format(TickFormat::Integer)
        .with_legend_position(LegendPosition::OutsideBottomColumns);
    for (k, (day, label)) in steps.marks.iter().enumerate() {
        layout = layout
            .with_reference_line(
                ReferenceLine::vertical(x_of(day))
                    .with_color("#222a33")
                    .with_dasharray("5 4"),
            )
            .with_annotation(
                TextAnnotation::new(label.clone(), x_of(day), highest + 3.6 - 2.0 * k as f64)
                    .with_font_size(12)
                    .with_color("#222a33"),
            );
    }
    finish(
        plots,
        layout,
        "Applied rate on our goods over time, by authority",
    )
}

/// Two sides' numbers by category, as horizontal bars.
pub fn pairs(title: &str, unit: &str, sides: [&str; 2], rows: &[(String, f64, f64)]) -> String {
    let mut plot = BarPlot::new().with_horizontal(true).with_width(0.75);
    for (label, ours, theirs) in rows.iter().rev() {
        plot = plot.with_group(label.clone(), vec![(*theirs, ORANGE), (*ours, BLUE)]);
    }
    let plots: Vec<Plot> = vec![plot.with_legend(vec![sides[1], sides[0]]).into()];
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

/// Packages by both sides' gains.
pub struct Gains<'a> {
    /// Names of the sides: horizontal, vertical.
    pub sides: [&'a str; 2],
    /// All packages, thinned.
    pub cloud: Vec<(f64, f64)>,
    /// The frontier of all packages.
    pub all: Vec<(f64, f64)>,
    /// The frontier of the win-set.
    pub win_set: Vec<(f64, f64)>,
    /// Solutions: name, gains.
    pub solutions: Vec<(String, f64, f64)>,
}

/// The frontier: what can be had, what can be signed and ratified, and the solutions.
pub fn frontier(g: &Gains<'_>) -> String {
    // What matters lies near no deal: the far tail that one side would never sign is cut.
    let named: Vec<(f64, f64)> = g
        .solutions
        .iter()
        .map(|(_, ours, theirs)| (*ours, *theirs))
        .collect();
    let best =
        |points: &[(f64, f64)], f: fn(&(f64, f64)) -> f64| points.iter().map(f).fold(1.0, f64::max);
    let high = |f: fn(&(f64, f64)) -> f64| {
        let signed = best(&g.win_set, f).max(best(&named, f));
        best(&g.all, f).clamp(signed, 3.0 * signed)
    };
    let (x, y) = (high(|p| p.0), high(|p| p.1));
    let (left, right, bottom, top) = (-0.4 * x, 1.1 * x, -0.6 * y, 1.15 * y);
    let inside = |p: &(f64, f64)| p.0 >= left && p.0 <= right && p.1 >= bottom && p.1 <= top;
    let keep = |points: &[(f64, f64)]| points.iter().copied().filter(inside).collect::<Vec<_>>();

    let scatter = |points: Vec<(f64, f64)>, colour: &str, size: f64, legend: &str| {
        ScatterPlot::new()
            .with_data(points)
            .with_color(colour)
            .with_size(size)
            .with_legend(legend)
    };
    let mut plots: Vec<Plot> = vec![
        scatter(keep(&g.cloud), "#c9d1d9", 1.8, "all packages (thinned)").into(),
        LinePlot::new()
            .with_data(keep(&g.all))
            .with_color(GREY)
            .with_stroke_width(1.5)
            .with_legend("frontier, mandates and ratifiers left aside")
            .into(),
        scatter(
            keep(&g.win_set),
            BLUE,
            4.5,
            "frontier of the win-set, solved exactly",
        )
        .into(),
    ];
    let marks = [
        (ORANGE, MarkerShape::Diamond),
        (GREEN, MarkerShape::Triangle),
        (PINK, MarkerShape::Square),
        (SKY, MarkerShape::Star),
    ];
    for ((name, ours, theirs), (colour, shape)) in g.solutions.iter().zip(marks.iter().cycle()) {
        plots.push(
            scatter(vec![(*ours, *theirs)], colour, 8.0, name)
                .with_marker(*shape)
                .into(),
        );
    }
    plots.push(
        scatter(vec![(0.0, 0.0)], "#222a33", 7.0, "no deal")
            .with_marker(MarkerShape::Plus)
            .into(),
    );
    let layout = layout(&plots, 900.0, 520.0)
        .with_x_label(format!(
            "{}: gain against no deal, bn USD a year",
            g.sides[0]
        ))
        .with_y_label(format!(
            "{}: gain against no deal, bn USD a year",
            g.sides[1]
        ))
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
        .with_legend_position(LegendPosition::OutsideBottomColumns);
    finish(
        plots,
        layout,
        "Both sides' gains from every package against no deal",
    )
}

/// Price against worth of each chip.
pub fn chips(title: &str, points: &[(String, f64, f64, bool)]) -> String {
    let side = |blocked: bool| points.iter().filter(move |p| p.3 == blocked);
    let scatter = |blocked: bool, colour: &str, legend: &str| -> Plot {
        ScatterPlot::new()
            .with_data(side(blocked).map(|p| (p.1, p.2)).collect::<Vec<_>>())
            .with_color(colour)
            .with_size(6.0)
            .with_labels(side(blocked).map(|p| p.0.clone()).collect::<Vec<_>>())
            .with_repel_labels()
            .with_legend(legend)
            .into()
    };
    let mut plots = Vec::new();
    for (blocked, colour, legend) in [
        (false, BLUE, "ours to give"),
        (true, ORANGE, "stopped at home"),
    ] {
        if side(blocked).next().is_some() {
            plots.push(scatter(blocked, colour, legend));
        }
    }
    let layout = layout(&plots, 900.0, 460.0)
        .with_x_label("price to us: objective lost, bn USD a year")
        .with_y_label("worth to them, bn USD a year")
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
