//! Periods: one interim period by itself, and the year to date made of quarters (ASC 260-10-55-3, 260-10-45-49).

use super::replayed::Place;
use super::{Line, ShareCount, WEIGHT};
use crate::num::{Fault, Number};
use crate::report::measure::Measures;
use crate::report::scope;
use crate::terms::{ClassId, Earnings, Paragraph, TrancheId, Value, Warrant};
use crate::time::{Period, PeriodName};

impl Measures<'_, '_> {
    /// The quarters of a year to date, if the period is one.
    pub(super) fn quarters_to_date(&self, class: ClassId, period: Period) -> Vec<Period> {
        let issuer = self.replay.terms.classes.get(class.index()).map(|c| c.issuer);
        let Some(party) = issuer.and_then(|id| self.replay.terms.parties.get(id.index())) else { return Vec::new() };
        let quarters = scope::quarters(party, period);
        let from = quarters
            .first()
            .filter(|(name, days)| matches!(name, PeriodName::Quarter(_, 1)) && days.from == period.from);
        let to = quarters.last().filter(|(_, days)| days.to == period.to);
        match (from, to) {
            (Some(_), Some(_)) if (2..=4).contains(&quarters.len()) => quarters.iter().map(|(_, days)| *days).collect(),
            _ => Vec::new(),
        }
    }

    /// Shares and effects before anything is tested for dilution.
    pub(super) fn untested(&self, class: ClassId, period: Period) -> Result<ShareCount, Fault> {
        let quarters = self.quarters_to_date(class, period);
        let issuer = self.replay.terms.classes.get(class.index()).map(|c| c.issuer);
        let recomputed =
            issuer.and_then(|id| self.policy(id, "eps_year_to_date", period.to)).is_some_and(|c| &*c == "recomputed");
        if quarters.is_empty() || recomputed {
            return self.interim(class, period, &quarters);
        }
        self.year_to_date(class, period, &quarters)
    }

    /// One interim period by itself.
    fn interim(&self, class: ClassId, period: Period, quarters: &[Period]) -> Result<ShareCount, Fault> {
        let stated = self.statement(class, period).map(|(_, earnings)| earnings);
        let mut count = ShareCount { average: self.average_of(class, period, stated)?, ..ShareCount::default() };
        count.lines.push(self.in_basic(class, period, quarters)?);
        self.replayed(class, period, stated, &mut count)?;
        self.awards(class, period, &mut count);
        let issuer = self.replay.terms.classes.get(class.index()).map(|c| c.issuer);
        if let (Some(stated), Some(issuer)) = (stated, issuer) {
            self.securities(stated, issuer, period, &mut count)?;
        }
        Ok(count)
    }

    /// The year to date: basic by days, potential shares as the mean of what the quarters had.
    fn year_to_date(&self, class: ClassId, period: Period, quarters: &[Period]) -> Result<ShareCount, Fault> {
        let stated = self.statement(class, period).map(|(_, earnings)| earnings);
        let own = stated.filter(|e| !e.securities.is_empty());
        let whole = self.interim(class, period, quarters)?;
        let parts = quarters.iter().map(|quarter| self.interim(class, *quarter, &[])).collect::<Result<Vec<_>, _>>()?;
        // Lines in basic are weighted by days; those only in diluted come from the quarters.
        let lines = whole.lines.iter().filter(|line| line.of.is_none()).cloned().collect();
        let mut count = ShareCount { lines, average: whole.average, ..ShareCount::default() };
        let mut names: Vec<String> = Vec::new();
        for potential in parts.iter().chain([&whole]).flat_map(|part| &part.potentials) {
            if !names.contains(&potential.name) {
                names.push(potential.name.clone());
            }
        }
        let reported = |name: &str| own.is_some_and(|e| e.securities.iter().any(|s| *s.name == *name));
        for name in names {
            let at = count.potential(&name);
            let of = |part: &ShareCount| part.potentials.iter().position(|p| p.name == name);
            if reported(&name) {
                let Some(found) = of(&whole) else { continue };
                let lines = whole.lines.iter().filter(|line| line.of == Some(found)).cloned();
                count.lines.extend(lines.map(|line| line.part_of(at)));
                let effect = whole.potentials.get(found).map_or(Value::ZERO, |p| p.numerator.clone());
                count.effect(at, effect)?;
                continue;
            }
            // What the whole period states itself goes before what the quarters state.
            if own.is_some() && !self.is_warrant(&name) {
                continue;
            }
            let mut shares = Vec::new();
            for part in &parts {
                shares.push(of(part).map_or(Ok(Value::ZERO), |found| part.increment(found))?);
            }
            self.contingent(class, &name, (period, whole.average), quarters, &parts, &mut shares)?;
            for (quarter, shares) in quarters.iter().zip(&mut shares) {
                let then = std::mem::replace(shares, Value::ZERO);
                *shares = then.map(|then| self.restated(then, class, quarter.to, period))?;
            }
            let mean = mean(&shares)?;
            let (more, why) = match self.joined_part(class, &name, (period, whole.average))? {
                Some(basic) => (
                    mean.join(basic, |mean, basic| Ok(mean.minus(basic)?.clamp_zero()))?,
                    self.why(class, "", Paragraph::EpsJoined),
                ),
                None => (mean, self.why(class, "", Paragraph::EpsQuarters)),
            };
            let shown = shares.iter().map(|n| n.known().map_or_else(|| "n/a".into(), Number::grouped));
            let shown = shown.collect::<Vec<_>>().join(" + ");
            let label = format!("{name}: mean of {} quarters, ({shown})/{0}", quarters.len());
            count.lines.push(Line::new(label, Value::ZERO, more, why).part_of(at));
            let effects = match stated.is_some_and(|e| !e.gains.is_empty()) {
                true => vec![&whole],
                false => parts.iter().collect(),
            };
            for part in effects {
                let effect = of(part).and_then(|found| part.potentials.get(found)).map(|p| p.numerator.clone());
                count.effect(at, effect.unwrap_or(Value::ZERO))?;
            }
        }
        let remeasured = match stated.is_some_and(|e| !e.gains.is_empty()) {
            true => vec![&whole],
            false => parts.iter().collect(),
        };
        for gain in remeasured.into_iter().filter_map(|part| part.remeasured.clone()) {
            count.remeasure(gain)?;
        }
        Ok(count)
    }

    fn is_warrant(&self, name: &str) -> bool {
        self.replay.terms.warrants.iter().any(|warrant| *warrant.path == *name)
    }

    /// Tranches of a warrant that came into basic within the year to date.
    fn joined_tranches<'s>(
        &'s self,
        class: ClassId,
        name: &'s str,
        (period, average): (Period, Option<Number>),
    ) -> Result<Vec<(TrancheId, &'s Warrant)>, Fault> {
        let mut found = Vec::new();
        for (id, _, warrant) in self.rights_over(class, period.to).filter(|(.., warrant)| *warrant.path == *name) {
            if matches!(self.place(id, warrant, average, period)?, Place::Joined(_)) {
                found.push((id, warrant));
            }
        }
        Ok(found)
    }

    /// Their shares in the basic column of the year to date; nothing if there are none.
    fn joined_part(&self, class: ClassId, name: &str, at: (Period, Option<Number>)) -> Result<Option<Value>, Fault> {
        let joined = self.joined_tranches(class, name, at)?;
        if joined.is_empty() {
            return Ok(None);
        }
        let mut sum = Number::ZERO;
        for (id, _) in joined {
            sum = sum.plus(self.weighted(at.0, |day| self.open_rights(id, day, at.0))?)?;
        }
        Ok(Some(Value::Known(sum)))
    }

    /// Adds to each quarter what joined tranches have in its basic column: the mean is one of whole shares included,
    /// not of increments over basic.
    fn contingent(
        &self,
        class: ClassId,
        name: &str,
        at: (Period, Option<Number>),
        quarters: &[Period],
        parts: &[ShareCount],
        shares: &mut [Value],
    ) -> Result<(), Fault> {
        for (id, warrant) in self.joined_tranches(class, name, at)? {
            for ((quarter, part), shares) in quarters.iter().zip(parts).zip(shares.iter_mut()) {
                if matches!(self.place(id, warrant, part.average, *quarter)?, Place::Basic | Place::Joined(_)) {
                    let basic = self.weighted(*quarter, |day| self.open_rights(id, day, *quarter))?;
                    *shares = std::mem::replace(shares, Value::ZERO).plus(Value::Known(basic))?;
                }
            }
        }
        Ok(())
    }

    /// The first line of the count: the basic denominator as reported, else common shares day by day.
    fn in_basic(&self, class: ClassId, period: Period, quarters: &[Period]) -> Result<Line, Fault> {
        let reported = |period| -> Result<Option<(crate::terms::LineId, Value)>, Fault> {
            let weighted = self.statement(class, period).and_then(|(id, e)| Some((id, e.weighted.as_ref()?)));
            weighted.map(|(id, formula)| Ok((id, self.replay.inputs.value(formula)?))).transpose()
        };
        if let Some((_, shares)) = reported(period)? {
            return Ok(Line::new("Weighted-average shares, as reported", shares.clone(), shares, "stated"));
        }
        let each = quarters.iter().map(|quarter| reported(*quarter)).collect::<Result<Option<Vec<_>>, _>>()?;
        if let Some(each) = each.filter(|each| !each.is_empty()) {
            let mut days = Value::ZERO;
            for ((id, shares), quarter) in each.into_iter().zip(quarters) {
                // Reported before a split, in shares of then.
                let line = self.replay.inputs.lines.iter().find(|line| line.id == id);
                let said = line.map_or(quarter.to, |line| line.line.date);
                let shares = shares.map(|shares| self.restated(shares, class, said, period))?;
                days = days.plus(shares.times(Value::Known(scope::days(*quarter)))?)?;
            }
            let shares = days.map(|days| days.over(scope::days(period), WEIGHT))?;
            let label = "Weighted-average shares, quarters as reported";
            return Ok(Line::new(label, shares.clone(), shares, "weighted by days"));
        }
        let common = self.common(class, period)?;
        Ok(Line::new("Common shares issued, weighted", common.clone(), common, "outstanding each day"))
    }

    fn average_of(&self, class: ClassId, period: Period, stated: Option<&Earnings>) -> Result<Option<Number>, Fault> {
        match stated.and_then(|e| e.average.as_ref()) {
            Some(average) => Ok(self.replay.inputs.value(average)?.known()),
            None => self.mean_close(class, period),
        }
    }

    /// Employee awards as the opening states them.
    fn awards(&self, class: ClassId, period: Period, count: &mut ShareCount) {
        let (awards, dilutive) = self.replay.at(period.to).state.awards.get(&class).copied().unwrap_or_default();
        if awards.is_positive() || dilutive.is_positive() {
            let at = count.potential("employee awards");
            let label = "Employee awards (treasury stock method, as stated)";
            let line = Line::new(label, Value::ZERO, Value::Known(dilutive), "stated in the opening");
            count.lines.push(line.part_of(at));
        }
    }
}

fn mean(parts: &[Value]) -> Result<Value, Fault> {
    let sum = parts.iter().cloned().try_fold(Value::ZERO, Value::plus)?;
    let number = Number::from_int(i64::try_from(parts.len()).unwrap_or(i64::MAX).max(1));
    sum.map(|sum| sum.over(number, WEIGHT))
}
