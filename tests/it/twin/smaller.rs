//! Makes a story with a difference as small as it gets.

use super::differences;
use super::story::Story;

/// Leaves out pieces as long as a difference stays.
pub fn smaller(mut story: Story) -> Story {
    let differs = |s: &Story| differences(s).is_some_and(|d| !d.is_empty());
    loop {
        let before = format!("{story:?}");
        for candidate in coarse(&story) {
            if differs(&candidate) {
                story = candidate;
                break;
            }
        }
        for n in (0..story.lines.len()).rev() {
            let mut less = story.clone();
            less.lines.remove(n);
            if differs(&less) {
                story = less;
            }
        }
        for n in (0..story.rules.len()).rev() {
            for candidate in finer(&story, n) {
                if differs(&candidate) {
                    story = candidate;
                    break;
                }
            }
        }
        if before == format!("{story:?}") {
            return story;
        }
    }
}

/// Without a contract, a warrant, the closes or half of them, the knowledge date.
fn coarse(story: &Story) -> Vec<Story> {
    let mut found = Vec::new();
    for group in ["c1", "c2", "c1.w", "c2.w", "c1.i", "c2.i", "f1", "f2", "f3"] {
        if story.rules.iter().any(|p| p.group == group) {
            let mut less = story.clone();
            less.rules.retain(|p| !p.group.starts_with(group));
            less.lines.retain(|l| !l.contains(&format!("{group}.")) && !l.contains(&format!("{group} ")));
            found.push(less);
        }
    }
    if !story.closes.is_empty() {
        let half = story.closes.len() / 2;
        for range in [0..story.closes.len(), 0..half, half..story.closes.len(), 0..1, half * 2..story.closes.len()] {
            let mut less = story.clone();
            less.closes.drain(range);
            found.push(less);
        }
    }
    if story.known_by.is_some() {
        let mut less = story.clone();
        less.known_by = None;
        found.push(less);
    }
    found
}

/// With one rule gone, or a tranche that does less.
fn finer(story: &Story, n: usize) -> Vec<Story> {
    let mut found = Vec::new();
    let piece = &story.rules[n];
    if !piece.fixed {
        let mut less = story.clone();
        less.rules.remove(n);
        found.push(less);
    }
    for (from, to) in [("vests when ", "; fair"), ("; exercisable when ", "; fair"), ("; by ", " }")] {
        let Some(start) = piece.text.find(from) else { continue };
        let Some(end) = piece.text[start..].find(to) else { continue };
        let with = if from.starts_with("vests") { "vests on 2031-01-01" } else { "" };
        let mut less = story.clone();
        less.rules[n].text.replace_range(start..start + end, with);
        found.push(less);
    }
    found
}
