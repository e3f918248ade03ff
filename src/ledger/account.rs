//! Accounts: whose, what for, and in which commodity.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Position of an account in its [`Chart`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub u32);

impl From<u32> for AccountId {
    fn from(position: u32) -> Self {
        Self(position)
    }
}

impl From<AccountId> for u32 {
    fn from(id: AccountId) -> Self {
        id.0
    }
}

/// An account holds one commodity of one owner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    /// Whose.
    pub owner: Arc<str>,
    /// What for: `cash`, `contract_liability`, `locked`.
    pub name: Arc<str>,
    /// Of which clause: `amd_openai.penny.T2`; empty for the owner as a whole.
    pub item: Arc<str>,
    /// `USD`, `GW`, `AMD.common`.
    pub commodity: Arc<str>,
}

/// All accounts. Append-only: an account keeps its number for ever.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    accounts: Vec<Account>,
    index: BTreeMap<Account, AccountId>,
}

impl Chart {
    /// The number of this account, which is opened if it is new.
    pub fn open(&mut self, owner: &Arc<str>, name: &str, item: &Arc<str>, commodity: &Arc<str>) -> AccountId {
        let account =
            Account { owner: owner.clone(), name: name.into(), item: item.clone(), commodity: commodity.clone() };
        if let Some(id) = self.index.get(&account) {
            return *id;
        }
        let id = AccountId(u32::try_from(self.accounts.len()).unwrap_or(u32::MAX));
        self.accounts.push(account.clone());
        self.index.insert(account, id);
        id
    }

    /// The number of this account, if it was ever opened.
    #[must_use]
    pub fn find(&self, owner: &str, name: &str, item: &str, commodity: &str) -> Option<AccountId> {
        let account =
            Account { owner: owner.into(), name: name.into(), item: item.into(), commodity: commodity.into() };
        self.index.get(&account).copied()
    }

    /// What this account is.
    #[must_use]
    pub fn get(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(id.0 as usize)
    }

    /// All accounts in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (AccountId, &Account)> {
        (0u32..).map(AccountId).zip(self.accounts.iter())
    }
}
