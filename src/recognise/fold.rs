//! One book of one party: rules, and the entries they make.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::touch::Touched;
use super::{AsBooked, Exact, Plan};
use crate::engine::outcome::{Act, HoldingAct, Outcome};
use crate::ledger::{AccountId, Balances, Cause, Chart, Draft, EntryId, Journal, Parent, Table};
use crate::num::{self, Number, Rounding};
use crate::terms::{
    AccountRef, Assumptions, Basis, Book, ClassId, EventKind, Finding, FlowId, Funding, PartyId, Rule, RuleKind,
    StakeId, SupplyId, Terms, TrancheId, Value,
};
use crate::time::Date;

/// Who keeps which book with which choices.
#[derive(Clone, Debug)]
pub struct Bookkeeper<'a> {
    /// Whose book.
    pub party: PartyId,
    /// Their name.
    pub owner: Arc<str>,
    /// Their currency.
    pub currency: Arc<str>,
    /// The rules.
    pub book: &'a Book,
    /// Choice by policy name.
    pub choices: Vec<(Arc<str>, Arc<str>)>,
    /// The contracts.
    pub terms: &'a Terms,
    /// What is known about the book before its first day.
    pub plan: Plan,
}

/// The state of a book on a day.
#[derive(Clone, Debug, Default)]
pub struct BookState {
    /// Balances, debit positive.
    pub balances: Balances,
    /// What each `keep` rule has posted for each item, on the account's normal side, by [`Booking::kept`].
    pub kept: Table<u32, Number>,
    /// Of accounts of supplies in another currency, what they stand for in it.
    pub foreign: Balances,
    /// The world as booked.
    pub booked: AsBooked,
    /// How many accounts were open.
    pub accounts: usize,
}

/// What a `keep` runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A tranche.
    Tranche(TrancheId),
    /// A supply.
    Supply(SupplyId),
    /// An operating line.
    Flow(FlowId),
    /// What the party holds of another's shares.
    Holding(StakeId),
    /// Its own shares.
    Class(ClassId),
}

/// What a book has recorded: append-only, outside the versions.
#[derive(Clone, Debug, Default)]
pub struct Booking {
    /// Its accounts.
    pub chart: Chart,
    /// Its entries.
    pub journal: Journal,
    /// What could not be posted because a term is undisclosed.
    pub unposted: Vec<Unposted>,
    /// Numbers for the pairs of `keep` rule and item that were posted.
    pub kept: Arc<BTreeMap<(u32, Item), u32>>,
    /// By rule and item, those of `keep` rules that still cannot be posted.
    pub(super) lacking: BTreeMap<(Arc<str>, Arc<str>), Vec<usize>>,
    /// Accounts by item and position in the book, found without comparing whole accounts.
    pub(super) opened: BTreeMap<(Item, usize), AccountId>,
}

/// An entry that could not be made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unposted {
    /// The day.
    pub date: Date,
    /// The rule.
    pub rule: Arc<str>,
    /// The account it would have changed.
    pub account: Arc<str>,
    /// For which supply or tranche.
    pub item: Arc<str>,
    /// What is missing.
    pub missing: Vec<Arc<str>>,
    /// The day from which it could be made after all.
    pub until: Option<Date>,
}

/// An event as a rule sees it.
pub(super) struct Seen<'o> {
    pub outcome: &'o Outcome,
    pub number: u32,
    pub kind: EventKind,
    pub item: Item,
}

impl Bookkeeper<'_> {
    /// Books the outcomes of a day: each `on` rule for each event, then each `keep` rule for what was touched.
    ///
    /// # Errors
    /// Arithmetic, with the clause it happened in.
    pub fn day(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        outcomes: &[(u32, &Outcome)],
    ) -> Result<(), (num::Fault, Arc<str>)> {
        let mut touched = Touched::default();
        self.first_counts(state, outcomes);
        for (index, (number, outcome)) in outcomes.iter().enumerate() {
            let today = outcomes.get(..=index).unwrap_or_default();
            self.settle(assumptions, booking, state, date, &mut touched, today)?;
            if let Act::Adopted { policy, choice, transition, .. } = &outcome.act {
                self.adopt(assumptions, booking, state, date, (policy, choice, *transition), today)?;
            }
            // What a contract that fails the test of collectability holds back comes in when it passes it.
            let tested = self.tested(state, *number, outcome);
            for (number, outcome, kind) in tested.map_err(|fault| (fault, outcome.clause.clone()))? {
                self.take_in(assumptions, booking, state, date, &mut touched, (number, &outcome), kind)
                    .map_err(|fault| (fault, outcome.clause.clone()))?;
            }
        }
        self.keep(assumptions, booking, state, date, &touched, outcomes, None)?;
        state.accounts = booking.chart.len();
        Ok(())
    }

    /// Takes in an outcome and posts what the rules say of it, as another kind of event if one is given.
    #[expect(clippy::too_many_arguments, reason = "the parts of a day")]
    fn take_in(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        touched: &mut Touched,
        (number, outcome): (u32, &Outcome),
        instead: Option<EventKind>,
    ) -> Result<(), num::Fault> {
        let reclassified = self.reclassifies(state, &outcome.act);
        if instead != Some(EventKind::Deposit) {
            self.touch(touched, &state.booked, &outcome.act);
            state.booked.learn(self.terms, outcome)?;
        }
        if let Act::Holding { stake, what } = &outcome.act {
            let changed = self.hold(assumptions, booking, state, (*stake, what), date, (number, outcome))?;
            let seen = Seen { outcome, number, kind: EventKind::Classify, item: Item::Holding(*stake) };
            for rule in self.book.rules.iter().filter(|_| changed) {
                self.on(assumptions, booking, state, date, rule, &seen)?;
            }
        }
        self.reckoned(assumptions, booking, state, date, (number, outcome))?;
        let Some((kind, item)) = self.event(outcome) else { return Ok(()) };
        if kind == EventKind::Classify && !reclassified {
            return Ok(());
        }
        let seen = Seen { outcome, number, kind: instead.unwrap_or(kind), item };
        for rule in &self.book.rules {
            self.on(assumptions, booking, state, date, rule, &seen)?;
        }
        Ok(())
    }

    /// Which kind of event an outcome is to a book; none for outcomes that only legal reports care about.
    fn event(&self, outcome: &Outcome) -> Option<(EventKind, Item)> {
        let kind = match &outcome.act {
            Act::Opened { .. } => return Some((EventKind::Open, Item::Supply(SupplyId(u32::MAX)))),
            Act::Flowed { flow, promised: false, .. } => {
                let financing = self.terms.flows.get(flow.index()).is_some_and(|f| f.financing);
                let kind = if financing { EventKind::Financing } else { EventKind::Flow };
                return Some((kind, Item::Flow(*flow)));
            }
            Act::Supplied { trigger: crate::terms::Trigger::Order, .. } => EventKind::Order,
            Act::Billed { .. } => EventKind::Bill,
            Act::Paid { .. } => EventKind::Pay,
            Act::Applied { .. } => EventKind::Apply,
            Act::Refunded { .. } => EventKind::Refund,
            Act::Transferred { .. } => EventKind::Transfer,
            Act::Vested { .. } => EventKind::Vest,
            Act::Exercised { .. } => EventKind::Exercise,
            Act::PassedThrough { .. } => EventKind::PassThrough,
            Act::Lapsed { .. } => EventKind::Lapse,
            Act::Assigned { .. } => EventKind::Assign,
            Act::Judged { finding: Finding::Account(_), .. } => EventKind::Classify,
            Act::Judged { finding: Finding::Left(_), .. } => EventKind::Leave,
            Act::Called { .. } => EventKind::Call,
            Act::Funded { promised: false, .. } => EventKind::Fund,
            Act::FeePaid { .. } => EventKind::Fee,
            Act::Drawn { .. } => EventKind::Draw,
            Act::CarriedOver { .. } => EventKind::Carry,
            Act::Accrued { .. } => EventKind::Accrue,
            Act::Serviced { .. } => EventKind::Service,
            Act::Repaid { .. } => EventKind::Repay,
            Act::Rented { .. } => EventKind::Rent,
            Act::Issued { class, cash: Some(_), .. } => return Some((EventKind::Issue, Item::Class(*class))),
            Act::Distributed { class, .. } => return Some((EventKind::Dividend, Item::Class(*class))),
            Act::Holding { stake, what } => {
                let kind = match what {
                    HoldingAct::Bought { .. } => EventKind::Acquire,
                    HoldingAct::Sold { .. } => EventKind::Dispose,
                    HoldingAct::Dividend { .. } => EventKind::Dividend,
                    HoldingAct::Became { .. } => EventKind::Convert,
                    _ => return None,
                };
                return Some((kind, Item::Holding(*stake)));
            }
            _ => return None,
        };
        let supply = outcome.act.supply().map(Item::Supply);
        supply.or(outcome.act.tranche().map(Item::Tranche)).map(|item| (kind, item))
    }

    /// Whether this party has a role in an item.
    pub(super) fn has_role(&self, role: &str, item: Item) -> bool {
        let contract = match item {
            Item::Supply(id) => match self.terms.supplies.get(id.index()) {
                Some(supply) => match role {
                    "seller" => return supply.seller == self.party,
                    "buyer" => return supply.buyer == self.party,
                    _ => supply.contract,
                },
                None => return false,
            },
            Item::Holding(id) => {
                return role == "holder" && self.terms.stakes.get(id).is_some_and(|s| s.holder == self.party);
            }
            Item::Class(id) => {
                let issuer = self.terms.classes.get(id.index()).map(|class| class.issuer);
                return role == "company" && issuer == Some(self.party);
            }
            Item::Flow(id) => {
                let flow = self.terms.flows.get(id.index());
                let end = flow.and_then(|f| if role == "payer" { f.from } else { f.to });
                return end == Some(self.party) && matches!(role, "payer" | "receiver");
            }
            Item::Tranche(id) => {
                if let Some(credit) = self.terms.credit_of(id) {
                    return credit.has_role(role, self.party);
                }
                match (self.terms.warrant_of(id), self.terms.investment_of(id)) {
                    (Some(warrant), _) => match role {
                        // Only what is given for nothing else is an award to a customer.
                        "issuer" => return warrant.given.is_none() && warrant.issuer == self.party,
                        "holder" => return warrant.given.is_none() && warrant.holder == self.party,
                        "warrant_issuer" => return warrant.given.is_some() && warrant.issuer == self.party,
                        "warrant_holder" => return warrant.given.is_some() && warrant.holder == self.party,
                        _ => warrant.contract,
                    },
                    (_, Some(investment)) => {
                        // Shares given for nothing are an award to a customer; other shares are sold.
                        let award = investment.funding == Funding::Nothing;
                        let invests = investment.investors.iter().any(|(investor, _)| *investor == self.party);
                        match role {
                            "company" => return investment.company == self.party,
                            "investor" => return invests,
                            "issuer" => return award && investment.company == self.party,
                            "holder" => return award && invests,
                            _ => investment.contract,
                        }
                    }
                    (None, None) => return false,
                }
            }
        };
        let contract = self.terms.contracts.get(contract.index());
        contract.is_some_and(|c| c.between.iter().any(|(party, word)| *party == self.party && **word == *role))
    }

    /// The path that names an item in accounts.
    pub(super) fn path(&self, item: Item) -> Arc<str> {
        match item {
            Item::Supply(id) => self.terms.supplies.get(id.index()).map(|s| s.path.clone()),
            Item::Tranche(id) => self.terms.tranches.get(id.index()).map(|t| t.path.clone()),
            Item::Flow(id) => self.terms.flows.get(id.index()).map(|f| f.path.clone()),
            Item::Holding(id) => self.terms.stakes.get(id).map(|s| s.path.clone()),
            Item::Class(id) => self.terms.classes.get(id.index()).map(|c| c.path.clone()),
        }
        .unwrap_or_else(|| "".into())
    }

    fn on(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        rule: &Rule,
        seen: &Seen<'_>,
    ) -> Result<(), num::Fault> {
        let RuleKind::On { event, legs } = &rule.kind else { return Ok(()) };
        if *event != seen.kind {
            return Ok(());
        }
        let mine = match &seen.outcome.act {
            Act::Opened { party, .. } => *party == self.party && &*rule.role == "party",
            // Each investor books its own part.
            Act::Funded { by, .. } if matches!(&*rule.role, "investor" | "holder") && *by != self.party => false,
            // Rights may have passed to others than the contract names.
            Act::Exercised { by, .. } if &*rule.role == "holder" => *by == self.party,
            Act::PassedThrough { to, .. } if &*rule.role == "holder" => *to == self.party,
            Act::Assigned { from, .. } if &*rule.role == "holder" => *from == self.party,
            Act::Assigned { to, .. } if &*rule.role == "assignee" => *to == self.party,
            Act::Lapsed { tranche, .. } if &*rule.role == "assignee" => state.booked.took_over(*tranche, self.party),
            _ if seen.kind == EventKind::Leave => self.has_role(&rule.role, seen.item),
            _ => self.plays(state, &rule.role, seen.item),
        };
        if !mine {
            return Ok(());
        }
        if let Some(currency) = self.foreign(seen.item).filter(|_| self.by_leg(seen.item)) {
            let lacking = self.exchanged(assumptions, booking, state, date, (rule, legs), seen, &currency)?;
            for (_, account, _) in legs.iter().filter(|_| lacking.is_some()) {
                let name = self.name_of(self.account_position(*account, state, seen.item));
                self.unposted(booking, date, rule, &name, seen.item, lacking.clone().unwrap_or_default());
            }
            return Ok(());
        }
        let mut draft = Draft::default();
        let mut balance = Number::ZERO;
        let mut rest = None;
        let mut held: Vec<(StakeId, Option<Number>)> = Vec::new();
        for (debit, account, amount) in legs {
            let item = self.item_of(*account, seen);
            let position = self.account_position(*account, state, item);
            let id = self.open(booking, position, item);
            let stake = match item {
                Item::Holding(stake) if matches!(account, AccountRef::Held(_) | AccountRef::GaveUp(_)) => Some(stake),
                _ => None,
            };
            let Some(amount) = amount else {
                rest = Some(id);
                held.extend(stake.map(|stake| (stake, None)));
                continue;
            };
            let amount: Exact = self.amount(assumptions, booking, state, amount, seen.item, Some(seen))?;
            match amount.rounded(self.cents())? {
                Value::Known(amount) => {
                    let signed = if *debit { amount } else { amount.neg() };
                    held.extend(stake.map(|stake| (stake, Some(signed))));
                    balance = balance.plus(signed)?;
                    draft = draft.debit(id, signed);
                }
                Value::Missing(names) => {
                    let missing = names.iter().cloned().collect();
                    self.unposted(booking, date, rule, &self.name_of(position), seen.item, missing);
                    return Ok(());
                }
            }
        }
        if let Some(id) = rest {
            draft = draft.credit(id, balance);
        }
        let parents = vec![Parent::Outcome(seen.number)];
        self.post(booking, state, date, draft, rule, &seen.outcome.clause, parents, seen.outcome.basis)?;
        if seen.kind != EventKind::Classify {
            let bought =
                matches!(seen.kind, EventKind::Fund | EventKind::Exercise | EventKind::Acquire | EventKind::Convert);
            for (stake, moved) in held {
                let moved = moved.unwrap_or_else(|| balance.neg());
                let came = bought && (seen.kind != EventKind::Convert || seen.item == Item::Holding(stake));
                self.moved_on(state, stake, moved, came)?;
            }
        }
        Ok(())
    }

    pub(super) fn unposted(
        &self,
        booking: &mut Booking,
        date: Date,
        rule: &Rule,
        account: &Arc<str>,
        item: Item,
        missing: Vec<Arc<str>>,
    ) {
        let (rule, account, item) = (rule.name.clone(), account.clone(), self.path(item));
        if rule.starts_with("keep") {
            let open = booking.lacking.entry((rule.clone(), item.clone())).or_default();
            if open.iter().filter_map(|n| booking.unposted.get(*n)).any(|u| u.missing == missing) {
                return;
            }
            open.push(booking.unposted.len());
        }
        booking.unposted.push(Unposted { date, rule, account, item, missing, until: None });
    }

    #[expect(clippy::too_many_arguments, reason = "an entry is its parts; a struct would be built for this call alone")]
    pub(super) fn post(
        &self,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        draft: Draft,
        rule: &Rule,
        clause: &Arc<str>,
        parents: Vec<Parent>,
        basis: Basis,
    ) -> Result<Option<EntryId>, num::Fault> {
        if draft.is_empty() {
            return Ok(None);
        }
        let cause = Cause { clause: clause.clone(), rule: Some(rule.name.clone()), parents, basis };
        let Booking { chart, journal, .. } = booking;
        journal.post(chart, &mut state.balances, date, draft, cause).map(Some)
    }

    /// Rounding to the minor unit of the party's currency.
    #[must_use]
    pub const fn cents(&self) -> Rounding {
        self.plan.cents
    }

    pub(super) fn choice(&self, policy: &Arc<str>, state: &BookState) -> Arc<str> {
        if let Some(adopted) = state.booked.adopted.get(policy) {
            return adopted.clone();
        }
        let chosen = self.choices.iter().find(|(name, _)| name == policy);
        chosen.map_or_else(|| policy.clone(), |(_, choice)| choice.clone())
    }
}
