//! Texts that are wrong in many ways at once: everything is said, nothing breaks.

use proptest::prelude::*;

use super::story::{DEAL, LEDGER};
use super::*;

/// Checks and looks at everything.
fn survives(deal: &str, ledger: &str) {
    let checked = checked(&[("x.ledger", ledger), ("deal.pf", deal), ("prices/amd.csv", "date,close\n2026-01-02,1\n")]);
    let warnings = crate::check::unsourced(&checked);
    for diagnostic in checked.diagnostics.iter().chain(warnings.iter()) {
        let places = diagnostic.secondary.iter().map(|(span, _)| *span);
        for span in places.chain([diagnostic.primary.0]).chain(diagnostic.fixes.iter().map(|fix| fix.span)) {
            let file = checked.sources.get(span.source).expect("a place in a file");
            assert!(span.start <= span.end && span.end as usize <= file.text.len(), "{diagnostic:?}");
            assert!(file.text.is_char_boundary(span.start as usize) && file.text.is_char_boundary(span.end as usize));
        }
        assert!(!diagnostic.message.is_empty() && !diagnostic.message.ends_with('.'), "{diagnostic:?}");
        assert!(!diagnostic.message.starts_with(|c: char| c.is_ascii_uppercase()), "{diagnostic:?}");
    }
}

#[test]
fn any_line_may_be_missing() {
    for (text, is_deal) in [(DEAL, true), (LEDGER, false)] {
        for gap in 0..text.lines().count() {
            let kept: Vec<&str> = text.lines().enumerate().filter(|(at, _)| *at != gap).map(|(_, line)| line).collect();
            let kept = kept.join("\n") + "\n";
            if is_deal { survives(&kept, LEDGER) } else { survives(DEAL, &kept) }
        }
    }
}

/// Cuts into words and what stands between them.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.chars() {
        let joins = c.is_alphanumeric() && last.is_alphanumeric();
        match words.last_mut() {
            Some(word) if joins => word.push(c),
            _ => words.push(c.to_string()),
        }
        last = c;
    }
    words
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_words_may_change_places(swaps in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6)) {
        let mut words = words(&format!("{DEAL}{}", LEDGER.replace("use \"deal.pf\"", "")));
        for (from, to) in swaps {
            let word = words[from.index(words.len())].clone();
            let at = to.index(words.len());
            words[at] = word;
        }
        survives(&words.concat(), "use \"deal.pf\"\n");
    }
}

#[test]
fn deep_and_wide_assumptions() {
    // Each is twice the one before: a walk without memory would take 2^200 steps.
    let doubled: String = (1..=200).map(|n| format!("assume a{n} = a{} + a{} \"n\"\n", n - 1, n - 1)).collect();
    let checked = super::checked(&[("a.pf", &format!("assume a0 = 0 GW \"n\"\n{doubled}"))]);
    clean(checked);
    let chain: String = (1..=2_000).map(|n| format!("assume a{n} = a{} \"n\"\n", n - 1)).collect();
    let deep = super::checked(&[("a.pf", &format!("assume a0 = 0 GW \"n\"\n{chain}"))]);
    assert_eq!(only(&deep, "E0213").message, "`a1000` is defined by way of too many others");
}
