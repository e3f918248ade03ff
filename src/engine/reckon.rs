//! Ends of quarters at which what is owed under supplies in another currency is looked at (ASC 830-20-35-1, IAS 21.23).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::step::{Day, Engine, Fault};
use super::{Act, Inputs};
use crate::ledger::{Draft, Parent};
use crate::terms::{PartyId, Quoted, SupplyId, Terms};
use crate::time::Date;

/// By day, the supplies in another currency than that of one of their parties: ends of its quarters in which a rate is stated. In
/// all others the rate is that of the quarter before.
pub(super) fn ends(terms: &Terms, inputs: &Inputs) -> BTreeMap<Date, Vec<SupplyId>> {
    let mut known: BTreeMap<(Arc<str>, PartyId), BTreeSet<Date>> = BTreeMap::new();
    let mut ends: BTreeMap<Date, Vec<SupplyId>> = BTreeMap::new();
    for (id, supply) in (0u32..).map(SupplyId).zip(&terms.supplies) {
        for party in [supply.seller, supply.buyer] {
            let key = (supply.currency.clone(), party);
            let days = known.entry(key).or_insert_with(|| quarters(terms, inputs, &supply.currency, party));
            for end in days.iter() {
                let found = ends.entry(*end).or_default();
                if found.last() != Some(&id) {
                    found.push(id);
                }
            }
        }
    }
    ends
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
        for id in self.reckoned.get(&day.date).into_iter().flatten() {
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
}
