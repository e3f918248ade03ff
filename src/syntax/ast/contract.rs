//! `contract … between … { … }` and what stands in it.

use super::{DateLit, Expr, Name, Path, Since, Support, Text};
use crate::base::Span;

/// `contract NAME "title" between A as role, B as role { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Contract {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// Party and role, in order.
    pub between: Vec<(Name, Name)>,
    /// In order of the text.
    pub clauses: Vec<ContractClause>,
}

/// A clause of a contract.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractClause {
    /// Which.
    pub kind: ContractClauseKind,
    /// `@ source`, `assumed name` at its end.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// The clauses of a contract.
#[derive(Clone, Debug, PartialEq)]
pub enum ContractClauseKind {
    /// `signed DATE`
    Signed(DateLit),
    /// `standing definitive | announced | letter of intent [firm | option]`
    Standing(Standing),
    /// `supply NAME { … }`
    Supply(Supply),
    /// `counter NAME = sum UNIT over VERB SUPPLY by …, since …`
    Counter(Counter),
    /// `warrant NAME over … { … }`
    Warrant(Warrant),
    /// `investment NAME of AMOUNT in CLASS … { … }`
    Investment(Investment),
    /// `loan NAME of AMOUNT … { … }`, `lease …`, `guarantee …`
    Credit(super::Credit),
    /// `covenant NAME of PARTY { … }`
    Covenant(super::Covenant),
    /// `commitment NAME AMOUNT from A to B [standing words]`
    Commitment(Commitment),
    /// `variable NAME of SUPPLY by expected value`, `by most likely amount`
    Variable(Variable),
    /// `supersedes CONTRACT on DATE`: the promise part of an earlier contract ends
    Supersedes(Path, Option<DateLit>),
    /// `for NAME in A..B { clauses }`
    For(For<ContractClause>),
}

/// `variable NAME [of SUPPLY] by (expected value | most likely amount)`
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: Name,
    /// The one supply it belongs to; all of the contract when absent.
    pub of: Option<Path>,
    /// `expected` (true) or `most likely`
    pub expected: bool,
}

/// `definitive firm`, `letter of intent option`, `announced`
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// How binding.
    pub binding: Binding,
    /// `firm` (also the default) or `option`
    pub option: bool,
    /// Where.
    pub span: Span,
}

/// How binding a promise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binding {
    /// `announced`
    Announced,
    /// `letter of intent`
    LetterOfIntent,
    /// `definitive`
    Definitive,
}

/// `for k in 1..6 { … }`: the body once for each value, `k` replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct For<T> {
    /// The variable.
    pub variable: Name,
    /// First value.
    pub from: i64,
    /// Last value, included.
    pub to: i64,
    /// What is repeated.
    pub body: Vec<T>,
}

/// `supply NAME { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Supply {
    /// Its name.
    pub name: Name,
    /// In order of the text.
    pub clauses: Vec<SupplyClause>,
}

/// A clause of a supply.
#[derive(Clone, Debug, PartialEq)]
pub struct SupplyClause {
    /// Which.
    pub kind: SupplyClauseKind,
    /// At its end.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// The clauses of a supply.
#[derive(Clone, Debug, PartialEq)]
pub enum SupplyClauseKind {
    /// `1 GW definitive firm`
    Quantity(Expr, Standing),
    /// `price EXPR`
    Price(Expr),
    /// `fair value EXPR`: what a customer's goods or services are worth to its supplier, who buys them here
    FairValue(Expr),
    /// `pays 20% of price on order`, `pays rest 60 days after delivery`, `pays 20% of price 91 days before delivery`
    Pays(Pays),
    /// `control passes at delivery`
    Control(Name),
    /// `control passes evenly from DATE to DATE`: over time, in equal parts of each day
    Evenly(DateLit, DateLit),
    /// `control passes by progress`: over time, as `progress` lines say
    ByProgress(Span),
    /// `stands alone at 8m USD/rack`: what a unit sells for by itself
    Alone(Expr),
    /// `take or pay 100 rack every quarter from DATE to DATE [with make_up until DATE]`
    Minimum(Minimum),
    /// `financing at 6%`: the rate of a separate financing, a year
    Financing(Expr),
    /// `material right at 12 USD/rack until DATE`: what the option to buy a unit more sells for alone, and its last day
    MaterialRight(Expr, DateLit),
}

/// `take or pay SUM every PERIOD from DATE to DATE [with make_up until DATE]`
#[derive(Clone, Debug, PartialEq)]
pub struct Minimum {
    /// In each period.
    pub quantity: Expr,
    /// `month`, `quarter`, `year`
    pub every: Name,
    /// First day.
    pub from: DateLit,
    /// Last day.
    pub to: DateLit,
    /// Until when what was paid and not taken can still be taken.
    pub make_up: Option<DateLit>,
    /// `, options beyond`: what is bought under an option does not count towards it.
    pub beyond: bool,
}

/// A payment term.
#[derive(Clone, Debug, PartialEq)]
pub struct Pays {
    /// `20%` of `20% of price`; absent for `rest`
    pub share: Option<Expr>,
    /// Days after (positive) or before (negative) the event; 0 for `on`
    pub offset: i64,
    /// `order`, `delivery`, `acceptance`, `invoice`, `signing`
    pub event: Name,
}

/// `counter NAME = sum UNIT over VERB SUPPLY [by A, B | by anyone] [since signed | DATE] [until DATE]`
#[derive(Clone, Debug, PartialEq)]
pub struct Counter {
    /// Its name.
    pub name: Name,
    /// `GW`, `USD`
    pub unit: Name,
    /// `order`, `delivery`, `acceptance`, `invoice`, `payment`
    pub verb: Name,
    /// Which supply of this contract, or a path to another's.
    pub supply: Path,
    /// Whose; empty with `anyone` true, or nothing said.
    pub by: Vec<Name>,
    /// `by anyone`
    pub anyone: bool,
    /// From when.
    pub since: Option<Since>,
    /// Till when, included.
    pub until: Option<DateLit>,
}

/// `warrant NAME over SIZE at STRIKE, issuer A, holder B { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Warrant {
    /// Its name.
    pub name: Name,
    /// `160_000_000 shares of AMD.common`
    pub size: Expr,
    /// `at 0.01 USD/share`
    pub strike: Expr,
    /// `issuer AMD`
    pub issuer: Option<Name>,
    /// `holder OpenAI`
    pub holder: Option<Name>,
    /// In order of the text.
    pub clauses: Vec<InstrumentClause>,
}

/// `investment NAME of AMOUNT in CLASS, company A, investor B { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Investment {
    /// Its name.
    pub name: Name,
    /// `40bn USD`
    pub amount: Expr,
    /// `OpenAI.preferred`
    pub class: Path,
    /// `company OpenAI`
    pub company: Option<Name>,
    /// `investor SoftBank`
    pub investor: Option<Name>,
    /// In order of the text.
    pub clauses: Vec<InstrumentClause>,
}

/// `price SUM [pre_money | post_money [of SUM]] [, issued shares | , fully diluted shares] [as of DATE]`
#[derive(Clone, Debug, PartialEq)]
pub struct IssuePrice {
    /// A price per share, a valuation, `close(CLASS)` or `valuation(PARTY)`.
    pub worth: Expr,
    /// `pre_money`, or `post_money` with the size of the round if it is not this investment alone.
    pub money: Option<(Name, Option<Expr>)>,
    /// `issued` or `fully`
    pub count: Option<Name>,
    /// `as of DATE`: the day whose count it is
    pub as_of: Option<DateLit>,
}

/// `funded in cash | in shares of CLASS | in capacity | against nothing`, `[N days after call]`
#[derive(Clone, Debug, PartialEq)]
pub struct Funded {
    /// `cash`, `shares`, `capacity`, `nothing`
    pub kind: Name,
    /// Of which class, for shares.
    pub class: Option<Path>,
    /// Days after the call; 0 when absent.
    pub days: i64,
}

/// A clause of a warrant or an investment.
#[derive(Clone, Debug, PartialEq)]
pub struct InstrumentClause {
    /// Which.
    pub kind: InstrumentClauseKind,
    /// At its end.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// The clauses of a warrant or an investment; each has its own words. `ExercisableWhen` and `FairValue` also stand for
/// every tranche that does not say otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum InstrumentClauseKind {
    /// `granted DATE`
    Granted(DateLit),
    /// `expires DATE`, or `expires never` (None)
    Expires(Option<DateLit>),
    /// `exercise cash`, `exercise net`, `exercise cash or net`, `exercise undisclosed` (both false)
    Exercise {
        /// Strike is paid.
        cash: bool,
        /// Shares worth the strike are kept back.
        net: bool,
    },
    /// `adjusts for splits` / `no adjustment for splits`
    Splits(bool),
    /// What may become of a warrant
    Equity(super::EquityClause),
    /// `ownership cap 4.999%`
    OwnershipCap(Expr),
    /// `given for LOAN`, `given for GUARANTEE`, `given for SUPPLY`: what the issuer gets for it
    GivenFor(Path),
    /// `consideration for SUPPLY to affiliate`: whose purchases it is for, and what its holder is to the buyer
    Consideration(Path, Option<Name>),
    /// `exercisable when COND` for every tranche
    ExercisableWhen(Expr),
    /// `fair value EXPR` for every tranche
    FairValue(Expr),
    /// `price 260bn USD pre_money, fully diluted shares`
    Price(IssuePrice),
    /// `syndicated 25% to PARTY`
    Syndicated(Expr, Name),
    /// `funded in cash 5 days after call`
    Funded(Funded),
    /// `observable`, `observable for Startup.common at 12.50 USD/share`
    Observable(Option<(Path, Expr)>),
    /// `tranche NAME SIZE { … }`
    Tranche(Tranche),
    /// `tranches for k in 1..240, SIZE in total, ALLOCATION { … }`
    Tranches(Tranches),
    /// `for NAME in A..B { clauses }`
    For(For<InstrumentClause>),
}

/// `tranche NAME SIZE { … }`. Inside `for k`, the name may end in `{k}`: `tranche T{k}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tranche {
    /// Its name; a hole `{k}` is kept in the text as written.
    pub name: Name,
    /// `26_666_667 shares`
    pub size: Expr,
    /// In order of the text.
    pub clauses: Vec<TrancheClause>,
}

/// `tranches [NAME] for k in 1..240, 57_610_040 shares in total, cumulative { … }`: named NAME1..NAME240 (`T` if absent)
#[derive(Clone, Debug, PartialEq)]
pub struct Tranches {
    /// Stem of the names; `T` when absent.
    pub stem: Option<Name>,
    /// `k`
    pub variable: Name,
    /// First value.
    pub from: i64,
    /// Last value, included.
    pub to: i64,
    /// `57_610_040 shares`; with `each` instead of `in total`, the size of one.
    pub size: Expr,
    /// `each`
    pub each: bool,
    /// `cumulative`, `front`, …
    pub allocation: Option<Name>,
    /// In order of the text; may use `k`.
    pub clauses: Vec<TrancheClause>,
    /// Of the `for` head.
    pub head: Span,
    /// Up to `in total` or `each`.
    pub sized: Span,
}

/// A clause of a tranche.
#[derive(Clone, Debug, PartialEq)]
pub struct TrancheClause {
    /// Which.
    pub kind: TrancheClauseKind,
    /// At its end.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// The clauses of a tranche.
#[derive(Clone, Debug, PartialEq)]
pub enum TrancheClauseKind {
    /// `vests when COND`, `vests at signing`, `vests on DATE` (the same as `on or after DATE`)
    VestsWhen(Expr),
    /// `exercisable when COND`
    ExercisableWhen(Expr),
    /// `fair value 158.10 USD/share`
    FairValue(Expr),
    /// `fair value if market 97.20 USD/share`
    FairValueIf(Name, Expr),
    /// `earned over A to B of COUNTER`
    EarnedOver(Expr, Expr, Path),
    /// `called when COND`, `called at signing`, `called on DATE`, `called by PARTY [when COND]`
    Called(Option<Name>, Option<Expr>),
    /// `by DATE`: what is not released by then lapses; with `else SIZE` so much of it is released after all
    By(DateLit, Option<Expr>),
}

/// `commitment NAME AMOUNT from A to B STANDING`
#[derive(Clone, Debug, PartialEq)]
pub struct Commitment {
    /// Its name.
    pub name: Name,
    /// `100bn USD`
    pub amount: Expr,
    /// Who promises.
    pub from: Name,
    /// To whom.
    pub to: Name,
    /// How binding; the contract's when absent.
    pub standing: Option<Standing>,
}
