//! Commitments by standing: what counts in totals, and what was only announced.

use super::build::Reporter;
use super::{Cell, Column, Origin, Report, Row, Rule, Table};
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, Binding, ContractId, Funding, PartyId, Stage, Standing, Value};
use crate::time::Date;

/// A promise at a day.
struct Promise {
    path: std::sync::Arc<str>,
    from: PartyId,
    to: PartyId,
    standing: Standing,
    contract: ContractId,
    amount: Value,
    unit: Unit,
}

impl Reporter<'_, '_> {
    /// Promises by standing at the last actual day.
    pub(super) fn standing(&mut self) -> Result<Report, String> {
        let at = self.scope.range.map_or_else(|| self.replay.today(), |r| r.to);
        let mut report = self.report("standing", "Commitments by standing".into());
        report.header.at = Some(at).filter(|day| *day > Date::MIN);
        report.header.units = self.scales.amounts();
        let table = self.promises_table(&mut report, at).map_err(|f| f.to_string())?;
        let any = !matches!(table.rows.first(), Some(Row::Rule(_)));
        let lent = self.lent_table(&mut report, at).map_err(|f| f.to_string())?;
        // Totals of nothing say nothing beside what is lent, let or guaranteed.
        if lent.is_none() || any {
            report.tables.push(table);
        }
        report.tables.extend(lent);
        Ok(report)
    }

    fn promises(&self, at: Date) -> Result<Vec<Promise>, Fault> {
        let mut found = Vec::new();
        for promise in &self.replay.terms.commitments {
            let amount = self.replay.inputs.value(&promise.amount)?;
            found.push(Promise {
                path: promise.path.clone(),
                from: promise.from,
                to: promise.to,
                standing: promise.standing,
                contract: promise.contract,
                amount,
                unit: promise.amount.unit.clone(),
            });
        }
        for supply in &self.replay.terms.supplies {
            for (quantity, standing, _) in &supply.quantities {
                let amount = self.replay.inputs.value(quantity)?.times(self.replay.inputs.value(&supply.price)?)?;
                found.push(Promise {
                    path: format!("{} {}", supply.path, self.words(quantity, &supply.unit)).into(),
                    from: supply.buyer,
                    to: supply.seller,
                    standing: *standing,
                    contract: supply.contract,
                    amount,
                    unit: Unit::of(&supply.currency),
                });
            }
        }
        for investment in &self.replay.terms.investments {
            let state = &self.replay.at(at).state;
            let lapsed = investment.tranches.iter().map(|id| self.replay.engine.stage(state, *id, Stage::Lapsed));
            let left = investment.amount.minus(lapsed.into_iter().try_fold(Number::ZERO, Number::plus)?)?;
            // What only the investor may call it has not promised.
            let mut chosen = Number::ZERO;
            for id in &investment.tranches {
                let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { continue };
                if tranche.call.is_option(investment) {
                    chosen = chosen.plus(self.replay.engine.stage(state, *id, Stage::Locked))?;
                }
            }
            for (investor, _) in investment.investors.iter().filter(|_| chosen.is_positive()) {
                found.push(Promise {
                    path: format!("{}, if called by the investor", investment.path).into(),
                    from: *investor,
                    to: investment.company,
                    standing: crate::terms::Standing { option: true, ..investment.standing },
                    contract: investment.contract,
                    amount: Value::Known(self.measures().part_of(investment, *investor, chosen)?),
                    unit: Unit::of(&investment.currency),
                });
            }
            let left = left.minus(chosen)?;
            for (investor, _) in &investment.investors {
                let part = self.measures().part_of(investment, *investor, left)?;
                // Shares against nothing are promised by the company.
                let (from, to) = match investment.funding {
                    Funding::Nothing => (investment.company, *investor),
                    _ => (*investor, investment.company),
                };
                found.push(Promise {
                    path: investment.path.clone(),
                    from,
                    to,
                    standing: investment.standing,
                    contract: investment.contract,
                    amount: Value::Known(part),
                    unit: Unit::of(&investment.currency),
                });
            }
        }
        if let Some(name) = &self.scope.entity {
            let is = |id: PartyId| self.party_name(id).eq_ignore_ascii_case(name);
            found.retain(|promise| is(promise.from) || is(promise.to));
        }
        Ok(found)
    }

    fn words(&self, quantity: &crate::terms::Formula, unit: &Unit) -> String {
        let known = self.replay.inputs.value(quantity).ok().and_then(|v| v.known());
        known.map_or_else(|| "undisclosed".into(), |n| format!("{n} {unit}"))
    }

    fn promises_table(&mut self, report: &mut Report, at: Date) -> Result<Table, Fault> {
        let columns = vec![
            Column::text("Promise"),
            Column::text("From"),
            Column::text("To"),
            Column::text("Binding"),
            Column::text("Firm"),
            Column::text("Life"),
            Column::figures("Amount", self.scales.money),
            Column::figures("Counted", self.scales.money),
        ];
        let mut table = Table { columns, ..Table::default() };
        let mut counted = Value::ZERO;
        let mut owed_to = Value::ZERO;
        let entity = self.scope.entity.clone();
        let owed = |name: &str| entity.as_ref().is_some_and(|entity| entity.eq_ignore_ascii_case(name));
        for promise in self.promises(at)? {
            let Some(contract) = self.replay.terms.contracts.get(promise.contract.index()) else { continue };
            if !self.scope.takes(self.replay, promise.contract) || contract.signed.is_some_and(|signed| signed > at) {
                continue;
            }
            let ended = self.replay.at(at).state.ended.get(&promise.contract).cloned();
            let life = match &ended {
                None => "in force".to_owned(),
                Some(ended) => {
                    let by = ended.by.and_then(|id| self.replay.terms.contracts.get(id.index()));
                    let word = if ended.superseded { "superseded" } else { "terminated" };
                    by.map_or_else(
                        || format!("{word} {}", ended.date),
                        |c| format!("{word} {} by {}", ended.date, c.path),
                    )
                }
            };
            let counts = ended.is_none() && promise.standing.binding == Binding::Definitive && !promise.standing.option;
            if !counts {
                let why = if ended.is_some() {
                    life.clone()
                } else {
                    format!(
                        "{}{}",
                        promise.standing.binding.word(),
                        if promise.standing.option { ", option" } else { "" }
                    )
                };
                report.header.contracts.1.push((promise.path.clone(), why));
            }
            let amount = if counts { promise.amount.clone() } else { Value::ZERO };
            if matches!(amount, Value::Known(_)) {
                let sum = if owed(&self.party_name(promise.to)) { &mut owed_to } else { &mut counted };
                *sum = sum.clone().plus(amount.clone())?;
            }
            let origin = || Origin::Term(promise.path.clone());
            let whole = self.bases.figure(promise.amount.clone(), promise.unit.clone(), Basis::Actual, origin());
            let part = self.bases.figure(amount, promise.unit.clone(), Basis::Actual, origin());
            table.rows.push(Row::of(vec![
                Cell::Text(promise.path.to_string()),
                Cell::Text(self.party_name(promise.from)),
                Cell::Text(self.party_name(promise.to)),
                Cell::Text(promise.standing.binding.word().into()),
                Cell::Text(if promise.standing.option { "option" } else { "firm" }.into()),
                Cell::Text(life),
                Cell::Figure(whole),
                Cell::Figure(part),
            ]));
        }
        table.rows.push(Row::Rule(Rule::Double));
        let totals = match &entity {
            None => vec![("Total counted".to_owned(), counted)],
            Some(name) => vec![(format!("Counted, from {name}"), counted), (format!("Counted, to {name}"), owed_to)],
        };
        for (label, total) in totals {
            let total = self.bases.figure(total, Unit::of("USD"), Basis::Actual, Origin::Made("sum", Vec::new()));
            let mut cells = vec![Cell::Text(label)];
            cells.extend((0..6).map(|_| Cell::Empty));
            cells.push(Cell::Figure(total));
            table.rows.push(Row::of(cells));
        }
        table.footnotes.push("Counted: definitive, firm and in force. A letter of intent, an announcement, an option or a superseded promise never enters a total.".into());
        Ok(table)
    }
}
