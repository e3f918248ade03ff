//! `proforma report`

use super::args::{Format, ReportArgs};
use super::exit::{Answer, Exit, Stop};
use super::output;
use super::session::Session;
use super::verdict::verdict;
use super::{context, findings};
use crate::report::{self, Scope};

/// Prints a report; what it found wrong is said as well.
pub(super) fn report(session: &Session, args: &ReportArgs) -> Answer {
    let format = session.format()?;
    context::replayed(session, &args.input, |checked, replay, scope| {
        let progress = session.progress("reporting");
        let machine = matches!(&*args.name, "investments" | "summary") && matches!(format, Format::Csv | Format::Json);
        let scope = Scope { all: args.all || machine, ..args.columns.over(scope)? };
        let report = report::build(&args.name, replay, &scope).map_err(Stop::new)?;
        drop(progress);
        output::report(session, &report)?;
        let found = findings::found(&session.options.fail_on, replay, &scope, &report)?;
        found.iter().for_each(|finding| session.say(&format!("found: {finding}")));
        let verdict = verdict(session, checked, replay, &report);
        Ok(if found.is_empty() { verdict } else { Exit::No })
    })
}
