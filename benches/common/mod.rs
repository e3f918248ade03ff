//! What the benches share.

pub mod portfolio;
