//! Loans, leases and guarantees.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, map_opt, opt, value};
use nom::sequence::{preceded, terminated};

use super::ast::{Credit, CreditClause, CreditClauseKind as Kind, CreditKind, Name, Rate, Support, TrancheClauseKind};
use super::clause::{block, called, choose, comma, date, name, name_of, punct, quiet, support, supported, whole, word};
use super::cursor::{Parsed, Rule, Tokens};
use super::expr::{amount, condition, sum};
use super::flow::every;
use super::token::Punct;
use super::warrant::earned;

/// `LOAN := 'loan' NAME 'of' SUM MEMBER* '{' LOAN_CLAUSE* '}'`. What the names rest on is given apart.
pub(super) fn loan(input: Tokens<'_>) -> Parsed<'_, (Credit, Support)> {
    credit(input, CreditKind::Loan, |i| clause(i, "a clause of a loan", LOAN))
}

/// `LEASE := 'lease' NAME MEMBER* '{' LEASE_CLAUSE* '}'`
pub(super) fn lease(input: Tokens<'_>) -> Parsed<'_, (Credit, Support)> {
    credit(input, CreditKind::Lease, |i| clause(i, "a clause of a lease", LEASE))
}

/// `GUARANTEE := 'guarantee' NAME 'of' SUM MEMBER* '{' GUARANTEE_CLAUSE* '}'`
pub(super) fn guarantee(input: Tokens<'_>) -> Parsed<'_, (Credit, Support)> {
    credit(input, CreditKind::Guarantee, |i| clause(i, "a clause of a guarantee", GUARANTEE))
}

/// `MEMBER := [','] ROLE NAME SUPPORT`
fn credit(input: Tokens<'_>, kind: CreditKind, one: Rule<CreditClause>) -> Parsed<'_, (Credit, Support)> {
    let (mut rest, name) = name(input)?;
    let mut principal = None;
    if kind != CreditKind::Lease {
        let (after, found) = preceded(word("of"), amount).parse(rest)?;
        (rest, principal) = (after, Some(found));
    }
    let (_, _, roles) = kind.words();
    let (mut members, mut whole): (Vec<(Name, Name)>, _) = (Vec::new(), Support::default());
    while rest.lexeme(0).is_some() && !is_block(rest) {
        let (after, ()) = comma(rest)?;
        let (after, role) = name_of(roles)(after)?;
        let (after, (party, found)) = (called("a party", super::clause::name), support).parse(after)?;
        whole.citations.extend(found.citations);
        whole.assumed.extend(found.assumed);
        members.push((role, party));
        rest = after;
    }
    let (rest, clauses) = block(one)(rest)?;
    Ok((rest, (Credit { kind, name, amount: principal, members, clauses }, whole)))
}

fn is_block(input: Tokens<'_>) -> bool {
    matches!(input.lexeme(0), Some(super::tree::Lexeme::Block(_)))
}

/// `CLAUSE := KIND SUPPORT`
fn clause<'a>(input: Tokens<'a>, room: &'static str, table: &[(&'static str, Rule<Kind>)]) -> Parsed<'a, CreditClause> {
    let (rest, (kind, support)) = supported(|i| choose(i, room, table)).parse(input)?;
    Ok((rest, CreditClause { kind, support, span: input.span_to(rest) }))
}

const LOAN: &[(&str, Rule<Kind>)] = &[
    ("drawn", |i| map(condition, Kind::Drawn).parse(i)),
    ("outstanding", outstanding),
    ("available", available),
    ("matures", matures),
    ("repaid", repaid),
    ("interest", |i| map(rate, Kind::Interest).parse(i)),
    ("effective", effective),
    ("issued", |i| map(preceded(word("at"), called("a share such as `97%`", sum)), Kind::Issued).parse(i)),
    ("fee", |i| map(called(MONEY, sum), Kind::Fee).parse(i)),
    ("costs", |i| map(called(MONEY, sum), Kind::Costs).parse(i)),
    ("undrawn", |i| map(preceded(word("fee"), rate), Kind::Undrawn).parse(i)),
    ("fair", fair_value),
];

const LEASE: &[(&str, Rule<Kind>)] = &[
    ("commences", |i| map((date, preceded(word("until"), date)), |(from, to)| Kind::Term(from, to)).parse(i)),
    ("payments", |i| map(every, Kind::Payments).parse(i)),
    ("rate", |i| map(called("a rate such as `7%`", sum), Kind::Rate).parse(i)),
];

const GUARANTEE: &[(&str, Rule<Kind>)] = &[
    ("from", |i| map((date, preceded(word("to"), date)), |(from, to)| Kind::Term(from, to)).parse(i)),
    ("fair", fair_value),
    ("fee", |i| map(called(MONEY, sum), Kind::Fee).parse(i)),
    ("escrow", |i| map(called(MONEY, sum), Kind::Escrow).parse(i)),
    ("earned", |i| {
        let over = |found| match found {
            TrancheClauseKind::EarnedOver(from, to, of) => Some(Kind::EarnedOver(from, to, of)),
            _ => None,
        };
        map_opt(earned, over).parse(i)
    }),
];

const MONEY: &str = "an amount such as `20m USD`";

/// `'fair' 'value' SUM`
fn fair_value(input: Tokens<'_>) -> Parsed<'_, Kind> {
    map(preceded(word("value"), called(MONEY, sum)), Kind::FairValue).parse(input)
}

/// `OUTSTANDING := 'outstanding' AMOUNT 'on' DATE [',' 'carried' 'at' SUM]`
fn outstanding(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let (rest, (amount, day)) = (called(MONEY, amount), preceded(word("on"), date)).parse(input)?;
    let (rest, carried) = match rest.punct(0, Punct::Comma) {
        true => {
            let carried = preceded((punct(Punct::Comma), word("carried"), word("at")), called(MONEY, sum));
            map(carried, Some).parse(rest)?
        }
        false => (rest, None),
    };
    Ok((rest, Kind::Outstanding(amount, day, carried)))
}

/// `AVAILABLE := 'available' ['from' DATE] 'to' DATE [CONDITION]`
fn available(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let (rest, from) = opt(preceded(quiet("from"), date)).parse(input)?;
    let (rest, to) = preceded(word("to"), date).parse(rest)?;
    let (rest, when) = match rest.word(0) {
        Some("when" | "at" | "on") => map(condition, Some).parse(rest)?,
        _ => (rest, None),
    };
    Ok((rest, Kind::Available(from, to, when)))
}

/// `MATURES := 'matures' (DATE | whole ('years' | 'months') 'after' 'draw')`
fn matures(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let unit = name_of(&["years", "year", "months", "month"]);
    let after = terminated((whole, unit), (word("after"), word("draw")));
    let after = map(after, |(count, unit)| Kind::MaturesAfter(count, unit));
    called("a date, or `5 years after draw`", alt((map(date, Kind::Matures), after))).parse(input)
}

/// `REPAID := 'repaid' ('at' 'maturity' | 'evenly' 'from' DATE)`
fn repaid(input: Tokens<'_>) -> Parsed<'_, Kind> {
    alt((
        value(Kind::Repaid(None), (word("at"), word("maturity"))),
        map(preceded((word("evenly"), word("from")), date), |day| Kind::Repaid(Some(day))),
    ))
    .parse(input)
}

/// `EFFECTIVE := 'effective' 'rate' ('at' 'inception' | 'as' 'it' 'changes')`
fn effective(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let inception = value(Kind::Effective(false), (word("at"), word("inception")));
    let changes = value(Kind::Effective(true), (word("as"), word("it"), word("changes")));
    preceded(word("rate"), alt((inception, changes))).parse(input)
}

/// `RATE := SUM 'every' NAME [',' NAME]`
fn rate(input: Tokens<'_>) -> Parsed<'_, Rate> {
    let (rest, rate) = terminated(called("a rate such as `8%`", sum), word("every")).parse(input)?;
    let (rest, every) = called("`month`, `quarter`, `half_year` or `year`", name).parse(rest)?;
    let (rest, count) = match rest.punct(0, Punct::Comma) {
        true => map(preceded(punct(Punct::Comma), called("a day count such as `act_360`", name)), Some).parse(rest)?,
        false => (rest, None),
    };
    Ok((rest, Rate { rate, every, count }))
}
