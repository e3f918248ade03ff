//! The tree that `explain` shows.

use std::sync::Arc;

use crate::base::Span;
use crate::num::{Number, Unit};
use crate::terms::{Basis, Value};

/// A node: what it is, how much, by which rule, from where, and of what it is made.
#[derive(Clone, Debug, Default)]
pub struct Derivation {
    /// `AMD contra_revenue, fiscal 2027-Q3`, `0.45 GW delivered inside band 1 to 2 GW`
    pub label: String,
    /// The amount it contributes.
    pub amount: Option<(Value, Unit)>,
    /// The rule, in words or as written: `keep contra_revenue as issuer`.
    pub rule: Option<String>,
    /// The paragraph, and whether it was verified.
    pub cite: Option<(Arc<str>, bool)>,
    /// Where it is written: rule file or ledger file.
    pub place: Option<Span>,
    /// Sources it cites, as `name "place"`.
    pub sources: Vec<String>,
    /// How sure.
    pub certainty: Option<Basis>,
    /// Of what it is made.
    pub parts: Vec<Derivation>,
}

/// What something else would make of the figure.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// `without a judgement on amd_openai.penny.T3`
    pub what: String,
    /// By how much the figure would change.
    pub change: Number,
    /// What it would then be; absent for a step that may be taken any number of times.
    pub total: Option<Number>,
    /// The unit of both.
    pub unit: Unit,
}

/// The whole answer to `explain`.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// The tree.
    pub tree: Derivation,
    /// What was tested and failed, or was not there: `T3 not probable: no judgement`.
    pub branches: Vec<String>,
    /// Inputs of the instrument that are absent from the tree, with the reason.
    pub did_not_matter: Vec<String>,
    /// What other choices would give.
    pub would_change: Vec<Alternative>,
    /// Assumptions the tree rests on: name, value, why.
    pub assumptions: Vec<(Arc<str>, String)>,
    /// `legal` or `book us_gaap`: which of the two answers this is.
    pub answer: String,
    /// The parts added up, and the cell they must equal.
    pub sum: Option<(Value, Value, Unit)>,
}
