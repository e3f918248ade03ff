//! Assertions of the rule files, tested after the run.

use std::sync::Arc;

use super::fact::lookup;
use crate::base::Span;
use crate::num::{Number, Unit};
use crate::run::Replay;
use crate::terms::{Claim, Compare, Value};

/// What came of an assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// As written.
    pub text: String,
    /// Whether it holds; `None` when an undisclosed term leaves it open.
    pub holds: Option<bool>,
    /// Asserted, computed, difference; or why it could not be tested.
    pub detail: String,
    /// Items of the facts it names.
    pub about: Vec<Arc<str>>,
    /// Where it is written.
    pub span: Span,
}

/// Tests every assertion.
#[must_use]
pub fn asserts(replay: &Replay<'_>) -> Vec<Tested> {
    replay
        .terms
        .assertions
        .iter()
        .map(|assertion| {
            let (holds, detail) = match test(replay, assertion) {
                Ok((Some(holds), detail)) => (Some(holds), detail),
                Ok((None, detail)) => (None, detail),
                Err(detail) => (Some(false), detail),
            };
            let about = [&assertion.left, &assertion.right].into_iter().filter_map(|side| match side {
                Claim::Fact(name) => name.item.clone(),
                Claim::Formula(_) => None,
            });
            Tested { text: assertion.text.to_string(), holds, detail, about: about.collect(), span: assertion.span }
        })
        .collect()
}

fn test(replay: &Replay<'_>, assertion: &crate::terms::Assertion) -> Result<(Option<bool>, String), String> {
    let ((left, unit), (right, other)) = (side(replay, &assertion.left)?, side(replay, &assertion.right)?);
    // `8.2%` is written as a part of one; facts in per cent are counted in hundredths.
    let hundredths = |value: Value, own: &Unit, beside: &Unit| match (own.is_none(), *beside == Unit::of("%")) {
        (true, true) => value.map(|n| n.times(Number::from_int(100))).map_err(|f| f.to_string()),
        _ => Ok(value),
    };
    let (left, right) = (hundredths(left, &unit, &other)?, hundredths(right, &other, &unit)?);
    let unit = if unit.is_none() { other } else { unit };
    let (Some(left), Some(right)) = (left.known(), right.known()) else {
        return Ok((None, "an undisclosed term leaves it open".into()));
    };
    let within = match &assertion.within {
        Some(formula) => replay.inputs.value(formula).map_err(|f| f.to_string())?.known().unwrap_or(Number::ZERO),
        None => Number::ZERO,
    };
    let difference = left.minus(right).map_err(|f| f.to_string())?;
    let order = if difference.abs() <= within { std::cmp::Ordering::Equal } else { left.cmp(&right) };
    let op: Compare = assertion.op;
    let said = |number: Number| format!("{} {unit}", number.grouped()).trim_end().to_owned();
    let detail =
        format!("computed {}, asserted {} {}, difference {}", said(left), op.sign(), said(right), said(difference));
    Ok((Some(op.holds(order)), detail))
}

fn side(replay: &Replay<'_>, claim: &Claim) -> Result<(Value, Unit), String> {
    match claim {
        Claim::Formula(formula) => Ok((replay.inputs.value(formula).map_err(|f| f.to_string())?, formula.unit.clone())),
        Claim::Fact(name) => lookup(replay, name).map(|found| (found.value, found.unit)),
    }
}
