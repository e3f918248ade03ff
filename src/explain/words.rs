//! Outcomes and supports in words.

use super::tell::Teller;
use crate::engine::Act;
use crate::terms::{Support, TrancheId, Value};

impl Teller<'_, '_> {
    pub(super) fn act(&self, act: &Act) -> String {
        let tranche = |id: &TrancheId| self.replay.terms.tranches.get(id.index()).map_or("", |t| &*t.path);
        let supply = |id: &crate::terms::SupplyId| self.replay.terms.supplies.get(id.index()).map_or("", |s| &*s.path);
        let amount = |v: &Value| v.known().map_or_else(|| "undisclosed".to_owned(), |n| n.to_string());
        match act {
            Act::Opened { .. } => "opening".into(),
            Act::Issued { shares, .. } => format!("issue of {shares} shares"),
            Act::Signed { supply: id } => format!("{} is signed", supply(id)),
            Act::Granted { tranche: id, shares } => format!("{shares} rights of {} are granted", tranche(id)),
            Act::Supplied { supply: id, trigger, quantity } => {
                format!("{} of {quantity} under {}", trigger.word(), supply(id))
            }
            Act::Transferred { supply: id, quantity, price, .. } => {
                format!("control of {quantity} under {} passes at {}", supply(id), amount(price))
            }
            Act::Billed { supply: id, number, amount: a, due, .. } => {
                format!("bill {number} under {} of {}, due {due}", supply(id), amount(a))
            }
            Act::Paid { supply: id, amount, .. } => format!("payment under {} of {amount}", supply(id)),
            Act::Flowed { flow: id, amount: a } => {
                let title = self.replay.terms.flows.get(id.index()).map_or("", |f| &*f.title);
                format!("payment under {title} of {}", amount(a))
            }
            Act::Applied { supply: id, amount } => format!("advance of {amount} meets a bill under {}", supply(id)),
            Act::Attested { tranche: id, name } => format!("{name} attested for {}", tranche(id)),
            Act::Judged { tranche: id, finding } => format!("judgement on {}: {}", tranche(id), finding_words(finding)),
            Act::Vested { tranche: id, shares } => format!("{shares} rights of {} vest", tranche(id)),
            Act::Cleared { tranche: id, shares } => format!("{shares} rights of {} become exercisable", tranche(id)),
            Act::Exercised { tranche: id, shares, issued, paid, .. } => {
                format!("{shares} rights of {} exercised: {issued} shares for {paid}", tranche(id))
            }
            Act::Lapsed { tranche: id, unvested, vested } => {
                format!("{} lapses: {unvested} unvested, {vested} vested rights", tranche(id))
            }
            Act::Split { new, old, .. } => format!("split {new} for {old}"),
            Act::Ended { superseded: true, .. } => "promises superseded".into(),
            Act::Ended { .. } => "contract terminated".into(),
            Act::Closed { period, .. } => format!("period {period} issued"),
        }
    }

    pub(super) fn sources(&self, support: &Support) -> Vec<String> {
        let cited = support.citations.iter().filter_map(|(id, place)| {
            let source = self.replay.terms.sources.get(id.index())?;
            Some(place.as_ref().map_or_else(|| source.name.to_string(), |p| format!("{} \"{p}\"", source.name)))
        });
        let assumed = support.assumed.iter().filter_map(|id| {
            let assumption = self.replay.terms.assumptions.get(id.index())?;
            Some(format!("assumed {}", assumption.name))
        });
        cited.chain(assumed).collect()
    }
}

fn finding_words(finding: &crate::terms::Finding) -> String {
    match finding {
        crate::terms::Finding::Probable(true) => "probable".into(),
        crate::terms::Finding::Probable(false) => "not probable".into(),
        crate::terms::Finding::Account(word) => word.to_string(),
    }
}
