//! Loans, leases and guarantees: who gives, who takes, how much, when it is paid.

mod loan;
mod opening;

use std::sync::Arc;

use super::contract::Inside;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::next;
use crate::check::expand::Made;
use crate::check::gate::Around;
use crate::check::report::Once;
use crate::check::symbols::{Entity, Scope};
use crate::check::types::{Hint, merge};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, CreditClauseKind as Kind, Expr};
use crate::terms::{
    Band, Call, ClassId, Credit, CreditId, CreditKind, Formula, Gate, Given, Guarantee, Instrument, Lease, PartyId,
    Support, Tranche, TrancheId,
};
use crate::time::Date;

/// What the clauses of a credit need to know of it.
pub(super) struct Lent<'c> {
    pub path: Arc<str>,
    pub name: &'c ast::Name,
    pub scope: Scope,
    pub currency: Unit,
    pub amount: Option<Number>,
    pub since: Date,
    pub span: Span,
}

/// What a kind of credit makes of its clauses.
pub(super) struct Shape {
    pub kind: CreditKind,
    /// When it is drawn, begins.
    pub gate: Gate,
    /// The last day on which it can be drawn.
    pub by: Option<Date>,
    pub size: Option<Number>,
    pub band: Option<Band>,
}

impl Checker<'_> {
    pub(super) fn credit(&mut self, made: &Made<ast::Credit>, at: &Inside) {
        let head = &made.node;
        let path: Arc<str> = format!("{}.{}", at.path, head.name.text).into();
        let (_, [gives, takes], _) = head.kind.words();
        let giver = self.in_role(head, gives, at);
        let taker = self.in_role(head, takes, at);
        self.two_parties(giver, taker, at, head.name.span);
        let scope = Scope::of(&[&path, &at.path]);
        let amount = head.amount.as_ref().and_then(|amount| self.money(amount, &scope, &path));
        let payments = head.clauses.iter().find_map(|clause| match &clause.kind {
            Kind::Payments(every) => self.money(&every.amount, &scope, &path),
            _ => None,
        });
        let currency = amount.as_ref().or(payments.as_ref()).map_or_else(|| Unit::of("USD"), |(_, unit)| unit.clone());
        let since = self.signing(at.signed, head.name.span, head.kind.words().0).unwrap_or(Date::MIN);
        let lent = Lent {
            path: path.clone(),
            name: &head.name,
            scope,
            currency,
            amount: amount.as_ref().map(|(n, _)| *n),
            since,
            span: made.span,
        };
        let mut support = self.support(&made.support);
        for clause in &head.clauses {
            let rests_on = self.support(&clause.support);
            merge(&mut support, rests_on);
        }
        let shape = match head.kind {
            ast::CreditKind::Loan => self.loan(&head.clauses, &lent, at, &mut support),
            ast::CreditKind::Lease => self.lease(&head.clauses, &lent),
            ast::CreditKind::Guarantee => self.guarantee(head, &lent, at),
        };
        // Loans are kept in their currency and follow its rate.
        if head.kind != ast::CreditKind::Loan {
            self.own_currency(&lent, [giver, taker]);
        }
        let size = shape.size.or(amount.map(|(number, _)| number));
        let tranche = TrancheId(next(self.terms.tranches.len()));
        self.terms.tranches.push(Tranche {
            path: path.clone(),
            name: head.name.text.clone(),
            of: Instrument::Credit(CreditId(next(self.terms.credits.len()))),
            size: size.unwrap_or(Number::ZERO),
            vests: shape.gate,
            exercisable: None,
            outcomes: Vec::new(),
            fair_value: Formula::literal(Number::ONE, Unit::none(), made.span),
            modelled: None,
            band: shape.band,
            by: shape.by,
            call: Call::default(),
            generated: made.origin.as_ref().map(|origin| (origin.span, origin.value)),
            support: support.clone(),
            span: made.span,
        });
        self.terms.credits.push(Credit {
            path,
            contract: at.id,
            giver: giver.unwrap_or(PartyId(0)),
            taker: taker.unwrap_or(PartyId(0)),
            currency: lent.currency.to_string().into(),
            standing: at.standing,
            since,
            tranche,
            kind: shape.kind,
            support,
            span: made.span,
        });
    }

    /// `given for PATH`
    pub(super) fn given_for(&mut self, path: &ast::Path, scope: &Scope) -> Option<Given> {
        let pick = |entity| match entity {
            Entity::Tranche(id) => Some(Given::Credit(id)),
            Entity::Supply(id) => Some(Given::Supply(id)),
            _ => None,
        };
        self.symbols.find(path, scope, "loan, guarantee or supply", pick, &mut self.report)
    }

    /// Who issues a warrant for something must be who gets it.
    pub(super) fn given_ends(&mut self) {
        let mut errors = Vec::new();
        for warrant in &self.terms.warrants {
            let (what, gets, gives, span) = match warrant.given {
                None => continue,
                Some(Given::Supply(id)) => {
                    let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
                    (supply.path.clone(), vec![supply.buyer], supply.seller, supply.span)
                }
                Some(Given::Credit(id)) => match self.terms.credit_of(id) {
                    Some(credit) if credit.lease().is_none() => {
                        (credit.path.clone(), credit.others().collect(), credit.giver, credit.span)
                    }
                    _ => {
                        let message = format!("`{}` is given for what is no loan or guarantee", warrant.path);
                        let error = Diagnostic::new(Code::WrongKind, warrant.span, message).label("given for what?");
                        errors.push(error.help("name a loan, a guarantee or a supply"));
                        continue;
                    }
                },
            };
            // What is received for both is shared out in one currency.
            let own = |party: PartyId| self.terms.parties.get(party.index()).map(|p| p.currency.clone());
            let credit = match warrant.given {
                Some(Given::Credit(id)) => self.terms.credit_of(id).filter(|credit| credit.loan().is_some()),
                _ => None,
            };
            if let Some(credit) = credit.filter(|c| {
                [warrant.issuer, warrant.holder]
                    .into_iter()
                    .any(|party| own(party).is_some_and(|own| own != c.currency))
            }) {
                let message = format!("`{}` is given for a loan in {}", warrant.path, credit.currency);
                let error = Diagnostic::new(Code::BadValue, warrant.span, message).label("another currency");
                let error = error.also(credit.span, "this loan");
                errors.push(error.help("write the loan in the currency of both parties"));
                continue;
            }
            if !gets.contains(&warrant.issuer) || gives != warrant.holder {
                let message = format!("`{}` is given for `{what}`, between other parties", warrant.path);
                let error = Diagnostic::new(Code::BadValue, warrant.span, message).label("by whom, and to whom?");
                let error = error.also(span, "between these");
                errors.push(error.help("its issuer is who gets what it is given for, its holder who gives that"));
            }
        }
        errors.into_iter().for_each(|error| self.report.push(error));
    }

    /// The party of a role: named in the head, else the one of the contract.
    fn in_role(&mut self, head: &ast::Credit, role: &str, at: &Inside) -> Option<PartyId> {
        let mut named = Once::new("a role");
        for (_, party) in head.members.iter().filter(|(word, _)| &*word.text == role) {
            named.set(party, party.span, &mut self.report);
        }
        match named.take() {
            Some(party) => self.member(at, party, role),
            None => self.role(at, role, &head.name),
        }
    }

    /// Books keep leases and guarantees in the currency of their party.
    fn own_currency(&mut self, at: &Lent<'_>, parties: [Option<PartyId>; 2]) {
        for party in parties.into_iter().flatten().filter_map(|id| self.terms.parties.get(id.index())) {
            if *party.currency != *at.currency.to_string() && party.book.is_some() {
                let message = format!(
                    "`{}` is in {}, and `{}` counts in {}",
                    at.name.text, at.currency, party.name, party.currency
                );
                let error = Diagnostic::new(Code::BadValue, at.name.span, message).label("another currency");
                let error = error.also(party.span, format!("keeps its book in {}", party.currency));
                self.report.push(error.help("write it in the currency of both, or its payments as a `flow`"));
                return;
            }
        }
    }

    /// An amount of the credit's currency, not below zero.
    pub(super) fn lent_amount(&mut self, expr: &Expr, at: &Lent<'_>) -> Formula {
        let hint = Hint { unit: None, path: &at.path, scope: &at.scope };
        let formula = self.value(expr, &at.currency.clone(), None, &hint);
        if self.known(&formula).is_some_and(Number::is_negative) {
            self.report.error(Code::NegativeQuantity, expr.span, "the amount is below zero", "below zero");
        }
        formula
    }

    /// A plain rate or share within bounds.
    pub(super) fn lent_rate(&mut self, expr: &Expr, what: &str, at: &Lent<'_>, fits: fn(Number) -> bool) -> Formula {
        let path = format!("{}.{what}", at.path);
        let hint = Hint { unit: None, path: &path, scope: &at.scope };
        let formula = self.value(expr, &Unit::none(), None, &hint);
        if self.known(&formula).is_some_and(|number| !fits(number)) {
            let message = format!("this is no {what}");
            self.report.error(Code::BadValue, expr.span, message, "out of range");
        }
        formula
    }

    /// A rate a year.
    pub(super) fn yearly_rate(&mut self, expr: &Expr, at: &Lent<'_>) -> Formula {
        let formula = self.lent_rate(expr, "rate", at, |rate| rate > Number::ONE.neg());
        if let Some(rate) = self.known(&formula).filter(|rate| *rate >= Number::ONE) {
            let percent = rate.times(Number::from_int(100)).unwrap_or(rate);
            let message = format!("this is a rate of {} % a year", percent.grouped());
            let warning = Diagnostic::new(Code::SteepRate, expr.span, message).label("a year");
            self.report.push(warning.help(format!("for {} % write `{}%`", rate.grouped(), rate.grouped())));
        }
        formula
    }

    /// The condition of a credit.
    pub(super) fn lent_gate(&mut self, expr: &Expr, at: &Lent<'_>, inside: &Inside, support: &mut Support) -> Gate {
        let mut around = Around {
            scope: &at.scope,
            path: &at.path,
            tranche: TrancheId(next(self.terms.tranches.len())),
            class: ClassId(0),
            adjusts: true,
            signed: inside.signed,
            support: std::mem::take(support),
            guarded: false,
        };
        let gate = self.gate(expr, &mut around).unwrap_or(Gate::All(Vec::new()));
        *support = around.support;
        gate
    }

    /// Two days in order.
    pub(super) fn days_of(&mut self, from: &ast::DateLit, to: &ast::DateLit) -> (Date, Date) {
        let term = (self.day(from), self.day(to));
        if term.1 < term.0 {
            let error = Diagnostic::new(Code::BadValue, to.span, "it ends before it begins").label("earlier");
            self.report.push(error.also(from.span, "begins here"));
        }
        term
    }

    fn lease(&mut self, clauses: &[ast::CreditClause], at: &Lent<'_>) -> Shape {
        let (mut term, mut rate, mut payments) = (Once::new("commences"), Once::new("rate"), Vec::new());
        for clause in clauses {
            match &clause.kind {
                Kind::Term(from, to) => {
                    let found = self.days_of(from, to);
                    term.set(found, clause.span, &mut self.report);
                }
                Kind::Rate(expr) => {
                    let found = self.yearly_rate(expr, at);
                    rate.set(found, clause.span, &mut self.report);
                }
                Kind::Payments(every) => {
                    let amount = self.lent_amount(&every.amount, at);
                    payments.extend(self.every(every).into_iter().map(|(day, _)| (day, amount.clone())));
                }
                // Clauses of loans and guarantees are no clauses of leases: the parser said so.
                _ => {}
            }
        }
        payments.sort_by_key(|(day, _)| *day);
        if payments.is_empty() {
            let help = "add `payments AMOUNT every month from DATE to DATE`";
            self.missing(at.name.span, format!("`{}` has no payments", at.name.text), help);
        }
        if rate.get().is_none() {
            let help = "add `rate 7%`: the rate implicit in the lease, else the lessee's incremental borrowing rate";
            self.missing(
                at.name.span,
                format!("at which rate are the payments of `{}` discounted?", at.name.text),
                help,
            );
        }
        if term.get().is_none() {
            let help = "add `commences DATE until DATE`";
            self.missing(at.name.span, format!("when does `{}` commence?", at.name.text), help);
        }
        let known = payments.iter().filter_map(|(_, amount)| self.known(amount)).collect::<Vec<_>>();
        let term = term.take().unwrap_or((at.since, at.since));
        let undisclosed = || Formula::undisclosed(format!("{}.rate", at.path), Unit::none(), at.span);
        Shape {
            kind: CreditKind::Lease(Lease { term, payments, rate: rate.take().unwrap_or_else(undisclosed) }),
            gate: Gate::All(Vec::new()),
            by: None,
            size: Number::sum(known).ok(),
            band: None,
        }
    }

    fn guarantee(&mut self, head: &ast::Credit, at: &Lent<'_>, inside: &Inside) -> Shape {
        let (mut term, mut fair_value) = (Once::new("from"), Once::new("fair value"));
        let (mut fee, mut escrow, mut band) = (Once::new("fee"), Once::new("escrow"), Once::new("earned over"));
        for clause in &head.clauses {
            match &clause.kind {
                Kind::Term(from, to) => {
                    let found = self.days_of(from, to);
                    term.set(found, clause.span, &mut self.report);
                }
                Kind::FairValue(expr) => {
                    let found = self.lent_amount(expr, at);
                    fair_value.set(found, clause.span, &mut self.report);
                }
                Kind::Fee(expr) => fee.set(self.lent_amount(expr, at), clause.span, &mut self.report),
                Kind::Escrow(expr) => escrow.set(self.lent_amount(expr, at), clause.span, &mut self.report),
                Kind::EarnedOver(from, to, counter) => {
                    let found = self.earned_over(from, to, counter, &at.path, &at.scope);
                    band.set(found, clause.span, &mut self.report);
                }
                // Clauses of loans and leases.
                _ => {}
            }
        }
        if term.get().is_none() {
            let help = "add `from DATE to DATE`";
            self.missing(at.name.span, format!("from when to when does `{}` stand?", at.name.text), help);
        }
        let obligor = head.members.iter().find(|(role, _)| &*role.text == "obligor");
        let obligor = obligor.and_then(|(_, name)| self.member(inside, name, "obligor"));
        let (fair_value, fee, escrow) = (fair_value.take(), fee.take(), escrow.take());
        let term = term.take().unwrap_or((at.since, at.since));
        Shape {
            kind: CreditKind::Guarantee(Box::new(Guarantee { term, obligor, fair_value, fee, escrow })),
            gate: Gate::All(Vec::new()),
            by: None,
            size: None,
            band: band.take().flatten(),
        }
    }
}
