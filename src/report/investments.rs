//! Report: money promised in tranches, called, funded, and what it bought.

use super::build::Reporter;
use super::{Cell, Column, Origin, Report, Row, Rule, Table};
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, ClassId, Investment, IssuePrice, PartyId, ShareCount, TrancheId, Value, Worth};
use crate::time::{Date, Period};

/// Investments in more tranches than this fold those of which nothing has happened.
const FOLD: usize = 4;

/// Promised, called, funded, lapsed, not called; and the shares issued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    promised: Number,
    called: Number,
    funded: Number,
    lapsed: Number,
    uncalled: Number,
}

impl Reporter<'_, '_> {
    /// Tranches of every investment that the party makes or takes, on the last day of the period, with who owns what.
    pub(super) fn investments(&mut self) -> Result<Report, String> {
        let terms = self.replay.terms;
        let sides = |i: &Investment| i.investors.iter().map(|(p, _)| *p).chain([i.company]).collect::<Vec<_>>();
        let entity = match &self.scope.entity {
            None => None,
            Some(_) => Some(self.scope.party(self.replay, "invests", |_| true)?.0),
        };
        let at = match (&self.scope.range, entity.or(terms.investments.first().map(|i| i.company))) {
            (Some(range), _) => range.to,
            (None, Some(party)) if self.scope.period.is_some() => {
                let party = terms.parties.get(party.index()).ok_or("no such party")?;
                let quarter = super::scope::quarter(party, self.replay.today());
                self.scope.period(party, quarter)?.1.to
            }
            _ => self.replay.today(),
        };
        let whose = entity.map_or_else(String::new, |id| format!("{} — ", self.party_name(id)));
        let mut report = self.report("investments", format!("{whose}investments by tranche"));
        report.header.at = Some(at);
        report.header.units = format!("{}; {}", self.scales.amounts(), self.scales.shares());
        let mine: Vec<&Investment> = terms
            .investments
            .iter()
            .filter(|i| entity.is_none_or(|party| sides(i).contains(&party)))
            .filter(|i| self.scope.takes(self.replay, i.contract))
            .collect();
        if mine.is_empty() {
            report.notes.push("No investment here is made or taken by this party.".into());
        }
        let table = self.tranche_table(&mut report, &mine, entity, at).map_err(|f| f.to_string())?;
        report.tables.push(table);
        let mut classes: Vec<ClassId> = mine.iter().map(|i| i.class).collect();
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            let owners = self.ownership(&mut report, class, at).map_err(|f| f.to_string())?;
            report.tables.push(owners);
        }
        self.refusals(&mut report, at);
        Ok(report)
    }

    /// One row a tranche, with the checks that tie it; for the summary as well.
    pub(super) fn tranche_table(
        &mut self,
        report: &mut Report,
        mine: &[&Investment],
        entity: Option<PartyId>,
        at: Date,
    ) -> Result<Table, Fault> {
        let figures = |heading: &str| Column::figures(heading, self.scales.money);
        let columns = vec![
            Column::text("Tranche"),
            Column::text("Stands"),
            Column::text("Price"),
            figures("Promised"),
            figures("Called"),
            figures("Funded"),
            figures("Lapsed"),
            figures("Not\ncalled"),
            Column::figures("Shares\nissued", self.scales.shares),
        ];
        let mut table = Table { columns, ..Table::default() };
        let mut counted = Sums::default();
        for investment in mine {
            let company = self.party_name(investment.company);
            let lead = investment.investors.first().map_or_else(String::new, |(lead, _)| self.party_name(*lead));
            let more = if investment.investors.len() > 1 { " and others" } else { "" };
            let ended = self.replay.at(at).state.ended.get(&investment.contract).map(|ended| ended.date);
            let firm = investment.standing.is_owed();
            let life = match ended {
                Some(date) => format!("superseded or ended {date}"),
                None => "in force".to_owned(),
            };
            let option = if investment.standing.option { ", option" } else { "" };
            let binding = investment.standing.binding.word();
            table.rows.push(Row::Heading(format!(
                "{}: {lead}{more} in {company} ({binding}{option}; {life})",
                investment.path
            )));
            let (mut sums, mut chosen) = (Sums::default(), Sums::default());
            let mut like: Option<(Sums, usize)> = None;
            let mut rows = Vec::new();
            for id in &investment.tranches {
                let one = self.investment_sums(*id, investment, entity, at)?;
                sums = sums.plus(one)?;
                let tranche = self.replay.terms.tranches.get(id.index());
                if tranche.is_some_and(|t| t.call.is_option(investment)) {
                    // What only the investor may choose was promised by nobody, whether it may still be chosen or is over.
                    let promised = one.uncalled.plus(one.lapsed)?;
                    let (uncalled, lapsed) = (one.uncalled, one.lapsed);
                    chosen = chosen.plus(Sums { promised, uncalled, lapsed, ..Sums::default() })?;
                }
                rows.push((*id, one));
            }
            // Alike: nothing was called, and as much lapsed.
            let waits = |one: &Sums| one.called.is_zero();
            let fold = !self.scope.all && rows.len() > FOLD;
            for (at_row, (id, one)) in rows.iter().enumerate() {
                let before = at_row.checked_sub(1).and_then(|before| rows.get(before));
                if fold && waits(one) && before.is_some_and(|(_, before)| before == one) {
                    let (all, count) = like.unwrap_or_default();
                    like = Some((all.plus(*one)?, count + 1));
                    continue;
                }
                self.alike(&mut table, like.take());
                let row = self.investment_row(*id, investment, entity, *one, at)?;
                table.rows.push(row);
            }
            self.alike(&mut table, like);
            if investment.tranches.len() > 1 {
                table.rows.push(Row::Rule(Rule::Single));
                let row = self.sum_row("Total".into(), sums.minus(chosen)?);
                table.rows.push(row);
            }
            if chosen.promised.is_positive() {
                let row = self.sum_row("Optional, in no total: only the investor may call".into(), chosen);
                table.rows.push(row);
            }
            // The whole as its clause states it, against the stages of the legal ledger.
            let measures = self.measures();
            let party = entity.unwrap_or(investment.company);
            let mut stated = if investment.since <= at { investment.amount } else { Number::ZERO };
            if party != investment.company {
                let sizes = investment.tranches.iter().filter_map(|id| self.replay.terms.tranches.get(id.index()));
                let parts = sizes.map(|tranche| measures.part_of(investment, party, tranche.size));
                let all = parts.collect::<Result<Vec<Number>, Fault>>()?;
                stated = if stated.is_zero() { stated } else { Number::sum(all)? };
            }
            let open = sums.called.minus(sums.funded)?;
            let staged = sums.uncalled.plus(open)?.plus(sums.funded)?.plus(sums.lapsed)?;
            let claim = format!("{}: not called + called + lapsed = promised", investment.path);
            self.check(report, "promised_accounted_for", claim, Value::Known(staged), Value::Known(stated));
            let shares = self.shares_bought(investment, party, at)?;
            let claim = format!("{}: shares issued are held by who funded them", investment.path);
            let moved = self.shares_moved(investment, party, at)?;
            self.check(report, "funded_shares_are_held", claim, shares, Value::Known(moved));
            if firm && ended.is_none() {
                counted = counted.plus(sums.minus(chosen)?)?;
            } else {
                let why = if ended.is_some() { life } else { format!("{binding}{option}") };
                report.header.contracts.1.push((investment.path.clone(), why));
                // What was funded is never superseded.
                counted = counted.plus(Sums {
                    promised: sums.funded,
                    called: sums.funded,
                    funded: sums.funded,
                    ..Sums::default()
                })?;
            }
        }
        if mine.len() > 1 {
            table.rows.push(Row::Rule(Rule::Double));
            let row = self.sum_row("Counted".into(), counted);
            table.rows.push(row);
        }
        table
            .footnotes
            .push("Promised = called + not called + lapsed. Called money that is not funded is owed.".into());
        if mine.len() > 1 {
            let counted = "Counted: definitive, firm and in force, without what only the investor may call; and what was \
                           funded under anything else.";
            table.footnotes.push(counted.into());
        }
        Ok(table)
    }

    /// One row for tranches of which nothing has happened, each like the one before.
    fn alike(&mut self, table: &mut Table, like: Option<(Sums, usize)>) {
        let Some((sums, count)) = like else { return };
        let plural = if count == 1 { "" } else { "s" };
        let mut row = self.sum_row(format!("and {count} tranche{plural} like it"), sums);
        if let Row::Cells { indent, .. } = &mut row {
            *indent = 1;
        }
        table.rows.push(row);
    }

    fn investment_sums(
        &self,
        id: TrancheId,
        investment: &Investment,
        entity: Option<PartyId>,
        at: Date,
    ) -> Result<Sums, Fault> {
        let measures = self.measures();
        let party = entity.unwrap_or(investment.company);
        let known = |name| {
            let found = measures.investment_stock(id, investment, party, name, at);
            found.map(|m| m.value.known().unwrap_or_default())
        };
        let (funded, open) = (known("funded_to_date")?, known("called_unfunded")?);
        let (uncalled, lapsed) = measures.open_parts(id, investment, party, at)?;
        let called = funded.plus(open)?;
        Ok(Sums { promised: called.plus(lapsed)?.plus(uncalled)?, called, funded, lapsed, uncalled })
    }

    fn investment_row(
        &mut self,
        id: TrancheId,
        investment: &Investment,
        entity: Option<PartyId>,
        sums: Sums,
        at: Date,
    ) -> Result<Row, Fault> {
        let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { return Ok(Row::Blank) };
        let party = entity.unwrap_or(investment.company);
        let to_date = Period { from: Date::MIN, to: at };
        let shares = self.measures().investment_flow(id, investment, party, "shares_bought", to_date)?;
        let certainty = self.measures().tranche_certainty(id, at);
        let mut cells = vec![
            Cell::Text(tranche.name.to_string()),
            Cell::Text(self.stands(id, investment, entity, sums, at)?),
            Cell::Text(self.price_words(investment)?),
        ];
        cells.extend(self.sum_cells(sums, certainty));
        let shares = self.figure(&shares);
        cells.push(Cell::Figure(shares));
        Ok(Row::under(1, cells))
    }

    /// What became of a tranche, or what it waits for.
    fn stands(
        &self,
        id: TrancheId,
        investment: &Investment,
        entity: Option<PartyId>,
        sums: Sums,
        at: Date,
    ) -> Result<String, Fault> {
        let state = &self.replay.at(at).state;
        let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { return Ok(String::new()) };
        if sums.funded.is_positive() && sums.funded == sums.called && sums.uncalled.is_zero() {
            let mut last = self.replay.register.outcomes.iter().filter(|o| o.date <= at).filter(
                |o| matches!(o.act, crate::engine::Act::Funded { tranche, promised: false, .. } if tranche == id),
            );
            return Ok(last.next_back().map_or_else(|| "funded".into(), |o| format!("funded {}", o.date)));
        }
        if let Some(call) = state.calls.get(&id).and_then(|calls| calls.iter().next().cloned()) {
            let kind = if sums.funded.is_positive() { "called, part funded" } else { "called" };
            return Ok(format!("{kind}, due {}", call.due));
        }
        if sums.called.is_positive() && sums.funded.is_zero() && !investment.standing.is_owed() {
            return Ok("would be called; not owed".into());
        }
        if investment.since > at {
            return Ok(format!("from {}", investment.since));
        }
        let waits = self.waits_for(id, at)?;
        let by = tranche.call.by.map(|party| format!("when {} calls", self.party_name(party)));
        let deadline = match (tranche.by.filter(|by| *by >= at), tranche.call.reduced) {
            (Some(by), Some(rest)) => {
                let rest = self.measures().part_of(investment, entity.unwrap_or(investment.company), rest)?;
                format!("; by {by}, else {}", short(rest))
            }
            (Some(by), None) => format!("; by {by}"),
            (None, _) => String::new(),
        };
        let waits = match (by, waits.is_empty()) {
            (Some(by), true) => by,
            (Some(by), false) => format!("{by}; {waits}"),
            (None, true) if sums.funded.is_positive() => "funded".to_owned(),
            (None, _) => waits,
        };
        Ok(format!("{waits}{}", if sums.uncalled.is_positive() { deadline.as_str() } else { "" }))
    }

    fn price_words(&self, investment: &Investment) -> Result<String, Fault> {
        let worth = |worth: &Worth| -> Result<String, Fault> {
            Ok(match worth {
                Worth::Fixed(formula) => match self.replay.inputs.value(formula)? {
                    Value::Known(number) => format!("{} {}", short(number), formula.unit),
                    Value::Missing(_) => "undisclosed".into(),
                },
                Worth::OfTheDay(of) => self.replay.terms.quoted(of),
            })
        };
        let of = |count: &ShareCount| match count {
            ShareCount::Issued => "issued",
            ShareCount::FullyDiluted => "fully diluted",
        };
        Ok(match &investment.price {
            IssuePrice::PerShare(price) => worth(price)?,
            IssuePrice::PreMoney(value, count) => format!("{} pre-money, {}", worth(value)?, of(count)),
            IssuePrice::PostMoney(value, _, count) => format!("{} post-money, {}", worth(value)?, of(count)),
        })
    }

    fn sum_row(&mut self, name: String, sums: Sums) -> Row {
        let mut cells = vec![Cell::Text(name), Cell::Empty, Cell::Empty];
        cells.extend(self.sum_cells(sums, Basis::Actual));
        Row::of(cells)
    }

    fn sum_cells(&mut self, sums: Sums, certainty: Basis) -> Vec<Cell> {
        let all = [sums.promised, sums.called, sums.funded, sums.lapsed, sums.uncalled];
        all.into_iter()
            .map(|amount| {
                let origin = Origin::Made("stages of tranches", Vec::new());
                Cell::Figure(self.bases.figure(Value::Known(amount), Unit::none(), certainty, origin))
            })
            .collect()
    }

    /// Shares by what the outcomes say was issued.
    fn shares_bought(&self, investment: &Investment, party: PartyId, at: Date) -> Result<Value, Fault> {
        let to_date = Period { from: Date::MIN, to: at };
        let mut sum = Value::ZERO;
        for id in &investment.tranches {
            let one = self.measures().investment_flow(*id, investment, party, "shares_bought", to_date)?;
            if !one.missing.is_empty() {
                return Ok(Value::Missing(one.missing.into()));
            }
            sum = sum.plus(one.value)?;
        }
        Ok(sum)
    }

    /// Shares by what the entries of those outcomes moved into the accounts of the investors.
    fn shares_moved(&self, investment: &Investment, party: PartyId, at: Date) -> Result<Number, Fault> {
        let register = &self.replay.register;
        let path = self.replay.terms.classes.get(investment.class.index()).map_or("", |c| &*c.path);
        let holders: Vec<String> = match party == investment.company {
            true => investment.investors.iter().map(|(id, _)| self.party_name(*id)).collect(),
            false => vec![self.party_name(party)],
        };
        let held: Vec<_> = holders.iter().filter_map(|h| register.chart.find(h, "shares", path, path)).collect();
        let mut sum = Number::ZERO;
        for outcome in register.outcomes.iter().filter(|o| o.date <= at) {
            let crate::engine::Act::Funded { tranche, .. } = &outcome.act else { continue };
            if !investment.tranches.contains(tranche) {
                continue;
            }
            let Some(entry) = outcome.entry.and_then(|id| register.journal.get(id)) else { continue };
            for posting in register.journal.postings(entry).iter().filter(|p| held.contains(&p.account)) {
                sum = sum.plus(posting.amount)?;
            }
        }
        Ok(sum)
    }
}

impl Sums {
    fn minus(self, other: Self) -> Result<Self, Fault> {
        Ok(Self {
            promised: self.promised.minus(other.promised)?,
            called: self.called.minus(other.called)?,
            funded: self.funded.minus(other.funded)?,
            lapsed: self.lapsed.minus(other.lapsed)?,
            uncalled: self.uncalled.minus(other.uncalled)?,
        })
    }

    fn plus(self, other: Self) -> Result<Self, Fault> {
        Ok(Self {
            promised: self.promised.plus(other.promised)?,
            called: self.called.plus(other.called)?,
            funded: self.funded.plus(other.funded)?,
            lapsed: self.lapsed.plus(other.lapsed)?,
            uncalled: self.uncalled.plus(other.uncalled)?,
        })
    }
}

/// A large number as it is written in contracts: `260bn`.
fn short(number: Number) -> String {
    for (power, letter) in [(1_000_000_000_i64, "bn"), (1_000_000, "m")] {
        let unit = Number::from_int(power);
        if number.abs() >= unit
            && let Ok(part) = number.over(unit, crate::num::Rounding { places: 6, ..crate::num::Rounding::CENTS })
        {
            return format!("{part}{letter}");
        }
    }
    number.to_string()
}
