//! Numbers, dates and periods: everything that begins with a digit.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n};
use nom::character::complete::{char, one_of};
use nom::combinator::{not, opt, peek, recognize, verify};
use nom::multi::many1_count;
use nom::sequence::{pair, preceded, terminated};

use super::flaw::Flaw;
use super::{Scan, Scanned, digits, is_word_char};
use crate::base::Code;
use crate::num::{Number, NumberError};
use crate::syntax::token::TokenKind;
use crate::time::{Date, PeriodName};

/// `NUMBER | DATE | MONTH | PERIOD`
pub(super) fn number(input: &str) -> Scanned<'_, Scan> {
    alt((slashed, range, day, month, quarter, plain)).parse(input)
}

fn up_to(most: usize) -> impl Fn(&str) -> Scanned<'_, &str> {
    move |input| take_while_m_n(1, most, |c: char| c.is_ascii_digit()).parse(input)
}

fn exactly(count: usize) -> impl Fn(&str) -> Scanned<'_, &str> {
    move |input| take_while_m_n(count, count, |c: char| c.is_ascii_digit()).parse(input)
}

/// Not in the middle of a word.
fn end(input: &str) -> Scanned<'_, ()> {
    not(one_of("0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")).parse(input)
}

/// `8/20/2027`, `20.8.2027`, `20-08-2027` and `2027/08/20`, which mean nothing; mended where only one reading is a date.
fn slashed(input: &str) -> Scanned<'_, Scan> {
    let head = input.get(..3).unwrap_or(input);
    let mark = ['.', '-'].into_iter().find(|mark| head.contains(*mark)).unwrap_or('/');
    let year_last = (up_to(2), char(mark), up_to(2), char(mark), exactly(4)).map(|(a, _, b, _, y)| (y, a, b));
    let year_first = (exactly(4), char('/'), up_to(2), char('/'), up_to(2)).map(|(y, _, m, _, d)| (y, m, d));
    let (rest, (from_the_end, (y, a, b))) =
        terminated(alt((year_last.map(|d| (true, d)), year_first.map(|d| (false, d)))), end).parse(input)?;
    let month_day = date_of(y, a, b);
    let day_month = date_of(y, b, a).filter(|_| from_the_end);
    let written = input.split_at(input.len() - rest.len()).0;
    let how = match mark {
        '.' => "with points",
        '-' => "with the year last",
        _ => "with slashes",
    };
    let flaw = Flaw::new(Code::MonthDayDate, format!("`{written}` is a date {how}"));
    let flaw = match (month_day, day_month) {
        (Some(one), None) | (None, Some(one)) => {
            flaw.help(format!("write `{one}`")).fix(written.len(), one.to_string())
        }
        (Some(one), Some(other)) if one == other => {
            flaw.help(format!("write `{one}`")).fix(written.len(), one.to_string())
        }
        (Some(one), Some(other)) => {
            flaw.help(format!("dates are YYYY-MM-DD: write `{one}` or `{other}`, whichever is meant"))
        }
        (None, None) => flaw.help("write YYYY-MM-DD"),
    };
    let date = month_day.or(day_month).or_else(some_day);
    Ok((rest, Scan { token: date.map(TokenKind::Date), flaw: Some(flaw) }))
}

fn date_of(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::parse(&format!("{year}-{month:0>2}-{day:0>2}"))
}

/// Stands where a date that does not exist was written, so that parsing goes on.
fn some_day() -> Option<Date> {
    Date::parse("2000-01-01")
}

fn day_text(input: &str) -> Scanned<'_, &str> {
    terminated(recognize((exactly(4), char('-'), up_to(2), char('-'), up_to(2))), end).parse(input)
}

/// `PERIOD := DATE '..' DATE`, without blanks
fn range(input: &str) -> Scanned<'_, Scan> {
    let (rest, text) = recognize((day_text, tag(".."), day_text)).parse(input)?;
    let help = "two days as YYYY-MM-DD, the earlier first";
    Ok((rest, period(text, help)))
}

/// `PERIOD := YYYY '-Q' DIGIT`
fn quarter(input: &str) -> Scanned<'_, Scan> {
    let (rest, text) = terminated(recognize((exactly(4), tag("-Q"), digits)), end).parse(input)?;
    Ok((rest, period(text, "quarters are `Q1` to `Q4`")))
}

fn period(text: &str, help: &str) -> Scan {
    let flaw = || Flaw::new(Code::BadDate, format!("`{text}` is not a period")).help(help);
    Scan { token: Some(TokenKind::Period), flaw: PeriodName::parse(text).is_none().then(flaw) }
}

/// `DATE := YYYY-MM-DD`
fn day(input: &str) -> Scanned<'_, Scan> {
    let (rest, (approximate, text)) = pair(opt(char('~')), day_text).parse(input)?;
    let bad = |help: String| Flaw::new(Code::BadDate, format!("`{text}` is not a date")).help(help);
    let mut parts = text.split('-');
    let padded = date_of(parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let flaw = match padded {
        None => Some(bad(Code::BadDate.advice().to_owned())),
        Some(date) if text.len() != 10 => Some(bad(format!("write `{date}`")).fix(text.len(), date.to_string())),
        Some(_) if approximate.is_some() => Some(bad("`~` stands before a month: `~2027-08`".to_owned())),
        Some(_) => None,
    };
    Ok((rest, Scan { token: padded.or_else(some_day).map(TokenKind::Date), flaw }))
}

/// `MONTH := ['~'] YYYY-MM`
fn month(input: &str) -> Scanned<'_, Scan> {
    let text = recognize((exactly(4), char('-'), exactly(2)));
    let (rest, (mark, text)) = terminated(pair(opt(char('~')), text), end).parse(input)?;
    let first = Date::parse(&format!("{text}-01"));
    let flaw = || Flaw::new(Code::BadDate, format!("`{text}` is not a month")).help("months are `01` to `12`");
    let approximate = mark.is_some();
    let token = first.or_else(some_day).map(|first| TokenKind::Month { last: first.month_end(), approximate });
    Ok((rest, Scan { token, flaw: first.is_none().then(flaw) }))
}

/// `NUMBER := DIGITS ['.' DIGITS] [k | m | bn | tn]`, `_` between digits
fn plain(input: &str) -> Scanned<'_, Scan> {
    let grouped = |i| recognize(pair(digits, take_while(|c: char| c.is_ascii_digit() || c == '_'))).parse(i);
    let commas = recognize(terminated(many1_count(preceded(char(','), exactly(3))), not(one_of("0123456789_"))));
    let (rest, whole) = grouped(input)?;
    let (rest, commas) = opt(commas).parse(rest)?;
    let (rest, fraction) = opt(preceded(char('.'), grouped)).parse(rest)?;
    let (rest, tail) = recognize(pair(take_while(is_word_char), more)).parse(rest)?;
    let written = input.split_at(input.len() - rest.len()).0;

    let groups_well = |s: &str| !s.ends_with('_') && !s.contains("__");
    let well_grouped = groups_well(whole) && fraction.is_none_or(groups_well);
    let clean = |s: &str| s.replace(['_', ','], "");
    let whole = clean(&format!("{whole}{}", commas.unwrap_or("")));
    let shift = shift_of(tail);
    let value = shifted(&whole, &fraction.map_or_else(String::new, clean), shift.unwrap_or(0));

    let said =
        |what: &str, help: String| Some(Flaw::new(Code::BadNumber, format!("`{}` {what}", short(written))).help(help));
    let bad = |help: String| said("is not a number", help);
    let flaw = match (&value, shift) {
        (_, None) if fraction.is_some() && tail.starts_with('.') => bad("a number has one `.`".to_owned()),
        (_, None) if is_exponent(tail) => {
            bad("write the digits out, or use k, m, bn or tn; there are no exponents".to_owned())
        }
        (_, None) => bad(format!("leave a blank between the number and `{}`", short(tail))),
        (Err(NumberError::TooManyDigits), _) => {
            said("has too many digits", "a number has at most 28 digits".to_owned())
        }
        (Err(_), _) => bad(Code::BadNumber.advice().to_owned()),
        (Ok(_), _) if !well_grouped => bad("`_` stands between digits".to_owned()),
        (Ok(_), _) if commas.is_some() => {
            let mended = written.replace(',', "_");
            let flaw = Flaw::new(Code::CommaInNumber, format!("`{written}` has a comma inside"));
            Some(flaw.help(format!("write `{mended}`")).fix(written.len(), mended))
        }
        (Ok(_), _) => None,
    };
    // A number that cannot be read still stands where it stands; nothing runs on it.
    let value = value.or_else(|_| Number::parse("0"));
    Ok((rest, Scan { token: value.ok().map(TokenKind::Number), flaw }))
}

/// The rest of `1.2.3`.
fn more(input: &str) -> Scanned<'_, &str> {
    let point = (char('.'), peek(digits), take_while(is_word_char));
    recognize(opt(many1_count(verify(recognize(point), |s: &str| !s.is_empty())))).parse(input)
}

/// Places by which a suffix moves the point; `None` for what is not a suffix.
fn shift_of(suffix: &str) -> Option<usize> {
    match suffix {
        "" => Some(0),
        "k" => Some(3),
        "m" => Some(6),
        "bn" => Some(9),
        "tn" => Some(12),
        _ => None,
    }
}

fn is_exponent(tail: &str) -> bool {
    tail.strip_prefix(['e', 'E']).is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
}

/// The number `whole.fraction` with its point moved to the right: exact, whatever the suffix.
fn shifted(whole: &str, fraction: &str, places: usize) -> Result<Number, NumberError> {
    let fraction = format!("{fraction:0<places$}");
    let (moved, left) = fraction.split_at(places);
    Number::parse(&if left.is_empty() { format!("{whole}{moved}") } else { format!("{whole}{moved}.{left}") })
}

fn short(text: &str) -> String {
    if text.len() > 32 { text.chars().take(29).chain("...".chars()).collect() } else { text.to_owned() }
}
