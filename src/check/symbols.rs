//! Declared names. Everything is declared before anything is looked up, so order and files never matter.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::report::Report;
use crate::base::{Code, Diagnostic, Span};
use crate::syntax::ast;
use crate::terms::{
    AssumptionId, BookId, ClassId, CommitmentId, ContractId, CounterId, FlowId, InvestmentId, LineId, PartyId,
    ScenarioId, SourceId, SupplyId, TrancheId, VariableId, WarrantId,
};

/// What a path can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entity {
    Party(PartyId),
    Class(ClassId),
    Assumption(AssumptionId),
    Contract(ContractId),
    Supply(SupplyId),
    Counter(CounterId),
    Warrant(WarrantId),
    Investment(InvestmentId),
    Tranche(TrancheId),
    Commitment(CommitmentId),
    Flow(FlowId),
    Variable(VariableId),
    Covenant,
}

impl Entity {
    /// As said in messages.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Party(_) => "party",
            Self::Class(_) => "class of shares",
            Self::Assumption(_) => "assumption",
            Self::Contract(_) => "contract",
            Self::Supply(_) => "supply",
            Self::Counter(_) => "counter",
            Self::Warrant(_) => "warrant",
            Self::Investment(_) => "investment",
            Self::Tranche(_) => "tranche",
            Self::Commitment(_) => "commitment",
            Self::Flow(_) => "flow",
            Self::Variable(_) => "variable amount",
            Self::Covenant => "covenant",
        }
    }
}

/// Names of one kind.
#[derive(Clone)]
pub(super) struct Table<T>(BTreeMap<Arc<str>, (T, Span)>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Copy> Table<T> {
    /// Keeps the first; a second is an error with both places.
    pub fn declare(&mut self, name: &str, value: T, span: Span, report: &mut Report) {
        if let Some((_, first)) = self.0.get(name) {
            report.push(twice(Code::DeclaredTwice, name, span, *first));
        } else {
            self.0.insert(name.into(), (value, span));
        }
    }

    pub fn get(&self, name: &str) -> Option<T> {
        self.0.get(name).map(|(value, _)| *value)
    }

    pub fn entry(&self, name: &str) -> Option<(T, Span)> {
        self.0.get(name).copied()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|name| &**name)
    }

    /// The value, or an error with the nearest name.
    pub fn find(&self, name: &ast::Name, what: &str, report: &mut Report) -> Option<T> {
        self.get(&name.text).or_else(|| report.unknown(Code::UnknownName, (&name.text, name.span), what, self.names()))
    }
}

/// The error for two declarations of one name.
pub(super) fn twice(code: Code, name: &str, second: Span, first: Span) -> Diagnostic {
    let found = Diagnostic::new(code, second, format!("`{name}` is declared twice")).label("again here");
    if first == second {
        return found.help("give each a name of its own, such as one with `{k}` in it");
    }
    found.also(first, "first here").help("rename or remove one of them")
}

/// Every declared name.
#[derive(Default)]
pub(super) struct Symbols {
    /// Parties, classes, assumptions, contracts and what stands in them, by full path.
    pub paths: Table<Entity>,
    pub sources: Table<SourceId>,
    pub calendars: Table<usize>,
    pub books: Table<BookId>,
    pub scenarios: Table<ScenarioId>,
    pub units: Table<()>,
    pub tests: Table<()>,
    /// Ids of ledger lines outside scenarios.
    pub lines: Table<LineId>,
    /// Names in `by` of counters that are not parties, by contract.
    pub groups: BTreeMap<ContractId, BTreeMap<Arc<str>, Span>>,
    /// Ids of lines that scenarios add, by scenario.
    pub added: BTreeMap<ScenarioId, Table<LineId>>,
}

/// Where a name is written: in which contract and warrant names are tried first.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// Full paths of what is around, innermost first.
    pub around: Vec<Arc<str>>,
}

impl Scope {
    pub fn of(around: &[&Arc<str>]) -> Self {
        Self { around: around.iter().map(|path| Arc::clone(path)).collect() }
    }
}

/// The text of a path.
pub(super) fn text(path: &ast::Path) -> String {
    path.parts.iter().map(|part| &*part.text).collect::<Vec<_>>().join(".")
}

impl Symbols {
    /// What a path names: first within what is around, then from the top.
    pub fn entity(&self, path: &str, scope: &Scope) -> Option<Entity> {
        let local = scope.around.iter().find_map(|outer| self.paths.get(&format!("{outer}.{path}")));
        local.or_else(|| self.paths.get(path))
    }

    /// The innermost of what a path can name that `pick` takes.
    pub fn fitting<T>(&self, path: &str, scope: &Scope, pick: impl Fn(Entity) -> Option<T>) -> Option<T> {
        let local = |outer: &Arc<str>| self.paths.get(&format!("{outer}.{path}")).and_then(&pick);
        scope.around.iter().find_map(local).or_else(|| self.paths.get(path).and_then(&pick))
    }

    /// What a path names if `pick` takes it; otherwise an error that says which kind is needed.
    pub fn find<T>(
        &self,
        path: &ast::Path,
        scope: &Scope,
        what: &str,
        pick: impl Fn(Entity) -> Option<T>,
        report: &mut Report,
    ) -> Option<T> {
        let name = text(path);
        if let Some(found) = self.fitting(&name, scope, &pick) {
            return Some(found);
        }
        match self.entity(&name, scope) {
            Some(entity) => {
                let message = format!("`{name}` is a {}, not a {what}", entity.kind());
                report.fail(Code::WrongKind, path.span, message, format!("a {what} is needed here"))
            }
            None if report.said(Code::UnknownName, path.span) => None,
            None => report.unknown(Code::UnknownName, (&name, path.span), what, self.candidates(scope, &pick)),
        }
    }

    /// Names that `pick` takes, as one would write them here, in short and in full.
    fn candidates<'a, T>(&'a self, scope: &'a Scope, pick: &impl Fn(Entity) -> Option<T>) -> Vec<&'a str> {
        let short = |path: &'a str| {
            let local = |outer: &Arc<str>| path.strip_prefix(&**outer).and_then(|rest| rest.strip_prefix('.'));
            scope.around.iter().find_map(local).unwrap_or(path)
        };
        let fits = self.paths.0.iter().filter(|(_, (entity, _))| pick(*entity).is_some());
        fits.flat_map(|(path, _)| [Some(short(path)), Some(&**path).filter(|path| *path != short(path))])
            .flatten()
            .collect()
    }

    /// As [`Symbols::find`], for a single name.
    pub fn name<T>(
        &self,
        name: &ast::Name,
        what: &str,
        pick: impl Fn(Entity) -> Option<T>,
        report: &mut Report,
    ) -> Option<T> {
        let path = ast::Path { parts: vec![name.clone()], span: name.span };
        self.find(&path, &Scope::default(), what, pick, report)
    }

    /// The party of this name.
    pub fn party(&self, name: &ast::Name, report: &mut Report) -> Option<PartyId> {
        self.name(name, "party", as_party, report)
    }
}

pub(super) const fn as_party(entity: Entity) -> Option<PartyId> {
    if let Entity::Party(id) = entity { Some(id) } else { None }
}

pub(super) const fn as_class(entity: Entity) -> Option<ClassId> {
    if let Entity::Class(id) = entity { Some(id) } else { None }
}

pub(super) const fn as_assumption(entity: Entity) -> Option<AssumptionId> {
    if let Entity::Assumption(id) = entity { Some(id) } else { None }
}

pub(super) const fn as_contract(entity: Entity) -> Option<ContractId> {
    if let Entity::Contract(id) = entity { Some(id) } else { None }
}

pub(super) const fn as_supply(entity: Entity) -> Option<SupplyId> {
    if let Entity::Supply(id) = entity { Some(id) } else { None }
}

pub(super) const fn as_flow(entity: Entity) -> Option<FlowId> {
    if let Entity::Flow(id) = entity { Some(id) } else { None }
}

pub(super) const fn as_variable(entity: Entity) -> Option<VariableId> {
    if let Entity::Variable(id) = entity { Some(id) } else { None }
}

pub(super) const fn as_counter(entity: Entity) -> Option<CounterId> {
    if let Entity::Counter(id) = entity { Some(id) } else { None }
}

pub(super) const fn as_tranche(entity: Entity) -> Option<TrancheId> {
    if let Entity::Tranche(id) = entity { Some(id) } else { None }
}
