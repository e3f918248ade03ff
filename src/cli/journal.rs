//! `proforma journal`

use super::args::{FileArgs, ReportArgs};
use super::exit::Answer;
use super::report;
use super::session::Session;

/// The report `journal`.
pub(super) fn journal(session: &Session, args: &FileArgs) -> Answer {
    report::report(
        session,
        &ReportArgs { name: "journal".to_owned(), input: args.clone(), columns: super::columns::Columns::default() },
    )
}
