//! Tests that were run, for people; [`ci`] and [`page`] are for what reads them elsewhere.

pub mod ci;
pub mod page;
pub mod review;

use super::{Style, amount, wrap};
use crate::num::{Number, Rounding};
use crate::snapshot::trial::Verdict;
use crate::snapshot::{Cause, Cell, Change, Claim, Drift, Kind, State, Trial};
use crate::terms::Value;

/// Facts that a summary lists.
const MOST: usize = 20;

/// What was run, what differs and what to do next: at most twenty facts.
#[must_use]
pub fn summary(verdict: &Verdict, style: &Style) -> String {
    listing(verdict, style, Some(MOST))
}

/// As [`summary`], with every fact.
#[must_use]
pub fn all(verdict: &Verdict, style: &Style) -> String {
    listing(verdict, style, None)
}

fn listing(verdict: &Verdict, style: &Style, most: Option<usize>) -> String {
    let mut page = Page { out: String::new(), width: style.width.unwrap_or(80).clamp(40, 110) };
    // A first result is new as a whole: its facts are told by `diff` only.
    let told = |trial: &&Trial| trial.state != State::Missing || most.is_none();
    let mut shown = chosen(verdict, most);
    for (at, trial) in verdict.trials.iter().enumerate() {
        if trial.state == State::Same && trial.drifts.is_empty() {
            continue;
        }
        page.line(0, &format!("{}: {}", trial.name, outcome(trial)));
        for (cause, of) in trial.causes.iter().filter(|_| told(&trial) && trial.state == State::Differs) {
            let count = if of.len() == trial.changes.len() { String::new() } else { format!("{} of them: ", of.len()) };
            page.line(2, &format!("{count}{}", cause.words()));
        }
        let mine = shown.remove(&at).unwrap_or_default();
        for (change, _) in trial.changes.iter().take(mine).filter(|_| told(&trial)) {
            page.line(2, &change.key.to_string());
            page.line(6, &moved(change));
        }
        let left = trial.changes.len().saturating_sub(mine);
        if told(&trial) && left > 0 {
            page.line(2, &format!("and {left} more: proforma test diff {}", trial.name));
        }
        if trial.state == State::Missing && most.is_some() {
            page.line(2, &format!("see them: proforma test diff {}", trial.name));
        }
    }
    for claim in verdict.claims.iter().filter(|claim| claim.holds != Some(true)) {
        page.line(0, &said(claim));
    }
    problems(verdict, &mut page);
    page.line(0, &totals(verdict));
    if verdict.trials.iter().any(|trial| matches!(trial.state, State::Differs | State::Missing)) && !verdict.ci {
        page.line(0, "to decide: proforma test review");
    }
    page.out
}

/// How many changes of each test are listed: those told first go first, over all tests.
fn chosen(verdict: &Verdict, most: Option<usize>) -> std::collections::BTreeMap<usize, usize> {
    let differing =
        verdict.trials.iter().enumerate().filter(|(_, trial)| most.is_none() || trial.state == State::Differs);
    let mut all: Vec<(Kind, bool, usize)> = Vec::new();
    for (at, trial) in differing {
        all.extend(trial.changes.iter().map(|(change, _)| (change.kind, !change.material, at)));
    }
    all.sort();
    let mut counts = std::collections::BTreeMap::new();
    for (_, _, at) in all.into_iter().take(most.unwrap_or(usize::MAX)) {
        *counts.entry(at).or_default() += 1;
    }
    counts
}

struct Page {
    out: String,
    width: usize,
}

impl Page {
    fn line(&mut self, indent: usize, text: &str) {
        let text: String = text.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        for (number, part) in wrap::fold(&text, self.width - indent - 2).iter().enumerate() {
            let hang = if number == 0 { 0 } else { 2 };
            self.out.extend(std::iter::repeat_n(' ', indent + hang));
            self.out.push_str(part);
            self.out.push('\n');
        }
    }
}

/// Facts by cause, as `review` lists them when nobody can be asked.
#[must_use]
pub fn causes(groups: &[(Cause, Vec<(&Trial, &Change)>)], style: &Style) -> String {
    let mut page = Page { out: String::new(), width: style.width.unwrap_or(80).clamp(40, 110) };
    for (cause, changes) in groups {
        page.out.push_str(if page.out.is_empty() { "" } else { "\n" });
        page.line(0, &headline(cause, changes));
        for (trial, change) in changes {
            page.line(2, &format!("{} ({})", change.key, trial.name));
            page.line(6, &moved(change));
        }
    }
    page.out
}

/// `edited: rules/x.pf:58; 9 facts in 3 tests`
#[must_use]
pub fn headline(cause: &Cause, changes: &[(&Trial, &Change)]) -> String {
    let tests: std::collections::BTreeSet<&str> = changes.iter().map(|(trial, _)| &*trial.name).collect();
    let (facts, tests) = (counted(changes.len(), "fact"), counted(tests.len(), "test"));
    format!("{}; {facts} in {tests}", cause.words())
}

/// `2 facts`
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// `2 of 48 facts differ, 4 drifted within tolerance, largest 0.004 USD`
fn outcome(trial: &Trial) -> String {
    let kept = counted(trial.kept, "fact");
    let said = match trial.state {
        State::Broken => "could not be run".to_owned(),
        State::Missing => format!("{kept}, none accepted yet"),
        State::Same => format!("{kept} as accepted"),
        State::Differs => {
            let verb = if trial.changes.len() == 1 { "differs" } else { "differ" };
            let needing = trial.changes.iter().filter(|(change, _)| change.material).count();
            let reason = match needing {
                0 => "no reason needed".to_owned(),
                1 => "1 needs a reason".to_owned(),
                count => format!("{count} need a reason"),
            };
            format!("{} {verb} of {} kept, {reason}", counted(trial.changes.len(), "fact"), trial.kept)
        }
    };
    match drifted(&trial.drifts) {
        Some(drift) => format!("{said}; {drift}"),
        None => said,
    }
}

/// `4 facts drifted within tolerance, largest 0.004 USD`
fn drifted(drifts: &[Drift]) -> Option<String> {
    let largest = drifts.first()?;
    let by = amount::plain(&Value::Known(largest.change.abs()));
    let by = format!("{by} {}", largest.unit);
    Some(format!("{} drifted within tolerance, largest {}", counted(drifts.len(), "fact"), by.trim_end()))
}

/// How a fact moved, on one line.
#[must_use]
pub fn moved(change: &Change) -> String {
    let unit = change.new.as_ref().or(change.old.as_ref()).map_or("", |cell| &*cell.unit);
    let unit = if unit == "date" { "" } else { unit };
    let in_unit = |text: String| format!("{text} {unit}").trim_end().to_owned();
    let (old, new) = (value(change.old.as_ref()), value(change.new.as_ref()));
    let status = |cell: &Option<Cell>| cell.as_ref().map_or("", |cell| &*cell.status).to_owned();
    let mut said = match change.kind {
        Kind::New => format!("new: {}, {}", in_unit(new), status(&change.new)),
        Kind::Vanished => format!("gone: was {}, {}", in_unit(old), status(&change.old)),
        Kind::Sign => format!("sign: {}", in_unit(format!("{old} → {new}"))),
        Kind::Breach if change.key.measure != "covenant_met" => format!("first breach: {old} → {new}"),
        Kind::Breach => format!("breach: {old} → {new}"),
        Kind::Status if old == new => {
            format!("status: {} → {}; {}", status(&change.old), status(&change.new), in_unit(new))
        }
        Kind::Status => {
            format!("status: {} → {}; {}", status(&change.old), status(&change.new), in_unit(format!("{old} → {new}")))
        }
        Kind::Unit => {
            let unit = |cell: &Option<Cell>| cell.as_ref().map_or("", |cell| &*cell.unit).to_owned();
            format!("unit: {old} {} → {new} {}", unit(&change.old), unit(&change.new))
        }
        Kind::Value => in_unit(format!("{old} → {new}")),
    };
    if let Some(by) = change.change.filter(|by| change.old.is_some() && change.new.is_some() && !by.is_zero()) {
        said.push_str(&format!(", {}", signed(by)));
        if let Some(part) = change.part.and_then(percent) {
            said.push_str(&format!(", {part}"));
        }
    }
    said
}

fn value(cell: Option<&Cell>) -> String {
    match cell {
        None => "none".to_owned(),
        Some(cell) if cell.value.is_empty() => "undisclosed".to_owned(),
        Some(cell) => cell.number().map_or_else(|| cell.value.clone(), |n| amount::plain(&Value::Known(n))),
    }
}

/// `+3,250,000`
fn signed(number: Number) -> String {
    let digits = amount::plain(&Value::Known(number.abs()));
    format!("{}{digits}", if number.is_negative() { '-' } else { '+' })
}

/// `+0.71%`; nothing where that would be too long to say anything.
fn percent(part: Number) -> Option<String> {
    let hundred = part.times(Number::from_int(100)).ok()?;
    if hundred.abs() > Number::from_int(100_000) {
        return None;
    }
    let rounded = hundred.abs().over(Number::ONE, Rounding::new(2, crate::num::Mode::HalfUp)).ok()?;
    let sign = if part.is_negative() { '-' } else { '+' };
    Some(if rounded.is_zero() { format!("{sign}<0.01%") } else { format!("{sign}{rounded}%") })
}

/// `assertion failed: ledgers/x.ledger:12: … (…)`
fn said(claim: &Claim) -> String {
    let word = if claim.holds.is_some() { "failed" } else { "open" };
    let (file, line) = &claim.place;
    format!("assertion {word}: {file}:{line}: {} ({})", claim.text, claim.detail)
}

/// What stands in the folder of results and should not.
fn problems(verdict: &Verdict, page: &mut Page) {
    for file in &verdict.orphans {
        page.line(0, &format!("orphan: {file} belongs to no test; see proforma test gc"));
    }
    for file in verdict.waiting.iter().filter(|_| verdict.ci) {
        page.line(0, &format!("pending: {file} waits to be accepted or rejected"));
    }
    for file in &verdict.interrupted {
        page.line(
            0,
            &format!("interrupted: {file} is an acceptance that was cut short; proforma test pending finishes it"),
        );
    }
}

/// `3 tests: 1 as accepted, 1 differs, 1 new; 14 assertions hold`
#[must_use]
pub fn totals(verdict: &Verdict) -> String {
    let of = |state: State| verdict.trials.iter().filter(|trial| trial.state == state).count();
    let words = [
        (State::Same, "as accepted"),
        (State::Differs, "differ"),
        (State::Missing, "not accepted yet"),
        (State::Broken, "could not be run"),
    ];
    let parts: Vec<String> = words
        .into_iter()
        .map(|(state, word)| (of(state), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {}", if count == 1 && word == "differ" { "differs" } else { word }))
        .collect();
    let held = verdict.claims.iter().filter(|claim| claim.holds == Some(true)).count();
    let failed = verdict.claims.iter().filter(|claim| claim.holds == Some(false)).count();
    let mut said = counted(verdict.trials.len(), "test");
    if !parts.is_empty() {
        said.push_str(&format!(": {}", parts.join(", ")));
    }
    if held > 0 {
        said.push_str(&format!("; {} {}", counted(held, "assertion"), if held == 1 { "holds" } else { "hold" }));
    }
    if !verdict.faults.is_empty() {
        let files: std::collections::BTreeSet<&str> = verdict.faults.iter().map(|((file, _), _)| &**file).collect();
        said.push_str(&format!("; {} with errors", counted(files.len(), "file")));
    }
    if failed > 0 {
        said.push_str(&format!("; {} failed", counted(failed, "assertion")));
    }
    if verdict.untouched > 0 {
        said.push_str(&format!("; {} untouched", verdict.untouched));
    }
    said
}
