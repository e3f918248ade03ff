//! What a book knows of an award beyond its contract: values of later dates, estimates, outcomes, modifications.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::method::Methods;
use super::{AsBooked, BookState, Bookkeeper, Exact, Record};
use crate::num::{Fault, Number, Ratio};
use crate::terms::{AccountClass, Assumptions, Finding, Formula, FormulaKind, Modification, Tranche, TrancheId, Value};

/// A sum and what it is made of, by name.
type Parts = (Exact, Vec<(Arc<str>, Exact)>);

/// Facts about one tranche; most have none.
#[derive(Clone, Debug, Default)]
pub struct Award {
    /// The last value stated.
    pub current: Option<Formula>,
    /// Every value stated, with the quantity that had passed by then.
    pub values: Vec<(Number, Formula)>,
    /// The value that stands since its measurement ended, if it stands otherwise than in the contract.
    pub fixed: Option<Formula>,
    /// The last value stated when it vested.
    pub at_vesting: Option<Formula>,
    /// Estimates by name.
    pub estimates: BTreeMap<Arc<str>, Formula>,
    /// Where its band ends, as now expected.
    pub expected: Option<Formula>,
    /// The outcome that came true.
    pub outcome: Option<Arc<str>>,
    /// Modifications, in order.
    pub layers: Vec<Layer>,
    /// How it is carried.
    pub carry: Carry,
    /// Parts of it that were exercised: the share of what was left, and how it was carried then.
    used: Vec<(Number, Number, Carry)>,
}

/// How an award is carried: what its account was and is, and the values at the changes.
#[derive(Clone, Debug, Default)]
pub struct Carry {
    /// The last word on its account.
    pub word: Option<Arc<str>>,
    /// Changes of the word, since it was no award any more if it left.
    turns: Vec<Turn>,
    /// The last value stated while there were rights.
    pub(super) current: Option<Formula>,
    pub(super) lapsed: bool,
    /// The last change came after the day of the grant.
    turned: bool,
    /// How many modifications there were.
    layers: usize,
    /// How it was carried as an award, once its holder was a customer no more.
    left: Option<Arc<Carry>>,
}

/// A change of the word on an account.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The word before.
    pub(super) before: Option<Arc<str>>,
    /// The last value stated by then.
    pub(super) value: Option<Formula>,
    /// How many modifications there were by then.
    layers: usize,
}

/// A modification.
#[derive(Clone, Debug)]
pub struct Layer {
    what: Modification,
    /// Quantity recognised by then.
    at: Number,
    /// Vested by then.
    vested: bool,
}

impl Carry {
    /// The word before the last change.
    #[must_use]
    pub fn former_word(&self) -> Option<&Arc<str>> {
        self.turns.last().and_then(|turn| turn.before.as_ref())
    }

    fn turn(&mut self, word: &Arc<str>, value: Option<Formula>) {
        self.turns.push(Turn { before: self.word.replace(word.clone()), value, layers: self.layers });
    }

    /// Whether it is no award any more.
    pub(super) const fn has_left(&self) -> bool {
        self.left.is_some()
    }

    /// How it was carried when it was an award, once it is none.
    pub(super) fn award(&self) -> Option<&Self> {
        self.left.as_deref()
    }

    /// Changes since, each with the word after it.
    pub(super) fn since(&self) -> impl Iterator<Item = (&Turn, Option<&Arc<str>>)> {
        let after = self.turns.iter().skip(1).map(|turn| turn.before.as_ref()).chain([self.word.as_ref()]);
        self.turns.iter().zip(after)
    }
}

impl Award {
    /// Whether its cost is measured, earned or charged otherwise than the contract alone says.
    #[must_use]
    pub fn departs(&self) -> bool {
        let Self { current, fixed, estimates, expected, outcome, layers, .. } = self;
        let valued = current.is_some() || fixed.is_some() || outcome.is_some();
        valued || expected.is_some() || !estimates.is_empty() || !layers.is_empty()
    }

    /// The modification that replaced the original value, if any.
    fn replaced(&self) -> Option<&Layer> {
        self.layers.iter().rev().find(|layer| layer.what.kind.replaces())
    }

    /// Modifications since its value was last replaced, by position.
    fn added_to(&self) -> impl Iterator<Item = (usize, &Layer)> {
        let replaced = self.layers.iter().rposition(|layer| layer.what.kind.replaces());
        self.layers.iter().enumerate().skip(replaced.map_or(0, |at| at + 1))
    }

    /// Where the purchases that earn it begin, after a modification that replaced its value.
    #[must_use]
    pub fn restart(&self) -> Option<Number> {
        self.replaced().map(|layer| layer.at)
    }
}

impl AsBooked {
    /// Takes in a finding about an award, perhaps later than its grant; `passed` is the quantity of its supply recognised so far.
    pub(super) fn find(&mut self, id: TrancheId, finding: &Finding, passed: Number, later: bool) {
        if let Finding::Probable(yes) = finding {
            self.probable.insert(id, *yes);
            return;
        }
        let vested = self.vested.contains_key(&id);
        let mut award = self.awards.get(&id).map(|award| (**award).clone()).unwrap_or_default();
        match finding {
            Finding::Probable(_) => {}
            Finding::Account(word) => {
                if award.carry.word.as_ref() != Some(word) {
                    let value = award.carry.current.clone();
                    award.carry.turn(word, value);
                    award.carry.turned = later;
                }
            }
            Finding::Value(value) => {
                award.current = Some(value.clone());
                award.values.push((passed, value.clone()));
                if !award.carry.lapsed {
                    award.carry.current = Some(value.clone());
                }
            }
            Finding::Measured(value) => award.fixed = value.clone().or_else(|| award.current.clone()),
            Finding::Estimate(name, value) => {
                award.estimates.insert(name.clone(), value.clone());
            }
            Finding::Expected(value) => award.expected = Some(value.clone()),
            Finding::Outcome(name) => award.outcome = Some(name.clone()),
            // Of supplies.
            Finding::Collectible(_) | Finding::Refundable(_) => {}
            Finding::Left(what) => {
                if let Some(value) = &what.value {
                    award.current = Some(value.clone());
                }
                let current = award.current.clone();
                // Said again, it is another account only.
                if !award.carry.has_left() {
                    award.carry.left = Some(Arc::new(award.carry.clone()));
                    award.carry.turns.clear();
                }
                award.carry.current.clone_from(&current);
                award.carry.turn(&what.word, current);
            }
            Finding::Modified(what) => {
                award.layers.push(Layer { what: (**what).clone(), at: passed, vested });
                award.carry.layers = award.layers.len();
                // What it is worth after the change is what a liability is carried at.
                if let Some((_, after)) = what.values.as_ref().filter(|_| !award.carry.lapsed) {
                    award.carry.current = Some(after.clone());
                }
            }
        }
        self.awards.insert(id, Arc::new(award));
    }

    /// A tranche vested: its value then is the last one stated.
    pub(super) fn measured_at_vesting(&mut self, id: TrancheId) {
        self.change(id, |award| award.at_vesting.clone_from(&award.current));
    }

    /// Rights were exercised, or lapsed after vesting: their part is carried as it was.
    pub(super) fn used(&mut self, id: TrancheId, shares: Number, of: Number) {
        let mut award = self.awards.get(&id).map(|award| (**award).clone()).unwrap_or_default();
        award.used.push((shares, of, award.carry.clone()));
        self.awards.insert(id, Arc::new(award));
    }

    /// What had vested lapsed: nothing is owed any more.
    pub(super) fn expired(&mut self, id: TrancheId) {
        self.change(id, |award| award.carry.lapsed = true);
    }

    /// The measurement of what was measured until vesting stands from now on.
    pub(super) fn fix(&mut self) {
        let ids: Vec<TrancheId> = self.awards.iter().map(|(id, _)| id).collect();
        for id in ids {
            let vested = self.vested.contains_key(&id);
            self.change(id, |award| {
                let last = if vested { &award.at_vesting } else { &award.current };
                award.fixed = award.fixed.take().or_else(|| last.clone());
            });
        }
    }

    fn change(&mut self, id: TrancheId, f: impl FnOnce(&mut Award)) {
        if let Some(award) = self.awards.get(&id) {
            let mut award = (**award).clone();
            f(&mut award);
            self.awards.insert(id, Arc::new(award));
        }
    }
}

impl Bookkeeper<'_> {
    /// What a tranche will cost in all, as the book measures it in a state: its value and what modifications added; of one that lapsed
    /// for want of purchases only what has vested of it.
    ///
    /// # Errors
    /// Arithmetic.
    pub fn award_cost(&self, assumptions: &impl Assumptions, state: &BookState, id: TrancheId) -> Result<Value, Fault> {
        let Some(tranche) = self.terms.tranches.get(id.index()) else { return Ok(Value::ZERO) };
        let methods = self.methods(assumptions, state);
        if let Some(conceded) = methods.conceded(id, tranche)? {
            return conceded.rounded(self.cents());
        }
        let when = self.choice(&"measurement".into(), state);
        let (mut value, _) = methods.measured(id, tranche, &when)?;
        if let Some(award) = methods.award(id) {
            for (at, layer) in award.added_to() {
                if let Some(added) = layer.added(assumptions)? {
                    let part = methods.reached(award, at, false)?;
                    value = value.plus(Exact::from_value(&added)?.times(part)?.rounded(crate::terms::DIVISION)?)?;
                }
            }
        }
        if state.booked.failed.contains_key(&id) {
            let (_, left) = methods.probable::<Exact>(id, tranche, &self.choice(&"purchases".into(), state))?;
            value = Exact::from_value(&value)?.times(left)?.rounded(crate::terms::DIVISION)?;
        }
        Value::Known(tranche.size).times(value)
    }
}

impl Layer {
    /// What it added per share; nothing where it replaced the value.
    fn added(&self, assumptions: &impl Assumptions) -> Result<Option<Value>, Fault> {
        let Some((before, after)) = self.what.values.as_ref().filter(|_| !self.what.kind.replaces()) else {
            return Ok(None);
        };
        let added = after.value(assumptions)?.minus(before.value(assumptions)?)?;
        added.map(|n| Ok(n.clamp_zero())).map(Some)
    }
}

impl<A: Assumptions> Methods<'_, A> {
    pub(super) fn award(&self, id: TrancheId) -> Option<&Award> {
        self.booked.awards.get(&id).map(|award| &**award)
    }

    /// `fair_value(t, …)`: what a right was measured at, is worth now, or is carried at.
    pub(super) fn fair_value<R: Record>(
        &self,
        id: TrancheId,
        tranche: &Tranche,
        when: &str,
        more: &[Arc<str>],
    ) -> Result<R, Fault> {
        let next = more.first().map_or("", |arg| &**arg);
        // What was equity from the beginning is carried at what it was measured at.
        if when == "carried" && !next.is_empty() && !self.was_owed(id) {
            return self.fair_value(id, tranche, next, more.get(1..).unwrap_or_default());
        }
        if when == "as_purchased" && self.award(id).is_some_and(|award| !award.values.is_empty()) {
            return self.as_purchased(id, tranche, next);
        }
        let (value, note) = match when {
            "current" => self.current(id, tranche)?,
            "carried" => (self.carried(id, tranche)?, "as classified".into()),
            _ => self.measured(id, tranche, when)?,
        };
        let value = Exact::from_value(&value)?;
        let noted = || Some(note.into()).filter(|note: &Arc<str>| !note.is_empty());
        Ok(R::of(|| format!("fair_value({}, {when})", tranche.path), value, noted, []))
    }

    /// The value that cost is measured at.
    pub(super) fn measured(&self, id: TrancheId, tranche: &Tranche, when: &str) -> Result<(Value, String), Fault> {
        let award = self.award(id);
        if let Some((_, after)) = award.and_then(Award::replaced).and_then(|layer| layer.what.values.as_ref()) {
            return Ok((after.value(self.assumptions)?, "value on the day of the modification".into()));
        }
        if let Some(fixed) = award.and_then(|award| award.fixed.as_ref()) {
            return Ok((fixed.value(self.assumptions)?, "measured on a later day".into()));
        }
        let open = matches!(tranche.fair_value.kind, FormulaKind::Undisclosed(_));
        let vested = self.booked.vested.contains_key(&id);
        let later = match when {
            "until_vested" if vested => award.and_then(|award| award.at_vesting.as_ref()),
            "until_vested" => award.and_then(|award| award.current.as_ref()),
            _ if open => award.and_then(|award| award.current.as_ref()),
            _ => None,
        };
        if let Some(later) = later {
            return Ok((later.value(self.assumptions)?, "estimate: measurement is not final".into()));
        }
        let judged =
            award.and_then(|award| award.outcome.as_ref()).and_then(|name| Some((name, tranche.outcome(name)?)));
        let market = tranche.outcome("market").filter(|_| tranche.vests_by_market());
        match (judged, market) {
            (Some((name, value)), _) => Ok((value.value(self.assumptions)?, format!("outcome {name}"))),
            (None, Some(value)) if !self.expects(id, tranche)? => {
                Ok((value.value(self.assumptions)?, "purchases not probable: with the market condition".into()))
            }
            _ => Ok((tranche.fair_value.value(self.assumptions)?, String::new())),
        }
    }

    /// The last value stated, else the one it was measured at.
    fn current(&self, id: TrancheId, tranche: &Tranche) -> Result<(Value, String), Fault> {
        // No later word changes what lapsed.
        let stated =
            |award: &'_ Award| if award.carry.lapsed { award.carry.current.clone() } else { award.current.clone() };
        match self.award(id).and_then(stated) {
            Some(current) => Ok((current.value(self.assumptions)?, "last value stated".into())),
            None => self.measured(id, tranche, "grant"),
        }
    }

    /// A liability at its current value, equity at the value it had when it became equity. What was exercised stays as
    /// it was on its day.
    fn carried(&self, id: TrancheId, tranche: &Tranche) -> Result<Value, Fault> {
        self.spread(id, tranche, |carry| self.carry(id, tranche, carry))
    }

    /// What a holder's rights are worth: the last value stated; of what was exercised or lapsed, that of its day.
    pub(super) fn worth(&self, id: TrancheId, tranche: &Tranche) -> Result<Value, Fault> {
        self.spread(id, tranche, |carry| match &carry.current {
            Some(current) => current.value(self.assumptions),
            None => Ok(self.measured(id, tranche, "grant")?.0),
        })
    }

    /// A value per share over what was exercised, each part as it was on its day, and what is left.
    pub(super) fn spread(
        &self,
        id: TrancheId,
        tranche: &Tranche,
        carried: impl Fn(&Carry) -> Result<Value, Fault>,
    ) -> Result<Value, Fault> {
        let Some(award) = self.award(id) else { return Ok(self.measured(id, tranche, "grant")?.0) };
        let mut left = Exact::ONE;
        let mut sum = Exact::ZERO;
        for (shares, of, carry) in &award.used {
            let part = left.clone().times(Exact::Known(Ratio::new(*shares, *of)?))?;
            sum = sum.plus(part.clone().times(Exact::from_value(&carried(carry)?)?)?)?;
            left = left.minus(part)?;
        }
        if award.used.is_empty() {
            return carried(&award.carry);
        }
        let now = Exact::from_value(&carried(&award.carry)?)?;
        sum.plus(left.times(now)?)?.rounded(crate::terms::DIVISION)
    }

    /// As an award: once it is none, what it was carried at then.
    pub(super) fn carry(&self, id: TrancheId, tranche: &Tranche, carry: &Carry) -> Result<Value, Fault> {
        let carry = carry.award().unwrap_or(carry);
        let stated = |value: &Option<Formula>| match value {
            Some(value) => value.value(self.assumptions),
            None => Ok(self.measured(id, tranche, "grant")?.0),
        };
        match carry.turns.last() {
            _ if self.owed(carry.word.as_ref()) && carry.lapsed => Ok(Value::ZERO),
            _ if self.owed(carry.word.as_ref()) => stated(&carry.current),
            Some(turn) if self.owed(turn.before.as_ref()) => stated(&turn.value),
            _ => Ok(self.measured(id, tranche, "grant")?.0),
        }
    }

    /// `turned(t)`: 1 for an award that was equity after the day of its grant and is a liability now: its cost is never less
    /// than it was (ASC 718-20-35-3).
    pub(super) fn turned<R: Record>(&self, id: TrancheId, tranche: &Tranche) -> Result<R, Fault> {
        let turned = self.award(id).is_some_and(|award| {
            let carry = award.carry.award().unwrap_or(&award.carry);
            carry.turned && !self.owed(carry.former_word()) && self.owed(carry.word.as_ref())
        });
        let value = if turned { Exact::ONE } else { Exact::ZERO };
        Ok(R::of(|| format!("turned({})", tranche.path), value, || None, []))
    }

    /// Whether an award is a liability or was one, as a whole or for a part that was exercised.
    fn was_owed(&self, id: TrancheId) -> bool {
        let owed = |carry: &Carry| {
            let carry = carry.award().unwrap_or(carry);
            self.owed(carry.former_word()) || self.owed(carry.word.as_ref())
        };
        self.award(id).is_some_and(|award| owed(&award.carry) || award.used.iter().any(|(.., carry)| owed(carry)))
    }

    /// Whether a word chooses a liability of the book.
    pub(super) fn owed(&self, word: Option<&Arc<str>>) -> bool {
        let Some(word) = word else { return false };
        let class = |position: &usize| self.book.accounts.get(*position);
        let chosen = self.book.judged.iter().flat_map(|judged| &judged.choices).filter_map(class);
        chosen.filter(|account| account.name.ends_with(&**word)).any(|account| account.class == AccountClass::Liability)
    }

    /// `increment(t, attribution)`: what modifications added, per share, earned by the purchases after them; `carried`: of that,
    /// what the value it is carried at has in it.
    pub(super) fn increment<R: Record>(&self, id: TrancheId, tranche: &Tranche, args: &[Arc<str>]) -> Result<R, Fault> {
        let passed = self.booked.purchased(self.terms, id);
        let policy = args.first().map_or("", |arg| &**arg);
        let carried = args.get(1).is_some_and(|arg| &**arg == "carried");
        let (sum, parts) = self.increments(id, tranche, policy, passed, carried)?;
        let word = if carried { ", carried" } else { "" };
        Ok(R::sum(|| format!("increment({}, {policy}{word})", tranche.path), sum, parts))
    }

    pub(super) fn increments(
        &self,
        id: TrancheId,
        tranche: &Tranche,
        policy: &str,
        passed: Number,
        carried: bool,
    ) -> Result<Parts, Fault> {
        let mut sum = Exact::ZERO;
        let mut parts = Vec::new();
        let Some(award) = self.award(id) else { return Ok((sum, parts)) };
        for (at, layer) in award.added_to() {
            let Some(added) = layer.added(self.assumptions)? else { continue };
            let added = Exact::from_value(&added)?.times(self.reached(award, at, carried)?)?;
            let share = match layer.vested {
                true => Exact::ONE,
                false => self.earned_since(id, tranche, policy, Some(layer.at), passed)?,
            };
            let earned = added.times(share)?;
            sum = sum.plus(earned.clone())?;
            parts.push((format!("added by modification {}", layer.what.kind.word()).into(), earned));
        }
        Ok((sum, parts))
    }

    /// The part of the rights that a modification is of, all that were left then; `within`: of these the ones whose carrying
    /// amount is a value that has it in it, as that of a liability has.
    fn reached(&self, award: &Award, layer: usize, within: bool) -> Result<Exact, Fault> {
        let counts = |carry: &Carry| !within || self.taken_in(carry) > layer;
        let (mut left, mut sum) = (Exact::ONE, Exact::ZERO);
        for (shares, of, carry) in &award.used {
            let part = left.clone().times(Exact::Known(Ratio::new(*shares, *of)?))?;
            if carry.layers > layer && counts(carry) {
                sum = sum.plus(part.clone())?;
            }
            left = left.minus(part)?;
        }
        if counts(&award.carry) { sum.plus(left) } else { Ok(sum) }
    }

    /// How many modifications the value has in it that rights are carried at.
    fn taken_in(&self, carry: &Carry) -> usize {
        let carry = carry.award().unwrap_or(carry);
        match carry.turns.last() {
            _ if self.owed(carry.word.as_ref()) => carry.layers,
            Some(turn) if self.owed(turn.before.as_ref()) => turn.layers,
            _ => 0,
        }
    }

    /// What modifications added that the value has not in it that an award was carried at when it left.
    pub(super) fn added_beyond(&self, id: TrancheId, tranche: &Tranche, policy: &str) -> Result<Exact, Fault> {
        let passed = self.booked.purchased(self.terms, id);
        let all = self.increments(id, tranche, policy, passed, false)?.0;
        all.minus(self.increments(id, tranche, policy, passed, true)?.0)
    }
}
