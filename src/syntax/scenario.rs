//! Scenarios: what is changed.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt};
use nom::sequence::{preceded, separated_pair};

use super::ast::{Change, Scenario};
use super::clause::{block, called, choose, date, equals, name, path, text, word};
use super::cursor::{Parsed, Rule, Tokens};
use super::expr::{expr, sum};
use super::ledger::line;
use super::price::price_path;
use crate::base::Span;

/// `SCENARIO := 'scenario' NAME [TEXT] ['from' NAME] '{' CHANGE* '}'`
pub(super) fn scenario(input: Tokens<'_>) -> Parsed<'_, Scenario> {
    let from = opt(preceded(word("from"), called("`base` or a scenario", name)));
    let (rest, (name, title, from, changes)) = (name, opt(text), from, block(change)).parse(input)?;
    Ok((rest, Scenario { name, title, from, changes }))
}

const CHANGES: &[(&str, Rule<Change>)] = &[
    ("move", moved),
    ("set", |i| map(separated_pair(path, equals, called("a value", expr)), |(p, e)| Change::Set(p, e)).parse(i)),
    ("scale", |i| {
        let by = separated_pair(name, word("by"), called("a factor such as `60%`", sum));
        map(by, |(id, factor)| Change::Scale(id, factor)).parse(i)
    }),
    ("drop", |i| map(path, Change::Drop).parse(i)),
    ("add", |i| map(line, |l| Change::Add(Box::new(l))).parse(i)),
    ("path", |i| map(price_path, Change::Path).parse(i)),
];

/// `CHANGE := MOVE | 'set' PATH '=' EXPR | 'scale' NAME 'by' SUM | 'drop' PATH | 'add' LINE | PATH`
fn change(input: Tokens<'_>) -> Parsed<'_, (Change, Span)> {
    let (rest, change) = choose(input, "a change of a scenario", CHANGES)?;
    Ok((rest, (change, input.span_to(rest))))
}

/// `MOVE := 'move' NAME ('by' SUM | 'to' DATE)`
fn moved(input: Tokens<'_>) -> Parsed<'_, Change> {
    let (rest, id) = name(input)?;
    let by = preceded(word("by"), called("a number of days", sum));
    let to = preceded(word("to"), date);
    alt((map(by, |days| Change::MoveBy(id.clone(), days)), map(to, |date| Change::MoveTo(id.clone(), date))))
        .parse(rest)
}
