//! Issued periods: what changes one is named by a `restate` line, or was known before it was issued.

use std::collections::BTreeSet;

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::syntax::ast;
use crate::terms::{Basis, ClassId, Fact, Line, LineId, PartyId, Quoted, Terms};
use crate::time::{Date, Period, PeriodName};

/// A `close` line.
struct Issued {
    party: PartyId,
    period: Period,
    on: Date,
    span: Span,
}

impl Checker<'_> {
    /// `restate PARTY PERIOD for ID, …`
    pub(super) fn restate(
        &mut self,
        party: &ast::Name,
        (name, span): (&PeriodName, Span),
        lines: &[ast::Name],
    ) -> Option<Fact> {
        let id = self.symbols.party(party, &mut self.report)?;
        let Some(period) = self.terms.parties.get(id.index())?.fiscal.resolve(name) else {
            return self.report.fail(Code::BadValue, span, format!("there is no period {name}"), "not a period");
        };
        let lines: Vec<LineId> = lines.iter().filter_map(|line| self.line_named(line, None)).collect();
        Some(Fact::Restate { party: id, name: *name, period, lines })
    }

    /// Every line that changes what was issued, against the lines that say so.
    pub(super) fn periods(&mut self) {
        let closes: Vec<Issued> = self.terms.lines.iter().filter_map(issued).collect();
        let mut found = self.restatements(&closes);
        found.extend(unsaid(&self.terms, &closes));
        found.extend(stale(&self.terms, &closes));
        found.into_iter().for_each(|diagnostic| self.report.push(diagnostic));
    }

    /// What is restated is booked on its own day, and known from the day of the restatement on.
    fn restatements(&mut self, closes: &[Issued]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut named: Vec<(LineId, Date)> = Vec::new();
        for line in &self.terms.lines {
            let Some(Fact::Restate { party, name, period, lines }) = &line.fact else { continue };
            let owner = self.terms.parties.get(party.index()).map_or("", |party| &*party.name);
            let mine = closes.iter().filter(|close| close.party == *party && close.on <= line.date);
            let Some(close) = mine.into_iter().find(|close| overlap(close.period, *period)) else {
                let message = format!("{name} of `{owner}` was not issued by {}", line.date);
                let error = Diagnostic::new(Code::BadValue, line.span, message).label("nothing to restate");
                found.push(error.help(format!("leave it out, or add `close {owner} {name}` with the day of issue")));
                continue;
            };
            for id in lines {
                let Some(target) = self.terms.lines.get(id.0 as usize) else { continue };
                let from = reaches(&self.terms.lines, target);
                let about = earned_in(target).is_some_and(|of| overlap(of, *period));
                if about || period.contains(from) || period.contains(target.date) {
                    named.push((*id, line.date));
                    continue;
                }
                let message = format!("this changes nothing of {name} of `{owner}`");
                let error = Diagnostic::new(Code::BadValue, target.span, message).label(format!("effective {from}"));
                let error = error.also(line.span, "restated here").also(close.span, "issued here");
                found.push(error.help(format!("name the period that holds {from}, or leave the line out of the list")));
            }
        }
        for (id, on) in named {
            if let Some(line) = self.terms.lines.get_mut(id.0 as usize) {
                line.known = on.max(line.known);
                line.restates = true;
            }
        }
        found
    }
}

fn issued(line: &Line) -> Option<Issued> {
    match &line.fact {
        Some(Fact::Close { party, period }) => {
            Some(Issued { party: *party, period: *period, on: line.date, span: line.span })
        }
        _ => None,
    }
}

/// The period whose earnings a line states.
fn earned_in(line: &Line) -> Option<Period> {
    match &line.fact {
        Some(Fact::Earnings(earnings)) => Some(earnings.period),
        _ => None,
    }
}

fn overlap(a: Period, b: Period) -> bool {
    a.intersect(&b).is_some()
}

/// The line that a correction or a withdrawal is about in the end, if it is one.
fn original<'l>(lines: &'l [Line], line: &'l Line) -> Option<&'l Line> {
    let about = |line: &Line| line.corrects.or(line.withdraws);
    let next = |at: &&'l Line| about(at).and_then(|id| lines.get(id.0 as usize));
    let first = next(&line)?;
    // Circles are errors of their own.
    std::iter::successors(Some(first), |at| next(at)).take(lines.len()).last()
}

/// The first day that a line changes: that of a forecast it makes true as well.
fn reaches(lines: &[Line], line: &Line) -> Date {
    let forecast = line.realises.and_then(|(id, _)| lines.get(id.0 as usize)).map(|forecast| forecast.date);
    let first = original(lines, line).map_or(line.date, |original| original.date.min(line.date));
    forecast.map_or(first, |date| date.min(first))
}

/// What was left of a forecast that came true in part, stood in a period when it was issued, and is taken out of it afterwards. A
/// forecast of which nothing came true is no fact that was issued.
fn stale(terms: &Terms, closes: &[Issued]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (number, line) in (0u32..).map(LineId).zip(&terms.lines) {
        let about = line.realises.map(|(id, _)| id).or(line.corrects).or(line.withdraws);
        let Some(about) = about.and_then(|id| terms.lines.get(id.0 as usize)) else { continue };
        let (true, Some(fact)) = (about.basis != Basis::Actual, &about.fact) else { continue };
        let parties = concerned(terms, fact);
        let in_part = |close: &Issued| {
            let of =
                |other: &Line| other.realises.and_then(|(id, part)| terms.lines.get(id.0 as usize).filter(|_| part));
            let mut others = terms.lines.iter().filter(|other| other.basis == Basis::Actual && other.known < close.on);
            others.any(|other| of(other).is_some_and(|forecast| forecast.span == about.span))
        };
        let late = |close: &&Issued| {
            close.period.contains(about.date)
                && in_part(close)
                && line.known >= close.on
                && about.known < close.on
                && parties.contains(&close.party)
                && !restated(terms, close.party, number)
        };
        let Some(close) = closes.iter().find(late) else { continue };
        let owner = terms.parties.get(close.party.index()).map_or("", |party| &*party.name);
        let message = format!("this takes a forecast out of what `{owner}` issued for {}", close.period);
        let error =
            Diagnostic::new(Code::IssuedPeriod, line.span, message).label(format!("expected on {}", about.date));
        let error = error.also(close.span, format!("issued on {}", close.on)).also(about.span, "the forecast");
        let id = about.id.clone().map_or_else(|| "ID".to_owned(), |id| id.to_string());
        let own = line.id.clone().map_or_else(|| "ID".to_owned(), |id| id.to_string());
        found.push(error.help(format!(
            "say before the issue when the rest is expected, with a line that `corrects {id}`; else `DATE restate {owner} PERIOD for {own}`"
        )));
    }
    found
}

/// Corrections and withdrawals of facts of an issued period that nothing accounts for.
fn unsaid(terms: &Terms, closes: &[Issued]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (number, line) in (0u32..).map(LineId).zip(&terms.lines) {
        let Some(about) = original(&terms.lines, line).filter(|about| about.basis == Basis::Actual) else { continue };
        let Some(fact) = &about.fact else { continue };
        // A correction that does not say when it became known says that it was known all along.
        let silent = line.withdraws.is_none() && line.known == line.date && !line.restates;
        // What was said of a period is a part of what was issued for it, whenever it was said.
        let late = |close: &&Issued| match earned_in(about) {
            Some(of) => overlap(close.period, of) && line.known >= close.on,
            None => close.period.contains(about.date) && (silent || line.known >= close.on),
        };
        let parties = concerned(terms, fact);
        let Some(close) = closes
            .iter()
            .filter(late)
            .find(|close| parties.contains(&close.party) && !restated(terms, close.party, number))
        else {
            continue;
        };
        let owner = terms.parties.get(close.party.index()).map_or("", |party| &*party.name);
        let message = format!("this changes what `{owner}` issued for {}, and nothing says how", close.period);
        let what = if line.withdraws.is_some() { "takes back" } else { "replaces" };
        let error = Diagnostic::new(Code::IssuedPeriod, line.span, message);
        let error = error.label(format!("{what} a fact of {}", about.date));
        let error = error.also(close.span, format!("issued on {}", close.on)).also(about.span, "the fact");
        let id = line.id.clone().map_or_else(|| "ID".to_owned(), |id| id.to_string());
        found.push(error.help(format!(
            "an error is restated: `DATE restate {owner} PERIOD for {id}`; known before the issue: `known DATE`; a change of estimate: a line of the day it was made"
        )));
    }
    found
}

fn restated(terms: &Terms, by: PartyId, id: LineId) -> bool {
    let names = |fact: &Fact| match fact {
        Fact::Restate { party, lines, .. } => *party == by && lines.contains(&id),
        _ => false,
    };
    terms.lines.iter().filter_map(|line| line.fact.as_ref()).any(names)
}

/// The parties whose books a fact can reach.
fn concerned(terms: &Terms, fact: &Fact) -> BTreeSet<PartyId> {
    let supply = |id: &crate::terms::SupplyId| terms.supplies.get(id.index()).map(|supply| supply.contract);
    let tranche = |id: &crate::terms::TrancheId| terms.tranches.get(id.index()).and_then(|t| terms.contract_of(t));
    let issuer = |id: &ClassId| terms.classes.get(id.index()).map(|class| class.issuer);
    let contract = match fact {
        Fact::Supply { supply: id, .. }
        | Fact::Refund { supply: id, .. }
        | Fact::Progress { supply: id, .. }
        | Fact::Modify { supply: id, .. } => supply(id),
        Fact::Estimate { variable, .. } | Fact::Charge { variable, .. } => {
            terms.variables.get(variable.index()).map(|variable| variable.contract)
        }
        Fact::Attest { tranches, .. } | Fact::Judge { tranches, .. } => tranches.first().and_then(tranche),
        Fact::Exercise { tranche: id, .. }
        | Fact::Call { tranche: id, .. }
        | Fact::Fund { tranche: id, .. }
        | Fact::Draw { tranche: id, .. }
        | Fact::Repay { tranche: id, .. } => tranche(id),
        Fact::Supersede { contract, .. } | Fact::Terminate { contract } => Some(*contract),
        Fact::Open { party, .. } | Fact::Adopt { party, .. } => return BTreeSet::from([*party]),
        Fact::Flow { flow, .. } => {
            let flow = terms.flows.get(flow.index());
            return flow.into_iter().flat_map(|flow| [flow.from, flow.to]).flatten().collect();
        }
        Fact::Earnings(earnings) => return issuer(&earnings.class).into_iter().collect(),
        Fact::Price { of: Quoted::Close(class), .. } => return issuer(class).into_iter().collect(),
        Fact::Split { class, .. } => return issuer(class).into_iter().collect(),
        _ => None,
    };
    contract.into_iter().flat_map(|contract| terms.parties_of(contract)).collect()
}
