//! Report (e): what was reached when, what latched, what vested, and what is still open.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::build::Reporter;
use super::scope::quarters;
use super::{Mark, Origin, Report, Timeline, Track};
use crate::engine::evaluate::{self, Tested, Verdict};
use crate::engine::prices::{self, Reading};
use crate::num::{Fault, Number, Rounding, Unit};
use crate::terms::{
    Basis, Compare, CounterId, Instrument, PriceMeasureId, SupplyId, Test, TrancheId, Value, Warrant, WarrantId,
};
use crate::time::{Date, Period};

/// A quantity test as written, and when it was reached.
type Reached = (String, Option<(Date, Basis)>);

/// A price test in short, when it latched, how sure, and a remark if it did not.
type Hurdle = (String, Option<Date>, Basis, Option<String>);

/// Ladders longer than this show what vested and the next few.
const SHOWN: usize = 12;

impl Reporter<'_, '_> {
    /// A timeline per warrant.
    pub(super) fn milestones(&mut self) -> Result<Report, String> {
        let mut report = self.report("milestones", "Milestones".into());
        report.header.at = self.today();
        let end = self.replay.end().date;
        for (id, warrant) in (0u32..).map(WarrantId).zip(&self.replay.terms.warrants) {
            let named =
                |party| self.scope.entity.as_ref().is_none_or(|n| self.party_name(party).eq_ignore_ascii_case(n));
            if self.scope.takes(self.replay, warrant.contract) && (named(warrant.issuer) || named(warrant.holder)) {
                let timeline = self.timeline(warrant, id).map_err(|f| f.to_string())?;
                report.timelines.push(timeline);
                let (shown, all) = (self.ladder(warrant).len(), warrant.tranches.len());
                if shown < all {
                    let path = &warrant.path;
                    report.notes.push(format!("{path}: {shown} of {all} tranches are shown; `--all` shows every one."));
                }
            }
        }
        if report.timelines.is_empty() {
            report.notes.push("no warrants here.".into());
        }
        self.waiting(&mut report, |_| true, self.replay.today().min(end)).map_err(|f| f.to_string())?;
        self.refusals(&mut report, Date::MAX);
        Ok(report)
    }

    fn timeline(&mut self, warrant: &Warrant, id: WarrantId) -> Result<Timeline, Fault> {
        let Some(party) = self.replay.terms.parties.get(warrant.issuer.index()) else { return Err(Fault::Overflow) };
        let span = self.drawn(warrant, id);
        let ticks = quarters(party, span);
        let span = Period {
            from: ticks.first().map_or(span.from, |(_, p)| p.from),
            to: ticks.last().map_or(span.to, |(_, p)| p.to),
        };
        let title = format!("{} — {} to {}", warrant.path, party.name, self.party_name(warrant.holder));
        let mut tracks = self.levels(warrant, &ticks)?;
        let ladder = self.ladder(warrant);
        tracks.extend(self.tests(&ladder)?);
        tracks.extend(self.vestings(&ladder));
        let ticks = ticks.into_iter().map(|(name, days)| (name.to_string(), days.from)).collect();
        Ok(Timeline { title, expires: warrant.expires, span, ticks, tracks, today: Some(self.replay.today()) })
    }

    /// From the first to the last thing that happens, at most five quarters before and four after the last actual day.
    fn drawn(&self, warrant: &Warrant, id: WarrantId) -> Period {
        if let Some(range) = self.scope.range {
            return range;
        }
        let today = self.replay.today();
        let about = |o: &&crate::engine::Outcome| {
            let tranche = o.act.tranche().and_then(|t| self.replay.terms.tranches.get(t.index()));
            let supply = o.act.supply().and_then(|s| self.replay.terms.supplies.get(s.index()));
            tranche.is_some_and(|t| t.of == Instrument::Warrant(id))
                || supply.is_some_and(|s| s.contract == warrant.contract)
        };
        let dates: Vec<Date> = self.replay.register.outcomes.iter().filter(about).map(|o| o.date).collect();
        let first = dates.iter().min().copied().unwrap_or(warrant.granted);
        let last = dates.iter().max().copied().unwrap_or(today);
        Period { from: first.max(today.plus_months(-15)).min(today), to: last.min(today.plus_months(12)).max(today) }
    }

    /// What vested, and the next tranches in line.
    fn ladder(&self, warrant: &Warrant) -> Vec<TrancheId> {
        if self.scope.all || warrant.tranches.len() <= SHOWN {
            return warrant.tranches.clone();
        }
        let vested = |id: &TrancheId| self.replay.end().state.tranches.get(id).is_some_and(|t| t.vested.is_some());
        let (done, open): (Vec<_>, Vec<_>) = warrant.tranches.iter().partition(|id| vested(id));
        let skip = done.len().saturating_sub(SHOWN - 3);
        done.into_iter().skip(skip).chain(open.into_iter().take(3)).copied().collect()
    }

    /// Cumulative quantities at the end of each tick.
    fn levels(&mut self, warrant: &Warrant, ticks: &[(crate::time::PeriodName, Period)]) -> Result<Vec<Track>, Fault> {
        let mut tracks = Vec::new();
        for (id, supply) in (0u32..).map(SupplyId).zip(&self.replay.terms.supplies) {
            if supply.contract != warrant.contract {
                continue;
            }
            let about = |o: &&crate::engine::Outcome| o.act.supply() == Some(id);
            let last = self.replay.register.outcomes.iter().filter(about).map(|o| o.date).max();
            for (measure, word) in [("delivered_to_date", "delivered"), ("invoiced", "invoiced")] {
                let mut marks = Vec::new();
                for (_, days) in ticks {
                    let to_date = Period { from: Date::MIN, to: days.to };
                    let found = match measure {
                        "invoiced" => self.measures().supply_flow(id, measure, to_date)?,
                        _ => self.measures().supply_stock(id, measure, days.to)?,
                    };
                    if found.value != Value::ZERO && last.is_some_and(|last| days.from <= last) {
                        let figure = self.figure(&found);
                        marks.push(Mark::Level(days.to, figure));
                    }
                }
                if !marks.is_empty() {
                    tracks.push(Track {
                        label: format!("{} {word}, cum.", supply.unit),
                        size: None,
                        marks,
                        remark: None,
                    });
                }
            }
        }
        Ok(tracks)
    }

    /// Every distinct quantity and price test of the ladder.
    fn tests(&self, ladder: &[TrancheId]) -> Result<Vec<Track>, Fault> {
        let mut quantities: BTreeMap<(CounterId, Number), Reached> = BTreeMap::new();
        let mut hurdles: BTreeMap<(PriceMeasureId, Option<Number>, Arc<str>), Hurdle> = BTreeMap::new();
        let end = self.replay.end();
        for id in ladder {
            let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { continue };
            let evaluation = evaluate::evaluate(&self.replay.engine, &end.state, *id, &tranche.vests, end.date)?;
            let mut leaves = Vec::new();
            tranche.vests.leaves(&mut leaves);
            for (leaf, tested) in leaves.iter().zip(&evaluation.tests) {
                match (&leaf.test, tested.threshold) {
                    (Test::Counter(counter, ..), Some(threshold)) => {
                        let reached = self.reached_on(*counter, threshold);
                        quantities.insert((*counter, threshold), (tested.text.to_string(), reached));
                    }
                    (Test::Price(measure, op, _), threshold) => {
                        let label = self.price_label(*measure, *id, *op, tested);
                        let remark = match (tested.latched, threshold) {
                            (Some(_), _) => None,
                            (None, Some(_)) => self.best(*measure, *id)?.map(|best| format!("open: {best}")),
                            (None, None) => self.best(*measure, *id)?.map(|best| format!("undisclosed: {best}")),
                        };
                        // Targets that nobody disclosed stay apart.
                        let key = threshold.map_or_else(|| Arc::from(label.as_str()), |_| "".into());
                        hurdles.insert((*measure, threshold, key), (label, tested.latched, tested.basis, remark));
                    }
                    _ => {}
                }
            }
        }
        let mut tracks = Vec::new();
        for (label, reached) in quantities.into_values() {
            let remark = reached.is_none().then(|| "open".to_owned());
            let marks = reached.map(|(date, basis)| Mark::Met(date, basis)).into_iter().collect();
            tracks.push(Track { label, size: None, marks, remark });
        }
        for (label, latched, basis, remark) in hurdles.into_values() {
            let marks = latched.map(|date| Mark::Latched(date, basis)).into_iter().collect();
            tracks.push(Track { label, size: None, marks, remark });
        }
        Ok(tracks)
    }

    /// `30-day average >= 300 USD`; the class is named if it is not the warrant's own.
    fn price_label(&self, id: PriceMeasureId, tranche: TrancheId, op: Compare, tested: &Tested) -> String {
        let Some(measure) = self.replay.terms.price_measures.get(id.index()) else { return tested.text.to_string() };
        let what = if measure.window > 1 { format!("{}-day average", measure.window) } else { "close".to_owned() };
        let own = self.replay.engine.warrant_of(tranche).is_some_and(|w| w.class == measure.class);
        let class = self.replay.terms.classes.get(measure.class.index()).filter(|_| !own);
        let class = class.map_or_else(String::new, |class| format!(" of {}", class.path));
        let unit = tested.unit.num.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
        let target = match (tested.threshold, &tested.verdict) {
            (Some(threshold), _) => format!("{}{unit}", threshold.grouped()),
            (None, Verdict::Undetermined(names)) => names.join(", "),
            (None, _) => "undisclosed".to_owned(),
        };
        format!("{what}{class} {} {target}", op.sign())
    }

    /// The first day on which a counter stood at a threshold or above.
    fn reached_on(&self, counter: CounterId, threshold: Number) -> Option<(Date, Basis)> {
        let version = self
            .replay
            .versions
            .iter()
            .find(|version| version.state.counters.get(&counter).is_some_and(|(total, _)| *total >= threshold))?;
        let basis = version.state.counters.get(&counter).map_or(Basis::Actual, |(_, basis)| *basis);
        Some((version.date, basis))
    }

    /// The best reading so far of a price test that has not latched.
    fn best(&self, id: PriceMeasureId, tranche: TrancheId) -> Result<Option<String>, Fault> {
        let Some(measure) = self.replay.terms.price_measures.get(id.index()) else { return Ok(None) };
        let Some(series) = self.replay.inputs.prices.get(&measure.class) else {
            return Ok(Some("no prices".into()));
        };
        let granted = self.replay.engine.warrant_of(tranche).map_or(Date::MIN, |w| w.granted);
        let mut best: Option<(Number, Date)> = None;
        for close in series.closes().iter().filter(|c| c.date >= granted) {
            if let Reading::Sum(sum, _) = prices::read(self.replay.inputs, measure, close.date)
                && best.is_none_or(|(top, _)| sum > top)
            {
                best = Some((sum, close.date));
            }
        }
        let Some((sum, date)) = best else { return Ok(Some("no window without a gap".into())) };
        let base = crate::engine::watch::multiplier(self.replay.inputs, measure.class, granted, measure.adjusts);
        let average = sum.over(Number::from_int(i64::from(measure.window)).times(base)?, Rounding::CENTS)?;
        Ok(Some(format!("best {} on {date}", average.to_fixed(2))))
    }

    fn vestings(&mut self, ladder: &[TrancheId]) -> Vec<Track> {
        let state = &self.replay.end().state;
        let today = self.replay.today();
        let mut track = |id: &TrancheId| {
            let tranche = self.replay.terms.tranches.get(id.index())?;
            let reached = state.tranches.get(id).cloned().unwrap_or_default();
            let vesting = self
                .replay
                .register
                .outcomes
                .iter()
                .find(|o| matches!(o.act, crate::engine::Act::Vested { tranche, .. } if tranche == *id));
            let mut marks: Vec<Mark> = vesting.map(|o| Mark::Vested(o.date, o.basis)).into_iter().collect();
            marks.extend(reached.lapsed.map(Mark::Lapsed));
            let origin = Origin::Term(tranche.path.clone());
            let size = self.bases.figure(Value::Known(tranche.size), Unit::of("shares"), Basis::Actual, origin);
            let remark = reached.cleared.is_none().then(|| match reached.vested {
                Some(_) => "vested, not yet exercisable".to_owned(),
                None => "open".to_owned(),
            });
            Some(Track {
                label: format!("vest {}", tranche.name),
                size: Some(size),
                marks,
                remark: remark.filter(|_| reached.lapsed.is_none_or(|day| day > today)),
            })
        };
        ladder.iter().filter_map(&mut track).collect()
    }

    /// What a figure about the state of a clause rests on.
    pub(super) fn state_origin(path: &str, date: Date) -> Origin {
        Origin::State { what: path.into(), date }
    }
}
