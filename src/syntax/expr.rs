//! Values and conditions.
//!
//! From loosest to tightest: `or`, `and`, `latched` and `concurrent`, comparison, `+ -`, `* /`, unary `-`, and then what
//! is attached to a value: calls, fields, `@ source`, `assumed name`.

mod value;

use nom::multi::separated_list1;
use nom::{Input, Parser};

use super::ast::{BinaryOp, CompareOp, Expr, ExprKind};
use super::clause::{quiet, since, support};
use super::cursor::{Parsed, Tokens, Wanted};
use super::token::Punct;
use crate::base::{Code, Diagnostic, Span};

pub(super) use value::{named_period, postfix};

/// Operators in one clause; keeps trees shallow enough for everything that walks them.
const MAX_OPERATORS: usize = 256;

/// `EXPR := AND ('or' AND)*`
pub(super) fn expr(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let (rest, mut items) = separated_list1(quiet("or"), and_chain).parse(input)?;
    if items.len() == 1 {
        return Ok((rest, items.swap_remove(0)));
    }
    if let Some((and, or)) = mixed(input, &items) {
        let diagnostic = Diagnostic::new(Code::MixedAndOr, or, Code::MixedAndOr.title()).label("`or` here");
        input.frame.note(diagnostic.also(and, "`and` here").help(Code::MixedAndOr.advice()));
    }
    Ok((rest, Expr { kind: ExprKind::Or(items), span: input.span_to(rest) }))
}

/// The first `and` without parentheses among alternatives, and the `or` nearest to it.
fn mixed(input: Tokens<'_>, items: &[Expr]) -> Option<(Span, Span)> {
    let between = |left: &Expr, right: &Expr| {
        let inside = |span: Span| span.start >= left.span.end && span.end <= right.span.start;
        input.lexemes().iter().map(super::tree::Lexeme::span).find(|span| inside(*span))
    };
    let (at, chain) = items.iter().enumerate().find_map(|(at, item)| match &item.kind {
        ExprKind::And(chain) => Some((at, chain)),
        _ => None,
    })?;
    let and = chain.first().zip(chain.get(1)).and_then(|(a, b)| between(a, b))?;
    let left = items.get(at.saturating_sub(1))?;
    let right = items.get(at.saturating_sub(1) + 1)?;
    Some((and, between(left, right)?))
}

/// `AND := HELD ('and' HELD)*`
fn and_chain(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let (rest, mut items) = separated_list1(quiet("and"), held).parse(input)?;
    if items.len() == 1 {
        return Ok((rest, items.swap_remove(0)));
    }
    Ok((rest, Expr { kind: ExprKind::And(items), span: input.span_to(rest) }))
}

/// `HELD := COMPARISON ['latched' [SINCE] | 'concurrent']`
fn held(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let (rest, inner) = comparison(input)?;
    let (rest, kind) = match rest.word(0) {
        Some("latched") => {
            let after = rest.take_from(1);
            let (rest, since) = nom::combinator::opt(since).parse(after)?;
            (rest, ExprKind::Latched(Box::new(inner), since))
        }
        Some("concurrent") => (rest.take_from(1), ExprKind::Concurrent(Box::new(inner))),
        _ => return Ok((rest, inner)),
    };
    Ok((rest, Expr { kind, span: input.span_to(rest) }))
}

/// `COMPARISON := SUM [('>=' | '>' | '<=' | '<' | '=' | '!=') SUM]`
fn comparison(input: Tokens<'_>) -> Parsed<'_, Expr> {
    const OPS: &[(Punct, CompareOp)] = &[
        (Punct::AtLeast, CompareOp::AtLeast),
        (Punct::Above, CompareOp::Above),
        (Punct::AtMost, CompareOp::AtMost),
        (Punct::Below, CompareOp::Below),
        (Punct::Equal, CompareOp::Equal),
        (Punct::NotEqual, CompareOp::NotEqual),
    ];
    let (rest, left) = sum(input)?;
    let Some((_, op)) = OPS.iter().find(|(punct, _)| rest.punct(0, *punct)) else { return Ok((rest, left)) };
    let (rest, right) = sum(rest.take_from(1))?;
    let kind = ExprKind::Compare(*op, Box::new(left), Box::new(right));
    Ok((rest, Expr { kind, span: input.span_to(rest) }))
}

/// `SUM := PRODUCT (('+' | '-') PRODUCT)*`
pub(super) fn sum(input: Tokens<'_>) -> Parsed<'_, Expr> {
    chain(input, &[(Punct::Plus, BinaryOp::Add), (Punct::Minus, BinaryOp::Sub)], product)
}

/// `PRODUCT := UNARY (('*' | '/') UNARY)*`
fn product(input: Tokens<'_>) -> Parsed<'_, Expr> {
    chain(input, &[(Punct::Star, BinaryOp::Mul), (Punct::Slash, BinaryOp::Div)], unary)
}

fn chain<'a>(
    input: Tokens<'a>,
    ops: &[(Punct, BinaryOp)],
    operand: fn(Tokens<'a>) -> Parsed<'a, Expr>,
) -> Parsed<'a, Expr> {
    let (mut rest, mut left) = operand(input)?;
    while let Some((_, op)) = ops.iter().find(|(punct, _)| rest.punct(0, *punct)) {
        counted(rest)?;
        let (after, right) = operand(rest.take_from(1))?;
        let kind = ExprKind::Binary(*op, Box::new(left), Box::new(right));
        (rest, left) = (after, Expr { kind, span: input.span_to(after) });
    }
    Ok((rest, left))
}

/// `UNARY := '-'* POSTFIX`
fn unary(input: Tokens<'_>) -> Parsed<'_, Expr> {
    let (mut at, mut signs) = (input, Vec::new());
    while at.punct(0, Punct::Minus) {
        counted(at)?;
        signs.push(at);
        at = at.take_from(1);
    }
    let (rest, mut value) = postfix(at)?;
    for sign in signs.into_iter().rev() {
        value = Expr { kind: ExprKind::Neg(Box::new(value)), span: sign.span_to(rest) };
    }
    Ok((rest, value))
}

/// Counts an operator and objects to too many.
fn counted(input: Tokens<'_>) -> Parsed<'_, ()> {
    if input.frame.count_operator() <= MAX_OPERATORS {
        return Ok((input, ()));
    }
    let message = format!("more than {MAX_OPERATORS} operators in one clause");
    let diagnostic = Diagnostic::new(Code::TooDeep, input.span_to(input.take_from(1)), message);
    input.object(diagnostic.label("one too many").help("name parts of it with `assume NAME = …`"))
}

/// `COND := 'when' EXPR | 'at' 'signing' | 'on' ['or' 'after'] DATE`
pub(super) fn condition(input: Tokens<'_>) -> Parsed<'_, Expr> {
    match input.word(0) {
        Some("when") => super::clause::called("a condition", expr).parse(input.take_from(1)),
        Some("at" | "on") => value::moment(input),
        _ => input.miss(Wanted::Some("`when CONDITION`, `at signing` or `on DATE`")),
    }
}

/// `AMOUNT := SUM`
pub(super) fn amount(input: Tokens<'_>) -> Parsed<'_, Expr> {
    super::clause::called("an amount", sum).parse(input)
}

/// Attaches what follows to a value.
fn with_support<'a>(input: Tokens<'a>, rest: Tokens<'a>, value: Expr) -> Parsed<'a, Expr> {
    let (rest, found) = support(rest)?;
    if found.citations.is_empty() && found.assumed.is_empty() {
        return Ok((rest, value));
    }
    let kind = ExprKind::Supported(Box::new(value), found);
    Ok((rest, Expr { kind, span: input.span_to(rest) }))
}

#[cfg(test)]
mod tests;
