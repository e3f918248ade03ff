//! From arguments to a replay.

use super::args::{FileArgs, Scale};
use super::disk;
use super::exit::{Answer, Stop};
use super::piped::{Piped, STDIN};
use super::progress::Told;
use super::session::Session;
use super::{hash, names};
use crate::check::{self, Checked, Files};
use crate::engine::Inputs;
use crate::render::diagnostic;
use crate::report::Scope;
use crate::run::Replay;
use crate::terms::{ScenarioId, Terms};
use crate::time::{Date, Period};

/// Files given by position and by `-f`, and the ledgers that belong to them.
pub(super) fn roots(session: &Session, input: &FileArgs, files: &Piped) -> Result<Vec<String>, Stop> {
    let given = input.files.iter().chain(&session.inputs.files);
    let mut roots: Vec<String> = Vec::new();
    let books = session.options.books.iter().filter(|book| is_file(book)).map(|book| tidy(book));
    for file in given.map(|file| tidy(files.name(file))) {
        roots.extend(disk::in_folder(&file).map_err(Stop::new)?.unwrap_or_else(|| vec![file]));
    }
    let piped = given_stdin(session, input);
    if session.options.stdin_filename.is_some() && !piped {
        return Err(Stop::new("`--stdin-filename` names stdin, and no file given is `-`"));
    }
    if roots.is_empty() && session.inputs.ledgers.is_empty() {
        return Err(Stop::new("no file given; name a rule file, such as `rules/deals/amd-openai.pf`"));
    }
    if !session.inputs.ledgers.is_empty() {
        roots.extend(session.inputs.ledgers.iter().map(|f| tidy(files.name(f))));
    } else if !roots.iter().any(|file| file.ends_with(".ledger")) {
        let ledgers: Vec<String> = roots.iter().filter_map(|rule| disk::ledger_of(rule, disk::exists)).collect();
        let of_tests: Vec<String> = roots.iter().flat_map(|root| of_test(files, root)).collect();
        roots.extend(ledgers.into_iter().chain(of_tests));
    }
    let books: Vec<String> = books.filter(|book| !roots.contains(book)).collect();
    roots.extend(books);
    for root in roots.iter().filter(|root| !piped || !files.is_stdin(root)) {
        let readable = std::fs::metadata(root).map_err(|error| disk::words(&error));
        let readable = readable.and_then(|m| if m.is_dir() { Err("it is a folder".to_owned()) } else { Ok(()) });
        readable.map_err(|why| Stop::new(format!("cannot read `{root}`: {why}")))?;
    }
    Ok(roots)
}

/// The ledgers that belong to the rule files a test file uses, unless it uses a ledger itself.
pub(super) fn of_test(files: &dyn check::Files, root: &str) -> Vec<String> {
    if !root.ends_with(".test") {
        return Vec::new();
    }
    let used = check::uses(files, root);
    if used.iter().any(|file| file.ends_with(".ledger")) {
        return Vec::new();
    }
    used.iter().filter_map(|rule| disk::ledger_of(rule, disk::exists)).collect()
}

fn given_stdin(session: &Session, input: &FileArgs) -> bool {
    let inputs = &session.inputs;
    input.files.iter().chain(&inputs.files).chain(&inputs.ledgers).any(|file| file == STDIN)
}

/// As names of files are written in contracts.
pub(super) fn tidy(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    path.trim_start_matches("./").to_owned()
}

/// Reads and checks; warnings turn into errors under `--strict`.
pub(super) fn checked(session: &Session, input: &FileArgs) -> Result<Checked, Stop> {
    let files = session.files();
    let roots = roots(session, input, &files)?;
    Ok(checked_in(session, &files, &roots))
}

/// As [`checked`], with files that are found elsewhere.
pub(super) fn checked_in(session: &Session, files: &dyn Files, roots: &[String]) -> Checked {
    let progress = session.progress("checking");
    let mut checked = check::check(&Told { files, progress: &progress }, roots);
    drop(progress);
    if session.options.strict {
        checked.diagnostics.deny_warnings();
    }
    session.detail(&format!("read {}", checked.files.join(", ")));
    checked.notes.iter().for_each(|note| session.detail(note));
    checked
}

/// Says the diagnostics on stderr, and stops if one is an error.
pub(super) fn tell(session: &Session, checked: &Checked) -> Result<(), Stop> {
    let bad = checked.diagnostics.has_errors();
    if !checked.diagnostics.is_empty() && (bad || !session.options.quiet) {
        session.say(&diagnostic::diagnostics(&checked.sources, &checked.diagnostics, session.color));
    }
    if bad { Err(Stop::said()) } else { Ok(()) }
}

/// Reads, checks and replays, then asks. A fault of the run stops here, with the clause and the day.
pub(super) fn replayed(
    session: &Session,
    input: &FileArgs,
    ask: impl FnOnce(&Checked, &Replay<'_>, &Scope) -> Answer,
) -> Answer {
    let checked = checked(session, input)?;
    tell(session, &checked)?;
    run(session, &checked, ask)
}

/// Replays what was checked, then asks.
pub(super) fn run(
    session: &Session,
    checked: &Checked,
    ask: impl FnOnce(&Checked, &Replay<'_>, &Scope) -> Answer,
) -> Answer {
    let terms = &checked.terms;
    let (scenarios, scenario) = scenarios(terms, &session.inputs.scenarios)?;
    let book = session.options.book().map(|wanted| book(checked, wanted)).transpose()?;
    let fault = stopped;
    let progress = session.progress("running");
    let inputs = Inputs::select(terms, &scenarios, session.options.known_by()).map_err(|f| fault(&f))?;
    let watch = &mut |done, of| progress.days(done, of);
    let mut replay = Replay::watched(terms, &inputs, book, watch).map_err(|f| fault(&f))?;
    replay.as_of = session.options.as_of;
    drop(progress);
    if let Some(found) = &replay.fault {
        return Err(fault(found));
    }
    let (days, outcomes) = (replay.versions.len(), replay.register.outcomes.len());
    session.detail(&format!("replayed {days} days with {outcomes} outcomes"));
    let scope = scope(session, checked, &replay, scenario)?;
    ask(checked, &replay, &scope)
}

/// Whether a book is given by its file.
pub(super) fn is_file(book: &str) -> bool {
    book.ends_with(".pf")
}

/// The book that is meant: by its name, or the one that a file declares.
pub(super) fn book<'c>(checked: &'c Checked, wanted: &str) -> Result<&'c str, Stop> {
    let books = &checked.terms.books;
    if !is_file(wanted) {
        let found = names::known("book", wanted, books.iter().map(|book| &*book.name));
        return found.map_err(|stop| {
            Stop::new(format!(
                "{}. A book that no file uses is given by its file: `--book rules/books/ifrs.pf`",
                stop.message
            ))
        });
    }
    let file = tidy(wanted);
    let within = |book: &&crate::terms::Book| checked.sources.get(book.span.source).is_some_and(|f| *f.name == *file);
    let declared: Vec<&str> = books.iter().filter(within).map(|book| &*book.name).collect();
    match declared.as_slice() {
        [one] => Ok(*one),
        [] => Err(Stop::new(format!("`{file}` declares no book"))),
        several => Err(Stop::new(format!("`{file}` declares several books: name one of {}", several.join(", ")))),
    }
}

/// A fault of the run, in words.
pub(super) fn stopped(fault: &crate::engine::Fault) -> Stop {
    let (code, date, kind, clause) = (fault.kind.code(), fault.date, fault.kind, &fault.clause);
    Stop::new(format!("{code}: the run stops on {date}: {kind} in `{clause}`"))
}

pub(super) fn scenarios(terms: &Terms, wanted: &[String]) -> Result<(Vec<ScenarioId>, String), Stop> {
    let (mut ids, mut said) = (Vec::new(), Vec::new());
    for name in wanted.iter().filter(|name| *name != "base") {
        let known = names::known("scenario", name, terms.scenarios.iter().map(|s| &*s.name))?;
        ids.extend((0u32..).map(ScenarioId).zip(&terms.scenarios).find(|(_, s)| *s.name == *known).map(|(id, _)| id));
        said.push(known);
    }
    Ok((ids, if said.is_empty() { "base".to_owned() } else { said.join(" + ") }))
}

pub(super) fn scope(
    session: &Session,
    checked: &Checked,
    replay: &Replay<'_>,
    scenario: String,
) -> Result<Scope, Stop> {
    let options = &session.options;
    let party = |wanted: &Option<String>| {
        let parties = checked.terms.parties.iter().map(|p| &*p.name);
        wanted.as_ref().map(|name| names::known("party", name, parties).map(str::to_owned)).transpose()
    };
    let contracts = checked.terms.contracts.iter().map(|c| &*c.path);
    let contract = options.contract.as_ref().map(|name| names::known("contract", name, contracts));
    let entities = options.entity.iter().map(|name| party(&Some(name.clone()))).collect::<Result<Vec<_>, _>>()?;
    let entities: Vec<String> = entities.into_iter().flatten().collect();
    Ok(Scope {
        period: options.period,
        as_of: options.as_of,
        range: range(session, replay)?,
        entity: entities.first().cloned(),
        entities,
        counterparty: party(&options.counterparty)?,
        contract: contract.transpose()?.map(str::to_owned),
        scenario,
        known_by: options.known_by(),
        scale: options.scale.map(Scale::power),
        inputs_hash: hash::short(checked.sources.iter().map(|(_, file)| (&*file.name, &*file.text))),
        ..Scope::default()
    })
}

/// The days asked for; an end that is not stated is that of the run.
fn range(session: &Session, replay: &Replay<'_>) -> Result<Option<Period>, Stop> {
    let options = &session.options;
    let from = options.from.or(options.begin);
    let to = options.to.or(options.end.map(Date::prev));
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let first = replay.versions.first().map_or(Date::MIN, |v| v.date);
    let last = replay.versions.last().map_or(Date::MAX, |v| v.date);
    let (from, to) = match (from, to) {
        (Some(from), Some(to)) => (from, to),
        (Some(from), None) => (from, last.max(from)),
        (None, to) => (first.min(to.unwrap_or(last)), to.unwrap_or(last)),
    };
    let backwards = || Stop::new(format!("the days from {from} to {to} are none; --end is exclusive"));
    Period::new(from, to).map(Some).ok_or_else(backwards)
}
