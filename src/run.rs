//! The day loop: the legal ledger and the books step together, and every day on which something happened keeps a version.

pub mod closed;
mod dispatch;
mod fork;
mod index;
pub mod replay;

pub use closed::Closed;
pub use replay::{Replay, Version};
