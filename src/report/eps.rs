//! The share count of earnings per share (ASC 260): which warrant counts in which column, from when, and why.

use super::measure::Measures;
use super::scope;
use crate::engine::{exercise, prices};
use crate::num::{Fault, Number, Rounding};
use crate::terms::{ClassId, Instrument, Stage, TrancheId, Value, Warrant, WarrantId};
use crate::time::{Date, Period};

/// A line of the share count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub label: String,
    /// Weighted shares in the basic column.
    pub basic: Value,
    /// Weighted shares in the diluted column.
    pub diluted: Value,
    /// The rule.
    pub why: String,
}

impl Line {
    fn new(label: impl Into<String>, basic: Value, diluted: Value, why: impl Into<String>) -> Self {
        Self { label: label.into(), basic, diluted, why: why.into() }
    }
}

/// The share count of a class in a period, line by line.
#[derive(Clone, Debug, Default)]
pub struct ShareCount {
    /// Lines.
    pub lines: Vec<Line>,
    /// Mean close of the period, if there is one.
    pub average: Option<Number>,
}

/// Weighted shares are shown to a tenth of a thousand; they are kept to one share's thousandth.
const WEIGHT: Rounding = Rounding { places: 3, mode: crate::num::Mode::HalfUp };

/// Exercise prices up to this part of the average price are "little or no consideration" (ASC 260-10-45-13).
const PENNY: (i64, i64) = (1, 100);

impl ShareCount {
    /// Both totals.
    ///
    /// # Errors
    /// Overflow.
    pub fn totals(&self) -> Result<(Value, Value), Fault> {
        let add =
            |(b, d): (Value, Value), line: &Line| Ok((b.plus(line.basic.clone())?, d.plus(line.diluted.clone())?));
        self.lines.iter().try_fold((Value::ZERO, Value::ZERO), add)
    }
}

impl Measures<'_, '_> {
    /// The share count of a class in a period.
    ///
    /// # Errors
    /// Overflow.
    pub fn share_count(&self, class: ClassId, period: Period) -> Result<ShareCount, Fault> {
        let mut count = ShareCount { average: self.average(class, period)?, ..ShareCount::default() };
        let common = self.common(class, period)?;
        count.lines.push(Line::new("Common shares issued, weighted", common.clone(), common, "outstanding each day"));
        let mut vested = (Number::ZERO, Vec::new());
        let mut later = Vec::new();
        let mut priced: Vec<(WarrantId, Number, Vec<TrancheId>)> = Vec::new();
        let mut waiting: Vec<TrancheId> = Vec::new();
        for (id, tranche) in (0u32..).map(TrancheId).zip(&self.replay.terms.tranches) {
            let Instrument::Warrant(of_warrant) = tranche.of else { continue };
            let Some(warrant) = self.replay.terms.warrants.get(of_warrant.index()) else { continue };
            if warrant.class != class || self.replay.inputs.dropped.contains(&warrant.contract) {
                continue;
            }
            let cleared = self.replay.at(period.to).state.tranches.get(&id).and_then(|t| t.cleared);
            let penny = self.is_penny(warrant, count.average)?;
            match cleared.filter(|date| *date <= period.to) {
                None => waiting.push(id),
                Some(date) if date < period.from && penny => {
                    let shares = self.weighted(period, |day| self.open_rights(id, day, period))?;
                    if shares.is_positive() {
                        vested.0 = vested.0.plus(shares)?;
                        vested.1.push(id);
                    }
                }
                Some(date) if penny => later.extend(self.joined(id, warrant, date, count.average, period)?),
                Some(date) => {
                    let shares = self.issuable(id, warrant, date, period)?;
                    match priced.last_mut() {
                        _ if shares.is_zero() => {}
                        Some((of, sum, ids)) if *of == of_warrant => {
                            *sum = sum.plus(shares)?;
                            ids.push(id);
                        }
                        _ => priced.push((of_warrant, shares, vec![id])),
                    }
                }
            }
        }
        if !vested.1.is_empty() {
            let label = format!("{} exercisable, unexercised penny warrants", self.names(&vested.1));
            let shares = Value::Known(vested.0);
            count.lines.push(Line::new(label, shares.clone(), shares, "little or no consideration"));
        }
        count.lines.extend(later);
        for (warrant, shares, ids) in priced {
            let Some(warrant) = self.replay.terms.warrants.get(warrant.index()) else { continue };
            let label = format!("{}, exercisable", self.names(&ids));
            count.lines.push(Line::new(label, Value::ZERO, Value::Known(shares), "260-10-45-48(a)"));
            count.lines.push(self.bought_back(shares, warrant, count.average, period)?);
        }
        if !waiting.is_empty() {
            let why = format!("260-10-45-48(b): not issuable at {}", period.to);
            count.lines.push(Line::new(self.names(&waiting), Value::ZERO, Value::ZERO, why));
        }
        let (awards, dilutive) = self.replay.at(period.to).state.awards.get(&class).copied().unwrap_or_default();
        if awards.is_positive() || dilutive.is_positive() {
            let label = "Employee awards (treasury stock method, as stated)";
            count.lines.push(Line::new(label, Value::ZERO, Value::Known(dilutive), "stated in the opening"));
        }
        Ok(count)
    }

    /// Shares outstanding each day; missing when no line states how many there are.
    fn common(&self, class: ClassId, period: Period) -> Result<Value, Fault> {
        // Days before the number was first stated are as unknown as if it never was.
        if !self.replay.at(period.from).state.opened.contains_key(&class) {
            let path = self.replay.terms.classes.get(class.index()).map_or("", |c| &*c.path);
            return Ok(Value::missing(format!("{path}.outstanding")));
        }
        if let Some(tranche) = self.replay.at(period.to).state.uncounted.get(&class) {
            return Ok(Value::missing(format!("{tranche}.shares")));
        }
        let level = |date| {
            let state = &self.replay.at(date).state;
            let then = self.replay.engine.outstanding(&self.replay.register.chart, state, class);
            self.restated(then, class, date, period)
        };
        self.weighted(period, level).map(Value::Known)
    }

    /// A number of shares of a day in shares of the period's end: splits count as if made before (ASC 260-10-55-12).
    fn restated(&self, shares: Number, class: ClassId, date: Date, period: Period) -> Result<Number, Fault> {
        let split = |day| exercise::split_of(&self.replay.at(day).state, class, true);
        let (then, now) = (split(date), split(period.to));
        let scaled = shares.times(now.numerator())?.times(then.denominator())?;
        scaled.over(now.denominator().times(then.numerator())?, WEIGHT)
    }

    /// A penny tranche whose conditions were all met in the period: basic from the day, diluted from the start of the
    /// period, less what the exercise price buys back.
    fn joined(
        &self,
        id: TrancheId,
        warrant: &Warrant,
        cleared: Date,
        average: Option<Number>,
        period: Period,
    ) -> Result<Vec<Line>, Fault> {
        let name = self.names(&[id]);
        let inside = Period { from: cleared.max(period.from), to: period.to };
        let basic = Value::Known(self.weighted_from(period, inside.from, |day| self.open_rights(id, day, period))?);
        let label = format!("{name}, weighted {}/{} days", inside.days(), period.days());
        let mut lines = vec![Line::new(label, basic.clone(), basic, format!("exercisable {cleared}"))];
        let begin = warrant.granted.max(period.from).min(inside.from);
        let before = begin.days_until(inside.from);
        let total = scope::days(period);
        let more = self.open_rights(id, inside.from, period)?.ratio_of(Number::from_int(before), total, WEIGHT)?;
        if more.is_positive() {
            let label = format!("{name}, from start of period ({before}/{})", period.days());
            lines.push(Line::new(label, Value::ZERO, Value::Known(more), "260-10-45-48(a)"));
            lines.push(self.bought_back(more, warrant, average, period)?);
        }
        Ok(lines)
    }

    /// Rights with a real exercise price: from the start of the period (or the grant), until exercised.
    fn issuable(&self, id: TrancheId, warrant: &Warrant, cleared: Date, period: Period) -> Result<Number, Fault> {
        let begin = warrant.granted.max(period.from);
        let size = self.open_rights(id, cleared.max(period.from), period)?;
        self.weighted_from(
            period,
            begin,
            |day| if day < cleared { Ok(size) } else { self.open_rights(id, day, period) },
        )
    }

    /// What the exercise price buys back at the mean close: at most all of them; missing without a mean or a price.
    fn bought_back(
        &self,
        shares: Number,
        warrant: &Warrant,
        average: Option<Number>,
        period: Period,
    ) -> Result<Line, Fault> {
        let label = match average {
            Some(average) => {
                let average = average.to_fixed(2);
                format!("  less: shares bought back with the exercise price at an average of {average}")
            }
            None => "  less: shares bought back with the exercise price".to_owned(),
        };
        let split = exercise::split_since(&self.replay.at(period.to).state, warrant)?;
        let path = self.replay.terms.classes.get(warrant.class.index()).map_or("", |c| &*c.path);
        let back = match (average, self.strike(warrant)?) {
            (Some(average), Some(strike)) => {
                let strike = strike.times(split.denominator())?;
                let back = shares.ratio_of(strike, average.times(split.numerator())?, WEIGHT)?.min(shares);
                Value::Known(back.neg())
            }
            (None, _) => Value::missing(format!("close({path}) in {period}")),
            (_, None) => Value::missing(format!("{}.strike", warrant.path)),
        };
        Ok(Line::new(label, Value::ZERO, back, "260-10-45-23"))
    }

    /// Rights of a tranche that are exercisable and not exercised at the end of a day, in shares of the period's end.
    fn open_rights(&self, id: TrancheId, date: Date, period: Period) -> Result<Number, Fault> {
        let then = self.replay.engine.stage(&self.replay.at(date).state, id, Stage::Cleared);
        match self.replay.engine.warrant_of(id) {
            Some(warrant) if warrant.adjusts => self.restated(then, warrant.class, date, period),
            _ => Ok(then),
        }
    }

    fn strike(&self, warrant: &Warrant) -> Result<Option<Number>, Fault> {
        Ok(self.replay.inputs.value(&warrant.strike)?.known())
    }

    fn is_penny(&self, warrant: &Warrant, average: Option<Number>) -> Result<bool, Fault> {
        let Some(strike) = self.strike(warrant)? else { return Ok(false) };
        let limit = average.map_or(Ok(Number::ONE), |a| a.times(Number::from_int(PENNY.0)))?;
        let limit = limit.over(Number::from_int(PENNY.1), Rounding { places: 6, ..WEIGHT })?;
        Ok(strike <= limit)
    }

    fn average(&self, class: ClassId, period: Period) -> Result<Option<Number>, Fault> {
        self.replay.inputs.prices.get(&class).map_or(Ok(None), |series: &prices::Series| series.mean(period))
    }

    fn weighted(&self, period: Period, level: impl Fn(Date) -> Result<Number, Fault>) -> Result<Number, Fault> {
        self.weighted_from(period, period.from, level)
    }

    /// The mean over all days of a period of a level that counts from `from` on; levels change only on version days.
    fn weighted_from(
        &self,
        period: Period,
        from: Date,
        level: impl Fn(Date) -> Result<Number, Fault>,
    ) -> Result<Number, Fault> {
        let mut cuts = vec![from];
        let dates = self.replay.versions.iter().map(|v| v.date);
        cuts.extend(dates.filter(|date| *date > from && *date <= period.to));
        let mut sum = Number::ZERO;
        for (index, cut) in cuts.iter().enumerate() {
            let end = cuts.get(index + 1).map_or(period.to, |next| next.prev());
            let days = Number::from_int(cut.days_until(end) + 1);
            sum = sum.plus(level(*cut)?.times(days)?)?;
        }
        sum.over(scope::days(period), WEIGHT)
    }

    /// `OpenAI/T1, Meta/M1`; runs of one holder's tranches are joined: `OpenAI/T3–T6`.
    #[must_use]
    pub fn names(&self, tranches: &[TrancheId]) -> String {
        let terms = self.replay.terms;
        let mut runs: Vec<(Instrument, TrancheId, TrancheId)> = Vec::new();
        for (id, tranche) in tranches.iter().filter_map(|id| terms.tranches.get(id.index()).map(|t| (id, t))) {
            match runs.last_mut() {
                Some((of, _, last)) if *of == tranche.of && last.0 + 1 == id.0 => *last = *id,
                _ => runs.push((tranche.of, *id, *id)),
            }
        }
        let name = |id: TrancheId| self.replay.terms.tranches.get(id.index()).map_or("", |t| &*t.name);
        let holder = |of: Instrument| {
            let holder = match of {
                Instrument::Warrant(id) => terms.warrants.get(id.index()).map(|w| w.holder),
                Instrument::Investment(id) => {
                    terms.investments.get(id.index()).and_then(|i| i.investors.first().map(|(lead, _)| *lead))
                }
            };
            holder.and_then(|h| self.replay.terms.parties.get(h.index())).map_or("", |p| &*p.name)
        };
        let run = |(of, first, last): &(Instrument, TrancheId, TrancheId)| {
            let holder = holder(*of);
            if first == last {
                format!("{holder}/{}", name(*first))
            } else {
                format!("{holder}/{}–{}", name(*first), name(*last))
            }
        };
        runs.iter().map(run).collect::<Vec<_>>().join(", ")
    }
}
