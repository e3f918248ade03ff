//! Totals: the accounts they are made of, each with its entries by rule and item.

use std::sync::Arc;

use super::Derivation;
use super::tell::Teller;
use crate::num::{Fault, Number, Unit};
use crate::report::components::{Component, Part};
use crate::report::fact::is_within;
use crate::report::measure::{Measured, Measures};
use crate::terms::{PartyId, Value};

/// Entries of one rule that are told one by one; the last ones are.
const MOST: usize = 8;

impl Teller<'_, '_> {
    /// The parts of a total, and the book they stand in; `None` for what is no total.
    pub(super) fn made_of(&mut self, found: &Measured) -> Result<Option<(String, Vec<Derivation>)>, Fault> {
        let parties = (0u32..).map(PartyId).zip(&self.replay.terms.parties);
        let Some((party, _)) = parties.into_iter().find(|(_, party)| party.name == self.name.entity) else {
            return Ok(None);
        };
        let measures = Measures { replay: self.replay };
        let item = self.name.item.as_deref();
        let Some((book, components)) = measures.components(party, &self.name.measure, item, self.period)? else {
            return Ok(None);
        };
        let mut parts = Vec::new();
        for component in components {
            if component.amount == Value::ZERO && component.parts.is_empty() && component.tranche.is_none() {
                continue;
            }
            parts.push(self.component(book, component, &found.unit)?);
        }
        if parts.is_empty() {
            let label = format!("nothing was posted to any of its accounts by {}", self.period.to);
            parts.push(Derivation { label, ..Derivation::default() });
        }
        Ok(Some((self.book_name(book), parts)))
    }

    fn component(&mut self, book: usize, component: Component, unit: &Unit) -> Result<Derivation, Fault> {
        let Component { label, amount, parts, tranche } = component;
        let mut node = Derivation { label, amount: Some((amount, unit.clone())), ..Derivation::default() };
        if let Some(id) = tranche {
            node.parts.extend(self.terms_of(id)?);
        }
        let replay = self.replay;
        let (Some(keeper), Some(booking)) = (replay.keepers.get(book), replay.bookings.get(book)) else {
            return Ok(node);
        };
        let mut groups: Vec<(Arc<str>, Arc<str>, Vec<Part>)> = Vec::new();
        for part in parts {
            let rule = booking.journal.get(part.entry).and_then(|entry| entry.cause.rule.clone());
            let rule = rule.unwrap_or_else(|| "".into());
            match groups.iter_mut().find(|(r, item, _)| *r == rule && *item == part.item) {
                Some((.., list)) => list.push(part),
                None => groups.push((rule, part.item.clone(), vec![part])),
            }
        }
        for (name, item, list) in groups {
            let rule = keeper.book.rules.iter().find(|rule| rule.name == name);
            self.told.insert(item.to_string());
            let amount = Number::sum(list.iter().map(|part| part.amount))?;
            let mut group = Derivation {
                label: item.to_string(),
                amount: Some((Value::Known(amount), unit.clone())),
                rule: Some(name.to_string()),
                cite: rule.and_then(|rule| rule.cite.as_ref()).map(|cite| (cite.text.clone(), cite.read)),
                place: rule.map(|rule| rule.span),
                ..Derivation::default()
            };
            let earlier = list.len().saturating_sub(MOST);
            if earlier > 0 {
                let sum = Number::sum(list.iter().take(earlier).map(|part| part.amount))?;
                group.parts.push(Derivation {
                    label: format!("{earlier} earlier entries"),
                    amount: Some((Value::Known(sum), unit.clone())),
                    ..Derivation::default()
                });
            }
            for part in list.iter().skip(earlier) {
                let Some(entry) = booking.journal.get(part.entry) else { continue };
                group.parts.push(self.entry(entry, part.amount, &keeper.currency)?);
            }
            node.parts.push(group);
        }
        Ok(node)
    }

    /// Whether a posting for an item counts: that of the fact or of something in it; of a loan, also the warrants given for it.
    pub(super) fn wanted(&self, item: &str) -> bool {
        let Some(own) = &self.name.item else { return true };
        let within = is_within(item, own, &self.name.entity);
        let beside = || {
            let terms = self.replay.terms;
            let credit = terms.credits.iter().find(|credit| credit.path == *own);
            let measures = Measures { replay: self.replay };
            credit.is_some_and(|credit| measures.carried_on(credit).iter().any(|path| **path == *item))
        };
        within || &*self.name.measure == "net_revenue" || self.name.measure.ends_with("_carried") && beside()
    }

    /// Nothing happened: said in words, so that no figure stands alone.
    pub(super) fn nothing(&self) -> Derivation {
        let label = format!("nothing happened to it by {}", self.period.to);
        Derivation { label, ..Derivation::default() }
    }
}
