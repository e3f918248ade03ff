//! Outcomes and supports in words.

use super::tell::Teller;
use crate::engine::{Act, Priced, Why};
use crate::num::{Number, Ratio, Unit};
use crate::terms::{ClassId, Finding, PartyId, Support, TrancheId, Value};

impl Teller<'_, '_> {
    pub(super) fn act(&self, act: &Act) -> String {
        let tranche = |id: &TrancheId| self.replay.terms.tranches.get(id.index()).map_or("", |t| &*t.path);
        let supply = |id: &crate::terms::SupplyId| self.replay.terms.supplies.get(id.index()).map_or("", |s| &*s.path);
        let of = |id: &crate::terms::SupplyId| self.replay.terms.supplies.get(id.index());
        let money = |id, n: Number| of(id).map_or_else(|| n.grouped(), |s| in_unit(n, &Unit::of(&s.currency)));
        let goods = |id, n: Number| of(id).map_or_else(|| n.grouped(), |s| in_unit(n, &s.unit));
        let amount = |id, v: &Value| v.known().map_or_else(|| "undisclosed".to_owned(), |n| money(id, n));
        let whole = |n: &Number| n.grouped();
        let paid_in = |id: &TrancheId, n: Number| {
            self.replay.terms.investment_of(*id).map_or_else(|| n.grouped(), |i| in_unit(n, &Unit::of(&i.currency)))
        };
        match act {
            Act::Opened { .. } => "opening".into(),
            Act::Issued { shares, .. } => format!("issue of {} shares", whole(shares)),
            Act::Distributed { class, amount } => {
                let class = self.replay.terms.classes.get(class.index()).map_or("", |c| &*c.path);
                format!("dividend of {} on {class}", whole(amount))
            }
            Act::PassedThrough { tranche: id, amount, .. } => {
                format!("dividend of {} passed through to {}", whole(amount), tranche(id))
            }
            Act::Holding { stake, what } => self.holding(*stake, what),
            Act::Held { party, class, shares } => {
                let holder = self.replay.terms.parties.get(party.index()).map_or("", |p| &*p.name);
                let class = self.replay.terms.classes.get(class.index()).map_or("", |c| &*c.path);
                format!("{holder} holds {} shares of {class}", whole(shares))
            }
            Act::Signed { supply: id } => format!("{} is signed", supply(id)),
            Act::Granted { tranche: id, shares } => format!("{} rights of {} are granted", whole(shares), tranche(id)),
            Act::Supplied { supply: id, trigger, quantity } => {
                format!("{} of {} under {}", trigger.word(), goods(id, *quantity), supply(id))
            }
            Act::Transferred { supply: id, quantity, price, .. } => {
                format!("control of {} under {} passes at {}", goods(id, *quantity), supply(id), amount(id, price))
            }
            Act::Billed { supply: id, number, amount: a, due, .. } => {
                format!("bill {number} under {} of {}, due {due}", supply(id), amount(id, a))
            }
            Act::Paid { supply: id, amount, .. } => format!("payment under {} of {}", supply(id), money(id, *amount)),
            Act::Refunded { supply: id, amount, .. } => {
                format!("refund under {} of {}", supply(id), money(id, *amount))
            }
            Act::Applied { supply: id, amount } => {
                format!("advance of {} meets a bill under {}", money(id, *amount), supply(id))
            }
            Act::Flowed { flow: id, amount, .. } => {
                let flow = self.replay.terms.flows.get(id.index());
                let paid = |n: Number| flow.map_or_else(|| n.grouped(), |f| in_unit(n, &Unit::of(&f.currency)));
                let paid = amount.known().map_or_else(|| "undisclosed".to_owned(), paid);
                format!("payment under {} of {paid}", flow.map_or("", |f| &*f.title))
            }
            Act::Estimated { supply: id, variable, expected, likely, included } => {
                let path = self.replay.terms.variables.get(variable.index()).map_or("", |v| &*v.path);
                let (expected, likely, included) = (money(id, *expected), money(id, *likely), money(id, *included));
                format!("{path} estimated: expected value {expected}, most likely {likely}, included {included}")
            }
            Act::Assessed { supply: id, finding, .. } => {
                format!("judgement on {}: {}", supply(id), finding_words(finding))
            }
            Act::Modified { supply: id, quantity, amount, treatment } => {
                let how =
                    crate::terms::Treatment::ALL.iter().find(|(t, _)| t == treatment).map_or("", |(_, word)| word);
                let (quantity, amount) = (goods(id, *quantity), money(id, *amount));
                format!("{} modified {how}: {quantity} added for {amount}", supply(id))
            }
            Act::RightEnded { supply: id } => format!("the option to buy more under {} ends", supply(id)),
            Act::Elapsed { supply: id } => format!("time passes while cash and control of {} are apart", supply(id)),
            Act::Revalued(held) => {
                format!("cash in {} at the rate of the day: {}", held.currency, held.change.grouped())
            }
            Act::Attested { tranche: id, name } => format!("{name} attested for {}", tranche(id)),
            Act::Judged { tranche: id, finding } => format!("judgement on {}: {}", tranche(id), finding_words(finding)),
            Act::Vested { tranche: id, shares, .. } => format!("{} rights of {} vest", whole(shares), tranche(id)),
            Act::Cleared { tranche: id, shares } => {
                format!("{} rights of {} become exercisable", whole(shares), tranche(id))
            }
            Act::Exercised { tranche: id, shares, issued, paid, .. } => {
                let warrant = self.replay.engine.warrant_of(*id);
                let currency = warrant.map_or_else(String::new, |w| {
                    w.strike.unit.num.as_ref().map_or_else(String::new, ToString::to_string)
                });
                let (shares, issued, paid) = (whole(shares), whole(issued), whole(paid));
                format!("{shares} rights of {} exercised: {issued} shares for {paid} {currency}", tranche(id))
            }
            Act::Lapsed { tranche: id, unvested, .. } if self.replay.terms.investment_of(*id).is_some() => {
                format!("{} of {} lapses", paid_in(id, *unvested), tranche(id))
            }
            Act::Lapsed { tranche: id, unvested, vested, .. } => {
                let (unvested, vested) = (whole(unvested), whole(vested));
                format!("{} lapses: {unvested} unvested, {vested} vested rights", tranche(id))
            }
            Act::Committed { tranche: id, amount } => format!("{} promised in {}", paid_in(id, *amount), tranche(id)),
            Act::Called { tranche: id, amount, due } => {
                format!("{} of {} called, due {due}", paid_in(id, *amount), tranche(id))
            }
            Act::Funded { tranche: id, by, amount: paid, issued, priced, promised, .. } => {
                let by = self.replay.terms.parties.get(by.index()).map_or("", |p| &*p.name);
                let issued = issued.known().map_or_else(|| "undisclosed".to_owned(), |n| whole(&n));
                let shares = if *promised { "no shares: not definitive".into() } else { format!("{issued} shares") };
                let split = |ratio: &Ratio| match *ratio == Ratio::ONE {
                    true => String::new(),
                    false => format!(", split {} for {} since", ratio.numerator(), ratio.denominator()),
                };
                let priced = match priced {
                    Some(Priced::Share(price, since)) => {
                        format!(", at {} a share{}", paid_in(id, *price), split(since))
                    }
                    Some(Priced::Whole(value, count, since)) => {
                        let (value, count) = (paid_in(id, *value), whole(count));
                        format!(", at {value} before the money over {count} shares{}", split(since))
                    }
                    None => String::new(),
                };
                format!("{} of {} funded by {by}: {shares}{priced}", paid_in(id, *paid), tranche(id))
            }
            Act::FeePaid { tranche: id, amount, own } => {
                let to = if *own { "" } else { ", to others" };
                format!("{} paid at signing for {}{to}", self.lent(*id, amount), tranche(id))
            }
            Act::Drawn { tranche: id, number, amount, paid, .. } => {
                let whole = self.lent(*id, &Value::Known(*amount));
                let paid = if *paid == Value::Known(*amount) {
                    String::new()
                } else {
                    format!(", {} paid out", self.lent(*id, paid))
                };
                format!("draw {number} of {}: {whole}{paid}", tranche(id))
            }
            Act::CarriedOver { tranche: id, amount, carried, interest, .. } => format!(
                "{} of {} outstanding from before, carried at {}, with {} of interest accrued",
                self.lent(*id, &Value::Known(*amount)),
                tranche(id),
                self.lent(*id, carried),
                self.lent(*id, interest)
            ),
            Act::Reset { tranche: id, number, .. } => format!("the rate of draw {number} of {} changes", tranche(id)),
            Act::Accrued { tranche: id, to, interest, .. } => {
                match self.replay.terms.credit_of(*id).and_then(|c| c.loan()) {
                    Some(_) => {
                        format!("{} of interest accrues under {} before {to}", self.lent(*id, interest), tranche(id))
                    }
                    None => format!("{} is counted up to {to}", tranche(id)),
                }
            }
            Act::Serviced { tranche: id, interest, principal, .. } => {
                let (interest, principal) = (self.lent(*id, interest), self.lent(*id, &Value::Known(*principal)));
                format!("{interest} of interest and {principal} of principal paid under {}", tranche(id))
            }
            Act::Repaid { tranche: id, number, amount, .. } => {
                format!("{} of draw {number} of {} repaid early", self.lent(*id, &Value::Known(*amount)), tranche(id))
            }
            Act::Commenced { tranche: id } => format!("{} begins", tranche(id)),
            Act::Rented { tranche: id, amount, .. } => format!("{} paid under {}", self.lent(*id, amount), tranche(id)),
            Act::Adopted { policy, choice, .. } => format!("{policy} = {choice} adopted"),
            Act::Adjusted { warrant, before, after, why } => {
                let path = self.replay.terms.warrants.get(warrant.index()).map_or("", |w| &*w.path);
                adjusted(path, *before, after, why)
            }
            Act::Converted { from, into, new, old, .. } => {
                let path = |id: &ClassId| self.replay.terms.classes.get(id.index()).map_or("", |c| &*c.path);
                format!("{} becomes {}, {new} for {old}", path(from), path(into))
            }
            Act::Assigned { tranche: id, shares, from, to, .. } => {
                let name = |id: &PartyId| self.replay.terms.parties.get(id.index()).map_or("", |p| &*p.name);
                format!("{} rights of {} pass from {} to {}", whole(shares), tranche(id), name(from), name(to))
            }
            Act::Noticed { cap, from, .. } => {
                let percent = cap.times(Number::from_int(100)).unwrap_or_default();
                format!("notice of an ownership cap of {percent}% from {from}")
            }
            Act::Limited { shares, reserved: true, .. } => format!("{} shares reserved", whole(shares)),
            Act::Limited { shares, .. } => format!("{} shares authorised", whole(shares)),
            Act::Split { new, old, .. } => format!("split {new} for {old}"),
            Act::Ended { superseded: true, .. } => "promises superseded".into(),
            Act::Ended { .. } => "contract terminated".into(),
            Act::Closed { period, .. } => format!("period {period} issued"),
            Act::Restated { period, .. } => format!("period {period} restated"),
        }
    }

    /// Money of a loan, lease or guarantee.
    fn lent(&self, id: TrancheId, amount: &Value) -> String {
        let currency = self.replay.terms.credit_of(id).map_or_else(Unit::none, |credit| Unit::of(&credit.currency));
        amount.known().map_or_else(|| "undisclosed".to_owned(), |n| in_unit(n, &currency))
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

/// `2.15 GW`
pub(super) fn in_unit(number: Number, unit: &Unit) -> String {
    format!("{} {unit}", number.grouped()).trim_end().to_owned()
}

pub(super) fn finding_words(finding: &Finding) -> String {
    match finding {
        Finding::Probable(true) => "probable".into(),
        Finding::Probable(false) => "not probable".into(),
        Finding::Account(word) => word.to_string(),
        Finding::Value(_) => "worth what the line says".into(),
        Finding::Measured(_) => "measured for good".into(),
        Finding::Estimate(name, _) => format!("{name} as the line says"),
        Finding::Expected(_) => "purchases expected to earn it".into(),
        Finding::Outcome(name) => format!("outcome {name}"),
        Finding::Collectible(true) => "collectible".into(),
        Finding::Collectible(false) => "not collectible: no contract to account for".into(),
        Finding::Refundable(true) => "what is left of what was paid is to be given back".into(),
        Finding::Refundable(false) => "what was paid need not be given back".into(),
        Finding::Left(left) => format!("its holder is a customer no more: {} outside Topic 718", left.word),
        Finding::Modified(what) => {
            let waived = if what.waived { ", vesting waived" } else { "" };
            format!("modification of type {}{waived}", what.kind.word())
        }
    }
}

/// `strike of deal.w from 10 to 9.6667: (strike × 100,000,000 + 40,000,000) / (100,000,000 + 10,000,000)`
fn adjusted(path: &str, before: Number, after: &Value, why: &Why) -> String {
    let after = after.known().map_or_else(|| "undisclosed".to_owned(), |n| n.to_string());
    format!("strike of {path} from {before} to {after}: {}", why.words())
}
