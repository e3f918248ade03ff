//! What a contract says no to. Checks come first and in this order; a refused line changes nothing.

use std::sync::Arc;

use crate::terms::LineId;
use crate::time::Date;

/// Why a line was refused, by code. Which is given if several apply is said in docs/SEMANTICS.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalKind {
    /// The contract has ended.
    ContractEnded,
    /// Before the contract was signed.
    BeforeSigning,
    /// After the instrument expired.
    AfterExpiry,
    /// A quantity that is undisclosed or not positive.
    NoQuantity,
    /// Ordered above the commitment.
    OrderAboveCommitment,
    /// Delivered above the commitment.
    DeliveryAboveCommitment,
    /// Delivered above what was ordered, where payment hangs on orders.
    DeliveryAboveOrder,
    /// Accepted above what was delivered.
    AcceptanceAboveDelivery,
    /// A way of exercise the warrant does not allow.
    ExerciseManner,
    /// Exercised before vesting.
    ExerciseBeforeVesting,
    /// Exercised before the exercise conditions were met.
    ExerciseBeforeClearing,
    /// Exercised above what is exercisable.
    ExerciseAboveCleared,
    /// The exercise price is undisclosed.
    NoStrike,
    /// Net exercise, or payment in shares, on a day without a price.
    NoPrice,
    /// Net exercise at or below the exercise price.
    OutOfTheMoney,
    /// More shares than are authorised.
    AboveAuthorised,
    /// More of the class than the holder may own.
    AboveOwnershipCap,
    /// A call of a tranche that its condition calls.
    CallNotChosen,
    /// Called before the condition is met.
    CallBeforeCondition,
    /// Called above what is left to call.
    CallAboveCommitment,
    /// Funded above what is called.
    FundAboveCalled,
    /// A valuation that is not above zero.
    NoValuation,
    /// More shares held than there are.
    HeldAboveIssued,
    /// Progress that is less than before.
    ProgressFalls,
    /// A changed price where all was billed or has passed.
    NothingLeft,
    /// More given back than was paid.
    RefundAbovePaid,
    /// Drawn above what is undrawn.
    DrawAboveCommitment,
    /// Drawn when nothing was available.
    DrawOutsideAvailability,
    /// Drawn before the condition is met.
    DrawBeforeCondition,
    /// Repaid above what is outstanding.
    RepayAboveOutstanding,
    /// Rights given to somebody to whom the contract does not allow it.
    NotTransferable,
    /// More rights given than there are.
    TransferAboveHeld,
    /// More shares converted than there are.
    ConvertAboveHeld,
    /// A cap on ownership above what it may rise to.
    CapAboveMost,
    /// Rights taken back where none are left.
    NothingToForfeit,
    /// An award that leaves share-based payment before it has vested.
    LeavesUnvested,
    /// An award that has left share-based payment is modified.
    ModifiesLeft,
    /// Something about shares that are not held.
    NothingHeld,
}

impl RefusalKind {
    /// All, by code.
    pub const ALL: &'static [Self] = &[
        Self::ContractEnded,
        Self::BeforeSigning,
        Self::AfterExpiry,
        Self::NoQuantity,
        Self::OrderAboveCommitment,
        Self::DeliveryAboveCommitment,
        Self::DeliveryAboveOrder,
        Self::AcceptanceAboveDelivery,
        Self::ExerciseManner,
        Self::ExerciseBeforeVesting,
        Self::ExerciseBeforeClearing,
        Self::ExerciseAboveCleared,
        Self::NoStrike,
        Self::NoPrice,
        Self::OutOfTheMoney,
        Self::AboveAuthorised,
        Self::AboveOwnershipCap,
        Self::CallNotChosen,
        Self::CallBeforeCondition,
        Self::CallAboveCommitment,
        Self::FundAboveCalled,
        Self::NoValuation,
        Self::HeldAboveIssued,
        Self::ProgressFalls,
        Self::NothingLeft,
        Self::RefundAbovePaid,
        Self::DrawAboveCommitment,
        Self::DrawOutsideAvailability,
        Self::DrawBeforeCondition,
        Self::RepayAboveOutstanding,
        Self::NotTransferable,
        Self::TransferAboveHeld,
        Self::ConvertAboveHeld,
        Self::CapAboveMost,
        Self::NothingToForfeit,
        Self::LeavesUnvested,
        Self::ModifiesLeft,
        Self::NothingHeld,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ContractEnded => "R01",
            Self::BeforeSigning => "R02",
            Self::AfterExpiry => "R03",
            Self::NoQuantity => "R04",
            Self::OrderAboveCommitment => "R05",
            Self::DeliveryAboveCommitment => "R06",
            Self::DeliveryAboveOrder => "R07",
            Self::AcceptanceAboveDelivery => "R08",
            Self::ExerciseManner => "R09",
            Self::ExerciseBeforeVesting => "R10",
            Self::ExerciseBeforeClearing => "R11",
            Self::ExerciseAboveCleared => "R12",
            Self::NoStrike => "R13",
            Self::NoPrice => "R14",
            Self::OutOfTheMoney => "R15",
            Self::AboveAuthorised => "R16",
            Self::AboveOwnershipCap => "R23",
            Self::CallNotChosen => "R17",
            Self::CallBeforeCondition => "R18",
            Self::CallAboveCommitment => "R19",
            Self::FundAboveCalled => "R20",
            Self::NoValuation => "R21",
            Self::HeldAboveIssued => "R22",
            Self::ProgressFalls => "R24",
            Self::NothingLeft => "R25",
            Self::RefundAbovePaid => "R44",
            Self::DrawAboveCommitment => "R40",
            Self::DrawOutsideAvailability => "R41",
            Self::DrawBeforeCondition => "R42",
            Self::RepayAboveOutstanding => "R43",
            Self::NotTransferable => "R31",
            Self::TransferAboveHeld => "R32",
            Self::ConvertAboveHeld => "R33",
            Self::CapAboveMost => "R34",
            Self::NothingToForfeit => "R35",
            Self::LeavesUnvested => "R36",
            Self::ModifiesLeft => "R37",
            Self::NothingHeld => "R26",
        }
    }

    /// In words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ContractEnded => "the contract has ended",
            Self::BeforeSigning => "before the contract was signed",
            Self::AfterExpiry => "after the instrument expired",
            Self::NoQuantity => "the quantity is undisclosed or not positive",
            Self::OrderAboveCommitment => "ordered above the commitment",
            Self::DeliveryAboveCommitment => "delivered above the commitment",
            Self::DeliveryAboveOrder => "delivered above what was ordered",
            Self::AcceptanceAboveDelivery => "accepted above what was delivered",
            Self::ExerciseManner => "a way of exercise the warrant does not allow",
            Self::ExerciseBeforeVesting => "exercised before vesting",
            Self::ExerciseBeforeClearing => "exercised before the exercise conditions were met",
            Self::ExerciseAboveCleared => "exercised above what is exercisable",
            Self::NoStrike => "the exercise price is undisclosed",
            Self::NoPrice => "net exercise or payment in shares on a day without a price",
            Self::OutOfTheMoney => "net exercise at or below the exercise price",
            Self::AboveAuthorised => "more shares than are authorised",
            Self::AboveOwnershipCap => "more of the class than the holder may own",
            Self::CallNotChosen => "called by a line where the condition alone calls",
            Self::CallBeforeCondition => "called before its condition is met",
            Self::CallAboveCommitment => "called above what is left to call",
            Self::FundAboveCalled => "funded above what is called and open",
            Self::NoValuation => "a valuation that leaves nothing for the existing shares",
            Self::ProgressFalls => "less progress than there was",
            Self::NothingLeft => "nothing is left whose price could change",
            Self::RefundAbovePaid => "more given back than was paid",
            Self::DrawAboveCommitment => "drawn above what is undrawn",
            Self::DrawOutsideAvailability => "drawn when nothing is available",
            Self::DrawBeforeCondition => "drawn before its condition is met",
            Self::RepayAboveOutstanding => "repaid above what is outstanding",
            Self::NotTransferable => "rights given to whom the contract does not allow it",
            Self::TransferAboveHeld => "more rights given than there are",
            Self::ConvertAboveHeld => "more shares converted than there are",
            Self::CapAboveMost => "an ownership cap above what it may rise to",
            Self::NothingToForfeit => "no right is left that could end",
            Self::LeavesUnvested => "an award that leaves share-based payment without vested rights, or with others",
            Self::ModifiesLeft => "an award modified after it left share-based payment",
            Self::NothingHeld => "no such shares are held",
            Self::HeldAboveIssued => "more shares held than are issued and not held by others",
        }
    }
}

/// A line the contract said no to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The day.
    pub date: Date,
    /// The line.
    pub line: LineId,
    /// Why.
    pub kind: RefusalKind,
    /// The clause that refuses.
    pub clause: Arc<str>,
    /// With the numbers.
    pub detail: Arc<str>,
}
