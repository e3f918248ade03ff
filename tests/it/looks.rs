//! What people see: rendered reports, kept as snapshots of their own.

use crate::common::{Repository, checked, snapshot, with_run};
use proforma::render::{Style, derivation, text};
use proforma::report::{self, Scope};
use proforma::time::PeriodName;

fn look(roots: &[&str], scenarios: &[&str], report: &str, scope: &Scope, width: usize) -> String {
    let checked = checked(&Repository, roots);
    with_run(&checked, scenarios, |replay| {
        let report = report::build(report, replay, scope).unwrap();
        text::report(&report, &Style { width: Some(width), color: false })
    })
}

fn scope(entity: Option<&str>, period: Option<&str>) -> Scope {
    let period = period.and_then(PeriodName::parse);
    Scope { entity: entity.map(str::to_owned), period, contract: Some("amd_openai".into()), ..Scope::default() }
}

const MOCKUP: &[&str] = &["ledgers/examples/mockup.ledger"];
const DEAL: &[&str] = &["rules/deals/amd-openai.pf", "ledgers/deals/amd-openai.ledger"];

#[test]
fn the_deal_on_one_screen() {
    let wide = look(DEAL, &[], "summary", &Scope::default(), 120);
    assert!(wide.lines().count() <= 60, "{} lines", wide.lines().count());
    snapshot("look_deal_summary_120", &wide);
    snapshot("look_deal_summary_80", &look(DEAL, &[], "summary", &Scope::default(), 80));
}

#[test]
fn the_reports_of_the_invented_example() {
    let third = scope(Some("AMD"), Some("2027-Q3"));
    snapshot("look_mockup_warrants", &look(MOCKUP, &[], "warrants", &Scope { contract: None, ..third.clone() }, 140));
    snapshot("look_mockup_revenue", &look(MOCKUP, &[], "revenue", &scope(Some("AMD"), Some("2027")), 130));
    snapshot("look_mockup_milestones", &look(MOCKUP, &[], "milestones", &scope(None, None), 130));
    snapshot("look_mockup_dues", &look(MOCKUP, &[], "dues", &scope(None, None), 110));
    snapshot("look_mockup_journal", &look(MOCKUP, &[], "journal", &third, 140));
}

#[test]
fn what_an_owner_owes() {
    let roots = &["ledgers/examples/datacentre.ledger"];
    let owner = Scope { contract: None, ..scope(Some("Owner"), Some("2026")) };
    snapshot("look_datacentre_debt", &look(roots, &[], "debt", &owner, 140));
    snapshot("look_datacentre_covenants", &look(roots, &[], "covenants", &owner, 160));
    let maker = Scope { contract: None, ..scope(Some("Maker"), Some("2026")) };
    snapshot("look_datacentre_guarantees", &look(roots, &[], "debt", &maker, 120));
}

#[test]
fn promises_by_standing() {
    let roots = &["rules/deals/nvidia-openai.pf", "ledgers/deals/nvidia-openai.ledger"];
    snapshot("look_nvidia_standing", &look(roots, &[], "standing", &Scope::default(), 150));
}

#[test]
fn a_long_ladder_is_folded() {
    let roots = &["ledgers/deals/marvell-google/first-year.ledger"];
    let text = look(roots, &[], "warrants", &Scope::default(), 140);
    assert!(text.lines().count() < 80, "{} lines", text.lines().count());
    snapshot("look_marvell_warrants", &text);
}

#[test]
fn a_number_explains_itself() {
    let checked = checked(&Repository, MOCKUP);
    with_run(&checked, &[], |replay| {
        let name = proforma::check::fact_name("AMD.contra_revenue in 2027-Q3").unwrap();
        let explanation = proforma::explain::explain(replay, &name).unwrap();
        let (parts, cell, _) = explanation.sum.clone().unwrap();
        assert_eq!(parts, cell);
        snapshot(
            "look_explain_contra_revenue",
            &derivation::explanation(&explanation, &checked.sources, &Style { width: Some(130), color: false }),
        );
    });
}

/// Every fact of a run can be explained, and its parts add up to it.
#[test]
fn every_fact_explains_itself_and_adds_up() {
    for roots in [
        MOCKUP,
        DEAL,
        &["ledgers/deals/amd-openai/part-exercise.ledger"],
        &["ledgers/deals/amd-openai/split-4-for-1.ledger"],
    ] {
        let checked = checked(&Repository, roots);
        with_run(&checked, &[], |replay| {
            let rows = report::facts(replay, &Scope::default());
            assert!(rows.len() > 100);
            for row in rows.iter().filter(|r| !r.measure.ends_with("_revenue") || !r.item.is_empty()).step_by(3) {
                let item = if row.item.is_empty() { String::new() } else { format!("[{}]", row.item) };
                let text = format!("{}.{}{item} in {}", row.entity, row.measure, row.period);
                let name = proforma::check::fact_name(&text).unwrap();
                let explanation = proforma::explain::explain(replay, &name).unwrap_or_else(|e| panic!("{text}: {e}"));
                let stated = explanation
                    .tree
                    .amount
                    .as_ref()
                    .and_then(|(v, _)| v.known())
                    .map_or(String::new(), |n| n.to_string());
                assert_eq!(stated, row.value, "{text}");
                if let Some((parts, cell, _)) = explanation.sum {
                    assert_eq!(parts, cell, "{text}: the parts do not add up");
                }
            }
        });
    }
}
