//! Directives of hledger and ledger.

use super::date::date;
use super::journal::{Account, Commodity, Dialect, Quoted};
use super::ledger::bad_date;
use super::line::Line;
use super::number;
use super::reader::{Current, Reader};
use crate::base::{Code, Diagnostic};

/// A line that begins with a word.
pub(super) fn directive(reader: &mut Reader<'_>, mut line: Line<'_>) {
    let whole = line.whole();
    let hledger = reader.journal.dialect == Dialect::Hledger;
    reader.current = Current::Other;
    if matches!(line.peek(), b'!' | b'@') {
        line.take(1);
    }
    let from = line.at();
    let word = line.while_byte(|b| !matches!(b, b' ' | b'\t' | b'\r'));
    line.blanks();
    match word {
        "account" => account(reader, line),
        "commodity" => commodity(reader, line),
        "include" => {
            let path = line.rest().trim_end().trim_matches('"');
            let path = path.split_once(':').filter(|(prefix, _)| is_prefix(prefix)).map_or(path, |(_, path)| path);
            reader.include(path, line.span_rest());
        }
        "comment" | "test" => {
            let end = match (word, line.rest().trim_end()) {
                ("comment", _) => "end comment",
                _ => "end test",
            };
            reader.skipping = Some((end, whole));
        }
        "alias" => alias(reader, line),
        "apply" => apply(reader, line),
        "end" => end(reader, line),
        "D" => {
            if let Some((amount, commodity)) = style(reader, &mut line) {
                // For ledger it is a matter of style.
                reader.default = Some(commodity).filter(|_| hledger);
                reader.journal.options.declare(commodity, amount);
            }
        }
        "P" => price(reader, line),
        "Y" | "year" => year(reader, line),
        "decimal-mark" => match line.peek() {
            mark @ (b'.' | b',') => reader.mark = Some(mark),
            _ => reader.unreadable(whole, "`decimal-mark` takes `.` or `,`", "here"),
        },
        "tag" | "payee" | "N" | "define" | "def" | "python" | "import" => {}
        "assert" | "check" | "eval" | "expr" | "value" => reader.ignored(whole, "an expression"),
        "bucket" | "A" => reader.unread(whole, "a default account"),
        "C" => reader.unread(whole, "a conversion of commodities"),
        "capture" => reader.unread(whole, "a capture of accounts"),
        "i" | "I" | "o" | "O" | "b" | "h" if !hledger || matches!(word, "i" | "o") => {
            reader.unread(whole, "a time-clock line");
        }
        _ if word.len() > 1 && word.starts_with('Y') && word.get(1..).is_some_and(digits) => {
            reader.year = word.get(1..).and_then(|year| year.parse().ok());
        }
        _ => {
            let known = ["account", "alias", "apply", "comment", "commodity", "decimal-mark", "end", "include", "year"];
            let near = crate::base::suggest::nearest(word, known);
            let span = line.span(from);
            let found =
                Diagnostic::new(Code::JournalLine, span, format!("`{}` begins no line of a journal", brief(word)));
            let help = near.map_or_else(|| Code::JournalLine.advice().to_owned(), |n| format!("did you mean `{n}`?"));
            reader.say(found.label(format!("not a directive of {}", reader.journal.dialect.name())).help(help));
        }
    }
}

fn brief(word: &str) -> String {
    if word.chars().count() > 40 { word.chars().take(37).chain("...".chars()).collect() } else { word.to_owned() }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())
}

/// `timedot:`, `journal:` before a path.
fn is_prefix(text: &str) -> bool {
    ["journal", "j", "hledger", "ledger"].contains(&text)
}

/// `account NAME [; comment]`
fn account(reader: &mut Reader<'_>, line: Line<'_>) {
    let rest = line.rest();
    let end = rest.find("  ").or_else(|| rest.find('\t')).unwrap_or(rest.len());
    let name = rest.get(..end).unwrap_or(rest).trim_end();
    let name = if reader.journal.dialect == Dialect::Ledger { name } else { name.split(" ;").next().unwrap_or(name) };
    if name.is_empty() {
        return reader.unreadable(line.whole(), "`account` without a name", "here");
    }
    let account = reader.account(name);
    reader.current = Current::Account(account);
}

/// Lines below `account`.
pub(super) fn of_account(reader: &mut Reader<'_>, mut line: Line<'_>, account: Account) {
    let whole = line.whole();
    let word = line.while_byte(|b| b.is_ascii_alphabetic());
    line.blanks();
    match word {
        "alias" => {
            let (old, new) = (line.rest().trim().to_owned(), reader.journal.accounts.get(account).to_owned());
            reader.aliases.push((old, new));
        }
        "default" => reader.unread(whole, "a default account"),
        "assert" | "check" | "eval" => reader.ignored(whole, "an expression"),
        _ => {}
    }
}

/// `commodity $1,000.00`, or the symbol with a `format` below.
fn commodity(reader: &mut Reader<'_>, mut line: Line<'_>) {
    if !line.rest().bytes().any(|b| b.is_ascii_digit()) || (line.peek() == b'"' && !digit_outside(line)) {
        match reader.commodity(&mut line) {
            Some(Some(commodity)) => reader.current = Current::Commodity(commodity),
            Some(None) => reader.unreadable(line.whole(), "`commodity` without a symbol", "here"),
            None => {}
        }
    } else if let Some((places, commodity)) = style(reader, &mut line) {
        reader.journal.options.declare(commodity, places);
        reader.current = Current::Commodity(commodity);
    }
}

/// Whether a digit follows the symbol in quotes.
fn digit_outside(mut line: Line<'_>) -> bool {
    line.quoted();
    line.rest().split(';').next().unwrap_or("").bytes().any(|b| b.is_ascii_digit())
}

/// Lines below `commodity`.
pub(super) fn of_commodity(reader: &mut Reader<'_>, mut line: Line<'_>, commodity: Commodity) {
    let word = line.while_byte(|b| b.is_ascii_alphabetic());
    line.blanks();
    match word {
        "format" => {
            if let Some((places, _)) = style(reader, &mut line) {
                reader.journal.options.declare(commodity, places);
            }
        }
        "alias" => reader.unread(line.whole(), "another name of a commodity"),
        _ => {}
    }
}

/// The places and the commodity of an amount that shows how amounts are written. Its decimal mark holds from here on.
fn style(reader: &mut Reader<'_>, line: &mut Line<'_>) -> Option<(u32, Commodity)> {
    let rest = line.rest();
    let raw = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    let raw = raw.split(|c: char| !(c.is_ascii_digit() || ".,".contains(c))).next().unwrap_or("");
    let (amount, commodity) = reader.amount(line)?;
    // `1,000.` has a decimal point and no places.
    let ending = raw.bytes().last().filter(|b| matches!(b, b'.' | b','));
    let (decimal, _) = number::guess(raw, reader.journal.dialect == Dialect::Ledger);
    if let Some(mark) = ending.or(decimal) {
        reader.marks.insert(commodity, mark);
        return Some((if ending.is_some() { 0 } else { amount.places() }, commodity));
    }
    Some((amount.places(), commodity))
}

/// `alias OLD = NEW`
fn alias(reader: &mut Reader<'_>, line: Line<'_>) {
    let rest = line.rest().trim_end();
    if rest.starts_with('/') {
        return reader.unread(line.whole(), "an alias with a pattern");
    }
    match rest.split_once('=') {
        Some((old, new)) if !old.trim().is_empty() && !new.trim().is_empty() => {
            reader.aliases.push((old.trim().to_owned(), new.trim().to_owned()));
        }
        _ => reader.unreadable(line.whole(), "an alias is `alias OLD = NEW`", "here"),
    }
}

/// `apply account NAME`
fn apply(reader: &mut Reader<'_>, mut line: Line<'_>) {
    let what = line.while_byte(|b| b.is_ascii_alphabetic());
    line.blanks();
    match what {
        "account" => reader.prefixes.push(line.rest().trim().to_owned()),
        "year" => year(reader, line),
        "tag" => {}
        _ => reader.unread(line.whole(), &format!("`apply {}`", brief(what))),
    }
}

fn end(reader: &mut Reader<'_>, line: Line<'_>) {
    match line.rest().trim().trim_start_matches("apply ") {
        "account" | "apply" | "" => {
            if reader.prefixes.pop().is_none() && line.rest().contains("account") {
                reader.unreadable(line.whole(), "`end apply account` without its beginning", "here");
            }
        }
        "aliases" => reader.aliases.clear(),
        _ => {}
    }
}

fn year(reader: &mut Reader<'_>, line: Line<'_>) {
    match line.rest().trim().parse::<i16>() {
        Ok(year) if (1..=9999).contains(&year) => reader.year = Some(year),
        _ => bad_date(reader, line.span_rest()),
    }
}

/// `P DATE [TIME] COMMODITY AMOUNT`
fn price(reader: &mut Reader<'_>, mut line: Line<'_>) {
    let span = line.whole();
    let from = line.at();
    let Ok(day) = date(&mut line, reader.year) else { return bad_date(reader, line.span(from)) };
    line.blanks();
    if line.peek().is_ascii_digit() {
        line.while_byte(|b| b.is_ascii_digit() || b == b':');
        line.blanks();
    }
    match reader.commodity(&mut line) {
        Some(Some(commodity)) => {
            line.blanks();
            if let Some((price, currency)) = reader.amount(&mut line) {
                reader.journal.prices.push(Quoted { date: day, commodity, price, currency, span });
            }
        }
        Some(None) => reader.unreadable(line.span_rest(), "a price of what?", "a commodity was expected"),
        None => {}
    }
}
