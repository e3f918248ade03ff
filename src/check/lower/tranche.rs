//! Tranches: how many, when, and what the customer buys for them.

use std::sync::Arc;

use super::contract::Inside;
use super::model::{Awarded, is_model};
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::next;
use crate::check::expand::Made;
use crate::check::gate::Around;
use crate::check::report::Once;
use crate::check::symbols::{Scope, as_counter};
use crate::check::types::{Hint, merge};
use crate::check::units::shown;
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, Expr, InstrumentClauseKind, TrancheClauseKind};
use crate::terms::{
    AssumptionId, Band, Call, ClassId, Formula, Gate, Instrument, SupplyId, Support, Tranche, TrancheId, WarrantId,
};

/// What a tranche needs to know of its warrant.
pub(super) struct Warranted<'w> {
    pub path: Arc<str>,
    pub id: WarrantId,
    /// It is no award to a customer.
    pub given: bool,
    pub class: ClassId,
    pub adjusts: bool,
    /// Currency per share.
    pub unit: Unit,
    pub scope: Scope,
    /// `exercisable when` for every tranche.
    pub exercisable: Option<&'w Made<InstrumentClauseKind>>,
    /// `fair value` for every tranche.
    pub fair_value: Option<&'w Made<InstrumentClauseKind>>,
    /// The same by a model.
    pub modelled: Option<&'w Made<InstrumentClauseKind>>,
    /// What a model takes from the warrant.
    pub award: Awarded,
}

/// A value and what it rests on.
type Clause<'c> = (&'c Expr, &'c ast::Support);

/// Clauses that stand once in a tranche.
struct Clauses<'t> {
    vests: Once<Clause<'t>>,
    exercisable: Once<Clause<'t>>,
    fair_value: Once<Clause<'t>>,
    modelled: Once<Clause<'t>>,
    outcomes: Vec<(&'t ast::Name, Clause<'t>)>,
    earned: Once<(&'t Expr, &'t Expr, &'t ast::Path)>,
    by: Once<&'t ast::DateLit>,
}

impl Checker<'_> {
    /// Lowers the tranches of a warrant; whether every size is known.
    pub(super) fn tranches(&mut self, list: &[Made<ast::Tranche>], at: &Warranted, inside: &Inside) -> bool {
        let first = self.terms.tranches.len();
        let mut sizes_known = true;
        for made in list {
            self.report.origin.clone_from(&made.origin);
            sizes_known &= self.tranche(made, at, inside);
        }
        let gates: Vec<&Gate> = self.terms.tranches.iter().skip(first).map(|t| &t.vests).collect();
        let bands = self.bands(&gates);
        for ((position, made), band) in (first..).zip(list).zip(bands) {
            let both = self.terms.tranches.get(position).filter(|tranche| tranche.band.is_none());
            let both = both.zip(band.as_ref()).and_then(|(tranche, band)| self.other_supply(&tranche.vests, band));
            if let (Some(other), Some(band)) = (both, &band) {
                self.report.origin.clone_from(&made.origin);
                self.ask_one_band(&made.node.name, band.supply, other);
            }
            let Some(tranche) = self.terms.tranches.get_mut(position) else { continue };
            tranche.band = tranche.band.take().or(band);
            if tranche.band.is_none() && !at.given && !matches!(&tranche.vests, Gate::All(none) if none.is_empty()) {
                self.report.origin.clone_from(&made.origin);
                self.ask_band(&made.node.name);
            }
        }
        sizes_known
    }

    fn tranche(&mut self, made: &Made<ast::Tranche>, at: &Warranted, inside: &Inside) -> bool {
        let tranche = &made.node;
        let path: Arc<str> = format!("{}.{}", at.path, tranche.name.text).into();
        let size = self.tranche_size(made, at, &path);
        let mut support = self.support(&made.support);
        let clauses = self.tranche_clauses(tranche, &mut support);

        let mut around = Around {
            scope: &at.scope,
            path: &path,
            tranche: TrancheId(next(self.terms.tranches.len())),
            class: at.class,
            adjusts: at.adjusts,
            signed: inside.signed,
            support,
            guarded: false,
        };
        if clauses.vests.get().is_none() {
            let message = format!("`{}` does not say when it vests", tranche.name.text);
            self.missing(tranche.name.span, message, "add `vests when …`, `vests at signing` or `vests on DATE`");
        }
        let mut condition = |written: Option<&Clause<'_>>| {
            let (expr, support) = written?;
            let support = self.support(support);
            merge(&mut around.support, support);
            self.gate(expr, &mut around)
        };
        let vests = condition(clauses.vests.get()).unwrap_or(Gate::All(Vec::new()));
        let default = at.exercisable.and_then(|clause| match &clause.node {
            InstrumentClauseKind::ExercisableWhen(expr) => Some((expr, &clause.support)),
            _ => None,
        });
        let exercisable = condition(clauses.exercisable.get().or(default.as_ref()));
        let support = around.support;

        let written = (clauses.fair_value.get(), clauses.modelled.get());
        let (fair_value, modelled) = self.fair_value(written, &path, tranche.name.span, at);
        let outcomes = clauses.outcomes.iter().map(|(name, clause)| self.outcome(name, clause, &path, at)).collect();
        let band =
            clauses.earned.get().and_then(|(from, to, counter)| self.earned_over(from, to, counter, &path, &at.scope));
        let by = clauses.by.get().map(|date| self.day(date));
        self.terms.tranches.push(Tranche {
            path: Arc::clone(&path),
            name: tranche.name.text.clone(),
            of: Instrument::Warrant(at.id),
            size: size.unwrap_or(Number::ZERO),
            vests,
            exercisable,
            fair_value,
            outcomes,
            modelled,
            band,
            by,
            call: Call::default(),
            generated: made.origin.as_ref().map(|origin| (origin.span, origin.value)),
            support,
            span: made.span,
        });
        size.is_some()
    }

    fn tranche_clauses<'t>(&mut self, tranche: &'t ast::Tranche, support: &mut Support) -> Clauses<'t> {
        let mut found = Clauses {
            vests: Once::new("vests"),
            exercisable: Once::new("exercisable when"),
            fair_value: Once::new("fair value"),
            modelled: Once::new("fair value"),
            outcomes: Vec::new(),
            earned: Once::new("earned over"),
            by: Once::new("by"),
        };
        for clause in &tranche.clauses {
            let (span, rests_on) = (clause.span, &clause.support);
            match &clause.kind {
                TrancheClauseKind::VestsWhen(expr) => found.vests.set((expr, rests_on), span, &mut self.report),
                TrancheClauseKind::ExercisableWhen(expr) => {
                    found.exercisable.set((expr, rests_on), span, &mut self.report)
                }
                TrancheClauseKind::FairValue(expr) if is_model(expr) => {
                    found.modelled.set((expr, rests_on), span, &mut self.report)
                }
                TrancheClauseKind::FairValue(expr) => found.fair_value.set((expr, rests_on), span, &mut self.report),
                TrancheClauseKind::FairValueIf(name, expr) => {
                    if let Some((first, _)) = found.outcomes.iter().find(|(other, _)| other.text == name.text) {
                        let message = format!("`{}` has two values", name.text);
                        let error = Diagnostic::new(Code::ClauseTwice, name.span, message).label("again here");
                        self.report.push(error.also(first.span, "first here").help("keep one"));
                    } else {
                        found.outcomes.push((name, (expr, rests_on)));
                    }
                }
                TrancheClauseKind::EarnedOver(from, to, counter) => {
                    found.earned.set((from, to, counter), span, &mut self.report);
                    let rests_on = self.support(rests_on);
                    merge(support, rests_on);
                }
                TrancheClauseKind::By(date, _) => {
                    found.by.set(date, span, &mut self.report);
                    let rests_on = self.support(rests_on);
                    merge(support, rests_on);
                }
                // A clause of investments.
                TrancheClauseKind::Called(..) => {}
            }
        }
        found
    }

    fn tranche_size(&mut self, made: &Made<ast::Tranche>, at: &Warranted, path: &str) -> Option<Number> {
        let expr = &made.node.size;
        let shares = Unit::of("shares");
        let hint = Hint { unit: Some(shares.clone()), path, scope: &at.scope };
        let found = self.typed(expr, &hint)?;
        if !self.fits(&found.formula.unit, expr.span, &shares, None) {
            return None;
        }
        if let Some(class) =
            found.class.filter(|class| *class != at.class).and_then(|c| self.terms.classes.get(c.index()))
        {
            let message = format!("the warrant is not over shares of `{}`", class.path);
            return self.report.fail(Code::UnitMismatch, expr.span, message, "another class");
        }
        let fractional = made.origin.as_ref().is_some_and(|origin| origin.fractional);
        if fractional {
            crate::check::types::constant(&found.formula)
        } else {
            self.whole_shares(&found.formula, expr.span)
        }
    }

    /// The tranche's own value goes before the warrant's, and what is stated before what a model says.
    fn fair_value(
        &mut self,
        (stated, modelled): (Option<&Clause<'_>>, Option<&Clause<'_>>),
        path: &str,
        span: Span,
        at: &Warranted,
    ) -> (Formula, Option<AssumptionId>) {
        let of_all = |clause: Option<&'_ Made<InstrumentClauseKind>>| match clause.map(|c| (&c.node, &c.support)) {
            Some((InstrumentClauseKind::FairValue(expr), support)) => Some((expr.clone(), support.clone())),
            _ => None,
        };
        let path: Arc<str> = format!("{path}.fair_value").into();
        let own = modelled.map(|(expr, support)| (*expr, *support, Arc::clone(&path)));
        let shared = of_all(at.modelled);
        let name: Arc<str> = format!("{}.fair_value", at.path).into();
        let model = own.or_else(|| shared.as_ref().map(|(expr, support)| (expr, support, name)));
        let model = model.map(|(expr, support, name)| self.modelled(expr, support, &name, at));
        let id = model.as_ref().and_then(|(_, id)| *id);
        let default = of_all(at.fair_value).filter(|_| modelled.is_none());
        let stated = stated.copied().or_else(|| default.as_ref().map(|(expr, support)| (expr, support)));
        let Some((expr, support)) = stated else {
            if model.is_none() {
                self.unvalued.push((Arc::clone(&path), span));
            }
            let undisclosed = || Formula::undisclosed(Arc::clone(&path), at.unit.clone(), span);
            return (model.map_or_else(undisclosed, |(formula, _)| formula), id);
        };
        let mut formula = self.value(expr, &at.unit, None, &Hint { unit: None, path: &path, scope: &at.scope });
        self.not_negative(&formula, expr.span);
        let support = self.support(support);
        merge(&mut formula.support, support);
        (formula, id)
    }

    /// `fair value if NAME VALUE`
    fn outcome(
        &mut self,
        name: &ast::Name,
        (expr, support): &Clause<'_>,
        path: &str,
        at: &Warranted,
    ) -> (Arc<str>, Formula) {
        let path: Arc<str> = format!("{path}.fair_value.{}", name.text).into();
        if is_model(expr) {
            return (name.text.clone(), self.modelled(expr, support, &path, at).0);
        }
        let mut formula = self.value(expr, &at.unit, None, &Hint { unit: None, path: &path, scope: &at.scope });
        self.not_negative(&formula, expr.span);
        let support = self.support(support);
        merge(&mut formula.support, support);
        (name.text.clone(), formula)
    }

    /// `earned over A to B of COUNTER`
    pub(super) fn earned_over(
        &mut self,
        from: &Expr,
        to: &Expr,
        counter: &ast::Path,
        path: &str,
        scope: &Scope,
    ) -> Option<Band> {
        let id = self.symbols.find(counter, scope, "counter", as_counter, &mut self.report)?;
        let counter_term = self.terms.counters.get(id.index())?;
        let (supply, counted) = (counter_term.supply, counter_term.unit.clone());
        let found = self.terms.supplies.get(supply.index())?;
        // Money counts as the units that it pays for.
        let money = crate::check::infer::in_money(found, counter_term);
        let (unit, place) = (if money { counted.clone() } else { found.unit.clone() }, found.span);
        let because = Some((place, format!("supplied in {}", shown(&unit))));
        if !self.fits(&counted, counter.span, &unit, because.clone()) {
            return None;
        }
        let (start, end) = (format!("{path}.band.from"), format!("{path}.band.to"));
        let low = self.value(from, &unit, because.clone(), &Hint { unit: None, path: &start, scope });
        let high = self.value(to, &unit, because, &Hint { unit: None, path: &end, scope });
        if let (Some(a), Some(b)) = (self.known(&low), self.known(&high))
            && a >= b
        {
            let error = Diagnostic::new(Code::BadValue, to.span, format!("nothing lies between {a} and {b} {unit}"));
            self.report.push(error.label("must be more than where the band begins").also(from.span, "begins here"));
        }
        let (from, to) = (self.in_units(id, &low)?, self.in_units(id, &high)?);
        Some(Band { supply, counter: id, from, to, written: true })
    }

    /// A tranche that waits for purchases of two supplies.
    fn ask_one_band(&mut self, name: &ast::Name, one: SupplyId, other: SupplyId) {
        let path = |id: SupplyId| self.terms.supplies.get(id.index()).map_or_else(String::new, |s| s.path.to_string());
        let (one, other) = (path(one), path(other));
        self.report.push(
            Diagnostic::new(Code::AskBand, name.span, format!("do purchases of `{one}` alone earn `{}`?", name.text))
                .label(format!("it waits for `{other}` too"))
                .help("add `earned over A to B of COUNTER`, or give each its own tranche"),
        );
    }

    fn ask_band(&mut self, name: &ast::Name) {
        self.report.push(
            Diagnostic::new(Code::AskBand, name.span, format!("what does the customer buy for `{}`?", name.text))
                .label("no quantity is tested")
                .help("add `earned over A to B of COUNTER`; without it the cost is spread over the firm commitment"),
        );
    }
}
