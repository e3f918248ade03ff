//! Parties that open from the journals of other programs.

use std::collections::BTreeMap;

use proforma::check;
use proforma::terms::Fact;

use crate::common::{Memory, checked, fact, number, with_run};

const PARTY: &str = "party Maker \"Maker, Inc.\" { currency USD; fiscal year ends 31 December; \
    class common par 0.001 USD/share, calendar nyse; book own }\n\
    book own \"Cash\" { account cash asset; account opening_equity equity\n\
    on open o as party { dr cash o.cash; cr opening_equity rest } cite \"own rule\" }\n";

fn files(main: &str, journals: &[(&str, &str)]) -> Memory {
    let all = journals.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Memory(all.chain([("main.pf".to_owned(), format!("{PARTY}{main}"))]).collect::<BTreeMap<_, _>>())
}

fn codes(disk: &Memory) -> Vec<String> {
    let checked = check::check(disk, &["main.pf".to_owned()]);
    checked.diagnostics.iter().map(|d| format!("{} {}", d.code, checked.sources.place(d.primary.0))).collect()
}

/// The journal of the language reference. By hand, up to 2 March 2026: 2,500,000 paid in, 40,000 rent out, the invoice
/// not yet paid: 2,460,000 in two accounts; 200m shares.
#[test]
fn a_party_opens_with_the_balances_of_a_journal() {
    for (journal, units) in [("maker.beancount", ["USD", "MAKER.COMMON"]), ("maker.journal", ["$", "Maker"])] {
        let main = format!(
            "use \"ledgers/examples/{journal}\" for Maker on 2026-03-02 {{\n\
             cash from \"Assets:Bank:*\" in \"{0}\"\nMaker.common from -\"Equity:Issued\" in \"{1}\"\n\
             close(Maker.common) from prices of \"{1}\" in \"{0}\"\nnothing from \"Equity:Holders\", \"Income:*\"\n\
             nothing from \"Equity:Capital\", \"Expenses:*\", \"Assets:Receivable\"\n}}\n",
            units[0], units[1]
        );
        let checked = checked(&files(&main, &[]), &["main.pf"]);
        assert!(checked.diagnostics.is_empty(), "{journal}");
        assert_eq!(checked.terms.lines.len(), 2);
        let shown: Vec<_> = checked.terms.prices.iter().flat_map(|p| &p.points).collect();
        assert_eq!(shown.len(), 1, "{journal}");
        assert_eq!((shown[0].0.to_string(), shown[0].1), ("2026-02-27".to_owned(), number("24.10")));
        assert!(
            checked.notes[0].contains("4 transactions up to 2026-03-02 read, 1 later ones not"),
            "{:?}",
            checked.notes
        );
        with_run(&checked, &[], |replay| {
            assert_eq!(fact(replay, "Maker.cash in 2026"), Some(number("2460000")));
            assert_eq!(fact(replay, "Maker.shares_outstanding[Maker.common] in 2026"), Some(number("200000000")));
            let name = check::fact_name("Maker.shares_outstanding[Maker.common] in 2026").unwrap();
            let told = proforma::explain::explain(replay, &name).unwrap();
            let text =
                proforma::render::derivation::explanation(&told, &checked.sources, &proforma::render::Style::default());
            assert!(text.contains(&format!("{journal} \"Equity:Issued -200000000")), "{text}");
            assert!(text.contains(&format!("ledgers/examples/{journal}:")), "{text}");
        });
    }
}

#[test]
fn what_is_opened_twice_is_said() {
    let text =
        "2026-01-01 open Assets:A\n2026-01-01 open Equity:O\n2026-01-02 * \"x\"\n  Assets:A  5 USD\n  Equity:O\n";
    let main = "use \"a.beancount\" for Maker on 2026-01-02 { cash from \"Assets:A\"; nothing from \"Equity:O\" }\n\
                2026-01-02 open Maker { cash 7 USD }\n";
    assert_eq!(codes(&files(main, &[("a.beancount", text)])), ["E0210 main.pf:4"]);
}

/// An overdraft is cash below zero; shares below zero are not.
#[test]
fn signs_are_as_they_stand() {
    let text = "2026-01-02 x\n    Assets:A  -5 USD\n    Own  -3 Maker.common\n    Own:Other  5 USD\n    Free  3 Maker.common\n";
    let main = "use \"a.journal\" for Maker on 2026-01-02 { cash from \"Assets:A\"; common from \"Own\"; nothing from \"Free\", \"Own:*\" }\n";
    assert_eq!(
        codes(&files(main, &[("a.journal", &text.replace("Maker.common", "\"Maker.common\""))])),
        ["E0410 main.pf:4"]
    );
    let main = main.replace("from \"Own\"", "from -\"Own\"");
    let disk = files(&main, &[("a.journal", &text.replace("Maker.common", "\"Maker.common\""))]);
    let checked = checked(&disk, &["main.pf"]);
    assert!(checked.diagnostics.is_empty());
    let opened = checked.terms.lines.iter().filter(|line| matches!(line.fact, Some(Fact::Open { .. }))).count();
    assert_eq!(opened, 2);
    with_run(&checked, &[], |replay| assert_eq!(fact(replay, "Maker.cash in 2026"), Some(number("-5"))));
}

/// Included files are found beside the file that includes them; circles and gaps are said where they are.
#[test]
fn journals_include_others() {
    let main =
        "use \"books/a.journal\" for Maker on 2026-12-31 { cash from \"Assets:*\"; nothing from \"Equity:*\" }\n";
    let a = "include more/b.journal\n2026-01-02 x\n    Assets:A  5 USD\n    Equity:O\n";
    let b = "2026-02-02 y\n    Assets:B  6 USD\n    Equity:O\n";
    let disk = files(main, &[("books/a.journal", a), ("books/more/b.journal", b)]);
    let found = checked(&disk, &["main.pf"]);
    with_run(&found, &[], |replay| assert_eq!(fact(replay, "Maker.cash in 2026"), Some(number("11"))));
    assert!(found.files.contains(&"books/more/b.journal".to_owned()));
    let circle = files(main, &[("books/a.journal", a), ("books/more/b.journal", "include ../a.journal\n")]);
    assert_eq!(codes(&circle), ["E0202 books/more/b.journal:1"]);
    let gap = files(main, &[("books/a.journal", a)]);
    assert_eq!(codes(&gap), ["E0201 books/a.journal:1"]);
}

/// A journal that is no journal ends in diagnostics, whatever its bytes.
#[test]
fn hostile_journals() {
    for text in [
        "\u{0}",
        "2026-01-01",
        "2026-01-01 *",
        "  x",
        "{",
        "P",
        "2026-01-01 open",
        "a\tb",
        "é",
        "2026-01-01 x\n  é  1 é\n",
        "2026-01-01 x\n    A  99999999999999999999999999999 USD\n    B\n",
        "2026-01-01 * \"",
        "include",
        "include \"\"",
        "2026-01-01 x\n A  1 USD {\n",
        "2026-01-01 x\n A  1 USD @\n",
        "2026-01-01 x\n A  1 USD =\n",
        "2026-01-01 x\n (A  1 USD\n",
        "comment\n",
        "alias\n",
        "apply\n",
        "end\n",
        "Y\n",
        "D\n",
        "commodity\n",
        "account\n",
        "2026-01-01 x\n A  \"\" 5\n",
        "2026-01-01 pad Assets:A Assets:A\n",
        "2026-01-01 balance Assets:A 1 USD\n",
        "2026-01-01 price X 1 Y\n",
        "2026-01-01 x\n A  0.0000000000000000000000000001 USD @ 0.0000000000000000000000000001 USD\n B\n",
        "2026-01-01 x\n A  9999999999999999999999999999 X @ 9999999999999999999999999999 USD\n B\n",
    ] {
        for ending in ["beancount", "journal", "dat"] {
            let main = format!("use \"a.{ending}\" for Maker on 2026-12-31 {{ cash from \"*\" }}\n");
            let disk = files(&main, &[(&format!("a.{ending}"), text)]);
            assert!(!codes(&disk).is_empty(), "{ending}: {text:?}");
        }
    }
}
