//! The look of the PDF: sizes in points, colours as red, green, blue.

use super::super::font::Weight;
use super::line::Ink;
use crate::document::{Style, Tone};

pub(super) const INK: [u8; 3] = [0x1d, 0x25, 0x2d];
pub(super) const SOFT: [u8; 3] = [0x5b, 0x65, 0x70];
pub(super) const HAIR: [u8; 3] = [0xd5, 0xdb, 0xe1];
pub(super) const BLUE: [u8; 3] = [0x0b, 0x4f, 0x7d];
const GOOD: [u8; 3] = [0x00, 0x69, 0x4d];
const BAD: [u8; 3] = [0xa8, 0x3e, 0x00];

/// How a block of text is set.
#[derive(Clone, Copy)]
pub(super) struct Type {
    pub(super) size: f32,
    /// From one baseline to the next.
    pub(super) leading: f32,
    pub(super) weight: Weight,
    pub(super) colour: [u8; 3],
}

const fn plain(size: f32, leading: f32, colour: [u8; 3]) -> Type {
    Type {
        size,
        leading,
        weight: Weight::Regular,
        colour,
    }
}

const fn bold(size: f32, leading: f32, colour: [u8; 3]) -> Type {
    Type {
        size,
        leading,
        weight: Weight::Bold,
        colour,
    }
}

pub(super) const TITLE: Type = bold(22.0, 27.0, INK);
pub(super) const KICKER: Type = plain(8.5, 12.0, SOFT);
pub(super) const ANSWER: Type = plain(10.5, 15.5, INK);
pub(super) const SECTION: Type = bold(15.0, 19.0, INK);
pub(super) const NUMBER: Type = plain(15.0, 19.0, SOFT);
pub(super) const HEADING: Type = bold(11.0, 15.0, INK);
pub(super) const SMALL_HEADING: Type = bold(8.5, 12.0, SOFT);
pub(super) const BODY: Type = plain(9.5, 13.5, INK);
pub(super) const NOTE: Type = plain(8.0, 11.0, SOFT);
pub(super) const WARNING: Type = plain(9.5, 13.5, BAD);
pub(super) const CAPTION: Type = bold(8.5, 12.0, INK);
pub(super) const CELL: Type = plain(8.0, 10.6, INK);
pub(super) const HEAD: Type = bold(7.4, 9.6, SOFT);
pub(super) const CELL_NOTE: Type = plain(7.2, 9.4, SOFT);
pub(super) const GROUP: Type = bold(8.8, 12.0, INK);
pub(super) const FOOTER: Type = plain(7.5, 10.0, SOFT);

impl Type {
    /// The ink of its text in a style.
    pub(super) fn ink(self, style: Style) -> Ink {
        Ink {
            weight: match style {
                Style::Strong | Style::Emphasis => Weight::Bold,
                Style::Plain | Style::Code => self.weight,
            },
            size: self.size,
            colour: self.colour,
        }
    }

    /// The same for good or bad news.
    pub(super) fn toned(self, tone: Tone) -> Self {
        let colour = match tone {
            Tone::Even => self.colour,
            Tone::Good => GOOD,
            Tone::Bad => BAD,
        };
        Self { colour, ..self }
    }
}
