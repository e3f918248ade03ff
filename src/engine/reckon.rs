//! Ends of quarters at which what is owed under supplies in another currency is looked at (ASC 830-20-35-1, IAS 21.23).

use std::collections::BTreeMap;

use super::step::{Day, Engine, Fault};
use super::{Act, Inputs};
use crate::ledger::{Draft, Parent};
use crate::terms::{PartyId, Quoted, SupplyId, Terms};
use crate::time::Date;

/// By day, the supplies in another currency than that of one of their parties whose quarter ends: as long as there are rates.
pub(super) fn ends(terms: &Terms, inputs: &Inputs) -> BTreeMap<Date, Vec<SupplyId>> {
    let mut ends: BTreeMap<Date, Vec<SupplyId>> = BTreeMap::new();
    for (id, supply) in (0u32..).map(SupplyId).zip(&terms.supplies) {
        for party in [supply.seller, supply.buyer] {
            for end in quarters(terms, inputs, &supply.currency, party) {
                let found = ends.entry(end).or_default();
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
    }
    ends
}

/// Ends of quarters of a party from the first rate of a currency to the last.
fn quarters(terms: &Terms, inputs: &Inputs, currency: &std::sync::Arc<str>, party: PartyId) -> Vec<Date> {
    let Some(party) = terms.parties.get(party.index()).filter(|party| party.currency != *currency) else {
        return Vec::new();
    };
    let pairs = [
        Quoted::Rate(currency.clone(), party.currency.clone()),
        Quoted::Rate(party.currency.clone(), currency.clone()),
    ];
    let days = pairs.iter().filter_map(|pair| inputs.quotes.get(pair)).filter_map(super::quotes::Quotes::span);
    let Some((first, last)) = days.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else { return Vec::new() };
    let end = |date: Date| {
        let (year, quarter) = party.fiscal.quarter_of(date);
        party.fiscal.quarter(year, quarter).to
    };
    let (mut found, mut date) = (Vec::new(), end(first));
    // Of the quarter in which rates end, the last one is all that is known.
    let until = end(last);
    while date <= until {
        found.push(date);
        let next = end(date.next());
        if next <= date {
            break;
        }
        date = next;
    }
    found
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
