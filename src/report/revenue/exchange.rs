//! Revenue of a supply in another currency than the book's: what ties it to the money.

use super::super::build::Reporter;
use super::Subject;
use crate::engine::Act;
use crate::num::Fault;
use crate::terms::{Assumptions, Value};
use crate::time::Period;

/// Where books post differences of exchange.
pub(super) const ACCOUNT: &str = "fx_gain_or_loss";

impl Reporter<'_, '_> {
    /// Whether the supply is paid in another currency than the book's.
    pub(super) fn in_another(&self, subject: Subject<'_>) -> bool {
        self.replay.keepers.get(subject.book).is_some_and(|keeper| *keeper.currency != *subject.currency)
    }

    /// The payments of the legal ledger at the rates of their days, with the change of what is owed; and what the book
    /// made of it: revenue and differences of exchange.
    pub(super) fn exchange_sides(&self, subject: Subject<'_>, period: Period) -> Result<(Value, Value), Fault> {
        let Some(keeper) = self.replay.keepers.get(subject.book) else { return Ok((Value::ZERO, Value::ZERO)) };
        let mut left = Value::ZERO;
        for (_, outcome) in self.replay.outcomes_of_supply(subject.id).filter(|(_, o)| period.contains(o.date)) {
            let amount = match &outcome.act {
                Act::Paid { amount, promised: false, .. } => *amount,
                Act::Refunded { amount, .. } => amount.neg(),
                _ => continue,
            };
            let inputs = self.replay.inputs;
            left = left.plus(inputs.convert(amount, subject.currency, &keeper.currency, outcome.date)?)?;
        }
        let own = |item: &str| item == subject.path;
        let change = |account| {
            let at = |date| self.measures().balance(subject.book, account, date, own).map(|m| m.value);
            at(period.to)?.minus(at(period.from.prev())?)
        };
        for account in ["receivable", "contract_asset"] {
            left = left.plus(change(account)?)?;
        }
        for account in ["contract_liability", "customer_deposits", "refund_liability"] {
            left = left.minus(change(account)?)?;
        }
        let moved = |account| {
            self.measures().movement(subject.book, account, period, own, |_| true).map(|measured| measured.value)
        };
        Ok((left, moved("revenue")?.plus(moved(ACCOUNT)?)?))
    }
}
