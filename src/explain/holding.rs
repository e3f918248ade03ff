//! What happened to a holding, in words.

use super::tell::Teller;
use super::words::finding_words;
use crate::engine::{HoldingAct, Pricing};
use crate::terms::{StakeId, Value};

impl Teller<'_, '_> {
    pub(super) fn holding(&self, id: StakeId, what: &HoldingAct) -> String {
        let terms = self.replay.terms;
        let Some(stake) = terms.stakes.get(id) else { return String::new() };
        let holder = terms.parties.get(stake.holder.index());
        let (holder, currency) = holder.map_or(("", ""), |party| (&*party.name, &*party.currency));
        let path = &stake.path;
        let money = |value: &Value| match value {
            Value::Known(amount) => format!("{} {currency}", amount.grouped()),
            Value::Missing(_) => "an undisclosed amount".to_owned(),
        };
        match what {
            HoldingAct::Counted(count) => {
                let of = count.of.known().map_or_else(|| "an unknown number of".to_owned(), |of| of.grouped());
                format!("{holder} holds {} shares of {path}, of {of} shares of the company", count.held.grouped())
            }
            HoldingAct::Bought { shares, paid } => {
                format!("{holder} buys {} shares of {path} for {}", shares.grouped(), money(paid))
            }
            HoldingAct::Sold { shares, received, .. } => {
                format!("{holder} sells {} shares of {path} for {}", shares.grouped(), money(received))
            }
            HoldingAct::Became { from, shares, got, .. } => {
                let from = self.replay.terms.stakes.get(*from).map_or("", |stake| &*stake.path);
                format!("{} shares of {from} of {holder} became {} of {path}", shares.grouped(), got.grouped())
            }
            HoldingAct::Priced { price, how } => {
                let by = match how {
                    Pricing::Observed => "by an orderly transaction",
                    Pricing::Stated => "as the line says",
                    Pricing::Close => "at the last close",
                };
                format!("a share of {path} is worth {} {by}", money(price))
            }
            HoldingAct::Reported { period, income } => format!("result behind {path} for {period}: {}", money(income)),
            HoldingAct::Dividend { amount, whole } => {
                format!("dividend on {path}: {} of {} to {holder}", money(amount), money(whole))
            }
            HoldingAct::Allocated { net_assets, parts } => {
                let parts: Vec<String> =
                    parts.iter().map(|(name, cost, _)| format!("{name} {}", money(cost))).collect();
                let more = if parts.is_empty() { String::new() } else { format!("; above them {}", parts.join(", ")) };
                format!("net assets behind {path} are {}{more}", money(net_assets))
            }
            HoldingAct::Impaired { to } => format!("{path} is written down to {}", money(to)),
            HoldingAct::Judged(finding) => format!("judgement of {holder} on {path}: {}", finding_words(finding)),
            HoldingAct::Elapsed => format!("time passes over what {path} bought"),
        }
    }
}
