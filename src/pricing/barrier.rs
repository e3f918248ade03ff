//! Rights that come into being when the price reaches a level.

use super::Market;
use super::black_scholes::{call, distances, forwards};
use super::normal::cdf;

/// `-zeta(1/2) / sqrt(2 pi)`.
const DISCRETE: f64 = 0.582_597_157_939_010_7;

/// The level that, watched at every moment, is reached as often as `hurdle` is by prices seen `times` times a year
/// (Broadie, Glasserman and Kou 1997).
#[must_use]
pub fn monitored(hurdle: f64, volatility: f64, times: f64) -> f64 {
    hurdle * libm::exp(DISCRETE * volatility / libm::sqrt(times))
}

/// `(H/S)^(2 exponent) * N(x)`: the path reflected at the hurdle. Where the second is nothing the first may be too large
/// for a float.
fn reflected(log_ratio: f64, exponent: f64, x: f64) -> f64 {
    let probability = cdf(x);
    if probability == 0.0 { 0.0 } else { libm::exp(2.0 * exponent * log_ratio) * probability }
}

/// Risk-neutral probability that the price is at or above `hurdle` at some moment of the term (Harrison 1985, 1.8).
#[must_use]
pub fn touch_probability(market: &Market, hurdle: f64) -> f64 {
    let Market { spot, volatility, rate, dividend, term } = *market;
    if hurdle <= spot {
        return 1.0;
    }
    let (log_ratio, spread) = (libm::log(hurdle / spot), volatility * libm::sqrt(term));
    let drift = rate - dividend - volatility * volatility / 2.0;
    let exponent = drift / (volatility * volatility);
    cdf((drift * term - log_ratio) / spread) + reflected(log_ratio, exponent, (-log_ratio - drift * term) / spread)
}

/// Value of a call that exists once the price has been at or above `hurdle` (Reiner and Rubinstein 1991; Hull 26.9). With a
/// strike of nothing and no dividends it is `S [N(..) + (H/S)^(2 lambda) N(..)]`, a share delivered at the touch.
#[must_use]
pub fn up_and_in_call(market: &Market, strike: f64, hurdle: f64) -> f64 {
    let Market { spot, volatility, rate, dividend, term } = *market;
    // A call that pays anything has passed the hurdle on its way.
    if hurdle <= spot || hurdle <= strike {
        return call(market, strike);
    }
    let (log_ratio, spread) = (libm::log(hurdle / spot), volatility * libm::sqrt(term));
    let lambda = (rate - dividend) / (volatility * volatility) + 0.5;
    let (share, money) = forwards(market);
    let x1 = lambda * spread - log_ratio / spread;
    let y1 = lambda * spread + log_ratio / spread;
    let y = lambda * spread + (2.0 * log_ratio + libm::log(spot / strike)) / spread;
    let mirrored = |exponent: f64, shift: f64| {
        reflected(log_ratio, exponent, shift - y1) - reflected(log_ratio, exponent, shift - y)
    };
    share * (cdf(x1) + mirrored(lambda, 0.0)) - strike * money * (cdf(x1 - spread) + mirrored(lambda - 1.0, spread))
}

/// Value of a call that exists if the price is at or above `hurdle` on the last day, with the probability of that.
#[must_use]
pub fn at_the_end(market: &Market, strike: f64, hurdle: f64) -> (f64, f64) {
    let ((d1, d2), (share, money)) = (distances(market, hurdle.max(strike)), forwards(market));
    let (_, above) = distances(market, hurdle);
    (share * cdf(d1) - strike * money * cdf(d2), cdf(above))
}
