//! Ledger lines, price series and price paths.

use super::{DateLit, Expr, Name, Path, Support, Text};
use crate::base::Span;

/// `DATE [known DATE] [actual | forecast] [ID:] VERB … [realises ID] [corrects ID] [@ source] ["note"]`
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// When it is effective.
    pub date: DateLit,
    /// When it became known; the effective date when absent.
    pub known: Option<DateLit>,
    /// `actual` (the default), `forecast`, `assumed`.
    pub basis: Option<Name>,
    /// `gw2:`
    pub id: Option<Name>,
    /// What happened; absent only when the line merely withdraws.
    pub verb: Option<Verb>,
    /// `realises f7` and whether `in part`
    pub realises: Option<(Name, bool)>,
    /// `corrects gw2`
    pub corrects: Option<Name>,
    /// `withdraws gw2`
    pub withdraws: Option<Name>,
    /// Sources and assumptions.
    pub support: Support,
    /// A remark in quotes.
    pub note: Option<Text>,
    /// Where.
    pub span: Span,
}

/// What a ledger line says happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    /// `open AMD { AMD.common 1_630m shares; cash 10.6bn USD; awards 62m shares; dilutive_awards 18.5m shares }`
    Open(Name, Vec<(Path, Expr)>),
    /// `issue 14m shares of AMD.common at 8 USD/share to holders as plan for 2bn USD` (outside any contract)
    Issue(super::Issue),
    /// About shares and rights outside exercise.
    Equity(super::EquityVerb),
    /// `hold Parent 30m shares of Sub.common`, `hold Parent 30% of Sub.common for 500m USD`
    Hold(Name, Expr, Option<Path>, Option<Expr>),
    /// `observed Startup.common 14 USD/share [similar Startup.preferred]`
    Observed(Path, Option<Expr>, Option<Path>),
    /// `dividend Target.common 40m USD`, `dividend Target.common 0.40 USD/share`
    Dividend(Path, Expr),
    /// `allocate Fund.Target.common { net_assets 1_200m USD; technology 120m USD over 6 years }`
    Allocate(Path, Vec<(Name, Expr, Option<Expr>)>),
    /// `impair Fund.Target.common to 60m USD`
    Impair(Path, Expr),
    /// `order SUPPLY 1 GW [by WHO] [as GROUP]`
    Order(Act),
    /// `deliver SUPPLY 0.45 GW`
    Deliver(Act),
    /// `accept SUPPLY 0.45 GW`
    Accept(Act),
    /// `invoice SUPPLY 500m USD`
    Invoice(Act),
    /// `pay SUPPLY 600m USD`
    Pay(Act),
    /// `refund SUPPLY 20m USD`
    Refund(Act),
    /// `progress SUPPLY 40%`, `progress SUPPLY 4m USD of 10m USD`
    Progress(Path, Expr, Option<Expr>),
    /// `estimate VARIABLE { 1m USD at 60%; 0 USD at 40% } [constrained to 0 USD]`
    Estimate(Path, Vec<(Expr, Expr)>, Option<Expr>),
    /// `modify SUPPLY [30 rack] for 2_400 USD prospectively`
    Reprice(Path, Option<Expr>, Expr, Name),
    /// `attest TARGET technical_commercial` — a tranche or a whole warrant
    Attest(Path, Name),
    /// `judge TARGET probable`, `judge TARGET not probable`, `judge TARGET liability`
    Judge {
        /// A tranche or a whole warrant.
        target: Path,
        /// `not` stands before the finding.
        negated: bool,
        /// `probable`, one of a judged account's choices, `expected`, `outcome`, or an estimate of a book.
        finding: Name,
        /// `50m USD` of `expected 50m USD`, `2/3` of `immediate 2/3`, `high` of `outcome high`.
        value: Option<Expr>,
    },
    /// `value TARGET 50 USD/share`, or by a model: what a right is worth on the day
    Value(Path, Expr),
    /// `grant TARGET [12.34 USD/share]`: the measurement stands from this day on
    Grant(Path, Option<Expr>),
    /// `former_customer PATH WORD at VALUE`
    Former(Path, Name, Option<Expr>),
    /// `modify TARGET type I from 12 USD/share to 17 USD/share waived`
    Modify {
        /// A tranche or a whole warrant.
        target: Path,
        /// `I`, `II`, `III`, `IV`
        kind: Name,
        /// Just before and just after.
        values: Option<(Expr, Expr)>,
        /// The condition of vesting was waived.
        waived: bool,
    },
    /// `adopt PARTY measurement = grant_date modified_retrospective`
    Adopt(Name, Name, Name, Option<Name>),
    /// `exercise TRANCHE 5m shares cash` or `net`, perhaps `by PARTY`
    Exercise(Path, Expr, Option<Name>, Option<Name>),
    /// `call TRANCHE [5bn USD]`: all that is left when no amount is given
    Call(Path, Option<Expr>),
    /// `fund TRANCHE 22.5bn USD [by PARTY]`
    Fund(Path, Expr, Option<Name>),
    /// `draw LOAN 300m USD`
    Draw(Path, Expr),
    /// `repay LOAN 100m USD`: ahead of its day
    Repay(Path, Expr),
    /// `price close(AMD.common) 203.60 USD/share`
    Price(Quoted, Expr),
    /// `minimum OpenAI 10bn USD`
    Minimum(Name, Expr),
    /// `undrawn OpenAI revolver 4bn USD until 2029-12-31`
    Undrawn(Name, Name, Expr, Option<DateLit>),
    /// `split AMD.common 4 for 1`
    Split(Path, Expr, Expr),
    /// `supersede CONTRACT by CONTRACT`
    Supersede(Path, Option<Path>),
    /// `terminate CONTRACT`
    Terminate(Path),
    /// `earnings AMD 2027-Q2 { … }`: what earnings per share are worked out from
    Earnings(super::Earnings),
    /// `reported AMD 2027-Q2 { … }`: figures that covenants read
    Reported(super::Reported),
    /// `close AMD 2027-Q2`: the period is issued and locked from the line's date on
    Close(Name, crate::time::PeriodName, Span),
    /// `restate AMD 2027-Q2 for gw2b`: lines that correct errors of an issued period
    Restate {
        /// Whose.
        party: Name,
        /// Which.
        period: crate::time::PeriodName,
        /// Where it is written.
        span: Span,
        /// Ids of the lines.
        lines: Vec<Name>,
    },
}

/// Supply, quantity, and by whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// `amd_openai.instinct`
    pub supply: Path,
    /// `1 GW`
    pub quantity: Expr,
    /// `by Oracle`: the buyer of the contract when absent.
    pub by: Option<Name>,
    /// `as authorized_purchasers`
    pub group: Option<Name>,
}

/// What a series quotes.
#[derive(Clone, Debug, PartialEq)]
pub struct Quoted {
    /// Which kind.
    pub kind: QuotedKind,
    /// The whole.
    pub span: Span,
}

/// Kinds of series.
#[derive(Clone, Debug, PartialEq)]
pub enum QuotedKind {
    /// `close(AMD.common)`
    Close(Path),
    /// `rate(EUR in USD)`
    Rate(Name, Name),
    /// `valuation(OpenAI)`
    Valuation(Name),
    /// `benchmark(SOFR)`
    Benchmark(Name),
    /// `AMD.common`: which price?
    Bare(Path),
}

/// `prices close(AMD.common) from "prices/amd.csv" [linear between] [forecast]`
#[derive(Clone, Debug, PartialEq)]
pub struct PricesDecl {
    /// `close(AMD.common)`
    pub of: Quoted,
    /// Relative to this file.
    pub file: Text,
    /// `linear between`: days without a value are interpolated, and assumed.
    pub linear: bool,
    /// `forecast` or `assumed`
    pub basis: Option<Name>,
    /// Sources and assumptions.
    pub support: Support,
}

/// `path close(AMD.common) from DATE [at PRICE] linear to PRICE at DATE [to PRICE at DATE …]`, or
/// `path close(AMD.common) from DATE flat PRICE to DATE`
#[derive(Clone, Debug, PartialEq)]
pub struct PricePath {
    /// `close(AMD.common)`
    pub of: Quoted,
    /// First day.
    pub from: DateLit,
    /// Price on the first day; the last known close before it when absent.
    pub start: Option<Expr>,
    /// Then linear (by trading days) to each price at each date.
    pub to: Vec<(Expr, DateLit)>,
    /// `forecast` or `assumed`
    pub basis: Option<Name>,
    /// Sources and assumptions.
    pub support: Support,
    /// Where.
    pub span: Span,
}
