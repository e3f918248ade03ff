//! Money promised, called and paid in, as measures: of the company the whole, of an investor its part.

use std::collections::BTreeSet;

use super::Origin;
use super::measure::{Measured, Measures, Nature, Stake};
use crate::engine::{Act, Outcome};
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, Instrument, Investment, PartyId, Stage, TrancheId, Value};
use crate::time::{Date, Period};

/// Legal measures of a tranche of an investment.
pub const INVESTMENT_MEASURES: &[(&str, Nature)] = &[
    ("called", Nature::Flow),
    ("funded", Nature::Flow),
    ("commitment_lapsed", Nature::Flow),
    ("shares_bought", Nature::Flow),
    ("uncalled", Nature::Stock),
    ("called_unfunded", Nature::Stock),
    ("funded_to_date", Nature::Stock),
];

impl Measures<'_, '_> {
    /// A movement of a tranche in a period. Calls and lapses are split among investors in their shares.
    ///
    /// # Errors
    /// Overflow.
    pub fn investment_flow(
        &self,
        id: TrancheId,
        investment: &Investment,
        party: PartyId,
        measure: &str,
        period: Period,
    ) -> Result<Measured, Fault> {
        let unit = if measure == "shares_bought" { Unit::of("shares") } else { Unit::of(&investment.currency) };
        let part = |moved: &Outcome| self.moved_part(id, investment, party, moved).ok().map(Value::Known);
        let mine = |by: PartyId| investment.company == party || by == party;
        self.outcomes(unit, period, |outcome| match (&outcome.act, measure) {
            (Act::Called { tranche, .. }, "called") if *tranche == id => part(outcome),
            (Act::Lapsed { tranche, .. }, "commitment_lapsed") if *tranche == id => part(outcome),
            (Act::Funded { tranche, by, amount, promised: false, .. }, "funded") if *tranche == id && mine(*by) => {
                Some(Value::Known(*amount))
            }
            (Act::Funded { tranche, by, issued, promised: false, .. }, "shares_bought")
                if *tranche == id && mine(*by) =>
            {
                Some(issued.clone())
            }
            _ => None,
        })
    }

    /// A balance of a tranche at the end of a day.
    ///
    /// # Errors
    /// Overflow.
    pub fn investment_stock(
        &self,
        id: TrancheId,
        investment: &Investment,
        party: PartyId,
        measure: &str,
        date: Date,
    ) -> Result<Measured, Fault> {
        let state = &self.replay.at(date).state;
        let engine = &self.replay.engine;
        let value = match measure {
            "uncalled" => self.open_parts(id, investment, party, date)?.0,
            "funded_to_date" if investment.company == party => engine.stage(state, id, Stage::Used),
            "funded_to_date" => state.funded.get(&(id, party)).copied().unwrap_or_default(),
            _ if investment.company == party => engine.stage(state, id, Stage::Released),
            _ => engine.due_from(state, id, investment, party)?,
        };
        let what = self.replay.terms.tranches.get(id.index()).map_or_else(|| "".into(), |t| t.path.clone());
        let certainty = self.certainty(date, |o| o.act.tranche() == Some(id));
        Ok(Measured {
            value: Value::Known(value),
            missing: BTreeSet::new(),
            unit: Unit::of(&investment.currency),
            certainty,
            origin: Origin::State { what, date },
        })
    }

    /// What of an amount is a party's: all of it the company's.
    ///
    /// # Errors
    /// Overflow.
    pub fn part_of(&self, investment: &Investment, party: PartyId, whole: Number) -> Result<Number, Fault> {
        if investment.company == party {
            return Ok(whole);
        }
        let parts = self.replay.engine.parts(investment, whole)?;
        Ok(parts.iter().find(|(investor, _)| *investor == party).map_or(Number::ZERO, |(_, part)| *part))
    }

    /// What of a tranche a party may still be asked for after a day, and what of its part lapsed by then: differences of its parts
    /// of everything called and of everything not lapsed, so that promised = called + lapsed + not called.
    ///
    /// # Errors
    /// Overflow.
    pub fn open_parts(
        &self,
        id: TrancheId,
        investment: &Investment,
        party: PartyId,
        date: Date,
    ) -> Result<(Number, Number), Fault> {
        let (engine, state) = (&self.replay.engine, &self.replay.at(date).state);
        let called = engine.stage(state, id, Stage::Released).plus(engine.stage(state, id, Stage::Used))?;
        let left = called.plus(engine.stage(state, id, Stage::Locked))?;
        let promised = left.plus(engine.stage(state, id, Stage::Lapsed))?;
        let [called, left, promised] = [called, left, promised].map(|whole| self.part_of(investment, party, whole));
        let left = left?;
        Ok((left.minus(called?)?, promised?.minus(left)?))
    }

    /// The part of a call or a lapse that is a party's: the difference it makes to its part of everything called, or not lapsed.
    ///
    /// # Errors
    /// Overflow.
    pub fn moved_part(
        &self,
        id: TrancheId,
        investment: &Investment,
        party: PartyId,
        moved: &Outcome,
    ) -> Result<Number, Fault> {
        let (mut whole, mut part) = (Number::ZERO, Number::ZERO);
        for (_, outcome) in self.replay.outcomes_of_tranche(id) {
            let before = part;
            whole = match (&outcome.act, &moved.act) {
                (Act::Committed { amount, .. }, Act::Lapsed { .. }) => *amount,
                (Act::Called { amount, .. }, Act::Called { .. }) => whole.plus(*amount)?,
                (Act::Lapsed { unvested, .. }, Act::Lapsed { .. }) => whole.minus(*unvested)?,
                _ => continue,
            };
            part = self.part_of(investment, party, whole)?;
            if outcome == moved {
                return Ok(part.minus(before)?.abs());
            }
        }
        Ok(Number::ZERO)
    }

    /// Adds the shares that money of an investor, called or firmly promised, would buy at the price of the day.
    pub(super) fn committed_shares(
        &self,
        id: TrancheId,
        investment: &Investment,
        investor: PartyId,
        date: Date,
        stake: &mut Stake,
        unpriced: &mut BTreeSet<std::sync::Arc<str>>,
    ) -> Result<(), Fault> {
        if !investment.standing.is_owed() || !investment.investors.iter().any(|(party, _)| *party == investor) {
            return Ok(());
        }
        let (engine, state) = (&self.replay.engine, &self.replay.at(date).state);
        let called = engine.due_from(state, id, investment, investor)?;
        let (locked, _) = self.open_parts(id, investment, investor, date)?;
        let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { return Ok(()) };
        let Instrument::Investment(of) = tranche.of else { return Ok(()) };
        let later = if tranche.call.is_option(investment) { &mut stake.optional } else { &mut stake.unvested };
        let optional = tranche.call.is_option(investment);
        for (amount, into, money) in [(called, &mut stake.vested, true), (locked, later, !optional)] {
            if !amount.is_positive() {
                continue;
            }
            let chart = &self.replay.register.chart;
            match engine.shares_for(chart, state, of, investment, amount, date)? {
                Ok(Value::Known(shares)) => {
                    *into = into.plus(shares)?;
                    stake.money = if money { stake.money.plus(shares)? } else { stake.money };
                }
                _ => {
                    unpriced.insert(tranche.path.clone());
                }
            }
        }
        Ok(())
    }

    /// How sure a tranche's own events by a day are.
    #[must_use]
    pub fn tranche_certainty(&self, id: TrancheId, date: Date) -> Basis {
        self.certainty(date, |o| o.act.tranche() == Some(id))
    }
}
