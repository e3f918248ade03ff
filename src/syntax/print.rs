//! Tokens and trees back to text.

mod layout;
mod value;

pub use layout::format;
pub use value::expr;

#[cfg(test)]
mod tests;
