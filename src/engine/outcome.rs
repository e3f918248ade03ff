//! What legally happened: the register that books fold over.

mod about;
mod abroad;
mod holding;

pub use about::Outcome;
pub use abroad::Revalued;
pub use holding::{Count, HoldingAct, Priced, Pricing};
use std::sync::Arc;

use super::Why;
use crate::num::Number;
use crate::terms::{
    ClassId, ContractId, CounterId, Finding, FlowId, PartyId, StakeId, SupplyId, TrancheId, Transition, Treatment,
    Trigger, Value, VariableId, WarrantId,
};
use crate::time::{Date, Period};

/// Kinds of outcome. Quantities in the supply's unit, money in its currency, rights in shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A party's opening holdings.
    Opened {
        /// Whose.
        party: PartyId,
        /// Cash in its currency.
        cash: Number,
        /// Cash in others.
        foreign: Vec<(Arc<str>, Number)>,
    },
    /// Shares issued outside any contract.
    Issued {
        /// Which.
        class: ClassId,
        /// How many.
        shares: Number,
        /// What the company was paid for them, where the line says it.
        raised: Value,
        /// That, if it moved as cash.
        cash: Option<Number>,
        /// To whom.
        to: Option<PartyId>,
    },
    /// A company paid a dividend.
    Distributed {
        /// On which shares.
        class: ClassId,
        /// How much in all.
        amount: Number,
    },
    /// A dividend reached rights whose terms pass it through.
    PassedThrough {
        /// Which rights.
        tranche: TrancheId,
        /// Whose.
        to: PartyId,
        /// How much.
        amount: Number,
    },
    /// Something about a holding.
    Holding {
        /// Which.
        stake: StakeId,
        /// What.
        what: HoldingAct,
    },
    /// A party holds so much of a class from now on: bought from or sold to holders without a name, outside any contract.
    Held {
        /// Who.
        party: PartyId,
        /// Which.
        class: ClassId,
        /// How many it holds now.
        shares: Number,
    },
    /// The contract of a supply was signed: its firm quantity is owed from now on.
    Signed {
        /// Which supply.
        supply: SupplyId,
    },
    /// Rights came into being, all locked.
    Granted {
        /// Which tranche.
        tranche: TrancheId,
        /// How many rights.
        shares: Number,
    },
    /// An order, delivery, acceptance, invoice.
    Supplied {
        /// Which supply.
        supply: SupplyId,
        /// Which event.
        trigger: Trigger,
        /// How much.
        quantity: Number,
    },
    /// Control passed.
    Transferred {
        /// Which supply.
        supply: SupplyId,
        /// How much.
        quantity: Number,
        /// At the contract price.
        price: Value,
        /// Of it billed before.
        prepaid: Value,
        /// Counters of the supply that do not count it: another bought it, or on another day.
        outside: Vec<CounterId>,
    },
    /// An amount became payable.
    Billed {
        /// Which supply.
        supply: SupplyId,
        /// Number of the bill within the supply.
        number: u32,
        /// How much.
        amount: Value,
        /// Of it for what has not passed yet.
        ahead: Value,
        /// When it is due.
        due: Date,
    },
    /// Cash moved.
    Paid {
        /// Which supply.
        supply: SupplyId,
        /// How much.
        amount: Number,
        /// Of it in settlement of bills.
        applied: Number,
        /// Expected under what binds nobody: outside all totals and books.
        promised: bool,
    },
    /// A seller gave back what it was paid.
    Refunded {
        /// Under which supply.
        supply: SupplyId,
        /// How much.
        amount: Number,
        /// Of it what no bill had asked for; the rest takes back what was billed.
        advance: Number,
    },
    /// Cash moved under an operating line.
    Flowed {
        /// Which line.
        flow: FlowId,
        /// How much; missing when it is undisclosed, and then nothing moved.
        amount: Value,
        /// Expected under what is not definitive and firm: outside all totals and books.
        promised: bool,
    },
    /// Cash paid in advance met a bill.
    Applied {
        /// Which supply.
        supply: SupplyId,
        /// How much.
        amount: Number,
    },
    /// A variable amount was estimated, once for each supply it is allocated to.
    Estimated {
        /// Which supply.
        supply: SupplyId,
        /// Which amount.
        variable: VariableId,
        /// The sum of the outcomes, each times its probability.
        expected: Number,
        /// The outcome that is most probable.
        likely: Number,
        /// What may be included: of the one the contract calls for, no more than the constraint leaves.
        included: Number,
    },
    /// A contract was modified.
    Modified {
        /// Which supply.
        supply: SupplyId,
        /// Added to it.
        quantity: Number,
        /// Added to its price.
        amount: Number,
        /// How it is accounted for.
        treatment: Treatment,
    },
    /// Time passed while cash and control were apart.
    Elapsed {
        /// Which supply.
        supply: SupplyId,
    },
    /// An option to buy more can no longer be used.
    RightEnded {
        /// Which supply.
        supply: SupplyId,
    },
    /// A gate was attested.
    Attested {
        /// For which tranche.
        tranche: TrancheId,
        /// What.
        name: Arc<str>,
    },
    /// A judgement was made.
    Judged {
        /// About which tranche.
        tranche: TrancheId,
        /// What was found.
        finding: Finding,
    },
    /// A judgement was made.
    Assessed {
        /// About which supply.
        supply: SupplyId,
        /// What was found.
        finding: Finding,
        /// Billed and not paid at the time.
        open: Number,
        /// Paid by then, less what was given back.
        paid: Number,
    },
    /// A party took another choice of a policy.
    Adopted {
        /// Who.
        party: PartyId,
        /// Which policy.
        policy: Arc<str>,
        /// Which choice.
        choice: Arc<str>,
        /// Where the catch-up goes.
        transition: Transition,
    },
    /// Locked rights were released.
    Vested {
        /// Which tranche.
        tranche: TrancheId,
        /// How many rights.
        shares: Number,
        /// Of how many in all.
        of: Number,
    },
    /// Released rights became exercisable.
    Cleared {
        /// Which tranche.
        tranche: TrancheId,
        /// How many rights.
        shares: Number,
    },
    /// Rights became shares.
    Exercised {
        /// Which tranche.
        tranche: TrancheId,
        /// How many rights.
        shares: Number,
        /// Shares issued for them.
        issued: Number,
        /// Cash paid.
        paid: Number,
        /// Rights exercisable and not yet exercised just before: what the carrying amount was spread over.
        of: Number,
        /// Of them those of who exercised.
        own: Number,
        /// By whom.
        by: PartyId,
    },
    /// Rights ended.
    Lapsed {
        /// Which tranche.
        tranche: TrancheId,
        /// Of them never vested.
        unvested: Number,
        /// Of them vested and never exercised.
        vested: Number,
        /// Taken back by agreement, not for a condition that failed.
        cancelled: bool,
    },
    /// Money was promised, all locked.
    Committed {
        /// In which tranche.
        tranche: TrancheId,
        /// How much.
        amount: Number,
    },
    /// Money was called.
    Called {
        /// In which tranche.
        tranche: TrancheId,
        /// How much.
        amount: Number,
        /// When it is due.
        due: Date,
    },
    /// Money, or what stands for it, was paid in.
    Funded {
        /// For which tranche.
        tranche: TrancheId,
        /// By whom.
        by: PartyId,
        /// How much.
        amount: Number,
        /// Shares issued for it; missing when the price or the share count is undisclosed.
        issued: Value,
        /// At which price, or value over which number of shares.
        priced: Option<Priced>,
        /// Shares of its own that the investor gave.
        given: Number,
        /// Assumed under a promise that is not definitive and firm: outside all totals, no shares are issued.
        promised: bool,
    },
    /// What a warrant is for changed: its exercise price, or the number of its rights.
    Adjusted {
        /// Which.
        warrant: WarrantId,
        /// The exercise price before.
        before: Number,
        /// The exercise price after; missing when what was paid is undisclosed.
        after: Value,
        /// Why.
        why: Why,
    },
    /// Shares became shares of another class.
    Converted {
        /// Which.
        from: ClassId,
        /// What they are now.
        into: ClassId,
        /// Shares after.
        new: Number,
        /// For shares before.
        old: Number,
        /// How many there are of them now.
        issued: Number,
    },
    /// Rights passed to another holder.
    Assigned {
        /// Of which tranche.
        tranche: TrancheId,
        /// How many.
        shares: Number,
        /// Of them not vested.
        unvested: Number,
        /// What the giver had.
        own: Number,
        /// From whom.
        from: PartyId,
        /// To whom.
        to: PartyId,
        /// What was paid.
        paid: Number,
    },
    /// A holder gave notice of another cap on what it may own.
    Noticed {
        /// Under which warrant.
        warrant: WarrantId,
        /// A part of the class.
        cap: Number,
        /// From when on.
        from: Date,
    },
    /// What the articles allow, or what is kept for other purposes.
    Limited {
        /// Of which class.
        class: ClassId,
        /// Shares in all.
        shares: Number,
        /// Kept for other purposes (true), or authorised.
        reserved: bool,
    },
    /// Something was paid at signing for a loan or a guarantee.
    FeePaid {
        /// For which.
        tranche: TrancheId,
        /// How much; missing when it is undisclosed, and then nothing moved.
        amount: Value,
        /// To the lender or guarantor, not to others.
        own: bool,
    },
    /// A loan was drawn.
    Drawn {
        /// Which.
        tranche: TrancheId,
        /// Number of the draw, from 1.
        number: u32,
        /// Principal.
        amount: Number,
        /// Cash paid out for it.
        paid: Value,
        /// What is to be paid for it at the rate of the day; none where that is not known.
        plan: Option<Arc<[crate::terms::Payment]>>,
    },
    /// What was outstanding of a loan that is older than the books.
    CarriedOver {
        /// Which.
        tranche: TrancheId,
        /// Principal.
        amount: Number,
        /// What it was carried at, without the next.
        carried: Value,
        /// Interest accrued on it and not paid.
        interest: Value,
        /// What is to be paid for it from the day on; none where the rate is not known.
        plan: Option<Arc<[crate::terms::Payment]>>,
    },
    /// The rate of a draw changed.
    Reset {
        /// Of which loan.
        tranche: TrancheId,
        /// Of which draw.
        number: u32,
        /// What is left to be paid for it at the new rate.
        plan: Option<Arc<[crate::terms::Payment]>>,
    },
    /// A loan, lease or guarantee is counted up to a day.
    Accrued {
        /// Which.
        tranche: TrancheId,
        /// The first day that is not counted.
        to: Date,
        /// Interest since it was last counted.
        interest: Value,
        /// The fee on what is not drawn, likewise.
        undrawn: Value,
    },
    /// What was due under a loan was paid.
    Serviced {
        /// Which.
        tranche: TrancheId,
        /// Interest.
        interest: Value,
        /// The fee on what is not drawn.
        undrawn: Value,
        /// Principal.
        principal: Number,
    },
    /// A draw was repaid ahead of its day.
    Repaid {
        /// Of which loan.
        tranche: TrancheId,
        /// Which draw.
        number: u32,
        /// How much.
        amount: Number,
        /// Of what was outstanding.
        of: Number,
    },
    /// A lease or a guarantee began.
    Commenced {
        /// Which.
        tranche: TrancheId,
    },
    /// Rent was paid.
    Rented {
        /// Under which lease.
        tranche: TrancheId,
        /// How much; missing when it is undisclosed, and then nothing moved.
        amount: Value,
        /// Before the lease began.
        ahead: bool,
    },
    /// Shares were split.
    Split {
        /// Which.
        class: ClassId,
        /// Shares after.
        new: Number,
        /// For shares before.
        old: Number,
    },
    /// The promises of a contract ended.
    Ended {
        /// Which.
        contract: ContractId,
        /// By which, if superseded.
        by: Option<ContractId>,
        /// Superseded or terminated.
        superseded: bool,
    },
    /// What a party has in another currency is brought to the rate of the day.
    Revalued(Revalued),
    /// A period was issued and locked.
    Closed {
        /// Whose.
        party: PartyId,
        /// Which days.
        period: Period,
    },
    /// Errors of an issued period were corrected in it.
    Restated {
        /// Whose.
        party: PartyId,
        /// Which days.
        period: Period,
    },
}
