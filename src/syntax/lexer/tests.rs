use super::super::token::TokenKind;
use super::lex;
use crate::base::SourceId;

/// Tokens on one line, each as it was read.
fn give(text: &str) -> String {
    let lexed = lex(SourceId(0), text);
    assert!(lexed.flaws.is_empty(), "{text}: {:?}", lexed.flaws);
    show(text)
}

fn show(text: &str) -> String {
    let lexed = lex(SourceId(0), text);
    let one = |kind: &TokenKind, written: &str| match kind {
        TokenKind::Number(number) => number.to_string(),
        TokenKind::Date(date) => format!("d:{date}"),
        TokenKind::Month { last, approximate } => format!("{}:{last}", if *approximate { "~m" } else { "m" }),
        TokenKind::Period => format!("p:{written}"),
        TokenKind::Text(text) => format!("<{text}>"),
        TokenKind::Word => format!("w:{written}"),
        _ => written.to_owned(),
    };
    let under = |t: &super::Token| &text[t.span.start as usize..t.span.end as usize];
    lexed.tokens.iter().map(|t| one(&t.kind, under(t))).collect::<Vec<_>>().join(" ")
}

/// Code, underlined text, help and repaired text of the only flaw.
fn fail(text: &str) -> String {
    let lexed = lex(SourceId(0), text);
    assert_eq!(lexed.flaws.len(), 1, "{text}: {:?}", lexed.flaws);
    let flaw = &lexed.flaws[0];
    let span = flaw.primary.0;
    let mut mended = String::new();
    if let Some(fix) = flaw.fixes.first() {
        let (before, after) = (&text[..fix.span.start as usize], &text[fix.span.end as usize..]);
        mended = format!(" => {before}{}{after}", fix.text);
    }
    format!("{} [{}] {}{mended}", flaw.code, &text[span.start as usize..span.end as usize], flaw.help.join("; "))
}

#[test]
fn numbers() {
    assert_eq!(give("4 160_000_000 0.01 1.50"), "4 160000000 0.01 1.5");
    assert_eq!(give("20bn 1_630m 1.5k 2tn 0.0000001bn"), "20000000000 1630000000 1500 2000000000000 100");
    assert_eq!(give("20% 1..6 x.5"), "20 % 1 .. 6 w:x . 5");
    assert_eq!(give("1_000_000_000_000_000_000bn"), "1000000000000000000000000000");
}

#[test]
fn numbers_that_are_none() {
    assert_eq!(fail("1e400"), "E0104 [1e400] write the digits out, or use k, m, bn or tn; there are no exponents");
    assert_eq!(fail("5GW"), "E0104 [5GW] leave a blank between the number and `GW`");
    assert_eq!(fail("1.2.3"), "E0104 [1.2.3] a number has one `.`");
    assert_eq!(fail("1_ 2"), "E0104 [1_] `_` stands between digits");
    assert_eq!(fail("12345678901234567890tn"), "E0104 [12345678901234567890tn] a number has at most 28 digits");
    assert_eq!(fail(&"9".repeat(5_000)).get(..5), Some("E0104"));
}

#[test]
fn commas_in_numbers() {
    assert_eq!(fail("160,000,000 shares"), "E0105 [160,000,000] write `160_000_000` => 160_000_000 shares");
    assert_eq!(fail("1,630m"), "E0105 [1,630m] write `1_630m` => 1_630m");
    assert_eq!(show("160,000.5"), "160000.5");
    assert_eq!(give("T1, 200 1..6, 5 (1,2) 1,0000 1, 200"), "w:T1 , 200 1 .. 6 , 5 ( 1 , 2 ) 1 , 0 1 , 200");
}

#[test]
fn dates() {
    assert_eq!(give("2027-08-20 ~2027-08 2028-02"), "d:2027-08-20 ~m:2027-08-31 m:2028-02-29");
    assert_eq!(give("2027-Q3 2027-08-20..2027-09-30"), "p:2027-Q3 p:2027-08-20..2027-09-30");
    assert_eq!(give("2027 - 08"), "2027 - 8");
}

#[test]
fn dates_that_are_none() {
    assert_eq!(fail("2027-02-30"), "E0106 [2027-02-30] write an existing day as YYYY-MM-DD");
    assert_eq!(fail("2027-8-5 x"), "E0106 [2027-8-5] write `2027-08-05` => 2027-08-05 x");
    assert_eq!(fail("2027-13"), "E0106 [2027-13] months are `01` to `12`");
    assert_eq!(fail("2027-Q5"), "E0106 [2027-Q5] quarters are `Q1` to `Q4`");
    assert_eq!(
        fail("2027-09-30..2027-08-20"),
        "E0106 [2027-09-30..2027-08-20] two days as YYYY-MM-DD, the earlier first"
    );
    assert_eq!(fail("~2027-08-20"), "E0106 [~2027-08-20] `~` stands before a month: `~2027-08`");
    assert_eq!(fail("8/20/2027"), "E0107 [8/20/2027] write `2027-08-20` => 2027-08-20");
    assert_eq!(fail("20/8/2027"), "E0107 [20/8/2027] write `2027-08-20` => 2027-08-20");
    assert_eq!(fail("2027/08/20"), "E0107 [2027/08/20] write `2027-08-20` => 2027-08-20");
    assert_eq!(
        fail("8/7/2027"),
        "E0107 [8/7/2027] dates are YYYY-MM-DD: write `2027-08-07` or `2027-07-08`, whichever is meant"
    );
    assert_eq!(fail("13/13/2027"), "E0107 [13/13/2027] write YYYY-MM-DD");
}

#[test]
fn words_and_holes() {
    assert_eq!(give("a_1 T{k} T{k}_x{j} _"), "w:a_1 w:T{k} w:T{k}_x{j} w:_");
    assert_eq!(give("T {k} T{ k} T{1}"), "w:T { w:k } w:T { w:k } w:T { 1 }");
}

#[test]
fn texts() {
    assert_eq!(give(r#""a" "" "q\"q\\" "C:\dir" "é""#), r#"<a> <> <q"q\> <C:\dir> <é>"#);
    assert_eq!(fail("\"abc\nx"), "E0103 [\"abc] close it with `\"`");
    assert_eq!(fail("\"abc\\"), "E0103 [\"abc\\] close it with `\"`");
    assert_eq!(show("\"abc\nx"), "<abc> \n w:x");
}

#[test]
fn comments() {
    assert_eq!(give("# a\n## b\n### c"), "# a \n ## b \n ### c");
    let kinds: Vec<TokenKind> = lex(SourceId(0), "#\n##\n###").tokens.into_iter().map(|t| t.kind).collect();
    use TokenKind::{Comment, Doc, Newline};
    assert_eq!(kinds, [Comment, Newline, Doc, Newline, Comment]);
}

#[test]
fn strange_characters() {
    assert_eq!(fail("$5"), "E0102 [$] write `5 USD` => 5 USD");
    assert_eq!(fail("€1.5bn,"), "E0102 [€] write `1.5bn EUR` => 1.5bn EUR,");
    assert_eq!(fail("$ x"), "E0102 [$] write `USD` after the number");
    assert_eq!(fail("“"), "E0102 [“] put texts in straight double quotes");
    assert_eq!(fail("a ≥ b"), "E0102 [≥] write `>=`");
    assert_eq!(fail("!"), "E0102 [!] write `!=`, or `not`");
    assert_eq!(fail("日本語"), "E0102 [日本語] remove it or put it in quotes");
    assert_eq!(give("a>=b<=c!=d..e"), "w:a >= w:b <= w:c != w:d .. w:e");
}
