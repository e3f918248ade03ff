//! Every ledger in the repository is replayed; its facts are snapshots, its checks and assertions hold.

use crate::common::{Repository, checked, facts, files, roots, snapshot, with_run};
use proforma::report::{self, Scope};

fn name_of(path: &str) -> String {
    path.trim_start_matches("ledgers/").trim_end_matches(".ledger").replace(['/', '-'], "_")
}

#[test]
fn every_ledger_replays_and_ties() {
    let ledgers = files("ledgers", "ledger");
    assert!(ledgers.len() >= 14, "{ledgers:?}");
    for ledger in ledgers {
        let roots = roots(&ledger);
        let roots: Vec<&str> = roots.iter().map(String::as_str).collect();
        let checked = checked(&Repository, &roots);
        with_run(&checked, &[], |replay| {
            for name in report::NAMES {
                let Ok(report) = report::build(name, replay, &Scope::default()) else { continue };
                for check in &report.checks {
                    assert_ne!(
                        check.holds(),
                        Some(false),
                        "{ledger} {name}: {} {:?} {:?}",
                        check.claim,
                        check.left,
                        check.right
                    );
                }
            }
            for claim in report::asserts(replay) {
                assert_eq!(claim.holds, Some(true), "{ledger}: {} {}", claim.text, claim.detail);
            }
            snapshot(&format!("facts_{}", name_of(&ledger)), &facts(replay));
        });
    }
}

/// Named scenarios change what they say and nothing breaks.
#[test]
fn every_scenario_replays_and_ties() {
    for ledger in files("ledgers", "ledger") {
        let roots = roots(&ledger);
        let roots: Vec<&str> = roots.iter().map(String::as_str).collect();
        let checked = checked(&Repository, &roots);
        for scenario in &checked.terms.scenarios {
            with_run(&checked, &[&scenario.name], |replay| {
                for name in report::NAMES {
                    let Ok(report) = report::build(name, replay, &Scope::default()) else { continue };
                    for check in &report.checks {
                        assert_ne!(check.holds(), Some(false), "{ledger} -s {}: {}", scenario.name, check.claim);
                    }
                }
            });
        }
    }
}

/// Same inputs, same bytes.
#[test]
fn runs_are_deterministic() {
    let run = || {
        let checked = checked(&Repository, &["ledgers/examples/mockup.ledger"]);
        with_run(&checked, &[], facts)
    };
    assert_eq!(run(), run());
}
