//! Prices that modifications set: for which units, and which payment terms bear them.

use super::consideration::PARTS;
use super::{Engine, SupplyState};
use crate::num::{self, Number};
use crate::terms::{Supply, Value};

/// Units whose price a modification sets or changes: those after `from` up to `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceStep {
    /// After so many.
    pub from: Number,
    /// Up to so many.
    pub to: Number,
    /// Their price together; a surcharge on the price they have, if nothing was added.
    pub amount: Number,
    /// The units were added: they have no other price.
    pub added: bool,
    /// Which share of the amount each payment term bears, where some had billed all of the units before.
    pub borne: Option<Vec<Number>>,
}

impl SupplyState {
    /// The price of the first so many units, unrounded, where the contract says so much a unit.
    ///
    /// # Errors
    /// Overflow.
    pub fn cumulative(&self, price: Value, quantity: Number) -> Result<Value, num::Fault> {
        self.cumulative_of(price, quantity, None)
    }

    /// As [`SupplyState::cumulative`], or the share of it that a payment term bills.
    ///
    /// # Errors
    /// Overflow.
    pub fn cumulative_of(
        &self,
        price: Value,
        quantity: Number,
        term: Option<(usize, Number)>,
    ) -> Result<Value, num::Fault> {
        let share = term.map_or(Number::ONE, |(_, share)| share);
        let (mut base, mut steps) = (quantity, Number::ZERO);
        for step in &self.steps {
            let width = step.to.minus(step.from)?;
            let inside = quantity.minus(step.from)?.clamp_zero().min(width);
            if inside.is_zero() {
                continue;
            }
            if step.added {
                base = base.minus(inside)?;
            }
            let borne = term.and_then(|(term, _)| step.borne.as_ref().and_then(|borne| borne.get(term)).copied());
            let part = if inside == width { step.amount } else { step.amount.ratio_of(inside, width, PARTS)? };
            steps = steps.plus(part.times(borne.unwrap_or(share))?)?;
        }
        Value::Known(base).times(price)?.map(|base| base.times(share)?.plus(steps))
    }
}

impl Engine<'_> {
    /// The price of units that a modification takes out; or why it cannot: they have passed or were billed.
    pub(super) fn left_out(
        &self,
        supply: &Supply,
        state: &SupplyState,
        (to, end): (Number, Number),
    ) -> Result<Result<Number, String>, num::Fault> {
        let billed = state.billed.iter().copied().max().unwrap_or_default();
        let kept = billed.max(state.transferred).max(state.delivered);
        if to < kept {
            let (to, kept, unit) = (to.grouped(), kept.grouped(), &supply.unit);
            return Ok(Err(format!("{to} {unit} would be left, {kept} {unit} were billed or have passed")));
        }
        let gone = self.slice(supply, state, None, (to, end))?;
        Ok(gone.known().ok_or_else(|| "the price is undisclosed".to_owned()))
    }
}

/// How much of a supply was billed under the payment terms that still have something to bill up to a quantity; and, where
/// others have billed all of it, which share of a changed price each term bears: a deposit stays as it was billed.
pub(super) fn open_terms(
    supply: &Supply,
    state: &SupplyState,
    to: Number,
) -> Result<(Number, Option<Vec<Number>>), num::Fault> {
    let billed = |term: usize| state.billed.get(term).copied().unwrap_or_default();
    let open: Vec<bool> = (0..supply.pays.len()).map(|term| billed(term) < to).collect();
    let most = |all: bool| {
        let terms = open.iter().enumerate().filter(|(_, open)| all || **open);
        terms.map(|(term, _)| billed(term)).max().unwrap_or_default()
    };
    let some = open.contains(&true) && open.contains(&false);
    if !some {
        return Ok((most(true), None));
    }
    let rest = Number::sum(supply.pays.iter().zip(&open).filter(|(_, open)| **open).map(|(pays, _)| pays.share))?;
    let share = |(pays, open): (&crate::terms::Pays, &bool)| match open {
        true => pays.share.over(rest, PARTS),
        false => Ok(Number::ZERO),
    };
    Ok((most(false), Some(supply.pays.iter().zip(&open).map(share).collect::<Result<_, _>>()?)))
}
