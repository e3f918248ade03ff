//! Parts in proportion to weights.

use super::Fault;
use super::allocate::units_of;
use super::number::Number;
use super::wide::Wide;

/// Splits `total` in proportion to `weights`, each part a multiple of one unit in the last of `places`, summing
/// exactly to `total`.
///
/// By largest remainder: every part is first rounded down, then the units left over go one each to the largest
/// fractions, the earlier part first on a tie. A negative total is split as its magnitude.
///
/// # Errors
/// `DivisionByZero` when the weights sum to zero (also for no weights), `Inexact` when `total` itself is finer than
/// `places`, `Overflow`.
pub fn allocate_weighted(total: Number, weights: &[Number], places: u32) -> Result<Vec<Number>, Fault> {
    let units = units_of(total, places)?;
    let weights = whole_weights(weights)?;
    let sum = weights.iter().try_fold(0_i128, |sum, w| sum.checked_add(*w)).ok_or(Fault::Overflow)?;
    if sum == 0 {
        return Err(Fault::DivisionByZero);
    }
    let mut shares = weights.iter().map(|w| share(units, *w, sum)).collect::<Result<Vec<_>, _>>()?;

    let given = shares.iter().try_fold(0_i128, |sum, s| sum.checked_add(s.units)).ok_or(Fault::Overflow)?;
    let whole = i128::try_from(units).map_err(|_| Fault::Overflow)?;
    let spare = usize::try_from(whole - given).map_err(|_| Fault::Overflow)?;
    let mut by_rest: Vec<&mut Share> = shares.iter_mut().collect();
    by_rest.sort_by_key(|share| std::cmp::Reverse(share.rest)); // stable: ties stay in order
    for share in by_rest.into_iter().take(spare) {
        share.units += 1;
    }

    let sign = if total.is_negative() { -1 } else { 1 };
    shares.iter().map(|share| Number::from_parts(sign * share.units, places)).collect()
}

/// A part rounded down, and what that dropped in units of the sum of weights.
struct Share {
    units: i128,
    rest: u128,
}

fn share(units: u128, weight: i128, sum: i128) -> Result<Share, Fault> {
    let divisor = Wide::from(sum.unsigned_abs());
    let product = Wide::product(units, weight.unsigned_abs());
    let (quotient, rest) = product.div_rem(divisor).ok_or(Fault::DivisionByZero)?;
    let narrow = |wide: Wide| wide.to_u128().and_then(|n| i128::try_from(n).ok()).ok_or(Fault::Overflow);
    let (quotient, rest) = (narrow(quotient)?, rest.to_u128().ok_or(Fault::Overflow)?);
    // Down is toward minus infinity, so that the dropped part is never negative.
    Ok(if (weight < 0) == (sum < 0) {
        Share { units: quotient, rest }
    } else if rest == 0 {
        Share { units: -quotient, rest }
    } else {
        Share { units: -quotient - 1, rest: sum.unsigned_abs() - rest }
    })
}

/// The weights as integers of a common scale.
fn whole_weights(weights: &[Number]) -> Result<Vec<i128>, Fault> {
    let scale = weights.iter().map(|w| w.scale()).max().unwrap_or(0);
    let whole = |w: &Number| 10_i128.checked_pow(scale - w.scale())?.checked_mul(w.mantissa());
    weights.iter().map(|w| whole(w).ok_or(Fault::Overflow)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(total: &str, weights: &[&str], places: u32) -> Result<String, Fault> {
        let n = |text: &str| Number::parse(text).unwrap();
        let weights: Vec<Number> = weights.iter().map(|w| n(w)).collect();
        let parts = allocate_weighted(n(total), &weights, places)?;
        Ok(parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn largest_remainder() {
        // 10 seats by 47 : 16 : 15.8 : 12 : 6.1 : 3.1 (sum 100): down 4 1 1 1 0 0 = 7; the fractions
        // .7 .6 .58 .2 .61 .31 give one each to the first, fifth and second.
        assert_eq!(split("10", &["47", "16", "15.8", "12", "6.1", "3.1"], 0).unwrap(), "5 2 1 1 1 0");
        // 100.00 to three equals: one cent over, to the earliest.
        assert_eq!(split("100", &["1", "1", "1"], 2).unwrap(), "33.34 33.33 33.33");
        assert_eq!(split("-100", &["1", "1", "1"], 2).unwrap(), "-33.34 -33.33 -33.33");
        assert_eq!(split("5", &["0", "1", "0"], 0).unwrap(), "0 5 0");
        // 70 % and 30 % of 1,000.01: 700.007 and 300.003; the spare cent goes to .7.
        assert_eq!(split("1000.01", &["0.7", "0.3"], 2).unwrap(), "700.01 300");
    }

    #[test]
    fn negative_weights_are_proportions_too() {
        // 10 by 3 : -1 of 2 is 15 and -5.
        assert_eq!(split("10", &["3", "-1"], 0).unwrap(), "15 -5");
        // 10 by 4 : -1 of 3 is 13.33 and -3.33: down 13 and -4, the spare one goes to -4 (.67 above it).
        assert_eq!(split("10", &["4", "-1"], 0).unwrap(), "13 -3");
    }

    #[test]
    fn faults() {
        assert_eq!(split("10", &[], 0), Err(Fault::DivisionByZero));
        assert_eq!(split("10", &["1", "-1"], 0), Err(Fault::DivisionByZero));
        assert_eq!(split("10.5", &["1"], 0), Err(Fault::Inexact));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(units in any::<i64>(), weights in prop::collection::vec(0..i64::MAX, 1..40)) {
            prop_assume!(weights.iter().any(|w| *w > 0));
            let total = Number::from_parts(units.into(), 2).unwrap();
            let weights: Vec<Number> = weights.into_iter().map(Number::from_int).collect();
            prop_assert_eq!(Number::sum(allocate_weighted(total, &weights, 2).unwrap()), Ok(total));
        }
    }
}
