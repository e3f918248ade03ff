//! Judgements about supplies and their contracts.

use crate::base::{Code, Diagnostic};
use crate::check::Checker;
use crate::check::symbols::{Entity, Scope, text};
use crate::check::types::Hint;
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, Expr};
use crate::terms::{EstimateKind, Fact, Finding, Over, SupplyId};

/// What can be found about the supplies of a whole contract.
const OF_CONTRACTS: [&str; 3] = ["collectible", "nonrefundable", "refundable"];

impl Checker<'_> {
    /// The supplies a judgement is about: one, or all of a contract.
    pub(super) fn judged_supplies(&self, target: &ast::Path) -> Option<(Vec<SupplyId>, bool)> {
        let all = || (0u32..).map(SupplyId).zip(&self.terms.supplies);
        self.symbols.fitting(&text(target), &Scope::default(), |entity| match entity {
            Entity::Supply(id) => Some((vec![id], false)),
            Entity::Contract(id) => {
                Some((all().filter(|(_, supply)| supply.contract == id).map(|(id, _)| id).collect(), true))
            }
            _ => None,
        })
    }

    /// `judge S return_rate 20%`, `judge C not collectible`
    pub(super) fn assess(
        &mut self,
        target: &ast::Path,
        negated: bool,
        word: &ast::Name,
        value: Option<&Expr>,
    ) -> Option<Fact> {
        let (supplies, whole) = self.judged_supplies(target)?;
        if supplies.is_empty() {
            let message = format!("`{}` supplies nothing", text(target));
            return self.report.fail(Code::WrongKind, target.span, message, "nothing to judge");
        }
        let of_contract = OF_CONTRACTS.contains(&&*word.text);
        if of_contract && !whole {
            let message = format!("`{}` is found of a contract, not of one supply", word.text);
            return self.report.fail(Code::WrongKind, target.span, message, "write the path of the contract");
        }
        if negated && &*word.text != "collectible" {
            let message = format!("`not {}` is not a finding", word.text);
            return self.report.fail(Code::WrongKind, word.span, message, "only `collectible` can be denied");
        }
        let finding = match (&*word.text, value) {
            ("collectible", None) => Finding::Collectible(!negated),
            ("nonrefundable" | "refundable", None) => Finding::Refundable(&*word.text == "refundable"),
            ("collectible" | "nonrefundable" | "refundable", Some(value)) => {
                let message = format!("`{}` is yes or no", word.text);
                return self.report.fail(Code::WrongKind, value.span, message, "remove this");
            }
            _ if whole => {
                let known = OF_CONTRACTS.iter().copied();
                return self.report.unknown(Code::UnknownName, (&word.text, word.span), "finding of a contract", known);
            }
            (_, value) => self.found(supplies.first().copied()?, word, value)?,
        };
        Some(Fact::Assess { supplies, finding })
    }

    /// An estimate or a choice of account that a book leaves to judgement of supplies.
    fn found(&mut self, supply: SupplyId, word: &ast::Name, value: Option<&Expr>) -> Option<Finding> {
        let estimates = || self.terms.books.iter().flat_map(|book| &book.estimates).filter(|e| e.over == Over::Supply);
        let kind = estimates().find(|estimate| estimate.name == word.text).map(|estimate| estimate.kind);
        let mut known: Vec<&str> = estimates().map(|estimate| &*estimate.name).collect();
        for book in &self.terms.books {
            for choice in book.judged.iter().filter(|j| j.over == Over::Supply).flat_map(|judged| &judged.choices) {
                known.extend(book.accounts.get(*choice).map(|account| &*account.name));
            }
        }
        match (kind, value) {
            (Some(kind), Some(value)) => {
                let unit = match kind {
                    EstimateKind::Share => Unit::none(),
                    EstimateKind::Amount => Unit::of(&self.terms.supplies.get(supply.index())?.currency),
                };
                let hint = Hint { unit: None, path: &word.text, scope: &Scope::default() };
                let formula = self.value(value, &unit, None, &hint);
                let number = self.known(&formula);
                if kind == EstimateKind::Share && number.is_some_and(|n| n > Number::ONE) {
                    return self.report.fail(Code::BadValue, value.span, "a share is from 0 to 1", "out of range");
                }
                if number.is_some_and(Number::is_negative) {
                    return self.report.fail(Code::BadValue, value.span, "an amount is not below zero", "out of range");
                }
                Some(Finding::Estimate(word.text.clone(), formula))
            }
            (Some(_), None) => {
                let message = format!("`{}` needs what was found", word.text);
                self.missing(word.span, message, "give the amount or the share behind it");
                None
            }
            (None, Some(value)) if known.contains(&&*word.text) => {
                let error = Diagnostic::new(Code::WrongKind, value.span, format!("`{}` is an account", word.text));
                self.report.push(error.label("remove this").help("a choice of an account has no amount"));
                None
            }
            (None, _) if known.contains(&&*word.text) => Some(Finding::Account(word.text.clone())),
            (None, _) => {
                let known = known.into_iter().map(str::to_owned).collect::<Vec<_>>();
                let known = known.iter().map(String::as_str);
                self.report.unknown(Code::UnknownName, (&word.text, word.span), "finding of a supply", known)
            }
        }
    }
}
