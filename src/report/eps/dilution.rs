//! Which potential shares are dilutive: ranked by what each adds to income per share, taken while earnings per share fall
//! (ASC 260-10-45-17..20, IAS 33.41..44).

use std::cmp::Ordering;

use super::ShareCount;
use crate::num::{Fault, Mode, Number, Rounding};
use crate::report::measure::Measures;
use crate::terms::{ClassId, LineId, Value};
use crate::time::Period;

/// Per share amounts are compared and kept to this; nobody publishes more than two.
const PER_SHARE: Rounding = Rounding { places: 6, mode: Mode::HalfUp };
/// Compared to more places than are shown.
const COMPARED: Rounding = Rounding { places: 14, mode: Mode::HalfUp };

/// A potential share in the order of the test.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its path or name.
    pub name: String,
    /// What it adds to income.
    pub numerator: Value,
    /// Shares it adds.
    pub shares: Value,
    /// Income per share with it.
    pub after: Value,
    /// Whether it counts; nothing while what is missing leaves it open.
    pub dilutive: Option<bool>,
    /// In words.
    pub why: String,
}

/// Earnings per share of a class in a period.
#[derive(Clone, Debug)]
pub struct Reconciliation {
    /// The lines that make the shares; those of what is not dilutive are nil and say so.
    pub count: ShareCount,
    /// Income from continuing operations, or net income if only that is stated: the control number.
    pub income: Value,
    /// Net income, if it is stated as well.
    pub net_income: Option<Value>,
    /// What goes before common shares.
    pub preferred: Value,
    /// Basic and diluted numerators.
    pub numerators: (Value, Value),
    /// Basic and diluted denominators.
    pub shares: (Value, Value),
    /// The test.
    pub steps: Vec<Step>,
    /// The lines it rests on.
    pub lines: Vec<LineId>,
}

impl Reconciliation {
    /// Basic and diluted earnings per share of the control number.
    ///
    /// # Errors
    /// Overflow.
    pub fn per_share(&self) -> Result<(Value, Value), Fault> {
        let (basic, diluted) = (self.numerators.0.clone(), self.numerators.1.clone());
        Ok((per_share(basic, &self.shares.0, PER_SHARE)?, per_share(diluted, &self.shares.1, PER_SHARE)?))
    }

    /// Of net income, over the same shares: discontinued operations do not change which of them count (260-10-45-20).
    ///
    /// # Errors
    /// Overflow.
    pub fn net_per_share(&self) -> Result<Option<(Value, Value)>, Fault> {
        let Some(net) = &self.net_income else { return Ok(None) };
        let other = net.clone().minus(self.income.clone())?;
        let basic = self.numerators.0.clone().plus(other.clone())?;
        let diluted = self.numerators.1.clone().plus(other)?;
        Ok(Some((per_share(basic, &self.shares.0, PER_SHARE)?, per_share(diluted, &self.shares.1, PER_SHARE)?)))
    }
}

/// Nobody's income is over no shares.
fn per_share(income: Value, shares: &Value, rounding: Rounding) -> Result<Value, Fault> {
    if shares.known().is_some_and(|n| !n.is_positive()) {
        return Ok(Value::missing("shares outstanding"));
    }
    income.join(shares.clone(), |income, shares| income.over(shares, rounding))
}

impl Measures<'_, '_> {
    /// The share count of a class in a period.
    ///
    /// # Errors
    /// Overflow.
    pub fn share_count(&self, class: ClassId, period: Period) -> Result<ShareCount, Fault> {
        self.earnings_per_share(class, period).map(|found| found.count)
    }

    /// Earnings per share of a class in a period, from what is stated and what the contracts give.
    ///
    /// # Errors
    /// Overflow.
    pub fn earnings_per_share(&self, class: ClassId, period: Period) -> Result<Reconciliation, Fault> {
        let quarters = self.quarters_to_date(class, period);
        let mut count = self.untested(class, period)?;
        let nil = Some(Number::ZERO);
        let control =
            self.stated_amount(class, period, &quarters, |e| e.continuing.as_ref().or(e.net_income.as_ref()), None)?;
        let split = |of: Period| {
            self.statement(class, of).is_none_or(|(_, e)| e.continuing.is_some() && e.net_income.is_some())
        };
        let both = split(period) && quarters.iter().all(|quarter| split(*quarter));
        let net_income = match both {
            true => self.stated_amount(class, period, &quarters, |e| e.net_income.as_ref(), None)?,
            false => None,
        };
        let preferred = self.stated_amount(class, period, &quarters, |e| e.preferred.as_ref(), nil)?;
        let preferred = preferred.unwrap_or(Value::ZERO);
        let income = control.unwrap_or_else(|| Value::missing(format!("earnings in {period}")));
        let remeasured = count.remeasured.clone().unwrap_or(Value::ZERO);
        let basic = income.clone().minus(preferred.clone())?.minus(remeasured)?;
        let (shares, _) = count.totals()?;
        let (steps, diluted) = sequence(&mut count, &basic, &shares)?;
        let shares = count.totals()?;
        let asked = quarters.iter().copied().chain([period]);
        let lines = asked.filter_map(|of| self.statement(class, of)).map(|(id, _)| id).collect();
        Ok(Reconciliation { count, income, net_income, preferred, numerators: (basic, diluted), shares, steps, lines })
    }
}

/// Takes potential shares in the order of income per share added, while earnings per share fall; the diluted numerator.
fn sequence(count: &mut ShareCount, basic: &Value, shares: &Value) -> Result<(Vec<Step>, Value), Fault> {
    let mut ranked = Vec::new();
    for (at, potential) in count.potentials.iter().enumerate() {
        ranked.push((at, potential.numerator.clone(), count.increment(at)?));
    }
    // Shares over no income at all come first; what has no shares cannot dilute.
    let ratio = |numerator: &Value, shares: &Value| -> Result<Option<Number>, Fault> {
        let (Some(n), Some(s)) = (numerator.known(), shares.known()) else { return Ok(None) };
        if s.is_positive() { n.over(s, COMPARED).map(Some) } else { Ok(None) }
    };
    let mut keyed = Vec::new();
    for (at, numerator, increment) in ranked {
        keyed.push((ratio(&numerator, &increment)?, at, numerator, increment));
    }
    keyed.sort_by(|(a, x, ..), (b, y, ..)| match (a, b) {
        (Some(a), Some(b)) => a.cmp(b).then(x.cmp(y)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => x.cmp(y),
    });
    let open = basic.known().is_none()
        || shares.known().is_none()
        || keyed.iter().any(|(_, _, numerator, more)| numerator.known().is_none() || more.known().is_none());
    let (mut numerator, mut denominator) = (basic.clone(), shares.clone());
    let mut steps = Vec::new();
    for (_, at, effect, more) in keyed {
        let Some(name) = count.potentials.get(at).map(|p| p.name.clone()) else { continue };
        let with = (numerator.clone().plus(effect.clone())?, denominator.clone().plus(more.clone())?);
        let (now, then) =
            (per_share(numerator.clone(), &denominator, COMPARED)?, per_share(with.0.clone(), &with.1, COMPARED)?);
        let none = more.known().is_some_and(|n| !n.is_positive());
        let dilutive = match (now.known(), then.known()) {
            _ if none => Some(false),
            (Some(now), Some(then)) if !open => Some(then < now),
            _ => None,
        };
        let loss = numerator.known().is_some_and(Number::is_negative);
        let why = match dilutive {
            _ if none => "no shares: the average price is not above the exercise price",
            Some(true) => "dilutive",
            Some(false) if loss => "antidilutive: it would make the loss per share smaller",
            Some(false) => "antidilutive",
            None => "not tested: income or an effect on it is not stated",
        };
        let after = then.map(|n| Ok(n.round(PER_SHARE)))?;
        if dilutive == Some(false) && !none {
            exclude(count, at);
        } else if !none {
            (numerator, denominator) = with;
        }
        steps.push(Step { name, numerator: effect, shares: more, after, dilutive, why: why.into() });
    }
    Ok((steps, numerator))
}

/// Takes the shares of a potential out of the diluted column.
fn exclude(count: &mut ShareCount, at: usize) {
    for line in count.lines.iter_mut().filter(|line| line.of == Some(at)) {
        line.diluted = Value::ZERO;
        line.why = format!("{}; antidilutive, 260-10-45-17", line.why);
    }
}
