//! The day loop: the legal ledger steps through time, every day on which something happened keeps a version, and each
//! party's book takes in what concerns it.

pub mod books;
pub mod closed;
mod dispatch;
mod fork;
mod index;
pub mod replay;
mod standards;

pub use books::BookDays;
pub use closed::Closed;
pub use index::Claims;
pub use replay::{Replay, Version};
