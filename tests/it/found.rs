//! What fuzzing found, each as small as it could be made.

use proforma::report::{self, Scope};

use crate::common::{checked_text, fact, number, with_run};

const DEAL: &str = r#"
use "rules/books/us-gaap.pf"
party Maker "Maker, Inc." { currency USD; class common par 0.01 USD/share, calendar nyse; book us_gaap }
party Buyer "Buyer LLC" { currency USD; book us_gaap }
contract deal "Deal" between Maker as seller, Buyer as buyer {
  signed 2026-01-05
  supply chips { 10 GW definitive firm; price 1 USD/GW; pays rest on delivery; control passes at delivery }
  counter got = sum GW over delivery chips by anyone since signed
  warrant w over 2 shares of Maker.common at 1 USD/share, issuer Maker, holder Buyer {
    expires 2030-10-04; exercise cash; adjusts for splits; fair value 0.01 USD/share
    tranche T1 1 shares { vests when got >= 2 GW; earned over 0 GW to 2 GW of got }
    tranche T2 1 shares { vests when got >= 2 GW; earned over 0 GW to 2 GW of got }
  }
}
"#;

/// Each of two tranches costs a cent, and half of its two gigawatts is delivered: half a cent each is still to be earned,
/// together one cent. 9 GW × 1 USD − 0.01 = 8.99. Rounded one by one they would make two cents, and the check would fail.
#[test]
fn a_backlog_is_rounded_once() {
    let lines = "2026-01-06 judge deal.w.T1 probable\n2026-01-06 judge deal.w.T2 probable\n2026-02-02 deliver deal.chips 1 GW\n";
    let checked = checked_text(&format!("{DEAL}{lines}"));
    with_run(&checked, &[], |replay| {
        assert_eq!(fact(replay, "Maker.rpo[deal.chips] in 2026-Q1"), Some(number("8.99")));
        let report = report::build("revenue", replay, &Scope::default()).unwrap();
        assert!(report.checks.len() > 2);
        for check in &report.checks {
            assert_eq!(check.holds(), Some(true), "{check:?}");
        }
    });
}

/// T1 would vest at 2 GW by the middle of 2026 and lapses before; who judges it probable afterwards changes nothing. T2 was
/// judged in time. 10 GW × 1 USD − 0.01 = 9.99.
#[test]
fn a_judgement_after_the_lapse_changes_nothing() {
    let deal =
        DEAL.replace("T1 1 shares { vests when got >= 2 GW;", "T1 1 shares { by 2026-06-30; vests when got >= 2 GW;");
    let lines = "2026-02-02 judge deal.w.T2 probable\n2026-08-03 judge deal.w.T1 probable\n";
    let checked = checked_text(&format!("{deal}{lines}"));
    with_run(&checked, &[], |replay| {
        assert_eq!(fact(replay, "Maker.rpo[deal.chips] in 2026-Q3"), Some(number("9.99")));
        for check in &report::build("revenue", replay, &Scope::default()).unwrap().checks {
            assert_eq!(check.holds(), Some(true), "{check:?}");
        }
    });
}

/// Before signing, and of nothing because a scenario scaled it away: the first of the two in docs/SEMANTICS.md is given.
#[test]
fn refusals_keep_their_order_for_a_quantity_of_nothing() {
    let lines = "2026-01-02 forecast f: deliver deal.chips 1 GW\nscenario none \"none\" from base { scale f by 0% }\n";
    let checked = checked_text(&format!("{DEAL}{lines}"));
    for scenarios in [&[][..], &["none"]] {
        with_run(&checked, scenarios, |replay| {
            let codes: Vec<&str> = replay.register.refusals.iter().map(|r| r.kind.code()).collect();
            assert_eq!(codes, ["R02"]);
        });
    }
}

/// Both vest on one day, and each is exercisable once the other has vested: three moves of two tranches, and no fault.
#[test]
fn tranches_that_clear_each_other() {
    let deal = DEAL
        .replace("T1 1 shares { vests when got >= 2 GW;", "T1 1 shares { vests at signing; exercisable when T2 vested;")
        .replace(
            "T2 1 shares { vests when got >= 2 GW;",
            "T2 1 shares { vests at signing; exercisable when T1 vested;",
        );
    with_run(&checked_text(&deal), &[], |replay| {
        assert_eq!(fact(replay, "Maker.cleared[deal.w] in 2026-Q1"), Some(number("2")));
    });
}

/// T2 waits for an exercise of T1, and nothing else happens afterwards: it vests on the day of the exercise.
#[test]
fn an_exercise_is_read_by_conditions_on_its_day() {
    let deal = DEAL
        .replace("T1 1 shares { vests when got >= 2 GW;", "T1 1 shares { vests at signing;")
        .replace("T2 1 shares { vests when got >= 2 GW;", "T2 1 shares { vests when T1 exercised;");
    let lines = "2026-01-05 open Maker { Maker.common 100 shares }\n2026-05-04 exercise deal.w.T1 1 shares cash\n";
    with_run(&checked_text(&format!("{deal}{lines}")), &[], |replay| {
        assert_eq!(fact(replay, "Maker.vested[deal.w.T2] in 2026-05-04"), Some(number("1")));
    });
}

/// An option delivered without an order: 10 GW were firm, 11 are delivered, and nothing is left to come.
#[test]
fn more_delivered_than_was_firm_leaves_no_backlog() {
    let deal = DEAL.replace("10 GW definitive firm;", "10 GW definitive firm; 5 GW definitive option;");
    let checked = checked_text(&format!("{deal}2026-02-02 deliver deal.chips 11 GW\n"));
    with_run(&checked, &[], |replay| {
        for check in &report::build("revenue", replay, &Scope::default()).unwrap().checks {
            assert_ne!(check.holds(), Some(false), "{check:?}");
        }
    });
}

/// 3 for 2 of two tranches of one share each: each becomes one share, the halves are dropped, and two are granted, not
/// three.
#[test]
fn a_split_that_drops_fractions_is_accounted_for() {
    let checked = checked_text(&format!("{DEAL}2026-02-02 split Maker.common 3 for 2\n"));
    with_run(&checked, &[], |replay| {
        for check in &report::build("warrants", replay, &Scope::default()).unwrap().checks {
            assert_ne!(check.holds(), Some(false), "{check:?}");
        }
    });
}

/// 4 USD / 3 is 1.33 USD in the legal ledger as in the book.
#[test]
fn opening_cash_is_in_cents() {
    let text = "use \"rules/books/us-gaap.pf\"\nparty Maker \"Maker\" { currency USD; book us_gaap }\n2026-01-05 open Maker { cash 4 USD / 3 }\n";
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
        let report = report::build("summary", replay, &Scope::default()).unwrap();
        let ties = report.checks.iter().find(|check| check.name == "cash_ties").unwrap();
        assert_eq!(ties.left, proforma::terms::Value::Known(number("1.33")));
        assert_eq!(ties.holds(), Some(true));
    });
}

const ROUND: &str = r#"
party Fund "Fund LP" { currency USD; class common par 0.01 USD/share, calendar weekdays }
party Partner "Partner LP" { currency USD }
party Startup "Startup, Inc." { currency USD; class common par 0.01 USD/share, authorised 100 shares, calendar weekdays }
2026-01-05 open Startup { Startup.common 50 shares }
"#;

/// A round of 100 USD: a quarter is Partner's.
fn round(price: &str, clauses: &str) -> String {
    format!(
        "{ROUND}contract round \"Round\" between Fund as investor, Startup as company, Partner as co_investor {{
           signed 2026-03-02
           investment new of 100 USD in Startup.common, company Startup, investor Fund {{ price {price}; {clauses} }}
         }}\n"
    )
}

/// Balances at the end of `OWNER NAME COMMODITY`, and the codes of refusals.
fn ended(text: &str, accounts: &[(&str, &str, &str)]) -> (Vec<String>, Vec<&'static str>) {
    let checked = checked_text(text);
    let mut found = (Vec::new(), Vec::new());
    with_run(&checked, &[], |replay| {
        let held = |(owner, name, commodity): &(&str, &str, &str)| {
            let mine = replay
                .register
                .chart
                .iter()
                .filter(|(_, a)| (&*a.owner, &*a.name, &*a.commodity) == (*owner, *name, *commodity));
            let balances = mine.map(|(id, _)| replay.end().state.balances.get(id));
            proforma::num::Number::sum(balances).unwrap().to_string()
        };
        let refused = replay.register.refusals.iter().map(|r| r.kind.code()).collect();
        found = (accounts.iter().map(held).collect(), refused);
    });
    found
}

/// On the day after its deadline 5 USD of A are called, and B, which waits for that, on the same day.
#[test]
fn a_deadline_is_read_by_conditions_on_its_day() {
    let text = round(
        "10 USD/share",
        "tranche A 60 USD { called by Startup; by 2026-06-30 else 5 USD }; tranche B 40 USD { called when A called }",
    );
    with_run(&checked_text(&text), &[], |replay| {
        assert_eq!(fact(replay, "Startup.called[round.new.B] in 2026-07-01"), Some(number("40")));
    });
}

/// Fund has paid its 75 USD; the other 25 are Partner's, whoever the line names or not.
#[test]
fn nobody_pays_for_another_who_is_late() {
    let text = round("10 USD/share", "syndicated 25% to Partner; tranche A 100 USD { called at signing }")
        + "2026-03-03 fund round.new.A 75 USD by Fund\n2026-03-04 fund round.new.A 25 USD\n";
    let cash = [("Fund", "cash", "USD"), ("Partner", "cash", "USD")];
    assert_eq!(ended(&text, &cash).0, ["-75", "-25"]);
}

/// 100 USD at 1.50 are 50 shares for Fund and 16 for Partner: each alone fits below the 50 still authorised, both do not.
#[test]
fn a_syndicate_is_within_what_is_authorised_together() {
    let text = round("1.50 USD/share", "syndicated 25% to Partner; tranche A 100 USD { called at signing }")
        + "2026-03-03 fund round.new.A 100 USD\n";
    let shares = [("Fund", "shares", "Startup.common"), ("Startup", "cash", "USD")];
    assert_eq!(ended(&text, &shares), (vec!["0".to_owned(), "0".to_owned()], vec!["R16"]));
}

/// Two for one before signing: 10 USD is the price of a new share, and 100 USD buy 10.
#[test]
fn a_stated_price_follows_no_split_before_signing() {
    let text = round("10 USD/share", "tranche A 100 USD { called at signing }")
        + "2026-02-02 split Startup.common 2 for 1\n2026-03-03 fund round.new.A 100 USD\n";
    assert_eq!(ended(&text, &[("Fund", "shares", "Startup.common")]).0, ["10"]);
}

/// A letter of intent: what was called is promised once, however often it is forecast.
#[test]
fn a_promise_is_moved_once() {
    let text = round("10 USD/share", "tranche A 100 USD { called at signing }")
        .replace("signed 2026-03-02", "signed 2026-03-02; standing letter of intent")
        + "2026-03-03 forecast fund round.new.A 100 USD\n2026-03-04 forecast fund round.new.A 100 USD\n";
    let promised = [("Startup", "promised_cash", "USD")];
    assert_eq!(ended(&text, &promised), (vec!["100".to_owned()], vec!["R20"]));
}

/// Fund's shares have no close on the day, and Startup's are too many: the first of the two in docs/SEMANTICS.md.
#[test]
fn no_price_goes_before_too_many_shares() {
    let text = round("1 USD/share", "funded in shares of Fund.common; tranche A 100 USD { called at signing }")
        + "2026-03-03 fund round.new.A 100 USD\n";
    assert_eq!(ended(&text, &[]).1, ["R14"]);
}

/// What is paid for is no award: `earned over` made the seller's backlog undisclosed. And nobody has another's new shares.
#[test]
fn investments_that_make_no_sense_are_refused() {
    let shares = round(
        "1 USD/share",
        "syndicated 25% to Partner; funded in shares of Fund.common; tranche A 100 USD { called at signing }",
    );
    let earned = DEAL.replace(
        "  counter got",
        "  investment new of 1 USD in Maker.common, company Maker, investor Buyer { price 1 USD/share
             tranche A 1 USD { called at signing; earned over 0 GW to 2 GW of got } }
           counter got",
    );
    for text in [shares, earned] {
        let files = crate::probe::files::Bytes::new(&[("main.pf", &text)]);
        let found = proforma::check::check(&files, &["main.pf".to_owned()]);
        let codes: Vec<&str> = found.diagnostics.iter().map(|d| d.code.number()).collect();
        assert_eq!(codes, ["E0213"], "{text}");
    }
}

/// 100 EUR at 1.10 are 110 USD, in the book as in the legal ledger's cash.
#[test]
fn the_summary_counts_cash_in_other_currencies() {
    let text = "use \"rules/books/us-gaap.pf\"\nparty Maker \"Maker\" { currency USD; book us_gaap }\n\
        2026-01-05 open Maker { cash 500 USD }\n2026-01-05 price rate(EUR in USD) 1.10 USD/EUR\n\
        flow fee \"Fee\" from Maker to others { 2026-Q1 100 EUR }\n";
    with_run(&checked_text(text), &[], |replay| {
        let report = report::build("summary", replay, &Scope::default()).unwrap();
        let ties = report.checks.iter().find(|check| check.name == "cash_ties").unwrap();
        assert_eq!((ties.left.clone(), ties.holds()), (proforma::terms::Value::Known(number("390")), Some(true)));
    });
}

/// Two for one before the grant: a right granted after it costs 1 USD, not half of it.
#[test]
fn a_strike_follows_no_split_before_the_grant() {
    let text =
        format!("{DEAL}2025-12-01 split Maker.common 2 for 1\n").replace("vests when got >= 2 GW", "vests at signing");
    let text = text + "2025-11-01 open Maker { Maker.common 100 shares }\n2025-11-01 open Buyer { cash 5 USD }\n";
    let text = text + "2026-02-02 exercise deal.w.T1 1 shares cash\n";
    assert_eq!(
        ended(&text, &[("Buyer", "cash", "USD"), ("Buyer", "shares", "Maker.common")]),
        (vec!["4".to_owned(), "1".to_owned()], vec![])
    );
}

/// T2 follows T1, which follows an order that is a forecast: both are forecasts, and known when the order was.
#[test]
fn what_follows_another_tranche_is_no_surer() {
    let deal = DEAL.replace("T2 1 shares { vests when got >= 2 GW;", "T2 1 shares { vests when T1 vested;");
    let text = format!(
        "{deal}2026-02-02 known 2026-01-09 forecast deliver deal.chips 2 GW\n2026-12-31 attest deal.w.T1 anything\n"
    );
    with_run(&checked_text(&text), &[], |replay| {
        let vested = |tranche: u32| {
            let found = replay.register.outcomes.iter().find(
                |outcome| matches!(outcome.act, proforma::engine::Act::Vested { tranche: id, .. } if id.0 == tranche),
            );
            found.map(|outcome| (outcome.basis, outcome.known)).unwrap()
        };
        assert_eq!(vested(0).0, proforma::terms::Basis::Forecast);
        assert_eq!(vested(0), vested(1));
    });
}

/// A quarter of the 100 USD is Partner's, and what lapses of it is 25 USD: so says the explanation.
#[test]
fn a_lapse_is_explained_in_parts() {
    let text = round(
        "1 USD/share",
        "syndicated 25% to Partner; tranche A 100 USD { called when attested ready; by 2026-03-31 }",
    );
    with_run(&checked_text(&format!("{text}2026-12-31 open Fund {{ cash 5 USD }}\n")), &[], |replay| {
        for (party, part) in [("Startup", "100"), ("Fund", "75"), ("Partner", "25")] {
            let name = format!("{party}.commitment_lapsed[round.new.A] in 2026-Q1");
            let name = proforma::check::fact_name(&name).ok().unwrap();
            let (parts, cell, _) = proforma::explain::explain(replay, &name).unwrap().sum.unwrap();
            assert_eq!((parts.known(), cell.known()), (Some(number(part)), Some(number(part))));
        }
    });
}

/// 10.03 EUR are paid, of which 5.01 settle a bill and 5.02 are an advance; a EUR is 1.30 USD. 10.03 × 1.30 = 13.039 and
/// 5.01 × 1.30 = 6.513, so 13.04 of cash and 6.51 of what was owed; the advance is 5.02 × 1.30 = 6.526, 6.53. All three
/// agree; at 1.17 they do not: 11.7351, 5.8617 and 5.8734 make 11.74, 5.86 and 5.87, and the cent is a difference of
/// exchange, not part of the advance.
#[test]
fn a_cent_of_rounding_is_a_difference_of_exchange() {
    let deal = DEAL.replace("10 GW definitive firm; price 1 USD/GW", "10 GW definitive firm; price 5.01 EUR/GW");
    let text = format!(
        "{deal}2026-01-05 price rate(EUR in USD) 1.17 USD/EUR\n2026-02-02 deliver deal.chips 1 GW\n2026-02-03 pay deal.chips 10.03 EUR\n"
    );
    with_run(&checked_text(&text), &[], |replay| {
        let at = |measure: &str| fact(replay, &format!("Maker.{measure}[deal.chips] in 2026-Q1"));
        assert_eq!(at("contract_liability"), Some(number("5.87")));
        assert_eq!(at("receivable"), Some(number("0")));
    });
}

/// Billed at a price nobody knows and paid in part: what was owed has no figure, and the two sides of what was posted agree.
#[test]
fn a_sheet_with_gaps_still_balances() {
    let deal = DEAL.replace("price 1 USD/GW", "price undisclosed USD/GW");
    let text = format!("{deal}2026-02-02 deliver deal.chips 1 GW\n2026-02-03 pay deal.chips 7 USD\n");
    with_run(&checked_text(&text), &[], |replay| {
        let scope = Scope { entity: Some("Maker".into()), ..Scope::default() };
        let report = report::build("statements", replay, &scope).unwrap();
        assert!(report.checks.iter().any(|check| check.name == "assets_are_claims"));
        assert!(report.checks.iter().all(|check| check.holds() != Some(false)));
    });
}

/// A payment finer than a cent left the legal ledger and the book apart.
#[test]
fn money_moves_in_cents() {
    for line in ["pay deal.chips 0.005 USD", "open Maker { cash 1.001 USD }"] {
        let text = format!("{DEAL}2026-02-02 {line}\n");
        let files = crate::probe::files::Bytes::new(&[("main.pf", &text)]);
        let found = proforma::check::check(&files, &["main.pf".to_owned()]);
        let codes: Vec<&str> = found.diagnostics.iter().map(|d| d.code.number()).collect();
        assert_eq!(codes, ["E0213"], "{line}");
    }
    let text =
        format!("{DEAL}assume part = 4 USD / 3\n2026-02-02 deliver deal.chips 2 GW\n2026-02-03 pay deal.chips part\n");
    assert_eq!(ended(&text, &[("Maker", "cash", "USD")]), (vec!["1.33".to_owned()], vec![]));
}

/// 7.77% is Partner's, and every call, lapse and rest was rounded by itself: 11.11 × 7.77% = 0.863, 11.13 × 7.77% = 0.865, and
/// of the 317.76 USD of 340 that lapse 24.690, while 340 × 7.77% = 26.418; 0.86 + 0.86 + 24.69 make 26.41, a cent short of
/// 26.42. A lapse takes what calls leave.
#[test]
fn parts_of_a_lapse_leave_no_cent() {
    for sizes in [("361.09", "340", "89.44"), ("110", "340", "72.82"), ("100.01", "33.37", "66.67")] {
        let (first, second, left) = sizes;
        let total = number(first).plus(number(second)).unwrap();
        let text = round(
            "1 USD/share",
            &format!(
                "syndicated 7.77% to Partner; tranche A {first} USD {{ called by Fund; by 2026-03-31 else {left} USD }}
                 tranche B {second} USD {{ called by Fund; by 2026-12-31 }}"
            ),
        )
        .replace("of 100 USD", &format!("of {total} USD"));
        let text = format!(
            "{text}2026-03-05 call round.new.B 11.11 USD\n2026-03-06 call round.new.B 11.13 USD\n2027-01-29 open Fund {{ cash 5 USD }}\n"
        );
        with_run(&checked_text(&text), &[], |replay| {
            for party in ["Startup", "Fund", "Partner"] {
                let scope = Scope { entity: Some(party.into()), ..Scope::default() };
                let report = report::build("investments", replay, &scope).unwrap();
                assert!(!report.checks.is_empty());
                for check in &report.checks {
                    assert_eq!(check.holds(), Some(true), "{party}: {check:?}");
                }
            }
        });
    }
}

/// Ended before it was signed: what it grants lapses on the day, and ending it again ends nothing.
#[test]
fn rights_of_a_contract_that_ended_before_lapse_at_once() {
    let text = format!("{DEAL}2026-01-02 terminate deal\n2026-02-02 terminate deal\n");
    with_run(&checked_text(&text), &[], |replay| {
        assert_eq!(fact(replay, "Maker.rpo[deal.chips] in 2026-Q1").unwrap_or_default(), number("0"));
        let lapsed = |act: &proforma::engine::Act| matches!(act, proforma::engine::Act::Lapsed { .. });
        let days = replay.register.outcomes.iter().filter(|o| lapsed(&o.act)).map(|o| o.date.to_string());
        assert_eq!(days.collect::<Vec<_>>(), ["2026-01-05", "2026-01-05"]);
        for name in ["warrants", "revenue", "statements"] {
            let report = report::build(name, replay, &Scope::default()).unwrap();
            assert!(report.checks.iter().all(|check| check.holds() != Some(false)), "{name}: {:?}", report.checks);
        }
    });
}

/// A book that knows nothing but cash keeps no revenue and no remaining obligation: nothing is checked against them.
#[test]
fn a_book_of_cash_alone_is_not_checked_for_revenue() {
    let book = "book cash_only \"Nothing but cash\" {
      account cash asset
      account purchases expense
      on pay p as buyer { dr purchases p.amount; cr cash rest } cite \"own rule\"
    }\n";
    let deal = DEAL.replace("book us_gaap", "book cash_only").replace("use \"rules/books/us-gaap.pf\"", "");
    let text = format!("{book}{deal}2026-02-02 deliver deal.chips 2 GW\n2026-02-03 pay deal.chips 2 USD\n");
    with_run(&checked_text(&text), &[], |replay| {
        for party in ["Maker", "Buyer"] {
            let scope = Scope { entity: Some(party.into()), ..Scope::default() };
            for name in report::NAMES {
                let Ok(report) = report::build(name, replay, &scope) else { continue };
                for check in report.checks.iter().filter(|check| check.name != "cash_ties") {
                    assert_ne!(check.holds(), Some(false), "{name} of {party}: {check:?}");
                }
            }
        }
    });
}

/// Nothing is asked, by a line, of a tranche that its condition has called: the first of the two in docs/SEMANTICS.md.
#[test]
fn a_call_of_nothing_is_no_quantity_first() {
    let text = round("1 USD/share", "tranche A 100 USD { called at signing }")
        + "2026-03-03 forecast f: call round.new.A 5 USD\nscenario none \"none\" from base { scale f by 0% }\n";
    for (scenarios, code) in [(&[][..], "R17"), (&["none"], "R04")] {
        with_run(&checked_text(&text), scenarios, |replay| {
            assert_eq!(replay.register.refusals.iter().map(|r| r.kind.code()).collect::<Vec<_>>(), [code]);
        });
    }
}

/// A split on the day of the grant comes after it: 85 rights become 8, and the price they wait for, 25, becomes 250. Closes of 30
/// do not reach it.
#[test]
fn a_split_on_the_day_of_the_grant_moves_the_price_too() {
    let deal = DEAL
        .replace("w over 2 shares", "w over 85 shares")
        .replace(
            "T1 1 shares { vests when got >= 2 GW;",
            "T1 85 shares { vests when close(Maker.common) >= 25 USD/share latched;",
        )
        .lines()
        .filter(|line| !line.contains("T2 1 shares"))
        .map(|line| format!("{line}\n"))
        .collect::<String>();
    let lines = "2026-01-05 split Maker.common 1 for 10\n2026-02-02 price close(Maker.common) 30 USD/share\n";
    with_run(&checked_text(&format!("{deal}{lines}")), &[], |replay| {
        assert_eq!(fact(replay, "Maker.unvested[deal.w.T1] in 2026-Q1"), Some(number("8")));
        assert_eq!(fact(replay, "Maker.vested_unexercised[deal.w.T1] in 2026-Q1"), Some(number("0")));
    });
    // Without the split they do.
    let lines = "2026-02-02 price close(Maker.common) 30 USD/share\n";
    with_run(&checked_text(&format!("{deal}{lines}")), &[], |replay| {
        assert_eq!(fact(replay, "Maker.vested_unexercised[deal.w.T1] in 2026-Q1"), Some(number("85")));
    });
}

/// What is paid ahead of a delivery whose price is not disclosed is owed; once something was delivered nobody can say how much
/// of it is left. Statements roll by what was posted.
#[test]
fn statements_roll_where_a_balance_is_not_known() {
    let deal = DEAL.replace(
        "price 1 USD/GW; pays rest on delivery",
        "price undisclosed USD/GW; pays rest 30 days before delivery",
    );
    let lines =
        "2026-02-02 pay deal.chips 7 USD\n2026-05-04 deliver deal.chips 1 GW\n2026-06-01 pay deal.chips 2 USD\n";
    with_run(&checked_text(&format!("{deal}{lines}")), &[], |replay| {
        let scope = Scope { entity: Some("Maker".into()), ..Scope::default() };
        let report = report::build("statements", replay, &scope).unwrap();
        assert!(report.checks.len() > 20);
        for check in &report.checks {
            assert_eq!(check.holds(), Some(true), "{check:?}");
        }
    });
}

/// 25% is Partner's. Of 239.71 USD Maker's part is 179.78 (179.7825): of the 157.25 called 117.94 (117.9375), so 61.84 is left, though
/// three quarters of the 82.46 left are 61.845. Called in two halves of 119.85 and 119.86 it owes 89.89 (89.8875), then the rest, 89.89.
#[test]
fn parts_of_calls_leave_no_cent() {
    let deal = |calls: &str| {
        format!(
            r#"
use "rules/books/us-gaap.pf"
party Maker "Maker, Inc." {{ currency USD; book us_gaap }}
party Partner "Partner LP" {{ currency USD }}
party Target "Target, Inc." {{ currency USD; class common par 0.01 USD/share; book us_gaap }}
contract round "Round" between Target as company, Maker as investor, Partner as co_investor {{
  signed 2026-01-05
  investment i of 239.71 USD in Target.common, company Target, investor Maker {{
    price 10 USD/share
    syndicated 25% to Partner
    tranche A 239.71 USD {{ called by Target }}
  }}
}}
2026-01-05 open Maker {{ cash 1_000 USD }}
2026-01-05 open Target {{ Target.common 1_000 shares; cash 1_000 USD }}
{calls}"#
        )
    };
    for (calls, expected) in [
        ("2026-02-02 call round.i.A 157.25 USD\n", ["117.94", "61.84"]),
        ("2026-02-02 call round.i.A 119.85 USD\n2026-02-03 call round.i.A 119.86 USD\n", ["179.78", "0"]),
    ] {
        with_run(&checked_text(&deal(calls)), &[], |replay| {
            let names = ["called", "uncalled"].map(|name| format!("Maker.{name}[round.i.A] in 2026-Q1"));
            assert_eq!(names.map(|name| fact(replay, &name)), expected.map(|n| Some(number(n))));
            let scope = Scope { entity: Some("Maker".into()), ..Scope::default() };
            for check in &report::build("investments", replay, &scope).unwrap().checks {
                assert_eq!(check.holds(), Some(true), "{check:?}");
            }
        });
    }
}

/// Promised for 26 May and paid for half 15 days ahead, delivered on the 30th. A scenario moves the delivery by a year: the bill moves with it,
/// from 11 May 2026 to 11 May 2027.
#[test]
fn a_bill_ahead_moves_with_what_came_true() {
    let deal =
        DEAL.replace("pays rest on delivery", "pays 50% of price 15 days before delivery; pays rest on delivery");
    let lines = "2026-05-26 known 2026-01-06 forecast f: deliver deal.chips 2 GW
2026-05-30 d: deliver deal.chips 2 GW realises f
scenario later \"a year later\" from base { move f by 365 days }
scenario on_a_day \"on that day\" from base { move d to 2027-05-30 }
";
    let checked = checked_text(&format!("{deal}{lines}"));
    for scenario in [&[][..], &["later"], &["on_a_day"]] {
        with_run(&checked, scenario, |replay| {
            let billed = |on: &str| fact(replay, &format!("Maker.billed[deal.chips] in {on}"));
            let (own, other) = if scenario.is_empty() { ("2026", "2027") } else { ("2027", "2026") };
            assert_eq!(billed(&format!("{own}-05-11..{own}-05-11")), Some(number("1")), "{scenario:?}");
            assert_ne!(billed(&format!("{other}-01-01..{other}-12-31")), Some(number("1")), "{scenario:?}");
        });
    }
}
