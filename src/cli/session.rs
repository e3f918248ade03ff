//! One invocation: its options, and what it says on stderr.

use std::io::{IsTerminal, Write};
use std::path::Path;

use super::args::{Color, Format, Inputs, Options};
use super::exit::Stop;
use super::progress::Progress;
use super::piped::Piped;
use crate::render::Style;

/// Width on a terminal that does not tell its own.
const TERMINAL_WIDTH: usize = 80;

/// The options of an invocation, with what its surroundings decide.
pub(super) struct Session {
    pub inputs: Inputs,
    pub options: Options,
    /// Whether stderr is coloured.
    pub color: bool,
}

impl Session {
    pub fn new(inputs: Inputs, options: Options) -> Self {
        let color = coloured(options.color, std::io::stderr().is_terminal());
        Self { inputs, options, color }
    }

    /// Files as this invocation sees them: stdin has the name it was given.
    pub fn files(&self) -> Piped {
        Piped::new(self.options.stdin_filename.as_deref().map(super::context::tidy))
    }

    /// A line on stderr. If that is closed there is nobody to tell.
    pub fn say(&self, line: &str) {
        let mut stderr = std::io::stderr().lock();
        let _ = writeln!(stderr, "{}", line.trim_end_matches('\n'));
    }

    /// A line on stderr unless `--quiet`.
    pub fn mention(&self, line: &str) {
        if !self.options.quiet {
            self.say(line);
        }
    }

    /// A line on stderr if `--verbose`.
    pub fn detail(&self, line: &str) {
        if self.options.verbose {
            self.say(line);
        }
    }

    /// Tells what is being done from now on, if it takes long and somebody watches.
    pub fn progress(&self, phase: &str) -> Progress {
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Progress::new(phase, std::io::stderr().is_terminal() && !dumb && !self.options.quiet)
    }

    /// Whether data goes to a file.
    pub fn file(&self) -> Option<&str> {
        self.options.output.as_deref().filter(|file| *file != "-")
    }

    /// The format of the data: what was asked for, else what the ending of the file says.
    ///
    /// # Errors
    /// An ending that stands for another format: nobody wants text in a workbook.
    pub fn format(&self) -> Result<Format, Stop> {
        if self.options.json {
            return Ok(Format::Json);
        }
        if let Some(format) = self.options.output_format {
            return Ok(format);
        }
        let ending = self.file().and_then(|file| Path::new(file).extension()).and_then(|ending| ending.to_str());
        match ending.map(str::to_lowercase).as_deref() {
            Some("json") => Ok(Format::Json),
            Some("csv") => Ok(Format::Csv),
            Some("md" | "markdown") => Ok(Format::Md),
            Some("beancount" | "bean") => Ok(Format::Beancount),
            Some("journal" | "hledger" | "j") => Ok(Format::Hledger),
            None | Some("txt" | "text" | "out" | "log" | "snap") => Ok(Format::Txt),
            Some(other) => {
                Err(Stop::new(format!("no format belongs to `.{other}`; name one with -O: txt, csv, json or md")))
            }
        }
    }

    /// A format that only `journal` has.
    pub fn only_journal(&self) -> Stop {
        Stop::new("hledger and beancount are formats of `proforma journal`; use txt, md, json or csv")
    }

    /// How the data looks.
    pub fn style(&self) -> Style {
        let terminal = self.file().is_none() && std::io::stdout().is_terminal();
        let asked = self.options.width.map(usize::from);
        let width = asked.or_else(|| terminal.then(|| columns().or_else(measured).unwrap_or(TERMINAL_WIDTH)));
        let color = coloured(self.options.color, terminal);
        Style { width, color }
    }
}

/// The width of the terminal that stdout is.
fn measured() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0)
}

/// What `COLUMNS` says; whoever exports it wants it to hold.
fn columns() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok().filter(|columns| (40..=2000).contains(columns))
}

fn coloured(choice: Color, terminal: bool) -> bool {
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
            terminal && !refused && !dumb
        }
    }
}
