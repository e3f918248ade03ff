//! Plain-text journals that a file opens with: read once, however many parties open from them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Checker, Files, path};
use crate::base::{Code, Diagnostic, SourceId, Sources, Span};
use crate::plaintext::{self, Balance, Books, Dialect, Included, Includes};
use crate::syntax::{ast, text};
use crate::time::Date;

/// Journals by the name of their file and the program they are read for.
#[derive(Default)]
pub(super) struct Journals(BTreeMap<(String, Dialect), Option<Arc<Books>>>);

/// A line of a trial balance.
pub(super) struct Held {
    pub account: String,
    pub commodity: String,
    pub balance: Balance,
}

impl Checker<'_> {
    /// The journal that a clause names; none after an error.
    pub(super) fn journal(&mut self, file: &str, written: &ast::Text, dialect: Dialect) -> Option<Arc<Books>> {
        let name = path::beside(file, &written.text);
        let key = (name.clone(), dialect);
        if let Some(known) = self.journals.0.get(&key) {
            return known.clone();
        }
        let mut shelf = Shelf { disk: self.disk, sources: &mut self.sources, files: &mut self.files };
        let opened = shelf.open(&name, written.span);
        let books = match opened {
            Ok((source, text)) => {
                let (books, found) = plaintext::read(dialect, (source, &text), &mut shelf);
                let torn = found.has_errors();
                if found.is_cut() {
                    self.report.cut();
                }
                found.into_iter().for_each(|found| self.report.push(found));
                (!torn).then(|| Arc::new(books))
            }
            Err(found) => {
                self.report.push(*found);
                None
            }
        };
        self.journals.0.insert(key, books.clone());
        books
    }

    /// Whose rules a journal follows: as said, or by its ending.
    pub(super) fn dialect(&mut self, journal: &ast::JournalUse) -> Option<Dialect> {
        match &journal.dialect {
            Some(name) => self.report.word(Code::WrongKind, name, "a program that is known", Dialect::ALL),
            None => Dialect::of(&journal.file.text).or_else(|| {
                let message = format!("whose journal is `{}`?", journal.file.text);
                let found = Diagnostic::new(Code::AskAccounts, journal.file.span, message);
                let found = found.label("the ending does not say");
                self.report.push(found.help("write `as hledger`, `as ledger` or `as beancount` behind the path"));
                None
            }),
        }
    }

    /// What every account holds at the end of a day, by name; none after an overflow.
    pub(super) fn held(&mut self, books: &Books, on: Date, span: Span) -> Option<Vec<Held>> {
        let balances = match books.balances(on) {
            Ok(balances) => balances,
            Err(fault) => return self.report.fail(Code::JournalNumber, span, format!("{fault}"), "in this journal"),
        };
        let name = |((account, commodity), balance)| Held {
            account: books.journal.accounts.get(account).to_owned(),
            commodity: books.journal.commodities.get(commodity).to_owned(),
            balance,
        };
        let mut held: Vec<Held> = balances.into_iter().map(name).collect();
        held.sort_by(|a, b| (&a.account, &a.commodity).cmp(&(&b.account, &b.commodity)));
        Some(held)
    }
}

/// The files of a journal.
struct Shelf<'a> {
    disk: &'a dyn Files,
    sources: &'a mut Sources,
    files: &'a mut Vec<String>,
}

impl Shelf<'_> {
    fn open(&mut self, name: &str, span: Span) -> Result<(SourceId, Arc<str>), Box<Diagnostic>> {
        let found = self.sources.iter().find(|(_, file)| &*file.name == name);
        if let Some((id, file)) = found {
            return Ok((id, file.text.clone()));
        }
        let bytes = self.disk.read(name).map_err(|why| {
            let found = Diagnostic::new(Code::FileNotFound, span, format!("cannot read `{name}`"));
            Box::new(found.label(why).help(Code::FileNotFound.advice()))
        })?;
        if bytes.len() > text::LIMIT {
            let found =
                Diagnostic::new(Code::FileTooLarge, span, format!("`{name}` has more than {} bytes", text::LIMIT));
            return Err(Box::new(found.label("too large to be read").help(Code::FileTooLarge.advice())));
        }
        let text = text::normalise(&bytes).map_err(|at| {
            let found = Diagnostic::new(Code::NotUtf8, span, format!("`{name}` is not UTF-8"));
            Box::new(found.label(format!("byte {at} cannot be read")).help("save the file as UTF-8"))
        })?;
        let text: Arc<str> = text.into();
        self.files.push(name.to_owned());
        Ok((self.sources.add(name, text.clone()), text))
    }
}

impl Includes for Shelf<'_> {
    fn include(&mut self, from: SourceId, pattern: &str, span: Span) -> Result<Vec<Included>, Box<Diagnostic>> {
        let around = self.sources.get(from).map(|file| file.name.clone()).unwrap_or_else(|| "".into());
        let wanted = path::beside(&around, pattern);
        let names = if wanted.contains(['*', '?']) {
            let mut names: Vec<String> = self.disk.glob(&wanted).iter().map(|f| path::normal(f)).collect();
            names.retain(|name| *name != *around);
            names.sort();
            if names.is_empty() {
                let found = Diagnostic::new(Code::NothingMatches, span, format!("`{pattern}` matches no file"));
                return Err(Box::new(
                    found.label(format!("looked for `{wanted}`")).help(Code::NothingMatches.advice()),
                ));
            }
            names
        } else {
            vec![wanted]
        };
        let open = |name: &String| self.open(name, span).map(|(source, text)| Included { source, text });
        names.iter().map(open).collect()
    }
}
