//! Draws diagnostics the way rustc does. The only file that knows the drawing library.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet, normalize_untrusted_str};

use crate::base::source::SourceFile;
use crate::base::{Diagnostic, Diagnostics, Fix, Severity, SourceId, Sources, Span};

/// All diagnostics with their places, each followed by an empty line, then [`summary`]. Empty if there are none.
#[must_use]
pub fn diagnostics(sources: &Sources, diagnostics: &Diagnostics, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for each in diagnostics.iter() {
        out.push_str(&renderer.render(&groups(sources, each)));
        out.push_str("\n\n");
    }
    if !out.is_empty() {
        out.push_str(&summary(diagnostics));
        out.push('\n');
    }
    out
}

/// `2 errors, 1 warning`
#[must_use]
pub fn summary(diagnostics: &Diagnostics) -> String {
    let count = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    let said = |number: usize, word: &str| match number {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{number} {word}s")),
    };
    let counts = [said(count(Severity::Error), "error"), said(count(Severity::Warning), "warning")];
    let more = diagnostics.is_cut().then(|| "and more that are not listed".to_owned());
    counts.into_iter().flatten().chain(more).collect::<Vec<_>>().join(", ")
}

fn groups<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.number());
    let (span, label) = &diagnostic.primary;
    let primary = std::iter::once((*span, label, AnnotationKind::Primary));
    let others = diagnostic.secondary.iter().map(|(span, label)| (*span, label, AnnotationKind::Context));
    let marks: Vec<(Span, &String, AnnotationKind)> = primary.chain(others).collect();
    let mut group = Group::with_title(title);
    for id in files(marks.iter().map(|(span, ..)| *span)) {
        let Some(file) = sources.get(id) else { continue };
        let here = || marks.iter().filter(|(span, ..)| span.source == id);
        let excerpt = Excerpt::new(file, here().map(|(span, ..)| *span));
        let annotations = here().map(|(span, label, kind)| {
            let annotation: Annotation<'a> = kind.span(excerpt.range(*span));
            if label.is_empty() { annotation } else { annotation.label(label.as_str()) }
        });
        group = group.element(excerpt.snippet(file).annotations(annotations));
    }
    // A fix says the same with the line as it would be.
    let title = fix_title(&diagnostic.fixes);
    for help in diagnostic.help.iter().filter(|help| title.as_ref() != Some(help)) {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    let mut groups = vec![group];
    let fixes = &diagnostic.fixes;
    let alternatives = fixes.len() > 1 && fixes.iter().all(|fix| Some(fix.span) == fixes.first().map(|f| f.span));
    match alternatives {
        true => groups.extend(fixes.chunks(1).filter_map(|fix| suggestion(sources, fix))),
        false => groups.extend(suggestion(sources, fixes)),
    }
    groups
}

fn fix_title(fixes: &[Fix]) -> Option<String> {
    match fixes {
        [] => None,
        [fix] if !fix.text.trim().is_empty() => Some(format!("write `{}`", fix.text.trim())),
        [_] => Some("remove it".to_owned()),
        _ => Some("write it like this".to_owned()),
    }
}

/// The lines as they would be after the fixes; of fixes that overlap only the first is shown. Fixes of one place are
/// alternatives, and shown one by one.
fn suggestion<'a>(sources: &'a Sources, fixes: &'a [Fix]) -> Option<Group<'a>> {
    let title = fix_title(fixes)?;
    let mut group = Group::with_title(Level::HELP.secondary_title(normalize_untrusted_str(&title)));
    for id in files(fixes.iter().map(|fix| fix.span)) {
        let Some(file) = sources.get(id) else { continue };
        let excerpt = Excerpt::new(file, fixes.iter().map(|fix| fix.span).filter(|span| span.source == id));
        let mut patches: Vec<(Range<usize>, &'a str)> = fixes
            .iter()
            .filter(|fix| fix.span.source == id)
            .map(|fix| (excerpt.range(fix.span), fix.text.as_str()))
            .filter(|(range, text)| !(range.is_empty() && text.is_empty()))
            .collect();
        patches.sort_by_key(|(range, _)| (range.start, range.end));
        let mut free = 0;
        patches.retain(|(range, _)| {
            let fits = free <= range.start;
            free = if fits { range.end } else { free };
            fits
        });
        if !patches.is_empty() {
            let patches = patches.into_iter().map(|(range, text)| Patch::new(range, text));
            group = group.element(excerpt.snippet(file).patches(patches));
        }
    }
    Some(group)
}

/// The files of some places, in order, each once.
fn files(spans: impl Iterator<Item = Span>) -> Vec<SourceId> {
    let mut files = Vec::new();
    for span in spans {
        if !files.contains(&span.source) {
            files.push(span.source);
        }
    }
    files
}

/// The lines of a file that hold some places, so that long files need not be walked for each diagnostic.
struct Excerpt<'a> {
    text: &'a str,
    start: usize,
    line: usize,
}

impl<'a> Excerpt<'a> {
    fn new(file: &'a SourceFile, spans: impl Iterator<Item = Span>) -> Self {
        let short = |range: Range<usize>| range.start..range.end.min(nearby(&file.text, range.start, LONGEST));
        let ranges: Vec<Range<usize>> = spans.map(|span| short(clamped(&file.text, span))).collect();
        let first = ranges.iter().map(|r| r.start).min().unwrap_or(0);
        let last = ranges.iter().map(|r| r.end).max().unwrap_or(0);
        let before = file.text.get(..first).unwrap_or("");
        let after = file.text.get(last..).unwrap_or("");
        let start = before.rfind('\n').map_or(0, |newline| newline + 1).max(nearby(&file.text, first, -LONGEST));
        let end = after.find('\n').map_or(file.text.len(), |newline| last + newline);
        let end = end.min(nearby(&file.text, last, LONGEST)).max(start);
        let text = file.text.get(start..end).unwrap_or("");
        Self { text, start, line: file.line(u32::try_from(start).unwrap_or(u32::MAX)) }
    }

    fn range(&self, span: Span) -> Range<usize> {
        let offset = u32::try_from(self.start).unwrap_or(u32::MAX);
        let moved = Span { start: span.start.saturating_sub(offset), end: span.end.saturating_sub(offset), ..span };
        clamped(self.text, moved)
    }

    fn snippet<T: Clone>(&self, file: &'a SourceFile) -> Snippet<'a, T> {
        Snippet::source(self.text).line_start(self.line).path(file.name.as_ref())
    }
}

/// Of longer lines only the part around the marks is drawn, in bytes.
const LONGEST: isize = 2_000;

/// The place so many bytes on, between whole characters.
fn nearby(text: &str, at: usize, by: isize) -> usize {
    let wanted = at.saturating_add_signed(by).min(text.len());
    (0..=wanted).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The part of a span that lies in the text, between whole characters.
fn clamped(text: &str, span: Span) -> Range<usize> {
    let boundary = |offset: u32| {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
        (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    let start = boundary(span.start);
    start..boundary(span.end).max(start)
}
