//! `proforma test run` and `proforma test diff`.

use std::collections::BTreeSet;
use std::path::Path;

use super::args::{DiffArgs, RunArgs};
use super::changed::changed;
use super::edits::edits;
use super::find::{self, Found, TestFile};
use super::tidy;
use crate::base::Diagnostics;
use crate::check::Checked;
use crate::cli::exit::{Answer, Exit, Stop};
use crate::cli::session::Session;
use crate::cli::{context, disk, output};
use crate::engine::Inputs;
use crate::render::trial;
use crate::report::asserts;
use crate::run::Replay;
use crate::snapshot::trial::Verdict;
use crate::snapshot::{Claim, Comparison, Facts, Lines, State, Trial, cause, compare, facts, take};
use crate::terms::FactTest;

/// Facts of one test whose causes are looked for: an explanation takes a while.
const EXPLAINED: usize = 200;

/// A test that was run, with all that a decision on it needs.
pub(super) struct Tried {
    pub trial: Trial,
    pub test: FactTest,
    pub accepted: Option<Facts>,
    /// The text it was read from.
    pub before: Option<String>,
    /// The position of its file.
    pub file: usize,
}

impl Tried {
    /// The accepted result if all changes but those left out are accepted. What drifted stays as it was accepted.
    pub fn next(&self, left_out: &dyn Fn(usize) -> bool) -> String {
        let mut next = self.accepted.clone().unwrap_or_default();
        for (_, (change, _)) in self.trial.changes.iter().enumerate().filter(|(at, _)| !left_out(*at)) {
            match &change.new {
                Some(cell) => next.insert(change.key.clone(), cell.clone()),
                None => next.remove(&change.key),
            };
        }
        facts::write(&next)
    }
}

/// Runs tests, lets what differs wait, and says how it came out.
pub(super) fn run(session: &Session, args: &RunArgs) -> Answer {
    let ci = args.ci || set("CI");
    let mut found = find::find(session, &args.chosen.tests)?;
    if !ci {
        tidy::recover(session, &found)?;
    }
    let changed = args.changed.as_deref().map(changed).transpose()?;
    let touched = |file: &TestFile| changed.as_ref().is_none_or(|changed| changed.touches(file));
    let (tried, mut verdict) = tried(session, &mut found, args.since.as_deref(), &touched)?;
    verdict.ci = ci;
    if found.whole && args.chosen.tests.is_empty() && !found.broken() {
        verdict.orphans = tidy::orphans(&found).into_iter().map(|(_, path)| path).collect();
    }
    for store in found.stores() {
        verdict.waiting.extend(store.waiting().into_iter().filter(|(test, _)| found.wants(test)).map(|(_, path)| path));
        verdict.interrupted.extend(Some(store.intent()).filter(|_| store.is_interrupted()));
    }
    // An orphan that waits is told once.
    verdict.waiting.retain(|path| !verdict.orphans.contains(path));
    if !ci {
        for one in &tried {
            let Some(file) = found.files.get(one.file) else { continue };
            match one.trial.state {
                State::Same => drop(file.store.forget(&one.trial.name)?),
                State::Differs | State::Missing => file.store.wait(&one.trial.name, &one.next(&|_| false))?,
                State::Broken => {}
            }
        }
    }
    output::write(session, &trial::summary(&verdict, &session.style()))?;
    if set("GITHUB_ACTIONS") {
        output::write(session, &trial::ci::annotations(&verdict))?;
    }
    for (path, text) in [(&args.junit, trial::ci::junit(&verdict)), (&args.summary, trial::page::summary(&verdict))] {
        let Some(path) = path else { continue };
        let written = disk::replace(Path::new(path), text.as_bytes());
        written.map_err(|error| Stop::new(format!("cannot write `{path}`: {}", disk::words(&error))))?;
    }
    Ok(exit(&found, &verdict))
}

/// Whether the environment says so: anything but nothing, `false` and `0`.
fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}

fn exit(found: &Found, verdict: &Verdict) -> Exit {
    let broken =
        found.broken() || !verdict.faults.is_empty() || verdict.trials.iter().any(|trial| trial.state == State::Broken);
    let differs = verdict.trials.iter().any(|trial| trial.state != State::Same);
    let failed = verdict.claims.iter().any(|claim| claim.holds == Some(false));
    let left = !(verdict.orphans.is_empty() && verdict.waiting.is_empty() && verdict.interrupted.is_empty());
    match (broken, differs || failed || (verdict.ci && left)) {
        (true, _) => Exit::CouldNotRun,
        (false, true) => Exit::No,
        (false, false) => Exit::Done,
    }
}

/// Prints every fact that differs.
pub(super) fn diff(session: &Session, args: &DiffArgs) -> Answer {
    let mut found = find::find(session, &args.chosen.tests)?;
    let (_, mut verdict) = tried(session, &mut found, args.since.as_deref(), &|_| true)?;
    verdict.claims.clear();
    output::write(session, &trial::all(&verdict, &session.style()))?;
    Ok(exit(&found, &verdict))
}

/// Runs the tests that were asked for, of the files that `touched` picks.
pub(super) fn tried(
    session: &Session,
    found: &mut Found,
    since: Option<&str>,
    touched: &dyn Fn(&TestFile) -> bool,
) -> Result<(Vec<Tried>, Verdict), Stop> {
    let (mut all, mut verdict, mut claims) = (Vec::new(), Verdict::default(), BTreeSet::new());
    let names: Vec<BTreeSet<String>> = found
        .files
        .iter()
        .map(|file| file.tests().iter().filter(|t| found.wants(&t.name)).map(|t| t.name.to_string()).collect())
        .collect();
    for ((at, file), names) in found.files.iter_mut().enumerate().zip(names) {
        if file.broken {
            verdict.faults.extend(file.faults());
            continue;
        }
        if names.is_empty() {
            continue;
        }
        if !touched(file) {
            verdict.untouched += names.len();
            continue;
        }
        match asserted(session, &file.checked) {
            Ok(asserted) => claims.extend(asserted),
            Err(stop) => {
                session.say(&format!("error: the assertions of `{}`: {}", file.path, stop.message));
                verdict.faults.push(((file.path.clone(), 1), stop.message));
            }
        }
        for test in file.tests().into_iter().filter(|test| names.contains(&*test.name)) {
            let mut one = one(session, file, test, at)?;
            if one.trial.state == State::Differs {
                let edits = edits(file, &one.trial.accepted, since)?;
                let lines: Vec<&Lines> = one.trial.changes.iter().take(EXPLAINED).map(|(_, lines)| lines).collect();
                one.trial.causes = cause::group(&lines, edits.as_deref());
            }
            verdict.trials.push(one.trial.clone());
            all.push(one);
        }
    }
    verdict.claims = claims.into_iter().collect();
    Ok((all, verdict))
}

/// The assertions of a program, over its base run.
fn asserted(session: &Session, checked: &Checked) -> Result<Vec<Claim>, Stop> {
    if checked.terms.assertions.is_empty() {
        return Ok(Vec::new());
    }
    let progress = session.progress("running");
    let inputs = Inputs::select(&checked.terms, &[], None).map_err(|fault| context::stopped(&fault))?;
    let replay = Replay::new(&checked.terms, &inputs, None).map_err(|fault| context::stopped(&fault))?;
    drop(progress);
    if let Some(fault) = &replay.fault {
        return Err(context::stopped(fault));
    }
    let claim = |tested: crate::report::Tested| {
        let file = checked.sources.get(tested.span.source);
        let place =
            file.map_or_else(|| ("?".to_owned(), 1), |file| (file.name.to_string(), file.line(tested.span.start)));
        Claim { place, text: tested.text, detail: tested.detail, holds: tested.holds }
    };
    Ok(asserts(&replay).into_iter().map(claim).collect())
}

/// Runs one test and compares.
fn one(session: &Session, file: &mut TestFile, test: FactTest, at: usize) -> Result<Tried, Stop> {
    let accepted = file.store.accepted(&test.name);
    let text = file.store.read(&test.name)?;
    let Checked { sources, terms, .. } = &mut file.checked;
    let place = sources.get(test.span.source).map_or(1, |source| source.line(test.span.start));
    let mut trial = Trial {
        name: test.name.to_string(),
        title: test.title.as_ref().map(|title| title.to_string()).unwrap_or_default(),
        file: file.path.clone(),
        line: place,
        accepted: accepted.clone(),
        kept: 0,
        state: State::Broken,
        changes: Vec::new(),
        causes: Vec::new(),
        drifts: Vec::new(),
        pending: disk::exists(&file.store.pending(&test.name)),
        options: options(terms, &test),
    };
    let broken = |trial, test| Tried { trial, test, accepted: None, before: None, file: at };
    let progress = session.progress("running");
    let replayed = |fault| session.say(&format!("error: test `{}`: {}", test.name, context::stopped(fault).message));
    let inputs = match Inputs::select(terms, &test.scenarios, test.known_by) {
        Ok(inputs) => inputs,
        Err(fault) => {
            drop(progress);
            replayed(&fault);
            return Ok(broken(trial, test));
        }
    };
    let replay = Replay::new(terms, &inputs, test.book.as_deref());
    drop(progress);
    let replay = match replay {
        Ok(replay) if replay.fault.is_none() => replay,
        Ok(Replay { fault, .. }) => {
            fault.iter().for_each(replayed);
            return Ok(broken(trial, test));
        }
        Err(fault) => {
            replayed(&fault);
            return Ok(broken(trial, test));
        }
    };
    let (found, mut said) = take::take(&replay, &test);
    let (before, wrong) = match &text {
        Some(text) => {
            let (facts, wrong) = facts::read(sources, &accepted, text);
            (Some(facts), wrong)
        }
        None => (None, Diagnostics::default()),
    };
    said.extend(wrong);
    if find::say(session, sources, said) {
        return Ok(broken(trial, test));
    }
    trial.kept = found.len();
    let Comparison { changes, drifts } = compare::compare(before.as_ref().unwrap_or(&Facts::new()), &found, &test);
    trial.state = match (&before, changes.is_empty()) {
        (None, _) => State::Missing,
        (Some(_), true) => State::Same,
        (Some(_), false) => State::Differs,
    };
    let explained = if before.is_some() { EXPLAINED } else { 0 };
    trial.drifts = drifts;
    let rests = |at: usize, key: &_| if at < explained { cause::rests(&replay, sources, key) } else { Lines::new() };
    trial.changes = changes.into_iter().enumerate().map(|(at, c)| (c.clone(), rests(at, &c.key))).collect();
    Ok(Tried { trial, test, accepted: before, before: text, file: at })
}

/// Options that repeat the run of a test with other commands.
fn options(terms: &crate::terms::Terms, test: &FactTest) -> String {
    let scenarios = test.scenarios.iter().filter_map(|id| terms.scenarios.get(id.index()));
    let mut said: Vec<String> = scenarios.map(|scenario| format!("-s {}", scenario.name)).collect();
    said.extend(test.book.iter().map(|book| format!("--book {book}")));
    said.extend(test.known_by.iter().map(|day| format!("--known-by {day}")));
    said.join(" ")
}
