//! The list of facts: one number a line, sorted, the one machine format.

use std::collections::{BTreeMap, BTreeSet};

use super::Scope;
use super::borrowing::BORROWING_MEASURES;
use super::covenants::COVENANT_MEASURES;
use super::equity::EQUITY_MEASURES;
use super::fact::{BOOK_MEASURES, CLASS_MEASURES, OWNERSHIP_MEASURES, find};
use super::measure::{Measured, Measures, Nature, SUPPLY_MEASURES, TRANCHE_MEASURES};
use super::promise::INVESTMENT_MEASURES;
use crate::engine::{Act, Outcome};
use crate::run::Replay;
use crate::terms::{AccountClass, ClassId, PartyId, SupplyId, TrancheId, Value};
use crate::time::{Date, Period, PeriodName};

/// One fact: one number a line, sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactRow {
    /// Whose.
    pub entity: String,
    /// With whom.
    pub counterparty: String,
    /// The entity's fiscal period; balances stand at its end.
    pub period: String,
    /// What.
    pub measure: String,
    /// Of which clause.
    pub item: String,
    /// How much, exact and normalised; empty when undisclosed.
    pub value: String,
    /// In what.
    pub unit: String,
    /// How binding the contract is.
    pub binding: String,
    /// `actual`, `forecast`, `assumed`, `undisclosed`.
    pub basis: String,
}

/// Column names, in order.
pub const COLUMNS: [&str; 9] =
    ["entity", "counterparty", "period", "measure", "item", "value", "unit", "binding", "basis"];

impl FactRow {
    /// The cells in order of [`COLUMNS`].
    #[must_use]
    pub fn cells(&self) -> [String; 9] {
        let Self { entity, counterparty, period, measure, item, value, unit, binding, basis } = self.clone();
        [entity, counterparty, period, measure, item, value, unit, binding, basis]
    }
}

/// All facts of a run: movements that are not nil, and balances at the end of quarters in which they changed.
#[must_use]
pub fn facts(replay: &Replay<'_>, scope: &Scope) -> Vec<FactRow> {
    located(replay, scope).into_iter().map(|(row, ..)| row).collect()
}

/// As [`facts`], with the party and the days.
pub(super) fn located(replay: &Replay<'_>, scope: &Scope) -> Vec<(FactRow, PartyId, Period)> {
    let mut rows = BTreeMap::new();
    for (id, party) in (0u32..).map(PartyId).zip(&replay.terms.parties) {
        if scope.entity.as_ref().is_some_and(|name| !party.name.eq_ignore_ascii_case(name)) {
            continue;
        }
        // Only quarters in which something happens: a run may span any number of others.
        let mut quarters: Vec<(PeriodName, Period)> = Vec::new();
        for version in &replay.versions {
            if quarters.last().is_none_or(|(_, days)| version.date > days.to) {
                let (year, number) = party.fiscal.quarter_of(version.date);
                quarters.push((PeriodName::Quarter(year, number), party.fiscal.quarter(year, number)));
            }
        }
        // Earnings may be stated for quarters in which nothing else happens.
        let classes = (0u32..).map(ClassId).zip(&replay.terms.classes).filter(|(_, class)| class.issuer == id);
        for (_, days) in classes.flat_map(|(class, _)| Measures { replay }.stated_on(class)) {
            let (year, number) = party.fiscal.quarter_of(days.to);
            let quarter = (PeriodName::Quarter(year, number), party.fiscal.quarter(year, number));
            if quarter.1 == days && !quarters.contains(&quarter) {
                quarters.push(quarter);
            }
        }
        let asked = scope.range.or_else(|| scope.period.as_ref().and_then(|name| party.fiscal.resolve(name)));
        let inside = |p: &Period| asked.is_none_or(|range| range.intersect(p).is_some());
        for (measure, item, counterparty, binding, touched) in subjects(replay, id) {
            if scope.counterparty.as_ref().is_some_and(|name| !counterparty.eq_ignore_ascii_case(name)) {
                continue;
            }
            if contract_of(replay, &item).is_some_and(|contract| !scope.takes(replay, contract)) {
                continue;
            }
            for (name, days) in quarters.iter().filter(|(_, days)| inside(days)) {
                if !touched.range(days.from..=days.to).next().is_some_and(|_| true) {
                    continue;
                }
                let Ok(Some(found)) = find(Measures { replay }, id, &measure, Some(&item), *days) else { continue };
                let flow = flows(replay, id, &measure);
                if found.value == Value::ZERO && !flow {
                    let before = Period { from: days.from, to: days.from.prev() };
                    let was = find(Measures { replay }, id, &measure, Some(&item), before);
                    if was.is_ok_and(|was| was.is_none_or(|was| was.value == Value::ZERO)) {
                        continue;
                    }
                }
                let row = row(party, &counterparty, name, &measure, &item, &binding, (&found, flow));
                rows.extend(row.map(|row| (row, (id, *days))));
            }
        }
    }
    rows.into_iter().map(|(row, (party, days))| (row, party, days)).collect()
}

fn row(
    party: &crate::terms::Party,
    counterparty: &str,
    period: &PeriodName,
    measure: &str,
    item: &str,
    binding: &str,
    (found, flow): (&Measured, bool),
) -> Option<FactRow> {
    let (value, basis) = match &found.value {
        Value::Known(n) if n.is_zero() && found.missing.is_empty() && flow => return None,
        Value::Known(n) if found.unit == crate::num::Unit::of("date") => (day(*n), found.certainty.word()),
        Value::Known(n) => (n.to_string(), found.certainty.word()),
        Value::Missing(_) => (String::new(), "undisclosed"),
    };
    Some(FactRow {
        entity: party.name.to_string(),
        counterparty: counterparty.to_owned(),
        period: period.to_string(),
        measure: measure.to_owned(),
        item: item.to_owned(),
        value,
        unit: found.unit.to_string(),
        binding: binding.to_owned(),
        basis: basis.to_owned(),
    })
}

/// Whether a measure of a party is a movement; otherwise it is a balance.
fn flows(replay: &Replay<'_>, party: PartyId, measure: &str) -> bool {
    let lists = [
        TRANCHE_MEASURES,
        INVESTMENT_MEASURES,
        BORROWING_MEASURES,
        COVENANT_MEASURES,
        SUPPLY_MEASURES,
        CLASS_MEASURES,
        EQUITY_MEASURES,
        OWNERSHIP_MEASURES,
        BOOK_MEASURES,
        super::cash::MEASURES,
    ];
    if let Some((_, nature)) = lists.into_iter().flatten().find(|(name, _)| *name == measure) {
        return *nature == Nature::Flow;
    }
    let class = replay.keeper(party).and_then(|book| Measures { replay }.account_class(book, measure));
    matches!(class, Some(AccountClass::Income | AccountClass::ContraIncome | AccountClass::Expense))
}

type Subject = (String, String, String, String, BTreeSet<Date>);

/// Everything a party has a measure of, with the days on which it moved.
fn subjects(replay: &Replay<'_>, party: PartyId) -> Vec<Subject> {
    let terms = replay.terms;
    let name = |id: PartyId| terms.parties.get(id.index()).map_or_else(String::new, |p| p.name.to_string());
    let binding = |id: crate::terms::ContractId| {
        terms.contracts.get(id.index()).map_or_else(String::new, |c| c.standing.binding.word().to_owned())
    };
    let mut found = Vec::new();
    let dates = || -> BTreeSet<Date> {
        replay.register.outcomes.iter().filter(|o| o.entry.is_some()).map(|o| o.date).collect()
    };
    let grants: BTreeSet<Date> = terms.warrants.iter().map(|w| w.granted).collect();
    for (id, tranche) in (0u32..).map(TrancheId).zip(&terms.tranches) {
        let Some(warrant) = terms.warrant_of(id).filter(|w| w.issuer == party) else { continue };
        let mut touched = replay
            .outcomes_of_tranche(id)
            .filter(|(_, o)| o.entry.is_some())
            .map(|(_, o)| o.date)
            .collect::<BTreeSet<Date>>();
        touched.insert(warrant.granted);
        for (measure, _) in TRANCHE_MEASURES {
            let (holder, binding) = (name(warrant.holder), binding(warrant.contract));
            found.push(((*measure).to_owned(), tranche.path.to_string(), holder, binding, touched.clone()));
        }
    }
    // An exercise price is a fact once it is no longer the contract's.
    for warrant in terms.warrants.iter().filter(|w| w.issuer == party) {
        let id = terms.warrant_id(warrant);
        let moved = |o: &&Outcome| matches!(o.act, Act::Adjusted { warrant, .. } if Some(warrant) == id);
        let touched: BTreeSet<Date> = replay.register.outcomes.iter().filter(moved).map(|o| o.date).collect();
        if !touched.is_empty() {
            let (holder, binding) = (name(warrant.holder), binding(warrant.contract));
            found.push(("strike".to_owned(), warrant.path.to_string(), holder, binding, touched));
        }
    }
    for (id, tranche) in (0u32..).map(TrancheId).zip(&terms.tranches) {
        let Some(investment) = terms.investment_of(id) else { continue };
        let invests = investment.investors.iter().any(|(investor, _)| *investor == party);
        if !invests && investment.company != party {
            continue;
        }
        let lead = investment.investors.first().map_or(investment.company, |(lead, _)| *lead);
        let other = if invests { investment.company } else { lead };
        let touched = replay
            .outcomes_of_tranche(id)
            .filter(|(_, o)| o.entry.is_some())
            .map(|(_, o)| o.date)
            .collect::<BTreeSet<Date>>();
        for (measure, _) in INVESTMENT_MEASURES {
            let (other, binding) = (name(other), binding(investment.contract));
            found.push(((*measure).to_owned(), tranche.path.to_string(), other, binding, touched.clone()));
        }
    }
    for covenant in terms.covenants.iter().filter(|covenant| covenant.party == party) {
        let last = replay.versions.last().map_or(Date::MIN, |version| version.date);
        let touched: BTreeSet<Date> = covenant.tested.iter().copied().filter(|day| *day <= last).collect();
        for (measure, _) in COVENANT_MEASURES {
            let between = terms.contracts.get(covenant.contract.index()).map_or(&[][..], |c| &c.between);
            let other = between.iter().map(|(id, _)| *id).find(|id| *id != party).map_or_else(String::new, name);
            let binding = binding(covenant.contract);
            found.push(((*measure).to_owned(), covenant.path.to_string(), other, binding, touched.clone()));
        }
    }
    for credit in terms.credits.iter().filter(|credit| credit.loan().is_some()) {
        for (role, other) in [("borrower", credit.giver), ("lender", credit.taker)] {
            if !credit.has_role(role, party) {
                continue;
            }
            let prefix = if role == "borrower" { "debt" } else { "lent" };
            let touched: BTreeSet<Date> = replay
                .outcomes_of_tranche(credit.tranche)
                .filter(|(_, o)| o.entry.is_some())
                .map(|(_, o)| o.date)
                .collect();
            for (measure, _) in BORROWING_MEASURES.iter().filter(|(name, _)| name.starts_with(prefix)) {
                let (other, binding) = (name(other), binding(credit.contract));
                found.push(((*measure).to_owned(), credit.path.to_string(), other, binding, touched.clone()));
            }
        }
    }
    for (id, supply) in (0u32..).map(SupplyId).zip(&terms.supplies).filter(|(_, s)| s.seller == party) {
        let touched: BTreeSet<Date> = replay.outcomes_of_supply(id).map(|(_, o)| o.date).collect();
        for (measure, _) in SUPPLY_MEASURES {
            let (buyer, binding) = (name(supply.buyer), binding(supply.contract));
            found.push(((*measure).to_owned(), supply.path.to_string(), buyer, binding, touched.clone()));
        }
        if replay.keeper(party).is_some() {
            let (buyer, binding) = (name(supply.buyer), binding(supply.contract));
            for (measure, _) in BOOK_MEASURES.iter().take(3) {
                let (buyer, binding) = (buyer.clone(), binding.clone());
                found.push(((*measure).to_owned(), supply.path.to_string(), buyer, binding, touched.clone()));
            }
        }
    }
    let about = |id: ClassId| {
        replay.end().state.opened.contains_key(&id)
            || terms.warrants.iter().any(|w| w.class == id)
            || terms.investments.iter().any(|i| i.class == id)
            || !Measures { replay }.stated_on(id).is_empty()
    };
    let classes = (0u32..).map(ClassId).zip(&terms.classes);
    for (id, class) in classes.filter(|(id, c)| c.issuer == party && about(*id)) {
        let mut touched = dates();
        touched.extend(&grants);
        // Before its shares are counted nothing is known of a class, and nothing is missing.
        let opened = replay.versions.partition_point(|version| !version.state.opened.contains_key(&id));
        if let Some(first) = replay.versions.get(opened) {
            touched = touched.split_off(&first.date);
        }
        // Earnings per share are facts of the periods about which something is stated.
        let measures = Measures { replay };
        let invested = terms.investments.iter().any(|i| i.class == id && i.standing.is_owed());
        let part = measures.takes_part(id);
        let periods: Vec<Period> =
            measures.stated_on(part.unwrap_or(id)).into_iter().map(|(_, period)| period).collect();
        let stated: BTreeSet<Date> = periods.iter().map(|period| period.to).collect();
        let apart = |of: &&Period| {
            let found = measures.earnings_per_share(part.unwrap_or(id), **of);
            found.is_ok_and(|found| found.net.is_some())
        };
        let net: BTreeSet<Date> = periods.iter().filter(apart).map(|period| period.to).collect();
        for (measure, _) in CLASS_MEASURES {
            if *measure == "shares_with_promised" && !invested {
                continue;
            }
            if part.is_some() && measure.starts_with("eps_") && measure.ends_with("diluted") {
                continue;
            }
            let touched = match measure.strip_prefix("eps_") {
                Some(of) if of.starts_with("shares") => touched.union(&stated).copied().collect(),
                Some(of) if of.starts_with("net") => net.clone(),
                Some(_) => stated.clone(),
                None => touched.clone(),
            };
            found.push(((*measure).to_owned(), class.path.to_string(), String::new(), String::new(), touched));
        }
        let claims = replay.claims_on(id);
        let named = claims.into_iter().flat_map(|claims| claims.holders.keys()).map(|party| name(*party));
        let holders = named.chain(["awards".into(), "others".into()]);
        for holder in holders {
            for (measure, _) in OWNERSHIP_MEASURES.iter().filter(|(name, _)| invested || !name.ends_with("promised")) {
                let (measure, holder) = ((*measure).to_owned(), holder.clone());
                found.push((measure, holder.clone(), String::new(), String::new(), touched.clone()));
            }
        }
    }
    found.extend(of_cash(replay, party));
    if let Some((book, booking)) = replay.keeper(party).and_then(|k| replay.bookings.get(k).map(|b| (k, b))) {
        for (id, account) in booking.chart.iter() {
            let touching = replay.entries_of(book, id).iter().filter_map(|entry| booking.journal.get(*entry));
            let mut touched: BTreeSet<Date> = touching.map(|entry| entry.date).collect();
            let unposted = booking.unposted.iter().filter(|u| u.account == account.name && u.item == account.item);
            touched.extend(unposted.map(|u| u.date));
            let contract = contract_of(replay, &account.item);
            let other = contract.and_then(|c| {
                let between = terms.contracts.get(c.index()).map_or(&[][..], |c| &c.between);
                between.iter().map(|(id, _)| *id).find(|id| *id != party)
            });
            // A holding is kept by the class that is held.
            let issuer = || terms.classes.iter().find(|c| c.path == account.item).map(|c| c.issuer);
            let other = other.or_else(issuer).filter(|id| *id != party);
            let (other, binding) = (other.map_or_else(String::new, name), contract.map_or_else(String::new, binding));
            // What belongs to no clause is of the party itself: without an item, a fact is the total.
            let own = terms.parties.get(party.index()).filter(|_| account.item.is_empty());
            let item = own.map_or_else(|| account.item.to_string(), |own| own.name.to_string());
            found.push((account.name.to_string(), item, other, binding, touched));
        }
    }
    found
}

/// The contract an item's path belongs to.
fn contract_of(replay: &Replay<'_>, item: &str) -> Option<crate::terms::ContractId> {
    replay.terms.contract_at(item.split('.').next()?)
}

/// The cash of a party, as a whole and by clause.
fn of_cash(replay: &Replay<'_>, party: PartyId) -> Vec<Subject> {
    let Some(terms) = replay.terms.parties.get(party.index()) else { return Vec::new() };
    let Ok(book) = super::cash::book::Cashbook::read(replay, party, &terms.currency) else { return Vec::new() };
    let all: BTreeSet<Date> = book.movements.iter().map(|m| m.date).collect();
    let whole = |(measure, _): &(&str, Nature)| {
        ((*measure).to_owned(), terms.name.to_string(), String::new(), String::new(), all.clone())
    };
    // Headroom needs a limit, and a letter of intent something that hangs on one.
    let loi = book.lines.values().any(|line| line.status == super::cash::status::Status::LetterOfIntent);
    let told = |(measure, _): &&(&str, Nature)| {
        let limited = measure.starts_with("cash_headroom") || measure.starts_with("below");
        (!limited || !book.limits.is_empty()) && (loi || !measure.ends_with("_with_loi"))
    };
    let mut found: Vec<Subject> = super::cash::MEASURES.iter().filter(told).map(whole).collect();
    for (path, line) in book.lines.iter().filter(|(path, _)| **path != terms.name) {
        let mine = || book.movements.iter().filter(|m| m.line == *path);
        let touched: BTreeSet<Date> = mine().map(|m| m.date).collect();
        let named: BTreeSet<&str> = mine().map(|m| &*m.with).collect();
        let known = || named.iter().filter(|name| **name != crate::engine::flow::OTHERS);
        let with = match (known().count(), named.len()) {
            (1, _) => known().next(),
            (0, 1) => named.first(),
            _ => None,
        };
        let with = with.map_or_else(String::new, |name| (*name).to_owned());
        for measure in ["cash_inflows", "cash_outflows"] {
            let status = line.status.word().to_owned();
            found.push((measure.to_owned(), path.to_string(), with.clone(), status, touched.clone()));
        }
    }
    found
}

/// A day that stands as the number 20271108; `none` for nil.
#[must_use]
pub fn day(number: crate::num::Number) -> String {
    let text = number.to_string();
    match (text.get(..4), text.get(4..6), text.get(6..8)) {
        (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => "none".to_owned(),
    }
}
