//! No text makes the parser stop, panic or go deep.

use proptest::prelude::*;

use super::{bare, fail, read};
use crate::base::Diagnostic;
use crate::syntax::print;

const DESIGN: &str = include_str!("design.pf");

#[test]
fn nested_brackets_give_one_diagnostic() {
    for open in ["(", "[", "{", "assert f(", "contract a between b as c {", "for k in 1..2 {", "(\n", "{\n"] {
        let said = fail(&open.repeat(10_000));
        assert_eq!(said.lines().count(), 1, "{open}: {said}");
        assert!(said.starts_with("E0109"), "{said}");
    }
    let closed = format!("assert a = {}1{}\nunit x y", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(fail(&closed).lines().count(), 2);
}

#[test]
fn the_deepest_allowed_nesting_is_read() {
    assert_eq!(fail(&format!("assert a = {}1{}", "(".repeat(64), ")".repeat(64))), "");
    assert_eq!(fail(&format!("assert a = {}1{}", "f(-1 * ".repeat(64), ")".repeat(64))), "");
    let loops = "for k in 1..2 {".repeat(63);
    assert_eq!(fail(&format!("contract a between b as c {{ {loops} {} }}", "}".repeat(63))), "");
    assert!(fail(&format!("assert a = {}1{}", "(".repeat(65), ")".repeat(65))).starts_with("E0109"));
}

#[test]
fn many_errors_are_listed_to_a_limit() {
    let said = fail(&"x y\n".repeat(5_000));
    assert_eq!(said.lines().count(), 200);
}

fn words() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "contract",
        "c",
        "between",
        "as",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\n",
        "\n",
        ";",
        ",",
        ".",
        "..",
        "=",
        "+",
        "-",
        "*",
        "/",
        ">=",
        "@",
        "assumed",
        "and",
        "or",
        "latched",
        "since",
        "signed",
        "2027-01-01",
        "~2027-10",
        "2027-Q3",
        "5",
        "1.5bn",
        "GW",
        "USD/share",
        "shares",
        "of",
        "%",
        "warrant",
        "w",
        "over",
        "at",
        "tranche",
        "T{k}",
        "vests",
        "when",
        "for",
        "k",
        "in",
        "1..6",
        "\"t\"",
        "# c\n",
        "## d\n",
        "supply",
        "pays",
        "rest",
        "on",
        "order",
        "order a.b 1 GW",
        "realises",
        "f1",
        ":",
        "known",
        "book",
        "keep",
        "dr",
        "cr",
        "policy",
        "|",
        "cite",
        "scenario",
        "add",
        "path",
        "close(A.c)",
        "from",
        "flat",
        "linear",
        "to",
        "party",
        "class",
        "assert",
        "assume",
        "$",
        "\"",
        "1,000",
        "8/20/2027",
        "under",
        "by",
        "undisclosed",
        "attested",
        "x",
        "f(",
    ]);
    (prop::collection::vec((piece, prop::bool::weighted(0.8)), 0..60)).prop_map(|pieces| {
        pieces.into_iter().map(|(p, blank)| if blank { format!("{p} ") } else { p.to_owned() }).collect()
    })
}

/// Words without wrong letters, brackets closed.
fn clean() -> impl Strategy<Value = String> {
    let wrong = ["$", "\"", "1,000", "8/20/2027", "f(", "{", "}", "(", ")", "[", "]", "close(A.c)", "T{k}"];
    let piece = move || words().prop_map(move |text| wrong.iter().fold(text, |text, wrong| text.replace(wrong, " ")));
    piece().prop_recursive(3, 8, 3, move |inner| {
        let wrapped = prop::sample::select(vec![("{", "}"), ("(", ")"), ("[", "]"), (" {\n", "\n}"), ("f(", ")")]);
        (piece(), wrapped, prop::collection::vec(inner, 1..3), piece())
            .prop_map(|(before, (open, close), inner, after)| format!("{before}{open}{}{close}{after}", inner.concat()))
    })
}

/// Spans lie within the text; formatting is idempotent and changes neither the tree nor what is said.
fn same_after_format(text: &str) -> Result<(), TestCaseError> {
    let (file, diagnostics) = read(text);
    for diagnostic in &diagnostics {
        let span = diagnostic.primary.0;
        prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{diagnostic:?}");
    }
    let formatted = print::format(text);
    prop_assert_eq!(print::format(&formatted), formatted.clone());
    let (again, more) = read(&formatted);
    prop_assert_eq!(bare(&again), bare(&file), "{:?}", formatted);
    let messages = |list: &[Diagnostic]| list.iter().map(|d| (d.code, d.message.clone())).collect::<Vec<_>>();
    prop_assert_eq!(messages(&more), messages(&diagnostics), "{}", formatted);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        read(&text);
        let formatted = print::format(&text);
        prop_assert_eq!(print::format(&formatted), formatted);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = crate::syntax::text::normalise(&bytes) {
            read(&text);
        }
    }

    #[test]
    fn any_damage_is_survived(
        start in 0..DESIGN.len(), length in 0..200_usize, cut in 0..300_usize, to in 0..200_usize, piece in words()
    ) {
        let window: String = DESIGN.chars().skip(start).take(length).collect();
        let (head, tail) = (window.chars().take(to), window.chars().skip(to + cut % 20));
        same_after_format(&head.chain(piece.chars().take(cut / 10)).chain(tail).collect::<String>())?;
    }

    #[test]
    fn clean_texts_are_formatted(text in clean()) {
        same_after_format(&text)?;
        let formatted = print::format(&format!("\n\n   unit x\n{text}"));
        prop_assert!(fail(&text).contains("E010") || formatted.starts_with("unit x\n"), "{}", formatted);
    }

    #[test]
    fn any_words_are_survived(text in words()) {
        same_after_format(&text)?;
    }
}
