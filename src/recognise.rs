//! Books: posting rules folded over legal outcomes, one book ledger for every party that keeps a book.
//!
//! This folder never decides whether something vested; it reads outcomes (`engine::outcome`) and terms.

mod accounts;
mod allocated;
pub mod amount;
mod assessed;
mod award;
mod breakage;
mod consideration;
mod currency;
mod debt;
mod detached;
pub mod evaluate;
mod exchange;
mod facts;
mod financing;
pub mod fold;
mod former;
mod guarantee;
mod held;
mod holding;
mod investor;
pub mod keep;
mod lease;
pub mod method;
pub mod minimum;
mod purchased;
mod recipient;
mod returned;
mod settle;
pub mod touch;
pub mod trace;

pub use amount::Exact;
pub use assessed::{Doubtful, Found};
pub use award::{Award, Carry, Layer};
pub use consideration::{Included, Modification};
pub use debt::{Curve, Drawn, Lent, Step};
pub use facts::{AsBooked, SupplyBooked};
pub use financing::{Financing, Lot};
pub use fold::{BookState, Booking, Bookkeeper, Unposted};
pub use held::Held;
pub use returned::Returned;
pub use touch::Plan;
pub use trace::{Record, Trace};
