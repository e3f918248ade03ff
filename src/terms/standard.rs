//! Standards: changes of a book that take effect with a fiscal year.

use std::sync::Arc;

use super::{Choices, Cite, PartyId, Terms, Transition};
use crate::base::Span;
use crate::time::{Date, FiscalYearEnd};

/// `standard ASU_2025_04 "…" { effective …; requires … }`
#[derive(Clone, Debug)]
pub struct Standard {
    /// `ASU_2025_04`
    pub name: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// From when; what holds for some parties alone stands behind what holds for all.
    pub effective: Vec<Effective>,
    /// Choices that must be made then.
    pub requires: Vec<Requirement>,
    /// Its paragraph.
    pub cite: Option<Cite>,
    /// Where.
    pub span: Span,
}

/// `effective fiscal years beginning after DATE [where POLICY = CHOICE]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// Fiscal years that begin later.
    pub after: Date,
    /// For parties with this choice of a policy alone.
    pub only: Option<(Arc<str>, Arc<str>)>,
}

/// `requires POLICY = CHOICE [TRANSITION]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Which policy.
    pub policy: Arc<str>,
    /// Which choice.
    pub choice: Arc<str>,
    /// Where the catch-up goes.
    pub transition: Transition,
}

/// A choice that a standard makes for a party which has not made it by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// Who.
    pub party: PartyId,
    /// The standard.
    pub standard: Arc<str>,
    /// What must be chosen, and how the catch-up is booked.
    pub what: Requirement,
}

impl Standard {
    /// The first day of the first fiscal year for which a party with these choices must follow it; `None` if it says
    /// nothing of such a party.
    #[must_use]
    pub fn effective(&self, fiscal: &FiscalYearEnd, choices: &Choices) -> Option<Date> {
        let fits = |effective: &&Effective| effective.only.as_ref().is_none_or(|only| choices.contains(only));
        let special = self.effective.iter().rfind(|effective| effective.only.is_some() && fits(effective));
        let after = special.or_else(|| self.effective.iter().find(fits))?.after;
        let (year, _) = fiscal.quarter_of(after);
        let begins = fiscal.year(year).from;
        Some(if begins > after { begins } else { fiscal.year(year.saturating_add(1)).from })
    }
}

impl Terms {
    /// The first day on which a contract is signed or a line of the ledger is dated.
    #[must_use]
    pub fn begins(&self) -> Option<Date> {
        let signed = self.contracts.iter().filter_map(|contract| contract.signed);
        signed.chain(self.lines.iter().map(|line| line.date)).min()
    }
}
