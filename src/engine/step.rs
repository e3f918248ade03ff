//! One day of the legal ledger, phase by phase.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::agenda::Agenda;
use super::inputs::Input;
use super::watch::Watch;
use super::{Act, InputLine, Inputs, Outcome, Refusal, RefusalKind, State};
use crate::ledger::{AccountId, Cause, Chart, Draft, EntryId, Journal, Log, Parent};
use crate::num;
use crate::terms::{
    Adoption, Basis, ContractId, CounterId, Fact, InvestmentId, LineId, PriceMeasureId, Stage, StakeId, Supply,
    SupplyId, Terms, TrancheId, Warrant, WarrantId,
};
use crate::time::Date;

use super::reckon::Reckoned;

/// The run cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What went wrong.
    pub kind: num::Fault,
    /// In which clause.
    pub clause: Arc<str>,
    /// On which day.
    pub date: Date,
}

/// The unchanging side of a run: terms, inputs, and indexes over them.
#[derive(Debug)]
pub struct Engine<'a> {
    /// The contracts.
    pub terms: &'a Terms,
    /// What this run believes.
    pub inputs: &'a Inputs,
    /// Which tranches read what.
    pub watch: Watch,
    pub(super) lines: BTreeMap<Date, Vec<usize>>,
    pub(super) by_id: BTreeMap<LineId, usize>,
    pub(super) early: BTreeMap<Date, Vec<(usize, usize)>>,
    pub(super) dated: BTreeMap<Date, Dated>,
    pub(super) counters: BTreeMap<SupplyId, Vec<CounterId>>,
    pub(super) last_paid: BTreeMap<SupplyId, Date>,
    pub(super) stages: Vec<[AccountId; 5]>,
    pub(super) granted: Vec<AccountId>,
    /// By supply, the clause of control and those of the payment terms.
    pub(super) clauses: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// Rounding to the minor unit, by currency.
    pub(super) minor: BTreeMap<Arc<str>, num::Rounding>,
    pub(super) committed: Vec<AccountId>,
    pub(super) last_funded: BTreeMap<TrancheId, Date>,
    pub(super) adoptions: BTreeMap<Date, Vec<Adoption>>,
    /// Ends of quarters at which holdings follow their closes.
    pub(super) marks: BTreeMap<Date, Vec<StakeId>>,
    /// Ends of quarters at which what is owed or held in another currency is looked at.
    pub(super) reckoned: BTreeMap<Date, Reckoned>,
}

/// What the terms themselves put on a day.
#[derive(Clone, Debug, Default)]
pub(super) struct Dated {
    /// Warrants granted.
    pub grants: Vec<WarrantId>,
    /// Loans, leases and guarantees whose contract is signed.
    pub credits: Vec<crate::terms::CreditId>,
    /// Investments whose contract is signed.
    pub commits: Vec<InvestmentId>,
    /// Investments whose valuation is divided by the shares of this day.
    pub counts: Vec<InvestmentId>,
    /// Tranches whose deadline was yesterday and of which a part is called after all.
    pub reduced: Vec<TrancheId>,
    /// Tranches whose time to vest ends, or (true) that expire.
    pub ends: Vec<(TrancheId, bool)>,
    /// Supplies whose contract is signed.
    pub signed: Vec<SupplyId>,
    /// Supplies of which a part passes with the days.
    pub passes: Vec<SupplyId>,
    /// Supplies of which a period of a minimum ends.
    pub minimums: Vec<SupplyId>,
    /// Supplies whose option to buy more ends.
    pub rights: Vec<SupplyId>,
    /// Supplies of which nothing can be made up any more.
    pub made_up: Vec<SupplyId>,
    /// Contracts superseded, and by which.
    pub superseded: Vec<(ContractId, ContractId)>,
}

/// What a run has recorded so far: append-only, outside the versions.
#[derive(Clone, Debug, Default)]
pub struct Register {
    /// All accounts.
    pub chart: Chart,
    /// Entries of the legal ledger.
    pub journal: Journal,
    /// What legally happened.
    pub outcomes: Log<Outcome>,
    /// What was refused.
    pub refusals: Log<Refusal>,
    /// Accounts of supplies by name, of the seller (true) and the buyer, found without comparing whole accounts.
    of_supplies: BTreeMap<(SupplyId, &'static str, bool), AccountId>,
}

impl Register {
    /// What was recorded before a day, with so many accounts, shared, at the beginning of a register of its own.
    #[must_use]
    pub fn fork(&self, day: Date, accounts: usize) -> Self {
        Self {
            chart: self.chart.fork(accounts),
            journal: self.journal.fork(day),
            outcomes: self.outcomes.fork(self.outcomes.partition_point(|outcome| outcome.date < day)),
            refusals: self.refusals.fork(self.refusals.partition_point(|refusal| refusal.date < day)),
            of_supplies: BTreeMap::new(),
        }
    }
}

/// What moved today: tranches to look at, and why.
pub(super) type Dirty = BTreeMap<TrancheId, BTreeSet<Parent>>;

/// A day in progress.
pub(super) struct Day<'r> {
    pub date: Date,
    pub register: &'r mut Register,
    pub agenda: &'r mut Agenda,
    pub state: &'r mut State,
    pub dirty: Dirty,
    /// Bills that events of today ask for: supply, term, quantity, and why.
    pub bills: Vec<(SupplyId, usize, num::Number, Vec<Parent>)>,
    /// Payments of today, matched after the day's bills are raised.
    pub payments: Vec<(SupplyId, num::Number, Parent)>,
    /// Lines that give back what may have been paid on the day.
    pub refunds: Vec<usize>,
    /// Supplies that were billed or paid today.
    pub touched: BTreeSet<SupplyId>,
    /// Supplies with a financing component that were paid or passed today.
    pub financed: BTreeSet<SupplyId>,
    /// Tranches called today.
    pub called: BTreeSet<TrancheId>,
}

impl Engine<'_> {
    /// Steps one day. The state is left as it was if the day faults.
    ///
    /// # Errors
    /// A fault of arithmetic, with the clause and the day; or gates of one day that never settle.
    pub fn step(
        &self,
        register: &mut Register,
        agenda: &mut Agenda,
        state: &mut State,
        date: Date,
    ) -> Result<(), Fault> {
        self.inputs.reads.begin(date);
        let mut next = state.clone();
        let first = register.outcomes.len();
        let mut day = Day {
            date,
            register,
            agenda,
            state: &mut next,
            dirty: Dirty::new(),
            bills: Vec::new(),
            payments: Vec::new(),
            refunds: Vec::new(),
            touched: BTreeSet::new(),
            financed: BTreeSet::new(),
            called: BTreeSet::new(),
        };
        self.sign(&mut day)?;
        self.grant(&mut day)?;
        self.adoptions(&mut day)?;
        self.facts(&mut day)?;
        self.passing(&mut day)?;
        self.minimums(&mut day)?;
        self.prices(&mut day);
        for tranche in self.watch.date(date) {
            day.dirty.entry(*tranche).or_default();
        }
        self.count_shares(&mut day).map_err(self.fault(&"a share count".into(), date))?;
        self.reductions(&mut day)?;
        self.gates(&mut day)?;
        self.calls(&mut day)?;
        self.exercises(&mut day)?;
        self.bills(&mut day)?;
        self.elapse(&mut day)?;
        self.reckon(&mut day)?;
        self.rights_end(&mut day)?;
        self.fundings(&mut day)?;
        self.credits(&mut day)?;
        self.flows(&mut day)?;
        self.expiries(&mut day)?;
        self.stakes(&mut day, first)?;
        self.revalue(&mut day)?;
        *state = next;
        Ok(())
    }

    fn facts(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for index in self.lines.get(&day.date).map_or(&[][..], Vec::as_slice) {
            let Some(line) = self.inputs.lines.get(*index) else { continue };
            self.inputs.reads.note(Input::Line(line.id));
            let Some(fact) = &line.line.fact else { continue };
            match fact {
                Fact::Supply { .. } => self.supply_fact(day, line, fact)?,
                Fact::Refund { supply, .. } if day.payments.iter().any(|(paid, ..)| paid == supply) => {
                    day.refunds.push(*index);
                }
                Fact::Refund { supply, amount } => self.refund(day, line, *supply, amount)?,
                Fact::Progress { .. } | Fact::Estimate { .. } | Fact::Charge { .. } | Fact::Modify { .. } => {
                    self.consideration_fact(day, line, fact)?;
                }
                Fact::Holding(fact) => self.judge_holding(day, line, fact)?,
                Fact::Attest { .. } | Fact::Judge { .. } => self.finding(day, line, fact)?,
                Fact::Assess { supplies, finding } => self.assess(day, line, supplies, finding)?,
                Fact::Adopt { party, policy, choice, transition } => {
                    let (policy, choice) = (policy.clone(), choice.clone());
                    let clause = policy.clone();
                    let act = Act::Adopted { party: *party, policy, choice, transition: *transition };
                    day.record(self, act, &clause, vec![Parent::Line(line.id)], Draft::default())?;
                }
                Fact::Supersede { .. } | Fact::Terminate { .. } | Fact::Close { .. } | Fact::Restate { .. } => {
                    self.standing_fact(day, line, fact)?;
                }
                Fact::Open { .. } | Fact::Issue { .. } | Fact::Hold { .. } | Fact::Split { .. } => {
                    self.holding_fact(day, line, fact)?;
                }
                Fact::Equity(fact) => self.equity_fact(day, line, fact)?,
                Fact::Exercise { .. }
                | Fact::Call { .. }
                | Fact::Fund { .. }
                | Fact::Draw { .. }
                | Fact::Repay { .. }
                | Fact::Price { .. }
                | Fact::Flow { .. }
                | Fact::Minimum { .. }
                | Fact::Undrawn { .. }
                | Fact::Reported(_)
                | Fact::Earnings(_) => {}
            }
        }
        self.supersede_by_signing(day)
    }

    fn prices(&self, day: &mut Day<'_>) {
        let measures: Vec<PriceMeasureId> = self.watch.measures().collect();
        for id in measures {
            for tranche in day.agenda.price_moved(self, id, day.date) {
                day.dirty.entry(tranche).or_default();
            }
        }
    }

    /// The line with this number.
    #[must_use]
    pub fn line(&self, id: LineId) -> Option<&InputLine> {
        self.by_id.get(&id).and_then(|index| self.inputs.lines.get(*index))
    }

    /// The warrant of a tranche.
    #[must_use]
    pub fn warrant_of(&self, tranche: TrancheId) -> Option<&Warrant> {
        self.terms.warrant_of(tranche)
    }

    pub(super) fn fault(&self, clause: &Arc<str>, date: Date) -> impl Fn(num::Fault) -> Fault + use<> {
        let clause = clause.clone();
        move |kind| Fault { kind, clause: clause.clone(), date }
    }

    /// The latest day on which one of these became known, and how sure they are together.
    pub(super) fn weigh(&self, register: &Register, parents: &[Parent], date: Date) -> (Date, Basis) {
        let one = |parent: &Parent| match parent {
            Parent::Line(id) => self.line(*id).map(|l| {
                // An error is corrected where it was made (ASC 250-10-45-23).
                (if l.line.restates { l.line.date } else { l.line.known }, l.line.basis)
            }),
            Parent::Outcome(number) => register.outcomes.get(*number as usize).map(|o| (o.known, o.basis)),
            Parent::Term(_) => None,
        };
        parents
            .iter()
            .filter_map(one)
            .fold((date, Basis::Actual), |(known, basis), (k, b)| (known.max(k), basis.max(b)))
    }
}

/// Whether a bill was raised on a line itself, before the event the line tells of.
fn ahead(parents: &[Parent]) -> bool {
    parents.iter().all(|p| matches!(p, Parent::Line(_)))
}

impl Day<'_> {
    /// Posts a draft and records what happened; the number of the outcome.
    pub fn record(
        &mut self,
        engine: &Engine<'_>,
        act: Act,
        clause: &Arc<str>,
        parents: Vec<Parent>,
        draft: Draft,
    ) -> Result<u32, Fault> {
        self.record_as(engine, act, clause, parents, draft, Basis::Actual)
    }

    /// As [`Day::record`], no surer than `at_best`.
    pub fn record_as(
        &mut self,
        engine: &Engine<'_>,
        act: Act,
        clause: &Arc<str>,
        parents: Vec<Parent>,
        draft: Draft,
        at_best: Basis,
    ) -> Result<u32, Fault> {
        let (known, basis) = engine.weigh(self.register, &parents, self.date);
        let basis = basis.max(at_best).max(self.own_basis(engine, &parents));
        // A bill ahead of its event rests on the schedule, which was known by then, not on the event's own line.
        let known = if matches!(act, Act::Billed { .. }) && ahead(&parents) { self.date } else { known };
        let entry = self.post(engine, clause, &parents, draft, basis)?;
        let number = u32::try_from(self.register.outcomes.len()).unwrap_or(u32::MAX);
        let clause = clause.clone();
        self.register.outcomes.push(Outcome { date: self.date, known, act, clause, parents, basis, entry });
        Ok(number)
    }

    /// Notes by which outcome a tranche first reached a stage.
    pub fn reached_by(&mut self, id: TrancheId, stage: Stage, outcome: u32) {
        let basis = self.register.outcomes.get(outcome as usize).map_or(Basis::Actual, |o| o.basis);
        let mut reached = self.state.tranches.get(&id).cloned().unwrap_or_default();
        if reached.by.iter().all(|(to, ..)| *to != stage) {
            reached.by.push((stage, outcome, basis));
            self.state.tranches.insert(id, reached);
        }
    }

    /// What follows from terms alone is certain only as far as the facts reach.
    fn own_basis(&self, engine: &Engine<'_>, parents: &[Parent]) -> Basis {
        let terms_alone = parents.iter().all(|p| matches!(p, Parent::Term(_)));
        let future = engine.inputs.today.is_none_or(|today| self.date > today);
        if terms_alone && future { Basis::Forecast } else { Basis::Actual }
    }

    fn post(
        &mut self,
        engine: &Engine<'_>,
        clause: &Arc<str>,
        parents: &[Parent],
        draft: Draft,
        basis: Basis,
    ) -> Result<Option<EntryId>, Fault> {
        if draft.is_empty() {
            return Ok(None);
        }
        let cause = Cause { clause: clause.clone(), rule: None, parents: parents.to_vec(), basis };
        let Register { chart, journal, .. } = &mut *self.register;
        let posted = journal.post(chart, &mut self.state.balances, self.date, draft, cause);
        posted.map(Some).map_err(engine.fault(clause, self.date))
    }

    /// Refuses a line; nothing else changes.
    pub fn refuse(&mut self, line: &InputLine, kind: RefusalKind, clause: &Arc<str>, detail: impl Into<Arc<str>>) {
        let refusal = Refusal { date: self.date, line: line.id, kind, clause: clause.clone(), detail: detail.into() };
        self.register.refusals.push(refusal);
    }

    /// The account of a side of a supply: `cash` is the party's, `claims` are money, all others the supply's own unit.
    pub fn supply_account(
        &mut self,
        engine: &Engine<'_>,
        id: SupplyId,
        supply: &Supply,
        name: &'static str,
        seller: bool,
    ) -> AccountId {
        if let Some(account) = self.register.of_supplies.get(&(id, name, seller)) {
            return *account;
        }
        let owner = engine.party(if seller { supply.seller } else { supply.buyer });
        let account = match name {
            "cash" | super::flow::PROMISED => self.account(&owner, name, &"".into(), &supply.currency),
            "claims" => self.account(&owner, name, &supply.path, &supply.currency),
            _ => self.account(&owner, name, &supply.path, &supply.unit.to_string().into()),
        };
        self.register.of_supplies.insert((id, name, seller), account);
        account
    }

    /// The account with this name.
    pub fn account(&mut self, owner: &Arc<str>, name: &str, item: &Arc<str>, commodity: &Arc<str>) -> AccountId {
        self.register.chart.open(owner, name, item, commodity)
    }
}
