//! Which account of a book a rule means, for an item and after judgements.

use std::sync::Arc;

use super::fold::{Item, Seen};
use super::{BookState, Booking, Bookkeeper};
use crate::engine::outcome::{Act, HoldingAct};
use crate::ledger::AccountId;
use crate::terms::AccountRef;

impl Bookkeeper<'_> {
    /// The account of an item; money is not split by item anywhere else.
    pub(super) fn open(&self, booking: &mut Booking, position: usize, item: Item) -> AccountId {
        let key = (item, position);
        if let Some(id) = booking.opened.get(&key) {
            return *id;
        }
        let (name, path) = (self.name_of(position), self.path(item));
        let id = booking.chart.open(&self.owner, &name, &path, &self.currency);
        booking.opened.insert(key, id);
        id
    }

    /// The account a rule means for an item: judged accounts follow the last judgement.
    #[must_use]
    pub fn account_name(&self, account: AccountRef, state: &BookState, item: Item) -> Arc<str> {
        self.name_of(self.account_position(account, state, item))
    }

    /// As [`Self::account_name`], its position in the book.
    pub(super) fn account_position(&self, account: AccountRef, state: &BookState, item: Item) -> usize {
        match account {
            AccountRef::Plain(position) => position,
            AccountRef::Held(judged) | AccountRef::FormerlyHeld(judged) | AccountRef::GaveUp(judged) => {
                let before = matches!(account, AccountRef::FormerlyHeld(_));
                let word = match item {
                    Item::Holding(id) => self.holding_word(state, id, before),
                    _ => None,
                };
                self.chosen(judged, word.as_ref())
            }
            AccountRef::Former(judged) => match item {
                Item::Tranche(id) => {
                    let former = state.booked.awards.get(&id).and_then(|award| award.carry.former_word());
                    self.chosen(judged, former)
                }
                _ => usize::MAX,
            },
            AccountRef::Judged(judged) => match item {
                Item::Tranche(id) => {
                    let word = state.booked.awards.get(&id).and_then(|award| award.carry.word.as_ref());
                    self.chosen(judged, word)
                }
                Item::Supply(id) => {
                    let words = state.booked.found.get(&id).map_or(&[][..], |found| &found.accounts);
                    let named = words.iter().map(|word| self.chosen(judged, Some(word)));
                    let default = self.chosen(judged, None);
                    named.into_iter().find(|position| *position != default).unwrap_or(default)
                }
                _ => self.chosen(judged, None),
            },
        }
    }

    /// The choice of a judged account that a word names; the first without one.
    pub(super) fn chosen(&self, judged: usize, word: Option<&Arc<str>>) -> usize {
        let named = |position: &&usize| {
            let account = self.book.accounts.get(**position);
            word.is_some_and(|w| account.is_some_and(|a| a.name.ends_with(&**w)))
        };
        let choices = self.book.judged.get(judged).map_or([].as_slice(), |judged| &judged.choices);
        choices.iter().find(named).or(choices.first()).copied().unwrap_or(usize::MAX)
    }

    /// What an account of a leg is kept by: the holding, for accounts of holdings.
    pub(super) fn item_of(&self, account: AccountRef, seen: &Seen<'_>) -> Item {
        match account {
            AccountRef::Held(_) | AccountRef::FormerlyHeld(_) => {
                self.holding_of(&seen.outcome.act).map_or(seen.item, Item::Holding)
            }
            AccountRef::GaveUp(_) => match &seen.outcome.act {
                Act::Holding { what: HoldingAct::Became { from, .. }, .. } => Item::Holding(*from),
                _ => seen.item,
            },
            _ => seen.item,
        }
    }

    /// The name of an account of the book.
    pub(super) fn name_of(&self, position: usize) -> Arc<str> {
        self.book.accounts.get(position).map_or_else(|| "suspense".into(), |a| a.name.clone())
    }
}
