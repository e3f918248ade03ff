//! Payments under operating lines.

use std::sync::Arc;

use super::step::{Day, Engine, Fault};
use super::{Act, RefusalKind};
use crate::ledger::{Draft, Parent};
use crate::terms::{Basis, Fact, PartyId, Value};

/// The owner of the cash of everyone who is no party.
pub const OTHERS: &str = "others";

/// The account of money that is expected and not owed: under a letter of intent, an announcement or an option. No book
/// sees it and no total counts it.
pub const PROMISED: &str = "promised_cash";

impl Engine<'_> {
    /// Payments of the day, by line; after those of contracts.
    pub(super) fn flows(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for index in self.lines.get(&day.date).map_or(&[][..], Vec::as_slice) {
            let Some(line) = self.inputs.lines.get(*index) else { continue };
            let Some(Fact::Flow { flow: id, amount, part }) = &line.line.fact else { continue };
            let Some(flow) = self.terms.flows.get(id.index()) else { continue };
            let stated = self.inputs.quantity(line, amount).map_err(self.fault(&flow.path, day.date))?;
            let amount = part.clone().unwrap_or(stated);
            let paid = match &amount {
                Value::Known(paid) if !paid.is_positive() => {
                    day.refuse(
                        line,
                        RefusalKind::NoQuantity,
                        &flow.path,
                        format!("the payment comes to {} {}", paid.grouped(), flow.currency),
                    );
                    continue;
                }
                Value::Known(paid) => Some(*paid),
                Value::Missing(_) => None,
            };
            let promised = flow.standing.is_some_and(|s| !s.is_owed()) && line.line.basis > Basis::Actual;
            let name = if promised { PROMISED } else { "cash" };
            let payer = day.account(&self.cash_of(flow.from), name, &"".into(), &flow.currency);
            let payee = day.account(&self.cash_of(flow.to), name, &"".into(), &flow.currency);
            let draft = Draft::default().transfer(payer, payee, paid.unwrap_or_default());
            let act = Act::Flowed { flow: *id, amount, promised };
            day.record(self, act, &flow.path, vec![Parent::Line(line.id)], draft)?;
        }
        Ok(())
    }

    fn cash_of(&self, party: Option<PartyId>) -> Arc<str> {
        party.map_or_else(|| OTHERS.into(), |id| self.party(id))
    }
}
