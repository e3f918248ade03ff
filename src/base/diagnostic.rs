//! What is wrong with the text, as data. `render::diagnostic` draws it.

use std::collections::BTreeSet;

use super::{Code, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The run goes on; `--strict` turns it into an error.
    Warning,
    /// Nothing is run.
    Error,
}

/// A replacement that would mend the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to replace; an empty span inserts.
    pub span: Span,
    /// With what.
    pub text: String,
}

/// Something wrong with the text: coded, placed, and with what to do.
///
/// The message is lower-case without a final stop and has the user's words in backticks; *where* goes into
/// labels, *what to do* into help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// One line.
    pub message: String,
    /// Where, and what is there.
    pub primary: (Span, String),
    /// Other places that take part, such as the earlier definition, or the `for` that generated this text.
    pub secondary: Vec<(Span, String)>,
    /// What to do.
    pub help: Vec<String>,
    /// Replacements a tool could apply.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error at `span`; the code decides the severity.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            primary: (span, String::new()),
            secondary: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Says what stands at the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.1 = text.into();
        self
    }

    /// Names another place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push((span, text.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a replacement.
    #[must_use]
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fixes.push(Fix { span, text: text.into() });
        self
    }
}

/// Diagnostics in the order they were found.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// Codes and places already in the list, so that most additions need no search.
    places: BTreeSet<(Code, Span)>,
    cut: bool,
}

impl Diagnostics {
    /// Adds one, unless the very same is there.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.places.insert((diagnostic.code, diagnostic.primary.0)) || !self.list.contains(&diagnostic) {
            self.list.push(diagnostic);
        }
    }

    /// Says that more was found than is listed.
    pub fn cut(&mut self) {
        self.cut = true;
    }

    /// Whether more was found than is listed.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.cut
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        other.into_iter().for_each(|d| self.push(d));
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Whether any is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there are none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Turns every warning into an error, for `--strict`.
    pub fn deny_warnings(&mut self) {
        self.list.iter_mut().for_each(|d| d.severity = Severity::Error);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
