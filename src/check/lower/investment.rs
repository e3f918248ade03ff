//! Investments: who pays whom, for which shares at which price, and when the tranches are called.

use std::sync::Arc;

use super::contract::Inside;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::next;
use crate::check::expand::{Body, InstrumentTree, Made};
use crate::check::report::Once;
use crate::check::symbols::{Scope, as_class};
use crate::check::types::{Hint, constant, merge};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, Expr, ExprKind, InstrumentClauseKind};
use crate::terms::{
    ClassId, Formula, Funding, Investment, InvestmentId, IssuePrice, PartyId, Quoted, ShareCount, Support, TrancheId,
    Worth,
};
use crate::time::Date;

/// What a tranche needs to know of its investment.
pub(super) struct Invested {
    pub path: Arc<str>,
    pub id: InvestmentId,
    pub class: ClassId,
    pub currency: Unit,
    pub scope: Scope,
    /// Shares given for nothing are worth what they are given as.
    pub award: bool,
    /// The part that is paid above fair value.
    pub above: Option<Number>,
}

/// Clauses that stand once in an investment, and the syndicate.
struct Clauses<'i> {
    price: Once<(&'i ast::IssuePrice, &'i ast::Support)>,
    funded: Once<&'i ast::Funded>,
    observable: Once<Option<&'i (ast::Path, Expr)>>,
    worth: Once<&'i Expr>,
    syndicate: Vec<(&'i Expr, &'i ast::Name)>,
    support: Support,
}

impl Checker<'_> {
    pub(super) fn investment(&mut self, made: &Made<InstrumentTree<ast::Investment>>, at: &Inside) {
        let head = &made.node.head;
        let path: Arc<str> = format!("{}.{}", at.path, head.name.text).into();
        let scope = Scope::of(&[&path, &at.path]);
        let company = self.partner(at, head.company.as_ref(), "company", &head.name);
        let lead = self.partner(at, head.investor.as_ref(), "investor", &head.name);
        let place = head.investor.as_ref().map_or(head.name.span, |name| name.span);
        self.two_parties(company, lead, at, place);
        let class = self.issued_class(&head.class, company, &scope);
        let amount = self.money(&head.amount, &scope, &path);
        let currency = amount.as_ref().map_or_else(|| Unit::of("USD"), |(_, unit)| unit.clone());
        let whole = amount.map(|(number, _)| number);

        let clauses = self.investment_clauses(&made.node.body);
        self.report.origin.clone_from(&made.origin);
        let mut support = clauses.support;
        let rests_on = self.support(&made.support);
        merge(&mut support, rests_on);
        let since = self.signing(at.signed, head.name.span, "investment").unwrap_or(Date::MIN);
        let worth = clauses.worth.get().copied();
        let worth = worth.and_then(|worth| self.worth_of_shares(worth, whole, &currency, clauses.syndicate.first()));
        let around = Invested {
            above: worth.zip(whole).and_then(|(worth, whole)| {
                whole.minus(worth).and_then(|above| above.over(whole, crate::terms::DIVISION)).ok()
            }),
            path: Arc::clone(&path),
            id: InvestmentId(next(self.terms.investments.len())),
            class: class.unwrap_or(ClassId(0)),
            currency,
            scope,
            award: clauses.funded.get().is_some_and(|funded| &*funded.kind.text == "nothing"),
        };
        let price = match clauses.price.get() {
            Some((price, rests_on)) => {
                let rests_on = self.support(rests_on);
                merge(&mut support, rests_on);
                self.issue_price(price, &around)
            }
            None => {
                let message = format!("at which price does `{}` buy its shares?", head.name.text);
                let help = "add `price 12 USD/share`, `price 260bn USD pre_money, issued shares`, `price close(CLASS)` or \
                            `price undisclosed`";
                self.report.push(Diagnostic::new(Code::AskIssuePrice, head.name.span, message).help(help));
                None
            }
        };
        let counted = clauses.price.get().and_then(|(price, _)| price.as_of.as_ref()).map(|date| self.day(date));
        let funding = clauses.funded.get().and_then(|funded| self.funding(funded, lead, &around));
        let observable = clauses.observable.get().copied();
        let observable = observable.and_then(|of| self.observable(of, around.class, &around.scope));
        let days = clauses.funded.get().map_or(0, |funded| funded.days);
        if days.is_negative() {
            self.report.error(Code::BadValue, made.span, "money is due on or after the call", "before the call");
        }
        let investors = self.investors(lead, &clauses.syndicate, at);
        if let (Some(Funding::Shares(_)), Some((_, name))) = (funding, clauses.syndicate.first()) {
            let message = format!("`{}` cannot pay with new shares of the lead investor", name.text);
            let help = "write its part as an investment of its own, funded in cash or in its own shares";
            self.report
                .push(Diagnostic::new(Code::BadValue, name.span, message).label("pays in shares too").help(help));
        }
        let first = self.terms.tranches.len();
        let mut sizes_known = true;
        for tranche in &made.node.body.tranches {
            self.report.origin.clone_from(&tranche.origin);
            sizes_known &= self.called_tranche(tranche, &around, at);
        }
        self.report.origin.clone_from(&made.origin);
        let last = self.terms.tranches.len();
        if made.node.body.torn {
            // What could not be expanded was said; its sizes are missing.
        } else if made.node.body.tranches.is_empty() {
            let message = format!("`{}` has no tranche", head.name.text);
            self.missing(head.name.span, message, "add `tranche NAME AMOUNT { called … }`");
        } else if let Some(whole) = whole.filter(|_| sizes_known) {
            self.parts_sum(whole, &head.name, head.amount.span, first, &around.currency);
        }
        self.terms.investments.push(Investment {
            path,
            contract: at.id,
            amount: whole.unwrap_or(Number::ZERO),
            currency: around.currency.to_string().into(),
            class: around.class,
            company: company.unwrap_or(PartyId(0)),
            investors,
            price: price.unwrap_or_else(|| {
                let unit = self.price_unit(around.class);
                IssuePrice::PerShare(Worth::Fixed(Formula::undisclosed("price", unit, head.name.span)))
            }),
            counted: counted.unwrap_or(since),
            funding: funding.unwrap_or(Funding::Cash),
            days,
            worth,
            observable,
            standing: at.standing,
            since,
            tranches: (first..last).map(|at| TrancheId(next(at))).collect(),
            support,
            span: made.span,
        });
    }

    fn investment_clauses<'i>(&mut self, body: &'i Body) -> Clauses<'i> {
        let mut found = Clauses {
            price: Once::new("price"),
            funded: Once::new("funded"),
            observable: Once::new("observable"),
            worth: Once::new("fair value"),
            syndicate: Vec::new(),
            support: Support::default(),
        };
        for clause in &body.plain {
            self.report.origin.clone_from(&clause.origin);
            match &clause.node {
                InstrumentClauseKind::Price(price) => {
                    found.price.set((price, &clause.support), clause.span, &mut self.report);
                    continue;
                }
                InstrumentClauseKind::Funded(funded) => found.funded.set(funded, clause.span, &mut self.report),
                InstrumentClauseKind::FairValue(expr) => found.worth.set(expr, clause.span, &mut self.report),
                InstrumentClauseKind::Observable(of) => {
                    found.observable.set(of.as_ref(), clause.span, &mut self.report);
                }
                InstrumentClauseKind::Syndicated(share, to) => found.syndicate.push((share, to)),
                // Tranches were taken out; the rest are clauses of warrants.
                _ => {}
            }
            let rests_on = self.support(&clause.support);
            merge(&mut found.support, rests_on);
        }
        found
    }

    /// The class, if it is one of the company's.
    fn issued_class(&mut self, path: &ast::Path, company: Option<PartyId>, scope: &Scope) -> Option<ClassId> {
        let id = self.symbols.find(path, scope, "class of shares", as_class, &mut self.report)?;
        let found = self.terms.classes.get(id.index())?;
        if company.is_some_and(|company| company != found.issuer) {
            let message = format!("`{}` is not a class of the company", found.path);
            self.report.error(Code::BadValue, path.span, message, "an investment buys the company's own new shares");
        }
        Some(id)
    }

    /// A plain amount of money above zero.
    pub(super) fn money(&mut self, expr: &Expr, scope: &Scope, path: &str) -> Option<(Number, Unit)> {
        let found = self.typed(expr, &Hint { unit: None, path, scope })?.formula;
        if !found.unit.is_currency() {
            let message = format!("an amount of money is needed here, not {}", crate::check::units::shown(&found.unit));
            return self.report.fail(Code::UnitMismatch, expr.span, message, "such as `10bn USD`");
        }
        let Some(number) = constant(&found) else {
            let message = "the size of an investment must be a plain number";
            return self.report.fail(Code::WrongKind, expr.span, message, "not a plain number");
        };
        if !number.is_positive() {
            return self.report.fail(Code::BadValue, expr.span, "an investment is above zero", "not above zero");
        }
        Some((number, found.unit))
    }

    fn issue_price(&mut self, price: &ast::IssuePrice, at: &Invested) -> Option<IssuePrice> {
        let per_share = price.money.is_none() && !matches!(self.called_series(&price.worth), Some("valuation"));
        let unit = if per_share { self.price_unit(at.class) } else { at.currency.clone() };
        let worth = self.worth(&price.worth, &unit, at)?;
        if per_share {
            if let Some(count) = &price.count {
                let message = "a price per share needs no number of shares";
                self.report.error(Code::BadValue, count.span, message, "only a valuation is divided by shares");
            }
            return Some(IssuePrice::PerShare(worth));
        }
        let Some((word, round)) = &price.money else {
            let end = Span::new(price.worth.span.source, price.worth.span.end, price.worth.span.end);
            let message = "is the valuation before or after the money?";
            let error = Diagnostic::new(Code::AskValuation, price.worth.span, message)
                .help("write `pre_money`, or `post_money` with the size of the round");
            self.report.push(error.fix(end, " pre_money, issued shares"));
            return None;
        };
        let Some(count) = &price.count else {
            let end = Span::new(word.span.source, word.span.end, word.span.end);
            let message = "the valuation is divided by which shares?";
            let error = Diagnostic::new(Code::AskValuation, word.span, message)
                .help("write `, issued shares` or `, fully diluted shares` behind it");
            self.report.push(if round.is_none() {
                error.fix(end, ", issued shares").fix(end, ", fully diluted shares")
            } else {
                error
            });
            return None;
        };
        let count = if &*count.text == "issued" { ShareCount::Issued } else { ShareCount::FullyDiluted };
        if &*word.text == "pre_money" {
            return Some(IssuePrice::PreMoney(worth, count));
        }
        let round = round.as_ref().map(|round| {
            let path = format!("{}.round", at.path);
            let formula = self.value(round, &unit, None, &Hint { unit: None, path: &path, scope: &at.scope });
            self.above_zero(&formula, round.span);
            formula
        });
        Some(IssuePrice::PostMoney(worth, round, count))
    }

    /// The function a price is read with, if it is one.
    fn called_series<'e>(&self, expr: &'e Expr) -> Option<&'e str> {
        match &expr.kind {
            ExprKind::Call(name, _) => Some(&name.text),
            ExprKind::Paren(inner) | ExprKind::Supported(inner, _) => self.called_series(inner),
            _ => None,
        }
    }

    fn worth(&mut self, expr: &Expr, unit: &Unit, at: &Invested) -> Option<Worth> {
        match &expr.kind {
            ExprKind::Call(name, args) => match (&*name.text, args.as_slice()) {
                ("close", [Expr { kind: ExprKind::Path(path), .. }]) => {
                    let id = self.symbols.find(path, &at.scope, "class of shares", as_class, &mut self.report)?;
                    if id != at.class {
                        let message = "new shares are sold at the close of their own class";
                        return self.report.fail(Code::BadValue, path.span, message, "another class");
                    }
                    Some(Worth::OfTheDay(Quoted::Close(id)))
                }
                ("valuation", [Expr { kind: ExprKind::Path(path), .. }]) => {
                    let as_party = crate::check::symbols::as_party;
                    let id = self.symbols.find(path, &at.scope, "party", as_party, &mut self.report)?;
                    Some(Worth::OfTheDay(Quoted::Valuation(id)))
                }
                _ => self.fixed(expr, unit, at),
            },
            _ => self.fixed(expr, unit, at),
        }
    }

    fn fixed(&mut self, expr: &Expr, unit: &Unit, at: &Invested) -> Option<Worth> {
        let path = format!("{}.price", at.path);
        let formula = self.value(expr, unit, None, &Hint { unit: None, path: &path, scope: &at.scope });
        self.above_zero(&formula, expr.span);
        Some(Worth::Fixed(formula))
    }

    fn above_zero(&mut self, formula: &Formula, span: Span) {
        if self.known(formula).is_some_and(|n| !n.is_positive()) {
            let message = "a price or valuation must be above zero";
            let error = Diagnostic::new(Code::BadValue, span, message).label("not above zero");
            self.report.push(error.help("write `undisclosed` if it is not known"));
        }
    }

    fn funding(&mut self, funded: &ast::Funded, lead: Option<PartyId>, at: &Invested) -> Option<Funding> {
        Some(match (&*funded.kind.text, &funded.class) {
            ("shares", Some(path)) => {
                let class = self.symbols.find(path, &at.scope, "class of shares", as_class, &mut self.report)?;
                let issuer = self.terms.classes.get(class.index()).map(|c| c.issuer);
                if lead.is_some() && issuer != lead {
                    let message = "an investor pays with new shares of its own";
                    self.report.error(Code::BadValue, path.span, message, "shares of another party");
                }
                Funding::Shares(class)
            }
            ("capacity", _) => Funding::Capacity,
            ("nothing", _) => Funding::Nothing,
            _ => Funding::Cash,
        })
    }

    /// Who pays which share: the lead what the syndicate does not.
    fn investors(
        &mut self,
        lead: Option<PartyId>,
        syndicate: &[(&Expr, &ast::Name)],
        at: &Inside,
    ) -> Vec<(PartyId, Number)> {
        let mut investors = vec![(lead.unwrap_or(PartyId(0)), Number::ONE)];
        for (share, name) in syndicate {
            let scope = at.scope.clone();
            let hint = Hint { unit: None, path: "share", scope: &scope };
            let formula = self.value(share, &Unit::none(), None, &hint);
            let Some(party) = self.member(at, name, "investor") else { continue };
            if investors.iter().any(|(known, _)| *known == party) {
                let message = format!("`{}` invests twice", name.text);
                self.report.error(Code::BadValue, name.span, message, "named before");
                continue;
            }
            let Some(part) = constant(&formula).filter(|part| part.is_positive() && *part < Number::ONE) else {
                let message = "a syndicated share is a plain number between 0 and 100%";
                self.report.error(Code::BadValue, share.span, message, "such as `25%`");
                continue;
            };
            let rest = investors.first().map_or(Number::ONE, |(_, rest)| *rest);
            match rest.minus(part) {
                Ok(left) if left.is_positive() => {
                    if let Some(first) = investors.first_mut() {
                        first.1 = left;
                    }
                    investors.push((party, part));
                }
                _ => {
                    let message = "nothing is left for the lead investor";
                    self.report.error(Code::BadValue, share.span, message, "shares add up to 100% or more");
                }
            }
        }
        investors
    }
}
