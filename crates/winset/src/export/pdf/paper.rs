//! Pages as lists of marks, with a cursor that goes down them, and the tree of what the marks mean.

use resvg::usvg;

use super::line::Line;

/// A4, points.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
pub(super) const LEFT: f32 = 58.0;
pub(super) const RIGHT: f32 = WIDTH - 58.0;
const TOP: f32 = 56.0;
const BOTTOM: f32 = HEIGHT - 62.0;

/// Something drawn.
pub(super) enum Mark {
    /// A line of text: its left end and its baseline.
    Text { x: f32, y: f32, line: Line },
    /// A straight stroke.
    Rule {
        from: [f32; 2],
        to: [f32; 2],
        width: f32,
        colour: [u8; 3],
    },
    /// A chart in a box.
    Chart {
        x: f32,
        y: f32,
        size: [f32; 2],
        drawing: Box<usvg::Tree>,
    },
}

/// What an element of the document is.
#[derive(Clone, Debug)]
pub(super) enum Role {
    Document,
    Title,
    Heading(u16, String),
    Paragraph,
    List,
    Item,
    Table,
    Row,
    Head,
    Cell,
    Figure(String),
}

/// An element of the document, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element(pub(super) usize);

/// An element with its place in the tree.
pub(super) struct Branch {
    pub(super) role: Role,
    pub(super) children: Vec<Element>,
}

/// A page: its marks, and the element that each belongs to; those of none are ornament.
#[derive(Default)]
pub(super) struct Page {
    pub(super) marks: Vec<(Option<Element>, Mark)>,
}

/// A heading for the outline.
pub(super) struct Entry {
    pub(super) level: u16,
    pub(super) title: String,
    pub(super) page: usize,
    pub(super) y: f32,
}

/// Paper with a cursor.
pub(super) struct Paper {
    pub(super) pages: Vec<Page>,
    pub(super) tree: Vec<Branch>,
    pub(super) outline: Vec<Entry>,
    /// Height of the cursor on the last page, from its top.
    pub(super) y: f32,
    /// Left end of what is set.
    pub(super) left: f32,
    open: Vec<Element>,
}

impl Paper {
    pub(super) fn new() -> Self {
        Self {
            pages: vec![Page::default()],
            tree: vec![Branch {
                role: Role::Document,
                children: Vec::new(),
            }],
            outline: Vec::new(),
            y: TOP,
            left: LEFT,
            open: vec![Element(0)],
        }
    }

    /// Width between the cursor's left end and the right margin.
    pub(super) fn width(&self) -> f32 {
        RIGHT - self.left
    }

    /// Height that is left on the page.
    pub(super) fn room(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Height of an empty page.
    pub(super) fn whole() -> f32 {
        BOTTOM - TOP
    }

    /// Number of the last page, from 0.
    pub(super) fn page(&self) -> usize {
        self.pages.len() - 1
    }

    /// Goes on at the top of a new page.
    pub(super) fn turn(&mut self) {
        self.pages.push(Page::default());
        self.y = TOP;
    }

    /// Turns the page where less than `height` is left.
    pub(super) fn need(&mut self, height: f32) {
        if self.room() < height && self.y > TOP {
            self.turn();
        }
    }

    /// Leaves space, but not at the top of a page.
    pub(super) fn space(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    /// A new element inside the one that is open.
    pub(super) fn element(&mut self, role: Role) -> Element {
        let element = Element(self.tree.len());
        self.tree.push(Branch {
            role,
            children: Vec::new(),
        });
        if let Some(parent) = self.open.last() {
            self.tree[parent.0].children.push(element);
        }
        element
    }

    /// Opens an element while `inside` adds to it.
    pub(super) fn within<T>(&mut self, role: Role, inside: impl FnOnce(&mut Self) -> T) -> T {
        let element = self.element(role);
        self.open.push(element);
        let out = inside(self);
        self.open.pop();
        out
    }

    /// Draws on the last page.
    pub(super) fn mark(&mut self, element: impl Into<Option<Element>>, mark: Mark) {
        let page = self.page();
        self.pages[page].marks.push((element.into(), mark));
    }

    /// A stroke over the width that is set.
    pub(super) fn rule(&mut self, width: f32, colour: [u8; 3]) {
        let y = self.y;
        self.mark(
            None,
            Mark::Rule {
                from: [self.left, y],
                to: [RIGHT, y],
                width,
                colour,
            },
        );
    }

    /// Strokes down the left side of what was set since a page and height.
    pub(super) fn side_rule(&mut self, (page, y): (usize, f32), x: f32, colour: [u8; 3]) {
        for k in page..self.pages.len() {
            let from = if k == page { y } else { TOP };
            let to = if k == self.page() { self.y } else { BOTTOM };
            if to > from {
                self.pages[k].marks.push((
                    None,
                    Mark::Rule {
                        from: [x, from],
                        to: [x, to],
                        width: 2.5,
                        colour,
                    },
                ));
            }
        }
    }
}
