//! What a report is asked about.

use crate::num::Number;
use crate::run::Replay;
use crate::terms::{Party, PartyId};
use crate::time::{Date, Period, PeriodName};

/// Filters and the identity of the set of facts.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// A period of the entity's fiscal calendar.
    pub period: Option<PeriodName>,
    /// A range of days, inclusive; goes before `period`.
    pub range: Option<Period>,
    /// The day it is about: periods that are not asked for end with it.
    pub as_of: Option<Date>,
    /// Whose.
    pub entity: Option<String>,
    /// All that were named, the first one included, for reports on several.
    pub entities: Vec<String>,
    /// With whom.
    pub counterparty: Option<String>,
    /// Which contract.
    pub contract: Option<String>,
    /// `base`, or the scenarios from left to right.
    pub scenario: String,
    /// The knowledge date asked for.
    pub known_by: Option<Date>,
    /// How wide the columns are.
    pub step: Option<super::Step>,
    /// So many columns of a week.
    pub weeks: Option<u16>,
    /// Rows by the party on the other side.
    pub by_counterparty: bool,
    /// A party and those it controls, as one.
    pub consolidated: bool,
    /// Every row: nothing is folded.
    pub all: bool,
    /// What counts in totals besides what is definitive or forecast.
    pub with: std::collections::BTreeSet<super::cash::Tier>,
    /// Amounts and shares are shown divided by ten to this power.
    pub scale: Option<u32>,
    /// The currency of amounts.
    pub currency: Option<std::sync::Arc<str>>,
    /// Short hash of the inputs.
    pub inputs_hash: String,
}

impl Scope {
    /// The party asked for, or the first that `fits`.
    ///
    /// # Errors
    /// A name that is no party, or no party that fits.
    pub fn party<'a>(
        &self,
        replay: &Replay<'a>,
        what: &str,
        fits: impl Fn(PartyId) -> bool,
    ) -> Result<(PartyId, &'a Party), String> {
        let mut parties = (0u32..).map(PartyId).zip(&replay.terms.parties);
        match &self.entity {
            Some(name) => parties.find(|(_, p)| p.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
                let known: Vec<&str> = replay.terms.parties.iter().map(|p| &*p.name).collect();
                format!("no party is named `{name}`; the parties are {}", known.join(", "))
            }),
            None => parties.find(|(id, _)| fits(*id)).ok_or_else(|| format!("no party here {what}")),
        }
    }

    /// The parties that were named.
    ///
    /// # Errors
    /// A name that is no party.
    pub fn parties(&self, replay: &Replay<'_>) -> Result<Vec<PartyId>, String> {
        let named = |name: &String| {
            let one = Self { entity: Some(name.clone()), ..Self::default() };
            one.party(replay, "", |_| true).map(|(id, _)| id)
        };
        match self.entities.is_empty() {
            true => self.entity.iter().map(named).collect(),
            false => self.entities.iter().map(named).collect(),
        }
    }

    /// As [`Scope::party`], and nothing if no party fits, or not the one asked for.
    ///
    /// # Errors
    /// A name that is no party.
    pub fn fitting<'a>(
        &self,
        replay: &Replay<'a>,
        fits: impl Fn(PartyId) -> bool,
    ) -> Result<Option<(PartyId, &'a Party)>, String> {
        let mut all = (0u32..).map(PartyId).zip(&replay.terms.parties);
        if self.entity.is_none() && !all.any(|(id, _)| fits(id)) {
            return Ok(None);
        }
        self.party(replay, "", &fits).map(|found| Some(found).filter(|(id, _)| fits(*id)))
    }

    /// The period asked for in a party's calendar, with its name; else the one that `or` gives.
    ///
    /// # Errors
    /// A quarter that does not exist.
    pub fn period(&self, party: &Party, or: PeriodName) -> Result<(String, Period), String> {
        if let Some(range) = self.range {
            return Ok((String::new(), range));
        }
        let name = self.period.unwrap_or(or);
        let period = party.fiscal.resolve(&name).ok_or_else(|| format!("`{name}` is not a period"))?;
        if let Some(day) = self.as_of.filter(|day| self.period.is_none() && period.contains(*day)) {
            return Ok((format!("fiscal {name} up to {day}"), Period { to: day, ..period }));
        }
        let label = match name {
            PeriodName::Year(_) | PeriodName::Quarter(..) => format!("fiscal {name}"),
            _ => name.to_string(),
        };
        Ok((label, period))
    }

    /// Whether a contract path passes the filters.
    #[must_use]
    pub fn takes(&self, replay: &Replay<'_>, contract: crate::terms::ContractId) -> bool {
        let Some(terms) = replay.terms.contracts.get(contract.index()) else { return false };
        let named = self.contract.as_ref().is_none_or(|name| *terms.path == **name);
        let with = self.counterparty.as_ref().is_none_or(|name| {
            terms
                .between
                .iter()
                .any(|(id, _)| replay.terms.parties.get(id.index()).is_some_and(|p| p.name.eq_ignore_ascii_case(name)))
        });
        named && with && !replay.inputs.dropped.contains(&contract)
    }
}

/// The fiscal quarter of a party that holds a day.
#[must_use]
pub fn quarter(party: &Party, date: Date) -> PeriodName {
    let (year, quarter) = party.fiscal.quarter_of(date);
    PeriodName::Quarter(year, quarter)
}

/// The quarters of a period, the first and the last as far as they are in it.
#[must_use]
pub fn quarters_within(party: &Party, period: Period) -> Vec<(PeriodName, Period)> {
    let within = |(name, days): (PeriodName, Period)| match period.intersect(&days) {
        Some(part) if part != days => (PeriodName::Range(part.from, part.to), part),
        _ => (name, days),
    };
    quarters(party, period).into_iter().map(within).collect()
}

/// Quarters of a period that a report shows in columns, a hundred years of them.
const MOST_QUARTERS: usize = crate::base::limits::QUARTERS;

/// What a report says when a period has more quarters than it shows.
#[must_use]
pub fn left_out(shown: &[(PeriodName, Period)], period: Period) -> Option<String> {
    let (name, last) = shown.last().filter(|(_, last)| last.to < period.to)?;
    Some(format!("quarters after {name} ({}) are not shown one by one.", last.to))
}

/// The quarters that touch a period, in order, with their names; not more than [`left_out`] tells of.
#[must_use]
pub fn quarters(party: &Party, period: Period) -> Vec<(PeriodName, Period)> {
    let mut found = Vec::new();
    let (mut year, mut number) = party.fiscal.quarter_of(period.from);
    loop {
        let days = party.fiscal.quarter(year, number);
        let over = found.last().is_some_and(|(_, last): &(PeriodName, Period)| days.from <= last.to);
        if over || days.from > period.to || found.len() >= MOST_QUARTERS {
            return found;
        }
        found.push((PeriodName::Quarter(year, number), days));
        (year, number) = if number == 4 { (year + 1, 1) } else { (year, number + 1) };
    }
}

/// A number of days as a number.
#[must_use]
pub fn days(period: Period) -> Number {
    Number::from_int(period.days())
}
