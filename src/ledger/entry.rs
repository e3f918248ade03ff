//! Entries: postings that cancel, with their cause.

use super::{AccountId, Balances, Cause, Chart, Log};
use crate::num::{Fault, Number};
use crate::time::Date;

/// Position of an entry in its [`Journal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u32);

/// A change of one account, debit positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Which account.
    pub account: AccountId,
    /// By how much.
    pub amount: Number,
}

/// What happened to the accounts at one moment, for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The day it stands in.
    pub date: Date,
    /// Why.
    pub cause: Cause,
    first: u32,
    count: u32,
}

/// Postings not yet in a journal. Zero amounts are left out.
#[derive(Clone, Debug, Default)]
pub struct Draft(Vec<Posting>);

impl Draft {
    /// Adds a debit (or a credit, if negative).
    #[must_use]
    pub fn debit(mut self, account: AccountId, amount: Number) -> Self {
        if !amount.is_zero() {
            self.0.push(Posting { account, amount });
        }
        self
    }

    /// Adds a credit.
    #[must_use]
    pub fn credit(self, account: AccountId, amount: Number) -> Self {
        self.debit(account, amount.neg())
    }

    /// Moves an amount between two accounts of one commodity.
    #[must_use]
    pub fn transfer(self, from: AccountId, to: AccountId, amount: Number) -> Self {
        self.credit(from, amount).debit(to, amount)
    }

    /// The postings of both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether nothing would be posted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Entries in the order they were made, outside the versions and addressed by number.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: Log<Entry>,
    postings: Log<Posting>,
}

impl Journal {
    /// Posts a draft: checks that it cancels per commodity, then changes the balances.
    ///
    /// # Errors
    /// [`Fault::Unbalanced`] or an overflow; nothing is changed then.
    pub fn post(
        &mut self,
        chart: &Chart,
        balances: &mut Balances,
        date: Date,
        draft: Draft,
        cause: Cause,
    ) -> Result<EntryId, Fault> {
        // An entry has two or three commodities at most: a list is faster than a map.
        let mut sums: Vec<(&str, Number)> = Vec::with_capacity(2);
        for posting in &draft.0 {
            let commodity = chart.get(posting.account).map_or("", |a| &*a.commodity);
            match sums.iter_mut().find(|(of, _)| *of == commodity) {
                Some((_, sum)) => *sum = sum.plus(posting.amount)?,
                None => sums.push((commodity, posting.amount)),
            }
        }
        if sums.iter().any(|(_, sum)| !sum.is_zero()) {
            return Err(Fault::Unbalanced);
        }
        balances.apply(&draft.0)?;
        let position = |n: usize| u32::try_from(n).map_err(|_| Fault::Overflow);
        let entry = Entry { date, cause, first: position(self.postings.len())?, count: position(draft.0.len())? };
        let id = EntryId(position(self.entries.len())?);
        self.postings.extend(draft.0);
        self.entries.push(entry);
        Ok(id)
    }

    /// An entry by number.
    #[must_use]
    pub fn get(&self, id: EntryId) -> Option<&Entry> {
        self.entries.get(id.0 as usize)
    }

    /// The postings of an entry.
    #[must_use]
    pub fn postings(&self, entry: &Entry) -> &[Posting] {
        self.postings.slice(entry.first as usize, entry.count as usize)
    }

    /// All entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (EntryId, &Entry)> {
        (0u32..).map(EntryId).zip(self.entries.iter())
    }

    /// What moved on an account after a day, by entry.
    pub fn moved_since(&self, account: AccountId, day: Date) -> impl Iterator<Item = (Date, &Posting)> {
        let first = self.entries.partition_point(|entry| entry.date <= day);
        let later = self.entries.iter().skip(first);
        let postings = later.flat_map(|entry| self.postings(entry).iter().map(|posting| (entry.date, posting)));
        postings.filter(move |(_, posting)| posting.account == account)
    }

    /// The entries before a day, shared, at the beginning of a journal of its own. Entries stand in order of days.
    #[must_use]
    pub fn fork(&self, day: Date) -> Self {
        let count = self.entries.partition_point(|entry| entry.date < day);
        let last = count.checked_sub(1).and_then(|last| self.entries.get(last));
        let postings = last.map_or(0, |entry| entry.first as usize + entry.count as usize);
        Self { entries: self.entries.fork(count), postings: self.postings.fork(postings) }
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
