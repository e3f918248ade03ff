//! Dividends: cash from a company to all who hold its shares, and to rights whose terms pass them through.

use super::step::{Day, Engine, Fault};
use super::{Act, HoldingAct, InputLine, RefusalKind};
use crate::ledger::{Draft, Parent};
use crate::num::{Number, Rounding, Unit};
use crate::terms::{ClassId, Stage, Value};

impl Engine<'_> {
    /// Cash from a company to all who hold its shares: parties in proportion, the rest to everyone else.
    pub(super) fn dividend(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        class: ClassId,
        amount: &Value,
        each: bool,
    ) -> Result<(), Fault> {
        let Some(terms) = self.terms.classes.get(class.index()) else { return Ok(()) };
        let fault = self.fault(&terms.path, day.date);
        let shares = self.outstanding(&day.register.chart, day.state, class);
        let currency = self.class_currency(class);
        let cents = Rounding { places: Unit::of(&currency).precision().unwrap_or(2), ..Rounding::CENTS };
        let Some(stated) = amount.known().filter(|_| shares.is_positive()) else {
            day.refuse(line, RefusalKind::NoQuantity, &terms.path, "no amount, or no shares to pay it on");
            return Ok(());
        };
        let whole = if each { stated.times(shares).map_err(&fault)?.round(cents) } else { stated.round(cents) };
        let mut draft = Draft::default();
        let payer = day.account(&self.party(terms.issuer), "cash", &"".into(), &currency);
        let (mut left, mut paid) = (whole, Vec::new());
        for id in self.terms.stakes.of(class) {
            let Some(stake) = self.terms.stakes.get(*id) else { continue };
            let held = self.held(&day.register.chart, day.state, stake.holder, class);
            if !held.is_positive() {
                continue;
            }
            let part = whole.ratio_of(held, shares, cents).map_err(&fault)?;
            left = left.minus(part).map_err(&fault)?;
            let payee = day.account(&self.party(stake.holder), "cash", &"".into(), &currency);
            draft = draft.transfer(payer, payee, part);
            paid.push((*id, part));
        }
        let others = day.account(&super::flow::OTHERS.into(), "cash", &"".into(), &currency);
        draft = draft.transfer(payer, others, left);
        let act = Act::Distributed { class, amount: whole };
        let number = day.record(self, act, &terms.path, vec![Parent::Line(line.id)], draft)?;
        for (id, part) in paid {
            let amount = self.in_currency(Value::Known(part), &currency, id, day.date).map_err(&fault)?;
            let whole = self.in_currency(Value::Known(whole), &currency, id, day.date).map_err(&fault)?;
            let act = HoldingAct::Dividend { amount, whole };
            self.about(day, id, act, vec![Parent::Outcome(number)], Draft::default())?;
        }
        self.pass_through(day, class, (whole, shares, cents), &Parent::Outcome(number))
    }

    /// What a dividend of so much on so many shares pays on rights that take part in it: as much on each as on a share, vested or not.
    fn pass_through(
        &self,
        day: &mut Day<'_>,
        class: ClassId,
        (whole, shares, cents): (Number, Number, Rounding),
        parent: &Parent,
    ) -> Result<(), Fault> {
        let Some(issuer) = self.terms.classes.get(class.index()).map(|class| class.issuer) else { return Ok(()) };
        let currency = self.class_currency(class);
        for (_, warrant) in self.warrants_over(class) {
            let live = warrant.granted <= day.date && !self.inputs.dropped.contains(&warrant.contract);
            if warrant.equity.participates.is_none() || !live || self.class_of(day.state, warrant) != class {
                continue;
            }
            let fault = self.fault(&warrant.path, day.date);
            for id in &warrant.tranches {
                for (to, accounts) in self.holders(day.state, *id) {
                    let stages = [Stage::Locked, Stage::Released, Stage::Cleared].map(|stage| stage as usize);
                    let held = stages.iter().filter_map(|stage| accounts.get(*stage));
                    let rights = Number::sum(held.map(|account| day.state.balances.get(*account))).map_err(&fault)?;
                    if !rights.is_positive() {
                        continue;
                    }
                    let amount = whole.ratio_of(rights, shares, cents).map_err(&fault)?;
                    let payer = day.account(&self.party(issuer), "cash", &"".into(), &currency);
                    let payee = day.account(&self.party(to), "cash", &"".into(), &currency);
                    let draft = Draft::default().transfer(payer, payee, amount);
                    let parents = vec![parent.clone(), Parent::Term(warrant.path.clone())];
                    day.record(self, Act::PassedThrough { tranche: *id, to, amount }, &warrant.path, parents, draft)?;
                }
            }
        }
        Ok(())
    }
}
