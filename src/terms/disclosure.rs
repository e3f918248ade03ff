//! What a book discloses, and under which paragraph.

use std::sync::Arc;

use super::Cite;
use crate::base::Span;

/// `disclose rpo under "Remaining performance obligation" cite "ASC 606-10-50-13"`
#[derive(Clone, Debug)]
pub struct Disclosure {
    /// Which part.
    pub part: Part,
    /// Its heading.
    pub title: Arc<str>,
    /// Its paragraph.
    pub cite: Option<Cite>,
    /// Where.
    pub span: Span,
}

/// Parts of a disclosure pack, each as the report of that name has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Revenue, its deposits, what is recognised of awards.
    Revenue,
    /// Contract balances.
    Balances,
    /// Remaining performance obligation in bands of time.
    Rpo,
    /// The price of a unit before and after awards.
    NetPrice,
    /// Awards: roll-forward, shares, ownership.
    Warrants,
    /// Earnings per share.
    Eps,
    /// Standards: in force and to come.
    Standards,
}

impl Part {
    /// As written.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Revenue, "revenue"),
        (Self::Balances, "balances"),
        (Self::Rpo, "rpo"),
        (Self::NetPrice, "net_price"),
        (Self::Warrants, "warrants"),
        (Self::Eps, "eps"),
        (Self::Standards, "standards"),
    ];
}
