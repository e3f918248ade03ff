//! Contracts, supplies, counters, warrants and bare promises.

use std::sync::Arc;

use super::{Call, ClassId, ContractId, CounterId, Formula, Gate, Instrument, PartyId, SupplyId, Support, TrancheId};
use crate::base::Span;
use crate::num::{Number, Unit};
use crate::time::{Date, Period};

/// A contract.
#[derive(Clone, Debug)]
pub struct Contract {
    /// `amd_openai`
    pub path: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// Party and role word (`seller`, `buyer`, `investor` …).
    pub between: Vec<(PartyId, Arc<str>)>,
    /// When it was signed.
    pub signed: Option<Date>,
    /// Its own standing.
    pub standing: Standing,
    /// Contracts whose promises end when this one is signed (or on the date given).
    pub supersedes: Vec<(ContractId, Option<Date>)>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// Two of the three axes; the third, life, changes during a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// How binding.
    pub binding: Binding,
    /// Whether the counterparty may walk away from the quantity.
    pub option: bool,
}

impl Standing {
    /// Definitive and firm: owed.
    #[must_use]
    pub const fn is_owed(self) -> bool {
        matches!(self.binding, Binding::Definitive) && !self.option
    }

    /// Definitive, and for the counterparty to choose.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self.binding, Binding::Definitive) && self.option
    }
}

/// How binding a promise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binding {
    /// Said in public.
    Announced,
    /// Signed, not binding.
    LetterOfIntent,
    /// Binding.
    Definitive,
}

impl Binding {
    /// As in reports and facts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::LetterOfIntent => "letter of intent",
            Self::Definitive => "definitive",
        }
    }
}

/// What is supplied.
#[derive(Clone, Debug)]
pub struct Supply {
    /// `amd_openai.instinct`
    pub path: Arc<str>,
    /// Of which contract.
    pub contract: ContractId,
    /// The contract's `seller`.
    pub seller: PartyId,
    /// The contract's `buyer`.
    pub buyer: PartyId,
    /// Unit of its quantities; a currency for a supply counted by value.
    pub unit: Unit,
    /// How binding its most binding quantity is, and no more than its contract.
    pub binding: Binding,
    /// Quantities by standing, none more binding than the contract. Their sum is the commitment.
    pub quantities: Vec<(Formula, Standing, Support)>,
    /// Per unit; `1` of the currency for a supply counted by value.
    pub price: Formula,
    /// Where the buyer pays its own customer: what is bought is worth per unit.
    pub fair_value: Option<Formula>,
    /// The currency of the price.
    pub currency: Arc<str>,
    /// How it is paid. Shares add up to one; `rest` was worked out.
    pub pays: Vec<Pays>,
    /// When control passes.
    pub control: Trigger,
    /// Control passes over time: what that is measured by. It then counts as delivered as it passes.
    pub over: Option<OverTime>,
    /// What a unit sells for by itself.
    pub alone: Option<Formula>,
    /// The rate, a year, of a significant financing component.
    pub financing: Option<Formula>,
    /// What the option to buy more is worth by itself.
    pub right: Option<MaterialRight>,
    /// What is paid for in each period, taken or not.
    pub minimum: Option<Minimum>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// An option to buy more that is a promise of its own (ASC 606-10-55-42).
#[derive(Clone, Debug)]
pub struct MaterialRight {
    /// What it sells for alone, for each unit that can be bought under it.
    pub alone: Formula,
    /// The last day on which it can be used.
    pub until: Date,
}

/// How control passes over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverTime {
    /// In equal parts on every day of a period.
    Evenly(Period),
    /// As lines of the ledger say.
    Progress,
}

/// A quantity that is paid for in each period, taken or not.
#[derive(Clone, Debug)]
pub struct Minimum {
    /// In each period.
    pub quantity: Formula,
    /// The last day of each period, in order.
    pub ends: Vec<Date>,
    /// The last day on which what was paid for and not taken can be taken after all; at once gone when absent.
    pub make_up: Option<Date>,
    /// Whether options come on top of the minimums; else what is bought under them counts towards the minimums.
    pub beyond: bool,
}

impl Minimum {
    /// The minimums of all periods.
    ///
    /// # Errors
    /// Overflow.
    pub fn together(&self, assumptions: &impl super::Assumptions) -> Result<super::Value, crate::num::Fault> {
        let periods = i64::try_from(self.ends.len()).map_err(|_| crate::num::Fault::Overflow)?;
        self.quantity.value(assumptions)?.times(super::Value::Known(Number::from_int(periods)))
    }
}

/// An amount that depends on what happens: a bonus, a penalty, a rebate.
#[derive(Clone, Debug)]
pub struct Variable {
    /// `deal.bonus`
    pub path: Arc<str>,
    /// Of which contract.
    pub contract: ContractId,
    /// The supplies it is allocated to.
    pub supplies: Vec<SupplyId>,
    /// By expected value, else by the most likely amount.
    pub expected: bool,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// How a modification is accounted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// Distinct goods at their stand-alone price: a contract of its own (606-10-25-12).
    Separately,
    /// The rest is distinct from what passed: a new contract for the rest (606-10-25-13(a)).
    Prospectively,
    /// Part of one obligation partly satisfied: caught up (606-10-25-13(b)).
    Cumulatively,
}

impl Treatment {
    /// As written.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Separately, "separately"),
        (Self::Prospectively, "prospectively"),
        (Self::Cumulatively, "cumulatively"),
    ];
}

/// A payment term.
#[derive(Clone, Debug)]
pub struct Pays {
    /// Share of the price, 0.2 for 20%.
    pub share: Number,
    /// Which event it hangs on.
    pub trigger: Trigger,
    /// Days after the event (positive) or before it (negative). A bill before the event is raised that many days
    /// before the day first scheduled; a bill after it is raised on the event and due that many days later.
    pub offset: i64,
    /// As written.
    pub text: Arc<str>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// Events of a supply that clauses hang on and counters count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trigger {
    /// The contract is signed (payment terms only).
    Signing,
    /// An order.
    Order,
    /// A delivery.
    Delivery,
    /// An acceptance.
    Acceptance,
    /// An invoice, counted by value.
    Invoice,
    /// A payment (counters only).
    Payment,
}

impl Trigger {
    /// As written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Signing => "signing",
            Self::Order => "order",
            Self::Delivery => "delivery",
            Self::Acceptance => "acceptance",
            Self::Invoice => "invoice",
            Self::Payment => "payment",
        }
    }
}

/// A running sum over events.
#[derive(Clone, Debug)]
pub struct Counter {
    /// `amd_openai.purchased`
    pub path: Arc<str>,
    /// Of which contract.
    pub contract: ContractId,
    /// What it counts in.
    pub unit: Unit,
    /// Which events.
    pub trigger: Trigger,
    /// Of which supply.
    pub supply: SupplyId,
    /// Whose: names of parties and groups; `None` is anyone.
    pub by: Option<Vec<Arc<str>>>,
    /// First day, included.
    pub since: Option<Date>,
    /// Last day, included.
    pub until: Option<Date>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// A warrant.
#[derive(Clone, Debug)]
pub struct Warrant {
    /// `amd_openai.penny`
    pub path: Arc<str>,
    /// Of which contract.
    pub contract: ContractId,
    /// Over which shares.
    pub class: ClassId,
    /// How many in total.
    pub size: Number,
    /// Exercise price per share.
    pub strike: Formula,
    /// Who issues.
    pub issuer: PartyId,
    /// Who holds.
    pub holder: PartyId,
    /// The contract's signing when the clause is absent.
    pub granted: Date,
    /// Last day of exercise; `None` for never.
    pub expires: Option<Date>,
    /// The strike may be paid.
    pub cash: bool,
    /// Shares worth the strike may be kept back.
    pub net: bool,
    /// Number and strike move with splits.
    pub adjusts: bool,
    /// The holder may not own more than this part of the class after an exercise.
    pub cap: Option<Number>,
    /// What may become of it.
    pub equity: super::Equity,
    /// What its issuer gets for it; without, it is an award to a customer.
    pub given: Option<super::Given>,
    /// Whose purchases it is for, where the contract says so.
    pub consideration: Option<super::Consideration>,
    /// Its tranches, in order.
    pub tranches: Vec<TrancheId>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// A slice released by its own condition.
#[derive(Clone, Debug)]
pub struct Tranche {
    /// `amd_openai.penny.T2`
    pub path: Arc<str>,
    /// `T2`
    pub name: Arc<str>,
    /// Of which instrument.
    pub of: Instrument,
    /// Shares at signing; money for an investment.
    pub size: Number,
    /// When it vests, or is called.
    pub vests: Gate,
    /// When it becomes exercisable once vested; at once when absent.
    pub exercisable: Option<Gate>,
    /// Grant-date fair value per share; undisclosed when nothing is said.
    pub fair_value: Formula,
    /// Values of outcomes that have one of their own, by name.
    pub outcomes: Vec<(Arc<str>, Formula)>,
    /// The model value, also where a stated one goes before it.
    pub modelled: Option<super::AssumptionId>,
    /// What the customer buys for it.
    pub band: Option<Band>,
    /// Lapses at the end of this day if not vested or called by then.
    pub by: Option<Date>,
    /// How it is called, for an investment.
    pub call: Call,
    /// The `for` that generated it and the value of its variable.
    pub generated: Option<(Span, i64)>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// Purchases that earn a tranche: those of `supply` from `from` (excluded) to `to` (included), cumulative.
#[derive(Clone, Debug)]
pub struct Band {
    /// Of which supply.
    pub supply: SupplyId,
    /// What counts the purchases that earn it.
    pub counter: CounterId,
    /// In the supply's unit.
    pub from: Formula,
    /// In the supply's unit.
    pub to: Formula,
    /// `earned over` was written; otherwise worked out from the quantity tests of the warrant.
    pub written: bool,
}

/// A bare promise of an amount.
#[derive(Clone, Debug)]
pub struct Commitment {
    /// `nvidia_openai_loi.cash`
    pub path: Arc<str>,
    /// Of which contract.
    pub contract: ContractId,
    /// How much.
    pub amount: Formula,
    /// Who promises.
    pub from: PartyId,
    /// To whom.
    pub to: PartyId,
    /// How binding.
    pub standing: Standing,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}
