//! Who gets what a seller gives for a customer's purchases: the customer, or another in its place (ASC 606-10-32-25).

use super::{Instrument, SupplyId, Terms, TrancheId};

/// The sales that an award lowers the price of, and what its holder is to their buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consideration {
    /// Which sales.
    pub supply: SupplyId,
    /// What the holder is.
    pub to: Recipient,
}

/// What the holder of an award is to the buyer of the goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    /// The buyer itself.
    Buyer,
    /// Under the same control as the buyer.
    Affiliate,
    /// It buys the goods from the buyer.
    OnwardBuyer,
}

impl Recipient {
    /// As written.
    pub const ALL: &'static [(Self, &'static str)] =
        &[(Self::Buyer, "buyer"), (Self::Affiliate, "affiliate"), (Self::OnwardBuyer, "onward_buyer")];

    /// As written.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("buyer", |(_, word)| word)
    }
}

impl Terms {
    /// What the holder of a tranche is to the buyer whose purchases earn it; nothing where it is another party and the
    /// contract does not say.
    #[must_use]
    pub fn recipient_of(&self, id: TrancheId) -> Option<Recipient> {
        let Some(Instrument::Warrant(warrant)) = self.tranches.get(id.index()).map(|t| t.of) else {
            return Some(Recipient::Buyer);
        };
        let warrant = self.warrants.get(warrant.index())?;
        if let Some(said) = warrant.consideration {
            return Some(said.to);
        }
        let supply = self.earning_supply(id).and_then(|supply| self.supplies.get(supply.index()));
        supply.is_none_or(|supply| supply.buyer == warrant.holder).then_some(Recipient::Buyer)
    }
}
