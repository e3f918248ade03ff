//! The legal events that book rules can hang on, and their fields: the border between contract and accounting.

/// Kinds of event a book rule names after `on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// `open`: a party's opening cash.
    Open,
    /// `order`: a quantity is ordered.
    Order,
    /// `bill`: an amount becomes payable unconditionally.
    Bill,
    /// `pay`: cash moves.
    Pay,
    /// `flow`: cash moves under an operating line.
    Flow,
    /// `financing`: cash moves under an operating line that raises or repays money.
    Financing,
    /// `apply`: cash paid in advance meets a bill.
    Apply,
    /// `transfer`: control passes.
    Transfer,
    /// `vest`: a tranche is released.
    Vest,
    /// `exercise`: rights become shares.
    Exercise,
    /// `lapse`: rights end.
    Lapse,
    /// `assign`: rights pass to another holder.
    Assign,
    /// `classify`: a judgement moves an award to another account.
    Classify,
    /// `leave`: an award whose holder is a customer no more becomes a warrant like any other.
    Leave,
    /// `call`: money is called.
    Call,
    /// `fund`: money, or what stands for it, is paid in and shares are issued.
    Fund,
    /// `fee`: something is paid at signing for a loan or a guarantee.
    Fee,
    /// `draw`: a loan is drawn.
    Draw,
    /// `carry`: what was outstanding of a loan that is older than the books.
    Carry,
    /// `accrue`: interest and fees accrue on a loan.
    Accrue,
    /// `service`: what is due under a loan is paid.
    Service,
    /// `repay`: a loan is repaid ahead of its day.
    Repay,
    /// `rent`: rent is paid.
    Rent,
    /// `deposit`: cash moves under what binds nobody, or fails the test of collectability.
    Deposit,
    /// `release`: the contract passes it; what was a deposit is a payment.
    Release,
    /// `refund`: a seller gives back what it was paid.
    Refund,
    /// `acquire`: shares of another are bought outside any contract.
    Acquire,
    /// `dispose`: they are sold.
    Dispose,
    /// `convert`: shares that a party holds became shares of another class of the company.
    Convert,
    /// `dividend`: cash moves from a company to those who hold its shares.
    Dividend,
    /// `pass_through`: a dividend reaches rights that take part in dividends.
    PassThrough,
    /// `issue`: shares are sold outside any contract.
    Issue,
}

impl EventKind {
    /// What happens under promises of a supply.
    pub const OF_PROMISES: &'static [Self] = &[Self::Order, Self::Transfer, Self::Bill, Self::Pay, Self::Apply];

    /// All, with the word in book rules, the roles that see it, and the fields.
    pub const ALL: &'static [(Self, &'static str, &'static [&'static str], &'static [EventField])] = &[
        (Self::Open, "open", &["party"], &[EventField::Cash]),
        (Self::Order, "order", &["seller", "buyer"], &[EventField::Quantity, EventField::Price, EventField::Supply]),
        (
            Self::Bill,
            "bill",
            &["seller", "buyer"],
            &[EventField::Amount, EventField::Ahead, EventField::Earned, EventField::Supply],
        ),
        (
            Self::Pay,
            "pay",
            &["seller", "buyer"],
            &[EventField::Amount, EventField::Applied, EventField::Advance, EventField::Supply],
        ),
        (Self::Deposit, "deposit", &["seller", "buyer"], &[EventField::Amount, EventField::Supply]),
        (
            Self::Release,
            "release",
            &["seller"],
            &[EventField::Amount, EventField::Applied, EventField::Advance, EventField::Supply],
        ),
        (Self::Refund, "refund", &["seller", "buyer"], &[EventField::Amount, EventField::Supply]),
        (Self::Flow, "flow", &["payer", "receiver"], &[EventField::Amount]),
        (Self::Financing, "financing", &["payer", "receiver"], &[EventField::Amount]),
        (Self::Apply, "apply", &["seller", "buyer"], &[EventField::Amount, EventField::Supply]),
        (
            Self::Transfer,
            "transfer",
            &["seller", "buyer"],
            &[
                EventField::Quantity,
                EventField::Price,
                EventField::Prepaid,
                EventField::Unbilled,
                EventField::Distinct,
                EventField::Excess,
                EventField::Supply,
            ],
        ),
        (
            Self::Vest,
            "vest",
            &["issuer", "holder", "warrant_issuer", "warrant_holder"],
            &[EventField::Shares, EventField::Tranche],
        ),
        (
            Self::Exercise,
            "exercise",
            &["issuer", "holder", "warrant_issuer", "warrant_holder"],
            &[
                EventField::Shares,
                EventField::Issued,
                EventField::Paid,
                EventField::Par,
                EventField::Tranche,
                EventField::Holding,
            ],
        ),
        (
            Self::Lapse,
            "lapse",
            &["issuer", "holder", "assignee", "warrant_issuer", "warrant_holder"],
            &[EventField::Shares, EventField::Tranche],
        ),
        (
            Self::Assign,
            "assign",
            &["issuer", "holder", "assignee", "warrant_issuer", "warrant_holder"],
            &[EventField::Shares, EventField::Paid, EventField::Tranche],
        ),
        (
            Self::Classify,
            "classify",
            &["issuer", "holder", "warrant_issuer", "warrant_holder"],
            &[EventField::Tranche, EventField::Before, EventField::Holding],
        ),
        (Self::Leave, "leave", &["issuer"], &[EventField::Tranche, EventField::Before]),
        (Self::Acquire, "acquire", &["holder"], &[EventField::Amount, EventField::Holding]),
        (Self::Dispose, "dispose", &["holder"], &[EventField::Amount, EventField::Holding]),
        (Self::Convert, "convert", &["holder"], &[EventField::Holding, EventField::From]),
        (Self::Dividend, "dividend", &["holder", "company"], &[EventField::Amount, EventField::Holding]),
        (
            Self::PassThrough,
            "pass_through",
            &["issuer", "holder", "warrant_issuer"],
            &[EventField::Amount, EventField::Tranche],
        ),
        (Self::Issue, "issue", &["company"], &[EventField::Amount, EventField::Par]),
        (Self::Call, "call", &["company", "investor"], &[EventField::Amount, EventField::Tranche]),
        (
            Self::Fund,
            "fund",
            &["company", "investor", "issuer", "holder"],
            &[
                EventField::Amount,
                EventField::Issued,
                EventField::Par,
                EventField::InCash,
                EventField::InShares,
                EventField::InCapacity,
                EventField::ForNothing,
                EventField::GivenPar,
                EventField::Excess,
                EventField::Tranche,
                EventField::Holding,
            ],
        ),
        (
            Self::Fee,
            "fee",
            &["borrower", "lender", "guarantor", "obligor"],
            &[EventField::Amount, EventField::Own, EventField::ToOthers, EventField::Tranche],
        ),
        (
            Self::Draw,
            "draw",
            &["borrower", "lender"],
            &[EventField::Amount, EventField::Paid, EventField::Discount, EventField::Tranche],
        ),
        (
            Self::Carry,
            "carry",
            &["borrower", "lender"],
            &[EventField::Amount, EventField::Discount, EventField::Interest, EventField::Tranche],
        ),
        (
            Self::Accrue,
            "accrue",
            &["borrower", "lender"],
            &[EventField::Interest, EventField::Undrawn, EventField::Tranche],
        ),
        (
            Self::Service,
            "service",
            &["borrower", "lender"],
            &[
                EventField::Amount,
                EventField::Interest,
                EventField::Undrawn,
                EventField::Principal,
                EventField::Tranche,
            ],
        ),
        (Self::Repay, "repay", &["borrower", "lender"], &[EventField::Amount, EventField::Tranche]),
        (Self::Rent, "rent", &["lessee", "lessor"], &[EventField::Amount, EventField::Ahead, EventField::Tranche]),
    ];
}

/// Fields of events. All are amounts in the party's currency unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventField {
    /// `cash`: opening cash.
    Cash,
    /// `quantity`: in the supply's unit.
    Quantity,
    /// `price`: quantity at the contract price.
    Price,
    /// `amount`: of the bill, payment or application.
    Amount,
    /// `ahead`: the part billed before control passed.
    Ahead,
    /// `earned`: the part billed for what has passed.
    Earned,
    /// `applied`: the part that settles bills.
    Applied,
    /// `advance`: the part no bill asks for yet.
    Advance,
    /// `prepaid`: the part of the price billed before.
    Prepaid,
    /// `unbilled`: the part of the price not yet billed.
    Unbilled,
    /// `distinct`: the part of the price paid to a customer that buys something distinct, at its fair value.
    Distinct,
    /// `excess`: the part of the price paid to a customer above that; all of it if the fair value is not known. Of a funding,
    /// what is paid above the fair value of the shares.
    Excess,
    /// `shares`: rights, in shares.
    Shares,
    /// `issued`: shares issued.
    Issued,
    /// `paid`: exercise price paid in cash.
    Paid,
    /// `par`: par value of the shares issued.
    Par,
    /// `in_cash`: the amount, if it is paid in money.
    InCash,
    /// `in_shares`: the amount, if it is paid in shares of the investor.
    InShares,
    /// `in_capacity`: the amount, if it is paid in capacity.
    InCapacity,
    /// `for_nothing`: the amount, if the shares are given to a customer.
    ForNothing,
    /// `given_par`: par value of the investor's own shares that it gives.
    GivenPar,
    /// `own`: the part of a fee that the lender or guarantor gets.
    Own,
    /// `to_others`: the part that others get.
    ToOthers,
    /// `discount`: principal drawn and not paid out.
    Discount,
    /// `interest`: on what is drawn.
    Interest,
    /// `undrawn`: the fee on what is not.
    Undrawn,
    /// `principal`: repaid.
    Principal,
    /// `before`: of which tranche, as it was classified before; only inside `award(c.before)`.
    Before,
    /// `from`: the holding whose shares became these; only inside `investment(c.from)`.
    From,
    /// `tranche`: of which tranche; only inside `award(x.tranche)`.
    Tranche,
    /// `supply`: of which supply; only inside `sale(d.supply)`.
    Supply,
    /// `holding`: of which holding of the party; only inside `investment(f.holding)`.
    Holding,
}

impl EventField {
    /// Whether it is an amount of money as it was paid, which a book in another currency converts.
    #[must_use]
    pub const fn is_money(self) -> bool {
        matches!(
            self,
            Self::Amount | Self::Paid | Self::Par | Self::InCash | Self::InShares | Self::InCapacity | Self::ForNothing
        )
    }

    /// As written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Quantity => "quantity",
            Self::Price => "price",
            Self::Amount => "amount",
            Self::Ahead => "ahead",
            Self::Earned => "earned",
            Self::Applied => "applied",
            Self::Advance => "advance",
            Self::Prepaid => "prepaid",
            Self::Unbilled => "unbilled",
            Self::Distinct => "distinct",
            Self::Excess => "excess",
            Self::Shares => "shares",
            Self::Issued => "issued",
            Self::Paid => "paid",
            Self::Par => "par",
            Self::InCash => "in_cash",
            Self::InShares => "in_shares",
            Self::InCapacity => "in_capacity",
            Self::ForNothing => "for_nothing",
            Self::GivenPar => "given_par",
            Self::Own => "own",
            Self::ToOthers => "to_others",
            Self::Discount => "discount",
            Self::Interest => "interest",
            Self::Undrawn => "undrawn",
            Self::Principal => "principal",
            Self::Before => "before",
            Self::From => "from",
            Self::Tranche => "tranche",
            Self::Supply => "supply",
            Self::Holding => "holding",
        }
    }
}
