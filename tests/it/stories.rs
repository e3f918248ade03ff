//! Properties of stories: what must hold whatever happened.
#![expect(clippy::indexing_slicing, reason = "tests stop at once")]

use proforma::check::{Checked, check};
use proforma::engine::Inputs;
use proforma::ledger::{Balances, Chart};
use proforma::run::Replay;
use proforma::terms::{Fact, LineId, Terms};
use proforma::time::Date;

use crate::probe::runs::{Depth, added_up, everything, not_nil};
use crate::twin::dice::Dice;
use crate::twin::seeds;
use crate::twin::story::{BOOK, Memory, Story};

/// Checks files, the first being the root; `None` if they are not a program.
fn program(files: &[(&str, String)]) -> Option<Checked> {
    let memory = Memory(files.iter().map(|(n, t)| ((*n).to_owned(), t.clone())).collect());
    let checked = check(&memory, &[files[0].0.to_owned()]);
    (!checked.diagnostics.has_errors()).then_some(checked)
}

fn files(rules: &str, ledger: &str, story: &Story) -> Vec<(&'static str, String)> {
    let texts = [("all.ledger", ledger.to_owned()), ("rules.pf", rules.to_owned())];
    texts.into_iter().chain([("book.pf", BOOK.to_owned()), ("closes.csv", story.csv())]).collect()
}

/// Everything that came out, by name: outcomes, refusals by id, balances of the legal ledger and of every book.
fn outcome(terms: &Terms, known_by: Option<Date>) -> Vec<String> {
    let inputs = Inputs::select(terms, &[], known_by).unwrap();
    let replay = Replay::new(terms, &inputs, None).unwrap();
    assert_eq!(replay.fault, None);
    let name = |id: LineId| terms.lines[id.index()].id.as_deref().unwrap_or("?").to_owned();
    let mut said: Vec<String> = replay
        .register
        .outcomes
        .iter()
        .map(|o| format!("{} {:?} {} {:?}", o.date, stable(terms, &o.act), o.clause, o.basis))
        .collect();
    said.extend(replay.register.refusals.iter().map(|r| format!("{} {} {}", r.date, name(r.line), r.kind.code())));
    said.extend(named(&replay.register.chart, &replay.end().state.balances));
    for (n, booking) in replay.bookings.iter().enumerate() {
        let book = replay.book(n, Date::MAX);
        said.extend(named(&booking.chart, &book.balances));
    }
    said
}

/// An act without the numbers of supplies and tranches, which follow the order of the text.
fn stable(terms: &Terms, act: &proforma::engine::Act) -> String {
    let supply = act.supply().map(|s| terms.supplies[s.index()].path.clone());
    let tranche = act.tranche().map(|t| terms.tranches[t.index()].path.clone());
    let mut text = format!("{act:?}");
    for id in ["SupplyId(", "TrancheId(", "ContractId(", "ClassId(", "PartyId("] {
        while let Some(start) = text.find(id) {
            let end = start + text[start..].find(')').unwrap();
            text.replace_range(start..=end, "_");
        }
    }
    format!("{supply:?} {tranche:?} {text}")
}

fn named(chart: &Chart, balances: &Balances) -> Vec<String> {
    let mut all: Vec<String> = chart
        .iter()
        .filter(|(id, _)| !balances.get(*id).is_zero())
        .map(|(id, a)| format!("{} {} {} {}: {}", a.owner, a.name, a.item, a.commodity, balances.get(id)))
        .collect();
    all.sort();
    all
}

/// Every story that is a program.
fn told(mut each: impl FnMut(&Story, &Checked)) {
    let mut told = 0;
    for seed in seeds() {
        let story = Story::new(seed);
        if let Some(checked) = program(&files(&story.rules(), &story.ledger(), &story)) {
            each(&story, &checked);
            told += 1;
        }
    }
    assert!(told > 0);
}

#[track_caller]
fn same(what: &str, story: &Story, left: &[String], right: &[String]) {
    if left == right {
        return;
    }
    let only = |a: &[String], b: &[String]| -> Vec<String> { a.iter().filter(|x| !b.contains(x)).cloned().collect() };
    panic!(
        "{what}\n{}# ledger, known by {:?}\n{}# first\n{}\n# second\n{}",
        story.rules(),
        story.known_by,
        story.ledger(),
        only(left, right).join("\n"),
        only(right, left).join("\n")
    );
}

#[test]
fn entries_balance_and_add_up_every_day() {
    told(|story, checked| {
        let inputs = Inputs::select(&checked.terms, &[], story.known_by).unwrap();
        let replay = Replay::new(&checked.terms, &inputs, None).unwrap();
        let days = replay.versions.iter().step_by(9).chain(replay.versions.last());
        for version in days {
            let legal = added_up(&replay.register.chart, &replay.register.journal, version.date);
            assert_eq!(legal, not_nil(&version.state.balances), "{}", version.date);
            for (n, booking) in replay.bookings.iter().enumerate() {
                let book = replay.book(n, version.date);
                let booked = added_up(&booking.chart, &booking.journal, version.date);
                assert_eq!(booked, not_nil(&book.balances), "{}", version.date);
            }
        }
    });
}

#[test]
fn a_quarter_opens_as_the_last_one_closed() {
    told(|story, checked| {
        let inputs = Inputs::select(&checked.terms, &[], story.known_by).unwrap();
        let replay = Replay::new(&checked.terms, &inputs, None).unwrap();
        let fiscal = &checked.terms.parties[0].fiscal;
        for (year, quarter) in [(2026, 1), (2026, 2), (2026, 3), (2026, 4), (2027, 1)] {
            let period = fiscal.quarter(year, quarter);
            for (n, booking) in replay.bookings.iter().enumerate() {
                let opening = not_nil(&replay.book(n, period.from.prev()).balances);
                let closing = not_nil(&replay.book(n, period.to).balances);
                let mut rolled = opening;
                let during = booking.journal.iter().filter(|(_, e)| period.contains(e.date));
                for posting in during.flat_map(|(_, e)| booking.journal.postings(e)) {
                    let balance = rolled.entry(posting.account).or_default();
                    *balance = balance.plus(posting.amount).unwrap();
                }
                rolled.retain(|_, n| !n.is_zero());
                assert_eq!(rolled, closing, "{year}-Q{quarter}");
            }
        }
    });
}

#[test]
fn the_order_of_lines_does_not_matter() {
    told(|story, checked| {
        let first = outcome(&checked.terms, story.known_by);
        let mut mixed = story.clone();
        Dice::new(7).mix(&mut mixed.lines);
        // Fact paths replace one another in the order of the text.
        let paths = |s: &Story| s.lines.iter().filter(|l| l.starts_with("path")).count();
        if paths(story) > 1 {
            return;
        }
        let again = program(&files(&mixed.rules(), &mixed.ledger(), &mixed)).unwrap();
        same("shuffled", story, &first, &outcome(&again.terms, story.known_by));
    });
}

#[test]
fn text_may_move_between_files() {
    told(|story, checked| {
        let first = outcome(&checked.terms, story.known_by);
        let (rules, ledger) = (story.rules(), story.ledger());
        // Every other line stands in the rule file.
        let (head, lines): (Vec<&str>, Vec<&str>) =
            ledger.lines().partition(|l| l.starts_with("use") || l.starts_with("prices"));
        let (odd, even): (Vec<_>, Vec<_>) = lines.iter().enumerate().partition(|(n, _)| n % 2 == 1);
        let text = |part: Vec<(usize, &&str)>| part.into_iter().map(|(_, l)| format!("{l}\n")).collect::<String>();
        if lines.iter().filter(|l| l.starts_with("path")).count() < 2 {
            let moved = files(&format!("{rules}{}", text(odd)), &format!("{}\n{}", head.join("\n"), text(even)), story);
            let again = program(&moved).unwrap();
            same("half moved", story, &first, &outcome(&again.terms, story.known_by));
        }
        // All in one file.
        let all = ledger.replace("use \"rules.pf\"\n", &rules);
        let one = [("one.pf", all), ("book.pf", BOOK.to_owned()), ("closes.csv", story.csv())];
        let again = program(&one).unwrap();
        same("one file", story, &first, &outcome(&again.terms, story.known_by));
    });
}

#[test]
fn known_by_is_a_shorter_ledger() {
    told(|story, checked| {
        let Some(day) = story.known_by else { return };
        let first = outcome(&checked.terms, Some(day));
        // Only lines and closes known by then are left in the text.
        let mut less = story.clone();
        let known: Vec<(String, bool)> =
            checked.terms.lines.iter().map(|l| (l.id.as_deref().unwrap_or("").to_owned(), l.known <= day)).collect();
        let unknown = |line: &String| known.iter().any(|(id, known)| !*known && line.contains(&format!(" {id}: ")));
        let dated = |line: &String| Date::parse(line.get(..10).unwrap_or("")).is_some_and(|d| d > day);
        let nameless = |line: &String| !line.contains(": ") && !line.starts_with("path");
        less.lines.retain(|l| !(unknown(l) || nameless(l) && dated(l)));
        less.closes.retain(|l| !dated(l));
        let Some(again) = program(&files(&less.rules(), &less.ledger(), &less)) else { return };
        let kept = again.terms.contracts.iter().all(|c| c.signed.is_none_or(|signed| signed <= day));
        if kept {
            same("known by", story, &first, &outcome(&again.terms, None));
        }
    });
}

#[test]
fn a_refused_line_is_as_if_absent() {
    told(|story, _| {
        let mut plain = story.clone();
        plain.lines.retain(|l| !l.starts_with("scenario"));
        let story = &plain;
        let checked = program(&files(&story.rules(), &story.ledger(), story)).unwrap();
        // A bill ahead of its event stands even if the event is refused later.
        let ahead = checked.terms.supplies.iter().any(|s| s.pays.iter().any(|p| p.offset < 0));
        if ahead {
            return;
        }
        let terms = &checked.terms;
        let inputs = Inputs::select(terms, &[], story.known_by).unwrap();
        let replay = Replay::new(terms, &inputs, None).unwrap();
        let Some(refusal) = replay.register.refusals.last() else { return };
        let line = &terms.lines[refusal.line.index()];
        if line.realises.is_some() || line.corrects.is_some() || matches!(line.fact, Some(Fact::Open { .. })) {
            return;
        }
        let Some(id) = line.id.as_deref() else { return };
        let mut less = story.clone();
        less.lines.retain(|l| !l.contains(&format!(" {id}: ")) && !l.ends_with(id));
        if less.lines.len() + 1 != story.lines.len() {
            return;
        }
        let Some(again) = program(&files(&less.rules(), &less.ledger(), &less)) else { return };
        let inputs = Inputs::select(&again.terms, &[], story.known_by).unwrap();
        let without = Replay::new(&again.terms, &inputs, None).unwrap();
        same(
            "without the refused line",
            story,
            &named(&replay.register.chart, &replay.end().state.balances),
            &named(&without.register.chart, &without.end().state.balances),
        );
    });
}

/// What the fuzz target `step` asks: all reports with their checks, facts with explanations that add up, entries that
/// balance, and the run in two parts.
#[test]
fn everything_may_be_asked_of_a_story() {
    let mut runs = 0;
    for (turn, seed) in seeds().into_iter().enumerate().step_by(6) {
        let depth = Depth { scenarios: 1, explained: 12, parties: 1, turn: Some(turn / 6) };
        runs += everything(&Story::new(seed).files(), "all.ledger", depth).runs;
    }
    assert!(runs > 0);
}
