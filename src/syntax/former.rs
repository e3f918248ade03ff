//! `former_customer PATH liability at VALUE`: an award whose holder is a customer no more.

use nom::Parser;
use nom::combinator::{map, opt};
use nom::sequence::preceded;

use super::ast::Verb;
use super::clause::{called, name, path, word};
use super::cursor::{Parsed, Tokens};
use super::expr::sum;

/// `FORMER := 'former_customer' PATH NAME ['at' SUM]`
pub(super) fn former_customer(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let target = called("a tranche or a warrant", path);
    let what = called("`equity` or `liability`", name);
    let value = opt(preceded(word("at"), called("a value such as `17 USD/share`", sum)));
    map((target, what, value), |(target, word, value)| Verb::Former(target, word, value)).parse(input)
}
