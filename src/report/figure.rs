//! Numbers that never travel alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::ledger::EntryId;
use crate::num::Unit;
use crate::terms::{Basis, FactName, LineId, Value};
use crate::time::Date;

/// A handle on why a figure is what it is; expanded on demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BasisId(u32);

/// A number with what it rests on. A report accepts nothing else, and only [`Bases`] makes handles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The amount, or what is missing for it.
    pub amount: Value,
    /// Its unit.
    pub unit: Unit,
    /// How sure.
    pub certainty: Basis,
    /// What the amount, though known in part, lacks.
    pub lacking: Lacking,
    /// Why.
    pub basis: BasisId,
}

/// Undisclosed terms by path, shared.
pub type Lacking = Arc<BTreeSet<Arc<str>>>;

/// What a figure rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Entries of a party's book (or of the legal ledger, without a book) on some accounts.
    Entries {
        /// Which book ledger: position among the bookkeepers; `None` is the legal ledger.
        book: Option<usize>,
        /// The entries.
        entries: Vec<EntryId>,
    },
    /// A balance or state of the legal ledger on a day.
    State {
        /// What was read: a clause path or account.
        what: Arc<str>,
        /// When.
        date: Date,
    },
    /// A term of a contract, by path.
    Term(Arc<str>),
    /// A ledger line.
    Line(LineId),
    /// Outcomes of the run, by number.
    Outcomes(Vec<u32>),
    /// Other figures: a sum, a difference, a ratio; the word says which.
    Made(&'static str, Vec<BasisId>),
}

/// All bases of a report, and the fact name each is known by, if it has one.
#[derive(Clone, Debug, Default)]
pub struct Bases {
    list: Vec<(Origin, Option<FactName>)>,
}

impl Bases {
    /// A figure with a new basis.
    pub fn figure(&mut self, amount: Value, unit: Unit, certainty: Basis, origin: Origin) -> Figure {
        Figure { amount, unit, certainty, lacking: Lacking::default(), basis: self.add(origin, None) }
    }

    /// A figure that is a fact of its own.
    pub fn fact(&mut self, amount: Value, unit: Unit, certainty: Basis, origin: Origin, name: FactName) -> Figure {
        Figure { amount, unit, certainty, lacking: Lacking::default(), basis: self.add(origin, Some(name)) }
    }

    fn add(&mut self, origin: Origin, name: Option<FactName>) -> BasisId {
        let id = BasisId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push((origin, name));
        id
    }

    /// What a handle stands for.
    #[must_use]
    pub fn get(&self, id: BasisId) -> Option<&(Origin, Option<FactName>)> {
        self.list.get(id.0 as usize)
    }
}
