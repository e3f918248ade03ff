//! What may become of a warrant: cheaper issues, splits, fractions, authorised shares. Numbers are worked out in comments.

use proforma::check;
use proforma::report::{self, Scope};

use crate::common::{Memory, checked_text, fact, number, with_run};

/// 100m shares; a warrant over 10m at 10 USD, with these clauses, vested at signing; and the lines of a ledger.
fn warrant(clauses: &str, ledger: &str) -> String {
    format!(
        r#"
use "rules/books/us-gaap.pf"
party Maker "Maker, Inc." {{
  currency USD; fiscal year ends 31 December; book us_gaap
  class common par 0.01 USD/share, authorised 200m shares, calendar nyse
  class preferred par 0.01 USD/share
}}
party Buyer "Buyer LLC" {{ currency USD; fiscal year ends 31 December; book us_gaap }}
party Fund "Fund LP" {{ currency USD; fiscal year ends 31 December }}
contract deal "Supply and warrant" between Maker as seller, Buyer as buyer {{
  signed 2026-01-05
  supply goods {{ 1_000m USD definitive option; pays rest on invoice; control passes at invoice }}
  counter bought = sum USD over invoice goods by anyone since signed
  warrant w over 10m shares of Maker.common at 10 USD/share, issuer Maker, holder Buyer {{
    expires 2036-01-05; exercise cash or net; adjusts for splits
    {clauses}
    tranche T 10m shares {{ vests at signing; earned over 0 USD to 100m USD of bought; fair value 4 USD/share }}
  }}
}}
contract round "New shares" between Fund as investor, Maker as company {{
  signed 2026-01-05
  investment series_b of 160m USD in Maker.preferred, company Maker, investor Fund {{
    price 8 USD/share
    tranche A 160m USD {{ called on 2026-03-02 }}
  }}
}}
2026-01-05 open Maker {{ Maker.common 100m shares; cash 1m USD }}
{ledger}
"#
    )
}

/// Facts of a run; every check of every report holds.
fn holds(text: &str, expected: &[(&str, &str)]) {
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
        for (name, value) in expected {
            assert_eq!(fact(replay, name), Some(number(value)), "{name}");
        }
        for name in report::NAMES {
            let Ok(report) = report::build(name, replay, &Scope::default()) else { continue };
            for check in &report.checks {
                assert_ne!(check.holds(), Some(false), "{name}: {} {:?} {:?}", check.claim, check.left, check.right);
            }
        }
    });
}

fn notes(text: &str, name: &str) -> Vec<String> {
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| report::build(name, replay, &Scope::default()).unwrap().notes)
}

fn refused(text: &str) -> Vec<&'static str> {
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| replay.register.refusals.iter().map(|r| r.kind.code()).collect())
}

fn codes(text: &str) -> Vec<String> {
    let files = Memory(std::collections::BTreeMap::from([("t.pf".to_owned(), text.to_owned())]));
    let found = check::check(&files, &["t.pf".to_owned()]);
    found.diagnostics.iter().map(|d| d.code.to_string()).collect()
}

const STEP: &str = "rounds strike to 0.0001 USD/share";

/// 20m shares at 7. Full ratchet: 10 becomes 7. An issue at 11 changes nothing.
#[test]
fn a_full_ratchet_takes_the_price_of_the_issue() {
    let clauses = format!("adjusts for cheaper issues by full ratchet; {STEP}");
    let ledger = "2026-02-02 issue 5m shares of Maker.common at 11 USD/share to holders
2026-03-02 issue 20m shares of Maker.common at 7 USD/share to holders
2026-04-01 issue 1m shares of Maker.common at 8 USD/share to holders
2026-05-04 exercise deal.w.T 1m shares cash";
    holds(
        &warrant(&clauses, ledger),
        &[
            ("Maker.strike[deal.w] on 2026-02-27", "10"),
            ("Maker.strike[deal.w] on 2026-03-02", "7"),
            ("Maker.strike[deal.w] on 2026-06-30", "7"),
            // 1m + 1m × 7
            ("Maker.closing_cash on 2026-06-30", "8000000"),
        ],
    );
}

/// Weighted average, broad-based: A = 100m issued and 10m rights, B = 20m × 7 / 10 = 14m, C = 20m:
/// 10 × (110 + 14) / (110 + 20) = 9.538461… → 9.5385. Narrow: 10 × (100 + 14) / (100 + 20) = 9.5.
/// Then 10m at 9 (narrow): B = 90m / 9.5, so 9.5 × (120 + 9.473684…) / 130 = (9.5 × 120 + 90) / 130 = 1,230 / 130 = 9.461538… → 9.4615.
#[test]
fn a_weighted_average_counts_shares_before_and_after() {
    let first = "2026-03-02 issue 20m shares of Maker.common at 7 USD/share to holders\n";
    let broad = format!("adjusts for cheaper issues by weighted average over fully diluted shares; {STEP}");
    holds(&warrant(&broad, first), &[("Maker.strike[deal.w] on 2026-03-31", "9.5385")]);
    let narrow = format!("adjusts for cheaper issues by weighted average over issued shares; {STEP}");
    let second = format!("{first}2026-04-01 issue 10m shares of Maker.common at 9 USD/share to holders");
    holds(
        &warrant(&narrow, &second),
        &[("Maker.strike[deal.w] on 2026-03-31", "9.5"), ("Maker.strike[deal.w] on 2026-06-30", "9.4615")],
    );
    let cents = "adjusts for cheaper issues by weighted average over fully diluted shares; rounds strike to 0.05 USD/share down";
    holds(&warrant(cents, first), &[("Maker.strike[deal.w] on 2026-03-31", "9.5")]);
}

/// The number of rights grows as the strike falls: 10m × 10 / 7 = 14,285,714.29, down. The aggregate price stays: 14,285,714 × 7 =
/// 99,999,998. With `nearest` and a second tranche nothing else changes.
#[test]
fn the_number_of_rights_may_follow() {
    let clauses = format!("adjusts for cheaper issues by full ratchet, number too; {STEP}");
    let ledger = "2026-03-02 issue 20m shares of Maker.common at 7 USD/share to holders";
    holds(
        &warrant(&clauses, ledger),
        &[
            ("Maker.exercisable[deal.w.T] on 2026-03-01", "10000000"),
            ("Maker.exercisable[deal.w.T] on 2026-03-02", "14285714"),
        ],
    );
}

/// A second quarter of 91 days; 45 of them 10m rights at 10, then 46 of them 14,285,714 at 7. Each part buys back with its own price (ASC
/// 260-10-45-23), at an average of 20: 10m × 45/91 = 4,945,054.945, half bought back; 14,285,714 × 46/91 = 7,221,349.934, 7/20 bought
/// back, 2,527,472.477. 2,472,527.472 + 4,693,877.457 more shares. At an average of 9 the first part buys back all, never more: 7,221,349.934 × 2/9
/// = 1,604,744.430. A split, 2 for 1, is no such change: 20m at 5 all the time, 15m more.
#[test]
fn a_price_adjusted_within_a_quarter_buys_back_in_its_part_of_it() {
    let clauses = format!("adjusts for cheaper issues by full ratchet, number too; {STEP}");
    let story = |line: &str, weighted: &str, average: &str| {
        let ledger = format!(
            "2026-05-16 {line}\n2026-07-20 earnings Maker 2026-Q2 {{ continuing 100m USD; weighted {weighted} shares; average {average} USD/share }}"
        );
        warrant(&clauses, &ledger)
    };
    let issue = "issue 20m shares of Maker.common at 7 USD/share to holders";
    let diluted = "Maker.eps_shares_diluted in 2026-Q2";
    holds(&story(issue, "100m", "20"), &[(diluted, "107166404.929")]);
    holds(&story(issue, "100m", "9"), &[(diluted, "101604744.43")]);
    holds(&story("split Maker.common 2 for 1", "200m", "20"), &[(diluted, "215000000")]);
}

/// Issues of the preferred are counted where the clause says so: 160m at 8 a share are 20m shares. Over all classes A = 100m and 10m
/// rights: (10 × 110 + 160) / 130 = 9.692307… → 9.6923. Excepted, it changes nothing; nor does an issue to a plan.
#[test]
fn an_investment_is_an_issue_unless_it_is_excepted() {
    let by = "by weighted average over fully diluted shares";
    let ledger = "2026-01-05 open Fund { cash 200m USD }
2026-03-02 fund round.series_b.A 160m USD
2026-04-01 issue 3m shares of Maker.common at 1 USD/share to holders as plan";
    let of = format!("adjusts for cheaper issues of Maker.common, Maker.preferred {by} except plan; {STEP}");
    holds(&warrant(&of, ledger), &[("Maker.strike[deal.w] on 2026-06-30", "9.6923")]);
    let own = format!("adjusts for cheaper issues {by} except plan; {STEP}");
    holds(&warrant(&own, ledger), &[("Maker.strike[deal.w] on 2026-06-30", "10")]);
    let none =
        format!("adjusts for cheaper issues of Maker.common, Maker.preferred {by} except plan, round.series_b; {STEP}");
    holds(&warrant(&none, ledger), &[("Maker.strike[deal.w] on 2026-06-30", "10")]);
}

/// One for ten: 10m rights are 1m at 100; then 1m shares at 70 (10m shares are left): 70. After a split 3 for 1: 23.3333 at four places.
#[test]
fn splits_go_on_from_an_adjusted_price() {
    let clauses = format!("adjusts for cheaper issues by full ratchet; {STEP}");
    let ledger = "2026-02-02 split Maker.common 1 for 10
2026-03-02 issue 1m shares of Maker.common at 70 USD/share to holders
2026-04-01 split Maker.common 3 for 1
2026-05-04 exercise deal.w.T 3m shares cash";
    holds(
        &warrant(&clauses, ledger),
        &[
            ("Maker.strike[deal.w] on 2026-02-02", "100"),
            ("Maker.exercisable[deal.w.T] on 2026-02-02", "1000000"),
            ("Maker.strike[deal.w] on 2026-03-02", "70"),
            ("Maker.strike[deal.w] on 2026-04-01", "23.3333"),
            // 1m + 3m × 23.3333
            ("Maker.closing_cash on 2026-06-30", "70999900"),
        ],
    );
}

/// 1,000 rights net at a close of 19: 1,000 × 9 / 19 = 473.684. Down 473; nearest 474; in cash 473 and 9,000 − 473 × 19 = 13 USD. A
/// reverse split 1 for 3 of 10m rights: 3,333,333.33; 2 for 3: 6,666,666.67, nearest 6,666,667.
#[test]
fn fractions_go_where_the_contract_says() {
    let ledger = "2026-03-02 price close(Maker.common) 19 USD/share\n2026-03-02 exercise deal.w.T 1_000 shares net";
    let held = ("Maker.shares_outstanding[Maker.common] on 2026-03-02", "100000473");
    holds(&warrant("", ledger), &[held]);
    holds(&warrant("fractions down", ledger), &[held]);
    let up = ("Maker.shares_outstanding[Maker.common] on 2026-03-02", "100000474");
    holds(&warrant("fractions nearest", ledger), &[up, ("Maker.closing_cash on 2026-03-02", "1000000")]);
    holds(&warrant("fractions in cash", ledger), &[held, ("Maker.closing_cash on 2026-03-02", "999987")]);
    let split = "2026-03-02 split Maker.common 2 for 3";
    let after = "Maker.exercisable[deal.w.T] on 2026-03-02";
    holds(&warrant("", split), &[(after, "6666666")]);
    holds(&warrant("fractions nearest", split), &[(after, "6666667")]);
}

/// 200m authorised, 100m issued, 10m rights: 90m are left. 60m are reserved: 30m. 50m more are issued: 20m short, which the report says. The
/// articles allow 300m: 80m left. A split 2 for 1 doubles all of it. The charter refuses what it does not allow (R16).
#[test]
fn the_articles_must_allow_what_warrants_may_ask_for() {
    let left = |day: &str| format!("Maker.authorised_headroom[Maker.common] on {day}");
    let ledger = "2026-02-02 reserve 60m shares of Maker.common \"plan\"
2026-03-02 issue 50m shares of Maker.common to holders
2026-04-01 authorise 300m shares of Maker.common \"annual meeting\"
2026-05-04 split Maker.common 2 for 1
2026-06-01 issue 301m shares of Maker.common to holders";
    let text = warrant("", ledger);
    holds(
        &text,
        &[
            (&left("2026-01-05"), "90000000"),
            (&left("2026-02-02"), "30000000"),
            (&left("2026-03-02"), "-20000000"),
            (&left("2026-04-01"), "80000000"),
            (&left("2026-05-04"), "160000000"),
        ],
    );
    assert_eq!(refused(&text), ["R16"]);
    let short = warrant("", ledger.split("\n2026-04").next().unwrap());
    let notes = notes(&short, "warrants");
    assert!(notes.iter().any(|note| note.contains("20,000,000 short")), "{notes:?}");
}

/// A strike of 10 below a par value of 12 is flagged where it is written, and so is the exercise.
#[test]
fn prices_below_par_are_flagged() {
    let text = warrant("", "2026-03-02 exercise deal.w.T 1m shares cash")
        .replace("par 0.01 USD/share, a", "par 12 USD/share, a");
    assert!(codes(&text).contains(&"W0343".to_owned()));
    let notes = notes(&text, "warrants");
    assert!(notes.iter().any(|note| note.contains("10,000,000 paid for 1,000,000 shares")), "{notes:?}");
}

/// The questions: to which step, at which price; and names that are none.
#[test]
fn questions_about_cheaper_issues() {
    assert!(codes(&warrant("adjusts for cheaper issues by full ratchet", "")).contains(&"E0341".to_owned()));
    let clauses = format!("adjusts for cheaper issues by full ratchet except plan; {STEP}");
    let issue = |more: &str| warrant(&clauses, &format!("2026-03-02 issue 1m shares of Maker.common to holders{more}"));
    assert!(codes(&issue("")).contains(&"E0342".to_owned()));
    assert!(!codes(&issue(" as plan")).contains(&"E0342".to_owned()));
    let clauses = format!("adjusts for cheaper issues by full ratchet except round.series_c; {STEP}");
    assert!(codes(&warrant(&clauses, "")).contains(&"E0204".to_owned()));
}

/// What was paid is not known: the exercise price is not known from then on, and nothing can be exercised for it (R13).
#[test]
fn an_undisclosed_issue_leaves_the_price_open() {
    let clauses = format!("adjusts for cheaper issues by full ratchet; {STEP}");
    let ledger = "2026-03-02 issue 1m shares of Maker.common at undisclosed USD/share to holders
2026-04-01 exercise deal.w.T 1m shares cash";
    let text = warrant(&clauses, ledger);
    let checked = checked_text(&text);
    with_run(&checked, &[], |replay| assert_eq!(fact(replay, "Maker.strike[deal.w] on 2026-03-31"), None));
    assert_eq!(refused(&text), ["R13"]);
}

/// EPS: the price that is bought back with is that of the period's end. 10m rights at 7, average 20: 10m × 7 / 20 = 3.5m bought back.
#[test]
fn earnings_per_share_use_the_adjusted_price() {
    let clauses = format!("adjusts for cheaper issues by full ratchet; {STEP}");
    let ledger = "2026-01-06 issue 20m shares of Maker.common at 7 USD/share to holders
prices close(Maker.common) from \"p.csv\"";
    let text = warrant(&clauses, ledger);
    let files = Memory(std::collections::BTreeMap::from([
        ("t.pf".to_owned(), text),
        ("p.csv".to_owned(), "date,close\n2026-04-01,20\n".to_owned()),
    ]));
    let checked = crate::common::checked(&files, &["t.pf"]);
    with_run(&checked, &[], |replay| {
        // 120m and 10m − 3.5m
        assert_eq!(fact(replay, "Maker.eps_shares_diluted[Maker.common] in 2026-Q2"), Some(number("126500000")));
    });
}

/// A warrant over 10m of the preferred at 9 USD, of which 40m are issued; half of it vests later.
fn preferred(clauses: &str, ledger: &str) -> String {
    warrant("", "").replace(
        "warrant w over",
        &format!(
            r#"warrant p over 10m shares of Maker.preferred at 10 USD/share, issuer Maker, holder Buyer {{
    expires 2036-01-05; exercise cash or net; adjusts for splits
    {clauses}
    tranche A 5m shares {{ vests at signing; earned over 0 USD to 100m USD of bought; fair value 4 USD/share }}
    tranche B 5m shares {{ vests on 2026-09-01; earned over 0 USD to 100m USD of bought; fair value 4 USD/share }}
  }}
  warrant w over"#
        ),
    ) + &format!(
        "party Sub \"Sub LLC\" {{ currency USD; fiscal year ends 31 December; book us_gaap }}\n{}",
        ledger.replace("PREFERRED", "2026-01-05 issue 40m shares of Maker.preferred to Fund")
    )
}

/// 40m preferred become 60m common, 3 for 2. 10m rights at 10 are 15m rights over the common at 6.6667; half of them vest later all the same.
/// 1.5m exercised: 10,000,050 paid; 100m + 60m + 1.5m common. A split 2 for 1 then takes 6.6667 to 3.33335, rounded to 3.3334 (half up).
#[test]
fn a_warrant_follows_its_class() {
    let ledger = "PREFERRED
2026-03-02 convert Maker.preferred into Maker.common 3 for 2 \"public offering\"
2026-04-01 exercise deal.p.A 1_500_000 shares cash
2026-05-04 split Maker.common 2 for 1";
    holds(
        &preferred(STEP, ledger),
        &[
            ("Maker.shares_outstanding[Maker.common] on 2026-03-02", "160000000"),
            ("Maker.strike[deal.p] on 2026-03-01", "10"),
            ("Maker.strike[deal.p] on 2026-03-02", "6.6667"),
            ("Maker.exercisable[deal.p] on 2026-03-02", "7500000"),
            ("Maker.unvested[deal.p] on 2026-03-02", "7500000"),
            ("Maker.closing_cash on 2026-04-30", "11000050"),
            ("Maker.shares_outstanding[Maker.common] on 2026-04-01", "161500000"),
            ("Maker.strike[deal.p] on 2026-05-04", "3.3334"),
            ("Maker.exercisable[deal.p] on 2026-05-04", "12000000"),
            ("Maker.exercisable[deal.p] on 2026-09-30", "27000000"),
            // Rights over the common: 27m of p and, after the split, 20m of w; the articles allow 400m.
            ("Maker.authorised_headroom[Maker.common] on 2026-09-30", "30000000"),
        ],
    );
}

/// Part of a class is converted by its holder; no warrant follows. More than it has is refused (R33), more than the articles allow as well (R16).
#[test]
fn a_holder_may_convert_a_part() {
    let ledger = "PREFERRED
2026-03-02 convert 10m shares of Maker.preferred into Maker.common 1 for 2 by Fund
2026-03-03 convert 31m shares of Maker.preferred into Maker.common 1 for 2 by Fund
2026-03-04 convert 30m shares of Maker.preferred into Maker.common 4 for 1 by Fund";
    let text = preferred("", ledger);
    holds(
        &text,
        &[
            ("Maker.shares_outstanding[Maker.common] on 2026-03-31", "105000000"),
            ("Maker.strike[deal.p] on 2026-03-31", "10"),
            ("Maker.ownership_issued[Fund] on 2026-03-31", "4.7619"),
        ],
    );
    assert_eq!(refused(&text), ["R33", "R16"]);
}

/// Shares of another company: what is paid for them is its own shares, and it owns all of the target then. A warrant over them has to be replaced.
#[test]
fn a_merger_asks_what_becomes_of_warrants() {
    let other = "party Acquirer \"Acquirer, Inc.\" { currency USD; class common }
2026-01-05 open Acquirer { Acquirer.common 50m shares }
2026-01-05 hold Acquirer 20m shares of Maker.common";
    let merger = format!("{other}\n2026-03-02 convert Maker.common into Acquirer.common 1 for 4");
    assert!(codes(&warrant("", &merger)).contains(&"E0213".to_owned()));
    // Without a warrant over it: 80m of others become 20m of the acquirer, which has all 100m then.
    let bare = warrant("", &merger);
    let from = bare.find("  warrant w over").unwrap();
    let to = bare.find("contract round").unwrap();
    let bare = format!("{}}}\n{}", &bare[..from], &bare[to..]);
    holds(
        &bare,
        &[
            ("Acquirer.shares_outstanding[Acquirer.common] on 2026-03-02", "70000000"),
            ("Maker.ownership_issued[Acquirer] on 2026-03-02", "100"),
        ],
    );
}

/// 10m rights worth 4 each vested at signing. 4m go to an affiliate for 20m, and nobody uses any: at the end the holder loses 24m, and the
/// affiliate what it paid.
#[test]
fn rights_that_passed_on_lapse_with_who_has_them() {
    let text = preferred("", "2026-03-02 transfer deal.w.T 4m shares to Sub as affiliates for 20m USD")
        .replace("    tranche T 10m", "    transferable to affiliates\n    tranche T 10m");
    let text = text.replace("expires 2036-01-05", "expires 2026-05-04");
    assert!(text.contains("expires 2026-05-04"), "{text}");
    holds(
        &text,
        &[
            ("Buyer.warrants_received[deal.w.T] on 2026-05-03", "24000000"),
            ("Sub.warrants_received[deal.w.T] on 2026-05-03", "20000000"),
            ("Buyer.warrants_received[deal.w.T] on 2026-05-04", "0"),
            ("Sub.warrants_received[deal.w.T] on 2026-05-04", "0"),
            ("Buyer.warrant_gains[deal.w.T] in 2026-Q2", "-24000000"),
            ("Sub.warrant_gains in 2026-Q2", "-20000000"),
        ],
    );
}

/// 10m rights worth 4 each vested at signing: 40m received. 4m go to an affiliate for 20m: 16m leave, 4m gained. It exercises them at 10: 40m
/// paid, its shares cost 60m. 6m are left; who does not say exercises as the holder, up to those.
#[test]
fn rights_pass_to_an_affiliate() {
    let ledger = "2026-03-02 transfer deal.w.T 4m shares to Sub as affiliates for 20m USD
2026-03-03 exercise deal.w.T 4m shares cash by Sub
2026-03-04 exercise deal.w.T 7m shares cash
2026-03-05 exercise deal.w.T 2m shares cash
2026-03-06 transfer deal.w.T 1m shares to Sub
2026-03-07 transfer deal.w.T 5m shares to Sub as affiliates";
    let text = preferred("", ledger).replace("    tranche T 10m", "    transferable to affiliates\n    tranche T 10m");
    holds(
        &text,
        &[
            ("Buyer.warrants_received[deal.w.T] on 2026-03-01", "40000000"),
            ("Buyer.rights_transferred in 2026-Q1", "4000000"),
            ("Buyer.warrants_received[deal.w.T] on 2026-03-02", "24000000"),
            ("Sub.warrants_received[deal.w.T] on 2026-03-02", "20000000"),
            ("Sub.shares_held[Maker.common] on 2026-03-03", "60000000"),
            ("Sub.warrants_received[deal.w.T] on 2026-03-03", "0"),
            ("Buyer.exercisable[deal.w.T] on 2026-03-31", "4000000"),
            ("Maker.exercisable[deal.w.T] on 2026-03-31", "4000000"),
            // 4m of 106m, and 2m of 106m
            ("Maker.ownership_issued[Sub] on 2026-03-31", "3.7736"),
            ("Maker.ownership_issued[Buyer] on 2026-03-31", "1.8868"),
            // 24m × 2 / 6 for the 2m exercised, and the price of 20m
            ("Buyer.shares_held[Maker.common] on 2026-03-31", "28000000"),
        ],
    );
    assert_eq!(refused(&text), ["R12", "R31", "R32"]);
}

/// Half of what has not vested is given away for nothing: it vests with the new holder, and only the other half is received by the first.
#[test]
fn what_vests_later_vests_with_its_holder() {
    let ledger = "2026-03-02 transfer deal.p.B 2_500_000 shares to Sub";
    let text = preferred("transferable freely", ledger);
    holds(
        &text,
        &[
            ("Buyer.warrants_received[deal.p.B] on 2026-08-31", "0"),
            // 2.5m × 4
            ("Buyer.warrants_received[deal.p.B] on 2026-09-01", "10000000"),
            ("Sub.exercisable[deal.p.B] on 2026-09-01", "2500000"),
            ("Buyer.exercisable[deal.p.B] on 2026-09-01", "2500000"),
            ("Maker.exercisable[deal.p.B] on 2026-09-01", "5000000"),
        ],
    );
    assert!(codes(&preferred("", ledger)).contains(&"E0344".to_owned()));
    assert_eq!(refused(&preferred("not transferable", ledger)), ["R31"]);
}

/// A warrant like one of 2022: 1m rights at signing, 15m once 2,100m are bought, worth 20 each; 420m are bought, and the rest is not probable.
fn plug(clause: &str, ledger: &str) -> String {
    let tranches = format!(
        "{clause}
    tranche S 1m shares {{ vests at signing; earned over 0 USD to 100m USD of bought; fair value 20 USD/share }}
    tranche T 15m shares {{ vests when bought >= 2_100m USD; fair value 20 USD/share }}"
    );
    let text = warrant("", &format!("2026-02-02 invoice deal.goods 420m USD\n{ledger}"));
    let old = text.lines().find(|line| line.contains("tranche T 10m")).unwrap().to_owned();
    let text = text
        .replace("over 10m shares of", "over 16m shares of")
        .replace("1_000m USD definitive", "3_000m USD definitive");
    text.replace(&old, &tranches)
}

/// To 60 %: 9.6m of 16m, 1m have vested, so 8.6m of the 15m do. Of these a fifth is earned: 8.6m × 20 × 0.2 = 34.4m of cost, the rest, 137.6m, is
/// an asset. At 1,050m half is earned: 86m. Once all is bought the other 6.4m vest as well: 300m. A second change of control finds 60 % vested.
#[test]
fn a_change_of_control_vests_to_a_part() {
    let ledger = "2026-03-02 change_of_control Maker \"merger\"
2026-04-01 change_of_control Maker
2026-05-04 invoice deal.goods 630m USD
2026-08-03 invoice deal.goods 1_050m USD";
    holds(
        &plug("change of control vests to 60%", ledger),
        &[
            ("Maker.vested[deal.w.T] in 2026-Q1", "8600000"),
            ("Maker.exercisable[deal.w.T] on 2026-06-30", "8600000"),
            ("Maker.unvested[deal.w.T] on 2026-06-30", "6400000"),
            ("Maker.contra_revenue[deal.w.T] in 2026-Q1", "34400000"),
            ("Maker.customer_incentive[deal.w.T] on 2026-03-31", "137600000"),
            ("Maker.contra_revenue[deal.w.T] in 2026-Q2", "51600000"),
            ("Maker.vested[deal.w.T] in 2026-Q3", "6400000"),
            ("Maker.contra_revenue[deal.w.T] in 2026-Q3", "214000000"),
            ("Maker.customer_incentive[deal.w.T] on 2026-09-30", "0"),
            ("Maker.award_equity[deal.w.T] on 2026-09-30", "300000000"),
        ],
    );
}

/// All: 15m vest, 15m × 20 × 0.2 = 60m of cost, 240m an asset. Nothing: what has not vested ends; of another party nothing happens.
#[test]
fn a_change_of_control_vests_all_or_ends_it() {
    let ledger = "2026-03-02 change_of_control Maker";
    holds(
        &plug("change of control vests all", ledger),
        &[
            ("Maker.unvested[deal.w.T] on 2026-03-02", "0"),
            ("Maker.contra_revenue[deal.w.T] in 2026-Q1", "60000000"),
            ("Maker.customer_incentive[deal.w.T] on 2026-03-31", "240000000"),
        ],
    );
    holds(
        &plug("change of control forfeits unvested", ledger),
        &[
            ("Maker.lapsed[deal.w.T] in 2026-Q1", "15000000"),
            ("Maker.exercisable[deal.w.S] on 2026-03-02", "1000000"),
            ("Maker.contra_revenue[deal.w.T] in 2026-Q1", "0"),
        ],
    );
    holds(
        &plug("change of control vests all", "2026-03-02 change_of_control Buyer"),
        &[("Maker.unvested[deal.w.T] on 2026-03-02", "15000000")],
    );
    holds(&plug("", ledger), &[("Maker.unvested[deal.w.T] on 2026-03-02", "15000000")]);
}

/// By price: at 40 the tranche that waits for 30 vests, whatever is bought, and the one that waits for 60 does not. After a split 2 for 1 the
/// price of 40 counts 80 in old shares: both vest.
#[test]
fn a_change_of_control_may_count_the_price() {
    let tranches = "change of control vests by price
    tranche S 4m shares { vests when bought >= 900m USD and close(Maker.common) >= 30 USD/share latched since signed; fair value 4 USD/share }
    tranche U 6m shares { vests when bought >= 950m USD and close(Maker.common) >= 60 USD/share latched since signed; fair value 3 USD/share }";
    let with = |ledger: &str| {
        let text = warrant("", ledger);
        let old = text.lines().find(|line| line.contains("tranche T 10m")).unwrap().to_owned();
        text.replace(&old, tranches)
    };
    holds(
        &with("2026-03-02 change_of_control Maker at 40 USD/share"),
        &[
            ("Maker.exercisable[deal.w.S] on 2026-03-02", "4000000"),
            ("Maker.unvested[deal.w.U] on 2026-03-02", "6000000"),
        ],
    );
    holds(
        &with("2026-02-02 split Maker.common 2 for 1\n2026-03-02 change_of_control Maker at 40 USD/share"),
        &[("Maker.exercisable[deal.w.U] on 2026-03-02", "12000000")],
    );
    assert!(codes(&with("2026-03-02 change_of_control Maker")).contains(&"E0209".to_owned()));
}

/// T is judged probable; 420 of 2,100 are bought: 15m × 20 × 0.2 = 60m. Forfeited, the 60m come back; what vested stays. Taken back by agreement
/// instead, the other 240m are cost at once (718-20-35-9), and the vested rights end too. Nothing is left for a second line (R35).
#[test]
fn rights_end_for_a_condition_or_by_agreement() {
    let probable = "2026-01-05 judge deal.w.T probable\n";
    let forfeit = plug("", &format!("{probable}2026-04-01 forfeit deal.w \"terminated\"\n2026-04-02 forfeit deal.w"));
    holds(
        &forfeit,
        &[
            ("Maker.contra_revenue[deal.w.T] in 2026-Q1", "60000000"),
            ("Maker.contra_revenue[deal.w.T] in 2026-Q2", "-60000000"),
            ("Maker.award_equity[deal.w.T] on 2026-06-30", "0"),
            ("Maker.award_equity[deal.w.S] on 2026-06-30", "20000000"),
            ("Maker.exercisable[deal.w.S] on 2026-06-30", "1000000"),
            ("Maker.lapsed[deal.w.T] in 2026-Q2", "15000000"),
        ],
    );
    assert_eq!(refused(&forfeit), ["R35"]);
    holds(
        &plug("", &format!("{probable}2026-04-01 cancel deal.w")),
        &[
            ("Maker.contra_revenue[deal.w.T] in 2026-Q2", "240000000"),
            ("Maker.award_equity[deal.w.T] on 2026-06-30", "300000000"),
            ("Maker.exercisable[deal.w.S] on 2026-06-30", "0"),
            ("Maker.award_equity[deal.w.S] on 2026-06-30", "20000000"),
        ],
    );
}

/// 6m of 106m are 5.66 %, above 4.999 % (R23). Notice on 2 March of 9.999 % runs for 61 days, to 2 May. 12 % is never allowed (R34); a lower
/// cap holds at once: 1m more would be 7m of 107m.
#[test]
fn an_ownership_cap_rises_after_notice() {
    let clauses = "ownership cap 4.999%; ownership cap rises to 9.999% 61 days after notice";
    let ledger = "2026-02-02 exercise deal.w.T 6m shares cash
2026-03-02 notice deal.w cap 9.999%
2026-05-01 exercise deal.w.T 6m shares cash
2026-05-02 exercise deal.w.T 6m shares cash
2026-05-03 notice deal.w cap 12%
2026-05-04 notice deal.w cap 6%
2026-05-05 exercise deal.w.T 1m shares cash";
    let text = warrant(clauses, ledger);
    holds(&text, &[("Maker.shares_outstanding[Maker.common] on 2026-05-31", "106000000")]);
    assert_eq!(refused(&text), ["R23", "R23", "R34", "R23"]);
    assert!(codes(&warrant("ownership cap rises to 9.999% 61 days after notice", "")).contains(&"E0213".to_owned()));
}
