//! Forks: a run that differs from another only from some day on shares everything before that day with it.

use super::{Replay, standards};
use crate::engine::{Engine, Fault, Inputs};
use crate::recognise::BookState;
use crate::time::Date;

impl<'a> Replay<'a> {
    /// The run of other inputs over the same terms and books, from the first day on which one of them is read
    /// differently. Versions, entries and outcomes before that day are shared; the result is that of a whole run.
    ///
    /// # Errors
    /// Arithmetic in a threshold, before the first day.
    pub fn fork(&self, inputs: &'a Inputs) -> Result<Self, Fault> {
        let mut register = self.register.fork(Date::MIN, self.empty.accounts);
        let mut engine = Engine::new(self.terms, inputs, &mut register)?;
        engine.adopts(standards::adoptions(self.terms, inputs, &self.keepers));
        let differs = engine.differs_from(&self.engine).map(|day| match &self.fault {
            Some(fault) => day.min(fault.date),
            None => day,
        });
        let day = differs.or(self.fault.as_ref().map(|fault| fault.date)).unwrap_or(Date::MAX);
        let count = self.versions.partition_point(|version| version.date < day);
        let start = count.checked_sub(1).and_then(|last| self.versions.get(last)).unwrap_or(&self.empty).clone();
        inputs.reads.resume(&self.inputs.reads, day);
        let mut agenda = engine.agenda();
        agenda.resume(&start.state, day.prev());
        agenda.read(&engine, day.prev());
        let waiting = self.late.iter().filter(|(number, ..)| (*number as usize) < start.outcomes).copied().collect();
        let mut fork = Self {
            terms: self.terms,
            inputs,
            book_asked: self.book_asked.clone(),
            as_of: self.as_of,
            engine,
            register: self.register.fork(day, start.accounts),
            keepers: self.keepers.clone(),
            bookings: Vec::new(),
            books: self.books.iter().map(|days| days.fork(days.partition_point(|(date, _)| *date < day))).collect(),
            versions: self.versions.fork(count),
            fault: None,
            closed: super::Closed::new(inputs),
            empty: self.empty.clone(),
            untouched: BookState::default(),
            dispatch: self.dispatch.clone(),
            late: Vec::new(),
            index: std::cell::OnceCell::new(),
        };
        let states = (0..).map(|place| self.book(place, day.prev()));
        fork.bookings = self.bookings.iter().zip(states).map(|(booking, state)| booking.fork(state, day)).collect();
        fork.run(agenda, start, waiting, &mut |_, _| {});
        Ok(fork)
    }

    /// How many versions this run shares with the one it was forked from.
    #[must_use]
    pub fn shared(&self) -> usize {
        self.versions.shared()
    }
}
