//! The one test crate. Expected figures come from a source or an independent calculation, never from the program.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at once")]

mod architecture;
mod common;
mod conformance;
mod deals;
mod docs;
mod mockup;
mod mutations;
mod vectors;
