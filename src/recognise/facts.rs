//! The world as a book has booked it: quantities, vestings and judgements that have reached it so far.
//!
//! Late news about a closed period reaches a book on the day it became known, so this is not the legal state.

use std::sync::Arc;

use crate::engine::{Act, Outcome};
use crate::ledger::Table;
use crate::num::{Fault, Number};
use crate::terms::{ContractId, Finding, SupplyId, TrancheId, Trigger};

/// What a book knows.
#[derive(Clone, Debug, Default)]
pub struct AsBooked {
    /// By supply.
    pub supplies: Table<SupplyId, SupplyBooked>,
    /// Supplies whose contract was signed.
    pub signed: Table<SupplyId, ()>,
    /// Tranches that were granted.
    pub granted: Table<TrancheId, ()>,
    /// Tranches that vested.
    pub vested: Table<TrancheId, ()>,
    /// Tranches of which rights lapsed before vesting.
    pub failed: Table<TrancheId, ()>,
    /// The last judgement on probability.
    pub probable: Table<TrancheId, bool>,
    /// The last judgement on an account.
    pub account: Table<TrancheId, Arc<str>>,
    /// Contracts that ended.
    pub ended: Table<ContractId, ()>,
}

/// Quantities of a supply, as booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SupplyBooked {
    /// Ordered.
    pub ordered: Number,
    /// Recognised as revenue: control passed.
    pub transferred: Number,
}

impl AsBooked {
    /// Takes in one outcome.
    ///
    /// # Errors
    /// Overflow.
    pub fn learn(&mut self, outcome: &Outcome) -> Result<(), Fault> {
        match &outcome.act {
            Act::Supplied { supply, trigger: Trigger::Order, quantity } => {
                let mut booked = self.supply(*supply);
                booked.ordered = booked.ordered.plus(*quantity)?;
                self.supplies.insert(*supply, booked);
            }
            Act::Transferred { supply, quantity, .. } => {
                let mut booked = self.supply(*supply);
                booked.transferred = booked.transferred.plus(*quantity)?;
                self.supplies.insert(*supply, booked);
            }
            Act::Signed { supply } => {
                self.signed.insert(*supply, ());
            }
            Act::Granted { tranche, .. } | Act::Committed { tranche, .. } => {
                self.granted.insert(*tranche, ());
            }
            Act::Vested { tranche, .. } | Act::Called { tranche, .. } => {
                self.vested.insert(*tranche, ());
            }
            Act::Lapsed { tranche, unvested, .. } if unvested.is_positive() => {
                self.failed.insert(*tranche, ());
            }
            Act::Judged { tranche, finding: Finding::Probable(yes) } => {
                self.probable.insert(*tranche, *yes);
            }
            Act::Judged { tranche, finding: Finding::Account(word) } => {
                self.account.insert(*tranche, word.clone());
            }
            Act::Ended { contract, .. } => {
                self.ended.insert(*contract, ());
            }
            _ => {}
        }
        Ok(())
    }

    /// Quantities of a supply.
    #[must_use]
    pub fn supply(&self, id: SupplyId) -> SupplyBooked {
        self.supplies.get(&id).copied().unwrap_or_default()
    }
}
