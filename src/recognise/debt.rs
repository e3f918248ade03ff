//! Loans by the effective interest method: what is taken off a draw at its beginning becomes interest over its life.

mod effective;

use std::sync::Arc;

use super::method::Methods;
use super::{Exact, Record};
use crate::engine::{Act, Outcome};
use crate::num::{Fault, Number, Ratio, Rounding};
use crate::terms::{Assumptions, Loan, Method, Payment, Tranche, TrancheId, Value};
use crate::time::Date;

pub use effective::{Curve, Step};

const CENTS: Rounding = Rounding::CENTS;

/// A loan, lease or guarantee as a book has booked it.
#[derive(Clone, Debug, Default)]
pub struct Lent {
    /// The first day that is not counted.
    pub counted: Option<Date>,
    /// It began, of a lease or a guarantee.
    pub commenced: Option<Date>,
    /// Paid at signing: to the lender or guarantor (true), or to others.
    pub fees: Vec<(bool, Value)>,
    /// Draws, oldest first.
    pub draws: Vec<Drawn>,
    /// Principal repaid on its days.
    pub serviced: Number,
    /// What was not drawn is over.
    pub lapsed: Option<Date>,
}

/// A draw as booked.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Its number.
    pub number: u32,
    /// The day.
    pub date: Date,
    /// Principal.
    pub amount: Number,
    /// Paid out for it.
    pub paid: Value,
    /// To be paid for it.
    pub plan: Option<Arc<[Payment]>>,
    /// Rates that changed since, with what is left to be paid.
    pub resets: Vec<(Date, Option<Arc<[Payment]>>)>,
    /// Repaid early: the day, how much, of what was outstanding.
    pub repaid: Vec<(Date, Number, Number)>,
}

impl Lent {
    /// Takes in an outcome.
    pub(super) fn learn(&mut self, outcome: &Outcome) {
        let date = outcome.date;
        self.counted = self.counted.max(Some(date));
        match &outcome.act {
            Act::FeePaid { amount, own, .. } => self.fees.push((*own, amount.clone())),
            Act::Drawn { number, amount, paid, plan, .. } => self.draws.push(Drawn {
                number: *number,
                date,
                amount: *amount,
                paid: paid.clone(),
                plan: plan.clone(),
                resets: Vec::new(),
                repaid: Vec::new(),
            }),
            Act::CarriedOver { amount, carried, plan, .. } => self.draws.push(Drawn {
                number: 1,
                date,
                amount: *amount,
                paid: carried.clone(),
                plan: plan.clone(),
                resets: Vec::new(),
                repaid: Vec::new(),
            }),
            Act::Reset { number, plan, .. } => {
                if let Some(draw) = self.draws.iter_mut().find(|draw| draw.number == *number) {
                    draw.resets.push((date, plan.clone()));
                }
            }
            Act::Repaid { number, amount, of, .. } => {
                if let Some(draw) = self.draws.iter_mut().find(|draw| draw.number == *number) {
                    draw.repaid.push((date, *amount, *of));
                }
            }
            Act::Serviced { principal, .. } => {
                self.serviced = self.serviced.plus(*principal).unwrap_or(self.serviced);
            }
            Act::Accrued { to, .. } => self.counted = self.counted.max(Some(*to)),
            Act::Commenced { .. } => self.commenced = Some(date),
            Act::Lapsed { .. } => self.lapsed = self.lapsed.or(Some(date)),
            _ => {}
        }
    }
}

/// What became of fees paid at signing.
struct Fees {
    /// To the discount of each draw.
    drawn: Vec<Number>,
    /// Gone with the time to draw.
    expired: Number,
}

impl<A: Assumptions> Methods<'_, A> {
    /// A method of a loan, for the side that keeps the book.
    pub(super) fn debt<R: Record>(
        &self,
        method: Method,
        id: TrancheId,
        tranche: &Tranche,
        side: &str,
    ) -> Result<R, Fault> {
        let word = Method::ALL.iter().find(|(found, ..)| *found == method).map_or("", |(_, word, ..)| word);
        let label = || format!("{word}({}, {side})", tranche.path);
        let loan = self.terms.credit_of(id).and_then(|credit| credit.loan());
        let Some((loan, lent)) = loan.zip(self.booked.credits.get(&id)) else { return Ok(R::leaf(label, Exact::ZERO)) };
        let own = side == "lender";
        let mut paid = self.commitment_cost(id)?;
        for (_, fee) in lent.fees.iter().filter(|(to_lender, _)| *to_lender || !own) {
            paid = paid.plus(fee.clone())?;
        }
        let Some(paid) = paid.known() else { return Ok(R::leaf(label, Exact::from_value(&paid)?)) };
        let fees = self.fees(loan, id, tranche, lent, paid)?;
        match method {
            Method::FeeDrawn => {
                let part = |(draw, fee): (&Drawn, &Number)| Ok((told(draw), Exact::of(*fee)?));
                let parts = lent.draws.iter().zip(&fees.drawn).map(part).collect::<Result<Vec<_>, Fault>>()?;
                Ok(R::sum(label, Exact::of(Number::sum(fees.drawn.iter().copied())?)?, parts))
            }
            Method::FeeExpired => Ok(R::leaf(label, Exact::of(fees.expired)?)),
            _ => self.discounts(method, id, loan, lent, &fees, label),
        }
    }

    /// Principal that is drawn and not repaid.
    pub(super) fn outstanding<R: Record>(&self, id: TrancheId, tranche: &Tranche) -> Result<R, Fault> {
        let label = || format!("outstanding({})", tranche.path);
        let Some(lent) = self.booked.credits.get(&id) else { return Ok(R::leaf(label, Exact::ZERO)) };
        let drawn = Number::sum(lent.draws.iter().map(|draw| draw.amount))?;
        let repaid = lent.draws.iter().flat_map(|draw| &draw.repaid).map(|(_, amount, _)| *amount);
        let left = drawn.minus(Number::sum(repaid)?)?.minus(lent.serviced)?;
        Ok(R::leaf(label, Exact::of(left)?))
    }

    /// Fees paid at signing go with what is drawn, in proportion to what could be; the rest expires evenly over the months
    /// in which it can be drawn.
    fn fees(&self, loan: &Loan, id: TrancheId, tranche: &Tranche, lent: &Lent, paid: Number) -> Result<Fees, Fault> {
        let since = self.terms.credit_of(id).map_or(Date::MIN, |credit| credit.since);
        // A year from the first of January ends with the last of December, or is written to the next first.
        let mut end = loan.available.map(|(_, to)| to);
        if let Some(last) = end {
            let all = months(since, last.next())?;
            end = Some(if all.denominator() == Number::ONE { last.next() } else { last });
        }
        let (mut point, mut left, mut undrawn) = (since, paid, tranche.size);
        let mut fees = Fees { drawn: Vec::new(), expired: Number::ZERO };
        let mut expire = |left: &mut Number, point: &mut Date, to: Date| -> Result<(), Fault> {
            let Some(end) = end else { return Ok(()) };
            let to = to.min(end);
            if *point < to {
                let gone = match to == end {
                    true => *left,
                    false => months(*point, to)?.over(months(*point, end)?)?.apply(*left, CENTS)?,
                };
                fees.expired = fees.expired.plus(gone)?;
                (*left, *point) = (left.minus(gone)?, to);
            }
            Ok(())
        };
        for draw in &lent.draws {
            expire(&mut left, &mut point, draw.date)?;
            let part = if draw.amount >= undrawn { left } else { left.ratio_of(draw.amount, undrawn, CENTS)? };
            fees.drawn.push(part);
            left = left.minus(part)?;
            undrawn = undrawn.minus(draw.amount)?;
        }
        if let Some(counted) = lent.counted {
            expire(&mut left, &mut point, counted)?;
        }
        // What can be drawn no more is over with the commitment, whenever it ends.
        if lent.lapsed.is_some() {
            fees.expired = fees.expired.plus(left)?;
        }
        Ok(fees)
    }

    /// What draws were worth less at their beginning: how much of it has become interest, or a loss.
    fn discounts<R: Record>(
        &self,
        method: Method,
        id: TrancheId,
        loan: &Loan,
        lent: &Lent,
        fees: &Fees,
        label: impl Fn() -> String,
    ) -> Result<R, Fault> {
        let Some(counted) = lent.counted else { return Ok(R::leaf(&label, Exact::ZERO)) };
        let mut parts = Vec::new();
        let mut sum = Number::ZERO;
        for (at, (draw, fee)) in lent.draws.iter().zip(&fees.drawn).enumerate() {
            let mut off = Value::Known(draw.amount).minus(draw.paid.clone())?.plus(Value::Known(*fee))?;
            if at == 0 {
                off = off.plus(self.detached(id)?)?;
            }
            let Some(off) = off.known() else { return Ok(R::leaf(&label, Exact::from_value(&off)?)) };
            if off.is_zero() {
                continue;
            }
            let Some(curve) = Curve::of(loan, draw, off)? else {
                let missing = Value::missing(format!("effective rate of {}", told(draw)));
                return Ok(R::leaf(&label, Exact::from_value(&missing)?));
            };
            let (amortised, lost) = curve.upto(draw, counted)?;
            let found = if method == Method::Extinguished { lost } else { amortised };
            let found = found.round(CENTS);
            sum = sum.plus(found)?;
            parts.push((format!("{}, {}", told(draw), curve.told(loan)).into(), Exact::of(found)?));
        }
        Ok(R::sum(label, Exact::of(sum)?, parts))
    }
}

impl super::Bookkeeper<'_> {
    /// The effective rate of each draw of a loan by its number, a year in per cent, as this side counts it.
    ///
    /// # Errors
    /// Arithmetic.
    pub fn effective_rates(
        &self,
        assumptions: &impl Assumptions,
        state: &super::BookState,
        id: TrancheId,
        side: &str,
    ) -> Result<Vec<(u32, Value)>, Fault> {
        let methods = self.methods(assumptions, state);
        let loan = self.terms.credit_of(id).and_then(|credit| credit.loan());
        let (Some(loan), Some(lent)) = (loan, state.booked.credits.get(&id)) else { return Ok(Vec::new()) };
        let Some(tranche) = self.terms.tranches.get(id.index()) else { return Ok(Vec::new()) };
        let mut paid = methods.commitment_cost(id)?;
        for (_, fee) in lent.fees.iter().filter(|(to_lender, _)| *to_lender || side != "lender") {
            paid = paid.plus(fee.clone())?;
        }
        let fees = match paid.known() {
            Some(paid) => methods.fees(loan, id, tranche, lent, paid)?.drawn,
            None => Vec::new(),
        };
        let mut found = Vec::new();
        for (at, draw) in lent.draws.iter().enumerate() {
            let fee = fees.get(at).map_or_else(|| paid.clone(), |fee| Value::Known(*fee));
            let mut off = Value::Known(draw.amount).minus(draw.paid.clone())?.plus(fee)?;
            if at == 0 {
                off = off.plus(methods.detached(id)?)?;
            }
            let rate = match off {
                Value::Missing(names) => Value::Missing(names),
                Value::Known(off) => {
                    let rate = Curve::of(loan, draw, off)?.and_then(|curve| curve.yearly(loan));
                    rate.map_or_else(|| Value::missing(format!("effective rate of {}", told(draw))), Value::Known)
                }
            };
            found.push((draw.number, rate));
        }
        Ok(found)
    }
}

fn told(draw: &Drawn) -> Arc<str> {
    format!("draw {} of {} on {}", draw.number, draw.amount.grouped(), draw.date).into()
}

/// Months between two days, a month begun in proportion to its days.
pub(super) fn months(from: Date, to: Date) -> Result<Ratio, Fault> {
    let mut whole = 0_i32;
    while from.plus_months(whole + 1) <= to {
        whole += 1;
    }
    let (start, end) = (from.plus_months(whole), from.plus_months(whole + 1));
    let days = Number::from_int(start.days_until(to).max(0));
    let length = Number::from_int(start.days_until(end).max(1));
    Ratio::new(Number::from_int(i64::from(whole)).times(length)?.plus(days)?, length)
}
