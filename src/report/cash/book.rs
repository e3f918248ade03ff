//! The cash of a party, read off the legal ledger: every movement with the clause that made it, and what limits it.
//!
//! Nothing here knows what kind of clause moved the cash. A movement belongs to the clause that is its entry's cause,
//! and its status is that of the clause's contract, or of the operating line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::status::{Status, Tier, status};
use crate::engine::flow::PROMISED;
use crate::engine::{Act, HoldingAct, InputLine};
use crate::ledger::{Account, EntryId};
use crate::num::{Fault, Number};
use crate::run::Replay;
use crate::terms::{Assumptions, Basis, Fact, PartyId, Terms, Value};
use crate::time::{Date, Period};

/// A movement of cash, receipts positive.
#[derive(Clone, Debug)]
pub struct Movement {
    /// The day.
    pub date: Date,
    /// Its entry in the legal ledger; none for a payment whose amount is undisclosed.
    pub entry: Option<EntryId>,
    /// The clause it belongs to.
    pub line: Arc<str>,
    /// Who is on the other side; empty for opening balances.
    pub with: Arc<str>,
    /// What happened, where no clause says it: a dividend, shares sold.
    pub what: Option<&'static str>,
    /// Cash that was there when the party opened.
    pub opening: bool,
    /// Expected and not owed: it stands in an account of its own.
    pub promised: bool,
    /// In which currency it was paid.
    pub currency: Arc<str>,
    /// As paid.
    pub paid: Number,
    /// In the currency of the report; missing without a rate, or when undisclosed.
    pub amount: Value,
    /// How sure.
    pub basis: Basis,
}

/// What a change of rates makes of cash in other currencies: no payment.
pub const EFFECT: &str = "Effect of exchange rates on cash";

impl Movement {
    /// Whether it came in, or went out (false): paid by another or to another.
    #[must_use]
    pub fn is_paid(&self, receipts: bool) -> bool {
        !self.opening && !self.is_effect() && self.paid.is_positive() == receipts
    }

    /// Whether nothing was paid: a rate changed.
    #[must_use]
    pub fn is_effect(&self) -> bool {
        self.what == Some(EFFECT)
    }
}

/// A clause that moves cash.
#[derive(Clone, Debug)]
pub struct Line {
    /// As rows of a report have it.
    pub label: String,
    /// How binding.
    pub status: Status,
    /// Contracts first, then operating lines, each in order of the text.
    pub order: (u8, usize),
}

/// All cash of a party in one currency.
#[derive(Clone, Debug)]
pub struct Cashbook<'r> {
    /// Whose: the party asked about, then those it is shown as one with.
    pub members: Vec<PartyId>,
    /// What members paid each other: in nothing else here.
    pub eliminated: Vec<Movement>,
    /// In what.
    pub currency: Arc<str>,
    /// In order of the legal ledger.
    pub movements: Vec<Movement>,
    /// By clause.
    pub lines: BTreeMap<Arc<str>, Line>,
    /// Lines that state a minimum or a facility, by day.
    pub limits: Vec<&'r InputLine>,
}

/// A sum of movements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// The known part.
    pub amount: Number,
    /// What is missing.
    pub missing: BTreeSet<Arc<str>>,
    /// How sure.
    pub basis: Option<Basis>,
    /// The entries.
    pub entries: Vec<EntryId>,
}

impl<'r> Cashbook<'r> {
    /// Reads the ledger of a run.
    ///
    /// # Errors
    /// Overflow in a conversion.
    pub fn read(replay: &'r Replay<'_>, party: PartyId, currency: &Arc<str>) -> Result<Self, Fault> {
        Self::of(replay, &[party], currency)
    }

    /// Reads the ledger of a run for several parties shown as one.
    ///
    /// # Errors
    /// Overflow in a conversion.
    pub fn of(replay: &'r Replay<'_>, members: &[PartyId], currency: &Arc<str>) -> Result<Self, Fault> {
        let terms = replay.terms;
        let mut movements = Vec::new();
        for party in members {
            movements.extend(own(replay, *party, currency)?);
        }
        let names: BTreeSet<&str> =
            members.iter().filter_map(|id| terms.parties.get(id.index())).map(|p| &*p.name).collect();
        let inside = |m: &Movement| names.contains(&*m.with);
        let (eliminated, mut movements): (Vec<_>, Vec<_>) = movements.into_iter().partition(inside);
        movements.sort_by_key(|m| m.date);
        let found = movements.iter().map(|m| m.line.clone()).collect::<BTreeSet<_>>();
        let whose = members.len() > 1;
        let lines = found.into_iter().map(|path| (path.clone(), line(terms, &path, &movements, whose))).collect();
        let mine = |line: &&InputLine| match &line.line.fact {
            Some(Fact::Minimum { party: of, .. } | Fact::Undrawn { party: of, .. }) => members.contains(of),
            _ => false,
        };
        let mut limits: Vec<&InputLine> = replay.inputs.lines.iter().filter(mine).collect();
        limits.sort_by_key(|line| (line.line.date, line.id));
        let members = members.to_vec();
        Ok(Self { members, eliminated, currency: currency.clone(), movements, lines, limits })
    }

    /// Whether a party is shown here.
    #[must_use]
    pub fn has(&self, party: PartyId) -> bool {
        self.members.contains(&party)
    }

    /// The name of a party.
    #[must_use]
    pub fn name(&self, replay: &Replay<'_>, party: PartyId) -> Arc<str> {
        replay.terms.parties.get(party.index()).map_or_else(|| "".into(), |p| p.name.clone())
    }

    /// Whether a movement counts, with these tiers let in.
    #[must_use]
    pub fn counts(&self, movement: &Movement, with: &BTreeSet<Tier>) -> bool {
        self.tier(movement).is_none_or(|tier| with.contains(&tier))
    }

    /// The tier a movement waits in; none for what always counts, as money does that has moved.
    #[must_use]
    pub fn tier(&self, movement: &Movement) -> Option<Tier> {
        let moved = movement.basis == Basis::Actual && !movement.promised;
        self.lines.get(&movement.line).and_then(|line| line.status.tier()).filter(|_| !moved)
    }

    /// The sum of the movements of a period that pass.
    ///
    /// # Errors
    /// Overflow.
    pub fn sum(&self, period: Period, pass: impl Fn(&Movement) -> bool) -> Result<Sum, Fault> {
        let mut sum = Sum::default();
        for movement in self.movements.iter().filter(|m| period.contains(m.date) && pass(m)) {
            match &movement.amount {
                Value::Known(amount) => sum.amount = sum.amount.plus(*amount)?,
                Value::Missing(names) => sum.missing.extend(names.iter().cloned()),
            }
            sum.basis = sum.basis.max(Some(movement.basis));
            sum.entries.extend(movement.entry);
        }
        Ok(sum)
    }

    /// Leaves only what is paid to or received from one party.
    pub fn only(&mut self, with: &str) {
        self.movements.retain(|m| m.with.eq_ignore_ascii_case(with));
    }

    /// Cash at the beginning of a period, with what a party opened with in it.
    ///
    /// # Errors
    /// Overflow.
    pub fn opening(&self, period: Period, with: &BTreeSet<Tier>) -> Result<Sum, Fault> {
        let (before, from) = (self.balance(period.from.prev(), with)?, self.sum(period, |m| m.opening)?);
        let mut entries = before.entries;
        entries.extend(from.entries);
        let missing = before.missing.into_iter().chain(from.missing).collect();
        let basis = before.basis.max(from.basis);
        Ok(Sum { amount: before.amount.plus(from.amount)?, missing, basis, entries })
    }

    /// Cash at the end of a day.
    ///
    /// # Errors
    /// Overflow.
    pub fn balance(&self, date: Date, with: &BTreeSet<Tier>) -> Result<Sum, Fault> {
        self.sum(Period { from: Date::MIN, to: date }, |m| self.counts(m, with))
    }
}

/// The movements of one party.
fn own(replay: &Replay<'_>, party: PartyId, currency: &Arc<str>) -> Result<Vec<Movement>, Fault> {
    let terms = replay.terms;
    let name = terms.parties.get(party.index()).map_or_else(|| "".into(), |p| p.name.clone());
    let mut movements = Vec::new();
    let chart = &replay.register.chart;
    let acts = outside(replay);
    for (id, entry) in replay.register.journal.iter() {
        let postings = replay.register.journal.postings(entry);
        let accounts = || postings.iter().filter_map(|p| chart.get(p.account).map(|a| (a, p.amount)));
        // What an entry moves on an account in all.
        let mut cash: Vec<(&Account, Number)> = Vec::new();
        for (account, amount) in accounts().filter(|(a, _)| matches!(&*a.name, "cash" | PROMISED)) {
            match cash.iter_mut().find(|(known, _)| std::ptr::eq(*known, account)) {
                Some((_, sum)) => *sum = sum.plus(amount)?,
                None => cash.push((account, amount)),
            }
        }
        cash.retain(|(_, amount)| !amount.is_zero());
        if cash.iter().all(|(account, _)| *account.owner != *name) {
            continue;
        }
        let opening = accounts().any(|(account, _)| &*account.name == "opening");
        for (account, paid) in cash.iter().filter(|(account, _)| *account.owner == *name) {
            for (with, paid) in across(&cash, account, *paid)? {
                let amount = replay.inputs.convert(paid, &account.commodity, currency, entry.date)?;
                movements.push(Movement {
                    date: entry.date,
                    entry: Some(id),
                    line: key(terms, &entry.cause.clause),
                    what: acts.get(&id).copied(),
                    opening,
                    promised: &*account.name == PROMISED,
                    with,
                    currency: account.commodity.clone(),
                    paid,
                    amount,
                    basis: entry.cause.basis,
                });
            }
        }
    }
    movements.extend(undisclosed(replay, party));
    let effects = replay.register.outcomes.iter().filter_map(|outcome| match &outcome.act {
        Act::Revalued(held) if held.party == party => Some((outcome, held)),
        _ => None,
    });
    // In another currency than its own a party's cash is what was paid, at the rates of the days.
    let effects = effects.filter(|_| terms.parties.get(party.index()).is_some_and(|p| p.currency == *currency));
    for (outcome, held) in effects {
        movements.push(Movement {
            date: outcome.date,
            entry: None,
            line: EFFECT.into(),
            with: "".into(),
            what: Some(EFFECT),
            opening: false,
            promised: false,
            currency: held.currency.clone(),
            paid: held.change,
            amount: Value::Known(held.change),
            basis: outcome.basis,
        });
    }
    Ok(movements)
}

/// What moves cash outside any clause, by entry.
fn outside(replay: &Replay<'_>) -> BTreeMap<EntryId, &'static str> {
    let named = replay.register.outcomes.iter().filter_map(|outcome| {
        let what = match &outcome.act {
            Act::Distributed { .. } => "dividends",
            Act::Issued { .. } => "shares issued",
            Act::Holding { what: HoldingAct::Bought { .. }, .. } => "shares bought",
            Act::Holding { what: HoldingAct::Sold { .. }, .. } => "shares sold",
            _ => return None,
        };
        outcome.entry.map(|entry| (entry, what))
    });
    named.collect()
}

/// Who is on the other side of a movement, each with its part: of one payment to several each gets its own.
fn across(cash: &[(&Account, Number)], own: &Account, paid: Number) -> Result<Vec<(Arc<str>, Number)>, Fault> {
    let same = |other: &&(&Account, Number)| other.0.commodity == own.commodity;
    let opposite: Vec<_> =
        cash.iter().filter(same).filter(|(_, n)| n.is_negative() != paid.is_negative() && !n.is_zero()).collect();
    let alone = cash.iter().filter(same).filter(|(_, n)| n.is_negative() == paid.is_negative()).count() == 1;
    let whole = Number::sum(opposite.iter().map(|(_, amount)| amount.neg()))?;
    if alone && whole == paid && opposite.len() > 1 {
        return Ok(opposite.into_iter().map(|(other, amount)| (other.owner.clone(), amount.neg())).collect());
    }
    let other = opposite.first().map_or_else(|| "".into(), |(other, _)| other.owner.clone());
    Ok(vec![(other, paid)])
}

/// The clause a movement is listed under: an operating line, a supply, an instrument, or the party of an opening.
fn key(terms: &Terms, clause: &Arc<str>) -> Arc<str> {
    let Some((contract, rest)) = clause.split_once('.') else { return clause.clone() };
    if !terms.contracts.iter().any(|c| *c.path == *contract) {
        return clause.clone();
    }
    let item = rest.split('.').next().unwrap_or(rest);
    format!("{contract}.{item}").into()
}

fn line(terms: &Terms, path: &Arc<str>, movements: &[Movement], whose: bool) -> Line {
    if let Some((at, flow)) = terms.flows.iter().enumerate().find(|(_, f)| f.path == *path) {
        return Line { label: flow.title.to_string(), status: status(terms, path), order: (2, at) };
    }
    let contract = path.split('.').next().unwrap_or(path);
    match terms.contracts.iter().position(|c| *c.path == *contract) {
        Some(at) => {
            let mine = || movements.iter().filter(|m| m.line == *path);
            let named: BTreeSet<&str> =
                mine().map(|m| &*m.with).filter(|n| *n != crate::engine::flow::OTHERS).collect();
            let named: Vec<&str> = named.into_iter().collect();
            let with = match named.as_slice() {
                [] => mine().next().map_or("", |m| &*m.with).to_owned(),
                [one] => (*one).to_owned(),
                [one, two] => format!("{one} and {two}"),
                [one, ..] => format!("{one} and others"),
            };
            Line { label: format!("{with}: {path}"), status: status(terms, path), order: (1, at) }
        }
        None if !terms.parties.iter().any(|party| *party.name == **path) => {
            Line { label: path.to_string(), status: Status::Stated, order: (3, 0) }
        }
        None => {
            let of = if whose { format!(" of {path}") } else { String::new() };
            Line { label: format!("Opening balance{of}, as stated"), status: Status::Stated, order: (0, 0) }
        }
    }
}

/// Payments of which the amount is not public: they stand in no entry, and must not be forgotten.
fn undisclosed<'r>(replay: &'r Replay<'_>, party: PartyId) -> impl Iterator<Item = Movement> + 'r {
    let terms = replay.terms;
    let name = move |id: Option<PartyId>| {
        let party = id.and_then(|id| terms.parties.get(id.index()));
        party.map_or_else(|| crate::engine::flow::OTHERS.into(), |p| p.name.clone())
    };
    replay.register.outcomes.iter().filter_map(move |outcome| {
        let (date, from, to, line, currency, names) = match &outcome.act {
            Act::Flowed { flow, amount: Value::Missing(names), .. } => {
                let flow = terms.flows.get(flow.index())?;
                (outcome.date, flow.from, flow.to, flow.path.clone(), flow.currency.clone(), names)
            }
            Act::Billed { supply, amount: Value::Missing(names), due, .. } => {
                let supply = terms.supplies.get(supply.index())?;
                let (from, to) = (Some(supply.buyer), Some(supply.seller));
                (*due, from, to, supply.path.clone(), supply.currency.clone(), names)
            }
            Act::FeePaid { tranche, amount: Value::Missing(names), .. }
            | Act::Serviced { tranche, interest: Value::Missing(names), .. }
            | Act::Serviced { tranche, undrawn: Value::Missing(names), .. }
            | Act::Rented { tranche, amount: Value::Missing(names), .. } => {
                let credit = terms.credit_of(*tranche)?;
                let (from, to) = (Some(credit.taker), Some(credit.giver));
                (outcome.date, from, to, credit.path.clone(), credit.currency.clone(), names)
            }
            Act::Drawn { tranche, paid: Value::Missing(names), .. } => {
                let credit = terms.credit_of(*tranche)?;
                let (from, to) = (Some(credit.giver), Some(credit.taker));
                (outcome.date, from, to, credit.path.clone(), credit.currency.clone(), names)
            }
            _ => return None,
        };
        let with = match (from == Some(party), to == Some(party)) {
            (true, _) => name(to),
            (_, true) => name(from),
            _ => return None,
        };
        let amount = Value::Missing(names.clone());
        // The sign tells inflows from outflows; nothing is added.
        let paid = if from == Some(party) { Number::ONE.neg() } else { Number::ONE };
        let (what, opening) = (None, false);
        Some(Movement {
            date,
            entry: None,
            line,
            what,
            opening,
            with,
            promised: false,
            currency,
            paid,
            amount,
            basis: outcome.basis,
        })
    })
}

impl Sum {
    /// The known part; missing if nothing is known.
    #[must_use]
    pub fn value(&self) -> Value {
        if self.entries.is_empty() && self.amount.is_zero() && !self.missing.is_empty() {
            return Value::Missing(Arc::new(self.missing.clone()));
        }
        Value::Known(self.amount)
    }
}
