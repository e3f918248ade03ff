//! `proforma diff`

use super::args::{DiffArgs, Format};
use super::context;
use super::exit::{Answer, Exit, Stop};
use super::output;
use super::session::Session;
use crate::check::Checked;
use crate::engine::Inputs;
use crate::render::{csv, json, markdown, text};
use crate::report::{Report, Scope, books, compare};
use crate::run::Replay;
use crate::terms::{ScenarioId, Terms};
use crate::time::Date;

/// What is compared.
enum Side {
    /// What was known by a day.
    Known(Date),
    /// A scenario; `None` is the base.
    Scenario(Option<ScenarioId>),
    /// A book.
    Book,
}

/// The same contracts and facts under two books or scenarios, or as known on two days. The exit code says whether any
/// amount differs.
pub(super) fn diff(session: &Session, args: &DiffArgs) -> Answer {
    let mut input = args.input.clone();
    if input.files.is_empty() && session.inputs.files.is_empty() && session.inputs.ledgers.is_empty() {
        return Err(Stop::new("no file given: name the rule files to compare over, behind the two sides"));
    }
    input.files.extend([&args.left, &args.right].into_iter().filter(|book| context::is_file(book)).cloned());
    context::replayed(session, &input, |checked, replay, scope| {
        let (left, right) = (side(&checked.terms, &args.left), side(&checked.terms, &args.right));
        match (left, right) {
            (Side::Book, Side::Book) => of_books(session, args, (checked, replay, scope)),
            (Side::Known(left), Side::Known(right)) => known(session, args, (checked, replay, scope), left, right),
            (Side::Scenario(left), Side::Scenario(right)) => {
                scenarios(session, args, (checked, replay, scope), left, right)
            }
            _ => {
                let (left, right) = (&args.left, &args.right);
                let kinds = "two books, two scenarios or two days are compared";
                Err(Stop::new(format!("`{left}` and `{right}` are not of one kind: {kinds}")))
            }
        }
    })
}

/// A day is one, then a scenario; everything else is a book.
fn side(terms: &Terms, name: &str) -> Side {
    if let Some(day) = Date::parse(name) {
        return Side::Known(day);
    }
    let found = (0u32..).map(ScenarioId).zip(&terms.scenarios).find(|(_, scenario)| &*scenario.name == name);
    match found {
        Some((id, _)) => Side::Scenario(Some(id)),
        None if name == "base" => Side::Scenario(None),
        None => Side::Book,
    }
}

type Run<'r, 'a> = (&'r Checked, &'r Replay<'a>, &'r Scope);

fn of_books(session: &Session, args: &DiffArgs, (checked, replay, scope): Run<'_, '_>) -> Answer {
    if session.options.book.is_some() {
        return Err(Stop::new("`diff` names two books of its own: leave `--book` away"));
    }
    let (left, right) = (context::book(checked, &args.left)?, context::book(checked, &args.right)?);
    let progress = session.progress("comparing");
    let run = |book: &str| ran(Replay::new(replay.terms, replay.inputs, Some(book)));
    let (left, right) = (run(left)?, run(right)?);
    let said = |span| checked.sources.text(span).to_owned();
    let report = books::compare(&left, &right, scope, said).map_err(Stop::new)?;
    drop(progress);
    let differs = books::differ(&report);
    written(session, &report, differs)
}

fn ran<'a>(replay: Result<Replay<'a>, crate::engine::Fault>) -> Result<Replay<'a>, Stop> {
    let replay = replay.map_err(|fault| context::stopped(&fault))?;
    match &replay.fault {
        Some(fault) => Err(context::stopped(fault)),
        None => Ok(replay),
    }
}

fn written(session: &Session, report: &Report, differs: bool) -> Answer {
    let data = match session.format()? {
        Format::Txt => text::report(report, &session.style()),
        Format::Json => json::report(report),
        Format::Csv => csv::report(report),
        Format::Md => markdown::report(report),
        Format::Hledger | Format::Beancount => return Err(session.only_journal()),
    };
    output::write(session, &data)?;
    Ok(if differs { Exit::No } else { Exit::Done })
}

/// As known on two days, the lines between first.
fn known(session: &Session, args: &DiffArgs, run: Run<'_, '_>, left: Date, right: Date) -> Answer {
    if session.options.known_by.is_some() {
        return Err(Stop::new("`diff` names two days of its own: leave `--known-by` away"));
    }
    let terms = &run.0.terms;
    let (wanted, _) = context::scenarios(terms, &session.inputs.scenarios)?;
    let (early, late) = (left.min(right), left.max(right));
    let side = if left < right { &args.right } else { &args.left };
    let between = terms.lines.iter().filter(|line| line.known > early && line.known <= late);
    let changed = between.map(|line| (format!("by {side}"), one_line(run.0.sources.text(line.span)))).collect();
    let of = |day| Inputs::select(terms, &wanted, Some(day)).map_err(|fault| context::stopped(&fault));
    let scope = Scope { known_by: Some(late), ..run.2.clone() };
    compared(session, args, (run.0, run.1, &scope), (of(left)?, of(right)?), changed)
}

/// Under two scenarios, their changes first.
fn scenarios(
    session: &Session,
    args: &DiffArgs,
    run: Run<'_, '_>,
    left: Option<ScenarioId>,
    right: Option<ScenarioId>,
) -> Answer {
    if !session.inputs.scenarios.is_empty() {
        return Err(Stop::new("`diff` names two scenarios of its own: leave `--scenario` away"));
    }
    let terms = &run.0.terms;
    let lineage = |of: Option<ScenarioId>| {
        let from = |id: &ScenarioId| terms.scenarios.get(id.index()).and_then(|scenario| scenario.from);
        std::iter::successors(of, from).take(terms.scenarios.len()).collect::<Vec<_>>()
    };
    let (one, other) = (lineage(left), lineage(right));
    let mut changed = Vec::new();
    for (own, others, side) in [(&one, &other, &args.left), (&other, &one, &args.right)] {
        for id in own.iter().rev().filter(|id| !others.contains(id)) {
            for (_, span) in terms.scenarios.get(id.index()).into_iter().flat_map(|scenario| &scenario.changes) {
                changed.push((side.clone(), one_line(run.0.sources.text(*span))));
            }
        }
    }
    let of = |side: Option<ScenarioId>| {
        let ids: Vec<ScenarioId> = side.into_iter().collect();
        Inputs::select(terms, &ids, session.options.known_by).map_err(|fault| context::stopped(&fault))
    };
    let scope = Scope { scenario: format!("{} and {}", args.left, args.right), ..run.2.clone() };
    compared(session, args, (run.0, run.1, &scope), (of(left)?, of(right)?), changed)
}

fn compared(
    session: &Session,
    args: &DiffArgs,
    (checked, _, scope): Run<'_, '_>,
    (left, right): (Inputs, Inputs),
    changed: Vec<compare::Changed>,
) -> Answer {
    let book = session.options.book.as_deref().map(|wanted| context::book(checked, wanted)).transpose()?;
    let progress = session.progress("comparing");
    let one = ran(Replay::new(&checked.terms, &left, book))?;
    let other = ran(Replay::new(&checked.terms, &right, book))?;
    let names = (&*args.left, &*args.right);
    let report = compare::compare((&one, &other), scope, names, changed).map_err(Stop::new)?;
    drop(progress);
    let differs = compare::differ(&report);
    written(session, &report, differs)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
