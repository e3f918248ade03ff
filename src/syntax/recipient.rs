//! Whose purchases an award is consideration for, and what its holder is to the one that makes them.

use nom::Parser;
use nom::combinator::{map, opt};
use nom::sequence::preceded;

use super::ast::InstrumentClauseKind;
use super::clause::{called, name, path, word};
use super::cursor::{Parsed, Tokens};
use super::warrant::Kind;

/// `CONSIDERATION := 'consideration' 'for' PATH ['to' NAME]`
pub(super) fn consideration(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let supply = preceded(word("for"), called("a supply", path));
    let to = opt(preceded(word("to"), called("`buyer`, `affiliate` or `onward_buyer`", name)));
    map((supply, to), |(supply, to)| Box::new(InstrumentClauseKind::Consideration(supply, to))).parse(input)
}
