//! Parties shown as one: who is in, what they paid each other, and that the sums are those of the entities.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::Report;
use super::super::build::Reporter;
use super::super::control::Stakes;
use super::book::Cashbook;
use crate::num::{Fault, Number, Rounding};
use crate::terms::{PartyId, Value};
use crate::time::{Date, Period};

/// Payments inside the group that are listed one by one.
const LISTED: usize = 12;

/// What was paid inside the group: under which clause, to whom, in which currency.
type Inside = (Arc<str>, Arc<str>, Arc<str>);

impl Reporter<'_, '_> {
    /// The party, and those it controls at the end of the report if they are to be shown as one.
    pub(super) fn members(&self, parent: PartyId, date: Date) -> Result<Vec<PartyId>, Fault> {
        if self.scope.consolidated { Stakes::on(self.replay, date)?.group(parent) } else { Ok(vec![parent]) }
    }

    /// The first party that controls another and is itself controlled by none.
    pub(super) fn first_parent(&self) -> Option<PartyId> {
        let stakes = Stakes::on(self.replay, self.replay.end().date).ok()?;
        let groups: BTreeMap<PartyId, Vec<PartyId>> = (0u32..)
            .map(PartyId)
            .take(self.replay.terms.parties.len())
            .filter_map(|id| stakes.group(id).ok().map(|group| (id, group)))
            .filter(|(_, group)| group.len() > 1)
            .collect();
        let controlled = |id: &PartyId| groups.values().any(|g| g.iter().skip(1).any(|member| member == id));
        groups.keys().copied().find(|id| !controlled(id))
    }

    /// Who is in the group, by how much, and what its members paid each other.
    pub(super) fn group_notes(
        &self,
        report: &mut Report,
        book: &Cashbook<'_>,
        (parent, period): (PartyId, Period),
    ) -> Result<(), Fault> {
        if !self.scope.consolidated {
            return Ok(());
        }
        let name = self.party_name(parent);
        if book.members.len() < 2 {
            report.notes.push(format!(
                "{name} holds more than half of no party here at {}: it is shown alone. A `hold` line states a holding.",
                period.to
            ));
            return Ok(());
        }
        let stakes = Stakes::on(self.replay, period.to)?;
        let mut of = Vec::new();
        for member in book.members.iter().skip(1) {
            let part = stakes.part(*member, &book.members)?.times(Number::from_int(100))?;
            let part = part.over(Number::ONE, Rounding { places: 2, ..Rounding::CENTS })?;
            of.push(format!("{} ({part}%)", self.party_name(*member)));
        }
        report.notes.push(format!(
            "shown as one: {name} and {}, of which the group holds more than half of all shares at {}, one vote a share \
             (ASC 810-10-15-8). All their cash is counted in full and from the first day on, whoever holds the rest of \
             the shares, as if any member could use it.",
            of.join(", "),
            period.to
        ));
        let mut inside: BTreeMap<Inside, Number> = BTreeMap::new();
        let paid = book.eliminated.iter().filter(|m| m.paid.is_negative() && period.contains(m.date));
        for movement in paid {
            let key = (movement.line.clone(), movement.with.clone(), movement.currency.clone());
            let sum = inside.entry(key).or_default();
            *sum = sum.plus(movement.paid.abs())?;
        }
        if inside.is_empty() {
            report.notes.push("left out as paid inside the group: nothing in this period.".into());
        }
        for ((line, to, currency), amount) in inside.iter().take(LISTED) {
            report.notes.push(format!(
                "left out as paid inside the group: {} {currency} to {to} under {line}.",
                amount.grouped()
            ));
        }
        if inside.len() > LISTED {
            report.notes.push(format!("and {} more sums paid inside the group.", inside.len() - LISTED));
        }
        Ok(())
    }

    /// The group's cash is that of its members, each read alone, at the end of every column.
    pub(super) fn entities_tie(
        &self,
        report: &mut Report,
        book: &Cashbook<'_>,
        columns: &[Period],
    ) -> Result<(), Fault> {
        if book.members.len() < 2 {
            return Ok(());
        }
        let alone = book.members.iter().map(|id| Cashbook::of(self.replay, &[*id], &book.currency));
        let alone = alone.collect::<Result<Vec<_>, _>>()?;
        for days in columns {
            let mut sum = Number::ZERO;
            for member in &alone {
                sum = sum.plus(member.balance(days.to, &self.scope.with)?.amount)?;
            }
            let group = book.balance(days.to, &self.scope.with)?.amount;
            let claim = "closing cash of the group = closing cash of its entities, added up".to_owned();
            let sides = (Value::Known(group), Value::Known(sum));
            self.check_of(report, "entities_tie", claim, &days.to, sides);
        }
        Ok(())
    }
}
