//! What waits to be decided, as a page for a browser: by cause, with buttons that show the commands that decide.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{counted, headline, moved};
use crate::snapshot::{Cause, Change, Trial};

/// The page. It needs nothing but itself; a button shows a command and copies it where the browser lets it.
#[must_use]
pub fn page(groups: &[(Cause, Vec<(&Trial, &Change)>)]) -> String {
    let mut out = HEAD.to_owned();
    let all = groups.iter().flat_map(|(_, changes)| changes.iter());
    let tests: BTreeMap<&str, &Trial> = all.map(|(trial, _)| (&*trial.name, *trial)).collect();
    let facts: usize = groups.iter().map(|(_, changes)| changes.len()).sum();
    let _ =
        writeln!(out, "<h1>To decide</h1>\n<p>{}, of {}.</p>", counted(facts, "fact"), counted(tests.len(), "test"));
    for (cause, changes) in groups {
        let _ = writeln!(out, "<section>\n<h2>{}</h2>", text(&headline(cause, changes)));
        out.push_str("<table>\n<thead><tr><th>Fact</th><th>Test</th><th>Change</th><th></th></tr></thead>\n<tbody>\n");
        for (trial, change) in changes {
            let class = if change.material { " class=\"material\"" } else { "" };
            let explain = command(&["proforma", "explain", &change.key.to_string(), &trial.options, &trial.file]);
            let _ = writeln!(
                out,
                "<tr{class}><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                text(&change.key.to_string()),
                text(&trial.name),
                text(&moved(change)),
                button("Explain", &explain)
            );
        }
        out.push_str("</tbody>\n</table>\n</section>\n");
    }
    out.push_str("<section>\n<h2>Decide</h2>\n<p>A test is accepted or rejected as a whole; the terminal's review decides fact by fact.</p>\n");
    out.push_str("<table>\n<thead><tr><th>Test</th><th></th><th></th><th></th></tr></thead>\n<tbody>\n");
    for trial in tests.into_values() {
        let reason = if trial.material() { " --reason 'WHY'" } else { "" };
        let accept = format!("{} --by NAME{reason}", command(&["proforma", "test", "accept", &trial.name]));
        let reject = command(&["proforma", "test", "reject", &trial.name]);
        let diff = command(&["proforma", "test", "diff", &trial.name]);
        let title = if trial.title.is_empty() { String::new() } else { format!(": {}", trial.title) };
        let name = text(&format!("{}{title}", trial.name));
        let buttons = [("Accept", accept), ("Reject", reject), ("All differences", diff)];
        let cells: String = buttons.iter().map(|(word, line)| format!("<td>{}</td>", button(word, line))).collect();
        let _ = writeln!(out, "<tr><td>{name}</td>{cells}</tr>");
    }
    out.push_str("</tbody>\n</table>\n</section>\n");
    out.push_str(FOOT);
    out
}

fn button(word: &str, line: &str) -> String {
    format!("<button type=\"button\" data-command=\"{}\">{word}</button>", text(line))
}

/// Words of a shell; what a shell would read otherwise stands in quotes.
fn command(words: &[&str]) -> String {
    let plain = |word: &str| word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:,=".contains(c));
    let quoted = |word: &&str| match plain(word) || word.starts_with("-s ") {
        true => (*word).to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    };
    words.iter().filter(|word| !word.is_empty()).map(quoted).collect::<Vec<_>>().join(" ")
}

/// Nothing in it begins a tag or ends an attribute.
fn text(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const HEAD: &str = r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>proforma: to decide</title>
<style>
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1a1a1a; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #ddd; vertical-align: top; font-variant-numeric: tabular-nums; }
th { font-weight: 600; border-bottom-color: #888; }
td:last-child { text-align: right; }
tr.material td:nth-child(3) { font-weight: 600; }
button { font: inherit; padding: .1rem .7rem; border: 1px solid #888; border-radius: 4px; background: #f6f6f6; cursor: pointer; }
#command { position: sticky; bottom: 0; background: #fff; border-top: 1px solid #888; padding: .75rem 0; margin-top: 2rem; }
#command code { background: #f1f1f1; padding: .25rem .5rem; border-radius: 4px; overflow-wrap: anywhere; }
</style>
</head>
<body>
"##;

const FOOT: &str = r##"<p id="command">A button shows the command to type in a terminal, in the folder of the project: <code></code></p>
<script>
for (const button of document.querySelectorAll("button")) {
  button.addEventListener("click", () => {
    const line = button.dataset.command;
    document.querySelector("#command code").textContent = line;
    if (navigator.clipboard) { navigator.clipboard.writeText(line).catch(() => {}); }
  });
}
</script>
</body>
</html>
"##;
