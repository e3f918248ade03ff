//! Why a number is what it is: walked from the figure to literals in rule files, lines in ledger files, assumptions.

pub mod cash;
pub mod change;
mod covenant;
pub mod derivation;
mod holding;
pub mod made;
mod matter;
mod model;
mod outcomes;
pub mod shares;
pub mod steps;
pub mod tell;
pub mod words;

pub use derivation::{Alternative, Derivation, Explanation};
pub use tell::{derive, explain};
