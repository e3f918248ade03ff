//! Names of facts on the command line.

use super::symbols;
use crate::base::SourceId;
use crate::syntax::ast::{ExprKind, ItemKind};
use crate::syntax::{self, ast};
use crate::terms::FactName;

/// Reads `AMD.contra_revenue[amd_openai.penny.T2] in 2027-Q3 under us_gaap`. A colon may stand for a dot and a hyphen
/// for an underscore: `AMD:contra-revenue`.
///
/// # Errors
/// What is wrong, in words.
pub fn fact_name(text: &str) -> Result<FactName, String> {
    let usage = || format!("`{text}` does not name a fact; write `PARTY.measure[item] in PERIOD under BOOK`");
    if text.contains(['\n', ';', '{', '}']) {
        return Err(usage());
    }
    let (file, diagnostics) = syntax::parse(SourceId(0), &format!("assert {} = 0\n", plain(text)));
    if let Some(error) = diagnostics.iter().next() {
        return Err(format!("{}: {}", usage(), error.message));
    }
    let [item] = file.items.as_slice() else { return Err(usage()) };
    let ItemKind::Assert(assertion) = &item.kind else { return Err(usage()) };
    let ExprKind::Compare(_, left, _) = &assertion.claim.kind else { return Err(usage()) };
    let (head, fact) = match &left.kind {
        ExprKind::Path(path) => (path, None),
        ExprKind::Fact(fact) => (&fact.head, Some(fact)),
        _ => return Err(usage()),
    };
    let [entity, measure] = head.parts.as_slice() else { return Err(usage()) };
    Ok(FactName {
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
    fn other_texts_are_refused() {
        for text in ["", "AMD", "AMD.cash = 1 USD\nassert x", "3 GW", "AMD.a.b", "AMD.cash[", "1 + 2"] {
            assert!(fact_name(text).is_err(), "{text}");
        }
    }
}
