//! From decimals to a decimal: which model, on which inputs, rounded how.

use std::num::NonZero;

use super::{Estimate, Hurdle, Index, Input, Market, Simulation, Strike, TRADING_DAYS, Tested, Unfit};
use super::{at_the_end, call, continuous, monitored, simulate, touch_probability, up_and_in_call};
use crate::num::Number;

/// Models by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A call with a term, a strike and a dividend yield.
    BlackScholes,
    /// A call that exists once the price has reached a hurdle.
    FirstTouch,
    /// Averages, strikes fixed later, an index to beat.
    Simulated,
}

impl Method {
    /// All, as they are written.
    pub const ALL: &'static [(Self, &'static str)] =
        &[(Self::BlackScholes, "black_scholes"), (Self::FirstTouch, "first_touch"), (Self::Simulated, "simulated")];

    /// Its inputs: the first must be stated, the others may be.
    #[must_use]
    pub const fn inputs(self) -> (&'static [Input], &'static [Input]) {
        use Input::{
            Correlation, Dividend, Hurdle, IndexDividend, IndexVolatility, Margin, Rate, Spot, Strike, StrikeAfter,
            StrikeRatio, Term, Volatility,
        };
        match self {
            Self::BlackScholes => (&[Spot, Strike, Volatility, Rate, Term], &[Dividend]),
            Self::FirstTouch => (&[Spot, Strike, Hurdle, Volatility, Rate, Term], &[Dividend]),
            Self::Simulated => (
                &[Spot, Volatility, Rate, Term],
                &[
                    Strike,
                    StrikeRatio,
                    StrikeAfter,
                    Hurdle,
                    Dividend,
                    IndexVolatility,
                    IndexDividend,
                    Correlation,
                    Margin,
                ],
            ),
        }
    }
}

/// When the price is compared with a hurdle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watched {
    /// At every moment.
    Continuously,
    /// At the close of every trading day.
    Daily,
    /// On the last day.
    AtEnd,
}

/// Which model, and what is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The model.
    pub method: Method,
    /// The risk-free rate is compounded once a year, not continuously.
    pub annual: bool,
    /// When a hurdle counts.
    pub watched: Watched,
    /// Trading days whose average is compared with the hurdle.
    pub window: u32,
    /// Trading days whose average becomes the strike.
    pub strike_window: u32,
    /// Simulated paths.
    pub paths: u32,
    /// Seed of the simulation.
    pub seed: u32,
    /// Decimal places of the value.
    pub places: u8,
}

/// A value, as it may be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priced {
    /// Value of one right, rounded.
    pub value: Number,
    /// Standard error of a simulated value.
    pub error: Option<Number>,
    /// Risk-neutral probability that the price condition is met.
    pub probability: Option<Number>,
}

/// Decimal places of probabilities.
const PROBABILITY: u8 = 6;

impl Settings {
    /// As they are when nothing is said.
    #[must_use]
    pub const fn of(method: Method) -> Self {
        let watched = Watched::Daily;
        Self { method, annual: false, watched, window: 1, strike_window: 1, paths: 20_000, seed: 1, places: 4 }
    }

    /// The value.
    ///
    /// # Errors
    /// An input that no model can use.
    pub fn value(&self, inputs: &[(Input, Number)]) -> Result<Priced, Unfit> {
        let estimate = self.estimate(inputs)?;
        let number = |real, places| Number::from_real(real, places);
        let too_large = Unfit { input: Input::Spot, needed: "smaller: the value has too many digits" };
        Ok(Priced {
            value: number(estimate.value, self.places).ok_or(too_large)?,
            error: estimate.error.and_then(|error| number(error, self.places)),
            probability: estimate.probability.and_then(|p| number(p, PROBABILITY)),
        })
    }

    /// Trading days of all paths together: what a simulation costs.
    #[must_use]
    pub fn path_days(&self, term: Number) -> u64 {
        let days = (term.to_real() * TRADING_DAYS).round();
        if self.method == Method::Simulated { u64::from(self.paths).saturating_mul(days as u64) } else { 0 }
    }

    fn estimate(&self, inputs: &[(Input, Number)]) -> Result<Estimate, Unfit> {
        for (input, number) in inputs {
            input.accepts(*number)?;
        }
        let given = |wanted| inputs.iter().find(|(input, _)| *input == wanted).map(|(_, number)| number.to_real());
        let needed = |wanted| given(wanted).ok_or(Unfit { input: wanted, needed: "stated" });
        let rate = needed(Input::Rate)?;
        let market = Market {
            spot: needed(Input::Spot)?,
            volatility: needed(Input::Volatility)?,
            rate: if self.annual { continuous(rate) } else { rate },
            dividend: given(Input::Dividend).unwrap_or(0.0),
            term: needed(Input::Term)?,
        };
        match self.method {
            Method::BlackScholes => Ok(exact(call(&market, needed(Input::Strike)?), None)),
            Method::FirstTouch => Ok(self.touched(&market, needed(Input::Strike)?, needed(Input::Hurdle)?)),
            Method::Simulated => {
                let strike = match given(Input::StrikeRatio) {
                    None => Strike::Fixed(needed(Input::Strike)?),
                    Some(ratio) => {
                        let after = needed(Input::StrikeAfter)?;
                        if after >= market.term {
                            return Err(Unfit { input: Input::StrikeAfter, needed: "before the end of the term" });
                        }
                        Strike::Reset { ratio, window: self.strike_window, after }
                    }
                };
                let index = match given(Input::IndexVolatility) {
                    None => None,
                    Some(volatility) => Some(Index {
                        volatility,
                        dividend: given(Input::IndexDividend).unwrap_or(0.0),
                        correlation: needed(Input::Correlation)?,
                        margin: given(Input::Margin).unwrap_or(0.0),
                    }),
                };
                let hurdle = given(Input::Hurdle).map(|level| Hurdle { level, window: self.window });
                let tested = if self.watched == Watched::AtEnd { Tested::AtEnd } else { Tested::Daily };
                let (paths, seed) = (self.paths, self.seed.into());
                let simulation = Simulation { market, strike, hurdle, index, tested, paths, seed };
                // The number of threads does not change the value.
                Ok(simulate(&simulation, std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)))
            }
        }
    }

    fn touched(&self, market: &Market, strike: f64, hurdle: f64) -> Estimate {
        let level = match self.watched {
            Watched::Continuously => hurdle,
            Watched::Daily if hurdle <= market.spot => hurdle,
            Watched::Daily => monitored(hurdle, market.volatility, TRADING_DAYS),
            Watched::AtEnd => {
                let (value, probability) = at_the_end(market, strike, hurdle);
                return exact(value, Some(probability));
            }
        };
        exact(up_and_in_call(market, strike, level), Some(touch_probability(market, level)))
    }
}

const fn exact(value: f64, probability: Option<f64>) -> Estimate {
    Estimate { value, error: None, probability }
}
