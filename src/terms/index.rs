//! Who belongs to what, worked out once: so that nothing walks all contracts to find the few it is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::{ContractId, Instrument, PartyId, SupplyId, Terms, Tranche, TrancheId};

/// The index of [`Terms`], made on first use. A copy may be changed, so it starts without.
#[derive(Debug, Default)]
pub struct Indexed(OnceLock<Index>);

/// Lists by position, all in order of their ids.
#[derive(Debug, Default)]
pub struct Index {
    /// By contract.
    supplies: Vec<Vec<SupplyId>>,
    /// By contract.
    tranches: Vec<Vec<TrancheId>>,
    /// By tranche: the supply whose purchases earn it.
    earning: Vec<Option<SupplyId>>,
    /// By supply: the tranches its purchases earn.
    earned: Vec<Vec<TrancheId>>,
    /// By supply: parties whose books read it.
    readers: Vec<BTreeSet<PartyId>>,
    /// Supplies to which variable amounts are allocated.
    varying: BTreeSet<SupplyId>,
    /// By loan or guarantee: tranches of warrants given for it.
    given: BTreeMap<TrancheId, Vec<TrancheId>>,
    /// By issuer.
    warrants: BTreeMap<PartyId, Vec<super::WarrantId>>,
    /// By path of a tranche or of its instrument.
    tranches_at: BTreeMap<Arc<str>, Vec<TrancheId>>,
    /// By path.
    supplies_at: BTreeMap<Arc<str>, SupplyId>,
    /// By path.
    contracts_at: BTreeMap<Arc<str>, ContractId>,
}

impl Clone for Indexed {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Terms {
    fn index(&self) -> &Index {
        self.index.0.get_or_init(|| Index::new(self))
    }

    /// The tranche with a path, or all tranches of the instrument or the contract with it; without a path all there are.
    #[must_use]
    pub fn tranches_at(&self, path: Option<&str>) -> Vec<TrancheId> {
        match path {
            Some(path) => self.index().tranches_at.get(path).cloned().unwrap_or_default(),
            None => (0u32..).map(TrancheId).take(self.tranches.len()).collect(),
        }
    }

    /// The supply with a path; without a path all there are.
    #[must_use]
    pub fn supplies_at(&self, path: Option<&str>) -> Vec<SupplyId> {
        match path {
            Some(path) => self.index().supplies_at.get(path).copied().into_iter().collect(),
            None => (0u32..).map(SupplyId).take(self.supplies.len()).collect(),
        }
    }

    /// The contract with a path.
    #[must_use]
    pub fn contract_at(&self, path: &str) -> Option<ContractId> {
        self.index().contracts_at.get(path).copied()
    }

    /// Supplies of a contract.
    #[must_use]
    pub fn supplies_of(&self, contract: ContractId) -> &[SupplyId] {
        list(&self.index().supplies, contract.index())
    }

    /// Whether variable amounts are allocated to a supply.
    #[must_use]
    pub fn varies(&self, supply: SupplyId) -> bool {
        self.index().varying.contains(&supply)
    }

    /// Tranches of all warrants of a contract.
    #[must_use]
    pub fn tranches_of(&self, contract: ContractId) -> &[TrancheId] {
        list(&self.index().tranches, contract.index())
    }

    /// The supply whose purchases earn a tranche: that of its band, else the first supply of its contract.
    #[must_use]
    pub fn earning_supply(&self, id: TrancheId) -> Option<SupplyId> {
        self.index().earning.get(id.index()).copied().flatten()
    }

    /// Tranches earned by purchases of a supply.
    pub fn earned_by(&self, supply: SupplyId) -> impl Iterator<Item = TrancheId> + '_ {
        list(&self.index().earned, supply.index()).iter().copied()
    }

    /// Warrants of an issuer, over whichever of its classes.
    #[must_use]
    pub fn warrants_by(&self, issuer: PartyId) -> &[super::WarrantId] {
        self.index().warrants.get(&issuer).map_or(&[], Vec::as_slice)
    }

    /// Tranches of warrants given for a loan or a guarantee.
    #[must_use]
    pub fn given_for(&self, credit: TrancheId) -> &[TrancheId] {
        self.index().given.get(&credit).map_or(&[], Vec::as_slice)
    }

    /// Parties whose books read a supply: those of its contract, and those of the tranches that it earns.
    pub fn readers_of(&self, supply: SupplyId) -> impl Iterator<Item = PartyId> + '_ {
        self.index().readers.get(supply.index()).into_iter().flatten().copied()
    }

    /// The parties of a tranche: who gives and who takes its shares, and those of its contract.
    #[must_use]
    pub fn parties_of_tranche(&self, tranche: &Tranche) -> BTreeSet<PartyId> {
        let mut parties: BTreeSet<PartyId> =
            self.contract_of(tranche).into_iter().flat_map(|contract| self.parties_of(contract)).collect();
        if let Some((_, giver, takers)) = self.sides(tranche) {
            parties.insert(giver);
            parties.extend(takers);
        }
        parties
    }

    /// The parties of a contract.
    pub fn parties_of(&self, contract: ContractId) -> impl Iterator<Item = PartyId> + '_ {
        let between = self.contracts.get(contract.index()).map_or(&[][..], |c| &c.between);
        between.iter().map(|(party, _)| *party)
    }
}

fn list<T>(lists: &[Vec<T>], position: usize) -> &[T] {
    lists.get(position).map_or(&[], Vec::as_slice)
}

impl Index {
    fn new(terms: &Terms) -> Self {
        let mut index = Self {
            supplies: vec![Vec::new(); terms.contracts.len()],
            tranches: vec![Vec::new(); terms.contracts.len()],
            earning: Vec::with_capacity(terms.tranches.len()),
            earned: vec![Vec::new(); terms.supplies.len()],
            varying: terms.variables.iter().flat_map(|variable| variable.supplies.iter().copied()).collect(),
            readers: vec![BTreeSet::new(); terms.supplies.len()],
            ..Self::default()
        };
        for (id, contract) in (0u32..).map(ContractId).zip(&terms.contracts) {
            index.contracts_at.entry(contract.path.clone()).or_insert(id);
        }
        for (id, supply) in (0u32..).map(SupplyId).zip(&terms.supplies) {
            index.supplies_at.entry(supply.path.clone()).or_insert(id);
            if let Some(list) = index.supplies.get_mut(supply.contract.index()) {
                list.push(id);
            }
            if let Some(readers) = index.readers.get_mut(id.index()) {
                readers.extend([supply.seller, supply.buyer]);
                readers.extend(terms.parties_of(supply.contract));
            }
        }
        for (id, warrant) in (0u32..).map(super::WarrantId).zip(&terms.warrants) {
            index.warrants.entry(warrant.issuer).or_default().push(id);
        }
        for (id, tranche) in (0u32..).map(TrancheId).zip(&terms.tranches) {
            let contract = terms.contract_of(tranche);
            let instrument = terms.sides(tranche).map(|(path, ..)| path).filter(|path| *path != tranche.path);
            let whole = contract.and_then(|id| terms.contracts.get(id.index())).map(|contract| contract.path.clone());
            for path in instrument.into_iter().chain(whole).chain([tranche.path.clone()]) {
                index.tranches_at.entry(path).or_default().push(id);
            }
            if let Some(list) = contract.and_then(|c| index.tranches.get_mut(c.index())) {
                list.push(id);
            }
            let given = terms.warrant_of(id).and_then(|warrant| warrant.given);
            if let Some(super::Given::Credit(credit)) = given {
                index.given.entry(credit).or_default().push(id);
            }
            // An investment is not earned by purchases, nor is what is given for money or a guarantee.
            let earned =
                matches!(tranche.of, Instrument::Warrant(_)) && !matches!(given, Some(super::Given::Credit(_)));
            let first = || contract.filter(|_| earned).and_then(|c| list(&index.supplies, c.index()).first().copied());
            let goods = given.and_then(|given| if let super::Given::Supply(id) = given { Some(id) } else { None });
            let said = terms.warrant_of(id).and_then(|warrant| warrant.consideration).map(|said| said.supply);
            let earning = tranche.band.as_ref().map(|band| band.supply).or(goods).or(said).or_else(first);
            index.earning.push(earning);
            let Some(supply) = earning else { continue };
            if let Some(list) = index.earned.get_mut(supply.index()) {
                list.push(id);
            }
            if let Some(readers) = index.readers.get_mut(supply.index()) {
                readers.extend(terms.parties_of_tranche(tranche));
            }
        }
        index
    }
}
