//! Parties.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, map_opt, opt};
use nom::sequence::{preceded, separated_pair};

use super::ast::{ClassDecl, Expr, FiscalYearLit, Name, PartyClause, PartyDecl};
use super::choice::choice;
use super::clause::{block, called, choose, comma, equals, name, supported, text, whole, word};
use super::cursor::{Parsed, Rule, Tokens};
use super::expr::sum;
use super::item::into;

/// `PARTY := 'party' NAME TEXT ['{' PARTY_CLAUSE* '}']`
pub(super) fn party(input: Tokens<'_>) -> Parsed<'_, PartyDecl> {
    let (rest, (name, title, clauses)) = (name, text, opt(block(party_clause))).parse(input)?;
    Ok((rest, PartyDecl { name, title, clauses: clauses.unwrap_or_default() }))
}

/// `PARTY_CLAUSE := 'currency' NAME | FISCAL | CLASS | BOOK`
fn party_clause(input: Tokens<'_>) -> Parsed<'_, PartyClause> {
    const CLAUSES: &[(&str, Rule<PartyClause>)] = &[
        ("currency", |i| map(called("a currency", name), PartyClause::Currency).parse(i)),
        ("fiscal", fiscal),
        ("class", class),
        ("book", book),
    ];
    choose(input, "a clause of a party", CLAUSES)
}

/// `FISCAL := 'fiscal' 'year' 'ends' ('last' NAME 'of' MONTH | 'nearest' NAME 'to' 'end' 'of' MONTH | whole MONTH)`
fn fiscal(input: Tokens<'_>) -> Parsed<'_, PartyClause> {
    let day = |i| called("a day of the week", name).parse(i);
    let month = |i| called("a month", name).parse(i);
    let last = preceded(word("last"), separated_pair(day, word("of"), month));
    let nearest = preceded(word("nearest"), separated_pair(day, (word("to"), word("end"), word("of")), month));
    let small = map_opt(called("a day of the month", whole), |day| u8::try_from(day).ok());
    let (rest, year) = preceded(
        (word("year"), word("ends")),
        alt((
            map(last, |(day, month)| FiscalYearLit::LastWeekday(day, month)),
            map(nearest, |(day, month)| FiscalYearLit::NearestWeekday(day, month)),
            map((small, month), |(day, month)| FiscalYearLit::DayMonth(day, month)),
        )),
    )
    .parse(input)?;
    Ok((rest, PartyClause::FiscalYear(year, input.span_to(rest))))
}

/// A part of a class.
enum Part {
    Par(Expr),
    Authorised(Expr),
    Participates(Expr, bool),
    Calendar(Name),
}

const PARTS: &[(&str, Rule<Part>)] = &[
    ("par", |i| map(called("an amount", sum), Part::Par).parse(i)),
    ("authorised", |i| map(called("a number of shares", sum), Part::Authorised).parse(i)),
    ("participates", |i| map(participates, |(as_, losses)| Part::Participates(as_, losses)).parse(i)),
    ("calendar", |i| map(called("a calendar", name), Part::Calendar).parse(i)),
];

/// `CLASS := 'class' NAME ('{' PART* '}' | [PART ([','] PART)*]) SUPPORT`,
/// `PART := 'par' SUM | 'authorised' SUM | 'calendar' NAME`, each once
fn class(input: Tokens<'_>) -> Parsed<'_, PartyClause> {
    let (rest, (mut class, support)) = supported(class_body).parse(input)?;
    class.support = support;
    Ok((rest, PartyClause::Class(class)))
}

fn class_body(input: Tokens<'_>) -> Parsed<'_, ClassDecl> {
    let (mut rest, name_) = name(input)?;
    let mut class = ClassDecl {
        name: name_,
        par: None,
        authorised: None,
        participates: None,
        calendar: None,
        support: Default::default(),
    };
    if let (after, Some(parts)) = opt(block(|i| choose(i, "a clause of a class", PARTS))).parse(rest)? {
        for part in parts {
            match part {
                Part::Par(par) => class.par = class.par.or(Some(par)),
                Part::Authorised(shares) => class.authorised = class.authorised.or(Some(shares)),
                Part::Participates(as_, losses) => {
                    class.participates = class.participates.or(Some((as_, losses)));
                }
                Part::Calendar(calendar) => class.calendar = class.calendar.or(Some(calendar)),
            }
        }
        return Ok((after, class));
    }
    loop {
        let (at, ()) = comma(rest)?;
        rest = match at.word(0) {
            Some("par") if class.par.is_none() => into(amount, &mut class.par, at)?,
            Some("authorised") if class.authorised.is_none() => into(amount, &mut class.authorised, at)?,
            Some("participates") if class.participates.is_none() => into(participates, &mut class.participates, at)?,
            Some("calendar") if class.calendar.is_none() => into(name, &mut class.calendar, at)?,
            _ => return Ok((rest, class)),
        }
    }
}

/// `SUM ['and' 'losses']`
fn participates(input: Tokens<'_>) -> Parsed<'_, (Expr, bool)> {
    (called("how many common shares one counts as", sum), super::participates::losses).parse(input)
}

fn amount(input: Tokens<'_>) -> Parsed<'_, Expr> {
    called("an amount", sum).parse(input)
}

/// `BOOK := 'book' NAME ['{' (NAME '=' CHOICE)* '}']`
fn book(input: Tokens<'_>) -> Parsed<'_, PartyClause> {
    let choices = opt(block(|i| separated_pair(called("a policy", name), equals, called("a choice", choice)).parse(i)));
    let (rest, (book, choices)) = (called("a book", name), choices).parse(input)?;
    Ok((rest, PartyClause::Book(book, choices.unwrap_or_default())))
}
