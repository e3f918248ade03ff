//! Widths of columns, and which columns stand side by side.

use super::grid::{Grid, Piece};
use super::{GAP, STEP};
use crate::render::wrap;

/// Text columns are not folded below this.
const NARROWEST_TEXT: usize = 16;

/// Where everything goes.
pub(super) struct Layout {
    /// Columns that stand side by side; each group begins with column 0.
    pub groups: Vec<Vec<usize>>,
    widths: Vec<usize>,
    tails: Vec<usize>,
    headings: Vec<Vec<String>>,
}

/// What a column needs.
struct Need {
    /// At its best.
    natural: usize,
    /// At its worst: words may be folded at spaces.
    least: usize,
    /// Behind the last digit.
    tail: usize,
}

impl Layout {
    pub fn new(grid: &Grid, page: usize) -> Self {
        let needs: Vec<Need> = (0..grid.columns).map(|column| need(grid, column)).collect();
        let mut layout = Self {
            groups: Vec::new(),
            widths: needs.iter().map(|n| n.natural).collect(),
            tails: needs.iter().map(|n| n.tail).collect(),
            headings: Vec::new(),
        };
        let all: Vec<usize> = (0..grid.columns).collect();
        let excess = layout.span(&all).saturating_sub(page);
        if excess > 0 && !layout.squeeze(&needs, page, excess) {
            layout.fit_each(&needs, page);
        }
        layout.group(grid.columns, page);
        let folded = |c: usize| grid.heading(c).iter().flat_map(|h| wrap::fold(h, layout.width(c))).collect();
        layout.headings = (0..grid.columns).map(folded).collect();
        layout
    }

    /// The lines of a heading.
    pub fn heading(&self, column: usize) -> &[String] {
        self.headings.get(column).map_or(&[], Vec::as_slice)
    }

    /// The width of a column.
    pub fn width(&self, column: usize) -> usize {
        self.widths.get(column).copied().unwrap_or(0)
    }

    /// The width of columns side by side.
    pub fn span(&self, columns: &[usize]) -> usize {
        let widths: usize = columns.iter().map(|c| self.width(*c)).sum();
        widths + GAP * columns.len().saturating_sub(1)
    }

    fn tail(&self, column: usize) -> usize {
        self.tails.get(column).copied().unwrap_or(0)
    }

    /// How far a heading stands in from the left edge of its column.
    pub fn heading_shift(&self, grid: &Grid, column: usize, text: &str) -> usize {
        let free = self.width(column).saturating_sub(wrap::width(text));
        if grid.is_right(column) { free } else { 0 }
    }

    /// How far a number stands in: last digits align, and the tail hangs over.
    pub fn number_shift(&self, grid: &Grid, column: usize, body: &str) -> usize {
        self.words_shift(grid, column, body)
    }

    /// How far words stand in.
    pub fn words_shift(&self, grid: &Grid, column: usize, text: &str) -> usize {
        let free = self.width(column).saturating_sub(wrap::width(text) + self.tail(column));
        if grid.is_right(column) { free } else { 0 }
    }

    /// Folds the widest columns of words until the table fits; false, and nothing changed, if that is not enough.
    fn squeeze(&mut self, needs: &[Need], page: usize, mut excess: usize) -> bool {
        let before = self.widths.clone();
        while excess > 0 {
            let spare = self.widths.iter_mut().zip(needs).enumerate().filter(|(column, (width, need))| {
                let floor = if *column == 0 { page * 2 / 5 } else { 0 };
                **width > need.least.max(floor)
            });
            let Some((_, (width, _))) = spare.max_by_key(|(_, (width, _))| **width) else {
                self.widths = before;
                return false;
            };
            *width -= 1;
            excess -= 1;
        }
        true
    }

    /// Makes every column fit on the page beside the first one, as far as words can be folded.
    fn fit_each(&mut self, needs: &[Need], page: usize) {
        if let (Some(width), Some(need)) = (self.widths.first_mut(), needs.first()) {
            *width = (*width).min(need.least.max(page * 3 / 5));
        }
        let room = page.saturating_sub(self.width(0) + GAP);
        for (width, need) in self.widths.iter_mut().zip(needs).skip(1) {
            *width = (*width).min(room.max(need.least));
        }
    }

    /// Puts as many columns side by side as fit, and at least one beside the first.
    fn group(&mut self, columns: usize, page: usize) {
        let mut group = vec![0];
        for column in 1..columns {
            group.push(column);
            if group.len() > 2 && self.span(&group) > page {
                group.pop();
                self.groups.push(std::mem::replace(&mut group, vec![0, column]));
            }
        }
        self.groups.push(group);
    }
}

fn need(grid: &Grid, column: usize) -> Need {
    let heading = || grid.heading(column).iter().map(String::as_str);
    let (heading, heading_word) = (wrap::widest(heading()), heading().map(wrap::longest_word).max().unwrap_or(0));
    let (mut body, mut tail, mut words, mut word) = (0, 0, 0, 0);
    for (indent, piece) in grid.column(column) {
        let (shift, hang) = if column == 0 { (indent * STEP, wrap::HANG) } else { (0, 0) };
        match piece {
            Piece::Empty => {}
            Piece::Words(text) => {
                words = words.max(shift + wrap::widest(text.split('\n')));
                let margin = wrap::width(text) - wrap::width(text.trim_start());
                word = word.max(shift + margin + hang + wrap::longest_word(text));
            }
            Piece::Number(shown) => {
                body = body.max(shift + wrap::width(&shown.body));
                // Room for a closing parenthesis, so that columns with and without one look alike.
                tail = tail.max(wrap::width(&shown.tail)).max(1);
            }
        }
    }
    if !grid.is_right(column) {
        (body, tail) = (body + tail, 0);
    }
    // Headings of figures are broken where the report says; that of the first column is words like any other.
    let unbroken = if column == 0 { heading_word } else { heading };
    let natural = (body + tail).max(heading).max(words + tail);
    let least = (body + tail).max(unbroken).max(word + tail).max(NARROWEST_TEXT).min(natural);
    Need { natural, least, tail }
}
