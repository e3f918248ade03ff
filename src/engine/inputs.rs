//! What one run believes: the lines it may see, the values of assumptions, the prices.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::assumed;
use super::schedule::Chosen;
use super::{Quotes, Series};
use crate::num::{Fault, Mode, Number, Rounding, Unit};
use crate::pricing::Priced;
use crate::terms::{
    AssumptionId, Assumptions, Basis, ClassId, ContractId, Fact, Formula, Line, LineId, Quoted, SupplyId, Terms,
    TrancheId, Value,
};
use crate::time::Date;

/// A line as this run sees it.
#[derive(Clone, Debug)]
pub struct InputLine {
    /// Its number; lines added by a scenario come after those of the text.
    pub id: LineId,
    /// The line, with the scenario's changes made.
    pub line: Line,
    /// The day first promised for it: that of the forecast it makes true, else its own.
    pub scheduled: Date,
    /// By how many days scenarios moved it.
    pub moved: i64,
    /// Its quantity is multiplied by this.
    pub scale: Number,
    /// Taken off its quantity: the part of a forecast that came true.
    pub less: Number,
}

/// Something a run reads. A run that differs only in inputs first read on a later day may fork there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// An assumption.
    Assumption(AssumptionId),
    /// A ledger line.
    Line(LineId),
    /// Prices of a class.
    Prices(ClassId),
    /// A series of rates or valuations, by its place among [`Inputs::quotes`].
    Quotes(u32),
}

/// The first day on which each input was read. Books note what they read side by side.
#[derive(Debug, Default)]
pub struct Reads {
    first: Mutex<BTreeMap<Input, Date>>,
    today: Mutex<Option<Date>>,
}

/// What is behind a lock; nothing here can be left half done.
fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Clone for Reads {
    fn clone(&self) -> Self {
        Self { first: Mutex::new(self.all()), today: Mutex::new(*locked(&self.today)) }
    }
}

impl Reads {
    /// Starts a day.
    pub fn begin(&self, date: Date) {
        *locked(&self.today) = Some(date);
    }

    /// Notes that an input is read today.
    pub fn note(&self, input: Input) {
        let today = *locked(&self.today);
        if let Some(today) = today {
            self.note_on(input, today);
        }
    }

    /// Notes that an input is read on a day; whether that is earlier than was known.
    pub fn note_on(&self, input: Input, date: Date) -> bool {
        let mut first = locked(&self.first);
        let earlier = first.get(&input).is_none_or(|known| date < *known);
        if earlier {
            first.insert(input, date);
        }
        earlier
    }

    /// Forgets everything: the inputs are used for another run.
    pub fn clear(&self) {
        locked(&self.first).clear();
        *locked(&self.today) = None;
    }

    /// Goes on from another run: what it read before a day counts as read here too, also closes that nothing here
    /// watches. So an input may seem to be read too early, never too late.
    pub fn resume(&self, earlier: &Self, day: Date) {
        let before = earlier.all().into_iter().filter(|(_, read)| *read < day);
        locked(&self.first).extend(before);
    }

    /// Every input that was read, with the day.
    #[must_use]
    pub fn all(&self) -> BTreeMap<Input, Date> {
        locked(&self.first).clone()
    }
}

/// What one run believes.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Lines it sees, in no particular order.
    pub lines: Vec<InputLine>,
    /// Closes by class.
    pub prices: BTreeMap<ClassId, Series>,
    /// Rates and valuations.
    pub quotes: BTreeMap<Quoted, Quotes>,
    /// What this run makes of each operating line.
    pub flows: Vec<Chosen>,
    /// Contracts left out.
    pub dropped: BTreeSet<ContractId>,
    /// The last day on which something actual is known: the border between past and future in reports.
    pub today: Option<Date>,
    /// What was read when.
    pub reads: Reads,
    pub(super) assumptions: Vec<Option<Formula>>,
    pub(super) values: assumed::Values,
    pub(super) measured: BTreeMap<AssumptionId, Priced>,
}

impl Assumptions for Inputs {
    fn assumption(&self, id: AssumptionId) -> Result<Value, Fault> {
        let today = *locked(&self.reads.today);
        if let Some(today) = today {
            self.read(id, today);
        }
        self.worth(id)
    }

    fn convert(&self, amount: Number, from: &str, to: &str, date: Date) -> Result<Value, Fault> {
        let today = *locked(&self.reads.today);
        super::quotes::convert(self, amount, from, to, date, today)
    }
}

/// Inputs as read on a day, which is not the engine's: a book may be behind it.
#[derive(Clone, Copy, Debug)]
pub struct AsOf<'i> {
    inputs: &'i Inputs,
    date: Date,
}

impl<'i> AsOf<'i> {
    /// Reads on this day.
    #[must_use]
    pub const fn new(inputs: &'i Inputs, date: Date) -> Self {
        Self { inputs, date }
    }
}

impl Assumptions for AsOf<'_> {
    fn assumption(&self, id: AssumptionId) -> Result<Value, Fault> {
        self.inputs.read(id, self.date);
        self.inputs.worth(id)
    }

    fn convert(&self, amount: Number, from: &str, to: &str, date: Date) -> Result<Value, Fault> {
        super::quotes::convert(self.inputs, amount, from, to, date, Some(self.date))
    }
}

impl Inputs {
    /// Notes that an assumption is read, and with it all that it is defined by, also if its value was worked out before
    /// the first day.
    fn read(&self, id: AssumptionId, date: Date) {
        let mut rest = vec![id];
        while let Some(id) = rest.pop() {
            if self.reads.note_on(Input::Assumption(id), date) {
                rest.extend(self.assumed(id).map(Formula::values).unwrap_or_default());
            }
        }
    }

    /// The value of an assumption for those who only tell it: no read is noted.
    ///
    /// # Errors
    /// As [`Inputs::value`].
    pub fn worth(&self, id: AssumptionId) -> Result<Value, Fault> {
        let value = self.values.get(id.index()).and_then(Option::as_ref);
        value.map_or_else(|| Ok(assumed::missing(id)), Result::clone)
    }

    /// What the model behind an assumption said.
    #[must_use]
    pub fn measured(&self, id: AssumptionId) -> Option<Priced> {
        self.measured.get(&id).copied()
    }

    /// Assumptions alone, nothing happens; simulations are run only on demand.
    pub(super) fn assuming(assumptions: Vec<Option<Formula>>, simulates: bool) -> Self {
        let (values, measured) = assumed::values(&assumptions, simulates);
        Self {
            lines: Vec::new(),
            prices: BTreeMap::new(),
            quotes: BTreeMap::new(),
            flows: Vec::new(),
            dropped: BTreeSet::new(),
            today: None,
            reads: Reads::default(),
            values,
            measured,
            assumptions,
        }
    }

    /// The value of a formula in this run.
    ///
    /// # Errors
    /// Overflow, an inexact product, or a division by zero.
    pub fn value(&self, formula: &Formula) -> Result<Value, Fault> {
        formula.value(self)
    }

    /// The quantity of a line, after the scenario's scale and what came true of it.
    ///
    /// # Errors
    /// As [`Inputs::value`].
    pub fn quantity(&self, line: &InputLine, formula: &Formula) -> Result<Value, Fault> {
        self.value(formula)?.map(|q| scaled(q, line.scale, &formula.unit)?.minus(line.less))
    }

    /// The formula behind an assumption in this run.
    #[must_use]
    pub fn assumed(&self, id: AssumptionId) -> Option<&Formula> {
        self.assumptions.get(id.index()).and_then(Option::as_ref)
    }
}

/// A scenario's fraction of a quantity: money to its minor unit, half up, shares down to whole ones. Money that is worked
/// out is rounded without a scenario too.
fn scaled(quantity: Number, scale: Number, unit: &Unit) -> Result<Number, Fault> {
    let exact = quantity.times(scale)?;
    let Some(places) = unit.precision().filter(|_| scale != Number::ONE || unit.is_currency()) else {
        return Ok(exact);
    };
    let mode = if unit.is_currency() { Mode::HalfUp } else { Mode::Down };
    Ok(exact.round(Rounding::new(places, mode)))
}

/// Which contract a fact belongs to, if any.
#[must_use]
pub fn contract_of(terms: &Terms, fact: &Fact) -> Option<ContractId> {
    let of_supply = |id: SupplyId| terms.supplies.get(id.index()).map(|s| s.contract);
    let of_tranche = |id: TrancheId| {
        let tranche = terms.tranches.get(id.index())?;
        terms.contract_of(tranche)
    };
    match fact {
        Fact::Supply { supply, .. }
        | Fact::Refund { supply, .. }
        | Fact::Progress { supply, .. }
        | Fact::Modify { supply, .. } => of_supply(*supply),
        Fact::Assess { supplies, .. } => supplies.first().and_then(|id| of_supply(*id)),
        Fact::Estimate { variable, .. } | Fact::Charge { variable, .. } => {
            terms.variables.get(variable.index()).map(|v| v.contract)
        }
        Fact::Equity(crate::terms::EquityFact::Notice { warrant, .. }) => {
            terms.warrants.get(warrant.index()).map(|warrant| warrant.contract)
        }
        Fact::Equity(fact) => fact.tranches().first().and_then(|t| of_tranche(*t)),
        Fact::Attest { tranches, .. } | Fact::Judge { tranches, .. } => tranches.first().and_then(|t| of_tranche(*t)),
        Fact::Exercise { tranche, .. }
        | Fact::Call { tranche, .. }
        | Fact::Fund { tranche, .. }
        | Fact::Draw { tranche, .. }
        | Fact::Repay { tranche, .. } => of_tranche(*tranche),
        Fact::Supersede { contract, .. } | Fact::Terminate { contract } => Some(*contract),
        Fact::Open { .. }
        | Fact::Issue { .. }
        | Fact::Hold { .. }
        | Fact::Flow { .. }
        | Fact::Minimum { .. }
        | Fact::Undrawn { .. }
        | Fact::Price { .. }
        | Fact::Split { .. }
        | Fact::Adopt { .. }
        | Fact::Earnings(_)
        | Fact::Reported(_)
        | Fact::Holding(_)
        | Fact::Close { .. }
        | Fact::Restate { .. } => None,
    }
}

/// The last actual day among lines, closes, rates and valuations.
pub(super) fn last_actual(inputs: &Inputs) -> Option<Date> {
    // What must be held or can be drawn is stated for days to come.
    let limit = |fact: &Option<Fact>| matches!(fact, Some(Fact::Minimum { .. } | Fact::Undrawn { .. }));
    let lines = inputs.lines.iter().filter(|l| l.line.basis == Basis::Actual && !limit(&l.line.fact));
    let lines = lines.map(|l| l.line.date);
    let closes = inputs.prices.values().filter_map(Series::last_actual);
    let quotes = inputs.quotes.values().filter_map(Quotes::last_actual);
    lines.chain(closes).chain(quotes).max()
}
