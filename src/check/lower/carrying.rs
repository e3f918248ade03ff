//! What loans, leases and guarantees are carried at.

use crate::base::{Code, Diagnostic};
use crate::check::Checker;
use crate::syntax::ast;
use crate::terms::{Book, Carrying};

/// Those who may carry one.
const ROLES: [(&str, &str); 7] = [
    ("borrower", "borrower"),
    ("lender", "lender"),
    ("lessee", "lessee"),
    ("lessor", "lessor"),
    ("guarantor", "guarantor"),
    ("beneficiary", "beneficiary"),
    ("obligor", "obligor"),
];

impl Checker<'_> {
    /// `carrying debt, debt_discount as borrower`
    pub(super) fn carried_by(&mut self, accounts: &[ast::Name], role: &ast::Name, book: &Book) -> Option<Carrying> {
        self.report.word(Code::WrongKind, role, "a side of a loan, lease or guarantee", &ROLES)?;
        if book.carrying.iter().any(|other| other.role == role.text) {
            let message = format!("`carrying … as {}` stands here already", role.text);
            let error = Diagnostic::new(Code::ClauseTwice, role.span, message).label("again");
            self.report.push(error.help("name all accounts in one clause"));
            return None;
        }
        let found: Vec<Option<usize>> = accounts.iter().map(|name| self.plain_account(name, book)).collect();
        let found: Vec<usize> = found.into_iter().collect::<Option<_>>()?;
        let name = |at: &usize| book.accounts.get(*at).map(|account| account.name.clone());
        Some(Carrying { role: role.text.clone(), accounts: found.iter().filter_map(name).collect() })
    }
}
