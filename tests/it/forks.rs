//! A fork is the whole run: whatever story is told, and from wherever it leaves the base.
#![expect(clippy::indexing_slicing, clippy::print_stdout, reason = "tests stop at once and say what they did")]

use proforma::engine::Inputs;
use proforma::engine::inputs::Input;
use proforma::ledger::{Chart, Journal};
use proforma::run::Replay;
use proforma::terms::{ScenarioId, Terms};

use crate::common::{Repository, checked, facts, files};
use crate::twin::story::Story;
use crate::twin::{self, seeds};

/// Everything a run has: what it recorded, in order, and every version of every ledger.
fn everything(replay: &Replay<'_>) -> Vec<String> {
    let mut reads = replay.reads();
    // Closes that only the base watched count as read in the fork too: that is early, never late.
    reads.retain(|input, _| !matches!(input, Input::Prices(_)));
    let mut said = vec![format!("{:?}", replay.fault), format!("{reads:?}")];
    said.extend(replay.register.outcomes.iter().map(|o| format!("{o:?}")));
    said.extend(replay.register.refusals.iter().map(|r| format!("{r:?}")));
    said.extend(ledger(&replay.register.chart, &replay.register.journal));
    for booking in &replay.bookings {
        said.extend(ledger(&booking.chart, &booking.journal));
        said.extend(booking.unposted.iter().map(|u| format!("{u:?}")));
    }
    for version in &replay.versions {
        let state = &version.state;
        said.push(format!("{} {} {:?}", version.date, version.outcomes, state.balances.iter().collect::<Vec<_>>()));
        said.push(format!(
            "{:?} {:?}",
            state.counters.iter().collect::<Vec<_>>(),
            state.supplies.iter().collect::<Vec<_>>()
        ));
        said.push(format!("{:?} {:?} {:?}", state.tranches, state.latches, state.ended));
    }
    for (date, book) in replay.books.iter().flatten() {
        said.push(format!("{date} {:?} {:?}", book.balances.iter().collect::<Vec<_>>(), book.booked));
    }
    said
}

fn ledger(chart: &Chart, journal: &Journal) -> Vec<String> {
    let accounts = chart.iter().map(|(id, account)| format!("{id:?} {account:?}"));
    let entries = journal
        .iter()
        .map(|(id, entry)| format!("{id:?} {} {:?} {:?}", entry.date, entry.cause, journal.postings(entry)));
    accounts.chain(entries).collect()
}

#[track_caller]
fn same(what: &str, fork: &Replay<'_>, whole: &Replay<'_>) {
    let (fork, whole) = (everything(fork), everything(whole));
    if let Some((a, b)) = fork.iter().zip(&whole).find(|(a, b)| a != b) {
        panic!("{what}\n# fork\n{a}\n# whole\n{b}");
    }
    assert_eq!(fork.len(), whole.len(), "{what}");
}

/// Forks each scenario off the base and off the scenario before it; how many days were shared, of how many.
fn forks(what: &str, terms: &Terms, known_by: Option<proforma::time::Date>) -> (usize, usize) {
    let scenarios = (0u32..).map(ScenarioId).take(terms.scenarios.len()).map(|id| vec![id]);
    let all = [Vec::new()].into_iter().chain(scenarios).map(|list| (list, known_by));
    let known: Vec<(Vec<ScenarioId>, _)> = all.chain([(Vec::new(), None)]).collect();
    let inputs: Vec<Inputs> = known.iter().map(|(list, day)| Inputs::select(terms, list, *day).unwrap()).collect();
    // Reads are noted in the inputs, so each run has its own.
    let again = inputs.clone();
    let base_inputs = inputs[0].clone();
    let base = Replay::new(terms, &base_inputs, None).unwrap();
    let mut last: Option<Replay<'_>> = None;
    let (mut shared, mut days) = (0, 0);
    for (n, (mine, whole)) in inputs.iter().zip(&again).enumerate() {
        let whole = Replay::new(terms, whole, None).unwrap();
        let fork = base.fork(mine).unwrap();
        same(&format!("{what} {n} off the base"), &fork, &whole);
        shared += fork.shared();
        days += fork.versions.len();
        if let Some(before) = last {
            let inputs = mine.clone();
            inputs.reads.clear();
            let second = before.fork(&inputs).unwrap();
            same(&format!("{what} {n} off the one before"), &second, &whole);
        }
        last = Some(fork);
    }
    (shared, days)
}

#[test]
fn a_fork_of_a_story_is_its_whole_run() {
    let (mut shared, mut days) = (0, 0);
    for seed in seeds() {
        let story = Story::new(seed);
        let Some(checked) = twin::checked(&story) else { continue };
        let (s, d) = forks(&format!("{}\n{}", story.rules(), story.ledger()), &checked.terms, story.known_by);
        (shared, days) = (shared + s, days + d);
    }
    println!("{shared} of {days} days were shared");
    assert!(shared > 0 && shared < days);
}

#[test]
fn forks_of_the_deals_have_the_same_facts() {
    for file in files("ledgers", "ledger") {
        let checked = checked(&Repository, &[&file]);
        let (terms, base) = (&checked.terms, Inputs::select(&checked.terms, &[], None).unwrap());
        let base = Replay::new(terms, &base, None).unwrap();
        for id in (0u32..).map(ScenarioId).take(terms.scenarios.len()) {
            let inputs = Inputs::select(terms, &[id], None).unwrap();
            let again = inputs.clone();
            let (fork, whole) = (base.fork(&inputs).unwrap(), Replay::new(terms, &again, None).unwrap());
            same(&file, &fork, &whole);
            assert_eq!(facts(&fork), facts(&whole), "{file}");
        }
    }
}
