//! The embedded fonts: the only ones that the PDF and the images know.

use std::sync::{Arc, LazyLock};

use resvg::usvg::{self, fontdb};

/// Regular and bold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// One of the embedded files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Face(usize);

/// The files in the order in which a character is looked for; their source is in `assets/fonts/README.md`.
const FILES: [&[u8]; 4] = [
    include_bytes!("../../assets/fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../assets/fonts/NotoSansCJKjp-Regular.otf"),
    include_bytes!("../../assets/fonts/NotoSans-Bold.ttf"),
    include_bytes!("../../assets/fonts/NotoSansCJKjp-Bold.otf"),
];
const REGULAR: [Face; 2] = [Face(0), Face(1)];
const BOLD: [Face; 4] = [Face(2), Face(3), Face(0), Face(1)];

static SHAPERS: LazyLock<Vec<rustybuzz::Face<'static>>> = LazyLock::new(|| {
    FILES
        .iter()
        .filter_map(|file| rustybuzz::Face::from_slice(file, 0))
        .collect()
});

impl Face {
    /// Every face.
    pub(super) const ALL: [Self; 4] = [Self(0), Self(1), Self(2), Self(3)];

    /// The file.
    pub(super) fn bytes(self) -> &'static [u8] {
        FILES[self.0]
    }

    /// What sets its glyphs.
    pub(super) fn shaper(self) -> &'static rustybuzz::Face<'static> {
        &SHAPERS[self.0]
    }

    /// Its place in [`Face::ALL`].
    pub(super) fn index(self) -> usize {
        self.0
    }

    /// The first face of a weight that has a character; the Latin one where none has, which shows a box.
    pub(super) fn of(character: char, weight: Weight) -> Self {
        let faces: &[Self] = match weight {
            Weight::Regular => &REGULAR,
            Weight::Bold => &BOLD,
        };
        let has = |face: &&Self| face.shaper().glyph_index(character).is_some();
        *faces.iter().find(has).unwrap_or(&faces[0])
    }
}

/// Reads a chart; its text is set in the embedded fonts alone.
pub(super) fn drawing(svg: &str) -> Result<usvg::Tree, usvg::Error> {
    static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = fontdb::Database::new();
        for file in FILES {
            fonts.load_font_data(file.to_vec());
        }
        fonts.set_sans_serif_family("Noto Sans");
        fonts.set_serif_family("Noto Sans");
        fonts.set_monospace_family("Noto Sans");
        Arc::new(fonts)
    });
    let options = usvg::Options {
        font_family: "Noto Sans".to_owned(),
        fontdb: Arc::clone(&FONTS),
        ..usvg::Options::default()
    };
    usvg::Tree::from_str(svg, &options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_font_and_together_they_are_small() {
        assert_eq!(SHAPERS.len(), FILES.len());
        assert!(FILES.iter().map(|f| f.len()).sum::<usize>() <= 3 << 20);
    }

    #[test]
    fn what_briefs_are_written_in_has_glyphs() {
        let samples = [
            "Zölle, Çağrı, Łódź, naïve – “quoted” … 1.4¢/kg £ € ¥ ° · • − × ≤ ≥ ≈ → αβγ",
            "日米関税交渉の概要、農林水産省・経済産業省。『円安』は（議題）ではない！ｶﾅ①㎡",
            "齋藤、髙橋、山﨑、邊、龜、鷗、渡邉",
        ];
        for weight in [Weight::Regular, Weight::Bold] {
            for c in samples.iter().flat_map(|s| s.chars()) {
                let glyph = Face::of(c, weight).shaper().glyph_index(c);
                assert!(glyph.is_some_and(|g| g.0 != 0), "no glyph for {c}");
            }
        }
        let missing = Face::of('\u{10ffff}', Weight::Regular).shaper();
        assert!(missing.glyph_index('\u{10ffff}').is_none());
    }
}
