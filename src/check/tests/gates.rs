//! Conditions and the questions about prices.

use super::*;
use crate::terms::{Compare, Gate, Stage, Terms, Test};

/// A warrant of two tranches whose second vests when this holds.
fn gate(condition: &str) -> Checked {
    supplied(&format!(
        "warrant w over 10 shares of AMD.common at 0.01 USD/share, issuer AMD, holder OpenAI {{
           expires 2030-10-05; exercise cash; adjusts for splits
           tranche T1 5 shares {{ vests when bought >= 1 GW }}
           tranche T2 5 shares {{ vests {condition}; earned over 0 GW to 1 GW of bought }}
         }}"
    ))
}

fn vests(terms: &Terms) -> &Gate {
    &terms.tranches[1].vests
}

fn tests(condition: &str) -> Vec<Test> {
    let terms = clean(gate(condition));
    let mut leaves = Vec::new();
    vests(&terms).leaves(&mut leaves);
    leaves.into_iter().map(|leaf| leaf.test.clone()).collect()
}

#[test]
fn a_price_test_must_say_latched_or_concurrent() {
    let checked = gate("when bought >= 1 GW and close(AMD.common) >= 600 USD/share");
    let error = only(&checked, "E0301");
    assert_eq!(checked.sources.text(error.primary.0), "close(AMD.common) >= 600 USD/share");
    assert_eq!(
        error.fixes.iter().map(|f| f.text.as_str()).collect::<Vec<_>>(),
        [" latched since signed", " concurrent"]
    );
    assert!(error.fixes.iter().all(|f| f.span.start == error.primary.0.end && f.span.end == f.span.start));
    let mended = |fix: &str| gate(&format!("when bought >= 1 GW and close(AMD.common) >= 600 USD/share{fix}"));
    assert!(error.fixes.iter().all(|f| found(&mended(&f.text)).is_empty()));
    clean(gate("when (bought >= 1 GW and close(AMD.common) >= 600 USD/share) latched since 2026-01-01"));
}

#[test]
fn which_price_over_which_window() {
    let checked = gate("when AMD.common >= 600 USD/share concurrent");
    let error = only(&checked, "E0302");
    assert_eq!(error.fixes[1].text, "average(close(AMD.common), 30 trading days)");
    assert_eq!(only(&gate("when 600 USD/share <= price concurrent"), "E0302").fixes[0].text, "close(AMD.common)");
    only(&gate("when close() >= 1 USD/share concurrent"), "E0302");
    for (condition, code, word) in [
        ("when close(AMD.comon) >= 1 USD/share concurrent", "E0204", "AMD.comon"),
        ("when close(AMD) >= 1 USD/share concurrent", "E0208", "AMD"),
        ("when close(AMD.common) >= 1 GW concurrent", "E0207", "1 GW"),
        ("when close(AMD.common) >= 1 EUR/share concurrent", "E0207", "1 EUR/share"),
        ("when average(close(AMD.common), 30 days) >= 1 USD/share concurrent", "E0207", "30 days"),
        ("when average(close(AMD.common), 0 trading days) >= 1 USD/share concurrent", "E0213", "0 trading days"),
        ("when average(bought, 3 trading days) >= 1 USD/share concurrent", "E0208", "bought"),
    ] {
        let checked = gate(condition);
        let all: Vec<&Diagnostic> = checked.diagnostics.iter().collect();
        assert_eq!((all[0].code.number(), checked.sources.text(all[0].primary.0)), (code, word), "{}", found(&checked));
    }
}

#[test]
fn averages_need_a_calendar() {
    let text = "party B \"B\" { currency USD; class common }
        contract d between B as issuer, AMD as holder { signed 2026-01-01
        warrant w over 1 shares of B.common at 1 USD/share, issuer B, holder AMD {
          expires never; exercise net; adjusts for splits
          tranche T 1 shares { vests when average(close(common), 5 trading days) >= 2 USD/share concurrent } } }\n";
    let checked = deal(text);
    let codes: Vec<&str> = checked.diagnostics.iter().map(|d| d.code.number()).collect();
    assert_eq!(codes, ["E0309"]);
    let close = deal(&text.replace("average(close(common), 5 trading days)", "close(common)"));
    only(&close, "W0311");
}

#[test]
fn tests_are_read_from_either_side() {
    let thresholds = tests("when 2 GW <= bought and 3 GW > got and c.bought != 1 GW");
    let ops: Vec<Compare> = thresholds
        .iter()
        .map(|test| match test {
            Test::Counter(_, op, _) => *op,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ops, [Compare::AtLeast, Compare::Below, Compare::NotEqual]);
    for (condition, code, word) in [
        ("when bought >= got", "E0208", "got"),
        ("when boght >= 1 GW", "E0204", "boght"),
        ("when 1 GW >= 2 GW", "E0208", "1 GW >= 2 GW"),
        ("when bought >= 1 USD", "E0207", "1 USD"),
        ("when bought", "E0208", "bought"),
        ("when bought + 1 GW", "E0208", "bought + 1 GW"),
    ] {
        let checked = gate(condition);
        let error = only(&checked, code);
        assert_eq!(checked.sources.text(error.primary.0), word, "{condition}");
    }
    let unlike = only(&gate("when bought >= 1 USD"), "E0207");
    assert_eq!(
        (unlike.message.as_str(), unlike.secondary[0].1.as_str()),
        ("`GW` is needed here, not `USD`", "`bought` counts `GW`")
    );
}

#[test]
fn names_near_by_come_first_if_they_fit() {
    let text = "warrant w over 1 shares of AMD.common at 1 USD/share, issuer AMD, holder OpenAI {
        expires never; exercise net; adjusts for splits
        tranche bought 1 shares { vests when bought >= 1 GW } }";
    clean(supplied(text));
}

#[test]
fn other_tests() {
    let date = |text: &str| crate::time::Date::parse(text).unwrap();
    assert_eq!(tests("at signing"), [Test::Date(date("2025-10-05"))]);
    assert_eq!(tests("on 2027-01-01"), [Test::Date(date("2027-01-01"))]);
    assert_eq!(tests("when on or after 2027-01-01"), [Test::Date(date("2027-01-01"))]);
    assert_eq!(tests("when attested ready"), [Test::Attested("ready".into())]);
    let first = crate::terms::TrancheId(0);
    assert_eq!(tests("when T1 vested"), [Test::Reached(first, Stage::Released)]);
    assert_eq!(tests("when c.w.T1 exercised"), [Test::Reached(first, Stage::Used)]);
    only(&gate("when T2 vested"), "E0213");
    only(&gate("when T1 drawn"), "E0208");
    only(&gate("when T3 vested"), "E0204");
    only(&gate("on ~2027-01"), "E0213");
    let Gate::Any(either) = vests(&clean(gate("when attested a or (bought >= 1 GW and attested b)"))).clone() else {
        panic!()
    };
    assert!(matches!(&either[1], Gate::All(both) if both.len() == 2));
}

#[test]
fn leaves_keep_their_words_without_what_they_rest_on() {
    let sourced = "assume hurdle \"h\"\n";
    let terms = clean(deal(&format!(
        "{sourced}contract c between AMD as seller, OpenAI as buyer {{ signed 2025-10-05\n{SUPPLY}
         warrant w over 1 shares of AMD.common at 1 USD/share, issuer AMD, holder OpenAI {{
         expires never; exercise net; adjusts for splits
         tranche T 1 shares {{ vests when bought >= (1 GW assumed hurdle) and attested x }} }} }}\n"
    )));
    let mut leaves = Vec::new();
    terms.tranches[0].vests.leaves(&mut leaves);
    assert_eq!(&*leaves[0].text, "bought >= (1 GW)");
    let Test::Counter(_, _, threshold) = &leaves[0].test else { panic!() };
    assert_eq!(threshold.support.assumed.len(), 1);
}
