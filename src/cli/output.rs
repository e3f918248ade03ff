//! Data out: to stdout, or to a file that is replaced whole or not at all.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::args::Format;
use super::disk;
use super::exit::Stop;
use super::session::Session;
use crate::render::{csv, json, markdown, text};
use crate::report::Report;

/// Writes a report in the format asked for.
pub(super) fn report(session: &Session, report: &Report) -> Result<(), Stop> {
    let data = match session.format()? {
        Format::Txt => text::report(report, &session.style()),
        Format::Json => json::report(report),
        Format::Csv => csv::report(report),
        Format::Md => markdown::report(report),
        Format::Hledger | Format::Beancount => return Err(session.only_journal()),
    };
    write(session, &data)
}

/// Writes data where the options say. A reader that closes the pipe early is content with what it has.
pub(super) fn write(session: &Session, data: &str) -> Result<(), Stop> {
    if let Some(file) = session.file() {
        return disk::replace(Path::new(file), data.as_bytes()).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Stop::new(format!("cannot write `{file}`: there is no such folder")),
            _ => Stop::new(format!("cannot write `{file}`: {}", disk::words(&error))),
        });
    }
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(data.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Stop::new(format!("cannot write to stdout: {}", disk::words(&error))))
        }
        _ => Ok(()),
    }
}
