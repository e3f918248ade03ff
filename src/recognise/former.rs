//! Warrants that are no awards: given for something else than purchases, or awards whose holder is a customer no more. What
//! they are carried at changes with their account: a liability at its fair value, equity at what it was carried at.

use std::sync::Arc;

use super::award::Carry;
use super::fold::Item;
use super::method::Methods;
use super::{BookState, Bookkeeper, Exact, Record};
use crate::num::Fault;
use crate::terms::{Assumptions, Tranche, TrancheId, Value};

/// What a warrant is carried at, and how it came to that since it was no award.
struct Way {
    begun: Value,
    /// What it was worth more whenever it became a liability.
    reclassified: Value,
    carried: Value,
}

impl Bookkeeper<'_> {
    /// Of a tranche that has left share-based payment: whether the party is its issuer.
    pub(super) fn gone(&self, state: &BookState, item: Item) -> Option<bool> {
        let Item::Tranche(id) = item else { return None };
        let left = state.booked.awards.get(&id).is_some_and(|award| award.carry.has_left());
        let issuer = self.terms.warrant_of(id).filter(|_| left)?.issuer;
        Some(issuer == self.party)
    }

    /// The role of a party in what happens to an item: what has left is no award any more.
    pub(super) fn plays(&self, state: &BookState, role: &str, item: Item) -> bool {
        match (self.gone(state, item), role) {
            (Some(_), "issuer") => false,
            (Some(issuer), "warrant_issuer") => issuer,
            _ => self.has_role(role, item),
        }
    }
}

impl<A: Assumptions> Methods<'_, A> {
    /// `remeasured(t, attribution)` and `reclassified(t, attribution)`.
    pub(super) fn outside<R: Record>(
        &self,
        id: TrancheId,
        tranche: &Tranche,
        policy: &str,
        what: &str,
    ) -> Result<R, Fault> {
        if self.award(id).is_none() {
            return Ok(R::leaf(|| format!("{what}({})", tranche.path), Exact::ZERO));
        }
        let value = self.spread(id, tranche, |carry| {
            let way = self.way(id, tranche, carry, policy)?;
            if what == "reclassified" {
                return Ok(way.reclassified);
            }
            way.carried.minus(way.begun)?.minus(way.reclassified)
        })?;
        let note = || {
            let left = self.award(id).is_some_and(|award| award.carry.has_left());
            left.then(|| Arc::from("since its holder is a customer no more"))
        };
        Ok(R::of(|| format!("{what}({})", tranche.path), Exact::from_value(&value)?, note, []))
    }

    fn way(&self, id: TrancheId, tranche: &Tranche, carry: &Carry, policy: &str) -> Result<Way, Fault> {
        let measured = || Ok(self.measured(id, tranche, "grant")?.0);
        let begun: Value = match carry.award() {
            // Modifications of the award are in what it was carried at.
            Some(award) => {
                let added = self.added_beyond(id, tranche, policy)?.rounded(crate::terms::DIVISION)?;
                self.carry(id, tranche, award)?.plus(added)?
            }
            // Nothing is a warrant yet: as an award measures it, so that nothing moves.
            None if self.terms.warrant_of(id).is_some_and(|warrant| warrant.given.is_none()) => {
                let carried = self.carry(id, tranche, carry)?;
                return Ok(Way { begun: carried.clone(), reclassified: Value::ZERO, carried });
            }
            None => measured()?,
        };
        let (mut carried, mut reclassified) = (begun.clone(), Value::ZERO);
        for (turn, after) in carry.since() {
            let worth = match &turn.value {
                Some(value) => value.value(self.assumptions)?,
                None => measured()?,
            };
            let (before, after) = (self.owed(turn.before.as_ref()), self.owed(after));
            if before {
                carried = worth.clone();
            } else if after {
                reclassified = reclassified.plus(worth.clone().minus(carried)?)?;
                carried = worth;
            }
        }
        if self.owed(carry.word.as_ref()) {
            carried = match &carry.current {
                _ if carry.lapsed => Value::ZERO,
                Some(value) => value.value(self.assumptions)?,
                None => carried,
            };
        }
        Ok(Way { begun, reclassified, carried })
    }
}
