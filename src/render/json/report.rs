//! The shape of a report.

use serde::Serialize;

#[cfg(test)]
use super::schema;
use super::{Amount, VERSION};
use crate::num::Unit;
use crate::render::{amount, name};
use crate::report::{Align, Cell, Check, Column, Figure, Header, Mark, Report, Row, Rule, Scale, Table, Timeline};
use crate::time::{Date, Period};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Page<'a> {
    /// Grows when a field changes its meaning; fields are only added.
    version: u32,
    /// Its name on the command line.
    report: &'a str,
    header: Head<'a>,
    assumptions: Vec<Assumed<'a>>,
    undisclosed: Vec<&'a str>,
    tables: Vec<Sheet<'a>>,
    timelines: Vec<Strip<'a>>,
    notes: &'a [String],
    checks: Vec<Tie<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Head<'a> {
    title: &'a str,
    period: Option<Named<'a>>,
    at: Option<Date>,
    /// How `shown` figures are scaled.
    shown_in: &'a str,
    scenario: &'a str,
    book: Option<&'a str>,
    known_by: Option<Date>,
    contracts: usize,
    excluded: Vec<Excluded<'a>>,
    inputs: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Named<'a> {
    name: &'a str,
    #[serde(flatten)]
    days: Period,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Excluded<'a> {
    contract: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Assumed<'a> {
    name: &'a str,
    #[serde(flatten)]
    amount: Option<Amount<'a>>,
    why: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Sheet<'a> {
    title: &'a str,
    /// How `shown` figures are scaled, where the columns do not say.
    shown_in: &'a str,
    columns: Vec<Shown<'a>>,
    rows: Vec<Strand<'a>>,
    footnotes: &'a [String],
}

/// A column: words, or figures shown to people divided by ten to `power`, with `places` decimals.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Shown<'a> {
    /// Unique in the table.
    name: &'a str,
    #[cfg_attr(test, schemars(with = "schema::AlignWord"))]
    align: &'static str,
    power: u32,
    places: u32,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "row", rename_all = "snake_case")]
enum Strand<'a> {
    Cells { indent: u8, cells: Vec<Entry<'a>> },
    Single,
    Double,
    Heading { text: &'a str },
    Words { text: &'a str },
    Blank,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "cell", rename_all = "snake_case")]
enum Entry<'a> {
    Empty,
    Text {
        text: &'a str,
    },
    Date {
        date: Date,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, schemars(with = "Option<schema::BasisWord>"))]
        basis: Option<&'static str>,
    },
    /// A value with all its digits, and `shown` as people see it; `fact` is its name for `explain`.
    Figure {
        #[serde(flatten)]
        amount: Amount<'a>,
        shown: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        fact: Option<String>,
    },
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Tie<'a> {
    name: &'a str,
    claim: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    of: &'a str,
    left: Amount<'a>,
    right: Amount<'a>,
    /// `null` when an undisclosed term leaves it open.
    holds: Option<bool>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Strip<'a> {
    title: &'a str,
    expires: Option<Date>,
    span: Period,
    ticks: Vec<Tick<'a>>,
    tracks: Vec<Lane<'a>>,
    today: Option<Date>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Tick<'a> {
    label: &'a str,
    date: Date,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Lane<'a> {
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<Amount<'a>>,
    marks: Vec<Flag<'a>>,
    remark: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "mark", rename_all = "snake_case")]
enum Flag<'a> {
    Level {
        date: Date,
        #[serde(flatten)]
        amount: Amount<'a>,
    },
    Met {
        date: Date,
        #[cfg_attr(test, schemars(with = "schema::BasisWord"))]
        basis: &'static str,
    },
    Latched {
        date: Date,
        #[cfg_attr(test, schemars(with = "schema::BasisWord"))]
        basis: &'static str,
    },
    Vested {
        date: Date,
        #[cfg_attr(test, schemars(with = "schema::BasisWord"))]
        basis: &'static str,
    },
    Lapsed {
        date: Date,
    },
}

pub(super) fn report(report: &Report) -> Page<'_> {
    Page {
        version: VERSION,
        report: report.name,
        header: head(&report.header),
        assumptions: report
            .assumptions
            .iter()
            .map(|(name, value, why)| Assumed { name, amount: value.as_ref().map(amount), why })
            .collect(),
        undisclosed: report.undisclosed.iter().map(AsRef::as_ref).collect(),
        tables: report.tables.iter().map(|t| sheet(report, t)).collect(),
        timelines: report.timelines.iter().map(strip).collect(),
        notes: &report.notes,
        checks: report.checks.iter().map(tie).collect(),
    }
}

fn head(header: &Header) -> Head<'_> {
    Head {
        title: &header.title,
        period: header.period.as_ref().map(|(name, days)| Named { name, days: *days }),
        at: header.at,
        shown_in: &header.units,
        scenario: &header.scenario,
        book: header.book.as_deref(),
        known_by: header.known_by,
        contracts: header.contracts.0,
        excluded: header.contracts.1.iter().map(|(contract, reason)| Excluded { contract, reason }).collect(),
        inputs: &header.inputs,
    }
}

fn amount(figure: &Figure) -> Amount<'_> {
    let mut amount = Amount::new(&figure.amount, &figure.unit, Some(figure.certainty));
    amount.missing.extend(figure.lacking.iter().map(AsRef::as_ref));
    amount
}

fn sheet<'a>(report: &'a Report, table: &'a Table) -> Sheet<'a> {
    let rows = table.rows.iter().map(|row| match row {
        Row::Cells { cells, indent } => Strand::Cells {
            indent: *indent,
            cells: cells.iter().enumerate().map(|(i, c)| entry(report, c, table.columns.get(i))).collect(),
        },
        Row::Rule(Rule::Single) => Strand::Single,
        Row::Rule(Rule::Double) => Strand::Double,
        Row::Heading(text) => Strand::Heading { text },
        Row::Words(text) => Strand::Words { text },
        Row::Blank => Strand::Blank,
    });
    let columns = table.columns.iter().map(column).collect();
    Sheet { title: &table.title, shown_in: &table.units, columns, rows: rows.collect(), footnotes: &table.footnotes }
}

fn column(column: &Column) -> Shown<'_> {
    let align = match column.align {
        Align::Left => "left",
        Align::Right => "right",
    };
    Shown { name: &column.name, align, power: column.scale.power, places: column.scale.places }
}

fn entry<'a>(report: &'a Report, cell: &'a Cell, column: Option<&Column>) -> Entry<'a> {
    let figure = |f: &'a Figure, amount: Amount<'a>, shown: String| {
        let fact = report.bases.get(f.basis).and_then(|(_, fact)| fact.as_ref()).map(name::fact);
        Entry::Figure { amount, shown, fact }
    };
    let scaled = |f: &'a Figure, scale| figure(f, amount(f), amount::figure(f, scale).text());
    match cell {
        Cell::Empty | Cell::Never => Entry::Empty,
        Cell::Text(text) => Entry::Text { text },
        Cell::Date(date) | Cell::Same(date) => Entry::Date { date: *date, basis: None },
        Cell::Dated(date, basis) => Entry::Date { date: *date, basis: Some(basis.word()) },
        Cell::Figure(f) => scaled(f, column.map_or(Scale::CENTS, |column| column.scale)),
        Cell::Scaled(f, scale) => scaled(f, *scale),
        Cell::Percent(f) => {
            let value = f.amount.known().map(|_| amount::per_hundred(&f.amount));
            let exact = Amount { value, unit: "%".to_owned(), ..amount(f) };
            figure(f, exact, amount::percent(f, "").text())
        }
    }
}

fn tie(check: &Check) -> Tie<'_> {
    let side = |value| Amount::new(value, &Unit::none(), None);
    Tie {
        name: check.name,
        claim: &check.claim,
        of: &check.of,
        left: side(&check.left),
        right: side(&check.right),
        holds: check.holds(),
    }
}

fn strip(timeline: &Timeline) -> Strip<'_> {
    let tracks = timeline.tracks.iter().map(|track| Lane {
        label: &track.label,
        size: track.size.as_ref().map(amount),
        marks: track.marks.iter().map(flag).collect(),
        remark: track.remark.as_deref(),
    });
    Strip {
        title: &timeline.title,
        expires: timeline.expires,
        span: timeline.span,
        ticks: timeline.ticks.iter().map(|(label, date)| Tick { label, date: *date }).collect(),
        tracks: tracks.collect(),
        today: timeline.today,
    }
}

fn flag(mark: &Mark) -> Flag<'_> {
    match mark {
        Mark::Level(date, figure) => Flag::Level { date: *date, amount: amount(figure) },
        Mark::Met(date, basis) => Flag::Met { date: *date, basis: basis.word() },
        Mark::Latched(date, basis) => Flag::Latched { date: *date, basis: basis.word() },
        Mark::Vested(date, basis) => Flag::Vested { date: *date, basis: basis.word() },
        Mark::Lapsed(date) => Flag::Lapsed { date: *date },
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Facts<'a> {
    version: u32,
    facts: Vec<Fact<'a>>,
}

/// Fields in the order of [`crate::report::rows::COLUMNS`].
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Fact<'a> {
    entity: &'a str,
    counterparty: &'a str,
    period: &'a str,
    measure: &'a str,
    item: &'a str,
    value: &'a str,
    unit: &'a str,
    binding: &'a str,
    basis: &'a str,
}

pub(super) fn facts(rows: &[[String; 9]]) -> Facts<'_> {
    let facts = rows.iter().map(|row| {
        let [entity, counterparty, period, measure, item, value, unit, binding, basis] = row;
        Fact { entity, counterparty, period, measure, item, value, unit, binding, basis }
    });
    Facts { version: VERSION, facts: facts.collect() }
}
