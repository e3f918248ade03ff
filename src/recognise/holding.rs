//! Holdings in the book of a party: which method, which account, and what the methods found.

use std::sync::Arc;

use super::fold::Item;
use super::method::Methods;
use super::touch::Touched;
use super::{BookState, Booking, Bookkeeper, Exact, Held, Record};
use crate::engine::outcome::{Act, Count, HoldingAct, Outcome};
use crate::num::{Fault, Number, Ratio};
use crate::terms::{Assumptions, Finding, Funding, HoldingClass, HoldingMethod, Method, Over, StakeId, Value};
use crate::time::Date;

impl Bookkeeper<'_> {
    /// What the accounts of a holding come to, whatever it was classified as.
    pub(super) fn carrying_of(&self, booking: &Booking, state: &BookState, stake: StakeId) -> Result<Number, Fault> {
        let path = self.path(Item::Holding(stake));
        let judged = self.book.judged.iter().filter(|judged| judged.over == Over::Holding);
        let positions: std::collections::BTreeSet<usize> = judged.flat_map(|j| j.choices.iter().copied()).collect();
        let mut sum = Number::ZERO;
        for name in positions.iter().filter_map(|position| self.book.accounts.get(*position)).map(|a| &a.name) {
            if let Some(id) = booking.chart.find(&self.owner, name, &path, &self.currency) {
                sum = sum.plus(state.balances.get(id))?;
            }
        }
        Ok(sum)
    }

    /// The holding of this party in a class.
    #[must_use]
    pub fn holding(&self, path: &str) -> Option<StakeId> {
        let mut all = self.terms.stakes.iter();
        all.find(|(_, stake)| stake.holder == self.party && &*stake.path == path).map(|(id, _)| id)
    }

    /// The holding of this party that an event is about.
    pub(super) fn holding_of(&self, act: &Act) -> Option<StakeId> {
        match act {
            Act::Holding { stake, .. } => Some(*stake),
            Act::Exercised { tranche, .. } => {
                self.terms.warrant_of(*tranche).and_then(|w| self.terms.stakes.find(self.party, w.class))
            }
            Act::Funded { tranche, by, .. } => {
                let investment = self.terms.investment_of(*tranche)?;
                let class = match investment.funding {
                    _ if *by == self.party => investment.class,
                    Funding::Shares(class) => class,
                    _ => return None,
                };
                self.terms.stakes.find(self.party, class)
            }
            _ => None,
        }
    }

    /// The word that chooses the account of a holding.
    pub(super) fn holding_word(&self, state: &BookState, stake: StakeId, before: bool) -> Option<Arc<str>> {
        let held = state.booked.holdings.get(&stake)?;
        let method = if before { held.former } else { held.method };
        method.map(|method| method.word().into())
    }

    /// Holdings that are counted for the first time today: what is bought before that follows the method they will have.
    pub(super) fn first_counts(&self, state: &mut BookState, outcomes: &[(u32, &Outcome)]) {
        for (_, outcome) in outcomes {
            let Act::Holding { stake, what: HoldingAct::Counted(count) } = &outcome.act else { continue };
            let known = state.booked.holdings.get(stake);
            if known.is_some_and(|held| held.count.as_ref().is_some_and(|count| count.held.is_positive())) {
                continue;
            }
            let mut judged = outcomes.iter().filter_map(|(_, outcome)| match &outcome.act {
                Act::Holding { stake: of, what: HoldingAct::Judged(Finding::Account(word)) } if of == stake => {
                    HoldingMethod::of(word)
                }
                _ => None,
            });
            let judged = judged.next_back().or(known.and_then(|held| held.judged));
            let mut held = known.map_or_else(|| Held::new(&self.path(Item::Holding(*stake))), |held| (**held).clone());
            held.method = judged.or_else(|| self.default_method(count));
            state.booked.holdings.insert(*stake, Arc::new(held));
        }
    }

    /// Of the methods of the book whose class fits the last one.
    fn default_method(&self, count: &Count) -> Option<HoldingMethod> {
        let part = |bound: Number, above: bool| {
            let of = count.of.known().filter(|of| of.is_positive());
            of.and_then(|of| of.times(bound).ok())
                .is_some_and(|bound| if above { count.together > bound } else { count.together >= bound })
        };
        let fits = |class: &HoldingClass| match class {
            HoldingClass::Any => true,
            HoldingClass::Listed => count.listed,
            HoldingClass::From(bound) => part(*bound, false),
            HoldingClass::Above(bound) => part(*bound, true),
            HoldingClass::Judged => false,
        };
        self.book.holdings.iter().rev().find(|choice| fits(&choice.class)).map(|choice| choice.method)
    }

    /// Notes what an event moved on the account of a holding.
    pub(super) fn moved_on(
        &self,
        state: &mut BookState,
        stake: StakeId,
        debit: Number,
        bought: bool,
    ) -> Result<(), Fault> {
        let path = self.path(Item::Holding(stake));
        let mut held = state.booked.holdings.get(&stake).map_or_else(|| Held::new(&path), |held| (**held).clone());
        held.moved(debit, bought)?;
        state.booked.holdings.insert(stake, Arc::new(held));
        Ok(())
    }

    /// Uses up what time has passed over, before something happens to a holding.
    pub(super) fn pass_time(&self, state: &mut BookState, stake: StakeId, date: Date) -> Result<(), Fault> {
        if let Some(held) = state.booked.holdings.get(&stake) {
            let mut held = (**held).clone();
            held.advance(date, self.cents())?;
            state.booked.holdings.insert(stake, Arc::new(held));
        }
        Ok(())
    }

    /// Takes in what happened to a holding; whether it is measured otherwise from now on. What the method that ends found is
    /// booked first: the next begins with what the holding is carried at then (ASC 323-10-35-36).
    pub(super) fn hold(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        (stake, what): (StakeId, &HoldingAct),
        date: Date,
        today: (u32, &Outcome),
    ) -> Result<bool, Fault> {
        let path = self.path(Item::Holding(stake));
        let carrying = self.carrying_of(booking, state, stake)?;
        let mut held = state.booked.holdings.get(&stake).map_or_else(|| Held::new(&path), |held| (**held).clone());
        let cents = self.cents();
        if let HoldingAct::Became { from, .. } = what
            && let Some(gone) = state.booked.holdings.get(from)
        {
            held.inherit(gone);
        }
        held.learn(what, date, carrying, cents)?;
        let method = held.judged.or_else(|| held.count.as_ref().and_then(|count| self.default_method(count)));
        let mut carrying = carrying;
        if held.leaves(method) {
            let mut touched = Touched::default();
            touched.items.insert(Item::Holding(stake));
            state.booked.holdings.insert(stake, Arc::new(held.clone()));
            self.keep(assumptions, booking, state, date, &touched, &[today], None).map_err(|(fault, _)| fault)?;
            carrying = self.carrying_of(booking, state, stake)?;
        }
        let changed = held.follow(method, carrying, &path)?;
        held.note(date, changed || matches!(what, HoldingAct::Counted(_)));
        state.booked.holdings.insert(stake, Arc::new(held));
        Ok(changed)
    }
}

impl<A: Assumptions> Methods<'_, A> {
    /// A method of a holding.
    ///
    /// # Errors
    /// Arithmetic.
    pub fn holding<R: Record>(&self, method: Method, args: &[Arc<str>], id: StakeId) -> Result<R, Fault> {
        let path = self.terms.stakes.get(id).map_or_else(|| "".into(), |stake| stake.path.clone());
        let word = Method::ALL.iter().find(|(known, ..)| *known == method).map_or("?", |(_, word, ..)| word);
        let args_text = args.iter().map(|arg| format!(", {arg}")).collect::<String>();
        let label = || format!("{word}({path}{args_text})");
        let Some(held) = self.booked.holdings.get(&id) else { return Ok(R::leaf(label, Exact::ZERO)) };
        let argument = args.first().map_or("", |arg| &**arg);
        let value = match method {
            Method::Stake => {
                let Some(count) = &held.count else { return Ok(R::leaf(label, Exact::ZERO)) };
                let value = match &count.of {
                    Value::Known(of) if of.is_positive() => Exact::Known(Ratio::new(count.held, *of)?),
                    Value::Known(_) => Exact::ZERO,
                    missing @ Value::Missing(_) => Exact::from_value(missing)?,
                };
                let note = || {
                    let of = count.of.known()?;
                    Some(format!("{} of {} shares", count.held.grouped(), of.grouped()).into())
                };
                return Ok(R::of(label, value, note, []));
            }
            Method::Follows => {
                let same = held.method.is_some_and(|method| method.word() == argument);
                return Ok(R::leaf(label, if same { Exact::ONE } else { Exact::ZERO }));
            }
            _ => held.found(method, argument)?,
        };
        Ok(R::leaf(label, Exact::from_value(&value)?))
    }
}
