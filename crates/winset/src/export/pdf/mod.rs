//! A document as PDF: A4, tagged, with an outline, in the embedded fonts.
//!
//! [`set`] puts blocks onto paper, which is a list of marks and a tree of what they mean; here both become PDF.

mod line;
mod paper;
mod set;
mod stack;
mod style;
mod table;

use std::num::NonZeroU16;

use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Size, Transform};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node, SpanTag, TableHeaderScope,
    Tag, TagGroup, TagTree,
};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla_svg::{SurfaceExt, SvgSettings};

use super::ExportError;
use super::font::Face;
use crate::document::Document;
use line::{Line, Shaped, Span};
use paper::{Element, HEIGHT, LEFT, Mark, Paper, RIGHT, Role, WIDTH};
use style::{FOOTER, Type};

/// The document; the same document gives the same bytes.
pub(super) fn write(d: &Document) -> Result<Vec<u8>, ExportError> {
    let fail = |what: &str| ExportError::Pdf(what.to_owned());
    let paper = set::document(d)?;
    let fonts = Face::ALL
        .iter()
        .map(|face| Font::new(face.bytes().into(), 0))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| fail("an embedded font cannot be read"))?;
    let settings =
        PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| fail("the page has no size"))?;

    let mut pdf = krilla::Document::new();
    pdf.set_metadata(
        Metadata::new()
            .title(d.title.clone())
            .description(d.kicker.clone())
            .creator("winset".to_owned())
            .language(d.language.code().to_owned()),
    );
    pdf.set_outline(outline(&paper));
    let mut meant: Vec<Vec<Identifier>> = paper.tree.iter().map(|_| Vec::new()).collect();
    let count = paper.pages.len();
    for (number, page) in paper.pages.iter().enumerate() {
        let mut sheet = pdf.start_page_with(settings.clone());
        let mut surface = sheet.surface();
        for (element, mark) in &page.marks {
            let tag = match (element, mark) {
                (None, _) => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)),
                (_, Mark::Text { .. }) => ContentTag::Span(SpanTag::empty()),
                _ => ContentTag::Other,
            };
            let id = surface.start_tagged(tag);
            draw(&mut surface, &fonts, mark);
            surface.end_tagged();
            if let Some(Element(element)) = element {
                meant[*element].push(id);
            }
        }
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
            ArtifactType::Footer,
        )));
        footer(
            &mut surface,
            &fonts,
            &d.title,
            &format!("{} / {count}", number + 1),
        );
        surface.end_tagged();
        surface.finish();
        sheet.finish();
    }
    let mut tags = TagTree::new().with_lang(Some(d.language.code().to_owned()));
    for child in &paper.tree[0].children {
        tags.push(group(&paper, &mut meant, *child));
    }
    pdf.set_tag_tree(tags);
    pdf.finish().map_err(|error| fail(&format!("{error:?}")))
}

fn fill([red, green, blue]: [u8; 3]) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        ..Fill::default()
    }
}

fn draw(surface: &mut Surface<'_>, fonts: &[Font], mark: &Mark) {
    match mark {
        Mark::Text { x, y, line } => {
            for span in &line.spans {
                text(surface, fonts, span, [x + span.x, *y]);
            }
        }
        Mark::Rule {
            from,
            to,
            width,
            colour: [red, green, blue],
        } => {
            let mut path = PathBuilder::new();
            path.move_to(from[0], from[1]);
            path.line_to(to[0], to[1]);
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: rgb::Color::new(*red, *green, *blue).into(),
                width: *width,
                ..Stroke::default()
            }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
            surface.set_stroke(None);
        }
        Mark::Chart {
            x,
            y,
            size: [width, height],
            drawing,
        } => {
            if let Some(size) = Size::from_wh(*width, *height) {
                surface.push_transform(&Transform::from_translate(*x, *y));
                // Only a size of zero draws nothing.
                let _ = surface.draw_svg(drawing, size, SvgSettings::default());
                surface.pop();
            }
        }
    }
}

fn text(surface: &mut Surface<'_>, fonts: &[Font], span: &Span, [x, y]: [f32; 2]) {
    let size = span.ink.size;
    let glyphs: Vec<KrillaGlyph> = span
        .glyphs
        .iter()
        .map(|g| KrillaGlyph {
            glyph_id: GlyphId::new(g.id),
            text_range: g.text.clone(),
            x_advance: g.advance / size,
            x_offset: g.offset[0] / size,
            y_offset: g.offset[1] / size,
            y_advance: 0.0,
            location: None,
        })
        .collect();
    surface.set_fill(Some(fill(span.ink.colour)));
    surface.draw_glyphs(
        Point::from_xy(x, y),
        &glyphs,
        fonts[span.face.index()].clone(),
        &span.text,
        size,
        false,
    );
}

/// What, and which page of how many, at the foot of a page.
fn footer(surface: &mut Surface<'_>, fonts: &[Font], title: &str, page: &str) {
    let set = |text: &str, kind: Type| -> Option<Line> {
        let ink = kind.ink(crate::document::Style::Plain);
        Shaped::new([(text, ink)])
            .lines(RIGHT - LEFT - 60.0)
            .into_iter()
            .next()
    };
    let y = HEIGHT - 36.0;
    for (line, right) in [(set(title, FOOTER), false), (set(page, FOOTER), true)] {
        if let Some(line) = line {
            let x = if right { RIGHT - line.width } else { LEFT };
            draw(surface, fonts, &Mark::Text { x, y, line });
        }
    }
}

/// Sections, and the headings inside them.
fn outline(paper: &Paper) -> Outline {
    let mut sections: Vec<OutlineNode> = Vec::new();
    for entry in &paper.outline {
        let place = XyzDestination::new(entry.page, Point::from_xy(LEFT, entry.y));
        let node = OutlineNode::new(entry.title.clone(), place);
        match sections.last_mut() {
            Some(section) if entry.level > 1 => section.push_child(node),
            _ => sections.push(node),
        }
    }
    let mut out = Outline::new();
    for section in sections {
        out.push_child(section);
    }
    out
}

/// An element with all below it, for those who have the document read to them.
fn group(paper: &Paper, meant: &mut [Vec<Identifier>], Element(number): Element) -> TagGroup {
    let branch = &paper.tree[number];
    let mut children: Vec<Node> = std::mem::take(&mut meant[number])
        .into_iter()
        .map(Node::from)
        .collect();
    for child in &branch.children {
        children.push(group(paper, meant, *child).into());
    }
    match &branch.role {
        Role::Document => TagGroup::with_children(Tag::Part, children),
        Role::Title => TagGroup::with_children(Tag::Title, children),
        Role::Heading(level, title) => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            TagGroup::with_children(Tag::Hn(level, Some(title.clone())), children)
        }
        Role::Paragraph => TagGroup::with_children(Tag::P, children),
        Role::List => TagGroup::with_children(Tag::L(ListNumbering::None), children),
        Role::Item => {
            let body = TagGroup::with_children(Tag::LBody, children);
            TagGroup::with_children(Tag::LI, vec![body.into()])
        }
        Role::Table => TagGroup::with_children(Tag::Table, children),
        Role::Row => TagGroup::with_children(Tag::TR, children),
        Role::Head => TagGroup::with_children(Tag::TH(TableHeaderScope::Column), children),
        Role::Cell => TagGroup::with_children(Tag::TD, children),
        Role::Figure(alt) => TagGroup::with_children(Tag::Figure(Some(alt.clone())), children),
    }
}
