//! Other classes that take part in dividends: what a share of each has of income (ASC 260-10-45-60, IAS 33.A14).

use super::Reconciliation;
use crate::num::{Fault, Mode, Rounding, Unit};
use crate::report::build::Reporter;
use crate::report::measure::Measures;
use crate::report::{Cell, Origin, Row, Rule, Table};
use crate::terms::{Basis, ClassId, Paragraph, PartyId, Value};
use crate::time::Period;

/// As the per share amounts of common shares.
const PER_SHARE: Rounding = Rounding { places: 6, mode: Mode::HalfUp };

/// What a class that takes part in dividends has of the income of a period.
#[derive(Clone, Debug)]
pub struct ClassPart {
    /// The class whose income it takes part in.
    pub of: ClassId,
    /// What was paid on it.
    pub distributed: Value,
    /// Its part of what was not paid out.
    pub undistributed: Value,
    /// Its part of what was not paid out of net income, if that is stated apart.
    pub net: Option<Value>,
    /// Its own shares, weighted.
    pub shares: Value,
}

impl ClassPart {
    /// What it has in all.
    ///
    /// # Errors
    /// Overflow.
    pub fn income(&self) -> Result<Value, Fault> {
        self.distributed.clone().plus(self.undistributed.clone())
    }

    /// An amount for each of its shares.
    ///
    /// # Errors
    /// Overflow.
    pub fn each(&self, amount: Value) -> Result<Value, Fault> {
        if self.shares.known().is_some_and(|n| !n.is_positive()) {
            return Ok(Value::missing("shares outstanding"));
        }
        amount.join(self.shares.clone(), |amount, shares| amount.over(shares, PER_SHARE))
    }
}

impl Measures<'_, '_> {
    /// Whether earnings per share of a class are a part of those of another: it takes part and no line states its own.
    pub(in crate::report) fn takes_part(&self, class: ClassId) -> Option<ClassId> {
        let classes = &self.replay.terms.classes;
        let own = classes.get(class.index())?;
        own.participates.as_ref()?;
        if !self.stated_on(class).is_empty() {
            return None;
        }
        let mut others = (0u32..).map(ClassId).zip(classes);
        others
            .find(|(id, other)| *id != class && other.issuer == own.issuer && other.participates.is_none())
            .map(|(id, _)| id)
    }

    /// The class that earnings per share of a party are about: the first about which something is stated, else the first.
    pub(in crate::report) fn earning_class(&self, party: PartyId) -> Option<ClassId> {
        let mine = || (0u32..).map(ClassId).zip(&self.replay.terms.classes).filter(|(_, class)| class.issuer == party);
        let stated = mine().find(|(id, _)| !self.stated_on(*id).is_empty());
        stated.or_else(|| mine().next()).map(|(id, _)| id)
    }

    /// What a class that takes part has of the income of a period.
    ///
    /// # Errors
    /// Overflow.
    pub(in crate::report) fn class_part(&self, class: ClassId, period: Period) -> Result<Option<ClassPart>, Fault> {
        let Some(of) = self.takes_part(class) else { return Ok(None) };
        let found = self.earnings_per_share(of, period)?;
        let path = self.replay.terms.classes.get(class.index()).map_or("", |class| &*class.path);
        let Some(at) = found.participants.iter().position(|one| one.name == path) else { return Ok(None) };
        self.part_at(&found, at, of, class, period).map(Some)
    }

    fn part_at(
        &self,
        found: &Reconciliation,
        at: usize,
        of: ClassId,
        class: ClassId,
        period: Period,
    ) -> Result<ClassPart, Fault> {
        let one = found.participants.get(at);
        let (distributed, undistributed) =
            one.map_or((Value::ZERO, Value::ZERO), |one| (one.distributed.clone(), one.undistributed.clone()));
        let net = found.net.as_ref().and_then(|net| net.parts.get(at).cloned());
        Ok(ClassPart { of, distributed, undistributed, net, shares: self.common(class, period)? })
    }
}

impl Reporter<'_, '_> {
    /// The part of income of a class that takes part, and for each of its shares.
    pub(super) fn class_table(
        &mut self,
        class: ClassId,
        part: &ClassPart,
        currency: &str,
        label: &str,
        period: Period,
    ) -> Result<Table, Fault> {
        let (money, shares, each) = (Unit::of(currency), Unit::of("shares"), Unit::per(currency, "shares"));
        let path = |id: ClassId| self.replay.terms.classes.get(id.index()).map(|class| class.path.clone());
        let (own, of) = (path(class).unwrap_or_default(), path(part.of).unwrap_or_default());
        let why = self.measures().why(class, "", Paragraph::EpsParticipating);
        let columns = super::table::columns(currency, self.scales);
        let title = format!("Earnings per share of {own}, which takes part with {of}{label} ({period})");
        let mut table = Table { title, columns, ..Table::default() };
        let bases = &mut self.bases;
        let mut row = |label: &str, amount: Value, shown: Option<Value>, why: String| -> Result<Row, Fault> {
            let origin = || Origin::State { what: own.clone(), date: period.to };
            let mut figure =
                |value: Value, unit: &Unit| Cell::Figure(bases.figure(value, unit.clone(), Basis::Actual, origin()));
            let per_share = figure(part.each(amount.clone())?, &each);
            let count = shown.map_or(Cell::Empty, |count| figure(count, &shares));
            Ok(Row::of(vec![Cell::Text(label.to_owned()), figure(amount, &money), count, per_share, Cell::Text(why)]))
        };
        let income = part.income()?;
        let net = part.net.clone().map(|net| part.distributed.clone().plus(net)).transpose()?;
        let rows = [
            row("Distributed", part.distributed.clone(), None, why.clone())?,
            row("Undistributed, its part", part.undistributed.clone(), None, why.clone())?,
            Row::Rule(Rule::Double),
            row("Basic", income, Some(part.shares.clone()), why.clone())?,
        ];
        table.rows.extend(rows);
        if let Some(net) = net {
            table.rows.push(row("Net income, basic", net, Some(part.shares.clone()), why)?);
        }
        Ok(table)
    }
}
