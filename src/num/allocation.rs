//! The seven ways to split a quantity into equal parts, as the Open Cap Format names them.

/// Which part gets the units that do not divide evenly.
///
/// Source: Open Cap Format, `AllocationType`. The examples split 18 shares four ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Allocation {
    /// Running totals are rounded half up: 5 4 5 4.
    #[default]
    CumulativeRounding,
    /// Running totals are rounded down: 4 5 4 5.
    CumulativeRoundDown,
    /// One each to the first parts: 5 5 4 4.
    Front,
    /// One each to the last parts: 4 4 5 5.
    Back,
    /// All to the first part: 6 4 4 4.
    FrontToOne,
    /// All to the last part: 4 4 4 6.
    BackToOne,
    /// Fractions are kept: 4.5 4.5 4.5 4.5; the last part takes what ten places cannot say.
    Fractional,
}

impl Allocation {
    /// All seven, in the order of the standard.
    pub const ALL: [Self; 7] = [
        Self::CumulativeRounding,
        Self::CumulativeRoundDown,
        Self::Front,
        Self::Back,
        Self::FrontToOne,
        Self::BackToOne,
        Self::Fractional,
    ];

    /// The allocation of this name, as contracts write it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.name() == name)
    }

    /// The name [`Allocation::parse`] reads.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CumulativeRounding => "cumulative",
            Self::CumulativeRoundDown => "cumulative_down",
            Self::Front => "front",
            Self::Back => "back",
            Self::FrontToOne => "front_to_one",
            Self::BackToOne => "back_to_one",
            Self::Fractional => "fractional",
        }
    }

    /// The name in the Open Cap Format.
    #[must_use]
    pub fn ocf_name(self) -> &'static str {
        match self {
            Self::CumulativeRounding => "CUMULATIVE_ROUNDING",
            Self::CumulativeRoundDown => "CUMULATIVE_ROUND_DOWN",
            Self::Front => "FRONT_LOADED",
            Self::Back => "BACK_LOADED",
            Self::FrontToOne => "FRONT_LOADED_TO_SINGLE_TRANCHE",
            Self::BackToOne => "BACK_LOADED_TO_SINGLE_TRANCHE",
            Self::Fractional => "FRACTIONAL",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for how in Allocation::ALL {
            assert_eq!(Allocation::parse(how.name()), Some(how));
        }
        assert_eq!(Allocation::parse("FRONT_LOADED"), None);
    }
}
