//! The text of docs/ERRORS.md, from the codes themselves.

use std::fmt::Write;

use crate::base::{Code, Severity};
use crate::engine::RefusalKind;
use crate::num::Fault;

const INTRODUCTION: &str = "\
# Errors

<!-- Generated from `src/base/code.rs`, `src/engine/refusal.rs` and `src/num/fault.rs`; a test fails when it differs. -->

Three things can go wrong, and they are kept apart. A **diagnostic** says that a text is wrong; nothing is run until it is
mended. A **refusal** says that a contract does not allow what a ledger line claims; the line changes nothing and stands in
the register. A **fault** stops the run, with the clause and the day.

Numbers never change their meaning. `E` is an error, `W` a warning; `--strict` turns warnings into errors. Every code has a
wrong program in `tests/errors/`.
";

const REFUSALS: &str = "
## Refusals

In order of precedence: the first that applies is given. A refusal does not stop the run; `--strict` makes the exit code 1.

| Code | What the contract says no to |
| --- | --- |
";

const FAULTS: &str = "
## Faults

The run stops with the clause and the day, nothing is reported, and the exit code is 2.

| Code | What stopped the run |
| --- | --- |
";

/// The whole page.
#[must_use]
pub fn errors() -> String {
    let mut out = INTRODUCTION.to_owned();
    let mut stages: Vec<&str> = Vec::new();
    for code in Code::ALL {
        if !stages.contains(&code.stage()) {
            stages.push(code.stage());
        }
    }
    for stage in stages {
        // Writing to a string does not fail.
        let _ = write!(
            out,
            "\n## Diagnostics of `{stage}`\n\n| Code | What is wrong | What to do |\n| --- | --- | --- |\n"
        );
        for code in Code::ALL.iter().filter(|c| c.stage() == stage) {
            let kind = if code.severity() == Severity::Warning { " (warning)" } else { "" };
            let _ = writeln!(out, "| {} | {}{kind} | {} |", code.number(), cell(code.title()), cell(code.advice()));
        }
    }
    out.push_str(REFUSALS);
    for kind in RefusalKind::ALL {
        let _ = writeln!(out, "| {} | {} |", kind.code(), cell(kind.title()));
    }
    out.push_str(FAULTS);
    for fault in Fault::ALL {
        let _ = writeln!(out, "| {} | {} |", fault.code(), cell(&fault.to_string()));
    }
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
