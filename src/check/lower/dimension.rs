//! What an amount in a rule of a book counts: money, shares, or neither. Books keep money.

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::report::Report;
use crate::num::Number;
use crate::terms::{AccountClass, AccountRef, Book, BookExpr, EstimateKind, EventField, Method};

/// Powers of money and of shares; nothing for a nil, which may be either.
type Dimension = Option<(i32, i32)>;

const MONEY: (i32, i32) = (1, 0);

/// Sums of unlike amounts, in words.
type Unlike = ((i32, i32), (i32, i32));

impl Checker<'_> {
    /// An amount that is posted to accounts of money must be money; so must all its sums be of one kind.
    pub(super) fn posts_money(&mut self, amount: &BookExpr, memo: bool, book: &Book, span: Span) {
        let (message, label) = match dimension(amount, book) {
            Err((a, b)) => {
                (format!("{} and {} are added or compared", words(a), words(b)), "unlike amounts".to_owned())
            }
            Ok(Some(found)) if found != MONEY && !memo => {
                ("an account holds money".to_owned(), format!("this is {}", words(found)))
            }
            Ok(_) => return,
        };
        let error = Diagnostic::new(Code::UnitMismatch, span, message).label(label);
        self.report.push(error.help("multiply shares by an amount per share, such as `fair_value(t, grant)`"));
    }

    /// A rule that keeps one account against itself posts nothing; one that keeps an account of the statements against a memo account
    /// leaves them out of balance.
    pub(super) fn sides(&mut self, kept: usize, against: AccountRef, book: &Book, span: Span) {
        let class = |at: usize| book.accounts.get(at).map(|account| account.class);
        let name = |at: usize| book.accounts.get(at).map_or("", |account| &*account.name);
        let others: Vec<usize> = match against {
            AccountRef::Plain(at) => vec![at],
            AccountRef::Judged(at) | AccountRef::Former(at) => judged(book, at),
            AccountRef::Held(at) | AccountRef::FormerlyHeld(at) | AccountRef::GaveUp(at) => judged(book, at),
        };
        if against == AccountRef::Plain(kept) {
            let message = format!("`{}` is kept against itself", name(kept));
            let error = Diagnostic::new(Code::AgainstItself, span, message).label("nothing would be posted");
            self.report.push(error.help("name the account on the other side"));
            return;
        }
        let memo = |at: usize| class(at) == Some(AccountClass::Memo);
        if let Some(other) = others.into_iter().find(|at| memo(*at) != memo(kept)) {
            let (inside, outside) = if memo(kept) { (other, kept) } else { (kept, other) };
            let message = format!("`{}` stands in the statements, `{}` is a memo account", name(inside), name(outside));
            let error = Diagnostic::new(Code::MemoMixed, span, message).label("the statements would not balance");
            self.report.push(error.help("keep memo accounts against memo accounts"));
        }
    }

    /// Legs on memo accounts must cancel among themselves, so that the statements balance without them.
    pub(super) fn memo_apart(&mut self, legs: &[(bool, AccountRef, Option<BookExpr>)], book: &Book, span: Span) {
        let memo = |account: &AccountRef| match account {
            AccountRef::Plain(at) => book.accounts.get(*at).is_some_and(|account| account.class == AccountClass::Memo),
            _ => false,
        };
        let count = legs.iter().filter(|(_, account, _)| memo(account)).count();
        if count > 0 && count < legs.len() {
            let message = "memo accounts and accounts of the statements in one entry";
            let error = Diagnostic::new(Code::MemoMixed, span, message).label("the statements would not balance");
            self.report.push(error.help("write a rule of its own for the memo accounts"));
        }
    }
}

fn judged(book: &Book, at: usize) -> Vec<usize> {
    book.judged.get(at).map(|judged| judged.choices.clone()).unwrap_or_default()
}

fn words((money, shares): (i32, i32)) -> String {
    match (money, shares) {
        (0, 0) => "a plain number".to_owned(),
        (1, 0) => "money".to_owned(),
        (0, 1) => "a number of shares".to_owned(),
        (1, -1) => "money per share".to_owned(),
        (0, -1) => "something per share".to_owned(),
        _ => format!("money to the power of {money}, shares to the power of {shares}"),
    }
}

fn dimension(expr: &BookExpr, book: &Book) -> Result<Dimension, Unlike> {
    Ok(match expr {
        BookExpr::Number(number) if number.is_zero() => None,
        BookExpr::Number(_) | BookExpr::Policy(_) => Some((0, 0)),
        BookExpr::Size => Some((0, 1)),
        BookExpr::Field(EventField::Shares | EventField::Issued) => Some((0, 1)),
        // Units of a supply are its own: nothing here tells how many make an amount.
        BookExpr::Field(EventField::Quantity) => Some((0, 0)),
        BookExpr::Field(_) | BookExpr::Carrying(_) => Some(MONEY),
        BookExpr::Estimate(at) => Some(match book.estimates.get(*at).map(|estimate| estimate.kind) {
            Some(EstimateKind::Share) => (0, 0),
            _ => MONEY,
        }),
        BookExpr::Method(method, _) => Some(of_method(*method)),
        BookExpr::Add(a, b) | BookExpr::Sub(a, b) | BookExpr::Min(a, b) | BookExpr::Max(a, b) => {
            match (dimension(a, book)?, dimension(b, book)?) {
                (Some(a), Some(b)) if a != b => return Err((a, b)),
                (a, b) => a.or(b),
            }
        }
        BookExpr::Mul(a, b) => {
            let (a, b) = (dimension(a, book)?, dimension(b, book)?);
            a.zip(b).map(|((m, s), (n, t))| (m.saturating_add(n), s.saturating_add(t)))
        }
    })
}

const fn of_method(method: Method) -> (i32, i32) {
    match method {
        Method::Earned
        | Method::Ahead
        | Method::Vested
        | Method::Kept
        | Method::Turned
        | Method::ReceivedAs
        | Method::Probable
        | Method::Exercised
        | Method::Left
        | Method::Given
        | Method::Judged
        | Method::Released
        | Method::ForCustomer
        | Method::Elapsed
        | Method::Stake
        | Method::Follows => (0, 0),
        Method::FairValue | Method::Increment | Method::Remeasured | Method::Reclassified | Method::Market => (1, -1),
        _ => MONEY,
    }
}

/// A share such as `1%`, from 0 to 100; nothing for a word.
fn share(choice: &str) -> Option<Number> {
    choice.strip_suffix('%').and_then(|number| Number::parse(number).ok())
}

/// A share is one: no more than the whole.
pub(super) fn share_of_whole(report: &mut Report, choice: &crate::syntax::ast::Name) {
    if share(&choice.text).is_some_and(|share| share.is_negative() || share > Number::from_int(100)) {
        let message = format!("{} is not a share of something", choice.text);
        report.error(Code::BadValue, choice.span, message, "from 0% to 100%");
    }
}
