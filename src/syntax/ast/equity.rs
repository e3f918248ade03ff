//! What a warrant says beyond number, price and time, and lines about shares and rights.

use super::{Expr, Name, Path};
use crate::base::Span;

/// Clauses of a warrant about what may become of it.
#[derive(Clone, Debug, PartialEq)]
pub enum EquityClause {
    /// `adjusts for cheaper issues …`
    CheaperIssues(CheaperIssues),
    /// `rounds strike to 0.0001 USD/share [up | down | half_up]`
    RoundsStrike(Expr, Option<Name>),
    /// `fractions down | nearest | in cash`
    Fractions(Name),
    /// `transferable freely`, `transferable to affiliates, …`, `not transferable`
    Transferable(Transferable),
    /// `change of control vests all`, `vests to 60%`, `vests by price`, `forfeits unvested`
    Control(OnControl),
    /// `participates in dividends`, and in losses
    Participates(bool),
    /// `ownership cap rises to 9.999% 61 days after notice`
    CapRises(Expr, i64),
}

/// What a change of control does.
#[derive(Clone, Debug, PartialEq)]
pub enum OnControl {
    /// `vests all`
    All,
    /// `vests to 60%`
    To(Expr),
    /// `vests by price`
    ByPrice,
    /// `forfeits unvested`
    Forfeits,
}

/// To whom rights may be given.
#[derive(Clone, Debug, PartialEq)]
pub enum Transferable {
    /// `freely`
    Freely,
    /// `to affiliates, …`
    To(Vec<Name>),
    /// `not transferable`
    Never,
}

/// `adjusts for cheaper issues [of CLASS, …] by full ratchet | weighted average over issued shares | …fully diluted shares
/// [, number too] [except NAME, …]`
#[derive(Clone, Debug, PartialEq)]
pub struct CheaperIssues {
    /// Which classes; the warrant's own when empty.
    pub of: Vec<Path>,
    /// `issued` or `fully` of a weighted average; a full ratchet without it.
    pub average: Option<Name>,
    /// `, number too`
    pub number: bool,
    /// Groups of issues and paths of investments that change nothing.
    pub except: Vec<Path>,
    /// From `adjusts` on.
    pub span: Span,
}

/// `issue SHARES [at PRICE] [to NAME] [as GROUP] [for AMOUNT]`
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// `14m shares of AMD.common`
    pub shares: Expr,
    /// What was paid a share.
    pub price: Option<Expr>,
    /// A party, or `holders`.
    pub to: Option<Name>,
    /// `as employee_plan`
    pub group: Option<Name>,
    /// What is paid for all of them, in cash.
    pub raised: Option<Expr>,
}

/// Lines about shares and rights.
#[derive(Clone, Debug, PartialEq)]
pub enum EquityVerb {
    /// `authorise 3bn shares of AMD.common`: what the articles allow from this day on
    Authorise(Expr),
    /// `reserve 60m shares of AMD.common`: kept for other purposes from this day on
    Reserve(Expr),
    /// `convert Maker.preferred into Maker.common 3 for 2`, `convert 2m shares of Maker.b into Maker.common 1 for 1 by Fund`
    Convert {
        /// A class, or shares of one.
        what: Expr,
        /// What they become.
        into: Path,
        /// Shares after and before.
        ratio: (Expr, Expr),
        /// Whose.
        by: Option<Name>,
    },
    /// `change_of_control Maker [at 45 USD/share]`
    Control(Name, Option<Expr>),
    /// `forfeit deal.w [all]`, or (true) `cancel deal.w`
    Forfeit {
        /// A tranche or a whole warrant.
        target: Path,
        /// Vested rights too.
        all: bool,
        /// By agreement.
        cancelled: bool,
    },
    /// `notice deal.w cap 9.999%`
    Notice(Path, Expr),
    /// `transfer deal.w.T1 [5m shares] to Sub [as affiliates] [for 20m USD] [from Holder]`
    Transfer {
        /// A tranche or a whole warrant.
        target: Path,
        /// How many; all when absent.
        shares: Option<Expr>,
        /// To whom.
        to: Name,
        /// As which group.
        group: Option<Name>,
        /// What is paid.
        price: Option<Expr>,
        /// From whom; the holder of the contract when absent.
        from: Option<Name>,
    },
}
