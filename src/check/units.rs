//! Units as written, and the values that carry them.

use super::Checker;
use super::symbols::{Scope, Symbols, as_class};
use crate::base::Code;
use crate::num::{Atom, Number, Unit};
use crate::syntax::ast;
use crate::terms::ClassId;

/// Currencies every file knows.
const CURRENCIES: &[&str] = &["USD", "EUR", "GBP", "JPY", "CNY", "KRW", "CHF", "CAD", "TWD"];

/// Other units every file knows, in the plural.
const BUILT_IN: &[&str] = &["shares", "GW", "MW", "days", "trading days", "years", "%"];

/// The canonical spelling: plural for words that have one.
fn canonical(word: &str) -> String {
    if word == "trading day" { "trading days".to_owned() } else { Atom::new(word).as_str().to_owned() }
}

/// Whether a unit needs no declaration.
pub(super) fn is_built_in(word: &str) -> bool {
    let word = canonical(word);
    CURRENCIES.iter().chain(BUILT_IN).any(|known| *known == word)
}

/// Every unit that can be written here.
fn known(symbols: &Symbols) -> impl Iterator<Item = &str> {
    CURRENCIES.iter().chain(BUILT_IN).copied().chain(symbols.units.names())
}

/// A unit in backticks, or in words if it has none.
pub(super) fn shown(unit: &Unit) -> String {
    if unit.is_none() { "a plain number".to_owned() } else { format!("`{unit}`") }
}

/// The currency of a unit that is one, or that has one above the line.
pub(super) fn currency(unit: &Unit) -> Option<&str> {
    unit.num.as_ref().filter(|atom| atom.is_currency()).map(Atom::as_str)
}

impl Checker<'_> {
    /// The unit of a single word.
    pub(super) fn unit_word(&mut self, name: &ast::Name) -> Option<Unit> {
        if &*name.text == "%" {
            return Some(Unit::none());
        }
        if is_built_in(&name.text) || self.symbols.units.get(&name.text).is_some() {
            return Some(Unit::of(&canonical(&name.text)));
        }
        let known = known(&self.symbols);
        let found = self.report.missing(Code::UnknownUnit, (&name.text, name.span), "unit", known)?;
        self.report.push(found.help(format!("or declare it with `unit {}`", name.text)));
        None
    }

    /// A currency by its code.
    pub(super) fn currency_word(&mut self, name: &ast::Name) -> Option<Unit> {
        let unit = self.unit_word(name)?;
        if unit.is_currency() {
            return Some(unit);
        }
        self.report.fail(
            Code::WrongKind,
            name.span,
            format!("`{}` is not a currency", name.text),
            "a currency is needed",
        )
    }

    /// A unit as written, and the class of `shares of CLASS`.
    pub(super) fn unit(&mut self, lit: &ast::UnitLit, scope: &Scope) -> Option<(Unit, Option<ClassId>)> {
        let num = self.unit_word(&lit.num);
        let den = lit.den.as_ref().map(|den| self.unit_word(den));
        let class = match &lit.of {
            Some(path) => Some(self.symbols.find(path, scope, "class of shares", as_class, &mut self.report)?),
            None => None,
        };
        if let Some(of) = lit.of.as_ref().filter(|_| canonical(&lit.num.text) != "shares" || lit.den.is_some()) {
            return self.report.fail(Code::WrongKind, of.span, "`of` follows only `shares`", "not expected here");
        }
        let unit = match den {
            Some(den) => num?.over(&den?)?,
            None => num?,
        };
        Some((unit, class))
    }

    /// A literal in its unit: `20%` is 0.2.
    pub(super) fn literal(&mut self, number: Number, lit: Option<&ast::UnitLit>) -> Option<Number> {
        let Some(lit) = lit.filter(|lit| &*lit.num.text == "%") else { return Some(number) };
        let hundredth = Number::from_parts(1, 2).and_then(|h| number.times(h));
        hundredth
            .ok()
            .or_else(|| self.report.fail(Code::BadValue, lit.num.span, "the percentage has too many digits", ""))
    }
}

/// Digits in threes: `160_000_000`.
pub(super) fn grouped(number: impl std::fmt::Display) -> String {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |(w, f)| (w, f));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push('_');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}
