//! Tables for other programs: one cell a row, every digit.

use super::{amount, name};
use crate::base::{Diagnostics, Severity, Sources};
use crate::explain::{Alternative, Derivation, Explanation};
use crate::report::rows::COLUMNS;
use crate::report::{Cell, Check, Column, Figure, Mark, Report, Row, Table, Timeline};
use crate::terms::{Basis, Value};
use crate::time::Date;

/// Where a cell stands (part of the report, table, section, number of the line in its table, its first cell, its
/// column), what stands in it, and which undisclosed terms it lacks.
const REPORT_COLUMNS: [&str; 12] =
    ["report", "part", "table", "section", "line", "row", "column", "value", "unit", "basis", "fact", "missing"];

/// Facts under their header.
#[must_use]
pub fn facts(rows: &[[String; 9]]) -> String {
    write(COLUMNS, rows.iter().cloned())
}

/// Facts that were written by [`facts`], read again: the cells of each row. What is no row of theirs is left out.
#[must_use]
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    reader.records().flatten().map(|record| record.iter().map(str::to_owned).collect()).collect()
}

/// A report, one cell a row: figures with all digits and unscaled, words and days as they are; then what it rests on,
/// its notes and its checks.
#[must_use]
pub fn report(report: &Report) -> String {
    let mut rows = Rows { report, part: "table", table: "", section: "", line: 0, rows: Vec::new() };
    report.tables.iter().for_each(|table| rows.table(table));
    report.timelines.iter().for_each(|timeline| rows.timeline(timeline));
    rows.rest();
    write(REPORT_COLUMNS, rows.rows)
}

const EXPLANATION_COLUMNS: [&str; 11] =
    ["part", "depth", "label", "value", "unit", "basis", "rule", "cite", "place", "sources", "total"];

/// An explanation: the tree from the top down, each part with its depth, then the lists under it.
#[must_use]
pub fn explanation(explanation: &Explanation, sources: &Sources) -> String {
    let mut rows = Vec::new();
    node(&explanation.tree, 0, sources, &mut rows);
    let line = |part: &str, label: &str, amount: &str, unit: &str, total: String| {
        let none = String::new;
        let (part, label, amount, unit) = (part.to_owned(), label.to_owned(), amount.to_owned(), unit.to_owned());
        [part, none(), label, amount, unit, none(), none(), none(), none(), none(), total]
    };
    for (part, list) in [("did not matter", &explanation.did_not_matter), ("tested", &explanation.branches)] {
        rows.extend(list.iter().map(|text| line(part, text, "", "", String::new())));
    }
    for Alternative { what, change, total, unit } in &explanation.would_change {
        let total = total.map(|n| n.to_string()).unwrap_or_default();
        rows.push(line("would change it", what, &change.to_string(), &unit.to_string(), total));
    }
    rows.extend(
        explanation
            .assumptions
            .iter()
            .map(|(name, value)| line("assumption", &format!("{name} = {value}"), "", "", String::new())),
    );
    if let Some((sum, cell, unit)) = &explanation.sum {
        rows.push(line("sum of lines", "", &value(sum), &unit.to_string(), value(cell)));
    }
    write(EXPLANATION_COLUMNS, rows)
}

fn node(part: &Derivation, depth: usize, sources: &Sources, rows: &mut Vec<[String; 11]>) {
    let (amount, unit) = part.amount.as_ref().map_or_else(Default::default, |(v, u)| (value(v), u.to_string()));
    let basis = part.certainty.map_or("", Basis::word).to_owned();
    let place = part.place.map(|span| sources.place(span)).unwrap_or_default();
    let cite =
        part.cite.as_ref().map(|(cite, read)| format!("{cite}{}", if *read { "" } else { " (ref. not verified)" }));
    let (rule, cite, cited) =
        (part.rule.clone().unwrap_or_default(), cite.unwrap_or_default(), part.sources.join("; "));
    let (label, depth_text) = (part.label.clone(), depth.to_string());
    rows.push(["tree".to_owned(), depth_text, label, amount, unit, basis, rule, cite, place, cited, String::new()]);
    part.parts.iter().for_each(|inner| node(inner, depth + 1, sources, rows));
}

/// Diagnostics, one a row.
#[must_use]
pub fn diagnostics(sources: &Sources, diagnostics: &Diagnostics) -> String {
    let rows = diagnostics.iter().map(|found| {
        let severity = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = sources.place(found.primary.0);
        let code = found.code.number().to_owned();
        [code, severity.to_owned(), place, found.message.clone(), found.primary.1.clone(), found.help.join(" ")]
    });
    write(["code", "severity", "place", "message", "label", "help"], rows)
}

/// A value with its unit, how sure it is, the fact it is, and what it lacks.
type Content = [String; 5];

struct Rows<'a> {
    report: &'a Report,
    part: &'static str,
    table: &'a str,
    section: &'a str,
    line: usize,
    rows: Vec<[String; 12]>,
}

impl<'a> Rows<'a> {
    fn begin(&mut self, part: &'static str, table: &'a str) {
        (self.part, self.table, self.section, self.line) = (part, table, "", 0);
    }

    fn push(&mut self, row: &str, column: &str, content: Content) {
        let [value, unit, basis, fact, missing] = content;
        let line = self.line.to_string();
        let place = [self.report.name, self.part, self.table, self.section, &line, row, column].map(str::to_owned);
        let [report, part, table, section, line, row, column] = place;
        self.rows.push([report, part, table, section, line, row, column, value, unit, basis, fact, missing]);
    }

    fn table(&mut self, table: &'a Table) {
        self.begin("table", &table.title);
        for row in &table.rows {
            match row {
                Row::Heading(text) => self.section = text,
                Row::Cells { cells, .. } => {
                    self.line += 1;
                    let label = cells.first().map(words).unwrap_or_default();
                    for (cell, column) in cells.iter().zip(&table.columns).skip(1) {
                        if let Some(content) = self.cell(cell) {
                            self.push(&label, &column.name, content);
                        }
                    }
                    // A row of nothing but its label is said too.
                    if let (1, Some(Column { name, .. })) = (cells.len(), table.columns.first()) {
                        self.push(&label, name, said(""));
                    }
                }
                Row::Words(text) => {
                    self.line += 1;
                    self.push(text, "", said(""));
                }
                Row::Rule(_) | Row::Blank => {}
            }
        }
    }

    fn cell(&self, cell: &Cell) -> Option<Content> {
        Some(match cell {
            Cell::Empty | Cell::Never => return None,
            Cell::Text(text) if text.is_empty() => return None,
            Cell::Figure(f) | Cell::Scaled(f, _) => self.figure(f),
            Cell::Percent(f) => {
                let [_, _, basis, fact, missing] = self.figure(f);
                [amount::per_hundred(&f.amount), "%".to_owned(), basis, fact, missing]
            }
            Cell::Dated(date, basis) => dated(*date, *basis),
            Cell::Text(_) | Cell::Date(_) | Cell::Same(_) => said(&words(cell)),
        })
    }

    fn figure(&self, figure: &Figure) -> Content {
        let fact = self.report.bases.get(figure.basis).and_then(|(_, fact)| fact.as_ref());
        let basis = if figure.amount.known().is_some() { figure.certainty.word() } else { "undisclosed" };
        let missing: Vec<&str> = match &figure.amount {
            Value::Missing(paths) => paths.iter().chain(figure.lacking.iter()).map(AsRef::as_ref).collect(),
            Value::Known(_) => figure.lacking.iter().map(AsRef::as_ref).collect(),
        };
        let fact = fact.map(name::fact).unwrap_or_default();
        [value(&figure.amount), figure.unit.to_string(), basis.to_owned(), fact, missing.join(" ")]
    }

    fn timeline(&mut self, timeline: &'a Timeline) {
        self.begin("timeline", &timeline.title);
        for track in &timeline.tracks {
            self.line += 1;
            if let Some(size) = &track.size {
                let size = self.figure(size);
                self.push(&track.label, "size", size);
            }
            for mark in &track.marks {
                let (column, content) = match mark {
                    Mark::Level(date, figure) => (format!("level at {date}"), self.figure(figure)),
                    Mark::Met(date, basis) => ("met".to_owned(), dated(*date, *basis)),
                    Mark::Latched(date, basis) => ("latched".to_owned(), dated(*date, *basis)),
                    Mark::Vested(date, basis) => ("vested".to_owned(), dated(*date, *basis)),
                    Mark::Lapsed(date) => ("lapsed".to_owned(), said(&date.to_string())),
                };
                self.push(&track.label, &column, content);
            }
            if let Some(remark) = &track.remark {
                self.push(&track.label, "remark", said(remark));
            }
        }
    }

    /// Assumptions, undisclosed terms, contracts left out, notes and checks.
    fn rest(&mut self) {
        let report = self.report;
        self.begin("assumption", "");
        for (name, figure, why) in &report.assumptions {
            self.line += 1;
            if let Some(figure) = figure {
                let figure = self.figure(figure);
                self.push(name, "value", figure);
            }
            self.push(name, "why", said(why));
        }
        self.begin("undisclosed", "");
        for path in &report.undisclosed {
            self.line += 1;
            self.push(path, "", said(""));
        }
        self.begin("excluded", "");
        for (contract, why) in &report.header.contracts.1 {
            self.line += 1;
            self.push(contract, "why", said(why));
        }
        self.begin("note", "");
        for note in &report.notes {
            self.line += 1;
            self.push("", "text", said(note));
        }
        self.begin("check", "");
        for Check { claim, of, left, right, .. } in &report.checks {
            self.line += 1;
            let row = if of.is_empty() { claim.clone() } else { format!("{claim}, {of}") };
            for (column, side) in [("left", left), ("right", right)] {
                let (basis, missing) = match side {
                    Value::Known(_) => (String::new(), String::new()),
                    Value::Missing(paths) => {
                        let paths: Vec<&str> = paths.iter().map(AsRef::as_ref).collect();
                        ("undisclosed".to_owned(), paths.join(" "))
                    }
                };
                self.push(&row, column, [value(side), String::new(), basis, String::new(), missing]);
            }
        }
    }
}

fn said(text: &str) -> Content {
    [text.to_owned(), String::new(), String::new(), String::new(), String::new()]
}

fn dated(date: Date, basis: Basis) -> Content {
    [date.to_string(), String::new(), basis.word().to_owned(), String::new(), String::new()]
}

fn words(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::Never => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Date(date) | Cell::Same(date) | Cell::Dated(date, _) => date.to_string(),
        Cell::Figure(f) | Cell::Scaled(f, _) | Cell::Percent(f) => value(&f.amount),
    }
}

fn value(amount: &Value) -> String {
    amount.known().map(|n| n.to_string()).unwrap_or_default()
}

pub(super) fn write<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let header = std::iter::once(header.map(str::to_owned));
    let written = header.chain(rows).try_for_each(|row| writer.write_record(row));
    let bytes = written.ok().and_then(|()| writer.into_inner().ok());
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}
