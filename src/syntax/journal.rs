//! `use` of another file, and of a plain-text journal as an opening.

use nom::Parser;
use nom::combinator::{map, opt};
use nom::multi::separated_list1;
use nom::sequence::preceded;

use super::ast::{ItemKind, JournalUse, Take, Taken, Text};
use super::clause::{block, called, date, name, path, punct, supported, text, word};
use super::cursor::{Parsed, Tokens};
use super::price::quoted;
use super::token::Punct;

/// `USE := 'use' TEXT [['as' NAME] 'for' NAME 'on' DATE ['{' TAKE* '}'] SUPPORT]`
pub(super) fn usage(input: Tokens<'_>) -> Parsed<'_, ItemKind> {
    let (rest, file) = text(input)?;
    if !matches!(rest.word(0), Some("as" | "for")) {
        return Ok((rest, ItemKind::Use(file)));
    }
    let mut dialect = opt(preceded(word("as"), called("`beancount`, `hledger` or `ledger`", name)));
    let (rest, dialect) = dialect.parse(rest)?;
    let (rest, party) = preceded(word("for"), called("a party", name)).parse(rest)?;
    let (rest, date) = preceded(word("on"), date).parse(rest)?;
    let head = input.span_to(rest);
    let (rest, (takes, support)) = supported(opt(block(take))).parse(rest)?;
    let takes = takes.unwrap_or_default();
    Ok((rest, ItemKind::Journal(JournalUse { file, dialect, party, date, takes, support, head })))
}

/// `TAKE := ('nothing' | PATH) 'from' ACCOUNT (',' ACCOUNT)* ['in' TEXT] | QUOTED 'from' 'prices' 'of' TEXT ['in' TEXT]`
fn take(input: Tokens<'_>) -> Parsed<'_, Take> {
    let (rest, what) = match (input.word(0), input.punct(1, Punct::OpenParen)) {
        (Some(_), true) => {
            let from = preceded((word("from"), word("prices"), word("of")), called("a commodity in quotes", text));
            map((quoted, from), |(of, commodity)| Taken::Prices(of, commodity)).parse(input)?
        }
        (Some("nothing"), _) => map(preceded(word("nothing"), accounts), Taken::Nothing).parse(input)?,
        _ => {
            let what = called("`cash`, a class of shares, `nothing` or a series of prices", path);
            map((what, accounts), |(path, from)| Taken::Holding(path, from)).parse(input)?
        }
    };
    let (rest, commodity) = opt(preceded(word("in"), called("a commodity in quotes", text))).parse(rest)?;
    Ok((rest, Take { what, commodity, span: input.span_to(rest) }))
}

/// `ACCOUNT := ['-'] TEXT`
fn accounts(input: Tokens<'_>) -> Parsed<'_, Vec<(bool, Text)>> {
    let minus = map(opt(punct(Punct::Minus)), |minus| minus.is_some());
    let account = (minus, called("an account in quotes", text));
    preceded(word("from"), separated_list1(punct(Punct::Comma), account)).parse(input)
}
