//! `proforma test`: facts against what was accepted.

mod accept;
pub(super) mod args;
mod changed;
mod decide;
mod edits;
mod find;
mod runs;
mod store;
mod tidy;

use args::{TestArgs, TestCommand};

use super::exit::{Answer, Stop};
use super::session::Session;

/// One of the commands on tests.
pub(super) fn test(session: &Session, args: &TestArgs) -> Answer {
    own_inputs(session)?;
    match &args.command {
        TestCommand::Run(args) => runs::run(session, args),
        TestCommand::Review(args) => decide::review(session, args),
        TestCommand::Accept(args) => accept::accept(session, args),
        TestCommand::Reject(args) => tidy::reject(session, args),
        TestCommand::Pending(args) => tidy::pending(session, args),
        TestCommand::Diff(args) => runs::diff(session, args),
        TestCommand::Gc(args) => tidy::gc(session, args),
    }
}

/// A test says itself which files, which scenario and which parties it is about.
fn own_inputs(session: &Session) -> Result<(), Stop> {
    let (inputs, options) = (&session.inputs, &session.options);
    let days = [options.from, options.to, options.begin, options.end, options.known_by()];
    let names = [&options.counterparty, &options.contract, &options.stdin_filename];
    let given = !(inputs.files.is_empty() && inputs.ledgers.is_empty() && inputs.scenarios.is_empty())
        || options.period.is_some()
        || !options.entity.is_empty()
        || options.book().is_some()
        || options.json
        || options.output_format.is_some()
        || days.iter().any(Option::is_some)
        || names.iter().any(|name| name.is_some());
    if given {
        return Err(Stop::new(
            "a test says itself what it is about: leave options on inputs, selection and format away, and write them as clauses of the test",
        ));
    }
    Ok(())
}
