//! Arguments of the commands that keep a run, or walk through it: `replay`, `close`, `bundle`, `verify`.

use super::{FileArgs, Inputs, date};
use crate::time::Date;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ReplayArgs {
    #[command(flatten)]
    pub input: FileArgs,
    /// One day at a time, by lines on stdin: Enter or `n` for the next day, `p` for the one before, a day to go to, `q` to end
    #[arg(long, conflicts_with = "view")]
    pub step: bool,
    /// In the whole terminal, with a list of the days; without a terminal all days are printed
    #[arg(long)]
    pub view: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct BundleArgs {
    #[command(flatten)]
    pub input: FileArgs,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct VerifyArgs {
    /// Bundles made by `proforma bundle`
    #[arg(value_name = "BUNDLE", required = true)]
    pub bundles: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct CloseArgs {
    /// The period, then the rule files
    #[arg(value_name = "PERIOD|FILE", required = true)]
    pub words: Vec<String>,
    #[command(flatten)]
    pub inputs: Inputs,
    /// The day of the issue, after the period's end
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<Date>,
    /// Write nothing; print the line
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Write nothing; compare what was issued with what the files say of it now
    #[arg(long, conflicts_with_all = ["on", "dry_run"])]
    pub check: bool,
}
