//! `proforma facts`

use super::args::{FileArgs, Format};
use super::context;
use super::exit::{Answer, Exit};
use super::output;
use super::session::Session;
use crate::render::{csv, json, markdown};
use crate::report::{self, FactRow};

/// Every fact of the run; text is CSV as well.
pub(super) fn facts(session: &Session, args: &FileArgs) -> Answer {
    let format = session.format()?;
    context::replayed(session, args, |_, replay, scope| {
        let progress = session.progress("naming facts");
        let rows: Vec<[String; 9]> = report::facts(replay, scope).iter().map(FactRow::cells).collect();
        let data = match format {
            Format::Txt | Format::Csv => csv::facts(&rows),
            Format::Json => json::facts(&rows),
            Format::Md => markdown::facts(&rows),
            Format::Hledger | Format::Beancount => return Err(session.only_journal()),
        };
        drop(progress);
        output::write(session, &data)?;
        Ok(Exit::Done)
    })
}
