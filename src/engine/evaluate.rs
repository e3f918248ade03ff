//! Gates on a day: met, pending, undetermined or impossible, and what each test read.

use std::sync::Arc;

use super::prices::{self, Reading};
use super::{Engine, State, watch};
use crate::num::{Fault, Number, Rounding, Unit};
use crate::terms::{Basis, Gate, LatchId, Leaf, Stage, Test, TrancheId, Value};
use crate::time::Date;

/// The answer of a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Met,
    /// It has not happened.
    Pending,
    /// An undisclosed term or a missing price decides it; these are missing.
    Undetermined(Vec<Arc<str>>),
    /// It can never hold any more: its time is over.
    Impossible,
}

/// One test, as read on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// As written.
    pub text: Arc<str>,
    /// Its answer, latch included.
    pub verdict: Verdict,
    /// When its latch closed, if it stands under one that did.
    pub latched: Option<Date>,
    /// What was measured, in the unit of the threshold; for prices, in the terms of signing.
    pub actual: Option<Number>,
    /// What it was compared with.
    pub threshold: Option<Number>,
    /// The unit of both; none for tests that measure nothing.
    pub unit: Unit,
    /// How sure the measurement is.
    pub basis: Basis,
    /// Where the test is written.
    pub span: crate::base::Span,
}

/// A gate as read on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// Of the whole.
    pub verdict: Verdict,
    /// Every test.
    pub tests: Vec<Tested>,
    /// Latches that would close today.
    pub closing: Vec<LatchId>,
    /// How sure: of the tests that are met.
    pub basis: Basis,
    /// By which outcomes other tranches reached the stages that were asked for.
    pub outcomes: Vec<u32>,
}

struct Reader<'e, 'a> {
    engine: &'e Engine<'a>,
    state: &'e State,
    tranche: TrancheId,
    date: Date,
    tests: Vec<Tested>,
    closing: Vec<LatchId>,
    outcomes: Vec<u32>,
}

/// Reads a gate of a tranche on a day without changing anything.
///
/// # Errors
/// Arithmetic in a threshold.
pub fn evaluate(
    engine: &Engine<'_>,
    state: &State,
    tranche: TrancheId,
    gate: &Gate,
    date: Date,
) -> Result<Evaluation, Fault> {
    let mut reader =
        Reader { engine, state, tranche, date, tests: Vec::new(), closing: Vec::new(), outcomes: Vec::new() };
    let mut verdict = reader.gate(gate, None)?;
    if verdict != Verdict::Met && state.tranches.get(&tranche).is_some_and(|t| t.lapsed.is_some()) {
        verdict = Verdict::Impossible;
    }
    let met = reader.tests.iter().filter(|t| t.verdict == Verdict::Met);
    let basis = met.map(|t| t.basis).max().unwrap_or(Basis::Actual);
    Ok(Evaluation { verdict, basis, tests: reader.tests, closing: reader.closing, outcomes: reader.outcomes })
}

impl Reader<'_, '_> {
    /// Every part is read, also after the answer is clear, so that latches close and explanations are whole.
    fn gate(&mut self, gate: &Gate, latched: Option<(Date, Basis)>) -> Result<Verdict, Fault> {
        match gate {
            Gate::All(gates) => {
                let parts = gates.iter().map(|g| self.gate(g, latched)).collect::<Result<Vec<_>, _>>()?;
                Ok(all(parts))
            }
            Gate::Any(gates) => {
                let parts = gates.iter().map(|g| self.gate(g, latched)).collect::<Result<Vec<_>, _>>()?;
                Ok(any(parts))
            }
            Gate::Latched { id, inner, since, .. } => {
                let closed = self.state.latches.get(id).copied();
                let verdict = self.gate(inner, closed.or(latched))?;
                if closed.is_some() {
                    return Ok(Verdict::Met);
                }
                let listening = since.is_none_or(|day| self.date >= day);
                match verdict {
                    Verdict::Met if listening => {
                        self.closing.push(*id);
                        Ok(Verdict::Met)
                    }
                    Verdict::Met => Ok(Verdict::Pending),
                    other => Ok(other),
                }
            }
            Gate::Leaf(leaf) => self.leaf(leaf, latched),
        }
    }

    fn leaf(&mut self, leaf: &Leaf, latched: Option<(Date, Basis)>) -> Result<Verdict, Fault> {
        let mut tested = Tested {
            text: leaf.text.clone(),
            verdict: Verdict::Pending,
            latched: latched.map(|(date, _)| date),
            actual: None,
            threshold: None,
            unit: match &leaf.test {
                Test::Counter(.., threshold) | Test::Price(.., threshold) => threshold.unit.clone(),
                _ => Unit::none(),
            },
            basis: Basis::Actual,
            span: leaf.span,
        };
        let holds = |yes: bool| if yes { Verdict::Met } else { Verdict::Pending };
        tested.verdict = match &leaf.test {
            Test::Counter(counter, op, threshold) => {
                let (total, basis) = self.state.counters.get(counter).copied().unwrap_or((Number::ZERO, Basis::Actual));
                tested.basis = basis;
                tested.actual = Some(total);
                match self.engine.inputs.value(threshold)? {
                    Value::Known(threshold) => {
                        tested.threshold = Some(threshold);
                        let over = self.engine.terms.counters.get(counter.index()).and_then(|c| c.until);
                        match (op.holds(total.cmp(&threshold)), over) {
                            (false, Some(until)) if self.date > until => Verdict::Impossible,
                            (holds_now, _) => holds(holds_now),
                        }
                    }
                    Value::Missing(names) => Verdict::Undetermined(names.iter().cloned().collect()),
                }
            }
            Test::Price(measure, op, threshold) => {
                let threshold = self.engine.inputs.value(threshold)?;
                self.price(*measure, *op, threshold, &mut tested)?
            }
            Test::Date(date) => holds(self.date >= *date),
            Test::Attested(name) => {
                let line = self.state.attested.get(&(self.tranche, name.clone()));
                tested.basis = line.and_then(|id| self.engine.line(*id)).map_or(Basis::Actual, |l| l.line.basis);
                holds(line.is_some())
            }
            Test::Reached(other, stage) => {
                let by = self.state.tranches.get(other).and_then(|t| t.by.iter().find(|(to, ..)| to == stage));
                if let Some((_, outcome, basis)) = by {
                    tested.basis = *basis;
                    self.outcomes.push(*outcome);
                }
                holds(self.engine.reached(self.state, *other, *stage))
            }
        };
        if let Some((_, basis)) = latched {
            tested.verdict = Verdict::Met;
            tested.basis = basis;
        }
        let verdict = tested.verdict.clone();
        self.tests.push(tested);
        Ok(verdict)
    }

    fn price(
        &self,
        id: crate::terms::PriceMeasureId,
        op: crate::terms::Compare,
        threshold: Value,
        tested: &mut Tested,
    ) -> Result<Verdict, Fault> {
        let engine = self.engine;
        let Some(measure) = engine.terms.price_measures.get(id.index()) else { return Ok(Verdict::Pending) };
        let terms = engine.terms;
        let granted = terms.tranches.get(self.tranche.index()).and_then(|t| terms.granted(t)).unwrap_or(self.date);
        let reading = prices::read(engine.inputs, measure, self.date);
        if let Reading::Sum(sum, basis) = &reading {
            tested.basis = *basis;
            let base = watch::multiplier(engine.inputs, measure.class, granted, measure.adjusts);
            let divisor = Number::from_int(i64::from(measure.window)).times(base)?;
            tested.actual = Some(sum.over(divisor, Rounding::CENTS)?);
        }
        tested.threshold = threshold.known();
        match (reading, threshold) {
            (_, Value::Missing(names)) => Ok(Verdict::Undetermined(names.iter().cloned().collect())),
            (Reading::Sum(sum, _), Value::Known(threshold)) => {
                let threshold = watch::scaled(engine.terms, engine.inputs, id, threshold, granted)?;
                Ok(if op.holds(sum.cmp(&threshold)) { Verdict::Met } else { Verdict::Pending })
            }
            (Reading::Gap(day), Value::Known(_)) => {
                Ok(Verdict::Undetermined(vec![format!("no close on {day}").into()]))
            }
            (Reading::None, Value::Known(_)) => Ok(Verdict::Pending),
        }
    }
}

/// What can never hold beats all; pending beats undetermined, for something is certainly not met yet.
fn all(parts: Vec<Verdict>) -> Verdict {
    if parts.contains(&Verdict::Impossible) {
        return Verdict::Impossible;
    }
    if parts.contains(&Verdict::Pending) {
        return Verdict::Pending;
    }
    missing(parts).map_or(Verdict::Met, Verdict::Undetermined)
}

fn any(parts: Vec<Verdict>) -> Verdict {
    if parts.contains(&Verdict::Met) {
        return Verdict::Met;
    }
    if !parts.is_empty() && parts.iter().all(|p| *p == Verdict::Impossible) {
        return Verdict::Impossible;
    }
    missing(parts).map_or(Verdict::Pending, Verdict::Undetermined)
}

fn missing(parts: Vec<Verdict>) -> Option<Vec<Arc<str>>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    for part in parts {
        if let Verdict::Undetermined(more) = part {
            names.extend(more);
        }
    }
    names.sort();
    names.dedup();
    (!names.is_empty()).then_some(names)
}

impl Engine<'_> {
    /// Whether a tranche has reached a stage.
    #[must_use]
    pub fn reached(&self, state: &State, tranche: TrancheId, stage: Stage) -> bool {
        let Some(reached) = state.tranches.get(&tranche) else { return false };
        match stage {
            Stage::Locked => true,
            Stage::Released => reached.vested.is_some(),
            Stage::Cleared => reached.cleared.is_some(),
            Stage::Used => self.stage(state, tranche, Stage::Used).is_positive(),
            Stage::Lapsed => reached.lapsed.is_some(),
        }
    }
}
