//! Issued periods: what became known after one, before or after it was issued, and what was restated.

use std::collections::{BTreeMap, BTreeSet};

use super::books::Sides;
use super::build::Reporter;
use super::compare::Threshold;
use super::{Bases, Report, Scope, Table};
use crate::engine::{Act, Inputs, Outcome};
use crate::ledger::Parent;
use crate::num::{Fault, Number};
use crate::run::Replay;
use crate::terms::{Fact, LineId, PartyId, SupplyId, Value};
use crate::time::{Date, Period, PeriodName};

/// A `restate` line.
struct Restated<'t> {
    party: PartyId,
    name: PeriodName,
    period: Period,
    on: Date,
    lines: &'t [LineId],
    note: Option<&'t str>,
}

/// What was issued by then, from the restated period on.
fn issued_range(restated: &Restated<'_>, left: &Replay<'_>) -> Period {
    let to = left.closed.through(restated.party, restated.on).unwrap_or(restated.period.to);
    Period { from: restated.period.from, to: to.max(restated.period.to) }
}

impl<'r> Reporter<'r, '_> {
    /// Notes on a party's book about facts that became known after the end of an issued period.
    pub(super) fn late_news(&self, report: &mut Report, party: PartyId) {
        let Some((_, shown)) = report.header.period.clone() else { return };
        let mut notes: BTreeSet<String> = BTreeSet::new();
        let owner = self.party_name(party);
        for outcome in &self.replay.register.outcomes {
            if outcome.known <= outcome.date || !self.reaches(party, &outcome.act) {
                continue;
            }
            let (date, known) = (outcome.date, outcome.known);
            let Some((period, issued)) = self.replay.closed.holding(party, date) else { continue };
            let who = || self.said_by(&outcome.parents, known);
            if issued <= known && (shown.contains(known) || shown.contains(date)) {
                let what = who();
                notes.insert(format!("{what}, dated {date}, became known on {known}, after {owner} had issued {period} on {issued}: booked on {known}, as a change in estimate (ASC 250-10-45-17)."));
            } else if known > period.to && known < issued && shown.contains(date) {
                let what = who();
                notes.insert(format!("{what}, dated {date}, became known on {known}, after the end of {period} and before {owner} issued it on {issued}: in that period (ASC 855-10-25-1)."));
            }
        }
        for restated in self.restated(party).iter().filter(|r| r.period.intersect(&shown).is_some()) {
            let (name, on) = (restated.name, restated.on);
            notes.insert(format!(
                "{name} is restated, on {on}: `report restatement` has what was reported before (ASC 250-10-50-7)."
            ));
        }
        report.notes.extend(notes);
    }

    /// What a party's book has still to take in at the end of a day: it became known later, after its period was issued.
    pub(super) fn not_yet_in(&self, party: PartyId, date: Date) -> impl Iterator<Item = &'r Outcome> + use<'r, '_> {
        let replay = self.replay;
        let keeper = replay.keeper(party).filter(|_| replay.closed.through(party, Date::MAX).is_some());
        let all = keeper.into_iter().flat_map(move |keeper| {
            let late = move |outcome: &&Outcome| {
                outcome.date <= date && outcome.known > date && replay.concerns(keeper, &outcome.act)
            };
            replay.register.outcomes.iter().filter(late)
        });
        all.filter(move |outcome| replay.closed.booking_date(party, outcome) > date)
    }

    /// Of a supply at the end of a day: what has passed, was billed, and was paid ahead of bills, and its seller's book has still to take in.
    pub(super) fn unbooked(&self, id: SupplyId, date: Date) -> Result<(Number, Value, Number), Fault> {
        let (mut passed, mut billed, mut ahead) = (Number::ZERO, Value::ZERO, Number::ZERO);
        let Some(sold) = self.replay.terms.supplies.get(id.index()) else { return Ok((passed, billed, ahead)) };
        for outcome in self.not_yet_in(sold.seller, date) {
            match &outcome.act {
                Act::Transferred { supply, quantity, .. } if *supply == id => passed = passed.plus(*quantity)?,
                Act::Billed { supply, amount, .. } if *supply == id => billed = billed.plus(amount.clone())?,
                Act::Paid { supply, amount, applied, .. } if *supply == id => {
                    ahead = ahead.plus(amount.minus(*applied)?)?
                }
                Act::Applied { supply, amount } | Act::Refunded { supply, amount, .. } if *supply == id => {
                    ahead = ahead.minus(*amount)?;
                }
                _ => {}
            }
        }
        Ok((passed, billed, ahead))
    }

    /// Whether an outcome is one of a party's book.
    fn reaches(&self, party: PartyId, act: &crate::engine::Act) -> bool {
        self.replay.keeper(party).is_some_and(|keeper| self.replay.concerns(keeper, act))
    }

    /// The lines that made something late, by id or by what they say.
    fn said_by(&self, parents: &[Parent], known: Date) -> String {
        let mut lines: BTreeMap<u32, String> = BTreeMap::new();
        let mut rest: Vec<&Parent> = parents.iter().collect();
        let mut seen: BTreeSet<u32> = BTreeSet::new();
        while let Some(parent) = rest.pop() {
            match parent {
                Parent::Line(id) => {
                    let line = self.replay.engine.line(*id).filter(|line| line.line.known == known);
                    let Some(line) = line else { continue };
                    let name = line.line.id.as_ref().map_or_else(|| "a line".to_owned(), |id| format!("line {id}"));
                    lines.insert(id.0, name);
                }
                Parent::Outcome(number) if seen.insert(*number) => {
                    let outcome = self.replay.register.outcomes.get(*number as usize);
                    rest.extend(outcome.into_iter().filter(|o| o.known == known).flat_map(|o| &o.parents));
                }
                Parent::Outcome(_) | Parent::Term(_) => {}
            }
        }
        if lines.is_empty() { "a fact".into() } else { lines.into_values().collect::<Vec<_>>().join(", ") }
    }

    fn restated(&self, party: PartyId) -> Vec<Restated<'r>> {
        let all = self.replay.inputs.lines.iter().filter_map(|line| match &line.line.fact {
            Some(Fact::Restate { party: by, name, period, lines }) if *by == party => {
                let (on, note) = (line.line.date, line.line.note.as_deref());
                Some(Restated { party, name: *name, period: *period, on, lines, note })
            }
            _ => None,
        });
        let mut all: Vec<Restated<'r>> = all.collect();
        all.sort_by_key(|restated| restated.on);
        all
    }

    /// What was reported before against what is now, for each restatement of a party.
    pub(super) fn restatement(&mut self) -> Result<Report, String> {
        let restates = |id| !self.restated(id).is_empty();
        let Some((party, found)) = self.scope.fitting(self.replay, restates)? else {
            return Ok(self.nothing("restatement", "previously reported and restated", "restates nothing"));
        };
        let mut report = self.report("restatement", format!("{} — previously reported and restated", found.name));
        report.header.units = format!("{}, exact", found.currency);
        self.book_header(&mut report, party);
        if self.scope.scenario != "base" && !self.scope.scenario.is_empty() {
            report.notes.push("what was reported before is read without the scenario.".into());
        }
        let terms = self.replay.terms;
        let book = self.replay.keeper(party).and_then(|k| self.replay.keepers.get(k)).map(|k| k.book.name.clone());
        for restated in self.restated(party) {
            let fault = |fault: &crate::engine::Fault| format!("{} in `{}`", fault.kind, fault.clause);
            let believed = |day| Inputs::select(terms, &[], Some(day)).map_err(|f| fault(&f));
            let (before, after) = (believed(restated.on.prev())?, believed(restated.on)?);
            let run = |inputs| Replay::new(terms, inputs, book.as_deref()).map_err(|f| fault(&f));
            let (left, right) = (run(&before)?, run(&after)?);
            let table = self.compared(&mut report, &restated, &left, &right).map_err(|f| f.to_string())?;
            report.tables.push(table);
            let range = issued_range(&restated, &left);
            let title =
                format!("Earnings per share of {}, restated on {}", self.party_name(restated.party), restated.on);
            let shares = self.restated_eps(restated.party, range, title, (&left, &right)).map_err(|f| f.to_string())?;
            report.tables.extend(shares);
        }
        Ok(report)
    }

    fn compared(
        &mut self,
        report: &mut Report,
        restated: &Restated<'_>,
        left: &Replay<'_>,
        right: &Replay<'_>,
    ) -> Result<Table, Fault> {
        let name = self.party_name(restated.party);
        let sides = Sides::named("As previously reported", "As restated");
        let mut table = sides.moved(format!("{} of {name}, restated on {}", restated.name, restated.on));
        let named = |id: &LineId| {
            let line = self.replay.terms.lines.get(id.0 as usize);
            line.and_then(|line| line.id.clone()).map_or_else(|| "a line".into(), |id| id.to_string())
        };
        let lines: Vec<String> = restated.lines.iter().map(named).collect();
        let why = restated.note.map_or_else(String::new, |note| format!(": {note}"));
        table.footnotes.push(format!("Error corrected by {}{why} (ASC 250-10-45-23).", lines.join(", ")));
        let range = issued_range(restated, left);
        let scope = Scope { entity: Some(name), range: Some(range), period: None, ..self.scope.clone() };
        let mut reporter = Reporter { scope: &scope, bases: Bases::default(), ..*self };
        std::mem::swap(&mut reporter.bases, &mut self.bases);
        let done = reporter.moved(report, &mut table, (left, right), &Threshold::default());
        std::mem::swap(&mut reporter.bases, &mut self.bases);
        done?;
        if table.rows.is_empty() {
            report.notes.push(format!("the restatement of {} changes no amount of its book.", restated.name));
        }
        Ok(table)
    }
}
