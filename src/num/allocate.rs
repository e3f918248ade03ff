//! Equal parts that sum to the whole.

use super::number::Number;
use super::wide::Wide;
use super::{Allocation, Fault, Mode, Rounding};

/// Places of a fractional part.
const FRACTION_PLACES: u32 = 10;

/// Splits `total` into `parts` equal parts, each a multiple of one unit in the last of `places`, that sum exactly to
/// `total`.
///
/// A negative total is split as its magnitude. `Fractional` ignores `places`.
///
/// # Errors
/// `DivisionByZero` for no parts, `Inexact` when `total` itself is finer than `places`, `Overflow`.
pub fn allocate(total: Number, parts: u32, how: Allocation, places: u32) -> Result<Vec<Number>, Fault> {
    if parts == 0 {
        return Err(Fault::DivisionByZero);
    }
    if how == Allocation::Fractional {
        return fractional(total, parts);
    }
    let units = units_of(total, places)?;
    let count = u128::from(parts);
    let (each, spare) = (units.checked_div(count).unwrap_or(0), units.checked_rem(count).unwrap_or(0));
    // `spare < 2^32`, so the running products below stay far from overflow.
    let spread = |k: u128| match how {
        Allocation::CumulativeRounding => (2 * spare * k + count).checked_div(2 * count).unwrap_or(0),
        Allocation::CumulativeRoundDown => (spare * k).checked_div(count).unwrap_or(0),
        Allocation::Front => spare.min(k),
        Allocation::Back => (spare + k).saturating_sub(count),
        Allocation::FrontToOne => {
            if k == 0 {
                0
            } else {
                spare
            }
        }
        Allocation::BackToOne | Allocation::Fractional => {
            if k == count {
                spare
            } else {
                0
            }
        }
    };
    (1..=count)
        .map(|k| Number::from_wide(total.is_negative(), Wide::from(each + spread(k) - spread(k - 1)), places))
        .collect()
}

/// How many units of the last of `places` make up the magnitude of `total`.
pub(super) fn units_of(total: Number, places: u32) -> Result<u128, Fault> {
    let lift = places.checked_sub(total.scale()).ok_or(Fault::Inexact)?;
    let units = 10_u128.checked_pow(lift).and_then(|lift| total.magnitude().checked_mul(lift));
    units.ok_or(Fault::Overflow)
}

fn fractional(total: Number, parts: u32) -> Result<Vec<Number>, Fault> {
    let places = FRACTION_PLACES.max(total.scale());
    // Toward zero, so that no part runs ahead of its holder's due.
    let each = total.over(Number::from_int(parts.into()), Rounding::new(places, Mode::Down))?;
    let others = each.times(Number::from_int(i64::from(parts) - 1))?;
    let last = total.minus(others)?;
    Ok((1..parts).map(|_| each).chain([last]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn n(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    fn split(total: &str, parts: u32, how: Allocation, places: u32) -> String {
        let parts = allocate(n(total), parts, how, places).unwrap();
        parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_published_examples() {
        // Open Cap Format, AllocationType: 18 shares four ways, 4.5 each. Running totals 4.5, 9, 13.5, 18:
        // half up 5, 9, 14, 18 gives 5 4 5 4; down 4, 9, 13, 18 gives 4 5 4 5. Four each leaves two spare:
        // to the first two, the last two, all to the first, all to the last.
        let row = |how| split("18", 4, how, 0);
        assert_eq!(row(Allocation::CumulativeRounding), "5 4 5 4");
        assert_eq!(row(Allocation::CumulativeRoundDown), "4 5 4 5");
        assert_eq!(row(Allocation::Front), "5 5 4 4");
        assert_eq!(row(Allocation::Back), "4 4 5 5");
        assert_eq!(row(Allocation::FrontToOne), "6 4 4 4");
        assert_eq!(row(Allocation::BackToOne), "4 4 4 6");
        assert_eq!(row(Allocation::Fractional), "4.5 4.5 4.5 4.5");
    }

    #[test]
    fn cumulative_round_down_over_many_months() {
        // 1000 shares in 48 months: after 47 months floor(1000 * 47 / 48) = floor(979.17) = 979, so the last gets 21.
        let months = allocate(n("1000"), 48, Allocation::CumulativeRoundDown, 0).unwrap();
        assert_eq!(Number::sum(months[..47].iter().copied()), Ok(n("979")));
        assert_eq!(months[47], n("21"));
    }

    #[test]
    fn money_and_fractions() {
        // 100.00 three ways: 33.33 each leaves one cent.
        assert_eq!(split("100", 3, Allocation::Front, 2), "33.34 33.33 33.33");
        assert_eq!(split("-100", 3, Allocation::Front, 2), "-33.34 -33.33 -33.33");
        // The AMD ladder: 160m over six is 26,666,666 each and four spare.
        assert_eq!(
            split("160000000", 6, Allocation::Front, 0),
            "26666667 26666667 26666667 26666667 26666666 26666666"
        );
        // 2/3 at ten places, and the last takes the residue.
        assert_eq!(split("2", 3, Allocation::Fractional, 0), "0.6666666666 0.6666666666 0.6666666668");
        assert_eq!(split("0", 3, Allocation::BackToOne, 0), "0 0 0");
        assert_eq!(split("2", 5, Allocation::CumulativeRounding, 0), "0 1 0 1 0");
    }

    #[test]
    fn faults() {
        assert_eq!(allocate(n("1"), 0, Allocation::Front, 0), Err(Fault::DivisionByZero));
        assert_eq!(allocate(n("18.5"), 4, Allocation::Front, 0), Err(Fault::Inexact));
        assert_eq!(allocate(n("9999999999999999999999999999"), 4, Allocation::Front, 28), Err(Fault::Overflow));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(units in -10_i64.pow(17)..10_i64.pow(17), parts in 1..200_u32, places in 0..9_u32, how in 0..7_usize) {
            let total = Number::from_parts(units.into(), places).unwrap();
            let split = allocate(total, parts, Allocation::ALL[how], places).unwrap();
            prop_assert_eq!(split.len(), parts as usize);
            prop_assert_eq!(Number::sum(split), Ok(total));
        }
    }
}
