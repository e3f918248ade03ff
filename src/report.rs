//! Figures arranged in reports. Nothing here formats: `render` turns reports into bytes.

pub mod eps;
pub mod figure;
pub mod layout;
pub mod measure;
pub mod scope;
pub mod timeline;

pub use figure::{Bases, BasisId, Figure, Origin};
pub use layout::{Align, Cell, Check, Column, Header, Report, Row, Rule, Scale, Table};
pub use scope::Scope;
pub use timeline::{Mark, Timeline, Track};
