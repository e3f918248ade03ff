//! Amounts as beancount writes them.

use crate::base::{Code, Diagnostic, Span};
use crate::num::Fixed;
use crate::plaintext::journal::{Commodity, Lot, Rate};
use crate::plaintext::line::Line;
use crate::plaintext::number;
use crate::plaintext::reader::{Reader, keep};

/// Letters of a commodity, the first of which is a capital.
pub(super) const fn is_currency(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'\'' | b'.' | b'_' | b'-')
}

/// A number with its sign, if one stands here; none after an error.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn number(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<Option<Fixed>> {
    let from = line.at();
    let negative = match line.peek() {
        b'-' => line.eat("-"),
        b'+' => !line.eat("+"),
        b'(' => {
            arithmetic(reader, *line);
            return None;
        }
        byte if byte.is_ascii_digit() || byte == b'.' => false,
        _ => return Some(None),
    };
    line.blanks();
    let raw = line.while_byte(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    let span = line.span(from);
    match number::read(raw, Some(b'.')) {
        Ok((found, _)) => {
            let mut ahead = *line;
            ahead.blanks();
            if matches!(ahead.peek(), b'*' | b'/' | b'+' | b'-' | b'(') {
                arithmetic(reader, ahead);
                return None;
            }
            Some(Some(if negative { found.negated() } else { found }))
        }
        Err(why) => {
            reader.not_a_number(raw, why.words(), span);
            None
        }
    }
}

fn arithmetic(reader: &mut Reader<'_>, mut line: Line<'_>) {
    let from = line.at();
    line.while_byte(|b| b != b';' && !b.is_ascii_alphabetic());
    let found = Diagnostic::new(Code::JournalNumber, line.span(from), "arithmetic in an amount is not read");
    reader.say(found.label("not a number").help("write what it comes to"));
}

fn currency(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<Commodity> {
    if !line.peek().is_ascii_uppercase() {
        return None;
    }
    let name = line.while_byte(is_currency);
    Some(reader.journal.commodities.id(name))
}

/// A number and its commodity; the commodity is none where beancount would work it out. None after an error.
pub(super) fn amount(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<(Fixed, Option<Commodity>)> {
    let Some(found) = number(reader, line)? else {
        reader.unreadable(line.span_rest(), "an amount was expected", "no number");
        return None;
    };
    line.blanks();
    let commodity = currency(reader, line);
    if commodity.is_none() {
        reader.unreadable(line.span_rest(), "an amount without a commodity", "write it here");
        return None;
    }
    Some((found, commodity))
}

/// What stands behind an account: a number, a commodity, both or neither; none after an error.
pub(super) fn partial(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<(Option<Fixed>, Option<Commodity>)> {
    let found = number(reader, line)?;
    line.blanks();
    let commodity = currency(reader, line);
    if found.is_some() && commodity.is_none() {
        reader.unreadable(line.span_rest(), "an amount without a commodity", "write it here");
        return None;
    }
    Some((found, commodity))
}

/// `NUMBER [~ NUMBER] COMMODITY`
pub(super) fn claimed(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<(Fixed, Option<Fixed>, Commodity, Span)> {
    let from = line.at();
    let Some(found) = number(reader, line)? else {
        reader.unreadable(line.span_rest(), "an amount was expected", "no number");
        return None;
    };
    line.blanks();
    let mut tolerance = None;
    if line.eat("~") {
        line.blanks();
        tolerance = number(reader, line)?;
        line.blanks();
    }
    let Some(commodity) = currency(reader, line) else {
        reader.unreadable(line.span_rest(), "an amount without a commodity", "write it here");
        return None;
    };
    Some((found, tolerance, commodity, line.span(from)))
}

/// `@ [NUMBER] [COMMODITY]`, `@@ …`
pub(super) fn rate(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<u32> {
    line.eat("@");
    let total = line.eat("@");
    line.blanks();
    let (found, commodity) = partial(reader, line)?;
    Some(keep(&mut reader.journal.rates, Rate { amount: found.zip(commodity), total }))
}

/// `{[NUMBER [# NUMBER] COMMODITY] [, DATE] [, "label"]}`, `{{…}}`; in any order
pub(super) fn lot(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<u32> {
    let from = line.at();
    line.eat("{");
    let total = line.eat("{");
    let mut lot = Lot::default();
    loop {
        line.blanks();
        let here = line.at();
        match line.peek() {
            b'}' if line.eat(if total { "}}" } else { "}" }) => {
                return Some(keep(&mut reader.journal.lots, lot));
            }
            b',' => {
                line.take(1);
            }
            b'"' => {
                let label = line.quoted();
                lot.label = label.map(|label| reader.journal.lot_names.id(label));
            }
            b'*' => {
                reader.unread(line.span(from), "lots that are merged");
                return None;
            }
            _ => {
                let mut ahead = *line;
                if let Ok(date) = crate::plaintext::date::date(&mut ahead, None) {
                    *line = ahead;
                    lot.date = Some(date);
                    continue;
                }
                let found = number(reader, line)?;
                line.blanks();
                if line.eat("#") {
                    line.blanks();
                    lot.total = number(reader, line)?;
                    lot.each = found;
                    line.blanks();
                } else if let Some(found) = found {
                    *(if total { &mut lot.total } else { &mut lot.each }) = Some(found);
                }
                if let Some(commodity) = currency(reader, line) {
                    lot.commodity = Some(commodity);
                } else if found.is_some() {
                    reader.unreadable(line.span_rest(), "an amount without a commodity", "write it here");
                    return None;
                }
            }
        }
        if line.at() == here {
            reader.unreadable(line.span(from), "a lot that is not closed", "from here");
            return None;
        }
    }
}
