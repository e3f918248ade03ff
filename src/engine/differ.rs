//! From which day on two runs of the same terms may differ. Up to the day before, one run is the other.

use std::collections::BTreeMap;

use super::inputs::Input;
use super::{Engine, InputLine, Inputs, Quotes, Series};
use crate::terms::{ContractId, Fact, Terms};
use crate::time::Date;

impl Engine<'_> {
    /// The first day on which a run with these inputs may read something else than `base` did; `None` if never.
    #[must_use]
    pub fn differs_from(&self, base: &Engine<'_>) -> Option<Date> {
        // Every field is named, so that a new one is not forgotten. Operating lines have become ledger lines.
        let Inputs {
            lines: _,
            prices,
            quotes,
            flows: _,
            dropped,
            today,
            reads: _,
            assumptions,
            values: _,
            measured: _,
        } = self.inputs;
        let earlier = base.inputs;
        let contracts = dropped.symmetric_difference(&earlier.dropped).map(|id| begins(self.terms, *id));
        let known = (*today != earlier.today)
            .then(|| today.zip(earlier.today).map_or(Date::MIN, |(now, then)| now.min(then).next()));
        let first = earlier.reads.all();
        let assumed = (0u32..).map(crate::terms::AssumptionId).zip(assumptions.iter().zip(&earlier.assumptions));
        let assumed = assumed.filter(|(_, (now, then))| now != then);
        let assumed = assumed.filter_map(|(id, _)| first.get(&Input::Assumption(id)).copied());
        let signed = |supply: &crate::terms::SupplyId| {
            let contract = self.terms.supplies.get(supply.index()).map(|s| s.contract);
            contract.map_or(Date::MIN, |contract| begins(self.terms, contract))
        };
        let granted = |tranche: &crate::terms::TrancheId| {
            let tranche = self.terms.tranches.get(tranche.index());
            tranche.and_then(|tranche| self.terms.granted(tranche)).unwrap_or(Date::MIN)
        };
        let days = contracts
            .chain(known)
            .chain(assumed)
            .chain(last(&self.last_paid, &base.last_paid, signed))
            .chain(last(&self.last_funded, &base.last_funded, granted))
            .chain(series(prices, &earlier.prices, closes))
            .chain(series(quotes, &earlier.quotes, values))
            .chain(self.lines_differ(base));
        days.min()
    }

    fn lines_differ(&self, base: &Engine<'_>) -> Option<Date> {
        let now = self.inputs.lines.iter().filter(|line| base.line(line.id).is_none_or(|then| !same(line, then)));
        let then = base.inputs.lines.iter().filter(|line| self.line(line.id).is_none_or(|now| !same(line, now)));
        now.chain(then).map(|line| reaches(self.terms, line)).min()
    }
}

/// Whether two lines say the same.
fn same(a: &InputLine, b: &InputLine) -> bool {
    let text =
        |line: &InputLine| (line.scheduled, line.scale, line.less, line.line.date, line.line.known, line.line.basis);
    text(a) == text(b) && a.line.id == b.line.id && a.line.fact == b.line.fact
}

/// The first day on which a line may change something: its own, unless it reaches back.
fn reaches(terms: &Terms, line: &InputLine) -> Date {
    let date = line.line.date;
    match &line.line.fact {
        // Prices of all days are compared in the shares of one day.
        Some(Fact::Split { .. }) => Date::MIN,
        // Late news about the period goes elsewhere.
        Some(Fact::Close { period, .. }) => date.min(period.from),
        // Bills are raised ahead of the event.
        Some(Fact::Supply { supply, .. }) => {
            let pays = terms.supplies.get(supply.index()).map_or(&[][..], |s| &s.pays);
            let ahead = pays.iter().map(|pays| pays.offset.min(0)).min().unwrap_or(0);
            date.min(line.scheduled).plus_days(ahead)
        }
        _ => date,
    }
}

/// The first day on which a contract does anything.
fn begins(terms: &Terms, id: ContractId) -> Date {
    let Some(contract) = terms.contracts.get(id.index()) else { return Date::MIN };
    let Some(signed) = contract.signed else { return Date::MIN };
    let ends = contract.supersedes.iter().filter_map(|(_, date)| *date);
    let tranches = terms.tranches_of(id).iter().filter_map(|t| terms.tranches.get(t.index()));
    ends.chain(tranches.filter_map(|tranche| terms.granted(tranche))).fold(signed, Date::min)
}

/// A last payment that moved matters for what falls due after the earlier of the two; one that is there in one run only,
/// from the beginning of what it pays for.
fn last<K: Ord>(now: &BTreeMap<K, Date>, then: &BTreeMap<K, Date>, beginning: impl Fn(&K) -> Date) -> Option<Date> {
    let changed = now.iter().filter(|(key, date)| then.get(key) != Some(date));
    let moved = changed.map(|(key, date)| then.get(key).map_or_else(|| beginning(key), |old| (*old).min(*date).next()));
    let gone = then.keys().filter(|key| !now.contains_key(key)).map(&beginning);
    moved.chain(gone).min()
}

/// The first difference among series, compared one by one; a series that is there in one run only matters at once.
fn series<K: Ord, S>(
    now: &BTreeMap<K, S>,
    then: &BTreeMap<K, S>,
    differ: impl Fn(&S, &S) -> Option<Date>,
) -> Option<Date> {
    if !now.keys().eq(then.keys()) {
        return Some(Date::MIN);
    }
    now.values().zip(then.values()).filter_map(|(now, then)| differ(now, then)).min()
}

fn closes(now: &Series, then: &Series) -> Option<Date> {
    if !now.comparable(then) {
        return Some(Date::MIN);
    }
    let stated =
        |series: &Series| series.closes().iter().map(|c| (c.date, (c.price, c.basis, c.origin.clone()))).collect();
    first_difference(stated(now), stated(then))
}

fn values(now: &Quotes, then: &Quotes) -> Option<Date> {
    let stated =
        |quotes: &Quotes| quotes.all().iter().map(|q| (q.date, (q.value, q.basis, q.origin.clone()))).collect();
    first_difference(stated(now), stated(then))
}

/// The first day on which two series say otherwise. Where one ends, the other differs from the next day on: a day after
/// the last value is not a gap.
fn first_difference<T: PartialEq>(now: Vec<(Date, T)>, then: Vec<(Date, T)>) -> Option<Date> {
    let same = now.iter().zip(&then).take_while(|(a, b)| a == b).count();
    let last = same.checked_sub(1).and_then(|last| now.get(last)).map(|(date, _)| date.next());
    match (now.get(same), then.get(same)) {
        (None, None) => None,
        (Some((a, _)), Some((b, _))) => Some(*a.min(b)),
        _ => Some(last.unwrap_or(Date::MIN)),
    }
}
