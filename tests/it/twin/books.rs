//! Section 8 and rules/books/us-gaap.pf written down again for seller and issuer.

use std::collections::BTreeMap;

use proforma::num::{Number, Rounding};
use proforma::terms::{Binding, FlowId, Funding, Gate, SupplyId, Test, TrancheId, Trigger};

use super::world::{Heard, World};

/// The books of sellers and issuers, on the normal side of each account.
#[derive(Default)]
pub struct Books {
    /// By account and supply or tranche path.
    pub balances: BTreeMap<(&'static str, String), Number>,
    /// What each `keep` rule has posted.
    kept: BTreeMap<(&'static str, String), Number>,
    /// Of supplies in another currency, the balances in theirs.
    abroad: BTreeMap<(&'static str, String), Number>,
}

impl Books {
    fn add(&mut self, account: &'static str, item: &str, amount: Number) {
        let balance = self.balances.entry((account, item.to_owned())).or_default();
        *balance = balance.plus(amount).unwrap();
    }

    /// Takes in a day.
    pub fn day(&mut self, world: &World<'_>) {
        let terms = world.terms;
        for heard in &world.heard {
            match heard {
                Heard::Billed(s, Some((amount, ahead))) => {
                    let asset = ahead.minus(*amount).unwrap();
                    let legs = [("receivable", *amount), ("contract_liability", *ahead), ("contract_asset", asset)];
                    self.legs(world, *s, &legs, None);
                }
                Heard::Paid(s, amount, applied) => {
                    let advance = amount.minus(*applied).unwrap();
                    self.legs(world, *s, &[("receivable", applied.neg()), ("contract_liability", advance)], None);
                }
                Heard::Deposited(s, amount) => self.legs(world, *s, &[("customer_deposits", *amount)], None),
                Heard::Applied(s, amount) => {
                    let legs = [("contract_liability", amount.neg()), ("receivable", amount.neg())];
                    self.legs(world, *s, &legs, None);
                }
                Heard::Transferred(s, Some((price, prepaid))) => {
                    let asset = price.minus(*prepaid).unwrap();
                    let legs = [("contract_liability", prepaid.neg()), ("contract_asset", asset)];
                    self.legs(world, *s, &legs, Some(*price));
                }
                Heard::Exercised { tranche, rights, of } => {
                    let item = terms.tranches[tranche.index()].path.to_string();
                    let award = self.balances.get(&("award", item.clone())).copied().unwrap_or_default();
                    let part = award.ratio_of(*rights, *of, Rounding::CENTS).unwrap();
                    self.add("award", &item, part.neg());
                }
                Heard::Funded(tranche, amount) => self.funded(world, *tranche, *amount),
                Heard::Flowed(flow, amount) => self.flowed(world, *flow, *amount),
                Heard::Billed(_, None) | Heard::Transferred(_, None) => {}
            }
        }
        for n in 0..terms.tranches.len() {
            self.tranche(world, TrancheId(u32::try_from(n).unwrap()));
        }
        for n in 0..terms.supplies.len() {
            self.supply(world, SupplyId(u32::try_from(n).unwrap()));
        }
    }

    /// Posts the legs of an event of a supply; revenue is their difference.
    fn legs(&mut self, world: &World<'_>, id: SupplyId, legs: &[(&'static str, Number)], revenue: Option<Number>) {
        let supply = &world.terms.supplies[id.index()];
        let own = &world.terms.parties[supply.seller.index()].currency;
        if !foreign(world, id) {
            legs.iter().for_each(|(account, amount)| self.add(account, &supply.path, *amount));
            revenue.into_iter().for_each(|price| self.add("revenue", &supply.path, price));
            return;
        }
        let turned = |amount: Number| match amount.is_zero() {
            true => Some(amount),
            false => world.belief.exchanged(amount, &supply.currency, own, world.day),
        };
        // Without a rate nothing is posted.
        if turned(Number::ONE).is_none() {
            return;
        }
        let mut earned = Number::ZERO;
        for (account, amount) in legs.iter().filter(|(_, amount)| !amount.is_zero()) {
            let key = (*account, supply.path.to_string());
            let there = self.abroad.get(&key).copied().unwrap_or_default();
            let here = self.balances.get(&key).copied().unwrap_or_default();
            let moved = match *account {
                "contract_liability" if amount.is_negative() => here.ratio_of(*amount, there, Rounding::CENTS).unwrap(),
                "contract_liability" => turned(*amount).unwrap(),
                _ => {
                    self.add(account, &supply.path, turned(there).unwrap().minus(here).unwrap());
                    turned(*amount).unwrap()
                }
            };
            self.add(account, &supply.path, moved);
            self.abroad.insert(key, there.plus(*amount).unwrap());
            // Assets less liabilities.
            let change = if *account == "contract_liability" { moved.neg() } else { moved };
            earned = earned.plus(change).unwrap();
        }
        if revenue.is_some() {
            self.add("revenue", &supply.path, earned);
        }
    }

    /// The company records what it receives, an investor what it pays.
    fn funded(&mut self, world: &World<'_>, id: TrancheId, amount: Number) {
        let path = &world.terms.tranches[id.index()].path;
        let investment = world.terms.investment_of(id).unwrap();
        match investment.funding {
            Funding::Nothing => self.add("award", path, amount.neg()),
            Funding::Capacity => self.add("capacity_credit", path, amount),
            Funding::Cash | Funding::Shares(_) => {}
        }
    }

    /// On a cash basis, at the rate of the day.
    fn flowed(&mut self, world: &World<'_>, id: FlowId, amount: Number) {
        let flow = &world.terms.flows[id.index()];
        let ends = [
            (flow.to, if flow.financing { "funding_received" } else { "receipts" }),
            (flow.from, if flow.financing { "funding_given" } else { "operating_costs" }),
        ];
        for (party, account) in ends {
            let Some(party) = party.map(|p| &world.terms.parties[p.index()]).filter(|p| p.book.is_some()) else {
                continue;
            };
            if let Some(amount) = world.belief.exchanged(amount, &flow.currency, &party.currency, world.day) {
                self.add(account, &flow.path, amount);
            }
        }
    }

    fn keep(&mut self, account: &'static str, item: &str, target: Number) -> Number {
        let target = target.round(Rounding::CENTS);
        let so_far = self.kept.insert((account, item.to_owned()), target).unwrap_or_default();
        let difference = target.minus(so_far).unwrap();
        self.add(account, item, difference);
        difference
    }

    fn tranche(&mut self, world: &World<'_>, id: TrancheId) {
        let tranche = &world.terms.tranches[id.index()];
        let Some(rights) = world.rights.get(&id) else { return };
        if !award(world, id) {
            return;
        }
        let Some(value) = value(world, id) else { return };
        if tranche.band.is_none() {
            return;
        }
        let (inside, width) = in_band(world, id, world.purchased(id, world.day)).unwrap();
        let zero = Number::ZERO;
        let contra = if probable(world, id) { inside } else { zero };
        let ahead = if rights.vested_on.is_some() { width.minus(inside).unwrap() } else { zero };
        let cents = |part: Number| value.ratio_of(part, width, Rounding::CENTS).unwrap();
        let first = self.keep("contra_revenue", &tranche.path, cents(contra));
        let second = self.keep("customer_incentive", &tranche.path, cents(ahead));
        self.add("award", &tranche.path, first.plus(second).unwrap());
    }

    fn supply(&mut self, world: &World<'_>, id: SupplyId) {
        let supply = &world.terms.supplies[id.index()];
        let signed = world.terms.contracts[supply.contract.index()].signed;
        if foreign(world, id) || world.dropped(supply.contract) || signed.is_some_and(|signed| world.day < signed) {
            return;
        }
        if !supply.binds() {
            return;
        }
        let passed = world.passed(id);
        let firm = world.quantities(id, |s| s.binding == Binding::Definitive && !s.option).unwrap();
        let ended = world.ended.contains_key(&supply.contract);
        let enforceable = if ended { passed } else { firm.max(world.total(id, Trigger::Order)).max(passed) };
        let backlog = enforceable.minus(passed).unwrap();
        let price = supply.price.value(world.belief).unwrap().known();
        let Some(price) = price.or(backlog.is_zero().then_some(Number::ZERO)) else { return };
        let mut target = backlog.times(price).unwrap();
        for tranche in world.terms.earned_by(id) {
            if !award(world, tranche) || !probable(world, tranche) {
                continue;
            }
            if world.terms.tranches[tranche.index()].band.is_none() {
                continue;
            }
            let counted = world.purchased(tranche, world.day);
            let Some((upto, width)) = in_band(world, tranche, backlog.plus(counted).unwrap()) else { continue };
            let (from, _) = in_band(world, tranche, counted).unwrap();
            let part = upto.minus(from).unwrap();
            if part.is_zero() {
                continue;
            }
            let Some(value) = value(world, tranche) else { return };
            let cost = value.ratio_of(part, width, Rounding::new(12, proforma::num::Mode::HalfUp)).unwrap();
            target = target.minus(cost).unwrap();
        }
        self.keep("rpo", &supply.path, target);
    }
}

/// Of investments only shares given for nothing are an award.
fn award(world: &World<'_>, id: TrancheId) -> bool {
    world.terms.investment_of(id).is_none_or(|i| i.funding == Funding::Nothing)
}

/// In another currency than the seller's book.
fn foreign(world: &World<'_>, id: SupplyId) -> bool {
    let supply = &world.terms.supplies[id.index()];
    world.terms.parties[supply.seller.index()].currency != supply.currency
}

/// Size at signing times grant-date value.
fn value(world: &World<'_>, id: TrancheId) -> Option<Number> {
    let tranche = &world.terms.tranches[id.index()];
    let each = tranche.fair_value.value(world.belief).unwrap().known()?;
    Some(tranche.size.times(each).unwrap())
}

/// The band of a tranche, in numbers.
fn own_band(world: &World<'_>, id: TrancheId) -> Option<(Number, Number)> {
    let band = world.terms.tranches[id.index()].band.as_ref()?;
    let from = band.from.value(world.belief).unwrap().known()?;
    Some((from, band.to.value(world.belief).unwrap().known()?))
}

/// How much of the first `quantity` lies in what earns a tranche, and how wide that is: its band, or in a single pool
/// everything up to the largest threshold among probable tranches.
fn in_band(world: &World<'_>, id: TrancheId, quantity: Number) -> Option<(Number, Number)> {
    let (mut from, mut to) = own_band(world, id)?;
    let (_, issuer, _) = world.terms.sides(&world.terms.tranches[id.index()])?;
    let (_, choices) = world.terms.parties[issuer.index()].book.as_ref()?;
    if choices.iter().any(|(_, choice)| &**choice == "single_pool") {
        let supply = world.terms.tranches[id.index()].band.as_ref()?.supply;
        let likely = world.terms.earned_by(supply).filter(|t| award(world, *t) && probable(world, *t));
        from = Number::ZERO;
        to = likely.filter_map(|t| own_band(world, t)).fold(to, |most, (_, to)| most.max(to));
    }
    Some((quantity.min(to).max(from).minus(from).unwrap(), to.minus(from).unwrap()))
}

/// BOOKS.md: no quantity test, its band passed, vested, or judged so; not after it lapsed with its quantity not reached.
pub fn probable(world: &World<'_>, id: TrancheId) -> bool {
    let tranche = &world.terms.tranches[id.index()];
    // The cost follows the later of revenue and promise.
    let Some(rights) = world.rights.get(&id) else { return false };
    let upto = rights.lapsed_on.unwrap_or(world.day);
    let passed = own_band(world, id).is_some_and(|(_, to)| world.purchased(id, upto) >= to);
    if !has_quantity(&tranche.vests) || passed || rights.vested_on.is_some() || by_market(&tranche.vests) {
        return true;
    }
    rights.lapsed_on.is_none() && world.judged.get(&id) == Some(&true)
}

/// Whether a condition tests a quantity.
fn has_quantity(gate: &Gate) -> bool {
    let mut leaves = Vec::new();
    gate.leaves(&mut leaves);
    leaves.iter().any(|leaf| matches!(leaf.test, Test::Counter(..)))
}

/// One of several ways to vest is a market condition and needs no purchases.
fn by_market(gate: &Gate) -> bool {
    let prices = |gate: &Gate| {
        let mut leaves = Vec::new();
        gate.leaves(&mut leaves);
        leaves.iter().any(|leaf| matches!(leaf.test, Test::Price(..)))
    };
    match gate {
        Gate::Any(ways) => ways.iter().any(|way| by_market(way) || !has_quantity(way) && prices(way)),
        Gate::All(tests) => tests.iter().any(by_market) && tests.iter().all(|t| by_market(t) || !has_quantity(t)),
        Gate::Latched { inner, .. } => by_market(inner),
        Gate::Leaf(_) => false,
    }
}
