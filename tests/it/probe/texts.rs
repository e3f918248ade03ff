//! What holds of every text: reading never fails, formatting moves blanks only, comments stay.

use proforma::base::{Code, Diagnostic, SourceId};
use proforma::syntax::ast::{Expr, File, ItemKind};
use proforma::syntax::{parse, print};

/// Reads a text. Every place named lies within it, on the borders of characters.
pub fn reads(text: &str) -> (File, Vec<Diagnostic>) {
    let (file, found) = parse(SourceId(0), text);
    for diagnostic in found.iter() {
        let places = std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary).map(|(span, _)| *span);
        for span in places.chain(diagnostic.fixes.iter().map(|fix| fix.span)) {
            let (start, end) = (span.start as usize, span.end as usize);
            assert!(text.get(start..end).is_some(), "{start}..{end} of {}: {diagnostic:?}", text.len());
        }
    }
    (file, found.into_iter().collect())
}

/// Formatting changes neither tree nor diagnostics; formatting again changes nothing; every comment stays, in order.
pub fn formats(text: &str) {
    let (file, found) = reads(text);
    let formatted = print::format(text);
    assert_eq!(print::format(&formatted), formatted, "formatted twice");
    let (again, more) = reads(&formatted);
    assert_eq!(bare(&again), bare(&file), "the tree after formatting\n{formatted}");
    assert_eq!(messages(&more), messages(&found), "what is said after formatting\n{formatted}");
    values(&file, &found);
    if found.iter().any(|d| letters(d.code)) {
        return;
    }
    let (commented, count) = commented(text);
    let (tree, _) = reads(&commented);
    assert_eq!(bare(&tree), bare(&file), "the tree with comments\n{commented}");
    let formatted = print::format(&commented);
    let mut rest = formatted.as_str();
    for n in 0..count {
        let Some((_, after)) = rest.split_once(&remark(n)) else { panic!("comment {n} is lost\n{formatted}") };
        rest = after;
    }
    assert_eq!(formatted.matches("# kept").count(), commented.matches("# kept").count(), "{formatted}");
}

/// Letters or brackets are wrong: where a comment may stand is in doubt.
fn letters(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownCharacter
            | Code::UnclosedString
            | Code::BadNumber
            | Code::CommaInNumber
            | Code::BadDate
            | Code::MonthDayDate
            | Code::UnmatchedBracket
            | Code::TooDeep
            | Code::FileTooLarge
    )
}

fn remark(n: usize) -> String {
    format!("# kept {n}.")
}

/// The text with a comment of its own wherever one may stand: at the end of every line that has none and is
/// not empty, after every `;`,
/// and between round or square brackets after every `,`.
fn commented(text: &str) -> (String, usize) {
    let (mut out, mut count) = (String::new(), 0);
    let (mut quoted, mut comment, mut escaped) = (false, false, false);
    let mut open = Vec::new();
    let mut remarked = |out: &mut String, end: &str| {
        out.push(' ');
        out.push_str(&remark(count));
        out.push_str(end);
        count += 1;
    };
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\n' => {
                // An empty line parts doc comments from what follows, and stays empty.
                let line = out.rsplit('\n').next().unwrap_or("");
                if !comment && !line.trim().is_empty() {
                    remarked(&mut out, "");
                }
                (quoted, comment, escaped) = (false, false, false);
            }
            _ if comment => {}
            '\\' if quoted => escaped = !escaped,
            '"' if !escaped => quoted = !quoted,
            '#' if !quoted => comment = true,
            '(' | '[' | '{' if !quoted => open.push(c),
            ')' | ']' | '}' if !quoted => drop(open.pop()),
            _ => {}
        }
        if c != '\\' {
            escaped = false;
        }
        out.push(c);
        let here = match c {
            ',' | '(' | '[' => matches!(open.last(), Some('(' | '[')),
            ';' => !matches!(open.last(), Some('(' | '[')),
            _ => false,
        };
        if here && !quoted && !comment && letters.peek().is_none_or(|c| *c == ' ') {
            remarked(&mut out, "\n");
        }
    }
    (out, count)
}

/// Every value that stands alone reads as printed.
fn values(file: &File, found: &[Diagnostic]) {
    if !found.is_empty() {
        return;
    }
    let each = file.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Assume(assume) => assume.value.as_ref(),
        _ => None,
    });
    for value in each {
        let text = print::expr(value);
        let (again, found) = reads(&format!("assume a = {text}\n"));
        assert!(found.is_empty(), "{text}: {found:?}");
        let [item] = again.items.as_slice() else { panic!("{text}") };
        let ItemKind::Assume(assume) = &item.kind else { panic!("{text}") };
        let printed: Option<&Expr> = assume.value.as_ref();
        assert_eq!(printed.map(print::expr), Some(text));
    }
}

fn messages(list: &[Diagnostic]) -> Vec<(Code, &str)> {
    list.iter().map(|d| (d.code, d.message.as_str())).collect()
}

/// The tree as text, without places.
fn bare(file: &File) -> String {
    let shown = format!("{file:?}");
    let mut pieces = shown.split("Span {");
    let first = pieces.next().unwrap_or("").to_owned();
    pieces.fold(first, |all, piece| all + piece.split_once('}').map_or(piece, |(_, after)| after))
}
