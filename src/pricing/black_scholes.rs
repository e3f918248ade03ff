//! European options (Black and Scholes 1973; with a dividend yield: Merton 1973).

use super::Market;
use super::normal::cdf;

/// `d1` and `d2` against a price.
pub(super) fn distances(market: &Market, against: f64) -> (f64, f64) {
    let Market { spot, volatility, rate, dividend, term } = *market;
    let spread = volatility * libm::sqrt(term);
    let first = (libm::log(spot / against) + (rate - dividend + volatility * volatility / 2.0) * term) / spread;
    (first, first - spread)
}

/// The share delivered at the end, and one unit of money paid then, in today's money.
pub(super) fn forwards(market: &Market) -> (f64, f64) {
    let Market { spot, rate, dividend, term, .. } = *market;
    (spot * libm::exp(-dividend * term), libm::exp(-rate * term))
}

/// Value of a call: `S e^(-qT) N(d1) - K e^(-rT) N(d2)`.
#[must_use]
pub fn call(market: &Market, strike: f64) -> f64 {
    let ((d1, d2), (share, money)) = (distances(market, strike), forwards(market));
    share * cdf(d1) - strike * money * cdf(d2)
}

/// Value of a put: `K e^(-rT) N(-d2) - S e^(-qT) N(-d1)`.
#[must_use]
pub fn put(market: &Market, strike: f64) -> f64 {
    let ((d1, d2), (share, money)) = (distances(market, strike), forwards(market));
    strike * money * cdf(-d2) - share * cdf(-d1)
}

#[cfg(test)]
mod tests {
    use super::{call, forwards, put};
    use crate::pricing::{Market, continuous};

    /// Hull, Options, Futures, and Other Derivatives, example 15.6: S 42, K 40, r 10%, sigma 20%, half a year: call 4.76,
    /// put 0.81 (d1 0.7693, d2 0.6278, N 0.7791 and 0.7349).
    #[test]
    fn a_textbook_example() {
        let market = Market { spot: 42.0, volatility: 0.2, rate: 0.1, dividend: 0.0, term: 0.5 };
        assert!((call(&market, 40.0) - 4.76).abs() < 0.005);
        assert!((put(&market, 40.0) - 0.81).abs() < 0.005);
    }

    /// The same book, example 17.1: an index at 930, K 900, r 8%, q 3%, sigma 20%, two months: 51.83.
    #[test]
    fn a_dividend_yield() {
        let market = Market { spot: 930.0, volatility: 0.2, rate: 0.08, dividend: 0.03, term: 2.0 / 12.0 };
        assert!((call(&market, 900.0) - 51.83).abs() < 0.005);
    }

    /// A call less a put is a forward, whatever the volatility.
    #[test]
    fn put_call_parity() {
        for spot in [0.5, 11.12, 200.0] {
            for strike in [0.01, 13.49, 400.0] {
                for (volatility, rate, dividend, term) in
                    [(0.05, 0.04, 0.0, 0.1), (0.6646, 0.0159, 0.02, 10.0), (2.0, -0.01, 0.1, 3.0)]
                {
                    let market = Market { spot, volatility, rate, dividend, term };
                    let (share, money) = forwards(&market);
                    let gap = call(&market, strike) - put(&market, strike) - (share - strike * money);
                    assert!(gap.abs() < 1e-12 * (spot + strike), "{market:?} {strike}: {gap}");
                }
            }
        }
    }

    #[test]
    fn a_strike_of_nothing_is_the_share() {
        let market = Market { spot: 200.0, volatility: 0.5, rate: 0.04, dividend: 0.0, term: 5.0 };
        assert_eq!(call(&market, 0.0), 200.0);
        assert!((call(&market, 0.01) - (200.0 - 0.01 * (-0.2_f64).exp())).abs() < 1e-9);
    }

    /// ln 1.05 = 0.048790164169432
    #[test]
    fn an_annual_rate() {
        assert!((continuous(0.05) - 0.048_790_164_169_432).abs() < 1e-15);
    }
}
