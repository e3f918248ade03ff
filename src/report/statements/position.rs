//! Positions with two sides: what a contract owes is no negative asset, and stands among the liabilities.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Ledger;
use crate::num::{Fault, Number};
use crate::report::Origin;
use crate::report::measure::{Measured, Measures};
use crate::terms::{Activity, Basis, Net, Value};
use crate::time::{Date, Period};

impl<'r> Measures<'r, '_> {
    /// The positions that a book nets.
    pub(in crate::report) fn nets(&self, book: usize) -> &'r [Net] {
        self.replay.keepers.get(book).map_or(&[][..], |keeper| &keeper.book.nets)
    }

    /// A position by contract, or by item outside any contract: what stands on its asset accounts, and on its liability accounts.
    pub(in crate::report) fn positions(
        &self,
        book: usize,
        net: &Net,
        date: Date,
    ) -> Result<BTreeMap<Arc<str>, [Number; 2]>, Fault> {
        let mut found: BTreeMap<Arc<str>, [Number; 2]> = BTreeMap::new();
        let Some(booking) = self.replay.bookings.get(book) else { return Ok(found) };
        let state = self.replay.book(book, date);
        for (id, account) in booking.chart.iter() {
            let asset = net.assets.contains(&account.name);
            if !asset && !net.liabilities.contains(&account.name) {
                continue;
            }
            let first = account.item.split('.').next().unwrap_or_default();
            let contract = self.replay.terms.contract_at(first);
            let key = contract.map_or_else(|| account.item.clone(), |_| first.into());
            let [own, owed] = found.entry(key).or_default();
            let balance = state.balances.get(id);
            if asset {
                *own = own.plus(balance)?;
            } else {
                *owed = owed.minus(balance)?;
            }
        }
        Ok(found)
    }

    /// By how much both sides are shown higher (or lower) than they were posted: each contract on one side only.
    pub(in crate::report) fn turned(&self, book: usize, net: &Net, date: Date) -> Result<Number, Fault> {
        let each = self.positions(book, net, date)?;
        each.into_values()
            .try_fold(Number::ZERO, |sum, [own, owed]| sum.plus(own.minus(owed)?.clamp_zero())?.minus(own))
    }
}

impl<'r> Ledger<'r, '_> {
    /// The positions one side of which is among these accounts.
    fn nets_of<'n>(&self, accounts: &'n [&str]) -> impl Iterator<Item = &'r Net> + use<'n, 'r> {
        let first = |names: &[Arc<str>], all: &[&str]| names.first().is_some_and(|name| all.contains(&&**name));
        self.measures
            .nets(self.book)
            .iter()
            .filter(move |net| first(&net.assets, accounts) || first(&net.liabilities, accounts))
    }

    /// What these accounts show beyond what was posted to them.
    pub fn turned_in(&self, accounts: &[&str], date: Date) -> Result<Number, Fault> {
        self.nets_of(accounts).try_fold(Number::ZERO, |sum, net| sum.plus(self.measures.turned(self.book, net, date)?))
    }

    /// The same as a part of a balance; nothing where nothing turned.
    pub(super) fn turned(&self, accounts: &[&str], date: Date) -> Result<Option<Measured>, Fault> {
        let turned = self.turned_in(accounts, date)?;
        if turned.is_zero() {
            return Ok(None);
        }
        let origin = Origin::Entries { book: Some(self.book), entries: Vec::new() };
        let (unit, certainty) = (self.unit(), self.certainty_of(accounts, date)?);
        Ok(Some(Measured { value: Value::Known(turned), missing: BTreeSet::new(), unit, certainty, origin }))
    }

    /// What turned is as certain as the least certain of both sides.
    fn certainty_of(&self, accounts: &[&str], date: Date) -> Result<Basis, Fault> {
        let names = self.nets_of(accounts).flat_map(|net| net.assets.iter().chain(&net.liabilities));
        let mut certainty = Basis::Actual;
        for name in names {
            certainty = certainty.max(self.measures.balance(self.book, name, date, |_| true)?.certainty);
        }
        Ok(certainty)
    }

    /// What a line of operating cash moves beyond its entries, because contracts turned to the other side; both sides
    /// together nothing.
    pub(super) fn turned_without_cash(&self, accounts: &[&str], period: Period) -> Result<Number, Fault> {
        let Some(keeper) = self.measures.replay.keepers.get(self.book) else { return Ok(Number::ZERO) };
        let operating = |name: Option<&Arc<str>>| {
            let account = keeper.book.accounts.iter().find(|account| Some(&account.name) == name);
            account.is_some_and(|account| account.activity == Activity::Operating)
        };
        let mut moved = Number::ZERO;
        for net in self.nets_of(accounts) {
            if !operating(net.assets.first()) || !operating(net.liabilities.first()) {
                continue;
            }
            let turned = |date| self.measures.turned(self.book, net, date);
            let change = turned(period.to)?.minus(turned(period.from.prev())?)?;
            let asset = net.assets.first().is_some_and(|name| accounts.contains(&&**name));
            let owed = net.liabilities.first().is_some_and(|name| accounts.contains(&&**name));
            moved = if asset { moved.minus(change)? } else { moved };
            moved = if owed { moved.plus(change)? } else { moved };
        }
        Ok(moved)
    }

    /// Cash flows of a line, with what turned.
    pub(super) fn with_turned(&self, measured: Measured, accounts: &[&str], period: Period) -> Result<Measured, Fault> {
        let moved = self.turned_without_cash(accounts, period)?;
        let certainty = match moved.is_zero() {
            true => measured.certainty,
            false => measured.certainty.max(self.certainty_of(accounts, period.to)?),
        };
        Ok(Measured { value: measured.value.plus(Value::Known(moved))?, certainty, ..measured })
    }
}
