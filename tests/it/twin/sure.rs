//! Whether what met a condition is all actual: as sure as the least sure cause.

use proforma::terms::{Gate, Stage, Test, TrancheId};

use super::belief::calendar;
use super::gates::Answer;
use super::world::World;

impl World<'_> {
    /// Of a condition that is met.
    pub fn sure(&self, gate: &Gate, of: TrancheId) -> bool {
        match gate {
            Gate::All(gates) => gates.iter().all(|g| self.sure(g, of)),
            Gate::Any(gates) => gates.iter().any(|g| self.answer(g, of) == Answer::Met && self.sure(g, of)),
            Gate::Latched { id, inner, .. } => self.latched.get(id).copied().unwrap_or_else(|| self.sure(inner, of)),
            Gate::Leaf(leaf) => match &leaf.test {
                Test::Counter(counter, ..) => self.counted(*counter).all(|event| event.actual),
                Test::Price(measure, ..) => {
                    let m = &self.terms.price_measures[measure.index()];
                    let calendar = calendar(self.terms, m.class);
                    let mut day = calendar.on_or_before(self.day);
                    (0..m.window).all(|_| {
                        let sure = !self.belief.unsure.contains(&(m.class, day));
                        day = calendar.on_or_before(day.prev());
                        sure
                    })
                }
                // What follows from terms alone is a forecast after today.
                Test::Date(_) => self.by_terms(),
                Test::Attested(name) => self.attested.iter().any(|(t, n, actual)| *t == of && n == name && *actual),
                Test::Reached(other, stage) => self.reached_surely(*other, *stage),
            },
        }
    }

    /// Section 9: what follows from terms alone after today is a forecast.
    pub fn by_terms(&self) -> bool {
        self.belief.today.is_some_and(|today| self.day <= today)
    }

    fn reached_surely(&self, other: TrancheId, stage: Stage) -> bool {
        let _ = stage;
        self.rights.get(&other).is_some_and(|r| !r.hoped)
    }
}
