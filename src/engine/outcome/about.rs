//! An outcome, and what it is about.

use std::sync::Arc;

use super::Act;
use crate::ledger::{EntryId, Parent};
use crate::terms::{Basis, StakeId, SupplyId, TrancheId};
use crate::time::Date;

/// Something that legally happened on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The day.
    pub date: Date,
    /// The latest day on which something it follows from became known; books of closed periods catch up then.
    pub known: Date,
    /// What.
    pub act: Act,
    /// The clause that makes it so.
    pub clause: Arc<str>,
    /// What it follows from.
    pub parents: Vec<Parent>,
    /// As sure as the least sure parent.
    pub basis: Basis,
    /// Its entry in the legal ledger, if something moved.
    pub entry: Option<EntryId>,
}

impl Act {
    /// The supply it is about.
    #[must_use]
    pub const fn supply(&self) -> Option<SupplyId> {
        match self {
            Self::Signed { supply }
            | Self::Supplied { supply, .. }
            | Self::Transferred { supply, .. }
            | Self::Billed { supply, .. }
            | Self::Paid { supply, .. }
            | Self::Applied { supply, .. }
            | Self::Refunded { supply, .. }
            | Self::Estimated { supply, .. }
            | Self::Modified { supply, .. }
            | Self::Assessed { supply, .. }
            | Self::RightEnded { supply }
            | Self::Elapsed { supply } => Some(*supply),
            _ => None,
        }
    }

    /// The holding it is about.
    #[must_use]
    pub const fn stake(&self) -> Option<StakeId> {
        match self {
            Self::Holding { stake, .. } => Some(*stake),
            _ => None,
        }
    }

    /// The tranche it is about.
    #[must_use]
    pub const fn tranche(&self) -> Option<TrancheId> {
        match self {
            Self::Granted { tranche, .. }
            | Self::Attested { tranche, .. }
            | Self::Judged { tranche, .. }
            | Self::Vested { tranche, .. }
            | Self::Committed { tranche, .. }
            | Self::Called { tranche, .. }
            | Self::Funded { tranche, .. }
            | Self::Cleared { tranche, .. }
            | Self::Assigned { tranche, .. }
            | Self::Exercised { tranche, .. }
            | Self::PassedThrough { tranche, .. }
            | Self::FeePaid { tranche, .. }
            | Self::Drawn { tranche, .. }
            | Self::CarriedOver { tranche, .. }
            | Self::Reset { tranche, .. }
            | Self::Accrued { tranche, .. }
            | Self::Serviced { tranche, .. }
            | Self::Repaid { tranche, .. }
            | Self::Commenced { tranche }
            | Self::Rented { tranche, .. }
            | Self::Lapsed { tranche, .. } => Some(*tranche),
            _ => None,
        }
    }
}
