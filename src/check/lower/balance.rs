//! Whether the legs of a rule cancel, whatever the amounts are.

use std::collections::BTreeMap;

use crate::num::Number;
use crate::terms::{AccountRef, BookExpr, EventField, EventKind};

/// Products by their factors, sorted.
type Sum = BTreeMap<Vec<String>, Number>;

/// Products a rule may expand to; more is not worth proving.
const LIMIT: usize = crate::base::limits::PRODUCTS;

/// Fields that are the sum of two others.
const IDENTITIES: [(EventKind, EventField, [EventField; 2]); 4] = [
    (EventKind::Bill, EventField::Amount, [EventField::Ahead, EventField::Earned]),
    (EventKind::Pay, EventField::Amount, [EventField::Applied, EventField::Advance]),
    (EventKind::Release, EventField::Amount, [EventField::Applied, EventField::Advance]),
    (EventKind::Transfer, EventField::Price, [EventField::Prepaid, EventField::Unbilled]),
];

/// Tests that debits equal credits once sums are expanded and the identities of the event are used.
///
/// # Errors
/// What is left over, in words.
pub(super) fn cancels(event: EventKind, legs: &[(bool, AccountRef, Option<BookExpr>)]) -> Result<(), String> {
    let mut left = Sum::new();
    for (debit, _, amount) in legs {
        let sign = Number::from_int(if *debit { 1 } else { -1 });
        let Some(sum) = amount.as_ref().and_then(|amount| expand(amount, event)) else {
            return Err("too large to prove".to_owned());
        };
        for (factors, count) in sum {
            if add(&mut left, factors, count.times(sign).ok()).is_none() {
                return Err("too large to prove".to_owned());
            }
        }
    }
    if left.is_empty() { Ok(()) } else { Err(words(&left)) }
}

fn words(left: &Sum) -> String {
    let side = |debit: bool| {
        let terms = left.iter().filter(|(_, count)| count.is_positive() == debit);
        let term = |(factors, count): (&Vec<String>, &Number)| {
            let number = Some(count.abs()).filter(|n| *n != Number::ONE || factors.is_empty()).map(|n| n.to_string());
            let factors: Vec<String> = number.into_iter().chain(factors.iter().cloned()).collect();
            format!("`{}`", factors.join(" * "))
        };
        terms.map(term).collect::<Vec<_>>().join(" + ")
    };
    match (side(true), side(false)) {
        (debits, credits) if credits.is_empty() => format!("debits are {debits} more than credits"),
        (debits, credits) if debits.is_empty() => format!("credits are {credits} more than debits"),
        (debits, credits) => format!("debits of {debits} stand against credits of {credits}"),
    }
}

fn add(sum: &mut Sum, factors: Vec<String>, count: Option<Number>) -> Option<()> {
    let total = match sum.get(&factors) {
        Some(before) => before.plus(count?).ok()?,
        None => count?,
    };
    if total.is_zero() {
        sum.remove(&factors);
    } else {
        sum.insert(factors, total);
    }
    (sum.len() <= LIMIT).then_some(())
}

fn expand(expr: &BookExpr, event: EventKind) -> Option<Sum> {
    let mut sum = Sum::new();
    match expr {
        BookExpr::Number(number) => add(&mut sum, Vec::new(), Some(*number))?,
        BookExpr::Field(field) => match IDENTITIES.iter().find(|(on, whole, _)| *on == event && whole == field) {
            Some((_, _, parts)) => {
                for part in parts {
                    add(&mut sum, vec![part.word().to_owned()], Some(Number::ONE))?;
                }
            }
            None => add(&mut sum, vec![field.word().to_owned()], Some(Number::ONE))?,
        },
        BookExpr::Add(a, b) | BookExpr::Sub(a, b) => {
            let sign = Number::from_int(if matches!(expr, BookExpr::Add(..)) { 1 } else { -1 });
            sum = expand(a, event)?;
            for (factors, count) in expand(b, event)? {
                add(&mut sum, factors, count.times(sign).ok())?;
            }
        }
        BookExpr::Mul(a, b) => {
            let right = expand(b, event)?;
            for (factors, count) in expand(a, event)? {
                for (more, times) in &right {
                    let mut product: Vec<String> = factors.iter().chain(more).cloned().collect();
                    product.sort();
                    add(&mut sum, product, count.times(*times).ok())?;
                }
            }
        }
        BookExpr::Method(..)
        | BookExpr::Size
        | BookExpr::Carrying(_)
        | BookExpr::Policy(_)
        | BookExpr::Estimate(_)
        | BookExpr::Min(..)
        | BookExpr::Max(..) => {
            add(&mut sum, vec![format!("{expr:?}")], Some(Number::ONE))?;
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(field: EventField) -> Box<BookExpr> {
        Box::new(BookExpr::Field(field))
    }

    fn legs(amounts: Vec<(bool, BookExpr)>) -> Vec<(bool, AccountRef, Option<BookExpr>)> {
        amounts.into_iter().map(|(debit, amount)| (debit, AccountRef::Plain(0), Some(amount))).collect()
    }

    #[test]
    fn identities_of_events_are_known() {
        use EventField::{Advance, Amount, Applied};
        let cash = (true, *field(Amount));
        let split = legs(vec![cash.clone(), (false, *field(Applied)), (false, *field(Advance))]);
        assert_eq!(cancels(EventKind::Pay, &split), Ok(()));
        let short = legs(vec![cash, (false, *field(Applied))]);
        assert_eq!(cancels(EventKind::Pay, &short).unwrap_err(), "debits are `advance` more than credits");
    }

    #[test]
    fn sums_are_expanded() {
        use EventField::{Advance, Amount, Applied};
        // 2 * (applied + advance) = amount + amount
        let doubled = BookExpr::Mul(
            Box::new(BookExpr::Number(Number::from_int(2))),
            Box::new(BookExpr::Add(field(Applied), field(Advance))),
        );
        let twice = legs(vec![(true, doubled), (false, *field(Amount)), (false, *field(Amount))]);
        assert_eq!(cancels(EventKind::Pay, &twice), Ok(()));
        // On a vesting, amounts of payments mean nothing to each other.
        assert!(cancels(EventKind::Vest, &twice).is_err());
    }
}
