//! The disclosure pack: the parts that a party's book asks for, each under its paragraph, in one report.

use std::collections::BTreeSet;

use super::build::Reporter;
use super::{Bases, Cell, Column, Report, Row, Scope, Table};
use crate::terms::{Disclosure, Part, PartyId, Standard};

impl Reporter<'_, '_> {
    /// The pack of one party.
    pub(super) fn disclosure(&mut self) -> Result<Report, String> {
        let asked = |id: PartyId| {
            let keeper = self.replay.keeper(id).and_then(|keeper| self.replay.keepers.get(keeper));
            keeper.is_some_and(|keeper| !keeper.book.disclosures.is_empty())
        };
        let acts = |id: PartyId| {
            let sells = self.replay.terms.supplies.iter().any(|supply| supply.seller == id);
            asked(id) && (sells || self.replay.terms.warrants.iter().any(|warrant| warrant.issuer == id))
        };
        let found = match self.scope.entity {
            Some(_) => self.scope.fitting(self.replay, asked)?,
            None => self.scope.fitting(self.replay, acts)?,
        };
        let Some((party, terms)) = found else {
            return Ok(self.nothing(
                "disclosure",
                "disclosures",
                "keeps no book that asks for disclosures, or has nothing to disclose",
            ));
        };
        let mut report = self.report("disclosure", format!("{} — disclosures", terms.name));
        let parts: &[Disclosure] = self
            .replay
            .keeper(party)
            .and_then(|keeper| self.replay.keepers.get(keeper))
            .map_or(&[], |keeper| &keeper.book.disclosures);
        let mut notes: BTreeSet<String> = report.notes.iter().cloned().collect();
        let mut number = 0usize;
        for disclosure in parts {
            let part = self.part(disclosure.part, party, &terms.name)?;
            if report.header.book.is_none() {
                report.header.book.clone_from(&part.header.book);
            }
            let cite = disclosure.cite.as_ref().map_or_else(String::new, |cite| {
                format!(" ({}{})", cite.text, if cite.read { "" } else { ", ref. not verified" })
            });
            if part.tables.is_empty() {
                report.notes.push(format!("{}{cite}: nothing to disclose.", disclosure.title));
                continue;
            }
            number += 1;
            let when = match (&part.header.period, part.header.at) {
                (Some((label, days)), _) => format!(", {label} {days}"),
                (None, Some(day)) => format!(", at {day}"),
                (None, None) => String::new(),
            };
            for (index, mut table) in part.tables.into_iter().enumerate() {
                let own = std::mem::take(&mut table.title);
                let head = match index {
                    0 => format!("{number}. {}{cite}{when}", disclosure.title),
                    _ => format!("{number}."),
                };
                table.title = if own.is_empty() { head } else { format!("{head}: {own}") };
                if table.units.is_empty() {
                    table.units.clone_from(&part.header.units);
                }
                report.tables.push(table);
            }
            report.notes.extend(part.notes.into_iter().filter(|note| notes.insert(note.clone())));
            report.checks.extend(part.checks);
        }
        Ok(report)
    }

    /// One part, as its own report has it.
    fn part(&mut self, part: Part, party: PartyId, name: &str) -> Result<Report, String> {
        let scope = Scope { entity: Some(name.to_owned()), ..self.scope.clone() };
        let mut reporter = Reporter { scope: &scope, bases: Bases::default(), ..*self };
        std::mem::swap(&mut reporter.bases, &mut self.bases);
        let made = match part {
            Part::Revenue => reporter.revenue(),
            Part::Balances => reporter.balances(),
            Part::Rpo => reporter.rpo(),
            Part::NetPrice => reporter.net_price(),
            Part::Warrants => reporter.warrants(),
            Part::Eps => reporter.eps(),
            Part::Standards => Ok(reporter.standards(party)),
        };
        std::mem::swap(&mut reporter.bases, &mut self.bases);
        made
    }

    /// Standards of a party's book: from when they hold for it, and how it came to follow them.
    fn standards(&mut self, party: PartyId) -> Report {
        let mut report = self.report("disclosure", String::new());
        let (Some(terms), Some(place)) = (self.replay.terms.parties.get(party.index()), self.replay.keeper(party))
        else {
            return report;
        };
        let Some(keeper) = self.replay.keepers.get(place) else { return report };
        let columns = ["Standard", "Title", "Effective", "Requires", "Followed"].map(Column::text);
        let mut table = Table { columns: columns.into(), ..Table::default() };
        let booked = &self.replay.book(place, self.replay.today()).booked;
        let today = self.replay.today();
        for standard in &keeper.book.standards {
            let from = standard.effective(&terms.fiscal, &keeper.choices);
            let chosen = |standard: &Standard| {
                standard.requires.iter().all(|what| {
                    let own =
                        keeper.choices.iter().find(|(policy, _)| *policy == what.policy).map(|(_, choice)| choice);
                    booked.adopted.get(&what.policy).or(own) == Some(&what.choice)
                })
            };
            let adopted = standard.requires.iter().any(|what| booked.adopted.contains_key(&what.policy));
            let followed = match (standard.requires.is_empty(), chosen(standard), adopted) {
                (true, ..) => "nothing in this book depends on it".to_owned(),
                (_, true, true) => "adopted".to_owned(),
                (_, true, false) => "throughout".to_owned(),
                (_, false, _) if from.is_some_and(|from| from > today) => "not yet adopted".to_owned(),
                (_, false, _) => "not followed".to_owned(),
            };
            let requires: Vec<String> =
                standard.requires.iter().map(|what| format!("{} = {}", what.policy, what.choice)).collect();
            let day = from.map_or_else(|| "—".to_owned(), |from| from.to_string());
            let cells = [standard.name.to_string(), standard.title.to_string(), day, requires.join("; "), followed];
            table.rows.push(Row::of(cells.map(Cell::Text).into()));
        }
        if !table.rows.is_empty() {
            report.tables.push(table);
        }
        report
    }
}
