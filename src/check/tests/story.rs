//! The example of the design, made complete.

use super::*;
use crate::num::{Number, Unit};
use crate::terms::{Basis, Compare, Fact, FormulaKind, Gate, Terms, Test, Trigger};
use crate::time::Date;

pub(super) const DEAL: &str = r#"
source amd_8k "AMD Form 8-K, Item 1.01" dated 2025-10-06 grade excerpt
source tencent "Tencent Technology" dated 2025-10-07 grade secondary
party  AMD    "Advanced Micro Devices, Inc." { currency USD; fiscal year ends last Saturday of December
  class common par 0.01 USD/share, calendar nyse; book us_gaap { attribution = single_pool } }
party  OpenAI "OpenAI OpCo, LLC"             { currency USD; book us_gaap }

contract amd_openai "AMD–OpenAI Instinct supply" between AMD as seller, OpenAI as buyer, AMD as issuer, OpenAI as holder {
  signed  2025-10-05                                                    @ amd_8k
  supply instinct {
    1 GW definitive firm;  5 GW definitive option                       @ amd_8k
    price gw_price
    pays  20% of price on order
    pays  rest 60 days after delivery                                   assumed payment_terms
    control passes at delivery
  }
  counter purchased = sum GW over order    instinct by OpenAI, affiliates, authorized_purchasers since signed
  counter delivered = sum GW over delivery instinct by anyone since signed

  warrant penny over 160_000_000 shares of AMD.common at 0.01 USD/share, issuer AMD, holder OpenAI {
    granted 2025-10-05;  expires 2030-10-05;  exercise cash or net      @ amd_8k
    adjusts for splits
    exercisable when attested technical_commercial; fair value undisclosed USD/share
    tranche T1 26_666_667 shares { vests when delivered >= 1 GW; fair value 158.10 USD/share }   assumed equal_ladder
    for k in 2..5 {
      tranche T{k} 26_666_667 shares { vests when purchased >= k * 1 GW
         and close(AMD.common) >= undisclosed latched since signed }    assumed equal_ladder
    }
    tranche T6 26_666_665 shares {
      vests when purchased >= 6 GW
             and average(close(AMD.common), 30 trading days) >= 600 USD/share latched since signed
    }                                                                   assumed equal_ladder
  }
}
assume gw_price = 20bn USD/GW                                           @ tencent
assume payment_terms "as is usual"
assume equal_ladder "six equal tranches"
assert amd_openai.penny.total = 160_000_000 shares
assert AMD.contra_revenue[amd_openai.penny.T2] in 2027-Q3 under us_gaap = 0 USD within 0.01 USD

book us_gaap {
  policy  attribution = own_band | single_pool                                          cite "ASC 606-10-32-27"
  account cash asset; account contract_liability liability; account receivable asset; account revenue income
  account contra_revenue contra_income; account award_equity equity; account award_liability liability
  account award(t) = award_equity | award_liability, by judgement of t                   cite "ASC 718-10-25"
  on pay p as seller { dr cash p.amount; cr contract_liability p.advance; cr receivable p.applied } cite "ASC 606-10-45-2" read
  on transfer d as seller { dr contract_liability d.prepaid; dr receivable rest; cr revenue d.price } cite "ASC 606-10-25-30"
  keep contra_revenue(t) = earned(t, attribution) * probable(t) * t.size * fair_value(t, grant) against award(t) as issuer cite "ASC 606-10-32-25"
  on pay p as buyer { dr receivable p.amount; cr cash rest } cite "ASC 405-20-40-1"
  on exercise x as holder { dr receivable rest; cr cash x.paid } cite "ASC 321-10-30-1"
}
"#;

pub(super) const LEDGER: &str = r#"
use "deal.pf"
2025-12-27 open AMD { AMD.common 1_630m shares; cash 7.3bn USD }                          @ amd_8k
2026-12-11 forecast f7: deliver amd_openai.instinct 1.0 GW
2027-08-20 known 2027-08-23 actual gw2: deliver amd_openai.instinct 0.45 GW  realises f7  @ amd_8k
2027-07-15 known 2027-07-22 judge amd_openai.penny.T3 probable   "PO-3 signed"
2027-09-01 attest amd_openai.penny technical_commercial
prices close(AMD.common) from "prices/amd.csv"
scenario slow from base { move gw2 by 91 days; set gw_price = 18bn USD/GW
  add 2027-11-19 forecast po4: order amd_openai.instinct 1 GW; path close(AMD.common) from 2027-01-01 linear to 600 USD/share at 2027-12-31 }
"#;

fn story() -> Terms {
    let prices = "date,close\n2026-01-02,214.35\n2026-01-05,221.10\n";
    clean(checked(&[("x.ledger", LEDGER), ("deal.pf", DEAL), ("prices/amd.csv", prices)]))
}

fn n(text: &str) -> Number {
    Number::parse(text).unwrap()
}

#[test]
fn supply_and_payment() {
    let terms = story();
    let supply = &terms.supplies[0];
    assert_eq!((&*supply.path, supply.unit.clone(), &*supply.currency), ("amd_openai.instinct", Unit::of("GW"), "USD"));
    assert_eq!(supply.quantities.len(), 2);
    assert!(!supply.quantities[0].1.option && supply.quantities[1].1.option);
    assert_eq!(supply.price.unit, Unit::per("USD", "GW"));
    assert!(
        matches!(supply.price.kind, FormulaKind::Assumption(id) if &*terms.assumptions[id.index()].name == "gw_price")
    );
    let pays: Vec<_> = supply.pays.iter().map(|p| (p.share, p.trigger, p.offset, &*p.text)).collect();
    // 20% and the rest: 80%
    assert_eq!(pays[0], (n("0.2"), Trigger::Order, 0, "20% of price on order"));
    assert_eq!(pays[1], (n("0.8"), Trigger::Delivery, 60, "rest 60 days after delivery"));
    let by = terms.counters[0].by.clone().unwrap();
    assert_eq!(by.iter().map(|b| &**b).collect::<Vec<_>>(), ["OpenAI", "affiliates", "authorized_purchasers"]);
    assert_eq!((terms.counters[1].by.as_ref(), terms.counters[1].since), (None, Date::parse("2025-10-05")));
}

#[test]
fn warrant_and_tranches() {
    let terms = story();
    let warrant = &terms.warrants[0];
    assert_eq!((warrant.size, warrant.tranches.len()), (n("160000000"), 6));
    assert!(warrant.cash && warrant.net && warrant.adjusts);
    let paths: Vec<&str> = terms.tranches.iter().map(|t| &*t.path).collect();
    assert_eq!(paths[0], "amd_openai.penny.T1");
    assert_eq!(paths[5], "amd_openai.penny.T6");
    let t3 = &terms.tranches[2];
    assert_eq!(t3.generated.unwrap().1, 3);
    let mut leaves = Vec::new();
    t3.vests.leaves(&mut leaves);
    assert_eq!(&*leaves[0].text, "purchased >= 3 GW");
    let Test::Price(measure, Compare::AtLeast, threshold) = &leaves[1].test else { panic!("{:?}", leaves[1]) };
    assert_eq!(terms.price_measures[measure.index()].window, 1);
    assert_eq!(threshold.kind, FormulaKind::Undisclosed("amd_openai.penny.T3.price".into()));
    assert_eq!(threshold.unit, Unit::per("USD", "share"));
    assert!(terms.tranches.iter().all(|t| t.exercisable.is_some()));
    assert_eq!(terms.tranches[5].fair_value.kind, FormulaKind::Undisclosed("amd_openai.penny.T6.fair_value".into()));
    assert_eq!(terms.latches, 5);
    let Gate::All(t6) = &terms.tranches[5].vests else { panic!() };
    assert!(matches!(&t6[1], Gate::Latched { since: Some(_), .. }));
    assert_eq!(terms.price_measures.iter().map(|m| (m.window, m.adjusts)).collect::<Vec<_>>(), [(1, true), (30, true)]);
}

#[test]
fn bands_follow_the_ladder() {
    let terms = story();
    let value = |f: &crate::terms::Formula| crate::check::types::constant(f).unwrap().to_string();
    let bands: Vec<_> = terms.tranches.iter().map(|t| t.band.clone().unwrap()).collect();
    let edges: Vec<String> = bands.iter().map(|b| format!("{}..{}", value(&b.from), value(&b.to))).collect();
    // T1 tests deliveries and the others purchases, of one supply: one ladder.
    assert_eq!(edges, ["0..1", "1..2", "2..3", "3..4", "4..5", "5..6"]);
    assert!(bands.iter().all(|b| !b.written));
}

#[test]
fn ledger_prices_and_scenario() {
    let terms = story();
    assert_eq!(terms.lines.len(), 5);
    let gw2 = &terms.lines[2];
    assert_eq!((gw2.basis, gw2.realises), (Basis::Actual, Some((crate::terms::LineId(1), false))));
    assert_eq!(gw2.known, Date::parse("2027-08-23").unwrap());
    let Some(Fact::Supply { trigger: Trigger::Delivery, by, .. }) = &gw2.fact else { panic!() };
    assert_eq!(by.iter().map(|b| &**b).collect::<Vec<_>>(), ["OpenAI"]);
    let Some(Fact::Attest { tranches, .. }) = &terms.lines[4].fact else { panic!() };
    assert_eq!(tranches.len(), 6);
    assert_eq!(terms.prices[0].points[1], (Date::parse("2026-01-05").unwrap(), n("221.10"), 3));
    assert_eq!(terms.scenarios[0].changes.len(), 4);
    assert_eq!(terms.assertions.len(), 2);
    let party = &terms.parties[0];
    assert_eq!(party.book.clone().unwrap().1, [("attribution".into(), "single_pool".into())]);
    assert_eq!(terms.parties[1].book.clone().unwrap().1, [("attribution".into(), "own_band".into())]);
    assert_eq!(&*terms.books[0].rules[0].name, "on pay as seller");
}

#[test]
fn what_rests_on_nothing() {
    let files = [("deal.pf", DEAL)];
    let checked = checked(&files);
    let warnings = crate::check::unsourced(&checked);
    let texts: Vec<&str> = warnings.iter().map(|d| d.message.split(" has ").next().unwrap()).collect();
    assert_eq!(
        texts,
        [
            "quantity",
            "payment term",
            "`control`",
            "counter `purchased`",
            "counter `delivered`",
            "warrant `penny`",
            "`granted`",
            "`expires`",
            "what splits do",
            "`exercisable`",
        ]
    );
}
