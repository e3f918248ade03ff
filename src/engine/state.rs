//! The state of all contracts on a day. Every part is persistent, so a version costs what changed.

use std::sync::Arc;

use super::{Adjusted, Holder, Over};
use crate::ledger::{Balances, OrdMap, Table, Vector};
use crate::num::{Number, Ratio};
use crate::terms::{
    Basis, ClassId, ContractId, CounterId, InvestmentId, LatchId, LineId, PartyId, Stage, StakeId, SupplyId, TrancheId,
    Value, VariableId, WarrantId,
};
use crate::time::Date;

/// Everything that changes. Equal states are equal ledgers.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The legal ledger: cash, shares, goods, claims and the stages of tranches.
    pub balances: Balances,
    /// Counter totals, and how sure they are.
    pub counters: Table<CounterId, (Number, Basis)>,
    /// Of variable amounts what is included, and what was charged.
    pub variables: OrdMap<VariableId, (Number, Number)>,
    /// Supplies.
    pub supplies: Table<SupplyId, Arc<SupplyState>>,
    /// When each latch closed, and how sure that is.
    pub latches: OrdMap<LatchId, (Date, Basis)>,
    /// Tranches.
    pub tranches: OrdMap<TrancheId, TrancheState>,
    /// Gates attested, by tranche and name, with the line that did.
    pub attested: OrdMap<(TrancheId, Arc<str>), LineId>,
    /// The last judgement about the performance condition of a tranche.
    pub probable: OrdMap<TrancheId, (bool, LineId)>,
    /// The last judgement about an account of a tranche.
    pub account: OrdMap<TrancheId, (Arc<str>, LineId)>,
    /// Awards that left share-based payment, by which line.
    pub left: OrdMap<TrancheId, LineId>,
    /// Conditions of vesting that were waived, with the line that did.
    pub waived: OrdMap<TrancheId, LineId>,
    /// Calls of money not yet funded, oldest first, by tranche.
    pub calls: OrdMap<TrancheId, Vector<Called>>,
    /// What each investor has funded of a tranche.
    pub funded: OrdMap<(TrancheId, PartyId), Number>,
    /// Loans, leases and guarantees.
    pub credits: OrdMap<TrancheId, Arc<super::CreditState>>,
    /// The share count that a fixed valuation was divided by, and the splits by then.
    pub counts: OrdMap<InvestmentId, (Number, Ratio)>,
    /// Shares after splits for one share at the start, by class.
    pub splits: OrdMap<ClassId, Ratio>,
    /// The same by the grant of each warrant over a class that was split before.
    pub granted: OrdMap<(ClassId, Date), Ratio>,
    /// Exercise prices that were adjusted.
    pub strikes: OrdMap<WarrantId, Adjusted>,
    /// Classes that warrants are over since their own became another.
    pub over: OrdMap<WarrantId, Over>,
    /// Holders of rights that the contract does not name, with their accounts.
    pub assigned: OrdMap<TrancheId, Arc<Vec<Holder>>>,
    /// Caps on what holders may own, by the day from which they hold.
    pub caps: OrdMap<(WarrantId, Date), Number>,
    /// Shares authorised by class, as last stated.
    pub authorised: OrdMap<ClassId, Number>,
    /// Shares reserved for other purposes by class, as last stated.
    pub reserved: OrdMap<ClassId, Number>,
    /// Holdings, as they were counted last.
    pub stakes: OrdMap<StakeId, Arc<super::StakeState>>,
    /// Contracts no longer in force.
    pub ended: OrdMap<ContractId, Ended>,
    /// Classes whose outstanding shares were stated.
    pub opened: OrdMap<ClassId, ()>,
    /// Classes of which shares were issued that nobody can count, with the tranche that was first.
    pub uncounted: OrdMap<ClassId, Arc<str>>,
    /// Awards of employees by class: outstanding, and dilutive as stated.
    pub awards: OrdMap<ClassId, (Number, Number)>,
    /// Cash in other currencies.
    pub abroad: OrdMap<(PartyId, Arc<str>), super::reckon::Held>,
}

/// A contract that is no longer in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Since when.
    pub date: Date,
    /// Superseded by this contract; terminated when absent.
    pub by: Option<ContractId>,
    /// Superseded (true) or terminated.
    pub superseded: bool,
}

/// Cumulative quantities and bills of a supply. Quantities are in its unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupplyState {
    /// Ordered.
    pub ordered: Number,
    /// Delivered.
    pub delivered: Number,
    /// Accepted.
    pub accepted: Number,
    /// Invoiced by value.
    pub invoiced: Number,
    /// Control passed.
    pub transferred: Number,
    /// Quantity billed under each payment term.
    pub billed: Vec<Number>,
    /// Bills not yet settled, oldest first.
    pub bills: Vector<Arc<Bill>>,
    /// Cash paid that no bill asks for yet.
    pub advance: Number,
    /// Number of bills raised.
    pub raised: u32,
    /// Quantity added by modifications.
    pub added: Number,
    /// What modifications added from a day on, without catching up.
    pub later: Vec<(Date, Number)>,
    /// Prices that modifications set.
    pub steps: Vec<super::PriceStep>,
    /// Delivered by the end of the last period of a minimum.
    pub counted: Number,
    /// Paid for, not taken, and still to be taken.
    pub short: Number,
    /// Paid for and no longer to be taken: it has passed without a delivery.
    pub forfeited: Number,
    /// Cash paid so far.
    pub paid: Number,
    /// The known price of what has passed.
    pub worth: Number,
    /// The next day to which interest is counted.
    pub elapses: Option<Date>,
}

/// An amount payable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Number within the supply, from 1.
    pub number: u32,
    /// Under which payment term.
    pub term: usize,
    /// When it became payable.
    pub raised: Date,
    /// When it is due.
    pub due: Date,
    /// The whole; missing when the price is undisclosed.
    pub amount: Value,
    /// Not yet settled (nothing for a missing amount).
    pub open: Number,
    /// Forecast bills are assumed paid when due.
    pub basis: Basis,
    /// The outcome that raised it.
    pub outcome: u32,
}

/// Money called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// When it is due.
    pub due: Date,
    /// Not yet funded.
    pub open: Number,
    /// Forecast calls are assumed funded when due.
    pub basis: Basis,
    /// The outcome that called it.
    pub outcome: u32,
}

/// When a tranche reached its stages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrancheState {
    /// Vested, or first called, on.
    pub vested: Option<Date>,
    /// Exercisable since.
    pub cleared: Option<Date>,
    /// Lapsed on.
    pub lapsed: Option<Date>,
    /// The outcomes by which it first reached stages after the first, and how sure they are.
    pub by: Vec<(Stage, u32, Basis)>,
}
