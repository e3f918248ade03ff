//! Numbers as the three programs write them.

use crate::num::{FIXED_DIGITS, Fixed};

/// Why a run of digits and marks is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotNumber {
    Empty,
    Marks,
    TooLong,
}

impl NotNumber {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Empty => "no digits",
            Self::Marks => "the marks between the digits make no number",
            Self::TooLong => "more than 28 digits",
        }
    }
}

/// A number, and whether its only mark could as well have parted thousands.
pub(super) type Read = Result<(Fixed, bool), NotNumber>;

/// Reads digits with one decimal mark; every other mark groups digits.
pub(super) fn read(raw: &str, decimal: Option<u8>) -> Read {
    let (mut digits, mut count, mut places) = (0_i128, 0_usize, None);
    let mut any = false;
    for byte in raw.bytes() {
        match byte {
            b'0'..=b'9' => {
                any = true;
                if count > 0 || byte != b'0' {
                    count += 1;
                }
                if count > FIXED_DIGITS {
                    return Err(NotNumber::TooLong);
                }
                digits = digits * 10 + i128::from(byte - b'0');
                places = places.map(|p: u32| p + 1);
            }
            _ if Some(byte) == decimal => {
                if places.is_some() {
                    return Err(NotNumber::Marks);
                }
                places = Some(0);
            }
            b'.' | b',' | b' ' => {
                if places.is_some() {
                    return Err(NotNumber::Marks);
                }
            }
            _ => return Err(NotNumber::Marks),
        }
    }
    let places = places.unwrap_or(0);
    match any {
        true if places as usize <= FIXED_DIGITS => Ok((Fixed::new(digits, places), false)),
        true => Err(NotNumber::TooLong),
        false => Err(NotNumber::Empty),
    }
}

/// Which mark is the decimal one, when nothing declares it: of two kinds the last, of several of a kind none.
///
/// A single mark is the decimal one for hledger. For ledger a single comma before exactly three digits is not.
pub(super) fn guess(raw: &str, comma_groups: bool) -> (Option<u8>, bool) {
    let mut kinds = [(b'.', 0_usize, 0_usize), (b',', 0, 0)];
    for (at, byte) in raw.bytes().enumerate() {
        if let Some(kind) = kinds.iter_mut().find(|kind| kind.0 == byte) {
            (kind.1, kind.2) = (kind.1 + 1, at);
        }
    }
    let [point, comma] = kinds;
    match (point.1, comma.1) {
        (0, 0) => (None, false),
        (0, 1) => {
            let thousands = raw.len() == comma.2 + 4;
            if thousands && comma_groups { (None, false) } else { (Some(b','), thousands) }
        }
        (1, 0) => (Some(b'.'), false),
        (0, _) | (_, 0) => (None, false),
        _ => (Some(if point.2 > comma.2 { b'.' } else { b',' }), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        let number = |raw: &str, groups| {
            let (decimal, doubtful) = guess(raw, groups);
            read(raw, decimal).map(|(n, _)| (n.to_string(), doubtful))
        };
        for (raw, hledger, ledger) in [
            ("1234", "1234", "1234"),
            ("1,234.50", "1234.50", "1234.50"),
            ("1.234,50", "1234.50", "1234.50"),
            ("1,234,567", "1234567", "1234567"),
            ("1 234.5", "1234.5", "1234.5"),
            ("1.5", "1.5", "1.5"),
            ("1,5", "1.5", "1.5"),
            (".5", "0.5", "0.5"),
            ("5.", "5", "5"),
            ("1.000", "1.000", "1.000"),
        ] {
            assert_eq!(number(raw, false), Ok((hledger.to_owned(), false)), "{raw}");
            assert_eq!(number(raw, true), Ok((ledger.to_owned(), false)), "{raw}");
        }
        assert_eq!(number("1,000", false), Ok(("1.000".to_owned(), true)));
        assert_eq!(number("1,000", true), Ok(("1000".to_owned(), false)));
        assert_eq!(read("1.2.3", Some(b'.')), Err(NotNumber::Marks));
        assert_eq!(read(".", Some(b'.')), Err(NotNumber::Empty));
        assert_eq!(read("12345678901234567890123456789", None), Err(NotNumber::TooLong));
        assert_eq!(read("0.00000000000000000000000000001", Some(b'.')), Err(NotNumber::TooLong));
    }
}
