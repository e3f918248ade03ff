//! Holdings: what lines say about companies of which somebody holds shares, and how books measure them.

use std::sync::Arc;

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::symbols::{Scope, as_class, as_party, text};
use crate::check::types::{Hint, constant};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, Expr};
use crate::terms::{
    Book, Change, ClassId, EquityFact, EstimateKind, Fact, Finding, Formula, Funding, HoldingChoice, HoldingClass,
    HoldingFact, HoldingMethod, Mirror, PartyId, StakeId,
};

impl Checker<'_> {
    /// Numbers every holding that a contract can make.
    pub(super) fn holdings(&mut self) {
        let mut found: Vec<(PartyId, ClassId)> = Vec::new();
        for investment in &self.terms.investments {
            found.extend(investment.investors.iter().map(|(investor, _)| (*investor, investment.class)));
            if let Funding::Shares(class) = investment.funding {
                found.push((investment.company, class));
            }
        }
        found.extend(self.terms.warrants.iter().map(|warrant| (warrant.holder, warrant.class)));
        for (holder, class) in found {
            self.stake(holder, class);
        }
    }

    /// Numbers the holdings of those who get rights or other shares by a line.
    pub(super) fn holdings_passed_on(&mut self) {
        let changes = self.terms.scenarios.iter().flat_map(|scenario| &scenario.changes);
        let added = changes.filter_map(|(change, _)| match change {
            Change::Add(line) => Some(&**line),
            _ => None,
        });
        let lines = self.terms.lines.iter().chain(added);
        let facts: Vec<EquityFact> = lines
            .filter_map(|line| match &line.fact {
                Some(Fact::Equity(fact)) => Some(fact.clone()),
                _ => None,
            })
            .collect();
        for fact in facts {
            match fact {
                EquityFact::Assign { tranches, to, .. } => {
                    let class = tranches.first().and_then(|id| self.terms.warrant_of(*id)).map(|warrant| warrant.class);
                    class.map(|class| self.stake(to, class));
                }
                EquityFact::Convert { from, into, .. } => {
                    let of = self.terms.stakes.of(from).to_vec();
                    let holders = of.iter().filter_map(|id| self.terms.stakes.get(*id)).map(|stake| stake.holder);
                    for holder in holders.collect::<Vec<_>>() {
                        self.stake(holder, into);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn stake(&mut self, holder: PartyId, class: ClassId) -> StakeId {
        let path = self.terms.classes.get(class.index()).map_or_else(|| "".into(), |class| class.path.clone());
        self.terms.stakes.open(holder, class, &path)
    }

    /// `Fund.Startup.common`, if the path begins with a party and goes on with a class.
    pub(super) fn holding_at(&mut self, path: &ast::Path) -> Option<StakeId> {
        let (first, rest) = path.parts.split_first()?;
        let holder = self.symbols.fitting(&first.text, &Scope::default(), as_party)?;
        let rest = ast::Path { parts: rest.to_vec(), span: path.span };
        let class = self.symbols.fitting(&text(&rest), &Scope::default(), as_class)?;
        Some(self.stake(holder, class))
    }

    fn holding_named(&mut self, path: &ast::Path) -> Option<StakeId> {
        if let Some(found) = self.holding_at(path) {
            return Some(found);
        }
        let message = format!("`{}` is not a holding", text(path));
        let error = Diagnostic::new(Code::UnknownName, path.span, message).label("whose, and of which class?");
        self.report.push(error.help("write the holder and the class, such as `Fund.Startup.common`"));
        None
    }

    fn coin_of(&self, party: Option<PartyId>) -> Unit {
        let party = party.and_then(|party| self.terms.parties.get(party.index()));
        Unit::of(party.map_or("USD", |party| &party.currency))
    }

    fn holder_currency(&self, stake: StakeId) -> Unit {
        self.coin_of(self.terms.stakes.get(stake).map(|stake| stake.holder))
    }

    /// What is paid or received for shares of a class, in the currency of its company.
    pub(super) fn paid_for(&mut self, class: ClassId, paid: Option<&Expr>) -> Option<Formula> {
        let issuer = self.terms.classes.get(class.index()).map(|class| class.issuer);
        let unit = self.coin_of(issuer);
        paid.and_then(|paid| self.amount(paid, &unit, None))
    }

    /// `observed CLASS [PRICE] [similar CLASS]`
    pub(super) fn observed(
        &mut self,
        of: &ast::Path,
        price: Option<&Expr>,
        similar: Option<&ast::Path>,
    ) -> Option<Fact> {
        let class = self.class_path(of);
        let similar = match similar {
            Some(path) => Some(self.class_path(path)?),
            None => None,
        };
        let class = class?;
        let Some(price) = price else {
            let message = format!("what is a share of `{}` worth by a transaction in other shares?", text(of));
            let help =
                "state the price adjusted for the difference in rights: `observed CLASS 12.50 USD/share similar OTHER`";
            self.missing(of.span, message, help);
            return None;
        };
        let unit = self.price_unit(class);
        let price = self.amount(price, &unit, None)?;
        Some(Fact::Holding(Arc::new(HoldingFact::Observed { class, price, similar })))
    }

    /// `dividend CLASS 40m USD`, `dividend CLASS 0.40 USD/share`
    pub(super) fn dividend(&mut self, of: &ast::Path, amount: &Expr) -> Option<Fact> {
        let class = self.class_path(of)?;
        let hint = Hint { unit: None, path: "dividend", scope: &Scope::default() };
        let each = self.price_unit(class);
        let whole = self.coin_of(self.terms.classes.get(class.index()).map(|class| class.issuer));
        let per_share = self.typed(amount, &hint)?.formula.unit == each;
        let amount = self.amount(amount, if per_share { &each } else { &whole }, None)?;
        Some(Fact::Holding(Arc::new(HoldingFact::Dividend { class, amount, each: per_share })))
    }

    /// `allocate HOLDING { net_assets 1_200m USD; technology 120m USD over 6 years }`
    pub(super) fn allocate(
        &mut self,
        of: &ast::Path,
        clauses: &[(ast::Name, Expr, Option<Expr>)],
        span: Span,
    ) -> Option<Fact> {
        let stake = self.holding_named(of)?;
        let unit = self.holder_currency(stake);
        let (mut net_assets, mut parts) = (None, Vec::new());
        let mut seen: Vec<(&str, Span)> = Vec::new();
        for (name, amount, life) in clauses {
            if let Some((_, first)) = seen.iter().find(|(known, _)| *known == &*name.text) {
                let error = Diagnostic::new(Code::ClauseTwice, name.span, format!("`{}` is given twice", name.text));
                self.report.push(error.label("again here").also(*first, "first here"));
                continue;
            }
            seen.push((&name.text, name.span));
            let hint = Hint { unit: None, path: &name.text, scope: &Scope::default() };
            let amount = self.value(amount, &unit, None, &hint);
            let life = match life {
                Some(life) => Some(self.amount(life, &Unit::of("years"), None)?),
                None => None,
            };
            if &*name.text != "net_assets" {
                parts.push((name.text.clone(), amount, life));
                continue;
            }
            if let (Some(_), Some(written)) =
                (&life, clauses.iter().find_map(|(n, _, life)| life.as_ref().filter(|_| n == name)))
            {
                let message = "net assets as a whole are not used over years";
                self.report.error(Code::WrongKind, written.span, message, "give lives to what is worth more");
            }
            net_assets = Some(amount);
        }
        let Some(net_assets) = net_assets else {
            let message = "what are all net assets of the company worth in its books?";
            self.missing(span, message, "add `net_assets AMOUNT`, or `net_assets undisclosed USD`");
            return None;
        };
        Some(Fact::Holding(Arc::new(HoldingFact::Allocated { stake, net_assets, parts })))
    }

    /// `impair HOLDING to AMOUNT`
    pub(super) fn impair(&mut self, of: &ast::Path, to: &Expr) -> Option<Fact> {
        let stake = self.holding_named(of)?;
        let unit = self.holder_currency(stake);
        let hint = Hint { unit: None, path: "amount", scope: &Scope::default() };
        let formula = self.value(to, &unit, None, &hint);
        if constant(&formula).is_some_and(Number::is_negative) {
            let message = "a holding is not worth less than nothing";
            self.report.error(Code::NegativeQuantity, to.span, message, "below zero");
        }
        Some(Fact::Holding(Arc::new(HoldingFact::Impaired { stake, to: formula })))
    }

    /// `value HOLDING 14 USD/share`
    pub(super) fn holding_value(&mut self, stake: StakeId, price: &Expr) -> Option<Fact> {
        let unit = Unit::per(&self.holder_currency(stake).to_string(), "share");
        let price = self.amount(price, &unit, None)?;
        Some(Fact::Holding(Arc::new(HoldingFact::Valued { stake, price })))
    }

    /// `judge HOLDING equity_method`, `judge HOLDING support 50m USD`
    pub(super) fn judge_holding(
        &mut self,
        stake: StakeId,
        negated: bool,
        word: &ast::Name,
        value: Option<&Expr>,
    ) -> Option<Fact> {
        if negated {
            let message = format!("`not {}` is not a finding", word.text);
            return self.report.fail(Code::WrongKind, word.span, message, "only `probable` can be denied");
        }
        let estimates = self.terms.books.iter().flat_map(|book| &book.estimates);
        let estimates = estimates.filter(|estimate| estimate.over == crate::terms::Over::Holding);
        let estimates: Vec<(Arc<str>, EstimateKind)> = estimates.map(|e| (e.name.clone(), e.kind)).collect();
        let kind = estimates.iter().find(|(name, _)| *name == word.text).map(|(_, kind)| *kind);
        let finding = match (kind, value) {
            (Some(kind), Some(value)) => {
                let unit = match kind {
                    EstimateKind::Share => Unit::none(),
                    EstimateKind::Amount => self.holder_currency(stake),
                };
                let hint = Hint { unit: None, path: &word.text, scope: &Scope::default() };
                let formula = self.value(value, &unit, None, &hint);
                if constant(&formula).is_some_and(Number::is_negative) {
                    self.report.error(Code::BadValue, value.span, "an amount is not below zero", "out of range");
                }
                Finding::Estimate(word.text.clone(), formula)
            }
            (Some(_), None) => {
                let message = format!("`{}` needs what was found", word.text);
                self.missing(word.span, message, format!("such as `{} 50m USD`", word.text));
                return None;
            }
            (None, Some(value)) => {
                let message = format!("`{}` takes no value", word.text);
                return self.report.fail(Code::WrongKind, value.span, message, "remove this");
            }
            (None, None) => {
                let method = self.holding_method(word, estimates.iter().map(|(name, _)| &**name).collect())?;
                Finding::Account(method.word().into())
            }
        };
        Some(Fact::Holding(Arc::new(HoldingFact::Judged { stake, finding })))
    }

    /// A method that some book measures holdings by; without such a book any of the list.
    fn holding_method(&mut self, word: &ast::Name, others: Vec<&str>) -> Option<HoldingMethod> {
        let stated = self.terms.books.iter().flat_map(|book| &book.holdings).map(|choice| choice.method);
        let stated: Vec<HoldingMethod> = stated.collect();
        let fits = |method: &HoldingMethod| stated.is_empty() || stated.contains(method);
        if let Some(found) = HoldingMethod::of(&word.text).filter(fits) {
            return Some(found);
        }
        let known = HoldingMethod::ALL.iter().filter(|(method, _)| fits(method)).map(|(_, word)| *word);
        let known: Vec<&str> = known.chain(others).collect();
        self.report.unknown(Code::UnknownName, (&word.text, word.span), "way to measure a holding", known)
    }

    /// `observable`, `observable for CLASS at PRICE`
    pub(super) fn observable(
        &mut self,
        of: Option<&(ast::Path, Expr)>,
        own: ClassId,
        scope: &Scope,
    ) -> Option<(ClassId, Option<Formula>)> {
        let Some((path, price)) = of else { return Some((own, None)) };
        let class = self.symbols.find(path, scope, "class of shares", as_class, &mut self.report)?;
        let unit = self.price_unit(class);
        Some((class, Some(self.amount(price, &unit, None)?)))
    }

    /// `mirror receivable with payable`
    pub(super) fn mirror(&mut self, left: &[ast::Name], right: &[ast::Name], book: &Book) -> Option<Mirror> {
        let mut names = |list: &[ast::Name]| -> Option<Vec<usize>> {
            let found: Vec<Option<usize>> = list.iter().map(|name| self.plain_account(name, book)).collect();
            found.into_iter().collect()
        };
        let (left, right) = (names(left), names(right));
        let (left, right) = (left?, right?);
        let name = |at: &usize| book.accounts.get(*at).map(|account| account.name.clone());
        let credit = left.first().and_then(|at| book.accounts.get(*at)).is_some_and(|a| !a.class.is_debit());
        Some(Mirror {
            left: left.iter().filter_map(name).collect(),
            right: right.iter().filter_map(name).collect(),
            credit,
        })
    }

    /// What all shares of an investment are worth: an amount, or a part of what is paid. Nothing, where that cannot be
    /// estimated: then all that is paid to a customer reduces its price (ASC 606-10-32-26).
    pub(super) fn worth_of_shares(
        &mut self,
        expr: &Expr,
        whole: Option<Number>,
        currency: &Unit,
        syndicate: Option<&(&Expr, &ast::Name)>,
    ) -> Option<Number> {
        if let Some((_, name)) = syndicate {
            let message = "what is paid above fair value is each investor's own";
            let error = Diagnostic::new(Code::BadValue, name.span, message).label("pays a part of every call");
            self.report.push(error.help("write its part as an investment of its own"));
            return None;
        }
        let hint = Hint { unit: None, path: "fair value", scope: &Scope::default() };
        let formula = self.typed(expr, &hint)?.formula;
        if matches!(formula.kind, crate::terms::FormulaKind::Undisclosed(_)) {
            return Some(Number::ZERO);
        }
        let part = formula.unit == Unit::none();
        if !part && !self.fits(&formula.unit, expr.span, currency, None) {
            return None;
        }
        let (value, whole) = (constant(&formula)?, whole?);
        let worth = if part { value.times(whole).ok()? } else { value };
        if worth > whole || worth.is_negative() {
            let message = "shares are worth no more than what is paid for them, and not less than nothing";
            let error = Diagnostic::new(Code::BadValue, expr.span, message).label("out of range");
            self.report.push(error.help("what a company gives to its customer is an investment `against nothing`"));
            return None;
        }
        Some(worth)
    }

    /// `holdings alternative | fair_value if listed | equity_method from 20%`
    pub(super) fn holding_choices(&mut self, clauses: &[ast::HoldingMethod]) -> Vec<HoldingChoice> {
        let mut found: Vec<HoldingChoice> = Vec::new();
        for clause in clauses {
            let word = &clause.method;
            let method = self.report.word(Code::UnknownMethod, word, "a way to measure holdings", HoldingMethod::ALL);
            let Some(method) = method else { continue };
            let class = match &clause.when {
                None => HoldingClass::Any,
                Some((word, None)) if &*word.text == "listed" => HoldingClass::Listed,
                Some((_, None)) => HoldingClass::Judged,
                Some((word, Some(part))) => {
                    let hint = Hint { unit: None, path: "part", scope: &Scope::default() };
                    let formula = self.value(part, &Unit::none(), None, &hint);
                    let Some(part) = constant(&formula) else { continue };
                    if &*word.text == "from" { HoldingClass::From(part) } else { HoldingClass::Above(part) }
                }
            };
            found.push(HoldingChoice { method, class });
        }
        if let Some(first) = clauses.first().filter(|_| found.first().is_some_and(|c| c.class != HoldingClass::Any)) {
            let message = "the first method is for every holding that no other fits";
            let error = Diagnostic::new(Code::WrongKind, first.method.span, message).label("not for all");
            self.report.push(error.help("put a method without a condition first"));
        }
        found
    }
}
