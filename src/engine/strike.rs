//! Exercise prices that move: anti-dilution, and what is authorised and reserved.

use std::sync::Arc;

use super::exercise::{split_of, split_since};
use super::step::{Day, Engine, Fault};
use super::{Act, InputLine, RefusalKind, State};
use crate::ledger::{Draft, Parent};
use crate::num::{self, Number, Ratio, Rounding};
use crate::terms::{ClassId, DIVISION, EquityFact, Formula, PriceProtection, ShareCount, Stage, Value, Warrant};

/// An exercise price that is no longer the contract's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjusted {
    /// A share, on the day of the adjustment; missing when what was paid is undisclosed.
    pub price: Value,
    /// Shares of the class for one at the start, on that day.
    pub split: Ratio,
}

/// Why an exercise price changed, with the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Shares were issued at this price.
    Ratchet(Number),
    /// So many shares before, what was paid for the new ones, and how many those are.
    Average(Number, Number, Number),
    /// Its class became this one, so many shares for so many.
    Converted(ClassId, Number, Number),
    /// Nobody knows what was paid.
    Undisclosed,
}

/// Shares issued for money.
pub(super) struct Issued<'i> {
    pub class: ClassId,
    pub shares: Value,
    /// What was paid for them in all.
    pub paid: Value,
    /// The group of the line, or the path of the investment.
    pub name: Option<&'i str>,
}

impl Engine<'_> {
    /// The exercise price of a right on a day as a price and the shares that one has become since: `price / ratio` a share.
    ///
    /// # Errors
    /// Overflow.
    pub fn strike(&self, state: &State, warrant: &Warrant) -> Result<(Value, Ratio), num::Fault> {
        let adjusted = self.terms.warrant_id(warrant).and_then(|id| state.strikes.get(&id));
        let (price, since) = match adjusted {
            Some(adjusted) => {
                let now = split_of(state, self.class_of(state, warrant), warrant.adjusts);
                (adjusted.price.clone(), now.over(adjusted.split)?)
            }
            None => (self.inputs.value(&warrant.strike)?, split_since(state, warrant)?),
        };
        let Some((step, mode)) = warrant.equity.step.filter(|_| since != Ratio::ONE) else { return Ok((price, since)) };
        let rounded = price.map(|price| {
            let steps = price.ratio_of(since.denominator(), since.numerator().times(step)?, Rounding::new(0, mode))?;
            steps.times(step)
        })?;
        Ok((rounded, Ratio::ONE))
    }

    /// As [`Self::strike`], as one price a share, rounded as divisions in a contract are where no step is stated.
    ///
    /// # Errors
    /// Overflow.
    pub fn strike_now(&self, state: &State, warrant: &Warrant) -> Result<Value, num::Fault> {
        let (price, since) = self.strike(state, warrant)?;
        price.map(|price| price.ratio_of(since.denominator(), since.numerator(), DIVISION))
    }

    /// Shares were issued: exercise prices above what was paid follow, each as its clause says.
    pub(super) fn cheaper_issue(&self, day: &mut Day<'_>, issued: &Issued<'_>, parent: &Parent) -> Result<(), Fault> {
        for (id, warrant) in self.warrants_over(issued.class) {
            let Some(issues) = &warrant.equity.cheaper else { continue };
            let exempt = issued.name.is_some_and(|name| issues.except.iter().any(|except| &**except == name));
            let old = warrant.granted >= day.date || self.inputs.dropped.contains(&warrant.contract);
            if exempt || old || !issues.of.contains(&issued.class) || !self.has_rights(day.state, warrant) {
                continue;
            }
            let fault = self.fault(&warrant.path, day.date);
            let Some(before) = self.strike_now(day.state, warrant).map_err(&fault)?.known() else { continue };
            let found = self.protected(day, warrant, issues.by, before, issued).map_err(&fault)?;
            let Some((after, why)) = found else { continue };
            let split = split_of(day.state, self.class_of(day.state, warrant), warrant.adjusts);
            day.state.strikes.insert(id, Adjusted { price: after.clone(), split });
            let mut draft = Draft::default();
            if let (true, Some(to)) = (issues.number, after.known().filter(|to| to.is_positive())) {
                let stages = [Stage::Locked, Stage::Released, Stage::Cleared];
                draft = self.multiply_rights(day.state, id, &stages, (before, to)).map_err(&fault)?;
            }
            let act = Act::Adjusted { warrant: id, before, after, why };
            day.record(self, act, &warrant.path, vec![parent.clone(), Parent::Term(warrant.path.clone())], draft)?;
        }
        Ok(())
    }

    /// The exercise price after an issue, if it falls.
    fn protected(
        &self,
        day: &Day<'_>,
        warrant: &Warrant,
        by: PriceProtection,
        before: Number,
        issued: &Issued<'_>,
    ) -> Result<Option<(Value, Why)>, num::Fault> {
        let (Some(shares), Some(paid)) = (issued.shares.known(), issued.paid.known()) else {
            let unknown = issued.shares.clone().plus(issued.paid.clone())?;
            return Ok(Some((unknown, Why::Undisclosed)));
        };
        // Cheaper: paid / shares < before.
        if !shares.is_positive() || paid >= before.times(shares)? {
            return Ok(None);
        }
        let step = warrant.equity.step;
        let round = |num: Number, den: Number| match step {
            Some((step, mode)) => num.over(den.times(step)?, Rounding::new(0, mode))?.times(step),
            None => num.over(den, DIVISION),
        };
        let (after, why) = match by {
            PriceProtection::FullRatchet => (round(paid, shares)?, Why::Ratchet(paid.over(shares, DIVISION)?)),
            PriceProtection::WeightedAverage(count) => {
                let Some(all) = self.counted(day, self.class_of(day.state, warrant), count)? else {
                    return Ok(Some((Value::missing(format!("{}.shares", warrant.path)), Why::Undisclosed)));
                };
                // The new shares are there already.
                let earlier = all.minus(shares)?;
                // strike × (A + paid / strike) / (A + C)
                let worth = before.times(earlier)?.plus(paid)?;
                (round(worth, all)?, Why::Average(earlier, paid, shares))
            }
        };
        // Rounding may leave it where it was.
        Ok((after < before).then_some((Value::Known(after), why)))
    }

    /// Shares of all classes of the company.
    fn counted(&self, day: &Day<'_>, class: ClassId, count: ShareCount) -> Result<Option<Number>, num::Fault> {
        let Some(issuer) = self.terms.classes.get(class.index()).map(|class| class.issuer) else { return Ok(None) };
        self.share_count(&day.register.chart, day.state, issuer, count)
    }

    /// Whether any right is left to exercise or to vest.
    pub(super) fn has_rights(&self, state: &State, warrant: &Warrant) -> bool {
        let stages = [Stage::Locked, Stage::Released, Stage::Cleared];
        warrant.tranches.iter().any(|id| stages.iter().any(|stage| self.stage(state, *id, *stage).is_positive()))
    }

    /// Lines about shares and rights.
    pub(super) fn equity_fact(&self, day: &mut Day<'_>, line: &InputLine, fact: &EquityFact) -> Result<(), Fault> {
        match fact {
            EquityFact::Authorise { class, shares } => self.limit_shares(day, line, *class, shares, false),
            EquityFact::Convert { .. } => self.convert(day, line, fact),
            EquityFact::Assign { .. } => self.assign(day, line, fact),
            EquityFact::Control { party, price } => self.control(day, line, (*party, price.as_ref())),
            EquityFact::Forfeit { .. } => self.forfeit_rights(day, line, fact),
            EquityFact::Notice { warrant, cap } => self.notice(day, line, (*warrant, *cap)),
            EquityFact::Reserve { class, shares } => self.limit_shares(day, line, *class, shares, true),
        }
    }

    fn limit_shares(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        class: ClassId,
        shares: &Formula,
        reserved: bool,
    ) -> Result<(), Fault> {
        let path: Arc<str> = self.terms.classes.get(class.index()).map_or_else(|| "".into(), |c| c.path.clone());
        let shares = self.inputs.value(shares).map_err(self.fault(&path, day.date))?.known();
        let Some(shares) = shares.filter(|shares| !shares.is_negative()) else {
            day.refuse(line, RefusalKind::NoQuantity, &path, "the line gives no quantity");
            return Ok(());
        };
        let limits = if reserved { &mut day.state.reserved } else { &mut day.state.authorised };
        limits.insert(class, shares);
        let act = Act::Limited { class, shares, reserved };
        day.record(self, act, &path, vec![Parent::Line(line.id)], Draft::default()).map(|_| ())
    }

    /// Shares the articles allow on a day; unlimited when nothing says.
    ///
    /// # Errors
    /// Overflow.
    pub fn authorised(&self, state: &State, class: ClassId) -> Result<Option<Number>, num::Fault> {
        if let Some(shares) = state.authorised.get(&class) {
            return Ok(Some(*shares));
        }
        let stated = self.terms.classes.get(class.index()).and_then(|c| c.authorised.as_ref());
        let stated = stated.map(|limit| self.inputs.value(limit)).transpose()?.and_then(|value| value.known());
        stated.map(|limit| split_of(state, class, true).apply(limit, Rounding::WHOLE_DOWN)).transpose()
    }
}

impl Why {
    /// In words, with the arithmetic.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Ratchet(price) => format!("shares issued at {price}"),
            Self::Average(a, paid, c) => {
                let (a, paid, c) = (a.grouped(), paid.grouped(), c.grouped());
                format!("(strike × {a} + {paid}) / ({a} + {c})")
            }
            Self::Converted(_, new, old) => format!("the class became another, {new} for {old}"),
            Self::Undisclosed => "what was paid is undisclosed".into(),
        }
    }
}
