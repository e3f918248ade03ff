//! Patterns over file names: `*` and `?` within one name, `**` over any folders.

use std::fs;

/// The files that match, sorted. Names that begin with a point are only matched by patterns that do.
pub(super) fn files(pattern: &str) -> Vec<String> {
    let parts: Vec<&str> = pattern.split('/').collect();
    let mut found = Vec::new();
    let mut open = vec![(String::new(), parts.as_slice())];
    while let Some((base, rest)) = open.pop() {
        match rest {
            [] => {}
            whole @ ["**", rest @ ..] => {
                open.push((base.clone(), rest));
                for (name, kind) in entries(&base) {
                    // Links are not followed, so that a circle of them ends.
                    if kind.is_dir() && !name.starts_with('.') && name != "target" {
                        open.push((join(&base, &name), whole));
                    }
                }
            }
            [part, rest @ ..] if part.contains(['*', '?']) => {
                for (name, _) in entries(&base).into_iter().filter(|(name, _)| matches(part, name)) {
                    step(join(&base, &name), rest, &mut open, &mut found);
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

fn entries(folder: &str) -> Vec<(String, fs::FileType)> {
    let Ok(entries) = fs::read_dir(if folder.is_empty() { "." } else { folder }) else { return Vec::new() };
    let named = entries.filter_map(|entry| {
        let entry = entry.ok()?;
        Some((entry.file_name().into_string().ok()?, entry.file_type().ok()?))
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
