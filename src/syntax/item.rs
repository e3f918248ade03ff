//! Top-level clauses.

use nom::combinator::{map, opt};
use nom::multi::separated_list1;
use nom::sequence::preceded;
use nom::{Input, Parser};

use super::ast::{AssertDecl, AssumeDecl, CalendarDecl, DateLit, Item, ItemKind, SourceDecl};
use super::book::book;
use super::clause::{block, called, choose, comma, date, equals, name, punct, suffixes_begin, support, text, word};
use super::contract::contract;
use super::cursor::{Parsed, Rule, Tokens};
use super::expr::{expr, sum};
use super::flow::flow;
use super::journal::usage;
use super::ledger::{is_verb, line};
use super::party::party;
use super::price::{price_path, prices};
use super::scenario::scenario;
use super::test::test;
use super::token::{Punct, TokenKind};
use super::tree::Clause;
use crate::base::{Code, Diagnostic};

const ITEMS: &[(&str, Rule<ItemKind>)] = &[
    ("use", usage),
    ("source", |i| map(source, ItemKind::Source).parse(i)),
    ("unit", |i| map(name, ItemKind::Unit).parse(i)),
    ("calendar", |i| map(calendar, ItemKind::Calendar).parse(i)),
    ("party", |i| map(party, ItemKind::Party).parse(i)),
    ("assume", |i| map(assume, ItemKind::Assume).parse(i)),
    ("assert", |i| map(assert, ItemKind::Assert).parse(i)),
    ("contract", |i| map(contract, ItemKind::Contract).parse(i)),
    ("book", |i| map(book, ItemKind::Book).parse(i)),
    ("scenario", |i| map(scenario, ItemKind::Scenario).parse(i)),
    ("flow", |i| map(flow, ItemKind::Flow).parse(i)),
    ("prices", |i| map(prices, ItemKind::Prices).parse(i)),
    ("path", |i| map(price_path, ItemKind::PricePath).parse(i)),
    ("test", |i| map(test, ItemKind::Test).parse(i)),
];

/// `ITEM := LINE | USE | SOURCE | UNIT | CALENDAR | PARTY | ASSUME | ASSERT | CONTRACT | BOOK | SCENARIO | FLOW | PRICES | PATH | TEST`
pub(super) fn item<'a>(clause: &'a Clause, input: Tokens<'a>) -> Parsed<'a, Item> {
    let dated = input.token(0).is_some_and(|t| matches!(t.kind, TokenKind::Date(_) | TokenKind::Month { .. }));
    let (rest, kind) = match dated {
        true => map(line, ItemKind::Line).parse(input)?,
        false if input.word(0).is_some_and(undated) => return input.object(without_date(input)),
        false => choose(input, "a clause or a ledger line", ITEMS)?,
    };
    Ok((rest, Item { doc: clause.docs.clone(), kind, span: input.span_to(rest) }))
}

/// Whether a word begins what only a line of the ledger can say.
fn undated(word: &str) -> bool {
    is_verb(word) && !ITEMS.iter().any(|(item, _)| *item == word)
}

fn without_date(input: Tokens<'_>) -> Diagnostic {
    let span = input.span_to(input.take_from(1));
    let message = format!("`{}` is a line of the ledger and needs its date", input.word(0).unwrap_or_default());
    Diagnostic::new(Code::UnknownClause, span, message)
        .label("on which day?")
        .help("begin the line with the day, as YYYY-MM-DD")
}

/// `SOURCE := 'source' NAME TEXT {['dated' DATE] ['grade' NAME] ['url' TEXT]}`, in any order, commas allowed
fn source(input: Tokens<'_>) -> Parsed<'_, SourceDecl> {
    let (mut rest, (name_, title)) = (name, text).parse(input)?;
    let mut source = SourceDecl { name: name_, title, dated: None, grade: None, url: None };
    loop {
        let (at, ()) = comma(rest)?;
        rest = match at.word(0) {
            Some("dated") if source.dated.is_none() => into(date, &mut source.dated, at)?,
            Some("grade") if source.grade.is_none() => into(name, &mut source.grade, at)?,
            Some("url") if source.url.is_none() => into(text, &mut source.url, at)?,
            _ => return Ok((rest, source)),
        }
    }
}

/// Reads what follows a word into its place.
pub(super) fn into<'a, T>(
    rule: impl Fn(Tokens<'a>) -> Parsed<'a, T>,
    place: &mut Option<T>,
    input: Tokens<'a>,
) -> Result<Tokens<'a>, nom::Err<super::cursor::Miss>> {
    let (rest, value) = rule(input.take_from(1))?;
    *place = Some(value);
    Ok(rest)
}

/// `CALENDAR := 'calendar' NAME ['like' NAME] ['{' ('closed' DATE (',' DATE)*)* '}']`
fn calendar(input: Tokens<'_>) -> Parsed<'_, CalendarDecl> {
    const CLAUSES: &[(&str, Rule<Vec<DateLit>>)] =
        &[("closed", |i| separated_list1(punct(Punct::Comma), date).parse(i))];
    let like = preceded(word("like"), called("a calendar", name));
    let closed = block(|i| choose(i, "a clause of a calendar", CLAUSES));
    let (rest, (name, like, closed)) = (name, opt(like), opt(closed)).parse(input)?;
    Ok((rest, CalendarDecl { name, like, closed: closed.into_iter().flatten().flatten().collect() }))
}

/// `ASSUME := 'assume' NAME ['=' EXPR] SUPPORT [TEXT] SUPPORT`
fn assume(input: Tokens<'_>) -> Parsed<'_, AssumeDecl> {
    let (head, name) = name(input)?;
    let cut = suffixes_begin(head, why);
    let (rest, value) = match head.narrowed(cut) {
        body if body.is_empty() => (body, None),
        body => map(preceded(equals, called("a value", expr)), Some).parse(body)?,
    };
    if !rest.is_empty() {
        return Ok((rest.widened(head), AssumeDecl { name, value, why: None, support: Default::default() }));
    }
    let (rest, (mut support, why, more)) = (support, opt(text), support).parse(rest.widened(head))?;
    support.citations.extend(more.citations);
    support.assumed.extend(more.assumed);
    Ok((rest, AssumeDecl { name, value, why, support }))
}

/// A remark at the end, unless it is the value.
fn why(left: Tokens<'_>) -> usize {
    let length = left.input_len();
    let last = length.checked_sub(1).and_then(|at| left.token(at));
    let is_value = length.checked_sub(2).is_some_and(|at| left.punct(at, Punct::Equal));
    usize::from(!is_value && last.is_some_and(|t| matches!(t.kind, TokenKind::Text(_))))
}

/// `ASSERT := 'assert' EXPR ['within' SUM]`
fn assert(input: Tokens<'_>) -> Parsed<'_, AssertDecl> {
    let within = preceded(word("within"), called("an amount", sum));
    let (rest, (claim, within)) = (called("a comparison", expr), opt(within)).parse(input)?;
    Ok((rest, AssertDecl { claim, within }))
}
