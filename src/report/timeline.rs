//! Milestones along time, as data.

use super::Figure;
use crate::terms::Basis;
use crate::time::{Date, Period};

/// Tracks over a common span of time.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Above it.
    pub title: String,
    /// When everything that is left lapses.
    pub expires: Option<Date>,
    /// The span drawn.
    pub span: Period,
    /// Ticks: a label and the first day it stands for, such as fiscal quarters.
    pub ticks: Vec<(String, Date)>,
    /// Tracks, from top to bottom.
    pub tracks: Vec<Track>,
    /// The border between actual and forecast.
    pub today: Option<Date>,
}

/// One line of a timeline.
#[derive(Clone, Debug)]
pub struct Track {
    /// At its left.
    pub label: String,
    /// How much it is about, behind the label.
    pub size: Option<Figure>,
    /// What stands on it, in order of time.
    pub marks: Vec<Mark>,
    /// In words at its right end: `open: best 431.07 on 2027-09-30`.
    pub remark: Option<String>,
}

/// Something on a track.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A figure at a tick: the cumulative quantity at the end of the tick's period.
    Level(Date, Figure),
    /// Reached on a day, approached with `=`: `==========A 12-11`.
    Met(Date, Basis),
    /// A latch that closed, approached with `.`: `....L 02-16`.
    Latched(Date, Basis),
    /// Vested, approached with `-`: `----V 08-20`.
    Vested(Date, Basis),
    /// Lapsed, shown as `X`.
    Lapsed(Date),
}
