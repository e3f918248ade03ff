//! `proforma diff`

use super::args::{DiffArgs, Format};
use super::context;
use super::exit::{Answer, Exit, Stop};
use super::output;
use super::session::Session;
use crate::render::{csv, json, markdown, text};
use crate::report::books;

/// The same contracts and facts under two books. The exit code says whether any amount differs.
pub(super) fn diff(session: &Session, args: &DiffArgs) -> Answer {
    let format = session.format()?;
    if session.options.book.is_some() {
        return Err(Stop::new("`diff` names two books of its own: leave `--book` away"));
    }
    let mut input = args.input.clone();
    if input.files.is_empty() && session.inputs.files.is_empty() && session.inputs.ledgers.is_empty() {
        return Err(Stop::new("no file given: name the rule files to compare the books over, behind the two books"));
    }
    input.files.extend([&args.left, &args.right].into_iter().filter(|book| context::is_file(book)).cloned());
    context::replayed(session, &input, |checked, replay, scope| {
        let (left, right) = (context::book(checked, &args.left)?, context::book(checked, &args.right)?);
        let progress = session.progress("comparing");
        let run = |book: &str| {
            let replay = crate::run::Replay::new(replay.terms, replay.inputs, Some(book));
            let replay = replay.map_err(|fault| context::stopped(&fault))?;
            match &replay.fault {
                Some(fault) => Err(context::stopped(fault)),
                None => Ok(replay),
            }
        };
        let (left, right) = (run(left)?, run(right)?);
        let said = |span| checked.sources.text(span).to_owned();
        let report = books::compare(&left, &right, scope, said).map_err(Stop::new)?;
        let data = match format {
            Format::Txt => text::report(&report, &session.style()),
            Format::Json => json::report(&report),
            Format::Csv => csv::report(&report),
            Format::Md => markdown::report(&report),
            Format::Hledger | Format::Beancount => return Err(session.only_journal()),
        };
        drop(progress);
        output::write(session, &data)?;
        Ok(if books::differ(&report) { Exit::No } else { Exit::Done })
    })
}
