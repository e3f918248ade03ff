//! What was tested and failed, and which inputs of the instrument did not matter.

use super::tell::Teller;
use super::words::in_unit;
use crate::engine::Act;
use crate::engine::evaluate::{self, Verdict};
use crate::num::Fault;
use crate::terms::{Gate, Test, TrancheId};

impl Teller<'_, '_> {
    /// The tranches the fact speaks about: by its item, or all that the party issued or holds.
    fn instrument(&self) -> Vec<TrancheId> {
        let all = (0u32..).map(TrancheId).zip(&self.replay.terms.tranches);
        let mine = all.filter(|(_, tranche)| {
            let Some(contract) = self.replay.terms.contract_of(tranche) else { return false };
            let Some(contract) = self.replay.terms.contracts.get(contract.index()) else { return false };
            let Some((path, gives, takes)) = self.replay.terms.sides(tranche) else { return false };
            match self.name.item.as_deref() {
                Some(item) => {
                    *item == *tranche.path
                        || *item == *path
                        || item.starts_with(&format!("{}.", contract.path)) && !item.starts_with(&*path)
                }
                None => {
                    let name =
                        |id: crate::terms::PartyId| self.replay.terms.parties.get(id.index()).map(|p| p.name.clone());
                    let mut sides = std::iter::once(gives).chain(takes);
                    sides.any(|side| name(side) == Some(self.name.entity.clone()))
                }
            }
        });
        mine.map(|(id, _)| id).collect()
    }

    /// Judgements and gates of the instrument: which branch was taken.
    pub(super) fn branches(&self) -> Result<Vec<String>, Fault> {
        let mut said = Vec::new();
        let version = self.replay.at(self.period.to);
        for id in self.instrument() {
            let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { continue };
            if said.len() >= 12
                || !(self.is_legal() || self.told.contains(&*tranche.path) || self.asks_for(&tranche.path))
            {
                continue;
            }
            if let Some((yes, line)) = version.state.probable.get(&id).filter(|_| !self.is_legal()) {
                let word = if *yes { "probable" } else { "not probable" };
                let line = self.replay.engine.line(*line);
                let when = line.map_or_else(String::new, |l| {
                    let note = l.line.note.as_ref().map_or_else(String::new, |n| format!(", “{n}”"));
                    format!(" since {}{note}", l.line.date)
                });
                said.push(format!("{} judged {word}{when}", tranche.path));
            } else if !self.is_legal() && self.replay.engine.warrant_of(id).is_some() {
                said.push(format!("{}: no judgement recorded; it counts when its quantity is met", tranche.path));
            }
            let reached = version.state.tranches.get(&id).cloned().unwrap_or_default();
            if self.is_legal() && reached.vested.is_none() {
                let read = evaluate::evaluate(&self.replay.engine, &version.state, id, &tranche.vests, self.period.to)?;
                for test in read.tests {
                    let how = match (&test.verdict, test.actual) {
                        (Verdict::Met, _) => test.latched.map_or_else(|| "met".to_owned(), |d| format!("latched {d}")),
                        (Verdict::Undetermined(names), _) => format!("undetermined: {}", names.join(", ")),
                        (Verdict::Pending, Some(actual)) => {
                            let short = test.threshold.and_then(|wanted| wanted.minus(actual).ok());
                            let short = short.filter(|short| short.is_positive());
                            let short = short.map(|short| format!(", {} short", in_unit(short, &test.unit)));
                            format!("not met, stands at {}{}", in_unit(actual, &test.unit), short.unwrap_or_default())
                        }
                        (Verdict::Impossible, _) => "can no longer be met".to_owned(),
                        (Verdict::Pending, None) => "has not happened".to_owned(),
                    };
                    said.push(format!("{}: {} — {how}", tranche.path, test.text));
                }
                said.extend(self.ahead(id));
            }
        }
        Ok(said)
    }

    /// What becomes of a tranche that waits: the day on which it vests on this path, or what takes its rights before.
    fn ahead(&self, id: TrancheId) -> Option<String> {
        let tranche = self.replay.terms.tranches.get(id.index())?;
        let later = self.replay.outcomes_of_tranche(id).filter(|(_, outcome)| outcome.date > self.period.to);
        let mut lapse = None;
        for (_, outcome) in later {
            match &outcome.act {
                Act::Vested { .. } => {
                    return Some(format!(
                        "{}: vests {} on this path, {}",
                        tranche.path,
                        outcome.date,
                        outcome.basis.word()
                    ));
                }
                Act::Lapsed { .. } => lapse = lapse.or(Some(outcome.date)),
                _ => {}
            }
        }
        let expires = self.replay.engine.warrant_of(id).and_then(|warrant| warrant.expires);
        let end = lapse.or(expires).map_or_else(|| "has no end".to_owned(), |date| format!("lapses on {date}"));
        Some(format!("{}: never vests on this path; {end}", tranche.path))
    }

    fn asks_for(&self, path: &str) -> bool {
        self.name.item.as_deref() == Some(path)
    }

    fn is_legal(&self) -> bool {
        let legal = crate::report::measure::TRANCHE_MEASURES.iter().chain(crate::report::measure::SUPPLY_MEASURES);
        legal.into_iter().any(|(name, _)| *name == &*self.name.measure)
    }

    /// Inputs of the instrument that are absent from the tree, with the reason.
    pub(super) fn did_not_matter(&self) -> Vec<String> {
        let ids = self.instrument();
        let mut said = Vec::new();
        let tests = |want: &dyn Fn(&Test) -> bool| {
            ids.iter().any(|id| {
                let tranche = self.replay.terms.tranches.get(id.index());
                let gates = tranche.into_iter().flat_map(|t| std::iter::once(&t.vests).chain(&t.exercisable));
                gates.into_iter().any(|gate: &Gate| {
                    let mut leaves = Vec::new();
                    gate.leaves(&mut leaves);
                    leaves.iter().any(|leaf| want(&leaf.test))
                })
            })
        };
        if self.is_legal() {
            let money = matches!(&*self.name.measure, "billed" | "paid" | "claims");
            if !money && !ids.is_empty() {
                said.push("fair values and probability: they decide cost, not vesting".to_owned());
                said.push("payments: vesting counts quantities and prices, not cash".to_owned());
            }
            return said;
        }
        if ids.is_empty()
            || !matches!(
                &*self.name.measure,
                "contra_revenue" | "net_revenue" | "customer_incentive" | "award_equity" | "award_liability"
            )
        {
            return said;
        }
        if tests(&|t| matches!(t, Test::Price(..))) {
            said.push("share price: a market condition is inside the grant-date value and is never reversed (ASC 718-10-30-14)".to_owned());
        }
        let vested: Vec<String> = ids
            .iter()
            .filter_map(|id| {
                let tranche = self.replay.terms.tranches.get(id.index())?;
                let date = self.replay.end().state.tranches.get(id)?.vested?;
                self.period
                    .contains(date)
                    .then(|| format!("vesting of {} on {date}: cost follows revenue recognised", tranche.path))
            })
            .collect();
        said.extend(vested);
        if tests(&|t| matches!(t, Test::Attested(_))) {
            said.push("attestations before exercise: they decide when shares may be issued".to_owned());
        }
        let exercised = self
            .replay
            .register
            .outcomes
            .iter()
            .any(|o| matches!(&o.act, crate::engine::Act::Exercised { tranche, .. } if ids.contains(tranche)));
        if self.name.measure.starts_with("award") {
            return said;
        }
        said.push(if exercised {
            "exercises: they move the award to equity, not the cost".to_owned()
        } else {
            "exercise: none took place".to_owned()
        });
        let others: Vec<&str> = self
            .replay
            .terms
            .warrants
            .iter()
            .filter(|w| !w.tranches.iter().any(|t| ids.contains(t)))
            .map(|w| &*w.path)
            .collect();
        if !others.is_empty() {
            said.push(format!("other warrants: {}", others.join(", ")));
        }
        said
    }
}
