//! Indented lines of a beancount transaction.

use super::{account, amount};
use crate::num::Fixed;
use crate::plaintext::journal::{Given, Kind, Posting};
use crate::plaintext::line::Line;
use crate::plaintext::reader::Reader;

/// A posting, metadata, or tags and links.
pub(super) fn line(reader: &mut Reader<'_>, mut line: Line<'_>) {
    let whole = line.whole();
    match line.peek() {
        b'#' | b'^' => return reader.label(whole),
        b'a'..=b'z' => {
            let key = line.while_byte(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
            if key.is_empty() || line.peek() != b':' {
                reader.unreadable(whole, "neither a posting nor metadata", "accounts begin with a capital");
                return;
            }
            return reader.label(whole);
        }
        _ => {}
    }
    let flagged = matches!(line.second(), b' ' | b'\t');
    if flagged && (line.peek().is_ascii_uppercase() || b"*!&#?%".contains(&line.peek())) {
        line.take(1);
        line.blanks();
    }
    let Some(account) = account(reader, &mut line) else { return };
    line.blanks();
    let Some((found, commodity)) = amount::partial(reader, &mut line) else { return };
    let given = match (found, commodity) {
        (Some(_), _) => Given::Amount,
        (None, Some(_)) => Given::Commodity,
        (None, None) => Given::Nothing,
    };
    let mut posting = Posting {
        account,
        commodity: commodity.unwrap_or(0),
        amount: found.unwrap_or(Fixed::ZERO),
        given,
        kind: Kind::Real,
        rate: None,
        lot: None,
        claim: None,
        span: whole,
    };
    loop {
        line.blanks();
        match line.peek() {
            0 | b';' => return reader.post(posting),
            b'{' => match amount::lot(reader, &mut line) {
                Some(lot) => posting.lot = Some(lot),
                None => return,
            },
            b'@' => match amount::rate(reader, &mut line) {
                Some(rate) => posting.rate = Some(rate),
                None => return,
            },
            _ => return reader.unreadable(line.span_rest(), "text behind an amount", "not expected here"),
        }
    }
}
