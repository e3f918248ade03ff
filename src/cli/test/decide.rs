//! `proforma test review`: cause by cause, a person decides.

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

use super::accept::{self, Decision};
use super::args::{Record, ReviewArgs};
use super::find::{self, Found};
use super::runs::{self, Tried};
use super::tidy;
use crate::cli::exit::{Answer, Exit, Stop};
use crate::cli::output;
use crate::cli::session::Session;
use crate::cli::{context, disk};
use crate::engine::Inputs;
use crate::explain;
use crate::render::{derivation, trial};
use crate::run::Replay;
use crate::snapshot::{Cause, Change, State, Trial};

/// What was decided on a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Accepted,
    Rejected,
    Skipped,
}

/// A change: the position of its test, and its own.
type At = (usize, usize);

/// What differs, by cause; on a terminal each is decided on.
pub(super) fn review(session: &Session, args: &ReviewArgs) -> Answer {
    let mut found = find::find(session, &args.chosen.tests)?;
    tidy::recover(session, &found)?;
    let (tried, _) = runs::tried(session, &mut found, args.record.since.as_deref(), &|_| true)?;
    for one in tried.iter().filter(|one| matches!(one.trial.state, State::Differs | State::Missing)) {
        if let Some(file) = found.files.get(one.file) {
            file.store.wait(&one.trial.name, &one.next(&|_| false))?;
        }
    }
    let broken = found.broken() || tried.iter().any(|one| one.trial.state == State::Broken);
    let undecided = if broken { Exit::CouldNotRun } else { Exit::No };
    let groups = groups(&tried);
    if groups.is_empty() {
        output::write(session, "nothing differs from what was accepted\n")?;
        return Ok(if broken { Exit::CouldNotRun } else { Exit::Done });
    }
    let listed = || -> Vec<(Cause, Vec<(&Trial, &Change)>)> {
        let of = |of: &Vec<At>| of.iter().filter_map(|at| pick(&tried, *at)).collect();
        groups.iter().map(|(cause, at)| (cause.clone(), of(at))).collect()
    };
    if let Some(path) = &args.html {
        let page = trial::review::page(&listed());
        let written = disk::replace(Path::new(path), page.as_bytes());
        written.map_err(|error| Stop::new(format!("cannot write `{path}`: {}", disk::words(&error))))?;
        session.mention(&format!("wrote {path}"));
        return Ok(undecided);
    }
    if !std::io::stdin().is_terminal() {
        let listed = listed();
        output::write(session, &trial::causes(&listed, &session.style()))?;
        session.mention("to decide here, use a terminal; or proforma test accept --by NAME --reason TEXT, or reject");
        return Ok(undecided);
    }
    let mut desk = Desk { input: std::io::stdin().lock(), output: std::io::stderr() };
    let verdicts = desk.decide(&tried, &groups, &mut |at| explained(session, &found, &tried, at))?;
    let decisions = decisions(&tried, &verdicts);
    rejected(&found, &tried, &verdicts)?;
    if decisions.is_empty() {
        session.mention("nothing was accepted");
        return Ok(undecided);
    }
    let by = match &args.by {
        Some(by) => by.clone(),
        None => desk.ask("by whom? ")?.unwrap_or_default(),
    };
    let mut record: Record = args.record.clone();
    if record.reason.is_none() {
        let needed = accept::unreasoned(&decisions).is_some();
        record.reason = desk.ask(if needed { "why? " } else { "why? (may be left empty) " })?;
    }
    accept::write(session, &found, &decisions, &by, &record)?;
    let open = verdicts.values().any(|verdict| *verdict != Verdict::Accepted);
    Ok(if open || broken { undecided } else { Exit::Done })
}

/// All changes of all tests by cause. Of a test without a result every fact is new, and has no cause but that.
fn groups(tried: &[Tried]) -> Vec<(Cause, Vec<At>)> {
    let mut all: BTreeMap<Cause, Vec<At>> = BTreeMap::new();
    for (test, one) in tried.iter().enumerate() {
        if one.trial.state == State::Missing {
            all.entry(Cause::First).or_default().extend((0..one.trial.changes.len()).map(|at| (test, at)));
            continue;
        }
        for (cause, of) in &one.trial.causes {
            all.entry(cause.clone()).or_default().extend(of.iter().map(|at| (test, *at)));
        }
        // Those beyond the number that is explained.
        let told: usize = one.trial.causes.iter().map(|(_, of)| of.len()).sum();
        if told < one.trial.changes.len() {
            all.entry(Cause::Unknown).or_default().extend((told..one.trial.changes.len()).map(|at| (test, at)));
        }
    }
    let mut all: Vec<(Cause, Vec<At>)> = all.into_iter().collect();
    all.sort_by_key(|(_, of)| std::cmp::Reverse(of.len()));
    all
}

fn pick(tried: &[Tried], (test, at): At) -> Option<(&Trial, &Change)> {
    let one = tried.get(test)?;
    one.trial.changes.get(at).map(|(change, _)| (&one.trial, change))
}

/// Tests of which something was accepted.
fn decisions<'t>(tried: &'t [Tried], verdicts: &BTreeMap<At, Verdict>) -> Vec<Decision<'t>> {
    let of = |test: usize, at: usize| verdicts.get(&(test, at)).copied().unwrap_or(Verdict::Skipped);
    let mut all = Vec::new();
    for (test, one) in tried.iter().enumerate() {
        let count = one.trial.changes.len();
        let left: Vec<usize> = (0..count).filter(|at| of(test, *at) != Verdict::Accepted).collect();
        if left.len() < count {
            let waits = (0..count).any(|at| of(test, at) == Verdict::Skipped);
            all.push(Decision { tried: one, left, waits });
        }
    }
    all
}

/// What was rejected as a whole waits no more.
fn rejected(found: &Found, tried: &[Tried], verdicts: &BTreeMap<At, Verdict>) -> Result<(), Stop> {
    for (test, one) in tried.iter().enumerate().filter(|(_, one)| !one.trial.changes.is_empty()) {
        let all = (0..one.trial.changes.len()).all(|at| verdicts.get(&(test, at)) == Some(&Verdict::Rejected));
        if let (true, Some(file)) = (all, found.files.get(one.file)) {
            file.store.forget(&one.trial.name)?;
        }
    }
    Ok(())
}

/// The explanation of a fact, in the run of its test.
fn explained(session: &Session, found: &Found, tried: &[Tried], at: At) -> Result<String, Stop> {
    let nothing = || Stop::new("there is nothing to explain");
    let one = tried.get(at.0).ok_or_else(nothing)?;
    let checked = &found.files.get(one.file).ok_or_else(nothing)?.checked;
    let (_, change) = pick(tried, at).ok_or_else(nothing)?;
    let stopped = |fault: &crate::engine::Fault| context::stopped(fault);
    let inputs = Inputs::select(&checked.terms, &one.test.scenarios, one.test.known_by).map_err(|f| stopped(&f))?;
    let replay = Replay::new(&checked.terms, &inputs, one.test.book.as_deref()).map_err(|f| stopped(&f))?;
    let explanation = explain::explain(&replay, &change.key.name()).map_err(Stop::new)?;
    Ok(derivation::explanation(&explanation, &checked.sources, &session.style()))
}

/// Where a person is asked.
struct Desk<I, O> {
    input: I,
    output: O,
}

impl<I: BufRead, O: Write> Desk<I, O> {
    fn say(&mut self, text: &str) {
        // If nobody can be told, the answer will not come either.
        let _ = self.output.write_all(text.as_bytes()).and_then(|()| self.output.flush());
    }

    /// A line; nothing at the end of the input.
    fn ask(&mut self, prompt: &str) -> Result<Option<String>, Stop> {
        self.say(prompt);
        let mut line = String::new();
        let read =
            self.input.read_line(&mut line).map_err(|error| Stop::new(format!("cannot read an answer: {error}")))?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }

    /// Asks for each change of each cause.
    fn decide(
        &mut self,
        tried: &[Tried],
        groups: &[(Cause, Vec<At>)],
        explain: &mut dyn FnMut(At) -> Result<String, Stop>,
    ) -> Result<BTreeMap<At, Verdict>, Stop> {
        let mut verdicts = BTreeMap::new();
        for (number, (cause, places)) in groups.iter().enumerate() {
            let changes: Vec<(&Trial, &Change)> = places.iter().filter_map(|at| pick(tried, *at)).collect();
            self.say(&format!("\ncause {} of {}: {}\n", number + 1, groups.len(), trial::headline(cause, &changes)));
            let mut rest = None;
            for at in places {
                let Some((of, change)) = pick(tried, *at) else { continue };
                if let Some(verdict) = rest {
                    verdicts.insert(*at, verdict);
                    continue;
                }
                let reason = if change.material { "; needs a reason" } else { "" };
                self.say(&format!("\n{} ({})\n  {}{reason}\n", change.key, of.name, trial::moved(change)));
                loop {
                    let asked = "[a]ccept [r]eject [s]kip [e]xplain, A R S for the rest of this cause, [q]uit: ";
                    let Some(answer) = self.ask(asked)? else { return Ok(verdicts) };
                    let (verdict, all) = match answer.as_str() {
                        "a" => (Verdict::Accepted, false),
                        "r" => (Verdict::Rejected, false),
                        "s" => (Verdict::Skipped, false),
                        "A" => (Verdict::Accepted, true),
                        "R" => (Verdict::Rejected, true),
                        "S" => (Verdict::Skipped, true),
                        "q" => return Ok(verdicts),
                        "e" => {
                            let text = explain(*at).unwrap_or_else(|stop| format!("{}\n", stop.message));
                            self.say(&text);
                            continue;
                        }
                        _ => continue,
                    };
                    verdicts.insert(*at, verdict);
                    rest = all.then_some(verdict);
                    break;
                }
            }
        }
        Ok(verdicts)
    }
}

/// The words of a cause stand in the record as well.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{Cell, Kind};

    fn tried(name: &str, count: usize) -> Tried {
        let text = format!("party A \"A\" {{ currency USD }}\ntest {name} {{ keep cash_inflows }}\n");
        struct One(String);
        impl crate::check::Files for One {
            fn read(&self, _: &str) -> Result<Vec<u8>, String> {
                Ok(self.0.clone().into_bytes())
            }
            fn glob(&self, _: &str) -> Vec<String> {
                Vec::new()
            }
        }
        let checked = crate::check::check(&One(text), &["t.test".to_owned()]);
        let test = checked.terms.tests[0].clone();
        let change = |n: usize| {
            let key = crate::snapshot::Key {
                entity: "A".into(),
                period: "2027-Q3".into(),
                measure: "m".into(),
                detail: n.to_string(),
            };
            let cell = |value: &str| Some(Cell { value: value.into(), unit: "USD".into(), status: "actual".into() });
            Change { key, old: cell("1"), new: cell("2"), kind: Kind::Value, change: None, part: None, material: true }
        };
        let trial = Trial {
            name: name.into(),
            title: String::new(),
            file: "t.test".into(),
            line: 2,
            accepted: "a".into(),
            kept: count,
            state: State::Differs,
            changes: (0..count).map(|n| (change(n), cause_lines())).collect(),
            causes: vec![(Cause::Unknown, (0..count).collect())],
            drifts: vec![],
            pending: true,
            options: String::new(),
        };
        Tried { trial, test, accepted: Some(Default::default()), before: None, file: 0 }
    }

    fn cause_lines() -> crate::snapshot::Lines {
        Default::default()
    }

    fn decided(answers: &str) -> (Vec<Verdict>, String) {
        let tried = vec![tried("one", 2), tried("two", 2)];
        let mut desk = Desk { input: answers.as_bytes(), output: Vec::new() };
        let verdicts = desk.decide(&tried, &groups(&tried), &mut |_| Ok("because\n".into())).unwrap();
        let said = String::from_utf8(desk.output).unwrap();
        let all = [(0, 0), (0, 1), (1, 0), (1, 1)];
        (all.iter().map(|at| verdicts.get(at).copied().unwrap_or(Verdict::Skipped)).collect(), said)
    }

    #[test]
    fn answers_decide() {
        use Verdict::{Accepted, Rejected, Skipped};
        assert_eq!(decided("a\nr\ns\na\n").0, [Accepted, Rejected, Skipped, Accepted]);
        assert_eq!(decided("r\nA\n").0, [Rejected, Accepted, Accepted, Accepted]);
        assert_eq!(decided("R\n").0, [Rejected; 4]);
        assert_eq!(decided("a\nq\n").0, [Accepted, Skipped, Skipped, Skipped]);
        assert_eq!(decided("").0, [Skipped; 4]);
        let (verdicts, said) = decided("what?\ne\nA\n");
        assert_eq!(verdicts, [Accepted; 4]);
        assert!(said.contains("because") && said.contains("4 facts in 2 tests"), "{said}");
    }

    #[test]
    fn a_part_that_was_skipped_still_waits() {
        let tried = vec![tried("one", 3)];
        let verdicts = [((0, 0), Verdict::Accepted), ((0, 1), Verdict::Rejected)].into();
        let decisions = decisions(&tried, &verdicts);
        assert_eq!((decisions[0].left.clone(), decisions[0].waits), (vec![1, 2], true));
    }
}
