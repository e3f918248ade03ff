//! Tests of facts against what was accepted.

use nom::branch::alt;
use nom::combinator::{map, opt};
use nom::multi::separated_list1;
use nom::sequence::preceded;
use nom::{Input, Parser};

use super::ast::{Kept, Test, TestClause, TestClauseKind as Kind, Within};
use super::clause::{block, called, choose, date, name, path, punct, quiet, text, word};
use super::cursor::{Parsed, Rule, Tokens, Wanted};
use super::expr::{named_period, sum};
use super::token::Punct;

/// `TEST := 'test' NAME [TEXT] '{' TEST_CLAUSE* '}'`
pub(super) fn test(input: Tokens<'_>) -> Parsed<'_, Test> {
    let (rest, (name, title, clauses)) = (name, opt(text), block(clause)).parse(input)?;
    Ok((rest, Test { name, title, clauses }))
}

const CLAUSES: &[(&str, Rule<Kind>)] = &[
    ("scenario", |i| map(names("a scenario"), Kind::Scenario).parse(i)),
    ("book", |i| map(called("a book", name), Kind::Book).parse(i)),
    ("known", |i| map(preceded(word("by"), date), Kind::Known).parse(i)),
    ("period", period),
    ("entity", |i| map(names("a party"), Kind::Entity).parse(i)),
    ("keep", keep),
    ("exact", |i| map(names("`money`, `shares` or a measure"), Kind::Exact).parse(i)),
    ("within", within),
    ("review", review),
];

/// `TEST_CLAUSE := 'scenario' NAMES | 'book' NAME | 'known' 'by' DATE | PERIOD | 'entity' NAMES | KEEP | 'exact' NAMES | WITHIN | REVIEW`
fn clause(input: Tokens<'_>) -> Parsed<'_, TestClause> {
    let (rest, kind) = choose(input, "a clause of a test", CLAUSES)?;
    Ok((rest, TestClause { kind, span: input.span_to(rest) }))
}

/// `NAMES := NAME (',' NAME)*`
fn names<'a>(what: &'static str) -> impl FnMut(Tokens<'a>) -> Parsed<'a, Vec<super::ast::Name>> {
    move |input| separated_list1(punct(Punct::Comma), called(what, name)).parse(input)
}

/// `'period' PERIOD`
fn period(input: Tokens<'_>) -> Parsed<'_, Kind> {
    match named_period(input, 0) {
        Some((period, _)) => Ok((input.take_from(1), Kind::Period(period))),
        None => input.miss(Wanted::Some("a period such as `2027-Q3`")),
    }
}

/// `KEEP := 'keep' KEPT (',' KEPT)* ['of' PATH]`
fn keep(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let of = preceded(quiet("of"), called("a contract, or something in one", path));
    let (rest, (what, of)) = (separated_list1(punct(Punct::Comma), kept), opt(of)).parse(input)?;
    Ok((rest, Kind::Keep(what, of)))
}

/// `KEPT := 'all' | NAME | FACT`
fn kept(input: Tokens<'_>) -> Parsed<'_, Kept> {
    let named = input.punct(1, Punct::Dot) || input.punct(1, Punct::OpenSquare);
    match input.word(0) {
        Some("all") if !named => Ok((input.take_from(1), Kept::All(input.span_to(input.take_from(1))))),
        Some(_) if named => map(sum, Kept::Fact).parse(input),
        _ => map(called("`all`, a measure or a fact", name), Kept::Measure).parse(input),
    }
}

/// `WITHIN := 'within' SUM [('and' | 'or') SUM] 'for' NAMES`
fn within(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let amount = || called("an amount or a part such as `0.1%`", sum);
    let both = alt((map(quiet("and"), |_| true), map(quiet("or"), |_| false)));
    let second = opt((both, amount()));
    let names = names("`money` or a measure");
    let (rest, (first, second, _, names)) = (amount(), second, word("for"), names).parse(input)?;
    Ok((rest, Kind::Within(Within { first, second }, names)))
}

/// `REVIEW := 'review' 'if' 'change' '>' SUM ('or' '>' SUM)*`
fn review(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let (rest, _) = (word("if"), word("change")).parse(input)?;
    let more = || preceded(punct(Punct::Above), called("an amount or a part such as `1%`", sum));
    map(separated_list1(quiet("or"), more()), Kind::Review).parse(rest)
}
