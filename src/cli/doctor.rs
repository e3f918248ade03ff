//! `proforma doctor`: what nobody reads, what rests on nothing, what is large.

use std::collections::BTreeSet;

use super::args::FileArgs;
use super::context;
use super::diff::ran;
use super::exit::{Answer, Exit};
use super::output;
use super::session::Session;
use crate::check::{Checked, unsourced};
use crate::engine::Inputs;
use crate::engine::inputs::Input;
use crate::run::Replay;
use crate::terms::{AssumptionId, ClassId, LineId, Quoted, ScenarioId};

/// Entries of a list that are shown.
const MOST_LISTED: usize = 20;

/// Scenarios that are run to see what they read.
const MOST_SCENARIOS: usize = 50;

/// What was found of one kind.
struct Found {
    title: &'static str,
    entries: Vec<String>,
    /// Whether it is worth an answer of no.
    counts: bool,
}

/// Looks a project over. It ends with 1 if something is never read, without an effect, refused, or states a value without a
/// source; a list of sources may serve several projects.
pub(super) fn doctor(session: &Session, input: &FileArgs) -> Answer {
    let checked = context::checked(session, input)?;
    context::tell(session, &checked)?;
    let progress = session.progress("running");
    let terms = &checked.terms;
    let fault = |fault: crate::engine::Fault| context::stopped(&fault);
    let base = Inputs::select(terms, &[], session.options.known_by()).map_err(fault)?;
    let replay = ran(Replay::new(terms, &base, None))?;
    let mut read: BTreeSet<Input> = replay.reads().into_keys().collect();
    let mut idle = Vec::new();
    for (id, scenario) in (0u32..).map(ScenarioId).zip(&terms.scenarios).take(MOST_SCENARIOS) {
        let inputs = Inputs::select(terms, &[id], session.options.known_by()).map_err(fault)?;
        let run = ran(replay.fork(&inputs))?;
        read.extend(run.reads().into_keys());
        let built_in = scenario.changes.is_empty();
        if !built_in && run.shared() == run.versions.len() && run.versions.len() == replay.versions.len() {
            idle.push(format!("{}: changes nothing that is read", scenario.name));
        }
    }
    let found = [
        Found { title: "Never read, in no scenario", entries: unread(&checked, &base, &read), counts: true },
        Found { title: "Scenarios without an effect", entries: idle, counts: true },
        Found { title: "Sources that nothing cites", entries: uncited(&checked), counts: false },
        Found { title: "Values without a source", entries: without_source(&checked), counts: true },
        Found { title: "Ledger lines refused", entries: refused(&checked, &replay), counts: true },
        Found { title: "Largest texts", entries: largest(&checked), counts: false },
    ];
    drop(progress);
    let mut out = format!(
        "proforma {}: {} files, {} contracts, {} ledger lines, {} days\n",
        env!("CARGO_PKG_VERSION"),
        checked.sources.iter().count(),
        terms.contracts.len(),
        terms.lines.len(),
        replay.versions.len()
    );
    for Found { title, entries, .. } in &found {
        out.push_str(&format!(
            "\n{title}: {}\n",
            if entries.is_empty() { "none".to_owned() } else { entries.len().to_string() }
        ));
        for entry in entries.iter().take(MOST_LISTED) {
            out.push_str(&format!("  {entry}\n"));
        }
        if entries.len() > MOST_LISTED {
            out.push_str(&format!("  and {} more\n", entries.len() - MOST_LISTED));
        }
    }
    output::write(session, &out)?;
    let ill = found.iter().any(|found| found.counts && !found.entries.is_empty());
    Ok(if ill { Exit::No } else { Exit::Done })
}

/// Assumptions, price series and ledger lines that no run reads. A line that is due after the last day is not there yet.
fn unread(checked: &Checked, base: &Inputs, read: &BTreeSet<Input>) -> Vec<String> {
    let terms = &checked.terms;
    let mut found = Vec::new();
    for (id, assumption) in (0u32..).map(AssumptionId).zip(&terms.assumptions) {
        // An assumption in words is for readers.
        if assumption.value.is_some() && !read.contains(&Input::Assumption(id)) {
            found.push(format!("{}: assumption `{}`", checked.sources.place(assumption.span), assumption.name));
        }
    }
    for (id, class) in (0u32..).map(ClassId).zip(&terms.classes) {
        if base.prices.contains_key(&id) && !read.contains(&Input::Prices(id)) {
            found.push(format!("closes of {}", class.path));
        }
    }
    for (of, quotes) in &base.quotes {
        if !matches!(of, Quoted::Close(_)) && !read.contains(&Input::Quotes(quotes.number)) {
            found.push(terms.quoted(of));
        }
    }
    let given = u32::try_from(terms.lines.len()).unwrap_or(u32::MAX);
    for line in base.lines.iter().filter(|line| line.id < LineId(given) && line.line.fact.is_some()) {
        if !read.contains(&Input::Line(line.id)) {
            found.push(format!("{}: line of {}", checked.sources.place(line.line.span), line.line.date));
        }
    }
    found
}

/// Declared sources whose name stands behind no `@`.
fn uncited(checked: &Checked) -> Vec<String> {
    let mut cited: BTreeSet<String> = BTreeSet::new();
    for (_, file) in checked.sources.iter() {
        for rest in file.text.split('@').skip(1) {
            let word: String = rest.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            cited.insert(word);
        }
    }
    let sources = checked.terms.sources.iter().filter(|source| !cited.contains(&*source.name));
    sources
        .map(|source| format!("{}: {} “{}”", checked.sources.place(source.span), source.name, source.title))
        .collect()
}

fn without_source(checked: &Checked) -> Vec<String> {
    let found = unsourced(checked);
    let said = found.iter().map(|found| format!("{}: {}", checked.sources.place(found.primary.0), found.message));
    said.collect()
}

fn refused(checked: &Checked, replay: &Replay<'_>) -> Vec<String> {
    let said = |refusal: &crate::engine::Refusal| {
        let line = replay.inputs.lines.iter().find(|line| line.id == refusal.line);
        let place = line.map_or_else(|| "?".to_owned(), |line| checked.sources.place(line.line.span));
        format!("{place}: {} {}: {}", refusal.kind.code(), refusal.kind.title(), refusal.detail)
    };
    replay.register.refusals.iter().map(said).collect()
}

/// The five longest texts: what a run reads most of.
fn largest(checked: &Checked) -> Vec<String> {
    let mut files: Vec<(usize, usize, &str)> =
        checked.sources.iter().map(|(_, file)| (file.text.len(), file.text.lines().count(), &*file.name)).collect();
    files.sort_unstable_by(|a, b| b.cmp(a));
    files.into_iter().take(5).map(|(bytes, lines, name)| format!("{name}: {lines} lines, {bytes} bytes")).collect()
}
