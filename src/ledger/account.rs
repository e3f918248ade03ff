//! Accounts: whose, what for, and in which commodity.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Log;

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

type Numbers = BTreeMap<Account, AccountId>;

/// All accounts. Append-only: an account keeps its number for ever.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    accounts: Log<Account>,
    index: Arc<Numbers>,
    /// Indexes shared with the runs this one was forked from, and how many of their accounts count.
    earlier: Vec<(Arc<Numbers>, usize)>,
}

impl Chart {
    /// The number of this account, which is opened if it is new.
    pub fn open(&mut self, owner: &Arc<str>, name: &str, item: &Arc<str>, commodity: &Arc<str>) -> AccountId {
        let account =
            Account { owner: owner.clone(), name: name.into(), item: item.clone(), commodity: commodity.clone() };
        if let Some(id) = self.number(&account) {
            return id;
        }
        let id = AccountId(u32::try_from(self.accounts.len()).unwrap_or(u32::MAX));
        self.accounts.push(account.clone());
        Arc::make_mut(&mut self.index).insert(account, id);
        id
    }

    /// The number of this account, if it was ever opened.
    #[must_use]
    pub fn find(&self, owner: &str, name: &str, item: &str, commodity: &str) -> Option<AccountId> {
        let account =
            Account { owner: owner.into(), name: name.into(), item: item.into(), commodity: commodity.into() };
        self.number(&account)
    }

    fn number(&self, account: &Account) -> Option<AccountId> {
        let shared =
            |(index, count): &(Arc<Numbers>, usize)| index.get(account).copied().filter(|id| (id.0 as usize) < *count);
        self.index.get(account).copied().or_else(|| self.earlier.iter().find_map(shared))
    }

    /// The first `count` accounts, shared, at the beginning of a chart of its own.
    #[must_use]
    pub fn fork(&self, count: usize) -> Self {
        let earlier = self.earlier.iter().map(|(index, upto)| (index.clone(), count.min(*upto)));
        let earlier = earlier.chain([(self.index.clone(), count)]).collect();
        Self { accounts: self.accounts.fork(count), index: Arc::default(), earlier }
    }

    /// How many accounts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
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
