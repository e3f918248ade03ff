//! `proforma run`

use super::args::{FileArgs, ReportArgs};
use super::exit::Answer;
use super::report;
use super::session::Session;

/// The report `summary`.
pub(super) fn run(session: &Session, args: &FileArgs) -> Answer {
    report::report(
        session,
        &ReportArgs {
            name: "summary".to_owned(),
            input: args.clone(),
            all: false,
            columns: super::columns::Columns::default(),
        },
    )
}
