//! What happens to holdings, as books see it; what new shares were priced at.

use std::sync::Arc;

use crate::num::{Number, Ratio};
use crate::terms::{Finding, StakeId, Value};
use crate::time::Period;

/// What happened to a holding. Money is in the currency of the holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldingAct {
    /// So many shares are held at the end of the day, of so many.
    Counted(Count),
    /// Shares were bought outside any contract.
    Bought {
        /// How many.
        shares: Number,
        /// For how much.
        paid: Value,
    },
    /// Shares were sold outside any contract.
    Sold {
        /// How many.
        shares: Number,
        /// Of how many.
        of: Number,
        /// For how much.
        received: Value,
    },
    /// Shares of another class of the company became these.
    Became {
        /// The holding they were.
        from: StakeId,
        /// How many.
        shares: Number,
        /// Of how many.
        of: Number,
        /// How many of these.
        got: Number,
    },
    /// What a share is worth.
    Priced {
        /// A share.
        price: Value,
        /// By what.
        how: Pricing,
    },
    /// The company reported a result.
    Reported {
        /// Of which days.
        period: Period,
        /// Net income for the common shares.
        income: Value,
    },
    /// The company paid a dividend.
    Dividend {
        /// To the holder.
        amount: Value,
        /// To all.
        whole: Value,
    },
    /// What the price bought.
    Allocated {
        /// Net assets of the company.
        net_assets: Value,
        /// What the holder's part is worth more, by name, and over how many months it is used.
        parts: Vec<(Arc<str>, Value, Option<i32>)>,
    },
    /// It was written down.
    Impaired {
        /// To so much.
        to: Value,
    },
    /// A judgement was made.
    Judged(Finding),
    /// Time passed.
    Elapsed,
}

/// A holding at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Shares held.
    pub held: Number,
    /// Shares of all classes of the company that the holder has.
    pub together: Number,
    /// Shares of all classes of the company that are outstanding.
    pub of: Value,
    /// New shares of the day that the holder itself got.
    pub own: Number,
    /// What the company was paid for new shares of the day.
    pub raised: Value,
    /// What the holder paid of it.
    pub paid: Value,
    /// There are closes of the class.
    pub listed: bool,
    /// Shares were split, and nothing else.
    pub split: bool,
}

/// Where a price comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pricing {
    /// An orderly transaction.
    Observed,
    /// A line about the holding.
    Stated,
    /// The close.
    Close,
}

/// What new shares were priced at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priced {
    /// A price per share, as of the day, and the shares after splits for one at signing, if that changed it.
    Share(Number, Ratio),
    /// A value before the money, divided by a number of shares, with the shares after splits for one of these.
    Whole(Number, Number, Ratio),
}
