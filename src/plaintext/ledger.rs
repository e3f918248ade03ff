//! Lines of hledger and ledger journals.

use super::date::date;
use super::directive::directive;
use super::journal::{Dialect, Transaction};
use super::line::Line;
use super::posting::{comment, posting};
use super::reader::{Current, Reader};
use crate::base::{Code, Diagnostic, Span};

/// Reads one line.
pub(super) fn line(reader: &mut Reader<'_>, mut line: Line<'_>) {
    if let Some((end, _)) = reader.skipping {
        if line.rest().trim_end() == end {
            reader.skipping = None;
        }
        return;
    }
    let first = line.peek();
    if matches!(first, b' ' | b'\t') {
        line.blanks();
        return indented(reader, line);
    }
    match first {
        0 => reader.current = Current::Nothing,
        b'0'..=b'9' => transaction(reader, line),
        b';' | b'#' | b'*' => {}
        b'%' | b'|' if reader.journal.dialect == Dialect::Ledger => {}
        b'~' => {
            reader.current = Current::Other;
            reader.ignored(line.whole(), "a periodic transaction");
        }
        b'=' => {
            reader.current = Current::Other;
            match reader.journal.dialect {
                Dialect::Hledger => reader.ignored(line.whole(), "an automated rule, which needs `--auto`"),
                _ => reader.unread(line.whole(), "an automated rule"),
            }
        }
        _ => directive(reader, line),
    }
}

fn indented(reader: &mut Reader<'_>, mut line: Line<'_>) {
    match (reader.current, line.peek()) {
        (_, 0) => {}
        (Current::Transaction, b';') => {
            let of_posting = reader.journal.transactions.last().is_some_and(|transaction| transaction.count > 0);
            comment(reader, &mut line, of_posting);
        }
        (_, b';') | (Current::Other, _) => {}
        (Current::Transaction, b'#' | b'%' | b'|') if reader.journal.dialect == Dialect::Ledger => {}
        (Current::Transaction, _) => posting(reader, line),
        (Current::Account(account), _) => super::directive::of_account(reader, line, account),
        (Current::Commodity(commodity), _) => super::directive::of_commodity(reader, line, commodity),
        (Current::Nothing, _) => {
            reader.unreadable(line.whole(), "an indented line that belongs to nothing", "no transaction before it");
        }
    }
}

/// A wrong date.
pub(super) fn bad_date(reader: &mut Reader<'_>, span: Span) {
    let found = Diagnostic::new(Code::BadDate, span, "this is not a day of the calendar");
    let hint = if reader.year.is_none() { "; without a year it needs a `Y` directive before it" } else { "" };
    reader.say(found.label("cannot be read as a date").help(format!("write an existing day as YYYY-MM-DD{hint}")));
}

/// `DATE[=DATE] [*|!] [(CODE)] DESCRIPTION [; comment]`
fn transaction(reader: &mut Reader<'_>, mut line: Line<'_>) {
    let span = line.whole();
    reader.current = Current::Other;
    let Ok(day) = date(&mut line, reader.year) else {
        return bad_date(reader, line.span(0));
    };
    if line.eat("=") {
        // A second date is for reports that ask for it.
        let from = line.at();
        if date(&mut line, Some(day.year())).is_err() {
            return bad_date(reader, line.span(from));
        }
    }
    if !matches!(line.peek(), 0 | b' ' | b'\t' | b';') {
        return bad_date(reader, line.span_rest());
    }
    line.blanks();
    let flag = match line.peek() {
        flag @ (b'*' | b'!') => {
            line.take(1);
            line.blanks();
            flag
        }
        _ => b' ',
    };
    if line.peek() == b'(' && line.rest().contains(')') {
        line.until(b')');
        line.blanks();
    }
    let from = line.at();
    let rest = line.rest();
    let length = match reader.journal.dialect {
        Dialect::Hledger => rest.find(';').unwrap_or(rest.len()),
        // For ledger a comment needs two blanks or a tab before it.
        _ => rest
            .match_indices(';')
            .map(|(at, _)| at)
            .find(|at| *at == 0 || rest.get(..*at).is_some_and(|b| b.ends_with("  ") || b.ends_with('\t')))
            .unwrap_or(rest.len()),
    };
    let words = rest.get(..length).unwrap_or("");
    let payee = match (words.split_once('|'), reader.journal.dialect) {
        (Some((payee, _)), Dialect::Hledger) => payee.trim_end().len(),
        _ => 0,
    };
    line.take(payee);
    let payee = line.span(from);
    if payee.start < payee.end {
        line.until(b'|');
        line.blanks();
    }
    let from_words = line.at();
    line.take((from + length).saturating_sub(from_words));
    let mut narration = line.span(from_words);
    let trailing = words.len() - words.trim_end().len();
    narration.end = narration.end.saturating_sub(u32::try_from(trailing).unwrap_or(0)).max(narration.start);
    let (sequence, first) = (reader.next(), reader.first_posting());
    reader.begin(Transaction { date: day, flag, payee, narration, span, sequence, first, count: 0 });
    if line.peek() == b';' {
        comment(reader, &mut line, false);
    }
}
