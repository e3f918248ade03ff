//! Two books over the same facts: what they say differently, and what that moved, by party, account and quarter.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::build::Reporter;
use super::compare::Threshold;
use super::measure::{Measured, Measures};
use super::scope::{Scope, left_out, quarters};
use super::{Cell, Column, Origin, Report, Row, Scale, Table};
use crate::base::Span;
use crate::num::Fault;
use crate::recognise::Bookkeeper;
use crate::run::Replay;
use crate::terms::{AccountClass, Activity, Book, EstimateKind, Part, Party, Value};
use crate::time::{Period, PeriodName};

/// What two runs differ in that read the same contracts and facts under two books.
///
/// # Errors
/// A scope that fits nothing, or arithmetic, in words.
pub fn compare(
    left: &Replay<'_>,
    right: &Replay<'_>,
    (scope, threshold): (&Scope, &Threshold),
    text: impl Fn(Span) -> String,
) -> Result<Report, String> {
    let mut reporter = Reporter::new(left, scope);
    let names = |replay: &Replay<'_>| {
        let kept: BTreeSet<Arc<str>> = replay.keepers.iter().map(|keeper| keeper.book.name.clone()).collect();
        kept.iter().map(|name| &**name).collect::<Vec<_>>().join(", ")
    };
    let (a, b) = (names(left), names(right));
    let mut report = reporter.report("books", format!("Books compared: {a} and {b}"));
    report.header.units = "each party in its own currency, exact".into();
    report.header.book = Some(format!("{a} against {b}"));
    let mut pairs: Vec<(&Book, &Book)> = Vec::new();
    for (one, other) in left.keepers.iter().zip(&right.keepers) {
        if !pairs.iter().any(|(x, y)| x.name == one.book.name && y.name == other.book.name) {
            pairs.push((one.book, other.book));
        }
    }
    let mut inputs = Table {
        title: "What the books say differently".into(),
        columns: ["", "Which", "", ""].iter().map(|head| Column::text(*head)).collect(),
        ..Table::default()
    };
    name_columns(&mut inputs, &a, &b);
    for (one, other) in pairs {
        let (rows, cited) = sayings(one, other, &text);
        inputs.rows.extend(rows.into_iter().map(|row| Row::of(row.map(Cell::Text).into())));
        if cited > 0 {
            inputs.footnotes.push(format!("{cited} clauses say the same under another paragraph."));
        }
    }
    for (one, other) in left.keepers.iter().zip(&right.keepers) {
        inputs.rows.extend(choices(one, other).into_iter().map(|row| Row::of(row.map(Cell::Text).into())));
    }
    if !inputs.rows.is_empty() || !inputs.footnotes.is_empty() {
        report.tables.push(inputs);
    }
    let mut moved = Sides::named(&a, &b).moved("What moved".into());
    reporter.moved(&mut report, &mut moved, (left, right), threshold).map_err(|fault| fault.to_string())?;
    if moved.rows.is_empty() {
        report
            .notes
            .push("nothing differs: every account of every party stands and moved alike in every quarter.".into());
    } else {
        let what = "Income accounts: what the quarter moved. Others: what they stand at when it ends.";
        moved.footnotes.push(what.into());
        report.tables.push(moved);
    }
    report.bases = reporter.bases;
    Ok(report)
}

/// Whether a comparison found any amount that differs.
#[must_use]
pub fn differ(report: &Report) -> bool {
    report.tables.iter().any(|table| table.title == "What moved")
}

/// Headings of the two sides; names for programs stay apart where both sides have one name.
fn name_columns(table: &mut Table, a: &str, b: &str) {
    for (at, name, heading) in [(0, "kind", ""), (1, "which", "Which"), (2, "left", a), (3, "right", b)] {
        if let Some(column) = table.columns.get_mut(at) {
            (column.heading, column.name) = (heading.to_owned(), name.to_owned());
        }
    }
}

/// Headings of what is compared.
pub(super) struct Sides<'s>(&'s str, &'s str);

impl<'s> Sides<'s> {
    pub const fn named(left: &'s str, right: &'s str) -> Self {
        Self(left, right)
    }

    /// An empty table of what differs, by party, account and quarter.
    pub fn moved(&self, title: String) -> Table {
        let Self(left, right) = *self;
        let columns = vec![
            Column::text("Party"),
            Column::text("Account"),
            Column::text("Quarter"),
            Column::figures(left, Scale::CENTS).named("left"),
            Column::figures(right, Scale::CENTS).named("right"),
            Column::figures("Difference", Scale::CENTS),
        ];
        Table { title, columns, ..Table::default() }
    }
}

/// Clauses of two books that say different things, and how many differ in their paragraph alone.
fn sayings(one: &Book, other: &Book, text: &impl Fn(Span) -> String) -> (Vec<[String; 4]>, usize) {
    let clauses = |book: &Book| -> Vec<(&'static str, Arc<str>, String)> {
        let policies = book.policies.iter().map(|p| ("policy", p.name.clone(), one_line(&text(p.span))));
        let accounts = book.accounts.iter().map(|account| {
            let class =
                AccountClass::ALL.iter().find(|(class, _)| *class == account.class).map_or("", |(_, word)| word);
            let flows = Activity::ALL.iter().find(|(flows, _)| *flows == account.activity).map_or("", |(_, word)| word);
            let monetary = if account.monetary { " monetary" } else { "" };
            let said = format!("{class}{monetary} {flows} under {}", account.caption());
            ("account", account.name.clone(), said)
        });
        let judged = book.judged.iter().map(|judged| {
            let choices = judged.choices.iter().filter_map(|choice| book.accounts.get(*choice));
            let choices: Vec<&str> = choices.map(|account| &*account.name).collect();
            ("account", judged.name.clone(), format!("{}, by judgement", choices.join(" | ")))
        });
        let estimates = book.estimates.iter().map(|estimate| {
            let kind = EstimateKind::ALL.iter().find(|(kind, _)| *kind == estimate.kind).map_or("", |(_, word)| word);
            ("estimate", estimate.name.clone(), kind.to_owned())
        });
        let transition = book
            .transition
            .and_then(|at| book.accounts.get(at))
            .map(|account| ("transition", Arc::from("adoptions"), format!("against {}", account.name)));
        let disclosures = book.disclosures.iter().map(|part| {
            let name = Part::ALL.iter().find(|(known, _)| *known == part.part).map_or("", |(_, word)| word);
            ("disclosure", Arc::from(name), one_line(&text(part.span)))
        });
        let standards = book.standards.iter().map(|s| ("standard", s.name.clone(), one_line(&text(s.span))));
        let rules = book.rules.iter().map(|rule| ("rule", rule.name.clone(), one_line(&text(rule.span))));
        policies
            .chain(accounts)
            .chain(judged)
            .chain(estimates)
            .chain(transition)
            .chain(standards)
            .chain(disclosures)
            .chain(rules)
            .collect()
    };
    let (left, right) = (clauses(one), clauses(other));
    let (mut rows, mut cited) = (Vec::new(), 0);
    for (kind, name, said) in &left {
        let same = right.iter().find(|(k, n, _)| k == kind && n == name).map(|(.., again)| again);
        match same {
            Some(again) if again == said => {}
            Some(again) if body(again) == body(said) => cited += 1,
            Some(again) => rows.push([(*kind).into(), name.to_string(), body(said).into(), body(again).into()]),
            None => rows.push([(*kind).into(), name.to_string(), body(said).into(), "not there".into()]),
        }
    }
    for (kind, name, said) in &right {
        if !left.iter().any(|(k, n, _)| k == kind && n == name) {
            rows.push([(*kind).into(), name.to_string(), "not there".into(), body(said).into()]);
        }
    }
    (rows, cited)
}

/// A clause without its citation.
fn body(said: &str) -> &str {
    said.rsplit_once(" cite \"").map_or(said, |(body, _)| body)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Policies that a party has chosen otherwise.
fn choices(one: &Bookkeeper<'_>, other: &Bookkeeper<'_>) -> Vec<[String; 4]> {
    let both = one.choices.iter().filter_map(|(policy, choice)| {
        let (_, again) = other.choices.iter().find(|(name, _)| name == policy)?;
        (again != choice)
            .then(|| ["choice".into(), format!("{} of {}", policy, one.owner), choice.to_string(), again.to_string()])
    });
    both.collect()
}

impl Reporter<'_, '_> {
    pub(super) fn moved(
        &mut self,
        report: &mut Report,
        table: &mut Table,
        (left, right): (&Replay<'_>, &Replay<'_>),
        threshold: &Threshold,
    ) -> Result<(), Fault> {
        for (book, (one, other)) in left.keepers.iter().zip(&right.keepers).enumerate() {
            let Some(party) = left.terms.parties.get(one.party.index()) else { continue };
            if self.scope.entity.as_ref().is_some_and(|name| !party.name.eq_ignore_ascii_case(name)) {
                continue;
            }
            let Some(days) = self.quarters_of(report, party, [left, right]) else { continue };
            let mut names: Vec<(&str, AccountClass)> = Vec::new();
            for account in one.book.accounts.iter().chain(&other.book.accounts) {
                if !names.iter().any(|(name, _)| *name == &*account.name) {
                    names.push((&account.name, account.class));
                }
            }
            for (account, class) in names {
                for (quarter, days) in &days {
                    let read = |replay| read(replay, book, account, class, *days);
                    let (a, b) = (read(left)?, read(right)?);
                    if a.value == b.value {
                        continue;
                    }
                    let gap = b.value.clone().minus(a.value.clone())?;
                    let (unit, certainty) = (crate::num::Unit::of(&one.currency), a.certainty.max(b.certainty));
                    if !threshold.over(&a.value, gap.known().map(crate::num::Number::abs), &unit)? {
                        continue;
                    }
                    let (a, b) = (
                        self.figure(&Measured { unit: unit.clone(), ..a }),
                        self.figure(&Measured { unit: unit.clone(), ..b }),
                    );
                    let origin = Origin::Made("difference", vec![a.basis, b.basis]);
                    let gap = self.bases.figure(gap, unit, certainty, origin);
                    table.rows.push(Row::of(vec![
                        Cell::Text(party.name.to_string()),
                        Cell::Text(account.to_owned()),
                        Cell::Text(quarter.to_string()),
                        Cell::Figure(a),
                        Cell::Figure(b),
                        Cell::Figure(gap),
                    ]));
                }
            }
        }
        Ok(())
    }

    /// The quarters asked for; else all in which either book has an entry.
    fn quarters_of(
        &self,
        report: &mut Report,
        party: &Party,
        replays: [&Replay<'_>; 2],
    ) -> Option<Vec<(PeriodName, Period)>> {
        let asked = self.scope.range.or_else(|| self.scope.period.as_ref().and_then(|p| party.fiscal.resolve(p)));
        let entries = replays.iter().flat_map(|replay| replay.bookings.iter().flat_map(|b| b.journal.iter()));
        let dates: Vec<_> = entries.map(|(_, entry)| entry.date).collect();
        let whole = Period { from: *dates.iter().min()?, to: *dates.iter().max()? };
        let period = asked.unwrap_or(whole);
        let found = quarters(party, period);
        report.notes.extend(left_out(&found, period));
        Some(found)
    }
}

/// An account of a book in a quarter; nothing in a book that has none of the name.
fn read(replay: &Replay<'_>, book: usize, account: &str, class: AccountClass, days: Period) -> Result<Measured, Fault> {
    let measures = Measures { replay };
    if measures.account_class(book, account).is_none() {
        return Ok(Measured { value: Value::ZERO, ..super::measure::nothing(crate::num::Unit::none()) });
    }
    match class {
        AccountClass::Income | AccountClass::ContraIncome | AccountClass::Expense => {
            measures.movement(book, account, days, |_| true, |_| true)
        }
        _ => measures.balance(book, account, days.to, |_| true),
    }
}
