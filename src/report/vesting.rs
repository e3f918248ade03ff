//! What vested of a warrant and why not the rest, beside what the issuer's book has recognised; for the summary.

use super::build::Reporter;
use super::{Cell, Column, Origin, Row, Rule, Table, scales};
use crate::engine::Act;
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, Stage, TrancheId, Value, Warrant, WarrantId};
use crate::time::Date;

/// Ladders longer than this fold tranches that stand like the one before.
const FOLD: usize = 12;

/// One tranche at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Standing {
    size: Number,
    vested: Option<Date>,
    cleared: Option<Date>,
    lapsed: Option<Date>,
    used: Number,
    cost: Option<Value>,
    value: Value,
}

/// Tranches in a row that stand alike, or of which nothing has happened: the first, and those after it.
struct Alike {
    one: Standing,
    rest: Vec<(TrancheId, Standing)>,
}

impl Standing {
    /// Whether nothing of it has vested, lapsed or been exercised by a day.
    fn is_quiet(&self, today: Date) -> bool {
        let later = |date: Option<Date>| date.is_none_or(|date| date > today);
        later(self.vested) && later(self.cleared) && later(self.lapsed) && self.used.is_zero()
    }
}

impl Reporter<'_, '_> {
    /// The two answers on vesting: legal quantities, and what the issuer's book has recognised.
    pub(super) fn vesting_table(&mut self, id: WarrantId, today: Date) -> Result<Table, Fault> {
        let Some(warrant) = self.replay.terms.warrants.get(id.index()) else { return Ok(Table::default()) };
        let columns = vec![
            Column::text("Tranche"),
            Column::figures(
                if self.scales.shares.power == 3 { "Rights\nthousand" } else { "Rights" },
                self.scales.shares,
            )
            .named("Rights"),
            Column::text("Legal:\nvested"),
            Column::text("Legal:\nexercisable"),
            Column::figures("Exer-\ncised", self.scales.shares),
            Column::figures(format!("Book:\ncost{}", scales::mark(self.scales.money)), self.scales.money)
                .named("Book: cost recognised"),
            Column::figures(format!("of grant\nvalue{}", scales::mark(self.scales.money)), self.scales.money)
                .named("Grant-date value"),
            Column::text("Waiting for"),
        ];
        let title = format!(
            "{}, {} to {}, at {today}",
            warrant.path,
            self.party_name(warrant.issuer),
            self.party_name(warrant.holder)
        );
        let mut table = Table { title, columns, ..Table::default() };
        let fold = !self.scope.all && warrant.tranches.len() > FOLD;
        let mut alike: Option<Alike> = None;
        for tranche in &warrant.tranches {
            let one = self.standing_of(warrant, *tranche, today)?;
            let quiet = one.is_quiet(today);
            let like = |before: &&mut Alike| before.one == one || quiet && before.one.is_quiet(today);
            if let Some(before) = alike.as_mut().filter(|_| fold).filter(like) {
                before.rest.push((*tranche, one));
                continue;
            }
            let folded = alike.replace(Alike { one: one.clone(), rest: Vec::new() });
            self.alike_row(&mut table, folded, today)?;
            let row = self.vesting_row(*tranche, &one, today)?;
            table.rows.push(row);
        }
        let hidden = fold && warrant.tranches.len() > table.rows.len();
        self.alike_row(&mut table, alike, today)?;
        if hidden {
            table.footnotes.push("`--all` shows every tranche on its own row.".into());
        }
        if !warrant.tranches.is_empty() {
            table.rows.push(Row::Rule(Rule::Single));
        }
        let total = self.warrant_total(id, today)?;
        table.rows.push(total);
        Ok(table)
    }

    fn standing_of(&self, warrant: &Warrant, id: TrancheId, today: Date) -> Result<Standing, Fault> {
        let reached = self.replay.end().state.tranches.get(&id).cloned().unwrap_or_default();
        let state = &self.replay.at(today).state;
        let path = self.tranche_path(id);
        let cost = match self.replay.keeper(warrant.issuer) {
            Some(book) => Some(self.measures().balance(book, "contra_revenue", today, |item| *item == *path)?.value),
            None => None,
        };
        Ok(Standing {
            size: self.replay.engine.rights(state, id)?,
            vested: reached.vested,
            cleared: reached.cleared,
            lapsed: reached.lapsed,
            used: self.replay.engine.stage(state, id, Stage::Used),
            cost,
            value: self.tranche_value(id)?,
        })
    }

    fn vesting_row(&mut self, id: TrancheId, one: &Standing, today: Date) -> Result<Row, Fault> {
        let Some(terms) = self.replay.terms.tranches.get(id.index()) else { return Ok(Row::Blank) };
        let word = |date: Option<Date>, cleared: bool| {
            let told = self.replay.register.outcomes.iter().find(|o| match &o.act {
                Act::Vested { tranche: of, .. } => !cleared && *of == id,
                Act::Cleared { tranche: of, .. } => cleared && *of == id,
                _ => false,
            });
            date.map_or(Cell::Never, |day| Cell::Dated(day, told.map_or(Basis::Actual, |o| o.basis)))
        };
        let (vested, cleared) = (word(one.vested, false), word(one.cleared, true));
        let path = terms.path.clone();
        let cost = match self.replay.terms.warrant_of(id).and_then(|warrant| self.replay.keeper(warrant.issuer)) {
            Some(book) => Some(self.measures().balance(book, "contra_revenue", today, |item| *item == *path)?),
            None => None,
        };
        let mut shares = |n: Number| {
            let origin = Self::state_origin(&path, today);
            Cell::Figure(self.bases.figure(Value::Known(n), Unit::of("shares"), Basis::Actual, origin))
        };
        let (size, used) = (shares(one.size), shares(one.used));
        let cost = cost.map_or(Cell::Empty, |m| self.cell(&m));
        let origin = Origin::Term(format!("{path}.fair_value").into());
        let whole = self.bases.figure(one.value.clone(), Unit::of("USD"), Basis::Actual, origin);
        let name = Cell::Text(terms.name.to_string());
        let waits = Cell::Text(self.waits_for(id, today)?);
        Ok(Row::of(vec![name, size, vested, cleared, used, cost, Cell::Figure(whole), waits]))
    }

    /// One row for the tranches that stand like the one above, or of which nothing has happened either, and what the last of
    /// them waits for.
    fn alike_row(&mut self, table: &mut Table, alike: Option<Alike>, today: Date) -> Result<(), Fault> {
        let Some(Alike { one, rest }) = alike else { return Ok(()) };
        let (Some((first, _)), Some((last, of_last))) = (rest.first(), rest.last()) else { return Ok(()) };
        if rest.len() == 1 {
            let row = self.vesting_row(*last, of_last, today)?;
            table.rows.push(row);
            return Ok(());
        }
        let same = rest.iter().all(|(_, other)| *other == one);
        let mut all = Standing { size: Number::ZERO, used: Number::ZERO, value: Value::ZERO, ..of_last.clone() };
        let mut cost = Value::ZERO;
        for (_, other) in &rest {
            all.size = all.size.plus(other.size)?;
            all.used = all.used.plus(other.used)?;
            all.value = all.value.plus(other.value.clone())?;
            cost = cost.plus(other.cost.clone().unwrap_or(Value::ZERO))?;
        }
        // Days to come that differ are those of none.
        if !same {
            (all.vested, all.cleared) = (None, None);
        }
        let mut row = self.vesting_row(*last, &all, today)?;
        if let Row::Cells { cells, indent } = &mut row {
            *indent = 1;
            if let Some(name) = cells.first_mut() {
                let count = rest.len();
                *name = Cell::Text(match same {
                    true => format!("and {count} tranches like it"),
                    false => format!("and {count} tranches not vested"),
                });
            }
            // The cost of all; the one of the last stands for nothing else.
            if let Some(Cell::Figure(figure)) = cells.get_mut(5) {
                figure.amount = cost;
            }
            let (from, to) = (self.waits_for(*first, today)?, self.waits_for(*last, today)?);
            if let Some(waits) = cells.last_mut() {
                *waits = match from == to {
                    true => Cell::Empty,
                    false => Cell::Text(format!("the last: {to}")),
                };
            }
        }
        table.rows.push(row);
        Ok(())
    }

    fn warrant_total(&mut self, id: WarrantId, today: Date) -> Result<Row, Fault> {
        let Some(warrant) = self.replay.terms.warrants.get(id.index()) else { return Ok(Row::Blank) };
        let state = &self.replay.at(today).state;
        let sum = |stages: &[Stage]| -> Result<Number, Fault> {
            let each = warrant.tranches.iter().flat_map(|t| stages.iter().map(move |s| (*t, *s)));
            each.map(|(t, s)| self.replay.engine.stage(state, t, s)).try_fold(Number::ZERO, Number::plus)
        };
        let vested = sum(&[Stage::Released, Stage::Cleared, Stage::Used])?;
        let cleared = sum(&[Stage::Cleared, Stage::Used])?;
        let used = sum(&[Stage::Used])?;
        let all = sum(&[Stage::Locked, Stage::Released, Stage::Cleared, Stage::Used, Stage::Lapsed])?;
        let mut values = Value::ZERO;
        for tranche in &warrant.tranches {
            values = values.plus(self.tranche_value(*tranche)?)?;
        }
        let path = warrant.path.clone();
        let inside = format!("{path}.");
        let cost = match self.replay.keeper(warrant.issuer) {
            Some(book) => {
                Some(self.measures().balance(book, "contra_revenue", today, |item| item.starts_with(&inside))?)
            }
            None => None,
        };
        let shares = |n: Number, bases: &mut super::Bases| {
            bases.figure(Value::Known(n), Unit::of("shares"), Basis::Actual, Self::state_origin(&path, today))
        };
        let all = shares(all, &mut self.bases);
        let used = shares(used, &mut self.bases);
        let vested = shares(vested, &mut self.bases);
        let cleared = shares(cleared, &mut self.bases);
        let cost = cost.map_or(Cell::Empty, |m| self.cell(&m));
        let whole = self.bases.figure(
            values,
            Unit::of("USD"),
            Basis::Actual,
            Origin::Term(format!("{path}.fair_value").into()),
        );
        Ok(Row::of(vec![
            Cell::Text("Total".into()),
            Cell::Figure(all),
            Cell::Scaled(vested, self.scales.shares),
            Cell::Scaled(cleared, self.scales.shares),
            Cell::Figure(used),
            cost,
            Cell::Figure(whole),
        ]))
    }
}
