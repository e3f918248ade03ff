//! Closed periods: late news about one of them reaches the books on the day it became known.

use crate::engine::{Inputs, Outcome};
use crate::terms::{Fact, PartyId};
use crate::time::{Date, Period};

/// Periods that were issued, by party, with the day of issue.
#[derive(Clone, Debug, Default)]
pub struct Closed(Vec<(PartyId, Period, Date)>);

impl Closed {
    /// The `close` lines of a run.
    #[must_use]
    pub fn new(inputs: &Inputs) -> Self {
        let closes = inputs.lines.iter().filter_map(|line| match &line.line.fact {
            Some(Fact::Close { party, period }) => Some((*party, *period, line.line.date)),
            _ => None,
        });
        Self(closes.collect())
    }

    /// The day on which a party's book takes in an outcome: its own, or the day it became known if the party had
    /// issued that period by then.
    #[must_use]
    pub fn booking_date(&self, party: PartyId, outcome: &Outcome) -> Date {
        let late = self.0.iter().any(|(of, period, issued)| {
            *of == party && period.contains(outcome.date) && *issued <= outcome.known && outcome.date < outcome.known
        });
        if late { outcome.known } else { outcome.date }
    }

    /// The last issued day of a party, as of a day.
    #[must_use]
    pub fn through(&self, party: PartyId, date: Date) -> Option<Date> {
        self.0.iter().filter(|(of, _, issued)| *of == party && *issued <= date).map(|(_, period, _)| period.to).max()
    }
}
