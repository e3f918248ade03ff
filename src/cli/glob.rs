//! Patterns over file names: `*` and `?` within one name, `**` over any folders.

use std::fs;
use std::io::ErrorKind;

/// The files that match, sorted. Names that begin with a point are only matched by patterns that do. What cannot be
/// looked at is among them, so that reading it fails: a folder that may not be listed, and a name that is not UTF-8, with
/// U+FFFD for what is no text.
pub(super) fn files(pattern: &str) -> Vec<String> {
    let parts: Vec<&str> = pattern.split('/').collect();
    let mut found = Vec::new();
    let mut open = vec![(String::new(), parts.as_slice())];
    while let Some((base, rest)) = open.pop() {
        match rest {
            [] => {}
            whole @ ["**", rest @ ..] => {
                open.push((base.clone(), rest));
                for Entry { name, is_folder, .. } in entries(&base, &mut found) {
                    // Links are not followed, so that a circle of them ends.
                    if is_folder && !name.starts_with('.') && name != "target" {
                        open.push((join(&base, &name), whole));
                    }
                }
            }
            [part, rest @ ..] if part.contains(['*', '?']) => {
                for Entry { name, is_text, .. } in entries(&base, &mut found) {
                    match matches(part, &name) {
                        true if is_text => step(join(&base, &name), rest, &mut open, &mut found),
                        true => found.push(join(&base, &name)),
                        false => {}
                    }
                }
            }
            [part, rest @ ..] => step(join(&base, part), rest, &mut open, &mut found),
        }
    }
    found.sort();
    found.dedup();
    found
}

fn step<'a>(path: String, rest: &'a [&'a str], open: &mut Vec<(String, &'a [&'a str])>, found: &mut Vec<String>) {
    if !rest.is_empty() {
        open.push((path, rest));
    } else if fs::metadata(&path).is_ok_and(|m| m.is_file()) {
        found.push(path);
    }
}

/// `/` alone is the root, and so is the empty part before it.
fn join(base: &str, name: &str) -> String {
    match base {
        "" if name.is_empty() => "/".to_owned(),
        "" => name.to_owned(),
        base => format!("{}/{name}", base.trim_end_matches('/')),
    }
}

/// What stands in a folder.
struct Entry {
    name: String,
    /// Whether the name is UTF-8.
    is_text: bool,
    is_folder: bool,
}

/// The entries of a folder. One that exists and may not be listed goes to `found` itself.
fn entries(folder: &str, found: &mut Vec<String>) -> Vec<Entry> {
    let entries = match fs::read_dir(if folder.is_empty() { "." } else { folder }) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            found.push(folder.to_owned());
            return Vec::new();
        }
        Err(_) => return Vec::new(),
    };
    let named = entries.filter_map(|entry| {
        let entry = entry.ok()?;
        let name = entry.file_name();
        let (text, is_folder) = (name.to_string_lossy().into_owned(), entry.file_type().ok()?.is_dir());
        Some(Entry { name: text, is_text: name.to_str().is_some(), is_folder })
    });
    named.collect()
}

/// Whether a name matches a pattern without `/`.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut here) = (0, 0);
    // Where the last `*` stands, and how far it reaches.
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = name.get(here) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, here));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == letter => {
                at += 1;
                here += 1;
            }
            _ => match star {
                Some((place, reach)) => {
                    star = Some((place, reach + 1));
                    at = place + 1;
                    here = reach + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
}

/// Whether a path matches a pattern, both with `/` between names.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    // How far into the pattern one can be after each name.
    let folders = |mut open: Vec<usize>| {
        let mut at = 0;
        while let Some(here) = open.get(at).copied() {
            if pattern.get(here) == Some(&"**") && !open.contains(&(here + 1)) {
                open.push(here + 1);
            }
            at += 1;
        }
        open
    };
    let mut open = folders(vec![0]);
    for name in path {
        let step = |here: &usize| match pattern.get(*here) {
            Some(&"**") if !name.starts_with('.') => Some(*here),
            Some(part) if *part != "**" && matches(part, name) => Some(here + 1),
            _ => None,
        };
        open = folders(open.iter().filter_map(step).collect());
    }
    open.contains(&pattern.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fit_patterns() {
        for (pattern, path) in
            [("rules/*.pf", "rules/a.pf"), ("**/*.pf", "a.pf"), ("rules/**/x?.csv", "rules/a/b/x1.csv"), ("a/b", "a/b")]
        {
            assert!(fits(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in
            [("rules/*.pf", "rules/a/b.pf"), ("*.pf", "a.ledger"), ("**/*.pf", ".git/a.pf"), ("a", "a/b")]
        {
            assert!(!fits(pattern, path), "{pattern} {path}");
        }
    }
}
