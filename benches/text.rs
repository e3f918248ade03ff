//! How fast text is read: `cargo bench --bench text -- CONTRACTS`. Parsing alone, and parsing and checking.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a tool for benches measures time, stops at once and says what it found"
)]

mod common;

use std::time::Instant;

use common::portfolio::Portfolio;
use proforma::base::Sources;
use proforma::check::check;
use proforma::syntax;

fn main() {
    let sizes: Vec<u32> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10, 100, 1000] } else { sizes };
    println!(
        "{:>9} {:>9} {:>8} {:>9} {:>11} {:>9} {:>11}",
        "contracts", "lines", "MB", "parse s", "parse MB/s", "check s", "check MB/s"
    );
    for contracts in sizes {
        let portfolio = Portfolio { contracts, years: 10 };
        let files = portfolio.files();
        let texts = || files.0.iter().filter(|(name, _)| !name.ends_with(".csv"));
        let megabytes = texts().map(|(_, text)| text.len()).sum::<usize>() as f64 / 1e6;
        let start = Instant::now();
        let mut sources = Sources::default();
        for (name, text) in texts() {
            let id = sources.add(name.as_str(), text.as_str());
            let (_, found) = syntax::parse(id, text);
            assert!(found.is_empty(), "the generated text is wrong");
        }
        let parsed = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let checked = check(&files, &["all.ledger".to_owned()]);
        let whole = start.elapsed().as_secs_f64();
        assert!(!checked.diagnostics.has_errors(), "the generated text is wrong");
        println!(
            "{contracts:>9} {:>9} {megabytes:>8.2} {parsed:>9.3} {:>11.2} {whole:>9.3} {:>11.2}",
            portfolio.events(),
            megabytes / parsed,
            megabytes / whole
        );
    }
}
