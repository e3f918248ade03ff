//! `proforma bundle` and `proforma verify`: a run in one file, and the same run made again.

mod archive;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::args::{Args, BundleArgs, Command, VerifyArgs};
use super::context;
use super::disk::{self, Disk};
use super::exit::{Answer, Exit, Stop};
use super::output;
use super::session::Session;
use super::verdict::verdict;
use crate::check::{Checked, Files};
use crate::render::csv;
use crate::report::{self, FactRow};
use crate::run::Replay;
pub(super) use archive::Bundle;
pub(super) use archive::sha256;
use archive::{Entry, Manifest, pack, stored};

/// Facts that are listed one by one when they differ.
const MOST_LISTED: usize = 20;

/// Packs inputs, options and facts of a run.
pub(super) fn bundle(session: &Session, args: &BundleArgs) -> Answer {
    let Some(target) = session.file().map(str::to_owned) else {
        return Err(Stop::new("a bundle is a file: name it with -o, such as `-o q3.zip`"));
    };
    let files = session.files();
    let roots = context::roots(session, &args.input, &files)?;
    let checked = context::checked_in(session, &files, &roots);
    context::tell(session, &checked)?;
    context::run(session, &checked, |checked, replay, scope| {
        let progress = session.progress("packing");
        let rows: Vec<[String; 9]> = report::facts(replay, scope).iter().map(FactRow::cells).collect();
        let facts = csv::facts(&rows);
        let summary = report::build("summary", replay, scope).map_err(Stop::new)?;
        let (mut inputs, mut listed) = (BTreeMap::new(), Vec::new());
        for (_, file) in checked.sources.iter() {
            let bytes =
                files.read(&file.name).map_err(|why| Stop::new(format!("cannot read `{}`: {why}", file.name)))?;
            let mut name = stored(&file.name);
            while inputs.contains_key(&name) {
                name.push('_');
            }
            listed.push(Entry::of(&file.name, name.clone(), &bytes));
            inputs.insert(name, bytes);
        }
        let (contracts, excluded) = summary.header.contracts.clone();
        let manifest = Manifest {
            format: 0,
            engine: env!("CARGO_PKG_VERSION").into(),
            arguments: arguments(session),
            roots: roots.clone(),
            files: listed,
            facts: Entry::of("facts.csv", "facts.csv".into(), facts.as_bytes()),
            rows: rows.len(),
            contracts,
            excluded: excluded.into_iter().map(|(path, why)| (path.to_string(), why)).collect(),
            refused: refused(checked, replay),
        };
        let bytes = pack(&manifest, facts.as_bytes(), &inputs).map_err(Stop::new)?;
        disk::replace(Path::new(&target), &bytes)
            .map_err(|error| Stop::new(format!("cannot write `{target}`: {}", disk::words(&error))))?;
        drop(progress);
        session.mention(&format!("{target}: {}\nsha256 {}", contents(&manifest), sha256(&bytes)));
        Ok(verdict(session, checked, replay, &summary))
    })
}

/// What is in it, in words.
fn contents(manifest: &Manifest) -> String {
    let Manifest { engine, files, rows, contracts, excluded, refused, .. } = manifest;
    let files = files.len();
    let mut said = format!("{files} files, {contracts} contracts, {rows} facts, by proforma {engine}");
    for (path, why) in excluded {
        said.push_str(&format!("\n  excluded: {path}: {why}"));
    }
    for line in refused {
        said.push_str(&format!("\n  refused: {line}"));
    }
    said
}

fn refused(checked: &Checked, replay: &Replay<'_>) -> Vec<String> {
    let said = |refusal: &crate::engine::Refusal| {
        let line = replay.inputs.lines.iter().find(|line| line.id == refusal.line);
        let place = line.map_or_else(|| "?".to_owned(), |line| checked.sources.place(line.line.span));
        format!("{} {place}: {} {}", refusal.kind.code(), refusal.date, refusal.detail)
    };
    replay.register.refusals.iter().map(said).collect()
}

/// The options that decide the facts, as they would be typed.
fn arguments(session: &Session) -> Vec<String> {
    let options = &session.options;
    let mut words: Vec<String> = Vec::new();
    let mut add = |flag: &str, value: Option<String>| {
        words.extend(value.map(|value| [flag.to_owned(), value]).into_iter().flatten());
    };
    for scenario in &session.inputs.scenarios {
        add("--scenario", Some(scenario.clone()));
    }
    add("--known-by", options.known_by().map(|day| day.to_string()));
    add("--book", options.book().map(str::to_owned));
    add("--period", options.period.map(|period| period.to_string()));
    let (from, to) = (options.from.or(options.begin), options.to.or(options.end.map(crate::time::Date::prev)));
    add("--from", from.map(|day| day.to_string()));
    add("--to", to.map(|day| day.to_string()));
    for entity in &options.entity {
        add("--entity", Some(entity.clone()));
    }
    add("--counterparty", options.counterparty.clone());
    add("--contract", options.contract.clone());
    words
}

/// The bundle in a file.
pub(super) fn opened(name: &str) -> Result<Bundle, Stop> {
    let bytes = Disk.read(name).map_err(|why| Stop::new(format!("cannot read `{name}`: {why}")))?;
    Bundle::open(name, &bytes)
}

/// The invocation whose facts a bundle has.
pub(super) fn session_of(bundle: &Bundle, name: &str) -> Result<Session, Stop> {
    let words = ["proforma", "facts"].into_iter().map(str::to_owned).chain(bundle.manifest.arguments.iter().cloned());
    let bad = || {
        Stop::new(format!("B03: the options in `{name}` are none of this version's: {:?}", bundle.manifest.arguments))
    };
    let args = Args::from(words, false).map_err(|_| bad())?;
    let Command::Facts(facts) = &args.command else { return Err(bad()) };
    Ok(Session::new(args.inputs.then(&facts.inputs), args.options))
}

/// Makes the run of a bundle again, from nothing but the bundle, and compares fact by fact.
pub(super) fn verify(session: &Session, args: &VerifyArgs) -> Answer {
    let mut exit = Exit::Done;
    for name in &args.bundles {
        exit = exit.max(verified(session, name)?);
    }
    Ok(exit)
}

fn verified(session: &Session, name: &str) -> Answer {
    let bundle = opened(name)?;
    let mut said: Vec<String> = bundle.damage.iter().map(|damage| format!("changed: {damage}")).collect();
    if !said.is_empty() {
        said.push("it is not run again: what it holds is not what was bundled; ask for it again".into());
        return told(session, name, &said, Exit::No);
    }
    let manifest = &bundle.manifest;
    let own = session_of(&bundle, name)?;
    let checked = context::checked_in(&own, &bundle, &manifest.roots);
    if checked.diagnostics.has_errors() {
        context::tell(session, &checked)?;
    }
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    context::run(&own, &checked, |checked, replay, scope| {
        rows = report::facts(replay, scope).iter().map(FactRow::cells).collect();
        lines = refused(checked, replay);
        Ok(Exit::Done)
    })?;
    let again = csv::facts(&rows);
    let (old, new) = (records(&bundle.facts), records(again.as_bytes()));
    let mut differ: Vec<String> = Vec::new();
    for key in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let (then, now) = (old.get(key), new.get(key));
        if then != now {
            let word = |value: Option<&String>| value.cloned().unwrap_or_else(|| "not there".into());
            differ.push(format!("differs: {key}: bundled {}, here {}", word(then), word(now)));
        }
    }
    if lines != manifest.refused {
        differ.push(format!("differs: {} lines were refused, here {}", manifest.refused.len(), lines.len()));
    }
    let here = env!("CARGO_PKG_VERSION");
    said.push(contents(manifest));
    if manifest.engine != here {
        said.push(format!("made by proforma {}, made again by {here}", manifest.engine));
    }
    let same = rows.len().min(old.len()).saturating_sub(differ.len());
    said.push(match differ.len() {
        0 => format!("made again: every one of {} facts is the same", rows.len()),
        count => format!("made again: {count} differ, {same} are the same"),
    });
    let more = differ.len().saturating_sub(MOST_LISTED);
    let exit = if differ.is_empty() { Exit::Done } else { Exit::No };
    said.extend(differ.into_iter().take(MOST_LISTED));
    if more > 0 {
        said.push(format!("and {more} more"));
    }
    told(session, name, &said, exit)
}

/// Facts by all that names them: value, unit and how sure.
fn records(facts: &[u8]) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(facts);
    let mut found = BTreeMap::new();
    for row in crate::render::csv::rows(&text) {
        if let [entity, counterparty, period, measure, item, value, unit, binding, basis] = row.as_slice() {
            let with = if counterparty.is_empty() { String::new() } else { format!(" with {counterparty}") };
            let item = if item.is_empty() { String::new() } else { format!("[{item}]") };
            let said = format!("{value} {unit}, {binding} {basis}");
            found.insert(format!("{entity}.{measure}{item} in {period}{with}"), said);
        }
    }
    found
}

fn told(session: &Session, name: &str, said: &[String], exit: Exit) -> Answer {
    let text = said.join("\n  ");
    output::write(session, &format!("{name}\n  {text}\n"))?;
    Ok(exit)
}
