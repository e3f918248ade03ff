//! The effective rate of a draw, and what it makes of a discount from day to day.
//!
//! The rate of a period between payments is the one at which what was received, grown by it and reduced by each payment,
//! comes to nothing with the last. A first period that is shorter counts for its part of a whole one. Within a period
//! interest is even over the days.

use super::Drawn;
use crate::num::{Fault, Mode, Number, Rounding};
use crate::terms::Loan;
use crate::time::Date;

/// Rates are found to so many places.
const RATE: Rounding = Rounding { places: 14, mode: Mode::HalfUp };
/// Amounts on the way keep so many.
const FINE: Rounding = Rounding { places: 10, mode: Mode::HalfUp };
/// Steps of Newton's method; a handful is enough.
const ROUNDS: usize = 100;

/// A period between two payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// From this day.
    pub from: Date,
    /// To this one, on which is paid.
    pub to: Date,
    /// Carried at its beginning.
    pub opening: Number,
    /// Interest at the effective rate.
    pub interest: Number,
    /// Of it paid as interest.
    pub coupon: Number,
    /// Principal paid at its end.
    pub principal: Number,
}

impl Step {
    fn amortised(&self) -> Result<Number, Fault> {
        self.interest.minus(self.coupon)
    }
}

/// A draw at its effective rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    /// Its periods.
    pub steps: Vec<Step>,
    /// The discount at the beginning.
    pub discount: Number,
    /// The rate of a period, as it is at the end.
    pub rate: Number,
}

impl Curve {
    /// Of a draw with a discount; none if there is no such rate.
    ///
    /// # Errors
    /// Overflow.
    pub fn of(loan: &Loan, draw: &Drawn, discount: Number) -> Result<Option<Self>, Fault> {
        let Some(plan) = &draw.plan else { return Ok(None) };
        let dues: Vec<Due> =
            plan.iter().map(|p| Due { date: p.date, interest: p.interest, principal: p.principal }).collect();
        let opening = draw.amount.minus(discount)?;
        if !opening.is_positive() {
            return Ok(None);
        }
        let Some((mut steps, mut rate)) = grown(loan, draw.date, opening, &dues)? else { return Ok(None) };
        for (date, plan) in draw.resets.iter().filter(|_| loan.follows) {
            let Some(plan) = plan else { return Ok(None) };
            let at = steps.partition_point(|step| step.to <= *date);
            let (Some(next), true) = (steps.get(at).copied(), at > 0) else { continue };
            // What was repaid early is no part of the new plan; the curve is that of the whole draw.
            let whole = Number::sum(steps.iter().skip(at).map(|step| step.principal))?;
            let left = Number::sum(plan.iter().map(|p| p.principal))?;
            let scaled = |n: Number| if left.is_zero() { Ok(n) } else { n.ratio_of(whole, left, FINE) };
            let mut dues = Vec::with_capacity(plan.len());
            for p in plan.iter() {
                dues.push(Due { date: p.date, interest: scaled(p.interest)?, principal: scaled(p.principal)? });
            }
            let Some((later, found)) = grown(loan, *date, next.opening, &dues)? else { return Ok(None) };
            steps.truncate(at);
            steps.extend(later);
            rate = found;
        }
        Ok(Some(Self { steps, discount, rate }))
    }

    /// What has become interest by a day, the day not counted, if nothing was repaid early.
    fn whole(&self, to: Date) -> Result<Number, Fault> {
        if self.steps.last().is_some_and(|step| step.to <= to) {
            return Ok(self.discount);
        }
        let mut sum = Number::ZERO;
        for step in &self.steps {
            let amortised = step.amortised()?;
            if step.to <= to {
                sum = sum.plus(amortised)?;
            } else {
                let days = step.from.days_until(to).max(0);
                let of = step.from.days_until(step.to).max(1);
                return sum.plus(amortised.ratio_of(Number::from_int(days), Number::from_int(of), FINE)?);
            }
        }
        Ok(sum)
    }

    /// What has become interest by a day, and what went with early repayments.
    ///
    /// # Errors
    /// Overflow.
    pub fn upto(&self, draw: &Drawn, to: Date) -> Result<(Number, Number), Fault> {
        let (mut part, mut before) = (Number::ONE, Number::ZERO);
        let (mut amortised, mut lost) = (Number::ZERO, Number::ZERO);
        for (date, repaid, of) in draw.repaid.iter().filter(|(date, ..)| *date <= to) {
            let by_then = self.whole(*date)?;
            amortised = amortised.plus(by_then.minus(before)?.ratio_of(part, Number::ONE, FINE)?)?;
            let after = part.ratio_of(of.minus(*repaid)?, *of, RATE)?;
            lost = lost.plus(self.discount.minus(by_then)?.ratio_of(part.minus(after)?, Number::ONE, FINE)?)?;
            (part, before) = (after, by_then);
        }
        let rest = self.whole(to)?.minus(before)?.ratio_of(part, Number::ONE, FINE)?;
        Ok((amortised.plus(rest)?, lost))
    }

    /// The rate a year: that of a period times the periods of a year, in per cent to nine places.
    #[must_use]
    pub fn yearly(&self, loan: &Loan) -> Option<Number> {
        let per_year = Number::from_int(i64::from(12 / loan.interest.months.max(1)));
        let percent = self.rate.times(per_year).and_then(|rate| rate.times(Number::from_int(100))).ok()?;
        Some(percent.round(Rounding { places: 9, mode: Mode::HalfUp }))
    }

    pub(super) fn told(&self, loan: &Loan) -> String {
        let opening = self.steps.first().map_or(Number::ZERO, |step| step.opening);
        let rate = self.yearly(loan).map_or_else(|| "?".to_owned(), |rate| rate.to_string());
        format!("carried at {} then, at an effective rate of {rate} % a year", opening.round(Rounding::CENTS).grouped())
    }
}

#[derive(Clone, Copy)]
struct Due {
    date: Date,
    interest: Number,
    principal: Number,
}

/// The periods from a day on, at the rate that takes what is carried to nothing.
fn grown(loan: &Loan, from: Date, opening: Number, dues: &[Due]) -> Result<Option<(Vec<Step>, Number)>, Fault> {
    let mut parts = Vec::with_capacity(dues.len());
    // Days of payment are counted back from the last, so an end of a month is not taken for a period begun late.
    let count = i32::try_from(dues.len()).map_err(|_| Fault::Overflow)?;
    let months = loan.interest.months.max(1).saturating_mul(count);
    let whole = dues.last().map_or(from, |last| last.date.plus_months(months.saturating_neg()));
    for (at, due) in dues.iter().enumerate() {
        // A period is whole, but for a first one that began late.
        let part = match at == 0 && from > whole {
            true => {
                Number::from_int(from.days_until(due.date)).over(Number::from_int(whole.days_until(due.date)), FINE)?
            }
            false => Number::ONE,
        };
        parts.push((part, due.interest.plus(due.principal)?));
    }
    let Ok(Some(rate)) = solved(opening, &parts) else { return Ok(None) };
    let (mut carried, mut from, mut steps) = (opening, from, Vec::with_capacity(dues.len()));
    for (due, (part, paid)) in dues.iter().zip(&parts) {
        let interest = carried.ratio_of(rate.ratio_of(*part, Number::ONE, RATE)?, Number::ONE, FINE)?;
        let (coupon, principal) = (due.interest, due.principal);
        steps.push(Step { from, to: due.date, opening: carried, interest, coupon, principal });
        carried = carried.plus(interest)?.minus(*paid)?;
        from = due.date;
    }
    Ok(Some((steps, rate)))
}

/// The rate at which an amount, grown over each part of a period and reduced by its payment, comes to nothing.
fn solved(opening: Number, parts: &[(Number, Number)]) -> Result<Option<Number>, Fault> {
    let mut rate = Number::ZERO;
    for _ in 0..ROUNDS {
        let (mut left, mut slope) = (opening, Number::ZERO);
        for (part, paid) in parts {
            let factor = Number::ONE.plus(rate.ratio_of(*part, Number::ONE, RATE)?)?;
            slope = slope.ratio_of(factor, Number::ONE, FINE)?.plus(left.ratio_of(*part, Number::ONE, FINE)?)?;
            left = left.ratio_of(factor, Number::ONE, FINE)?.minus(*paid)?;
        }
        if !slope.is_positive() {
            return Ok(None);
        }
        let step = left.over(slope, RATE)?;
        rate = rate.minus(step)?;
        if step.is_zero() {
            return Ok((rate > Number::ONE.neg()).then_some(rate));
        }
    }
    Ok(Some(rate))
}
