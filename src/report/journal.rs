//! The double entry of a party's book, entry by entry.

pub mod export;

use super::build::Reporter;
use super::{Cell, Column, Origin, Report, Row, Scale, Table};
use crate::ledger::Parent;
use crate::num::{Fault, Number, Unit};
use crate::terms::{AccountClass, Value};
use crate::time::{Date, Period};

impl Reporter<'_, '_> {
    /// The entries of a party's book in a period; the party with the first seller's book by default.
    pub(super) fn journal(&mut self) -> Result<Report, String> {
        let keeps = |id| self.replay.keeper(id).is_some();
        let posts = |id| {
            let booking = self.replay.keeper(id).and_then(|book| self.replay.bookings.get(book));
            booking.is_some_and(|b| !b.journal.is_empty())
        };
        // Without a name: the first whose book has an entry.
        let found = match &self.scope.entity {
            None => self.scope.fitting(self.replay, posts)?,
            Some(_) => None,
        };
        let found = found.map_or_else(|| self.scope.fitting(self.replay, keeps), |found| Ok(Some(found)))?;
        let Some((id, party)) = found else { return Ok(self.nothing("journal", "journal", "keeps no book")) };
        let Some(book) = self.replay.keeper(id) else { return Err(format!("{} keeps no book", party.name)) };
        let all = Period { from: Date::MIN, to: Date::MAX };
        let asked = self.scope.period.is_some() || self.scope.range.is_some();
        let (label, period) =
            if asked { self.scope.period(party, crate::time::PeriodName::Year(0))? } else { (String::new(), all) };
        let mut report = self.report("journal", format!("{} — journal", party.name));
        report.header.period = asked.then_some((label, period));
        report.header.units = format!("{}, exact", party.currency);
        self.book_header(&mut report, id);
        let table = self.entries(book, period).map_err(|f| f.to_string())?;
        report.tables.push(table);
        // A check is about what is shown: of some contracts their entries, else the whole book.
        let some = self.scope.contract.is_some() || self.scope.counterparty.is_some();
        let (sides, name, claim) = match some {
            true => (self.shown(book, period), "shown_entries", "entries shown: debits = credits"),
            false => {
                let claim = "trial balance: debit balances = credit balances";
                (self.trial_balance(book, period.to), "trial_balance", claim)
            }
        };
        let (debits, credits) = sides.map_err(|f| f.to_string())?;
        self.check(&mut report, name, claim.into(), Value::Known(debits), Value::Known(credits));
        for missing in
            self.replay.bookings.get(book).into_iter().flat_map(|b| &b.unposted).filter(|u| period.contains(u.date))
        {
            if !self.asked(&missing.item) {
                continue;
            }
            report.notes.push(format!(
                "not posted on {}: {} for {} needs {}",
                missing.date,
                missing.rule,
                missing.item,
                missing.missing.join(", ")
            ));
        }
        report.notes.dedup();
        Ok(report)
    }

    fn entries(&mut self, book: usize, period: Period) -> Result<Table, Fault> {
        let columns = vec![
            Column::text("Date"),
            Column::text("Account"),
            Column::text("For"),
            Column::figures("Debit", Scale::CENTS),
            Column::figures("Credit", Scale::CENTS),
            Column::text("Why"),
        ];
        let mut table = Table { columns, ..Table::default() };
        let (Some(keeper), Some(booking)) = (self.replay.keepers.get(book), self.replay.bookings.get(book)) else {
            return Ok(table);
        };
        let unit = Unit::of(&keeper.currency);
        for (id, entry) in booking.journal.iter().filter(|(_, e)| period.contains(e.date)) {
            let rule = entry.cause.rule.as_ref().and_then(|name| keeper.book.rules.iter().find(|r| r.name == *name));
            let memo = |account: &str| {
                keeper.book.accounts.iter().any(|a| &*a.name == account && a.class == AccountClass::Memo)
            };
            let items = booking.journal.postings(entry).iter().filter_map(|p| booking.chart.get(p.account));
            if !items.map(|account| &*account.item).all(|item| self.asked(item)) {
                continue;
            }
            for (index, posting) in booking.journal.postings(entry).iter().enumerate() {
                let Some(account) = booking.chart.get(posting.account) else { continue };
                if memo(&account.name) {
                    continue;
                }
                let why = match (index, rule) {
                    (0, Some(rule)) => {
                        let cite = rule
                            .cite
                            .as_ref()
                            .map_or_else(String::new, |c| format!("; {}{}", c.text, if c.read { "" } else { "*" }));
                        format!("{}{cite}", rule.name)
                    }
                    (1, _) => self.because(&entry.cause.parents),
                    _ => String::new(),
                };
                let origin = || Origin::Entries { book: Some(book), entries: vec![id] };
                let amount = posting.amount;
                let mut side = |on: bool| {
                    if on {
                        let value = Value::Known(amount.abs());
                        Cell::Figure(self.bases.figure(value, unit.clone(), entry.cause.basis, origin()))
                    } else {
                        Cell::Empty
                    }
                };
                let (debit, credit) = (side(!amount.is_negative()), side(amount.is_negative()));
                let first = if index == 0 { Cell::Date(entry.date) } else { Cell::Same(entry.date) };
                table.rows.push(Row::of(vec![
                    first,
                    Cell::Text(account.name.to_string()),
                    Cell::Text(account.item.to_string()),
                    debit,
                    credit,
                    Cell::Text(why),
                ]));
            }
        }
        table.footnotes.push("* ref. not verified against the text of the standard".into());
        Ok(table)
    }

    /// The facts behind an outcome, in words: line ids, or what kind of event.
    pub(super) fn because(&self, parents: &[Parent]) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut queue: Vec<Parent> = parents.to_vec();
        let mut seen = std::collections::BTreeSet::new();
        while let Some(parent) = queue.pop() {
            if !seen.insert(parent.clone()) {
                continue;
            }
            match &parent {
                Parent::Outcome(number) => {
                    if let Some(outcome) = self.replay.register.outcomes.get(*number as usize) {
                        queue.extend(outcome.parents.iter().cloned());
                    }
                }
                Parent::Line(id) => {
                    if let Some(line) = self.replay.engine.line(*id) {
                        words.push(
                            line.line
                                .id
                                .as_ref()
                                .map_or_else(|| format!("line of {}", line.line.date), |i| format!("line {i}")),
                        );
                    }
                }
                Parent::Term(path) => words.push(format!("term {path}")),
            }
        }
        words.sort();
        words.dedup();
        words.join(", ")
    }

    /// Debits and credits of the entries shown.
    fn shown(&self, book: usize, period: Period) -> Result<(Number, Number), Fault> {
        let mut sums = (Number::ZERO, Number::ZERO);
        let (Some(keeper), Some(booking)) = (self.replay.keepers.get(book), self.replay.bookings.get(book)) else {
            return Ok(sums);
        };
        let memo = |name: &str| keeper.book.accounts.iter().any(|a| &*a.name == name && a.class == AccountClass::Memo);
        for (_, entry) in booking.journal.iter().filter(|(_, e)| period.contains(e.date)) {
            let postings = booking.journal.postings(entry).iter();
            let postings = postings.filter_map(|p| booking.chart.get(p.account).map(|account| (account, p.amount)));
            let postings: Vec<_> = postings.collect();
            if !postings.iter().all(|(account, _)| self.asked(&account.item)) {
                continue;
            }
            for (_, amount) in postings.iter().filter(|(account, _)| !memo(&account.name)) {
                let side = if amount.is_negative() { &mut sums.1 } else { &mut sums.0 };
                *side = side.plus(amount.abs())?;
            }
        }
        Ok(sums)
    }

    /// Debit and credit balances of all accounts at the end of a day.
    fn trial_balance(&self, book: usize, date: Date) -> Result<(Number, Number), Fault> {
        let mut sums = (Number::ZERO, Number::ZERO);
        for (_, balance) in self.replay.book(book, date).balances.iter() {
            if balance.is_negative() {
                sums.1 = sums.1.plus(balance.neg())?;
            } else {
                sums.0 = sums.0.plus(balance)?;
            }
        }
        Ok(sums)
    }
}
