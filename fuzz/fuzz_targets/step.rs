//! Generated contracts with generated ledgers: calm ones as the naive twin hears them, and one with values at the ends of
//! what can be written. All days, all reports, all facts, and explanations of all facts in turn.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proforma_fuzz::probe::ends;
use proforma_fuzz::probe::files::Bytes;
use proforma_fuzz::probe::runs::{Depth, everything};
use proforma_fuzz::twin::dice::Dice;
use proforma_fuzz::twin::story::Story;

fuzz_target!(|data: &[u8]| {
    let [kind, turn, rest @ ..] = data else { return };
    let mut dice = Dice::of(rest);
    let depth = Depth { scenarios: 1, explained: 40, parties: 1, turn: Some(usize::from(*turn)) };
    let seen = if kind % 4 == 0 {
        everything(&Bytes::new(&[("case.pf", &ends::thrown(&mut dice))]), "case.pf", depth)
    } else {
        everything(&Story::told(&mut dice).files(), "all.ledger", depth)
    };
    for fault in &seen.faults {
        assert!(fault.contains("clause: \"") && !fault.contains("clause: \"\""), "a fault without a clause: {fault}");
    }
});
