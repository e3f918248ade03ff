//! What takes part in dividends: classes beside the common one, and securities that a party states.

use std::collections::{BTreeMap, BTreeSet};

use super::earnings::Floor;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::symbols::Scope;
use crate::check::types::{Hint, constant};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, Expr};
use crate::terms::{ClassId, Fact, Formula, Participating, PartyId};

impl Checker<'_> {
    /// `participates 2 / 3 and losses`: what a share of a class takes part as.
    pub(super) fn class_participates(&mut self, (ratio, losses): &(Expr, bool), path: &str) -> (Formula, bool) {
        let path = format!("{path}.participates");
        let hint = Hint { unit: None, path: &path, scope: &Scope::default() };
        let formula = self.value(ratio, &Unit::none(), None, &hint);
        if constant(&formula).is_some_and(|n: Number| !n.is_positive()) {
            let message = "a share takes part as so many common shares, more than none";
            self.report.error(Code::BadValue, ratio.span, message, "not above zero");
        }
        (formula, *losses)
    }

    /// Earnings are shared with classes whose number of shares nothing says.
    pub(super) fn participants_counted(&mut self) {
        let mut earning: BTreeMap<PartyId, Span> = BTreeMap::new();
        let mut counted: BTreeSet<ClassId> = self.terms.investments.iter().map(|i| i.class).collect();
        for line in &self.terms.lines {
            match &line.fact {
                Some(Fact::Open { shares, .. }) => counted.extend(shares.iter().map(|(class, _)| *class)),
                Some(Fact::Issue { class, .. }) => _ = counted.insert(*class),
                Some(Fact::Earnings(stated)) => {
                    let issuer = self.terms.classes.get(stated.class.index()).map(|class| class.issuer);
                    if let Some(issuer) = issuer {
                        earning.entry(issuer).or_insert(line.span);
                    }
                }
                _ => {}
            }
        }
        let classes = (0u32..).map(ClassId).zip(&self.terms.classes);
        for (_, class) in classes.filter(|(id, class)| class.participates.is_some() && !counted.contains(id)) {
            let Some(stated) = earning.get(&class.issuer) else { continue };
            let message = format!("`{}` takes part in dividends, and nothing says how many shares it has", class.path);
            let warning = Diagnostic::new(Code::AskShares, class.span, message).label("how many?");
            let help = format!("add `{} NUMBER shares` to the `open` line of its party", class.path);
            self.report.push(warning.also(*stated, "its earnings are shared with it").help(help));
        }
    }

    /// `participating NAME 5m shares, dividends 2m USD and losses`
    pub(super) fn participating(&mut self, ast: &ast::Participating, currency: &Unit) -> Participating {
        let shares = self.stated(&ast.shares, &Unit::of("shares"), Floor::Zero, &ast.name.text);
        let dividends = ast.dividends.as_ref().map(|paid| self.stated(paid, currency, Floor::Zero, "dividends"));
        Participating { name: ast.name.text.clone(), shares, dividends, losses: ast.losses }
    }
}
