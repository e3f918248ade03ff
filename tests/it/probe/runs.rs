//! What holds of every program: it is checked, and if nothing is wrong, run, reported and explained.

use std::collections::BTreeMap;

use proforma::base::Severity;
use proforma::check::{self, Checked, Files};
use proforma::engine::{Engine, Inputs, Register, State};
use proforma::ledger::{AccountId, Balances, Chart, Journal};
use proforma::num::Number;
use proforma::report::{self, Scope};
use proforma::run::Replay;
use proforma::snapshot::{compare, facts, take};
use proforma::terms::{ScenarioId, Value};
use proforma::time::Date;
use proforma::{explain, render};

/// What came of a program.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Codes of errors, each once.
    pub errors: Vec<&'static str>,
    /// Everything found, as drawn.
    pub drawn: String,
    /// Runs that reached their end.
    pub runs: usize,
    /// Faults, in words.
    pub faults: Vec<String>,
    pub refusals: usize,
    pub facts: usize,
    pub explained: usize,
    pub claims: usize,
    /// Written by all reports.
    pub bytes: usize,
}

/// How much is asked.
#[derive(Clone, Copy, Debug)]
pub struct Depth {
    /// Scenarios that are run besides the base.
    pub scenarios: usize,
    /// Facts that are explained, at most; spread over all.
    pub explained: usize,
    /// Parties whose own reports are built, besides the common ones.
    pub parties: usize,
    /// Turns: which facts are explained if there are more, and what is rendered in which form. `None` renders everything.
    pub turn: Option<usize>,
}

/// Checks and, if nothing is wrong, runs, reports and explains.
pub fn everything(files: &dyn Files, root: &str, depth: Depth) -> Seen {
    let checked = check::check(files, &[root.to_owned()]);
    let mut seen = Seen {
        drawn: render::diagnostic::diagnostics(&checked.sources, &checked.diagnostics, false),
        ..Seen::default()
    };
    for found in checked.diagnostics.iter().filter(|d| d.severity == Severity::Error) {
        if !seen.errors.contains(&found.code.number()) {
            seen.errors.push(found.code.number());
        }
    }
    seen.drawn.push_str(&render::diagnostic::diagnostics(&checked.sources, &check::unsourced(&checked), true));
    if checked.diagnostics.has_errors() {
        return seen;
    }
    let some = |id: u32| vec![ScenarioId(id)];
    let count = u32::try_from(checked.terms.scenarios.len()).unwrap();
    // A scenario without a change is the base; every program has some.
    let changes =
        |n: &u32| checked.terms.scenarios.get(*n as usize).is_some_and(|s| !s.changes.is_empty() || s.from.is_some());
    let scenarios = std::iter::once(Vec::new()).chain((0..count).filter(changes).take(depth.scenarios).map(some));
    for scenario in scenarios {
        run(&checked, &scenario, depth, &mut seen);
    }
    seen
}

fn run(checked: &Checked, scenario: &[ScenarioId], depth: Depth, seen: &mut Seen) {
    let inputs = match Inputs::select(&checked.terms, scenario, None) {
        Ok(inputs) => inputs,
        Err(fault) => return seen.faults.push(format!("{fault:?}")),
    };
    let replay = match Replay::new(&checked.terms, &inputs, None) {
        Ok(replay) => replay,
        Err(fault) => return seen.faults.push(format!("{fault:?}")),
    };
    match &replay.fault {
        Some(fault) => seen.faults.push(format!("{fault:?}")),
        None => seen.runs += 1,
    }
    balanced(&replay);
    in_two_parts(&replay);
    seen.refusals += replay.register.refusals.len();
    let parties = checked.terms.parties.iter().map(|p| Some(p.name.to_string()));
    for entity in std::iter::once(None).chain(parties.take(depth.parties)) {
        let scope = Scope { entity, ..Scope::default() };
        for name in report::NAMES {
            if let Ok(report) = report::build(name, &replay, &scope) {
                // After a fault nothing is reported: the day that stopped has left entries and no balances.
                for check in report.checks.iter().filter(|_| replay.fault.is_none()) {
                    assert_ne!(
                        check.holds(),
                        Some(false),
                        "check failed in {name}: {}",
                        render::text::check_line(check)
                    );
                }
                let form = |n: usize| depth.turn.is_none_or(|turn| turn % 12 == n);
                if form(0) {
                    seen.bytes += render::text::report(&report, &render::Style::default()).len();
                }
                if form(1) {
                    seen.bytes += render::json::report(&report).len();
                }
                if form(2) {
                    seen.bytes += render::csv::report(&report).len();
                }
            }
        }
    }
    seen.claims += report::asserts(&replay).len();
    kept(checked, &replay, seen);
    explained(checked, &replay, depth, seen);
}

/// What tests keep, and everything, is read again as it was written, and does not differ from itself.
fn kept(checked: &Checked, replay: &Replay<'_>, seen: &mut Seen) {
    for test in &checked.terms.tests {
        let (mine, _) = take::take(replay, test);
        let text = facts::write(&mine);
        let mut sources = checked.sources.clone();
        let (again, wrong) = facts::read(&mut sources, "kept.snap.csv", &text);
        let drawn = render::diagnostic::diagnostics(&sources, &wrong, false);
        assert!(wrong.is_empty() && again == mine, "{text}{drawn}");
        assert_eq!(compare::compare(&again, &mine, test), compare::Comparison::default());
        let all = compare::compare(&Default::default(), &mine, test);
        assert_eq!(all.changes.len(), mine.len());
        seen.bytes += text.len();
    }
}

/// Every fact has a name that finds it again, and its explanation adds up to it.
fn explained(checked: &Checked, replay: &Replay<'_>, depth: Depth, seen: &mut Seen) {
    let facts = report::facts(replay, &Scope::default());
    seen.facts += facts.len();
    let step = facts.len().div_ceil(depth.explained).max(1);
    for row in facts.iter().skip(depth.turn.unwrap_or(0) % step).step_by(step) {
        let item = if row.item.is_empty() { String::new() } else { format!("[{}]", row.item) };
        let text = format!("{}.{}{item} in {}", row.entity, row.measure, row.period);
        // A party named like a word of the language has facts that cannot be asked for by name.
        let Ok(name) = check::fact_name(&text) else { continue };
        let Ok(explanation) = explain::explain(replay, &name) else { continue };
        if replay.fault.is_none()
            && let Some((parts, cell, _)) = &explanation.sum
            && let (Value::Known(parts), Value::Known(cell)) = (parts, cell)
        {
            assert_eq!(parts, cell, "the explanation of {text} does not add up");
        }
        if depth.turn.is_none_or(|turn| turn % 12 == 3) {
            let style = render::Style::default();
            seen.bytes += render::derivation::explanation(&explanation, &checked.sources, &style).len();
            seen.bytes += render::json::explanation(&explanation, &checked.sources).len();
        }
        seen.explained += 1;
    }
}

/// Every entry balances, and entries add up to the balances: of the legal ledger and of every book.
pub fn balanced(replay: &Replay<'_>) {
    let end = replay.end();
    let legal = added_up(&replay.register.chart, &replay.register.journal, end.date);
    // A day that faults has left entries and no version.
    if replay.fault.is_some() {
        return;
    }
    assert_eq!(legal, not_nil(&end.state.balances), "the legal ledger");
    for (n, booking) in replay.bookings.iter().enumerate() {
        let book = replay.book(n, Date::MAX);
        assert_eq!(added_up(&booking.chart, &booking.journal, Date::MAX), not_nil(&book.balances), "a book");
    }
}

/// The journal added up again, to the end of a day.
pub fn added_up(chart: &Chart, journal: &Journal, upto: Date) -> BTreeMap<AccountId, Number> {
    let mut sums: BTreeMap<AccountId, Number> = BTreeMap::new();
    for (_, entry) in journal.iter().filter(|(_, e)| e.date <= upto) {
        let mut commodities: BTreeMap<&str, Number> = BTreeMap::new();
        for posting in journal.postings(entry) {
            let sum = sums.entry(posting.account).or_default();
            *sum = sum.plus(posting.amount).unwrap();
            let commodity = commodities.entry(&chart.get(posting.account).unwrap().commodity).or_default();
            *commodity = commodity.plus(posting.amount).unwrap();
        }
        assert!(commodities.values().all(|sum| sum.is_zero()), "unbalanced: {entry:?}");
    }
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

pub fn not_nil(balances: &Balances) -> BTreeMap<AccountId, Number> {
    balances.iter().filter(|(_, n)| !n.is_zero()).collect()
}

/// The legal ledger up to a day in the middle, and on from what stood there: the same as all at once.
fn in_two_parts(replay: &Replay<'_>) {
    if replay.fault.is_some() || replay.versions.len() < 2 {
        return;
    }
    let border = replay.versions.get(replay.versions.len() / 2).unwrap().date;
    let mut register = Register::default();
    let mut engine = Engine::new(replay.terms, replay.inputs, &mut register).unwrap();
    engine.adopts(replay.engine.adopted().clone());
    let (mut agenda, mut state) = (engine.agenda(), State::default());
    while let Some(date) = agenda.advance() {
        if date > border {
            break;
        }
        engine.step(&mut register, &mut agenda, &mut state, date).unwrap();
    }
    let mut agenda = engine.agenda();
    agenda.resume(&state, border);
    while let Some(date) = agenda.advance() {
        engine.step(&mut register, &mut agenda, &mut state, date).unwrap();
    }
    let said = |register: &Register| -> Vec<String> {
        let outcomes = register.outcomes.iter().map(|o| format!("{o:?}"));
        outcomes.chain(register.refusals.iter().map(|r| format!("{r:?}"))).collect()
    };
    assert_eq!(said(&register), said(&replay.register), "in two parts, before and after {border}");
    assert_eq!(not_nil(&state.balances), not_nil(&replay.end().state.balances), "in two parts, {border}");
}
