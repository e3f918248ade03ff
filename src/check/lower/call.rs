//! Tranches of investments: how much, and when they are called; and the ledger lines that call and fund them.

use std::sync::Arc;

use super::contract::Inside;
use super::investment::Invested;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::next;
use crate::check::expand::Made;
use crate::check::gate::Around;
use crate::check::report::Once;
use crate::check::symbols::{Scope, as_tranche, text};
use crate::check::types::merge;
use crate::check::units::grouped;
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, Expr, TrancheClauseKind};
use crate::terms::{Band, Call, Fact, Formula, Gate, Instrument, Support, Tranche, TrancheId};

/// Clauses that stand once in a tranche.
struct Calls<'t> {
    called: Once<(Option<&'t ast::Name>, Option<&'t Expr>, &'t ast::Support)>,
    by: Once<(&'t ast::DateLit, Option<&'t Expr>)>,
    band: Once<Option<Band>>,
}

impl Checker<'_> {
    /// Lowers a tranche; whether its size is known.
    pub(super) fn called_tranche(&mut self, made: &Made<ast::Tranche>, at: &Invested, inside: &Inside) -> bool {
        let tranche = &made.node;
        let path: Arc<str> = format!("{}.{}", at.path, tranche.name.text).into();
        let size = self.part(&tranche.size, &path, at);
        let mut support = self.support(&made.support);
        let clauses = self.calls(tranche, &path, at, &mut support);
        let mut around = Around {
            scope: &at.scope,
            path: &path,
            tranche: TrancheId(next(self.terms.tranches.len())),
            class: at.class,
            adjusts: true,
            signed: inside.signed,
            support,
            guarded: false,
        };
        let mut call = Call::default();
        let mut vests = Gate::All(Vec::new());
        match clauses.called.get() {
            Some((by, when, rests_on)) => {
                let rests_on = self.support(rests_on);
                merge(&mut around.support, rests_on);
                call.by = by.and_then(|name| self.member(inside, name, "investor"));
                if let Some(gate) = when.and_then(|when| self.gate(when, &mut around)) {
                    vests = gate;
                }
            }
            None => {
                let message = format!("`{}` does not say when it is called", tranche.name.text);
                let help = "add `called when …`, `called at signing`, `called on DATE` or `called by PARTY`";
                self.missing(tranche.name.span, message, help);
            }
        }
        let support = around.support;
        let by = clauses.by.get().map(|(date, _)| self.day(date));
        if let Some((_, Some(rest))) = clauses.by.get() {
            call.reduced = self.part(rest, &path, at);
            if let (Some(reduced), Some(size)) = (call.reduced, size)
                && reduced >= size
            {
                let message = "what is left after the deadline must be less than the tranche";
                self.report.error(Code::BadValue, rest.span, message, format!("the tranche is {}", grouped(size)));
            }
        }
        self.terms.tranches.push(Tranche {
            path: Arc::clone(&path),
            name: tranche.name.text.clone(),
            of: Instrument::Investment(at.id),
            size: size.unwrap_or(Number::ZERO),
            vests,
            exercisable: None,
            outcomes: Vec::new(),
            fair_value: match at.above.or_else(|| at.award.then_some(Number::ONE)) {
                Some(part) => Formula::literal(part, Unit::none(), made.span),
                None => Formula::undisclosed(format!("{path}.fair_value"), Unit::none(), made.span),
            },
            modelled: None,
            band: clauses.band.take().flatten(),
            by,
            call,
            generated: made.origin.as_ref().map(|origin| (origin.span, origin.value)),
            support,
            span: made.span,
        });
        size.is_some()
    }

    fn calls<'t>(&mut self, tranche: &'t ast::Tranche, path: &str, at: &Invested, support: &mut Support) -> Calls<'t> {
        let mut found = Calls { called: Once::new("called"), by: Once::new("by"), band: Once::new("earned over") };
        for clause in &tranche.clauses {
            let (span, rests_on) = (clause.span, &clause.support);
            match &clause.kind {
                TrancheClauseKind::Called(by, when) => {
                    found.called.set((by.as_ref(), when.as_ref(), rests_on), span, &mut self.report);
                    continue;
                }
                TrancheClauseKind::By(date, rest) => found.by.set((date, rest.as_ref()), span, &mut self.report),
                TrancheClauseKind::EarnedOver(from, to, counter) => {
                    let band = self.earned_over(from, to, counter, path, &at.scope);
                    if !at.award && at.above.is_none() {
                        let message = "what is paid for is not earned by purchases";
                        let label = "only shares given `against nothing`, or bought above their `fair value`, are";
                        self.report.error(Code::BadValue, span, message, label);
                    }
                    found.band.set(band, span, &mut self.report);
                }
                // Clauses of warrants.
                _ => {}
            }
            let rests_on = self.support(rests_on);
            merge(support, rests_on);
        }
        found
    }

    /// A part of the amount, in its currency and its minor unit.
    fn part(&mut self, expr: &Expr, path: &str, at: &Invested) -> Option<Number> {
        let (number, unit) = self.money(expr, &at.scope, path)?;
        if !self.fits(&unit, expr.span, &at.currency, None) {
            return None;
        }
        if number.scale() > at.currency.precision().unwrap_or(2) {
            let message = format!("{} is not in the minor unit of {}", grouped(number), at.currency);
            return self.report.fail(Code::BadValue, expr.span, message, "fractions of a cent cannot be paid");
        }
        Some(number)
    }

    pub(super) fn parts_sum(&mut self, whole: Number, name: &ast::Name, span: Span, first: usize, unit: &Unit) {
        let sizes = self.terms.tranches.iter().skip(first).map(|t| t.size);
        let Ok(sum) = Number::sum(sizes) else { return };
        let Ok(difference) = whole.minus(sum) else { return };
        if difference.is_zero() {
            return;
        }
        let word = if difference.is_positive() { "missing" } else { "too many" };
        let message = format!(
            "the {} tranches of `{}` are {} {unit}, not {}: {} {word}",
            self.terms.tranches.len() - first,
            name.text,
            grouped(sum),
            grouped(whole),
            grouped(difference.abs()),
        );
        let error = Diagnostic::new(Code::SizesDoNotSum, span, message).label(format!("{} {unit}", grouped(whole)));
        self.report.push(error.help(format!("correct a size, or the total to `{}`", grouped(sum))));
    }

    /// `call TRANCHE [AMOUNT]`
    pub(super) fn call_line(&mut self, target: &ast::Path, amount: Option<&Expr>) -> Option<Fact> {
        let (tranche, unit) = self.invested(target)?;
        let amount = match amount {
            Some(amount) => Some(self.amount(amount, &unit, None)?),
            None => None,
        };
        Some(Fact::Call { tranche, amount })
    }

    /// `fund TRANCHE AMOUNT [by PARTY]`
    pub(super) fn fund_line(&mut self, target: &ast::Path, amount: &Expr, by: Option<&ast::Name>) -> Option<Fact> {
        let (tranche, unit) = self.invested(target)?;
        let amount = self.amount(amount, &unit, None);
        let by = match by {
            Some(name) => {
                let party = self.symbols.party(name, &mut self.report)?;
                let investment = self.terms.investment_of(tranche)?;
                if !investment.investors.iter().any(|(investor, _)| *investor == party) {
                    let message = format!("`{}` is not an investor of `{}`", name.text, investment.path);
                    return self.report.fail(Code::UnknownParty, name.span, message, "not named in the investment");
                }
                Some(party)
            }
            None => None,
        };
        Some(Fact::Fund { tranche, amount: amount?, by })
    }

    /// A tranche of an investment, with its currency.
    fn invested(&mut self, target: &ast::Path) -> Option<(TrancheId, Unit)> {
        let id = self.symbols.find(target, &Scope::default(), "tranche", as_tranche, &mut self.report)?;
        if self.terms.investment_of(id).is_none() {
            let message = format!("`{}` is a tranche of a warrant; it vests and is exercised", text(target));
            let label = "a tranche of an investment is needed here";
            return self.report.fail(Code::WrongKind, target.span, message, label);
        }
        let unit = self.terms.tranches.get(id.index()).map(|tranche| self.terms.tranche_unit(tranche))?;
        Some((id, unit))
    }
}
