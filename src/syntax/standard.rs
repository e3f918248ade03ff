//! `standard NAME { … }` in a book: from which fiscal year on which choices of policies are required.

use nom::Parser;
use nom::combinator::{map, opt};
use nom::sequence::{preceded, separated_pair};

use super::ast::{BookRule, Standard, StandardClause};
use super::clause::{block, called, choose, date, equals, name, quiet, text, word};
use super::cursor::{Parsed, Rule, Tokens};

/// `STANDARD := 'standard' NAME [TEXT] '{' STANDARD_CLAUSE* '}'`
pub(super) fn standard(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    let (rest, (name, title)) = (called("a name for the standard", name), opt(text)).parse(input)?;
    let (rest, clauses) = block(clause)(rest)?;
    Ok((rest, BookRule::Standard(Standard { name, title, clauses })))
}

const CLAUSES: &[(&str, Rule<StandardClause>)] = &[("effective", effective), ("requires", requires)];

fn clause(input: Tokens<'_>) -> Parsed<'_, StandardClause> {
    choose(input, "a clause of a standard", CLAUSES)
}

/// `EFFECTIVE := 'effective' 'fiscal' 'years' 'beginning' 'after' DATE ['where' NAME '=' NAME]`
fn effective(input: Tokens<'_>) -> Parsed<'_, StandardClause> {
    let words = (word("fiscal"), word("years"), word("beginning"), word("after"));
    let choice = separated_pair(called("a policy", name), equals, called("a choice", super::choice::choice));
    let (rest, (after, only)) = (preceded(words, date), opt(preceded(quiet("where"), choice))).parse(input)?;
    Ok((rest, StandardClause::Effective(after, only)))
}

/// `REQUIRES := 'requires' NAME '=' NAME [TRANSITION]`
fn requires(input: Tokens<'_>) -> Parsed<'_, StandardClause> {
    let choice = separated_pair(called("a policy", name), equals, called("a choice", super::choice::choice));
    map((choice, opt(name)), |((policy, choice), how)| StandardClause::Requires(policy, choice, how)).parse(input)
}
