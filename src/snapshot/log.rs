//! The record of what was accepted: appended to, never rewritten.

use super::compare::Change;
use super::facts::Cell;

/// How the record begins.
pub const TITLE: &str = "# What was accepted, by whom and why\n";

/// Changes listed one by one; a first result is told by its size, since the file itself is new.
const MOST: usize = 1_000;

/// One acceptance.
pub struct Accepted<'a> {
    /// Of which test.
    pub test: &'a str,
    /// Facts kept.
    pub kept: usize,
    /// Whether it is the first result of the test.
    pub first: bool,
    /// What changes.
    pub changes: Vec<(&'a Change, String)>,
}

/// What is appended for an acceptance of some tests at once.
#[must_use]
pub fn entry(accepted: &[Accepted<'_>], by: &str, reason: Option<&str>, on: Option<&str>) -> String {
    let mut text = String::new();
    for one in accepted {
        let on = on.map_or_else(String::new, |on| format!(", {on}"));
        text.push_str(&format!(
            "\n## {}, by {}{on}\n\n{}\n",
            one.test,
            plain(by),
            plain(reason.unwrap_or("No reason given."))
        ));
        if one.first {
            text.push_str(&format!("\nThe first result, {} facts.\n", one.kept));
            continue;
        }
        text.push_str("\n| fact | old | new | cause |\n| --- | ---: | ---: | --- |\n");
        for (change, cause) in one.changes.iter().take(MOST) {
            let (old, new) = (cell(change.old.as_ref()), cell(change.new.as_ref()));
            text.push_str(&format!("| {} | {old} | {new} | {} |\n", plain(&change.key.to_string()), plain(cause)));
        }
        if let Some(more) = one.changes.len().checked_sub(MOST).filter(|more| *more > 0) {
            text.push_str(&format!("\nAnd {more} more.\n"));
        }
    }
    text
}

fn cell(cell: Option<&Cell>) -> String {
    let Some(Cell { value, unit, status }) = cell else { return "none".to_owned() };
    match value.is_empty() {
        true => "undisclosed".to_owned(),
        false => format!("{value} {unit}, {status}").replace(" ,", ","),
    }
}

/// On one line, with nothing in it that Markdown would read as a table or a heading.
fn plain(text: &str) -> String {
    let line = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = line.collect::<Vec<_>>().join(" ").replace('|', "\\|");
    if line.starts_with('#') { format!("\\{line}") } else { line }
}
