//! Parties and their share classes.

use std::sync::Arc;

use super::{BookId, Formula, PartyId, Support};
use crate::base::Span;
use crate::time::{FiscalYearEnd, TradingCalendar};

/// Choices by policy name.
pub type Choices = Vec<(Arc<str>, Arc<str>)>;

/// A party.
#[derive(Clone, Debug)]
pub struct Party {
    /// `AMD`
    pub name: Arc<str>,
    /// `Advanced Micro Devices, Inc.`
    pub legal_name: Arc<str>,
    /// `USD`
    pub currency: Arc<str>,
    /// When its years end.
    pub fiscal: FiscalYearEnd,
    /// The book it keeps and its choice for every policy of that book, by policy name.
    pub book: Option<(BookId, Choices)>,
    /// Where.
    pub span: Span,
}

/// A class of a party's shares.
#[derive(Clone, Debug)]
pub struct ShareClass {
    /// `AMD.common`
    pub path: Arc<str>,
    /// Whose.
    pub issuer: PartyId,
    /// Par value a share, in the issuer's currency.
    pub par: Option<Formula>,
    /// Authorised shares.
    pub authorised: Option<Formula>,
    /// What a share takes part in dividends of other classes as, and whether it shares losses too.
    pub participates: Option<(Formula, bool)>,
    /// Trading days of its prices.
    pub calendar: Option<TradingCalendar>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}
