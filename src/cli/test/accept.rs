//! `proforma test accept`: what waits becomes what is expected, and the record says who did so and why.

use super::args::{AcceptArgs, Record};
use super::find::{self, Found};
use super::runs::{self, Tried};
use super::store::{ByStore, Decided};
use super::tidy;
use crate::cli::exit::{Answer, Exit, Stop};
use crate::cli::session::Session;
use crate::snapshot::{State, log};

/// A test with the positions of the changes that are not accepted.
pub(super) struct Decision<'t> {
    pub tried: &'t Tried,
    /// Changes that stay as they were accepted before.
    pub left: Vec<usize>,
    /// Whether something of it still waits.
    pub waits: bool,
}

/// Accepts what waits, if it is still what the tests give.
pub(super) fn accept(session: &Session, args: &AcceptArgs) -> Answer {
    let mut found = find::find(session, &args.chosen.tests)?;
    tidy::recover(session, &found)?;
    let (tried, _) = runs::tried(session, &mut found, args.record.since.as_deref(), &|_| true)?;
    let mut decisions = Vec::new();
    for one in &tried {
        let Some(file) = found.files.get(one.file) else { continue };
        let name = &one.trial.name;
        let Some(waits) = file.store.read_pending(name)? else { continue };
        if one.trial.state == State::Broken {
            return Err(Stop::new(format!("the test `{name}` could not be run; nothing was accepted")));
        }
        if one.trial.state == State::Same || one.next(&|_| false) != waits {
            let again = "run the tests again and look at what differs; nothing was accepted";
            return Err(Stop::new(format!("what waits for `{name}` is not what the test gives now: {again}")));
        }
        decisions.push(Decision { tried: one, left: Vec::new(), waits: false });
    }
    if found.broken() {
        return Err(Stop::new("some test files have errors; nothing was accepted"));
    }
    if decisions.is_empty() {
        session.mention("nothing waits; `proforma test run` compares");
        return Ok(Exit::Done);
    }
    write(session, &found, &decisions, &args.by, &args.record)
}

/// Writes what was decided, each folder of results as one.
pub(super) fn write(session: &Session, found: &Found, decisions: &[Decision<'_>], by: &str, record: &Record) -> Answer {
    if by.trim().is_empty() {
        return Err(Stop::new("say who accepts: `--by NAME`"));
    }
    let reason = record.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if let (None, Some((one, count))) = (reason, unreasoned(decisions)) {
        let facts = if count == 1 { "fact of it has" } else { "facts of it have" };
        return Err(Stop::new(format!(
            "`{}` needs a reason: {count} {facts} moved by more than the test lets pass; say why with `--reason TEXT`; nothing was accepted",
            one.trial.name
        )));
    }
    let on = record.on.map(|day| day.to_string());
    let mut folders: ByStore<(Vec<Decided>, String)> = ByStore::new();
    for Decision { tried, left, waits } in decisions {
        let Some(file) = found.files.get(tried.file) else { continue };
        let trial = &tried.trial;
        let taken = trial.changes.iter().enumerate().filter(|(at, _)| !left.contains(at));
        let cause = |at: usize| {
            let cause = trial.causes.iter().find(|(_, of)| of.contains(&at));
            cause.map_or_else(String::new, |(cause, _)| cause.words())
        };
        let changes = taken.map(|(at, (change, _))| (change, cause(at))).collect();
        let first = trial.state == State::Missing;
        let entry = log::entry(
            &[log::Accepted { test: &trial.name, kept: trial.kept, first, changes }],
            by,
            reason,
            on.as_deref(),
        );
        let decided = Decided { test: trial.name.clone(), text: tried.next(&|at| left.contains(&at)), done: !waits };
        let folder = folders.entry(file.store.folder().to_owned());
        let (_, (results, log)) = folder.or_insert_with(|| (file.store.clone(), Default::default()));
        results.push(decided);
        log.push_str(&entry);
    }
    for (store, (results, entry)) in folders.into_values() {
        let _held = store.hold()?;
        for Decision { tried, .. } in decisions {
            let name = &tried.trial.name;
            if results.iter().any(|one| one.test == *name) && store.read(name)? != tried.before {
                let why = "somebody else accepted something of it meanwhile; look at what differs now";
                return Err(Stop::new(format!("the accepted result of `{name}` has changed: {why}")));
            }
        }
        let names: Vec<String> = results.iter().map(|one| one.test.clone()).collect();
        store.accept(results, entry)?;
        session.mention(&format!("accepted {}; the record is {}/LOG.md", names.join(", "), store.folder()));
    }
    Ok(Exit::Done)
}

/// The first test with changes that need a reason, and how many.
pub(super) fn unreasoned<'d>(decisions: &'d [Decision<'_>]) -> Option<(&'d Tried, usize)> {
    decisions.iter().find_map(|Decision { tried, left, .. }| {
        let changes = tried.trial.changes.iter().enumerate().filter(|(at, _)| !left.contains(at));
        let count = changes.filter(|(_, (change, _))| change.material).count();
        (count > 0).then_some((*tried, count))
    })
}
