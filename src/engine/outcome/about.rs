//! What an outcome is about.

use super::Act;
use crate::terms::{StakeId, SupplyId, TrancheId};

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
