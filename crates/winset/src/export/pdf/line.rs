//! Text into lines: shaped in the embedded fonts and broken where its language breaks.

use std::ops::Range;

use rustybuzz::UnicodeBuffer;

use super::super::font::{Face, Weight};

/// How text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ink {
    /// Regular or bold.
    pub(super) weight: Weight,
    /// Size, points.
    pub(super) size: f32,
    /// Red, green, blue.
    pub(super) colour: [u8; 3],
}

/// One glyph; lengths are in points.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) id: u32,
    pub(super) advance: f32,
    pub(super) offset: [f32; 2],
    /// Its characters in the text of its [`Span`].
    pub(super) text: Range<usize>,
}

/// Glyphs of one face in one ink.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) face: Face,
    pub(super) ink: Ink,
    /// From the left end of the line, points.
    pub(super) x: f32,
    pub(super) text: String,
    pub(super) glyphs: Vec<Glyph>,
}

/// A line.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) spans: Vec<Span>,
    /// Without the spaces at its end, points.
    pub(super) width: f32,
}

/// The smallest piece that is set as one: a character with its marks.
struct Cluster {
    character: char,
    text: String,
    face: Face,
    ink: Ink,
    glyphs: Vec<Glyph>,
    width: f32,
}

/// Characters of which most lines hold one alone: between two of them a line may end.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

/// What must not begin a line (JIS X 4051, the simple part of it).
fn must_not_begin(c: char) -> bool {
    "、。，．・：；？！ー々ゝゞヽヾ゛゜’”）〕］｝〉》」』】ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;?!)]}%°…‰"
        .contains(c)
}

/// What must not end a line.
fn must_not_end(c: char) -> bool {
    "‘“（〔［｛〈《「『【([{¥￥$".contains(c)
}

/// Whether a line may end between two characters.
fn may_break(before: char, after: char) -> bool {
    if after == ' ' || must_not_begin(after) || must_not_end(before) {
        return false;
    }
    match before {
        ' ' => true,
        '-' | '–' | '—' | '/' | '_' | '·' | '…' => !after.is_ascii_digit(),
        _ => is_wide(before) || is_wide(after),
    }
}

/// Shapes text of one ink.
fn shape(text: &str, ink: Ink, out: &mut Vec<Cluster>) {
    let mut pieces: Vec<(Face, Range<usize>)> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let here = Face::of(c, ink.weight);
        match pieces.last_mut() {
            Some((face, range)) if *face == here => range.end = end,
            _ => pieces.push((here, at..end)),
        }
    }
    for (face, range) in pieces {
        let piece = &text[range];
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(piece);
        let shaper = face.shaper();
        let set = rustybuzz::shape(shaper, &[], buffer);
        let scale = ink.size / shaper.units_per_em() as f32;
        let first = out.len();
        let mut starts: Vec<usize> = Vec::new();
        for (info, place) in set.glyph_infos().iter().zip(set.glyph_positions()) {
            let start = info.cluster as usize;
            if starts.last() != Some(&start) {
                starts.push(start);
                out.push(Cluster {
                    character: piece[start..].chars().next().unwrap_or(' '),
                    text: String::new(),
                    face,
                    ink,
                    glyphs: Vec::new(),
                    width: 0.0,
                });
            }
            if let Some(cluster) = out.last_mut() {
                let advance = scale * place.x_advance as f32;
                cluster.width += advance;
                cluster.glyphs.push(Glyph {
                    id: info.glyph_id,
                    advance,
                    offset: [place.x_offset, place.y_offset].map(|x| scale * x as f32),
                    text: 0..0,
                });
            }
        }
        let ends = starts.iter().skip(1).copied().chain([piece.len()]);
        for (cluster, (start, end)) in out[first..].iter_mut().zip(starts.iter().zip(ends)) {
            piece[*start..end].clone_into(&mut cluster.text);
        }
    }
}

/// Joins clusters into a line.
fn line(clusters: &[Cluster]) -> Line {
    let mut out = Line::default();
    let inked = clusters.iter().rposition(|c| c.character != ' ');
    let mut x = 0.0;
    for (k, cluster) in clusters.iter().enumerate() {
        if inked.is_none_or(|last| k > last) {
            break;
        }
        let goes_on = |span: &Span| span.face == cluster.face && span.ink == cluster.ink;
        if !out.spans.last().is_some_and(goes_on) {
            out.spans.push(Span {
                face: cluster.face,
                ink: cluster.ink,
                x,
                text: String::new(),
                glyphs: Vec::new(),
            });
        }
        let Some(span) = out.spans.last_mut() else {
            break;
        };
        let start = span.text.len();
        span.text.push_str(&cluster.text);
        let text = start..span.text.len();
        span.glyphs.extend(cluster.glyphs.iter().map(|g| Glyph {
            text: text.clone(),
            ..g.clone()
        }));
        x += cluster.width;
        out.width = x;
    }
    out
}

/// Text that is shaped and can be broken to any width.
pub(super) struct Shaped(Vec<Cluster>);

impl Shaped {
    /// Shapes runs of text, each in its ink.
    pub(super) fn new<'a>(runs: impl IntoIterator<Item = (&'a str, Ink)>) -> Self {
        let mut clusters = Vec::new();
        for (text, ink) in runs {
            shape(text, ink, &mut clusters);
        }
        Self(clusters)
    }

    /// Width on one line, points.
    pub(super) fn width(&self) -> f32 {
        line(&self.0).width
    }

    /// Width of the longest part that holds no place to break, points.
    pub(super) fn longest_word(&self) -> f32 {
        let mut longest: f32 = 0.0;
        let mut word = 0.0;
        for (k, cluster) in self.0.iter().enumerate() {
            if k > 0 && may_break(self.0[k - 1].character, cluster.character) {
                word = 0.0;
            }
            if cluster.character != ' ' {
                word += cluster.width;
            }
            longest = longest.max(word);
        }
        longest
    }

    /// Lines no wider than `width` points; a word that is wider by itself is cut.
    pub(super) fn lines(&self, width: f32) -> Vec<Line> {
        let clusters = &self.0;
        let mut out = Vec::new();
        let (mut start, mut place, mut room) = (0, None, width);
        let mut k = 0;
        while k < clusters.len() {
            if k > start && may_break(clusters[k - 1].character, clusters[k].character) {
                place = Some(k);
            }
            let cluster = &clusters[k];
            if cluster.character != ' ' && cluster.width > room + 0.01 && k > start {
                let end = place.unwrap_or(k);
                out.push(line(&clusters[start..end]));
                (start, place, room, k) = (end, None, width, end);
                continue;
            }
            room -= cluster.width;
            k += 1;
        }
        if start < clusters.len() || out.is_empty() {
            out.push(line(&clusters[start..]));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: Ink = Ink {
        weight: Weight::Regular,
        size: 10.0,
        colour: [0; 3],
    };

    fn broken(text: &str, width: f32) -> Vec<String> {
        let lines = Shaped::new([(text, INK)]).lines(width);
        for line in &lines {
            assert!(line.width <= width, "{} > {width}", line.width);
            assert!(
                line.spans
                    .iter()
                    .all(|s| s.glyphs.iter().all(|g| g.id != 0))
            );
        }
        lines
            .iter()
            .map(|l| l.spans.iter().map(|s| s.text.as_str()).collect())
            .collect()
    }

    #[test]
    fn words_stay_whole_and_nothing_is_lost() {
        let text = "Rice stays under state trade; a law would have to be changed.";
        let lines = broken(text, 90.0);
        assert!(lines.len() > 3);
        assert_eq!(lines.join(" "), text);
        assert_eq!(
            broken("unbreakableunbreakable", 40.0).concat(),
            "unbreakableunbreakable"
        );
    }

    #[test]
    fn japanese_breaks_between_characters_but_not_before_a_full_stop_or_after_a_bracket() {
        // Ten points a character: five to a line.
        let lines = broken("米国の関税。「農業」を守る。", 50.0);
        assert_eq!(lines.concat(), "米国の関税。「農業」を守る。");
        assert!(lines.len() >= 3);
        for line in &lines {
            assert!(
                !line.starts_with(['。', '」']) && !line.ends_with('「'),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn mixed_text_is_set_in_two_faces() {
        let line = &Shaped::new([("関税 24 %", INK)]).lines(500.0)[0];
        assert_eq!(line.spans.len(), 2);
        assert_ne!(line.spans[0].face, line.spans[1].face);
    }
}
