//! Contract balances, one net position for each contract; and the remaining performance obligation in bands of time.

use super::build::Reporter;
use super::contract_sides::Position;
use super::measure::Measured;
use super::{Cell, Column, Origin, Report, Row, Rule, Scale, Table, scales};
use crate::engine::Act;
use crate::num::{Fault, Number, Unit};
use crate::terms::{Assumptions, Basis, ContractId, PartyId, SupplyId, Value};
use crate::time::{Date, Period};

/// A contract under which a party sells.
struct Sold {
    id: ContractId,
    buyer: PartyId,
    supplies: Vec<SupplyId>,
}

impl Reporter<'_, '_> {
    fn seller(&self) -> Result<Option<(PartyId, usize)>, String> {
        let sells =
            |id| self.replay.terms.supplies.iter().any(|s| s.seller == id && self.scope.takes(self.replay, s.contract));
        let found = self.scope.fitting(self.replay, sells)?;
        Ok(found.and_then(|(seller, _)| self.replay.keeper(seller).map(|book| (seller, book))))
    }

    fn sold(&self, seller: PartyId) -> Vec<Sold> {
        let mut sold: Vec<Sold> = Vec::new();
        for (id, supply) in (0u32..).map(SupplyId).zip(&self.replay.terms.supplies) {
            if supply.seller != seller || !self.scope.takes(self.replay, supply.contract) {
                continue;
            }
            match sold.last_mut().filter(|last| last.id == supply.contract) {
                Some(last) => last.supplies.push(id),
                None => sold.push(Sold { id: supply.contract, buyer: supply.buyer, supplies: vec![id] }),
            }
        }
        sold
    }

    fn of_supplies(&self, supplies: &[SupplyId], item: &str) -> bool {
        supplies.iter().any(|id| self.replay.terms.supplies.get(id.index()).is_some_and(|s| &*s.path == item))
    }

    fn contract_path(&self, id: ContractId) -> String {
        self.replay.terms.contracts.get(id.index()).map_or_else(String::new, |c| c.path.to_string())
    }

    /// Receivables, and one net position of each contract: an asset or a liability.
    pub(super) fn balances(&mut self) -> Result<Report, String> {
        let Some((seller, book)) = self.seller()? else {
            return Ok(self.nothing("balances", "contract balances", "sells nothing, or keeps no book"));
        };
        let at = self.moment();
        let mut report = self.report("balances", format!("{} — contract balances", self.party_name(seller)));
        report.header.at = Some(at).filter(|day| *day > Date::MIN);
        self.book_header(&mut report, seller);
        let table = self.balances_table(&mut report, seller, book, at).map_err(|f| f.to_string())?;
        report.tables.push(table);
        self.left_at_the_end(&mut report, seller, book, at).map_err(|f| f.to_string())?;
        Ok(report)
    }

    /// Contracts that ended with something paid that nobody judged: it stays a liability.
    fn left_at_the_end(&self, report: &mut Report, seller: PartyId, book: usize, at: Date) -> Result<(), Fault> {
        let measures = self.measures();
        for sold in self.sold(seller) {
            let Some(ended) = self.replay.at(at).state.ended.get(&sold.id).map(|ended| ended.date) else { continue };
            let own = |item: &str| self.of_supplies(&sold.supplies, item);
            let (mut left, names) = (Number::ZERO, ["contract_liability", "customer_deposits"]);
            for name in names.into_iter().filter(|name| measures.account_class(book, name).is_some()) {
                left = left.plus(measures.balance(book, name, at, own)?.value.known().unwrap_or_default())?;
            }
            if left.is_positive() {
                let path = self.contract_path(sold.id);
                let currency = self.replay.terms.parties.get(seller.index()).map_or("", |party| &*party.currency);
                report.notes.push(format!(
                    "{path} ended on {ended} and {} {currency} paid or billed under it stay a liability: `judge {path} \
                     refundable` or `judge {path} nonrefundable` says what becomes of them.",
                    left.grouped()
                ));
            }
        }
        Ok(())
    }

    fn balances_table(&mut self, report: &mut Report, seller: PartyId, book: usize, at: Date) -> Result<Table, Fault> {
        let mut table = Table { units: scales::words(self.scales.money).into(), ..Table::default() };
        table.columns = vec![Column::text("Contract"), Column::text("Customer")];
        let sides = self.measures().sides(book);
        table.columns.push(Column::figures("Receivable", self.scales.money));
        for position in &sides.positions {
            let names = match position {
                Position::Net(_, names) => names.to_vec(),
                Position::Gross(account) => vec![account.caption()],
            };
            table.columns.extend(names.iter().map(|name| Column::figures(name.to_string(), self.scales.money)));
        }
        let whole = self.replay.terms.parties.get(seller.index()).map_or_else(Unit::none, |p| Unit::of(&p.currency));
        let mut totals = vec![Value::ZERO; table.columns.len().saturating_sub(2)];
        for sold in self.sold(seller) {
            let own = |item: &str| self.of_supplies(&sold.supplies, item);
            let path = self.contract_path(sold.id);
            let mut claim = Value::ZERO;
            let first = sides.claims.first().copied().unwrap_or_default();
            let from = self.measures().balance(book, first, at, own)?;
            for name in sides.claims.iter().chain(&sides.unearned) {
                claim = claim.plus(self.measures().balance(book, name, at, own)?.value)?;
            }
            let mut values = vec![claim];
            for position in &sides.positions {
                values.extend(self.measures().stands_at(book, position, &path, at, own)?);
            }
            let mut cells = vec![Cell::Text(path.clone()), Cell::Text(self.party_name(sold.buyer))];
            for (value, total) in values.into_iter().zip(&mut totals) {
                if matches!(value, Value::Known(_)) {
                    *total = total.clone().plus(value.clone())?;
                }
                cells.push(self.cell(&Measured { value, ..from.clone() }));
            }
            table.rows.push(Row::of(cells));
            self.cash_identity(report, book, &path, &sold, at)?;
        }
        table.rows.push(Row::Rule(Rule::Double));
        let mut cells = vec![Cell::Text("Total".into()), Cell::Empty];
        for total in totals {
            let origin = Origin::Made("sum", Vec::new());
            cells.push(Cell::Figure(self.bases.figure(total, whole.clone(), Basis::Actual, origin)));
        }
        table.rows.push(Row::of(cells));
        let netted = sides.positions.iter().any(|position| matches!(position, Position::Net(..)));
        let position = if netted { "A position that the book nets stands on one side for each contract. " } else { "" };
        table
            .footnotes
            .push(format!("{position}A receivable is unconditional and stands apart, less interest not yet earned."));
        Ok(table)
    }

    /// Cash = revenue before non-cash awards + Δ contract liability − interest accreted + interest earned − Δ receivable
    /// − Δ contract asset, from the beginning.
    fn cash_identity(&self, report: &mut Report, book: usize, path: &str, sold: &Sold, at: Date) -> Result<(), Fault> {
        let own = |item: &str| self.of_supplies(&sold.supplies, item);
        let measures = self.measures();
        let keeper = self.replay.keepers.get(book);
        let cash = |a: &&crate::terms::BookAccount| a.activity == crate::terms::Activity::Cash;
        let cash: Vec<&str> =
            keeper.map_or(&[][..], |k| &k.book.accounts).iter().filter(cash).map(|a| &*a.name).collect();
        let made = measures.credited(book, own, &cash, Period { from: Date::MIN, to: at })?;
        let mut received = Value::ZERO;
        for name in &cash {
            received = received.plus(measures.balance(book, name, at, own)?.value)?;
        }
        let claim =
            format!("{path}: revenue before awards + Δ contract balances + interest, less what is receivable = cash");
        self.check(report, "cash_identity", claim, made, received);
        Ok(())
    }

    /// What was signed, what can be enforced, and what of it is still to come, by when.
    pub(super) fn rpo(&mut self) -> Result<Report, String> {
        let Some((seller, book)) = self.seller()? else {
            let title = "remaining performance obligation";
            return Ok(self.nothing("rpo", title, "sells nothing, or keeps no book"));
        };
        let at = self.moment();
        let title = format!("{} — remaining performance obligation", self.party_name(seller));
        let mut report = self.report("rpo", title);
        report.header.at = Some(at).filter(|day| *day > Date::MIN);
        self.book_header(&mut report, seller);
        let table = self.rpo_table(seller, book, at).map_err(|f| f.to_string())?;
        report.tables.push(table);
        Ok(report)
    }

    fn rpo_table(&mut self, seller: PartyId, book: usize, at: Date) -> Result<Table, Fault> {
        let mut table = Table { units: scales::words(self.scales.money).into(), ..Table::default() };
        table.columns = vec![Column::text("Contract"), Column::text("Customer")];
        let headings = [
            "Signed",
            "Enforceable",
            "Passed",
            "RPO",
            "Next 12\nmonths",
            "13 to 36\nmonths",
            "Later",
            "Not\nscheduled",
        ];
        table.columns.extend(headings.map(|heading| Column::figures(heading, self.scales.money)));
        table.columns.push(Column::figures("Share of\nRPO", Scale { power: 0, places: 1 }));
        let unit = self.replay.terms.parties.get(seller.index()).map_or_else(Unit::none, |p| Unit::of(&p.currency));
        let mut rows = Vec::new();
        for sold in self.sold(seller) {
            let own = |item: &str| self.of_supplies(&sold.supplies, item);
            let left = self.measures().balance(book, "rpo", at, own)?;
            let [signed, enforceable, passed] = self.promised(&sold, at)?;
            let bands = self.bands(book, &sold, at, &left)?;
            rows.push((sold, left, [signed, enforceable, passed], bands));
        }
        let known = |m: &Measured| m.value.known().unwrap_or_default();
        let all = Number::sum(rows.iter().map(|(_, left, ..)| known(left)))?;
        let mut totals = vec![Value::ZERO; headings.len()];
        for (sold, left, promised, bands) in rows {
            let path = self.contract_path(sold.id);
            let mut cells = vec![Cell::Text(path.clone()), Cell::Text(self.party_name(sold.buyer))];
            let mut values: Vec<Value> = promised.into_iter().collect();
            values.push(left.value.clone());
            values.extend(bands.clone());
            for (value, total) in values.into_iter().zip(&mut totals) {
                if matches!(value, Value::Known(_)) {
                    *total = total.clone().plus(value.clone())?;
                }
                cells.push(self.cell(&Measured { value, ..left.clone() }));
            }
            if !all.is_zero() {
                let share = known(&left).ratio_of(
                    Number::ONE,
                    all,
                    crate::num::Rounding { places: 6, ..crate::num::Rounding::CENTS },
                )?;
                cells.push(Cell::Percent(self.figure(&Measured {
                    value: Value::Known(share),
                    unit: Unit::none(),
                    ..left.clone()
                })));
            }
            table.rows.push(Row::of(cells));
        }
        table.rows.push(Row::Rule(Rule::Double));
        let mut cells = vec![Cell::Text("Total".into()), Cell::Empty];
        for total in totals {
            let origin = Origin::Made("sum", Vec::new());
            cells.push(Cell::Figure(self.bases.figure(total, unit.clone(), Basis::Actual, origin)));
        }
        table.rows.push(Row::of(cells));
        table.footnotes.push("Signed: all definitive quantities at the contract price, options too. Enforceable: firm, or ordered if that is more. RPO: the transaction price of what has not passed, less the cost of probable awards in it, without amounts that the constraint keeps out and without leases. Time: as the forecasts of the ledger say; not scheduled is what no forecast delivers.".into());
        Ok(table)
    }

    /// Signed, enforceable and passed, at the contract price.
    fn promised(&self, sold: &Sold, at: Date) -> Result<[Value; 3], Fault> {
        let mut sums = [Value::ZERO, Value::ZERO, Value::ZERO];
        let state = &self.replay.at(at).state;
        let signed = self.replay.terms.contracts.get(sold.id.index()).and_then(|c| c.signed);
        if signed.is_some_and(|signed| signed > at) {
            return Ok(sums);
        }
        for id in &sold.supplies {
            let Some(supply) = self.replay.terms.supplies.get(id.index()).filter(|s| s.binds()) else { continue };
            let now = self.replay.engine.supply(state, *id);
            let definitive = |s: crate::terms::Standing| s.binding == crate::terms::Binding::Definitive;
            let all = self.replay.engine.committed(supply, definitive)?;
            let firm = self.replay.engine.committed(supply, crate::terms::Standing::is_owed)?;
            let ended = state.ended.contains_key(&sold.id);
            let with = |n: Value| n.plus(Value::Known(now.added))?.map(|n| Ok(n.max(now.ordered).max(now.transferred)));
            let bound = self.replay.engine.enforceable_at(supply, state, *id, at)?;
            let most = |n: Value| n.join(bound.clone(), |n, bound| Ok(n.max(bound)));
            let firm = if ended { Value::Known(now.transferred) } else { most(with(firm)?)? };
            let all = if ended { with(all)? } else { most(with(all)?)? };
            for (sum, quantity) in sums.iter_mut().zip([all, firm, Value::Known(now.transferred)]) {
                let amount = match quantity {
                    Value::Known(quantity) => {
                        self.in_currency_of(supply, at, self.replay.engine.priced(supply, &now, quantity)?)?
                    }
                    missing @ Value::Missing(_) => missing,
                };
                *sum = sum.clone().plus(amount)?;
            }
        }
        Ok(sums)
    }

    /// An amount of a supply in the seller's currency, at the rate of a day.
    fn in_currency_of(&self, supply: &crate::terms::Supply, at: Date, amount: Value) -> Result<Value, Fault> {
        let own = self.replay.terms.parties.get(supply.seller.index()).map(|party| party.currency.clone());
        match (amount, own.filter(|own| *own != supply.currency)) {
            (Value::Known(amount), Some(own)) => self.replay.inputs.convert(amount, &supply.currency, &own, at),
            (amount, _) => Ok(amount),
        }
    }

    /// What forecasts deliver of the obligation within 12 months, within 36, later; and what none does. The book's own rule is
    /// asked what it would keep in the state of the day, had nothing happened since but that: so no judgement and no price of a
    /// later day is in a band, and what is ordered later passes beyond it.
    fn bands(&self, book: usize, sold: &Sold, at: Date, left: &Measured) -> Result<Vec<Value>, Fault> {
        let Some(mut rest) = left.value.known() else { return Ok(vec![left.value.clone(); 4]) };
        let mut state = self.replay.book(book, at).clone();
        let ends = [at.plus_months(12), at.plus_months(36), Date::MAX];
        let passing = self.replay.outcomes().map(|(_, outcome)| outcome).filter(|outcome| {
            let passes = matches!(&outcome.act, Act::Transferred { supply, .. } if sold.supplies.contains(supply));
            passes && outcome.date > at
        });
        let mut passing = passing.peekable();
        let mut bands = Vec::new();
        for to in ends {
            while let Some(outcome) = passing.next_if(|outcome| outcome.date <= to) {
                state.booked.learn(self.replay.terms, outcome)?;
            }
            let mut after = Value::ZERO;
            for supply in &sold.supplies {
                after = after.plus(self.obliged(book, *supply, &state)?)?;
            }
            // What passes beyond what is owed today is no part of it.
            let after = after.known().unwrap_or(rest).min(rest).max(rest.min(Number::ZERO));
            bands.push(Value::Known(rest.minus(after)?));
            rest = after;
        }
        bands.push(Value::Known(rest));
        Ok(bands)
    }
}
