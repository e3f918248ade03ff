//! Journals with pieces lost, doubled and exchanged: asked what the fuzz target `journal` asks.
//!
//! `PROFORMA_HOSTILE=N` spoils N times as many.

use proforma::plaintext::Dialect;

use super::generate::{self, Dice};
use crate::probe::journals::reads;

/// Words that mean something to one of the programs.
const WORDS: &[&str] = &[
    "{",
    "}",
    "{{1 USD}}",
    "@",
    "@@ 3 USD",
    "=",
    "== 0",
    "=*",
    "(",
    ")",
    "[",
    "]",
    "~ 1",
    ";",
    "\"",
    "1,000",
    "1.000,5",
    "-",
    "USD",
    "$",
    "0.001",
    "2026-02-30",
    "open",
    "pad",
    "balance",
    "\n",
    "  ",
    "\t",
    "é",
    "commodity 1,00 USD",
    "D 1. USD",
];

#[test]
fn spoilt_journals_end_in_diagnostics_or_hold_together() {
    let times: u64 = std::env::var("PROFORMA_HOSTILE").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let (mut accepted, mut refused) = (0, 0);
    for seed in 0..60 * times {
        let (dialect, _) = Dialect::ALL[usize::try_from(seed % 3).unwrap()];
        let mut dice = Dice(seed);
        let text = generate::print(&generate::journal(seed, 1 + seed % 7, dialect), dialect, seed);
        let mut pieces: Vec<&str> = text.split_inclusive([' ', '\n']).collect();
        for _ in 0..dice.below(4) {
            let place = |dice: &mut Dice| usize::try_from(dice.below(u64::try_from(pieces.len()).unwrap())).unwrap();
            let (at, other) = (place(&mut dice), place(&mut dice));
            match dice.below(4) {
                0 => drop(pieces.remove(at)),
                1 => pieces.insert(at, pieces[other]),
                2 => pieces.swap(at, other),
                _ => pieces.insert(at, dice.pick(WORDS)),
            }
        }
        match reads(dialect, &pieces.concat()) {
            true => accepted += 1,
            false => refused += 1,
        }
    }
    assert!(accepted > 10 && refused > 10, "{accepted} accepted, {refused} refused");
}
