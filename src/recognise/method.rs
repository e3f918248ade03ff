//! Measurement methods, by the standards' own names. Every method leaves a trace of what it read.

use std::sync::Arc;

use super::{AsBooked, Exact, Record};
use crate::num::{Fault, Number, Ratio};
use crate::terms::{Assumptions, Book, Method, Supply, SupplyId, Terms, Tranche, TrancheId, Value};

/// What methods read.
pub struct Methods<'m, A> {
    /// The contracts.
    pub terms: &'m Terms,
    /// Values of assumptions.
    pub assumptions: &'m A,
    /// The world as booked.
    pub booked: &'m AsBooked,
    /// The book.
    pub book: &'m Book,
    /// What purchases that a tranche waits for are taken for: the policy `purchases`, if the book has one.
    pub purchases: &'m str,
}

/// A band of purchases, in numbers.
pub(super) struct Band {
    pub(super) supply: SupplyId,
    pub(super) from: Value,
    pub(super) to: Value,
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
            Method::Probable => Ok(self.probable(id, tranche, policy)?.1),
            Method::Vested => {
                // Where a holder recognises what it is granted before it vests.
                let early = policy == "at_grant"
                    && self.booked.granted.contains_key(&id)
                    && !self.booked.failed.contains_key(&id);
                let value =
                    if early || self.booked.vested.contains_key(&id) { Exact::ONE } else { self.part_vested(id) };
                Ok(R::leaf(|| format!("vested({})", tranche.path), value))
            }
            Method::Kept => {
                let kept = self.booked.kept.get(&id).copied().map_or(Exact::ONE, Exact::Known);
                Ok(R::leaf(|| format!("kept({})", tranche.path), kept))
            }
            Method::Ahead => {
                let vested: R = self.tranche(Method::Vested, &[], id)?;
                let earned: R = self.earned(id, tranche, policy)?;
                let conditions = args.get(1).map_or("", |arg| &**arg);
                let (_, probable) = self.probable::<R>(id, tranche, conditions)?;
                let counted = earned.value().clone().times(probable.value().clone())?;
                let value = if *vested.value() == Exact::ZERO {
                    Exact::ZERO
                } else {
                    vested.value().clone().minus(counted)?.max(Exact::ZERO)?
                };
                let label = || format!("ahead({}, {policy})", tranche.path);
                Ok(R::of(label, value, || None, [vested, earned, probable]))
            }
            Method::FairValue => self.fair_value(id, tranche, policy, args.get(1..).unwrap_or_default()),
            Method::Increment => self.increment(id, tranche, args),
            Method::Turned => self.turned(id, tranche),
            Method::FeeDrawn | Method::FeeExpired | Method::Amortised | Method::Extinguished => {
                self.debt(method, id, tranche, policy)
            }
            Method::Outstanding => self.outstanding(id, tranche),
            Method::Given | Method::Proceeds | Method::Commitment | Method::Judged => {
                self.given(method, id, tranche, policy)
            }
            Method::StoodReady
            | Method::Released
            | Method::ForCustomer
            | Method::Uncompensated
            | Method::FeePaid
            | Method::Exposure => self.guaranteed(method, id, tranche, policy),
            Method::PresentValue | Method::LeaseInterest | Method::Elapsed | Method::RentAhead | Method::Rent => {
                self.leased(method, id, tranche)
            }
            Method::ReceivedAs => self.received_as(id, tranche, policy),
            Method::Remeasured => self.outside(id, tranche, policy, "remeasured"),
            Method::Reclassified => self.outside(id, tranche, policy, "reclassified"),
            Method::Excess => self.excess(id, tranche),
            Method::Market => self.market(id, tranche),
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
            Method::LetOut => return self.let_out(id, supply, args),
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
            Method::Passed => return self.passed(id, supply),
            Method::Variable => return self.variable(id, supply),
            Method::GivenBack => return self.given_back(id, supply, args.first().map_or("", |word| &**word)),
            Method::Exercised | Method::Forfeited => return self.unused(method, id, supply, args),
            _ => {}
        }
        let (passed, enforceable) = self.enforceable(id, supply)?;
        match method {
            Method::Left => {
                let open = enforceable.clone().minus(Value::Known(passed))?.map(|n| Ok(n.clamp_zero()))?;
                let value = match (open.known(), enforceable.known()) {
                    (Some(_), Some(all)) if all.is_zero() => Exact::ZERO,
                    (Some(open), Some(all)) => Exact::Known(Ratio::new(open, all)?),
                    _ => Exact::from_value(&open)?,
                };
                let note = || {
                    let (open, all) = open.known().zip(enforceable.known())?;
                    Some(format!("{open} of {all} {}", supply.unit).into())
                };
                Ok(R::of(|| format!("left({})", supply.path), value, note, []))
            }
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
            _ => self.allocated(id, supply, args, passed, &enforceable),
        }
    }

    /// What has passed, and what can be enforced: ordered, firm and definitive, or bound by minimums, whichever is most, and
    /// never less than what passed. Nothing beyond that before the contract is signed and once it has ended.
    fn enforceable(&self, id: SupplyId, supply: &Supply) -> Result<(Number, Value), Fault> {
        let booked = self.booked.supply(id);
        let signed = self.terms.contracts.get(supply.contract.index()).is_none_or(|c| c.signed.is_none())
            || self.booked.signed.contains_key(&id);
        // Nor while the customer may not pay: there is no contract to account for.
        let doubtful = self.booked.doubtful.contains_key(&supply.contract);
        if !signed || doubtful || self.booked.ended.contains_key(&supply.contract) {
            return Ok((booked.transferred, Value::Known(booked.transferred)));
        }
        let firm = supply.firm(self.assumptions)?.plus(Value::Known(booked.added))?;
        let bound = self.booked.bound(id, supply, self.assumptions)?;
        let all = firm.join(bound, |firm, bound| Ok(firm.max(bound).max(booked.ordered).max(booked.transferred)))?;
        Ok((booked.transferred, all))
    }

    /// The purchases that earn a tranche, as now expected; after a modification that replaced its value those that
    /// were left then.
    pub(super) fn band(&self, id: TrancheId, tranche: &Tranche) -> Result<Option<Band>, Fault> {
        let Some((supply, from, to)) = self.terms.earning_band(tranche, self.assumptions)? else { return Ok(None) };
        let award = self.award(id);
        let to = match award.and_then(|award| award.expected.as_ref()) {
            Some(expected) => expected.value(self.assumptions)?,
            None => to,
        };
        let from = match award.and_then(super::Award::restart) {
            Some(restart) => from.map(|from| Ok(from.max(restart)))?,
            None => from,
        };
        Ok(Some(Band { supply, from, to }))
    }

    /// The share that the purchases after a quantity have earned, 0 to 1; at once where none are left.
    pub(super) fn earned_since(
        &self,
        id: TrancheId,
        tranche: &Tranche,
        policy: &str,
        since: Option<Number>,
        passed: Number,
    ) -> Result<Exact, Fault> {
        let Some(mut band) = self.band(id, tranche)? else {
            let vested = self.booked.vested.contains_key(&id) || self.booked.part.contains_key(&id);
            return Ok(if vested { Exact::ONE } else { Exact::ZERO });
        };
        if policy == "single_pool" {
            band = self.pooled(id, band)?;
        }
        let from = band.from.map(|from| Ok(since.map_or(from, |since| from.max(since))))?;
        if from.known().zip(band.to.known()).is_some_and(|(from, to)| from >= to) {
            return Ok(if passed >= from.known().unwrap_or_default() { Exact::ONE } else { Exact::ZERO });
        }
        part(passed, &from, &band.to)
    }

    /// A band in the single pool: from nothing, or from where it was measured anew, to the last threshold.
    pub(super) fn pooled(&self, id: TrancheId, band: Band) -> Result<Band, Fault> {
        let from = self.award(id).and_then(super::Award::restart).unwrap_or_default();
        Ok(Band { from: Value::Known(from), to: self.pool(band.supply, &band.to)?, ..band })
    }

    fn earned<R: Record>(&self, id: TrancheId, tranche: &Tranche, policy: &str) -> Result<R, Fault> {
        let label = || format!("earned({}, {policy})", tranche.path);
        // What was not yet recognised of an award taken back by agreement is recognised then (ASC 718-20-35-9).
        if self.booked.cancelled.contains_key(&id) {
            return Ok(R::of(label, Exact::ONE, || Some("cancelled".into()), []));
        }
        let Some(mut band) = self.band(id, tranche)? else {
            // Nothing to earn it over: at once, when it vests.
            let vested = self.booked.vested.contains_key(&id) || self.booked.part.contains_key(&id);
            return Ok(R::leaf(label, if vested { Exact::ONE } else { Exact::ZERO }));
        };
        if policy == "single_pool" {
            band = self.pooled(id, band)?;
        }
        let passed = self.booked.purchased(self.terms, id);
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
                && self.probable::<Exact>(id, tranche, self.purchases)?.0
                && let Some(band) = self.band(id, tranche)?
            {
                expected = expected.join(band.to, |a, b| Ok(a.max(b)))?;
            }
        }
        Ok(expected)
    }

    /// Why the performance condition is met, if it is.
    fn met(&self, id: TrancheId, tranche: &Tranche) -> Result<Option<&'static str>, Fault> {
        let band = self.terms.earning_band(tranche, self.assumptions)?;
        // What is bought after it lapsed does not bring it back.
        let passed = |(_, _, to): &(SupplyId, Value, Value)| {
            let passed = self.booked.failed.get(&id).copied();
            let passed = passed.unwrap_or_else(|| self.booked.purchased(self.terms, id));
            to.known().is_some_and(|to| passed >= to)
        };
        Ok(match band {
            _ if !tranche.hangs_on_purchases() => Some("no performance condition"),
            Some(band) if passed(&band) => Some("performance condition met"),
            _ if self.booked.vested.contains_key(&id) && !tranche.vests_by_market() => Some("vested"),
            _ => None,
        })
    }

    /// Whether the purchases are expected: made, or judged probable and not too late.
    pub(super) fn expects(&self, id: TrancheId, tranche: &Tranche) -> Result<bool, Fault> {
        let judged = self.booked.probable.get(&id).copied().unwrap_or_default();
        Ok(self.met(id, tranche)?.is_some() || judged && !self.booked.failed.contains_key(&id))
    }

    /// Whether cost is recognised, and why: the performance condition is met or judged probable, or stands beside
    /// another way to vest, or is taken for a condition of service.
    pub(super) fn probable<R: Record>(
        &self,
        id: TrancheId,
        tranche: &Tranche,
        conditions: &str,
    ) -> Result<(bool, R), Fault> {
        let judged = self.booked.probable.get(&id).copied();
        let (yes, why) = match (self.met(id, tranche)?, judged) {
            // Cost waits for the promise, the later of the two (ASC 606-10-32-27).
            _ if !self.booked.granted.contains_key(&id) => (false, "not granted yet"),
            (Some(why), _) => (true, why),
            // It is in the value once and for all, and nothing is trued up (IFRS 2.21A).
            _ if conditions == "non_vesting_condition" => (true, "a non-vesting condition, in the value"),
            (None, _) if tranche.vests_by_market() => (true, "may vest without the purchases"),
            (None, _) if self.booked.failed.contains_key(&id) => {
                (false, "lapsed before its performance condition was met")
            }
            (None, _) if conditions == "service_condition" => (true, "a condition of service, not yet forfeited"),
            (None, Some(true)) => (true, "judged probable"),
            (None, Some(false)) => (false, "judged not probable"),
            (None, None) => (false, "no judgement"),
        };
        // What has vested is certain, whatever becomes of the rest.
        let value = if yes { Exact::ONE } else { self.part_vested(id) };
        Ok((yes, R::of(|| format!("probable({})", tranche.path), value, || Some(why.into()), [])))
    }

    /// The share vested of a tranche of which only a part has.
    fn part_vested(&self, id: TrancheId) -> Exact {
        self.booked.part.get(&id).copied().map_or(Exact::ZERO, Exact::Known)
    }
}

/// The part of a band that a cumulative quantity covers, 0 to 1: clamp(q − from, 0, to − from) / (to − from).
pub(super) fn part(quantity: Number, from: &Value, to: &Value) -> Result<Exact, Fault> {
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
