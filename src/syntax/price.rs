//! Price series and price paths.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{delimited, preceded, terminated};

use super::ast::{DateLit, Expr, Name, Path, PricePath, PricesDecl};
use super::clause::{called, comma, date, name_of, path, punct, supported, text, word};
use super::cursor::{Parsed, Tokens};
use super::expr::sum;
use super::token::Punct;

/// `'close' '(' PATH ')'`
fn close_of(input: Tokens<'_>) -> Parsed<'_, Path> {
    let class = delimited(punct(Punct::OpenParen), called("a class of shares", path), punct(Punct::CloseParen));
    preceded(word("close"), class).parse(input)
}

/// `'forecast' | 'assumed'`
fn basis(input: Tokens<'_>) -> Parsed<'_, Name> {
    name_of(&["forecast", "assumed"])(input)
}

/// `PRICES := 'prices' 'close' '(' PATH ')' 'from' TEXT ['linear' 'between'] ['forecast' | 'assumed'] SUPPORT`
pub(super) fn prices(input: Tokens<'_>) -> Parsed<'_, PricesDecl> {
    let linear = map(opt((word("linear"), word("between"))), |l| l.is_some());
    let body = (close_of, preceded(word("from"), text), linear, opt(basis));
    let (rest, ((class, file, linear, basis), support)) = supported(body).parse(input)?;
    Ok((rest, PricesDecl { class, file, linear, basis, support }))
}

/// `PATH := 'path' 'close' '(' PATH ')' 'from' DATE (['at' SUM] 'linear' STRETCH+ | 'flat' SUM 'to' DATE)
/// ['forecast' | 'assumed'] SUPPORT`
pub(super) fn price_path(input: Tokens<'_>) -> Parsed<'_, PricePath> {
    let way = alt((flat, linear));
    let body = (close_of, preceded(word("from"), date), way, opt(basis));
    let (rest, ((class, from, (start, to), basis), support)) = supported(body).parse(input)?;
    Ok((rest, PricePath { class, from, start, to, basis, support, span: input.span_to(rest) }))
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
