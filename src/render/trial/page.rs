//! Tests that were run, as Markdown: for the page of a pull request.

use super::{moved, outcome, said, totals};
use crate::snapshot::State;
use crate::snapshot::trial::Verdict;

/// Changes that are listed.
const MOST: usize = 100;

/// A summary.
#[must_use]
pub fn summary(verdict: &Verdict) -> String {
    let mut out = format!("## proforma tests\n\n{}\n", cell(&totals(verdict)));
    let mut left = MOST;
    for trial in verdict.trials.iter().filter(|trial| trial.state != State::Same || !trial.drifts.is_empty()) {
        out.push_str(&format!("\n### {}\n\n{}\n", cell(&trial.name), cell(&outcome(trial))));
        if trial.state != State::Differs {
            continue;
        }
        for (cause, of) in &trial.causes {
            let changes: Vec<_> = of.iter().filter_map(|at| trial.changes.get(*at)).collect();
            out.push_str(&format!("\n{}:\n\n| fact | change |\n| --- | --- |\n", cell(&cause.words())));
            for (change, _) in changes.iter().take(left) {
                out.push_str(&format!("| {} | {} |\n", cell(&change.key.to_string()), cell(&moved(change))));
            }
            if changes.len() > left {
                let name = &trial.name;
                out.push_str(&format!("\n{} more: `proforma test diff {name}`\n", changes.len() - left));
            }
            left = left.saturating_sub(changes.len());
        }
    }
    let claims: Vec<String> = verdict
        .claims
        .iter()
        .filter(|claim| claim.holds == Some(false))
        .map(|c| format!("- {}\n", cell(&said(c))))
        .collect();
    let files = (verdict.orphans.iter().map(|file| ("belongs to no test", file)))
        .chain(verdict.waiting.iter().map(|file| ("waits to be accepted or rejected", file)))
        .chain(verdict.interrupted.iter().map(|file| ("is an acceptance that was cut short", file)));
    let files: Vec<String> = files.map(|(why, file)| format!("- {} {why}\n", cell(file))).collect();
    let fault = |((file, line), why): &((String, usize), String)| format!("- {}:{line}: {}\n", cell(file), cell(why));
    let faults: Vec<String> = verdict.faults.iter().map(fault).collect();
    if !claims.is_empty() || !files.is_empty() || !faults.is_empty() {
        out.push('\n');
        faults.iter().chain(&claims).chain(&files).for_each(|line| out.push_str(line));
    }
    out
}

/// Nothing in it ends a cell or begins a tag.
fn cell(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.replace('|', "\\|").replace('<', "&lt;").replace('_', "\\_").replace('*', "\\*")
}
