//! Measures made of others: net revenue, cost not yet recognised, parts of a class.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Origin;
use super::measure::{Measured, Measures};
use crate::ledger::Entry;
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, ClassId, Funding, Instrument, PartyId, SupplyId, Terms, Tranche, TrancheId, Value};
use crate::time::{Date, Period};

/// Revenue less contra-revenue; for a supply, that of the tranches it earns.
pub(super) fn net_revenue(
    measures: Measures<'_, '_>,
    book: usize,
    item: Option<&str>,
    period: Period,
) -> Result<Measured, Fault> {
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
pub(super) fn unrecognised(
    measures: Measures<'_, '_>,
    party: PartyId,
    book: usize,
    item: Option<&str>,
    date: Date,
) -> Result<Measured, Fault> {
    let terms = measures.replay.terms;
    let within =
        |of: &str| item.is_none_or(|i| of == i || of.strip_prefix(i).is_some_and(|rest| rest.starts_with('.')));
    let (mut left, mut known) = (Value::ZERO, measures.balance(book, "contra_revenue", date, within)?);
    known.missing.clear();
    for id in awards_of(terms, party, item, date) {
        left = left.plus(not_recognised(measures, book, id, date)?)?;
    }
    Ok(Measured { value: left, ..known })
}

/// The awards that a party has granted by a day, of an item or of all.
pub(super) fn awards_of<'t>(
    terms: &'t Terms,
    party: PartyId,
    item: Option<&'t str>,
    date: Date,
) -> impl Iterator<Item = TrancheId> + 't {
    let within =
        move |of: &str| item.is_none_or(|i| of == i || of.strip_prefix(i).is_some_and(|rest| rest.starts_with('.')));
    let all = (0u32..).map(TrancheId).zip(&terms.tranches).filter(move |(_, tranche)| within(&tranche.path));
    let issued = move |tranche: &Tranche| match tranche.of {
        Instrument::Warrant(id) => {
            let warrant = terms.warrants.get(id.index());
            warrant.is_some_and(|w| w.given.is_none() && w.issuer == party && w.granted <= date)
        }
        Instrument::Credit(_) => false,
        Instrument::Investment(id) => {
            let investment = terms.investments.get(id.index());
            investment.is_some_and(|i| i.funding == Funding::Nothing && i.company == party && i.since <= date)
        }
    };
    all.filter(move |(_, tranche)| issued(tranche)).map(|(id, _)| id)
}

/// What an award costs in all, less what the rules of the book have recognised of it by the end of a day: on their accounts,
/// and where an adopted choice took what went before to equity.
pub(super) fn not_recognised(
    measures: Measures<'_, '_>,
    book: usize,
    id: TrancheId,
    date: Date,
) -> Result<Value, Fault> {
    let replay = measures.replay;
    let (Some(keeper), Some(tranche)) = (replay.keepers.get(book), replay.terms.tranches.get(id.index())) else {
        return Ok(Value::ZERO);
    };
    let mut left = keeper.award_cost(replay.inputs, replay.book(book, date), id)?;
    let own = |item: &str| *item == *tranche.path;
    let rules = keeper.book.rules.iter().filter(|rule| keeper.recognises(rule));
    let accounts: BTreeSet<usize> = rules.filter_map(|rule| rule.kept()).collect();
    for account in accounts.into_iter().filter_map(|at| keeper.book.accounts.get(at)) {
        left = left.minus(measures.balance(book, &account.name, date, own)?.value)?;
    }
    if let Some(transition) = keeper.book.transition.and_then(|at| keeper.book.accounts.get(at)) {
        let to_date = Period { from: Date::MIN, to: date };
        let recognising = |entry: &Entry| {
            let rule = keeper.book.rules.iter().find(|rule| Some(&rule.name) == entry.cause.rule.as_ref());
            rule.is_some_and(|rule| keeper.recognises(rule))
        };
        let adopted = measures.movement(book, &transition.name, to_date, own, recognising)?.value;
        let debit = transition.class.is_debit();
        left = if debit { left.minus(adopted)? } else { left.plus(adopted)? };
    }
    Ok(left)
}

/// A holder's part of the party's first class.
pub(super) fn ownership(
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
        let with = if unvested { with.plus(stake.unvested)? } else { with };
        if measure == "ownership_fully_diluted" { with.minus(stake.money) } else { Ok(with) }
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
    let certainty = measures.certainty(date, |o| measures.touches_class(o, class));
    let origin = Origin::State { what: path.path.clone(), date };
    Ok(Some(Measured { value, missing: BTreeSet::new(), unit: Unit::of("%"), certainty, origin }))
}

/// A party's part of a company, itself and through others, over all classes.
pub(super) fn effective(
    measures: Measures<'_, '_>,
    company: PartyId,
    item: Option<&str>,
    date: Date,
) -> Result<Option<Measured>, Fault> {
    let terms = measures.replay.terms;
    let holder = (0u32..).map(PartyId).zip(&terms.parties).find(|(_, party)| Some(&*party.name) == item);
    let Some((holder, party)) = holder else { return Ok(None) };
    let parts = super::control::Stakes::on(measures.replay, date)?.effective(company)?;
    let part = parts.get(&holder).copied().unwrap_or_default();
    let places = crate::num::Rounding { places: 4, ..crate::num::Rounding::CENTS };
    let value = Value::Known(part.times(Number::from_int(100))?.over(Number::ONE, places)?);
    let certainty = measures.certainty(date, |o| o.act.tranche().is_some());
    let origin = Origin::State { what: party.name.clone(), date };
    Ok(Some(Measured { value, missing: BTreeSet::new(), unit: Unit::of("%"), certainty, origin }))
}

pub(super) fn of_class(
    measures: Measures<'_, '_>,
    class: ClassId,
    path: &Arc<str>,
    measure: &str,
    period: Period,
) -> Result<Measured, Fault> {
    if measure.starts_with("eps") {
        return of_earnings(measures, class, path, measure, period);
    }
    let value = {
        let dilution = measures.dilution(class, period.to)?;
        let vested = dilution.holders.iter().map(|h| h.vested).try_fold(Number::ZERO, Number::plus)?;
        let unvested = dilution.holders.iter().map(|h| h.unvested).try_fold(Number::ZERO, Number::plus)?;
        let more = match measure {
            "shares_outstanding" => Number::ZERO,
            "shares_with_vested" => vested,
            "shares_with_promised" => vested.plus(unvested)?.plus(dilution.awards)?,
            _ => {
                let money = dilution.holders.iter().map(|h| h.money).try_fold(Number::ZERO, Number::plus)?;
                vested.plus(unvested)?.plus(dilution.awards)?.minus(money)?
            }
        };
        dilution.issued.plus(Value::Known(more))?
    };
    let certainty = measures.certainty(period.to, |o| measures.touches_class(o, class));
    let origin = Origin::State { what: path.clone(), date: period.to };
    Ok(Measured { value, missing: BTreeSet::new(), unit: Unit::of("shares"), certainty, origin })
}

/// A part of the earnings per share of a class.
fn of_earnings(
    measures: Measures<'_, '_>,
    class: ClassId,
    path: &Arc<str>,
    measure: &str,
    period: Period,
) -> Result<Measured, Fault> {
    let issuer = measures.replay.terms.classes.get(class.index()).map(|c| c.issuer);
    let party = issuer.and_then(|id| measures.replay.terms.parties.get(id.index()));
    let currency = party.map_or("USD", |party| &*party.currency);
    if let Some(part) = measures.class_part(class, period)? {
        let income = match (measure.starts_with("eps_net"), &part.net) {
            (true, Some(net)) => part.distributed.clone().plus(net.clone())?,
            _ => part.income()?,
        };
        let (value, unit) = match measure {
            _ if measure.ends_with("diluted") => (Value::missing(format!("{path}, diluted")), Unit::of(currency)),
            "eps_shares_basic" => (part.shares.clone(), Unit::of("shares")),
            "eps_numerator_basic" => (income, Unit::of(currency)),
            _ => (part.each(income)?, Unit::per(currency, "shares")),
        };
        let certainty = measures.certainty(period.to, |o| measures.touches_class(o, class));
        let origin = Origin::State { what: path.clone(), date: period.to };
        return Ok(Measured { value, missing: BTreeSet::new(), unit, certainty, origin });
    }
    let found = measures.earnings_per_share(class, period)?;
    let ((basic, diluted), unit) = match measure {
        "eps_net_basic" | "eps_net_diluted" => {
            let both = found.net_per_share()?.map_or_else(|| found.per_share(), Ok)?;
            (both, Unit::per(currency, "shares"))
        }
        "eps_shares_basic" | "eps_shares_diluted" => (found.shares.clone(), Unit::of("shares")),
        "eps_numerator_basic" | "eps_numerator_diluted" => (found.numerators.clone(), Unit::of(currency)),
        _ => (found.per_share()?, Unit::per(currency, "shares")),
    };
    let value = if measure.ends_with("basic") { basic } else { diluted };
    let stated = found.lines.iter().filter_map(|id| measures.replay.engine.line(*id)).map(|line| line.line.basis);
    let certainty = measures.certainty(period.to, |o| measures.touches_class(o, class));
    let certainty = stated.fold(certainty, Basis::max);
    let origin = Origin::State { what: path.clone(), date: period.to };
    Ok(Measured { value, missing: BTreeSet::new(), unit, certainty, origin })
}
