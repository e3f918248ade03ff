//! Measures: the one place where a named quantity is read off a run. Reports, facts, assertions and `explain` all ask here.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Origin;
use crate::engine::{Act, Outcome};
use crate::ledger::{Entry, EntryId, Parent};
use crate::num::{Fault, Number, Unit};
use crate::recognise::Unposted;
use crate::run::Replay;
use crate::terms::{AccountClass, Basis, PartyId, Stage, SupplyId, TrancheId, Trigger, Value};
use crate::time::{Date, Period};

/// A measured quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The known part; [`Value::Missing`] when a single item needs an undisclosed term.
    pub value: Value,
    /// What is missing from a total, by path.
    pub missing: BTreeSet<Arc<str>>,
    /// Its unit.
    pub unit: Unit,
    /// How sure.
    pub certainty: Basis,
    /// Where it was read.
    pub origin: Origin,
}

/// Whether a measure is a movement in a period or a balance at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Movement.
    Flow,
    /// Balance.
    Stock,
}

/// Legal measures of a tranche: word, nature, stages summed (stocks) or act (flows).
pub const TRANCHE_MEASURES: &[(&str, Nature)] = &[
    ("vested", Nature::Flow),
    ("cleared", Nature::Flow),
    ("exercised", Nature::Flow),
    ("lapsed", Nature::Flow),
    ("unvested", Nature::Stock),
    ("vested_unexercised", Nature::Stock),
    ("exercisable", Nature::Stock),
];

/// Legal measures of a supply.
pub const SUPPLY_MEASURES: &[(&str, Nature)] = &[
    ("ordered", Nature::Flow),
    ("delivered", Nature::Flow),
    ("accepted", Nature::Flow),
    ("invoiced", Nature::Flow),
    ("billed", Nature::Flow),
    ("paid", Nature::Flow),
    ("delivered_to_date", Nature::Stock),
    ("claims", Nature::Stock),
];

/// Measures the run.
#[derive(Clone, Copy)]
pub struct Measures<'r, 'a> {
    /// The run.
    pub replay: &'r Replay<'a>,
}

impl Measures<'_, '_> {
    /// A flow of a tranche in a period.
    ///
    /// # Errors
    /// Overflow.
    pub fn tranche_flow(&self, id: TrancheId, measure: &str, period: Period) -> Result<Measured, Fault> {
        let about = self.replay.outcomes_of_tranche(id);
        self.among(about, Unit::of("shares"), period, |outcome| match (&outcome.act, measure) {
            (Act::Vested { tranche, shares, .. }, "vested") if *tranche == id => Some(Value::Known(*shares)),
            (Act::Cleared { tranche, shares }, "cleared") if *tranche == id => Some(Value::Known(*shares)),
            (Act::Exercised { tranche, shares, .. }, "exercised") if *tranche == id => Some(Value::Known(*shares)),
            (Act::Lapsed { tranche, unvested, vested, .. }, "lapsed") if *tranche == id => {
                unvested.plus(*vested).ok().map(Value::Known)
            }
            _ => None,
        })
    }

    /// A balance of a tranche at the end of a day, of all holders or of one.
    ///
    /// # Errors
    /// Overflow.
    pub fn tranche_stock(
        &self,
        id: TrancheId,
        measure: &str,
        date: Date,
        of: Option<PartyId>,
    ) -> Result<Measured, Fault> {
        let stages: &[Stage] = match measure {
            "unvested" => &[Stage::Locked],
            "vested_unexercised" => &[Stage::Released, Stage::Cleared],
            "exercisable" => &[Stage::Cleared],
            "exercised_to_date" => &[Stage::Used],
            _ => &[Stage::Lapsed],
        };
        let state = &self.replay.at(date).state;
        let engine = &self.replay.engine;
        let parts = stages.iter().map(|stage| match of {
            Some(party) => engine.stage_held(state, id, party, *stage),
            None => engine.stage(state, id, *stage),
        });
        let value = parts.into_iter().try_fold(Number::ZERO, Number::plus)?;
        let path = self.replay.terms.tranches.get(id.index()).map_or_else(|| "".into(), |t| t.path.clone());
        let touching = self.replay.outcomes_of_tranche(id).filter(|(_, o)| o.date <= date && o.entry.is_some());
        let certainty = touching.map(|(_, o)| o.basis).max();
        Ok(Measured {
            value: Value::Known(value),
            missing: BTreeSet::new(),
            unit: Unit::of("shares"),
            certainty: certainty.unwrap_or(Basis::Actual),
            origin: Origin::State { what: path, date },
        })
    }

    /// A flow of a supply in a period.
    ///
    /// # Errors
    /// Overflow.
    pub fn supply_flow(&self, id: SupplyId, measure: &str, period: Period) -> Result<Measured, Fault> {
        let supply = self.replay.terms.supplies.get(id.index());
        let money = matches!(measure, "billed" | "paid" | "taken_back");
        let unit = supply.map_or_else(Unit::none, |s| if money { Unit::of(&s.currency) } else { s.unit.clone() });
        let wanted = match measure {
            "ordered" => Trigger::Order,
            "accepted" => Trigger::Acceptance,
            "invoiced" => Trigger::Invoice,
            _ => Trigger::Delivery,
        };
        self.among(self.replay.outcomes_of_supply(id), unit, period, |outcome| match &outcome.act {
            Act::Supplied { supply, trigger, quantity } if *supply == id && *trigger == wanted && !money => {
                Some(Value::Known(*quantity))
            }
            Act::Billed { supply, amount, .. } if *supply == id && measure == "billed" => Some(amount.clone()),
            Act::Refunded { supply, amount, advance } if *supply == id => match measure {
                "paid" => Some(Value::Known(advance.neg())),
                "taken_back" => amount.minus(*advance).ok().map(Value::Known),
                _ => None,
            },
            Act::Paid { supply, amount, promised: false, .. } if *supply == id && measure == "paid" => {
                Some(Value::Known(*amount))
            }
            _ => None,
        })
    }

    /// A balance of a supply at the end of a day: claims are what was billed and not paid.
    ///
    /// # Errors
    /// Overflow.
    pub fn supply_stock(&self, id: SupplyId, measure: &str, date: Date) -> Result<Measured, Fault> {
        let to_date = Period { from: Date::MIN, to: date };
        if measure != "claims" {
            return self.supply_flow(id, measure.trim_end_matches("_to_date"), to_date);
        }
        let billed = self.supply_flow(id, "billed", to_date)?;
        let Some(supply) = self.replay.terms.supplies.get(id.index()) else { return Ok(billed) };
        let seller = self.replay.terms.parties.get(supply.seller.index()).map_or("", |p| &*p.name);
        let account = self.replay.register.chart.find(seller, "claims", &supply.path, &supply.currency);
        let balance = account.map_or(Number::ZERO, |a| self.replay.at(date).state.balances.get(a));
        let what: Arc<str> = format!("{}.claims", supply.path).into();
        Ok(Measured { value: Value::Known(balance), origin: Origin::State { what, date }, ..billed })
    }

    pub(super) fn outcomes(
        &self,
        unit: Unit,
        period: Period,
        pick: impl Fn(&Outcome) -> Option<Value>,
    ) -> Result<Measured, Fault> {
        self.among(self.replay.outcomes(), unit, period, pick)
    }

    fn among<'o>(
        &self,
        outcomes: impl Iterator<Item = (u32, &'o Outcome)>,
        unit: Unit,
        period: Period,
        pick: impl Fn(&Outcome) -> Option<Value>,
    ) -> Result<Measured, Fault> {
        let mut total = Number::ZERO;
        let mut missing = BTreeSet::new();
        let mut numbers = Vec::new();
        let mut certainty = Basis::Actual;
        for (number, outcome) in outcomes.filter(|(_, o)| period.contains(o.date)) {
            match pick(outcome) {
                Some(Value::Known(amount)) => {
                    total = total.plus(amount)?;
                    certainty = certainty.max(outcome.basis);
                    numbers.push(number);
                }
                Some(Value::Missing(names)) => missing.extend(names.iter().cloned()),
                None => {}
            }
        }
        let value = if numbers.is_empty() && !missing.is_empty() {
            Value::Missing(Arc::new(missing.clone()))
        } else {
            Value::Known(total)
        };
        Ok(Measured { value, missing, unit, certainty, origin: Origin::Outcomes(numbers) })
    }

    /// The class of an account in a party's book.
    #[must_use]
    pub fn account_class(&self, book: usize, account: &str) -> Option<AccountClass> {
        let keeper = self.replay.keepers.get(book)?;
        keeper.book.accounts.iter().find(|a| &*a.name == account).map(|a| a.class)
    }

    /// The movement of an account in a period, on its normal side, over the items and entries that pass.
    ///
    /// # Errors
    /// Overflow.
    pub fn movement(
        &self,
        book: usize,
        account: &str,
        period: Period,
        item: impl Fn(&str) -> bool,
        entry: impl Fn(&Entry) -> bool,
    ) -> Result<Measured, Fault> {
        let (Some(keeper), Some(booking)) = (self.replay.keepers.get(book), self.replay.bookings.get(book)) else {
            return Ok(nothing(Unit::none()));
        };
        let debit = self.account_class(book, account).is_none_or(AccountClass::is_debit);
        let mine = |id| booking.chart.get(id).is_some_and(|a| &*a.name == account && item(&a.item));
        let (mut total, mut certainty, mut entries) = (Number::ZERO, Basis::Actual, Vec::new());
        let accounts = booking.chart.iter().filter(|(id, _)| mine(*id));
        let touching: BTreeSet<EntryId> =
            accounts.flat_map(|(id, _)| self.replay.entries_of(book, id).iter().copied()).collect();
        let touching = touching.into_iter().filter_map(|id| booking.journal.get(id).map(|entry| (id, entry)));
        for (id, line) in touching.filter(|(_, e)| period.contains(e.date) && entry(e)) {
            let mut touched = false;
            for posting in booking.journal.postings(line).iter().filter(|p| mine(p.account)) {
                total = total.plus(posting.amount)?;
                touched = true;
            }
            if touched {
                certainty = certainty.max(line.cause.basis);
                entries.push(id);
            }
        }
        let lacking = |u: &&Unposted| {
            let open = u.date <= period.to && u.until.is_none_or(|day| day > period.to);
            &*u.account == account && open && item(&u.item)
        };
        let missing: BTreeSet<Arc<str>> =
            booking.unposted.iter().filter(lacking).flat_map(|u| u.missing.iter().cloned()).collect();
        // One item that lacks a term has no amount; a total over several has a known part.
        let mut items: BTreeSet<&str> = booking.unposted.iter().filter(lacking).map(|u| &*u.item).collect();
        items.extend(booking.chart.iter().filter(|(_, a)| &*a.name == account && item(&a.item)).map(|(_, a)| &*a.item));
        let signed = if debit { total } else { total.neg() };
        let value = if (entries.is_empty() || items.len() == 1) && !missing.is_empty() {
            Value::Missing(Arc::new(missing.clone()))
        } else {
            Value::Known(signed)
        };
        let unit = Unit::of(&keeper.currency);
        Ok(Measured { value, missing, unit, certainty, origin: Origin::Entries { book: Some(book), entries } })
    }

    /// What was credited in a period to all accounts but these, for the items that pass. Memos are left aside, and what is
    /// bought to be kept.
    ///
    /// # Errors
    /// Overflow.
    pub fn credited(
        &self,
        book: usize,
        item: impl Fn(&str) -> bool,
        but: &[&str],
        period: Period,
    ) -> Result<Value, Fault> {
        let Some(keeper) = self.replay.keepers.get(book) else { return Ok(Value::ZERO) };
        let mut sum = Value::ZERO;
        for account in &keeper.book.accounts {
            let invested = account.activity == crate::terms::Activity::Investing;
            if invested || account.class == AccountClass::Memo || but.contains(&&*account.name) {
                continue;
            }
            let moved = self.movement(book, &account.name, period, &item, |_| true)?.value;
            sum = if account.class.is_debit() { sum.minus(moved)? } else { sum.plus(moved)? };
        }
        Ok(sum)
    }

    /// The balance of an account at the end of a day.
    ///
    /// # Errors
    /// Overflow.
    pub fn balance(
        &self,
        book: usize,
        account: &str,
        date: Date,
        item: impl Fn(&str) -> bool,
    ) -> Result<Measured, Fault> {
        let moved = self.movement(book, account, Period { from: Date::MIN, to: date }, &item, |_| true)?;
        let Some(booking) = self.replay.bookings.get(book) else { return Ok(moved) };
        let state = self.replay.book(book, date);
        // The amount is the ledger's balance, not the sum of the entries listed as its origin: roll-forwards tie the two.
        let mine = booking.chart.iter().filter(|(_, a)| &*a.name == account && item(&a.item));
        let total = mine.map(|(id, _)| state.balances.get(id)).try_fold(Number::ZERO, Number::plus)?;
        let debit = self.account_class(book, account).is_none_or(AccountClass::is_debit);
        let value = moved.value.clone().map(|_| Ok(if debit { total } else { total.neg() }))?;
        Ok(Measured { value, ..moved })
    }

    /// What a book holds of a supply on a monetary account, in the currency of the supply.
    ///
    /// # Errors
    /// Overflow.
    pub fn owed(&self, book: usize, account: &str, date: Date, supply: &crate::terms::Supply) -> Result<Value, Fault> {
        let own = |item: &str| *item == *supply.path;
        let balance = self.balance(book, account, date, own)?.value;
        let (Some(keeper), Some(booking)) = (self.replay.keepers.get(book), self.replay.bookings.get(book)) else {
            return Ok(balance);
        };
        let state = self.replay.book(book, date);
        if keeper.currency == supply.currency || balance.known().is_none() {
            return Ok(balance);
        }
        let mine = booking.chart.iter().filter(|(_, a)| &*a.name == account && own(&a.item));
        let total = mine.map(|(id, _)| state.foreign.get(id)).try_fold(Number::ZERO, Number::plus)?;
        let debit = self.account_class(book, account).is_none_or(AccountClass::is_debit);
        Ok(Value::Known(if debit { total } else { total.neg() }))
    }

    /// Whether an entry follows from an outcome of a kind.
    #[must_use]
    pub fn follows(&self, entry: &Entry, kind: impl Fn(&Act) -> bool) -> bool {
        entry.cause.parents.iter().any(|parent| match parent {
            Parent::Outcome(number) => {
                self.replay.register.outcomes.get(*number as usize).is_some_and(|o| kind(&o.act))
            }
            _ => false,
        })
    }

    /// How sure a state at the end of a day is: as sure as the least sure outcome that made it; a forecast after today.
    #[must_use]
    pub fn certainty(&self, date: Date, about: impl Fn(&Outcome) -> bool) -> Basis {
        let made = self.replay.register.outcomes.iter().filter(|o| o.date <= date && o.entry.is_some() && about(o));
        let after = if date > self.replay.border() { Basis::Forecast } else { Basis::Actual };
        made.map(|o| o.basis).fold(after, Basis::max)
    }

    /// Whether an outcome changes who holds or may come to hold a class.
    #[must_use]
    pub fn touches_class(&self, outcome: &Outcome, class: crate::terms::ClassId) -> bool {
        let warrant = outcome.act.tranche().and_then(|id| self.replay.engine.warrant_of(id));
        match &outcome.act {
            Act::Issued { class: of, .. } | Act::Held { class: of, .. } | Act::Split { class: of, .. } => *of == class,
            Act::Converted { from, into, .. } => [*from, *into].contains(&class),
            Act::Committed { tranche, .. } | Act::Called { tranche, .. } | Act::Funded { tranche, .. } => {
                self.replay.terms.investment_of(*tranche).is_some_and(|i| i.class == class)
            }
            _ => warrant.is_some_and(|w| w.class == class),
        }
    }

    /// Outstanding shares, rights vested and not exercised, rights not yet vested, and employee awards of a class.
    ///
    /// # Errors
    /// Overflow.
    pub fn dilution(&self, class: crate::terms::ClassId, date: Date) -> Result<Dilution, Fault> {
        let state = &self.replay.at(date).state;
        let issued = self.replay.engine.outstanding(&self.replay.register.chart, state, class);
        let (stated, dilutive_awards) = state.awards.get(&class).copied().unwrap_or_default();
        let awards = self.replay.engine.pool(state, class);
        let path = self.replay.terms.classes.get(class.index()).map_or_else(|| "".into(), |c| c.path.clone());
        let issued = match (state.opened.contains_key(&class), state.uncounted.get(&class)) {
            (true, None) => Value::Known(issued),
            (true, Some(tranche)) => Value::missing(format!("{tranche}.shares")),
            (false, _) => Value::missing(format!("{path}.outstanding")),
        };
        let mut dilution = Dilution {
            issued,
            awards,
            pool_is_reserved: awards > stated,
            dilutive_awards,
            holders: Vec::new(),
            unpriced: BTreeSet::new(),
        };
        let Some(claims) = self.replay.claims_on(class) else { return Ok(dilution) };
        for (number, account) in &claims.holders {
            let mut stake = Stake { party: *number, ..Stake::default() };
            stake.issued = account.map_or(Number::ZERO, |a| state.balances.get(a));
            for id in claims.tranches.iter().copied() {
                if let Some(investment) = self.replay.terms.investment_of(id) {
                    self.committed_shares(id, investment, *number, date, &mut stake, &mut dilution.unpriced)?;
                }
                let Some(warrant) = self.replay.terms.warrant_of(id) else { continue };
                if self.replay.engine.class_of(state, warrant) != class {
                    continue;
                }
                let held = |stage| self.replay.engine.stage_held(state, id, *number, stage);
                for stage in [Stage::Released, Stage::Cleared] {
                    stake.vested = stake.vested.plus(held(stage))?;
                }
                stake.unvested = stake.unvested.plus(held(Stage::Locked))?;
            }
            if [stake.issued, stake.vested, stake.unvested, stake.optional].iter().any(|n| n.is_positive()) {
                dilution.holders.push(stake);
            }
        }
        Ok(dilution)
    }
}

/// Nothing, exactly.
#[must_use]
pub fn nothing(unit: Unit) -> Measured {
    let origin = Origin::Made("nothing", Vec::new());
    Measured { value: Value::ZERO, missing: BTreeSet::new(), unit, certainty: Basis::Actual, origin }
}

/// Who holds and may come to hold a class.
#[derive(Clone, Debug)]
pub struct Dilution {
    /// Issued and outstanding; missing when no line states it.
    pub issued: Value,
    /// The pool: employee awards, or what is reserved if that is more.
    pub awards: Number,
    /// Whether that is what is reserved.
    pub pool_is_reserved: bool,
    /// Those that are dilutive, as the party states them.
    pub dilutive_awards: Number,
    /// Named holders.
    pub holders: Vec<Stake>,
    /// Tranches of money promised whose number of shares cannot be told on the day.
    pub unpriced: BTreeSet<Arc<str>>,
}

/// One holder.
#[derive(Clone, Copy, Debug)]
pub struct Stake {
    /// Who.
    pub party: PartyId,
    /// Shares held.
    pub issued: Number,
    /// Rights vested and not exercised; shares for money called and not funded.
    pub vested: Number,
    /// Rights not yet vested; shares for money not yet called.
    pub unvested: Number,
    /// Shares for money that only the investor may choose to call: promised by nobody, and in none of the others.
    pub optional: Number,
    /// Of the vested and unvested: shares for money, called or firmly promised. Fully diluted counts have none of it.
    pub money: Number,
}

impl Default for Stake {
    fn default() -> Self {
        Self {
            party: PartyId(0),
            issued: Number::ZERO,
            vested: Number::ZERO,
            unvested: Number::ZERO,
            optional: Number::ZERO,
            money: Number::ZERO,
        }
    }
}

/// Entry numbers, for those who only need to list them.
#[must_use]
pub fn entries(measured: &Measured) -> &[EntryId] {
    match &measured.origin {
        Origin::Entries { entries, .. } => entries,
        _ => &[],
    }
}
