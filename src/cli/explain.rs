//! `proforma explain`

use super::args::{ExplainArgs, Format, Layout};
use super::context;
use super::exit::{Answer, Exit, Stop};
use super::output;
use super::session::Session;
use crate::check::fact_name;
use crate::explain;
use crate::render::{csv, derivation, json, markdown, mermaid, workpaper};
use crate::time::PeriodName;

/// Why a number is what it is. `--period` and `--book` complete a fact that does not name its own.
pub(super) fn explain(session: &Session, args: &ExplainArgs) -> Answer {
    let mut name = fact_name(&args.fact).map_err(Stop::new)?;
    let options = &session.options;
    let range = options.from.zip(options.to).map(|(from, to)| PeriodName::Range(from, to));
    name.period = name.period.or(options.period).or(range);
    let format = session.format()?;
    context::replayed(session, &args.input, |checked, replay, _| {
        let progress = session.progress("explaining");
        let explanation = explain::explain(replay, &name).map_err(Stop::new)?;
        let laid_out = match args.layout {
            Layout::Tree => None,
            Layout::Mermaid => Some(mermaid::explanation(&explanation, &checked.sources)),
            Layout::Workpaper => Some(workpaper::explanation(&explanation, &checked.sources)),
        };
        let data = match format {
            _ if laid_out.is_some() => laid_out.unwrap_or_default(),
            Format::Json => json::explanation(&explanation, &checked.sources),
            Format::Csv => csv::explanation(&explanation, &checked.sources),
            Format::Md => markdown::explanation(&explanation, &checked.sources),
            Format::Txt => derivation::explanation(&explanation, &checked.sources, &session.style()),
            Format::Hledger | Format::Beancount => return Err(session.only_journal()),
        };
        drop(progress);
        output::write(session, &data)?;
        let unequal = explanation
            .sum
            .as_ref()
            .is_some_and(|(parts, cell, _)| parts.known().zip(cell.known()).is_some_and(|(parts, cell)| parts != cell));
        if unequal {
            session.say("check failed: the lines of the explanation do not add up to the cell");
        }
        Ok(if unequal { Exit::No } else { Exit::Done })
    })
}
