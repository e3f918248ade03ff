//! What a price series quotes: a close, a rate of exchange, a valuation.

use crate::base::{Code, Diagnostic};
use crate::check::Checker;
use crate::check::symbols::text;
use crate::num::Unit;
use crate::syntax::ast;
use crate::terms::Quoted;

impl Checker<'_> {
    /// A series by its name; `None` after an error.
    pub(super) fn quoted(&mut self, of: &ast::Quoted) -> Option<Quoted> {
        match &of.kind {
            ast::QuotedKind::Close(path) => self.class_path(path).map(Quoted::Close),
            ast::QuotedKind::Valuation(name) => self.symbols.party(name, &mut self.report).map(Quoted::Valuation),
            ast::QuotedKind::Benchmark(name) => Some(Quoted::Benchmark(name.text.clone())),
            ast::QuotedKind::Rate(one, other) => {
                let (first, second) = (self.currency_word(one), self.currency_word(other));
                let (first, second) = (first?, second?);
                if first == second {
                    let message = format!("the rate of `{first}` in itself is always one");
                    return self.report.fail(Code::BadValue, other.span, message, "another currency is needed");
                }
                Some(Quoted::Rate(first.to_string().into(), second.to_string().into()))
            }
            ast::QuotedKind::Bare(path) => {
                let fix = format!("close({})", text(path));
                let error =
                    Diagnostic::new(Code::AskPrice, of.span, "which price is this?").help(format!("write `{fix}`"));
                self.report.push(error.fix(of.span, fix));
                None
            }
        }
    }

    /// The unit of a series.
    pub(super) fn quoted_unit(&self, of: &Quoted) -> Unit {
        match of {
            Quoted::Close(class) => self.price_unit(*class),
            Quoted::Rate(one, other) => Unit::per(other, one),
            Quoted::Benchmark(_) => Unit::none(),
            Quoted::Valuation(party) => {
                Unit::of(self.terms.parties.get(party.index()).map_or("USD", |party| &party.currency))
            }
        }
    }
}
