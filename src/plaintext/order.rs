//! The order in which a program handles what a journal says.

use super::journal::{Dialect, Journal, What};
use crate::time::Date;

/// A transaction or a directive, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    Transaction(u32),
    Directive(u32),
}

/// Everything in order: ledger goes by the text, hledger by days and then the text; beancount opens accounts first on a
/// day, checks balances before transactions, and closes accounts last.
pub(super) fn order(journal: &Journal) -> Vec<Event> {
    let mut events: Vec<(Date, u8, u32, Event)> =
        Vec::with_capacity(journal.transactions.len() + journal.directives.len());
    for (position, transaction) in (0u32..).zip(&journal.transactions) {
        events.push((transaction.date, 2, transaction.sequence, Event::Transaction(position)));
    }
    for (position, directive) in (0u32..).zip(&journal.directives) {
        let rank = match directive.what {
            What::Open { .. } => 0,
            What::Balance(_) => 1,
            What::Pad(_) => 2,
            What::Close => 3,
        };
        events.push((directive.date, rank, directive.sequence, Event::Directive(position)));
    }
    match journal.dialect {
        Dialect::Ledger => events.sort_by_key(|event| event.2),
        _ => events.sort(),
    }
    events.into_iter().map(|(.., event)| event).collect()
}
