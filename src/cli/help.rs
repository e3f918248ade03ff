//! `proforma help`, `proforma completions`, `proforma man`: the program about itself.

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Args;
use super::exit::{Answer, Exit, Stop};
use super::names;
use super::output;
use super::session::Session;

/// The manual by topic: what it is about, and its text.
const TOPICS: &[(&str, &str, &str)] = &[
    ("language", "how to write contracts, ledgers, scenarios, assertions", include_str!("../../docs/LANGUAGE.md")),
    ("semantics", "what a run means, in order and without exceptions", include_str!("../../docs/SEMANTICS.md")),
    ("books", "accounting as rules: events, fields, methods", include_str!("../../docs/BOOKS.md")),
    ("glossary", "one word, one meaning, with the paragraph it comes from", include_str!("../../docs/GLOSSARY.md")),
    ("errors", "every code of a diagnostic or refusal", include_str!("../../docs/ERRORS.md")),
    ("schema-report", "JSON Schema of `report`, `run` and `journal`", include_str!("../../docs/schema/report.json")),
    ("schema-facts", "JSON Schema of `facts`", include_str!("../../docs/schema/facts.json")),
    ("schema-explanation", "JSON Schema of `explain`", include_str!("../../docs/schema/explanation.json")),
    ("schema-diagnostics", "JSON Schema of `check`", include_str!("../../docs/schema/diagnostics.json")),
];

#[derive(Debug, clap::Args)]
pub(super) struct HelpArgs {
    /// A command or a topic; without one both are listed
    #[arg(value_name = "TOPIC")]
    pub topic: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// For which shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {
    /// A command; without one the page of the program
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

/// Help on a command, or a page of the manual; without a topic the list of both.
pub(super) fn help(session: &Session, args: &HelpArgs) -> Answer {
    let mut command = Args::command();
    command.build();
    let topics = TOPICS.iter().map(|(topic, ..)| *topic);
    let text = match &args.topic {
        None => format!("{}\n{}", command.render_help(), list()),
        Some(topic) => match command.find_subcommand_mut(topic) {
            Some(found) => found.render_long_help().to_string(),
            None => {
                let commands: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
                let all = topics.chain(commands.iter().map(String::as_str));
                let name = names::known("topic", topic, all)?;
                let page = TOPICS.iter().find(|(topic, ..)| *topic == name).map(|(.., page)| (*page).to_owned());
                let page = page.or_else(|| Some(command.find_subcommand_mut(name)?.render_long_help().to_string()));
                page.ok_or_else(|| Stop::new(format!("there is nothing about `{topic}`")))?
            }
        },
    };
    output::write(session, &text)?;
    Ok(Exit::Done)
}

/// The topics of the manual, under the commands.
fn list() -> String {
    let lines = TOPICS.iter().map(|(topic, about, _)| format!("  {topic:<20}{about}\n"));
    format!("Topics of `proforma help TOPIC`:\n{}", lines.collect::<String>())
}

/// A script that completes the command line in a shell.
pub(super) fn completions(session: &Session, args: &CompletionsArgs) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate::<Shell, _>(args.shell, &mut Args::command(), "proforma", &mut script);
    write(session, script)
}

/// The manual page of the program, or of one command.
pub(super) fn man(session: &Session, args: &ManArgs) -> Answer {
    let mut command = Args::command();
    command.build();
    let command = match &args.command {
        None => command,
        Some(wanted) => {
            let known: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
            let name = names::known("command", wanted, known.iter().map(String::as_str))?;
            command.find_subcommand(name).cloned().unwrap_or(command)
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(|error| Stop::new(error.to_string()))?;
    write(session, page)
}

fn write(session: &Session, bytes: Vec<u8>) -> Answer {
    let text = String::from_utf8(bytes).map_err(|error| Stop::new(error.to_string()))?;
    output::write(session, &text)?;
    Ok(Exit::Done)
}
