//! Published test material, read where `PROFORMA_CONFORMANCE` says; nothing of it is in this repository.

use std::path::PathBuf;

use proforma::num::{Allocation, Number, allocate};
use proforma::time::Date;

/// The folder, or nothing outside CI.
fn material() -> Option<PathBuf> {
    let folder = std::env::var_os("PROFORMA_CONFORMANCE").map(PathBuf::from);
    let there = folder.filter(|f| f.is_dir());
    assert!(there.is_some() || std::env::var_os("CI").is_none(), "PROFORMA_CONFORMANCE names no folder");
    there
}

/// Months are added with the end of month clamped, days as they are; an allocation gives at each step what the
/// cumulative amount asks for.
#[test]
fn open_cap_format_sums_and_allocations() {
    let Some(folder) = material() else { return };
    let text = std::fs::read_to_string(folder.join("ocf/canonical/cases.json")).unwrap();
    let cases: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut seen = 0;
    for case in cases["add_period"].as_array().unwrap() {
        let start = Date::parse(case[0].as_str().unwrap()).unwrap();
        let count = case[1].as_i64().unwrap();
        let found = match case[2].as_str().unwrap() {
            "MONTHS" => start.plus_months(i32::try_from(count).unwrap()),
            "DAYS" => start.plus_days(count),
            "YEARS" => start.plus_years(i32::try_from(count).unwrap()),
            other => panic!("{other}"),
        };
        assert_eq!(found.to_string(), case[3].as_str().unwrap(), "{case}");
        seen += 1;
    }
    for case in cases["allocate"].as_array().unwrap() {
        let mode = Allocation::ALL.into_iter().find(|m| Some(m.ocf_name()) == case["mode"].as_str()).unwrap();
        let total = Number::from_int(case["total"].as_i64().unwrap());
        let parts = u32::try_from(case["cumulative"][1].as_u64().unwrap()).unwrap();
        let step = usize::try_from(case["cumulative"][0].as_u64().unwrap()).unwrap();
        let split = allocate(total, parts, mode, 0).unwrap();
        let so_far = split.iter().take(step).copied().try_fold(Number::ZERO, Number::plus).unwrap();
        let emitted = so_far.minus(Number::from_int(case["vested"].as_i64().unwrap())).unwrap();
        assert_eq!(emitted, Number::from_int(case["emit"].as_i64().unwrap()), "{case}");
        seen += 1;
    }
    assert!(seen >= 8, "{seen} cases");
}
