//! What awards still take off the price of what is left to pass.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::method::{Band, Methods, part};
use super::touch::reads;
use super::{Bookkeeper, Exact, Record};
use crate::num::{Fault, Number};
use crate::terms::{
    AccountClass, Assumptions, BookExpr, Method, Over, Rule, RuleKind, Supply, SupplyId, Tranche, TrancheId, Value,
};

/// How the cost of awards is recognised: choices and names of estimates, as a rule says them.
struct Way<'w> {
    policy: &'w str,
    conditions: &'w str,
    measurement: &'w str,
    /// The estimate of what buys nothing to come.
    immediate: &'w str,
    /// The estimate of what is received for it.
    distinct: &'w str,
}

impl Bookkeeper<'_> {
    /// Whether a rule recognises the cost of awards: it reduces income, or is an expense of the issuer, and does not follow
    /// what an award is carried at.
    #[must_use]
    pub fn recognises(&self, rule: &Rule) -> bool {
        let RuleKind::Keep { account, over: Over::Tranche, target, .. } = &rule.kind else { return false };
        let carried = |e: &BookExpr| matches!(e, BookExpr::Method(Method::FairValue, args) if args.first().is_some_and(|arg| &**arg == "carried"));
        match self.book.accounts.get(*account).map(|account| account.class) {
            Some(AccountClass::ContraIncome) => true,
            Some(AccountClass::Expense) => &*rule.role == "issuer" && !reads(target, &carried),
            _ => false,
        }
    }
}

impl<A: Assumptions> Methods<'_, A> {
    /// `allocated(s, attribution, …)`: the cost that probable tranches will have taken off the price once what is enforceable has
    /// passed, less what they have taken off so far.
    pub(super) fn allocated<R: Record>(
        &self,
        id: SupplyId,
        supply: &Supply,
        args: &[Arc<str>],
        passed: Number,
        enforceable: &Value,
    ) -> Result<R, Fault> {
        let word = |at: usize| args.get(at).map_or("", |arg| &**arg);
        let way =
            Way { policy: word(0), conditions: word(1), measurement: word(2), immediate: word(3), distinct: word(4) };
        let policy = way.policy;
        let mut total = Exact::ZERO;
        let mut parts = Vec::new();
        // A tranche without a band may be earned over any supply of its contract.
        let own = self.terms.tranches_of(supply.contract).iter().copied();
        let tranches: BTreeSet<TrancheId> = self.terms.earned_by(id).chain(own).collect();
        for tranche_id in tranches {
            let Some(tranche) = self.terms.tranches.get(tranche_id.index()) else { continue };
            // What a customer pays with is no cost.
            if self.terms.warrant_of(tranche_id).is_some_and(|warrant| warrant.given.is_some()) {
                continue;
            }
            let Some(mut band) = self.band(tranche_id, tranche)?.filter(|band| band.supply == id) else { continue };
            if policy == "single_pool" {
                band = self.pooled(tranche_id, band)?;
            }
            // What is still to pass counts for it.
            let counted = self.booked.purchased(self.terms, tranche_id);
            let end = enforceable.clone().minus(Value::Known(passed.minus(counted)?))?;
            // What is promised beside rights that may be forfeited is given whether more is bought or not.
            let value = match self.conceded(tranche_id, tranche)? {
                Some(conceded) => {
                    let open = match &end {
                        Value::Known(end) => part(*end, &band.from, &band.to)?,
                        Value::Missing(names) => Exact::Missing(names.clone()),
                    };
                    open.minus(part(counted, &band.from, &band.to)?)?.times(conceded)?
                }
                None => self.still_to_take(tranche_id, tranche, &band, (counted, &end), &way)?,
            };
            total = total.plus(value.clone())?;
            if value != Exact::ZERO {
                parts.push((tranche.path.clone(), value));
            }
        }
        Ok(R::sum(|| format!("allocated({}, {policy})", supply.path), total, parts))
    }

    /// What an award takes off the price between what has passed and what is enforceable.
    fn still_to_take(
        &self,
        id: TrancheId,
        tranche: &Tranche,
        band: &Band,
        (counted, end): (Number, &Value),
        way: &Way<'_>,
    ) -> Result<Exact, Fault> {
        let (_, probable) = self.probable::<Exact>(id, tranche, way.conditions)?;
        // What was taken back by agreement was recognised in full.
        if probable == Exact::ZERO || self.booked.cancelled.contains_key(&id) {
            return Ok(Exact::ZERO);
        }
        let reach = |quantity: Number| -> Result<(Exact, Exact), Fault> {
            let added = self.increments(id, tranche, way.policy, quantity, false)?.0;
            Ok((part(quantity, &band.from, &band.to)?, added))
        };
        let before = reach(counted)?;
        let after = match end {
            Value::Known(end) => reach(*end)?,
            Value::Missing(names) => (Exact::Missing(names.clone()), before.1.clone()),
        };
        if before == after {
            return Ok(Exact::ZERO);
        }
        let size = Exact::of(tranche.size)?;
        let cost = size.clone().times(Exact::from_value(&self.measured(id, tranche, way.measurement)?.0)?)?;
        let vested: Exact = self.tranche(Method::Vested, &[], id)?;
        let estimate = |name: &str| {
            let judged = self.award(id).and_then(|award| award.estimates.get(name));
            judged.map_or(Ok(Exact::ZERO), |judged| Exact::from_value(&judged.value(self.assumptions)?))
        };
        let (immediate, distinct) = (estimate(way.immediate)?, estimate(way.distinct)?);
        let taken = |(earned, added): (Exact, Exact)| -> Result<Exact, Fault> {
            let earned = earned.times(probable.clone())?;
            let mut share = earned.clone();
            if immediate != Exact::ZERO && vested != Exact::ZERO {
                let ahead = vested.clone().minus(earned)?.max(Exact::ZERO)?;
                share = share.plus(immediate.clone().times(ahead)?)?;
            }
            let added = size.clone().times(probable.clone())?.times(added)?;
            let all = share.times(cost.clone())?.plus(added)?;
            if distinct == Exact::ZERO { Ok(all) } else { all.minus(distinct.clone())?.max(Exact::ZERO) }
        };
        taken(after)?.minus(taken(before)?)
    }
}
