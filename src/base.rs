//! What every layer shares: where text came from, and how something wrong with it is said.

pub mod code;
pub mod diagnostic;
pub mod limits;
pub mod source;
pub mod span;
pub mod suggest;

pub use code::Code;
pub use diagnostic::{Diagnostic, Diagnostics, Fix, Severity};
pub use source::{SourceId, Sources};
pub use span::Span;
