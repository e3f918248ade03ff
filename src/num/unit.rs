//! Units: what a number counts.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The words that have a plural, singular first; the plural is canonical.
const PLURALS: [(&str, &str); 5] =
    [("share", "shares"), ("day", "days"), ("month", "months"), ("year", "years"), ("hour", "hours")];

/// Currencies whose minor unit is not a hundredth (ISO 4217), with their places.
const MINOR_UNITS: [(u32, &[&str]); 2] = [
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
            "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
];

/// Currencies of ISO 4217.
const ISO_4217: &str = "USD EUR GBP JPY CNY KRW CHF CAD TWD AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN \
    BZD CDF CLP COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR \
    ILS INR IQD IRR ISK JMD JOD KES KGS KHR KMF KPW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU \
    MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG \
    SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TZS UAH UGX UYU UZS VES VND VUV WST XAF XCD XOF \
    XPF YER ZAR ZMW ZWG";

/// One unit word: `USD`, `GW`, `shares`. `share` and `shares` are the same atom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Atom(Arc<str>);

impl Atom {
    /// The atom of a word, in its plural if it has one.
    #[must_use]
    pub fn new(word: &str) -> Self {
        let plural = PLURALS.iter().find(|(one, _)| *one == word);
        Self(plural.map_or(word, |(_, many)| many).into())
    }

    /// The word as it stands above the line: `shares`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The word as it stands below the line: `share`.
    #[must_use]
    pub fn singular(&self) -> &str {
        PLURALS.iter().find(|(_, many)| *many == self.as_str()).map_or(self.as_str(), |(one, _)| one)
    }

    /// Whether it is a currency of ISO 4217.
    #[must_use]
    pub fn is_currency(&self) -> bool {
        self.0.len() == 3 && ISO_4217.split_whitespace().any(|code| code == self.as_str())
    }
}

/// A unit: at most one atom above the line and one below; neither is a plain number.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// Above the line.
    pub num: Option<Atom>,
    /// Below the line.
    pub den: Option<Atom>,
}

impl Unit {
    /// The unit of a plain number.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// `USD`, `GW`, `shares`.
    #[must_use]
    pub fn of(atom: &str) -> Self {
        Self { num: Some(Atom::new(atom)), den: None }
    }

    /// `USD/share`, `USD/GW`; a unit per itself is none.
    #[must_use]
    pub fn per(num: &str, den: &str) -> Self {
        let (num, den) = (Atom::new(num), Atom::new(den));
        if num == den { Self::none() } else { Self { num: Some(num), den: Some(den) } }
    }

    /// Reads what `Display` writes: the empty text, `USD`, `USD/share`, `1/GW`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('/') {
            None if text.is_empty() => Some(Self::none()),
            None => Some(Self::of(text)),
            Some((num, den)) if num.is_empty() || den.is_empty() || den.contains('/') => None,
            Some(("1", den)) => Some(Self::of(den).inverse()),
            Some((num, den)) => Some(Self::per(num, den)),
        }
    }

    /// Whether it is the unit of a plain number.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.num.is_none() && self.den.is_none()
    }

    /// The unit of a product: `GW * USD/GW` is `USD`. None if two atoms would stand on one side of the line.
    #[must_use]
    pub fn times(&self, other: &Self) -> Option<Self> {
        let mut above = [self.num.as_ref(), other.num.as_ref()];
        let mut below = [self.den.as_ref(), other.den.as_ref()];
        for a in &mut above {
            if let Some(b) = below.iter_mut().find(|b| a.is_some() && *b == a) {
                (*a, *b) = (None, None);
            }
        }
        Some(Self { num: at_most_one(above)?.cloned(), den: at_most_one(below)?.cloned() })
    }

    /// The unit of a quotient: `USD over shares` is `USD/share`. None as for [`Unit::times`].
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        self.times(&other.clone().inverse())
    }

    /// Decimal places quantities of this unit are kept and printed in; none means as they are.
    ///
    /// Currencies have their minor unit, shares are whole.
    #[must_use]
    pub fn precision(&self) -> Option<u32> {
        match (&self.num, &self.den) {
            (Some(atom), None) if atom.as_str() == "shares" => Some(0),
            (Some(atom), None) if atom.is_currency() => {
                let special = MINOR_UNITS.iter().find(|(_, codes)| codes.contains(&atom.as_str()));
                Some(special.map_or(2, |(places, _)| *places))
            }
            _ => None,
        }
    }

    /// Whether it is a currency: three capital letters and nothing below the line.
    #[must_use]
    pub fn is_currency(&self) -> bool {
        self.den.is_none() && self.num.as_ref().is_some_and(Atom::is_currency)
    }

    fn inverse(self) -> Self {
        Self { num: self.den, den: self.num }
    }
}

/// `Some` of the only atom present, if any; `None` if there are two.
fn at_most_one(atoms: [Option<&Atom>; 2]) -> Option<Option<&Atom>> {
    match atoms {
        [Some(_), Some(_)] => None,
        [a, b] => Some(a.or(b)),
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.num, &self.den) {
            (None, None) => Ok(()),
            (Some(num), None) => f.write_str(num.as_str()),
            (None, Some(den)) => write!(f, "1/{}", den.singular()),
            (Some(num), Some(den)) => write!(f, "{num}/{}", den.singular()),
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a unit"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_lines() {
        assert_eq!(Unit::of("share"), Unit::of("shares"));
        assert_eq!(Unit::of("share").to_string(), "shares");
        assert_eq!(Unit::per("USD", "shares").to_string(), "USD/share");
        assert_eq!(Unit::none().to_string(), "");
        assert!(Unit::per("GW", "GW").is_none());
        for text in ["", "USD", "USD/share", "1/GW", "shares"] {
            assert_eq!(Unit::parse(text).unwrap().to_string(), text);
        }
        for text in ["/", "USD/", "/GW", "a/b/c"] {
            assert_eq!(Unit::parse(text), None, "{text}");
        }
    }

    #[test]
    fn products_cancel() {
        let (usd, gw, price) = (Unit::of("USD"), Unit::of("GW"), Unit::per("USD", "GW"));
        assert_eq!(gw.times(&price), Some(usd.clone()));
        assert_eq!(price.times(&gw), Some(usd.clone()));
        assert_eq!(usd.times(&Unit::none()), Some(usd.clone()));
        assert_eq!(usd.times(&gw), None);
        assert_eq!(price.times(&price), None);
        assert_eq!(price.times(&Unit::per("GW", "USD")), Some(Unit::none()));
    }

    #[test]
    fn quotients_cancel() {
        let (usd, shares, price) = (Unit::of("USD"), Unit::of("shares"), Unit::per("USD", "share"));
        assert_eq!(usd.over(&shares), Some(price.clone()));
        assert_eq!(usd.over(&price), Some(shares));
        assert_eq!(usd.over(&usd), Some(Unit::none()));
        assert_eq!(price.over(&Unit::of("GW")), None);
        assert_eq!(Unit::none().over(&usd).unwrap().to_string(), "1/USD");
    }

    #[test]
    fn precision_by_unit() {
        let places = |text: &str| Unit::parse(text).unwrap().precision();
        assert_eq!(places("USD"), Some(2));
        assert_eq!(places("KRW"), Some(0));
        assert_eq!(places("KWD"), Some(3));
        assert_eq!(places("shares"), Some(0));
        assert_eq!(places("GW"), None);
        assert_eq!(places("USD/share"), None);
        assert!(Unit::of("EUR").is_currency() && !Unit::of("GW").is_currency());
    }
}
