//! Warrants and their tranches.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{preceded, terminated};

use super::ast::{
    DateLit, Expr, InstrumentClause, InstrumentClauseKind, Name, Support, Tranche, TrancheClause, TrancheClauseKind,
    Tranches, Warrant,
};
use super::clause::{block, called, choose, comma, date, name, path, punct, range, repeated, support, supported, word};
use super::cursor::{Parsed, Rule, Tokens};
use super::expr::{condition, sum};
use super::token::Punct;

/// `WARRANT := 'warrant' NAME 'over' SUM 'at' SUM [','] ['issuer' NAME SUPPORT] [','] ['holder' NAME SUPPORT]
/// '{' WARRANT_CLAUSE* '}'`. What the names rest on is given apart: it supports the clause.
pub(super) fn warrant(input: Tokens<'_>) -> Parsed<'_, (Warrant, Support)> {
    let size = called("`SHARES shares of CLASS`", sum);
    let strike = called("a price such as `0.01 USD/share`", sum);
    let (rest, (name, size, strike)) =
        (name, preceded(word("over"), size), preceded(word("at"), strike)).parse(input)?;
    let (rest, issuer) = opt(preceded(comma, member("issuer"))).parse(rest)?;
    let (rest, holder) = opt(preceded(comma, member("holder"))).parse(rest)?;
    let (rest, clauses) = block(warrant_clause)(rest)?;
    let ([issuer, holder], whole) = apart([issuer, holder]);
    Ok((rest, (Warrant { name, size, strike, issuer, holder, clauses }, whole)))
}

/// The names, and what they rest on together.
pub(super) fn apart<const N: usize>(members: [Option<(Name, Support)>; N]) -> ([Option<Name>; N], Support) {
    let mut whole = Support::default();
    let names = members.map(|member| {
        member.map(|(name, support)| {
            whole.citations.extend(support.citations);
            whole.assumed.extend(support.assumed);
            name
        })
    });
    (names, whole)
}

pub(super) fn member<'a>(role: &'static str) -> impl FnMut(Tokens<'a>) -> Parsed<'a, (Name, Support)> {
    move |input| preceded(word(role), (called("a party", name), support)).parse(input)
}

/// Boxed, so that loops within loops take little of the stack.
pub(super) type Kind = Box<InstrumentClauseKind>;

const WARRANT: &[(&str, Rule<Kind>)] = &[
    ("granted", |i| boxed(i, date, InstrumentClauseKind::Granted)),
    ("expires", |i| boxed(i, expires, InstrumentClauseKind::Expires)),
    ("exercise", |i| boxed(i, exercise, |(cash, net)| InstrumentClauseKind::Exercise { cash, net })),
    ("adjusts", super::equity::adjusts),
    ("rounds", super::equity::rounds),
    ("fractions", super::equity::fractions),
    ("transferable", super::equity::transferable),
    ("not", super::equity::not_transferable),
    ("no", |i| {
        boxed(i, |i| preceded(word("adjustment"), for_splits).parse(i), |()| InstrumentClauseKind::Splits(false))
    }),
    ("ownership", super::equity::ownership_cap),
    ("change", super::equity::control),
    ("consideration", super::recipient::consideration),
    ("given", |i| boxed(i, given_for, InstrumentClauseKind::GivenFor)),
    ("participates", super::participates::participates),
    ("exercisable", |i| boxed(i, condition, InstrumentClauseKind::ExercisableWhen)),
    ("fair", |i| boxed(i, fair_value, InstrumentClauseKind::FairValue)),
    ("tranche", |i| boxed(i, tranche, InstrumentClauseKind::Tranche)),
    ("tranches", |i| boxed(i, tranches, InstrumentClauseKind::Tranches)),
    ("for", |i| boxed(i, |i| repeated(i, warrant_clause), InstrumentClauseKind::For)),
];

pub(super) fn boxed<'a, T>(
    input: Tokens<'a>,
    rule: fn(Tokens<'a>) -> Parsed<'a, T>,
    kind: fn(T) -> InstrumentClauseKind,
) -> Parsed<'a, Kind> {
    let (rest, value) = rule(input)?;
    Ok((rest, Box::new(kind(value))))
}

/// `WARRANT_CLAUSE := ('granted' DATE | 'expires' (DATE | 'never') | EXERCISE | ADJUSTS | 'no' 'adjustment' 'for' 'splits' |
/// ROUNDS | FRACTIONS | TRANSFERABLE | 'not' 'transferable' | CAP | CONTROL | 'exercisable' CONDITION | FAIR_VALUE | TRANCHE | TRANCHES | FOR) SUPPORT`
fn warrant_clause(input: Tokens<'_>) -> Parsed<'_, InstrumentClause> {
    let (rest, (kind, support)) = supported(|i| choose(i, "a clause of a warrant", WARRANT)).parse(input)?;
    Ok((rest, InstrumentClause { kind: *kind, support, span: input.span_to(rest) }))
}

/// `EXPIRES := DATE | 'never'`
fn expires(input: Tokens<'_>) -> Parsed<'_, Option<DateLit>> {
    alt((map(date, Some), value(None, word("never")))).parse(input)
}

/// `'for' 'splits'`
fn for_splits(input: Tokens<'_>) -> Parsed<'_, ()> {
    value((), (word("for"), word("splits"))).parse(input)
}

/// `EXERCISE := 'exercise' ('cash' ['or' 'net'] | 'net' ['or' 'cash'] | 'undisclosed')`
fn exercise(input: Tokens<'_>) -> Parsed<'_, (bool, bool)> {
    alt((
        map((word("cash"), opt((word("or"), word("net")))), |(_, net)| (true, net.is_some())),
        map((word("net"), opt((word("or"), word("cash")))), |(_, cash)| (cash.is_some(), true)),
        value((false, false), word("undisclosed")),
    ))
    .parse(input)
}

/// `GIVEN := 'given' 'for' PATH`
fn given_for(input: Tokens<'_>) -> Parsed<'_, super::ast::Path> {
    preceded(word("for"), called("a loan, a guarantee or a supply", path)).parse(input)
}

/// `FAIR_VALUE := 'fair' 'value' SUM`
pub(super) fn fair_value(input: Tokens<'_>) -> Parsed<'_, Expr> {
    preceded(word("value"), called("a price such as `158.10 USD/share`", sum)).parse(input)
}

/// `TRANCHE := 'tranche' NAME SUM '{' TRANCHE_CLAUSE* '}'`
fn tranche(input: Tokens<'_>) -> Parsed<'_, Tranche> {
    tranche_of(input, "a size such as `5m shares`", tranche_clause)
}

/// A tranche whose clauses are these.
pub(super) fn tranche_of<'a>(
    input: Tokens<'a>,
    size: &'static str,
    clause: Rule<TrancheClause>,
) -> Parsed<'a, Tranche> {
    let (rest, (name, size, clauses)) = (name, called(size, sum), block(clause)).parse(input)?;
    Ok((rest, Tranche { name, size, clauses }))
}

/// `TRANCHES := 'tranches' [NAME] 'for' NAME 'in' RANGE ',' SUM ('in' 'total' | 'each') [',' NAME] '{' TRANCHE_CLAUSE* '}'`
fn tranches(input: Tokens<'_>) -> Parsed<'_, Tranches> {
    tranches_of(input, "a size such as `5m shares`", tranche_clause)
}

/// Generated tranches whose clauses are these.
pub(super) fn tranches_of<'a>(
    input: Tokens<'a>,
    size: &'static str,
    clause: Rule<TrancheClause>,
) -> Parsed<'a, Tranches> {
    let stemless = input.word(0) == Some("for") && input.word(1).is_some() && input.word(2) == Some("in");
    let (head_at, stem) = if stemless { (input, None) } else { map(name, Some).parse(input)? };
    let mut head = preceded(word("for"), (terminated(name, word("in")), range));
    let (rest, (variable, (from, to))) = head.parse(head_at)?;
    let head = head_at.span_to(rest);
    let (rest, size) = preceded(punct(Punct::Comma), called(size, sum)).parse(rest)?;
    let (rest, each) = alt((value(true, word("each")), value(false, (word("in"), word("total"))))).parse(rest)?;
    let sized = head_at.span_to(rest);
    let (rest, allocation) =
        opt(preceded(punct(Punct::Comma), called("an allocation such as `cumulative`", name))).parse(rest)?;
    let (rest, clauses) = block(clause)(rest)?;
    Ok((rest, Tranches { stem, variable, from, to, size, each, allocation, clauses, head, sized }))
}

const TRANCHE: &[(&str, Rule<TrancheClauseKind>)] = &[
    ("vests", |i| map(condition, TrancheClauseKind::VestsWhen).parse(i)),
    ("exercisable", |i| map(condition, TrancheClauseKind::ExercisableWhen).parse(i)),
    ("fair", fair_values),
    ("earned", earned),
    ("by", |i| map(date, |date| TrancheClauseKind::By(date, None)).parse(i)),
];

/// `TRANCHE_CLAUSE := ('vests' CONDITION | 'exercisable' CONDITION | FAIR_VALUE | EARNED | 'by' DATE) SUPPORT`
fn tranche_clause(input: Tokens<'_>) -> Parsed<'_, TrancheClause> {
    let (rest, (kind, support)) = supported(|i| choose(i, "a clause of a tranche", TRANCHE)).parse(input)?;
    Ok((rest, TrancheClause { kind, support, span: input.span_to(rest) }))
}

/// `FAIR_VALUE | 'fair' 'value' 'if' NAME SUM`
fn fair_values(input: Tokens<'_>) -> Parsed<'_, TrancheClauseKind> {
    if input.word(1) != Some("if") {
        return map(fair_value, TrancheClauseKind::FairValue).parse(input);
    }
    let outcome = called("an outcome such as `market`", name);
    let price = called("a price such as `158.10 USD/share`", sum);
    map(preceded((word("value"), word("if")), (outcome, price)), |(outcome, price)| {
        TrancheClauseKind::FairValueIf(outcome, price)
    })
    .parse(input)
}

/// `EARNED := 'earned' 'over' SUM 'to' SUM 'of' PATH`
pub(super) fn earned(input: Tokens<'_>) -> Parsed<'_, TrancheClauseKind> {
    let (rest, (_, from, _, to, _)) = (word("over"), sum, word("to"), sum, word("of")).parse(input)?;
    map(called("a counter", path), |counter| TrancheClauseKind::EarnedOver(from.clone(), to.clone(), counter))
        .parse(rest)
}
