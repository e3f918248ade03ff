//! `proforma grid` and `proforma solve`: facts over inputs that are varied.

use super::args::{FileArgs, GridArgs, SolveArgs};
use super::context;
use super::diff::ran;
use super::exit::{Answer, Exit, Stop};
use super::output;
use super::session::Session;
use super::varied::{self, Ahead, Varied};
use crate::check::{self, Checked, Files};
use crate::engine::Inputs;
use crate::engine::select::stacked;
use crate::num::{Number, Quantity, Unit};
use crate::report::Scope;
use crate::report::compare::Key;
use crate::report::grid::{Axis, Grid, Refused, Turn, grids, turn};
use crate::report::measure::Measured;
use crate::run::Replay;
use crate::syntax::ast::CompareOp;
use crate::terms::{Change, FactName, ScenarioId, Terms};

/// Cells of a table; each is a run.
const MOST_CELLS: usize = 10_000;

/// Values of which some are tried when both ends say the same.
const SCANNED: usize = 32;

/// The files, and the texts of varied changes beside them.
struct Beside<'f> {
    files: &'f dyn Files,
    text: String,
}

impl Files for Beside<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if path == varied::FILE { Ok(self.text.clone().into_bytes()) } else { self.files.read(path) }
    }

    fn glob(&self, pattern: &str) -> Vec<String> {
        self.files.glob(pattern)
    }
}

/// A program with scenarios of varied changes in it.
struct Program {
    checked: Checked,
    scenario: String,
    /// The changes of the scenarios asked for.
    base: Vec<ScenarioId>,
    axes: Vec<Varied>,
}

const NAMES: [&str; 2] = ["varied_x", "varied_y"];

impl Program {
    /// Reads and checks twice: without the changes, since the short ones need names, and with them.
    fn read(session: &Session, input: &FileArgs, texts: &[&str], fact: Option<&FactName>) -> Result<Self, Stop> {
        let checked = context::checked(session, input)?;
        context::tell(session, &checked)?;
        let ahead = ahead(session, &checked, fact)?;
        let axes: Result<Vec<Varied>, Stop> =
            texts.iter().map(|text| Varied::read(text, &checked.terms, ahead)).collect();
        let axes = axes?;
        let files = session.files();
        let mut roots = context::roots(session, input, &files)?;
        roots.push(varied::FILE.to_owned());
        let with = |most: usize| {
            let text = NAMES.iter().zip(&axes).map(|(name, axis)| axis.scenarios(name, most));
            context::checked_in(session, &Beside { files: &files, text: text.collect() }, &roots)
        };
        let checked = with(usize::MAX);
        // What is wrong with a change is wrong with every value of it: said once.
        if checked.diagnostics.has_errors() {
            context::tell(session, &with(1))?;
            context::tell(session, &checked)?;
        }
        let (base, scenario) = context::scenarios(&checked.terms, &session.inputs.scenarios)?;
        Ok(Self { checked, scenario, base, axes })
    }

    fn terms(&self) -> &Terms {
        &self.checked.terms
    }

    /// The inputs with each axis at a value.
    fn inputs(&self, session: &Session, at: &[usize]) -> Result<Inputs, Stop> {
        let terms = self.terms();
        let wanted = NAMES.iter().zip(at).map(|(name, at)| format!("{name}_{at}"));
        let find = |name: String| {
            (0u32..)
                .map(ScenarioId)
                .zip(&terms.scenarios)
                .find(|(_, scenario)| *scenario.name == *name)
                .map(|(id, _)| id)
        };
        let ids: Vec<ScenarioId> = self.base.iter().copied().chain(wanted.filter_map(find)).collect();
        let changes: Vec<&Change> = stacked(terms, &ids).into_iter().map(|(_, change, _)| change).collect();
        Inputs::changed(terms, &changes, session.options.known_by()).map_err(|fault| context::stopped(&fault))
    }

    fn scope(&self, session: &Session, replay: &Replay<'_>) -> Result<Scope, Stop> {
        context::scope(session, &self.checked, replay, self.scenario.clone())
    }

    fn book(&self, session: &Session) -> Result<Option<&str>, Stop> {
        session.options.book().map(|wanted| context::book(&self.checked, wanted)).transpose()
    }
}

/// The days a short form reaches over: from the day after the last actual one to the end of the run, or of the fact.
fn ahead(session: &Session, checked: &Checked, fact: Option<&FactName>) -> Result<Ahead, Stop> {
    let terms = &checked.terms;
    let (base, _) = context::scenarios(terms, &session.inputs.scenarios)?;
    let inputs = Inputs::select(terms, &base, session.options.known_by()).map_err(|fault| context::stopped(&fault))?;
    let replay = ran(Replay::new(terms, &inputs, None))?;
    let from = replay.today().next();
    let asked = fact.and_then(|name| {
        let party = terms.parties.iter().find(|party| party.name == name.entity)?;
        crate::report::fact::period_of(&replay, party, name).ok()
    });
    let last = replay.versions.last().map_or(from, |version| version.date);
    Ok(Ahead { from, to: asked.map_or(last, |days| days.to).max(from) })
}

fn read(replay: &Replay<'_>, key: &Key) -> Result<Measured, Stop> {
    key.read(replay).map_err(|fault| Stop::new(fault.to_string()))
}

/// What a run refuses that the base takes: the first in words, and how many.
fn refusals(base: &Replay<'_>, replay: &Replay<'_>) -> Option<(String, usize)> {
    let known = |date, clause: &str| base.register.refusals.iter().any(|r| r.date == date && *r.clause == *clause);
    let mut new = replay.register.refusals.iter().filter(|refusal| !known(refusal.date, &refusal.clause));
    let first = new.next()?;
    let said = format!("{} {}: {} (clause `{}`)", first.date, first.kind.title(), first.detail, first.clause);
    Some((said, new.count() + 1))
}

/// Facts at every combination of one or two inputs.
pub(super) fn grid(session: &Session, args: &GridArgs) -> Answer {
    let names: Result<Vec<FactName>, String> = args.show.iter().map(|fact| check::fact_name(fact)).collect();
    let names = names.map_err(Stop::new)?;
    let texts: Vec<&str> = [Some(&args.x), args.y.as_ref()].into_iter().flatten().map(String::as_str).collect();
    let program = Program::read(session, &args.input, &texts, names.first())?;
    let (columns, rows) = (
        program.axes.first().map_or(0, |axis| axis.values.len()),
        program.axes.get(1).map_or(1, |axis| axis.values.len()),
    );
    if columns.saturating_mul(rows) > MOST_CELLS {
        return Err(Stop::new(format!(
            "{columns} × {rows} cells are too many: {MOST_CELLS} at most; make the steps wider"
        )));
    }
    let progress = session.progress("running");
    let first = program.inputs(session, &[])?;
    let base = ran(Replay::new(program.terms(), &first, program.book(session)?))?;
    let keys: Result<Vec<Key>, String> = names.iter().map(|name| Key::named(&base, name)).collect();
    let keys = keys.map_err(Stop::new)?;
    let mut found: Vec<Grid> = keys.into_iter().map(|key| Grid { key, rows: Vec::new() }).collect();
    let mut refused = Vec::new();
    for row in 0..rows {
        found.iter_mut().for_each(|grid| grid.rows.push(Vec::new()));
        for column in 0..columns {
            progress.days(row * columns + column, rows * columns);
            let inputs = program.inputs(session, &[column, row])?;
            let replay = ran(base.fork(&inputs))?;
            refused.extend(refusals(&base, &replay).map(|(first, count)| Refused { at: (column, row), first, count }));
            for grid in &mut found {
                let value = read(&replay, &grid.key)?;
                grid.rows.last_mut().into_iter().for_each(|row| row.push(value.clone()));
            }
        }
    }
    let axis = |axis: &Varied| Axis {
        what: axis.what.clone(),
        values: (0..axis.values.len()).map(|at| axis.shown(at)).collect(),
    };
    let axes: Vec<Axis> = program.axes.iter().map(axis).collect();
    let [x, rest @ ..] = axes.as_slice() else { return Err(Stop::new("nothing is varied")) };
    let report = grids(&base, &program.scope(session, &base)?, (x, rest.first()), &found, &refused);
    drop(progress);
    output::report(session, &report)?;
    Ok(Exit::Done)
}

/// Where a claim begins or ceases to hold as an input is varied.
pub(super) fn solve(session: &Session, args: &SolveArgs) -> Answer {
    let (name, op, target) = check::claim(&args.when).map_err(Stop::new)?;
    let program = Program::read(session, &args.input, &[&args.vary], Some(&name))?;
    let Some(axis) = program.axes.first() else { return Err(Stop::new("nothing is varied")) };
    let progress = session.progress("searching");
    let first = program.inputs(session, &[])?;
    let base = ran(Replay::new(program.terms(), &first, program.book(session)?))?;
    let key = Key::named(&base, &name).map_err(Stop::new)?;
    let mut tried: Vec<(usize, Measured, bool)> = Vec::new();
    let mut holds = |at: usize| -> Result<bool, Stop> {
        if let Some((.., holds)) = tried.iter().find(|(tried, ..)| *tried == at) {
            return Ok(*holds);
        }
        let inputs = program.inputs(session, &[at])?;
        let found = read(&ran(base.fork(&inputs))?, &key)?;
        let answer = compared(&found, op, &target)?;
        tried.push((at, found, answer));
        Ok(answer)
    };
    let last = axis.values.len().saturating_sub(1);
    let (mut low, mut high) = (0, last);
    let (start, end) = (holds(low)?, holds(high)?);
    let mut how = "Found by halving: one turn between the ends is found, others are not looked for.".to_owned();
    if start == end {
        // Both ends say the same: look between them, evenly.
        let step = (last / SCANNED).max(1);
        let mut turned = None;
        for at in (step..last).step_by(step) {
            if holds(at)? != start {
                turned = Some(at);
                break;
            }
        }
        match turned {
            Some(at) => (low, high) = (at.saturating_sub(step), at),
            None => {
                how = format!("Both ends say the same, and so do the values between them, {step} steps apart.");
                (low, high) = (0, 0);
            }
        }
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle)? == start { low = middle } else { high = middle }
    }
    let found = high > low;
    let values = (0..axis.values.len()).map(|at| axis.shown(at)).collect();
    let turned = Turn {
        claim: args.when.clone(),
        axis: Axis { what: axis.what.clone(), values },
        tried,
        bracket: found.then_some((low, high)),
        how,
    };
    let report = turn(&base, &program.scope(session, &base)?, &key, &turned);
    drop(progress);
    output::report(session, &report)?;
    Ok(if found { Exit::Done } else { Exit::No })
}

/// Whether a fact compares so with the target. A day is compared as a day; one that never comes is later than all.
fn compared(found: &Measured, op: CompareOp, target: &Quantity) -> Result<bool, Stop> {
    let Some(value) = found.value.known() else {
        return Err(Stop::new("the fact rests on an undisclosed term: assume it first"));
    };
    // Nil has no unit of its own where nothing happened, and nought is nought of anything.
    let open =
        (found.unit == Unit::none() && value.is_zero()) || (target.unit == Unit::none() && target.number.is_zero());
    if found.unit != target.unit && !open {
        return Err(Stop::new(format!("the fact is in {}, and is compared with {}", found.unit, target.unit)));
    }
    let (value, target): (Number, Number) = (value, target.number);
    Ok(match op {
        CompareOp::AtLeast => value >= target,
        CompareOp::Above => value > target,
        CompareOp::AtMost => value <= target,
        CompareOp::Below => value < target,
        CompareOp::Equal => value == target,
        _ => return Err(Stop::new("a fact is compared by >=, >, <=, < or =")),
    })
}
