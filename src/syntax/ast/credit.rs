//! Loans, leases and guarantees: what is lent, let or stood for.

use super::{DateLit, Every, Expr, Name, Path, Support};
use crate::base::Span;

/// `loan NAME of AMOUNT, lender A, borrower B { … }`, `lease NAME, lessor A, lessee B { … }`,
/// `guarantee NAME of AMOUNT, guarantor A, beneficiary B { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Credit {
    /// Which.
    pub kind: CreditKind,
    /// Its name.
    pub name: Name,
    /// The principal; the most that can be asked for under a guarantee; none of a lease.
    pub amount: Option<Expr>,
    /// Role and party, in order.
    pub members: Vec<(Name, Name)>,
    /// In order of the text.
    pub clauses: Vec<CreditClause>,
}

/// What kind of credit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditKind {
    /// `loan`
    Loan,
    /// `lease`
    Lease,
    /// `guarantee`
    Guarantee,
}

impl CreditKind {
    /// As written, with the roles of those who give and take, and of others that may be named.
    #[must_use]
    pub const fn words(self) -> (&'static str, [&'static str; 2], &'static [&'static str]) {
        match self {
            Self::Loan => ("loan", ["lender", "borrower"], &["lender", "borrower"]),
            Self::Lease => ("lease", ["lessor", "lessee"], &["lessor", "lessee"]),
            Self::Guarantee => ("guarantee", ["guarantor", "beneficiary"], &["guarantor", "beneficiary", "obligor"]),
        }
    }
}

/// A clause of a loan, lease or guarantee.
#[derive(Clone, Debug, PartialEq)]
pub struct CreditClause {
    /// Which.
    pub kind: CreditClauseKind,
    /// At its end.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// The clauses of loans, leases and guarantees; each has its own words.
#[derive(Clone, Debug, PartialEq)]
pub enum CreditClauseKind {
    /// `drawn at signing`, `drawn on DATE`, `drawn when COND`
    Drawn(Expr),
    /// `outstanding 1_438m USD on DATE [, carried at 1_400m USD]`
    Outstanding(Expr, DateLit, Option<Expr>),
    /// `available [from DATE] to DATE [when COND]`
    Available(Option<DateLit>, DateLit, Option<Expr>),
    /// `matures DATE`
    Matures(DateLit),
    /// `matures 5 years after draw`
    MaturesAfter(i64, Name),
    /// `repaid at maturity` (None) or `repaid evenly from DATE`
    Repaid(Option<DateLit>),
    /// `interest 8% every year, thirty_360`
    Interest(Rate),
    /// `effective rate at inception` (false), `effective rate as it changes` (true)
    Effective(bool),
    /// `issued at 97%`
    Issued(Expr),
    /// `fee 20m USD`: to the lender or guarantor
    Fee(Expr),
    /// `costs 5m USD`: to others
    Costs(Expr),
    /// `undrawn fee 0.5% every quarter, act_360`
    Undrawn(Rate),
    /// `fair value 950m USD`
    FairValue(Expr),
    /// `commences DATE until DATE`; `from DATE to DATE` of a guarantee
    Term(DateLit, DateLit),
    /// `payments 100m USD every year from DATE to DATE`
    Payments(Every),
    /// `rate 7%`
    Rate(Expr),
    /// `escrow 712m USD`
    Escrow(Expr),
    /// `earned over A to B of COUNTER`
    EarnedOver(Expr, Expr, Path),
}

/// A rate that is paid: `SUM every STEP [, COUNT]`; `benchmark(NAME)` may stand in the sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// A year.
    pub rate: Expr,
    /// `month`, `quarter`, `half_year`, `year`
    pub every: Name,
    /// `act_360`, `act_365`, `thirty_360`, `act_act`
    pub count: Option<Name>,
}
