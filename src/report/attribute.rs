//! What each difference of the inputs did to a fact: the inputs are changed one at a time, and every step is a run.

use std::sync::Arc;

use super::compare::{Key, minus};
use crate::num::{Fault, Mode, Number, Rounding, Unit};
use crate::terms::Value;

/// Differences whose average over all orders is worked out: each more doubles the runs.
pub const MOST_AVERAGED: usize = 8;

/// Differences that are attributed one by one.
pub const MOST_IN_ORDER: usize = 60;

/// What moved a fact.
#[derive(Clone, Debug)]
pub struct Attribution {
    /// Which fact.
    pub key: Key,
    /// In what.
    pub unit: Unit,
    /// On one side.
    pub left: Value,
    /// On the other.
    pub right: Value,
    /// Each difference of the inputs, and what it did.
    pub parts: Vec<(String, Value)>,
    /// In which order they were made.
    pub how: Arc<str>,
}

/// In which order differences are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As listed.
    #[default]
    Listed,
    /// The mean over all orders, as Shapley (1953) has it.
    Averaged,
}

/// Why nothing was attributed.
#[derive(Clone, Debug)]
pub enum Refused<E> {
    /// A run that failed.
    Run(E),
    /// Arithmetic.
    Fault(Fault),
    /// There are too many differences to average over.
    TooMany,
    /// Some of the differences cannot be made without others.
    Bound,
}

/// Steps with what they did to each fact: the causes that were made together, and a value a fact.
pub type Steps = Vec<(Vec<usize>, Vec<Value>)>;

/// What each of `count` differences did, one made after the other. `at` is a run with those differences that are marked:
/// the values of the facts, or `None` if these cannot be made without others. Such are made with the next.
///
/// # Errors
/// What `at` fails with, or arithmetic.
pub fn listed<E>(
    count: usize,
    mut at: impl FnMut(&[bool]) -> Result<Option<Vec<Value>>, E>,
) -> Result<Steps, Refused<E>> {
    let mut made = vec![false; count];
    let mut before = at(&made).map_err(Refused::Run)?.ok_or(Refused::Bound)?;
    let (mut steps, mut together) = (Steps::new(), Vec::new());
    for cause in 0..count {
        if let Some(place) = made.get_mut(cause) {
            *place = true;
        }
        together.push(cause);
        let Some(now) = at(&made).map_err(Refused::Run)? else { continue };
        let gaps: Result<Vec<Value>, Fault> = now.iter().zip(&before).map(|(now, before)| minus(now, before)).collect();
        steps.push((std::mem::take(&mut together), gaps.map_err(Refused::Fault)?));
        before = now;
    }
    Ok(steps)
}

/// The mean over all orders of what each difference did. Means are rounded to a millionth; the last difference takes what
/// rounding leaves.
///
/// # Errors
/// More than [`MOST_AVERAGED`] differences, some that cannot be made without others, what `at` fails with, arithmetic.
pub fn averaged<E>(
    count: usize,
    mut at: impl FnMut(&[bool]) -> Result<Option<Vec<Value>>, E>,
) -> Result<Steps, Refused<E>> {
    if count > MOST_AVERAGED {
        return Err(Refused::TooMany);
    }
    let mut runs: Vec<Vec<Value>> = Vec::new();
    for set in 0..1_usize << count {
        let made: Vec<bool> = (0..count).map(|cause| set >> cause & 1 == 1).collect();
        runs.push(at(&made).map_err(Refused::Run)?.ok_or(Refused::Bound)?);
    }
    let (Some(none), Some(all)) = (runs.first(), runs.last()) else { return Ok(Steps::new()) };
    let of = |set: usize, fact: usize| runs.get(set).and_then(|values| values.get(fact)).cloned();
    let orders = Number::from_int(factorial(count));
    let rounding = Rounding::new(6, Mode::HalfEven);
    let mut steps: Steps = (0..count).map(|cause| (vec![cause], Vec::new())).collect();
    for fact in 0..none.len() {
        let mut sum = Value::ZERO;
        for (cause, (_, values)) in steps.iter_mut().enumerate() {
            let mut mean = Value::ZERO;
            for set in (0..1_usize << count).filter(|set| set >> cause & 1 == 0) {
                let (Some(with), Some(without)) = (of(set | 1 << cause, fact), of(set, fact)) else { continue };
                let before = usize::try_from(set.count_ones()).unwrap_or(usize::MAX);
                let weight = factorial(before).saturating_mul(factorial(count.saturating_sub(before + 1)));
                let part = minus(&with, &without).and_then(|gap| gap.times(Value::Known(Number::from_int(weight))));
                mean = part.and_then(|part| mean.plus(part)).map_err(Refused::Fault)?;
            }
            mean = mean.map(|total| total.over(orders, rounding)).map_err(Refused::Fault)?;
            if cause + 1 == count {
                let whole = all.get(fact).zip(none.get(fact)).map_or(Ok(Value::ZERO), |(all, none)| minus(all, none));
                mean = whole.and_then(|whole| minus(&whole, &sum)).map_err(Refused::Fault)?;
            }
            sum = sum.plus(mean.clone()).map_err(Refused::Fault)?;
            values.push(mean);
        }
    }
    Ok(steps)
}

fn factorial(n: usize) -> i64 {
    (1..=i64::try_from(n).unwrap_or(20)).product()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(n: i64) -> Value {
        Value::Known(Number::from_int(n))
    }

    /// Price 10 → 12, volume 100 → 90: revenue 1,000 → 1,080. Price first +200, then volume −120; volume first −100, then
    /// price +180. The means are 190 and −110.
    fn revenue(made: &[bool]) -> Result<Option<Vec<Value>>, ()> {
        let price = if made.first() == Some(&true) { 12 } else { 10 };
        let volume = if made.get(1) == Some(&true) { 90 } else { 100 };
        Ok(Some(vec![known(price * volume)]))
    }

    #[test]
    fn one_after_the_other() {
        let steps = listed(2, revenue).unwrap();
        assert_eq!(steps, [(vec![0], vec![known(200)]), (vec![1], vec![known(-120)])]);
    }

    #[test]
    fn the_mean_of_all_orders() {
        let steps = averaged(2, revenue).unwrap();
        assert_eq!(steps, [(vec![0], vec![known(190)]), (vec![1], vec![known(-110)])]);
    }

    #[test]
    fn what_cannot_stand_alone_goes_with_the_next() {
        let at = |made: &[bool]| {
            Ok::<_, ()>((made != [true, false]).then(|| vec![known(made.iter().filter(|m| **m).count() as i64)]))
        };
        assert_eq!(listed(2, at).unwrap(), [(vec![0, 1], vec![known(2)])]);
        assert!(matches!(averaged(2, at), Err(Refused::Bound)));
        assert!(matches!(averaged(9, revenue), Err(Refused::TooMany)));
    }
}
