//! Operating lines as dated payments: which version, moved and scaled by scenarios, split over days, grown by steps.

use std::collections::BTreeMap;

use super::Inputs;
use super::inputs::InputLine;
use super::step::Fault;
use crate::num::{self, Allocation, Number, Rounding, Unit, allocate};
use crate::terms::{Assumptions, Basis, Fact, Flow, FlowAmount, FlowId, Line, LineId, Support, Terms, Value};
use crate::time::Date;

/// What a run makes of an operating line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The version of its amounts: a position among its series; `None` if the line is left out.
    pub series: Option<usize>,
    /// Every payment is this many days later.
    pub days: i64,
    /// Every amount is multiplied by this.
    pub scale: Number,
}

impl Default for Chosen {
    fn default() -> Self {
        Self { series: Some(0), days: 0, scale: Number::ONE }
    }
}

/// One payment of an operating line: its day, what it comes to, and the amount it follows from.
pub type Payment<'t> = (Date, Value, &'t FlowAmount);

/// The payments of a version of an operating line, in order of the text.
///
/// The stated amount is scaled and rounded to the minor unit, half up. An amount of a period is split so that the parts
/// add up to it: running totals are rounded. An amount that grows is rounded at every step, and grows on from there.
///
/// # Errors
/// Overflow.
pub fn payments<'t>(
    assumptions: &impl Assumptions,
    flow: &'t Flow,
    series: usize,
    chosen: &Chosen,
) -> Result<Vec<Payment<'t>>, num::Fault> {
    let rounding = Rounding { places: Unit::of(&flow.currency).precision().unwrap_or(2), ..Rounding::CENTS };
    let mut found = Vec::new();
    for amount in flow.series.get(series).into_iter().flat_map(|series| &series.amounts) {
        let stated = amount.amount.value(assumptions)?.map(|n| Ok(n.times(chosen.scale)?.round(rounding)))?;
        let growth = amount.growth.as_ref().map(|rate| rate.value(assumptions)).transpose()?;
        let parts: Vec<Value> = match stated {
            Value::Missing(_) => amount.days.iter().map(|_| stated.clone()).collect(),
            Value::Known(whole) if amount.split => {
                let count = u32::try_from(amount.days.len()).map_err(|_| num::Fault::Overflow)?;
                let parts = allocate(whole, count, Allocation::CumulativeRounding, rounding.places)?;
                parts.into_iter().map(Value::Known).collect()
            }
            Value::Known(level) => grown(level, growth.as_ref(), &amount.days, rounding)?,
        };
        let days = amount.days.iter().map(|(day, _)| day.plus_days(chosen.days));
        found.extend(days.zip(parts).map(|(day, value)| (day, value, amount)));
    }
    Ok(found)
}

fn grown(
    level: Number,
    growth: Option<&Value>,
    days: &[(Date, u32)],
    rounding: Rounding,
) -> Result<Vec<Value>, num::Fault> {
    let (mut level, mut steps) = (level, 0);
    let mut found = Vec::with_capacity(days.len());
    for (_, wanted) in days {
        match growth {
            Some(Value::Missing(names)) if *wanted > 0 => {
                found.push(Value::Missing(names.clone()));
                continue;
            }
            Some(Value::Known(rate)) => {
                while steps < *wanted {
                    level = level.times(Number::ONE.plus(*rate)?)?.round(rounding);
                    steps += 1;
                }
            }
            _ => {}
        }
        found.push(Value::Known(level));
    }
    Ok(found)
}

/// The version a run uses: the one chosen if it was known, else the first that was; none if the line was not known.
pub(super) fn version(flow: &Flow, chosen: usize, known_by: Option<Date>) -> Option<usize> {
    let visible = |known: Date| known_by.is_none_or(|day| known <= day);
    let seen = |at: &usize| flow.series.get(*at).is_some_and(|series| visible(series.known));
    Some(chosen).filter(|_| visible(flow.known)).and_then(|chosen| {
        let others = 0..flow.series.len();
        std::iter::once(chosen).chain(others).find(seen)
    })
}

/// Adds a forecast line for every payment that is still expected: those after the last actual payment of the line.
pub(super) fn expand(terms: &Terms, inputs: &mut Inputs, added: &mut u32) -> Result<(), Fault> {
    let mut paid: BTreeMap<FlowId, Date> = BTreeMap::new();
    for line in inputs.lines.iter().filter(|line| line.line.basis == Basis::Actual) {
        if let Some(Fact::Flow { flow, amount, .. }) = &line.line.fact
            && inputs.quantity(line, amount).ok().and_then(|n| n.known()).is_some_and(Number::is_positive)
        {
            let last = paid.entry(*flow).or_insert(line.line.date);
            *last = line.line.date.max(*last);
        }
    }
    let mut lines = Vec::new();
    for (id, flow) in (0u32..).map(FlowId).zip(&terms.flows) {
        let Some(chosen) = inputs.flows.get(id.index()) else { continue };
        let Some(version) = chosen.series else { continue };
        let first = flow.series.get(version).and_then(|s| s.amounts.first()).and_then(|a| a.days.first());
        let fault = |kind| Fault { kind, clause: flow.path.clone(), date: first.map_or(Date::MIN, |(day, _)| *day) };
        let last = paid.get(&id).copied();
        for (date, part, amount) in payments(&*inputs, flow, version, chosen).map_err(fault)? {
            // What is scaled away, or split into less than the minor unit, is no payment.
            if last.is_none_or(|last| date > last) && part != Value::ZERO {
                lines.push(InputLine::new(LineId(*added), expected(id, flow, version, (date, part, amount))));
                *added = added.saturating_add(1);
            }
        }
    }
    inputs.lines.extend(lines);
    Ok(())
}

fn expected(id: FlowId, flow: &Flow, version: usize, (date, part, amount): Payment<'_>) -> Line {
    let series = flow.series.get(version);
    let mut support = Support::default();
    for other in [Some(&amount.support), Some(&amount.amount.support), series.map(|s| &s.support), Some(&flow.support)]
    {
        support.citations.extend(other.into_iter().flat_map(|s| s.citations.iter().cloned()));
        support.assumed.extend(other.into_iter().flat_map(|s| s.assumed.iter().copied()));
    }
    Line {
        id: Some(flow.path.clone()),
        date,
        known: flow.known,
        basis: Basis::Forecast,
        fact: Some(Fact::Flow { flow: id, amount: amount.amount.clone(), part: Some(part) }),
        realises: None,
        corrects: None,
        withdraws: None,
        restates: false,
        support,
        note: series.map(|s| s.name.clone()).filter(|name| !name.is_empty()),
        span: amount.span,
    }
}
