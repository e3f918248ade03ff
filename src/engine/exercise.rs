//! Exercise: rights become shares, against cash or net of the shares that pay for them.

use super::step::{Day, Engine, Fault};
use super::{Act, InputLine, RefusalKind, State};
use crate::ledger::{Draft, Parent};
use crate::num::{self, Number, Ratio, Rounding};
use crate::terms::{ClassId, Fact, Fractions, PartyId, Stage, TrancheId, Warrant};

/// What an exercise comes to.
struct Terms {
    issued: Number,
    paid: Number,
    /// Paid back for a fraction of a share.
    in_lieu: Number,
}

type Refused = (RefusalKind, String);

impl Engine<'_> {
    /// Exercises of the day, after everything has vested that vests today; then whatever waited for them.
    pub(super) fn exercises(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for index in self.lines.get(&day.date).map_or(&[][..], Vec::as_slice) {
            let Some(line) = self.inputs.lines.get(*index) else { continue };
            let Some(Fact::Exercise { tranche: id, shares, net, by }) = &line.line.fact else { continue };
            let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
            let Some(warrant) = self.terms.warrant_of(*id) else { continue };
            let fault = self.fault(&tranche.path, day.date);
            let shares = self.inputs.quantity(line, shares).map_err(&fault)?.known().unwrap_or_default();
            let by = by.unwrap_or_else(|| self.exerciser(day.state, *id, warrant));
            match self.check_exercise(day, (*id, by), warrant, shares, *net).map_err(&fault)? {
                Err((kind, detail)) => day.refuse(line, kind, &tranche.path, detail),
                Ok(terms) => self.exercise(day, line, (*id, by), warrant, shares, &terms)?,
            }
        }
        self.gates(day)
    }

    fn check_exercise(
        &self,
        day: &Day<'_>,
        (id, by): (TrancheId, PartyId),
        warrant: &Warrant,
        shares: Number,
        net: Option<bool>,
    ) -> Result<Result<Terms, Refused>, num::Fault> {
        let (state, date) = (&*day.state, day.date);
        let refuse = |kind, detail: String| Ok(Err((kind, detail)));
        let signed = self.terms.contracts.get(warrant.contract.index()).and_then(|c| c.signed);
        if let Some(signed) = signed.filter(|signed| date < *signed) {
            return refuse(RefusalKind::BeforeSigning, format!("signed {signed}"));
        }
        if let Some(expires) = warrant.expires.filter(|expires| date > *expires) {
            return refuse(RefusalKind::AfterExpiry, format!("expired {expires}"));
        }
        if !shares.is_positive() || !shares.is_integer() {
            return refuse(RefusalKind::NoQuantity, format!("{} shares", shares.grouped()));
        }
        let net = match (net, warrant.cash, warrant.net) {
            (Some(net), cash, can_net) if (net && can_net) || (!net && cash) => net,
            (None, true, false) => false,
            (None, false, true) => true,
            (Some(net), ..) => {
                let manner = if net { "net" } else { "cash" };
                return refuse(RefusalKind::ExerciseManner, format!("{manner} exercise"));
            }
            (None, ..) => return refuse(RefusalKind::ExerciseManner, "say `cash` or `net`".to_owned()),
        };
        let reached = state.tranches.get(&id).cloned().unwrap_or_default();
        if reached.vested.is_none() {
            return refuse(
                RefusalKind::ExerciseBeforeVesting,
                format!("{} shares asked, none vested", shares.grouped()),
            );
        }
        if reached.cleared.is_none() {
            return refuse(
                RefusalKind::ExerciseBeforeClearing,
                format!("vested, not yet exercisable; {} shares asked", shares.grouped()),
            );
        }
        let cleared = self.stage_held(state, id, by, Stage::Cleared);
        if shares > cleared {
            let detail = format!("{} shares asked, {} exercisable", shares.grouped(), cleared.grouped());
            return refuse(RefusalKind::ExerciseAboveCleared, detail);
        }
        let (strike, split) = self.strike(state, warrant)?;
        let Some(strike) = strike.known() else {
            return refuse(RefusalKind::NoStrike, "the exercise price is undisclosed".to_owned());
        };
        if !net {
            let paid = shares.times(strike)?.ratio_of(split.denominator(), split.numerator(), Rounding::CENTS)?;
            return self.allowed(day, (warrant, by), Terms { issued: shares, paid, in_lieu: Number::ZERO });
        }
        let class = self.class_of(state, warrant);
        self.inputs.reads.note(super::inputs::Input::Prices(class));
        let series = self.inputs.prices.get(&class);
        let Some(close) = series.and_then(|s| s.close(date)).map(|c| c.price) else {
            return refuse(RefusalKind::NoPrice, format!("no close on the last trading day up to {date}"));
        };
        // shares * (1 - strike / close), with the strike divided by the split, as one fraction rounded down.
        let worth = close.times(split.numerator())?;
        let gain = worth.minus(strike.times(split.denominator())?)?;
        if !gain.is_positive() {
            return refuse(RefusalKind::OutOfTheMoney, format!("close {} {}", close.grouped(), warrant.strike.unit));
        }
        let fractions = warrant.equity.fractions;
        let issued = shares.ratio_of(gain, worth, fractions.rounding())?;
        // (shares × gain / worth − issued) × close, and close = worth / split.
        let in_lieu = match fractions {
            Fractions::Cash => {
                let rest = shares.times(gain)?.minus(issued.times(worth)?)?;
                rest.ratio_of(Number::ONE, split.numerator(), Rounding::CENTS)?
            }
            _ => Number::ZERO,
        };
        self.allowed(day, (warrant, by), Terms { issued, paid: Number::ZERO, in_lieu })
    }

    /// Who exercises if the line does not say: the holder, or the one to whom all was given.
    fn exerciser(&self, state: &State, id: TrancheId, warrant: &Warrant) -> PartyId {
        let mut with = self
            .holders(state, id)
            .into_iter()
            .map(|(party, _)| party)
            .filter(|party| self.rights_held(state, id, *party).is_ok_and(Number::is_positive));
        match (with.next(), with.next()) {
            (Some(only), None) => only,
            _ => warrant.holder,
        }
    }

    fn allowed(
        &self,
        day: &Day<'_>,
        (warrant, by): (&Warrant, PartyId),
        terms: Terms,
    ) -> Result<Result<Terms, Refused>, num::Fault> {
        if let Some(detail) = self.above_authorised(day, self.class_of(day.state, warrant), terms.issued)? {
            return Ok(Err((RefusalKind::AboveAuthorised, detail)));
        }
        let above = self.above_cap(day, (warrant, by), terms.issued)?;
        Ok(above.map_or(Ok(terms), |detail| Err((RefusalKind::AboveOwnershipCap, detail))))
    }

    /// Whether so many more shares take the holder above the part of the class it may own, with the numbers. Both sides
    /// count the new shares; what other parties of its group hold is for the holder to say.
    fn above_cap(
        &self,
        day: &Day<'_>,
        (warrant, by): (&Warrant, PartyId),
        more: Number,
    ) -> Result<Option<String>, num::Fault> {
        let id = self.terms.warrant_id(warrant);
        let Some(cap) = id.and_then(|id| self.cap(day.state, id, warrant, day.date)) else { return Ok(None) };
        let class = self.class_of(day.state, warrant);
        let chart = &day.register.chart;
        let path = self.terms.classes.get(class.index()).map_or_else(|| "".into(), |c| c.path.clone());
        let account = chart.find(&self.party(by), "shares", &path, &path);
        let held = account.map_or(Number::ZERO, |account| day.state.balances.get(account));
        let all = self.outstanding(chart, day.state, class);
        let (after, whole) = (held.plus(more)?, all.plus(more)?);
        if after <= whole.times(cap)? {
            return Ok(None);
        }
        // held + n <= cap * (all + n), so n <= (cap * all - held) / (1 - cap).
        let room = cap.times(all)?.minus(held)?.clamp_zero();
        let most = room.over(Number::ONE.minus(cap)?, Rounding::WHOLE_DOWN)?;
        let percent = cap.times(Number::from_int(100))?;
        Ok(Some(format!("{after} of {whole} shares would be above {percent}%; at most {most} can be issued")))
    }

    /// Whether so many more shares are more than are authorised, with the numbers.
    pub(super) fn above_authorised(
        &self,
        day: &Day<'_>,
        class: ClassId,
        more: Number,
    ) -> Result<Option<String>, num::Fault> {
        let Some(limit) = self.authorised(day.state, class)? else { return Ok(None) };
        let after = self.outstanding(&day.register.chart, day.state, class).plus(more)?;
        Ok((after > limit).then(|| format!("{} shares in all, {} authorised", after.grouped(), limit.grouped())))
    }

    fn exercise(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        (id, by): (TrancheId, PartyId),
        warrant: &Warrant,
        shares: Number,
        terms: &Terms,
    ) -> Result<(), Fault> {
        let Some(tranche) = self.terms.tranches.get(id.index()) else { return Ok(()) };
        let Some(class) = self.terms.classes.get(self.class_of(day.state, warrant).index()) else { return Ok(()) };
        let (issuer, holder) = (self.party(warrant.issuer), self.party(by));
        let currency = self.terms.parties.get(class.issuer.index()).map_or_else(|| "".into(), |p| p.currency.clone());
        let of = self.stage(day.state, id, Stage::Cleared).plus(self.stage(day.state, id, Stage::Released));
        let of = of.map_err(self.fault(&tranche.path, day.date))?;
        let own = [Stage::Cleared, Stage::Released].map(|stage| self.stage_held(day.state, id, by, stage));
        let own = Number::sum(own).map_err(self.fault(&tranche.path, day.date))?;
        let holders = self.holders(day.state, id);
        let accounts = holders.iter().find(|(party, _)| *party == by).map(|(_, accounts)| accounts);
        let mut draft = Draft::default();
        if let Some((from, to)) = accounts
            .and_then(|own| own.get(Stage::Cleared as usize).copied().zip(own.get(Stage::Used as usize).copied()))
        {
            draft = draft.transfer(from, to, shares);
        }
        let unissued = day.account(&issuer, "unissued", &class.path, &class.path);
        let held = day.account(&holder, "shares", &class.path, &class.path);
        let payer = day.account(&holder, "cash", &"".into(), &currency);
        let payee = day.account(&issuer, "cash", &"".into(), &currency);
        let draft = draft.transfer(unissued, held, terms.issued).transfer(payer, payee, terms.paid).transfer(
            payee,
            payer,
            terms.in_lieu,
        );
        let (issued, paid) =
            (terms.issued, terms.paid.minus(terms.in_lieu).map_err(self.fault(&tranche.path, day.date))?);
        let act = Act::Exercised { tranche: id, shares, issued, paid, of, own, by };
        let outcome = day.record(self, act, &tranche.path, vec![Parent::Line(line.id)], draft)?;
        day.reached_by(id, Stage::Used, outcome);
        for next in self.watch.dependents(id) {
            day.dirty.entry(*next).or_default();
        }
        Ok(())
    }
}

/// Shares now for one share at the start; one for instruments that do not adjust.
#[must_use]
pub fn split_of(state: &State, class: ClassId, adjusts: bool) -> Ratio {
    state.splits.get(&class).copied().filter(|_| adjusts).unwrap_or(Ratio::ONE)
}

/// Rights now for one granted, after the splits since the grant.
///
/// # Errors
/// Overflow.
pub fn split_since(state: &State, warrant: &Warrant) -> Result<Ratio, num::Fault> {
    let now = split_of(state, warrant.class, warrant.adjusts);
    match state.granted.get(&(warrant.class, warrant.granted)).filter(|_| warrant.adjusts) {
        Some(then) => now.over(*then),
        None => Ok(now),
    }
}
