//! Report: loans taken and given, leases, what falls due when, guarantees given.

use std::collections::BTreeMap;

use super::borrowing::Standing;
use super::build::Reporter;
use super::{Cell, Column, Origin, Report, Row, Rule, Scale, Table};
use crate::num::{Fault, Mode, Number, Rounding, Unit};
use crate::terms::{Basis, Credit, CreditKind, PartyId, TrancheId, Value};
use crate::time::{Date, FiscalYearEnd};

/// Rates in per cent are shown with so many places.
const PERCENT: Scale = Scale { power: 0, places: 6 };
const RATE: Rounding = Rounding { places: 6, mode: Mode::HalfUp };

/// A loan, lease or guarantee of a party.
type Mine<'a> = (TrancheId, &'a Credit);

/// Sums of a table of loans.
struct Sums {
    principal: Number,
    undrawn: Number,
    stated: Value,
    effective: Value,
    discount: Value,
    carried: Value,
}

impl<'a> Reporter<'_, 'a> {
    /// Of the party asked for, or of each that lends, borrows, rents or guarantees.
    pub(super) fn debt(&mut self) -> Result<Report, String> {
        let terms = self.replay.terms;
        let asked = self.scope.entity.is_some();
        let parties: Vec<PartyId> = match asked {
            true => vec![self.scope.party(self.replay, "", |_| true)?.0],
            false => (0u32..).map(PartyId).take(terms.parties.len()).collect(),
        };
        let at = self.moment();
        let mut report = self.report("debt", "Loans, leases and guarantees".into());
        report.header.at = Some(at).filter(|day| *day > Date::MIN);
        report.header.units = self.scales.amounts();
        for party in parties {
            let began = |credit: &Credit| credit.since <= at && self.scope.takes(self.replay, credit.contract);
            let all = terms.credits.iter().filter(|credit| began(credit) && credit.standing.is_owed());
            let all: Vec<Mine<'a>> = all.map(|credit| (credit.tranche, credit)).collect();
            let of = |role: &str| -> Vec<Mine<'a>> {
                all.iter().filter(|(_, credit)| credit.has_role(role, party)).copied().collect()
            };
            self.debt_of(&mut report, party, at, &of).map_err(|fault| fault.to_string())?;
            if asked {
                report.header.title = format!("{} — Loans, leases and guarantees", self.party_name(party));
                self.book_header(&mut report, party);
            }
        }
        if report.tables.is_empty() {
            return Ok(self.nothing(
                "debt",
                "Loans, leases and guarantees",
                "has no loan, lease or guarantee by then that is definitive and firm",
            ));
        }
        self.refusals(&mut report, at);
        Ok(report)
    }

    fn debt_of(
        &mut self,
        report: &mut Report,
        party: PartyId,
        at: Date,
        of: &impl Fn(&str) -> Vec<Mine<'a>>,
    ) -> Result<(), Fault> {
        for (role, title, other) in [("borrower", "loans taken", "Lender"), ("lender", "loans given", "Borrower")] {
            let loans = of(role);
            let mut currencies: Vec<&str> = loans.iter().map(|(_, credit)| &*credit.currency).collect();
            currencies.sort_unstable();
            currencies.dedup();
            for currency in currencies {
                let same: Vec<Mine<'a>> = loans.iter().filter(|(_, c)| &*c.currency == currency).copied().collect();
                self.loans(report, party, role, (title, other), &same, currency, at)?;
            }
        }
        for role in ["borrower", "lender"] {
            self.carried_check(report, party, role, at)?;
        }
        self.leases(report, party, &of("lessee"), at)?;
        self.maturities(report, party, &of("borrower"), &of("lessee"), at)?;
        self.guarantees(report, party, &of("guarantor"), at)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a table")]
    fn loans(
        &mut self,
        report: &mut Report,
        party: PartyId,
        role: &str,
        (title, other): (&str, &str),
        loans: &[Mine<'a>],
        currency: &str,
        at: Date,
    ) -> Result<(), Fault> {
        let unit = Unit::of(currency);
        let title = format!("{}: {title}, in {currency}", self.party_name(party));
        let columns = vec![
            Column::text("Loan"),
            Column::text(other),
            Column::figures("Principal\noutstanding", self.scales.money),
            Column::figures("Undrawn", self.scales.money),
            Column::figures("Stated\nrate, %", PERCENT),
            Column::figures("Effective\nrate, %", PERCENT),
            Column::figures("Unamortised\ndiscount", self.scales.money),
            Column::figures("Carried at", self.scales.money),
            Column::text("Matures"),
        ];
        let mut table = Table { title, columns, ..Table::default() };
        let mut sums = Sums {
            principal: Number::ZERO,
            undrawn: Number::ZERO,
            stated: Value::ZERO,
            effective: Value::ZERO,
            discount: Value::ZERO,
            carried: Value::ZERO,
        };
        let keeps = self.replay.keeper(party).and_then(|book| self.replay.keepers.get(book));
        let own = keeps.is_none_or(|keeper| *keeper.currency == *currency);
        for (id, credit) in loans {
            let standing = self.measures().standing(*id, party, role, at)?;
            let carried = self.measures().carried(credit, role, party, at)?;
            // In the currency of the loan, so that a change of the rate is no discount.
            let in_own = match own {
                true => carried.value.clone(),
                false => self.measures().carried_abroad(credit, role, party, at)?,
            };
            let discount = Value::Known(standing.principal).minus(in_own)?;
            sums.add(&standing, &discount, &carried.value)?;
            self.owed_check(report, credit, &standing, at)?;
            let (stated, effective) = rates(&standing)?;
            let certainty = self.measures().certainty(at, |o| o.act.tranche() == Some(*id));
            let counterparty = if role == "borrower" { credit.giver } else { credit.taker };
            let last = standing.due.iter().map(|(date, _)| *date).max();
            let cells = vec![
                Cell::Text(credit.path.to_string()),
                Cell::Text(self.party_name(counterparty)),
                self.loan_cell(Value::Known(standing.principal), &unit, certainty, credit, at),
                self.loan_cell(Value::Known(standing.undrawn), &unit, certainty, credit, at),
                self.loan_cell(stated, &Unit::of("%"), certainty, credit, at),
                self.loan_cell(effective, &Unit::of("%"), certainty, credit, at),
                self.loan_cell(discount, &unit, certainty, credit, at),
                self.cell(&carried),
                last.map_or(Cell::Empty, Cell::Date),
            ];
            table.rows.push(Row::of(cells));
        }
        if table.rows.is_empty() {
            return Ok(());
        }
        let average = |sum: Value| match sums.principal.is_zero() {
            true => Ok(Value::ZERO),
            false => sum.map(|sum| sum.over(sums.principal, RATE)),
        };
        let (stated, effective) = (average(sums.stated.clone())?, average(sums.effective.clone())?);
        table.rows.push(Row::Rule(Rule::Double));
        let mut cells = vec![Cell::Text("Total; rates weighted by principal".into()), Cell::Empty];
        let percent = Unit::of("%");
        let booked = keeps.map_or_else(|| unit.clone(), |keeper| Unit::of(&keeper.currency));
        for (value, unit) in [
            (Value::Known(sums.principal), &unit),
            (Value::Known(sums.undrawn), &unit),
            (stated, &percent),
            (effective, &percent),
            (sums.discount, &unit),
            (sums.carried, &booked),
        ] {
            let origin = Origin::Made("loans of the party", Vec::new());
            cells.push(Cell::Figure(self.bases.figure(value, unit.clone(), Basis::Actual, origin)));
        }
        table.rows.push(Row::of(cells));
        table.footnotes.push(
            "Effective rate: that of a period times the periods of a year. Unamortised discount: principal less what it is \
             carried at."
                .into(),
        );
        report.tables.push(table);
        Ok(())
    }

    /// What loans are carried at, one by one, against the accounts of the balance sheet.
    fn carried_check(&self, report: &mut Report, party: PartyId, role: &str, at: Date) -> Result<(), Fault> {
        let terms = self.replay.terms;
        let Some(book) = self.replay.keeper(party) else { return Ok(()) };
        let Some(keeper) = self.replay.keepers.get(book) else { return Ok(()) };
        let Some(carrying) = keeper.book.carrying.iter().find(|carrying| &*carrying.role == role) else {
            return Ok(());
        };
        let taken = |credit: &&Credit| {
            credit.has_role(role, party) && credit.loan().is_some() && self.scope.takes(self.replay, credit.contract)
        };
        let loans: Vec<&Credit> = terms.credits.iter().filter(taken).collect();
        if loans.is_empty() {
            return Ok(());
        }
        let mut carried = Value::ZERO;
        for credit in &loans {
            carried = carried.plus(self.measures().carried(credit, role, party, at)?.value)?;
        }
        // Everything on these accounts, whatever it is kept by; of single contracts, what is kept by them.
        let contracts: Vec<&str> = (terms.contracts.iter().zip((0u32..).map(crate::terms::ContractId)))
            .filter(|(_, id)| self.scope.takes(self.replay, *id))
            .map(|(contract, _)| &*contract.path)
            .collect();
        let whole = self.scope.contract.is_none() && self.scope.counterparty.is_none();
        let within = |item: &str| {
            whole || contracts.iter().any(|c| item.strip_prefix(*c).is_some_and(|rest| rest.starts_with('.')))
        };
        let mut sheet = Value::ZERO;
        let debit = |name: &str| self.measures().account_class(book, name).is_some_and(|class| class.is_debit());
        let first = carrying.accounts.first().is_some_and(|name| debit(name));
        for name in &carrying.accounts {
            let balance = self.measures().balance(book, name, at, within)?.value;
            sheet = if debit(name) == first { sheet.plus(balance)? } else { sheet.minus(balance)? };
        }
        let claim = format!("loans of the {role} one by one = their accounts on the balance sheet");
        self.check_of(report, "loans_carried", claim, &self.party_name(party), (carried, sheet));
        Ok(())
    }

    /// Principal of the draws against what the legal ledger has as owed.
    fn owed_check(&self, report: &mut Report, credit: &Credit, standing: &Standing, at: Date) -> Result<(), Fault> {
        let lender = self.party_name(credit.giver);
        let account = self.replay.register.chart.find(&lender, "debt", &credit.path, &credit.currency);
        let owed = account.map_or(Number::ZERO, |a| self.replay.at(at).state.balances.get(a));
        let claim = "principal outstanding is what the legal ledger has as owed".to_owned();
        let sides = (Value::Known(standing.principal), Value::Known(owed));
        self.check_of(report, "debt_owed", claim, &credit.path, sides);
        let due = Number::sum(standing.due.iter().map(|(_, part)| *part))?;
        let claim = "principal by year adds up to the principal outstanding".to_owned();
        let sides = (Value::Known(due), Value::Known(standing.principal));
        self.check_of(report, "debt_due", claim, &credit.path, sides);
        Ok(())
    }

    fn loan_cell(&mut self, value: Value, unit: &Unit, certainty: Basis, credit: &Credit, date: Date) -> Cell {
        let origin = Origin::State { what: credit.path.clone(), date };
        Cell::Figure(self.bases.figure(value, unit.clone(), certainty, origin))
    }

    fn leases(&mut self, report: &mut Report, party: PartyId, mine: &[Mine<'a>], at: Date) -> Result<(), Fault> {
        let columns = vec![
            Column::text("Lease"),
            Column::text("Lessor"),
            Column::figures("Payments\nto come", self.scales.money),
            Column::figures("Discounted\nat, %", PERCENT),
            Column::figures("Carried at", self.scales.money),
            Column::text("Ends"),
        ];
        let title = format!("{}: leases", self.party_name(party));
        let mut table = Table { title, columns, ..Table::default() };
        let mut sums = (Value::ZERO, Value::ZERO);
        for (_, credit) in mine {
            let Some(lease) = credit.lease() else { continue };
            let to_come = self.to_come(credit, at)?;
            let left = to_come.values().try_fold(Value::ZERO, |sum, part| sum.plus(part.clone()))?;
            let rate = self.replay.inputs.value(&lease.rate)?.map(|rate| rate.times(Number::from_int(100)))?;
            let carried = self.measures().carried(credit, "lessee", party, at)?;
            sums = (sums.0.plus(left.clone())?, sums.1.plus(carried.value.clone())?);
            let unit = Unit::of(&credit.currency);
            table.rows.push(Row::of(vec![
                Cell::Text(credit.path.to_string()),
                Cell::Text(self.party_name(credit.giver)),
                self.loan_cell(left, &unit, Basis::Actual, credit, at),
                self.loan_cell(rate, &Unit::of("%"), Basis::Actual, credit, at),
                self.cell(&carried),
                Cell::Date(lease.term.1),
            ]));
        }
        if mine.len() > 1 && mine.iter().all(|(_, c)| mine.first().is_some_and(|(_, f)| f.currency == c.currency)) {
            table.rows.push(Row::Rule(Rule::Double));
            let left = self.sum_of(sums.0, mine);
            let carried = self.sum_of(sums.1, mine);
            table.rows.push(Row::of(vec![Cell::Text("Total".into()), Cell::Empty, left, Cell::Empty, carried]));
        }
        if !table.rows.is_empty() {
            report.tables.push(table);
        }
        Ok(())
    }

    fn sum_of(&mut self, value: Value, mine: &[Mine<'a>]) -> Cell {
        let unit = mine.first().map_or_else(Unit::none, |(_, credit)| Unit::of(&credit.currency));
        Cell::Figure(self.bases.figure(value, unit, Basis::Actual, Origin::Made("total", Vec::new())))
    }

    /// Payments of a lease after a day, by day.
    pub(super) fn to_come(&self, credit: &Credit, at: Date) -> Result<BTreeMap<Date, Value>, Fault> {
        let mut found = BTreeMap::new();
        let Some(lease) = credit.lease() else { return Ok(found) };
        if self.replay.at(at).state.ended.contains_key(&credit.contract) {
            return Ok(found);
        }
        for (date, amount) in lease.payments.iter().filter(|(date, _)| *date > at) {
            let amount = self.replay.inputs.value(amount)?;
            let so_far = found.remove(date).unwrap_or(Value::ZERO);
            found.insert(*date, so_far.plus(amount)?);
        }
        Ok(found)
    }

    /// Principal and rent by the fiscal years in which they fall due: the next five, and what is later.
    fn maturities(
        &mut self,
        report: &mut Report,
        party: PartyId,
        loans: &[Mine<'a>],
        leases: &[Mine<'a>],
        at: Date,
    ) -> Result<(), Fault> {
        let Some(calendar) = self.replay.terms.parties.get(party.index()).map(|p| p.fiscal) else {
            return Ok(());
        };
        let (first, _) = calendar.quarter_of(at.next());
        let mut table = Table { title: format!("{}: due by fiscal year", self.party_name(party)), ..Table::default() };
        table.columns.push(Column::text("Principal of loans, payments of leases"));
        for year in first..first.saturating_add(5) {
            table.columns.push(Column::figures(format!("{year}"), self.scales.money));
        }
        table.columns.push(Column::figures("later", self.scales.money));
        table.columns.push(Column::figures("in all", self.scales.money));
        let mut totals: BTreeMap<(bool, &str), (usize, Vec<Value>)> = BTreeMap::new();
        for (lease, (id, credit)) in loans.iter().map(|one| (false, one)).chain(leases.iter().map(|one| (true, one))) {
            let due: Vec<(Date, Value)> = match lease {
                true => self.to_come(credit, at)?.into_iter().collect(),
                false => {
                    let standing = self.measures().standing(*id, party, "borrower", at)?;
                    standing.due.into_iter().map(|(date, part)| (date, Value::Known(part))).collect()
                }
            };
            let row = by_year(&calendar, first, due)?;
            let cells = self.year_cells(credit.path.to_string(), &row, &credit.currency);
            table.rows.push(Row::of(cells));
            let (count, so_far) = totals.entry((lease, &credit.currency)).or_insert((0, vec![Value::ZERO; row.len()]));
            *count += 1;
            for (sum, part) in so_far.iter_mut().zip(row) {
                *sum = sum.clone().plus(part)?;
            }
        }
        for ((lease, currency), (_, sums)) in totals.iter().filter(|(_, (count, _))| *count > 1) {
            let what = if *lease { "Leases" } else { "Loans" };
            table.rows.push(Row::Rule(Rule::Single));
            let cells = self.year_cells(format!("{what}, in {currency}"), sums, currency);
            table.rows.push(Row::of(cells));
        }
        if !table.rows.is_empty() {
            table.footnotes.push(
                "Principal as the contracts ask for it (ASC 470-10-50-1), not what may be repaid ahead; rent undiscounted \
                 (ASC 842-20-50-6)."
                    .into(),
            );
            report.tables.push(table);
        }
        Ok(())
    }

    fn year_cells(&mut self, name: String, row: &[Value], currency: &str) -> Vec<Cell> {
        let mut cells = vec![Cell::Text(name)];
        for value in row {
            let origin = Origin::Made("what the contract asks for", Vec::new());
            cells.push(Cell::Figure(self.bases.figure(value.clone(), Unit::of(currency), Basis::Actual, origin)));
        }
        cells
    }

    fn guarantees(&mut self, report: &mut Report, party: PartyId, mine: &[Mine<'a>], at: Date) -> Result<(), Fault> {
        let columns = vec![
            Column::text("Guarantee"),
            Column::text("For"),
            Column::text("In favour of"),
            Column::figures("Most that can\nbe asked for", self.scales.money),
            Column::figures("Held in\nescrow", self.scales.money),
            Column::figures("Carried at", self.scales.money),
            Column::text("Ends"),
        ];
        let title = format!("{}: guarantees given", self.party_name(party));
        let mut table = Table { title, columns, ..Table::default() };
        let mut sums = (Value::ZERO, Value::ZERO, Value::ZERO);
        for (id, credit) in mine {
            let CreditKind::Guarantee(guarantee) = &credit.kind else { continue };
            let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { continue };
            let ended = self.replay.at(at).state.ended.contains_key(&credit.contract);
            // Promised from signing on, whenever its time begins.
            let stands = at <= guarantee.term.1 && !ended;
            let most = Value::Known(if stands { tranche.size } else { Number::ZERO });
            let escrow = match &guarantee.escrow {
                Some(escrow) => self.replay.inputs.value(escrow)?,
                None => Value::ZERO,
            };
            let carried = self.measures().carried(credit, "guarantor", party, at)?;
            sums.0 = sums.0.plus(most.clone())?;
            sums.1 = sums.1.plus(escrow.clone())?;
            sums.2 = sums.2.plus(carried.value.clone())?;
            let unit = Unit::of(&credit.currency);
            table.rows.push(Row::of(vec![
                Cell::Text(credit.path.to_string()),
                Cell::Text(guarantee.obligor.map_or_else(String::new, |id| self.party_name(id))),
                Cell::Text(self.party_name(credit.taker)),
                self.loan_cell(most, &unit, Basis::Actual, credit, at),
                self.loan_cell(escrow, &unit, Basis::Actual, credit, at),
                self.cell(&carried),
                Cell::Date(guarantee.term.1),
            ]));
        }
        if table.rows.is_empty() {
            return Ok(());
        }
        if mine.iter().all(|(_, c)| mine.first().is_some_and(|(_, f)| f.currency == c.currency)) {
            table.rows.push(Row::Rule(Rule::Double));
            let sums = [sums.0, sums.1, sums.2].map(|sum| self.sum_of(sum, mine));
            let cells = [Cell::Text("Maximum exposure".into()), Cell::Empty, Cell::Empty];
            table.rows.push(Row::of(cells.into_iter().chain(sums).collect()));
        }
        table.footnotes.push("Undiscounted, and before what may be recovered (ASC 460-10-50-4).".into());
        report.tables.push(table);
        Ok(())
    }
}

impl Sums {
    fn add(&mut self, standing: &Standing, discount: &Value, carried: &Value) -> Result<(), Fault> {
        self.principal = self.principal.plus(standing.principal)?;
        self.undrawn = self.undrawn.plus(standing.undrawn)?;
        for (principal, stated, effective) in &standing.draws {
            let weight = |rate: &Value| Value::Known(*principal).times(rate.clone());
            self.stated = self.stated.clone().plus(weight(stated)?)?;
            self.effective = self.effective.clone().plus(weight(effective)?)?;
        }
        self.discount = self.discount.clone().plus(discount.clone())?;
        self.carried = self.carried.clone().plus(carried.clone())?;
        Ok(())
    }
}

/// The stated and the effective rate of a loan, weighted by its draws.
fn rates(standing: &Standing) -> Result<(Value, Value), Fault> {
    let (mut stated, mut effective) = (Value::ZERO, Value::ZERO);
    for (principal, one, other) in &standing.draws {
        stated = stated.plus(Value::Known(*principal).times(one.clone())?)?;
        effective = effective.plus(Value::Known(*principal).times(other.clone())?)?;
    }
    if standing.principal.is_zero() {
        return Ok((Value::ZERO, Value::ZERO));
    }
    Ok((
        stated.map(|sum| sum.over(standing.principal, RATE))?,
        effective.map(|sum| sum.over(standing.principal, RATE))?,
    ))
}

/// Five years from the first, what is later, and all.
fn by_year(calendar: &FiscalYearEnd, first: i16, due: Vec<(Date, Value)>) -> Result<Vec<Value>, Fault> {
    let mut row = vec![Value::ZERO; 7];
    for (date, part) in due {
        let (year, _) = calendar.quarter_of(date);
        let at = usize::try_from(year.saturating_sub(first)).unwrap_or(0).min(5);
        for at in [at, 6] {
            if let Some(sum) = row.get_mut(at) {
                *sum = sum.clone().plus(part.clone())?;
            }
        }
    }
    Ok(row)
}
