//! The naive twin: the same stories worked out day by day from docs/SEMANTICS.md, compared with the engine.

mod belief;
mod books;
mod compare;
pub mod dice;
mod gates;
mod gatetext;
mod lines;
mod money;
pub mod story;
mod world;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use proforma::check::{Checked, check};

use story::Story;

/// Checks a story; `None` if its text is not a program.
pub fn checked(story: &Story) -> Option<Checked> {
    let checked = check(&story.files(), &["all.ledger".to_owned()]);
    (!checked.diagnostics.has_errors()).then_some(checked)
}

fn differences(story: &Story) -> Option<Vec<String>> {
    let checked = checked(story)?;
    Some(compare::differences(&checked.terms, &[], story.known_by))
}

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
    for seed in seeds() {
        let story = Story::new(seed);
        match differences(&story) {
            None => told.1 += 1,
            Some(found) if found.is_empty() => told.0 += 1,
            Some(_) => {
                let small = smaller(story);
                let found = differences(&small).unwrap();
                wrong.push((small, found));
            }
        }
    }
    let texts = wrong.iter().map(|(story, found)| {
        let (rules, ledger, csv) = (story.rules(), story.ledger(), story.csv());
        let by = story.known_by.map_or_else(String::new, |d| format!("# known by {d}\n"));
        format!("{rules}# ledger\n{by}{ledger}# closes\n{csv}# differences\n{}", found.join("\n"))
    });
    let texts: Vec<String> = texts.collect();
    assert!(texts.is_empty(), "{} stories differ\n\n{}", texts.len(), texts.join("\n\n=====\n\n"));
    assert!(told.1 <= told.0 / 4, "{} stories are not programs, {} are", told.1, told.0);
}

/// Seeds drawn by proptest.
pub fn seeds() -> Vec<u64> {
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = runner();
    (0..stories()).map(|_| proptest::num::u64::ANY.new_tree(&mut runner).unwrap().current()).collect()
}

/// Leaves out pieces as long as a difference stays.
fn smaller(mut story: Story) -> Story {
    let differs = |s: &Story| differences(s).is_some_and(|d| !d.is_empty());
    loop {
        let before = (story.lines.len(), story.rules.len(), story.closes.len());
        for n in (0..story.lines.len()).rev() {
            let mut less = story.clone();
            less.lines.remove(n);
            if differs(&less) {
                story = less;
            }
        }
        for n in (0..story.rules.len()).rev().filter(|n| !story.rules[*n].fixed).collect::<Vec<_>>() {
            let mut less = story.clone();
            less.rules.remove(n);
            if differs(&less) {
                story = less;
            }
        }
        let mut none = story.clone();
        none.closes.clear();
        if differs(&none) {
            story = none;
        }
        let mut always = story.clone();
        always.known_by = None;
        if differs(&always) {
            story = always;
        }
        if before == (story.lines.len(), story.rules.len(), story.closes.len()) {
            return story;
        }
    }
}
