//! Loans: drawn when, repaid when, at which rate; and the lines that draw and repay.

use std::sync::Arc;

use super::{Lent, Shape};
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::lower::contract::Inside;
use crate::check::report::Once;
use crate::check::symbols::{Scope, as_tranche, text};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, BinaryOp, CreditClauseKind as Kind, Expr, ExprKind};
use crate::terms::{CreditKind, Fact, Formula, FormulaKind, Gate, Loan, Maturity, Rate, Support, TrancheId};
use crate::time::DayCount;

/// Months between payments.
const STEPS: [(i32, &str); 4] = [(1, "month"), (3, "quarter"), (6, "half_year"), (12, "year")];

impl Checker<'_> {
    pub(super) fn loan(
        &mut self,
        clauses: &[ast::CreditClause],
        at: &Lent<'_>,
        inside: &Inside,
        support: &mut Support,
    ) -> Shape {
        let (mut drawn, mut available) = (Once::new("drawn"), Once::new("available"));
        let (mut matures, mut evenly, mut interest) =
            (Once::new("matures"), Once::new("repaid"), Once::new("interest"));
        let (mut follows, mut issued) = (Once::new("effective rate"), Once::new("issued at"));
        let mut opening = Once::new("outstanding");
        let (mut undrawn, mut worth, mut fees) = (Once::new("undrawn fee"), Once::new("fair value"), Vec::new());
        for clause in clauses {
            let span = clause.span;
            match &clause.kind {
                Kind::Drawn(expr) => drawn.set(self.lent_gate(expr, at, inside, support), span, &mut self.report),
                Kind::Available(from, to, when) => {
                    let from = from.as_ref().map_or(at.since, |from| self.day(from));
                    let found = (from, self.day(to));
                    if found.1 <= found.0 {
                        let message = "nothing can be drawn in this time";
                        self.report.error(Code::BadValue, to.span, message, format!("available from {from} on"));
                    }
                    let gate = when.as_ref().map(|when| self.lent_gate(when, at, inside, support));
                    available.set((found, gate), span, &mut self.report);
                }
                Kind::Outstanding(amount, date, carried) => {
                    if let Some(found) = self.opening_of(amount, date, carried.as_ref(), at) {
                        opening.set(found, span, &mut self.report);
                    }
                }
                Kind::Matures(date) => {
                    let day = self.day(date);
                    if day <= at.since {
                        let message = format!("it is repaid before it was signed, on {}", at.since);
                        self.report.error(Code::BadValue, date.span, message, "earlier");
                    }
                    matures.set(Maturity::On(day), span, &mut self.report);
                }
                Kind::MaturesAfter(count, unit) => {
                    let months = if unit.text.starts_with("year") { count.saturating_mul(12) } else { *count };
                    match i32::try_from(months).ok().filter(|months| (1..=1_200).contains(months)) {
                        Some(months) => matures.set(Maturity::After(months), span, &mut self.report),
                        None => self.report.error(
                            Code::BadValue,
                            span,
                            "a loan runs from 1 month to 100 years",
                            "not so long",
                        ),
                    }
                }
                Kind::Repaid(from) => {
                    let from = from.as_ref().map(|from| self.day(from));
                    evenly.set(from, span, &mut self.report);
                }
                Kind::Interest(rate) => {
                    let found = self.paid_rate(rate, span, None, at);
                    interest.set(found, span, &mut self.report);
                }
                Kind::Effective(changes) => follows.set(*changes, span, &mut self.report),
                Kind::Issued(expr) => {
                    let found =
                        self.lent_rate(expr, "issue price", at, |share| share.is_positive() && share <= Number::ONE);
                    issued.set(found, span, &mut self.report);
                }
                Kind::Fee(expr) => fees.push((true, self.lent_amount(expr, at))),
                Kind::Costs(expr) => fees.push((false, self.lent_amount(expr, at))),
                Kind::Undrawn(rate) => undrawn.set((rate, span), span, &mut self.report),
                Kind::FairValue(expr) => worth.set(self.lent_amount(expr, at), span, &mut self.report),
                // Clauses of leases and guarantees.
                _ => {}
            }
        }
        if let (Some((_, one)), Some((_, other))) = (drawn.entry(), available.entry()) {
            let error = Diagnostic::new(Code::ClauseTwice, other, "drawn by itself, or by lines?").label("by lines");
            self.report.push(error.also(one, "by itself").help("keep one"));
        }
        let before = clauses.iter().find(|c| matches!(c.kind, Kind::Fee(_) | Kind::Costs(_))).map(|c| c.span);
        let matured = matures.entry().map(|(matures, span)| (*matures, span));
        self.opening_fits(&opening, drawn.entry().map(|(_, span)| span), before, matured);
        if drawn.get().is_none() && available.get().is_none() && opening.get().is_none() {
            let help = "add `drawn at signing`, `drawn on DATE`, `drawn when …`, or `available to DATE` and `draw` lines; of an older loan `outstanding AMOUNT on DATE`";
            self.missing(at.name.span, format!("when is `{}` drawn?", at.name.text), help);
        }
        let maturity = matures.take();
        if maturity.is_none() {
            let help = "add `matures DATE`, or `matures 5 years after draw`";
            self.missing(at.name.span, format!("when is `{}` repaid?", at.name.text), help);
        }
        let interest = interest.take().unwrap_or_else(|| {
            let help = "add `interest 8% every year, thirty_360`, or `undisclosed` in place of the rate";
            self.missing(at.name.span, format!("`{}` does not say what interest it pays", at.name.text), help);
            Rate { rate: unsaid(at), benchmark: None, months: 12, count: DayCount::Act365 }
        });
        match (&interest.benchmark, follows.entry()) {
            (Some(_), None) => {
                let message = format!(
                    "is the effective rate of `{}` that of the draw, or does it follow the benchmark?",
                    at.name.text
                );
                let help = "add `effective rate at inception` or `effective rate as it changes`";
                self.report.push(Diagnostic::new(Code::AskEffectiveRate, at.name.span, message).help(help));
            }
            (None, Some((_, span))) => {
                let message = "a fixed rate does not change";
                self.report.error(Code::BadValue, span, message, "only of a loan with a `benchmark`");
            }
            _ => {}
        }
        if let (Some((_, span)), None) = (undrawn.entry(), available.get()) {
            let message = "nothing stays undrawn of what is drawn at once";
            self.report.error(Code::BadValue, span, message, "only of what is `available`");
        }
        let undrawn = undrawn.take().map(|(rate, span)| self.paid_rate(rate, span, Some(interest.count), at));
        let (window, gate) = match available.take() {
            Some((window, gate)) => (Some(window), gate.unwrap_or(Gate::All(Vec::new()))),
            None => (None, drawn.take().unwrap_or(Gate::All(Vec::new()))),
        };
        let opening = opening.take();
        // What an older loan did not leave to be drawn has lapsed.
        let by = window.map(|(_, to)| to).or(opening.as_ref().map(|opening| opening.date));
        Shape {
            kind: CreditKind::Loan(Box::new(Loan {
                opening,
                available: window,
                matures: maturity.unwrap_or(Maturity::After(12)),
                evenly: evenly.take().flatten(),
                interest,
                follows: follows.take().unwrap_or(false),
                issued: issued.take(),
                fees,
                undrawn,
                fair_value: worth.take(),
            })),
            gate,
            by,
            size: None,
            band: None,
        }
    }

    /// `RATE every STEP, COUNT`; `benchmark(NAME)` in the rate makes it float.
    fn paid_rate(&mut self, written: &ast::Rate, span: Span, count: Option<DayCount>, at: &Lent<'_>) -> Rate {
        let (benchmark, margin) = apart(&written.rate);
        let rate = match margin {
            Some((margin, minus)) => {
                let found = self.yearly_rate(margin, at);
                if minus { negated(found) } else { found }
            }
            None => Formula::literal(Number::ZERO, Unit::none(), span),
        };
        let months = self.report.word(Code::WrongKind, &written.every, "a period of interest", &STEPS).unwrap_or(12);
        let said = written.count.as_ref();
        let said = said.map(|word| self.report.word(Code::WrongKind, word, "a day count", DayCount::ALL));
        let count = said.map_or(count, |said| said.or(Some(DayCount::Act365)));
        let count = count.unwrap_or_else(|| {
            let end = Span::new(span.source, span.end, span.end);
            let error = Diagnostic::new(Code::AskDayCount, span, Code::AskDayCount.title()).label("over which year?");
            let error =
                error.help("such as `, act_360` for loans on a benchmark, `, thirty_360` for bonds of companies");
            self.report.push(error.fix(end, ", act_360").fix(end, ", thirty_360"));
            DayCount::Act365
        });
        Rate { rate, benchmark, months, count }
    }

    /// `draw LOAN AMOUNT`
    pub(in crate::check::lower) fn draw_line(&mut self, target: &ast::Path, amount: &Expr) -> Option<Fact> {
        let (tranche, unit) = self.lent(target)?;
        let by_lines =
            self.terms.credit_of(tranche).and_then(|c| c.loan()).is_some_and(|loan| loan.available.is_some());
        if !by_lines {
            let message = format!("`{}` is drawn when its condition is met", text(target));
            return self.report.fail(
                Code::WrongKind,
                target.span,
                message,
                "only what is `available` is drawn by lines",
            );
        }
        let amount = self.amount(amount, &unit, None)?;
        Some(Fact::Draw { tranche, amount })
    }

    /// `repay LOAN AMOUNT`
    pub(in crate::check::lower) fn repay_line(&mut self, target: &ast::Path, amount: &Expr) -> Option<Fact> {
        let (tranche, unit) = self.lent(target)?;
        let amount = self.amount(amount, &unit, None)?;
        Some(Fact::Repay { tranche, amount })
    }

    fn lent(&mut self, target: &ast::Path) -> Option<(TrancheId, Unit)> {
        let id = self.symbols.find(target, &Scope::default(), "loan", as_tranche, &mut self.report)?;
        match self.terms.credit_of(id).filter(|credit| credit.loan().is_some()) {
            Some(credit) => Some((id, Unit::of(&credit.currency))),
            None => {
                let message = format!("`{}` is no loan", text(target));
                self.report.fail(Code::WrongKind, target.span, message, "a loan is needed here")
            }
        }
    }
}

/// The benchmark of a rate, and what is added (or taken off, true).
fn apart(expr: &Expr) -> (Option<Arc<str>>, Option<(&Expr, bool)>) {
    match &expr.kind {
        ExprKind::Paren(inner) | ExprKind::Supported(inner, _) if named(inner).is_some() => (named(inner), None),
        ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Sub), a, b) => match (named(a), named(b)) {
            (Some(name), _) => (Some(name), Some((&**b, *op == BinaryOp::Sub))),
            (None, Some(name)) if *op == BinaryOp::Add => (Some(name), Some((&**a, false))),
            _ => (None, Some((expr, false))),
        },
        _ => match named(expr) {
            Some(name) => (Some(name), None),
            None => (None, Some((expr, false))),
        },
    }
}

/// `benchmark(NAME)`
fn named(expr: &Expr) -> Option<Arc<str>> {
    match &expr.kind {
        ExprKind::Paren(inner) | ExprKind::Supported(inner, _) => named(inner),
        ExprKind::Call(function, args) if &*function.text == "benchmark" => match args.as_slice() {
            [Expr { kind: ExprKind::Path(path), .. }] => Some(text(path).into()),
            _ => None,
        },
        _ => None,
    }
}

fn negated(formula: Formula) -> Formula {
    let (unit, support, span) = (formula.unit.clone(), formula.support.clone(), formula.span);
    Formula { kind: FormulaKind::Neg(Box::new(formula)), unit, support, span }
}

fn unsaid(at: &Lent<'_>) -> Formula {
    Formula::undisclosed(format!("{}.interest", at.path), Unit::none(), at.span)
}
