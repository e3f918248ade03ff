//! How a number loses digits: to how many places, and which way.

/// Which neighbour is taken when a number lies between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// To the nearest; halves away from zero.
    HalfUp,
    /// To the nearest; halves to the even digit.
    HalfEven,
    /// Toward zero.
    Down,
    /// Away from zero.
    Up,
    /// Toward minus infinity.
    Floor,
    /// Toward plus infinity.
    Ceiling,
}

/// A number of decimal places and a way to get there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rounding {
    /// Decimal places kept; more than 28 means 28.
    pub places: u32,
    /// Which neighbour is taken.
    pub mode: Mode,
}

/// What a division leaves over, against half of the last place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    Nothing,
    BelowHalf,
    Half,
    AboveHalf,
}

impl Mode {
    const NAMES: [(Self, &'static str); 6] = [
        (Self::HalfUp, "half_up"),
        (Self::HalfEven, "half_even"),
        (Self::Down, "down"),
        (Self::Up, "up"),
        (Self::Floor, "floor"),
        (Self::Ceiling, "ceiling"),
    ];

    /// The mode of this name: `half_up`, `half_even`, `down`, `up`, `floor`, `ceiling`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, n)| *n == name).map(|(m, _)| *m)
    }

    /// The name [`Mode::parse`] reads.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(m, _)| *m == self).map_or("", |(_, n)| n)
    }

    /// Whether a magnitude whose last kept digit is `odd` goes up by one in the last place.
    pub(super) fn away_from_zero(self, negative: bool, odd: bool, rest: Rest) -> bool {
        rest != Rest::Nothing
            && match self {
                Self::HalfUp => rest != Rest::BelowHalf,
                Self::HalfEven => rest == Rest::AboveHalf || (rest == Rest::Half && odd),
                Self::Down => false,
                Self::Up => true,
                Self::Floor => negative,
                Self::Ceiling => !negative,
            }
    }
}

impl Rounding {
    /// Two places, halves away from zero.
    pub const CENTS: Self = Self::new(2, Mode::HalfUp);
    /// Whole units, toward zero.
    pub const WHOLE_DOWN: Self = Self::new(0, Mode::Down);
    /// Whole units, halves away from zero.
    pub const WHOLE_HALF_UP: Self = Self::new(0, Mode::HalfUp);

    /// A rounding to `places` decimal places.
    #[must_use]
    pub const fn new(places: u32, mode: Mode) -> Self {
        Self { places, mode }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for (mode, name) in Mode::NAMES {
            assert_eq!(Mode::parse(name), Some(mode));
            assert_eq!(mode.name(), name);
        }
        assert_eq!(Mode::parse("nearest"), None);
    }
}
