//! What takes part in dividends beside common shares: warrants, other classes, and securities that a party states.

use nom::Parser;
use nom::combinator::{map, opt};
use nom::sequence::preceded;

use super::ast::{EarningsClauseKind, EquityClause, InstrumentClauseKind, Participating};
use super::clause::{called, comma, name, quiet, word};
use super::cursor::{Parsed, Tokens};
use super::expr::sum;
use super::warrant::{Kind, boxed};

/// `PARTICIPATES := 'participates' 'in' 'dividends' ['and' 'losses']`
pub(super) fn participates(input: Tokens<'_>) -> Parsed<'_, Kind> {
    fn whole(input: Tokens<'_>) -> Parsed<'_, bool> {
        preceded((word("in"), word("dividends")), losses).parse(input)
    }
    boxed(input, whole, |losses| InstrumentClauseKind::Equity(EquityClause::Participates(losses)))
}

/// `['and' 'losses']`
pub(super) fn losses(input: Tokens<'_>) -> Parsed<'_, bool> {
    map(opt((quiet("and"), word("losses"))), |losses| losses.is_some()).parse(input)
}

/// `PARTICIPATING := 'participating' NAME SUM [',' 'dividends' SUM] ['and' 'losses']`
pub(super) fn participating(input: Tokens<'_>) -> Parsed<'_, EarningsClauseKind> {
    let (rest, name) = called("a name for the security", name).parse(input)?;
    let (rest, shares) = called("a number of shares", sum).parse(rest)?;
    let dividends = preceded((comma, quiet("dividends")), called("an amount", sum));
    let (rest, (dividends, losses)) = (opt(dividends), losses).parse(rest)?;
    Ok((rest, EarningsClauseKind::Participating(Participating { name, shares, dividends, losses })))
}
