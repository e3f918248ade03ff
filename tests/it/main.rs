//! Tests over the whole crate.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod stories;
mod twin;
