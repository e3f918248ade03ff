//! Milestones along time, drawn with plain characters.

use super::ink::{Ink, Line};
use super::{Style, amount, wrap};
use crate::report::{Mark, Timeline, Track};
use crate::terms::Basis;
use crate::time::Date;

/// Columns a tick takes if the page is wide enough.
const TICK: i64 = 13;
/// Columns kept free at the right, for the date of a late mark.
const MARGIN: usize = 14;

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
        let labels: Vec<String> = timeline.tracks.iter().flat_map(|t| wrap::hang(&t.label, limit)).collect();
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
        let marks = || self.timeline.tracks.iter().flat_map(|t| &t.marks);
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
        let mut labels = Line::new(self.color);
        let mut strokes = vec!['-'; self.width];
        strokes.push('|');
        for (label, date) in &self.timeline.ticks {
            let x = self.x(*date);
            if let Some(stroke) = strokes.get_mut(x) {
                *stroke = '|';
            }
            let at = self.left + x;
            let free = labels.column() == 0 || labels.column() < at;
            if free && at + wrap::width(label) <= self.page {
                labels.to(at).add(label, Ink::Plain);
            }
        }
        if !self.timeline.ticks.is_empty() {
            labels.end(out);
        }
        let mut line = Line::new(self.color);
        line.to(self.left).add(&strokes.into_iter().collect::<String>(), Ink::Dim);
        line.end(out);
    }

    fn track(&self, track: &Track, out: &mut String) {
        let levels: Vec<&Mark> = track.marks.iter().filter(|m| matches!(m, Mark::Level(..))).collect();
        let marks: Vec<&Mark> = track.marks.iter().filter(|m| !matches!(m, Mark::Level(..))).collect();
        let mut line = Line::new(self.color);
        for (level, part) in wrap::hang(&track.label, self.left - 2).iter().enumerate() {
            if level > 0 {
                std::mem::replace(&mut line, Line::new(self.color)).end(out);
            }
            line.add(part, Ink::Plain);
        }
        self.levels(levels, &mut line, out);
        if marks.is_empty() && track.marks.is_empty() && track.remark.is_some() {
            let open = self.timeline.today.map_or(self.width, |today| self.x(today));
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
