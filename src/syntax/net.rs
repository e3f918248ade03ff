//! Accounts of a book that are the two sides of one position.

use nom::Parser;
use nom::combinator::map;
use nom::multi::separated_list1;
use nom::sequence::preceded;

use super::ast::BookRule;
use super::clause::{called, name, name_but, punct, word};
use super::cursor::{Parsed, Tokens};
use super::token::Punct;

/// `NET := 'net' NAME (',' NAME)* 'with' NAME (',' NAME)*`
pub(super) fn net(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    let assets = separated_list1(punct(Punct::Comma), called("an account", name_but(&["with"])));
    let liabilities = separated_list1(punct(Punct::Comma), called("an account", name));
    map((assets, preceded(word("with"), liabilities)), |(a, l)| BookRule::Net(a, l)).parse(input)
}
