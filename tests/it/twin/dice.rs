//! A small random source: the same seed tells the same story everywhere.

/// Splitmix64.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `n - 1`.
    pub fn below(&mut self, n: i64) -> i64 {
        i64::try_from(self.next() % n.unsigned_abs()).unwrap()
    }

    pub fn one_in(&mut self, n: i64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let n = self.below(i64::try_from(of.len()).unwrap());
        &of[usize::try_from(n).unwrap()]
    }

    /// Shuffles.
    pub fn mix<T>(&mut self, list: &mut [T]) {
        for n in (1..list.len()).rev() {
            let other = self.below(i64::try_from(n).unwrap() + 1);
            list.swap(n, usize::try_from(other).unwrap());
        }
    }
}
