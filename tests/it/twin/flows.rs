//! Section 3: operating lines.

use proforma::engine::RefusalKind;
use proforma::num::{Mode, Number, Rounding, Unit};
use proforma::terms::{Basis, Fact, FlowAmount, FlowId};
use proforma::time::Date;

use super::belief::{Flowing, Seen};
use super::world::{Heard, World, put};

impl World<'_> {
    /// The version of the amounts in use.
    fn amounts(&self, id: FlowId, flowing: &Flowing) -> &[FlowAmount] {
        let series = &self.terms.flows[id.index()].series;
        let known = |at: &usize| self.known_by.is_none_or(|day| series[*at].known <= day);
        let at = flowing.chosen.filter(known).or_else(|| (0..series.len()).find(known));
        at.map_or(&[], |at| &series[at].amounts)
    }

    /// Days between which schedules lie.
    pub fn schedule_ends(&self) -> Vec<Date> {
        let mut days = Vec::new();
        for (id, flowing) in &self.belief.flows {
            for amount in self.amounts(*id, flowing) {
                days.extend(amount.days.iter().map(|(day, _)| day.plus_days(flowing.moved)));
            }
        }
        days
    }

    /// Lines and schedules of the day, by name.
    pub fn flows(&mut self, lines: &[&Seen]) {
        let mut ids: Vec<FlowId> = self.belief.flows.keys().copied().collect();
        ids.sort_by_key(|id| &self.terms.flows[id.index()].path);
        for id in ids {
            for s in lines {
                if matches!(s.line.fact, Some(Fact::Flow { flow, .. }) if flow == id) {
                    match self.positive(s) {
                        None => self.refuse(s, RefusalKind::NoQuantity),
                        Some(amount) => self.flow(id, amount, s.line.basis == Basis::Actual),
                    }
                }
            }
            for amount in self.scheduled(id) {
                self.flow(id, amount, false);
            }
        }
    }

    /// What the schedule pays today.
    fn scheduled(&self, id: FlowId) -> Vec<Number> {
        // One of nothing is refused, and none.
        let later = self.belief.lines.iter().any(|s| {
            s.line.basis == Basis::Actual
                && self.positive(s).is_some()
                && s.line.date >= self.day
                && matches!(s.line.fact, Some(Fact::Flow { flow, .. }) if flow == id)
        });
        if later {
            return Vec::new();
        }
        let flowing = &self.belief.flows[&id];
        let places = Unit::of(&self.terms.flows[id.index()].currency).precision().unwrap();
        let minor = Rounding::new(places, Mode::HalfUp);
        let mut paid = Vec::new();
        for amount in self.amounts(id, flowing) {
            if !amount.days.iter().any(|(day, _)| day.plus_days(flowing.moved) == self.day) {
                continue;
            }
            let Some(stated) = amount.amount.value(self.belief).unwrap().known() else { continue };
            let mut level = stated.times(flowing.scale).unwrap().round(minor);
            let mut grown = 0;
            let count = Number::from_int(i64::try_from(amount.days.len()).unwrap());
            for (n, (day, times)) in (0i64..).zip(&amount.days) {
                if let Some(rate) = &amount.growth {
                    let rate = rate.value(self.belief).unwrap().known().unwrap().plus(Number::ONE).unwrap();
                    while grown < *times {
                        level = level.times(rate).unwrap().round(minor);
                        grown += 1;
                    }
                }
                if day.plus_days(flowing.moved) == self.day {
                    let upto = |n: i64| level.ratio_of(Number::from_int(n), count, minor).unwrap();
                    paid.push(if amount.split { upto(n + 1).minus(upto(n)).unwrap() } else { level });
                }
            }
        }
        paid
    }

    fn flow(&mut self, id: FlowId, amount: Number, actual: bool) {
        let flow = &self.terms.flows[id.index()];
        let promised = !actual && flow.standing.is_some_and(|s| !s.is_owed());
        let purse = if promised { &mut self.promised } else { &mut self.cash };
        for (party, amount) in [(flow.from, amount.neg()), (flow.to, amount)] {
            if let Some(party) = party {
                put(purse, party, &flow.currency, amount);
            }
        }
        if !promised {
            self.heard.push(Heard::Flowed(id, amount));
        }
    }
}
