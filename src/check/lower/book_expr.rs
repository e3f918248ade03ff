//! Accounts and amounts in book rules.

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::num::Number;
use crate::syntax::ast::{self, BinaryOp, Expr, ExprKind};
use crate::syntax::print;
use crate::terms::{AccountRef, Book, BookExpr, EventField, Method, Over};

/// Days a fair value may be of, sides of a loan, what a warrant may be given for, and what its holder is to a buyer.
const DAYS: [&str; 16] = [
    "grant",
    "current",
    "carried",
    "borrower",
    "lender",
    "debt",
    "guarantee",
    "goods",
    "buyer",
    "affiliate",
    "deposit",
    "nonrefundable",
    "refundable",
    "expected",
    "paid",
    "onward_buyer",
];

/// The rule around an amount.
pub(super) struct Within<'b> {
    pub book: &'b Book,
    /// `b` of `on bill b`, `t` of `keep contra_revenue(t)`.
    pub variable: &'b ast::Name,
    /// Fields of the event; none in a `keep`.
    pub fields: &'b [EventField],
    /// What a `keep` runs over.
    pub over: Option<Over>,
}

impl Within<'_> {
    /// How the tranche or supply of the rule is written, if it has one.
    fn written(&self, over: Over) -> Option<String> {
        let (field, word) = match over {
            Over::Tranche => (EventField::Tranche, "tranche"),
            Over::Supply => (EventField::Supply, "supply"),
            Over::Holding => (EventField::Holding, "holding"),
        };
        match self.over {
            Some(own) => (own == over).then(|| self.variable.text.to_string()),
            None => self.fields.contains(&field).then(|| format!("{}.{word}", self.variable.text)),
        }
    }
}

impl Checker<'_> {
    /// An account, or a judged account of the tranche or supply.
    pub(super) fn book_account(&mut self, expr: &Expr, at: &Within) -> Option<AccountRef> {
        match &expr.kind {
            ExprKind::Path(path) => match path.parts.as_slice() {
                [name] => self.plain_account(name, at.book).map(AccountRef::Plain),
                _ => self.report.fail(Code::UnknownAccount, path.span, "accounts have plain names", "not an account"),
            },
            ExprKind::Call(name, args) => {
                let Some(found) = at.book.judged.iter().position(|judged| judged.name == name.text) else {
                    let known = at.book.judged.iter().map(|judged| &*judged.name);
                    return self.report.unknown(Code::UnknownAccount, (&name.text, name.span), "judged account", known);
                };
                let over = at.book.judged.get(found).map_or(Over::Tranche, |judged| judged.over);
                let before = format!("{}.before", at.variable.text);
                if at.fields.contains(&EventField::Before) && args.first().is_some_and(|arg| print::expr(arg) == before)
                {
                    let held = over == Over::Holding;
                    return Some(if held { AccountRef::FormerlyHeld(found) } else { AccountRef::Former(found) });
                }
                let gone = format!("{}.from", at.variable.text);
                let given_up = over == Over::Holding && at.fields.contains(&EventField::From);
                if given_up && args.first().is_some_and(|arg| print::expr(arg) == gone) {
                    return Some(AccountRef::GaveUp(found));
                }
                self.subject(args, name, over, at)?;
                Some(if over == Over::Holding { AccountRef::Held(found) } else { AccountRef::Judged(found) })
            }
            _ => self.report.fail(Code::UnknownAccount, expr.span, "an account is needed here", "not an account"),
        }
    }

    /// Whether the first argument is the tranche or supply of the rule.
    fn subject(&mut self, args: &[Expr], name: &ast::Name, over: Over, at: &Within) -> Option<()> {
        let needed = at.written(over);
        let what = match over {
            Over::Tranche => "tranche",
            Over::Supply => "supply",
            Over::Holding => "holding",
        };
        let Some(needed) = needed else {
            let message = format!("`{}` needs a {what}, and this rule has none", name.text);
            return self.report.fail(Code::WrongKind, name.span, message, format!("no {what} here"));
        };
        if args.first().is_some_and(|arg| print::expr(arg) == needed) {
            return Some(());
        }
        let span = args.first().map_or(name.span, |arg| arg.span);
        let message = format!("`{}` is taken of the {what} of this rule", name.text);
        self.report
            .push(Diagnostic::new(Code::WrongKind, span, message).label(format!("write `{needed}`")).fix(span, needed));
        None
    }

    /// An amount.
    pub(super) fn book_amount(&mut self, expr: &Expr, at: &Within) -> Option<BookExpr> {
        match &expr.kind {
            ExprKind::Paren(inner) | ExprKind::Supported(inner, _) => self.book_amount(inner, at),
            ExprKind::Number(number, unit) => {
                if let Some(unit) = unit.as_ref().filter(|unit| &*unit.num.text != "%") {
                    let message = "amounts in books are made of plain numbers and fields";
                    return self.report.fail(Code::WrongKind, unit.num.span, message, "a unit is not expected here");
                }
                self.literal(*number, unit.as_ref()).map(BookExpr::Number)
            }
            ExprKind::Path(path) => self.field(path, at),
            ExprKind::Field(inner, field) => self.carrying(inner, field, at),
            ExprKind::Neg(inner) => {
                let inner = self.book_amount(inner, at)?;
                Some(BookExpr::Sub(Box::new(BookExpr::Number(Number::ZERO)), Box::new(inner)))
            }
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.book_amount(a, at), self.book_amount(b, at));
                let make = match op {
                    BinaryOp::Add => BookExpr::Add,
                    BinaryOp::Sub => BookExpr::Sub,
                    BinaryOp::Mul => BookExpr::Mul,
                    BinaryOp::Div => {
                        let message = "amounts in books are not divided";
                        return self.report.fail(Code::WrongKind, expr.span, message, "division needs a rounding");
                    }
                };
                Some(make(Box::new(a?), Box::new(b?)))
            }
            ExprKind::Call(name, args) => self.method(name, args, expr.span, at),
            _ => self.report.fail(Code::WrongKind, expr.span, "an amount is needed here", "not an amount"),
        }
    }

    /// `b.amount`, `t.size`
    fn field(&mut self, path: &ast::Path, at: &Within) -> Option<BookExpr> {
        if let [name] = path.parts.as_slice()
            && let Some(policy) = at.book.policies.iter().find(|policy| policy.name == name.text)
        {
            if policy.is_share() {
                return Some(BookExpr::Policy(name.text.clone()));
            }
            let message = format!("`{}` is a choice of words, not a share", name.text);
            let label = "a policy in an amount is a share such as `5%`";
            return self.report.fail(Code::WrongKind, name.span, message, label);
        }
        let [owner, field] = path.parts.as_slice() else {
            let message = "an amount is a field, a method or a number";
            let label = match at.over {
                Some(_) => format!("such as `{}.size`", at.variable.text),
                None => format!("such as `{}.{}`", at.variable.text, at.fields.first().map_or("amount", |f| f.word())),
            };
            return self.report.fail(Code::UnknownField, path.span, message, label);
        };
        if owner.text != at.variable.text {
            let message = format!("`{}` is not declared in this rule", owner.text);
            let error = Diagnostic::new(Code::UnknownName, owner.span, message).also(at.variable.span, "declared here");
            self.report.push(error.fix(owner.span, &*at.variable.text));
            return None;
        }
        if at.over == Some(Over::Tranche) && &*field.text == "size" {
            return Some(BookExpr::Size);
        }
        let amounts: Vec<(EventField, &str)> = at
            .fields
            .iter()
            .filter(|f| {
                !matches!(
                    f,
                    EventField::Tranche
                        | EventField::Supply
                        | EventField::Before
                        | EventField::Holding
                        | EventField::From
                )
            })
            .map(|f| (*f, f.word()))
            .collect();
        if at.over == Some(Over::Tranche) && amounts.is_empty() {
            let message = format!("`{}` is not a field of a tranche", field.text);
            return self.report.fail(Code::UnknownField, field.span, message, "only `size` is");
        }
        if amounts.is_empty() {
            let message = format!("`{}` is not a field here", field.text);
            let what = if at.over == Some(Over::Holding) { "a holding" } else { "a supply" };
            return self.report.fail(Code::UnknownField, field.span, message, format!("{what} has methods, no fields"));
        }
        self.report.word(Code::UnknownField, field, "a field of this event", &amounts).map(BookExpr::Field)
    }

    /// `award(x.tranche).carrying`, or that of a plain account kept by tranche.
    fn carrying(&mut self, inner: &Expr, field: &ast::Name, at: &Within) -> Option<BookExpr> {
        if &*field.text != "carrying" {
            let message = format!("an account has no field `{}`", field.text);
            return self.report.fail(Code::UnknownField, field.span, message, "only `carrying`");
        }
        if let ExprKind::Call(name, args) = &inner.kind
            && let Some(found) = at.book.accounts.iter().position(|account| account.name == name.text)
        {
            let over = if at.fields.contains(&EventField::Tranche) { Over::Tranche } else { Over::Holding };
            self.subject(args, name, over, at)?;
            return Some(BookExpr::Carrying(AccountRef::Plain(found)));
        }
        self.book_account(inner, at).map(BookExpr::Carrying)
    }

    fn method(&mut self, name: &ast::Name, args: &[Expr], span: Span, at: &Within) -> Option<BookExpr> {
        let make = match &*name.text {
            "min" => Some(BookExpr::Min as fn(Box<BookExpr>, Box<BookExpr>) -> BookExpr),
            "max" => Some(BookExpr::Max as fn(Box<BookExpr>, Box<BookExpr>) -> BookExpr),
            _ => None,
        };
        if let Some(make) = make {
            let amounts: Vec<Option<BookExpr>> = args.iter().map(|arg| self.book_amount(arg, at)).collect();
            let mut amounts = amounts.into_iter().collect::<Option<Vec<BookExpr>>>()?.into_iter();
            let first = amounts.next().or_else(|| {
                let message = format!("`{}` of nothing", name.text);
                self.report.fail(Code::BadValue, span, message, "give two amounts")
            })?;
            return Some(amounts.fold(first, |a, b| make(Box::new(a), Box::new(b))));
        }
        if let Some(found) = at.book.estimates.iter().position(|estimate| estimate.name == name.text) {
            let over = at.book.estimates.get(found).map_or(Over::Tranche, |estimate| estimate.over);
            self.subject(args, name, over, at)?;
            return Some(BookExpr::Estimate(found));
        }
        let words: Vec<(Method, &str)> = Method::ALL.iter().map(|(method, word, ..)| (*method, *word)).collect();
        let method = self.report.word(Code::UnknownMethod, name, "a measurement method", &words)?;
        let (_, word, over, count) = Method::ALL.iter().find(|(found, ..)| *found == method)?;
        let subject = self.subject(args, name, *over, at);
        let more = args.get(1..).unwrap_or_default();
        let (few, many) = *count;
        if more.len() < few || more.len() > many {
            let between = if few == many { format!("{}", few + 1) } else { format!("{} to {}", few + 1, many + 1) };
            let message = format!("`{word}` takes {between} arguments, not {}", args.len());
            return self.report.fail(Code::WrongKind, span, message, "see docs/BOOKS.md");
        }
        let holding = *over == Over::Holding;
        let words = more.iter().map(|arg| if holding { self.method_word(arg) } else { self.policy_word(arg, at) });
        let words: Vec<Option<_>> = words.collect();
        subject?;
        Some(BookExpr::Method(method, words.into_iter().collect::<Option<Vec<_>>>()?))
    }

    /// A method of holdings.
    fn method_word(&mut self, arg: &Expr) -> Option<std::sync::Arc<str>> {
        if let ExprKind::Path(path) = &arg.kind
            && let [name] = path.parts.as_slice()
        {
            let words = crate::terms::HoldingMethod::ALL;
            self.report.word(Code::UnknownMethod, name, "a way to measure holdings", words)?;
            return Some(name.text.clone());
        }
        self.report.fail(Code::UnknownMethod, arg.span, "a way to measure holdings is needed here", "not a method")
    }

    /// A policy of the book, or a day of measurement.
    fn policy_word(&mut self, arg: &Expr, at: &Within) -> Option<std::sync::Arc<str>> {
        if let ExprKind::Path(path) = &arg.kind
            && let [name] = path.parts.as_slice()
        {
            if DAYS.contains(&&*name.text)
                || judged_word(at.book, &name.text)
                || at.book.estimates.iter().any(|estimate| estimate.name == name.text)
                || at.book.policies.iter().any(|policy| policy.name == name.text)
            {
                return Some(name.text.clone());
            }
            let known = at.book.policies.iter().map(|policy| &*policy.name).chain(DAYS);
            return self.report.unknown(Code::UnknownPolicy, (&name.text, name.span), "policy", known);
        }
        self.report.fail(
            Code::UnknownPolicy,
            arg.span,
            "a policy of the book or a day such as `grant` is needed here",
            "not a policy",
        )
    }
}

/// Whether a word chooses an account that is left to judgement.
fn judged_word(book: &Book, word: &str) -> bool {
    let choices = book.judged.iter().flat_map(|judged| &judged.choices);
    let name = |choice: &usize| book.accounts.get(*choice).map_or("", |account| &*account.name);
    choices.map(name).any(|name| name == word || name.rsplit('_').next() == Some(word))
}
