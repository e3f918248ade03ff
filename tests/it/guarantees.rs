//! Warrants issued with debt, guarantees, noncash consideration, leases: by hand.

use crate::common::{checked_text, fact, number, with_run};

use proforma::report::{self, Cell, Row, Scope};
use proforma::terms::Basis;
use proforma::time::{Date, PeriodName};

const PARTIES: &str = r#"
use "rules/books/us-gaap.pf"
party Maker "Maker, Inc." { currency USD; fiscal year ends 31 December; class common par 0.01 USD/share, calendar weekdays; book us_gaap }
party Cloud "Cloud, Inc." { currency USD; fiscal year ends 31 December; class common par 0.01 USD/share, calendar weekdays; book us_gaap }
party Owner "Owner LP" { currency USD; fiscal year ends 31 December; book us_gaap }
unit rack
2026-01-01 open Maker { Maker.common 100m shares; cash 10bn USD }
2026-01-01 open Cloud { Cloud.common 100m shares; cash 10bn USD }
2026-01-01 open Owner { cash 1bn USD }
"#;

/// A warrant of 10m rights, worth 15 each, and what it is given for.
fn warrant(issuer: &str, holder: &str, given: &str) -> String {
    format!(
        "warrant w over 10m shares of {issuer}.common at 5 USD/share, issuer {issuer}, holder {holder} {{
           expires 2036-01-01; exercise cash; adjusts for splits; given for {given}
           tranche T 10m shares {{ vests at signing; fair value 15 USD/share }}
         }}\n"
    )
}

/// Facts by name, and that the statements of all parties hold together.
fn hold(text: &str, expected: &[(&str, &str)]) {
    let checked = checked_text(&format!("{PARTIES}{text}"));
    holds(&checked, expected);
}

fn holds(checked: &proforma::check::Checked, expected: &[(&str, &str)]) {
    with_run(checked, &[], |replay| {
        for (name, value) in expected {
            assert_eq!(fact(replay, name), Some(number(value)), "{name}");
        }
        assert!(replay.register.refusals.is_empty());
        for entity in ["Maker", "Cloud", "Owner"] {
            let scope = Scope { entity: Some(entity.into()), period: PeriodName::parse("2026"), ..Scope::default() };
            let statements = report::build("statements", replay, &scope).unwrap();
            let failed: Vec<&str> =
                statements.checks.iter().filter(|c| c.holds() != Some(true)).map(|c| c.name).collect();
            assert!(failed.is_empty(), "{entity}: {failed:?}");
        }
    });
}

/// 1,000m received for a debt worth 950 by itself and warrants worth 10m × 15 = 150. As equity: 1,000 × 950/1,100 = 863.636364 and
/// 136.363636. As a liability: 150 first, 850 for the debt. The rates are 11.760435167 % (863.636364 × r − 80 = 21.567395 in the
/// first year) and 12.179684532 % (23.527319). Worth 18 a year later, a liability of 180: a loss of 30. The
/// lender shares out what it paid in the same way.
#[test]
fn debt_with_detachable_warrants() {
    let text = |judged: &str| {
        format!(
            "contract notes \"Notes and warrants\" between Maker as lender, Cloud as borrower {{
               signed 2026-01-01
               loan note of 1_000m USD {{
                 drawn at signing; matures 2031-01-01; interest 8% every year, thirty_360; fair value 950m USD
               }}
               {}
             }}
             {judged}
             2026-12-31 value notes.w 18 USD/share\n",
            warrant("Cloud", "Maker", "note")
        )
    };
    hold(
        &text(""),
        &[
            ("Cloud.debt_discount in 2026-Q1", "-131045648.65"),
            ("Cloud.warrants_issued_equity in 2026", "136363636.36"),
            ("Cloud.interest_expense in 2026", "101567394.62"),
            ("Cloud.warrant_remeasurement in 2026", "0"),
            ("Cloud.contra_revenue in 2026", "0"),
            // 136.363636 and 10m × (18 − 15) more.
            ("Maker.warrants_received in 2026", "166363636.36"),
        ],
    );
    hold(
        &text("2026-01-01 judge notes.w liability"),
        &[
            ("Cloud.warrants_issued_liability in 2026-Q1", "150000000"),
            ("Cloud.warrants_issued_liability in 2026", "180000000"),
            ("Cloud.warrant_remeasurement in 2026", "30000000"),
            ("Cloud.interest_expense in 2026", "103527318.52"),
            ("Maker.interest_income in 2026", "103527318.52"),
        ],
    );
}

fn guarantee(clauses: &str, more: &str) -> String {
    format!(
        "contract backstop \"A guarantee\" between Maker as guarantor, Owner as beneficiary, Cloud as obligor {{
           signed 2026-01-01
           guarantee rent of 860m USD, guarantor Maker, beneficiary Owner, obligor Cloud {{
             from 2026-01-01 to 2030-12-31
             {clauses}
           }}
           {more}
         }}\n"
    )
}

/// Worth 60m for 60 months, for a fee of 40m and nothing else: 60 owed, 40 received, 20 an expense; 1m a month is income. The
/// obligor's fee costs 40 × 12/60 = 8m a year. A loss of 25m is expected from June on: on top under US GAAP (ASC 326-20); under IFRS
/// the guarantee is carried at 60 × 54/60 = 54m by then, more than that.
#[test]
fn a_guarantee_for_a_fee() {
    let text = guarantee("fair value 60m USD; fee 40m USD; escrow 100m USD", "")
        + "2026-06-30 judge backstop.rent loss 25m USD\n";
    let both = [
        ("Maker.guarantee_given in 2026", "0"),
        ("Maker.guarantee_expense in 2026", "20000000"),
        ("Maker.guarantee_income in 2026-Q1", "3000000"),
        ("Maker.guarantee_liability in 2026", "48000000"),
        ("Maker.guarantee_exposure in 2026", "860000000"),
        ("Maker.guarantee_exposure in 2031", "0"),
        ("Maker.guarantee_liability in 2031", "0"),
        ("Cloud.guarantee_cost in 2026", "8000000"),
        ("Cloud.prepaid_guarantee in 2026", "32000000"),
        ("Cloud.cash_outflows[backstop.rent] in 2026", "40000000"),
    ];
    hold(&text, &[&both[..], &[("Maker.guarantee_loss in 2026", "25000000")]].concat());
    let ifrs = format!("{PARTIES}{text}").replace("us-gaap", "ifrs").replace("us_gaap", "ifrs");
    holds(&checked_text(&ifrs), &[&both[..], &[("Maker.guarantee_loss in 2026", "0")]].concat());
    // 70m are expected: 70 − 54 = 16m more than what is carried in June, 70 − 48 = 22m at the end of the year.
    let ifrs = ifrs.replace("loss 25m", "loss 70m");
    holds(
        &checked_text(&ifrs),
        &[("Maker.guarantee_loss in 2026-Q2", "16000000"), ("Maker.guarantee_loss in 2026", "22000000")],
    );
}

/// A guarantee for warrants (the fee): 10m × 15 = 150m received and owed, 150 × 3/60 = 7.5m of it income by the end of March. The
/// obligor's cost is the same, spread the same.
#[test]
fn a_guarantee_for_warrants() {
    let text = guarantee("", &warrant("Cloud", "Maker", "rent"));
    hold(
        &text,
        &[
            ("Maker.warrants_received in 2026", "150000000"),
            ("Maker.guarantee_liability in 2026-Q1", "142500000"),
            ("Maker.guarantee_income in 2026-Q1", "7500000"),
            ("Maker.guarantee_given in 2026", "0"),
            ("Maker.vendor_credit in 2026", "0"),
            ("Cloud.warrants_issued_equity in 2026", "150000000"),
            ("Cloud.guarantee_cost in 2026", "30000000"),
            ("Cloud.contra_revenue in 2026", "0"),
        ],
    );
}

/// Signed in January for the three years from July, worth 100m and given for a fee of 10m and 10m rights worth 15: 160m are
/// received, so that much is promised (ASC 460-10-30-2(a)), at signing (25-4), and nothing is paid for in advance. It is released over
/// 36 months: 160/36 = 4.444444 a month, by the end of July 4,444,444.44, of August 8,888,888.89, of September 13,333,333.33. The
/// obligor's cost is the same. What lies after the only day known is expected.
#[test]
fn a_guarantee_that_begins_later() {
    let text = guarantee("fair value 100m USD; fee 10m USD", &warrant("Cloud", "Maker", "rent"))
        .replace("from 2026-01-01 to 2030-12-31", "from 2026-07-01 to 2029-06-30");
    let both = [
        ("Maker.guarantee_liability in 2026-01", "160000000"),
        ("Maker.guarantee_given in 2026-01", "0"),
        ("Maker.guarantee_exposure in 2026-01", "860000000"),
        ("Maker.guarantee_income in 2026-Q2", "0"),
        ("Maker.guarantee_income in 2026-07", "4444444.44"),
        ("Maker.guarantee_income in 2026-08", "4444444.45"),
        ("Maker.guarantee_income in 2026-09", "4444444.44"),
        ("Maker.guarantee_expense in 2026", "0"),
        ("Maker.guarantee_liability in 2029-Q2", "0"),
        ("Cloud.prepaid_guarantee in 2026-01", "160000000"),
        ("Cloud.guarantee_cost in 2026-Q3", "13333333.33"),
        ("Cloud.prepaid_guarantee in 2029-Q2", "0"),
    ];
    hold(&text, &both);
    let ifrs = format!("{PARTIES}{text}").replace("us-gaap", "ifrs").replace("us_gaap", "ifrs");
    holds(&checked_text(&ifrs), &both);
    with_run(&checked_text(&format!("{PARTIES}{text}")), &[], |replay| {
        for booking in &replay.bookings {
            for (_, entry) in booking.journal.iter().filter(|(_, entry)| entry.date > Date::new(2026, 1, 1).unwrap()) {
                assert_eq!(entry.cause.basis, Basis::Forecast, "{}", entry.date);
                assert!(!entry.cause.parents.is_empty(), "{}", entry.date);
            }
        }
    });
}

/// Worth 1bn for 7 months, 142,857,142.857 a month: the parts add up to the whole to the cent. The contract ends
/// before the time of another begins: standing ready is over, and what was owed is income.
#[test]
fn months_of_a_guarantee_add_up() {
    let seven = guarantee("fee 1bn USD", "").replace("to 2030-12-31", "to 2026-07-31");
    hold(
        &seven,
        &[
            ("Maker.guarantee_income in 2026-01", "142857142.86"),
            ("Maker.guarantee_income in 2026-02", "142857142.85"),
            ("Maker.guarantee_income in 2026-03", "142857142.86"),
            ("Maker.guarantee_income in 2026", "1000000000"),
        ],
    );
    let ended = guarantee("fair value 60m USD; fee 40m USD", "").replace("from 2026-01-01", "from 2026-07-01")
        + "2026-05-15 terminate backstop\n";
    hold(
        &ended,
        &[
            ("Maker.guarantee_liability in 2026-Q1", "60000000"),
            ("Maker.guarantee_income in 2026-Q2", "60000000"),
            ("Maker.guarantee_liability in 2026-Q2", "0"),
            ("Maker.guarantee_exposure in 2026-Q2", "0"),
            ("Cloud.guarantee_cost in 2026-Q2", "40000000"),
        ],
    );
}

/// 60m over 60 months, of which three are over at the end of March; the contract is terminated in May, within the time: the
/// other 57m are income then, and of the fee of 40m the other 38m are cost.
#[test]
fn a_guarantee_ends_with_its_contract() {
    let ended = guarantee("fair value 60m USD; fee 40m USD", "") + "2026-05-15 terminate backstop\n";
    hold(
        &ended,
        &[
            ("Maker.guarantee_income in 2026-Q1", "3000000"),
            ("Maker.guarantee_income in 2026-Q2", "57000000"),
            ("Maker.guarantee_liability in 2026-Q2", "0"),
            ("Maker.guarantee_exposure in 2026-Q2", "0"),
            ("Maker.guarantee_income in 2026-Q3", "0"),
            ("Cloud.guarantee_cost in 2026-Q1", "2000000"),
            ("Cloud.guarantee_cost in 2026-Q2", "38000000"),
        ],
    );
}

/// A guarantee given for a customer: its value of 60m is consideration payable to it, earned by 100 racks. 40 are delivered by June:
/// revenue 40 × 5m less 24m; 36m stay an asset; the liability is released all the same.
#[test]
fn a_guarantee_for_a_customer() {
    let text = "contract racks \"Racks\" between Maker as seller, Cloud as buyer {
           signed 2026-01-01
           supply racks { 100 rack definitive firm; price 5m USD/rack; pays rest on delivery; control passes at delivery }
           counter delivered = sum rack over delivery racks by anyone since signed
         }\n"
    .to_owned()
        + &guarantee("fair value 60m USD; earned over 0 rack to 100 rack of racks.delivered", "")
        + "2026-05-29 deliver racks.racks 40 rack\n2026-05-29 pay racks.racks 200m USD\n";
    hold(
        &text,
        &[
            ("Maker.customer_incentive in 2026-Q1", "60000000"),
            ("Maker.customer_incentive in 2026-Q2", "36000000"),
            ("Maker.contra_revenue in 2026-Q2", "24000000"),
            ("Maker.revenue in 2026-Q2", "200000000"),
            ("Maker.guarantee_income in 2026-Q2", "3000000"),
            ("Maker.guarantee_liability in 2026-Q2", "54000000"),
            ("Maker.guarantee_expense in 2026", "0"),
            ("Maker.guarantee_given in 2026", "0"),
        ],
    );
}

/// A customer pays 300m in cash and 10m of its own rights worth 15 at the beginning for 100 racks: 450m, 4.5m each. 40 delivered:
/// 120 + 60 = 180m of revenue. Worth 21 in December, they gain 60m, outside revenue. 90m are received ahead of what is delivered.
#[test]
fn a_customer_pays_with_its_own_warrants() {
    let text = format!(
        "contract racks \"Racks\" between Maker as seller, Cloud as buyer {{
           signed 2026-01-01
           supply goods {{ 100 rack definitive firm; price 3m USD/rack; pays rest on delivery; control passes at delivery }}
           {}
         }}
         2026-05-29 deliver racks.goods 40 rack\n2026-05-29 pay racks.goods 120m USD\n2026-12-31 value racks.w 21 USD/share\n",
        warrant("Cloud", "Maker", "goods")
    );
    hold(
        &text,
        &[
            ("Maker.revenue in 2026", "180000000"),
            ("Maker.warrants_received in 2026-Q1", "150000000"),
            ("Maker.warrants_received in 2026", "210000000"),
            ("Maker.warrant_gains in 2026", "60000000"),
            ("Maker.noncash_due in 2026", "-90000000"),
            ("Maker.contra_revenue in 2026", "0"),
            ("Cloud.equipment in 2026", "180000000"),
            ("Cloud.warrants_issued_equity in 2026", "60000000"),
        ],
    );
}

fn lease(more: &str) -> String {
    format!(
        "contract site \"A hall\" between Owner as lessor, Cloud as lessee {{
           signed 2026-01-01
           lease hall {{ commences 2026-01-01 until 2030-12-31; payments 100m USD every year from 2027-01-01 to 2031-01-01; rate 7% }}
         }}\n{more}"
    )
}

/// L1: 100 a year in arrears for five years at 7 %: 100/1.07 + … + 100/1.07^5 = 410.019744. A finance lease costs 410.019744/5 =
/// 82.003949 and 410.019744 × 7 % = 28.701382 in the first year, 110.705331; in the second 82.003949 + (438.721126 − 100) × 7 % =
/// 23.710479. An operating lease costs 100 a year; the asset is 410.019744 − 100 + 28.701382 = 338.721126 after the first.
#[test]
fn a_lease() {
    let finance = [
        ("Cloud.right_of_use in 2026-Q1", "389518756.41"),
        ("Cloud.amortisation in 2026", "82003948.72"),
        ("Cloud.interest_expense in 2026", "28701382.05"),
        ("Cloud.interest_expense in 2027", "23710478.8"),
        ("Cloud.right_of_use in 2030", "0"),
        ("Cloud.cash_outflows[site.hall] in 2027", "100000000"),
    ];
    let more =
        [("Cloud.lease_liability_finance in 2026", "438721125.64"), ("Cloud.lease_liability_finance in 2031", "0")];
    hold(&lease("2026-01-01 judge site.hall finance\n"), &[&finance[..], &more].concat());
    hold(
        &lease(""),
        &[
            ("Cloud.lease_cost in 2026", "100000000"),
            ("Cloud.lease_cost in 2028", "100000000"),
            ("Cloud.right_of_use in 2026", "338721125.64"),
            ("Cloud.lease_liability_operating in 2026", "438721125.64"),
            ("Cloud.right_of_use in 2030", "0"),
            ("Owner.lease_income in 2026", "100000000"),
            ("Owner.deferred_rent in 2027", "100000000"),
        ],
    );
    let ifrs = format!("{PARTIES}{}", lease("")).replace("us-gaap", "ifrs").replace("us_gaap", "ifrs");
    holds(&checked_text(&ifrs), &[&finance[..], &[("Cloud.lease_liability in 2026", "438721125.64")]].concat());
}

/// What is leased without cash is in no section (ASC 230-10-50-3; 842-20-50-4(g)(2)). Asset and liability begin at 410.019744; in 2026 the year
/// costs 100 and no cash: the liability grows by 28.701382 to 438.721126, the asset falls by 71.298618 to 338.721126.
/// 28.701382 + 71.298618 = 100.
#[test]
fn an_asset_leased_is_in_no_cash_flow() {
    let checked = checked_text(&format!("{PARTIES}{}", lease("")));
    with_run(&checked, &[], |replay| {
        let scope = Scope { entity: Some("Cloud".into()), period: PeriodName::parse("2026"), ..Scope::default() };
        let report = report::build("statements", replay, &scope).unwrap();
        assert!(report.checks.iter().all(|check| check.holds() == Some(true)));
        let year = |title: &str, line: &str| {
            let table = report.tables.iter().find(|table| table.title == title).unwrap();
            let cells = table.rows.iter().find_map(|row| match row {
                Row::Cells { cells, .. } if matches!(&cells[0], Cell::Text(text) if text == line) => cells.last(),
                _ => None,
            });
            match cells {
                Some(Cell::Figure(figure)) => figure.amount.known().map(|amount| amount.to_string()),
                _ => None,
            }
        };
        for (title, line, expected) in [
            ("Cash flows", "Right-of-use assets", "71298617.95"),
            ("Cash flows", "Operating lease liabilities", "28701382.05"),
            ("Cash flows", "Cash from operating activities", "0"),
            ("Cash flows", "Cash from investing activities", "0"),
            ("Non-cash investing and financing", "Right-of-use assets", "410019743.59"),
            ("Non-cash investing and financing", "Operating lease liabilities", "410019743.59"),
        ] {
            assert_eq!(year(title, line).as_deref(), Some(expected), "{title}: {line}");
        }
    });
}

/// Signed in January for four years from 2027 on: 50m are paid at signing (what was due two weeks before) and in April, July and October, then
/// 100m a year from 2028 on. The 200m are prepaid rent until the use begins, and a part of the asset then (ASC 842-20-30-5; IFRS
/// 16.24(b)): 100/1.07 + … + 100/1.07^4 = 338.721126 are owed, 538.721126 is the asset. An operating lease costs (200 + 400)/4 =
/// 150m a year; a finance lease 538.721126/4 = 134.680281 and interest of 338.721126 × 7 % = 23.710479.
#[test]
fn rent_before_the_use() {
    let text = |judged: &str| {
        lease(judged)
            .replace("signed 2026-01-01", "signed 2026-01-15")
            .replace("commences 2026", "commences 2027")
            .replace(
                "payments 100m USD every year from 2027",
                "payments 50m USD every quarter from 2026-01-01 to 2026-10-01; payments 100m USD every year from 2028",
            )
    };
    let both = [
        ("Cloud.cash_outflows[site.hall] in 2026", "200000000"),
        ("Cloud.prepaid_rent in 2026-Q1", "50000000"),
        ("Cloud.prepaid_rent in 2026", "200000000"),
        ("Cloud.right_of_use in 2026", "0"),
        ("Cloud.prepaid_rent in 2027-Q1", "0"),
        ("Cloud.right_of_use in 2030", "0"),
        ("Owner.deferred_rent in 2026", "-200000000"),
        ("Owner.lease_income in 2026", "0"),
        ("Owner.lease_income in 2027", "150000000"),
        ("Owner.deferred_rent in 2031", "0"),
    ];
    let operating = [
        ("Cloud.lease_cost in 2027", "150000000"),
        ("Cloud.lease_cost in 2030", "150000000"),
        ("Cloud.lease_liability_operating in 2027", "362431604.45"),
        // 538.721126 − 150 + 23.710479.
        ("Cloud.right_of_use in 2027", "412431604.45"),
        ("Cloud.lease_liability_operating in 2031", "0"),
    ];
    hold(&text(""), &[&both[..], &operating].concat());
    let finance = [
        ("Cloud.amortisation in 2027", "134680281.41"),
        ("Cloud.interest_expense in 2027", "23710478.8"),
        ("Cloud.right_of_use in 2027", "404040844.24"),
    ];
    hold(&text("2027-01-01 judge site.hall finance\n"), &[&both[..], &finance].concat());
    let ifrs = format!("{PARTIES}{}", text("")).replace("us-gaap", "ifrs").replace("us_gaap", "ifrs");
    holds(&checked_text(&ifrs), &[&both[..], &finance].concat());
}

/// Capacity that is judged to be a lease: what passes is rent, and none of it a remaining performance obligation.
#[test]
fn lease_or_service() {
    let text = |judged: &str| {
        format!(
            "contract hosting \"Capacity\" between Cloud as seller, Maker as buyer {{
               signed 2026-01-01
               supply capacity {{
                 36 rack definitive firm; price 10m USD/rack; pays rest on delivery
                 control passes evenly from 2026-01-01 to 2028-12-31
               }}
             }}\n2026-01-01 order hosting.capacity 36 rack\n{judged}2026-12-31 price close(Maker.common) 10 USD/share\n"
        )
    };
    // 360m over 1,096 days; 365 of them pass in the first year: 119,890,510.95, and 240,109,489.05 are left.
    hold(
        &text(""),
        &[
            ("Cloud.revenue in 2026", "119890510.95"),
            ("Cloud.lease_income in 2026", "0"),
            ("Cloud.rpo in 2026", "240109489.05"),
        ],
    );
    hold(
        &text("2026-01-01 judge hosting.capacity lease_income \"one named cluster, no right to swap it\"\n"),
        &[("Cloud.revenue in 2026", "0"), ("Cloud.lease_income in 2026", "119890510.95"), ("Cloud.rpo in 2026", "0")],
    );
}
