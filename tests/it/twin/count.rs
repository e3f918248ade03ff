//! Section 3: how many shares an amount buys.

use proforma::engine::RefusalKind;
use proforma::num::{Number, Rounding};
use proforma::terms::{ClassId, Formula, Investment, InvestmentId, IssuePrice, PartyId, Quoted, ShareCount, Worth};
use proforma::time::Date;

use super::world::World;

impl World<'_> {
    /// After the facts of the day a stated valuation is divided by the count of.
    pub fn count_shares(&mut self) {
        for (n, investment) in (0u32..).zip(&self.terms.investments) {
            let count = match &investment.price {
                IssuePrice::PerShare(_) => continue,
                IssuePrice::PreMoney(_, count) | IssuePrice::PostMoney(_, _, count) => *count,
            };
            if investment.counted == self.day
                && let Some(stated) = self.shares_of(investment.company, count)
            {
                self.counts.insert(InvestmentId(n), stated);
            }
        }
    }

    /// Shares of all classes, if any was opened: of the others what was issued is known.
    fn shares_of(&self, company: PartyId, count: ShareCount) -> Option<Number> {
        let terms = self.terms;
        let mut awards = self.awards.get(&company).copied().unwrap_or_default();
        let (mut all, mut stated) = (Number::ZERO, false);
        for (n, _) in (0u32..).zip(&terms.classes).filter(|(_, c)| c.issuer == company) {
            let class = ClassId(n);
            stated |= self.opened.contains(&class);
            // Once an unknown number was issued nobody knows the count.
            if self.uncounted.contains(&class) {
                return None;
            }
            all = all.plus(self.outstanding(class)).unwrap();
            if count == ShareCount::FullyDiluted {
                for (id, r) in &self.rights {
                    if terms.warrant_of(*id).is_some_and(|w| w.class == class) {
                        all = Number::sum([all, r.locked, r.released, r.cleared]).unwrap();
                    }
                }
                all = all.plus(std::mem::take(&mut awards)).unwrap();
            }
        }
        (stated && all.is_positive()).then_some(all)
    }

    fn stated(&self, formula: &Formula) -> Option<Number> {
        formula.value(self.belief).unwrap().known()
    }

    /// Whole shares; `None` when the price, the valuation or the count is not known.
    pub fn bought(&self, investment: &Investment, amount: Number) -> Result<Option<Number>, RefusalKind> {
        let worth = match investment.price.worth() {
            Worth::Fixed(formula) => self.stated(formula),
            Worth::OfTheDay(Quoted::Close(class)) => self.close(*class),
            Worth::OfTheDay(of) => self.belief.last(of, self.day),
        };
        let Some(worth) = worth else { return Ok(None) };
        let fixed = matches!(investment.price.worth(), Worth::Fixed(_));
        let (count, value) = match &investment.price {
            IssuePrice::PerShare(_) => {
                let (up, down) = self.splits_since(investment, fixed);
                let dear = worth.times(down).unwrap();
                return Ok(Some(amount.ratio_of(up, dear, Rounding::WHOLE_DOWN).unwrap()));
            }
            IssuePrice::PreMoney(_, count) => (*count, worth),
            IssuePrice::PostMoney(_, round, count) => {
                let round = match round {
                    Some(round) => match self.stated(round) {
                        Some(round) => round,
                        None => return Ok(None),
                    },
                    None => investment.amount,
                };
                (*count, worth.minus(round).unwrap())
            }
        };
        if !value.is_positive() {
            return Err(RefusalKind::NoValuation);
        }
        let id = self.terms.investments.iter().position(|i| i.path == investment.path).unwrap();
        let counted = self.counts.get(&InvestmentId(u32::try_from(id).unwrap())).filter(|_| fixed);
        let (up, down) = self.splits_since(investment, counted.is_some());
        let Some(count) = counted.copied().or_else(|| self.shares_of(investment.company, count)) else {
            return Ok(None);
        };
        let (count, value) = (count.times(up).unwrap(), value.times(down).unwrap());
        Ok(Some(amount.ratio_of(count, value, Rounding::WHOLE_DOWN).unwrap()))
    }

    /// New shares of the class that is bought for old, by splits after the day on which they were counted.
    fn splits_since(&self, investment: &Investment, counted: bool) -> (Number, Number) {
        let later = |on: &Date| counted && *on > investment.counted;
        let mine = self.splits.iter().filter(|(on, of, _, _)| *of == investment.class && later(on));
        mine.fold((Number::ONE, Number::ONE), |(up, down), (_, _, new, old)| {
            (up.times(*new).unwrap(), down.times(*old).unwrap())
        })
    }
}
