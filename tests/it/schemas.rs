//! What is written for programs fits its schema, and says everything in full.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::common::{Repository, checked, files, root, with_run};
use proforma::render::{csv, json};
use proforma::report::{self, FactRow, Scope};
use proforma::time::Date;

fn schema(name: &str) -> Value {
    let path = root().join("docs/schema").join(format!("{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Why a value does not fit, with where; the part of JSON Schema that our schemas use, and nothing passes unread.
fn misfit(whole: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let keywords = match schema {
        Value::Bool(true) => return None,
        Value::Object(keywords) => keywords,
        _ => return Some(format!("{at}: no schema")),
    };
    let fits = |schema: &Value| misfit(whole, schema, value, at);
    let list = |of: &Value| of.as_array().unwrap().clone();
    for (keyword, wanted) in keywords {
        let wrong = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "minimum" | "maximum" | "format" | "pattern" => None,
            "$ref" => {
                let target = whole.pointer(wanted.as_str().unwrap().trim_start_matches('#')).expect("a target");
                fits(target)
            }
            "type" => {
                let types = wanted.as_array().cloned().unwrap_or_else(|| vec![wanted.clone()]);
                let is = |name: &str| match name {
                    "null" => value.is_null(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_u64() || value.is_i64(),
                    "string" => value.is_string(),
                    "array" => value.is_array(),
                    "object" => value.is_object(),
                    other => panic!("type {other}"),
                };
                let fits = types.iter().any(|name| is(name.as_str().unwrap()));
                (!fits).then(|| format!("{at}: {value} is not {wanted}"))
            }
            "const" => (value != wanted).then(|| format!("{at}: {value} is not {wanted}")),
            "enum" => (!list(wanted).contains(value)).then(|| format!("{at}: {value} is not in {wanted}")),
            "required" => list(wanted)
                .iter()
                .find(|name| value.get(name.as_str().unwrap()).is_none())
                .map(|name| format!("{at}: {name} is missing")),
            "properties" => wanted.as_object().unwrap().iter().find_map(|(name, of)| {
                let field = value.get(name)?;
                misfit(whole, of, field, &format!("{at}/{name}"))
            }),
            "items" => value
                .as_array()
                .into_iter()
                .flatten()
                .enumerate()
                .find_map(|(index, item)| misfit(whole, wanted, item, &format!("{at}/{index}"))),
            "allOf" => list(wanted).iter().find_map(fits),
            "anyOf" => {
                let wrong: Vec<String> = list(wanted).iter().filter_map(fits).collect();
                (wrong.len() == list(wanted).len()).then(|| wrong.join(" / "))
            }
            "oneOf" => {
                let wrong: Vec<String> = list(wanted).iter().filter_map(fits).collect();
                (wrong.len() + 1 != list(wanted).len()).then(|| format!("{at}: not one of: {}", wrong.join(" / ")))
            }
            other => panic!("the test does not know `{other}`"),
        };
        if wrong.is_some() {
            return wrong;
        }
    }
    if keywords.get("format").is_some_and(|f| f == "date") {
        let day = value.as_str().and_then(Date::parse);
        return day.is_none().then(|| format!("{at}: {value} is not a day"));
    }
    None
}

fn valid(schema: &Value, text: &str, what: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|e| panic!("{what}: {e}"));
    if let Some(wrong) = misfit(schema, schema, &value, "") {
        panic!("{what}: {wrong}");
    }
    value
}

/// The validator is no rubber stamp.
#[test]
fn a_wrong_page_does_not_fit() {
    let schema = schema("report");
    let checked = checked(&Repository, &["ledgers/examples/mockup.ledger"]);
    let good =
        with_run(&checked, &[], |replay| json::report(&report::build("warrants", replay, &Scope::default()).unwrap()));
    valid(&schema, &good, "warrants");
    let breaks: [fn(&mut Value); 5] = [
        |page| drop(page.as_object_mut().unwrap().remove("version")),
        |page| page["tables"][0]["columns"][0]["align"] = "middle".into(),
        |page| page["tables"][0]["rows"][0]["cells"][4]["value"] = 20.into(),
        |page| page["tables"][0]["rows"][0]["row"] = "triple".into(),
        |page| page["header"]["known_by"] = "2027-13-01".into(),
    ];
    for (number, breaks) in breaks.iter().enumerate() {
        let mut page: Value = serde_json::from_str(&good).unwrap();
        breaks(&mut page);
        assert!(misfit(&schema, &schema, &page, "").is_some(), "{number}");
    }
}

/// Every report of every ledger; columns are named apart, amounts are decimals, the same text twice.
#[test]
fn every_report_of_every_ledger_fits() {
    let (reports, facts) = (schema("report"), schema("facts"));
    let decimal = |text: &str| proforma::num::Number::parse(text).is_ok();
    for ledger in files("ledgers", "ledger") {
        let checked = checked(&Repository, &[&ledger]);
        with_run(&checked, &[], |replay| {
            for name in report::NAMES {
                let what = format!("{ledger}: {name}");
                let report = report::build(name, replay, &Scope::default()).unwrap_or_else(|e| panic!("{what}: {e}"));
                let text = json::report(&report);
                assert_eq!(text, json::report(&report), "{what}");
                let page = valid(&reports, &text, &what);
                for table in page["tables"].as_array().unwrap() {
                    let names: Vec<&str> =
                        table["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
                    let apart: BTreeSet<&&str> = names.iter().collect();
                    assert_eq!(apart.len(), names.len(), "{what}: {names:?}");
                    for name in names {
                        let plain = !name.is_empty() && !name.contains('\n') && !name.contains("- ");
                        assert!(plain && !name.ends_with(" m") && !name.contains("thousand"), "{what}: {name}");
                    }
                }
                let rows = csv::report(&report);
                let mut read = ::csv::Reader::from_reader(rows.as_bytes());
                let mut places = BTreeSet::new();
                for row in read.records() {
                    let row = row.unwrap();
                    let place: Vec<&str> = row.iter().take(7).collect();
                    assert!(places.insert(place.join("\u{1f}")), "{what}: {place:?} twice");
                    if !row[8].is_empty() && !row[7].is_empty() {
                        assert!(decimal(&row[7]), "{what}: {row:?}");
                    }
                }
            }
            let rows: Vec<_> = report::facts(replay, &Scope::default()).iter().map(FactRow::cells).collect();
            valid(&facts, &json::facts(&rows), &ledger);
        });
    }
}

#[test]
fn explanations_and_diagnostics_fit() {
    let (explanations, diagnostics) = (schema("explanation"), schema("diagnostics"));
    let checked = checked(&Repository, &["ledgers/examples/mockup.ledger"]);
    with_run(&checked, &[], |replay| {
        for name in [
            "AMD.contra_revenue in 2027-Q3",
            "AMD.net_revenue[amd_openai.instinct] in 2027",
            "AMD.unvested[amd_openai.penny.T3] on 2027-09-25",
            "AMD.shares_fully_diluted on 2027-09-25",
            "AMD.ownership_fully_diluted[OpenAI] on 2027-09-25",
            "AMD.eps_shares_diluted in 2027-Q3",
            "AMD.contra_revenue[amd_meta.penny.M1] in 2027-Q3",
        ] {
            let asked = proforma::check::fact_name(name).unwrap();
            let told = proforma::explain::explain(replay, &asked).unwrap_or_else(|e| panic!("{name}: {e}"));
            valid(&explanations, &json::explanation(&told, &checked.sources), name);
        }
    });
    let mut told = 0;
    for file in files("tests/errors", "pf") {
        if Path::new(&file).parent().is_some_and(|folder| folder.ends_with("check") || folder.ends_with("syntax")) {
            let checked = proforma::check::check(&Repository, std::slice::from_ref(&file));
            told += checked.diagnostics.iter().count();
            valid(&diagnostics, &json::diagnostics(&checked.sources, &checked.diagnostics), &file);
        }
    }
    assert!(told > 50, "{told}");
}
