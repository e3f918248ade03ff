//! Two books: every place where their texts differ is a cause, and so is what parties elect under one of them.

use std::collections::BTreeMap;

use super::super::exit::Stop;
use super::super::session::Session;
use super::hunks::{Hunk, hunks, made};
use super::one_line;
use super::texts::{Mixed, label, run_of, texts};
use crate::check::{Checked, Files};
use crate::report::compare::Key;
use crate::terms::Value;

/// A book as it is written.
#[derive(Clone)]
struct Written {
    name: String,
    file: String,
    text: String,
    /// The line of the file it begins on.
    line: usize,
}

/// Books between two: the left one with some of the differences made.
pub(super) struct Mix<'f> {
    files: &'f dyn Files,
    roots: Vec<String>,
    texts: BTreeMap<String, String>,
    left: Written,
    right: Written,
    hunks: Vec<Hunk>,
}

impl<'f> Mix<'f> {
    /// Of two books of one program; `None` if one of them is not there.
    pub fn of(
        checked: &Checked,
        files: &'f dyn Files,
        roots: Vec<String>,
        (left, right): (&str, &str),
    ) -> Option<Self> {
        let written = |name: &str| {
            let book = checked.terms.books.iter().find(|book| *book.name == *name)?;
            let file = checked.sources.get(book.span.source)?;
            let text = checked.sources.text(book.span).to_owned();
            Some(Written { name: name.into(), file: file.name.to_string(), text, line: file.line(book.span.start) })
        };
        let (left, right) = (written(left)?, written(right)?);
        let hunks = hunks(&left.text, &named(&right, &left.name));
        Some(Self { files, roots, texts: texts(checked), left, right, hunks })
    }

    /// The differences in words; the first is what parties elect.
    pub fn labels(&self) -> Vec<String> {
        let place = |hunk: &Hunk| format!("{}:{}", self.left.file, self.left.line + hunk.line() - 1);
        let elected = format!("what parties elect under {} alone", self.left.name);
        let said = self.hunks.iter().map(|hunk| label(&place(hunk), &one_line(&hunk.old), &one_line(&hunk.new)));
        [elected].into_iter().chain(said).collect()
    }

    /// The values of facts with some of the differences made, or `None` if what comes out of them is no book. A book keeps
    /// what parties elect under its name, so the mixture has the name of the left or of the right.
    pub fn values(&self, session: &Session, with: &[bool], keys: &[Key]) -> Result<Option<Vec<Value>>, Stop> {
        let (anew, with) = with.split_first().map_or((false, with), |(first, rest)| (*first, rest));
        let chosen = self.hunks.iter().zip(with).filter(|(_, with)| **with).map(|(hunk, _)| hunk);
        let mixture =
            Written { text: made(&self.left.text, chosen), name: self.left.name.clone(), ..self.right.clone() };
        let into = if anew { &self.right } else { &self.left };
        let mut texts = self.texts.clone();
        if let Some(text) = texts.get_mut(&into.file) {
            *text = text.replacen(&into.text, &named(&mixture, &into.name), 1);
        }
        let files = Mixed { left: self.files, right: self.files, texts };
        run_of(session, (&files, &self.roots), Some(&into.name), keys)
    }
}

/// The text of a book under another name.
fn named(book: &Written, name: &str) -> String {
    book.text.replacen(&format!("book {}", book.name), &format!("book {name}"), 1)
}
