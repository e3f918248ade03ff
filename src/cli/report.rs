//! `proforma report`

use super::args::{Format, ReportArgs};
use super::context;
use super::exit::{Answer, Stop};
use super::output;
use super::session::Session;
use super::verdict::verdict;
use crate::render::{csv, json, markdown, text};
use crate::report::{self, Scope};

/// Prints a report; what it found wrong is said as well.
pub(super) fn report(session: &Session, args: &ReportArgs) -> Answer {
    let format = session.format()?;
    context::replayed(session, &args.input, |checked, replay, scope| {
        let progress = session.progress("reporting");
        let machine = matches!(&*args.name, "investments" | "summary") && matches!(format, Format::Csv | Format::Json);
        let scope = Scope { all: args.all || machine, ..args.columns.over(scope)? };
        let report = report::build(&args.name, replay, &scope).map_err(Stop::new)?;
        let data = match format {
            Format::Txt => text::report(&report, &session.style()),
            Format::Json => json::report(&report),
            Format::Csv => csv::report(&report),
            Format::Md => markdown::report(&report),
            Format::Hledger | Format::Beancount => return Err(session.only_journal()),
        };
        drop(progress);
        output::write(session, &data)?;
        Ok(verdict(session, checked, replay, &report))
    })
}
