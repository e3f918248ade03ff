//! Price series from files, and price paths.

use crate::base::{Code, Diagnostic, SourceId, Span};
use crate::check::declare::{Program, next};
use crate::check::symbols::Scope;
use crate::check::types::Hint;
use crate::check::{Checker, path};
use crate::num::Number;
use crate::syntax::{self, ast};
use crate::terms::{Basis, ClassId, Formula, PricePath, Prices, Quoted};
use crate::time::{Date, TradingCalendar};

/// A price file as a text with its number among the sources.
struct Table {
    source: SourceId,
    text: String,
    /// Heading of the second column.
    word: &'static str,
}

impl Checker<'_> {
    /// Lowers price series and the price paths outside scenarios.
    pub(super) fn prices(&mut self, program: &Program) {
        for (decl, span, file) in &program.prices {
            let basis = self.basis(decl.basis.as_ref(), Basis::Actual);
            let support = self.support(&decl.support);
            let of = self.quoted(&decl.of);
            let name = path::beside(file, &decl.file.text);
            let Some(of) = of else {
                self.price_file(&name, &decl.file, "close", None);
                continue;
            };
            let calendar = of.class().map(|class| self.trading(class));
            let points = self.price_file(&name, &decl.file, of.word(), calendar.as_ref()).unwrap_or_default();
            if let Some(class) = of.class().filter(|_| !decl.linear) {
                self.gaps(&decl.file, class, &points);
            }
            let file = name.as_str().into();
            self.terms.prices.push(Prices { of, file, points, linear: decl.linear, basis, support, span: *span });
        }
        for ast in &program.paths {
            if let Some(path) = self.price_path(ast, None) {
                self.terms.paths.push(path);
            }
        }
    }

    /// Trading days without a close, and closes on days that are none: said once for a file.
    pub(super) fn gaps(&mut self, written: &ast::Text, class: ClassId, points: &[(Date, Number, u32)]) {
        let calendar = self.terms.classes.get(class.index()).and_then(|c| c.calendar.clone());
        let calendar = calendar.unwrap_or_else(TradingCalendar::weekdays);
        let closed = points.iter().find(|(date, ..)| !calendar.is_trading(*date)).map(|(date, ..)| *date);
        let pairs = points.iter().zip(points.iter().skip(1));
        let skipped = pairs.map(|(a, b)| (calendar.next_after(a.0), b.0)).filter(|(next, b)| next < b);
        let skipped: Vec<(Date, Date)> = skipped.collect();
        if let Some((from, to)) = skipped.first() {
            let message = format!("no close from {from} to {}", calendar.on_or_before(to.prev()));
            let more = if skipped.len() > 1 { format!("and {} more gaps", skipped.len() - 1) } else { String::new() };
            let found = Diagnostic::new(Code::PriceGap, written.span, message).label(more);
            self.report
                .push(found.help("add the closes, or write `linear between`; a window with a gap is undetermined"));
        } else if let Some(date) = closed {
            let message = format!("a close on {date}, which is no trading day");
            let found = Diagnostic::new(Code::PriceGap, written.span, message).label("it is never read");
            self.report.push(found.help("check the date, or the calendar of the class"));
        }
    }

    /// Reads `date,close` rows, or with another word for the second column; `None` if there is no file.
    fn price_file(
        &mut self,
        name: &str,
        written: &ast::Text,
        word: &'static str,
        calendar: Option<&TradingCalendar>,
    ) -> Option<Vec<(Date, Number, u32)>> {
        let fail = |why: String| {
            let message = format!("cannot read prices from `{name}`");
            let error = Diagnostic::new(Code::BadPriceFile, written.span, message).label(why);
            error.help("check the path; it is relative to the file with this clause")
        };
        let bytes = match self.disk.read(name) {
            Ok(bytes) => bytes,
            Err(why) => {
                self.report.push(fail(why));
                return None;
            }
        };
        if !self.files.iter().any(|file| file == name) {
            self.files.push(name.to_owned());
        }
        let text = match syntax::text::normalise(&bytes) {
            Ok(text) => text,
            Err(at) => {
                self.report.push(fail(format!("byte {at} is not UTF-8")));
                return None;
            }
        };
        let source = self.sources.add(name, text.as_str());
        if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
            self.report.push(fail("a quote in it is not closed".to_owned()));
            return None;
        }
        Some(self.rows(&Table { source, text, word }, written.span, calendar))
    }

    /// The trading days of a class, as the run counts them.
    pub(super) fn trading(&self, class: ClassId) -> TradingCalendar {
        let named = self.terms.classes.get(class.index()).and_then(|class| class.calendar.clone());
        named.unwrap_or_else(TradingCalendar::weekdays)
    }

    fn rows(&mut self, table: &Table, used: Span, calendar: Option<&TradingCalendar>) -> Vec<(Date, Number, u32)> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(table.text.as_bytes());
        let mut points: Vec<(Date, Number, u32)> = Vec::new();
        let mut seen: Option<Span> = None;
        let mut wrong = 0;
        for (at, record) in reader.records().enumerate() {
            if wrong >= WRONG_ROWS {
                self.report.cut();
                return points;
            }
            let Ok(record) = record else {
                self.row_error(used, used, "the rows cannot be read");
                return points;
            };
            let start = record.position().map_or(0, |p| u32::try_from(p.byte()).unwrap_or(0));
            let span = table.line(start);
            let line = self.sources.get(span.source).map_or(0, |file| next(file.line(span.start)));
            let mut cells = record.iter();
            let cells = (cells.next().unwrap_or(""), cells.next().unwrap_or(""), cells.next());
            if at == 0 {
                if cells != ("date", table.word, None) {
                    self.row_error(span, used, &format!("the first line must be `date,{}`", table.word));
                    return points;
                }
                continue;
            }
            match price_row(cells, points.last()) {
                Ok((date, close)) => {
                    if let Some(calendar) = calendar.filter(|calendar| !calendar.is_trading(date)) {
                        wrong += 1;
                        let error = Diagnostic::new(Code::BadPriceFile, span, closed(date, calendar));
                        self.report.push(error.also(used, "read from here").help(CLOSED));
                    }
                    points.push((date, close, line));
                    seen = Some(span);
                }
                Err(Wrong::Twice(first, second)) => {
                    wrong += 1;
                    let message = format!("two prices on one day: {first} and {second}");
                    let mut error = Diagnostic::new(Code::ContradictingPrices, span, message).label("again here");
                    if let Some(first) = seen {
                        error = error.also(first, "first here");
                    }
                    self.report.push(error.also(used, "read from here").help("keep one"));
                }
                Err(Wrong::Row(why)) => {
                    wrong += 1;
                    self.row_error(span, used, &why);
                }
            }
        }
        if table.text.trim().is_empty() {
            self.row_error(used, used, "the price file is empty");
        }
        points
    }

    fn row_error(&mut self, span: Span, used: Span, why: &str) {
        let mut error = Diagnostic::new(Code::BadPriceFile, span, why);
        if span != used {
            error = error.also(used, "read from here");
        }
        self.report.push(error.help("two columns, such as `date,close`; ISO dates that ascend; one row a day"));
    }

    /// A price path; outside scenarios it must say that it is forecast or assumed.
    pub(super) fn price_path(&mut self, ast: &ast::PricePath, default: Option<Basis>) -> Option<PricePath> {
        let basis = self.basis(ast.basis.as_ref(), default.unwrap_or(Basis::Actual));
        if basis == Basis::Actual {
            self.report.push(
                Diagnostic::new(Code::PathOutsideForecast, ast.span, "a price path is not a fact")
                    .help("write `forecast` or `assumed` at its end, or move it into a scenario"),
            );
        }
        let support = self.support(&ast.support);
        let from = self.day(&ast.from);
        let of = self.quoted(&ast.of)?;
        let start = match &ast.start {
            Some(start) => Some(self.path_price(start, &of)?),
            None => None,
        };
        let mut to: Vec<(Formula, Date)> = Vec::new();
        let mut before = (from, ast.from.span);
        for (price, date) in &ast.to {
            let day = self.day(date);
            if day < before.0 || (day == before.0 && !to.is_empty()) {
                let error = Diagnostic::new(Code::BadValue, date.span, "the corners of a path must ascend in time");
                self.report.push(error.label("not later").also(before.1, "than this"));
            }
            if far(before.0, day) {
                let error = Diagnostic::new(Code::BadValue, date.span, "a path of more than a hundred years");
                self.report.push(error.label("is this the year?").also(before.1, "from here"));
                return None;
            }
            before = (day, date.span);
            to.push((self.path_price(price, &of)?, day));
        }
        Some(PricePath { of, from, start, to, basis, support, span: ast.span })
    }

    fn path_price(&mut self, expr: &ast::Expr, of: &Quoted) -> Option<Formula> {
        let unit = self.quoted_unit(of);
        let class = of.class().and_then(|class| self.terms.classes.get(class.index()));
        let because = class.map(|c| (c.span, format!("priced in `{unit}`")));
        let found =
            self.typed(expr, &Hint { unit: Some(unit.clone()), path: "price", scope: &Scope::default() })?.formula;
        if !self.fits(&found.unit, expr.span, &unit, because) {
            return None;
        }
        if crate::check::types::constant(&found).is_some_and(|n| !n.is_positive()) {
            return self.report.fail(Code::BadValue, expr.span, "a price must be above zero", "not above zero");
        }
        Some(found)
    }
}

/// Wrong rows that are listed for one file: more of them are likely all wrong in the same way.
const WRONG_ROWS: usize = crate::base::limits::WRONG_ROWS;

/// What to do about a close on a day without trading.
pub(super) const CLOSED: &str = "correct the date, or give the class the right `calendar`";

/// Why there is no close on a day.
pub(super) fn closed(date: Date, calendar: &TradingCalendar) -> String {
    let weekday = date.weekday();
    let why = if weekday.is_weekend() { format!("a {}", weekday.name()) } else { "a holiday".to_owned() };
    format!("{date} is {why}, not a trading day of `{}`", calendar.name())
}

impl Table {
    /// The line that begins at or before this byte.
    fn line(&self, start: u32) -> Span {
        let rest = self.text.get(start as usize..).unwrap_or("");
        let skipped = rest.len() - rest.trim_start_matches(['\n', ' ']).len();
        let begin = start.saturating_add(u32::try_from(skipped).unwrap_or(0));
        let length = rest.trim_start_matches(['\n', ' ']).find('\n').unwrap_or(rest.len() - skipped);
        Span::new(self.source, begin, begin.saturating_add(u32::try_from(length).unwrap_or(0)))
    }
}

/// What is wrong with a row.
enum Wrong {
    Row(String),
    Twice(Number, Number),
}

fn price_row(
    (date, close, more): (&str, &str, Option<&str>),
    last: Option<&(Date, Number, u32)>,
) -> Result<(Date, Number), Wrong> {
    let day = Date::parse(date).ok_or_else(|| Wrong::Row(format!("`{date}` is not a date such as 2027-08-20")))?;
    let price = Number::parse(close).map_err(|why| Wrong::Row(format!("`{close}` is not a price: {why}")))?;
    if more.is_some() {
        return Err(Wrong::Row("more than two columns".to_owned()));
    }
    if !price.is_positive() {
        return Err(Wrong::Row(format!("a close of {price}; it must be above zero")));
    }
    match last {
        Some((before, first, _)) if *before == day && *first != price => Err(Wrong::Twice(*first, price)),
        Some((before, ..)) if *before == day => Err(Wrong::Row(format!("{day} stands twice"))),
        Some((before, ..)) if *before > day => {
            Err(Wrong::Row(format!("{day} comes after {before}; dates must ascend")))
        }
        Some((before, ..)) if far(*before, day) => {
            Err(Wrong::Row(format!("{day} is more than a hundred years after {before}")))
        }
        _ => Ok((day, price)),
    }
}

/// Whether more than a hundred years lie between two closes: a slip, and too long to be filled in.
fn far(from: Date, to: Date) -> bool {
    from.days_until(to) > 36_525
}
