//! Supplies in another currency at ends of quarters: what is owed follows the rate, what was paid ahead keeps its own.

use proforma::report::{self, Scope};

use crate::common::{checked_text, fact, number, with_run};

fn parties(seller: &str, buyer: &str) -> String {
    format!(
        "use \"rules/books/us-gaap.pf\"\nuse \"rules/books/ifrs.pf\"\nunit t\n\
         party S \"Seller\" {{ currency {seller}; class common; book us_gaap }}\nparty B \"Buyer\" {{ currency {buyer}; class common; book ifrs }}\n\
         2026-01-05 open S {{ cash 1 {seller} }}\n2026-01-05 open B {{ cash 1_000 {buyer} }}\n\
         2026-01-05 price rate(EUR in USD) 1.10 USD/EUR\n2026-03-31 price rate(EUR in USD) 1.20 USD/EUR\n2026-06-30 price rate(EUR in USD) 1.15 USD/EUR\n"
    )
}

fn holds(text: &str, expected: &[(&str, &str)]) {
    with_run(&checked_text(text), &[], |replay| {
        assert!(replay.register.refusals.is_empty(), "{:?}", replay.register.refusals);
        for (name, value) in expected {
            assert_eq!(fact(replay, name), Some(number(value)), "{name}");
        }
        for entity in ["S", "B"] {
            for name in ["statements", "revenue", "rpo", "balances", "cash"] {
                let scope = Scope { entity: Some(entity.into()), ..Scope::default() };
                let Ok(report) = report::build(name, replay, &scope) else { continue };
                for check in &report.checks {
                    assert_ne!(
                        check.holds(),
                        Some(false),
                        "{entity} {name}: {} {:?} {:?}",
                        check.claim,
                        check.left,
                        check.right
                    );
                }
            }
        }
    });
}

/// 100 EUR passed and billed in February at 1.10: 110. At the end of March 120, a gain of 10; at the end of June 115, a loss of 5; paid in
/// August at 1.15: nothing more. The buyer in euros owes 100 throughout.
#[test]
fn receivables_follow_the_rate() {
    let text = parties("USD", "EUR")
        + "contract k \"K\" between S as seller, B as buyer { signed 2026-01-05\n\
             supply g { 100 t definitive firm; price 1 EUR/t; pays rest 180 days after delivery; control passes at delivery } }\n\
           2026-02-02 deliver k.g 100 t\n2026-08-03 pay k.g 100 EUR\n";
    holds(
        &text,
        &[
            ("S.revenue in 2026", "110"),
            ("S.receivable in 2026-Q1", "120"),
            ("S.fx_gain_or_loss in 2026-Q1", "10"),
            ("S.receivable in 2026-Q2", "115"),
            ("S.fx_gain_or_loss in 2026-Q2", "-5"),
            ("S.fx_gain_or_loss in 2026-Q3", "0"),
            ("S.receivable in 2026-Q3", "0"),
            ("S.cash in 2026-Q3", "116"),
            ("B.payable in 2026-Q1", "100"),
        ],
    );
}

/// The buyer's side: 100 EUR owed by a buyer in dollars are 110, 120 and 115, a loss of 10 and a gain of 5.
#[test]
fn payables_follow_the_rate() {
    let text = parties("EUR", "USD")
        + "contract k \"K\" between S as seller, B as buyer { signed 2026-01-05\n\
             supply g { 100 t definitive firm; price 1 EUR/t; pays rest 180 days after delivery; control passes at delivery } }\n\
           2026-02-02 deliver k.g 100 t\n";
    holds(
        &text,
        &[
            ("B.payable in 2026-Q1", "120"),
            ("B.fx_gain_or_loss in 2026-Q1", "-10"),
            ("B.payable in 2026-Q2", "115"),
            ("B.fx_gain_or_loss in 2026-Q2", "5"),
            ("B.equipment in 2026-Q2", "110"),
            ("S.receivable in 2026-Q2", "100"),
        ],
    );
}

/// 40 EUR paid at signing are 44, and stay 44: a contract liability is no money to be paid. What is to come of the price, 100 EUR, is 110, then 120 and 115; the
/// 100 t pass in July: 44 and 60 × 1.15 = 69 are revenue of 113.
#[test]
fn what_was_paid_ahead_keeps_its_rate() {
    let text = parties("USD", "EUR")
        + "contract k \"K\" between S as seller, B as buyer { signed 2026-01-05\n\
             supply g { 100 t definitive firm; price 1 EUR/t; pays 40% of price on signing; pays rest 30 days after delivery; control passes at delivery } }\n\
           2026-01-05 pay k.g 40 EUR\n2026-07-06 deliver k.g 100 t\n2026-08-05 pay k.g 60 EUR\n";
    holds(
        &text,
        &[
            ("S.contract_liability in 2026-Q1", "44"),
            ("S.contract_liability in 2026-Q2", "44"),
            // The euros themselves lose: 40 × (1.15 − 1.20).
            ("S.fx_gain_or_loss in 2026-Q2", "-2"),
            ("S.rpo[k.g] in 2026-Q1", "120"),
            ("S.rpo[k.g] in 2026-Q2", "115"),
            ("S.revenue in 2026-Q3", "113"),
            ("S.rpo[k.g] in 2026-Q3", "0"),
        ],
    );
}

/// 1,000 USD and 100 EUR at 1.10 are 1,110. At the end of March the euros are 120, a gain of 10; 40 EUR come in May at 1.20, 48: 168 before June, 140 ×
/// 1.15 = 161 at its end, a loss of 7. Neither is a payment: they stand on a line of their own in the cash flows (ASC 830-230-45-1; IAS 7.28) and in the cash
/// report. 200 EUR are paid in July: 140 of them held, 60 bought on the day, so that nothing is left whose rate could change: 1,000 − 60 × 1.15 = 931.
#[test]
fn cash_follows_the_rate() {
    let text = parties("USD", "EUR").replace("cash 1 USD }", "cash 1_000 USD; cash 100 EUR }")
        + "contract k \"K\" between S as seller, B as buyer { signed 2026-01-05\n\
             supply g { 100 t definitive firm; price 1 EUR/t; pays rest on delivery; control passes at delivery } }\n\
           flow rent \"Rent\" from S to B { 200 EUR every month from 2026-07-06 to 2026-07-06 }\n\
           2026-05-04 deliver k.g 40 t\n2026-05-04 pay k.g 40 EUR\n2026-09-30 price rate(EUR in USD) 1.30 USD/EUR\n";
    for text in [text.clone(), text.replace("class common; book us_gaap", "class common; book ifrs")] {
        holds(
            &text,
            &[
                ("S.fx_gain_or_loss in 2026-Q1", "10"),
                ("S.cash in 2026-Q1", "1120"),
                ("S.closing_cash in 2026-Q1", "1120"),
                ("S.cash_inflows in 2026-Q1", "0"),
                ("S.fx_gain_or_loss in 2026-Q2", "-7"),
                ("S.cash in 2026-Q2", "1161"),
                ("S.closing_cash in 2026-Q2", "1161"),
                ("S.operating_cash_flow in 2026-Q2", "48"),
                ("S.fx_gain_or_loss in 2026-Q3", "0"),
                ("S.cash in 2026-Q3", "931"),
                ("S.closing_cash in 2026-Q3", "931"),
            ],
        );
        with_run(&checked_text(&text), &[], |replay| {
            let scope = Scope { entity: Some("S".into()), ..Scope::default() };
            for (name, line) in
                [("statements", "Effect of exchange rates on cash"), ("cash", "Effect of exchange rates on cash")]
            {
                let scope = Scope { period: proforma::time::PeriodName::parse("2026"), ..scope.clone() };
                let report = report::build(name, replay, &scope).unwrap();
                let style = proforma::render::Style { width: Some(160), color: false };
                let said = proforma::render::text::report(&report, &style);
                assert!(said.contains(line), "{said}");
            }
        });
    }
}
