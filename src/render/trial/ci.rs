//! Tests that were run, for machines that run them: JUnit XML, and annotations of lines.

use super::{moved, outcome, said};
use crate::snapshot::trial::Verdict;
use crate::snapshot::{State, Trial};

/// Changes of a test that are listed.
const MOST: usize = 100;

/// Annotations of one run that a page of checks shows.
const ANNOTATIONS: usize = 50;

/// JUnit XML: a suite for each file, a case for each test and each assertion. It holds no time.
#[must_use]
pub fn junit(verdict: &Verdict) -> String {
    let mut suites: std::collections::BTreeMap<&str, Vec<String>> = std::collections::BTreeMap::new();
    let mut counts: std::collections::BTreeMap<&str, [usize; 2]> = std::collections::BTreeMap::new();
    for trial in &verdict.trials {
        suites.entry(&trial.file).or_default().push(case(trial));
        let [failures, errors] = counts.entry(&trial.file).or_default();
        *failures += usize::from(matches!(trial.state, State::Differs | State::Missing));
        *errors += usize::from(trial.state == State::Broken);
    }
    for claim in &verdict.claims {
        let (file, line) = &claim.place;
        let body = match claim.holds {
            Some(true) => String::new(),
            Some(false) => format!("<failure message=\"{}\"/>", xml(&claim.detail)),
            None => "<skipped message=\"an undisclosed term leaves it open\"/>".to_owned(),
        };
        suites.entry(file).or_default().push(element(&claim.text, file, *line, &body));
        let [failures, _] = counts.entry(file).or_default();
        *failures += usize::from(claim.holds == Some(false));
    }
    for ((file, line), why) in &verdict.faults {
        let body = format!("<error message=\"{}\"/>", xml(why));
        suites.entry(file).or_default().push(element(file, file, *line, &body));
        let [_, errors] = counts.entry(file).or_default();
        *errors += 1;
    }
    let stale: Vec<(&str, &String)> = (verdict.orphans.iter().map(|file| ("belongs to no test", file)))
        .chain(verdict.waiting.iter().map(|file| ("waits to be accepted or rejected", file)))
        .chain(verdict.interrupted.iter().map(|file| ("is an acceptance that was cut short", file)))
        .collect();
    for (why, file) in stale {
        let body = format!("<failure message=\"{} {why}\"/>", xml(file));
        suites.entry("snapshots").or_default().push(element(file, file, 1, &body));
        let [failures, _] = counts.entry("snapshots").or_default();
        *failures += 1;
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (file, cases) in &suites {
        let [failures, errors] = counts.get(file).copied().unwrap_or_default();
        out.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\">\n",
            xml(file),
            cases.len()
        ));
        cases.iter().for_each(|case| out.push_str(case));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn case(trial: &Trial) -> String {
    let body = match trial.state {
        State::Same => String::new(),
        State::Broken => "<error message=\"could not be run\"/>".to_owned(),
        State::Differs | State::Missing => {
            let lines =
                trial.changes.iter().take(MOST).map(|(change, _)| format!("{}: {}\n", change.key, moved(change)));
            format!("<failure message=\"{}\">{}</failure>", xml(&outcome(trial)), xml(&lines.collect::<String>()))
        }
    };
    element(&trial.name, &trial.file, trial.line, &body)
}

fn element(name: &str, file: &str, line: usize, body: &str) -> String {
    let (name, file) = (xml(name), xml(file));
    let open = format!("    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{line}\"");
    if body.is_empty() { format!("{open}/>\n") } else { format!("{open}>{body}</testcase>\n") }
}

/// Text as XML has it; what XML cannot hold is a question mark.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

/// Annotations as GitHub reads them from a log: on the line at fault, else on the test.
#[must_use]
pub fn annotations(verdict: &Verdict) -> String {
    let mut lines = Vec::new();
    for ((file, line), why) in &verdict.faults {
        lines.push(annotation((file, *line), "tests", why));
    }
    for trial in verdict.trials.iter().filter(|trial| trial.state != State::Same) {
        if trial.state != State::Differs {
            lines.push(annotation((&trial.file, trial.line), &trial.name, &outcome(trial)));
            continue;
        }
        for (cause, of) in &trial.causes {
            let own = (trial.file.clone(), trial.line);
            let (file, line) = cause.place().and_then(split).unwrap_or(own);
            let facts = of.iter().filter_map(|at| trial.changes.get(*at)).take(MOST);
            let facts: Vec<String> = facts.map(|(change, _)| format!("{}: {}", change.key, moved(change))).collect();
            lines.push(annotation((&file, line), &trial.name, &format!("{}\n{}", cause.words(), facts.join("\n"))));
        }
    }
    for claim in verdict.claims.iter().filter(|claim| claim.holds == Some(false)) {
        let (file, line) = &claim.place;
        lines.push(annotation((file, *line), "assertion", &said(claim)));
    }
    for file in verdict.orphans.iter().chain(&verdict.waiting).chain(&verdict.interrupted) {
        lines.push(annotation((file, 1), "snapshots", "this file should not be here; see proforma test run --ci"));
    }
    lines.into_iter().take(ANNOTATIONS).collect()
}

fn split(place: &str) -> Option<(String, usize)> {
    let (file, line) = place.rsplit_once(':')?;
    Some((file.to_owned(), line.parse().ok()?))
}

fn annotation((file, line): (&str, usize), title: &str, message: &str) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    format!("::error file={},line={line},title={}::{}\n", property(file), property(title), data(message))
}
