//! `proforma close`: a period is issued, with a hash of what was issued.

use std::collections::BTreeMap;
use std::path::Path;

use super::args::{CloseArgs, FileArgs};
use super::bundle::sha256;
use super::context;
use super::diff::ran;
use super::disk;
use super::exit::{Answer, Exit, Stop};
use super::names;
use super::output;
use super::session::Session;
use crate::check::{Checked, Files};
use crate::engine::Inputs;
use crate::render::csv;
use crate::report::{self, FactRow, Scope};
use crate::run::Replay;
use crate::terms::{Fact, Party};
use crate::time::{Date, Period, PeriodName};

/// How the note of a `close` line begins that this command wrote.
const NOTE: &str = "issued: ";

/// What was issued: how many facts, and the hash of their rows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Issued {
    facts: usize,
    hash: String,
}

impl Issued {
    /// As a `close` line says it.
    fn note(&self) -> String {
        format!("{NOTE}{} facts, sha256 {}", self.facts, self.hash)
    }

    fn read(note: &str) -> Option<Self> {
        let (facts, hash) = note.strip_prefix(NOTE)?.split_once(" facts, sha256 ")?;
        Some(Self { facts: facts.parse().ok()?, hash: hash.to_owned() })
    }
}

/// Writes a `close` line, or compares what was issued with what the files say of it now.
pub(super) fn close(session: &Session, args: &CloseArgs) -> Answer {
    if session.options.known.is_some() || !session.inputs.scenarios.is_empty() || session.options.book().is_some() {
        return Err(Stop::new(
            "a period is issued on the base, with what was known: leave `--known-by`, `--scenario` and `--book` away",
        ));
    }
    if args.check {
        let input = FileArgs { files: args.words.clone(), inputs: args.inputs.clone() };
        return compared(session, &input);
    }
    let Some((period, files)) = args.words.split_first() else {
        return Err(Stop::new("name the period, then the rule files: `proforma close 2026-Q2 rules/racks.pf`"));
    };
    let period = PeriodName::parse(period).ok_or_else(|| {
        Stop::new(format!("`{period}` is no period: write 2026, 2026-Q2 or 2026-06 before the rule files"))
    })?;
    let on = args
        .on
        .ok_or_else(|| Stop::new("on which day is it issued? add `--on DATE`: the clock decides nothing here"))?;
    let input = FileArgs { files: files.to_vec(), inputs: args.inputs.clone() };
    let files = session.files();
    let roots = context::roots(session, &input, &files)?;
    let checked = context::checked_in(session, &files, &roots);
    context::tell(session, &checked)?;
    let party = party(session, &checked)?;
    let days = party
        .fiscal
        .resolve(&period)
        .ok_or_else(|| Stop::new(format!("`{period}` is not a period of {}", party.name)))?;
    if on <= days.to {
        return Err(Stop::new(format!(
            "{period} of {} ends on {}, and is issued after that, not on {on}",
            party.name, days.to
        )));
    }
    let before = checked.terms.lines.iter().find(|line| match &line.fact {
        Some(Fact::Close { party: of, period }) => {
            let same = checked.terms.parties.get(of.index()).is_some_and(|of| of.name == party.name);
            same && period.from <= days.from && days.to <= period.to
        }
        _ => false,
    });
    if let Some(line) = before {
        let place = checked.sources.place(line.span);
        return Err(Stop::new(format!("{period} of {} is issued already, on {} ({place})", party.name, line.date)));
    }
    let issued = issued(session, &checked, party, days, on)?;
    let line = format!("{on} close {} {period} \"{}\"\n", party.name, issued.note());
    let Some(ledger) = roots.iter().rev().find(|root| root.ends_with(".ledger")) else {
        return Err(Stop::new("there is no ledger to write the line into: name one with -l"));
    };
    let bytes = files.read(ledger).map_err(|why| Stop::new(format!("cannot read `{ledger}`: {why}")))?;
    let mut text = String::from_utf8(bytes).map_err(|_| Stop::new(format!("`{ledger}` is not UTF-8")))?;
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&line);
    // The line must fit before anything is written.
    let with = Instead { files: &files, path: ledger, text: &text };
    let again = context::checked_in(session, &with, &roots);
    context::tell(session, &again)?;
    if args.dry_run {
        output::write(session, &line)?;
        return Ok(Exit::Done);
    }
    disk::replace(Path::new(ledger), text.as_bytes())
        .map_err(|error| Stop::new(format!("cannot write `{ledger}`: {}", disk::words(&error))))?;
    session.mention(&format!("{ledger}: {}", line.trim_end()));
    Ok(Exit::Done)
}

/// The files, with another text in the place of one.
struct Instead<'f> {
    files: &'f dyn Files,
    path: &'f str,
    text: &'f str,
}

impl Files for Instead<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if path == self.path { Ok(self.text.as_bytes().to_vec()) } else { self.files.read(path) }
    }

    fn glob(&self, pattern: &str) -> Vec<String> {
        self.files.glob(pattern)
    }
}

/// The party whose period it is: the one named, or the only one with a book.
fn party<'c>(session: &Session, checked: &'c Checked) -> Result<&'c Party, Stop> {
    let parties = &checked.terms.parties;
    match session.options.entity.as_slice() {
        [name] => {
            let known = names::known("party", name, parties.iter().map(|party| &*party.name))?;
            parties.iter().find(|party| *party.name == *known).ok_or_else(Stop::said)
        }
        [] => {
            let books: Vec<&Party> = parties.iter().filter(|party| party.book.is_some()).collect();
            match books.as_slice() {
                [one] => Ok(one),
                several => {
                    let list: Vec<&str> = several.iter().map(|party| &*party.name).collect();
                    Err(Stop::new(format!("whose period? add `--entity`; books are kept by {}", list.join(", "))))
                }
            }
        }
        _ => Err(Stop::new("a period is issued by one party: give `--entity` once")),
    }
}

/// The facts of a party and a period as they were known on the day before the issue.
fn issued(session: &Session, checked: &Checked, party: &Party, days: Period, on: Date) -> Result<Issued, Stop> {
    let progress = session.progress("running");
    let inputs = Inputs::select(&checked.terms, &[], Some(on.prev())).map_err(|fault| context::stopped(&fault))?;
    let replay = ran(Replay::new(&checked.terms, &inputs, None))?;
    let scope = Scope { entity: Some(party.name.to_string()), range: Some(days), ..Scope::default() };
    let rows: Vec<[String; 9]> = report::facts(&replay, &scope).iter().map(FactRow::cells).collect();
    drop(progress);
    Ok(Issued { facts: rows.len(), hash: sha256(csv::facts(&rows).as_bytes()) })
}

/// Every `close` line with a hash: whether what was known then still says what was issued.
fn compared(session: &Session, input: &FileArgs) -> Answer {
    let checked = context::checked(session, input)?;
    context::tell(session, &checked)?;
    let mut said: BTreeMap<(Date, String), String> = BTreeMap::new();
    let mut exit = Exit::Done;
    for line in &checked.terms.lines {
        let Some(Fact::Close { party, period }) = &line.fact else { continue };
        let Some(party) = checked.terms.parties.get(party.index()) else { continue };
        let place = checked.sources.place(line.span);
        let what = format!("{} {}..{}, issued {}", party.name, period.from, period.to, line.date);
        let told = match checked.sources.text(line.span).split('"').find_map(Issued::read) {
            None => format!("{place}: {what}: no hash was kept"),
            Some(then) => {
                let now = issued(session, &checked, party, *period, line.date)?;
                match then == now {
                    true => format!("{place}: {what}: as issued, {} facts", now.facts),
                    false => {
                        exit = Exit::No;
                        let by = line.date.prev();
                        format!(
                            "{place}: {what}: NOT as issued: {} facts then, {} now, or other amounts; \
                             `proforma diff REVISION . FILE --known-by {by} --entity {}` shows which",
                            then.facts, now.facts, party.name
                        )
                    }
                }
            }
        };
        said.insert((line.date, place), told);
    }
    let lines: Vec<String> = said.into_values().collect();
    let text = if lines.is_empty() { "no period is issued\n".to_owned() } else { lines.join("\n") + "\n" };
    output::write(session, &text)?;
    Ok(exit)
}
