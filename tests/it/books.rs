//! Books as text: two books over the same facts, standards that take effect with a fiscal year.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{Memory, Repository, checked, checked_text, fact, files, inputs, number, root, with_run};
use crate::vectors::three_tranches;
use proforma::report::compare::Threshold;
use proforma::report::{self, Cell, Report, Row, Scope, books};
use proforma::run::Replay;
use proforma::terms::Book;
use proforma::time::{FiscalYearEnd, PeriodName, Weekday};

fn text_of(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

/// The rows of a table as `cell | cell | …`.
fn rows(report: &Report, table: &str) -> Vec<String> {
    let table = report.tables.iter().find(|t| t.title == table).unwrap();
    let said = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Figure(figure) => figure.amount.known().unwrap().to_string(),
        _ => String::new(),
    };
    let cells = table.rows.iter().filter_map(|row| match row {
        Row::Cells { cells, .. } => Some(cells.iter().map(said).collect::<Vec<_>>().join(" | ")),
        _ => None,
    });
    cells.collect()
}

fn checks_hold(replay: &Replay<'_>, what: &str) {
    for name in report::NAMES {
        let Ok(report) = report::build(name, replay, &Scope::default()) else { continue };
        for check in &report.checks {
            let (left, right) = (&check.left, &check.right);
            assert_ne!(check.holds(), Some(false), "{what} {name}: {} {left:?} {right:?}", check.claim);
        }
    }
}

/// A copied book with one line changed: attribution over a single pool. The quarters are those of the two
/// methods in `vectors.rs`: 200, 270, 315, 210 against 183.33, 256.67, 330, 130. Each tranche is rounded by itself: in Q1
/// 400m × 500/3,000 = 66,666,666.67 and 700m × 500/3,000 = 116,666,666.67; to the end of Q2 160m and 280m.
#[test]
fn a_copied_book_says_what_moved() {
    let copy = text_of("rules/books/us-gaap.pf").replace("book us_gaap \"US GAAP\"", "book pooled \"Pooled\"");
    let copy = copy.replace("attribution = own_band | single_pool", "attribution = single_pool | own_band");
    let story = three_tranches("own_band").replace("unit GPU", "use \"copy.pf\"\nunit GPU");
    let files = BTreeMap::from([("copy.pf".to_owned(), copy), ("t.pf".to_owned(), story)]);
    let checked = checked(&Memory(files), &["t.pf"]);
    let inputs = inputs(&checked, &[]);
    let run = |book: &str| Replay::new(&checked.terms, &inputs, Some(book)).unwrap();
    let (left, right) = (run("us_gaap"), run("pooled"));
    let scope = Scope { period: PeriodName::parse("2026"), entity: Some("S".into()), ..Scope::default() };
    let said = |span| checked.sources.text(span).to_owned();
    let all = Threshold::default();
    let report = books::compare(&left, &right, (&scope, &all), said).unwrap();
    assert!(books::differ(&report));
    // What the books say comes first: one line, and with it the choice of every party that keeps the book.
    assert_eq!(report.tables[0].title, "What the books say differently");
    assert_eq!(
        rows(&report, "What the books say differently"),
        [
            "policy | attribution | policy attribution = own_band | single_pool | policy attribution = single_pool | own_band",
            "choice | attribution of S | own_band | single_pool",
            "choice | attribution of B | own_band | single_pool",
        ]
    );
    let moved = rows(&report, "What moved");
    let cost: Vec<&String> = moved.iter().filter(|row| row.starts_with("S | contra_revenue")).collect();
    assert_eq!(
        cost,
        [
            "S | contra_revenue | 2026-Q1 | 200000000 | 183333333.34 | -16666666.66",
            "S | contra_revenue | 2026-Q2 | 270000000 | 256666666.66 | -13333333.34",
            "S | contra_revenue | 2026-Q3 | 315000000 | 330000000 | 15000000",
            "S | contra_revenue | 2026-Q4 | 210000000 | 130000000 | -80000000",
        ]
    );
    let same = books::compare(&left, &run("us_gaap"), (&scope, &all), said).unwrap();
    assert!(!books::differ(&same) && same.tables.is_empty());
}

/// What a party chose otherwise than its book does goes with it into another book, where that has the choice.
#[test]
fn choices_go_along_into_another_book() {
    let story = three_tranches("single_pool").replace("unit GPU", "use \"rules/books/ifrs.pf\"\nunit GPU");
    let checked = checked_text(&story);
    let inputs = inputs(&checked, &[]);
    let replay = Replay::new(&checked.terms, &inputs, Some("ifrs")).unwrap();
    // The pool, as in `vectors.rs`: 400m × 500/3,000 + 700m × 500/3,000.
    assert_eq!(fact(&replay, "S.contra_revenue in 2026-Q1"), Some(number("183333333.34")));
}

/// Nothing is judged probable. US GAAP, and IFRS with variable consideration: nothing until T1 is met by 1,000, then all its
/// 400. IFRS with non-vesting conditions: 500/1,000 × 400 = 200; then 200 more, and 200/2,000 × 700 = 70 of T2.
#[test]
fn two_books_over_the_same_facts() {
    let story = |choice: &str| {
        let text = three_tranches("own_band").replace("2026-01-01 judge c.w.T1 probable", "");
        let text = text.replace("2026-01-01 judge c.w.T2 probable", "").replace("2026-11-01 judge c.w.T3 probable", "");
        let own = "book us_gaap { attribution = own_band }";
        assert!(text.contains(own));
        let text = text
            .replace("use \"rules/books/us-gaap.pf\"", "use \"rules/books/us-gaap.pf\"\nuse \"rules/books/ifrs.pf\"");
        match choice {
            "us_gaap" => text,
            _ => text.replace(own, &format!("book ifrs {{ purchases = {choice} }}")),
        }
    };
    for (choice, first, second) in [
        ("us_gaap", "0", "400000000"),
        ("variable_consideration", "0", "400000000"),
        ("non_vesting_condition", "200000000", "270000000"),
    ] {
        with_run(&checked_text(&story(choice)), &[], |replay| {
            assert_eq!(fact(replay, "S.contra_revenue in 2026-Q1"), Some(number(first)), "{choice}");
            assert_eq!(fact(replay, "S.contra_revenue in 2026-Q2"), Some(number(second)), "{choice}");
        });
    }
    // A non-vesting condition that fails is not trued up (IFRS 2.21A); variable consideration is (IFRS 15.59): T1 and T2 lapse
    // on 1 September after 2,100 of purchases, T2 with 1,100/2,000 × 700 = 385 recognised.
    let judged = "2026-01-01 judge c.w.T2 probable\n";
    for (choice, then) in [("variable_consideration", "-385000000"), ("non_vesting_condition", "0")] {
        let text = story(choice) + judged;
        let text =
            text.replace("expires 2036-01-01", "expires 2026-09-01").replace("2026-11-01 deliver c.goods 600 GPU", "");
        with_run(&checked_text(&text), &[], |replay| {
            // Q3 without the lapse: 900/2,000 × 700 = 315.
            let before = number("315000000").plus(number(then)).unwrap();
            assert_eq!(fact(replay, "S.contra_revenue[c.w.T2] in 2026-Q3"), Some(before), "{choice}");
        });
    }
}

/// IFRS 2.13: each purchase at the value of its day. T1: 10m rights over 1,000. 500 bought while a right is worth 40, as stated at
/// the grant: 10m × 500/1,000 × 40 = 200. From 1 April it is worth 50: the next 500 cost 10m × 500/1,000 × 50 = 250, and the
/// first are not measured again; 60 from July changes nothing. T2, 20m over the next 2,000 at 35 until then: 200 of the 700 at 50:
/// 20m × 200/2,000 × 50 = 100; in August 900 at 60: 20m × 900/2,000 × 60 = 540.
#[test]
fn each_purchase_at_the_value_of_its_day() {
    let text = three_tranches("own_band")
        .replace("use \"rules/books/us-gaap.pf\"", "use \"rules/books/us-gaap.pf\"\nuse \"rules/books/ifrs.pf\"")
        .replace("book us_gaap { attribution = own_band }", "book ifrs { measurement = as_purchased }")
        + "2026-04-01 value c.w 50 USD/share\n2026-07-01 value c.w 60 USD/share\n";
    with_run(&checked_text(&text), &[], |replay| {
        for (name, expected) in [
            ("S.contra_revenue[c.w.T1] in 2026-Q1", "200000000"),
            ("S.contra_revenue[c.w.T1] in 2026-Q2", "250000000"),
            ("S.contra_revenue[c.w.T1] in 2026-Q3", "0"),
            ("S.contra_revenue[c.w.T2] in 2026-Q2", "100000000"),
            ("S.contra_revenue[c.w.T2] in 2026-Q3", "540000000"),
            ("S.award_equity[c.w] on 2026-09-30", "1090000000"),
        ] {
            assert_eq!(fact(replay, name), Some(number(expected)), "{name}");
        }
        checks_hold(replay, "as purchased");
    });
}

/// What a book has: its policies, accounts, estimates, standards and rules, by name.
fn parts(book: &Book) -> BTreeSet<String> {
    let policies = book.policies.iter().map(|policy| format!("policy {}", policy.name));
    let accounts = book.accounts.iter().map(|account| format!("account {}", account.name));
    let judged = book.judged.iter().map(|account| format!("account {}", account.name));
    let estimates = book.estimates.iter().map(|estimate| format!("estimate {}", estimate.name));
    let standards = book.standards.iter().map(|standard| format!("standard {}", standard.name));
    let rules = book.rules.iter().map(|rule| rule.name.to_string());
    policies.chain(accounts).chain(judged).chain(estimates).chain(standards).chain(rules).collect()
}

/// IFRS says something to everything that US GAAP says: a counterpart of the same name, or `# not here: NAME: why`.
#[test]
fn the_house_books_have_counterparts_or_reasons() {
    let checked = checked(&Repository, &["rules/books/us-gaap.pf", "rules/books/ifrs.pf"]);
    let book = |name: &str| checked.terms.books.iter().find(|book| &*book.name == name).map(parts).unwrap();
    let (american, international) = (book("us_gaap"), book("ifrs"));
    let text = text_of("rules/books/ifrs.pf");
    let reasons: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("# not here: ")?.split_once(": "))
        .inspect(|(what, why)| assert!(!why.is_empty(), "{what}"))
        .map(|(what, _)| what.to_owned())
        .collect();
    let silent: Vec<&String> =
        american.iter().filter(|part| !international.contains(*part) && !reasons.contains(*part)).collect();
    assert!(silent.is_empty(), "add to rules/books/ifrs.pf a counterpart, or `# not here: NAME: why`: {silent:?}");
    let idle: Vec<&String> = reasons.iter().filter(|part| !american.contains(*part)).collect();
    assert!(idle.is_empty(), "`# not here` without such a part of the US GAAP book: {idle:?}");
}

/// Every deal and precedent runs under IFRS, and its checks hold.
#[test]
fn every_deal_runs_under_ifrs() {
    let mut ran = 0;
    for ledger in files("ledgers", "ledger") {
        let rules = ledger.replace("ledgers/", "rules/").replace(".ledger", ".pf");
        let mut roots = vec![ledger.as_str(), "rules/books/ifrs.pf"];
        if root().join(&rules).exists() {
            roots.push(&rules);
        }
        let checked = checked(&Repository, &roots);
        let inputs = inputs(&checked, &[]);
        let replay = Replay::new(&checked.terms, &inputs, Some("ifrs")).unwrap();
        assert!(replay.fault.is_none(), "{ledger}: {:?}", replay.fault);
        assert!(replay.keepers.iter().all(|keeper| &*keeper.book.name == "ifrs"), "{ledger}");
        checks_hold(&replay, &ledger);
        ran += 1;
    }
    assert!(ran >= 14, "{ran}");
}

/// Contra-revenue without a test of probability: T1 400, and T2 (2,700 − 1,000)/2,000 × 700 = 595, whatever is probable: 995. On
/// 2027-01-01 ASU 2025-04 takes effect: T2 is not probable, and the 595 leave the award for retained earnings, through no income.
/// 300 more in February meet T2 (3,000): all its 700 are cost of 2027. Adopted on 2026-01-01, there is nothing to take back.
#[test]
fn a_standard_takes_effect_with_a_fiscal_year() {
    let story = |lines: &str| {
        let text = three_tranches("own_band").replace("2026-01-01 judge c.w.T2 probable", "");
        let text = text.replace("2026-11-01 judge c.w.T3 probable", "");
        text.replace("attribution = own_band", "purchases = service_condition") + lines
    };
    let later = "2027-02-01 deliver c.goods 300 GPU\n";
    let early = format!("2026-01-01 adopt S purchases = performance_condition modified_retrospective\n{later}");
    for (lines, year, taken_back) in [(later, "995000000", "595000000"), (&early, "400000000", "0")] {
        with_run(&checked_text(&story(lines)), &[], |replay| {
            assert_eq!(fact(replay, "S.contra_revenue in 2026"), Some(number(year)));
            assert_eq!(fact(replay, "S.retained_earnings on 2026-12-31"), Some(number("0")));
            assert_eq!(fact(replay, "S.retained_earnings on 2027-01-01"), Some(number(taken_back)));
            assert_eq!(fact(replay, "S.contra_revenue in 2027"), Some(number("700000000")));
            checks_hold(replay, lines);
        });
    }
    // What was adopted says why.
    let checked = checked_text(&story(later));
    with_run(&checked, &[], |replay| {
        let name = proforma::check::fact_name("S.retained_earnings[c.w.T2] on 2027-01-01").unwrap();
        let style = proforma::render::Style { width: Some(130), color: false };
        let why = proforma::explain::explain(replay, &name).unwrap();
        let said = proforma::render::derivation::explanation(&why, &checked.sources, &style);
        assert!(said.contains("ASU_2025_04") && said.contains("performance_condition adopted"), "{said}");
    });
    // A party that has the choice already is not touched.
    let own = three_tranches("own_band") + later;
    with_run(&checked_text(&own), &[], |replay| {
        assert!(!replay.outcomes().any(|(_, o)| matches!(o.act, proforma::engine::Act::Adopted { .. })));
    });
}

/// "Fiscal years beginning after 15 December 2026": AMD's begins on 2026-12-27, NVIDIA's on 2027-02-01. ASU 2020-06: a filer
/// with the SEC from 2022-01-01, a smaller one from 2024-01-01. ASU 2018-07: 2019-01-01, a private company 2020-01-01.
#[test]
fn each_party_adopts_with_its_own_year() {
    let checked = checked(&Repository, &["rules/books/us-gaap.pf"]);
    let standard = |name: &str| checked.terms.books[0].standards.iter().find(|s| &*s.name == name).unwrap();
    let day = |name: &str, fiscal: &FiscalYearEnd, filer: &str| {
        standard(name).effective(fiscal, &vec![("filer".into(), filer.into())]).unwrap().to_string()
    };
    let amd = FiscalYearEnd::LastWeekday { weekday: Weekday::Sat, month: 12 };
    let nvidia = FiscalYearEnd::LastWeekday { weekday: Weekday::Sun, month: 1 };
    let calendar = FiscalYearEnd::default();
    assert_eq!(day("ASU_2025_04", &amd, "sec_filer"), "2026-12-27");
    assert_eq!(day("ASU_2025_04", &nvidia, "sec_filer"), "2027-02-01");
    assert_eq!(day("ASU_2025_07", &nvidia, "private"), "2027-02-01");
    assert_eq!(day("ASU_2020_06", &calendar, "sec_filer"), "2022-01-01");
    assert_eq!(day("ASU_2020_06", &calendar, "smaller"), "2024-01-01");
    assert_eq!(day("ASU_2018_07", &calendar, "sec_filer"), "2019-01-01");
    assert_eq!(day("ASU_2018_07", &calendar, "private"), "2020-01-01");
}

/// A standard that makes attribution a single pool in 2027: a delivery outside the band of a tranche moves it then as with an `adopt` line.
/// A: 400 of 1, to 40; B: 600 of 1, from 40 to 100. 20 by 2026; the pool is 1,000 over 100. In the first quarter of 2027 20 more:
/// B has 600 × 40/100 = 240 by then, 120 of it before (retained earnings) and 120 in the quarter.
#[test]
fn a_standard_may_make_bands_one_pool() {
    let book = text_of("rules/books/us-gaap.pf").replace("book us_gaap \"US GAAP\"", "book mine \"Mine\"").replacen(
        "  standard ASU_2018_07",
        "  standard POOL \"One pool\" { effective fiscal years beginning after 2026-12-15; requires attribution = single_pool modified_retrospective } cite \"own\"\n  standard ASU_2018_07",
        1,
    );
    let deal = r#"
use "mine.pf"
unit box
party S "S" { currency USD; fiscal year ends 31 December; class common par 0.01 USD/share; book mine }
party B "B" { currency USD; book mine }
contract d "Boxes" between S as seller, B as buyer {
  signed 2026-01-05
  supply g { 200 box definitive firm; price 100 USD/box; pays rest on delivery; control passes at delivery }
  counter t = sum box over delivery g by B since signed
  warrant w over 1_000 shares of S.common at 1 USD/share, issuer S, holder B {
    expires 2036-01-05; exercise cash; adjusts for splits; fair value 1 USD/share
    tranche A 400 shares { vests when t >= 40 box }
    tranche C 600 shares { vests when t >= 100 box }
  }
}
2026-01-05 open S { S.common 1_000 shares }
2026-01-05 judge d.w probable
2026-03-02 deliver d.g 20 box
2027-03-02 deliver d.g 20 box
"#;
    let files = BTreeMap::from([("mine.pf".to_owned(), book), ("t.pf".to_owned(), deal.to_owned())]);
    let checked = checked(&Memory(files), &["t.pf"]);
    let inputs = inputs(&checked, &[]);
    let replay = Replay::new(&checked.terms, &inputs, None).unwrap();
    assert_eq!(crate::common::fact(&replay, "S.contra_revenue[d.w.C] in 2026"), Some(crate::common::number("0")));
    assert_eq!(crate::common::fact(&replay, "S.contra_revenue[d.w.C] in 2027-Q1"), Some(crate::common::number("120")));
    assert_eq!(crate::common::fact(&replay, "S.award_equity[d.w.C] in 2027-Q1"), Some(crate::common::number("240")));
}
