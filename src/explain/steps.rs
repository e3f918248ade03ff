//! A run a day at a time: what happened, what was refused, and every account that moved, of the legal ledger and of the
//! books, from what to what.

use std::collections::{BTreeMap, BTreeSet};

use super::tell::Teller;
use crate::engine::Outcome;
use crate::ledger::{AccountId, Chart, Entry, Journal};
use crate::num::{Fault, Number, Unit};
use crate::report::{self, Bases, Cell, Column, Origin, Report, Row, Scale, Scope, Table};
use crate::run::Replay;
use crate::terms::{Basis, FactName, Value};
use crate::time::{Date, Period};

/// The days of a run, and where to find what is in each.
pub struct Steps<'r, 'a> {
    replay: &'r Replay<'a>,
    scope: &'r Scope,
    days: BTreeMap<Date, Day>,
}

/// What a day has, by position.
#[derive(Clone, Debug, Default)]
struct Day {
    outcomes: Vec<u32>,
    /// Entries of the legal ledger (`None`) and of books.
    entries: Vec<(Option<usize>, crate::ledger::EntryId)>,
    refusals: Vec<usize>,
}

/// A ledger's account on a day: in words, and its movements.
type Moves = BTreeMap<(Option<usize>, AccountId), (Number, Number, Basis)>;

impl<'r, 'a> Steps<'r, 'a> {
    /// The days on which anything happened, was booked or was refused, as far as the scope wants them.
    #[must_use]
    pub fn of(replay: &'r Replay<'a>, scope: &'r Scope) -> Self {
        let mut days: BTreeMap<Date, Day> = BTreeMap::new();
        let whole = Period { from: Date::MIN, to: Date::MAX };
        let asked = scope.range.or_else(|| {
            let named = scope.entity.as_ref().and_then(|name| replay.terms.parties.iter().find(|p| *p.name == **name));
            let party = named.or_else(|| replay.terms.parties.first());
            scope.period.as_ref().and_then(|name| party.and_then(|party| party.fiscal.resolve(name)))
        });
        let asked = asked.unwrap_or(whole);
        let steps = Self { replay, scope, days: BTreeMap::new() };
        for (number, outcome) in replay.outcomes().filter(|(_, outcome)| asked.contains(outcome.date)) {
            if steps.concerns(outcome) {
                days.entry(outcome.date).or_default().outcomes.push(number);
            }
        }
        let legal = replay.register.journal.iter().map(|(id, entry)| (None, id, entry));
        let books = (0..).zip(&replay.bookings);
        let books =
            books.flat_map(|(book, booking)| booking.journal.iter().map(move |(id, entry)| (Some(book), id, entry)));
        for (book, id, entry) in legal.chain(books).filter(|(.., entry)| asked.contains(entry.date)) {
            if steps.shows(book, entry) {
                days.entry(entry.date).or_default().entries.push((book, id));
            }
        }
        for (at, refusal) in replay.register.refusals.iter().enumerate().filter(|(_, r)| asked.contains(r.date)) {
            days.entry(refusal.date).or_default().refusals.push(at);
        }
        Self { days, ..steps }
    }

    /// The days, in order.
    pub fn days(&self) -> impl DoubleEndedIterator<Item = Date> + '_ {
        self.days.keys().copied()
    }

    /// Whether an outcome is about a contract of the scope.
    fn concerns(&self, outcome: &Outcome) -> bool {
        let Some(wanted) = &self.scope.contract else { return true };
        let clause = outcome.act.tranche().and_then(|t| self.replay.terms.tranches.get(t.index())).map(|t| &*t.path);
        let clause = clause.unwrap_or(&outcome.clause);
        clause == wanted || clause.starts_with(&format!("{wanted}."))
    }

    /// Whether an entry is of a party and a contract of the scope.
    fn shows(&self, book: Option<usize>, entry: &Entry) -> bool {
        let Some((chart, journal)) = self.ledger(book) else { return false };
        let owner = |name: &str| self.scope.entity.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(name));
        let item = |item: &str| {
            let wanted = self.scope.contract.as_ref();
            wanted.is_none_or(|wanted| item == wanted || item.starts_with(&format!("{wanted}.")))
        };
        let accounts = journal.postings(entry).iter().filter_map(|posting| chart.get(posting.account));
        accounts.into_iter().any(|account| {
            let whose = book.and_then(|book| self.replay.keepers.get(book)).map_or(&*account.owner, |k| &*k.owner);
            owner(whose) && item(&account.item)
        })
    }

    fn ledger(&self, book: Option<usize>) -> Option<(&'r Chart, &'r Journal)> {
        match book {
            None => Some((&self.replay.register.chart, &self.replay.register.journal)),
            Some(book) => self.replay.bookings.get(book).map(|booking| (&booking.chart, &booking.journal)),
        }
    }

    /// Some days as a report: for each what happened, and the accounts that moved.
    ///
    /// # Errors
    /// Arithmetic.
    pub fn report(&self, days: &[Date]) -> Result<Report, Fault> {
        let mut report = report::build::headed(self.replay, self.scope, "replay", "Day by day".to_owned());
        report.header.units = "each account in its own unit, exact".into();
        report.brief = true;
        let name = FactName { entity: "".into(), measure: "".into(), item: None, period: None, book: None };
        let mut bases = Bases::default();
        for date in days {
            let Some(day) = self.days.get(date) else { continue };
            let period = Period { from: *date, to: *date };
            let mut teller = Teller {
                replay: self.replay,
                name: &name,
                period,
                told: BTreeSet::new(),
                assumptions: BTreeSet::new(),
            };
            report.tables.push(self.happened(&mut teller, *date, day));
            report.tables.extend(self.moved(&mut bases, *date, day)?);
        }
        if report.tables.is_empty() {
            report.notes.push("nothing happens on these days.".into());
        }
        report.bases = bases;
        Ok(report)
    }

    fn happened(&self, teller: &mut Teller<'_, '_>, date: Date, day: &Day) -> Table {
        let columns = vec![
            Column::text("What happened").named("what"),
            Column::text("Clause").named("clause"),
            Column::text("").named("basis"),
        ];
        let mut table = Table { title: date.to_string(), columns, ..Table::default() };
        for number in &day.outcomes {
            let Some(outcome) = self.replay.register.outcomes.get(*number as usize) else { continue };
            let clause =
                outcome.act.tranche().and_then(|t| self.replay.terms.tranches.get(t.index())).map(|t| t.path.clone());
            let clause = clause.unwrap_or_else(|| outcome.clause.clone());
            let cells = [teller.act(&outcome.act), clause.to_string(), outcome.basis.word().to_owned()];
            table.rows.push(Row::of(cells.map(Cell::Text).into()));
        }
        for at in &day.refusals {
            let Some(refusal) = self.replay.register.refusals.get(*at) else { continue };
            let said = format!("refused: {}: {}", refusal.kind.title(), refusal.detail);
            table.rows.push(Row::of(
                [said, refusal.clause.to_string(), refusal.kind.code().to_owned()].map(Cell::Text).into(),
            ));
        }
        if table.rows.is_empty() {
            let said = "only the books move".to_owned();
            table.rows.push(Row::of(vec![Cell::Text(said), Cell::Empty, Cell::Empty]));
        }
        table
    }

    fn moved(&self, bases: &mut Bases, date: Date, day: &Day) -> Result<Option<Table>, Fault> {
        let mut moves = Moves::new();
        for (book, id) in &day.entries {
            let Some((_, journal)) = self.ledger(*book) else { continue };
            let Some(entry) = journal.get(*id) else { continue };
            for posting in journal.postings(entry) {
                let sides =
                    moves.entry((*book, posting.account)).or_insert((Number::ZERO, Number::ZERO, Basis::Actual));
                let side = if posting.amount.is_negative() { &mut sides.1 } else { &mut sides.0 };
                *side = side.plus(posting.amount.abs())?;
                sides.2 = sides.2.max(entry.cause.basis);
            }
        }
        if moves.is_empty() {
            return Ok(None);
        }
        let columns = vec![
            Column::text("Ledger"),
            Column::text("Account"),
            Column::text("For"),
            Column::text("Unit"),
            Column::figures("Before", Scale::CENTS),
            Column::figures("Change", Scale::CENTS),
            Column::figures("After", Scale::CENTS),
        ];
        let mut table = Table { title: format!("{date}, accounts"), columns, ..Table::default() };
        table.units = "credit balances in parentheses".into();
        for ((book, account), (debit, credit, basis)) in moves {
            let Some(named) = self.ledger(book).and_then(|(chart, _)| chart.get(account)) else { continue };
            let keeper = book.and_then(|book| self.replay.keepers.get(book));
            let ledger = keeper.map_or_else(|| "legal".to_owned(), |keeper| keeper.book.name.to_string());
            let owner = keeper.map_or(&named.owner, |keeper| &keeper.owner);
            let unit = keeper.map_or_else(|| Unit::of(&named.commodity), |keeper| Unit::of(&keeper.currency));
            let before = match book {
                None => self.replay.at(date.prev()).state.balances.get(account),
                Some(book) => self.replay.book(book, date.prev()).balances.get(account),
            };
            let change = debit.minus(credit)?;
            let after = before.plus(change)?;
            let origin = Origin::State { what: named.name.clone(), date };
            let mut figure =
                |amount: Number| Cell::Figure(bases.figure(Value::Known(amount), unit.clone(), basis, origin.clone()));
            let figures = [figure(before), figure(change), figure(after)];
            let words =
                [format!("{ledger}, {owner}"), named.name.to_string(), named.item.to_string(), unit.to_string()];
            table.rows.push(Row::of(words.map(Cell::Text).into_iter().chain(figures).collect()));
        }
        Ok(Some(table))
    }
}
