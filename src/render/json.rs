//! Reports, explanations, facts and diagnostics for other programs.
//!
//! Numbers are decimal strings with every digit and no scale, beside their unit; fields stand in a fixed order; fields
//! are only added, and `version` grows when one changes its meaning.

mod explanation;
mod problem;
mod report;
#[cfg(test)]
pub(crate) mod schema;

use serde::Serialize;

use crate::base::{Diagnostics, Sources};
use crate::explain::Explanation;
use crate::num::{Number, Unit};
use crate::report::Report;
use crate::terms::{Basis, Value};

/// The version of everything written here.
const VERSION: u32 = 1;

/// A report.
#[must_use]
pub fn report(report: &Report) -> String {
    text(&report::report(report))
}

/// An explanation, with spans turned into places.
#[must_use]
pub fn explanation(explanation: &Explanation, sources: &Sources) -> String {
    text(&explanation::explanation(explanation, sources))
}

/// Facts, each an object of [`crate::report::rows::COLUMNS`].
#[must_use]
pub fn facts(rows: &[[String; 9]]) -> String {
    text(&report::facts(rows))
}

/// Diagnostics, with places counted from 1.
#[must_use]
pub fn diagnostics(sources: &Sources, diagnostics: &Diagnostics) -> String {
    text(&problem::problems(sources, diagnostics))
}

fn text(value: &impl Serialize) -> String {
    // Plain data with text keys: writing it into memory cannot fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// A number with its unit, or what it lacks.
///
/// `value` is exact, a decimal in a string, without a scale; `null` if an undisclosed term leaves nothing of it. `missing`
/// names such terms; beside a value, that is the known part of a total.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Amount<'a> {
    value: Option<String>,
    unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<schema::BasisWord>"))]
    basis: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<&'a str>,
}

impl<'a> Amount<'a> {
    fn new(value: &'a Value, unit: &Unit, basis: Option<Basis>) -> Self {
        let missing = match value {
            Value::Known(_) => Vec::new(),
            Value::Missing(paths) => paths.iter().map(AsRef::as_ref).collect(),
        };
        Self {
            value: value.known().map(|n| n.to_string()),
            unit: unit.to_string(),
            basis: basis.map(Basis::word),
            missing,
        }
    }

    fn exact(number: Number, unit: &Unit) -> Self {
        Self { value: Some(number.to_string()), unit: unit.to_string(), basis: None, missing: Vec::new() }
    }
}
