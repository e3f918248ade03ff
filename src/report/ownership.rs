//! Who owns a class: as issued, with vested rights, fully diluted.

use super::build::Reporter;
use super::measure::Stake;
use super::{Cell, Column, Origin, Report, Row, Rule, Scale, Table};
use crate::num::{Fault, Number, Rounding, Unit};
use crate::terms::{Basis, ClassId, Value};
use crate::time::Date;

/// What the word means, in every table and in every price.
pub(super) const FULLY_DILUTED: &str =
    "Fully diluted: issued, every right not lapsed or exercised, and the pool of awards and reserved shares.";

/// Issued, with vested rights, fully diluted.
type Stages = [Value; 3];

impl Reporter<'_, '_> {
    /// The table of a class on a day. Without a stated number of shares the parts of named holders are known, nothing else.
    pub(super) fn ownership(&mut self, report: &mut Report, class: ClassId, date: Date) -> Result<Table, Fault> {
        let dilution = self.measures().dilution(class, date)?;
        let path = self.replay.terms.classes.get(class.index()).map_or_else(|| "".into(), |c| c.path.clone());
        let mut rows: Vec<(String, Stages)> = Vec::new();
        let mut others = dilution.issued.clone();
        let mut optional: Vec<(String, Number)> = Vec::new();
        for Stake { party, issued, vested, unvested, optional: chosen, .. } in &dilution.holders {
            if chosen.is_positive() {
                optional.push((self.party_name(*party), *chosen));
            }
            if ![*issued, *vested, *unvested].iter().any(|shares| shares.is_positive()) {
                continue;
            }
            others = others.minus(Value::Known(*issued))?;
            let with = issued.plus(*vested)?;
            let stages = [*issued, with, with.plus(*unvested)?].map(Value::Known);
            rows.push((self.party_name(*party), stages));
        }
        if dilution.awards.is_positive() {
            let stages = [Number::ZERO, Number::ZERO, dilution.awards].map(Value::Known);
            let reserved = dilution.pool_is_reserved;
            rows.push((if reserved { "Reserved shares" } else { "Employee awards" }.into(), stages));
        }
        rows.push(("All other holders".into(), [others.clone(), others.clone(), others]));
        let mut totals: Stages = [Value::ZERO, Value::ZERO, Value::ZERO];
        for (_, stages) in &rows {
            for (total, stage) in totals.iter_mut().zip(stages) {
                *total = total.clone().plus(stage.clone())?;
            }
        }
        let invested = self.replay.terms.investments.iter().any(|i| i.class == class);
        let figures = |heading: &str, scale| Column::figures(heading, scale);
        let promised = dilution.holders.iter().any(|stake| stake.money.is_positive());
        let (heading, part) = match promised {
            true => ("Fully diluted\n+ promised", "Part fully diluted and promised"),
            false => ("Fully\ndiluted", "Part fully diluted"),
        };
        let columns = vec![
            Column::text("Holder"),
            figures("As issued", self.scales.shares),
            figures("%", Scale::WHOLE).named("Part as issued"),
            figures(if invested { "+ vested,\ncalled" } else { "+ vested\nwarrants" }, self.scales.shares)
                .named("With vested and called"),
            figures("%", Scale::WHOLE).named("Part with vested and called"),
            figures(heading, self.scales.shares),
            figures("%", Scale::WHOLE).named(part),
        ];
        let title = format!("Ownership of {path} at {date}");
        let mut table = Table { title, units: self.scales.shares(), columns, ..Table::default() };
        for (name, stages) in rows {
            let row = self.owner(&name, stages, &totals, (class, date))?;
            table.rows.push(row);
        }
        table.rows.push(Row::Rule(Rule::Double));
        let row = self.owner("Total", totals.clone(), &totals, (class, date))?;
        table.rows.push(row);
        for (name, shares) in optional {
            let origin = Origin::State { what: name.clone().into(), date };
            let figure = self.bases.figure(Value::Known(shares), Unit::of("shares"), Basis::Forecast, origin);
            let mut cells = vec![Cell::Text(format!("{name}, if it calls"))];
            cells.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Figure(figure)]);
            table.rows.push(Row::of(cells));
        }
        let held = self.held(class, date)?;
        let [issued, ..] = totals;
        let claim = format!("{path}: shares of all holders = shares issued");
        self.check(report, "holders_hold_what_is_issued", claim, Value::Known(held), issued);
        let definition = match promised {
            true => format!("{FULLY_DILUTED} Promised: money called or firmly promised, at its price of that day."),
            false => FULLY_DILUTED.to_owned(),
        };
        table.footnotes.push(definition);
        if !dilution.unpriced.is_empty() {
            let names: Vec<&str> = dilution.unpriced.iter().map(|name| &**name).collect();
            table.footnotes.push(format!("Not in it, for the price is not known on that day: {}.", names.join(", ")));
        }
        Ok(table)
    }

    /// Shares in all holders' accounts of the legal ledger.
    pub(super) fn held(&self, class: ClassId, date: Date) -> Result<Number, Fault> {
        let path = self.replay.terms.classes.get(class.index()).map_or("", |c| &*c.path);
        let state = &self.replay.at(date).state;
        let accounts = self.replay.register.chart.iter().filter(|(_, a)| &*a.name == "shares" && *a.commodity == *path);
        accounts.map(|(id, _)| state.balances.get(id)).try_fold(Number::ZERO, Number::plus)
    }

    fn owner(
        &mut self,
        name: &str,
        stages: Stages,
        totals: &Stages,
        (class, date): (ClassId, Date),
    ) -> Result<Row, Fault> {
        let measures = self.measures();
        let certainty = measures.certainty(date, |o| measures.touches_class(o, class));
        let mut cells = vec![Cell::Text(name.to_owned())];
        for (amount, total) in stages.into_iter().zip(totals) {
            let share = amount.clone().join(total.clone(), share_of)?;
            let origin = || Origin::State { what: name.into(), date };
            cells.push(Cell::Figure(self.bases.figure(amount, Unit::of("shares"), certainty, origin())));
            cells.push(Cell::Percent(self.bases.figure(share, Unit::none(), certainty, origin())));
        }
        Ok(Row::of(cells))
    }
}

/// A part of a whole, to six places: a percentage with four.
pub(super) fn share_of(part: Number, whole: Number) -> Result<Number, Fault> {
    if whole.is_zero() {
        return Ok(Number::ZERO);
    }
    part.over(whole, Rounding { places: 6, ..Rounding::CENTS })
}
