//! What a run keeps in memory: `cargo bench --bench kept -- 1 10 100 1000`. Each size in a line, with bytes for each posting.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a tool for benches stops at once and says what it found"
)]

mod common;

use common::portfolio::Portfolio;
use peak_alloc::PeakAlloc;
use proforma::check::check;
use proforma::engine::Inputs;
use proforma::run::Replay;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

fn main() {
    let sizes: Vec<u32> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1, 10, 100, 1000] } else { sizes };
    println!(
        "{:>9} {:>9} {:>8} {:>9} {:>9} {:>9}",
        "contracts", "events", "versions", "postings", "kept kB", "B/posting"
    );
    for contracts in sizes {
        let portfolio = Portfolio { contracts, years: 10 };
        let files = portfolio.files();
        let checked = check(&files, &["all.ledger".to_owned()]);
        assert!(checked.diagnostics.iter().next().is_none(), "the generated text is wrong");
        let before = ALLOCATED.current_usage();
        let inputs = Inputs::select(&checked.terms, &[], None).expect("inputs");
        let replay = Replay::new(&checked.terms, &inputs, None).expect("a run");
        assert_eq!(replay.fault, None);
        let kept = ALLOCATED.current_usage() - before;
        let journals = std::iter::once(&replay.register.journal).chain(replay.bookings.iter().map(|b| &b.journal));
        let postings: usize = journals.map(|j| j.iter().map(|(_, e)| j.postings(e).len()).sum::<usize>()).sum();
        println!(
            "{contracts:>9} {:>9} {:>8} {postings:>9} {:>9} {:>9}",
            portfolio.events(),
            replay.versions.len(),
            kept / 1000,
            kept / postings.max(1)
        );
    }
}
