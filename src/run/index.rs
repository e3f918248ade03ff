//! Where to look in what a run recorded: made on first use, so that a report does not read everything for each figure.

use std::collections::BTreeMap;

use super::Replay;
use crate::engine::Outcome;
use crate::ledger::{AccountId, EntryId};
use crate::terms::{SupplyId, TrancheId};

/// Numbers of outcomes by what they are about, and of entries by account; all ascending.
#[derive(Debug, Default)]
pub(super) struct Index {
    supplies: BTreeMap<SupplyId, Vec<u32>>,
    tranches: BTreeMap<TrancheId, Vec<u32>>,
    /// By book.
    entries: Vec<BTreeMap<AccountId, Vec<EntryId>>>,
}

impl Replay<'_> {
    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self))
    }

    /// Outcomes about a supply, with their numbers.
    pub fn outcomes_of_supply(&self, id: SupplyId) -> impl Iterator<Item = (u32, &Outcome)> {
        self.numbered(self.index().supplies.get(&id))
    }

    /// Outcomes about a tranche, with their numbers.
    pub fn outcomes_of_tranche(&self, id: TrancheId) -> impl Iterator<Item = (u32, &Outcome)> {
        self.numbered(self.index().tranches.get(&id))
    }

    /// Entries of a book that post to an account.
    #[must_use]
    pub fn entries_of(&self, book: usize, account: AccountId) -> &[EntryId] {
        self.index().entries.get(book).and_then(|book| book.get(&account)).map_or(&[], Vec::as_slice)
    }

    fn numbered<'s>(&'s self, numbers: Option<&'s Vec<u32>>) -> impl Iterator<Item = (u32, &'s Outcome)> {
        let all = numbers.into_iter().flatten();
        all.filter_map(|number| self.register.outcomes.get(*number as usize).map(|outcome| (*number, outcome)))
    }
}

impl Index {
    fn new(replay: &Replay<'_>) -> Self {
        let mut index = Self::default();
        for (number, outcome) in replay.outcomes() {
            if let Some(supply) = outcome.act.supply() {
                index.supplies.entry(supply).or_default().push(number);
            }
            if let Some(tranche) = outcome.act.tranche() {
                index.tranches.entry(tranche).or_default().push(number);
            }
        }
        for booking in &replay.bookings {
            let mut entries: BTreeMap<AccountId, Vec<EntryId>> = BTreeMap::new();
            for (id, entry) in booking.journal.iter() {
                for posting in booking.journal.postings(entry) {
                    let list = entries.entry(posting.account).or_default();
                    if list.last() != Some(&id) {
                        list.push(id);
                    }
                }
            }
            index.entries.push(entries);
        }
        index
    }
}
