//! Operating lines, minimum cash, facilities.

use super::*;
use crate::terms::{Change, Fact};

const MAKER: &str = "party Maker \"Maker\" { currency USD; fiscal year ends last Saturday of December }\n\
    party Buyer \"Buyer\" { currency USD }\n";

fn program(text: &str) -> Checked {
    checked(&[("a.pf", &format!("{MAKER}{text}\n"))])
}

fn flow(body: &str) -> Checked {
    program(&format!("flow rent \"Rent\" from Maker to others {{ {body} }}"))
}

fn days(body: &str) -> Vec<String> {
    let terms = clean(flow(body));
    terms.flows[0].series[0].amounts.iter().flat_map(|a| a.days.iter().map(|(day, n)| format!("{day} {n}"))).collect()
}

#[test]
fn days_of_payment() {
    // The first fiscal quarter of 2027 runs from 2026-12-27 to 2027-03-27.
    assert_eq!(days("2027-Q1 3 USD"), ["2027-03-27 0"]);
    assert_eq!(days("2027-Q1 3 USD; paid on first day"), ["2026-12-27 0"]);
    let eighth = ["2027-01-08 0", "2027-02-08 0", "2027-03-08 0"];
    assert_eq!(days("2027-Q1 3 USD; paid on day 8 of each month"), eighth);
    assert_eq!(days("2027-Q1 3 USD; paid on day 8 of month 2"), ["2027-02-08 0"]);
    assert_eq!(days("2027-02 3 USD; paid on day 31 of each month"), ["2027-02-28 0"]);
    assert_eq!(days("2027-02-03 3 USD"), ["2027-02-03 0"]);
    assert_eq!(
        days("3 USD every week from 2027-02-03 to 2027-02-17"),
        ["2027-02-03 0", "2027-02-10 0", "2027-02-17 0"]
    );
    let yearly = "3 USD every quarter from 2027-01-31 to 2027-12-31 growing 5% every year";
    assert_eq!(days(yearly), ["2027-01-31 0", "2027-04-30 0", "2027-07-31 0", "2027-10-31 0"]);
    let half = "3 USD every year from 2024-02-29 to 2026-03-01 growing 5% every year";
    assert_eq!(days(half), ["2024-02-29 0", "2025-02-28 1", "2026-02-28 2"]);
}

#[test]
fn wrong_flows() {
    for (body, code, word) in [
        ("", "E0209", "rent"),
        ("2027-Q1 0 USD", "E0410", "0 USD"),
        ("2027-Q1 -1 USD", "E0410", "-1 USD"),
        ("2027-Q1 1 GW", "E0207", "1 GW"),
        ("2027-Q1 1 USD; 2027-Q2 1 EUR", "E0207", "1 EUR"),
        ("2027 1 USD; 2027-Q2 1 USD", "E0418", "2027-Q2"),
        ("2027-Q1 1 USD; paid on day 32 of each month", "E0213", "day 32 of each month"),
        ("2027-Q1 1 USD; paid on day 8 of month 4", "E0213", "day 8 of month 4"),
        ("2027-Q1 1 USD; paid on first day; paid on last day", "E0210", "paid on last day"),
        ("2027-Q1 1 USD; series a { 2027-Q1 2 USD }", "E0213", "2027-Q1 1 USD"),
        ("series a { 2027-Q1 2 USD }; series a { 2027-Q1 2 USD }", "E0205", "a"),
        ("1 USD every month from 2027-01-31", "E0319", "2027-01-31"),
        ("1 USD every month from 2027-01-31 to 2027-01-01", "E0213", "2027-01-01"),
        ("1 USD every fortnight from 2027-01-31 to 2027-03-01", "E0208", "fortnight"),
        ("1 USD every month from 2027-01-31 to 2027-12-31 growing -200% every year", "E0213", "-200%"),
        ("1 USD every month from 2027-01-31 to 2027-12-31 growing -100% every year", "E0213", "-100%"),
        ("1 USD every month from 2027-01-31 to 2027-12-31 growing 1 GW every year", "E0207", "1 GW"),
        (
            "1 USD every week from 0001-01-01 to 9999-12-31",
            "E0213",
            "flow rent \"Rent\" from Maker to others { 1 USD every week from 0001-01-01 to 9999-12-31 }",
        ),
        ("payed on first day", "E0112", "payed"),
    ] {
        let checked = flow(body);
        assert_eq!(checked.sources.text(only(&checked, code).primary.0), word, "{body}");
    }
    for (text, code, word) in [
        ("flow f \"F\" from Maker to Maker { 2027 1 USD }", "E0213", "Maker"),
        ("flow f \"F\" from others to others { 2027 1 USD }", "E0213", "others"),
        ("flow f \"F\" from Makr to others { 2027 1 USD }", "E0204", "Makr"),
        ("flow Maker \"F\" from Maker to others { 2027 1 USD }", "E0205", "Maker"),
    ] {
        let checked = program(text);
        assert_eq!(checked.sources.text(only(&checked, code).primary.0), word, "{text}");
    }
}

const TWO: &str = "flow f \"F\" from Maker to Buyer { series a { 2027 1 USD }; series b { 2027 2 USD } }\n";

#[test]
fn scenarios_and_lines() {
    let change = |text: &str| {
        let terms = clean(program(&format!("{TWO}scenario s from base {{ {text} }}")));
        terms.scenarios[0].changes[0].0.clone()
    };
    assert!(matches!(change("set f = b"), Change::Choose(_, 1)));
    assert!(matches!(change("move f by 3 days"), Change::MoveFlow(_, 3)));
    assert!(matches!(change("scale f by 50%"), Change::ScaleFlow(..)));
    assert!(matches!(change("drop f"), Change::DropFlow(_)));
    for (text, word) in
        [("set f = c", "c"), ("set f = 2", "2"), ("move f to 2027-01-01", "2027-01-01"), ("drop g", "g")]
    {
        let checked = program(&format!("{TWO}scenario s from base {{ {text} }}"));
        assert_eq!(checked.sources.text(only(&checked, "E0602").primary.0), word, "{text}");
    }
    let paid = clean(program(&format!("{TWO}2027-01-01 pay f 3 USD"))).lines[0].fact.clone();
    assert!(matches!(paid, Some(Fact::Flow { part: None, .. })), "{paid:?}");
    for (line, code, word) in [
        ("pay f 3 EUR", "E0207", "3 EUR"),
        ("pay f 3 USD by Buyer", "E0208", "Buyer"),
        ("minimum Maker 3 EUR", "E0207", "3 EUR"),
        ("minimum Maker -3 USD", "E0410", "-3 USD"),
        ("minimum Makr 3 USD", "E0204", "Makr"),
        ("undrawn Maker revolver 3 GW", "E0207", "3 GW"),
        ("undrawn Maker revolver 3 USD until 2026-01-01", "E0213", "2026-01-01"),
    ] {
        let checked = program(&format!("{TWO}2027-01-01 {line}"));
        assert_eq!(checked.sources.text(only(&checked, code).primary.0), word, "{line}");
    }
    clean(program("2027-01-01 known 2026-01-01 minimum Maker 0 USD \"covenant\""));
}
