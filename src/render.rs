//! Bytes from data. Nothing is computed here beyond column widths, scaling and rounding for display.
//!
//! Every function is pure: the same data and the same [`Style`] give the same bytes.

mod amount;
mod ink;
mod name;
mod table;
mod wrap;

pub mod csv;
pub mod derivation;
pub mod diagnostic;
pub mod errors_doc;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub mod plaintext_journal;
pub mod text;
pub mod timeline;
pub mod trial;
pub mod workpaper;

#[cfg(test)]
mod tests;

/// How wide and whether in colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Characters a line may have; [`Style::DEFAULT_WIDTH`] when not stated.
    pub width: Option<usize>,
    /// Whether terminal colours are written. They never carry a meaning of their own.
    pub color: bool,
}

impl Style {
    /// The width of a page that nobody measured.
    pub const DEFAULT_WIDTH: usize = 160;
    /// Narrower than this nothing is legible; smaller widths count as this.
    const NARROWEST: usize = 40;

    /// The width to write within.
    fn page(&self) -> usize {
        self.width.unwrap_or(Self::DEFAULT_WIDTH).max(Self::NARROWEST)
    }
}
