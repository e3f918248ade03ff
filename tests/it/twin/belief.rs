//! Section 1 of SEMANTICS.md: what a run believes, written down again.

use std::collections::{BTreeMap, BTreeSet};

use proforma::num::{Fault, Mode, Number, Rounding};
use proforma::terms::{
    AssumptionId, Assumptions, Basis, Change, ClassId, ContractId, Fact, FlowId, Formula, Line, LineId, PricePath,
    Quoted, ScenarioId, Terms, Value,
};
use proforma::time::{Date, TradingCalendar};

/// A line as it stands after scenarios, withdrawals, corrections and realised forecasts.
#[derive(Clone, Debug)]
pub struct Seen {
    pub id: LineId,
    pub line: Line,
    pub scheduled: Date,
    pub scale: Number,
    pub less: Number,
    moved: i64,
}

/// What scenarios did to an operating line.
#[derive(Clone, Debug)]
pub struct Flowing {
    pub moved: i64,
    pub scale: Number,
    pub chosen: Option<usize>,
}

/// Everything believed.
pub struct Belief {
    pub lines: Vec<Seen>,
    pub closes: BTreeMap<ClassId, BTreeMap<Date, Number>>,
    /// Closes that are forecast or assumed.
    pub unsure: BTreeSet<(ClassId, Date)>,
    /// Rates and valuations.
    pub quotes: BTreeMap<Quoted, BTreeMap<Date, Number>>,
    /// Operating lines, as scenarios left them.
    pub flows: BTreeMap<FlowId, Flowing>,
    pub dropped: BTreeSet<ContractId>,
    /// The last actual day.
    pub today: Option<Date>,
    assumptions: Vec<Option<Formula>>,
}

impl Assumptions for Belief {
    fn assumption(&self, id: AssumptionId) -> Result<Value, Fault> {
        self.assumptions[id.index()].as_ref().map_or_else(|| Ok(Value::missing("?")), |f| f.value(self))
    }
}

impl Belief {
    pub fn new(terms: &Terms, scenarios: &[ScenarioId], known_by: Option<Date>) -> Self {
        let mut seen: BTreeMap<LineId, Seen> = BTreeMap::new();
        for (n, line) in (0u32..).zip(&terms.lines) {
            if known_by.is_none_or(|day| line.known <= day) {
                seen.insert(LineId(n), Seen::new(LineId(n), line));
            }
        }
        let mut assumptions: Vec<_> = terms.assumptions.iter().map(|a| a.value.clone()).collect();
        let mut dropped = BTreeSet::new();
        let flowing = |(n, _)| (FlowId(n), Flowing { moved: 0, scale: Number::ONE, chosen: None });
        let known = |f: &&(u32, &proforma::terms::Flow)| known_by.is_none_or(|day| f.1.known <= day);
        let mut flows: BTreeMap<FlowId, Flowing> =
            (0u32..).zip(&terms.flows).filter(|f| known(&f)).map(flowing).collect();
        let mut paths: Vec<&PricePath> = terms.paths.iter().collect();
        for id in in_order(terms, scenarios) {
            let mut next = terms.lines.len() + adds_before(terms, id);
            for (change, _) in &terms.scenarios[id.index()].changes {
                match change {
                    Change::MoveBy(line, days) => {
                        if let Some(s) = seen.get_mut(&stands_for(&seen, *line)) {
                            s.moved += days;
                            s.line.date = s.line.date.plus_days(*days);
                        }
                    }
                    Change::MoveTo(line, date) => {
                        if let Some(s) = seen.get_mut(&stands_for(&seen, *line)) {
                            s.moved += s.line.date.days_until(*date);
                            s.line.date = *date;
                        }
                    }
                    Change::Set(assumption, formula) => assumptions[assumption.index()] = Some(formula.clone()),
                    Change::Scale(line, factor) => {
                        let factor = factor.value(&NoAssumptions(&assumptions)).unwrap().known().unwrap();
                        if let Some(s) = seen.get_mut(&stands_for(&seen, *line)) {
                            s.scale = s.scale.times(factor).unwrap();
                        }
                    }
                    Change::DropLine(line) => {
                        let mut gone = vec![stands_for(&seen, *line)];
                        while let Some(id) = gone.pop() {
                            if let Some(s) = seen.remove(&id) {
                                gone.extend(s.line.corrects);
                                gone.extend(s.line.realises.map(|(f, _)| f));
                            }
                        }
                    }
                    Change::DropContract(contract) => {
                        dropped.insert(*contract);
                    }
                    Change::Add(line) => {
                        let id = LineId(u32::try_from(next).unwrap());
                        next += 1;
                        seen.insert(id, Seen::new(id, line));
                    }
                    Change::Path(path) => paths.push(path),
                    Change::MoveFlow(flow, days) => {
                        flows.entry(*flow).and_modify(|f| f.moved += days);
                    }
                    Change::ScaleFlow(flow, factor) => {
                        let factor = factor.value(&NoAssumptions(&assumptions)).unwrap().known().unwrap();
                        flows.entry(*flow).and_modify(|f| f.scale = f.scale.times(factor).unwrap());
                    }
                    Change::DropFlow(flow) => drop(flows.remove(flow)),
                    Change::Choose(flow, series) => {
                        flows.entry(*flow).and_modify(|f| f.chosen = Some(*series));
                    }
                }
            }
        }
        for (n, contract) in (0u32..).zip(&terms.contracts) {
            if contract.signed.zip(known_by).is_some_and(|(signed, day)| signed > day) {
                dropped.insert(ContractId(n));
            }
        }
        let mut belief = Self {
            lines: Vec::new(),
            closes: BTreeMap::new(),
            unsure: BTreeSet::new(),
            quotes: BTreeMap::new(),
            flows,
            dropped,
            today: None,
            assumptions,
        };
        belief.settle(terms, seen);
        belief.prices(terms, &paths, known_by);
        let limit = |s: &&Seen| matches!(s.line.fact, Some(Fact::Minimum { .. } | Fact::Undrawn { .. }));
        let actual = belief.lines.iter().filter(|s| s.line.basis == Basis::Actual && !limit(s)).map(|s| s.line.date);
        let closes = terms.prices.iter().filter(|p| p.basis == Basis::Actual).flat_map(|p| &p.points).map(|p| p.0);
        let closes = closes.filter(|date| known_by.is_none_or(|day| *date <= day));
        let in_force = (0u32..).zip(&terms.contracts).filter(|(n, _)| !belief.dropped.contains(&ContractId(*n)));
        let signed = in_force.filter_map(|(_, c)| c.signed);
        belief.today = actual.chain(closes).chain(signed).max();
        belief
    }

    /// Steps 3 to 5.
    fn settle(&mut self, terms: &Terms, mut seen: BTreeMap<LineId, Seen>) {
        let all = seen.clone();
        let gone: Vec<LineId> = all.keys().copied().filter(|id| withdrawn(&all, *id)).collect();
        seen.retain(|id, _| !gone.contains(id));
        let standing = seen.clone();
        // Corrections inherit what their target realises; the corrected line goes.
        for (id, s) in &standing {
            let mut from = s.line.corrects;
            while let Some(earlier) = from.and_then(|e| all.get(&e)) {
                let now = seen.get_mut(id).unwrap();
                if now.line.realises.is_none() {
                    now.line.realises = earlier.line.realises;
                }
                from = earlier.line.corrects;
            }
        }
        let corrected: Vec<LineId> = standing.values().filter_map(|s| s.line.corrects).collect();
        seen.retain(|id, _| !corrected.contains(id));
        // Forecasts that came true.
        for s in seen.clone().into_values() {
            let Some((forecast, in_part)) = s.line.realises else { continue };
            let first = first_of(&all, terms, forecast);
            let mine = seen.get_mut(&s.id).unwrap();
            mine.scheduled = first.plus_days(s.moved);
            let target = seen.keys().copied().find(|id| chain(&all, *id).contains(&forecast));
            let Some(target) = target else { continue };
            if in_part {
                let took = self.quantity(&s).and_then(|v| v.known()).unwrap_or_default();
                let f = seen.get_mut(&target).unwrap();
                f.less = f.less.plus(took).unwrap();
                let left = self.quantity(&f.clone()).and_then(|v| v.known());
                if left.is_some_and(|left| !left.is_positive()) {
                    seen.remove(&target);
                }
            } else {
                seen.remove(&target);
            }
        }
        for s in seen.values_mut() {
            if s.line.realises.is_none() {
                s.scheduled = s.line.date;
            }
        }
        self.lines = seen.into_values().filter(|s| s.line.fact.is_some()).collect();
        let (dropped, flows) = (self.dropped.clone(), self.flows.clone());
        self.lines.retain(|s| {
            let of = contract_of(terms, s.line.fact.as_ref().unwrap());
            let flow = match s.line.fact {
                Some(Fact::Flow { flow, .. }) => Some(flow),
                _ => None,
            };
            !of.is_some_and(|c| dropped.contains(&c)) && flow.is_none_or(|f| flows.contains_key(&f))
        });
    }

    /// The quantity of a line in force.
    pub fn quantity(&self, s: &Seen) -> Option<Value> {
        let formula = match s.line.fact.as_ref()? {
            Fact::Supply { quantity, .. } => quantity,
            Fact::Issue { shares, .. } | Fact::Exercise { shares, .. } => shares,
            Fact::Call { amount: Some(amount), .. } | Fact::Fund { amount, .. } | Fact::Flow { amount, .. } => amount,
            _ => return None,
        };
        let value = formula.value(self).unwrap();
        let places = formula.unit.precision().filter(|_| s.scale != Number::ONE);
        let mode = if formula.unit.is_currency() { Mode::HalfUp } else { Mode::Down };
        let whole = |q: Number| places.map_or(q, |places| q.round(Rounding::new(places, mode)));
        Some(value.map(|q| whole(q.times(s.scale)?).minus(s.less)).unwrap())
    }
}

impl Seen {
    fn new(id: LineId, line: &Line) -> Self {
        let (scheduled, moved) = (line.date, 0);
        Self { id, line: line.clone(), scheduled, scale: Number::ONE, less: Number::ZERO, moved }
    }
}

/// A scenario comes after the one it starts from.
fn in_order(terms: &Terms, scenarios: &[ScenarioId]) -> Vec<ScenarioId> {
    let mut order = Vec::new();
    for id in scenarios {
        let mut chain = vec![*id];
        while let Some(from) = terms.scenarios[chain[chain.len() - 1].index()].from {
            chain.push(from);
        }
        for id in chain.into_iter().rev() {
            if !order.contains(&id) {
                order.push(id);
            }
        }
    }
    order
}

fn adds_before(terms: &Terms, id: ScenarioId) -> usize {
    let changes = terms.scenarios.iter().take(id.index()).flat_map(|s| &s.changes);
    changes.filter(|(c, _)| matches!(c, Change::Add(_))).count()
}

struct NoAssumptions<'a>(&'a [Option<Formula>]);

impl Assumptions for NoAssumptions<'_> {
    fn assumption(&self, id: AssumptionId) -> Result<Value, Fault> {
        self.0[id.index()].as_ref().unwrap().value(self)
    }
}

/// A line is withdrawn if a line that is not itself withdrawn takes it back.
fn withdrawn(all: &BTreeMap<LineId, Seen>, id: LineId) -> bool {
    all.iter().any(|(by, s)| s.line.withdraws == Some(id) && !withdrawn(all, *by))
}

/// The line that stands for another now: its correction, or the line that made it true.
fn stands_for(all: &BTreeMap<LineId, Seen>, id: LineId) -> LineId {
    let next = all.iter().find(|(by, s)| {
        !withdrawn(all, **by) && (s.line.corrects == Some(id) || s.line.realises.is_some_and(|(f, _)| f == id))
    });
    next.map_or(id, |(by, _)| stands_for(all, *by))
}

/// A line and all it corrects, newest first.
fn chain(all: &BTreeMap<LineId, Seen>, id: LineId) -> Vec<LineId> {
    let mut found = vec![id];
    while let Some(earlier) = all.get(&found[found.len() - 1]).and_then(|s| s.line.corrects) {
        found.push(earlier);
    }
    found
}

/// The day a forecast was first promised for.
fn first_of(all: &BTreeMap<LineId, Seen>, terms: &Terms, id: LineId) -> Date {
    let first = *chain(all, id).last().unwrap();
    all.get(&first).map_or_else(|| terms.lines[first.index()].date, |s| s.line.date)
}

pub fn calendar(terms: &Terms, class: ClassId) -> TradingCalendar {
    terms.classes[class.index()].calendar.clone().unwrap()
}

pub fn contract_of(terms: &Terms, fact: &Fact) -> Option<ContractId> {
    let of = |t: proforma::terms::TrancheId| terms.contract_of(&terms.tranches[t.index()]);
    match fact {
        Fact::Supply { supply, .. } => Some(terms.supplies[supply.index()].contract),
        Fact::Attest { tranches, .. } | Fact::Judge { tranches, .. } => tranches.first().and_then(|t| of(*t)),
        Fact::Exercise { tranche, .. } | Fact::Call { tranche, .. } | Fact::Fund { tranche, .. } => of(*tranche),
        Fact::Supersede { contract, .. } | Fact::Terminate { contract } => Some(*contract),
        _ => None,
    }
}
