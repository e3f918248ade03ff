//! Arguments of the commands that run several times: `diff`, `grid`, `solve`.

use clap::ValueEnum;

use super::{FileArgs, Inputs, date};
use crate::check;
use crate::num::{Number, Unit};
use crate::time::Date;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct DiffArgs {
    /// Two sides of one kind, then the rule files. A side is a scenario or `base` (`late+small` stacks), a day (as known
    /// by then), a book by its name or its file, or a revision of git (`.` for the files as they are). Two rule files
    /// or two bundles alone are compared with each other. With two `--book`, or `--known-by FROM..TO`, all are rule files
    #[arg(value_name = "SIDE|FILE", required = true)]
    pub words: Vec<String>,
    #[command(flatten)]
    pub inputs: Inputs,
    /// Only facts that differ by more: a part of the left side, `1%`, or an amount, `5m USD`. Any of several is enough
    #[arg(long, value_name = "LEAST", value_parser = threshold)]
    pub threshold: Vec<Least>,
    /// A fact to say the causes of; default: of each party the amount that differs most
    #[arg(long, value_name = "FACT")]
    pub why: Vec<String>,
    /// A table for each cause with all it moved, instead of one for each of the foremost facts
    #[arg(long, conflicts_with = "why")]
    pub by_cause: bool,
    /// Causes are made one after the other: as listed, or the mean of all orders
    #[arg(long, value_enum, default_value_t, value_name = "WHICH")]
    pub order: CauseOrder,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct GridArgs {
    #[command(flatten)]
    pub input: FileArgs,
    /// What is varied across: a change of a scenario with a range in it, `scale f1 by {60..100/20}%`; shortly
    /// `ASSUMPTION=10..20/2 UNIT`, `close(CLASS)=200..600/50` or `price(PARTY)=200..600/50` from tomorrow on
    #[arg(long, value_name = "CHANGE")]
    pub x: String,
    /// What is varied downwards
    #[arg(long, value_name = "CHANGE")]
    pub y: Option<String>,
    /// A fact, such as `AMD.shares_fully_diluted[AMD.common] on 2027-12-31`
    #[arg(long, value_name = "FACT", required = true)]
    pub show: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct SolveArgs {
    #[command(flatten)]
    pub input: FileArgs,
    /// What is varied: a change of a scenario with a range in it, as for `grid`; the steps are how exact the answer is
    #[arg(long, value_name = "CHANGE")]
    pub vary: String,
    /// The claim, such as `OpenAI.cash_headroom on 2027-12-31 >= 0 USD`
    #[arg(long, value_name = "CLAIM")]
    pub when: String,
}

/// In which order causes are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CauseOrder {
    /// As listed among the inputs
    #[default]
    Listed,
    /// The mean over all orders, for eight causes at most
    Average,
}

/// What was known by a day; two days are for `diff` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Known {
    /// The earlier of two.
    pub from: Option<Date>,
    /// The day.
    pub by: Date,
}

pub(super) fn known(text: &str) -> Result<Known, String> {
    let Some((from, by)) = text.split_once("..") else { return Ok(Known { from: None, by: date(text)? }) };
    Ok(Known { from: Some(date(from)?), by: date(by)? })
}

fn threshold(text: &str) -> Result<Least, String> {
    let found =
        check::amount(text).map_err(|_| "write a part such as `1%`, or an amount with its unit such as `5m USD`")?;
    match (found.unit == Unit::none(), text.trim().ends_with('%')) {
        (true, true) => Ok(Least::Share(found.number)),
        (false, _) => Ok(Least::Amount(found.number, found.unit)),
        (true, false) => Err("write a part such as `1%`, or an amount with its unit such as `5m USD`".to_owned()),
    }
}

/// What a difference has to exceed to be worth a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Least {
    /// A part of the left side.
    Share(Number),
    /// An amount.
    Amount(Number, Unit),
}
