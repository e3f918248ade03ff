//! Tables (a) and (c) of the mock-ups.

use super::*;
use crate::render::table;
use crate::report::{Rule, Table};

fn draw(table: &Table, style: &Style) -> String {
    let (text, width) = table::table(table, style);
    let notes = table.footnotes.len() + usize::from(text.contains("\nn/a  "));
    let lines = text.lines().count() - notes;
    let widest = text.lines().take(lines).map(|l| l.chars().count()).max().unwrap();
    assert!(widest <= width, "{widest} > {width}");
    text
}

/// Mock-up (a): shares in thousands, so figures are given in shares.
pub(super) fn vesting() -> Table {
    let thousand = |text: &str| match text {
        "—" | "n/a" | "" => text.to_owned(),
        number => format!("{number}000"),
    };
    let line = |words: [&str; 3], shares: [&str; 6], value: [&str; 2]| {
        let mut cells: Vec<Cell> = words.iter().map(|w| Cell::Text((*w).to_owned())).collect();
        cells.extend(shares.iter().map(|s| cell(&thousand(s))));
        cells.extend(value.iter().map(|v| cell(v)));
        Row::of(cells)
    };
    let headings = [
        "Unvested\nopening",
        "Vested\nin qtr",
        "Forf./\nexpired",
        "Unvested\nclosing",
        "Vested,\nunexer.",
        "Exer-\ncised",
    ];
    let mut columns = columns("Tranche", &[], Scale::WHOLE);
    columns.extend([Column::text("GW hurdle"), Column::text("Price hurdle\n(latched)")]);
    columns.extend(headings.map(|h| Column::figures(h, Scale::THOUSANDS)));
    columns.push(Column::figures("GDFV\n$/share", Scale::CENTS));
    columns.push(Column::figures("GDFV\n$m", Scale { power: 6, places: 1 }));
    let rows = vec![
        line(["OpenAI/T1", "1.0  MET", "$200  MET"], ["—", "—", "—", "—", "20000", "—"], ["158.1", "3162000000"]),
        line(
            ["OpenAI/T2", "2.0  MET*", "$300  MET"],
            ["20000", "20000", "—", "—", "20000", "—"],
            ["139.4", "2788000000"],
        ),
        line(["OpenAI/T3", "3.0  2.15", "$400  MET"], ["25000", "—", "—", "25000", "—", "—"], ["121.8", "3045000000"]),
        Row::Rule(Rule::Single),
        line(["OpenAI", "", ""], ["140000", "20000", "—", "120000", "40000", "—"], ["116.825", "18692000000"]),
        line(["Meta (6)", "", ""], ["140000", "—", "—", "140000", "20000", "—"], ["n/a", "n/a"]),
        Row::Rule(Rule::Double),
        line(["Total", "", ""], ["280000", "20000", "—", "260000", "60000", "—"], ["", ""]),
    ];
    let footnotes = vec!["* GW leg met 2027-08-20 (cum. 2.00 GW, evidence: acceptance-0044.pdf p.3).".to_owned()];
    Table { columns, rows, footnotes, ..Table::default() }
}

#[test]
fn vesting_roll_forward() {
    same(
        &draw(&vesting(), &WIDE),
        "
                              Price hurdle  Unvested   Vested   Forf./  Unvested  Vested,  Exer-     GDFV       GDFV
        Tranche    GW hurdle  (latched)      opening   in qtr  expired   closing  unexer.  cised  $/share         $m
        ------------------------------------------------------------------------------------------------------------
        OpenAI/T1  1.0  MET   $200  MET           —        —        —         —   20,000      —   158.10    3,162.0
        OpenAI/T2  2.0  MET*  $300  MET      20,000   20,000        —         —   20,000      —   139.40    2,788.0
        OpenAI/T3  3.0  2.15  $400  MET      25,000        —        —    25,000        —      —   121.80    3,045.0
        ------------------------------------------------------------------------------------------------------------
        OpenAI                              140,000   20,000        —   120,000   40,000      —   116.83   18,692.0
        Meta (6)                            140,000        —        —   140,000   20,000      —      n/a        n/a
        ============================================================================================================
        Total                               280,000   20,000        —   260,000   60,000      —
        * GW leg met 2027-08-20 (cum. 2.00 GW, evidence: acceptance-0044.pdf p.3).
        n/a  not disclosed: meta.m1.fair_value
    ",
    );
}

#[test]
fn vesting_roll_forward_on_a_narrow_screen() {
    same(
        &draw(&vesting(), &NARROW),
        "
                              Price hurdle  Unvested   Vested   Forf./  Unvested
        Tranche    GW hurdle  (latched)      opening   in qtr  expired   closing
        ------------------------------------------------------------------------
        OpenAI/T1  1.0  MET   $200  MET           —        —        —         —
        OpenAI/T2  2.0  MET*  $300  MET      20,000   20,000        —         —
        OpenAI/T3  3.0  2.15  $400  MET      25,000        —        —    25,000
        ------------------------------------------------------------------------
        OpenAI                              140,000   20,000        —   120,000
        Meta (6)                            140,000        —        —   140,000
        ========================================================================
        Total                               280,000   20,000        —   260,000

        (continued)
                   Vested,  Exer-     GDFV       GDFV
        Tranche    unexer.  cised  $/share         $m
        ---------------------------------------------
        OpenAI/T1  20,000      —   158.10    3,162.0
        OpenAI/T2  20,000      —   139.40    2,788.0
        OpenAI/T3       —      —   121.80    3,045.0
        ---------------------------------------------
        OpenAI     40,000      —   116.83   18,692.0
        Meta (6)   20,000      —      n/a        n/a
        =============================================
        Total      60,000      —
        * GW leg met 2027-08-20 (cum. 2.00 GW, evidence: acceptance-0044.pdf p.3).
        n/a  not disclosed: meta.m1.fair_value
    ",
    );
}

/// Mock-up (c), in millions.
pub(super) fn revenue() -> Table {
    let rows = vec![
        row(0, &["Capacity delivered, GW", "0.20", "0.35", "0.60", "0.45", "1.60"]),
        Row::Blank,
        Row::Heading("Revenue".to_owned()),
        row(1, &["At contract price", "3000", "5250", "9000", "6750", "24000"]),
        row(1, &["Contra-revenue, warrant T2 (GDFV 2,788.0)", "-557.6", "-975.8", "-1254.6", "—", "-2788"]),
        row(1, &["Contra-revenue, warrant T3 (GDFV 3,045.0)", "—", "—", "-456.75", "-1370.25", "-1827"]),
        Row::Rule(Rule::Single),
        row(0, &["Net revenue", "2442.4", "4274.2", "7288.65", "5379.75", "19385"]),
        Row::Blank,
        Row::Heading("Remaining performance obligation (net of warrants)".to_owned()),
        row(1, &["Closing", "9769.6", "5495.4", "10161.75", "4782", "4782"]),
        row(2, &["of which within 12 months", "9769.6", "5495.4", "10161.75", "4782F", "4782F"]),
    ];
    let columns = columns("", &["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4", "FY2027"], Scale::CENTS);
    Table { columns, rows, ..Table::default() }
}

#[test]
fn revenue_waterfall() {
    same(
        &draw(&revenue(), &WIDE),
        "
                                                       2027-Q1    2027-Q2     2027-Q3     2027-Q4      FY2027
        -----------------------------------------------------------------------------------------------------
        Capacity delivered, GW                           0.20       0.35        0.60        0.45        1.60

        Revenue
          At contract price                          3,000.00   5,250.00    9,000.00    6,750.00   24,000.00
          Contra-revenue, warrant T2 (GDFV 2,788.0)   (557.60)   (975.80)  (1,254.60)          —   (2,788.00)
          Contra-revenue, warrant T3 (GDFV 3,045.0)         —          —     (456.75)  (1,370.25)  (1,827.00)
        -----------------------------------------------------------------------------------------------------
        Net revenue                                  2,442.40   4,274.20    7,288.65    5,379.75   19,385.00

        Remaining performance obligation (net of warrants)
          Closing                                    9,769.60   5,495.40   10,161.75    4,782.00    4,782.00
            of which within 12 months                9,769.60   5,495.40   10,161.75    4,782.00F   4,782.00F
    ",
    );
}

#[test]
fn revenue_waterfall_on_a_narrow_screen() {
    let mut table = revenue();
    table.title = "Revenue".to_owned();
    same(
        &draw(&table, &NARROW),
        "
        Revenue                                        2027-Q1    2027-Q2     2027-Q3
        -----------------------------------------------------------------------------
        Capacity delivered, GW                           0.20       0.35        0.60

        Revenue
          At contract price                          3,000.00   5,250.00    9,000.00
          Contra-revenue, warrant T2 (GDFV 2,788.0)   (557.60)   (975.80)  (1,254.60)
          Contra-revenue, warrant T3 (GDFV 3,045.0)         —          —     (456.75)
        -----------------------------------------------------------------------------
        Net revenue                                  2,442.40   4,274.20    7,288.65

        Remaining performance obligation (net of warrants)
          Closing                                    9,769.60   5,495.40   10,161.75
            of which within 12 months                9,769.60   5,495.40   10,161.75

        Revenue (continued)                             2027-Q4      FY2027
        -------------------------------------------------------------------
        Capacity delivered, GW                            0.45        1.60

        Revenue
          At contract price                           6,750.00   24,000.00
          Contra-revenue, warrant T2 (GDFV 2,788.0)          —   (2,788.00)
          Contra-revenue, warrant T3 (GDFV 3,045.0)  (1,370.25)  (1,827.00)
        -------------------------------------------------------------------
        Net revenue                                   5,379.75   19,385.00

        Remaining performance obligation (net of warrants)
          Closing                                     4,782.00    4,782.00
            of which within 12 months                 4,782.00F   4,782.00F
    ",
    );
}

#[test]
fn ownership_in_percent_and_words_that_fold() {
    let percent = |text: &str| Cell::Percent(figure(text));
    let mut columns = columns("", &["As issued", "%", "Fully diluted"], Scale::WHOLE);
    columns.push(Column::figures("Share", Scale::WHOLE));
    columns.push(Column::text("Why (rule)"));
    let line = |name: &str, a: &str, p: &str, b: &str, q: &str, why: &str| {
        let words = |text: &str| Cell::Text(text.to_owned());
        Row::of(vec![words(name), cell(a), percent(p), cell(b), percent(q), words(why)])
    };
    let rows = vec![
        line("OpenAI", "—", "0", "160000", "0.07897", "vested and unvested penny warrants, whether or not exercisable"),
        line("All other holders", "1644000", "1", "1644000", "0.92103", "input equity.csv:14"),
    ];
    let title = "Ownership at 2027-09-25".to_owned();
    let table = Table { title, columns, rows, ..Table::default() };
    same(
        &draw(&table, &NARROW),
        "
        Ownership at 2027-09-25
                            As issued       %  Fully diluted  Share  Why (rule)
        --------------------------------------------------------------------------------
        OpenAI                     —     0.0        160,000    7.9%  vested and unvested
                                                                     penny warrants,
                                                                     whether or not
                                                                     exercisable
        All other holders  1,644,000   100.0      1,644,000   92.1%  input equity.csv:14
    ",
    );
}

#[test]
fn nothing_and_too_much() {
    assert_eq!(draw(&Table { title: "Empty".to_owned(), ..Table::default() }, &NARROW), "Empty\n");
    // Longer than the page, and not cut; the columns follow one by one.
    let word = "a_very_long_path.".repeat(6);
    let rows = vec![row(0, &[&word, "1", "2"]), row(0, &["short", "-3", ""])];
    let table = Table { columns: columns("Path", &["x", "y"], Scale::WHOLE), rows, ..Table::default() };
    let drawn = table::table(&table, &NARROW).0;
    assert_eq!(drawn.matches(&word).count(), 2);
    assert_eq!(drawn.matches("(continued)").count(), 1);
    assert!(drawn.contains("(3)"));
    // More cells than columns.
    let table = Table {
        columns: columns("Path", &[], Scale::WHOLE),
        rows: vec![row(0, &["p", "-1234.5"])],
        ..Table::default()
    };
    assert!(draw(&table, &NARROW).ends_with("p     (1,234.5)\n"));
}

#[test]
fn colour_changes_no_column() {
    let plain = draw(&vesting(), &WIDE);
    let painted = table::table(&revenue(), &Style { color: true, ..WIDE }).0;
    assert!(painted.contains("\u{1b}[31m(1,254.60)\u{1b}[0m") && painted.contains("\u{1b}[2m4,782.00F\u{1b}[0m"));
    let mut bare = String::new();
    let mut rest = painted.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        bare.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    assert_eq!(bare + rest, draw(&revenue(), &WIDE));
    assert!(!plain.contains('\u{1b}') && plain.lines().all(|l| l == l.trim_end()));
}
