//! Investments: money promised in tranches against new shares.

use std::sync::Arc;

use super::{ClassId, ContractId, Formula, InvestmentId, PartyId, Quoted, Standing, Support, TrancheId, WarrantId};
use crate::base::Span;
use crate::num::Number;
use crate::time::Date;

/// Of what a tranche is a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Instrument {
    /// A warrant: it vests and is exercised, in shares.
    Warrant(WarrantId),
    /// An investment: it is called and funded, in money.
    Investment(InvestmentId),
    /// A loan, lease or guarantee, in money.
    Credit(super::CreditId),
}

/// An investment.
#[derive(Clone, Debug)]
pub struct Investment {
    /// `softbank_openai.forward`
    pub path: Arc<str>,
    /// Of which contract.
    pub contract: ContractId,
    /// The whole, in `currency`.
    pub amount: Number,
    /// The currency of the amount.
    pub currency: Arc<str>,
    /// For shares of which class.
    pub class: ClassId,
    /// Who issues them.
    pub company: PartyId,
    /// Who pays, with the share of each; the first leads. The shares add up to one.
    pub investors: Vec<(PartyId, Number)>,
    /// At which price.
    pub price: IssuePrice,
    /// The day whose share count a fixed valuation is divided by; the contract's signing when the clause is silent.
    pub counted: Date,
    /// In what.
    pub funding: Funding,
    /// Days from the call to the day on which it is due.
    pub days: i64,
    /// What the shares are worth, all of them, where that is less than what is paid: the rest is payable to a customer.
    pub worth: Option<Number>,
    /// Whether each funding is an orderly transaction that others measure their shares by: shares of this class, at the price
    /// paid, or at what a share of this class is worth by it.
    pub observable: Option<(ClassId, Option<Formula>)>,
    /// How binding: that of its contract.
    pub standing: Standing,
    /// When the commitment begins: the contract's signing.
    pub since: Date,
    /// Its tranches, in order.
    pub tranches: Vec<TrancheId>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// The price of new shares.
#[derive(Clone, Debug, PartialEq)]
pub enum IssuePrice {
    /// A price per share.
    PerShare(Worth),
    /// A value of the company before the money (`pre_money`), over a number of shares.
    PreMoney(Worth, ShareCount),
    /// A value of the company after the money of a round; the whole investment when the round is not stated.
    PostMoney(Worth, Option<Formula>, ShareCount),
}

impl Investment {
    /// What of an amount is paid above fair value.
    ///
    /// # Errors
    /// Overflow.
    pub fn above(&self, amount: Number) -> Result<Number, crate::num::Fault> {
        let Some(worth) = self.worth else { return Ok(Number::ZERO) };
        let places = crate::num::Unit::of(&self.currency).precision().unwrap_or(2);
        let cents = crate::num::Rounding { places, ..crate::num::Rounding::CENTS };
        amount.minus(amount.ratio_of(worth, self.amount, cents)?)
    }
}

impl IssuePrice {
    /// Where it comes from.
    #[must_use]
    pub const fn worth(&self) -> &Worth {
        match self {
            Self::PerShare(worth) | Self::PreMoney(worth, _) | Self::PostMoney(worth, ..) => worth,
        }
    }

    /// The values of the contract it is made of.
    pub fn formulas(&self) -> impl Iterator<Item = &Formula> {
        let fixed = match self.worth() {
            Worth::Fixed(formula) => Some(formula),
            Worth::OfTheDay(_) => None,
        };
        let round = match self {
            Self::PostMoney(_, round, _) => round.as_ref(),
            _ => None,
        };
        fixed.into_iter().chain(round)
    }
}

/// Where a price or a valuation comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Worth {
    /// A value of the contract: fixed once, for all tranches.
    Fixed(Formula),
    /// The last close or valuation on or before the day of funding.
    OfTheDay(Quoted),
}

/// Which shares a valuation is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareCount {
    /// Issued and outstanding.
    Issued,
    /// With every right not lapsed or exercised, and employee awards.
    FullyDiluted,
}

/// What an investor pays in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Funding {
    /// Money.
    Cash,
    /// New shares of the investor's own, at their close.
    Shares(ClassId),
    /// A credit for capacity that the investor supplies.
    Capacity,
    /// Nothing: shares given to a customer.
    Nothing,
}

impl Funding {
    /// As in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Shares(_) => "shares",
            Self::Capacity => "capacity",
            Self::Nothing => "nothing",
        }
    }
}

/// How a tranche of an investment is released.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Call {
    /// A party that chooses, with a `call` line, once the condition is met; otherwise the condition alone calls it.
    pub by: Option<PartyId>,
    /// So much is called after all if the deadline passes; the rest lapses.
    pub reduced: Option<Number>,
}

impl Call {
    /// Whether only an investor may call: it has promised nothing then.
    #[must_use]
    pub fn is_option(&self, of: &Investment) -> bool {
        self.by.is_some_and(|by| of.investors.iter().any(|(investor, _)| *investor == by))
    }
}
