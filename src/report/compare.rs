//! Two runs beside each other: what was read differently, every fact that came out otherwise, and what each difference
//! of the inputs did to it.

use std::collections::BTreeMap;

use super::attribute::Attribution;
use super::build::Reporter;
use super::fact::{find, period_of};
use super::measure::{Measured, Measures, nothing};
use super::rows::located;
use super::scope::Scope;
use super::{Bases, Cell, Column, Origin, Report, Row, Rule, Scale, Table};
use crate::num::{Fault, Number, Unit};
use crate::run::Replay;
use crate::terms::{AccountClass, Basis, FactName, PartyId, Value};
use crate::time::Period;

/// A fact that two runs of different terms may both have: by names, not by numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Whose.
    pub entity: String,
    /// What.
    pub measure: String,
    /// Of which clause; empty for all of the party.
    pub item: String,
    /// The days.
    pub days: Period,
    /// The period as it is named.
    pub period: String,
}

/// A fact that came out otherwise.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Which.
    pub key: Key,
    /// On one side.
    pub left: Measured,
    /// On the other.
    pub right: Measured,
    /// Right less left, or what is missing for it; `None` for days.
    pub gap: Option<Value>,
}

/// All facts of two runs that differ.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// In order of their names.
    pub moved: Vec<Moved>,
    /// How many facts there are on either side.
    pub facts: usize,
}

/// From how much on a difference is worth a line: either is enough.
#[derive(Clone, Debug, Default)]
pub struct Threshold {
    /// Of the left side, as a fraction.
    pub share: Option<Number>,
    /// Amounts, in units of their own; a fact of another unit is always worth a line.
    pub amounts: Vec<(Number, Unit)>,
}

/// An input that the sides read differently: what, where it is written, and how either side has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// As it is written.
    pub what: String,
    /// File and line.
    pub place: String,
    /// On one side.
    pub left: String,
    /// On the other.
    pub right: String,
}

/// What a comparison is called.
pub struct Asked<'s> {
    /// Headings of the two sides.
    pub names: (&'s str, &'s str),
    /// What is worth a line.
    pub threshold: &'s Threshold,
}

/// The facts that differ, and what moved some of them.
pub struct Facts<'f> {
    /// All that differ.
    pub compared: &'f Compared,
    /// What moved some.
    pub attributions: &'f [Attribution],
    /// A table for each cause, instead of one for each fact.
    pub by_cause: bool,
}

const MOVED: &str = "Outcomes changed";

impl Key {
    /// The key behind a fact's name.
    ///
    /// # Errors
    /// In words: no such party or period.
    pub fn named(replay: &Replay<'_>, name: &FactName) -> Result<Self, String> {
        super::fact::lookup(replay, name)?;
        let party = replay.terms.parties.iter().find(|party| party.name == name.entity);
        let party = party.ok_or_else(|| format!("no party is named `{}`", name.entity))?;
        let days = period_of(replay, party, name)?;
        let period = name.period.unwrap_or_else(|| super::scope::quarter(party, replay.today()));
        Ok(Self {
            entity: name.entity.to_string(),
            measure: name.measure.to_string(),
            item: name.item.as_deref().unwrap_or_default().to_owned(),
            days,
            period: period.to_string(),
        })
    }

    /// What a run has for it; nothing where the run does not know the party or the measure.
    ///
    /// # Errors
    /// Arithmetic.
    pub fn read(&self, replay: &Replay<'_>) -> Result<Measured, Fault> {
        let mut parties = (0u32..).map(PartyId).zip(&replay.terms.parties);
        let Some((party, _)) = parties.find(|(_, party)| *party.name == *self.entity) else {
            return Ok(nothing(Unit::none()));
        };
        let item = Some(&*self.item).filter(|item| !item.is_empty());
        Ok(find(Measures { replay }, party, &self.measure, item, self.days)?.unwrap_or_else(|| nothing(Unit::none())))
    }

    /// Its name, as `explain` takes it.
    #[must_use]
    pub fn name(&self) -> String {
        let item = if self.item.is_empty() { String::new() } else { format!("[{}]", self.item) };
        format!("{}.{}{item} in {}", self.entity, self.measure, self.period)
    }
}

impl Moved {
    /// How far apart the sides are, if that is known.
    #[must_use]
    pub fn distance(&self) -> Option<Number> {
        self.gap.as_ref().and_then(Value::known).map(Number::abs)
    }

    /// The unit of either side.
    #[must_use]
    pub fn unit(&self) -> &Unit {
        if self.left.unit == Unit::none() { &self.right.unit } else { &self.left.unit }
    }

    /// Whether it changed sign, came or went, or became known or unknown.
    #[must_use]
    pub fn turned(&self) -> bool {
        match (self.left.value.known(), self.right.value.known()) {
            (Some(left), Some(right)) => left.is_zero() != right.is_zero() || left.is_negative() != right.is_negative(),
            (left, right) => left.is_some() != right.is_some(),
        }
    }
}

impl Threshold {
    /// Whether a difference is worth a line. What is no number always is.
    ///
    /// # Errors
    /// Arithmetic.
    pub fn passed(&self, moved: &Moved) -> Result<bool, Fault> {
        self.over(&moved.left.value, moved.distance(), moved.unit())
    }

    /// As [`Threshold::passed`], of a value and how far the other is from it.
    ///
    /// # Errors
    /// Arithmetic.
    pub fn over(&self, left: &Value, distance: Option<Number>, unit: &Unit) -> Result<bool, Fault> {
        let Some(distance) = distance else { return Ok(true) };
        let amount = self.amounts.iter().find(|(_, of)| of == unit);
        let base = left.known().map(Number::abs).filter(|base| !base.is_zero());
        let share = self.share.map(|share| base.map_or(Ok(true), |base| Ok(distance > base.times(share)?)));
        Ok(match (amount, share) {
            (None, None) => true,
            (Some((least, _)), None) => distance > *least,
            (None, Some(share)) => share?,
            (Some((least, _)), Some(share)) => distance > *least || share?,
        })
    }
}

/// Every fact that two runs have different values for.
///
/// # Errors
/// Arithmetic.
pub fn compare(left: &Replay<'_>, right: &Replay<'_>, scope: &Scope) -> Result<Compared, Fault> {
    let mut keys: BTreeMap<(String, String, String, Period), String> = BTreeMap::new();
    for (row, _, days) in [left, right].into_iter().flat_map(|replay| located(replay, scope)) {
        keys.insert((row.entity, row.measure, row.item, days), row.period);
    }
    let mut found = Compared { facts: keys.len(), ..Compared::default() };
    for ((entity, measure, item, days), period) in keys {
        let key = Key { entity, measure, item, days, period };
        let (one, other) = (key.read(left)?, key.read(right)?);
        if one.value != other.value {
            let unit = if one.unit == Unit::none() { other.unit.clone() } else { one.unit.clone() };
            let gap = match unit == Unit::of("date") {
                true => None,
                false => Some(minus(&other.value, &one.value)?),
            };
            let (left, right) = (Measured { unit: unit.clone(), ..one }, Measured { unit, ..other });
            found.moved.push(Moved { key, left, right, gap });
        }
    }
    Ok(found)
}

/// A difference, or what is missing for it.
pub(super) fn minus(of: &Value, less: &Value) -> Result<Value, Fault> {
    match (of, less) {
        (Value::Known(_), Value::Known(_)) => of.clone().minus(less.clone()),
        (Value::Known(_), Value::Missing(_)) => Ok(less.clone()),
        (Value::Missing(_), _) => Ok(of.clone()),
    }
}

/// A comparison in three parts: inputs, outcomes, and what each input did to some of them; and whether any outcome over
/// the threshold differs.
///
/// # Errors
/// Arithmetic, in words.
pub fn report(
    left: &Replay<'_>,
    scope: &Scope,
    asked: &Asked<'_>,
    changed: Vec<Changed>,
    facts: &Facts<'_>,
) -> Result<(Report, bool), String> {
    let compared = facts.compared;
    let (a, b) = asked.names;
    let mut reporter = Reporter::new(left, scope);
    let mut report = reporter.report("comparison", format!("Compared: {a} and {b}"));
    report.header.units = "each party in its own currency, exact".into();
    report.brief = true;
    report.tables.extend(inputs(changed, (a, b)));
    let words = |fault: Fault| fault.to_string();
    let (moved, shown) = reporter.outcomes(compared, asked).map_err(words)?;
    let all = compared.moved.len();
    match (all, shown) {
        (0, _) => report.notes.push("nothing differs: every fact is the same in every quarter.".into()),
        (_, 0) => report.notes.push(format!(
            "nothing differs by more than the threshold; {all} of {} facts differ by less.",
            compared.facts
        )),
        _ => report.tables.push(moved),
    }
    report.bases = reporter.bases;
    attribute(left, scope, &mut report, facts)?;
    Ok((report, shown > 0))
}

/// Says what moved some facts, under everything else.
///
/// # Errors
/// Arithmetic, in words.
pub fn attribute(left: &Replay<'_>, scope: &Scope, report: &mut Report, facts: &Facts<'_>) -> Result<(), String> {
    let mut reporter = Reporter { bases: std::mem::take(&mut report.bases), ..Reporter::new(left, scope) };
    let words = |fault: Fault| fault.to_string();
    if facts.by_cause {
        let (tables, notes) = reporter.by_cause(facts.attributions).map_err(words)?;
        report.tables.extend(tables);
        report.notes.extend(notes);
    } else {
        for attribution in facts.attributions {
            report.tables.push(reporter.attributed(attribution).map_err(words)?);
        }
    }
    report.bases = reporter.bases;
    Ok(())
}

fn inputs(changed: Vec<Changed>, (a, b): (&str, &str)) -> Option<Table> {
    let columns = vec![
        Column::text("Input").named("input"),
        Column::text("Where").named("place"),
        Column::text(a).named("left"),
        Column::text(b).named("right"),
    ];
    let cells = |Changed { what, place, left, right }| Row::of([what, place, left, right].map(Cell::Text).into());
    let rows: Vec<Row> = changed.into_iter().map(cells).collect();
    (!rows.is_empty()).then(|| Table { title: "Inputs changed".into(), columns, rows, ..Table::default() })
}

impl Reporter<'_, '_> {
    /// The facts over the threshold, and how many there are.
    fn outcomes(&mut self, compared: &Compared, asked: &Asked<'_>) -> Result<(Table, usize), Fault> {
        let (a, b) = asked.names;
        let mut table = Table {
            title: MOVED.into(),
            columns: vec![
                Column::text("Party"),
                Column::text("Fact"),
                Column::text("Of"),
                Column::text("Quarter"),
                Column::text("Unit"),
                Column::figures(a, Scale::CENTS).named("left"),
                Column::figures(b, Scale::CENTS).named("right"),
                Column::figures("Difference", Scale::CENTS),
            ],
            ..Table::default()
        };
        for moved in &compared.moved {
            if !asked.threshold.passed(moved)? {
                continue;
            }
            let Key { entity, measure, item, period, .. } = moved.key.clone();
            let unit = if moved.gap.is_some() { moved.unit().to_string() } else { String::new() };
            let mut cells: Vec<Cell> = [entity, measure, item, period, unit].map(Cell::Text).into();
            match &moved.gap {
                Some(gap) => {
                    let (one, other) = (self.figure(&moved.left), self.figure(&moved.right));
                    let certainty = moved.left.certainty.max(moved.right.certainty);
                    let origin = Origin::Made("difference", vec![one.basis, other.basis]);
                    let gap = self.bases.figure(gap.clone(), moved.unit().clone(), certainty, origin);
                    cells.extend([one, other, gap].map(Cell::Figure));
                }
                None => {
                    let day = |found: &Measured| found.value.known().filter(|n| !n.is_zero()).map(super::rows::day);
                    let text = |found: &Measured| Cell::Text(day(found).unwrap_or_else(|| "never".into()));
                    cells.extend([text(&moved.left), text(&moved.right), Cell::Empty]);
                }
            }
            table.rows.push(Row::of(cells));
        }
        let (shown, all) = (table.rows.len(), compared.moved.len());
        let over = if shown < all { format!("{shown} over the threshold; ") } else { String::new() };
        table.footnotes.push(format!("{over}{all} of {} facts differ.", compared.facts));
        Ok((table, shown))
    }

    /// For each cause the facts it moved, then what no cause explains.
    fn by_cause(&mut self, attributions: &[Attribution]) -> Result<(Vec<Table>, Vec<String>), Fault> {
        let mut tables: Vec<Table> = Vec::new();
        let mut rests = Vec::new();
        let mut add = |bases: &mut Bases, title: String, attribution: &Attribution, value: Value| {
            let Attribution { key, unit, .. } = attribution;
            let origin = Origin::Made("difference between two runs", Vec::new());
            let figure = bases.figure(value, unit.clone(), Basis::Actual, origin);
            let Key { entity, measure, item, period, .. } = key.clone();
            let cells: Vec<Cell> = [entity, measure, item, period, unit.to_string()].map(Cell::Text).into();
            let row = Row::of(cells.into_iter().chain([Cell::Figure(figure)]).collect());
            let place = tables.iter().position(|table| table.title == title).unwrap_or_else(|| {
                let heads = ["Party", "Fact", "Of", "Quarter", "Unit"].map(Column::text);
                let columns = heads.into_iter().chain([Column::figures("Difference", Scale::CENTS)]).collect();
                tables.push(Table { title, columns, ..Table::default() });
                tables.len() - 1
            });
            tables.get_mut(place).into_iter().for_each(|table| table.rows.push(row.clone()));
        };
        for attribution in attributions {
            let mut rest = minus(&attribution.right, &attribution.left)?;
            for (cause, value) in &attribution.parts {
                rest = minus(&rest, value)?;
                add(&mut self.bases, format!("Because of {cause}"), attribution, value.clone());
            }
            if rest != Value::ZERO {
                rests.push((attribution, rest));
            }
        }
        let none = rests.is_empty();
        for (attribution, rest) in rests {
            add(&mut self.bases, "Unexplained".into(), attribution, rest);
        }
        let mut notes: Vec<String> = attributions.first().map(|first| first.how.to_string()).into_iter().collect();
        if none && !tables.is_empty() {
            notes.push("unexplained: nothing; the causes add up to every difference.".into());
        }
        Ok((tables, notes))
    }

    /// What each difference of the inputs did to a fact, and what none of them explains.
    fn attributed(&mut self, attribution: &Attribution) -> Result<Table, Fault> {
        let Attribution { key, unit, left, right, parts, how } = attribution;
        let columns = vec![
            Column::text("Because of").named("cause"),
            Column::text("Unit"),
            Column::figures("Difference", Scale::CENTS),
        ];
        let gap = minus(right, left)?;
        let mut table = Table { title: format!("Why {} moved", key.name()), columns, ..Table::default() };
        let mut sum = Value::ZERO;
        let line = |bases: &mut Bases, text: String, value: Value| {
            let origin = Origin::Made("difference between two runs", Vec::new());
            let figure = bases.figure(value, unit.clone(), Basis::Actual, origin);
            Row::of(vec![Cell::Text(text), Cell::Text(unit.to_string()), Cell::Figure(figure)])
        };
        for (cause, value) in parts {
            sum = sum.plus(value.clone())?;
            table.rows.push(line(&mut self.bases, cause.clone(), value.clone()));
        }
        let rest = minus(&gap, &sum)?;
        table.rows.push(line(&mut self.bases, "unexplained".into(), rest));
        table.rows.push(Row::Rule(Rule::Double));
        table.rows.push(line(&mut self.bases, "Difference".into(), gap));
        table.footnotes.push(how.to_string());
        Ok(table)
    }
}

/// The facts most worth a reason: of each party the net revenue that differs most, else the income or expense, else any
/// amount of money, over the threshold.
///
/// # Errors
/// Arithmetic.
pub fn foremost(replay: &Replay<'_>, compared: &Compared, threshold: &Threshold) -> Result<Vec<Key>, Fault> {
    let mut best: BTreeMap<&str, ((u8, Number), &Key)> = BTreeMap::new();
    for moved in &compared.moved {
        let Some(distance) = moved.distance() else { continue };
        let party = (0u32..).map(PartyId).zip(&replay.terms.parties).find(|(_, p)| *p.name == *moved.key.entity);
        let Some((party, terms)) = party else { continue };
        if *moved.unit() != Unit::of(&terms.currency) || !threshold.passed(moved)? {
            continue;
        }
        let account = replay.keeper(party).and_then(|book| Measures { replay }.account_class(book, &moved.key.measure));
        let rank = match account {
            _ if moved.key.measure == "net_revenue" => 2,
            Some(AccountClass::Income | AccountClass::ContraIncome | AccountClass::Expense) => 1,
            _ => 0,
        };
        let first = best.entry(&moved.key.entity).or_insert(((rank, distance), &moved.key));
        if (rank, distance) > first.0 {
            *first = ((rank, distance), &moved.key);
        }
    }
    Ok(best.into_values().map(|(_, key)| key.clone()).collect())
}
