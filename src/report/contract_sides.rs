//! Which accounts of a book hold what a seller is owed and owes under its contracts: as its rules post and its `net` clauses say.

use std::sync::Arc;

use super::measure::Measures;
use crate::num::{Fault, Number};
use crate::terms::{AccountClass, AccountRef, Activity, BookAccount, Net, Over, RuleKind, Value};
use crate::time::Date;

/// Accounts of the contracts of a seller.
pub(super) struct Sides<'r> {
    /// Unconditional claims.
    pub claims: Vec<&'r str>,
    /// What is not yet earned of them.
    pub unearned: Vec<&'r str>,
    /// Positions of contracts: two sides that are one, or an account by itself.
    pub positions: Vec<Position<'r>>,
}

/// A position, with the headings of its columns.
pub(super) enum Position<'r> {
    /// By a `net` clause: shown on the side it stands on.
    Net(&'r Net, [Arc<str>; 2]),
    /// An account that no clause nets.
    Gross(&'r BookAccount),
}

impl<'r> Measures<'r, '_> {
    /// The accounts that the rules of a seller post to.
    pub(super) fn sides(&self, book: usize) -> Sides<'r> {
        let mut sides = Sides { claims: Vec::new(), unearned: Vec::new(), positions: Vec::new() };
        let Some(keeper) = self.replay.keepers.get(book) else { return sides };
        let book = keeper.book;
        let account = |at: usize| book.accounts.get(at);
        let sheet = |a: &&BookAccount| {
            matches!(a.class, AccountClass::Asset | AccountClass::Liability) && a.activity != Activity::Cash
        };
        let caption = |names: &[Arc<str>]| {
            let found = names.first().and_then(|name| book.accounts.iter().find(|a| a.name == *name));
            found.map_or_else(|| "".into(), BookAccount::caption)
        };
        let netted =
            |name: &Arc<str>| book.nets.iter().find(|n| n.assets.contains(name) || n.liabilities.contains(name));
        let mut seen: Vec<&Arc<str>> = Vec::new();
        // Deposits, releases and what is retained concern contracts that are none yet.
        let mut posted: Vec<&BookAccount> = Vec::new();
        for rule in book.rules.iter().filter(|rule| &*rule.role == "seller") {
            let RuleKind::On { event, legs } = &rule.kind else { continue };
            if !crate::terms::EventKind::OF_PROMISES.contains(event) {
                continue;
            }
            posted.extend(legs.iter().filter_map(|(_, of, _)| match of {
                AccountRef::Plain(at) => account(*at).filter(sheet),
                _ => None,
            }));
        }
        for one in posted {
            if seen.contains(&&one.name) {
                continue;
            }
            match netted(&one.name) {
                Some(net) => {
                    seen.extend(net.assets.iter().chain(&net.liabilities));
                    sides.positions.push(Position::Net(net, [caption(&net.assets), caption(&net.liabilities)]));
                }
                None if one.monetary && one.class == AccountClass::Asset => sides.claims.push(&one.name),
                None => sides.positions.push(Position::Gross(one)),
            }
            seen.push(&one.name);
        }
        for rule in book.rules.iter().filter(|rule| &*rule.role == "seller") {
            let RuleKind::Keep { account: kept, over: Over::Supply, against: AccountRef::Plain(at), .. } = &rule.kind
            else {
                continue;
            };
            let income = account(*kept).is_some_and(|a| a.class == AccountClass::Income);
            let Some(other) = account(*at).filter(sheet).filter(|a| income && a.class == AccountClass::Asset) else {
                continue;
            };
            if netted(&other.name).is_none() && !seen.contains(&&other.name) {
                seen.push(&other.name);
                sides.unearned.push(&other.name);
            }
        }
        sides
    }

    /// What a contract stands at, in the columns of a position; what is open is named in them.
    pub(super) fn stands_at(
        &self,
        book: usize,
        position: &Position<'_>,
        contract: &str,
        date: Date,
        own: impl Fn(&str) -> bool + Copy,
    ) -> Result<Vec<Value>, Fault> {
        let balance = |name: &str| self.balance(book, name, date, own).map(|found| found.value);
        match position {
            Position::Gross(account) => Ok(vec![balance(&account.name)?]),
            Position::Net(net, _) => {
                let names = || net.assets.iter().chain(&net.liabilities);
                let all = names().map(|name| balance(name)).try_fold(Value::ZERO, |sum, one| sum.plus(one?))?;
                if matches!(all, Value::Missing(_)) {
                    return Ok(vec![all.clone(), all]);
                }
                let [own, owed] = self.positions(book, net, date)?.get(contract).copied().unwrap_or_default();
                let whole: Number = own.minus(owed)?;
                Ok(vec![Value::Known(whole.clamp_zero()), Value::Known(whole.neg().clamp_zero())])
            }
        }
    }
}
