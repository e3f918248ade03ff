//! One deal, from nothing to the answer: `cargo bench --bench cold`. The whole process each time, of the release build.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a tool for benches measures time, stops at once and says what it found"
)]

use std::process::{Command, Stdio};
use std::time::Instant;

const ROUNDS: usize = 41;

fn main() {
    let deal = "rules/deals/amd-openai.pf";
    for args in [&["--version"][..], &["check", deal], &["run", deal], &["facts", deal], &["run", "rules/deals"]] {
        let mut times: Vec<f64> = (0..ROUNDS).map(|_| once(args)).collect();
        times.sort_by(f64::total_cmp);
        let at = |n: usize| times.get(n).copied().unwrap_or_default() * 1e3;
        println!("{:<40} median {:>7.1} ms, least {:>7.1} ms", args.join(" "), at(ROUNDS / 2), at(0));
    }
}

fn once(args: &[&str]) -> f64 {
    let start = Instant::now();
    let done = Command::new(env!("CARGO_BIN_EXE_proforma"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::null())
        .status()
        .expect("the program");
    assert!(done.success(), "{args:?}");
    start.elapsed().as_secs_f64()
}
