//! Awards whose holder is another than the buyer: whose purchases they are for, and what the holder is to the buyer.

use crate::base::{Code, Diagnostic};
use crate::check::Checker;
use crate::check::symbols::{Scope, as_supply};
use crate::syntax::ast;
use crate::terms::{BookExpr, Consideration, Method, Recipient, RuleKind, SupplyId};

impl Checker<'_> {
    /// `consideration for PATH to WORD`
    pub(super) fn consideration_for(
        &mut self,
        (path, to): &(ast::Path, Option<ast::Name>),
        scope: &Scope,
    ) -> Option<Consideration> {
        let supply = self.symbols.find(path, scope, "supply", as_supply, &mut self.report)?;
        let to = match to {
            Some(word) => self.report.word(Code::WrongKind, word, "what the holder is to the buyer", Recipient::ALL)?,
            None => Recipient::Buyer,
        };
        Some(Consideration { supply, to })
    }

    /// What a holder is said to be must fit the parties of the sales; where it is not the buyer, it must be said.
    pub(super) fn recipients(&mut self) {
        let terms = &self.terms;
        let mut found = Vec::new();
        for warrant in terms.warrants.iter().filter(|warrant| warrant.given.is_none()) {
            let bands = warrant.tranches.iter().filter_map(|id| terms.tranches.get(id.index()));
            let bands: Vec<SupplyId> = bands.filter_map(|t| t.band.as_ref().map(|band| band.supply)).collect();
            let first = terms.supplies.iter().position(|supply| supply.contract == warrant.contract);
            let first = || first.and_then(|at| u32::try_from(at).ok()).map(SupplyId);
            let Some(said) = warrant.consideration else {
                let earning = bands.first().copied().or_else(first).and_then(|id| terms.supplies.get(id.index()));
                let Some(supply) = earning.filter(|supply| supply.buyer != warrant.holder) else { continue };
                if self.reads_recipients(warrant.holder) {
                    let message = format!("the holder of `{}` is not the buyer of `{}`", warrant.path, supply.path);
                    let warning = Diagnostic::new(Code::AskRecipient, warrant.span, message);
                    let warning =
                        warning.label("what is it to the buyer?").also(supply.span, "these purchases earn it");
                    found.push(warning.help(format!(
                        "add `consideration for {} to affiliate`, or `to onward_buyer` if it buys the goods from the buyer; without, the holder's book leaves the award out",
                        supply.path
                    )));
                }
                continue;
            };
            let Some(supply) = terms.supplies.get(said.supply.index()) else { continue };
            let wrong = if supply.seller != warrant.issuer {
                Some(("its issuer does not sell this", "the issuer of an award is the seller"))
            } else if (supply.buyer == warrant.holder) != (said.to == Recipient::Buyer) {
                Some(match said.to {
                    Recipient::Buyer => {
                        ("its holder does not buy this", "say what it is: `to affiliate` or `to onward_buyer`")
                    }
                    _ => ("its holder is the buyer", "leave `to …` out"),
                })
            } else if bands.iter().any(|band| *band != said.supply) {
                Some(("other purchases earn it", "add `earned over A to B of COUNTER` with a counter of these sales"))
            } else {
                None
            };
            if let Some((what, help)) = wrong {
                let message = format!("`{}` is consideration for `{}`, but {what}", warrant.path, supply.path);
                let error = Diagnostic::new(Code::BadValue, warrant.span, message).label("for whose purchases?");
                found.push(error.also(supply.span, "these sales").help(help));
            }
        }
        found.into_iter().for_each(|one| self.report.push(one));
    }

    /// Whether the book of a party asks what a holder is to the buyer.
    fn reads_recipients(&self, party: crate::terms::PartyId) -> bool {
        fn reads(expr: &BookExpr) -> bool {
            match expr {
                BookExpr::Method(method, _) => *method == Method::ReceivedAs,
                BookExpr::Add(a, b)
                | BookExpr::Sub(a, b)
                | BookExpr::Mul(a, b)
                | BookExpr::Min(a, b)
                | BookExpr::Max(a, b) => reads(a) || reads(b),
                _ => false,
            }
        }
        let book = self.terms.parties.get(party.index()).and_then(|party| party.book.as_ref());
        let book = book.and_then(|(book, _)| self.terms.books.get(book.index()));
        book.is_some_and(|book| {
            book.rules.iter().any(|rule| matches!(&rule.kind, RuleKind::Keep { target, .. } if reads(target)))
        })
    }
}
