//! Holdings at the end of a day: how many of how many, and what lines and rounds say about them. Books measure by it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::step::{Day, Engine, Fault};
use super::{Act, Count, HoldingAct, InputLine, Pricing, State};
use crate::ledger::{Chart, Draft, Parent};
use crate::num::{self, Number};
use crate::terms::{ClassId, Fact, Funding, PartyId, Quoted, StakeId, Terms, TrancheId, Value};
use crate::time::Date;

/// A holding as it was counted last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StakeState {
    /// Held, held of all classes, and all there are.
    pub count: Option<(Number, Number, Value)>,
    /// The next day to which what it bought is used, and the last one.
    pub elapses: Option<(Date, Date)>,
    /// Whether there was a close by then.
    pub listed: bool,
    /// The day on which shares bought after the last close are looked at.
    pub marked_on: Option<Date>,
}

/// New shares of a day in a company: what was paid for them in all, and by holder.
#[derive(Default)]
struct Raised {
    whole: Option<Value>,
    by: BTreeMap<(PartyId, ClassId), (Number, Value)>,
    parents: Vec<Parent>,
}

impl Raised {
    fn add(&mut self, who: Option<(PartyId, ClassId)>, shares: &Value, paid: Value) -> Result<(), num::Fault> {
        self.whole = Some(self.whole.take().unwrap_or(Value::ZERO).plus(paid.clone())?);
        if let Some(key) = who {
            let (had, gave) = self.by.remove(&key).unwrap_or((Number::ZERO, Value::ZERO));
            self.by.insert(key, (had.plus(shares.known().unwrap_or_default())?, gave.plus(paid)?));
        }
        Ok(())
    }
}

/// Days at whose end holdings in classes with closes are looked at: the ends of quarters of the holder, as long as there
/// are closes.
pub(super) fn marks(terms: &Terms, inputs: &super::Inputs) -> BTreeMap<Date, Vec<StakeId>> {
    let mut marks: BTreeMap<Date, Vec<StakeId>> = BTreeMap::new();
    for (id, stake) in terms.stakes.iter() {
        let closes = inputs.prices.get(&stake.class).map_or(&[][..], |series| series.closes());
        let (Some(first), Some(last)) = (closes.first(), closes.last()) else { continue };
        let Some(holder) = terms.parties.get(stake.holder.index()) else { continue };
        let mut date = quarter_end(holder, first.date);
        let mut end = Date::MIN;
        // A quarter ends within a week of its last trading day.
        while date <= last.date.plus_days(7) {
            marks.entry(date).or_default().push(id);
            end = date;
            let next = quarter_end(holder, date.next());
            if next <= date {
                break;
            }
            date = next;
        }
        // Of the quarter in which closes end, the last one is all that is known.
        if end < last.date {
            marks.entry(last.date).or_default().push(id);
        }
    }
    marks
}

fn quarter_end(party: &crate::terms::Party, date: Date) -> Date {
    let (year, quarter) = party.fiscal.quarter_of(date);
    party.fiscal.quarter(year, quarter).to
}

impl Engine<'_> {
    /// Shares bought or sold outside any contract.
    pub(super) fn traded(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        (party, class): (PartyId, ClassId),
        (more, before): (Number, Number),
        paid: &crate::terms::Formula,
    ) -> Result<(), Fault> {
        let Some(stake) = self.terms.stakes.find(party, class) else { return Ok(()) };
        let path = self.stake_path(stake);
        let fault = self.fault(&path, day.date);
        let amount = self.inputs.value(paid).map_err(&fault)?;
        let currency = self.class_currency(class);
        let (own, others) = (self.party(party), Arc::from(super::flow::OTHERS));
        let (payer, payee) = if more.is_positive() { (own, others) } else { (others, own) };
        let payer = day.account(&payer, "cash", &"".into(), &currency);
        let payee = day.account(&payee, "cash", &"".into(), &currency);
        let draft = Draft::default().transfer(payer, payee, amount.known().unwrap_or_default());
        let amount = self.in_currency(amount, &currency, stake, day.date).map_err(&fault)?;
        let act = match more.is_positive() {
            true => HoldingAct::Bought { shares: more, paid: amount },
            false => HoldingAct::Sold { shares: more.neg(), of: before, received: amount },
        };
        self.about(day, stake, act, vec![Parent::Line(line.id)], draft)
    }

    /// New shares that a party paid for outside any contract; the cash was moved with them.
    pub(super) fn subscribed(
        &self,
        day: &mut Day<'_>,
        (party, class): (PartyId, ClassId),
        shares: Number,
        paid: Number,
        number: u32,
    ) -> Result<(), Fault> {
        let Some(stake) = self.terms.stakes.find(party, class) else { return Ok(()) };
        let fault = self.fault(&self.stake_path(stake), day.date);
        let currency = self.class_currency(class);
        let paid = self.in_currency(Value::Known(paid), &currency, stake, day.date).map_err(fault)?;
        self.about(day, stake, HoldingAct::Bought { shares, paid }, vec![Parent::Outcome(number)], Draft::default())
    }

    /// After a split every holding is so many of so many, and nobody gained or lost a part.
    pub(super) fn count_split(&self, day: &mut Day<'_>, class: ClassId, parent: Parent) -> Result<(), Fault> {
        let issuer = self.issuer(class);
        self.count_company(day, issuer, &Raised { parents: vec![parent], ..Raised::default() }, true)
    }

    /// The end of the day: who holds how much, then what the day's lines and rounds say.
    pub(super) fn stakes(&self, day: &mut Day<'_>, first: usize) -> Result<(), Fault> {
        let mut companies = self.moved(day, first).map_err(self.fault(&"holdings".into(), day.date))?;
        for (company, raised) in std::mem::take(&mut companies) {
            self.count_company(day, company, &raised, false)?;
        }
        self.rounds(day, first)?;
        for index in self.lines.get(&day.date).map_or(&[][..], Vec::as_slice) {
            let Some(line) = self.inputs.lines.get(*index) else { continue };
            match &line.line.fact {
                Some(Fact::Holding(fact)) => self.holding_line(day, line, fact)?,
                Some(Fact::Earnings(earnings)) => self.reported(day, line, earnings)?,
                _ => {}
            }
        }
        self.closes(day)?;
        self.elapsed(day)
    }

    /// Companies of which shares moved today, and what they were paid for new ones.
    fn moved(&self, day: &Day<'_>, first: usize) -> Result<BTreeMap<PartyId, Raised>, num::Fault> {
        let mut found: BTreeMap<PartyId, Raised> = BTreeMap::new();
        for number in first..day.register.outcomes.len() {
            let Some(outcome) = day.register.outcomes.get(number) else { continue };
            let parent = Parent::Outcome(u32::try_from(number).unwrap_or(u32::MAX));
            match &outcome.act {
                Act::Opened { party, .. } => {
                    found.entry(*party).or_default().parents.push(parent);
                }
                Act::Held { class, .. } | Act::Converted { into: class, .. } => {
                    found.entry(self.issuer(*class)).or_default().parents.push(parent)
                }
                Act::Issued { class, shares, raised, to, .. } => {
                    let into = found.entry(self.issuer(*class)).or_default();
                    into.add(to.map(|to| (to, *class)), &Value::Known(*shares), raised.clone())?;
                    into.parents.push(parent);
                }
                Act::Exercised { tranche, issued, paid, by, .. } => {
                    let Some(warrant) = self.terms.warrant_of(*tranche) else { continue };
                    let (who, issued) = ((*by, warrant.class), Value::Known(*issued));
                    let to = found.entry(self.issuer(warrant.class)).or_default();
                    to.add(Some(who), &issued, Value::Known(*paid))?;
                    to.parents.push(parent);
                }
                Act::Funded { tranche, by, amount, issued, given, promised: false, .. } => {
                    let Some(investment) = self.terms.investment_of(*tranche) else { continue };
                    let paid = if investment.funding == Funding::Nothing { Number::ZERO } else { *amount };
                    let to = found.entry(self.issuer(investment.class)).or_default();
                    to.add(Some((*by, investment.class)), issued, Value::Known(paid))?;
                    to.parents.push(parent.clone());
                    if let Funding::Shares(class) = investment.funding {
                        let to = found.entry(self.issuer(class)).or_default();
                        let given = Value::Known(*given);
                        to.add(Some((investment.company, class)), &given, Value::Known(*amount))?;
                        to.parents.push(parent);
                    }
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// Counts every holding in a company.
    fn count_company(&self, day: &mut Day<'_>, company: PartyId, raised: &Raised, split: bool) -> Result<(), Fault> {
        let fault = self.fault(&self.party(company), day.date);
        let classes = (0u32..).map(ClassId).zip(&self.terms.classes).filter(|(_, class)| class.issuer == company);
        let classes: Vec<ClassId> = classes.map(|(id, _)| id).collect();
        let of = self.all_shares(&day.register.chart, day.state, company, &classes).map_err(&fault)?;
        for class in &classes {
            for id in self.terms.stakes.of(*class) {
                let Some(stake) = self.terms.stakes.get(*id) else { continue };
                let held = self.held(&day.register.chart, day.state, stake.holder, *class);
                let mut together = Number::ZERO;
                for other in &classes {
                    let more = self.held(&day.register.chart, day.state, stake.holder, *other);
                    together = together.plus(more).map_err(&fault)?;
                }
                let known = day.state.stakes.get(id).cloned().unwrap_or_default();
                let count = (held, together, of.clone());
                let nothing = held.is_zero() && known.count.as_ref().is_none_or(|(held, ..)| held.is_zero());
                if nothing || known.count.as_ref() == Some(&count) {
                    continue;
                }
                let more = known.count.as_ref().is_none_or(|(before, ..)| held > *before) && !split;
                let marked_on = match more {
                    true => self.mark(day, *id, stake),
                    false => known.marked_on,
                };
                let listed = self.listed(*class, day.date);
                let known = StakeState { count: Some(count), listed, marked_on, ..(*known).clone() };
                day.state.stakes.insert(*id, Arc::new(known));
                let currency = self.class_currency(*class);
                let (own, paid) =
                    raised.by.get(&(stake.holder, *class)).cloned().unwrap_or((Number::ZERO, Value::ZERO));
                let whole = raised.whole.clone().unwrap_or(Value::ZERO);
                let counted = Count {
                    held,
                    together,
                    of: of.clone(),
                    own,
                    raised: self.in_currency(whole, &currency, *id, day.date).map_err(&fault)?,
                    paid: self.in_currency(paid, &currency, *id, day.date).map_err(&fault)?,
                    listed,
                    split,
                };
                self.about(day, *id, HoldingAct::Counted(counted), raised.parents.clone(), Draft::default())?;
            }
        }
        Ok(())
    }

    /// Shares of all classes of a company; not known where some were issued that nobody can count.
    fn all_shares(
        &self,
        chart: &Chart,
        state: &State,
        company: PartyId,
        classes: &[ClassId],
    ) -> Result<Value, num::Fault> {
        let mut total = Number::ZERO;
        let mut stated = false;
        for class in classes {
            if state.uncounted.contains_key(class) {
                return Ok(Value::missing(format!("{}.shares", self.party(company))));
            }
            stated |= state.opened.contains_key(class);
            total = total.plus(self.outstanding(chart, state, *class))?;
        }
        Ok(if stated && total.is_positive() {
            Value::Known(total)
        } else {
            Value::missing(format!("{}.shares", self.party(company)))
        })
    }

    pub(super) fn held(&self, chart: &Chart, state: &State, holder: PartyId, class: ClassId) -> Number {
        let path = self.terms.classes.get(class.index()).map_or_else(|| "".into(), |class| class.path.clone());
        let account = chart.find(&self.party(holder), "shares", &path, &path);
        account.map_or(Number::ZERO, |account| state.balances.get(account))
    }

    /// Fundings that others measure their shares by.
    fn rounds(&self, day: &mut Day<'_>, first: usize) -> Result<(), Fault> {
        let mut seen: BTreeSet<TrancheId> = BTreeSet::new();
        for number in first..day.register.outcomes.len() {
            let Some(outcome) = day.register.outcomes.get(number) else { continue };
            let Act::Funded { tranche, amount, issued, promised: false, .. } = &outcome.act else { continue };
            let Some(investment) = self.terms.investment_of(*tranche) else { continue };
            let Some((class, adjusted)) = investment.observable.as_ref().filter(|_| seen.insert(*tranche)) else {
                continue;
            };
            let fault = self.fault(&investment.path, day.date);
            let price = match adjusted {
                Some(price) => self.inputs.value(price).map_err(&fault)?,
                None => issued
                    .clone()
                    .map(|issued| {
                        if issued.is_positive() {
                            amount.over(issued, crate::terms::DIVISION)
                        } else {
                            Ok(Number::ZERO)
                        }
                    })
                    .map_err(&fault)?,
            };
            if price.known().is_some_and(|price| !price.is_positive()) {
                continue;
            }
            let parent = Parent::Outcome(u32::try_from(number).unwrap_or(u32::MAX));
            let currency = investment.currency.clone();
            self.price_all(day, *class, &price, &currency, Pricing::Observed, &parent)?;
        }
        Ok(())
    }

    /// The same price for all who hold a class.
    pub(super) fn price_all(
        &self,
        day: &mut Day<'_>,
        class: ClassId,
        price: &Value,
        currency: &Arc<str>,
        how: Pricing,
        parent: &Parent,
    ) -> Result<(), Fault> {
        for id in self.terms.stakes.of(class) {
            if !self.holds(day, *id) {
                continue;
            }
            let fault = self.fault(&self.stake_path(*id), day.date);
            let price = self.in_currency(price.clone(), currency, *id, day.date).map_err(fault)?;
            self.about(day, *id, HoldingAct::Priced { price, how }, vec![parent.clone()], Draft::default())?;
        }
        Ok(())
    }

    /// Listed shares bought when closes have ended are looked at all the same at the end of the holder's quarter.
    fn mark(&self, day: &mut Day<'_>, id: StakeId, stake: &crate::terms::Stake) -> Option<Date> {
        let holder = self.terms.parties.get(stake.holder.index()).filter(|_| self.listed(stake.class, day.date))?;
        let end = quarter_end(holder, day.date);
        if self.marks.range(day.date..=end).any(|(_, marked)| marked.contains(&id)) {
            return None;
        }
        day.agenda.add(end);
        day.agenda.add_elapse_of(end, id);
        Some(end)
    }

    /// Shares whose first close came after they were counted are listed from now on.
    fn listed_since(&self, day: &mut Day<'_>, id: StakeId) -> Result<(), Fault> {
        let Some(known) = day.state.stakes.get(&id).filter(|known| !known.listed).cloned() else { return Ok(()) };
        let Some((held, together, of)) = known.count.clone() else { return Ok(()) };
        day.state.stakes.insert(id, Arc::new(StakeState { listed: true, ..(*known).clone() }));
        let (own, raised, paid) = (Number::ZERO, Value::ZERO, Value::ZERO);
        let counted = Count { held, together, of, own, raised, paid, listed: true, split: false };
        let parents = vec![Parent::Term(self.stake_path(id))];
        self.about(day, id, HoldingAct::Counted(counted), parents, Draft::default())
    }

    /// The last close, at the end of a quarter of the holder.
    fn closes(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        let mut marked = day.agenda.elapsing_of(day.date);
        marked.retain(|id| day.state.stakes.get(id).is_some_and(|stake| stake.marked_on == Some(day.date)));
        marked.extend(self.marks.get(&day.date).into_iter().flatten());
        for id in marked {
            let Some(stake) = self.terms.stakes.get(id).filter(|_| self.holds(day, id)) else { continue };
            let fault = self.fault(&stake.path, day.date);
            self.inputs.reads.note(super::inputs::Input::Prices(stake.class));
            let Some(series) = self.inputs.prices.get(&stake.class) else { continue };
            let Some(close) = series.latest(day.date).map_err(&fault)? else { continue };
            self.listed_since(day, id)?;
            let currency = self.class_currency(stake.class);
            let price = self.in_currency(Value::Known(close), &currency, id, day.date).map_err(fault)?;
            let act = HoldingAct::Priced { price, how: Pricing::Close };
            let parents = vec![Parent::Term(self.terms.quoted(&Quoted::Close(stake.class)).into())];
            self.about(day, id, act, parents, Draft::default())?;
        }
        Ok(())
    }

    /// What was bought above book value is used with time: to the ends of quarters of the holder.
    pub(super) fn elapse_holding(&self, day: &mut Day<'_>, id: StakeId, months: Option<i32>) {
        let Some(months) = months else { return };
        let Some(holder) = self.terms.stakes.get(id).and_then(|s| self.terms.parties.get(s.holder.index())) else {
            return;
        };
        let mut known = day.state.stakes.get(&id).map(|stake| (**stake).clone()).unwrap_or_default();
        let end = day.date.plus_months(months).month_end().max(known.elapses.map_or(day.date, |(_, end)| end));
        let next = quarter_end(holder, day.date.next());
        known.elapses = Some((next, end));
        day.state.stakes.insert(id, Arc::new(known));
        day.agenda.add_elapse_of(next, id);
    }

    fn elapsed(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for id in day.agenda.elapsing_of(day.date) {
            let known = day.state.stakes.get(&id).cloned().unwrap_or_default();
            let Some((_, end)) = known.elapses.filter(|(next, _)| *next == day.date) else { continue };
            let holder = self.terms.stakes.get(id).and_then(|s| self.terms.parties.get(s.holder.index()));
            let next = holder.map(|holder| quarter_end(holder, day.date.next()));
            let elapses = next.filter(|_| day.date < end).map(|next| (next, end));
            if let Some((next, _)) = elapses {
                day.agenda.add_elapse_of(next, id);
            }
            day.state.stakes.insert(id, Arc::new(StakeState { elapses, ..(*known).clone() }));
            if self.holds(day, id) {
                let parents = vec![Parent::Term(self.stake_path(id))];
                self.about(day, id, HoldingAct::Elapsed, parents, Draft::default())?;
            }
        }
        Ok(())
    }

    pub(super) fn about(
        &self,
        day: &mut Day<'_>,
        stake: StakeId,
        what: HoldingAct,
        parents: Vec<Parent>,
        draft: Draft,
    ) -> Result<(), Fault> {
        day.record(self, Act::Holding { stake, what }, &self.stake_path(stake), parents, draft).map(|_| ())
    }

    pub(super) fn holds(&self, day: &Day<'_>, id: StakeId) -> bool {
        let count = day.state.stakes.get(&id).and_then(|stake| stake.count.as_ref());
        count.is_some_and(|(held, ..)| held.is_positive())
    }

    fn listed(&self, class: ClassId, date: Date) -> bool {
        self.inputs.reads.note(super::inputs::Input::Prices(class));
        let closes = self.inputs.prices.get(&class).map_or(&[][..], |series| series.closes());
        closes.first().is_some_and(|close| close.date <= date)
    }

    pub(super) fn stake_path(&self, id: StakeId) -> Arc<str> {
        self.terms.stakes.get(id).map_or_else(|| "".into(), |stake| stake.path.clone())
    }

    pub(super) fn issuer(&self, class: ClassId) -> PartyId {
        self.terms.classes.get(class.index()).map_or(PartyId(u32::MAX), |class| class.issuer)
    }

    pub(super) fn class_currency(&self, class: ClassId) -> Arc<str> {
        let party = self.terms.parties.get(self.issuer(class).index());
        party.map_or_else(|| "USD".into(), |party| party.currency.clone())
    }

    /// An amount in the currency of a holder, at the rate of the day.
    pub(super) fn in_currency(&self, value: Value, from: &str, id: StakeId, date: Date) -> Result<Value, num::Fault> {
        let holder = self.terms.stakes.get(id).and_then(|stake| self.terms.parties.get(stake.holder.index()));
        let to = holder.map_or(from, |holder| &*holder.currency);
        match value {
            Value::Known(amount) => super::quotes::convert(self.inputs, amount, from, to, date, Some(date)),
            missing @ Value::Missing(_) => Ok(missing),
        }
    }
}
