//! The one-screen answer of `run`: what it rests on, what vested and why not the rest, dilution, revenue with the
//! warrant's cost against it, what is owed.

use super::build::Reporter;
use super::fact::find;
use super::measure::Measured;
use super::scope::quarter;
use super::{Cell, Column, Report, Row, Table, scales};
use crate::engine::Act;
use crate::num::Fault;
use crate::terms::{ClassId, PartyId, SupplyId, WarrantId};
use crate::time::{Date, Period, PeriodName};

impl Reporter<'_, '_> {
    /// All contracts at the last actual day, and what the run expects after it.
    pub(super) fn summary(&mut self) -> Result<Report, String> {
        let asked = self.first_seller().and_then(|id| self.replay.terms.parties.get(id.index())).map(|party| {
            let period = self.scope.period.and_then(|name| party.fiscal.resolve(&name));
            self.scope.range.or(period)
        });
        let today = asked.flatten().map_or_else(|| self.replay.today(), |period| period.to);
        let taken = |c: &&crate::terms::Contract| {
            let id = (0u32..).map(crate::terms::ContractId).zip(&self.replay.terms.contracts);
            let id = id.into_iter().find(|(_, of)| of.path == c.path).map(|(id, _)| id);
            id.is_some_and(|id| self.scope.takes(self.replay, id))
        };
        let names: Vec<&str> =
            self.replay.terms.contracts.iter().filter(taken).map(|c| &*c.title).filter(|t| !t.is_empty()).collect();
        let title = if names.is_empty() { "Summary".to_owned() } else { names.join("; ") };
        let mut report = self.report("summary", title);
        report.header.at = Some(today).filter(|day| *day > Date::MIN);
        report.brief = true;
        if let Some(party) = self.first_seller() {
            self.book_header(&mut report, party);
        }
        self.summarise(&mut report, today).map_err(|f| f.to_string())?;
        let base = report.header.scenario == "base" && self.scope.known_by.is_none();
        for claim in
            if base { super::asserts(self.replay) } else { Vec::new() }.into_iter().filter(|c| c.holds != Some(true))
        {
            if !claim.about.iter().all(|path| self.asked(path)) {
                continue;
            }
            report.notes.push(format!("assertion does not hold: {} ({})", claim.text, claim.detail));
        }
        self.refusals(&mut report, Date::MAX);
        Ok(report)
    }

    fn first_seller(&self) -> Option<PartyId> {
        let sellers = self.replay.terms.supplies.iter().map(|s| s.seller);
        sellers.chain(self.replay.terms.warrants.iter().map(|w| w.issuer)).next()
    }

    fn summarise(&mut self, report: &mut Report, today: Date) -> Result<(), Fault> {
        for (id, warrant) in (0u32..).map(WarrantId).zip(&self.replay.terms.warrants) {
            if self.scope.takes(self.replay, warrant.contract) {
                let table = self.vesting_table(id, today)?;
                report.tables.push(table);
            }
        }
        let terms = self.replay.terms;
        let invested: Vec<_> = terms.investments.iter().filter(|i| self.scope.takes(self.replay, i.contract)).collect();
        if !invested.is_empty() {
            let table = self.tranche_table(report, &invested, None, today)?;
            report.tables.push(Table {
                title: format!("Investments at {today}"),
                units: self.scales.amounts(),
                ..table
            });
        }
        for id in (0u32..).map(ClassId).take(terms.classes.len()) {
            if terms.warrants.iter().any(|w| w.class == id) || invested.iter().any(|i| i.class == id) {
                let table = self.ownership(report, id, today)?;
                report.tables.push(table);
            }
        }
        for (id, supply) in (0u32..).map(SupplyId).zip(&self.replay.terms.supplies) {
            // Of a supply under which nothing has happened there is nothing to show.
            let active = |outcome: &crate::engine::Outcome| {
                outcome.act.supply() == Some(id) && !matches!(outcome.act, Act::Signed { .. })
            };
            if self.scope.takes(self.replay, supply.contract) && self.replay.outcomes().any(|(_, o)| active(o)) {
                let table = self.money_table(id, today)?;
                report.tables.extend(table);
            }
        }
        if !self.replay.terms.commitments.is_empty() {
            let promises = self.standing().map_err(|_| Fault::Overflow)?;
            report.tables.extend(promises.tables);
        } else {
            let lent = self.lent_table(report, today)?;
            report.tables.extend(lent);
        }
        for (id, party) in (0u32..).map(PartyId).zip(&self.replay.terms.parties) {
            let active = self.replay.register.chart.find(&party.name, "cash", "", &party.currency).is_some();
            if active {
                self.books_tie(report, id, self.replay.end().date)?;
            }
        }
        Ok(())
    }

    /// The cost of the tranches that a supply earns, as what it takes off revenue.
    fn cost_of(&self, seller: PartyId, id: SupplyId, days: Period) -> Result<Option<Measured>, Fault> {
        let paths: Vec<_> = self.replay.terms.earned_by(id).map(|t| self.tranche_path(t)).collect();
        let Some(book) = self.replay.keeper(seller) else { return Ok(None) };
        let mine = |item: &str| paths.iter().any(|path| **path == *item);
        let cost = self.measures().movement(book, "contra_revenue", days, mine, |_| true)?;
        Ok(Some(Measured { value: cost.value.clone().map(|n| Ok(n.neg()))?, ..cost }))
    }

    /// Revenue, the warrants' cost, deposits and dues of a supply: the last quarter, the year, and the whole run.
    fn money_table(&mut self, id: SupplyId, today: Date) -> Result<Option<Table>, Fault> {
        let Some(supply) = self.replay.terms.supplies.get(id.index()) else { return Ok(None) };
        let Some(seller) = self.replay.terms.parties.get(supply.seller.index()) else { return Ok(None) };
        let chosen = self.scope.period.filter(|p| matches!(p, PeriodName::Quarter(..)));
        let name = chosen.unwrap_or_else(|| quarter(seller, today));
        let PeriodName::Quarter(year, _) = name else { return Ok(None) };
        // That nothing more is forecast does not mean that nothing more will happen: what lapses for want of it ends no run.
        let lasting = self.replay.outcomes().filter(|(_, outcome)| !matches!(outcome.act, Act::Lapsed { .. }));
        let last = lasting.map(|(_, outcome)| outcome.date).max().unwrap_or(today).max(today);
        let mut periods = Vec::new();
        for (label, name) in [(format!("{name}"), name), (format!("FY{year}"), PeriodName::Year(year))] {
            if let Some(days) = seller.fiscal.resolve(&name) {
                periods.push((label, days));
            }
        }
        periods.push((format!("to {today}"), Period { from: Date::MIN, to: today }));
        if last > today {
            periods.push(("whole run".into(), Period { from: Date::MIN, to: last }));
        }
        let (payee, payer) = (seller.name.to_string(), self.party_name(supply.buyer));
        let mut columns =
            vec![Column::text(format!("{}{}", supply.currency, scales::mark(self.scales.money))).named("Line")];
        columns.extend(periods.iter().map(|(label, _)| Column::figures(label.clone(), self.scales.money)));
        let title = format!("{payee} sells {} to {payer}", supply.path);
        let mut table = Table { title, columns, ..Table::default() };
        let lines: &[(&str, PartyId, &str)] = &[
            ("Book: revenue at contract price", supply.seller, "revenue"),
            ("Book: the warrants' cost (contra-revenue)", supply.seller, "contra_revenue"),
            ("Book: net of the warrants' cost", supply.seller, "net_revenue"),
            ("Legal: billed", supply.seller, "billed"),
            ("Legal: paid", supply.seller, "paid"),
        ];
        let path = supply.path.clone();
        let owed = format!("Legal: {payer} owes at the end");
        let all = lines.iter().map(|(l, p, m)| ((*l).to_owned(), *p, *m));
        for (label, party, measure) in all.chain([(owed, supply.seller, "claims")]) {
            let mut cells = vec![Cell::Text(label)];
            for (_, days) in &periods {
                let found = match measure {
                    "contra_revenue" => self.cost_of(supply.seller, id, *days)?,
                    _ => find(self.measures(), party, measure, Some(&path), *days)?,
                };
                match found {
                    Some(found) => cells.push(self.cell(&found)),
                    None => cells.push(Cell::Empty),
                }
            }
            table.rows.push(Row::of(cells));
        }
        Ok(Some(table))
    }
}
