//! How binding a movement of cash is: from the clause that made it.

use crate::terms::{Binding, Standing, Terms};

/// The status of a line of the cash report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// An opening balance.
    Stated,
    /// Expected; nobody promised it.
    Forecast,
    /// Promised and firm.
    Definitive,
    /// The other side may decline it.
    Option,
    /// Signed, not binding.
    LetterOfIntent,
    /// Said in public.
    Announced,
}

/// What is left out of totals unless it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Letters of intent.
    LetterOfIntent,
    /// Announcements.
    Announced,
    /// Options.
    Option,
}

impl Status {
    /// As in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Forecast => "forecast",
            Self::Definitive => "definitive",
            Self::Option => "option",
            Self::LetterOfIntent => "LOI",
            Self::Announced => "announced",
        }
    }

    /// The tier it waits in; none for what always counts.
    #[must_use]
    pub const fn tier(self) -> Option<Tier> {
        match self {
            Self::Stated | Self::Forecast | Self::Definitive => None,
            Self::Option => Some(Tier::Option),
            Self::LetterOfIntent => Some(Tier::LetterOfIntent),
            Self::Announced => Some(Tier::Announced),
        }
    }

    /// Of a promise.
    #[must_use]
    pub const fn of(standing: Standing) -> Self {
        match (standing.binding, standing.option) {
            (Binding::Announced, _) => Self::Announced,
            (Binding::LetterOfIntent, _) => Self::LetterOfIntent,
            (Binding::Definitive, true) => Self::Option,
            (Binding::Definitive, false) => Self::Definitive,
        }
    }
}

impl Tier {
    /// All, in the order in which reports let them in.
    pub const ALL: [Self; 3] = [Self::LetterOfIntent, Self::Announced, Self::Option];

    /// As asked for on the command line and said in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::LetterOfIntent => "LOI",
            Self::Announced => "announced",
            Self::Option => "options",
        }
    }
}

/// The status of a clause: an operating line has its own; a supply is as binding as its most binding quantity, and no
/// more than its contract; everything else in a contract is what the contract is. What was ordered or exercised under an
/// option is owed, so an option counts as such only if the contract as a whole is one.
#[must_use]
pub fn status(terms: &Terms, path: &str) -> Status {
    if let Some(flow) = terms.flows.iter().find(|flow| *flow.path == *path) {
        return flow.standing.map_or(Status::Forecast, Status::of);
    }
    let contract = path.split('.').next().unwrap_or(path);
    let Some(contract) = terms.contracts.iter().find(|c| *c.path == *contract) else { return Status::Stated };
    let supply = terms.supplies.iter().find(|s| *s.path == *path);
    let binding = supply.map_or(contract.standing.binding, |supply| supply.binding);
    Status::of(Standing { binding, option: contract.standing.option })
}
