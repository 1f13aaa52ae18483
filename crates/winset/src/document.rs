//! A document as headings, paragraphs, tables and charts: what is said, not how it looks.
//!
//! The brief is written once as a [`Document`]; its HTML and its PDF are two renderings of it.

use crate::lang::Lang;

/// A document.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Language of the text.
    pub language: Lang,
    /// Title.
    pub title: String,
    /// One line above the title.
    pub kicker: String,
    /// The answer, sentence by sentence.
    pub answer: Vec<String>,
    /// Sections in their order; they are numbered from 1.
    pub sections: Vec<Section>,
    /// One line at the end.
    pub footer: String,
}

/// A section.
#[derive(Clone, Debug)]
pub struct Section {
    /// Name in links.
    pub id: &'static str,
    /// Title.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// One block of text, numbers or lines.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading inside a section.
    Heading(String),
    /// A paragraph.
    Paragraph(Text),
    /// Small print.
    Note(Text),
    /// A paragraph that warns.
    Warning(Text),
    /// A list.
    List(Vec<Text>),
    /// A table.
    Table(Table),
    /// A table whose rows hold more than fits into them.
    Lines(Lines),
    /// A chart.
    Figure(Figure),
    /// A part of its own, with a title.
    Card(String, Vec<Block>),
    /// Lists side by side, each with its title.
    Columns(Vec<(String, Vec<Text>)>),
    /// What only some want to read, under a title: closed on a screen, at the end on paper.
    Fold(String, Vec<Block>),
}

/// A run of text in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Its style.
    pub style: Style,
}

/// How a run stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Not at all.
    Plain,
    /// It matters.
    Strong,
    /// It is a name.
    Emphasis,
    /// It is a code or an identifier.
    Code,
}

/// Text of one or more runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Run>);

impl Text {
    /// Adds a run.
    #[must_use]
    pub fn and(mut self, style: Style, text: impl Into<String>) -> Self {
        self.0.push(Run {
            text: text.into(),
            style,
        });
        self
    }

    /// The text without its styles.
    pub fn plain(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }
}

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Self {
        Self::default().and(Style::Plain, text)
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What it shows, above it.
    pub caption: Option<String>,
    /// The columns; a table whose columns all lack a title has no head.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            caption: None,
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    /// Says what it shows.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// Adds rows of cells.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows.extend(rows.into_iter().map(Row::Cells));
        self
    }

    /// Whether any column has a title.
    pub fn has_head(&self) -> bool {
        self.columns.iter().any(|c| !c.title.is_empty())
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Title, with the unit.
    pub title: String,
    /// Whether it holds numbers, which are set to the right.
    pub numbers: bool,
}

/// A column of words.
pub fn words(title: impl Into<String>) -> Column {
    Column {
        title: title.into(),
        numbers: false,
    }
}

/// A column of numbers.
pub fn numbers(title: impl Into<String>) -> Column {
    Column {
        title: title.into(),
        numbers: true,
    }
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A title over the rows below it.
    Group(String),
    /// Cells from the first column on.
    Cells(Vec<Cell>),
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What it says.
    pub text: Text,
    /// Good or bad news.
    pub tone: Tone,
    /// Smaller lines below it.
    pub notes: Vec<(Tone, String)>,
    /// Columns that it covers beyond its own.
    pub also_covers: usize,
}

impl Cell {
    /// A cell that is good or bad news.
    pub fn toned(tone: Tone, text: impl Into<Text>) -> Self {
        Self {
            tone,
            ..Self::from(text.into())
        }
    }

    /// Covers more columns to its right.
    #[must_use]
    pub fn over(mut self, columns: usize) -> Self {
        self.also_covers = columns.saturating_sub(1);
        self
    }
}

impl<T: Into<Text>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

/// Good or bad news.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither.
    #[default]
    Even,
    /// A gain.
    Good,
    /// A loss, or something to mind.
    Bad,
}

/// A table whose rows open: each holds blocks of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// The columns; the first holds words.
    pub columns: Vec<Column>,
    /// Each row's cells, and what it opens to.
    pub rows: Vec<(Vec<Text>, Vec<Block>)>,
}

/// A chart with what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Name as a file.
    pub name: &'static str,
    /// The chart as SVG with a view box.
    pub svg: String,
    /// What it shows, for those who cannot see it.
    pub alt: String,
    /// What stands below it.
    pub caption: String,
}

impl Document {
    /// Every chart, in its order.
    pub fn figures(&self) -> Vec<&Figure> {
        fn walk<'a>(blocks: &'a [Block], out: &mut Vec<&'a Figure>) {
            for block in blocks {
                match block {
                    Block::Figure(figure) => out.push(figure),
                    Block::Card(_, inner) | Block::Fold(_, inner) => walk(inner, out),
                    _ => {}
                }
            }
        }
        let mut out = Vec::new();
        for section in &self.sections {
            walk(&section.blocks, &mut out);
        }
        out
    }
}
