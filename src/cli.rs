//! The command line: the only folder that touches disk, terminal and environment.

mod args;
mod bundle;
mod check;
mod close;
mod columns;
mod context;
mod diff;
mod disk;
mod doctor;
mod exit;
mod explain;
mod facts;
mod findings;
mod fmt;
mod git;
mod glob;
mod grid;
mod hash;
mod help;
mod journal;
mod names;
mod new;
mod output;
mod piped;
mod progress;
mod replay;
mod report;
mod run;
mod session;
mod test;
mod varied;
mod verdict;

#[cfg(test)]
mod tests;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use args::{Args, Command};
use exit::Exit;
use session::Session;

/// Runs the program with the arguments of the process.
///
/// A panic is a bug: it is said as one, and the exit code is 3.
#[must_use]
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|l| format!(" at {}:{}", l.file(), l.line())).unwrap_or_default();
        let payload = info.payload();
        let words = payload.downcast_ref::<&str>().copied();
        let what = words.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
        let version = env!("CARGO_PKG_VERSION");
        // Nothing can be done if even this cannot be said.
        let _ = writeln!(
            std::io::stderr().lock(),
            "proforma {version}: internal error{place}: {what}\n\
             This is a bug in proforma, not in your files; nothing was written. Please report it with this line, \
             the command and, if you may, the files."
        );
    }));
    std::panic::catch_unwind(program).unwrap_or(Exit::Bug).into()
}

fn program() -> Exit {
    let args = match Args::read(std::io::stdin().is_terminal()) {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers; the rest is wrong usage. A closed pipe is the reader's choice.
            let _ = error.print();
            return if error.use_stderr() { Exit::CouldNotRun } else { Exit::Done };
        }
    };
    let inputs = args.command.inputs().cloned().unwrap_or_default();
    let session = Session::new(args.inputs.then(&inputs), args.options);
    let answer = match &args.command {
        Command::Check(args) => check::check(&session, args),
        Command::Fmt(args) => fmt::fmt(&session, args),
        Command::Run(args) => run::run(&session, args),
        Command::Report(args) => report::report(&session, args),
        Command::Diff(args) => diff::diff(&session, args),
        Command::Grid(args) => grid::grid(&session, args),
        Command::Solve(args) => grid::solve(&session, args),
        Command::Doctor(args) => doctor::doctor(&session, args),
        Command::Replay(args) => replay::replay(&session, args),
        Command::Close(args) => close::close(&session, args),
        Command::Bundle(args) => bundle::bundle(&session, args),
        Command::Verify(args) => bundle::verify(&session, args),
        Command::Facts(args) => facts::facts(&session, args),
        Command::Journal(args) => journal::journal(&session, args),
        Command::Explain(args) => explain::explain(&session, args),
        Command::New(args) => new::new(&session, args),
        Command::Test(args) => test::test(&session, args),
        Command::Help(args) => help::help(&session, args),
        Command::Completions(args) => help::completions(&session, args),
        Command::Man(args) => help::man(&session, args),
    };
    answer.unwrap_or_else(|stop| {
        if !stop.message.is_empty() {
            session.say(&format!("error: {}", stop.message));
        }
        stop.exit
    })
}
