//! Explanations as a workpaper: numbered lines with columns to tick, in Markdown.

use std::fmt::Write;

use super::amount;
use super::derivation;
use crate::base::Sources;
use crate::explain::{Derivation, Explanation};
use crate::terms::Value;

/// Every step of an explanation on a numbered line: what it is, how much, the paragraph, where it is written, and room for
/// the marks of whoever tests it; then what did not matter, what was tested, and the sum.
#[must_use]
pub fn explanation(explanation: &Explanation, sources: &Sources) -> String {
    let mut out = format!("# Workpaper: {}\n\n", cell(&explanation.tree.label));
    let _ = writeln!(out, "Answer: {}. Prepared by proforma {}.", cell(&explanation.answer), env!("CARGO_PKG_VERSION"));
    let _ = writeln!(out, "Marks: **S** agreed to source, **R** recalculated, **P** paragraph read.\n");
    let _ = writeln!(out, "| Ref | What | Amount | Unit | Basis | Paragraph | Written at | S | R | P |");
    let _ = writeln!(out, "| --- | --- | ---: | --- | --- | --- | --- | --- | --- | --- |");
    line(&explanation.tree, "1", sources, &mut out);
    for (title, list) in derivation::lists(explanation) {
        if !list.is_empty() {
            let _ = writeln!(out, "\n## {title}\n");
            list.iter().for_each(|text| {
                let _ = writeln!(out, "- [ ] {}", cell(text));
            });
        }
    }
    if let Some((sum, total, unit)) = &explanation.sum {
        let verdict = match (sum, total) {
            (Value::Known(sum), Value::Known(total)) if sum == total => "equal",
            (Value::Known(_), Value::Known(_)) => "**NOT EQUAL**",
            _ => "open: undisclosed",
        };
        let (sum, total) = (amount::plain(sum), amount::plain(total));
        let _ = writeln!(out, "\nSum of lines 1.1 onwards: {sum} {unit}; line 1: {total} {unit}; {verdict}.");
    }
    let _ = writeln!(out, "\n| | Name | Date |\n| --- | --- | --- |\n| Prepared | | |\n| Reviewed | | |");
    out
}

fn line(part: &Derivation, number: &str, sources: &Sources, out: &mut String) {
    let (amount, unit) =
        part.amount.as_ref().map_or_else(Default::default, |(value, unit)| (amount::plain(value), unit.to_string()));
    let basis = part.certainty.map_or("", |basis| basis.word());
    let doubt = |read: bool| if read { "" } else { " (not verified)" };
    let cite = part.cite.as_ref().map_or_else(String::new, |(cite, read)| format!("{cite}{}", doubt(*read)));
    let place = part.place.map_or_else(String::new, |span| sources.place(span));
    let mut written: Vec<String> = part.sources.clone();
    if !place.is_empty() {
        written.insert(0, place);
    }
    let [label, amount, unit, cite, written] =
        [&part.label, &amount, &unit, &cite, &written.join("; ")].map(|text| cell(text));
    let _ = writeln!(out, "| {number} | {label} | {amount} | {unit} | {basis} | {cite} | {written} | | | |");
    for (at, below) in part.parts.iter().enumerate() {
        line(below, &format!("{number}.{}", at + 1), sources, out);
    }
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
