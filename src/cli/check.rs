//! `proforma check`

use super::args::{CheckArgs, Format};
use super::context;
use super::exit::{Answer, Exit, Stop};
use super::output;
use super::session::Session;
use crate::check::unsourced;
use crate::render::{csv, diagnostic, json, markdown};

/// Silent and 0 when all is well.
pub(super) fn check(session: &Session, args: &CheckArgs) -> Answer {
    let mut checked = context::checked(session, &args.input)?;
    let found = if args.sources { unsourced(&checked) } else { crate::base::Diagnostics::default() };
    let missing = !found.is_empty();
    let write = match session.format()? {
        Format::Json => json::diagnostics,
        Format::Csv => csv::diagnostics,
        Format::Md => markdown::diagnostics,
        Format::Hledger | Format::Beancount => return Err(session.only_journal()),
        Format::Txt => {
            context::tell(session, &checked)?;
            output::write(session, &diagnostic::diagnostics(&checked.sources, &found, session.style().color))?;
            return Ok(if missing { Exit::No } else { Exit::Done });
        }
    };
    let bad = checked.diagnostics.has_errors();
    checked.diagnostics.extend(found);
    output::write(session, &write(&checked.sources, &checked.diagnostics))?;
    if bad {
        return Err(Stop::said());
    }
    Ok(if missing { Exit::No } else { Exit::Done })
}
