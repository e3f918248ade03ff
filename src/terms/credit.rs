//! Loans, leases and guarantees: money lent, things let, promises stood for.

use std::sync::Arc;

use super::{ContractId, Formula, PartyId, Standing, Support, TrancheId};
use crate::base::Span;
use crate::num::{Fault, Number, Rounding};
use crate::time::{Date, DayCount};

/// A loan, a lease or a guarantee. Each is one tranche.
#[derive(Clone, Debug)]
pub struct Credit {
    /// `facility.term`
    pub path: Arc<str>,
    /// Of which contract.
    pub contract: ContractId,
    /// Who lends, lets, or stands for another.
    pub giver: PartyId,
    /// Who borrows or rents; in whose favour a guarantee is.
    pub taker: PartyId,
    /// Its currency.
    pub currency: Arc<str>,
    /// How binding: that of its contract.
    pub standing: Standing,
    /// The contract's signing.
    pub since: Date,
    /// Its tranche: the principal, the undiscounted payments, or the most that can be asked for.
    pub tranche: TrancheId,
    /// What kind.
    pub kind: CreditKind,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// What kind of credit.
#[derive(Clone, Debug)]
pub enum CreditKind {
    /// Money lent.
    Loan(Box<Loan>),
    /// A thing let.
    Lease(Lease),
    /// A promise to stand for another.
    Guarantee(Box<Guarantee>),
}

/// What the issuer of a warrant gets for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// A loan or a guarantee.
    Credit(TrancheId),
    /// Goods or services: the holder sells them to the issuer.
    Supply(super::SupplyId),
}

/// Money lent.
#[derive(Clone, Debug)]
pub struct Loan {
    /// What was outstanding on a day: nothing is replayed of what was drawn and paid up to it.
    pub opening: Option<Opening>,
    /// Drawn by lines, up to the second day; else all of it when the condition of its tranche is met.
    pub available: Option<(Date, Date)>,
    /// When a draw is repaid.
    pub matures: Maturity,
    /// Repaid in equal parts on the days of interest from this day on; else at maturity.
    pub evenly: Option<Date>,
    /// What is paid on what is drawn.
    pub interest: Rate,
    /// A floating rate: the effective rate follows it; else it stays as at the draw.
    pub follows: bool,
    /// The part of a draw that is paid out.
    pub issued: Option<Formula>,
    /// Paid at signing, to the lender (true) or to others.
    pub fees: Vec<(bool, Formula)>,
    /// What is paid on what is not drawn while it can be.
    pub undrawn: Option<Rate>,
    /// What the debt is worth by itself, without the warrants issued with it.
    pub fair_value: Option<Formula>,
}

/// What a loan brings into the books.
#[derive(Clone, Debug)]
pub struct Opening {
    /// On this day, after what fell due on it.
    pub date: Date,
    /// Principal not yet repaid.
    pub amount: Number,
    /// What it was carried at, without interest accrued; the principal, if it does not say.
    pub carried: Option<Formula>,
}

/// When a draw is repaid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maturity {
    /// On a day.
    On(Date),
    /// So many months after the draw.
    After(i32),
}

/// A rate that is paid.
#[derive(Clone, Debug)]
pub struct Rate {
    /// A year; of a floating rate what is added to the benchmark.
    pub rate: Formula,
    /// The benchmark of a floating rate, fixed at the beginning of each period.
    pub benchmark: Option<Arc<str>>,
    /// Months between payments.
    pub months: i32,
    /// How days are counted.
    pub count: DayCount,
}

/// A payment of interest and principal to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// When.
    pub date: Date,
    /// Interest.
    pub interest: Number,
    /// Principal.
    pub principal: Number,
}

/// A thing let.
#[derive(Clone, Debug)]
pub struct Lease {
    /// First and last day of use.
    pub term: (Date, Date),
    /// Day and amount of each payment, in order.
    pub payments: Vec<(Date, Formula)>,
    /// The rate of discount, a year.
    pub rate: Formula,
}

/// A promise to stand for another.
#[derive(Clone, Debug)]
pub struct Guarantee {
    /// First and last day.
    pub term: (Date, Date),
    /// Who is stood for.
    pub obligor: Option<PartyId>,
    /// What standing ready is worth at the beginning.
    pub fair_value: Option<Formula>,
    /// Paid for it at signing.
    pub fee: Option<Formula>,
    /// Held in escrow for it.
    pub escrow: Option<Formula>,
}

impl Credit {
    /// The loan, if it is one.
    #[must_use]
    pub const fn loan(&self) -> Option<&Loan> {
        if let CreditKind::Loan(loan) = &self.kind { Some(loan) } else { None }
    }

    /// The lease, if it is one.
    #[must_use]
    pub const fn lease(&self) -> Option<&Lease> {
        if let CreditKind::Lease(lease) = &self.kind { Some(lease) } else { None }
    }

    /// The guarantee, if it is one.
    #[must_use]
    pub const fn guarantee(&self) -> Option<&Guarantee> {
        if let CreditKind::Guarantee(guarantee) = &self.kind { Some(guarantee) } else { None }
    }

    /// Those on the other side of the giver.
    pub fn others(&self) -> impl Iterator<Item = PartyId> + '_ {
        [Some(self.taker), self.guarantee().and_then(|guarantee| guarantee.obligor)].into_iter().flatten()
    }

    /// Whether a party has this role in it.
    #[must_use]
    pub fn has_role(&self, role: &str, party: PartyId) -> bool {
        let words = match &self.kind {
            CreditKind::Loan(_) => ["lender", "borrower"],
            CreditKind::Lease(_) => ["lessor", "lessee"],
            CreditKind::Guarantee(guarantee) => {
                if role == "obligor" {
                    return guarantee.obligor == Some(party);
                }
                ["guarantor", "beneficiary"]
            }
        };
        match words.iter().position(|word| *word == role) {
            Some(0) => self.giver == party,
            Some(_) => self.taker == party,
            None => false,
        }
    }
}

impl Loan {
    /// The day a draw of a day is repaid at the latest.
    #[must_use]
    pub fn maturity(&self, drawn: Date) -> Date {
        match self.matures {
            Maturity::On(date) => date,
            Maturity::After(months) => drawn.plus_months(months),
        }
    }

    /// The days on which a draw pays interest: counted back from its maturity, after the draw.
    #[must_use]
    pub fn days(&self, drawn: Date) -> Vec<Date> {
        days_back(self.maturity(drawn), drawn, self.interest.months)
    }
}

impl Rate {
    /// Interest on an amount between two days, the first included, the second not; never below zero.
    ///
    /// # Errors
    /// Overflow.
    pub fn interest(&self, on: Number, rate: Number, from: Date, to: Date, cents: Rounding) -> Result<Number, Fault> {
        if to <= from {
            return Ok(Number::ZERO);
        }
        let (days, basis) = self.count.fraction(from, to);
        let yearly = on.times(rate)?;
        Ok(yearly.ratio_of(Number::from_int(days), Number::from_int(basis), cents)?.clamp_zero())
    }
}

/// Days so many months apart, counted back from the last, all after a day; ascending.
#[must_use]
pub fn days_back(last: Date, after: Date, months: i32) -> Vec<Date> {
    let mut found: Vec<Date> = (0..)
        .map(|count: i32| last.plus_months(count.saturating_mul(-months.max(1))))
        .take_while(|day| *day > after)
        .take(MOST)
        .collect();
    found.reverse();
    found
}

/// Days of payment a credit may have.
pub const MOST: usize = 2_400;
