//! Operating lines.

use nom::branch::alt;
use nom::combinator::{map, opt};
use nom::sequence::{preceded, terminated};
use nom::{Input, Parser};

use super::ast::{Every, Expr, Flow, FlowClause, FlowClauseKind, FlowSeries, Name, PayDay};
use super::clause::{block, called, choose, date, name, standing, supported, text, unknown, whole, word};
use super::cursor::{Parsed, Rule, Tokens, Wanted};
use super::expr::{named_period, sum};
use super::token::TokenKind;
use crate::base::Code;

/// `FLOW := 'flow' NAME TEXT 'from' NAME 'to' NAME '{' FLOW_CLAUSE* '}' SUPPORT`
pub(super) fn flow(input: Tokens<'_>) -> Parsed<'_, Flow> {
    let party = |i| called("a party or `others`", name).parse(i);
    let ends = (preceded(word("from"), party), preceded(word("to"), party));
    let body = (name, called("a title in quotes", text), ends, block(clause));
    let (rest, ((name, title, (from, to), clauses), support)) = supported(body).parse(input)?;
    Ok((rest, Flow { name, title, from, to, clauses, support }))
}

const CLAUSES: &[(&str, Rule<FlowClauseKind>)] = &[
    ("paid", |i| map(preceded(word("on"), pay_day), FlowClauseKind::Paid).parse(i)),
    ("standing", |i| map(standing, FlowClauseKind::Standing).parse(i)),
    ("financing", |i| Ok((i, FlowClauseKind::Financing))),
    ("known", |i| map(date, FlowClauseKind::Known).parse(i)),
    ("series", |i| map(series, FlowClauseKind::Series).parse(i)),
];

/// `FLOW_CLAUSE := (AMOUNT | 'paid' 'on' PAY_DAY | 'standing' STANDING | 'financing' | 'known' DATE | SERIES) SUPPORT`
fn clause(input: Tokens<'_>) -> Parsed<'_, FlowClause> {
    let (rest, (kind, support)) = supported(kind).parse(input)?;
    Ok((rest, FlowClause { kind, support, span: input.span_to(rest) }))
}

fn kind(input: Tokens<'_>) -> Parsed<'_, FlowClauseKind> {
    match input.word(0) {
        Some(found) if CLAUSES.iter().any(|(word, _)| *word == found) => choose(input, "a clause of a flow", CLAUSES),
        _ if repeats(input) => map(every, FlowClauseKind::Every).parse(input),
        Some(found) => {
            let known = CLAUSES.iter().map(|(word, _)| *word);
            unknown(input, Code::UnknownClause, "a clause of a flow", found, known)
        }
        None => match named_period(input, 0) {
            Some((period, span)) => {
                let amount = called("an amount", sum);
                map(amount, |amount| FlowClauseKind::Period(period, span, amount)).parse(input.take_from(1))
            }
            None => input.miss(Wanted::Some("a period such as `2027-Q1` and an amount, or `AMOUNT every month`")),
        },
    }
}

fn repeats(input: Tokens<'_>) -> bool {
    let number = input.token(0).is_some_and(|t| matches!(t.kind, TokenKind::Number(_)));
    let words = (0..input.lexemes().len()).filter_map(|ahead| input.word(ahead));
    (number || input.word(0).is_some()) && words.into_iter().any(|word| word == "every")
}

/// `EVERY := SUM 'every' NAME 'from' DATE ['to' DATE] ['growing' SUM 'every' NAME]`
pub(super) fn every(input: Tokens<'_>) -> Parsed<'_, Every> {
    let (rest, (amount, _, step)) = (called("an amount", sum), word("every"), step).parse(input)?;
    let last = opt(preceded(word("to"), date));
    let growth = opt(preceded(word("growing"), growth));
    let (rest, (from, to, growth)) = (preceded(word("from"), date), last, growth).parse(rest)?;
    Ok((rest, Every { amount, step, from, to, growth }))
}

fn growth(input: Tokens<'_>) -> Parsed<'_, (Expr, Name)> {
    (terminated(called("a percentage", sum), word("every")), step).parse(input)
}

fn step(input: Tokens<'_>) -> Parsed<'_, Name> {
    called("`week`, `month`, `quarter` or `year`", name).parse(input)
}

/// `PAY_DAY := 'first' 'day' | 'last' 'day' | 'day' whole 'of' ('each' 'month' | 'month' whole)`
fn pay_day(input: Tokens<'_>) -> Parsed<'_, PayDay> {
    let first = map((word("first"), word("day")), |_| PayDay::First);
    let last = map((word("last"), word("day")), |_| PayDay::Last);
    let (rest, mut found) = alt((first, last, day_of)).parse(input)?;
    if let PayDay::Each(_, span) | PayDay::Of(_, _, span) = &mut found {
        *span = input.span_to(rest);
    }
    Ok((rest, found))
}

fn day_of(input: Tokens<'_>) -> Parsed<'_, PayDay> {
    let (rest, day) = preceded(word("day"), called("a day of the month", whole)).parse(input)?;
    let (rest, _) = word("of")(rest)?;
    let span = input.span_to(rest);
    let each = map((word("each"), word("month")), |_| PayDay::Each(day, span));
    let of = map(preceded(word("month"), called("a number", whole)), |month| PayDay::Of(day, month, span));
    alt((each, of)).parse(rest)
}

/// `SERIES := 'series' NAME [TEXT] '{' FLOW_CLAUSE* '}'`
fn series(input: Tokens<'_>) -> Parsed<'_, FlowSeries> {
    let (rest, (name, title, clauses)) = (name, opt(text), block(clause)).parse(input)?;
    Ok((rest, FlowSeries { name, title, clauses }))
}
