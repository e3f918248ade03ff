//! A whole run: its versions, entries, outcomes, refusals, and the first day each input was read.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::books::{self, BookDays, Queue};
use super::dispatch::Dispatch;
use super::index::Index;
use super::{Closed, standards};
use crate::base::limits;
use crate::engine::inputs::Input;
use crate::engine::{Act, Agenda, Engine, Fault, Inputs, Outcome, Register, State};
use crate::ledger::Log;
use crate::num;
use crate::recognise::{BookState, Booking, Bookkeeper, Plan};
use crate::terms::{Book, Fact, PartyId, Terms};
use crate::time::Date;

/// The world at the end of a day.
#[derive(Clone, Debug)]
pub struct Version {
    /// The day.
    pub date: Date,
    /// The legal state.
    pub state: State,
    /// Outcomes recorded so far.
    pub outcomes: usize,
    /// Accounts of the legal ledger opened so far.
    pub accounts: usize,
}

/// A run from the first to the last day on which anything happens.
#[derive(Debug)]
pub struct Replay<'a> {
    /// The contracts.
    pub terms: &'a Terms,
    /// What was believed.
    pub inputs: &'a Inputs,
    /// The book every party was made to keep, if one was asked for.
    pub book_asked: Option<String>,
    /// The day reports are about, if it is another than the last on which something happened.
    pub as_of: Option<Date>,
    /// The engine, for questions about a state.
    pub engine: Engine<'a>,
    /// Entries, outcomes and refusals of the legal ledger.
    pub register: Register,
    /// Who keeps which book.
    pub keepers: Vec<Bookkeeper<'a>>,
    /// Entries of each book.
    pub bookings: Vec<Booking>,
    /// Each book at the end of its days.
    pub books: Vec<BookDays>,
    /// A version for every day on which something changed; dates ascend.
    pub versions: Log<Version>,
    /// What stopped the run, if it did not reach the end.
    pub fault: Option<Fault>,
    /// Periods that were issued.
    pub closed: Closed,
    pub(super) empty: Version,
    pub(super) untouched: BookState,
    pub(super) dispatch: Dispatch<'a>,
    /// Outcomes that reach a book on a later day: by number, bookkeeper and day.
    pub(super) late: Vec<(u32, usize, Date)>,
    pub(super) index: OnceCell<Index>,
}

struct Loop<'a, 'r> {
    engine: &'r Engine<'a>,
    keepers: &'r [Bookkeeper<'a>],
    dispatch: &'r Dispatch<'a>,
    closed: &'r Closed,
    /// By bookkeeper.
    queues: Vec<Queue>,
    late: Vec<(u32, usize, Date)>,
}

impl<'a> Replay<'a> {
    /// Replays everything. `book` overrides the book of every party by name.
    ///
    /// # Errors
    /// Arithmetic in a threshold, before the first day.
    pub fn new(terms: &'a Terms, inputs: &'a Inputs, book: Option<&str>) -> Result<Self, Fault> {
        Self::watched(terms, inputs, book, &mut |_, _| {})
    }

    /// As [`Replay::new`]. `watch` is told, day by day, how many days are done and how many there are so far.
    ///
    /// # Errors
    /// As for [`Replay::new`].
    pub fn watched(
        terms: &'a Terms,
        inputs: &'a Inputs,
        book: Option<&str>,
        watch: &mut dyn FnMut(usize, usize),
    ) -> Result<Self, Fault> {
        let mut register = Register::default();
        let mut engine = Engine::new(terms, inputs, &mut register)?;
        let keepers = bookkeepers(terms, book);
        engine.adopts(standards::adoptions(terms, inputs, &keepers));
        let dispatch = Dispatch::new(terms, &keepers);
        let empty = Version { date: Date::MIN, state: State::default(), outcomes: 0, accounts: register.chart.len() };
        let mut replay = Self {
            terms,
            inputs,
            book_asked: book.map(str::to_owned),
            as_of: None,
            bookings: vec![Booking::default(); keepers.len()],
            books: vec![BookDays::default(); keepers.len()],
            engine,
            register,
            keepers,
            versions: Log::default(),
            fault: None,
            closed: Closed::new(inputs),
            empty,
            untouched: BookState::default(),
            dispatch,
            late: Vec::new(),
            index: OnceCell::new(),
        };
        let (agenda, now) = (replay.engine.agenda(), replay.empty.clone());
        replay.run(agenda, now, Vec::new(), watch);
        Ok(replay)
    }

    /// Runs the days of the agenda, from a world and with outcomes that books have still to take in.
    pub(super) fn run(
        &mut self,
        mut agenda: Agenda,
        mut now: Version,
        waiting: Vec<(u32, usize, Date)>,
        watch: &mut dyn FnMut(usize, usize),
    ) {
        let mut done = 0;
        let mut days = Loop {
            engine: &self.engine,
            keepers: &self.keepers,
            dispatch: &self.dispatch,
            closed: &self.closed,
            queues: vec![Queue::new(); self.keepers.len()],
            late: waiting,
        };
        for (number, position, day) in days.late.iter().filter(|(.., day)| *day > now.date) {
            if let Some(queue) = days.queues.get_mut(*position) {
                queue.push((*day, *number));
            }
        }
        while let Some(date) = agenda.advance() {
            watch(done, done + 1 + agenda.days());
            // The days that are known from the start are counted at once.
            if done + agenda.days() >= limits::DAYS || self.register.outcomes.len() > limits::OUTCOMES {
                self.fault = Some(Fault { kind: num::Fault::Endless, clause: "the run".into(), date });
                break;
            }
            done += 1;
            let before = (self.register.outcomes.len(), now.state.latches.clone(), now.state.tranches.clone());
            now.date = date;
            if let Err(fault) = days.step(&mut self.register, &mut agenda, &mut now.state, date) {
                self.fault = Some(fault);
                break;
            }
            // Latches close and tranches are granted without an outcome.
            let moved = !now.state.latches.ptr_eq(&before.1) || !now.state.tranches.ptr_eq(&before.2);
            if moved || self.register.outcomes.len() != before.0 {
                now.outcomes = self.register.outcomes.len();
                now.accounts = self.register.chart.len();
                self.versions.push(now.clone());
            }
        }
        let Loop { queues, late, .. } = days;
        self.late = late;
        let (outcomes, books) = (&self.register.outcomes, &mut self.books);
        let fault = books::keep(self.inputs, outcomes, &self.keepers, &mut self.bookings, books, queues, watch);
        if let Some(fault) = fault.filter(|fault| self.fault.as_ref().is_none_or(|first| fault.date < first.date)) {
            self.stop(fault);
        }
    }

    /// Takes back the day on which a book met a fault, and all after it.
    fn stop(&mut self, fault: Fault) {
        let day = fault.date;
        let count = self.versions.partition_point(|version| version.date < day);
        self.versions = self.versions.fork(count);
        self.register = self.register.fork(day, self.end().accounts);
        for (place, booking) in self.bookings.iter_mut().enumerate() {
            let Some(days) = self.books.get_mut(place) else { continue };
            *days = days.fork(days.partition_point(|(date, _)| *date < day));
            let nothing = BookState::default();
            *booking = booking.fork(days.last().map_or(&nothing, |(_, state)| state), day);
        }
        self.fault = Some(fault);
    }

    /// A book at the end of a day.
    #[must_use]
    pub fn book(&self, position: usize, date: Date) -> &BookState {
        let days = self.books.get(position);
        let after = days.map_or(0, |days| days.partition_point(|(day, _)| *day <= date));
        let last = after.checked_sub(1).and_then(|last| days?.get(last));
        last.map_or(&self.untouched, |(_, state)| state)
    }

    /// The world at the end of a day; the empty one before the first.
    #[must_use]
    pub fn at(&self, date: Date) -> &Version {
        let after = self.versions.partition_point(|version| version.date <= date);
        after.checked_sub(1).and_then(|i| self.versions.get(i)).unwrap_or(&self.empty)
    }

    /// The world after the last day.
    #[must_use]
    pub fn end(&self) -> &Version {
        self.versions.last().unwrap_or(&self.empty)
    }

    /// The first day on which each input was read.
    #[must_use]
    pub fn reads(&self) -> BTreeMap<Input, Date> {
        self.inputs.reads.all()
    }

    /// Outcomes with their numbers.
    pub fn outcomes(&self) -> impl Iterator<Item = (u32, &Outcome)> {
        (0u32..).zip(&self.register.outcomes)
    }

    /// Whether a book takes in outcomes of this kind.
    #[must_use]
    pub fn concerns(&self, keeper: usize, act: &crate::engine::Act) -> bool {
        self.dispatch.concerned(act).contains(&keeper)
    }

    /// The position of a party's bookkeeper.
    #[must_use]
    pub fn keeper(&self, party: PartyId) -> Option<usize> {
        self.dispatch.keeper(party)
    }

    /// The day reports are about: the one that was asked for, else the border between past and future.
    #[must_use]
    pub fn today(&self) -> Date {
        self.as_of.unwrap_or_else(|| self.border())
    }

    /// The border between past and future: the last day on which something actual happened.
    #[must_use]
    pub fn border(&self) -> Date {
        self.inputs.today.unwrap_or(self.end().date)
    }
}

impl Loop<'_, '_> {
    fn step(
        &mut self,
        register: &mut Register,
        agenda: &mut Agenda,
        state: &mut State,
        date: Date,
    ) -> Result<(), Fault> {
        let first = register.outcomes.len();
        self.engine.step(register, agenda, state, date)?;
        let number = u32::try_from(first).unwrap_or(u32::MAX);
        for (number, outcome) in (number..).zip(register.outcomes.since(first)) {
            let mut concerned = self.dispatch.concerned(&outcome.act);
            if let Act::Lapsed { tranche, .. } = &outcome.act {
                let others = state.assigned.get(tranche).into_iter().flat_map(|others| others.iter());
                let others = others.filter_map(|(party, _)| self.dispatch.keeper(*party));
                let more: Vec<usize> = others.filter(|position| !concerned.contains(position)).collect();
                concerned.to_mut().extend(more);
            }
            for position in concerned.iter().copied() {
                let (Some(keeper), Some(queue)) = (self.keepers.get(position), self.queues.get_mut(position)) else {
                    continue;
                };
                let day = self.closed.booking_date(keeper.party, outcome);
                queue.push((day, number));
                if day > date {
                    self.late.push((number, position, day));
                }
            }
        }
        Ok(())
    }
}

fn bookkeepers<'a>(terms: &'a Terms, book: Option<&str>) -> Vec<Bookkeeper<'a>> {
    let begins = terms.begins();
    let pools = |fact: &Fact| matches!(fact, Fact::Adopt { choice, .. } if &**choice == "single_pool");
    let pooled = terms.lines.iter().filter_map(|line| line.fact.as_ref()).any(pools);
    let over = book.and_then(|name| terms.books.iter().find(|b| &*b.name == name));
    let keeper = |(number, party): (u32, &'a crate::terms::Party)| {
        let (own, choices) = party.book.as_ref()?;
        let own: &Book = terms.books.get(own.index())?;
        let changed = over.filter(|over| over.name != own.name);
        let book = changed.unwrap_or(own);
        let first = |policy: &crate::terms::Policy| policy.choices.first().map(|c| (policy.name.clone(), c.clone()));
        // Another book is kept with what the party chose otherwise than its own book does, where there is such a choice.
        let own_way = |policy: &crate::terms::Policy| {
            let chosen = choices.iter().find(|(name, choice)| *name == policy.name && policy.takes(choice))?;
            let usual = own.policies.iter().find(|usual| usual.name == policy.name)?;
            (usual.choices.first() != Some(&chosen.1)).then(|| chosen.clone())
        };
        let choices = match changed {
            Some(other) => {
                other.policies.iter().filter_map(|policy| own_way(policy).or_else(|| first(policy))).collect()
            }
            None => choices.clone(),
        };
        let choices = standards::at_first(begins, book, party, choices);
        let (party, owner, currency) = (PartyId(number), party.name.clone(), party.currency.clone());
        let mut plan = Plan::new(book, &choices, &currency);
        plan.pooled |= pooled || standards::require(book, "single_pool");
        Some(Bookkeeper { party, owner, currency, book, choices, terms, plan })
    };
    (0u32..).zip(&terms.parties).filter_map(keeper).collect()
}
