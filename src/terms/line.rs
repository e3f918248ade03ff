//! Ledger lines, prices and price paths.

use std::sync::Arc;

use super::{
    ClassId, ContractId, Finding, FlowId, Formula, LineId, PartyId, SupplyId, Support, TrancheId, Treatment, Value,
    VariableId,
};
use crate::base::Span;
use crate::num::Number;
use crate::time::{Date, Period, PeriodName};

/// A dated fact.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name, if it has one.
    pub id: Option<Arc<str>>,
    /// When it is effective.
    pub date: Date,
    /// When it became known.
    pub known: Date,
    /// Actual, forecast or assumed.
    pub basis: Basis,
    /// What happened; `None` for a line that merely withdraws another.
    pub fact: Option<Fact>,
    /// The forecast this makes true, and whether only in part.
    pub realises: Option<(LineId, bool)>,
    /// The line this replaces.
    pub corrects: Option<LineId>,
    /// The line this takes back.
    pub withdraws: Option<LineId>,
    /// It corrects an error of an issued period: books take it in on its own day.
    pub restates: bool,
    /// What it rests on.
    pub support: Support,
    /// A remark.
    pub note: Option<Arc<str>>,
    /// Where.
    pub span: Span,
}

/// How sure a fact is. Ordered: what rests on several is as sure as the least sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// It happened.
    Actual,
    /// It is expected.
    Forecast,
    /// It is assumed.
    Assumed,
}

impl Basis {
    /// As in facts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Actual => "actual",
            Self::Forecast => "forecast",
            Self::Assumed => "assumed",
        }
    }

    /// As marked in tables: nothing, `F`, `A`.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Actual => "",
            Self::Forecast => "F",
            Self::Assumed => "A",
        }
    }
}

/// What a line says. Quantities are in the unit of the supply, money in its currency; both were checked.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// Opening holdings of a party.
    Open {
        /// Whose.
        party: PartyId,
        /// Issued shares of its own class (held by everyone else), as (class, number).
        shares: Vec<(ClassId, Formula)>,
        /// Cash in the party's currency.
        cash: Option<Formula>,
        /// Cash in other currencies, as (currency, amount).
        foreign: Vec<(Arc<str>, Formula)>,
        /// Employee awards outstanding, in shares of the party's first class.
        awards: Option<Formula>,
        /// Those of them that are dilutive by the treasury stock method, as the party states it.
        dilutive_awards: Option<Formula>,
    },
    /// Shares issued outside any contract.
    Issue {
        /// Which.
        class: ClassId,
        /// How many.
        shares: Formula,
        /// What was paid a share.
        price: Option<Formula>,
        /// What is paid for all of them, in cash.
        raised: Option<Formula>,
        /// Who gets them; nobody named when absent.
        to: Option<PartyId>,
        /// Under which name clauses of warrants may except it.
        group: Option<Arc<str>>,
    },
    /// About shares and rights outside exercise.
    Equity(super::EquityFact),
    /// What a party holds of another's shares from this day on, outside any contract.
    Hold {
        /// Who.
        party: PartyId,
        /// Of which shares.
        class: ClassId,
        /// A number of shares, or a part of those issued.
        stake: Formula,
        /// Whether it is a part.
        part: bool,
        /// What is paid for what is bought, or received for what is sold.
        paid: Option<Formula>,
    },
    /// An event of a supply.
    Supply {
        /// Which supply.
        supply: SupplyId,
        /// Order, delivery, acceptance, invoice or payment.
        trigger: super::Trigger,
        /// In the supply's unit; for invoice and payment in its currency.
        quantity: Formula,
        /// Names under which it counts: the buyer or `by` party, and the group.
        by: Vec<Arc<str>>,
    },
    /// How far a supply that passes over time has come.
    Progress {
        /// Which supply.
        supply: SupplyId,
        /// A share of the whole, or an amount of `of`.
        done: Formula,
        /// What the whole takes.
        of: Option<Formula>,
    },
    /// A judgement of a variable amount.
    Estimate {
        /// Which.
        variable: VariableId,
        /// Probability and amount of each outcome.
        outcomes: Vec<(Formula, Formula)>,
        /// The most that can be included without a probable reversal.
        limit: Option<Formula>,
    },
    /// A variable amount becomes payable.
    Charge {
        /// Which.
        variable: VariableId,
        /// How much.
        amount: Formula,
    },
    /// A seller gives back what it was paid.
    Refund {
        /// Under which supply.
        supply: SupplyId,
        /// How much.
        amount: Formula,
    },
    /// A contract is modified.
    Modify {
        /// Which supply.
        supply: SupplyId,
        /// What is added to it.
        quantity: Option<Formula>,
        /// What is added to its price.
        amount: Formula,
        /// How it is accounted for.
        treatment: Treatment,
    },
    /// A gate attested.
    Attest {
        /// For these tranches.
        tranches: Vec<TrancheId>,
        /// What.
        name: Arc<str>,
    },
    /// A judgement.
    Judge {
        /// About these tranches.
        tranches: Vec<TrancheId>,
        /// What was found.
        finding: Finding,
    },
    /// A judgement about supplies.
    Assess {
        /// About these; all of a contract where it is about that.
        supplies: Vec<SupplyId>,
        /// What was found.
        finding: Finding,
    },
    /// An exercise.
    Exercise {
        /// Of which tranche.
        tranche: TrancheId,
        /// How many rights.
        shares: Formula,
        /// Shares kept back instead of cash paid; `None` when the line does not say and the warrant allows one way.
        net: Option<bool>,
        /// By whom; who has rights, when absent.
        by: Option<PartyId>,
    },
    /// A payment under an operating line.
    Flow {
        /// Which.
        flow: FlowId,
        /// As the line or the schedule states it.
        amount: Formula,
        /// What the schedule makes of it on this day; `None` for a line of the ledger.
        part: Option<Value>,
    },
    /// Cash a party must hold from this day on.
    Minimum {
        /// Whose.
        party: PartyId,
        /// In the party's currency.
        amount: Formula,
    },
    /// What a party can still draw from this day on.
    Undrawn {
        /// Whose.
        party: PartyId,
        /// Under which facility.
        facility: Arc<str>,
        /// In the party's currency.
        amount: Formula,
        /// The last day on which it can be drawn.
        until: Option<Date>,
    },
    /// A choice to call money.
    Call {
        /// Which tranche.
        tranche: TrancheId,
        /// How much; all that is left when absent.
        amount: Option<Formula>,
    },
    /// Money paid in.
    Fund {
        /// For which tranche.
        tranche: TrancheId,
        /// How much.
        amount: Formula,
        /// By whom; by all investors in proportion when absent.
        by: Option<PartyId>,
    },
    /// A loan is drawn.
    Draw {
        /// Which.
        tranche: TrancheId,
        /// How much.
        amount: Formula,
    },
    /// A loan is repaid ahead of its day.
    Repay {
        /// Which.
        tranche: TrancheId,
        /// How much.
        amount: Formula,
    },
    /// A value of a series: a close, a rate, a valuation.
    Price {
        /// Of what.
        of: Quoted,
        /// In the unit of the series.
        price: Formula,
    },
    /// `new` shares for `old`.
    Split {
        /// Of which shares.
        class: ClassId,
        /// Shares after.
        new: Number,
        /// For shares before.
        old: Number,
    },
    /// The promises of a contract end; what was done under it stays.
    Supersede {
        /// Which.
        contract: ContractId,
        /// By which.
        by: Option<ContractId>,
    },
    /// A contract ends.
    Terminate {
        /// Which.
        contract: ContractId,
    },
    /// A party keeps its book by another choice of a policy from this day on.
    Adopt {
        /// Who.
        party: PartyId,
        /// Which policy.
        policy: Arc<str>,
        /// Which choice.
        choice: Arc<str>,
        /// Where the catch-up goes.
        transition: Transition,
    },
    /// About a holding or the company it is in.
    Holding(Arc<super::HoldingFact>),
    /// What earnings per share are worked out from.
    Earnings(Arc<super::Earnings>),
    /// What a party reports of itself, for covenants.
    Reported(Arc<super::Reported>),
    /// A period is issued and locked from the line's date on.
    Close {
        /// Whose.
        party: PartyId,
        /// Which days.
        period: Period,
    },
    /// Errors of an issued period are corrected in it from this day on.
    Restate {
        /// Whose.
        party: PartyId,
        /// Which period.
        name: PeriodName,
        /// Its days.
        period: Period,
        /// The lines that correct them.
        lines: Vec<LineId>,
    },
}

impl Fact {
    /// Whether it states the opening cash of a party, in whatever currency.
    #[must_use]
    pub fn opens_cash(&self, of: PartyId) -> bool {
        match self {
            Self::Open { party, cash, foreign, .. } => *party == of && (cash.is_some() || !foreign.is_empty()),
            _ => false,
        }
    }
}

/// How the catch-up of an adoption is booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transition {
    /// To the account that the book names for transitions.
    ModifiedRetrospective,
    /// Where it would go on any other day.
    CatchUp,
}

impl Transition {
    /// As written.
    pub const ALL: &'static [(Self, &'static str)] =
        &[(Self::ModifiedRetrospective, "modified_retrospective"), (Self::CatchUp, "catch_up")];
}

/// What a series quotes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quoted {
    /// `close(AMD.common)`: a share, on trading days, in the currency of its issuer.
    Close(ClassId),
    /// `rate(EUR in USD)`: one unit of the first currency in units of the second; holds until the next.
    Rate(Arc<str>, Arc<str>),
    /// `valuation(OpenAI)`: the whole of a party, in its currency; holds until the next.
    Valuation(PartyId),
    /// `benchmark(SOFR)`: a rate of interest, a year; holds until the next.
    Benchmark(Arc<str>),
}

impl Quoted {
    /// The class, of a close.
    #[must_use]
    pub const fn class(&self) -> Option<ClassId> {
        match self {
            Self::Close(class) => Some(*class),
            Self::Rate(..) | Self::Valuation(_) | Self::Benchmark(_) => None,
        }
    }

    /// The word it is written with.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Close(_) => "close",
            Self::Rate(..) => "rate",
            Self::Valuation(_) => "valuation",
            Self::Benchmark(_) => "benchmark",
        }
    }
}

/// Prices from a file.
#[derive(Clone, Debug)]
pub struct Prices {
    /// Of what.
    pub of: Quoted,
    /// Name of the file.
    pub file: Arc<str>,
    /// Date, close, and the line in the file; dates ascend.
    pub points: Vec<(Date, Number, u32)>,
    /// Days between points, for closes trading days, are interpolated and assumed.
    pub linear: bool,
    /// Of the points themselves.
    pub basis: Basis,
    /// What they rest on.
    pub support: Support,
    /// Where declared.
    pub span: Span,
}

/// A price path, by days between its corners: trading days for closes.
#[derive(Clone, Debug)]
pub struct PricePath {
    /// Of what.
    pub of: Quoted,
    /// First day.
    pub from: Date,
    /// Value on it; the last one before it when absent.
    pub start: Option<Formula>,
    /// Corners.
    pub to: Vec<(Formula, Date)>,
    /// Forecast or assumed.
    pub basis: Basis,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}
