//! What a fork costs: `cargo bench --bench forks -- CONTRACTS`. One run, and forks that leave it at the end of every
//! second year; each beside the whole run of the same scenario.
#![expect(
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
use proforma::terms::ScenarioId;

fn main() {
    let contracts = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(1000);
    let portfolio = Portfolio { contracts, years: 10 };
    let mut files = portfolio.files();
    let ledger = files.0.get_mut("all.ledger").expect("a ledger");
    let years = [9, 8, 6, 4, 2, 0];
    for year in years {
        // The last delivery of the year under the first contract is late by a month.
        ledger.push_str(&format!("scenario late_{year} from base {{ move d0_{year}b by 31 days }}\n"));
    }
    let checked = check(&files, &["all.ledger".to_owned()]);
    assert!(!checked.diagnostics.has_errors(), "the generated text is wrong");
    let inputs = Inputs::select(&checked.terms, &[], None).expect("inputs");
    let start = Instant::now();
    let base = Replay::new(&checked.terms, &inputs, None).expect("a run");
    println!("{contracts} contracts, {} events, base run {:.3} s", portfolio.events(), start.elapsed().as_secs_f64());
    println!(
        "{:>12} {:>12} {:>10} {:>10} {:>10} {:>10}",
        "leaves on", "days shared", "of", "select s", "fork s", "whole s"
    );
    for (number, year) in (0u32..).zip(years) {
        let start = Instant::now();
        let mine = Inputs::select(&checked.terms, &[ScenarioId(number)], None).expect("inputs");
        let selected = start.elapsed();
        let whole = mine.clone();
        let start = Instant::now();
        let fork = base.fork(&mine).expect("a fork");
        let forked = start.elapsed();
        let start = Instant::now();
        let whole = Replay::new(&checked.terms, &whole, None).expect("a run");
        let run = start.elapsed();
        assert_eq!(fork.register.outcomes.len(), whole.register.outcomes.len());
        println!(
            "{:>12} {:>12} {:>10} {:>10.3} {:>10.3} {:>10.3}",
            2026 + year,
            fork.shared(),
            fork.versions.len(),
            selected.as_secs_f64(),
            forked.as_secs_f64(),
            run.as_secs_f64(),
        );
    }
}
