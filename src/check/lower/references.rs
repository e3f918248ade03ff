//! How ledger lines refer to each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::circle;
use crate::num::Number;
use crate::syntax::ast;
use crate::terms::{Basis, ClassId, Fact, Line, LineId, ScenarioId};
use crate::time::Date;

/// Lines by id: those of the ledger, then those that scenarios add.
pub(super) struct Lines<'l> {
    pub base: &'l [Line],
    pub added: &'l [&'l Line],
}

impl Lines<'_> {
    fn get(&self, id: LineId) -> Option<&Line> {
        let added = || self.added.get(id.index().checked_sub(self.base.len())?).copied();
        self.base.get(id.index()).or_else(added)
    }

    fn iter(&self) -> impl Iterator<Item = &Line> {
        self.base.iter().chain(self.added.iter().copied())
    }
}

impl Checker<'_> {
    /// A line by its id, those of the scenario included.
    pub(super) fn line_named(&mut self, name: &ast::Name, scenario: Option<ScenarioId>) -> Option<LineId> {
        let added = scenario.and_then(|id| self.symbols.added.get(&id));
        if let Some(id) = added.and_then(|table| table.get(&name.text)).or_else(|| self.symbols.lines.get(&name.text)) {
            return Some(id);
        }
        let known = self.symbols.lines.names().chain(added.into_iter().flat_map(|table| table.names()));
        self.report.unknown(Code::UnknownFact, (&name.text, name.span), "ledger line", known)
    }

    /// What is realised must be a forecast, and no line may refer back to itself. Base lines are tested only alone.
    pub(super) fn chains(&mut self, lines: &Lines) {
        let fresh = if lines.added.is_empty() { 0 } else { lines.base.len() };
        for line in lines.iter().skip(fresh) {
            let Some(target) = line.realises.and_then(|(id, _)| lines.get(id)) else { continue };
            if target.basis == Basis::Actual {
                let name = target.id.as_deref().unwrap_or("?");
                self.report.push(
                    Diagnostic::new(Code::RealisesActual, line.span, format!("`{name}` is not a forecast"))
                        .label("realises it")
                        .also(target.span, "an actual line")
                        .help(format!("write `corrects {name}` if this line replaces it")),
                );
            }
        }
        let references = |line: &Line| {
            let all = [line.realises.map(|(id, _)| id), line.corrects, line.withdraws];
            all.into_iter().flatten().map(LineId::index).collect::<Vec<_>>()
        };
        let needs: Vec<Vec<usize>> = lines.iter().map(references).collect();
        for round in circle::order(&needs).1 {
            let places: Vec<Span> = round.iter().filter_map(|at| lines.iter().nth(*at)).map(|line| line.span).collect();
            if round.iter().all(|at| *at < fresh) {
                continue;
            }
            let Some((first, others)) = places.split_first() else { continue };
            let mut error = Diagnostic::new(Code::LineChain, *first, "lines refer to each other in a circle");
            error = error.label(if others.is_empty() { "refers to itself" } else { "refers to the next" });
            for other in others {
                error = error.also(*other, "and so on");
            }
            self.report.push(error.help("remove one of the references"));
        }
    }

    /// Actual prices of one class and day that differ, neither of them corrected or withdrawn.
    pub(super) fn contradicting_prices(&mut self) {
        let gone: BTreeSet<LineId> =
            self.terms.lines.iter().flat_map(|line| [line.corrects, line.withdraws]).flatten().collect();
        let mut seen: BTreeMap<(ClassId, Date), (Number, Span)> = BTreeMap::new();
        let mut found = Vec::new();
        for (id, line) in (0..).map(LineId).zip(&self.terms.lines) {
            let Some(Fact::Price { class, price }) = &line.fact else { continue };
            let Some(value) = self.known(price) else { continue };
            if line.basis != Basis::Actual || gone.contains(&id) {
                continue;
            }
            let (first, place) = *seen.entry((*class, line.date)).or_insert((value, line.span));
            if first != value {
                let name = self.terms.classes.get(class.index()).map_or("?", |c| &*c.path);
                let message = format!("two prices of `{name}` on {}: {first} and {value}", line.date);
                let error = Diagnostic::new(Code::ContradictingPrices, line.span, message).label("again here");
                found.push(error.also(place, "first here").help("keep one, or write `corrects ID`"));
            }
        }
        found.into_iter().for_each(|error| self.report.push(error));
    }
}
