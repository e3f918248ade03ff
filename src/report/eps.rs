//! The share count of earnings per share (ASC 260): which warrant counts in which column, from when, and why.

use super::measure::Measures;
use super::scope;
use crate::engine::prices;
use crate::num::{Fault, Number, Rounding};
use crate::terms::{ClassId, Stage, TrancheId, Warrant};
use crate::time::{Date, Period};

/// A line of the share count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub label: String,
    /// Weighted shares in the basic column.
    pub basic: Number,
    /// Weighted shares in the diluted column.
    pub diluted: Number,
    /// The rule.
    pub why: String,
    /// Tranches it stands for.
    pub tranches: Vec<TrancheId>,
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
    pub fn totals(&self) -> Result<(Number, Number), Fault> {
        let zero = (Number::ZERO, Number::ZERO);
        self.lines.iter().try_fold(zero, |(b, d), line| Ok((b.plus(line.basic)?, d.plus(line.diluted)?)))
    }
}

impl Measures<'_, '_> {
    /// The share count of a class in a period.
    ///
    /// # Errors
    /// Overflow.
    pub fn share_count(&self, class: ClassId, period: Period) -> Result<ShareCount, Fault> {
        let mut count = ShareCount { average: self.average(class, period)?, ..ShareCount::default() };
        let common = self.weighted(period, |date| {
            let state = &self.replay.at(date).state;
            Ok(self.replay.engine.outstanding(&self.replay.register.chart, state, class))
        })?;
        count.lines.push(Line {
            label: "Common shares issued, weighted".into(),
            basic: common,
            diluted: common,
            why: "outstanding each day".into(),
            tranches: Vec::new(),
        });
        let mut vested = Line {
            label: String::new(),
            basic: Number::ZERO,
            diluted: Number::ZERO,
            why: "little or no consideration".into(),
            tranches: Vec::new(),
        };
        let mut later = Vec::new();
        let mut waiting: Vec<TrancheId> = Vec::new();
        for (id, tranche) in (0u32..).map(TrancheId).zip(&self.replay.terms.tranches) {
            let Some(warrant) = self.replay.terms.warrants.get(tranche.warrant.index()) else { continue };
            if warrant.class != class || self.replay.inputs.dropped.contains(&warrant.contract) {
                continue;
            }
            let cleared = self.replay.at(period.to).state.tranches.get(&id).and_then(|t| t.cleared);
            let penny = self.is_penny(warrant, count.average)?;
            match cleared.filter(|date| *date <= period.to) {
                None => waiting.push(id),
                Some(date) if date < period.from && penny => {
                    let shares = self.weighted(period, |day| Ok(self.open_rights(id, day)))?;
                    if shares.is_positive() {
                        vested.basic = vested.basic.plus(shares)?;
                        vested.diluted = vested.diluted.plus(shares)?;
                        vested.tranches.push(id);
                    }
                }
                Some(date) => later.extend(self.joined(id, warrant, date, penny, count.average, period)?),
            }
        }
        if !vested.tranches.is_empty() {
            let names = self.names(&vested.tranches);
            vested.label = format!("{names} exercisable, unexercised penny warrants");
            count.lines.push(vested);
        }
        count.lines.extend(later);
        if !waiting.is_empty() {
            count.lines.push(Line {
                label: self.names(&waiting),
                basic: Number::ZERO,
                diluted: Number::ZERO,
                why: format!("260-10-45-48(b): not issuable at {}", period.to),
                tranches: waiting,
            });
        }
        let (awards, dilutive) = self.replay.at(period.to).state.awards.get(&class).copied().unwrap_or_default();
        if awards.is_positive() || dilutive.is_positive() {
            count.lines.push(Line {
                label: "Employee awards (treasury stock method, as stated)".into(),
                basic: Number::ZERO,
                diluted: dilutive,
                why: "stated in the opening".into(),
                tranches: Vec::new(),
            });
        }
        Ok(count)
    }

    /// A tranche whose conditions were all met in the period (or that has a real exercise price): basic from the day,
    /// diluted from the start of the period, less what the exercise price buys back.
    fn joined(
        &self,
        id: TrancheId,
        warrant: &Warrant,
        cleared: Date,
        penny: bool,
        average: Option<Number>,
        period: Period,
    ) -> Result<Vec<Line>, Fault> {
        let name = self.names(&[id]);
        let mut lines = Vec::new();
        let from = cleared.max(period.from);
        let inside = Period { from, to: period.to };
        let total = scope::days(period);
        let in_basic = if penny {
            self.weighted_from(period, inside.from, |day| Ok(self.open_rights(id, day)))?
        } else {
            Number::ZERO
        };
        if penny {
            lines.push(Line {
                label: format!("{name}, weighted {}/{} days", inside.days(), period.days()),
                basic: in_basic,
                diluted: in_basic,
                why: format!("exercisable {cleared}"),
                tranches: vec![id],
            });
        }
        let (size, begin) = (self.open_rights(id, from), warrant.granted.max(period.from));
        let whole = size.ratio_of(scope::days(Period { from: begin, to: period.to }), total, WEIGHT)?;
        let more = if penny {
            let before = if begin < from { begin.days_until(from) } else { 0 };
            size.ratio_of(Number::from_int(before), total, WEIGHT)?
        } else {
            whole
        };
        if more.is_positive() {
            let label = match penny {
                true => format!("{name}, from start of period ({}/{})", period.from.days_until(from), period.days()),
                false => format!("{name}, whole period"),
            };
            let why = "260-10-45-48(a)".to_owned();
            lines.push(Line { label, basic: Number::ZERO, diluted: more, why, tranches: vec![id] });
            if let (Some(average), Some(strike)) = (average, self.strike(warrant)?) {
                let back = more.ratio_of(strike, average, WEIGHT)?.min(more);
                lines.push(Line {
                    label: format!("  less: shares bought back with the exercise price at an average of {average}"),
                    basic: Number::ZERO,
                    diluted: back.neg(),
                    why: "260-10-45-23".into(),
                    tranches: vec![id],
                });
            }
        }
        Ok(lines)
    }

    /// Rights of a tranche that are exercisable and not exercised at the end of a day.
    fn open_rights(&self, id: TrancheId, date: Date) -> Number {
        self.replay.engine.stage(&self.replay.at(date).state, id, Stage::Cleared)
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
        let mut runs: Vec<(u32, TrancheId, TrancheId)> = Vec::new();
        for id in tranches {
            let warrant = self.replay.terms.tranches.get(id.index()).map_or(0, |t| t.warrant.0);
            match runs.last_mut() {
                Some((of, _, last)) if *of == warrant && last.0 + 1 == id.0 => *last = *id,
                _ => runs.push((warrant, *id, *id)),
            }
        }
        let name = |id: TrancheId| self.replay.terms.tranches.get(id.index()).map_or("", |t| &*t.name);
        let holder = |warrant: u32| {
            let holder = self.replay.terms.warrants.get(warrant as usize).map(|w| w.holder);
            holder.and_then(|h| self.replay.terms.parties.get(h.index())).map_or("", |p| &*p.name)
        };
        let run = |(warrant, first, last): &(u32, TrancheId, TrancheId)| {
            let holder = holder(*warrant);
            if first == last {
                format!("{holder}/{}", name(*first))
            } else {
                format!("{holder}/{}–{}", name(*first), name(*last))
            }
        };
        runs.iter().map(run).collect::<Vec<_>>().join(", ")
    }
}
