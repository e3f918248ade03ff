//! The cells of a table as pieces of text.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::render::amount::{self, Shown};
use crate::report::{Align, Cell, Column, Figure, Row, Table};
use crate::terms::Value;

/// What stands in a cell.
#[derive(Clone, Debug, Default)]
pub(super) enum Piece {
    #[default]
    Empty,
    Words(String),
    Number(Shown),
}

/// All pieces, by row and column.
pub(super) struct Grid {
    pub columns: usize,
    /// What is missing, by path.
    pub missing: BTreeSet<Arc<str>>,
    headings: Vec<Vec<String>>,
    right: Vec<bool>,
    rows: Vec<(usize, Vec<Piece>)>,
}

impl Grid {
    pub fn new(table: &Table) -> Self {
        let widest_row = table.rows.iter().map(|row| match row {
            Row::Cells { cells, .. } => cells.len(),
            _ => 0,
        });
        let columns = widest_row.max().unwrap_or(0).max(table.columns.len());
        let mut grid = Self {
            columns,
            missing: BTreeSet::new(),
            headings: table.columns.iter().map(|c| lines(&c.heading)).collect(),
            right: table.columns.iter().map(|c| c.align == Align::Right).collect(),
            rows: Vec::new(),
        };
        for row in &table.rows {
            let (indent, cells) = match row {
                Row::Cells { cells, indent } => (usize::from(*indent), cells.as_slice()),
                _ => (0, [].as_slice()),
            };
            let pieces = cells.iter().enumerate().map(|(i, c)| grid.piece(c, table.columns.get(i))).collect();
            grid.rows.push((indent, pieces));
        }
        grid
    }

    fn piece(&mut self, cell: &Cell, column: Option<&Column>) -> Piece {
        match cell {
            Cell::Empty => Piece::Empty,
            Cell::Text(text) if text.is_empty() => Piece::Empty,
            Cell::Text(text) => Piece::Words(text.clone()),
            Cell::Date(date) => Piece::Words(date.to_string()),
            Cell::Same(_) => Piece::Empty,
            Cell::Dated(date, basis) => Piece::Words(format!("{date} {}", basis.mark()).trim_end().to_owned()),
            Cell::Never => Piece::Words(amount::NIL.to_owned()),
            Cell::Figure(figure) => {
                self.note(figure);
                match column {
                    Some(column) => Piece::Number(amount::figure(figure, column.scale)),
                    None => Piece::Number(amount::exact(&figure.amount)),
                }
            }
            Cell::Scaled(figure, scale) => {
                self.note(figure);
                Piece::Number(amount::figure(figure, *scale))
            }
            Cell::Percent(figure) => {
                self.note(figure);
                let said = column.is_some_and(|c| c.heading.contains('%'));
                Piece::Number(amount::percent(figure, if said { "" } else { "%" }))
            }
        }
    }

    fn note(&mut self, figure: &Figure) {
        if let Value::Missing(paths) = &figure.amount {
            self.missing.extend(paths.iter().cloned());
        }
        self.missing.extend(figure.lacking.iter().cloned());
    }

    /// The lines of a heading.
    pub fn heading(&self, column: usize) -> &[String] {
        self.headings.get(column).map_or(&[], Vec::as_slice)
    }

    /// Whether the column aligns to the right.
    pub fn is_right(&self, column: usize) -> bool {
        self.right.get(column).copied().unwrap_or(false)
    }

    /// A piece.
    pub fn cell(&self, row: usize, column: usize) -> &Piece {
        const EMPTY: &Piece = &Piece::Empty;
        self.rows.get(row).and_then(|(_, pieces)| pieces.get(column)).unwrap_or(EMPTY)
    }

    /// The pieces of a column, each with the steps of indentation of its row.
    pub fn column(&self, column: usize) -> impl Iterator<Item = (usize, &Piece)> {
        self.rows.iter().filter_map(move |(indent, pieces)| Some((*indent, pieces.get(column)?)))
    }
}

fn lines(heading: &str) -> Vec<String> {
    if heading.is_empty() { Vec::new() } else { heading.split('\n').map(str::to_owned).collect() }
}
