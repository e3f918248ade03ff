//! Earnings per share where classes take part: each figure of income is shared by itself, each class has its table, and
//! the paragraphs are those of the book in use.

use proforma::render::{Style, text};
use proforma::report::{self, Scope};

use crate::common::{checked_text, fact, number, with_run};

fn maker(book: &str, classes: &str, open: &str, earnings: &str) -> String {
    format!(
        "use \"rules/books/us-gaap.pf\"\nuse \"rules/books/ifrs.pf\"\n\
         party M \"Maker\" {{ currency USD; class common; {classes}; book {book} }}\n\
         2027-01-01 open M {{ M.common 100m shares; {open} }}\n2027-04-20 earnings M 2027-Q1 {{ {earnings} }}\n"
    )
}

fn holds(text: &str, expected: &[(&str, &str)]) {
    with_run(&checked_text(text), &[], |replay| {
        for (name, value) in expected {
            assert_eq!(fact(replay, &format!("M.{name} in 2027-Q1")), Some(number(value)), "{name}\n{text}");
        }
    });
}

fn shown(text: &str) -> String {
    with_run(&checked_text(text), &[], |replay| {
        text::report(
            &report::build("eps", replay, &Scope::default()).unwrap(),
            &Style { width: Some(240), ..Style::default() },
        )
    })
}

/// 100m common, 20m preferred that take part one for one. Continuing 60m: 60 × 100/120 / 100 = 0.5. Net 45m: 45 × 100/120 / 100 = 0.375, so
/// discontinued −0.125. Of a preferred share: 60 × 20/120 / 20 = 0.5 and 45 × 20/120 / 20 = 0.375.
#[test]
fn each_figure_is_shared_by_itself() {
    let text = maker(
        "us_gaap",
        "class preferred participates 1",
        "M.preferred 20m shares",
        "continuing 60m USD; net_income 45m USD",
    );
    holds(
        &text,
        &[
            ("eps_basic", "0.5"),
            ("eps_diluted", "0.5"),
            ("eps_net_basic", "0.375"),
            ("eps_net_diluted", "0.375"),
            ("eps_basic[M.preferred]", "0.5"),
            ("eps_net_basic[M.preferred]", "0.375"),
            ("eps_numerator_basic[M.preferred]", "10000000"),
            ("eps_shares_basic[M.preferred]", "20000000"),
        ],
    );
    let page = shown(&text);
    for row in [
        "Discontinued operations, basic",
        "(0.13)",
        "Earnings per share of M.preferred, which takes part with M.common",
    ] {
        assert!(page.contains(row), "{row}\n{page}");
    }
}

/// A loss of 12m is not shared: −12/100 = −0.12. Net income of 24m is: 24 × 100/120 / 100 = 0.2. The preferred have nothing of the one and
/// 24 × 20/120 = 4m of the other.
#[test]
fn a_loss_beside_income() {
    let text = maker(
        "us_gaap",
        "class preferred participates 1",
        "M.preferred 20m shares",
        "continuing -12m USD; net_income 24m USD",
    );
    holds(
        &text,
        &[
            ("eps_basic", "-0.12"),
            ("eps_net_basic", "0.2"),
            ("eps_basic[M.preferred]", "0"),
            ("eps_net_basic[M.preferred]", "0.2"),
        ],
    );
}

/// The test is of continuing income, 110m: 110 × 100/110 / 100 = 1 against 110/130 = 0.846154 as 30m shares. Net income of 130m follows it: basic
/// 130 × 100/110 = 118.18181818m, diluted 130/130 = 1.
#[test]
fn what_counts_as_shares_takes_no_part_in_net_income() {
    let text = maker(
        "us_gaap",
        "class preferred participates 1",
        "M.preferred 10m shares",
        "continuing 110m USD; net_income 130m USD; convertible preferred 30m shares",
    );
    holds(
        &text,
        &[("eps_basic", "1"), ("eps_diluted", "0.846154"), ("eps_net_basic", "1.181818"), ("eps_net_diluted", "1")],
    );
}

/// 27m and 10m paid, of 65m; 28m are left, of which the preferred have 28 × 20/120 = 4.66666667: 27 + 4.66666667 = 31.66666667 over 20m
/// shares, 1.583333; common 65 − 31.66666667 = 33.33333333 over 100m. Net of 53m: 16 × 20/120 = 2.66666667, 29.66666667/20 = 1.483333.
#[test]
fn a_class_has_what_was_paid_and_its_part() {
    let text = maker(
        "us_gaap",
        "class preferred participates 1",
        "M.preferred 20m shares; cash 100m USD",
        "continuing 65m USD; net_income 53m USD",
    ) + "2027-02-01 dividend M.preferred 27m USD\n2027-02-01 dividend M.common 10m USD\n";
    holds(
        &text,
        &[
            ("eps_basic", "0.333333"),
            ("eps_basic[M.preferred]", "1.583333"),
            ("eps_net_basic[M.preferred]", "1.483333"),
        ],
    );
}

/// A class that takes no part has no earnings per share, and its dividends go before: net 45m − 5m over 100m.
#[test]
fn a_class_that_takes_no_part() {
    let text = maker(
        "us_gaap",
        "class preferred",
        "M.preferred 20m shares; cash 10m USD",
        "continuing 60m USD; net_income 45m USD",
    ) + "2027-02-01 dividend M.preferred 5m USD\n";
    holds(&text, &[("eps_basic", "0.55"), ("eps_net_basic", "0.4")]);
    let page = shown(&text);
    assert!(!page.contains("Earnings per share of M.preferred"), "{page}");
    assert!(page.contains("M.preferred takes no part in income beyond its dividends"), "{page}");
}

/// Paragraphs come from the book of the party; a book without them has none.
#[test]
fn the_book_cites() {
    let options = "continuing 60m USD; net_income 45m USD; average 50 USD/share; options o 10m shares at 30 USD/share, unrecognised 1m USD";
    let text = |book| maker(book, "class preferred participates 1", "M.preferred 20m shares", options);
    let (american, international) = (shown(&text("us_gaap")), shown(&text("ifrs")));
    for cite in
        ["ASC 260-10-45-18", "ASC 260-10-45-10", "ASC 260-10-45-60, -61A", "ASC 260-10-45-23", "ASC 260-10-45-17, -18"]
    {
        assert!(american.contains(cite), "{cite}\n{american}");
    }
    assert!(!international.contains("ASC") && !international.contains("260-10"), "{international}");
    for cite in ["IAS 33.42", "IAS 33.10", "IAS 33.A14", "IAS 33.45, .46", "IAS 33.41, .44", "IAS 33.24"] {
        assert!(international.contains(cite), "{cite}\n{international}");
    }
    let own = text("own")
        + "book own \"Own\" { account cash asset; account equity equity; on open o as party { dr cash o.cash; cr equity rest } cite \"own\" }\n";
    let page = shown(&own);
    assert!(page.contains("control number") && !page.contains("260-10") && !page.contains("IAS"), "{page}");
}

/// Preferred shares that no line opens: a contract of the run issued them on the first day, so 60 × 100/120 / 100 = 0.5 and 60 × 20/120 / 20 = 0.5.
#[test]
fn a_class_that_the_run_issued() {
    let text = maker(
        "us_gaap",
        "class preferred participates 1",
        "cash 5 USD",
        "continuing 60m USD; net_income 45m USD",
    ) + "party F \"Fund\" { currency USD; book us_gaap }\n\
           contract c \"Round\" between F as investor, M as company {\n  signed 2026-12-01\n\
             investment i of 20m USD in M.preferred, company M, investor F {\n    price 1 USD/share\n    tranche a 20m USD { called on 2027-01-01 }\n  }\n}\n\
           2027-01-01 fund c.i.a 20m USD\n";
    holds(&text, &[("eps_basic", "0.5"), ("eps_net_basic", "0.375"), ("eps_basic[M.preferred]", "0.5")]);
}
