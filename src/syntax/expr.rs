//! Values and conditions.
//!
//! From loosest to tightest: `or`, `and`, `latched` and `concurrent`, comparison, `+ -`, `* /`, unary `-`, and then what
//! is attached to a value: calls, fields, `@ source`, `assumed name`.

mod value;

use nom::combinator::opt;
use nom::{Input, Parser};

use super::ast::{BinaryOp, CompareOp, Expr, ExprKind};
use super::clause::{quiet, since};
use super::cursor::{Parsed, Tokens, Wanted};
use super::token::Punct;
use crate::base::{Code, Diagnostic, Span};

pub(super) use value::named_period;

/// Operators in one clause; keeps trees shallow enough for everything that walks them.
const MAX_OPERATORS: usize = crate::base::limits::OPERATORS;

/// Values are passed on boxed, so that 64 levels of brackets take little of the stack.
type Boxed<'a> = Parsed<'a, Box<Expr>>;

/// `EXPR`, see below.
pub(super) fn expr(input: Tokens<'_>) -> Parsed<'_, Expr> {
    or_chain(input).map(|(rest, value)| (rest, *value))
}

/// `SUM`, see below.
pub(super) fn sum(input: Tokens<'_>) -> Parsed<'_, Expr> {
    arithmetic(input, Level::Sum).map(|(rest, value)| (rest, *value))
}

/// `POSTFIX`, see [`value`].
pub(super) fn postfix(input: Tokens<'_>) -> Parsed<'_, Expr> {
    value::postfix(input).map(|(rest, value)| (rest, *value))
}

/// `EXPR := AND ('or' AND)*`
fn or_chain(input: Tokens<'_>) -> Boxed<'_> {
    let (rest, first) = and_chain(input)?;
    if rest.word(0) != Some("or") {
        return Ok((rest, first));
    }
    let (rest, items) = further(rest, *first, "or", and_chain)?;
    if let Some((and, or)) = mixed(input, &items) {
        note_mixed(input, and, or);
    }
    Ok((rest, made(input, rest, ExprKind::Or(items))))
}

/// `AND := HELD ('and' HELD)*`
fn and_chain(input: Tokens<'_>) -> Boxed<'_> {
    let (rest, first) = held(input)?;
    if rest.word(0) != Some("and") {
        return Ok((rest, first));
    }
    let (rest, items) = further(rest, *first, "and", held)?;
    Ok((rest, made(input, rest, ExprKind::And(items))))
}

/// `(WORD ITEM)*` after a first item
fn further<'a>(
    input: Tokens<'a>,
    first: Expr,
    word: &'static str,
    item: fn(Tokens<'a>) -> Boxed<'a>,
) -> Parsed<'a, Vec<Expr>> {
    let (mut rest, mut items) = (input, vec![first]);
    while let Ok((after, _)) = quiet(word)(rest) {
        let (after, value) = item(after)?;
        items.push(*value);
        rest = after;
    }
    Ok((rest, items))
}

fn made(input: Tokens<'_>, rest: Tokens<'_>, kind: ExprKind) -> Box<Expr> {
    Box::new(Expr { kind, span: input.span_to(rest) })
}

fn note_mixed(input: Tokens<'_>, and: Span, or: Span) {
    let diagnostic = Diagnostic::new(Code::MixedAndOr, or, Code::MixedAndOr.title()).label("`or` here");
    input.frame.note(diagnostic.also(and, "`and` here").help(Code::MixedAndOr.advice()));
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

/// `HELD := COMPARISON ['latched' [SINCE] | 'concurrent']`
fn held(input: Tokens<'_>) -> Boxed<'_> {
    let (rest, inner) = comparison(input)?;
    match rest.word(0) {
        Some("latched") => latched(input, rest, inner),
        Some("concurrent") => {
            let rest = rest.take_from(1);
            Ok((rest, made(input, rest, ExprKind::Concurrent(inner))))
        }
        _ => Ok((rest, inner)),
    }
}

fn latched<'a>(input: Tokens<'a>, rest: Tokens<'a>, inner: Box<Expr>) -> Boxed<'a> {
    let (rest, since) = opt(since).parse(rest.take_from(1))?;
    Ok((rest, made(input, rest, ExprKind::Latched(inner, since))))
}

/// `COMPARISON := SUM [('>=' | '>' | '<=' | '<' | '=' | '!=') SUM]`
fn comparison(input: Tokens<'_>) -> Boxed<'_> {
    const OPS: &[(Punct, CompareOp)] = &[
        (Punct::AtLeast, CompareOp::AtLeast),
        (Punct::Above, CompareOp::Above),
        (Punct::AtMost, CompareOp::AtMost),
        (Punct::Below, CompareOp::Below),
        (Punct::Equal, CompareOp::Equal),
        (Punct::NotEqual, CompareOp::NotEqual),
    ];
    let (rest, left) = arithmetic(input, Level::Sum)?;
    let Some((_, op)) = OPS.iter().find(|(punct, _)| rest.punct(0, *punct)) else { return Ok((rest, left)) };
    let (rest, right) = arithmetic(rest.take_from(1), Level::Sum)?;
    Ok((rest, made(input, rest, ExprKind::Compare(*op, left, right))))
}

/// How tightly an operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sum,
    Product,
    Unary,
}

/// `SUM := PRODUCT (('+' | '-') PRODUCT)*`, `PRODUCT := UNARY (('*' | '/') UNARY)*`
fn arithmetic(input: Tokens<'_>, loosest: Level) -> Boxed<'_> {
    const OPS: &[(Punct, BinaryOp, Level, Level)] = &[
        (Punct::Plus, BinaryOp::Add, Level::Sum, Level::Product),
        (Punct::Minus, BinaryOp::Sub, Level::Sum, Level::Product),
        (Punct::Star, BinaryOp::Mul, Level::Product, Level::Unary),
        (Punct::Slash, BinaryOp::Div, Level::Product, Level::Unary),
    ];
    let (mut rest, mut left) = unary(input)?;
    while let Some((_, op, _, tighter)) = OPS.iter().find(|(p, _, level, _)| *level >= loosest && rest.punct(0, *p)) {
        counted(rest)?;
        let (after, right) = arithmetic(rest.take_from(1), *tighter)?;
        (rest, left) = (after, made(input, after, ExprKind::Binary(*op, left, right)));
    }
    Ok((rest, left))
}

/// `UNARY := '-'* POSTFIX`
fn unary(input: Tokens<'_>) -> Boxed<'_> {
    let (mut at, mut signs) = (input, Vec::new());
    while at.punct(0, Punct::Minus) {
        counted(at)?;
        signs.push(at);
        at = at.take_from(1);
    }
    let (rest, mut value) = value::postfix(at)?;
    for sign in signs.into_iter().rev() {
        value = made(sign, rest, ExprKind::Neg(value));
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
        Some("at" | "on") => value::moment(input).map(|(rest, value)| (rest, *value)),
        _ => input.miss(Wanted::Some("`when CONDITION`, `at signing` or `on DATE`")),
    }
}

/// `AMOUNT := SUM`
pub(super) fn amount(input: Tokens<'_>) -> Parsed<'_, Expr> {
    super::clause::called("an amount", sum).parse(input)
}

#[cfg(test)]
mod tests;
