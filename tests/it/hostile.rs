//! No input makes the program panic, hang or leave something out in silence.
//!
//! `PROFORMA_HOSTILE=N` runs N times as many generated cases.
#![expect(clippy::indexing_slicing, clippy::print_stdout, reason = "tests stop at once, and tell their counts")]

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;

use proforma::check::{Checked, Files};
use proforma::syntax;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::common::{Repository, files};
use crate::probe::ends::{calm, is_date, pieces, thrown};
use crate::probe::files::Bytes;
use crate::probe::runs::{Depth, Seen, everything};
use crate::probe::texts;
use crate::twin::dice::Dice;

/// Longer than this is a hang. Cases take a second at most; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much is asked of each case.
const DEPTH: Depth = Depth { scenarios: 3, explained: 5, parties: 2, turn: None };

/// Checks and, if nothing is wrong, runs everything there is; in a thread of its own, with little stack.
fn survive(files: &Bytes, root: &str) -> Result<Seen, String> {
    let (send, receive) = mpsc::channel();
    let (files, root) = (files.clone(), root.to_owned());
    let work = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        let seen = everything(&files, &root, DEPTH);
        let _ = send.send(());
        seen
    });
    let work = work.expect("a thread");
    match receive.recv_timeout(PATIENCE) {
        Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => {
            work.join().map_err(|panic| format!("panic: {:?}", panic.downcast_ref::<String>()))
        }
        Err(mpsc::RecvTimeoutError::Timeout) => Err("it hangs".to_owned()),
    }
}

fn text(text: &str) -> Seen {
    survive(&Bytes::new(&[("case.pf", text)]), "case.pf").unwrap_or_else(|why| panic!("{why}: {}", brief(text)))
}

fn brief(text: &str) -> String {
    if text.len() < 4_000 { text.to_owned() } else { text.chars().take(1_000).collect() }
}

/// Checks that a text gives exactly these codes of errors.
fn errors(source: &str, codes: &[&str]) -> Seen {
    let seen = text(source);
    assert_eq!(seen.errors, codes, "{}\n{}", brief(source), brief(&seen.drawn));
    seen
}

pub fn scale() -> u32 {
    std::env::var("PROFORMA_HOSTILE").ok().and_then(|n| n.parse().ok()).unwrap_or(1)
}

/// Runs generated cases: always the same ones, unless more are asked for.
fn generated<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config =
        Config { cases: cases * scale(), failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = match scale() {
        1 => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
        _ => TestRunner::new(config),
    };
    runner.run(strategy, test).unwrap();
}

fn must_survive(files: &Bytes, root: &str) -> Result<Seen, TestCaseError> {
    survive(files, root).map_err(TestCaseError::fail)
}

// ── Any bytes ──

#[test]
fn random_bytes() {
    generated(64, &prop::collection::vec(any::<u8>(), 0..400), |bytes| {
        must_survive(&Bytes(BTreeMap::from([("case.pf".to_owned(), bytes)])), "case.pf")?;
        Ok(())
    });
}

#[test]
fn random_characters() {
    generated(64, &"\\PC{0,300}", |text| {
        texts::formats(&text);
        must_survive(&Bytes::new(&[("case.pf", &text)]), "case.pf")?;
        Ok(())
    });
}

const WORDS: &str = "use source unit calendar party assume assert contract book scenario prices path supply counter \
warrant commitment variable signed standing supersedes for in over at issuer holder granted expires never exercise cash or net \
adjusts no adjustment splits tranche tranches shares of vests when on after signing exercisable fair value earned by \
latched concurrent since until and attested vested exercised definitive firm option letter intent announced undisclosed \
price pays rest days before order delivery acceptance invoice payment control passes sum anyone between as seller buyer \
currency fiscal year ends last Saturday December nearest end January class par authorised calendar nyse like closed \
known actual forecast assumed open issue deliver accept pay attest judge probable split supersede terminate close \
realises corrects withdraws part move set scale drop add flat linear to from base under within policy account asset \
liability equity income expense memo judgement dr cr keep against cite read rest min max close average trading \
AMD OpenAI amd_openai instinct penny T1 delivered k each total cumulative front USD GW % USD/GW USD/share AMD.common \
amd_openai.instinct amd_openai.penny.T1 2025-10-05 2027-02-30 0001-01-01 9999-12-31 ~2027-08 2027-Q3 2027 8/20/2027 0 1 \
0.01 1.5bn 160_000_000 160,000,000 1e400 99999999999999999999999999999 1..3 1..9999999999 { } ( ) [ ] , ; : . .. = + - * \
/ >= > <= < != @ # ## \" \"text\" | ~ ! $";

#[test]
fn token_soup() {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let word = prop_oneof![8 => prop::sample::select(words), 1 => Just("\n"), 1 => Just("\n\n")];
    generated(200, &prop::collection::vec(word, 0..80), |soup| {
        let text = soup.join(" ");
        texts::formats(&text);
        must_survive(&Bytes::new(&[("case.pf", &text)]), "case.pf")?;
        Ok(())
    });
}

/// Several files in one text, as the fuzz target `check` has them: the first is the root.
#[test]
fn several_files_in_one_text() {
    let text = b"#file a/a.pf\nuse \"../b.pf\"\nassume n = 2 rack\nassert n = 3 rack\n#file b.pf\nunit rack\n";
    let (files, root) = Bytes::split(text);
    assert_eq!((root.as_str(), files.0.len()), ("a/a.pf", 2));
    let seen = survive(&files, &root).unwrap();
    assert_eq!((seen.errors.len(), seen.runs, seen.claims), (0, 1, 1), "{}", seen.drawn);
    assert_eq!(survive(&Bytes::split(&text[13..]).0, "rules/deals/case.pf").unwrap().errors, ["E0201"]);
}

// ── Spoilt files of the repository ──

const ODD: &[&str] = &[
    "0",
    "-1",
    "1",
    "0.000000000000000000000000001",
    "9999999999999999999999999999",
    "9_999_999_999_999_999bn",
    "1e400",
    "0001-01-01",
    "9999-12-31",
    "2027-02-30",
    "~2027-08",
    "undisclosed",
    "{",
    "}",
    "(",
    ")",
    "\"",
    ";",
    "\n",
    "\r\n",
    "\0",
    "base",
    "AMD",
    "T1",
    "k",
    "999999999",
    "100%",
    "0%",
    "2025-10-05",
    "2026-12-11",
    "USD",
    "shares",
    "GW",
    "forecast",
];

#[derive(Clone, Debug)]
enum Change {
    Delete,
    Twice,
    Swap,
    Odd(usize),
    Copy(prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Delete),
        Just(Change::Twice),
        Just(Change::Swap),
        (0..ODD.len()).prop_map(Change::Odd),
        any::<prop::sample::Index>().prop_map(Change::Copy),
    ]
}

fn apply(list: &mut Vec<String>, change: &Change, at: prop::sample::Index) {
    if list.is_empty() {
        return;
    }
    let at = at.index(list.len());
    match change {
        Change::Delete => {
            list.remove(at);
        }
        Change::Twice => list.insert(at, list[at].clone()),
        Change::Swap => {
            let other = (at + 1) % list.len();
            list.swap(at, other);
        }
        Change::Odd(odd) => list[at] = ODD[*odd].to_owned(),
        Change::Copy(from) => list[at] = list[from.index(list.len())].clone(),
    }
}

fn spoilt(text: &str, lines: bool, changes: &[(Change, prop::sample::Index)]) -> String {
    let mut list = if lines { text.split_inclusive('\n').map(str::to_owned).collect() } else { pieces(text) };
    changes.iter().for_each(|(change, at)| apply(&mut list, change, *at));
    list.concat()
}

#[test]
fn spoilt_rules_and_ledgers() {
    let mut names = files("rules", "pf");
    names.extend(files("ledgers", "ledger"));
    names.extend(files("tests", "test"));
    let case = (
        prop::sample::select(names),
        any::<bool>(),
        prop::collection::vec((change(), any::<prop::sample::Index>()), 1..4),
    );
    let (mut clean, mut faults) = (0, 0);
    let counts = std::cell::RefCell::new((&mut clean, &mut faults));
    generated(32, &case, |(name, lines, changes)| {
        let text = String::from_utf8(Repository.read(&name).unwrap()).unwrap();
        let text = spoilt(&text, lines, &changes);
        texts::formats(&syntax::text::normalise(text.as_bytes()).unwrap());
        let seen = must_survive(&Bytes::new(&[(&name, &text)]), &name)?;
        let mut counts = counts.borrow_mut();
        *counts.0 += usize::from(seen.errors.is_empty());
        *counts.1 += seen.faults.len();
        Ok(())
    });
    println!("{clean} of {} cases ran, with {faults} faults", 32 * scale());
}

/// Lines without an end: a ledger that was cut off anywhere.
#[test]
fn truncated_ledgers() {
    let text = String::from_utf8(Repository.read("ledgers/examples/mockup.ledger").unwrap()).unwrap();
    let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    generated(24, &(0..boundaries.len()), |cut| {
        let name = "ledgers/examples/mockup.ledger";
        must_survive(&Bytes::new(&[(name, &text[..boundaries[cut]])]), name)?;
        Ok(())
    });
}

// ── Stories with values at the ends ──

#[test]
fn stories_with_values_at_the_ends() {
    let (mut clean, mut runs, mut faults) = (0, 0, 0);
    let counts = std::cell::RefCell::new((&mut clean, &mut runs, &mut faults));
    generated(8, &prop::collection::vec(any::<u8>(), 160), |throws| {
        let seen = must_survive(&Bytes::new(&[("case.pf", &thrown(&mut Dice::of(&throws)))]), "case.pf")?;
        for fault in &seen.faults {
            let named = fault.contains("clause: \"") && !fault.contains("clause: \"\"");
            prop_assert!(named, "a fault without a clause: {}", fault);
        }
        let mut counts = counts.borrow_mut();
        *counts.0 += usize::from(seen.errors.is_empty());
        *counts.1 += seen.runs;
        *counts.2 += seen.faults.len();
        Ok(())
    });
    println!("{clean} of {} stories ran: {runs} to the end, {faults} faults", 8 * scale());
}

// ── One by one ──

#[test]
fn ten_thousand_brackets() {
    for open in ["(", "[", "{", "assert f(", "contract a between b as c {", "for k in 1..2 {", "tranche T 1 shares {"] {
        errors(&open.repeat(10_000), &["E0109"]);
    }
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}")] {
        errors(&format!("assert x = {}1{}\n", open.repeat(10_000), close.repeat(10_000)), &["E0109"]);
        errors(&close.repeat(10_000), &["E0108"]);
        errors(&format!("{open}{close}").repeat(10_000), &["E0111"]);
    }
    errors(&"([{".repeat(10_000), &["E0109"]);
}

#[test]
fn numbers_and_dates_that_do_not_exist() {
    for number in [
        "1e400",
        "1E5",
        "0x10",
        "1.2.3",
        "1__0",
        "1_",
        "12345678901234567890123456789",
        "0.12345678901234567890123456789",
        "99999999999999999999tn",
        "1kk",
    ] {
        errors(&format!("assume a = {number} USD"), &["E0104"]);
    }
    for number in ["160,000,000", "1,000"] {
        errors(&format!("assume a = {number} USD"), &["E0105"]);
    }
    for date in ["2027-02-30", "2027-13-01", "0000-01-01", "2027-00-00", "2026-02-29", "2027-2-3"] {
        errors(&format!("source s \"S\" dated {date}"), &["E0106"]);
    }
    for date in ["8/20/2027", "20/8/2027", "2027/08/20"] {
        errors(&format!("source s \"S\" dated {date}"), &["E0107"]);
    }
    for date in ["20.08.2027", "10000-01-01", "20270820", "-2027-08-20", "99999-99-99"] {
        let seen = text(&format!("source s \"S\" dated {date}"));
        assert_eq!(seen.errors.len(), 1, "{date}: {}", seen.drawn);
    }
}

/// Marks and line ends of other systems change nothing.
#[test]
fn the_same_text_from_another_system() {
    let name = "rules/examples/mockup.pf";
    let plain = String::from_utf8(Repository.read(name).unwrap()).unwrap();
    let as_is = survive(&Bytes::new(&[]), name).unwrap();
    for other in [
        plain.replace('\n', "\r\n"),
        format!("\u{feff}{plain}"),
        plain.replace('\n', "\r"),
        plain.trim_end().to_owned(),
    ] {
        let seen = survive(&Bytes::new(&[(name, &other)]), name).unwrap();
        assert_eq!((seen.errors, seen.runs, seen.facts), (as_is.errors.clone(), as_is.runs, as_is.facts));
    }
}

#[test]
fn bytes_that_are_no_text() {
    let cases: [(&[u8], &str); 6] = [
        (b"\xff", "E0101"),
        (b"unit rack\nunit \xc3\x28", "E0101"),
        (b"\xff\xfeu\0n\0i\0t\0", "E0101"),
        (b"unit rack\0", "E0102"),
        (b"\0\0\0\0", "E0102"),
        (b"\x1b[31munit", "E0102"),
    ];
    for (bytes, code) in cases {
        let seen = survive(&Bytes(BTreeMap::from([("case.pf".to_owned(), bytes.to_vec())])), "case.pf").unwrap();
        assert_eq!(seen.errors.first(), Some(&code), "{bytes:?}: {}", seen.drawn);
        assert!(!seen.drawn.contains('\0') && !seen.drawn.contains("\x1b[31munit"), "{:?}", seen.drawn);
    }
}

#[test]
fn empty_files() {
    for empty in ["", "\n", "\u{feff}", "# nothing", "\r\n\r\n", ";", ";;;\n;"] {
        let seen = errors(empty, &[]);
        assert_eq!((seen.runs, seen.facts), (1, 0), "{empty:?}");
    }
}

/// Five million characters without an end of line.
#[test]
fn very_long_lines() {
    let long = |piece: &str| piece.repeat(5_000_000 / piece.len());
    // Long enough to show what grows with the square of the length.
    let half = |piece: &str| piece.repeat(300_000 / piece.len());
    let cases: &[(String, &[&str])] = &[
        (format!("# {}", long("x")), &[]),
        (format!("source s \"{}\"", long("x")), &[]),
        (format!("unit {}", long("x")), &[]),
        (format!("unit a{}", long(" ")), &[]),
        (half(")"), &["E0108"]),
        (format!("assume a = {} USD", half("9")), &["E0104"]),
        (format!("assume a = {}", half("1 + ")), &["E0109"]),
        (half("("), &["E0109"]),
        (half("\""), &["E0111"]),
        (half("x "), &["E0112"]),
        (half("unit a;"), &["E0205"]),
        (format!("assert {} = 1", half("a.").trim_end_matches('.')), &["E0204"]),
        (half("$"), &["E0102"]),
        (half("é"), &["E0102"]),
        (format!("calendar c {{ closed {} }}", half("2026-01-01, ").trim_end_matches(", ")), &[]),
        (format!("2026-01-01 open A {{ {} }}", half("b 1;")), &["E0204"]),
    ];
    for (source, codes) in cases {
        let seen = text(source);
        let first: Vec<&str> = seen.errors.iter().copied().take(codes.len().max(1)).collect();
        assert_eq!(first, *codes, "{}\n{}", brief(source), brief(&seen.drawn));
    }
}

/// Lists of diagnostics end, and say how many there are.
#[test]
fn very_many_errors() {
    let lines: String = (0..5_000).map(|n| format!("2026-01-01 l{n}: order none{n}.x 1 GW\n")).collect();
    let seen = errors(&lines, &["E0204"]);
    assert!(seen.drawn.len() < 2_000_000, "{}", seen.drawn.len());
    assert!(seen.drawn.contains("more"), "{}", &seen.drawn[seen.drawn.len() - 200..]);
    let ids: String = (0..10_000).map(|n| format!("2026-01-01 withdraws l{n}\n")).collect();
    errors(&ids, &["E0402"]);
    errors(&"unit a\n".repeat(30_000), &["E0205"]);
}

const DEAL: &str = r#"
party Maker "Maker, Inc." { currency USD; class common par 0.01 USD/share, calendar nyse }
party Buyer "Buyer LLC" { currency USD }
"#;

/// A contract with these clauses.
fn contract(clauses: &str) -> String {
    format!(
        "{DEAL}contract deal \"Deal\" between Maker as seller, Buyer as buyer {{\nsigned 2025-10-05\n{clauses}\n}}\n"
    )
}

fn warrant(head: &str, tranches: &str) -> String {
    contract(&format!(
        "warrant w over {head} shares of Maker.common at 1 USD/share, issuer Maker, holder Buyer {{\n\
         expires 2030-10-05; exercise cash or net; adjusts for splits\n{tranches}\n}}"
    ))
}

const SUPPLY: &str = "supply chips { 10 GW definitive firm; price 1bn USD/GW; pays rest on delivery; control passes at delivery }\n\
    counter got = sum GW over delivery chips by anyone since signed\n";

#[test]
fn loops_without_measure() {
    let too_much = [
        warrant("1m", "tranches T for k in 1..9_999_999_999, 1 shares each { vests at signing }"),
        warrant("1m", "for k in 1..9999999999 { tranche T{k} 1 shares { vests at signing } }"),
        warrant("1m", "for k in 1..9999999999 { }"),
        contract("for k in -9223372036854775808..9223372036854775807 { commitment c{k} 1 USD from Maker to Buyer }"),
        contract("for k in 1..9223372036854775807 { for j in 1..9223372036854775807 { } }"),
        contract("for k in 1..99999 { for j in 1..99999 { } }"),
        contract(&format!("{} {}", "for k in 1..2 {".repeat(60), "}".repeat(60))),
        warrant("1m", "for k in 1..1000 { for j in 1..1000 { } }"),
        warrant("1m", "for k in 1..400 { tranches T for j in 1..400, 1 shares each { vests at signing } }"),
    ];
    for source in too_much {
        let seen = text(&source);
        assert!(seen.errors.iter().any(|code| ["E0215", "E0104", "E0111"].contains(code)), "{source}\n{}", seen.drawn);
    }
    let many: String = (0..40)
        .map(|n| {
            contract("for k in 1..50_000 { commitment c{k} 1 USD from Maker to Buyer }")
                .replace(DEAL, "")
                .replace("contract deal", &format!("contract d{n}"))
        })
        .collect();
    errors(&format!("{DEAL}{many}"), &["E0215"]);
    errors(&warrant("1m", "tranches T for k in 5..1, 1m shares in total { vests at signing }"), &["E0213"]);
}

#[test]
fn windows_without_measure() {
    for window in ["0", "1_000_000", "10_001", "-1", "0.5", "9999999999999999999999999999"] {
        let test = format!(
            "tranche T 1m shares {{ vests when average(close(Maker.common), {window} trading days) >= 1 USD/share latched }}"
        );
        errors(&warrant("1m", &test), &["E0213"]);
    }
    errors(
        &warrant(
            "1m",
            "tranche T 1m shares { vests when average(close(Maker.common), 30 days) >= 1 USD/share latched }",
        ),
        &["E0207"],
    );
    errors(
        &warrant("1m", "tranche T 1m shares { vests when average(close(Maker.common), 30) >= 1 USD/share latched }"),
        &["E0207"],
    );
    let longest =
        "tranche T 1m shares { vests when average(close(Maker.common), 10_000 trading days) >= 1 USD/share latched }\n";
    errors(&format!("{}2026-01-05 price close(Maker.common) 5 USD/share\n", warrant("1m", longest)), &[]);
}

#[test]
fn sizes_without_sense() {
    errors(&warrant("1m", "tranche T 0 shares { vests at signing }"), &["E0213"]);
    errors(&warrant("0", "tranche T 1 shares { vests at signing }"), &["E0213"]);
    errors(&warrant("1m", "tranche T -1m shares { vests at signing }"), &["E0213"]);
    errors(&warrant("1m", "tranches T for k in 1..3, 0 shares in total, cumulative { vests at signing }"), &["E0213"]);
    errors(&warrant("1m", "tranches T for k in 1..3, 2 shares in total, front { vests at signing }"), &["E0213"]);
    errors(&warrant("1m", ""), &["E0209"]);
}

/// Nobody contracts with himself.
#[test]
fn a_party_and_itself() {
    let twice = contract(SUPPLY).replace("Buyer as buyer", "Maker as buyer");
    errors(&twice, &["E0213"]);
    let holder = warrant("1m", "tranche T 1m shares { vests at signing }").replace("holder Buyer", "holder Maker");
    errors(&holder, &["E0213"]);
    errors(&contract("commitment c 1bn USD from Maker to Maker"), &["E0213"]);
}

#[test]
fn chains_of_assumptions() {
    // Each twice the one before: 2^200 readings if nobody remembers.
    let doubled: String = (1..90).map(|n| format!("assume a{n} = a{} + a{}\n", n - 1, n - 1)).collect();
    errors(
        &format!(
            "assume a0 = 1 GW\n{doubled}{}2026-01-01 order deal.chips 0.000001 * a20\nassert a89 = a89\n",
            contract(SUPPLY)
        ),
        &[],
    );
    let long: String = (1..5_000).map(|n| format!("assume a{n} = a{} + 1 GW\n", n - 1)).collect();
    errors(&format!("assume a0 = 1 GW\n{long}assert a4999 = 5_000 GW\n"), &["E0213"]);
    let backwards: String = (1..5_000).rev().map(|n| format!("assume a{n} = a{} + 1 GW\n", n - 1)).collect();
    errors(&format!("{backwards}assume a0 = a4999 + 1 GW\n"), &["E0212"]);
    let tangle: String =
        (0..300).map(|n| format!("assume a{n} = a{} + a{} + a{}\n", (n + 1) % 300, (n * 7) % 300, n / 2)).collect();
    errors(&tangle, &["E0212"]);
    errors(&format!("{DEAL}assume a = 1 GW\nscenario s from base {{ set a = a + 1 GW }}"), &["E0212"]);
}

#[test]
fn chains_of_scenarios() {
    let line = "2026-01-01 f: order deal.chips 0.001 GW\n";
    let chain: String = (1..300)
        .map(|n| {
            format!("scenario s{n} from s{} {{ scale f by 101%; add 2026-02-01 order deal.chips 0.0001 GW }}\n", n - 1)
        })
        .collect();
    let seen = errors(&format!("{}{line}scenario s0 from base {{ move f by 1 days }}\n{chain}", contract(SUPPLY)), &[]);
    assert!(seen.runs > 0);
    let round: String = (0..300).map(|n| format!("scenario s{n} from s{} {{ }}\n", (n + 1) % 300)).collect();
    errors(&round, &["E0601"]);
    errors("scenario s from s { }", &["E0601"]);
}

/// The earliest of a long chain of scenarios counts as well; so does the forecast at the start of a chain of corrections.
#[test]
fn long_chains_are_followed_to_their_end() {
    let far = 100;
    let chain: String = (1..far).map(|n| format!("scenario s{n} from s{} {{ }}\n", n - 1)).collect();
    let source = format!(
        "{}2026-01-01 f: deliver deal.chips 1 GW\nscenario s0 from base {{ scale f by 200% }}\n{chain}",
        contract(SUPPLY)
    );
    let checked = crate::common::checked_text(&source);
    let last = format!("s{}", far - 1);
    assert_eq!(delivered(&checked, &[&last]), "2");
    let corrections: String = (1..far)
        .map(|n| format!("2026-02-01 known 2026-03-01 c{n}: deliver deal.chips 1 GW corrects c{}\n", n - 1))
        .collect();
    let source = format!(
        "{}2026-01-01 known 2025-12-01 forecast f: deliver deal.chips 3 GW\n2026-02-01 c0: deliver deal.chips 1 GW realises f\n{corrections}",
        contract(SUPPLY)
    );
    assert_eq!(delivered(&crate::common::checked_text(&source), &[]), "1");
}

fn delivered(checked: &Checked, scenarios: &[&str]) -> String {
    crate::common::with_run(checked, scenarios, |replay| {
        let state = &replay.end().state;
        state.supplies.iter().map(|(_, s)| s.delivered.to_string()).collect::<Vec<_>>().join(",")
    })
}

/// A diamond of files: 2^20 ways, 40 files.
#[test]
fn diamonds_of_files() {
    let mut disk =
        Bytes::new(&[("case.pf", "use \"a0.pf\"\nuse \"b0.pf\"\n"), ("a20.pf", "unit rack"), ("b20.pf", "unit crate")]);
    for n in 0..20 {
        for side in ["a", "b"] {
            let text = format!("use \"a{0}.pf\"\nuse \"b{0}.pf\"\nassume {side}{n} = 1 rack + 0 rack\n", n + 1);
            disk.0.insert(format!("{side}{n}.pf"), text.into_bytes());
        }
    }
    let seen = survive(&disk, "case.pf").unwrap();
    assert_eq!(seen.errors, <[&str; 0]>::default(), "{}", seen.drawn);
    // A chain of files, longer than any stack.
    let mut chain = Bytes::default();
    for n in 0..5_000 {
        chain.0.insert(format!("f{n}.pf"), format!("use \"f{}.pf\"", n + 1).into_bytes());
    }
    chain.0.insert("f5000.pf".to_owned(), b"use \"f0.pf\"".to_vec());
    assert_eq!(survive(&chain, "f0.pf").unwrap().errors, ["E0202"]);
    assert_eq!(survive(&Bytes::new(&[("case.pf", "use \"case.pf\"")]), "case.pf").unwrap().errors, ["E0202"]);
    assert_eq!(
        survive(&Bytes::new(&[("case.pf", "use \"\"\nuse \"/\"\nuse \"../../..\"")]), "case.pf").unwrap().errors,
        ["E0201"]
    );
}

#[test]
fn price_files() {
    let priced = warrant(
        "1m",
        "tranche T 1m shares { vests when average(close(Maker.common), 3 trading days) >= 1 USD/share latched }",
    ) + "prices close(Maker.common) from \"p.csv\"\n";
    let cases: &[(&str, &[&str])] = &[
        ("date,close\n2026-01-05,1\n2026-01-06,2\n", &[]),
        ("date,close\r\n2026-01-05,1\r\n", &[]),
        ("\u{feff}date,close\n2026-01-05,1", &[]),
        ("date , close\n 2026-01-05 , 1 \n\n", &[]),
        ("\"date\",\"close\"\n\"2026-01-05\",\"1.50\"\n", &[]),
        // Gaps are stated, not filled.
        ("date,close\n2026-01-05,1\n2026-03-06,2\n", &[]),
        // A Saturday.
        ("date,close\n2026-01-10,1\n", &["E0405"]),
        ("date,close\n", &[]),
        ("", &["E0405"]),
        ("2026-01-05,1\n", &["E0405"]),
        ("close,date\n1,2026-01-05\n", &["E0405"]),
        ("Date,Close\n2026-01-05,1\n", &["E0405"]),
        ("date;close\n2026-01-05;1\n", &["E0405"]),
        ("date,close,volume\n2026-01-05,1,5\n", &["E0405"]),
        ("date,close\n2026-01-05,1,5\n", &["E0405"]),
        ("date,close\n2026-01-05\n", &["E0405"]),
        ("date,close\n2026-01-05,\n", &["E0405"]),
        ("date,close\n2026-01-05,\"1,234.50\"\n", &["E0405"]),
        ("date,close\n2026-01-05,1,234.50\n", &["E0405"]),
        ("date,close\n2026-01-05,\"1\n", &["E0405"]),
        ("date,close\n2026-01-05,$1\n", &["E0405"]),
        ("date,close\n2026-01-05,-1\n", &["E0405"]),
        ("date,close\n2026-01-05,0\n", &["E0405"]),
        ("date,close\n2026-01-05,1e3\n", &["E0405"]),
        ("date,close\n2026-01-05,NaN\n", &["E0405"]),
        ("date,close\n01/05/2026,1\n", &["E0405"]),
        ("date,close\n2026-01-06,1\n2026-01-05,1\n", &["E0405"]),
        ("date,close\n2026-01-06,1\n2026-01-06,1\n", &["E0405"]),
        ("date,close\n2026-01-06,1\n2026-01-06,2\n", &["E0404"]),
        ("date,close\n2026-01-06,123456789012345678901234567890\n", &["E0405"]),
        ("date,close\n2026-01-06,9999999999999999999999999999\n2026-01-07,9999999999999999999999999999\n", &[]),
        ("date,close\n0001-01-01,1\n9999-12-31,2\n", &["E0405"]),
    ];
    for (file, codes) in cases {
        let seen = survive(&Bytes::new(&[("case.pf", &priced), ("p.csv", file)]), "case.pf").unwrap();
        assert_eq!(seen.errors, *codes, "{file}\n{}", seen.drawn);
    }
    let binary = Bytes(BTreeMap::from([
        ("case.pf".to_owned(), priced.clone().into_bytes()),
        ("p.csv".to_owned(), b"date,close\n\xff".to_vec()),
    ]));
    assert_eq!(survive(&binary, "case.pf").unwrap().errors, ["E0405"]);
}

/// A line between two closes at the ends of the calendar is long, not endless.
#[test]
fn price_lines_to_the_ends_of_the_calendar() {
    let priced = warrant("1m", "tranche T 1m shares { vests when close(Maker.common) >= 500 USD/share latched }");
    for (from, to) in [
        ("9990-01-04", "9999-12-31"),
        ("0001-01-01", "0009-12-31"),
        ("9999-12-31", "9999-12-31"),
        ("0001-01-01", "0001-01-01"),
    ] {
        errors(&format!("{priced}path close(Maker.common) from {from} flat 5 USD/share to {to} forecast"), &[]);
        errors(
            &format!(
                "{priced}path close(Maker.common) from {from} at 1 USD/share linear to 900 USD/share at {to} forecast"
            ),
            &[],
        );
    }
    let file = "date,close\n9999-12-01,1\n9999-12-31,900\n";
    let source = format!("{priced}prices close(Maker.common) from \"p.csv\" linear between\n");
    let seen = survive(&Bytes::new(&[("case.pf", &source), ("p.csv", file)]), "case.pf").unwrap();
    assert_eq!((seen.errors.len(), seen.runs), (0, 1), "{}", seen.drawn);
}

/// Each place of a date in turn at the end of the calendar, and all of them together.
#[test]
fn dates_at_the_ends_of_the_calendar() {
    let plain = calm();
    assert_eq!(errors(&plain, &[]).faults, <[String; 0]>::default());
    let calmly = pieces(&plain);
    let dates: Vec<usize> = calmly.iter().enumerate().filter(|(_, piece)| is_date(piece)).map(|(at, _)| at).collect();
    assert!(dates.len() > 20);
    for end in ["0001-01-01", "9999-12-31"] {
        let mut all = calmly.clone();
        for at in &dates {
            let mut one = calmly.clone();
            one[*at] = end.to_owned();
            all[*at] = end.to_owned();
            text(&one.concat());
        }
        text(&all.concat());
    }
    for days in ["0", "1", "999999999", "9223372036854775807"] {
        text(&plain.replace(" 30 days", &format!(" {days} days")));
    }
}

/// What is too large for a number stops the run, and says where and when.
#[test]
fn overflows_are_faults_with_clause_and_day() {
    let large = "9999999999999999999999999999";
    let cases = [
        // 10^28 GW at 10^28 USD.
        contract(SUPPLY).replace("10 GW", &format!("{large} GW")).replace("1bn USD", &format!("{large} USD"))
            + &format!("2026-01-05 deliver deal.chips {large} GW\n"),
        // Shares that do not fit into one account.
        format!("{DEAL}2026-01-05 issue {large} shares of Maker.common to holders\n").repeat(1)
            + &format!("2026-01-06 issue {large} shares of Maker.common to holders\n").repeat(9),
        // A price with more places than can be multiplied.
        contract(SUPPLY).replace("1bn USD", "0.0000000000000000000000000001 USD")
            + "2026-01-05 deliver deal.chips 0.1 GW\n",
        format!(
            "{DEAL}2026-01-05 issue {large} shares of Maker.common to holders\n2026-01-06 split Maker.common {large} for 1\n"
        ),
    ];
    for source in cases {
        let seen = errors(&source, &[]);
        assert_eq!(seen.runs, 0, "{source}");
        for fault in seen.faults {
            let placed = fault.contains("clause: \"")
                && !fault.contains("clause: \"\"")
                && fault.contains("date: Date(2026-01-0");
            assert!(placed, "{fault}\n{source}");
        }
    }
}

#[test]
fn ledgers_that_contradict_themselves() {
    let deal = contract(SUPPLY);
    let cases: &[(&str, &[&str])] = &[
        ("2026-01-05 a: order deal.chips 1 GW\n2026-01-05 a: order deal.chips 1 GW", &["E0403"]),
        (
            "2026-01-05 open Maker { Maker.common 1m shares }\n2026-01-05 open Maker { Maker.common 1m shares }",
            &["E0210"],
        ),
        (
            "2026-01-05 open Maker { Maker.common 1m shares }\n2026-01-06 open Maker { Maker.common 2m shares; cash 1 USD }",
            &["E0210"],
        ),
        (
            "2026-01-05 o: open Maker { Maker.common 1m shares }\n2026-01-05 open Maker { Maker.common 2m shares } corrects o",
            &[],
        ),
        ("2026-01-05 open Maker { Maker.common 1m shares }\n2026-01-05 open Buyer { cash 1 USD }", &[]),
        ("2026-01-05 split Maker.common 4 for 1\n2026-01-05 split Maker.common 4 for 1", &["E0210"]),
        ("2026-01-05 split Maker.common 4 for 1\n2026-01-06 split Maker.common 4 for 1", &[]),
        (
            "2026-01-05 price close(Maker.common) 1 USD/share\n2026-01-05 price close(Maker.common) 2 USD/share",
            &["E0404"],
        ),
        ("2026-01-05 a: order deal.chips 1 GW corrects a", &["E0408"]),
        ("2026-01-05 a: order deal.chips 1 GW realises a", &["E0407"]),
        (
            "2026-01-05 forecast a: order deal.chips 1 GW\n2026-01-05 order deal.chips 1 GW realises a\n2026-01-06 order deal.chips 1 GW realises a",
            &["E0411"],
        ),
        ("2026-01-05 terminate deal\n2026-01-05 terminate deal\n2026-01-05 order deal.chips 1 GW", &[]),
        ("2026-01-05 supersede deal by deal", &["E0213"]),
        ("2026-01-05 deliver deal.chips undisclosed GW", &["E0213"]),
        ("2026-01-05 deliver deal.chips 0 GW", &["E0410"]),
        ("2026-01-05 split Maker.common 0 for 1", &["E0410"]),
        ("2026-01-05 split Maker.common 1 for -4", &["E0410"]),
        ("2026-01-05 close Maker 2027-Q1", &["E0213"]),
        ("2026-01-05", &["E0111"]),
        ("2026-01-05 deliver", &["E0111"]),
        ("2026-01-05 deliver deal.chips", &["E0111"]),
        ("2026-01-05 deliver deal.chips 1", &["E0207"]),
        ("2026-01-05 deliver deal.chips 1 G", &["E0206"]),
        ("2026-01-05 deliver deal.chip 1 GW", &["E0204"]),
        ("2026-01-", &["E0111"]),
    ];
    for (lines, codes) in cases {
        let seen = text(&format!("{deal}{lines}"));
        let first: Vec<&str> = seen.errors.iter().copied().take(codes.len().max(1)).collect();
        assert_eq!(first, *codes, "{lines}\n{}", seen.drawn);
    }
}

/// Tranches that wait for each other wait for ever, and nobody waits for them.
#[test]
fn tranches_that_wait_for_each_other() {
    errors(
        &warrant("2m", "tranche A 1m shares { vests when B vested }\ntranche B 1m shares { vests when A vested }"),
        &[],
    );
    errors(&warrant("1m", "tranche A 1m shares { vests when A vested }"), &["E0213"]);
    let chain: String =
        (1..400).map(|n| format!("tranche T{n} 1 shares {{ vests when T{} vested }}\n", n - 1)).collect();
    errors(&warrant("400", &format!("{chain}tranche T0 1 shares {{ vests at signing }}")), &[]);
}

/// Long ledgers take time in proportion.
#[test]
fn long_ledgers() {
    let lines: String = (0..1_500)
        .map(|n| format!("2026-01-05 forecast f{n}: deliver deal.chips 0.001 GW\n2026-01-06 d{n}: deliver deal.chips 0.001 GW realises f{n}\n"))
        .collect();
    let seen = errors(&format!("{}{lines}", contract(SUPPLY)), &[]);
    assert_eq!((seen.runs, seen.refusals), (1, 0));
    let corrections: String =
        (1..1_500).map(|n| format!("2026-01-05 c{n}: deliver deal.chips 1 GW corrects c{}\n", n - 1)).collect();
    errors(
        &format!(
            "{}2026-01-05 c0: deliver deal.chips 1 GW\n{corrections}scenario s {{ scale c0 by 50% }}",
            contract(SUPPLY)
        ),
        &[],
    );
}
