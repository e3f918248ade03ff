use super::{expr, format};
use crate::base::SourceId;
use crate::syntax::ast::ItemKind;
use crate::syntax::lexer::lex;
use crate::syntax::parse;

const DESIGN: &str = include_str!("../tests/design.pf");

#[test]
fn blanks() {
    let pairs = [
        ("assume  x=5  USD/GW\t@a", "assume x = 5 USD/GW @ a\n"),
        ("assume x = 20 % + - 3*( a-b )/ c", "assume x = 20% + -3 * (a - b) / c\n"),
        ("assume x = max( a ,b ) [ T1 ]", "assume x = max(a, b)[T1]\n"),
        ("party A \"A\" {currency USD;book b { } }", "party A \"A\" { currency USD; book b {} }\n"),
        ("for k in 1 .. 6{tranche T{k} 5 shares{}}", "for k in 1..6 { tranche T{k} 5 shares {} }\n"),
        ("move a by  -91 days\nx - 5\nx -5\nby - 5", "move a by -91 days\nx - 5\nx -5\nby - 5\n"),
        ("2027-08-20 gw2 :deliver a . b 1 GW", "2027-08-20 gw2: deliver a.b 1 GW\n"),
        ("vests when (a)", "vests when (a)\n"),
        ("policy a=b|c", "policy a = b | c\n"),
        ("2027-01-01 .. 2027-02-01 1 . 5", "2027-01-01 .. 2027-02-01 1 . 5\n"),
        ("", ""),
        ("\n\n\n", ""),
    ];
    for (text, formatted) in pairs {
        assert_eq!(format(text), formatted);
        assert_eq!(format(formatted), formatted);
    }
}

#[test]
fn lines() {
    let text = "\n\ncontract c between A as s {# one\n\n\n\n      # two\nsupply s {\nprice a\n  + b # three\n}\n\n}   # four\n# five";
    let formatted = "contract c between A as s {  # one\n\n  # two\n  supply s {\n    price a\n      + b  # three\n  }\n\n}  # four\n# five\n";
    assert_eq!(format(text), formatted);
    assert_eq!(format(formatted), formatted);
    assert_eq!(format("assert f(\na,\n-b\n) = 1\nand g"), "assert f(\n  a,\n  -b\n) = 1\n  and g\n");
}

#[test]
fn wrong_letters_and_brackets_leave_the_text_alone() {
    for text in ["assert  a = $5", "assert  a = \"x", "assert  (a", "assert  a)", "assert  a =\t8/20/2027"] {
        assert_eq!(format(text), text);
    }
}

fn bare(text: &str) -> String {
    let (file, _) = parse(SourceId(0), text);
    let shown = format!("{file:?}");
    let strip = |piece: &str| piece.split_once('}').map_or(String::new(), |(_, after)| after.to_owned());
    shown.split("Span {").skip(1).map(strip).collect()
}

#[test]
fn the_whole_grammar_means_the_same() {
    let formatted = format(DESIGN);
    assert_ne!(formatted, DESIGN);
    assert_eq!(format(&formatted), formatted);
    assert_eq!(bare(&formatted), bare(DESIGN));
}

#[test]
fn a_comment_after_every_token_survives() {
    let mut text = String::new();
    let mut count = 0;
    for token in lex(SourceId(0), DESIGN).tokens {
        let written = &DESIGN[token.span.start as usize..token.span.end as usize];
        text.push_str(written);
        if !token.kind.is_trivia() {
            text.push_str(&format!(" # unique {count}.\n"));
            count += 1;
        }
    }
    assert!(count > 1_000);
    let formatted = format(&text);
    assert_ne!(formatted, text);
    for comment in 0..count {
        assert!(formatted.contains(&format!("# unique {comment}.\n")), "{comment}");
    }
    assert_eq!(format(&formatted), formatted);
}

#[test]
fn values_read_back() {
    let values = [
        "20bn USD/GW",
        "160m shares of AMD.common @ a \"p. \\\"2\\\"\" assumed b",
        "26_666_667 shares",
        "1.5 GW",
        "12_345.678 USD",
        "2027",
        "~2027-08",
        "average(close(AMD.common), 30 trading days) >= 600 USD/share latched since signed",
        "(a >= 1 or b vested) and on or after 2027-01-01 and at signing and attested x",
        "A.rev[c.p.T2] in 2027-Q3 under us_gaap = -5% * award(x.tranche).carrying / 4",
        "undisclosed USD/share",
        "x = \"a \\\\ text\" concurrent",
        "a >= 1 latched since 2026-01-01",
    ];
    for value in values {
        let (file, diagnostics) = parse(SourceId(0), &format!("assert {value}"));
        assert!(diagnostics.is_empty(), "{value}");
        let ItemKind::Assert(assert) = &file.items[0].kind else { panic!() };
        assert_eq!(expr(&assert.claim), value);
    }
}
