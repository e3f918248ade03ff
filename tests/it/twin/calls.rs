//! Section 3: what investments call, and what pays for it.

use std::sync::Arc;

use proforma::engine::RefusalKind;
use proforma::num::{Mode, Number, Rounding, Unit};
use proforma::terms::{Basis, Fact, Funding, Investment, PartyId, TrancheId};
use proforma::time::Date;

use super::belief::Seen;
use super::gates::Answer;
use super::world::{Heard, World, put};

/// Money that was called.
#[derive(Clone, Debug)]
pub struct Call {
    pub tranche: TrancheId,
    pub day: Date,
    pub due: Date,
    pub amount: Number,
    /// What is still to be paid, by whomever.
    pub open: Number,
    pub actual: bool,
}

/// Of an amount, by running totals of the investors' shares.
fn parts(investment: &Investment, amount: Number) -> Vec<Number> {
    let places = Unit::of(&investment.currency).precision().unwrap();
    let (mut share, mut before) = (Number::ZERO, Number::ZERO);
    investment
        .investors
        .iter()
        .map(|(_, part)| {
            share = share.plus(*part).unwrap();
            let upto = amount.times(share).unwrap().round(Rounding::new(places, Mode::HalfUp));
            let mine = upto.minus(before).unwrap();
            before = upto;
            mine
        })
        .collect()
}

impl World<'_> {
    /// Money still locked is called.
    pub fn called(&mut self, investment: &Investment, id: TrancheId, amount: Number, actual: bool) {
        let day = self.day;
        let r = self.rights.get_mut(&id).unwrap();
        r.locked = r.locked.minus(amount).unwrap();
        r.released = r.released.plus(amount).unwrap();
        r.vested_on.get_or_insert(day);
        r.hoped |= !actual;
        let due = day.plus_days(investment.days);
        self.calls.push(Call { tranche: id, day, due, amount, open: amount, actual });
    }

    /// The day after a deadline: a part is called after all, the rest lapses.
    pub fn deadlines(&mut self) {
        let ids: Vec<TrancheId> = self.rights.keys().copied().collect();
        for id in ids {
            let tranche = &self.terms.tranches[id.index()];
            let (Some(by), Some(reduced)) = (tranche.by, tranche.call.reduced) else { continue };
            if by.next() == self.day {
                let amount = reduced.min(self.rights[&id].locked);
                if amount.is_positive() {
                    let investment = self.terms.investment_of(id).unwrap();
                    self.called(investment, id, amount, self.by_terms());
                    self.lapse(id, false);
                    // It was called, if only in part.
                    self.rights.get_mut(&id).unwrap().lapsed_on = None;
                }
            }
        }
    }

    /// A `call` line.
    pub fn call(&mut self, s: &Seen) {
        let Some(Fact::Call { tranche: id, amount, .. }) = &s.line.fact else { return };
        let tranche = &self.terms.tranches[id.index()];
        let locked = self.rights.get(id).map(|r| r.locked).unwrap_or_default();
        let asked = if amount.is_some() { self.positive(s) } else { Some(locked) };
        let refused = match asked {
            _ if self.ended.contains_key(&self.contract(*id)) => Err(RefusalKind::ContractEnded),
            _ if self.unsigned(s) => Err(RefusalKind::BeforeSigning),
            None => Err(RefusalKind::NoQuantity),
            _ if tranche.call.by.is_none() => Err(RefusalKind::CallNotChosen),
            _ if self.answer(&tranche.vests, *id) != Answer::Met => Err(RefusalKind::CallBeforeCondition),
            Some(n) if n > locked || locked.is_zero() => Err(RefusalKind::CallAboveCommitment),
            Some(n) => Ok(n),
        };
        match refused {
            Err(kind) => self.refuse(s, kind),
            Ok(n) => {
                // Who calls knows; what met the condition is not asked.
                let actual = s.line.basis == Basis::Actual;
                self.called(self.terms.investment_of(*id).unwrap(), *id, n, actual);
            }
        }
    }

    /// Phase 6, after bills: lines, then what is assumed funded.
    pub fn fundings(&mut self, lines: &[&Seen]) {
        for s in lines {
            if let Some(Fact::Fund { tranche, by, .. }) = s.line.fact
                && let Err(kind) = self.fund(s, tranche, by)
            {
                self.refuse(s, kind);
            }
        }
        let due: Vec<usize> = (0..self.calls.len()).filter(|n| self.calls[*n].due == self.day).collect();
        for n in due {
            let call = self.calls[n].clone();
            if !call.actual && call.open.is_positive() && !self.funded_later(call.tranche) {
                self.calls[n].open = Number::ZERO;
                let parts = self.shared(call.tranche, call.open);
                // Nobody asked: what a line would be refused for leaves the shares unknown.
                let buys = self.buys(call.tranche, &parts, false);
                let buys = buys.unwrap_or_else(|_| vec![(None, Number::ZERO); parts.len()]);
                self.pay_in(call.tranche, &parts, &buys, false);
            }
        }
    }

    /// An actual payment of the tranche today or later is known.
    fn funded_later(&self, id: TrancheId) -> bool {
        self.belief.lines.iter().any(|s| {
            s.line.basis == Basis::Actual
                && s.line.date >= self.day
                && matches!(s.line.fact, Some(Fact::Fund { tranche, .. }) if tranche == id)
        })
    }

    fn fund(&mut self, s: &Seen, id: TrancheId, by: Option<PartyId>) -> Result<(), RefusalKind> {
        if self.unsigned(s) {
            return Err(RefusalKind::BeforeSigning);
        }
        let amount = self.positive(s).ok_or(RefusalKind::NoQuantity)?;
        let actual = s.line.basis == Basis::Actual;
        let promised = self.only_promised(id, actual);
        let open = Number::sum(self.calls.iter().filter(|c| c.tranche == id).map(|c| c.open)).unwrap();
        if amount > if promised { open } else { self.rights[&id].released } {
            return Err(RefusalKind::FundAboveCalled);
        }
        let parts = match by {
            None => self.shared(id, amount),
            Some(by) => {
                let investors = &self.terms.investment_of(id).unwrap().investors;
                let k = investors.iter().position(|(p, _)| *p == by).unwrap();
                if amount > self.owed(id)[k] {
                    return Err(RefusalKind::FundAboveCalled);
                }
                (0..investors.len()).map(|n| if n == k { amount } else { Number::ZERO }).collect()
            }
        };
        let buys = self.buys(id, &parts, actual)?;
        let mut mine: Vec<usize> = (0..self.calls.len()).filter(|n| self.calls[*n].tranche == id).collect();
        mine.sort_by_key(|n| (self.calls[*n].due, *n));
        let mut left = amount;
        for n in mine {
            let paid = left.min(self.calls[n].open);
            self.calls[n].open = self.calls[n].open.minus(paid).unwrap();
            left = left.minus(paid).unwrap();
        }
        self.pay_in(id, &parts, &buys, actual);
        Ok(())
    }

    fn only_promised(&self, id: TrancheId, actual: bool) -> bool {
        !actual && !self.terms.investment_of(id).unwrap().standing.is_owed()
    }

    /// What each investor has still to pay of everything called.
    fn owed(&self, id: TrancheId) -> Vec<Number> {
        let r = &self.rights[&id];
        let called = parts(self.terms.investment_of(id).unwrap(), r.released.plus(r.used).unwrap());
        let paid = |k: usize| self.paid.get(&(id, k)).copied().unwrap_or_default();
        called.iter().enumerate().map(|(k, part)| part.minus(paid(k)).unwrap()).collect()
    }

    /// An amount in proportion to what each has still to pay: running totals, rounded.
    fn shared(&self, id: TrancheId, amount: Number) -> Vec<Number> {
        let owed = self.owed(id);
        let whole = Number::sum(owed.iter().copied()).unwrap();
        let (mut upto, mut before) = (Number::ZERO, Number::ZERO);
        let part = |owed: &Number| {
            upto = upto.plus(*owed).unwrap();
            let to = amount.ratio_of(upto, whole, Rounding::CENTS).unwrap();
            let mine = to.minus(before).unwrap();
            before = to;
            mine
        };
        owed.iter().map(part).collect()
    }

    /// Shares bought and shares given for each part, or why not.
    fn buys(
        &self,
        id: TrancheId,
        parts: &[Number],
        actual: bool,
    ) -> Result<Vec<(Option<Number>, Number)>, RefusalKind> {
        let investment = self.terms.investment_of(id).unwrap();
        let (mut buys, mut new, mut own) = (Vec::new(), Number::ZERO, Number::ZERO);
        let none = self.only_promised(id, actual);
        for amount in parts {
            if none || amount.is_zero() {
                buys.push((None, Number::ZERO));
                continue;
            }
            let issued = self.bought(investment, *amount)?;
            let mut given = Number::ZERO;
            if let Funding::Shares(class) = investment.funding {
                let close = self.close(class).ok_or(RefusalKind::NoPrice)?;
                given = amount.over(close, Rounding::WHOLE_DOWN).unwrap();
                own = own.plus(given).unwrap();
            }
            new = new.plus(issued.unwrap_or_default()).unwrap();
            if issued.is_some() && self.above_authorised(investment.class, new) {
                return Err(RefusalKind::AboveAuthorised);
            }
            if matches!(investment.funding, Funding::Shares(class) if self.above_authorised(class, own)) {
                return Err(RefusalKind::AboveAuthorised);
            }
            buys.push((issued, given));
        }
        Ok(buys)
    }

    /// Investors pay their parts.
    fn pay_in(&mut self, id: TrancheId, parts: &[Number], buys: &[(Option<Number>, Number)], actual: bool) {
        for (k, (amount, (issued, given))) in parts.iter().zip(buys).enumerate() {
            if amount.is_positive() {
                self.part_in(id, k, *amount, (*issued, *given), actual);
            }
        }
    }

    fn part_in(&mut self, id: TrancheId, k: usize, amount: Number, buys: (Option<Number>, Number), actual: bool) {
        let investment = self.terms.investment_of(id).unwrap();
        let (investor, company) = (investment.investors[k].0, investment.company);
        let currency = &investment.currency;
        let path = &self.terms.tranches[id.index()].path;
        let by = &self.terms.parties[investor.index()].name;
        let told = format!("funded {path} {} by {by} {amount}", self.day);
        if self.only_promised(id, actual) {
            put(&mut self.promised, investor, currency, amount.neg());
            put(&mut self.promised, company, currency, amount);
            self.funded.push(format!("{told} promised"));
            return;
        }
        let (issued, given) = buys;
        if let Funding::Shares(class) = investment.funding {
            self.give(class, Some(company), given);
        }
        match issued {
            Some(issued) => self.give(investment.class, Some(investor), issued),
            None => drop(self.uncounted.insert(investment.class)),
        }
        match investment.funding {
            Funding::Cash => {
                self.pay(investor, currency, amount.neg());
                self.pay(company, currency, amount);
            }
            Funding::Capacity => put(&mut self.capacity, company, &Arc::clone(path), amount),
            Funding::Shares(_) | Funding::Nothing => {}
        }
        let paid = self.paid.entry((id, k)).or_default();
        *paid = paid.plus(amount).unwrap();
        let r = self.rights.get_mut(&id).unwrap();
        r.released = r.released.minus(amount).unwrap();
        r.used = r.used.plus(amount).unwrap();
        r.hoped |= !actual;
        let shares = issued.map_or_else(|| "undisclosed".to_owned(), |n| n.to_string());
        self.funded.push(format!("{told} for {shares}, {given} given"));
        self.heard.push(Heard::Funded(id, amount));
    }
}
