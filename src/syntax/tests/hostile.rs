//! No text makes the parser stop, panic or go deep.

use proptest::prelude::*;

use super::{bare, fail, read};
use crate::syntax::print;

#[test]
fn nested_brackets_give_one_diagnostic() {
    for open in ["(", "[", "{", "assert f(", "contract a between b as c {", "for k in 1..2 {"] {
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
    assert_eq!(said.lines().count(), 1_000);
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

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
    fn any_words_are_survived(text in words()) {
        let (file, diagnostics) = read(&text);
        for diagnostic in &diagnostics {
            let span = diagnostic.primary.0;
            prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{diagnostic:?}");
        }
        let formatted = print::format(&text);
        prop_assert_eq!(print::format(&formatted), formatted.clone());
        let (again, more) = read(&formatted);
        prop_assert_eq!(bare(&again), bare(&file), "{:?}", formatted);
        prop_assert_eq!(more.len(), diagnostics.len(), "{}", formatted);
    }
}
