//! Accounts and commodities as both programs accept them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::report::journal::export::{Export, Place};
use crate::terms::AccountClass;

/// Longest commodity that beancount takes.
const COMMODITY: usize = 24;

/// Names of accounts, each given to one account only.
#[derive(Default)]
pub(super) struct Names {
    given: BTreeMap<Place, String>,
    taken: BTreeSet<String>,
    /// Accounts that were met before.
    met: BTreeSet<String>,
}

impl Names {
    /// `Assets:AMD:UsGaap:Receivable:AmdOpenai:Instinct`
    pub fn account(&mut self, place: &Place) -> String {
        if let Some(name) = self.given.get(place) {
            return name.clone();
        }
        let root = match place.class {
            None | Some(AccountClass::Asset | AccountClass::Memo) => "Assets",
            Some(AccountClass::Liability) => "Liabilities",
            Some(AccountClass::Equity) => "Equity",
            Some(AccountClass::Income | AccountClass::ContraIncome) => "Income",
            Some(AccountClass::Expense) => "Expenses",
        };
        let item = place.item.split('.').filter(|part| !part.is_empty());
        let parts = [&*place.owner, &*place.book, &*place.account].into_iter().chain(item);
        let mut name = std::iter::once(root.to_owned()).chain(parts.map(part)).collect::<Vec<_>>().join(":");
        // Two accounts whose names differ only in what is dropped stay two.
        let plain = name.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{plain}-{number}");
            number += 1;
        }
        self.given.insert(place.clone(), name.clone());
        name
    }

    /// Whether it is met for the first time.
    pub fn is_new(&mut self, account: &str) -> bool {
        self.met.insert(account.to_owned())
    }
}

/// hledger's letter for a kind of account.
pub(super) const fn kind(place: &Place) -> char {
    match place.class {
        None | Some(AccountClass::Asset | AccountClass::Memo) => 'A',
        Some(AccountClass::Liability) => 'L',
        Some(AccountClass::Equity) => 'E',
        Some(AccountClass::Income | AccountClass::ContraIncome) => 'R',
        Some(AccountClass::Expense) => 'X',
    }
}

/// `contract_liability` as `ContractLiability`: a part of an account begins with a capital or a digit and has letters,
/// digits and hyphens.
fn part(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut letters = word.trim_start_matches('-').chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}", letters.as_str())
    };
    let joined: String = words.map(capital).collect();
    if joined.is_empty() { "X".to_owned() } else { joined }
}

/// The commodities of an export, with the names both programs know them by: `AMD.common` is `AMD.COMMON`.
pub(super) fn commodities(export: &Export) -> BTreeMap<Arc<str>, String> {
    let of_entries = export.entries.iter().flat_map(|entry| entry.postings.iter().map(|(_, c, _)| c));
    let all: BTreeSet<Arc<str>> = of_entries.chain(export.closing.iter().map(|c| &c.commodity)).cloned().collect();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut given = BTreeMap::new();
    for raw in all {
        let plain = commodity(&raw);
        let mut name = plain.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            let ending = format!("-{number}");
            let kept: String = plain.chars().take(COMMODITY - ending.len()).collect();
            name = format!("{kept}{ending}");
            number += 1;
        }
        given.insert(raw, name);
    }
    given
}

/// Capitals, digits and `'._-` between a letter and a letter or digit; two to twenty-four of them.
fn commodity(raw: &str) -> String {
    let fitting = |c: char| match c.to_ascii_uppercase() {
        upper @ ('A'..='Z' | '0'..='9' | '.' | '_' | '-' | '\'') => upper,
        _ => '-',
    };
    let mut name: String = raw.chars().map(fitting).take(COMMODITY).collect();
    if !name.starts_with(|c: char| c.is_ascii_uppercase()) {
        name = format!("X{name}").chars().take(COMMODITY).collect();
    }
    let mut name = name.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned();
    if name.len() < 2 {
        name.push('X');
    }
    name
}

/// In quotes if hledger needs them.
pub(super) fn quoted(name: &str) -> String {
    if name.chars().all(char::is_alphabetic) { name.to_owned() } else { format!("\"{name}\"") }
}

#[cfg(test)]
mod tests {
    use super::{commodity, part, quoted};

    #[test]
    fn names_fit_both_programs() {
        for (raw, name) in [
            ("contract_liability", "ContractLiability"),
            ("us_gaap", "UsGaap"),
            ("OpenAI", "OpenAI"),
            ("2027", "2027"),
            ("all other holders", "AllOtherHolders"),
            ("_", "X"),
            ("-a", "A"),
        ] {
            assert_eq!(part(raw), name);
        }
        for (raw, name) in [
            ("USD", "USD"),
            ("AMD.common", "AMD.COMMON"),
            ("GW", "GW"),
            ("t", "TX"),
            ("2x", "X2X"),
            ("Société.ordinary", "SOCI-T-.ORDINARY"),
            ("Advanced_Micro_Devices.common", "ADVANCED_MICRO_DEVICES.C"),
        ] {
            assert_eq!(commodity(raw), name);
        }
        assert_eq!((quoted("USD"), quoted("AMD.COMMON")), ("USD".to_owned(), "\"AMD.COMMON\"".to_owned()));
    }
}
