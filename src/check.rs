//! Names, units and gaps: turns parsed files into [`Terms`] with diagnostics.
//!
//! [`load`] reads files and follows `use`; [`declare`] expands `for` and declares every name, so that neither order nor
//! file matters; [`lower`] resolves names, checks units and builds the terms. The questions that lawyers argue about
//! (`E03xx`) are asked where the clause is lowered. Nothing is thrown: after errors the terms may be partial, and
//! nothing is run.

mod assume;
mod circle;
mod credit;
mod declare;
mod expand;
mod fact;
mod gate;
mod infer;
mod journals;
mod load;
mod lower;
mod path;
mod report;
mod sourced;
mod substitute;
mod symbols;
mod types;
mod units;

#[cfg(test)]
mod tests;

pub use fact::{amount, claim, fact_name};
pub use load::uses;
pub use sourced::unsourced;

use crate::base::{Diagnostics, Sources, Span};
use crate::terms::{self, Terms};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where files come from. Paths are `/` separated.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;

    /// The files that match a pattern with `*`, `**` or `?`, in any order.
    fn glob(&self, pattern: &str) -> Vec<String>;
}

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Every text read, price files included.
    pub sources: Sources,
    /// The terms; partial if there are errors.
    pub terms: Terms,
    /// What is wrong, in order of the text. If a text cannot be read or parsed, only that is said.
    pub diagnostics: Diagnostics,
    /// Files in the order they were read, each once.
    pub files: Vec<String>,
    /// What was read of journals, for those who ask.
    pub notes: Vec<String>,
}

/// Reads `roots` and all they use, and checks them as one program.
#[must_use]
pub fn check(files: &dyn Files, roots: &[String]) -> Checked {
    let load::Loaded { sources, names, trees, diagnostics } = load::load(files, roots);
    let mut report = report::Report::default();
    let mut symbols = symbols::Symbols::default();
    let program = declare::declare(&trees, &mut symbols, &mut report);
    let terms = Terms::default();
    let mut checker = Checker {
        disk: files,
        sources,
        files: names,
        symbols,
        terms,
        report,
        assumed: Vec::new(),
        torn: BTreeSet::new(),
        journals: journals::Journals::default(),
        models: lower::Models::default(),
        notes: Vec::new(),
        unvalued: Vec::new(),
    };
    checker.program(&program);
    let Checker { sources, files, terms, report, notes, .. } = checker;
    let diagnostics = if diagnostics.has_errors() {
        diagnostics
    } else {
        let mut all = diagnostics;
        let found = report.finish();
        if found.is_cut() {
            all.cut();
        }
        all.extend(found);
        all
    };
    Checked { sources, terms, diagnostics, files, notes }
}

/// The state of the second walk.
struct Checker<'a> {
    disk: &'a dyn Files,
    sources: Sources,
    files: Vec<String>,
    symbols: symbols::Symbols,
    terms: Terms,
    report: report::Report,
    /// What is known of each assumption.
    assumed: Vec<assume::Assumed>,
    /// Contracts with a party that is not declared: who else is missing there is not worth saying.
    torn: BTreeSet<terms::ContractId>,
    journals: journals::Journals,
    /// Model values met so far.
    models: lower::Models,
    notes: Vec<String>,
    /// Tranches of which the contract says no value, by the path of the value.
    unvalued: Vec<(Arc<str>, Span)>,
}
