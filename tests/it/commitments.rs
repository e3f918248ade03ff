//! What is given for a commitment: warrants for money that may be drawn, fees of guarantees; options beside minimums; a
//! book's own shares and netted accounts.

use proforma::render::{Style, text};
use proforma::report::{self, Scope};

use crate::common::{checked_text, fact, number, with_run};

const PARTIES: &str = r#"
use "rules/books/us-gaap.pf"
use "rules/books/ifrs.pf"
unit t
party Bank "Bank, N.A." { currency USD; book us_gaap }
party Firm "Firm, Inc." { currency USD; class common par 0.01 USD/share, calendar weekdays; book us_gaap }
party Owner "Owner LP" { currency USD; book us_gaap }
2026-01-01 open Bank { cash 10bn USD }
2026-01-01 open Firm { cash 1bn USD; Firm.common 100m shares }
2026-01-01 open Owner { cash 1bn USD }
"#;

fn holds(text: &str, expected: &[(&str, &str)]) {
    let text = format!("{PARTIES}{text}");
    with_run(&checked_text(&text), &[], |replay| {
        for (name, value) in expected {
            assert_eq!(fact(replay, name), Some(number(value)), "{name}");
        }
        for entity in ["Bank", "Firm", "Owner"] {
            for name in ["statements", "debt", "balances"] {
                let scope = Scope { entity: Some(entity.into()), ..Scope::default() };
                let Ok(report) = report::build(name, replay, &scope) else { continue };
                for check in &report.checks {
                    assert_ne!(check.holds(), Some(false), "{entity} {name}: {}", check.claim);
                }
            }
        }
    });
}

/// 1,000m can be drawn in a year; for it the bank gets warrants worth 10m × 15 = 150m, a liability.
fn facility(more: &str) -> String {
    format!(
        "contract line \"A line\" between Bank as lender, Firm as borrower {{\n  signed 2026-01-01\n\
           loan facility of 1_000m USD {{ available to 2027-01-01; matures 2029-01-01; interest 6% every year, thirty_360 }}\n\
           warrant w over 10m shares of Firm.common at 5 USD/share, issuer Firm, holder Bank {{\n\
             expires 2036-01-01; exercise cash; adjusts for splits; given for facility\n\
             tranche T 10m shares {{ vests at signing; fair value 15 USD/share }}\n  }}\n}}\n\
         2026-01-01 judge line.w.T liability\n{more}"
    )
}

/// Nothing is drawn: 150m are a cost of the commitment from the grant on, 3/12 of it gone by the end of March, all by the end of the year.
/// At 18 a right the liability is 180m in June: a loss of 30m.
#[test]
fn nothing_is_drawn() {
    let text = facility("2026-06-30 value line.w.T 18 USD/share\n");
    let expected = [
        ("Firm.loan_commitment_cost on 2026-01-01", "150000000"),
        ("Firm.warrants_issued_liability on 2026-01-01", "150000000"),
        ("Bank.warrants_received on 2026-01-01", "150000000"),
        ("Bank.loan_commitment_fees on 2026-01-01", "150000000"),
        ("Firm.loan_commitment_cost in 2026-Q1", "112500000"),
        ("Firm.interest_expense in 2026-Q1", "37500000"),
        ("Bank.interest_income in 2026-Q1", "37500000"),
        ("Firm.warrants_issued_liability in 2026-Q2", "180000000"),
        ("Firm.warrant_remeasurement in 2026-Q2", "30000000"),
        ("Firm.loan_commitment_cost in 2027-Q1", "0"),
        ("Firm.interest_expense in 2026", "150000000"),
        ("Firm.debt_discount in 2027-Q1", "0"),
    ];
    holds(&text, &expected);
    let ifrs = text.clone();
    let parties = PARTIES.replace("book us_gaap", "book ifrs");
    with_run(&checked_text(&format!("{parties}{ifrs}")), &[], |replay| {
        for (name, value) in
            [("Firm.loan_commitment_cost in 2026-Q1", "112500000"), ("Firm.interest_expense in 2026", "150000000")]
        {
            assert_eq!(fact(replay, name), Some(number(value)), "{name}");
        }
    });
}

/// 400m drawn on 1 April: 112.5m × 400/1,000 = 45m are discount, 67.5m stay; 67.5 × 3/9 = 22.5m are gone by the end of June. The discount is
/// interest over the life of the draw: nothing is left in 2029.
#[test]
fn a_part_is_drawn() {
    holds(
        &facility("2026-04-01 draw line.facility 400m USD\n"),
        &[
            ("Firm.debt_discount on 2026-04-01", "-45000000"),
            ("Firm.loan_commitment_cost on 2026-04-01", "67500000"),
            ("Firm.loan_commitment_cost in 2026-Q2", "45000000"),
            ("Bank.loan_commitment_fees in 2026-Q2", "45000000"),
            ("Firm.loan_commitment_cost in 2027-Q1", "0"),
            ("Firm.debt_discount in 2029-Q1", "0"),
            ("Firm.debt in 2029-Q1", "0"),
        ],
    );
}

/// The contract is replaced at the end of June: what was left, 150 × 6/12 = 75m, goes with it.
#[test]
fn the_commitment_ends_early() {
    let text = facility(
        "contract later \"Another\" between Bank as lender, Firm as borrower { signed 2026-07-01; supersedes line }\n",
    );
    holds(
        &text,
        &[("Firm.loan_commitment_cost in 2026-Q2", "75000000"), ("Firm.loan_commitment_cost in 2026-Q3", "0")],
    );
}

/// Paid 72m for a guarantee worth 60m: 72m are promised, 72 × 3/60 = 3.6m of it income by the end of March, and nothing is owed the other way.
#[test]
fn a_fee_above_fair_value() {
    holds(
        "contract backstop \"A guarantee\" between Bank as guarantor, Owner as beneficiary, Firm as obligor {\n  signed 2026-01-01\n\
           guarantee rent of 860m USD, guarantor Bank, beneficiary Owner, obligor Firm { from 2026-01-01 to 2030-12-31; fair value 60m USD; fee 72m USD }\n}\n",
        &[
            ("Bank.guarantee_given in 2026", "0"),
            ("Bank.guarantee_liability on 2026-01-01", "72000000"),
            ("Bank.guarantee_income in 2026-Q1", "3600000"),
            ("Bank.guarantee_expense in 2026", "0"),
            ("Bank.guarantee_liability in 2031", "0"),
        ],
    );
}

/// 420 t under an option beside minimums of 4 × 100 t are 420 t: of 500 t delivered the last 100 are refused. Beyond them they are 820 t.
#[test]
fn options_count_towards_minimums() {
    let text = |beyond: &str| {
        format!(
            "{PARTIES}contract k \"Take or pay\" between Bank as seller, Firm as buyer {{\n  signed 2026-01-01\n\
               supply g {{ 420 t definitive option; price 1k USD/t; pays rest on delivery; control passes at delivery\n\
                 take or pay 100 t every quarter from 2026-01-01 to 2026-12-31{beyond} }}\n}}\n\
             2026-02-01 deliver k.g 400 t\n2026-03-01 deliver k.g 100 t\n"
        )
    };
    for (beyond, delivered, refused) in [("", "400", 1), (", options beyond", "500", 0)] {
        with_run(&checked_text(&text(beyond)), &[], |replay| {
            assert_eq!(fact(replay, "Bank.delivered_to_date[k.g] in 2026-Q1"), Some(number(delivered)));
            assert_eq!(replay.register.refusals.len(), refused, "{beyond}");
        });
    }
}

const OWN: &str = r#"
book own "Own" {
  account cash asset
  account capital equity
  account cost expense
  account owed liability
  policy premium = 1% cite "own rule"
  on open o as party { dr cash o.cash; cr capital rest } cite "own rule"
  keep cost(t) = premium * t.size * fair_value(t, grant) against owed as issuer cite "own rule"
}
"#;

/// 10m × 15 = 150m: 1 % is 1.5m, 2.5 % as a party chooses is 3.75m; 4 % from 2027 on by an `adopt` line, 6m.
#[test]
fn a_share_of_a_books_own() {
    let text = |chosen: &str, more: &str| {
        format!(
            "{OWN}party A \"A\" {{ currency USD; class common, calendar weekdays; book own{chosen} }}\nparty B \"B\" {{ currency USD }}\n\
             contract c \"C\" between A as issuer, B as holder {{\n  signed 2026-01-01\n\
               warrant w over 10m shares of A.common at 5 USD/share, issuer A, holder B {{\n\
                 expires 2036-01-01; exercise cash; adjusts for splits\n    tranche T 10m shares {{ vests at signing; fair value 15 USD/share }}\n  }}\n}}\n\
             2026-01-01 open A {{ cash 10 USD; A.common 100 shares }}\n{more}"
        )
    };
    let cost = |text: &str, period: &str| {
        with_run(&checked_text(text), &[], |replay| fact(replay, &format!("A.owed in {period}")))
    };
    assert_eq!(cost(&text("", ""), "2026"), Some(number("1500000")));
    assert_eq!(cost(&text(" { premium = 2.5% }", ""), "2026"), Some(number("3750000")));
    let later = text("", "2027-01-01 adopt A premium = 4% catch_up\n");
    assert_eq!(cost(&later, "2026"), Some(number("1500000")));
    assert_eq!(cost(&later, "2027"), Some(number("6000000")));
}

/// A book of other names: `report balances` has its accounts, netted where it nets them. Two contracts, one billed 30 ahead, one 20 behind.
#[test]
fn balances_read_the_book() {
    let book = |net: &str| {
        format!(
            "unit t\nbook own \"Own\" {{\n  account bank asset cash\n  account capital equity\n  account due asset monetary\n  account unbilled asset\n\
               account ahead liability\n  account sales income\n  {net}\n\
               on open o as party {{ dr bank o.cash; cr capital rest }} cite \"own\"\n\
               on bill b as seller {{ dr due b.amount; cr unbilled b.earned; cr unbilled b.ahead }} cite \"own\"\n\
               on transfer d as seller {{ dr ahead d.prepaid; dr unbilled d.price - d.prepaid; dr unbilled d.prepaid; cr ahead d.prepaid; cr sales d.price }} cite \"own\"\n\
               on pay p as seller {{ dr bank p.amount; cr due p.amount }} cite \"own\"\n}}\n\
             party S \"S\" {{ currency USD; book own }}\nparty B \"B\" {{ currency USD }}\n\
             contract k \"K\" between S as seller, B as buyer {{ signed 2026-01-01\n\
               supply g {{ 100 t definitive firm; price 1 USD/t; pays 30% of price on signing; pays rest on delivery; control passes at delivery }} }}\n\
             contract l \"L\" between S as seller, B as buyer {{ signed 2026-01-01\n\
               supply g {{ 100 t definitive firm; price 1 USD/t; pays 80% of price on delivery; pays rest on invoice; control passes at delivery }} }}\n\
             2026-01-01 open S {{ cash 5 USD }}\n2026-02-01 deliver l.g 100 t\n"
        )
    };
    let page = |net: &str| {
        with_run(&checked_text(&book(net)), &[], |replay| {
            let scope = Scope { entity: Some("S".into()), ..Scope::default() };
            let report = report::build("balances", replay, &scope).unwrap();
            text::report(&report, &Style { width: Some(160), ..Style::default() })
        })
    };
    let netted = page("net unbilled with ahead cite \"own\"");
    assert!(netted.contains("Unbilled") && netted.contains("Ahead"), "{netted}");
    assert!(netted.contains("one side for each contract"), "{netted}");
    assert!(!page("").contains("one side for each contract"));
}
