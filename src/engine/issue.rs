//! New shares for what is paid in: at which price, how many.

use super::exercise::split_of;
use super::outcome::Priced;
use super::step::{Day, Engine};
use super::{RefusalKind, State};
use crate::ledger::Chart;
use crate::num::{self, Number, Ratio, Rounding};
use crate::terms::{
    ClassId, Funding, Investment, InvestmentId, IssuePrice, PartyId, Quoted, ShareCount, Stage, Value, Worth,
};
use crate::time::Date;

/// Why nothing can be issued, with the numbers.
pub(super) type Refused = (RefusalKind, String);

/// What pays for shares, and how many of them.
pub(super) struct Issue {
    pub issued: Value,
    pub priced: Option<Priced>,
    /// Shares of its own that the investor gives.
    pub given: Number,
}

impl Engine<'_> {
    /// The shares for an amount, and what the investor gives for them if it pays in shares; `before` were issued and given
    /// under the same line.
    pub(super) fn issue_for(
        &self,
        day: &Day<'_>,
        id: InvestmentId,
        investment: &Investment,
        amount: Number,
        before: (Number, Number),
    ) -> Result<Result<Issue, Refused>, num::Fault> {
        let (issued, priced) = match self.shares_at(&day.register.chart, day.state, id, investment, amount, day.date)? {
            Ok(found) => found,
            Err(detail) => return Ok(Err((RefusalKind::NoValuation, detail))),
        };
        let mut given = Number::ZERO;
        if let Funding::Shares(class) = investment.funding {
            let Some(close) = self.of_the_day(&Quoted::Close(class), day.date) else {
                return Ok(Err((RefusalKind::NoPrice, format!("no close on the last trading day up to {}", day.date))));
            };
            given = amount.over(close, Rounding::WHOLE_DOWN)?;
        }
        let new = issued.known().map(|issued| (investment.class, issued, before.0));
        let own = match investment.funding {
            Funding::Shares(class) => Some((class, given, before.1)),
            _ => None,
        };
        for (class, more, before) in new.into_iter().chain(own) {
            if let Some(detail) = self.above_authorised(day, class, more.plus(before)?)? {
                return Ok(Err((RefusalKind::AboveAuthorised, detail)));
            }
        }
        Ok(Ok(Issue { issued, priced, given }))
    }

    /// How many shares an amount buys on a day, whole ones; or why no price can be right.
    ///
    /// # Errors
    /// Overflow.
    pub fn shares_for(
        &self,
        chart: &Chart,
        state: &State,
        id: InvestmentId,
        investment: &Investment,
        amount: Number,
        date: Date,
    ) -> Result<Result<Value, String>, num::Fault> {
        Ok(self.shares_at(chart, state, id, investment, amount, date)?.map(|(shares, _)| shares))
    }

    /// The same, with what the shares are priced at.
    fn shares_at(
        &self,
        chart: &Chart,
        state: &State,
        id: InvestmentId,
        investment: &Investment,
        amount: Number,
        date: Date,
    ) -> Result<Result<(Value, Option<Priced>), String>, num::Fault> {
        let value = |worth: &Worth| -> Result<Value, num::Fault> {
            match worth {
                Worth::Fixed(formula) => self.inputs.value(formula),
                Worth::OfTheDay(of) => Ok(self
                    .of_the_day(of, date)
                    .map_or_else(|| Value::missing(format!("{} on {date}", self.terms.quoted(of))), Value::Known)),
            }
        };
        let split = split_of(state, investment.class, true);
        let (worth, whole, count) = match &investment.price {
            IssuePrice::PerShare(worth) => {
                let price = match value(worth)? {
                    Value::Known(price) => price,
                    undisclosed => return Ok(Ok((undisclosed, None))),
                };
                // A stated price follows the splits since the contract was signed.
                let then = state.counts.get(&id).map_or(split, |(_, then)| *then);
                let since = match worth {
                    Worth::Fixed(_) => split.over(then)?,
                    Worth::OfTheDay(_) => Ratio::ONE,
                };
                if !price.is_positive() {
                    return Ok(Err(format!("a price of {price} per share")));
                }
                let shares =
                    amount.ratio_of(since.numerator(), price.times(since.denominator())?, Rounding::WHOLE_DOWN)?;
                return Ok(Ok((Value::Known(shares), Some(Priced::Share(price, since)))));
            }
            IssuePrice::PreMoney(worth, count) => (worth, value(worth)?, count),
            IssuePrice::PostMoney(worth, round, count) => {
                let round = match round {
                    Some(round) => self.inputs.value(round)?,
                    None => Value::Known(investment.amount),
                };
                (worth, value(worth)?.minus(round)?, count)
            }
        };
        let Some(before) = whole.known() else { return Ok(Ok((whole, None))) };
        if !before.is_positive() {
            return Ok(Err(format!("a value of {before} before the money")));
        }
        let fixed = matches!(worth, Worth::Fixed(_)).then(|| state.counts.get(&id).copied()).flatten();
        let counted = match fixed {
            Some(counted) => Some(counted),
            None => self.share_count(chart, state, investment.company, *count)?.map(|shares| (shares, split)),
        };
        let Some((shares, then)) = counted else {
            return Ok(Ok((Value::missing(format!("{}.shares", self.party(investment.company))), None)));
        };
        let num = shares.times(split.numerator())?.times(then.denominator())?;
        let den = before.times(split.denominator())?.times(then.numerator())?;
        let since = split.over(then)?;
        let issued = amount.ratio_of(num, den, Rounding::WHOLE_DOWN)?;
        Ok(Ok((Value::Known(issued), Some(Priced::Whole(before, shares, since)))))
    }

    /// The close or valuation that holds on a day.
    pub(super) fn of_the_day(&self, of: &Quoted, date: Date) -> Option<Number> {
        match of {
            Quoted::Close(class) => {
                self.inputs.reads.note(super::inputs::Input::Prices(*class));
                self.inputs.prices.get(class).and_then(|s| s.close(date)).map(|close| close.price)
            }
            other => super::quotes::quote(self.inputs, other, date).map(|quote| quote.value),
        }
    }

    /// Shares of all classes of a company, fully diluted ones with every right not lapsed or exercised and the pool: employee awards,
    /// or what is reserved if that is more. No money that is only promised. `None` when no line states any; of a class that
    /// no line opened what was issued of it is known.
    pub(super) fn share_count(
        &self,
        chart: &Chart,
        state: &State,
        company: PartyId,
        count: ShareCount,
    ) -> Result<Option<Number>, num::Fault> {
        let classes = (0u32..).map(ClassId).zip(&self.terms.classes).filter(|(_, class)| class.issuer == company);
        let (mut total, mut stated) = (Number::ZERO, false);
        for (id, _) in classes {
            if state.uncounted.contains_key(&id) {
                return Ok(None);
            }
            stated |= state.opened.contains_key(&id);
            total = total.plus(self.outstanding(chart, state, id))?;
            if count == ShareCount::FullyDiluted {
                total = total.plus(self.pool(state, id))?;
                for (_, warrant) in self.warrants_over(id).filter(|(_, w)| self.class_of(state, w) == id) {
                    for (tranche, stage) in warrant
                        .tranches
                        .iter()
                        .flat_map(|t| [Stage::Locked, Stage::Released, Stage::Cleared].map(|stage| (*t, stage)))
                    {
                        total = total.plus(self.stage(state, tranche, stage))?;
                    }
                }
            }
        }
        Ok(Some(total).filter(|total| stated && total.is_positive()))
    }

    /// Shares kept for others than the holders of warrants: employee awards, or what is reserved if that is more.
    #[must_use]
    pub fn pool(&self, state: &State, class: ClassId) -> Number {
        let awards = state.awards.get(&class).map_or(Number::ZERO, |(awards, _)| *awards);
        awards.max(state.reserved.get(&class).copied().unwrap_or_default())
    }

    /// Fixes the share count of every valuation, and the split of every price, whose day has come, after the day's facts and before its fundings.
    pub(super) fn count_shares(&self, day: &mut Day<'_>) -> Result<(), num::Fault> {
        for id in self.dated.get(&day.date).map_or(&[][..], |d| &d.counts) {
            let Some(investment) = self.terms.investments.get(id.index()) else { continue };
            let shares = match investment.price {
                // One share: a stated price follows the splits after this day, as a count does.
                IssuePrice::PerShare(Worth::Fixed(_)) => Some(Number::ONE),
                IssuePrice::PreMoney(Worth::Fixed(_), count) | IssuePrice::PostMoney(Worth::Fixed(_), _, count) => {
                    self.share_count(&day.register.chart, day.state, investment.company, count)?
                }
                _ => continue,
            };
            if let Some(shares) = shares {
                let split = split_of(day.state, investment.class, true);
                day.state.counts.insert(*id, (shares, split));
            }
        }
        Ok(())
    }
}
