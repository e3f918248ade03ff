//! The world as a book has booked it: quantities, vestings and judgements that have reached it so far.
//!
//! Late news about a closed period reaches a book on the day it became known, so this is not the legal state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Award, Doubtful, Financing, Found, Held, Included, Modification};
use crate::engine::{Act, Outcome};
use crate::ledger::{Parent, Table};
use crate::num::{Fault, Number, Ratio};
use crate::terms::{
    ContractId, CounterId, Finding, PartyId, StakeId, Supply, SupplyId, Terms, TrancheId, Trigger, VariableId,
};

/// What a book knows.
#[derive(Clone, Debug, Default)]
pub struct AsBooked {
    /// By supply.
    pub supplies: Table<SupplyId, SupplyBooked>,
    /// Supplies whose contract was signed.
    pub signed: Table<SupplyId, ()>,
    /// What has passed of their supplies that counters do not count.
    pub outside: Table<CounterId, Number>,
    /// Tranches that were granted.
    pub granted: Table<TrancheId, ()>,
    /// Tranches that vested.
    pub vested: Table<TrancheId, ()>,
    /// The share vested of tranches of which only a part has.
    pub part: Table<TrancheId, Ratio>,
    /// Tranches taken back by agreement.
    pub cancelled: Table<TrancheId, ()>,
    /// The share of tranches that their holder kept when rights not yet vested were given away.
    pub kept: Table<TrancheId, Ratio>,
    /// Who was given rights of a tranche, beside the holder that the contract names.
    assignees: Table<TrancheId, Arc<BTreeSet<PartyId>>>,
    /// Tranches of which rights lapsed before vesting, with what had passed of their supply by then.
    pub failed: Table<TrancheId, Number>,
    /// The last judgement on probability.
    pub probable: Table<TrancheId, bool>,
    /// What is known of awards beyond their contracts.
    pub awards: Table<TrancheId, Arc<Award>>,
    /// Choices of policies adopted, by policy.
    pub adopted: Arc<BTreeMap<Arc<str>, Arc<str>>>,
    /// What judgement found about supplies.
    pub found: Table<SupplyId, Arc<Found>>,
    /// Contracts that fail the test of collectability.
    pub doubtful: BTreeMap<ContractId, Arc<Doubtful>>,
    /// Supplies whose option to buy more has ended.
    pub rights_over: Table<SupplyId, ()>,
    /// Contracts that ended.
    pub ended: Table<ContractId, ()>,
    /// What is included of variable amounts.
    pub estimates: Table<SupplyId, Arc<Included>>,
    /// What was taken of supplies with a minimum.
    pub taken: Table<SupplyId, Arc<super::minimum::Taken>>,
    /// Variable amounts of which nothing is left to come: what was charged is all.
    pub settled: Table<VariableId, ()>,
    /// What was paid for supplies with variable amounts, and what sellers gave back.
    pub returned: Table<SupplyId, super::Returned>,
    /// Modifications of contracts, in order.
    pub modified: Table<ContractId, Arc<Vec<Modification>>>,
    /// The first judgement on the account of an instrument, if it was made by its beginning.
    pub begun: Table<TrancheId, Arc<str>>,
    /// Loans, leases and guarantees.
    pub credits: Table<TrancheId, Arc<super::Lent>>,
    /// Cash and control of supplies with a financing component.
    pub financing: Table<SupplyId, Arc<Financing>>,
    /// Money funded by tranche.
    pub funded: Table<TrancheId, Number>,
    /// Holdings in other companies.
    pub holdings: Table<StakeId, Arc<Held>>,
}

/// Quantities of a supply, as booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SupplyBooked {
    /// Ordered.
    pub ordered: Number,
    /// Recognised as revenue: control passed.
    pub transferred: Number,
    /// That, at the contract price, as far as it is known.
    pub priced: Number,
    /// Of that, what passed because it could be taken no more.
    pub forfeited: Number,
    /// Added by modifications.
    pub added: Number,
}

impl AsBooked {
    /// What has passed of the purchases that earn a tranche: those that its counter counts.
    #[must_use]
    pub fn purchased(&self, terms: &Terms, id: TrancheId) -> Number {
        let Some(supply) = terms.earning_supply(id) else { return Number::ZERO };
        let passed = self.supply(supply).transferred;
        let band = terms.tranches.get(id.index()).and_then(|tranche| tranche.band.as_ref());
        let outside = band.and_then(|band| self.outside.get(&band.counter)).copied();
        outside.map_or(passed, |outside| passed.minus(outside).map_or(passed, Number::clamp_zero))
    }

    /// Whether a party other than the named holder was given rights of a tranche.
    #[must_use]
    pub fn took_over(&self, tranche: TrancheId, party: PartyId) -> bool {
        self.assignees.get(&tranche).is_some_and(|all| all.contains(&party))
    }

    /// Takes in one outcome.
    ///
    /// # Errors
    /// Overflow.
    pub fn learn(&mut self, terms: &Terms, outcome: &Outcome) -> Result<(), Fault> {
        self.finance(outcome, terms)?;
        self.take(terms, outcome)?;
        match &outcome.act {
            Act::Supplied { supply, trigger: Trigger::Order, quantity } => {
                let mut booked = self.supply(*supply);
                booked.ordered = booked.ordered.plus(*quantity)?;
                self.supplies.insert(*supply, booked);
            }
            Act::Transferred { supply, quantity, price, outside, .. } => {
                for counter in outside {
                    let so_far = self.outside.get(counter).copied().unwrap_or_default();
                    self.outside.insert(*counter, so_far.plus(*quantity)?);
                }
                let mut booked = self.supply(*supply);
                let price = price.known().unwrap_or_default();
                booked.priced = booked.priced.plus(price)?;
                if terms.supplies.get(supply.index()).is_some_and(|supply| untaken(supply, outcome)) {
                    booked.forfeited = booked.forfeited.plus(price)?;
                }
                booked.transferred = booked.transferred.plus(*quantity)?;
                self.supplies.insert(*supply, booked);
            }
            Act::Estimated { supply, variable, included, .. } => {
                let contract = terms.supplies.get(supply.index()).map(|s| s.contract);
                if contract.is_some_and(|contract| self.ended.contains_key(&contract)) {
                    self.settled.insert(*variable, ());
                }
                self.estimated(*supply, *variable, *included);
            }
            Act::Paid { supply, amount, .. } if terms.varies(*supply) => {
                let mut so_far = self.returned.get(supply).copied().unwrap_or_default();
                so_far.paid = so_far.paid.plus(*amount)?;
                self.returned.insert(*supply, so_far);
            }
            Act::Refunded { supply, amount, .. } => {
                let mut so_far = self.returned.get(supply).copied().unwrap_or_default();
                so_far.refunded = so_far.refunded.plus(*amount)?;
                self.returned.insert(*supply, so_far);
            }
            Act::Modified { supply, quantity, amount, treatment } => {
                let before = self.supplies.clone();
                let mut booked = self.supply(*supply);
                booked.added = booked.added.plus(*quantity)?;
                if quantity.is_negative() {
                    booked.ordered = booked.ordered.plus(*quantity)?.clamp_zero();
                }
                self.supplies.insert(*supply, booked);
                let Some(contract) = terms.supplies.get(supply.index()).map(|s| s.contract) else { return Ok(()) };
                let (supply, quantity, amount, treatment) = (*supply, *quantity, *amount, *treatment);
                let mut all = self.modified.get(&contract).cloned().unwrap_or_default();
                Arc::make_mut(&mut all).push(Modification { supply, quantity, amount, treatment, before });
                self.modified.insert(contract, all);
            }
            Act::Signed { supply } => {
                self.signed.insert(*supply, ());
            }
            Act::RightEnded { supply } => {
                self.rights_over.insert(*supply, ());
            }
            Act::Granted { tranche, .. } | Act::Committed { tranche, .. } => {
                self.granted.insert(*tranche, ());
            }
            Act::Vested { tranche, shares, of } if self.part(*tranche, *shares, *of)? => {}
            Act::Vested { tranche, .. } | Act::Called { tranche, .. } => {
                self.vested.insert(*tranche, ());
                self.measured_at_vesting(*tranche);
            }
            Act::Funded { tranche, amount, promised: false, .. } => {
                let so_far = self.funded.get(tranche).copied().unwrap_or_default();
                self.funded.insert(*tranche, so_far.plus(*amount)?);
            }
            Act::Lapsed { tranche, .. } if terms.credit_of(*tranche).is_some() => self.lends(*tranche, outcome),
            Act::Lapsed { tranche, unvested, vested, cancelled } => {
                if *cancelled {
                    self.cancelled.insert(*tranche, ());
                } else if unvested.is_positive() {
                    self.failed.insert(*tranche, self.purchased(terms, *tranche));
                }
                if *cancelled || vested.is_positive() {
                    self.expired(*tranche);
                }
            }
            Act::Assigned { tranche, unvested, own, from, to, .. } => {
                if terms.warrant_of(*tranche).is_some_and(|warrant| warrant.holder != *to) {
                    let mut all = self.assignees.get(tranche).cloned().unwrap_or_default();
                    Arc::make_mut(&mut all).insert(*to);
                    self.assignees.insert(*tranche, all);
                }
                let named = terms.warrant_of(*tranche).is_some_and(|warrant| warrant.holder == *from);
                if named && unvested.is_positive() {
                    let left = Ratio::new(own.minus(*unvested)?, *own)?;
                    let before = self.kept.get(tranche).copied().unwrap_or(Ratio::ONE);
                    self.kept.insert(*tranche, before.times(left)?);
                }
            }
            Act::Exercised { tranche, shares, of, .. } => self.used(*tranche, *shares, *of),
            Act::Judged { tranche, finding } => {
                let granted = terms.tranches.get(tranche.index()).and_then(|tranche| terms.granted(tranche));
                if let Finding::Account(word) = finding
                    && granted.is_some_and(|granted| outcome.date <= granted)
                {
                    self.begun.insert(*tranche, word.clone());
                }
                let passed = self.purchased(terms, *tranche);
                let granted = terms.tranches.get(tranche.index()).and_then(|tranche| terms.granted(tranche));
                let later = granted.is_some_and(|granted| granted < outcome.date);
                self.find(*tranche, finding, passed, later);
            }
            Act::FeePaid { tranche, .. }
            | Act::Drawn { tranche, .. }
            | Act::CarriedOver { tranche, .. }
            | Act::Reset { tranche, .. }
            | Act::Accrued { tranche, .. }
            | Act::Serviced { tranche, .. }
            | Act::Repaid { tranche, .. }
            | Act::Commenced { tranche } => self.lends(*tranche, outcome),
            Act::Assessed { supply, finding: Finding::Collectible(false), open, .. } => {
                let Some(contract) = terms.supplies.get(supply.index()).map(|s| s.contract) else { return Ok(()) };
                self.doubt(contract, *supply, *open);
            }
            Act::Assessed { supply, finding, open, paid } => self.assessed(*supply, finding, (*paid, *open)),
            Act::Ended { contract, .. } => {
                self.ended.insert(*contract, ());
            }
            _ => {}
        }
        Ok(())
    }

    /// What happened to a loan, lease or guarantee.
    fn lends(&mut self, tranche: TrancheId, outcome: &Outcome) {
        let mut lent = self.credits.get(&tranche).cloned().unwrap_or_default();
        Arc::make_mut(&mut lent).learn(outcome);
        self.credits.insert(tranche, lent);
    }

    /// Whether only a part of a tranche has vested so far; then that is noted.
    fn part(&mut self, id: TrancheId, shares: Number, of: Number) -> Result<bool, Fault> {
        let before = self.part.get(&id).copied();
        if shares >= of || of.is_zero() {
            return Ok(false);
        }
        let more = Ratio::new(shares, of)?;
        let Some(before) = before else {
            self.part.insert(id, more);
            return Ok(true);
        };
        // a/b + c/d
        let num = before.numerator().times(more.denominator())?.plus(more.numerator().times(before.denominator())?)?;
        let sum = Ratio::new(num, before.denominator().times(more.denominator())?)?;
        let whole = sum.numerator() >= sum.denominator();
        self.part.insert(id, if whole { Ratio::ONE } else { sum });
        Ok(!whole)
    }

    /// What moves cash or control of a supply with a financing component, or lets time pass.
    fn finance(&mut self, outcome: &Outcome, terms: &Terms) -> Result<(), Fault> {
        let Some(id) = outcome.act.supply() else { return Ok(()) };
        let Some(supply) = terms.supplies.get(id.index()).filter(|s| s.financing.is_some()) else { return Ok(()) };
        let mut all = self.financing.get(&id).cloned().unwrap_or_default();
        let financing = Arc::make_mut(&mut all);
        financing.today = financing.today.max(Some(outcome.date));
        match &outcome.act {
            Act::Paid { amount, .. } => financing.paid(*amount, outcome.date)?,
            Act::Transferred { price, .. } => {
                financing.passed(price.known().unwrap_or_default(), supply, outcome.date)?;
            }
            _ => {}
        }
        self.financing.insert(id, all);
        Ok(())
    }

    /// Quantities of a supply.
    #[must_use]
    pub fn supply(&self, id: SupplyId) -> SupplyBooked {
        self.supplies.get(&id).copied().unwrap_or_default()
    }
}

/// Whether what passed was not taken: a minimum makes it pass, not a delivery.
fn untaken(supply: &Supply, outcome: &Outcome) -> bool {
    let name = supply.minimum.as_ref().map(|_| format!("{}.minimum", supply.path));
    let by = |parent: &Parent| matches!((parent, &name), (Parent::Term(term), Some(name)) if **term == **name);
    outcome.parents.iter().any(by)
}
