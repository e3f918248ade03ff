//! The days on which something can happen, and the indexes of a run. A day that is not here costs nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::prices::{self, Reading};
use super::step::{Dated, Engine, Fault, Register};
use super::watch::Watch;
use super::{Inputs, State};
use crate::ledger::{AccountId, Chart};
use crate::num::{Number, Rounding, Unit};
use crate::terms::{
    Basis, ContractId, CounterId, CreditId, Fact, Finding, HoldingFact, Instrument, Investment, InvestmentId, OverTime,
    PriceMeasureId, StakeId, SupplyId, Terms, TrancheId, Trigger, Value, WarrantId,
};
use crate::time::Date;

/// Days still to come, and the last reading of each price measure.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    days: BTreeSet<Date>,
    dues: BTreeMap<Date, BTreeSet<SupplyId>>,
    calls: BTreeMap<Date, BTreeSet<TrancheId>>,
    elapses: BTreeMap<Date, BTreeSet<SupplyId>>,
    credits: BTreeMap<Date, BTreeSet<TrancheId>>,
    stakes: BTreeMap<Date, BTreeSet<StakeId>>,
    today: Option<Date>,
    readings: BTreeMap<PriceMeasureId, Number>,
}

/// Names of the stage accounts, in order of [`crate::terms::Stage`].
pub const STAGES: [&str; 5] = ["locked", "released", "cleared", "used", "lapsed"];

impl<'a> Engine<'a> {
    /// Builds the indexes of a run.
    ///
    /// # Errors
    /// Arithmetic in a threshold.
    pub fn new(terms: &'a Terms, inputs: &'a Inputs, register: &mut Register) -> Result<Self, Fault> {
        let mut lines: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
        for (index, line) in inputs.lines.iter().enumerate() {
            lines.entry(line.line.date).or_default().push(index);
        }
        for day in lines.values_mut() {
            day.sort_by_cached_key(|index| inputs.lines.get(*index).map(|l| order(terms, inputs, l)));
        }
        let by_id = inputs.lines.iter().enumerate().map(|(index, line)| (line.id, index)).collect();
        let mut counters: BTreeMap<_, Vec<CounterId>> = BTreeMap::new();
        for (id, counter) in (0u32..).map(CounterId).zip(terms.counters.iter()) {
            counters.entry(counter.supply).or_default().push(id);
        }
        let (stages, granted, committed) = accounts(terms, &mut register.chart);
        let watch = Watch::new(terms, inputs)?;
        let early = early(terms, inputs);
        let dated = dated(terms, inputs);
        let mut last_paid: BTreeMap<SupplyId, Date> = BTreeMap::new();
        let mut last_funded: BTreeMap<TrancheId, Date> = BTreeMap::new();
        for line in inputs.lines.iter().filter(|l| l.line.basis == Basis::Actual) {
            if let Some(Fact::Fund { tranche, .. }) = &line.line.fact {
                let last = last_funded.entry(*tranche).or_insert(line.line.date);
                *last = line.line.date.max(*last);
            }
            if let Some(Fact::Supply { supply, trigger: Trigger::Payment, quantity, .. }) = &line.line.fact {
                // A payment of nothing is refused and changes nothing.
                let amount = inputs.quantity(line, quantity).ok().and_then(|amount| amount.known());
                if !amount.is_some_and(Number::is_positive) {
                    continue;
                }
                let last = last_paid.entry(*supply).or_insert(line.line.date);
                *last = line.line.date.max(*last);
            }
        }
        let (clauses, minor) = (clauses(terms), minor_units(terms));
        Ok(Self {
            dated,
            last_paid,
            last_funded,
            marks: super::stake::marks(terms, inputs),
            reckoned: super::reckon::ends(terms, inputs),
            clauses,
            minor,
            terms,
            inputs,
            watch,
            lines,
            by_id,
            early,
            counters,
            stages,
            granted,
            committed,
            adoptions: BTreeMap::new(),
        })
    }

    /// The agenda of the whole run.
    #[must_use]
    pub fn agenda(&self) -> Agenda {
        let mut agenda = Agenda::default();
        agenda.days.extend(self.lines.keys());
        agenda.days.extend(self.early.keys());
        agenda.days.extend(self.watch.dates());
        agenda.days.extend(self.dated.keys());
        self.adopting(&mut agenda);
        agenda.days.extend(self.marks.keys().chain(self.reckoned.keys()));
        for measure in self.watch.measures() {
            let class = self.terms.price_measures.get(measure.index()).map(|m| m.class);
            if let Some(series) = class.and_then(|c| self.inputs.prices.get(&c)) {
                agenda.days.extend(series.closes().iter().map(|close| close.date));
            }
        }
        agenda
    }
}

impl Agenda {
    /// The next day, taken off the list.
    pub fn advance(&mut self) -> Option<Date> {
        // Time alone does not lengthen a run.
        let next = *self.days.first()?;
        let after = self.today.map_or(Date::MIN, Date::next);
        let elapses = self.elapses.range(after..next).next().map(|(date, _)| *date);
        let stakes = self.stakes.range(after..next).next().map(|(date, _)| *date);
        self.today = match elapses.into_iter().chain(stakes).min() {
            Some(date) => Some(date),
            None => self.days.pop_first(),
        };
        self.today
    }

    /// How many days are still to come, as far as is known.
    #[must_use]
    pub fn days(&self) -> usize {
        self.days.len()
    }

    /// Puts a day on the list, unless it is over.
    pub fn add(&mut self, date: Date) {
        if self.today.is_none_or(|today| date > today) {
            self.days.insert(date);
        }
    }

    /// Puts the due date of a bill on the list.
    pub fn add_due(&mut self, date: Date, supply: SupplyId) {
        self.add(date);
        self.dues.entry(date).or_default().insert(supply);
    }

    /// Puts the due date of a call on the list.
    pub fn add_call(&mut self, date: Date, tranche: TrancheId) {
        self.add(date);
        self.calls.entry(date).or_default().insert(tranche);
    }

    /// Tranches with a call due on a day.
    #[must_use]
    pub fn calls(&self, date: Date) -> BTreeSet<TrancheId> {
        self.calls.get(&date).cloned().unwrap_or_default()
    }

    /// Puts a day of a loan, lease or guarantee on the list.
    pub fn add_credit(&mut self, date: Date, tranche: TrancheId) {
        self.add(date);
        self.credits.entry(date).or_default().insert(tranche);
    }

    /// Loans, leases and guarantees of which something is counted or paid on a day.
    #[must_use]
    pub fn credits(&self, date: Date) -> BTreeSet<TrancheId> {
        self.credits.get(&date).cloned().unwrap_or_default()
    }

    /// Notes a day to which interest is counted, if the run gets there.
    pub fn add_elapse(&mut self, date: Date, supply: SupplyId) {
        self.elapses.entry(date).or_default().insert(supply);
    }

    /// Notes a day to which what a holding bought is used, or on which it is looked at, if the run gets there.
    pub fn add_elapse_of(&mut self, date: Date, stake: StakeId) {
        self.stakes.entry(date).or_default().insert(stake);
    }

    /// Holdings that are used up to a day, or looked at.
    #[must_use]
    pub fn elapsing_of(&self, date: Date) -> BTreeSet<StakeId> {
        self.stakes.get(&date).cloned().unwrap_or_default()
    }

    /// Interest is counted to another day, or to none.
    pub fn move_elapse(&mut self, supply: SupplyId, before: Option<Date>, next: Option<Date>) {
        if let Some(date) = before.filter(|_| before != next)
            && let Some(others) = self.elapses.get_mut(&date)
        {
            others.remove(&supply);
            if others.is_empty() {
                self.elapses.remove(&date);
            }
        }
        if let Some(date) = next {
            self.add_elapse(date, supply);
        }
    }

    /// Supplies of which interest is counted up to a day.
    #[must_use]
    pub fn elapsing(&self, date: Date) -> BTreeSet<SupplyId> {
        self.elapses.get(&date).cloned().unwrap_or_default()
    }

    /// Supplies with a bill due on a day.
    #[must_use]
    pub fn due(&self, date: Date) -> BTreeSet<SupplyId> {
        self.dues.get(&date).cloned().unwrap_or_default()
    }

    /// Adds the due dates of a state's open bills: how a run goes on from a version.
    pub fn resume(&mut self, state: &State, after: Date) {
        self.days.retain(|date| *date > after);
        self.today = Some(after);
        for (id, supply) in state.supplies.iter() {
            supply.bills.iter().filter(|bill| bill.due > after).for_each(|bill| self.add_due(bill.due, id));
            supply.elapses.filter(|date| *date > after).into_iter().for_each(|date| self.add_elapse(date, id));
        }
        for (id, credit) in &state.credits {
            credit.days.iter().filter(|date| **date > after).for_each(|date| self.add_credit(*date, *id));
        }
        for (id, stake) in &state.stakes {
            let next = stake.elapses.map(|(next, _)| next).filter(|date| *date > after);
            next.into_iter().for_each(|date| self.add_elapse_of(date, *id));
            if let Some(date) = stake.marked_on.filter(|date| *date > after) {
                self.add(date);
                self.add_elapse_of(date, *id);
            }
        }
        for (id, calls) in &state.calls {
            calls.iter().filter(|call| call.due > after).for_each(|call| self.add_call(call.due, *id));
        }
    }

    /// Reads every price measure as it stood at the end of a day, so that only those that move are looked at.
    pub fn read(&mut self, engine: &Engine<'_>, date: Date) {
        for id in engine.watch.measures() {
            let measure = engine.terms.price_measures.get(id.index());
            let series = measure.and_then(|m| engine.inputs.prices.get(&m.class).map(|series| (m, series)));
            if let Some(Reading::Sum(sum, _)) = series.map(|(measure, series)| series.read(measure, date)) {
                self.readings.insert(id, sum);
            }
        }
    }

    /// Tranches whose price threshold lies between the last reading and today's.
    pub(super) fn price_moved(&mut self, engine: &Engine<'_>, id: PriceMeasureId, date: Date) -> Vec<TrancheId> {
        let Some(measure) = engine.terms.price_measures.get(id.index()) else { return Vec::new() };
        match prices::read(engine.inputs, measure, date) {
            Reading::Sum(sum, _) => engine.watch.price(id, self.readings.insert(id, sum), sum),
            // After a gap nothing is known to have stayed as it was: the next reading is looked at like a first one.
            Reading::Gap(_) | Reading::None => {
                self.readings.remove(&id);
                Vec::new()
            }
        }
    }
}

/// By supply, the clause of control and those of the payment terms.
fn clauses(terms: &Terms) -> Vec<(Arc<str>, Vec<Arc<str>>)> {
    let of = |supply: &crate::terms::Supply| {
        let pays = (1..=supply.pays.len()).map(|term| format!("{}.pays.{term}", supply.path).into());
        (format!("{}.control", supply.path).into(), pays.collect())
    };
    terms.supplies.iter().map(of).collect()
}

/// Rounding to the minor unit, by currency.
fn minor_units(terms: &Terms) -> BTreeMap<Arc<str>, Rounding> {
    let currencies: BTreeSet<&Arc<str>> = terms.supplies.iter().map(|s| &s.currency).collect();
    let places = |currency: &str| Unit::of(currency).precision().unwrap_or(2);
    currencies.into_iter().map(|c| (c.clone(), Rounding { places: places(c), ..Rounding::CENTS })).collect()
}

/// Same-day lines go by kind, then by what they are about, by whom, by quantity and by id: file order never matters.
type Place = (u8, Arc<str>, Option<Arc<str>>, Number, Option<Arc<str>>);

fn order(terms: &Terms, inputs: &Inputs, line: &super::InputLine) -> Place {
    let class = |id: crate::terms::ClassId| terms.classes.get(id.index()).map(|c| c.path.clone());
    let tranche = |id: &TrancheId| terms.tranches.get(id.index()).map(|t| t.path.clone());
    let contract = |id: ContractId| terms.contracts.get(id.index()).map(|c| c.path.clone());
    let supplied = |id: &SupplyId| terms.supplies.get(id.index()).map(|s| s.path.clone());
    let (rank, path) = match &line.line.fact {
        Some(Fact::Open { party, .. }) => (0, terms.parties.get(party.index()).map(|p| p.name.clone())),
        Some(Fact::Split { class: id, .. }) => (1, class(*id)),
        Some(Fact::Issue { class: id, .. }) => (2, class(*id)),
        Some(Fact::Equity(fact)) => match (fact.class(), fact.tranches().first()) {
            (None, first) => (9, first.and_then(tranche)),
            // A conversion is of what was issued by then.
            (Some(id), _) => {
                let rank = if matches!(fact, crate::terms::EquityFact::Convert { .. }) { 3 } else { 1 };
                (rank, class(id))
            }
        },
        // What is issued on the day can be held on it.
        Some(Fact::Hold { party, class: id, .. }) => {
            (2, class(*id).zip(terms.parties.get(party.index())).map(|(path, p)| format!("{path} {}", p.name).into()))
        }
        Some(Fact::Supply { supply, trigger, .. }) => {
            let rank = match trigger {
                Trigger::Signing | Trigger::Order => 3,
                Trigger::Delivery => 4,
                Trigger::Acceptance => 5,
                Trigger::Invoice => 6,
                Trigger::Payment => 7,
            };
            (rank, terms.supplies.get(supply.index()).map(|s| s.path.clone()))
        }
        Some(Fact::Progress { supply, .. }) => (4, supplied(supply)),
        // A modification is made before what is ordered under it.
        Some(Fact::Modify { supply, .. }) => (2, supplied(supply)),
        Some(Fact::Estimate { variable, .. } | Fact::Charge { variable, .. }) => {
            (6, terms.variables.get(variable.index()).map(|v| v.path.clone()))
        }
        Some(Fact::Refund { supply, .. }) => (8, supplied(supply)),
        Some(Fact::Attest { tranches, .. }) => (8, tranches.first().and_then(tranche)),
        // A value stated on the day of a judgement is what the judgement is about.
        Some(Fact::Judge { tranches, finding: Finding::Value(_) }) => (8, tranches.first().and_then(tranche)),
        Some(Fact::Judge { tranches, .. }) => (9, tranches.first().and_then(tranche)),
        Some(Fact::Assess { supplies, .. }) => (9, supplies.first().and_then(supplied)),
        Some(Fact::Adopt { policy, .. }) => (9, Some(policy.clone())),
        Some(Fact::Exercise { tranche: id, .. }) => (10, tranche(id)),
        Some(Fact::Flow { flow, .. }) => (17, terms.flows.get(flow.index()).map(|f| f.path.clone())),
        Some(Fact::Minimum { party, .. } | Fact::Undrawn { party, .. }) => {
            (18, terms.parties.get(party.index()).map(|p| p.name.clone()))
        }
        Some(Fact::Call { tranche: id, .. }) => (15, tranche(id)),
        Some(Fact::Fund { tranche: id, .. }) => (16, tranche(id)),
        // What is repaid and drawn on one day is repaid first.
        Some(Fact::Repay { tranche: id, .. }) => (16, tranche(id)),
        Some(Fact::Draw { tranche: id, .. }) => (17, tranche(id)),
        Some(Fact::Price { of, .. }) => (11, Some(terms.quoted(of).into())),
        Some(Fact::Supersede { contract: id, .. } | Fact::Terminate { contract: id }) => (12, contract(*id)),
        Some(Fact::Close { party, .. } | Fact::Restate { party, .. }) => {
            (13, terms.parties.get(party.index()).map(|p| p.name.clone()))
        }
        Some(Fact::Reported(reported)) => (19, terms.parties.get(reported.party.index()).map(|p| p.name.clone())),
        Some(Fact::Earnings(earnings)) => (19, class(earnings.class)),
        // What a company pays out and what it is worth come before what its holder says.
        Some(Fact::Holding(fact)) => {
            let rank = match &**fact {
                HoldingFact::Judged { .. } => 9,
                HoldingFact::Allocated { .. } => 18,
                HoldingFact::Dividend { .. } => 20,
                HoldingFact::Observed { .. } | HoldingFact::Valued { .. } => 21,
                HoldingFact::Impaired { .. } => 22,
            };
            (rank, fact.class(&terms.stakes).and_then(class))
        }
        None => (14, None),
    };
    let quantity = match &line.line.fact {
        Some(
            Fact::Supply { quantity, .. }
            | Fact::Exercise { shares: quantity, .. }
            | Fact::Issue { shares: quantity, .. }
            | Fact::Fund { amount: quantity, .. }
            | Fact::Draw { amount: quantity, .. }
            | Fact::Repay { amount: quantity, .. }
            | Fact::Call { amount: Some(quantity), .. },
        ) => inputs.quantity(line, quantity).ok().and_then(|value| value.known()),
        Some(Fact::Flow { part: Some(Value::Known(part)), .. }) => Some(*part),
        _ => None,
    };
    let by = match &line.line.fact {
        Some(Fact::Fund { by: Some(party), .. }) => terms.parties.get(party.index()).map(|p| p.name.clone()),
        _ => None,
    };
    (rank, path.unwrap_or_else(|| "".into()), by, quantity.unwrap_or_default(), line.line.id.clone())
}

/// Bills raised before their event: day, line and payment term.
fn early(terms: &Terms, inputs: &Inputs) -> BTreeMap<Date, Vec<(usize, usize)>> {
    let mut early: BTreeMap<Date, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, line) in inputs.lines.iter().enumerate() {
        let Some(Fact::Supply { supply, trigger, .. }) = &line.line.fact else { continue };
        let Some(supply) = terms.supplies.get(supply.index()) else { continue };
        let signed = terms.contracts.get(supply.contract.index()).and_then(|c| c.signed).unwrap_or(Date::MIN);
        for (term, pays) in supply.pays.iter().enumerate() {
            if pays.offset < 0 && pays.trigger == *trigger {
                // Never before the contract exists, never after the event itself.
                if line.line.date < signed {
                    continue;
                }
                let day = line.scheduled.plus_days(pays.offset).max(signed).min(line.line.date);
                early.entry(day).or_default().push((index, term));
            }
        }
    }
    for day in early.values_mut() {
        day.sort_by_cached_key(|(index, term)| {
            (inputs.lines.get(*index).map(|line| order(terms, inputs, line)), *term)
        });
    }
    early
}

/// What the terms put on each day, contracts left out excepted.
fn dated(terms: &Terms, inputs: &Inputs) -> BTreeMap<Date, Dated> {
    let mut dated: BTreeMap<Date, Dated> = BTreeMap::new();
    let live = |contract: ContractId| !inputs.dropped.contains(&contract);
    for (id, contract) in (0u32..).map(ContractId).zip(terms.contracts.iter()).filter(|(id, _)| live(*id)) {
        for (earlier, date) in &contract.supersedes {
            if let Some(date) = date.or(contract.signed) {
                dated.entry(date).or_default().superseded.push((*earlier, id));
            }
        }
    }
    for (id, supply) in (0u32..).map(SupplyId).zip(terms.supplies.iter()).filter(|(_, s)| live(s.contract)) {
        if let Some(signed) = terms.contracts.get(supply.contract.index()).and_then(|c| c.signed) {
            dated.entry(signed).or_default().signed.push(id);
        }
        if let Some(minimum) = &supply.minimum {
            for end in &minimum.ends {
                dated.entry(*end).or_default().minimums.push(id);
            }
            if let Some(date) = minimum.make_up {
                dated.entry(date).or_default().made_up.push(id);
            }
        }
        if let Some(right) = &supply.right {
            dated.entry(right.until).or_default().rights.push(id);
        }
        if let Some(OverTime::Evenly(period)) = supply.over {
            let signed = terms.contracts.get(supply.contract.index()).and_then(|c| c.signed).unwrap_or(Date::MIN);
            for day in super::consideration::counted(terms, supply, period, signed) {
                dated.entry(day).or_default().passes.push(id);
            }
        }
    }
    for (id, warrant) in (0u32..).map(WarrantId).zip(terms.warrants.iter()).filter(|(_, w)| live(w.contract)) {
        dated.entry(warrant.granted).or_default().grants.push(id);
        for tranche in &warrant.tranches {
            if let Some(date) = terms.tranches.get(tranche.index()).and_then(|t| t.by) {
                dated.entry(date).or_default().ends.push((*tranche, false));
            }
            if let Some(date) = warrant.expires {
                dated.entry(date).or_default().ends.push((*tranche, true));
            }
        }
    }
    for (id, investment) in (0u32..).map(InvestmentId).zip(terms.investments.iter()).filter(|(_, i)| live(i.contract)) {
        dated.entry(investment.since).or_default().commits.push(id);
        dated.entry(investment.counted).or_default().counts.push(id);
        for tranche in &investment.tranches {
            let Some(terms) = terms.tranches.get(tranche.index()) else { continue };
            match (terms.by, terms.call.reduced) {
                (Some(date), Some(_)) => dated.entry(date.plus_days(1)).or_default().reduced.push(*tranche),
                (Some(date), None) => dated.entry(date).or_default().ends.push((*tranche, false)),
                (None, _) => {}
            }
        }
    }
    for (id, credit) in (0u32..).map(CreditId).zip(terms.credits.iter()).filter(|(_, c)| live(c.contract)) {
        dated.entry(credit.since).or_default().credits.push(id);
        if let Some(date) = terms.tranches.get(credit.tranche.index()).and_then(|t| t.by) {
            dated.entry(date).or_default().ends.push((credit.tranche, false));
        }
    }
    dated
}

fn accounts(terms: &Terms, chart: &mut Chart) -> (Vec<[AccountId; 5]>, Vec<AccountId>, Vec<AccountId>) {
    let mut stages = Vec::with_capacity(terms.tranches.len());
    let mut granted = Vec::with_capacity(terms.warrants.len());
    let party = |id: crate::terms::PartyId| terms.parties.get(id.index()).map_or_else(|| "".into(), |p| p.name.clone());
    for warrant in &terms.warrants {
        let commodity: Arc<str> = format!("{} rights", warrant.path).into();
        granted.push(chart.open(&party(warrant.issuer), "granted", &warrant.path, &commodity));
    }
    let lead = |investment: &Investment| investment.investors.first().map_or_else(|| "".into(), |(id, _)| party(*id));
    let mut committed = Vec::with_capacity(terms.investments.len());
    for investment in &terms.investments {
        let commodity: Arc<str> = format!("{} commitment", investment.path).into();
        committed.push(chart.open(&lead(investment), "committed", &investment.path, &commodity));
    }
    for tranche in &terms.tranches {
        let found = match tranche.of {
            Instrument::Warrant(id) => {
                terms.warrants.get(id.index()).map(|w| (party(w.holder), format!("{} rights", w.path)))
            }
            Instrument::Investment(id) => {
                terms.investments.get(id.index()).map(|i| (lead(i), format!("{} commitment", i.path)))
            }
            Instrument::Credit(id) => {
                terms.credits.get(id.index()).map(|c| (party(c.giver), format!("{} commitment", c.path)))
            }
        };
        let (holder, commodity) = found.unwrap_or_else(|| ("".into(), String::new()));
        stages.push(STAGES.map(|stage| chart.open(&holder, stage, &tranche.path, &commodity.as_str().into())));
    }
    (stages, granted, committed)
}
