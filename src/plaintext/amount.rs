//! Amounts as hledger and ledger write them.

use super::journal::{Commodity, Dialect};
use super::line::Line;
use super::number;
use super::reader::Reader;
use crate::base::{Code, Diagnostic, Span};
use crate::num::Fixed;

/// Letters of a commodity without quotes.
pub(super) const fn is_symbol(byte: u8) -> bool {
    !matches!(
        byte,
        0 | b'0'
            ..=b'9'
                | b' '
                | b'\t'
                | b'\r'
                | b'.'
                | b','
                | b';'
                | b':'
                | b'?'
                | b'!'
                | b'-'
                | b'+'
                | b'*'
                | b'/'
                | b'^'
                | b'&'
                | b'|'
                | b'='
                | b'<'
                | b'>'
                | b'{'
                | b'}'
                | b'['
                | b']'
                | b'('
                | b')'
                | b'@'
                | b'"'
    )
}

/// Digits and marks.
const fn is_digit(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'.' | b',')
}

fn sign(line: &mut Line<'_>) -> Option<bool> {
    let found = match line.peek() {
        b'-' => true,
        b'+' => false,
        _ => return None,
    };
    line.take(1);
    line.blanks();
    Some(found)
}

impl Reader<'_> {
    /// An amount; the commodity may stand on either side, the sign before or behind it. None after an error.
    pub(super) fn amount(&mut self, line: &mut Line<'_>) -> Option<(Fixed, Commodity)> {
        let from = line.at();
        if line.peek() == b'(' {
            line.until(b')');
            self.unread(line.span(from), "an amount that is to be worked out");
            return None;
        }
        let outer = sign(line);
        let before = self.commodity(line)?;
        let blanks = if before.is_some() { line.blanks() } else { 0 };
        let inner = if outer.is_none() { sign(line) } else { None };
        let raw = self.digits(line);
        if raw.is_empty() {
            if blanks == 0 && before.is_none() && outer.is_none() && line.is_empty() {
                self.unreadable(line.whole(), "an amount is missing", "nothing stands where it should");
            } else {
                self.unreadable(line.span_rest(), "an amount was expected", "no number");
            }
            return None;
        }
        let digits = line.span(line.at() - raw.len());
        let commodity = match before {
            Some(commodity) => Some(commodity),
            None => {
                let mut ahead = *line;
                ahead.blanks();
                let after = self.commodity(&mut ahead)?;
                if after.is_some() {
                    *line = ahead;
                }
                after
            }
        };
        let commodity = commodity.or(self.default).unwrap_or_else(|| self.journal.commodities.id(""));
        let number = self.number(raw, commodity, digits)?;
        let negative = outer.or(inner).unwrap_or(false);
        Some((if negative { number.negated() } else { number }, commodity))
    }

    /// Digits with their marks; hledger's may be parted by single blanks.
    fn digits<'a>(&self, line: &mut Line<'a>) -> &'a str {
        let all = line.rest();
        let mut length = line.while_byte(is_digit).len();
        while self.journal.dialect == Dialect::Hledger
            && length > 0
            && line.peek() == b' '
            && line.second().is_ascii_digit()
        {
            line.take(1);
            length += 1 + line.while_byte(is_digit).len();
        }
        all.get(..length).unwrap_or("")
    }

    /// A commodity, with or without quotes, if there is one; the outer option is none after an error.
    #[expect(clippy::option_option, reason = "absent and wrong are two things")]
    pub(super) fn commodity(&mut self, line: &mut Line<'_>) -> Option<Option<Commodity>> {
        let from = line.at();
        let name = match line.peek() {
            b'"' => match line.quoted() {
                Some(name) => name,
                None => {
                    self.unreadable(line.span_rest(), "a commodity whose quote is not closed", "from here");
                    return None;
                }
            },
            byte if is_symbol(byte) => line.while_byte(is_symbol),
            _ => return Some(None),
        };
        if name.is_empty() {
            self.unreadable(line.span(from), "a commodity without a name", "empty");
            return None;
        }
        Some(Some(self.journal.commodities.id(name)))
    }

    /// The number that digits and marks make, by the declared decimal mark or by the rules of the program.
    pub(super) fn number(&mut self, raw: &str, commodity: Commodity, span: Span) -> Option<Fixed> {
        let declared = self.marks.get(&commodity).copied().or(self.mark);
        let (decimal, doubtful) = match declared {
            Some(mark) => (Some(mark), false),
            None => number::guess(raw, self.journal.dialect == Dialect::Ledger),
        };
        if doubtful && !self.doubted {
            self.doubted = true;
            let message = format!("`{raw}` is read with a decimal comma, as hledger reads it");
            let found = Diagnostic::new(Code::JournalMark, span, message).label("thousands, or thousandths?");
            self.say(found.help("write `decimal-mark ,` or `decimal-mark .` at the top of the journal"));
        }
        match number::read(raw, decimal) {
            Ok((number, _)) => Some(number),
            Err(why) => {
                self.not_a_number(raw, why.words(), span);
                None
            }
        }
    }

    pub(super) fn not_a_number(&mut self, raw: &str, why: &str, span: Span) {
        let found = Diagnostic::new(Code::JournalNumber, span, format!("`{raw}` is not an amount: {why}"));
        self.say(found.label("cannot be read").help(Code::JournalNumber.advice()));
    }
}
