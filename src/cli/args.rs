//! The arguments, as clap reads them.

mod compare;
mod kept;
mod scale;

use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use super::columns::Columns;
use super::findings::Finding;
use super::help::{CompletionsArgs, HelpArgs, ManArgs};
use crate::report;
use crate::time::{Date, PeriodName};
use compare::known;
pub(super) use compare::{CauseOrder, DiffArgs, GridArgs, Known, Least, SolveArgs};
pub(super) use kept::{BundleArgs, CloseArgs, ReplayArgs, VerifyArgs};
pub(super) use scale::Scale;

/// What the exit codes mean, and where output goes: under every help.
macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0  ran; nothing to report
  1  ran; the answer is no: a check or an assertion failed, `fmt --check` or `diff` found a difference,
     `check --sources` found a value without one, or, with --strict, a ledger line was refused
  2  could not run: wrong usage, a file that is not there, an error in a file, a fault of the run
  3  internal error: a bug in proforma

Data goes to stdout, everything else to stderr. Periods include both ends unless an option says otherwise.
NO_COLOR, TERM=dumb and output that is not a terminal turn colour off."
    };
}

/// Examples, then the exit codes.
macro_rules! examples {
    ($($line:literal),+ $(,)?) => {
        concat!("Examples:\n", $("  ", $line, "\n",)+ "\n", exit_codes!())
    };
}

const EXIT_CODES: &str = exit_codes!();

/// A rules-based engine for financial exposure: contracts as text, a ledger of facts, explained numbers.
#[derive(Debug, Parser)]
#[command(name = "proforma", version, propagate_version = true, about, after_help = EXIT_CODES, max_term_width = 110)]
#[command(disable_help_subcommand = true)]
pub(super) struct Args {
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// The arguments of the process. Whoever types them may shorten commands and names of reports; a script may not,
    /// since a later version can make a short form mean two things.
    pub fn read(typed: bool) -> Result<Self, clap::Error> {
        Self::from(std::env::args_os(), typed)
    }

    /// The arguments given.
    pub fn from<T: Into<OsString> + Clone>(
        given: impl IntoIterator<Item = T>,
        typed: bool,
    ) -> Result<Self, clap::Error> {
        // What people type for `report` stays so, though `replay` begins alike.
        let report = |report: clap::Command| if typed { report.alias("rep") } else { report };
        let command = Self::command().infer_subcommands(typed).mut_subcommand("report", report);
        let args = Self::from_arg_matches(&command.try_get_matches_from(given)?)?;
        let pair = args.options.books.len() > 1 || args.options.known.is_some_and(|known| known.from.is_some());
        if pair && !matches!(args.command, Command::Diff(_)) {
            let why = "two books, or two days of knowledge, are for `proforma diff`\n";
            return Err(Self::command().error(ErrorKind::TooManyValues, why));
        }
        let looks = matches!(args.command, Command::Run(_) | Command::Report(_));
        if !args.options.fail_on.is_empty() && !looks {
            let why = "`--fail-on` is for `run` and `report`\n";
            return Err(Self::command().error(ErrorKind::ArgumentConflict, why));
        }
        let stands = matches!(args.command, Command::Run(_) | Command::Report(_) | Command::Explain(_));
        if args.options.as_of.is_some() && !stands {
            let why = "`--as-of` is for `run`, `report` and `explain`; other commands end with `--to`\n";
            return Err(Self::command().error(ErrorKind::ArgumentConflict, why));
        }
        Ok(args)
    }
}

/// The name of a report, which may be cut short where commands may.
#[derive(Clone)]
struct ReportName;

impl TypedValueParser for ReportName {
    type Value = String;

    fn parse_ref(&self, command: &clap::Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        let name = value.to_string_lossy();
        let name = if std::io::stdin().is_terminal() { in_full(&name) } else { &name };
        PossibleValuesParser::new(report::NAMES).parse_ref(command, arg, name.as_ref())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(report::NAMES.iter().map(PossibleValue::new)))
    }
}

/// The only report that begins so, or the name as it is.
pub(super) fn in_full(name: &str) -> &str {
    let mut fits = report::NAMES.iter().filter(|full| full.starts_with(name));
    match (report::NAMES.contains(&name), fits.next(), fits.next()) {
        (false, Some(one), None) => one,
        _ => name,
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a project that passes: one contract, its ledger, a scenario, a story with a test
    #[command(after_help = examples!("proforma new my-deals", "proforma new amd --example amd-openai"))]
    New(NewArgs),
    /// Check files: syntax, names, units, and the questions lawyers argue about. Silent when all is well
    #[command(after_help = examples!("proforma check rules/racks.pf", "proforma check --sources --json rules/racks.pf"))]
    Check(CheckArgs),
    /// Format files. Never changes meaning, never touches a file it cannot read letter by letter
    #[command(after_help = examples!("proforma fmt rules ledgers", "proforma fmt --check rules"))]
    Fmt(FmtArgs),
    /// Replay the ledger and print a summary: what vested and why not the rest, dilution, revenue, dues
    #[command(after_help = examples!("proforma run rules/racks.pf", "proforma run rules/racks.pf -s late --strict"))]
    Run(RunArgs),
    /// Print a report: what vested, share counts, revenue against the warrants' cost, dues, promises, milestones
    #[command(after_help = examples!(
        "proforma report warrants rules/racks.pf -p 2026-Q2",
        "proforma report revenue rules/racks.pf --entity Maker -o revenue.csv"
    ))]
    Report(ReportArgs),
    /// Compare two scenarios, days on which something was known, books, rule files or revisions of git: which inputs differ,
    /// what moved by quarter, and why
    #[command(after_help = examples!(
        "proforma diff base late rules/racks.pf --threshold 1% --threshold '1m USD' > moved.txt",
        "proforma diff --known-by 2026-05-31..2026-06-30 rules/racks.pf --entity Maker > news.txt",
        "proforma diff HEAD~1 . rules/racks.pf  # a revision of git against the files as they are",
        "proforma diff --book us_gaap --book rules/books/ifrs.pf rules/racks.pf > books.txt",
        "sed 's/book us_gaap/book mine/' rules/books/us-gaap.pf > mine.pf  # then change a line of it",
        "proforma diff us_gaap mine.pf rules/racks.pf --entity Maker -p 2026 > moved.txt"
    ))]
    Diff(DiffArgs),
    /// Facts at every combination of one or two inputs
    #[command(after_help = examples!(
        "proforma grid rules/racks.pf --x 'scale f1 by {50..100/25}%' --show 'Maker.net_revenue in 2026'",
        "proforma grid rules/racks.pf --x 'price(Maker)=10..30/5' --show 'Maker.vested in 2026'"
    ))]
    Grid(GridArgs),
    /// Where a claim about a fact begins or ceases to hold as an input is varied; the exit code says whether it does
    #[command(after_help = examples!(
        "proforma solve rules/racks.pf --vary 'move f1 by {0..365} days' --when 'Maker.revenue in 2026 > 20m USD'",
        "proforma solve rules/racks.pf --vary 'price(Maker)=10..30' --when 'Maker.vested in 2026 > 500_000 shares'"
    ))]
    Solve(SolveArgs),
    /// Print every fact, one a row
    #[command(after_help = examples!("proforma facts rules/racks.pf > before.csv", "proforma facts rules/racks.pf --json"))]
    Facts(FileArgs),
    /// Print the double-entry journal; `-O hledger` and `-O beancount` print the legal ledger and all books for others
    #[command(after_help = examples!(
        "proforma journal rules/racks.pf --entity Maker -p 2026-Q2",
        "proforma journal rules/racks.pf -O hledger"
    ))]
    Journal(FileArgs),
    /// Explain one number: what it is made of, what was tested, what did not matter
    #[command(after_help = examples!(
        "proforma explain 'Maker.contra_revenue[racks.growth.T1] in 2026-Q2' rules/racks.pf",
        "proforma explain 'Maker.unvested[racks.growth.T2] on 2026-06-30' rules/racks.pf"
    ))]
    Explain(ExplainArgs),
    /// A run a day at a time: what happened, what was refused, and every account that moved, from what to what
    #[command(after_help = examples!(
        "proforma replay rules/racks.pf -p 2026-Q2 --entity Maker",
        "proforma replay rules/racks.pf --view  # in the whole terminal, forwards and backwards"
    ))]
    Replay(ReplayArgs),
    /// Issue a period: write its `close` line, with a hash of the party's facts, into the ledger
    #[command(after_help = examples!(
        "proforma close 2026-Q2 rules/racks.pf --entity Maker --on 2026-08-04 --dry-run",
        "proforma close --check rules/racks.pf"
    ))]
    Close(CloseArgs),
    /// Look a project over: what nobody reads, what rests on nothing, what is refused, what is large
    #[command(after_help = examples!("proforma doctor rules/racks.pf > found.txt"))]
    Doctor(FileArgs),
    /// Pack a run into one file: inputs, options, facts, what was left out, and the hash of each
    #[command(after_help = examples!("proforma bundle rules/racks.pf -p 2026-Q2 -o q2.zip", "proforma verify q2.zip"))]
    Bundle(BundleArgs),
    /// Make the run of a bundle again and compare fact by fact
    #[command(after_help = examples!("proforma verify q2.zip"))]
    Verify(VerifyArgs),
    /// Compare facts with what was accepted: run, review, accept, reject, pending, diff, gc
    #[command(after_help = examples!(
        "proforma test run",
        "proforma test review",
        "proforma test accept q2_close --by m.ortiz --reason 'PO-3 signed'",
        "proforma test run --ci --junit tests.xml"
    ))]
    Test(super::test::args::TestArgs),
    /// Print help on a command, or a page of the manual: language, semantics, books, glossary, errors
    #[command(after_help = examples!("proforma help language | less", "proforma help report"))]
    Help(HelpArgs),
    /// Print a script that completes the command line in a shell
    #[command(after_help = examples!("proforma completions bash > ~/.local/share/bash-completion/completions/proforma"))]
    Completions(CompletionsArgs),
    /// Print the manual page, of the program or of a command
    #[command(after_help = examples!("proforma man | man -l -", "proforma man report > proforma-report.1"))]
    Man(ManArgs),
}

impl Command {
    /// The repeatable options given after the command.
    pub fn inputs(&self) -> Option<&Inputs> {
        Some(match self {
            Self::Check(args) => &args.input.inputs,
            Self::Fmt(args) => &args.inputs,
            Self::Facts(args) | Self::Journal(args) | Self::Doctor(args) => &args.inputs,
            Self::Run(args) => &args.input.inputs,
            Self::Report(args) => &args.input.inputs,
            Self::Explain(args) => &args.input.inputs,
            Self::Diff(args) => &args.inputs,
            Self::Bundle(args) => &args.input.inputs,
            Self::Close(args) => &args.inputs,
            Self::Replay(args) => &args.input.inputs,
            Self::Grid(args) => &args.input.inputs,
            Self::Solve(args) => &args.input.inputs,
            Self::New(_) | Self::Test(_) | Self::Verify(_) | Self::Help(_) | Self::Completions(_) | Self::Man(_) => {
                return None;
            }
        })
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct NewArgs {
    /// The folder to make; it must not be there
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What to put into it
    #[arg(long, value_enum, default_value_t, value_name = "WHICH")]
    pub example: Example,
}

/// Projects to start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Example {
    /// An invented supply of racks with a warrant, small enough to check by hand
    #[default]
    Racks,
    /// The deal of October 2025, from public documents
    AmdOpenai,
}

#[derive(Clone, Debug, clap::Args)]
pub(super) struct FileArgs {
    /// Rule files (`.pf`), each with the ledger of the same path and name; a folder for all rule files in it; or ledger
    /// files
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    #[command(flatten)]
    pub inputs: Inputs,
}

#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub input: FileArgs,
    /// Every tranche on its own row; CSV and JSON have them all anyway
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub input: FileArgs,
    /// List values that cite no source and name no assumption
    #[arg(long)]
    pub sources: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct FmtArgs {
    /// Files, or folders with `.pf` and `.ledger` files
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    #[command(flatten)]
    pub inputs: Inputs,
    /// Write nothing; list the files that would change
    #[arg(long)]
    pub check: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    /// Which report
    #[arg(value_name = "NAME", value_parser = ReportName)]
    pub name: String,
    #[command(flatten)]
    pub input: FileArgs,
    /// Every tranche on its own row; CSV and JSON of `summary` and `investments` have them all anyway
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub columns: Columns,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    /// The fact, such as `AMD.contra_revenue[amd_openai.penny.T2] in 2027-Q3 under us_gaap`
    #[arg(value_name = "FACT")]
    pub fact: String,
    #[command(flatten)]
    pub input: FileArgs,
    /// A tree, in the format asked for; a chart as Mermaid draws it; or numbered lines with room for tick marks
    #[arg(long, value_enum, default_value_t, value_name = "WHICH", conflicts_with_all = ["output_format", "json"])]
    pub layout: Layout,
}

/// How an explanation is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Layout {
    /// A tree
    #[default]
    Tree,
    /// A flowchart in the language of Mermaid
    Mermaid,
    /// A table in Markdown, with columns to tick
    Workpaper,
}

/// Options that may be given several times. Each level of the command line has its own, so that those before the
/// command and those after it add up; of clap's global options the outer ones would be lost.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Inputs {
    /// Another input file; `-` is stdin
    #[arg(id = "file", short, long, value_name = "FILE", help_heading = "Input")]
    pub files: Vec<String>,
    /// A ledger file, instead of the one found by name
    #[arg(id = "ledger", short, long, value_name = "FILE", help_heading = "Input")]
    pub ledgers: Vec<String>,
    /// A scenario; several stack from left to right
    #[arg(id = "scenario", short, long, value_name = "NAME", help_heading = "Input")]
    pub scenarios: Vec<String>,
}

impl Inputs {
    /// These, then those.
    pub fn then(mut self, other: &Self) -> Self {
        self.files.extend_from_slice(&other.files);
        self.ledgers.extend_from_slice(&other.ledgers);
        self.scenarios.extend_from_slice(&other.scenarios);
        self
    }
}

/// Options of all commands.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Options {
    /// Only what was known by the end of this day; `diff` takes two: 2027-07-14..2027-07-15
    #[arg(long = "known-by", global = true, value_name = "DATE", value_parser = known, help_heading = "Input")]
    pub known: Option<Known>,
    /// What stdin (`-f -`) is called in messages; `use` in it is relative to that name
    #[arg(long, global = true, value_name = "NAME", help_heading = "Input")]
    pub stdin_filename: Option<String>,
    /// The book to use for every party: its name, or the file that declares it; `diff` takes two
    #[arg(long = "book", global = true, value_name = "BOOK", help_heading = "Input")]
    pub books: Vec<String>,

    /// 2027, 2027-Q3, 2027-08, 2027-08-20 or 2027-08-20..2027-09-30; years and quarters are fiscal
    #[arg(short, long, global = true, value_parser = period, help_heading = "Selection")]
    #[arg(conflicts_with_all = ["from", "to", "begin", "end"])]
    pub period: Option<PeriodName>,
    /// From this day on, inclusive
    #[arg(long, global = true, value_name = "DATE", value_parser = date, help_heading = "Selection")]
    #[arg(conflicts_with = "begin")]
    pub from: Option<Date>,
    /// Up to this day, inclusive
    #[arg(long, global = true, value_name = "DATE", value_parser = date, help_heading = "Selection")]
    #[arg(conflicts_with = "end")]
    pub to: Option<Date>,
    /// What stood at the end of this day; periods that are not named end with it
    #[arg(long, global = true, value_name = "DATE", value_parser = date, conflicts_with_all = ["period", "from", "to", "begin", "end"], help_heading = "Selection")]
    pub as_of: Option<Date>,
    /// From this day on, inclusive, as hledger has it
    #[arg(short, long, global = true, value_name = "DATE", value_parser = date, help_heading = "Selection")]
    pub begin: Option<Date>,
    /// Up to but without this day: EXCLUSIVE, as hledger has it
    #[arg(short, long, global = true, value_name = "DATE", value_parser = date, help_heading = "Selection")]
    pub end: Option<Date>,
    /// Whose figures; several for the report `ownership`
    #[arg(long, global = true, value_name = "NAME", help_heading = "Selection")]
    pub entity: Vec<String>,
    /// With whom
    #[arg(long, global = true, value_name = "NAME", help_heading = "Selection")]
    pub counterparty: Option<String>,
    /// Under which contract
    #[arg(long, global = true, value_name = "NAME", help_heading = "Selection")]
    pub contract: Option<String>,

    /// Format of the data; else from the ending of --output, else txt
    #[arg(short = 'O', long, global = true, value_enum, value_name = "FORMAT", help_heading = "Output")]
    pub output_format: Option<Format>,
    /// Short for `-O json`
    #[arg(long, global = true, conflicts_with = "output_format", help_heading = "Output")]
    pub json: bool,
    /// Write the data there, whole or not at all; `-` is stdout
    #[arg(short, long, global = true, value_name = "FILE", help_heading = "Output")]
    pub output: Option<String>,
    /// In which scale tables show amounts and shares; default: what fits the amounts of the run
    #[arg(long, global = true, value_enum, value_name = "SCALE", help_heading = "Output")]
    pub scale: Option<Scale>,
    /// Warnings count as errors, and refused ledger lines as a no
    #[arg(long, global = true, help_heading = "Output")]
    pub strict: bool,
    /// Findings that are a no: exit code 1
    #[arg(long, global = true, value_enum, value_delimiter = ',', value_name = "WHAT", help_heading = "Output")]
    pub fail_on: Vec<Finding>,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", help_heading = "Output")]
    pub color: Color,
    /// Characters a line may have; default: the terminal, or 160
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(40..=2000), help_heading = "Output")]
    pub width: Option<u16>,
    /// Say only errors on stderr
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
    /// Say more on stderr
    #[arg(short, long, global = true, help_heading = "Output")]
    pub verbose: bool,
}

/// Formats of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Txt,
    /// Every digit, for programs
    Json,
    /// One value a row, every digit; of `journal` one posting
    Csv,
    /// For memos: Markdown
    Md,
    /// A journal of hledger; of `journal` only
    Hledger,
    /// A journal of beancount; of `journal` only
    Beancount,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal
    #[default]
    Auto,
    Always,
    Never,
}

impl Options {
    /// The day of knowledge.
    pub fn known_by(&self) -> Option<Date> {
        self.known.map(|known| known.by)
    }

    /// The book for every party.
    pub fn book(&self) -> Option<&str> {
        self.books.first().map(String::as_str)
    }
}

pub(super) fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "write a day that exists as YYYY-MM-DD, such as 2027-08-20".to_owned())
}

fn period(text: &str) -> Result<PeriodName, String> {
    let forms = "write 2027, 2027-Q3, 2027-08, 2027-08-20 or 2027-08-20..2027-09-30";
    PeriodName::parse(text).ok_or_else(|| forms.to_owned())
}
