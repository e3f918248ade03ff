//! JSON, CSV and the page of errors.

use super::*;
use crate::base::{Code, Diagnostic, Diagnostics, Sources, Span};
use crate::engine::RefusalKind;
use crate::render::{csv, errors_doc, json};

fn fact(item: &str) -> [String; 9] {
    ["AMD", "OpenAI", "2027-Q3", "contra_revenue", item, "-1711.35", "USD", "definitive", "actual"].map(str::to_owned)
}

#[test]
fn facts_as_rows() {
    same(
        &csv::facts(&[fact("a.b"), fact("a, \"b\"")]),
        r#"
        entity,counterparty,period,measure,item,value,unit,binding,basis
        AMD,OpenAI,2027-Q3,contra_revenue,a.b,-1711.35,USD,definitive,actual
        AMD,OpenAI,2027-Q3,contra_revenue,"a, ""b""",-1711.35,USD,definitive,actual
    "#,
    );
    assert_eq!(csv::facts(&[]).lines().count(), 1);
    let read: serde_json::Value = serde_json::from_str(&json::facts(&[fact("a.b")])).unwrap();
    assert_eq!(read["facts"][0]["value"], "-1711.35");
    assert_eq!(read["version"], 1);
    // The fields are the columns of the table.
    let columns: Vec<String> = read["facts"][0].as_object().unwrap().keys().cloned().collect();
    let mut expected = crate::report::rows::COLUMNS.map(str::to_owned);
    expected.sort();
    assert_eq!(columns, expected);
}

#[test]
fn reports_keep_every_digit() {
    let text = json::report(&super::page::page());
    assert!(text.starts_with("{\n  \"version\": 1,\n  \"report\": \"revenue\",\n  \"header\": {"), "{text}");
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["header"]["period"]["from"], "2027-06-27");
    assert_eq!(read["header"]["excluded"][0]["contract"], "openai_nvda");
    assert_eq!(read["assumptions"][0]["value"], "15000000000");
    assert_eq!(read["assumptions"][0]["basis"], "assumed");
    let cell = &read["tables"][0]["rows"][3]["cells"][1];
    assert_eq!((&cell["cell"], &cell["value"], &cell["unit"]), (&"figure".into(), &"3000".into(), &"USD".into()));
    assert_eq!(read["checks"][1]["holds"], false);
    assert_eq!(read["checks"][2]["holds"], serde_json::Value::Null);
    assert_eq!(read["checks"][2]["left"]["missing"][0], "meta.m1.fair_value");
    assert_eq!(text, json::report(&super::page::page()));
    let rows = csv::report(&super::page::page());
    assert!(rows.starts_with("report,part,table,section,line,row,column,value,unit,basis,fact,missing\n"));
    assert!(rows.contains("revenue,table,,Revenue,2,At contract price,2027-Q3,9000,USD,actual,,\n"), "{rows}");
}

#[test]
fn explanations_have_places() {
    let (explained, sources) = super::derivations::explained();
    let read: serde_json::Value = serde_json::from_str(&json::explanation(&explained, &sources)).unwrap();
    assert_eq!(read["tree"]["place"], "rules/amd-openai.pf:3");
    assert_eq!(read["tree"]["parts"][0]["parts"][0]["parts"][1]["amount"]["value"], "2.15");
    assert_eq!(read["tree"]["cite"]["verified"], false);
    assert_eq!(read["sum"]["equal"], true);
}

#[test]
fn diagnostics_have_lines_and_characters() {
    let mut sources = Sources::default();
    let file = sources.add("x.pf", "é\néé 1,0\n");
    let mut list = Diagnostics::default();
    list.push(Diagnostic::new(Code::CommaInNumber, Span::new(file, 8, 11), "comma").fix(Span::new(file, 8, 11), "1_0"));
    let read: serde_json::Value = serde_json::from_str(&json::diagnostics(&sources, &list)).unwrap();
    let place = &read["diagnostics"][0]["place"];
    assert_eq!((&place["line"], &place["character"]), (&2.into(), &4.into()));
    assert_eq!(read["diagnostics"][0]["fixes"][0]["text"], "1_0");
}

#[test]
fn every_code_is_in_the_page() {
    let page = errors_doc::errors();
    for code in Code::ALL {
        assert_eq!(page.matches(&format!("\n| {} |", code.number())).count(), 1, "{code}");
    }
    for kind in RefusalKind::ALL {
        assert!(page.contains(&format!("\n| {} |", kind.code())));
    }
    assert!(page.contains("declare it with `policy NAME = A \\| B`"));
}
