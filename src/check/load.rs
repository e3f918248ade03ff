//! Reads and parses files, and follows `use`.

use std::collections::{BTreeMap, BTreeSet};

use super::units::grouped;
use super::{Files, path};
use crate::base::limits;
use crate::base::{Code, Diagnostic, Diagnostics, SourceId, Sources, Span};
use crate::plaintext::Dialect;
use crate::syntax::{self, ast};

/// Every file of a run, parsed.
#[derive(Default)]
pub(super) struct Loaded {
    pub sources: Sources,
    /// In the order they were read.
    pub names: Vec<String>,
    /// Trees with the path of their file.
    pub trees: Vec<(String, ast::File)>,
    pub diagnostics: Diagnostics,
}

/// A file whose uses are being followed.
struct Open {
    name: String,
    /// Files still to visit, last first, with the `use` that asks for them.
    pending: Vec<(String, Span)>,
}

/// Reads the roots and all they use, each file once.
pub(super) fn load(files: &dyn Files, roots: &[String]) -> Loaded {
    let mut loader = Loader::of(files);
    for root in roots {
        loader.root(&path::normal(root));
    }
    loader.loaded
}

/// The files that a file uses directly, in order of the text.
#[must_use]
pub fn uses(files: &dyn Files, name: &str) -> Vec<String> {
    let mut loader = Loader::of(files);
    let open = loader.visit(&path::normal(name), None);
    open.into_iter().flat_map(|open| open.pending.into_iter().rev()).map(|(file, _)| file).collect()
}

struct Loader<'a> {
    files: &'a dyn Files,
    loaded: Loaded,
    /// Read, or tried.
    done: BTreeSet<String>,
    /// Where each file was first used.
    places: BTreeMap<String, Span>,
    /// Of all files read.
    bytes: usize,
    /// There is too much, which was said: nothing more is read.
    full: bool,
}

impl<'f> Loader<'f> {
    /// Nothing read yet.
    fn of(files: &'f dyn Files) -> Self {
        Self { files, loaded: Loaded::default(), done: BTreeSet::new(), places: BTreeMap::new(), bytes: 0, full: false }
    }
}

impl Loader<'_> {
    fn root(&mut self, root: &str) {
        let mut open: Vec<Open> = self.visit(root, None).into_iter().collect();
        while let Some(top) = open.last_mut() {
            let Some((next, span)) = top.pending.pop() else {
                open.pop();
                continue;
            };
            if open.iter().any(|o| o.name == next) {
                self.cycle(&open, &next, span);
            } else {
                open.extend(self.visit(&next, Some(span)));
            }
        }
    }

    /// Reads one file, unless that was done before.
    fn visit(&mut self, name: &str, used: Option<Span>) -> Option<Open> {
        if self.full || !self.done.insert(name.to_owned()) {
            return None;
        }
        if let Some(span) = used {
            self.places.insert(name.to_owned(), span);
        }
        let bytes = match self.files.read(name) {
            Ok(bytes) => bytes,
            Err(why) => {
                let span = used.unwrap_or_else(|| start(self.loaded.sources.add(name, "")));
                let error = Diagnostic::new(Code::FileNotFound, span, format!("cannot read `{name}`")).label(why);
                let error = error.help(Code::FileNotFound.advice());
                self.loaded.diagnostics.push(error);
                return None;
            }
        };
        self.loaded.names.push(name.to_owned());
        self.bytes = self.bytes.saturating_add(bytes.len());
        if self.loaded.names.len() > limits::FILES || self.bytes > limits::ALL_BYTES {
            return self.too_much(name, used);
        }
        if bytes.len() > syntax::text::LIMIT {
            let span = start(self.loaded.sources.add(name, ""));
            let message = format!("`{name}` has more than {} bytes", grouped(syntax::text::LIMIT));
            let error = Diagnostic::new(Code::FileTooLarge, span, message).label("too large to be read");
            let error = error.help(Code::FileTooLarge.advice());
            self.loaded.diagnostics.push(match used {
                Some(used) => error.also(used, "used here"),
                None => error,
            });
            return None;
        }
        let text = match syntax::text::normalise(&bytes) {
            Ok(text) => text,
            Err(at) => {
                self.not_utf8(name, &bytes, at, used);
                return None;
            }
        };
        let source = self.loaded.sources.add(name, text.as_str());
        let (tree, found) = syntax::parse(source, &text);
        if found.is_cut() {
            self.loaded.diagnostics.cut();
        }
        self.loaded.diagnostics.extend(found);
        let mut pending = Vec::new();
        for item in &tree.items {
            // Journals of other programs are read where they are lowered.
            if let ast::ItemKind::Use(what) = &item.kind
                && Dialect::of(&what.text).is_none()
            {
                pending.extend(self.matches(name, what));
            }
        }
        pending.reverse();
        self.loaded.trees.push((name.to_owned(), tree));
        Some(Open { name: name.to_owned(), pending })
    }

    /// The files a `use` names, relative to the file that uses them. A pattern never means the file it stands in.
    fn matches(&mut self, name: &str, what: &ast::Text) -> Vec<(String, Span)> {
        let wanted = path::beside(name, &what.text);
        if !wanted.contains(['*', '?', '[']) {
            return vec![(wanted, what.span)];
        }
        let mut found: Vec<String> =
            self.files.glob(&wanted).iter().map(|f| path::normal(f)).filter(|f| f != name).collect();
        found.sort();
        found.dedup();
        if found.is_empty() {
            let error = Diagnostic::new(Code::NothingMatches, what.span, format!("`{}` matches no file", what.text))
                .label(format!("looked for `{wanted}`"))
                .help("check the pattern; `*` matches within a folder");
            self.loaded.diagnostics.push(error);
        }
        found.into_iter().map(|f| (f, what.span)).collect()
    }

    fn too_much(&mut self, name: &str, used: Option<Span>) -> Option<Open> {
        let span = used.unwrap_or_else(|| start(self.loaded.sources.add(name, "")));
        let (files, bytes) = (grouped(self.loaded.names.len()), grouped(self.bytes));
        let error = Diagnostic::new(
            Code::TooMuchText,
            span,
            format!("{files} files with {bytes} bytes are more than a program may have"),
        )
        .label(format!("`{name}` is one too many"));
        self.loaded.diagnostics.push(error.help(Code::TooMuchText.advice()));
        self.full = true;
        None
    }

    fn cycle(&mut self, open: &[Open], again: &str, span: Span) {
        let round: Vec<&str> =
            open.iter().map(|o| o.name.as_str()).skip_while(|n| *n != again).chain([again]).collect();
        let message = format!("files use each other in a circle: {}", round.join(" → "));
        let mut error = Diagnostic::new(Code::UseCycle, span, message).label(format!("uses `{again}` again"));
        for step in round.iter().skip(1).take(round.len().saturating_sub(2)) {
            if let Some(place) = self.places.get(*step) {
                error = error.also(*place, format!("`{step}` is used here"));
            }
        }
        self.loaded.diagnostics.push(error.help(Code::UseCycle.advice()));
    }

    fn not_utf8(&mut self, name: &str, bytes: &[u8], at: usize, used: Option<Span>) {
        let before = bytes.get(..at).and_then(|b| syntax::text::normalise(b).ok()).unwrap_or_default();
        let source = self.loaded.sources.add(name, before.as_str());
        let end = u32::try_from(before.len()).unwrap_or(u32::MAX);
        let mut error = Diagnostic::new(Code::NotUtf8, Span::new(source, end, end), format!("`{name}` is not UTF-8"))
            .label(format!("byte {at} cannot be read"))
            .help("save the file as UTF-8");
        if let Some(span) = used {
            error = error.also(span, "used here");
        }
        self.loaded.diagnostics.push(error);
    }
}

/// The first place of a file.
const fn start(source: SourceId) -> Span {
    Span::new(source, 0, 0)
}
