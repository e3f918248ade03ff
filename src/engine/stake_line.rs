//! What lines say about holdings and the companies they are in.

use super::step::{Day, Engine, Fault};
use super::{HoldingAct, InputLine, Pricing, RefusalKind};
use crate::ledger::{Draft, Parent};
use crate::num::{Number, Rounding};
use crate::terms::{ClassId, HoldingFact};

impl Engine<'_> {
    /// A judgement about a holding, among the facts of the day: what is bought later that day follows it.
    pub(super) fn judge_holding(&self, day: &mut Day<'_>, line: &InputLine, fact: &HoldingFact) -> Result<(), Fault> {
        let HoldingFact::Judged { stake, finding } = fact else { return Ok(()) };
        self.about(day, *stake, HoldingAct::Judged(finding.clone()), vec![Parent::Line(line.id)], Draft::default())
    }

    pub(super) fn holding_line(&self, day: &mut Day<'_>, line: &InputLine, fact: &HoldingFact) -> Result<(), Fault> {
        let path = match fact.class(&self.terms.stakes).and_then(|class| self.terms.classes.get(class.index())) {
            Some(class) => class.path.clone(),
            None => return Ok(()),
        };
        let fault = self.fault(&path, day.date);
        let value = |formula: &crate::terms::Formula| self.inputs.value(formula).map_err(&fault);
        let parents = vec![Parent::Line(line.id)];
        let (stake, act) = match fact {
            HoldingFact::Judged { .. } => return Ok(()),
            HoldingFact::Observed { class, price, .. } => {
                let (price, currency) = (value(price)?, self.class_currency(*class));
                if !self.terms.stakes.of(*class).iter().any(|id| self.holds(day, *id)) {
                    day.refuse(line, RefusalKind::NothingHeld, &path, "no party here holds such shares on that day");
                    return Ok(());
                }
                return self.price_all(day, *class, &price, &currency, Pricing::Observed, &Parent::Line(line.id));
            }
            HoldingFact::Dividend { class, amount, each } => {
                let amount = self.inputs.quantity(line, amount).map_err(&fault)?;
                return self.dividend(day, line, *class, &amount, *each);
            }
            HoldingFact::Allocated { stake, net_assets, parts } => {
                let mut found = Vec::with_capacity(parts.len());
                for (name, amount, life) in parts {
                    let years = life.as_ref().map(&value).transpose()?.and_then(|years| years.known());
                    let months = match years {
                        Some(years) => {
                            years.times(Number::from_int(12)).map_err(&fault)?.round(Rounding::WHOLE_DOWN).to_i64()
                        }
                        None => None,
                    };
                    let months = months.and_then(|months| i32::try_from(months).ok()).map(|months| months.max(1));
                    found.push((name.clone(), value(amount)?, months));
                }
                let net_assets = value(net_assets)?;
                if self.holds(day, *stake) {
                    self.elapse_holding(day, *stake, found.iter().filter_map(|(.., months)| *months).max());
                }
                (*stake, HoldingAct::Allocated { net_assets, parts: found })
            }
            HoldingFact::Impaired { stake, to } => (*stake, HoldingAct::Impaired { to: value(to)? }),
            HoldingFact::Valued { stake, price } => {
                (*stake, HoldingAct::Priced { price: value(price)?, how: Pricing::Stated })
            }
        };
        if !self.holds(day, stake) {
            let holder = self.terms.stakes.get(stake).map_or_else(|| "".into(), |stake| self.party(stake.holder));
            day.refuse(line, RefusalKind::NothingHeld, &path, format!("{holder} holds no such shares on that day"));
            return Ok(());
        }
        self.about(day, stake, act, parents, Draft::default())
    }

    /// A company's result reaches all who hold its shares.
    pub(super) fn reported(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        earnings: &crate::terms::Earnings,
    ) -> Result<(), Fault> {
        let company = self.issuer(earnings.class);
        let fault = self.fault(&self.party(company), day.date);
        let Some(income) = earnings.net_income.as_ref().or(earnings.continuing.as_ref()) else { return Ok(()) };
        let mut income = self.inputs.value(income).map_err(&fault)?;
        if let Some(preferred) = &earnings.preferred {
            income = income.minus(self.inputs.value(preferred).map_err(&fault)?).map_err(&fault)?;
        }
        let currency = self.class_currency(earnings.class);
        let classes = (0u32..).map(ClassId).zip(&self.terms.classes).filter(|(_, class)| class.issuer == company);
        for class in classes.map(|(id, _)| id).collect::<Vec<_>>() {
            for id in self.terms.stakes.of(class) {
                if day.state.stakes.get(id).is_none_or(|stake| stake.count.is_none()) {
                    continue;
                }
                let income = self.in_currency(income.clone(), &currency, *id, day.date).map_err(&fault)?;
                let act = HoldingAct::Reported { period: earnings.period, income };
                self.about(day, *id, act, vec![Parent::Line(line.id)], Draft::default())?;
            }
        }
        Ok(())
    }
}
