//! Financial statements of a party: every account of its book by class, on the line the book gives it.
//!
//! Nothing here knows an account by name: what a book adds appears by its class, its line and its kind of cash flow.

mod cash_flows;
mod components;
mod equity;
mod position;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::build::Reporter;
use super::columns::Days;
use super::fact::add;
use super::measure::{Measured, Measures, Nature, nothing};
use super::{Cell, Column, Report, Row, Rule, Scale, Table, scope};
use crate::ledger::{Entry, EntryId};
use crate::num::{Fault, Number, Unit};
use crate::terms::{AccountClass, Party, PartyId, Value};
use crate::time::{Date, Period, PeriodName};

pub(super) use components::components;

use AccountClass::{Asset, ContraIncome, Equity, Expense, Income, Liability};

/// Totals of the statements, as facts.
pub(super) const MEASURES: &[(&str, Nature)] = &[
    ("net_income", Nature::Flow),
    ("total_assets", Nature::Stock),
    ("total_liabilities", Nature::Stock),
    ("total_equity", Nature::Stock),
    ("accumulated_earnings", Nature::Stock),
    ("operating_cash_flow", Nature::Flow),
    ("investing_cash_flow", Nature::Flow),
    ("financing_cash_flow", Nature::Flow),
];

/// Classes whose balances make up what was earned and kept.
const EARNED: &[AccountClass] = &[Income, ContraIncome, Expense];

/// The line on which it stands, if the book has no account there.
const RETAINED: &str = "Retained earnings";

/// The books of one party, as statements read them.
#[derive(Clone, Copy)]
pub(super) struct Ledger<'r, 'a> {
    pub measures: Measures<'r, 'a>,
    pub book: usize,
}

impl<'r> Ledger<'r, '_> {
    /// The accounts of some classes by line, in order of the book.
    pub fn lines(&self, classes: &[AccountClass]) -> Vec<(Arc<str>, Vec<&'r str>)> {
        let mut lines: Vec<(Arc<str>, Vec<&'r str>)> = Vec::new();
        let Some(keeper) = self.measures.replay.keepers.get(self.book) else { return lines };
        for account in keeper.book.accounts.iter().filter(|a| classes.contains(&a.class)) {
            let caption = account.caption();
            match lines.iter_mut().find(|(line, _)| *line == caption) {
                Some((_, accounts)) => accounts.push(&account.name),
                None => lines.push((caption, vec![&account.name])),
            }
        }
        lines
    }

    fn unit(&self) -> Unit {
        self.measures.replay.keepers.get(self.book).map_or_else(Unit::none, |k| Unit::of(&k.currency))
    }

    fn sum(&self, parts: impl Iterator<Item = Result<Measured, Fault>>) -> Result<Measured, Fault> {
        let mut parts = parts;
        parts.try_fold(nothing(self.unit()), |sum, part| {
            let part = part?;
            if matches!(sum.origin, super::Origin::Made(..)) {
                return Ok(part);
            }
            add(sum, part)
        })
    }

    /// What accounts of one class moved, on its normal side.
    pub fn moved(&self, accounts: &[&str], period: Period) -> Result<Measured, Fault> {
        self.sum(accounts.iter().map(|name| self.measures.movement(self.book, name, period, |_| true, |_| true)))
    }

    /// Balances of accounts of one class, on its normal side.
    /// What turned to the other side is counted there.
    pub fn stands(&self, accounts: &[&str], date: Date) -> Result<Measured, Fault> {
        let balances = accounts.iter().map(|name| self.measures.balance(self.book, name, date, |_| true));
        self.sum(balances.chain(self.turned(accounts, date)?.map(Ok)))
    }

    fn names(&self, class: AccountClass) -> Vec<&'r str> {
        self.lines(&[class]).into_iter().flat_map(|(_, names)| names).collect()
    }

    /// What a class stands at.
    pub fn total(&self, class: AccountClass, date: Date) -> Result<Measured, Fault> {
        self.stands(&self.names(class), date)
    }

    /// What has been posted to a class, on its normal side, though terms that are missing leave accounts without a figure.
    fn posted(&self, class: AccountClass, date: Date) -> Result<Number, Fault> {
        self.posted_to(&self.names(class), class, date)
    }

    /// What has been posted to accounts of a class, on its normal side.
    fn posted_to(&self, names: &[&str], class: AccountClass, date: Date) -> Result<Number, Fault> {
        let Some(booking) = self.measures.replay.bookings.get(self.book) else { return Ok(Number::ZERO) };
        let state = self.measures.replay.book(self.book, date);
        let mine = booking.chart.iter().filter(|(_, account)| names.contains(&&*account.name));
        let total = mine.map(|(id, _)| state.balances.get(id)).try_fold(Number::ZERO, Number::plus)?;
        Ok(if class.is_debit() { total } else { total.neg() })
    }

    /// What entries of a period posted to accounts of a class, on its normal side.
    fn entered(
        &self,
        names: &[&str],
        class: AccountClass,
        period: Period,
        such: impl Fn(&Entry) -> bool,
    ) -> Result<Number, Fault> {
        let Some(booking) = self.measures.replay.bookings.get(self.book) else { return Ok(Number::ZERO) };
        let mine = |id| booking.chart.get(id).is_some_and(|account| names.contains(&&*account.name));
        let accounts = booking.chart.iter().map(|(id, _)| id).filter(|id| mine(*id));
        let touching: BTreeSet<EntryId> =
            accounts.flat_map(|id| self.measures.replay.entries_of(self.book, id).iter().copied()).collect();
        let entries = touching.into_iter().filter_map(|id| booking.journal.get(id));
        let entries = entries.filter(|entry| period.contains(entry.date) && such(entry));
        let postings = entries.flat_map(|entry| booking.journal.postings(entry)).filter(|p| mine(p.account));
        let total = postings.map(|posting| posting.amount).try_fold(Number::ZERO, Number::plus)?;
        Ok(if class.is_debit() { total } else { total.neg() })
    }

    /// What has been posted as earned.
    fn posted_earned(&self, date: Date) -> Result<Number, Fault> {
        EARNED.iter().try_fold(Number::ZERO, |sum, class| {
            let earned = self.posted(*class, date)?;
            if class.is_debit() { sum.minus(earned) } else { sum.plus(earned) }
        })
    }

    /// What entries of a period posted as earned.
    fn entered_earned(&self, period: Period) -> Result<Number, Fault> {
        EARNED.iter().try_fold(Number::ZERO, |sum, class| {
            let earned = self.entered(&self.names(*class), *class, period, |_| true)?;
            if class.is_debit() { sum.minus(earned) } else { sum.plus(earned) }
        })
    }

    /// What was earned in a period, from entries.
    pub fn net_income(&self, period: Period) -> Result<Measured, Fault> {
        self.sum(EARNED.iter().map(|class| signed(self.moved(&self.names(*class), period)?, *class)))
    }

    /// What was earned up to a day, from balances.
    pub fn retained(&self, date: Date) -> Result<Measured, Fault> {
        self.sum(EARNED.iter().map(|class| signed(self.total(*class, date)?, *class)))
    }

    /// Equity, what was earned included.
    pub fn equity(&self, date: Date) -> Result<Measured, Fault> {
        self.sum([self.total(Equity, date), self.retained(date)].into_iter())
    }
}

/// On the credit side: what raises income.
fn signed(measured: Measured, class: AccountClass) -> Result<Measured, Fault> {
    match class.is_debit() {
        true => Ok(Measured { value: measured.value.map(|n| Ok(n.neg()))?, ..measured }),
        false => Ok(measured),
    }
}

/// A total of the statements of a party.
///
/// # Errors
/// Overflow.
pub(super) fn measure(
    measures: Measures<'_, '_>,
    book: usize,
    measure: &str,
    period: Period,
) -> Result<Option<Measured>, Fault> {
    let ledger = Ledger { measures, book };
    Ok(Some(match measure {
        "net_income" => ledger.net_income(period)?,
        "total_assets" => ledger.total(Asset, period.to)?,
        "total_liabilities" => ledger.total(Liability, period.to)?,
        "total_equity" => ledger.equity(period.to)?,
        "accumulated_earnings" => ledger.retained(period.to)?,
        _ => match cash_flows::section(measure) {
            Some(activity) => ledger.cash_flow(activity, period)?,
            None => return Ok(None),
        },
    }))
}

impl Reporter<'_, '_> {
    /// Income statement, balance sheet, cash flows, equity.
    pub(super) fn statements(&mut self) -> Result<Report, String> {
        let keeps = |id: PartyId| self.replay.keeper(id).is_some();
        let posts = |id: PartyId| {
            let booking = self.replay.keeper(id).and_then(|book| self.replay.bookings.get(book));
            booking.is_some_and(|b| !b.journal.is_empty())
        };
        let found = match &self.scope.entity {
            None => self.scope.fitting(self.replay, posts)?,
            Some(_) => None,
        };
        let found = found.map_or_else(|| self.scope.fitting(self.replay, keeps), |found| Ok(Some(found)))?;
        let Some((id, party)) = found else {
            return Ok(self.nothing("statements", "financial statements", "keeps no book"));
        };
        let Some(book) = self.replay.keeper(id) else { return Err(format!("{} keeps no book", party.name)) };
        if self.scope.contract.is_some() || self.scope.counterparty.is_some() {
            return Err("statements are of a whole party: leave `--contract` and `--counterparty` away".into());
        }
        let year = party.fiscal.quarter_of(self.replay.today()).0;
        let (label, period) = self.scope.period(party, PeriodName::Year(year))?;
        let mut report = self.report("statements", format!("{} — financial statements", party.name));
        report.header.period = Some((label, period));
        report.header.units = format!("{}, exact", party.currency);
        self.book_header(&mut report, id);
        let columns = self.spans(party, period);
        let ledger = Ledger { measures: self.measures(), book };
        self.statement_tables(&mut report, ledger, &columns, period).map_err(|fault| fault.to_string())?;
        for missing in self.replay.bookings.get(book).into_iter().flat_map(|b| &b.unposted) {
            if missing.date <= period.to && missing.until.is_none_or(|until| until > period.to) {
                let lacks = missing.missing.join(", ");
                report.notes.push(format!("not posted: {} for {} needs {lacks}.", missing.rule, missing.item));
            }
        }
        report.notes.sort();
        report.notes.dedup();
        Ok(report)
    }

    /// Quarters, then the whole: of a year its quarters; of a quarter itself and the year to date.
    fn spans(&self, party: &Party, period: Period) -> Vec<Days> {
        let quarters = scope::quarters_within(party, period);
        let name = |period: Period, name: PeriodName| (name.to_string(), period);
        let mut found: Vec<Days> = Vec::new();
        match (self.scope.range, self.scope.period) {
            (None, Some(quarter @ PeriodName::Quarter(year, number))) => {
                found.push(name(period, quarter));
                if number > 1 {
                    let to_date = Period { from: party.fiscal.year(year).from, to: period.to };
                    found.push((format!("{year} to date"), to_date));
                }
            }
            (None, None | Some(PeriodName::Year(_))) => {
                found.extend(quarters.into_iter().map(|(quarter, days)| name(days, quarter)));
                let (year, _) = party.fiscal.quarter_of(period.to);
                found.push((year.to_string(), period));
            }
            _ => found.push((format!("{}..{}", period.from, period.to), period)),
        }
        found
    }

    fn statement_tables(
        &mut self,
        report: &mut Report,
        ledger: Ledger<'_, '_>,
        columns: &[Days],
        period: Period,
    ) -> Result<(), Fault> {
        let income = self.income_statement(ledger, columns)?;
        report.tables.push(income);
        let sheet = self.balance_sheet(report, ledger, columns, period)?;
        report.tables.push(sheet);
        if ledger.has_cash() {
            self.cash_flow_tables(report, ledger, columns)?;
        } else {
            let note = "no account of this book is `cash`: write `account cash asset cash` to see cash flows.";
            report.notes.push(note.into());
        }
        let equity = self.equity_table(report, ledger, period)?;
        report.tables.push(equity);
        Ok(())
    }

    pub(super) fn stated(
        &mut self,
        name: &str,
        columns: &[Days],
        of: impl Fn(Period) -> Result<Measured, Fault>,
    ) -> Result<Option<Vec<Cell>>, Fault> {
        let mut cells = vec![Cell::Text(name.to_owned())];
        let mut any = false;
        for (_, days) in columns {
            let measured = of(*days)?;
            any |= measured.value != Value::ZERO || !measured.missing.is_empty();
            cells.push(self.cell(&measured));
        }
        Ok(any.then_some(cells))
    }

    /// A line that stands even where it is nil.
    pub(super) fn total(
        &mut self,
        name: &str,
        columns: &[Days],
        of: impl Fn(Period) -> Result<Measured, Fault>,
    ) -> Result<Row, Fault> {
        let mut cells = vec![Cell::Text(name.to_owned())];
        for (_, days) in columns {
            cells.push(self.cell(&of(*days)?));
        }
        Ok(Row::of(cells))
    }

    fn income_statement(&mut self, ledger: Ledger<'_, '_>, columns: &[Days]) -> Result<Table, Fault> {
        let mut table = headed("Income statement", columns);
        for classes in [&[Income, ContraIncome][..], &[Expense]] {
            let mut shown = 0;
            for class in classes {
                for (line, accounts) in ledger.lines(&[*class]) {
                    let of = |days| signed(ledger.moved(&accounts, days)?, *class);
                    if let Some(cells) = self.stated(&line, columns, of)? {
                        table.rows.push(Row::of(cells));
                        shown += 1;
                    }
                }
            }
            if classes.len() > 1 && shown > 0 {
                table.rows.push(Row::Rule(Rule::Single));
                let of = |days| {
                    let part = |class: &AccountClass| signed(ledger.moved(&ledger.names(*class), days)?, *class);
                    ledger.sum(classes.iter().map(part))
                };
                table.rows.push(self.total("Income, net of reductions", columns, of)?);
            }
        }
        table.rows.push(Row::Rule(Rule::Double));
        table.rows.push(self.total("Net income", columns, |days| ledger.net_income(days))?);
        Ok(table)
    }

    fn balance_sheet(
        &mut self,
        report: &mut Report,
        ledger: Ledger<'_, '_>,
        columns: &[Days],
        period: Period,
    ) -> Result<Table, Fault> {
        // The day before, then the end of each column, each day once.
        let mut ends = vec![Period { from: period.from, to: period.from.prev() }];
        ends.extend(columns.iter().map(|(_, days)| *days));
        ends.dedup_by_key(|days| days.to);
        let ends: Vec<Days> = ends.into_iter().map(|days| (days.to.to_string(), days)).collect();
        let mut table = headed("Balance sheet", &ends);
        for (class, total) in [(Asset, "Total assets"), (Liability, "Total liabilities"), (Equity, "Total equity")] {
            let mut lines = ledger.lines(&[class]);
            if class == Equity && !lines.iter().any(|(line, _)| **line == *RETAINED) {
                lines.push((RETAINED.into(), Vec::new()));
            }
            for (line, accounts) in lines {
                let earned = class == Equity && *line == *RETAINED;
                let of = |days: Period| {
                    let stands = ledger.stands(&accounts, days.to);
                    if earned { ledger.sum([stands, ledger.retained(days.to)].into_iter()) } else { stands }
                };
                table.rows.extend(self.stated(&line, &ends, of)?.map(Row::of));
            }
            table.rows.push(Row::Rule(Rule::Single));
            let of = |days: Period| match class {
                Equity => ledger.equity(days.to),
                _ => ledger.total(class, days.to),
            };
            table.rows.push(self.total(total, &ends, of)?);
        }
        table.rows.push(Row::Rule(Rule::Double));
        let claims = |days: Period| ledger.sum([ledger.total(Liability, days.to), ledger.equity(days.to)].into_iter());
        table.rows.push(self.total("Total liabilities and equity", &ends, claims)?);
        for (name, days) in &ends {
            let posted = ledger.posted(Liability, days.to)?.plus(ledger.posted(Equity, days.to)?)?;
            let posted = posted.plus(ledger.posted_earned(days.to)?)?;
            let turned = |class| ledger.turned_in(&ledger.names(class), days.to);
            let posted = posted.plus(turned(Liability)?)?;
            let assets = ledger.posted(Asset, days.to)?.plus(turned(Asset)?)?;
            let sides = (Value::Known(assets), Value::Known(posted));
            self.check_of(report, "assets_are_claims", "assets = liabilities + equity".into(), name, sides);
        }
        for (name, days) in columns {
            let opening = days.from.prev();
            let rolls = [
                (Asset, "assets_roll", "opening assets + entries = closing assets"),
                (Liability, "liabilities_roll", "opening liabilities + entries = closing liabilities"),
            ];
            for (class, check, claim) in rolls {
                let moved = ledger.entered(&ledger.names(class), class, *days, |_| true)?;
                let names = ledger.names(class);
                let (before, after) = (ledger.turned_in(&names, opening)?, ledger.turned_in(&names, days.to)?);
                let left = ledger.posted(class, opening)?.plus(before)?.plus(moved)?.plus(after.minus(before)?)?;
                let sides = (Value::Known(left), Value::Known(ledger.posted(class, days.to)?.plus(after)?));
                let turned = if before == after { "" } else { ", and what changed sides" };
                self.check_of(report, check, format!("{claim}{turned}"), name, sides);
            }
            let left = ledger.posted_earned(opening)?.plus(ledger.entered_earned(*days)?)?;
            let claim = "opening retained earnings + net income = closing retained earnings";
            let sides = (Value::Known(left), Value::Known(ledger.posted_earned(days.to)?));
            self.check_of(report, "retained_earnings_roll", claim.into(), name, sides);
        }
        Ok(table)
    }
}

pub(super) fn headed(title: &str, columns: &[Days]) -> Table {
    let heads = columns.iter().map(|(name, _)| Column::figures(name.clone(), Scale::CENTS));
    let columns = std::iter::once(Column::text("").named("Line")).chain(heads).collect();
    Table { title: title.into(), columns, ..Table::default() }
}
