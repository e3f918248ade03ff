//! Text to tokens.

mod flaw;
mod number;

use std::sync::Arc;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, none_of, one_of, satisfy};
use nom::combinator::{opt, recognize, value};
use nom::multi::{many0_count, many1_count};
use nom::sequence::{delimited, pair, preceded};
use nom::{IResult, Parser};

use flaw::Flaw;

use super::MAX_DIAGNOSTICS;
use super::token::{Punct, Token, TokenKind};
use crate::base::{Code, Diagnostic, SourceId, Span, limits};

type Scanned<'a, T> = IResult<&'a str, T>;

/// The tokens of a text, and what is wrong with its letters.
pub(super) struct Lexed {
    /// In order; comments and line ends included.
    pub tokens: Vec<Token>,
    /// Coded from `NotUtf8` to `MonthDayDate`.
    pub flaws: Vec<Diagnostic>,
}

/// What stands at one place: a token, a flaw, or both where the meaning is clear all the same.
struct Scan {
    token: Option<TokenKind>,
    flaw: Option<Flaw>,
}

impl From<TokenKind> for Scan {
    fn from(kind: TokenKind) -> Self {
        Self { token: Some(kind), flaw: None }
    }
}

impl From<Flaw> for Scan {
    fn from(flaw: Flaw) -> Self {
        Self { token: None, flaw: Some(flaw) }
    }
}

/// `(BLANK* TOKEN)*`
pub(super) fn lex(source: SourceId, text: &str) -> Lexed {
    let mut lexed = Lexed { tokens: Vec::new(), flaws: Vec::new() };
    let offset = |rest: &str| u32::try_from(text.len() - rest.len()).unwrap_or(u32::MAX);
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r']);
        let Ok((after, scan)) = scan(rest) else { return lexed };
        let span = Span::new(source, offset(rest), offset(after));
        if let Some(kind) = scan.token {
            lexed.tokens.push(Token { kind, span });
        }
        if lexed.tokens.len() > limits::TOKENS {
            let message = format!("the file has more than {} words and signs", limits::TOKENS);
            lexed.flaws.push(Flaw::new(Code::FileTooLarge, message).help("split it").at(span));
            return lexed;
        }
        if let Some(flaw) = scan.flaw.filter(|_| lexed.flaws.len() < MAX_DIAGNOSTICS) {
            lexed.flaws.push(flaw.at(span));
        }
        rest = after;
    }
}

/// `TOKEN := newline | COMMENT | TEXT | NUMBER | WORD | PUNCT`; fails at the end of the text only.
fn scan(input: &str) -> Scanned<'_, Scan> {
    match input.as_bytes().first() {
        Some(b'\n') => newline(input),
        Some(b'#') => comment(input),
        Some(b'"') => text(input),
        Some(b'A'..=b'Z' | b'a'..=b'z' | b'_') => word(input),
        Some(b'0'..=b'9' | b'~') => alt((number::number, unknown)).parse(input),
        _ => alt((punct, curly, money, unknown)).parse(input),
    }
}

fn newline(input: &str) -> Scanned<'_, Scan> {
    char('\n').map(|_| TokenKind::Newline.into()).parse(input)
}

/// `COMMENT := '#' …`; two marks make a doc comment, three or more do not.
fn comment(input: &str) -> Scanned<'_, Scan> {
    let (rest, marks) = take_while1(|c| c == '#').parse(input)?;
    let (rest, _) = take_while(|c| c != '\n').parse(rest)?;
    Ok((rest, if marks.len() == 2 { TokenKind::Doc } else { TokenKind::Comment }.into()))
}

/// `TEXT := '"' … '"'` on one line, with `\"` and `\\`.
fn text(input: &str) -> Scanned<'_, Scan> {
    let inside =
        recognize(many0_count(alt((recognize(pair(char('\\'), none_of("\n"))), recognize(none_of("\"\\\n"))))));
    let (rest, inside) = preceded(char('"'), inside).parse(input)?;
    let kind = TokenKind::Text(unescape(inside));
    let (rest, closed) = opt(char('"')).parse(rest)?;
    let flaw = closed.is_none().then(|| {
        Flaw::new(Code::UnclosedString, "a text in quotes does not end on its line").help("close it with `\"`")
    });
    // A backslash just before the end of the line belongs to the text that is not closed.
    let (rest, _) = opt(char('\\')).parse(rest)?;
    Ok((rest, Scan { token: Some(kind), flaw }))
}

/// A text in quotes as word processors set them.
fn curly(input: &str) -> Scanned<'_, Scan> {
    let quote = |c: char| "“”„«»\"".contains(c);
    let inside = take_while(|c: char| !quote(c) && c != '\n');
    let (rest, (open, inside, _)) = (one_of("“”„«"), inside, satisfy(quote)).parse(input)?;
    let flaw = Flaw::new(Code::UnknownCharacter, format!("`{open}` means nothing here"));
    let flaw = flaw.help("put texts in straight double quotes").fix(input.len() - rest.len(), format!("\"{inside}\""));
    Ok((rest, Scan { token: Some(TokenKind::Text(inside.into())), flaw: Some(flaw) }))
}

fn unescape(inside: &str) -> Arc<str> {
    if !inside.contains('\\') {
        return inside.into();
    }
    let mut plain = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(next @ ('"' | '\\'))) => {
                plain.push(next);
                chars.next();
            }
            _ => plain.push(c),
        }
    }
    plain.into()
}

/// `WORD := LETTER (LETTER | DIGIT)* (HOLE (LETTER | DIGIT)*)*`, `HOLE := '{' LETTER (LETTER | DIGIT)* '}'`
fn word(input: &str) -> Scanned<'_, Scan> {
    let tail = |i| take_while(is_word_char).parse(i);
    let hole = delimited(char('{'), plain_word, char('}'));
    value((), (plain_word, many0_count((hole, tail)))).map(|()| TokenKind::Word.into()).parse(input)
}

fn plain_word(input: &str) -> Scanned<'_, &str> {
    recognize(pair(satisfy(|c| c.is_ascii_alphabetic() || c == '_'), take_while(is_word_char))).parse(input)
}

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn punct(input: &str) -> Scanned<'_, Scan> {
    let found = Punct::ALL.iter().find(|p| input.starts_with(p.as_str()));
    match found {
        Some(p) => tag(p.as_str()).map(|_| TokenKind::Punct(*p).into()).parse(input),
        None => nom::combinator::fail().parse(input),
    }
}

/// `$5`: the sign is dropped, the number stays.
fn money(input: &str) -> Scanned<'_, Scan> {
    let currency = |sign| match sign {
        '$' => Some("USD"),
        '€' => Some("EUR"),
        '£' => Some("GBP"),
        _ => None,
    };
    let (rest, sign) = satisfy(|c| currency(c).is_some()).parse(input)?;
    let unit = currency(sign).unwrap_or("USD");
    let number = rest.find(|c: char| !is_word_char(c) && c != '.' && c != ',').map_or(rest, |end| rest.split_at(end).0);
    let number = number.trim_end_matches([',', '.']);
    let flaw = Flaw::new(Code::UnknownCharacter, format!("`{sign}` means nothing here"));
    let flaw = if number.starts_with(|c: char| c.is_ascii_digit()) {
        let amount = format!("{number} {unit}");
        flaw.help(format!("write `{amount}`")).fix(sign.len_utf8() + number.len(), amount)
    } else {
        flaw.help(format!("write `{unit}` after the number"))
    };
    Ok((rest, flaw.into()))
}

/// Anything else, as one flaw up to the next character that means something.
fn unknown(input: &str) -> Scanned<'_, Scan> {
    let meant = |c: char| {
        is_word_char(c)
            || c.is_ascii_whitespace()
            || "#\"$€£".contains(c)
            || Punct::ALL.iter().any(|p| p.as_str().starts_with(c))
    };
    let first = input.chars().next();
    // `!` and `~` begin something; alone they do not.
    let (rest, run) = recognize(pair(satisfy(|_| true), take_while(|c| Some(c) == first || !meant(c)))).parse(input)?;
    let shown: String = run.chars().take(8).flat_map(char::escape_debug).collect();
    let flaw = Flaw::new(Code::UnknownCharacter, format!("`{shown}` means nothing here"));
    let instead = match first {
        Some('\'' | '“' | '”' | '„' | '‘' | '’') => "put texts in straight double quotes",
        Some('–' | '—' | '−') => "write `-`",
        Some('×') => "write `*`",
        Some('≥') => "write `>=`",
        Some('≤') => "write `<=`",
        Some('≠') => "write `!=`",
        Some('!') => "write `!=`, or `not`",
        Some('&') => "write `and`",
        Some('~') => "`~` stands before a month: `~2027-08`",
        _ => Code::UnknownCharacter.advice(),
    };
    Ok((rest, flaw.help(instead).into()))
}

/// `DIGIT+`
fn digits(input: &str) -> Scanned<'_, &str> {
    recognize(many1_count(satisfy(|c| c.is_ascii_digit()))).parse(input)
}

#[cfg(test)]
mod tests;
