//! Loans, leases and guarantees: signed, drawn, counted, paid, repaid.

mod count;
mod draw;
mod opening;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::count::Cut;
use super::step::{Day, Engine, Fault};
use super::{Act, TrancheState};
use crate::ledger::{Draft, Parent};
use crate::num::{Number, Rounding, Unit};
use crate::terms::{Basis, Credit, CreditKind, Fact, Formula, Stage, Terms, Tranche, TrancheId, Value, days_back};
use crate::time::Date;

/// What was drawn of a credit, and what it has earned since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreditState {
    /// Each draw, oldest first.
    pub draws: Vec<DrawState>,
    /// The fee on what is not drawn.
    pub undrawn: Running,
    /// The days on which something is counted or paid.
    pub days: Arc<BTreeSet<Date>>,
}

/// Money drawn on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawState {
    /// From 1.
    pub number: u32,
    /// When.
    pub date: Date,
    /// Not yet repaid.
    pub left: Number,
    /// Days of payment still to come, with the principal due on each.
    pub plan: Vec<(Date, Number)>,
    /// The rate of this period, a year.
    pub rate: Value,
    /// Interest not yet paid.
    pub running: Running,
    /// The outcome that drew it.
    pub outcome: u32,
}

/// What accrues from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// From this day, included.
    pub since: Date,
    /// Accrued before and not paid.
    pub base: Value,
    /// Of all that, told to the books.
    pub told: Value,
}

impl Default for Running {
    fn default() -> Self {
        Self { since: Date::MIN, base: Value::ZERO, told: Value::ZERO }
    }
}

impl Engine<'_> {
    /// On the day of signing credits come into being, and what is paid for them then is paid.
    pub(super) fn lend(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for id in self.dated.get(&day.date).map_or(&[][..], |d| &d.credits) {
            let Some(credit) = self.terms.credits.get(id.index()) else { continue };
            let Some(tranche) = self.terms.tranches.get(credit.tranche.index()) else { continue };
            day.state.tranches.insert(credit.tranche, TrancheState::default());
            let commodity = format!("{} commitment", credit.path).into();
            let committed = day.account(&self.party(credit.giver), "committed", &credit.path, &commodity);
            let mut draft = Draft::default();
            if let Some(locked) = self.stage_account(credit.tranche, Stage::Locked) {
                draft = draft.transfer(committed, locked, tranche.size);
            }
            let parents = vec![Parent::Term(credit.path.clone())];
            let act = Act::Committed { tranche: credit.tranche, amount: tranche.size };
            day.record(self, act, &credit.path, parents.clone(), draft)?;
            if !credit.standing.is_owed() {
                continue;
            }
            let fees: Vec<(bool, &Formula)> = match &credit.kind {
                // What was paid for it is in what it is carried at.
                CreditKind::Loan(loan) if loan.opening.is_some() => Vec::new(),
                CreditKind::Loan(loan) => loan.fees.iter().map(|(own, fee)| (*own, fee)).collect(),
                CreditKind::Guarantee(guarantee) => guarantee.fee.iter().map(|fee| (true, fee)).collect(),
                CreditKind::Lease(_) => Vec::new(),
            };
            for (own, fee) in fees {
                let amount = self.inputs.value(fee).map_err(self.fault(&credit.path, day.date))?;
                let payee = if own { self.party(credit.giver) } else { super::flow::OTHERS.into() };
                let payer = credit.guarantee().and_then(|g| g.obligor).unwrap_or(credit.taker);
                let from = day.account(&self.party(payer), "cash", &"".into(), &credit.currency);
                let to = day.account(&payee, "cash", &"".into(), &credit.currency);
                let draft = Draft::default().transfer(from, to, amount.known().unwrap_or_default());
                let act = Act::FeePaid { tranche: credit.tranche, amount, own };
                day.record(self, act, &credit.path, parents.clone(), draft)?;
            }
            let days = known_days(self.terms, credit);
            days.iter().for_each(|date| day.agenda.add_credit(*date, credit.tranche));
            let undrawn = Running { since: day.date, ..Running::default() };
            let state = CreditState { draws: Vec::new(), undrawn, days: Arc::new(days) };
            day.state.credits.insert(credit.tranche, Arc::new(state));
        }
        Ok(())
    }

    /// What falls due today, then what lines repay and draw.
    pub(super) fn credits(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for id in day.agenda.credits(day.date) {
            let Some(credit) = self.terms.credit_of(id) else { continue };
            match &credit.kind {
                CreditKind::Loan(_) => self.loan_due(day, id, credit)?,
                CreditKind::Lease(lease) => self.term_day(day, id, credit, lease.term, &lease.payments)?,
                CreditKind::Guarantee(guarantee) => self.term_day(day, id, credit, guarantee.term, &[])?,
            }
        }
        for index in self.lines.get(&day.date).map_or(&[][..], Vec::as_slice) {
            let Some(line) = self.inputs.lines.get(*index) else { continue };
            match &line.line.fact {
                Some(Fact::Repay { tranche, amount }) => self.repay_line(day, line, *tranche, amount)?,
                Some(Fact::Draw { tranche, amount }) => self.draw_line(day, line, *tranche, amount)?,
                _ => {}
            }
        }
        self.gates(day)?;
        for id in day.agenda.credits(day.date) {
            let Some((credit, loan)) = self.terms.credit_of(id).and_then(|c| Some((c, c.loan()?))) else { continue };
            let last = loan.available.is_some_and(|(_, to)| to == day.date);
            if last || self.is_end(credit, day.date) {
                self.accrue(day, id, credit, loan, (day.date.next(), Cut::Nothing))?;
            }
        }
        Ok(())
    }

    /// A day of a lease or a guarantee: it begins, is paid, is counted.
    fn term_day(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        credit: &Credit,
        (from, to): (Date, Date),
        payments: &[(Date, Formula)],
    ) -> Result<(), Fault> {
        let parents = vec![Parent::Term(credit.path.clone())];
        let begins = from.max(credit.since);
        if day.date == begins && !day.state.ended.contains_key(&credit.contract) {
            let whole = self.stage(day.state, id, Stage::Locked);
            let draft = self.move_stage(Draft::default(), id, Stage::Locked, Stage::Used, whole);
            let reached = TrancheState { vested: Some(day.date), cleared: Some(day.date), ..TrancheState::default() };
            day.state.tranches.insert(id, reached);
            day.record(self, Act::Commenced { tranche: id }, &credit.path, parents.clone(), draft)?;
        }
        // A contract that ended before the use began asks for nothing more; one that ended later has been served.
        let begun = self.stage(day.state, id, Stage::Used).is_positive();
        if !begun && (day.date >= begins || day.state.ended.contains_key(&credit.contract)) {
            return Ok(());
        }
        // What falls due before the contract is paid with it.
        let paid_on = |date: Date| date.max(credit.since) == day.date;
        let due: Vec<&Formula> = payments.iter().filter(|(date, _)| paid_on(*date)).map(|(_, a)| a).collect();
        // What is paid on a day is paid after what was counted up to it.
        if !due.is_empty() && day.date > begins {
            self.told(day, id, credit, day.date, Value::ZERO, Value::ZERO)?;
        }
        for amount in due {
            let amount = self.inputs.value(amount).map_err(self.fault(&credit.path, day.date))?;
            let act = Act::Rented { tranche: id, amount: amount.clone(), ahead: !begun };
            self.paid(day, credit, act, amount, Draft::default())?;
        }
        if day.date >= begins && day.date <= to && (day.date == to || self.is_end(credit, day.date)) {
            self.told(day, id, credit, day.date.next(), Value::ZERO, Value::ZERO)?;
        }
        Ok(())
    }

    /// Whether a period of one of the parties ends on a day.
    fn is_end(&self, credit: &Credit, date: Date) -> bool {
        is_end(self.terms, credit, date)
    }

    /// Cash from the taker to the giver under a credit.
    fn paid(&self, day: &mut Day<'_>, credit: &Credit, act: Act, amount: Value, draft: Draft) -> Result<u32, Fault> {
        let from = day.account(&self.party(credit.taker), "cash", &"".into(), &credit.currency);
        let to = day.account(&self.party(credit.giver), "cash", &"".into(), &credit.currency);
        let draft = draft.transfer(from, to, amount.known().unwrap_or_default());
        let parents = vec![Parent::Term(credit.path.clone())];
        day.record_as(self, act, &credit.path, parents, draft, self.expected(day.date))
    }

    /// What follows from terms alone is expected from the last known day on.
    fn expected(&self, date: Date) -> Basis {
        if self.inputs.today.is_none_or(|today| date > today) { Basis::Forecast } else { Basis::Actual }
    }

    /// Draws what can be drawn if the condition is met and nobody has to ask.
    pub(super) fn draw_if_met(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        terms: &Tranche,
        parents: &BTreeSet<Parent>,
    ) -> Result<bool, Fault> {
        let Some(credit) = self.terms.credit_of(id) else { return Ok(false) };
        let Some(loan) = credit.loan().filter(|loan| loan.available.is_none() && loan.opening.is_none()) else {
            return Ok(false);
        };
        let left = self.stage(day.state, id, Stage::Locked);
        let owed = credit.standing.is_owed() && self.in_force(day.state, id);
        if !owed || left.is_zero() || loan.maturity(day.date) <= day.date {
            return Ok(false);
        }
        let Some((causes, basis)) = self.met(day, id, terms, &terms.vests, parents)? else { return Ok(false) };
        self.draw(day, id, credit, loan, left, causes, basis)?;
        Ok(true)
    }

    /// Rounding of a credit's money.
    fn minor_of(credit: &Credit) -> Rounding {
        Rounding { places: Unit::of(&credit.currency).precision().unwrap_or(2), ..Rounding::CENTS }
    }
}

/// Whether a month, or a quarter of one of the parties, ends on a day.
fn is_end(terms: &Terms, credit: &Credit, date: Date) -> bool {
    let quarter = |party: crate::terms::PartyId| {
        terms.parties.get(party.index()).is_some_and(|party| {
            let (year, quarter) = party.fiscal.quarter_of(date);
            party.fiscal.quarter(year, quarter).to == date
        })
    };
    date == date.month_end() || quarter(credit.giver) || quarter(credit.taker)
}

/// Ends of months, and of quarters of the parties, from one day to another.
fn ends(terms: &Terms, credit: &Credit, from: Date, to: Date) -> BTreeSet<Date> {
    let months = std::iter::successors(Some(from.month_start()), |month| Some(month.plus_months(1)));
    let months = months.take_while(|month| *month <= to).take(crate::terms::MOST);
    let quarters = |month: Date| {
        [credit.giver, credit.taker].into_iter().filter_map(move |party| {
            let party = terms.parties.get(party.index())?;
            let (year, quarter) = party.fiscal.quarter_of(month);
            Some(party.fiscal.quarter(year, quarter).to)
        })
    };
    let all = months.flat_map(|month| quarters(month).chain([month.month_end()]).collect::<Vec<_>>());
    all.filter(|date| (from..=to).contains(date)).collect()
}

/// The days known at signing on which something is counted or paid.
fn known_days(terms: &Terms, credit: &Credit) -> BTreeSet<Date> {
    match &credit.kind {
        CreditKind::Loan(loan) => {
            let since = loan.opening.as_ref().map_or(credit.since, |opening| opening.date);
            let mut days = BTreeSet::from_iter(loan.opening.as_ref().map(|opening| opening.date));
            if let Some((_, to)) = loan.available {
                days.extend(ends(terms, credit, since, to));
                if let Some(undrawn) = &loan.undrawn {
                    days.extend(days_back(to, since, undrawn.months));
                }
                days.insert(to);
            }
            days
        }
        CreditKind::Lease(lease) => {
            let (from, to) = (lease.term.0.max(credit.since), lease.term.1);
            let mut days = ends(terms, credit, from, to);
            days.extend(lease.payments.iter().map(|(date, _)| (*date).max(credit.since)).chain([from, to]));
            days.into_iter().filter(|date| *date >= credit.since).collect()
        }
        CreditKind::Guarantee(guarantee) => {
            let (from, to) = (guarantee.term.0.max(credit.since), guarantee.term.1);
            let mut days = ends(terms, credit, from, to);
            days.extend([from, to]);
            days.into_iter().filter(|date| *date >= credit.since).collect()
        }
    }
}
