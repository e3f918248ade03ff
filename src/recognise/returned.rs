//! What a seller is to give back of what it was paid, or need not (ASC 606-10-32-10; 606-10-25-7).

use super::method::Methods;
use super::{Exact, Record};
use crate::engine::Act;
use crate::num::{Fault, Number};
use crate::terms::{Assumptions, Supply, SupplyId};

/// Money of a supply beside its price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    /// Paid, for supplies with variable amounts.
    pub paid: Number,
    /// Given back so far.
    pub refunded: Number,
}

impl<A: Assumptions> Methods<'_, A> {
    /// `given_back(s, WORD)`. `paid`: what was given back. `expected`: what is expected to be, of what was paid: variable
    /// amounts below zero, as far as they are earned. Once the contract has ended: `refundable` and `nonrefundable`, what is
    /// left of payments above what has passed, as it was judged, and `deposit`, that of what is no contract to account for.
    pub(super) fn given_back<R: Record>(&self, id: SupplyId, supply: &Supply, word: &str) -> Result<R, Fault> {
        let label = || format!("given_back({}, {word})", supply.path);
        let returned = self.booked.returned.get(&id).copied().unwrap_or_default();
        if word == "paid" {
            return Ok(R::leaf(label, Exact::of(returned.refunded)?));
        }
        let expected = self.to_give_back(id, supply, returned.paid)?;
        if word == "expected" {
            return Ok(R::leaf(label, expected));
        }
        let fate = self.booked.found.get(&id).and_then(|found| found.fate);
        let ended = self.booked.ended.contains_key(&supply.contract);
        let Some((back, paid, open)) = fate.filter(|_| ended) else { return Ok(R::leaf(label, Exact::ZERO)) };
        // What a contract that failed the test of collectability was paid stands as a deposit, beside what came before.
        let mut deposits = if supply.binds() { Number::ZERO } else { paid };
        for (_, waiting) in self.booked.doubtful.get(&supply.contract).iter().flat_map(|doubtful| &doubtful.waiting) {
            if let Act::Paid { supply: of, amount, .. } = &waiting.act
                && *of == id
            {
                deposits = deposits.plus(*amount)?;
            }
        }
        let whole = match (word, back) {
            ("deposit", false) => return Ok(R::leaf(label, Exact::of(deposits)?)),
            _ if !deposits.is_zero() => Number::ZERO,
            ("refundable", true) => paid,
            ("nonrefundable", false) => paid.plus(open)?,
            _ => Number::ZERO,
        };
        if whole.is_zero() {
            return Ok(R::leaf(label, Exact::ZERO));
        }
        let passed: R = self.passed(id, supply)?;
        let used = passed.value().clone().plus(expected)?;
        let left = Exact::of(whole)?.minus(used)?.max(Exact::ZERO)?;
        let note = || Some(format!("of {} paid, or billed and not to be given back", whole.grouped()).into());
        Ok(R::of(label, left, note, [passed]))
    }

    /// Variable amounts below zero, as far as what has passed earned them and was paid for; of what is not yet, the
    /// customer keeps them back itself.
    fn to_give_back(&self, id: SupplyId, supply: &Supply, paid: Number) -> Result<Exact, Fault> {
        if !self.booked.estimates.contains_key(&id) {
            return Ok(Exact::ZERO);
        }
        let parts = match self.variable_parts(id, supply)? {
            Ok(parts) => parts,
            Err(missing) => return Ok(missing),
        };
        let below = Number::sum(parts.iter().map(|(_, _, earned)| earned.neg().clamp_zero()))?;
        let unpaid = self.booked.supply(id).priced.minus(paid)?.clamp_zero();
        Exact::of(below.minus(unpaid)?.clamp_zero())
    }
}
