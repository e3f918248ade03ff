//! Why facts moved: the lines that were edited and on which they rest, or at least the lines they share.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Key;
use crate::base::{Sources, Span};
use crate::explain;
use crate::run::Replay;

/// A part of a file: its name, its first and its last line, from 1.
pub type Place = (String, usize, usize);

/// Parts of files.
pub type Lines = BTreeSet<Place>;

/// Lines that are not as they were when the result was accepted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// Which file.
    pub file: String,
    /// The first line as the file is now; the one behind lines that were taken out.
    pub from: usize,
    /// The last; before the first where lines were only taken out.
    pub to: usize,
}

impl Edit {
    fn meets(&self, (file, from, to): &Place) -> bool {
        self.file == *file && self.from <= *to && self.to.max(self.from) >= *from
    }

    /// `rules/x.pf:58`
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.from)
    }
}

/// What some changes have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// These lines were edited, and the facts rest on them.
    Edited(Vec<String>),
    /// These lines were edited, and the facts name none of them: something they rested on was taken out, or is a price.
    Removed(Vec<String>),
    /// All rest on this line; what it was before is not known.
    Rests(String),
    /// Nothing was accepted before.
    First,
    /// Nothing is known.
    Unknown,
}

impl Cause {
    /// In words, without a capital.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Edited(places) => format!("edited: {}", few(places)),
            Self::Removed(places) => format!("edited, though these facts name no such line: {}", few(places)),
            Self::Rests(place) => format!("all rest on {place}"),
            Self::First => "a first result: nothing was accepted before".to_owned(),
            Self::Unknown => "no line of a rule or ledger explains these facts".to_owned(),
        }
    }

    /// The first place.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Edited(places) | Self::Removed(places) => places.first().map(String::as_str),
            Self::Rests(place) => Some(place),
            Self::First | Self::Unknown => None,
        }
    }
}

fn few(places: &[String]) -> String {
    let shown = places.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    match places.len().checked_sub(3) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// The lines that a fact rests on; none if nothing explains it.
#[must_use]
pub fn rests(replay: &Replay<'_>, sources: &Sources, key: &Key) -> Lines {
    let spans = explain::tell::lines(replay, &key.name()).unwrap_or_default();
    spans.into_iter().filter_map(|span| place(sources, span)).collect()
}

fn place(sources: &Sources, span: Span) -> Option<Place> {
    let file = sources.get(span.source)?;
    Some((file.name.to_string(), file.line(span.start), file.line(span.end.max(span.start + 1) - 1)))
}

/// Changes by cause, those with most changes first. `edits` are known where the older inputs are.
#[must_use]
pub fn group(changes: &[&Lines], edits: Option<&[Edit]>) -> Vec<(Cause, Vec<usize>)> {
    let mut groups: BTreeMap<Cause, Vec<usize>> = BTreeMap::new();
    match edits {
        Some(edits) if !edits.is_empty() => {
            let all: Vec<String> = edits.iter().map(Edit::place).collect();
            for (at, lines) in changes.iter().enumerate() {
                let met = edits.iter().filter(|edit| lines.iter().any(|place| edit.meets(place)));
                let met: Vec<String> = met.map(Edit::place).collect();
                let cause = if met.is_empty() { Cause::Removed(all.clone()) } else { Cause::Edited(met) };
                groups.entry(cause).or_default().push(at);
            }
        }
        _ => shared(changes, &mut groups),
    }
    let mut groups: Vec<(Cause, Vec<usize>)> = groups.into_iter().collect();
    groups.sort_by(|(_, a), (_, b)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    groups
}

/// The line on which most changes rest, then the one on which most of the others do.
fn shared(changes: &[&Lines], groups: &mut BTreeMap<Cause, Vec<usize>>) {
    let mut left: Vec<usize> = (0..changes.len()).collect();
    while !left.is_empty() {
        let mut counts: BTreeMap<&Place, usize> = BTreeMap::new();
        for place in left.iter().filter_map(|at| changes.get(*at)).flat_map(|lines| lines.iter()) {
            *counts.entry(place).or_default() += 1;
        }
        let shortest = |place: &Place| std::cmp::Reverse(place.2 - place.1);
        let best = counts.iter().max_by_key(|(place, count)| (**count, shortest(place), std::cmp::Reverse(**place)));
        let Some((best, _)) = best else {
            groups.entry(Cause::Unknown).or_default().extend(left);
            return;
        };
        let best: Place = (**best).clone();
        let (mine, others) =
            left.into_iter().partition(|at| changes.get(*at).is_some_and(|lines| lines.contains(&best)));
        groups.entry(Cause::Rests(format!("{}:{}", best.0, best.1))).or_default().extend::<Vec<usize>>(mine);
        left = others;
    }
}

/// The edits of `git diff --unified=0` of one file, by its hunks: `@@ -10,2 +10,3 @@`.
#[must_use]
pub fn hunks(file: &str, diff: &str) -> Vec<Edit> {
    let of = |line: &str| {
        let new = line.strip_prefix("@@ -")?.split_once(" +")?.1.split_once(" @@")?.0;
        let (from, count) = new.split_once(',').unwrap_or((new, "1"));
        let (from, count) = (from.parse::<usize>().ok()?, count.parse::<usize>().ok()?);
        // Lines taken out stand behind line `from`.
        let from = if count == 0 { from + 1 } else { from };
        Some(Edit { file: file.to_owned(), from, to: from + count - usize::from(count > 0) })
    };
    diff.lines().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(places: &[(&str, usize, usize)]) -> Lines {
        places.iter().map(|(file, from, to)| ((*file).to_owned(), *from, *to)).collect()
    }

    #[test]
    fn edits_are_causes_where_facts_rest_on_them() {
        let diff = "diff --git a/r.pf b/r.pf\n@@ -7 +7 @@ contract\n-a\n+b\n@@ -20,2 +19,0 @@\n-c\n-d\n";
        let edits = hunks("r.pf", diff);
        assert_eq!(edits.iter().map(|e| (e.from, e.to)).collect::<Vec<_>>(), [(7, 7), (20, 20)]);
        let (one, two) = (lines(&[("r.pf", 3, 9), ("b.pf", 1, 1)]), lines(&[("b.pf", 7, 7)]));
        let groups = group(&[&one, &two, &one], Some(&edits));
        assert_eq!(groups[0], (Cause::Edited(vec!["r.pf:7".to_owned()]), vec![0, 2]));
        assert!(matches!(&groups[1], (Cause::Removed(_), at) if *at == [1]));
    }

    #[test]
    fn else_the_line_that_most_share() {
        let (a, b, c) = (lines(&[("r.pf", 3, 9), ("b.pf", 1, 1)]), lines(&[("b.pf", 1, 1)]), lines(&[]));
        let groups = group(&[&a, &b, &c], None);
        assert_eq!(groups, [(Cause::Rests("b.pf:1".to_owned()), vec![0, 1]), (Cause::Unknown, vec![2])]);
    }
}
