//! Figures arranged in reports. Nothing here formats: `render` turns reports into bytes.

pub mod build;
pub mod cash;
pub mod claims;
pub mod columns;
pub mod control;
pub mod derived;
pub mod dues;
pub mod eps;
pub mod fact;
pub mod fair_value;
pub mod figure;
pub mod investments;
pub mod journal;
pub mod layout;
pub mod measure;
pub mod milestones;
pub mod owners;
pub mod ownership;
pub mod promise;
mod rests;
pub mod revenue;
pub mod rows;
pub mod scope;
pub mod standing;
pub mod summary;
pub mod timeline;
pub mod warrants;

pub use build::{NAMES, build, fold_paths};
pub use claims::asserts;
pub use columns::Step;
pub use figure::{Bases, BasisId, Figure, Origin};
pub use layout::{Align, Cell, Check, Column, Header, Report, Row, Rule, Scale, Table};
pub use rows::{FactRow, facts};
pub use scope::Scope;
pub use timeline::{Mark, Timeline, Track};
