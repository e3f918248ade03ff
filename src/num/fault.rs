//! What arithmetic cannot do.

use std::fmt;

/// A reason why a calculation has no answer that may be booked.
///
/// Callers add the clause and the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The result has more digits before the point than a number holds.
    Overflow,
    /// The result has more digits after the point than a number holds, and nobody stated a rounding.
    Inexact,
    /// A division by zero.
    DivisionByZero,
    /// The legs of an entry do not sum to zero.
    Unbalanced,
    /// A run has more days or outcomes, or a day more steps, than [`limits`](crate::base::limits) allow.
    Endless,
    /// A model of fair value has an input that it cannot use.
    Unmeasured,
}

impl Fault {
    /// All, in order of their codes.
    pub const ALL: &'static [Self] =
        &[Self::Overflow, Self::Inexact, Self::DivisionByZero, Self::Unbalanced, Self::Endless, Self::Unmeasured];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Overflow => "F01",
            Self::Inexact => "F02",
            Self::DivisionByZero => "F03",
            Self::Unbalanced => "F04",
            Self::Endless => "F05",
            Self::Unmeasured => "F06",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overflow => "the result is too large",
            Self::Inexact => "the result is not exact and no rounding is stated",
            Self::DivisionByZero => "division by zero",
            Self::Unbalanced => "the entry does not balance",
            Self::Endless => "the run goes on for too long",
            Self::Unmeasured => "a model of fair value has an input that it cannot use",
        })
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn faults_read_as_words() {
        assert_eq!(Fault::DivisionByZero.to_string(), "division by zero");
        assert_eq!(Fault::Unbalanced.to_string(), "the entry does not balance");
        assert_eq!(Fault::Endless.code(), "F05");
    }
}
