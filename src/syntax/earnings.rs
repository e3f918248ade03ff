//! Earnings of a period, as a party states them, and the potential shares that no contract describes.

use nom::combinator::{map, opt};
use nom::sequence::preceded;
use nom::{Input, Parser};

use super::ast::{Earnings, EarningsClause, EarningsClauseKind, Name, Security, Verb};
use super::clause::{block, called, choose, comma, date, name, name_of, path, supported, word};
use super::cursor::{Parsed, Rule, Tokens, Wanted};
use super::expr::{named_period, sum};

/// `EARNINGS := 'earnings' PATH PERIOD '{' EARNINGS_CLAUSE* '}'`
pub(super) fn earnings(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let (rest, of) = called("a party or a class of shares", path).parse(input)?;
    let Some((period, span)) = named_period(rest, 0) else {
        return rest.miss(Wanted::Some("a period such as `2027-Q2`"));
    };
    let (rest, clauses) = block(clause)(rest.take_from(1))?;
    Ok((rest, Verb::Earnings(Earnings { of, period, span, clauses })))
}

const CLAUSES: &[(&str, Rule<EarningsClauseKind>)] = &[
    ("continuing", |i| stated(i, "continuing")),
    ("net_income", |i| stated(i, "net_income")),
    ("preferred", |i| stated(i, "preferred")),
    ("weighted", |i| stated(i, "weighted")),
    ("average", |i| stated(i, "average")),
    ("options", |i| security(i, "options", &["unrecognised"])),
    ("convertible", |i| security(i, "convertible", &["interest", "dividends"])),
    ("increment", |i| security(i, "increment", &["numerator"])),
    ("participating", super::participates::participating),
    ("gain", gain),
];

/// `EARNINGS_CLAUSE := (WORD SUM | SECURITY | GAIN) SUPPORT`
fn clause(input: Tokens<'_>) -> Parsed<'_, EarningsClause> {
    let (rest, (kind, support)) = supported(|i| choose(i, "a clause of `earnings`", CLAUSES)).parse(input)?;
    Ok((rest, EarningsClause { kind, support, span: input.span_to(rest) }))
}

fn stated<'a>(input: Tokens<'a>, word: &'static str) -> Parsed<'a, EarningsClauseKind> {
    map(called("an amount", sum), |value| EarningsClauseKind::Stated(word, value)).parse(input)
}

/// `SECURITY := ('options' | 'convertible' | 'increment') NAME SUM ['at' SUM] [',' WORD SUM]
/// [',' 'principal' SUM 'in' ('cash' | 'either')] ['from' DATE] ['until' DATE]`
fn security<'a>(
    input: Tokens<'a>,
    kind: &'static str,
    words: &'static [&'static str],
) -> Parsed<'a, EarningsClauseKind> {
    let (rest, name) = called("a name for the security", name).parse(input)?;
    let (rest, shares) = called("a number of shares", sum).parse(rest)?;
    let (rest, strike) = if kind == "options" {
        map(preceded(word("at"), called("an exercise price", sum)), Some).parse(rest)?
    } else {
        (rest, None)
    };
    let amount = (name_of(words), called("an amount", sum));
    let (rest, amount) = opt(preceded(comma, amount)).parse(rest)?;
    let (rest, principal) = if kind == "convertible" { opt(principal).parse(rest)? } else { (rest, None) };
    let (rest, from) = opt(preceded(word("from"), date)).parse(rest)?;
    let (rest, until) = opt(preceded(word("until"), date)).parse(rest)?;
    Ok((rest, EarningsClauseKind::Security(Security { kind, name, shares, strike, amount, principal, from, until })))
}

fn principal(input: Tokens<'_>) -> Parsed<'_, (super::ast::Expr, Name)> {
    let (rest, ()) = comma(input)?;
    let (rest, (_, amount, _, how)) =
        (word("principal"), called("an amount", sum), word("in"), name_of(&["cash", "either"])).parse(rest)?;
    Ok((rest, (amount, how)))
}

/// `GAIN := 'gain' PATH SUM [',' 'basic' SUM]`
fn gain(input: Tokens<'_>) -> Parsed<'_, EarningsClauseKind> {
    let (rest, of) = called("a warrant, a tranche or the name of a security", path).parse(input)?;
    let (rest, amount) = called("an amount", sum).parse(rest)?;
    let basic = preceded(word("basic"), called("an amount", sum));
    let (rest, basic) = opt(preceded(comma, basic)).parse(rest)?;
    Ok((rest, EarningsClauseKind::Gain(of, amount, basic)))
}
