//! Earnings per share as they were reported before a restatement, and as restated (ASC 250-10-50-7).

use std::collections::BTreeSet;

use crate::num::{Fault, Unit};
use crate::report::build::Reporter;
use crate::report::measure::Measures;
use crate::report::{Cell, Column, Origin, Row, Scale, Table, scope};
use crate::run::Replay;
use crate::terms::{Basis, ClassId, Paragraph, Party, PartyId, Value};
use crate::time::Period;

use super::Reconciliation;

impl Reporter<'_, '_> {
    /// What a restatement changes in earnings per share, period by period; nothing where it changes none.
    pub(in crate::report) fn restated_eps(
        &mut self,
        party: PartyId,
        range: Period,
        title: String,
        (left, right): (&Replay<'_>, &Replay<'_>),
    ) -> Result<Option<Table>, Fault> {
        let terms = self.replay.terms;
        let Some(found) = terms.parties.get(party.index()) else { return Ok(None) };
        let columns = vec![
            Column::text("Class"),
            Column::text("Period"),
            Column::text("What"),
            Column::figures("As previously reported", Scale::CENTS).named("left"),
            Column::figures("As restated", Scale::CENTS).named("right"),
            Column::figures("Difference", Scale::CENTS),
        ];
        let mut table = Table { title, columns, ..Table::default() };
        let mine = (0u32..).map(ClassId).zip(&terms.classes).filter(|(_, class)| class.issuer == party);
        for (id, class) in mine {
            for period in told(id, range, found, [left, right]) {
                let of = |replay| Measures { replay }.earnings_per_share(id, period);
                let (before, after) = (of(left)?, of(right)?);
                for ((what, unit, a), (_, _, b)) in parts(&before, found)?.into_iter().zip(parts(&after, found)?) {
                    if a == b {
                        continue;
                    }
                    let gap = b.clone().minus(a.clone())?;
                    let mut figure = |value| {
                        let origin = Origin::State { what: class.path.clone(), date: period.to };
                        Cell::Figure(self.bases.figure(value, unit.clone(), Basis::Actual, origin))
                    };
                    table.rows.push(Row::of(vec![
                        Cell::Text(class.path.to_string()),
                        Cell::Text(named(found, period)),
                        Cell::Text(what.to_owned()),
                        figure(a),
                        figure(b),
                        figure(gap),
                    ]));
                }
            }
        }
        let cite = self.measures().paragraph(party, Paragraph::EpsRestated).map(|cite| format!(" ({cite})"));
        let cite = cite.unwrap_or_default();
        table.footnotes.push(format!("Each amount for a share as it was reported, and as restated{cite}."));
        Ok((!table.rows.is_empty()).then_some(table))
    }
}

/// Periods inside a range about which earnings are stated, and the fiscal years they are in.
fn told(class: ClassId, range: Period, party: &Party, replays: [&Replay<'_>; 2]) -> BTreeSet<Period> {
    let stated = replays.into_iter().flat_map(|replay| Measures { replay }.stated_on(class));
    let mut found: BTreeSet<Period> = stated.map(|(_, period)| period).collect();
    let years: Vec<Period> =
        found.iter().map(|period| party.fiscal.year(party.fiscal.quarter_of(period.to).0)).collect();
    found.extend(years);
    found.retain(|period| range.from <= period.from && period.to <= range.to);
    found
}

/// As a fiscal year or quarter where it is one.
fn named(party: &Party, period: Period) -> String {
    let (year, _) = party.fiscal.quarter_of(period.to);
    if party.fiscal.year(year) == period {
        return year.to_string();
    }
    match scope::quarters(party, period).as_slice() {
        [(name, days)] if *days == period => name.to_string(),
        _ => period.to_string(),
    }
}

/// Income, shares and what a share has, basic and diluted.
fn parts(found: &Reconciliation, party: &Party) -> Result<[(&'static str, Unit, Value); 6], Fault> {
    let (basic, diluted) = found.per_share()?;
    let (money, shares) = (Unit::of(&party.currency), Unit::of("shares"));
    let each = Unit::per(&party.currency, "shares");
    Ok([
        ("income for common shares, basic", money.clone(), found.numerators.0.clone()),
        ("shares, basic", shares.clone(), found.shares.0.clone()),
        ("basic", each.clone(), basic),
        ("income for common shares, diluted", money, found.numerators.1.clone()),
        ("shares, diluted", shares, found.shares.1.clone()),
        ("diluted", each, diluted),
    ])
}
