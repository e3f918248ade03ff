//! Two texts: the places where they differ, and texts between them.

use similar::{DiffOp, TextDiff};

/// A place where a text differs from another: lines of it, and what stands there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hunk {
    /// First line, from nought, and how many.
    from: usize,
    count: usize,
    /// As it is.
    pub old: String,
    /// As the other has it.
    pub new: String,
}

impl Hunk {
    /// The number of its first line.
    pub fn line(&self) -> usize {
        self.from + 1
    }
}

/// Where two texts differ, in order.
pub(super) fn hunks(old: &str, new: &str) -> Vec<Hunk> {
    let diff = TextDiff::from_lines(old, new);
    let lines = |from: usize, count: usize, slices: &[&str]| -> String {
        slices.get(from..from + count).unwrap_or_default().concat()
    };
    let found = diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. })).map(|op| {
        let (old, new) = (op.old_range(), op.new_range());
        Hunk {
            from: old.start,
            count: old.len(),
            old: lines(old.start, old.len(), diff.old_slices()),
            new: lines(new.start, new.len(), diff.new_slices()),
        }
    });
    found.collect()
}

/// A text with some of its hunks made, in order of the text.
pub(super) fn made<'h>(old: &str, hunks: impl IntoIterator<Item = &'h Hunk>) -> String {
    let lines: Vec<&str> = old.split_inclusive('\n').collect();
    let (mut text, mut at) = (String::new(), 0);
    for hunk in hunks {
        text.extend(lines.get(at..hunk.from).unwrap_or_default().iter().copied());
        text.push_str(&hunk.new);
        at = hunk.from + hunk.count;
    }
    text.extend(lines.get(at..).unwrap_or_default().iter().copied());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_hunks_make_the_other_text_and_none_the_same() {
        let (old, new) = ("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n");
        let found = hunks(old, new);
        assert_eq!(
            found.iter().map(|hunk| (hunk.line(), &*hunk.old, &*hunk.new)).collect::<Vec<_>>(),
            [(2, "b\n", "B\n"), (5, "", "e\n")]
        );
        assert_eq!(made(old, &found), new);
        assert_eq!(made(old, []), old);
        assert_eq!(made(old, found.get(1)), "a\nb\nc\nd\ne\n");
        for (old, new) in [("", "x"), ("x", ""), ("a\r\nb", "a\r\nc"), ("é\n", "è\n")] {
            assert_eq!(made(old, &hunks(old, new)), new);
        }
    }
}
