//! Which books an outcome concerns: those of the parties that read what it is about, and no others.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::engine::Act;
use crate::recognise::Bookkeeper;
use crate::terms::{ContractId, PartyId, SupplyId, Terms, TrancheId};

/// Bookkeepers by party.
#[derive(Clone, Debug)]
pub(super) struct Dispatch<'a> {
    terms: &'a Terms,
    keepers: Vec<Option<usize>>,
    /// By supply.
    readers: Vec<Vec<usize>>,
    count: usize,
}

impl<'a> Dispatch<'a> {
    pub fn new(terms: &'a Terms, keepers: &[Bookkeeper<'a>]) -> Self {
        let mut by_party = vec![None; terms.parties.len()];
        for (position, keeper) in keepers.iter().enumerate() {
            if let Some(place) = by_party.get_mut(keeper.party.index()) {
                *place = Some(position);
            }
        }
        let mut dispatch = Self { terms, keepers: by_party, readers: Vec::new(), count: keepers.len() };
        let all = (0u32..).map(SupplyId).take(terms.supplies.len());
        dispatch.readers = all.map(|supply| dispatch.positions(terms.readers_of(supply))).collect();
        dispatch
    }

    fn positions(&self, parties: impl IntoIterator<Item = PartyId>) -> Vec<usize> {
        let found: BTreeSet<usize> = parties.into_iter().filter_map(|party| self.keeper(party)).collect();
        found.into_iter().collect()
    }

    /// The bookkeeper of a party.
    pub fn keeper(&self, party: PartyId) -> Option<usize> {
        self.keepers.get(party.index()).copied().flatten()
    }

    /// Positions of the bookkeepers an outcome concerns, ascending.
    pub fn concerned(&self, act: &Act) -> Cow<'_, [usize]> {
        let parties = match act {
            Act::Opened { party, .. } | Act::Adopted { party, .. } => BTreeSet::from([*party]),
            Act::Revalued(held) => BTreeSet::from([held.party]),
            Act::Ended { contract, .. } => self.of_contract(*contract),
            Act::Flowed { flow, .. } => {
                let flow = self.terms.flows.get(flow.index());
                flow.into_iter().flat_map(|flow| [flow.from, flow.to]).flatten().collect()
            }
            Act::Exercised { tranche, by, .. } => {
                let mut parties = self.of_tranche(*tranche);
                parties.insert(*by);
                parties
            }
            Act::PassedThrough { tranche, to, .. } => {
                let mut parties = self.of_tranche(*tranche);
                parties.insert(*to);
                parties
            }
            Act::Assigned { tranche, from, to, .. } => {
                let mut parties = self.of_tranche(*tranche);
                parties.extend([*from, *to]);
                parties
            }
            Act::Holding { stake, .. } => self.terms.stakes.get(*stake).into_iter().map(|stake| stake.holder).collect(),
            Act::Issued { class, .. } | Act::Distributed { class, .. } => {
                self.terms.classes.get(class.index()).into_iter().map(|class| class.issuer).collect()
            }
            // No rule can hang on them, and no measure reads them.
            Act::Held { .. }
            | Act::Adjusted { .. }
            | Act::Converted { .. }
            | Act::Noticed { .. }
            | Act::Limited { .. }
            | Act::Split { .. }
            | Act::Closed { .. }
            | Act::Restated { .. } => BTreeSet::new(),
            _ => match (act.supply(), act.tranche()) {
                (Some(supply), _) => return self.readers.get(supply.index()).map_or(Cow::Borrowed(&[]), Cow::from),
                (None, Some(tranche)) => self.of_tranche(tranche),
                (None, None) => return (0..self.count).collect(),
            },
        };
        Cow::Owned(self.positions(parties))
    }

    fn of_supply(&self, supply: SupplyId) -> impl Iterator<Item = PartyId> {
        self.terms.readers_of(supply)
    }

    fn of_tranche(&self, tranche: TrancheId) -> BTreeSet<PartyId> {
        let terms = self.terms.tranches.get(tranche.index());
        let mut parties = terms.map_or_else(BTreeSet::new, |terms| self.terms.parties_of_tranche(terms));
        parties.extend(self.terms.earning_supply(tranche).into_iter().flat_map(|supply| self.of_supply(supply)));
        parties
    }

    fn of_contract(&self, contract: ContractId) -> BTreeSet<PartyId> {
        let supplies = self.terms.supplies_of(contract).iter();
        self.terms.parties_of(contract).chain(supplies.flat_map(|supply| self.of_supply(*supply))).collect()
    }
}
