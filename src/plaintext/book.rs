//! From what is written to what is held: transactions that balance, postings with amounts, assertions that hold.

use std::collections::BTreeMap;

use super::assertion::Running;
use super::journal::{Account, Booking, Commodity, Dialect, Directive, Given, Journal, Kind, Posting, What};
use super::lots::{Lots, NotBooked};
use super::order::{Event, order};
use super::pad;
use super::weigh::{Sums, Tolerance, Weight, weight};
use crate::base::{Code, Diagnostic, Diagnostics, Span};
use crate::num::{Fault, Fixed};
use crate::time::Date;

/// Diagnostics that are listed for one journal.
const MAX_DIAGNOSTICS: usize = 100;

/// An amount that reached an account.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The day.
    pub date: Date,
    /// Which account.
    pub account: Account,
    /// In which commodity.
    pub commodity: Commodity,
    /// How much.
    pub amount: Fixed,
    /// The line it comes from.
    pub span: Span,
}

/// What an account holds of a commodity.
#[derive(Clone, Copy, Debug)]
pub struct Balance {
    /// How much.
    pub amount: Fixed,
    /// How many postings made it.
    pub count: usize,
    /// The last of them.
    pub last: Span,
}

/// A journal and what it comes to.
#[derive(Clone, Debug)]
pub struct Books {
    /// As written.
    pub journal: Journal,
    /// Every amount, in the order in which the program counts them.
    pub entries: Vec<Entry>,
}

impl Books {
    /// What every account holds at the end of a day, accounts that hold nothing included.
    ///
    /// # Errors
    /// Overflow.
    pub fn balances(&self, on: Date) -> Result<BTreeMap<(Account, Commodity), Balance>, Fault> {
        let mut all: Vec<Vec<(Commodity, Balance)>> = vec![Vec::new(); self.journal.accounts.len()];
        for entry in self.entries.iter().filter(|entry| entry.date <= on) {
            let Some(held) = all.get_mut(entry.account as usize) else { continue };
            match held.iter_mut().find(|(commodity, _)| *commodity == entry.commodity) {
                Some((_, balance)) => {
                    balance.amount = balance.amount.plus(entry.amount)?;
                    balance.count += 1;
                    balance.last = entry.span;
                }
                None => held.push((entry.commodity, Balance { amount: entry.amount, count: 1, last: entry.span })),
            }
        }
        let named = (0u32..).zip(all).flat_map(|(account, held)| {
            held.into_iter().map(move |(commodity, balance)| ((account, commodity), balance))
        });
        Ok(named.collect())
    }
}

/// Books a journal.
pub(super) fn book(journal: Journal) -> (Books, Diagnostics) {
    let events = order(&journal);
    let mut walk = Walk::new(&journal);
    let padded = padded(&journal, &events);
    for event in events {
        let done = match event {
            Event::Transaction(position) => walk.transaction(position),
            Event::Directive(position) => walk.directive(position, &padded),
        };
        if let Err((span, fault)) = done {
            let found = Diagnostic::new(Code::JournalNumber, span, format!("{fault}"));
            walk.say(found.label("adding this up").help("no number may have more than 28 digits"));
        }
    }
    let Walk { entries, found, .. } = walk;
    (Books { journal, entries }, found)
}

/// What every `pad` adds: once everything is booked without them, what is missing is known.
fn padded(journal: &Journal, events: &[Event]) -> BTreeMap<u32, Vec<pad::Padding>> {
    if !journal.directives.iter().any(|directive| matches!(directive.what, What::Pad(_))) {
        return BTreeMap::new();
    }
    let mut walk = Walk::new(journal);
    let mut entries: Vec<(Event, std::ops::Range<usize>)> = Vec::new();
    for event in events {
        let before = walk.entries.len();
        // What is wrong is said by the walk that follows, and an overflow stops it as well.
        let _ = match event {
            Event::Transaction(position) => walk.transaction(*position),
            Event::Directive(position) => match journal.directives.get(*position as usize).map(|d| &d.what) {
                Some(What::Open { .. } | What::Close) => walk.directive(*position, &BTreeMap::new()),
                _ => Ok(()),
            },
        };
        entries.push((*event, before..walk.entries.len()));
    }
    pad::pads(journal, &entries, &walk.entries).unwrap_or_default()
}

/// What is known of an account.
#[derive(Clone, Debug, Default)]
struct State {
    opened: Option<Span>,
    closed: Option<Span>,
    commodities: Vec<Commodity>,
    booking: Option<Booking>,
}

struct Walk<'j> {
    journal: &'j Journal,
    entries: Vec<Entry>,
    running: Running<'j>,
    lots: Lots,
    /// What is left over of real and of balanced virtual postings.
    sums: [Sums; 2],
    /// The amounts of the postings of a transaction: position among them, commodity, amount.
    amounts: Vec<(usize, Commodity, Fixed)>,
    accounts: Vec<State>,
    found: Diagnostics,
    count: usize,
}

/// Where arithmetic failed.
type Done = Result<(), (Span, Fault)>;

impl<'j> Walk<'j> {
    fn new(journal: &'j Journal) -> Self {
        Self {
            journal,
            entries: Vec::with_capacity(journal.postings.len()),
            running: Running::new(journal),
            lots: Lots::default(),
            sums: [Sums::default(), Sums::default()],
            amounts: Vec::new(),
            accounts: vec![State::default(); journal.accounts.len()],
            found: Diagnostics::default(),
            count: 0,
        }
    }

    fn say(&mut self, diagnostic: Diagnostic) {
        self.count += 1;
        if self.count <= MAX_DIAGNOSTICS {
            self.found.push(diagnostic);
        } else {
            self.found.cut();
        }
    }

    fn transaction(&mut self, position: u32) -> Done {
        let journal = self.journal;
        let Some(transaction) = journal.transactions.get(position as usize) else { return Ok(()) };
        let postings = journal.postings_of(transaction);
        let faulty = |fault: Fault| (transaction.span, fault);
        self.sums.iter_mut().for_each(Sums::clear);
        self.amounts.clear();
        let mut unknown = 0;
        let mut torn = false;
        for (at, posting) in postings.iter().enumerate() {
            torn |= !self.may_post(posting);
            let assigned = posting.given == Given::Nothing && posting.claim.is_some();
            let (commodity, amount) = match posting.given {
                Given::Amount => (posting.commodity, posting.amount),
                Given::Nothing if assigned => self.assignment(posting, postings).map_err(faulty)?,
                Given::Nothing | Given::Commodity => continue,
            };
            self.amounts.push((at, commodity, amount));
            if posting.kind == Kind::Free {
                continue;
            }
            let weighed = match (posting.lot, assigned) {
                (Some(lot), _) if journal.dialect == Dialect::Beancount => self.lot(posting, lot, transaction.date),
                (_, true) => Some(Weight::Known(commodity, amount)),
                _ => Some(weight(journal, posting).map_err(faulty)?),
            };
            match weighed {
                Some(Weight::Known(commodity, weight)) => {
                    if let Some(sums) = self.sums.get_mut(group(journal.dialect, posting.kind)) {
                        sums.add(commodity, weight).map_err(faulty)?;
                    }
                }
                Some(Weight::Unknown) => unknown += 1,
                None => torn = true,
            }
        }
        let trivial = unknown == 0 && self.amounts.len() == postings.len() && self.sums.iter().all(Sums::is_zero);
        if !torn && !trivial {
            self.settle(transaction.span, postings, unknown).map_err(faulty)?;
        }
        // What is worked out was added last; claims are tested in the order of the text.
        if !trivial {
            self.amounts.sort_by_key(|(at, ..)| *at);
        }
        for index in 0..self.amounts.len() {
            let Some((at, commodity, amount)) = self.amounts.get(index).copied() else { continue };
            let Some(posting) = postings.get(at) else { continue };
            let (account, span) = (posting.account, posting.span);
            self.entries.push(Entry { date: transaction.date, account, commodity, amount, span });
            self.running.add(posting, commodity, amount).map_err(|fault| (span, fault))?;
            let last = self.amounts.get(index + 1).is_none_or(|(next, ..)| *next != at);
            if let Some(claim) = posting.claim.and_then(|claim| journal.claims.get(claim as usize)).filter(|_| last)
                && let Some(found) = self.running.check(posting, claim).map_err(|fault| (span, fault))?
            {
                self.say(found);
            }
        }
        Ok(())
    }

    /// What makes the balance that a posting without an amount states, after those before it.
    fn assignment(&self, posting: &Posting, postings: &[Posting]) -> Result<(Commodity, Fixed), Fault> {
        let Some(claim) = posting.claim.and_then(|claim| self.journal.claims.get(claim as usize)) else {
            return Ok((0, Fixed::ZERO));
        };
        let mut held = self.running.held(posting.account, claim.commodity, claim.below)?;
        for (at, commodity, amount) in &self.amounts {
            let earlier = postings.get(*at).map(|p| p.account);
            if *commodity == claim.commodity && earlier == Some(posting.account) {
                held = held.plus(*amount)?;
            }
        }
        Ok((claim.commodity, claim.amount.minus(held)?))
    }

    /// Gives what is left over to the postings without an amount, or tests that nothing is.
    fn settle(&mut self, span: Span, postings: &[Posting], unknown: usize) -> Result<(), Fault> {
        let journal = self.journal;
        let tolerance = Tolerance::of(journal, postings)?;
        for (index, kind) in [Kind::Real, Kind::Balanced].into_iter().enumerate() {
            let mine = |given: Given| {
                let fits = move |p: &Posting| p.kind != Kind::Free && group(journal.dialect, p.kind) == index;
                let open = move |p: &Posting| fits(p) && p.given == given && p.claim.is_none();
                postings.iter().enumerate().filter(move |(_, p)| open(p))
            };
            let Some(sums) = self.sums.get_mut(index) else { continue };
            for (at, posting) in mine(Given::Commodity) {
                let left = sums.get(posting.commodity).negated();
                let amount = tolerance.quantised(posting.commodity, left);
                sums.add(posting.commodity, amount)?;
                self.amounts.push((at, posting.commodity, amount));
            }
            let mut open = mine(Given::Nothing);
            if let Some((at, _)) = open.next() {
                if let Some((_, second)) = open.next() {
                    let found = Diagnostic::new(
                        Code::JournalUnbalanced,
                        second.span,
                        "two postings of a transaction without an amount",
                    );
                    let found = found.label("this one as well").also(span, "in this transaction");
                    self.say(found.help("give every posting but one its amount"));
                    return Ok(());
                }
                let left: Vec<(Commodity, Fixed)> = sums.left().collect();
                for (commodity, sum) in left {
                    self.amounts.push((at, commodity, tolerance.quantised(commodity, sum.negated())));
                }
                continue;
            }
            let left: Vec<(Commodity, Fixed)> = sums.left().filter(|(c, sum)| !tolerance.allows(*c, *sum)).collect();
            match left.as_slice() {
                [] => {}
                [one] if unknown == 1 && index == 0 => {
                    let (commodity, sum) = *one;
                    self.lots.settle(Some((commodity, sum.negated())))?;
                }
                [a, b] if implied(journal, postings, *a, *b) => {}
                _ => self.unbalanced(span, &left, &tolerance, kind),
            }
        }
        self.lots.settle(None)
    }

    fn unbalanced(&mut self, span: Span, left: &[(Commodity, Fixed)], tolerance: &Tolerance<'_>, kind: Kind) {
        let name = |commodity| self.journal.commodities.get(commodity);
        let amounts: Vec<String> =
            left.iter().map(|(c, sum)| format!("{sum} {}", name(*c)).trim().to_owned()).collect();
        let virtuals = if kind == Kind::Balanced { "the postings in `[ ]` of " } else { "" };
        let message = format!("{virtuals}the transaction leaves {} over", amounts.join(" and "));
        let rule = left.first().map_or_else(String::new, |(commodity, _)| tolerance.words(*commodity));
        let found = Diagnostic::new(Code::JournalUnbalanced, span, message).label(rule);
        self.say(found.help(Code::JournalUnbalanced.advice()));
    }

    /// Books a posting with a lot; none after an error.
    fn lot(&mut self, posting: &Posting, lot: u32, date: Date) -> Option<Weight> {
        let lot = self.journal.lots.get(lot as usize)?;
        let method = self.accounts.get(posting.account as usize).and_then(|state| state.booking);
        let method = method.unwrap_or(self.journal.options.booking);
        let why = match self.lots.book(posting, lot, date, method) {
            Ok(weight) => return Some(weight),
            Err(NotBooked::NoLot) => "no lot that is held fits".to_owned(),
            Err(NotBooked::Ambiguous(count)) => format!("{count} lots fit, and booking is strict"),
            Err(NotBooked::TooFew(held)) => format!("only {held} are held in lots that fit"),
            Err(NotBooked::Method) => "the account's booking method is not read".to_owned(),
            Err(NotBooked::Fault(fault)) => fault.to_string(),
        };
        let found = Diagnostic::new(Code::JournalLot, posting.span, "which lot is sold?").label(why);
        self.say(found.help(Code::JournalLot.advice()));
        None
    }

    /// Whether an account takes a posting.
    fn may_post(&mut self, posting: &Posting) -> bool {
        let Some(state) = self.accounts.get(posting.account as usize) else { return true };
        if self.journal.options.opens_itself {
            return true;
        }
        let name = self.journal.accounts.get(posting.account);
        let (message, label, also) = match (state.opened, state.closed) {
            (None, _) => (format!("`{name}` is not open"), "no `open` on or before this day", None),
            (_, Some(closed)) => (format!("`{name}` is closed"), "after its end", Some((closed, "closed here"))),
            (Some(opened), None)
                if posting.given == Given::Amount
                    && !state.commodities.is_empty()
                    && !state.commodities.contains(&posting.commodity) =>
            {
                let commodity = self.journal.commodities.get(posting.commodity);
                (
                    format!("`{name}` does not take {commodity}"),
                    "not one of its commodities",
                    Some((opened, "opened here")),
                )
            }
            _ => return true,
        };
        let mut found = Diagnostic::new(Code::JournalAccount, posting.span, message).label(label);
        if let Some((span, text)) = also {
            found = found.also(span, text);
        }
        self.say(found.help(Code::JournalAccount.advice()));
        false
    }

    /// Whether the accounts of a directive were ever opened.
    fn knows(&mut self, directive: &Directive) -> bool {
        let source = if let What::Pad(source) = directive.what { Some(source) } else { None };
        let unknown = [Some(directive.account), source]
            .into_iter()
            .flatten()
            .find(|account| self.accounts.get(*account as usize).is_some_and(|state| state.opened.is_none()));
        let opens = matches!(directive.what, What::Open { .. }) || self.journal.options.opens_itself;
        let Some(account) = unknown.filter(|_| !opens) else { return true };
        let message = format!("`{}` is not open", self.journal.accounts.get(account));
        let found = Diagnostic::new(Code::JournalAccount, directive.span, message);
        self.say(found.label("no `open` on or before this day").help(Code::JournalAccount.advice()));
        false
    }

    fn directive(&mut self, position: u32, padded: &BTreeMap<u32, Vec<pad::Padding>>) -> Done {
        let Some(directive) = self.journal.directives.get(position as usize) else { return Ok(()) };
        let Directive { account, span, .. } = *directive;
        if !self.knows(directive) {
            return Ok(());
        }
        let Some(state) = self.accounts.get_mut(account as usize) else { return Ok(()) };
        match &directive.what {
            What::Open { commodities, booking } => {
                if let Some(first) = state.opened.filter(|_| state.closed.is_none()) {
                    let name = self.journal.accounts.get(account);
                    let found = Diagnostic::new(Code::JournalAccount, span, format!("`{name}` is opened twice"));
                    self.say(found.label("again here").also(first, "first here").help("keep one"));
                    return Ok(());
                }
                *state =
                    State { opened: Some(span), closed: None, commodities: commodities.clone(), booking: *booking };
            }
            What::Close => state.closed = Some(span),
            What::Balance(claim) => {
                if let Some(found) = self.running.check_directive(directive, claim).map_err(|fault| (span, fault))? {
                    self.say(found);
                }
            }
            What::Pad(source) => {
                let paddings = padded.get(&position).map_or(&[][..], Vec::as_slice);
                if paddings.is_empty() {
                    let found = Diagnostic::new(Code::JournalAssertion, span, "a `pad` that pads nothing");
                    let found = found.label("no balance behind it needs it");
                    self.say(found.help("remove it, or add the `balance` it is for"));
                }
                for padding in paddings {
                    for (account, amount) in [(account, padding.amount), (*source, padding.amount.negated())] {
                        let commodity = padding.commodity;
                        self.entries.push(Entry { date: directive.date, account, commodity, amount, span });
                        self.running.put(account, commodity, amount).map_err(|fault| (span, fault))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// With which others a posting balances: virtual ones in `[ ]` among themselves, for ledger with the real ones.
fn group(dialect: Dialect, kind: Kind) -> usize {
    usize::from(kind == Kind::Balanced && dialect != Dialect::Ledger)
}

/// Whether hledger and ledger would work out a price between two commodities that are left over.
fn implied(journal: &Journal, postings: &[Posting], a: (Commodity, Fixed), b: (Commodity, Fixed)) -> bool {
    journal.dialect != Dialect::Beancount
        && a.1.is_negative() != b.1.is_negative()
        && !postings.iter().any(|p| p.rate.is_some())
}
