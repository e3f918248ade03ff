//! Where to look in what a run recorded: made on first use, so that a report does not read everything for each figure.

use std::collections::BTreeMap;

use super::Replay;
use crate::engine::{Act, Outcome, Why};
use crate::ledger::{AccountId, EntryId};
use crate::terms::{ClassId, PartyId, SupplyId, TrancheId};

/// Numbers of outcomes by what they are about, and of entries by account; all ascending.
#[derive(Debug, Default)]
pub(super) struct Index {
    supplies: BTreeMap<SupplyId, Vec<u32>>,
    tranches: BTreeMap<TrancheId, Vec<u32>>,
    /// By book.
    entries: Vec<BTreeMap<AccountId, Vec<EntryId>>>,
    claims: BTreeMap<ClassId, Claims>,
    dividends: Vec<u32>,
}

/// Who holds shares of a class or may come to, and by what.
#[derive(Debug, Default)]
pub struct Claims {
    /// Holders of shares or rights and investors, with their account of shares.
    pub holders: BTreeMap<PartyId, Option<AccountId>>,
    /// Tranches of warrants over the class and of investments in it.
    pub tranches: Vec<TrancheId>,
}

impl Replay<'_> {
    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self))
    }

    /// Outcomes about a supply, with their numbers.
    pub fn outcomes_of_supply(&self, id: SupplyId) -> impl Iterator<Item = (u32, &Outcome)> {
        self.numbered(self.index().supplies.get(&id))
    }

    /// Outcomes about a tranche, with their numbers.
    pub fn outcomes_of_tranche(&self, id: TrancheId) -> impl Iterator<Item = (u32, &Outcome)> {
        self.numbered(self.index().tranches.get(&id))
    }

    /// Dividends on shares, with their numbers.
    pub fn dividends(&self) -> impl Iterator<Item = (u32, &Outcome)> {
        self.numbered(Some(&self.index().dividends))
    }

    /// Entries of a book that post to an account.
    #[must_use]
    pub fn entries_of(&self, book: usize, account: AccountId) -> &[EntryId] {
        self.index().entries.get(book).and_then(|book| book.get(&account)).map_or(&[], Vec::as_slice)
    }

    /// Who holds shares of a class or may come to, and by what.
    #[must_use]
    pub fn claims_on(&self, class: ClassId) -> Option<&Claims> {
        self.index().claims.get(&class)
    }

    fn numbered<'s>(&'s self, numbers: Option<&'s Vec<u32>>) -> impl Iterator<Item = (u32, &'s Outcome)> {
        let all = numbers.into_iter().flatten();
        all.filter_map(|number| self.register.outcomes.get(*number as usize).map(|outcome| (*number, outcome)))
    }
}

impl Index {
    fn new(replay: &Replay<'_>) -> Self {
        let mut index = Self::default();
        for (number, outcome) in replay.outcomes() {
            if let Some(supply) = outcome.act.supply() {
                index.supplies.entry(supply).or_default().push(number);
            }
            if matches!(outcome.act, Act::Distributed { .. }) {
                index.dividends.push(number);
            }
            if let Some(tranche) = outcome.act.tranche() {
                index.tranches.entry(tranche).or_default().push(number);
            }
        }
        for booking in &replay.bookings {
            let mut entries: BTreeMap<AccountId, Vec<EntryId>> = BTreeMap::new();
            for (id, entry) in booking.journal.iter() {
                for posting in booking.journal.postings(entry) {
                    let list = entries.entry(posting.account).or_default();
                    if list.last() != Some(&id) {
                        list.push(id);
                    }
                }
            }
            index.entries.push(entries);
        }
        index.claims = claims(replay);
        index
    }
}

fn claims(replay: &Replay<'_>) -> BTreeMap<ClassId, Claims> {
    let terms = replay.terms;
    let mut claims: BTreeMap<ClassId, Claims> = BTreeMap::new();
    for id in (0u32..).map(TrancheId).take(terms.tranches.len()) {
        if let Some(warrant) = terms.warrant_of(id) {
            let claims = claims.entry(warrant.class).or_default();
            claims.tranches.push(id);
            claims.holders.entry(warrant.holder).or_default();
        }
        if let Some(investment) = terms.investment_of(id) {
            let claims = claims.entry(investment.class).or_default();
            claims.tranches.push(id);
            for (investor, _) in &investment.investors {
                claims.holders.entry(*investor).or_default();
            }
        }
    }
    // Rights that passed to others, and classes that became another.
    for (_, outcome) in replay.outcomes() {
        match &outcome.act {
            Act::Assigned { tranche, to, .. } => {
                for claims in claims.values_mut().filter(|claims| claims.tranches.contains(tranche)) {
                    claims.holders.entry(*to).or_default();
                }
            }
            Act::Adjusted { warrant, why: Why::Converted(class, ..), .. } => {
                let Some(warrant) = terms.warrants.get(warrant.index()) else { continue };
                let of: Vec<PartyId> = claims.values().flat_map(|claims| claims.holders.keys().copied()).collect();
                let claims = claims.entry(*class).or_default();
                claims.tranches.extend(&warrant.tranches);
                of.into_iter().for_each(|holder| {
                    claims.holders.entry(holder).or_default();
                });
            }
            _ => {}
        }
    }
    let parties: BTreeMap<&str, PartyId> =
        (0u32..).map(PartyId).zip(&terms.parties).map(|(id, p)| (&*p.name, id)).collect();
    let classes: BTreeMap<&str, ClassId> =
        (0u32..).map(ClassId).zip(&terms.classes).map(|(id, c)| (&*c.path, id)).collect();
    for (id, account) in replay.register.chart.iter().filter(|(_, account)| &*account.name == "shares") {
        if let (Some(party), Some(class)) = (parties.get(&*account.owner), classes.get(&*account.item)) {
            claims.entry(*class).or_default().holders.insert(*party, Some(id));
        }
    }
    claims
}
