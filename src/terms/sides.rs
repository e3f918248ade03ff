//! Accounts that belong together: of the two sides of a contract, of what is carried, of one position.

use std::sync::Arc;

/// `mirror receivable with payable`
#[derive(Clone, Debug)]
pub struct Mirror {
    /// Accounts of the seller, issuer or company.
    pub left: Vec<Arc<str>>,
    /// Accounts of the other side.
    pub right: Vec<Arc<str>>,
    /// Whether the first account on the left is plus in credit.
    pub credit: bool,
}

/// `carrying debt, debt_discount as borrower`
#[derive(Clone, Debug)]
pub struct Carrying {
    /// Which side.
    pub role: Arc<str>,
    /// The accounts that together are what it is carried at.
    pub accounts: Vec<Arc<str>>,
}

/// `net contract_asset with contract_liability`
#[derive(Clone, Debug)]
pub struct Net {
    /// Accounts on which the position stands while it is an asset; what turns to this side is shown with the first.
    pub assets: Vec<Arc<str>>,
    /// Accounts on which it stands while it is a liability.
    pub liabilities: Vec<Arc<str>>,
}
