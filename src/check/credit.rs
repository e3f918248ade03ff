//! What the walks over a contract do with a loan, a lease, a guarantee or a covenant: replacing a `for` variable.

use super::substitute::{Binding, Substitute};
use crate::syntax::ast::{Covenant, CovenantClauseKind, Credit, CreditClause, CreditClauseKind as Kind};

impl Substitute for Credit {
    fn substitute(&mut self, with: &Binding) {
        self.name.substitute(with);
        self.amount.substitute(with);
        self.members.iter_mut().for_each(|(_, party)| party.substitute(with));
        self.clauses.substitute(with);
    }
}

impl Substitute for CreditClause {
    fn substitute(&mut self, with: &Binding) {
        match &mut self.kind {
            Kind::Drawn(expr)
            | Kind::Issued(expr)
            | Kind::Fee(expr)
            | Kind::Costs(expr)
            | Kind::FairValue(expr)
            | Kind::Rate(expr)
            | Kind::Escrow(expr) => expr.substitute(with),
            Kind::Outstanding(amount, _, carried) => {
                amount.substitute(with);
                carried.substitute(with);
            }
            Kind::Available(_, _, when) => when.substitute(with),
            Kind::Interest(rate) | Kind::Undrawn(rate) => rate.rate.substitute(with),
            Kind::Payments(every) => every.amount.substitute(with),
            Kind::EarnedOver(from, to, counter) => {
                from.substitute(with);
                to.substitute(with);
                counter.substitute(with);
            }
            Kind::Matures(_) | Kind::MaturesAfter(..) | Kind::Repaid(_) | Kind::Effective(_) | Kind::Term(..) => {}
        }
    }
}

impl Substitute for Covenant {
    fn substitute(&mut self, with: &Binding) {
        self.name.substitute(with);
        self.party.substitute(with);
        for clause in &mut self.clauses {
            match &mut clause.kind {
                CovenantClauseKind::Measure(name, expr) => {
                    name.substitute(with);
                    expr.substitute(with);
                }
                CovenantClauseKind::Test(expr) => expr.substitute(with),
                CovenantClauseKind::On(_) | CovenantClauseKind::Every(..) | CovenantClauseKind::Over(..) => {}
            }
        }
    }
}
