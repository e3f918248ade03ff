//! Explanations as a tree.

use super::amount::{self, Shown};
use super::ink::{Ink, Line};
use super::{Style, wrap};
use crate::base::Sources;
use crate::explain::{Alternative, Derivation, Explanation};
use crate::num::{Number, Unit};
use crate::terms::Value;

/// Columns of the words before the lists under the tree.
const LABEL: usize = 20;

/// The whole explanation: the tree, what did not matter, what was tested, what it assumes, and the sum.
#[must_use]
pub fn explanation(explanation: &Explanation, sources: &Sources, style: &Style) -> String {
    let mut tree = Tree { sources, rows: Vec::new() };
    tree.node(&explanation.tree, "", "", Some(&explanation.answer));
    let mut out = String::new();
    let mut columns = Columns::new(&tree.rows, style);
    if columns.text + columns.behind > style.page() {
        tree.rows.iter_mut().for_each(Row::narrow);
        columns = Columns::new(&tree.rows, style);
    }
    tree.rows.iter().for_each(|row| columns.row(row, &mut out));
    let mut below = String::new();
    for (word, list) in lists(explanation) {
        for (number, text) in list.iter().enumerate() {
            entry(if number == 0 { word } else { "" }, text, style, &mut below);
        }
    }
    sum(explanation, style, &mut below);
    if !below.is_empty() {
        out.push('\n');
        out.push_str(&below);
    }
    out
}

/// What stands under the tree.
pub(super) fn lists(explanation: &Explanation) -> [(&'static str, Vec<String>); 4] {
    let assumed = explanation.assumptions.iter().map(|(name, value)| format!("{name} = {value}"));
    [
        ("Did not matter", explanation.did_not_matter.clone()),
        ("Tested", explanation.branches.clone()),
        ("Would change it", explanation.would_change.iter().map(alternative).collect()),
        ("Assumptions", assumed.collect()),
    ]
}

/// `attribution single_pool: change 1,725,500,000 USD, to a total of 2,182,250,000 USD`
fn alternative(alternative: &Alternative) -> String {
    let Alternative { what, change, total, unit } = alternative;
    let shown = |number: Number| format!("{} {unit}", amount::plain(&Value::Known(number)));
    let total = total.map_or_else(String::new, |total| format!(", to a total of {}", shown(total)));
    format!("{what}: change {}{total}", shown(*change)).trim_end().to_owned()
}

fn entry(word: &str, text: &str, style: &Style, out: &mut String) {
    for (level, part) in wrap::fold(text, style.page() - LABEL).iter().enumerate() {
        let mut line = Line::new(style.color);
        line.add(if level == 0 { word } else { "" }, Ink::Plain).to(LABEL).add(part, Ink::Plain);
        line.end(out);
    }
}

/// `Sum of lines   (1,254.60) + (456.75) = (1,711.35)   equals the cell`
fn sum(explanation: &Explanation, style: &Style, out: &mut String) {
    let Some((sum, cell, unit)) = &explanation.sum else { return };
    let parts = explanation.tree.parts.iter().filter_map(|part| part.amount.as_ref());
    let parts: Vec<String> = parts.filter(|(_, u)| u == unit).map(|(value, _)| amount::plain(value)).collect();
    let left = if parts.is_empty() { String::new() } else { format!("{} = ", parts.join(" + ")) };
    let (verdict, ink) = match (sum, cell) {
        (Value::Known(a), Value::Known(b)) if a == b => ("equals the cell".to_owned(), Ink::Good),
        (Value::Known(_), Value::Known(_)) => {
            let difference = sum.clone().minus(cell.clone()).unwrap_or(Value::ZERO);
            let difference = amount::plain(&difference);
            (format!("DOES NOT EQUAL THE CELL {} (difference {difference})", amount::plain(cell)), Ink::Bad)
        }
        _ => ("open: undisclosed".to_owned(), Ink::Plain),
    };
    let text = format!("{left}{} {unit}", amount::plain(sum));
    let lines = wrap::fold(text.trim_end(), style.page() - LABEL);
    for (level, part) in lines.iter().enumerate() {
        let mut line = Line::new(style.color);
        line.add(if level == 0 { "Sum of lines" } else { "" }, Ink::Plain).to(LABEL).add(part, Ink::Plain);
        if level + 1 == lines.len() {
            line.skip(3);
            if line.column() + wrap::width(&verdict) > style.page() {
                std::mem::replace(&mut line, Line::new(style.color)).end(out);
                line.to(LABEL);
            }
            line.add(&verdict, ink);
        }
        line.end(out);
    }
}

/// A line of the tree before widths are known.
#[derive(Default)]
struct Row {
    /// `│  ├─ `
    prefix: String,
    /// `│  │  `: the prefix when the text goes on below.
    next: String,
    text: String,
    title: bool,
    amount: Option<(Shown, Unit)>,
    place: String,
    certainty: &'static str,
    sources: String,
}

impl Row {
    /// On a narrow page the place stands behind the text, or below it.
    fn narrow(&mut self) {
        let pieces = [std::mem::take(&mut self.place), self.certainty.to_owned(), std::mem::take(&mut self.sources)];
        self.certainty = "";
        self.sources = pieces.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("  ");
    }
}

struct Tree<'a> {
    sources: &'a Sources,
    rows: Vec<Row>,
}

impl Tree<'_> {
    fn node(&mut self, node: &Derivation, prefix: &str, next: &str, answer: Option<&str>) {
        let stem = if node.parts.is_empty() { format!("{next}   ") } else { format!("{next}│  ") };
        let place = node.place.map(|span| self.sources.place(span)).unwrap_or_default();
        let sources = node.sources.join("; ");
        let mut row = Row {
            prefix: prefix.to_owned(),
            next: stem.clone(),
            text: node.label.clone(),
            title: answer.is_some(),
            amount: node.amount.as_ref().map(|(value, unit)| (amount::exact(value), unit.clone())),
            place,
            certainty: node.certainty.map_or("", crate::terms::Basis::word),
            sources: if sources.is_empty() { sources } else { format!("[{sources}]") },
        };
        let beside = |word: &str, text: &str| Row {
            prefix: format!("{stem}{word}"),
            next: format!("{stem}       "),
            text: text.to_owned(),
            ..Row::default()
        };
        let mut below = Vec::new();
        if let Some(rule) = &node.rule {
            let place = std::mem::take(&mut row.place);
            let sources = std::mem::take(&mut row.sources);
            below.push(Row { place, sources, ..beside("rule   ", rule) });
        }
        if let Some((cite, verified)) = &node.cite {
            let doubt = if *verified { "" } else { " (ref. not verified)" };
            below.push(beside("basis  ", &format!("{cite}{doubt}")));
        }
        if let Some(answer) = answer.filter(|a| !a.is_empty()) {
            below.push(beside("answer ", answer));
        }
        self.rows.push(row);
        self.rows.extend(below);
        let is_root = answer.is_some();
        let spaced = is_root && node.parts.iter().any(|part| !part.parts.is_empty());
        for (number, part) in node.parts.iter().enumerate() {
            if spaced || (is_root && number == 0) {
                self.rows.push(Row { prefix: format!("{next}│"), ..Row::default() });
            }
            let (branch, rest) = if number + 1 == node.parts.len() { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            self.node(part, &format!("{next}{branch}"), &format!("{next}{rest}"), None);
        }
    }
}

/// Where the columns of the tree begin.
struct Columns {
    page: usize,
    color: bool,
    text: usize,
    /// Columns behind the text, with the gaps before them.
    behind: usize,
    body: usize,
    unit: usize,
    right: usize,
    certainty: usize,
}

impl Columns {
    fn new(rows: &[Row], style: &Style) -> Self {
        let amounts = || rows.iter().filter_map(|row| row.amount.as_ref());
        let body = wrap::widest(amounts().map(|(shown, _)| shown.body.as_str()));
        let tail = wrap::widest(amounts().map(|(shown, _)| shown.tail.as_str()));
        let units = amounts().map(|(_, unit)| wrap::width(&unit.to_string())).max().unwrap_or(0);
        let place = wrap::widest(rows.iter().map(|row| row.place.as_str()));
        let certainty = wrap::widest(rows.iter().map(|row| row.certainty));
        let behind = [(body + tail, 2), (units, 2), (place, 3), (certainty, 2)];
        let behind: usize = behind.into_iter().filter(|(width, _)| *width > 0).map(|(width, gap)| width + gap).sum();
        let with_amounts = rows.iter().filter(|row| row.amount.is_some() || body == 0);
        let natural = with_amounts.map(|row| wrap::width(&row.prefix) + wrap::width(&row.text)).max().unwrap_or(0);
        let text = natural.min(style.page().saturating_sub(behind).max(36));
        let after = |start: usize, width: usize, gap: usize| if width > 0 { start + gap + width } else { start };
        let unit = after(text, body + tail, 2);
        let right = after(unit, units, 2);
        Self {
            page: style.page(),
            color: style.color,
            text,
            behind,
            body: text + 2 + body,
            unit: unit + 2,
            right: right + 3,
            certainty: right + 3 + place + 2,
        }
    }

    fn row(&self, row: &Row, out: &mut String) {
        let indent = wrap::width(&row.prefix).max(wrap::width(&row.next));
        // Words without an amount may use its columns.
        let limit = match (&row.amount, row.place.is_empty()) {
            (Some(_), _) => self.text,
            (None, false) => self.right.saturating_sub(3),
            (None, true) => self.page,
        };
        let parts = if wrap::width(&row.prefix) + wrap::width(&row.text) <= limit {
            vec![row.text.clone()]
        } else {
            wrap::fold(&row.text, limit.saturating_sub(indent).max(16))
        };
        let mut line = Line::new(self.color);
        for (level, part) in parts.iter().enumerate() {
            if level > 0 {
                std::mem::replace(&mut line, Line::new(self.color)).end(out);
            }
            line.add(if level == 0 { &row.prefix } else { &row.next }, Ink::Plain);
            line.add(part, if row.title { Ink::Bold } else { Ink::Plain });
            if level == 0 {
                self.beside(row, &mut line);
            }
        }
        if !row.sources.is_empty() {
            line.skip(2);
            if line.column() + wrap::width(&row.sources) > self.page {
                for part in wrap::fold(&row.sources, self.page.saturating_sub(indent).max(16)) {
                    std::mem::replace(&mut line, Line::new(self.color)).end(out);
                    line.add(&row.next, Ink::Plain).add(&part, Ink::Plain);
                }
            } else {
                line.add(&row.sources, Ink::Plain);
            }
        }
        line.end(out);
    }

    fn beside(&self, row: &Row, line: &mut Line) {
        if let Some((shown, unit)) = &row.amount {
            line.to(self.body.saturating_sub(wrap::width(&shown.body))).add(&shown.text(), shown.ink);
            line.to(self.unit).add(&unit.to_string(), Ink::Plain);
        }
        line.to(self.right).add(&row.place, Ink::Plain);
        if !row.certainty.is_empty() {
            line.to(self.certainty).add(row.certainty, Ink::Plain);
        }
    }
}
