//! Which potential shares are dilutive: ranked by what each adds to income per share, taken while earnings per share fall
//! (ASC 260-10-45-17..20, IAS 33.41..44).

use std::cmp::Ordering;

use super::ShareCount;
use super::two_class::{Divided, Participant};
use crate::num::{Fault, Mode, Number, Rounding};
use crate::report::measure::Measures;
use crate::terms::{ClassId, LineId, Paragraph, Value};
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
    pub net: Option<Net>,
    /// What goes before common shares.
    pub preferred: Value,
    /// What takes part in dividends, with its part of income in the basic column.
    pub participants: Vec<Participant>,
    /// What they have less, or more, in the diluted column than in the basic one, those that count as shares there included.
    pub shared_again: Value,
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
        let Some(net) = &self.net else { return Ok(None) };
        let (basic, diluted) = net.numerators.clone();
        Ok(Some((per_share(basic, &self.shares.0, PER_SHARE)?, per_share(diluted, &self.shares.1, PER_SHARE)?)))
    }

    /// Of discontinued operations: what net income has for common shares more than continuing operations have.
    ///
    /// # Errors
    /// Overflow.
    pub fn discontinued(&self) -> Result<Option<[(Value, Value); 2]>, Fault> {
        let Some(net) = &self.net else { return Ok(None) };
        let of = |net: &Value, continuing: &Value, shares: &Value| {
            let gap = net.clone().minus(continuing.clone())?;
            Ok((gap.clone(), per_share(gap, shares, PER_SHARE)?))
        };
        let basic = of(&net.numerators.0, &self.numerators.0, &self.shares.0)?;
        Ok(Some([basic, of(&net.numerators.1, &self.numerators.1, &self.shares.1)?]))
    }
}

/// Net income beside income from continuing operations.
#[derive(Clone, Debug)]
pub struct Net {
    /// As stated.
    pub income: Value,
    /// What of it is for common shares, basic and diluted: each figure is shared by itself (260-10-45-60).
    pub numerators: (Value, Value),
    /// Part of what was not paid out of it, by participant.
    pub parts: Vec<Value>,
}

/// Nobody's income is over no shares.
fn per_share(income: Value, shares: &Value, rounding: Rounding) -> Result<Value, Fault> {
    if shares.known().is_some_and(|n| !n.is_positive()) {
        return Ok(Value::missing("shares outstanding"));
    }
    income.join(shares.clone(), |income, shares| income.over(shares, rounding))
}

impl Measures<'_, '_> {
    /// What goes before common shares: as stated, else the dividends on other classes (260-10-45-11).
    fn preferred(&self, class: ClassId, period: Period, quarters: &[Period]) -> Result<Value, Fault> {
        let of = |period: Period| self.statement(class, period).and_then(|(_, e)| e.preferred.as_ref());
        if let Some(stated) = of(period) {
            return self.replay.inputs.value(stated);
        }
        let parts = if quarters.is_empty() { &[period][..] } else { quarters };
        let mut sum = Value::ZERO;
        for part in parts {
            sum = sum.plus(match of(*part) {
                Some(stated) => self.replay.inputs.value(stated)?,
                None => self.before_common(class, *part)?,
            })?;
        }
        Ok(sum)
    }

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
        let preferred = self.preferred(class, period, &quarters)?;
        let income = control.unwrap_or_else(|| Value::missing(format!("earnings in {period}")));
        let remeasured = count.remeasured.clone().unwrap_or(Value::ZERO);
        let before = preferred.clone().plus(remeasured)?;
        let whole = income.clone().minus(before.clone())?;
        let (shares, _) = count.totals()?;
        let mut participants = self.participants(class, period, &quarters, &count)?;
        let others = participants.iter().map(|one| one.distributed.clone()).try_fold(Value::ZERO, Value::plus)?;
        let common = if participants.is_empty() { Value::ZERO } else { self.paid_on(class, period)? };
        let divided = Divided { common, others };
        let all: Vec<&Participant> = participants.iter().collect();
        let (basic, parts) = divided.share(&whole, &shares, &all)?;
        let own = net_income
            .map(|income| Ok::<_, Fault>((divided.share(&income.clone().minus(before)?, &shares, &all)?, income)));
        let own = own.transpose()?;
        for (one, part) in participants.iter_mut().zip(parts) {
            one.undistributed = part;
        }
        let mut test = Test { divided, participants: &participants };
        let (steps, diluted) = test.sequence(&mut count, &whole, &shares)?;
        let mut added = steps.iter().filter(|step| step.dilutive != Some(false)).map(|step| step.numerator.clone());
        let shared_again = added.try_fold(diluted.clone().minus(basic.clone())?, Value::minus)?;
        let shares = count.totals()?;
        let net = own.map(|((basic, parts), income)| {
            let numerators = (basic, test.with(&steps, income.clone().minus(preferred.clone())?, &count, &shares.1)?);
            Ok::<_, Fault>(Net { income, numerators, parts })
        });
        let net = net.transpose()?;
        let why = self.why(class, "antidilutive", Paragraph::EpsTest);
        for line in count.lines.iter_mut().filter(|line| line.why.ends_with(ANTIDILUTIVE)) {
            line.why = line.why.replace(ANTIDILUTIVE, &format!("; {why}"));
        }
        let asked = quarters.iter().copied().chain([period]);
        let lines = asked.filter_map(|of| self.statement(class, of)).map(|(id, _)| id).collect();
        Ok(Reconciliation {
            count,
            income,
            net,
            preferred,
            participants,
            shared_again,
            numerators: (basic, diluted),
            shares,
            steps,
            lines,
        })
    }
}

/// The test for dilution beside what takes part in dividends.
struct Test<'p> {
    divided: Divided,
    participants: &'p [Participant],
}

impl Test<'_> {
    /// What is left of income for so many shares, where these potential shares are taken for shares of the class.
    fn left(&self, income: &Value, shares: &Value, taken: &[String]) -> Result<Value, Fault> {
        let of: Vec<&Participant> =
            self.participants.iter().filter(|one| !taken.iter().any(|name| one.is(name))).collect();
        Ok(self.divided.share(income, shares, &of)?.0)
    }

    /// The diluted numerator of another figure of income, with what the test took: it decides for all of them.
    fn with(&self, steps: &[Step], income: Value, count: &ShareCount, shares: &Value) -> Result<Value, Fault> {
        let taken = || steps.iter().filter(|step| step.dilutive != Some(false));
        let income = income.minus(count.remeasured.clone().unwrap_or(Value::ZERO))?;
        let income = taken().map(|step| step.numerator.clone()).try_fold(income, Value::plus)?;
        self.left(&income, shares, &taken().map(|step| step.name.clone()).collect::<Vec<_>>())
    }

    /// Takes potential shares in the order of income per share added, while earnings per share fall; the diluted numerator. What
    /// takes part in dividends counts as shares if that gives less than its part of income (260-10-45-60A).
    fn sequence(&mut self, count: &mut ShareCount, whole: &Value, shares: &Value) -> Result<(Vec<Step>, Value), Fault> {
        let mut ranked = Vec::new();
        for (at, potential) in count.potentials.iter().enumerate() {
            ranked.push((at, potential.name.clone(), potential.numerator.clone(), count.increment(at)?));
        }
        // Shares over no income at all come first; what has no shares cannot dilute.
        let ratio = |numerator: &Value, shares: &Value| -> Result<Option<Number>, Fault> {
            let (Some(n), Some(s)) = (numerator.known(), shares.known()) else { return Ok(None) };
            if s.is_positive() { n.over(s, COMPARED).map(Some) } else { Ok(None) }
        };
        let mut keyed = Vec::new();
        for (at, name, numerator, increment) in ranked {
            // What it had by taking part it would have as shares.
            let own = self.participants.iter().find(|one| one.is(&name));
            let had = own.map(|one| one.distributed.clone().plus(one.undistributed.clone())).transpose()?;
            let adds = numerator.clone().plus(had.unwrap_or(Value::ZERO))?;
            keyed.push((ratio(&adds, &increment)?, at, name, numerator, increment));
        }
        keyed.sort_by(|(a, x, ..), (b, y, ..)| match (a, b) {
            (Some(a), Some(b)) => a.cmp(b).then(x.cmp(y)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => x.cmp(y),
        });
        let open = whole.known().is_none()
            || shares.known().is_none()
            || keyed.iter().any(|(_, _, _, numerator, more)| numerator.known().is_none() || more.known().is_none());
        let (mut income, mut denominator, mut taken) = (whole.clone(), shares.clone(), Vec::new());
        let mut numerator = self.left(&income, &denominator, &taken)?;
        let mut steps = Vec::new();
        for (_, at, name, effect, more) in keyed {
            let with = (income.clone().plus(effect.clone())?, denominator.clone().plus(more.clone())?);
            let also: Vec<String> = taken.iter().cloned().chain([name.clone()]).collect();
            let left = self.left(&with.0, &with.1, &also)?;
            let (now, then) =
                (per_share(numerator.clone(), &denominator, COMPARED)?, per_share(left.clone(), &with.1, COMPARED)?);
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
                ((income, denominator), taken, numerator) = (with, also, left);
            }
            steps.push(Step { name, numerator: effect, shares: more, after, dilutive, why: why.into() });
        }
        Ok((steps, numerator))
    }
}

/// Behind the reason of what is left out, until its paragraph is known.
const ANTIDILUTIVE: &str = "; antidilutive";

/// Takes the shares of a potential out of the diluted column.
fn exclude(count: &mut ShareCount, at: usize) {
    for line in count.lines.iter_mut().filter(|line| line.of == Some(at)) {
        line.diluted = Value::ZERO;
        line.why.push_str(ANTIDILUTIVE);
    }
}
