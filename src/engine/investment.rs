//! Investments: promised, called, funded.

use std::collections::BTreeSet;

use super::issue::{Issue, Refused};
use super::step::{Day, Engine, Fault};
use super::strike::Issued;
use super::{Act, Called, InputLine, RefusalKind, State};
use crate::ledger::{Draft, Parent};
use crate::num::{self, Number, Rounding};
use crate::terms::{Basis, Fact, Funding, Investment, PartyId, Stage, Tranche, TrancheId, Value};

impl Engine<'_> {
    /// On the day of signing the money is promised, all of it locked.
    pub(super) fn commit(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for id in self.dated.get(&day.date).map_or(&[][..], |d| &d.commits) {
            let Some(investment) = self.terms.investments.get(id.index()) else { continue };
            let Some(committed) = self.committed.get(id.index()).copied() else { continue };
            for tranche in &investment.tranches {
                let Some(terms) = self.terms.tranches.get(tranche.index()) else { continue };
                let Some(locked) = self.stage_account(*tranche, Stage::Locked) else { continue };
                day.state.tranches.insert(*tranche, super::TrancheState::default());
                let draft = Draft::default().transfer(committed, locked, terms.size);
                let act = Act::Committed { tranche: *tranche, amount: terms.size };
                day.record(self, act, &terms.path, vec![Parent::Term(investment.path.clone())], draft)?;
                self.too_late(day, *tranche, terms, investment.contract)?;
            }
        }
        Ok(())
    }

    /// Calls what is left if the condition is met and nobody has to choose.
    pub(super) fn call_if_met(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        terms: &Tranche,
        parents: &BTreeSet<Parent>,
    ) -> Result<bool, Fault> {
        if !self.in_force(day.state, id) {
            return Ok(false);
        }
        let Some((causes, basis)) = self.met(day, id, terms, &terms.vests, parents)? else { return Ok(false) };
        let left = self.stage(day.state, id, Stage::Locked);
        if terms.call.by.is_some() || left.is_zero() {
            return Ok(false);
        }
        self.call(day, id, terms, left, causes, basis)
    }

    /// Deadlines that passed yesterday: a part is called after all, the rest lapses.
    pub(super) fn reductions(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for id in self.dated.get(&day.date).map_or(&[][..], |d| &d.reduced) {
            let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
            let Some(reduced) = tranche.call.reduced else { continue };
            let locked = self.stage(day.state, *id, Stage::Locked);
            if !locked.is_positive() || !self.in_force(day.state, *id) {
                continue;
            }
            let called = reduced.min(locked);
            let lost = locked.minus(called).map_err(self.fault(&tranche.path, day.date))?;
            let parent = Parent::Term(tranche.path.clone());
            if lost.is_positive() {
                let draft = self.move_stage(Draft::default(), *id, Stage::Locked, Stage::Lapsed, lost);
                let act = Act::Lapsed { tranche: *id, unvested: lost, vested: Number::ZERO, cancelled: false };
                day.record(self, act, &tranche.path, vec![parent.clone()], draft)?;
            }
            if called.is_positive() {
                self.call(day, *id, tranche, called, vec![parent], Basis::Actual)?;
                for next in self.watch.dependents(*id) {
                    day.dirty.entry(*next).or_default();
                }
            }
        }
        Ok(())
    }

    /// Calls that somebody chose; then whatever waited for them.
    pub(super) fn calls(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for index in self.lines.get(&day.date).map_or(&[][..], Vec::as_slice) {
            let Some(line) = self.inputs.lines.get(*index) else { continue };
            let Some(Fact::Call { tranche: id, amount }) = &line.line.fact else { continue };
            let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
            let fault = self.fault(&tranche.path, day.date);
            let left = self.stage(day.state, *id, Stage::Locked);
            let asked = match amount {
                Some(amount) => self.inputs.quantity(line, amount).map_err(&fault)?.known().unwrap_or_default(),
                None => left,
            };
            if let Some((kind, detail)) = self.check_call(day, *id, tranche, (amount.is_some(), asked), left)? {
                day.refuse(line, kind, &tranche.path, detail);
                continue;
            }
            let parents = vec![Parent::Line(line.id), Parent::Term(tranche.path.clone())];
            self.call(day, *id, tranche, asked, parents, Basis::Actual)?;
            for next in self.watch.dependents(*id) {
                day.dirty.entry(*next).or_default();
            }
        }
        self.gates(day)
    }

    /// `10,000,000 USD`
    fn money_of(&self, id: TrancheId, amount: Number) -> String {
        let currency = self.terms.investment_of(id).map_or("", |i| &*i.currency);
        format!("{} {currency}", amount.grouped())
    }

    fn check_call(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        tranche: &Tranche,
        (stated, asked): (bool, Number),
        left: Number,
    ) -> Result<Option<Refused>, Fault> {
        let refuse = |kind, detail: String| Ok(Some((kind, detail)));
        let money = |n: Number| self.money_of(id, n);
        if !self.in_force(day.state, id) {
            return refuse(RefusalKind::ContractEnded, "nothing more can be called".to_owned());
        }
        if let Some(since) = self.terms.granted(tranche).filter(|since| day.date < *since) {
            return refuse(RefusalKind::BeforeSigning, format!("signed {since}"));
        }
        if stated && !asked.is_positive() {
            return refuse(RefusalKind::NoQuantity, format!("{} asked", money(asked)));
        }
        if tranche.call.by.is_none() {
            return refuse(RefusalKind::CallNotChosen, "its condition calls it".to_owned());
        }
        if self.met(day, id, tranche, &tranche.vests, &BTreeSet::new())?.is_none() {
            return refuse(RefusalKind::CallBeforeCondition, format!("{} asked", money(asked)));
        }
        if asked > left || left.is_zero() {
            return refuse(
                RefusalKind::CallAboveCommitment,
                format!("{} asked, {} left to call", money(asked), money(left)),
            );
        }
        Ok(None)
    }

    fn call(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        terms: &Tranche,
        amount: Number,
        parents: Vec<Parent>,
        basis: Basis,
    ) -> Result<bool, Fault> {
        let due = day.date.plus_days(self.terms.investment_of(id).map_or(0, |i| i.days));
        let mut reached = day.state.tranches.get(&id).cloned().unwrap_or_default();
        reached.vested = reached.vested.or(Some(day.date));
        day.state.tranches.insert(id, reached);
        let draft = self.move_stage(Draft::default(), id, Stage::Locked, Stage::Released, amount);
        let act = Act::Called { tranche: id, amount, due };
        let outcome = day.record_as(self, act, &terms.path, parents, draft, basis)?;
        let basis = day.register.outcomes.get(outcome as usize).map_or(basis, |o| o.basis);
        let mut calls = day.state.calls.get(&id).cloned().unwrap_or_default();
        calls.push_back(Called { due, open: amount, basis, outcome });
        day.reached_by(id, Stage::Released, outcome);
        day.state.calls.insert(id, calls);
        day.agenda.add_call(due, id);
        day.called.insert(id);
        Ok(true)
    }

    /// The day's payments into investments, then forecast calls that fall due, which are assumed funded.
    pub(super) fn fundings(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for index in self.lines.get(&day.date).map_or(&[][..], Vec::as_slice) {
            let Some(line) = self.inputs.lines.get(*index) else { continue };
            let Some(Fact::Fund { tranche: id, amount, by }) = &line.line.fact else { continue };
            let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
            let fault = self.fault(&tranche.path, day.date);
            let amount = self.inputs.quantity(line, amount).map_err(&fault)?.known().unwrap_or_default();
            let promised = self.only_promised(*id, Some(line));
            if let Some((kind, detail)) =
                self.check_funding(day, *id, tranche, amount, *by, promised).map_err(&fault)?
            {
                day.refuse(line, kind, &tranche.path, detail);
                continue;
            }
            self.fund_all(day, *id, tranche, amount, *by, Some(line), Parent::Line(line.id), Basis::Actual)?;
        }
        let mut due = std::mem::take(&mut day.called);
        due.extend(day.agenda.calls(day.date));
        for id in due {
            self.assume_funded(day, id)?;
        }
        self.gates(day)
    }

    fn check_funding(
        &self,
        day: &Day<'_>,
        id: TrancheId,
        tranche: &Tranche,
        amount: Number,
        by: Option<PartyId>,
        promised: bool,
    ) -> Result<Option<Refused>, num::Fault> {
        let refuse = |kind, detail: String| Ok(Some((kind, detail)));
        let money = |n: Number| self.money_of(id, n);
        if let Some(since) = self.terms.granted(tranche).filter(|since| day.date < *since) {
            return refuse(RefusalKind::BeforeSigning, format!("signed {since}"));
        }
        if !amount.is_positive() {
            return refuse(RefusalKind::NoQuantity, format!("{} paid", money(amount)));
        }
        // What is only promised stays called; it is promised once.
        let open = match (promised, day.state.calls.get(&id)) {
            (false, _) => self.stage(day.state, id, Stage::Released),
            (true, calls) => Number::sum(calls.into_iter().flat_map(|calls| calls.iter()).map(|call| call.open))?,
        };
        if amount > open {
            return refuse(
                RefusalKind::FundAboveCalled,
                format!("{} paid, {} called and open", money(amount), money(open)),
            );
        }
        let Some((investor, investment)) = by.zip(self.terms.investment_of(id)) else { return Ok(None) };
        let part = self.due_from(day.state, id, investment, investor)?;
        if amount > part {
            let name = self.party(investor);
            return refuse(
                RefusalKind::FundAboveCalled,
                format!("{} paid, {} open for {name}", money(amount), money(part)),
            );
        }
        Ok(None)
    }

    /// What of the money called an investor has still to fund: its share of all calls, less what it has funded.
    ///
    /// # Errors
    /// Overflow.
    pub fn due_from(
        &self,
        state: &State,
        id: TrancheId,
        investment: &Investment,
        investor: PartyId,
    ) -> Result<Number, num::Fault> {
        let called = self.stage(state, id, Stage::Released).plus(self.stage(state, id, Stage::Used))?;
        let parts = self.parts(investment, called)?;
        let part = parts.iter().find(|(party, _)| *party == investor).map_or(Number::ZERO, |(_, part)| *part);
        part.minus(state.funded.get(&(id, investor)).copied().unwrap_or_default())
    }

    /// An amount by investor: differences of cumulative shares, so the parts add up.
    ///
    /// # Errors
    /// Overflow.
    pub fn parts(&self, investment: &Investment, amount: Number) -> Result<Vec<(PartyId, Number)>, num::Fault> {
        let places = num::Unit::of(&investment.currency).precision().unwrap_or(2);
        let rounding = Rounding { places, ..Rounding::CENTS };
        let (mut share, mut before) = (Number::ZERO, Number::ZERO);
        let mut parts = Vec::with_capacity(investment.investors.len());
        for (investor, of) in &investment.investors {
            share = share.plus(*of)?;
            let to = amount.times(share)?.round(rounding);
            parts.push((*investor, to.minus(before)?));
            before = to;
        }
        Ok(parts)
    }

    /// An amount by investor, in proportion to what each has still to fund: nobody pays for another who is late.
    fn parts_due(
        &self,
        state: &State,
        id: TrancheId,
        investment: &Investment,
        amount: Number,
    ) -> Result<Vec<(PartyId, Number)>, num::Fault> {
        let whole = self.stage(state, id, Stage::Released);
        if !whole.is_positive() {
            return self.parts(investment, amount);
        }
        let places = num::Unit::of(&investment.currency).precision().unwrap_or(2);
        let rounding = Rounding { places, ..Rounding::CENTS };
        let (mut due, mut before) = (Number::ZERO, Number::ZERO);
        let mut parts = Vec::with_capacity(investment.investors.len());
        for (investor, _) in &investment.investors {
            due = due.plus(self.due_from(state, id, investment, *investor)?)?;
            let to = amount.ratio_of(due, whole, rounding)?;
            parts.push((*investor, to.minus(before)?));
            before = to;
        }
        Ok(parts)
    }

    /// Whether a funding moves promised cash only: of a contract that binds nobody, and not actual.
    fn only_promised(&self, id: TrancheId, line: Option<&InputLine>) -> bool {
        self.terms.investment_of(id).is_some_and(|i| !i.standing.is_owed())
            && line.is_none_or(|l| l.line.basis > Basis::Actual)
    }

    /// A call whose cause is a forecast is assumed funded on its due date, unless actual fundings of that day or later are
    /// known: then they are all there is.
    fn assume_funded(&self, day: &mut Day<'_>, id: TrancheId) -> Result<(), Fault> {
        let Some(tranche) = self.terms.tranches.get(id.index()) else { return Ok(()) };
        let calls = day.state.calls.get(&id).cloned().unwrap_or_default();
        let known = self.last_funded.get(&id);
        let due = |call: &&Called| call.basis > Basis::Actual && call.due <= day.date && call.open.is_positive();
        let due: Vec<Called> =
            calls.iter().filter(due).filter(|call| known.is_none_or(|last| call.due > *last)).cloned().collect();
        for call in due {
            let parent = Parent::Outcome(call.outcome);
            self.fund_all(day, id, tranche, call.open, None, None, parent, call.basis)?;
        }
        Ok(())
    }

    /// Money of one investor, or of all in proportion.
    #[expect(
        clippy::too_many_arguments,
        reason = "one funding is its parts; a struct would be built for this call alone"
    )]
    fn fund_all(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        tranche: &Tranche,
        amount: Number,
        by: Option<PartyId>,
        line: Option<&InputLine>,
        parent: Parent,
        at_best: Basis,
    ) -> Result<(), Fault> {
        let Some(investment) = self.terms.investment_of(id) else { return Ok(()) };
        let fault = self.fault(&tranche.path, day.date);
        let parts = match by {
            Some(investor) => vec![(investor, amount)],
            None => self.parts_due(day.state, id, investment, amount).map_err(&fault)?,
        };
        let of = match tranche.of {
            crate::terms::Instrument::Investment(of) => of,
            crate::terms::Instrument::Warrant(_) | crate::terms::Instrument::Credit(_) => return Ok(()),
        };
        let promised = self.only_promised(id, line);
        let mut issues = Vec::with_capacity(parts.len());
        let (mut issued, mut given) = (Number::ZERO, Number::ZERO);
        for (_, part) in parts.iter().filter(|(_, part)| part.is_positive()) {
            let issue = match promised {
                true => Ok(Issue { issued: Value::ZERO, given: Number::ZERO, priced: None }),
                false => self.issue_for(day, of, investment, *part, (issued, given)).map_err(&fault)?,
            };
            match (issue, line) {
                (Ok(issue), _) => {
                    issued = issued.plus(issue.issued.known().unwrap_or_default()).map_err(&fault)?;
                    given = given.plus(issue.given).map_err(&fault)?;
                    issues.push(issue);
                }
                (Err((kind, detail)), Some(line)) => {
                    day.refuse(line, kind, &tranche.path, detail);
                    return Ok(());
                }
                // Nobody asked: the money is still expected, the shares cannot be told.
                (Err((kind, _)), None) => {
                    issues.push(Issue { issued: Value::missing(kind.title()), given: Number::ZERO, priced: None });
                }
            }
        }
        self.settle_calls(day, id, amount).map_err(&fault)?;
        let all = issues.iter().try_fold(Value::ZERO, |sum, issue| sum.plus(issue.issued.clone())).map_err(&fault)?;
        for ((investor, part), issue) in parts.into_iter().filter(|(_, part)| part.is_positive()).zip(issues) {
            let draft = self.paid_in(day, id, tranche, investment, investor, part, &issue, promised);
            let before = day.state.funded.get(&(id, investor)).copied().unwrap_or_default();
            if !promised {
                day.state.funded.insert((id, investor), before.plus(part).map_err(&fault)?);
            }
            let Issue { issued, given, priced } = issue;
            if issued.known().is_none() && !day.state.uncounted.contains_key(&investment.class) {
                day.state.uncounted.insert(investment.class, tranche.path.clone());
            }
            let act = Act::Funded { tranche: id, by: investor, amount: part, issued, priced, given, promised };
            let outcome = day.record_as(self, act, &tranche.path, vec![parent.clone()], draft, at_best)?;
            if !promised {
                day.reached_by(id, Stage::Used, outcome);
            }
        }
        if !promised {
            let name = Some(&*investment.path);
            let issued = Issued { class: investment.class, shares: all, paid: Value::Known(amount), name };
            self.cheaper_issue(day, &issued, &parent)?;
        }
        for next in self.watch.dependents(id).iter().filter(|_| !promised) {
            day.dirty.entry(*next).or_default();
        }
        Ok(())
    }

    /// Takes a payment off the calls that fall due first.
    fn settle_calls(&self, day: &mut Day<'_>, id: TrancheId, amount: Number) -> Result<(), num::Fault> {
        let mut rest = amount;
        let mut left = crate::ledger::Vector::new();
        for mut call in day.state.calls.get(&id).cloned().unwrap_or_default() {
            let part = call.open.min(rest);
            call.open = call.open.minus(part)?;
            rest = rest.minus(part)?;
            if call.open.is_positive() {
                left.push_back(call);
            }
        }
        day.state.calls.insert(id, left);
        Ok(())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one entry is its parts; a struct would be built for this call alone"
    )]
    fn paid_in(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        tranche: &Tranche,
        investment: &Investment,
        investor: PartyId,
        amount: Number,
        issue: &Issue,
        promised: bool,
    ) -> Draft {
        let (from, to) = (self.party(investor), self.party(investment.company));
        let currency = &investment.currency;
        if promised {
            let payer = day.account(&from, super::flow::PROMISED, &"".into(), currency);
            let payee = day.account(&to, super::flow::PROMISED, &"".into(), currency);
            return Draft::default().transfer(payer, payee, amount);
        }
        let draft = self.move_stage(Draft::default(), id, Stage::Released, Stage::Used, amount);
        let draft = match investment.funding {
            Funding::Cash => {
                let payer = day.account(&from, "cash", &"".into(), currency);
                let payee = day.account(&to, "cash", &"".into(), currency);
                draft.transfer(payer, payee, amount)
            }
            Funding::Shares(class) => {
                let path = self.terms.classes.get(class.index()).map_or_else(|| "".into(), |c| c.path.clone());
                let payer = day.account(&from, "unissued", &path, &path);
                let payee = day.account(&to, "shares", &path, &path);
                draft.transfer(payer, payee, issue.given)
            }
            Funding::Capacity => {
                let payer = day.account(&from, "capacity", &tranche.path, currency);
                let payee = day.account(&to, "capacity", &tranche.path, currency);
                draft.transfer(payer, payee, amount)
            }
            Funding::Nothing => draft,
        };
        let Some(issued) = issue.issued.known() else { return draft };
        let path = self.terms.classes.get(investment.class.index()).map_or_else(|| "".into(), |c| c.path.clone());
        let unissued = day.account(&to, "unissued", &path, &path);
        let held = day.account(&from, "shares", &path, &path);
        draft.transfer(unissued, held, issued)
    }
}
