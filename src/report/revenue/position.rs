//! The position of the contract a supply belongs to, where it is shown on another side than its accounts were posted on.

use super::super::build::Reporter;
use super::super::measure::{Measured, Measures};
use super::super::{Cell, Origin, Row, Table};
use super::Subject;
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, Value};
use crate::time::{Date, Period, PeriodName};

impl Reporter<'_, '_> {
    /// One net position of the contract, on the line of its side; nothing where the accounts say it already.
    pub(super) fn net_position(
        &mut self,
        table: &mut Table,
        subject: Subject<'_>,
        columns: &[(PeriodName, Period)],
        account: &str,
    ) -> Result<(), Fault> {
        let measures: Measures<'_, '_> = self.measures();
        let Some(net) = measures.nets(subject.book).iter().find(|net| net.liabilities.iter().any(|a| **a == *account))
        else {
            return Ok(());
        };
        let path = self.replay.terms.contracts.get(subject.contract.index()).map_or("", |c| &*c.path);
        let at = |date: Date| -> Result<[Number; 2], Fault> {
            Ok(measures.positions(subject.book, net, date)?.get(path).copied().unwrap_or_default())
        };
        let sides = columns.iter().map(|(_, days)| at(days.to)).collect::<Result<Vec<_>, Fault>>()?;
        let posted_so =
            |[own, owed]: &[Number; 2]| !own.is_negative() && !owed.is_negative() && (own.is_zero() || owed.is_zero());
        if sides.iter().all(posted_so) {
            return Ok(());
        }
        let line = |names: &[std::sync::Arc<str>]| {
            let keeper = self.replay.keepers.get(subject.book)?;
            let account = names.first().and_then(|name| keeper.book.accounts.iter().find(|a| a.name == *name))?;
            Some(account.caption())
        };
        let labels = [line(&net.assets), line(&net.liabilities)];
        for (label, asset) in labels.into_iter().zip([true, false]) {
            let mut cells = vec![Cell::Text(format!("{}, {path} as a whole", label.unwrap_or_else(|| "".into())))];
            for [own, owed] in &sides {
                let shown = if asset { own.minus(*owed)? } else { owed.minus(*own)? };
                let origin = Origin::Made("sum", Vec::new());
                let (unit, missing) = (Unit::of(subject.currency), std::collections::BTreeSet::new());
                let value = Value::Known(shown.clamp_zero());
                cells.push(self.cell(&Measured { value, missing, unit, certainty: Basis::Actual, origin }));
            }
            table.rows.push(Row::under(1, cells));
        }
        Ok(())
    }
}
