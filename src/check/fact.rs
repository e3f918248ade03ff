//! Names of facts on the command line.

use super::symbols;
use crate::base::SourceId;
use crate::num::{Number, Quantity, Unit};
use crate::syntax::ast::{CompareOp, Expr, ExprKind, ItemKind};
use crate::syntax::{self, ast};
use crate::terms::FactName;

/// Reads `AMD.contra_revenue[amd_openai.penny.T2] in 2027-Q3 under us_gaap`. A colon may stand for a dot and a hyphen
/// for an underscore: `AMD:contra-revenue`.
///
/// # Errors
/// What is wrong, in words.
pub fn fact_name(text: &str) -> Result<FactName, String> {
    let usage = || format!("`{text}` does not name a fact; write `PARTY.measure[item] in PERIOD under BOOK`");
    let (_, left, _) = compared(&format!("{} = 0", plain(text))).map_err(|why| format!("{}{why}", usage()))?;
    named(&left).ok_or_else(usage)
}

/// Reads `OpenAI.cash_headroom on 2027-12-31 >= 10bn USD`: a fact, how it is compared, and with what.
///
/// # Errors
/// What is wrong, in words.
pub fn claim(text: &str) -> Result<(FactName, CompareOp, Quantity), String> {
    let usage = || {
        format!(
            "`{text}` is no claim about a fact; write `PARTY.measure[item] on DATE >= 10bn USD`, or with >, <, <=, ="
        )
    };
    let (op, left, right) = compared(&plain(text)).map_err(|why| format!("{}{why}", usage()))?;
    named(&left).zip(quantity(&right)).map(|(name, right)| (name, op, right)).ok_or_else(usage)
}

/// Reads an amount with its unit as contracts have it: `5m USD`, `0.5 GW`, `3%`.
///
/// # Errors
/// What is wrong, in words.
pub fn amount(text: &str) -> Result<Quantity, String> {
    let usage = || format!("`{text}` is no amount; write a number with its unit, such as `5m USD`");
    let (.., right) = compared(&format!("x.y = {text}")).map_err(|why| format!("{}{why}", usage()))?;
    quantity(&right).ok_or_else(usage)
}

/// The two sides of a comparison.
fn compared(text: &str) -> Result<(CompareOp, Expr, Expr), String> {
    if text.contains(['\n', ';', '{', '}']) {
        return Err(String::new());
    }
    let (file, diagnostics) = syntax::parse(SourceId(0), &format!("assert {text}\n"));
    if let Some(error) = diagnostics.iter().next() {
        return Err(format!(": {}", error.message));
    }
    let [item] = file.items.as_slice() else { return Err(String::new()) };
    let ItemKind::Assert(assertion) = &item.kind else { return Err(String::new()) };
    match &assertion.claim.kind {
        ExprKind::Compare(op, left, right) => Ok((*op, (**left).clone(), (**right).clone())),
        _ => Err(String::new()),
    }
}

/// A literal; `3%` is 0.03 of nothing in particular.
fn quantity(expr: &Expr) -> Option<Quantity> {
    match &expr.kind {
        ExprKind::Number(number, None) => Some(Quantity::new(*number, Unit::none())),
        ExprKind::Number(number, Some(unit)) if &*unit.num.text == "%" && unit.den.is_none() => {
            let hundredth = Number::from_parts(1, 2).ok()?;
            Some(Quantity::new(number.times(hundredth).ok()?, Unit::none()))
        }
        ExprKind::Number(number, Some(unit)) => {
            let unit = match &unit.den {
                Some(den) => Unit::per(&unit.num.text, &den.text),
                None => Unit::of(&unit.num.text),
            };
            Some(Quantity::new(*number, unit))
        }
        ExprKind::Neg(inner) => quantity(inner).map(|quantity| Quantity::new(quantity.number.neg(), quantity.unit)),
        ExprKind::Paren(inner) => quantity(inner),
        _ => None,
    }
}

/// The name of a fact.
fn named(expr: &Expr) -> Option<FactName> {
    let (head, fact) = match &expr.kind {
        ExprKind::Path(path) => (path, None),
        ExprKind::Fact(fact) => (&fact.head, Some(fact)),
        _ => return None,
    };
    let [entity, measure] = head.parts.as_slice() else { return None };
    Some(FactName {
        entity: entity.text.clone(),
        measure: measure.text.clone(),
        item: fact.and_then(|fact| fact.item.as_ref()).map(path_text),
        period: fact.and_then(|fact| fact.period.as_ref()).map(|(period, _)| *period),
        book: fact.and_then(|fact| fact.book.as_ref()).map(|book| book.text.clone()),
    })
}

fn path_text(path: &ast::Path) -> std::sync::Arc<str> {
    symbols::text(path).into()
}

/// Colons become dots; hyphens inside names, but not inside dates, become underscores.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut in_name = false;
    let mut in_word = false;
    for c in text.chars() {
        let part = c.is_alphanumeric() || matches!(c, '_' | '-');
        if !part {
            in_word = false;
        } else if !in_word {
            (in_word, in_name) = (true, c.is_alphabetic());
        }
        out.push(match c {
            ':' => '.',
            '-' if in_word && in_name => '_',
            other => other,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_and_hyphens_are_alternatives() {
        let long = fact_name("AMD.contra_revenue[amd_openai.penny.T2] in 2027-Q3 under us_gaap").unwrap();
        assert_eq!(fact_name("AMD:contra-revenue[amd-openai:penny:T2] in 2027-Q3 under us-gaap").as_ref(), Ok(&long));
        assert_eq!((&*long.entity, &*long.measure), ("AMD", "contra_revenue"));
        assert_eq!(long.item.as_deref(), Some("amd_openai.penny.T2"));
        assert_eq!(long.period.unwrap().to_string(), "2027-Q3");
        assert_eq!(long.book.as_deref(), Some("us_gaap"));
    }

    #[test]
    fn the_rest_may_be_left_out() {
        let short = fact_name("AMD:cash").unwrap();
        assert_eq!((short.item, short.period, short.book), (None, None, None));
        let day = fact_name("AMD.cash on 2027-08-20").unwrap();
        assert_eq!(day.period.unwrap().to_string(), "2027-08-20");
    }

    #[test]
    fn claims_and_amounts() {
        let (name, op, right) = claim("OpenAI:cash-headroom on 2027-12-31 >= -1.5bn USD").unwrap();
        assert_eq!((&*name.measure, op), ("cash_headroom", CompareOp::AtLeast));
        assert_eq!((right.number.to_string(), right.unit), ("-1500000000".to_owned(), Unit::of("USD")));
        assert_eq!(amount("5m USD").unwrap(), Quantity::new(Number::from_int(5_000_000), Unit::of("USD")));
        assert_eq!(amount("3%").unwrap().number.to_string(), "0.03");
        assert_eq!(amount("2 USD/share").unwrap().unit, Unit::per("USD", "shares"));
        for text in ["", "5m USD + 1", "x", "= 3"] {
            assert!(amount(text).is_err() && claim(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "AMD", "AMD.cash = 1 USD\nassert x", "3 GW", "AMD.a.b", "AMD.cash[", "1 + 2"] {
            assert!(fact_name(text).is_err(), "{text}");
        }
    }
}
