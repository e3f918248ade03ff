//! What the proceeds of a loan pay for besides the loan: warrants issued with it.

use super::method::Methods;
use crate::num::Fault;
use crate::terms::{Assumptions, TrancheId, Value};

impl<A: Assumptions> Methods<'_, A> {
    /// The part of the proceeds of a loan that is for the warrants issued with it.
    pub(super) fn detached(&self, _loan: TrancheId) -> Result<Value, Fault> {
        Ok(Value::ZERO)
    }
}
