//! Numbers as accountants write them.

use super::ink::Ink;
use crate::num::{Mode, Number, Rounding};
use crate::report::{Figure, Scale};
use crate::terms::{Basis, Value};

/// Nil.
pub(super) const NIL: &str = "—";
/// Not disclosed.
pub(super) const MISSING: &str = "n/a";

/// A figure cut where figures of a column align: after the last digit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// `(1,234.50`, `1,234.50`, `—`, `n/a`
    pub body: String,
    /// What hangs over: the closing parenthesis, a percent sign, the mark of a forecast.
    pub tail: String,
    pub ink: Ink,
}

impl Shown {
    /// In one piece.
    pub fn text(&self) -> String {
        format!("{}{}", self.body, self.tail)
    }
}

/// A figure in the scale of its column.
pub(super) fn figure(figure: &Figure, scale: Scale) -> Shown {
    lacking(figure, marked(&figure.amount, figure.certainty, "", |n| fixed(n, scale)))
}

/// A fraction as a percentage with one place; nil is `0.0`.
pub(super) fn percent(figure: &Figure, sign: &'static str) -> Shown {
    let hundred = |n: Number| n.times(Number::from_int(100)).map_or_else(|_| n.to_string(), |p| p.to_fixed(1));
    match &figure.amount {
        Value::Known(n) if n.is_zero() => Shown { body: "0.0".to_owned(), tail: sign.to_owned(), ink: Ink::Plain },
        amount => marked(amount, figure.certainty, sign, hundred),
    }
}

/// A fraction in per cent with all its digits; empty if it is missing.
pub(super) fn per_hundred(amount: &Value) -> String {
    let number = amount.known();
    let percent = number.map(|n| n.times(Number::from_int(100)).map_or_else(|_| n.to_string(), |p| p.to_string()));
    percent.unwrap_or_default()
}

/// An amount with all its digits.
pub(super) fn exact(amount: &Value) -> Shown {
    marked(amount, Basis::Actual, "", |n| n.to_string())
}

/// An amount with all its digits, in one piece; nil is `0`.
pub(super) fn plain(amount: &Value) -> String {
    match amount {
        Value::Known(n) if n.is_zero() => "0".to_owned(),
        amount => exact(amount).text(),
    }
}

/// A level on a timeline: two places, in thousands of millions or millions if it is that large.
pub(super) fn level(figure: &Figure) -> Shown {
    const LARGE: [(u32, &str); 2] = [(9, "bn"), (6, "m")];
    let size = |n: Number| LARGE.into_iter().find(|(p, _)| power(*p).is_some_and(|limit| n.abs() >= limit));
    match figure.amount.known().and_then(size) {
        Some((power, word)) => marked(&figure.amount, figure.certainty, word, |n| fixed(n, Scale { power, places: 2 })),
        None => marked(&figure.amount, figure.certainty, "", |n| n.to_fixed(n.scale().clamp(2, 4))),
    }
}

/// A known part of a total is marked `+`.
fn lacking(figure: &Figure, shown: Shown) -> Shown {
    if figure.lacking.is_empty() || figure.amount.known().is_none() {
        return shown;
    }
    Shown { tail: format!("{}+", shown.tail), ..shown }
}

fn marked(amount: &Value, certainty: Basis, sign: &str, digits: impl Fn(Number) -> String) -> Shown {
    let Some(number) = amount.known() else {
        return Shown { body: MISSING.to_owned(), tail: String::new(), ink: Ink::Dim };
    };
    if number.is_zero() {
        return Shown { body: NIL.to_owned(), tail: String::new(), ink: Ink::Plain };
    }
    let (open, close) = if number.is_negative() { ("(", ")") } else { ("", "") };
    let ink = match certainty {
        _ if number.is_negative() => Ink::Negative,
        Basis::Actual => Ink::Plain,
        Basis::Forecast | Basis::Assumed => Ink::Dim,
    };
    let body = format!("{open}{}", grouped(&digits(number.abs())));
    Shown { body, tail: format!("{sign}{close}{}", certainty.mark()), ink }
}

/// `1234567.5` at a scale of millions with two places: `1.23`.
fn fixed(number: Number, scale: Scale) -> String {
    let rounding = Rounding::new(scale.places, Mode::HalfUp);
    let scaled = power(scale.power).and_then(|divisor| number.over(divisor, rounding).ok());
    scaled.map_or_else(|| number.to_string(), |n| n.to_fixed(scale.places))
}

fn power(exponent: u32) -> Option<Number> {
    Number::from_parts(10_i128.checked_pow(exponent)?, 0).ok()
}

/// Commas between groups of three digits before the point.
fn grouped(digits: &str) -> String {
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = String::with_capacity(digits.len() + whole.len() / 3 + 1);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}
