//! `proforma check`

use super::args::{CheckArgs, Format};
use super::context;
use super::exit::{Answer, Exit, Stop};
use super::output;
use super::session::Session;
use crate::check::unsourced;
use crate::render::{diagnostic, json};

/// Silent and 0 when all is well.
pub(super) fn check(session: &Session, args: &CheckArgs) -> Answer {
    let mut checked = context::checked(session, &args.input)?;
    let found = if args.sources { unsourced(&checked) } else { crate::base::Diagnostics::default() };
    let missing = !found.is_empty();
    match session.format() {
        Format::Json => {
            let bad = checked.diagnostics.has_errors();
            checked.diagnostics.extend(found);
            output::write(session, &json::diagnostics(&checked.sources, &checked.diagnostics))?;
            if bad {
                return Err(Stop::said());
            }
        }
        Format::Txt => {
            context::tell(session, &checked)?;
            output::write(session, &diagnostic::diagnostics(&checked.sources, &found, session.style().color))?;
        }
        Format::Csv => return Err(Stop::new("diagnostics have no csv form; use txt or json")),
        Format::Hledger | Format::Beancount => return Err(session.only_journal()),
    }
    Ok(if missing { Exit::No } else { Exit::Done })
}
