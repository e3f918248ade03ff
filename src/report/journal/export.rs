//! The legal ledger and the books as plain postings, for other programs.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ledger::{Account, Balances, Chart, Entry, Journal};
use crate::num::{Fault, Number};
use crate::report::Scope;
use crate::report::build::Reporter;
use crate::run::Replay;
use crate::terms::{AccountClass, Basis};
use crate::time::{Date, Period};

/// An account: whose, in the legal ledger or in which book, what for, of which clause.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Whose.
    pub owner: Arc<str>,
    /// `us_gaap`; `legal` for the legal ledger.
    pub book: Arc<str>,
    /// The kind of account in a book; the legal ledger has no kinds.
    pub class: Option<AccountClass>,
    /// `cash`, `contract_liability`
    pub account: Arc<str>,
    /// `amd_openai.instinct`, or empty.
    pub item: Arc<str>,
}

/// An entry.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The day.
    pub date: Date,
    /// Whose book; of the legal ledger, the owner of the first posting.
    pub owner: Arc<str>,
    /// `us_gaap` or `legal`.
    pub book: Arc<str>,
    /// The rule, or the clause.
    pub why: String,
    /// Its paragraph, and whether it was checked against the text.
    pub cite: Option<(Arc<str>, bool)>,
    /// The lines and terms it follows from.
    pub cause: String,
    /// As sure as the least sure of them.
    pub basis: Basis,
    /// Account, commodity, amount; debit positive.
    pub postings: Vec<(Place, Arc<str>, Number)>,
}

/// A balance at the end.
#[derive(Clone, Debug)]
pub struct Closing {
    /// Of which account.
    pub place: Place,
    /// In which commodity.
    pub commodity: Arc<str>,
    /// How much.
    pub amount: Number,
    /// With that of the accounts of clauses below it.
    pub with_below: Number,
}

/// Everything that is exported.
#[derive(Clone, Debug, Default)]
pub struct Export {
    /// What it rests on, in lines.
    pub header: Vec<String>,
    /// The entries by day.
    pub entries: Vec<Posted>,
    /// Balances at the end of the last day; empty if only a part was asked for.
    pub closing: Vec<Closing>,
}

/// The legal ledger and every book, or what one party has to do with. Memo accounts are no part of the double entry of
/// statements and stay out.
///
/// # Errors
/// A scope that fits nothing, or arithmetic, in words.
pub fn export(replay: &Replay<'_>, scope: &Scope) -> Result<Export, String> {
    let mut reporter = Reporter::new(replay, scope);
    let wanted = match &scope.entity {
        Some(_) => Some(scope.party(replay, "", |_| true)?.1.name.clone()),
        None => None,
    };
    let asked = scope.period.is_some() || scope.range.is_some();
    let period = match asked {
        true => {
            let party = scope.party(replay, "", |_| true)?.1;
            scope.period(party, crate::time::PeriodName::Year(0))?.1
        }
        false => Period { from: Date::MIN, to: Date::MAX },
    };
    let mut export = Export { header: reporter.export_header(), ..Export::default() };
    let legal = |account: &Account| Some(place(account, "legal", None));
    let state = replay.end();
    let mine = |place: &Place| wanted.as_ref().is_none_or(|name| *name == place.owner);
    let books = (replay.keepers.iter().zip(&replay.bookings))
        .filter(|(keeper, _)| wanted.as_ref().is_none_or(|name| *name == keeper.owner));
    reporter.collect(&mut export, (&replay.register.chart, &replay.register.journal), &legal, |entry| {
        (entry.cause.clause.to_string(), None)
    });
    for (keeper, booking) in books.clone() {
        let class = |name: &str| keeper.book.accounts.iter().find(|a| &*a.name == name).map(|a| a.class);
        let named = |account: &Account| {
            let class = class(&account.name).filter(|class| *class != AccountClass::Memo)?;
            Some(place(account, &keeper.book.name, Some(class)))
        };
        reporter.collect(&mut export, (&booking.chart, &booking.journal), &named, |entry| {
            let rule = entry.cause.rule.as_ref();
            let rule = rule.and_then(|name| keeper.book.rules.iter().find(|r| r.name == *name));
            let cite = rule.and_then(|rule| rule.cite.as_ref()).map(|cite| (cite.text.clone(), cite.read));
            (entry.cause.rule.as_ref().map_or_else(|| entry.cause.clause.to_string(), ToString::to_string), cite)
        });
    }
    export.entries.retain(|entry| period.contains(entry.date) && entry.postings.iter().any(|(place, ..)| mine(place)));
    export.entries.sort_by_key(|entry| entry.date);
    if !asked {
        let mut sums = Sums::default();
        let balances = &state.state.balances;
        sums.add(&replay.register.chart, balances, &legal).map_err(|fault| fault.to_string())?;
        for (position, (keeper, booking)) in replay.keepers.iter().zip(&replay.bookings).enumerate() {
            let book = replay.book(position, state.date);
            let class = |name: &str| keeper.book.accounts.iter().find(|a| &*a.name == name).map(|a| a.class);
            let named = |account: &Account| {
                let class = class(&account.name).filter(|class| *class != AccountClass::Memo)?;
                Some(place(account, &keeper.book.name, Some(class)))
            };
            sums.add(&booking.chart, &book.balances, &named).map_err(|fault| fault.to_string())?;
        }
        export.closing = sums.closing(mine).map_err(|fault| fault.to_string())?;
    }
    Ok(export)
}

fn place(account: &Account, book: &str, class: Option<AccountClass>) -> Place {
    let (owner, name, item) = (account.owner.clone(), account.name.clone(), account.item.clone());
    Place { owner, book: book.into(), class, account: name, item }
}

impl Reporter<'_, '_> {
    fn export_header(&self) -> Vec<String> {
        let (first, last) = match (self.replay.versions.first(), self.replay.versions.last()) {
            (Some(first), Some(last)) => (first.date.to_string(), last.date.to_string()),
            _ => ("nothing".to_owned(), "nothing".to_owned()),
        };
        let known = self.scope.known_by.unwrap_or_else(|| self.replay.today());
        let scenario = if self.scope.scenario.is_empty() { "base" } else { &self.scope.scenario };
        let mut lines = vec![
            format!("scenario {scenario}; known by {known}; {first} to {last}"),
            "entries marked ! rest on a forecast or an assumption; memo accounts are left out".to_owned(),
        ];
        if !self.scope.inputs_hash.is_empty() {
            lines.push(format!("inputs {}", self.scope.inputs_hash));
        }
        let unposted: usize = self.replay.bookings.iter().map(|booking| booking.unposted.len()).sum();
        if unposted > 0 {
            lines.push(format!("{unposted} entries need an undisclosed term and could not be made"));
        }
        lines
    }

    fn collect(
        &mut self,
        export: &mut Export,
        (chart, journal): (&Chart, &Journal),
        named: &impl Fn(&Account) -> Option<Place>,
        why: impl Fn(&Entry) -> (String, Option<(Arc<str>, bool)>),
    ) {
        for (_, entry) in journal.iter() {
            let postings: Vec<(Place, Arc<str>, Number)> = journal
                .postings(entry)
                .iter()
                .filter_map(|posting| {
                    let account = chart.get(posting.account)?;
                    Some((named(account)?, account.commodity.clone(), posting.amount))
                })
                .collect();
            let Some((first, ..)) = postings.first() else { continue };
            let (owner, book) = (first.owner.clone(), first.book.clone());
            let (why, cite) = why(entry);
            let cause = self.because(&entry.cause.parents);
            export.entries.push(Posted {
                date: entry.date,
                owner,
                book,
                why,
                cite,
                cause,
                basis: entry.cause.basis,
                postings,
            });
        }
    }
}

/// Balances by account and commodity.
#[derive(Default)]
struct Sums(BTreeMap<(Place, Arc<str>), Number>);

impl Sums {
    fn add(
        &mut self,
        chart: &Chart,
        balances: &Balances,
        named: &impl Fn(&Account) -> Option<Place>,
    ) -> Result<(), Fault> {
        for (id, amount) in balances.iter() {
            let Some(account) = chart.get(id) else { continue };
            let Some(place) = named(account) else { continue };
            let sum = self.0.entry((place, account.commodity.clone())).or_default();
            *sum = sum.plus(amount)?;
        }
        Ok(())
    }

    fn closing(self, mine: impl Fn(&Place) -> bool) -> Result<Vec<Closing>, Fault> {
        let mut all = Vec::new();
        for ((place, commodity), amount) in self.0.iter().filter(|((place, _), _)| mine(place)) {
            let below = |other: &Place| {
                let same = (&other.owner, &other.book, &other.account) == (&place.owner, &place.book, &place.account);
                let under = other.item.strip_prefix(&*place.item);
                same && under.is_some_and(|rest| place.item.is_empty() || rest.is_empty() || rest.starts_with('.'))
            };
            let family = self.0.iter().filter(|((other, c), _)| c == commodity && below(other));
            let with_below = Number::sum(family.map(|(_, amount)| *amount))?;
            let (place, commodity) = (place.clone(), commodity.clone());
            all.push(Closing { place, commodity, amount: *amount, with_below });
        }
        Ok(all)
    }
}
