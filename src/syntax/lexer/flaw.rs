//! What is wrong with the letters of one token.

use crate::base::{Code, Diagnostic, Span};

/// A diagnostic that does not know its place yet.
pub(super) struct Flaw {
    code: Code,
    message: String,
    help: Option<String>,
    fix: Option<(usize, String)>,
}

impl Flaw {
    /// With this message.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None, fix: None }
    }

    /// What to do.
    pub fn help(self, text: impl Into<String>) -> Self {
        Self { help: Some(text.into()), ..self }
    }

    /// The replacement of the first `length` bytes.
    pub fn fix(self, length: usize, text: impl Into<String>) -> Self {
        Self { fix: Some((length, text.into())), ..self }
    }

    /// The diagnostic at its place.
    pub fn at(self, span: Span) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.code, span, self.message).label("here");
        if let Some(help) = self.help {
            diagnostic = diagnostic.help(help);
        }
        if let Some((length, text)) = self.fix {
            let end = span.start.saturating_add(u32::try_from(length).unwrap_or(u32::MAX));
            diagnostic = diagnostic.fix(Span { end, ..span }, text);
        }
        diagnostic
    }
}
