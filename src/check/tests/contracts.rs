//! Contracts, supplies, counters, warrants and their sizes.

use super::*;
use crate::num::{Number, Unit};
use crate::terms::{Binding, FormulaKind, Trigger};

/// The word under the only diagnostic.
fn place(checked: &Checked, code: &str) -> String {
    let error = only(checked, code);
    checked.sources.text(error.primary.0).to_owned()
}

fn supply(clauses: &str) -> Checked {
    contract(&format!("supply s {{ {clauses} }}"))
}

#[test]
fn supplies_ask_for_what_is_missing() {
    let price = "price 1bn USD/GW";
    let pays = "pays rest on delivery";
    let control = "control passes at delivery";
    let quantity = "1 GW definitive";
    assert_eq!(found(&supply(&[quantity, price, pays, control].join("; "))), "");
    for (clauses, code) in [
        ([price, pays, control].join("; "), "E0209"),
        ([quantity, pays, control].join("; "), "E0209"),
        ([quantity, price, control].join("; "), "E0209"),
        ([quantity, price, pays].join("; "), "E0310"),
        ([quantity, price, price, pays, control].join("; "), "E0210"),
        ([quantity, "2 MW definitive", price, pays, control].join("; "), "E0207"),
        ([quantity, "0 GW definitive", price, pays, control].join("; "), "E0213"),
        ([quantity, "price 1bn USD/MW", pays, control].join("; "), "E0207"),
        ([quantity, "price 1bn USD", pays, control].join("; "), "E0207"),
        ([quantity, price, "pays rest on delivry", control].join("; "), "E0208"),
        ([quantity, price, pays, "control passes at payment"].join("; "), "E0208"),
        (["100m USD definitive", price, pays, control].join("; "), "E0213"),
        (["1 definitive", price, pays, control].join("; "), "E0213"),
    ] {
        let checked = supply(&clauses);
        let codes: Vec<&str> = checked.diagnostics.iter().map(|d| d.code.number()).collect();
        assert_eq!(codes, [code], "{clauses}: {}", found(&checked));
    }
    let control = only(&supply(&[quantity, price, pays].join("; ")), "E0310");
    assert_eq!(control.fixes[0].text, "; control passes at delivery");
    let help = only(&supply(&[quantity, pays, "control passes at order"].join("; ")), "E0209").help;
    assert_eq!(help, ["add `price …`, or write `price undisclosed USD/GW`"]);
}

#[test]
fn payments_make_the_whole_price() {
    let pays = |terms: &str| supply(&format!("1 GW definitive; price 1bn USD/GW; control passes at order; {terms}"));
    for terms in [
        "pays 80% of price on order",
        "pays 80% of price on order; pays 30% of price on delivery",
        "pays 100% of price on order; pays rest on delivery",
        "pays rest on order; pays rest on delivery",
        "pays 0% of price on order; pays rest on delivery",
    ] {
        only(&pays(terms), "E0217");
    }
    only(&pays("pays 10 USD of price on order; pays rest on delivery"), "E0207");
    let terms = clean(pays(
        "pays 20% of price on signing; pays 30% of price 91 days before delivery; pays rest 1 day after invoice",
    ));
    let list: Vec<_> = terms.supplies[0].pays.iter().map(|p| (p.share.to_string(), p.offset, p.trigger)).collect();
    assert_eq!(
        list,
        [
            ("0.2".into(), 0, Trigger::Signing),
            ("0.3".into(), -91, Trigger::Delivery),
            ("0.5".into(), 1, Trigger::Invoice)
        ]
    );
    assert_eq!(&*terms.supplies[0].pays[1].text, "30% of price 91 days before delivery");
    assert_eq!(&*terms.supplies[0].pays[2].text, "rest 1 day after invoice");
}

#[test]
fn prices_may_be_undisclosed_and_values_have_none() {
    let terms = clean(supply("1 GW definitive; price undisclosed; pays rest on order; control passes at order"));
    assert_eq!(terms.supplies[0].price.kind, FormulaKind::Undisclosed("c.s.price".into()));
    assert_eq!(terms.supplies[0].price.unit, Unit::per("USD", "GW"));
    let value = clean(supply("120bn USD announced option; pays rest 60 days after invoice; control passes at invoice"));
    let supply = &value.supplies[0];
    assert_eq!((&*supply.currency, supply.price.kind.clone()), ("USD", FormulaKind::Literal(Number::ONE)));
    assert_eq!((supply.quantities[0].1.binding, supply.quantities[0].1.option), (Binding::Announced, true));
}

#[test]
fn roles_and_signing() {
    let text = "contract c \"C\" between AMD as issuer, OpenAI as holder { signed 2025-10-05
        supply s { 1 GW definitive; price 1 USD/GW; pays rest on order; control passes at order } }\n";
    let checked = deal(text);
    let codes: Vec<&str> = checked.diagnostics.iter().map(|d| d.code.number()).collect();
    assert_eq!(codes, ["E0214", "E0214"]);
    assert_eq!(place(&deal("contract c between AMD as seller, OpenAI as seller { }\n"), "E0210"), "seller");
    assert_eq!(place(&deal("contract c between AMD as seller, OpnAI as buyer { }\n"), "E0204"), "OpnAI");
    let undated = deal(
        "contract c between AMD as seller, OpenAI as buyer {
        supply s { 1 GW definitive; price 1 USD/GW; pays rest on order; control passes at order }
        counter n = sum GW over order s by anyone since signed }\n",
    );
    assert_eq!(place(&undated, "E0216"), "signed");
    assert_eq!(place(&contract("signed 2025-10-06"), "E0210"), "signed 2025-10-06");
    assert_eq!(place(&contract("supersedes nobody"), "E0204"), "nobody");
    assert_eq!(place(&contract("supersedes c on 2026-01-01"), "E0213"), "c");
    assert_eq!(
        place(&deal("contract c between AMD as a { }\ncontract d between AMD as a { supersedes c }\n"), "E0216"),
        "c"
    );
    let promise = contract("commitment cash 1bn USD from AMD to OpenAI announced; standing letter of intent option");
    let terms = clean(promise);
    assert_eq!(terms.commitments[0].standing.binding, Binding::Announced);
    assert!(terms.contracts[0].standing.option);
    assert_eq!(place(&contract("commitment cash 1bn USD/GW from AMD to OpenAI"), "E0213"), "1bn USD/GW");
}

#[test]
fn counters_ask_whose_and_since_when() {
    let whose = supplied("counter n = sum GW over order chips since signed");
    let error = only(&whose, "E0303");
    assert_eq!(error.fixes.iter().map(|f| f.text.as_str()).collect::<Vec<_>>(), [" by OpenAI", " by anyone"]);
    let since = supplied("counter n = sum GW over order chips by OpenAI");
    assert_eq!(only(&since, "E0304").fixes[0].text, " since signed");
    assert_eq!(place(&supplied("counter n = sum USD over order chips by anyone since signed"), "E0207"), "USD");
    assert_eq!(place(&supplied("counter n = sum GW over invoice chips by anyone since signed"), "E0207"), "GW");
    clean(supplied("counter n = sum USD over payment c.chips by anyone since 2026-01-01 until 2027-01-01"));
    let over = "counter n = sum GW over order chips by anyone since signed until 2025-01-01";
    assert_eq!(place(&supplied(over), "E0213"), "2025-01-01");
    assert_eq!(place(&supplied("counter n = sum GW over orders chips by anyone since signed"), "E0208"), "orders");
    assert_eq!(place(&supplied("counter n = sum GW over order chps by anyone since signed"), "E0204"), "chps");
    assert_eq!(place(&supplied("counter n = sum GW over order bought by anyone since signed"), "E0208"), "bought");
    assert_eq!(place(&supplied("counter n = sum GW over order chips by OpnAI since signed"), "E0204"), "OpnAI");
    assert_eq!(place(&supplied("counter bought = sum GW over order chips by anyone since signed"), "E0205"), "bought");
}

const RULES: &str = "expires 2030-10-05; exercise cash; adjusts for splits";

/// A warrant with this head and these clauses in a contract with a supply.
fn warrant(head: &str, clauses: &str) -> Checked {
    supplied(&format!("warrant w over {head} {{ {clauses} }}"))
}

const HEAD: &str = "10 shares of AMD.common at 0.01 USD/share, issuer AMD, holder OpenAI";

#[test]
fn warrants_ask_for_what_is_missing() {
    let tranche = "tranche T 10 shares { vests when bought >= 1 GW }";
    clean(supplied_roles(&format!("{RULES}; {tranche}")));
    for (clauses, code) in [
        ("exercise cash; adjusts for splits", "E0305"),
        ("expires never; adjusts for splits", "E0306"),
        ("expires never; exercise undisclosed", "E0307"),
    ] {
        only(&supplied_roles(&format!("{clauses}; {tranche}")), code);
    }
    let early = format!("expires 2025-01-01; exercise cash; adjusts for splits; {tranche}");
    assert_eq!(place(&supplied_roles(&early), "E0213"), "expires 2025-01-01");
    only(&supplied_roles(RULES), "E0209");
    only(&supplied_roles(&format!("{RULES}; tranche T 10 shares {{ fair value 1 USD/share }}")), "E0209");
    only(&supplied_roles(&format!("{RULES}; expires never; {tranche}")), "E0210");
    let half = tranche.replace("10 shares", "5 shares");
    only(&supplied_roles(&format!("{RULES}; {half}; {half}")), "E0205");
}

/// The usual warrant with these clauses.
fn supplied_roles(clauses: &str) -> Checked {
    warrant(HEAD, clauses)
}

#[test]
fn heads_of_warrants() {
    let clauses = format!("{RULES}; tranche T 10 shares {{ vests when bought >= 1 GW }}");
    for (head, code, word) in [
        ("10 shares of AMD.common at 0.01 USD/share, holder OpenAI", "E0209", "w"),
        ("10 shares of AMD.common at 0.01 USD/share, issuer Amd, holder OpenAI", "E0204", "Amd"),
        ("10 shares of AMD.common at 0.01 USD/share, issuer OpenAI, holder AMD", "E0213", "10 shares of AMD.common"),
        ("10 shares of AMD.common at 0.01 USD, issuer AMD, holder OpenAI", "E0207", "0.01 USD"),
        ("10 shares of AMD.common at 0.01 EUR/share, issuer AMD, holder OpenAI", "E0207", "0.01 EUR/share"),
        ("10 shares at 0.01 USD/share, issuer AMD, holder OpenAI", "E0209", "10 shares"),
        ("10 GW at 0.01 USD/share, issuer AMD, holder OpenAI", "E0207", "10 GW"),
        ("10 shares of AMD.common at -1 USD/share, issuer AMD, holder OpenAI", "E0213", "-1 USD/share"),
        ("10.5 shares of AMD.common at 1 USD/share, issuer AMD, holder OpenAI", "E0213", "10.5 shares of AMD.common"),
        ("10 shares of AMD.comon at 1 USD/share, issuer AMD, holder OpenAI", "E0204", "AMD.comon"),
    ] {
        assert_eq!(place(&warrant(head, &clauses), code), word, "{head}");
    }
    let stranger = format!(
        "party Bank \"B\" {{ currency USD }}\ncontract d between AMD as issuer, OpenAI as holder {{ signed 2026-01-01
        warrant w over 10 shares of AMD.common at 1 USD/share, issuer AMD, holder Bank {{ {RULES}
        tranche T 10 shares {{ vests on 2027-01-01; earned over 0 GW to 1 GW of c.bought }} }} }}\n"
    );
    let checked = deal(&format!(
        "contract c between AMD as seller, OpenAI as buyer {{ signed 2025-10-05\n{SUPPLY} }}\n{stranger}"
    ));
    assert_eq!(place(&checked, "E0214"), "Bank");
}

#[test]
fn sizes_must_sum() {
    let sizes = |list: &str| supplied_roles(&format!("{RULES}; {list}"));
    let short =
        sizes("tranche A 4 shares { vests when bought >= 1 GW }; tranche B 5 shares { vests when bought >= 2 GW }");
    assert_eq!(only(&short, "E0211").message, "the 2 tranches of `w` are 9 shares, not 10: 1 missing");
    let over = sizes("tranche A 11 shares { vests when bought >= 1 GW }");
    assert_eq!(only(&over, "E0211").message, "the 1 tranches of `w` are 11 shares, not 10: 1 too many");
    only(&sizes("tranche A 10 GW { vests when bought >= 1 GW }"), "E0207");
    only(&sizes("tranche A undisclosed shares { vests when bought >= 1 GW }"), "E0208");
}

#[test]
fn generated_tranches() {
    let ladder = |head: &str| supplied_roles(&format!("{RULES}; tranches {head} {{ vests when bought >= k * 1 GW }}"));
    let sizes = |checked| clean(checked).tranches.iter().map(|t| t.size.to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(sizes(ladder("for k in 1..5, 10 shares in total")), "2 2 2 2 2");
    assert_eq!(sizes(ladder("for k in 1..5, 2 shares each")), "2 2 2 2 2");
    assert_eq!(sizes(ladder("R for k in 1..4, 10 shares in total, front")), "3 3 2 2");
    assert_eq!(sizes(ladder("R for k in 1..4, 10 shares in total, cumulative")), "3 2 3 2");
    assert_eq!(sizes(ladder("R for k in 1..4, 10 shares in total, fractional")), "2.5 2.5 2.5 2.5");
    let terms = clean(ladder("R for k in 3..4, 5 shares each"));
    assert_eq!(terms.tranches.iter().map(|t| &*t.path).collect::<Vec<_>>(), ["c.w.R3", "c.w.R4"]);
    let odd = ladder("for k in 1..4, 10 shares in total");
    let error = only(&odd, "E0308");
    assert_eq!(error.message, "10 shares do not divide evenly by 4");
    assert_eq!(error.fixes[0].text, ", cumulative");
    assert_eq!(place(&ladder("for k in 1..4, 10 shares in total, fronts"), "E0308"), "fronts");
    only(&ladder("for k in 4..1, 10 shares in total"), "E0213");
    only(&ladder("for k in 1..1_000_000, 10 shares in total"), "E0215");
}

#[test]
fn every_for_is_one_mechanism() {
    let text = "for g in 1..2 {
        supply s{g} { g GW definitive; price g * 1bn USD/GW; pays rest on order; control passes at order }
        counter n{g} = sum GW over order s{g} by OpenAI, group{g} since signed
        warrant w{g} over 4 shares of AMD.common at 0.01 USD/share, issuer AMD, holder OpenAI {
            expires never; exercise net; no adjustment for splits
            for k in 1..2 { tranche T{k} 2 shares { vests when n{g} >= k * 0.5 GW } }
        }
    }";
    // The quantity `g GW` is not a number with a unit; write it as a product.
    let terms = clean(contract(&text.replace("g GW definitive", "g * 1 GW definitive")));
    let paths: Vec<&str> = terms.tranches.iter().map(|t| &*t.path).collect();
    assert_eq!(paths, ["c.w1.T1", "c.w1.T2", "c.w2.T1", "c.w2.T2"]);
    assert_eq!(&*terms.counters[1].by.as_ref().unwrap()[1], "group2");
    let prices: Vec<_> =
        terms.supplies.iter().map(|s| crate::check::types::constant(&s.price).unwrap().to_string()).collect();
    assert_eq!(prices, ["1000000000", "2000000000"]);
    let hole = contract("for g in 1..2 { commitment c{h} 1 USD from AMD to OpenAI }");
    assert_eq!(place(&hole, "E0204"), "c{h}");
    only(&contract("for a in 1..1000 { for b in 1..1000 { } }"), "E0215");
    only(&contract("for a in 1..1000 { for b in 1..1000 { commitment c{a}_{b} 1 USD from AMD to OpenAI } }"), "E0215");
}

#[test]
fn generated_text_is_blamed_once_with_its_for() {
    let checked =
        supplied_roles(&format!("{RULES}; tranches for k in 1..5, 2 shares each {{ vests when bought >= k * 1 MW }}"));
    let error = only(&checked, "E0207");
    assert_eq!(checked.sources.text(error.primary.0), "k * 1 MW");
    let (span, text) = error.secondary.last().unwrap();
    assert_eq!((checked.sources.text(*span), text.as_str()), ("for k in 1..5", "first generated here with `k = 1`"));
}

#[test]
fn bands() {
    let bands = |list: &str| {
        let terms = clean(supplied_roles(&format!("{RULES}; {list}")));
        let edge = |f: &crate::terms::Formula| match &f.kind {
            FormulaKind::Undisclosed(path) => path.to_string(),
            _ => crate::check::types::constant(f).unwrap().to_string(),
        };
        let band = |t: &crate::terms::Tranche| t.band.as_ref().map(|b| format!("{}..{}", edge(&b.from), edge(&b.to)));
        terms.tranches.iter().map(|t| band(t).unwrap()).collect::<Vec<_>>().join(" ")
    };
    // Two hurdles at one quantity share their band; order of the text does not matter where all is known.
    let ladder = "tranche A 3 shares { vests when bought >= 3 GW }; tranche B 3 shares { vests when got > 1 GW };
        tranche C 4 shares { vests when 3 GW <= bought and close(AMD.common) >= 5 USD/share concurrent }";
    assert_eq!(bands(ladder), "1..3 0..1 1..3");
    let hidden =
        "tranche A 3 shares { vests when bought >= 1 GW }; tranche B 3 shares { vests when bought >= undisclosed };
        tranche C 4 shares { vests when bought >= 6 GW }";
    assert_eq!(bands(hidden), "0..1 1..c.w.B.bought c.w.B.bought..6");
    let written = "tranche A 10 shares { vests on 2027-01-01; earned over 1 GW to 6 GW of bought }";
    assert_eq!(bands(written), "1..6");
    let bare = supplied_roles(&format!("{RULES}; tranche A 10 shares {{ vests at signing }}"));
    assert_eq!(place(&bare, "W0311"), "A");
    let either = "tranche A 10 shares { vests when bought >= 1 GW or on or after 2027-01-01 }";
    only(&supplied_roles(&format!("{RULES}; {either}")), "W0311");
    let empty = "tranche A 10 shares { vests at signing; earned over 2 GW to 2 GW of bought }";
    only(&supplied_roles(&format!("{RULES}; {empty}")), "E0213");
}
