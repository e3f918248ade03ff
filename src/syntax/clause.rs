//! Words, names, dates, suffixes, blocks: what the clauses of every room are made of.

use std::sync::Arc;

use nom::combinator::{map, opt};
use nom::sequence::terminated;
use nom::{Input, Parser};

use super::ast::{Binding, Citation, DateLit, For, Name, Path, Since, Standing, Support, Text};
use super::cursor::{Frame, Miss, Parsed, Rule, Shared, Tokens, Wanted};
use super::token::{Punct, TokenKind};
use super::tree::{Clause, Lexeme};
use crate::base::suggest::nearest;
use crate::base::{Code, Diagnostic, Span};

/// Exactly this word.
pub(super) fn word<'a>(text: &'static str) -> impl Fn(Tokens<'a>) -> Parsed<'a, Span> {
    move |input| match quiet(text)(input) {
        Err(_) => input.miss(Wanted::Exactly(text)),
        found => found,
    }
}

/// Exactly this word, where it goes without saying that it might follow.
pub(super) fn quiet<'a>(text: &'static str) -> impl Fn(Tokens<'a>) -> Parsed<'a, Span> {
    move |input| match input.word(0) {
        Some(found) if found == text => Ok((input.take_from(1), input.span_to(input.take_from(1)))),
        _ => Err(nom::Err::Error(Miss)),
    }
}

/// Exactly this punctuation.
pub(super) fn punct<'a>(punct: Punct) -> impl Fn(Tokens<'a>) -> Parsed<'a, Span> {
    move |input| match input.punct(0, punct) {
        true => Ok((input.take_from(1), input.span_to(input.take_from(1)))),
        false => input.miss(Wanted::Exactly(punct.as_str())),
    }
}

/// One comma or none.
pub(super) fn comma(input: Tokens<'_>) -> Parsed<'_, ()> {
    Ok((if input.punct(0, Punct::Comma) { input.take_from(1) } else { input }, ()))
}

/// Says in one word what a parser wants that fails where it begins.
pub(super) fn called<'a, T>(
    what: &'static str,
    mut parser: impl Parser<Tokens<'a>, Output = T, Error = Miss>,
) -> impl FnMut(Tokens<'a>) -> Parsed<'a, T> {
    move |input| {
        let wishes = input.wishes();
        let parsed = parser.parse(input);
        if parsed.is_err() && input.is_furthest() {
            input.summarise(wishes, Wanted::Some(what));
        }
        parsed
    }
}

/// `NAME := word`; any word may be a name.
pub(super) fn name(input: Tokens<'_>) -> Parsed<'_, Name> {
    match input.word(0) {
        Some(text) => {
            let rest = input.take_from(1);
            Ok((rest, Name { text: text.into(), span: input.span_to(rest) }))
        }
        None => input.miss(Wanted::Some("a name")),
    }
}

/// A name that is none of these words.
pub(super) fn name_but<'a>(words: &'static [&'static str]) -> impl Fn(Tokens<'a>) -> Parsed<'a, Name> {
    move |input| match input.word(0) {
        Some(text) if words.contains(&text) => input.miss(Wanted::Some("a name")),
        _ => name(input),
    }
}

/// One of these words, as a name.
pub(super) fn name_of<'a>(words: &'static [&'static str]) -> impl Fn(Tokens<'a>) -> Parsed<'a, Name> {
    move |input| match input.word(0) {
        Some(text) if words.contains(&text) => name(input),
        _ => {
            words.iter().for_each(|word| input.want(Wanted::Exactly(word)));
            Err(nom::Err::Error(Miss))
        }
    }
}

/// `PATH := NAME ('.' NAME)*`
pub(super) fn path(input: Tokens<'_>) -> Parsed<'_, Path> {
    let (mut rest, first) = name(input)?;
    let mut parts = vec![first];
    while rest.punct(0, Punct::Dot) {
        let (after, part) = name(rest.take_from(1))?;
        parts.push(part);
        rest = after;
    }
    Ok((rest, Path { parts, span: input.span_to(rest) }))
}

/// `TEXT := '"' … '"'`
pub(super) fn text(input: Tokens<'_>) -> Parsed<'_, Text> {
    match input.token(0).map(|t| (&t.kind, t.span)) {
        Some((TokenKind::Text(text), span)) => Ok((input.take_from(1), Text { text: Arc::clone(text), span })),
        _ => input.miss(Wanted::Some("a text in quotes")),
    }
}

/// `DATE := YYYY-MM-DD | ['~'] YYYY-MM`
pub(super) fn date(input: Tokens<'_>) -> Parsed<'_, DateLit> {
    let lit = input.token(0).and_then(|t| match t.kind {
        TokenKind::Date(date) => Some(DateLit { date, approximate: false, span: t.span }),
        TokenKind::Month { last, approximate } => Some(DateLit { date: last, approximate, span: t.span }),
        _ => None,
    });
    match lit {
        Some(lit) => Ok((input.take_from(1), lit)),
        None => input.miss(Wanted::Some("a date")),
    }
}

/// A whole number, without a unit.
pub(super) fn whole(input: Tokens<'_>) -> Parsed<'_, i64> {
    let negative = input.punct(0, Punct::Minus);
    let at = if negative { input.take_from(1) } else { input };
    let number = at.token(0).and_then(|t| match t.kind {
        TokenKind::Number(number) => number.to_string().parse::<i64>().ok(),
        _ => None,
    });
    match number {
        Some(number) => Ok((at.take_from(1), if negative { -number } else { number })),
        None => input.miss(Wanted::Some("a whole number")),
    }
}

/// `SINCE := 'since' ('signed' | DATE)`
pub(super) fn since(input: Tokens<'_>) -> Parsed<'_, Since> {
    let (rest, _) = word("since")(input)?;
    match word("signed")(rest) {
        Ok((rest, span)) => Ok((rest, Since::Signed(span))),
        Err(_) => map(date, Since::Date).parse(rest),
    }
}

/// `STANDING := ('definitive' | 'announced' | 'letter' 'of' 'intent') ['firm' | 'option']`
pub(super) fn standing(input: Tokens<'_>) -> Parsed<'_, Standing> {
    let letter = (word("letter"), word("of"), word("intent"));
    let binding = nom::branch::alt((
        map(word("definitive"), |_| Binding::Definitive),
        map(word("announced"), |_| Binding::Announced),
        map(letter, |_| Binding::LetterOfIntent),
    ));
    let what = "`definitive firm`, `definitive option`, `letter of intent` or `announced`";
    let (rest, binding) = called(what, binding).parse(input)?;
    let (rest, option) =
        opt(nom::branch::alt((map(word("firm"), |_| false), map(word("option"), |_| true)))).parse(rest)?;
    Ok((rest, Standing { binding, option: option.unwrap_or(false), span: input.span_to(rest) }))
}

/// `SUPPORT := '@' NAME [TEXT] | 'assumed' NAME`, any number
pub(super) fn support(input: Tokens<'_>) -> Parsed<'_, Support> {
    let (mut rest, mut support) = (input, Support::default());
    loop {
        if rest.punct(0, Punct::At) {
            let (after, source) = called("a source", name).parse(rest.take_from(1))?;
            let (after, place) = opt(text).parse(after)?;
            support.citations.push(Citation { source, place });
            rest = after;
        } else if rest.word(0) == Some("assumed") {
            let (after, assumed) = called("the name of an assumption", name).parse(rest.take_from(1))?;
            support.assumed.push(assumed);
            rest = after;
        } else {
            return Ok((rest, support));
        }
    }
}

/// Where the suffixes at the end of a clause begin: `@ NAME [TEXT]`, `assumed NAME`, and what `also` recognises by
/// the number of lexemes it takes at the end of a slice.
pub(super) fn suffixes_begin(input: Tokens<'_>, also: impl Fn(Tokens<'_>) -> usize) -> usize {
    let mut length = input.input_len();
    loop {
        let left = input.narrowed(length);
        let back = |n: usize| length.checked_sub(n);
        let word_at = |n| back(n).and_then(|at| left.word(at));
        let at_sign = |n| back(n).is_some_and(|at| left.punct(at, Punct::At));
        let is_text = back(1).and_then(|at| left.token(at)).is_some_and(|t| matches!(t.kind, TokenKind::Text(_)));
        let taken = if word_at(1).is_some() && (at_sign(2) || word_at(2) == Some("assumed")) {
            2
        } else if is_text && word_at(2).is_some() && at_sign(3) {
            3
        } else {
            also(left)
        };
        match length.checked_sub(taken) {
            Some(shorter) if taken > 0 => length = shorter,
            _ => return length,
        }
    }
}

/// `CLAUSE := BODY SUPPORT`: what stands at the end of a clause supports the clause, not its last value.
pub(super) fn supported<'a, T>(
    mut body: impl Parser<Tokens<'a>, Output = T, Error = Miss>,
) -> impl FnMut(Tokens<'a>) -> Parsed<'a, (T, Support)> {
    move |input| {
        let cut = suffixes_begin(input, |_| 0).max(1);
        let (rest, value) = body.parse(input.narrowed(cut))?;
        if !rest.is_empty() {
            return Ok((rest.widened(input), (value, Support::default())));
        }
        let (rest, support) = support(rest.widened(input))?;
        Ok((rest, (value, support)))
    }
}

/// `CHOICE := WORD …` for one of the words of a table.
pub(super) fn choose<'a, T>(input: Tokens<'a>, room: &'static str, table: &[(&'static str, Rule<T>)]) -> Parsed<'a, T> {
    choose_or(input, Code::UnknownClause, room, table)
}

/// [`choose`] with the code for an unknown word.
pub(super) fn choose_or<'a, T>(
    input: Tokens<'a>,
    code: Code,
    room: &'static str,
    table: &[(&'static str, Rule<T>)],
) -> Parsed<'a, T> {
    let Some(found) = input.word(0) else { return input.miss(Wanted::Some(room)) };
    match table.iter().find(|(word, _)| *word == found) {
        Some((_, rule)) => rule(input.take_from(1)),
        None => unknown(input, code, room, found, table.iter().map(|(word, _)| *word)),
    }
}

/// Objects to a word that begins nothing here.
pub(super) fn unknown<'a, T>(
    input: Tokens<'a>,
    code: Code,
    room: &'static str,
    found: &str,
    known: impl Iterator<Item = &'static str> + Clone,
) -> Parsed<'a, T> {
    let span = input.span_to(input.take_from(1));
    let diagnostic = Diagnostic::new(code, span, format!("`{found}` is not {room}"));
    let diagnostic = match nearest(found, known.clone()) {
        Some(near) => diagnostic.label("unknown").help(format!("did you mean `{near}`?")).fix(span, near),
        None => {
            let all: Vec<String> = known.map(|word| format!("`{word}`")).collect();
            diagnostic.label("unknown").help(format!("known here: {}", all.join(", ")))
        }
    };
    input.object(diagnostic)
}

/// `BLOCK := '{' CLAUSE* '}'`
pub(super) fn block<'a, T>(one: Rule<T>) -> impl Fn(Tokens<'a>) -> Parsed<'a, Vec<T>> {
    move |input| match input.lexeme(0) {
        Some(Lexeme::Block(block)) => Ok((input.take_from(1), each(input.frame.shared, &block.clauses, |_, c| one(c)))),
        _ => input.miss(Wanted::Exactly("{")),
    }
}

/// Reads every clause for itself: one that fails is reported, and reading goes on with the next,
/// until so much is wrong that the rest is not worth reading.
pub(super) fn each<T>(
    shared: &Shared<'_>,
    clauses: &[Clause],
    one: impl for<'c> Fn(&'c Clause, Tokens<'c>) -> Parsed<'c, T>,
) -> Vec<T> {
    let mut read = Vec::new();
    for clause in clauses.iter().filter(|clause| !clause.broken) {
        if shared.is_full() {
            break;
        }
        let frame = Frame::new(shared, clause);
        match one(clause, frame.tokens()) {
            Ok((rest, value)) => {
                read.push(value);
                frame.finish(rest);
            }
            Err(_) => shared.report(frame.explain()),
        }
    }
    read
}

/// `FOR := 'for' NAME 'in' RANGE BLOCK`, after `for`
pub(super) fn repeated<T>(input: Tokens<'_>, one: Rule<T>) -> Parsed<'_, For<T>> {
    let (rest, (variable, (from, to), body)) = (terminated(name, word("in")), range, block(one)).parse(input)?;
    Ok((rest, For { variable, from, to, body }))
}

/// `RANGE := whole '..' whole`
pub(super) fn range(input: Tokens<'_>) -> Parsed<'_, (i64, i64)> {
    (terminated(whole, punct(Punct::Range)), whole).parse(input)
}

/// `NAME '=' …`
pub(super) fn equals(input: Tokens<'_>) -> Parsed<'_, Span> {
    punct(Punct::Equal)(input)
}
