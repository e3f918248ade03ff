//! The accepted result of a test as text: one fact a line, sorted, so that versions merge line by line.

use std::collections::BTreeMap;
use std::fmt;

use crate::base::{Code, Diagnostic, Diagnostics, Sources, Span};
use crate::num::{Number, Unit};
use crate::terms::FactName;
use crate::time::{Date, PeriodName};

/// Column names, in order.
pub const COLUMNS: [&str; 7] = ["entity", "period", "measure", "detail", "value", "unit", "status"];

/// How sure a fact can be.
const STATUSES: &[&str] = &["actual", "forecast", "assumed", "undisclosed"];

/// How lines begin that a merge leaves behind.
const MARKERS: &[&str] = &["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// Mistakes that are listed of one file.
const MOST: usize = crate::base::limits::SYNTAX_DIAGNOSTICS;

/// Which fact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Whose.
    pub entity: String,
    /// The entity's fiscal period; balances stand at its end.
    pub period: String,
    /// What.
    pub measure: String,
    /// Of which clause; empty for the whole entity.
    pub detail: String,
}

impl Key {
    /// The name by which the fact is looked up.
    #[must_use]
    pub fn name(&self) -> FactName {
        let item = Some(&*self.detail).filter(|detail| !detail.is_empty());
        FactName {
            entity: (&*self.entity).into(),
            measure: (&*self.measure).into(),
            item: item.map(Into::into),
            period: PeriodName::parse(&self.period),
            book: None,
        }
    }
}

/// `AMD.contra_revenue[amd_openai.penny.T2] in 2027-Q3`
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entity, period, measure, detail } = self;
        let item = if detail.is_empty() { String::new() } else { format!("[{detail}]") };
        write!(f, "{entity}.{measure}{item} in {period}")
    }
}

/// What a fact is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Exact and normalised; a day, or `none`, of facts that are days; empty when undisclosed.
    pub value: String,
    /// In what.
    pub unit: String,
    /// `actual`, `forecast`, `assumed`, `undisclosed`.
    pub status: String,
}

impl Cell {
    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<Number> {
        Number::parse(&self.value).ok()
    }
}

/// Facts by name.
pub type Facts = BTreeMap<Key, Cell>;

/// The text of an accepted result.
#[must_use]
pub fn write(facts: &Facts) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let rows = facts.iter().map(|(key, cell)| {
        let Key { entity, period, measure, detail } = key;
        [entity, period, measure, detail, &cell.value, &cell.unit, &cell.status]
    });
    let written = writer.write_record(COLUMNS);
    let written = written.and_then(|()| rows.into_iter().try_for_each(|row| writer.write_record(row)));
    let bytes = written.ok().and_then(|()| writer.into_inner().ok());
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Reads an accepted result. Lines that cannot be read are said, each with its place.
pub fn read(sources: &mut Sources, name: &str, text: &str) -> (Facts, Diagnostics) {
    let source = sources.add(name, text);
    let (mut facts, mut found) = (Facts::new(), Diagnostics::default());
    let mut places: BTreeMap<Key, Span> = BTreeMap::new();
    let (mut at, mut listed, mut headed) = (0u32, 0, false);
    for line in text.split_inclusive('\n') {
        let length = u32::try_from(line.trim_end().len()).unwrap_or(u32::MAX);
        let span = Span::new(source, at, at.saturating_add(length));
        at = at.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        let line = line.trim_end_matches(['\n', '\r']);
        if listed >= MOST {
            found.cut();
            break;
        }
        let row = if MARKERS.iter().any(|marker| line.starts_with(marker)) {
            let merge = Diagnostic::new(Code::MergeMarker, span, "a merge was not finished here");
            Err(merge.label("left by the merge").help(Code::MergeMarker.advice()))
        } else if headed {
            cells(line).map_err(|why| damaged(span, &why))
        } else {
            headed = true;
            if line == COLUMNS.join(",") {
                continue;
            }
            Err(damaged(span, "the file does not begin with the names of its columns"))
        };
        match row {
            Ok((key, cell)) => match places.get(&key) {
                Some(first) => {
                    let twice = damaged(span, "the fact stands here twice").also(*first, "first here");
                    found.push(twice);
                    listed += 1;
                }
                None => {
                    places.insert(key.clone(), span);
                    facts.insert(key, cell);
                }
            },
            Err(diagnostic) => {
                found.push(diagnostic);
                listed += 1;
            }
        }
    }
    if !headed {
        let span = Span::new(source, 0, 0);
        found.push(damaged(span, "the file is empty"));
    }
    (facts, found)
}

fn damaged(span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::SnapshotLine, span, why.to_owned()).label("this line").help(Code::SnapshotLine.advice())
}

/// The fact of a line.
fn cells(line: &str) -> Result<(Key, Cell), String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
    let record = reader.records().next().and_then(Result::ok).ok_or("the line is empty or no text")?;
    let fields: Vec<&str> = record.iter().collect();
    let [entity, period, measure, detail, value, unit, status] = fields.as_slice() else {
        return Err(format!("a line has {} cells, this one {}", COLUMNS.len(), fields.len()));
    };
    if entity.is_empty() || measure.is_empty() {
        return Err("a fact has an entity and a measure".to_owned());
    }
    if PeriodName::parse(period).is_none() {
        return Err(format!("`{period}` is not a period"));
    }
    let day = Date::parse(value).is_some() || *value == "none";
    if !value.is_empty() && !day && Number::parse(value).is_err() {
        return Err(format!("`{value}` is not a number"));
    }
    if Unit::parse(unit).is_none() {
        return Err(format!("`{unit}` is not a unit"));
    }
    if !STATUSES.contains(status) {
        return Err(format!("`{status}` is not {}", STATUSES.join(", ")));
    }
    let [entity, period, measure, detail] = [entity, period, measure, detail].map(|text| (*text).to_owned());
    let [value, unit, status] = [value, unit, status].map(|text| (*text).to_owned());
    Ok((Key { entity, period, measure, detail }, Cell { value, unit, status }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "entity,period,measure,detail,value,unit,status\n\
        A,2027-Q3,below_minimum,A,2027-11-08,date,forecast\n\
        A,2027-Q3,revenue,c.s,-12.5,USD,actual\n\
        A,2027-Q3,strike,c.w,,USD/share,undisclosed\n";

    fn codes(text: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let (_, found) = read(&mut sources, "x.snap.csv", text);
        found.iter().map(|d| format!("{} {}", d.code, sources.place(d.primary.0))).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let (facts, found) = read(&mut Sources::default(), "x", TEXT);
        assert!(found.is_empty());
        assert_eq!(write(&facts), TEXT);
        assert_eq!(read(&mut Sources::default(), "x", &TEXT.replace('\n', "\r\n")).0, facts);
        let revenue = facts.keys().nth(1).unwrap();
        assert_eq!(revenue.to_string(), "A.revenue[c.s] in 2027-Q3");
    }

    #[test]
    fn damage_is_said_with_its_line() {
        assert_eq!(codes(""), ["E0803 x.snap.csv:1"]);
        assert_eq!(codes("A,B\n"), ["E0803 x.snap.csv:1"]);
        for (good, bad) in
            [("-12.5", "-12,5"), ("-12.5", "1e3"), ("2027-Q3,r", "2027-Q7,r"), ("actual", "sure"), (",USD,", ",U/S/D,")]
        {
            assert_eq!(codes(&TEXT.replacen(good, bad, 1)), ["E0803 x.snap.csv:3"], "{bad}");
        }
        let again = format!("{TEXT}A,2027-Q3,revenue,c.s,1,USD,actual\n");
        assert_eq!(codes(&again), ["E0803 x.snap.csv:5"]);
        let merged = TEXT.replace("A,2027-Q3,strike", "<<<<<<< HEAD\nA,2027-Q3,strike");
        assert_eq!(codes(&merged), ["E0804 x.snap.csv:4"]);
    }
}
