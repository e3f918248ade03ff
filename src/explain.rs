//! Why a number is what it is: walked from the figure to literals in rule files, lines in ledger files, assumptions.

pub mod derivation;

pub use derivation::{Derivation, Explanation};
