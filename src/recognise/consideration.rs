//! The transaction price: allocated to what is promised, changed by modifications and by variable amounts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::method::Methods;
use super::{AsBooked, Exact, Record, SupplyBooked};
use crate::ledger::Table;
use crate::num::{Fault, Number, Rounding, Unit, allocate_weighted};
use crate::terms::{Assumptions, Supply, SupplyId, Treatment, Value, VariableId};

/// A modification as a book learned it, with what had passed by then.
#[derive(Clone, Debug)]
pub struct Modification {
    /// Of which supply.
    pub supply: SupplyId,
    /// Added to it.
    pub quantity: Number,
    /// Added to its price.
    pub amount: Number,
    /// How it is accounted for.
    pub treatment: Treatment,
    /// All supplies just before.
    pub before: Table<SupplyId, SupplyBooked>,
}

/// What is included of the variable amounts of a supply.
pub type Included = BTreeMap<VariableId, Number>;

/// A variable amount by name: what is allocated to a supply, and what of it is earned.
type Part = (Arc<str>, Number, Number);

/// A promise in the transaction price: a quantity, and what is allocated to it.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    id: SupplyId,
    /// An option to buy more, not what is supplied: of how many units, and whether it has ended.
    right: Option<(Number, bool)>,
    /// The quantity it ends at.
    end: Number,
    /// Of one unit, by itself.
    alone: Number,
    /// What the contract asks for the quantity.
    asked: Number,
    /// Where the last modification began again: quantity and revenue.
    base: (Number, Number),
    /// Revenue when all has passed.
    total: Number,
    /// Quantity and price of contracts of their own.
    separate: (Number, Number),
}

impl Promise {
    /// Revenue for what has passed: even over the units, and at the contract price beyond them.
    fn revenue(&self, passed: SupplyBooked, rounding: Rounding) -> Result<Number, Fault> {
        if let Some((firm, ended)) = self.right {
            // Earned with the units bought under it, and all of what is left when it ends.
            let used = passed.transferred.minus(firm)?.clamp_zero();
            let (quantity, revenue) = self.base;
            if ended || used >= self.end {
                return Ok(self.total);
            }
            let (done, width) = (used.minus(quantity)?.clamp_zero(), self.end.minus(quantity)?);
            return revenue.plus(self.total.minus(revenue)?.ratio_of(done, width, rounding)?);
        }
        if passed.transferred >= self.end {
            return self.total.plus(passed.priced.minus(self.asked)?);
        }
        let (quantity, revenue) = self.base;
        let (done, width) = (passed.transferred.minus(quantity)?, self.end.minus(quantity)?);
        revenue.plus(self.total.minus(revenue)?.ratio_of(done, width, rounding)?)
    }
}

impl<A: Assumptions> Methods<'_, A> {
    /// Rounding to the minor unit of a supply's currency.
    fn cents(supply: &Supply) -> Rounding {
        Rounding { places: Unit::of(&supply.currency).precision().unwrap_or(2), ..Rounding::CENTS }
    }

    /// Whether the transaction price of a supply is more than its quantity at the contract price.
    pub(super) fn considered(&self, id: SupplyId, supply: &Supply) -> bool {
        let allocated = self.grouped(supply);
        let modified = || self.booked.modified.contains_key(&supply.contract);
        allocated || modified() || self.booked.estimates.contains_key(&id)
    }

    /// Whether a stand-alone price or a material right is stated in the contract of a supply: then its promises share one price.
    fn grouped(&self, supply: &Supply) -> bool {
        let mut members = self.terms.supplies_of(supply.contract).iter();
        members.any(|id| self.terms.supplies.get(id.index()).is_some_and(|s| s.alone.is_some() || s.right.is_some()))
    }

    /// The promises that share a price with a supply, that one included; the terms that are missing otherwise.
    fn promises(&self, id: SupplyId, supply: &Supply) -> Result<Result<Vec<Promise>, Exact>, Fault> {
        let grouped = self.grouped(supply);
        let members = self.terms.supplies_of(supply.contract).iter().copied().filter(|m| grouped || *m == id);
        let mut promises = Vec::new();
        for id in members {
            let Some(member) = self.terms.supplies.get(id.index()) else { continue };
            let (firm, price) = (member.firm(self.assumptions)?, member.price.value(self.assumptions)?);
            let alone = member.alone.as_ref().map_or(Ok(price.clone()), |alone| alone.value(self.assumptions))?;
            let all = firm.clone().join(price.clone(), |a, _| Ok(a))?.join(alone.clone(), |a, _| Ok(a))?;
            let (Some(end), Some(price), Some(alone)) = (firm.known(), price.known(), alone.known()) else {
                return Ok(Err(Exact::from_value(&all)?));
            };
            let asked = end.times(price)?.round(Self::cents(member));
            let nothing = (Number::ZERO, Number::ZERO);
            let right = None;
            promises.push(Promise { id, right, end, alone, asked, base: nothing, total: asked, separate: nothing });
            if let Some(right) = &member.right {
                let (alone, optional) = (right.alone.value(self.assumptions)?, member.optional(self.assumptions)?);
                let both = alone.clone().join(optional.clone(), |a, _| Ok(a))?;
                let (Some(alone), Some(optional)) = (alone.known(), optional.known()) else {
                    return Ok(Err(Exact::from_value(&both)?));
                };
                let right = Some((end, self.booked.rights_over.contains_key(&id)));
                let (asked, base) = (Number::ZERO, nothing);
                promises.push(Promise { id, right, end: optional, alone, asked, base, total: asked, separate: base });
            }
        }
        let rounding = Self::cents(supply);
        share(&mut promises, Number::ZERO, rounding)?;
        let modified = self.booked.modified.get(&supply.contract).cloned().unwrap_or_default();
        for change in modified.iter() {
            modify(&mut promises, change, rounding)?;
        }
        Ok(Ok(promises))
    }

    /// What has passed of a supply, as booked, at the transaction price allocated to it.
    pub(super) fn allocation<R: Record>(&self, id: SupplyId, supply: &Supply) -> Result<R, Fault> {
        let label = || format!("allocation({})", supply.path);
        let booked = self.booked.supply(id);
        let promises = match self.promises(id, supply)? {
            Ok(promises) => promises,
            Err(missing) => return Ok(R::leaf(label, missing)),
        };
        let Some(own) = promises.iter().find(|p| p.id == id && p.right.is_none()) else {
            return Ok(R::leaf(label, Exact::ZERO));
        };
        let right = promises.iter().find(|p| p.id == id && p.right.is_some());
        let mut revenue = own.revenue(booked, Self::cents(supply))?;
        if let Some(right) = right {
            revenue = revenue.plus(right.revenue(booked, Self::cents(supply))?)?;
        }
        let note = || {
            let all = Number::sum(promises.iter().map(|p| p.total)).ok()?.grouped();
            let (total, end, done) = (own.total.grouped(), own.end.grouped(), booked.transferred.grouped());
            let unit = &supply.unit;
            let since = match own.base {
                (quantity, _) if quantity.is_zero() => String::new(),
                (quantity, revenue) => {
                    format!(
                        "; {} for the first {} {unit}, before a modification",
                        revenue.grouped(),
                        quantity.grouped()
                    )
                }
            };
            let right = match right {
                Some(right) => {
                    format!("; {} for the right to buy {} {unit} more", right.total.grouped(), right.end.grouped())
                }
                None => String::new(),
            };
            Some(format!("{total} of {all} for {end} {unit}, {done} {unit} passed{since}{right}").into())
        };
        Ok(R::of(label, Exact::of(revenue)?, note, []))
    }

    /// What has passed of a supply, as booked, at the contract price.
    pub(super) fn priced<R: Record>(&self, id: SupplyId, supply: &Supply) -> Result<R, Fault> {
        let label = || format!("priced({})", supply.path);
        let booked = self.booked.supply(id);
        let value = match supply.price.value(self.assumptions)? {
            Value::Known(_) => Exact::of(booked.priced)?,
            missing @ Value::Missing(_) => Exact::from_value(&missing)?,
        };
        Ok(R::leaf(label, value))
    }

    /// What has passed of a supply, as booked, at the transaction price, with the variable amounts earned.
    pub(super) fn passed<R: Record>(&self, id: SupplyId, supply: &Supply) -> Result<R, Fault> {
        let label = || format!("passed({})", supply.path);
        if !self.considered(id, supply) {
            let priced: R = self.priced(id, supply)?;
            return Ok(R::leaf(label, priced.value().clone()));
        }
        let (allocated, variable): (R, R) = (self.allocation(id, supply)?, self.variable(id, supply)?);
        let value = allocated.value().clone().plus(variable.value().clone())?;
        Ok(R::of(label, value, || None, [allocated, variable]))
    }

    /// Variable amounts of a supply: all, and the part earned by what has passed.
    pub(super) fn variable_parts(&self, id: SupplyId, supply: &Supply) -> Result<Result<Vec<Part>, Exact>, Fault> {
        let mut parts = Vec::new();
        let Some(included) = self.booked.estimates.get(&id) else { return Ok(Ok(parts)) };
        let promises = match self.promises(id, supply)? {
            Ok(promises) => promises,
            Err(missing) => return Ok(Err(missing)),
        };
        let booked = self.booked.supply(id);
        for (variable, amount) in included.iter() {
            let settled = self.booked.settled.contains_key(variable);
            let Some(variable) = self.terms.variables.get(variable.index()) else { continue };
            let mut weights = Vec::new();
            for member in &variable.supplies {
                let weight = match promises.iter().find(|p| p.id == *member && p.right.is_none()) {
                    Some(promise) => promise.end.minus(self.added_later(*member, supply)?)?.times(promise.alone)?,
                    None => self.weight(*member)?,
                };
                weights.push((*member, weight));
            }
            let places = Self::cents(supply);
            let known: Vec<Number> = weights.iter().map(|(_, weight)| *weight).collect();
            let shares = match Number::sum(known.iter().copied())?.is_zero() {
                // Nothing is firm: it belongs to what is ordered, in equal parts.
                true => allocate_weighted(*amount, &vec![Number::ONE; known.len()], places.places)?,
                false => allocate_weighted(*amount, &known, places.places)?,
            };
            let own = weights.iter().position(|(member, _)| *member == id).and_then(|at| shares.get(at)).copied();
            let share = own.unwrap_or_default();
            let promise = promises.iter().find(|p| p.id == id && p.right.is_none());
            let end = promise.map_or(Number::ZERO, |p| p.end).max(booked.ordered).max(booked.transferred);
            let earned = match settled {
                true => share,
                false => self.earned_of(share, id, supply, end, booked.transferred, places)?,
            };
            parts.push((variable.path.clone(), share, earned));
        }
        Ok(Ok(parts))
    }

    /// Prospective changes of a supply, each with what had passed by then.
    fn prospective(&self, id: SupplyId, supply: &Supply) -> Vec<(Number, Number)> {
        let modified = self.booked.modified.get(&supply.contract).cloned().unwrap_or_default();
        let own = modified.iter().filter(|m| m.supply == id && m.treatment == Treatment::Prospectively);
        own.map(|m| (m.quantity, m.before.get(&id).copied().unwrap_or_default().transferred)).collect()
    }

    /// What prospective changes added to a supply: variable amounts were promised for what there was before (606-10-32-45).
    fn added_later(&self, id: SupplyId, supply: &Supply) -> Result<Number, Fault> {
        Number::sum(self.prospective(id, supply).into_iter().map(|(added, _)| added))
    }

    /// What of a variable amount is earned: up to each prospective change by what had passed, the rest over what was left with it.
    fn earned_of(
        &self,
        share: Number,
        id: SupplyId,
        supply: &Supply,
        end: Number,
        passed: Number,
        rounding: Rounding,
    ) -> Result<Number, Fault> {
        let (mut from, mut to, mut earned) = (Number::ZERO, end.minus(self.added_later(id, supply)?)?, Number::ZERO);
        let changes = self.prospective(id, supply).into_iter().chain([(Number::ZERO, passed)]);
        for (added, so_far) in changes {
            let (done, width) = (so_far.min(to).minus(from)?.clamp_zero(), to.minus(from)?);
            if width.is_positive() {
                earned = earned.plus(share.minus(earned)?.ratio_of(done, width, rounding)?)?;
            }
            from = from.plus(done)?;
            to = to.plus(added)?;
        }
        Ok(earned)
    }

    /// What the firm quantity of a supply sells for by itself, as far as it is known.
    fn weight(&self, id: SupplyId) -> Result<Number, Fault> {
        let Some(supply) = self.terms.supplies.get(id.index()) else { return Ok(Number::ZERO) };
        let price = supply.alone.as_ref().unwrap_or(&supply.price).value(self.assumptions)?;
        let whole = supply.firm(self.assumptions)?.times(price)?;
        Ok(whole.known().unwrap_or_default())
    }

    /// The part of the variable amounts that what has passed earned, as far as the constraint lets them in.
    pub(super) fn variable<R: Record>(&self, id: SupplyId, supply: &Supply) -> Result<R, Fault> {
        let label = || format!("variable({})", supply.path);
        let parts = match self.variable_parts(id, supply)? {
            Ok(parts) => parts,
            Err(missing) => return Ok(R::leaf(label, missing)),
        };
        let total = Number::sum(parts.iter().map(|(_, _, earned)| *earned))?;
        let mut named = Vec::new();
        for (path, share, earned) in parts {
            named.push((format!("{path}: earned of {}", share.grouped()).into(), Exact::of(earned)?));
        }
        Ok(R::sum(label, Exact::of(total)?, named))
    }

    /// What is still to come of the transaction price, up to the quantity that can be enforced.
    pub(super) fn to_come(&self, id: SupplyId, supply: &Supply, enforceable: Number) -> Result<Exact, Fault> {
        let booked = self.booked.supply(id);
        let promises = match self.promises(id, supply)? {
            Ok(promises) => promises,
            Err(missing) => return Ok(missing),
        };
        let Some(own) = promises.iter().find(|p| p.id == id && p.right.is_none()) else { return Ok(Exact::ZERO) };
        let price = supply.price.value(self.assumptions)?.known().unwrap_or_default();
        let rounding = Self::cents(supply);
        let beyond = enforceable.minus(own.end)?.clamp_zero();
        let (units, amount) = own.separate;
        let apart = beyond.min(units);
        let apart_price = if apart.is_zero() { Number::ZERO } else { amount.ratio_of(apart, units, rounding)? };
        let options = beyond.minus(apart)?.times(price)?;
        let whole = own.total.plus(apart_price)?.plus(options)?;
        let mut left = whole.minus(own.revenue(booked, rounding)?)?;
        if let Some(right) = promises.iter().find(|p| p.id == id && p.right.is_some()) {
            left = left.plus(right.total.minus(right.revenue(booked, rounding)?)?)?;
        }
        if let Ok(parts) = self.variable_parts(id, supply)? {
            for (_, share, earned) in parts {
                left = left.plus(share.minus(earned)?)?;
            }
        }
        Exact::of(left)
    }
}

/// Allocates what is not recognised yet, with something added, in proportion to what the rest sells for by itself.
fn share(promises: &mut [Promise], added: Number, rounding: Rounding) -> Result<(), Fault> {
    let mut weights = Vec::new();
    let mut rest = added;
    for promise in promises.iter() {
        rest = rest.plus(promise.total.minus(promise.base.1)?)?;
        weights.push(promise.end.minus(promise.base.0)?.clamp_zero().times(promise.alone)?);
    }
    if Number::sum(weights.iter().copied())?.is_zero() {
        return Ok(());
    }
    for (promise, part) in promises.iter_mut().zip(allocate_weighted(rest, &weights, rounding.places)?) {
        promise.total = promise.base.1.plus(part)?;
    }
    Ok(())
}

/// A modification of one of the promises.
fn modify(promises: &mut [Promise], change: &Modification, rounding: Rounding) -> Result<(), Fault> {
    let passed = |id: SupplyId| change.before.get(&id).copied().unwrap_or_default();
    let Some(at) = promises.iter().position(|p| p.id == change.supply && p.right.is_none()) else { return Ok(()) };
    if change.treatment == Treatment::Prospectively {
        // As if the old contract ended and a new one began: what was recognised stays.
        for promise in promises.iter_mut() {
            let before = passed(promise.id);
            let revenue = promise.revenue(before, rounding)?;
            if let Some((firm, _)) = promise.right {
                promise.base = (before.transferred.minus(firm)?.clamp_zero().min(promise.end), revenue);
                continue;
            }
            // Options taken beyond the promise keep their own price.
            let done = before.transferred.min(promise.end);
            promise.base = (done, if before.transferred > promise.end { promise.total } else { revenue });
        }
    }
    let Some(own) = promises.get_mut(at) else { return Ok(()) };
    match change.treatment {
        Treatment::Separately => {
            own.separate = (own.separate.0.plus(change.quantity)?, own.separate.1.plus(change.amount)?);
            return Ok(());
        }
        Treatment::Cumulatively => own.total = own.total.plus(change.amount)?,
        Treatment::Prospectively => {}
    }
    own.end = own.end.plus(change.quantity)?;
    own.asked = own.asked.plus(change.amount)?;
    if change.treatment == Treatment::Prospectively { share(promises, change.amount, rounding) } else { Ok(()) }
}

impl AsBooked {
    /// Takes in an estimate of a variable amount.
    pub(super) fn estimated(&mut self, supply: SupplyId, variable: VariableId, included: Number) {
        let mut all = self.estimates.get(&supply).cloned().unwrap_or_default();
        Arc::make_mut(&mut all).insert(variable, included);
        self.estimates.insert(supply, all);
    }
}
