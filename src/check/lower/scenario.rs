//! Scenarios.

use std::collections::BTreeSet;

use super::references::Lines;
use crate::base::{Code, Diagnostic, Span};
use crate::check::assume::{Assumed, Known, MAX_HEIGHT};
use crate::check::circle;
use crate::check::declare::{Program, line_id, next};
use crate::check::symbols::{Scope, Table, as_assumption, as_contract, as_flow, text};
use crate::check::types::{Hint, constant, nesting, reads};
use crate::check::{Checker, symbols};
use crate::num::{Number, Unit};
use crate::syntax::ast;
use crate::terms::{Basis, Change, FlowId, Formula, FormulaKind, Line, LineId, Scenario, ScenarioId};

impl Checker<'_> {
    /// Lowers all scenarios, each after the one it starts from.
    pub(super) fn scenarios(&mut self, program: &Program) {
        let all = &program.scenarios;
        let parents: Vec<Option<ScenarioId>> = all.iter().map(|(ast, _)| self.parent(ast)).collect();
        let needs: Vec<Vec<usize>> = parents.iter().map(|p| p.iter().map(|id| id.index()).collect()).collect();
        let (order, circles) = circle::order(&needs);
        let in_circle: BTreeSet<usize> = circles.iter().flatten().copied().collect();
        for round in &circles {
            self.scenario_circle(all, round);
        }
        let mut found: Vec<Option<Scenario>> = vec![None; all.len()];
        for at in order {
            let Some((ast, _)) = all.get(at) else { continue };
            let from = parents.get(at).copied().flatten().filter(|_| !in_circle.contains(&at));
            let before: Vec<&Scenario> = ancestors(from, &found);
            let scenario = self.scenario(ScenarioId(next(at)), ast, from, &before);
            if let Some(slot) = found.get_mut(at) {
                *slot = Some(scenario);
            }
        }
        self.terms.scenarios = found.into_iter().flatten().collect();
    }

    fn parent(&mut self, ast: &ast::Scenario) -> Option<ScenarioId> {
        let name = ast.from.as_ref()?;
        if let Some(id) = self.symbols.scenarios.get(&name.text) {
            return Some(id);
        }
        if &*name.text == "base" {
            return None;
        }
        let known = self.symbols.scenarios.names().chain(["base"]);
        self.report.unknown(Code::UnknownScenario, (&name.text, name.span), "scenario", known)
    }

    fn scenario_circle(&mut self, all: &[(&ast::Scenario, Span)], round: &[usize]) {
        let mut names = round.iter().filter_map(|at| all.get(*at)).map(|(ast, _)| &ast.name);
        let Some(first) = names.next() else { return };
        let message = format!("`{}` starts from itself", first.text);
        let error =
            Diagnostic::new(Code::UnknownScenario, first.span, message).help("let one of them start from `base`");
        self.report.push(names.fold(error, |error, name| error.also(name.span, "by way of this")));
    }

    fn scenario(
        &mut self,
        id: ScenarioId,
        ast: &ast::Scenario,
        from: Option<ScenarioId>,
        before: &[&Scenario],
    ) -> Scenario {
        let mut added: Vec<&Line> = before.iter().flat_map(|scenario| lines(scenario)).collect();
        self.added_ids(id, ast, from, added.len());
        let mut changes = Vec::new();
        for (change, span) in &ast.changes {
            if let Some(change) = self.change(change, id) {
                changes.push((change, *span));
            }
        }
        let (name, title) = (ast.name.text.clone(), ast.title.as_ref().map(|t| t.text.clone()));
        let scenario = Scenario { name, title, from, changes };
        if lines(&scenario).next().is_some() {
            added.extend(lines(&scenario));
            let base = std::mem::take(&mut self.terms.lines);
            self.chains(&Lines { base: &base, added: &added });
            self.terms.lines = base;
        }
        self.assumptions_hold(before, &scenario);
        scenario
    }

    /// Declares the ids of added lines, on top of those of the scenario it starts from.
    fn added_ids(&mut self, id: ScenarioId, ast: &ast::Scenario, from: Option<ScenarioId>, inherited: usize) {
        let mut table: Table<LineId> = from.and_then(|from| self.symbols.added.get(&from)).cloned().unwrap_or_default();
        let mut at = self.terms.lines.len() + inherited;
        for (change, _) in &ast.changes {
            let ast::Change::Add(line) = change else { continue };
            if let Some(name) = &line.id {
                match self.symbols.lines.entry(&name.text) {
                    Some((_, first)) => self.report.push(symbols::twice(Code::FactTwice, &name.text, name.span, first)),
                    None => line_id(&mut table, name, LineId(next(at)), &mut self.report),
                }
            }
            at += 1;
        }
        self.symbols.added.insert(id, table);
    }

    fn change(&mut self, change: &ast::Change, id: ScenarioId) -> Option<Change> {
        match change {
            ast::Change::MoveBy(name, days) if self.target_flow(name, id).is_some() => {
                let flow = self.target_flow(name, id)?;
                Some(Change::MoveFlow(flow, self.whole_days(days)?))
            }
            ast::Change::MoveTo(name, date) if self.target_flow(name, id).is_some() => {
                let message = format!("`{}` has many days; it is moved by days", name.text);
                self.report.fail(Code::ScenarioTarget, date.span, message, "write `by N days`")
            }
            ast::Change::MoveBy(name, days) => {
                let (line, days) = (self.target_line(name, id), self.whole_days(days));
                Some(Change::MoveBy(line?, days?))
            }
            ast::Change::MoveTo(name, date) => {
                let date = self.day(date);
                Some(Change::MoveTo(self.target_line(name, id)?, date))
            }
            ast::Change::Set(path, value) => match self.symbols.paths.get(&text(path)).and_then(as_flow) {
                Some(flow) => self.choose(flow, value),
                None => self.set(path, value),
            },
            ast::Change::Scale(name, factor) => {
                let flow = self.target_flow(name, id);
                let line = if flow.is_none() { self.target_line(name, id) } else { None };
                let hint = Hint { unit: None, path: "scale", scope: &Scope::default() };
                let formula = self.value(factor, &Unit::none(), None, &hint);
                if constant(&formula).is_some_and(Number::is_negative) {
                    return self.report.fail(Code::BadValue, factor.span, "a factor cannot be negative", "below zero");
                }
                match flow {
                    Some(flow) => Some(Change::ScaleFlow(flow, formula)),
                    None => Some(Change::Scale(line?, formula)),
                }
            }
            ast::Change::Drop(path) => self.drop_target(path, id),
            ast::Change::Add(line) => {
                let line = self.line(line, Some(id));
                Some(Change::Add(Box::new(line)))
            }
            ast::Change::Path(path) => Some(Change::Path(self.price_path(path, Some(Basis::Assumed))?)),
        }
    }

    fn target_line(&mut self, name: &ast::Name, id: ScenarioId) -> Option<LineId> {
        let added = self.symbols.added.get(&id);
        let found = added.and_then(|table| table.get(&name.text)).or_else(|| self.symbols.lines.get(&name.text));
        let known = self.symbols.lines.names().chain(added.into_iter().flat_map(|table| table.names()));
        found.or_else(|| self.report.unknown(Code::ScenarioTarget, (&name.text, name.span), "ledger line", known))
    }

    /// The operating line of this name, unless a ledger line has it as its id.
    fn target_flow(&self, name: &ast::Name, id: ScenarioId) -> Option<FlowId> {
        let added = self.symbols.added.get(&id).and_then(|table| table.get(&name.text));
        let line = added.or_else(|| self.symbols.lines.get(&name.text));
        self.symbols.paths.get(&name.text).and_then(as_flow).filter(|_| line.is_none())
    }

    /// Another version of the amounts of an operating line.
    fn choose(&mut self, id: FlowId, value: &ast::Expr) -> Option<Change> {
        let ast::ExprKind::Path(path) = &value.kind else {
            let message = "a flow is set to one of its series";
            return self.report.fail(Code::ScenarioTarget, value.span, message, "the name of a series is needed");
        };
        let (name, flow) = (text(path), self.terms.flows.get(id.index())?);
        if let Some(at) = flow.series.iter().position(|series| *series.name == *name) {
            return Some(Change::Choose(id, at));
        }
        let known: Vec<String> = flow.series.iter().map(|series| series.name.to_string()).collect();
        self.report.unknown(Code::ScenarioTarget, (&name, path.span), "series", known.iter().map(|name| &**name))
    }

    fn drop_target(&mut self, path: &ast::Path, id: ScenarioId) -> Option<Change> {
        let name = text(path);
        let added = self.symbols.added.get(&id);
        if let Some(line) = added.and_then(|table| table.get(&name)).or_else(|| self.symbols.lines.get(&name)) {
            return Some(Change::DropLine(line));
        }
        match self.symbols.paths.get(&name) {
            Some(entity) => match (as_contract(entity), as_flow(entity)) {
                (Some(contract), _) => Some(Change::DropContract(contract)),
                (_, Some(flow)) => Some(Change::DropFlow(flow)),
                _ => {
                    let message =
                        format!("`{name}` is a {}; a scenario drops lines, contracts and flows", entity.kind());
                    self.report.fail(Code::ScenarioTarget, path.span, message, "cannot be dropped")
                }
            },
            None => {
                let contracts = self.terms.contracts.iter().map(|c| &*c.path);
                let flows = self.terms.flows.iter().map(|f| &*f.path);
                let known: Vec<&str> = self.symbols.lines.names().chain(contracts).chain(flows).collect();
                self.report.unknown(Code::ScenarioTarget, (&name, path.span), "ledger line or contract", known)
            }
        }
    }

    fn whole_days(&mut self, expr: &ast::Expr) -> Option<i64> {
        let hint = Hint { unit: None, path: "days", scope: &Scope::default() };
        let formula = self.value(expr, &Unit::of("days"), None, &hint);
        if matches!(formula.kind, FormulaKind::Undisclosed(_)) {
            return None;
        }
        let days = constant(&formula).filter(|n| n.is_integer()).and_then(Number::to_i64);
        days.or_else(|| {
            self.report.fail(Code::BadValue, expr.span, "a whole number of days is needed", "such as `91 days`")
        })
    }

    fn set(&mut self, path: &ast::Path, value: &ast::Expr) -> Option<Change> {
        let name = text(path);
        let Some(id) = self.symbols.paths.get(&name).and_then(as_assumption) else {
            if let Some(entity) = self.symbols.paths.get(&name) {
                let message = format!("`{name}` is a {}; a scenario sets assumptions", entity.kind());
                return self.report.fail(Code::ScenarioTarget, path.span, message, "cannot be set");
            }
            let known = self.terms.assumptions.iter().map(|a| &*a.name);
            let found = self.report.missing(Code::ScenarioTarget, (&name, path.span), "assumption", known)?;
            self.report.push(found.help("a scenario sets what is declared with `assume NAME = VALUE`"));
            return None;
        };
        let declared = self.terms.assumptions.get(id.index()).map(|a| a.span);
        match self.assumed.get(id.index()).cloned() {
            Some(Assumed::Value(Known { unit, .. })) => {
                let because = declared.map(|span| (span, format!("`{name}` is declared here")));
                let hint = Hint { unit: None, path: &name, scope: &Scope::default() };
                let formula = match self.model_value(value, None, &hint) {
                    Some(model) => model.filter(|m| self.fits(&m.formula.unit, value.span, &unit, because))?.formula,
                    None => self.value(value, &unit, because, &hint),
                };
                Some(Change::Set(id, formula))
            }
            Some(Assumed::Words(declared)) => {
                let message = format!("`{name}` is an assumption in words; it has no value to set");
                let error = Diagnostic::new(Code::ScenarioTarget, path.span, message).label("cannot be set");
                self.report.push(error.also(declared, "declared without a value"));
                None
            }
            Some(Assumed::Failed) | None => None,
        }
    }

    /// With all values set, assumptions must still not be defined by each other, nor by way of too many others.
    fn assumptions_hold(&mut self, before: &[&Scenario], scenario: &Scenario) {
        let mut values: Vec<Option<&Formula>> = self.terms.assumptions.iter().map(|a| a.value.as_ref()).collect();
        let mut place = None;
        for (change, span) in before.iter().copied().chain([scenario]).flat_map(|s| &s.changes) {
            if let Change::Set(id, formula) = change
                && let Some(slot) = values.get_mut(id.index())
            {
                *slot = Some(formula);
                place = Some(*span);
            }
        }
        let Some(place) = place else { return };
        let needs: Vec<Vec<usize>> = values.iter().map(|value| value.map(reads).unwrap_or_default()).collect();
        let (order, circles) = circle::order(&needs);
        if let Some(round) = circles.first() {
            let names = round.iter().filter_map(|at| self.terms.assumptions.get(*at)).map(|a| format!("`{}`", a.name));
            let list = names.collect::<Vec<_>>().join(" → ");
            let message = format!("in `{}` assumptions are defined by each other: {list}", scenario.name);
            let error = Diagnostic::new(Code::AssumptionCycle, place, message).label("closes the circle");
            self.report.push(error.help("set it to a value"));
            return;
        }
        let mut heights = vec![0; values.len()];
        for at in order {
            let below = needs.get(at).into_iter().flatten().filter_map(|need| heights.get(*need).copied()).max();
            let own = values.get(at).copied().flatten().map_or(0, nesting);
            if let Some(height) = heights.get_mut(at) {
                *height = own + below.unwrap_or(0);
            }
        }
        if heights.into_iter().max().is_some_and(|height| height > MAX_HEIGHT) {
            let message = format!("in `{}` an assumption is defined by way of too many others", scenario.name);
            self.report.error(Code::BadValue, place, message, format!("more than {MAX_HEIGHT} steps"));
        }
    }
}

/// The scenarios that come before, from the base on.
fn ancestors(from: Option<ScenarioId>, found: &[Option<Scenario>]) -> Vec<&Scenario> {
    let mut chain = Vec::new();
    let mut at = from;
    while let Some(scenario) = at.and_then(|id| found.get(id.index())).and_then(Option::as_ref) {
        chain.push(scenario);
        at = scenario.from;
    }
    chain.reverse();
    chain
}

/// The lines a scenario adds.
fn lines(scenario: &Scenario) -> impl Iterator<Item = &Line> {
    scenario.changes.iter().filter_map(|(change, _)| match change {
        Change::Add(line) => Some(&**line),
        _ => None,
    })
}
