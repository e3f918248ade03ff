//! Ends of quarters at which what is owed under supplies in another currency, and cash in it, is looked at (ASC 830-20-35-1, IAS 21.23).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::outcome::Revalued;
use super::step::{Day, Engine, Fault};
use super::{Act, Inputs};
use crate::ledger::{Draft, Parent};
use crate::num::Number;
use crate::terms::{Assumptions, Fact, PartyId, Quoted, SupplyId, Terms, Value};
use crate::time::Date;

/// Cash in another currency: when it was last looked at, how much it was, and what that came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held(Date, Number, Number);

impl Default for Held {
    fn default() -> Self {
        Self(Date::MIN, Number::ZERO, Number::ZERO)
    }
}

/// What is looked at on a day.
#[derive(Clone, Debug, Default)]
pub(super) struct Reckoned {
    /// Supplies in another currency than that of one of their parties.
    supplies: Vec<SupplyId>,
    /// Parties that may have cash in another currency.
    cash: Vec<(PartyId, Arc<str>)>,
}

/// Ends of quarters in which a rate is stated. In all others the rate is that of the quarter before.
pub(super) fn ends(terms: &Terms, inputs: &Inputs) -> BTreeMap<Date, Reckoned> {
    let mut known: BTreeMap<(Arc<str>, PartyId), BTreeSet<Date>> = BTreeMap::new();
    let mut ends: BTreeMap<Date, Reckoned> = BTreeMap::new();
    for (id, supply) in (0u32..).map(SupplyId).zip(&terms.supplies) {
        for party in [supply.seller, supply.buyer] {
            let key = (supply.currency.clone(), party);
            let days = known.entry(key).or_insert_with(|| quarters(terms, inputs, &supply.currency, party));
            for end in days.iter() {
                let found = &mut ends.entry(*end).or_default().supplies;
                if found.last() != Some(&id) {
                    found.push(id);
                }
            }
        }
    }
    for (party, currency) in abroad(terms, inputs) {
        let key = (currency.clone(), party);
        let days = known.entry(key).or_insert_with(|| quarters(terms, inputs, &currency, party));
        for end in days.iter() {
            ends.entry(*end).or_default().cash.push((party, currency.clone()));
        }
    }
    ends
}

/// Who opens with cash in another currency, or is paid or pays in it.
fn abroad(terms: &Terms, inputs: &Inputs) -> BTreeSet<(PartyId, Arc<str>)> {
    let mut found: BTreeSet<(PartyId, Arc<str>)> = BTreeSet::new();
    for line in &inputs.lines {
        if let Some(Fact::Open { party, foreign, .. }) = &line.line.fact {
            found.extend(foreign.iter().map(|(currency, _)| (*party, currency.clone())));
        }
    }
    found.extend(terms.supplies.iter().flat_map(|s| [s.seller, s.buyer].map(|party| (party, s.currency.clone()))));
    for credit in &terms.credits {
        found.extend(credit.others().chain([credit.giver]).map(|party| (party, credit.currency.clone())));
    }
    for flow in &terms.flows {
        found.extend([flow.from, flow.to].into_iter().flatten().map(|party| (party, flow.currency.clone())));
    }
    for investment in &terms.investments {
        let investors = investment.investors.iter().map(|(investor, _)| *investor);
        found.extend(investors.chain([investment.company]).map(|party| (party, investment.currency.clone())));
    }
    found.retain(|(party, currency)| terms.parties.get(party.index()).is_some_and(|p| p.currency != *currency));
    found
}

/// Ends of quarters of a party in which a rate of a currency is stated.
fn quarters(terms: &Terms, inputs: &Inputs, currency: &Arc<str>, party: PartyId) -> BTreeSet<Date> {
    let Some(party) = terms.parties.get(party.index()).filter(|party| party.currency != *currency) else {
        return BTreeSet::new();
    };
    let pairs = [
        Quoted::Rate(currency.clone(), party.currency.clone()),
        Quoted::Rate(party.currency.clone(), currency.clone()),
    ];
    let quotes = pairs.iter().filter_map(|pair| inputs.quotes.get(pair)).flat_map(super::quotes::Quotes::all);
    let end = |date: Date| {
        let (year, quarter) = party.fiscal.quarter_of(date);
        party.fiscal.quarter(year, quarter).to
    };
    quotes.map(|quote| end(quote.date)).collect()
}

impl Engine<'_> {
    /// Tells the books to look at what is owed under supplies in another currency.
    pub(super) fn reckon(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for id in self.reckoned.get(&day.date).map_or(&[][..], |reckoned| &reckoned.supplies) {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            if self.inputs.dropped.contains(&supply.contract) {
                continue;
            }
            let state = self.supply(day.state, *id);
            let fault = self.fault(&supply.path, day.date);
            let bound = self.enforceable_at(supply, day.state, *id, day.date).map_err(&fault)?;
            let signed = self.terms.contracts.get(supply.contract.index()).and_then(|c| c.signed);
            let live = signed.is_none_or(|date| date <= day.date) && !day.state.ended.contains_key(&supply.contract);
            let to_come = live && bound.known().is_none_or(|bound| bound > state.transferred);
            let unbilled = state.billed.iter().any(|billed| *billed < state.transferred);
            if !state.bills.is_empty() || unbilled || to_come {
                let parents = vec![Parent::Term(supply.path.clone())];
                day.record(self, Act::Elapsed { supply: *id }, &supply.path, parents, Draft::default())?;
            }
        }
        Ok(())
    }

    /// At the end of a day, what is held in other currencies is brought to its rate (ASC 830-20-35-1; IAS 21.23): all that came and went
    /// since it was last looked at did so at the rate of its day.
    pub(super) fn revalue(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for (party, currency) in self.reckoned.get(&day.date).map_or(&[][..], |reckoned| &reckoned.cash) {
            let Some(terms) = self.terms.parties.get(party.index()) else { continue };
            let Some(account) = day.register.chart.find(&terms.name, "cash", "", currency) else { continue };
            let clause: Arc<str> = format!("rate({currency} in {})", terms.currency).into();
            let fault = self.fault(&clause, day.date);
            let turn = |amount: Number, date: Date| self.inputs.convert(amount, currency, &terms.currency, date);
            let key = (*party, currency.clone());
            let Held(since, mut held, carried) = day.state.abroad.get(&key).copied().unwrap_or_default();
            let mut arose = Value::Known(carried);
            for (date, posting) in day.register.journal.moved_since(account, since) {
                // What is paid beyond what is held was bought for it, on its day.
                let after = held.plus(posting.amount).map_err(&fault)?.clamp_zero();
                let moved = after.minus(held).map_err(&fault)?;
                arose = turn(moved, date).and_then(|amount| arose.plus(amount)).map_err(&fault)?;
                held = after;
            }
            let now = turn(held, day.date).map_err(&fault)?;
            // Without a rate on one of the days nothing can be said of any.
            let Some((now, arose)) = now.known().zip(arose.known()) else { continue };
            day.state.abroad.insert(key, Held(day.date, held, now));
            let change = now.minus(arose).map_err(&fault)?;
            if !change.is_zero() {
                let act = Act::Revalued(Revalued { party: *party, currency: currency.clone(), change });
                day.record(self, act, &clause, vec![Parent::Term(clause.clone())], Draft::default())?;
            }
        }
        Ok(())
    }
}
