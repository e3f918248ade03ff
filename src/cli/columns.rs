//! Options of reports by columns of days: how wide, how many, in which currency, with what besides contracts in force.

use std::collections::BTreeSet;

use clap::ValueEnum;

use super::exit::Stop;
use crate::num::Unit;
use crate::report::cash::Tier;
use crate::report::{Scope, Step};

/// Columns, rows and totals of the cash report.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Cash report")]
pub(super) struct Columns {
    /// A column a day
    #[arg(short = 'D', long, group = "step")]
    daily: bool,
    /// A column a week, counted from the first day
    #[arg(short = 'W', long, group = "step")]
    weekly: bool,
    /// A column a calendar month
    #[arg(short = 'M', long, group = "step")]
    monthly: bool,
    /// A column a fiscal quarter (the default)
    #[arg(short = 'Q', long, group = "step")]
    quarterly: bool,
    /// A column a fiscal year
    #[arg(short = 'Y', long, group = "step")]
    yearly: bool,
    /// So many weeks, from the period's first day or the day after the last actual one
    #[arg(long, value_name = "N", conflicts_with_all = ["daily", "monthly", "quarterly", "yearly"])]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=400))]
    weeks: Option<u16>,
    /// One row for each clause, or for each party on the other side
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<By>,
    /// Alone, or with the parties it controls as one; what they pay each other is left out
    #[arg(long, value_enum, value_name = "WHICH")]
    group: Option<Group>,
    /// Let into totals, besides what is definitive or forecast
    #[arg(long = "with", value_enum, value_delimiter = ',', value_name = "WHAT")]
    tiers: Vec<With>,
    /// Currency of all amounts; default: the party's own
    #[arg(short = 'X', long = "in", value_name = "CURRENCY")]
    currency: Option<String>,
}

/// What has a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// Each clause
    Line,
    /// Each party on the other side
    Counterparty,
}

/// Who is shown as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Group {
    /// The party alone
    Alone,
    /// The party and those it controls
    Consolidated,
}

/// What totals leave out unless they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum With {
    /// Letters of intent
    Loi,
    /// Announcements
    Announced,
    /// Options
    Options,
}

impl Columns {
    /// The scope with these options.
    pub fn over(&self, scope: &Scope) -> Result<Scope, Stop> {
        let steps = [
            (self.daily, Step::Day),
            (self.weekly, Step::Week),
            (self.monthly, Step::Month),
            (self.quarterly, Step::Quarter),
            (self.yearly, Step::Year),
        ];
        let tier = |with: &With| match with {
            With::Loi => Tier::LetterOfIntent,
            With::Announced => Tier::Announced,
            With::Options => Tier::Option,
        };
        let currency = match &self.currency {
            Some(word) => {
                let word = word.to_uppercase();
                if !Unit::of(&word).is_currency() {
                    return Err(Stop::new(format!("`{word}` is not a currency; write a code such as USD")));
                }
                Some(word.into())
            }
            None => None,
        };
        Ok(Scope {
            step: steps.into_iter().find(|(asked, _)| *asked).map(|(_, step)| step),
            weeks: self.weeks,
            by_counterparty: self.by == Some(By::Counterparty),
            consolidated: self.group == Some(Group::Consolidated),
            with: self.tiers.iter().map(tier).collect::<BTreeSet<_>>(),
            currency,
            ..scope.clone()
        })
    }
}
