//! A holding as a book has booked it: by which method, of which part, and what each method has found so far.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::outcome::{Count, HoldingAct, Pricing};
use crate::num::{Fault, Number, Rounding};
use crate::terms::{Finding, Formula, HoldingMethod, Method, Value};
use crate::time::{Date, Period};

/// A holding. Amounts are in the currency of the book, to the minor unit.
#[derive(Clone, Debug)]
pub struct Held {
    /// The last judgement on its method.
    pub judged: Option<HoldingMethod>,
    /// Estimates by name.
    pub estimates: BTreeMap<Arc<str>, Formula>,
    /// How it is measured.
    pub method: Option<HoldingMethod>,
    /// How it was measured before.
    pub former: Option<HoldingMethod>,
    /// The last count.
    pub count: Option<Count>,
    /// Shares and all there are, from a day on, and whether by the equity method.
    track: Vec<(Date, Number, Value, bool)>,
    /// What events moved on its accounts: what was paid, less dividends and what was sold.
    legs: Number,
    /// Of it what was paid since the last count, if anything was.
    cost: Option<Number>,
    /// What of it nobody said: shares that came without a cost.
    unsaid: Option<Value>,
    /// Net assets of the company, and since when.
    net_assets: (Value, Date),
    /// What was paid above them and is not named.
    goodwill: Value,
    /// What is worth more than it stands at.
    parts: Vec<Part>,
    results: Value,
    amortised: Value,
    dilution: Value,
    observed: Value,
    impaired: Value,
    marked: BTreeMap<&'static str, Value>,
    reported: Vec<(Period, Value)>,
}

/// What is worth more than it stands at in the company's books, used over months.
#[derive(Clone, Debug)]
struct Part {
    cost: Value,
    /// From which month, counted from the year nought, and over how many; for ever without.
    life: Option<(i32, i32)>,
    used: Value,
}

impl Held {
    pub(super) fn new(path: &str) -> Self {
        Self {
            judged: None,
            estimates: BTreeMap::new(),
            method: None,
            former: None,
            count: None,
            track: Vec::new(),
            legs: Number::ZERO,
            cost: None,
            unsaid: None,
            net_assets: (Value::missing(format!("net assets behind {path}")), Date::MIN),
            goodwill: Value::ZERO,
            parts: Vec::new(),
            results: Value::ZERO,
            amortised: Value::ZERO,
            dilution: Value::ZERO,
            observed: Value::ZERO,
            impaired: Value::ZERO,
            marked: BTreeMap::new(),
            reported: Vec::new(),
        }
    }

    /// What the accounts come to, as far as it is known what was paid.
    fn carried(&self, carrying: Number) -> Value {
        self.unsaid.clone().unwrap_or(Value::Known(carrying))
    }

    /// Carried at, without results: what was paid, less dividends and what was sold, and what other methods found.
    fn invested(&self) -> Result<Value, Fault> {
        let mut sum = Value::Known(self.legs).plus(self.dilution.clone())?.plus(self.observed.clone())?;
        for marked in self.marked.values() {
            sum = sum.plus(marked.clone())?;
        }
        sum.minus(self.impaired.clone())
    }

    /// What was paid above net assets and is not used yet.
    fn above(&self) -> Result<Value, Fault> {
        self.parts
            .iter()
            .try_fold(self.goodwill.clone(), |sum, part| sum.plus(part.cost.clone())?.minus(part.used.clone()))
    }

    /// The holder's part of net assets.
    fn claim(&self, cents: Rounding) -> Result<Value, Fault> {
        let Some(count) = &self.count else { return Ok(Value::ZERO) };
        portion(&self.net_assets.0, count.held, &count.of, cents)
    }

    /// Shares whose cost nobody said became these.
    pub(super) fn inherit(&mut self, from: &Self) {
        if let Some(unsaid) = &from.unsaid {
            self.unsaid.get_or_insert_with(|| unsaid.clone());
        }
    }

    /// Uses up what time has passed over.
    pub(super) fn advance(&mut self, date: Date, cents: Rounding) -> Result<(), Fault> {
        if self.method != Some(HoldingMethod::EquityMethod) {
            return Ok(());
        }
        for part in &mut self.parts {
            let Some((from, months)) = part.life else { continue };
            let elapsed = month_after(date).saturating_sub(from).clamp(0, months);
            let (elapsed, months) = (Number::from_int(elapsed.into()), Number::from_int(months.into()));
            let used = part.cost.clone().map(|cost| cost.ratio_of(elapsed, months, cents))?;
            self.amortised = self.amortised.clone().plus(used.clone())?.minus(part.used.clone())?;
            part.used = used;
        }
        Ok(())
    }

    /// Keeps a part of what was paid above net assets, and what of it is let go.
    fn keep(&mut self, keep: Number, of: Number, date: Date, cents: Rounding) -> Result<Value, Fault> {
        let before = self.above()?;
        let scaled = |value: Value| value.map(|value| value.ratio_of(keep, of, cents));
        self.goodwill = scaled(self.goodwill.clone())?;
        for part in &mut self.parts {
            part.cost = scaled(part.cost.clone().minus(part.used.clone())?)?;
            part.used = Value::ZERO;
            if let Some((from, months)) = part.life {
                let now = month_after(date).max(from);
                part.life = Some((now, from.saturating_add(months).saturating_sub(now).max(1)));
            }
        }
        before.minus(self.above()?)
    }

    /// Shares were counted.
    fn counted(&mut self, count: &Count, date: Date, cents: Rounding) -> Result<(), Fault> {
        let before = self.count.take();
        let had = before.as_ref().map_or(Number::ZERO, |before| before.held);
        let cost = match self.cost.take() {
            Some(cost) => Value::Known(cost),
            None if count.held > had && !count.split => {
                let unsaid =
                    Value::missing(format!("what was paid for {} more shares", count.held.minus(had)?.grouped()));
                self.unsaid.get_or_insert(unsaid).clone()
            }
            None => Value::ZERO,
        };
        let (Some(before), true) =
            (before.filter(|b| b.held.is_positive()), self.method == Some(HoldingMethod::EquityMethod))
        else {
            self.count = Some(count.clone());
            return Ok(());
        };
        if !count.split {
            // Others first: what they paid, and the part they took.
            let others = count.of.clone().minus(Value::Known(count.own))?;
            let claim = portion(&self.net_assets.0, before.held, &before.of, cents)?;
            let mut grown = claim.clone();
            if others != before.of {
                let raised = count.raised.clone().minus(count.paid.clone())?;
                self.net_assets.0 = self.net_assets.0.clone().plus(raised)?;
                grown = portion(&self.net_assets.0, before.held, &others, cents)?;
                let released = match (before.of.known(), others.known().filter(|n| n.is_positive())) {
                    (Some(kept), Some(of)) => self.keep(kept.min(of), of, date, cents)?,
                    _ => others.clone(),
                };
                self.dilution = self.dilution.clone().plus(grown.clone().minus(claim)?)?.minus(released)?;
            }
            // Then its own.
            self.net_assets.0 = self.net_assets.0.clone().plus(count.paid.clone())?;
            let bought = count.held.max(before.held);
            if bought > before.held {
                let now = portion(&self.net_assets.0, bought, &count.of, cents)?;
                let above = cost.minus(now.minus(grown)?)?;
                self.goodwill = self.goodwill.clone().plus(above)?;
            }
            if count.held < before.held {
                self.keep(count.held, before.held, date, cents)?;
            }
        }
        self.count = Some(count.clone());
        Ok(())
    }

    /// The company reported a result: for each day the part held on it under the equity method.
    fn report(&mut self, period: Period, income: &Value, cents: Rounding) -> Result<(), Fault> {
        // What quarters said before is in the year; a second word on the same days stands in place of the first.
        let within = |(p, _): &&(Period, Value)| p.from >= period.from && p.to <= period.to;
        let mut more = income.clone();
        let mut days = vec![(period.from, period.to)];
        for (earlier, said) in self.reported.iter().filter(within) {
            more = more.minus(said.clone())?;
            days = days.into_iter().flat_map(|days| without(days, *earlier)).collect();
        }
        self.reported.push((period, more.clone()));
        if days.is_empty() {
            days.push((period.from, period.to));
        }
        let all: i64 = days.iter().map(|(from, to)| from.days_until(*to) + 1).sum();
        let all = Number::from_int(all.max(1));
        let mut share = Value::ZERO;
        let ends = self.track.iter().skip(1).map(|(from, ..)| from.prev()).chain([Date::MAX]);
        for ((from, held, of, equity), to) in self.track.iter().zip(ends) {
            let here = overlap(&days, *from, to);
            if here == 0 || !equity || !held.is_positive() {
                continue;
            }
            let here = Number::from_int(here);
            let part = match of {
                Value::Known(of) => more.clone().map(|more| more.ratio_of(held.times(here)?, of.times(all)?, cents))?,
                missing @ Value::Missing(_) => more.clone().join(missing.clone(), |_, b| Ok(b))?,
            };
            share = share.plus(part)?;
        }
        self.results = self.results.clone().plus(share)?;
        let since = Number::from_int(overlap(&days, self.net_assets.1, Date::MAX));
        let grown = more.map(|more| more.ratio_of(since, all, cents))?;
        self.net_assets.0 = self.net_assets.0.clone().plus(grown)?;
        Ok(())
    }

    /// A new price for all shares held.
    fn price(&mut self, price: &Value, how: Pricing, carrying: Number, cents: Rounding) -> Result<(), Fault> {
        let (Some(count), Some(method)) = (&self.count, self.method) else { return Ok(()) };
        let worth = price.clone().map(|price| Ok(price.times(count.held)?.round(cents)))?;
        let gain = worth.minus(self.carried(carrying))?;
        if method == HoldingMethod::Alternative && how == Pricing::Observed {
            self.observed = self.observed.clone().plus(gain)?;
        } else if method.is_fair_value() && (how != Pricing::Observed || !count.listed) {
            let so_far = self.marked.remove(method.word()).unwrap_or(Value::ZERO);
            self.marked.insert(method.word(), so_far.plus(gain)?);
        }
        Ok(())
    }

    fn allocate(
        &mut self,
        net_assets: &Value,
        parts: &[(Arc<str>, Value, Option<i32>)],
        date: Date,
        carrying: Number,
        cents: Rounding,
    ) -> Result<(), Fault> {
        let known = self.net_assets.0.known().is_some();
        let whole = if known { self.claim(cents)?.plus(self.above()?)? } else { self.carried(carrying) };
        for (_, cost, months) in parts {
            let life = months.map(|months| (first_month(date), months));
            self.parts.push(Part { cost: cost.clone(), life, used: Value::ZERO });
        }
        self.net_assets = (net_assets.clone(), date);
        self.goodwill = Value::ZERO;
        self.goodwill = whole.minus(self.claim(cents)?)?.minus(self.above()?)?;
        Ok(())
    }

    /// The equity method ends: what it found stands as it is.
    fn freeze(&mut self, carrying: Number, path: &str) -> Result<(), Fault> {
        self.results = Value::Known(carrying).minus(self.invested()?)?;
        self.amortised = Value::ZERO;
        self.estimates.clear();
        self.parts.clear();
        self.goodwill = Value::ZERO;
        self.net_assets = (Value::missing(format!("net assets behind {path}")), Date::MIN);
        Ok(())
    }

    /// Takes in what happened; the accounts of the holding come to `carrying`.
    pub(super) fn learn(
        &mut self,
        what: &HoldingAct,
        date: Date,
        carrying: Number,
        cents: Rounding,
    ) -> Result<(), Fault> {
        self.advance(date, cents)?;
        match what {
            HoldingAct::Counted(count) => self.counted(count, date, cents)?,
            HoldingAct::Reported { period, income } => self.report(*period, income, cents)?,
            HoldingAct::Dividend { whole, .. } => {
                self.net_assets.0 = self.net_assets.0.clone().minus(whole.clone())?;
            }
            HoldingAct::Allocated { net_assets, parts } => self.allocate(net_assets, parts, date, carrying, cents)?,
            HoldingAct::Impaired { to } => {
                let loss = self.carried(carrying).minus(to.clone())?.map(|loss| Ok(loss.clamp_zero()))?;
                self.impaired = self.impaired.clone().plus(loss.clone())?;
                self.goodwill = self.goodwill.clone().minus(loss)?;
            }
            HoldingAct::Priced { price, how } => self.price(price, *how, carrying, cents)?,
            HoldingAct::Judged(Finding::Account(word)) => self.judged = HoldingMethod::of(word),
            HoldingAct::Judged(Finding::Estimate(name, value)) => {
                self.estimates.insert(name.clone(), value.clone());
            }
            HoldingAct::Became { .. }
            | HoldingAct::Judged(_)
            | HoldingAct::Bought { .. }
            | HoldingAct::Sold { .. }
            | HoldingAct::Elapsed => {}
        }
        Ok(())
    }

    /// Whether the equity method ends.
    pub(super) fn leaves(&self, method: Option<HoldingMethod>) -> bool {
        self.method == Some(HoldingMethod::EquityMethod) && method.is_some() && method != self.method
    }

    /// Follows a method from now on; whether it is another than before.
    pub(super) fn follow(
        &mut self,
        method: Option<HoldingMethod>,
        carrying: Number,
        path: &str,
    ) -> Result<bool, Fault> {
        let changed = method.is_some() && self.method.is_some() && method != self.method;
        if changed && self.method == Some(HoldingMethod::EquityMethod) {
            self.freeze(carrying, path)?;
        }
        if changed {
            self.former = self.method;
        }
        self.method = method.or(self.method);
        Ok(changed)
    }

    /// Notes from which day on which part is held, and whether by the equity method.
    pub(super) fn note(&mut self, date: Date, moved: bool) {
        let Some(count) = self.count.as_ref().filter(|_| moved) else { return };
        let equity = self.method == Some(HoldingMethod::EquityMethod);
        let entry = (date, count.held, count.of.clone(), equity);
        if self.track.last().is_some_and(|(last, ..)| *last == date) {
            self.track.pop();
        }
        self.track.push(entry);
    }

    /// Notes what an event moved on its account.
    pub(super) fn moved(&mut self, debit: Number, bought: bool) -> Result<(), Fault> {
        self.legs = self.legs.plus(debit)?;
        if bought {
            self.cost = Some(self.cost.unwrap_or_default().plus(debit)?);
        }
        Ok(())
    }

    /// A sum of one method.
    pub(super) fn found(&self, method: Method, argument: &str) -> Result<Value, Fault> {
        Ok(match method {
            Method::Invested => self.invested()?,
            Method::Results => self.results.clone(),
            Method::BasisUsed => self.amortised.clone(),
            Method::Dilution => self.dilution.clone(),
            Method::Observed => self.observed.clone(),
            Method::Marked => self.marked.get(argument).cloned().unwrap_or(Value::ZERO),
            Method::Impaired => self.impaired.clone(),
            _ => Value::ZERO,
        })
    }
}

/// A part of an amount: so many of so many.
fn portion(amount: &Value, held: Number, of: &Value, cents: Rounding) -> Result<Value, Fault> {
    amount.clone().join(
        of.clone(),
        |amount, of| {
            if of.is_positive() { amount.ratio_of(held, of, cents) } else { Ok(Number::ZERO) }
        },
    )
}

/// Months are counted from the year nought. A month counts in full once it is over.
fn month_after(date: Date) -> i32 {
    let next = date.next();
    i32::from(next.year()) * 12 + i32::from(next.month())
}

/// What is bought in the first half of a month is used from its first day, later from the next month on.
fn first_month(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month()) + i32::from(date.day() > 15)
}

fn without((from, to): (Date, Date), gone: Period) -> Vec<(Date, Date)> {
    let before = (from, to.min(gone.from.prev()));
    let after = (from.max(gone.to.next()), to);
    [before, after].into_iter().filter(|(from, to)| from <= to).collect()
}

fn overlap(days: &[(Date, Date)], from: Date, to: Date) -> i64 {
    let part = |(a, b): &(Date, Date)| ((*a).max(from).days_until((*b).min(to)) + 1).max(0);
    days.iter().map(part).sum()
}
