//! Which tranches may change when something moves: thresholds sorted, so that only those crossed are looked at.

use std::collections::BTreeMap;

use super::Inputs;
use super::step::Fault;
use crate::num::{self, Number};
use crate::terms::{ClassId, CounterId, Gate, PriceMeasureId, Terms, Test, TrancheId};
use crate::time::Date;

/// The static index from what moves to the tranches whose gates read it.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    counters: BTreeMap<CounterId, Thresholds>,
    prices: BTreeMap<PriceMeasureId, Thresholds>,
    dates: BTreeMap<Date, Vec<TrancheId>>,
    reached: BTreeMap<TrancheId, Vec<TrancheId>>,
}

type Thresholds = Vec<(Number, TrancheId)>;

impl Watch {
    /// Builds the index.
    ///
    /// # Errors
    /// Arithmetic in a threshold.
    pub fn new(terms: &Terms, inputs: &Inputs) -> Result<Self, Fault> {
        let mut watch = Self::default();
        for (id, tranche) in (0u32..).map(TrancheId).zip(terms.tranches.iter()) {
            let Some((contract, granted)) = terms.contract_of(tranche).zip(terms.granted(tranche)) else { continue };
            if inputs.dropped.contains(&contract) {
                continue;
            }
            watch.dates.entry(granted).or_default().push(id);
            let fault = |kind| Fault { kind, clause: tranche.path.clone(), date: granted };
            for gate in std::iter::once(&tranche.vests).chain(&tranche.exercisable) {
                watch.since(gate, id);
                let mut leaves = Vec::new();
                gate.leaves(&mut leaves);
                for leaf in leaves {
                    match &leaf.test {
                        Test::Counter(counter, _, threshold) => {
                            if let Some(threshold) = inputs.value(threshold).map_err(fault)?.known() {
                                watch.counters.entry(*counter).or_default().push((threshold, id));
                            }
                        }
                        Test::Price(measure, _, threshold) => {
                            if let Some(threshold) = inputs.value(threshold).map_err(fault)?.known() {
                                let key = scaled(terms, inputs, *measure, threshold, granted);
                                let key = key.map_err(fault)?;
                                watch.prices.entry(*measure).or_default().push((key, id));
                            }
                        }
                        Test::Date(date) => watch.dates.entry(*date).or_default().push(id),
                        Test::Reached(other, _) => watch.reached.entry(*other).or_default().push(id),
                        Test::Attested(_) => {}
                    }
                }
            }
        }
        watch.counters.values_mut().chain(watch.prices.values_mut()).for_each(|list| list.sort());
        Ok(watch)
    }

    fn since(&mut self, gate: &Gate, tranche: TrancheId) {
        match gate {
            Gate::All(gates) | Gate::Any(gates) => gates.iter().for_each(|g| self.since(g, tranche)),
            Gate::Latched { inner, since, .. } => {
                if let Some(date) = since {
                    self.dates.entry(*date).or_default().push(tranche);
                }
                self.since(inner, tranche);
            }
            Gate::Leaf(_) => {}
        }
    }

    /// Tranches with a threshold on this counter between its old and its new total, ends included.
    pub fn counter(&self, id: CounterId, old: Number, new: Number) -> impl Iterator<Item = TrancheId> + '_ {
        between(self.counters.get(&id), old, new)
    }

    /// Tranches with a threshold on this price measure between two readings, ends included; all at the first reading.
    pub fn price(&self, id: PriceMeasureId, old: Option<Number>, new: Number) -> Vec<TrancheId> {
        match old {
            Some(old) => between(self.prices.get(&id), old, new).collect(),
            None => self.prices.get(&id).into_iter().flatten().map(|(_, tranche)| *tranche).collect(),
        }
    }

    /// Tranches to look at because of the day itself.
    #[must_use]
    pub fn date(&self, date: Date) -> &[TrancheId] {
        self.dates.get(&date).map_or(&[], Vec::as_slice)
    }

    /// All days on which a tranche is looked at.
    pub fn dates(&self) -> impl Iterator<Item = Date> + '_ {
        self.dates.keys().copied()
    }

    /// Tranches whose gates read the stage of this one.
    #[must_use]
    pub fn dependents(&self, tranche: TrancheId) -> &[TrancheId] {
        self.reached.get(&tranche).map_or(&[], Vec::as_slice)
    }

    /// Price measures that some gate reads.
    pub fn measures(&self) -> impl Iterator<Item = PriceMeasureId> + '_ {
        self.prices.keys().copied()
    }
}

fn between(list: Option<&Thresholds>, a: Number, b: Number) -> impl Iterator<Item = TrancheId> + '_ {
    let list = list.map_or(&[][..], Vec::as_slice);
    let (low, high) = (a.min(b), a.max(b));
    let first = list.partition_point(|(t, _)| *t < low);
    let last = list.partition_point(|(t, _)| *t <= high);
    list.get(first..last).unwrap_or_default().iter().map(|(_, tranche)| *tranche)
}

/// A price threshold in shares of the grant, times the window and their multiplier: comparable with a reading.
///
/// # Errors
/// Overflow.
pub fn scaled(
    terms: &Terms,
    inputs: &Inputs,
    measure: PriceMeasureId,
    threshold: Number,
    granted: Date,
) -> Result<Number, num::Fault> {
    let Some(measure) = terms.price_measures.get(measure.index()) else { return Ok(threshold) };
    let multiplier = multiplier(inputs, measure.class, granted, measure.adjusts);
    threshold.times(Number::from_int(i64::from(measure.window)))?.times(multiplier)
}

/// What prices in shares of the grant are multiplied by, or one if the measure does not adjust. A split on the day of the
/// grant comes after it, as it does for the rights.
#[must_use]
pub fn multiplier(inputs: &Inputs, class: ClassId, granted: Date, adjusts: bool) -> Number {
    let series = inputs.prices.get(&class).filter(|_| adjusts);
    series.map_or(Number::ONE, |s| s.multiplier(granted.prev()))
}
