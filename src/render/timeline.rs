//! Milestones along time, drawn with plain characters.

use super::ink::{Ink, Line};
use super::{Style, amount, wrap};
use crate::report::{Mark, Timeline, Track};
use crate::terms::Basis;
use crate::time::Date;

/// Columns a tick takes if the page is wide enough.
const TICK: i64 = 13;
/// Columns kept free at the right, for the date of a late mark.
const MARGIN: usize = 8;

/// A timeline: ticks, tracks, and the border between what happened and what is expected.
#[must_use]
pub fn timeline(timeline: &Timeline, style: &Style) -> String {
    let chart = Chart::new(timeline, style);
    let mut out = String::new();
    chart.title(&mut out);
    chart.axis(&mut out);
    for track in &timeline.tracks {
        chart.track(track, &mut out);
    }
    if let Some(today) = timeline.today {
        let mut line = Line::new(style.color);
        let at = (chart.left + chart.x(today)).min(chart.page.saturating_sub("^ 2027-10-20".len()));
        line.add("today", Ink::Plain).to(at).add(&format!("^ {today}"), Ink::Plain);
        line.end(&mut out);
    }
    out
}

/// Fewer dots than this do not show that something is open.
const LEAST_DOTS: usize = 8;

/// `vest T1  20,000,000`
fn label(track: &Track) -> String {
    let size = track.size.as_ref().map_or_else(String::new, |size| format!("  {}", amount::plain(&size.amount)));
    format!("{}{size}", track.label)
}

/// Words on the axis, each with its column.
type Labels<'a> = Vec<(usize, &'a str)>;

struct Chart<'a> {
    timeline: &'a Timeline,
    page: usize,
    color: bool,
    /// Where the chart begins.
    left: usize,
    /// Its columns.
    width: usize,
}

impl<'a> Chart<'a> {
    fn new(timeline: &'a Timeline, style: &Style) -> Self {
        let words = timeline.tracks.iter().map(|t| wrap::longest_word(&t.label) + wrap::HANG).max().unwrap_or(0);
        let limit = (style.page() * 2 / 5).max(words);
        let labels: Vec<String> = timeline.tracks.iter().flat_map(|t| wrap::hang(&label(t), limit)).collect();
        let left = wrap::widest(labels.iter().map(String::as_str)).max("today".len()) + 2;
        let ticks = usize::try_from(TICK).unwrap_or(1) * timeline.ticks.len();
        let room = style.page().saturating_sub(left + MARGIN);
        let width = room.min(if ticks == 0 { 91 } else { ticks }).max(24);
        Self { timeline, page: style.page(), color: style.color, left, width }
    }

    /// The column of a day within the chart; days outside stand at its ends.
    fn x(&self, date: Date) -> usize {
        let span = self.timeline.span;
        let width = i64::try_from(self.width).unwrap_or(0);
        let days = span.from.days_until(date).clamp(0, span.days());
        usize::try_from(days * width / span.days().max(1)).unwrap_or(0)
    }

    /// The title, and the letters in use.
    fn title(&self, out: &mut String) {
        let marks = || self.timeline.tracks.iter().flat_map(|t| &t.marks).filter(|mark| self.drawn(mark));
        let used = |test: fn(&Mark) -> bool| marks().any(test);
        let legend = [
            ("A actual", used(|m| matches!(m, Mark::Met(_, Basis::Actual)))),
            ("F forecast", marks().any(|m| basis(m) == Some(Basis::Forecast))),
            ("a assumed", marks().any(|m| basis(m) == Some(Basis::Assumed))),
            ("L latched", used(|m| matches!(m, Mark::Latched(..)))),
            ("V vested", used(|m| matches!(m, Mark::Vested(..)))),
            ("X lapsed", used(|m| matches!(m, Mark::Lapsed(_)))),
        ];
        let legend: Vec<&str> = legend.into_iter().filter(|(_, used)| *used).map(|(word, _)| word).collect();
        let legend = legend.join("  ");
        let mut line = Line::new(self.color);
        line.add(&self.timeline.title, Ink::Bold);
        if let Some(day) = self.timeline.expires {
            line.add(&format!(", expires {day}"), Ink::Plain);
        }
        if line.column() + 2 + wrap::width(&legend) > self.page && line.column() > 0 {
            std::mem::replace(&mut line, Line::new(self.color)).end(out);
        }
        let right = (self.left + self.width + 1).saturating_sub(wrap::width(&legend));
        let gap = if line.column() > 0 { line.column() + 2 } else { 0 };
        line.to(right.max(gap)).add(&legend, Ink::Plain);
        if !self.timeline.title.is_empty() || !legend.is_empty() {
            line.end(out);
        }
    }

    fn axis(&self, out: &mut String) {
        let mut strokes = vec!['-'; self.width];
        strokes.push('|');
        for (_, date) in &self.timeline.ticks {
            if let Some(stroke) = strokes.get_mut(self.x(*date)) {
                *stroke = '|';
            }
        }
        for row in self.axis_labels() {
            let mut labels = Line::new(self.color);
            for (x, label) in row {
                let at = self.left + x;
                let free = labels.column() == 0 || labels.column() < at;
                if free && at + wrap::width(label) <= self.page {
                    labels.to(at).add(label, Ink::Plain);
                }
            }
            labels.end(out);
        }
        let mut line = Line::new(self.color);
        line.to(self.left).add(&strokes.into_iter().collect::<String>(), Ink::Dim);
        line.end(out);
    }

    /// Labels of ticks in one row; where they are too wide, the year above its quarters; where these are too wide as
    /// well, the years.
    fn axis_labels(&self) -> Vec<Labels<'a>> {
        let ticks: Labels<'_> = self.timeline.ticks.iter().map(|(l, d)| (self.x(*d), l.as_str())).collect();
        let fits = |row: &[(usize, &str)]| {
            let next = row.iter().skip(1).map(|(x, _)| *x);
            row.iter().zip(next).all(|((x, label), next)| x + wrap::width(label) < next)
        };
        if ticks.is_empty() || fits(&ticks) {
            return if ticks.is_empty() { Vec::new() } else { vec![ticks] };
        }
        let (mut years, mut quarters): (Labels<'_>, Labels<'_>) = (Vec::new(), Vec::new());
        let mut last = "";
        for (x, label) in ticks {
            let (year, quarter) = label.split_once('-').unwrap_or((label, ""));
            if year != last {
                // A year of which only the end is drawn gives way to the next one.
                let crowded = years.last().is_some_and(|(before, word)| before + wrap::width(word) >= x);
                years.truncate(years.len() - usize::from(crowded));
                years.push((x, year));
            }
            last = year;
            quarters.push((x, quarter));
        }
        if fits(&quarters) { vec![years, quarters] } else { vec![years] }
    }

    /// A lapse at the expiry is said by the title when it lies beyond the chart.
    fn drawn(&self, mark: &Mark) -> bool {
        !matches!(mark, Mark::Lapsed(day) if *day > self.timeline.span.to && Some(*day) == self.timeline.expires)
    }

    fn track(&self, track: &Track, out: &mut String) {
        let drawn = || track.marks.iter().filter(|mark| self.drawn(mark));
        let levels: Vec<&Mark> = drawn().filter(|m| matches!(m, Mark::Level(..))).collect();
        let marks: Vec<&Mark> = drawn().filter(|m| !matches!(m, Mark::Level(..))).collect();
        let quiet = levels.is_empty() && marks.is_empty();
        let mut line = Line::new(self.color);
        for (level, part) in wrap::hang(&label(track), self.left - 2).iter().enumerate() {
            if level > 0 {
                std::mem::replace(&mut line, Line::new(self.color)).end(out);
            }
            line.add(part, Ink::Plain);
        }
        self.levels(levels, &mut line, out);
        if let Some(remark) = track.remark.as_ref().filter(|_| quiet) {
            let open = self.timeline.today.map_or(self.width, |today| self.x(today));
            // The remark is worth more than the last dots.
            let room = self.page.saturating_sub(self.left + 1 + wrap::width(remark));
            let open = if room < LEAST_DOTS { open } else { open.min(room) };
            line.to(self.left).add(&".".repeat(open), Ink::Dim);
        }
        for mark in marks {
            self.mark(mark, &mut line, out);
        }
        if let Some(remark) = &track.remark {
            let start = line.column().max(self.left) + 1;
            if start + wrap::width(remark) <= self.page {
                line.to(start).add(remark, Ink::Plain);
            } else {
                for part in wrap::fold(remark, self.page.saturating_sub(self.left + 2).max(20)) {
                    std::mem::replace(&mut line, Line::new(self.color)).end(out);
                    line.to(self.left + 2).add(&part, Ink::Plain);
                }
            }
        }
        line.end(out);
    }

    /// Levels end where their tick ends; those without room go to another line.
    fn levels(&self, mut levels: Vec<&Mark>, line: &mut Line, out: &mut String) {
        while !levels.is_empty() {
            let mut crowded = Vec::new();
            for mark in levels {
                let Mark::Level(date, figure) = mark else { continue };
                let shown = amount::level(figure);
                let end = self.left + self.level_end(*date);
                let start = end.saturating_sub(wrap::width(&shown.body)).max(self.left);
                let free = line.column() == 0 || line.column() <= self.left || line.column() < start;
                if free {
                    line.to(start).add(&shown.text(), shown.ink);
                } else {
                    crowded.push(mark);
                }
            }
            levels = crowded;
            if !levels.is_empty() {
                std::mem::replace(line, Line::new(self.color)).end(out);
            }
        }
    }

    /// A level dated on a tick stands at the end of the tick's period.
    fn level_end(&self, date: Date) -> usize {
        let mut ticks = self.timeline.ticks.iter().map(|(_, tick)| *tick);
        if ticks.any(|tick| tick == date) {
            ticks.next().map_or(self.width, |next| self.x(next))
        } else {
            self.x(date.next())
        }
    }

    fn mark(&self, mark: &Mark, line: &mut Line, out: &mut String) {
        let (date, stroke, letter, basis) = match mark {
            Mark::Met(date, basis) => (*date, "=", met(*basis), None),
            Mark::Latched(date, basis) => (*date, ".", "L", Some(*basis)),
            Mark::Vested(date, basis) => (*date, "-", "V", Some(*basis)),
            Mark::Lapsed(date) => (*date, " ", "X", None),
            Mark::Level(..) => return,
        };
        let span = self.timeline.span;
        let after = basis.map(met).filter(|letter| *letter != "A").map(|l| format!(" {l}")).unwrap_or_default();
        let beyond = if date > span.to { "> " } else { "" };
        let text = format!("{beyond}{letter} {}{after}", self.day(date));
        let from = if line.column() <= self.left { self.left } else { line.column() + 1 };
        let last = self.page.saturating_sub(wrap::width(&text)).max(self.left);
        let at = if from <= last {
            (self.left + self.x(date)).clamp(from, last)
        } else {
            // No room left behind the earlier marks.
            std::mem::replace(line, Line::new(self.color)).end(out);
            last
        };
        if span.from <= date {
            line.to(from).add(&stroke.repeat(at.saturating_sub(from)), Ink::Dim);
        }
        let ink = if self.timeline.today.is_some_and(|today| date > today) { Ink::Dim } else { Ink::Plain };
        line.to(at).add(&text, ink);
    }

    /// `08-20`, in full where the year is not that of the tick, in parentheses before the chart.
    fn day(&self, date: Date) -> String {
        let span = self.timeline.span;
        if date < span.from {
            return format!("({date})");
        }
        let starts = || self.timeline.ticks.iter().map(|(_, tick)| *tick);
        let start = starts().filter(|tick| *tick <= date).max().unwrap_or(span.from);
        let end = starts().filter(|tick| *tick > date).min().map_or(span.to, Date::prev);
        let middle = start.plus_days(start.days_until(end) / 2);
        if date <= span.to && middle.year() == date.year() {
            format!("{:02}-{:02}", date.month(), date.day())
        } else {
            date.to_string()
        }
    }
}

/// The letter of something met.
const fn met(basis: Basis) -> &'static str {
    match basis {
        Basis::Actual => "A",
        Basis::Forecast => "F",
        Basis::Assumed => "a",
    }
}

fn basis(mark: &Mark) -> Option<Basis> {
    match mark {
        Mark::Level(_, figure) => Some(figure.certainty),
        Mark::Met(_, basis) | Mark::Latched(_, basis) | Mark::Vested(_, basis) => Some(*basis),
        Mark::Lapsed(_) => None,
    }
}
