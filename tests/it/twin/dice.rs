//! A small random source: the same seed, or the same throws, tell the same story everywhere.

/// Throws that were given, one byte each; after them splitmix64.
pub struct Dice {
    throws: Vec<u8>,
    at: usize,
    state: u64,
}

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self { throws: Vec::new(), at: 0, state: seed }
    }

    /// From a fuzzer: a byte changed changes one decision.
    pub fn of(throws: &[u8]) -> Self {
        Self { throws: throws.to_vec(), at: 0, state: 1 }
    }

    fn next(&mut self) -> u64 {
        if let Some(throw) = self.throws.get(self.at) {
            self.at += 1;
            return u64::from(*throw);
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `n - 1`.
    pub fn below(&mut self, n: i64) -> i64 {
        let n = n.unsigned_abs();
        // One throw says too little about a large range.
        let thrown = if n > 256 { (self.next() << 8) ^ self.next() } else { self.next() };
        i64::try_from(thrown % n).unwrap()
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
