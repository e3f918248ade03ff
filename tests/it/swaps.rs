//! Shares that become another class's: their holder's carrying amount goes with them.

use crate::common::{checked_text, fact, holds_in_millions as holds, number, with_run};

/// A fund with 10m of 100m preferred shares that it bought for 100m, beside 100m common ones.
fn story(ledger: &str) -> String {
    format!(
        "use \"rules/books/us-gaap.pf\"\n\
         party F \"Fund\" {{ currency USD; fiscal year ends 31 December; book us_gaap }}\n\
         party T \"Target\" {{ currency USD; class common par 0.01 USD/share; class preferred; book us_gaap }}\n\
         2026-01-01 open F {{ cash 1bn USD }}\n2026-01-01 open T {{ T.common 100m shares; T.preferred 100m shares }}\n\
         2026-02-02 hold F 10m shares of T.preferred for 100m USD\n{ledger}"
    )
}

/// All of the class, three for two: 10m shares carried at 100 are 15m common shares carried at 100. A third of them sold for 40: 40 − 100/3
/// = 6.66666667 gained, 66.66666667 left.
#[test]
fn a_whole_class() {
    let ledger =
        "2026-06-01 convert T.preferred into T.common 3 for 2\n2026-09-01 hold F 10m shares of T.common for 40m USD\n";
    holds(
        &story(ledger),
        &[
            ("F.shares_held[T.preferred] on 2026-05-31", "100"),
            ("F.shares_held[T.preferred] on 2026-06-01", "0"),
            ("F.shares_held[T.common] on 2026-06-01", "100"),
            ("F.investment_gains in 2026-Q2", "0"),
            ("F.investment_gains in 2026", "6.66666667"),
            ("F.shares_held[T.common] on 2026-09-01", "66.66666667"),
        ],
    );
}

/// 4m of the 10m, one for one, beside 1m common shares that cost 12: 40 moves, 60 stays; common 52. An orderly transaction at 14 in common
/// shares: 5m × 14 = 70, a gain of 18; the preferred ones are not measured by it.
#[test]
fn a_part_of_it() {
    let ledger = "2026-03-02 hold F 1m shares of T.common for 12m USD\n\
        2026-06-01 convert 4m shares of T.preferred into T.common 1 for 1 by F\n2026-09-01 observed T.common 14 USD/share\n";
    holds(
        &story(ledger),
        &[
            ("F.shares_held[T.preferred] on 2026-06-01", "60"),
            ("F.shares_held[T.common] on 2026-06-01", "52"),
            ("F.shares_held[T.common] on 2026-09-01", "70"),
            ("F.investment_gains in 2026", "18"),
            ("F.shares_held[T.preferred] on 2026-09-01", "60"),
        ],
    );
}

/// Nobody said what they cost: nor is it known of what they became.
#[test]
fn what_is_not_known_stays_so() {
    let ledger = "2026-06-01 convert T.preferred into T.common 1 for 1\n2026-09-01 observed T.common 14 USD/share\n";
    let text = story(ledger).replace(" for 100m USD", "");
    with_run(&checked_text(&text), &[], |replay| {
        assert_eq!(fact(replay, "F.shares_held[T.common] on 2026-06-01"), Some(number("0")));
        let keeper = replay.keepers.iter().position(|keeper| &*keeper.owner == "F").unwrap();
        assert!(!replay.bookings[keeper].unposted.is_empty());
    });
}

/// Under IFRS at fair value through profit or loss: a class that is converted is carried at its last value until the next.
#[test]
fn under_ifrs() {
    let ledger = "2026-03-31 value F.T.preferred 11 USD/share\n2026-06-01 convert T.preferred into T.common 3 for 2\n2026-09-01 value F.T.common 8 USD/share\n";
    let text =
        story(ledger).replace("rules/books/us-gaap.pf", "rules/books/ifrs.pf").replace("book us_gaap", "book ifrs");
    // 10m × 11 = 110; 15m × 8 = 120.
    holds(
        &text,
        &[
            ("F.investment_gains in 2026-Q1", "10"),
            ("F.investment_gains in 2026-Q2", "0"),
            ("F.investment_gains in 2026-Q3", "10"),
        ],
    );
}
