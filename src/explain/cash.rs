//! Why cash is what it is: each clause with its payments, the limits, and the payment after which it was not enough.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Derivation;
use super::tell::Teller;
use crate::ledger::EntryId;
use crate::num::{Fault, Number, Unit};
use crate::report::cash::Tier;
use crate::report::cash::book::{Cashbook, Movement};
use crate::report::cash::limit::Cause;
use crate::run::Replay;
use crate::terms::{PartyId, Value};

/// Payments of one clause that are told one by one; the last ones are.
const MOST: usize = 12;

impl Teller<'_, '_> {
    /// The payments behind a figure, by clause, and the limits behind headroom.
    pub(super) fn cash_parts(&mut self, ids: &[EntryId]) -> Result<Vec<Derivation>, Fault> {
        let Some(book) = cashbook(self.replay, &self.name.entity)? else { return Ok(Vec::new()) };
        let wanted: BTreeSet<EntryId> = ids.iter().copied().collect();
        let paid = self.name.measure.starts_with("cash_outflows");
        // What rates made of it has no entry: it is in what is there at the end of a day.
        let until = match &*self.name.measure {
            "opening_cash" => Some(self.period.from.prev()),
            measure if measure.starts_with("cash_inflows") || measure.starts_with("cash_outflows") => None,
            _ => Some(self.period.to),
        };
        let mine = |m: &Movement| m.is_effect() && until.is_some_and(|until| m.date <= until);
        let mut parts = Vec::new();
        for (path, line) in &book.lines {
            let found: Vec<&Movement> = book
                .movements
                .iter()
                .filter(|m| m.line == *path && (m.entry.is_some_and(|e| wanted.contains(&e)) || mine(m)))
                .collect();
            if found.is_empty() {
                continue;
            }
            let amount = |m: &Movement| {
                let known = m.amount.known().unwrap_or_default();
                if paid { known.neg() } else { known }
            };
            let total = found.iter().map(|m| amount(m)).try_fold(Number::ZERO, Number::plus)?;
            self.told.insert(path.to_string());
            let mut node = node(format!("{} ({}, {})", line.label, path, line.status.word()), total, &book);
            let earlier = found.len().saturating_sub(MOST);
            if earlier > 0 {
                let sum = Number::sum(found.iter().take(earlier).map(|m| amount(m)))?;
                node.parts.push(self::node(format!("{earlier} earlier payments"), sum, &book));
            }
            for movement in found.iter().skip(earlier) {
                node.parts.push(self.payment(movement, amount(movement), &book));
            }
            parts.push(node);
        }
        // Balances that nobody opened start from nothing.
        let opened = |party: &PartyId| {
            let opens =
                |line: &crate::engine::InputLine| matches!(&line.line.fact, Some(fact) if fact.opens_cash(*party));
            self.replay.inputs.lines.iter().any(opens)
        };
        if until.is_some() && !book.members.iter().any(opened) {
            let label = format!("the opening cash of {} is not stated: it starts from nothing", self.name.entity);
            parts.push(Derivation { label, ..Derivation::default() });
        }
        if self.name.measure.starts_with("cash_headroom") {
            let limits = book.limits_on(self.replay.inputs, self.period.to)?;
            let minimum = limits.minimum.values().map(|(value, line)| ("minimum cash".to_owned(), value, *line, true));
            let undrawn = limits
                .undrawn
                .iter()
                .map(|((_, name), (value, line))| (format!("undrawn {name}"), value, *line, false));
            for (label, value, line, less) in minimum.chain(undrawn) {
                let amount = value.known().unwrap_or_default();
                let mut node = node(label, if less { amount.neg() } else { amount }, &book);
                node.parts.extend(self.parent(&crate::ledger::Parent::Line(line.id), 0));
                parts.push(node);
            }
        }
        Ok(parts)
    }

    /// The day on which cash was first not enough, and what took it there.
    pub(super) fn breach_parts(&mut self) -> Result<Vec<Derivation>, Fault> {
        let Some(book) = cashbook(self.replay, &self.name.entity)? else { return Ok(Vec::new()) };
        let with: BTreeSet<Tier> =
            self.name.measure.ends_with("_with_loi").then_some(Tier::LetterOfIntent).into_iter().collect();
        let Some(breach) = book.breach(self.replay.inputs, self.period, &with)? else {
            let label =
                format!("headroom is not below zero on any day from {} to {}", self.period.from, self.period.to);
            return Ok(vec![Derivation { label, ..Derivation::default() }]);
        };
        let label = format!("headroom at the end of {}: {} {}", breach.date, breach.headroom, book.currency);
        let mut node = Derivation { label, ..Derivation::default() };
        match breach.cause {
            Cause::Before => {
                let label = "it was below zero before the first day".to_owned();
                node.parts.push(Derivation { label, ..Derivation::default() });
            }
            Cause::Movement(at) => {
                if let Some(movement) = book.movements.get(at) {
                    let mut part = self.payment(movement, movement.amount.known().unwrap_or_default(), &book);
                    let label = book.lines.get(&movement.line).map_or("", |line| &line.label);
                    part.label = format!("taken below zero by {label}, {}", part.label);
                    node.parts.push(part);
                }
            }
            Cause::Limit(id) => node.parts.extend(self.parent(&crate::ledger::Parent::Line(id), 0)),
        }
        Ok(vec![node])
    }

    fn payment(&mut self, movement: &Movement, amount: Number, book: &Cashbook<'_>) -> Derivation {
        let with: Arc<str> = movement.with.clone();
        let direction = match (movement.paid.is_negative(), with.is_empty()) {
            _ if movement.is_effect() => format!("cash in {} at the rate of the day", movement.currency),
            (_, true) => "stated".to_owned(),
            (true, _) => format!("paid to {with}"),
            (false, _) => format!("received from {with}"),
        };
        let foreign = if movement.currency == book.currency || movement.is_effect() {
            String::new()
        } else {
            format!(", {} {}", movement.currency, movement.paid.abs())
        };
        let mut node = node(format!("{} {direction}{foreign}", movement.date), amount, book);
        node.certainty = Some(movement.basis);
        let entry = movement.entry.and_then(|id| self.replay.register.journal.get(id));
        for parent in entry.map(|entry| entry.cause.parents.clone()).unwrap_or_default() {
            node.parts.extend(self.parent(&parent, 0));
        }
        node
    }
}

fn cashbook<'r>(replay: &'r Replay<'_>, entity: &str) -> Result<Option<Cashbook<'r>>, Fault> {
    let party = (0u32..).map(PartyId).zip(&replay.terms.parties).find(|(_, party)| *party.name == *entity);
    let Some((id, party)) = party else { return Ok(None) };
    Cashbook::read(replay, id, &party.currency).map(Some)
}

fn node(label: String, amount: Number, book: &Cashbook<'_>) -> Derivation {
    let amount = Some((Value::Known(amount), Unit::of(&book.currency)));
    Derivation { label, amount, ..Derivation::default() }
}
