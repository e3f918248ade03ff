//! The one file that names the persistent collections, so that moving to another crate is one line.
//!
//! `OrdMap` and `Vector` only, and never `get_prev`/`get_next` (see docs/DECISIONS.md).

pub use im::{OrdMap, Vector};

use super::{AccountId, Posting};
use crate::num::{Fault, Number};

/// Balances of accounts, debit positive. Cloning is O(1); versions share what did not change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances(OrdMap<AccountId, Number>);

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
        let mut next = self.0.clone();
        for posting in postings {
            let balance = next.get(&posting.account).copied().unwrap_or_default().plus(posting.amount)?;
            next.insert(posting.account, balance);
        }
        self.0 = next;
        Ok(())
    }

    /// Accounts with their balances, in order of the accounts.
    pub fn iter(&self) -> impl Iterator<Item = (AccountId, Number)> + '_ {
        self.0.iter().map(|(account, balance)| (*account, *balance))
    }

    /// Whether both are the very same version, without comparing contents.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.0.ptr_eq(&other.0)
    }
}
