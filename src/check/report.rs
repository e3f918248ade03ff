//! Where diagnostics are collected.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::expand::Origin;
use crate::base::suggest::nearest;
use crate::base::{Code, Diagnostic, Diagnostics, Severity, Span};
use crate::syntax::ast;

/// Errors that are listed, and as many warnings: more help nobody.
const LIMIT: usize = crate::base::limits::CHECK_DIAGNOSTICS;

/// Names that are looked through for suggestions, over all diagnostics.
const SEARCHES: usize = 2_000_000;

/// Diagnostics so far, and the `for` in whose text the checker is.
#[derive(Default)]
pub(super) struct Report {
    list: Vec<Diagnostic>,
    /// How many warnings and errors were found, listed or not.
    found: [usize; 2],
    /// Something was found and not listed.
    cut: bool,
    /// How many names were looked through.
    searched: usize,
    generated: BTreeSet<(Code, Span)>,
    /// The `for` that generated what is being checked.
    pub origin: Option<Arc<Origin>>,
}

impl Report {
    /// Adds one. In generated text only the first of a kind at a place is kept, with the `for` as another place.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        if let Some(origin) = &self.origin {
            if !self.generated.insert((diagnostic.code, diagnostic.primary.0)) {
                return;
            }
            let mut next = Some(origin);
            while let Some(at) = next {
                diagnostic =
                    diagnostic.also(at.span, format!("first generated here with `{} = {}`", at.variable, at.value));
                next = at.outer.as_ref();
            }
        }
        let found = usize::from(diagnostic.severity == Severity::Error);
        if let Some(count) = self.found.get_mut(found) {
            *count += 1;
            if *count <= LIMIT {
                self.list.push(diagnostic);
            }
        }
    }

    /// How many errors were found.
    pub const fn errors(&self) -> usize {
        let [_, errors] = self.found;
        errors
    }

    /// Whether generated text was already blamed for this here; then nothing more is worth finding out.
    pub fn said(&self, code: Code, span: Span) -> bool {
        self.origin.is_some() && self.generated.contains(&(code, span))
    }

    /// Adds a plain error.
    pub fn error(&mut self, code: Code, span: Span, message: impl Into<String>, label: impl Into<String>) {
        self.push(Diagnostic::new(code, span, message).label(label));
    }

    /// Adds a plain error and has no value, for `return report.fail(…)`.
    pub fn fail<T>(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Option<T> {
        self.error(code, span, message, label);
        None
    }

    /// Says that more is wrong than is listed.
    pub fn cut(&mut self) {
        self.cut = true;
    }

    /// The candidates, unless so many were looked through that it would take too long.
    fn search<'a>(&mut self, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
        if self.searched > SEARCHES || self.found.get(1).is_some_and(|errors| *errors >= LIMIT) {
            return Vec::new();
        }
        let candidates: Vec<&str> = candidates.into_iter().collect();
        self.searched += candidates.len();
        candidates
    }

    /// A name that is not among `candidates`.
    pub fn unknown<'a, T>(
        &mut self,
        code: Code,
        name: (&str, Span),
        what: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<T> {
        let found = self.missing(code, name, what, candidates)?;
        self.push(found);
        None
    }

    /// As [`Report::unknown`], to be pushed by the caller; nothing if that was said.
    pub fn missing<'a>(
        &mut self,
        code: Code,
        name: (&str, Span),
        what: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<Diagnostic> {
        let (text, span) = name;
        if self.said(code, span) {
            return None;
        }
        let mut found = Diagnostic::new(code, span, format!("there is no {what} `{text}`")).label("not declared");
        let near_in_length = |candidate: &str| candidate.len().abs_diff(text.len()) <= (text.len() / 3).max(1);
        let ends_so = |path: &str| path.strip_suffix(text).is_some_and(|outer| outer.ends_with('.'));
        let candidates = self.search(candidates);
        let likely: Vec<&str> = candidates.into_iter().filter(|c| near_in_length(c) || ends_so(c)).collect();
        let inner = likely.iter().copied().find(|path| ends_so(path));
        if let Some(near) = inner.or_else(|| nearest(text, likely)) {
            found = found.help(format!("did you mean `{near}`?")).fix(span, near);
        }
        Some(found)
    }

    /// One of a closed list of words.
    pub fn word<T: Clone>(&mut self, code: Code, name: &ast::Name, what: &str, choices: &[(T, &str)]) -> Option<T> {
        if let Some((value, _)) = choices.iter().find(|(_, word)| *word == &*name.text) {
            return Some(value.clone());
        }
        let list = choices.iter().map(|(_, word)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let mut found =
            Diagnostic::new(code, name.span, format!("`{}` is not {what}", name.text)).label(format!("one of {list}"));
        if let Some(near) = nearest(&name.text, choices.iter().map(|(_, word)| *word)) {
            found = found.help(format!("did you mean `{near}`?")).fix(name.span, near);
        }
        self.push(found);
        None
    }

    /// Everything found, in order of the text.
    pub fn finish(mut self) -> Diagnostics {
        self.list.sort_by_key(|d| d.primary.0);
        let mut all = Diagnostics::default();
        all.extend(self.list);
        if self.cut || self.found.iter().any(|count| *count > LIMIT) {
            all.cut();
        }
        all
    }
}

/// A clause that may stand only once.
pub(super) struct Once<T> {
    what: &'static str,
    value: Option<(T, Span)>,
}

impl<T> Once<T> {
    pub const fn new(what: &'static str) -> Self {
        Self { what, value: None }
    }

    /// Keeps the first; a second is an error with both places.
    pub fn set(&mut self, value: T, span: Span, report: &mut Report) {
        match &self.value {
            Some((_, first)) => report.push(
                Diagnostic::new(Code::ClauseTwice, span, format!("`{}` is given twice", self.what))
                    .label("again here")
                    .also(*first, "first here")
                    .help("keep one"),
            ),
            None => self.value = Some((value, span)),
        }
    }

    pub fn get(&self) -> Option<&T> {
        self.value.as_ref().map(|(value, _)| value)
    }

    /// The value and where it stands.
    pub fn entry(&self) -> Option<(&T, Span)> {
        self.value.as_ref().map(|(value, span)| (value, *span))
    }

    pub fn take(self) -> Option<T> {
        self.value.map(|(value, _)| value)
    }
}
