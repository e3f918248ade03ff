//! Check lines must be able to fail: spoil a rule, a term or a quantity, and the named check breaks.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{Memory, checked, with_run};
use proforma::report::{self, Scope};
use proforma::terms::{AccountRef, RuleKind};

/// Names of checks that fail after a replacement in a file.
fn broken(file: &str, from: &str, to: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(crate::common::root().join(file)).unwrap();
    let spoilt = text.replace(from, to);
    assert_ne!(text, spoilt, "`{from}` stands in {file}");
    let checked = checked(&Memory(BTreeMap::from([(file.to_owned(), spoilt)])), &["ledgers/examples/mockup.ledger"]);
    failing(&checked)
}

fn failing(checked: &proforma::check::Checked) -> BTreeSet<String> {
    with_run(checked, &[], |replay| {
        let scopes =
            [None, Some("AMD"), Some("OpenAI")].map(|e| Scope { entity: e.map(str::to_owned), ..Scope::default() });
        let built = scopes.iter().flat_map(|scope| report::NAMES.iter().map(move |name| (scope, name)));
        built
            .filter_map(|(scope, name)| report::build(name, replay, scope).ok())
            .flat_map(|report| report.checks)
            .filter(|check| check.holds() == Some(false))
            .map(|check| check.name.to_owned())
            .collect()
    })
}

const BOOK: &str = "rules/books/us-gaap.pf";

#[test]
fn unspoilt_nothing_fails() {
    let checked = checked(&crate::common::Repository, &["ledgers/examples/mockup.ledger"]);
    assert_eq!(failing(&checked), BTreeSet::new());
}

#[test]
fn revenue_not_at_the_contract_price() {
    let failed = broken(BOOK, "cr sale(d.supply) d.price", "cr revenue d.unbilled\n    cr accrued_purchases d.prepaid");
    assert!(failed.contains("revenue_is_quantity_at_price"), "{failed:?}");
    assert!(failed.contains("billings_tie_to_revenue"), "{failed:?}");
}

#[test]
fn deposits_not_released() {
    let failed = broken(BOOK, "dr contract_liability d.prepaid\n", "dr receivable d.prepaid\n");
    assert!(failed.contains("billings_tie_to_revenue"), "{failed:?}");
    assert!(failed.contains("receivable_is_payable"), "{failed:?}");
}

#[test]
fn cost_against_the_wrong_account() {
    let failed =
        broken(BOOK, "- distinct(t)\n  ) against award(t) as issuer", "- distinct(t)\n  ) against payable as issuer");
    assert!(failed.contains("award_ties_to_contra"), "{failed:?}");
}

#[test]
fn payments_not_booked() {
    let failed = broken(
        BOOK,
        "dr cash p.amount\n    cr receivable p.applied",
        "dr receivable p.amount\n    cr receivable p.applied",
    );
    assert!(failed.contains("cash_ties"), "{failed:?}");
    assert!(failed.contains("receivable_is_claims"), "{failed:?}");
}

/// Revenue from nowhere: it was never billed, so it is no contract asset.
#[test]
fn revenue_that_is_no_cash() {
    let failed = broken(BOOK, "dr contract_asset d.unbilled", "dr equipment d.unbilled");
    assert!(failed.contains("cash_identity"), "{failed:?}");
}

#[test]
fn obligation_gross_of_warrants() {
    let net = "backlog(s) - allocated(s, attribution, purchases, measurement, immediate, distinct)\n    - let_out";
    let failed = broken(BOOK, net, "backlog(s)\n    - let_out");
    assert!(failed.contains("rpo_is_backlog"), "{failed:?}");
}

/// What is outside the statements stands against something inside them.
#[test]
fn a_disclosure_posted_into_the_statements() {
    // The checker refuses such a rule (E0532), so it is spoilt behind it.
    let mut spoilt = checked(&crate::common::Repository, &["ledgers/examples/mockup.ledger"]);
    let book = spoilt.terms.books.iter_mut().find(|book| &*book.name == "us_gaap").unwrap();
    let receivable = book.accounts.iter().position(|account| &*account.name == "receivable").unwrap();
    let rule = book.rules.iter_mut().find(|rule| rule.name.starts_with("keep rpo as seller")).unwrap();
    let RuleKind::Keep { against, .. } = &mut rule.kind else { panic!() };
    *against = AccountRef::Plain(receivable);
    let failed = failing(&spoilt);
    assert!(failed.contains("assets_are_claims"), "{failed:?}");
    assert!(failed.contains("operating_cash_two_ways"), "{failed:?}");
}

/// Terms spoilt after the checker, as a broken engine or checker would: sizes, prices.
#[test]
fn terms_that_do_not_hold_together() {
    let mut spoilt = checked(&crate::common::Repository, &["ledgers/examples/mockup.ledger"]);
    spoilt.terms.tranches[1].size = crate::common::number("19999999");
    let failed = failing(&spoilt);
    assert!(failed.contains("granted_accounted_for"), "{failed:?}");
}

/// A balance that no entry made, as a broken ledger would leave it.
#[test]
fn balances_without_entries() {
    let checked = checked(&crate::common::Repository, &["ledgers/examples/mockup.ledger"]);
    let inputs = crate::common::inputs(&checked, &[]);
    let mut replay = proforma::run::Replay::new(&checked.terms, &inputs, None).unwrap();
    let amd = replay.keepers.iter().position(|k| &*k.owner == "AMD").unwrap();
    let million = crate::common::number("1000000");
    let own = |name: &str, item: &str| replay.bookings[amd].chart.find("AMD", name, item, "USD").unwrap();
    let booked = [
        own("contract_liability", "amd_openai.instinct"),
        own("contra_revenue", "amd_openai.penny.T2"),
        own("rpo", "amd_openai.instinct"),
        own("cash", "amd_openai.instinct"),
        own("award_equity", "amd_openai.penny.T2"),
    ];
    let legal = [
        replay.register.chart.find("AMD", "claims", "amd_openai.instinct", "USD").unwrap(),
        replay.register.chart.find("all other holders", "shares", "AMD.common", "AMD.common").unwrap(),
        replay.register.chart.find("OpenAI", "locked", "amd_openai.penny.T4", "amd_openai.penny rights").unwrap(),
    ];
    let from = proforma::time::Date::parse("2027-05-14").unwrap();
    for (_, book) in replay.books[amd].iter_mut().filter(|(date, _)| *date >= from) {
        for account in booked {
            let book = std::sync::Arc::make_mut(book);
            book.balances.apply(&[proforma::ledger::Posting { account, amount: million }]).unwrap();
        }
    }
    for version in replay.versions.iter_mut().filter(|v| v.date >= from) {
        for account in legal {
            version.state.balances.apply(&[proforma::ledger::Posting { account, amount: million }]).unwrap();
        }
    }
    let scope =
        Scope { entity: Some("AMD".into()), period: proforma::time::PeriodName::parse("2027"), ..Scope::default() };
    let mut failed = BTreeSet::new();
    for name in report::NAMES {
        let Ok(report) = report::build(name, &replay, &scope) else { continue };
        failed.extend(report.checks.into_iter().filter(|c| c.holds() == Some(false)).map(|c| c.name));
    }
    for name in [
        "contract_liability_rolls",
        "consideration_rolls",
        "rpo_rolls",
        "trial_balance",
        "holders_hold_what_is_issued",
        "billed_less_paid_is_owed",
        "vesting_rolls",
        "assets_roll",
        "liabilities_roll",
        "retained_earnings_roll",
        "equity_rolls",
        "cash_flows_explain_cash",
    ] {
        assert!(failed.contains(name), "{name} did not fail: {failed:?}");
    }
}

/// Every check that any report prints is seen to fail by a test above, or beside the report it is for.
#[test]
fn every_check_is_seen_to_fail() {
    let read = |name: &str| std::fs::read_to_string(crate::common::root().join("tests/it").join(name)).unwrap();
    let text = ["mutations.rs", "cash.rs", "investments.rs", "two_sided.rs"].map(read).concat();
    let checked = checked(&crate::common::Repository, &["ledgers/examples/mockup.ledger"]);
    with_run(&checked, &[], |replay| {
        for name in report::NAMES {
            let Ok(report) = report::build(name, replay, &Scope::default()) else { continue };
            for check in report.checks {
                assert!(text.contains(&format!("\"{}\"", check.name)), "{} is not tested", check.name);
            }
        }
    });
}
