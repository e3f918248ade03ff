//! Report: covenants, on each day on which they were tested, with how far they are from being breached.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::build::Reporter;
use super::fact::{add, find};
use super::measure::{Measured, Measures, Nature, nothing};
use super::{Cell, Column, Origin, Report, Row, Scale, Table};
use crate::num::{Fault, Mode, Number, Rounding, Unit};
use crate::terms::{Compare, Covenant, CovenantExpr, FIGURES, Fact, PartyId, Value};
use crate::time::{Date, Period};

/// Of a covenant, as tested at the end of a period.
pub const COVENANT_MEASURES: &[(&str, Nature)] = &[
    ("covenant_value", Nature::Stock),
    ("covenant_numerator", Nature::Stock),
    ("covenant_denominator", Nature::Stock),
    ("covenant_numerator_room", Nature::Stock),
    ("covenant_numerator_room_percent", Nature::Stock),
    ("covenant_denominator_room", Nature::Stock),
    ("covenant_denominator_room_percent", Nature::Stock),
    ("covenant_met", Nature::Stock),
];

const RATIO: Rounding = Rounding { places: 6, mode: Mode::HalfUp };
const CENTS: Rounding = Rounding::CENTS;

/// A covenant on a day.
#[derive(Clone, Debug)]
pub struct Tested {
    /// The quarters looked back on.
    pub window: Period,
    /// What is tested, or the upper part of a ratio.
    pub numerator: Measured,
    /// The lower part.
    pub denominator: Option<Measured>,
    /// The ratio, or what is tested itself.
    pub value: Value,
    /// What it must be.
    pub threshold: Value,
    /// Whether it is; not where something is not known, or there is no ratio.
    pub met: Option<bool>,
    /// Why there is no ratio.
    pub why: Option<String>,
    /// How far the upper part may move before it is breached, and in per cent.
    pub numerator_room: (Value, Value),
    /// The lower part likewise.
    pub denominator_room: (Value, Value),
}

/// Measures with their arithmetic, and the figures that are read.
type Figures = (Vec<String>, Vec<(Arc<str>, Measured)>);

/// Whether more is better.
const fn at_least(compare: Compare) -> bool {
    matches!(compare, Compare::AtLeast | Compare::Above)
}

impl Measures<'_, '_> {
    /// A measure of a covenant at the end of a day; none if there is no such covenant.
    pub(super) fn covenant_measure(
        &self,
        party: PartyId,
        measure: &str,
        item: Option<&str>,
        date: Date,
    ) -> Result<Option<Measured>, Fault> {
        let mut all = self.replay.terms.covenants.iter();
        let Some(covenant) = all.find(|c| Some(&*c.path) == item && c.party == party) else { return Ok(None) };
        let tested = self.covenant(covenant, date)?;
        let money = tested.numerator.unit.clone();
        let percent = Unit::of("%");
        let ratio = if covenant.denominator.is_some() { Unit::none() } else { money.clone() };
        let (value, unit) = match measure {
            "covenant_value" => (tested.value, ratio),
            "covenant_numerator" => (tested.numerator.value.clone(), money),
            "covenant_denominator" => (tested.denominator.as_ref().map_or(Value::ZERO, |d| d.value.clone()), money),
            "covenant_numerator_room" => (tested.numerator_room.0, money),
            "covenant_numerator_room_percent" => (tested.numerator_room.1, percent),
            "covenant_denominator_room" => (tested.denominator_room.0, money),
            "covenant_denominator_room_percent" => (tested.denominator_room.1, percent),
            _ => match tested.met {
                Some(met) => (Value::Known(if met { Number::ONE } else { Number::ZERO }), Unit::none()),
                None => (Value::missing(format!("{}.met", covenant.path)), Unit::none()),
            },
        };
        let lower = tested.denominator.unwrap_or_else(|| nothing(Unit::none()));
        let certainty = tested.numerator.certainty.max(lower.certainty);
        let mut missing = tested.numerator.missing;
        missing.extend(lower.missing);
        Ok(Some(Measured { value, missing, unit, certainty, origin: tested.numerator.origin }))
    }

    /// A covenant as tested on a day: over the quarters of the party that have ended by then.
    ///
    /// # Errors
    /// Overflow.
    pub fn covenant(&self, covenant: &Covenant, date: Date) -> Result<Tested, Fault> {
        let quarters = self.tested_quarters(covenant, date);
        let window = Period {
            from: quarters.first().map_or(date, |first| first.from),
            to: quarters.last().map_or(date, |last| last.to),
        };
        let threshold = self.replay.inputs.value(&covenant.threshold)?;
        let numerator = self.covenant_amount(covenant, &covenant.numerator.1, &quarters)?;
        let lower = covenant.denominator.as_ref();
        let denominator = lower.map(|(_, expr)| self.covenant_amount(covenant, expr, &quarters)).transpose()?;
        let (up, floor) = (numerator.value.clone(), at_least(covenant.compare));
        let hundred = Number::from_int(100);
        let percent = |room: &Value, of: &Value| -> Result<Value, Fault> {
            match (room, of) {
                (Value::Known(_), Value::Known(of)) if of.is_zero() => Ok(Value::missing("a part of nothing")),
                (room, of) => room.clone().join(of.clone(), |room, of| room.ratio_of(hundred, of.abs(), CENTS)),
            }
        };
        let Some(down) = denominator.as_ref().map(|d| d.value.clone()) else {
            let room =
                if floor { up.clone().minus(threshold.clone())? } else { threshold.clone().minus(up.clone())? };
            let met = compared(covenant.compare, &up, &threshold);
            let part = percent(&room, &up)?;
            let nil = (Value::ZERO, Value::ZERO);
            return Ok(Tested {
                window,
                value: up,
                numerator,
                denominator,
                threshold,
                met,
                why: None,
                numerator_room: (room, part),
                denominator_room: nil,
            });
        };
        let name = lower.map_or("", |(name, _)| &**name);
        let why = match down.known() {
            Some(down) if down.is_zero() => Some(format!("{name} is nil: there is no ratio")),
            Some(down) if down.is_negative() => Some(format!("{name} is below zero: there is no ratio")),
            _ => None,
        };
        if why.is_some() {
            let none = || Value::missing(format!("{}.ratio", covenant.path));
            let rooms = ((none(), none()), (none(), none()));
            let (numerator_room, denominator_room) = rooms;
            let (value, met) = (none(), None);
            return Ok(Tested {
                window,
                numerator,
                denominator,
                value,
                threshold,
                met,
                why,
                numerator_room,
                denominator_room,
            });
        }
        let value = up.clone().join(down.clone(), |up, down| up.over(down, RATIO))?;
        // Compared before it is rounded.
        let bound = threshold.clone().times(down.clone())?;
        let met = compared(covenant.compare, &up, &bound);
        let most = up.clone().join(threshold.clone(), |up, threshold| up.over(threshold, CENTS))?;
        let (above, below) = match floor {
            true => (up.clone().minus(bound)?, most.minus(down.clone())?),
            false => (bound.minus(up.clone())?, down.clone().minus(most)?),
        };
        let above = above.map(|room| Ok(room.round(CENTS)))?;
        let numerator_room = (above.clone(), percent(&above, &up)?);
        let denominator_room = (below.clone(), percent(&below, &down)?);
        let why = None;
        Ok(Tested { window, numerator, denominator, value, threshold, met, why, numerator_room, denominator_room })
    }

    /// The quarters of the party that a test on a day looks back on, in order.
    fn tested_quarters(&self, covenant: &Covenant, date: Date) -> Vec<Period> {
        let Some(party) = self.replay.terms.parties.get(covenant.party.index()) else { return Vec::new() };
        let before = |(year, quarter): (i16, u8)| match quarter {
            1 => (year.saturating_sub(1), 4),
            _ => (year, quarter - 1),
        };
        let mut at = party.fiscal.quarter_of(date);
        if party.fiscal.quarter(at.0, at.1).to > date {
            at = before(at);
        }
        let mut found = Vec::new();
        for _ in 0..covenant.quarters {
            found.push(party.fiscal.quarter(at.0, at.1));
            at = before(at);
        }
        found.reverse();
        found
    }

    fn covenant_amount(
        &self,
        covenant: &Covenant,
        expr: &CovenantExpr,
        quarters: &[Period],
    ) -> Result<Measured, Fault> {
        let two = |a: &CovenantExpr, b: &CovenantExpr| -> Result<(Measured, Measured), Fault> {
            Ok((self.covenant_amount(covenant, a, quarters)?, self.covenant_amount(covenant, b, quarters)?))
        };
        let joined = |a: &CovenantExpr, b: &CovenantExpr, f: fn(Number, Number) -> Result<Number, Fault>| {
            let (a, b) = two(a, b)?;
            let value = a.value.clone().join(b.value.clone(), f)?;
            Ok(Measured { value, ..add(a, b)? })
        };
        match expr {
            CovenantExpr::Value(formula) => {
                let value = self.replay.inputs.value(formula)?;
                Ok(Measured { value, ..nothing(formula.unit.clone()) })
            }
            CovenantExpr::Figure(name) => self.figure_of(covenant.party, name, quarters),
            CovenantExpr::Measure(at) => match covenant.measures.get(*at) {
                Some((_, expr)) => self.covenant_amount(covenant, expr, quarters),
                None => Ok(nothing(Unit::none())),
            },
            CovenantExpr::Add(a, b) => joined(a, b, Number::plus),
            CovenantExpr::Sub(a, b) => joined(a, b, Number::minus),
            CovenantExpr::Mul(a, b) => joined(a, b, |a, b| Ok(a.times(b)?.round(CENTS))),
            CovenantExpr::Min(a, b) => joined(a, b, |a, b| Ok(a.min(b))),
            CovenantExpr::Max(a, b) => joined(a, b, |a, b| Ok(a.max(b))),
        }
    }

    /// A figure of a party: as it reports it, else as its book has it; movements quarter by quarter.
    fn figure_of(&self, party: PartyId, name: &Arc<str>, quarters: &[Period]) -> Result<Measured, Fault> {
        let currency = self.replay.terms.parties.get(party.index()).map_or_else(Unit::none, |p| Unit::of(&p.currency));
        let missing = |what: String| Measured { value: Value::missing(what), ..nothing(currency.clone()) };
        let (Some(first), Some(last)) = (quarters.first(), quarters.last()) else {
            return Ok(missing(name.to_string()));
        };
        let class = self.replay.keeper(party).and_then(|book| self.account_class(book, name));
        let built_in = FIGURES.iter().find(|(known, _)| *known == &**name);
        let day = Period { from: last.to, to: last.to };
        let stated = |period: Period, balance: bool| self.reported_figure(party, name, period, balance);
        let booked = class.is_some() || built_in.is_some();
        let balance = match (class, built_in) {
            (Some(class), _) => !class.is_income(),
            (None, Some((_, balance))) => *balance,
            (None, None) => self.reports_balance(party, name),
        };
        let found = |period: Period| -> Result<Measured, Fault> {
            let found = find(*self, party, name, None, period)?;
            Ok(found.unwrap_or_else(|| nothing(currency.clone())))
        };
        if balance {
            return match stated(day, true)? {
                Some(reported) => Ok(reported),
                None if booked => found(day),
                None => Ok(missing(format!("{name} on {}", last.to))),
            };
        }
        if let Some(whole) = stated(Period { from: first.from, to: last.to }, false)? {
            return Ok(whole);
        }
        let mut sum = nothing(currency.clone());
        for quarter in quarters {
            let part = match stated(*quarter, false)? {
                Some(reported) => reported,
                None if booked => found(*quarter)?,
                None => missing(format!("{name} in {quarter}")),
            };
            // A total without one of its quarters is no total.
            let value = sum.value.clone().plus(part.value.clone())?;
            sum = Measured { value, ..add(sum, part)? };
        }
        Ok(sum)
    }

    /// The last word of a party on a figure of exactly these days.
    fn reported_figure(
        &self,
        party: PartyId,
        name: &str,
        period: Period,
        balance: bool,
    ) -> Result<Option<Measured>, Fault> {
        let all = self.replay.inputs.lines.iter().filter_map(|line| match &line.line.fact {
            Some(Fact::Reported(reported))
                if reported.party == party && reported.period == period && reported.balance == balance =>
            {
                let amount = reported.amounts.iter().find(|(known, _)| **known == *name);
                amount.map(|(_, amount)| (line.line.date, line.id, line.line.basis, amount))
            }
            _ => None,
        });
        let Some((_, id, basis, amount)) = all.max_by_key(|(date, id, ..)| (*date, *id)) else { return Ok(None) };
        Ok(Some(Measured {
            value: self.replay.inputs.value(amount)?,
            missing: BTreeSet::new(),
            unit: amount.unit.clone(),
            certainty: basis,
            origin: Origin::Line(id),
        }))
    }

    fn reports_balance(&self, party: PartyId, name: &str) -> bool {
        self.replay.inputs.lines.iter().any(|line| match &line.line.fact {
            Some(Fact::Reported(reported)) => {
                reported.balance
                    && reported.party == party
                    && reported.amounts.iter().any(|(known, _)| **known == *name)
            }
            _ => false,
        })
    }

    /// What a covenant was on a day: each measure with its arithmetic, and each figure that it reads.
    ///
    /// # Errors
    /// Overflow.
    pub fn covenant_figures(&self, covenant: &Covenant, date: Date) -> Result<Figures, Fault> {
        let quarters = self.tested_quarters(covenant, date);
        let mut names = Vec::new();
        let (mut said, named) = (Vec::new(), covenant.measures.iter());
        let tested = [Some(&covenant.numerator), covenant.denominator.as_ref()].into_iter().flatten();
        for (name, expr) in named.clone().chain(tested) {
            expr.figures(&mut names);
            let measured = self.covenant_amount(covenant, expr, &quarters)?;
            let value = measured.value.known().map_or_else(|| "n/a".into(), Number::grouped);
            let told = self.told(covenant, expr, &quarters)?;
            if told != format!("{name} {value}") {
                said.push(format!("{name} {value} = {told}"));
            }
        }
        names.sort_unstable();
        names.dedup();
        let mut figures = Vec::new();
        for name in names {
            figures.push((name.clone(), self.figure_of(covenant.party, name, &quarters)?));
        }
        Ok((said, figures))
    }

    /// An amount with the figures it is made of: `operating_income 20,606 + depreciation 7,623`.
    fn told(&self, covenant: &Covenant, expr: &CovenantExpr, quarters: &[Period]) -> Result<String, Fault> {
        let shown = |measured: &Measured| measured.value.known().map_or_else(|| "n/a".into(), Number::grouped);
        let two = |a: &CovenantExpr, sign: &str, b: &CovenantExpr| -> Result<String, Fault> {
            Ok(format!("{} {sign} {}", self.told(covenant, a, quarters)?, self.told(covenant, b, quarters)?))
        };
        Ok(match expr {
            CovenantExpr::Value(_) => shown(&self.covenant_amount(covenant, expr, quarters)?),
            CovenantExpr::Figure(name) => {
                format!("{name} {}", shown(&self.covenant_amount(covenant, expr, quarters)?))
            }
            CovenantExpr::Measure(at) => {
                let name = covenant.measures.get(*at).map_or("", |(name, _)| &**name);
                format!("{name} {}", shown(&self.covenant_amount(covenant, expr, quarters)?))
            }
            CovenantExpr::Add(a, b) => two(a, "+", b)?,
            CovenantExpr::Sub(a, b) => match **b {
                CovenantExpr::Add(..) | CovenantExpr::Sub(..) => {
                    let (a, b) = (self.told(covenant, a, quarters)?, self.told(covenant, b, quarters)?);
                    format!("{a} - ({b})")
                }
                _ => two(a, "-", b)?,
            },
            CovenantExpr::Mul(a, b) => two(a, "×", b)?,
            CovenantExpr::Min(a, b) => format!("the smaller of {}", two(a, "and", b)?),
            CovenantExpr::Max(a, b) => format!("the greater of {}", two(a, "and", b)?),
        })
    }
}

/// Whether a value is what it must be; not where one of the two is not known.
fn compared(compare: Compare, value: &Value, threshold: &Value) -> Option<bool> {
    let (value, threshold) = value.known().zip(threshold.known())?;
    Some(match compare {
        Compare::AtLeast => value >= threshold,
        Compare::Above => value > threshold,
        Compare::AtMost => value <= threshold,
        Compare::Below => value < threshold,
        _ => false,
    })
}

impl Reporter<'_, '_> {
    /// Covenants of the party asked for, or of all, with every test up to the day of the report.
    pub(super) fn covenants(&mut self) -> Result<Report, String> {
        let party = match &self.scope.entity {
            Some(_) => Some(self.scope.party(self.replay, "", |_| true)?.0),
            None => None,
        };
        let at = self.moment();
        let mut report = self.report("covenants", "Covenants".into());
        report.header.at = Some(at).filter(|day| *day > Date::MIN);
        report.header.units = self.scales.amounts();
        let terms = self.replay.terms;
        for covenant in terms.covenants.iter().filter(|c| party.is_none_or(|party| c.party == party)) {
            if self.scope.takes(self.replay, covenant.contract) {
                self.covenant_table(&mut report, covenant, at).map_err(|fault| fault.to_string())?;
            }
        }
        if let Some(party) = party {
            report.header.title = format!("{} — Covenants", self.party_name(party));
            self.book_header(&mut report, party);
        }
        if report.tables.is_empty() {
            return Ok(self.nothing("covenants", "Covenants", "is held to no covenant"));
        }
        Ok(report)
    }

    fn covenant_table(&mut self, report: &mut Report, covenant: &Covenant, at: Date) -> Result<(), Fault> {
        let (upper, lower) =
            (covenant.numerator.0.clone(), covenant.denominator.as_ref().map(|(name, _)| name.clone()));
        let (fall, rise) = if at_least(covenant.compare) { ("fall", "rise") } else { ("rise", "fall") };
        let percent = Scale { power: 0, places: 2 };
        let amounts = |heading: String| Column::figures(heading, self.scales.money);
        let mut columns = vec![Column::text("Tested"), Column::text("From"), amounts(upper.to_string())];
        if let Some(lower) = &lower {
            columns.push(amounts(lower.to_string()));
            columns.push(Column::figures("Ratio", Scale { power: 0, places: 6 }));
        }
        columns.push(Column::text("Must be"));
        columns.push(Column::text("Verdict"));
        columns.push(amounts(format!("{upper}\nmay {fall} by")));
        columns.push(Column::figures(format!("{upper} may\n{fall} by, %"), percent));
        if let Some(lower) = &lower {
            columns.push(amounts(format!("{lower}\nmay {rise} by")));
            columns.push(Column::figures(format!("{lower} may\n{rise} by, %"), percent));
        }
        let party = self.party_name(covenant.party);
        let title = format!("{}: {}, of {party}", covenant.path, covenant.title);
        let mut table = Table { title, columns, ..Table::default() };
        let sign = match covenant.compare {
            Compare::AtLeast => "at least",
            Compare::Above => "above",
            Compare::AtMost => "at most",
            _ => "below",
        };
        let done: Vec<Date> = covenant.tested.iter().copied().filter(|day| *day <= at).collect();
        for day in &done {
            let tested = self.measures().covenant(covenant, *day)?;
            let ratio = if lower.is_some() { Unit::none() } else { tested.numerator.unit.clone() };
            let certainty = tested
                .numerator
                .certainty
                .max(tested.denominator.as_ref().map_or(tested.numerator.certainty, |d| d.certainty));
            let needed = tested.threshold.known().map_or_else(|| "n/a".into(), Number::grouped);
            let verdict = match tested.met {
                Some(true) => "met",
                Some(false) => "BREACHED",
                None if tested.why.is_some() => "no ratio",
                None => "open",
            };
            let made = |this: &mut Self, value: Value, unit: Unit| {
                let origin = Origin::Term(covenant.path.clone());
                Cell::Figure(this.bases.figure(value, unit, certainty, origin))
            };
            let mut cells = vec![Cell::Date(*day), Cell::Date(tested.window.from), self.cell(&tested.numerator)];
            if let Some(denominator) = &tested.denominator {
                cells.push(self.cell(denominator));
                cells.push(made(self, tested.value.clone(), ratio));
            }
            cells.push(Cell::Text(format!("{sign} {needed}")));
            cells.push(Cell::Text(verdict.into()));
            let money = tested.numerator.unit.clone();
            cells.push(made(self, tested.numerator_room.0.clone(), money.clone()));
            cells.push(made(self, tested.numerator_room.1.clone(), Unit::of("%")));
            if lower.is_some() {
                cells.push(made(self, tested.denominator_room.0.clone(), money));
                cells.push(made(self, tested.denominator_room.1.clone(), Unit::of("%")));
            }
            table.rows.push(Row::of(cells));
            if let Some(why) = &tested.why {
                report.notes.push(format!("{} on {day}: {why}.", covenant.path));
            }
            if tested.met == Some(false) {
                let value = tested.value.known().map_or_else(String::new, Number::grouped);
                let path = &covenant.path;
                report.notes.push(format!("{path} is breached on {day}: {value}, and it must be {sign} {needed}."));
            }
        }
        // The arithmetic of the last test; of all of them when every row is asked for.
        let shown =
            if self.scope.all { done.as_slice() } else { done.get(done.len().saturating_sub(1)..).unwrap_or(&[]) };
        for day in shown {
            let (said, _) = self.measures().covenant_figures(covenant, *day)?;
            table.footnotes.extend(said.into_iter().map(|sentence| format!("{day}: {sentence}")));
        }
        let next = covenant.tested.iter().find(|day| **day > at);
        match (done.is_empty(), next) {
            (true, Some(next)) => table.footnotes.push(format!("first tested on {next}")),
            (false, Some(next)) => table.footnotes.push(format!("next tested on {next}")),
            _ => {}
        }
        report.tables.push(table);
        Ok(())
    }
}
