//! What moved, and whether that is within what the test allows.

use std::cmp::Ordering;

use super::facts::{Cell, Facts, Key};
use super::take::in_unit;
use crate::num::{Number, Rounding, Unit};
use crate::terms::{FactTest, Limit, Subject, Tolerance};

/// How a fact is not what was accepted. All but the last are told first, whatever their size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It was on the other side of zero.
    Sign,
    /// A limit is first broken on another day, or a test of a covenant comes out otherwise.
    Breach,
    /// It is surer or less sure.
    Status,
    /// It is counted in something else.
    Unit,
    /// It was not there.
    New,
    /// It is no longer there.
    Vanished,
    /// Another amount.
    Value,
}

impl Kind {
    /// In a word or two.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Breach => "breach",
            Self::Status => "status",
            Self::Unit => "unit",
            Self::New => "new",
            Self::Vanished => "vanished",
            Self::Value => "value",
        }
    }
}

/// A fact that is not what was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub key: Key,
    /// What was accepted.
    pub old: Option<Cell>,
    /// What it is.
    pub new: Option<Cell>,
    /// How it differs.
    pub kind: Kind,
    /// By how much, of numbers in one unit.
    pub change: Option<Number>,
    /// The same as a part of what was accepted, to six places.
    pub part: Option<Number>,
    /// Whether it is more than the test lets pass without a reason.
    pub material: bool,
}

/// A fact that is not what was accepted, but within its tolerance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Which.
    pub key: Key,
    /// By how much.
    pub change: Number,
    /// In what.
    pub unit: String,
}

/// A result beside the accepted one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// In the order in which they are told.
    pub changes: Vec<Change>,
    /// The largest first.
    pub drifts: Vec<Drift>,
}

/// Compares. What drifted within its tolerance is measured from what was accepted, so small drifts do not add up unseen.
#[must_use]
pub fn compare(accepted: &Facts, found: &Facts, test: &FactTest) -> Comparison {
    let mut all = Comparison::default();
    for (key, old) in accepted {
        match found.get(key) {
            Some(new) if new == old => {}
            Some(new) => one(key, old, new, test, &mut all),
            None => all.changes.push(change(key, Some(old), None, Kind::Vanished, test)),
        }
    }
    let fresh = found.iter().filter(|(key, _)| !accepted.contains_key(*key));
    all.changes.extend(fresh.map(|(key, new)| change(key, None, Some(new), Kind::New, test)));
    all.changes.sort_by(told);
    all.drifts.sort_by(|a, b| b.change.abs().cmp(&a.change.abs()).then_with(|| a.key.cmp(&b.key)));
    all
}

fn one(key: &Key, old: &Cell, new: &Cell, test: &FactTest, all: &mut Comparison) {
    let numbers = old.number().zip(new.number());
    let kind = if old.unit != new.unit {
        Kind::Unit
    } else if old.value != new.value && (old.unit == "date" || key.measure == "covenant_met") {
        Kind::Breach
    } else if numbers.is_some_and(|(old, new)| old.is_negative() != new.is_negative()) {
        Kind::Sign
    } else if old.status != new.status {
        Kind::Status
    } else {
        Kind::Value
    };
    let drift = numbers.filter(|_| kind == Kind::Value).and_then(|(old, new)| new.minus(old).ok().map(|d| (old, d)));
    match drift {
        Some((accepted, change)) if tolerated(accepted, change, key, &new.unit, test) => {
            all.drifts.push(Drift { key: key.clone(), change, unit: new.unit.clone() });
        }
        _ => all.changes.push(self::change(key, Some(old), Some(new), kind, test)),
    }
}

fn change(key: &Key, old: Option<&Cell>, new: Option<&Cell>, kind: Kind, test: &FactTest) -> Change {
    let number = |cell: Option<&Cell>| cell.map_or(Some(Number::ZERO), Cell::number);
    let (before, after) = (number(old), number(new));
    let change = before.zip(after).filter(|_| kind != Kind::Unit).and_then(|(old, new)| new.minus(old).ok());
    let part = match (before, change) {
        (Some(old), Some(change)) if !old.is_zero() => change.over(old.abs(), SHOWN).ok(),
        _ => None,
    };
    let unit = new.or(old).map_or("", |cell| &*cell.unit);
    let named = matches!(kind, Kind::Sign | Kind::Breach | Kind::Status | Kind::Unit);
    let material = named || change.is_none_or(|change| exceeds(before.unwrap_or(Number::ZERO), change, unit, test));
    Change { key: key.clone(), old: old.cloned(), new: new.cloned(), kind, change, part, material }
}

/// Six places of a part: a ten-thousandth of a per cent.
const SHOWN: Rounding = Rounding { places: 6, mode: crate::num::Mode::HalfUp };

/// Signs, breaches, statuses, new and vanished facts; then what needs a reason; then the greatest part.
fn told(a: &Change, b: &Change) -> Ordering {
    let part = |change: &Change| change.part.map_or(Number::from_int(i64::MAX), Number::abs);
    let first = (a.kind, !a.material).cmp(&(b.kind, !b.material));
    first.then_with(|| part(b).cmp(&part(a))).then_with(|| a.key.cmp(&b.key))
}

fn tolerated(accepted: Number, change: Number, key: &Key, unit: &str, test: &FactTest) -> bool {
    let of = |tolerance: &&Tolerance| matches!(&tolerance.of, Subject::Measure(measure) if **measure == *key.measure);
    let money = |tolerance: &&Tolerance| {
        tolerance.of == Subject::Money && Unit::parse(unit).is_some_and(|unit| unit.is_currency())
    };
    let mine = test.tolerances.iter().find(of).or_else(|| test.tolerances.iter().find(money));
    let Some(tolerance) = mine.filter(|tolerance| !tolerance.limits.is_empty()) else { return false };
    let within = |limit: &Limit| inside(limit, accepted, change, unit) == Some(true);
    if tolerance.all { tolerance.limits.iter().all(within) } else { tolerance.limits.iter().any(within) }
}

/// Whether a change stays within a limit; nothing if the limit is in another unit.
fn inside(limit: &Limit, accepted: Number, change: Number, unit: &str) -> Option<bool> {
    match limit {
        Limit::Absolute(number, own) => in_unit(unit, own).then(|| change.abs() <= *number),
        // A product too large to be worked out is larger than any change.
        Limit::Relative(part) => Some(part.times(accepted.abs()).map_or(true, |limit| change.abs() <= limit)),
    }
}

/// Whether a change is more than one of the limits of review. Without any that fits its unit, every change is.
fn exceeds(accepted: Number, change: Number, unit: &str, test: &FactTest) -> bool {
    let mut fitting = test.review.iter().filter_map(|limit| inside(limit, accepted, change, unit)).peekable();
    fitting.peek().is_none() || fitting.any(|inside| !inside)
}
