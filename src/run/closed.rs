//! Closed periods: late news about one of them reaches the books on the day it became known.

use std::collections::BTreeMap;

use crate::engine::{Inputs, Outcome};
use crate::terms::{Fact, PartyId};
use crate::time::{Date, Period};

/// Periods that were issued, by party, with the day of issue.
#[derive(Clone, Debug, Default)]
pub struct Closed(BTreeMap<PartyId, Vec<(Period, Date)>>);

impl Closed {
    /// The `close` lines of a run.
    #[must_use]
    pub fn new(inputs: &Inputs) -> Self {
        let mut closed = Self::default();
        for line in &inputs.lines {
            if let Some(Fact::Close { party, period }) = &line.line.fact {
                closed.0.entry(*party).or_default().push((*period, line.line.date));
            }
        }
        closed
    }

    /// The day on which a party's book takes in an outcome: its own, or the day it became known if the party had
    /// issued that period by then.
    #[must_use]
    pub fn booking_date(&self, party: PartyId, outcome: &Outcome) -> Date {
        let late = self.of(party).any(|(period, issued)| {
            period.contains(outcome.date) && *issued <= outcome.known && outcome.date < outcome.known
        });
        if late { outcome.known } else { outcome.date }
    }

    /// The period a party issued that holds a day, with the day of issue: the first, if there are several.
    #[must_use]
    pub fn holding(&self, party: PartyId, date: Date) -> Option<(Period, Date)> {
        let all = self.of(party).filter(|(period, _)| period.contains(date));
        all.min_by_key(|(_, issued)| *issued).copied()
    }

    /// The last issued day of a party, as of a day.
    #[must_use]
    pub fn through(&self, party: PartyId, date: Date) -> Option<Date> {
        self.of(party).filter(|(_, issued)| *issued <= date).map(|(period, _)| period.to).max()
    }

    fn of(&self, party: PartyId) -> impl Iterator<Item = &(Period, Date)> {
        self.0.get(&party).into_iter().flatten()
    }
}
