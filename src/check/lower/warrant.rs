//! Warrants: over what, at what price, until when, exercised how.

use std::sync::Arc;

use super::behind;
use super::contract::Inside;
use super::equity::EquityClauses;
use super::model::{Awarded, is_model};
use super::tranche::Warranted;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::{Program, next};
use crate::check::expand::{InstrumentTree, Made};
use crate::check::report::Once;
use crate::check::symbols::Scope;
use crate::check::types::{Hint, constant, merge};
use crate::check::units::grouped;
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, InstrumentClauseKind};
use crate::terms::{ClassId, PartyId, Support, TrancheId, Warrant, WarrantId};
use crate::time::Date;

/// Clauses that stand once in a warrant.
struct Clauses<'w> {
    granted: Once<Date>,
    expires: Once<Option<Date>>,
    exercise: Once<(bool, bool)>,
    splits: Once<bool>,
    cap: Once<&'w ast::Expr>,
    given: Once<&'w ast::Path>,
    consideration: Once<(ast::Path, Option<ast::Name>)>,
    equity: EquityClauses<'w>,
    exercisable: Once<&'w Made<InstrumentClauseKind>>,
    fair_value: Once<&'w Made<InstrumentClauseKind>>,
    modelled: Once<&'w Made<InstrumentClauseKind>>,
    support: Support,
}

impl Checker<'_> {
    /// Lowers the warrants and investments of all contracts, each with its tranches, in the order of declaration.
    pub(super) fn instruments(&mut self, program: &Program) {
        for (at, tree) in program.contracts.iter().enumerate() {
            let inside = self.inside(at, tree);
            for warrant in &tree.warrants {
                self.report.origin.clone_from(&warrant.origin);
                self.warrant(warrant, &inside);
            }
            for investment in &tree.investments {
                self.report.origin.clone_from(&investment.origin);
                self.investment(investment, &inside);
            }
            for credit in &tree.credits {
                self.report.origin.clone_from(&credit.origin);
                self.credit(credit, &inside);
            }
        }
    }

    fn warrant(&mut self, made: &Made<InstrumentTree<ast::Warrant>>, at: &Inside) {
        let head = &made.node.head;
        let path: Arc<str> = format!("{}.{}", at.path, head.name.text).into();
        let scope = Scope::of(&[&path, &at.path]);
        let (size, class) = self.size(&head.size, &scope, &path);
        let issuer = self.partner(at, head.issuer.as_ref(), "issuer", &head.name);
        let holder = self.partner(at, head.holder.as_ref(), "holder", &head.name);
        let place = head.holder.as_ref().map_or(head.name.span, |name| name.span);
        self.two_parties(issuer, holder, at, place);
        let class = self.own_class(class, issuer, head);
        let strike_path = format!("{path}.strike");
        let unit = self.price_unit(class.unwrap_or(ClassId(0)));
        let hint = Hint { unit: None, path: &strike_path, scope: &scope };
        let strike = self.value(&head.strike, &unit, None, &hint);
        self.not_negative(&strike, head.strike.span);
        if let Some(class) = class {
            self.not_below_par(&strike, class, head.strike.span);
        }

        let mut clauses = self.warrant_clauses(&made.node.body.plain);
        self.report.origin.clone_from(&made.origin);
        let rests_on = self.support(&made.support);
        merge(&mut clauses.support, rests_on);
        self.ask_warrant(&clauses, made);
        let granted = clauses.granted.get().copied().or(at.signed);
        if granted.is_none() {
            let message = format!("`{}` has no grant date", head.name.text);
            let error = Diagnostic::new(Code::UndatedContract, head.name.span, message).label("granted when?");
            self.report.push(error.help("add `granted DATE` here, or `signed DATE` to the contract"));
        }
        if let (Some(granted), Some((Some(expires), span))) = (granted, clauses.expires.entry())
            && *expires < granted
        {
            let message = format!("`{}` expires before it is granted", head.name.text);
            self.report.error(Code::BadValue, span, message, format!("before {granted}"));
        }
        let award = Awarded {
            unit: unit.clone(),
            strike: strike.clone(),
            on: granted,
            until: clauses.expires.entry().and_then(|(day, span)| day.map(|day| (day, span))),
        };
        let given = clauses.given.get().and_then(|path| self.given_for(path, &scope));
        let consideration = clauses.consideration.get().cloned();
        let consideration = consideration.and_then(|said| self.consideration_for(&said, &scope));
        let around = Warranted {
            given: given.is_some(),
            award,
            path: Arc::clone(&path),
            class: class.unwrap_or(ClassId(0)),
            adjusts: clauses.splits.get().copied().unwrap_or(false),
            unit,
            scope,
            exercisable: clauses.exercisable.get().copied(),
            fair_value: clauses.fair_value.get().copied(),
            modelled: clauses.modelled.get().copied(),
            id: WarrantId(next(self.terms.warrants.len())),
        };
        let first = self.terms.tranches.len();
        let sizes_known = self.tranches(&made.node.body.tranches, &around, at);
        self.report.origin.clone_from(&made.origin);
        let last = self.terms.tranches.len();
        if made.node.body.torn {
            // What could not be expanded was said; its sizes are missing.
        } else if made.node.body.tranches.is_empty() {
            let message = format!("`{}` has no tranche", head.name.text);
            self.missing(head.name.span, message, "add `tranche NAME SIZE shares { vests … }`");
        } else if let Some(size) = size.filter(|_| sizes_known) {
            self.sizes_sum(size, head, first);
        }
        let cap = clauses.cap.get().copied().and_then(|cap| self.ownership_cap(cap));
        let equity = self.equity(&clauses.equity, (around.class, cap), &around.unit, &head.name);
        let (cash, net) = clauses.exercise.get().copied().unwrap_or((false, false));
        self.terms.warrants.push(Warrant {
            path,
            contract: at.id,
            class: around.class,
            size: size.unwrap_or(Number::ZERO),
            strike,
            issuer: issuer.unwrap_or(PartyId(0)),
            holder: holder.unwrap_or(PartyId(0)),
            granted: granted.unwrap_or(Date::MIN),
            expires: clauses.expires.get().copied().flatten(),
            cash,
            net,
            adjusts: around.adjusts,
            cap,
            equity,
            given,
            consideration,
            tranches: (first..last).map(|at| TrancheId(next(at))).collect(),
            support: clauses.support,
            span: made.span,
        });
    }

    fn warrant_clauses<'w>(&mut self, plain: &'w [Made<InstrumentClauseKind>]) -> Clauses<'w> {
        let mut found = Clauses {
            granted: Once::new("granted"),
            expires: Once::new("expires"),
            exercise: Once::new("exercise"),
            splits: Once::new("adjusts for splits"),
            cap: Once::new("ownership cap"),
            given: Once::new("given for"),
            consideration: Once::new("consideration for"),
            equity: EquityClauses::new(),
            exercisable: Once::new("exercisable when"),
            fair_value: Once::new("fair value"),
            modelled: Once::new("fair value"),
            support: Support::default(),
        };
        for clause in plain {
            self.report.origin.clone_from(&clause.origin);
            let span = clause.span;
            let for_all = match &clause.node {
                InstrumentClauseKind::Granted(date) => {
                    let day = self.day(date);
                    found.granted.set(day, span, &mut self.report);
                    false
                }
                InstrumentClauseKind::Expires(date) => {
                    let day = date.as_ref().map(|date| self.day(date));
                    found.expires.set(day, span, &mut self.report);
                    false
                }
                InstrumentClauseKind::Exercise { cash, net } => {
                    found.exercise.set((*cash, *net), span, &mut self.report);
                    false
                }
                InstrumentClauseKind::Splits(adjusts) => {
                    found.splits.set(*adjusts, span, &mut self.report);
                    false
                }
                InstrumentClauseKind::Equity(clause) => {
                    found.equity.set(clause, span, &mut self.report);
                    false
                }
                InstrumentClauseKind::GivenFor(path) => {
                    found.given.set(path, span, &mut self.report);
                    false
                }
                InstrumentClauseKind::Consideration(supply, to) => {
                    found.consideration.set((supply.clone(), to.clone()), span, &mut self.report);
                    false
                }
                InstrumentClauseKind::OwnershipCap(cap) => {
                    found.cap.set(cap, span, &mut self.report);
                    false
                }
                InstrumentClauseKind::ExercisableWhen(_) => {
                    found.exercisable.set(clause, span, &mut self.report);
                    true
                }
                InstrumentClauseKind::FairValue(expr) if is_model(expr) => {
                    found.modelled.set(clause, span, &mut self.report);
                    true
                }
                InstrumentClauseKind::FairValue(_) => {
                    found.fair_value.set(clause, span, &mut self.report);
                    true
                }
                // Tranches were taken out; the rest are clauses of investments.
                _ => true,
            };
            if !for_all {
                let rests_on = self.support(&clause.support);
                merge(&mut found.support, rests_on);
            }
        }
        found
    }

    /// A part of the class above nothing and below all of it.
    fn ownership_cap(&mut self, expr: &ast::Expr) -> Option<Number> {
        let hint = Hint { unit: None, path: "cap", scope: &Scope::default() };
        let formula = self.value(expr, &Unit::none(), None, &hint);
        let cap = constant(&formula).filter(|cap| cap.is_positive() && *cap < Number::ONE);
        cap.or_else(|| {
            let message = "an ownership cap is a stated part of the class, such as `4.999%`";
            self.report.fail(Code::BadValue, expr.span, message, "above 0% and below 100%")
        })
    }

    /// Whole shares of a class.
    fn size(&mut self, expr: &ast::Expr, scope: &Scope, path: &str) -> (Option<Number>, Option<ClassId>) {
        let shares = Unit::of("shares");
        let hint = Hint { unit: Some(shares.clone()), path, scope };
        let Some(found) = self.typed(expr, &hint) else { return (None, None) };
        if !self.fits(&found.formula.unit, expr.span, &shares, None) {
            return (None, None);
        }
        if found.class.is_none() {
            let message = "the warrant is over shares of which class?";
            self.missing(expr.span, message, "write the class, such as `160_000_000 shares of AMD.common`");
        }
        (self.whole_shares(&found.formula, expr.span), found.class)
    }

    /// A plain number of whole shares above zero.
    pub(super) fn whole_shares(&mut self, formula: &crate::terms::Formula, span: Span) -> Option<Number> {
        let Some(size) = constant(formula) else {
            let message = "a size must be a plain number of shares";
            return self.report.fail(Code::WrongKind, span, message, "not a plain number");
        };
        if !size.is_integer() || !size.is_positive() {
            let message = format!("{} is not a whole number of shares above zero", grouped(size));
            return self.report.fail(Code::BadValue, span, message, "shares are whole");
        }
        Some(size)
    }

    pub(super) fn partner(
        &mut self,
        at: &Inside,
        name: Option<&ast::Name>,
        role: &str,
        warrant: &ast::Name,
    ) -> Option<PartyId> {
        let Some(name) = name else {
            let message = format!("`{}` has no {role}", warrant.text);
            self.missing(warrant.span, message, format!("add `{role} PARTY` to its first line"));
            return None;
        };
        self.member(at, name, role)
    }

    /// The class, if it is one of the issuer's.
    fn own_class(&mut self, class: Option<ClassId>, issuer: Option<PartyId>, head: &ast::Warrant) -> Option<ClassId> {
        let found = self.terms.classes.get(class?.index())?;
        if issuer.is_some_and(|issuer| issuer != found.issuer) {
            let name = head.issuer.as_ref().map_or("", |name| &name.text);
            let message = format!("`{}` is not a class of `{name}`", found.path);
            let error = Diagnostic::new(Code::BadValue, head.size.span, message)
                .label("a warrant is over the issuer's own shares");
            self.report.push(error.also(head.issuer.as_ref().map_or(head.name.span, |name| name.span), "the issuer"));
        }
        class
    }

    fn ask_warrant(&mut self, clauses: &Clauses, made: &Made<InstrumentTree<ast::Warrant>>) {
        let name = &made.node.head.name;
        let place = made.node.body.plain.last().map(|clause| behind(clause.span));
        let mut ask = |missing: bool, code, question: &str, help: &str, fix: Option<&str>| {
            if missing {
                let mut error = Diagnostic::new(code, name.span, format!("{question} (`{}`)", name.text)).help(help);
                if let (Some(place), Some(fix)) = (place, fix) {
                    error = error.fix(place, format!("; {fix}"));
                }
                self.report.push(error);
            }
        };
        let help = "add `expires DATE` or `expires never`";
        ask(clauses.expires.get().is_none(), Code::AskExpiry, "when does the warrant expire?", help, None);
        let help = "add `exercise cash`, `exercise net`, `exercise cash or net` or `exercise undisclosed`";
        ask(clauses.exercise.get().is_none(), Code::AskExercise, "how may the warrant be exercised?", help, None);
        let help = "add `adjusts for splits` or `no adjustment for splits`";
        let question = "what does a share split do to the warrant?";
        ask(clauses.splits.get().is_none(), Code::AskSplit, question, help, Some("adjusts for splits"));
    }

    fn sizes_sum(&mut self, size: Number, head: &ast::Warrant, first: usize) {
        let sizes = self.terms.tranches.iter().skip(first).map(|t| t.size);
        let Ok(sum) = Number::sum(sizes) else { return };
        let Ok(difference) = size.minus(sum) else { return };
        if difference.is_zero() {
            return;
        }
        let word = if difference.is_positive() { "missing" } else { "too many" };
        let count = self.terms.tranches.len() - first;
        let message = format!(
            "the {count} tranches of `{}` are {} shares, not {}: {} {word}",
            head.name.text,
            grouped(sum),
            grouped(size),
            grouped(difference.abs()),
        );
        let error =
            Diagnostic::new(Code::SizesDoNotSum, head.size.span, message).label(format!("{} shares", grouped(size)));
        self.report.push(error.help(format!("correct a size, or the total to `{}`", grouped(sum))));
    }
}
