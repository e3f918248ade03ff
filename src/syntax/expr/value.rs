//! What stands between operators.

use nom::combinator::opt;
use nom::multi::separated_list1;
use nom::sequence::{delimited, preceded};
use nom::{Input, Parser};

use super::{Boxed, made, or_chain, sum};
use crate::base::Span;
use crate::syntax::ast::{Expr, ExprKind, FactPath, Name, Path, UnitLit};
use crate::syntax::clause::{called, date, name, path, punct, quiet, support, text, word};
use crate::syntax::cursor::{Parsed, Tokens, Wanted};
use crate::syntax::token::{Punct, TokenKind};
use crate::time::PeriodName;

/// Fields after one another, as in `f(x).a.b`.
const MAX_FIELDS: usize = 16;

/// Words that may follow a value, and so are no units.
const NOT_UNITS: &[&str] = &[
    "actual",
    "after",
    "against",
    "and",
    "announced",
    "as",
    "assumed",
    "at",
    "before",
    "by",
    "cash",
    "cite",
    "concurrent",
    "corrects",
    "definitive",
    "each",
    "else",
    "firm",
    "flat",
    "for",
    "forecast",
    "from",
    "holder",
    "in",
    "issuer",
    "known",
    "latched",
    "letter",
    "linear",
    "net",
    "of",
    "on",
    "option",
    "or",
    "over",
    "realises",
    "since",
    "to",
    "under",
    "until",
    "when",
    "with",
    "withdraws",
    "within",
];

/// Models of fair value: their inputs have names.
const MODELS: &[&str] = &["black_scholes", "first_touch", "simulated"];

/// Stages a tranche can have reached.
const STAGES: &[&str] = &[
    "vested",
    "exercisable",
    "exercised",
    "expired",
    "lapsed",
    "released",
    "cleared",
    "used",
    "called",
    "funded",
    "drawn",
];

/// `POSTFIX := PRIMARY ('.' NAME)* SUPPORT`
pub(super) fn postfix(input: Tokens<'_>) -> Boxed<'_> {
    let (mut rest, mut value) = primary(input)?;
    for _ in 0..MAX_FIELDS {
        if !rest.punct(0, Punct::Dot) {
            break;
        }
        (rest, value) = field(input, rest, value)?;
    }
    if rest.punct(0, Punct::At) || rest.word(0) == Some("assumed") {
        supported(input, rest, value)
    } else {
        Ok((rest, value))
    }
}

fn field<'a>(input: Tokens<'a>, rest: Tokens<'a>, inner: Box<Expr>) -> Boxed<'a> {
    let (rest, field) = name(rest.take_from(1))?;
    Ok((rest, made(input, rest, ExprKind::Field(inner, field))))
}

fn supported<'a>(input: Tokens<'a>, rest: Tokens<'a>, inner: Box<Expr>) -> Boxed<'a> {
    let (rest, support) = support(rest)?;
    Ok((rest, made(input, rest, ExprKind::Supported(inner, support))))
}

/// `PRIMARY := NUMBER | UNDISCLOSED | DATE | TEXT | '(' EXPR ')' | CALL | MODEL | ATTESTED | MOMENT | REACHED | FACT | PATH`
fn primary(input: Tokens<'_>) -> Boxed<'_> {
    let Some(token) = input.token(0) else { return input.miss(Wanted::Some("a value")) };
    match &token.kind {
        TokenKind::Number(_) => number_with_unit(input),
        TokenKind::Date(_) | TokenKind::Month { .. } => single(input, ExprKind::Date, date),
        TokenKind::Text(_) => single(input, ExprKind::Text, text),
        TokenKind::Punct(Punct::OpenParen) => paren(input),
        TokenKind::Word => worded(input),
        _ => input.miss(Wanted::Some("a value")),
    }
}

fn worded(input: Tokens<'_>) -> Boxed<'_> {
    match (input.word(0), input.word(1)) {
        (Some("and" | "or"), _) | (None, _) => input.miss(Wanted::Some("a value")),
        (Some("undisclosed"), _) if !input.punct(1, Punct::Dot) => undisclosed(input),
        (Some("attested"), Some(after)) if !NOT_UNITS.contains(&after) => attested(input),
        (Some("at"), Some("signing")) | (Some("on"), Some("or")) => moment(input),
        (Some("on"), None) if is_date(input, 1) => moment(input),
        (Some(word), _) if opens(input) && MODELS.contains(&word) => model(input),
        _ if opens(input) => call(input),
        _ => path_like(input),
    }
}

fn single<'a, T>(input: Tokens<'a>, kind: fn(T) -> ExprKind, rule: fn(Tokens<'a>) -> Parsed<'a, T>) -> Boxed<'a> {
    let (rest, value) = rule(input)?;
    Ok((rest, made(input, rest, kind(value))))
}

fn is_date(input: Tokens<'_>, ahead: usize) -> bool {
    input.token(ahead).is_some_and(|t| matches!(t.kind, TokenKind::Date(_) | TokenKind::Month { .. }))
}

/// `NUMBER := number [UNIT]`
fn number_with_unit(input: Tokens<'_>) -> Boxed<'_> {
    let Some(TokenKind::Number(number)) = input.token(0).map(|t| &t.kind) else {
        return input.miss(Wanted::Some("a number"));
    };
    let (rest, unit) = unit(input.take_from(1))?;
    Ok((rest, made(input, rest, ExprKind::Number(*number, unit))))
}

/// `UNDISCLOSED := 'undisclosed' [UNIT]`
fn undisclosed(input: Tokens<'_>) -> Boxed<'_> {
    let (rest, unit) = unit(input.take_from(1))?;
    Ok((rest, made(input, rest, ExprKind::Undisclosed(unit))))
}

/// `UNIT := '%' | 'trading' 'days' | ('share' | 'shares') ['of' PATH] | NAME ['/' NAME]`, the last without blanks
fn unit(input: Tokens<'_>) -> Parsed<'_, Option<UnitLit>> {
    if input.punct(0, Punct::Percent) {
        let rest = input.take_from(1);
        let num = Name { text: "%".into(), span: input.span_to(rest) };
        return Ok((rest, Some(UnitLit { num, den: None, of: None })));
    }
    let Some(first) = input.word(0).filter(|w| !NOT_UNITS.contains(w)) else { return Ok((input, None)) };
    if first == "trading" && input.word(1) == Some("days") {
        let rest = input.take_from(2);
        let num = Name { text: "trading days".into(), span: input.span_to(rest) };
        return Ok((rest, Some(UnitLit { num, den: None, of: None })));
    }
    let (rest, num) = name(input)?;
    let per = rest.punct(0, Punct::Slash) && rest.attached(0) && rest.word(1).is_some() && rest.attached(1);
    let (rest, den) = if per { name.map(Some).parse(rest.take_from(1))? } else { (rest, None) };
    let counts_shares = den.is_none() && matches!(first, "share" | "shares");
    let (rest, of) = match rest.word(0) {
        Some("of") if counts_shares => called("a class of shares", path).map(Some).parse(rest.take_from(1))?,
        _ => (rest, None),
    };
    Ok((rest, Some(UnitLit { num, den, of })))
}

/// `'(' EXPR ')'`
fn paren(input: Tokens<'_>) -> Boxed<'_> {
    let (rest, inner) = or_chain(input.take_from(1))?;
    let (rest, _) = punct(Punct::CloseParen)(rest)?;
    Ok((rest, made(input, rest, ExprKind::Paren(inner))))
}

/// Whether a word is followed at once by a bracket.
fn opens(input: Tokens<'_>) -> bool {
    input.punct(1, Punct::OpenParen) && input.attached(1)
}

/// `MODEL := NAME '(' NAME SUM (',' NAME SUM)* ')'`, the bracket attached to the name
fn model(input: Tokens<'_>) -> Boxed<'_> {
    let one = (called("an input such as `volatility 60%`", name), called("a value", sum));
    let inputs = separated_list1(punct(Punct::Comma), one);
    let (rest, inputs) =
        delimited(punct(Punct::OpenParen), inputs, punct(Punct::CloseParen)).parse(input.take_from(1))?;
    let (_, method) = name(input)?;
    Ok((rest, made(input, rest, ExprKind::Model(method, inputs))))
}

/// `CALL := NAME '(' [EXPR (',' EXPR)*] ')'`, the bracket attached to the name
fn call(input: Tokens<'_>) -> Boxed<'_> {
    let (mut rest, mut arguments) = (input.take_from(2), Vec::new());
    while !(arguments.is_empty() && rest.punct(0, Punct::CloseParen)) {
        let (after, argument) = or_chain(rest)?;
        arguments.push(*argument);
        rest = after;
        match punct(Punct::Comma)(rest) {
            Ok((after, _)) => rest = after,
            Err(_) => break,
        }
    }
    let (rest, _) = punct(Punct::CloseParen)(rest)?;
    let (_, function) = name(input)?;
    Ok((rest, made(input, rest, ExprKind::Call(function, arguments))))
}

/// `ATTESTED := 'attested' NAME`
fn attested(input: Tokens<'_>) -> Boxed<'_> {
    let (rest, what) = preceded(word("attested"), name).parse(input)?;
    Ok((rest, made(input, rest, ExprKind::Attested(what))))
}

/// `MOMENT := 'at' 'signing' | 'on' ['or' 'after'] DATE`
pub(super) fn moment(input: Tokens<'_>) -> Boxed<'_> {
    let (rest, kind) = if input.word(0) == Some("at") {
        let (rest, _) = word("signing")(input.take_from(1))?;
        (rest, ExprKind::AtSigning)
    } else {
        let (rest, _) = (word("on"), opt((word("or"), word("after")))).parse(input)?;
        date.map(ExprKind::OnOrAfter).parse(rest)?
    };
    Ok((rest, made(input, rest, kind)))
}

/// `PATH_LIKE := PATH ['[' PATH ']'] [('in' PERIOD | 'on' DATE)] ['under' NAME] | PATH STAGE`
fn path_like(input: Tokens<'_>) -> Boxed<'_> {
    let (rest, head) = path(input)?;
    if rest.word(0).is_some_and(|w| STAGES.contains(&w)) {
        let (rest, stage) = name(rest)?;
        return Ok((rest, made(input, rest, ExprKind::Reached(head, stage))));
    }
    let bracketed = rest.punct(0, Punct::OpenSquare);
    let (rest, item) = match bracketed {
        true => delimited(punct(Punct::OpenSquare), path, punct(Punct::CloseSquare)).map(Some).parse(rest)?,
        false => (rest, None),
    };
    if !bracketed && head.parts.len() < 2 {
        return Ok((rest, made(input, rest, ExprKind::Path(head))));
    }
    let (rest, period) = period(rest)?;
    let (rest, book) = opt(preceded(quiet("under"), called("a book", name))).parse(rest)?;
    let kind = match (item, period, book) {
        (None, None, None) => ExprKind::Path(head),
        (item, period, book) => fact(head, item, period, book),
    };
    Ok((rest, made(input, rest, kind)))
}

fn fact(head: Path, item: Option<Path>, period: Option<(PeriodName, Span)>, book: Option<Name>) -> ExprKind {
    ExprKind::Fact(FactPath { head, item, period, book })
}

/// `'in' PERIOD | 'on' DATE`; nothing where no period or date follows
fn period(input: Tokens<'_>) -> Parsed<'_, Option<(PeriodName, Span)>> {
    let named = match input.word(0) {
        Some("in") => named_period(input, 1),
        Some("on") if is_date(input, 1) => named_period(input, 1),
        _ => None,
    };
    Ok(match named {
        Some(period) => (input.take_from(2), Some(period)),
        None => (input, None),
    })
}

/// The period `ahead` places on, written as a year, a quarter, a month, a day, or two days with `..` between.
pub(in crate::syntax) fn named_period(input: Tokens<'_>, ahead: usize) -> Option<(PeriodName, Span)> {
    let token = input.token(ahead)?;
    let fits = match token.kind {
        TokenKind::Period | TokenKind::Date(_) | TokenKind::Number(_) => true,
        TokenKind::Month { approximate, .. } => !approximate,
        _ => false,
    };
    let period = PeriodName::parse(input.frame.shared.under(token.span)).filter(|_| fits)?;
    Some((period, token.span))
}
