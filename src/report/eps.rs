//! Earnings per share (ASC 260, IAS 33): which share counts in which column, from when, at what effect on income, and why.

mod classes;
mod dilution;
mod replayed;
mod restated;
mod stated;
mod table;
mod to_date;
mod treasury;
mod two_class;

pub use classes::ClassPart;
pub use dilution::{Net, Reconciliation, Step};
pub use two_class::Participant;

use crate::num::{Fault, Mode, Number, Rounding};
use crate::report::measure::Measures;
use crate::terms::{ClassId, Paragraph, PartyId, Value};

/// A line of the share count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub label: String,
    /// Weighted shares in the basic column.
    pub basic: Value,
    /// Weighted shares in the diluted column.
    pub diluted: Value,
    /// The rule.
    pub why: String,
    /// The potential share it is a part of, by position; it counts only if that is dilutive.
    pub of: Option<usize>,
}

impl Line {
    fn new(label: impl Into<String>, basic: Value, diluted: Value, why: impl Into<String>) -> Self {
        Self { label: label.into(), basic, diluted, why: why.into(), of: None }
    }

    fn part_of(self, potential: usize) -> Self {
        Self { of: Some(potential), ..self }
    }
}

/// What is tested for dilution by itself: a warrant, an option, a convertible.
#[derive(Clone, Debug)]
pub struct Potential {
    /// Its path or name.
    pub name: String,
    /// What it adds to income once it counts.
    pub numerator: Value,
}

/// The share count of a class in a period, line by line.
#[derive(Clone, Debug, Default)]
pub struct ShareCount {
    /// Lines.
    pub lines: Vec<Line>,
    /// What the lines are parts of.
    pub potentials: Vec<Potential>,
    /// Remeasurement in income of shares that count in basic: taken out of both numerators.
    pub remeasured: Option<Value>,
    /// Average price of the period, if there is one.
    pub average: Option<Number>,
}

/// Weighted shares are shown to a tenth of a thousand; they are kept to one share's thousandth.
const WEIGHT: Rounding = Rounding { places: 3, mode: Mode::HalfUp };

impl ShareCount {
    /// Both totals.
    ///
    /// # Errors
    /// Overflow.
    pub fn totals(&self) -> Result<(Value, Value), Fault> {
        let add =
            |(b, d): (Value, Value), line: &Line| Ok((b.plus(line.basic.clone())?, d.plus(line.diluted.clone())?));
        self.lines.iter().try_fold((Value::ZERO, Value::ZERO), add)
    }

    /// Shares that a potential adds to the diluted column.
    fn increment(&self, potential: usize) -> Result<Value, Fault> {
        let mine = self.lines.iter().filter(|line| line.of == Some(potential));
        mine.map(|line| line.diluted.clone()).try_fold(Value::ZERO, Value::plus)
    }

    /// The potential of a name, new without effect on income.
    fn potential(&mut self, name: &str) -> usize {
        if let Some(at) = self.potentials.iter().position(|p| p.name == name) {
            return at;
        }
        self.potentials.push(Potential { name: name.to_owned(), numerator: Value::ZERO });
        self.potentials.len() - 1
    }

    /// Adds to what a potential does to income.
    fn effect(&mut self, potential: usize, more: Value) -> Result<(), Fault> {
        if let Some(found) = self.potentials.get_mut(potential) {
            found.numerator = std::mem::replace(&mut found.numerator, Value::ZERO).plus(more)?;
        }
        Ok(())
    }

    fn remeasure(&mut self, gain: Value) -> Result<(), Fault> {
        self.remeasured = Some(self.remeasured.take().unwrap_or(Value::ZERO).plus(gain)?);
        Ok(())
    }
}

impl Measures<'_, '_> {
    /// The paragraph that the book a party keeps has for a line of a report.
    pub(in crate::report) fn paragraph(&self, party: PartyId, of: Paragraph) -> Option<&str> {
        let keeper = self.replay.keeper(party).and_then(|book| self.replay.keepers.get(book))?;
        keeper.book.paragraphs.iter().find(|cited| cited.of == of).map(|cited| &*cited.cite.text)
    }

    /// Words, and the paragraph of the issuer's book behind them; either may be absent.
    pub(crate) fn why(&self, class: ClassId, words: &str, of: Paragraph) -> String {
        let issuer = self.replay.terms.classes.get(class.index()).map(|class| class.issuer);
        issuer.map_or_else(|| words.to_owned(), |issuer| self.why_of(issuer, words, of))
    }

    /// The same by the issuer.
    fn why_of(&self, issuer: PartyId, words: &str, of: Paragraph) -> String {
        match self.paragraph(issuer, of) {
            None => words.to_owned(),
            Some(cite) if words.is_empty() => cite.to_owned(),
            Some(cite) => format!("{words}, {cite}"),
        }
    }
}
