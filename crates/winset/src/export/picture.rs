//! A chart as a file of its own.

use resvg::tiny_skia::{Color, Pixmap, Transform};

use super::ExportError;
use super::font;
use crate::document::Figure;

/// Pixels for one unit of the drawing: sharp on a projector and in print at half a page.
const SCALE: f32 = 2.0;

/// The chart as drawn.
pub(super) fn svg(figure: &Figure) -> Vec<u8> {
    figure.svg.clone().into_bytes()
}

/// The chart as an image on white.
pub(super) fn png(figure: &Figure) -> Result<Vec<u8>, ExportError> {
    let fail = |why: String| ExportError::Chart {
        chart: figure.name,
        why,
    };
    let drawing = font::drawing(&figure.svg).map_err(|error| fail(error.to_string()))?;
    let size = drawing.size();
    let (width, height) = (SCALE * size.width(), SCALE * size.height());
    let mut image = Pixmap::new(width.ceil() as u32, height.ceil() as u32)
        .ok_or_else(|| fail(format!("{width} by {height} pixels")))?;
    image.fill(Color::WHITE);
    let scale = Transform::from_scale(SCALE, SCALE);
    resvg::render(&drawing, scale, &mut image.as_mut());
    image.encode_png().map_err(|error| fail(error.to_string()))
}
