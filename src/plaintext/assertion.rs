//! Running balances, and what the journal says they are.

use super::journal::{Account, Claim, Commodity, Dialect, Directive, Journal, Kind, Posting};
use super::weigh::Sums;
use crate::base::{Code, Diagnostic, Span};
use crate::num::{Fault, Fixed};

/// What every account holds so far.
pub(super) struct Running<'j> {
    journal: &'j Journal,
    held: Vec<Sums>,
}

impl<'j> Running<'j> {
    pub fn new(journal: &'j Journal) -> Self {
        Self { journal, held: vec![Sums::default(); journal.accounts.len()] }
    }

    /// Adds a posting; ledger's assertions do not see virtual ones.
    pub fn add(&mut self, posting: &Posting, commodity: Commodity, amount: Fixed) -> Result<(), Fault> {
        if self.journal.dialect == Dialect::Ledger && posting.kind != Kind::Real {
            return Ok(());
        }
        self.put(posting.account, commodity, amount)
    }

    pub fn put(&mut self, account: Account, commodity: Commodity, amount: Fixed) -> Result<(), Fault> {
        self.held.get_mut(account as usize).map_or(Ok(()), |held| held.add(commodity, amount))
    }

    /// What an account holds of a commodity, with the accounts below it or without.
    pub fn held(&self, account: Account, commodity: Commodity, below: bool) -> Result<Fixed, Fault> {
        if !below {
            return Ok(self.held.get(account as usize).map_or(Fixed::ZERO, |held| held.get(commodity)));
        }
        self.family(account).try_fold(Fixed::ZERO, |sum, held| sum.plus(held.get(commodity)))
    }

    /// An account and those below it.
    fn family(&self, account: Account) -> impl Iterator<Item = &Sums> {
        let name = self.journal.accounts.get(account);
        let below =
            move |other: &str| other.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
        self.journal.accounts.iter().zip(&self.held).filter(move |((_, other), _)| below(other)).map(|(_, held)| held)
    }

    /// Tests a balance behind a posting.
    pub fn check(&self, posting: &Posting, claim: &Claim) -> Result<Option<Diagnostic>, Fault> {
        let ledger = self.journal.dialect == Dialect::Ledger;
        let held = self.held(posting.account, claim.commodity, claim.below)?;
        let off = held.minus(claim.amount)?;
        let shown = self.journal.options.shown(claim.commodity);
        let holds = match shown {
            Some(places) if ledger => off.rounded(places).is_zero(),
            _ => off.is_zero(),
        };
        if !holds {
            return Ok(Some(self.wrong(posting.account, claim, held, claim.span, posting.span)));
        }
        let nothing = ledger && claim.amount.is_zero() && self.journal.commodities.get(claim.commodity).is_empty();
        if (claim.sole || nothing)
            && let Some(other) = self.other(posting.account, claim)
        {
            let found = Diagnostic::new(Code::JournalAssertion, claim.span, other).label("said to be all there is");
            return Ok(Some(found.help(Code::JournalAssertion.advice())));
        }
        Ok(None)
    }

    /// Another commodity that the account holds as well, in words.
    fn other(&self, account: Account, claim: &Claim) -> Option<String> {
        let alone: Vec<&Sums> = match claim.below {
            true => self.family(account).collect(),
            false => self.held.get(account as usize).into_iter().collect(),
        };
        let (commodity, amount) = alone.iter().find_map(|held| held.left().find(|(c, _)| *c != claim.commodity))?;
        let (name, commodity) = (self.journal.accounts.get(account), self.journal.commodities.get(commodity));
        Some(format!("`{name}` also holds {amount} {commodity}"))
    }

    /// Tests a `balance` directive: accounts below count, within the tolerance.
    pub fn check_directive(&self, directive: &Directive, claim: &Claim) -> Result<Option<Diagnostic>, Fault> {
        let held = self.held(directive.account, claim.commodity, true)?;
        let off = held.minus(claim.amount)?.abs();
        let wrong = off > tolerance(self.journal, claim)?;
        Ok(wrong.then(|| self.wrong(directive.account, claim, held, claim.span, directive.span)))
    }

    fn wrong(&self, account: Account, claim: &Claim, held: Fixed, span: Span, line: Span) -> Diagnostic {
        let (name, commodity) = (self.journal.accounts.get(account), self.journal.commodities.get(claim.commodity));
        let off = held.minus(claim.amount).map_or_else(|_| String::new(), |off| format!("{off} {commodity} too much"));
        let message = format!("`{name}` holds {held} {commodity}, not {} {commodity}", claim.amount);
        let off = off.strip_prefix('-').map_or(off.clone(), |less| less.replace("too much", "too little"));
        let found = Diagnostic::new(Code::JournalAssertion, span, message).label(off);
        let found = if line == span { found } else { found.also(line, "stated here") };
        found.help(Code::JournalAssertion.advice())
    }
}

/// How far off a `balance` directive may be: as stated, else two halves of the last place it is written with.
pub(super) fn tolerance(journal: &Journal, claim: &Claim) -> Result<Fixed, Fault> {
    match claim.tolerance {
        Some(stated) => Ok(stated),
        None if claim.amount.places() > 0 => {
            let twice = journal.options.multiplier.plus(journal.options.multiplier)?;
            twice.times(Fixed::new(1, claim.amount.places()))
        }
        None => Ok(Fixed::ZERO),
    }
}
