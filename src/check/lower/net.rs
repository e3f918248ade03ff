//! Accounts that are the two sides of one position of each contract.

use std::sync::Arc;

use crate::base::{Code, Diagnostic};
use crate::check::Checker;
use crate::syntax::ast;
use crate::terms::{AccountClass, Book, Net};

impl Checker<'_> {
    /// `net contract_asset with contract_liability`
    pub(super) fn netted(&mut self, assets: &[ast::Name], liabilities: &[ast::Name], book: &Book) -> Option<Net> {
        let mut seen: Vec<Arc<str>> =
            book.nets.iter().flat_map(|n| n.assets.iter().chain(&n.liabilities)).cloned().collect();
        let mut side = |names: &[ast::Name], class: AccountClass, word: &str| -> Option<Vec<Arc<str>>> {
            let mut found = Vec::new();
            let mut wrong = false;
            for name in names {
                let account = self.plain_account(name, book).and_then(|at| book.accounts.get(at));
                let Some(account) = account else {
                    wrong = true;
                    continue;
                };
                if account.class != class {
                    let message = format!("`{}` is not {word}", account.name);
                    let error = Diagnostic::new(Code::WrongKind, name.span, message).label(format!("expected {word}"));
                    self.report.push(error.help("write `net ASSET, … with LIABILITY, …`"));
                    wrong = true;
                } else if seen.contains(&account.name) {
                    let message = format!("`{}` is a side of a position already", account.name);
                    let error = Diagnostic::new(Code::ClauseTwice, name.span, message).label("again");
                    self.report.push(error.help("name all accounts of a position in one clause"));
                    wrong = true;
                } else {
                    seen.push(account.name.clone());
                    found.push(account.name.clone());
                }
            }
            (!wrong).then_some(found)
        };
        let assets = side(assets, AccountClass::Asset, "an asset");
        let liabilities = side(liabilities, AccountClass::Liability, "a liability");
        Some(Net { assets: assets?, liabilities: liabilities? })
    }
}
