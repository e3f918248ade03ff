//! What judgement found about supplies, and contracts that fail the test of collectability.
//!
//! While a contract fails it there is nothing to account for but the cash (ASC 606-10-25-6 to -8): what passes and what is
//! billed wait, and enter the book on the day the test is passed, with that judgement as their cause.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{AsBooked, BookState, Bookkeeper};
use crate::engine::{Act, Outcome};
use crate::num::{Fault, Number};
use crate::terms::{ContractId, EventKind, Finding, Formula, SupplyId};

/// What is known of a supply beyond its contract.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Estimates, by name.
    pub estimates: BTreeMap<Arc<str>, Formula>,
    /// Choices of accounts, the last one first.
    pub accounts: Vec<Arc<str>>,
    /// What becomes of what is left of payments: whether it is to be given back, what was paid by then, and billed besides.
    pub fate: Option<(bool, Number, Number)>,
}

/// A contract that fails the test of collectability.
#[derive(Clone, Debug, Default)]
pub struct Doubtful {
    /// Billed before it failed, and not paid since.
    pub open: BTreeMap<SupplyId, Number>,
    /// What waits, in order.
    pub waiting: Vec<(u32, Outcome)>,
}

impl AsBooked {
    /// Takes in a finding about a supply.
    pub(super) fn assessed(&mut self, id: SupplyId, finding: &Finding, (paid, open): (Number, Number)) {
        let mut found = self.found.get(&id).map(|found| (**found).clone()).unwrap_or_default();
        match finding {
            Finding::Estimate(name, value) => {
                found.estimates.insert(name.clone(), value.clone());
            }
            Finding::Account(word) => {
                found.accounts.retain(|other| other != word);
                found.accounts.insert(0, word.clone());
            }
            Finding::Refundable(back) => found.fate = Some((*back, paid, open)),
            _ => return,
        }
        self.found.insert(id, Arc::new(found));
    }

    /// Notes that a contract fails the test.
    pub(super) fn doubt(&mut self, contract: ContractId, supply: SupplyId, open: Number) {
        let mut doubtful = self.doubtful.get(&contract).map(|d| (**d).clone()).unwrap_or_default();
        doubtful.open.entry(supply).or_insert(open);
        self.doubtful.insert(contract, Arc::new(doubtful));
    }
}

/// An outcome, its number, and the kind of event it is instead of its own.
type Entering = (u32, Outcome, Option<EventKind>);

impl Bookkeeper<'_> {
    /// What enters the book with an outcome: that one, nothing while its contract fails the test, or all that waited.
    pub(super) fn tested(&self, state: &mut BookState, number: u32, outcome: &Outcome) -> Result<Vec<Entering>, Fault> {
        let own = || vec![(number, outcome.clone(), None)];
        let supply = outcome.act.supply();
        let found = supply.and_then(|id| self.terms.supplies.get(id.index()));
        // What binds nobody is no contract for either side: its cash is a deposit, and the rest is nothing.
        if let (Some(id), true) = (supply, found.is_some_and(|supply| !supply.binds())) {
            let deposit = |act| vec![(number, Outcome { act, ..outcome.clone() }, Some(EventKind::Deposit))];
            return Ok(match &outcome.act {
                Act::Paid { promised: false, .. } => deposit(outcome.act.clone()),
                Act::Refunded { amount, .. } => {
                    let (amount, applied) = (amount.neg(), Number::ZERO);
                    deposit(Act::Paid { supply: id, amount, applied, promised: false })
                }
                Act::Assessed { .. } => own(),
                _ => Vec::new(),
            });
        }
        let found = found.filter(|s| s.seller == self.party);
        let (Some(supply), Some(contract)) = (supply, found.map(|supply| supply.contract)) else { return Ok(own()) };
        let Some(mut doubtful) = state.booked.doubtful.get(&contract).map(|d| (**d).clone()) else {
            return Ok(own());
        };
        let paid = |amount, applied| Outcome {
            act: Act::Paid { supply, amount, applied, promised: false },
            ..outcome.clone()
        };
        let entering = match &outcome.act {
            Act::Transferred { .. } | Act::Billed { .. } | Act::Applied { .. } => {
                doubtful.waiting.push((number, outcome.clone()));
                Vec::new()
            }
            // First for what was billed before the contract failed, then a deposit.
            Act::Paid { amount, applied, .. } => {
                let open = doubtful.open.entry(supply).or_default();
                let old = (*open).min(*applied);
                *open = open.minus(old)?;
                let (rest, new) = (amount.minus(old)?, applied.minus(old)?);
                let mut entering = Vec::new();
                if old.is_positive() {
                    entering.push((number, paid(old, old), None));
                }
                if rest.is_positive() {
                    doubtful.waiting.push((number, paid(rest, new)));
                    entering.push((number, paid(rest, new), Some(EventKind::Deposit)));
                }
                entering
            }
            Act::Assessed { finding: Finding::Collectible(true), .. } => {
                state.booked.doubtful.remove(&contract);
                let released = std::mem::take(&mut doubtful.waiting).into_iter().map(|(number, outcome)| {
                    let kind = matches!(outcome.act, Act::Paid { .. }).then_some(EventKind::Release);
                    (number, outcome, kind)
                });
                return Ok(own().into_iter().chain(released).collect());
            }
            Act::Refunded { amount, .. } => {
                doubtful.waiting.push((number, paid(amount.neg(), Number::ZERO)));
                vec![(number, paid(amount.neg(), Number::ZERO), Some(EventKind::Deposit))]
            }
            _ => return Ok(own()),
        };
        state.booked.doubtful.insert(contract, Arc::new(doubtful));
        Ok(entering)
    }
}
