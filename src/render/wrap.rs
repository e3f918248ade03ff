//! Widths and line breaks. One character is one column.

/// Columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

/// The widest of some texts.
pub(super) fn widest<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    texts.into_iter().map(width).max().unwrap_or(0)
}

/// The longest word of a text.
pub(super) fn longest_word(text: &str) -> usize {
    widest(text.split_whitespace())
}

/// Broken at spaces into lines of at most `limit`; a longer word stands alone and is not cut. Spaces a line begins with
/// are kept on all its parts. At least one line.
pub(super) fn fold(text: &str, limit: usize) -> Vec<String> {
    fold_hanging(text, limit, 0)
}

/// As [`fold`], and all lines but the first stand in by two.
pub(super) fn hang(text: &str, limit: usize) -> Vec<String> {
    fold_hanging(text, limit, HANG)
}

/// How far the second line of a label stands in.
pub(super) const HANG: usize = 2;

fn fold_hanging(text: &str, limit: usize, hang: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        if width(paragraph) <= limit {
            lines.push(paragraph.trim_end().to_owned());
            continue;
        }
        let margin = width(paragraph) - width(paragraph.trim_start());
        let mut line = " ".repeat(margin);
        let mut words = paragraph.split_whitespace();
        line.extend(words.next());
        for word in words {
            if width(&line) + 1 + width(word) > limit {
                lines.push(std::mem::replace(&mut line, " ".repeat(margin + hang)));
            } else {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Pieces joined by `glue` into lines of at most `limit`, broken between pieces if that is enough.
pub(super) fn join(pieces: &[String], glue: &str, limit: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces.iter().filter(|p| !p.is_empty()) {
        match lines.last_mut() {
            Some(line) if width(line) + width(glue) + width(piece) <= limit => {
                line.push_str(glue);
                line.push_str(piece);
            }
            Some(line) => {
                line.push_str(glue.trim_end());
                lines.push(piece.clone());
            }
            None => lines.push(piece.clone()),
        }
    }
    lines.iter().flat_map(|line| hang(line, limit)).collect()
}
