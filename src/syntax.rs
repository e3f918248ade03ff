//! Text to tree and back. Parsing never fails: it returns a tree and diagnostics.
//!
//! This folder knows no meaning: it does not know `terms`, and names are only names.

pub mod ast;
