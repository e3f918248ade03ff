//! `proforma fmt`

use std::fmt::Write;
use std::path::Path;

use super::args::FmtArgs;
use super::disk::{self, Disk};
use super::exit::{Answer, Exit, Stop};
use super::output;
use super::session::Session;
use crate::base::{Code, Diagnostics, Severity, Sources};
use crate::check::Files;
use crate::render::diagnostic;
use crate::syntax::{self, print, text};

/// Errors of letters: where a token begins or ends is in doubt, so the file is left alone.
const LEXICAL: &[Code] = &[
    Code::NotUtf8,
    Code::UnknownCharacter,
    Code::UnclosedString,
    Code::BadNumber,
    Code::CommaInNumber,
    Code::BadDate,
    Code::MonthDayDate,
    Code::UnmatchedBracket,
    Code::TooDeep,
    Code::FileTooLarge,
];

/// Rewrites files, or with `--check` lists those that differ. `-` goes from stdin to stdout.
pub(super) fn fmt(session: &Session, args: &FmtArgs) -> Answer {
    let given: Vec<&String> = args.files.iter().chain(&session.inputs.files).collect();
    if given.is_empty() {
        return Err(Stop::new("no file given; name files or folders"));
    }
    let mut files = Vec::new();
    for path in given {
        if Path::new(path).is_dir() {
            files.extend(disk::sources_under(path));
        } else {
            files.push(path.clone());
        }
    }
    let (mut exit, mut listed, mut changed) = (Exit::Done, String::new(), 0);
    for file in &files {
        match one(session, file, args.check) {
            Ok(false) => {}
            Ok(true) => {
                changed += 1;
                if args.check {
                    exit = exit.max(Exit::No);
                    // Writing to a string does not fail.
                    let _ = writeln!(listed, "{file}");
                } else {
                    session.detail(&format!("formatted {file}"));
                }
            }
            Err(stop) => {
                exit = Exit::CouldNotRun;
                if !stop.message.is_empty() {
                    session.say(&format!("error: {}", stop.message));
                }
            }
        }
    }
    let verb = if args.check { "would change" } else { "changed" };
    session.detail(&format!("{} files, {changed} {verb}", files.len()));
    output::write(session, &listed)?;
    Ok(exit)
}

/// Formats one file; true if it was not formatted before.
fn one(session: &Session, file: &str, check: bool) -> Result<bool, Stop> {
    let failed = |why: String| Stop::new(format!("cannot format `{file}`: {why}"));
    let bytes = Disk.read(file).map_err(failed)?;
    if bytes.len() > text::LIMIT {
        return Err(failed("it is larger than 64 MiB".to_owned()));
    }
    let before = text::normalise(&bytes).map_err(|at| failed(format!("it is not UTF-8 at byte {at}")))?;
    lexical(session, session.options.stdin_filename.as_deref().filter(|_| file == "-").unwrap_or(file), &before)?;
    let after = print::format(&before);
    let changed = after.as_bytes() != bytes;
    if check {
        return Ok(changed);
    }
    if file == "-" {
        output::write(session, &after)?;
    } else if changed {
        disk::replace(Path::new(file), after.as_bytes()).map_err(|error| failed(disk::words(&error)))?;
    }
    Ok(changed)
}

/// Stops at a file whose letters cannot be read; nothing else keeps a file from being formatted.
fn lexical(session: &Session, file: &str, text: &str) -> Result<(), Stop> {
    let mut sources = Sources::default();
    let source = sources.add(file, text);
    let mut found = Diagnostics::default();
    let (_, all) = syntax::parse(source, text);
    found.extend(all.into_iter().filter(|d| d.severity == Severity::Error && LEXICAL.contains(&d.code)));
    if found.is_empty() {
        return Ok(());
    }
    session.say(&diagnostic::diagnostics(&sources, &found, session.color));
    Err(Stop::new(format!("`{file}` is left as it is")))
}
