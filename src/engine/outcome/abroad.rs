//! Cash in other currencies.

use std::sync::Arc;

use crate::num::Number;
use crate::terms::PartyId;

/// Cash in another currency at the rate of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revalued {
    /// Whose.
    pub party: PartyId,
    /// In which currency.
    pub currency: Arc<str>,
    /// What the rate made of it, in the party's own currency: more, or less.
    pub change: Number,
}
