//! Awards of holders that are customers no more: out of share-based payment, into ASC 815-40.

use crate::common::{checked_text, fact, holds_in_millions as holds, number, with_run};

/// 10m rights worth 4 for 100 of purchases, all of them made on 2 February; par is nil, so that paid-in capital is whole.
fn story(tranche: &str, ledger: &str) -> String {
    format!(
        r#"
use "rules/books/us-gaap.pf"
party S "Seller" {{ currency USD; class common par 0 USD/share, calendar nyse; book us_gaap }}
party B "Buyer" {{ currency USD; book us_gaap }}
contract c "Supply" between S as seller, B as buyer {{
  signed 2026-01-02
  supply goods {{ 10_000m USD definitive option; pays rest on invoice; control passes at invoice }}
  counter bought = sum USD over invoice goods by anyone since signed
  warrant w over 10m shares of S.common at 0 USD/share, issuer S, holder B {{
    expires 2027-06-30; exercise cash; adjusts for splits
    tranche T 10m shares {{ {tranche}; fair value 4 USD/share }}
  }}
}}
2026-01-02 open S {{ S.common 500m shares }}
2026-02-02 invoice c.goods 100m USD
{ledger}
"#
    )
}

const EARNED: &str = "vests when bought >= 100m USD";

/// The table of docs/BOOKS.md. 10m × 4 = 40 of equity. A liability at 6: 60, and 20 more out of equity, none of it through income.
/// At 9: 90, 30 lost. 4m exercised: 36 of the liability is paid-in capital; 6m × 9 = 54 stay. Judged equity again at 9, it keeps
/// 54, whatever it is worth later.
#[test]
fn as_a_liability_it_is_at_fair_value() {
    let ledger = "2026-06-30 former_customer c.w.T liability at 6 USD/share\n\
        2026-09-30 value c.w.T 9 USD/share\n2026-10-05 exercise c.w.T 4m shares\n\
        2026-12-31 judge c.w.T equity\n2027-03-31 value c.w.T 12 USD/share\n";
    holds(
        &story(EARNED, ledger),
        &[
            ("S.contra_revenue[c.w.T] in 2026", "40"),
            ("S.award_equity[c.w.T] on 2026-06-29", "40"),
            ("S.award_equity[c.w.T] on 2026-06-30", "0"),
            ("S.warrants_issued_liability[c.w.T] on 2026-06-30", "60"),
            ("S.warrants_reclassified[c.w.T] on 2026-06-30", "-20"),
            ("S.warrant_remeasurement[c.w.T] in 2026-Q2", "0"),
            ("S.warrant_remeasurement[c.w.T] in 2026-Q3", "30"),
            ("S.award_remeasurement[c.w.T] in 2026", "0"),
            ("S.warrants_issued_liability[c.w.T] on 2026-09-30", "90"),
            ("S.warrants_issued_liability[c.w.T] on 2026-10-05", "54"),
            ("S.apic on 2026-10-05", "36"),
            ("S.warrants_issued_liability[c.w.T] on 2026-12-31", "0"),
            ("S.warrants_issued_equity[c.w.T] on 2026-12-31", "54"),
            ("S.warrant_remeasurement[c.w.T] in 2027", "0"),
            ("S.warrants_issued_equity[c.w.T] on 2027-03-31", "54"),
            // The holder's books go on: a credit of its vendor, 4m of 10m rights exercised.
            ("B.warrants_received[c.w.T] on 2026-12-31", "24"),
        ],
    );
}

/// As equity it keeps its 40. Once it fails the conditions of equity, at 9, it is a liability of 90: 50 within equity. At 7: 20 gained.
/// What lapses is worth nothing: 70 gained.
#[test]
fn as_equity_it_stays_until_it_fails() {
    let ledger = "2026-06-30 former_customer c.w.T equity\n2026-08-31 value c.w.T 9 USD/share\n\
        2026-09-30 judge c.w.T liability\n2026-12-31 value c.w.T 7 USD/share\n";
    holds(
        &story(EARNED, ledger),
        &[
            ("S.award_equity[c.w.T] on 2026-06-30", "0"),
            ("S.warrants_issued_equity[c.w.T] on 2026-08-31", "40"),
            ("S.warrants_issued_liability[c.w.T] on 2026-09-30", "90"),
            ("S.warrants_reclassified[c.w.T] on 2026-12-31", "-50"),
            ("S.warrant_remeasurement[c.w.T] in 2026-Q3", "0"),
            ("S.warrant_remeasurement[c.w.T] in 2026-Q4", "-20"),
            ("S.warrant_remeasurement[c.w.T] in 2027-Q2", "-70"),
            ("S.warrants_issued_liability[c.w.T] on 2027-06-30", "0"),
            ("S.contra_revenue[c.w.T] in 2027", "0"),
        ],
    );
}

/// What a modification added while it was an award is in what leaves: 40 and 10m × (10 − 8) = 20. A liability at 9: 30 within equity.
#[test]
fn what_modifications_added_goes_along() {
    let ledger = "2026-03-31 modify c.w.T type I from 8 USD/share to 10 USD/share\n\
        2026-06-30 former_customer c.w.T liability at 9 USD/share\n";
    holds(
        &story(EARNED, ledger),
        &[
            ("S.contra_revenue[c.w.T] in 2026", "60"),
            ("S.award_equity[c.w.T] on 2026-06-29", "60"),
            ("S.award_equity[c.w.T] on 2026-06-30", "0"),
            ("S.warrants_issued_liability[c.w.T] on 2026-06-30", "90"),
            ("S.warrants_reclassified[c.w.T] on 2026-06-30", "-30"),
        ],
    );
}

/// A liability of Topic 718 at 6 stays one of 815-40: 60 go over, and what follows is remeasurement in the other account: at 7, 10 more.
#[test]
fn a_liability_stays_one() {
    let ledger = "2026-02-02 judge c.w.T liability\n2026-03-31 value c.w.T 6 USD/share\n\
        2026-06-30 former_customer c.w.T liability at 7 USD/share\n";
    holds(
        &story(EARNED, ledger),
        &[
            ("S.award_remeasurement[c.w.T] in 2026", "20"),
            ("S.award_liability[c.w.T] on 2026-06-29", "60"),
            ("S.award_liability[c.w.T] on 2026-06-30", "0"),
            ("S.warrants_issued_liability[c.w.T] on 2026-06-30", "70"),
            ("S.warrant_remeasurement[c.w.T] in 2026-Q2", "10"),
            ("S.warrants_reclassified[c.w.T] on 2026-06-30", "0"),
        ],
    );
}

/// Vested at signing for purchases of 400, 100 made: 10 of cost, an asset of 30. The award leaves as equity; the asset, which buys
/// nothing any more, is charged.
#[test]
fn an_asset_is_left_behind_until_it_is_charged() {
    let tranche = "vests at signing; earned over 0 USD to 400m USD of bought";
    let ledger = "2026-06-30 former_customer c.w equity\n2026-06-30 judge c.w.T immediate 100%\n";
    holds(
        &story(tranche, ledger),
        &[
            ("S.contra_revenue[c.w.T] in 2026-Q1", "10"),
            ("S.customer_incentive[c.w.T] on 2026-06-29", "30"),
            ("S.contra_revenue[c.w.T] in 2026-Q2", "30"),
            ("S.customer_incentive[c.w.T] on 2026-06-30", "0"),
            ("S.award_equity[c.w.T] on 2026-06-30", "0"),
            ("S.warrants_issued_equity[c.w.T] on 2026-06-30", "40"),
        ],
    );
}

/// What has not vested cannot leave: refused, and it stays an award.
#[test]
fn what_has_not_vested_stays() {
    let ledger = "2026-06-30 former_customer c.w.T liability at 6 USD/share\n";
    let text = story("vests when bought >= 400m USD", ledger);
    with_run(&checked_text(&text), &[], |replay| {
        let codes: Vec<_> = replay.register.refusals.iter().map(|refusal| refusal.kind.code()).collect();
        assert_eq!(codes, ["R36"]);
        assert_eq!(fact(replay, "S.warrants_issued_liability in 2026"), Some(number("0")));
    });
}
