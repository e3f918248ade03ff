//! The normal distribution.

/// Probability that a standard normal variable is at most `x`. The complementary error function keeps both tails exact.
pub(super) fn cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::cdf;

    /// Abramowitz and Stegun, Handbook of Mathematical Functions (1964), tables 26.1 and 26.2.
    #[test]
    fn the_table() {
        for (x, p) in
            [(0.0, 0.5), (1.0, 0.841_344_746_068_543), (1.96, 0.975_002_104_851_780), (-3.0, 0.001_349_898_031_630)]
        {
            assert!((cdf(x) - p).abs() < 1e-14, "{x}: {}", cdf(x));
        }
        // -log10 Q(10) = 23.11805
        assert!((libm::log10(cdf(-10.0)) + 23.118_05).abs() < 5e-6);
    }
}
