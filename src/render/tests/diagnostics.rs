use super::*;
use crate::base::{Code, Diagnostic, Diagnostics, Sources, Span};
use crate::render::diagnostic::{diagnostics, summary};

fn list(all: impl IntoIterator<Item = Diagnostic>) -> Diagnostics {
    let mut list = Diagnostics::default();
    list.extend(all);
    list
}

#[test]
fn as_rustc_does() {
    let mut sources = Sources::default();
    let text = "# first\nparty AMD { currency USD }\nassume price = 160,000 USD\nparty AMD { currency EUR }\n";
    let file = sources.add("rules/x.pf", text);
    let at = |word: &str, from: usize| {
        let start = u32::try_from(text[from..].find(word).unwrap() + from).unwrap();
        Span::new(file, start, start + u32::try_from(word.len()).unwrap())
    };
    let comma = Diagnostic::new(Code::CommaInNumber, at("160,000", 0), "a comma in `160,000`")
        .label("digits are grouped with `_`")
        .help("write `160_000`")
        .fix(at("160,000", 0), "160_000");
    let twice = Diagnostic::new(Code::DeclaredTwice, at("AMD", 60), "`AMD` is declared twice")
        .label("again here")
        .also(at("AMD", 0), "first here")
        .help("rename or remove one of them");
    let band = Diagnostic::new(Code::AskBand, at("USD", 40), "no band");
    same(
        &diagnostics(&sources, &list([comma, twice, band]), false),
        "
        error[E0105]: a comma in `160,000`
         --> rules/x.pf:3:16
          |
        3 | assume price = 160,000 USD
          |                ^^^^^^^ digits are grouped with `_`
          |
        help: write `160_000`
          |
        3 - assume price = 160,000 USD
        3 + assume price = 160_000 USD
          |

        error[E0205]: `AMD` is declared twice
         --> rules/x.pf:4:7
          |
        2 | party AMD { currency USD }
          |       --- first here
        3 | assume price = 160,000 USD
        4 | party AMD { currency EUR }
          |       ^^^ again here
          |
          = help: rename or remove one of them

        warning[W0311]: no band
         --> rules/x.pf:3:24
          |
        3 | assume price = 160,000 USD
          |                        ^^^

        2 errors, 1 warning
    ",
    );
}

#[test]
fn two_files_and_none() {
    let mut sources = Sources::default();
    let (a, b) = (sources.add("a.pf", "one\ntwo\n"), sources.add("b.pf", "three\n"));
    let twice =
        Diagnostic::new(Code::DeclaredTwice, Span::new(b, 0, 5), "twice").also(Span::new(a, 4, 7), "first here");
    let drawn = diagnostics(&sources, &list([twice]), false);
    assert!(drawn.contains("--> b.pf:1:1") && drawn.contains("::: a.pf:2:1"), "{drawn}");
    let nowhere = Diagnostic::new(Code::FileNotFound, Span::new(crate::base::SourceId(9), 3, 4), "no file");
    assert_eq!(
        diagnostics(&sources, &list([nowhere]), false),
        "error[E0201]: no file\n\n1 error\n\n".trim_end().to_owned() + "\n"
    );
    assert_eq!(diagnostics(&sources, &Diagnostics::default(), true), "");
    assert_eq!(summary(&Diagnostics::default()), "");
}

#[test]
fn no_span_whatever_makes_it_panic() {
    let texts = ["", "\n", "a", "a\n", "é—\n\n—é", "\t{\u{1b}\u{200f}\n", "x\n\ny\n", "𝒳\n"];
    for text in texts {
        let mut sources = Sources::default();
        let file = sources.add("t.pf", text);
        let end = u32::try_from(text.len()).unwrap() + 2;
        let spans = (0..=end).flat_map(|s| (0..=end).map(move |e| (s, e))).chain([(u32::MAX, 0), (0, u32::MAX)]);
        for (start, stop) in spans {
            let span = Span::new(file, start, stop);
            for other in [Span::new(file, 0, end), Span::new(file, stop, start), Span::new(file, end, u32::MAX)] {
                let diagnostic =
                    Diagnostic::new(Code::BadNumber, span, "m").label("l").also(other, "o").help("h\u{1b}");
                let fixed = diagnostic.clone().fix(span, "new\ntext").fix(other, "").fix(span, "");
                for color in [true, false] {
                    let drawn = diagnostics(&sources, &list([diagnostic.clone(), fixed.clone()]), color);
                    assert!(drawn.contains("E0104") && drawn.ends_with("2 errors\n"));
                }
            }
        }
    }
}

#[test]
fn long_lines_and_far_places() {
    let mut sources = Sources::default();
    let text = format!("{}é{}\n{}end", "a".repeat(5000), "—".repeat(5000), "line\n".repeat(20_000));
    let file = sources.add("long.pf", text.as_str());
    let length = u32::try_from(text.len()).unwrap();
    for start in [0, 4999, 5001, 9000, length - 3] {
        let diagnostic = Diagnostic::new(Code::BadNumber, Span::new(file, start, start + 3), "m")
            .also(Span::new(file, length, length), "end");
        let drawn = diagnostics(&sources, &list([diagnostic]), false);
        // Lines with one place are cut around it; a line number of the far place is right.
        assert!(drawn.lines().count() < 20 && drawn.contains("20002 | end"), "{drawn}");
    }
}
