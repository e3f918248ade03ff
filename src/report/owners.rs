//! Report: who owns a company over all its classes of shares, and through whom.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Reporter;
use super::control::Stakes;
use super::ownership::{FULLY_DILUTED, share_of};
use super::{Cell, Column, Origin, Report, Row, Rule, Scale, Table};
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, ClassId, PartyId, Value};
use crate::time::Date;

/// What a holder has of a company: of each class, then as issued, with vested rights, fully diluted.
#[derive(Clone, Debug)]
struct Holding {
    classes: Vec<Value>,
    stages: [Value; 3],
}

impl Holding {
    fn nothing(classes: usize) -> Self {
        Self { classes: vec![Value::ZERO; classes], stages: [Value::ZERO, Value::ZERO, Value::ZERO] }
    }

    /// Adds what is held of one class.
    fn add(&mut self, class: usize, stages: [Value; 3]) -> Result<(), Fault> {
        if let (Some(of), [issued, ..]) = (self.classes.get_mut(class), &stages) {
            *of = of.clone().plus(issued.clone())?;
        }
        for (sum, stage) in self.stages.iter_mut().zip(stages) {
            *sum = sum.clone().plus(stage)?;
        }
        Ok(())
    }

    fn plus(&mut self, other: &Self) -> Result<(), Fault> {
        let sums = self.classes.iter_mut().chain(&mut self.stages);
        for (sum, more) in sums.zip(other.classes.iter().chain(&other.stages)) {
            *sum = sum.clone().plus(more.clone())?;
        }
        Ok(())
    }
}

impl Reporter<'_, '_> {
    /// The owners of the companies asked for; of all whose shares are counted or promised, if none is named.
    pub(super) fn owners(&mut self) -> Result<Report, String> {
        let terms = self.replay.terms;
        let has_shares = |id: PartyId| terms.classes.iter().any(|class| class.issuer == id);
        let known = |id: PartyId| {
            let classes = (0u32..).map(ClassId).zip(&terms.classes).filter(|(_, class)| class.issuer == id);
            classes.into_iter().any(|(class, _)| {
                self.replay.end().state.opened.contains_key(&class)
                    || terms.warrants.iter().any(|w| w.class == class)
                    || terms.investments.iter().any(|i| i.class == class)
            })
        };
        let all = (0u32..).map(PartyId).take(terms.parties.len());
        let asked = self.scope.parties(self.replay)?;
        let companies: Vec<PartyId> = match asked.is_empty() {
            true => all.filter(|id| known(*id)).collect(),
            false => asked.into_iter().filter(|id| has_shares(*id)).collect(),
        };
        let (Some(first), false) = (companies.first().copied(), companies.is_empty()) else {
            return Ok(self.nothing("ownership", "ownership", "has shares that are counted here"));
        };
        let at = match (self.scope.range, terms.parties.get(first.index())) {
            (Some(range), _) => range.to,
            (None, Some(party)) if self.scope.period.is_some() => {
                self.scope.period(party, super::scope::quarter(party, self.replay.today()))?.1.to
            }
            _ => self.replay.today(),
        };
        let names: Vec<String> = companies.iter().map(|id| self.party_name(*id)).collect();
        let mut report = self.report("ownership", format!("{} — ownership", names.join(", ")));
        report.header.at = Some(at);
        report.header.units =
            format!("{}; every share counts as one, whatever its class (as converted 1:1)", self.scales.shares());
        for company in companies {
            self.owners_of(&mut report, company, at).map_err(|fault| fault.to_string())?;
        }
        self.refusals(&mut report, at);
        Ok(report)
    }

    fn owners_of(&mut self, report: &mut Report, company: PartyId, at: Date) -> Result<(), Fault> {
        let terms = self.replay.terms;
        let classes: Vec<(ClassId, String)> = (0u32..)
            .map(ClassId)
            .zip(&terms.classes)
            .filter(|(_, class)| class.issuer == company)
            .map(|(id, class)| (id, class.path.split('.').next_back().unwrap_or("").to_owned()))
            .collect();
        let count = classes.len();
        let mut held: BTreeMap<PartyId, Holding> = BTreeMap::new();
        let (mut awards, mut others) = (Holding::nothing(count), Holding::nothing(count));
        let mut unpriced = BTreeSet::new();
        let mut optional: Vec<String> = Vec::new();
        let (mut promised, mut reserved) = (false, false);
        for (at_class, (class, _)) in classes.iter().enumerate() {
            let dilution = self.measures().dilution(*class, at)?;
            let mut rest = dilution.issued.clone();
            reserved |= dilution.pool_is_reserved;
            promised |= dilution.holders.iter().any(|stake| stake.money.is_positive());
            for stake in &dilution.holders {
                if stake.optional.is_positive() {
                    optional.push(format!("{} ({} shares)", self.party_name(stake.party), stake.optional.grouped()));
                }
                rest = rest.minus(Value::Known(stake.issued))?;
                let vested = stake.issued.plus(stake.vested)?;
                let stages = [stake.issued, vested, vested.plus(stake.unvested)?].map(Value::Known);
                held.entry(stake.party).or_insert_with(|| Holding::nothing(count)).add(at_class, stages)?;
            }
            let granted = [Number::ZERO, Number::ZERO, dilution.awards].map(Value::Known);
            awards.add(at_class, granted)?;
            let sum = self.held(*class, at)?;
            let path = terms.classes.get(class.index()).map_or("", |c| &*c.path);
            let claim = format!("{path}: shares of all holders = shares issued");
            self.check(report, "holders_hold_what_is_issued", claim, Value::Known(sum), dilution.issued.clone());
            // A class of which nothing is issued and nothing stated has no holders.
            let silent = !self.replay.at(at).state.opened.contains_key(class) && sum.is_zero() && count > 1;
            if !silent {
                others.add(at_class, [rest.clone(), rest.clone(), rest])?;
            }
            unpriced.extend(dilution.unpriced);
        }
        let mut rows: Vec<(String, Holding)> = held.into_iter().map(|(id, h)| (self.party_name(id), h)).collect();
        if awards.stages.iter().any(|stage| *stage != Value::ZERO) {
            rows.push((if reserved { "Reserved shares" } else { "Employee awards" }.into(), awards));
        }
        rows.push(("All other holders".into(), others));
        let mut total = Holding::nothing(count);
        for (_, holding) in &rows {
            total.plus(holding)?;
        }
        let name = self.party_name(company);
        let mut table =
            Table { title: format!("Ownership of {name} at {at}"), units: self.scales.shares(), ..Table::default() };
        table.columns.push(Column::text("Holder"));
        if count > 1 {
            let of = |(_, name): &(ClassId, String)| Column::figures(name.clone(), self.scales.shares);
            table.columns.extend(classes.iter().map(of));
        }
        let last = match promised {
            true => ("Fully diluted\n+ promised", "fully diluted and promised"),
            false => ("Fully\ndiluted", "fully diluted"),
        };
        let heads = [("All issued", "issued"), ("+ vested,\ncalled", "with vested and called"), last];
        for (heading, word) in heads {
            table.columns.push(Column::figures(heading, self.scales.shares).named(format!("Shares {word}")));
            table.columns.push(Column::figures("%", Scale::WHOLE).named(format!("Part {word}")));
        }
        let certain = classes
            .iter()
            .map(|(class, _)| self.measures().certainty(at, |outcome| self.measures().touches_class(outcome, *class)));
        let certainty = certain.max().unwrap_or(Basis::Actual);
        for (holder, holding) in &rows {
            let row = self.holding(holder, holding, &total, (count, certainty, at))?;
            table.rows.push(row);
        }
        table.rows.push(Row::Rule(Rule::Double));
        let row = self.holding("Total", &total, &total, (count, certainty, at))?;
        table.rows.push(row);
        let money = " Promised: money called or firmly promised, at its price of that day.";
        table.footnotes.push(format!("{FULLY_DILUTED}{}", if promised { money } else { "" }));
        if !unpriced.is_empty() {
            let names: Vec<&str> = unpriced.iter().map(|name| &**name).collect();
            table.footnotes.push(format!("Not in it, for the price is not known on that day: {}.", names.join(", ")));
        }
        if !optional.is_empty() {
            table.footnotes.push(format!("Not in it, for only they may call: {}.", optional.join(", ")));
        }
        report.tables.push(table);
        let through = self.through(company, certainty, at)?;
        report.tables.extend(through);
        Ok(())
    }

    fn holding(
        &mut self,
        name: &str,
        holding: &Holding,
        total: &Holding,
        (classes, certainty, date): (usize, Basis, Date),
    ) -> Result<Row, Fault> {
        let origin = || Origin::State { what: name.into(), date };
        let mut cells = vec![Cell::Text(name.to_owned())];
        for shares in holding.classes.iter().filter(|_| classes > 1) {
            cells.push(Cell::Figure(self.bases.figure(shares.clone(), Unit::of("shares"), certainty, origin())));
        }
        for (amount, whole) in holding.stages.iter().zip(&total.stages) {
            let part = amount.clone().join(whole.clone(), share_of)?;
            cells.push(Cell::Figure(self.bases.figure(amount.clone(), Unit::of("shares"), certainty, origin())));
            cells.push(Cell::Percent(self.bases.figure(part, Unit::none(), certainty, origin())));
        }
        Ok(Row::of(cells))
    }

    /// What parties hold through others; nothing where no named holder is itself held by one.
    fn through(&mut self, company: PartyId, certainty: Basis, date: Date) -> Result<Option<Table>, Fault> {
        let stakes = Stakes::on(self.replay, date)?;
        let (direct, effective) = (stakes.direct(company)?, stakes.effective(company)?);
        let own = |id: &PartyId| direct.get(id).copied().unwrap_or_default();
        if effective.iter().all(|(id, part)| own(id) == *part) {
            return Ok(None);
        }
        let columns = vec![
            Column::text("Holder"),
            Column::figures("Itself %", Scale::WHOLE).named("Part held itself"),
            Column::figures("Through\nothers %", Scale::WHOLE).named("Part held through others"),
            Column::figures("Effective\n%", Scale::WHOLE).named("Effective part"),
            Column::text("Through"),
        ];
        let title = format!("Effective ownership of {} at {date}, as issued", self.party_name(company));
        let mut table = Table { title, columns, ..Table::default() };
        for (holder, whole) in &effective {
            let mut between = Vec::new();
            for id in direct.keys().filter(|id| *id != holder) {
                if stakes.effective(*id)?.contains_key(holder) {
                    between.push(self.party_name(*id));
                }
            }
            let name = self.party_name(*holder);
            let mut cells = vec![Cell::Text(name.clone())];
            for part in [own(holder), whole.minus(own(holder))?, *whole] {
                let origin = Origin::State { what: name.clone().into(), date };
                cells.push(Cell::Percent(self.bases.figure(Value::Known(part), Unit::none(), certainty, origin)));
            }
            cells.push(Cell::Text(between.join(", ")));
            table.rows.push(Row::of(cells));
        }
        table.footnotes.push(
            "A holder of a holder has its part of that holder's part. The same shares stand in several rows: they do not add \
             up to 100%."
                .into(),
        );
        Ok(Some(table))
    }
}
