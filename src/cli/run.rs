//! `proforma run`

use super::args::{ReportArgs, RunArgs};
use super::exit::Answer;
use super::report;
use super::session::Session;

/// The report `summary`.
pub(super) fn run(session: &Session, args: &RunArgs) -> Answer {
    report::report(
        session,
        &ReportArgs {
            name: "summary".to_owned(),
            input: args.input.clone(),
            all: args.all,
            columns: super::columns::Columns::default(),
        },
    )
}
