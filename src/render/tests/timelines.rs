//! Mock-up (e).

use super::*;
use crate::render::timeline::timeline;
use crate::report::{Mark, Timeline, Track};

fn track(label: &str, marks: Vec<Mark>, remark: Option<&str>) -> Track {
    Track { label: label.to_owned(), size: None, marks, remark: remark.map(str::to_owned) }
}

fn milestones() -> Timeline {
    // AMD's fiscal quarters of 13 weeks each, so that a column is a week.
    let starts = ["2026-09-27", "2026-12-27", "2027-03-28", "2027-06-27", "2027-09-26", "2027-12-26", "2028-03-26"];
    let names = ["26Q4", "27Q1", "27Q2", "27Q3", "27Q4", "28Q1", "28Q2"];
    let level = |at: &str, text, basis| Mark::Level(d(at), amount(known(text), "GW", basis));
    let levels = vec![
        level(starts[0], "1", Basis::Actual),
        level(starts[1], "1.2", Basis::Actual),
        level(starts[2], "1.55", Basis::Actual),
        level(starts[3], "2.15", Basis::Actual),
        level(starts[4], "2.6", Basis::Forecast),
        level(starts[5], "3.25", Basis::Forecast),
    ];
    let (actual, forecast) = (Basis::Actual, Basis::Forecast);
    Timeline {
        title: "Milestones — AMD / OpenAI warrant".to_owned(),
        expires: None,
        span: days("2026-09-27", "2028-06-24"),
        ticks: names.iter().map(|n| (*n).to_owned()).zip(starts.map(d)).collect(),
        tracks: vec![
            track("GW delivered, cum.", levels, None),
            track("GW 1.0", vec![Mark::Met(d("2026-12-11"), actual)], None),
            track("GW 2.0", vec![Mark::Met(d("2027-08-20"), actual)], None),
            track("GW 3.0", vec![Mark::Met(d("2028-02-11"), forecast)], None),
            track("price >= $300, 30-day", vec![Mark::Latched(d("2026-03-11"), actual)], None),
            track("price >= $400, 30-day", vec![Mark::Latched(d("2027-02-16"), actual)], None),
            track("price >= $450, 30-day", vec![], Some("open: best 431.07 on 2027-09-30")),
            track("vest OpenAI/T1  20m", vec![Mark::Vested(d("2026-12-11"), actual)], None),
            track("vest OpenAI/T3  25m", vec![Mark::Vested(d("2028-02-11"), forecast)], None),
            track("expiry", vec![Mark::Lapsed(d("2030-10-05"))], None),
        ],
        today: Some(d("2027-10-20")),
    }
}

#[test]
fn at_a_week_a_column() {
    // 2026-12-11 is day 75 of the span: column 10. 2027-02-16: day 142, column 20. 2027-08-20: day 327, column 46.
    // 2028-02-11: day 502, column 71. Today, 2027-10-20: day 388, column 55.
    same(&timeline(&milestones(), &WIDE), "
        Milestones — AMD / OpenAI warrant                               A actual  F forecast  L latched  V vested  X lapsed
                               26Q4         27Q1         27Q2         27Q3         27Q4         28Q1         28Q2
                               |------------|------------|------------|------------|------------|------------|------------|
        GW delivered, cum.              1.00         1.20         1.55         2.15         2.60F        3.25F
        GW 1.0                 ==========A 12-11
        GW 2.0                 ==============================================A 08-20
        GW 3.0                 =======================================================================F 02-11
        price >= $300, 30-day  L (2026-03-11)
        price >= $400, 30-day  ....................L 02-16
        price >= $450, 30-day  ....................................................... open: best 431.07 on 2027-09-30
        vest OpenAI/T1  20m    ----------V 12-11
        vest OpenAI/T3  25m    -----------------------------------------------------------------------V 02-11 F
        expiry                                                                                                            > X 2030-10-05
        today                                                                         ^ 2027-10-20
    ");
}

#[test]
fn on_a_narrow_screen() {
    // 80 columns less 23 for labels less 8 for dates: 49 columns for 637 days, 13 days a column.
    // 2026-12-11: 75 / 13 = 5. 2027-02-16: 142 / 13 = 10. 2027-08-20: 327 / 13 = 25. 2028-02-11: 502 / 13 = 38.
    // Today: 388 / 13 = 29; the dots leave room for 31 letters and a blank: 80 - 23 - 32 = 25.
    same(
        &timeline(&milestones(), &NARROW),
        "
        Milestones — AMD / OpenAI warrant
                              A actual  F forecast  L latched  V vested  X lapsed
                               26Q4   27Q1   27Q2   27Q3   27Q4   28Q1   28Q2
                               |------|------|------|------|------|------|------|
        GW delivered, cum.        1.00   1.20   1.55   2.15   2.60F  3.25F
        GW 1.0                 =====A 12-11
        GW 2.0                 =========================A 08-20
        GW 3.0                 ======================================F 02-11
        price >= $300, 30-day  L (2026-03-11)
        price >= $400, 30-day  ..........L 02-16
        price >= $450, 30-day  ......................... open: best 431.07 on 2027-09-30
        vest OpenAI/T1  20m    -----V 12-11
        vest OpenAI/T3  25m    --------------------------------------V 02-11 F
        expiry                                                            > X 2030-10-05
        today                                               ^ 2027-10-20
    ",
    );
}

#[test]
fn another_year_than_the_tick_and_several_marks() {
    let mut strip = milestones();
    strip.title.clear();
    strip.today = None;
    strip.tracks = vec![
        // The quarter 28Q1 begins on 2027-12-26.
        track("late", vec![Mark::Met(d("2027-12-28"), Basis::Assumed)], None),
        track(
            "two",
            vec![Mark::Latched(d("2026-10-05"), Basis::Forecast), Mark::Vested(d("2026-10-20"), Basis::Assumed)],
            None,
        ),
    ];
    let drawn = timeline(&strip, &WIDE);
    assert!(drawn.contains("=a 2027-12-28\n"), "{drawn}");
    assert!(drawn.contains(".L 10-05 F V 10-20 a\n"), "{drawn}");
    let empty = Timeline {
        title: String::new(),
        expires: None,
        span: days("2026-01-01", "2026-01-01"),
        ticks: vec![],
        tracks: vec![],
        today: None,
    };
    assert_eq!(timeline(&empty, &NARROW).lines().count(), 1);
}

#[test]
fn every_quarter_has_a_label() {
    let mut strip = milestones();
    strip.tracks.truncate(2);
    for (tick, name) in strip.ticks.iter_mut().zip(["2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4", "2028-Q1"]) {
        tick.0 = name.to_owned();
    }
    strip.ticks.truncate(6);
    // 60 columns less 20 for labels less 8 for dates: 32 columns for 637 days. A quarter is 91 days: 91 * 32 / 637 = 4,
    // 9, 13, 18, 22. The year 2026 has too little room before 2027 and gives way.
    let drawn = timeline(&strip, &Style { width: Some(60), color: false });
    let rows: Vec<&str> = drawn.lines().skip(1).take(2).collect();
    assert_eq!(
        rows,
        ["                        2027              2028", "                    Q4  Q1   Q2  Q3   Q4  Q1"],
        "{drawn}"
    );
}

#[test]
fn the_title_says_when_it_expires() {
    let mut strip = milestones();
    strip.expires = Some(d("2030-10-05"));
    strip.tracks[7].size = Some(amount(known("20000000"), "shares", Basis::Actual));
    let drawn = timeline(&strip, &WIDE);
    assert!(drawn.starts_with("Milestones — AMD / OpenAI warrant, expires 2030-10-05"), "{drawn}");
    assert!(drawn.contains("vest OpenAI/T1  20m  20,000,000") && !drawn.contains("> X"), "{drawn}");
}
