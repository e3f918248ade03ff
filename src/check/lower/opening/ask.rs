//! What a journal asks of the file that uses it: which accounts are what, and what of those that nothing takes.

use std::collections::BTreeMap;

use super::Trial;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::journals::Held;
use crate::num::Fixed;
use crate::plaintext::Dialect;
use crate::syntax::ast;
use crate::time::Date;

/// Accounts that are listed in one message.
const LISTED: usize = 12;

impl Checker<'_> {
    /// `use "opening.beancount"` and no more.
    pub(super) fn ask_accounts(&mut self, written: &ast::Text, file: &str) -> Option<()> {
        let dialect = Dialect::of(&written.text)?;
        if written.text.contains(['*', '?']) {
            let message = "a pattern of journals: which party opens from which?";
            let found = Diagnostic::new(Code::AskAccounts, written.span, message).label("a pattern");
            self.report.push(found.help(Code::AskAccounts.advice()));
            return None;
        }
        let books = self.journal(file, written, dialect)?;
        let last = books.entries.iter().map(|entry| entry.date).max().unwrap_or(Date::MIN);
        let held = self.held(&books, last, written.span)?;
        let party = self.terms.parties.first().map_or("PARTY".into(), |party| party.name.clone());
        self.ask(written, written.span, &held, (last, &party));
        Some(())
    }

    /// Lists the accounts and the clause that would take one.
    pub(super) fn ask(&mut self, written: &ast::Text, span: Span, held: &[Held], (date, party): (Date, &str)) {
        let message = format!("which accounts of `{}` are what?", written.text);
        let found = Diagnostic::new(Code::AskAccounts, span, message).label("nothing is taken from it");
        let something: Vec<&Held> = held.iter().filter(|h| !h.balance.amount.is_zero()).collect();
        let all = listed(something.iter().map(|h| one(h)));
        let likely = |h: &&&Held| ["cash", "bank", "checking"].iter().any(|w| h.account.to_lowercase().contains(w));
        let example = something.iter().find(likely).or_else(|| something.first());
        let account = example.map_or("ACCOUNT", |h| h.account.as_str());
        let clause = format!("use \"{}\" for {party} on {date} {{ cash from \"{account}\" }}", written.text);
        let found =
            if all.is_empty() { found.help("the journal is empty") } else { found.help(format!("it holds {all}")) };
        self.report.push(found.help(format!("write `{clause}` with the accounts that are meant")));
    }

    /// Lists what no clause takes.
    pub(super) fn not_taken(&mut self, journal: &ast::JournalUse, trial: &Trial) {
        let left: Vec<&Held> = (0..)
            .zip(&trial.held)
            .filter(|(at, h)| !trial.taken.contains_key(at) && !h.balance.amount.is_zero())
            .map(|(_, h)| h)
            .collect();
        let Some(first) = left.first() else { return };
        let mut sums: BTreeMap<&str, Fixed> = BTreeMap::new();
        for held in &left {
            let sum = sums.entry(&held.commodity).or_default();
            *sum = sum.plus(held.balance.amount).unwrap_or(*sum);
        }
        let sums = listed(sums.iter().map(|(commodity, sum)| format!("{sum} {commodity}")));
        let count = if left.len() == 1 { "1 balance".to_owned() } else { format!("{} balances", left.len()) };
        let message = format!("nothing takes {count} of `{}`", journal.file.text);
        let found = Diagnostic::new(Code::NotTaken, journal.head, message).label(format!("{sums} in all"));
        let all = listed(left.iter().map(|h| one(h)));
        let found = found.help(format!("they are {all}"));
        self.report.push(found.help(format!("take them, or write `nothing from \"{}\"`", first.account)));
    }
}

fn one(held: &Held) -> String {
    format!("`{}` {} {}", held.account, held.balance.amount, held.commodity).trim_end().to_owned()
}

/// The first of a list, and how many more there are.
pub(super) fn listed(all: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = all.collect();
    all.dedup();
    let more = all.len().saturating_sub(LISTED);
    all.truncate(LISTED);
    let shown = all.join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}
