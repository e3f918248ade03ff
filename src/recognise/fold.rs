//! One book of one party: rules, and the entries they make.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::method::Methods;
use super::touch::Touched;
use super::{AsBooked, Exact, Plan, Record};
use crate::engine::{Act, Outcome};
use crate::ledger::{AccountId, Balances, Cause, Chart, Draft, EntryId, Journal, Parent, Table};
use crate::num::{self, Number, Rounding};
use crate::terms::{
    AccountRef, Assumptions, Basis, Book, BookExpr, EventField, EventKind, FlowId, Funding, PartyId, Rule, RuleKind,
    SupplyId, Terms, TrancheId, Value,
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
    /// Accounts by item and name, found without comparing whole accounts.
    pub(super) opened: BTreeMap<(Item, Arc<str>), AccountId>,
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
        for (number, outcome) in outcomes {
            let clause = &outcome.clause;
            self.touch(&mut touched, &state.booked, &outcome.act);
            state.booked.learn(outcome).map_err(|fault| (fault, clause.clone()))?;
            let Some((kind, item)) = self.event(outcome) else { continue };
            let seen = Seen { outcome, number: *number, kind, item };
            for rule in &self.book.rules {
                self.on(assumptions, booking, state, date, rule, &seen).map_err(|fault| (fault, clause.clone()))?;
            }
        }
        self.keep(assumptions, booking, state, date, &touched, outcomes)?;
        state.accounts = booking.chart.len();
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
            Act::Transferred { .. } => EventKind::Transfer,
            Act::Vested { .. } => EventKind::Vest,
            Act::Exercised { .. } => EventKind::Exercise,
            Act::Lapsed { .. } => EventKind::Lapse,
            Act::Called { .. } => EventKind::Call,
            Act::Funded { promised: false, .. } => EventKind::Fund,
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
            Item::Flow(id) => {
                let flow = self.terms.flows.get(id.index());
                let end = flow.and_then(|f| if role == "payer" { f.from } else { f.to });
                return end == Some(self.party) && matches!(role, "payer" | "receiver");
            }
            Item::Tranche(id) => {
                match (self.terms.warrant_of(id), self.terms.investment_of(id)) {
                    (Some(warrant), _) => match role {
                        "issuer" => return warrant.issuer == self.party,
                        "holder" => return warrant.holder == self.party,
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
            _ => self.has_role(&rule.role, seen.item),
        };
        if !mine {
            return Ok(());
        }
        if let Some(currency) = self.foreign(seen.item).filter(|_| matches!(seen.item, Item::Supply(_))) {
            // What is owed changes with the rate until it is paid; the differences are not in the books yet.
            for (_, account, _) in legs {
                let name = self.account_name(*account, state, seen.item);
                let missing = vec![format!("{}, in {currency}", self.path(seen.item)).into()];
                self.unposted(booking, date, rule, &name, seen.item, missing);
            }
            return Ok(());
        }
        let mut draft = Draft::default();
        let mut balance = Number::ZERO;
        let mut rest = None;
        for (debit, account, amount) in legs {
            let name = self.account_name(*account, state, seen.item);
            let id = self.open(booking, &name, seen.item);
            let Some(amount) = amount else {
                rest = Some(id);
                continue;
            };
            let amount: Exact = self.amount(assumptions, booking, state, amount, seen.item, Some(seen))?;
            match amount.rounded(self.cents())? {
                Value::Known(amount) => {
                    let signed = if *debit { amount } else { amount.neg() };
                    balance = balance.plus(signed)?;
                    draft = draft.debit(id, signed);
                }
                Value::Missing(names) => {
                    let missing = names.iter().cloned().collect();
                    self.unposted(booking, date, rule, &name, seen.item, missing);
                    return Ok(());
                }
            }
        }
        if let Some(id) = rest {
            draft = draft.credit(id, balance);
        }
        let parents = vec![Parent::Outcome(seen.number)];
        self.post(booking, state, date, draft, rule, &seen.outcome.clause, parents, seen.outcome.basis)?;
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

    /// The account of an item; money is not split by item anywhere else.
    pub(super) fn open(&self, booking: &mut Booking, name: &Arc<str>, item: Item) -> AccountId {
        let key = (item, name.clone());
        if let Some(id) = booking.opened.get(&key) {
            return *id;
        }
        let path = self.path(item);
        let id = booking.chart.open(&self.owner, name, &path, &self.currency);
        booking.opened.insert(key, id);
        id
    }

    /// The account a rule means for an item: judged accounts follow the last judgement.
    #[must_use]
    pub fn account_name(&self, account: AccountRef, state: &BookState, item: Item) -> Arc<str> {
        let position = match account {
            AccountRef::Plain(position) => Some(position),
            AccountRef::Judged(judged) => self.book.judged.get(judged).and_then(|judged| {
                let word = match item {
                    Item::Tranche(id) => state.booked.account.get(&id).cloned(),
                    Item::Supply(_) | Item::Flow(_) => None,
                };
                let named = |position: &&usize| {
                    let account = self.book.accounts.get(**position);
                    word.as_ref().is_some_and(|w| account.is_some_and(|a| a.name.ends_with(&**w)))
                };
                judged.choices.iter().find(named).or(judged.choices.first()).copied()
            }),
        };
        position.and_then(|p| self.book.accounts.get(p)).map_or_else(|| "suspense".into(), |a| a.name.clone())
    }

    /// Rounding to the minor unit of the party's currency.
    #[must_use]
    pub const fn cents(&self) -> Rounding {
        self.plan.cents
    }

    pub(super) fn choice(&self, policy: &Arc<str>) -> Arc<str> {
        let chosen = self.choices.iter().find(|(name, _)| name == policy);
        chosen.map_or_else(|| policy.clone(), |(_, choice)| choice.clone())
    }

    /// The amount of an expression, with what the record keeps of the way there.
    ///
    /// # Errors
    /// Arithmetic.
    pub(super) fn amount<R: Record>(
        &self,
        assumptions: &impl Assumptions,
        booking: &Booking,
        state: &BookState,
        expr: &BookExpr,
        item: Item,
        seen: Option<&Seen<'_>>,
    ) -> Result<R, num::Fault> {
        let both = |a: &BookExpr, b: &BookExpr| -> Result<(R, R), num::Fault> {
            let left = self.amount(assumptions, booking, state, a, item, seen)?;
            Ok((left, self.amount(assumptions, booking, state, b, item, seen)?))
        };
        let join = |sign: &str, (a, b): (R, R), value: Exact| R::of(|| sign, value, || None, [a, b]);
        match expr {
            BookExpr::Number(number) => Ok(R::leaf(|| "stated in the book", Exact::of(*number)?)),
            BookExpr::Field(field) => {
                let value = seen.map_or(Ok(Value::ZERO), |seen| self.field(*field, &seen.outcome.act))?;
                let value = match (seen, self.foreign(item).filter(|_| field.is_money()), value) {
                    (Some(seen), Some(currency), Value::Known(amount)) => {
                        assumptions.convert(amount, &currency, &self.currency, seen.outcome.date)?
                    }
                    (_, _, value) => value,
                };
                Ok(R::leaf(|| field.word(), Exact::from_value(&value)?))
            }
            BookExpr::Size => {
                let tranche = match item {
                    Item::Tranche(id) => self.terms.tranches.get(id.index()),
                    Item::Supply(_) | Item::Flow(_) => None,
                };
                Ok(R::leaf(|| "size", Exact::of(tranche.map_or(Number::ZERO, |t| t.size))?))
            }
            BookExpr::Method(method, args) => {
                let methods = Methods { terms: self.terms, assumptions, booked: &state.booked };
                let args: Vec<Arc<str>> = args.iter().map(|arg| self.choice(arg)).collect();
                match item {
                    Item::Tranche(id) => methods.tranche(*method, &args, id),
                    Item::Supply(id) => methods.supply(*method, &args, id),
                    Item::Flow(_) => Ok(R::leaf(|| "nothing", Exact::ZERO)),
                }
            }
            BookExpr::Carrying(account) => {
                let name = self.account_name(*account, state, item);
                let found = booking.chart.find(&self.owner, &name, &self.path(item), &self.currency);
                let balance = found.map_or(Number::ZERO, |id| state.balances.get(id)).abs();
                let (shares, of) = match seen.map(|s| &s.outcome.act) {
                    Some(Act::Exercised { shares, of, .. }) if of.is_positive() => (*shares, *of),
                    _ => (Number::ONE, Number::ONE),
                };
                Ok(R::leaf(|| format!("{name}.carrying"), Exact::of(balance.ratio_of(shares, of, self.cents())?)?))
            }
            BookExpr::Add(a, b) => {
                let (a, b) = both(a, b)?;
                let value = a.value().clone().plus(b.value().clone())?;
                Ok(join("+", (a, b), value))
            }
            BookExpr::Sub(a, b) => {
                let (a, b) = both(a, b)?;
                let value = a.value().clone().minus(b.value().clone())?;
                Ok(join("-", (a, b), value))
            }
            BookExpr::Mul(a, b) => {
                let (a, b) = both(a, b)?;
                let value = a.value().clone().times(b.value().clone())?;
                Ok(join("*", (a, b), value))
            }
            BookExpr::Min(a, b) => {
                let (a, b) = both(a, b)?;
                let value = a.value().clone().min(b.value().clone())?;
                Ok(join("min", (a, b), value))
            }
            BookExpr::Max(a, b) => {
                let (a, b) = both(a, b)?;
                let value = a.value().clone().max(b.value().clone())?;
                Ok(join("max", (a, b), value))
            }
        }
    }

    /// A field of an event.
    fn field(&self, field: EventField, act: &Act) -> Result<Value, num::Fault> {
        let known = |n: &Number| Ok(Value::Known(*n));
        match (act, field) {
            (Act::Opened { cash, .. }, EventField::Cash) => known(cash),
            (Act::Supplied { quantity, .. } | Act::Transferred { quantity, .. }, EventField::Quantity) => {
                known(quantity)
            }
            (Act::Billed { amount, .. }, EventField::Amount) => Ok(amount.clone()),
            (Act::Billed { ahead, .. }, EventField::Ahead) => Ok(ahead.clone()),
            (Act::Billed { amount, ahead, .. }, EventField::Earned) => amount.clone().minus(ahead.clone()),
            (Act::Paid { amount, .. } | Act::Applied { amount, .. }, EventField::Amount) => known(amount),
            (Act::Flowed { amount, .. }, EventField::Amount) => Ok(amount.clone()),
            (Act::Paid { applied, .. }, EventField::Applied) => known(applied),
            (Act::Paid { amount, applied, .. }, EventField::Advance) => amount.minus(*applied).map(Value::Known),
            (Act::Transferred { price, .. }, EventField::Price) => Ok(price.clone()),
            (Act::Transferred { prepaid, .. }, EventField::Prepaid) => Ok(prepaid.clone()),
            (Act::Transferred { price, prepaid, .. }, EventField::Unbilled) => price.clone().minus(prepaid.clone()),
            (Act::Vested { shares, .. } | Act::Exercised { shares, .. }, EventField::Shares) => known(shares),
            (Act::Lapsed { unvested, vested, .. }, EventField::Shares) => unvested.plus(*vested).map(Value::Known),
            (Act::Exercised { issued, .. }, EventField::Issued) => known(issued),
            (Act::Exercised { paid, .. }, EventField::Paid) => known(paid),
            (Act::Exercised { tranche, issued, .. }, EventField::Par) => self.par(*tranche, *issued),
            (Act::Called { amount, .. } | Act::Funded { amount, .. }, EventField::Amount) => known(amount),
            (Act::Funded { issued, .. }, EventField::Issued) => Ok(issued.clone()),
            (Act::Funded { tranche, issued, .. }, EventField::Par) => match issued.known() {
                Some(issued) => self.par(*tranche, issued),
                // Without a par value nothing hangs on the number of shares.
                None => self.par(*tranche, Number::ZERO),
            },
            (Act::Funded { tranche, amount, .. }, EventField::InCash) => self.funded(*tranche, *amount, "cash"),
            (Act::Funded { tranche, amount, .. }, EventField::InShares) => self.funded(*tranche, *amount, "shares"),
            (Act::Funded { tranche, amount, .. }, EventField::InCapacity) => self.funded(*tranche, *amount, "capacity"),
            (Act::Funded { tranche, amount, .. }, EventField::ForNothing) => self.funded(*tranche, *amount, "nothing"),
            _ => Ok(Value::ZERO),
        }
    }

    /// The amount if the tranche is funded in this way, else nothing.
    fn funded(&self, tranche: TrancheId, amount: Number, how: &str) -> Result<Value, num::Fault> {
        let same = self.terms.investment_of(tranche).is_some_and(|i| i.funding.word() == how);
        Ok(Value::Known(if same { amount } else { Number::ZERO }))
    }

    fn par(&self, tranche: TrancheId, issued: Number) -> Result<Value, num::Fault> {
        let warrant = self.terms.warrant_of(tranche).map(|w| w.class);
        let class = warrant.or(self.terms.investment_of(tranche).map(|i| i.class));
        let par = class.and_then(|class| self.terms.classes.get(class.index())).and_then(|c| c.par.as_ref());
        match par.map(|p| &p.kind) {
            Some(crate::terms::FormulaKind::Literal(par)) => issued.times(*par).map(Value::Known),
            Some(_) => Ok(Value::missing("par value")),
            None => Ok(Value::ZERO),
        }
    }
}
