//! Monte Carlo: what no closed form covers. Averages over days, strikes fixed later, conditions relative to an index.
//!
//! Paths come in blocks, and each block has its own stream of the random number generator, named by its number. Blocks are
//! summed in order, so the result does not depend on how many threads worked.

use std::num::NonZero;
use std::ops::Range;

use chacha20::ChaCha8Rng;
use chacha20::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

use super::{Estimate, Market, TRADING_DAYS};

/// A right under conditions. The price is looked at once a trading day, at the close; the day of measurement is day 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Simulation {
    /// The share.
    pub market: Market,
    /// The exercise price.
    pub strike: Strike,
    /// A price that must be reached.
    pub hurdle: Option<Hurdle>,
    /// An index that must be beaten on the same day.
    pub index: Option<Index>,
    /// When conditions are tested.
    pub tested: Tested,
    /// Paths; an odd one more is made even, since they come in pairs of opposite draws.
    pub paths: u32,
    /// The same seed gives the same value.
    pub seed: u64,
}

/// The exercise price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Strike {
    /// Agreed.
    Fixed(f64),
    /// A part of the average close of the last `window` days, `after` years from now.
    Reset {
        /// Part.
        ratio: f64,
        /// Trading days.
        window: u32,
        /// Years.
        after: f64,
    },
}

/// The average close of `window` days is at or above `level`. Days before the measurement count for nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hurdle {
    /// Price.
    pub level: f64,
    /// Trading days; 1 is the close itself.
    pub window: u32,
}

/// The share has risen at least `margin` more than the index: `S/S0 >= (1 + margin) I/I0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// Volatility.
    pub volatility: f64,
    /// Dividend yield.
    pub dividend: f64,
    /// Correlation of log returns with those of the share.
    pub correlation: f64,
    /// By how much.
    pub margin: f64,
}

/// When conditions are tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tested {
    /// On every trading day; one day on which all hold is enough.
    Daily,
    /// On the last day.
    AtEnd,
}

/// Pairs of paths in a block.
const BLOCK: u32 = 256;

/// Simulates; the number of threads changes the time it takes and nothing else.
#[must_use]
pub fn simulate(simulation: &Simulation, threads: NonZero<usize>) -> Estimate {
    let plan = Plan::of(simulation);
    let blocks = plan.pairs.div_ceil(BLOCK);
    let part = blocks.div_ceil(u32::try_from(threads.get()).unwrap_or(u32::MAX)).max(1);
    let starts = (0..blocks).step_by(usize::try_from(part).unwrap_or(usize::MAX));
    let sums: Vec<Sums> = std::thread::scope(|scope| {
        let plan = &plan;
        let work = |from: u32| move || (from..from.saturating_add(part).min(blocks)).map(|b| plan.block(b)).collect();
        let workers: Vec<std::thread::ScopedJoinHandle<'_, Vec<Sums>>> =
            starts.map(|from| scope.spawn(work(from))).collect();
        let done = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|why| std::panic::resume_unwind(why)));
        done.flatten().collect()
    });
    let all = sums.into_iter().fold(Sums::default(), Sums::plus);
    let count = f64::from(plan.pairs);
    let mean = all.value / count;
    let variance = (all.squares - all.value * mean).max(0.0) / (count - 1.0).max(1.0);
    Estimate {
        value: mean * plan.discount,
        error: Some(libm::sqrt(variance / count) * plan.discount),
        probability: Some(all.met / (2.0 * count)),
    }
}

/// Sums over pairs of paths.
#[derive(Clone, Copy, Default)]
struct Sums {
    value: f64,
    squares: f64,
    met: f64,
}

impl Sums {
    fn plus(self, other: Self) -> Self {
        Self { value: self.value + other.value, squares: self.squares + other.squares, met: self.met + other.met }
    }
}

/// What is worked out once for all paths.
struct Plan {
    pairs: u32,
    seed: u64,
    days: u32,
    spot: f64,
    /// Drift and spread of the log price in a day.
    share: (f64, f64),
    /// The same of the index, with the weights of the share's draw and of its own.
    index: Option<((f64, f64), (f64, f64))>,
    /// `ln(1 + margin)`
    margin: f64,
    hurdle: Option<(Hurdle, f64)>,
    strike: Strike,
    /// The day on which the strike is set.
    reset: u32,
    tested: Range<u32>,
    discount: f64,
}

impl Plan {
    fn of(simulation: &Simulation) -> Self {
        let Simulation { market, strike, hurdle, index, tested, paths, seed } = *simulation;
        let days = whole_days(market.term).max(1);
        let step = market.term / f64::from(days);
        let daily = |volatility: f64, dividend: f64| {
            let drift = (market.rate - dividend - volatility * volatility / 2.0) * step;
            (drift, volatility * libm::sqrt(step))
        };
        let weights = |rho: f64| (rho, libm::sqrt((1.0 - rho * rho).max(0.0)));
        let reset = match strike {
            Strike::Fixed(_) => 0,
            Strike::Reset { after, .. } => whole_days(after).clamp(1, days),
        };
        Self {
            pairs: paths.div_ceil(2).max(1),
            seed,
            days,
            spot: market.spot,
            share: daily(market.volatility, market.dividend),
            index: index.map(|i| (daily(i.volatility, i.dividend), weights(i.correlation))),
            margin: index.map_or(0.0, |i| libm::log1p(i.margin)),
            hurdle: hurdle.map(|h| (h, libm::log(h.level / market.spot))),
            strike,
            reset,
            tested: if tested == Tested::Daily { 1..days + 1 } else { days..days + 1 },
            discount: libm::exp(-market.rate * market.term),
        }
    }

    /// The sums of a block, from its own stream.
    fn block(&self, number: u32) -> Sums {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(number.into());
        let pairs = BLOCK.min(self.pairs - number * BLOCK);
        (0..pairs).fold(Sums::default(), |sums, _| sums.plus(self.pair(&mut random)))
    }

    /// Two paths of opposite draws: what is too high in one is mostly too low in the other.
    fn pair(&self, random: &mut ChaCha8Rng) -> Sums {
        let mut paths = [(Path::new(self), 1.0), (Path::new(self), -1.0)];
        for day in 1..=self.days {
            let draw: f64 = StandardNormal.sample(random);
            let other: f64 = if self.index.is_some() { StandardNormal.sample(random) } else { 0.0 };
            for (path, sign) in &mut paths {
                path.step(self, day, *sign * draw, *sign * other);
            }
        }
        let value = paths.iter().map(|(path, _)| path.paid(self)).sum::<f64>() / 2.0;
        let met = paths.iter().map(|(path, _)| f64::from(u8::from(path.met))).sum();
        Sums { value, squares: value * value, met }
    }
}

/// Trading days in so many years.
fn whole_days(years: f64) -> u32 {
    (years * TRADING_DAYS).round() as u32
}

/// One path.
struct Path {
    /// Log of the price over the spot, and of the index.
    share: f64,
    index: f64,
    met: bool,
    hurdle: Average,
    strike: Average,
    fixed: f64,
}

impl Path {
    fn new(plan: &Plan) -> Self {
        let (window, fixed) = match plan.strike {
            Strike::Fixed(strike) => (0, strike),
            Strike::Reset { window, .. } => (window.clamp(1, plan.reset), f64::INFINITY),
        };
        let hurdle = plan.hurdle.as_ref().map_or(0, |(hurdle, _)| hurdle.window);
        Self {
            share: 0.0,
            index: 0.0,
            met: plan.hurdle.is_none() && plan.index.is_none(),
            hurdle: Average::over(if hurdle > 1 { hurdle } else { 0 }),
            strike: Average::over(window),
            fixed,
        }
    }

    fn step(&mut self, plan: &Plan, day: u32, draw: f64, other: f64) {
        let (drift, spread) = plan.share;
        self.share += drift + spread * draw;
        if let Some(((drift, spread), (with, apart))) = plan.index {
            self.index += drift + spread * (with * draw + apart * other);
        }
        if day <= plan.reset {
            self.strike.push(plan.spot * libm::exp(self.share));
            if let (Strike::Reset { ratio, .. }, true) = (plan.strike, day == plan.reset) {
                self.fixed = ratio * self.strike.value().unwrap_or(f64::INFINITY);
            }
        }
        if !self.met {
            let reached = self.reached(plan);
            self.met = reached && plan.tested.contains(&day) && self.beats(plan);
        }
    }

    /// Whether the price target holds today. A single close is compared in logs, which saves an exponential a day.
    fn reached(&mut self, plan: &Plan) -> bool {
        match &plan.hurdle {
            None => true,
            Some((hurdle, log)) if hurdle.window <= 1 => self.share >= *log,
            Some((hurdle, _)) => {
                self.hurdle.push(plan.spot * libm::exp(self.share));
                self.hurdle.value().is_some_and(|average| average >= hurdle.level)
            }
        }
    }

    fn beats(&self, plan: &Plan) -> bool {
        plan.index.is_none() || self.share >= plan.margin + self.index
    }

    /// What the right pays at the end.
    fn paid(&self, plan: &Plan) -> f64 {
        if self.met { (plan.spot * libm::exp(self.share) - self.fixed).max(0.0) } else { 0.0 }
    }
}

/// A mean of the last days.
struct Average {
    last: Vec<f64>,
    at: usize,
    seen: usize,
    sum: f64,
}

impl Average {
    fn over(days: u32) -> Self {
        Self { last: vec![0.0; usize::try_from(days).unwrap_or(0)], at: 0, seen: 0, sum: 0.0 }
    }

    fn push(&mut self, price: f64) {
        if let Some(oldest) = self.last.get_mut(self.at) {
            self.sum += price - *oldest;
            *oldest = price;
            self.at = (self.at + 1) % self.last.len();
            self.seen += 1;
        }
    }

    /// Once the window is full.
    fn value(&self) -> Option<f64> {
        let full = self.seen >= self.last.len() && !self.last.is_empty();
        full.then(|| self.sum / u32::try_from(self.last.len()).map_or(f64::NAN, f64::from))
    }
}
