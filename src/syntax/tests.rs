//! The grammar as texts: what is read without complaint, and what is said about the rest.

mod hostile;
mod recovery;
mod shapes;

use super::ast::{File, Item, ItemKind};
use super::parse;
use crate::base::{Diagnostic, Diagnostics, SourceId};

/// The tree and what is wrong.
fn read(text: &str) -> (File, Vec<Diagnostic>) {
    let (file, diagnostics): (File, Diagnostics) = parse(SourceId(0), text);
    (file, diagnostics.into_iter().collect())
}

/// The tree of a text without fault.
fn give(text: &str) -> File {
    let (file, diagnostics) = read(text);
    assert!(diagnostics.is_empty(), "{text}\n{}", said(text, &diagnostics));
    file
}

/// The only item of a text without fault.
fn item(text: &str) -> ItemKind {
    let mut items: Vec<Item> = give(text).items;
    assert_eq!(items.len(), 1, "{text}");
    items.remove(0).kind
}

/// One line for every diagnostic: code, place, message.
fn said(text: &str, diagnostics: &[Diagnostic]) -> String {
    let line = |d: &Diagnostic| {
        let at = text.get(..d.primary.0.start as usize).unwrap_or(text).matches('\n').count() + 1;
        let help: String = d.help.iter().map(|h| format!(" ({h})")).collect();
        format!("{} line {at}: {}{help}\n", d.code, d.message)
    };
    diagnostics.iter().map(line).collect()
}

/// What is said about a text.
fn fail(text: &str) -> String {
    said(text, &read(text).1)
}

/// The tree as text, without places.
fn bare(file: &File) -> String {
    let shown = format!("{file:?}");
    let mut pieces = shown.split("Span {");
    let first = pieces.next().unwrap_or("").to_owned();
    pieces.fold(first, |all, piece| all + piece.split_once('}').map_or(piece, |(_, after)| after))
}
