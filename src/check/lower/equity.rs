//! What a warrant says beyond number, price and time, and ledger lines about shares and rights.

use std::sync::Arc;

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::report::Once;
use crate::check::symbols::{Entity, Scope, as_class, text};
use crate::check::types::{Hint, constant};
use crate::num::{Mode, Number, Unit};
use crate::syntax::ast::{self, EquityClause, EquityVerb};
use crate::terms::{
    CheaperIssues, ClassId, Equity, EquityFact, Fact, Formula, Fractions, OnControl, PriceProtection, ShareCount,
    Transfer, Warrant,
};

/// Clauses that stand once in a warrant.
pub(super) struct EquityClauses<'w> {
    cheaper: Once<&'w ast::CheaperIssues>,
    step: Once<(&'w ast::Expr, Option<&'w ast::Name>)>,
    fractions: Once<&'w ast::Name>,
    transfer: Once<&'w ast::Transferable>,
    control: Once<&'w ast::OnControl>,
    raise: Once<(&'w ast::Expr, i64, Span)>,
    participates: Once<bool>,
}

impl<'w> EquityClauses<'w> {
    pub fn new() -> Self {
        Self {
            cheaper: Once::new("adjusts for cheaper issues"),
            step: Once::new("rounds strike"),
            fractions: Once::new("fractions"),
            transfer: Once::new("transferable"),
            control: Once::new("change of control"),
            raise: Once::new("ownership cap rises"),
            participates: Once::new("participates in dividends"),
        }
    }

    pub fn set(&mut self, clause: &'w EquityClause, span: Span, report: &mut crate::check::report::Report) {
        match clause {
            EquityClause::CheaperIssues(issues) => self.cheaper.set(issues, span, report),
            EquityClause::RoundsStrike(step, mode) => self.step.set((step, mode.as_ref()), span, report),
            EquityClause::Fractions(kind) => self.fractions.set(kind, span, report),
            EquityClause::Control(what) => self.control.set(what, span, report),
            EquityClause::Participates(losses) => self.participates.set(*losses, span, report),
            EquityClause::CapRises(most, days) => self.raise.set((most, *days, span), span, report),
            EquityClause::Transferable(whom) => self.transfer.set(whom, span, report),
        }
    }
}

impl Checker<'_> {
    /// The clauses of a warrant over a class, whose strike is in this unit.
    pub(super) fn equity(
        &mut self,
        clauses: &EquityClauses<'_>,
        (class, cap): (ClassId, Option<Number>),
        unit: &Unit,
        name: &ast::Name,
    ) -> Equity {
        let step = clauses.step.get().copied().and_then(|(step, mode)| self.strike_step(step, mode, unit));
        let cheaper = clauses.cheaper.get().copied().map(|issues| self.cheaper_issues(issues, class));
        if let Some(cheaper) = cheaper.as_ref().filter(|_| clauses.step.get().is_none()) {
            let message = format!("to which step is an adjusted strike rounded? (`{}`)", name.text);
            let error = Diagnostic::new(Code::AskStrikeRounding, cheaper.span, message).label("the strike changes");
            self.report.push(error.help("add `rounds strike to 0.0001 USD/share`"));
        }
        let fractions = clauses
            .fractions
            .get()
            .copied()
            .and_then(|kind| self.report.word(Code::WrongKind, kind, "a treatment of fractions", Fractions::ALL));
        let transfer = clauses.transfer.get().copied().map(|whom| match whom {
            ast::Transferable::Freely => Transfer::Freely,
            ast::Transferable::To(groups) => Transfer::To(groups.iter().map(|group| group.text.clone()).collect()),
            ast::Transferable::Never => Transfer::Never,
        });
        let control = clauses.control.get().copied().and_then(|what| {
            Some(match what {
                ast::OnControl::All => OnControl::VestsAll,
                ast::OnControl::ByPrice => OnControl::VestsByPrice,
                ast::OnControl::Forfeits => OnControl::Forfeits,
                ast::OnControl::To(share) => OnControl::VestsTo(self.part_of(share)?),
            })
        });
        let raise = clauses.raise.get().copied().and_then(|(most, days, span)| {
            let most = self.part_of(most)?;
            if cap.is_none_or(|cap| cap >= most) || days < 0 {
                let message = "a cap rises from `ownership cap PART` to a larger part";
                return self.report.fail(Code::BadValue, span, message, "no smaller cap stands in the warrant");
            }
            Some((most, days))
        });
        let participates = clauses.participates.get().copied();
        Equity { cheaper, step, fractions: fractions.unwrap_or_default(), transfer, control, raise, participates }
    }

    fn strike_step(&mut self, expr: &ast::Expr, mode: Option<&ast::Name>, unit: &Unit) -> Option<(Number, Mode)> {
        let hint = Hint { unit: None, path: "step", scope: &Scope::default() };
        let formula = self.value(expr, unit, None, &hint);
        let mode = mode.and_then(|mode| Mode::parse(&mode.text)).unwrap_or(Mode::HalfUp);
        let Some(step) = constant(&formula).filter(|step| step.is_positive()) else {
            let message = "a step is a plain price above zero, such as `0.0001 USD/share`";
            return self.report.fail(Code::BadValue, expr.span, message, "not a step");
        };
        Some((step, mode))
    }

    fn cheaper_issues(&mut self, issues: &ast::CheaperIssues, own: ClassId) -> CheaperIssues {
        let issuer = self.terms.classes.get(own.index()).map(|class| class.issuer);
        let mut of: Vec<ClassId> = Vec::new();
        for path in &issues.of {
            let found = self.symbols.find(path, &Scope::default(), "class of shares", as_class, &mut self.report);
            let Some(id) = found else { continue };
            let class = self.terms.classes.get(id.index());
            if class.map(|class| class.issuer) != issuer {
                let message = format!("`{}` is not a class of the issuer", text(path));
                self.report.error(Code::BadValue, path.span, message, "only the issuer's own issues count");
            }
            of.push(id);
        }
        if of.is_empty() {
            of.push(own);
        }
        let by = match &issues.average {
            None => PriceProtection::FullRatchet,
            Some(count) if &*count.text == "issued" => PriceProtection::WeightedAverage(ShareCount::Issued),
            Some(_) => PriceProtection::WeightedAverage(ShareCount::FullyDiluted),
        };
        let except = issues.except.iter().filter_map(|path| self.exempt(path)).collect();
        CheaperIssues { of, by, number: issues.number, except, span: issues.span }
    }

    /// A group of issues, or an investment.
    fn exempt(&mut self, path: &ast::Path) -> Option<Arc<str>> {
        let name = text(path);
        match (self.symbols.entity(&name, &Scope::default()), path.parts.len()) {
            (Some(Entity::Investment(_)), _) | (None, 1) => Some(name.into()),
            (None, _) => {
                let known = self.terms.investments.iter().map(|i| i.path.to_string()).collect::<Vec<_>>();
                self.report.unknown(
                    Code::UnknownName,
                    (&name, path.span),
                    "investment",
                    known.iter().map(String::as_str),
                )
            }
            (Some(_), _) => {
                let message = format!("`{name}` issues no shares");
                self.report.fail(Code::WrongKind, path.span, message, "an investment or a group of issues is needed")
            }
        }
    }

    /// Warns of a price below the par value of a class.
    pub(super) fn not_below_par(&mut self, price: &Formula, class: ClassId, span: Span) {
        let Some(class) = self.terms.classes.get(class.index()) else { return };
        let par = class.par.as_ref().and_then(constant);
        let Some((price, par)) = constant(price).zip(par).filter(|(price, par)| price < par && !price.is_negative())
        else {
            return;
        };
        let message = format!("{price} a share is below the par value of `{}`, {par}", class.path);
        let found = Diagnostic::new(Code::BelowPar, span, message).label("below par").also(class.span, "its par value");
        self.report.push(found.help("correct one of them; shares are issued for no less than their par value"));
    }

    /// `issue 14m shares of AMD.common at 8 USD/share to holders as plan`
    pub(super) fn issue(&mut self, issue: &ast::Issue) -> Option<Fact> {
        let (class, shares) = self.shares_of(&issue.shares)?;
        let unit = self.price_unit(class);
        let price = issue.price.as_ref().map(|price| {
            let formula = self.value(price, &unit, None, &Hint { unit: None, path: "price", scope: &Scope::default() });
            self.not_negative(&formula, price.span);
            self.not_below_par(&formula, class, price.span);
            formula
        });
        let to = match &issue.to {
            Some(name) if &*name.text != "holders" => Some(self.symbols.party(name, &mut self.report)?),
            _ => None,
        };
        let group = issue.group.as_ref().map(|group| group.text.clone());
        let raised = self.paid_for(class, issue.raised.as_ref());
        if let (Some(_), Some(amount)) = (&issue.price, &issue.raised) {
            let error = Diagnostic::new(Code::BadValue, amount.span, "what was paid is said twice").label("in all");
            let error = error.also(issue.price.as_ref().map_or(amount.span, |price| price.span), "for a share");
            self.report.push(error.help("keep one: `for` moves cash, `at` does not"));
        }
        if let Some(holder) = to {
            self.stake(holder, class);
        }
        if price.is_none() && raised.is_none() {
            self.ask_issued_at(issue.shares.span, class, group.as_ref());
        }
        Some(Fact::Issue { class, shares, price, raised, to, group })
    }

    /// A warrant that follows cheaper issues has to know what was paid.
    fn ask_issued_at(&mut self, span: Span, class: ClassId, group: Option<&Arc<str>>) {
        let follows = |issues: &&CheaperIssues| {
            issues.of.contains(&class) && group.is_none_or(|group| !issues.except.contains(group))
        };
        let warrants = self.terms.warrants.iter();
        let Some(found) = warrants.filter_map(|w| w.equity.cheaper.as_ref()).find(follows) else { return };
        let error = Diagnostic::new(Code::AskIssuedAt, span, "at which price were these shares issued?");
        let error = error.label("the price is missing").also(found.span, "a strike follows cheaper issues");
        self.report.push(error.help("add `at PRICE`, or `as GROUP` with a group that the clause excepts"));
    }

    /// A number of shares of a class.
    pub(super) fn shares_of(&mut self, expr: &ast::Expr) -> Option<(ClassId, Formula)> {
        let shares = self.amount(expr, &Unit::of("shares"), None)?;
        let hint = Hint { unit: None, path: "shares", scope: &Scope::default() };
        let class = self.typed(expr, &hint)?.class;
        if class.is_none() {
            self.missing(expr.span, "shares of which class?", "write the class, such as `14m shares of AMD.common`");
        }
        Some((class?, shares))
    }

    pub(super) fn equity_line(&mut self, verb: &EquityVerb) -> Option<Fact> {
        Some(Fact::Equity(match verb {
            EquityVerb::Authorise(shares) => {
                let (class, shares) = self.shares_of(shares)?;
                EquityFact::Authorise { class, shares }
            }
            EquityVerb::Reserve(shares) => {
                let (class, shares) = self.shares_of(shares)?;
                EquityFact::Reserve { class, shares }
            }
            EquityVerb::Convert { what, into, ratio, by } => self.convert_line(what, into, ratio, by.as_ref())?,
            EquityVerb::Transfer { .. } => self.transfer_line(verb)?,
            EquityVerb::Control(party, price) => self.control_line(party, price.as_ref())?,
            EquityVerb::Forfeit { target, all, cancelled } => {
                let tranches = self.targets(target)?;
                if tranches.iter().any(|id| self.terms.warrant_of(*id).is_none()) {
                    let message = "money of an investment is not forfeited by a line";
                    let label = "a warrant or its tranche is needed here";
                    return self.report.fail(Code::WrongKind, target.span, message, label);
                }
                EquityFact::Forfeit { tranches, all: *all, cancelled: *cancelled }
            }
            EquityVerb::Notice(target, cap) => {
                let pick = |entity| match entity {
                    Entity::Warrant(id) => Some(id),
                    _ => None,
                };
                let warrant = self.symbols.find(target, &Scope::default(), "warrant", pick, &mut self.report);
                let cap = self.part_of(cap);
                EquityFact::Notice { warrant: warrant?, cap: cap? }
            }
        }))
    }

    /// `convert Maker.preferred into Maker.common 3 for 2`
    fn convert_line(
        &mut self,
        what: &ast::Expr,
        into: &ast::Path,
        (new, old): &(ast::Expr, ast::Expr),
        by: Option<&ast::Name>,
    ) -> Option<EquityFact> {
        let whole = match &what.kind {
            ast::ExprKind::Path(path) => match self.symbols.entity(&text(path), &Scope::default()) {
                Some(Entity::Class(id)) => Some(id),
                _ => None,
            },
            _ => None,
        };
        let (from, shares) = match whole {
            Some(id) => (id, None),
            None => self.shares_of(what).map(|(class, shares)| (class, Some(shares)))?,
        };
        let target = self.symbols.find(into, &Scope::default(), "class of shares", as_class, &mut self.report);
        let (new, old) = (self.ratio(new), self.ratio(old));
        let by = match by {
            Some(name) => Some(self.symbols.party(name, &mut self.report)?),
            None => None,
        };
        let target = target?;
        if target == from {
            return self.report.fail(Code::BadValue, into.span, "a class does not become itself", "the same class");
        }
        let issuer = |id: ClassId| self.terms.classes.get(id.index()).map(|class| class.issuer);
        let merger = issuer(from) != issuer(target);
        if let Some(warrant) = self.terms.warrants.iter().find(|w| merger && shares.is_none() && w.class == from) {
            let message = format!("a merger: what becomes of `{}`?", warrant.path);
            let error = Diagnostic::new(Code::BadValue, what.span, message).label("shares of another company");
            let error = error.also(warrant.span, "a warrant over the class");
            self.report
                .push(error.help("convert into a class of the same company, or write the warrant that replaces it"));
            return None;
        }
        Some(EquityFact::Convert { from, into: target, new: new?, old: old?, shares, by })
    }

    /// `transfer deal.w.T1 5m shares to Sub as affiliates for 20m USD`
    fn transfer_line(&mut self, verb: &EquityVerb) -> Option<EquityFact> {
        let EquityVerb::Transfer { target, shares, to, group, price, from } = verb else { return None };
        let tranches = self.targets(target)?;
        let first = tranches.first().copied()?;
        let Some(warrant) = self.terms.warrant_of(first) else {
            let message = "money of an investment is not given to another";
            return self.report.fail(Code::WrongKind, target.span, message, "a warrant or its tranche is needed here");
        };
        let (span, path, holder) = (warrant.span, warrant.path.clone(), warrant.holder);
        if warrant.equity.transfer.is_none() {
            let message = format!("may `{path}` be given to another?");
            let error = Diagnostic::new(Code::AskTransfer, target.span, message).label("it does not say");
            let error = error.also(span, "the warrant");
            self.report
                .push(error.help("add `transferable freely`, `transferable to GROUP` or `not transferable` to it"));
        }
        if let (Some(shares), true) = (shares, tranches.len() > 1) {
            let message = "rights of which tranche?";
            return self.report.fail(
                Code::WrongKind,
                shares.span,
                message,
                "name the tranche, or leave the number away",
            );
        }
        let shares = match shares {
            Some(shares) => Some(self.amount(shares, &Unit::of("shares"), None)?),
            None => None,
        };
        let party = self.symbols.party(to, &mut self.report)?;
        let from = match from {
            Some(from) => Some(self.symbols.party(from, &mut self.report)?),
            None => None,
        };
        if party == from.unwrap_or(holder) {
            return self.report.fail(Code::BadValue, to.span, "nobody gives to itself", "the same party");
        }
        let currency = self.terms.parties.get(from.unwrap_or(holder).index()).map(|p| Unit::of(&p.currency))?;
        let price = match price {
            Some(price) => Some(self.amount(price, &currency, None)?),
            None => None,
        };
        let group = group.as_ref().map(|group| group.text.clone());
        Some(EquityFact::Assign { tranches, shares, from, to: party, group, price })
    }

    /// `change_of_control Maker at 45 USD/share`
    fn control_line(&mut self, party: &ast::Name, price: Option<&ast::Expr>) -> Option<EquityFact> {
        let id = self.symbols.party(party, &mut self.report)?;
        let by_price = |w: &&Warrant| w.issuer == id && w.equity.control == Some(OnControl::VestsByPrice);
        if let (Some(warrant), None) = (self.terms.warrants.iter().find(by_price), price) {
            let message = format!("at which price? `{}` vests by it", warrant.path);
            let error = Diagnostic::new(Code::MissingClause, party.span, message).label("the price is missing");
            self.report.push(error.also(warrant.span, "vests by price").help("add `at 45 USD/share`"));
        }
        let currency = self.terms.parties.get(id.index()).map(|p| Unit::per(&p.currency, "shares"))?;
        let price = match price {
            Some(price) => Some(self.amount(price, &currency, None)?),
            None => None,
        };
        Some(EquityFact::Control { party: id, price })
    }

    /// A stated part above nothing and no more than all.
    fn part_of(&mut self, expr: &ast::Expr) -> Option<Number> {
        let hint = Hint { unit: None, path: "part", scope: &Scope::default() };
        let formula = self.value(expr, &Unit::none(), None, &hint);
        let part = constant(&formula).filter(|part| part.is_positive() && *part <= Number::ONE);
        part.or_else(|| {
            let message = "a stated part is needed here, such as `60%`";
            self.report.fail(Code::BadValue, expr.span, message, "above 0%, at most 100%")
        })
    }
}
