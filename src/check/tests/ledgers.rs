//! Ledger lines and prices.

use super::*;
use crate::num::Number;
use crate::terms::{Basis, Fact, Finding, Terms};

/// A small deal and these lines.
fn ledger(lines: &str) -> Checked {
    let warrant = "warrant w over 2 shares of AMD.common at 0.01 USD/share, issuer AMD, holder OpenAI {
        expires 2030-10-05; exercise cash or net; adjusts for splits
        tranche T1 1 shares { vests when bought >= 1 GW }; tranche T2 1 shares { vests when bought >= 2 GW and attested ready } }";
    deal(&format!(
        "contract c \"C\" between AMD as seller, OpenAI as buyer {{ signed 2025-10-05\n{SUPPLY}{warrant} }}\n{lines}\n"
    ))
}

fn fact(line: &str) -> Fact {
    clean(ledger(line)).lines[0].fact.clone().unwrap()
}

#[test]
fn verbs() {
    let Fact::Supply { by, quantity, .. } = fact("2026-01-01 order c.chips 1 GW by AMD as affiliates") else {
        panic!()
    };
    assert_eq!(by.iter().map(|b| &**b).collect::<Vec<_>>(), ["AMD", "affiliates"]);
    assert_eq!(quantity.unit.to_string(), "GW");
    let Fact::Supply { quantity, .. } = fact("2026-01-01 pay c.chips 1bn USD") else { panic!() };
    assert_eq!(quantity.unit.to_string(), "USD");
    let Fact::Open { shares, cash, awards, .. } =
        fact("2026-01-01 open AMD { common 9 shares; cash 5 USD; awards 1 shares }")
    else {
        panic!()
    };
    assert_eq!((shares.len(), cash.is_some(), awards.is_some()), (1, true, true));
    assert!(matches!(fact("2026-01-01 attest c.w ready"), Fact::Attest { tranches, .. } if tranches.len() == 2));
    let judged = |finding: &str| match fact(&format!("2026-01-01 judge c.w.T1 {finding}")) {
        Fact::Judge { finding, .. } => finding,
        other => panic!("{other:?}"),
    };
    assert_eq!(judged("probable"), Finding::Probable(true));
    assert_eq!(judged("not probable"), Finding::Probable(false));
    assert_eq!(judged("liability"), Finding::Account("liability".into()));
    assert!(matches!(fact("2026-01-01 exercise c.w.T1 1 shares net"), Fact::Exercise { net: Some(true), .. }));
    assert!(
        matches!(fact("2026-01-01 split AMD.common 4 for 1"), Fact::Split { new, .. } if new == Number::from_int(4))
    );
    assert!(matches!(fact("2026-01-01 issue 5 shares of AMD.common to holders"), Fact::Issue { .. }));
    assert!(matches!(fact("2026-01-01 terminate c"), Fact::Terminate { .. }));
    assert!(matches!(fact("2026-01-01 supersede c"), Fact::Supersede { by: None, .. }));
    let Fact::Close { period, .. } = fact("2026-07-30 close AMD 2026-Q2") else { panic!() };
    assert_eq!(period.to_string(), "2026-04-01..2026-06-30");
}

#[test]
fn wrong_verbs() {
    assert_eq!(only(&ledger("2026-08-01 order chips 1 GW"), "E0204").fixes[0].text, "c.chips");
    for (line, code, word) in [
        ("order c.chips 1 USD", "E0207", "1 USD"),
        ("order c.chips 0 GW", "E0410", "0 GW"),
        ("order c.chips -1 GW", "E0410", "-1 GW"),
        ("order c.chips undisclosed", "E0213", "undisclosed"),
        ("order c.chps 1 GW", "E0204", "c.chps"),
        ("order c 1 GW", "E0208", "c"),
        ("order c.chips 1 GW as afiliates", "E0204", "afiliates"),
        ("order c.chips 1 GW by Oracle", "E0204", "Oracle"),
        ("pay c.chips 1 GW", "E0207", "1 GW"),
        ("open AMD { comon 1 shares }", "E0204", "comon"),
        ("open OpenAI { AMD.common 1 shares }", "E0208", "AMD.common"),
        ("open AMD { cash 1 shares }", "E0207", "1 shares"),
        ("open AMD { cash 1 USD; cash 2 USD }", "E0210", "cash"),
        ("attest c.chips ready", "E0208", "c.chips"),
        ("judge c.w.T9 probable", "E0204", "c.w.T9"),
        ("judge c.w not liability", "E0208", "liability"),
        ("exercise c.w 1 shares cash", "E0208", "c.w"),
        ("exercise c.w.T1 1 shares", "E0209", "c.w.T1"),
        ("price AMD.common 1 USD/share", "E0302", "AMD.common"),
        ("price close(AMD.common) 1 USD", "E0207", "1 USD"),
        ("split AMD.common 4 GW for 1", "E0207", "4 GW"),
        ("issue 5 shares", "E0209", "5 shares"),
        ("close AMD 2026-Q4", "E0213", "2026-Q4"),
        ("actually: terminate d", "E0204", "d"),
    ] {
        let checked = ledger(&format!("2026-08-03 {line}"));
        let error = only(&checked, code);
        assert_eq!(checked.sources.text(error.primary.0), word, "{line}");
    }
}

#[test]
fn dates_and_bases() {
    let terms = clean(ledger("~2026-08 known 2026-01-05 forecast order c.chips 1 GW\n2026-01-01 order c.chips 1 GW"));
    assert_eq!((terms.lines[0].basis, terms.lines[1].basis), (Basis::Forecast, Basis::Actual));
    assert_eq!(terms.lines[0].date.to_string(), "2026-08-31");
    assert_eq!(terms.lines[1].known, terms.lines[1].date);
    only(&ledger("~2026-08 order c.chips 1 GW"), "E0409");
    let early = ledger("2026-08-01 known 2026-07-01 order c.chips 1 GW");
    assert!(!early.diagnostics.has_errors());
    only(&early, "W0406");
}

#[test]
fn lines_refer_to_each_other() {
    let forecast = "2026-08-01 forecast f1: order c.chips 1 GW\n";
    let terms =
        clean(ledger(&format!("2026-08-03 order c.chips 1 GW realises f1 in part\n{forecast}2026-09-01 withdraws f1")));
    assert_eq!(terms.lines[0].realises, Some((crate::terms::LineId(1), true)));
    assert!(terms.lines[2].fact.is_none());
    only(&ledger(&format!("{forecast}{forecast}")), "E0403");
    assert_eq!(
        only(&ledger(&format!("{forecast}2026-08-03 order c.chips 1 GW realises f2")), "E0402").fixes[0].text,
        "f1"
    );
    only(&ledger("2026-08-01 a: order c.chips 1 GW\n2026-08-02 order c.chips 1 GW realises a"), "E0407");
    let circle = "2026-08-01 a: order c.chips 1 GW corrects b\n2026-08-01 b: order c.chips 1 GW corrects a";
    assert_eq!(only(&ledger(circle), "E0408").secondary.len(), 1);
    only(&ledger("2026-08-01 a: order c.chips 1 GW corrects a"), "E0408");
}

#[test]
fn two_prices_for_one_day() {
    let price = |more: &str| format!("2026-08-03 {more}\n");
    let first = price("p1: price close(AMD.common) 5 USD/share");
    only(&ledger(&format!("{first}{}", price("price close(AMD.common) 6 USD/share"))), "E0404");
    clean(ledger(&format!("{first}{}", price("price close(AMD.common) 5.00 USD/share"))));
    clean(ledger(&format!("{first}{}", price("price close(AMD.common) 6 USD/share corrects p1"))));
    clean(ledger(&format!("{first}{}", price("forecast price close(AMD.common) 6 USD/share"))));
}

fn prices(csv: &str) -> Checked {
    let text = format!("{PARTIES}prices close(AMD.common) from \"../prices/amd.csv\"\n");
    checked(&[("ledgers/a.ledger", &text), ("prices/amd.csv", csv)])
}

#[test]
fn rates_and_valuations() {
    let terms = clean(ledger(
        "2026-08-01 price rate(EUR in USD) 1.17 USD/EUR\n2026-08-02 price valuation(OpenAI) 500bn USD\n\
         path rate(EUR in USD) from 2026-09-01 at 1.1 USD/EUR linear to 1.2 USD/EUR at 2026-09-11 forecast",
    ));
    let Some(Fact::Price { of, .. }) = &terms.lines[0].fact else { panic!("{:?}", terms.lines[0]) };
    assert_eq!(terms.quoted(of), "rate(EUR in USD)");
    assert_eq!(terms.quoted(&terms.paths[0].of), "rate(EUR in USD)");
    for (line, code, word) in [
        ("price rate(EUR in USD) 1.17 EUR/USD", "E0207", "1.17 EUR/USD"),
        ("price rate(EUR in EUR) 1 EUR", "E0213", "EUR"),
        ("price rate(EUX in USD) 1 USD", "E0206", "EUX"),
        ("price rate(GW in USD) 1 USD", "E0208", "GW"),
        ("price rate(EUR in USD) 0 USD/EUR", "E0410", "0 USD/EUR"),
        ("price valuation(OpenAY) 1 USD", "E0204", "OpenAY"),
        ("price valuation(OpenAI) 1 EUR", "E0207", "1 EUR"),
    ] {
        let checked = ledger(&format!("2026-08-03 {line}"));
        assert_eq!(checked.sources.text(only(&checked, code).primary.0), word, "{line}");
    }
    let twice = "2026-08-01 price rate(EUR in USD) 1.17 USD/EUR\n";
    only(&ledger(&format!("{twice}{}", twice.replace("1.17", "1.18"))), "E0404");
    let text = format!("{PARTIES}prices rate(EUR in USD) from \"fx.csv\"\n");
    let read = |csv: &str| checked(&[("a.ledger", &text), ("fx.csv", csv)]);
    assert_eq!(clean(read("date,rate\n2026-01-02,1.17\n2026-01-04,1.18\n")).prices[0].points.len(), 2);
    only(&read("date,close\n2026-01-02,1.17\n"), "E0405");
}

#[test]
fn price_files() {
    let terms: Terms = clean(prices("\u{feff}date,close\r\n2026-01-02, 10.50\r\n\r\n2026-01-05,11\r\n"));
    let points: Vec<_> = terms.prices[0].points.iter().map(|(d, n, line)| format!("{d} {n} {line}")).collect();
    assert_eq!(points, ["2026-01-02 10.5 2", "2026-01-05 11 4"]);
    for (csv, code, row) in [
        ("day,close\n2026-01-02,1\n", "E0405", "day,close"),
        ("date,close\n2026-01-02,x\n", "E0405", "2026-01-02,x"),
        ("date,close\n02/01/2026,1\n", "E0405", "02/01/2026,1"),
        ("date,close\n2026-01-02,0\n", "E0405", "2026-01-02,0"),
        ("date,close\n2026-01-02,1,2\n", "E0405", "2026-01-02,1,2"),
        ("date,close\n2026-01-05,1\n2026-01-02,1\n", "E0405", "2026-01-02,1"),
        ("date,close\n2026-01-05,1\n2026-01-05,1\n", "E0405", "2026-01-05,1"),
        ("date,close\n2026-01-05,1\n2026-01-05,2\n", "E0404", "2026-01-05,2"),
    ] {
        let checked = prices(csv);
        let error = only(&checked, code);
        assert_eq!(checked.sources.text(error.primary.0), row, "{csv}");
        assert_eq!(checked.sources.text(error.secondary.last().unwrap().0), "\"../prices/amd.csv\"");
    }
    only(&prices("\n"), "E0405");
    let gone = checked(&[("a.ledger", &format!("{PARTIES}prices close(AMD.common) from \"amd.csv\"\n"))]);
    assert_eq!(only(&gone, "E0405").primary.1, "no such file");
    let line = "2026-01-05 price close(AMD.common) 12 USD/share\n";
    let text = format!("{PARTIES}prices close(AMD.common) from \"amd.csv\"\n{line}");
    let both = checked(&[("a.ledger", &text), ("amd.csv", "date,close\n2026-01-02,10\n2026-01-05,11\n")]);
    let error = only(&both, "E0404");
    assert_eq!(both.sources.text(error.secondary[0].0), "2026-01-05,11");
    assert_eq!(both.sources.place(error.primary.0), "a.ledger:5");
    assert_eq!(prices("date,close\n").files, ["ledgers/a.ledger", "prices/amd.csv"]);
}

#[test]
fn price_paths() {
    let path = |text: &str| deal(&format!("path close(AMD.common) from 2026-01-01 {text}\n"));
    let terms = clean(path("flat 5 USD/share to 2026-06-30 forecast"));
    assert_eq!((terms.paths[0].basis, terms.paths[0].to.len()), (Basis::Forecast, 1));
    clean(path("at 5 USD/share linear to 6 USD/share at 2026-02-01 to 7 USD/share at 2026-03-01 assumed"));
    only(&path("flat 5 USD/share to 2026-06-30"), "E0603");
    only(&path("linear to 6 USD/share at 2026-02-01 to 7 USD/share at 2026-01-15 forecast"), "E0213");
    only(&path("flat 5 USD to 2026-06-30 forecast"), "E0207");
}
