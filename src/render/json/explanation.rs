//! The shape of an explanation.

use serde::Serialize;

#[cfg(test)]
use super::schema;
use super::{Amount, VERSION};
use crate::base::Sources;
use crate::explain::{Alternative, Derivation, Explanation};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Page<'a> {
    version: u32,
    answer: &'a str,
    tree: Node<'a>,
    did_not_matter: &'a [String],
    tested: &'a [String],
    would_change: Vec<Other<'a>>,
    assumptions: Vec<Assumed<'a>>,
    sum: Option<Sum<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Assumed<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Other<'a> {
    what: &'a str,
    change: Amount<'a>,
    /// `null` for a step that may be taken any number of times.
    total: Option<Amount<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Sum<'a> {
    parts: Amount<'a>,
    cell: Amount<'a>,
    /// `null` when an undisclosed term leaves it open.
    equal: Option<bool>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Node<'a> {
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Amount<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cite: Option<Cite<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    sources: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<schema::BasisWord>"))]
    basis: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Node<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Cite<'a> {
    reference: &'a str,
    verified: bool,
}

pub(super) fn explanation<'a>(explanation: &'a Explanation, sources: &Sources) -> Page<'a> {
    Page {
        version: VERSION,
        answer: &explanation.answer,
        tree: node(&explanation.tree, sources),
        did_not_matter: &explanation.did_not_matter,
        tested: &explanation.branches,
        would_change: explanation.would_change.iter().map(other).collect(),
        assumptions: explanation.assumptions.iter().map(|(name, value)| Assumed { name, value }).collect(),
        sum: explanation.sum.as_ref().map(|(parts, cell, unit)| Sum {
            parts: Amount::new(parts, unit, None),
            cell: Amount::new(cell, unit, None),
            equal: parts.known().zip(cell.known()).map(|(a, b)| a == b),
        }),
    }
}

fn other(alternative: &Alternative) -> Other<'_> {
    let exact = |number| Amount::exact(number, &alternative.unit);
    Other { what: &alternative.what, change: exact(alternative.change), total: alternative.total.map(exact) }
}

fn node<'a>(derivation: &'a Derivation, sources: &Sources) -> Node<'a> {
    Node {
        label: &derivation.label,
        amount: derivation.amount.as_ref().map(|(value, unit)| Amount::new(value, unit, None)),
        rule: derivation.rule.as_deref(),
        cite: derivation.cite.as_ref().map(|(reference, verified)| Cite { reference, verified: *verified }),
        place: derivation.place.map(|span| sources.place(span)),
        sources: &derivation.sources,
        basis: derivation.certainty.map(crate::terms::Basis::word),
        parts: derivation.parts.iter().map(|part| node(part, sources)).collect(),
    }
}
