//! Loans that are older than the books: what was outstanding on a day.

use super::Lent;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::report::Once;
use crate::syntax::ast::{self, Expr};
use crate::terms::{Maturity, Opening};

impl Checker<'_> {
    /// `outstanding AMOUNT on DATE, carried at AMOUNT`
    pub(super) fn opening_of(
        &mut self,
        amount: &Expr,
        date: &ast::DateLit,
        carried: Option<&Expr>,
        at: &Lent<'_>,
    ) -> Option<Opening> {
        let day = self.day(date);
        let (number, unit) = self.money(amount, &at.scope, &at.path)?;
        if unit != at.currency {
            let message = format!("`{}` is in {}, and this in {unit}", at.name.text, at.currency);
            return self.report.fail(Code::UnitMismatch, amount.span, message, "another currency");
        }
        if at.amount.is_some_and(|whole| number > whole) {
            let message = format!("more is outstanding than `{}` is of", at.name.text);
            return self.report.fail(Code::BadValue, amount.span, message, "more than was lent");
        }
        if day <= at.since {
            let message = format!("this was outstanding before it was signed, on {}", at.since);
            return self.report.fail(Code::BadValue, date.span, message, "a later day is needed here");
        }
        let carried = carried.map(|carried| self.lent_amount(carried, at));
        Some(Opening { date: day, amount: number, carried })
    }

    /// What is outstanding already is not drawn again, and its maturity is known.
    pub(super) fn opening_fits(
        &mut self,
        opening: &Once<Opening>,
        drawn: Option<Span>,
        fee: Option<Span>,
        matures: Option<(Maturity, Span)>,
    ) {
        let Some((opening, span)) = opening.entry() else { return };
        if let Some(drawn) = drawn {
            let error = Diagnostic::new(Code::ClauseTwice, drawn, "drawn, or outstanding already?").label("drawn");
            self.report.push(error.also(span, "outstanding").help("keep one; nothing before that day is replayed"));
        }
        if let Some(fee) = fee {
            let error = Diagnostic::new(Code::BadValue, fee, "what was paid for it at signing was paid before");
            let error = error.label("already paid").also(span, "outstanding from before");
            self.report.push(error.help("leave it out; `carried at` says what is left of it"));
        }
        match matures {
            Some((Maturity::After(_), at)) => {
                let message = "how long after which draw? What is outstanding was drawn before";
                let error = Diagnostic::new(Code::BadValue, at, message).label("a date is needed");
                self.report.push(error.also(span, "drawn before this day").help("write `matures DATE`"));
            }
            Some((Maturity::On(date), at)) if date <= opening.date => {
                let error = Diagnostic::new(Code::BadValue, span, "this is outstanding after its maturity");
                self.report.push(error.label("later").also(at, format!("matures {date}")));
            }
            _ => {}
        }
    }
}
