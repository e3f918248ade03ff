//! Money that goes round: what suppliers pay to their own customers beside what these buy, pair by pair.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::Reporter;
use super::measure::{Measured, Measures, nothing};
use super::{Bases, Cell, Column, Figure, Origin, Report, Row, Scale, Table};
use crate::engine::{Act, Outcome, quotes};
use crate::num::{Fault, Number, Rounding, Unit};
use crate::terms::{Basis, ContractId, Funding, PartyId, SupplyId, Value};
use crate::time::{Date, Period};

/// Measures of a supplier with a customer as the item.
pub(super) const MEASURES: &[&str] = &["purchases_paid", "supplier_sourced_cash", "funding_ratio", "excess_payable"];

/// From this ratio on a pair is flagged.
const FLAG: Number = Number::ONE;
const PARTS: i64 = 4;
/// Cash both ways within so many days, and contracts signed within so many, belong together at first sight.
const SAME: i64 = 7;
const TOGETHER: i64 = 30;

/// A supplier and its customer over four quarters, in the currency of the supplier.
struct Pair {
    supplier: PartyId,
    customer: PartyId,
    purchases: Value,
    sourced: Value,
    excess: Number,
    /// Of each sale: what is paid above fair value over the purchases that earn it.
    rate: Option<Number>,
    outcomes: Vec<u32>,
    certainty: Basis,
    same_day: usize,
    together: Vec<String>,
}

impl Pair {
    fn ratio(&self) -> Result<Value, Fault> {
        let places = Rounding { places: 4, ..Rounding::CENTS };
        self.sourced.clone().join(self.purchases.clone(), |sourced, purchases| {
            if purchases.is_positive() { sourced.over(purchases, places) } else { Ok(Number::ZERO) }
        })
    }

    fn flagged(&self) -> Result<bool, Fault> {
        let ratio = self.ratio()?.known().unwrap_or_default();
        Ok(ratio.times(Number::from_int(PARTS))? >= FLAG)
    }
}

/// The last four quarters up to a day.
fn year(to: Date) -> Period {
    Period { from: to.next().plus_years(-1), to }
}

/// A measure of a pair.
pub(super) fn measure(
    measures: Measures<'_, '_>,
    supplier: PartyId,
    measure: &str,
    item: Option<&str>,
    to: Date,
) -> Result<Option<Measured>, Fault> {
    let terms = measures.replay.terms;
    let customer = (0u32..).map(PartyId).zip(&terms.parties).find(|(_, party)| Some(&*party.name) == item);
    let (Some((customer, _)), Some(party)) = (customer, terms.parties.get(supplier.index())) else { return Ok(None) };
    let pair = pair(measures, supplier, customer, year(to))?;
    let currency = Unit::of(&party.currency);
    let (value, unit) = match measure {
        "purchases_paid" => (pair.purchases, currency),
        "supplier_sourced_cash" => (pair.sourced, currency),
        "funding_ratio" => (pair.ratio()?, Unit::none()),
        _ => (Value::Known(pair.excess), currency),
    };
    let origin = Origin::Outcomes(pair.outcomes);
    Ok(Some(Measured { value, missing: BTreeSet::new(), unit, certainty: pair.certainty, origin }))
}

/// Cash between two parties: from the customer for what it buys, and from the supplier for shares, under lines, and for what
/// it buys of its own customer above fair value.
fn pair(measures: Measures<'_, '_>, supplier: PartyId, customer: PartyId, period: Period) -> Result<Pair, Fault> {
    let replay = measures.replay;
    let terms = replay.terms;
    let currency = terms.parties.get(supplier.index()).map_or_else(|| "USD".into(), |p| p.currency.clone());
    let own =
        |amount: Number, from: &str, date: Date| quotes::convert(replay.inputs, amount, from, &currency, date, None);
    let mut found = Pair {
        supplier,
        customer,
        purchases: Value::ZERO,
        sourced: Value::ZERO,
        excess: Number::ZERO,
        rate: None,
        outcomes: Vec::new(),
        certainty: Basis::Actual,
        same_day: 0,
        together: Vec::new(),
    };
    let (mut paid_in, mut paid_out): (Vec<Date>, Vec<Date>) = (Vec::new(), Vec::new());
    for (number, outcome) in (0u32..).zip(replay.register.outcomes.iter()) {
        if !period.contains(outcome.date) {
            continue;
        }
        let Some((payer, payee, amount, coin)) = cash(measures, outcome, (supplier, customer))? else { continue };
        let amount = own(amount, &coin, outcome.date)?;
        if (payer, payee) == (customer, supplier) {
            found.purchases = found.purchases.plus(amount)?;
            paid_in.push(outcome.date);
        } else {
            found.sourced = found.sourced.plus(amount)?;
            paid_out.push(outcome.date);
        }
        found.outcomes.push(number);
        found.certainty = found.certainty.max(outcome.basis);
    }
    let near = |day: &Date| paid_out.iter().any(|out| day.days_until(*out).abs() <= SAME);
    found.same_day = paid_in.iter().filter(|day| near(day)).count();
    let mut earning: BTreeMap<SupplyId, (Number, Number)> = BTreeMap::new();
    let mut above_all = Number::ZERO;
    for investment in terms.investments.iter().filter(|i| i.company == customer && i.standing.is_owed()) {
        let lead = investment.investors.first().map(|(investor, _)| *investor);
        if lead != Some(supplier) || investment.since > period.to {
            continue;
        }
        let above = investment.above(investment.amount)?;
        found.excess = found.excess.plus(above)?;
        for tranche in investment.tranches.iter().filter_map(|id| terms.tranches.get(id.index())) {
            let Some(band) = &tranche.band else { continue };
            let ends = (band.from.value(replay.inputs)?.known(), band.to.value(replay.inputs)?.known());
            let (Some(from), Some(to)) = ends else { continue };
            if to > from && above.is_positive() {
                let known = earning.entry(band.supply).or_insert((from, to));
                *known = (known.0.min(from), known.1.max(to));
                above_all = above_all.plus(investment.above(tranche.size)?)?;
            }
        }
    }
    found.rate = rate(measures, &earning, above_all)?;
    found.together = together(measures, supplier, customer);
    Ok(found)
}

/// Of each sale, in hundredths: what is paid above fair value over the price of the purchases that earn it.
fn rate(
    measures: Measures<'_, '_>,
    earning: &BTreeMap<SupplyId, (Number, Number)>,
    above: Number,
) -> Result<Option<Number>, Fault> {
    let mut purchases = Number::ZERO;
    for (id, (from, to)) in earning {
        let Some(supply) = measures.replay.terms.supplies.get(id.index()) else { continue };
        let Some(price) = supply.price.value(measures.replay.inputs)?.known() else { return Ok(None) };
        purchases = purchases.plus(to.minus(*from)?.times(price)?)?;
    }
    if !purchases.is_positive() {
        return Ok(None);
    }
    above.times(Number::from_int(100))?.over(purchases, Rounding { places: 4, ..Rounding::CENTS }).map(Some)
}

/// Who paid whom how much, in which currency.
type Payment = (PartyId, PartyId, Number, Arc<str>);

/// A payment, if it is between these two and counts.
fn cash(
    measures: Measures<'_, '_>,
    outcome: &Outcome,
    (supplier, customer): (PartyId, PartyId),
) -> Result<Option<Payment>, Fault> {
    let terms = measures.replay.terms;
    Ok(match &outcome.act {
        Act::Paid { supply, amount, promised: false, .. } => {
            let Some(supply) = terms.supplies.get(supply.index()) else { return Ok(None) };
            let sale = supply.seller == supplier && supply.buyer == customer;
            let bought = supply.seller == customer && supply.buyer == supplier && supply.fair_value.is_some();
            (sale || bought).then(|| (supply.buyer, supply.seller, *amount, supply.currency.clone()))
        }
        Act::Funded { tranche, by, amount, promised: false, .. } => {
            let investment = terms.investment_of(*tranche).filter(|i| i.company == customer && *by == supplier);
            investment
                .filter(|investment| investment.funding == Funding::Cash)
                .map(|investment| (supplier, customer, *amount, investment.currency.clone()))
        }
        Act::Drawn { tranche, paid: Value::Known(paid), .. } => {
            let loan = terms.credit_of(*tranche).filter(|loan| loan.giver == supplier && loan.taker == customer);
            loan.map(|loan| (supplier, customer, *paid, loan.currency.clone()))
        }
        Act::Flowed { flow, amount: Value::Known(amount), promised: false } => {
            let flow = terms.flows.get(flow.index());
            let flow = flow.filter(|flow| flow.from == Some(supplier) && flow.to == Some(customer));
            flow.map(|flow| (supplier, customer, *amount, flow.currency.clone()))
        }
        _ => None,
    })
}

/// Contracts between two parties that were signed within a month of each other, in pairs.
fn together(measures: Measures<'_, '_>, supplier: PartyId, customer: PartyId) -> Vec<String> {
    let replay = measures.replay;
    let both = |contract: &&crate::terms::Contract| {
        let has = |party| contract.between.iter().any(|(id, _)| *id == party);
        has(supplier) && has(customer)
    };
    let live = (0u32..).map(ContractId).zip(&replay.terms.contracts);
    let live = live.filter(|(id, c)| !replay.inputs.dropped.contains(id) && both(c));
    let signed: Vec<(&Arc<str>, Date)> = live.filter_map(|(_, c)| Some((&c.path, c.signed?))).collect();
    let mut found = Vec::new();
    for (index, (path, day)) in signed.iter().enumerate() {
        for (other, on) in signed.iter().skip(index + 1) {
            if day.days_until(*on).abs() <= TOGETHER {
                found.push(format!("{path} and {other}"));
            }
        }
    }
    found
}

impl Reporter<'_, '_> {
    /// Pairs of a supplier and a customer with money both ways, and circles of more.
    pub(super) fn circular(&mut self) -> Result<Report, String> {
        let to = self.scope.range.map_or_else(|| self.replay.today(), |range| range.to);
        let mut report = self.report("circular", "Money between suppliers and their customers".into());
        report.header.at = Some(to).filter(|day| *day > Date::MIN);
        report.header.units = self.scales.amounts();
        let pairs = self.pairs(to).map_err(|fault| fault.to_string())?;
        if pairs.is_empty() {
            return Ok(self.nothing(
                "circular",
                "Money between suppliers and their customers",
                "pays no customer of its own",
            ));
        }
        self.pairs_table(&mut report, &pairs, to).map_err(|fault| fault.to_string())?;
        for circle in self.circles(to) {
            report.notes.push(format!("cash goes round among {}.", circle.join(", ")));
        }
        report.notes.push(
            "indicators, not findings: whether contracts are one (ASC 606-10-25-9), have commercial substance (25-1(d)) and \
             would be paid without the supplier's money (25-1(e)) is a judgement."
                .into(),
        );
        Ok(report)
    }

    fn pairs(&self, to: Date) -> Result<Vec<Pair>, Fault> {
        let terms = self.replay.terms;
        let all: BTreeSet<(PartyId, PartyId)> = terms.supplies.iter().map(|s| (s.seller, s.buyer)).collect();
        let mut found = Vec::new();
        for (supplier, customer) in all {
            let named = self.scope.entity.as_ref().is_none_or(|name| {
                [supplier, customer].iter().any(|id| self.party_name(*id).eq_ignore_ascii_case(name))
            });
            if !named {
                continue;
            }
            let pair = pair(self.measures(), supplier, customer, year(to))?;
            if pair.sourced != Value::ZERO || pair.excess.is_positive() {
                found.push(pair);
            }
        }
        Ok(found)
    }

    fn pairs_table(&mut self, report: &mut Report, pairs: &[Pair], to: Date) -> Result<(), Fault> {
        let columns = vec![
            Column::text("Supplier"),
            Column::text("Customer"),
            Column::figures("Purchases\npaid", self.scales.money),
            Column::figures("From the\nsupplier", self.scales.money),
            Column::figures("Funding\nratio", Scale { power: 0, places: 4 }),
            Column::figures("Above fair\nvalue", self.scales.money),
            Column::figures("Of each\nsale, %", Scale { power: 0, places: 2 }),
            Column::figures("Net\nrevenue", self.scales.money),
            Column::figures("Less what the\nsupplier paid", self.scales.money),
            Column::figures("Profit not\nearned yet", self.scales.money),
            Column::text("Flags"),
        ];
        let mut table = Table { columns, ..Table::default() };
        for pair in pairs {
            let row = self.pair_row(pair, to)?;
            table.rows.push(row);
        }
        let period = year(to);
        table.footnotes.push(format!(
            "{} to {}. Funding ratio: cash from the supplier (shares, loans, lines between the two, purchases of distinct goods) over \
             purchases paid; flagged from a quarter on. Of each sale: what is paid above the fair value of shares over the \
             purchases that earn it. Profit not earned yet: the supplier's part of its own profit on goods that the customer \
             still has, as judged.",
            period.from, period.to
        ));
        report.tables.push(table);
        Ok(())
    }

    fn pair_row(&mut self, pair: &Pair, to: Date) -> Result<Row, Fault> {
        let terms = self.replay.terms;
        let coin = terms.parties.get(pair.supplier.index()).map_or_else(Unit::none, |party| Unit::of(&party.currency));
        let origin = || Origin::Outcomes(pair.outcomes.clone());
        let figure = |bases: &mut Bases, value: Value, unit: &Unit| -> Figure {
            bases.figure(value, unit.clone(), pair.certainty, origin())
        };
        let net = self.net_with(pair, to)?;
        let ratio = pair.ratio()?;
        let own = net
            .value
            .clone()
            .join(ratio.clone(), |net, ratio| net.minus(net.times(ratio.min(Number::ONE))?.round(Rounding::CENTS)))?;
        let unearned = self.unearned(pair, to)?;
        let mut flags = Vec::new();
        if pair.flagged()? {
            flags.push("funds its own sales".to_owned());
        }
        if pair.excess.is_positive() {
            flags.push("pays above fair value".to_owned());
        }
        if pair.same_day > 0 {
            flags.push(format!("cash both ways within {SAME} days, {} times", pair.same_day));
        }
        if !pair.together.is_empty() {
            flags.push(format!("signed within {TOGETHER} days: {}", pair.together.join("; ")));
        }
        let none = Unit::none();
        let purchases = figure(&mut self.bases, pair.purchases.clone(), &coin);
        let sourced = figure(&mut self.bases, pair.sourced.clone(), &coin);
        let ratio = figure(&mut self.bases, ratio, &none);
        let excess = figure(&mut self.bases, Value::Known(pair.excess), &coin);
        let rate = figure(&mut self.bases, Value::Known(pair.rate.unwrap_or_default()), &Unit::of("%"));
        let net = self.cell(&net);
        let own = figure(&mut self.bases, own, &coin);
        let unearned = figure(&mut self.bases, unearned, &coin);
        Ok(Row::of(vec![
            Cell::Text(self.party_name(pair.supplier)),
            Cell::Text(self.party_name(pair.customer)),
            Cell::Figure(purchases),
            Cell::Figure(sourced),
            Cell::Figure(ratio),
            Cell::Figure(excess),
            Cell::Figure(rate),
            net,
            Cell::Figure(own),
            Cell::Figure(unearned),
            Cell::Text(flags.join("; ")),
        ]))
    }

    /// Net revenue of the supplier with this customer.
    fn net_with(&self, pair: &Pair, to: Date) -> Result<Measured, Fault> {
        let terms = self.replay.terms;
        let Some(book) = self.replay.keeper(pair.supplier) else { return Ok(nothing(Unit::none())) };
        let mut sum: Option<Measured> = None;
        for supply in terms.supplies.iter().filter(|s| s.seller == pair.supplier && s.buyer == pair.customer) {
            let found = super::derived::net_revenue(self.measures(), book, Some(&supply.path), year(to))?;
            sum = Some(match sum {
                None => found,
                Some(so_far) => super::fact::add(so_far, found)?,
            });
        }
        Ok(sum.unwrap_or_else(|| nothing(Unit::none())))
    }

    /// The supplier's part of profit on goods that the customer still has, where it accounts by the equity method.
    fn unearned(&self, pair: &Pair, to: Date) -> Result<Value, Fault> {
        let terms = self.replay.terms;
        let Some(book) = self.replay.keeper(pair.supplier) else { return Ok(Value::ZERO) };
        let state = self.replay.book(book, to);
        let mut sum = Value::ZERO;
        for (id, stake) in terms.stakes.iter().filter(|(_, stake)| stake.holder == pair.supplier) {
            let of = terms.classes.get(stake.class.index()).map(|class| class.issuer);
            let Some(held) = state.booked.holdings.get(&id).filter(|_| of == Some(pair.customer)) else { continue };
            let (Some(profit), Some(count)) = (held.estimates.get("unrealised"), &held.count) else { continue };
            let profit = profit.value(self.replay.inputs)?;
            let part = profit.join(count.of.clone(), |profit, of| profit.ratio_of(count.held, of, Rounding::CENTS))?;
            sum = sum.plus(part)?;
        }
        Ok(sum)
    }

    /// Parties among which cash can go from each to every other, three or more.
    fn circles(&self, to: Date) -> Vec<Vec<String>> {
        let period = year(to);
        let mut edges: BTreeMap<PartyId, BTreeSet<PartyId>> = BTreeMap::new();
        let terms = self.replay.terms;
        for outcome in self.replay.register.outcomes.iter().filter(|o| period.contains(o.date)) {
            let edge = match &outcome.act {
                Act::Paid { supply, promised: false, .. } => {
                    terms.supplies.get(supply.index()).map(|s| (s.buyer, s.seller))
                }
                Act::Funded { tranche, by, promised: false, .. } => {
                    let cash = terms.investment_of(*tranche).filter(|i| i.funding == Funding::Cash);
                    cash.map(|investment| (*by, investment.company))
                }
                Act::Drawn { tranche, .. } => terms.credit_of(*tranche).map(|loan| (loan.giver, loan.taker)),
                Act::Flowed { flow, promised: false, .. } => {
                    terms.flows.get(flow.index()).and_then(|flow| flow.from.zip(flow.to))
                }
                _ => None,
            };
            if let Some((from, to)) = edge {
                edges.entry(from).or_default().insert(to);
            }
        }
        let reach: BTreeMap<PartyId, BTreeSet<PartyId>> = edges.keys().map(|id| (*id, reached(&edges, *id))).collect();
        let both = |a: &PartyId, b: &PartyId| {
            reach.get(a).is_some_and(|seen| seen.contains(b)) && reach.get(b).is_some_and(|seen| seen.contains(a))
        };
        let mut seen: BTreeSet<PartyId> = BTreeSet::new();
        let mut found = Vec::new();
        for id in edges.keys() {
            if seen.contains(id) {
                continue;
            }
            let circle: Vec<PartyId> = edges.keys().filter(|other| both(id, other)).copied().collect();
            seen.extend(circle.iter().copied());
            if circle.len() > 2 {
                found.push(circle.into_iter().map(|id| self.party_name(id)).collect());
            }
        }
        found
    }
}

/// Who can be reached from a party.
fn reached(edges: &BTreeMap<PartyId, BTreeSet<PartyId>>, from: PartyId) -> BTreeSet<PartyId> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        for next in edges.get(&id).into_iter().flatten() {
            if seen.insert(*next) {
                open.push(*next);
            }
        }
    }
    seen
}
