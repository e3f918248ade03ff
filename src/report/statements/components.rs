//! What the totals of the statements are made of: every account that takes part, with its entries.

use super::cash_flows::{Flows, section};
use super::{EARNED, Ledger};
use crate::num::Fault;
use crate::report::components::{Component, Part};
use crate::report::measure::Measures;
use crate::terms::{AccountClass, Value};
use crate::time::{Date, Period};

use AccountClass::{Asset, Equity, Liability};

/// The parts of a total; `None` for other measures.
pub(in super::super) fn components(
    measures: Measures<'_, '_>,
    book: usize,
    measure: &str,
    period: Period,
) -> Result<Option<Vec<Component>>, Fault> {
    let ledger = Ledger { measures, book };
    let to_date = Period { from: Date::MIN, to: period.to };
    Ok(Some(match measure {
        "net_income" => ledger.accounts_of(EARNED, period, true)?,
        "accumulated_earnings" => ledger.accounts_of(EARNED, to_date, true)?,
        "total_assets" => ledger.sides(Asset, period.to)?,
        "total_liabilities" => ledger.sides(Liability, period.to)?,
        "total_equity" => {
            let mut parts = ledger.sides(Equity, period.to)?;
            parts.extend(ledger.accounts_of(EARNED, to_date, true)?);
            parts
        }
        _ => match section(measure) {
            Some(activity) => Flows::new(ledger, period)?.parts(activity)?,
            None => return Ok(None),
        },
    }))
}

impl Ledger<'_, '_> {
    /// What the accounts of some classes moved, as credits or as debits.
    fn accounts_of(&self, classes: &[AccountClass], period: Period, credit: bool) -> Result<Vec<Component>, Fault> {
        let mut found = Vec::new();
        for class in classes {
            for name in self.names(*class) {
                let parts = self.measures.posted(self.book, |account, _| account == name, period, credit)?;
                found.push(Component::of(format!("account {name}"), parts)?);
            }
        }
        Ok(found)
    }

    /// What the accounts of a class stand at, and what stands on another side than it was posted on.
    fn sides(&self, class: AccountClass, date: Date) -> Result<Vec<Component>, Fault> {
        let to_date = Period { from: Date::MIN, to: date };
        let mut found = self.accounts_of(&[class], to_date, !class.is_debit())?;
        let turned = self.turned_in(&self.names(class), date)?;
        if !turned.is_zero() {
            found.push(Component {
                label: "positions that stand on the other side".into(),
                amount: Value::Known(turned),
                parts: Vec::new(),
                tranche: None,
            });
        }
        Ok(found)
    }
}

impl Flows<'_, '_> {
    /// Cash of a section by the account on the other side of it.
    fn parts(&self, activity: crate::terms::Activity) -> Result<Vec<Component>, Fault> {
        let booking = self.ledger.measures.replay.bookings.get(self.ledger.book);
        let mut found: Vec<(&str, Vec<Part>)> = Vec::new();
        for leg in self.legs.iter().filter(|leg| leg.account.activity == activity && !leg.cash.is_zero()) {
            let item = booking.and_then(|b| b.chart.get(leg.on)).map_or_else(|| "".into(), |a| a.item.clone());
            let part = Part { entry: leg.entry, item, amount: leg.cash };
            match found.iter_mut().find(|(name, _)| **name == *leg.account.name) {
                Some((_, parts)) => parts.push(part),
                None => found.push((&leg.account.name, vec![part])),
            }
        }
        let told = |(name, parts)| Component::of(format!("cash against account {name}"), parts);
        found.into_iter().map(told).collect()
    }
}
