//! `pad` of beancount: what is missing at the next balance is taken from another account on the day of the `pad`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Entry;
use super::assertion::tolerance;
use super::journal::{Account, Commodity, Journal, What};
use super::order::Event;
use super::weigh::Sums;
use crate::num::{Fault, Fixed};

/// What a `pad` adds.
#[derive(Clone, Debug)]
pub(super) struct Padding {
    pub commodity: Commodity,
    pub amount: Fixed,
}

/// What every `pad` adds, by its position among the directives; `events` with the entries each made without any `pad`.
pub(super) fn pads(
    journal: &Journal,
    events: &[(Event, Range<usize>)],
    entries: &[Entry],
) -> Result<BTreeMap<u32, Vec<Padding>>, Fault> {
    let mut added: BTreeMap<u32, Vec<Padding>> = BTreeMap::new();
    let pads = journal.directives.iter().filter(|d| matches!(d.what, What::Pad(_)));
    let padded: BTreeSet<Account> = pads.map(|d| d.account).collect();
    for account in padded {
        let name = journal.accounts.get(account);
        let below = |other: &str| other.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
        let family: BTreeSet<Account> =
            journal.accounts.iter().filter(|(_, other)| below(other)).map(|(id, _)| id).collect();
        let (mut held, mut active): (Sums, Option<u32>) = (Sums::default(), None);
        for (event, range) in events {
            let made = entries.get(range.clone()).unwrap_or_default();
            for entry in made.iter().filter(|entry| family.contains(&entry.account)) {
                held.add(entry.commodity, entry.amount)?;
            }
            let Event::Directive(position) = event else { continue };
            let Some(directive) = journal.directives.get(*position as usize) else { continue };
            match &directive.what {
                What::Pad(_) if directive.account == account => active = Some(*position),
                What::Balance(claim) if directive.account == account => {
                    let off = claim.amount.minus(held.get(claim.commodity))?;
                    let Some(list) = active.map(|pad| added.entry(pad).or_default()) else { continue };
                    let again = list.iter().any(|padding| padding.commodity == claim.commodity);
                    if off.abs() > tolerance(journal, claim)? && !again {
                        list.push(Padding { commodity: claim.commodity, amount: off });
                        held.add(claim.commodity, off)?;
                    }
                }
                _ => {}
            }
        }
    }
    Ok(added)
}
