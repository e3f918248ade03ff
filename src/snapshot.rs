//! Facts against what was accepted: which facts a test keeps, what moved, how far, and on which lines that rests.
//!
//! Nothing here reads or writes a file; the command line does. The same facts give the same bytes.

pub mod cause;
pub mod compare;
pub mod facts;
pub mod log;
pub mod take;
pub mod trial;

pub use cause::{Cause, Edit, Lines};
pub use compare::{Change, Comparison, Drift, Kind};
pub use facts::{Cell, Facts, Key};
pub use trial::{Claim, State, Trial};
