//! Reports as text for people.

use super::ink::{Ink, Line};
use super::{Style, amount, table, timeline, wrap};
use crate::report::{Cell, Check, Figure, Header, Report, Row};
use crate::terms::Value;

/// A report as text: header, what it rests on, tables, timelines, notes and checks.
#[must_use]
pub fn report(report: &Report, style: &Style) -> String {
    let mut body = Vec::new();
    let mut widest = 0;
    for each in &report.tables {
        let (text, width) = table::table(each, style);
        widest = widest.max(width);
        body.push(text);
    }
    body.extend(report.timelines.iter().map(|t| timeline::timeline(t, style)));
    let mut out = String::new();
    header(&report.header, widest, style, &mut out);
    let foundations = foundations(report, style);
    let legend = legend(report);
    for block in std::iter::once(foundations).chain(body).chain([
        legend,
        notes(report, style),
        checks(&report.checks, report.brief, style),
    ]) {
        if !block.is_empty() {
            out.push('\n');
            out.push_str(&block);
        }
    }
    out
}

/// What the marks behind figures mean, if any stands in a table.
pub(super) fn legend(report: &Report) -> String {
    let rows = report.tables.iter().flat_map(|table| &table.rows);
    let cells = rows.flat_map(|row| match row {
        Row::Cells { cells, .. } => cells.as_slice(),
        _ => &[],
    });
    let marks = cells.filter_map(|cell| match cell {
        Cell::Figure(f) | Cell::Scaled(f, _) | Cell::Percent(f) => Some(f.certainty.mark()),
        Cell::Dated(_, basis) => Some(basis.mark()),
        _ => None,
    });
    let mut marks: Vec<&str> = marks.filter(|mark| !mark.is_empty()).collect();
    marks.sort_unstable_by(|a, b| b.cmp(a));
    marks.dedup();
    let words: Vec<&str> = marks.iter().map(|mark| if *mark == "F" { "F forecast" } else { "A assumed" }).collect();
    if words.is_empty() { String::new() } else { format!("{}\n", words.join("   ")) }
}

/// What and when; then units, choices and inputs.
fn header(header: &Header, widest: usize, style: &Style, out: &mut String) {
    let when = when(header);
    let (left, right) = (wrap::width(&header.title), wrap::width(&when));
    let mut line = Line::new(style.color);
    for (level, part) in wrap::hang(&header.title, style.page()).iter().enumerate() {
        if level > 0 {
            std::mem::replace(&mut line, Line::new(style.color)).end(out);
        }
        line.add(part, Ink::Bold);
    }
    if left + 2 + right <= style.page() {
        line.to(widest.min(style.page()).saturating_sub(right).max(left + 2));
    } else {
        line.end(out);
        line = Line::new(style.color);
    }
    line.add(&when, Ink::Plain);
    line.end(out);

    plain(&wrap::join(&choices(header), "; ", style.page()), style, out);
    if let Some(reasons) = excluded(header) {
        hanging("excluded", &reasons, 10, style, out);
    }
}

/// Units, choices and inputs.
fn choices(header: &Header) -> [String; 6] {
    let (count, excluded) = (header.contracts.0, &header.contracts.1);
    let plural = if count == 1 { "" } else { "s" };
    [
        header.units.clone(),
        said("scenario", Some(&header.scenario)),
        said("known by", header.known_by.as_ref()),
        said("book", header.book.as_ref()),
        said("inputs", Some(&header.inputs)),
        format!("{count} contract{plural}, {} excluded", excluded.len()),
    ]
}

fn excluded(header: &Header) -> Option<String> {
    let reasons: Vec<String> = header.contracts.1.iter().map(|(name, why)| format!("{name} ({why})")).collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// What stands under the title, line by line.
pub(super) fn said_above(header: &Header) -> Vec<String> {
    let lines = std::iter::once(when(header)).chain(choices(header));
    let excluded = excluded(header).map(|reasons| format!("excluded: {reasons}"));
    lines.chain(excluded).filter(|line| !line.is_empty()).collect()
}

/// The period or the day.
fn when(header: &Header) -> String {
    match (&header.period, header.at) {
        (Some((name, days)), _) if name.is_empty() => days.to_string(),
        (Some((name, days)), _) => format!("{name} ({days})"),
        (None, Some(date)) => format!("at {date}"),
        (None, None) => String::new(),
    }
}

fn said(word: &str, value: Option<&impl ToString>) -> String {
    match value.map(ToString::to_string) {
        Some(text) if !text.is_empty() => format!("{word} {text}"),
        _ => String::new(),
    }
}

/// Assumptions and undisclosed terms.
fn foundations(report: &Report, style: &Style) -> String {
    let mut out = String::new();
    let shown = |name: &str, figure: &Figure| {
        format!("{name} = {} {}", amount::plain(&figure.amount), figure.unit).trim_end().to_owned()
    };
    if report.brief {
        let (mut values, mut words, mut undisclosed) = (Vec::new(), Vec::new(), Vec::new());
        for (name, value, _) in &report.assumptions {
            match value {
                Some(figure) if figure.amount.known().is_some() => values.push(shown(name, figure)),
                Some(_) => undisclosed.push(name.to_string()),
                None => words.push(name.to_string()),
            }
        }
        undisclosed.extend(report.undisclosed.iter().map(|path| path.to_string()));
        for (label, list) in [("assumed", values), ("by reading", words), ("undisclosed", undisclosed)] {
            if !list.is_empty() {
                hanging(label, &list.join(", "), LABEL, style, &mut out);
            }
        }
        return out;
    }
    // What has an amount, what is only words, and what is missing last.
    let rank = |value: &Option<Figure>| match value {
        Some(figure) => 2 * u8::from(figure.amount.known().is_none()),
        None => 1,
    };
    let mut assumptions: Vec<_> = report.assumptions.iter().collect();
    assumptions.sort_by_key(|(_, value, _)| rank(value));
    let said: Vec<(String, &str)> = assumptions
        .into_iter()
        .map(|(name, value, why)| {
            let what = value.as_ref().map_or_else(|| name.to_string(), |figure| shown(name, figure));
            (what, why.as_ref())
        })
        .collect();
    if style.page() < NARROW {
        for (number, (what, why)) in said.iter().enumerate() {
            let text = if why.is_empty() { what.clone() } else { format!("{what}: {why}") };
            for (level, part) in wrap::fold(&text, style.page().saturating_sub(LABEL + 2)).iter().enumerate() {
                let mut line = Line::new(style.color);
                line.add(if number + level == 0 { "assumed" } else { "" }, Ink::Plain);
                line.to(LABEL + if level > 0 { 2 } else { 0 }).add(part, Ink::Plain);
                line.end(&mut out);
            }
        }
    }
    let said = if style.page() < NARROW { Vec::new() } else { said };
    let column =
        wrap::widest(said.iter().map(|(what, _)| what.as_str())).min(style.page().saturating_sub(LABEL + 2 + 24));
    for (number, (what, why)) in said.iter().enumerate() {
        let mut line = Line::new(style.color);
        line.add(if number == 0 { "assumed" } else { "" }, Ink::Plain).to(LABEL).add(what, Ink::Plain);
        let start = LABEL + column + 2;
        for (level, text) in wrap::fold(why, style.page().saturating_sub(start).max(20)).iter().enumerate() {
            if level > 0 || line.column() + 2 > start && !text.is_empty() {
                std::mem::replace(&mut line, Line::new(style.color)).end(&mut out);
            }
            line.to(start).add(text, Ink::Plain);
        }
        line.end(&mut out);
    }
    if !report.undisclosed.is_empty() {
        hanging("undisclosed", &report.undisclosed.join(", "), LABEL, style, &mut out);
    }
    out
}

/// Width of the words before assumptions and undisclosed terms.
const LABEL: usize = 13;

/// On narrower pages reasons stand behind their assumptions, not beside them.
const NARROW: usize = 110;

/// Notes of a report that has little else are folded here.
const READABLE: usize = 80;

fn notes(report: &Report, style: &Style) -> String {
    let mut out = String::new();
    // Sentences about every tranche are read, not scanned: a long line loses the reader.
    let style = match report.name {
        "milestones" => &Style { width: Some(style.page().min(READABLE)), ..*style },
        _ => style,
    };
    for note in &report.notes {
        hanging("note", note, 6, style, &mut out);
    }
    out
}

/// `check  claim   left = right   ok`; the same claim over several periods is one line with a count, and those that do
/// not hold are listed. A brief report only counts what holds.
fn checks(checks: &[Check], brief: bool, style: &Style) -> String {
    let mut rows: Vec<(String, String, (String, Ink))> = Vec::new();
    let mut good = 0usize;
    let mut groups: Vec<(&Check, Vec<&Check>)> = Vec::new();
    for check in checks {
        match groups.iter_mut().find(|(first, _)| first.name == check.name && first.claim == check.claim) {
            Some((_, group)) => group.push(check),
            None => groups.push((check, vec![check])),
        }
    }
    for (first, group) in groups {
        let (holding, other): (Vec<&Check>, Vec<&Check>) = group.iter().partition(|c| c.holds() == Some(true));
        good += holding.len();
        if brief && other.is_empty() {
            continue;
        }
        if group.len() == 1 {
            rows.push((first.claim.clone(), tied(first), verdict(first)));
            continue;
        }
        if !holding.is_empty() && !brief {
            rows.push((
                first.claim.clone(),
                String::new(),
                (format!("ok  {}/{}", holding.len(), group.len()), Ink::Good),
            ));
        }
        let open: Vec<&&Check> = other.iter().filter(|c| c.holds().is_none()).collect();
        if !open.is_empty() {
            let said = format!("open: undisclosed  {}/{}", open.len(), group.len());
            rows.push((first.claim.clone(), String::new(), (said, Ink::Plain)));
        }
        for check in other.iter().filter(|c| c.holds() == Some(false)) {
            rows.push((format!("{}, {}", check.claim, check.of), tied(check), verdict(check)));
        }
    }
    let mut out = String::new();
    if brief && good > 0 {
        hanging("checks", &format!("{good} of {} ok", checks.len()), 8, style, &mut out);
    }
    let before = "check  ".len();
    let claims = wrap::widest(rows.iter().map(|(claim, ..)| claim.as_str()));
    let sides = wrap::widest(rows.iter().map(|(_, tied, _)| tied.as_str()));
    for (claim, tied, (verdict, ink)) in &rows {
        let room = if tied.is_empty() { 0 } else { sides + 3 };
        let mut line = Line::new(style.color);
        line.add("check", Ink::Plain);
        if before + claims + 3 + room + wrap::width(verdict) <= style.page() {
            line.to(before).add(claim, Ink::Plain).to(before + claims).skip(3);
            line.skip(room.saturating_sub(wrap::width(tied) + 3));
        } else {
            for text in wrap::fold(claim, style.page() - before) {
                line.to(before).add(&text, Ink::Plain);
                std::mem::replace(&mut line, Line::new(style.color)).end(&mut out);
            }
            line.to(before + 2);
        }
        if !tied.is_empty() {
            line.add(tied, Ink::Plain).skip(3);
        }
        line.add(verdict, *ink);
        line.end(&mut out);
    }
    out
}

fn tied(check: &Check) -> String {
    format!("{} = {}", amount::plain(&check.left), amount::plain(&check.right))
}

/// A check in one line: `claim: left = right   FAILED (difference …)`.
#[must_use]
pub fn check_line(check: &Check) -> String {
    let of = if check.of.is_empty() { String::new() } else { format!(", {}", check.of) };
    format!("{}{of}: {}   {}", check.claim, tied(check), verdict(check).0)
}

/// `ok`, `FAILED (difference …)` or `open: undisclosed`.
fn verdict(check: &Check) -> (String, Ink) {
    match check.holds() {
        Some(true) => ("ok".to_owned(), Ink::Good),
        None => ("open: undisclosed".to_owned(), Ink::Plain),
        Some(false) => {
            let difference = check.left.clone().minus(check.right.clone()).unwrap_or(Value::ZERO);
            (format!("FAILED (difference {})", amount::plain(&difference)), Ink::Bad)
        }
    }
}

/// A word, and a text folded beside it.
fn hanging(word: &str, text: &str, column: usize, style: &Style, out: &mut String) {
    let mut line = Line::new(style.color);
    line.add(word, Ink::Plain);
    for (level, part) in wrap::fold(text, style.page().saturating_sub(column)).iter().enumerate() {
        if level > 0 {
            std::mem::replace(&mut line, Line::new(style.color)).end(out);
        }
        line.to(column).add(part, Ink::Plain);
    }
    line.end(out);
}

fn plain(lines: &[String], style: &Style, out: &mut String) {
    for text in lines {
        let mut line = Line::new(style.color);
        line.add(text, Ink::Plain);
        line.end(out);
    }
}
