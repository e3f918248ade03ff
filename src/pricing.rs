//! Models of fair value: pure functions from stated inputs to one value. Binary floats live here and nowhere else; a value
//! leaves as a decimal, rounded once, and is booked like any other stated number.
//!
//! docs/MEASUREMENT.md has the formulas and their sources.
#![expect(clippy::disallowed_types, reason = "models work in binary floats; what leaves is a rounded decimal")]

mod barrier;
mod black_scholes;
mod market;
mod measurement;
mod normal;
mod simulation;
mod year;

pub use barrier::{at_the_end, monitored, touch_probability, up_and_in_call};
pub use black_scholes::{call, put};
pub use market::{Estimate, Input, Market, TRADING_DAYS, Unfit, continuous};
pub use measurement::{Method, Priced, Settings, Watched};
pub use simulation::{Hurdle, Index, Simulation, Strike, Tested, simulate};
pub use year::YearBasis;
