//! `book NAME { … }`: accounting as rules.

use super::{DateLit, Expr, Name, Text};
use crate::base::Span;

/// `book NAME "title" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// In order of the text.
    pub clauses: Vec<BookClause>,
}

/// A clause of a book with its citation.
#[derive(Clone, Debug, PartialEq)]
pub struct BookClause {
    /// Which.
    pub rule: BookRule,
    /// `cite "ASC 606-10-32-25"`
    pub cite: Option<Text>,
    /// `cite … read`; absent or `unread` means the paragraph was not verified
    pub read: bool,
    /// Where.
    pub span: Span,
}

/// The clauses of a book.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "built once, walked in place")]
pub enum BookRule {
    /// `policy attribution = own_band | single_pool`: the first is the default
    Policy(Name, Vec<Name>),
    /// `account receivable asset`, `account rpo memo`
    Account {
        /// `receivable`
        name: Name,
        /// `asset`, `liability`, `equity`, `income`, `expense`, `memo`
        class: Name,
        /// `monetary` stands behind it.
        monetary: bool,
        /// `operating`, `investing`, `financing`, `cash`: which cash flows it belongs to
        activity: Option<Name>,
        /// `under "Receivables"`: the line of the statements it stands on
        line: Option<Text>,
    },
    /// `exchange differences to fx_gain_or_loss`
    Exchange(Name),
    /// `account award(t) = award_equity | award_liability, by judgement of t`
    Judged {
        /// `award`
        name: Name,
        /// `t`
        variable: Name,
        /// `of supply s`, `of holding h`; of a tranche when absent.
        over: Option<Name>,
        /// Accounts declared elsewhere in the book; the first is the default.
        choices: Vec<Name>,
    },
    /// `estimate immediate(t) share, by judgement of t`
    Estimate {
        /// `immediate`
        name: Name,
        /// `of supply s`, `of holding h`; of a tranche when absent.
        over: Option<Name>,
        /// `share` or `amount`
        kind: Name,
    },
    /// `transition against retained_earnings`
    Transition(Name),
    /// `disclose rpo under "Remaining performance obligation"`
    Disclose(Name, Option<Text>),
    /// `paragraph eps_basic`
    Paragraph(Name),
    /// `standard ASU_2025_04 "…" { effective …; requires … }`
    Standard(Standard),
    /// `mirror revenue with equipment, services_received`
    Mirror(Vec<Name>, Vec<Name>),
    /// `net contract_asset with contract_liability`
    Net(Vec<Name>, Vec<Name>),
    /// `carrying debt, debt_discount as borrower`
    Carrying(Vec<Name>, Name),
    /// `holdings alternative | fair_value if listed | equity_method from 20%`
    Holdings(Vec<HoldingMethod>),
    /// `on bill b [for deposit] as seller [when COND] { dr …; cr … }`
    On {
        /// `bill`
        event: Name,
        /// `b`
        variable: Name,
        /// `for deposit`
        purpose: Option<Name>,
        /// `as seller`
        role: Name,
        /// Debits and credits.
        legs: Vec<Leg>,
    },
    /// `keep contra_revenue(t) = EXPR against award(t) as seller`
    Keep {
        /// The account kept at the target.
        account: Name,
        /// `t` (a tranche) or `s` (a supply), over all of which the rule runs
        variable: Name,
        /// `tranche` or `supply`: written `for each tranche t`; `tranche` when absent
        over: Option<Name>,
        /// The target, as a balance of the account on its normal side.
        target: Expr,
        /// The other side: an account, or `award(t)`.
        against: Expr,
        /// `as seller`
        role: Name,
    },
}

/// `equity_method from 20%`
#[derive(Clone, Debug, PartialEq)]
pub struct HoldingMethod {
    /// `equity_method`
    pub method: Name,
    /// `listed`, `from`, `above` or `judgement`, and the part of the company.
    pub when: Option<(Name, Option<Expr>)>,
}

/// `dr contract_liability d.prepaid`, `cr apic rest`, `cr award(x.tranche) x.carrying`
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// `dr` or `cr`
    pub side: LegSide,
    /// An account name, or `award(x.tranche)`
    pub account: Expr,
    /// `None` is `rest`
    pub amount: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// Debit or credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegSide {
    /// `dr`
    Debit,
    /// `cr`
    Credit,
}

/// `standard NAME "title" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Standard {
    /// `ASU_2025_04`
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// In order of the text.
    pub clauses: Vec<StandardClause>,
}

/// The clauses of a standard.
#[derive(Clone, Debug, PartialEq)]
pub enum StandardClause {
    /// `effective fiscal years beginning after 2026-12-15 [where filer = private]`
    Effective(DateLit, Option<(Name, Name)>),
    /// `requires purchases = performance_condition [modified_retrospective]`
    Requires(Name, Name, Option<Name>),
}
