//! The one file that names the persistent collections, so that moving to another crate is one line.
//!
//! `OrdMap` and `Vector` only, and never `get_prev`/`get_next` (see docs/DECISIONS.md).

pub use im::{OrdMap, Vector};

use std::marker::PhantomData;
use std::sync::Arc;

use super::{AccountId, Posting};
use crate::num::{Fault, Number};

/// Neighbours that are copied together when one of them changes. A node of an `OrdMap` holds 64 of them, which is too
/// much to copy for one.
const BLOCK: usize = 8;

/// A persistent map from small dense numbers: ids and accounts. Cloning is O(1); versions share all blocks that did not
/// change. What was put in stays in.
#[derive(Clone, Debug)]
pub struct Table<K, V> {
    /// The position of the first block: keys of one party or contract stand together, far from zero.
    first: u32,
    /// None as long as nothing was put in: a state has many tables, and most of them stay empty.
    blocks: Option<Arc<Spine<V>>>,
    keys: PhantomData<K>,
}

/// Blocks in order, with gaps.
type Spine<V> = Vector<Option<Arc<[Option<V>; BLOCK]>>>;

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { first: 0, blocks: None, keys: PhantomData }
    }
}

impl<K: Copy + Into<u32> + From<u32>, V: Clone> Table<K, V> {
    /// What stands at a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        let (block, place) = position(*key);
        let block = block.checked_sub(self.first)? as usize;
        self.blocks.as_ref()?.get(block)?.as_ref()?.get(place)?.as_ref()
    }

    /// Whether something stands at a key.
    #[must_use]
    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// Puts a value at a key; what stood there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (block, place) = position(key);
        if self.blocks.is_none() {
            self.first = block;
        }
        let blocks = Arc::make_mut(self.blocks.get_or_insert_default());
        while block < self.first {
            blocks.push_front(None);
            self.first -= 1;
        }
        let block = (block - self.first) as usize;
        while blocks.len() <= block {
            blocks.push_back(None);
        }
        let values = blocks.get_mut(block)?.get_or_insert_with(|| Arc::new([const { None }; BLOCK]));
        Arc::make_mut(values).get_mut(place)?.replace(value)
    }

    /// Keys with their values, in order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        let starts = (self.first as usize..).map(|block| block * BLOCK);
        let blocks = starts
            .zip(self.blocks.iter().flat_map(|blocks| blocks.iter()))
            .filter_map(|(start, block)| block.as_ref().map(|b| (start, b)));
        blocks.flat_map(|(start, block)| {
            let keyed = (start..).zip(block.iter());
            keyed.filter_map(|(key, value)| Some((K::from(u32::try_from(key).ok()?), value.as_ref()?)))
        })
    }

    /// Whether both are the very same version, without comparing contents.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        let one = |pair: (&Option<Arc<_>>, &Option<Arc<_>>)| match pair {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        match (&self.blocks, &other.blocks) {
            (Some(mine), Some(others)) => {
                Arc::ptr_eq(mine, others)
                    || self.first == other.first
                        && mine.len() == others.len()
                        && mine.iter().zip(others.iter()).all(one)
            }
            (mine, others) => mine.is_none() && others.is_none(),
        }
    }
}

fn position(key: impl Into<u32>) -> (u32, usize) {
    let key: u32 = key.into();
    (key / BLOCK as u32, key as usize % BLOCK)
}

/// Balances of accounts, debit positive. Cloning is O(1); versions share what did not change.
#[derive(Clone, Debug, Default)]
pub struct Balances(Table<AccountId, Number>);

impl Balances {
    /// The balance of an account; nothing if it was never posted to.
    #[must_use]
    pub fn get(&self, account: AccountId) -> Number {
        self.0.get(&account).copied().unwrap_or_default()
    }

    /// Applies postings.
    ///
    /// # Errors
    /// Overflow; nothing is applied then.
    pub fn apply(&mut self, postings: &[Posting]) -> Result<(), Fault> {
        // Worked out first and put in place then: a copy to fall back on would double the cost of every entry.
        let mut next: Vec<(AccountId, Number)> = Vec::with_capacity(postings.len());
        for posting in postings {
            match next.iter_mut().find(|(account, _)| *account == posting.account) {
                Some((_, balance)) => *balance = balance.plus(posting.amount)?,
                None => next.push((posting.account, self.get(posting.account).plus(posting.amount)?)),
            }
        }
        for (account, balance) in next {
            self.0.insert(account, balance);
        }
        Ok(())
    }

    /// Accounts with their balances, in order of the accounts.
    pub fn iter(&self) -> impl Iterator<Item = (AccountId, Number)> + '_ {
        self.0.iter().map(|(account, balance)| (account, *balance))
    }

    /// Whether both are the very same version, without comparing contents.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.0.same(&other.0)
    }
}

impl PartialEq for Balances {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Balances {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_a_map() {
        let mut table = Table::<AccountId, u8>::default();
        let mut map = std::collections::BTreeMap::new();
        for (key, value) in [(700, 1), (701, 2), (3, 3), (700, 4), (5000, 5), (9, 6)] {
            assert_eq!(table.insert(AccountId(key), value), map.insert(AccountId(key), value));
        }
        assert!(table.iter().map(|(k, v)| (k, *v)).eq(map.into_iter()));
        assert_eq!(table.get(&AccountId(4)), None);
        assert_eq!(table.get(&AccountId(99_999)), None);
    }

    #[test]
    fn versions_do_not_see_each_other() {
        let mut table = Table::<AccountId, u8>::default();
        (0..200).for_each(|key| assert_eq!(table.insert(AccountId(key), 0), None));
        let before = table.clone();
        assert!(before.same(&table));
        table.insert(AccountId(100), 1);
        assert!(!before.same(&table));
        assert_eq!((before.get(&AccountId(100)), table.get(&AccountId(100))), (Some(&0), Some(&1)));
    }
}
