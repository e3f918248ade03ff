//! Positions in the lists of [`super::Terms`].

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As a list position.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl From<u32> for $name {
            fn from(position: u32) -> Self {
                Self(position)
            }
        }

        impl From<$name> for u32 {
            fn from(id: $name) -> Self {
                id.0
            }
        })*
    };
}

ids! {
    /// A declared source.
    SourceId;
    /// A party.
    PartyId;
    /// A share class.
    ClassId;
    /// A named assumption.
    AssumptionId;
    /// A contract.
    ContractId;
    /// A supply.
    SupplyId;
    /// A counter.
    CounterId;
    /// What a price test reads.
    PriceMeasureId;
    /// A warrant.
    WarrantId;
    /// An investment.
    InvestmentId;
    /// A loan, lease or guarantee.
    CreditId;
    /// A tranche.
    TrancheId;
    /// A `latched` condition.
    LatchId;
    /// A bare promise.
    CommitmentId;
    /// A variable amount.
    VariableId;
    /// An operating line.
    FlowId;
    /// A book.
    BookId;
    /// A ledger line.
    LineId;
    /// A holding.
    StakeId;
    /// A scenario.
    ScenarioId;
}
