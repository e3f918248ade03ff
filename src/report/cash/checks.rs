//! What ties the cash report to the legal ledger, to the books, and to what others were paid.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::Report;
use super::super::build::Reporter;
use super::book::{Cashbook, Movement};
use super::status::Tier;
use crate::engine::Act;
use crate::engine::flow::PROMISED;
use crate::num::{Fault, Number};
use crate::terms::{PartyId, SupplyId, Value};
use crate::time::{Date, Period};

/// What moved between two owners on a day: who paid, who received, in which currency.
type Between = (Date, Arc<str>, Arc<str>, Arc<str>);

impl Reporter<'_, '_> {
    /// The check lines of the cash report.
    pub(super) fn cash_checks(
        &mut self,
        report: &mut Report,
        book: &Cashbook<'_>,
        columns: &[Period],
    ) -> Result<(), Fault> {
        let with = &self.scope.with;
        let Some(last) = columns.last().map(|days| days.to) else { return Ok(()) };
        if self.scope.counterparty.is_none() {
            for days in columns {
                let stated = book.sum(*days, |m| m.opening)?.amount;
                let opening = self.ledger_cash(book, days.from.prev(), with)?.plus(Value::Known(stated))?;
                let moved =
                    |receipts: bool| book.sum(*days, |m| m.is_paid(receipts) && book.counts(m, with)).map(|s| s.amount);
                let effect = book.sum(*days, Movement::is_effect)?.amount;
                let rolled = opening.plus(Value::Known(moved(true)?.plus(moved(false)?)?.plus(effect)?))?;
                let closing = self.ledger_cash(book, days.to, with)?;
                let claim = match effect.is_zero() {
                    true => "closing = opening + inflows + outflows".to_owned(),
                    false => "closing = opening + inflows + outflows + what rates made of it".to_owned(),
                };
                let of = format!("{}..{}", days.from, days.to);
                self.check_of(report, "cash_rolls", claim, &of, (rolled, closing));
            }
            for member in &book.members {
                self.books_tie(report, *member, last)?;
            }
            self.entities_tie(report, book, columns)?;
        }
        self.billings_tie(report, book, columns)?;
        self.paid_is_received(report)
    }

    /// Cash by the legal ledger's balance: that of the report's currency, less what the report leaves out, with what
    /// moved in other currencies at the rates of the days.
    fn ledger_cash(&self, book: &Cashbook<'_>, date: Date, with: &BTreeSet<Tier>) -> Result<Value, Fault> {
        let state = &self.replay.at(date).state;
        let mut balance = Number::ZERO;
        for member in &book.members {
            for name in ["cash", PROMISED] {
                let owner = self.party_name(*member);
                let account = self.replay.register.chart.find(&owner, name, "", &book.currency);
                balance = balance.plus(account.map_or(Number::ZERO, |id| state.balances.get(id)))?;
            }
        }
        let upto = Period { from: Date::MIN, to: date };
        let own = |m: &Movement| m.currency == book.currency && m.entry.is_some();
        let left_out = book.sum(upto, |m| own(m) && !book.counts(m, with))?;
        let foreign = book.sum(upto, |m| m.currency != book.currency && book.counts(m, with))?;
        balance.minus(left_out.amount)?.plus(foreign.amount).map(Value::Known)
    }

    /// Cash of the legal ledger and of the party's book are the same.
    pub(in crate::report) fn books_tie(&self, report: &mut Report, party: PartyId, date: Date) -> Result<(), Fault> {
        if let Some((legal, booked)) = self.both_cash(party, date)? {
            let claim = format!("cash of {} at {date}: legal ledger = book", self.party_name(party));
            self.check(report, "cash_ties", claim, legal, booked);
        }
        Ok(())
    }

    /// Cash of the legal ledger, at the rates of the days, and of the party's book, if it keeps one.
    pub(in crate::report) fn both_cash(&self, party: PartyId, date: Date) -> Result<Option<(Value, Value)>, Fault> {
        let (Some(terms), Some(keeper)) = (self.replay.terms.parties.get(party.index()), self.replay.keeper(party))
        else {
            return Ok(None);
        };
        let book = Cashbook::read(self.replay, party, &terms.currency)?;
        let all: BTreeSet<Tier> = Tier::ALL.into_iter().collect();
        // Books do not see what is expected and not owed.
        let promised = book.sum(Period { from: Date::MIN, to: date }, |m| m.promised)?;
        let legal = self.ledger_cash(&book, date, &all)?.minus(promised.value())?;
        let booked = self.measures().balance(keeper, "cash", date, |_| true)?;
        let late = self.not_yet_in(party, date).any(|outcome| {
            matches!(
                outcome.act,
                Act::Paid { .. }
                    | Act::Refunded { .. }
                    | Act::Flowed { .. }
                    | Act::Funded { .. }
                    | Act::Exercised { .. }
            )
        });
        let open = booked.missing.into_iter().next().map(Value::missing);
        let open = open.or_else(|| late.then(|| Value::missing("news of an issued period")));
        Ok(Some((legal, open.unwrap_or(booked.value))))
    }

    /// Every supply line is what was billed, less what is still owed.
    fn billings_tie(&self, report: &mut Report, book: &Cashbook<'_>, columns: &[Period]) -> Result<(), Fault> {
        let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return Ok(()) };
        let period = Period { from: first.from, to: last.to };
        for (id, supply) in (0u32..).map(SupplyId).zip(&self.replay.terms.supplies) {
            // What binds nobody bills nothing.
            if !supply.binds() {
                continue;
            }
            let mine = |m: &Movement| m.line == supply.path && m.entry.is_some();
            let sign = if book.has(supply.buyer) { Number::ONE.neg() } else { Number::ONE };
            let mut paid = Number::ZERO;
            for movement in book.movements.iter().filter(|m| period.contains(m.date) && mine(m)) {
                paid = paid.plus(movement.paid.times(sign)?)?;
            }
            if paid.is_zero() {
                continue;
            }
            let billed = self.measures().supply_flow(id, "billed", period)?;
            if !billed.missing.is_empty() {
                continue;
            }
            let owed = |date| self.measures().supply_stock(id, "claims", date).map(|m| m.value);
            let back = self.measures().supply_flow(id, "taken_back", period)?.value;
            let due = billed.value.minus(back)?.minus(owed(period.to)?)?.plus(owed(period.from.prev())?)?;
            let claim = format!(
                "{}: cash line = billings in {}'s revenue report, less what is still owed",
                supply.path,
                self.party_name(supply.seller)
            );
            self.check(report, "cash_ties_to_billings", claim, Value::Known(paid), due);
        }
        Ok(())
    }

    /// What each party paid another is what that one received, on every day of the run and in every currency.
    fn paid_is_received(&self, report: &mut Report) -> Result<(), Fault> {
        let register = &self.replay.register;
        let mut paid: BTreeMap<Between, Number> = BTreeMap::new();
        let mut received: BTreeMap<Between, Number> = BTreeMap::new();
        for (_, entry) in register.journal.iter() {
            let accounts = register.journal.postings(entry).iter();
            let accounts: Vec<_> =
                accounts.filter_map(|p| register.chart.get(p.account).map(|a| (a, p.amount))).collect();
            if accounts.iter().any(|(a, _)| &*a.name == "opening") {
                continue;
            }
            let cash = || accounts.iter().filter(|(a, _)| &*a.name == "cash");
            for (account, amount) in cash() {
                let side = |negative: bool| {
                    let mine = cash().filter(|(a, n)| a.commodity == account.commodity && n.is_negative() == negative);
                    mine.map(|(a, _)| a.owner.clone()).collect::<BTreeSet<_>>()
                };
                // One payment to several is what they received together.
                let named = |owners: BTreeSet<Arc<str>>| match owners.into_iter().collect::<Vec<_>>().as_slice() {
                    [] => "nobody".into(),
                    [one] => one.clone(),
                    _ => Arc::from("several"),
                };
                let other = named(side(!amount.is_negative()));
                let (own, currency) = (named(side(amount.is_negative())), account.commodity.clone());
                let (side, key) = match amount.is_negative() {
                    true => (&mut paid, (entry.date, own, other, currency)),
                    false => (&mut received, (entry.date, other, own, currency)),
                };
                let sum = side.entry(key).or_default();
                *sum = sum.plus(amount.abs())?;
            }
        }
        let claim = "what each party paid another is what that one received, every day".to_owned();
        let pairs: BTreeSet<&Between> = paid.keys().chain(received.keys()).collect();
        let of = |side: &BTreeMap<Between, Number>, key: &Between| side.get(key).copied().unwrap_or_default();
        let wrong = pairs.iter().find(|key| of(&paid, key) != of(&received, key));
        if let Some(key @ (date, from, to, currency)) = wrong.copied() {
            let of_what = format!("{date}: {from} to {to}, {currency}");
            let sides = (Value::Known(of(&paid, key)), Value::Known(of(&received, key)));
            self.check_of(report, "paid_is_received", claim, &of_what, sides);
            return Ok(());
        }
        let count = |side: &BTreeMap<Between, Number>| Number::from_int(i64::try_from(side.len()).unwrap_or(i64::MAX));
        let claim = format!("{claim} (payments by day and pair)");
        self.check(report, "paid_is_received", claim, Value::Known(count(&paid)), Value::Known(count(&received)));
        Ok(())
    }
}
