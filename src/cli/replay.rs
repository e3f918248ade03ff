//! `proforma replay`

mod view;

use std::io::{BufRead, IsTerminal, Write};

use super::args::ReplayArgs;
use super::context;
use super::exit::{Answer, Exit, Stop};
use super::output;
use super::session::Session;
use crate::explain::steps::Steps;
use crate::render::{Style, text};
use crate::report::Report;
use crate::time::Date;

/// All days at once, one by one, or in the whole terminal.
pub(super) fn replay(session: &Session, args: &ReplayArgs) -> Answer {
    // A wrong format is told before anything is run.
    session.format()?;
    context::replayed(session, &args.input, |_, replay, scope| {
        let steps = Steps::of(replay, scope);
        let days: Vec<Date> = steps.days().collect();
        if args.view && session.file().is_none() && std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
            return view::view(&days, |day, width| page(&steps, day, width)).map(|()| Exit::Done);
        }
        if args.step {
            return stepped(session, &steps, &days);
        }
        let report = made(&steps, &days)?;
        output::report(session, &report)?;
        Ok(Exit::Done)
    })
}

fn made(steps: &Steps<'_, '_>, days: &[Date]) -> Result<Report, Stop> {
    steps.report(days).map_err(|fault| Stop::new(fault.to_string()))
}

/// The tables of one day, without the header that all days share.
fn page(steps: &Steps<'_, '_>, day: Date, width: usize) -> Result<String, Stop> {
    let mut report = made(steps, &[day])?;
    (report.assumptions, report.undisclosed) = (Vec::new(), Vec::new());
    let text = text::report(&report, &Style { width: Some(width), color: false });
    // The header ends with an empty line.
    Ok(text.split_once("\n\n").map_or_else(|| text.clone(), |(_, tables)| tables.to_owned()))
}

/// What a line on stdin asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Next,
    Before,
    First,
    Last,
    To(Date),
    End,
}

fn wish(line: &str) -> Option<Wish> {
    Some(match line.trim() {
        "" | "n" | "next" => Wish::Next,
        "p" | "b" | "back" => Wish::Before,
        "g" | "first" => Wish::First,
        "G" | "last" => Wish::Last,
        "q" | "quit" => Wish::End,
        day => Wish::To(Date::parse(day)?),
    })
}

/// Where a wish leads among the days; the day itself, or the first after it.
fn led(days: &[Date], at: usize, wish: Wish) -> usize {
    let last = days.len().saturating_sub(1);
    match wish {
        Wish::Next => (at + 1).min(last),
        Wish::Before => at.saturating_sub(1),
        Wish::First => 0,
        Wish::Last | Wish::End => last,
        Wish::To(day) => days.partition_point(|known| *known < day).min(last),
    }
}

/// One day at a time; what is asked for comes on stdin, so that a script can ask too.
fn stepped(session: &Session, steps: &Steps<'_, '_>, days: &[Date]) -> Answer {
    let style = session.style();
    let asks = std::io::stdin().is_terminal();
    let mut stdout = std::io::stdout().lock();
    let mut write = |text: &str| stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).is_ok();
    let report = made(steps, &[])?;
    if !write(&text::report(&report, &style)) || days.is_empty() {
        return Ok(Exit::Done);
    }
    let mut at = 0;
    let mut lines = std::io::stdin().lock().lines();
    loop {
        let Some(day) = days.get(at) else { return Ok(Exit::Done) };
        let of = format!("\n[{} of {}]\n", at + 1, days.len());
        if !write(&format!("{of}{}", page(steps, *day, style.width.unwrap_or(120))?)) {
            return Ok(Exit::Done);
        }
        loop {
            if asks {
                session.say("Enter or n: next, p: before, YYYY-MM-DD: that day, g/G: first/last, q: end");
            }
            let Some(Ok(line)) = lines.next() else { return Ok(Exit::Done) };
            match wish(&line) {
                Some(Wish::End) => return Ok(Exit::Done),
                Some(wish) => {
                    let next = led(days, at, wish);
                    if next == at {
                        session.say(if at == 0 { "this is the first day" } else { "this is the last day" });
                    } else {
                        at = next;
                        break;
                    }
                }
                None => {
                    session.say(&format!("`{}` asks for nothing: n, p, g, G, q or a day as YYYY-MM-DD", line.trim()))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_lead_forwards_and_backwards() {
        let day = |text: &str| Date::parse(text).unwrap();
        let days = [day("2026-01-05"), day("2026-02-02"), day("2026-05-04")];
        assert_eq!(led(&days, 0, Wish::Next), 1);
        assert_eq!(led(&days, 2, Wish::Next), 2);
        assert_eq!(led(&days, 0, Wish::Before), 0);
        assert_eq!(led(&days, 2, wish("2026-01-20").unwrap()), 1);
        assert_eq!(led(&days, 0, wish("2027-01-01").unwrap()), 2);
        assert_eq!((wish(" n "), wish("x")), (Some(Wish::Next), None));
    }
}
