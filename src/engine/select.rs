//! Choosing the inputs: knowledge date, corrections, forecasts that came true, scenarios.

use std::collections::{BTreeMap, BTreeSet};

use super::inputs::{self, InputLine, Inputs};
use super::schedule::{self, Chosen};
use super::step::Fault;
use super::{prices, quotes};
use crate::base::Span;
use crate::num::{self, Number};
use crate::terms::{
    Change, Contract, ContractId, Fact, Flow, FlowId, Formula, Line, LineId, PricePath, ScenarioId, Terms,
};
use crate::time::Date;

/// The changes of scenarios stacked from left to right, each after those it starts from: whose, what, and where it is
/// written.
#[must_use]
pub fn stacked<'t>(terms: &'t Terms, scenarios: &[ScenarioId]) -> Vec<(ScenarioId, &'t Change, Span)> {
    let from = |id: &ScenarioId| terms.scenarios.get(id.index()).and_then(|scenario| scenario.from);
    let lineage = |id: &ScenarioId| {
        // There are no circles.
        let mut chain: Vec<_> = std::iter::successors(Some(*id), from).take(terms.scenarios.len()).collect();
        chain.reverse();
        chain
    };
    let changes = |id: ScenarioId| {
        let written = terms.scenarios.get(id.index()).into_iter().flat_map(|scenario| &scenario.changes);
        written.map(move |(change, span)| (id, change, *span))
    };
    scenarios.iter().flat_map(lineage).flat_map(changes).collect()
}

struct Draft<'a> {
    terms: &'a Terms,
    lines: Vec<InputLine>,
    paths: Vec<&'a PricePath>,
    flows: Vec<Chosen>,
    assumptions: Vec<Option<Formula>>,
    dropped: BTreeSet<ContractId>,
    gone: BTreeSet<LineId>,
}

impl Inputs {
    /// The inputs of a run: what was known by `known_by`, then each scenario's changes from left to right.
    ///
    /// # Errors
    /// Arithmetic in a quantity that was realised in part, or in a price, with the clause and the day.
    pub fn select(terms: &Terms, scenarios: &[ScenarioId], known_by: Option<Date>) -> Result<Self, Fault> {
        let changes: Vec<&Change> = stacked(terms, scenarios).into_iter().map(|(_, change, _)| change).collect();
        Self::changed(terms, &changes, known_by)
    }

    /// The inputs of a run with some changes, in order.
    ///
    /// # Errors
    /// As [`Inputs::select`].
    pub fn changed<'t>(terms: &'t Terms, changes: &[&'t Change], known_by: Option<Date>) -> Result<Self, Fault> {
        let visible = |line: &Line| known_by.is_none_or(|day| line.known <= day);
        let numbered = (0u32..).map(LineId).zip(terms.lines.iter());
        let mut draft = Draft {
            terms,
            lines: numbered.filter(|(_, l)| visible(l)).map(|(id, l)| InputLine::new(id, l.clone())).collect(),
            paths: terms.paths.iter().collect(),
            flows: vec![Chosen::default(); terms.flows.len()],
            assumptions: terms.assumptions.iter().map(|a| a.value.clone()).collect(),
            dropped: BTreeSet::new(),
            gone: BTreeSet::new(),
        };
        let mut added = u32::try_from(terms.lines.len()).unwrap_or(u32::MAX);
        for change in changes {
            draft.apply(change, &mut added)?;
        }
        draft.settle()?;
        draft.dropped.extend(unsigned(terms, known_by));
        let Draft { mut lines, paths, flows, assumptions, dropped, gone, .. } = draft;
        lines.retain(|l| !gone.contains(&l.id));
        lines.retain(|l| {
            let contract = l.line.fact.as_ref().and_then(|fact| inputs::contract_of(terms, fact));
            contract.is_none_or(|c| !dropped.contains(&c))
        });
        let version = |(flow, chosen): (&Flow, Chosen)| {
            let series = chosen.series.and_then(|at| schedule::version(flow, at, known_by));
            Chosen { series, ..chosen }
        };
        let flows: Vec<Chosen> = terms.flows.iter().zip(flows).map(version).collect();
        lines.retain(|l| match &l.line.fact {
            Some(Fact::Flow { flow, .. }) => flows.get(flow.index()).is_some_and(|chosen| chosen.series.is_some()),
            _ => true,
        });
        let mut inputs = Self { lines, flows, dropped, ..Self::assuming(assumptions, true) };
        schedule::expand(terms, &mut inputs, &mut added)?;
        inputs.prices = prices::assemble(terms, &inputs, &paths, known_by)?;
        inputs.quotes = quotes::assemble(terms, &inputs, &paths, known_by)?;
        let signed = |(id, c): (ContractId, &Contract)| c.signed.filter(|_| !inputs.dropped.contains(&id));
        let signed = (0u32..).map(ContractId).zip(&terms.contracts).filter_map(signed).max();
        inputs.today = inputs::last_actual(&inputs).max(signed);
        Ok(inputs)
    }
}

impl InputLine {
    pub(super) fn new(id: LineId, line: Line) -> Self {
        let scheduled = line.date;
        Self { id, line, scheduled, moved: 0, scale: Number::ONE, less: Number::ZERO }
    }

    /// Moves it, and with it the day for which it was promised.
    fn shift(&mut self, days: i64) {
        self.moved = self.moved.saturating_add(days);
        self.scheduled = self.scheduled.plus_days(days);
        self.line.date = self.line.date.plus_days(days);
    }
}

impl<'a> Draft<'a> {
    fn apply(&mut self, change: &'a Change, added: &mut u32) -> Result<(), Fault> {
        match change {
            Change::MoveBy(line, days) => self.change(*line, |l| l.shift(*days)),
            Change::MoveTo(line, date) => self.change(*line, |l| l.shift(l.line.date.days_until(*date))),
            Change::Set(assumption, formula) => {
                if let Some(slot) = self.assumptions.get_mut(assumption.index()) {
                    *slot = Some(formula.clone());
                }
            }
            Change::Scale(line, factor) => {
                let current = self.current(*line);
                let factor = Inputs::assuming(self.assumptions.clone(), false).value(factor);
                if let Some(line) = self.lines.iter_mut().find(|l| l.id == current) {
                    let scale = factor.and_then(|f| line.scale.times(f.known().unwrap_or(Number::ONE)));
                    line.scale = scale.map_err(|kind| fault(self.terms, line, kind))?;
                }
            }
            Change::DropLine(line) => {
                let current = self.current(*line);
                // What does not happen was not about to happen either.
                let lines = self.by_id();
                let promised = lines.get(&current).and_then(|line| realised(&lines, line));
                self.gone.extend([*line, current].into_iter().chain(promised.map(|(forecast, _)| forecast)));
            }
            Change::MoveFlow(flow, days) => {
                self.flow(*flow, |chosen| chosen.days = chosen.days.saturating_add(*days));
            }
            Change::ScaleFlow(flow, factor) => {
                let factor = Inputs::assuming(self.assumptions.clone(), false).value(factor);
                let factor = factor.map(|f| f.known().unwrap_or(Number::ONE));
                let now = self.flows.get(flow.index()).map_or(Number::ONE, |chosen| chosen.scale);
                let path = self.terms.flows.get(flow.index()).map_or_else(|| "".into(), |f| f.path.clone());
                let scale = factor.and_then(|f| now.times(f));
                let scale = scale.map_err(|kind| Fault { kind, clause: path, date: Date::MIN })?;
                self.flow(*flow, |chosen| chosen.scale = scale);
            }
            Change::DropFlow(flow) => self.flow(*flow, |chosen| chosen.series = None),
            Change::Choose(flow, series) => self.flow(*flow, |chosen| chosen.series = Some(*series)),
            Change::DropContract(contract) => {
                self.dropped.insert(*contract);
            }
            Change::Add(line) => {
                self.lines.push(InputLine::new(LineId(*added), (**line).clone()));
                *added = added.saturating_add(1);
            }
            Change::Path(path) => self.paths.push(path),
        }
        Ok(())
    }

    /// The line that stands for `id` now, after corrections and forecasts that came true.
    fn current(&self, id: LineId) -> LineId {
        let mut next: BTreeMap<LineId, LineId> = BTreeMap::new();
        for line in &self.lines {
            let whole = line.line.realises.filter(|(_, part)| !part).map(|(forecast, _)| forecast);
            for earlier in [line.line.corrects, whole].into_iter().flatten() {
                next.entry(earlier).or_insert(line.id);
            }
        }
        let steps = std::iter::successors(Some(id), |id| next.get(id).copied());
        steps.take(self.lines.len() + 1).last().unwrap_or(id)
    }

    fn flow(&mut self, id: FlowId, f: impl Fn(&mut Chosen)) {
        self.flows.get_mut(id.index()).into_iter().for_each(f);
    }

    fn by_id(&self) -> BTreeMap<LineId, &InputLine> {
        self.lines.iter().map(|line| (line.id, line)).collect()
    }

    fn change(&mut self, id: LineId, f: impl Fn(&mut InputLine)) {
        let current = self.current(id);
        self.lines.iter_mut().filter(|l| l.id == current).for_each(f);
    }

    /// Lets later lines replace, withdraw or make true earlier ones. A withdrawn correction corrects nothing.
    fn settle(&mut self) -> Result<(), Fault> {
        let withdrawn: BTreeSet<LineId> = self.lines.iter().filter_map(|l| l.line.withdraws).collect();
        let corrected: BTreeSet<LineId> =
            self.lines.iter().filter(|l| !withdrawn.contains(&l.id)).filter_map(|l| l.line.corrects).collect();
        self.gone.extend(withdrawn.iter().chain(&corrected));
        let lines = self.by_id();
        let standing: Vec<Standing> = self
            .lines
            .iter()
            .filter(|l| !self.gone.contains(&l.id))
            .filter_map(|l| {
                let (forecast, in_part) = realised(&lines, l)?;
                Some(Standing { id: l.id, forecast, in_part, promised: promised(&lines, forecast)? })
            })
            .collect();
        let places: BTreeMap<LineId, usize> = self.lines.iter().enumerate().map(|(at, line)| (line.id, at)).collect();
        let assumed = Inputs::assuming(self.assumptions.clone(), false);
        for Standing { id, forecast, in_part, promised } in standing {
            let Some(line) = places.get(&id).and_then(|at| self.lines.get_mut(*at)) else { continue };
            line.scheduled = promised.plus_days(line.moved);
            let done = line.clone();
            match places.get(&forecast).filter(|_| in_part) {
                Some(at) => {
                    // A quantity that is undisclosed is refused, so nothing of the forecast came true.
                    let done = self.quantity(&assumed, &done)?.unwrap_or_default();
                    let Some(rest) = self.lines.get_mut(*at) else { continue };
                    rest.less = rest.less.plus(done).map_err(|kind| fault(self.terms, rest, kind))?;
                }
                None => {
                    self.gone.insert(forecast);
                }
            }
        }
        let mut exhausted = Vec::new();
        for line in self.lines.iter().filter(|l| l.less.is_positive()) {
            if let Some(promised) = self.quantity(&assumed, line)?
                && line.less >= promised
            {
                exhausted.push(line.id);
            }
        }
        self.gone.extend(exhausted);
        Ok(())
    }

    /// What a line says is supplied, exercised or issued, with the assumptions as they stand.
    fn quantity(&self, assumed: &Inputs, line: &InputLine) -> Result<Option<Number>, Fault> {
        let quantity = match &line.line.fact {
            Some(Fact::Supply { quantity, .. }) => quantity,
            Some(Fact::Exercise { shares, .. } | Fact::Issue { shares, .. }) => shares,
            Some(Fact::Flow { amount, .. } | Fact::Charge { amount, .. } | Fact::Refund { amount, .. }) => amount,
            Some(Fact::Fund { amount, .. } | Fact::Call { amount: Some(amount), .. }) => amount,
            _ => return Ok(Some(Number::ZERO)),
        };
        let scaled = assumed.value(quantity).and_then(|quantity| quantity.map(|q| q.times(line.scale)));
        Ok(scaled.map_err(|kind| fault(self.terms, line, kind))?.known())
    }
}

/// A line that makes a forecast true, and the day that was first promised for it.
struct Standing {
    id: LineId,
    forecast: LineId,
    in_part: bool,
    promised: Date,
}

/// The forecast a line makes true: its own word, or that of the line it corrects.
fn realised(lines: &BTreeMap<LineId, &InputLine>, line: &InputLine) -> Option<(LineId, bool)> {
    let corrected = |line: &&InputLine| line.line.corrects.and_then(|id| lines.get(&id).copied());
    std::iter::successors(Some(line), corrected).take(lines.len()).find_map(|line| line.line.realises)
}

/// The day first promised for a line: that of the first in a chain of forecasts that made each other true.
fn promised(lines: &BTreeMap<LineId, &InputLine>, id: LineId) -> Option<Date> {
    let earlier = |line: &&InputLine| line.line.realises.and_then(|(id, _)| lines.get(&id).copied());
    let chain = std::iter::successors(lines.get(&id).copied(), earlier).take(lines.len());
    chain.last().map(|line| line.scheduled)
}

/// A fault in a line: with what the line is about, and its day.
fn fault(terms: &Terms, line: &InputLine, kind: num::Fault) -> Fault {
    let clause = match &line.line.fact {
        Some(Fact::Supply { supply, .. }) => terms.supplies.get(supply.index()).map(|s| s.path.clone()),
        Some(Fact::Exercise { tranche, .. } | Fact::Call { tranche, .. } | Fact::Fund { tranche, .. }) => {
            terms.tranches.get(tranche.index()).map(|t| t.path.clone())
        }
        Some(Fact::Issue { class, .. } | Fact::Hold { class, .. }) => {
            terms.classes.get(class.index()).map(|c| c.path.clone())
        }
        _ => line.line.id.clone(),
    };
    Fault { kind, clause: clause.unwrap_or_else(|| "a ledger line".into()), date: line.line.date }
}

/// Contracts signed after the knowledge date: nobody knew them then.
fn unsigned(terms: &Terms, known_by: Option<Date>) -> Vec<ContractId> {
    let all = (0u32..).map(ContractId).zip(&terms.contracts);
    let later = |contract: &Contract| contract.signed.zip(known_by).is_some_and(|(signed, day)| signed > day);
    all.filter(|(_, contract)| later(contract)).map(|(id, _)| id).collect()
}
