//! What a ledger line says happened.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::prices::{CLOSED, closed};
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::symbols::{Entity, Scope, as_class, as_contract, as_flow, as_supply, as_tranche, text};
use crate::check::types::{Hint, constant};
use crate::num::{Number, Rounding, Unit};
use crate::syntax::ast::{self, Expr, ExprKind, Verb};
use crate::terms::{ClassId, ContractId, Fact, Formula, FormulaKind, PartyId, TrancheId, Trigger};

impl Checker<'_> {
    /// A fact; `None` after an error.
    pub(super) fn verb(&mut self, verb: &Verb, line: &ast::Line) -> Option<Fact> {
        match verb {
            Verb::Open(party, entries) => self.open(party, entries),
            Verb::Issue(issue) => self.issue(issue),
            Verb::Equity(verb) => self.equity_line(verb),
            Verb::Hold(party, stake, of, paid) => self.hold(party, stake, of.as_ref(), paid.as_ref()),
            Verb::Observed(of, price, similar) => self.observed(of, price.as_ref(), similar.as_ref()),
            Verb::Dividend(of, amount) => self.dividend(of, amount),
            Verb::Allocate(of, parts) => self.allocate(of, parts, line.span),
            Verb::Impair(of, to) => self.impair(of, to),
            Verb::Order(act) => self.act(act, Trigger::Order),
            Verb::Deliver(act) => self.act(act, Trigger::Delivery),
            Verb::Accept(act) => self.act(act, Trigger::Acceptance),
            Verb::Invoice(act) => self.invoice(act),
            Verb::Pay(act) => self.pay(act),
            Verb::Refund(act) => self.refund(act),
            Verb::Progress(supply, done, of) => self.progress(supply, done, of.as_ref()),
            Verb::Estimate(variable, outcomes, limit) => self.estimate(variable, outcomes, limit.as_ref()),
            Verb::Reprice(supply, quantity, amount, how) => self.reprice(supply, quantity.as_ref(), amount, how),
            Verb::Attest(target, name) => {
                Some(Fact::Attest { tranches: self.targets(target)?, name: name.text.clone() })
            }
            Verb::Judge { target, negated, finding, value } if self.judged_supplies(target).is_some() => {
                self.assess(target, *negated, finding, value.as_ref())
            }
            Verb::Judge { target, negated, finding, value } => {
                if let Some(stake) = self.holding_at(target) {
                    return self.judge_holding(stake, *negated, finding, value.as_ref());
                }
                let tranches = self.targets(target)?;
                let finding = self.finding(&tranches, *negated, finding, value.as_ref());
                Some(Fact::Judge { tranches, finding: finding? })
            }
            Verb::Value(target, value) => match self.holding_at(target) {
                Some(stake) => self.holding_value(stake, value),
                None => self.value_line(target, value, line),
            },
            Verb::Grant(target, value) => self.grant_line(target, value.as_ref(), line),
            Verb::Former(target, word, value) => self.former_customer(target, word, value.as_ref(), line),
            Verb::Modify { target, kind, values, waived } => self.modify(target, kind, values.as_ref(), *waived, line),
            Verb::Adopt(party, policy, choice, transition) => self.adopt(party, policy, choice, transition.as_ref()),
            Verb::Exercise(target, shares, how, by) => self.exercise(target, shares, how.as_ref(), by.as_ref()),
            Verb::Call(target, amount) => self.call_line(target, amount.as_ref()),
            Verb::Fund(target, amount, by) => self.fund_line(target, amount, by.as_ref()),
            Verb::Draw(loan, amount) => self.draw_line(loan, amount),
            Verb::Repay(loan, amount) => self.repay_line(loan, amount),
            Verb::Price(of, price) => self.price_line(of, price, &line.date),
            Verb::Minimum(party, amount) => {
                let party = self.symbols.party(party, &mut self.report);
                let amount = self.limit(party?, amount);
                Some(Fact::Minimum { party: party?, amount })
            }
            Verb::Undrawn(party, facility, amount, until) => {
                let party = self.symbols.party(party, &mut self.report);
                let until = until.as_ref().map(|until| (self.day(until), until.span));
                if let Some((_, span)) = until.filter(|(until, _)| *until < line.date.date) {
                    let error = Diagnostic::new(Code::BadValue, span, "the facility ends before this line");
                    self.report.push(error.label("earlier").also(line.date.span, "from this day"));
                }
                let (amount, until) = (self.limit(party?, amount), until.map(|(until, _)| until));
                Some(Fact::Undrawn { party: party?, facility: facility.text.clone(), amount, until })
            }
            Verb::Split(path, new, old) => {
                let class = self.class_path(path);
                let (new, old) = (self.ratio(new), self.ratio(old));
                Some(Fact::Split { class: class?, new: new?, old: old? })
            }
            Verb::Supersede(contract, by) => {
                let found = self.contract_path(contract);
                let by = match by {
                    Some(name) => Some((self.contract_path(name)?, name.span)),
                    None => None,
                };
                if let Some((_, span)) = by.filter(|(by, _)| found == Some(*by)) {
                    let message = "a contract does not supersede itself";
                    return self.report.fail(Code::BadValue, span, message, "this contract");
                }
                Some(Fact::Supersede { contract: found?, by: by.map(|(by, _)| by) })
            }
            Verb::Terminate(contract) => Some(Fact::Terminate { contract: self.contract_path(contract)? }),
            Verb::Earnings(earnings) => self.earnings(earnings, line),
            Verb::Reported(reported) => self.reported_line(reported, line),
            Verb::Restate { party, period, span, lines } => self.restate(party, (period, *span), lines),
            Verb::Close(party, name, span) => self.close_period(party, name, *span, line),
        }
    }

    /// A quantity that must be known and above zero.
    pub(super) fn amount(&mut self, expr: &Expr, unit: &Unit, because: Option<(Span, String)>) -> Option<Formula> {
        if mentions_undisclosed(expr) {
            let message = "a ledger line states a quantity; it cannot be undisclosed";
            return self.report.fail(Code::BadValue, expr.span, message, "not a quantity");
        }
        let hint = Hint { unit: None, path: "quantity", scope: &Scope::default() };
        let formula = self.value(expr, unit, because, &hint);
        if constant(&formula).is_some_and(|n| !n.is_positive()) {
            self.report.push(
                Diagnostic::new(Code::NegativeQuantity, expr.span, "the quantity must be above zero")
                    .label("not above zero")
                    .help("use `corrects ID` or `withdraws ID` to take something back"),
            );
        }
        self.in_minor_units(&formula, expr);
        Some(formula)
    }

    /// Money moves in whole cents, or whatever the smallest part of its currency is; what is worked out is rounded to it.
    pub(super) fn in_minor_units(&mut self, formula: &Formula, expr: &Expr) {
        if !matches!(expr.kind, ExprKind::Number(..)) {
            return;
        }
        let unit = &formula.unit;
        let Some(places) = unit.precision().filter(|_| unit.is_currency()) else { return };
        if constant(formula).is_some_and(|n| n.round(Rounding { places, ..Rounding::CENTS }) != n) {
            let error = Diagnostic::new(Code::BadValue, expr.span, format!("{unit} has {places} decimals"));
            self.report.push(error.label("finer than what can be paid").help("round the amount"));
        }
    }

    /// An amount in a party's currency that is not below zero: nothing ends what was there.
    fn limit(&mut self, party: PartyId, expr: &Expr) -> Formula {
        let currency = self.terms.parties.get(party.index()).map_or("USD", |party| &party.currency);
        let hint = Hint { unit: None, path: "amount", scope: &Scope::default() };
        let formula = self.value(expr, &Unit::of(currency), None, &hint);
        if constant(&formula).is_some_and(Number::is_negative) {
            let message = "the amount cannot be below zero";
            self.report.error(Code::NegativeQuantity, expr.span, message, "below zero");
        }
        formula
    }

    /// A payment of a supply, or under an operating line.
    fn pay(&mut self, act: &ast::Act) -> Option<Fact> {
        let Some(id) = self.symbols.fitting(&text(&act.supply), &Scope::default(), as_flow) else {
            return self.act(act, Trigger::Payment);
        };
        if let Some(name) = act.by.as_ref().or(act.group.as_ref()) {
            let message = "a flow says itself who pays";
            self.report.error(Code::WrongKind, name.span, message, "remove this");
        }
        let flow = self.terms.flows.get(id.index())?;
        let (unit, because) =
            (Unit::of(&flow.currency), Some((flow.span, format!("`{}` is declared here", flow.path))));
        let amount = self.amount(&act.quantity, &unit, because)?;
        Some(Fact::Flow { flow: id, amount, part: None })
    }

    pub(super) fn act(&mut self, act: &ast::Act, trigger: Trigger) -> Option<Fact> {
        let supply = self.symbols.find(&act.supply, &Scope::default(), "supply", as_supply, &mut self.report)?;
        let found = self.terms.supplies.get(supply.index())?;
        let buyer = self.terms.parties.get(found.buyer.index())?.name.clone();
        let unit = self.measured(supply, trigger)?;
        let because = Some((found.span, format!("{} of `{}` is in `{unit}`", trigger.word(), found.path)));
        let quantity = self.amount(&act.quantity, &unit, because);
        let mut by: Vec<Arc<str>> = Vec::new();
        match &act.by {
            Some(name) => by.extend(self.counts_under(name, supply)),
            None => by.push(buyer),
        }
        if let Some(group) = &act.group {
            by.extend(self.counts_under(group, supply));
        }
        Some(Fact::Supply { supply, trigger, quantity: quantity?, by })
    }

    pub(super) fn open(&mut self, party: &ast::Name, entries: &[(ast::Path, Expr)]) -> Option<Fact> {
        let id = self.symbols.party(party, &mut self.report)?;
        let currency = Unit::of(&self.terms.parties.get(id.index())?.currency);
        let scope = Scope { around: vec![party.text.clone()] };
        let (mut shares, mut cash, mut awards, mut dilutive_awards) = (Vec::new(), None, None, None);
        let mut foreign: Vec<(Arc<str>, Formula)> = Vec::new();
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for (path, expr) in entries {
            let mut word = text(path);
            let name = format!("{}.{word}", party.text);
            let hint = Hint { unit: None, path: &name, scope: &scope };
            let other = written_currency(expr).filter(|other| word == "cash" && *other != currency);
            let unit = match &other {
                Some(other) => other,
                None if word == "cash" => &currency,
                None => &Unit::of("shares"),
            };
            let formula = self.value(expr, unit, None, &hint);
            if word == "cash" {
                self.in_minor_units(&formula, expr);
            } else if constant(&formula).is_some_and(Number::is_negative) {
                self.report.error(Code::NegativeQuantity, expr.span, "a holding cannot be negative", "below zero");
            }
            match word.as_str() {
                "cash" => match &other {
                    Some(other) => {
                        foreign.push((other.to_string().into(), formula));
                        word = format!("cash in {other}");
                    }
                    None => cash = Some(formula),
                },
                "awards" => awards = Some(formula),
                "dilutive_awards" => dilutive_awards = Some(formula),
                _ => match self.own_class_path(path, &scope, id) {
                    Some(class) => shares.push((class, formula)),
                    None => continue,
                },
            }
            if let Some(first) = seen.insert(word.clone(), path.span) {
                let error = Diagnostic::new(Code::ClauseTwice, path.span, format!("`{word}` is opened twice"));
                self.report.push(error.label("again here").also(first, "first here"));
            }
        }
        Some(Fact::Open { party: id, shares, cash, foreign, awards, dilutive_awards })
    }

    /// A class of the party that opens.
    fn own_class_path(&mut self, path: &ast::Path, scope: &Scope, party: crate::terms::PartyId) -> Option<ClassId> {
        let name = text(path);
        if self.symbols.entity(&name, scope).is_none() {
            let own = self.terms.classes.iter().filter(|c| c.issuer == party).map(|c| &*c.path);
            let known: Vec<&str> = own.chain(["cash", "awards", "dilutive_awards"]).collect();
            return self.report.unknown(Code::UnknownName, (&name, path.span), "holding", known);
        }
        let class = self.symbols.find(path, scope, "class of shares", as_class, &mut self.report)?;
        let found = self.terms.classes.get(class.index())?;
        if found.issuer != party {
            let message = format!("`{}` is not a class of this party", found.path);
            return self.report.fail(Code::WrongKind, path.span, message, "a party opens with its own shares");
        }
        Some(class)
    }

    /// A tranche, or all tranches of a warrant.
    pub(super) fn targets(&mut self, path: &ast::Path) -> Option<Vec<TrancheId>> {
        let pick = |entity| match entity {
            Entity::Tranche(id) => Some(vec![id]),
            Entity::Investment(id) => {
                Some(self.terms.investments.get(id.index()).map(|i| i.tranches.clone()).unwrap_or_default())
            }
            Entity::Warrant(id) => {
                Some(self.terms.warrants.get(id.index()).map(|w| w.tranches.clone()).unwrap_or_default())
            }
            _ => None,
        };
        self.symbols.find(path, &Scope::default(), "tranche, warrant or investment", pick, &mut self.report)
    }

    fn exercise(
        &mut self,
        target: &ast::Path,
        shares: &Expr,
        how: Option<&ast::Name>,
        by: Option<&ast::Name>,
    ) -> Option<Fact> {
        let by = match by {
            Some(name) => Some(self.symbols.party(name, &mut self.report)?),
            None => None,
        };
        let tranche = self.symbols.find(target, &Scope::default(), "tranche", as_tranche, &mut self.report);
        let shares = self.amount(shares, &Unit::of("shares"), None);
        let words = [(false, "cash"), (true, "net")];
        let net = match how {
            Some(word) => Some(self.report.word(Code::WrongKind, word, "a way to exercise", &words)?),
            None => None,
        };
        let tranche = tranche?;
        let Some(warrant) = self.terms.warrant_of(tranche) else {
            let message = format!("`{}` is a tranche of an investment; it is called and funded", text(target));
            return self.report.fail(Code::WrongKind, target.span, message, "a tranche of a warrant is needed here");
        };
        if net.is_none() && warrant.cash == warrant.net {
            let message = format!("`{}` is exercised for cash or net?", text(target));
            self.missing(target.span, message, "add `cash` or `net` at the end");
        }
        Some(Fact::Exercise { tranche, shares: shares?, net, by })
    }

    fn price_line(&mut self, of: &ast::Quoted, price: &Expr, date: &ast::DateLit) -> Option<Fact> {
        let of = self.quoted(of)?;
        if let Some(calendar) = of.class().map(|class| self.trading(class)).filter(|c| !c.is_trading(date.date)) {
            let error = Diagnostic::new(Code::BadValue, date.span, closed(date.date, &calendar));
            self.report.push(error.label("no close on this day").help(CLOSED));
        }
        let unit = self.quoted_unit(&of);
        Some(Fact::Price { of, price: self.amount(price, &unit, None)? })
    }

    fn close_period(
        &mut self,
        party: &ast::Name,
        name: &crate::time::PeriodName,
        span: Span,
        line: &ast::Line,
    ) -> Option<Fact> {
        let id = self.symbols.party(party, &mut self.report)?;
        let period = self.terms.parties.get(id.index())?.fiscal.resolve(name);
        let Some(period) = period else {
            return self.report.fail(Code::BadValue, span, format!("there is no period {name}"), "not a period");
        };
        if line.date.date < period.to {
            let message = format!("{name} of `{}` is not over on that day", party.text);
            let error = Diagnostic::new(Code::BadValue, span, message).label(format!("ends on {}", period.to));
            self.report.push(error.also(line.date.span, "closed here"));
        }
        Some(Fact::Close { party: id, period })
    }

    /// A class by its path.
    pub(super) fn class_path(&mut self, path: &ast::Path) -> Option<ClassId> {
        self.symbols.find(path, &Scope::default(), "class of shares", as_class, &mut self.report)
    }

    fn contract_path(&mut self, path: &ast::Path) -> Option<ContractId> {
        self.symbols.find(path, &Scope::default(), "contract", as_contract, &mut self.report)
    }

    /// A side of a split: a plain number above zero.
    pub(super) fn ratio(&mut self, expr: &Expr) -> Option<Number> {
        let formula = self.amount(expr, &Unit::none(), None)?;
        if matches!(formula.kind, FormulaKind::Undisclosed(_)) {
            return None;
        }
        constant(&formula)
            .or_else(|| self.report.fail(Code::WrongKind, expr.span, "a plain number is needed", "not a number"))
    }
}

/// The currency an amount is written in.
fn written_currency(expr: &Expr) -> Option<Unit> {
    match &expr.kind {
        ExprKind::Number(_, Some(unit)) if unit.den.is_none() => {
            Some(Unit::of(&unit.num.text)).filter(Unit::is_currency)
        }
        ExprKind::Paren(a) | ExprKind::Neg(a) | ExprKind::Supported(a, _) => written_currency(a),
        ExprKind::Binary(_, a, b) => written_currency(a).or_else(|| written_currency(b)),
        _ => None,
    }
}

/// Whether `undisclosed` stands anywhere in a value.
fn mentions_undisclosed(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Undisclosed(_) => true,
        ExprKind::Paren(a) | ExprKind::Neg(a) | ExprKind::Supported(a, _) => mentions_undisclosed(a),
        ExprKind::Binary(_, a, b) => mentions_undisclosed(a) || mentions_undisclosed(b),
        ExprKind::Call(_, args) => args.iter().any(mentions_undisclosed),
        _ => false,
    }
}
