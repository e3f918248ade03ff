//! Plain-text accounting journals, as beancount, hledger and ledger read them.
//!
//! [`read`] turns a journal and what it includes into [`Books`]: postings whose transactions balance by the rules of the
//! program the journal was written for, and whose assertions hold. Lines are read where they stand; only new names are
//! copied. What would change a balance and is not read is an error, never left out: a journal that reads without one has
//! the balances its own program prints. Nothing here knows parties or contracts.

mod amount;
mod assertion;
mod beancount;
mod book;
mod date;
mod directive;
mod journal;
mod ledger;
mod line;
mod lots;
mod names;
mod number;
mod order;
mod pad;
mod posting;
mod reader;
mod weigh;

pub use book::{Balance, Books, Entry};
pub use journal::{Account, Commodity, Dialect, Given, Journal, Kind, Posting, Quoted, Transaction};
pub use names::Names;
pub use reader::{Included, Includes, parse};

use crate::base::{Diagnostics, SourceId};

/// Reads a journal and all it includes, and books it.
#[must_use]
pub fn read(dialect: Dialect, root: (SourceId, &str), files: &mut dyn Includes) -> (Books, Diagnostics) {
    let (journal, mut found) = parse(dialect, root, files);
    let torn = found.has_errors();
    let (books, wrong) = book::book(journal);
    // What does not add up in a journal that was not read whole is not worth saying.
    if !torn {
        found.extend(wrong);
    }
    (books, found)
}
