//! Holdings: what each was and is carried at, by which method, and what moved it, rule by rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::build::Reporter;
use super::measure::{Measured, entries, nothing};
use super::{Cell, Column, Origin, Report, Row, Rule, Scale, Table};
use crate::num::{Fault, Number, Rounding, Unit};
use crate::terms::{Basis, Over, PartyId, StakeId, Value};
use crate::time::{Date, Period};

impl Reporter<'_, '_> {
    /// Holdings of the party asked for, or of every party that keeps a book.
    pub(super) fn holdings(&mut self) -> Result<Report, String> {
        let asked = self.scope.entity.is_some();
        let parties: Vec<PartyId> = match asked {
            true => vec![self.scope.party(self.replay, "", |_| true)?.0],
            false => self.replay.keepers.iter().map(|keeper| keeper.party).collect(),
        };
        let mut report = self.report("holdings", "Holdings in other companies".into());
        report.header.units = self.scales.amounts();
        for party in parties {
            let period = self.holding_period(party)?;
            self.holdings_of(&mut report, party, period).map_err(|fault| fault.to_string())?;
            if asked {
                report.header.title = format!("{} — Holdings in other companies", self.party_name(party));
                report.header.period = Some((String::new(), period));
                self.book_header(&mut report, party);
            }
        }
        if report.tables.is_empty() {
            return Ok(self.nothing(
                "holdings",
                "Holdings in other companies",
                "keeps no book, or holds no shares of others",
            ));
        }
        report.notes.push(
            "what holds the shares of a company it controls consolidates it: no entry here does; see `report cash --group`."
                .into(),
        );
        Ok(report)
    }

    /// The period asked for; else the whole run.
    fn holding_period(&self, party: PartyId) -> Result<Period, String> {
        let whole = Period { from: Date::MIN, to: self.replay.versions.last().map_or(Date::MIN, |v| v.date) };
        let Some(terms) = self.replay.terms.parties.get(party.index()) else { return Ok(whole) };
        match (self.scope.range, self.scope.period) {
            (None, None) => Ok(whole),
            (_, name) => {
                let or = name.unwrap_or_else(|| super::scope::quarter(terms, whole.to));
                self.scope.period(terms, or).map(|(_, period)| period)
            }
        }
    }

    fn holdings_of(&mut self, report: &mut Report, party: PartyId, period: Period) -> Result<(), Fault> {
        let Some(book) = self.replay.keeper(party) else { return Ok(()) };
        let Some(keeper) = self.replay.keepers.get(book) else { return Ok(()) };
        let judged = keeper.book.judged.iter().filter(|judged| judged.over == Over::Holding);
        let positions: BTreeSet<usize> = judged.flat_map(|judged| judged.choices.iter().copied()).collect();
        let accounts: Vec<Arc<str>> =
            positions.iter().filter_map(|at| keeper.book.accounts.get(*at)).map(|a| a.name.clone()).collect();
        let unit = Unit::of(&keeper.currency);
        let columns = vec![
            Column::text("Holding"),
            Column::text("Method"),
            Column::figures("Part, %", Scale { power: 0, places: 4 }),
            Column::figures("Carried at", self.scales.money),
        ];
        let mut table = Table { title: self.party_name(party), columns, ..Table::default() };
        for (id, stake) in self.replay.terms.stakes.iter().filter(|(_, stake)| stake.holder == party) {
            let whole = Period { from: Date::MIN, to: period.to };
            let moved = self.carried(book, &accounts, &stake.path, whole, None)?;
            if entries(&moved).is_empty() {
                continue;
            }
            self.one_holding(&mut table, report, book, &accounts, (id, &stake.path), period, &unit)?;
        }
        if let Some(booking) = self.replay.bookings.get(book) {
            let mine = |item: &str| self.replay.terms.stakes.iter().any(|(_, s)| s.holder == party && *s.path == *item);
            let open = booking.unposted.iter().filter(|u| u.until.is_none_or(|until| until > period.to));
            for open in open.filter(|u| u.date <= period.to && mine(&u.item)) {
                let missing = open.missing.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(", ");
                table.footnotes.push(format!("{} of {} is open: {missing}", open.account, open.item));
            }
        }
        if !table.rows.is_empty() {
            report.tables.push(table);
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one roll-forward")]
    fn one_holding(
        &mut self,
        table: &mut Table,
        report: &mut Report,
        book: usize,
        accounts: &[Arc<str>],
        (id, path): (StakeId, &Arc<str>),
        period: Period,
        unit: &Unit,
    ) -> Result<(), Fault> {
        let Some(keeper) = self.replay.keepers.get(book) else { return Ok(()) };
        let held = self.replay.book(book, period.to).booked.holdings.get(&id).cloned();
        let method = held.as_ref().and_then(|held| held.method).map_or("", |method| method.word());
        let judged = held.as_ref().is_some_and(|held| held.judged.is_some());
        let method = if judged { format!("{method}, by judgement") } else { method.to_owned() };
        let count = held.as_ref().and_then(|held| held.count.clone());
        let part = count.map_or(Ok(Value::ZERO), |count| {
            count.of.map(|of| count.held.ratio_of(Number::from_int(100), of, Rounding { places: 4, ..Rounding::CENTS }))
        })?;
        let origin = || Origin::State { what: path.clone(), date: period.to };
        let part = self.bases.figure(part, Unit::of("%"), Basis::Actual, origin());
        let before = Period { from: Date::MIN, to: period.from.prev() };
        let opening = match period.from == Date::MIN {
            true => None,
            false => Some(self.carried(book, accounts, path, before, None)?),
        };
        table.rows.push(Row::Heading(path.to_string()));
        if let Some(opening) = &opening {
            let cell = self.cell(opening);
            table.rows.push(Row::under(1, vec![Cell::Text("opening".into()), Cell::Empty, Cell::Empty, cell]));
        }
        let rules: Vec<(Arc<str>, String)> = keeper
            .book
            .rules
            .iter()
            .map(|rule| (rule.name.clone(), rule.name.trim_end_matches(" as holder").to_owned()))
            .collect();
        let mut sum = opening.as_ref().map_or(Value::ZERO, |opening| opening.value.clone());
        for (rule, words) in rules {
            let moved = self.carried(book, accounts, path, period, Some(&rule))?;
            if entries(&moved).is_empty() || moved.value == Value::ZERO {
                continue;
            }
            sum = sum.plus(moved.value.clone())?;
            let cell = self.cell(&moved);
            table.rows.push(Row::under(1, vec![Cell::Text(words), Cell::Empty, Cell::Empty, cell]));
        }
        let closing = self.balance_of(book, accounts, path, period.to, unit)?;
        table.rows.push(Row::Rule(Rule::Single));
        let name = Cell::Text("carried at the end".into());
        let cell = self.cell(&closing);
        table.rows.push(Row::under(1, vec![name, Cell::Text(method), Cell::Figure(part), cell]));
        table.rows.push(Row::Blank);
        let claim = "opening and what moved come to what the accounts hold".to_owned();
        self.check_of(report, "holdings_roll", claim, path, (sum, closing.value));
        Ok(())
    }

    /// What rules, or one rule, moved on the accounts of a holding.
    fn carried(
        &self,
        book: usize,
        accounts: &[Arc<str>],
        path: &str,
        period: Period,
        rule: Option<&str>,
    ) -> Result<Measured, Fault> {
        let mut all: Option<Measured> = None;
        for account in accounts {
            let by = |entry: &crate::ledger::Entry| rule.is_none_or(|rule| entry.cause.rule.as_deref() == Some(rule));
            let found = self.measures().movement(book, account, period, |item| item == path, by)?;
            all = Some(match all {
                None => found,
                Some(so_far) => joined(so_far, found, book)?,
            });
        }
        Ok(all.unwrap_or_else(|| nothing(Unit::none())))
    }

    fn balance_of(
        &self,
        book: usize,
        accounts: &[Arc<str>],
        path: &Arc<str>,
        date: Date,
        unit: &Unit,
    ) -> Result<Measured, Fault> {
        let mut all = nothing(unit.clone());
        for account in accounts {
            let found = self.measures().balance(book, account, date, |item| *item == **path)?;
            all = joined(all, found, book)?;
        }
        Ok(all)
    }
}

fn joined(a: Measured, b: Measured, book: usize) -> Result<Measured, Fault> {
    let mut list = entries(&a).to_vec();
    list.extend(entries(&b));
    let mut missing = a.missing.clone();
    missing.extend(b.missing.iter().cloned());
    Ok(Measured {
        value: a.value.plus(b.value)?,
        missing,
        unit: b.unit,
        certainty: a.certainty.max(b.certainty),
        origin: Origin::Entries { book: Some(book), entries: list },
    })
}
