//! The tree: one type per clause, every node with its span.
//!
//! Rule files and ledger files are one grammar, so text may move between them.

pub mod book;
pub mod contract;
mod covenant;
pub mod credit;
pub mod earnings;
pub mod equity;
pub mod expr;
pub mod flow;
pub mod journal;
pub mod ledger;
pub mod test;

use std::sync::Arc;

pub use book::{Book, BookClause, BookRule, HoldingMethod, Leg, LegSide, Standard, StandardClause};
pub use contract::*;
pub use covenant::*;
pub use credit::*;
pub use earnings::*;
pub use equity::*;
pub use expr::*;
pub use flow::*;
pub use journal::{JournalUse, Take, Taken};
pub use ledger::*;
pub use test::{Kept, Test, TestClause, TestClauseKind, Within};

use crate::base::Span;

/// A word as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The text.
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

/// Names joined by dots: `amd_openai.penny.T2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// At least one.
    pub parts: Vec<Name>,
    /// The whole.
    pub span: Span,
}

/// A text in double quotes, without them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Between the quotes; `\"` and `\\` resolved.
    pub text: Arc<str>,
    /// With the quotes.
    pub span: Span,
}

/// `@ source "place"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// A declared source.
    pub source: Name,
    /// Page, item, exhibit.
    pub place: Option<Text>,
}

/// What a clause or value rests on: `@ amd_8k`, `assumed equal_ladder`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Support {
    /// `@ source`, any number.
    pub citations: Vec<Citation>,
    /// `assumed name`, any number.
    pub assumed: Vec<Name>,
}

/// One file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// In order of the text.
    pub items: Vec<Item>,
}

/// A top-level clause. Doc comments (`##`) directly above are kept with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// `##` lines, without the marks.
    pub doc: Vec<Text>,
    /// Which.
    pub kind: ItemKind,
    /// From its first to its last token.
    pub span: Span,
}

/// The top-level clauses.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "built once, walked in place")]
pub enum ItemKind {
    /// `use "path"`
    Use(Text),
    /// `use "opening.beancount" for PARTY on DATE { … }`
    Journal(JournalUse),
    /// `source NAME "title" dated 2025-10-06 grade excerpt url "…"`
    Source(SourceDecl),
    /// `unit NAME`
    Unit(Name),
    /// `calendar NAME like nyse { closed DATE, DATE }`
    Calendar(CalendarDecl),
    /// `party NAME "legal name" { … }`
    Party(PartyDecl),
    /// `assume NAME = EXPR "why" @ source`
    Assume(AssumeDecl),
    /// `assert EXPR [within EXPR]`
    Assert(AssertDecl),
    /// `contract NAME "title" between A as role, B as role { … }`
    Contract(Contract),
    /// `book NAME "title" { … }`
    Book(Book),
    /// `scenario NAME "title" from base { … }`
    Scenario(Scenario),
    /// A dated ledger line.
    Line(Line),
    /// `flow NAME "title" from PARTY to PARTY { … }`
    Flow(Flow),
    /// `prices close(CLASS) from "file.csv" …`
    Prices(PricesDecl),
    /// `path close(CLASS) from … linear to … at …`
    PricePath(PricePath),
    /// `test NAME "title" { … }`
    Test(Test),
}

/// `source NAME "title" dated DATE grade WORD url "…"`
#[derive(Clone, Debug, PartialEq)]
pub struct SourceDecl {
    /// Its name.
    pub name: Name,
    /// Title.
    pub title: Text,
    /// `dated DATE`
    pub dated: Option<DateLit>,
    /// `grade primary | excerpt | secondary | derived`
    pub grade: Option<Name>,
    /// `url "…"`
    pub url: Option<Text>,
}

/// `calendar NAME like nyse { closed DATE, … }`
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarDecl {
    /// Its name.
    pub name: Name,
    /// `like nyse` or `like weekdays`
    pub like: Option<Name>,
    /// Days on which the exchange is closed besides.
    pub closed: Vec<DateLit>,
}

/// `party NAME "legal name" { currency USD; fiscal year ends …; class …; book …; alias … }`
#[derive(Clone, Debug, PartialEq)]
pub struct PartyDecl {
    /// Short name.
    pub name: Name,
    /// Legal name.
    pub title: Text,
    /// In order of the text.
    pub clauses: Vec<PartyClause>,
}

/// A clause of a party.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "built once, walked in place")]
pub enum PartyClause {
    /// `currency USD`
    Currency(Name),
    /// `fiscal year ends …`
    FiscalYear(FiscalYearLit, Span),
    /// `class common { … }` or `class common par 0.01 USD/share, authorised 2_250m shares, calendar nyse`
    Class(ClassDecl),
    /// `book us_gaap` with optional choices: `book us_gaap { attribution = single_pool }`
    Book(Name, Vec<(Name, Name)>),
}

/// `fiscal year ends …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FiscalYearLit {
    /// `31 December`
    DayMonth(u8, Name),
    /// `last Saturday of December`
    LastWeekday(Name, Name),
    /// `Saturday nearest 31 December` is written `nearest Saturday to end of December`
    NearestWeekday(Name, Name),
}

/// `class common par 0.01 USD/share, authorised 2_250m shares, calendar nyse`
#[derive(Clone, Debug, PartialEq)]
pub struct ClassDecl {
    /// `common`
    pub name: Name,
    /// `par …`
    pub par: Option<Expr>,
    /// `authorised …`
    pub authorised: Option<Expr>,
    /// `participates 2 / 3 and losses`
    pub participates: Option<(Expr, bool)>,
    /// `calendar nyse`
    pub calendar: Option<Name>,
    /// Sources.
    pub support: Support,
}

/// `assume NAME = EXPR "why"`
#[derive(Clone, Debug, PartialEq)]
pub struct AssumeDecl {
    /// Its name.
    pub name: Name,
    /// Absent for a bare named assumption: `assume equal_ladder "six equal tranches"`.
    pub value: Option<Expr>,
    /// In words.
    pub why: Option<Text>,
    /// Sources.
    pub support: Support,
}

/// `assert EXPR [within EXPR]`
#[derive(Clone, Debug, PartialEq)]
pub struct AssertDecl {
    /// A comparison.
    pub claim: Expr,
    /// `within 0.01m USD`
    pub within: Option<Expr>,
}

/// `scenario NAME "title" from base { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// `from base` (or another scenario).
    pub from: Option<Name>,
    /// In order of the text.
    pub changes: Vec<(Change, Span)>,
}

/// The verbs of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// `move ID by 91 days` (may be negative)
    MoveBy(Name, Expr),
    /// `move ID to DATE`
    MoveTo(Name, DateLit),
    /// `set NAME = EXPR`
    Set(Path, Expr),
    /// `scale ID by 60%`
    Scale(Name, Expr),
    /// `drop ID` — a ledger line, or a contract.
    Drop(Path),
    /// `add LINE`
    Add(Box<Line>),
    /// `path …`
    Path(PricePath),
}
