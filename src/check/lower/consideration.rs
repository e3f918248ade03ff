//! What the seller is entitled to: control over time, stand-alone prices, financing, variable amounts, modifications.

use super::supply::CONTROL;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::Program;
use crate::check::symbols::{Scope, as_supply, as_variable, text};
use crate::check::types::{Hint, constant, merge};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, Expr, SupplyClauseKind};
use crate::terms::{
    Fact, Formula, MaterialRight, Minimum, OverTime, Standing, Supply, SupplyId, Support, Treatment, Trigger, Variable,
    VariableId,
};
use crate::time::Period;

impl Checker<'_> {
    /// When control passes, and how over time.
    pub(super) fn control(&mut self, written: Option<&SupplyClauseKind>) -> (Trigger, Option<OverTime>) {
        let control = match written {
            Some(SupplyClauseKind::Control(word)) => {
                self.report.word(Code::WrongKind, word, "an event of a supply", &CONTROL)
            }
            Some(SupplyClauseKind::Evenly(from, to)) => {
                let period = Period { from: self.day(from), to: self.day(to) };
                if period.to < period.from {
                    let error = Diagnostic::new(Code::BadValue, to.span, "control passes to the end before it begins");
                    self.report.push(error.label("earlier").also(from.span, "than this").help("swap the two dates"));
                }
                return (Trigger::Delivery, Some(OverTime::Evenly(period)));
            }
            Some(SupplyClauseKind::ByProgress(_)) => return (Trigger::Delivery, Some(OverTime::Progress)),
            _ => None,
        };
        (control.unwrap_or(Trigger::Delivery), None)
    }

    /// What a unit sells for by itself, in the unit of the price.
    pub(super) fn alone(
        &mut self,
        written: Option<(&Expr, &ast::Support)>,
        price: &Formula,
        hint: &Hint,
    ) -> Option<Formula> {
        let (expr, support) = written?;
        let path = format!("{}.alone", hint.path);
        let hint = Hint { path: &path, ..hint.clone() };
        let because = Some((price.span, "the price is stated here".to_owned()));
        let mut formula = self.value(expr, &price.unit, because, &hint);
        if constant(&formula).is_some_and(|n| !n.is_positive()) {
            self.report.error(Code::BadValue, expr.span, "a stand-alone price must be above zero", "not a price");
        }
        let support = self.support(support);
        merge(&mut formula.support, support);
        Some(formula)
    }

    /// The rate of a separate financing, a year.
    pub(super) fn financing(&mut self, written: Option<(&Expr, &ast::Support)>, hint: &Hint) -> Option<Formula> {
        let (expr, support) = written?;
        let path = format!("{}.financing", hint.path);
        let hint = Hint { path: &path, ..hint.clone() };
        let mut formula = self.value(expr, &Unit::none(), None, &hint);
        if constant(&formula).is_some_and(|n| !n.is_positive() || n > Number::ONE) {
            let message = "a rate of financing lies above 0% and not above 100% a year";
            self.report.error(Code::BadValue, expr.span, message, "not a rate");
        }
        let support = self.support(support);
        merge(&mut formula.support, support);
        Some(formula)
    }

    /// What the option to buy a unit more sells for alone, in the unit of the price, and until when it can be taken.
    pub(super) fn material_right(
        &mut self,
        written: Option<(&Expr, &ast::DateLit, &ast::Support)>,
        price: &Formula,
        quantities: &[(Formula, Standing, Support)],
        hint: &Hint,
    ) -> Option<MaterialRight> {
        let (expr, until, support) = written?;
        let path = format!("{}.right", hint.path);
        let hint = Hint { path: &path, ..hint.clone() };
        let because = Some((price.span, "the price is stated here".to_owned()));
        let mut alone = self.value(expr, &price.unit, because, &hint);
        if constant(&alone).is_some_and(|n| !n.is_positive()) {
            self.report.error(Code::BadValue, expr.span, "a right that is worth nothing is none", "not above zero");
        }
        if !quantities.iter().any(|(_, standing, _)| standing.is_open()) {
            let error = Diagnostic::new(Code::BadValue, expr.span, "nothing can be bought under this right");
            self.report
                .push(error.label("a right to what?").help("add what it is about: `100 rack definitive option`"));
        }
        let support = self.support(support);
        merge(&mut alone.support, support);
        Some(MaterialRight { alone, until: self.day(until) })
    }

    /// What is paid for in each period, taken or not.
    pub(super) fn minimum(
        &mut self,
        written: Option<(&ast::Minimum, &ast::Support)>,
        unit: Option<&(Unit, Span)>,
        over: Option<OverTime>,
        hint: &Hint,
    ) -> Option<Minimum> {
        let ((written, support), (unit, place)) = (written?, unit?);
        let path = format!("{}.minimum", hint.path);
        let hint = Hint { path: &path, ..hint.clone() };
        let because = Some((*place, format!("supplied in {unit}")));
        let mut quantity = self.value(&written.quantity, unit, because, &hint);
        if constant(&quantity).is_some_and(|n| !n.is_positive()) {
            let message = "a minimum must be above zero";
            self.report.error(Code::BadValue, written.quantity.span, message, "not a quantity");
        }
        if over.is_some() {
            let error = Diagnostic::new(Code::BadValue, written.quantity.span, "what passes over time is not taken");
            let help = "write `control passes at delivery`, or leave `take or pay` away";
            self.report.push(error.label("a minimum to be taken").help(help));
        }
        let support = self.support(support);
        merge(&mut quantity.support, support);
        let words = [(1, "month"), (3, "quarter"), (12, "year")];
        let months = self.report.word(Code::WrongKind, &written.every, "a period of a minimum", &words)?;
        let (from, to) = (self.day(&written.from), self.day(&written.to));
        let make_up = written.make_up.as_ref().map(|date| (self.day(date), date.span));
        let mut ends = Vec::new();
        for end in (1..).map(|k| from.plus_months(months * k).prev()).take_while(|end| *end <= to) {
            // Dates end; a period that does not grow is the last.
            if ends.last().is_some_and(|last| *last >= end) {
                break;
            }
            ends.push(end);
        }
        if ends.last() != Some(&to) {
            let message = format!("no {} that begins on {from} ends on {to}", written.every.text);
            let error = Diagnostic::new(Code::BadValue, written.to.span, message).label("in the middle of a period");
            self.report
                .push(error.also(written.from.span, "counted from here").help("give the last day of a whole period"));
        }
        if let Some((_, span)) = make_up.filter(|(date, _)| *date < to) {
            let error = Diagnostic::new(Code::BadValue, span, "made up before the last minimum is due");
            self.report.push(error.label("earlier").also(written.to.span, "than this"));
        }
        Some(Minimum { quantity, ends, make_up: make_up.map(|(date, _)| date), beyond: written.beyond })
    }

    /// Lowers the variable amounts of all contracts.
    pub(super) fn variables(&mut self, program: &Program) {
        for (at, tree) in program.contracts.iter().enumerate() {
            let inside = self.inside(at, tree);
            for made in &tree.variables {
                self.report.origin.clone_from(&made.origin);
                let variable = &made.node;
                let own = |supply: &Supply| supply.contract == inside.id;
                let all = (0u32..).map(SupplyId).zip(&self.terms.supplies).filter(|(_, supply)| own(supply));
                let all: Vec<SupplyId> = all.map(|(id, _)| id).collect();
                let supplies = match &variable.of {
                    Some(path) => {
                        let found = self.symbols.find(path, &inside.scope, "supply", as_supply, &mut self.report);
                        if let Some(other) = found.filter(|id| !all.contains(id)) {
                            let other = self.terms.supplies.get(other.index()).map_or("", |s| &*s.path).to_owned();
                            let message = format!("`{other}` is not supplied under `{}`", inside.path);
                            self.report.error(Code::BadValue, path.span, message, "a supply of another contract");
                        }
                        found.into_iter().collect()
                    }
                    None => all,
                };
                if supplies.is_empty() && variable.of.is_none() {
                    let message = format!("`{}` belongs to no supply", variable.name.text);
                    self.missing(variable.name.span, message, "a contract with a variable amount supplies something");
                }
                let support = self.support(&made.support);
                self.terms.variables.push(Variable {
                    path: format!("{}.{}", inside.path, variable.name.text).into(),
                    contract: inside.id,
                    supplies,
                    expected: variable.expected,
                    support,
                    span: made.span,
                });
            }
        }
        self.report.origin = None;
    }

    /// `invoice`: of a supply counted by value, or of a variable amount.
    pub(super) fn invoice(&mut self, act: &ast::Act) -> Option<Fact> {
        let Some(variable) = self.symbols.fitting(&text(&act.supply), &Scope::default(), as_variable) else {
            return self.act(act, Trigger::Invoice);
        };
        let unit = self.currency_of(variable)?;
        let amount = self.amount(&act.quantity, &unit, None)?;
        Some(Fact::Charge { variable, amount })
    }

    /// `refund deal.goods 20m USD`: the seller gives back what it was paid.
    pub(super) fn refund(&mut self, act: &ast::Act) -> Option<Fact> {
        if let Some(name) = act.by.as_ref().or(act.group.as_ref()) {
            let message = "a refund goes from the seller to the buyer";
            return self.report.fail(Code::WrongKind, name.span, message, "remove this");
        }
        let Fact::Supply { supply, quantity: amount, .. } = self.act(act, Trigger::Payment)? else { return None };
        Some(Fact::Refund { supply, amount })
    }

    fn currency_of(&self, variable: VariableId) -> Option<Unit> {
        let first = self.terms.variables.get(variable.index())?.supplies.first()?;
        self.terms.supplies.get(first.index()).map(|supply| Unit::of(&supply.currency))
    }

    /// How far a supply that passes over time has come: a share, or a part of what the whole takes.
    pub(super) fn progress(&mut self, path: &ast::Path, done: &Expr, of: Option<&Expr>) -> Option<Fact> {
        let supply = self.symbols.find(path, &Scope::default(), "supply", as_supply, &mut self.report)?;
        let found = self.terms.supplies.get(supply.index())?;
        if found.over != Some(OverTime::Progress) {
            let error = Diagnostic::new(Code::WrongKind, path.span, format!("`{}` has no progress", found.path));
            let help = "write `control passes by progress` in it, or `deliver` what passed";
            self.report.push(error.label("control passes otherwise").also(found.span, "this supply").help(help));
            return None;
        }
        let Some(of) = of else {
            let done = self.amount(done, &Unit::none(), None)?;
            self.at_most_all(&done, &Formula::literal(Number::ONE, Unit::none(), done.span));
            return Some(Fact::Progress { supply, done, of: None });
        };
        let hint = Hint { unit: None, path: "progress", scope: &Scope::default() };
        let unit = self.typed(of, &hint)?.formula.unit;
        let because = Some((of.span, "the whole is stated here".to_owned()));
        let (done, of) = (self.amount(done, &unit, because)?, self.amount(of, &unit, None)?);
        self.at_most_all(&done, &of);
        Some(Fact::Progress { supply, done, of: Some(of) })
    }

    fn at_most_all(&mut self, done: &Formula, of: &Formula) {
        if constant(done).zip(constant(of)).is_some_and(|(done, of)| done > of) {
            let error = Diagnostic::new(Code::BadValue, done.span, "progress is more than the whole");
            self.report.push(error.label("above it").help("give at most 100%, or estimate the whole again"));
        }
    }

    /// A judgement of a variable amount: what may come, how probable, and what the constraint leaves.
    pub(super) fn estimate(
        &mut self,
        path: &ast::Path,
        outcomes: &[(Expr, Expr)],
        limit: Option<&Expr>,
    ) -> Option<Fact> {
        let variable = self.symbols.find(path, &Scope::default(), "variable amount", as_variable, &mut self.report)?;
        let unit = self.currency_of(variable)?;
        let hint = Hint { unit: None, path: "outcome", scope: &Scope::default() };
        let mut list: Vec<(Formula, Formula)> = Vec::new();
        for (amount, probability) in outcomes {
            let probability = self.amount(probability, &Unit::none(), None)?;
            list.push((probability, self.value(amount, &unit, None, &hint)));
        }
        let sum = Number::sum(list.iter().filter_map(|(probability, _)| constant(probability))).ok()?;
        if list.iter().all(|(probability, _)| constant(probability).is_some()) && sum != Number::ONE {
            let shown = Number::from_int(100).times(sum).map_or_else(|_| "?".to_owned(), |n| format!("{n}%"));
            let message = format!("the outcomes of `{}` are probable at {shown} together", text(path));
            let error = Diagnostic::new(Code::BadValue, path.span, message).label("not 100%");
            self.report.push(error.help("name every outcome, those of nothing too: `{ 1m USD at 60%; 0 USD at 40% }`"));
        }
        let limit = limit.map(|limit| self.value(limit, &unit, None, &hint));
        Some(Fact::Estimate { variable, outcomes: list, limit })
    }

    /// A modification: what is added, for how much, and how it is accounted for.
    pub(super) fn reprice(
        &mut self,
        path: &ast::Path,
        quantity: Option<&Expr>,
        amount: &Expr,
        how: &ast::Name,
    ) -> Option<Fact> {
        let treatment = self.report.word(Code::WrongKind, how, "a treatment of modifications", Treatment::ALL);
        let supply = self.symbols.find(path, &Scope::default(), "supply", as_supply, &mut self.report)?;
        let found = self.terms.supplies.get(supply.index())?;
        let (unit, currency, span) = (found.unit.clone(), Unit::of(&found.currency), found.span);
        let because = Some((span, format!("`{}` is supplied in {unit}", found.path)));
        let hint = Hint { unit: None, path: "quantity", scope: &Scope::default() };
        let quantity = quantity.map(|quantity| self.value(quantity, &unit, because, &hint));
        let hint = Hint { unit: None, path: "amount", scope: &Scope::default() };
        let amount = self.value(amount, &currency, None, &hint);
        let added = quantity.as_ref().is_some_and(|q| constant(q).is_none_or(Number::is_positive));
        if !added && treatment == Some(Treatment::Separately) {
            self.nothing_added(how.span);
        }
        Some(Fact::Modify { supply, quantity, amount, treatment: treatment? })
    }

    fn nothing_added(&mut self, span: Span) {
        let error = Diagnostic::new(Code::BadValue, span, "a contract of its own adds something to what is supplied");
        self.report.push(
            error.label("nothing is added").help("give the quantity, or write `prospectively` or `cumulatively`"),
        );
    }
}
