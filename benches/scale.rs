//! How cost grows: `cargo bench --bench scale -- 1 10 100 1000`. Each size in a line: time to check and to run. What a run
//! keeps in memory is counted by `--bench kept`, as counting costs time.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a tool for benches measures time, stops at once and says what it found"
)]

mod common;

use std::time::Instant;

use common::portfolio::Portfolio;
use proforma::check::check;
use proforma::engine::Inputs;
use proforma::run::Replay;

fn main() {
    let sizes: Vec<u32> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1, 10, 100, 1000] } else { sizes };
    println!(
        "{:>9} {:>9} {:>8} {:>9} {:>9} {:>8} {:>9} {:>9}",
        "contracts", "events", "text MB", "check s", "run s", "versions", "postings", "events/s"
    );
    for contracts in sizes {
        line(Portfolio { contracts, years: 10 });
    }
}

fn line(portfolio: Portfolio) {
    let files = portfolio.files();
    let bytes: usize = files.0.values().map(String::len).sum();
    let start = Instant::now();
    let checked = check(&files, &["all.ledger".to_owned()]);
    let check_time = start.elapsed();
    assert!(checked.diagnostics.iter().next().is_none(), "the generated text is wrong");
    let start = Instant::now();
    let inputs = Inputs::select(&checked.terms, &[], None).expect("inputs");
    let replay = Replay::new(&checked.terms, &inputs, None).expect("a run");
    let run_time = start.elapsed();
    assert_eq!(replay.fault, None);
    let journals = std::iter::once(&replay.register.journal).chain(replay.bookings.iter().map(|b| &b.journal));
    let postings: usize = journals.map(|j| j.iter().map(|(_, e)| j.postings(e).len()).sum::<usize>()).sum();
    let events = portfolio.events();
    println!(
        "{:>9} {:>9} {:>8.2} {:>9.3} {:>9.3} {:>8} {:>9} {:>9.0}",
        portfolio.contracts,
        events,
        bytes as f64 / 1e6,
        check_time.as_secs_f64(),
        run_time.as_secs_f64(),
        replay.versions.len(),
        postings,
        f64::from(events) / run_time.as_secs_f64(),
    );
}
