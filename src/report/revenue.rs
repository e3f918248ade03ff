//! Report (c): revenue at contract price, the warrants' cost against it, and three roll-forwards.

mod exchange;
mod obligation;
mod position;

use std::sync::Arc;

use super::build::Reporter;
use super::measure::{Measured, Measures};
use super::scope::{quarter, quarters_within};
use super::{Cell, Column, Report, Row, Rule, Scale, Table, scales};
use crate::engine::Act;
use crate::ledger::Entry;
use crate::num::{Fault, Number, Unit};
use crate::terms::{AccountClass, ContractId, SupplyId, TrancheId, Value};
use crate::time::{Date, Period, PeriodName};

/// What the report is about: one supply of one seller.
#[derive(Clone, Copy)]
struct Subject<'t> {
    book: usize,
    id: SupplyId,
    path: &'t str,
    contract: ContractId,
    currency: &'t str,
}

/// Accounts that the check of billings against revenue reads by name.
const TIED: &[&str] = &[
    "cash",
    "receivable",
    "contract_liability",
    "contract_asset",
    "unearned_interest",
    "interest_income",
    "interest_expense",
    "revenue",
];

/// A row of figures over the columns.
type Line = Vec<Measured>;

impl Reporter<'_, '_> {
    /// The report of a seller for a fiscal year by quarter, or for the period asked.
    pub(super) fn revenue(&mut self) -> Result<Report, String> {
        let sells =
            |id| self.replay.terms.supplies.iter().any(|s| s.seller == id && self.scope.takes(self.replay, s.contract));
        let Some((seller, party)) = self.scope.fitting(self.replay, sells)? else {
            return Ok(self.nothing(
                "revenue",
                "revenue, contract balances, remaining performance obligation",
                "sells nothing",
            ));
        };
        let PeriodName::Quarter(year, _) = quarter(party, self.replay.today()) else {
            return Err("no fiscal year".into());
        };
        let (label, period) = self.scope.period(party, PeriodName::Year(year))?;
        let mut report = self.report(
            "revenue",
            format!("{} — revenue, contract balances, remaining performance obligation", party.name),
        );
        report.header.period = Some((label.clone(), period));
        report.header.units = format!("{} {}", party.currency, scales::words(self.scales.money));
        self.book_header(&mut report, seller);
        let Some(book) = self.replay.keeper(seller) else { return Ok(report) };
        let mut columns = quarters_within(party, period);
        report.notes.extend(super::scope::left_out(&columns, period));
        if columns.len() != 1 {
            let name = self.scope.period.unwrap_or(PeriodName::Year(year));
            let whole = party.fiscal.resolve(&name) == Some(period);
            columns.push((if whole { name } else { PeriodName::Range(period.from, period.to) }, period));
        }
        for (id, supply) in (0u32..).map(SupplyId).zip(&self.replay.terms.supplies) {
            if supply.seller == seller && self.scope.takes(self.replay, supply.contract) {
                let (path, contract, currency) = (&*supply.path, supply.contract, &*supply.currency);
                let subject = Subject { book, id, path, contract, currency };
                let table = self.waterfall(&mut report, subject, &columns).map_err(|f| f.to_string())?;
                report.tables.push(table);
            }
        }
        self.books_tie(&mut report, seller, period.to).map_err(|f| f.to_string())?;
        self.refusals(&mut report, period.to);
        Ok(report)
    }

    fn waterfall(
        &mut self,
        report: &mut Report,
        subject: Subject<'_>,
        columns: &[(PeriodName, Period)],
    ) -> Result<Table, Fault> {
        let supply = self.replay.terms.supplies.get(subject.id.index());
        let unit = supply.map_or_else(Unit::none, |s| s.unit.clone());
        let buyer = supply.map_or_else(String::new, |s| self.party_name(s.buyer));
        let mut table = Table { title: format!("{} to {buyer}", subject.path), ..Table::default() };
        table.columns.push(Column::text("").named("Line"));
        let label = |name: &PeriodName| match name {
            PeriodName::Year(year) => format!("FY{year}"),
            other => super::columns::heading(other),
        };
        table.columns.extend(columns.iter().map(|(name, _)| Column::figures(label(name), self.scales.money)));
        let delivered = self.over(columns, |m, p| m.supply_flow(subject.id, "delivered", p))?;
        if delivered.iter().any(|m| m.value != Value::ZERO) {
            let cells = self.scaled(&format!("Delivered, {unit}"), &delivered, Scale { power: 0, places: 2 });
            table.rows.extend([cells, Row::Blank]);
        }
        table.rows.push(Row::Heading("Revenue".into()));
        let own = |item: &str| item == subject.path;
        let gross = self.over(columns, |m, p| m.movement(subject.book, "revenue", p, own, |_| true))?;
        let asked = self.over(columns, |m, p| m.movement(subject.book, "revenue", p, own, |e| !kept(e)))?;
        let other = self.over(columns, |m, p| m.movement(subject.book, "revenue", p, own, kept))?;
        let changed = other.iter().any(|m| m.value != Value::ZERO);
        self.line(&mut table, 1, "At contract price", if changed { &asked } else { &gross });
        if changed {
            self.line(&mut table, 1, "Allocation, variable amounts, financing", &other);
        }
        let tranches: Vec<TrancheId> = self.replay.terms.earned_by(subject.id).collect();
        let mut net = gross.clone();
        let mut quiet = Vec::new();
        for id in &tranches {
            let path = self.tranche_path(*id);
            let cost =
                self.over(columns, |m, p| m.movement(subject.book, "contra_revenue", p, |i| *i == *path, |_| true))?;
            let silent = cost.iter().all(|m| m.value == Value::ZERO);
            net = minus(&net, &cost)?;
            if silent {
                quiet.push(*id);
                continue;
            }
            let end = columns.last().map_or(Date::MAX, |(_, period)| period.to);
            let (word, value) = match self.is_award(*id) {
                true => ("GDFV", self.tranche_value(*id)?),
                false => ("cost", self.cost(*id, subject.book, end)?),
            };
            let value = value.known().map_or_else(|| "n/a".into(), |n| self.scales.told(n, subject.currency));
            let label = format!("Contra-revenue, {path} ({word} {value})");
            self.line(&mut table, 1, &label, &negated(&cost));
        }
        table.rows.push(Row::Rule(Rule::Single));
        self.line(&mut table, 0, "Net revenue", &net);
        if self.in_another(subject) {
            let differences =
                self.over(columns, |m, p| m.movement(subject.book, exchange::ACCOUNT, p, own, |_| true))?;
            self.line(&mut table, 0, "Differences of exchange, not in revenue", &differences);
        }
        table.rows.push(Row::Blank);
        self.liability(&mut table, report, subject, columns, (&gross, if changed { &asked } else { &gross }))?;
        self.consideration(&mut table, report, subject, columns, &tranches)?;
        self.obligation(&mut table, report, subject, columns)?;
        let contract = subject.contract;
        let negative = net.iter().any(|m| m.value.known().is_some_and(|n| n.is_negative()));
        if negative {
            let path = self.replay.terms.contracts.get(contract.index()).map_or("", |c| &*c.path);
            report.notes.push(format!("net revenue of {path} is negative in a period: the warrants' cost exceeds the price of what was delivered."));
        }
        Ok(table)
    }

    /// Contract liability, and what ties it: deliveries at the contract price, and billings.
    fn liability(
        &mut self,
        table: &mut Table,
        report: &mut Report,
        subject: Subject<'_>,
        columns: &[(PeriodName, Period)],
        (gross, asked): (&Line, &Line),
    ) -> Result<(), Fault> {
        let own = |item: &str| item == subject.path;
        let account = "contract_liability";
        table.rows.push(Row::Heading("Contract liability (customer deposits)".into()));
        let opening = self.over(columns, |m, p| m.balance(subject.book, account, p.from.prev(), own))?;
        let measures = self.measures();
        let released = |e: &Entry| measures.follows(e, |act| matches!(act, Act::Transferred { .. }));
        let billed = self.over(columns, |m, p| m.movement(subject.book, account, p, own, |e| !released(e)))?;
        let freed = self.over(columns, |m, p| m.movement(subject.book, account, p, own, released))?;
        let closing = self.over(columns, |m, p| m.balance(subject.book, account, p.to, own))?;
        self.line(table, 1, "Opening", &opening);
        self.line(table, 1, "Deposits billed", &billed);
        self.line(table, 1, "Released to revenue", &freed);
        table.rows.push(Row::Rule(Rule::Single));
        self.line(table, 1, "Closing", &closing);
        self.net_position(table, subject, columns, account)?;
        table.rows.push(Row::Blank);
        let Some(supply) = self.replay.terms.supplies.get(subject.id.index()) else { return Ok(()) };
        for (index, (name, period)) in columns.iter().enumerate() {
            let at = |line: &Line| line.get(index).map_or(Value::ZERO, |m| m.value.clone());
            // The legal ledger's quantities at the contract price, against the book's revenue.
            let before = self.replay.engine.supply(&self.replay.at(period.from.prev()).state, subject.id).transferred;
            if self.in_another(subject) {
                let (left, right) = self.exchange_sides(subject, *period)?;
                let claim = format!(
                    "{}: paid, at the rates of the days, + what is owed = revenue + differences of exchange",
                    subject.path
                );
                self.check_of(report, "exchange_ties", claim, name, (left, right));
                continue;
            }
            let state = self.replay.engine.supply(&self.replay.at(period.to).state, subject.id);
            let at_price = |quantity| self.replay.engine.priced(supply, &state, quantity);
            let mut own_words = ["revenue", "contract_liability", "contract_asset"].iter();
            // A book of its own words, or a contract whose bills and deliveries wait.
            if own_words.any(|name| measures.account_class(subject.book, name).is_none()) || self.waits(subject) {
                continue;
            }
            // What became known after its period was issued is not in the book until then.
            let (late, late_bills, late_ahead) = self.unbooked(subject.id, period.to)?;
            let (late_before, bills_before, ahead_before) = self.unbooked(subject.id, period.from.prev())?;
            let price = at_price(state.transferred.minus(late)?)?.minus(at_price(before.minus(late_before)?)?)?;
            // What passes may be judged to be a lease, or owed.
            let mut asked = at(asked);
            for account in self.sales_but(subject, "revenue") {
                asked = asked.plus(measures.movement(subject.book, &account, *period, own, |e| !kept(e))?.value)?;
            }
            let claim = format!("{}: quantity passed × price = revenue at contract price", subject.path);
            self.check_of(report, "revenue_is_quantity_at_price", claim, name, (price, asked));
            let rolled = at(&opening).plus(at(&billed))?.plus(at(&freed))?;
            self.check_of(
                report,
                "contract_liability_rolls",
                format!("{}: contract liability rolls", subject.path),
                name,
                (rolled, at(&closing)),
            );
            let bills = self.measures().supply_flow(subject.id, "billed", *period)?.value;
            let bills = bills.minus(late_bills)?.plus(bills_before)?;
            let paid_ahead = self.advances(subject.id, *period)?;
            let paid_ahead = paid_ahead.plus(Value::Known(ahead_before.minus(late_ahead)?))?;
            let asset =
                |date: Date| self.measures().balance(subject.book, "contract_asset", date, own).map(|m| m.value);
            let asset = asset(period.to)?.minus(asset(period.from.prev())?)?;
            // Interest moves what is owed to and by the customer, and no bill.
            let moved = |account: &str| {
                self.measures().movement(subject.book, account, *period, own, |_| true).map(|m| m.value)
            };
            let interest = moved("interest_expense")?.minus(moved("interest_income")?)?;
            let asset = asset.plus(interest)?.plus(moved("unearned_interest")?)?;
            let mut implied = bills.plus(paid_ahead)?.minus(at(&closing).minus(at(&opening))?)?.plus(asset)?;
            // What belongs to others, or is no revenue by judgement.
            implied = implied.minus(measures.credited(subject.book, own, TIED, *period)?)?;
            let claim = format!("{}: billings − Δ contract liability + Δ contract asset = revenue", subject.path);
            self.check_of(report, "billings_tie_to_revenue", claim, name, (implied, at(gross)));
        }
        Ok(())
    }

    /// Cash paid in advance of any bill, less what later met bills: it is a contract liability without a bill.
    fn advances(&self, id: SupplyId, period: Period) -> Result<Value, Fault> {
        let mut sum = Number::ZERO;
        for (_, outcome) in self.replay.outcomes().filter(|(_, o)| period.contains(o.date)) {
            match &outcome.act {
                Act::Paid { supply, amount, applied, .. } if *supply == id => {
                    sum = sum.plus(amount.minus(*applied)?)?
                }
                Act::Applied { supply, amount } | Act::Refunded { supply, amount, .. } if *supply == id => {
                    sum = sum.minus(*amount)?;
                }
                _ => {}
            }
        }
        Ok(Value::Known(sum))
    }

    /// Grant-date value of all tranches not yet recognised.
    fn consideration(
        &mut self,
        table: &mut Table,
        report: &mut Report,
        subject: Subject<'_>,
        columns: &[(PeriodName, Period)],
        tranches: &[TrancheId],
    ) -> Result<(), Fault> {
        if tranches.is_empty() {
            return Ok(());
        }
        let paths: Vec<_> = tranches.iter().map(|id| self.tranche_path(*id)).collect();
        // Estimates and modifications change what there is to recognise.
        let whole = |date: Date| {
            tranches.iter().try_fold(Value::ZERO, |sum, id| sum.plus(self.cost(*id, subject.book, date)?))
        };
        let mine = |item: &str| paths.iter().any(|p| **p == *item);
        let recognised = self.over(columns, |m, p| m.movement(subject.book, "contra_revenue", p, mine, |_| true))?;
        // What is received for it is an expense, and an adopted choice takes what went before to equity.
        let keeper = self.replay.keepers.get(subject.book);
        let cost_rule = |e: &Entry| {
            let rule = keeper.and_then(|k| k.book.rules.iter().find(|rule| Some(&rule.name) == e.cause.rule.as_ref()));
            rule.zip(keeper).is_some_and(|(rule, keeper)| keeper.recognises(rule))
        };
        let of_class = |class: AccountClass| -> Vec<Arc<str>> {
            let accounts = keeper.map_or(&[][..], |k| &k.book.accounts).iter();
            accounts.filter(|account| account.class == class).map(|account| account.name.clone()).collect()
        };
        let taken = |m: Measures<'_, '_>, p: Period, names: &[Arc<str>]| -> Result<Measured, Fault> {
            let mut sum = super::measure::nothing(Unit::of(subject.currency));
            for name in names {
                sum = super::fact::add(sum, m.movement(subject.book, name, p, mine, cost_rule)?)?;
            }
            Ok(sum)
        };
        let expenses = of_class(AccountClass::Expense);
        let transition = keeper.and_then(|k| k.book.accounts.get(k.book.transition?)).map(|a| a.name.clone());
        let transition: Vec<Arc<str>> = transition.into_iter().collect();
        let received = self.over(columns, |m, p| taken(m, p, &expenses))?;
        // A debit of equity is cost.
        let adopted = negated(&self.over(columns, |m, p| taken(m, p, &transition))?);
        let left = |date: Date| -> Result<Value, Fault> {
            let part = |id: &TrancheId| super::derived::not_recognised(self.measures(), subject.book, *id, date);
            tranches.iter().try_fold(Value::ZERO, |sum, id| sum.plus(part(id)?))
        };
        let mut opening = recognised.clone();
        let mut closing = recognised.clone();
        for (((_, period), open), close) in columns.iter().zip(&mut opening).zip(&mut closing) {
            open.value = left(period.from.prev())?;
            close.value = left(period.to)?;
        }
        let mut anew = recognised.clone();
        for ((_, period), anew) in columns.iter().zip(&mut anew) {
            anew.value = whole(period.to)?.minus(whole(period.from.prev())?)?;
        }
        table.rows.push(Row::Heading("Warrant consideration not yet recognised".into()));
        self.line(table, 1, "Opening", &opening);
        if anew.iter().any(|m| m.value != Value::ZERO) {
            self.line(table, 1, "Measured anew", &anew);
        }
        self.line(table, 1, "Recognised as contra-revenue", &negated(&recognised));
        for (label, line) in [("Recognised as an expense", &received), ("On adoption, through equity", &adopted)] {
            if line.iter().any(|m| m.value != Value::ZERO) {
                self.line(table, 1, label, &negated(line));
            }
        }
        table.rows.push(Row::Rule(Rule::Single));
        self.line(table, 1, "Closing", &closing);
        table.rows.push(Row::Blank);
        for (index, (name, period)) in columns.iter().enumerate() {
            let mut credited = Value::ZERO;
            for account in ["award_equity", "award_liability"] {
                let kept = |e: &Entry| e.cause.rule.as_ref().is_some_and(|r| r.starts_with("keep"));
                credited =
                    credited.plus(self.measures().movement(subject.book, account, *period, mine, kept)?.value)?;
            }
            // What is paid into the incentive is no cost of it; what is given beside shares is credited where its rule says.
            let ahead = self.measures().movement(subject.book, "customer_incentive", *period, mine, kept)?.value;
            let conceded = |e: &Entry| {
                let names = ["contra_revenue", "customer_incentive"];
                e.cause.rule.as_ref().is_some_and(|rule| kept(e) && names.iter().any(|name| rule.contains(name)))
            };
            let given = self.measures().movement(subject.book, "guarantee_given", *period, mine, conceded)?.value;
            credited = credited.minus(given)?;
            // What is remeasured, bought with it, or booked to opening equity on an adoption is no revenue.
            for account in ["award_remeasurement", "services_received", "retained_earnings"] {
                let kept = |e: &Entry| e.cause.rule.as_ref().is_some_and(|r| r.starts_with("keep"));
                let other = self.measures().movement(subject.book, account, *period, mine, kept)?.value;
                credited = match account {
                    "retained_earnings" => credited.plus(other)?,
                    _ => credited.minus(other)?,
                };
            }
            let contra = recognised.get(index).map_or(Value::ZERO, |m| m.value.clone());
            let remeasured = anew.get(index).map_or(Value::ZERO, |m| m.value.clone());
            let claim = format!("{}: award credited − incentive asset = contra-revenue", subject.path);
            self.check_of(report, "award_ties_to_contra", claim, name, (credited.minus(ahead)?, contra.clone()));
            let (Some(open), Some(close)) = (opening.get(index), closing.get(index)) else { continue };
            let other = |line: &Line| line.get(index).map_or(Value::ZERO, |m| m.value.clone());
            let contra = contra.plus(other(&received))?.plus(other(&adopted))?;
            let claim = format!("{}: warrant consideration rolls", subject.path);
            self.check_of(
                report,
                "consideration_rolls",
                claim,
                name,
                (open.value.clone().plus(remeasured)?.minus(contra)?, close.value.clone()),
            );
        }
        Ok(())
    }

    /// What a tranche costs in all, as the book measured it by the end of a day.
    fn cost(&self, id: TrancheId, book: usize, date: Date) -> Result<Value, Fault> {
        match self.replay.keepers.get(book) {
            Some(keeper) => keeper.award_cost(self.replay.inputs, self.replay.book(book, date), id),
            None => self.tranche_value(id),
        }
    }

    /// Whether a tranche is of rights to shares, and not a guarantee or shares paid for above their worth.
    fn is_award(&self, id: TrancheId) -> bool {
        let terms = self.replay.terms;
        let above = terms.investment_of(id).is_some_and(|investment| investment.worth.is_some());
        terms.credit_of(id).is_none() && !above
    }

    /// Whether an award of a supply is measured or earned otherwise than the contract alone says.
    fn departs(&self, subject: Subject<'_>, date: Date) -> bool {
        let booked = &self.replay.book(subject.book, date).booked;
        let mut tranches = self.replay.terms.earned_by(subject.id);
        !booked.adopted.is_empty() || tranches.any(|id| booked.awards.get(&id).is_some_and(|award| award.departs()))
    }

    /// One measurement per column.
    fn over(
        &self,
        columns: &[(PeriodName, Period)],
        f: impl Fn(super::measure::Measures<'_, '_>, Period) -> Result<Measured, Fault>,
    ) -> Result<Line, Fault> {
        columns.iter().map(|(_, period)| f(self.measures(), *period)).collect()
    }

    fn line(&mut self, table: &mut Table, indent: u8, label: &str, line: &Line) {
        let mut cells = vec![Cell::Text(label.into())];
        cells.extend(line.iter().map(|m| self.cell(m)));
        table.rows.push(Row::under(indent, cells));
    }

    fn scaled(&mut self, label: &str, line: &Line, scale: Scale) -> Row {
        let mut cells = vec![Cell::Text(label.into())];
        cells.extend(line.iter().map(|m| Cell::Scaled(self.figure(m), scale)));
        Row::of(cells)
    }
}

fn negated(line: &Line) -> Line {
    let turn = |m: &Measured| {
        let value = match &m.value {
            Value::Known(n) => Value::Known(n.neg()),
            missing @ Value::Missing(_) => missing.clone(),
        };
        Measured { value, ..m.clone() }
    };
    line.iter().map(turn).collect()
}

/// Whether an entry keeps a target.
fn kept(entry: &Entry) -> bool {
    entry.cause.rule.as_ref().is_some_and(|rule| rule.starts_with("keep"))
}

/// The known parts of a difference; what is missing stays missing in the total only when nothing is known.
fn minus(a: &Line, b: &Line) -> Result<Line, Fault> {
    let one = |(a, b): (&Measured, &Measured)| {
        let mut missing = a.missing.clone();
        missing.extend(b.missing.iter().cloned());
        let value = match (&a.value, &b.value) {
            (Value::Known(_), Value::Missing(names)) => {
                missing.extend(names.iter().cloned());
                a.value.clone()
            }
            _ => a.value.clone().minus(b.value.clone())?,
        };
        Ok(Measured { value, missing, certainty: a.certainty.max(b.certainty), ..a.clone() })
    };
    a.iter().zip(b).map(one).collect()
}
