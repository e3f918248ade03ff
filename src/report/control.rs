//! Who holds how much of whom, straight and through others, and who controls whom.
//!
//! A company's shares are counted over all its classes, one for one: the language has no votes and no conversion ratios.

use std::collections::{BTreeMap, BTreeSet};

use crate::num::{Fault, Number, Rounding};
use crate::run::Replay;
use crate::terms::{ClassId, PartyId};
use crate::time::Date;

/// Places of a part of a company, where it has to be rounded.
const PLACES: Rounding = Rounding { places: 12, ..Rounding::CENTS };

/// Rounds of looking through after which what is left is too small to be seen: holdings in a circle never end.
const ROUNDS: usize = 64;

/// Holdings of companies by parties, on a day.
#[derive(Clone, Debug, Default)]
pub struct Stakes {
    /// Shares held, by company and holder.
    held: BTreeMap<PartyId, BTreeMap<PartyId, Number>>,
    /// Shares issued, by company.
    issued: BTreeMap<PartyId, Number>,
}

impl Stakes {
    /// Reads the legal ledger.
    ///
    /// # Errors
    /// Overflow.
    pub fn on(replay: &Replay<'_>, date: Date) -> Result<Self, Fault> {
        let state = &replay.at(date).state;
        let mut stakes = Self::default();
        let mut issuers: BTreeMap<&str, PartyId> = BTreeMap::new();
        for (id, class) in (0u32..).map(ClassId).zip(&replay.terms.classes) {
            issuers.insert(&class.path, class.issuer);
            let outstanding = replay.engine.outstanding(&replay.register.chart, state, id);
            let sum = stakes.issued.entry(class.issuer).or_default();
            *sum = sum.plus(outstanding)?;
        }
        let parties: BTreeMap<&str, PartyId> =
            (0u32..).map(PartyId).zip(&replay.terms.parties).map(|(id, party)| (&*party.name, id)).collect();
        for (id, account) in replay.register.chart.iter().filter(|(_, a)| &*a.name == "shares") {
            let (Some(company), Some(holder)) = (issuers.get(&*account.commodity), parties.get(&*account.owner)) else {
                continue;
            };
            let shares = state.balances.get(id);
            if shares.is_positive() {
                let sum = stakes.held.entry(*company).or_default().entry(*holder).or_default();
                *sum = sum.plus(shares)?;
            }
        }
        Ok(stakes)
    }

    /// The part of a company that each party holds itself, those who hold any.
    ///
    /// # Errors
    /// Overflow.
    pub fn direct(&self, company: PartyId) -> Result<BTreeMap<PartyId, Number>, Fault> {
        let issued = self.issued.get(&company).copied().unwrap_or_default();
        if !issued.is_positive() {
            return Ok(BTreeMap::new());
        }
        let held = self.held.get(&company).into_iter().flatten();
        held.map(|(holder, shares)| Ok((*holder, shares.over(issued, PLACES)?))).collect()
    }

    /// The part of a company that each party holds itself or through what it holds of others.
    ///
    /// # Errors
    /// Overflow.
    pub fn effective(&self, company: PartyId) -> Result<BTreeMap<PartyId, Number>, Fault> {
        let mut sum: BTreeMap<PartyId, Number> = BTreeMap::new();
        let mut front = self.direct(company)?;
        for _ in 0..ROUNDS {
            let mut next: BTreeMap<PartyId, Number> = BTreeMap::new();
            for (between, part) in &front {
                let total = sum.entry(*between).or_default();
                *total = total.plus(*part)?;
                for (holder, of) in self.direct(*between)? {
                    let through = next.entry(holder).or_default();
                    *through = through.plus(product(*part, of)?)?;
                }
            }
            next.retain(|_, part| part.is_positive());
            if next.is_empty() {
                break;
            }
            front = next;
        }
        Ok(sum)
    }

    /// A party and those of which it holds more than half, itself or through others it controls (ASC 810-10-15-8).
    ///
    /// # Errors
    /// Overflow.
    pub fn group(&self, parent: PartyId) -> Result<Vec<PartyId>, Fault> {
        let mut group = vec![parent];
        let mut inside = BTreeSet::from([parent]);
        loop {
            let mut found = None;
            for (company, held) in self.held.iter().filter(|(company, _)| !inside.contains(company)) {
                let ours = held.iter().filter(|(holder, _)| inside.contains(holder)).map(|(_, shares)| *shares);
                let ours = ours.into_iter().try_fold(Number::ZERO, Number::plus)?;
                let issued = self.issued.get(company).copied().unwrap_or_default();
                if ours > issued.minus(ours)? {
                    found = Some(*company);
                    break;
                }
            }
            let Some(company) = found else { return Ok(group) };
            inside.insert(company);
            group.push(company);
        }
    }

    /// The part of a company that members of a group hold.
    ///
    /// # Errors
    /// Overflow.
    pub fn part(&self, company: PartyId, members: &[PartyId]) -> Result<Number, Fault> {
        let direct = self.direct(company)?;
        direct
            .iter()
            .filter(|(holder, _)| members.contains(holder))
            .map(|(_, part)| *part)
            .try_fold(Number::ZERO, Number::plus)
    }
}

fn product(a: Number, b: Number) -> Result<Number, Fault> {
    a.ratio_of(b, Number::ONE, PLACES)
}
