//! Cash by the day: the invented example to the digit, operating lines, currencies, limits, and what spoils the checks.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{Memory, Repository, checked, checked_text, fact, inputs, number, snapshot, with_run};
use proforma::engine::Inputs;
use proforma::ledger::{Cause, Draft, Posting};
use proforma::render::{Style, csv, json, text};
use proforma::report::cash::Tier;
use proforma::report::{self, Report, Scope, Step};
use proforma::run::Replay;
use proforma::terms::Basis;
use proforma::time::{Date, PeriodName};

const MOCKUP: &str = "ledgers/examples/mockup-cash.ledger";

/// Every row of a file of expected figures. The files were written by a program of their own: the quarters of the
/// report drawing the example comes from, split over the days that `rules/examples/mockup-cash.pf` names (running totals
/// rounded to cents), the balance walked day by day from 62.00bn.
fn compare(file: &str, scenarios: &[&str]) {
    let checked = checked(&Repository, &[MOCKUP]);
    let text = std::fs::read_to_string(crate::common::root().join(file)).unwrap();
    with_run(&checked, scenarios, |replay| {
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [measure, entity, item, period, value, _] = cells[..] else { panic!("{line}") };
            let item = if item.is_empty() { String::new() } else { format!("[{item}]") };
            let name = format!("{entity}.{measure}{item} in {period}");
            assert_eq!(fact(replay, &name), Some(number(value)), "{name}");
        }
        assert!(text.lines().count() > 60);
    });
}

#[test]
fn base_figures() {
    compare("tests/expected/mockup-cash.csv", &[]);
}

#[test]
fn slow_gw2_figures() {
    compare("tests/expected/mockup-cash-slow_gw2.csv", &["slow_gw2_paid"]);
}

fn scope(period: &str) -> Scope {
    Scope { entity: Some("OpenAI".into()), period: PeriodName::parse(period), ..Scope::default() }
}

fn built(replay: &Replay<'_>, scope: &Scope) -> Report {
    report::build("cash", replay, scope).unwrap()
}

fn drawn(report: &Report, width: usize) -> String {
    text::report(report, &Style { width: Some(width), color: false })
}

#[test]
fn as_drawn() {
    let checked = checked(&Repository, &[MOCKUP]);
    with_run(&checked, &[], |replay| {
        let plain = built(replay, &scope("2027"));
        snapshot("look_mockup_cash", &drawn(&plain, 160));
        snapshot("look_mockup_cash_80", &drawn(&plain, 80));
        let with = BTreeSet::from([Tier::LetterOfIntent]);
        let months = Scope { step: Some(Step::Month), by_counterparty: true, with, ..scope("2027-Q4") };
        snapshot("look_mockup_cash_months", &drawn(&built(replay, &months), 160));
        let weeks = Scope { weeks: Some(13), ..Scope::default() };
        snapshot("look_mockup_cash_13_weeks", &drawn(&built(replay, &weeks), 240));
    });
}

/// The columns do not change when cash is first short: the grid is always of days.
#[test]
fn the_first_day_is_found_by_the_day() {
    let checked = checked(&Repository, &[MOCKUP]);
    with_run(&checked, &[], |replay| {
        for step in [Step::Day, Step::Week, Step::Month, Step::Quarter, Step::Year] {
            let report = built(replay, &Scope { step: Some(step), ..scope("2027") });
            let said = drawn(&report, 160);
            let first = "first day below minimum: 2027-11-08, by 1.90bn (Oracle capacity, USD 5.00bn)";
            assert!(said.contains(first), "{step:?}\n{said}");
            assert!(said.contains("first day below minimum: 2027-12-17"), "{step:?}");
            assert!(report.checks.iter().all(|check| check.holds() == Some(true)), "{:?}", report.checks);
        }
    });
}

const PARTIES: &str = "use \"rules/books/us-gaap.pf\"\n\
    party A \"A\" { currency USD; fiscal year ends 31 December; book us_gaap }\n\
    party B \"B\" { currency EUR; fiscal year ends 31 December; book us_gaap }\n";

fn told(more: &str) -> proforma::check::Checked {
    checked_text(&format!("{PARTIES}{more}"))
}

fn facts(checked: &proforma::check::Checked, scenarios: &[&str], expected: &[(&str, &str)]) {
    with_run(checked, scenarios, |replay| {
        for (name, value) in expected {
            assert_eq!(fact(replay, name), Some(number(value)), "{name} {scenarios:?}");
        }
    });
}

/// 100 a month from 31 January, 2% more every quarter: 100 100 100, 102 from 30 April, 104.04 from 31 July, then
/// 104.04 × 1.02 = 106.1208, rounded 106.12, from 31 October. 10 a quarter over three months: 3.33, 3.34, 3.33.
#[test]
fn levels_grow_and_periods_are_split() {
    let checked = told(
        "flow rent \"Rent\" from A to others { 100 USD every month from 2027-01-31 to 2027-12-31 growing 2% every quarter }\n\
         flow sales \"Sales\" from others to A { 2027-Q1 10 USD; paid on day 31 of each month }\n\
         flow once \"Once\" from others to A { 2027-Q2 7 USD; paid on day 8 of month 2 }\n\
         scenario more from base { scale rent by 50%; move sales by 40 days; drop once }\n",
    );
    facts(
        &checked,
        &[],
        &[
            ("A.cash_outflows[rent] in 2027-Q1", "300"),
            ("A.cash_outflows[rent] in 2027-Q2", "306"),
            ("A.cash_outflows[rent] in 2027-Q3", "312.12"),
            ("A.cash_outflows[rent] in 2027-12", "106.12"),
            ("A.cash_inflows[sales] in 2027-01-31", "3.33"),
            ("A.cash_inflows[sales] in 2027-02-28", "3.34"),
            ("A.cash_inflows[sales] in 2027-Q1", "10"),
            ("A.cash_inflows[once] in 2027-05-08", "7"),
            // Booked on a cash basis.
            ("A.operating_costs[rent] in 2027-Q2", "306"),
            ("A.receipts[sales] in 2027-Q1", "10"),
            ("A.cash on 2027-03-31", "-290"),
        ],
    );
    // 50, 51, 52.02 and 53.0604 → 53.06 a month; 40 days after 31 January, 28 February and 31 March.
    facts(
        &checked,
        &["more"],
        &[
            ("A.cash_outflows[rent] in 2027-Q3", "156.06"),
            ("A.cash_outflows[rent] in 2027-12", "53.06"),
            ("A.cash_inflows[sales] in 2027-03-12", "3.33"),
            ("A.cash_inflows[sales] in 2027-04-09", "3.34"),
            ("A.cash_inflows in 2027", "10"),
        ],
    );
}

/// Two published plans stand side by side; the base uses the first that was known, a scenario the other.
#[test]
fn versions_stand_side_by_side() {
    let checked = told(
        "source early \"Plan of September\" dated 2025-09-06 grade secondary\n\
         source late \"Plan of February\" dated 2026-02-20 grade secondary\n\
         flow burn \"Cash burn\" from A to others {\n\
           series late { known 2026-02-20; 2026 25bn USD; 2027 57bn USD } @ late\n\
           series early { known 2025-09-06; 2026 17bn USD; 2027 35bn USD } @ early\n\
         }\n\
         scenario optimist from base { set burn = early }\n",
    );
    facts(&checked, &[], &[("A.cash_outflows in 2027", "57000000000")]);
    facts(&checked, &["optimist"], &[("A.cash_outflows in 2027", "35000000000")]);
    let then = Inputs::select(&checked.terms, &[], Date::parse("2025-12-31")).unwrap();
    let replay = Replay::new(&checked.terms, &then, None).unwrap();
    assert_eq!(fact(&replay, "A.cash_outflows in 2027"), Some(number("35000000000")));
    let before = Inputs::select(&checked.terms, &[], Date::parse("2025-01-01")).unwrap();
    let replay = Replay::new(&checked.terms, &before, None).unwrap();
    assert_eq!(fact(&replay, "A.cash_outflows in 2027"), Some(number("0")));
    with_run(&checked, &[], |replay| {
        let report = built(replay, &Scope { entity: None, ..scope("2027") });
        let said = "Cash burn: late (@ late) says USD 57.00bn is used; early (@ early) says USD 35.00bn instead.";
        assert!(report.notes.iter().any(|note| note == said), "{:?}", report.notes);
    });
}

/// What was paid stands in place of what was expected up to that day; a scenario's payment comes on top.
#[test]
fn actual_payments_replace_expected_ones() {
    let checked = told(
        "flow sales \"Sales\" from others to A { 10 USD every month from 2027-01-08 to 2027-06-08 }\n\
         2027-03-09 pay sales 25 USD\n\
         scenario extra from base { add 2027-05-01 x: pay sales 3 USD; scale x by 200% }\n",
    );
    facts(&checked, &[], &[("A.cash_inflows in 2027-Q1", "25"), ("A.cash_inflows in 2027-Q2", "30")]);
    facts(&checked, &["extra"], &[("A.cash_inflows in 2027-Q2", "36")]);
}

/// Euros of a party that counts in dollars: 100 at 1.10, 100 at 1.20. B counts in euros and receives 200.
#[test]
fn other_currencies_at_the_rate_of_the_day() {
    let checked = told(
        "2027-01-01 price rate(EUR in USD) 1.10 USD/EUR\n2027-03-01 price rate(EUR in USD) 1.20 USD/EUR\n\
         flow fee \"Fee\" from A to B { 100 EUR every month from 2027-02-08 to 2027-03-08 }\n\
         2027-01-01 open A { cash 1000 USD }\n\
         scenario early from base { move fee by -60 days }\n",
    );
    facts(
        &checked,
        &[],
        &[
            ("A.cash_outflows in 2027-02", "110"),
            ("A.cash_outflows in 2027-03", "120"),
            ("A.closing_cash in 2027", "770"),
            ("A.operating_costs in 2027", "230"),
            ("A.cash on 2027-12-31", "770"),
            ("B.cash_inflows in 2027", "200"),
            ("B.receipts in 2027", "200"),
        ],
    );
    with_run(&checked, &[], |replay| {
        let euros = replay.register.chart.find("A", "cash", "", "EUR").unwrap();
        assert_eq!(replay.end().state.balances.get(euros), number("-200"));
        // In euros: 1000 / 1.10 is 909.090909…, so 909.09, less 200.
        let scope = Scope { entity: Some("A".into()), currency: Some("EUR".into()), ..scope("2027") };
        let report = built(replay, &scope);
        assert!(drawn(&report, 160).contains("709.09"), "{}", drawn(&report, 160));
        assert!(report.checks.iter().all(|check| check.holds() == Some(true)), "{:?}", report.checks);
        let plain = built(replay, &Scope { entity: Some("A".into()), ..Scope::default() });
        let said = "EUR at the rate of the day of each payment: rate(EUR in USD) 1.1 of 2027-01-01, rate(EUR in USD) \
                    1.2 of 2027-03-01; cash held in it is brought to the rate at ends of quarters in which one is stated.";
        assert!(plain.notes.iter().any(|note| note == said), "{:?}", plain.notes);
    });
    // Sixty days earlier the first payment falls before the first rate: it is listed, not counted and not lost.
    with_run(&checked, &["early"], |replay| {
        let report = built(
            replay,
            &Scope { entity: Some("A".into()), range: period("2026-12-01", "2027-12-31"), ..Scope::default() },
        );
        let said = drawn(&report, 160);
        assert!(said.contains("no rate of EUR in USD on 2026-12-10"), "{said}");
        assert!(said.contains("n/a"), "{said}");
        let unposted: Vec<String> = replay
            .bookings
            .iter()
            .flat_map(|b| &b.unposted)
            .flat_map(|u| &u.missing)
            .map(ToString::to_string)
            .collect();
        assert_eq!(unposted, ["rate(EUR in USD) on 2026-12-10"]);
        let ties = report.checks.iter().find(|check| check.name == "cash_ties").unwrap();
        assert_eq!(ties.holds(), None);
    });
}

fn period(from: &str, to: &str) -> Option<proforma::time::Period> {
    proforma::time::Period::new(Date::parse(from).unwrap(), Date::parse(to).unwrap())
}

/// A supply priced in euros under a book in dollars: 100 EUR at 1.10 are equipment of 110, paid on the same day.
#[test]
fn a_supply_in_another_currency_is_booked() {
    let checked = told(
        "unit rack\n2027-01-01 price rate(EUR in USD) 1.10 USD/EUR\n\
         contract c \"C\" between B as seller, A as buyer { signed 2027-01-01\n\
           supply s { 10 rack definitive firm; price 50 EUR/rack; pays rest on delivery; control passes at delivery } }\n\
         2027-02-01 order c.s 2 rack\n2027-02-01 deliver c.s 2 rack\n2027-02-01 pay c.s 100 EUR\n",
    );
    facts(
        &checked,
        &[],
        &[
            ("A.cash_outflows in 2027", "110"),
            ("B.cash_inflows in 2027", "100"),
            ("A.equipment[c.s] on 2027-12-31", "110"),
            ("A.cash on 2027-12-31", "-110"),
            ("A.payable on 2027-12-31", "0"),
        ],
    );
    with_run(&checked, &[], |replay| {
        for entity in ["A", "B"] {
            let scope = Scope { entity: Some(entity.into()), ..Scope::default() };
            for name in report::NAMES {
                let Ok(report) = report::build(name, replay, &scope) else { continue };
                assert!(report.checks.iter().all(|c| c.holds() != Some(false)), "{entity} {name} {:?}", report.checks);
            }
        }
    });
}

/// A covenant that rises and a facility that ends are causes too. 100 of cash: on 1 June the minimum rises from 50 to 90,
/// with 20 undrawn: 30 left. The facility's last day is 30 June, and 100 − 90 = 10 is left. On 1 September the minimum is
/// 120.
#[test]
fn limits_change_by_the_day() {
    let text = "2027-01-01 open A { cash 100 USD }\n2027-01-01 minimum A 50 USD \"section 7\"\n\
         2027-06-01 known 2027-01-01 m: minimum A 90 USD\n2027-01-01 undrawn A revolver 20 USD until 2027-06-30\n";
    let checked = told(&format!(
        "{text}2027-09-01 known 2027-01-01 minimum A 120 USD\nscenario tight from base {{ scale m by 120% }}\n"
    ));
    facts(
        &checked,
        &[],
        &[
            ("A.cash_headroom on 2027-05-31", "70"),
            ("A.cash_headroom on 2027-06-30", "30"),
            ("A.cash_headroom on 2027-07-01", "10"),
            ("A.below_minimum in 2027", "20270901"),
        ],
    );
    // 108 of minimum: 12 above with the facility, 8 below without it.
    facts(&checked, &["tight"], &[("A.below_minimum in 2027", "20270701")]);
    with_run(&checked, &["tight"], |replay| {
        let said = drawn(&built(replay, &Scope { entity: Some("A".into()), ..scope("2027") }), 160);
        assert!(said.contains("2027-07-01, by 8.00 (facility revolver ends or changes)"), "{said}");
        assert!(said.contains("Minimum cash (section 7)"), "{said}");
    });
}

/// On a day receipts come first, and the first payment that is too much is the cause; already short is said as such.
#[test]
fn within_a_day_receipts_come_first() {
    let checked = told(
        "flow a_rent \"Rent\" from A to others { 2027-03-08 30 USD }\n\
         flow b_wages \"Wages\" from A to others { 2027-03-08 40 USD }\n\
         flow c_sales \"Sales\" from others to A { 2027-03-08 50 USD }\n\
         flow late \"Late\" from A to others { 2027-04-08 50 USD; standing announced }\n\
         flow maybe \"Maybe\" from A to others { 2027-05-08 7 USD; standing definitive option }\n\
         2027-01-01 open A { cash 15 USD }\n",
    );
    with_run(&checked, &[], |replay| {
        let scope = |period: &str| Scope { entity: Some("A".into()), ..scope(period) };
        // 15 + 50 − 30 − 40 = −5: wages.
        let said = drawn(&built(replay, &scope("2027")), 160);
        assert!(said.contains("first day below zero: 2027-03-08, by 5.00 (Wages, USD 40.00)"), "{said}");
        assert!(said.contains("Headroom / (gap), with announced, options"), "{said}");
        let said = drawn(&built(replay, &scope("2027-Q2")), 160);
        assert!(said.contains("below zero from the first day, 2027-04-01, by 5.00"), "{said}");
    });
}

/// Every format holds the sentence about the first day.
#[test]
fn other_formats() {
    let checked = checked(&Repository, &[MOCKUP]);
    with_run(&checked, &[], |replay| {
        let report = built(replay, &scope("2027"));
        for data in [csv::report(&report), json::report(&report)] {
            assert!(data.contains("first day below minimum: 2027-11-08"));
        }
    });
}

fn failing(replay: &Replay<'_>) -> BTreeSet<&'static str> {
    let report = built(replay, &scope("2027"));
    report.checks.iter().filter(|c| c.holds() == Some(false)).map(|c| c.name).collect()
}

/// The checks of the cash report can fail: "cash_rolls", "cash_ties", "cash_ties_to_billings", "paid_is_received".
#[test]
fn spoilt_ledgers_fail_their_checks() {
    let checked = checked(&Repository, &[MOCKUP]);
    let inputs = inputs(&checked, &[]);
    let fresh = || Replay::new(&checked.terms, &inputs, None).unwrap();
    assert_eq!(failing(&fresh()), BTreeSet::new());
    let million = number("1000000");
    let account =
        |replay: &Replay<'_>, name: &str, item: &str| replay.register.chart.find("OpenAI", name, item, "USD").unwrap();

    // A balance that no entry made.
    let mut replay = fresh();
    let cash = account(&replay, "cash", "");
    let seller = replay.register.chart.find("AMD", "claims", "amd_openai.instinct", "USD").unwrap();
    for version in replay.versions.iter_mut().filter(|v| v.date >= Date::parse("2027-05-14").unwrap()) {
        for account in [cash, seller] {
            version.state.balances.apply(&[Posting { account, amount: million }]).unwrap();
        }
    }
    let failed = failing(&replay);
    assert!(
        ["cash_rolls", "cash_ties", "cash_ties_to_billings"].iter().all(|name| failed.contains(name)),
        "{failed:?}"
    );

    // Cash that leaves one party and reaches nobody.
    let mut replay = fresh();
    let (cash, claims) = (account(&replay, "cash", ""), account(&replay, "claims", "amd_openai.instinct"));
    let cause = Cause { clause: "oracle".into(), rule: None, parents: Vec::new(), basis: Basis::Actual };
    let date = Date::parse("2027-05-14").unwrap();
    let mut balances = replay.versions.first().unwrap().state.balances.clone();
    let draft = Draft::default().transfer(cash, claims, million);
    let register = &mut replay.register;
    register.journal.post(&register.chart, &mut balances, date, draft, cause).unwrap();
    assert!(failing(&replay).contains("paid_is_received"));
}

/// A book that forgets a payment no longer ties.
#[test]
fn a_book_without_costs_does_not_tie() {
    let file = "rules/books/us-gaap.pf";
    let text = std::fs::read_to_string(crate::common::root().join(file)).unwrap();
    let spoilt =
        text.replace("dr operating_costs rest; cr cash f.amount", "dr operating_costs rest; cr payable f.amount");
    assert_ne!(text, spoilt);
    let checked = checked(&Memory(BTreeMap::from([(file.to_owned(), spoilt)])), &[MOCKUP]);
    with_run(&checked, &[], |replay| assert!(failing(replay).contains("cash_ties")));
}
