//! Covenants: named ratios of a party's figures, tested on days against a threshold; and the figures a party reports.

use nom::branch::alt;
use nom::combinator::{map, opt};
use nom::multi::separated_list1;
use nom::sequence::{preceded, terminated};
use nom::{Input, Parser};

use super::ast::{Covenant, CovenantClause, CovenantClauseKind as Kind, Expr, Name, Reported, ReportedWhen, Verb};
use super::clause::{block, called, choose, date, equals, name, punct, quiet, supported, text, whole, word};
use super::cursor::{Parsed, Rule, Tokens, Wanted};
use super::expr::{expr, named_period, sum};
use super::token::Punct;

/// `COVENANT := 'covenant' NAME [TEXT] 'of' NAME '{' COVENANT_CLAUSE* '}'`
pub(super) fn covenant(input: Tokens<'_>) -> Parsed<'_, Covenant> {
    let party = preceded(word("of"), called("a party", name));
    let (rest, (name, title, party, clauses)) = (name, opt(text), party, block(clause)).parse(input)?;
    Ok((rest, Covenant { name, title, party, clauses }))
}

const COVENANT: &[(&str, Rule<Kind>)] = &[
    ("measure", |i| {
        map((terminated(name, equals), called("an amount", sum)), |(name, amount)| Kind::Measure(name, amount)).parse(i)
    }),
    ("test", |i| map(called("a test such as `ebitda / interest >= 3`", expr), Kind::Test).parse(i)),
    ("tested", tested),
    ("over", over),
];

/// `COVENANT_CLAUSE := ('measure' NAME '=' SUM | 'test' EXPR | TESTED | 'over' whole ('quarter' | 'quarters')) SUPPORT`
fn clause(input: Tokens<'_>) -> Parsed<'_, CovenantClause> {
    let (rest, (kind, support)) = supported(|i| choose(i, "a clause of a covenant", COVENANT)).parse(input)?;
    Ok((rest, CovenantClause { kind, support, span: input.span_to(rest) }))
}

/// `TESTED := 'tested' ('on' DATE (',' DATE)* | 'every' 'quarter' 'from' DATE 'to' DATE)`
fn tested(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let on = map(preceded(quiet("on"), separated_list1(punct(Punct::Comma), date)), Kind::On);
    let every = preceded((quiet("every"), word("quarter"), word("from")), (terminated(date, word("to")), date));
    called("`on DATE`, or `every quarter from DATE to DATE`", alt((on, map(every, |(from, to)| Kind::Every(from, to)))))
        .parse(input)
}

/// `OVER := 'over' whole ('quarter' | 'quarters')`
fn over(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let (rest, count) = called("a number of quarters", whole).parse(input)?;
    let (rest, _) = called("`quarters`", alt((quiet("quarters"), quiet("quarter")))).parse(rest)?;
    Ok((rest, Kind::Over(count, input.span_to(rest))))
}

/// `REPORTED := 'reported' NAME (PERIOD | 'on' DATE) '{' (NAME SUM)* '}'`
pub(super) fn reported(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let (rest, party) = called("a party", name).parse(input)?;
    let (rest, when) = match (rest.word(0), named_period(rest, 0)) {
        (Some("on"), _) => map(preceded(word("on"), date), ReportedWhen::Day).parse(rest)?,
        (_, Some((period, span))) => (rest.take_from(1), ReportedWhen::Period(period, span)),
        _ => return rest.miss(Wanted::Some("a period such as `2027-Q2`, or `on DATE`")),
    };
    let (rest, amounts) = block(figure)(rest)?;
    Ok((rest, Verb::Reported(Reported { party, when, amounts })))
}

/// `NAME SUM`
fn figure(input: Tokens<'_>) -> Parsed<'_, (Name, Expr)> {
    (called("a name for the figure", name), called("an amount", sum)).parse(input)
}
