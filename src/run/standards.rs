//! Standards that take effect by themselves: for a party that has not chosen by then what one requires.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::Inputs;
use crate::recognise::Bookkeeper;
use crate::terms::{Adoption, Book, Choices, Fact, Party, PartyId, Standard, Terms};
use crate::time::Date;

/// The choices of a party on the first day of the terms: what a standard in force by then requires has been chosen.
pub(super) fn at_first(begins: Option<Date>, book: &Book, party: &Party, mut choices: Choices) -> Choices {
    let Some(begins) = begins else { return choices };
    for standard in &book.standards {
        if standard.effective(&party.fiscal, &choices).is_none_or(|from| from > begins) {
            continue;
        }
        for what in &standard.requires {
            for (_, choice) in choices.iter_mut().filter(|(policy, _)| *policy == what.policy) {
                choice.clone_from(&what.choice);
            }
        }
    }
    choices
}

/// Whether a standard of a book may make this choice.
pub(super) fn require(book: &Book, choice: &str) -> bool {
    book.standards.iter().flat_map(|standard| &standard.requires).any(|what| &*what.choice == choice)
}

/// What the books' standards change in this run, by day.
pub(super) fn adoptions(terms: &Terms, inputs: &Inputs, keepers: &[Bookkeeper<'_>]) -> BTreeMap<Date, Vec<Adoption>> {
    let mut days: BTreeMap<Date, Vec<Adoption>> = BTreeMap::new();
    let (begins, lines) = (terms.begins().unwrap_or(Date::MAX), by_line(inputs));
    for keeper in keepers {
        let Some(party) = terms.parties.get(keeper.party.index()) else { continue };
        let dated = |standard: &'_ Standard| standard.effective(&party.fiscal, &keeper.choices);
        let mut standards: Vec<_> =
            keeper.book.standards.iter().filter_map(|standard| Some((dated(standard)?, standard))).collect();
        standards.sort_by_key(|(from, _)| *from);
        // Choices made so far by standards that came before.
        let mut made: BTreeMap<Arc<str>, (Date, Arc<str>)> = BTreeMap::new();
        for (from, standard) in standards.into_iter().filter(|(from, _)| *from > begins) {
            for what in &standard.requires {
                let own = keeper.choices.iter().find(|(policy, _)| *policy == what.policy).map(|(_, choice)| choice);
                let line = lines.get(&(keeper.party, what.policy.clone()));
                let line = line.and_then(|made| made.iter().rfind(|(day, _)| *day <= from).cloned());
                let last = [line, made.get(&what.policy).cloned()].into_iter().flatten().max_by_key(|(day, _)| *day);
                let chosen = last.map(|(_, choice)| choice).or_else(|| own.cloned());
                if chosen.is_none_or(|chosen| chosen == what.choice) {
                    continue;
                }
                made.insert(what.policy.clone(), (from, what.choice.clone()));
                let (party, standard) = (keeper.party, standard.name.clone());
                days.entry(from).or_default().push(Adoption { party, standard, what: what.clone() });
            }
        }
    }
    days
}

/// The choices of a policy that lines make.
type Made = Vec<(Date, Arc<str>)>;

/// What lines choose, by party and policy, in order of the days.
fn by_line(inputs: &Inputs) -> BTreeMap<(PartyId, Arc<str>), Made> {
    let mut found: BTreeMap<_, Made> = BTreeMap::new();
    for line in &inputs.lines {
        if let Some(Fact::Adopt { party, policy, choice, .. }) = &line.line.fact {
            found.entry((*party, policy.clone())).or_default().push((line.line.date, choice.clone()));
        }
    }
    found.values_mut().for_each(|made| made.sort_by_key(|(day, _)| *day));
    found
}
