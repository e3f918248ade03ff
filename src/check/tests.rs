//! Whole programs through [`check`](super::check), from files in memory.

mod books;
mod contracts;
mod files;
mod flows;
mod gates;
mod hostile;
mod ledgers;
mod scenarios;
mod story;

use std::collections::BTreeMap;

use super::{Checked, Files, check};
use crate::base::Diagnostic;

/// Files in memory.
#[derive(Default)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect())
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }

    fn glob(&self, pattern: &str) -> Vec<String> {
        let (before, after) = pattern.split_once('*').unwrap_or((pattern, ""));
        self.0.keys().filter(|name| name.starts_with(before) && name.ends_with(after)).cloned().collect()
    }
}

/// Checks several files, the first being the root.
fn checked(files: &[(&str, &str)]) -> Checked {
    check(&Memory::new(files), &[files[0].0.to_owned()])
}

/// Two parties and a supply, and whatever stands in `more`.
fn deal(more: &str) -> Checked {
    checked(&[("deal.pf", &format!("{PARTIES}{}", more))])
}

/// As [`deal`], with `inside` in the contract.
fn contract(inside: &str) -> Checked {
    deal(&format!("contract c \"C\" between AMD as seller, OpenAI as buyer {{\n signed 2025-10-05\n{inside}\n}}\n"))
}

/// As [`contract`], with a supply of 6 GW and two counters before it.
fn supplied(inside: &str) -> Checked {
    contract(&format!("{SUPPLY}{inside}"))
}

const PARTIES: &str = "
party AMD \"Advanced Micro Devices, Inc.\" { currency USD; class common par 0.01 USD/share, calendar nyse }
party OpenAI \"OpenAI OpCo, LLC\" { currency USD }
";

const SUPPLY: &str = "
supply chips { 1 GW definitive firm; 5 GW definitive option; price 20bn USD/GW; pays rest 60 days after delivery
  control passes at delivery }
counter bought = sum GW over order chips by OpenAI, affiliates since signed
counter got = sum GW over delivery chips by anyone since signed
";

/// Codes found, with the text under the primary label and the message, one a line.
fn found(checked: &Checked) -> String {
    let line = |d: &Diagnostic| format!("{} `{}` {}", d.code, checked.sources.text(d.primary.0), d.message);
    checked.diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Fails unless nothing is wrong, and gives the terms.
fn clean(checked: Checked) -> crate::terms::Terms {
    assert_eq!(found(&checked), "");
    checked.terms
}

/// The only diagnostic of this code.
fn only(checked: &Checked, code: &str) -> Diagnostic {
    let all: Vec<&Diagnostic> = checked.diagnostics.iter().collect();
    assert_eq!(all.len(), 1, "{}", found(checked));
    assert_eq!(all[0].code.number(), code, "{}", found(checked));
    all[0].clone()
}
