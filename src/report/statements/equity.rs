//! The roll-forward of equity: what each rule moved, by line.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Ledger, RETAINED};
use crate::num::Fault;
use crate::report::build::Reporter;
use crate::report::measure::Measured;
use crate::report::{Cell, Column, Report, Row, Rule, Scale, Table};
use crate::terms::{AccountClass, Value};
use crate::time::Period;

impl Reporter<'_, '_> {
    pub(super) fn equity_table(
        &mut self,
        report: &mut Report,
        ledger: Ledger<'_, '_>,
        period: Period,
    ) -> Result<Table, Fault> {
        let opening = period.from.prev();
        let lines: Vec<(Arc<str>, Vec<&str>)> =
            ledger.lines(&[AccountClass::Equity]).into_iter().filter(|(line, _)| **line != *RETAINED).collect();
        let of_retained = ledger.lines(&[AccountClass::Equity]).into_iter().find(|(line, _)| **line == *RETAINED);
        let stated = of_retained.map(|(_, accounts)| accounts).unwrap_or_default();
        let mut columns = vec![Column::text("").named("Line")];
        columns.extend(lines.iter().map(|(line, _)| Column::figures(&**line, Scale::CENTS)));
        columns.push(Column::figures(RETAINED, Scale::CENTS));
        columns.push(Column::figures("Total", Scale::CENTS));
        let mut table = Table { title: "Equity".into(), columns, ..Table::default() };
        let at = |accounts: &[&str], earned: bool, date| match earned {
            true => ledger.sum([ledger.stands(accounts, date), ledger.retained(date)].into_iter()),
            false => ledger.stands(accounts, date),
        };
        let groups: Vec<(&[&str], bool)> =
            lines.iter().map(|(_, accounts)| (accounts.as_slice(), false)).chain([(stated.as_slice(), true)]).collect();
        let ends = |reporter: &mut Self, name: &str, date| -> Result<Row, Fault> {
            let mut cells = vec![Cell::Text(name.to_owned())];
            for (accounts, earned) in &groups {
                cells.push(reporter.cell(&at(accounts, *earned, date)?));
            }
            cells.push(reporter.cell(&ledger.equity(date)?));
            Ok(Row::of(cells))
        };
        table.rows.push(ends(self, &format!("At {opening}"), opening)?);
        let mut moved = ledger.posted(AccountClass::Equity, opening)?.plus(ledger.posted_earned(opening)?)?;
        for rule in self.rules_of(ledger, period) {
            let mut cells = vec![Cell::Text(rule.to_string())];
            let (mut parts, mut any): (Vec<Measured>, bool) = (Vec::new(), false);
            for (accounts, _) in &groups {
                let by_rule = accounts.iter().map(|account| {
                    let mine = |entry: &crate::ledger::Entry| entry.cause.rule.as_ref() == Some(&rule);
                    ledger.measures.movement(ledger.book, account, period, |_| true, mine)
                });
                let part = ledger.sum(by_rule)?;
                any |= part.value != Value::ZERO;
                cells.push(self.cell(&part));
                parts.push(part);
            }
            let total = ledger.sum(parts.into_iter().map(Ok))?;
            let mine = |entry: &crate::ledger::Entry| entry.cause.rule.as_ref() == Some(&rule);
            let equity = ledger.names(AccountClass::Equity);
            moved = moved.plus(ledger.entered(&equity, AccountClass::Equity, period, mine)?)?;
            cells.push(self.cell(&total));
            if any {
                table.rows.push(Row::of(cells));
            }
        }
        let income = ledger.net_income(period)?;
        moved = moved.plus(ledger.entered_earned(period)?)?;
        let mut cells = vec![Cell::Text("Net income".into())];
        cells.extend(lines.iter().map(|_| Cell::Empty));
        cells.push(self.cell(&income));
        cells.push(self.cell(&income));
        table.rows.push(Row::of(cells));
        table.rows.push(Row::Rule(Rule::Double));
        table.rows.push(ends(self, &format!("At {}", period.to), period.to)?);
        let claim = "opening equity + each rule's entries + net income = closing equity";
        let ends = ledger.posted(AccountClass::Equity, period.to)?.plus(ledger.posted_earned(period.to)?)?;
        self.check(report, "equity_rolls", claim.into(), Value::Known(moved), Value::Known(ends));
        Ok(table)
    }

    /// The rules that posted in a period, in order of the book.
    fn rules_of(&self, ledger: Ledger<'_, '_>, period: Period) -> Vec<Arc<str>> {
        let (Some(keeper), Some(booking)) =
            (self.replay.keepers.get(ledger.book), self.replay.bookings.get(ledger.book))
        else {
            return Vec::new();
        };
        let entries = booking.journal.iter().filter(|(_, entry)| period.contains(entry.date));
        let posted: BTreeSet<Arc<str>> = entries.filter_map(|(_, entry)| entry.cause.rule.clone()).collect();
        keeper.book.rules.iter().map(|rule| rule.name.clone()).filter(|rule| posted.contains(rule)).collect()
    }
}
