//! The one test crate. Expected figures come from a source or an independent calculation, never from the program.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at once")]

mod architecture;
mod awards;
mod books;
mod cash;
mod cli;
mod common;
mod conformance;
mod consideration;
mod deals;
mod debt;
mod disk;
mod docs;
mod eps;
mod equity;
mod errors;
mod forks;
mod found;
mod group;
mod hostile;
mod investments;
mod journals;
mod judgements;
mod looks;
mod measurement;
mod mockup;
mod mutations;
mod openings;
mod probe;
mod rates;
mod refusals;
mod schemas;
mod statements;
mod stories;
mod twin;
mod vectors;
