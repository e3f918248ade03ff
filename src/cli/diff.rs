//! `proforma diff`

mod hunks;
mod policies;
mod revision;
mod sides;
mod texts;

use super::args::{CauseOrder, DiffArgs, FileArgs, Least};
use super::context;
use super::exit::{Answer, Exit, Stop};
use super::output;
use super::session::Session;
use crate::check::{Checked, fact_name};
use crate::engine::Inputs;
use crate::engine::select::stacked;
use crate::report::attribute::{Attribution, MOST_AVERAGED, MOST_IN_ORDER, Refused, averaged, listed};
use crate::report::compare::{self, Asked, Changed, Compared, Facts, Key, Threshold};
use crate::report::{Report, Scope, books};
use crate::run::Replay;
use crate::terms::{Change, Value};
use crate::time::Date;
use sides::{Named, Side};

/// Two sides over the same contracts, or two texts of them: what was read differently, what came out, and why. The exit
/// code says whether any fact differs, by more than the threshold.
pub(super) fn diff(session: &Session, args: &DiffArgs) -> Answer {
    let Named { left, right, files } = sides::named(session, args)?;
    let input = FileArgs { files, inputs: args.inputs.clone() };
    let sides = (&*left, &*right);
    let asking = Asking { session, args, sides, threshold: threshold(&args.threshold) };
    if left.ends_with(".zip") && right.ends_with(".zip") && input.files.is_empty() {
        return texts::bundles(&asking);
    }
    if let Some(pair) = sides::texts(session, &input, sides)? {
        return texts::compared(&asking, pair);
    }
    let checked = context::checked(session, &with_books(&input, sides))?;
    let said = context::tell(session, &checked);
    let of = |word: &str| sides::side(&checked.terms, word);
    match (said.is_ok(), of(&left), of(&right)) {
        (true, Side::Book, Side::Book) => asking.of_books(&checked, &input),
        (true, Side::Known(one), Side::Known(other)) => asking.known(&checked, one, other),
        (true, Side::Scenarios(one), Side::Scenarios(other)) => asking.scenarios(&checked, &one, &other),
        (.., Side::Unknown | Side::Known(_), Side::Unknown) | (.., Side::Unknown, _) | (_, _, Side::Unknown) => {
            let repository = revision::Repository::here();
            match (repository.side(&left), repository.side(&right)) {
                (Some(one), Some(other)) if left != right => texts::revisions(&asking, &input, (one, other)),
                _ => Err(said
                    .err()
                    .unwrap_or_else(|| sides::unknown(&checked.terms, sides, |word| repository.side(word).is_some()))),
            }
        }
        (false, ..) => Err(said.err().unwrap_or_else(Stop::said)),
        _ => Err(Stop::new(format!(
            "`{left}` and `{right}` are not of one kind: two books, two scenarios, two days, two files or two revisions \
             are compared"
        ))),
    }
}

/// The files of the contracts, and those of the books that are sides.
fn with_books(input: &FileArgs, (left, right): (&str, &str)) -> FileArgs {
    let mut input = input.clone();
    input.files.extend([left, right].into_iter().filter(|book| context::is_file(book)).map(str::to_owned));
    input
}

fn threshold(least: &[Least]) -> Threshold {
    let mut found = Threshold::default();
    for least in least {
        match least {
            Least::Share(share) => found.share = Some(*share),
            Least::Amount(number, unit) => found.amounts.push((*number, unit.clone())),
        }
    }
    found
}

/// What is asked, of whatever is compared.
struct Asking<'s> {
    session: &'s Session,
    args: &'s DiffArgs,
    sides: (&'s str, &'s str),
    threshold: Threshold,
}

/// The values of facts in a run with those causes that are marked.
type With<'c> = dyn Fn(&[bool], &[Key]) -> Result<Option<Vec<Value>>, Stop> + 'c;

/// The causes of a difference, and a way to run with some of them: the values of facts, or `None` if these causes cannot be
/// made without others.
struct Causes<'c> {
    labels: Vec<String>,
    at: &'c With<'c>,
}

impl Asking<'_> {
    /// The causes of the facts asked about, or of the foremost.
    fn attributions(
        &self,
        (left, right): (&Replay<'_>, &Replay<'_>),
        compared: &Compared,
        causes: &Causes<'_>,
    ) -> Result<Vec<Attribution>, Stop> {
        let words = |fault: crate::num::Fault| Stop::new(fault.to_string());
        let mut keys = Vec::new();
        for fact in &self.args.why {
            let name = fact_name(fact).map_err(Stop::new)?;
            let key = Key::named(left, &name).or_else(|_| Key::named(right, &name)).map_err(Stop::new)?;
            keys.push(key);
        }
        if self.args.by_cause {
            for moved in &compared.moved {
                if self.threshold.passed(moved).map_err(words)? && moved.gap.is_some() {
                    keys.push(moved.key.clone());
                }
            }
        } else if self.args.why.is_empty() {
            keys = compare::foremost(left, compared, &self.threshold).map_err(words)?;
        }
        let count = causes.labels.len();
        if keys.is_empty() || count == 0 {
            return Ok(Vec::new());
        }
        if count > MOST_IN_ORDER {
            self.session.mention(&format!(
                "{count} inputs differ: causes are said for {MOST_IN_ORDER} at most, so none is said here"
            ));
            return Ok(Vec::new());
        }
        let at = |made: &[bool]| (causes.at)(made, &keys);
        let (steps, how) = match self.args.order {
            CauseOrder::Listed if count == 1 => (listed(count, at), "One input differs."),
            CauseOrder::Listed => {
                (listed(count, at), "One change at a time, in the order listed; another order may divide it otherwise.")
            }
            CauseOrder::Average => (averaged(count, at), "The mean over all orders of the changes."),
        };
        let steps = steps.map_err(|refused| match refused {
            Refused::Run(stop) => stop,
            Refused::Fault(fault) => words(fault),
            Refused::TooMany => {
                Stop::new(format!("{count} inputs differ, and `--order average` takes {MOST_AVERAGED} at most: leave it away"))
            }
            Refused::Bound => Stop::new(
                "some of the changes cannot be made without others, so there is no mean over their orders: leave `--order` away",
            ),
        })?;
        let mut found = Vec::new();
        for (at, key) in keys.into_iter().enumerate() {
            let (one, other) = (key.read(left).map_err(words)?, key.read(right).map_err(words)?);
            let mut parts = Vec::new();
            for (together, values) in &steps {
                let labels: Vec<&str> =
                    together.iter().filter_map(|cause| causes.labels.get(*cause)).map(String::as_str).collect();
                let value = values.get(at).cloned().unwrap_or(Value::ZERO);
                // What did nothing to a fact is no cause of it.
                if value != Value::ZERO {
                    parts.push((labels.join(" + "), value));
                }
            }
            let unit = if one.unit == crate::num::Unit::none() { other.unit } else { one.unit };
            found.push(Attribution { key, unit, left: one.value, right: other.value, parts, how: how.into() });
        }
        Ok(found)
    }

    fn written(&self, (report, differs): (Report, bool)) -> Answer {
        output::report(self.session, &report)?;
        Ok(if differs { Exit::No } else { Exit::Done })
    }

    /// Two runs, what they read differently, and the causes.
    fn report(
        &self,
        (left, right): (&Replay<'_>, &Replay<'_>),
        scope: &Scope,
        changed: Vec<Changed>,
        causes: &Causes<'_>,
    ) -> Result<(Report, bool), Stop> {
        let compared = compare::compare(left, right, scope).map_err(|fault| Stop::new(fault.to_string()))?;
        let attributions = self.attributions((left, right), &compared, causes)?;
        let asked = Asked { names: self.sides, threshold: &self.threshold };
        let facts = Facts { compared: &compared, attributions: &attributions, by_cause: self.args.by_cause };
        compare::report(left, scope, &asked, changed, &facts).map_err(Stop::new)
    }

    /// Two runs of one program with other inputs.
    fn runs(
        &self,
        checked: &Checked,
        scope: impl FnOnce(Scope) -> Scope,
        (left, right): (Inputs, Inputs),
        changed: Vec<Changed>,
        labels: Vec<String>,
        with: &dyn Fn(&[bool]) -> Result<Inputs, Stop>,
    ) -> Answer {
        let book = self.session.options.book().map(|wanted| context::book(checked, wanted)).transpose()?;
        let progress = self.session.progress("comparing");
        let one = ran(Replay::new(&checked.terms, &left, book))?;
        let other = ran(one.fork(&right))?;
        let scope = scope(context::scope(self.session, checked, &one, String::new())?);
        let at = |made: &[bool], keys: &[Key]| {
            let inputs = with(made)?;
            values(&ran(one.fork(&inputs))?, keys).map(Some)
        };
        let report = self.report((&one, &other), &scope, changed, &Causes { labels, at: &at })?;
        drop(progress);
        self.written(report)
    }

    /// Under two scenarios, or stacks of them.
    fn scenarios(
        &self,
        checked: &Checked,
        left: &[crate::terms::ScenarioId],
        right: &[crate::terms::ScenarioId],
    ) -> Answer {
        if !self.session.inputs.scenarios.is_empty() {
            return Err(Stop::new("`diff` names two scenarios of its own: leave `--scenario` away"));
        }
        let terms = &checked.terms;
        let (one, other) = (stacked(terms, left), stacked(terms, right));
        let same = one.iter().zip(&other).take_while(|(a, b)| a.0 == b.0 && a.2 == b.2).count();
        let (common, left_only, right_only) = (
            one.get(..same).unwrap_or_default(),
            one.get(same..).unwrap_or_default(),
            other.get(same..).unwrap_or_default(),
        );
        let known_by = self.session.options.known_by();
        let select =
            |changes: &[&Change]| Inputs::changed(terms, changes, known_by).map_err(|fault| context::stopped(&fault));
        let (a, b): (Vec<&Change>, Vec<&Change>) =
            (one.iter().map(|(_, change, _)| *change).collect(), other.iter().map(|(_, change, _)| *change).collect());
        let (left, right) = (select(&a)?, select(&b)?);
        let text = |span| one_line(checked.sources.text(span));
        // Built-in scenarios have no text of their own.
        let said = |change: &Change, span| match change {
            Change::DropContract(id) => {
                terms.contracts.get(id.index()).map_or_else(|| text(span), |contract| format!("drop {}", contract.path))
            }
            Change::DropFlow(id) => {
                terms.flows.get(id.index()).map_or_else(|| text(span), |flow| format!("drop {}", flow.path))
            }
            _ => text(span),
        };
        let mut changed = Vec::new();
        // What only the left side does is taken back, the last first; then what only the right side does is done.
        let undone = left_only.iter().rev().map(|(_, change, span)| (false, *change, *span));
        let causes: Vec<_> = undone.chain(right_only.iter().map(|(_, change, span)| (true, *change, *span))).collect();
        let mut labels = Vec::new();
        for (done, change, span) in &causes {
            let (before, after) = sides::effect(terms, change, (&left, &right));
            changed.push(Changed {
                what: said(change, *span),
                place: checked.sources.place(*span),
                left: before,
                right: after,
            });
            let label = said(change, *span);
            labels.push(if *done { label } else { format!("without: {label}") });
        }
        let with = |made: &[bool]| {
            let kept = left_only.iter().rev().zip(made).filter(|(_, gone)| !**gone).map(|((_, change, _), _)| *change);
            let mut kept: Vec<&Change> = kept.collect();
            kept.reverse();
            let done = right_only.iter().zip(made.get(left_only.len()..).unwrap_or_default());
            let done = done.filter(|(_, made)| **made).map(|((_, change, _), _)| *change);
            let common = common.iter().map(|(_, change, _)| *change);
            select(&common.chain(kept).chain(done).collect::<Vec<&Change>>())
        };
        let scope = |scope| Scope { scenario: format!("{} and {}", self.sides.0, self.sides.1), ..scope };
        self.runs(checked, scope, (left, right), changed, labels, &with)
    }

    /// As known on two days: the lines that became known between them, day by day.
    fn known(&self, checked: &Checked, left: Date, right: Date) -> Answer {
        let session = self.session;
        if session.options.known.is_some_and(|known| known.from.is_none()) {
            return Err(Stop::new("`diff` names two days of its own: leave `--known-by` away"));
        }
        let terms = &checked.terms;
        let (wanted, scenario) = context::scenarios(terms, &session.inputs.scenarios)?;
        let of = |day| Inputs::select(terms, &wanted, Some(day)).map_err(|fault| context::stopped(&fault));
        let (early, late) = (left.min(right), left.max(right));
        let between = terms.lines.iter().filter(|line| line.known > early && line.known <= late);
        let mut days: std::collections::BTreeMap<Date, Vec<String>> = std::collections::BTreeMap::new();
        let mut changed = Vec::new();
        for line in between {
            let (what, place) = (one_line(checked.sources.text(line.span)), checked.sources.place(line.span));
            days.entry(line.known).or_default().push(what.clone());
            let known = format!("known {}", line.known);
            let (left, right) = if left < right { (String::new(), known) } else { (known, String::new()) };
            changed.push(Changed { what, place, left, right });
        }
        let mut steps: Vec<(Date, String)> = Vec::new();
        for (day, lines) in days {
            let label = lines.join("; ");
            // Forwards a step is what became known on a day; backwards, what was not known the day before.
            steps.push(if left < right { (day, label) } else { (day.prev(), format!("without: {label}")) });
        }
        if left > right {
            steps.reverse();
        }
        let with = |made: &[bool]| {
            let last = steps.iter().zip(made).filter(|(_, made)| **made).map(|((day, _), _)| *day).next_back();
            of(last.unwrap_or(left))
        };
        let labels: Vec<String> = steps.iter().map(|(_, label)| label.clone()).collect();
        if self.args.order == CauseOrder::Average && labels.len() > 1 {
            return Err(Stop::new("what became known on later days rests on earlier ones: leave `--order` away"));
        }
        let scope = |scope| Scope { known_by: Some(late), scenario, ..scope };
        self.runs(checked, scope, (of(left)?, of(right)?), changed, labels, &with)
    }

    /// Under two books.
    fn of_books(&self, checked: &Checked, input: &FileArgs) -> Answer {
        let session = self.session;
        let terms = &checked.terms;
        let (wanted, scenario) = context::scenarios(terms, &session.inputs.scenarios)?;
        let inputs = Inputs::select(terms, &wanted, session.options.known_by()).map_err(|f| context::stopped(&f))?;
        let (left, right) = (context::book(checked, self.sides.0)?, context::book(checked, self.sides.1)?);
        let progress = session.progress("comparing");
        let run = |book: &str| ran(Replay::new(terms, &inputs, Some(book)));
        let (one, other) = (run(left)?, run(right)?);
        let scope = context::scope(session, checked, &one, scenario)?;
        let said = |span| checked.sources.text(span).to_owned();
        let mut report = books::compare(&one, &other, (&scope, &self.threshold), said).map_err(Stop::new)?;
        let differs = books::differ(&report);
        let compared = compare::compare(&one, &other, &scope).map_err(|fault| Stop::new(fault.to_string()))?;
        let roots = context::roots(session, &with_books(input, self.sides), &session.files())?;
        let files = session.files();
        if let Some(mix) = policies::Mix::of(checked, &files, roots, (left, right)) {
            let at = |made: &[bool], keys: &[Key]| mix.values(session, made, keys);
            let causes = Causes { labels: mix.labels(), at: &at };
            let attributions = self.attributions((&one, &other), &compared, &causes)?;
            let facts = Facts { compared: &compared, attributions: &attributions, by_cause: self.args.by_cause };
            compare::attribute(&one, &scope, &mut report, &facts).map_err(Stop::new)?;
        }
        drop(progress);
        self.written((report, differs))
    }
}

/// The values of facts in a run.
fn values(replay: &Replay<'_>, keys: &[Key]) -> Result<Vec<Value>, Stop> {
    let read = |key: &Key| key.read(replay).map(|found| found.value).map_err(|fault| Stop::new(fault.to_string()));
    keys.iter().map(read).collect()
}

/// A run that went to its end.
pub(super) fn ran<'a>(replay: Result<Replay<'a>, crate::engine::Fault>) -> Result<Replay<'a>, Stop> {
    let replay = replay.map_err(|fault| context::stopped(&fault))?;
    match &replay.fault {
        Some(fault) => Err(context::stopped(fault)),
        None => Ok(replay),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
