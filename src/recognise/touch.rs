//! Which targets a day can move. Looking at others would change nothing and cost as much.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::Item;
use super::{AsBooked, BookState, Bookkeeper};
use crate::engine::{Act, Outcome};
use crate::num::{Fault, Number, Rounding, Unit};
use crate::terms::{Assumptions, Book, BookExpr, RuleKind, SupplyId, Tranche, TrancheId, Trigger};

/// What is known about a book before its first day.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Rounding to the minor unit of the party's currency.
    pub cents: Rounding,
    /// Some method measures tranches together, so that one moves another.
    pub pooled: bool,
    /// Some target reads a balance of the book, so that any entry may move it.
    pub carrying: bool,
}

/// What was touched today.
#[derive(Clone, Debug, Default)]
pub(super) struct Touched {
    /// Supplies and tranches.
    pub items: BTreeSet<Item>,
    /// Supplies of which only the quantities moved, with what had passed at the start of the day.
    quantities: BTreeMap<SupplyId, Number>,
}

/// Today's outcomes that can move a target, by the supply they are about or that earns their tranche.
pub(super) type Moving<'o> = BTreeMap<Option<SupplyId>, Vec<(u32, &'o Outcome)>>;

impl Plan {
    /// Reads a book with its choices.
    #[must_use]
    pub fn new(book: &Book, choices: &[(std::sync::Arc<str>, std::sync::Arc<str>)], currency: &str) -> Self {
        let targets = || {
            book.rules.iter().filter_map(|rule| match &rule.kind {
                RuleKind::Keep { target, .. } => Some(target),
                RuleKind::On { .. } | RuleKind::Exchange { .. } => None,
            })
        };
        Self {
            cents: Rounding { places: Unit::of(currency).precision().unwrap_or(2), ..Rounding::CENTS },
            pooled: choices.iter().any(|(_, choice)| &**choice == "single_pool")
                || targets().any(|t| {
                    reads(
                        t,
                        &|e| matches!(e, BookExpr::Method(_, args) if args.iter().any(|arg| &**arg == "single_pool")),
                    )
                }),
            carrying: targets().any(|t| reads(t, &|e| matches!(e, BookExpr::Carrying(_)))),
        }
    }
}

/// Whether an expression or a part of it is such.
pub(super) fn reads(expr: &BookExpr, such: &impl Fn(&BookExpr) -> bool) -> bool {
    such(expr)
        || match expr {
            BookExpr::Add(a, b)
            | BookExpr::Sub(a, b)
            | BookExpr::Mul(a, b)
            | BookExpr::Min(a, b)
            | BookExpr::Max(a, b) => reads(a, such) || reads(b, such),
            _ => false,
        }
}

impl Bookkeeper<'_> {
    /// Notes what an outcome touches, before it is taken in.
    pub(super) fn touch(&self, touched: &mut Touched, booked: &AsBooked, act: &Act) {
        if let Act::Ended { contract, .. } = act {
            touched.items.extend(self.terms.supplies_of(*contract).iter().map(|id| Item::Supply(*id)));
            let stood = self.terms.credits.iter().filter(|c| c.contract == *contract && c.guarantee().is_some());
            for guarantee in stood.map(|credit| credit.tranche) {
                touched.items.insert(Item::Tranche(guarantee));
                touched.items.extend(self.terms.given_for(guarantee).iter().map(|id| Item::Tranche(*id)));
            }
        }
        touched.items.extend(act.tranche().map(Item::Tranche));
        let given = act.tranche().map_or(&[][..], |credit| self.terms.given_for(credit));
        touched.items.extend(given.iter().map(|id| Item::Tranche(*id)));
        touched.items.extend(act.stake().map(Item::Holding));
        // The promises of a contract share its price.
        if let Act::Modified { supply, .. } = act
            && let Some(modified) = self.terms.supplies.get(supply.index())
        {
            touched.items.extend(self.terms.supplies_of(modified.contract).iter().map(|id| Item::Supply(*id)));
        }
        let Some(id) = act.supply() else { return };
        let contract = self.terms.supplies.get(id.index()).and_then(|s| self.terms.contracts.get(s.contract.index()));
        let signed = contract.is_some_and(|c| c.signed.is_some());
        let quantity = match act {
            // What was first looked at on its signing needs to be looked at again only when a method reads otherwise.
            _ if self.plan.carrying || !signed || self.financed(id) => false,
            // What is expected back is so of what was paid.
            Act::Paid { .. } if booked.estimates.contains_key(&id) => false,
            Act::Billed { .. } | Act::Paid { .. } | Act::Applied { .. } => return,
            Act::Supplied { trigger, .. } if *trigger != Trigger::Order && !self.taken(act) => return,
            Act::Supplied { .. } | Act::Transferred { .. } => true,
            _ => false,
        };
        if quantity {
            touched.quantities.entry(id).or_insert_with(|| booked.supply(id).transferred);
        } else {
            touched.items.insert(Item::Supply(id));
        }
    }

    /// Whether something is taken under a minimum.
    fn taken(&self, act: &Act) -> bool {
        let delivered = matches!(act, Act::Supplied { trigger: Trigger::Delivery, .. });
        let supply = act.supply().and_then(|id| self.terms.supplies.get(id.index()));
        delivered && supply.is_some_and(|supply| supply.minimum.is_some())
    }

    /// Whether interest is counted on what is paid or passes.
    fn financed(&self, id: SupplyId) -> bool {
        self.terms.supplies.get(id.index()).is_some_and(|supply| supply.financing.is_some())
    }

    /// Tranches and supplies whose measures may have moved: those touched, and those that share a supply with them.
    pub(super) fn reached(
        &self,
        assumptions: &impl Assumptions,
        state: &BookState,
        touched: &Touched,
    ) -> Result<BTreeSet<Item>, Fault> {
        let mut items = touched.items.clone();
        let supplies: BTreeSet<SupplyId> = touched.items.iter().filter_map(|item| self.supply_of(*item)).collect();
        items.extend(supplies.iter().map(|id| Item::Supply(*id)));
        for supply in supplies {
            items.extend(self.terms.earned_by(supply).map(Item::Tranche));
        }
        for (supply, before) in &touched.quantities {
            items.insert(Item::Supply(*supply));
            let now = state.booked.supply(*supply).transferred;
            for id in self.terms.earned_by(*supply) {
                let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
                let known = state.booked.awards.contains_key(&id);
                if known
                    || !state.booked.granted.contains_key(&id)
                    || self.moved(assumptions, &state.booked, tranche, *before, now)?
                {
                    items.insert(Item::Tranche(id));
                }
            }
        }
        Ok(items)
    }

    /// Whether a tranche measures otherwise after more has passed: inside its band, or where bands are pooled.
    fn moved(
        &self,
        assumptions: &impl Assumptions,
        booked: &AsBooked,
        tranche: &Tranche,
        before: Number,
        now: Number,
    ) -> Result<bool, Fault> {
        if before == now {
            return Ok(false);
        }
        let Some(band) = tranche.band.as_ref().filter(|_| !self.plan.pooled) else { return Ok(true) };
        // Where a counter does not count everything, its sum is another than what has passed.
        if booked.outside.contains_key(&band.counter) {
            return Ok(true);
        }
        let Some((_, from, to)) = self.terms.earning_band(tranche, assumptions)? else { return Ok(true) };
        Ok(match from.known().zip(to.known()) {
            Some((from, to)) if from < to => before.max(from).min(to) != now.max(from).min(to),
            _ => true,
        })
    }

    /// The supply of an item, or the one that earns it.
    pub(super) fn supply_of(&self, item: Item) -> Option<SupplyId> {
        match item {
            Item::Supply(id) => Some(id),
            Item::Tranche(id) => self.terms.earning_supply(id),
            Item::Flow(_) | Item::Holding(_) | Item::Class(_) => None,
        }
    }

    /// Sorts out today's outcomes that can move a target. Bills and payments move none; a delivery does so by passing
    /// control.
    pub(super) fn moving<'o>(&self, outcomes: &[(u32, &'o Outcome)]) -> Moving<'o> {
        let mut moving = Moving::new();
        for (number, outcome) in outcomes {
            let order = matches!(outcome.act, Act::Supplied { trigger: Trigger::Order, .. });
            let other = matches!(
                outcome.act,
                Act::Transferred { .. }
                    | Act::Signed { .. }
                    | Act::Granted { .. }
                    | Act::Judged { .. }
                    | Act::Assessed { .. }
                    | Act::Vested { .. }
                    | Act::Lapsed { .. }
                    | Act::Ended { .. }
                    | Act::Exercised { .. }
                    | Act::Adopted { .. }
                    | Act::FeePaid { .. }
                    | Act::Drawn { .. }
                    | Act::CarriedOver { .. }
                    | Act::Reset { .. }
                    | Act::Accrued { .. }
                    | Act::Serviced { .. }
                    | Act::Repaid { .. }
                    | Act::Commenced { .. }
                    | Act::Holding { .. }
                    | Act::Committed { .. }
                    | Act::Funded { .. }
            );
            let priced = matches!(
                outcome.act,
                Act::Estimated { .. } | Act::Modified { .. } | Act::Elapsed { .. } | Act::RightEnded { .. }
            );
            let cash = match outcome.act {
                Act::Paid { supply, .. } => self.financed(supply) || self.terms.varies(supply),
                Act::Refunded { .. } => true,
                _ => false,
            };
            // What is about a contract is about all its supplies.
            let contract = match outcome.act {
                Act::Modified { supply, .. } => self.terms.supplies.get(supply.index()).map(|s| s.contract),
                Act::Ended { contract, .. } => Some(contract),
                _ => None,
            };
            let others = contract.map_or(&[][..], |contract| self.terms.supplies_of(contract));
            for other in others.iter().filter(|other| Some(**other) != outcome.act.supply()) {
                moving.entry(Some(*other)).or_default().push((*number, *outcome));
            }
            if order || other || priced || cash || self.taken(&outcome.act) {
                let earning = |id: TrancheId| self.terms.earning_supply(id);
                let supply = outcome.act.supply().or_else(|| outcome.act.tranche().and_then(earning));
                moving.entry(supply).or_default().push((*number, *outcome));
            }
        }
        moving
    }
}
