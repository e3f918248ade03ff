//! Tables in accounting style, cut into groups of columns when they are wider than the page.

mod grid;
mod layout;

use super::Style;
use super::ink::{Ink, Line};
use super::wrap;
use crate::report::{Cell, Row, Rule, Table};
use grid::{Grid, Piece};
use layout::Layout;

/// Spaces between columns.
const GAP: usize = 2;
/// Spaces for each step of indentation.
const STEP: usize = 2;

/// The table, its footnotes included, ending in a line break; and the columns it takes.
pub(super) fn table(table: &Table, style: &Style) -> (String, usize) {
    let grid = Grid::new(table);
    let layout = Layout::new(&grid, style.page());
    let mut out = String::new();
    let units = if table.units.is_empty() { 0 } else { wrap::width(&table.units) + 2 };
    let mut widest = wrap::width(&table.title) + units;
    for (number, group) in layout.groups.iter().enumerate() {
        let sheet = Sheet { table, grid: &grid, layout: &layout, group, page: style.page(), color: style.color };
        widest = widest.max(sheet.width());
        sheet.draw(number > 0, &mut out);
    }
    for note in &table.footnotes {
        note_line("", note, 0, style, &mut out);
    }
    if !grid.missing.is_empty() {
        let missing = crate::report::fold_paths(grid.missing.iter().cloned().collect());
        let missing: Vec<&str> = missing.iter().map(AsRef::as_ref).collect();
        let lacking = |cell: &Cell| match cell {
            Cell::Figure(f) | Cell::Scaled(f, _) | Cell::Percent(f) => {
                !f.lacking.is_empty() && f.amount.known().is_some()
            }
            _ => false,
        };
        let partly = table.rows.iter().any(|row| matches!(row, Row::Cells { cells, .. } if cells.iter().any(lacking)));
        let known = if partly { " (+ marks the known part of a total)" } else { "" };
        note_line("n/a", &format!("not disclosed{known}: {}", missing.join(", ")), 5, style, &mut out);
    }
    (out, widest)
}

fn note_line(word: &str, text: &str, column: usize, style: &Style, out: &mut String) {
    for (level, part) in wrap::fold(text, style.page() - column).iter().enumerate() {
        let mut line = Line::new(style.color);
        line.add(if level == 0 { word } else { "" }, Ink::Plain).to(column).add(part, Ink::Plain);
        line.end(out);
    }
}

/// One group of columns: the first, and some of the others.
struct Sheet<'a> {
    table: &'a Table,
    grid: &'a Grid,
    layout: &'a Layout,
    group: &'a [usize],
    page: usize,
    color: bool,
}

impl Sheet<'_> {
    fn width(&self) -> usize {
        self.layout.span(self.group)
    }

    /// Columns of the group with the position where each begins.
    fn columns(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let mut start = 0;
        self.group.iter().map(move |column| {
            let at = start;
            start += self.layout.width(*column) + GAP;
            (*column, at)
        })
    }

    fn draw(&self, continued: bool, out: &mut String) {
        if continued {
            out.push('\n');
        }
        self.headings(continued, out);
        for (number, row) in self.table.rows.iter().enumerate() {
            match row {
                Row::Cells { indent, .. } => self.cells(number, usize::from(*indent) * STEP, out),
                Row::Rule(rule) => self.rule(*rule, out),
                Row::Heading(text) => wrap::fold(text, self.page).iter().for_each(|line| {
                    let mut heading = Line::new(self.color);
                    heading.add(line, Ink::Bold);
                    heading.end(out);
                }),
                Row::Words(text) if !continued => wrap::fold(text, self.page - STEP).iter().for_each(|part| {
                    let mut words = Line::new(self.color);
                    words.to(STEP).add(part, Ink::Plain);
                    words.end(out);
                }),
                Row::Words(_) => {}
                Row::Blank => out.push('\n'),
            }
        }
    }

    /// Title and headings, bottom-aligned; the title takes the place of an empty first heading if there is room.
    fn headings(&self, continued: bool, out: &mut String) {
        let said = [self.table.title.as_str(), self.table.units.as_str()];
        let title = said.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ");
        let title = match (continued, title.as_str()) {
            (false, _) => title,
            (true, "") => "(continued)".to_owned(),
            (true, title) => format!("{title} (continued)"),
        };
        let height = self.columns().map(|(c, _)| self.layout.heading(c).len()).max().unwrap_or(0);
        let first_is_empty = self.layout.heading(0).is_empty();
        let room = self.columns().filter(|(c, _)| *c > 0).filter_map(|(column, at)| {
            let text = self.layout.heading(column).last()?;
            Some(at + self.layout.heading_shift(self.grid, column, text))
        });
        let inside = first_is_empty && height > 0 && room.min().is_some_and(|r| wrap::width(&title) + GAP <= r);
        if !inside && !title.is_empty() {
            for part in wrap::hang(&title, self.page) {
                let mut line = Line::new(self.color);
                line.add(&part, Ink::Bold);
                line.end(out);
            }
        }
        for level in 0..height {
            let mut line = Line::new(self.color);
            if inside && level + 1 == height {
                line.add(&title, Ink::Bold);
            }
            for (column, at) in self.columns() {
                let lines = self.layout.heading(column);
                let text = (level + lines.len()).checked_sub(height).and_then(|i| lines.get(i));
                if let Some(text) = text {
                    line.to(at + self.layout.heading_shift(self.grid, column, text)).add(text, Ink::Plain);
                }
            }
            line.end(out);
        }
        if height > 0 && !matches!(self.table.rows.first(), Some(Row::Rule(_))) {
            self.rule(Rule::Single, out);
        }
    }

    fn rule(&self, rule: Rule, out: &mut String) {
        let stroke = match rule {
            Rule::Single => "-",
            Rule::Double => "=",
        };
        let mut line = Line::new(self.color);
        line.add(&stroke.repeat(self.width()), Ink::Dim);
        line.end(out);
    }

    fn cells(&self, row: usize, indent: usize, out: &mut String) {
        let pieces: Vec<(usize, usize, Vec<String>)> = self
            .columns()
            .map(|(column, at)| {
                let shift = if column == 0 { indent } else { 0 };
                let room = self.layout.width(column).saturating_sub(shift);
                let lines = match self.grid.cell(row, column) {
                    Piece::Words(words) if column == 0 => wrap::hang(words, room),
                    Piece::Words(words) => wrap::fold(words, room),
                    Piece::Empty | Piece::Number(_) => Vec::new(),
                };
                (column, at + shift, lines)
            })
            .collect();
        let height = pieces.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(0).max(1);
        for level in 0..height {
            let mut line = Line::new(self.color);
            for (column, at, lines) in &pieces {
                match self.grid.cell(row, *column) {
                    Piece::Number(shown) if level == 0 => {
                        let shift = self.layout.number_shift(self.grid, *column, &shown.body);
                        line.to(at + shift).add(&shown.text(), shown.ink);
                    }
                    Piece::Words(_) => {
                        if let Some(text) = lines.get(level) {
                            let shift = self.layout.words_shift(self.grid, *column, text);
                            line.to(at + shift).add(text, Ink::Plain);
                        }
                    }
                    Piece::Empty | Piece::Number(_) => {}
                }
            }
            line.end(out);
        }
    }
}
