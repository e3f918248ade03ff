//! The disclosure pack: parts of a book in one report, each as its own report has it, under its paragraph.

use crate::common::{Repository, checked, checked_text, with_run};
use proforma::report::{self, Cell, Report, Row, Scope, Table};
use proforma::time::PeriodName;

fn scope(period: Option<&str>) -> Scope {
    Scope { entity: Some("AMD".into()), period: period.and_then(PeriodName::parse), ..Scope::default() }
}

/// Every number of a table, and every word.
fn cells(table: &Table) -> Vec<String> {
    let said = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Figure(figure) => format!("{:?}", figure.amount),
        _ => String::new(),
    };
    let rows = table.rows.iter().filter_map(|row| match row {
        Row::Cells { cells, .. } => Some(cells.iter().map(said).collect::<Vec<_>>()),
        _ => None,
    });
    rows.flatten().collect()
}

/// The pack has what the reports have: the same numbers, each under its paragraph, in the order of the book.
#[test]
fn a_pack_has_the_numbers_of_its_reports() {
    let checked = checked(&Repository, &["ledgers/examples/mockup.ledger"]);
    with_run(&checked, &[], |replay| {
        for period in [None, Some("2027"), Some("2027-Q3")] {
            let build = |name: &str| report::build(name, replay, &scope(period)).unwrap();
            let pack: Report = build("disclosure");
            let parts = [
                ("revenue", "ASC 606-10-50-4"),
                ("balances", "ASC 606-10-50-8"),
                ("rpo", "ASC 606-10-50-13"),
                ("net-price", "ASC 606-10-50-20"),
                ("warrants", "ASC 718-10-50-2"),
                ("eps", "ASC 260-10-50-1"),
            ];
            let mut tables = pack.tables.iter();
            let mut number = 0;
            for (name, paragraph) in parts {
                let own = build(name);
                for (index, table) in own.tables.iter().enumerate() {
                    number += usize::from(index == 0);
                    let packed = tables.next().unwrap();
                    assert_eq!(cells(packed), cells(table), "{name}");
                    assert!(packed.title.starts_with(&format!("{number}.")), "{}", packed.title);
                    assert_eq!(packed.title.contains(paragraph), index == 0, "{}", packed.title);
                }
            }
            let standards = tables.next().unwrap();
            assert!(standards.title.contains("ASC 250-10-S99-5") && tables.next().is_none());
            // AMD's year 2027 begins on 27 December 2026; its book has had the choice throughout.
            let row = cells(standards);
            let at = row.iter().position(|cell| cell == "ASU_2025_04").unwrap();
            assert_eq!(row.get(at + 2).map(String::as_str), Some("2026-12-27"));
            assert_eq!(row.get(at + 4).map(String::as_str), Some("throughout"));
            assert!(pack.checks.iter().all(|check| check.holds() != Some(false)) && !pack.checks.is_empty());
        }
    });
}

/// A book that asks for nothing has no pack, and says so; one that asks for a part that is not there says that.
#[test]
fn only_what_a_book_asks_for() {
    let story = |book: &str| {
        format!(
            "book own \"Own\" {{ account cash asset; account equity equity\n on open o as party {{ dr cash o.cash; cr equity rest }} cite \"own\"\n {book} }}\n\
             party AMD \"AMD\" {{ currency USD; class common; book own }}\n2026-01-01 open AMD {{ cash 5 USD; AMD.common 10 shares }}\n"
        )
    };
    let notes = |book: &str| {
        let checked = checked_text(&story(book));
        with_run(&checked, &[], |replay| report::build("disclosure", replay, &scope(None)).unwrap().notes.join(" "))
    };
    assert!(notes("").contains("keeps no book that asks"), "{}", notes(""));
    let asked = notes("disclose revenue under \"Sales\" cite \"own 1\"");
    assert!(asked.contains("Sales (own 1, ref. not verified): nothing to disclose"), "{asked}");
}

/// What is asked for a quarter is told as it stood when the quarter ended: AMD's third of 2027 ends on 25 September.
#[test]
fn balances_of_a_quarter_stand_at_its_end() {
    let checked = crate::common::checked(&crate::common::Repository, &["ledgers/examples/mockup.ledger"]);
    crate::common::with_run(&checked, &[], |replay| {
        let period = Some(proforma::time::PeriodName::Quarter(2027, 3));
        let scope = proforma::report::Scope { entity: Some("AMD".into()), period, ..Default::default() };
        for name in ["balances", "rpo", "net-price"] {
            let report = proforma::report::build(name, replay, &scope).unwrap();
            assert_eq!(report.header.at.map(|day| day.to_string()).as_deref(), Some("2027-09-25"), "{name}");
        }
    });
}
