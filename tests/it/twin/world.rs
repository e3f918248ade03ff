//! Section 2: every calendar day from the first to the last, phase by phase, from lists that only grow.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proforma::engine::RefusalKind;
use proforma::num::{Number, Rounding};
use proforma::terms::{
    Basis, ClassId, ContractId, Fact, Finding, FlowId, InvestmentId, LatchId, LineId, PartyId, SupplyId, Terms,
    TrancheId, Trigger,
};
use proforma::time::Date;

use super::belief::{Belief, Seen, contract_of};
use super::calls::Call;
use super::money::Bill;

/// An accepted event of a supply.
pub struct Event {
    pub day: Date,
    pub trigger: Trigger,
    pub supply: SupplyId,
    pub quantity: Number,
    pub by: Vec<Arc<str>>,
    pub actual: bool,
}

/// A tranche: its rights by stage, or its money (called is released, funded is used), and when it got there.
#[derive(Clone, Default)]
pub struct Rights {
    pub locked: Number,
    pub released: Number,
    pub cleared: Number,
    pub used: Number,
    pub lapsed: Number,
    pub vested_on: Option<Date>,
    pub cleared_on: Option<Date>,
    pub lapsed_on: Option<Date>,
    /// What released or used it rests on something forecast or assumed.
    pub hoped: bool,
}

/// What a book hears of a day, in order. Missing amounts are `None`.
#[derive(Clone)]
pub enum Heard {
    Billed(SupplyId, Option<(Number, Number)>),
    Paid(SupplyId, Number, Number),
    Applied(SupplyId, Number),
    /// Paid under what binds nobody, or given back.
    Deposited(SupplyId, Number),
    Transferred(SupplyId, Option<(Number, Number)>),
    Exercised {
        tranche: TrancheId,
        rights: Number,
        of: Number,
    },
    Funded(TrancheId, Number),
    Flowed(FlowId, Number),
}

/// Money by holder and currency.
pub type Purse = BTreeMap<(PartyId, Arc<str>), Number>;

/// All that happened so far.
pub struct World<'a> {
    pub terms: &'a Terms,
    pub belief: &'a Belief,
    /// All lines, in the order of a day.
    pub sorted: Vec<&'a Seen>,
    pub known_by: Option<Date>,
    pub day: Date,
    pub events: Vec<Event>,
    /// Tranche, name, and whether the line is actual.
    pub attested: Vec<(TrancheId, Arc<str>, bool)>,
    pub judged: BTreeMap<TrancheId, bool>,
    pub splits: Vec<(Date, ClassId, Number, Number)>,
    pub rights: BTreeMap<TrancheId, Rights>,
    /// Whether what closed it was all actual.
    pub latched: BTreeMap<LatchId, bool>,
    pub ended: BTreeMap<ContractId, Date>,
    pub refused: Vec<(LineId, RefusalKind)>,
    pub bills: BTreeMap<SupplyId, Vec<Bill>>,
    pub billed: BTreeMap<(SupplyId, usize), Number>,
    pub advance: BTreeMap<SupplyId, Number>,
    pub cash: Purse,
    /// What would be paid under promises that bind nobody.
    pub promised: Purse,
    /// Deposits that a contract takes over today.
    pub carried: BTreeMap<SupplyId, Number>,
    pub capacity: Purse,
    pub calls: Vec<Call>,
    pub funded: Vec<String>,
    /// Paid in by tranche and investor.
    pub paid: BTreeMap<(TrancheId, usize), Number>,
    /// Classes of which an unknown number was issued.
    pub uncounted: BTreeSet<ClassId>,
    /// Classes that were opened, and employee awards.
    pub opened: BTreeSet<ClassId>,
    pub awards: BTreeMap<PartyId, Number>,
    /// Shares on the day a stated valuation is divided.
    pub counts: BTreeMap<InvestmentId, Number>,
    /// Shares by class and holder; `None` is everybody else.
    pub shares: BTreeMap<(ClassId, Option<PartyId>), Number>,
    pub heard: Vec<Heard>,
}

impl<'a> World<'a> {
    pub fn new(terms: &'a Terms, belief: &'a Belief, known_by: Option<Date>) -> Self {
        let mut world = Self {
            terms,
            belief,
            sorted: Vec::new(),
            known_by,
            day: Date::MIN,
            events: Vec::new(),
            attested: Vec::new(),
            judged: BTreeMap::new(),
            splits: Vec::new(),
            rights: BTreeMap::new(),
            latched: BTreeMap::new(),
            ended: BTreeMap::new(),
            refused: Vec::new(),
            bills: BTreeMap::new(),
            billed: BTreeMap::new(),
            advance: BTreeMap::new(),
            cash: Purse::new(),
            promised: Purse::new(),
            carried: BTreeMap::new(),
            capacity: Purse::new(),
            calls: Vec::new(),
            funded: Vec::new(),
            paid: BTreeMap::new(),
            uncounted: BTreeSet::new(),
            opened: BTreeSet::new(),
            awards: BTreeMap::new(),
            counts: BTreeMap::new(),
            shares: BTreeMap::new(),
            heard: Vec::new(),
        };
        let mut sorted: Vec<&Seen> = belief.lines.iter().collect();
        sorted.sort_by_cached_key(|s| world.rank(s));
        world.sorted = sorted;
        world
    }

    /// The first and the last day on which anything could happen.
    pub fn span(&self) -> (Date, Date) {
        let t = self.terms;
        let mut days: Vec<Date> = self.belief.lines.iter().flat_map(|s| [s.line.date, s.scheduled]).collect();
        days.extend(t.contracts.iter().filter_map(|c| c.signed));
        days.extend(t.contracts.iter().flat_map(|c| c.supersedes.iter().filter_map(|(_, on)| *on)));
        days.extend(t.warrants.iter().flat_map(|w| [Some(w.granted), w.expires]).flatten());
        days.extend(t.tranches.iter().filter_map(|t| t.by));
        days.extend(self.belief.closes.values().flat_map(|c| c.keys().copied()));
        days.extend(t.investments.iter().map(|i| i.counted));
        days.extend(self.schedule_ends());
        days.extend(t.tranches.iter().flat_map(|t| super::gates::dates(&t.vests)));
        let calls = t.investments.iter().map(|i| i.days + 1);
        let reach = t.supplies.iter().flat_map(|s| &s.pays).map(|p| p.offset.abs()).chain(calls).max().unwrap_or(0) + 1;
        let quiet = Date::new(2026, 1, 1).unwrap();
        let first = days.iter().min().copied().unwrap_or(quiet);
        (first.plus_days(-reach), days.iter().max().copied().unwrap_or(quiet).plus_days(reach))
    }

    /// One day.
    pub fn step(&mut self, day: Date) {
        self.day = day;
        self.heard.clear();
        self.grants();
        let lines: Vec<&Seen> = self.sorted.iter().copied().filter(|s| s.line.date == day).collect();
        for s in &lines {
            self.fact(s);
        }
        self.ends_of_contracts();
        self.deadlines();
        self.count_shares();
        self.gates();
        for s in &lines {
            self.call(s);
        }
        self.gates();
        for s in &lines {
            self.exercise(s);
        }
        self.gates();
        self.money();
        self.fundings(&lines);
        self.gates();
        self.flows(&lines);
        self.evening();
    }

    /// Kind, path, quantity, id.
    pub fn rank(&self, s: &Seen) -> (u8, String, Number, String) {
        let t = self.terms;
        let (kind, path) = match s.line.fact.as_ref().unwrap() {
            Fact::Open { party, .. } => (0, t.parties[party.index()].name.to_string()),
            Fact::Split { class, .. } => (1, t.classes[class.index()].path.to_string()),
            Fact::Issue { class, .. } => (2, t.classes[class.index()].path.to_string()),
            Fact::Supply { supply, trigger, .. } => (3 + *trigger as u8, t.supplies[supply.index()].path.to_string()),
            Fact::Attest { tranches, .. } => (20, t.tranches[tranches[0].index()].path.to_string()),
            Fact::Judge { tranches, .. } => (21, t.tranches[tranches[0].index()].path.to_string()),
            Fact::Exercise { tranche, .. } => (22, t.tranches[tranche.index()].path.to_string()),
            Fact::Call { tranche, .. } => (22, t.tranches[tranche.index()].path.to_string()),
            Fact::Fund { tranche, by, .. } => {
                let by = by.map_or("", |by| &*t.parties[by.index()].name);
                (23, format!("{} {by}", t.tranches[tranche.index()].path))
            }
            Fact::Flow { flow, .. } => (24, t.flows[flow.index()].path.to_string()),
            _ => (25, String::new()),
        };
        let quantity = self.belief.quantity(s).and_then(|v| v.known()).unwrap_or_default();
        (kind, path, quantity, s.line.id.as_deref().unwrap_or("").to_owned())
    }

    pub fn dropped(&self, contract: ContractId) -> bool {
        self.belief.dropped.contains(&contract)
    }

    fn grants(&mut self) {
        for warrant in &self.terms.warrants {
            if warrant.granted == self.day && !self.dropped(warrant.contract) {
                for id in &warrant.tranches {
                    let locked = self.terms.tranches[id.index()].size;
                    self.rights.insert(*id, Rights { locked, ..Rights::default() });
                    if self.ended.contains_key(&warrant.contract) {
                        self.lapse(*id, false);
                    }
                }
            }
        }
        for investment in &self.terms.investments {
            if investment.since == self.day && !self.dropped(investment.contract) {
                for id in &investment.tranches {
                    let locked = self.terms.tranches[id.index()].size;
                    self.rights.insert(*id, Rights { locked, ..Rights::default() });
                    if self.ended.contains_key(&investment.contract) {
                        self.lapse(*id, false);
                    }
                }
            }
        }
    }

    /// Contracts superseded by another's signing or on the date given, or ended by a line.
    fn ends_of_contracts(&mut self) {
        let mut ends = Vec::new();
        for (n, contract) in (0u32..).zip(&self.terms.contracts) {
            for (earlier, on) in &contract.supersedes {
                if on.or(contract.signed) == Some(self.day) && !self.dropped(ContractId(n)) {
                    ends.push((*earlier, Some(ContractId(n))));
                }
            }
        }
        for s in self.belief.lines.iter().filter(|s| s.line.date == self.day) {
            match &s.line.fact {
                Some(Fact::Supersede { contract, by }) => ends.insert(0, (*contract, *by)),
                Some(Fact::Terminate { contract }) => ends.insert(0, (*contract, None)),
                _ => {}
            }
        }
        for (contract, by) in ends {
            if !self.ended.contains_key(&contract) {
                self.ended.insert(contract, self.day);
                self.intent_ends(contract, by);
            }
            for id in self.tranches_of(contract) {
                self.lapse(id, false);
            }
        }
    }

    fn tranches_of(&self, contract: ContractId) -> Vec<TrancheId> {
        let here = |t: &&TrancheId| self.contract(**t) == contract;
        self.rights.keys().filter(here).copied().collect()
    }

    pub fn contract(&self, id: TrancheId) -> ContractId {
        self.terms.contract_of(&self.terms.tranches[id.index()]).unwrap()
    }

    /// Locked rights are lost; with `all`, whatever is not exercised.
    pub fn lapse(&mut self, id: TrancheId, all: bool) {
        let (day, r) = (self.day, self.rights.get_mut(&id).unwrap());
        let mut lost = std::mem::take(&mut r.locked);
        if all {
            lost = lost.plus(std::mem::take(&mut r.released)).unwrap();
            lost = lost.plus(std::mem::take(&mut r.cleared)).unwrap();
        }
        if !lost.is_zero() {
            r.lapsed = r.lapsed.plus(lost).unwrap();
            r.lapsed_on = Some(day);
        }
    }

    pub fn refuse(&mut self, s: &Seen, kind: RefusalKind) {
        self.refused.push((s.id, kind));
    }

    /// Whether a line is about a contract that was not yet signed.
    pub fn unsigned(&self, s: &Seen) -> bool {
        let contract = contract_of(self.terms, s.line.fact.as_ref().unwrap());
        contract.and_then(|c| self.terms.contracts[c.index()].signed).is_some_and(|signed| self.day < signed)
    }

    fn fact(&mut self, s: &Seen) {
        match s.line.fact.clone().unwrap() {
            Fact::Open { party, shares, cash, awards, .. } => {
                if let Some(awards) = awards {
                    self.awards.insert(party, awards.value(self.belief).unwrap().known().unwrap());
                }
                for (class, number) in shares {
                    self.opened.insert(class);
                    let number = number.value(self.belief).unwrap().known().unwrap();
                    self.give(class, None, number);
                }
                let cash = cash.map(|c| c.value(self.belief).unwrap().known().unwrap()).unwrap_or_default();
                let home = &self.terms.parties[party.index()].currency;
                self.pay(party, home, cash);
            }
            Fact::Split { class, new, old } => self.split(class, new, old),
            Fact::Issue { class, .. } => match self.positive(s) {
                None => self.refuse(s, RefusalKind::NoQuantity),
                Some(n) if self.above_authorised(class, n) => self.refuse(s, RefusalKind::AboveAuthorised),
                Some(n) => self.give(class, None, n),
            },
            Fact::Supply { supply, trigger, by, .. } => match self.objection(s, supply, trigger) {
                Some(kind) => self.refuse(s, kind),
                None => {
                    let quantity = self.positive(s).unwrap();
                    let actual = s.line.basis == Basis::Actual;
                    let event = Event { day: self.day, trigger, supply, quantity, by, actual };
                    self.accepted(event);
                }
            },
            Fact::Attest { tranches, name } => {
                let actual = s.line.basis == Basis::Actual;
                self.attested.extend(tranches.into_iter().map(|t| (t, Arc::clone(&name), actual)));
            }
            Fact::Judge { tranches, finding: Finding::Probable(yes) } => {
                self.judged.extend(tranches.into_iter().map(|t| (t, yes)));
            }
            _ => {}
        }
    }

    /// The quantity, if it is known and positive.
    pub fn positive(&self, s: &Seen) -> Option<Number> {
        self.belief.quantity(s).and_then(|v| v.known()).filter(|q| q.is_positive())
    }

    /// Section 7 for events of a supply.
    fn objection(&self, s: &Seen, supply: SupplyId, trigger: Trigger) -> Option<RefusalKind> {
        let terms = &self.terms.supplies[supply.index()];
        if trigger != Trigger::Payment && self.ended.contains_key(&terms.contract) {
            return Some(RefusalKind::ContractEnded);
        }
        if self.unsigned(s) {
            return Some(RefusalKind::BeforeSigning);
        }
        let Some(q) = self.positive(s) else { return Some(RefusalKind::NoQuantity) };
        let after = |of: Trigger| self.total(supply, of).plus(q).unwrap();
        let commitment = self.quantities(supply, |_| true);
        let above = |of: Trigger| commitment.is_some_and(|c| after(of) > c);
        let on_order = terms.pays.iter().any(|p| p.trigger == Trigger::Order);
        let ordered = self.total(supply, Trigger::Order);
        match trigger {
            Trigger::Order if above(trigger) => Some(RefusalKind::OrderAboveCommitment),
            Trigger::Delivery | Trigger::Invoice if above(trigger) => Some(RefusalKind::DeliveryAboveCommitment),
            Trigger::Delivery if (on_order || ordered.is_positive()) && after(trigger) > ordered => {
                Some(RefusalKind::DeliveryAboveOrder)
            }
            Trigger::Acceptance if after(trigger) > self.total(supply, Trigger::Delivery) => {
                Some(RefusalKind::AcceptanceAboveDelivery)
            }
            _ => None,
        }
    }

    /// The sum of a supply's quantities of some standings; `None` when one is undisclosed.
    pub fn quantities(&self, supply: SupplyId, which: impl Fn(&proforma::terms::Standing) -> bool) -> Option<Number> {
        let mut sum = Number::ZERO;
        for (quantity, standing, _) in &self.terms.supplies[supply.index()].quantities {
            if which(standing) {
                sum = sum.plus(quantity.value(self.belief).unwrap().known()?).unwrap();
            }
        }
        Some(sum)
    }

    /// Everything accepted so far.
    pub fn total(&self, supply: SupplyId, trigger: Trigger) -> Number {
        let mine = self.events.iter().filter(|e| e.supply == supply && e.trigger == trigger);
        Number::sum(mine.map(|e| e.quantity)).unwrap()
    }

    /// What has passed to the buyer.
    pub fn passed(&self, supply: SupplyId) -> Number {
        self.total(supply, self.terms.supplies[supply.index()].control)
    }

    /// What has passed of what earns a tranche, up to a day: bought by whom its counter names, from its first day on, and up to its
    /// last where it counts what passes.
    pub fn purchased(&self, id: TrancheId, upto: Date) -> Number {
        let band = self.terms.tranches[id.index()].band.as_ref().unwrap();
        let (c, control) =
            (&self.terms.counters[band.counter.index()], self.terms.supplies[band.supply.index()].control);
        // What binds nobody is in no book.
        let binds = self.terms.supplies[band.supply.index()].binds();
        let mine = self.events.iter().filter(|e| {
            binds
                && (e.supply, e.trigger) == (band.supply, control)
                && e.day <= upto
                && c.since.is_none_or(|since| e.day >= since)
                && c.until.is_none_or(|until| c.trigger != control || e.day <= until)
                && c.by.as_ref().is_none_or(|names| e.by.iter().any(|n| names.contains(n)))
        });
        Number::sum(mine.map(|e| e.quantity)).unwrap()
    }

    pub fn pay(&mut self, party: PartyId, currency: &Arc<str>, amount: Number) {
        put(&mut self.cash, party, currency, amount);
    }

    pub fn give(&mut self, class: ClassId, to: Option<PartyId>, shares: Number) {
        let held = self.shares.entry((class, to)).or_default();
        *held = held.plus(shares).unwrap();
    }

    pub fn outstanding(&self, class: ClassId) -> Number {
        Number::sum(self.shares.iter().filter(|((c, _), _)| *c == class).map(|(_, n)| *n)).unwrap()
    }

    pub fn above_authorised(&self, class: ClassId, more: Number) -> bool {
        let authorised = self.terms.classes[class.index()].authorised.as_ref();
        let stated = authorised.and_then(|f| f.value(self.belief).unwrap().known());
        // The text is silent; the charter is taken to move with splits.
        let mine = self.splits.iter().filter(|(_, of, _, _)| *of == class);
        let (up, down) = mine.fold((Number::ONE, Number::ONE), |(up, down), (_, _, new, old)| {
            (up.times(*new).unwrap(), down.times(*old).unwrap())
        });
        let authorised = stated.map(|limit| limit.ratio_of(up, down, Rounding::WHOLE_DOWN).unwrap());
        authorised.is_some_and(|limit| self.outstanding(class).plus(more).unwrap() > limit)
    }

    /// The end of the day.
    fn evening(&mut self) {
        let ids: Vec<TrancheId> = self.rights.keys().copied().collect();
        for id in ids {
            let tranche = &self.terms.tranches[id.index()];
            if tranche.by == Some(self.day) && tranche.call.reduced.is_none() {
                self.lapse(id, false);
            }
            if self.terms.warrant_of(id).is_some_and(|w| w.expires == Some(self.day)) {
                self.lapse(id, true);
            }
        }
    }
}

pub fn put(into: &mut Purse, party: PartyId, currency: &Arc<str>, amount: Number) {
    let held = into.entry((party, Arc::clone(currency))).or_default();
    *held = held.plus(amount).unwrap();
}
