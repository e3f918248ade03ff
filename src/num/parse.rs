//! Decimal text to numbers.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::number::{MAX_PLACES, Number};

/// Digits, before and after the point together, that a written number may have.
const MAX_DIGITS: usize = 28;

/// Why a text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberError {
    /// Not an optional sign, digits, and optionally a point and more digits.
    Malformed,
    /// More than 28 digits.
    TooManyDigits,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not a plain decimal number",
            Self::TooManyDigits => "a number has at most 28 digits",
        })
    }
}

impl std::error::Error for NumberError {}

impl Number {
    /// The number written as an optional sign, digits, and optionally a point and more digits.
    ///
    /// Leading zeros and zeros at the end of a fraction do not count as digits.
    ///
    /// # Errors
    /// `Malformed` for anything else (exponents, `_`, `,`, spaces, `.5`, `5.`); `TooManyDigits` above 28.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        read(text, MAX_DIGITS)
    }
}

fn read(text: &str, max_digits: usize) -> Result<Number, NumberError> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits_only = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits_only(whole) || !digits_only(fraction) {
        return Err(NumberError::Malformed);
    }
    let fraction = fraction.trim_end_matches('0');
    let places = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
    let digits = || whole.bytes().chain(fraction.bytes());
    let significant = digits().skip_while(|b| *b == b'0').count();
    if significant > max_digits || places > MAX_PLACES {
        return Err(NumberError::TooManyDigits);
    }
    let mantissa = digits().try_fold(0_i128, |sum, digit| sum.checked_mul(10)?.checked_add(i128::from(digit - b'0')));
    let mantissa = mantissa.ok_or(NumberError::TooManyDigits)?;
    let signed = if text.starts_with('-') { -mantissa } else { mantissa };
    Number::from_parts(signed, places).map_err(|_| NumberError::TooManyDigits)
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // A computed number may have a 29th digit; what was written must read back.
        read(&text, MAX_DIGITS + 1).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_decimals_are_read() {
        let cases = [
            ("0", "0"),
            ("-0.00", "0"),
            ("+7", "7"),
            ("007.50", "7.5"),
            ("1711.35", "1711.35"),
            ("-0.5", "-0.5"),
            ("160000000", "160000000"),
            ("1.0000000000000000000000000000000000", "1"),
            ("9999999999999999999999999999", "9999999999999999999999999999"),
        ];
        for (text, printed) in cases {
            assert_eq!(Number::parse(text).unwrap().to_string(), printed, "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in ["", "-", "--1", "+-1", ".5", "5.", ".", "1e3", "1_000", "1,000", " 1", "1 ", "1.2.3", "0x1", "٣"]
        {
            assert_eq!(Number::parse(text), Err(NumberError::Malformed), "{text}");
        }
        // 29 digits; 29 places; far too long for any integer.
        let long = "9".repeat(200);
        for text in ["10000000000000000000000000000", "0.00000000000000000000000000001", &long] {
            assert_eq!(Number::parse(text), Err(NumberError::TooManyDigits), "{text}");
        }
    }

    #[test]
    fn json_is_a_string_and_reads_back() {
        let number = Number::parse("-12.50").unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), "\"-12.5\"");
        assert_eq!(serde_json::from_str::<Number>("\"-12.5\"").unwrap(), number);
        assert!(serde_json::from_str::<Number>("-12.5").is_err());
        assert!(serde_json::from_str::<Number>("\"1e3\"").is_err());
        let computed = Number::parse("9999999999999999999999999999").unwrap().plus(Number::ONE).unwrap();
        let json = serde_json::to_string(&computed).unwrap();
        assert_eq!(serde_json::from_str::<Number>(&json).unwrap(), computed);
    }
}
