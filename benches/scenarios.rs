//! What many scenarios cost: `cargo bench --bench scenarios -- CONTRACTS SCENARIOS`. Each moves one delivery, of another
//! contract and in another year; all are kept until the end. Beside them the whole run of every forty-ninth.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a tool for benches measures time, stops at once and says what it found"
)]

mod common;

use std::time::{Duration, Instant};

use common::portfolio::Portfolio;
use proforma::check::check;
use proforma::engine::Inputs;
use proforma::run::Replay;
use proforma::terms::ScenarioId;

/// Years of events.
const YEARS: u32 = 10;
/// One scenario of so many is run whole as well; no multiple of years or contracts, so that all of them are met.
const SAMPLE: u32 = 49;

fn main() {
    let mut given = std::env::args().filter_map(|word| word.parse().ok());
    let (contracts, scenarios) = (given.next().unwrap_or(10), given.next().unwrap_or(1000));
    let portfolio = Portfolio { contracts, years: YEARS };
    let mut files = portfolio.files();
    let ledger = files.0.get_mut("all.ledger").expect("a ledger");
    for number in 0..scenarios {
        let (contract, year, days) = (number % contracts, number % YEARS, 5 + number % 40);
        ledger.push_str(&format!("scenario s{number} from base {{ move d{contract}_{year}b by {days} days }}\n"));
    }
    let start = Instant::now();
    let checked = check(&files, &["all.ledger".to_owned()]);
    assert!(!checked.diagnostics.has_errors(), "the generated text is wrong");
    println!(
        "{contracts} contracts, {} events, {scenarios} scenarios: checked in {:.3} s",
        portfolio.events(),
        seconds(start)
    );
    let inputs = Inputs::select(&checked.terms, &[], None).expect("inputs");
    let start = Instant::now();
    let base = Replay::new(&checked.terms, &inputs, None).expect("a run");
    let one = seconds(start);
    let start = Instant::now();
    let chosen: Vec<Inputs> = (0..scenarios)
        .map(|number| Inputs::select(&checked.terms, &[ScenarioId(number)], None).expect("inputs"))
        .collect();
    let selected = seconds(start);
    let (mut forks, mut whole, mut sampled) = (Vec::new(), Duration::ZERO, Duration::ZERO);
    let start = Instant::now();
    for (number, mine) in (0u32..).zip(&chosen) {
        let begun = Instant::now();
        let fork = base.fork(mine).expect("a fork");
        if number % SAMPLE == 0 {
            sampled += begun.elapsed();
            let begun = Instant::now();
            let run = Replay::new(&checked.terms, mine, None).expect("a run");
            whole += begun.elapsed();
            assert_eq!(fork.register.outcomes.len(), run.register.outcomes.len());
        }
        forks.push(fork);
    }
    let forked = seconds(start) - whole.as_secs_f64();
    let shared: usize = forks.iter().map(Replay::shared).sum();
    let days: usize = forks.iter().map(|fork| fork.versions.len()).sum();
    println!("base run {one:.3} s; inputs of all {selected:.3} s; all forks {forked:.3} s, kept together");
    println!("days shared with the base: {shared} of {days}");
    println!(
        "of every {SAMPLE}th: forks {:.3} s, whole runs {:.3} s, {:.2} of a whole run",
        sampled.as_secs_f64(),
        whole.as_secs_f64(),
        sampled.as_secs_f64() / whole.as_secs_f64()
    );
}

fn seconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64()
}
