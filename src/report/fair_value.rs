//! Fair values of rights: what a model says, what the books use, and what other inputs would give.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::build::Reporter;
use super::{Cell, Column, Origin, Report, Row, Scale, Table, scales};
use crate::num::{Fault, Number, Rounding, Unit};
use crate::pricing::Input;
use crate::run::Replay;
use crate::terms::{AssumptionId, Basis, Formula, FormulaKind, Model, Tranche, Value, shown};

/// Per share, as precise as models are rounded when nothing is said.
const PER_SHARE: Scale = Scale { power: 0, places: 4 };

/// Why an assumption is what it is: in the author's words, or which model says so.
pub fn why(replay: &Replay<'_>, id: AssumptionId) -> Option<Arc<str>> {
    let said = replay.terms.assumptions.get(id.index()).and_then(|assumption| assumption.why.clone());
    let Some(model) = model(replay, id) else { return said };
    let mut words = model.words(replay.inputs).ok()?;
    if let Some(priced) = replay.inputs.measured(id) {
        if let Some(error) = priced.error {
            words.push_str(&format!("; standard error {error}"));
        }
        if let Some(probability) = priced.probability.and_then(|p| p.times(Number::from_int(100)).ok()) {
            words.push_str(&format!("; risk-neutral probability of the price condition {probability}%"));
        }
    }
    Some(said.map_or_else(|| words.as_str().into(), |said| format!("{said}; {words}").into()))
}

fn model<'r>(replay: &'r Replay<'_>, id: AssumptionId) -> Option<&'r Model> {
    match &replay.inputs.assumed(id)?.kind {
        FormulaKind::Model(model) => Some(model),
        _ => None,
    }
}

/// The assumption behind the value of a tranche, where it is a model's.
fn behind(replay: &Replay<'_>, tranche: &Tranche) -> Option<AssumptionId> {
    let named = match tranche.fair_value.kind {
        FormulaKind::Assumption(id) => model(replay, id).map(|_| id),
        _ => None,
    };
    tranche.modelled.or(named)
}

/// Another input: by how much, and how it is told.
fn changes(input: Input, number: Number) -> Result<Vec<(Number, String)>, Fault> {
    let part = |tenths| number.times(Number::from_parts(tenths, 1)?);
    let more = |hundredths: i128| number.plus(Number::from_parts(hundredths, 2)?);
    Ok(match input {
        Input::Spot | Input::Hurdle => vec![(part(9)?, "-10%".into()), (part(11)?, "+10%".into())],
        Input::Volatility => vec![(more(-10)?, "-10 points".into()), (more(10)?, "+10 points".into())],
        Input::Rate => vec![(more(-1)?, "-1 point".into()), (more(1)?, "+1 point".into())],
        Input::Term => vec![(more(-100)?, "-1 year".into()), (more(100)?, "+1 year".into())],
        _ => Vec::new(),
    })
}

impl Reporter<'_, '_> {
    /// Every tranche with its value, and for every model what other inputs would give.
    pub(super) fn fair_value(&mut self) -> Result<Report, String> {
        self.fair_values().map_err(|fault| fault.to_string())
    }

    fn fair_values(&mut self) -> Result<Report, Fault> {
        let terms = self.replay.terms;
        let entity = self.scope.entity.clone();
        let wanted = |w: &&crate::terms::Warrant| {
            let issuer = terms.parties.get(w.issuer.index());
            let asked = entity.as_ref().is_none_or(|name| issuer.is_some_and(|p| p.name.eq_ignore_ascii_case(name)));
            asked && self.scope.takes(self.replay, w.contract)
        };
        let warrants: Vec<_> = terms.warrants.iter().filter(wanted).collect();
        if warrants.is_empty() {
            return Ok(self.nothing("fair-value", "fair values", "grants no warrant"));
        }
        let whose = self.scope.entity.as_ref().map(|name| format!("{name} — ")).unwrap_or_default();
        let mut report = self.report("fair-value", format!("{whose}fair values of warrants"));
        report.header.units = "per share in the currency of the strike".into();
        let columns = vec![
            Column::text("Tranche"),
            Column::figures("Shares", self.scales.shares),
            Column::figures("By model", PER_SHARE),
            Column::figures("In the\nbooks", PER_SHARE),
            Column::figures("Total", self.scales.coarse()),
            Column::text("Basis"),
        ];
        let units = format!("{}; total {}", self.scales.shares(), scales::words(self.scales.money));
        let mut table = Table { title: "Grant-date fair value".into(), units, columns, ..Table::default() };
        let mut models: BTreeSet<AssumptionId> = BTreeSet::new();
        for id in warrants.iter().flat_map(|warrant| &warrant.tranches) {
            let Some(tranche) = terms.tranches.get(id.index()) else { continue };
            let by_model = behind(self.replay, tranche);
            models.extend(by_model);
            table.rows.push(self.valued(tranche, by_model)?);
        }
        report.tables.push(table);
        for id in models {
            if let Some(table) = self.sensitivity(id)? {
                report.tables.push(table);
            }
        }
        if report.tables.len() == 1 {
            report.notes.push("no value here is worked out by a model: all are stated or undisclosed.".into());
        } else {
            report.notes.push(
                "one input is changed at a time, everything else stays; simulations use the same random numbers."
                    .into(),
            );
        }
        Ok(report)
    }

    fn valued(&mut self, tranche: &Tranche, by_model: Option<AssumptionId>) -> Result<Row, Fault> {
        let replay = self.replay;
        let origin = || Origin::Term(format!("{}.fair_value", tranche.path).into());
        let unit = &tranche.fair_value.unit;
        let booked = replay.inputs.value(&tranche.fair_value)?;
        let total = Value::Known(tranche.size).times(booked.clone())?;
        let assumed = |formula: &Formula| !formula.assumptions().is_empty();
        let stated = match (by_model, &booked) {
            (Some(id), _) if matches!(tranche.fair_value.kind, FormulaKind::Assumption(own) if own == id) => "model",
            (_, Value::Missing(_)) => "undisclosed",
            (Some(_), _) => "stated, before the model",
            (None, _) if assumed(&tranche.fair_value) => "assumed",
            (None, _) => "stated",
        };
        let certainty = if stated == "model" || stated == "assumed" { Basis::Assumed } else { Basis::Actual };
        let model = match by_model.and_then(|id| replay.inputs.assumed(id)) {
            Some(formula) => {
                let value = by_model.map_or(Ok(Value::ZERO), |id| replay.inputs.worth(id))?;
                Cell::Figure(self.bases.figure(value, formula.unit.clone(), Basis::Assumed, origin()))
            }
            None => Cell::Empty,
        };
        let size = self.bases.figure(Value::Known(tranche.size), Unit::of("shares"), Basis::Actual, origin());
        let booked = self.bases.figure(booked, unit.clone(), certainty, origin());
        let money = unit.times(&Unit::of("shares")).unwrap_or_default();
        let total = self.bases.figure(total, money, certainty, origin());
        let path = Cell::Text(tranche.path.to_string());
        let figures = [size, booked, total].map(Cell::Figure);
        let [size, booked, total] = figures;
        Ok(Row::of(vec![path, size, model, booked, total, Cell::Text(stated.into())]))
    }

    /// What a model gives when one of its inputs is another.
    fn sensitivity(&mut self, id: AssumptionId) -> Result<Option<Table>, Fault> {
        let replay = self.replay;
        let (Some(model), Some(assumption)) = (model(replay, id), replay.terms.assumptions.get(id.index())) else {
            return Ok(None);
        };
        let unit = replay.inputs.assumed(id).map(|formula| formula.unit.clone()).unwrap_or_default();
        let columns = vec![
            Column::text("Input"),
            Column::text("Change"),
            Column::text("Becomes"),
            Column::figures("Value", PER_SHARE),
            Column::figures("Difference", PER_SHARE),
            Column::figures("%", Scale::WHOLE).named("Difference in per cent"),
        ];
        let title = format!("{}: {}", assumption.name, model.name());
        let mut table = Table { title, units: unit.to_string(), columns, ..Table::default() };
        let numbers = match model.numbers(replay.inputs)? {
            Ok(numbers) => numbers,
            Err(Value::Missing(names)) => {
                let names = names.iter().cloned().collect::<Vec<_>>().join(", ");
                table.footnotes.push(format!("Not worked out: {names} is not known."));
                return Ok(Some(table));
            }
            Err(Value::Known(_)) => return Ok(None),
        };
        let base = replay.inputs.worth(id)?;
        let Some(base) = base.known() else { return Ok(Some(table)) };
        let origin = || Origin::Term(assumption.name.clone());
        for (input, number) in &numbers {
            let Some(formula) = model.input(*input) else { continue };
            let told = |number| Cell::Text(shown(*input, formula, &Value::Known(number)));
            let value = Cell::Figure(self.bases.figure(Value::Known(base), unit.clone(), Basis::Assumed, origin()));
            let mut lines = Vec::new();
            for (other, words) in changes(*input, *number)? {
                let changed = numbers.iter().map(|(i, n)| if i == input { (*i, other) } else { (*i, *n) });
                // An input beyond what models can use has no row: a term of less than a year, a year shorter.
                let Ok(priced) = model.settings.value(&changed.collect::<Vec<_>>()) else { continue };
                let difference = priced.value.minus(base)?;
                let mut figure =
                    |n, unit: &Unit| self.bases.figure(Value::Known(n), unit.clone(), Basis::Assumed, origin());
                let mut cells = vec![Cell::Empty, Cell::Text(words), told(other)];
                cells.extend([Cell::Figure(figure(priced.value, &unit)), Cell::Figure(figure(difference, &unit))]);
                if base.is_positive() {
                    let part = difference.over(base, Rounding { places: 6, ..Rounding::CENTS })?;
                    cells.push(Cell::Percent(figure(part, &Unit::none())));
                }
                lines.push(Row::of(cells));
            }
            table.rows.push(Row::of(vec![Cell::Text(input.word().into()), Cell::Empty, told(*number), value]));
            table.rows.extend(lines);
        }
        Ok(Some(table))
    }
}
