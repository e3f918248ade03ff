//! A `for` variable replaced in the tree.

use std::sync::Arc;

use crate::num::Number;
use crate::syntax::ast::{self, ExprKind};

/// A variable and its value.
pub(super) struct Binding {
    name: Arc<str>,
    hole: String,
    value: i64,
}

impl Binding {
    pub fn new(name: &Arc<str>, value: i64) -> Self {
        Self { name: Arc::clone(name), hole: format!("{{{name}}}"), value }
    }
}

/// What a variable can be replaced in.
pub(super) trait Substitute {
    /// Replaces the variable: by its number in values, by its digits in the holes of names.
    fn substitute(&mut self, with: &Binding);
}

impl Substitute for ast::Name {
    fn substitute(&mut self, with: &Binding) {
        if self.text.contains(&with.hole) {
            self.text = self.text.replace(&with.hole, &with.value.to_string()).into();
        }
    }
}

impl Substitute for ast::Path {
    fn substitute(&mut self, with: &Binding) {
        self.parts.substitute(with);
    }
}

impl<T: Substitute> Substitute for Vec<T> {
    fn substitute(&mut self, with: &Binding) {
        self.iter_mut().for_each(|node| node.substitute(with));
    }
}

impl<T: Substitute> Substitute for Option<T> {
    fn substitute(&mut self, with: &Binding) {
        self.iter_mut().for_each(|node| node.substitute(with));
    }
}

impl<T: Substitute> Substitute for ast::For<T> {
    fn substitute(&mut self, with: &Binding) {
        if self.variable.text != with.name {
            self.body.substitute(with);
        }
    }
}

impl Substitute for ast::UnitLit {
    fn substitute(&mut self, with: &Binding) {
        self.of.substitute(with);
    }
}

impl Substitute for ast::Expr {
    fn substitute(&mut self, with: &Binding) {
        match &mut self.kind {
            ExprKind::Path(path) => match path.parts.as_slice() {
                [only] if only.text == with.name => {
                    self.kind = ExprKind::Number(Number::from_int(with.value), None);
                }
                _ => path.substitute(with),
            },
            ExprKind::Number(_, unit) | ExprKind::Undisclosed(unit) => unit.substitute(with),
            ExprKind::Call(_, args) | ExprKind::And(args) | ExprKind::Or(args) => args.substitute(with),
            ExprKind::Model(_, inputs) => inputs.iter_mut().for_each(|(_, input)| input.substitute(with)),
            ExprKind::Field(a, _)
            | ExprKind::Neg(a)
            | ExprKind::Latched(a, _)
            | ExprKind::Concurrent(a)
            | ExprKind::Supported(a, _)
            | ExprKind::Paren(a) => a.substitute(with),
            ExprKind::Binary(_, a, b) | ExprKind::Compare(_, a, b) => {
                a.substitute(with);
                b.substitute(with);
            }
            ExprKind::Fact(fact) => {
                fact.head.substitute(with);
                fact.item.substitute(with);
            }
            ExprKind::Attested(name) => name.substitute(with),
            ExprKind::Reached(path, _) => path.substitute(with),
            ExprKind::Date(_) | ExprKind::Text(_) | ExprKind::OnOrAfter(_) | ExprKind::AtSigning => {}
        }
    }
}

impl Substitute for ast::ContractClause {
    fn substitute(&mut self, with: &Binding) {
        match &mut self.kind {
            ast::ContractClauseKind::Signed(_) | ast::ContractClauseKind::Standing(_) => {}
            ast::ContractClauseKind::Supply(supply) => {
                supply.name.substitute(with);
                supply.clauses.iter_mut().for_each(|clause| supply_clause(&mut clause.kind, with));
            }
            ast::ContractClauseKind::Counter(counter) => {
                counter.name.substitute(with);
                counter.supply.substitute(with);
                counter.by.substitute(with);
            }
            ast::ContractClauseKind::Warrant(warrant) => {
                warrant.name.substitute(with);
                warrant.size.substitute(with);
                warrant.strike.substitute(with);
                warrant.issuer.substitute(with);
                warrant.holder.substitute(with);
                warrant.clauses.substitute(with);
            }
            ast::ContractClauseKind::Investment(investment) => {
                investment.name.substitute(with);
                investment.amount.substitute(with);
                investment.class.substitute(with);
                investment.company.substitute(with);
                investment.investor.substitute(with);
                investment.clauses.substitute(with);
            }
            ast::ContractClauseKind::Credit(credit) => credit.substitute(with),
            ast::ContractClauseKind::Variable(variable) => {
                variable.name.substitute(with);
                variable.of.substitute(with);
            }
            ast::ContractClauseKind::Covenant(covenant) => covenant.substitute(with),
            ast::ContractClauseKind::Commitment(commitment) => {
                commitment.name.substitute(with);
                commitment.amount.substitute(with);
                commitment.from.substitute(with);
                commitment.to.substitute(with);
            }
            ast::ContractClauseKind::Supersedes(path, _) => path.substitute(with),
            ast::ContractClauseKind::For(f) => f.substitute(with),
        }
    }
}

fn supply_clause(kind: &mut ast::SupplyClauseKind, with: &Binding) {
    match kind {
        ast::SupplyClauseKind::Quantity(expr, _)
        | ast::SupplyClauseKind::FairValue(expr)
        | ast::SupplyClauseKind::Price(expr)
        | ast::SupplyClauseKind::Alone(expr)
        | ast::SupplyClauseKind::MaterialRight(expr, _)
        | ast::SupplyClauseKind::Financing(expr) => expr.substitute(with),
        ast::SupplyClauseKind::Pays(pays) => pays.share.substitute(with),
        ast::SupplyClauseKind::Minimum(minimum) => minimum.quantity.substitute(with),
        ast::SupplyClauseKind::Control(_)
        | ast::SupplyClauseKind::Evenly(..)
        | ast::SupplyClauseKind::ByProgress(_) => {}
    }
}

impl Substitute for ast::InstrumentClause {
    fn substitute(&mut self, with: &Binding) {
        match &mut self.kind {
            ast::InstrumentClauseKind::Granted(_)
            | ast::InstrumentClauseKind::Expires(_)
            | ast::InstrumentClauseKind::Exercise { .. }
            | ast::InstrumentClauseKind::Splits(_) => {}
            ast::InstrumentClauseKind::GivenFor(path) | ast::InstrumentClauseKind::Consideration(path, _) => {
                path.substitute(with)
            }
            ast::InstrumentClauseKind::ExercisableWhen(expr)
            | ast::InstrumentClauseKind::FairValue(expr)
            | ast::InstrumentClauseKind::OwnershipCap(expr) => expr.substitute(with),
            ast::InstrumentClauseKind::Equity(clause) => equity_clause(clause, with),
            ast::InstrumentClauseKind::Price(price) => {
                price.worth.substitute(with);
                if let Some((_, round)) = &mut price.money {
                    round.substitute(with);
                }
            }
            ast::InstrumentClauseKind::Syndicated(share, to) => {
                share.substitute(with);
                to.substitute(with);
            }
            ast::InstrumentClauseKind::Funded(funded) => funded.class.substitute(with),
            ast::InstrumentClauseKind::Observable(of) => {
                if let Some((class, price)) = of {
                    class.substitute(with);
                    price.substitute(with);
                }
            }
            ast::InstrumentClauseKind::Tranche(tranche) => {
                tranche.name.substitute(with);
                tranche.size.substitute(with);
                tranche.clauses.substitute(with);
            }
            ast::InstrumentClauseKind::Tranches(tranches) => {
                tranches.stem.substitute(with);
                if tranches.variable.text != with.name {
                    tranches.size.substitute(with);
                    tranches.clauses.substitute(with);
                }
            }
            ast::InstrumentClauseKind::For(f) => f.substitute(with),
        }
    }
}

fn equity_clause(clause: &mut ast::EquityClause, with: &Binding) {
    match clause {
        ast::EquityClause::CheaperIssues(issues) => {
            issues.of.substitute(with);
            issues.except.substitute(with);
        }
        ast::EquityClause::RoundsStrike(step, _)
        | ast::EquityClause::CapRises(step, _)
        | ast::EquityClause::Control(ast::OnControl::To(step)) => step.substitute(with),
        ast::EquityClause::Control(_) => {}
        ast::EquityClause::Participates(_) | ast::EquityClause::Fractions(_) | ast::EquityClause::Transferable(_) => {}
    }
}

impl Substitute for ast::TrancheClause {
    fn substitute(&mut self, with: &Binding) {
        match &mut self.kind {
            ast::TrancheClauseKind::VestsWhen(expr)
            | ast::TrancheClauseKind::ExercisableWhen(expr)
            | ast::TrancheClauseKind::FairValueIf(_, expr)
            | ast::TrancheClauseKind::FairValue(expr) => expr.substitute(with),
            ast::TrancheClauseKind::EarnedOver(from, to, counter) => {
                from.substitute(with);
                to.substitute(with);
                counter.substitute(with);
            }
            ast::TrancheClauseKind::Called(by, when) => {
                by.substitute(with);
                when.substitute(with);
            }
            ast::TrancheClauseKind::By(_, size) => size.substitute(with),
        }
    }
}
