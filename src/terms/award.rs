//! Findings about an award: judgements, values of later dates, modifications.

use std::sync::Arc;

use super::Formula;

/// What a dated line found about a tranche or a supply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The performance condition will probably be met, or not.
    Probable(bool),
    /// A choice of a judged account, such as `liability`.
    Account(Arc<str>),
    /// What a right is worth on the day of the line.
    Value(Formula),
    /// The measurement stands from this day on: at this value, or at the last one stated.
    Measured(Option<Formula>),
    /// An estimate that the book declares, such as the share charged at once.
    Estimate(Arc<str>, Formula),
    /// The purchases expected to earn it: where its band ends from this day on.
    Expected(Formula),
    /// Which of the outcomes with a value of their own came true.
    Outcome(Arc<str>),
    /// Its terms were changed.
    Modified(Box<Modification>),
    /// Its holder is a customer no more: it is a warrant like any other from this day on.
    Left(Box<Left>),
    /// What the customer owes will probably be collected, or not: whether there is a contract to account for.
    Collectible(bool),
    /// What is left of what was paid under a contract is to be given back, or not.
    Refundable(bool),
}

/// How an award leaves share-based payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// `equity` or `liability`
    pub word: Arc<str>,
    /// What a right is worth on that day.
    pub value: Option<Formula>,
}

/// A change of an award's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modification {
    /// By whether vesting was probable before and after.
    pub kind: ModificationType,
    /// What a right was worth just before and just after; nothing was added if it is not said.
    pub values: Option<(Formula, Formula)>,
    /// The condition of vesting was waived: what is locked vests.
    pub waived: bool,
}

/// Types of modification (ASC 718-20-55-111 to 55-118).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModificationType {
    /// Probable before and after.
    I,
    /// Probable before, improbable after.
    II,
    /// Improbable before, probable after.
    III,
    /// Improbable before and after.
    IV,
}

impl ModificationType {
    /// As written.
    pub const ALL: &'static [(Self, &'static str)] =
        &[(Self::I, "I"), (Self::II, "II"), (Self::III, "III"), (Self::IV, "IV")];

    /// As written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::I => "I",
            Self::II => "II",
            Self::III => "III",
            Self::IV => "IV",
        }
    }

    /// Whether the award is measured anew: nothing of the original value will be recognised.
    #[must_use]
    pub const fn replaces(self) -> bool {
        matches!(self, Self::III | Self::IV)
    }
}
