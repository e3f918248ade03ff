//! Telling a fact: the entries or outcomes behind it, down to lines and terms; what failed; what did not matter.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::words::in_unit;
use super::{Derivation, Explanation};
use crate::engine::{Act, Outcome};
use crate::ledger::{Entry, EntryId, Parent};
use crate::num::{Fault, Number, Rounding, Unit};
use crate::recognise::fold::Item;
use crate::recognise::{Exact, Trace};
use crate::report::Origin;
use crate::report::fact::{lookup, period_of};
use crate::report::fair_value::why;
use crate::report::measure::Measured;
use crate::run::Replay;
use crate::terms::{AssumptionId, Basis, FactName, LineId, RuleKind, TrancheId, Value};
use crate::time::{Date, Period};

/// Rule, item, and the entries made for them with what each counts.
type Group<'e> = (Arc<str>, Arc<str>, Vec<(&'e Entry, Number)>);

/// How deep causes are followed: deeper chains end with `…`.
const DEPTH: u32 = 12;

/// Why a fact is what it is.
///
/// # Errors
/// In words: no such fact.
pub fn explain(replay: &Replay<'_>, name: &FactName) -> Result<Explanation, String> {
    let found = lookup(replay, name)?;
    let party = replay.terms.parties.iter().find(|p| p.name == name.entity).ok_or("no such party")?;
    let period = period_of(replay, party, name)?;
    let mut teller = Teller { replay, name, period, told: BTreeSet::new(), assumptions: BTreeSet::new() };
    let told =
        teller.explanation(&found).and_then(|told| Ok(Explanation { would_change: teller.would_change()?, ..told }));
    told.map_err(|fault| fault.to_string())
}

/// As [`explain`], without the runs that say what would change it.
///
/// # Errors
/// In words: no such fact.
pub fn derive(replay: &Replay<'_>, name: &FactName) -> Result<Explanation, String> {
    let found = lookup(replay, name)?;
    let party = replay.terms.parties.iter().find(|p| p.name == name.entity).ok_or("no such party")?;
    let period = period_of(replay, party, name)?;
    let mut teller = Teller { replay, name, period, told: BTreeSet::new(), assumptions: BTreeSet::new() };
    teller.explanation(&found).map_err(|fault| fault.to_string())
}

/// Where in rules and ledgers what a fact rests on is written, without working out what would change it.
///
/// # Errors
/// In words: no such fact.
pub fn lines(replay: &Replay<'_>, name: &FactName) -> Result<Vec<crate::base::Span>, String> {
    let found = lookup(replay, name)?;
    let party = replay.terms.parties.iter().find(|p| p.name == name.entity).ok_or("no such party")?;
    let period = period_of(replay, party, name)?;
    let mut teller = Teller { replay, name, period, told: BTreeSet::new(), assumptions: BTreeSet::new() };
    let (_, parts) = teller.parts(&found).map_err(|fault| fault.to_string())?;
    let (mut open, mut places) = (parts, Vec::new());
    while let Some(part) = open.pop() {
        places.extend(part.place);
        open.extend(part.parts);
    }
    let assumed = teller.assumptions.iter().filter_map(|id| replay.terms.assumptions.get(id.index()));
    places.extend(assumed.map(|assumption| assumption.span));
    Ok(places)
}

pub(super) struct Teller<'r, 'a> {
    pub replay: &'r Replay<'a>,
    pub name: &'r FactName,
    pub period: Period,
    /// Paths of clauses and lines that take part.
    pub told: BTreeSet<String>,
    pub assumptions: BTreeSet<AssumptionId>,
}

impl Teller<'_, '_> {
    fn explanation(&mut self, found: &Measured) -> Result<Explanation, Fault> {
        let item = self.name.item.as_ref().map_or_else(String::new, |i| format!(" [{i}]"));
        let days = format!("{}..{}", self.period.from, self.period.to);
        let label = match &self.name.period {
            Some(period) => format!("{} {}{item}, {period} ({days})", self.name.entity, self.name.measure),
            None => format!("{} {}{item} ({days})", self.name.entity, self.name.measure),
        };
        let mut tree = Derivation {
            label,
            amount: Some((found.value.clone(), found.unit.clone())),
            certainty: Some(found.certainty),
            ..Derivation::default()
        };
        if let ("date", Some(day)) = (found.unit.to_string().as_str(), found.value.known()) {
            (tree.label, tree.amount) = (format!("{}: {}", tree.label, crate::report::rows::day(day)), None);
        }
        let (answer, parts) = self.parts(found)?;
        tree.parts = parts;
        let sum = self.sum(&tree, found)?;
        let branches = self.branches()?;
        let did_not_matter = self.did_not_matter();
        let (would_change, assumptions) = (Vec::new(), self.assumed());
        let mut explanation = Explanation { tree, branches, did_not_matter, would_change, assumptions, answer, sum };
        for path in &found.missing {
            explanation.branches.push(format!("undisclosed, not in the figure: {path}"));
        }
        Ok(explanation)
    }

    /// Which of the two answers it is, and what the figure is made of.
    fn parts(&mut self, found: &Measured) -> Result<(String, Vec<Derivation>), Fault> {
        let made = self.made_of(found)?;
        let (answer, mut parts) = match &found.origin {
            _ if made.is_some() => made.unwrap_or_default(),
            _ if self.name.measure.starts_with("covenant_") => self.covenant_parts()?,
            Origin::Entries { book: Some(book), entries } => (self.book_name(*book), self.entries(*book, entries)?),
            Origin::Entries { book: None, entries } => ("legal".to_owned(), self.cash_parts(entries)?),
            Origin::State { .. } if self.name.measure.starts_with("below_minimum") => {
                ("legal".to_owned(), self.breach_parts()?)
            }
            Origin::Outcomes(numbers) => ("legal".to_owned(), self.outcome_parts(numbers)?),
            Origin::State { what, .. } => {
                let parts = match self.class() {
                    Some(class) => self.share_parts(class)?,
                    None => self.state_parts(what)?,
                };
                ("legal".to_owned(), parts)
            }
            _ => ("legal".to_owned(), Vec::new()),
        };
        if parts.is_empty() && found.missing.is_empty() {
            parts.push(self.nothing());
        }
        Ok((answer, parts))
    }

    pub(super) fn book_name(&self, book: usize) -> String {
        self.replay.keepers.get(book).map_or_else(|| "book".into(), |k| format!("book {}", k.book.name))
    }

    /// The top parts must add up to the figure.
    fn sum(&self, tree: &Derivation, found: &Measured) -> Result<Option<(Value, Value, Unit)>, Fault> {
        let amounts: Vec<Number> =
            tree.parts.iter().filter_map(|p| p.amount.as_ref()).filter_map(|(v, _)| v.known()).collect();
        let missing = tree.parts.iter().filter_map(|p| p.amount.as_ref()).any(|(v, _)| v.known().is_none());
        if amounts.is_empty() || missing {
            return Ok(None);
        }
        let total = amounts.into_iter().try_fold(Number::ZERO, Number::plus)?;
        Ok(Some((Value::Known(total), found.value.clone(), found.unit.clone())))
    }

    /// Entries, grouped by the rule and item they were made for; `keep` rules show their target before and after.
    fn entries(&mut self, book: usize, ids: &[EntryId]) -> Result<Vec<Derivation>, Fault> {
        let (Some(keeper), Some(booking)) = (self.replay.keepers.get(book), self.replay.bookings.get(book)) else {
            return Ok(Vec::new());
        };
        let measure = self.name.measure.clone();
        let mut groups: Vec<Group<'_>> = Vec::new();
        for id in ids {
            let Some(entry) = booking.journal.get(*id) else { continue };
            for posting in booking.journal.postings(entry) {
                let Some(account) = booking.chart.get(posting.account) else { continue };
                let sign = self.sign(book, &account.name, &measure);
                let (Some(sign), true) = (sign, self.wanted(&account.item)) else { continue };
                let amount = posting.amount.times(sign)?;
                let rule = entry.cause.rule.clone().unwrap_or_else(|| "".into());
                match groups.iter_mut().find(|(r, i, _)| *r == rule && *i == account.item) {
                    Some((_, _, list)) => list.push((entry, amount)),
                    None => groups.push((rule, account.item.clone(), vec![(entry, amount)])),
                }
            }
        }
        let mut parts = Vec::new();
        for (rule_name, item, list) in groups {
            let rule = keeper.book.rules.iter().find(|r| r.name == rule_name);
            let total = list.iter().map(|(_, n)| *n).try_fold(Number::ZERO, Number::plus)?;
            self.told.insert(item.to_string());
            let mut node = Derivation {
                label: item.to_string(),
                amount: Some((Value::Known(total), Unit::of(&keeper.currency))),
                rule: Some(rule_name.to_string()),
                cite: rule.and_then(|r| r.cite.as_ref()).map(|c| (c.text.clone(), c.read)),
                place: rule.map(|r| r.span),
                ..Derivation::default()
            };
            if let (Some(rule), Some(id)) = (rule, self.item_at(keeper, &item))
                && matches!(rule.kind, RuleKind::Keep { .. })
            {
                node.parts.extend(self.band(book, id)?);
                node.parts.extend(self.target(book, rule, id)?);
            }
            for (entry, amount) in &list {
                node.parts.push(self.entry(entry, *amount, &keeper.currency)?);
            }
            parts.push(node);
        }
        Ok(parts)
    }

    /// A tranche's cost as quantity inside its band times cost per unit: `0.45 GW × 2788000000 USD per GW`.
    fn band(&self, book: usize, item: Item) -> Result<Option<Derivation>, Fault> {
        let Item::Tranche(id) = item else { return Ok(None) };
        let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { return Ok(None) };
        let pooled =
            self.replay.keepers.get(book).is_some_and(|k| k.choices.iter().any(|(_, c)| &**c == "single_pool"));
        let Some(band) = tranche.band.as_ref().filter(|_| !pooled) else { return Ok(None) };
        let Some(supply) = self.replay.terms.supplies.get(band.supply.index()) else { return Ok(None) };
        let read = |formula| self.replay.inputs.value(formula).map(|v| v.known());
        let (Some(from), Some(to), Some(fair)) = (read(&band.from)?, read(&band.to)?, read(&tranche.fair_value)?)
        else {
            return Ok(None);
        };
        let width = to.minus(from)?;
        if !width.is_positive() {
            return Ok(None);
        }
        let inside = |date| -> Result<Number, Fault> {
            let passed = self.replay.book(book, date).booked.supply(band.supply).transferred;
            Ok(passed.minus(from)?.clamp_zero().min(width))
        };
        let quantity = inside(self.period.to)?.minus(inside(self.period.from.prev())?)?;
        let each = tranche.size.times(fair)?.over(width, Rounding::CENTS)?;
        let unit = &supply.unit;
        let label = format!(
            "{quantity} {unit} recognised inside band {} to {} {unit} × {} {} per {unit}",
            from.grouped(),
            to.grouped(),
            each.grouped(),
            supply.currency
        );
        Ok(Some(Derivation { label, place: Some(tranche.span), ..Derivation::default() }))
    }

    /// What an account is kept by.
    fn item_at(&self, keeper: &crate::recognise::Bookkeeper<'_>, path: &str) -> Option<Item> {
        let mut supplies = (0u32..).map(crate::terms::SupplyId).zip(&self.replay.terms.supplies);
        let supply = || supplies.find(|(_, s)| &*s.path == path).map(|(id, _)| Item::Supply(id));
        keeper.tranche(path).map(Item::Tranche).or_else(supply).or_else(|| keeper.holding(path).map(Item::Holding))
    }

    /// How a posting on an account counts towards a measure.
    fn sign(&self, book: usize, account: &str, measure: &str) -> Option<Number> {
        let keeper = self.replay.keepers.get(book)?;
        let class = keeper.book.accounts.iter().find(|a| &*a.name == account)?.class;
        let normal = if class.is_debit() { Number::ONE } else { Number::ONE.neg() };
        match measure {
            "net_revenue" if account == "revenue" || account == "contra_revenue" => Some(Number::ONE.neg()),
            _ if account == measure => Some(normal),
            "contract_liability_billed" if account == "contract_liability" => Some(normal),
            "contract_liability_released" if account == "contract_liability" => Some(normal.neg()),
            "debt_carried" | "lent_carried" => {
                let role = if measure == "debt_carried" { "borrower" } else { "lender" };
                let carrying = keeper.book.carrying.iter().find(|carrying| &*carrying.role == role)?;
                let first = carrying.accounts.first().filter(|_| carrying.accounts.iter().any(|a| **a == *account))?;
                let first = keeper.book.accounts.iter().find(|a| a.name == *first)?.class;
                Some(if first.is_debit() { Number::ONE } else { Number::ONE.neg() })
            }
            _ => None,
        }
    }

    /// The target of a `keep` rule at the end of the period, and at its opening.
    fn target(&mut self, book: usize, rule: &crate::terms::Rule, item: Item) -> Result<Vec<Derivation>, Fault> {
        let (Some(keeper), Some(booking)) = (self.replay.keepers.get(book), self.replay.bookings.get(book)) else {
            return Ok(Vec::new());
        };
        let unit = Unit::of(&keeper.currency);
        let mut parts = Vec::new();
        for (word, date) in [("target at the end", self.period.to), ("target at the opening", self.period.from.prev())]
        {
            let state = self.replay.book(book, date);
            let Some((trace, amount)) = keeper.target(self.replay.inputs, booking, state, rule, item)? else {
                continue;
            };
            let mut node = self.trace(&trace)?;
            node.label = format!("{word}, {date}: {} {unit} = {}", amount.grouped(), node.label);
            parts.push(node);
        }
        if let Item::Tranche(id) = item {
            parts.extend(self.terms_of(id)?);
        }
        Ok(parts)
    }

    fn trace(&mut self, trace: &Trace) -> Result<Derivation, Fault> {
        let rounded = trace.value.rounded(Rounding { places: 6, ..Rounding::CENTS })?;
        let fraction = match (&trace.value, &rounded) {
            (Exact::Known(ratio), Value::Known(shown)) if shown.times(ratio.denominator()) != Ok(ratio.numerator()) => {
                format!(" ({ratio})")
            }
            _ => String::new(),
        };
        let shown = match rounded {
            Value::Known(n) => n.grouped(),
            Value::Missing(names) => format!("undisclosed ({})", names.iter().cloned().collect::<Vec<_>>().join(", ")),
        };
        let mut label = match &*trace.label {
            "*" | "+" | "-" | "min" | "max" => self.inline(trace)?,
            name => format!("{name} = {shown}{fraction}"),
        };
        if let Some(note) = &trace.note {
            label.push_str(&format!("  [{note}]"));
        }
        let parts = match &*trace.label {
            "*" | "+" | "-" | "min" | "max" => self.operands(trace)?,
            _ => trace.parts.iter().map(|p| self.trace(p)).collect::<Result<Vec<_>, _>>()?,
        };
        Ok(Derivation { label, parts, ..Derivation::default() })
    }

    /// A chain of one operation on one line: `0.45 × 20000000 × 139.4`.
    fn inline(&self, trace: &Trace) -> Result<String, Fault> {
        let shown = |value: &Exact| -> Result<String, Fault> {
            Ok(match value.rounded(Rounding { places: 6, ..Rounding::CENTS })? {
                Value::Known(n) => n.grouped(),
                Value::Missing(_) => "undisclosed".into(),
            })
        };
        let mut words = Vec::new();
        flatten(trace, &trace.label, &mut |part| words.push(shown(&part.value)));
        let words = words.into_iter().collect::<Result<Vec<_>, _>>()?;
        let sign = if &*trace.label == "*" { "×" } else { &*trace.label };
        Ok(words.join(&format!(" {sign} ")))
    }

    fn operands(&mut self, trace: &Trace) -> Result<Vec<Derivation>, Fault> {
        let mut parts = Vec::new();
        flatten(trace, &trace.label, &mut |part| parts.push(part.clone()));
        parts.iter().map(|part| self.trace(part)).collect()
    }

    pub(super) fn entry(&mut self, entry: &Entry, amount: Number, currency: &str) -> Result<Derivation, Fault> {
        let mut node = Derivation {
            label: format!("entry of {}", entry.date),
            amount: Some((Value::Known(amount), Unit::of(currency))),
            certainty: Some(entry.cause.basis),
            ..Derivation::default()
        };
        for parent in &entry.cause.parents {
            node.parts.extend(self.parent(parent, 0));
        }
        Ok(node)
    }

    pub(super) fn parent(&mut self, parent: &Parent, depth: u32) -> Option<Derivation> {
        if depth > DEPTH {
            return Some(Derivation { label: "…".into(), ..Derivation::default() });
        }
        match parent {
            Parent::Line(id) => self.line(*id),
            Parent::Outcome(number) => {
                let outcome = self.replay.register.outcomes.get(*number as usize)?.clone();
                Some(self.outcome(&outcome, depth + 1))
            }
            Parent::Term(path) => {
                self.told.insert(path.to_string());
                let tranche = self.replay.terms.tranches.iter().find(|t| t.path == *path);
                let warrant = self.replay.terms.warrants.iter().find(|w| w.path == *path);
                let supply = self.replay.terms.supplies.iter().find(|s| s.path == *path);
                let (place, support) = match (tranche, warrant, supply) {
                    (Some(t), ..) => (Some(t.span), Some(&t.support)),
                    (_, Some(w), _) => (Some(w.span), Some(&w.support)),
                    (.., Some(s)) => (Some(s.span), Some(&s.support)),
                    _ => (None, None),
                };
                if let Some(support) = support {
                    self.assumptions.extend(support.assumed.iter().copied());
                }
                let sources = support.map_or_else(Vec::new, |s| self.sources(s));
                Some(Derivation { label: format!("term {path}"), place, sources, ..Derivation::default() })
            }
        }
    }

    pub(super) fn line(&mut self, id: LineId) -> Option<Derivation> {
        let line = self.replay.engine.line(id)?;
        self.assumptions.extend(line.line.support.assumed.iter().copied());
        let name = line.line.id.as_ref().map_or_else(|| "line".to_owned(), |i| format!("line {i}"));
        self.told.insert(name.clone());
        // A forecast that does not say when it was made was always expected.
        let unsaid = line.line.known == line.line.date || line.line.known == crate::time::Date::MIN;
        let known = if unsaid { String::new() } else { format!(", known {}", line.line.known) };
        let note = line.line.note.as_ref().map_or_else(String::new, |n| format!(" “{n}”"));
        Some(Derivation {
            label: format!("{name} of {}{known}{note}", line.line.date),
            place: Some(line.line.span),
            sources: self.sources(&line.line.support),
            certainty: Some(line.line.basis),
            ..Derivation::default()
        })
    }

    pub(super) fn outcome(&mut self, outcome: &Outcome, depth: u32) -> Derivation {
        self.told.insert(outcome.clause.to_string());
        let mut node = Derivation {
            label: format!("{} {}", outcome.date, self.act(&outcome.act)),
            certainty: Some(outcome.basis),
            ..Derivation::default()
        };
        let parents = outcome.parents.clone();
        for parent in &parents {
            node.parts.extend(self.parent(parent, depth + 1));
        }
        let terms_alone = parents.iter().all(|parent| matches!(parent, Parent::Term(_)));
        let today = self.replay.border();
        if terms_alone && outcome.basis == Basis::Forecast && outcome.date > today && today > Date::MIN {
            node.parts
                .push(Derivation { label: format!("after {today}, the last day known"), ..Derivation::default() });
        }
        if let Act::Vested { tranche, .. } | Act::Cleared { tranche, .. } = &outcome.act {
            node.parts.extend(self.gates(*tranche, outcome));
        }
        node
    }

    /// Which tests were met on the day, and how.
    fn gates(&mut self, id: TrancheId, outcome: &Outcome) -> Vec<Derivation> {
        let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { return Vec::new() };
        let gate = match &outcome.act {
            Act::Vested { .. } => Some(&tranche.vests),
            _ => tranche.exercisable.as_ref(),
        };
        let Some(gate) = gate else { return Vec::new() };
        let state = &self.replay.at(outcome.date).state;
        let read = crate::engine::evaluate::evaluate(&self.replay.engine, state, id, gate, outcome.date);
        let Ok(read) = read else { return Vec::new() };
        let tests = read.tests.into_iter().map(|test| {
            let how = match (test.latched, test.actual) {
                (Some(date), _) => format!("latched {date}"),
                (None, Some(actual)) => format!("stood at {}", in_unit(actual, &test.unit)),
                (None, None) => "held".to_owned(),
            };
            Derivation {
                label: format!("tested {}: {how}", test.text),
                place: Some(test.span),
                certainty: Some(test.basis),
                ..Derivation::default()
            }
        });
        tests.collect()
    }

    fn assumed(&self) -> Vec<(Arc<str>, String)> {
        let one = |id: &AssumptionId| {
            let assumption = self.replay.terms.assumptions.get(id.index())?;
            let value = self.replay.inputs.assumed(*id).and_then(|f| {
                let value = self.replay.inputs.worth(*id).ok()?;
                Some(value.known().map_or_else(|| "undisclosed".to_owned(), |n| in_unit(n, &f.unit)))
            });
            let why = why(self.replay, *id).unwrap_or_else(|| "".into());
            let words: Vec<String> = value.into_iter().chain((!why.is_empty()).then(|| why.to_string())).collect();
            Some((assumption.name.clone(), words.join(" — ")))
        };
        self.assumptions.iter().filter_map(one).collect()
    }
}

/// The operands of a chain of one associative operation.
fn flatten(trace: &Trace, sign: &str, take: &mut impl FnMut(&Trace)) {
    for part in &trace.parts {
        if &*part.label == sign && matches!(sign, "*" | "+") {
            flatten(part, sign, take);
        } else {
            take(part);
        }
    }
}
