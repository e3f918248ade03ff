//! Loans, leases and guarantees as promises: how they stand on a day, and what is paid under them when.

use super::build::Reporter;
use super::{Cell, Column, Origin, Report, Row, Rule, Scale, Table};
use crate::engine::Act;
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, Credit, CreditKind, TrancheId, Value};
use crate::time::{Date, Period};

impl Reporter<'_, '_> {
    /// Every loan, lease and guarantee signed by a day, with its state; none if there is none.
    pub(super) fn lent_table(&mut self, report: &mut Report, at: Date) -> Result<Option<Table>, Fault> {
        let columns = vec![
            Column::text("Loan, lease or guarantee"),
            Column::text("From"),
            Column::text("To"),
            Column::text("Binding"),
            Column::figures("Promised", Scale::MILLIONS),
            Column::figures("Undrawn", Scale::MILLIONS),
            Column::figures("Out-\nstanding", Scale::MILLIONS).named("Outstanding"),
            Column::text("State"),
        ];
        let mut table = Table { title: format!("Loans, leases and guarantees at {at}"), columns, ..Table::default() };
        let terms = self.replay.terms;
        for credit in &terms.credits {
            let named =
                |party| self.scope.entity.as_ref().is_none_or(|name| self.party_name(party).eq_ignore_ascii_case(name));
            let mine = named(credit.giver) || credit.others().any(named);
            if !mine || credit.since > at || !self.scope.takes(self.replay, credit.contract) {
                continue;
            }
            let ended = self.replay.at(at).state.ended.get(&credit.contract).map(|ended| ended.date);
            if !credit.standing.is_owed() {
                let option = if credit.standing.option { ", option" } else { "" };
                let why = format!("{}{option}", credit.standing.binding.word());
                report.header.contracts.1.push((credit.path.clone(), why));
            }
            let Some(tranche) = terms.tranches.get(credit.tranche.index()) else { continue };
            let (undrawn, left, state) = self.lent_state(credit, credit.tranche, at, ended)?;
            let unit = Unit::of(&credit.currency);
            let origin = |date| Origin::State { what: credit.path.clone(), date };
            // What is not disclosed has no size.
            let whole = match credit.lease() {
                Some(lease) => {
                    let amounts = lease.payments.iter().map(|(_, amount)| self.replay.inputs.value(amount));
                    amounts.into_iter().try_fold(Value::ZERO, |sum, amount| sum.plus(amount?))?
                }
                None => Value::Known(tranche.size),
            };
            let whole = self.bases.figure(whole, unit.clone(), Basis::Actual, Origin::Term(credit.path.clone()));
            let undrawn = undrawn.map(|n| self.bases.figure(Value::Known(n), unit.clone(), Basis::Actual, origin(at)));
            let left = self.bases.figure(left, unit, Basis::Actual, origin(at));
            table.rows.push(Row::of(vec![
                Cell::Text(credit.path.to_string()),
                Cell::Text(self.party_name(credit.giver)),
                Cell::Text(self.party_name(credit.taker)),
                Cell::Text(credit.standing.binding.word().into()),
                Cell::Figure(whole),
                undrawn.map_or(Cell::Empty, Cell::Figure),
                Cell::Figure(left),
                Cell::Text(state),
            ]));
        }
        table.footnotes.push(
            "Promised: principal, all payments undiscounted, the most that can be asked for. Outstanding: principal drawn and not repaid, \
             payments to come, what may still be asked for."
                .into(),
        );
        Ok(Some(table).filter(|table| !table.rows.is_empty()))
    }

    /// What can be drawn, what is outstanding, and where it stands, in words.
    fn lent_state(
        &self,
        credit: &Credit,
        id: TrancheId,
        at: Date,
        ended: Option<Date>,
    ) -> Result<(Option<Number>, Value, String), Fault> {
        let over = |word: &str| ended.map(|date| format!("{word} {date}"));
        let idle = || (None, Value::ZERO, "binds nobody yet".to_owned());
        Ok(match &credit.kind {
            _ if !credit.standing.is_owed() => idle(),
            CreditKind::Loan(loan) => {
                let standing = self.measures().standing(id, credit.giver, "lender", at)?;
                let matures = standing.due.iter().map(|(date, _)| *date).max();
                let drawn = self.replay.outcomes().any(|(_, outcome)| {
                    let draws = matches!(outcome.act, Act::Drawn { .. } | Act::CarriedOver { .. });
                    draws && outcome.act.tranche() == Some(id) && outcome.date <= at
                });
                let word = match (matures, drawn) {
                    (Some(last), _) if standing.undrawn.is_positive() => format!("drawn in part, matures {last}"),
                    (Some(last), _) => format!("drawn, matures {last}"),
                    (None, true) => "repaid".to_owned(),
                    (None, false) if standing.undrawn.is_positive() => match loan.available {
                        Some((from, to)) if from > at => format!("undrawn, from {from} to {to}"),
                        Some((_, to)) => format!("undrawn, until {to}"),
                        None => "undrawn".to_owned(),
                    },
                    (None, false) => "lapsed undrawn".to_owned(),
                };
                let word = match over("ended") {
                    Some(ended) => format!("{ended}; {word}"),
                    None => word,
                };
                (Some(standing.undrawn), Value::Known(standing.principal), word)
            }
            CreditKind::Lease(lease) => {
                let left = self.to_come(credit, at)?.into_values().try_fold(Value::ZERO, Value::plus)?;
                (None, left, over("ended").unwrap_or_else(|| within(lease.term, at, "in use")))
            }
            CreditKind::Guarantee(guarantee) => {
                let stands = at <= guarantee.term.1 && ended.is_none();
                let size = self.replay.terms.tranches.get(id.index()).map_or(Number::ZERO, |tranche| tranche.size);
                let obligor = guarantee.obligor.map_or_else(String::new, |id| format!("for {}, ", self.party_name(id)));
                let word = over("ended").unwrap_or_else(|| within(guarantee.term, at, "stands"));
                (None, Value::Known(if stands { size } else { Number::ZERO }), format!("{obligor}{word}"))
            }
        })
    }

    /// What is paid under a loan or a lease, and whether it was.
    pub(super) fn serviced_table(
        &mut self,
        credit: &Credit,
        today: Date,
        within: Period,
    ) -> Result<Option<Table>, Fault> {
        let unit = Unit::of(&credit.currency);
        let (payer, payee) = (self.party_name(credit.taker), self.party_name(credit.giver));
        let columns = vec![
            Column::text("Payment"),
            Column::text("Due"),
            Column::text("Term"),
            Column::figures(format!("{} m", credit.currency), Scale::MILLIONS).named("Amount"),
            Column::text("State"),
        ];
        let mut table =
            Table { title: format!("{payer} pays {payee} under {}", credit.path), columns, ..Table::default() };
        let (mut all, mut certainty) = (Value::ZERO, Basis::Actual);
        let paid: Vec<_> = self
            .replay
            .outcomes()
            .filter(|(_, o)| o.act.tranche() == Some(credit.tranche) && within.contains(o.date))
            .filter_map(|(number, o)| match &o.act {
                Act::Rented { amount, ahead, .. } => {
                    let word = if *ahead { "rent, before the use" } else { "rent" };
                    Some((number, o.date, o.basis, word.to_owned(), Ok(amount.clone())))
                }
                Act::Serviced { interest, undrawn, principal, .. } => {
                    let parts = [
                        (*interest != Value::ZERO, "interest"),
                        (*undrawn != Value::ZERO, "fee on what is undrawn"),
                        (!principal.is_zero(), "principal"),
                    ];
                    let words: Vec<&str> = parts.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
                    let sum = interest.clone().plus(undrawn.clone());
                    let sum = sum.and_then(|sum| sum.plus(Value::Known(*principal)));
                    Some((number, o.date, o.basis, words.join(", "), sum))
                }
                _ => None,
            })
            .collect();
        for (count, (number, date, basis, term, amount)) in (1..).zip(paid) {
            let amount = amount?;
            all = all.plus(amount.clone())?;
            certainty = certainty.max(basis);
            let word = match (&amount, date > today) {
                (Value::Missing(_), _) => "undisclosed",
                (_, true) => "to come",
                _ => "paid",
            };
            let figure = self.bases.figure(amount, unit.clone(), basis, Origin::Outcomes(vec![number]));
            table.rows.push(Row::of(vec![
                Cell::Text(format!("{count}")),
                Cell::Date(date),
                Cell::Text(term),
                Cell::Figure(figure),
                Cell::Text(word.into()),
            ]));
        }
        if table.rows.is_empty() {
            return Ok(None);
        }
        table.rows.push(Row::Rule(Rule::Double));
        let origin = Origin::State { what: credit.path.clone(), date: today };
        let all = self.bases.figure(all, unit, certainty, origin);
        table.rows.push(Row::of(vec![Cell::Text("Total".into()), Cell::Empty, Cell::Empty, Cell::Figure(all)]));
        Ok(Some(table))
    }
}

/// Where a day lies to a time, in words.
fn within((from, to): (Date, Date), at: Date, word: &str) -> String {
    match (at < from, at > to) {
        (true, _) => format!("begins {from}, until {to}"),
        (_, true) => format!("over since {to}"),
        _ => format!("{word} since {from}, until {to}"),
    }
}
