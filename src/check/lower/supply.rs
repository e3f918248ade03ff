//! Supplies: how much, at what price, paid how, and when control passes.

use super::contract::Inside;
use super::{behind, standing};
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::Program;
use crate::check::expand::Made;
use crate::check::report::Once;
use crate::check::types::{Hint, constant, merge};
use crate::check::units::{currency, shown};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, SupplyClauseKind};
use crate::syntax::print;
use crate::terms::{Binding, Formula, FormulaKind, PartyId, Pays, Supply, Trigger};

pub(super) const CONTROL: [(Trigger, &str); 4] = [
    (Trigger::Delivery, "delivery"),
    (Trigger::Acceptance, "acceptance"),
    (Trigger::Order, "order"),
    (Trigger::Invoice, "invoice"),
];

const PAYS: [(Trigger, &str); 5] = [
    (Trigger::Signing, "signing"),
    (Trigger::Order, "order"),
    (Trigger::Delivery, "delivery"),
    (Trigger::Acceptance, "acceptance"),
    (Trigger::Invoice, "invoice"),
];

impl Checker<'_> {
    /// Lowers the supplies of all contracts.
    pub(super) fn supplies(&mut self, program: &Program) {
        for (at, tree) in program.contracts.iter().enumerate() {
            let inside = self.inside(at, tree);
            for supply in &tree.supplies {
                self.report.origin.clone_from(&supply.origin);
                self.supply(supply, &inside);
            }
        }
    }

    fn supply(&mut self, made: &Made<ast::Supply>, at: &Inside) {
        let supply = &made.node;
        let path = format!("{}.{}", at.path, supply.name.text);
        let (seller, buyer) = (self.role(at, "seller", &supply.name), self.role(at, "buyer", &supply.name));
        self.two_parties(seller, buyer, at, supply.name.span);
        let (seller, buyer) = (seller.unwrap_or(PartyId(0)), buyer.unwrap_or(PartyId(0)));
        let mut support = self.support(&made.support);
        let (mut price, mut control) = (Once::new("price"), Once::new("control"));
        let mut fair_value = Once::new("fair value");
        let (mut alone, mut financing) = (Once::new("stands alone"), Once::new("financing"));
        let (mut minimum, mut right) = (Once::new("take or pay"), Once::new("material right"));
        let mut pays = Vec::new();
        for clause in &supply.clauses {
            match &clause.kind {
                SupplyClauseKind::Quantity(..) => {}
                SupplyClauseKind::Price(expr) => price.set((expr, &clause.support), clause.span, &mut self.report),
                SupplyClauseKind::FairValue(expr) => {
                    fair_value.set((expr, &clause.support), clause.span, &mut self.report);
                }
                SupplyClauseKind::Pays(term) => pays.push((term, clause)),
                SupplyClauseKind::Control(_) | SupplyClauseKind::Evenly(..) | SupplyClauseKind::ByProgress(_) => {
                    let rests_on = self.support(&clause.support);
                    merge(&mut support, rests_on);
                    control.set(&clause.kind, clause.span, &mut self.report);
                }
                SupplyClauseKind::Alone(expr) => alone.set((expr, &clause.support), clause.span, &mut self.report),
                SupplyClauseKind::Minimum(written) => {
                    minimum.set((written, &clause.support), clause.span, &mut self.report);
                }
                SupplyClauseKind::MaterialRight(expr, until) => {
                    right.set((expr, until, &clause.support), clause.span, &mut self.report);
                }
                SupplyClauseKind::Financing(expr) => {
                    financing.set((expr, &clause.support), clause.span, &mut self.report);
                }
            }
        }
        let hint = Hint { unit: None, path: &path, scope: &at.scope };
        let (quantities, unit) =
            self.quantities(supply, minimum.get().map(|(written, _)| &written.quantity), at.standing.binding, &hint);
        let price = self.price(price.take(), supply, unit.as_ref(), seller, &hint);
        if control.get().is_none() {
            self.ask_control(supply);
        }
        let (control, over) = self.control(control.take());
        let fair_value = fair_value.take().map(|(expr, support)| {
            let path = format!("{path}.fair_value");
            let because = Some((price.span, "as the price".to_owned()));
            let hint = Hint { unit: None, path: &path, scope: &at.scope };
            let mut formula = self.value(expr, &price.unit, because, &hint);
            self.not_negative(&formula, expr.span);
            let support = self.support(support);
            merge(&mut formula.support, support);
            formula
        });
        let alone = self.alone(alone.take(), &price, &hint);
        let financing = self.financing(financing.take(), &hint);
        let right = self.material_right(right.take(), &price, &quantities, &hint);
        let minimum = self.minimum(minimum.take(), unit.as_ref(), over, &hint);
        let unit = unit.map_or_else(Unit::none, |(unit, _)| unit);
        let money = if unit.is_currency() { &unit } else { &price.unit };
        let best = quantities.iter().map(|(_, stands, _)| stands.binding).max();
        let supply = Supply {
            path: path.as_str().into(),
            contract: at.id,
            seller,
            buyer,
            binding: best.unwrap_or(at.standing.binding),
            quantities,
            currency: currency(money).unwrap_or("USD").into(),
            unit,
            price,
            fair_value,
            pays: self.pays(supply, &pays, at),
            control,
            over,
            alone,
            financing,
            right,
            minimum,
            support,
            span: made.span,
        };
        self.terms.supplies.push(supply);
    }

    /// Quantities, all in the unit of the first, and where that stands.
    #[expect(clippy::type_complexity, reason = "the list is a field of the terms")]
    fn quantities(
        &mut self,
        supply: &ast::Supply,
        minimum: Option<&ast::Expr>,
        most: Binding,
        hint: &Hint,
    ) -> (Vec<(Formula, crate::terms::Standing, crate::terms::Support)>, Option<(Unit, Span)>) {
        let mut unit: Option<(Unit, Span)> = None;
        let mut list = Vec::new();
        let mut any = false;
        let path = format!("{}.quantity", hint.path);
        for clause in &supply.clauses {
            let SupplyClauseKind::Quantity(expr, stands) = &clause.kind else { continue };
            any = true;
            let support = self.support(&clause.support);
            let expected = unit.as_ref().map(|(unit, _)| unit.clone());
            let Some(found) = self.typed(expr, &Hint { unit: expected, path: &path, ..hint.clone() }) else { continue };
            let formula = found.formula;
            match &unit {
                Some((needed, span)) => {
                    let because = Some((*span, format!("the quantities are in {}", shown(needed))));
                    if !self.fits(&formula.unit, expr.span, &needed.clone(), because) {
                        continue;
                    }
                }
                None if formula.unit.den.is_none() && formula.unit.num.is_some() => {
                    unit = Some((formula.unit.clone(), expr.span));
                }
                None => {
                    let message = format!("{} cannot be supplied", shown(&formula.unit));
                    self.report.error(Code::BadValue, expr.span, message, "a unit such as `GW` is needed");
                    continue;
                }
            }
            if constant(&formula).is_some_and(|n| !n.is_positive()) {
                let message = "a quantity must be above zero";
                self.report.error(Code::BadValue, expr.span, message, "not a quantity");
            }
            let stands = standing(stands);
            let binding = stands.binding.min(most);
            list.push((formula, crate::terms::Standing { binding, ..stands }, support));
        }
        // What is taken or paid for is promised by that alone.
        if let Some(expr) = minimum.filter(|_| !any) {
            let found = self.typed(expr, &Hint { unit: None, path: &path, ..hint.clone() });
            let found = found.map(|found| found.formula.unit).filter(|unit| unit.den.is_none() && unit.num.is_some());
            unit = found.map(|unit| (unit, expr.span));
            any = unit.is_some();
        }
        if !any {
            let message = format!("`{}` supplies no quantity", supply.name.text);
            self.missing(
                supply.name.span,
                message,
                "add a clause such as `1 GW definitive firm` or `undisclosed GW definitive firm`",
            );
        }
        (list, unit)
    }

    fn price(
        &mut self,
        written: Option<(&ast::Expr, &ast::Support)>,
        supply: &ast::Supply,
        unit: Option<&(Unit, Span)>,
        seller: PartyId,
        hint: &Hint,
    ) -> Formula {
        let span = supply.name.span;
        let path = format!("{}.price", hint.path);
        let Some((unit, place)) = unit else {
            return Formula::undisclosed(path, Unit::none(), span);
        };
        if unit.is_currency() {
            if let Some((expr, _)) = written {
                let message = format!("a supply counted in {} has no price", shown(unit));
                self.report.push(
                    Diagnostic::new(Code::BadValue, expr.span, message)
                        .label("remove this clause")
                        .also(*place, "counted by value"),
                );
            }
            return Formula::literal(Number::ONE, Unit::none(), span);
        }
        let word = unit.num.as_ref().map_or("", |atom| atom.singular());
        let money = self.terms.parties.get(seller.index()).map_or("USD", |party| &party.currency);
        let expected = Unit::per(money, word);
        let Some((expr, support)) = written else {
            let message = format!("`{}` has no price", supply.name.text);
            self.missing(span, message, format!("add `price …`, or write `price undisclosed {expected}`"));
            return Formula::undisclosed(path, expected, span);
        };
        let hint = Hint { unit: Some(expected.clone()), path: &path, ..hint.clone() };
        let Some(found) = self.typed(expr, &hint) else { return Formula::undisclosed(path, expected, expr.span) };
        let mut formula = found.formula;
        if formula.unit.den != unit.num || currency(&formula.unit).is_none() {
            let because = Some((*place, format!("supplied in {}", shown(unit))));
            self.fits(&formula.unit, expr.span, &expected, because);
        }
        self.not_negative(&formula, expr.span);
        let support = self.support(support);
        merge(&mut formula.support, support);
        formula
    }

    fn pays(&mut self, supply: &ast::Supply, terms: &[(&ast::Pays, &ast::SupplyClause)], at: &Inside) -> Vec<Pays> {
        if terms.is_empty() {
            let message = format!("`{}` does not say when it is paid", supply.name.text);
            self.missing(supply.name.span, message, "add `pays 100% of price on delivery`, or what was agreed");
        }
        let mut rest: Option<Span> = None;
        let mut list: Vec<(Option<Number>, Pays)> = Vec::new();
        for (term, clause) in terms {
            let share = match &term.share {
                Some(expr) => self.share(expr, at),
                None => {
                    if let Some(first) = rest.replace(clause.span) {
                        let error = Diagnostic::new(Code::PaymentTerms, clause.span, "there can be only one `rest`");
                        self.report.push(error.label("again here").also(first, "first here"));
                    }
                    None
                }
            };
            let trigger = self.report.word(Code::WrongKind, &term.event, "an event that payments hang on", &PAYS);
            if trigger == Some(Trigger::Signing) {
                self.signing(at.signed, term.event.span, &term.event.text);
            }
            let support = self.support(&clause.support);
            let pays = Pays {
                share: share.unwrap_or(Number::ZERO),
                trigger: trigger.unwrap_or(Trigger::Delivery),
                offset: term.offset,
                text: words(term).into(),
                support,
                span: clause.span,
            };
            list.push((term.share.as_ref().map(|_| pays.share), pays));
        }
        self.covers(supply, &mut list);
        list.into_iter().map(|(_, pays)| pays).collect()
    }

    /// A share of the price: a plain percentage above zero.
    fn share(&mut self, expr: &ast::Expr, at: &Inside) -> Option<Number> {
        let formula = self.value(expr, &Unit::none(), None, &Hint { unit: None, path: "share", scope: &at.scope });
        match constant(&formula) {
            Some(share) if share.is_positive() => Some(share),
            Some(_) => self.report.fail(Code::PaymentTerms, expr.span, "a share of the price must be above zero", ""),
            None if matches!(formula.kind, FormulaKind::Undisclosed(_)) => None,
            None => {
                let message = "a share of the price must be a plain percentage";
                self.report.fail(Code::WrongKind, expr.span, message, "not a plain number")
            }
        }
    }

    /// Works out the rest and tests that the shares make the whole price.
    fn covers(&mut self, supply: &ast::Supply, list: &mut [(Option<Number>, Pays)]) {
        let Ok(sum) = Number::sum(list.iter().filter_map(|(share, _)| *share)) else { return };
        let Ok(left) = Number::ONE.minus(sum) else { return };
        let percent = |n: Number| Number::from_int(100).times(n).map_or_else(|_| "?".to_owned(), |n| format!("{n}%"));
        let has_rest = list.iter().any(|(share, _)| share.is_none());
        let wrong = if has_rest { !left.is_positive() } else { !left.is_zero() && !list.is_empty() };
        if wrong && list.iter().all(|(share, _)| *share != Some(Number::ZERO)) {
            let places = list.iter().map(|(_, pays)| pays.span).collect::<Vec<_>>();
            let Some(last) = places.last() else { return };
            let message = format!("the payments of `{}` are {} of the price", supply.name.text, percent(sum));
            let mut error = Diagnostic::new(Code::PaymentTerms, *last, message);
            for place in places.iter().rev().skip(1).rev() {
                error = error.also(*place, "");
            }
            let help = if left.is_positive() {
                "add a `pays rest …`, or make them 100%"
            } else {
                "make them 100%, or less with a `rest`"
            };
            self.report.push(error.help(help));
        } else if let Some((_, pays)) = list.iter_mut().find(|(share, _)| share.is_none()) {
            pays.share = left;
        }
    }

    fn ask_control(&mut self, supply: &ast::Supply) {
        let message = format!("when does control of `{}` pass?", supply.name.text);
        let mut error = Diagnostic::new(Code::AskControl, supply.name.span, message)
            .label("revenue waits for this")
            .help("add `control passes at delivery`, `acceptance`, `order` or `invoice`");
        if let Some(last) = supply.clauses.last() {
            error = error.fix(behind(last.span), "; control passes at delivery");
        }
        self.report.push(error);
    }
}

/// A payment term in words.
fn words(term: &ast::Pays) -> String {
    let share =
        term.share.as_ref().map_or_else(|| "rest".to_owned(), |share| format!("{} of price", print::expr(share)));
    let days = term.offset.unsigned_abs();
    let noun = if days == 1 { "day" } else { "days" };
    match term.offset {
        0 => format!("{share} on {}", term.event.text),
        1.. => format!("{share} {days} {noun} after {}", term.event.text),
        _ => format!("{share} {days} {noun} before {}", term.event.text),
    }
}
