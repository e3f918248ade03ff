//! Openings from plain-text journals.

use super::{DateLit, Name, Path, Quoted, Support, Text};
use crate::base::Span;

/// `use "opening.beancount" [as beancount] for OpenAI on 2026-12-31 { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct JournalUse {
    /// Relative to this file.
    pub file: Text,
    /// `as hledger`: whose rules it follows; by its ending when absent.
    pub dialect: Option<Name>,
    /// Who opens.
    pub party: Name,
    /// With the balances at the end of which day.
    pub date: DateLit,
    /// In order of the text.
    pub takes: Vec<Take>,
    /// What the opening rests on besides the journal.
    pub support: Support,
    /// From `use` to the date.
    pub head: Span,
}

/// `cash from "Assets:Bank:*", -"Liabilities:Overdraft" in "$"`
#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    /// What it becomes.
    pub what: Taken,
    /// The commodity, if it has another name in the journal.
    pub commodity: Option<Text>,
    /// The whole clause.
    pub span: Span,
}

/// What a part of a journal becomes.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    /// `cash`, `AMD.common`, `awards`: from these accounts, those with a minus with their sign turned.
    Holding(Path, Vec<(bool, Text)>),
    /// `nothing`: these accounts are left out on purpose.
    Nothing(Vec<(bool, Text)>),
    /// `close(AMD.common) from prices of "AMD"`
    Prices(Quoted, Text),
}
