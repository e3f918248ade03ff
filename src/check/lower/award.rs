//! Lines about awards: judgements, values of later dates, modifications, adoptions.

use super::model::{Awarded, is_model};
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::symbols::Scope;
use crate::check::types::{Hint, constant};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, Expr, ExprKind};
use crate::terms::{
    EstimateKind, Fact, Finding, Formula, Modification, ModificationType, Tranche, TrancheId, Transition,
};

impl Checker<'_> {
    pub(super) fn finding(
        &mut self,
        tranches: &[TrancheId],
        negated: bool,
        word: &ast::Name,
        value: Option<&Expr>,
    ) -> Option<Finding> {
        if negated && &*word.text != "probable" {
            let message = format!("`not {}` is not a finding", word.text);
            return self.report.fail(Code::WrongKind, word.span, message, "only `probable` can be denied");
        }
        if let Some(value) = value {
            return self.finding_with(tranches, word, value);
        }
        let estimates = || {
            let all = self.terms.books.iter().flat_map(|book| &book.estimates);
            all.filter(|estimate| estimate.over == crate::terms::Over::Tranche)
        };
        if matches!(&*word.text, "expected" | "outcome") || estimates().any(|estimate| estimate.name == word.text) {
            let message = format!("`{}` needs what was found", word.text);
            self.missing(word.span, message, "such as `expected 50m USD`, `outcome high` or `immediate 2/3`");
            return None;
        }
        if &*word.text == "probable" {
            return Some(Finding::Probable(!negated));
        }
        let mut known: Vec<&str> = Vec::new();
        for book in &self.terms.books {
            let judged = book.judged.iter().filter(|judged| judged.over == crate::terms::Over::Tranche);
            for choice in judged.flat_map(|judged| &judged.choices) {
                let name = book.accounts.get(*choice).map_or("", |account| &*account.name);
                known.extend([name, name.rsplit('_').next().unwrap_or(name)]);
            }
        }
        if known.is_empty() || known.contains(&&*word.text) {
            return Some(Finding::Account(word.text.clone()));
        }
        let known = known.into_iter().chain(["probable", "expected", "outcome"]).collect::<Vec<_>>();
        self.report.unknown(Code::UnknownName, (&word.text, word.span), "finding", known)
    }

    /// A finding that says how much, or which.
    fn finding_with(&mut self, tranches: &[TrancheId], word: &ast::Name, value: &Expr) -> Option<Finding> {
        let first = tranches.first().copied();
        match &*word.text {
            "outcome" => {
                let ExprKind::Path(path) = &value.kind else {
                    return self.report.fail(Code::WrongKind, value.span, "an outcome has a name", "not a name");
                };
                let [name] = path.parts.as_slice() else {
                    return self.report.fail(Code::WrongKind, value.span, "an outcome has a plain name", "not a name");
                };
                let found = tranches.iter().filter_map(|id| self.terms.tranches.get(id.index()));
                let known: Vec<&str> = found.flat_map(|t| t.outcomes.iter().map(|(name, _)| &**name)).collect();
                if known.contains(&&*name.text) {
                    return Some(Finding::Outcome(name.text.clone()));
                }
                self.report.unknown(Code::UnknownName, (&name.text, name.span), "outcome of the tranche", known)
            }
            "expected" => {
                let supply = first.and_then(|id| self.supply_earning(id));
                let Some(unit) = supply.and_then(|id| self.terms.supplies.get(id.index())).map(|s| s.unit.clone())
                else {
                    let message = "no purchases earn this tranche";
                    return self.report.fail(Code::WrongKind, word.span, message, "add `earned over` to the tranche");
                };
                Some(Finding::Expected(self.amount(value, &unit, None)?))
            }
            _ => self.figure(first, word, value),
        }
    }

    /// The supply whose purchases earn a tranche. The index of the terms is made once they are complete.
    fn supply_earning(&self, id: TrancheId) -> Option<crate::terms::SupplyId> {
        let tranche = self.terms.tranches.get(id.index())?;
        let contract = self.terms.contract_of(tranche)?;
        let first = || self.terms.supplies.iter().position(|supply| supply.contract == contract);
        let first = || first().and_then(|at| u32::try_from(at).ok()).map(crate::terms::SupplyId);
        tranche.band.as_ref().map(|band| band.supply).or_else(first)
    }

    fn figure(&mut self, first: Option<TrancheId>, word: &ast::Name, value: &Expr) -> Option<Finding> {
        let estimates = || {
            let all = self.terms.books.iter().flat_map(|book| &book.estimates);
            all.filter(|estimate| estimate.over == crate::terms::Over::Tranche)
        };
        let Some(kind) = estimates().find(|estimate| estimate.name == word.text).map(|estimate| estimate.kind) else {
            let known: Vec<&str> = estimates().map(|e| &*e.name).chain(["expected", "outcome"]).collect();
            return self.report.unknown(Code::UnknownName, (&word.text, word.span), "finding with a value", known);
        };
        let tranche = first.and_then(|id| self.terms.tranches.get(id.index()))?;
        let giver = self.terms.sides(tranche).map(|(_, giver, _)| giver)?;
        // Books keep a loan in its currency.
        let loan = first.and_then(|id| self.terms.credit_of(id)).filter(|credit| credit.loan().is_some());
        let unit = match kind {
            EstimateKind::Share => Unit::none(),
            EstimateKind::Amount if loan.is_some() => Unit::of(loan.map_or("", |loan| &loan.currency)),
            EstimateKind::Amount => Unit::of(&self.terms.parties.get(giver.index())?.currency),
        };
        let formula = self.value(value, &unit, None, &Hint { unit: None, path: &word.text, scope: &Scope::default() });
        let number = self.known(&formula);
        let too_much = kind == EstimateKind::Share && number.is_some_and(|n| n > Number::ONE);
        if too_much || number.is_some_and(Number::is_negative) {
            let message =
                if kind == EstimateKind::Share { "a share is from 0 to 1" } else { "an amount is not below zero" };
            return self.report.fail(Code::BadValue, value.span, message, "out of range");
        }
        Some(Finding::Estimate(word.text.clone(), formula))
    }

    /// `value T 50 USD/share`
    pub(super) fn value_line(&mut self, target: &ast::Path, value: &Expr, line: &ast::Line) -> Option<Fact> {
        let tranches = self.awards(target)?;
        let value = self.award_value(&tranches, value, line, "value")?;
        Some(Fact::Judge { tranches, finding: Finding::Value(value) })
    }

    /// `grant T [50 USD/share]`
    pub(super) fn grant_line(&mut self, target: &ast::Path, value: Option<&Expr>, line: &ast::Line) -> Option<Fact> {
        let tranches = self.awards(target)?;
        let value = match value {
            Some(value) => Some(self.award_value(&tranches, value, line, "grant")?),
            None => None,
        };
        Some(Fact::Judge { tranches, finding: Finding::Measured(value) })
    }

    /// `modify T type I from 12 USD/share to 17 USD/share`
    pub(super) fn modify(
        &mut self,
        target: &ast::Path,
        kind: &ast::Name,
        values: Option<&(Expr, Expr)>,
        waived: bool,
        line: &ast::Line,
    ) -> Option<Fact> {
        let tranches = self.awards(target);
        let word = kind;
        let kind = self.report.word(Code::WrongKind, kind, "a type of modification", ModificationType::ALL)?;
        let tranches = tranches?;
        if values.is_none() && kind.replaces() {
            let message = format!("a modification of type {} measures the award anew", kind.word());
            self.missing(word.span, message, "say what a right was worth: `from VALUE to VALUE`");
            return None;
        }
        let values = match values {
            Some((from, to)) => {
                let from = self.award_value(&tranches, from, line, "before");
                let to = self.award_value(&tranches, to, line, "after");
                Some((from?, to?))
            }
            None => None,
        };
        let finding = Finding::Modified(Box::new(Modification { kind, values, waived }));
        Some(Fact::Judge { tranches, finding })
    }

    /// `adopt PARTY policy = choice`
    pub(super) fn adopt(
        &mut self,
        party: &ast::Name,
        policy: &ast::Name,
        choice: &ast::Name,
        transition: Option<&ast::Name>,
    ) -> Option<Fact> {
        let id = self.symbols.party(party, &mut self.report)?;
        let transition = match transition {
            Some(word) => self.report.word(Code::WrongKind, word, "a transition", Transition::ALL)?,
            None => Transition::ModifiedRetrospective,
        };
        let book = self.terms.parties.get(id.index()).and_then(|party| party.book.as_ref());
        let Some(book) = book.and_then(|(book, _)| self.terms.books.get(book.index())) else {
            let message = format!("`{}` keeps no book", party.text);
            return self.report.fail(Code::WrongKind, party.span, message, "nothing to adopt");
        };
        let Some(found) = book.policies.iter().find(|found| found.name == policy.text) else {
            let known: Vec<&str> = book.policies.iter().map(|policy| &*policy.name).collect();
            return self.report.unknown(Code::UnknownPolicy, (&policy.text, policy.span), "policy", known);
        };
        super::dimension::share_of_whole(&mut self.report, choice);
        if !found.takes(&choice.text) {
            let known: Vec<&str> = found.choices.iter().map(|choice| &**choice).collect();
            return self.report.unknown(Code::UnknownPolicy, (&choice.text, choice.span), "choice", known);
        }
        if book.transition.is_none() && transition == Transition::ModifiedRetrospective {
            let message = format!("`{}` names no account for transitions", book.name);
            let error = Diagnostic::new(Code::WrongKind, policy.span, message).label("where would the catch-up go?");
            self.report.push(error.help("add `transition against ACCOUNT` to the book, or write `catch_up` here"));
            return None;
        }
        Some(Fact::Adopt { party: id, policy: policy.text.clone(), choice: choice.text.clone(), transition })
    }

    /// Tranches of a warrant.
    pub(super) fn awards(&mut self, target: &ast::Path) -> Option<Vec<TrancheId>> {
        let tranches = self.targets(target)?;
        if tranches.iter().any(|id| self.terms.warrant_of(*id).is_none()) {
            let message = "money of an investment is worth what it is";
            return self.report.fail(Code::WrongKind, target.span, message, "a warrant or its tranche is needed here");
        }
        Some(tranches)
    }

    /// What a right is worth on the day of a line: stated, or a model's on that day.
    pub(super) fn award_value(
        &mut self,
        tranches: &[TrancheId],
        expr: &Expr,
        line: &ast::Line,
        what: &str,
    ) -> Option<Formula> {
        let id = tranches.first().copied()?;
        let warrant = self.terms.warrant_of(id)?;
        let (expires, span, strike) = (warrant.expires, warrant.span, warrant.strike.clone());
        let path = self.terms.tranches.get(id.index()).map(|tranche: &Tranche| tranche.path.clone())?;
        let unit = strike.unit.clone();
        let on = line.date.date;
        let name: std::sync::Arc<str> = format!("{path}.{what}.{on}").into();
        let scope = Scope::default();
        if is_model(expr) {
            let until = expires.map(|expires| (expires, span));
            let award = Awarded { unit, strike, on: Some(on), until };
            return Some(self.modelled_for(expr, &line.support, &name, &award, &scope).0);
        }
        let formula = self.value(expr, &unit, None, &Hint { unit: None, path: &name, scope: &scope });
        self.not_below_zero(&formula, expr.span);
        Some(formula)
    }

    fn not_below_zero(&mut self, formula: &Formula, span: Span) {
        if constant(formula).is_some_and(Number::is_negative) {
            self.report.error(Code::NegativeQuantity, span, "a right is not worth less than nothing", "below zero");
        }
    }
}
