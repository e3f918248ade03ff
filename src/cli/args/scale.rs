//! In which scale people see amounts.

use clap::ValueEnum;

/// Scales of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Scale {
    /// As they are, with cents
    Units,
    /// Thousands
    K,
    /// Millions
    M,
    /// Billions
    Bn,
}

impl Scale {
    /// Shown divided by ten to this power.
    pub const fn power(self) -> u32 {
        match self {
            Self::Units => 0,
            Self::K => 3,
            Self::M => 6,
            Self::Bn => 9,
        }
    }
}
