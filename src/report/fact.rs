//! Facts: every number of a run under one path, and the reverse way from a path to its number.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::measure::{Measured, Measures, Nature, SUPPLY_MEASURES, TRANCHE_MEASURES};
use super::{Origin, Scope};
use crate::num::{Fault, Number, Unit};
use crate::run::Replay;
use crate::terms::{AccountClass, Basis, ClassId, FactName, PartyId, SupplyId, TrancheId, Value};
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

/// Measures of a share class.
const CLASS_MEASURES: &[(&str, Nature)] = &[
    ("shares_outstanding", Nature::Stock),
    ("shares_with_vested", Nature::Stock),
    ("shares_fully_diluted", Nature::Stock),
    ("eps_shares_basic", Nature::Flow),
    ("eps_shares_diluted", Nature::Flow),
];

/// Parts of a class, in per cent to four places; the item is a holder's name, `awards` or `others`.
const OWNERSHIP_MEASURES: &[(&str, Nature)] = &[
    ("ownership_issued", Nature::Stock),
    ("ownership_with_vested", Nature::Stock),
    ("ownership_fully_diluted", Nature::Stock),
];

/// Measures made of entries of a supply's contract liability, and of a warrant's cost.
const BOOK_MEASURES: &[(&str, Nature)] = &[
    ("net_revenue", Nature::Flow),
    ("contract_liability_billed", Nature::Flow),
    ("contract_liability_released", Nature::Flow),
    ("warrant_unrecognised", Nature::Stock),
];

/// The measured quantity behind a fact's name.
///
/// # Errors
/// In words: no such party, measure, item or period.
pub fn lookup(replay: &Replay<'_>, name: &FactName) -> Result<Measured, String> {
    let party = (0u32..).map(PartyId).zip(&replay.terms.parties).find(|(_, p)| p.name == name.entity);
    let Some((party, terms)) = party else {
        let known: Vec<&str> = replay.terms.parties.iter().map(|p| &*p.name).collect();
        return Err(format!("no party is named `{}`; the parties are {}", name.entity, known.join(", ")));
    };
    let period = period_of(replay, terms, name)?;
    if let Some(book) = &name.book {
        let keeper = replay.keeper(party).and_then(|k| replay.keepers.get(k));
        if keeper.is_none_or(|k| k.book.name != *book) {
            return Err(format!("{} does not keep `{book}` in this run; choose it with `--book {book}`", terms.name));
        }
    }
    let found = find(Measures { replay }, party, &name.measure, name.item.as_deref(), period);
    found.map_err(|fault| fault.to_string())?.ok_or_else(|| {
        let known = measure_names(replay, party);
        let near = crate::base::suggest::nearest(&name.measure, known.iter().map(|s| &**s));
        let near = near.map_or_else(String::new, |n| format!("; did you mean `{n}`?"));
        let item = name.item.as_ref().map_or_else(String::new, |i| format!(" for `{i}`"));
        format!("{} has no measure `{}`{item}{near} It has {}", name.entity, name.measure, known.join(", "))
    })
}

/// The days a fact's name speaks about: its period in the party's calendar, else the quarter of the last actual day.
///
/// # Errors
/// A quarter that does not exist.
pub fn period_of(replay: &Replay<'_>, party: &crate::terms::Party, name: &FactName) -> Result<Period, String> {
    let named = name.period.clone().unwrap_or_else(|| super::scope::quarter(party, replay.today()));
    party.fiscal.resolve(&named).ok_or_else(|| format!("`{named}` is not a period of {}", party.name))
}

/// The names of all measures a party has.
#[must_use]
pub fn measure_names(replay: &Replay<'_>, party: PartyId) -> Vec<Arc<str>> {
    let legal = [TRANCHE_MEASURES, SUPPLY_MEASURES, CLASS_MEASURES, OWNERSHIP_MEASURES].into_iter().flatten();
    let legal = legal.map(|(name, _)| Arc::from(*name));
    let mut names: BTreeSet<Arc<str>> = legal.collect();
    if let Some(keeper) = replay.keeper(party).and_then(|k| replay.keepers.get(k)) {
        names.extend(keeper.book.accounts.iter().map(|a| a.name.clone()));
        names.extend(BOOK_MEASURES.iter().map(|(name, _)| Arc::from(*name)));
    }
    names.into_iter().collect()
}

/// A measure of a party in a period (balances at its end); `None` when there is no such measure.
///
/// # Errors
/// Overflow.
pub fn find(
    measures: Measures<'_, '_>,
    party: PartyId,
    measure: &str,
    item: Option<&str>,
    period: Period,
) -> Result<Option<Measured>, Fault> {
    let terms = measures.replay.terms;
    let nature = |list: &[(&str, Nature)]| list.iter().find(|(name, _)| *name == measure).map(|(_, nature)| *nature);
    if let Some(nature) = nature(TRANCHE_MEASURES) {
        let mine = (0u32..).map(TrancheId).zip(&terms.tranches).filter(|(_, tranche)| {
            let warrant = terms.warrants.get(tranche.warrant.index());
            let named = item.is_none_or(|i| i == &*tranche.path || warrant.is_some_and(|w| &*w.path == i));
            named && warrant.is_some_and(|w| w.issuer == party || w.holder == party)
        });
        return total(mine.map(|(id, _)| match nature {
            Nature::Flow => measures.tranche_flow(id, measure, period),
            Nature::Stock => measures.tranche_stock(id, measure, period.to),
        }));
    }
    if let Some(nature) = nature(SUPPLY_MEASURES) {
        let mine = (0u32..).map(SupplyId).zip(&terms.supplies).filter(|(_, supply)| {
            item.is_none_or(|i| i == &*supply.path) && (supply.seller == party || supply.buyer == party)
        });
        return total(mine.map(|(id, _)| match nature {
            Nature::Flow => measures.supply_flow(id, measure, period),
            Nature::Stock => measures.supply_stock(id, measure, period.to),
        }));
    }
    if nature(CLASS_MEASURES).is_some() {
        let mine = (0u32..).map(ClassId).zip(&terms.classes);
        let mine = mine.filter(|(_, class)| class.issuer == party && item.is_none_or(|i| i == &*class.path));
        return total(mine.map(|(id, class)| of_class(measures, id, &class.path, measure, period)));
    }
    if nature(OWNERSHIP_MEASURES).is_some() {
        return ownership(measures, party, measure, item, period.to);
    }
    let Some(book) = measures.replay.keeper(party) else { return Ok(None) };
    let within =
        |of: &str| item.is_none_or(|i| of == i || of.strip_prefix(i).is_some_and(|rest| rest.starts_with('.')));
    if measure == "net_revenue" {
        return net_revenue(measures, book, item, period).map(Some);
    }
    let account = "contract_liability";
    let passed =
        |e: &crate::ledger::Entry| measures.follows(e, |act| matches!(act, crate::engine::Act::Transferred { .. }));
    match measure {
        "contract_liability_billed" => {
            return measures.movement(book, account, period, within, |e| !passed(e)).map(Some);
        }
        "contract_liability_released" => {
            let released = measures.movement(book, account, period, within, passed)?;
            let value = released.value.map(|n| Ok(n.neg()))?;
            return Ok(Some(Measured { value, ..released }));
        }
        "warrant_unrecognised" => return unrecognised(measures, party, book, item, period.to).map(Some),
        _ => {}
    }
    Ok(match measures.account_class(book, measure) {
        None => None,
        Some(AccountClass::Income | AccountClass::ContraIncome | AccountClass::Expense) => {
            Some(measures.movement(book, measure, period, within, |_| true)?)
        }
        Some(_) => Some(measures.balance(book, measure, period.to, within)?),
    })
}

/// Revenue less contra-revenue; for a supply, that of the tranches it earns.
fn net_revenue(measures: Measures<'_, '_>, book: usize, item: Option<&str>, period: Period) -> Result<Measured, Fault> {
    let terms = measures.replay.terms;
    let supply = (0u32..).map(SupplyId).zip(&terms.supplies).find(|(_, s)| Some(&*s.path) == item).map(|(id, _)| id);
    let earned: Option<Vec<Arc<str>>> = supply
        .map(|id| terms.earned_by(id).filter_map(|t| terms.tranches.get(t.index())).map(|t| t.path.clone()).collect());
    let within =
        |of: &str| item.is_none_or(|i| of == i || of.strip_prefix(i).is_some_and(|rest| rest.starts_with('.')));
    let cost_of = |of: &str| match &earned {
        Some(paths) => paths.iter().any(|p| **p == *of),
        None => within(of),
    };
    let gross = measures.movement(book, "revenue", period, within, |_| true)?;
    let cost = measures.movement(book, "contra_revenue", period, cost_of, |_| true)?;
    let mut missing = gross.missing.clone();
    missing.extend(cost.missing.iter().cloned());
    let mut entries = super::measure::entries(&gross).to_vec();
    entries.extend(super::measure::entries(&cost));
    let value = gross.value.minus(cost.value)?;
    let certainty = gross.certainty.max(cost.certainty);
    Ok(Measured { value, missing, unit: gross.unit, certainty, origin: Origin::Entries { book: Some(book), entries } })
}

/// Grant-date value of tranches less what has been recognised of it.
fn unrecognised(
    measures: Measures<'_, '_>,
    party: PartyId,
    book: usize,
    item: Option<&str>,
    date: Date,
) -> Result<Measured, Fault> {
    let terms = measures.replay.terms;
    let within =
        |of: &str| item.is_none_or(|i| of == i || of.strip_prefix(i).is_some_and(|rest| rest.starts_with('.')));
    let recognised = measures.balance(book, "contra_revenue", date, within)?;
    let mut whole = Value::ZERO;
    for tranche in &terms.tranches {
        let warrant = terms.warrants.get(tranche.warrant.index());
        if within(&tranche.path) && warrant.is_some_and(|w| w.issuer == party && w.granted <= date) {
            let value = measures.replay.inputs.value(&tranche.fair_value)?;
            whole = whole.plus(Value::Known(tranche.size).times(value)?)?;
        }
    }
    Ok(Measured { value: whole.minus(recognised.value.clone())?, ..recognised })
}

/// A holder's part of the party's first class.
fn ownership(
    measures: Measures<'_, '_>,
    party: PartyId,
    measure: &str,
    item: Option<&str>,
    date: Date,
) -> Result<Option<Measured>, Fault> {
    let terms = measures.replay.terms;
    let class = (0u32..).map(ClassId).zip(&terms.classes).find(|(_, class)| class.issuer == party);
    let (Some((class, path)), Some(item)) = (class, item) else { return Ok(None) };
    let dilution = measures.dilution(class, date)?;
    let (vested, unvested) = match measure {
        "ownership_issued" => (false, false),
        "ownership_with_vested" => (true, false),
        _ => (true, true),
    };
    let part = |stake: &super::measure::Stake| -> Result<Number, Fault> {
        let with = if vested { stake.issued.plus(stake.vested)? } else { stake.issued };
        if unvested { with.plus(stake.unvested) } else { Ok(with) }
    };
    let awards = if unvested { dilution.awards } else { Number::ZERO };
    let named = dilution.holders.iter().map(|h| h.issued).try_fold(Number::ZERO, Number::plus)?;
    let Value::Known(issued) = dilution.issued else {
        let missing = Value::missing(format!("{}.outstanding", path.path));
        let origin = Origin::State { what: path.path.clone(), date };
        let (unit, certainty) = (Unit::of("%"), Basis::Actual);
        return Ok(Some(Measured { value: missing, missing: BTreeSet::new(), unit, certainty, origin }));
    };
    let others = issued.minus(named)?;
    let mut whole = others.plus(awards)?;
    let mut own = match item {
        "awards" => Some(awards),
        "others" => Some(others),
        _ => None,
    };
    for stake in &dilution.holders {
        let shares = part(stake)?;
        whole = whole.plus(shares)?;
        if terms.parties.get(stake.party.index()).is_some_and(|p| &*p.name == item) {
            own = Some(shares);
        }
    }
    let Some(own) = own.filter(|_| whole.is_positive()) else { return Ok(None) };
    let hundred = Number::from_int(100);
    let places = crate::num::Rounding { places: 4, ..crate::num::Rounding::CENTS };
    let value = Value::Known(own.times(hundred)?.over(whole, places)?);
    let certainty = if date > measures.replay.today() { Basis::Forecast } else { Basis::Actual };
    let origin = Origin::State { what: path.path.clone(), date };
    Ok(Some(Measured { value, missing: BTreeSet::new(), unit: Unit::of("%"), certainty, origin }))
}

fn of_class(
    measures: Measures<'_, '_>,
    class: ClassId,
    path: &Arc<str>,
    measure: &str,
    period: Period,
) -> Result<Measured, Fault> {
    let value = if measure.starts_with("eps") {
        let (basic, diluted) = measures.share_count(class, period)?.totals()?;
        let stated = measures.replay.at(period.to).state.opened.contains_key(&class);
        match (stated, measure) {
            (false, _) => Value::missing(format!("{path}.outstanding")),
            (true, "eps_shares_basic") => Value::Known(basic),
            (true, _) => Value::Known(diluted),
        }
    } else {
        let dilution = measures.dilution(class, period.to)?;
        let vested = dilution.holders.iter().map(|h| h.vested).try_fold(Number::ZERO, Number::plus)?;
        let unvested = dilution.holders.iter().map(|h| h.unvested).try_fold(Number::ZERO, Number::plus)?;
        let more = match measure {
            "shares_outstanding" => Number::ZERO,
            "shares_with_vested" => vested,
            _ => vested.plus(unvested)?.plus(dilution.awards)?,
        };
        dilution.issued.plus(Value::Known(more))?
    };
    let certainty = if period.to > measures.replay.today() { Basis::Forecast } else { Basis::Actual };
    let origin = Origin::State { what: path.clone(), date: period.to };
    Ok(Measured { value, missing: BTreeSet::new(), unit: Unit::of("shares"), certainty, origin })
}

/// The sum of several; `None` for none at all.
fn total(parts: impl Iterator<Item = Result<Measured, Fault>>) -> Result<Option<Measured>, Fault> {
    let mut sum: Option<Measured> = None;
    for part in parts {
        let part = part?;
        sum = Some(match sum {
            None => part,
            Some(so_far) => add(so_far, part)?,
        });
    }
    Ok(sum)
}

/// Known parts add up; what is missing is listed beside the total.
fn add(a: Measured, b: Measured) -> Result<Measured, Fault> {
    let mut missing = a.missing;
    missing.extend(b.missing);
    let value = match (a.value, b.value) {
        (Value::Known(a), Value::Known(b)) => Value::Known(a.plus(b)?),
        (Value::Known(known), Value::Missing(names)) | (Value::Missing(names), Value::Known(known)) => {
            missing.extend(names.iter().cloned());
            Value::Known(known)
        }
        (a, b) => a.plus(b)?,
    };
    let origin = match (a.origin, b.origin) {
        (Origin::Outcomes(mut x), Origin::Outcomes(y)) => {
            x.extend(y);
            Origin::Outcomes(x)
        }
        (first, _) => first,
    };
    Ok(Measured { value, missing, unit: a.unit, certainty: a.certainty.max(b.certainty), origin })
}

/// All facts of a run: movements that are not nil, and balances at the end of quarters in which they changed.
#[must_use]
pub fn facts(replay: &Replay<'_>, scope: &Scope) -> Vec<FactRow> {
    let mut rows = BTreeSet::new();
    let (Some(first), Some(last)) = (replay.versions.first(), replay.versions.last()) else { return Vec::new() };
    let run = Period { from: first.date, to: last.date };
    for (id, party) in (0u32..).map(PartyId).zip(&replay.terms.parties) {
        if scope.entity.as_ref().is_some_and(|name| !party.name.eq_ignore_ascii_case(name)) {
            continue;
        }
        let quarters = super::scope::quarters(party, run);
        let asked = scope.range.or_else(|| scope.period.as_ref().and_then(|name| party.fiscal.resolve(name)));
        let inside = |p: &Period| asked.is_none_or(|range| range.intersect(p).is_some());
        for (measure, item, counterparty, binding, touched) in subjects(replay, id) {
            if scope.counterparty.as_ref().is_some_and(|name| !counterparty.eq_ignore_ascii_case(name)) {
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
                rows.extend(row);
            }
        }
    }
    rows.into_iter().collect()
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
    let lists = [TRANCHE_MEASURES, SUPPLY_MEASURES, CLASS_MEASURES, OWNERSHIP_MEASURES, BOOK_MEASURES];
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
    let dates = |pick: &dyn Fn(&crate::engine::Outcome) -> bool| -> BTreeSet<Date> {
        replay.register.outcomes.iter().filter(|o| pick(o)).map(|o| o.date).collect()
    };
    let grants: BTreeSet<Date> = terms.warrants.iter().map(|w| w.granted).collect();
    for (id, tranche) in (0u32..).map(TrancheId).zip(&terms.tranches) {
        let Some(warrant) = terms.warrants.get(tranche.warrant.index()).filter(|w| w.issuer == party) else { continue };
        let mut touched = dates(&|o| o.act.tranche() == Some(id) && o.entry.is_some());
        touched.insert(warrant.granted);
        for (measure, _) in TRANCHE_MEASURES {
            let (holder, binding) = (name(warrant.holder), binding(warrant.contract));
            found.push(((*measure).to_owned(), tranche.path.to_string(), holder, binding, touched.clone()));
        }
    }
    for (id, supply) in (0u32..).map(SupplyId).zip(&terms.supplies).filter(|(_, s)| s.seller == party) {
        let touched = dates(&|o| o.act.supply() == Some(id));
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
    let about =
        |id: ClassId| replay.end().state.opened.contains_key(&id) || terms.warrants.iter().any(|w| w.class == id);
    let classes = (0u32..).map(ClassId).zip(&terms.classes);
    for class in classes.filter(|(id, c)| c.issuer == party && about(*id)).map(|(_, c)| c) {
        let mut touched = dates(&|o| o.entry.is_some());
        touched.extend(&grants);
        for (measure, _) in CLASS_MEASURES {
            found.push(((*measure).to_owned(), class.path.to_string(), String::new(), String::new(), touched.clone()));
        }
        let holders = terms.parties.iter().map(|p| p.name.to_string()).chain(["awards".into(), "others".into()]);
        for holder in holders {
            for (measure, _) in OWNERSHIP_MEASURES {
                let (measure, holder) = ((*measure).to_owned(), holder.clone());
                found.push((measure, holder.clone(), String::new(), String::new(), touched.clone()));
            }
        }
    }
    if let Some(booking) = replay.keeper(party).and_then(|k| replay.bookings.get(k)) {
        for (id, account) in booking.chart.iter() {
            let touches = |e: &crate::ledger::Entry| booking.journal.postings(e).iter().any(|p| p.account == id);
            let mut touched: BTreeSet<Date> =
                booking.journal.iter().filter(|(_, e)| touches(e)).map(|(_, e)| e.date).collect();
            let unposted = booking.unposted.iter().filter(|u| u.account == account.name && u.item == account.item);
            touched.extend(unposted.map(|u| u.date));
            let contract = contract_of(replay, &account.item);
            let other = contract.and_then(|c| {
                let between = terms.contracts.get(c.index()).map_or(&[][..], |c| &c.between);
                between.iter().map(|(id, _)| *id).find(|id| *id != party)
            });
            let (other, binding) = (other.map_or_else(String::new, name), contract.map_or_else(String::new, binding));
            found.push((account.name.to_string(), account.item.to_string(), other, binding, touched));
        }
    }
    found
}

/// The contract an item's path belongs to.
fn contract_of(replay: &Replay<'_>, item: &str) -> Option<crate::terms::ContractId> {
    let head = item.split('.').next()?;
    let contracts = (0u32..).map(crate::terms::ContractId).zip(&replay.terms.contracts);
    contracts.into_iter().find(|(_, c)| &*c.path == head).map(|(id, _)| id)
}
