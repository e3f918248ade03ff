//! Text to tree and back. Parsing never fails: it returns a tree and diagnostics.
//!
//! Two layers of nom parsers. The first reads letters into tokens ([`lexer`]); brackets are matched and the file is cut
//! into clauses ([`tree`]); the second reads each clause for itself ([`item`] and the rooms beside it), so that one
//! wrong clause never hides the next. This folder knows no meaning: it does not know `terms`, and names are only names.

pub mod ast;
pub mod print;
pub mod text;

mod book;
mod bracket;
mod choice;
mod clause;
mod contract;
mod covenant;
mod credit;
mod cursor;
mod earnings;
mod equity;
mod expr;
mod flow;
mod former;
mod holding;
mod investment;
mod item;
mod journal;
mod ledger;
mod lexer;
mod net;
mod participates;
mod party;
mod price;
mod recipient;
mod restate;
mod scenario;
mod standard;
mod test;
mod token;
mod tree;
mod warrant;

use crate::base::{Code, Diagnostic, Diagnostics, SourceId, Span};

/// Diagnostics that each stage lists for one file: more help nobody.
const MAX_DIAGNOSTICS: usize = crate::base::limits::SYNTAX_DIAGNOSTICS;

/// Reads a text that [`text::normalise`] has seen. What cannot be read is reported and left out of the tree.
#[must_use]
pub fn parse(source: SourceId, text: &str) -> (ast::File, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    if text.len() > text::LIMIT {
        let message = format!("the file has {} bytes", text.len());
        let diagnostic = Diagnostic::new(Code::FileTooLarge, Span::new(source, 0, 0), message);
        diagnostics.push(diagnostic.help(Code::FileTooLarge.advice()));
        return (ast::File::default(), diagnostics);
    }
    let lexed = lexer::lex(source, text);
    if let Some(full) = lexed.flaws.iter().find(|flaw| flaw.code == Code::FileTooLarge) {
        diagnostics.push(full.clone());
        return (ast::File::default(), diagnostics);
    }
    // A quote that is not closed swallows brackets; what follows from that is not worth saying.
    let torn = lexed.flaws.iter().any(|flaw| flaw.code == Code::UnclosedString);
    let flaws = lexed.flaws.len();
    diagnostics.extend(lexed.flaws);
    let (clauses, mismatches) = tree::clauses(source, text, lexed.tokens);
    let mismatched = mismatches.len();
    diagnostics.extend(mismatches.into_iter().filter(|_| !torn));
    let shared = cursor::Shared::new(source, text);
    let items = clause::each(&shared, &clauses, item::item);
    let found = shared.into_diagnostics();
    if flaws.max(mismatched).max(found.len()) >= MAX_DIAGNOSTICS {
        diagnostics.cut();
    }
    diagnostics.extend(found);
    (ast::File { items }, diagnostics)
}

#[cfg(test)]
mod tests;
