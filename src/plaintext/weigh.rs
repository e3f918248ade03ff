//! What a posting weighs in the balance of its transaction, and how far a balance may be off.

use super::journal::{Commodity, Dialect, Journal, Posting};
use crate::num::{Fault, Fixed};

/// Sums by commodity, few at a time.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums(Vec<(Commodity, Fixed)>);

impl Sums {
    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn add(&mut self, commodity: Commodity, amount: Fixed) -> Result<(), Fault> {
        match self.0.iter_mut().find(|(known, _)| *known == commodity) {
            Some((_, sum)) => *sum = sum.plus(amount)?,
            None => self.0.push((commodity, amount)),
        }
        Ok(())
    }

    pub fn get(&self, commodity: Commodity) -> Fixed {
        self.0.iter().find(|(known, _)| *known == commodity).map_or(Fixed::ZERO, |(_, sum)| *sum)
    }

    /// Those that are not nothing.
    pub fn left(&self) -> impl Iterator<Item = (Commodity, Fixed)> + '_ {
        self.0.iter().copied().filter(|(_, sum)| !sum.is_zero())
    }

    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|(_, sum)| sum.is_zero())
    }
}

/// What a posting weighs.
pub(super) enum Weight {
    Known(Commodity, Fixed),
    /// A price or cost that is to be worked out from the others.
    Unknown,
}

/// The weight by the price behind the amount, or of the amount itself. For ledger a lot's cost goes before a price, and
/// means nothing without one; for hledger it never means anything; beancount's lots are booked elsewhere.
pub(super) fn weight(journal: &Journal, posting: &Posting) -> Result<Weight, Fault> {
    if journal.dialect == Dialect::Ledger
        && posting.rate.is_some()
        && let Some(lot) = posting.lot.and_then(|lot| journal.lots.get(lot as usize))
        && let Some(commodity) = lot.commodity
    {
        return cost(posting.amount, lot.each, lot.total).map(|cost| Weight::Known(commodity, cost));
    }
    let Some(rate) = posting.rate.and_then(|rate| journal.rates.get(rate as usize)) else {
        return Ok(Weight::Known(posting.commodity, posting.amount));
    };
    let Some((price, commodity)) = rate.amount else { return Ok(Weight::Unknown) };
    let weight = match rate.total {
        true => cost(posting.amount, None, Some(price.abs()))?,
        false => posting.amount.times(price)?,
    };
    Ok(Weight::Known(commodity, weight))
}

/// Units at a cost each, and a cost in all.
pub(super) fn cost(units: Fixed, each: Option<Fixed>, total: Option<Fixed>) -> Result<Fixed, Fault> {
    let total = total.unwrap_or(Fixed::ZERO);
    let total = if units.is_negative() { total.negated() } else { total };
    match each {
        Some(each) => units.times(each)?.plus(total),
        None => Ok(total),
    }
}

/// How far off each commodity of a transaction may be.
pub(super) struct Tolerance<'a> {
    journal: &'a Journal,
    /// beancount's, read off the transaction.
    inferred: Sums,
}

impl<'a> Tolerance<'a> {
    /// Of a transaction with these postings.
    pub fn of(journal: &'a Journal, postings: &[Posting]) -> Result<Self, Fault> {
        let mut inferred: Vec<(Commodity, Fixed)> = Vec::new();
        let mut costs = Sums::default();
        if journal.dialect == Dialect::Beancount {
            for posting in postings.iter().filter(|p| p.given == super::Given::Amount && p.amount.places() > 0) {
                let last = Fixed::new(1, posting.amount.places()).times(journal.options.multiplier)?;
                larger(&mut inferred, posting.commodity, last);
                if journal.options.tolerance_from_cost {
                    from_cost(journal, posting, last, &mut costs)?;
                }
            }
        }
        for (commodity, tolerance) in costs.left() {
            larger(&mut inferred, commodity, tolerance);
        }
        Ok(Self { journal, inferred: Sums(inferred) })
    }

    /// beancount's tolerance of a commodity; none if it has to be exact.
    fn beancount(&self, commodity: Commodity) -> Option<Fixed> {
        let inferred = self.inferred.0.iter().find(|(known, _)| *known == commodity).map(|(_, tolerance)| *tolerance);
        let default = |wanted| {
            let all = &self.journal.options.tolerances;
            all.iter().rev().find(|(known, _)| *known == wanted).map(|(_, tolerance)| *tolerance)
        };
        inferred.or_else(|| default(Some(commodity))).or_else(|| default(None))
    }

    /// Whether so much may be left over.
    pub fn allows(&self, commodity: Commodity, left: Fixed) -> bool {
        match self.journal.dialect {
            Dialect::Beancount => left.abs() <= self.beancount(commodity).unwrap_or(Fixed::ZERO),
            _ => {
                let shown = self.journal.options.shown(commodity);
                shown.map_or(left.is_zero(), |places| left.rounded(places).is_zero())
            }
        }
    }

    /// An amount that is worked out, with no more places than the tolerance has.
    pub fn quantised(&self, commodity: Commodity, amount: Fixed) -> Fixed {
        match (self.journal.dialect, self.beancount(commodity)) {
            (Dialect::Beancount, Some(tolerance)) => {
                let quantum = tolerance.plus(tolerance).map_or(tolerance, Fixed::trimmed);
                if quantum.is_zero() { amount } else { amount.rounded(quantum.places()) }
            }
            _ => amount,
        }
    }

    /// How far off a commodity may be, in words.
    pub fn words(&self, commodity: Commodity) -> String {
        match (self.journal.dialect, self.beancount(commodity), self.journal.options.shown(commodity)) {
            (Dialect::Beancount, Some(tolerance), _) => format!("beancount allows {tolerance} here"),
            (Dialect::Beancount, None, _) => "beancount allows nothing here".to_owned(),
            (dialect, _, Some(places)) => {
                format!("{} looks at {places} places of it", dialect.name())
            }
            (dialect, ..) => format!("{} looks at all its places", dialect.name()),
        }
    }
}

fn larger(list: &mut Vec<(Commodity, Fixed)>, commodity: Commodity, tolerance: Fixed) {
    match list.iter_mut().find(|(known, _)| *known == commodity) {
        Some((_, known)) => *known = (*known).max(tolerance),
        None => list.push((commodity, tolerance)),
    }
}

fn from_cost(journal: &Journal, posting: &Posting, last: Fixed, costs: &mut Sums) -> Result<(), Fault> {
    if let Some(lot) = posting.lot.and_then(|lot| journal.lots.get(lot as usize))
        && let (Some(each), Some(commodity)) = (lot.each, lot.commodity)
    {
        costs.add(commodity, last.times(each)?)?;
    }
    if let Some(rate) = posting.rate.and_then(|rate| journal.rates.get(rate as usize))
        && let (Some((price, commodity)), false) = (rate.amount, rate.total)
    {
        costs.add(commodity, last.times(price)?)?;
    }
    Ok(())
}
