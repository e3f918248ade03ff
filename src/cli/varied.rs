//! Changes of a scenario with a range in them: `scale f1 by {60..100/20}%`, `move gw3 to {2027-01-01..2027-06-30/30}`. Each
//! value makes a scenario of its own.

use super::exit::Stop;
use crate::num::Number;
use crate::terms::Terms;
use crate::time::Date;

/// Values of one range; more are no table that anybody reads, and no search that ends soon.
const MOST_VALUES: usize = 10_000;

/// What the texts of changes are called in messages.
pub(super) const FILE: &str = "--x, --y, --vary";

/// A change with a range in it, or several between semicolons; a later `{}` stands for the same value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Varied {
    before: String,
    after: String,
    /// The values, as they are written into the change.
    pub values: Vec<String>,
    /// What is varied, for headings.
    pub what: String,
}

/// When a short form begins and ends: the day after the last actual one, and the last day of the run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ahead {
    pub from: Date,
    pub to: Date,
}

impl Varied {
    /// Reads a change with one `{RANGE}`, or one of the short forms `ASSUMPTION=RANGE` and `close(CLASS)=RANGE`, where
    /// `price(PARTY)` is the close of the party's class.
    pub fn read(text: &str, terms: &Terms, ahead: Ahead) -> Result<Self, Stop> {
        let usage = || {
            Stop::new(format!(
                "`{text}` varies nothing; write a change of a scenario with a range in it, such as `scale f1 by {{60..100/20}}%` \
                 or `move f1 by {{0..180/30}} days`, or shortly `list_price=10..20/2 USD` or `close(AMD.common)=200..600/50`"
            ))
        };
        // A name of its own for headings, in quotes, stands before the change.
        let named = text.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
        if let Some((name, change)) = named {
            let read = Self::read(change.trim(), terms, ahead)?;
            return Ok(Self { what: name.trim().to_owned(), ..read });
        }
        if let Some((before, rest)) = text.split_once('{') {
            let (range, after) = rest.split_once('}').ok_or_else(usage)?;
            let what = format!("{before}…{after}").replace("{}", "…");
            return Ok(Self { before: before.into(), after: after.into(), values: values(range)?, what });
        }
        let (name, range) = text.split_once('=').ok_or_else(usage)?;
        let (name, range) = (name.trim(), range.trim());
        let (range, unit) = range.split_once(' ').map_or((range, ""), |(range, unit)| (range, unit.trim()));
        let plain = |name: &str| name.to_lowercase().replace('-', "_");
        if let Some(assumption) = terms.assumptions.iter().find(|a| plain(&a.name) == plain(name)) {
            let (before, after) = (format!("set {} = ", assumption.name), format!(" {unit}"));
            return Ok(Self { before, after, values: values(range)?, what: assumption.name.to_string() });
        }
        let inside = |word: &str| name.strip_prefix(word)?.strip_prefix('(')?.strip_suffix(')').map(str::trim);
        let class = match (inside("price"), inside("close")) {
            (Some(party), _) => {
                let of = |class: &&crate::terms::ShareClass| {
                    terms.parties.get(class.issuer.index()).is_some_and(|p| plain(&p.name) == plain(party))
                };
                let classes: Vec<_> = terms.classes.iter().filter(of).collect();
                match classes.as_slice() {
                    [class] => Some((class.path.to_string(), class.issuer)),
                    [] => {
                        return Err(Stop::new(format!("`{party}` has no class of shares whose price could be varied")));
                    }
                    _ => return Err(Stop::new(format!("`{party}` has several classes: write `close(CLASS)`"))),
                }
            }
            (None, Some(class)) => {
                let found = terms.classes.iter().find(|found| plain(&found.path) == plain(class));
                let found = found.ok_or_else(|| Stop::new(format!("there is no class of shares `{class}`")))?;
                Some((found.path.to_string(), found.issuer))
            }
            (None, None) => None,
        };
        let (class, issuer) = class.ok_or_else(usage)?;
        let currency = terms.parties.get(issuer.index()).map_or("", |party| &*party.currency);
        Ok(Self {
            before: format!("path close({class}) from {} flat ", ahead.from),
            after: format!(" {currency}/share to {}", ahead.to),
            values: values(range)?,
            what: name.to_owned(),
        })
    }

    /// Scenarios that make the change, one a value up to so many, as text of a rule file.
    pub fn scenarios(&self, name: &str, most: usize) -> String {
        let one = |(at, value): (usize, &String)| {
            format!("scenario {name}_{at} {{ {}{value}{} }}\n", self.before, self.after.replace("{}", value))
        };
        self.values.iter().enumerate().take(most).map(one).collect()
    }

    /// A value as it is shown: with the unit behind it.
    pub fn shown(&self, at: usize) -> String {
        let value = self.values.get(at).cloned().unwrap_or_default();
        let unit = self.after.split([';', ' ']).find(|word| !word.is_empty()).unwrap_or_default();
        match unit {
            "" | "to" => value,
            unit if unit.starts_with('%') => format!("{value}{unit}"),
            unit => format!("{value} {unit}"),
        }
    }
}

/// `200..600/50`, `0.5..2`, `2027-01-01..2027-06-30/30`, or values between commas. Without a step it is one of the last digit
/// written, or a day.
fn values(range: &str) -> Result<Vec<String>, Stop> {
    let wrong = |why: &str| {
        Stop::new(format!("`{range}` is no range: {why}; write `200..600/50`, two days, or values between commas"))
    };
    let Some((from, rest)) = range.split_once("..") else {
        let listed: Vec<String> = range.split(',').map(|value| value.trim().to_owned()).collect();
        return if listed.iter().any(String::is_empty) { Err(wrong("a value is missing")) } else { Ok(listed) };
    };
    let (to, step) = rest.split_once('/').map_or((rest, None), |(to, step)| (to, Some(step.trim())));
    let (from, to) = (from.trim(), to.trim());
    if let (Some(first), Some(last)) = (Date::parse(from), Date::parse(to)) {
        let step: i64 = step.map_or(Ok(1), str::parse).map_err(|_| wrong("the step is no number of days"))?;
        let days = first.days_until(last);
        if step < 1 || days < 0 {
            return Err(wrong("it goes backwards or nowhere"));
        }
        let count = usize::try_from(days / step).unwrap_or(usize::MAX);
        if count >= MOST_VALUES {
            return Err(wrong("it has too many values"));
        }
        return Ok((0..=days / step).map(|at| first.plus_days(at * step).to_string()).collect());
    }
    let number =
        |text: &str| Number::parse(text).map_err(|_| wrong(&format!("`{text}` is neither a number nor a day")));
    let (first, last) = (number(from)?, number(to)?);
    let written = |text: &str| text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let places = u32::try_from(written(from).max(written(to))).unwrap_or(0);
    let step = match step {
        Some(step) => number(step)?,
        None => Number::from_parts(1, places).map_err(|_| wrong("it has too many digits"))?,
    };
    if !step.is_positive() || last < first {
        return Err(wrong("it goes backwards or nowhere"));
    }
    let mut found = Vec::new();
    let mut value = first;
    while value <= last {
        found.push(value.to_string());
        if found.len() > MOST_VALUES {
            return Err(wrong("it has too many values"));
        }
        value = value.plus(step).map_err(|_| wrong("it has too many digits"))?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let of = |text: &str| values(text).unwrap().join(" ");
        assert_eq!(of("200..600/100"), "200 300 400 500 600");
        assert_eq!(of("0.5..0.8"), "0.5 0.6 0.7 0.8");
        assert_eq!(of("1, 2,4"), "1 2 4");
        assert_eq!(of("2027-01-30..2027-02-02/2"), "2027-01-30 2027-02-01");
        for wrong in ["", "5..1", "1..5/0", "a..b", "1..1000000", "1,,2", "2027-02-01..2027-01-01"] {
            assert!(values(wrong).is_err(), "{wrong}");
        }
    }
}
