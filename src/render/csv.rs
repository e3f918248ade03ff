//! Tables for other programs: one fact a row, every digit.

use super::name;
use crate::report::rows::COLUMNS;
use crate::report::{Cell, Figure, Report, Row};
use crate::terms::Value;

const REPORT_COLUMNS: [&str; 9] = ["report", "table", "section", "row", "column", "value", "unit", "basis", "fact"];

/// Facts under their header.
#[must_use]
pub fn facts(rows: &[[String; 9]]) -> String {
    write(COLUMNS, rows.iter().cloned())
}

/// The tables of a report, one cell a row: figures with all digits and unscaled, words and days as they are.
#[must_use]
pub fn report(report: &Report) -> String {
    let mut cells = Vec::new();
    for table in &report.tables {
        let mut section = "";
        for row in &table.rows {
            match row {
                Row::Heading(text) => section = text,
                Row::Cells { cells: list, .. } => {
                    let label = list.first().map(words).unwrap_or_default();
                    for (cell, column) in list.iter().zip(&table.columns).skip(1) {
                        let [value, unit, basis, fact] = match cell {
                            Cell::Empty => continue,
                            Cell::Figure(f) | Cell::Scaled(f, _) | Cell::Percent(f) => figure(report, f),
                            Cell::Text(_) | Cell::Date(_) => [words(cell), String::new(), String::new(), String::new()],
                        };
                        let heading = column.heading.replace('\n', " ");
                        let place = [report.name, &table.title, section, &label, &heading].map(str::to_owned);
                        let [name, title, section, label, heading] = place;
                        cells.push([name, title, section, label, heading, value, unit, basis, fact]);
                    }
                }
                Row::Words(text) => {
                    let place = [report.name, &table.title, section, text, ""].map(str::to_owned);
                    let [name, title, section, label, heading] = place;
                    let [value, unit, basis, fact] = [const { String::new() }; 4];
                    cells.push([name, title, section, label, heading, value, unit, basis, fact]);
                }
                Row::Rule(_) | Row::Blank => {}
            }
        }
    }
    write(REPORT_COLUMNS, cells)
}

fn words(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Date(date) => date.to_string(),
        Cell::Figure(f) | Cell::Scaled(f, _) | Cell::Percent(f) => value(&f.amount),
    }
}

fn figure(report: &Report, figure: &Figure) -> [String; 4] {
    let fact = report.bases.get(figure.basis).and_then(|(_, fact)| fact.as_ref());
    let basis = if figure.amount.known().is_some() { figure.certainty.word() } else { "undisclosed" };
    [value(&figure.amount), figure.unit.to_string(), basis.to_owned(), fact.map(name::fact).unwrap_or_default()]
}

fn value(amount: &Value) -> String {
    amount.known().map(|n| n.to_string()).unwrap_or_default()
}

fn write<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let header = std::iter::once(header.map(str::to_owned));
    let written = header.chain(rows).try_for_each(|row| writer.write_record(row));
    let bytes = written.ok().and_then(|()| writer.into_inner().ok());
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}
