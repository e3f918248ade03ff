//! A group: holdings, who is shown as one, who owns what through whom, and what is owed in another currency.

use crate::common::{Memory, Repository, checked, checked_text, fact, number, with_run};
use proforma::render::{Style, text};
use proforma::report::{self, Report, Scope};
use proforma::run::Replay;
use proforma::time::PeriodName;

const GROUP: &str = "ledgers/examples/group.ledger";

fn built(name: &str, replay: &Replay<'_>, scope: &Scope) -> Report {
    report::build(name, replay, scope).unwrap()
}

fn drawn(report: &Report) -> String {
    text::report(report, &Style { width: Some(160), color: false })
}

fn facts(replay: &Replay<'_>, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(fact(replay, name), Some(number(value)), "{name}");
    }
}

fn all_hold(report: &Report) {
    let broken: Vec<_> = report.checks.iter().filter(|check| check.holds() == Some(false)).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

/// The year-end cash of the group, in dollars: opening 2m + 1m + 0.5m EUR and 3m EUR at 1.10 = 6.85m; the customer's 0.2m
/// EUR at 1.15 and 0.8m at 1.05 = 1.07m; the store's 4m EUR, a twelfth each month, at 1.10, 1.20, 1.15, 1.25, 1.00 and seven
/// times 1.05, together 13.05 / 12 × 4m = 4.35m. Maker's 0.7m EUR gain 0.7 × 1.15 − 0.55 − 0.23 = 0.025m by March, its 1.5m lose 0.805 + 0.84 −
/// 1.5 × 1.05 = 0.07m by June. Together 12.225m. What Maker sells to Store and pays to Parent is not in it.
#[test]
fn shown_as_one() {
    let checked = checked(&Repository, &[GROUP]);
    with_run(&checked, &[], |replay| {
        let year = Scope { period: PeriodName::parse("2027"), ..Scope::default() };
        let scope = Scope { entity: Some("Parent".into()), consolidated: true, ..year.clone() };
        let report = built("cash", replay, &scope);
        all_hold(&report);
        let ties = report.checks.iter().filter(|check| check.name == "entities_tie").count();
        assert_eq!(ties, 4);
        let said = drawn(&report);
        assert!(said.contains("12.23F"), "{said}");
        assert!(said.contains("(0.07)F"), "{said}");
        assert!(
            said.contains("left out as paid inside the group: 1,000,000 USD to Maker under inside.pumps"),
            "{said}"
        );
        assert!(said.contains("left out as paid inside the group: 300,000 USD to Parent under management"), "{said}");
        assert!(said.contains("Maker (60%), Store (70%)"), "{said}");
        // Without a name, the party at the top.
        assert_eq!(
            built("cash", replay, &Scope { consolidated: true, ..year.clone() }).header.title,
            report.header.title
        );
        // Who controls nobody is shown alone, and told so.
        let alone = built("cash", replay, &Scope { entity: Some("Store".into()), consolidated: true, ..year });
        assert!(drawn(&alone).contains("holds more than half of no party here"));
    });
}

/// Half of the shares is not control, and who is in is asked at the end of the report.
#[test]
fn more_than_half() {
    let without = checked_text(
        "party P \"P\" { currency USD }\nparty S \"S\" { currency USD; class common }\n\
         2027-01-01 open S { S.common 100 shares; cash 10 USD }\n2027-01-01 open P { cash 5 USD }\n\
         2027-01-01 hold P 51 shares of S.common\n2027-02-01 hold P 50 shares of S.common\n",
    );
    with_run(&without, &[], |replay| {
        for (period, members) in [("2027-01", "S (51%)"), ("2027", "holds more than half of no party")] {
            let scope = Scope {
                entity: Some("P".into()),
                consolidated: true,
                period: PeriodName::parse(period),
                ..Scope::default()
            };
            let said = drawn(&built("cash", replay, &scope));
            assert!(said.contains(members), "{said}");
        }
    });
}

/// Parent holds 4m of 6m common and half of 4m preferred shares of Maker: 6m of 10m. Of Store it holds a tenth itself and
/// 60% of Maker's 60%: 10% + 36% = 46%.
#[test]
fn owned_through_others() {
    let checked = checked(&Repository, &[GROUP]);
    with_run(&checked, &[], |replay| {
        facts(
            replay,
            &[
                ("Store.ownership_effective[Parent]", "46"),
                ("Store.ownership_issued[Parent]", "10"),
                ("Store.ownership_effective[Maker]", "60"),
                ("Maker.ownership_effective[Parent]", "60"),
                ("Maker.ownership_effective[Store]", "0"),
            ],
        );
        let entities = vec!["Maker".to_owned(), "Store".to_owned()];
        let report = built("ownership", replay, &Scope { entities, ..Scope::default() });
        all_hold(&report);
        let titles: Vec<&str> = report.tables.iter().map(|table| &*table.title).collect();
        assert_eq!(titles.len(), 3, "{titles:?}");
        assert!(report.header.units.contains("as converted 1:1"));
        let said = drawn(&report);
        assert!(said.contains("preferred") && said.contains("46.0"), "{said}");
    });
}

/// Holdings in a circle: A has half of B, B has a tenth of A. A's part of B: 0.5 + 0.5 × 0.1 × 0.5 + … = 0.5 / (1 − 0.05) =
/// 52.6316%. Nobody holds more than there is.
#[test]
fn circles_end_and_nobody_holds_too_much() {
    let checked = checked_text(
        "party A \"A\" { currency USD; class common }\nparty B \"B\" { currency USD; class common }\n\
         2027-01-01 open A { A.common 100 shares }\n2027-01-01 open B { B.common 100 shares }\n\
         2027-01-01 hold A 50% of B.common\n2027-01-01 hold B 10% of A.common\n\
         2027-02-01 hold A 101 shares of B.common\n",
    );
    with_run(&checked, &[], |replay| {
        facts(replay, &[("B.ownership_effective[A]", "52.6316"), ("B.ownership_issued[A]", "50")]);
        let refused: Vec<&str> = replay.register.refusals.iter().map(|r| r.kind.code()).collect();
        assert_eq!(refused, ["R22"]);
        let detail = replay.register.refusals.iter().next().unwrap().detail.clone();
        assert_eq!(&*detail, "101 shares, 51 more than before, and 50 are held by nobody named, of 100 issued");
    });
}

/// Maker counts in dollars and sells for 1m EUR. Ordered at 1.20: 200,000 billed, a contract liability of 240,000 that keeps
/// its rate. Paid at 1.15: 230,000 for a receivable of 240,000, a loss of 10,000. Delivered at 1.25: revenue of 240,000 and
/// 800,000 × 1.25 = 1,000,000, so 1,240,000. Paid at 1.05: 840,000 for 1,000,000, a loss of 160,000. Store counts in euros and
/// buys for 1m USD: at 1.25 dollars a euro 800,000, paid when it costs 1,000,000: a loss of 200,000.
#[test]
fn owed_in_another_currency() {
    let checked = checked(&Repository, &[GROUP]);
    with_run(&checked, &[], |replay| {
        facts(
            replay,
            &[
                ("Maker.contract_liability[outside.pumps] on 2027-03-31", "240000"),
                ("Maker.receivable[outside.pumps] on 2027-02-15", "240000"),
                ("Maker.receivable[outside.pumps] on 2027-03-31", "0"),
                ("Maker.fx_gain_or_loss[outside.pumps] in 2027-Q1", "-10000"),
                ("Maker.revenue[outside.pumps] in 2027-Q2", "1240000"),
                ("Maker.receivable[outside.pumps] on 2027-04-01", "1000000"),
                ("Maker.fx_gain_or_loss[outside.pumps] in 2027-Q2", "-160000"),
                ("Maker.receivable[outside.pumps] on 2027-06-30", "0"),
                ("Maker.contract_liability[outside.pumps] on 2027-06-30", "0"),
                ("Store.equipment[inside.pumps] on 2027-06-30", "800000"),
                ("Store.payable[inside.pumps] on 2027-06-30", "0"),
                ("Store.fx_gain_or_loss[inside.pumps] in 2027-Q2", "-200000"),
                // Opening cash in two currencies: 1m USD, and 0.5m EUR at 1.10.
                ("Maker.cash on 2027-01-01", "1550000"),
                ("Maker.opening_equity on 2027-01-01", "1550000"),
                ("Maker.closing_cash on 2027-01-01", "1550000"),
            ],
        );
        for (entity, name) in [("Maker", "revenue"), ("Maker", "dues"), ("Store", "dues"), ("Maker", "journal")] {
            all_hold(&built(name, replay, &Scope { entity: Some(entity.into()), ..Scope::default() }));
        }
    });
}

/// Cash in euros of a journal that is kept in dollars: 40 and 5 of one account.
#[test]
fn journals_open_in_other_currencies() {
    let rules = "party P \"P\" { currency USD; class common }\n\
                 2026-12-31 price rate(EUR in USD) 1.20 USD/EUR\n\
                 use \"x.beancount\" for P on 2026-12-31 {\n  cash from \"Assets:Bank\"\n  cash from \"Assets:Bank\" in \"EUR\"\n\
                 nothing from \"Equity:*\"\n}\n";
    let journal = "2026-01-01 open Assets:Bank\n2026-01-01 open Equity:Own\n\
                   2026-02-01 * \"in\"\n  Assets:Bank  40.00 EUR\n  Equity:Own\n\
                   2026-03-01 * \"in\"\n  Assets:Bank  5.00 USD\n  Equity:Own\n";
    let files = [("main.pf", rules), ("x.beancount", journal)];
    let files = Memory(files.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
    let checked = checked(&files, &["main.pf"]);
    with_run(&checked, &[], |replay| {
        // 5 + 40 × 1.20
        facts(replay, &[("P.closing_cash on 2026-12-31", "53")]);
        let euros = replay.register.chart.find("P", "cash", "", "EUR").unwrap();
        assert_eq!(replay.end().state.balances.get(euros), number("40"));
    });
}

/// Investor gives 10 shares of its own, par 0.50, worth 20 each, for 200 of Company, par 0.10, at 4 a share: 50 shares. Its
/// common stock grows by 5 and its apic by 195; Company's by 5 and 195.
#[test]
fn shares_given_are_posted_at_par() {
    let checked = checked_text(
        "use \"rules/books/us-gaap.pf\"\n\
         party I \"I\" { currency USD; class common par 0.50 USD/share, calendar nyse; book us_gaap }\n\
         party C \"C\" { currency USD; class common par 0.10 USD/share; book us_gaap }\n\
         contract c \"C\" between I as investor, C as company { signed 2027-01-04\n\
           investment i of 200 USD in C.common, company C, investor I { price 4 USD/share; funded in shares of I.common\n\
             tranche t 200 USD { called at signing } } }\n\
         2027-01-04 open C { C.common 100 shares }\n2027-01-04 open I { I.common 100 shares }\n\
         2027-01-04 price close(I.common) 20 USD/share\n2027-01-04 fund c.i.t 200 USD\n",
    );
    with_run(&checked, &[], |replay| {
        facts(
            replay,
            &[
                ("I.common_stock[c.i.t] on 2027-01-04", "5"),
                ("I.apic[c.i.t] on 2027-01-04", "195"),
                ("C.common_stock[c.i.t] on 2027-01-04", "5"),
                ("C.apic[c.i.t] on 2027-01-04", "195"),
            ],
        );
    });
}

/// 100 racks at 1,000, and a tranche worth 10,000 for the hundred. On 1 June 40 pass and the tranche becomes probable: 40,000
/// are recognised at the judgement of the day before; of the 60,000 left 6,000 are the tranche's: a change in estimate.
#[test]
fn judged_on_the_day_control_passes() {
    let checked = checked_text(
        "use \"rules/books/us-gaap.pf\"\nunit rack\n\
         party S \"S\" { currency USD; class common par 0.01 USD/share, calendar nyse; book us_gaap }\n\
         party B \"B\" { currency USD; book us_gaap }\n\
         contract c \"C\" between S as seller, B as buyer { signed 2027-01-04\n\
           supply s { 100 rack definitive firm; price 1000 USD/rack; pays rest on delivery; control passes at delivery }\n\
           counter n = sum rack over delivery s by anyone since signed\n\
           warrant w over 100 shares of S.common at 1 USD/share, issuer S, holder B {\n\
             expires 2030-01-04; exercise cash; adjusts for splits; fair value 100 USD/share\n\
             tranche T 100 shares { vests when n >= 100 rack } } }\n\
         2027-06-01 deliver c.s 40 rack\n2027-06-01 judge c.w.T probable\n",
    );
    with_run(&checked, &[], |replay| {
        let scope = Scope { entity: Some("S".into()), period: PeriodName::parse("2027-Q2"), ..Scope::default() };
        let report = built("revenue", replay, &scope);
        all_hold(&report);
        let said = drawn(&report);
        let row = |label: &str| {
            let line = said.lines().rfind(|line| line.trim_start().starts_with(label));
            line.unwrap_or_else(|| panic!("{label}\n{said}")).split_whitespace().last().unwrap().to_owned()
        };
        assert_eq!(
            (row("Recognised"), row("Change in estimate")),
            ("(40,000.00)".into(), "(6,000.00)".into()),
            "{said}"
        );
        facts(replay, &[("S.rpo[c.s] on 2027-06-30", "54000")]);
    });
}

/// A check under the journal of one contract is about the entries shown.
#[test]
fn a_journal_of_one_contract_checks_its_entries() {
    let checked = checked(&Repository, &[GROUP]);
    with_run(&checked, &[], |replay| {
        let scope = Scope { entity: Some("Maker".into()), contract: Some("inside".into()), ..Scope::default() };
        let report = built("journal", replay, &scope);
        let names: Vec<&str> = report.checks.iter().map(|check| check.name).collect();
        assert_eq!(names, ["shown_entries"]);
        // Of 1m each the transfer, the bill and the payment; and what is of no contract: opening 1.55m, the fee of 0.3m, and what rates
        // made of the euros, 25,000 and 70,000.
        assert_eq!(report.checks[0].left.known(), Some(number("4945000")));
        all_hold(&report);
    });
}

/// Money that only the investor may call is promised by nobody: 10 of 40 are its choice, at 10 USD a share one share each.
#[test]
fn what_only_the_investor_may_call() {
    let checked = checked_text(
        "party I \"I\" { currency USD }\nparty C \"C\" { currency USD; class common }\n\
         contract c \"C\" between I as investor, C as company { signed 2027-01-04\n\
           investment i of 40 USD in C.common, company C, investor I { price 10 USD/share\n\
             tranche a 30 USD { called when attested ready }\n             tranche b 10 USD { called by I } } }\n\
         2027-01-04 open C { C.common 7 shares }\n",
    );
    with_run(&checked, &[], |replay| {
        // 7 issued and 3 firmly promised; the share that I may choose is beside them.
        let promised = [("C.shares_with_promised", "10"), ("C.ownership_with_promised[I]", "30")];
        facts(replay, &[&promised[..], &[("C.shares_fully_diluted", "7")]].concat());
        let said = drawn(&built("investments", replay, &Scope::default()));
        assert!(said.contains("Optional, in no total: only the investor may call"), "{said}");
        assert!(said.contains("I, if it calls"), "{said}");
        let said = drawn(&built("standing", replay, &Scope::default()));
        assert!(said.contains("c.i, if called by the investor"), "{said}");
    });
}

/// Ten tranches that wait alike are two rows, unless all are asked for.
#[test]
fn tranches_alike_are_folded() {
    let checked = checked_text(
        "party I \"I\" { currency USD }\nparty C \"C\" { currency USD; class common }\n\
         contract c \"C\" between I as investor, C as company { signed 2027-01-04; standing letter of intent\n\
           investment i of 100 USD in C.common, company C, investor I { price 10 USD/share\n\
             tranches T for k in 1..10, 10 USD each { called when attested ready } } }\n\
         2027-01-04 open C { C.common 7 shares }\n",
    );
    with_run(&checked, &[], |replay| {
        let said = drawn(&built("investments", replay, &Scope::default()));
        assert!(said.contains("and 9 tranches like it") && !said.contains("T7"), "{said}");
        let said = drawn(&built("investments", replay, &Scope { all: true, ..Scope::default() }));
        assert!(said.contains("T7") && !said.contains("like it"), "{said}");
    });
}

/// The check of exchange can fail: revenue that stands elsewhere.
#[test]
fn exchange_can_come_apart() {
    let book = std::fs::read_to_string(crate::common::root().join("rules/books/us-gaap.pf")).unwrap();
    let spoilt = book.replace("cr sale(d.supply) d.price", "cr receipts d.price");
    assert_ne!(book, spoilt);
    let files = Memory([("rules/books/us-gaap.pf".to_owned(), spoilt)].into());
    let checked = checked(&files, &[GROUP]);
    with_run(&checked, &[], |replay| {
        let scope = Scope { entity: Some("Maker".into()), ..Scope::default() };
        let report = built("revenue", replay, &scope);
        assert!(report.checks.iter().any(|c| c.name == "exchange_ties" && c.holds() == Some(false)));
    });
}
