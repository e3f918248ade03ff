//! `restate PARTY PERIOD for ID, …`: lines that correct errors of an issued period.

use nom::multi::separated_list1;
use nom::sequence::preceded;
use nom::{Input, Parser};

use super::ast::Verb;
use super::clause::{called, name, punct, word};
use super::cursor::{Parsed, Tokens, Wanted};
use super::expr::named_period;
use super::token::Punct;

/// `RESTATE := 'restate' NAME PERIOD 'for' NAME (',' NAME)*`
pub(super) fn restate(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let (rest, party) = called("a party", name).parse(input)?;
    let Some((period, span)) = named_period(rest, 0) else {
        return rest.miss(Wanted::Some("a period such as `2027-Q2`"));
    };
    let lines = separated_list1(punct(Punct::Comma), called("the id of a line", name));
    let (rest, lines) = preceded(word("for"), lines).parse(rest.take_from(1))?;
    Ok((rest, Verb::Restate { party, period, span, lines }))
}
