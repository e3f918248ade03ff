//! Investments: what is paid in, for which shares, at which price, and the tranches in which it is called.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt};
use nom::sequence::preceded;

use super::ast::{
    Expr, Funded, InstrumentClause, InstrumentClauseKind, Investment, IssuePrice, Name, Support, TrancheClause,
    TrancheClauseKind,
};
use super::clause::{block, called, choose, comma, date, name, name_of, path, quiet, repeated, supported, whole, word};
use super::cursor::{Parsed, Rule, Tokens, Wanted};
use super::expr::{amount, condition, sum};
use super::warrant::{Kind, apart, boxed, earned, member, tranche_of, tranches_of};

/// What the size of a tranche looks like.
const SIZE: &str = "an amount such as `10bn USD`";

/// `INVESTMENT := 'investment' NAME 'of' SUM 'in' PATH [','] ['company' NAME SUPPORT] [','] ['investor' NAME SUPPORT]
/// '{' INVESTMENT_CLAUSE* '}'`. What the names rest on is given apart: it supports the clause.
pub(super) fn investment(input: Tokens<'_>) -> Parsed<'_, (Investment, Support)> {
    let class = called("a class of shares", path);
    let (rest, (name, amount, class)) =
        (name, preceded(word("of"), amount), preceded(word("in"), class)).parse(input)?;
    let (rest, company) = opt(preceded(comma, member("company"))).parse(rest)?;
    let (rest, investor) = opt(preceded(comma, member("investor"))).parse(rest)?;
    let (rest, clauses) = block(investment_clause)(rest)?;
    let ([company, investor], whole) = apart([company, investor]);
    Ok((rest, (Investment { name, amount, class, company, investor, clauses }, whole)))
}

const INVESTMENT: &[(&str, Rule<Kind>)] = &[
    ("price", |i| boxed(i, price, InstrumentClauseKind::Price)),
    ("syndicated", |i| boxed(i, syndicated, |(share, to)| InstrumentClauseKind::Syndicated(share, to))),
    ("funded", |i| boxed(i, funded, InstrumentClauseKind::Funded)),
    ("fair", |i| boxed(i, super::warrant::fair_value, InstrumentClauseKind::FairValue)),
    ("observable", |i| boxed(i, super::holding::observable, InstrumentClauseKind::Observable)),
    ("tranche", |i| boxed(i, |i| tranche_of(i, SIZE, tranche_clause), InstrumentClauseKind::Tranche)),
    ("tranches", |i| boxed(i, |i| tranches_of(i, SIZE, tranche_clause), InstrumentClauseKind::Tranches)),
    ("for", |i| boxed(i, |i| repeated(i, investment_clause), InstrumentClauseKind::For)),
];

/// `INVESTMENT_CLAUSE := (PRICE | SYNDICATED | FUNDED | FAIR_VALUE | OBSERVABLE | TRANCHE | TRANCHES | FOR) SUPPORT`
fn investment_clause(input: Tokens<'_>) -> Parsed<'_, InstrumentClause> {
    let (rest, (kind, support)) = supported(|i| choose(i, "a clause of an investment", INVESTMENT)).parse(input)?;
    Ok((rest, InstrumentClause { kind: *kind, support, span: input.span_to(rest) }))
}

/// `PRICE := 'price' SUM ['pre_money' | 'post_money' ['of' SUM]] [',' ('issued' | 'fully' 'diluted') 'shares'] ['as' 'of' DATE]`
fn price(input: Tokens<'_>) -> Parsed<'_, IssuePrice> {
    let (rest, worth) =
        called("a price per share, a valuation, `close(CLASS)` or `valuation(PARTY)`", sum).parse(input)?;
    let round = opt(preceded(quiet("of"), called("the size of the round", sum)));
    let money = alt((
        map(name_of(&["pre_money"]), |word| (word, None)),
        map((name_of(&["post_money"]), round), |(word, round)| (word, round)),
    ));
    let (rest, money) = opt(money).parse(rest)?;
    let issued = map((name_of(&["issued"]), word("shares")), |(word, _)| word);
    let fully = map((name_of(&["fully"]), word("diluted"), word("shares")), |(word, ..)| word);
    let (rest, count) = opt(preceded(comma, alt((issued, fully)))).parse(rest)?;
    let (rest, as_of) = opt(preceded((quiet("as"), word("of")), date)).parse(rest)?;
    Ok((rest, IssuePrice { worth, money, count, as_of }))
}

/// `SYNDICATED := 'syndicated' SUM 'to' NAME`
fn syndicated(input: Tokens<'_>) -> Parsed<'_, (Expr, Name)> {
    let share = called("a share such as `25%`", sum);
    (share, preceded(word("to"), called("a party", name))).parse(input)
}

/// `FUNDED := 'funded' ('in' ('cash' | 'shares' 'of' PATH | 'capacity') | 'against' 'nothing') [whole 'days' 'after' 'call']`
fn funded(input: Tokens<'_>) -> Parsed<'_, Funded> {
    let shares = (name_of(&["shares"]), preceded(word("of"), called("a class of shares", path)));
    let kind = alt((
        preceded(quiet("in"), map(name_of(&["cash", "capacity"]), |kind| (kind, None))),
        preceded(quiet("in"), map(shares, |(kind, class)| (kind, Some(class)))),
        preceded(quiet("against"), map(name_of(&["nothing"]), |kind| (kind, None))),
    ));
    let (rest, (kind, class)) =
        called("`in cash`, `in shares of CLASS`, `in capacity` or `against nothing`", kind).parse(input)?;
    let day = alt((quiet("days"), quiet("day")));
    let delay = map((whole, day, word("after"), word("call")), |(days, ..)| days);
    let (rest, days) = opt(delay).parse(rest)?;
    Ok((rest, Funded { kind, class, days: days.unwrap_or(0) }))
}

const TRANCHE: &[(&str, Rule<TrancheClauseKind>)] = &[("called", called_when), ("by", by), ("earned", earned)];

/// `TRANCHE_CLAUSE := (CALLED | BY | EARNED) SUPPORT`
fn tranche_clause(input: Tokens<'_>) -> Parsed<'_, TrancheClause> {
    let (rest, (kind, support)) =
        supported(|i| choose(i, "a clause of a tranche of an investment", TRANCHE)).parse(input)?;
    Ok((rest, TrancheClause { kind, support, span: input.span_to(rest) }))
}

/// `CALLED := 'called' ('by' NAME ['when' EXPR] | CONDITION)`
fn called_when(input: Tokens<'_>) -> Parsed<'_, TrancheClauseKind> {
    match input.word(0) {
        Some("by") => {
            let (rest, (_, who)) = (word("by"), called("a party", name)).parse(input)?;
            let (rest, when) = opt(condition).parse(rest)?;
            Ok((rest, TrancheClauseKind::Called(Some(who), when)))
        }
        Some("when" | "at" | "on") => map(condition, |when| TrancheClauseKind::Called(None, Some(when))).parse(input),
        _ => input.miss(Wanted::Some("`when CONDITION`, `at signing`, `on DATE` or `by PARTY`")),
    }
}

/// `BY := 'by' DATE ['else' SUM]`
fn by(input: Tokens<'_>) -> Parsed<'_, TrancheClauseKind> {
    let (rest, (date, rest_of_it)) = (date, opt(preceded(quiet("else"), called(SIZE, sum)))).parse(input)?;
    Ok((rest, TrancheClauseKind::By(date, rest_of_it)))
}
