//! What a party states about a period: income, shares as reported, and potential shares outside the contracts.

use super::{Line, ShareCount, WEIGHT};
use crate::num::{Fault, Number};
use crate::report::measure::Measures;
use crate::report::scope;
use crate::terms::{ClassId, Earnings, Fact, Formula, LineId, Paragraph, PartyId, Security, SecurityKind, Value};
use crate::time::{Date, Period};

impl Measures<'_, '_> {
    /// The statement of exactly this period; the last line stands.
    pub(super) fn statement(&self, class: ClassId, period: Period) -> Option<(LineId, &Earnings)> {
        let all = self.replay.inputs.lines.iter().filter_map(|line| match &line.line.fact {
            Some(Fact::Earnings(earnings)) if earnings.class == class && earnings.period == period => {
                Some((line.line.date, line.id, &**earnings))
            }
            _ => None,
        });
        all.max_by_key(|(date, id, _)| (*date, *id)).map(|(_, id, earnings)| (id, earnings))
    }

    /// Whether anything was ever stated about the earnings of a class, with the days of the lines.
    pub(crate) fn stated_on(&self, class: ClassId) -> Vec<(Date, Period)> {
        let all = self.replay.inputs.lines.iter().filter_map(|line| match &line.line.fact {
            Some(Fact::Earnings(earnings)) if earnings.class == class => Some((line.line.date, earnings.period)),
            _ => None,
        });
        all.collect()
    }

    /// An amount of a period: as stated for it, else the sum of its quarters. `None` when nothing is stated at all.
    pub(super) fn stated_amount(
        &self,
        class: ClassId,
        period: Period,
        quarters: &[Period],
        read: fn(&Earnings) -> Option<&Formula>,
        otherwise: Option<Number>,
    ) -> Result<Option<Value>, Fault> {
        let one = |period: Period| -> Result<Option<Value>, Fault> {
            let Some((_, earnings)) = self.statement(class, period) else { return Ok(None) };
            match read(earnings) {
                Some(formula) => self.replay.inputs.value(formula).map(Some),
                None => Ok(otherwise.map(Value::Known)),
            }
        };
        let own = one(period)?;
        if own.as_ref().is_some_and(|_| self.statement(class, period).is_some_and(|(_, e)| read(e).is_some()))
            || quarters.is_empty()
        {
            return Ok(own);
        }
        let mut sum = Value::ZERO;
        let mut any = false;
        for quarter in quarters {
            let part = one(*quarter)?;
            any |= part.is_some();
            sum = sum.plus(part.unwrap_or_else(|| Value::missing(format!("earnings in {quarter}"))))?;
        }
        Ok(if any { Some(sum) } else { own })
    }

    /// Potential shares that a statement names.
    pub(super) fn securities(
        &self,
        stated: &Earnings,
        issuer: PartyId,
        period: Period,
        count: &mut ShareCount,
    ) -> Result<(), Fault> {
        for security in &stated.securities {
            let at = count.potential(&security.name);
            let lines = self.security(security, issuer, period, count.average)?;
            count.lines.extend(lines.into_iter().map(|line| line.part_of(at)));
            let effect = match &security.kind {
                SecurityKind::Options { .. } => None,
                // Principal in cash: its interest is paid whatever happens to the shares.
                SecurityKind::Convertible { principal: Some((_, cash)), .. }
                    if *cash || self.in_cash(issuer, period) =>
                {
                    None
                }
                SecurityKind::Convertible { saved, .. } => saved.as_ref(),
                SecurityKind::Increment { numerator } => numerator.as_ref(),
            };
            if let Some(effect) = effect {
                count.effect(at, self.replay.inputs.value(effect)?)?;
            }
            for gain in stated.gains.iter().filter(|gain| gain.of == security.name) {
                let amount = self.replay.inputs.value(&gain.amount)?;
                let basic = gain.basic.as_ref().map_or(Ok(Value::ZERO), |basic| self.replay.inputs.value(basic))?;
                count.remeasure(basic.clone())?;
                count.effect(at, basic.minus(amount)?)?;
            }
        }
        Ok(())
    }

    fn security(
        &self,
        security: &Security,
        issuer: PartyId,
        period: Period,
        average: Option<Number>,
    ) -> Result<Vec<Line>, Fault> {
        let read = |formula: &Formula| self.replay.inputs.value(formula);
        let inside = Period { from: security.from.unwrap_or(period.from), to: security.until.unwrap_or(period.to) };
        let part = |shares: Value| -> Result<Value, Fault> {
            shares.map(|n| n.ratio_of(scope::days(inside), scope::days(period), WEIGHT))
        };
        let whole = read(&security.shares)?;
        let days = match inside == period {
            true => String::new(),
            false => format!(", weighted {}/{} days", inside.days(), period.days()),
        };
        let missing = || Value::missing(format!("average price in {period}"));
        let price = average.map_or_else(missing, Value::Known);
        let name = &security.name;
        Ok(match &security.kind {
            SecurityKind::Options { strike, unrecognised } => {
                let paid = whole.clone().times(read(strike)?)?;
                let cost = unrecognised.as_ref().map_or(Ok(Value::ZERO), read)?;
                let proceeds = paid.plus(cost)?;
                let most = whole.clone();
                let back = proceeds.join(price, |p, a| p.over(a, WEIGHT))?.join(most, |b, n| Ok(b.min(n).neg()))?;
                let shown = average.map_or_else(String::new, |a| format!(" at an average of {}", a.to_fixed(2)));
                let label = format!("  less: shares bought back with the proceeds{shown}");
                let treasury = self.why_of(issuer, "", Paragraph::EpsTreasury);
                let proceeds = match unrecognised {
                    Some(_) => self.why_of(issuer, &treasury, Paragraph::EpsUnrecognised),
                    None => treasury.clone(),
                };
                vec![
                    Line::new(format!("{name}: options{days}"), Value::ZERO, part(whole)?, treasury),
                    Line::new(label, Value::ZERO, part(back)?, proceeds),
                ]
            }
            SecurityKind::Convertible { principal: Some((principal, cash)), .. }
                if *cash || self.in_cash(issuer, period) =>
            {
                let most = whole.clone();
                let back = read(principal)?.join(price, |p, a| p.over(a, WEIGHT))?;
                let back = back.join(most, |b, n| Ok(b.min(n).neg()))?;
                let words = "principal in cash, only the excess in shares";
                let why = self.why_of(issuer, words, Paragraph::EpsPrincipal);
                vec![
                    Line::new(format!("{name}: if converted{days}"), Value::ZERO, part(whole)?, why.clone()),
                    Line::new("  less: shares worth the principal", Value::ZERO, part(back)?, why),
                ]
            }
            SecurityKind::Convertible { .. } => {
                let why = self.why_of(issuer, "", Paragraph::EpsConverted);
                vec![Line::new(format!("{name}: if converted{days}"), Value::ZERO, part(whole)?, why)]
            }
            SecurityKind::Increment { .. } => {
                vec![Line::new(format!("{name}: as reported{days}"), Value::ZERO, part(whole)?, "stated")]
            }
        })
    }

    /// Whether principal that may be paid in cash or shares is taken to be paid in cash.
    fn in_cash(&self, issuer: PartyId, period: Period) -> bool {
        self.policy(issuer, "convertible_either", period.to).is_some_and(|choice| &*choice == "principal_in_cash")
    }

    /// What a party had chosen by a day for a policy of its book; nothing without a book that has it.
    pub(super) fn policy(&self, party: PartyId, name: &str, date: crate::time::Date) -> Option<std::sync::Arc<str>> {
        let place = self.replay.keeper(party)?;
        let keeper = self.replay.keepers.get(place)?;
        if let Some(adopted) = self.replay.book(place, date).booked.adopted.get(name) {
            return Some(adopted.clone());
        }
        keeper.choices.iter().find(|(policy, _)| &**policy == name).map(|(_, choice)| choice.clone())
    }
}
