//! The price of a unit before the awards that go with it, and after them: at what they were worth at the grant, and today.

use super::build::Reporter;
use super::measure::Measured;
use super::{Cell, Column, Origin, Report, Row, Scale, Table};
use crate::num::{Fault, Rounding, Unit};
use crate::terms::{Basis, SupplyId, TrancheId, Value};
use crate::time::Date;

/// A price is not a posting: six places say what cents would hide of a small unit.
const PRICE: Rounding = Rounding { places: 6, ..Rounding::CENTS };

impl Reporter<'_, '_> {
    /// One table for each supply that earns an award, one row for each band.
    pub(super) fn net_price(&mut self) -> Result<Report, String> {
        let sells =
            |id| self.replay.terms.supplies.iter().any(|s| s.seller == id && self.scope.takes(self.replay, s.contract));
        let Some((seller, _)) = self.scope.fitting(self.replay, sells)? else {
            return Ok(self.nothing("net-price", "price of a unit, net of awards", "sells nothing"));
        };
        let at = self.moment();
        let title = format!("{} — price of a unit, net of awards", self.party_name(seller));
        let mut report = self.report("net-price", title);
        report.header.at = Some(at).filter(|day| *day > Date::MIN);
        let all = (0u32..).map(SupplyId).zip(&self.replay.terms.supplies);
        let own: Vec<SupplyId> = all
            .filter(|(_, s)| s.seller == seller && self.scope.takes(self.replay, s.contract))
            .map(|(id, _)| id)
            .collect();
        for id in own {
            if let Some(table) = self.net_price_table(id, at).map_err(|f| f.to_string())? {
                report.tables.push(table);
            }
        }
        if report.tables.is_empty() {
            report.notes.push("no award here is earned by purchases.".into());
        }
        Ok(report)
    }

    fn net_price_table(&mut self, id: SupplyId, at: Date) -> Result<Option<Table>, Fault> {
        let Some(supply) = self.replay.terms.supplies.get(id.index()) else { return Ok(None) };
        let by_value = supply.unit.is_currency();
        let unit = Unit::of(&supply.currency);
        let noun = if by_value { format!("{} 1", supply.currency) } else { supply.unit.to_string() };
        let mut table = Table { title: format!("{}, for one {noun}", supply.path), ..Table::default() };
        table.columns = vec![Column::text("Award"), Column::text("Purchases"), Column::text("Probable")];
        let scale = if by_value { Scale { power: 0, places: 6 } } else { Scale::CENTS };
        let headings = ["Price", "Award, at\ngrant", "Net, at\ngrant", "Award,\ntoday", "Net,\ntoday"];
        table.columns.extend(headings.map(|heading| Column::figures(heading, scale)));
        let price = self.replay.inputs.value(&supply.price)?;
        for tranche_id in self.replay.terms.earned_by(id).collect::<Vec<TrancheId>>() {
            let Some(tranche) = self.replay.terms.tranches.get(tranche_id.index()) else { continue };
            let Some((_, from, to)) = self.replay.terms.earning_band(tranche, self.replay.inputs)? else { continue };
            let (Some(from), Some(to)) = (from.known(), to.known()) else { continue };
            let width = to.minus(from)?;
            if !width.is_positive() {
                continue;
            }
            let grant = self.tranche_value(tranche_id)?.map(|n| n.over(width, PRICE))?;
            let today = self.worth_today(tranche_id, at)?.map(|n| n.over(width, PRICE))?;
            let judged = self.replay.at(at).state.probable.get(&tranche_id).map(|(yes, _)| *yes);
            let probable = match judged {
                Some(true) => "yes",
                Some(false) => "no",
                None => "not judged",
            };
            let purchases = format!("{} to {} {}", from.grouped(), to.grouped(), supply.unit);
            let mut cells =
                vec![Cell::Text(tranche.path.to_string()), Cell::Text(purchases), Cell::Text(probable.into())];
            let after = |award: &Value| price.clone().minus(award.clone());
            for value in [price.clone(), grant.clone(), after(&grant)?, today.clone(), after(&today)?] {
                let origin = Origin::Term(tranche.path.clone());
                let measured = Measured {
                    value,
                    missing: std::collections::BTreeSet::new(),
                    unit: unit.clone(),
                    certainty: Basis::Actual,
                    origin,
                };
                cells.push(self.cell(&measured));
            }
            table.rows.push(Row::of(cells));
        }
        table.footnotes.push("At grant: the grant-date value over the purchases that earn the award, whatever is probable. Today: what its rights would bring at the last close, strike deducted; never below nothing.".into());
        Ok(Some(table).filter(|table| !table.rows.is_empty()))
    }

    /// What the rights of a tranche would bring at the last close up to a day.
    fn worth_today(&self, id: TrancheId, at: Date) -> Result<Value, Fault> {
        let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { return Ok(Value::ZERO) };
        let Some(warrant) = self.replay.terms.warrant_of(id) else { return Ok(Value::Known(tranche.size)) };
        let over = self.replay.engine.class_of(&self.replay.at(at).state, warrant);
        let series = self.replay.inputs.prices.get(&over);
        let close = series.and_then(|s| s.closes().iter().rev().find(|close| close.date <= at));
        let Some(close) = close else { return Ok(Value::missing(format!("a close of the shares by {at}"))) };
        let state = &self.replay.at(at).state;
        let strike = self.replay.engine.strike_now(state, warrant)?;
        let shares = self.replay.engine.factor(state, warrant)?.apply(tranche.size, Rounding::CENTS)?;
        strike.map(|strike| shares.times(close.price.minus(strike)?.clamp_zero()))
    }
}
