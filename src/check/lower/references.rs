//! How ledger lines refer to each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::{Code, Diagnostic, SourceId, Span};
use crate::check::Checker;
use crate::check::circle;
use crate::check::declare::next;
use crate::num::Number;
use crate::syntax::ast;
use crate::terms::{Basis, ClassId, Fact, Line, LineId, Quoted, ScenarioId};
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

    /// A forecast comes true once, or in parts, and as what it was a forecast of.
    fn realised(&mut self, lines: &Lines, fresh: usize) {
        let kind = |line: &Line| match &line.fact {
            Some(Fact::Supply { supply, trigger, .. }) => Some((*supply, *trigger)),
            _ => None,
        };
        let mut whole: BTreeMap<LineId, Span> = BTreeMap::new();
        for (at, line) in lines.iter().enumerate() {
            let Some((id, part)) = line.realises else { continue };
            let Some(target) = lines.get(id) else { continue };
            let name = target.id.as_deref().unwrap_or("?");
            if at >= fresh && kind(line) != kind(target) {
                let message = format!("`{name}` is a forecast of something else");
                let found = Diagnostic::new(Code::RealisesActual, line.span, message).label("realises it");
                self.report.push(
                    found
                        .also(target.span, "the forecast")
                        .help("only the same event of the same supply makes it true"),
                );
            }
            if part || line.corrects.is_some() {
                continue;
            }
            if let Some(first) = whole.insert(id, line.span).filter(|_| at >= fresh) {
                let found = Diagnostic::new(Code::RealisedTwice, line.span, format!("`{name}` comes true twice"));
                let found = found.label("realises it again").also(first, "realises it");
                self.report.push(found.help(format!("write `realises {name} in part` on both, or drop one of them")));
            }
        }
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
        self.realised(lines, fresh);
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

    /// Openings of one holding, and splits of one class on one day, that do not correct each other.
    pub(super) fn said_twice(&mut self) {
        let gone: BTreeSet<LineId> =
            self.terms.lines.iter().flat_map(|line| [line.corrects, line.withdraws]).flatten().collect();
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut found = Vec::new();
        for (_, line) in (0..).map(LineId).zip(&self.terms.lines).filter(|(id, _)| !gone.contains(id)) {
            let class = |id: &ClassId| self.terms.classes.get(id.index()).map_or("?", |class| &*class.path);
            let said = match &line.fact {
                Some(Fact::Open { party, shares, cash, foreign, awards, dilutive_awards }) => {
                    let name = self.terms.parties.get(party.index()).map_or("?", |party| &*party.name);
                    let others = [("cash", cash), ("awards", awards), ("dilutive_awards", dilutive_awards)];
                    let others = others.iter().filter(|(_, value)| value.is_some());
                    let others = others.map(|(word, _)| format!("`{word}` of `{name}` is opened twice"));
                    let currencies = foreign.iter().map(|(c, _)| format!("`cash` of `{name}` in {c} is opened twice"));
                    let classes = shares.iter().map(|(id, _)| format!("`{}` is opened twice", class(id)));
                    classes.chain(others).chain(currencies).collect()
                }
                Some(Fact::Split { class: id, .. }) => {
                    vec![format!("`{}` is split twice on {}", class(id), line.date)]
                }
                _ => Vec::new(),
            };
            for message in said {
                if let Some(first) = seen.get(&message) {
                    let error = Diagnostic::new(Code::ClauseTwice, line.span, message).label("again here");
                    found.push(error.also(*first, "first here").help("keep one, or write `corrects ID`"));
                    break;
                }
                seen.insert(message, line.span);
            }
        }
        found.into_iter().for_each(|error| self.report.push(error));
    }

    /// Actual prices of one class and day that differ, whether from lines or files. A line that is corrected or
    /// withdrawn does not count.
    pub(super) fn contradicting_prices(&mut self) {
        let gone: BTreeSet<LineId> =
            self.terms.lines.iter().flat_map(|line| [line.corrects, line.withdraws]).flatten().collect();
        let standing = (0..).map(LineId).zip(&self.terms.lines).filter(|(id, _)| !gone.contains(id));
        let lines = standing.filter_map(|(_, line)| match &line.fact {
            Some(Fact::Price { of, price }) if line.basis == Basis::Actual => {
                Some((of, line.date, self.known(price)?, Place::Line(line.span)))
            }
            _ => None,
        });
        let series = self.terms.prices.iter().filter(|series| series.basis == Basis::Actual).flat_map(|series| {
            let row =
                |(date, close, row): &(Date, Number, u32)| (&series.of, *date, *close, Place::Row(&series.file, *row));
            series.points.iter().map(row)
        });
        let mut seen: BTreeMap<(&Quoted, Date), (Number, Place)> = BTreeMap::new();
        let mut found = Vec::new();
        for (of, date, price, place) in series.chain(lines) {
            let (first, at) = *seen.entry((of, date)).or_insert((price, place));
            if first != price {
                let name = match of.class() {
                    Some(class) => self.terms.classes.get(class.index()).map_or("?", |c| &*c.path).to_owned(),
                    None => self.terms.quoted(of),
                };
                let message = format!("two prices of `{name}` on {date}: {first} and {price}");
                let error = Diagnostic::new(Code::ContradictingPrices, self.at(place), message).label("again here");
                found.push(error.also(self.at(at), "first here").help("keep one, or write `corrects ID`"));
            }
        }
        found.into_iter().for_each(|error| self.report.push(error));
    }

    fn at(&self, place: Place) -> Span {
        match place {
            Place::Line(span) => span,
            Place::Row(file, row) => {
                let source = self.sources.iter().find(|(_, source)| source.name == *file);
                let found = source.map(|(id, source)| {
                    let before = source.text.split_inclusive('\n').take(row.saturating_sub(1) as usize);
                    let start = before.map(str::len).sum::<usize>();
                    let length = source.text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
                    Span::new(id, next(start), next(start + length))
                });
                found.unwrap_or(Span::new(SourceId(0), 0, 0))
            }
        }
    }
}

/// Where a price stands.
#[derive(Clone, Copy)]
enum Place<'t> {
    Line(Span),
    /// A row of a file, counted from 1.
    Row(&'t Arc<str>, u32),
}
