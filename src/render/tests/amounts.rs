use super::*;
use crate::render::amount;
use crate::render::wrap;

#[test]
fn accounting_style() {
    let shown = |text: &str, scale| amount::figure(&figure(text), scale).text();
    assert_eq!(shown("1234.5", Scale::CENTS), "1,234.50");
    assert_eq!(shown("-1234.5", Scale::CENTS), "(1,234.50)");
    assert_eq!(shown("999", Scale::WHOLE), "999");
    assert_eq!(shown("1000", Scale::WHOLE), "1,000");
    assert_eq!(shown("-1000000", Scale::WHOLE), "(1,000,000)");
    assert_eq!(shown("20000000", Scale::THOUSANDS), "20,000");
    assert_eq!(shown("-1711350000", Scale::MILLIONS), "(1,711.35)");
    assert_eq!(shown("0", Scale::CENTS), "—");
    // Rounded to nothing is not nil, and keeps its sign.
    assert_eq!(shown("0.001", Scale::CENTS), "0.00");
    assert_eq!(shown("-0.001", Scale::CENTS), "(0.00)");
    // Halves go away from zero; one rounding, never two in a row.
    assert_eq!(shown("1250", Scale { power: 3, places: 1 }), "1.3");
    assert_eq!(shown("1249.99", Scale { power: 3, places: 1 }), "1.2");
    assert_eq!(shown("-1250", Scale { power: 3, places: 1 }), "(1.3)");
    // As many digits as a text may have.
    assert_eq!(shown("9999999999999999999999999999", Scale::WHOLE), "9,999,999,999,999,999,999,999,999,999");
    assert_eq!(shown("5", Scale { power: 40, places: 0 }), "5", "a scale that does not exist changes nothing");
}

#[test]
fn marks_and_gaps() {
    let marked = |text, basis| amount::figure(&amount(known(text), "USD", basis), Scale::CENTS).text();
    assert_eq!(marked("2.6", Basis::Forecast), "2.60F");
    assert_eq!(marked("-2.6", Basis::Forecast), "(2.60)F");
    assert_eq!(marked("2.6", Basis::Assumed), "2.60A");
    assert_eq!(marked("0", Basis::Forecast), "—");
    let missing = amount(Value::missing("a.b"), "USD", Basis::Forecast);
    assert_eq!(amount::figure(&missing, Scale::CENTS).text(), "n/a");
    assert_eq!(amount::percent(&figure("0.079"), "%").text(), "7.9%");
    assert_eq!(amount::percent(&figure("-0.2"), "").text(), "(20.0)");
    assert_eq!(amount::percent(&figure("0"), "").text(), "0.0");
    assert_eq!(amount::plain(&known("-1254600000.5")), "(1,254,600,000.5)");
    assert_eq!(amount::plain(&known("0")), "0");
    let level = |text, basis| amount::level(&amount(known(text), "GW", basis)).text();
    assert_eq!(level("1", Basis::Actual), "1.00");
    assert_eq!(level("2.6", Basis::Forecast), "2.60F");
    assert_eq!(level("0.125", Basis::Actual), "0.125");
    assert_eq!(level("12500000000", Basis::Actual), "12.50bn");
    assert_eq!(level("500000000", Basis::Forecast), "500.00mF");
}

#[test]
fn folding_never_cuts_a_word() {
    assert_eq!(wrap::fold("one two three", 7), ["one two", "three"]);
    assert_eq!(wrap::fold("a extraordinarily b", 5), ["a", "extraordinarily", "b"]);
    assert_eq!(wrap::fold("", 5), [""]);
    assert_eq!(wrap::fold("— — —", 3), ["— —", "—"]);
    assert_eq!(wrap::fold("  less: a b", 8), ["  less:", "  a b"]);
    assert_eq!(wrap::hang("  less: a b", 9), ["  less: a", "    b"]);
    assert_eq!(wrap::fold("kept  apart", 20), ["kept  apart"]);
    let pieces = ["one", "two", "", "three"].map(str::to_owned);
    assert_eq!(wrap::join(&pieces, "; ", 9), ["one; two;", "three"]);
}
