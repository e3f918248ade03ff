//! Sections 4 and 5: conditions, exercises, splits.

use std::cmp::Ordering;

use proforma::engine::RefusalKind;
use proforma::num::{Mode, Number, Rounding};
use proforma::terms::{
    Basis, ClassId, Compare, CounterId, Fact, Gate, Leaf, PriceMeasureId, Stage, Test, TrancheId, Value,
};
use proforma::time::Date;

use super::belief::{Seen, calendar};
use super::world::{Event, Heard, World};

/// The four answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Met,
    Pending,
    Undetermined,
    Impossible,
}

impl World<'_> {
    /// Latches and tranches, again and again until nothing moves.
    pub fn gates(&mut self) {
        let ids: Vec<TrancheId> = self.rights.keys().copied().collect();
        loop {
            let mut moved = false;
            for id in &ids {
                let tranche = &self.terms.tranches[id.index()];
                self.listen(&tranche.vests, *id, &mut moved);
                if let Some(gate) = &tranche.exercisable {
                    self.listen(gate, *id, &mut moved);
                }
                // A contract that ended, even before the grant, releases nothing.
                let over = self.ended.contains_key(&self.contract(*id));
                let (day, vests) = (self.day, !over && self.answer(&tranche.vests, *id) == Answer::Met);
                let clears = tranche.exercisable.as_ref().is_none_or(|g| self.answer(g, *id) == Answer::Met);
                if let Some(investment) = self.terms.investment_of(*id) {
                    let locked = self.rights[id].locked;
                    if vests && tranche.call.by.is_none() && locked.is_positive() {
                        let sure = self.sure(&tranche.vests, *id);
                        self.called(investment, *id, locked, sure);
                        moved = true;
                    }
                    continue;
                }
                let sure = !vests || self.sure(&tranche.vests, *id);
                let r = self.rights.get_mut(id).unwrap();
                if vests && r.locked.is_positive() {
                    r.released = std::mem::take(&mut r.locked);
                    r.vested_on = Some(day);
                    r.hoped |= !sure;
                    moved = true;
                }
                if clears && r.released.is_positive() {
                    r.cleared = r.cleared.plus(std::mem::take(&mut r.released)).unwrap();
                    r.cleared_on = Some(day);
                    moved = true;
                }
            }
            if !moved {
                return;
            }
        }
    }

    /// Closes the latches that are met today.
    fn listen(&mut self, gate: &Gate, of: TrancheId, moved: &mut bool) {
        match gate {
            Gate::All(gates) | Gate::Any(gates) => gates.iter().for_each(|g| self.listen(g, of, moved)),
            Gate::Latched { id, inner, since, .. } => {
                self.listen(inner, of, moved);
                let open = !self.latched.contains_key(id) && since.is_none_or(|since| self.day >= since);
                if open && self.answer(inner, of) == Answer::Met {
                    self.latched.insert(*id, self.sure(inner, of));
                    *moved = true;
                }
            }
            Gate::Leaf(_) => {}
        }
    }

    pub fn answer(&self, gate: &Gate, of: TrancheId) -> Answer {
        use Answer::{Impossible, Met, Pending, Undetermined};
        match gate {
            Gate::All(gates) => {
                let all: Vec<Answer> = gates.iter().map(|g| self.answer(g, of)).collect();
                [Impossible, Pending, Undetermined].into_iter().find(|a| all.contains(a)).unwrap_or(Met)
            }
            Gate::Any(gates) => {
                let all: Vec<Answer> = gates.iter().map(|g| self.answer(g, of)).collect();
                match () {
                    () if all.contains(&Met) => Met,
                    () if all.iter().all(|a| *a == Impossible) => Impossible,
                    () if all.contains(&Undetermined) => Undetermined,
                    () => Pending,
                }
            }
            Gate::Latched { id, .. } if self.latched.contains_key(id) => Met,
            Gate::Latched { inner, since, .. } => match self.answer(inner, of) {
                Met if since.is_some_and(|since| self.day < since) => Pending,
                answer => answer,
            },
            Gate::Leaf(leaf) => self.test(leaf, of),
        }
    }

    fn test(&self, leaf: &Leaf, of: TrancheId) -> Answer {
        let when = |met: bool| if met { Answer::Met } else { Answer::Pending };
        match &leaf.test {
            Test::Counter(counter, op, threshold) => {
                let Value::Known(threshold) = threshold.value(self.belief).unwrap() else {
                    return Answer::Undetermined;
                };
                let over = self.terms.counters[counter.index()].until.is_some_and(|until| until < self.day);
                match op.holds(self.counter(*counter).cmp(&threshold)) {
                    true => Answer::Met,
                    false if over => Answer::Impossible,
                    false => Answer::Pending,
                }
            }
            Test::Price(measure, op, threshold) => {
                let Value::Known(threshold) = threshold.value(self.belief).unwrap() else {
                    return Answer::Undetermined;
                };
                self.price_test(*measure, *op, threshold, self.terms.granted(&self.terms.tranches[of.index()]).unwrap())
            }
            Test::Date(date) => when(self.day >= *date),
            Test::Attested(name) => when(self.attested.iter().any(|(t, n, _)| *t == of && n == name)),
            Test::Reached(other, stage) => when(self.rights.get(other).is_some_and(|r| match stage {
                Stage::Locked => true,
                Stage::Released => r.vested_on.is_some(),
                Stage::Cleared => r.cleared_on.is_some(),
                Stage::Used => r.used.is_positive(),
                Stage::Lapsed => r.lapsed.is_positive(),
            })),
        }
    }

    /// The total of a counter, from all events.
    pub fn counter(&self, id: CounterId) -> Number {
        Number::sum(self.counted(id).map(|e| e.quantity)).unwrap()
    }

    /// The events a counter has counted.
    pub fn counted(&self, id: CounterId) -> impl Iterator<Item = &Event> {
        let c = &self.terms.counters[id.index()];
        self.events.iter().filter(move |e| {
            e.supply == c.supply
                && e.trigger == c.trigger
                && c.since.is_none_or(|since| e.day >= since)
                && c.until.is_none_or(|until| e.day <= until)
                && c.by.as_ref().is_none_or(|names| e.by.iter().any(|n| names.contains(n)))
        })
    }

    fn price_test(&self, measure: PriceMeasureId, op: Compare, threshold: Number, granted: Date) -> Answer {
        let m = &self.terms.price_measures[measure.index()];
        let none = std::collections::BTreeMap::new();
        let closes = self.belief.closes.get(&m.class).unwrap_or(&none);
        let calendar = calendar(self.terms, m.class);
        let mut day = calendar.on_or_before(self.day);
        // After the last close nothing has happened; without any close nothing ever did.
        if closes.last_key_value().is_none_or(|(last, _)| day > *last) {
            return Answer::Pending;
        }
        // Everything is brought to shares of the grant day by multiplying both sides with the other's splits.
        let (up_grant, down_grant) = self.splits_until(m.class, granted.prev(), m.adjusts);
        let mut sum = Number::ZERO;
        let mut common = Vec::new();
        for _ in 0..m.window {
            let Some(close) = closes.get(&day) else { return Answer::Undetermined };
            common.push((*close, self.splits_until(m.class, day, m.adjusts)));
            day = calendar.on_or_before(day.prev());
        }
        let (_, denominator) = self.splits_until(m.class, self.day, m.adjusts);
        for (close, (up, down)) in common {
            let factor = denominator.over(down, EXACT).unwrap();
            sum = sum.plus(close.times(up).unwrap().times(factor).unwrap()).unwrap();
        }
        let left = sum.times(down_grant).unwrap();
        let n = Number::from_int(i64::from(m.window));
        let right = threshold.times(n).unwrap().times(up_grant).unwrap().times(denominator).unwrap();
        if op.holds(left.cmp(&right)) { Answer::Met } else { Answer::Pending }
    }

    /// New shares for old by all splits up to a day.
    pub fn splits_until(&self, class: ClassId, day: Date, adjusts: bool) -> (Number, Number) {
        let mine = self.splits.iter().filter(|(on, of, _, _)| adjusts && *of == class && *on <= day);
        mine.fold((Number::ONE, Number::ONE), |(up, down), (_, _, new, old)| {
            (up.times(*new).unwrap(), down.times(*old).unwrap())
        })
    }

    pub fn split(&mut self, class: ClassId, new: Number, old: Number) {
        self.splits.push((self.day, class, new, old));
        let more = |n: &mut Number| *n = n.ratio_of(new, old, Rounding::WHOLE_DOWN).unwrap();
        self.shares.iter_mut().filter(|((c, _), _)| *c == class).for_each(|(_, n)| more(n));
        for (id, r) in &mut self.rights {
            if self.terms.warrant_of(*id).is_some_and(|w| w.class == class && w.adjusts) {
                let stages = [&mut r.locked, &mut r.released, &mut r.cleared, &mut r.used, &mut r.lapsed];
                stages.into_iter().for_each(more);
            }
        }
    }

    /// The close of the day or of the last trading day before it.
    pub fn close(&self, class: ClassId) -> Option<Number> {
        self.belief.closes.get(&class)?.get(&calendar(self.terms, class).on_or_before(self.day)).copied()
    }

    /// Phase 5.
    pub fn exercise(&mut self, s: &Seen) {
        let Some(Fact::Exercise { tranche, net, .. }) = s.line.fact else { return };
        match self.try_exercise(s, tranche, net) {
            Err(kind) => self.refused.push((s.id, kind)),
            Ok((rights, issued, paid)) => {
                let warrant = self.terms.warrant_of(tranche).unwrap();
                let (class, issuer, holder) = (warrant.class, warrant.issuer, warrant.holder);
                let r = self.rights.get_mut(&tranche).unwrap();
                let of = r.cleared;
                r.cleared = r.cleared.minus(rights).unwrap();
                r.used = r.used.plus(rights).unwrap();
                r.hoped |= s.line.basis != Basis::Actual;
                self.give(class, Some(holder), issued);
                let home = &self.terms.parties[issuer.index()].currency;
                self.pay(holder, home, paid.neg());
                self.pay(issuer, home, paid);
                self.heard.push(Heard::Exercised { tranche, rights, of });
            }
        }
    }

    /// Rights, shares issued and cash paid.
    fn try_exercise(
        &self,
        s: &Seen,
        tranche: TrancheId,
        net: Option<bool>,
    ) -> Result<(Number, Number, Number), RefusalKind> {
        let warrant = self.terms.warrant_of(tranche).unwrap();
        if self.terms.contracts[warrant.contract.index()].signed.is_some_and(|signed| self.day < signed) {
            return Err(RefusalKind::BeforeSigning);
        }
        if warrant.expires.is_some_and(|last| self.day > last) {
            return Err(RefusalKind::AfterExpiry);
        }
        let n = self.positive(s).ok_or(RefusalKind::NoQuantity)?;
        let net = match net {
            Some(true) if warrant.net => true,
            Some(false) if warrant.cash => false,
            None if warrant.cash != warrant.net => warrant.net,
            _ => return Err(RefusalKind::ExerciseManner),
        };
        let rights = self.rights.get(&tranche).cloned().unwrap_or_default();
        if rights.vested_on.is_none() {
            return Err(RefusalKind::ExerciseBeforeVesting);
        }
        if rights.cleared_on.is_none() {
            return Err(RefusalKind::ExerciseBeforeClearing);
        }
        if n > rights.cleared {
            return Err(RefusalKind::ExerciseAboveCleared);
        }
        let strike = warrant.strike.value(self.belief).unwrap().known().ok_or(RefusalKind::NoStrike)?;
        // Splits since the grant divide the strike: strike * old / new.
        let since = self
            .splits
            .iter()
            .filter(|(on, of, _, _)| warrant.adjusts && *of == warrant.class && *on >= warrant.granted);
        let (up, down) = since.fold((Number::ONE, Number::ONE), |(up, down), (_, _, new, old)| {
            (up.times(*new).unwrap(), down.times(*old).unwrap())
        });
        let cost = n.times(strike).unwrap().times(down).unwrap();
        let (issued, paid) = if net {
            let close = self.close(warrant.class).ok_or(RefusalKind::NoPrice)?;
            let (worth, dear) = (close.times(up).unwrap(), strike.times(down).unwrap());
            if worth.cmp(&dear) != Ordering::Greater {
                return Err(RefusalKind::OutOfTheMoney);
            }
            (n.ratio_of(worth.minus(dear).unwrap(), worth, Rounding::WHOLE_DOWN).unwrap(), Number::ZERO)
        } else {
            (n, cost.over(up, Rounding::CENTS).unwrap())
        };
        if self.above_authorised(warrant.class, issued) {
            return Err(RefusalKind::AboveAuthorised);
        }
        Ok((n, issued, paid))
    }
}

/// The dates a condition names.
pub fn dates(gate: &Gate) -> Vec<Date> {
    let mut leaves = Vec::new();
    gate.leaves(&mut leaves);
    let dates = leaves.iter().filter_map(|leaf| match leaf.test {
        Test::Date(date) => Some(date),
        _ => None,
    });
    dates.collect()
}

const EXACT: Rounding = Rounding::new(28, Mode::Down);
