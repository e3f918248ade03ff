//! Facts by name: from a path to the measured number behind it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::borrowing::BORROWING_MEASURES;
use super::covenants::COVENANT_MEASURES;
use super::derived::{net_revenue, of_class, ownership, unrecognised};
use super::equity::EQUITY_MEASURES;
use super::measure::{Measured, Measures, Nature, SUPPLY_MEASURES, TRANCHE_MEASURES};
use super::promise::INVESTMENT_MEASURES;
use super::{Origin, cash, statements};
use crate::num::Fault;
use crate::run::Replay;
use crate::terms::{AccountClass, ClassId, FactName, PartyId, Value};
use crate::time::Period;

/// Measures of a share class.
pub(super) const CLASS_MEASURES: &[(&str, Nature)] = &[
    ("shares_outstanding", Nature::Stock),
    ("shares_with_vested", Nature::Stock),
    ("shares_fully_diluted", Nature::Stock),
    ("shares_with_promised", Nature::Stock),
    ("eps_shares_basic", Nature::Flow),
    ("eps_shares_diluted", Nature::Flow),
    ("eps_numerator_basic", Nature::Flow),
    ("eps_numerator_diluted", Nature::Flow),
    ("eps_basic", Nature::Flow),
    ("eps_diluted", Nature::Flow),
    ("eps_net_basic", Nature::Flow),
    ("eps_net_diluted", Nature::Flow),
];

/// Parts of a class, in per cent to four places; the item is a holder's name, `awards` or `others`.
pub(super) const OWNERSHIP_MEASURES: &[(&str, Nature)] = &[
    ("ownership_issued", Nature::Stock),
    ("ownership_with_vested", Nature::Stock),
    ("ownership_fully_diluted", Nature::Stock),
    ("ownership_with_promised", Nature::Stock),
];

/// A part of a company, itself and through others, in per cent to four places; the item is a holder's name.
pub(super) const EFFECTIVE: &str = "ownership_effective";

/// Measures made of entries of a supply's contract liability, and of a warrant's cost.
pub(super) const BOOK_MEASURES: &[(&str, Nature)] = &[
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
    if let Some(item) = &name.item {
        known_item(replay, item)?;
    }
    let found = find(Measures { replay }, party, &name.measure, name.item.as_deref(), period);
    found.map_err(|fault| fault.to_string())?.ok_or_else(|| {
        let known = measure_names(replay, party);
        let (entity, measure) = (&name.entity, &name.measure);
        let list = format!("`proforma facts --entity {entity}` lists what it has");
        if let Some(item) = name.item.as_ref().filter(|_| known.iter().any(|name| **name == **measure)) {
            return format!(
                "{entity} has `{measure}`, but not of `{item}`: leave the brackets away, or name what it is of; {list}"
            );
        }
        match crate::base::suggest::nearest(measure, known.iter().map(|s| &**s)) {
            Some(near) => format!("{entity} has no measure `{measure}`; did you mean `{near}`? {list}"),
            None => format!("{entity} has no measure `{measure}`; {list}"),
        }
    })
}

/// An item is the path of a contract or of something in it, a class, a holder, `awards` or `others`.
fn known_item(replay: &Replay<'_>, item: &str) -> Result<(), String> {
    let terms = replay.terms;
    let known = (terms.contracts.iter().map(|c| &*c.path))
        .chain(terms.supplies.iter().map(|s| &*s.path))
        .chain(terms.warrants.iter().map(|w| &*w.path))
        .chain(terms.investments.iter().map(|i| &*i.path))
        .chain(terms.tranches.iter().map(|t| &*t.path))
        .chain(terms.investments.iter().map(|i| &*i.path))
        .chain(terms.credits.iter().map(|c| &*c.path))
        .chain(terms.covenants.iter().map(|c| &*c.path))
        .chain(terms.classes.iter().map(|c| &*c.path))
        .chain(terms.flows.iter().map(|f| &*f.path))
        .chain(terms.parties.iter().map(|p| &*p.name))
        .chain(["awards", "others"]);
    let known: Vec<&str> = known.collect();
    if known.contains(&item) {
        return Ok(());
    }
    let near = crate::base::suggest::nearest(item, known.iter().copied());
    let near = near.map_or_else(String::new, |n| format!("; did you mean `{n}`?"));
    Err(format!("there is nothing with the path `{item}`{near}"))
}

/// The days a fact's name speaks about: its period in the party's calendar, else the quarter of the last actual day.
///
/// # Errors
/// A quarter that does not exist.
pub fn period_of(replay: &Replay<'_>, party: &crate::terms::Party, name: &FactName) -> Result<Period, String> {
    let named = name.period.unwrap_or_else(|| super::scope::quarter(party, replay.today()));
    let period = party.fiscal.resolve(&named).ok_or_else(|| format!("`{named}` is not a period of {}", party.name))?;
    let to = replay.as_of.filter(|_| name.period.is_none()).unwrap_or(period.to);
    Ok(Period { to, ..period })
}

/// The names of all measures a party has.
#[must_use]
pub fn measure_names(replay: &Replay<'_>, party: PartyId) -> Vec<Arc<str>> {
    let legal = [
        TRANCHE_MEASURES,
        INVESTMENT_MEASURES,
        BORROWING_MEASURES,
        COVENANT_MEASURES,
        SUPPLY_MEASURES,
        CLASS_MEASURES,
        EQUITY_MEASURES,
        OWNERSHIP_MEASURES,
        cash::MEASURES,
    ];
    let legal = legal.into_iter().flatten();
    let legal = legal.map(|(name, _)| Arc::from(*name));
    let mut names: BTreeSet<Arc<str>> = legal.collect();
    if let Some(keeper) = replay.keeper(party).and_then(|k| replay.keepers.get(k)) {
        names.extend(keeper.book.accounts.iter().map(|a| a.name.clone()));
        names.extend(BOOK_MEASURES.iter().chain(statements::MEASURES).map(|(name, _)| Arc::from(*name)));
    }
    names.insert(EFFECTIVE.into());
    names.extend(super::circular::MEASURES.iter().map(|name| Arc::from(*name)));
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
        let mine = terms.tranches_at(item).into_iter();
        let state = &measures.replay.at(period.to).state;
        let holds = |id| measures.replay.engine.holders(state, id).iter().any(|(holder, _)| *holder == party);
        let mine = mine.filter(|id| terms.warrant_of(*id).is_some_and(|w| w.issuer == party || holds(*id)));
        // Once rights have passed on, each holder has its own.
        let own = |id| terms.warrant_of(id).filter(|w| w.issuer != party && state.assigned.contains_key(&id));
        return total(mine.map(|id| match nature {
            Nature::Flow => measures.tranche_flow(id, measure, period),
            Nature::Stock => measures.tranche_stock(id, measure, period.to, own(id).map(|_| party)),
        }));
    }
    if let Some(nature) = nature(INVESTMENT_MEASURES) {
        let mine = terms.tranches_at(item).into_iter().filter_map(|id| {
            let investment = terms.investment_of(id)?;
            let invests = investment.investors.iter().any(|(investor, _)| *investor == party);
            (invests || investment.company == party).then_some((id, investment))
        });
        return total(mine.map(|(id, investment)| match nature {
            Nature::Flow => measures.investment_flow(id, investment, party, measure, period),
            Nature::Stock => measures.investment_stock(id, investment, party, measure, period.to),
        }));
    }
    if nature(COVENANT_MEASURES).is_some() {
        return measures.covenant_measure(party, measure, item, period.to);
    }
    if nature(BORROWING_MEASURES).is_some() {
        return measures.borrowing(party, measure, item, period.to);
    }
    if let Some(nature) = nature(SUPPLY_MEASURES) {
        let mine = terms.supplies_at(item).into_iter().filter(|id| {
            terms.supplies.get(id.index()).is_some_and(|supply| supply.seller == party || supply.buyer == party)
        });
        return total(mine.map(|id| match nature {
            Nature::Flow => measures.supply_flow(id, measure, period),
            Nature::Stock => measures.supply_stock(id, measure, period.to),
        }));
    }
    if nature(CLASS_MEASURES).is_some() {
        let mine = (0u32..).map(ClassId).zip(&terms.classes);
        // Shares of classes add up; what a share has does not.
        let one = measures.earning_class(party).filter(|_| item.is_none() && measure.starts_with("eps_"));
        let mine = mine.filter(|(id, class)| {
            class.issuer == party && item.is_none_or(|i| i == &*class.path) && one.is_none_or(|one| one == *id)
        });
        return total(mine.map(|(id, class)| of_class(measures, id, &class.path, measure, period)));
    }
    if nature(EQUITY_MEASURES).is_some() {
        return measures.equity(party, measure, item, period.to);
    }
    if super::circular::MEASURES.contains(&measure) {
        return super::circular::measure(measures, party, measure, item, period.to);
    }
    if measure == EFFECTIVE {
        return super::derived::effective(measures, party, item, period.to);
    }
    if nature(OWNERSHIP_MEASURES).is_some() {
        return ownership(measures, party, measure, item, period.to);
    }
    if nature(cash::MEASURES).is_some() {
        return cash::measure(measures, party, measure, item, period);
    }
    let Some(book) = measures.replay.keeper(party) else { return Ok(None) };
    let own = terms.parties.get(party.index()).map_or("", |terms| &*terms.name);
    let within = |of: &str| item.is_none_or(|item| is_within(of, item, own));
    if measure == "net_revenue" {
        return net_revenue(measures, book, item, period).map(Some);
    }
    let stated = nature(statements::MEASURES).is_some() && measures.account_class(book, measure).is_none();
    if stated && item.is_none() {
        return statements::measure(measures, book, measure, period);
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

/// Whether what an account is kept for is an item or in it. What belongs to no clause is the party's own: its item is its name.
pub(crate) fn is_within(of: &str, item: &str, own: &str) -> bool {
    let inside = of == item || of.strip_prefix(item).is_some_and(|rest| rest.starts_with('.'));
    inside || of.is_empty() && item == own
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
pub(super) fn add(a: Measured, b: Measured) -> Result<Measured, Fault> {
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
