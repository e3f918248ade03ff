//! Holdings outside contracts: openings, issues and splits.

use std::sync::Arc;

use super::step::{Day, Engine, Fault};
use super::strike::Issued;
use super::{Act, InputLine, RefusalKind, State, exercise};
use crate::ledger::{AccountId, Draft, Parent};
use crate::num::{self, Number, Ratio, Rounding};
use crate::terms::{ClassId, Fact, PartyId, Stage, Value};

/// The holder of all shares that no named party holds.
pub const OTHERS: &str = "all other holders";

impl Engine<'_> {
    pub(super) fn holding_fact(&self, day: &mut Day<'_>, line: &InputLine, fact: &Fact) -> Result<(), Fault> {
        match fact {
            Fact::Open { .. } => self.open(day, line, fact),
            Fact::Issue { .. } => self.issue_line(day, line, fact),
            Fact::Hold { party, class, stake, part, paid } => {
                self.hold(day, line, (*party, *class), (stake, *part), paid.as_ref())
            }
            Fact::Split { class, new, old } => self.split(day, line, *class, *new, *old),
            _ => Ok(()),
        }
    }

    fn issue_line(&self, day: &mut Day<'_>, line: &InputLine, fact: &Fact) -> Result<(), Fault> {
        let Fact::Issue { class, shares, price, raised, to, group } = fact else { return Ok(()) };
        let class = *class;
        let path = self.class_path(class);
        let fault = self.fault(&path, day.date);
        let shares = self.inputs.quantity(line, shares).map_err(&fault)?.known().filter(|n| n.is_positive());
        let Some(shares) = shares else {
            day.refuse(line, RefusalKind::NoQuantity, &path, "the line gives no positive quantity");
            return Ok(());
        };
        if let Some(detail) = self.above_authorised(day, class, shares).map_err(&fault)? {
            day.refuse(line, RefusalKind::AboveAuthorised, &path, detail);
            return Ok(());
        }
        let mut draft = self.issue(day, class, shares, *to).map_err(&fault)?;
        let value = |formula: &crate::terms::Formula| self.inputs.value(formula);
        let paid = match (raised, price) {
            (Some(raised), _) => value(raised).map_err(&fault)?,
            (None, Some(price)) => {
                value(price).and_then(|price| price.map(|price| price.times(shares))).map_err(&fault)?
            }
            (None, None) => Value::missing(format!("what was paid for {} new shares of {path}", shares.grouped())),
        };
        let cash = raised.as_ref().and(paid.known());
        if let (Some(amount), Some(terms)) = (cash, self.terms.classes.get(class.index())) {
            let issuer = self.terms.parties.get(terms.issuer.index());
            let currency = issuer.map_or_else(|| "".into(), |party| party.currency.clone());
            let payer = to.map_or_else(|| super::flow::OTHERS.into(), |to| self.party(to));
            let payer = day.account(&payer, "cash", &"".into(), &currency);
            let payee = day.account(&self.party(terms.issuer), "cash", &"".into(), &currency);
            draft = draft.transfer(payer, payee, amount);
        }
        let act = Act::Issued { class, shares, raised: paid.clone(), cash, to: *to };
        let number = day.record(self, act, &path, vec![Parent::Line(line.id)], draft)?;
        if let (Some(party), Some(amount)) = (to, cash) {
            self.subscribed(day, (*party, class), shares, amount, number)?;
        }
        if price.is_none() && raised.is_none() {
            return Ok(());
        }
        let issued = Issued { class, shares: Value::Known(shares), paid, name: group.as_deref() };
        self.cheaper_issue(day, &issued, &Parent::Line(line.id))
    }

    /// The party's holding becomes what the line says; all other holders give or take the difference.
    fn hold(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        (party, class): (crate::terms::PartyId, ClassId),
        (stake, part): (&crate::terms::Formula, bool),
        paid: Option<&crate::terms::Formula>,
    ) -> Result<(), Fault> {
        let path = self.class_path(class);
        let fault = self.fault(&path, day.date);
        let Some(stake) = self.inputs.value(stake).map_err(&fault)?.known().filter(|n| !n.is_negative()) else {
            day.refuse(line, RefusalKind::NoQuantity, &path, "the line gives no quantity");
            return Ok(());
        };
        let issued = self.outstanding(&day.register.chart, day.state, class);
        let shares = match part {
            true => issued.ratio_of(stake, Number::ONE, Rounding::WHOLE_DOWN).map_err(&fault)?,
            false => stake,
        };
        let holder = day.account(&self.party(party), "shares", &path, &path);
        let others = day.account(&OTHERS.into(), "shares", &path, &path);
        let more = shares.minus(day.state.balances.get(holder)).map_err(&fault)?;
        let free = day.state.balances.get(others);
        if more > free {
            let detail = format!(
                "{} shares, {} more than before, and {} are held by nobody named, of {} issued",
                shares.grouped(),
                more.grouped(),
                free.grouped(),
                issued.grouped()
            );
            day.refuse(line, RefusalKind::HeldAboveIssued, &path, detail);
            return Ok(());
        }
        let draft = Draft::default().transfer(others, holder, more);
        let before = day.state.balances.get(holder);
        let act = Act::Held { party, class, shares };
        day.record(self, act, &path, vec![Parent::Line(line.id)], draft)?;
        match paid {
            Some(paid) if !more.is_zero() => self.traded(day, line, (party, class), (more, before), paid),
            _ => Ok(()),
        }
    }

    fn class_path(&self, class: ClassId) -> Arc<str> {
        self.terms.classes.get(class.index()).map_or_else(|| "".into(), |c| c.path.clone())
    }

    fn open(&self, day: &mut Day<'_>, line: &InputLine, fact: &Fact) -> Result<(), Fault> {
        let Fact::Open { party, shares, cash, foreign, awards, dilutive_awards } = fact else { return Ok(()) };
        let Some(terms) = self.terms.parties.get(party.index()) else { return Ok(()) };
        let fault = self.fault(&terms.name, day.date);
        let read = |formula: &Option<crate::terms::Formula>| -> Result<Number, num::Fault> {
            let value = formula.as_ref().map(|f| self.inputs.value(f)).transpose()?;
            Ok(value.and_then(|v| v.known()).unwrap_or_default())
        };
        let mut draft = Draft::default();
        for (class, number) in shares {
            if let Some(number) = self.inputs.value(number).map_err(&fault)?.known() {
                let issued = self.issue(day, *class, number, None).map_err(&fault)?;
                day.state.opened.insert(*class, ());
                draft = draft.and(issued);
            }
        }
        // Nobody holds a fraction of a cent.
        let places = num::Unit::of(&terms.currency).precision().unwrap_or(2);
        let cash = read(cash).map_err(&fault)?.round(Rounding { places, ..Rounding::CENTS });
        let till = day.account(&terms.name, "cash", &"".into(), &terms.currency);
        let source = day.account(&terms.name, "opening", &"".into(), &terms.currency);
        draft = draft.transfer(source, till, cash);
        let mut others: Vec<(Arc<str>, Number)> = Vec::new();
        for (currency, amount) in foreign {
            let places = num::Unit::of(currency).precision().unwrap_or(2);
            let Some(amount) = self.inputs.value(amount).map_err(&fault)?.known() else { continue };
            let amount = amount.round(Rounding { places, ..Rounding::CENTS });
            let till = day.account(&terms.name, "cash", &"".into(), currency);
            let source = day.account(&terms.name, "opening", &"".into(), currency);
            draft = draft.transfer(source, till, amount);
            others.push((currency.clone(), amount));
        }
        let first = (0u32..).map(ClassId).zip(&self.terms.classes).find(|(_, c)| c.issuer == *party).map(|(id, _)| id);
        if let (Some(class), Some(_)) = (first, awards.as_ref().or(dilutive_awards.as_ref())) {
            let both = (read(awards).map_err(&fault)?, read(dilutive_awards).map_err(&fault)?);
            day.state.awards.insert(class, both);
        }
        let act = Act::Opened { party: *party, cash, foreign: others };
        day.record(self, act, &terms.name, vec![Parent::Line(line.id)], draft).map(|_| ())
    }

    /// New shares to a party, or to all other holders.
    fn issue(
        &self,
        day: &mut Day<'_>,
        class: ClassId,
        shares: Number,
        to: Option<PartyId>,
    ) -> Result<Draft, num::Fault> {
        let path = self.class_path(class);
        let issuer = self.terms.classes.get(class.index()).map_or_else(|| "".into(), |c| self.party(c.issuer));
        let unissued = day.account(&issuer, "unissued", &path, &path);
        let to = to.map_or_else(|| OTHERS.into(), |party| self.party(party));
        let holder = day.account(&to, "shares", &path, &path);
        Ok(Draft::default().transfer(unissued, holder, shares))
    }

    /// Every holding and every right over the class is multiplied; fractions of a share are dropped.
    fn split(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        class: ClassId,
        new: Number,
        old: Number,
    ) -> Result<(), Fault> {
        let path = self.class_path(class);
        let fault = self.fault(&path, day.date);
        let issuer = self.terms.classes.get(class.index()).map_or_else(|| "".into(), |c| self.party(c.issuer));
        let unissued = day.account(&issuer, "unissued", &path, &path);
        let holders: Vec<AccountId> = day
            .register
            .chart
            .iter()
            .filter(|(_, account)| &*account.name == "shares" && account.commodity == path)
            .map(|(id, _)| id)
            .collect();
        let more = |held: Number| held.ratio_of(new, old, Rounding::WHOLE_DOWN)?.minus(held);
        let mut draft = Draft::default();
        for holder in holders {
            draft = draft.transfer(unissued, holder, more(day.state.balances.get(holder)).map_err(&fault)?);
        }
        for (id, warrant) in self.warrants_over(class) {
            if self.class_of(day.state, warrant) != class || !warrant.adjusts {
                continue;
            }
            let stages = [Stage::Locked, Stage::Released, Stage::Cleared, Stage::Used, Stage::Lapsed];
            draft = draft.and(self.multiply_rights(day.state, id, &stages, (new, old)).map_err(&fault)?);
        }
        if let Some(authorised) = day.state.authorised.get(&class).copied() {
            let scaled = authorised.ratio_of(new, old, Rounding::WHOLE_DOWN).map_err(&fault)?;
            day.state.authorised.insert(class, scaled);
        }
        if let Some(reserved) = day.state.reserved.get(&class).copied() {
            let scaled = reserved.ratio_of(new, old, Rounding::WHOLE_DOWN).map_err(&fault)?;
            day.state.reserved.insert(class, scaled);
        }
        let ratio = Ratio::new(new, old).map_err(&fault)?;
        let before = exercise::split_of(day.state, class, true);
        day.state.splits.insert(class, before.times(ratio).map_err(&fault)?);
        if let Some((awards, dilutive)) = day.state.awards.get(&class).copied() {
            let scaled = |n: Number| n.ratio_of(new, old, Rounding::WHOLE_DOWN);
            let both = (scaled(awards).map_err(&fault)?, scaled(dilutive).map_err(&fault)?);
            day.state.awards.insert(class, both);
        }
        let act = Act::Split { class, new, old };
        let number = day.record(self, act, &path, vec![Parent::Line(line.id)], draft)?;
        self.count_split(day, class, Parent::Outcome(number))
    }

    /// Shares of a class issued and outstanding: what the issuer has given out.
    ///
    /// # Errors
    /// Never; the sign is only turned.
    #[must_use]
    pub fn outstanding(&self, chart: &crate::ledger::Chart, state: &State, class: ClassId) -> Number {
        let path = self.class_path(class);
        let issuer = self.terms.classes.get(class.index()).map_or_else(|| "".into(), |c| self.party(c.issuer));
        chart.find(&issuer, "unissued", &path, &path).map_or(Number::ZERO, |account| state.balances.get(account).neg())
    }
}
