//! Bills and payments per party: what is owed, by whom, when, and whether it is overdue.

use super::build::Reporter;
use super::{Cell, Column, Origin, Report, Row, Rule, Table, scales};
use crate::engine::Act;
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, SupplyId, Value};
use crate::time::{Date, Period};

impl Reporter<'_, '_> {
    /// All bills of the run, with what settled them.
    pub(super) fn dues(&mut self) -> Result<Report, String> {
        let today = self.replay.today();
        let sellers = self.replay.terms.supplies.iter().map(|supply| supply.seller);
        let seller = sellers.chain(self.replay.terms.credits.iter().map(|credit| credit.giver)).next();
        let seller = seller.and_then(|id| self.replay.terms.parties.get(id.index()));
        let named = self.scope.period.as_ref().zip(seller).and_then(|(name, party)| party.fiscal.resolve(name));
        let raised = self.scope.range.or(named).unwrap_or(Period { from: Date::MIN, to: Date::MAX });
        let mut report = self.report("dues", "Dues: billed, paid and open".into());
        report.header.at = self.today();
        if let Some(name) = &self.scope.entity {
            self.scope.party(self.replay, "", |_| true)?;
            report.header.title = format!("{name} — dues: billed, paid and open");
        }
        for (id, supply) in (0u32..).map(SupplyId).zip(&self.replay.terms.supplies) {
            let named =
                |party| self.scope.entity.as_ref().is_none_or(|n| self.party_name(party).eq_ignore_ascii_case(n));
            if (named(supply.seller) || named(supply.buyer))
                && self.scope.takes(self.replay, supply.contract)
                && let Some(table) = self.bills_table(&mut report, id, today, raised).map_err(|f| f.to_string())?
            {
                report.tables.push(table);
            }
        }
        for credit in &self.replay.terms.credits {
            let named =
                |party| self.scope.entity.as_ref().is_none_or(|n| self.party_name(party).eq_ignore_ascii_case(n));
            if (named(credit.giver) || named(credit.taker)) && self.scope.takes(self.replay, credit.contract) {
                let table = self.serviced_table(credit, today, raised).map_err(|f| f.to_string())?;
                report.tables.extend(table);
            }
        }
        self.refusals(&mut report, Date::MAX);
        Ok(report)
    }

    fn bills_table(
        &mut self,
        report: &mut Report,
        id: SupplyId,
        today: Date,
        within: Period,
    ) -> Result<Option<Table>, Fault> {
        let Some(supply) = self.replay.terms.supplies.get(id.index()) else { return Ok(None) };
        let unit = Unit::of(&supply.currency);
        let (payer, payee) = (self.party_name(supply.buyer), self.party_name(supply.seller));
        let columns = vec![
            Column::text("Bill"),
            Column::text("Raised"),
            Column::text("Due"),
            Column::text("Term"),
            Column::figures(format!("{}{}", supply.currency, scales::mark(self.scales.money)), self.scales.money)
                .named("Amount"),
            Column::figures(format!("Open{}", scales::mark(self.scales.money)), self.scales.money).named("Open"),
            Column::text("State"),
        ];
        let mut table =
            Table { title: format!("{payer} owes {payee} under {}", supply.path), columns, ..Table::default() };
        if !supply.binds() {
            table.title = format!("{payee} expects of {payer} under {}, which binds nobody", supply.path);
        }
        let now = self.replay.engine.supply(&self.replay.at(today).state, id);
        let end = self.replay.engine.supply(&self.replay.end().state, id);
        let mut billed = Value::ZERO;
        let bills: Vec<_> = self
            .replay
            .outcomes()
            .filter_map(|(number, o)| match &o.act {
                Act::Billed { supply, number: bill, amount, due, .. } if *supply == id && within.contains(o.date) => {
                    Some((number, *bill, o.date, *due, amount.clone(), o.basis, o.clause.clone()))
                }
                _ => None,
            })
            .collect();
        if bills.is_empty() {
            return Ok(None);
        }
        for (number, bill, raised, due, amount, basis, clause) in bills {
            billed = billed.plus(amount.clone())?;
            let future = raised > today;
            let state_at = if future { &end } else { &now };
            let open = state_at.bills.iter().find(|b| b.number == bill).map_or(Number::ZERO, |b| b.open);
            let word = match (&amount, open.is_positive(), future) {
                (Value::Missing(_), ..) => "undisclosed",
                (_, _, true) => "to come",
                (_, false, false) => "paid",
                (_, true, false) if due < today => "overdue",
                _ => "open",
            };
            let origin = Origin::Outcomes(vec![number]);
            let whole = self.bases.figure(amount, unit.clone(), basis, origin.clone());
            let rest = self.bases.figure(Value::Known(open), unit.clone(), basis, origin);
            let term = clause.rsplit('.').next().and_then(|n| n.parse::<usize>().ok()).and_then(|n| n.checked_sub(1));
            let term = term.and_then(|n| supply.pays.get(n)).map_or_else(String::new, |p| p.text.to_string());
            table.rows.push(Row::of(vec![
                Cell::Text(bill.to_string()),
                Cell::Date(raised),
                Cell::Date(due),
                Cell::Text(term),
                Cell::Figure(whole),
                Cell::Figure(rest),
                Cell::Text(word.into()),
            ]));
        }
        let owed = now.bills.iter().map(|b| b.open).try_fold(Number::ZERO, Number::plus)?;
        table.rows.push(Row::Rule(Rule::Double));
        let origin = || Origin::State { what: supply.path.clone(), date: today };
        let whole = self.bases.figure(billed, unit.clone(), Basis::Actual, origin());
        let rest = self.bases.figure(Value::Known(owed), unit, Basis::Actual, origin());
        let label = format!("open at {today}");
        table.rows.push(Row::of(vec![
            Cell::Text("Total".into()),
            Cell::Empty,
            Cell::Empty,
            Cell::Text(label),
            Cell::Figure(whole),
            Cell::Figure(rest),
        ]));
        if now.advance.is_positive() {
            let origin = Origin::State { what: supply.path.clone(), date: today };
            let unit = Unit::of(&supply.currency);
            let advance = self.bases.figure(Value::Known(now.advance), unit, Basis::Actual, origin);
            table.rows.push(Row::of(vec![
                Cell::Text("Paid in advance of any bill".into()),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Figure(advance),
            ]));
        }
        if !supply.binds() {
            return Ok(Some(table));
        }
        let to_date = Period { from: Date::MIN, to: today };
        let billed = self.measures().supply_flow(id, "billed", to_date)?.value;
        let paid = self.measures().supply_flow(id, "paid", to_date)?.value;
        let claims = self.measures().supply_stock(id, "claims", today)?.value;
        if matches!(billed, Value::Known(_)) {
            self.check(
                report,
                "billed_less_paid_is_owed",
                format!("{}: billed − paid = claims of the legal ledger", supply.path),
                billed.minus(paid)?,
                claims.clone(),
            );
            let mut late = [supply.seller, supply.buyer].into_iter().flat_map(|party| self.not_yet_in(party, today));
            let level = late.next().is_none();
            if let (Some(seller), Some(buyer), true) =
                (self.replay.keeper(supply.seller), self.replay.keeper(supply.buyer), level)
            {
                let receivable = self.measures().owed(seller, "receivable", today, supply)?;
                let payable = self.measures().owed(buyer, "payable", today, supply)?;
                let claim = format!("{}: {payee}'s receivable = {payer}'s payable", supply.path);
                self.check(report, "receivable_is_payable", claim, receivable.clone(), payable);
                let gross = claims.plus(Value::Known(now.advance))?;
                let claim = format!("{}: {payee}'s receivable = claims of the legal ledger", supply.path);
                self.check(report, "receivable_is_claims", claim, receivable, gross);
            }
        }
        Ok(Some(table))
    }
}
