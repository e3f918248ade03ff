//! Double entry, persistent: accounts, commodities, entries and causes.
//!
//! This folder does not know what a warrant is. Entries balance per commodity by construction; balances are a
//! persistent map, so keeping a version for every day costs only what changed on that day.

pub mod account;
pub mod cause;
pub mod entry;
pub mod log;
pub mod persistent;

pub use account::{Account, AccountId, Chart};
pub use cause::{Cause, Parent};
pub use entry::{Draft, Entry, EntryId, Journal, Posting};
pub use log::Log;
pub use persistent::{Balances, OrdMap, Table, Vector};
