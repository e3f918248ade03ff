//! What totals are made of: accounts, with the entries that moved them. For `explain`.

use std::sync::Arc;

use super::measure::Measures;
use super::statements;
use crate::ledger::EntryId;
use crate::num::{Fault, Number};
use crate::terms::{AccountClass, PartyId, TrancheId, Value};
use crate::time::{Date, Period};

/// What an entry adds, for which item.
#[derive(Clone, Debug)]
pub struct Part {
    /// The entry.
    pub entry: EntryId,
    /// Of which supply, tranche, …
    pub item: Arc<str>,
    /// How much.
    pub amount: Number,
}

/// A part of a total.
#[derive(Clone, Debug)]
pub struct Component {
    /// An account, or what else it is.
    pub label: String,
    /// What it adds.
    pub amount: Value,
    /// The entries it comes from, if it comes from entries.
    pub parts: Vec<Part>,
    /// The tranche whose terms it is.
    pub tranche: Option<TrancheId>,
}

impl Component {
    /// From entries.
    ///
    /// # Errors
    /// Overflow.
    pub fn of(label: String, parts: Vec<Part>) -> Result<Self, Fault> {
        let amount = Value::Known(Number::sum(parts.iter().map(|part| part.amount))?);
        Ok(Self { label, amount, parts, tranche: None })
    }
}

impl Measures<'_, '_> {
    /// Postings on accounts of a book in a period, as credits or as debits.
    pub fn posted(
        &self,
        book: usize,
        such: impl Fn(&str, &str) -> bool,
        period: Period,
        credit: bool,
    ) -> Result<Vec<Part>, Fault> {
        let Some(booking) = self.replay.bookings.get(book) else { return Ok(Vec::new()) };
        let mut parts = Vec::new();
        for (id, account) in booking.chart.iter().filter(|(_, account)| such(&account.name, &account.item)) {
            for entry in self.replay.entries_of(book, id) {
                let Some(line) = booking.journal.get(*entry).filter(|line| period.contains(line.date)) else {
                    continue;
                };
                let mine = booking.journal.postings(line).iter().filter(|posting| posting.account == id);
                let sum = Number::sum(mine.map(|posting| posting.amount))?;
                let amount = if credit { sum.neg() } else { sum };
                parts.push(Part { entry: *entry, item: account.item.clone(), amount });
            }
        }
        parts.sort_by_key(|part| part.entry);
        Ok(parts)
    }

    /// What a total of the statements, or a cost not yet recognised, is made of; `None` for other measures.
    ///
    /// # Errors
    /// Overflow.
    pub fn components(
        &self,
        party: PartyId,
        measure: &str,
        item: Option<&str>,
        period: Period,
    ) -> Result<Option<(usize, Vec<Component>)>, Fault> {
        let Some(book) = self.replay.keeper(party) else { return Ok(None) };
        if self.account_class(book, measure).is_some() {
            return Ok(None);
        }
        let found = match measure {
            "warrant_unrecognised" => Some(self.unrecognised_parts(party, book, item, period.to)?),
            _ if item.is_none() => statements::components(*self, book, measure, period)?,
            _ => None,
        };
        Ok(found.map(|parts| (book, parts)))
    }

    /// The cost of each award, less what the rules of the book have recognised of it.
    fn unrecognised_parts(
        &self,
        party: PartyId,
        book: usize,
        item: Option<&str>,
        date: Date,
    ) -> Result<Vec<Component>, Fault> {
        let (Some(keeper), Some(booking)) = (self.replay.keepers.get(book), self.replay.bookings.get(book)) else {
            return Ok(Vec::new());
        };
        let to_date = Period { from: Date::MIN, to: date };
        let transition = keeper.book.transition.and_then(|at| keeper.book.accounts.get(at));
        let mut found = Vec::new();
        for id in super::derived::awards_of(self.replay.terms, party, item, date) {
            let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { continue };
            let cost = keeper.award_cost(self.replay.inputs, self.replay.book(book, date), id)?;
            let label = format!("cost of {} in all", tranche.path);
            found.push(Component { label, amount: cost, parts: Vec::new(), tranche: Some(id) });
            let counts = |name: &str, of: &str| {
                let class = self.account_class(book, name);
                let income = matches!(class, Some(AccountClass::ContraIncome | AccountClass::Expense));
                *of == *tranche.path && (income || transition.is_some_and(|account| *account.name == *name))
            };
            let mut parts = self.posted(book, counts, to_date, true)?;
            parts.retain(|part| {
                let rule = booking.journal.get(part.entry).and_then(|entry| entry.cause.rule.clone());
                let rule = keeper.book.rules.iter().find(|r| Some(&r.name) == rule.as_ref());
                rule.is_some_and(|rule| keeper.recognises(rule))
            });
            let recognised = Component::of(format!("recognised of {}", tranche.path), parts)?;
            found.push(recognised);
        }
        Ok(found)
    }
}
