//! `proforma test pending`, `reject` and `gc`: what lies in the folders of results.

use std::collections::BTreeSet;

use super::args::{Chosen, GcArgs};
use super::find::{self, Found, TestFile};
use super::store::Store;
use crate::cli::exit::{Answer, Exit, Stop};
use crate::cli::output;
use crate::cli::session::Session;

/// Finishes acceptances that were cut short.
pub(super) fn recover(session: &Session, found: &Found) -> Result<(), Stop> {
    for store in found.stores() {
        if store.recover()? {
            session.mention(&format!("finished an acceptance in `{}` that was cut short", store.folder()));
        }
    }
    Ok(())
}

/// Lists what waits.
pub(super) fn pending(session: &Session, args: &Chosen) -> Answer {
    let found = find::find(session, &args.tests)?;
    recover(session, &found)?;
    let waiting = waiting(&found);
    let lines: String = waiting.iter().map(|(_, _, path)| format!("{path}\n")).collect();
    output::write(session, &lines)?;
    Ok(if waiting.is_empty() { Exit::Done } else { Exit::No })
}

/// Results that wait, of the tests that were asked for.
fn waiting(found: &Found) -> Vec<(Store, String, String)> {
    let all = found.stores().into_iter().flat_map(|store| {
        let waiting = store.waiting().into_iter();
        waiting.map(move |(test, path)| (store.clone(), test, path)).collect::<Vec<_>>()
    });
    let known: BTreeSet<String> = found.files.iter().flat_map(TestFile::tests).map(|t| t.name.to_string()).collect();
    // Of one file only its own; of a project whatever waits, orphans included.
    all.filter(|(_, test, _)| found.wants(test) && (found.whole || known.contains(test))).collect()
}

/// Throws away what waits.
pub(super) fn reject(session: &Session, args: &Chosen) -> Answer {
    let found = find::find(session, &args.tests)?;
    recover(session, &found)?;
    let waiting = waiting(&found);
    for (store, test, path) in &waiting {
        store.forget(test)?;
        session.mention(&format!("rejected {path}"));
    }
    if waiting.is_empty() {
        session.mention("nothing waits");
    }
    Ok(Exit::Done)
}

/// Results of no test, with the folder they are in.
pub(super) fn orphans(found: &Found) -> Vec<(Store, String)> {
    let mut all = Vec::new();
    for store in found.stores() {
        let of_store = found.files.iter().filter(|file| file.store.folder() == store.folder());
        let known: BTreeSet<String> = of_store.flat_map(TestFile::tests).map(|test| test.name.to_string()).collect();
        let orphans = store.results().into_iter().filter(|(test, _)| !known.contains(test));
        all.extend(orphans.map(|(_, path)| (store.clone(), path)));
    }
    all
}

/// Lists results of no test, or deletes them.
pub(super) fn gc(session: &Session, args: &GcArgs) -> Answer {
    let mut found = find::find(session, &args.chosen.tests)?;
    // Whoever names one file may have tests in others.
    if !found.whole {
        let folders: Vec<String> = found.stores().iter().map(Store::tests).collect();
        found = find::find(session, &folders)?;
    }
    if found.broken() {
        return Err(Stop::new(
            "some test files have errors: their tests are not known, so no result counts as an orphan",
        ));
    }
    recover(session, &found)?;
    let orphans = orphans(&found);
    let mut lines = String::new();
    for (store, path) in &orphans {
        if args.yes {
            store.delete(path)?;
            session.mention(&format!("deleted {path}"));
        } else {
            lines.push_str(path);
            lines.push('\n');
        }
    }
    output::write(session, &lines)?;
    Ok(if orphans.is_empty() || args.yes { Exit::Done } else { Exit::No })
}
