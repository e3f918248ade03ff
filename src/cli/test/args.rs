//! The arguments of `proforma test`.

use clap::Subcommand;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct TestArgs {
    #[command(subcommand)]
    pub command: TestCommand,
}

/// What to do with tests.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum TestCommand {
    /// Run tests and compare; what differs is written beside the accepted result and waits there
    Run(RunArgs),
    /// Decide on what differs, cause by cause; without a terminal it is listed
    Review(ReviewArgs),
    /// Accept what differs, with who and why
    Accept(AcceptArgs),
    /// Throw away what waits; the accepted results stay
    Reject(Chosen),
    /// List what waits; ends with 1 if anything does
    Pending(Chosen),
    /// Print every fact that differs; writes nothing, ends with 1 if any does
    Diff(DiffArgs),
    /// List results of tests that are no more; ends with 1 if there are any
    Gc(GcArgs),
}

/// Tests by name, or by their files or folders.
#[derive(Clone, Debug, Default, clap::Args)]
pub(in crate::cli) struct Chosen {
    /// Names of tests, test files, or folders with test files; default: all of `tests/*.test`
    #[arg(value_name = "TEST")]
    pub tests: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RunArgs {
    #[command(flatten)]
    pub chosen: Chosen,
    /// Write nothing, and fail on whatever was not decided: differences, missing and pending results, orphans. On if CI
    /// is set in the environment to anything but `false`
    #[arg(long)]
    pub ci: bool,
    /// Only tests whose files were edited, by git: since the last commit, or since REV
    #[arg(long, value_name = "REV", num_args = 0..=1, require_equals = true, default_missing_value = "HEAD")]
    pub changed: Option<String>,
    /// Look for edits that explain a difference since this revision; default: since the result was last committed
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// Write the outcome there as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<String>,
    /// Write the outcome there as Markdown
    #[arg(long, value_name = "FILE")]
    pub summary: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct DiffArgs {
    #[command(flatten)]
    pub chosen: Chosen,
    /// Look for edits that explain a difference since this revision; default: since the result was last committed
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
}

/// What goes into the record of what was accepted.
#[derive(Clone, Debug, Default, clap::Args)]
pub(in crate::cli) struct Record {
    /// Why; needed where a change is more than the test lets pass
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// On which day, for the record
    #[arg(long, value_name = "DATE", value_parser = crate::cli::args::date)]
    pub on: Option<crate::time::Date>,
    /// Look for edits that explain a difference since this revision; default: since the result was last committed
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ReviewArgs {
    #[command(flatten)]
    pub chosen: Chosen,
    /// Writes what is to be decided as a page for a browser, with the commands that decide, and decides nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["by", "reason"])]
    pub html: Option<String>,
    /// Who decides; asked for otherwise
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    #[command(flatten)]
    pub record: Record,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct AcceptArgs {
    #[command(flatten)]
    pub chosen: Chosen,
    /// Who accepts
    #[arg(long, value_name = "NAME")]
    pub by: String,
    #[command(flatten)]
    pub record: Record,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct GcArgs {
    #[command(flatten)]
    pub chosen: Chosen,
    /// Delete them
    #[arg(long)]
    pub yes: bool,
}
