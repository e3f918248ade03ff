//! Notes under the cash report: what is left out, which version of a line is used, at which rates.

use std::collections::BTreeSet;

use super::super::Report;
use super::super::build::Reporter;
use super::book::Cashbook;
use super::rows::spoken;
use crate::engine::quotes::quote;
use crate::engine::schedule::payments;
use crate::num::{Fault, Number};
use crate::terms::{Basis, Fact, Flow, FlowId, Quoted, SupplyId, Value};
use crate::time::Period;

/// Rates that are listed one by one.
const MOST_RATES: usize = 6;

impl Reporter<'_, '_> {
    pub(super) fn cash_notes(&self, report: &mut Report, book: &Cashbook<'_>, period: Period) -> Result<(), Fault> {
        self.left_out_note(report, book, period);
        self.versions_note(report, book, period)?;
        self.rates_note(report, book, period);
        self.overdue_note(report, book, period)?;
        for member in &book.members {
            let stated =
                |line: &crate::engine::InputLine| matches!(&line.line.fact, Some(fact) if fact.opens_cash(*member));
            if !self.replay.inputs.lines.iter().any(stated) {
                let name = self.party_name(*member);
                report.notes.push(format!("the opening cash of {name} is not stated: balances start from nothing."));
            }
        }
        let name = book.members.first().map_or_else(String::new, |id| self.party_name(*id));
        let name = if book.members.len() > 1 { format!("{name} and those it controls") } else { name };
        if !book.limits.iter().any(|l| matches!(l.line.fact, Some(Fact::Minimum { .. }))) {
            report.notes.push(format!("no minimum cash is stated for {name}: headroom is measured from zero."));
        }
        Ok(())
    }

    /// Bills and calls whose cause is actual wait for a payment: what is due and not paid is in no cash above.
    fn overdue_note(&self, report: &mut Report, book: &Cashbook<'_>, period: Period) -> Result<(), Fault> {
        let state = &self.replay.at(period.to).state;
        let late = |due: crate::time::Date, basis: Basis| due <= period.to && basis == Basis::Actual;
        for (id, supply) in (0u32..).map(SupplyId).zip(&self.replay.terms.supplies) {
            let (side, member) = match (book.has(supply.buyer), book.has(supply.seller)) {
                (true, false) => ("owes", supply.buyer),
                (false, true) => ("is owed", supply.seller),
                _ => continue,
            };
            let bills = self.replay.engine.supply(state, id).bills;
            let open = bills.iter().filter(|bill| late(bill.due, bill.basis)).map(|bill| bill.open);
            let open = open.into_iter().try_fold(Number::ZERO, Number::plus)?;
            if open.is_positive() {
                report.notes.push(format!(
                    "{} {side} {} {} under {}, due by {} and not paid: it is not in the cash above.",
                    self.party_name(member),
                    open.grouped(),
                    supply.currency,
                    supply.path,
                    period.to
                ));
            }
        }
        for (id, calls) in &state.calls {
            let called = Number::sum(calls.iter().map(|call| call.open))?;
            let open = calls.iter().filter(|call| late(call.due, call.basis)).map(|call| call.open);
            let open = open.into_iter().try_fold(Number::ZERO, Number::plus)?;
            let Some(investment) = self.replay.terms.investment_of(*id).filter(|_| open.is_positive()) else {
                continue;
            };
            let mut sides = investment.investors.iter().map(|(id, _)| *id).chain([investment.company]);
            let concerned = sides.clone().any(|id| book.has(id)) && !sides.all(|id| book.has(id));
            if concerned {
                // Of an investor what it has still to pay itself.
                let open = match book.has(investment.company) {
                    true => open,
                    false => {
                        let engine = &self.replay.engine;
                        let mine = investment.investors.iter().map(|(id, _)| *id).filter(|id| book.has(*id));
                        let due = mine.map(|party| engine.due_from(state, *id, investment, party));
                        let due = due.into_iter().try_fold(Number::ZERO, |sum, due| sum.plus(due?))?;
                        if open == called { due } else { due.min(open) }
                    }
                };
                if !open.is_positive() {
                    continue;
                }
                report.notes.push(format!(
                    "{} {} are called under {}, due by {} and not funded: they are not in the cash above.",
                    open.grouped(),
                    investment.currency,
                    self.tranche_path(*id),
                    period.to
                ));
            }
        }
        Ok(())
    }

    fn left_out_note(&self, report: &mut Report, book: &Cashbook<'_>, period: Period) {
        let upto = book.movements.iter().filter(|m| m.date <= period.to);
        let mut out: Vec<&str> = Vec::new();
        for movement in upto {
            let Some(line) = book.lines.get(&movement.line) else { continue };
            if book.tier(movement).is_some_and(|t| !self.scope.with.contains(&t)) && !out.contains(&&*line.label) {
                out.push(&line.label);
            }
        }
        if !out.is_empty() {
            report.notes.push(format!(
                "left out of totals unless asked for with --with: {}. A letter of intent or an announcement is no \
                 contract, and an option may be declined.",
                out.join(", ")
            ));
        }
    }

    /// Lines with several versions: which is used, and what the others come to in the period.
    fn versions_note(&self, report: &mut Report, book: &Cashbook<'_>, period: Period) -> Result<(), Fault> {
        for (id, flow) in (0u32..).map(FlowId).zip(&self.replay.terms.flows) {
            let Some(chosen) = self.replay.inputs.flows.get(id.index()) else { continue };
            if !book.members.iter().any(|id| flow.concerns(*id)) || flow.series.len() < 2 {
                continue;
            }
            let Some(used) = chosen.series else { continue };
            let mut others = Vec::new();
            for (at, _) in flow.series.iter().enumerate().filter(|(at, _)| *at != used) {
                others.push(self.version(flow, id, at, period)?);
            }
            let used = self.version(flow, id, used, period)?;
            let title = &flow.title;
            report.notes.push(format!("{title}: {used} is used; {} instead.", others.join(", ")));
        }
        Ok(())
    }

    fn version(&self, flow: &Flow, id: FlowId, at: usize, period: Period) -> Result<String, Fault> {
        let Some(series) = flow.series.get(at) else { return Ok(String::new()) };
        let chosen = self.replay.inputs.flows.get(id.index()).cloned().unwrap_or_default();
        let (mut sum, mut missing) = (Number::ZERO, false);
        for (date, value, _) in payments(self.replay.inputs, flow, at, &chosen)? {
            match value {
                Value::Known(amount) if period.contains(date) => sum = sum.plus(amount)?,
                Value::Missing(_) if period.contains(date) => missing = true,
                _ => {}
            }
        }
        let sources: Vec<&str> = series
            .support
            .citations
            .iter()
            .filter_map(|(id, _)| self.replay.terms.sources.get(id.index()).map(|s| &*s.name))
            .collect();
        let sources = if sources.is_empty() { String::new() } else { format!(" (@ {})", sources.join(", ")) };
        let more = if missing { " and an undisclosed part" } else { "" };
        Ok(format!("{}{sources} says {}{more}", series.name, spoken(sum, &flow.currency)))
    }

    fn rates_note(&self, report: &mut Report, book: &Cashbook<'_>, period: Period) {
        let foreign = |m: &&super::book::Movement| m.currency != book.currency && m.date <= period.to;
        let currencies: BTreeSet<_> = book.movements.iter().filter(foreign).map(|m| m.currency.clone()).collect();
        for currency in currencies {
            let mut rates: Vec<String> = Vec::new();
            let there = Quoted::Rate(currency.clone(), book.currency.clone());
            let back = Quoted::Rate(book.currency.clone(), currency.clone());
            let days: BTreeSet<_> =
                book.movements.iter().filter(foreign).filter(|m| m.currency == currency).map(|m| m.date).collect();
            let mut absent = Vec::new();
            for day in days {
                let found = quote(self.replay.inputs, &there, day).map(|q| (q, &there));
                let found = found.or_else(|| quote(self.replay.inputs, &back, day).map(|q| (q, &back)));
                match found {
                    Some((rate, of)) => {
                        let word = format!("{} {} of {}", self.replay.terms.quoted(of), rate.value, rate.date);
                        if !rates.contains(&word) {
                            rates.push(word);
                        }
                    }
                    None => absent.push(day.to_string()),
                }
            }
            let more = rates.len().saturating_sub(MOST_RATES);
            rates.truncate(MOST_RATES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            if !rates.is_empty() {
                report.notes.push(format!(
                    "{currency} at the rate of the day of each payment: {}{more}; cash held in it is brought to the \
                     rate at ends of quarters in which one is stated.",
                    rates.join(", ")
                ));
            }
            if !absent.is_empty() {
                report.notes.push(format!(
                    "no rate of {currency} in {} on {}: what was paid in it then is not in the totals.",
                    book.currency,
                    absent.join(", ")
                ));
            }
        }
    }
}
