//! Which report is which, and what all of them share.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::measure::{Measured, Measures};
use super::scales::Scales;
use super::{Bases, Cell, Check, Figure, Header, Report, Scope};
use crate::engine::evaluate::{self, Verdict};
use crate::num::{Fault, Number, Unit};
use crate::run::Replay;
use crate::terms::{ContractId, Party, PartyId, TrancheId, Value, WarrantId};
use crate::time::Date;

/// Names of reports on the command line.
pub const NAMES: &[&str] = &[
    "summary",
    "milestones",
    "warrants",
    "eps",
    "fair-value",
    "investments",
    "holdings",
    "debt",
    "covenants",
    "circular",
    "two-sided",
    "revenue",
    "balances",
    "rpo",
    "net-price",
    "ownership",
    "dues",
    "cash",
    "standing",
    "statements",
    "restatement",
    "disclosure",
    "journal",
];

/// An empty report about a run, with its header and what it rests on.
#[must_use]
pub fn headed(replay: &Replay<'_>, scope: &Scope, name: &'static str, title: String) -> Report {
    Reporter::new(replay, scope).report(name, title)
}

/// Builds a report.
///
/// # Errors
/// A name that is no report, or a scope that fits nothing, in words.
pub fn build(name: &str, replay: &Replay<'_>, scope: &Scope) -> Result<Report, String> {
    if let [_, also, ..] = scope.entities.as_slice()
        && name != "ownership"
    {
        return Err(format!(
            "`report {name}` is about one party: leave `--entity {also}` away; `ownership` takes several"
        ));
    }
    let mut reporter = Reporter::new(replay, scope);
    let mut report = match name {
        "summary" => reporter.summary(),
        "milestones" => reporter.milestones(),
        "warrants" => reporter.warrants(),
        "eps" => reporter.eps(),
        "fair-value" => reporter.fair_value(),
        "investments" => reporter.investments(),
        "holdings" => reporter.holdings(),
        "covenants" => reporter.covenants(),
        "debt" => reporter.debt(),
        "circular" => reporter.circular(),
        "two-sided" => reporter.two_sided(),
        "revenue" => reporter.revenue(),
        "balances" => reporter.balances(),
        "rpo" => reporter.rpo(),
        "net-price" => reporter.net_price(),
        "ownership" => reporter.owners(),
        "dues" => reporter.dues(),
        "cash" => reporter.cash(),
        "standing" => reporter.standing(),
        "statements" => reporter.statements(),
        "restatement" => reporter.restatement(),
        "disclosure" => reporter.disclosure(),
        "journal" => reporter.journal(),
        _ => Err(format!("no report is named `{name}`; there are {}", NAMES.join(", "))),
    }?;
    report.bases = reporter.bases;
    Ok(report)
}

/// A report in the making.
pub(super) struct Reporter<'r, 'a> {
    pub replay: &'r Replay<'a>,
    pub scope: &'r Scope,
    pub bases: Bases,
    pub scales: Scales,
}

impl<'r, 'a> Reporter<'r, 'a> {
    pub fn new(replay: &'r Replay<'a>, scope: &'r Scope) -> Self {
        Self { replay, scope, bases: Bases::default(), scales: Scales::of(replay, scope.scale) }
    }

    /// Measures of the run.
    pub fn measures(&self) -> Measures<'r, 'a> {
        Measures { replay: self.replay }
    }

    /// A party's short name.
    pub fn party_name(&self, id: PartyId) -> String {
        self.replay.terms.parties.get(id.index()).map_or_else(String::new, |p| p.name.to_string())
    }

    pub(super) fn tranche_path(&self, id: TrancheId) -> Arc<str> {
        self.replay.terms.tranches.get(id.index()).map_or_else(|| "".into(), |t| t.path.clone())
    }

    /// An empty report with its header and what it rests on.
    pub fn report(&mut self, name: &'static str, title: String) -> Report {
        let contracts = self.replay.terms.contracts.len();
        let all = (0u32..).map(ContractId).zip(&self.replay.terms.contracts);
        let excluded = all.filter_map(|(id, contract)| {
            let unknown = contract.signed.zip(self.scope.known_by).is_some_and(|(signed, day)| signed > day);
            let why = match (self.replay.inputs.dropped.contains(&id), self.scope.takes(self.replay, id)) {
                (true, _) if unknown => "not yet signed",
                (true, _) => "left out by the scenario",
                (false, false) => "not asked for",
                (false, true) => return None,
            };
            Some((contract.path.clone(), why.to_owned()))
        });
        let header = Header {
            title,
            scenario: if self.scope.scenario.is_empty() { "base".into() } else { self.scope.scenario.clone() },
            known_by: self.scope.known_by.or_else(|| Some(self.replay.border()).filter(|day| *day > Date::MIN)),
            contracts: (contracts, excluded.collect()),
            inputs: self.scope.inputs_hash.clone(),
            ..Header::default()
        };
        let mut report = Report {
            name,
            header,
            assumptions: Vec::new(),
            undisclosed: Vec::new(),
            tables: Vec::new(),
            timelines: Vec::new(),
            notes: Vec::new(),
            checks: Vec::new(),
            brief: false,
            bases: Bases::default(),
        };
        if self.today().is_none() {
            report
                .notes
                .push("nothing here has a date: no contract is signed, no ledger line or price is given.".into());
        }
        self.rests_on(&mut report);
        report
    }

    /// Puts the party's book and its choices into the header, with what the book does not do.
    pub fn book_header(&self, report: &mut Report, party: PartyId) {
        let Some(keeper) = self.replay.keeper(party).and_then(|k| self.replay.keepers.get(k)) else {
            report
                .notes
                .push(format!("{} keeps no book here: only legal quantities are shown.", self.party_name(party)));
            return;
        };
        let end = self.replay.keeper(party).map(|book| self.replay.book(book, crate::time::Date::MAX));
        let adopted = end.map(|state| state.booked.adopted.clone()).unwrap_or_default();
        // The first policy of a book always; of the others those that differ from the book's own choice.
        let choices = keeper.book.policies.iter().enumerate().filter_map(|(index, policy)| {
            let (_, choice) = keeper.choices.iter().find(|(name, _)| *name == policy.name)?;
            match adopted.get(&policy.name) {
                Some(later) => Some(format!("{} {choice}, then {later}", policy.name)),
                None if index == 0 || policy.choices.first() != Some(choice) => {
                    Some(format!("{} {choice}", policy.name))
                }
                None => None,
            }
        });
        let mut words: Vec<String> = vec![keeper.book.name.to_string()];
        words.extend(choices);
        let end = &self.replay.end().state;
        let booked = self.replay.keeper(party).map(|book| &self.replay.book(book, crate::time::Date::MAX).booked);
        let liability = |id: &TrancheId| {
            let account = end.account.get(id).map(|(word, _)| word.clone());
            let valued = booked.and_then(|booked| booked.awards.get(id)).is_some_and(|award| award.current.is_some());
            account.is_some_and(|word| word.ends_with("liability")) && !valued
        };
        let mine = |id: &TrancheId| self.replay.engine.warrant_of(*id).is_some_and(|w| w.issuer == party);
        let all = (0u32..).map(TrancheId).take(self.replay.terms.tranches.len());
        if all.filter(mine).any(|id| liability(&id)) {
            words.push("awards judged liabilities are carried at grant-date value: no later value is stated".into());
        }
        report.header.book = Some(words.join("; "));
        self.late_news(report, party);
    }

    /// A report that has nothing to show, and says why.
    pub fn nothing(&mut self, name: &'static str, title: &str, what: &str) -> Report {
        let entity = self.scope.entity.as_ref().map(|name| format!("{name} — ")).unwrap_or_default();
        let mut report = self.report(name, format!("{entity}{title}"));
        let who = self.scope.entity.as_deref().unwrap_or("every party here");
        report.notes.push(format!("nothing to show: {who} {what}."));
        report
    }

    /// Whether a path is of no contract, or of one that was asked for.
    pub fn asked(&self, path: &str) -> bool {
        let head = path.split('.').next().unwrap_or("");
        let mut all = (0u32..).map(ContractId).zip(&self.replay.terms.contracts);
        all.find(|(_, c)| &*c.path == head).is_none_or(|(id, _)| self.scope.takes(self.replay, id))
    }

    /// The last day on which something actual happened, if anything has a date.
    pub fn today(&self) -> Option<Date> {
        Some(self.replay.today()).filter(|day| *day > Date::MIN)
    }

    /// A check line.
    pub fn check(&self, report: &mut Report, name: &'static str, claim: String, left: Value, right: Value) {
        report.tie(Check { name, claim, of: String::new(), left, right });
    }

    /// A check that is made for several periods.
    pub fn check_of(
        &self,
        report: &mut Report,
        name: &'static str,
        claim: String,
        of: &impl ToString,
        sides: (Value, Value),
    ) {
        report.tie(Check { name, claim, of: of.to_string(), left: sides.0, right: sides.1 });
    }

    /// A figure from a measurement.
    pub fn figure(&mut self, measured: &Measured) -> Figure {
        let Measured { value, unit, certainty, origin, missing } = measured.clone();
        let figure = self.bases.figure(value, unit, certainty, origin);
        Figure { lacking: Arc::new(missing), ..figure }
    }

    /// The day of a report about a moment: the end of what was asked for, if that is one day for all parties it is about.
    pub fn moment(&self) -> Date {
        if let Some(range) = self.scope.range {
            return range.to;
        }
        let about = |party: &&Party| {
            self.scope.entity.as_ref().is_none_or(|name| party.name.eq_ignore_ascii_case(name)) && party.book.is_some()
        };
        let parties = self.replay.terms.parties.iter().filter(about);
        let ends = parties.filter_map(|party| party.fiscal.resolve(self.scope.period.as_ref()?)).map(|days| days.to);
        let ends: BTreeSet<Date> = ends.collect();
        match ends.len() {
            1 => ends.first().copied().unwrap_or_else(|| self.replay.today()),
            _ => self.replay.today(),
        }
    }

    /// A cell from a measurement.
    pub fn cell(&mut self, measured: &Measured) -> Cell {
        Cell::Figure(self.figure(measured))
    }

    /// One sentence for every tranche that has not vested or is not exercisable: which test, how far, what at the end.
    pub fn waiting(&self, report: &mut Report, wanted: impl Fn(WarrantId) -> bool, date: Date) -> Result<(), Fault> {
        let state = &self.replay.at(date).state;
        for (number, warrant) in (0u32..).map(WarrantId).zip(&self.replay.terms.warrants) {
            if !wanted(number) || !self.scope.takes(self.replay, warrant.contract) {
                continue;
            }
            let mut silent = 0usize;
            for id in &warrant.tranches {
                let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { continue };
                let reached = state.tranches.get(id).cloned().unwrap_or_default();
                if reached.lapsed.is_some() || reached.cleared.is_some() {
                    continue;
                }
                let (verb, gate) = match (&reached.vested, &tranche.exercisable) {
                    (Some(_), Some(gate)) => ("exercisable", gate),
                    _ => ("vested", &tranche.vests),
                };
                silent += 1;
                if silent > 6 && !self.scope.all {
                    continue;
                }
                let evaluation = evaluate::evaluate(&self.replay.engine, state, *id, gate, date)?;
                let open: Vec<String> =
                    evaluation.tests.iter().filter(|t| t.verdict != Verdict::Met).map(leg).collect();
                let met: Vec<String> = evaluation
                    .tests
                    .iter()
                    .filter_map(|t| t.latched.map(|day| format!("{} latched {day}", t.text)))
                    .collect();
                let met = if met.is_empty() { String::new() } else { format!(" Done: {}.", met.join("; ")) };
                let end = warrant.expires.map_or_else(String::new, |day| format!(" After {day} it lapses."));
                report.notes.push(format!("{} is not {verb}: {}.{met}{end}", tranche.path, open.join("; ")));
            }
            if let Some(more) = silent.checked_sub(6).filter(|more| *more > 0 && !self.scope.all) {
                let path = &warrant.path;
                report.notes.push(format!("{path}: {more} more tranches are waiting; `--all` says for what."));
            }
        }
        Ok(())
    }

    /// What a tranche waits for, in a few words; empty when it is exercisable, exercised or gone.
    pub fn waits_for(&self, id: TrancheId, date: Date) -> Result<String, Fault> {
        let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { return Ok(String::new()) };
        let state = &self.replay.at(date).state;
        let reached = state.tranches.get(&id).cloned().unwrap_or_default();
        if let Some(date) = reached.lapsed {
            return Ok(format!("lapsed {date}"));
        }
        let gate = match (&reached.vested, &reached.cleared, &tranche.exercisable) {
            (_, Some(_), _) | (Some(_), _, None) => return Ok(String::new()),
            (Some(_), None, Some(gate)) => gate,
            (None, ..) => &tranche.vests,
        };
        let evaluation = evaluate::evaluate(&self.replay.engine, state, id, gate, date)?;
        let open = evaluation.tests.iter().filter(|t| t.verdict != Verdict::Met).map(|test| {
            let what = test.text.split([' ', '(']).next().unwrap_or("");
            match (&test.verdict, test.actual, test.threshold) {
                (Verdict::Impossible, ..) => format!("{what}: over"),
                (_, Some(actual), Some(threshold)) => {
                    format!("{what} {} of {}", actual.grouped(), in_unit(threshold, &test.unit))
                }
                (Verdict::Undetermined(_), Some(actual), None) => {
                    format!("{what} target undisclosed, now {}", in_unit(actual, &test.unit))
                }
                (Verdict::Undetermined(names), ..) => format!("{what} undetermined: {}", names.join(", ")),
                _ => test.text.to_string(),
            }
        });
        // A target that was reached and counts for ever is half of the answer.
        let reached = evaluation.tests.iter().filter_map(|test| {
            let what = test.text.split([' ', '(']).next().unwrap_or("");
            let target = test.threshold.map_or_else(|| "target".to_owned(), |n| in_unit(n, &test.unit));
            test.latched.map(|day| format!("{what} {target} latched {day}"))
        });
        // Where one of several is enough they are alternatives.
        let between = if matches!(gate, crate::terms::Gate::Any(_)) { " or " } else { "; " };
        let open = open.collect::<Vec<_>>().join(between);
        Ok(std::iter::once(open).filter(|open| !open.is_empty()).chain(reached).collect::<Vec<_>>().join("; "))
    }

    /// What was refused up to a day.
    pub fn refusals(&self, report: &mut Report, date: Date) {
        for refusal in self.replay.register.refusals.iter().filter(|r| r.date <= date) {
            if !self.asked(&refusal.clause) {
                continue;
            }
            let name = self.replay.engine.line(refusal.line).and_then(|l| l.line.id.clone());
            let name = name.map_or_else(String::new, |id| format!(" line {id}"));
            report.notes.push(format!(
                "refused {}{name} on {}: {} ({}: {})",
                refusal.kind.code(),
                refusal.date,
                refusal.kind.title(),
                refusal.clause,
                refusal.detail
            ));
        }
    }
}

/// Paths that differ only in the tranche, three or more, become one: `c.w.*.fair_value (240)`.
pub fn fold_paths(paths: BTreeSet<Arc<str>>) -> Vec<Arc<str>> {
    let mut groups: Vec<(String, Vec<Arc<str>>)> = Vec::new();
    for path in paths {
        let parts: Vec<&str> = path.split('.').collect();
        let key = match parts.as_slice() {
            [head @ .., _, last] if !head.is_empty() => format!("{}.*.{last}", head.join(".")),
            _ => path.to_string(),
        };
        match groups.iter_mut().find(|(k, _)| *k == key) {
            Some((_, list)) => list.push(path),
            None => groups.push((key, vec![path])),
        }
    }
    let fold = |(key, list): (String, Vec<Arc<str>>)| match list.len() {
        0..3 => list,
        count => vec![format!("{key} ({count})").into()],
    };
    groups.into_iter().flat_map(fold).collect()
}

/// A test that is not met: what it wants and what there is.
fn leg(tested: &evaluate::Tested) -> String {
    match (&tested.verdict, tested.actual, tested.threshold) {
        (Verdict::Undetermined(names), actual, _) => {
            let now = actual.map_or_else(String::new, |n| format!(", now {}", in_unit(n, &tested.unit)));
            format!("{} is undetermined ({}{now})", tested.text, names.join(", "))
        }
        (Verdict::Impossible, ..) => format!("{} can no longer be met", tested.text),
        (_, Some(actual), Some(threshold)) => {
            let unit = &tested.unit;
            let gap =
                threshold.minus(actual).map_or_else(|_| String::new(), |gap| format!(", {} to go", in_unit(gap, unit)));
            format!("{} stands at {}{gap}", tested.text, in_unit(actual, unit))
        }
        _ => format!("{} has not happened", tested.text),
    }
}

/// `2.15 GW`
pub(super) fn in_unit(number: Number, unit: &Unit) -> String {
    format!("{} {unit}", number.grouped()).trim_end().to_owned()
}
