//! Lots of beancount: what is held at which cost, and which of it is sold.

use std::collections::BTreeMap;

use super::journal::{Account, Booking, Commodity, Lot, Posting};
use super::weigh::{Weight, cost};
use crate::num::{Fault, Fixed};
use crate::time::Date;

/// Places of a cost that is worked out by division: more than any journal shows.
const PLACES: u32 = 12;

/// Units bought together.
struct Held {
    units: Fixed,
    each: Fixed,
    currency: Commodity,
    date: Date,
    label: Option<u32>,
}

/// The lots of one commodity in one account, in the order in which they were bought.
#[derive(Default)]
struct Stock {
    lots: Vec<Held>,
    /// How many of them are below nothing.
    short: usize,
}

/// All lots.
#[derive(Default)]
pub(super) struct Lots {
    held: BTreeMap<(Account, Commodity), Stock>,
    /// Bought at a cost that the transaction leaves open: the position among its postings waits for its cost.
    waiting: Option<(Posting, Lot, Date)>,
}

/// Why a sale cannot be booked.
pub(super) enum NotBooked {
    /// No lot fits.
    NoLot,
    /// Several do.
    Ambiguous(usize),
    /// What fits is less than is sold.
    TooFew(Fixed),
    /// A method that is not read.
    Method,
    Fault(Fault),
}

impl From<Fault> for NotBooked {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Lots {
    /// Books a posting with a lot and gives its weight.
    pub fn book(&mut self, posting: &Posting, lot: &Lot, date: Date, method: Booking) -> Result<Weight, NotBooked> {
        let stock = self.held.entry((posting.account, posting.commodity)).or_default();
        let sells = match posting.amount.is_negative() {
            true => stock.short < stock.lots.len(),
            false => stock.short > 0,
        };
        if method == Booking::None || !sells {
            return self.buy(posting, lot, date).map_err(NotBooked::Fault);
        }
        if method == Booking::Other {
            return Err(NotBooked::Method);
        }
        let wanted = lot_cost(posting.amount, lot)?;
        let fits = |held: &Held| {
            held.units.is_negative() != posting.amount.is_negative()
                && wanted.is_none_or(|each| each == held.each)
                && lot.commodity.is_none_or(|currency| currency == held.currency)
                && lot.date.is_none_or(|date| date == held.date)
                && lot.label.is_none_or(|label| held.label == Some(label))
        };
        let mut found: Vec<(Date, usize)> = Vec::new();
        let mut total = Fixed::ZERO;
        for (position, held) in stock.lots.iter().enumerate().filter(|(_, held)| fits(held)) {
            found.push((held.date, position));
            total = total.plus(held.units)?;
        }
        let size = posting.amount.abs();
        match method {
            _ if found.is_empty() => return Err(NotBooked::NoLot),
            _ if total.abs() < size => return Err(NotBooked::TooFew(total.abs())),
            Booking::Strict if found.len() > 1 && total.abs() != size => return Err(NotBooked::Ambiguous(found.len())),
            Booking::Lifo => found.sort_by_key(|(date, _)| std::cmp::Reverse(*date)),
            _ => found.sort_by_key(|(date, _)| *date),
        }
        stock.sell(&found, size)
    }

    fn buy(&mut self, posting: &Posting, lot: &Lot, date: Date) -> Result<Weight, Fault> {
        let Some(currency) = lot.commodity.filter(|_| lot.each.is_some() || lot.total.is_some()) else {
            self.waiting = Some((posting.clone(), lot.clone(), date));
            return Ok(Weight::Unknown);
        };
        let weight = cost(posting.amount, lot.each, lot.total)?;
        self.hold(posting, lot, date, (weight, currency))?;
        Ok(Weight::Known(currency, weight))
    }

    fn hold(
        &mut self,
        posting: &Posting,
        lot: &Lot,
        date: Date,
        (weight, currency): (Fixed, Commodity),
    ) -> Result<(), Fault> {
        if posting.amount.is_zero() {
            return Ok(());
        }
        let each = match (lot.each, lot.total) {
            (Some(each), None) => each,
            _ => weight.over(posting.amount, PLACES)?.trimmed(),
        };
        let date = lot.date.unwrap_or(date);
        let (units, label) = (posting.amount, lot.label);
        let stock = self.held.entry((posting.account, posting.commodity)).or_default();
        stock.short += usize::from(units.is_negative());
        stock.lots.push(Held { units, each, currency, date, label });
        Ok(())
    }

    /// The cost of what was bought at a cost left open: what the other postings leave over.
    pub fn settle(&mut self, weight: Option<(Commodity, Fixed)>) -> Result<(), Fault> {
        match (self.waiting.take(), weight) {
            (Some((posting, lot, date)), Some((currency, weight))) => {
                self.hold(&posting, &lot, date, (weight, currency))
            }
            _ => Ok(()),
        }
    }
}

impl Stock {
    /// Takes so many units out of lots and gives what they had cost.
    fn sell(&mut self, lots: &[(Date, usize)], mut size: Fixed) -> Result<Weight, NotBooked> {
        let mut weight = Fixed::ZERO;
        let mut currency = None;
        for (_, at) in lots {
            let Some(held) = self.lots.get_mut(*at).filter(|_| !size.is_zero()) else { continue };
            let taken = held.units.abs().min(size);
            size = size.minus(taken)?;
            let taken = if held.units.is_negative() { taken.negated() } else { taken };
            held.units = held.units.minus(taken)?;
            weight = weight.minus(taken.times(held.each)?)?;
            if currency.is_some_and(|known| known != held.currency) {
                return Err(NotBooked::Ambiguous(lots.len()));
            }
            currency = Some(held.currency);
        }
        self.lots.retain(|held| !held.units.is_zero());
        self.short = self.lots.iter().filter(|held| held.units.is_negative()).count();
        Ok(Weight::Known(currency.unwrap_or(0), weight))
    }
}

/// What one unit must have cost, if the posting says.
fn lot_cost(units: Fixed, lot: &Lot) -> Result<Option<Fixed>, Fault> {
    match (lot.each, lot.total) {
        (Some(each), None) => Ok(Some(each)),
        (_, Some(_)) if !units.is_zero() => Ok(Some(cost(units, lot.each, lot.total)?.over(units, PLACES)?.trimmed())),
        _ => Ok(None),
    }
}
