//! Closes, rates and valuations as believed: from files, from lines, and paths over them.

use std::collections::BTreeMap;

use proforma::num::{Mode, Number, Rounding};
use proforma::terms::{Basis, Fact, Formula, PricePath, Quoted, Terms};
use proforma::time::Date;

use super::belief::{Belief, calendar};

/// How interpolated values are rounded.
const BETWEEN: Rounding = Rounding::new(10, Mode::HalfUp);

/// By day; whether it is actual.
type Series = BTreeMap<Date, (Number, bool)>;

impl Belief {
    pub fn prices(&mut self, terms: &Terms, paths: &[&PricePath], known_by: Option<Date>) {
        let mut all: BTreeMap<Quoted, Series> = BTreeMap::new();
        for prices in &terms.prices {
            let series = all.entry(prices.of.clone()).or_default();
            // A close is known on its day.
            let sure = prices.basis == Basis::Actual;
            let known = |date: Date| !sure || known_by.is_none_or(|day| date <= day);
            series.extend(prices.points.iter().filter(|p| known(p.0)).map(|(date, close, _)| (*date, (*close, sure))));
            if prices.linear {
                for pair in prices.points.windows(2) {
                    let days = days(terms, &prices.of, pair[0].0, pair[1].0);
                    straight(series, &days, pair[0].1, pair[1].1);
                }
            }
        }
        for s in &self.lines {
            if let Some(Fact::Price { of, price }) = &s.line.fact
                && let Some(price) = price.value(self).unwrap().known()
            {
                all.entry(of.clone()).or_default().insert(s.line.date, (price, s.line.basis == Basis::Actual));
            }
        }
        for path in paths {
            let series = all.entry(path.of.clone()).or_default();
            let corner = |f: &Formula| f.value(self).unwrap().known().unwrap();
            let last = path.to.last().unwrap().1;
            let before = series.range(..path.from).next_back().map(|(d, (c, _))| (*d, *c));
            series.retain(|day, _| *day < path.from || *day > last);
            let mut at = match &path.start {
                Some(start) => Some((path.from, corner(start))),
                None => before,
            };
            for (price, date) in &path.to {
                let end = (*date, corner(price));
                if let Some(start) = at {
                    straight(series, &days(terms, &path.of, start.0, end.0), start.1, end.1);
                }
                at = Some(end);
            }
        }
        for (of, series) in all {
            match of {
                Quoted::Close(class) => {
                    self.unsure.extend(series.iter().filter(|(_, (_, sure))| !sure).map(|(day, _)| (class, *day)));
                    self.closes.insert(class, series.into_iter().map(|(day, (close, _))| (day, close)).collect());
                }
                of => {
                    self.quotes.insert(of, series.into_iter().map(|(day, (value, _))| (day, value)).collect());
                }
            }
        }
    }

    /// The last value on or before a day.
    pub fn last(&self, of: &Quoted, day: Date) -> Option<Number> {
        let series = match of {
            Quoted::Close(class) => self.closes.get(class),
            of => self.quotes.get(of),
        };
        series?.range(..=day).next_back().map(|(_, value)| *value)
    }

    /// An amount in another currency, at the rate that holds on a day.
    pub fn exchanged(&self, amount: Number, from: &str, to: &str, day: Date) -> Option<Number> {
        if from == to {
            return Some(amount);
        }
        if let Some(rate) = self.last(&Quoted::Rate(from.into(), to.into()), day) {
            return Some(amount.times(rate).unwrap().round(Rounding::CENTS));
        }
        let rate = self.last(&Quoted::Rate(to.into(), from.into()), day)?;
        Some(amount.over(rate, Rounding::CENTS).unwrap())
    }
}

/// Both ends and what lies between: trading days for closes.
fn days(terms: &Terms, of: &Quoted, from: Date, to: Date) -> Vec<Date> {
    let calendar = of.class().map(|class| calendar(terms, class));
    let (mut days, mut day) = (Vec::new(), from);
    while day <= to {
        if calendar.as_ref().is_none_or(|c| c.is_trading(day)) {
            days.push(day);
        }
        day = day.next();
    }
    days
}

/// A straight line over days, both ends set.
fn straight(into: &mut Series, days: &[Date], from: Number, to: Number) {
    let steps = Number::from_int(i64::try_from(days.len()).unwrap() - 1);
    for (n, day) in (0i64..).zip(days) {
        let rise = to.minus(from).unwrap();
        let value = if steps.is_zero() {
            to
        } else {
            from.plus(rise.ratio_of(Number::from_int(n), steps, BETWEEN).unwrap()).unwrap()
        };
        into.insert(*day, (value, false));
    }
}
