//! `check --sources`: what is stated without saying where it comes from.

use super::Checked;
use crate::base::{Code, Diagnostic, Diagnostics, Span};
use crate::syntax::ast::{
    self, ContractClauseKind, Expr, ExprKind, InstrumentClauseKind, ItemKind, SupplyClauseKind, Verb,
};
use crate::syntax::{self, ast::TrancheClauseKind};

/// A warning for every clause of a contract, actual price and assumption that states a value and rests on nothing:
/// neither `@ source` nor `assumed name`, on the value, its clause or a clause around it.
#[must_use]
pub fn unsourced(checked: &Checked) -> Diagnostics {
    let mut walk = Walk { found: Diagnostics::default() };
    for (id, file) in checked.sources.iter() {
        if checked.terms.prices.iter().any(|prices| prices.file == file.name) || file.name.ends_with(".csv") {
            continue;
        }
        for item in &syntax::parse(id, &file.text).0.items {
            walk.item(&item.kind, item.span);
        }
    }
    walk.found
}

struct Walk {
    found: Diagnostics,
}

impl Walk {
    fn item(&mut self, item: &ItemKind, span: Span) {
        match item {
            ItemKind::Contract(contract) => self.contract(&contract.clauses),
            // An assumption that says why rests on what it says.
            ItemKind::Assume(assume) if assume.why.is_some() => {}
            ItemKind::Assume(assume) => {
                let values: Vec<&Expr> = assume.value.iter().collect();
                self.values(&values, &assume.support, &format!("assumption `{}`", assume.name.text), span);
            }
            ItemKind::Line(line) => {
                let actual = line.basis.as_ref().is_none_or(|basis| &*basis.text == "actual");
                if let (Some(Verb::Price(_, price)), true) = (&line.verb, actual) {
                    self.values(&[price], &line.support, "price", line.span);
                }
            }
            ItemKind::Prices(prices) if prices.basis.as_ref().is_none_or(|basis| &*basis.text == "actual") => {
                self.stated(&prices.support, "price file", span);
            }
            _ => {}
        }
    }

    fn contract(&mut self, clauses: &[ast::ContractClause]) {
        for clause in clauses.iter().filter(|clause| rests_on_nothing(&clause.support)) {
            let (support, span) = (&clause.support, clause.span);
            match &clause.kind {
                ContractClauseKind::Signed(_) => self.stated(support, "`signed`", span),
                ContractClauseKind::Standing(_) => self.stated(support, "`standing`", span),
                ContractClauseKind::Supersedes(..) => self.stated(support, "`supersedes`", span),
                ContractClauseKind::Counter(counter) => {
                    self.stated(support, &format!("counter `{}`", counter.name.text), span)
                }
                ContractClauseKind::Supply(supply) => self.supply(supply),
                ContractClauseKind::Warrant(warrant) => {
                    let head = warrant.size.span.to(warrant.strike.span);
                    self.values(
                        &[&warrant.size, &warrant.strike],
                        support,
                        &format!("warrant `{}`", warrant.name.text),
                        head,
                    );
                    self.instrument(&warrant.clauses);
                }
                ContractClauseKind::Investment(investment) => {
                    let head = investment.amount.span.to(investment.class.span);
                    self.values(
                        &[&investment.amount],
                        support,
                        &format!("investment `{}`", investment.name.text),
                        head,
                    );
                    self.instrument(&investment.clauses);
                }
                ContractClauseKind::Credit(credit) => {
                    let what = format!("{} `{}`", credit.kind.words().0, credit.name.text);
                    self.stated(support, &what, credit.name.span);
                    for clause in &credit.clauses {
                        self.stated(&clause.support, &format!("clause of {what}"), clause.span);
                    }
                }
                ContractClauseKind::Covenant(covenant) => {
                    let what = format!("covenant `{}`", covenant.name.text);
                    self.stated(support, &what, covenant.name.span);
                }
                ContractClauseKind::Commitment(commitment) => {
                    self.values(
                        &[&commitment.amount],
                        support,
                        &format!("commitment `{}`", commitment.name.text),
                        span,
                    );
                }
                ContractClauseKind::Variable(variable) => {
                    self.stated(support, &format!("variable amount `{}`", variable.name.text), span);
                }
                ContractClauseKind::For(f) => self.contract(&f.body),
            }
        }
    }

    fn supply(&mut self, supply: &ast::Supply) {
        for clause in &supply.clauses {
            let (support, span) = (&clause.support, clause.span);
            match &clause.kind {
                SupplyClauseKind::Quantity(expr, _) => self.values(&[expr], support, "quantity", span),
                SupplyClauseKind::Price(expr) => self.values(&[expr], support, "price", span),
                SupplyClauseKind::FairValue(expr) => self.values(&[expr], support, "fair value", span),
                SupplyClauseKind::Pays(_) => self.stated(support, "payment term", span),
                SupplyClauseKind::Control(_) | SupplyClauseKind::Evenly(..) | SupplyClauseKind::ByProgress(_) => {
                    self.stated(support, "`control`", span);
                }
                SupplyClauseKind::Alone(expr) => self.values(&[expr], support, "stand-alone price", span),
                SupplyClauseKind::Minimum(minimum) => {
                    self.values(&[&minimum.quantity], support, "minimum", span);
                }
                SupplyClauseKind::Financing(expr) => self.values(&[expr], support, "financing", span),
                SupplyClauseKind::MaterialRight(expr, _) => self.values(&[expr], support, "material right", span),
            }
        }
    }

    fn instrument(&mut self, clauses: &[ast::InstrumentClause]) {
        for clause in clauses.iter().filter(|clause| rests_on_nothing(&clause.support)) {
            let (support, span) = (&clause.support, clause.span);
            match &clause.kind {
                InstrumentClauseKind::Granted(_) => self.stated(support, "`granted`", span),
                InstrumentClauseKind::Expires(_) => self.stated(support, "`expires`", span),
                InstrumentClauseKind::Exercise { cash, net } if *cash || *net => {
                    self.stated(support, "`exercise`", span)
                }
                InstrumentClauseKind::Exercise { .. } => {}
                InstrumentClauseKind::Splits(_) => self.stated(support, "what splits do", span),
                InstrumentClauseKind::Equity(clause) => self.stated(support, what(clause), span),
                InstrumentClauseKind::GivenFor(_) => self.stated(support, "what it is given for", span),
                InstrumentClauseKind::Consideration(..) => self.stated(support, "whose purchases it is for", span),
                InstrumentClauseKind::OwnershipCap(expr) => self.values(&[expr], support, "ownership cap", span),
                InstrumentClauseKind::ExercisableWhen(expr) => self.condition(expr, support, "`exercisable`", span),
                InstrumentClauseKind::FairValue(expr) => self.values(&[expr], support, "fair value", span),
                InstrumentClauseKind::Price(price) => self.values(&[&price.worth], support, "price", span),
                InstrumentClauseKind::Syndicated(share, _) => self.values(&[share], support, "syndication", span),
                InstrumentClauseKind::Observable(_) => self.stated(support, "`observable`", span),
                InstrumentClauseKind::Funded(_) => self.stated(support, "how it is funded", span),
                InstrumentClauseKind::Tranche(tranche) => {
                    self.values(
                        &[&tranche.size],
                        support,
                        &format!("tranche `{}`", tranche.name.text),
                        tranche.size.span,
                    );
                    self.tranche(&tranche.clauses);
                }
                InstrumentClauseKind::Tranches(tranches) => {
                    self.values(&[&tranches.size], support, "tranches", tranches.head.to(tranches.size.span));
                    self.tranche(&tranches.clauses);
                }
                InstrumentClauseKind::For(f) => self.instrument(&f.body),
            }
        }
    }

    fn tranche(&mut self, clauses: &[ast::TrancheClause]) {
        for clause in clauses {
            let (support, span) = (&clause.support, clause.span);
            match &clause.kind {
                TrancheClauseKind::VestsWhen(expr) => self.condition(expr, support, "`vests`", span),
                TrancheClauseKind::ExercisableWhen(expr) => self.condition(expr, support, "`exercisable`", span),
                TrancheClauseKind::FairValue(expr) | TrancheClauseKind::FairValueIf(_, expr) => {
                    self.values(&[expr], support, "fair value", span)
                }
                TrancheClauseKind::EarnedOver(from, to, _) => self.values(&[from, to], support, "`earned over`", span),
                TrancheClauseKind::Called(_, Some(when)) => self.condition(when, support, "`called`", span),
                TrancheClauseKind::Called(_, None) => self.stated(support, "`called`", span),
                TrancheClauseKind::By(..) => self.stated(support, "deadline", span),
            }
        }
    }

    /// A clause that states something whatever its values are.
    fn stated(&mut self, support: &ast::Support, what: &str, span: Span) {
        if rests_on_nothing(support) {
            self.warn(what, span);
        }
    }

    /// A clause that states something if it holds a number that rests on nothing.
    fn values(&mut self, values: &[&Expr], support: &ast::Support, what: &str, span: Span) {
        if rests_on_nothing(support) && values.iter().any(|value| has_bare_literal(value)) {
            self.warn(what, span);
        }
    }

    /// A condition without numbers still states what is needed.
    fn condition(&mut self, expr: &Expr, support: &ast::Support, what: &str, span: Span) {
        if rests_on_nothing(support) && (has_bare_literal(expr) || !has_supported(expr)) {
            self.warn(what, span);
        }
    }

    fn warn(&mut self, what: &str, span: Span) {
        let warning = Diagnostic::new(Code::Unsourced, span, format!("{what} has neither a source nor an assumption"));
        self.found.push(warning.help("add `@ source` or `assumed name` behind it"));
    }
}

fn rests_on_nothing(support: &ast::Support) -> bool {
    support.citations.is_empty() && support.assumed.is_empty()
}

/// Whether a number or date stands in it that nothing supports. Undisclosed terms are their own statement.
fn has_bare_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(..) | ExprKind::Date(_) | ExprKind::OnOrAfter(_) => true,
        ExprKind::Supported(inner, support) => rests_on_nothing(support) && has_bare_literal(inner),
        other => inside(other).into_iter().any(has_bare_literal),
    }
}

fn has_supported(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Supported(..)) || inside(&expr.kind).into_iter().any(has_supported)
}

/// The expressions directly inside.
fn inside(kind: &ExprKind) -> Vec<&Expr> {
    match kind {
        ExprKind::Paren(a)
        | ExprKind::Neg(a)
        | ExprKind::Field(a, _)
        | ExprKind::Latched(a, _)
        | ExprKind::Concurrent(a)
        | ExprKind::Supported(a, _) => vec![a],
        ExprKind::Binary(_, a, b) | ExprKind::Compare(_, a, b) => vec![a, b],
        ExprKind::Model(_, inputs) => inputs.iter().map(|(_, input)| input).collect(),
        ExprKind::Call(_, list) | ExprKind::And(list) | ExprKind::Or(list) => list.iter().collect(),
        _ => Vec::new(),
    }
}

fn what(clause: &ast::EquityClause) -> &'static str {
    match clause {
        ast::EquityClause::CheaperIssues(_) => "what cheaper issues do",
        ast::EquityClause::RoundsStrike(..) => "how a strike is rounded",
        ast::EquityClause::Fractions(_) => "what becomes of fractions",
        ast::EquityClause::Participates(_) => "what takes part in dividends",
        ast::EquityClause::Control(_) => "what a change of control does",
        ast::EquityClause::CapRises(..) => "how an ownership cap rises",
        ast::EquityClause::Transferable(_) => "to whom rights may be given",
    }
}
