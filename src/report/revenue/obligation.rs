//! The remaining performance obligation, rolled forward by cause.

use std::sync::Arc;

use super::super::build::Reporter;
use super::super::measure::{Measured, entries};
use super::super::{Row, Rule, Table};
use super::{Line, Subject};
use crate::engine::Act;
use crate::ledger::Entry;
use crate::num::{Fault, Number};
use crate::recognise::Exact;
use crate::recognise::fold::BookState;
use crate::report::Report;
use crate::terms::{Finding, Over, RuleKind, SupplyId, Trigger, Value};
use crate::time::{Date, Period, PeriodName};

/// Which entries a line has.
type Such<'e> = &'e dyn Fn(&Entry) -> bool;

impl Reporter<'_, '_> {
    /// Remaining performance obligation, net of the warrants' cost.
    pub(super) fn obligation(
        &mut self,
        table: &mut Table,
        report: &mut Report,
        subject: Subject<'_>,
        columns: &[(PeriodName, Period)],
    ) -> Result<(), Fault> {
        let own = |item: &str| item == subject.path;
        let measures = self.measures();
        // A book of one's own may keep none.
        if measures.account_class(subject.book, "rpo").is_none() {
            return Ok(());
        }
        let passed = |e: &Entry| measures.follows(e, |act| matches!(act, Act::Transferred { .. }));
        let ordered =
            |e: &Entry| measures.follows(e, |act| matches!(act, Act::Supplied { trigger: Trigger::Order, .. }));
        let opening = self.over(columns, |m, p| m.balance(subject.book, "rpo", p.from.prev(), own))?;
        let new = self.over(columns, |m, p| m.movement(subject.book, "rpo", p, own, |e| ordered(e) && !passed(e)))?;
        let judged = |e: &Entry| measures.follows(e, |act| matches!(act, Act::Judged { .. } | Act::Assessed { .. }));
        let estimated = |e: &Entry| measures.follows(e, |act| matches!(act, Act::Estimated { .. }));
        let modified = |e: &Entry| measures.follows(e, |act| matches!(act, Act::Modified { .. }));
        let ended = |e: &Entry| measures.follows(e, |act| matches!(act, Act::Ended { .. }));
        let signed = |e: &Entry| {
            measures.follows(e, |act| {
                matches!(act, Act::Signed { .. } | Act::Granted { .. } | Act::Committed { .. } | Act::Commenced { .. })
            })
        };
        // Each entry stands in one line: the first of these that made it.
        let other = |e: &Entry| !ordered(e) && !passed(e) && !judged(e);
        let rates = |e: &Entry| measures.follows(e, |act| matches!(act, Act::Elapsed { .. }));
        let rest = |e: &Entry| other(e) && !estimated(e) && !modified(e) && !ended(e) && !signed(e);
        let kinds: [(&str, Such<'_>); 6] = [
            ("Change in estimate of variable amounts", &|e| other(e) && estimated(e)),
            ("Modifications", &|e| other(e) && !estimated(e) && modified(e)),
            ("Contracts that ended", &|e| other(e) && !estimated(e) && !modified(e) && ended(e)),
            ("New contracts", &|e| other(e) && !estimated(e) && !modified(e) && !ended(e) && signed(e)),
            ("Rates of exchange", &|e| rest(e) && rates(e)),
            ("Other changes", &|e| rest(e) && !rates(e)),
        ];
        let mut recognised = self.over(columns, |m, p| m.movement(subject.book, "rpo", p, own, passed))?;
        let mut estimate = self.over(columns, |m, p| {
            m.movement(subject.book, "rpo", p, own, |e| judged(e) && !ordered(e) && !passed(e))
        })?;
        let both = self.over(columns, |m, p| m.movement(subject.book, "rpo", p, own, |e| judged(e) && passed(e)))?;
        for ((recognised, estimate), both) in recognised.iter_mut().zip(&mut estimate).zip(&both) {
            let change = self.judged_as_it_passed(subject, both)?;
            recognised.value = recognised.value.clone().minus(change.clone())?;
            estimate.value = estimate.value.clone().plus(change)?;
        }
        let mut changes = Vec::with_capacity(kinds.len());
        for (label, kind) in kinds {
            changes.push((label, self.over(columns, |m, p| m.movement(subject.book, "rpo", p, own, kind))?));
        }
        let nothing = |line: &Line| line.iter().all(|m| m.value == Value::ZERO);
        let closing = self.over(columns, |m, p| m.balance(subject.book, "rpo", p.to, own))?;
        table.rows.push(Row::Heading("Remaining performance obligation (net of warrants)".into()));
        self.line(table, 1, "Opening", &opening);
        for (_, line) in changes.iter().filter(|(label, line)| *label == "New contracts" && !nothing(line)) {
            self.line(table, 1, "New contracts", line);
        }
        self.line(table, 1, "New purchase orders", &new);
        self.line(table, 1, "Recognised", &recognised);
        self.line(table, 1, "Change in estimate", &estimate);
        for (label, line) in changes.iter().filter(|(label, _)| *label != "New contracts") {
            if *label == "Modifications" || !nothing(line) {
                self.line(table, 1, label, line);
            }
        }
        table.rows.push(Row::Rule(Rule::Single));
        self.line(table, 1, "Closing", &closing);
        for (index, (name, period)) in columns.iter().enumerate() {
            let at = |line: &Line| line.get(index).map_or(Value::ZERO, |m| m.value.clone());
            let mut rolled = at(&opening).plus(at(&new))?.plus(at(&recognised))?.plus(at(&estimate))?;
            for (_, line) in &changes {
                rolled = rolled.plus(at(line))?;
            }
            self.check_of(report, "rpo_rolls", format!("{}: RPO rolls", subject.path), name, (rolled, at(&closing)));
            // In another currency the obligation stands at the rates of its days, which the legal ledger does not keep.
            if self.is_foreign(subject) {
                continue;
            }
            let left = self.undelivered(subject, (period.to, period.to))?;
            let claim = format!("{}: undelivered × price − probable warrants' cost in it = RPO closing", subject.path);
            self.check_of(report, "rpo_is_backlog", claim, name, (left, at(&closing)));
        }
        Ok(())
    }

    /// Whether the price is in another currency than the book.
    fn is_foreign(&self, subject: Subject<'_>) -> bool {
        let supply = self.replay.terms.supplies.get(subject.id.index());
        let keeper = self.replay.keepers.get(subject.book);
        supply.zip(keeper).is_some_and(|(supply, keeper)| supply.currency != keeper.currency)
    }

    /// Of days on which control passed and a judgement changed: what the judgement alone changed, of what was left after
    /// the day. The rest is what was recognised, at the judgements of the day before.
    fn judged_as_it_passed(&self, subject: Subject<'_>, both: &Measured) -> Result<Value, Fault> {
        let booking = self.replay.bookings.get(subject.book);
        let days = entries(both).iter().filter_map(|id| booking.and_then(|b| b.journal.get(*id)).map(|e| e.date));
        let mut change = Value::ZERO;
        for day in days {
            let now = self.undelivered(subject, (day, day))?;
            let before = self.undelivered(subject, (day, day.prev()))?;
            if let (Value::Known(now), Value::Known(before)) = (now, before) {
                change = change.plus(Value::Known(now.minus(before)?))?;
            }
        }
        Ok(change)
    }

    /// Whether what passes or is billed may wait for the customer to be able to pay.
    pub(super) fn waits(&self, subject: Subject<'_>) -> bool {
        if self.replay.terms.supplies.get(subject.id.index()).is_some_and(|supply| !supply.binds()) {
            return true;
        }
        let of = |id: &crate::terms::SupplyId| {
            self.replay.terms.supplies.get(id.index()).is_some_and(|s| s.contract == subject.contract)
        };
        self.replay.outcomes().any(|(_, outcome)| match &outcome.act {
            Act::Assessed { supply, finding: Finding::Collectible(_) | Finding::Refundable(_), .. } => of(supply),
            _ => false,
        })
    }

    /// Whether a judgement was made about a supply.
    fn judged(&self, subject: Subject<'_>) -> bool {
        let about = |act: &Act| matches!(act, Act::Assessed { supply, .. } if *supply == subject.id);
        self.waits(subject) || self.replay.outcomes().any(|(_, outcome)| about(&outcome.act))
    }

    /// The accounts that a judgement may choose instead of one, for supplies.
    pub(super) fn sales_but(&self, subject: Subject<'_>, name: &str) -> Vec<Arc<str>> {
        let Some(keeper) = self.replay.keepers.get(subject.book) else { return Vec::new() };
        let called = |at: &usize| keeper.book.accounts.get(*at).map(|account| account.name.clone());
        let groups = keeper.book.judged.iter().filter(|judged| judged.over == Over::Supply);
        let groups = groups.map(|judged| judged.choices.iter().filter_map(called).collect::<Vec<_>>());
        let other = groups.filter(|names| names.iter().any(|n| **n == *name)).flatten();
        other.filter(|n| **n != *name).collect()
    }

    /// The rule that keeps the obligation, worked out anew in the state of a day: what must be there if no change was missed.
    fn anew(&self, subject: Subject<'_>, date: Date) -> Result<Value, Fault> {
        self.obliged(subject.book, subject.id, self.replay.book(subject.book, date))
    }

    /// The same in any state of a book.
    pub(in crate::report) fn obliged(&self, book: usize, supply: SupplyId, state: &BookState) -> Result<Value, Fault> {
        let (Some(keeper), Some(booking)) = (self.replay.keepers.get(book), self.replay.bookings.get(book)) else {
            return Ok(Value::ZERO);
        };
        let mut sum = Value::ZERO;
        for rule in &keeper.book.rules {
            let RuleKind::Keep { account, over: Over::Supply, .. } = &rule.kind else { continue };
            if keeper.book.accounts.get(*account).is_none_or(|account| &*account.name != "rpo") {
                continue;
            }
            let item = crate::recognise::fold::Item::Supply(supply);
            if let Some((trace, _)) = keeper.target(self.replay.inputs, booking, state, rule, item)? {
                sum = sum.plus(trace.value.rounded(crate::num::Rounding::CENTS)?)?;
            }
        }
        Ok(sum)
    }

    /// RPO worked out from the legal ledger: the enforceable quantity that has not passed, at the contract price, less
    /// the part of each probable tranche that it will earn. Only for bands of their own.
    fn undelivered(&self, subject: Subject<'_>, (date, judged_on): (Date, Date)) -> Result<Value, Fault> {
        let pooled =
            self.replay.keepers.get(subject.book).is_some_and(|k| k.choices.iter().any(|(_, c)| &**c == "single_pool"));
        let Some(supply) = self.replay.terms.supplies.get(subject.id.index()).filter(|_| !pooled) else {
            return self.anew(subject, date);
        };
        let seller = self.replay.terms.parties.get(supply.seller.index());
        let abroad = seller.is_some_and(|seller| seller.currency != supply.currency);
        if abroad || self.departs(subject, date) || self.judged(subject) {
            return self.anew(subject, date);
        }
        // A transaction price that is not quantity times price has no second way to be worked out.
        let contract = self.replay.terms.supplies_of(supply.contract).iter();
        let mut others = contract.filter_map(|id| self.replay.terms.supplies.get(id.index()));
        let estimated = self.replay.terms.variables.iter().any(|v| v.supplies.contains(&subject.id));
        let modified = |act: &Act| matches!(act, Act::Modified { .. });
        if others.any(|s| s.alone.is_some())
            || estimated
            || self.replay.outcomes().any(|(_, o)| modified(&o.act) && o.act.supply() == Some(subject.id))
        {
            return self.anew(subject, date);
        }
        let seller = self.replay.terms.supplies.get(subject.id.index()).map(|supply| supply.seller);
        if seller.is_some_and(|seller| self.not_yet_in(seller, date).next().is_some()) {
            return self.anew(subject, date);
        }
        let version = self.replay.at(date);
        let state = self.replay.engine.supply(&version.state, subject.id);
        let probable = &self.replay.at(judged_on).state.probable;
        if version.state.ended.contains_key(&subject.contract) {
            return Ok(Value::ZERO);
        }
        let end = self.replay.engine.enforceable_at(supply, &version.state, subject.id, date)?;
        let Some(end) = end.known() else { return Ok(Value::missing("firm commitment")) };
        let signed = self.replay.terms.contracts.get(subject.contract.index()).and_then(|c| c.signed);
        if signed.is_some_and(|signed| date < signed) || self.untouched(subject, date) {
            return Ok(Value::ZERO);
        }
        let price = self.replay.inputs.value(&supply.price)?;
        // Exact, and rounded once at the end, as the book does.
        let mut left = Exact::of(end.minus(state.transferred)?)?.times(Exact::from_value(&price)?)?;
        for id in self.replay.terms.earned_by(subject.id) {
            let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { continue };
            let Some((_, from, to)) = self.replay.terms.earning_band(tranche, self.replay.inputs)? else { continue };
            let (Some(from), Some(to)) = (from.known(), to.known()) else { continue };
            // Before the grant there is no promise, and one that lapsed before it vested is none any more, whatever is
            // judged later.
            let Some(rights) = version.state.tranches.get(&id) else { continue };
            let vested = rights.vested.is_some() || !self.is_award(id);
            let judged = probable.get(&id).is_some_and(|(yes, _)| *yes) && rights.lapsed.is_none();
            let apart = self.uncounted(tranche, date)?;
            let passed = state.transferred.minus(apart)?;
            if !(judged || vested || !tranche.hangs_on_purchases() || passed >= to) || to <= from {
                continue;
            }
            let inside = |q: Number| q.minus(from).map(|x| x.clamp_zero().min(to.minus(from).unwrap_or_default()));
            let open = inside(end.minus(apart)?)?.minus(inside(passed)?)?;
            let part = Exact::Known(crate::num::Ratio::new(open, to.minus(from)?)?);
            let cost = if self.is_award(id) { self.tranche_value(id)? } else { self.cost(id, subject.book, date)? };
            left = left.minus(Exact::from_value(&cost)?.times(part)?)?;
        }
        left.rounded(crate::num::Rounding::CENTS)
    }

    /// What has passed of its supply that the counter of a tranche does not count.
    fn uncounted(&self, tranche: &crate::terms::Tranche, date: Date) -> Result<Number, Fault> {
        let Some(band) = &tranche.band else { return Ok(Number::ZERO) };
        let passed = self.replay.outcomes_of_supply(band.supply).map(|(_, o)| o).filter(|o| o.date <= date);
        let apart = passed.filter_map(|outcome| match &outcome.act {
            crate::engine::Act::Transferred { quantity, outside, .. } => {
                outside.contains(&band.counter).then_some(*quantity)
            }
            _ => None,
        });
        Number::sum(apart)
    }

    /// Whether nothing about a supply has reached the book yet.
    fn untouched(&self, subject: Subject<'_>, date: Date) -> bool {
        let about = |o: &&crate::engine::Outcome| {
            let tranche = o.act.tranche().and_then(|t| self.replay.terms.earning_supply(t));
            o.date <= date && (o.act.supply() == Some(subject.id) || tranche == Some(subject.id))
        };
        !self.replay.register.outcomes.iter().any(|o| about(&o))
    }
}
