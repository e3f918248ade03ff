//! What the readers of all dialects share: the files, the diagnostics, and what directives have said so far.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::journal::{Commodity, Dialect, Journal, Posting, Transaction};
use super::line::Line;
use super::{beancount, ledger};
use crate::base::{Code, Diagnostic, Diagnostics, SourceId, Span};

/// Diagnostics that are listed for one journal: more help nobody.
const MAX_DIAGNOSTICS: usize = 100;

/// How deep files may include each other.
const MAX_DEPTH: usize = 64;

/// A file that is included.
pub struct Included {
    /// Its number; the same file has the same number every time.
    pub source: SourceId,
    /// Its text.
    pub text: Arc<str>,
}

/// Where included files come from.
pub trait Includes {
    /// The files a pattern names, as seen from the file it stands in.
    ///
    /// # Errors
    /// What is wrong, placed at `span`.
    fn include(&mut self, from: SourceId, pattern: &str, span: Span) -> Result<Vec<Included>, Diagnostic>;
}

/// What indented lines belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Current {
    Nothing,
    Transaction,
    /// A directive; its lines are read by its own rules.
    Account(u32),
    Commodity(u32),
    Other,
}

pub(super) struct Reader<'f> {
    pub journal: Journal,
    pub source: SourceId,
    pub current: Current,
    /// A block that is skipped up to this word.
    pub skipping: Option<(&'static str, Span)>,
    /// The year of dates without one.
    pub year: Option<i16>,
    /// `apply account`, innermost last.
    pub prefixes: Vec<String>,
    /// `alias OLD = NEW`, in order of the text.
    pub aliases: Vec<(String, String)>,
    /// The commodity of amounts without one.
    pub default: Option<Commodity>,
    /// The declared decimal mark of all commodities, and of some.
    pub mark: Option<u8>,
    pub marks: BTreeMap<Commodity, u8>,
    /// A doubtful mark was met and said.
    pub doubted: bool,
    found: Diagnostics,
    count: usize,
    files: &'f mut dyn Includes,
    open: Vec<SourceId>,
    done: Vec<SourceId>,
    sequence: u32,
}

/// Reads a journal and what it includes.
#[must_use]
pub fn parse(dialect: Dialect, (source, text): (SourceId, &str), files: &mut dyn Includes) -> (Journal, Diagnostics) {
    let mut reader = Reader {
        journal: Journal::new(dialect),
        source,
        current: Current::Nothing,
        skipping: None,
        year: None,
        prefixes: Vec::new(),
        aliases: Vec::new(),
        default: None,
        mark: None,
        marks: BTreeMap::new(),
        doubted: false,
        found: Diagnostics::default(),
        count: 0,
        files,
        open: Vec::new(),
        done: Vec::new(),
        sequence: 0,
    };
    reader.file(source, text);
    (reader.journal, reader.found)
}

impl Reader<'_> {
    /// Reads one file. Calls itself for included files, at most 64 deep.
    fn file(&mut self, source: SourceId, text: &str) {
        let around = std::mem::replace(&mut self.source, source);
        self.open.push(source);
        self.done.push(source);
        self.current = Current::Nothing;
        let mut start = 0;
        for line in text.split('\n') {
            let reading = Line::new(source, start, line);
            match self.journal.dialect {
                Dialect::Beancount => beancount::line(self, reading),
                Dialect::Hledger | Dialect::Ledger => ledger::line(self, reading),
            }
            start += line.len() + 1;
        }
        if let Some((end, span)) = self.skipping.take() {
            // Both programs read on to the end of the file.
            let found = Diagnostic::new(Code::JournalIgnored, span, format!("no `{end}` ends this block"));
            self.say(found.label("everything behind it is skipped").help(format!("add a line `{end}`")));
        }
        self.current = Current::Nothing;
        self.open.pop();
        self.source = around;
    }

    /// Follows an `include`.
    pub fn include(&mut self, pattern: &str, span: Span) {
        if self.open.len() >= MAX_DEPTH {
            let found = Diagnostic::new(Code::TooDeep, span, format!("files included more than {MAX_DEPTH} deep"));
            self.say(found.help("include the file from one nearer to the top"));
            return;
        }
        match self.files.include(self.source, pattern, span) {
            Ok(files) => files.into_iter().for_each(|file| self.included(&file, span)),
            Err(found) => self.say(found),
        }
    }

    fn included(&mut self, file: &Included, span: Span) {
        if self.open.contains(&file.source) {
            let found = Diagnostic::new(Code::UseCycle, span, "files include each other in a circle");
            self.say(found.label("this file is being read already").help("remove one `include`"));
        } else if self.journal.dialect == Dialect::Beancount && self.done.contains(&file.source) {
            let found = Diagnostic::new(Code::JournalIgnored, span, "a file that is included twice is read once");
            self.say(found.label("again here").help("remove one `include`"));
        } else {
            self.file(file.source, &file.text);
        }
    }

    /// Says what is wrong, up to a limit.
    pub fn say(&mut self, diagnostic: Diagnostic) {
        self.count += 1;
        if self.count <= MAX_DIAGNOSTICS {
            self.found.push(diagnostic);
        } else {
            self.found.cut();
        }
    }

    /// A line, or a part of one, that has no meaning here.
    pub fn unreadable(&mut self, span: Span, message: impl Into<String>, label: impl Into<String>) {
        let found = Diagnostic::new(Code::JournalLine, span, message).label(label);
        self.say(found.help(Code::JournalLine.advice()));
    }

    /// Something that would change a balance and is not read.
    pub fn unread(&mut self, span: Span, what: &str) {
        let program = self.journal.dialect.name();
        let found = Diagnostic::new(Code::JournalUnread, span, format!("{what}: not read, and could change a balance"));
        let flat = match self.journal.dialect {
            Dialect::Beancount => "; `bean-query FILE print` writes the whole journal so",
            Dialect::Hledger => "; `hledger -f FILE print -x` writes the whole journal so",
            Dialect::Ledger => "",
        };
        let help = format!("write plain postings with what it comes to{flat}");
        self.say(found.label(format!("{program} reads it")).help(help));
    }

    /// Something that changes no balance and is not read.
    pub fn ignored(&mut self, span: Span, what: &str) {
        let found = Diagnostic::new(Code::JournalIgnored, span, format!("{what}: not read, changes no balance"));
        self.say(found.label("left out").help("nothing needs to be done; remove it to be rid of this warning"));
    }

    /// The next place in the order of the text.
    pub fn next(&mut self) -> u32 {
        self.sequence += 1;
        self.sequence
    }

    /// Begins a transaction; indented lines belong to it.
    pub fn begin(&mut self, transaction: Transaction) {
        self.journal.transactions.push(transaction);
        self.current = Current::Transaction;
    }

    pub fn first_posting(&self) -> u32 {
        u32::try_from(self.journal.postings.len()).unwrap_or(u32::MAX)
    }

    /// Adds a posting to the transaction that was begun last.
    pub fn post(&mut self, posting: Posting) {
        if let Some(transaction) = self.journal.transactions.last_mut() {
            self.journal.postings.push(posting);
            transaction.count += 1;
        }
    }

    /// Notes a tag, link or metadata of the transaction that was begun last.
    pub fn label(&mut self, span: Span) {
        let transaction = u32::try_from(self.journal.transactions.len()).unwrap_or(u32::MAX).saturating_sub(1);
        self.journal.labels.push((transaction, span));
    }
}

/// Adds to a list and gives the position.
pub(super) fn keep<T>(list: &mut Vec<T>, value: T) -> u32 {
    list.push(value);
    u32::try_from(list.len() - 1).unwrap_or(u32::MAX)
}
