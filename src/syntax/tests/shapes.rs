use super::super::ast::{ContractClauseKind, ItemKind, Support, Verb};
use super::{give, item};
use crate::syntax::print;

#[test]
fn every_form_is_read() {
    let file = give(include_str!("design.pf"));
    assert_eq!(file.items.len(), 44);
    assert_eq!(file.items[5].doc.len(), 2);
}

fn sources(support: &Support) -> String {
    let cited = support.citations.iter().map(|c| match &c.place {
        Some(place) => format!("@{} {:?}", c.source.text, place.text),
        None => format!("@{}", c.source.text),
    });
    cited.chain(support.assumed.iter().map(|a| format!("?{}", a.text))).collect::<Vec<_>>().join(" ")
}

#[test]
fn support_at_the_end_is_that_of_the_clause() {
    let ItemKind::Assume(assume) = item("assume p = 5 USD @ a + 6 USD @ b \"p. 2\" assumed c") else { panic!() };
    assert_eq!(print::expr(&assume.value.unwrap()), "5 USD @ a + 6 USD");
    assert_eq!(sources(&assume.support), "@b \"p. 2\" ?c");
    let ItemKind::Assume(assume) = item("assume p = 5 USD \"why\" @ a") else { panic!() };
    assert_eq!((&*assume.why.unwrap().text, sources(&assume.support).as_str()), ("why", "@a"));
    let ItemKind::Assume(assume) = item("assume p = \"text\"") else { panic!() };
    assert!(assume.value.is_some() && assume.why.is_none());
    let ItemKind::Assert(assert) = item("assert p = 5 USD @ a") else { panic!() };
    assert_eq!(print::expr(&assert.claim), "p = 5 USD @ a");
}

#[test]
fn what_names_in_a_warrant_rest_on_is_that_of_the_clause() {
    let text = "contract c between A as x {
  warrant w over 1 shares of A.c @ a at 1 USD/share @ b, issuer A @ c, holder B assumed d { expires never } @ e
}";
    let ItemKind::Contract(contract) = item(text) else { panic!() };
    let clause = &contract.clauses[0];
    let ContractClauseKind::Warrant(warrant) = &clause.kind else { panic!() };
    assert_eq!(print::expr(&warrant.size), "1 shares of A.c @ a");
    assert_eq!(print::expr(&warrant.strike), "1 USD/share @ b");
    assert_eq!(sources(&clause.support), "@c @e ?d");
    let span = clause.span;
    assert!(text[span.start as usize..span.end as usize].ends_with("@ e"));
}

#[test]
fn ledger_suffixes_come_in_any_order() {
    let forms = [
        "2027-08-20 known 2027-08-23 actual gw2: deliver a.b 0.45 GW realises f7 corrects f6 @ s \"p\" assumed x \"note\"",
        "2027-08-20 actual known 2027-08-23 gw2: deliver a.b 0.45 GW \"note\" assumed x @ s \"p\" corrects f6 realises f7",
    ];
    for form in forms {
        let ItemKind::Line(line) = item(form) else { panic!() };
        assert!(matches!(&line.verb, Some(Verb::Deliver(act)) if print::expr(&act.quantity) == "0.45 GW"));
        assert_eq!(line.known.map(|d| d.date.to_string()).as_deref(), Some("2027-08-23"));
        assert_eq!(line.id.map(|id| id.text.to_string()).as_deref(), Some("gw2"));
        assert_eq!(line.realises.map(|(id, part)| (id.text.to_string(), part)), Some(("f7".to_owned(), false)));
        assert_eq!(line.corrects.map(|id| id.text.to_string()).as_deref(), Some("f6"));
        assert_eq!(line.note.map(|note| note.text.to_string()).as_deref(), Some("note"));
        assert_eq!(sources(&line.support), "@s \"p\" ?x");
    }
}

#[test]
fn flat_paths_have_one_price() {
    let ItemKind::PricePath(path) = item("path close(A.c) from 2027-01-01 flat 400 USD/share to 2027-12-31") else {
        panic!()
    };
    assert_eq!(path.start.as_ref().map(print::expr).as_deref(), Some("400 USD/share"));
    assert_eq!(path.to.iter().map(|(p, _)| print::expr(p)).collect::<Vec<_>>(), ["400 USD/share"]);
}

#[test]
fn any_word_is_a_name() {
    give("assume when = 5 USD\nassume assumed = 1 USD assumed assumed\nassert source = signed and warrant >= rest");
    give("contract contract between party as signed, source as as { supply supply { price price } }");
}
