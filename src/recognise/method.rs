//! Measurement methods, by the standards' own names. Every method leaves a trace of what it read.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{AsBooked, Exact, Record};
use crate::num::{Fault, Number};
use crate::terms::{Assumptions, Method, Supply, SupplyId, Terms, Tranche, TrancheId, Value};

/// What methods read.
pub struct Methods<'m, A> {
    /// The contracts.
    pub terms: &'m Terms,
    /// Values of assumptions.
    pub assumptions: &'m A,
    /// The world as booked.
    pub booked: &'m AsBooked,
}

/// A band of purchases, in numbers.
struct Band {
    supply: SupplyId,
    from: Value,
    to: Value,
}

impl<A: Assumptions> Methods<'_, A> {
    /// A method of a tranche.
    ///
    /// # Errors
    /// Arithmetic.
    pub fn tranche<R: Record>(&self, method: Method, args: &[Arc<str>], id: TrancheId) -> Result<R, Fault> {
        let Some(tranche) = self.terms.tranches.get(id.index()) else { return Ok(R::leaf(|| "?", Exact::ZERO)) };
        let policy = args.first().map_or("", |arg| &**arg);
        match method {
            Method::Earned => self.earned(id, tranche, policy),
            Method::Probable => Ok(self.probable(id, tranche)?.1),
            Method::Vested => {
                let value = if self.booked.vested.contains_key(&id) { Exact::ONE } else { Exact::ZERO };
                Ok(R::leaf(|| format!("vested({})", tranche.path), value))
            }
            Method::Ahead => {
                let vested: R = self.tranche(Method::Vested, &[], id)?;
                let earned: R = self.earned(id, tranche, policy)?;
                let (_, probable) = self.probable::<R>(id, tranche)?;
                let counted = earned.value().clone().times(probable.value().clone())?;
                let value = if *vested.value() == Exact::ZERO {
                    Exact::ZERO
                } else {
                    vested.value().clone().minus(counted)?.max(Exact::ZERO)?
                };
                let label = || format!("ahead({}, {policy})", tranche.path);
                Ok(R::of(label, value, || None, [vested, earned, probable]))
            }
            Method::FairValue => {
                let value = Exact::from_value(&tranche.fair_value.value(self.assumptions)?)?;
                Ok(R::leaf(|| format!("fair_value({}, {policy})", tranche.path), value))
            }
            _ => Ok(R::leaf(|| "?", Exact::ZERO)),
        }
    }

    /// A method of a supply.
    ///
    /// # Errors
    /// Arithmetic.
    pub fn supply<R: Record>(&self, method: Method, args: &[Arc<str>], id: SupplyId) -> Result<R, Fault> {
        let Some(supply) = self.terms.supplies.get(id.index()) else { return Ok(R::leaf(|| "?", Exact::ZERO)) };
        match method {
            Method::InterestCost => return self.on_advances(id, supply, false),
            Method::InterestReleased => return self.on_advances(id, supply, true),
            Method::Discount => return self.on_arrears(id, supply, false),
            Method::DiscountEarned => return self.on_arrears(id, supply, true),
            // What the contract asks for is what it is worth, unless something says otherwise.
            Method::Allocation | Method::Priced | Method::Variable if !self.considered(id, supply) => {
                return Ok(R::leaf(|| "at the contract price", Exact::ZERO));
            }
            Method::Allocation => return self.allocation(id, supply),
            Method::Priced => return self.priced(id, supply),
            Method::Variable => return self.variable(id, supply),
            _ => {}
        }
        let (passed, enforceable) = self.enforceable(id, supply)?;
        match method {
            Method::Backlog if self.considered(id, supply) => {
                let label = || format!("backlog({})", supply.path);
                let Value::Known(known) = &enforceable else {
                    return Ok(R::leaf(label, Exact::from_value(&enforceable)?));
                };
                let value = if *known > passed || self.booked.signed.contains_key(&id) {
                    let live = !self.booked.ended.contains_key(&supply.contract);
                    if live { self.to_come(id, supply, *known)? } else { Exact::ZERO }
                } else {
                    Exact::ZERO
                };
                let note = || {
                    Some(
                        format!(
                            "enforceable {known} {unit} less {passed} {unit} transferred, at the transaction price",
                            unit = supply.unit
                        )
                        .into(),
                    )
                };
                Ok(R::of(label, value, note, []))
            }
            Method::Backlog => {
                let open = enforceable.clone().minus(Value::Known(passed))?.map(|n| Ok(n.clamp_zero()))?;
                let price = supply.price.value(self.assumptions)?;
                let value = Exact::from_value(&open)?.times(Exact::from_value(&price)?)?;
                let note = || {
                    let known = enforceable.known()?;
                    Some(
                        format!("enforceable {known} {unit} less {passed} {unit} transferred", unit = supply.unit)
                            .into(),
                    )
                };
                let label = || format!("backlog({})", supply.path);
                let quantity = R::leaf(|| "quantity", Exact::from_value(&open)?);
                Ok(R::of(label, value, note, [quantity, R::leaf(|| "price", Exact::from_value(&price)?)]))
            }
            _ => self.allocated(id, supply, args.first().map_or("", |a| &**a), passed, &enforceable),
        }
    }

    /// What has passed, and what can be enforced: ordered, or firm and definitive if that is more, and never less than
    /// what passed. Nothing beyond that before the contract is signed and once it has ended.
    fn enforceable(&self, id: SupplyId, supply: &Supply) -> Result<(Number, Value), Fault> {
        let booked = self.booked.supply(id);
        let signed = self.terms.contracts.get(supply.contract.index()).is_none_or(|c| c.signed.is_none())
            || self.booked.signed.contains_key(&id);
        if !signed || self.booked.ended.contains_key(&supply.contract) {
            return Ok((booked.transferred, Value::Known(booked.transferred)));
        }
        let firm = supply.firm(self.assumptions)?.plus(Value::Known(booked.added))?;
        Ok((booked.transferred, firm.map(|firm| Ok(firm.max(booked.ordered).max(booked.transferred)))?))
    }

    fn band(&self, tranche: &Tranche) -> Result<Option<Band>, Fault> {
        let band = self.terms.earning_band(tranche, self.assumptions)?;
        Ok(band.map(|(supply, from, to)| Band { supply, from, to }))
    }

    fn earned<R: Record>(&self, id: TrancheId, tranche: &Tranche, policy: &str) -> Result<R, Fault> {
        let label = || format!("earned({}, {policy})", tranche.path);
        let Some(mut band) = self.band(tranche)? else {
            // Nothing to earn it over: at once, when it vests.
            let vested = self.booked.vested.contains_key(&id);
            return Ok(R::leaf(label, if vested { Exact::ONE } else { Exact::ZERO }));
        };
        if policy == "single_pool" {
            band = Band { from: Value::ZERO, to: self.pool(band.supply, &band.to)?, ..band };
        }
        let passed = self.booked.supply(band.supply).transferred;
        let note = || {
            let unit = self.terms.supplies.get(band.supply.index()).map_or_else(String::new, |s| s.unit.to_string());
            let (from, to) = band.from.known().zip(band.to.known())?;
            Some(format!("band {from} to {to} {unit}, recognised {passed} {unit}").into())
        };
        Ok(R::of(label, part(passed, &band.from, &band.to)?, note, []))
    }

    /// Expected purchases of a single pool: the last threshold among probable tranches of the supply.
    fn pool(&self, supply: SupplyId, own: &Value) -> Result<Value, Fault> {
        let mut expected = own.clone();
        for id in self.terms.earned_by(supply) {
            let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
            if tranche.band.as_ref().is_some_and(|b| b.supply == supply)
                && self.probable::<Exact>(id, tranche)?.0
                && let Some(band) = self.band(tranche)?
            {
                expected = expected.join(band.to, |a, b| Ok(a.max(b)))?;
            }
        }
        Ok(expected)
    }

    /// Whether the performance condition is met or judged probable, and why.
    fn probable<R: Record>(&self, id: TrancheId, tranche: &Tranche) -> Result<(bool, R), Fault> {
        let met = match self.band(tranche)? {
            _ if !tranche.hangs_on_purchases() => Some("no performance condition"),
            Some(band) if band.to.known().is_some_and(|to| self.booked.supply(band.supply).transferred >= to) => {
                Some("performance condition met")
            }
            _ if self.booked.vested.contains_key(&id) => Some("vested"),
            _ => None,
        };
        let judged = self.booked.probable.get(&id).copied();
        let (yes, why) = match (met, judged) {
            // Cost waits for the promise, the later of the two (ASC 606-10-32-27).
            _ if !self.booked.granted.contains_key(&id) => (false, "not granted yet"),
            (Some(why), _) => (true, why),
            (None, _) if self.booked.failed.contains_key(&id) => {
                (false, "lapsed before its performance condition was met")
            }
            (None, Some(true)) => (true, "judged probable"),
            (None, Some(false)) => (false, "judged not probable"),
            (None, None) => (false, "no judgement"),
        };
        let value = if yes { Exact::ONE } else { Exact::ZERO };
        Ok((yes, R::of(|| format!("probable({})", tranche.path), value, || Some(why.into()), [])))
    }

    fn allocated<R: Record>(
        &self,
        id: SupplyId,
        supply: &Supply,
        policy: &str,
        passed: Number,
        enforceable: &Value,
    ) -> Result<R, Fault> {
        let mut total = Exact::ZERO;
        let mut parts = Vec::new();
        // A tranche without a band may be earned over any supply of its contract.
        let own = self.terms.tranches_of(supply.contract).iter().copied();
        let tranches: BTreeSet<TrancheId> = self.terms.earned_by(id).chain(own).collect();
        for tranche_id in tranches {
            let Some(tranche) = self.terms.tranches.get(tranche_id.index()) else { continue };
            let Some(mut band) = self.band(tranche)?.filter(|band| band.supply == id) else { continue };
            if !self.probable::<Exact>(tranche_id, tranche)?.0 {
                continue;
            }
            if policy == "single_pool" {
                band = Band { from: Value::ZERO, to: self.pool(id, &band.to)?, ..band };
            }
            let reach = match enforceable {
                Value::Known(end) => part(*end, &band.from, &band.to)?,
                Value::Missing(names) => Exact::Missing(names.clone()),
            };
            let open = reach.minus(part(passed, &band.from, &band.to)?)?;
            let cost =
                Exact::of(tranche.size)?.times(Exact::from_value(&tranche.fair_value.value(self.assumptions)?)?)?;
            let value = open.times(cost)?;
            total = total.plus(value.clone())?;
            if value != Exact::ZERO {
                parts.push((tranche.path.clone(), value));
            }
        }
        Ok(R::sum(|| format!("allocated({}, {policy})", supply.path), total, parts))
    }
}

/// The part of a band that a cumulative quantity covers, 0 to 1: clamp(q − from, 0, to − from) / (to − from).
fn part(quantity: Number, from: &Value, to: &Value) -> Result<Exact, Fault> {
    let width = to.clone().minus(from.clone())?;
    let covered = from.clone().map(|from| Ok(quantity.minus(from)?.clamp_zero()))?;
    match covered.join(width.clone(), |covered, width| Ok(covered.min(width)))? {
        Value::Known(covered) => match width.known().filter(|w| w.is_positive()) {
            Some(width) => crate::num::Ratio::new(covered, width).map(Exact::Known),
            None => Ok(Exact::ZERO),
        },
        Value::Missing(names) => Ok(Exact::Missing(names)),
    }
}
