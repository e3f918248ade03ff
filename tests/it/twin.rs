//! The naive twin: the same stories worked out day by day from docs/SEMANTICS.md, compared with the engine.
//!
//! `PROFORMA_STORIES=N` tells N stories; `PROFORMA_WHY=1` says why a text is not a program.
#![expect(clippy::indexing_slicing, clippy::print_stdout, reason = "tests stop at once and say what they did")]

mod belief;
mod books;
mod calls;
mod compare;
mod count;
mod dealtext;
pub mod dice;
mod flows;
mod flowtext;
mod gates;
mod gatetext;
mod lines;
mod money;
mod series;
mod smaller;
pub mod story;
mod sure;
mod world;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use proforma::check::{Checked, check};
use proforma::terms::ScenarioId;

use story::Story;

/// Checks a story; `None` if its text is not a program.
pub fn checked(story: &Story) -> Option<Checked> {
    let checked = check(&story.files(), &["all.ledger".to_owned()]);
    (!checked.diagnostics.has_errors()).then_some(checked)
}

fn differences(story: &Story) -> Option<Vec<String>> {
    let checked = checked(story)?;
    let terms = &checked.terms;
    let mut found = compare::differences(terms, &[], story.known_by);
    for (n, scenario) in (0u32..).zip(&terms.scenarios) {
        let more = compare::differences(terms, &[ScenarioId(n)], story.known_by);
        found.extend(more.into_iter().map(|d| format!("{}: {d}", scenario.name)));
    }
    Some(found)
}

/// How many stories with a difference are made small, which takes long, and after how many no more are told.
const SMALL: usize = 1;
const MANY: usize = 8;

/// Stories told if nobody says how many: a day-by-day twin is slow.
const FEW: usize = 14;

/// How many stories to tell.
pub fn stories() -> u32 {
    std::env::var("PROFORMA_STORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(60)
}

/// The same stories on every run.
pub fn runner() -> TestRunner {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, b"the naive twin tells its stories");
    TestRunner::new_with_rng(Config { cases: stories(), failure_persistence: None, ..Config::default() }, rng)
}

#[test]
fn stories_agree() {
    let mut told = (0, 0);
    let mut wrong: Vec<(Story, Vec<String>)> = Vec::new();
    let count = if std::env::var("PROFORMA_STORIES").is_ok() { usize::MAX } else { FEW };
    for seed in seeds().into_iter().take(count) {
        let story = Story::new(seed);
        if wrong.len() > MANY {
            break;
        }
        match differences(&story) {
            None => {
                if std::env::var("PROFORMA_WHY").is_ok() {
                    let checked = check(&story.files(), &["all.ledger".to_owned()]);
                    checked.diagnostics.iter().filter(|d| d.severity == proforma::base::Severity::Error).for_each(
                        |d| {
                            println!("{} {} `{}`", d.code, d.message, checked.sources.text(d.primary.0));
                        },
                    );
                }
                told.1 += 1;
            }
            Some(found) if found.is_empty() => told.0 += 1,
            Some(found) if wrong.len() >= SMALL => wrong.push((story, found)),
            Some(_) => {
                let small = smaller::smaller(story);
                let found = differences(&small).unwrap();
                wrong.push((small, found));
            }
        }
    }
    let texts: Vec<String> = wrong.iter().map(|(story, found)| told_wrong(story, found)).collect();
    assert!(texts.is_empty(), "{} stories differ\n\n{}", texts.len(), texts.join("\n\n=====\n\n"));
    println!("{} stories agree, {} are not programs", told.0, told.1);
    assert!(told.1 <= told.0 / 4, "{} stories are not programs, {} are", told.1, told.0);
}

/// A story and its first differences; of balances only the first day each differs.
fn told_wrong(story: &Story, found: &[String]) -> String {
    let (rules, ledger, csv) = (story.rules(), story.ledger(), story.csv());
    let by = story.known_by.map_or_else(String::new, |d| format!("# known by {d}\n"));
    let mut seen = std::collections::BTreeSet::new();
    // `[scenario: ]DATE NAME: …`: the date is not part of the name.
    let name = |text: &str| {
        let words: Vec<&str> = text.split(' ').filter(|w| proforma::time::Date::parse(w).is_none()).collect();
        words.join(" ").split(": twin").next().unwrap_or("").to_owned()
    };
    let bill = |text: &str| text.contains("bill ") || text.contains("open c");
    let first = found.iter().filter(|f| bill(f) || seen.insert(name(f)));
    let first: Vec<&str> = first.map(String::as_str).collect();
    format!("{rules}# ledger\n{by}{ledger}# closes\n{csv}# differences\n{}", first.join("\n"))
}

/// Seeds drawn by proptest.
pub fn seeds() -> Vec<u64> {
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = runner();
    (0..stories()).map(|_| proptest::num::u64::ANY.new_tree(&mut runner).unwrap().current()).collect()
}
