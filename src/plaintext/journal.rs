//! A journal as it was written.

use super::Names;
use crate::base::Span;
use crate::num::Fixed;
use crate::time::Date;

/// The number of an account in [`Journal::accounts`].
pub type Account = u32;
/// The number of a commodity in [`Journal::commodities`].
pub type Commodity = u32;

/// Whose rules a journal follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// beancount, versions 2 and 3.
    Beancount,
    /// hledger.
    Hledger,
    /// ledger, version 3.
    Ledger,
}

impl Dialect {
    /// All, with their names.
    pub const ALL: &'static [(Self, &'static str)] =
        &[(Self::Beancount, "beancount"), (Self::Hledger, "hledger"), (Self::Ledger, "ledger")];

    /// The program's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Beancount => "beancount",
            Self::Hledger => "hledger",
            Self::Ledger => "ledger",
        }
    }

    /// Whose file has this name, by its ending; none for endings that no program claims, and for `.ledger`.
    #[must_use]
    pub fn of(file: &str) -> Option<Self> {
        match file.rsplit_once('.')?.1 {
            "beancount" | "bean" => Some(Self::Beancount),
            "journal" | "hledger" | "j" => Some(Self::Hledger),
            "dat" | "ldg" => Some(Self::Ledger),
            _ => None,
        }
    }
}

/// A transaction.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// The first date.
    pub date: Date,
    /// `*`, `!`, or another flag; a blank if there is none.
    pub flag: u8,
    /// Payee, where the program has one; empty if there is none.
    pub payee: Span,
    /// Narration or description.
    pub narration: Span,
    /// The line with the date.
    pub span: Span,
    /// Its place in the order of the text.
    pub sequence: u32,
    /// Its first posting.
    pub first: u32,
    /// How many postings it has.
    pub count: u32,
}

/// What a posting says of its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// A number and a commodity.
    Amount,
    /// Only the commodity.
    Commodity,
    /// Nothing: what is left over.
    Nothing,
}

/// Whether a posting takes part in the balance of its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It does.
    Real,
    /// `(account)`: it does not.
    Free,
    /// `[account]`: it balances with others of its kind.
    Balanced,
}

/// A posting.
#[derive(Clone, Debug)]
pub struct Posting {
    /// To which account.
    pub account: Account,
    /// In which commodity, if that is given.
    pub commodity: Commodity,
    /// How much, if that is given.
    pub amount: Fixed,
    /// What is given.
    pub given: Given,
    /// Whether it must balance.
    pub kind: Kind,
    /// `@` or `@@`, in [`Journal::rates`].
    pub(super) rate: Option<u32>,
    /// `{…}`, in [`Journal::lots`].
    pub(super) lot: Option<u32>,
    /// `= AMOUNT`, in [`Journal::claims`].
    pub(super) claim: Option<u32>,
    /// Its line.
    pub span: Span,
}

/// `@ 12 USD`, `@@ 120 USD`
#[derive(Clone, Debug)]
pub(super) struct Rate {
    /// None if it is to be worked out.
    pub amount: Option<(Fixed, Commodity)>,
    pub total: bool,
}

/// `{12 USD, 2026-01-05, "label"}`, `{{120 USD}}`
#[derive(Clone, Debug, Default)]
pub(super) struct Lot {
    pub each: Option<Fixed>,
    pub total: Option<Fixed>,
    pub commodity: Option<Commodity>,
    pub date: Option<Date>,
    /// In [`Journal::lot_names`].
    pub label: Option<u32>,
}

/// What a balance must be.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub amount: Fixed,
    pub commodity: Commodity,
    /// Stated with it (beancount's `~`).
    pub tolerance: Option<Fixed>,
    /// `==`: no other commodity either.
    pub sole: bool,
    /// `=*`: with the accounts below.
    pub below: bool,
    pub span: Span,
}

/// A directive that matters to balances.
#[derive(Clone, Debug)]
pub(super) struct Directive {
    pub date: Date,
    pub sequence: u32,
    pub account: Account,
    pub what: What,
    pub span: Span,
}

/// Kinds of directive.
#[derive(Clone, Debug)]
pub(super) enum What {
    Open {
        commodities: Vec<Commodity>,
        booking: Option<Booking>,
    },
    Close,
    /// At the beginning of the day.
    Balance(Claim),
    Pad(Account),
}

/// How a sale finds its lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Booking {
    Strict,
    Fifo,
    Lifo,
    None,
    /// Named, and not read.
    Other,
}

/// A market price.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// The day.
    pub date: Date,
    /// Of what.
    pub commodity: Commodity,
    /// How much for one.
    pub price: Fixed,
    /// In what.
    pub currency: Commodity,
    /// Where.
    pub span: Span,
}

/// Everything in a journal that balances depend on.
#[derive(Clone, Debug)]
pub struct Journal {
    /// Whose rules hold.
    pub dialect: Dialect,
    /// All accounts.
    pub accounts: Names,
    /// All commodities.
    pub commodities: Names,
    /// All transactions, in order of the text.
    pub transactions: Vec<Transaction>,
    /// All postings, those of a transaction together.
    pub postings: Vec<Posting>,
    /// Market prices.
    pub prices: Vec<Quoted>,
    /// Tags, links and metadata: of which transaction, and where they stand.
    pub labels: Vec<(u32, Span)>,
    pub(super) rates: Vec<Rate>,
    pub(super) lots: Vec<Lot>,
    pub(super) lot_names: Names,
    pub(super) claims: Vec<Claim>,
    pub(super) directives: Vec<Directive>,
    pub(super) options: Options,
}

/// What directives say about the whole journal.
#[derive(Clone, Debug)]
pub(super) struct Options {
    /// Places that a commodity is declared or was seen with: (declared, seen).
    pub places: Vec<(Option<u32>, Option<u32>)>,
    pub booking: Booking,
    /// beancount's multiplier of the last place: 0.5 unless said otherwise.
    pub multiplier: Fixed,
    /// beancount's tolerance of commodities that are written without places; `*` is the number none.
    pub tolerances: Vec<(Option<Commodity>, Fixed)>,
    pub tolerance_from_cost: bool,
    /// Accounts need no `open`.
    pub opens_itself: bool,
}

impl Journal {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            accounts: Names::default(),
            commodities: Names::default(),
            transactions: Vec::new(),
            postings: Vec::new(),
            prices: Vec::new(),
            labels: Vec::new(),
            rates: Vec::new(),
            lots: Vec::new(),
            lot_names: Names::default(),
            claims: Vec::new(),
            directives: Vec::new(),
            options: Options {
                places: Vec::new(),
                booking: Booking::Strict,
                multiplier: Fixed::new(5, 1),
                tolerances: Vec::new(),
                tolerance_from_cost: false,
                opens_itself: dialect != Dialect::Beancount,
            },
        }
    }

    /// The postings of a transaction.
    #[must_use]
    pub fn postings_of(&self, transaction: &Transaction) -> &[Posting] {
        let first = transaction.first as usize;
        self.postings.get(first..first + transaction.count as usize).unwrap_or_default()
    }
}

impl Options {
    fn entry(&mut self, commodity: Commodity) -> Option<&mut (Option<u32>, Option<u32>)> {
        let at = commodity as usize;
        if self.places.len() <= at {
            self.places.resize(at + 1, (None, None));
        }
        self.places.get_mut(at)
    }

    /// Notes with how many places an amount was written.
    pub fn saw(&mut self, commodity: Commodity, places: u32) {
        if let Some(entry) = self.entry(commodity) {
            entry.1 = entry.1.max(Some(places));
        }
    }

    pub fn declare(&mut self, commodity: Commodity, places: u32) {
        if let Some(entry) = self.entry(commodity) {
            entry.0 = Some(places);
        }
    }

    /// The places a commodity is shown with; none if no amount of it was ever written.
    pub fn shown(&self, commodity: Commodity) -> Option<u32> {
        self.places.get(commodity as usize).and_then(|(declared, seen)| declared.or(*seen))
    }
}
