//! `proforma journal`

use super::args::{FileArgs, Format, ReportArgs};
use super::exit::{Answer, Stop};
use super::session::Session;
use super::verdict::verdict;
use super::{context, output, report};
use crate::render::plaintext_journal;
use crate::report::build;
use crate::report::journal::export::export;

/// The report `journal`; for other programs, the legal ledger and all books.
pub(super) fn journal(session: &Session, args: &FileArgs) -> Answer {
    let write = match session.format()? {
        Format::Txt | Format::Json | Format::Md => {
            return report::report(
                session,
                &ReportArgs {
                    name: "journal".to_owned(),
                    input: args.clone(),
                    all: false,
                    columns: super::columns::Columns::default(),
                },
            );
        }
        Format::Csv => plaintext_journal::rows,
        Format::Hledger => plaintext_journal::hledger,
        Format::Beancount => plaintext_journal::beancount,
    };
    context::replayed(session, args, |checked, replay, scope| {
        let exported = export(replay, scope).map_err(Stop::new)?;
        output::write(session, &write(&exported))?;
        // What the run found wrong is said whatever the form.
        let report = build("summary", replay, scope).map_err(Stop::new)?;
        Ok(verdict(session, checked, replay, &report))
    })
}
