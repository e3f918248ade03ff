//! The rows of the cash report.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::build::Reporter;
use super::super::columns::Days;
use super::super::figure::Lacking;
use super::super::{Cell, Figure, Origin, Row, Rule, Scope, Table};
use super::book::{Cashbook, EFFECT, Movement, Sum};
use super::limit::{Breach, Cause};
use super::status::{Status, Tier};
use super::tiers;
use crate::num::{Fault, Number, Rounding, Unit};
use crate::run::Replay;
use crate::terms::{Basis, LineId, Value};
use crate::time::{Date, Period};

/// What the rows are made from.
pub(super) struct Sheet<'s, 'r, 'a> {
    pub book: &'s Cashbook<'r>,
    pub replay: &'r Replay<'a>,
    pub days: &'s [Days],
    pub period: Period,
    pub scope: &'s Scope,
}

/// A row before it is drawn.
pub(super) enum Made {
    Sums { indent: u8, label: String, status: String, sums: Vec<Sum>, lines: Vec<LineId> },
    Words(String),
    Rule(Rule),
}

/// All rows.
pub(super) struct Rows(Vec<Made>);

impl Rows {
    /// Every amount, to choose a scale.
    pub fn amounts(&self) -> Vec<Number> {
        let sums = self.0.iter().flat_map(|row| match row {
            Made::Sums { sums, .. } => sums.as_slice(),
            _ => &[],
        });
        sums.map(|sum| sum.amount).collect()
    }
}

/// What a row is about: by clause, or by the party on the other side.
type Group = ((u8, usize), Arc<str>);

impl Sheet<'_, '_, '_> {
    pub fn rows(&self) -> Result<Rows, Fault> {
        let with = &self.scope.with;
        let waiting: BTreeSet<Tier> = self.waiting().into_iter().filter(|tier| !with.contains(tier)).collect();
        let said = if waiting.is_empty() { tiers("with", with) } else { tiers("without", &waiting) };
        let mut rows = Vec::new();
        let opening = |period: &Period| self.book.opening(*period, with);
        self.sums(&mut rows, 0, "Opening cash", "", opening)?;
        for (receipts, total) in [(true, "Inflows"), (false, "Outflows")] {
            let counted = |m: &Movement| m.is_paid(receipts) && self.book.counts(m, with);
            for (group, (label, statuses)) in self.groups(self.period, counted) {
                let mine = |m: &Movement| counted(m) && self.group(m) == group;
                self.sums(&mut rows, 1, &label, &word(&statuses), |period| self.book.sum(*period, mine))?;
            }
            self.sums(&mut rows, 0, &format!("{total}{said}"), "", |period| self.book.sum(*period, counted))?;
        }
        if self.book.movements.iter().any(|m| m.is_effect() && self.period.contains(m.date)) {
            self.sums(&mut rows, 0, EFFECT, "", |period| self.book.sum(*period, Movement::is_effect))?;
        }
        rows.push(Made::Rule(Rule::Single));
        self.sums(&mut rows, 0, &format!("Closing cash{said}"), "", |period| self.book.balance(period.to, with))?;
        if self.scope.counterparty.is_some() {
            return Ok(Rows(rows));
        }
        self.limits(&mut rows)?;
        rows.push(Made::Rule(Rule::Double));
        self.headroom(&mut rows, &said, with)?;
        let mut so_far = with.clone();
        for tier in waiting {
            self.tier(&mut rows, tier)?;
            so_far.insert(tier);
            self.headroom(&mut rows, &tiers("with", &so_far), &so_far)?;
        }
        Ok(Rows(rows))
    }

    /// Tiers of which something moves up to the end of the report.
    fn waiting(&self) -> BTreeSet<Tier> {
        let upto = self.book.movements.iter().filter(|m| m.date <= self.period.to);
        upto.filter_map(|m| self.book.tier(m)).collect()
    }

    fn group(&self, movement: &Movement) -> Group {
        if self.scope.by_counterparty {
            let order = if movement.with.is_empty() { 0 } else { 1 };
            return ((order, 0), movement.with.clone());
        }
        let order = self.book.lines.get(&movement.line).map_or((0, 0), |line| line.order);
        match movement.what {
            Some(what) => (order, format!("{} {what}", movement.line).into()),
            None => (order, movement.line.clone()),
        }
    }

    /// What there are rows for, with label and status.
    fn groups(&self, period: Period, pass: impl Fn(&Movement) -> bool) -> BTreeMap<Group, (String, BTreeSet<Status>)> {
        let mut found: BTreeMap<Group, (String, BTreeSet<Status>)> = BTreeMap::new();
        for movement in self.book.movements.iter().filter(|m| period.contains(m.date) && pass(m)) {
            let Some(line) = self.book.lines.get(&movement.line) else { continue };
            let label = match (self.scope.by_counterparty, movement.with.is_empty()) {
                (true, false) => movement.with.to_string(),
                _ => movement.what.map_or_else(|| line.label.clone(), |what| format!("{}: {what}", movement.line)),
            };
            found.entry(self.group(movement)).or_insert_with(|| (label, BTreeSet::new())).1.insert(line.status);
        }
        found
    }

    fn sums(
        &self,
        rows: &mut Vec<Made>,
        indent: u8,
        label: &str,
        status: &str,
        of: impl Fn(&Period) -> Result<Sum, Fault>,
    ) -> Result<(), Fault> {
        let sums = self.days.iter().map(|(_, days)| of(days)).collect::<Result<_, _>>()?;
        let (label, status) = (label.to_owned(), status.to_owned());
        rows.push(Made::Sums { indent, label, status, sums, lines: Vec::new() });
        Ok(())
    }

    /// The minimum, and a row for each facility, as they stand at the end of each column.
    fn limits(&self, rows: &mut Vec<Made>) -> Result<(), Fault> {
        let mut kinds: BTreeMap<String, Vec<Sum>> = BTreeMap::new();
        let mut lines: BTreeMap<String, Vec<LineId>> = BTreeMap::new();
        for (at, (_, days)) in self.days.iter().enumerate() {
            let limits = self.book.limits_on(self.replay.inputs, days.to)?;
            let whose = |party: &crate::terms::PartyId| match self.book.members.len() {
                0 | 1 => String::new(),
                _ => format!(" of {}", self.book.name(self.replay, *party)),
            };
            let minimum = limits.minimum.iter().map(|(party, (value, line))| {
                let reference = line.line.note.as_ref().map_or_else(String::new, |note| format!(" ({note})"));
                let turned = value.clone().map(|n| Ok(n.neg()));
                (format!("Minimum cash{}{reference}", whose(party)), turned, *line)
            });
            let undrawn = limits.undrawn.iter().map(|((party, name), (value, line))| {
                (format!("Undrawn {}{}", name.replace('_', " "), whose(party)), Ok(value.clone()), *line)
            });
            for (label, value, line) in minimum.chain(undrawn) {
                let value = value?;
                let sums = kinds.entry(label.clone()).or_insert_with(|| vec![Sum::default(); self.days.len()]);
                if let Some(sum) = sums.get_mut(at) {
                    sum.basis = Some(line.line.basis);
                    match value {
                        Value::Known(amount) => sum.amount = amount,
                        Value::Missing(names) => sum.missing = (*names).clone(),
                    }
                }
                lines.entry(label).or_default().push(line.id);
            }
        }
        for (label, sums) in kinds {
            let lines = lines.remove(&label).unwrap_or_default();
            let status = Status::Definitive.word().to_owned();
            rows.push(Made::Sums { indent: 1, label, status, sums, lines });
        }
        Ok(())
    }

    fn headroom(&self, rows: &mut Vec<Made>, said: &str, with: &BTreeSet<Tier>) -> Result<(), Fault> {
        let of = |period: &Period| self.book.headroom(self.replay.inputs, period.to, with);
        self.sums(rows, 0, &format!("Headroom / (gap){said}"), "", of)?;
        let breach = self.book.breach(self.replay.inputs, self.period, with)?;
        rows.push(Made::Words(said_of(self.replay, self.book, breach.as_ref(), self.period)));
        Ok(())
    }

    /// The lines of a tier, from their beginning to the end of each column.
    fn tier(&self, rows: &mut Vec<Made>, tier: Tier) -> Result<(), Fault> {
        let upto = |to: Date| Period { from: Date::MIN, to };
        let mine = |m: &Movement| self.book.tier(m) == Some(tier);
        for (group, (label, statuses)) in self.groups(upto(self.period.to), mine) {
            let pass = |m: &Movement| mine(m) && self.group(m) == group;
            let label = format!("{label}, cumulative");
            self.sums(rows, 1, &label, &word(&statuses), |period| self.book.sum(upto(period.to), pass))?;
        }
        Ok(())
    }
}

fn word(statuses: &BTreeSet<Status>) -> String {
    let words: Vec<&str> = statuses.iter().map(|status| status.word()).collect();
    words.join(", ")
}

/// The first day below the minimum, in words.
pub(super) fn said_of(replay: &Replay<'_>, book: &Cashbook<'_>, breach: Option<&Breach>, period: Period) -> String {
    let floor = if book.limits.iter().any(|line| is_minimum(line)) { "minimum" } else { "zero" };
    let Some(Breach { date, headroom, cause }) = breach else {
        let dark = book.movements.iter().any(|m| m.date <= period.to && m.amount.known().is_none());
        let far = if dark { ", as far as amounts are disclosed" } else { "" };
        return format!("no day below {floor} up to {}{far}", period.to);
    };
    let short = spoken(headroom.abs(), "");
    let short = short.trim_start();
    match cause {
        Cause::Before => format!("below {floor} from the first day, {date}, by {short}"),
        Cause::Movement(at) => {
            let movement = book.movements.get(*at);
            let label = movement.and_then(|m| book.lines.get(&m.line)).map_or("", |line| &line.label);
            let paid = movement.map_or(Number::ZERO, |m| m.paid.abs());
            let currency = movement.map_or("", |m| &*m.currency);
            format!("first day below {floor}: {date}, by {short} ({label}, {})", spoken(paid, currency))
        }
        Cause::Limit(id) => {
            let line = replay.engine.line(*id);
            let what = match line.and_then(|l| l.line.fact.as_ref()) {
                Some(crate::terms::Fact::Undrawn { facility, .. }) => format!("facility {facility} ends or changes"),
                _ => "the minimum changes".to_owned(),
            };
            format!("first day below {floor}: {date}, by {short} ({what})")
        }
    }
}

fn is_minimum(line: &crate::engine::InputLine) -> bool {
    matches!(line.line.fact, Some(crate::terms::Fact::Minimum { .. }))
}

/// An amount in a sentence: `USD 5.00bn`.
pub(super) fn spoken(amount: Number, currency: &str) -> String {
    let in_units = |power: i64, word: &str| {
        let places = Rounding { places: 2, ..Rounding::CENTS };
        amount.over(Number::from_int(power), places).map(|n| format!("{currency} {}{word}", n.to_fixed(2)))
    };
    let scaled = match amount.abs() {
        n if n >= Number::from_int(1_000_000_000) => in_units(1_000_000_000, "bn"),
        n if n >= Number::from_int(1_000_000) => in_units(1_000_000, "m"),
        _ => in_units(1, ""),
    };
    scaled.unwrap_or_else(|_| format!("{currency} {amount}"))
}

impl Reporter<'_, '_> {
    /// Puts the rows into a table.
    pub(super) fn draw(&mut self, table: &mut Table, rows: Rows, book: &Cashbook<'_>) {
        for row in rows.0 {
            table.rows.push(match row {
                Made::Rule(rule) => Row::Rule(rule),
                Made::Words(words) => Row::Words(words),
                Made::Sums { indent, label, status, sums, lines } => {
                    let mut cells = vec![Cell::Text(label)];
                    cells.push(if status.is_empty() { Cell::Empty } else { Cell::Text(status) });
                    cells.extend(
                        sums.into_iter().map(|sum| Cell::Figure(self.cash_figure(sum, &book.currency, &lines))),
                    );
                    Row::under(indent, cells)
                }
            });
        }
    }

    fn cash_figure(&mut self, sum: Sum, currency: &str, lines: &[LineId]) -> Figure {
        let origin = match lines.first() {
            Some(line) => Origin::Line(*line),
            None => Origin::Entries { book: None, entries: sum.entries.clone() },
        };
        let value = sum.value();
        let figure = self.bases.figure(value, Unit::of(currency), sum.basis.unwrap_or(Basis::Actual), origin);
        Figure { lacking: Lacking::new(sum.missing), ..figure }
    }
}
