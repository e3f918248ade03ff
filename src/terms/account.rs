//! Accounts of books: their class, their cash flows, their line.

use std::sync::Arc;

/// An account of a book.
#[derive(Clone, Debug)]
pub struct BookAccount {
    /// `receivable`
    pub name: Arc<str>,
    /// Which kind.
    pub class: AccountClass,
    /// Money to be received or paid: it changes with the rate where it is owed in another currency.
    pub monetary: bool,
    /// Which cash flows it belongs to.
    pub activity: Activity,
    /// The line of the statements it stands on; its own name when absent.
    pub line: Option<Arc<str>>,
}

impl BookAccount {
    /// The line of the statements: as the book says it, else the name in words.
    #[must_use]
    pub fn caption(&self) -> Arc<str> {
        self.line.clone().unwrap_or_else(|| {
            let words = self.name.replace('_', " ");
            let mut letters = words.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            format!("{first}{}", letters.as_str()).into()
        })
    }
}

/// The cash flows an account belongs to (ASC 230-10-45-10; IAS 7.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Activity {
    /// Cash and cash equivalents themselves.
    Cash,
    /// Of the business.
    Operating,
    /// What is bought to be kept, and holdings in others.
    Investing,
    /// Money of owners and lenders.
    Financing,
}

impl Activity {
    /// As written.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Cash, "cash"),
        (Self::Operating, "operating"),
        (Self::Investing, "investing"),
        (Self::Financing, "financing"),
    ];

    /// Of an account that does not say: equity is of owners, all else of the business.
    #[must_use]
    pub const fn of(class: AccountClass) -> Self {
        match class {
            AccountClass::Equity => Self::Financing,
            _ => Self::Operating,
        }
    }
}

/// Kinds of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountClass {
    /// Debit is plus.
    Asset,
    /// Credit is plus.
    Liability,
    /// Credit is plus.
    Equity,
    /// Credit is plus.
    Income,
    /// Reduces income, such as consideration payable to a customer; debit is plus.
    ContraIncome,
    /// Debit is plus.
    Expense,
    /// Outside the statements (a disclosure kept by the same rules); debit is plus.
    Memo,
}

impl AccountClass {
    /// As written.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Asset, "asset"),
        (Self::Liability, "liability"),
        (Self::Equity, "equity"),
        (Self::Income, "income"),
        (Self::ContraIncome, "contra_income"),
        (Self::Expense, "expense"),
        (Self::Memo, "memo"),
    ];

    /// Whether it is in the income statement.
    #[must_use]
    pub const fn is_income(self) -> bool {
        matches!(self, Self::Income | Self::ContraIncome | Self::Expense)
    }

    /// Whether a debit increases it.
    #[must_use]
    pub const fn is_debit(self) -> bool {
        matches!(self, Self::Asset | Self::Expense | Self::ContraIncome | Self::Memo)
    }
}
