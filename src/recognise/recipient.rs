//! What the holder of an award is to the customer whose purchases earn it.

use super::method::Methods;
use super::{Exact, Record};
use crate::num::Fault;
use crate::terms::{Assumptions, Tranche, TrancheId, Value};

impl<A: Assumptions> Methods<'_, A> {
    /// `received_as(t, affiliate)`: 1 if the holder is that to the buyer, else 0; open where nobody said.
    pub(super) fn received_as<R: Record>(&self, id: TrancheId, tranche: &Tranche, word: &str) -> Result<R, Fault> {
        let label = || format!("received_as({}, {word})", tranche.path);
        match self.terms.recipient_of(id) {
            Some(found) => Ok(R::leaf(label, if found.word() == word { Exact::ONE } else { Exact::ZERO })),
            None => {
                let warrant = self.terms.warrant_of(id).map_or("", |warrant| &*warrant.path);
                Ok(R::leaf(label, Exact::from_value(&Value::missing(format!("{warrant}.consideration")))?))
            }
        }
    }
}
