//! Items whose money is not in the currency of the book.

use std::sync::Arc;

use super::Bookkeeper;
use super::fold::Item;

impl Bookkeeper<'_> {
    /// The currency of an item's money, if it is not that of the book.
    pub(super) fn foreign(&self, item: Item) -> Option<Arc<str>> {
        let currency = match item {
            Item::Supply(id) => self.terms.supplies.get(id.index()).map(|s| s.currency.clone()),
            Item::Flow(id) => self.terms.flows.get(id.index()).map(|f| f.currency.clone()),
            Item::Tranche(id) => match self.terms.investment_of(id) {
                Some(investment) => Some(investment.currency.clone()),
                None => {
                    let class = self.terms.warrant_of(id).and_then(|w| self.terms.classes.get(w.class.index()));
                    let issuer = class.and_then(|c| self.terms.parties.get(c.issuer.index()));
                    issuer.map(|party| party.currency.clone())
                }
            },
        };
        currency.filter(|currency| *currency != self.currency)
    }
}
