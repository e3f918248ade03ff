//! Mock-up (f).

use super::*;
use crate::base::{Sources, Span};
use crate::explain::{Alternative, Derivation, Explanation};
use crate::render::derivation::explanation;

pub(super) fn explained() -> (Explanation, Sources) {
    let mut sources = Sources::default();
    let rules = sources.add("rules/amd-openai.pf", "a\nb\nc\n");
    let ledger = sources.add("ledgers/amd-openai.ledger", "a\nb\nc\n");
    let leaf = |label: &str, value: &str, unit: &str| Derivation {
        label: label.to_owned(),
        amount: Some((known(value), Unit::parse(unit).unwrap())),
        ..Derivation::default()
    };
    let day = |label: &str, value, line| Derivation {
        place: Some(Span::new(ledger, line, line)),
        certainty: Some(Basis::Actual),
        ..leaf(label, value, "GW")
    };
    let delivered = Derivation {
        parts: vec![day("cumulative at 2027-06-26", "1.55", 2), day("cumulative at 2027-09-25", "2.15", 4)],
        ..leaf("delivered in Q3 inside band 1 to 2 GW", "0.45", "GW")
    };
    let size = Derivation {
        place: Some(Span::new(rules, 2, 3)),
        sources: vec!["amd_8k \"Exh. 4.1 §1\"".to_owned()],
        ..leaf("tranche size", "20000000", "shares")
    };
    let tree = Derivation {
        label: "AMD contra_revenue, fiscal 2027-Q3".to_owned(),
        amount: Some((known("-1711350000"), Unit::of("USD"))),
        rule: Some("keep contra_revenue as issuer".to_owned()),
        cite: Some(("ASC 606-10-32-25, 32-27".into(), false)),
        place: Some(Span::new(rules, 4, 5)),
        parts: vec![
            Derivation {
                parts: vec![delivered, size],
                ..leaf("T2   0.45 GW × 2,788,000,000 USD/GW", "-1254600000", "USD")
            },
            leaf("T3   0.15 GW × 3,045,000,000 USD/GW", "-456750000", "USD"),
        ],
        ..Derivation::default()
    };
    let sum = (known("-1711350000"), known("-1711350000"), Unit::of("USD"));
    let explanation = Explanation {
        tree,
        branches: vec!["T4 not probable: no judgement".to_owned()],
        did_not_matter: vec![
            "AMD share price (market condition: in the fair value, never reversed)".to_owned(),
            "vesting date of T2 (2027-08-20); exercise".to_owned(),
        ],
        assumptions: vec![("gw_price".into(), "15,000,000,000 USD/GW (press)".to_owned())],
        would_change: vec![Alternative {
            what: "each further 0.01 GW recognised".to_owned(),
            change: Number::from_int(30_450_000),
            total: None,
            unit: Unit::of("USD"),
        }],
        answer: "book us_gaap".to_owned(),
        sum: Some(sum),
    };
    (explanation, sources)
}

#[test]
fn a_tree_with_places() {
    let (explained, sources) = explained();
    same(&explanation(&explained, &sources, &WIDE), "
        AMD contra_revenue, fiscal 2027-Q3           (1,711,350,000)  USD
        │  rule   keep contra_revenue as issuer                                rules/amd-openai.pf:3
        │  basis  ASC 606-10-32-25, 32-27 (ref. not verified)
        │  answer book us_gaap
        │
        ├─ T2   0.45 GW × 2,788,000,000 USD/GW       (1,254,600,000)  USD
        │  ├─ delivered in Q3 inside band 1 to 2 GW            0.45   GW
        │  │  ├─ cumulative at 2027-06-26                      1.55   GW       ledgers/amd-openai.ledger:2  actual
        │  │  └─ cumulative at 2027-09-25                      2.15   GW       ledgers/amd-openai.ledger:3  actual
        │  └─ tranche size                               20,000,000   shares   rules/amd-openai.pf:2  [amd_8k \"Exh. 4.1 §1\"]
        │
        └─ T3   0.15 GW × 3,045,000,000 USD/GW         (456,750,000)  USD

        Did not matter      AMD share price (market condition: in the fair value, never reversed)
                            vesting date of T2 (2027-08-20); exercise
        Tested              T4 not probable: no judgement
        Would change it     each further 0.01 GW recognised: change 30,450,000 USD
        Assumptions         gw_price = 15,000,000,000 USD/GW (press)
        Sum of lines        (1,254,600,000) + (456,750,000) = (1,711,350,000) USD   equals the cell
    ");
}

#[test]
fn a_mismatch_is_loud() {
    let (mut explained, sources) = explained();
    explained.sum = Some((known("-1711350000"), known("-1700000000"), Unit::of("USD")));
    let text = explanation(&explained, &sources, &WIDE);
    assert!(text.ends_with("   DOES NOT EQUAL THE CELL (1,700,000,000) (difference (11,350,000))\n"), "{text}");
    explained.sum = Some((Value::missing("x"), known("1"), Unit::of("USD")));
    assert!(explanation(&explained, &sources, &WIDE).ends_with("= n/a USD   open: undisclosed\n"));
    let alone =
        Explanation { tree: Derivation { label: "x".to_owned(), ..Derivation::default() }, ..Explanation::default() };
    assert_eq!(explanation(&alone, &sources, &NARROW), "x\n");
}

#[test]
fn on_a_narrow_screen_places_stand_below() {
    let (explained, sources) = explained();
    for width in [100, 80, 72] {
        let text = explanation(&explained, &sources, &Style { width: Some(width), color: false });
        assert!(text.lines().all(|l| l.chars().count() <= width && l == l.trim_end()), "{text}");
    }
    let text = explanation(&explained, &sources, &NARROW);
    let tree: Vec<&str> = text.lines().take_while(|l| !l.is_empty()).collect();
    let tree = tree.join("\n") + "\n";
    same(
        &tree,
        "
        AMD contra_revenue, fiscal 2027-Q3           (1,711,350,000)  USD
        │  rule   keep contra_revenue as issuer
        │         rules/amd-openai.pf:3
        │  basis  ASC 606-10-32-25, 32-27 (ref. not verified)
        │  answer book us_gaap
        │
        ├─ T2   0.45 GW × 2,788,000,000 USD/GW       (1,254,600,000)  USD
        │  ├─ delivered in Q3 inside band 1 to 2 GW            0.45   GW
        │  │  ├─ cumulative at 2027-06-26                      1.55   GW
        │  │  │     ledgers/amd-openai.ledger:2  actual
        │  │  └─ cumulative at 2027-09-25                      2.15   GW
        │  │        ledgers/amd-openai.ledger:3  actual
        │  └─ tranche size                               20,000,000   shares
        │        rules/amd-openai.pf:2  [amd_8k \"Exh. 4.1 §1\"]
        │
        └─ T3   0.15 GW × 3,045,000,000 USD/GW         (456,750,000)  USD
    ",
    );
}
