//! What happens to a company somebody holds shares of, and how the holder sees it.

use nom::Parser;
use nom::combinator::{map, opt};
use nom::sequence::preceded;

use super::ast::{Path, Verb};
use super::clause::{block, called, name, path, word};
use super::cursor::{Parsed, Tokens};
use super::expr::sum;

fn class(input: Tokens<'_>) -> Parsed<'_, Path> {
    called("a class of shares", path).parse(input)
}

fn holding(input: Tokens<'_>) -> Parsed<'_, Path> {
    called("a holding such as `Fund.Startup.common`", path).parse(input)
}

/// `OBSERVED := 'observed' PATH [SUM] ['similar' PATH]`
pub(super) fn observed(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let (rest, class_) = class(input)?;
    let (rest, price) = match rest.word(0) {
        Some("similar") => (rest, None),
        _ => map(called("a price such as `14 USD/share`", sum), Some).parse(rest)?,
    };
    let (rest, similar) = opt(preceded(word("similar"), class)).parse(rest)?;
    Ok((rest, Verb::Observed(class_, price, similar)))
}

/// `DIVIDEND := 'dividend' PATH SUM`
pub(super) fn dividend(input: Tokens<'_>) -> Parsed<'_, Verb> {
    map((class, called("an amount, in all or for a share", sum)), |(of, amount)| Verb::Dividend(of, amount))
        .parse(input)
}

/// `ALLOCATE := 'allocate' PATH '{' (NAME SUM ['over' SUM])* '}'`
pub(super) fn allocate(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let parts = block(|i| {
        let life = opt(preceded(word("over"), called("a life such as `6 years`", sum)));
        (called("`net_assets`, or a name", name), called("an amount", sum), life).parse(i)
    });
    map((holding, parts), |(of, parts)| Verb::Allocate(of, parts)).parse(input)
}

/// `IMPAIR := 'impair' PATH 'to' SUM`
pub(super) fn impair(input: Tokens<'_>) -> Parsed<'_, Verb> {
    map((holding, preceded(word("to"), called("an amount", sum))), |(of, to)| Verb::Impair(of, to)).parse(input)
}

/// `OBSERVABLE := 'observable' ['for' PATH 'at' SUM]`
pub(super) fn observable(input: Tokens<'_>) -> Parsed<'_, Option<(Path, super::ast::Expr)>> {
    let worth = preceded(word("at"), called("what one of these shares is worth by it", sum));
    opt((preceded(word("for"), class), worth)).parse(input)
}
