//! Reports as data: headers, tables, checks and notes.

use std::sync::Arc;

use super::{Bases, Figure, Timeline};
use crate::terms::{Basis, Value};
use crate::time::{Date, Period};

/// A report.
#[derive(Clone, Debug)]
pub struct Report {
    /// `warrants`, `revenue`, `milestones`, `dues`, `journal`, `summary`: its name on the command line.
    pub name: &'static str,
    /// The two lines on top.
    pub header: Header,
    /// The assumptions it rests on, above everything else: name, value as shown, why.
    pub assumptions: Vec<(Arc<str>, Option<Figure>, Arc<str>)>,
    /// Undisclosed terms it met, by path.
    pub undisclosed: Vec<Arc<str>>,
    /// Tables in order.
    pub tables: Vec<Table>,
    /// Timelines, shown after the tables.
    pub timelines: Vec<Timeline>,
    /// Sentences: what waits for what, what was refused, what is absent.
    pub notes: Vec<String>,
    /// Ties to other reports.
    pub checks: Vec<Check>,
    /// One screen: assumptions by name only, checks counted unless one fails.
    pub brief: bool,
    /// What the figures rest on.
    pub bases: Bases,
}

/// What, whose, when, in what unit, under which choices.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// `AMD — Customer warrants: vesting roll-forward`
    pub title: String,
    /// The period's name, such as `fiscal 2027-Q3`, and its real days; `None` for the whole run.
    pub period: Option<(String, Period)>,
    /// The day of state, for reports about a moment.
    pub at: Option<Date>,
    /// Units and scale in words: `shares in thousands; $ in millions`. Empty when every column says its own.
    pub units: String,
    /// Scenario names, `base` if none.
    pub scenario: String,
    /// Book and the choices that differ from its defaults.
    pub book: Option<String>,
    /// The knowledge date.
    pub known_by: Option<Date>,
    /// Contracts in the run, and those excluded (superseded, dropped, not definitive) with the reason.
    pub contracts: (usize, Vec<(Arc<str>, String)>),
    /// Short hash of all inputs.
    pub inputs: String,
}

/// A table. The first column is frozen when the table is wider than the screen.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Above the table; empty for none.
    pub title: String,
    /// How figures are shown to people, behind the title: `shares in thousands`.
    pub units: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Sentences under the table: definitions, footnotes.
    pub footnotes: Vec<String>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Heading for people; `\n` breaks it into lines.
    pub heading: String,
    /// The same in full for programs, unique in its table, without a scale.
    pub name: String,
    /// Left for words, right for figures.
    pub align: Align,
    /// How figures are shown.
    pub scale: Scale,
}

/// Alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// How figures of a column are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Shown divided by ten to this power: 3 for thousands, 6 for millions, 9 for billions.
    pub power: u32,
    /// Decimal places shown.
    pub places: u32,
}

/// A row.
#[derive(Clone, Debug)]
pub enum Row {
    /// Cells, one a column; missing ones are empty.
    Cells {
        /// The cells.
        cells: Vec<Cell>,
        /// Steps of indentation of the first cell.
        indent: u8,
    },
    /// A rule over the whole width.
    Rule(Rule),
    /// A sub-heading.
    Heading(String),
    /// A sentence about the row above, over the whole width.
    Words(String),
    /// An empty line.
    Blank,
}

/// Kinds of rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Before a subtotal.
    Single,
    /// Before a total.
    Double,
}

/// A cell.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Nothing stands here.
    Empty,
    /// Words.
    Text(String),
    /// A day.
    Date(Date),
    /// The day of the row above: left out for people.
    Same(Date),
    /// A day on which something happened or is expected to.
    Dated(Date, Basis),
    /// It has not happened: a dash for people.
    Never,
    /// A figure. Nil is drawn as a dash, a missing amount as `n/a`, negatives in parentheses, forecasts marked `F`.
    Figure(Figure),
    /// A figure shown with another scale than its column's.
    Scaled(Figure, Scale),
    /// A figure as a percentage with one place.
    Percent(Figure),
}

/// A tie between figures that were computed in different ways. It can fail.
#[derive(Clone, Debug)]
pub struct Check {
    /// Stable name: `contract_liability_rolls`, for mutation tests and `--fail-on`.
    pub name: &'static str,
    /// What is tied to what, in words.
    pub claim: String,
    /// For which period or item, when the same claim is tested several times; empty otherwise.
    pub of: String,
    /// One way.
    pub left: Value,
    /// The other.
    pub right: Value,
}

impl Check {
    /// Whether both sides agree; `None` when an undisclosed term leaves it open.
    #[must_use]
    pub fn holds(&self) -> Option<bool> {
        Some(self.left.known()? == self.right.known()?)
    }
}

impl Scale {
    /// As it is, with two places.
    pub const CENTS: Self = Self { power: 0, places: 2 };
    /// Whole units.
    pub const WHOLE: Self = Self { power: 0, places: 0 };
    /// Thousands.
    pub const THOUSANDS: Self = Self { power: 3, places: 0 };
    /// Millions with two places.
    pub const MILLIONS: Self = Self { power: 6, places: 2 };
}

impl Column {
    /// A column of words.
    pub fn text(heading: impl Into<String>) -> Self {
        Self::new(heading.into(), Align::Left, Scale::WHOLE)
    }

    /// A column of figures.
    pub fn figures(heading: impl Into<String>, scale: Scale) -> Self {
        Self::new(heading.into(), Align::Right, scale)
    }

    /// Lines are joined for the name; a line that ends in a hyphen goes on without it.
    fn new(heading: String, align: Align, scale: Scale) -> Self {
        let name = heading.replace("-\n", "").replace('\n', " ");
        Self { heading, name, align, scale }
    }

    /// With a name of its own for programs.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }
}

impl Row {
    /// A plain row.
    #[must_use]
    pub fn of(cells: Vec<Cell>) -> Self {
        Self::Cells { cells, indent: 0 }
    }

    /// An indented row.
    #[must_use]
    pub fn under(indent: u8, cells: Vec<Cell>) -> Self {
        Self::Cells { cells, indent }
    }
}
