//! Exact numbers: decimals, fractions, units, quantities, and the two places where exactness ends by rule.
//!
//! Division and rounding happen in [`Number::over`], [`Number::ratio_of`] and [`Number::round`] and always take a
//! [`Rounding`]; splitting happens in [`allocate`] and [`allocate_weighted`], whose parts sum to the whole. Everything
//! else is exact or a [`Fault`]. No other folder names the decimal library.

mod allocate;
mod allocation;
mod arithmetic;
mod divide;
mod fault;
mod fixed;
mod number;
mod parse;
mod quantity;
mod ratio;
mod real;
mod round;
mod rounding;
mod unit;
mod weighted;
mod wide;

pub use allocate::allocate;
pub use allocation::Allocation;
pub use fault::Fault;
pub use fixed::{FIXED_DIGITS, Fixed};
pub use number::Number;
pub use parse::NumberError;
pub use quantity::{Quantity, QuantityError};
pub use ratio::Ratio;
pub use rounding::{Mode, Rounding};
pub use unit::{Atom, Unit};
pub use weighted::allocate_weighted;
