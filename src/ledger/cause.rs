//! Why an entry was made.

use std::sync::Arc;

use crate::terms::{Basis, LineId};

/// Something an entry follows from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parent {
    /// A ledger line.
    Line(LineId),
    /// An earlier outcome of the run, by its number.
    Outcome(u32),
    /// A term of a contract, by its path, such as an expiry date or a gate that was met.
    Term(Arc<str>),
}

/// The full cause of an entry: by stable paths and numbers, never by text position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The clause that ordered it: `amd_openai.penny.T2`, `amd_openai.instinct.pays.2`.
    pub clause: Arc<str>,
    /// The posting rule, in a book.
    pub rule: Option<Arc<str>>,
    /// Everything it follows from.
    pub parents: Vec<Parent>,
    /// As sure as the least sure parent.
    pub basis: Basis,
}
