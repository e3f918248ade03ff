//! Two texts of the same contracts: two files, or two revisions. Every place where they differ is a cause.

use std::collections::BTreeMap;

use super::super::args::FileArgs;
use super::super::bundle::{self, Bundle};
use super::super::context;
use super::super::exit::{Answer, Stop};
use super::super::piped::Piped;
use super::super::session::Session;
use super::hunks::{Hunk, hunks, made};
use super::revision::Revision;
use super::sides::Pair;
use super::{Asking, Causes, one_line, ran, values};
use crate::check::{Checked, Files};
use crate::engine::Inputs;
use crate::report::Scope;
use crate::report::compare::{Changed, Key};
use crate::run::Replay;
use crate::terms::Value;

/// A difference of two texts.
#[derive(Clone, Debug)]
enum Cause {
    /// A place in a file, by its name on the left side.
    Hunk(String, Hunk),
    /// A file that only the right side reads by itself.
    Read(String),
    /// A file that only the left side reads by itself.
    Unread(String),
    /// Scenarios, the day of knowledge or the book, as they were given on either side.
    Options(String, String),
}

/// Texts between two: the left side with some of the differences made.
struct Mix<'f> {
    left: &'f dyn Files,
    right: &'f dyn Files,
    own: (&'f Session, &'f Session),
    roots: Vec<String>,
    texts: BTreeMap<String, String>,
    causes: Vec<Cause>,
}

/// A side: from where it is read, what is named, and with which options it is run.
pub(super) struct Of<'f> {
    pub files: &'f dyn Files,
    pub roots: Vec<String>,
    pub own: &'f Session,
    /// The options in words, where they may differ.
    pub said: String,
}

/// What was read of a side.
type Program<'p, 'f> = (&'p Checked, &'p Of<'f>);

/// The left side's files with other texts in them.
pub(super) struct Mixed<'f> {
    pub left: &'f dyn Files,
    pub right: &'f dyn Files,
    pub texts: BTreeMap<String, String>,
}

impl Files for Mixed<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        match self.texts.get(path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.left.read(path).or_else(|why| self.right.read(path).map_err(|_| why)),
        }
    }

    fn glob(&self, pattern: &str) -> Vec<String> {
        let mut found = self.left.glob(pattern);
        found.extend(self.right.glob(pattern));
        found.sort();
        found.dedup();
        found
    }
}

/// Every text that was read, by name.
pub(super) fn texts(checked: &Checked) -> BTreeMap<String, String> {
    checked.sources.iter().map(|(_, file)| (file.name.to_string(), file.text.to_string())).collect()
}

impl<'f> Mix<'f> {
    /// Of two programs; `names` says under which name of the left side a file of the right stands.
    fn of_files((before, one): Program<'_, 'f>, (after, other): Program<'_, 'f>) -> Self {
        let (roots, others) = (&one.roots, &other.roots);
        let (olds, news) = (texts(before), texts(after));
        // Roots that have no namesake stand for each other in order: `old.pf` for `new.pf`.
        let lone = |of: &[String], others: &[String]| -> Vec<String> {
            of.iter().filter(|name| !others.contains(name)).cloned().collect()
        };
        let (mine, theirs) = (lone(roots, others), lone(others, roots));
        let pairs: BTreeMap<String, String> = theirs.iter().cloned().zip(mine.iter().cloned()).collect();
        let mut causes = Vec::new();
        for (name, new) in &news {
            let name = pairs.get(name).unwrap_or(name);
            let differ = olds.get(name).map(|old| hunks(old, new)).unwrap_or_default();
            causes.extend(differ.into_iter().map(|hunk| Cause::Hunk(name.clone(), hunk)));
        }
        causes.extend(theirs.iter().skip(mine.len()).cloned().map(Cause::Read));
        causes.extend(mine.iter().skip(theirs.len()).cloned().map(Cause::Unread));
        if one.said != other.said {
            causes.push(Cause::Options(one.said.clone(), other.said.clone()));
        }
        let own = (one.own, other.own);
        Self { left: one.files, right: other.files, own, roots: roots.clone(), texts: olds, causes }
    }

    /// The differences in words.
    fn labels(&self) -> Vec<String> {
        self.changed().into_iter().map(|Changed { place, left, right, .. }| label(&place, &left, &right)).collect()
    }

    /// The differences as inputs that either side reads otherwise.
    fn changed(&self) -> Vec<Changed> {
        let said = |cause: &Cause| match cause {
            Cause::Hunk(file, hunk) => Changed {
                what: "text".into(),
                place: format!("{file}:{}", hunk.line()),
                left: one_line(&hunk.old),
                right: one_line(&hunk.new),
            },
            Cause::Options(left, right) => {
                Changed { what: "options".into(), place: String::new(), left: left.clone(), right: right.clone() }
            }
            Cause::Read(file) => {
                Changed { what: "file".into(), place: file.clone(), left: String::new(), right: "read".into() }
            }
            Cause::Unread(file) => {
                Changed { what: "file".into(), place: file.clone(), left: "read".into(), right: String::new() }
            }
        };
        self.causes.iter().map(said).collect()
    }

    fn mixed(&self, with: &[bool]) -> (Mixed<'f>, Vec<String>) {
        let mut texts = self.texts.clone();
        let mut roots = self.roots.clone();
        let chosen: Vec<&Cause> =
            self.causes.iter().zip(with).filter(|(_, with)| **with).map(|(cause, _)| cause).collect();
        for (name, text) in &mut texts {
            let here = chosen.iter().filter_map(|cause| match cause {
                Cause::Hunk(file, hunk) if file == name => Some(hunk),
                _ => None,
            });
            *text = made(text, here);
        }
        for cause in chosen {
            match cause {
                Cause::Hunk(..) | Cause::Options(..) => {}
                Cause::Read(file) => roots.push(file.clone()),
                Cause::Unread(file) => roots.retain(|root| root != file),
            }
        }
        (Mixed { left: self.left, right: self.right, texts }, roots)
    }

    /// The values of facts with some of the differences made, or `None` if what comes out of them is no program.
    fn values(&self, with: &[bool], keys: &[Key]) -> Result<Option<Vec<Value>>, Stop> {
        let (files, roots) = self.mixed(with);
        let made = self.causes.iter().zip(with).any(|(cause, with)| *with && matches!(cause, Cause::Options(..)));
        let session = if made { self.own.1 } else { self.own.0 };
        run_of(session, (&files, &roots), None, keys)
    }
}

/// The values of facts in a run of some texts, under a book or the one asked for; `None` if they are no program.
pub(super) fn run_of(
    session: &Session,
    (files, roots): (&dyn Files, &[String]),
    book: Option<&str>,
    keys: &[Key],
) -> Result<Option<Vec<Value>>, Stop> {
    let checked = crate::check::check(files, roots);
    if checked.diagnostics.has_errors() {
        session.detail("some of the differences cannot be made without others");
        return Ok(None);
    }
    let (terms, options) = (&checked.terms, &session.options);
    let Ok((wanted, _)) = context::scenarios(terms, &session.inputs.scenarios) else { return Ok(None) };
    let Ok(inputs) = Inputs::select(terms, &wanted, options.known_by()) else { return Ok(None) };
    let book = match book.or(options.book()).map(|wanted| context::book(&checked, wanted)).transpose() {
        Ok(book) => book,
        Err(_) => return Ok(None),
    };
    ran(Replay::new(terms, &inputs, book)).map_or(Ok(None), |replay| values(&replay, keys).map(Some))
}

pub(super) fn label(place: &str, left: &str, right: &str) -> String {
    match (left, right) {
        (left, right) if place.is_empty() => format!("{left} → {right}"),
        ("", right) => format!("{place}: {right}"),
        (left, "") => format!("{place}: without {left}"),
        (left, right) => format!("{place}: {left} → {right}"),
    }
}

/// Two files, or folders of them.
pub(super) fn compared(asking: &Asking<'_>, pair: Pair) -> Answer {
    let files: Piped = asking.session.files();
    let of = |roots| Of { files: &files, roots, own: asking.session, said: String::new() };
    programs(asking, &of(pair.left), &of(pair.right), None)
}

/// Two revisions.
pub(super) fn revisions(asking: &Asking<'_>, input: &FileArgs, (left, right): (Revision, Revision)) -> Answer {
    let session = asking.session;
    let given: Vec<String> = input.files.iter().chain(&session.inputs.files).cloned().collect();
    let roots = |side: &Revision| side.roots(&given, &session.inputs.ledgers);
    let (one, other) = (roots(&left)?, roots(&right)?);
    let left = Of { files: &left, roots: one, own: session, said: String::new() };
    let right = Of { files: &right, roots: other, own: session, said: String::new() };
    programs(asking, &left, &right, None)
}

/// Two bundles, each with the options it was made with.
pub(super) fn bundles(asking: &Asking<'_>) -> Answer {
    let (left, right) = asking.sides;
    let mut opened = Vec::new();
    for name in [left, right] {
        let bundle = bundle::opened(name)?;
        if let Some(damage) = bundle.damage.first() {
            return Err(Stop::new(format!(
                "`{name}` is not as it was bundled: {damage}; see `proforma verify {name}`"
            )));
        }
        let own = bundle::session_of(&bundle, name)?;
        opened.push((bundle, own));
    }
    let [one, other] = opened.as_slice() else { return Err(Stop::new("two bundles are compared")) };
    let of = |(bundle, own): &(Bundle, Session)| -> (Vec<String>, String) {
        let base = |word: &Option<String>| word.clone().unwrap_or_else(|| "each party's own".into());
        let options = &own.options;
        let known = options.known_by().map_or_else(|| "everything".to_owned(), |day| format!("by {day}"));
        let scenarios = if own.inputs.scenarios.is_empty() { "base".into() } else { own.inputs.scenarios.join(" + ") };
        let book = base(&options.book().map(str::to_owned));
        (bundle.manifest.roots.clone(), format!("scenario {scenarios}, known {known}, book {book}"))
    };
    let ((roots, said), (others, named)) = (of(one), of(other));
    let left = Of { files: &one.0, roots, own: &one.1, said };
    let right = Of { files: &other.0, roots: others, own: &other.1, said: named };
    let engines = (&one.0.manifest.engine, &other.0.manifest.engine);
    let note = (engines.0 != engines.1).then(|| {
        let here = env!("CARGO_PKG_VERSION");
        format!(
            "made by proforma {} and {}; both are made again by {here}, see `proforma verify`.",
            engines.0, engines.1
        )
    });
    programs(asking, &left, &right, note)
}

fn programs(asking: &Asking<'_>, left: &Of<'_>, right: &Of<'_>, note: Option<String>) -> Answer {
    let session = asking.session;
    let read = |of: &Of<'_>, side: &str| {
        let checked = context::checked_in(session, of.files, &of.roots);
        if checked.diagnostics.has_errors() {
            session.say(&format!("on the side of `{side}`:"));
        }
        context::tell(session, &checked).map(|()| checked)
    };
    let (before, after) = (read(left, asking.sides.0)?, read(right, asking.sides.1)?);
    let inputs = |checked: &Checked, own: &Session| {
        let (wanted, scenario) = context::scenarios(&checked.terms, &own.inputs.scenarios)?;
        let inputs = Inputs::select(&checked.terms, &wanted, own.options.known_by());
        inputs.map(|inputs| (inputs, scenario)).map_err(|fault| context::stopped(&fault))
    };
    let ((these, scenario), (those, _)) = (inputs(&before, left.own)?, inputs(&after, right.own)?);
    let progress = session.progress("comparing");
    let book = left.own.options.book().map(|wanted| context::book(&before, wanted)).transpose()?;
    let first = ran(Replay::new(&before.terms, &these, book))?;
    let book = right.own.options.book().map(|wanted| context::book(&after, wanted)).transpose()?;
    let second = ran(Replay::new(&after.terms, &those, book))?;
    let scope: Scope = context::scope(session, &before, &first, scenario)?;
    let mix = Mix::of_files((&before, left), (&after, right));
    let at = |made: &[bool], keys: &[Key]| mix.values(made, keys);
    let causes = Causes { labels: mix.labels(), at: &at };
    let (mut report, differs) = asking.report((&first, &second), &scope, mix.changed(), &causes)?;
    report.notes.extend(note);
    drop(progress);
    asking.written((report, differs))
}
