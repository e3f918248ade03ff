//! What a warrant says beyond number, price and time, and lines about shares: cheaper issues, conversions, holders, control.

use std::sync::Arc;

use super::{ClassId, Formula, PartyId, ShareCount, TrancheId, WarrantId};
use crate::base::Span;
use crate::num::{Mode, Number, Rounding};

/// Clauses of a warrant about what may become of it; most have none.
#[derive(Clone, Debug, Default)]
pub struct Equity {
    /// The strike follows issues below it.
    pub cheaper: Option<CheaperIssues>,
    /// An adjusted strike is a multiple of this, rounded so.
    pub step: Option<(Number, Mode)>,
    /// What becomes of a fraction of a share.
    pub fractions: Fractions,
    /// To whom rights may be given; nobody knows when absent.
    pub transfer: Option<Transfer>,
    /// What a change of control of the issuer does.
    pub control: Option<OnControl>,
    /// The ownership cap may rise to this, so many days after notice.
    pub raise: Option<(Number, i64)>,
    /// Dividends on the class are paid on the rights too; true where losses are shared as well.
    pub participates: Option<bool>,
}

/// What a change of control of the issuer does to rights that have not vested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnControl {
    /// All vest.
    VestsAll,
    /// So many vest, in the order of the tranches, that this share of all has vested.
    VestsTo(Number),
    /// Tranches vest whose tests of prices hold at the price paid.
    VestsByPrice,
    /// They are forfeited.
    Forfeits,
}

/// To whom rights may be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// Anyone.
    Freely,
    /// Those of these groups.
    To(Vec<Arc<str>>),
    /// Nobody.
    Never,
}

/// Anti-dilution: the strike after shares were issued below it.
#[derive(Clone, Debug)]
pub struct CheaperIssues {
    /// Issues of these classes, each share counted as one.
    pub of: Vec<ClassId>,
    /// How the strike follows.
    pub by: PriceProtection,
    /// The number of rights grows as the strike falls.
    pub number: bool,
    /// Groups of `issue … as GROUP`, and paths of investments, that change nothing.
    pub except: Vec<Arc<str>>,
    /// Where.
    pub span: Span,
}

/// How a strike follows a cheaper issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceProtection {
    /// To the price of the issue.
    FullRatchet,
    /// `strike × (A + B) / (A + C)`: A shares before, C new ones, B what the same money buys at the strike.
    WeightedAverage(ShareCount),
}

/// What becomes of a fraction of a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fractions {
    /// Dropped.
    #[default]
    Down,
    /// To the nearest whole, halves up.
    Nearest,
    /// Of an exercise paid at the close of the day; of rights dropped.
    Cash,
}

impl Fractions {
    /// As written.
    pub const ALL: &'static [(Self, &'static str)] =
        &[(Self::Down, "down"), (Self::Nearest, "nearest"), (Self::Cash, "cash")];

    /// Rounding to whole shares.
    #[must_use]
    pub const fn rounding(self) -> Rounding {
        match self {
            Self::Nearest => Rounding { places: 0, mode: Mode::HalfUp },
            Self::Down | Self::Cash => Rounding::WHOLE_DOWN,
        }
    }
}

/// What a line says about shares or rights outside exercise.
#[derive(Clone, Debug, PartialEq)]
pub enum EquityFact {
    /// The shares that the articles allow, from this day on.
    Authorise {
        /// Of which class.
        class: ClassId,
        /// How many in all.
        shares: Formula,
    },
    /// Shares of a class become shares of another.
    Convert {
        /// Which.
        from: ClassId,
        /// What they become.
        into: ClassId,
        /// Shares after.
        new: Number,
        /// For shares before.
        old: Number,
        /// So many; all of the class when absent.
        shares: Option<Formula>,
        /// Whose; holders without a name when absent and not all are converted.
        by: Option<PartyId>,
    },
    /// Rights pass to another holder.
    Assign {
        /// Of these tranches.
        tranches: Vec<TrancheId>,
        /// So many; all when absent.
        shares: Option<Formula>,
        /// From whom; the holder of the contract when absent.
        from: Option<PartyId>,
        /// To whom.
        to: PartyId,
        /// As which group.
        group: Option<Arc<str>>,
        /// What is paid for them.
        price: Option<Formula>,
    },
    /// The owner of an issuer changes.
    Control {
        /// Of which.
        party: PartyId,
        /// What is paid a share.
        price: Option<Formula>,
    },
    /// Rights end: for want of what the contract asks, or by agreement.
    Forfeit {
        /// Of these tranches.
        tranches: Vec<TrancheId>,
        /// Vested ones too.
        all: bool,
        /// By agreement.
        cancelled: bool,
    },
    /// A holder gives notice of another ownership cap.
    Notice {
        /// Under which warrant.
        warrant: WarrantId,
        /// A part of the class.
        cap: Number,
    },
    /// Shares kept for other purposes than the warrants here, from this day on.
    Reserve {
        /// Of which class.
        class: ClassId,
        /// How many in all.
        shares: Formula,
    },
}

impl EquityFact {
    /// The class it is about.
    #[must_use]
    pub const fn class(&self) -> Option<ClassId> {
        match self {
            Self::Authorise { class, .. } | Self::Reserve { class, .. } | Self::Convert { from: class, .. } => {
                Some(*class)
            }
            _ => None,
        }
    }

    /// The tranches it is about.
    #[must_use]
    pub fn tranches(&self) -> &[TrancheId] {
        match self {
            Self::Assign { tranches, .. } | Self::Forfeit { tranches, .. } => tranches,
            _ => &[],
        }
    }
}
