//! Share counts replayed from contracts: which warrant counts in which column, from when, and why (ASC 260).

use std::sync::Arc;

use super::treasury::{Priced, add};
use super::{Line, ShareCount, WEIGHT};
use crate::engine::{exercise, prices};
use crate::num::{Fault, Number, Rounding};
use crate::report::measure::Measures;
use crate::report::scope;
use crate::terms::{
    ClassId, Earnings, Gain, Instrument, Paragraph, PartyId, Stage, Test, Tranche, TrancheId, Value, Warrant, WarrantId,
};
use crate::time::{Date, Period};

/// Where a tranche stands in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Not granted, lapsed, or exercised: nothing left to count.
    Nowhere,
    /// In basic all the period.
    Basic,
    /// In basic from a day in the period on.
    Joined(Date),
    /// Diluted only, with a real price.
    Priced,
    /// Diluted only: nothing but time is missing.
    Waiting,
    /// Some condition is not met.
    Contingent,
}

impl Measures<'_, '_> {
    /// Shares of warrants of a class, with what is stated about their remeasurement.
    pub(super) fn replayed(
        &self,
        class: ClassId,
        period: Period,
        stated: Option<&Earnings>,
        count: &mut ShareCount,
    ) -> Result<(), Fault> {
        let as_reported = stated.is_some_and(|e| e.weighted.is_some());
        let mut vested = (Number::ZERO, Vec::new());
        let mut later = Vec::new();
        let mut priced: Vec<(WarrantId, Place, Priced, Vec<TrancheId>)> = Vec::new();
        let mut contingent: Vec<TrancheId> = Vec::new();
        for (id, of_warrant, warrant) in self.rights_over(class, period.to) {
            let place = self.place(id, warrant, count.average, period)?;
            match place {
                Place::Nowhere => {}
                Place::Contingent => contingent.push(id),
                Place::Basic => {
                    vested.0 = vested.0.plus(self.weighted(period, |day| self.open_rights(id, day, period))?)?;
                    vested.1.push(id);
                }
                Place::Joined(date) => {
                    let at = count.potential(&warrant.path);
                    later.extend(self.joined(id, warrant, date, count.average, period, at)?);
                }
                Place::Priced | Place::Waiting => {
                    let shares = self.issuable(id, warrant, place, period)?;
                    match priced.last_mut() {
                        _ if shares.is_empty() => {}
                        Some((of, kind, sum, ids)) if (*of, *kind) == (of_warrant, place) => {
                            add(sum, shares)?;
                            ids.push(id);
                        }
                        _ => priced.push((of_warrant, place, shares, vec![id])),
                    }
                }
            }
        }
        if vested.0.is_positive() && !as_reported {
            let label = format!("{} exercisable, unexercised penny warrants", self.names(&vested.1));
            let shares = Value::Known(vested.0);
            count.lines.push(Line::new(label, shares.clone(), shares, "little or no consideration"));
        }
        // The basic denominator as reported has them already.
        count.lines.extend(later.into_iter().filter(|line| line.of.is_some() || !as_reported));
        for (of, place, shares, ids) in priced {
            let Some(warrant) = self.replay.terms.warrants.get(of.index()) else { continue };
            let at = count.potential(&warrant.path);
            let (what, why) = match place {
                Place::Waiting => ("time alone is missing", self.why(class, "", Paragraph::EpsTime)),
                _ => ("exercisable", self.why(class, "", Paragraph::EpsContingent)),
            };
            let label = format!("{}, {what}", self.names(&ids));
            let sum = Number::sum(shares.iter().map(|(_, shares)| *shares))?;
            count.lines.push(Line::new(label, Value::ZERO, Value::Known(sum), why).part_of(at));
            count.lines.push(self.bought_back(&shares, warrant, &ids, count.average, period)?.part_of(at));
        }
        if !contingent.is_empty() {
            let words = format!("not issuable at {}", period.to);
            let why = self.why(class, &words, Paragraph::EpsNotIssuable);
            count.lines.push(Line::new(self.names(&contingent), Value::ZERO, Value::ZERO, why));
        }
        self.remeasurements(class, period, stated, count)
    }

    /// Tranches of warrants over a class, in order.
    pub(in crate::report) fn rights_over(
        &self,
        class: ClassId,
        date: Date,
    ) -> impl Iterator<Item = (TrancheId, WarrantId, &Warrant)> {
        let terms = self.replay.terms;
        let issuer = terms.classes.get(class.index()).map(|class| class.issuer);
        let all = issuer.map_or(&[][..], |issuer| terms.warrants_by(issuer));
        let mine = all.iter().filter_map(move |of| {
            let warrant = terms.warrants.get(of.index())?;
            let over = self.replay.engine.class_of(&self.replay.at(date).state, warrant);
            let mine = over == class && !self.replay.inputs.dropped.contains(&warrant.contract);
            mine.then_some((*of, warrant))
        });
        mine.flat_map(|(of, warrant)| warrant.tranches.iter().map(move |id| (*id, of, warrant)))
    }

    /// Where a tranche stands, on what is known at the end of the period.
    pub(super) fn place(
        &self,
        id: TrancheId,
        warrant: &Warrant,
        average: Option<Number>,
        period: Period,
    ) -> Result<Place, Fault> {
        let state = &self.replay.at(period.to).state;
        let cleared = state.tranches.get(&id).and_then(|t| t.cleared).filter(|date| *date <= period.to);
        let penny = self.is_penny(warrant, average, period.to)?;
        let Some(date) = cleared else {
            let tranche = self.replay.terms.tranches.get(id.index());
            let open = self.held_rights(id, period.to, period)?.is_positive();
            return Ok(match tranche.is_some_and(time_alone) {
                _ if !open => Place::Nowhere,
                true => Place::Waiting,
                false => Place::Contingent,
            });
        };
        if !penny {
            return Ok(Place::Priced);
        }
        if date >= period.from {
            return Ok(Place::Joined(date));
        }
        let shares = self.weighted(period, |day| self.open_rights(id, day, period))?;
        Ok(if shares.is_positive() { Place::Basic } else { Place::Nowhere })
    }

    /// What is stated about the remeasurement of liabilities, each gain with the shares it belongs to.
    fn remeasurements(
        &self,
        class: ClassId,
        period: Period,
        stated: Option<&Earnings>,
        count: &mut ShareCount,
    ) -> Result<(), Fault> {
        let Some(stated) = stated else { return Ok(()) };
        for gain in &stated.gains {
            let mine: Vec<_> =
                self.rights_over(class, period.to).filter(|(id, ..)| self.covers(&gain.of, *id)).collect();
            let Some((_, _, warrant)) = mine.first() else { continue };
            let mut places = Vec::new();
            for (id, _, warrant) in &mine {
                places.push(self.place(*id, warrant, count.average, period)?);
            }
            self.gain(gain, &warrant.path, &places, period, count)?;
        }
        // A liability whose remeasurement is in income, and nobody says how much.
        for (id, _, warrant) in self.rights_over(class, period.to) {
            let judged = self.replay.at(period.to).state.account.get(&id).map(|(word, _)| word.clone());
            let told = stated.gains.iter().any(|gain| self.covers(&gain.of, id));
            let counts = !matches!(self.place(id, warrant, count.average, period)?, Place::Nowhere | Place::Contingent);
            if judged.is_some_and(|word| word.ends_with("liability")) && !told && counts {
                let missing = Value::missing(format!("gain {} in {period}", warrant.path));
                let at = count.potential(&warrant.path);
                count.effect(at, missing)?;
            }
        }
        Ok(())
    }

    /// One gain: the part of shares in basic leaves both numerators, the rest the diluted one if they are dilutive.
    fn gain(
        &self,
        gain: &Gain,
        warrant: &Arc<str>,
        places: &[Place],
        period: Period,
        count: &mut ShareCount,
    ) -> Result<(), Fault> {
        let amount = self.replay.inputs.value(&gain.amount)?;
        let whole = |wanted: fn(&Place) -> bool| places.iter().filter(|p| **p != Place::Nowhere).all(wanted);
        let basic = match &gain.basic {
            Some(basic) => self.replay.inputs.value(basic)?,
            None if whole(|p| *p == Place::Basic) => amount.clone(),
            None if whole(|p| !matches!(p, Place::Basic | Place::Joined(_))) => Value::ZERO,
            None => Value::missing(format!("gain {} in {period}, basic", gain.of)),
        };
        let counted = places.iter().any(|p| !matches!(p, Place::Nowhere | Place::Contingent));
        if counted && places.contains(&Place::Contingent) {
            let at = count.potential(warrant);
            return count.effect(at, Value::missing(format!("gain {} in {period}, by tranche", gain.of)));
        }
        if !counted {
            return Ok(());
        }
        count.remeasure(basic.clone())?;
        let at = count.potential(warrant);
        count.effect(at, basic.minus(amount)?)
    }

    /// Whether a path is that of a tranche or of its warrant.
    fn covers(&self, of: &str, id: TrancheId) -> bool {
        let path = self.replay.terms.tranches.get(id.index()).map_or("", |t| &*t.path);
        path == of || path.strip_prefix(of).is_some_and(|rest| rest.starts_with('.'))
    }

    /// Shares outstanding each day; missing when no line states how many there are.
    pub(super) fn common(&self, class: ClassId, period: Period) -> Result<Value, Fault> {
        // Days before the number was first stated are as unknown as if it never was.
        if !self.replay.at(period.from).state.opened.contains_key(&class) && !self.issued_since(class, period) {
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

    /// Whether all shares of a class are those that the run issued: no line opens it, and another class of the company is.
    fn issued_since(&self, class: ClassId, period: Period) -> bool {
        let classes = &self.replay.terms.classes;
        let issuer = classes.get(class.index()).map(|class| class.issuer);
        let opened = &self.replay.at(period.from).state.opened;
        let mut others = (0u32..).map(ClassId).zip(classes).filter(|(_, other)| Some(other.issuer) == issuer);
        let stated = others.any(|(id, _)| opened.contains_key(&id));
        let ever = self.replay.end().state.opened.contains_key(&class);
        let (chart, state) = (&self.replay.register.chart, &self.replay.at(period.to).state);
        stated && !ever && self.replay.engine.outstanding(chart, state, class).is_positive()
    }

    /// A number of shares of a day in shares of the period's end: splits count as if made before (ASC 260-10-55-12).
    pub(super) fn restated(&self, shares: Number, class: ClassId, date: Date, period: Period) -> Result<Number, Fault> {
        let split = |day| exercise::split_of(&self.replay.at(day).state, class, true);
        let (then, now) = (split(date), split(period.to));
        let scaled = shares.times(now.numerator())?.times(then.denominator())?;
        scaled.over(now.denominator().times(then.numerator())?, WEIGHT)
    }

    /// The same for rights of a warrant, whose class may have become another.
    fn restated_rights(&self, rights: Number, warrant: &Warrant, date: Date, period: Period) -> Result<Number, Fault> {
        let factor = |day| self.replay.engine.factor(&self.replay.at(day).state, warrant);
        let (then, now) = (factor(date)?, factor(period.to)?);
        let scaled = rights.times(now.numerator())?.times(then.denominator())?;
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
        at: usize,
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
            let why = self.why(warrant.class, "", Paragraph::EpsContingent);
            lines.push(Line::new(label, Value::ZERO, Value::Known(more), why).part_of(at));
            let then = self.exercise_price(warrant, inside.from, period)?;
            lines.push(self.bought_back(&[(then, more)], warrant, &[id], average, period)?.part_of(at));
        }
        Ok(lines)
    }

    /// Rights of a tranche that are exercisable and not exercised at the end of a day, in shares of the period's end.
    pub(super) fn open_rights(&self, id: TrancheId, date: Date, period: Period) -> Result<Number, Fault> {
        let then = self.replay.engine.stage(&self.replay.at(date).state, id, Stage::Cleared);
        match self.replay.engine.warrant_of(id) {
            Some(warrant) => self.restated_rights(then, warrant, date, period),
            None => Ok(then),
        }
    }

    /// Rights of a tranche that are neither exercised nor lapsed at the end of a day, in shares of the period's end.
    pub(super) fn held_rights(&self, id: TrancheId, date: Date, period: Period) -> Result<Number, Fault> {
        let state = &self.replay.at(date).state;
        let stages = [Stage::Locked, Stage::Released, Stage::Cleared];
        let then = stages.map(|stage| self.replay.engine.stage(state, id, stage));
        let then = then.into_iter().try_fold(Number::ZERO, Number::plus)?;
        match self.replay.engine.warrant_of(id) {
            Some(warrant) => self.restated_rights(then, warrant, date, period),
            None => Ok(then),
        }
    }

    fn is_penny(&self, warrant: &Warrant, average: Option<Number>, date: Date) -> Result<bool, Fault> {
        let strike = self.replay.engine.strike_now(&self.replay.at(date).state, warrant)?;
        let Some(strike) = strike.known() else { return Ok(false) };
        if strike.is_zero() {
            return Ok(true);
        }
        let limit = self.little(warrant.issuer, date)?.times(average.unwrap_or(Number::ONE))?;
        Ok(strike <= limit.over(Number::from_int(100), Rounding { places: 6, ..WEIGHT })?)
    }

    /// Up to how many per cent of the average price an exercise price is little consideration, as the book of the issuer says;
    /// without a word of it, only no price is (ASC 260-10-45-13).
    pub(super) fn little(&self, issuer: PartyId, date: Date) -> Result<Number, Fault> {
        let chosen = self.policy(issuer, "little_consideration", date);
        let share = chosen.as_deref().and_then(|word| word.strip_suffix('%'));
        Ok(share.and_then(|share| Number::parse(share).ok()).unwrap_or(Number::ZERO))
    }

    pub(super) fn mean_close(&self, class: ClassId, period: Period) -> Result<Option<Number>, Fault> {
        self.replay.inputs.prices.get(&class).map_or(Ok(None), |series: &prices::Series| series.mean(period))
    }

    pub(super) fn weighted(
        &self,
        period: Period,
        level: impl Fn(Date) -> Result<Number, Fault>,
    ) -> Result<Number, Fault> {
        self.weighted_from(period, period.from, level)
    }

    /// The mean over all days of a period of a level that counts from `from` on.
    fn weighted_from(
        &self,
        period: Period,
        from: Date,
        level: impl Fn(Date) -> Result<Number, Fault>,
    ) -> Result<Number, Fault> {
        let mut sum = Number::ZERO;
        for (day, days) in self.spans(period, from) {
            sum = sum.plus(level(day)?.times(days)?)?;
        }
        sum.over(scope::days(period), WEIGHT)
    }

    /// Parts of a period from a day on within which nothing changes, by their first day, and how many days each has: levels change
    /// only on version days.
    pub(super) fn spans(&self, period: Period, from: Date) -> Vec<(Date, Number)> {
        let mut cuts = vec![from];
        let dates = self.replay.versions.iter().map(|v| v.date);
        cuts.extend(dates.filter(|date| *date > from && *date <= period.to));
        let end = |index: usize| cuts.get(index + 1).map_or(period.to, |next| next.prev());
        cuts.iter().enumerate().map(|(index, cut)| (*cut, Number::from_int(cut.days_until(end(index)) + 1))).collect()
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
                Instrument::Credit(id) => terms.credits.get(id.index()).map(|c| c.giver),
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

/// Whether nothing but the passing of days stands between a tranche and its exercise.
fn time_alone(tranche: &Tranche) -> bool {
    let mut leaves = Vec::new();
    std::iter::once(&tranche.vests).chain(&tranche.exercisable).for_each(|gate| gate.leaves(&mut leaves));
    leaves.iter().all(|leaf| matches!(leaf.test, Test::Date(_)))
}
