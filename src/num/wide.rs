//! Unsigned 256-bit integers, just enough to multiply two decimals and divide before anything is rounded.

/// `hi * 2^128 + lo`; the field order makes the derived order numeric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wide {
    hi: u128,
    lo: u128,
}

const HALF: u128 = (1 << 64) - 1;

impl Wide {
    pub(super) const ZERO: Self = Self { hi: 0, lo: 0 };

    pub(super) const fn from(lo: u128) -> Self {
        Self { hi: 0, lo }
    }

    /// The full product; schoolbook on 64-bit halves.
    pub(super) const fn product(a: u128, b: u128) -> Self {
        let (a1, a0, b1, b0) = (a >> 64, a & HALF, b >> 64, b & HALF);
        let (low, left, right, high) = (a0 * b0, a0 * b1, a1 * b0, a1 * b1);
        let middle = (low >> 64) + (left & HALF) + (right & HALF);
        Self { hi: high + (left >> 64) + (right >> 64) + (middle >> 64), lo: (middle << 64) | (low & HALF) }
    }

    pub(super) fn times(self, factor: u128) -> Option<Self> {
        let low = Self::product(self.lo, factor);
        let hi = self.hi.checked_mul(factor)?.checked_add(low.hi)?;
        Some(Self { hi, lo: low.lo })
    }

    pub(super) fn times_ten_to(self, mut power: u32) -> Option<Self> {
        let mut product = self;
        while power > 0 {
            let step = power.min(38);
            product = product.times(10_u128.pow(step))?;
            power -= step;
        }
        Some(product)
    }

    pub(super) fn plus_one(self) -> Option<Self> {
        let (lo, carry) = self.lo.overflowing_add(1);
        let hi = self.hi.checked_add(u128::from(carry))?;
        Some(Self { hi, lo })
    }

    /// Difference modulo 2^256.
    pub(super) const fn minus(self, other: Self) -> Self {
        let (lo, borrow) = self.lo.overflowing_sub(other.lo);
        let hi = self.hi.wrapping_sub(other.hi);
        let hi = hi.wrapping_sub(borrow as u128);
        Self { hi, lo }
    }

    /// Quotient and remainder; `None` when the divisor is zero.
    pub(super) fn div_rem(self, divisor: Self) -> Option<(Self, Self)> {
        if self.hi == 0 && divisor.hi == 0 {
            let quotient = self.lo.checked_div(divisor.lo)?;
            let rest = self.lo - quotient * divisor.lo;
            return Some((Self::from(quotient), Self::from(rest)));
        }
        if divisor == Self::ZERO {
            return None;
        }
        // Bit by bit: rare (over 38 digits in an intermediate result), so plain beats fast.
        let (mut quotient, mut rest) = (Self::ZERO, Self::ZERO);
        for place in (0..256 - self.leading_zeros()).rev() {
            let carried = rest.hi >> 127 == 1;
            rest = rest.doubled();
            rest.lo |= self.bit(place);
            quotient = quotient.doubled();
            if carried || rest >= divisor {
                rest = rest.minus(divisor);
                quotient.lo |= 1;
            }
        }
        Some((quotient, rest))
    }

    pub(super) fn to_u128(self) -> Option<u128> {
        (self.hi == 0).then_some(self.lo)
    }

    pub(super) const fn is_odd(self) -> bool {
        self.lo & 1 == 1
    }

    const fn leading_zeros(self) -> u32 {
        if self.hi == 0 { 128 + self.lo.leading_zeros() } else { self.hi.leading_zeros() }
    }

    const fn bit(self, place: u32) -> u128 {
        (if place < 128 { self.lo >> place } else { self.hi >> (place - 128) }) & 1
    }

    const fn doubled(self) -> Self {
        Self { hi: (self.hi << 1) | (self.lo >> 127), lo: self.lo << 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_largest_product() {
        // (2^128 - 1)^2 = 2^256 - 2^129 + 1 = (2^128 - 2) * 2^128 + 1.
        let square = Wide::product(u128::MAX, u128::MAX);
        assert_eq!(square, Wide { hi: u128::MAX - 1, lo: 1 });
        let largest = Wide { hi: u128::MAX, lo: u128::MAX };
        assert_eq!(largest.times(2), None);
        assert_eq!(largest.plus_one(), None);
        assert_eq!(Wide::from(u128::MAX).plus_one(), Some(Wide { hi: 1, lo: 0 }));
        assert_eq!(Wide::from(1).times_ten_to(77).and_then(|w| w.times(10)), None);
    }

    #[test]
    fn division_by_a_divisor_with_the_top_bit_set() {
        // (2^256 - 1) / 2^255 = 1 rest 2^255 - 1: the remainder is doubled past 2^256 on the way.
        let top = Wide { hi: 1 << 127, lo: 0 };
        let all = Wide { hi: u128::MAX, lo: u128::MAX };
        assert_eq!(all.div_rem(top), Some((Wide::from(1), all.minus(top))));
        assert_eq!(all.div_rem(Wide::ZERO), None);
        assert_eq!(Wide::ZERO.div_rem(Wide::ZERO), None);
    }

    proptest! {
        #[test]
        fn a_product_divides_back(a in any::<u128>(), b in 1..=u128::MAX, rest in any::<u128>()) {
            let rest = rest % b;
            let product = Wide::product(a, b);
            prop_assert_eq!(product.div_rem(Wide::from(b)), Some((Wide::from(a), Wide::ZERO)));
            let (lo, carry) = product.lo.overflowing_add(rest);
            let more = Wide { hi: product.hi + u128::from(carry), lo };
            prop_assert_eq!(more.div_rem(Wide::from(b)), Some((Wide::from(a), Wide::from(rest))));
        }
    }
}
