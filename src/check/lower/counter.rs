//! Counters: what is summed, over which events, whose, and since when.

use std::sync::Arc;

use super::behind;
use super::contract::Inside;
use crate::base::suggest::nearest;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::Program;
use crate::check::expand::Made;
use crate::check::symbols::{Entity, as_party, as_supply};
use crate::check::units::shown;
use crate::num::Unit;
use crate::syntax::ast;
use crate::terms::{Counter, SupplyId, Trigger};

const VERBS: [(Trigger, &str); 5] = [
    (Trigger::Order, "order"),
    (Trigger::Delivery, "delivery"),
    (Trigger::Acceptance, "acceptance"),
    (Trigger::Invoice, "invoice"),
    (Trigger::Payment, "payment"),
];

impl Checker<'_> {
    /// Lowers the counters of all contracts.
    pub(super) fn counters(&mut self, program: &Program) {
        for (at, tree) in program.contracts.iter().enumerate() {
            let inside = self.inside(at, tree);
            for counter in &tree.counters {
                self.report.origin.clone_from(&counter.origin);
                self.counter(counter, &inside);
            }
        }
    }

    fn counter(&mut self, made: &Made<ast::Counter>, at: &Inside) {
        let counter = &made.node;
        let path: Arc<str> = format!("{}.{}", at.path, counter.name.text).into();
        let trigger = self.report.word(Code::WrongKind, &counter.verb, "an event that can be counted", &VERBS);
        let supply = self.symbols.find(&counter.supply, &at.scope, "supply", as_supply, &mut self.report);
        let unit = self.unit_word(&counter.unit);
        if let (Some(trigger), Some(supply), Some(unit)) = (trigger, supply, &unit) {
            self.counted_unit(trigger, supply, unit, counter.unit.span);
        }
        let by = self.by(counter, supply, at);
        let since = match &counter.since {
            Some(since) => self.since(since, at.signed),
            None => {
                self.ask_since(counter, at);
                None
            }
        };
        let until = counter.until.as_ref().map(|date| self.day(date));
        if let (Some(since), Some(last), Some(written)) = (since, until, &counter.until)
            && last < since
        {
            let message = format!("`{}` ends before it begins", counter.name.text);
            self.report.error(Code::BadValue, written.span, message, format!("before {since}"));
        }
        let support = self.support(&made.support);
        self.terms.counters.push(Counter {
            path,
            contract: at.id,
            unit: unit.unwrap_or_default(),
            trigger: trigger.unwrap_or(Trigger::Order),
            supply: supply.unwrap_or(SupplyId(0)),
            by,
            since,
            until,
            support,
            span: made.span,
        });
    }

    /// The unit in which an event of a supply is measured.
    pub(super) fn measured(&self, supply: SupplyId, trigger: Trigger) -> Option<Unit> {
        let supply = self.terms.supplies.get(supply.index())?;
        let unit = match trigger {
            Trigger::Invoice | Trigger::Payment => Unit::of(&supply.currency),
            Trigger::Signing | Trigger::Order | Trigger::Delivery | Trigger::Acceptance => supply.unit.clone(),
        };
        (!unit.is_none()).then_some(unit)
    }

    fn counted_unit(&mut self, trigger: Trigger, supply: SupplyId, unit: &Unit, span: Span) {
        let Some(needed) = self.measured(supply, trigger) else { return };
        let place = self.terms.supplies.get(supply.index()).map(|found| {
            let text = format!("{} of `{}` is counted in {}", trigger.word(), found.path, shown(&needed));
            (found.span, text)
        });
        self.fits(unit, span, &needed, place);
    }

    /// Parties and groups; `None` is anyone.
    fn by(&mut self, counter: &ast::Counter, supply: Option<SupplyId>, at: &Inside) -> Option<Vec<Arc<str>>> {
        if counter.anyone {
            return None;
        }
        if counter.by.is_empty() {
            self.ask_whose(counter, supply);
            return None;
        }
        let other = supply.and_then(|id| self.terms.supplies.get(id.index())).map(|s| s.contract);
        for name in &counter.by {
            if self.symbols.paths.get(&name.text).and_then(as_party).is_some() {
                continue;
            }
            let parties = self.terms.parties.iter().map(|party| &*party.name);
            if let Some(near) = nearest(&name.text, parties).map(str::to_owned) {
                let message = format!("there is no party `{}`", name.text);
                let error = Diagnostic::new(Code::UnknownName, name.span, message).label("not declared");
                self.report.push(error.help(format!("did you mean `{near}`?")).fix(name.span, near));
                continue;
            }
            for contract in [Some(at.id), other].into_iter().flatten() {
                self.symbols.groups.entry(contract).or_default().entry(name.text.clone()).or_insert(name.span);
            }
        }
        Some(counter.by.iter().map(|name| name.text.clone()).collect())
    }

    fn ask_whose(&mut self, counter: &ast::Counter, supply: Option<SupplyId>) {
        let buyer = supply
            .and_then(|id| self.terms.supplies.get(id.index()))
            .and_then(|s| self.terms.parties.get(s.buyer.index()).map(|party| party.name.clone()));
        let place = behind(counter.supply.span);
        let message = format!("whose {} counts for `{}`?", counter.verb.text, counter.name.text);
        let mut error = Diagnostic::new(Code::AskWhosePurchases, counter.supply.span, message)
            .label("by whom?")
            .help("add `by PARTY, …` naming parties or groups such as `affiliates`, or `by anyone`");
        if let Some(buyer) = buyer {
            error = error.fix(place, format!(" by {buyer}"));
        }
        self.report.push(error.fix(place, " by anyone"));
    }

    fn ask_since(&mut self, counter: &ast::Counter, at: &Inside) {
        let since = if at.signed.is_some() { "since signed" } else { "since DATE" };
        let message = format!("`{}` counts since when?", counter.name.text);
        let mut error = Diagnostic::new(Code::AskSince, counter.name.span, message)
            .label("no first day")
            .help("add `since signed` or `since DATE`");
        let last = counter.by.last().map(|name| name.span).filter(|_| at.signed.is_some());
        if let Some(span) = last {
            error = error.fix(behind(span), format!(" {since}"));
        }
        self.report.push(error);
    }

    /// Whether a line of a supply may count under this name: a party, the buyer, or a group of a counter.
    pub(super) fn counts_under(&mut self, name: &ast::Name, supply: SupplyId) -> Option<Arc<str>> {
        if matches!(self.symbols.paths.get(&name.text), Some(Entity::Party(_))) {
            return Some(name.text.clone());
        }
        let contract = self.terms.supplies.get(supply.index())?.contract;
        let groups = self.symbols.groups.get(&contract);
        if groups.is_some_and(|groups| groups.contains_key(&name.text)) {
            return Some(name.text.clone());
        }
        let parties = self.terms.parties.iter().map(|party| &*party.name);
        let known = parties.chain(groups.into_iter().flatten().map(|(group, _)| &**group));
        self.report.unknown(Code::UnknownName, (&name.text, name.span), "party or group", known)
    }
}
