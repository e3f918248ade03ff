//! What a run found wrong: said on stderr, and in the exit code.

use super::exit::Exit;
use super::session::Session;
use crate::check::Checked;
use crate::render::text;
use crate::report::{Report, asserts};
use crate::run::Replay;

/// Failed checks, assertions and refusals.
pub(super) fn verdict(session: &Session, checked: &Checked, replay: &Replay<'_>, report: &Report) -> Exit {
    let mut exit = Exit::Done;
    for check in report.checks.iter().filter(|check| check.holds() == Some(false)) {
        session.say(&format!("check failed: {}", text::check_line(check)));
        exit = Exit::No;
    }
    // Assertions speak of the base with everything known and each party's own book.
    let options = &session.options;
    let base = report.header.scenario == "base" && options.known.is_none() && options.books.is_empty();
    if !base && !replay.terms.assertions.is_empty() {
        session.detail(&format!(
            "{} assertions speak of the base run and are not tested here",
            replay.terms.assertions.len()
        ));
    }
    for tested in if base { asserts(replay) } else { Vec::new() } {
        let place = checked.sources.place(tested.span);
        match tested.holds {
            Some(true) => {}
            Some(false) => {
                session.say(&format!("assertion failed: {place}: {} ({})", tested.text, tested.detail));
                exit = Exit::No;
            }
            None => session.mention(&format!("assertion open: {place}: {} ({})", tested.text, tested.detail)),
        }
    }
    for refusal in &replay.register.refusals {
        let line = replay.inputs.lines.iter().find(|line| line.id == refusal.line);
        let place = line.map_or_else(|| "?".to_owned(), |line| checked.sources.place(line.line.span));
        let (code, title) = (refusal.kind.code(), refusal.kind.title());
        let said = format!(
            "refused[{code}]: {place}: {} {title}: {} (clause `{}`)",
            refusal.date, refusal.detail, refusal.clause
        );
        if session.options.strict {
            session.say(&said);
            exit = Exit::No;
        } else {
            session.mention(&said);
        }
    }
    exit
}
