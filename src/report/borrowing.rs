//! Measures of loans, leases and guarantees: what is owed, what can still be drawn, at which rates, carried at what.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Origin;
use super::measure::{Measured, Measures, Nature, nothing};
use crate::num::{Fault, Mode, Number, Rounding, Unit};
use crate::terms::{Credit, PartyId, Stage, TrancheId, Value};
use crate::time::Date;

/// Of a loan, or of all of a party: as the borrower, and as the lender.
pub const BORROWING_MEASURES: &[(&str, Nature)] = &[
    ("debt_principal", Nature::Stock),
    ("debt_undrawn", Nature::Stock),
    ("debt_rate", Nature::Stock),
    ("debt_effective_rate", Nature::Stock),
    ("debt_carried", Nature::Stock),
    ("lent_principal", Nature::Stock),
    ("lent_undrawn", Nature::Stock),
    ("lent_rate", Nature::Stock),
    ("lent_effective_rate", Nature::Stock),
    ("lent_carried", Nature::Stock),
];

/// Places of rates in per cent.
const RATE: Rounding = Rounding { places: 6, mode: Mode::HalfUp };

/// A loan on a day, as one side has it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Not yet repaid.
    pub principal: Number,
    /// Still to be drawn.
    pub undrawn: Number,
    /// Principal of each draw, with its stated and its effective rate in per cent.
    pub draws: Vec<(Number, Value, Value)>,
    /// Principal by day.
    pub due: Vec<(Date, Number)>,
}

impl Measures<'_, '_> {
    /// A measure of the loans of a party, on a day; none where it has no such loan.
    ///
    /// # Errors
    /// Overflow.
    pub fn borrowing(
        &self,
        party: PartyId,
        measure: &str,
        item: Option<&str>,
        date: Date,
    ) -> Result<Option<Measured>, Fault> {
        let (side, what) = measure.split_once('_').unwrap_or((measure, ""));
        let role = if side == "debt" { "borrower" } else { "lender" };
        let terms = self.replay.terms;
        let mine = terms.tranches_at(item).into_iter().filter_map(|id| Some((id, terms.credit_of(id)?)));
        let mine: Vec<(TrancheId, &Credit)> =
            mine.filter(|(_, credit)| credit.loan().is_some() && credit.has_role(role, party)).collect();
        let Some((_, first)) = mine.first() else { return Ok(None) };
        let (unit, path) = (Unit::of(&first.currency), first.path.clone());
        // Loans in several currencies have no sum.
        let mut sum = nothing(unit.clone());
        let (mut weighted, mut whole) = (Value::ZERO, Number::ZERO);
        let ids: BTreeSet<TrancheId> = mine.iter().map(|(id, _)| *id).collect();
        let certainty = self.certainty(date, |o| o.act.tranche().is_some_and(|id| ids.contains(&id)));
        for (id, credit) in &mine {
            if what == "carried" {
                let part = self.carried(credit, role, party, date)?;
                sum = match self.replay.keeper(party) {
                    Some(book) => joined(sum, part, book)?,
                    None => part,
                };
                continue;
            }
            if *credit.currency != *first.currency {
                let missing = Value::missing(format!("one currency of {} and {}", first.path, credit.path));
                return Ok(Some(Measured { value: missing, certainty, ..sum }));
            }
            let standing = self.standing(*id, party, role, date)?;
            let part = if what == "undrawn" { standing.undrawn } else { standing.principal };
            sum.value = sum.value.plus(Value::Known(part))?;
            for (principal, stated, effective) in standing.draws {
                let rate = if what == "rate" { stated } else { effective };
                weighted = weighted.plus(Value::Known(principal).times(rate)?)?;
                whole = whole.plus(principal)?;
            }
        }
        let origin = Origin::State { what: path, date };
        Ok(Some(match what {
            "carried" => sum,
            "rate" | "effective_rate" => {
                let rate = if whole.is_zero() { Ok(Value::ZERO) } else { weighted.map(|sum| sum.over(whole, RATE)) };
                let missing = BTreeSet::new();
                Measured { value: rate?, missing, unit: Unit::of("%"), certainty, origin }
            }
            _ => Measured { certainty, origin, ..sum },
        }))
    }

    /// A loan at the end of a day.
    ///
    /// # Errors
    /// Overflow.
    pub fn standing(&self, id: TrancheId, party: PartyId, role: &str, date: Date) -> Result<Standing, Fault> {
        let version = self.replay.at(date);
        let undrawn = self.replay.engine.stage(&version.state, id, Stage::Locked);
        let mut found = Standing { principal: Number::ZERO, undrawn, draws: Vec::new(), due: Vec::new() };
        let Some(state) = version.state.credits.get(&id) else { return Ok(found) };
        let mut rates = Vec::new();
        if let Some((book, keeper)) = self.replay.keeper(party).and_then(|b| Some((b, self.replay.keepers.get(b)?))) {
            rates = keeper.effective_rates(self.replay.inputs, self.replay.book(book, date), id, role)?;
        }
        let path = self.replay.terms.tranches.get(id.index()).map_or_else(String::new, |t| t.path.to_string());
        for draw in state.draws.iter().filter(|draw| draw.left.is_positive()) {
            found.principal = found.principal.plus(draw.left)?;
            let stated = draw.rate.clone().map(|rate| rate.times(Number::from_int(100)))?;
            let effective = rates.iter().find(|(number, _)| *number == draw.number).map(|(_, rate)| rate.clone());
            let effective = effective.unwrap_or_else(|| Value::missing(format!("{path}.effective_rate")));
            found.draws.push((draw.left, stated, effective));
            found.due.extend(draw.plan.iter().copied());
        }
        Ok(found)
    }

    /// What a loan is carried at in its own currency, whatever the book counts in.
    ///
    /// # Errors
    /// Overflow.
    pub fn carried_abroad(&self, credit: &Credit, role: &str, party: PartyId, date: Date) -> Result<Value, Fault> {
        let book = self.replay.keeper(party);
        let parts = book.and_then(|at| Some((at, self.replay.keepers.get(at)?, self.replay.bookings.get(at)?)));
        let Some((book, keeper, booking)) = parts else {
            return Ok(Value::missing(format!("{}.book", credit.path)));
        };
        let Some(carrying) = keeper.book.carrying.iter().find(|carrying| &*carrying.role == role) else {
            return Ok(Value::missing(format!("{}.carrying", credit.path)));
        };
        let state = self.replay.book(book, date);
        let items = self.carried_on(credit);
        let listed = |item: &str| items.iter().any(|own| **own == *item);
        let mine = |name: &str, item: &str| listed(item) && carrying.accounts.iter().any(|a| **a == *name);
        let all = booking.chart.iter().filter(|(_, account)| mine(&account.name, &account.item));
        let sum = Number::sum(all.map(|(id, _)| state.foreign.get(id)))?;
        Ok(Value::Known(if role == "borrower" { sum.neg() } else { sum }))
    }

    /// What the accounts of a loan are kept by: itself, and the warrants given for it, which have a part of its discount.
    #[must_use]
    pub fn carried_on(&self, credit: &Credit) -> Vec<Arc<str>> {
        let terms = self.replay.terms;
        let tranches = std::iter::once(&credit.tranche).chain(terms.given_for(credit.tranche));
        tranches.filter_map(|id| terms.tranches.get(id.index())).map(|tranche| tranche.path.clone()).collect()
    }

    /// What a loan, lease or guarantee is carried at, on the accounts that the book names for it.
    ///
    /// # Errors
    /// Overflow.
    pub fn carried(&self, credit: &Credit, role: &str, party: PartyId, date: Date) -> Result<Measured, Fault> {
        let missing = |what: &str| Value::missing(format!("{}.{what}", credit.path));
        let open = |value| Measured { value, ..nothing(Unit::of(&credit.currency)) };
        let Some(book) = self.replay.keeper(party) else { return Ok(open(missing("book"))) };
        let Some(keeper) = self.replay.keepers.get(book) else { return Ok(open(missing("book"))) };
        let Some(carrying) = keeper.book.carrying.iter().find(|carrying| &*carrying.role == role) else {
            return Ok(open(missing("carrying")));
        };
        let items = self.carried_on(credit);
        let mut sum: Option<Measured> = None;
        let debit = |name: &str| self.account_class(book, name).is_some_and(crate::terms::AccountClass::is_debit);
        let first = carrying.accounts.first().is_some_and(|name| debit(name));
        for name in &carrying.accounts {
            let found = self.balance(book, name, date, |item| items.iter().any(|own| **own == *item))?;
            let value =
                if debit(name) == first { found.value.clone() } else { Value::ZERO.minus(found.value.clone())? };
            let found = Measured { value, ..found };
            sum = Some(match sum {
                None => found,
                Some(so_far) => joined(so_far, found, book)?,
            });
        }
        Ok(sum.unwrap_or_else(|| open(Value::ZERO)))
    }
}

/// Two balances of a book as one.
fn joined(a: Measured, b: Measured, book: usize) -> Result<Measured, Fault> {
    let mut entries = super::measure::entries(&a).to_vec();
    entries.extend(super::measure::entries(&b));
    // An entry may move two of the accounts.
    entries.sort_unstable();
    entries.dedup();
    let origin = Origin::Entries { book: Some(book), entries };
    let mut missing = a.missing;
    missing.extend(b.missing);
    Ok(Measured {
        value: a.value.plus(b.value)?,
        missing,
        unit: b.unit,
        certainty: a.certainty.max(b.certainty),
        origin,
    })
}
