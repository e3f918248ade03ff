//! The world as a book has booked it: quantities, vestings and judgements that have reached it so far.
//!
//! Late news about a closed period reaches a book on the day it became known, so this is not the legal state.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Award;
use crate::engine::{Act, Outcome};
use crate::ledger::Table;
use crate::num::{Fault, Number};
use crate::terms::{ContractId, SupplyId, Terms, TrancheId, Trigger};

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
    /// What is known of awards beyond their contracts.
    pub awards: Table<TrancheId, Arc<Award>>,
    /// Choices of policies adopted, by policy.
    pub adopted: Arc<BTreeMap<Arc<str>, Arc<str>>>,
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
    pub fn learn(&mut self, terms: &Terms, outcome: &Outcome) -> Result<(), Fault> {
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
                self.measured_at_vesting(*tranche);
            }
            Act::Lapsed { tranche, unvested, .. } if unvested.is_positive() => {
                self.failed.insert(*tranche, ());
            }
            Act::Lapsed { tranche, .. } => self.expired(*tranche),
            Act::Exercised { tranche, shares, of, .. } => self.used(*tranche, *shares, *of),
            Act::Judged { tranche, finding } => {
                let supply = terms.earning_supply(*tranche);
                let passed = supply.map_or(Number::ZERO, |supply| self.supply(supply).transferred);
                self.find(*tranche, finding, passed);
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
