//! What every model reads, and what it cannot use.

use std::fmt;

use crate::num::Number;

/// Trading days of a year where prices are looked at once a day.
pub const TRADING_DAYS: f64 = 252.0;

/// Price, volatility, rates and term. Both rates are continuously compounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Market {
    /// Price of the share on the day of measurement.
    pub spot: f64,
    /// Standard deviation of its log returns in a year.
    pub volatility: f64,
    /// Risk-free rate.
    pub rate: f64,
    /// Dividend yield.
    pub dividend: f64,
    /// Years to the end of the right.
    pub term: f64,
}

/// A named input of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    /// Price of the share.
    Spot,
    /// Exercise price.
    Strike,
    /// Price target.
    Hurdle,
    /// Volatility.
    Volatility,
    /// Risk-free rate.
    Rate,
    /// Dividend yield.
    Dividend,
    /// Years to the end.
    Term,
    /// Part of the average that becomes the exercise price.
    StrikeRatio,
    /// Years until the exercise price is set.
    StrikeAfter,
    /// Volatility of an index.
    IndexVolatility,
    /// Dividend yield of an index.
    IndexDividend,
    /// Correlation of the returns of share and index.
    Correlation,
    /// By how much the share must beat the index.
    Margin,
}

impl Input {
    /// All, in the order in which they are told.
    pub const ALL: &'static [Self] = &[
        Self::Spot,
        Self::Strike,
        Self::StrikeRatio,
        Self::StrikeAfter,
        Self::Hurdle,
        Self::Volatility,
        Self::Rate,
        Self::Dividend,
        Self::Term,
        Self::IndexVolatility,
        Self::IndexDividend,
        Self::Correlation,
        Self::Margin,
    ];

    /// As it is written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Spot => "spot",
            Self::Strike => "strike",
            Self::Hurdle => "hurdle",
            Self::Volatility => "volatility",
            Self::Rate => "rate",
            Self::Dividend => "dividend",
            Self::Term => "term",
            Self::StrikeRatio => "strike_ratio",
            Self::StrikeAfter => "strike_after",
            Self::IndexVolatility => "index_volatility",
            Self::IndexDividend => "index_dividend",
            Self::Correlation => "correlation",
            Self::Margin => "margin",
        }
    }

    /// Whether a model can use a value.
    ///
    /// # Errors
    /// The limits, in words. They are far beyond any market and keep every model finite.
    pub fn accepts(self, value: Number) -> Result<(), Unfit> {
        let value = value.to_real();
        let (fits, needed) = match self {
            Self::Spot | Self::Hurdle => (value > 0.0 && value <= 1e12, "above zero"),
            Self::Strike => ((0.0..=1e12).contains(&value), "zero or more"),
            Self::StrikeRatio => (value > 0.0 && value <= 100.0, "above zero, at most 100"),
            Self::Volatility | Self::IndexVolatility => (value > 0.0 && value <= 10.0, "above zero, at most 1,000%"),
            Self::Rate | Self::Dividend | Self::IndexDividend => ((-0.5..=5.0).contains(&value), "from -50% to 500%"),
            Self::Term | Self::StrikeAfter => (value > 0.0 && value <= 100.0, "above zero, at most 100 years"),
            Self::Correlation => ((-1.0..=1.0).contains(&value), "from -100% to 100%"),
            Self::Margin => ((-1.0..=100.0).contains(&value), "-100% or more"),
        };
        if fits { Ok(()) } else { Err(Unfit { input: self, needed }) }
    }
}

/// An input that no model can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Which.
    pub input: Input,
    /// What it must be.
    pub needed: &'static str,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` must be {}", self.input.word(), self.needed)
    }
}

/// What a model says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Value of one right.
    pub value: f64,
    /// Standard error of a simulated value.
    pub error: Option<f64>,
    /// Risk-neutral probability that the price condition is met, where there is one. It is no forecast.
    pub probability: Option<f64>,
}

/// A rate compounded once a year as one compounded continuously: `ln(1 + r)`.
#[must_use]
pub fn continuous(annual: f64) -> f64 {
    libm::log1p(annual)
}
