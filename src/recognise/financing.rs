//! A significant financing component: interest on cash that came long before control, or comes long after it.

use super::method::Methods;
use super::{Exact, Record};
use crate::num::{Fault, Mode, Number, Rounding};
use crate::terms::{Assumptions, Supply, SupplyId};
use crate::time::Date;

/// Factors of growth keep so many places.
const FACTOR: Rounding = Rounding { places: 14, mode: Mode::HalfUp };
/// Interest is counted to the minor unit, lot by lot.
const INTEREST: Rounding = Rounding::CENTS;

/// An amount of cash between two days: paid, and meant for what passes later; or passed, and paid for later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// How much: as paid, or as payable.
    pub amount: Number,
    /// The day it was paid; the day control passed.
    pub from: Date,
    /// The day control passed, if it has; the day it is due.
    pub to: Option<Date>,
}

/// The cash and the control of a supply, side by side.
#[derive(Clone, Debug, Default)]
pub struct Financing {
    /// To which day interest is counted.
    pub today: Option<Date>,
    /// Passed and not paid.
    pub owed: Number,
    /// Paid ahead of control.
    pub advances: Vec<Lot>,
    /// Payable long after control.
    pub arrears: Vec<Lot>,
}

impl Financing {
    /// Cash came: it first pays for what has passed.
    pub(super) fn paid(&mut self, amount: Number, date: Date) -> Result<(), Fault> {
        let settles = self.owed.min(amount).clamp_zero();
        self.owed = self.owed.minus(settles)?;
        let ahead = amount.minus(settles)?;
        if ahead.is_positive() {
            self.advances.push(Lot { amount: ahead, from: date, to: None });
        }
        Ok(())
    }

    /// Control passed: the oldest advances pay for it, and the rest is payable by the contract's terms.
    pub(super) fn passed(&mut self, price: Number, supply: &Supply, date: Date) -> Result<(), Fault> {
        let mut rest = price;
        let mut advances = Vec::new();
        for lot in self.advances.drain(..) {
            let used = if lot.to.is_none() { lot.amount.min(rest).clamp_zero() } else { Number::ZERO };
            if used.is_positive() {
                advances.push(Lot { amount: used, to: Some(date), ..lot });
                rest = rest.minus(used)?;
            }
            let left = lot.amount.minus(used)?;
            if left.is_positive() {
                advances.push(Lot { amount: left, ..lot });
            }
        }
        self.advances = advances;
        self.owed = self.owed.plus(rest)?;
        for pays in supply.pays.iter().filter(|p| p.trigger == supply.control && p.offset > 0) {
            let later = price.times(pays.share)?.round(INTEREST).min(rest);
            if later.is_positive() {
                rest = rest.minus(later)?;
                self.arrears.push(Lot { amount: later, from: date, to: Some(date.plus_days(pays.offset)) });
            }
        }
        Ok(())
    }
}

/// What one becomes from one day to another: compounded once a year, evenly over the days of a year begun.
pub(super) fn growth(rate: Number, from: Date, to: Date) -> Result<Number, Fault> {
    let yearly = Number::ONE.plus(rate)?;
    let (mut factor, mut years) = (Number::ONE, 0);
    while from.plus_years(years + 1) <= to {
        factor = product(factor, yearly)?;
        years += 1;
    }
    let (start, end) = (from.plus_years(years), from.plus_years(years + 1));
    let days = start.days_until(to).max(0);
    if days == 0 {
        return Ok(factor);
    }
    let part = rate.ratio_of(Number::from_int(days), Number::from_int(start.days_until(end)), FACTOR)?;
    product(factor, Number::ONE.plus(part)?)
}

fn product(a: Number, b: Number) -> Result<Number, Fault> {
    a.ratio_of(b, Number::ONE, FACTOR)
}

impl<A: Assumptions> Methods<'_, A> {
    /// Interest on what was paid ahead: all of it so far, or only that on what has passed since.
    pub(super) fn on_advances<R: Record>(&self, id: SupplyId, supply: &Supply, passed: bool) -> Result<R, Fault> {
        let word = if passed { "interest_released" } else { "interest_cost" };
        self.interest(id, supply, word, |financing, rate, today| {
            let mut parts = Vec::new();
            for lot in financing.advances.iter().filter(|lot| !passed || lot.to.is_some()) {
                let grown = growth(rate, lot.from, lot.to.unwrap_or(today))?;
                let interest = lot.amount.ratio_of(grown.minus(Number::ONE)?, Number::ONE, INTEREST)?;
                let until = lot.to.unwrap_or(today);
                parts.push((format!("{} from {} to {until}", lot.amount.grouped(), lot.from), interest));
            }
            Ok(parts)
        })
    }

    /// What is taken off revenue because it is paid long after control; or the part of it that is interest by now.
    pub(super) fn on_arrears<R: Record>(&self, id: SupplyId, supply: &Supply, earned: bool) -> Result<R, Fault> {
        let word = if earned { "discount_earned" } else { "discount" };
        self.interest(id, supply, word, |financing, rate, today| {
            let mut parts = Vec::new();
            for lot in &financing.arrears {
                let due = lot.to.unwrap_or(lot.from);
                let present = lot.amount.over(growth(rate, lot.from, due)?, INTEREST)?;
                let until = if earned { today.min(due) } else { due };
                let worth = match until == due {
                    true => lot.amount,
                    false => present.ratio_of(growth(rate, lot.from, until)?, Number::ONE, INTEREST)?,
                };
                let label =
                    format!("{} due {due} is worth {} on {}", lot.amount.grouped(), present.grouped(), lot.from);
                parts.push((label, worth.minus(present)?));
            }
            Ok(parts)
        })
    }

    fn interest<R: Record>(
        &self,
        id: SupplyId,
        supply: &Supply,
        word: &str,
        lots: impl Fn(&Financing, Number, Date) -> Result<Vec<(String, Number)>, Fault>,
    ) -> Result<R, Fault> {
        let label = || format!("{word}({})", supply.path);
        let booked = supply.financing.as_ref().zip(self.booked.financing.get(&id));
        let Some((rate, financing)) = booked else { return Ok(R::leaf(label, Exact::ZERO)) };
        let Some(today) = financing.today else { return Ok(R::leaf(label, Exact::ZERO)) };
        let rate = rate.value(self.assumptions)?;
        let Some(known) = rate.known() else { return Ok(R::leaf(label, Exact::from_value(&rate)?)) };
        let parts = lots(financing, known, today)?;
        let total = Exact::of(Number::sum(parts.iter().map(|(_, n)| *n))?)?;
        let mut named = Vec::new();
        for (label, interest) in parts {
            named.push((label.into(), Exact::of(interest)?));
        }
        Ok(R::sum(label, total, named))
    }
}
