//! JSON Schemas of everything written, from the types that write it; `docs/schema` keeps them.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{explanation, problem, report};
use crate::time::{Date, Period};

/// How sure a figure is.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its names are read")]
pub(super) enum BasisWord {
    Actual,
    Forecast,
    Assumed,
}

/// Left for words, right for figures.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its names are read")]
pub(super) enum AlignWord {
    Left,
    Right,
}

/// How bad.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its names are read")]
pub(super) enum SeverityWord {
    Error,
    Warning,
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"})
    }
}

impl JsonSchema for Period {
    fn schema_name() -> Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let day = generator.subschema_for::<Date>();
        json_schema!({
            "type": "object",
            "description": "Both days included.",
            "properties": {"from": day, "to": day},
            "required": ["from", "to"],
        })
    }
}

/// Every schema, by the name of its file.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    vec![
        ("report", of::<report::Page<'_>>("A report: `report`, `run` and `journal` with `--json`")),
        ("facts", of::<report::Facts<'_>>("Facts: `facts --json`")),
        ("explanation", of::<explanation::Page<'_>>("An explanation: `explain --json`")),
        ("diagnostics", of::<problem::Page<'_>>("What is wrong with files: `check --json`")),
    ]
}

fn of<T: JsonSchema>(title: &str) -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    serde_json::to_string_pretty(&schema).unwrap() + "\n"
}
