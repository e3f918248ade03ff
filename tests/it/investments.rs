//! Investments: what is called, what it buys, what lapses. Every figure is worked out in the comment beside it.

use std::collections::BTreeSet;

use proforma::engine::{Act, Inputs};
use proforma::num::Number;
use proforma::report::{self, Scope};
use proforma::run::Replay;
use proforma::time::Date;

use crate::common::{checked_text, fact, number, with_run};

const PARTIES: &str = r#"
party Fund "Fund LP" { currency USD; class common par 0.01 USD/share, authorised 600m shares, calendar weekdays }
party Partner "Partner LP" { currency USD }
party Startup "Startup, Inc." { currency USD; class common par 0.0001 USD/share, calendar weekdays }
"#;

/// A run of the parties and a text, and what is read off it.
struct Ran {
    balances: Vec<(String, Number)>,
    refused: usize,
    acts: Vec<(String, Act)>,
}

fn ran(text: &str) -> Ran {
    let checked = checked_text(&format!("{PARTIES}{text}"));
    let inputs = Inputs::select(&checked.terms, &[], None).unwrap();
    let replay = Replay::new(&checked.terms, &inputs, None).unwrap();
    assert_eq!(replay.fault, None);
    let chart = &replay.register.chart;
    let name = |id| chart.get(id).map(|a| format!("{} {} {} {}", a.owner, a.name, a.item, a.commodity)).unwrap();
    Ran {
        balances: replay.end().state.balances.iter().map(|(id, n)| (name(id), n)).collect(),
        refused: replay.register.refusals.len(),
        acts: replay.register.outcomes.iter().map(|o| (o.date.to_string(), o.act.clone())).collect(),
    }
}

impl Ran {
    /// The balance of `OWNER NAME ITEM COMMODITY`; nothing if there is no such account.
    fn balance(&self, account: &str) -> Number {
        self.balances.iter().find(|(name, _)| name == account).map_or(Number::ZERO, |(_, n)| *n)
    }

    fn shares(&self, owner: &str) -> Number {
        self.balance(&format!("{owner} shares Startup.common Startup.common"))
    }

    fn cash(&self, owner: &str) -> Number {
        self.balance(&format!("{owner} cash  USD"))
    }

    fn stage(&self, stage: &str, tranche: &str) -> Number {
        self.balance(&format!("Fund {stage} round.new.{tranche} round.new commitment"))
    }
}

fn contract(clauses: &str) -> String {
    format!(
        "contract round \"New shares\" between Fund as investor, Startup as company, Partner as co_investor {{
           signed 2026-03-31
           {clauses}
         }}\n"
    )
}

/// 260m before the money over 26m shares: 10 USD a share. A quarter of every call is Partner's.
fn syndicated() -> String {
    contract(
        "investment new of 40m USD in Startup.common, company Startup, investor Fund {
           price 260m USD pre_money, issued shares
           syndicated 25% to Partner
           funded in cash 15 days after call
           tranche first 10m USD { called at signing }
           tranche second 20m USD { called when attested reorganised; by 2026-12-31 else 5m USD }
           tranche third 10m USD { called by Fund when first funded; by 2027-12-31 }
         }",
    ) + "2026-03-31 open Startup { Startup.common 26m shares; cash 3m USD }\n"
}

#[test]
fn a_syndicated_round_at_a_fixed_valuation() {
    let ran = ran(&(syndicated()
        + "2026-04-15 fund round.new.first 10m USD
           2026-06-01 attest round.new.second reorganised
           2026-06-16 fund round.new.second 15m USD by Fund
           2026-06-18 fund round.new.second 5m USD by Partner
           2026-09-01 call round.new.third 4m USD\n"));
    assert_eq!(ran.refused, 0);
    // Fund: 7.5m + 15m = 22.5m at 10 = 2,250,000. Partner: 2.5m + 5m = 7.5m at 10 = 750,000: the price is that of the
    // day of signing, whatever was issued since.
    assert_eq!(ran.shares("Fund"), number("2250000"));
    assert_eq!(ran.shares("Partner"), number("750000"));
    assert_eq!(ran.cash("Startup"), number("33000000"));
    assert_eq!(ran.cash("Fund"), number("-22500000"));
    assert_eq!(ran.cash("Partner"), number("-7500000"));
    // 4m of the third tranche are called and, the call being actual, wait for a payment; 6m lapse at the end of 2027.
    assert_eq!(ran.stage("released", "third"), number("4000000"));
    assert_eq!(ran.stage("lapsed", "third"), number("6000000"));
    assert_eq!(ran.stage("used", "second"), number("20000000"));
}

#[test]
fn a_missed_deadline_leaves_the_smaller_part() {
    let ran = ran(&(syndicated() + "2026-04-15 fund round.new.first 10m USD\n"));
    assert_eq!(ran.refused, 0);
    // On 2027-01-01 5m are called and 15m lapse; nothing actual says so, and the call is assumed funded 15 days later:
    // 3.75m at 10 = 375,000 for Fund and 125,000 for Partner, beside 750,000 and 250,000 of the first tranche.
    assert_eq!(ran.stage("lapsed", "second"), number("15000000"));
    assert_eq!(ran.stage("used", "second"), number("5000000"));
    assert_eq!(ran.shares("Fund"), number("1125000"));
    assert_eq!(ran.shares("Partner"), number("375000"));
    let days: BTreeSet<&str> =
        ran.acts.iter().filter(|(_, act)| matches!(act, Act::Funded { .. })).map(|(date, _)| date.as_str()).collect();
    assert_eq!(days, BTreeSet::from(["2026-04-15", "2027-01-16"]));
    assert!(ran.acts.iter().any(|(date, act)| date == "2027-01-01" && matches!(act, Act::Called { .. })));
}

/// 300m after a round of 40m is 260m before it; 20m issued and 6m awards are 26m shares: 10 USD a share.
#[test]
fn after_the_money_and_fully_diluted() {
    let ran = ran(&(contract(
        "investment new of 10m USD in Startup.common, company Startup, investor Fund {
           price 300m USD post_money of 40m USD, fully diluted shares
           tranche all 10m USD { called at signing }
         }",
    ) + "2026-03-31 open Startup { Startup.common 20m shares; awards 6m shares }
         2026-04-01 fund round.new.all 10m USD\n"));
    assert_eq!(ran.shares("Fund"), number("1000000"));
    // Without `of`, the round is the investment: 300m - 10m = 290m over 26m shares; 10m * 26m / 290m = 896,551.7, whole
    // shares rounded down.
    let ran = self::ran(
        &(contract(
            "investment new of 10m USD in Startup.common, company Startup, investor Fund {
           price 300m USD post_money, fully diluted shares
           tranche all 10m USD { called at signing }
         }",
        ) + "2026-03-31 open Startup { Startup.common 20m shares; awards 6m shares }
         2026-04-01 fund round.new.all 10m USD\n"),
    );
    assert_eq!(ran.shares("Fund"), number("896551"));
}

#[test]
fn the_valuation_of_the_day() {
    let ran = ran(&(contract(
        "investment new of 22m USD in Startup.common, company Startup, investor Fund {
           price valuation(Startup) pre_money, issued shares
           tranche a 10m USD { called on 2026-05-04 }
           tranche b 12m USD { called on 2027-05-04 }
         }",
    ) + "2026-03-31 open Startup { Startup.common 30m shares }
         2026-05-01 price valuation(Startup) 300m USD
         2027-05-01 price valuation(Startup) 600m USD
         2026-05-04 fund round.new.a 10m USD
         2027-05-04 fund round.new.b 12m USD\n"));
    // 10m * 30m / 300m = 1,000,000; then 12m * 31m / 600m = 620,000.
    assert_eq!(ran.shares("Fund"), number("1620000"));
    assert_eq!(ran.refused, 0);
}

#[test]
fn a_price_per_share_follows_a_split() {
    let ran = ran(&(contract(
        "investment new of 24m USD in Startup.common, company Startup, investor Fund {
           price 12 USD/share
           tranche a 12m USD { called at signing }
           tranche b 12m USD { called at signing }
         }",
    ) + "2026-03-31 open Startup { Startup.common 30m shares }
         2026-04-01 fund round.new.a 12m USD
         2026-06-01 split Startup.common 2 for 1
         2026-07-01 fund round.new.b 12m USD\n"));
    // 12m / 12 = 1,000,000, doubled by the split; then 12m / 6 = 2,000,000.
    assert_eq!(ran.shares("Fund"), number("4000000"));
}

#[test]
fn paid_in_shares_in_capacity_and_not_at_all() {
    let price = "price 10 USD/share";
    let open = "2026-03-31 open Startup { Startup.common 30m shares }
                2026-03-31 open Fund { Fund.common 500m shares }
                2026-04-01 price close(Fund.common) 48 USD/share
                2026-04-01 fund round.new.all 10m USD\n";
    let with = |funded: &str| {
        ran(&(contract(&format!(
            "investment new of 10m USD in Startup.common, company Startup, investor Fund {{
               {price}
               funded {funded}
               tranche all 10m USD {{ called at signing }}
             }}"
        )) + open))
    };
    // 10m / 10 = 1,000,000 shares each time. 10m / 48 = 208,333.3: whole shares of Fund's own.
    let shares = with("in shares of Fund.common");
    assert_eq!(shares.shares("Fund"), number("1000000"));
    assert_eq!(shares.balance("Startup shares Fund.common Fund.common"), number("208333"));
    assert_eq!(shares.cash("Startup"), Number::ZERO);
    let capacity = with("in capacity");
    assert_eq!(capacity.balance("Startup capacity round.new.all USD"), number("10000000"));
    assert_eq!(capacity.shares("Fund"), number("1000000"));
    let nothing = with("against nothing");
    assert_eq!(nothing.shares("Fund"), number("1000000"));
    assert_eq!((nothing.cash("Startup"), nothing.cash("Fund")), (Number::ZERO, Number::ZERO));
}

/// What is not owed moves promised cash and no shares; what is actually paid is money like any other.
#[test]
fn a_letter_of_intent_is_only_promised() {
    let text = contract(
        "standing letter of intent
         investment new of 20m USD in Startup.common, company Startup, investor Fund {
           price 10 USD/share
           tranche a 10m USD { called on 2027-01-04 }
           tranche b 10m USD { called at signing }
         }",
    ) + "2026-03-31 open Startup { Startup.common 30m shares }
         2026-04-01 fund round.new.b 10m USD\n";
    let ran = ran(&text);
    assert_eq!(ran.balance("Startup promised_cash  USD"), number("10000000"));
    assert_eq!(ran.cash("Startup"), number("10000000"));
    assert_eq!(ran.shares("Fund"), number("1000000"));
}

/// The end of the contract takes what was not called and leaves what was.
#[test]
fn superseded_money_lapses() {
    let ran = ran(&(syndicated()
        + "2026-04-15 fund round.new.first 10m USD
           2026-05-04 terminate round
           2026-06-01 attest round.new.second reorganised
           2026-06-02 call round.new.third\n"));
    assert_eq!(ran.refused, 1);
    assert_eq!(ran.stage("lapsed", "second"), number("20000000"));
    assert_eq!(ran.stage("lapsed", "third"), number("10000000"));
    assert_eq!(ran.shares("Fund"), number("750000"));
}

/// What hangs on a tranche being called or funded moves on the same day.
#[test]
fn one_tranche_waits_for_another() {
    let ran = ran(&(contract(
        "investment new of 30m USD in Startup.common, company Startup, investor Fund {
           price 10 USD/share
           tranche a 10m USD { called by Startup }
           tranche b 10m USD { called when a called }
           tranche c 10m USD { called when b funded }
         }",
    ) + "2026-03-31 open Startup { Startup.common 30m shares }
         2026-05-04 call round.new.a 1m USD
         2026-05-04 fund round.new.b 10m USD\n"));
    assert_eq!(ran.refused, 0);
    let called =
        |date: &str| ran.acts.iter().filter(|(day, act)| day == date && matches!(act, Act::Called { .. })).count();
    assert_eq!(called("2026-05-04"), 3);
}

/// The checks of the report: "promised_accounted_for", "funded_shares_are_held". They hold, and fail when a balance is
/// moved that no entry made, or an outcome tells of shares that no entry moved.
#[test]
fn its_checks_can_fail() {
    let text = syndicated() + "2026-04-15 fund round.new.first 10m USD\n";
    let checked = checked_text(&format!("{PARTIES}{text}"));
    let inputs = Inputs::select(&checked.terms, &[], None).unwrap();
    let mut replay = Replay::new(&checked.terms, &inputs, None).unwrap();
    let failed = |replay: &Replay<'_>| -> BTreeSet<&'static str> {
        let report = report::build("investments", replay, &Scope::default()).unwrap();
        report.checks.iter().filter(|check| check.holds() == Some(false)).map(|check| check.name).collect()
    };
    assert_eq!(failed(&replay), BTreeSet::new());
    let locked = replay.register.chart.find("Fund", "locked", "round.new.third", "round.new commitment").unwrap();
    let from = Date::parse("2026-04-15").unwrap();
    for version in replay.versions.iter_mut().filter(|v| v.date >= from) {
        let posting = proforma::ledger::Posting { account: locked, amount: number("1") };
        version.state.balances.apply(&[posting]).unwrap();
    }
    assert!(failed(&replay).contains("promised_accounted_for"));
    for outcome in replay.register.outcomes.iter_mut() {
        if let Act::Funded { issued, .. } = &mut outcome.act {
            *issued = proforma::terms::Value::Known(number("1"));
        }
    }
    assert!(failed(&replay).contains("funded_shares_are_held"));
}

/// 10m are called; of 6m and 7m paid on one day the smaller goes first, wherever the lines stand: 600,000 shares.
#[test]
fn payments_of_one_day_go_by_size() {
    let lines = ["2026-04-01 fund round.new.all 7m USD\n", "2026-04-01 fund round.new.all 6m USD\n"];
    for [first, second] in [[lines[0], lines[1]], [lines[1], lines[0]]] {
        let deal = contract(
            "investment new of 10m USD in Startup.common, company Startup, investor Fund {
               price 10 USD/share
               tranche all 10m USD { called at signing }
             }",
        );
        let ran = ran(&format!("{deal}2026-03-31 open Startup {{ Startup.common 30m shares }}\n{first}{second}"));
        assert_eq!((ran.refused, ran.shares("Fund")), (1, number("600000")));
    }
}

/// 10m of the first tranche and 15m of the second are funded at 10 USD a share: 1m and 1.5m shares; 15m are not called. A fact names the
/// tranche, the investment, or the contract it is in; what is in none of them is told.
#[test]
fn tranches_investments_and_contracts_have_facts() {
    let text = "use \"rules/books/us-gaap.pf\"\nparty Fund \"Fund LP\" { currency USD; book us_gaap }\n\
         party Lab \"Lab, Inc.\" { currency USD; class common par 0.0001 USD/share; book us_gaap }\n\
         contract ra \"A\" between Fund as investor, Lab as company { signed 2026-03-31\n\
           investment a of 40m USD in Lab.common, company Lab, investor Fund { price 10 USD/share\n\
             tranche first 10m USD { called at signing }\n\
             tranche second 30m USD { called by Lab } } }\n\
         2026-03-31 open Lab { Lab.common 26m shares }\n2026-03-31 open Fund { cash 50m USD }\n\
         2026-04-15 fund ra.a.first 10m USD\n2026-04-20 call ra.a.second 15m USD\n2026-04-20 fund ra.a.second 15m USD\n";
    with_run(&checked_text(text), &[], |replay| {
        for (name, value) in [
            ("Lab.funded[ra.a.first] in 2026-Q2", "10000000"),
            ("Lab.funded[ra.a] in 2026-Q2", "25000000"),
            ("Lab.funded[ra] in 2026-Q2", "25000000"),
            ("Fund.funded[ra.a] in 2026-Q2", "25000000"),
            ("Lab.shares_bought[ra.a] in 2026-Q2", "2500000"),
            ("Lab.uncalled[ra.a] in 2026-Q2", "15000000"),
        ] {
            assert_eq!(fact(replay, name), Some(number(value)), "{name}");
        }
        let told = report::fact::lookup(replay, &proforma::check::fact_name("Lab.funded[ra.b] in 2026-Q2").unwrap());
        assert_eq!(told.unwrap_err(), "there is nothing with the path `ra.b`; did you mean `ra.a`?");
    });
}
