//! What is compared: words of the command line, and what they stand for.

use std::path::Path;

use super::super::args::{DiffArgs, FileArgs};
use super::super::context;
use super::super::exit::Stop;
use super::super::session::Session;
use crate::engine::{InputLine, Inputs};
use crate::terms::{Change, LineId, ScenarioId, Terms};
use crate::time::Date;

/// Both sides as they were named, and the files they are compared over.
pub(super) struct Named {
    pub left: String,
    pub right: String,
    pub files: Vec<String>,
}

/// What a word stands for.
pub(super) enum Side {
    /// What was known by a day.
    Known(Date),
    /// Scenarios, stacked; none for the base.
    Scenarios(Vec<ScenarioId>),
    /// A book.
    Book,
    /// Nothing that the files declare.
    Unknown,
}

/// Two files of contracts, or of facts about the same contracts.
pub(super) struct Pair {
    pub left: Vec<String>,
    pub right: Vec<String>,
}

/// The sides: two books or two days given as options, else the first two words.
pub(super) fn named(session: &Session, args: &DiffArgs) -> Result<Named, Stop> {
    let options = &session.options;
    let named = |left: &str, right: &str, files: &[String]| Named {
        left: left.to_owned(),
        right: right.to_owned(),
        files: files.to_vec(),
    };
    let found = match (options.books.as_slice(), options.known) {
        ([one, other], known) if known.is_none_or(|known| known.from.is_none()) => named(one, other, &args.words),
        ([_, _, ..], _) => {
            return Err(Stop::new("two books are compared: give `--book` twice, and nothing else to compare"));
        }
        (_, Some(known)) if known.from.is_some() => {
            let from = known.from.unwrap_or(known.by);
            named(&from.to_string(), &known.by.to_string(), &args.words)
        }
        _ => match args.words.as_slice() {
            [left, right, files @ ..] => named(left, right, files),
            _ => {
                return Err(Stop::new(
                    "two sides are compared: name them before the rule files, such as `proforma diff base late rules/racks.pf`",
                ));
            }
        },
    };
    Ok(found)
}

/// Two files in the place of the sides, when they are contracts or ledgers themselves.
pub(super) fn texts(session: &Session, input: &FileArgs, (left, right): (&str, &str)) -> Result<Option<Pair>, Stop> {
    let inputs = &session.inputs;
    let none = input.files.is_empty() && inputs.files.is_empty() && inputs.ledgers.is_empty();
    let is = |ending: &str| left.ends_with(ending) && right.ends_with(ending);
    let folders = Path::new(left).is_dir() && Path::new(right).is_dir() && left != ".";
    if none && !folders && !is(".pf") && !is(".ledger") {
        return Err(Stop::new("no file given: name the rule files to compare over, behind the two sides"));
    }
    if !(none && (folders || is(".pf")) || is(".ledger")) {
        return Ok(None);
    }
    let roots = |side: &str| {
        let mut files = input.clone();
        files.files.push(side.to_owned());
        context::roots(session, &files, &session.files())
    };
    Ok(Some(Pair { left: roots(left)?, right: roots(right)? }))
}

/// A day is one, then a scenario or a stack of them, then a book.
pub(super) fn side(terms: &Terms, word: &str) -> Side {
    if let Some(day) = Date::parse(word) {
        return Side::Known(day);
    }
    let plain = |name: &str| name.to_lowercase().replace('-', "_");
    let known = |name: &&str| *name == "base" || terms.scenarios.iter().any(|s| plain(&s.name) == plain(name));
    let names: Vec<&str> = word.split('+').map(str::trim).collect();
    if names.iter().all(known) {
        let wanted: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        return context::scenarios(terms, &wanted).map_or(Side::Unknown, |(ids, _)| Side::Scenarios(ids));
    }
    let is_book = context::is_file(word) || terms.books.iter().any(|book| plain(&book.name) == plain(word));
    if is_book { Side::Book } else { Side::Unknown }
}

/// What can be compared, when a word stands for nothing.
pub(super) fn unknown(terms: &Terms, (left, right): (&str, &str), known: impl Fn(&str) -> bool) -> Stop {
    let nothing = |word: &&str| matches!(side(terms, word), Side::Unknown) && !known(word);
    let word = [left, right].into_iter().find(nothing).unwrap_or(left);
    let scenarios: Vec<&str> =
        ["base"].into_iter().chain(terms.scenarios.iter().map(|scenario| &*scenario.name)).collect();
    let books: Vec<&str> = terms.books.iter().map(|book| &*book.name).collect();
    let near = crate::base::suggest::nearest(word, scenarios.iter().chain(&books).copied());
    let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    let list = |names: &[&str]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    Stop::new(format!(
        "`{word}` is no scenario, book, day or revision of git{near}\n  scenarios: {}\n  books: {}\n  \
         a scenario in a ledger of its own is found when that ledger is named with -l",
        list(&scenarios),
        list(&books)
    ))
}

/// How a change of a scenario makes either side read something.
pub(super) fn effect(terms: &Terms, change: &Change, (left, right): (&Inputs, &Inputs)) -> (String, String) {
    let line = |inputs: &Inputs, id: LineId, say: &dyn Fn(&InputLine) -> String| {
        inputs.lines.iter().find(|line| line.id == id).map_or_else(|| "does not happen".to_owned(), say)
    };
    let both = |id: LineId, say: &dyn Fn(&InputLine) -> String| (line(left, id, say), line(right, id, say));
    match change {
        Change::MoveBy(id, _) | Change::MoveTo(id, _) => both(*id, &|line| line.line.date.to_string()),
        Change::Scale(id, _) => both(*id, &|line| percent(line.scale)),
        Change::DropLine(id) => {
            let say = |inputs: &Inputs| {
                let there = inputs.lines.iter().find(|line| line.id == *id);
                there.map_or_else(|| "dropped".to_owned(), |line| line.line.date.to_string())
            };
            let (before, after) = (say(left), say(right));
            // A forecast that came true is not among the lines any more.
            if before == after { (String::new(), "dropped".to_owned()) } else { (before, after) }
        }
        Change::DropContract(id) => {
            let say = |inputs: &Inputs| if inputs.dropped.contains(id) { "left out" } else { "in the run" }.to_owned();
            (say(left), say(right))
        }
        Change::Set(id, _) => {
            use crate::terms::Assumptions;
            let say = |inputs: &Inputs| match inputs.assumption(*id) {
                Ok(value) => value.known().map_or_else(|| "undisclosed".to_owned(), crate::num::Number::grouped),
                Err(fault) => fault.to_string(),
            };
            (say(left), say(right))
        }
        Change::MoveFlow(id, _) => chosen(terms, (left, right), *id, |chosen| format!("{} days later", chosen.days)),
        Change::ScaleFlow(id, _) => chosen(terms, (left, right), *id, |chosen| percent(chosen.scale)),
        Change::DropFlow(id) | Change::Choose(id, _) => chosen(terms, (left, right), *id, |chosen| {
            chosen.series.map_or_else(|| "left out".to_owned(), |series| format!("version {}", series + 1))
        }),
        Change::Add(_) | Change::Path(_) => (String::new(), "added".to_owned()),
    }
}

fn chosen(
    terms: &Terms,
    (left, right): (&Inputs, &Inputs),
    id: crate::terms::FlowId,
    say: impl Fn(&crate::engine::schedule::Chosen) -> String,
) -> (String, String) {
    let path = || terms.flows.get(id.index()).map_or_else(String::new, |flow| flow.path.to_string());
    let of = |inputs: &Inputs| inputs.flows.get(id.index()).map_or_else(path, &say);
    (of(left), of(right))
}

fn percent(scale: crate::num::Number) -> String {
    let hundred = scale.times(crate::num::Number::from_int(100));
    hundred.map_or_else(|fault| fault.to_string(), |percent| format!("{}%", percent.grouped()))
}
