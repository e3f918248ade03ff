//! Price series and price paths.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{delimited, preceded, separated_pair, terminated};

use super::ast::{DateLit, Expr, Name, PricePath, PricesDecl, Quoted, QuotedKind};
use super::clause::{called, comma, date, name, name_of, path, punct, supported, text, word};
use super::cursor::{Miss, Parsed, Tokens};
use super::expr::sum;
use super::token::Punct;

/// `'(' … ')'`
fn bracketed<'a, T>(
    inner: impl Parser<Tokens<'a>, Output = T, Error = Miss>,
) -> impl Parser<Tokens<'a>, Output = T, Error = Miss> {
    delimited(punct(Punct::OpenParen), inner, punct(Punct::CloseParen))
}

/// `QUOTED := 'close' '(' PATH ')' | 'rate' '(' NAME 'in' NAME ')' | 'valuation' '(' NAME ')' | 'benchmark' '(' NAME ')'`
pub(super) fn quoted(input: Tokens<'_>) -> Parsed<'_, Quoted> {
    let currency = |i| called("a currency", name).parse(i);
    let close = preceded(word("close"), bracketed(called("a class of shares", path)));
    let rate = preceded(word("rate"), bracketed(separated_pair(currency, word("in"), currency)));
    let valuation = preceded(word("valuation"), bracketed(called("a party", name)));
    let benchmark = preceded(word("benchmark"), bracketed(called("the name of a benchmark", name)));
    let (rest, kind) = alt((
        map(close, QuotedKind::Close),
        map(rate, |(one, other)| QuotedKind::Rate(one, other)),
        map(valuation, QuotedKind::Valuation),
        map(benchmark, QuotedKind::Benchmark),
    ))
    .parse(input)?;
    Ok((rest, Quoted { kind, span: input.span_to(rest) }))
}

/// `QUOTED`, or a path for which the checker asks which price is meant.
pub(super) fn quoted_or_path(input: Tokens<'_>) -> Parsed<'_, Quoted> {
    if input.word(0).is_some() && !input.punct(1, Punct::OpenParen) {
        let (rest, path) = path(input)?;
        return Ok((rest, Quoted { kind: QuotedKind::Bare(path), span: input.span_to(rest) }));
    }
    quoted(input)
}

/// `'forecast' | 'assumed'`
fn basis(input: Tokens<'_>) -> Parsed<'_, Name> {
    name_of(&["forecast", "assumed"])(input)
}

/// `PRICES := 'prices' QUOTED 'from' TEXT ['linear' 'between'] ['forecast' | 'assumed'] SUPPORT`
pub(super) fn prices(input: Tokens<'_>) -> Parsed<'_, PricesDecl> {
    let linear = map(opt((word("linear"), word("between"))), |l| l.is_some());
    let body = (quoted, preceded(word("from"), text), linear, opt(basis));
    let (rest, ((of, file, linear, basis), support)) = supported(body).parse(input)?;
    Ok((rest, PricesDecl { of, file, linear, basis, support }))
}

/// `PATH := 'path' QUOTED 'from' DATE (['at' SUM] 'linear' STRETCH+ | 'flat' SUM 'to' DATE)
/// ['forecast' | 'assumed'] SUPPORT`
pub(super) fn price_path(input: Tokens<'_>) -> Parsed<'_, PricePath> {
    let way = alt((flat, linear));
    let body = (quoted, preceded(word("from"), date), way, opt(basis));
    let (rest, ((of, from, (start, to), basis), support)) = supported(body).parse(input)?;
    Ok((rest, PricePath { of, from, start, to, basis, support, span: input.span_to(rest) }))
}

type Way = (Option<Expr>, Vec<(Expr, DateLit)>);

/// `'flat' SUM 'to' DATE`
fn flat(input: Tokens<'_>) -> Parsed<'_, Way> {
    let price = preceded(word("flat"), called("a price", sum));
    map((price, preceded(word("to"), date)), |(price, last)| (Some(price.clone()), vec![(price, last)])).parse(input)
}

/// `['at' SUM] 'linear' STRETCH+`, `STRETCH := 'to' SUM 'at' DATE`
fn linear(input: Tokens<'_>) -> Parsed<'_, Way> {
    let start = opt(preceded(word("at"), called("a price", sum)));
    let (mut rest, start) = terminated(start, value((), word("linear"))).parse(input)?;
    let mut to = Vec::new();
    loop {
        let (at, ()) = comma(rest)?;
        if !to.is_empty() && at.word(0) != Some("to") {
            return Ok((rest, (start, to)));
        }
        let (after, (price, date)) =
            (preceded(word("to"), called("a price", sum)), preceded(word("at"), date)).parse(at)?;
        to.push((price, date));
        rest = after;
    }
}
