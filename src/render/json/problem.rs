//! The shape of diagnostics.

use serde::Serialize;

use super::VERSION;
use crate::base::{Diagnostic, Diagnostics, Severity, Sources, Span};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Page<'a> {
    version: u32,
    diagnostics: Vec<Problem<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Problem<'a> {
    code: &'static str,
    #[cfg_attr(test, schemars(with = "super::schema::SeverityWord"))]
    severity: &'static str,
    message: &'a str,
    place: Place<'a>,
    also: Vec<Place<'a>>,
    help: &'a [String],
    fixes: Vec<Replacement<'a>>,
}

/// Bytes from `start` up to `end`, and the line and character where they begin, counted from 1.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Place<'a> {
    file: Option<&'a str>,
    line: usize,
    character: usize,
    start: u32,
    end: u32,
    label: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Replacement<'a> {
    file: Option<&'a str>,
    start: u32,
    end: u32,
    text: &'a str,
}

pub(super) fn problems<'a>(sources: &'a Sources, diagnostics: &'a Diagnostics) -> Page<'a> {
    Page { version: VERSION, diagnostics: diagnostics.iter().map(|d| problem(sources, d)).collect() }
}

fn problem<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Problem<'a> {
    let at = |(span, label): &'a (Span, String)| place(sources, *span, label);
    Problem {
        code: diagnostic.code.number(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &diagnostic.message,
        place: at(&diagnostic.primary),
        also: diagnostic.secondary.iter().map(at).collect(),
        help: &diagnostic.help,
        fixes: diagnostic
            .fixes
            .iter()
            .map(|fix| Replacement {
                file: file(sources, fix.span),
                start: fix.span.start,
                end: fix.span.end,
                text: &fix.text,
            })
            .collect(),
    }
}

fn file(sources: &Sources, span: Span) -> Option<&str> {
    sources.get(span.source).map(|file| file.name.as_ref())
}

fn place<'a>(sources: &'a Sources, span: Span, label: &'a str) -> Place<'a> {
    let (mut line, mut character) = (1, 1);
    if let Some(file) = sources.get(span.source) {
        line = file.line(span.start);
        let before = file.text.char_indices().take_while(|(at, _)| *at < span.start as usize).map(|(_, c)| c);
        character = before.fold(1, |count, c| if c == '\n' { 1 } else { count + 1 });
    }
    Place { file: file(sources, span), line, character, start: span.start, end: span.end, label }
}
