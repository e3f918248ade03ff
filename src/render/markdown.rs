//! Reports as Markdown, for memos and issue threads: the figures of the text report in tables without a width.

use std::fmt::Write;

use super::{amount, text};
use crate::base::{Diagnostics, Severity, Sources};
use crate::explain::{Derivation, Explanation};
use crate::render::derivation;
use crate::report::rows::COLUMNS;
use crate::report::{Align, Cell, Column, Mark, Report, Row, Table, Timeline};

/// A report.
#[must_use]
pub fn report(report: &Report) -> String {
    let mut out = format!("# {}\n\n", escaped(&report.header.title));
    for line in text::said_above(&report.header) {
        bullet(&line, &mut out);
    }
    for (name, figure, why) in &report.assumptions {
        let value = figure.as_ref().map(|f| format!(" = {} {}", amount::plain(&f.amount), f.unit)).unwrap_or_default();
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        bullet(&format!("assumed {name}{}{why}", value.trim_end()), &mut out);
    }
    if !report.undisclosed.is_empty() {
        bullet(&format!("undisclosed: {}", report.undisclosed.join(", ")), &mut out);
    }
    report.tables.iter().for_each(|each| table(each, &mut out));
    report.timelines.iter().for_each(|each| timeline(each, &mut out));
    let marks = text::legend(report);
    if !marks.is_empty() {
        let _ = write!(out, "\n{marks}");
    }
    if !report.notes.is_empty() {
        out.push_str("\n## Notes\n\n");
        report.notes.iter().for_each(|note| bullet(note, &mut out));
    }
    if !report.checks.is_empty() {
        out.push_str("\n## Checks\n\n");
        report.checks.iter().for_each(|check| bullet(&text::check_line(check), &mut out));
    }
    out
}

/// Facts in one table.
#[must_use]
pub fn facts(rows: &[[String; 9]]) -> String {
    let mut out = String::new();
    line(COLUMNS.iter().map(|name| (*name).to_owned()), &mut out);
    line(COLUMNS.iter().map(|name| if *name == "value" { "---:" } else { "---" }.to_owned()), &mut out);
    for row in rows {
        line(row.iter().map(|cell| escaped(cell)), &mut out);
    }
    out
}

/// An explanation as a list of lists.
#[must_use]
pub fn explanation(explanation: &Explanation, sources: &Sources) -> String {
    let mut out = format!("# {}\n\n", escaped(&explanation.tree.label));
    if !explanation.answer.is_empty() {
        let _ = writeln!(out, "Answer: {}\n", escaped(&explanation.answer));
    }
    node(&explanation.tree, 0, sources, &mut out);
    for (title, list) in derivation::lists(explanation) {
        if !list.is_empty() {
            let _ = writeln!(out, "\n## {title}\n");
            list.iter().for_each(|text| bullet(text, &mut out));
        }
    }
    if let Some((sum, cell, unit)) = &explanation.sum {
        let (sum, cell) = (amount::plain(sum), amount::plain(cell));
        let _ = writeln!(out, "\nSum of lines: {sum} {unit}; the cell: {cell} {unit}");
    }
    out
}

fn node(part: &Derivation, depth: usize, sources: &Sources, out: &mut String) {
    let mut text = escaped(&part.label);
    if let Some((value, unit)) = &part.amount {
        let _ = write!(text, " — **{} {unit}**", amount::plain(value));
    }
    let certainty = part.certainty.map(|basis| basis.word().to_owned());
    let rule = part.rule.as_ref().map(|rule| format!("rule {}", escaped(rule)));
    let doubt = |read: bool| if read { "" } else { " (ref. not verified)" };
    let cite = part.cite.as_ref().map(|(cite, read)| format!("{}{}", escaped(cite), doubt(*read)));
    let place = part.place.map(|span| format!("`{}`", sources.place(span)));
    let cited = (!part.sources.is_empty()).then(|| escaped(&part.sources.join("; ")));
    let more: Vec<String> = [certainty, rule, cite, place, cited].into_iter().flatten().collect();
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
    let _ = writeln!(out, "{}- {text}{more}", "  ".repeat(depth));
    part.parts.iter().for_each(|inner| node(inner, depth + 1, sources, out));
}

/// Diagnostics in one table.
#[must_use]
pub fn diagnostics(sources: &Sources, diagnostics: &Diagnostics) -> String {
    let mut out = String::from("| Code | Severity | Place | Message | Help |\n| --- | --- | --- | --- | --- |\n");
    for found in diagnostics.iter() {
        let severity = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = format!("`{}`", sources.place(found.primary.0));
        let cells = [found.code.number(), severity, &place, &found.message, &found.help.join(" ")].map(escaped);
        line(cells.into_iter(), &mut out);
    }
    out
}

fn table(table: &Table, out: &mut String) {
    let title = [table.title.as_str(), table.units.as_str()].into_iter().filter(|word| !word.is_empty());
    let title = title.collect::<Vec<_>>().join(", ");
    let title = if title.is_empty() { String::new() } else { format!("## {}\n\n", escaped(&title)) };
    let _ = write!(out, "\n{title}");
    line(table.columns.iter().map(heading), out);
    let rule = |column: &Column| match column.align {
        Align::Left => "---".to_owned(),
        Align::Right => "---:".to_owned(),
    };
    line(table.columns.iter().map(rule), out);
    for row in &table.rows {
        match row {
            Row::Cells { cells, indent } => {
                let shift = "&nbsp;&nbsp;".repeat(usize::from(*indent));
                let shown = table.columns.iter().enumerate().map(|(number, column)| {
                    let text = cells.get(number).map_or_else(String::new, |cell| shown(cell, column));
                    if number == 0 { format!("{shift}{text}") } else { text }
                });
                line(shown, out);
            }
            Row::Heading(text) => {
                let rest = table.columns.iter().skip(1).map(|_| String::new());
                line(std::iter::once(format!("**{}**", escaped(text))).chain(rest), out);
            }
            Row::Words(text) => {
                let rest = table.columns.iter().skip(1).map(|_| String::new());
                line(std::iter::once(format!("*{}*", escaped(text))).chain(rest), out);
            }
            Row::Rule(_) | Row::Blank => {}
        }
    }
    if !table.footnotes.is_empty() {
        out.push('\n');
    }
    for note in &table.footnotes {
        let _ = writeln!(out, "{}  ", escaped(note));
    }
}

/// The full name, with the scale in which figures are shown.
fn heading(column: &Column) -> String {
    let scale = match (column.align, column.scale.power) {
        (Align::Right, 3) => ", thousands",
        (Align::Right, 6) => ", millions",
        (Align::Right, 9) => ", billions",
        _ if column.heading.contains('%') && !column.name.contains('%') => ", %",
        _ => "",
    };
    format!("{}{scale}", escaped(&column.name))
}

fn shown(cell: &Cell, column: &Column) -> String {
    match cell {
        Cell::Empty | Cell::Same(_) => String::new(),
        Cell::Text(text) => escaped(text),
        Cell::Date(date) => date.to_string(),
        Cell::Dated(date, basis) => format!("{date} {}", basis.mark()).trim_end().to_owned(),
        Cell::Never => amount::NIL.to_owned(),
        Cell::Figure(figure) => amount::figure(figure, column.scale).text(),
        Cell::Scaled(figure, scale) => amount::figure(figure, *scale).text(),
        Cell::Percent(figure) => {
            let sign = if column.heading.contains('%') { "" } else { "%" };
            amount::percent(figure, sign).text()
        }
    }
}

fn timeline(timeline: &Timeline, out: &mut String) {
    let expires = timeline.expires.map(|day| format!(", expires {day}")).unwrap_or_default();
    let _ = writeln!(out, "\n## {}{expires}\n", escaped(&timeline.title));
    out.push_str("| Milestone | When |\n| --- | --- |\n");
    for track in &timeline.tracks {
        let size = track.size.as_ref().map(|size| format!(" {}", amount::plain(&size.amount))).unwrap_or_default();
        let marks = track.marks.iter().map(|mark| {
            let (date, word, basis) = match mark {
                Mark::Level(date, figure) => return format!("{} by {date}", amount::level(figure).text()),
                Mark::Met(date, basis) => (date, "met", basis.mark()),
                Mark::Latched(date, basis) => (date, "latched", basis.mark()),
                Mark::Vested(date, basis) => (date, "vested", basis.mark()),
                Mark::Lapsed(date) => (date, "lapsed", ""),
            };
            format!("{word} {date} {basis}").trim_end().to_owned()
        });
        let words: Vec<String> = marks.chain(track.remark.clone()).collect();
        line([escaped(&format!("{}{size}", track.label)), escaped(&words.join("; "))].into_iter(), out);
    }
}

fn line(cells: impl Iterator<Item = String>, out: &mut String) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "));
}

fn bullet(text: &str, out: &mut String) {
    let _ = writeln!(out, "- {}", escaped(text));
}

/// Letters that Markdown would take for its own.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '*' | '_' | '<' | '>' | '[' | ']' | '`' | '\\' | '#' => out.extend(['\\', letter]),
            '\n' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}
