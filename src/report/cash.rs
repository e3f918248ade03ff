//! Report (b): cash by line and status, what must be held, what can be drawn, and the first day on which it is not enough.

pub mod book;
mod checks;
mod facts;
mod group;
pub mod limit;
mod notes;
mod rows;
pub mod status;

use std::collections::BTreeSet;

use super::build::Reporter;
use super::columns::{Step, columns};
use super::{Column, Report, Scale, Table};
use crate::num::{Fault, Number};
use crate::terms::{Fact, Party, PartyId};
use crate::time::{Period, PeriodName};
use book::Cashbook;
pub use facts::{MEASURES, measure};
use rows::Sheet;
pub use status::Tier;

/// Days of a week.
const WEEK: i64 = 7;

impl<'a> Reporter<'_, 'a> {
    /// The cash of a party over a period.
    pub(super) fn cash(&mut self) -> Result<Report, String> {
        let Some((id, party)) = self.cash_party()? else {
            return Ok(self.nothing("cash", "cash gap by commitment status", "pays and is paid nothing"));
        };
        let (label, period, step) = self.cash_period(party)?;
        let currency = self.scope.currency.clone().unwrap_or_else(|| party.currency.clone());
        let group = if self.scope.consolidated { " and parties it controls" } else { "" };
        let mut report = self.report("cash", format!("{}{group} — cash gap by commitment status", party.name));
        let named = self.scope.period.filter(|_| self.scope.range.is_none());
        report.header.period = Some((label, period));
        self.cash_table(&mut report, (id, party), &currency, (period, step, named)).map_err(|f| f.to_string())?;
        self.refusals(&mut report, period.to);
        Ok(report)
    }

    /// The party asked for; else the first whose cash is stated, else the first that pays or is paid anything.
    fn cash_party(&self) -> Result<Option<(PartyId, &'a Party)>, String> {
        let terms = self.replay.terms;
        let stated = |id| states_cash(self.replay, id);
        let paid = |id| terms.supplies.iter().any(|s| s.seller == id || s.buyer == id);
        let any = (0u32..).map(PartyId).take(terms.parties.len()).any(stated);
        if self.scope.entity.is_some() {
            return self.scope.party(self.replay, "", |_| true).map(Some);
        }
        if let Some(parent) = self.first_parent().filter(|_| self.scope.consolidated) {
            return Ok(terms.parties.get(parent.index()).map(|party| (parent, party)));
        }
        self.scope.fitting(self.replay, |id| if any { stated(id) } else { paid(id) })
    }

    /// The days of the report, and how wide its columns are.
    fn cash_period(&self, party: &Party) -> Result<(String, Period, Step), String> {
        if let Some(weeks) = self.scope.weeks {
            let from = match (self.scope.range, self.scope.period) {
                (Some(range), _) => range.from,
                (None, Some(name)) => self.scope.period(party, name)?.1.from,
                (None, None) => self.replay.today().next(),
            };
            let period = Period { from, to: from.plus_days(i64::from(weeks) * WEEK - 1) };
            return Ok((format!("{weeks} weeks"), period, Step::Week));
        }
        let (year, _) = party.fiscal.quarter_of(self.replay.today());
        let (label, period) = self.scope.period(party, PeriodName::Year(year))?;
        Ok((label, period, self.scope.step.unwrap_or(Step::Quarter)))
    }

    fn cash_table(
        &mut self,
        report: &mut Report,
        (id, party): (PartyId, &Party),
        currency: &std::sync::Arc<str>,
        (period, step, named): (Period, Step, Option<PeriodName>),
    ) -> Result<(), Fault> {
        let replay = self.replay;
        let mut days = columns(party, period, step);
        let shown = days.last().map_or(period.to, |(_, last)| last.to);
        let period = Period { from: period.from, to: shown };
        if days.len() >= super::columns::MOST {
            report.notes.push(format!("columns after {shown} are not shown: {} at most.", super::columns::MOST));
        }
        let single: Vec<Period> = days.iter().map(|(_, days)| *days).collect();
        if days.len() > 1 {
            days.push((named.map_or_else(|| "Total".to_owned(), |name| name.to_string()), period));
        }
        let members = self.members(id, period.to)?;
        let mut book = Cashbook::of(replay, &members, currency)?;
        if let Some(name) = &self.scope.counterparty {
            book.only(name);
        }
        let sheet = Sheet { book: &book, replay, days: &days, period, scope: self.scope };
        let rows = sheet.rows()?;
        let asked = self.scope.scale.map(|_| self.scales.money);
        let scale = asked.unwrap_or_else(|| scale(&rows.amounts()));
        report.header.units = format!("{currency} {}", words(scale));
        let mut table = Table::default();
        table.columns.extend([Column::text("").named("Line"), Column::text("status")]);
        table.columns.extend(days.iter().map(|(name, _)| Column::figures(name.clone(), scale)));
        self.draw(&mut table, rows, &book);
        report.tables.push(table);
        self.group_notes(report, &book, (id, period))?;
        self.cash_notes(report, &book, period)?;
        self.cash_checks(report, &book, &single)
    }
}

/// Whether anything states a party's cash: an opening balance, an operating line, or a limit.
pub fn states_cash(replay: &crate::run::Replay<'_>, party: PartyId) -> bool {
    let stated = replay.inputs.lines.iter().any(|line| match &line.line.fact {
        Some(fact) if fact.opens_cash(party) => true,
        Some(Fact::Minimum { party: of, .. } | Fact::Undrawn { party: of, .. }) => *of == party,
        _ => false,
    });
    stated || replay.terms.flows.iter().any(|flow| flow.concerns(party))
}

/// Billions, millions or units: the largest in which every amount shows all its digits, so that columns add up.
fn scale(amounts: &[Number]) -> Scale {
    let whole = |step: i64| {
        let step = Number::from_int(step);
        let fits = |n: &Number| n.over(step, crate::num::Rounding::WHOLE_DOWN).and_then(|q| q.times(step)) == Ok(*n);
        amounts.iter().all(fits) && amounts.iter().any(|n| n.abs() >= step)
    };
    if whole(10_000_000) && amounts.iter().any(|n| n.abs() >= Number::from_int(1_000_000_000)) {
        Scale { power: 9, places: 2 }
    } else if amounts.iter().any(|n| n.abs() >= Number::from_int(1_000_000)) {
        Scale::MILLIONS
    } else {
        Scale::CENTS
    }
}

fn words(scale: Scale) -> &'static str {
    match scale.power {
        0 => "exact",
        _ => super::scales::words(scale),
    }
}

/// Tiers in words: `without LOI`, `with LOI, options`.
fn tiers(word: &str, tiers: &BTreeSet<Tier>) -> String {
    let names: Vec<&str> = tiers.iter().map(|tier| tier.word()).collect();
    if names.is_empty() { String::new() } else { format!(", {word} {}", names.join(", ")) }
}
