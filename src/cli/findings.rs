//! `--fail-on`: findings of a run that a caller wants to be a no.

use super::exit::Stop;
use crate::report::cash::Tier;
use crate::report::fact::find;
use crate::report::measure::Measures;
use crate::report::{Report, Scope, rows};
use crate::run::Replay;
use crate::terms::PartyId;
use crate::time::Period;
use clap::ValueEnum;

/// What may be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Finding {
    /// A party's cash falls below its minimum, or below zero where its cash is stated
    Gap,
    /// A letter of intent counts in totals
    LoiInTotal,
    /// A ledger line was refused
    Refused,
    /// A figure rests on an undisclosed term
    Undisclosed,
    /// A contract is left out
    Excluded,
    /// A check cannot be decided
    OpenCheck,
}

/// What was found of what is wanted, a sentence each.
pub(super) fn found(
    wanted: &[Finding],
    replay: &Replay<'_>,
    scope: &Scope,
    report: &Report,
) -> Result<Vec<String>, Stop> {
    let mut said = Vec::new();
    for finding in wanted {
        match finding {
            Finding::Gap => said.extend(gaps(replay, scope)?),
            Finding::LoiInTotal if scope.with.contains(&Tier::LetterOfIntent) => {
                said.push("loi-in-total: letters of intent were let into totals".to_owned());
            }
            Finding::LoiInTotal => {}
            Finding::Refused => said.extend(
                (!replay.register.refusals.is_empty())
                    .then(|| format!("refused: {} ledger lines were refused", replay.register.refusals.len())),
            ),
            Finding::Undisclosed => {
                said.extend(report.undisclosed.iter().map(|path| format!("undisclosed: {path}")));
            }
            Finding::Excluded => {
                let excluded = report.header.contracts.1.iter();
                said.extend(excluded.map(|(contract, why)| format!("excluded: {contract} ({why})")));
            }
            Finding::OpenCheck => {
                let open = report.checks.iter().filter(|check| check.holds().is_none());
                said.extend(
                    open.map(|check| format!("open-check: {} {}", check.claim, check.of).trim_end().to_owned()),
                );
            }
        }
    }
    Ok(said)
}

/// The first day on which a party's cash is not enough, of each that states it and was asked for.
fn gaps(replay: &Replay<'_>, scope: &Scope) -> Result<Vec<String>, Stop> {
    let mut said = Vec::new();
    let whole = Period {
        from: replay.versions.first().map_or(crate::time::Date::MIN, |version| version.date),
        to: replay.end().date,
    };
    for (id, party) in (0u32..).map(PartyId).zip(&replay.terms.parties) {
        let asked = scope.entity.as_ref().is_none_or(|name| party.name.eq_ignore_ascii_case(name));
        if !asked || !crate::report::cash::states_cash(replay, id) {
            continue;
        }
        let named = scope.period.and_then(|name| party.fiscal.resolve(&name));
        let days = scope.range.or(named).unwrap_or(whole);
        let day = find(Measures { replay }, id, "below_minimum", Some(&party.name), days);
        let day = day.map_err(|fault| Stop::new(fault.to_string()))?.and_then(|found| found.value.known());
        if let Some(day) = day.filter(|day| !day.is_zero()) {
            said.push(format!("gap: the cash of {} is not enough on {}", party.name, rows::day(day)));
        }
    }
    Ok(said)
}
