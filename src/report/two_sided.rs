//! What two parties of a contract book of it, side by side. Events are booked alike; where a rule measures one side by itself,
//! the difference is that rule's, with its paragraph. What no rule makes is a fault.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::Reporter;
use super::{Cell, Column, Origin, Report, Row, Table};
use crate::ledger::EntryId;
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, BookExpr, ContractId, PartyId, Rule, RuleKind, Value};
use crate::time::{Date, Period};

/// What one side booked: in all, by events, and by rules that measure.
#[derive(Default)]
struct Side {
    whole: Number,
    events: Number,
    /// By rule, with its paragraph.
    rules: BTreeMap<Arc<str>, (Number, Arc<str>)>,
    entries: Vec<EntryId>,
    certainty: Option<Basis>,
}

/// Two parties of a contract, who gives first, and what is between them.
type Between = BTreeMap<(PartyId, PartyId), BTreeSet<Arc<str>>>;

impl Reporter<'_, '_> {
    /// Contracts of which both sides keep a book.
    pub(super) fn two_sided(&mut self) -> Result<Report, String> {
        let to = self.scope.range.map_or_else(|| self.replay.versions.last().map_or(Date::MIN, |v| v.date), |r| r.to);
        let mut report = self.report("two-sided", "Contracts in the books of both sides".into());
        report.header.at = Some(to).filter(|day| *day > Date::MIN);
        report.header.units = self.scales.amounts();
        for (id, contract) in (0u32..).map(ContractId).zip(&self.replay.terms.contracts) {
            if !self.scope.takes(self.replay, id) {
                continue;
            }
            for ((giver, taker), items) in self.between(id) {
                let named = self.scope.entity.as_ref().is_none_or(|name| {
                    [giver, taker].iter().any(|party| self.party_name(*party).eq_ignore_ascii_case(name))
                });
                if named {
                    self.both_books(&mut report, &contract.path, (giver, taker), &items, to)
                        .map_err(|f| f.to_string())?;
                }
            }
        }
        if report.tables.is_empty() {
            return Ok(self.nothing(
                "two-sided",
                "Contracts in the books of both sides",
                "has no contract with another that keeps a book, or its book says no `mirror`",
            ));
        }
        Ok(report)
    }

    /// Supplies and tranches of a contract, by who gives and who takes.
    fn between(&self, id: ContractId) -> Between {
        let terms = self.replay.terms;
        let mut found = Between::new();
        for supply in terms.supplies_of(id).iter().filter_map(|id| terms.supplies.get(id.index())) {
            found.entry((supply.seller, supply.buyer)).or_default().insert(supply.path.clone());
        }
        for tranche in terms.tranches_of(id).iter().filter_map(|id| terms.tranches.get(id.index())) {
            let Some((_, giver, takers)) = terms.sides(tranche) else { continue };
            // What several take part in, each books for itself, and the giver as one.
            if let [taker] = takers.as_slice() {
                found.entry((giver, *taker)).or_default().insert(tranche.path.clone());
            }
        }
        found
    }

    fn both_books(
        &mut self,
        report: &mut Report,
        contract: &str,
        (giver, taker): (PartyId, PartyId),
        items: &BTreeSet<Arc<str>>,
        to: Date,
    ) -> Result<(), Fault> {
        let (Some(left), Some(right)) = (self.replay.keeper(giver), self.replay.keeper(taker)) else { return Ok(()) };
        let keepers = (self.replay.keepers.get(left), self.replay.keepers.get(right));
        let (Some(first), Some(second)) = keepers else { return Ok(()) };
        if first.currency != second.currency {
            report.notes.push(format!(
                "{contract}: {} books in {}, {} in {}; they are not compared.",
                self.party_name(giver),
                first.currency,
                self.party_name(taker),
                second.currency
            ));
            return Ok(());
        }
        let unit = Unit::of(&first.currency);
        let (one, other) = (self.party_name(giver), self.party_name(taker));
        let columns = vec![
            Column::text(format!("{one}: account")),
            Column::figures(one.clone(), self.scales.money),
            Column::text(format!("{other}: account")),
            Column::figures(other.clone(), self.scales.money),
            Column::figures("Difference", self.scales.money),
            Column::text("Made by"),
        ];
        let mut table = Table { title: format!("{contract}, {one} and {other}"), columns, ..Table::default() };
        for mirror in &first.book.mirrors {
            let a = self.side(left, &mirror.left, items, to)?;
            let b = self.side(right, &mirror.right, items, to)?;
            if a.entries.is_empty() && b.entries.is_empty() {
                continue;
            }
            // One side's debit is the other's credit.
            let (own, theirs) = (a.whole, b.whole.neg());
            let credit = mirror.credit;
            let shown = |n: Number| if credit { n.neg() } else { n };
            let mut why = Vec::new();
            for (party, side) in [(&one, &a), (&other, &b)] {
                for (rule, (amount, cite)) in side.rules.iter().filter(|(_, (amount, _))| !amount.is_zero()) {
                    why.push(format!("{party}: {rule}, {} ({cite})", amount.abs().grouped()));
                }
            }
            let apart = a.events.plus(b.events)?;
            if !apart.is_zero() {
                why.push(self.unexplained((giver, taker), apart));
            }
            let certainty = a.certainty.max(b.certainty).unwrap_or(Basis::Actual);
            let origin = |book: usize, side: &Side| Origin::Entries { book: Some(book), entries: side.entries.clone() };
            let left_cell = self.bases.figure(Value::Known(shown(own)), unit.clone(), certainty, origin(left, &a));
            let right_cell = self.bases.figure(Value::Known(shown(theirs)), unit.clone(), certainty, origin(right, &b));
            let apart_cell = self.bases.figure(
                Value::Known(shown(own.minus(theirs)?)),
                unit.clone(),
                certainty,
                Origin::Made("difference", Vec::new()),
            );
            table.rows.push(Row::of(vec![
                Cell::Text(mirror.left.join(", ")),
                Cell::Figure(left_cell),
                Cell::Text(mirror.right.join(", ")),
                Cell::Figure(right_cell),
                Cell::Figure(apart_cell),
                Cell::Text(why.join("; ")),
            ]));
            let claim = format!(
                "{} of {one} and {} of {other}: events are booked alike",
                mirror.left.join(", "),
                mirror.right.join(", ")
            );
            let late = !self.closed((giver, taker)).is_empty();
            if apart.is_zero() || !late {
                let sides = (Value::Known(shown(a.events)), Value::Known(shown(b.events.neg())));
                self.check_of(report, "two_sided", claim, &contract, sides);
            }
        }
        if !table.rows.is_empty() {
            report.tables.push(table);
        }
        Ok(())
    }

    /// Parties that issued a period: late news waits in their books.
    fn closed(&self, (giver, taker): (PartyId, PartyId)) -> Vec<String> {
        let closed = self.replay.register.outcomes.iter().filter_map(|outcome| match &outcome.act {
            crate::engine::Act::Closed { party, .. } if [giver, taker].contains(party) => Some(*party),
            _ => None,
        });
        closed.collect::<BTreeSet<PartyId>>().into_iter().map(|party| self.party_name(party)).collect()
    }

    fn unexplained(&self, parties: (PartyId, PartyId), apart: Number) -> String {
        let closed = self.closed(parties);
        if closed.is_empty() {
            return format!("no rule: {}", apart.abs().grouped());
        }
        let who = closed.join(" and ");
        format!("{}: {who} booked late news in the open period (ASC 855-10-25-1)", apart.abs().grouped())
    }

    /// What a book has on some accounts for some items, debits plus.
    fn side(&self, book: usize, accounts: &[Arc<str>], items: &BTreeSet<Arc<str>>, to: Date) -> Result<Side, Fault> {
        let mut side = Side::default();
        let (Some(keeper), Some(booking)) = (self.replay.keepers.get(book), self.replay.bookings.get(book)) else {
            return Ok(side);
        };
        let rules: BTreeMap<&str, &Rule> = keeper.book.rules.iter().map(|rule| (&*rule.name, rule)).collect();
        let period = Period { from: Date::MIN, to };
        let mine = |name: &Arc<str>, item: &Arc<str>| accounts.contains(name) && items.contains(item);
        for (id, _) in booking.chart.iter().filter(|(_, account)| mine(&account.name, &account.item)) {
            for number in self.replay.entries_of(book, id) {
                let Some(entry) = booking.journal.get(*number).filter(|entry| period.contains(entry.date)) else {
                    continue;
                };
                side.entries.push(*number);
                side.certainty = side.certainty.max(Some(entry.cause.basis));
                let name = entry.cause.rule.clone().unwrap_or_else(|| "".into());
                let rule = rules.get(&*name);
                for posting in booking.journal.postings(entry).iter().filter(|p| p.account == id) {
                    side.whole = side.whole.plus(posting.amount)?;
                    if rule.is_some_and(|rule| tells(rule)) {
                        side.events = side.events.plus(posting.amount)?;
                        continue;
                    }
                    let cite = rule.and_then(|rule| rule.cite.as_ref()).map_or_else(|| "".into(), |c| c.text.clone());
                    let (so_far, _) = side.rules.get(&name).cloned().unwrap_or((Number::ZERO, cite.clone()));
                    side.rules.insert(name.clone(), (so_far.plus(posting.amount)?, cite));
                }
            }
        }
        Ok(side)
    }
}

/// Whether a rule books what an event says and nothing that the book measured before.
fn tells(rule: &Rule) -> bool {
    match &rule.kind {
        RuleKind::On { legs, .. } => !legs.iter().any(|(_, _, amount)| amount.as_ref().is_some_and(carries)),
        _ => false,
    }
}

fn carries(amount: &BookExpr) -> bool {
    match amount {
        BookExpr::Carrying(_) => true,
        BookExpr::Add(a, b) | BookExpr::Sub(a, b) | BookExpr::Mul(a, b) | BookExpr::Min(a, b) | BookExpr::Max(a, b) => {
            carries(a) || carries(b)
        }
        _ => false,
    }
}
