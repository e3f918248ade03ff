//! Postings as hledger and ledger write them.

use super::journal::{Account, Claim, Dialect, Given, Kind, Lot, Posting, Rate};
use super::line::Line;
use super::reader::{Reader, keep};
use crate::num::Fixed;

/// Letters before the end of an account: two blanks or, for ledger, a tab.
fn account_length(rest: &str, dialect: Dialect) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\t' if dialect == Dialect::Ledger => break,
            b' ' | b'\t' if matches!(bytes.get(at + 1), Some(b' ' | b'\t') | None) => break,
            _ => at += 1,
        }
    }
    at
}

/// An indented line of a transaction.
pub(super) fn posting(reader: &mut Reader<'_>, mut line: Line<'_>) {
    let whole = line.whole();
    if matches!(line.peek(), b'*' | b'!') && matches!(line.second(), b' ' | b'\t') {
        line.take(1);
        line.blanks();
    }
    let name = line.take(account_length(line.rest(), reader.journal.dialect));
    let (kind, name) = match (name.strip_prefix('('), name.strip_prefix('[')) {
        (Some(inner), _) if inner.ends_with(')') => (Kind::Free, inner.trim_end_matches(')')),
        (_, Some(inner)) if inner.ends_with(']') => (Kind::Balanced, inner.trim_end_matches(']')),
        (None, None) => (Kind::Real, name),
        _ => {
            reader.unreadable(whole, "a bracket around the account is not closed", "here");
            return;
        }
    };
    if name.is_empty() {
        reader.unreadable(whole, "a posting without an account", "here");
        return;
    }
    if matches!(name.as_bytes().first(), Some(b'@' | b'<')) {
        reader.unread(whole, "a deferred posting");
        return;
    }
    let account = reader.account(name);
    line.blanks();
    let mut posting = Posting {
        account,
        commodity: 0,
        amount: Fixed::ZERO,
        given: Given::Nothing,
        kind,
        rate: None,
        lot: None,
        claim: None,
        span: whole,
    };
    if !matches!(line.peek(), 0 | b';' | b'=') {
        let Some((amount, commodity)) = reader.amount(&mut line) else { return };
        (posting.amount, posting.commodity, posting.given) = (amount, commodity, Given::Amount);
        reader.journal.options.saw(commodity, amount.places());
    }
    if rest(reader, &mut line, &mut posting).is_some() {
        reader.post(posting);
    }
}

/// What follows the amount; none after an error.
fn rest(reader: &mut Reader<'_>, line: &mut Line<'_>, posting: &mut Posting) -> Option<()> {
    loop {
        line.blanks();
        let from = line.at();
        match line.peek() {
            0 => return Some(()),
            b';' => return comment(reader, line, true),
            b'{' => posting.lot = Some(lot(reader, line)?),
            b'[' => {
                // The day of a lot, which only tells lots apart.
                line.until(b']');
            }
            b'(' if line.second() == b'@' => {
                line.take(1);
                posting.rate = Some(rate(reader, line)?);
            }
            b'(' if line.second() == b'(' => {
                reader.unread(line.span_rest(), "a valuation function of a lot");
                return None;
            }
            b'(' => {
                line.until(b')');
            }
            b'@' => posting.rate = Some(rate(reader, line)?),
            b'=' => {
                posting.claim = Some(claim(reader, line)?);
                if posting.given == Given::Nothing && posting.kind != Kind::Real {
                    reader.unread(line.span(from), "a balance assignment to a virtual posting");
                    return None;
                }
            }
            _ => {
                reader.unreadable(line.span_rest(), "text behind an amount", "not expected here");
                return None;
            }
        }
        if line.at() == from {
            reader.unreadable(line.span_rest(), "a bracket that is not closed", "from here");
            return None;
        }
    }
}

/// `@ AMOUNT`, `@@ AMOUNT`, `(@) AMOUNT`
fn rate(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<u32> {
    line.eat("@");
    let total = line.eat("@");
    line.eat(")");
    line.blanks();
    let amount = reader.amount(line)?;
    Some(keep(&mut reader.journal.rates, Rate { amount: Some(amount), total }))
}

/// `{AMOUNT}`, `{{AMOUNT}}`, `{=AMOUNT}`
fn lot(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<u32> {
    let from = line.at();
    line.eat("{");
    let total = line.eat("{");
    line.eat("=");
    line.blanks();
    let mut lot = Lot::default();
    if line.peek() != b'}' {
        let (amount, commodity) = reader.amount(line)?;
        lot.commodity = Some(commodity);
        *(if total { &mut lot.total } else { &mut lot.each }) = Some(amount);
        line.blanks();
    }
    if !line.eat(if total { "}}" } else { "}" }) {
        reader.unreadable(line.span(from), "a lot price that is not closed", "from here");
        return None;
    }
    Some(keep(&mut reader.journal.lots, lot))
}

/// `= AMOUNT`, `== AMOUNT`, `=* AMOUNT`, `==* AMOUNT`
fn claim(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<u32> {
    let from = line.at();
    line.eat("=");
    let (sole, below) = (line.eat("="), line.eat("*"));
    if (sole || below) && reader.journal.dialect == Dialect::Ledger {
        reader.unreadable(line.span(from), "ledger has only `=` before a balance", "not of ledger");
        return None;
    }
    line.blanks();
    let (amount, commodity) = reader.amount(line)?;
    let span = line.span(from);
    // A cost behind the balance says nothing about it.
    line.blanks();
    if line.peek() == b'@' {
        rate(reader, line)?;
    }
    Some(keep(&mut reader.journal.claims, Claim { amount, commodity, tolerance: None, sole, below, span }))
}

/// A comment; a date in one that belongs to a posting would move it to another day, for ledger also one of a transaction.
pub(super) fn comment(reader: &mut Reader<'_>, line: &mut Line<'_>, of_posting: bool) -> Option<()> {
    let from = line.at();
    let text = line.finish();
    let dated = match reader.journal.dialect {
        Dialect::Ledger => text.split('[').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit())),
        _ => {
            of_posting
                && text.match_indices("date:").any(|(at, _)| {
                    let before = text.get(..at).unwrap_or("").trim_end_matches('2');
                    let after = text.get(at + 5..).unwrap_or("").trim_start();
                    !before.ends_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_')
                        && after.starts_with(|c: char| c.is_ascii_digit())
                })
        }
    };
    if dated {
        reader.unread(line.span(from), "a date of its own in a comment");
        return None;
    }
    if text.contains(':') {
        reader.label(line.span(from));
    }
    Some(())
}

impl Reader<'_> {
    /// The number of an account, after `alias` and `apply account`.
    pub(super) fn account(&mut self, name: &str) -> Account {
        if self.aliases.is_empty() && self.prefixes.is_empty() {
            return self.journal.accounts.id(name);
        }
        let mut full = self.prefixes.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(":");
        match self.journal.dialect {
            // The latest alias first, each on what those before made of it.
            Dialect::Hledger => {
                for (old, new) in self.aliases.iter().rev() {
                    if let Some(below) = full.strip_prefix(old.as_str()).filter(|r| r.is_empty() || r.starts_with(':'))
                    {
                        full = format!("{new}{below}");
                    }
                }
            }
            _ => {
                if let Some((_, new)) = self.aliases.iter().rev().find(|(old, _)| old == name) {
                    full = self.prefixes.iter().map(String::as_str).chain([new.as_str()]).collect::<Vec<_>>().join(":");
                }
            }
        }
        self.journal.accounts.id(&full)
    }
}
