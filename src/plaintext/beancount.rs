//! Lines of beancount journals.

mod amount;
mod option;
mod posting;

use super::date::date;
use super::journal::{Account, Booking, Claim, Directive, Quoted, Transaction, What};
use super::ledger::bad_date;
use super::line::Line;
use super::reader::{Current, Reader};
use crate::base::{Code, Diagnostic, Span};
use crate::time::Date;

/// Letters of an account. Letters beyond ASCII are letters.
const fn is_account(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-') || byte >= 0x80
}

/// Reads one line.
pub(super) fn line(reader: &mut Reader<'_>, mut line: Line<'_>) {
    match line.peek() {
        0 => {}
        b' ' | b'\t' => {
            line.blanks();
            match (reader.current, line.peek()) {
                (_, 0 | b';') | (Current::Other, _) => {}
                (Current::Transaction, _) => posting::line(reader, line),
                _ => reader.unreadable(
                    line.whole(),
                    "an indented line that belongs to nothing",
                    "no transaction before it",
                ),
            }
        }
        b'0'..=b'9' => dated(reader, line),
        // Headings of org mode, and what else beancount's lexer drops with its line.
        b';' | b'*' | b'#' | b':' | b'!' | b'&' | b'?' | b'%' => reader.current = Current::Other,
        _ => undated(reader, line),
    }
}

fn undated(reader: &mut Reader<'_>, mut line: Line<'_>) {
    let whole = line.whole();
    reader.current = Current::Other;
    let word = line.while_byte(|b| b.is_ascii_alphabetic());
    line.blanks();
    match word {
        "include" => {
            let from = line.at();
            match line.quoted() {
                Some(path) => reader.include(path, line.span(from)),
                None => reader.unreadable(whole, "`include` takes a path in quotes", "here"),
            }
        }
        "option" => option::option(reader, line),
        "plugin" => option::plugin(reader, line),
        "pushtag" | "poptag" | "pushmeta" | "popmeta" => {}
        _ => {
            let known = ["include", "option", "plugin", "pushtag", "poptag", "pushmeta", "popmeta"];
            let near = crate::base::suggest::nearest(word, known);
            let found = Diagnostic::new(Code::JournalLine, whole, "this line begins nothing that beancount knows");
            let help = near.map_or_else(|| Code::JournalLine.advice().to_owned(), |n| format!("did you mean `{n}`?"));
            reader.say(found.label("not a date, an option or a comment").help(help));
        }
    }
}

/// A directive or a transaction.
fn dated(reader: &mut Reader<'_>, mut line: Line<'_>) {
    let whole = line.whole();
    reader.current = Current::Other;
    let Ok(day) = date(&mut line, None) else { return bad_date(reader, line.span(0)) };
    if line.blanks() == 0 {
        return bad_date(reader, line.span_rest());
    }
    let from = line.at();
    let word = line.while_byte(|b| !matches!(b, b' ' | b'\t' | b'"'));
    let span = line.span(from);
    line.blanks();
    match word {
        "txn" => transaction(reader, line, day, b'*', whole),
        "open" => open(reader, line, day, whole),
        "close" => directive(reader, line, day, whole, |_, _| Some(What::Close)),
        "balance" => directive(reader, line, day, whole, |reader, line| {
            let (amount, tolerance, commodity, span) = amount::claimed(reader, line)?;
            let claim = Claim { amount, commodity, tolerance, sole: false, below: true, span };
            Some(What::Balance(claim))
        }),
        "pad" => directive(reader, line, day, whole, |reader, line| {
            line.blanks();
            account(reader, line).map(What::Pad)
        }),
        "price" => price(reader, line, day, whole),
        "commodity" | "note" | "document" | "event" | "query" | "custom" => {}
        flag if is_flag(flag) => {
            let flag = flag.bytes().next().unwrap_or(b'*');
            transaction(reader, line, day, flag, whole);
        }
        _ => {
            let known = ["txn", "open", "close", "balance", "pad", "price", "commodity", "note", "document", "event"];
            let near = crate::base::suggest::nearest(word, known);
            let found = Diagnostic::new(Code::JournalLine, span, "this is no directive of beancount");
            let help = near.map_or_else(|| Code::JournalLine.advice().to_owned(), |n| format!("did you mean `{n}`?"));
            reader.say(found.label("not known").help(help));
        }
    }
}

fn is_flag(word: &str) -> bool {
    matches!(word.as_bytes(), [byte] if byte.is_ascii_uppercase() || b"*!&#?%".contains(byte))
}

/// An account; none after an error.
fn account(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<Account> {
    let from = line.at();
    let name = line.while_byte(is_account);
    let capital = |part: &str| part.starts_with(|c: char| !c.is_ascii_lowercase() && c != '-');
    if !name.contains(':') || !name.split(':').all(capital) {
        let span = if name.is_empty() { line.span_rest() } else { line.span(from) };
        reader.unreadable(span, "an account such as `Assets:Bank` was expected", "not an account");
        return None;
    }
    Some(reader.journal.accounts.id(name))
}

/// Nothing but a comment may follow.
fn end(reader: &mut Reader<'_>, line: &mut Line<'_>) {
    line.blanks();
    if !matches!(line.peek(), 0 | b';') {
        reader.unreadable(line.span_rest(), "text behind the end of a directive", "not expected here");
    }
}

fn directive(
    reader: &mut Reader<'_>,
    mut line: Line<'_>,
    date: Date,
    span: Span,
    what: impl FnOnce(&mut Reader<'_>, &mut Line<'_>) -> Option<What>,
) {
    let Some(account) = account(reader, &mut line) else { return };
    line.blanks();
    let Some(what) = what(reader, &mut line) else { return };
    end(reader, &mut line);
    let sequence = reader.next();
    reader.journal.directives.push(Directive { date, sequence, account, what, span });
}

/// `open ACCOUNT [CURRENCY, …] ["BOOKING"]`
fn open(reader: &mut Reader<'_>, line: Line<'_>, day: Date, span: Span) {
    directive(reader, line, day, span, |reader, line| {
        let mut commodities = Vec::new();
        while line.peek().is_ascii_uppercase() {
            commodities.push(reader.journal.commodities.id(line.while_byte(amount::is_currency)));
            line.blanks();
            line.eat(",");
            line.blanks();
        }
        let booking = line.quoted().map(booking);
        Some(What::Open { commodities, booking })
    });
}

/// A booking method by its name.
fn booking(name: &str) -> Booking {
    match name {
        "STRICT" | "STRICT_WITH_SIZE" => Booking::Strict,
        "FIFO" => Booking::Fifo,
        "LIFO" => Booking::Lifo,
        "NONE" => Booking::None,
        _ => Booking::Other,
    }
}

/// `price COMMODITY AMOUNT`
fn price(reader: &mut Reader<'_>, mut line: Line<'_>, date: Date, span: Span) {
    let name = line.while_byte(amount::is_currency);
    if name.is_empty() {
        return reader.unreadable(line.span_rest(), "a price of what?", "a commodity was expected");
    }
    let commodity = reader.journal.commodities.id(name);
    line.blanks();
    let Some((price, Some(currency))) = amount::amount(reader, &mut line) else { return };
    end(reader, &mut line);
    reader.journal.prices.push(Quoted { date, commodity, price, currency, span });
}

/// `DATE FLAG ["PAYEE"] "NARRATION" [#tag | ^link]…`
fn transaction(reader: &mut Reader<'_>, mut line: Line<'_>, date: Date, flag: u8, span: Span) {
    let mut texts = [line.span(line.at()); 2];
    let mut count = 0;
    let (sequence, first) = (reader.next(), reader.first_posting());
    let mut labels = Vec::new();
    loop {
        line.blanks();
        let from = line.at();
        match line.peek() {
            0 | b';' => break,
            b'"' => {
                if line.quoted().is_none() {
                    let rest = line.span_rest();
                    return reader.unreadable(rest, "a text in quotes that does not end on its line", "from here");
                }
                let whole = line.span(from);
                if let Some(text) = texts.get_mut(count) {
                    *text = Span { start: whole.start + 1, end: whole.end - 1, ..whole };
                }
                count += 1;
            }
            b'#' | b'^' => {
                line.while_byte(|b| !matches!(b, b' ' | b'\t'));
                labels.push(line.span(from));
            }
            b'|' => {
                line.take(1);
            }
            _ => return reader.unreadable(line.span_rest(), "text behind the narration", "not expected here"),
        }
    }
    let [first_text, second] = texts;
    let nothing = Span { end: first_text.start, ..first_text };
    let (payee, narration) = match count {
        0 => (nothing, nothing),
        1 => (nothing, first_text),
        _ => (first_text, second),
    };
    reader.begin(Transaction { date, flag, payee, narration, span, sequence, first, count: 0 });
    labels.into_iter().for_each(|label| reader.label(label));
}
