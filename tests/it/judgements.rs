//! Judgements about supplies and their contracts, with the arithmetic: collectability, agents, repurchases, losses to come.

use crate::common::{checked_text, facts_are, with_run};

const DEAL: &str = r#"
use "rules/books/us-gaap.pf"
unit unit
party S "Seller" { currency USD; fiscal year ends 31 December; book us_gaap }
party B "Buyer" { currency USD; fiscal year ends 31 December; book us_gaap }
contract deal "Deal" between S as seller, B as buyer {
  signed 2026-01-01
  supply goods {
    10 unit definitive firm
    price 100 USD/unit
    pays 100% of price on delivery
    control passes at delivery
  }
  variable concession of goods by expected value
}
"#;

/// Each fact of a run against its number; every check of the statements and of revenue holds.
fn holds(text: &str, expected: &[(&str, &str)]) {
    let checked = checked_text(&format!("{DEAL}{text}"));
    with_run(&checked, &[], |replay| {
        facts_are(replay, expected);
        for name in ["statements", "revenue"] {
            let scope = proforma::report::Scope { entity: Some("S".into()), ..Default::default() };
            let report = proforma::report::build(name, replay, &scope).unwrap();
            assert!(report.checks.iter().all(|check| check.holds() != Some(false)), "{name}: {:?}", report.checks);
        }
    });
}

fn codes(line: &str) -> Vec<&'static str> {
    let text = format!("{DEAL}{line}\n");
    let files = crate::probe::files::Bytes::new(&[("main.pf", &text)]);
    proforma::check::check(&files, &["main.pf".to_owned()]).diagnostics.iter().map(|d| d.code.number()).collect()
}

/// ASC 606-10-25-1(e), -25-6 to -25-8. Until May the customer may well not pay: 3 units delivered for 300 are no revenue and
/// no receivable, the 120 paid are a deposit, and there is no obligation to report. In May it is likely to: 300 of revenue
/// at once, 300 − 120 = 180 receivable, 7 × 100 = 700 still to come.
#[test]
fn a_contract_that_may_not_be_paid_waits() {
    let story = "2026-01-01 judge deal not collectible \"the customer has no funding yet\"
2026-02-02 deliver deal.goods 3 unit
2026-03-02 pay deal.goods 120 USD
2026-05-04 judge deal collectible \"funded\"
";
    holds(
        story,
        &[
            ("S.revenue in 2026-Q1", "0"),
            ("S.receivable in 2026-Q1", "0"),
            ("S.customer_deposits in 2026-Q1", "120"),
            ("S.cash in 2026-Q1", "120"),
            ("S.rpo in 2026-Q1", "0"),
            ("S.revenue in 2026-Q2", "300"),
            ("S.receivable in 2026-Q2", "180"),
            ("S.customer_deposits in 2026-Q2", "0"),
            ("S.cash in 2026-Q2", "120"),
            ("S.rpo in 2026-Q2", "700"),
        ],
    );
}

/// It fails later (25-5): the 2 units delivered before stay revenue, 200. Of the 250 paid in April the first 200 settle what
/// was billed before, and 50 are a deposit for the unit delivered in March.
#[test]
fn a_contract_that_fails_later_keeps_its_past() {
    let story = "2026-02-02 deliver deal.goods 2 unit
2026-02-28 judge deal not collectible
2026-03-02 deliver deal.goods 1 unit
2026-04-01 pay deal.goods 250 USD
";
    holds(
        story,
        &[
            ("S.revenue in 2026-Q1", "200"),
            ("S.receivable in 2026-Q1", "200"),
            ("S.receivable in 2026-Q2", "0"),
            ("S.customer_deposits in 2026-Q2", "50"),
            ("S.revenue in 2026-Q2", "0"),
        ],
    );
}

/// 25-7: the contract has ended and the 120 need not be given back: revenue.
#[test]
fn what_need_not_be_given_back_is_revenue() {
    let story = "2026-01-01 judge deal not collectible
2026-03-02 pay deal.goods 120 USD
2026-05-04 terminate deal
2026-05-05 judge deal nonrefundable
";
    holds(
        story,
        &[
            ("S.customer_deposits in 2026-Q1", "120"),
            ("S.customer_deposits in 2026-Q2", "0"),
            ("S.revenue in 2026-Q2", "120"),
        ],
    );
}

/// An agent that may keep 15% of 3 × 100: revenue 45, and 255 are due to the principal. It buys the goods from nobody here.
#[test]
fn an_agent_earns_what_it_may_keep() {
    let story = "2026-01-01 judge deal.goods agent 85% \"the maker is responsible for them\"
2026-02-02 deliver deal.goods 3 unit
";
    holds(
        story,
        &[
            ("S.revenue in 2026-Q1", "45"),
            ("S.due_to_principals in 2026-Q1", "255"),
            ("S.receivable in 2026-Q1", "300"),
        ],
    );
}

/// Sold with a duty to buy it back: what is paid for it is owed, not earned.
#[test]
fn what_will_be_bought_back_is_financing() {
    let story = "2026-01-01 judge deal.goods repurchase_obligation
2026-02-02 deliver deal.goods 3 unit
2026-02-03 pay deal.goods 300 USD
";
    holds(
        story,
        &[("S.revenue in 2026-Q1", "0"), ("S.repurchase_obligation in 2026-Q1", "300"), ("S.cash in 2026-Q1", "300")],
    );
}

/// All 10 units are to cost 1,200 and bring 1,000: a loss of 200 at once. After 4 are delivered 6/10 × 1,200 − 600 = 120 are
/// still to come; at an estimate of 1,500, 6/10 × 1,500 − 600 = 300; at 900 none.
#[test]
fn losses_to_come_are_provided_for() {
    let story = "2026-01-05 judge deal.goods unavoidable_cost 1_200 USD
2026-04-06 deliver deal.goods 4 unit
2026-07-06 judge deal.goods unavoidable_cost 1_500 USD
2026-10-05 judge deal.goods unavoidable_cost 900 USD
";
    holds(
        story,
        &[
            ("S.provision_for_losses in 2026-Q1", "200"),
            ("S.provision_for_losses in 2026-Q2", "120"),
            ("S.contract_losses in 2026-Q2", "-80"),
            ("S.provision_for_losses in 2026-Q3", "300"),
            ("S.provision_for_losses in 2026-Q4", "0"),
        ],
    );
}

/// 606-10-32-7: of 300 billed 60% are expected, so the price is 120 less: revenue 180, and 300 − 120 = 180 are expected to be
/// collected. A credit loss is another matter (326-20-30-1): revenue stays, 30 are an expense.
#[test]
fn a_concession_is_price_and_a_credit_loss_is_not() {
    let story = "2026-01-01 estimate deal.concession { -400 USD at 100% } constrained to -400 USD \"40% of 1,000\"
2026-02-02 deliver deal.goods 3 unit
2026-03-02 judge deal.goods credit_loss 30 USD
";
    holds(
        story,
        &[
            ("S.revenue in 2026-Q1", "180"),
            ("S.receivable in 2026-Q1", "300"),
            ("S.contract_asset in 2026-Q1", "-120"),
            ("S.credit_loss_expense in 2026-Q1", "30"),
            ("S.allowance in 2026-Q1", "-30"),
            ("S.rpo in 2026-Q1", "420"),
        ],
    );
}

/// The buyer has promised to take 10 units at 100 and they are worth 80 to it.
#[test]
fn a_buyer_books_the_loss_on_what_it_promised_to_buy() {
    let story =
        "2026-02-02 judge deal.goods commitment_loss 200 USD\n2026-07-01 judge deal.goods commitment_loss 0 USD\n";
    holds(
        story,
        &[
            ("B.accrued_commitment_losses in 2026-Q1", "200"),
            ("B.commitment_losses in 2026-Q1", "200"),
            ("B.accrued_commitment_losses in 2026-Q3", "0"),
            ("S.revenue in 2026-Q1", "0"),
        ],
    );
}

#[test]
fn wrong_judgements_are_coded() {
    assert_eq!(codes("2026-01-01 judge deal.goods collectible"), ["E0208"]);
    assert_eq!(codes("2026-01-01 judge deal collectable"), ["E0204"]);
    assert_eq!(codes("2026-01-01 judge deal not nonrefundable"), ["E0208"]);
    assert_eq!(codes("2026-01-01 judge deal.goods agent 120%"), ["E0213"]);
    assert_eq!(codes("2026-01-01 judge deal.goods agent"), ["E0209"]);
    assert_eq!(codes("2026-01-01 judge deal.goods lease_incom"), ["E0204"]);
    assert_eq!(codes("2026-01-01 judge deal.goods lease_income 5 USD"), ["E0208"]);
    assert_eq!(codes("2026-01-01 judge deal.goods probable"), ["E0204"]);
    assert_eq!(codes("2026-01-01 judge deal.goods agent 3 USD"), ["E0207"]);
}
