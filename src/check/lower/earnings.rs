//! Earnings of a period as stated, and what earnings per share are worked out from.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::symbols::{Entity, Scope, as_class, text};
use crate::check::types::{Hint, constant};
use crate::num::Unit;
use crate::syntax::ast::{self, EarningsClauseKind, Expr};
use crate::terms::{ClassId, Earnings, Fact, Formula, Gain, Security, SecurityKind};
use crate::time::{Date, Period};

/// How low a value may go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Floor {
    /// Losses.
    None,
    /// Nothing.
    Zero,
    /// More than nothing.
    AboveZero,
}

impl Checker<'_> {
    /// `earnings PARTY PERIOD { … }`
    pub(super) fn earnings(&mut self, ast: &ast::Earnings, line: &ast::Line) -> Option<Fact> {
        let class = self.earner(&ast.of)?;
        let party = self.terms.parties.get(self.terms.classes.get(class.index())?.issuer.index())?;
        let currency = Unit::of(&party.currency);
        let Some(period) = party.fiscal.resolve(&ast.period) else {
            let message = format!("there is no period {}", ast.period);
            return self.report.fail(Code::BadValue, ast.span, message, "not a period");
        };
        let mut found = Earnings {
            class,
            period,
            continuing: None,
            net_income: None,
            preferred: None,
            weighted: None,
            average: None,
            securities: Vec::new(),
            participating: Vec::new(),
            gains: Vec::new(),
            span: line.span,
        };
        let price = self.price_unit(class);
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for clause in &ast.clauses {
            let key = match &clause.kind {
                EarningsClauseKind::Stated(word, _) => (*word).to_owned(),
                EarningsClauseKind::Security(security) => security.name.text.to_string(),
                EarningsClauseKind::Participating(one) => format!("participating {}", one.name.text),
                EarningsClauseKind::Gain(of, ..) => format!("gain {}", text(of)),
            };
            if let Some(first) = seen.insert(key.clone(), clause.span) {
                let error = Diagnostic::new(Code::ClauseTwice, clause.span, format!("`{key}` is given twice"));
                self.report.push(error.label("again here").also(first, "first here"));
                continue;
            }
            match &clause.kind {
                EarningsClauseKind::Stated(word, value) => {
                    let (slot, unit, floor) = match *word {
                        "continuing" => (&mut found.continuing, &currency, Floor::None),
                        "net_income" => (&mut found.net_income, &currency, Floor::None),
                        "preferred" => (&mut found.preferred, &currency, Floor::Zero),
                        "weighted" => (&mut found.weighted, &Unit::of("shares"), Floor::AboveZero),
                        _ => (&mut found.average, &price, Floor::AboveZero),
                    };
                    *slot = Some(self.stated(value, unit, floor, word));
                }
                EarningsClauseKind::Security(security) => {
                    found.securities.extend(self.security(security, period, (&currency, &price), clause.span));
                }
                EarningsClauseKind::Participating(one) => {
                    let one = self.participating(one, &currency);
                    found.participating.push(one);
                }
                EarningsClauseKind::Gain(of, amount, basic) => {
                    let amount = self.stated(amount, &currency, Floor::None, "gain");
                    let basic = basic.as_ref().map(|basic| self.stated(basic, &currency, Floor::None, "gain"));
                    let of = self.remeasured(of, ast);
                    found.gains.extend(of.map(|of| Gain { of, amount, basic }));
                }
            }
        }
        Some(Fact::Earnings(Arc::new(found)))
    }

    /// A class, or the first class of a party.
    fn earner(&mut self, path: &ast::Path) -> Option<ClassId> {
        let (Some(name), true) = (path.parts.first(), path.parts.len() == 1) else {
            return self.symbols.find(path, &Scope::default(), "class of shares", as_class, &mut self.report);
        };
        let party = self.symbols.party(name, &mut self.report)?;
        let class = (0u32..).map(ClassId).zip(&self.terms.classes).find(|(_, c)| c.issuer == party);
        class.map(|(id, _)| id).or_else(|| {
            let message = format!("`{}` has no shares to spread its earnings over", name.text);
            self.missing(name.span, message, "add `class common` to the party");
            None
        })
    }

    pub(super) fn stated(&mut self, expr: &Expr, unit: &Unit, floor: Floor, name: &str) -> Formula {
        let hint = Hint { unit: None, path: name, scope: &Scope::default() };
        let formula = self.value(expr, unit, None, &hint);
        let below = constant(&formula).is_some_and(|n| match floor {
            Floor::None => false,
            Floor::Zero => n.is_negative(),
            Floor::AboveZero => !n.is_positive(),
        });
        if below {
            let message =
                format!("`{name}` must be {}", if floor == Floor::Zero { "nil or more" } else { "above zero" });
            self.report.error(Code::NegativeQuantity, expr.span, message, "too low");
        }
        formula
    }

    fn security(
        &mut self,
        ast: &ast::Security,
        period: Period,
        (currency, price): (&Unit, &Unit),
        span: Span,
    ) -> Option<Security> {
        let shares = self.stated(&ast.shares, &Unit::of("shares"), Floor::Zero, &ast.name.text);
        let amount = |this: &mut Self, floor| {
            ast.amount.as_ref().map(|(word, value)| this.stated(value, currency, floor, &word.text))
        };
        let kind = match ast.kind {
            "options" => SecurityKind::Options {
                strike: self.stated(ast.strike.as_ref()?, price, Floor::Zero, "strike"),
                unrecognised: amount(self, Floor::Zero),
            },
            "convertible" => SecurityKind::Convertible {
                saved: amount(self, Floor::Zero),
                principal: ast.principal.as_ref().map(|(value, how)| {
                    (self.stated(value, currency, Floor::AboveZero, "principal"), &*how.text == "cash")
                }),
            },
            _ => SecurityKind::Increment { numerator: amount(self, Floor::None) },
        };
        let day = |this: &mut Self, date: &ast::DateLit| -> Option<Date> {
            let day = this.day(date);
            if period.contains(day) {
                return Some(day);
            }
            this.report.fail(Code::BadValue, date.span, format!("{day} is not in the period"), period.to_string())
        };
        let from = ast.from.as_ref().and_then(|date| day(self, date));
        let until = ast.until.as_ref().and_then(|date| day(self, date));
        if let (Some(from), Some(until), Some(written)) = (from, until, &ast.until)
            && until < from
        {
            let message = format!("`{}` ends before it begins", ast.name.text);
            self.report.error(Code::BadValue, written.span, message, format!("before {from}"));
        }
        Some(Security { name: ast.name.text.clone(), shares, kind, from, until, span })
    }

    /// The warrant or tranche of a contract, or the name of a security in the same line.
    fn remeasured(&mut self, path: &ast::Path, line: &ast::Earnings) -> Option<Arc<str>> {
        let name = text(path);
        let securities = line.clauses.iter().filter_map(|clause| match &clause.kind {
            EarningsClauseKind::Security(security) => Some(&security.name.text),
            _ => None,
        });
        if let Some(found) = securities.clone().find(|known| ***known == *name) {
            return Some(found.clone());
        }
        let pick = |entity| match entity {
            Entity::Warrant(_) | Entity::Tranche(_) => Some(()),
            _ => None,
        };
        self.symbols.find(path, &Scope::default(), "warrant, tranche or security", pick, &mut self.report)?;
        Some(name.into())
    }
}
