//! Contracts: who, when, how binding.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::standing;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::{Program, next};
use crate::check::expand::ContractTree;
use crate::check::report::Once;
use crate::check::symbols::{Scope, as_contract};
use crate::check::types::merge;
use crate::syntax::ast::{self, ContractClauseKind};
use crate::terms::{Binding, Contract, ContractId, PartyId, Standing};
use crate::time::Date;

/// What stands around a clause of a contract.
pub(super) struct Inside {
    pub id: ContractId,
    pub path: Arc<str>,
    pub signed: Option<Date>,
    pub standing: Standing,
    /// The name of the contract, to point at.
    pub span: Span,
    pub scope: Scope,
}

impl Checker<'_> {
    /// Lowers the heads of contracts.
    pub(super) fn contracts(&mut self, program: &Program) {
        for tree in &program.contracts {
            self.contract(tree);
        }
    }

    fn contract(&mut self, tree: &ContractTree) {
        let between = self.between(tree.ast);
        let mut signed = Once::new("signed");
        let mut stands = Once::new("standing");
        let mut supersedes = Vec::new();
        let mut undated = None;
        let mut support = crate::terms::Support::default();
        for clause in &tree.plain {
            self.report.origin.clone_from(&clause.origin);
            match &clause.node {
                ContractClauseKind::Signed(date) => {
                    let day = self.day(date);
                    signed.set(day, clause.span, &mut self.report);
                }
                ContractClauseKind::Standing(written) => stands.set(standing(written), clause.span, &mut self.report),
                ContractClauseKind::Supersedes(path, date) => {
                    let date = date.as_ref().map(|date| self.day(date));
                    undated = undated.or(Some(path.span).filter(|_| date.is_none()));
                    supersedes.extend(self.superseded(path).map(|id| (id, date)));
                }
                _ => {}
            }
            let rests_on = self.support(&clause.support);
            merge(&mut support, rests_on);
        }
        self.report.origin = None;
        if let Some(span) = undated {
            self.signing(signed.get().copied(), span, "supersedes");
        }
        let (name, title) = (&tree.ast.name, tree.ast.title.as_ref());
        self.terms.contracts.push(Contract {
            path: name.text.clone(),
            title: title.map_or_else(|| name.text.clone(), |t| t.text.clone()),
            between,
            signed: signed.take(),
            standing: stands.take().unwrap_or(Standing { binding: Binding::Definitive, option: false }),
            supersedes,
            support,
            span: tree.span,
        });
    }

    fn superseded(&mut self, path: &ast::Path) -> Option<ContractId> {
        let id = self.symbols.find(path, &Scope::default(), "contract", as_contract, &mut self.report)?;
        if id.index() == self.terms.contracts.len() {
            return self.report.fail(
                Code::BadValue,
                path.span,
                "a contract does not supersede itself",
                "this contract",
            );
        }
        Some(id)
    }

    fn between(&mut self, ast: &ast::Contract) -> Vec<(PartyId, Arc<str>)> {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        let mut between = Vec::new();
        for (party, role) in &ast.between {
            if let Some(first) = seen.insert(&role.text, role.span) {
                let message = format!("the role `{}` is given twice", role.text);
                self.report.push(Diagnostic::new(Code::ClauseTwice, role.span, message).also(first, "first here"));
            }
            match self.symbols.party(party, &mut self.report) {
                Some(id) => between.push((id, role.text.clone())),
                None => {
                    self.torn.insert(ContractId(next(self.terms.contracts.len())));
                }
            }
        }
        between
    }

    /// What the clauses of a contract need to know of it.
    pub(super) fn inside(&self, at: usize, tree: &ContractTree) -> Inside {
        let path = tree.ast.name.text.clone();
        let contract = self.terms.contracts.get(at);
        Inside {
            id: ContractId(next(at)),
            signed: contract.and_then(|c| c.signed),
            standing: contract.map_or(Standing { binding: Binding::Definitive, option: false }, |c| c.standing),
            span: tree.ast.name.span,
            scope: Scope::of(&[&path]),
            path,
        }
    }

    /// The party with a role; an error if the contract names none.
    pub(super) fn role(&mut self, at: &Inside, role: &str, needed: &ast::Name) -> Option<PartyId> {
        let between = self.terms.contracts.get(at.id.index()).map(|c| c.between.as_slice()).unwrap_or_default();
        let found = between.iter().find(|(_, word)| &**word == role).map(|(party, _)| *party);
        if found.is_none() && !self.torn.contains(&at.id) {
            self.report.push(
                Diagnostic::new(Code::UnknownParty, needed.span, format!("`{}` needs a {role}", needed.text))
                    .label(format!("who is the {role}?"))
                    .also(at.span, format!("`between` of this contract names no {role}"))
                    .help(format!("write `NAME as {role}` in `between`")),
            );
        }
        found
    }

    /// Nobody contracts with himself.
    pub(super) fn two_parties(&mut self, one: Option<PartyId>, other: Option<PartyId>, at: &Inside, span: Span) {
        if let Some((one, _)) = one.zip(other).filter(|(one, other)| one == other) {
            let name = self.terms.parties.get(one.index()).map_or("?", |party| &*party.name);
            let message = format!("`{name}` stands on both sides");
            let error = Diagnostic::new(Code::BadValue, span, message).label("between whom?");
            let place = format!("`between` of `{}`", at.path);
            self.report.push(error.also(at.span, place).help("name two parties"));
        }
    }

    /// A party that must be one of the contract's.
    pub(super) fn member(&mut self, at: &Inside, name: &ast::Name, what: &str) -> Option<PartyId> {
        let id = self.symbols.party(name, &mut self.report)?;
        let contract = self.terms.contracts.get(at.id.index());
        if contract.is_some_and(|c| c.between.iter().any(|(party, _)| *party == id)) {
            return Some(id);
        }
        if self.torn.contains(&at.id) {
            return None;
        }
        self.report.push(
            Diagnostic::new(Code::UnknownParty, name.span, format!("`{}` is not a party of `{}`", name.text, at.path))
                .label(format!("named as {what} here"))
                .also(at.span, "`between` does not name it")
                .help(format!("write `{} as {what}` in `between`", name.text)),
        );
        None
    }
}
