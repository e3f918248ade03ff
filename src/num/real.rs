//! The only way between decimals and binary floats, for models of fair value.
#![expect(clippy::disallowed_types, reason = "models work in binary floats; what leaves is a rounded decimal")]

use super::Number;

impl Number {
    /// The nearest binary float.
    #[must_use]
    pub fn to_real(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// A binary float rounded to so many places; `None` if it is not finite or too large.
    #[must_use]
    pub fn from_real(real: f64, places: u8) -> Option<Self> {
        let text = real.is_finite().then(|| format!("{real:.*}", usize::from(places)))?;
        Self::parse(&text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn there_and_back() {
        for text in ["0", "7.802", "-0.0001", "117052647000", "0.6646"] {
            let number = Number::parse(text).unwrap();
            assert_eq!(Number::from_real(number.to_real(), 4), Number::parse(text).ok());
        }
        assert_eq!(Number::from_real(7.802_044_4, 4), Number::parse("7.802").ok());
        assert_eq!(Number::from_real(-0.000_01, 4), Some(Number::ZERO));
        assert_eq!(Number::from_real(f64::NAN, 4), None);
        assert_eq!(Number::from_real(f64::INFINITY, 4), None);
        assert_eq!(Number::from_real(1e40, 4), None);
    }
}
