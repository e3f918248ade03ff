//! Policies of a book: named choices, and shares of which a party may choose any.

use std::sync::Arc;

use super::Cite;
use crate::base::Span;

/// A named choice.
#[derive(Clone, Debug)]
pub struct Policy {
    /// `attribution`
    pub name: Arc<str>,
    /// `own_band`, `single_pool`
    pub choices: Vec<Arc<str>>,
    /// Its paragraph.
    pub cite: Option<Cite>,
    /// Where.
    pub span: Span,
}

impl Policy {
    /// Whether it is a share of something, of which the book states the usual one and a party may choose any.
    #[must_use]
    pub fn is_share(&self) -> bool {
        self.choices.first().is_some_and(|choice| choice.ends_with('%'))
    }

    /// Whether a party may choose this.
    #[must_use]
    pub fn takes(&self, choice: &Arc<str>) -> bool {
        self.choices.contains(choice) || self.is_share() && choice.ends_with('%')
    }
}
