//! Operating lines: what a party receives and pays outside its contracts, by day, in one or several versions.

use std::sync::Arc;

use super::{Formula, PartyId, Standing, Support};
use crate::base::Span;
use crate::time::Date;

/// An operating line.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its name.
    pub path: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// Who pays; `None` is everyone who is not named.
    pub from: Option<PartyId>,
    /// Who receives; `None` is everyone who is not named.
    pub to: Option<PartyId>,
    /// What it is paid in.
    pub currency: Arc<str>,
    /// How binding; a plain forecast when absent.
    pub standing: Option<Standing>,
    /// Money raised or repaid: no receipt or cost of operations.
    pub financing: bool,
    /// When it became known; always when not said.
    pub known: Date,
    /// Versions of the amounts, at least one. The base uses the first.
    pub series: Vec<FlowSeries>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// A version of the amounts of an operating line.
#[derive(Clone, Debug)]
pub struct FlowSeries {
    /// Its name; empty if the line has one version only.
    pub name: Arc<str>,
    /// In words.
    pub title: Option<Arc<str>>,
    /// When it became known; always when not said.
    pub known: Date,
    /// In order of the text.
    pub amounts: Vec<FlowAmount>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// An amount and the days on which it is paid.
#[derive(Clone, Debug)]
pub struct FlowAmount {
    /// How much.
    pub amount: Formula,
    /// Each day, and how often the amount has grown by then; days ascend.
    pub days: Vec<(Date, u32)>,
    /// The amount is split evenly over the days; otherwise it is paid on each.
    pub split: bool,
    /// By how much it grows each time.
    pub growth: Option<Formula>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

impl Flow {
    /// Whether a party pays or receives it.
    #[must_use]
    pub fn concerns(&self, party: PartyId) -> bool {
        self.from == Some(party) || self.to == Some(party)
    }
}
