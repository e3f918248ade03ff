//! Exercise prices that moved, what the articles allow against what may have to be issued, and prices below par.

use std::collections::BTreeSet;

use super::build::Reporter;
use super::measure::{Measured, Measures, Nature};
use super::{Cell, Column, Origin, Report, Row, Scale, Table};
use crate::engine::{Act, Outcome};
use crate::num::{Fault, Number, Unit};
use crate::terms::{ClassId, PartyId, Stage, TrancheId, Value, Warrant, WarrantId};
use crate::time::{Date, Period};

/// Measures of a warrant: its exercise price a share; of a class: authorised shares that nothing needs.
pub(super) const EQUITY_MEASURES: &[(&str, Nature)] =
    &[("strike", Nature::Stock), ("authorised_headroom", Nature::Stock)];

/// What the articles allow of a class, and what may have to be issued.
pub(super) struct Limit {
    authorised: Value,
    outstanding: Number,
    reserved: Number,
    issuable: Number,
}

impl Limit {
    pub(super) fn headroom(&self) -> Result<Value, Fault> {
        let taken = self.outstanding.plus(self.reserved)?.plus(self.issuable)?;
        self.authorised.clone().minus(Value::Known(taken))
    }
}

impl Measures<'_, '_> {
    /// A measure of a warrant or a class of a party at the end of a day; `None` without one.
    pub(super) fn equity(
        &self,
        party: PartyId,
        measure: &str,
        item: Option<&str>,
        date: Date,
    ) -> Result<Option<Measured>, Fault> {
        let terms = self.replay.terms;
        let (value, unit, what, certainty) = if measure == "strike" {
            let mine = |w: &&Warrant| w.issuer == party || w.holder == party;
            let Some(warrant) = terms.warrants.iter().filter(mine).find(|w| item == Some(&*w.path)) else {
                return Ok(None);
            };
            let id = terms.warrant_id(warrant);
            let moved = |o: &Outcome| matches!(o.act, Act::Adjusted { warrant, .. } if Some(warrant) == id);
            let value = self.replay.engine.strike_now(&self.replay.at(date).state, warrant)?;
            (value, warrant.strike.unit.clone(), &warrant.path, self.certainty(date, moved))
        } else {
            let classes = (0u32..).map(ClassId).zip(&terms.classes);
            let mut mine = classes.filter(|(_, c)| c.issuer == party && item.is_none_or(|i| i == &*c.path));
            let Some((id, class)) = mine.next() else { return Ok(None) };
            let certainty = self.certainty(date, |o| self.touches_class(o, id));
            (self.limit(id, date)?.headroom()?, Unit::of("shares"), &class.path, certainty)
        };
        let origin = Origin::State { what: what.clone(), date };
        Ok(Some(Measured { value, missing: BTreeSet::new(), unit, certainty, origin }))
    }

    /// What the articles allow of a class at the end of a day, and what may have to be issued.
    pub(super) fn limit(&self, class: ClassId, date: Date) -> Result<Limit, Fault> {
        let (engine, state) = (&self.replay.engine, &self.replay.at(date).state);
        let path = self.replay.terms.classes.get(class.index()).map_or("", |c| &*c.path);
        let authorised = engine.authorised(state, class)?;
        let authorised = authorised.map_or_else(|| Value::missing(format!("{path}.authorised")), Value::Known);
        // Without a line about it, what employees were promised is what is kept.
        let awards = state.awards.get(&class).map_or(Number::ZERO, |(awards, _)| *awards);
        let reserved = state.reserved.get(&class).copied().unwrap_or(awards);
        let stages = [Stage::Locked, Stage::Released, Stage::Cleared];
        let rights =
            self.rights_over(class, date).flat_map(|(id, ..)| stages.map(|stage| engine.stage(state, id, stage)));
        let issuable = Number::sum(rights)?;
        let outstanding = engine.outstanding(&self.replay.register.chart, state, class);
        Ok(Limit { authorised, outstanding, reserved, issuable })
    }

    /// What adjustments and splits added to the rights of a tranche in a stage, in a period.
    pub(super) fn grown(&self, id: TrancheId, stage: Stage, period: Period) -> Result<Number, Fault> {
        let state = &self.replay.at(period.to).state;
        let holders = self.replay.engine.holders(state, id);
        let accounts: Vec<_> = holders.iter().filter_map(|(_, own)| own.get(stage as usize)).collect();
        let journal = &self.replay.register.journal;
        let grows = |o: &&Outcome| matches!(o.act, Act::Split { .. } | Act::Adjusted { .. } | Act::Assigned { .. });
        let outcomes = self.replay.outcomes().map(|(_, o)| o).filter(|o| period.contains(o.date)).filter(grows);
        let entries = outcomes.filter_map(|o| journal.get(o.entry?));
        let postings = entries.flat_map(|entry| journal.postings(entry));
        Number::sum(postings.filter(|posting| accounts.contains(&&posting.account)).map(|posting| posting.amount))
    }
}

impl Reporter<'_, '_> {
    /// Tables and notes about the classes and warrants of an issuer.
    pub(super) fn equity(&mut self, report: &mut Report, issuer: PartyId, period: Period) -> Result<(), Fault> {
        report.tables.extend(self.strikes(issuer, period)?);
        let limits = self.limits(report, issuer, period.to)?;
        report.tables.extend(limits);
        self.below_par(report, issuer, period)
    }

    /// Every adjustment so far, with its arithmetic.
    fn strikes(&mut self, issuer: PartyId, period: Period) -> Result<Option<Table>, Fault> {
        let columns = vec![
            Column::text("Exercise prices"),
            Column::text("Date"),
            Column::figures("Before", Scale { power: 0, places: 4 }),
            Column::figures("After", Scale { power: 0, places: 4 }),
            Column::text("Because"),
        ];
        let mut table = Table { columns, ..Table::default() };
        let adjusted: Vec<(u32, &Outcome)> = self.replay.outcomes().filter(|(_, o)| o.date <= period.to).collect();
        for (number, outcome) in adjusted {
            let Act::Adjusted { warrant, before, after, why } = &outcome.act else { continue };
            let Some(terms) = self.warrant_of_issuer(*warrant, issuer) else { continue };
            let (path, unit) = (terms.path.to_string(), terms.strike.unit.clone());
            let mut figure = |value: Value| {
                Cell::Figure(self.bases.figure(value, unit.clone(), outcome.basis, Origin::Outcomes(vec![number])))
            };
            let (before, after) = (figure(Value::Known(*before)), figure(after.clone()));
            let cells = vec![Cell::Text(path), Cell::Dated(outcome.date, outcome.basis), before, after];
            table.rows.push(Row::of(cells.into_iter().chain([Cell::Text(why.words())]).collect()));
        }
        Ok(Some(table).filter(|table| !table.rows.is_empty()))
    }

    fn warrant_of_issuer(&self, id: WarrantId, issuer: PartyId) -> Option<&Warrant> {
        let warrant = self.replay.terms.warrants.get(id.index())?;
        (warrant.issuer == issuer && self.scope.takes(self.replay, warrant.contract)).then_some(warrant)
    }

    /// What the articles allow, class by class; a note where it is not enough.
    fn limits(&mut self, report: &mut Report, issuer: PartyId, date: Date) -> Result<Option<Table>, Fault> {
        let columns = vec![
            Column::text("Authorised shares"),
            Column::figures("Author-\nised", self.scales.shares),
            Column::figures("Outstand-\ning", self.scales.shares),
            Column::figures("Reserved", self.scales.shares),
            Column::figures("Most under\nwarrants", self.scales.shares),
            Column::figures("Left", self.scales.shares),
        ];
        let mut table = Table { columns, ..Table::default() };
        let classes = (0u32..).map(ClassId).zip(&self.replay.terms.classes);
        let mine: Vec<_> = classes.filter(|(_, c)| c.issuer == issuer).map(|(id, c)| (id, c.path.clone())).collect();
        for (id, path) in mine {
            let limit = self.measures().limit(id, date)?;
            if limit.authorised.known().is_none() {
                continue;
            }
            let left = limit.headroom()?;
            if let Some(short) = left.known().filter(|left| left.is_negative()) {
                report.notes.push(format!(
                    "{path}: authorised − outstanding − reserved is {} short of the most that warrants may ask for; \
                     outside Topic 718 that is no equity (ASC 815-40-25-10).",
                    short.abs().grouped()
                ));
            }
            let certainty = self.measures().certainty(date, |o| self.measures().touches_class(o, id));
            let mut cells = vec![Cell::Text(path.to_string())];
            let known = [limit.outstanding, limit.reserved, limit.issuable].map(Value::Known);
            for value in std::iter::once(limit.authorised).chain(known).chain([left]) {
                let origin = Origin::State { what: path.clone(), date };
                cells.push(Cell::Figure(self.bases.figure(value, Unit::of("shares"), certainty, origin)));
            }
            table.rows.push(Row::of(cells));
        }
        Ok(Some(table).filter(|table| !table.rows.is_empty()))
    }

    /// Shares issued in a period for less than their par value.
    fn below_par(&self, report: &mut Report, issuer: PartyId, period: Period) -> Result<(), Fault> {
        for (_, outcome) in self.replay.outcomes().filter(|(_, o)| period.contains(o.date)) {
            let Act::Exercised { tranche, issued, paid, shares, .. } = &outcome.act else { continue };
            let Some(warrant) = self.replay.engine.warrant_of(*tranche).filter(|w| w.issuer == issuer) else {
                continue;
            };
            let class = self.replay.engine.class_of(&self.replay.at(outcome.date).state, warrant);
            let par = self.replay.terms.classes.get(class.index()).and_then(|c| c.par.as_ref());
            let par = par.map(|par| self.replay.inputs.value(par)).transpose()?.and_then(|par| par.known());
            let Some(par) = par.filter(|_| issued == shares) else { continue };
            let least = par.times(*issued)?;
            if *paid < least {
                report.notes.push(format!(
                    "{} {}: {} paid for {} shares, below their par value of {}.",
                    outcome.date,
                    self.tranche_path(*tranche),
                    paid.grouped(),
                    issued.grouped(),
                    least.grouped()
                ));
            }
        }
        Ok(())
    }
}
