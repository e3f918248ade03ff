//! Scenarios and assertions.

use super::*;
use crate::terms::{Basis, Change, Claim, LineId};

/// A deal, three lines and an assumption.
fn story(more: &str) -> Checked {
    deal(&format!(
        "assume gw = 2 GW \"a\"\nassume other = gw + 1 GW \"b\"\nassume words \"w\"
contract c \"C\" between AMD as seller, OpenAI as buyer {{ signed 2025-10-05\n{SUPPLY} }}
2026-08-01 forecast f1: order c.chips gw
2026-08-02 a1: order c.chips 1 GW
{more}\n"
    ))
}

#[test]
fn changes() {
    let terms = clean(story(
        "scenario first \"one\" { move f1 by -91 days; move a1 to 2026-09-01; scale f1 by 60%; drop a1; drop c; set gw = 3 GW
           add 2026-10-01 forecast x: order c.chips 1 GW; add 2026-10-02 order c.chips 1 GW realises x
           path close(AMD.common) from 2026-01-01 flat 1 USD/share to 2026-02-01 }
         scenario second from first { drop x; add 2026-11-01 y: order c.chips 1 GW }",
    ));
    let first: Vec<&Change> = terms.scenarios[0].changes.iter().map(|(change, _)| change).collect();
    assert!(matches!(first[0], Change::MoveBy(LineId(0), -91)));
    assert!(matches!(first[3], Change::DropLine(LineId(1))));
    assert!(matches!(first[4], Change::DropContract(_)));
    // Two lines in the base: added ones are 2, 3 and, in the scenario that starts from this one, 4.
    let Change::Add(line) = first[7] else { panic!() };
    assert_eq!((line.basis, line.realises), (Basis::Assumed, Some((LineId(2), false))));
    assert!(matches!(first[8], Change::Path(path) if path.basis == Basis::Assumed));
    assert!(matches!(terms.scenarios[1].changes[0].0, Change::DropLine(LineId(2))));
    assert_eq!(terms.scenarios[1].from, Some(crate::terms::ScenarioId(0)));
}

#[test]
fn wrong_changes() {
    for (changes, code, word) in [
        ("move f2 by 1 days", "E0602", "f2"),
        ("move f1 by 1 GW", "E0207", "1 GW"),
        ("move f1 by 1.5 days", "E0213", "1.5 days"),
        ("scale f1 by 2 GW", "E0207", "2 GW"),
        ("scale f1 by -1", "E0213", "-1"),
        ("set gww = 1 GW", "E0602", "gww"),
        ("set c = 1 GW", "E0602", "c"),
        ("set words = 1 GW", "E0602", "words"),
        ("set gw = 1 USD", "E0207", "1 USD"),
        ("set gw = other", "E0212", "set gw = other"),
        ("drop d", "E0602", "d"),
        ("drop c.chips", "E0602", "c.chips"),
        ("add 2026-01-01 f1: order c.chips 1 GW", "E0403", "f1"),
        ("add 2026-01-01 order c.chips 1 GW realises a1", "E0407", "2026-01-01 order c.chips 1 GW realises a1"),
        ("add 2026-01-01 order c.chips 1 GW realises zz", "E0402", "zz"),
    ] {
        let checked = story(&format!("scenario s {{ {changes} }}"));
        let error = only(&checked, code);
        assert_eq!(checked.sources.text(error.primary.0), word, "{changes}");
    }
    only(&story("scenario s from t { }"), "E0601");
    only(&story("scenario s from t { }\nscenario t from s { }"), "E0601");
    only(&story("scenario s { add 2026-01-01 x: order c.chips 1 GW }\nscenario t { drop x }"), "E0602");
}

#[test]
fn assertions() {
    let ladder = "contract d between AMD as issuer, OpenAI as holder { signed 2026-01-01
        warrant w over 10 shares of AMD.common at 1 USD/share, issuer AMD, holder OpenAI {
        expires never; exercise net; adjusts for splits
        tranche A 4 shares { vests on 2027-01-01; earned over 0 GW to 1 GW of c.bought }
        tranche B 6 shares { vests on 2027-01-01; earned over 1 GW to 2 GW of c.bought } } }\n";
    let terms = clean(story(&format!(
        "{ladder}assert d.w.total = 10 shares\nassert AMD.cash >= 1 USD and AMD.revenue[c] in 2026-Q1 = 5 USD within 1 USD"
    )));
    assert_eq!(terms.assertions.len(), 3);
    let Claim::Formula(total) = &terms.assertions[0].left else { panic!() };
    assert_eq!(crate::check::types::constant(total).unwrap().to_string(), "10");
    let Claim::Fact(name) = &terms.assertions[2].left else { panic!() };
    assert_eq!((&*name.measure, name.item.as_deref()), ("revenue", Some("c")));
    assert!(terms.assertions[2].within.is_some());
    for (claim, code, word) in [
        ("d.w.total = 10 GW", "E0207", "10 GW"),
        ("d.w.totl = 10 shares", "E0204", "d.w.totl"),
        ("gw = 2 GW within 1 USD", "E0207", "1 USD"),
        ("Amd.cash[c] = 1 USD", "E0204", "Amd"),
        ("AMD.cash under ifrs = 1 USD", "E0204", "ifrs"),
        ("AMD.cash in 2026 + 1 USD = 2 USD", "E0208", "AMD.cash in 2026"),
        ("gw", "E0208", "gw"),
        ("AMD.common = 1 shares", "E0208", "AMD.common"),
    ] {
        let checked = story(&format!("{ladder}assert {claim}"));
        let error = only(&checked, code);
        assert_eq!(checked.sources.text(error.primary.0), word, "{claim}");
    }
}
