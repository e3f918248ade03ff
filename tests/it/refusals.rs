//! What a contract says no to: one line for every kind, and nothing else changes.

use std::collections::{BTreeMap, BTreeSet};

use proforma::engine::{Inputs, RefusalKind};
use proforma::num::Number;
use proforma::run::Replay;

use crate::common::{checked_text, facts};

const PARTIES: &str = r#"
party Maker "Maker, Inc." { currency USD; class common par 0.01 USD/share, authorised 1_010m shares, calendar nyse; class preferred }
party Buyer "Buyer LLC" { currency USD }
"#;

/// 10 GW, paid half on order; 30m shares that vest by delivery, at signing, and when attested.
const DEAL: &str = r#"
contract deal "Supply and warrant" between Maker as seller, Buyer as buyer {
  signed 2026-01-05
  supply chips {
    6 GW definitive firm
    4 GW definitive option
    price 1bn USD/GW
    pays 50% of price on order
    pays rest 30 days after delivery
    control passes at acceptance
  }
  counter delivered = sum GW over delivery chips by anyone since signed
  warrant penny over 30m shares of Maker.common at 10 USD/share, issuer Maker, holder Buyer {
    expires 2028-12-29
    exercise cash or net
    adjusts for splits
    transferable to affiliates
    tranche T1 10m shares { vests when delivered >= 5 GW }
    tranche T2 10m shares { vests at signing; earned over 0 GW to 1 GW of delivered }
    tranche T3 10m shares { vests at signing; earned over 0 GW to 1 GW of delivered; exercisable when attested ready }
  }
  warrant bonus over 1m shares of Maker.common at undisclosed USD/share, issuer Maker, holder Buyer {
    expires never
    exercise net
    adjusts for splits
    tranche U1 1m shares { vests at signing; earned over 0 GW to 1 GW of delivered }
  }
  warrant capped over 2m shares of Maker.common at 10 USD/share, issuer Maker, holder Buyer {
    expires 2028-12-29
    exercise cash
    adjusts for splits
    ownership cap 0.15%
    tranche V1 2m shares { vests at signing; earned over 0 GW to 1 GW of delivered }
  }
}
contract round "New shares" between Buyer as investor, Maker as company {
  signed 2026-01-05
  investment shares of 400m USD in Maker.common, company Maker, investor Buyer {
    price 100 USD/share
    tranche A 100m USD { called at signing }
    tranche B 100m USD { called by Maker when attested ready }
    tranche C 200m USD { called by Maker }
  }
  investment odd of 50m USD in Maker.common, company Maker, investor Buyer {
    price 50m USD post_money, issued shares
    tranche X 50m USD { called at signing }
  }
}
unit hall
contract site "A hall" between Maker as seller, Buyer as buyer {
  signed 2026-01-05
  supply hall { 1 hall definitive firm; price 10m USD/hall; pays rest on delivery; control passes by progress }
}
contract debt "A facility" between Buyer as lender, Maker as borrower {
  signed 2026-01-05
  loan facility of 10m USD { available from 2026-02-01 to 2026-12-31; matures 2029-01-01; interest 6% every year, thirty_360 }
  loan later of 10m USD { available to 2026-12-31 when attested ready; matures 2029-01-01; interest 6% every year, thirty_360 }
}
2026-01-05 open Maker { Maker.common 1_000m shares; cash 5bn USD }
2026-02-02 o1: order deal.chips 4 GW
2026-03-02 d1: deliver deal.chips 2 GW
2026-03-09 a1: accept deal.chips 1 GW
2026-05-01 price close(Maker.common) 9 USD/share
"#;

/// The line that is refused, and what the contract allows besides it (nothing, mostly).
const CASES: &[(RefusalKind, &str, &str)] = &[
    (RefusalKind::ContractEnded, "2026-06-01 order deal.chips 1 GW", "2026-05-15 terminate deal"),
    (RefusalKind::BeforeSigning, "2026-01-04 order deal.chips 1 GW", ""),
    (RefusalKind::AfterExpiry, "2029-01-02 exercise deal.penny.T2 1m shares cash", ""),
    // Half of a forecast came true, and more than it promised: nothing is left of it to order.
    (
        RefusalKind::NoQuantity,
        "2026-06-01 forecast deliver deal.chips nothing_yet",
        "assume nothing_yet = undisclosed GW",
    ),
    (RefusalKind::OrderAboveCommitment, "2026-06-01 order deal.chips 6.5 GW", ""),
    (RefusalKind::DeliveryAboveCommitment, "2026-06-01 deliver deal.chips 8.5 GW", ""),
    (RefusalKind::DeliveryAboveOrder, "2026-06-01 deliver deal.chips 2.5 GW", ""),
    (RefusalKind::AcceptanceAboveDelivery, "2026-06-01 accept deal.chips 1.5 GW", ""),
    (RefusalKind::ExerciseManner, "2026-06-01 exercise deal.bonus.U1 1m shares cash", ""),
    (RefusalKind::ExerciseBeforeVesting, "2026-06-01 exercise deal.penny.T1 1m shares cash", ""),
    (RefusalKind::ExerciseBeforeClearing, "2026-06-01 exercise deal.penny.T3 1m shares cash", ""),
    (RefusalKind::ExerciseAboveCleared, "2026-06-01 exercise deal.penny.T2 11m shares cash", ""),
    (RefusalKind::NoStrike, "2026-06-01 exercise deal.bonus.U1 1m shares net", ""),
    (RefusalKind::NoPrice, "2026-04-01 exercise deal.penny.T2 1m shares net", ""),
    (RefusalKind::OutOfTheMoney, "2026-05-01 exercise deal.penny.T2 1m shares net", ""),
    (
        RefusalKind::AboveAuthorised,
        "2026-06-01 exercise deal.penny.T2 10m shares cash",
        "2026-05-15 issue 1m shares of Maker.common to holders",
    ),
    // 2m of 1,002m shares is 0.1996 %, above 0.15 %.
    (RefusalKind::AboveOwnershipCap, "2026-06-01 exercise deal.capped.V1 2m shares cash", ""),
    (RefusalKind::CallNotChosen, "2026-06-01 call round.shares.A 1m USD", ""),
    (RefusalKind::CallBeforeCondition, "2026-06-01 call round.shares.B 1m USD", ""),
    // Called twice: nothing is left.
    (RefusalKind::CallAboveCommitment, "2026-06-01 call round.shares.C", "2026-05-15 call round.shares.C 200m USD"),
    (RefusalKind::FundAboveCalled, "2026-06-01 fund round.shares.A 101m USD", ""),
    // 50m after a round of 50m: the shares before it are worth nothing.
    (RefusalKind::NoValuation, "2026-06-01 fund round.odd.X 1m USD", ""),
    (RefusalKind::HeldAboveIssued, "2026-06-01 hold Buyer 1_001m shares of Maker.common", ""),
    // Half of the hall stood in May.
    (RefusalKind::ProgressFalls, "2026-06-01 progress site.hall 40%", "2026-05-15 progress site.hall 50%"),
    // All of the hall has passed: no price is left to change.
    (
        RefusalKind::NothingLeft,
        "2026-06-01 modify site.hall for -1m USD prospectively",
        "2026-05-15 progress site.hall 100%",
    ),
    (RefusalKind::RefundAbovePaid, "2026-06-01 refund site.hall 1m USD", ""),
    (RefusalKind::DrawAboveCommitment, "2026-06-01 draw debt.facility 11m USD", ""),
    (RefusalKind::DrawOutsideAvailability, "2026-01-30 draw debt.facility 1m USD", ""),
    (RefusalKind::DrawBeforeCondition, "2026-06-01 draw debt.later 1m USD", ""),
    (RefusalKind::RepayAboveOutstanding, "2026-06-01 repay debt.facility 1m USD", ""),
    (RefusalKind::NotTransferable, "2026-06-01 transfer deal.penny.T2 1m shares to Maker", ""),
    (RefusalKind::TransferAboveHeld, "2026-06-01 transfer deal.penny.T2 11m shares to Maker as affiliates", ""),
    (
        RefusalKind::ConvertAboveHeld,
        "2026-06-01 convert 1_001m shares of Maker.common into Maker.preferred 1 for 1",
        "",
    ),
    (RefusalKind::CapAboveMost, "2026-06-01 notice deal.capped cap 1%", ""),
    (RefusalKind::NothingToForfeit, "2026-06-01 forfeit deal.bonus.U1", ""),
    (
        RefusalKind::ModifiesLeft,
        "2026-07-01 modify deal.penny.T2 type I from 12 USD/share to 17 USD/share",
        "2026-06-01 former_customer deal.penny.T2 equity",
    ),
    (RefusalKind::LeavesUnvested, "2026-06-01 former_customer deal.penny.T1 equity", ""),
    (RefusalKind::NothingHeld, "2026-06-01 impair Buyer.Maker.common to 1m USD", ""),
];

/// Balances by account name, at the end of every day on which anything moved.
fn balances(replay: &Replay<'_>) -> BTreeMap<String, BTreeMap<String, Number>> {
    let chart = &replay.register.chart;
    let name = |id| chart.get(id).map(|a| format!("{}|{}|{}|{}", a.owner, a.name, a.item, a.commodity)).unwrap();
    let at = |v: &proforma::run::Version| v.state.balances.iter().map(|(id, n)| (name(id), n)).collect();
    replay.versions.iter().map(|v| (v.date.to_string(), at(v))).collect()
}

struct Ran {
    balances: BTreeMap<String, BTreeMap<String, Number>>,
    facts: String,
    outcomes: usize,
    refused: Vec<(RefusalKind, String, String, String)>,
}

fn ran(text: &str) -> Ran {
    let checked = checked_text(text);
    let inputs = Inputs::select(&checked.terms, &[], None).unwrap();
    let replay = Replay::new(&checked.terms, &inputs, None).unwrap();
    assert_eq!(replay.fault, None);
    let refused = replay.register.refusals.iter();
    Ran {
        balances: balances(&replay),
        facts: facts(&replay),
        outcomes: replay.register.outcomes.len(),
        refused: refused.map(|r| (r.kind, r.date.to_string(), r.clause.to_string(), r.detail.to_string())).collect(),
    }
}

#[test]
fn every_kind_has_a_case() {
    let shown: BTreeSet<RefusalKind> = CASES.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(shown.into_iter().collect::<Vec<_>>(), RefusalKind::ALL);
}

#[test]
fn a_refused_line_changes_nothing() {
    for (kind, line, besides) in CASES {
        // An actual line far off, so that *today* is the same with and without the line.
        let base = format!("{PARTIES}{DEAL}{besides}\n2029-06-01 price close(Maker.common) 12 USD/share\n");
        let without = ran(&base);
        assert_eq!(without.refused, [], "{kind:?}");
        let with = ran(&format!("{base}{line}\n"));
        let [(found, date, clause, detail)] = with.refused.as_slice() else { panic!("{line}: {:?}", with.refused) };
        assert_eq!(found, kind, "{line}: {detail}");
        assert!(line.starts_with(date.as_str()), "{line}: on {date}");
        assert!(line.contains(clause.as_str()), "{line}: refused by `{clause}`");
        assert!(!detail.is_empty(), "{line}");
        assert_eq!(with.balances, without.balances, "{line}");
        assert_eq!(with.facts, without.facts, "{line}");
        assert_eq!(with.outcomes, without.outcomes, "{line}");
    }
}

/// The register lists every refusal, and the reports say it.
#[test]
fn refusals_are_listed_in_order_of_days() {
    let lines: Vec<&str> =
        CASES.iter().filter(|(_, _, besides)| besides.is_empty()).map(|(_, line, _)| *line).collect();
    let with = ran(&format!("{PARTIES}{DEAL}{}\n", lines.join("\n")));
    assert_eq!(with.refused.len(), lines.len());
    assert!(with.refused.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{:?}", with.refused);
}

/// When several apply, the first in order of precedence is given.
#[test]
fn the_first_that_applies_is_given() {
    let cases = [
        // Ended, and above the commitment.
        ("2026-05-15 terminate deal\n2026-06-01 order deal.chips 100 GW", RefusalKind::ContractEnded),
        // Above the commitment, and above what was ordered.
        ("2026-06-01 deliver deal.chips 100 GW", RefusalKind::DeliveryAboveCommitment),
        // Expired, and more than there are.
        ("2029-01-02 exercise deal.penny.T1 100m shares net", RefusalKind::AfterExpiry),
        // The wrong manner, and not vested.
        ("2026-01-05 exercise deal.bonus.U1 5m shares cash", RefusalKind::ExerciseManner),
    ];
    for (lines, kind) in cases {
        let refused = ran(&format!("{PARTIES}{DEAL}{lines}\n")).refused;
        assert_eq!(refused.iter().map(|r| r.0).collect::<Vec<_>>(), [kind], "{lines}");
    }
}

/// The holder of nothing may own 0.15 % of 1,000m and what is issued: n <= 0.0015 × (1,000m + n), n <= 1.5m / 0.9985 =
/// 1,502,253.38. So 1,502,253 shares are issued and 1,502,254 are not.
#[test]
fn ownership_cap_to_the_share() {
    let base = |shares: &str| format!("{PARTIES}{DEAL}2026-06-01 exercise deal.capped.V1 {shares} shares cash\n");
    assert!(ran(&base("1_502_253")).refused.is_empty());
    let above = ran(&base("1_502_254")).refused;
    let (kind, _, clause, detail) = above.first().unwrap();
    assert_eq!((*kind, &**clause), (RefusalKind::AboveOwnershipCap, "deal.capped.V1"));
    assert!(detail.contains("at most 1502253 can be issued"), "{detail}");
}
