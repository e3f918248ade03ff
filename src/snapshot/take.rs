//! The facts that a test keeps.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::facts::{Cell, Facts, Key};
use crate::base::suggest::nearest;
use crate::base::{Code, Diagnostic, Diagnostics};
use crate::num::Unit;
use crate::report::measure::Measured;
use crate::report::{FactRow, Scope, fact, rows};
use crate::run::Replay;
use crate::terms::{FactName, FactTest, Keep, Kept, Limit, PartyId, Subject, Value};

/// Units of what is counted: always exact.
const COUNTED: &[&str] = &["shares", "date", "days"];

/// The facts of a run that a test keeps, and what is wrong with what it asks for.
#[must_use]
pub fn take(replay: &Replay<'_>, test: &FactTest) -> (Facts, Diagnostics) {
    let mut taker = Taker { replay, test, facts: Facts::new(), found: Diagnostics::default() };
    let listed = test.keeps.iter().any(|keep| !matches!(keep.what, Kept::Fact(_)));
    let all = if listed { taker.listed() } else { Vec::new() };
    for keep in &test.keeps {
        match &keep.what {
            Kept::All => taker.rows(&all, keep, None),
            Kept::Measure(measure) => {
                if taker.knows(measure, keep.span) {
                    taker.rows(&all, keep, Some(measure));
                }
            }
            Kept::Fact(name) => taker.fact(name, keep),
        }
    }
    taker.tolerances();
    (taker.facts, taker.found)
}

struct Taker<'r, 'a> {
    replay: &'r Replay<'a>,
    test: &'r FactTest,
    facts: Facts,
    found: Diagnostics,
}

impl Taker<'_, '_> {
    /// The facts of the parties and the period that are asked for.
    fn listed(&self) -> Vec<FactRow> {
        let scope = Scope { period: self.test.period, ..Scope::default() };
        let names: Vec<&str> = self.names();
        let mut all = rows::facts(self.replay, &scope);
        all.retain(|row| names.contains(&&*row.entity));
        all
    }

    fn parties(&self) -> Vec<PartyId> {
        let ids = (0u32..).map(PartyId).take(self.replay.terms.parties.len());
        ids.filter(|id| self.test.entities.is_empty() || self.test.entities.contains(id)).collect()
    }

    fn names(&self) -> Vec<&str> {
        let terms = self.replay.terms;
        self.parties().iter().filter_map(|id| terms.parties.get(id.index())).map(|party| &*party.name).collect()
    }

    /// Whether a party has the measure.
    fn knows(&mut self, measure: &str, span: crate::base::Span) -> bool {
        let names: BTreeSet<Arc<str>> =
            self.parties().into_iter().flat_map(|party| fact::measure_names(self.replay, party)).collect();
        if names.iter().any(|name| &**name == measure) {
            return true;
        }
        let message = format!("no party of the test has a measure `{measure}`");
        let unknown = Diagnostic::new(Code::UnknownMeasure, span, message).label("unknown");
        self.found.push(match nearest(measure, names.iter().map(|name| &**name)) {
            Some(near) => unknown.help(format!("did you mean `{near}`?")).fix(span, near),
            None => unknown.help(Code::UnknownMeasure.advice()),
        });
        false
    }

    fn rows(&mut self, all: &[FactRow], keep: &Keep, measure: Option<&Arc<str>>) {
        let mut any = false;
        for row in all.iter().filter(|row| measure.is_none_or(|measure| *row.measure == **measure)) {
            if keep.of.as_ref().is_some_and(|of| !is_of(row, of)) {
                continue;
            }
            any = true;
            let [entity, period, measure, detail] =
                [&row.entity, &row.period, &row.measure, &row.item].map(Clone::clone);
            let [value, unit, status] = [&row.value, &row.unit, &row.basis].map(Clone::clone);
            let mut key = Key { entity, period, measure, detail };
            let cell = Cell { value, unit, status };
            // One item with several on the other side: each is a fact of its own.
            if self.facts.get(&key).is_some_and(|other| *other != cell) {
                key.detail = format!("{} with {}", key.detail, row.counterparty);
            }
            self.facts.insert(key, cell);
        }
        if !any {
            let what = measure.map_or("facts".to_owned(), |measure| format!("`{measure}`"));
            let of = keep.of.as_ref().map_or_else(String::new, |of| format!(" of `{of}`"));
            let message = format!("the run has no {what}{of} in this period and of these parties");
            self.found.push(
                Diagnostic::new(Code::KeepsNothing, keep.span, message)
                    .label("keeps no fact")
                    .help("list what there is with `proforma facts`, or remove it"),
            );
        }
    }

    fn fact(&mut self, name: &FactName, keep: &Keep) {
        let name = FactName { period: name.period.or(self.test.period), ..name.clone() };
        match fact::lookup(self.replay, &name) {
            Ok(found) => {
                let key = Key {
                    entity: name.entity.to_string(),
                    period: name.period.map(|period| period.to_string()).unwrap_or_default(),
                    measure: name.measure.to_string(),
                    detail: name.item.map(|item| item.to_string()).unwrap_or_default(),
                };
                self.facts.insert(key, cell(&found));
            }
            Err(why) => {
                let fact =
                    Diagnostic::new(Code::UnknownKept, keep.span, "there is no such fact in this run").label("unknown");
                self.found.push(fact.help(why));
            }
        }
    }

    /// Tolerances are in the units of what they are for.
    fn tolerances(&mut self) {
        for tolerance in &self.test.tolerances {
            let Subject::Measure(measure) = &tolerance.of else { continue };
            if !self.knows(measure, tolerance.span) || tolerance.limits.is_empty() {
                continue;
            }
            let mine = self.facts.iter().filter(|(key, _)| *key.measure == **measure);
            let units: BTreeSet<&str> = mine.map(|(_, cell)| &*cell.unit).collect();
            let Some(first) = units.first() else { continue };
            if let Some(counted) = units.iter().find(|unit| COUNTED.contains(unit)) {
                let message = format!("`{measure}` is counted in {counted}: such facts are always exact");
                self.found.push(
                    Diagnostic::new(Code::BadTolerance, tolerance.span, message)
                        .label("no tolerance fits")
                        .help("leave it away"),
                );
                continue;
            }
            let fits = |unit: &Unit| units.iter().any(|own| in_unit(own, unit));
            let wrong = tolerance.limits.iter().find_map(|limit| match limit {
                Limit::Absolute(_, unit) if !fits(unit) => Some(unit),
                _ => None,
            });
            if let Some(unit) = wrong {
                let own = if first.is_empty() { "a plain number" } else { first };
                let unit = if unit.is_none() { "a plain number".to_owned() } else { unit.to_string() };
                self.found.push(
                    Diagnostic::new(
                        Code::BadTolerance,
                        tolerance.span,
                        format!("`{measure}` is in {own}, not in {unit}"),
                    )
                    .label(unit)
                    .help("write the tolerance in the unit of the measure, or as a part such as `0.1%`"),
                );
            }
        }
    }
}

/// Whether facts of a unit are measured by an amount of another: points of a percentage are plain numbers.
pub(super) fn in_unit(own: &str, limit: &Unit) -> bool {
    Unit::parse(own).is_some_and(|own| own == *limit || (limit.is_none() && own == Unit::of("%")))
}

fn is_of(row: &FactRow, of: &str) -> bool {
    let within = row.item == of || row.item.strip_prefix(of).is_some_and(|rest| rest.starts_with('.'));
    within || row.counterparty == of
}

fn cell(found: &Measured) -> Cell {
    let (value, status) = match &found.value {
        Value::Known(number) if found.unit == Unit::of("date") => (rows::day(*number), found.certainty.word()),
        Value::Known(number) => (number.to_string(), found.certainty.word()),
        Value::Missing(_) => (String::new(), "undisclosed"),
    };
    Cell { value, unit: found.unit.to_string(), status: status.to_owned() }
}
