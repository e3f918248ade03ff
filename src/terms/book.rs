//! Books: policies, accounts and posting rules.

use std::sync::Arc;

use super::{BookAccount, Disclosure, EventField, EventKind, Policy, Standard};
use crate::base::Span;
use crate::num::Number;

/// A book.
#[derive(Clone, Debug)]
pub struct Book {
    /// `us_gaap`
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// Named choices; the first choice is the default.
    pub policies: Vec<Policy>,
    /// Accounts, in order of declaration.
    pub accounts: Vec<BookAccount>,
    /// Accounts chosen by judgement of a tranche.
    pub judged: Vec<JudgedAccount>,
    /// Numbers left to judgement.
    pub estimates: Vec<Estimate>,
    /// Accounts of the two sides of a contract that say the same.
    pub mirrors: Vec<super::Mirror>,
    /// What loans, leases and guarantees are carried at, by role.
    pub carrying: Vec<super::Carrying>,
    /// Accounts that are the two sides of one position of each contract.
    pub nets: Vec<super::Net>,
    /// How holdings are measured: of several that fit the last one, unless a judgement says otherwise.
    pub holdings: Vec<super::HoldingChoice>,
    /// Where the catch-up of an adoption goes instead of income: the position of an account.
    pub transition: Option<usize>,
    /// Standards that change choices from a fiscal year on.
    pub standards: Vec<Standard>,
    /// Parts of its disclosure pack, in order.
    pub disclosures: Vec<Disclosure>,
    /// Paragraphs that reports cite.
    pub paragraphs: Vec<super::Cited>,
    /// Posting rules, in order.
    pub rules: Vec<Rule>,
    /// Where.
    pub span: Span,
}

/// A paragraph, and whether it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cite {
    /// `ASC 606-10-32-25`
    pub text: Arc<str>,
    /// Verified against the text.
    pub read: bool,
}

/// `account award(t) = award_equity | award_liability, by judgement of t`
#[derive(Clone, Debug)]
pub struct JudgedAccount {
    /// `award`
    pub name: Arc<str>,
    /// Positions in [`Book::accounts`]; the first is the default. A judgement names one by its last word
    /// (`liability` chooses `award_liability`).
    pub choices: Vec<usize>,
    /// What is judged.
    pub over: Over,
}

/// `estimate immediate(t) share, by judgement of t`: nil until a ledger line says otherwise
#[derive(Clone, Debug)]
pub struct Estimate {
    /// `immediate`
    pub name: Arc<str>,
    /// What it may be.
    pub kind: EstimateKind,
    /// What is judged.
    pub over: Over,
}

/// What an estimate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EstimateKind {
    /// From 0 to 1.
    Share,
    /// Money, not below zero.
    Amount,
}

impl EstimateKind {
    /// As written.
    pub const ALL: &'static [(Self, &'static str)] = &[(Self::Share, "share"), (Self::Amount, "amount")];
}

/// A posting rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `on bill as seller`, `keep contra_revenue as seller`: stable, unique in the book (a number is added if needed).
    pub name: Arc<str>,
    /// As which role of the contract or instrument: `seller`, `buyer`, `issuer`, `holder`, `party`.
    pub role: Arc<str>,
    /// Which.
    pub kind: RuleKind,
    /// Its paragraph.
    pub cite: Option<Cite>,
    /// Where.
    pub span: Span,
}

impl Rule {
    /// The account that it keeps at a target, if it is such a rule.
    #[must_use]
    pub const fn kept(&self) -> Option<usize> {
        match self.kind {
            RuleKind::Keep { account, .. } => Some(account),
            _ => None,
        }
    }
}

/// The two kinds of rule.
#[derive(Clone, Debug)]
pub enum RuleKind {
    /// A legal event becomes an entry.
    On {
        /// Which event.
        event: EventKind,
        /// Debits (true) and credits; at most one amount is `None` (`rest`).
        legs: Vec<(bool, AccountRef, Option<BookExpr>)>,
    },
    /// Differences of exchange on monetary accounts go to one account.
    Exchange {
        /// Position in [`Book::accounts`].
        account: usize,
    },
    /// A balance is kept at its target; the difference is posted.
    Keep {
        /// Position in [`Book::accounts`].
        account: usize,
        /// Over all tranches or all supplies of the role.
        over: Over,
        /// The target, on the account's normal side.
        target: BookExpr,
        /// The other side.
        against: AccountRef,
    },
}

/// What a `keep` runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Every tranche for which the party has the role `issuer`/`holder` (or `seller`/`buyer` of its contract).
    Tranche,
    /// Every supply.
    Supply,
    /// Every holding of the party.
    Holding,
}

/// An account in a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountRef {
    /// Position in [`Book::accounts`].
    Plain(usize),
    /// Position in [`Book::judged`]; for the tranche or supply of the event or of the `keep`.
    Judged(usize),
    /// As [`Self::Judged`], the account before the last judgement.
    Former(usize),
    /// Position in [`Book::judged`]; for the holding of the event or of the `keep`.
    Held(usize),
    /// As [`Self::Held`], for the holding whose shares became those of the event.
    GaveUp(usize),
    /// As [`Self::Held`], the account before the method changed.
    FormerlyHeld(usize),
}

/// An amount in a rule.
#[derive(Clone, Debug)]
pub enum BookExpr {
    /// `2`
    Number(Number),
    /// `b.amount`
    Field(EventField),
    /// `earned(t, attribution)`: policies already resolved to their name; measurement dates kept as words
    Method(Method, Vec<Arc<str>>),
    /// `t.size`: shares of the tranche at signing; like the grant-date value it goes with, not changed by splits
    Size,
    /// `award(x.tranche).carrying`, `warrants_received(x.tranche).carrying`: the part of the account's balance for
    /// the tranche that goes with the rights of the event
    Carrying(AccountRef),
    /// `premium`: a policy that is a share, as the party has chosen it
    Policy(Arc<str>),
    /// `immediate(t)`: an estimate, by position in [`Book::estimates`]
    Estimate(usize),
    /// `a + b`
    Add(Box<BookExpr>, Box<BookExpr>),
    /// `a - b`
    Sub(Box<BookExpr>, Box<BookExpr>),
    /// `a * b`
    Mul(Box<BookExpr>, Box<BookExpr>),
    /// `min(a, b)`
    Min(Box<BookExpr>, Box<BookExpr>),
    /// `max(a, b)`
    Max(Box<BookExpr>, Box<BookExpr>),
}

impl BookExpr {
    /// The estimates it reads, by position.
    #[must_use]
    pub fn estimates(&self) -> Vec<usize> {
        match self {
            Self::Estimate(estimate) => vec![*estimate],
            Self::Add(a, b) | Self::Sub(a, b) | Self::Mul(a, b) | Self::Min(a, b) | Self::Max(a, b) => {
                a.estimates().into_iter().chain(b.estimates()).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Measurement methods: a closed list with the standards' own names. Each has a page in docs/BOOKS.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// `turned(t)`: 1 for an award that was equity after the day of its grant and is a liability now, else 0
    Turned,
    /// `earned(t, attribution)`: share of a tranche earned by revenue recognised, 0 to 1
    Earned,
    /// `ahead(t, attribution)`: share of a tranche vested but not yet earned, 0 to 1
    Ahead,
    /// `vested(t)`: share of a tranche vested, 0 to 1
    Vested,
    /// `kept(t)`: share of a tranche that its holder did not give away before it vested, 0 to 1
    Kept,
    /// `received_as(t, affiliate)`: 1 if the holder is that to the buyer whose purchases earn it, else 0
    ReceivedAs,
    /// `remeasured(t, attribution)`: per share, changes of the fair value of a warrant that is a liability and no award
    Remeasured,
    /// `reclassified(t, attribution)`: per share, what such a warrant was worth more, when it became a liability, than it was carried at
    Reclassified,
    /// `probable(t)`: 1 if its performance condition is met or judged probable, else 0
    Probable,
    /// `fair_value(t, grant)`: per share
    FairValue,
    /// `backlog(s)`: enforceable quantity not yet transferred, at the contract price
    Backlog,
    /// `allocated(s, attribution)`: cost of probable tranches that belongs to the backlog
    Allocated,
    /// `increment(t, attribution)`: value that modifications added, per share, as far as it is earned
    Increment,
    /// `allocation(s)`: what has passed, at the transaction price allocated to it
    Allocation,
    /// `priced(s)`: what has passed, at the contract price
    Priced,
    /// `variable(s)`: the part of variable amounts that what has passed earned
    Variable,
    /// `interest_cost(s)`: interest on what was paid ahead of control
    InterestCost,
    /// `interest_released(s)`: the part of it on what has passed since
    InterestReleased,
    /// `discount(s)`: what is payable long after control, less its present value then
    Discount,
    /// `discount_earned(s)`: the part of it that is interest by now
    DiscountEarned,
    /// `fee_drawn(t, borrower)`: fees paid at signing that belong to what was drawn
    FeeDrawn,
    /// `fee_expired(t, borrower)`: fees paid at signing whose time to draw is over
    FeeExpired,
    /// `amortised(t, borrower)`: discount and fees of what was drawn, by the effective rate, so far
    Amortised,
    /// `extinguished(t, borrower)`: discount and fees of what was repaid early
    Extinguished,
    /// `exercised(s, breakage_pattern, breakage)`: of what must be paid for and is expected to be taken, the share taken, 0 to 1
    Exercised,
    /// `forfeited(s)`: what passed because it can be taken no more, at the contract price
    Forfeited,
    /// `passed(s)`: what has passed, at the transaction price with the variable amounts earned
    Passed,
    /// `given_back(s, WORD)`: what is, or was, to be given back
    GivenBack,
    /// `left(s)`: share of the enforceable quantity not yet transferred, 0 to 1
    Left,
    /// `given(t, debt)`: 1 for a warrant given for a loan, a `guarantee` or `goods`, else 0
    Given,
    /// `proceeds(t)`: the part of the proceeds of a loan that is for the warrant
    Proceeds,
    /// `commitment(t)`: fair value of a warrant that is a liability and was given for money that may still be drawn
    Commitment,
    /// `judged(t, finance)`: 1 if the last judgement on its account said so, else 0
    Judged,
    /// `stood_ready(t)`: fair value of a guarantee at its beginning
    StoodReady,
    /// `released(t, guarantee_release)`: the part of the time of a guarantee that is over, or of the one a warrant is given for
    Released,
    /// `for_customer(t)`: 1 for a guarantee that purchases earn, else 0
    ForCustomer,
    /// `uncompensated(t)`: fair value of a guarantee that nobody gives anything for
    Uncompensated,
    /// `fee_paid(t)`: cash paid for a guarantee
    FeePaid,
    /// `outstanding(t)`: principal of a loan that is drawn and not repaid
    Outstanding,
    /// `exposure(t)`: the most that can be asked for under a guarantee, undiscounted
    Exposure,
    /// `present_value(t)`: of the payments of a lease at its beginning
    PresentValue,
    /// `lease_interest(t)`: interest on what is owed under a lease, so far
    LeaseInterest,
    /// `elapsed(t)`: the part of the time of a lease that is over, 0 to 1
    Elapsed,
    /// `rent_ahead(t)`: payments of a lease made before it began, once it has begun
    RentAhead,
    /// `rent(t)`: payments of a lease, even over its time, so far
    Rent,
    /// `let_out(s, lease_income, attribution)`: the remaining obligation of a supply judged to be a lease
    LetOut,
    /// `excess(t)`: of what an investor has paid or promised, what is above the fair value of the shares
    Excess,
    /// `market(t)`: per share, the last value stated; of what was exercised, that of its day
    Market,
    /// `stake(h)`: the part of the company, 0 to 1
    Stake,
    /// `follows(h, METHOD)`: 1 if the holding is measured so, else 0
    Follows,
    /// `invested(h)`: what the holding would be carried at without results
    Invested,
    /// `results(h)`: the holder's part of the company's results, under the equity method
    Results,
    /// `basis_used(h)`: used of what was paid above book value, under the equity method
    BasisUsed,
    /// `dilution(h)`: gains from shares that the company issued to others, under the equity method
    Dilution,
    /// `observed(h)`: gains from orderly transactions, under the measurement alternative
    Observed,
    /// `marked(h, METHOD)`: changes of fair value
    Marked,
    /// `impaired(h)`: written off
    Impaired,
}

impl Method {
    /// All, with the word, what it runs over, and how few and how many further arguments it takes.
    pub const ALL: &'static [(Self, &'static str, Over, (usize, usize))] = &[
        (Self::Earned, "earned", Over::Tranche, (1, 1)),
        (Self::Ahead, "ahead", Over::Tranche, (1, 2)),
        (Self::Vested, "vested", Over::Tranche, (0, 1)),
        (Self::Kept, "kept", Over::Tranche, (0, 0)),
        (Self::ReceivedAs, "received_as", Over::Tranche, (1, 1)),
        (Self::Remeasured, "remeasured", Over::Tranche, (1, 1)),
        (Self::Reclassified, "reclassified", Over::Tranche, (1, 1)),
        (Self::Excess, "excess", Over::Tranche, (0, 0)),
        (Self::Market, "market", Over::Tranche, (0, 0)),
        (Self::Probable, "probable", Over::Tranche, (0, 1)),
        (Self::FairValue, "fair_value", Over::Tranche, (1, 3)),
        (Self::Increment, "increment", Over::Tranche, (1, 2)),
        (Self::Turned, "turned", Over::Tranche, (0, 0)),
        (Self::Backlog, "backlog", Over::Supply, (0, 0)),
        (Self::Allocated, "allocated", Over::Supply, (1, 5)),
        (Self::Allocation, "allocation", Over::Supply, (0, 0)),
        (Self::Priced, "priced", Over::Supply, (0, 0)),
        (Self::Variable, "variable", Over::Supply, (0, 0)),
        (Self::InterestCost, "interest_cost", Over::Supply, (0, 0)),
        (Self::InterestReleased, "interest_released", Over::Supply, (0, 0)),
        (Self::Discount, "discount", Over::Supply, (0, 0)),
        (Self::DiscountEarned, "discount_earned", Over::Supply, (0, 0)),
        (Self::FeeDrawn, "fee_drawn", Over::Tranche, (1, 1)),
        (Self::FeeExpired, "fee_expired", Over::Tranche, (1, 1)),
        (Self::Amortised, "amortised", Over::Tranche, (1, 1)),
        (Self::Extinguished, "extinguished", Over::Tranche, (1, 1)),
        (Self::Exercised, "exercised", Over::Supply, (2, 2)),
        (Self::Forfeited, "forfeited", Over::Supply, (0, 0)),
        (Self::Passed, "passed", Over::Supply, (0, 0)),
        (Self::GivenBack, "given_back", Over::Supply, (1, 1)),
        (Self::Left, "left", Over::Supply, (0, 0)),
        (Self::Given, "given", Over::Tranche, (1, 1)),
        (Self::Proceeds, "proceeds", Over::Tranche, (0, 0)),
        (Self::Commitment, "commitment", Over::Tranche, (0, 0)),
        (Self::Judged, "judged", Over::Tranche, (1, 1)),
        (Self::StoodReady, "stood_ready", Over::Tranche, (0, 0)),
        (Self::Released, "released", Over::Tranche, (1, 1)),
        (Self::ForCustomer, "for_customer", Over::Tranche, (0, 0)),
        (Self::Uncompensated, "uncompensated", Over::Tranche, (0, 0)),
        (Self::FeePaid, "fee_paid", Over::Tranche, (0, 0)),
        (Self::Outstanding, "outstanding", Over::Tranche, (0, 0)),
        (Self::Exposure, "exposure", Over::Tranche, (0, 0)),
        (Self::PresentValue, "present_value", Over::Tranche, (0, 0)),
        (Self::LeaseInterest, "lease_interest", Over::Tranche, (0, 0)),
        (Self::Elapsed, "elapsed", Over::Tranche, (0, 0)),
        (Self::RentAhead, "rent_ahead", Over::Tranche, (0, 0)),
        (Self::Rent, "rent", Over::Tranche, (0, 0)),
        (Self::LetOut, "let_out", Over::Supply, (2, 6)),
        (Self::Stake, "stake", Over::Holding, (0, 0)),
        (Self::Follows, "follows", Over::Holding, (1, 1)),
        (Self::Invested, "invested", Over::Holding, (0, 0)),
        (Self::Results, "results", Over::Holding, (0, 0)),
        (Self::BasisUsed, "basis_used", Over::Holding, (0, 0)),
        (Self::Dilution, "dilution", Over::Holding, (0, 0)),
        (Self::Observed, "observed", Over::Holding, (0, 0)),
        (Self::Marked, "marked", Over::Holding, (1, 1)),
        (Self::Impaired, "impaired", Over::Holding, (0, 0)),
    ];
}
