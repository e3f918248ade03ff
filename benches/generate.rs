//! Writes a generated portfolio to disk: `cargo bench --bench generate -- CONTRACTS FOLDER`.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a tool for benches measures time, stops at once and says what it found"
)]

mod common;

use common::portfolio::Portfolio;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let [contracts, folder] = words.as_slice() else {
        println!("usage: cargo bench --bench generate -- CONTRACTS FOLDER");
        return;
    };
    let portfolio = Portfolio { contracts: contracts.parse().expect("a number of contracts"), years: 10 };
    std::fs::create_dir_all(folder).expect("a folder to write to");
    for (name, text) in portfolio.files().0 {
        let path = format!("{folder}/{name}");
        std::fs::write(&path, &text).expect("a file that can be written");
        println!("{path}: {} bytes", text.len());
    }
    println!("{} events", portfolio.events());
}
