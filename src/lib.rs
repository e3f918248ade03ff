//! proforma: contracts as text, facts as a ledger, and exposure reports that explain themselves.
//!
//! The module list is the pipeline: [`syntax`] reads text into a tree, [`check`] turns the tree into
//! [`terms`], [`engine`] steps the legal [`ledger`], [`recognise`] folds books over the outcomes,
//! [`run`] interleaves the two day by day, [`report`] arranges figures, [`render`] writes bytes.
//! `docs/ARCHITECTURE.md` states what each folder may know; a test enforces it.

pub mod base;
pub mod check;
pub mod cli;
pub mod engine;
pub mod explain;
pub mod ledger;
pub mod num;
pub mod plaintext;
pub mod pricing;
pub mod recognise;
pub mod render;
pub mod report;
pub mod run;
pub mod snapshot;
pub mod syntax;
pub mod terms;
pub mod time;
