//! Scenarios: small changes to the inputs, by name.

use std::sync::Arc;

use super::{AssumptionId, ContractId, FlowId, Formula, Line, LineId, PricePath, ScenarioId};
use crate::base::Span;
use crate::time::Date;

/// A scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Option<Arc<str>>,
    /// What it starts from; `None` is the base.
    pub from: Option<ScenarioId>,
    /// In order.
    pub changes: Vec<(Change, Span)>,
}

/// A change. Lines added by a scenario are numbered after [`super::Terms::lines`], in order.
#[derive(Clone, Debug)]
pub enum Change {
    /// A line happens that many days later.
    MoveBy(LineId, i64),
    /// A line happens on another day.
    MoveTo(LineId, Date),
    /// An assumption has another value.
    Set(AssumptionId, Formula),
    /// A line's quantity is a fraction of itself.
    Scale(LineId, Formula),
    /// A line does not happen.
    DropLine(LineId),
    /// A contract does not exist: its promises, events and lines are left out.
    DropContract(ContractId),
    /// Every payment of an operating line happens that many days later.
    MoveFlow(FlowId, i64),
    /// The amounts of an operating line are a fraction of themselves.
    ScaleFlow(FlowId, Formula),
    /// An operating line does not exist.
    DropFlow(FlowId),
    /// An operating line has another version of its amounts: a position among its series.
    Choose(FlowId, usize),
    /// Another line.
    Add(Box<Line>),
    /// Another price path.
    Path(PricePath),
}
