//! Legal outcomes: what was ordered, billed, paid, vested, exercised, lapsed; what was refused and why.
//!
//! The engine knows contracts and facts and no accounting standard. One day at a time it turns the facts of the day,
//! prices and dates into [`Outcome`]s on a persistent [`State`]; `run` calls it and books fold over what it says.

mod adopt;
pub mod agenda;
mod assess;
mod assumed;
pub mod consideration;
pub mod control;
pub mod credit;
pub mod differ;
mod dividend;
pub mod evaluate;
pub mod exercise;
pub mod flow;
mod former;
pub mod holdings;
pub mod inputs;
pub mod investment;
pub mod issue;
mod minimum;
pub mod outcome;
pub mod payment;
pub mod prices;
pub mod quotes;
mod reckon;
pub mod refusal;
pub mod rights;
pub mod schedule;
pub mod select;
pub mod stake;
mod stake_line;
pub mod standing;
pub mod state;
pub mod step;
pub mod step_price;
pub mod strike;
pub mod supply;
mod swap;
pub mod tranche;
pub mod watch;

pub use agenda::Agenda;
pub use credit::CreditState;
pub use inputs::{AsOf, InputLine, Inputs, Reads};
pub use outcome::{Act, Count, HoldingAct, Outcome, Priced, Pricing};
pub use prices::{Reading, Series};
pub use quotes::{Quote, Quotes};
pub use refusal::{Refusal, RefusalKind};
pub use rights::{Holder, Over};
pub use stake::StakeState;
pub use state::{Bill, Called, State, SupplyState, TrancheState};
pub use step::{Engine, Fault, Register};
pub use step_price::PriceStep;
pub use strike::{Adjusted, Why};
