//! Choosing the inputs: knowledge date, corrections, forecasts that came true, scenarios.

use std::collections::BTreeSet;

use super::inputs::{self, InputLine, Inputs};
use super::prices;
use crate::num::{Fault, Number};
use crate::terms::{Change, Contract, ContractId, Fact, Formula, Line, LineId, PricePath, ScenarioId, Terms};
use crate::time::Date;

struct Draft<'a> {
    terms: &'a Terms,
    lines: Vec<InputLine>,
    paths: Vec<&'a PricePath>,
    assumptions: Vec<Option<Formula>>,
    dropped: BTreeSet<ContractId>,
    gone: BTreeSet<LineId>,
}

impl Inputs {
    /// The inputs of a run: what was known by `known_by`, then each scenario's changes from left to right.
    ///
    /// # Errors
    /// Arithmetic in a quantity that was realised in part, or in a price.
    pub fn select(terms: &Terms, scenarios: &[ScenarioId], known_by: Option<Date>) -> Result<Self, Fault> {
        let visible = |line: &Line| known_by.is_none_or(|day| line.known <= day);
        let numbered = (0u32..).map(LineId).zip(terms.lines.iter());
        let mut draft = Draft {
            terms,
            lines: numbered.filter(|(_, l)| visible(l)).map(|(id, l)| InputLine::new(id, l.clone())).collect(),
            paths: terms.paths.iter().collect(),
            assumptions: terms.assumptions.iter().map(|a| a.value.clone()).collect(),
            dropped: BTreeSet::new(),
            gone: BTreeSet::new(),
        };
        let mut added = u32::try_from(terms.lines.len()).map_err(|_| Fault::Overflow)?;
        for scenario in scenarios {
            draft.apply(*scenario, &mut added, 0)?;
        }
        draft.settle()?;
        draft.dropped.extend(unsigned(terms, known_by));
        let Draft { mut lines, paths, assumptions, dropped, gone, .. } = draft;
        lines.retain(|l| !gone.contains(&l.id));
        lines.retain(|l| {
            let contract = l.line.fact.as_ref().and_then(|fact| inputs::contract_of(terms, fact));
            contract.is_none_or(|c| !dropped.contains(&c))
        });
        let mut inputs = Self { lines, dropped, ..Self::assuming(assumptions) };
        inputs.prices = prices::assemble(terms, &inputs, &paths, known_by)?;
        let signed = |(id, c): (ContractId, &Contract)| c.signed.filter(|_| !inputs.dropped.contains(&id));
        let signed = (0u32..).map(ContractId).zip(&terms.contracts).filter_map(signed).max();
        inputs.today = inputs::last_actual(&inputs.lines, &inputs.prices).max(signed);
        Ok(inputs)
    }
}

impl InputLine {
    fn new(id: LineId, line: Line) -> Self {
        let scheduled = line.date;
        Self { id, line, scheduled, scale: Number::ONE, less: Number::ZERO }
    }
}

impl<'a> Draft<'a> {
    /// A scenario after the one it starts from. Chains are short and were checked for circles.
    fn apply(&mut self, id: ScenarioId, added: &mut u32, depth: u32) -> Result<(), Fault> {
        let Some(scenario) = self.terms.scenarios.get(id.index()) else { return Ok(()) };
        if let Some(base) = scenario.from.filter(|_| depth < 64) {
            self.apply(base, added, depth + 1)?;
        }
        for (change, _) in &scenario.changes {
            match change {
                Change::MoveBy(line, days) => self.change(*line, |l| {
                    l.scheduled = l.scheduled.plus_days(*days);
                    l.line.date = l.line.date.plus_days(*days);
                }),
                Change::MoveTo(line, date) => self.change(*line, |l| {
                    l.scheduled = l.scheduled.plus_days(l.line.date.days_until(*date));
                    l.line.date = *date;
                }),
                Change::Set(assumption, formula) => {
                    if let Some(slot) = self.assumptions.get_mut(assumption.index()) {
                        *slot = Some(formula.clone());
                    }
                }
                Change::Scale(line, factor) => {
                    let factor = self.literal(factor)?;
                    let current = self.current(*line);
                    if let Some(line) = self.lines.iter_mut().find(|l| l.id == current) {
                        line.scale = line.scale.times(factor)?;
                    }
                }
                Change::DropLine(line) => {
                    let current = self.current(*line);
                    // What does not happen was not about to happen either.
                    let promised = self.lines.iter().find(|l| l.id == current).and_then(|l| self.realised(l, 0));
                    self.gone.extend([*line, current].into_iter().chain(promised.map(|(forecast, _)| forecast)));
                }
                Change::DropContract(contract) => {
                    self.dropped.insert(*contract);
                }
                Change::Add(line) => {
                    self.lines.push(InputLine::new(LineId(*added), (**line).clone()));
                    *added = added.saturating_add(1);
                }
                Change::Path(path) => self.paths.push(path),
            }
        }
        Ok(())
    }

    /// A number with the assumptions as they stand so far; one if it is undisclosed.
    fn literal(&self, formula: &Formula) -> Result<Number, Fault> {
        let inputs = Inputs::assuming(self.assumptions.clone());
        Ok(inputs.value(formula)?.known().unwrap_or(Number::ONE))
    }

    /// The line that stands for `id` now, after corrections and forecasts that came true.
    fn current(&self, id: LineId) -> LineId {
        let next = self.lines.iter().find(|l| {
            l.line.corrects == Some(id) || l.line.realises.is_some_and(|(forecast, part)| forecast == id && !part)
        });
        next.map_or(id, |line| if line.id == id { id } else { self.current(line.id) })
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
        let standing: Vec<(LineId, LineId, bool)> = self
            .lines
            .iter()
            .filter(|l| !self.gone.contains(&l.id))
            .filter_map(|l| self.realised(l, 0).map(|(forecast, part)| (l.id, forecast, part)))
            .collect();
        for (id, forecast, part) in standing {
            let promised = self.promised(forecast, 0);
            let line = self.lines.iter_mut().find(|l| l.id == id);
            let done = match (promised, line) {
                (Some(date), Some(line)) => {
                    line.scheduled = date;
                    line.clone()
                }
                _ => continue,
            };
            let done = self.quantity(&done)?;
            match self.lines.iter_mut().find(|l| l.id == forecast).filter(|_| part) {
                Some(rest) => rest.less = rest.less.plus(done)?,
                None => {
                    self.gone.insert(forecast);
                }
            }
        }
        let exhausted: Vec<LineId> = self
            .lines
            .iter()
            .filter(|l| l.less.is_positive())
            .map(|l| Ok((l.id, self.quantity(l)?.minus(l.less)?)))
            .collect::<Result<Vec<_>, Fault>>()?
            .into_iter()
            .filter(|(_, rest)| !rest.is_positive())
            .map(|(id, _)| id)
            .collect();
        self.gone.extend(exhausted);
        Ok(())
    }

    /// The forecast a line makes true: its own word, or that of the line it corrects.
    fn realised(&self, line: &InputLine, depth: u32) -> Option<(LineId, bool)> {
        line.line.realises.or_else(|| {
            let corrected = line.line.corrects.filter(|_| depth < 64)?;
            self.realised(self.lines.iter().find(|l| l.id == corrected)?, depth + 1)
        })
    }

    fn promised(&self, id: LineId, depth: u32) -> Option<Date> {
        let line = self.lines.iter().find(|l| l.id == id)?;
        match line.line.realises.filter(|_| depth < 64) {
            Some((earlier, _)) => self.promised(earlier, depth + 1).or(Some(line.scheduled)),
            None => Some(line.scheduled),
        }
    }

    fn quantity(&self, line: &InputLine) -> Result<Number, Fault> {
        match &line.line.fact {
            Some(Fact::Supply { quantity, .. }) => self.literal(quantity)?.times(line.scale),
            Some(Fact::Exercise { shares, .. } | Fact::Issue { shares, .. }) => self.literal(shares)?.times(line.scale),
            _ => Ok(Number::ZERO),
        }
    }
}

/// Contracts signed after the knowledge date: nobody knew them then.
fn unsigned(terms: &Terms, known_by: Option<Date>) -> Vec<ContractId> {
    let all = (0u32..).map(ContractId).zip(&terms.contracts);
    let later = |contract: &Contract| contract.signed.zip(known_by).is_some_and(|(signed, day)| signed > day);
    all.filter(|(_, contract)| later(contract)).map(|(id, _)| id).collect()
}
