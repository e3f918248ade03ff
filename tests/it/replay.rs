//! `proforma replay`: a run a day at a time, forwards and backwards.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::cli::{err, out, proforma, project};

/// What is printed when stdin says this, a wish a line.
fn stepped(folder: &std::path::Path, wishes: &str) -> (Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_proforma"))
        .args(["replay", "rules/a.pf", "--step", "--entity", "S", "--width", "120"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(wishes.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code(), out(&output) + &err(&output))
}

/// 1 GW at 2m in each of two quarters: revenue, a credit, goes to 2m and from 2m to 4m. A delivery of 9 GW of the 3 that are
/// sold is refused.
#[test]
fn days_go_forwards_and_backwards_with_what_moved() {
    let ledger = "2026-02-02 deliver c.goods 1 GW\n2026-05-04 deliver c.goods 1 GW\n2026-05-05 deliver c.goods 9 GW\n";
    let folder = project("replay", ledger);
    let all = out(&proforma(&folder, &["replay", "rules/a.pf", "--entity", "S", "-O", "csv"]));
    // Before, change and after of an account on a day.
    let of = |day: &str, account: &str| -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(all.as_bytes());
        let records: Vec<Vec<String>> =
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        let on = |record: &&Vec<String>| record.get(2).is_some_and(|title| title.starts_with(&format!("{day}, ")));
        let here: Vec<&Vec<String>> = records.iter().filter(on).collect();
        let row = here.iter().find(|record| record.get(7).is_some_and(|cell| cell == account)).unwrap();
        let figures = here.iter().filter(|record| record.get(4) == row.get(4));
        let figures =
            figures.filter(|record| record.get(6).is_some_and(|c| ["Before", "Change", "After"].contains(&c.as_str())));
        figures.map(|record| record.get(7).unwrap().clone()).collect()
    };
    assert_eq!(of("2026-02-02", "revenue"), ["0", "-2000000", "-2000000"]);
    assert_eq!(of("2026-05-04", "revenue"), ["-2000000", "-2000000", "-4000000"]);
    assert!(all.contains("refused: "), "{all}");
    let (code, text) = stepped(&folder, "n\nn\np\n2026-05-05\nG\ng\nx\nq\n");
    assert_eq!(code, Some(0), "{text}");
    let places: Vec<&str> = text.lines().filter(|line| line.starts_with('[')).collect();
    let days: usize = places.first().unwrap().rsplit(' ').next().unwrap().trim_end_matches(']').parse().unwrap();
    // First, second, third; back to the second, by its day to the last, which it stays, to the first.
    let wanted = [1, 2, 3, 2, days, 1].map(|at| format!("[{at} of {days}]"));
    assert_eq!(places, wanted.iter().map(String::as_str).collect::<Vec<_>>(), "{text}");
    assert!(text.contains("this is the last day") && text.contains("`x` asks for nothing"), "{text}");
    // Without a terminal the view is the print of all days; the end of input is an end.
    let view = proforma(&folder, &["replay", "rules/a.pf", "--view", "-O", "csv", "--entity", "S"]);
    assert_eq!(out(&view), all);
    assert_eq!(stepped(&folder, "").0, Some(0));
}
