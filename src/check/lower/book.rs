//! Books: policies, accounts, and the rules on events and balances.

use std::sync::Arc;

use super::balance;
use super::book_expr::Within;
use super::dimension::share_of_whole;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::Program;
use crate::check::report::Once;
use crate::check::symbols::Table;
use crate::syntax::ast::{self, BookRule, LegSide};
use crate::terms::{
    AccountClass, AccountRef, Activity, Book, BookAccount, Cite, Cited, Disclosure, Estimate, EstimateKind, EventKind,
    JudgedAccount, Over, Paragraph, Part, Policy, Rule, RuleKind,
};

impl Checker<'_> {
    /// Lowers all books.
    pub(super) fn books(&mut self, program: &Program) {
        for (ast, span) in &program.books {
            let mut book = Book {
                name: ast.name.text.clone(),
                title: ast.title.as_ref().map_or_else(|| ast.name.text.clone(), |title| title.text.clone()),
                policies: Vec::new(),
                accounts: Vec::new(),
                judged: Vec::new(),
                estimates: Vec::new(),
                holdings: Vec::new(),
                mirrors: Vec::new(),
                carrying: Vec::new(),
                nets: Vec::new(),
                transition: None,
                standards: Vec::new(),
                disclosures: Vec::new(),
                paragraphs: Vec::new(),
                rules: Vec::new(),
                span: *span,
            };
            self.declared(ast, &mut book);
            for clause in &ast.clauses {
                if let Some((name, role, kind)) = self.rule(clause, &book) {
                    let name = unused(&name, &book.rules);
                    book.rules.push(Rule { name, role, kind, cite: cite(clause), span: clause.span });
                }
            }
            self.terms.books.push(book);
        }
    }

    /// Policies and accounts, then the accounts chosen among those.
    fn declared(&mut self, ast: &ast::Book, book: &mut Book) {
        let (mut policies, mut accounts, mut standards) = (Table::default(), Table::default(), Table::default());
        let (mut holdings, mut paragraphs) = (Once::new("holdings"), Table::default());
        for clause in &ast.clauses {
            match &clause.rule {
                BookRule::Policy(name, choices) => {
                    policies.declare(&name.text, (), name.span, &mut self.report);
                    let mut seen = Table::default();
                    choices.iter().for_each(|choice| seen.declare(&choice.text, (), choice.span, &mut self.report));
                    choices.iter().for_each(|choice| share_of_whole(&mut self.report, choice));
                    let choices = choices.iter().map(|choice| choice.text.clone()).collect();
                    let (name, cite, span) = (name.text.clone(), cite(clause), clause.span);
                    book.policies.push(Policy { name, choices, cite, span });
                }
                BookRule::Account { name, class, monetary, activity, line } => {
                    accounts.declare(&name.text, (), name.span, &mut self.report);
                    let class = self.report.word(Code::WrongKind, class, "a kind of account", AccountClass::ALL);
                    let class = class.unwrap_or(AccountClass::Memo);
                    let activity = activity.as_ref().and_then(|word| self.activity(word, class));
                    book.accounts.push(BookAccount {
                        name: name.text.clone(),
                        class,
                        monetary: *monetary,
                        activity: activity.unwrap_or(Activity::of(class)),
                        line: line.as_ref().map(|line| line.text.clone()),
                    });
                }
                BookRule::Judged { name, .. } => accounts.declare(&name.text, (), name.span, &mut self.report),
                BookRule::Estimate { name, over, kind } => {
                    accounts.declare(&name.text, (), name.span, &mut self.report);
                    let kind = self.report.word(Code::WrongKind, kind, "a kind of estimate", EstimateKind::ALL);
                    let kind = kind.unwrap_or(EstimateKind::Share);
                    let over = self.over(over.as_ref(), "what is judged").unwrap_or(Over::Tranche);
                    book.estimates.push(Estimate { name: name.text.clone(), kind, over });
                }
                BookRule::Disclose(part, title) => {
                    let found = self.report.word(Code::WrongKind, part, "a part of a disclosure pack", Part::ALL);
                    let title = title.as_ref().map_or_else(|| part.text.clone(), |title| title.text.clone());
                    let (cite, span) = (cite(clause), clause.span);
                    book.disclosures.extend(found.map(|part| Disclosure { part, title, cite, span }));
                }
                BookRule::Paragraph(name) => {
                    paragraphs.declare(&name.text, (), name.span, &mut self.report);
                    let of = self.report.word(Code::WrongKind, name, "a paragraph that reports cite", Paragraph::ALL);
                    book.paragraphs.extend(of.zip(cite(clause)).map(|(of, cite)| Cited { of, cite }));
                }
                BookRule::Holdings(choices) => {
                    holdings.set((), clause.span, &mut self.report);
                    book.holdings = self.holding_choices(choices);
                }
                BookRule::Standard(ast) => standards.declare(&ast.name.text, (), ast.name.span, &mut self.report),
                BookRule::Transition(..)
                | BookRule::On { .. }
                | BookRule::Keep { .. }
                | BookRule::Mirror(..)
                | BookRule::Carrying(..)
                | BookRule::Net(..)
                | BookRule::Exchange(_) => {}
            }
            self.cited(clause);
        }
        let mut transition = Once::new("transition against");
        for clause in &ast.clauses {
            if let BookRule::Transition(name) = &clause.rule {
                transition.set((), clause.span, &mut self.report);
                book.transition = self.plain_account(name, book);
            }
            if let BookRule::Mirror(left, right) = &clause.rule {
                let found = self.mirror(left, right, book);
                book.mirrors.extend(found);
            }
            if let BookRule::Net(assets, liabilities) = &clause.rule {
                let found = self.netted(assets, liabilities, book);
                book.nets.extend(found);
            }
            if let BookRule::Carrying(accounts, role) = &clause.rule {
                let found = self.carried_by(accounts, role, book);
                book.carrying.extend(found);
            }
            if let BookRule::Judged { name, over, choices, .. } = &clause.rule {
                let choices = choices.iter().filter_map(|choice| self.plain_account(choice, book)).collect();
                let over = self.over(over.as_ref(), "what is judged").unwrap_or(Over::Tranche);
                book.judged.push(JudgedAccount { name: name.text.clone(), choices, over });
            }
        }
        for clause in &ast.clauses {
            if let BookRule::Standard(ast) = &clause.rule {
                let standard = self.standard(ast, cite(clause), clause.span, book);
                book.standards.push(standard);
            }
        }
    }

    /// Which cash flows an account belongs to. Income and expense are of the business: what they paid for decides no
    /// section of its own, and only an asset can be cash.
    fn activity(&mut self, word: &ast::Name, class: AccountClass) -> Option<Activity> {
        let found = self.report.word(Code::WrongKind, word, "a kind of cash flow", Activity::ALL)?;
        let fits = match found {
            Activity::Cash => class == AccountClass::Asset,
            _ => class != AccountClass::Memo,
        };
        if fits {
            return Some(found);
        }
        let message = format!("an account of this class is not `{}`", word.text);
        let error = Diagnostic::new(Code::WrongKind, word.span, message).label("does not fit its class");
        self.report.push(error.help("only assets are `cash`, and memo accounts move none"));
        None
    }

    /// Rules and judged accounts must cite their paragraph.
    fn cited(&mut self, clause: &ast::BookClause) {
        let plain = matches!(clause.rule, BookRule::Policy(..) | BookRule::Account { .. });
        if !plain && clause.cite.is_none() {
            let end = super::behind(clause.span);
            let error =
                Diagnostic::new(Code::Uncited, clause.span, "this rule cites no paragraph").label("which paragraph?");
            self.report.push(error.help("add `cite \"PARAGRAPH\"` behind it").fix(end, " cite \"…\""));
        }
    }

    /// The position of an account that is no choice of others.
    pub(super) fn plain_account(&mut self, name: &ast::Name, book: &Book) -> Option<usize> {
        if let Some(at) = book.accounts.iter().position(|account| account.name == name.text) {
            return Some(at);
        }
        if book.judged.iter().any(|judged| judged.name == name.text) {
            let message = format!("`{}` depends on a judgement", name.text);
            return self.report.fail(Code::UnknownAccount, name.span, message, format!("write `{}(t)`", name.text));
        }
        let known = book.accounts.iter().map(|account| &*account.name);
        self.report.unknown(Code::UnknownAccount, (&name.text, name.span), "account", known)
    }

    fn rule(&mut self, clause: &ast::BookClause, book: &Book) -> Option<(String, Arc<str>, RuleKind)> {
        match &clause.rule {
            BookRule::Policy(..)
            | BookRule::Account { .. }
            | BookRule::Judged { .. }
            | BookRule::Estimate { .. }
            | BookRule::Standard(_)
            | BookRule::Disclose(..)
            | BookRule::Paragraph(_)
            | BookRule::Holdings(_)
            | BookRule::Mirror(..)
            | BookRule::Carrying(..)
            | BookRule::Net(..)
            | BookRule::Transition(..) => None,
            BookRule::Exchange(name) => {
                let account = self.plain_account(name, book)?;
                Some(("exchange differences".to_owned(), "party".into(), RuleKind::Exchange { account }))
            }
            BookRule::On { event, variable, purpose, role, legs } => {
                if let Some(purpose) = purpose {
                    let message = format!("events have no purpose such as `{}`", purpose.text);
                    let error = Diagnostic::new(Code::UnknownEvent, purpose.span, message).label("remove this");
                    self.report.push(error.help("use the fields of the event, such as `p.advance`"));
                }
                let words: Vec<(EventKind, &str)> =
                    EventKind::ALL.iter().map(|(kind, word, ..)| (*kind, *word)).collect();
                let event = self.report.word(Code::UnknownEvent, event, "a legal event", &words)?;
                let (_, word, roles, fields) = EventKind::ALL.iter().find(|(kind, ..)| *kind == event)?;
                self.one_of(role, roles);
                let within = Within { book, variable, fields, over: None };
                let legs = self.legs(event, legs, &within, clause.span)?;
                Some((format!("on {word} as {}", role.text), role.text.clone(), RuleKind::On { event, legs }))
            }
            BookRule::Keep { account, variable, over, target, against, role } => {
                let over = self.over(over.as_ref(), "what a `keep` runs over")?;
                let roles: &[&str] = match over {
                    Over::Tranche => &[
                        "issuer",
                        "holder",
                        "seller",
                        "buyer",
                        "investor",
                        "company",
                        "borrower",
                        "lender",
                        "lessee",
                        "lessor",
                        "guarantor",
                        "beneficiary",
                        "obligor",
                        "warrant_issuer",
                        "warrant_holder",
                    ],
                    Over::Supply => &["seller", "buyer"],
                    Over::Holding => &["holder"],
                };
                self.one_of(role, roles);
                let kept = self.plain_account(account, book);
                let within = Within { book, variable, fields: &[], over: Some(over) };
                let found = self.book_amount(target, &within);
                let against = self.book_account(against, &within);
                let (kept, target_of, against) = (kept?, found?, against?);
                let memo = book.accounts.get(kept).is_some_and(|account| account.class == AccountClass::Memo);
                self.posts_money(&target_of, memo, book, target.span);
                self.sides(kept, against, book, clause.span);
                let kind = RuleKind::Keep { account: kept, over, target: target_of, against };
                Some((format!("keep {} as {}", account.text, role.text), role.text.clone(), kind))
            }
        }
    }

    /// Tranches, unless it says otherwise; `None` after an error.
    fn over(&mut self, word: Option<&ast::Name>, what: &str) -> Option<Over> {
        let overs = [(Over::Tranche, "tranche"), (Over::Supply, "supply"), (Over::Holding, "holding")];
        match word {
            Some(word) => self.report.word(Code::WrongKind, word, what, &overs),
            None => Some(Over::Tranche),
        }
    }

    fn one_of(&mut self, role: &ast::Name, roles: &[&'static str]) {
        let choices: Vec<(&str, &str)> = roles.iter().map(|role| (*role, *role)).collect();
        self.report.word(Code::WrongKind, role, "a role that sees this", &choices);
    }

    fn legs(
        &mut self,
        event: EventKind,
        legs: &[ast::Leg],
        within: &Within,
        span: Span,
    ) -> Option<Vec<(bool, AccountRef, Option<crate::terms::BookExpr>)>> {
        let mut rest: Option<Span> = None;
        let mut found = Vec::new();
        let mut complete = true;
        for leg in legs {
            let account = self.book_account(&leg.account, within);
            let amount = match &leg.amount {
                Some(expr) => match self.book_amount(expr, within) {
                    Some(amount) => Some(amount),
                    None => {
                        complete = false;
                        continue;
                    }
                },
                None => {
                    if let Some(first) = rest.replace(leg.span) {
                        let error = Diagnostic::new(Code::TwoRests, leg.span, "there can be only one `rest`");
                        self.report.push(error.label("again here").also(first, "first here").help("keep one"));
                        complete = false;
                    }
                    None
                }
            };
            if let (Some(amount), Some(expr), Some(account)) = (&amount, &leg.amount, account) {
                let memo = matches!(account, AccountRef::Plain(at)
                    if within.book.accounts.get(at).is_some_and(|account| account.class == AccountClass::Memo));
                self.posts_money(amount, memo, within.book, expr.span);
            }
            match account {
                Some(account) => found.push((leg.side == LegSide::Debit, account, amount)),
                None => complete = false,
            }
        }
        if !complete {
            return None;
        }
        self.memo_apart(&found, within.book, span);
        if rest.is_none()
            && let Err(left) = balance::cancels(event, &found)
        {
            let error = Diagnostic::new(Code::DoesNotBalance, span, "the legs of this rule do not cancel").label(left);
            self.report.push(error.help("use `rest` for one leg, or correct the amounts"));
        }
        Some(found)
    }
}

fn cite(clause: &ast::BookClause) -> Option<Cite> {
    clause.cite.as_ref().map(|cite| Cite { text: cite.text.clone(), read: clause.read })
}

/// The name, with a number if a rule has it already.
fn unused(name: &str, rules: &[Rule]) -> Arc<str> {
    let taken = |candidate: &str| rules.iter().any(|rule| &*rule.name == candidate);
    if !taken(name) {
        return name.into();
    }
    let numbered = (2..).map(|n: u32| format!("{name} {n}")).find(|candidate| !taken(candidate));
    numbered.unwrap_or_else(|| name.to_owned()).into()
}
