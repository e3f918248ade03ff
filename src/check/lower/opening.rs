//! Openings from plain-text journals: which accounts become what.

mod ask;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::suggest::nearest;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::{Program, next};
use crate::check::journals::Held;
use crate::check::symbols::text;
use crate::check::units;
use crate::num::{Fixed, Number, Unit};
use crate::plaintext::Books;
use crate::syntax::ast::{self, Expr, ExprKind, Take, Taken, UnitLit};
use crate::terms::{Basis, Line, Prices, Quoted, Source, SourceId, Support};

/// Accounts that are named in a citation; the others are counted.
const CITED: usize = 6;

/// A clause with the sum it takes and the lines of the trial balance it is made of.
struct Found<'a> {
    path: &'a ast::Path,
    take: &'a Take,
    sum: Fixed,
    made_of: Vec<usize>,
}

/// A trial balance, and which clause took each line of it.
struct Trial {
    held: Vec<Held>,
    taken: BTreeMap<usize, Span>,
}

impl Checker<'_> {
    /// Opens parties with the balances of journals.
    pub(super) fn openings(&mut self, program: &Program) {
        for (written, file) in &program.bare_journals {
            self.ask_accounts(written, file);
        }
        for (journal, span, file) in &program.journals {
            self.opening(journal, *span, file);
        }
    }

    fn opening(&mut self, journal: &ast::JournalUse, span: Span, file: &str) -> Option<()> {
        let date = self.day(&journal.date);
        let party = self.symbols.party(&journal.party, &mut self.report);
        let support = self.support(&journal.support);
        let dialect = self.dialect(journal)?;
        let books = self.journal(file, &journal.file, dialect)?;
        let held = self.held(&books, date, journal.head)?;
        let currency = self.terms.parties.get(party?.index())?.currency.clone();
        if journal.takes.is_empty() {
            self.ask(&journal.file, journal.head, &held, (date, &journal.party.text));
            return None;
        }
        let source = self.journal_source(journal, date);
        let mut trial = Trial { held, taken: BTreeMap::new() };
        let mut whole = true;
        let mut found: Vec<Found<'_>> = Vec::new();
        for take in &journal.takes {
            match &take.what {
                Taken::Nothing(from) => {
                    whole &= self.take(&mut trial, take, from, None).is_some();
                }
                Taken::Holding(path, from) => {
                    let own = self.commodity_of(&text(path), &journal.party.text, &currency);
                    let taken = self.take(&mut trial, take, from, Some(own));
                    whole &= taken.is_some();
                    found.extend(taken.map(|(sum, made_of)| Found { path, take, sum, made_of }));
                }
                Taken::Prices(of, commodity) => {
                    self.journal_prices(&books, (of, commodity), take, (source, &journal.file));
                }
            }
        }
        // What a wrong clause should have taken is not left.
        if whole {
            self.not_taken(journal, &trial);
        }
        self.notes.push(note(&books, journal, &trial, &found));
        for group in grouped(found) {
            self.opened(journal, group, &trial, (source, &support, span));
        }
        Some(())
    }

    /// The journal as a source that can be cited.
    fn journal_source(&mut self, journal: &ast::JournalUse, date: crate::time::Date) -> SourceId {
        let name = journal.file.text.rsplit('/').next().unwrap_or("").into();
        let title = format!("{}, balances at the end of {date}", journal.file.text).into();
        let id = SourceId(next(self.terms.sources.len()));
        self.terms.sources.push(Source { name, title, dated: Some(date), grade: None, url: None, span: journal.head });
        id
    }

    /// The commodity a holding is in when the clause does not say.
    fn commodity_of(&self, holding: &str, party: &str, currency: &str) -> String {
        match holding {
            "cash" => currency.to_owned(),
            "awards" | "dilutive_awards" => {
                let id = self.symbols.paths.get(party).and_then(crate::check::symbols::as_party);
                let class = self.terms.classes.iter().find(|class| Some(class.issuer) == id);
                class.map_or_else(|| "shares".to_owned(), |class| class.path.to_string())
            }
            other if other.contains('.') => other.to_owned(),
            other => format!("{party}.{other}"),
        }
    }

    /// Takes the lines of accounts in a commodity: in any, for `nothing` without one. None after an error.
    fn take(
        &mut self,
        trial: &mut Trial,
        take: &Take,
        from: &[(bool, ast::Text)],
        own: Option<String>,
    ) -> Option<(Fixed, Vec<usize>)> {
        let wanted = take.commodity.as_ref().map(|text| text.text.to_string()).or(own);
        let fits = |commodity: &str| match (&wanted, &take.commodity) {
            (None, _) => true,
            (Some(wanted), Some(_)) => commodity == wanted,
            // Classes are written in capitals by programs that know no other commodities.
            (Some(wanted), None) => commodity.eq_ignore_ascii_case(wanted),
        };
        let (mut sum, mut made_of, mut whole) = (Fixed::ZERO, Vec::new(), true);
        for (minus, pattern) in from {
            let all: Vec<usize> =
                (0..).zip(&trial.held).filter(|(_, h)| matches(&pattern.text, &h.account)).map(|(at, _)| at).collect();
            if all.is_empty() {
                self.no_account(pattern, trial);
                whole = false;
                continue;
            }
            let held = |at: usize| trial.held.get(at);
            let mine: Vec<usize> =
                all.iter().copied().filter(|at| held(*at).is_some_and(|h| fits(&h.commodity))).collect();
            if mine.is_empty() {
                let others: Vec<&str> = all.iter().filter_map(|at| held(*at)).map(|h| &*h.commodity).collect();
                self.no_commodity(take, pattern, wanted.as_deref().unwrap_or(""), others);
                whole = false;
            }
            for at in mine {
                let Some(found) = trial.held.get(at) else { continue };
                if let Some(first) = trial.taken.insert(at, pattern.span) {
                    let message = format!("`{}` is taken twice in {}", found.account, found.commodity);
                    let error = Diagnostic::new(Code::TakenTwice, pattern.span, message).label("again here");
                    self.report.push(error.also(first, "first here").help(Code::TakenTwice.advice()));
                    whole = false;
                    continue;
                }
                let amount = if *minus { found.balance.amount.negated() } else { found.balance.amount };
                match sum.plus(amount) {
                    Ok(more) => sum = more,
                    Err(fault) => {
                        return self.report.fail(
                            Code::JournalNumber,
                            pattern.span,
                            fault.to_string(),
                            "adding this up",
                        );
                    }
                }
                made_of.push(at);
            }
        }
        whole.then_some((sum, made_of))
    }

    fn no_account(&mut self, pattern: &ast::Text, trial: &Trial) {
        let found = Diagnostic::new(
            Code::UnknownName,
            pattern.span,
            format!("no account of the journal fits `{}`", pattern.text),
        );
        let found = found.label("on or before this day");
        let near = nearest(&pattern.text, trial.held.iter().map(|h| &*h.account));
        self.report.push(match near {
            Some(near) => found.help(format!("did you mean `{near}`?")).fix(pattern.span, format!("\"{near}\"")),
            None => found.help(format!("there are {}", ask::listed(trial.held.iter().map(|h| h.account.clone())))),
        });
    }

    /// Says so if one currency is to be taken for another.
    fn converts(&mut self, own: &str, written: &ast::Text) -> bool {
        let (own, other) = (Unit::of(own), Unit::of(&written.text));
        let converts = own.is_currency() && other.is_currency() && own != other;
        if converts {
            let message = format!("`{other}` is another currency than `{own}`");
            let found = Diagnostic::new(Code::OtherCommodity, written.span, message).label("nothing is converted");
            self.report.push(found.help(format!("write the amount in `{own}` on an `open` line, with its source")));
        }
        converts
    }

    fn no_commodity(&mut self, take: &Take, pattern: &ast::Text, wanted: &str, mut others: Vec<&str>) {
        others.sort_unstable();
        others.dedup();
        let message = format!("`{}` holds no `{wanted}`", pattern.text);
        let shown: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
        let label = format!("it holds {}", ask::listed(shown.into_iter()));
        let found = Diagnostic::new(Code::OtherCommodity, pattern.span, message).label(label);
        let near = nearest(wanted, others.iter().copied()).or_else(|| others.first().copied()).unwrap_or("");
        self.report.push(match &take.commodity {
            Some(written) => found.help(format!("did you mean `{near}`?")).fix(written.span, format!("\"{near}\"")),
            None if Unit::of(wanted).is_currency() && Unit::of(near).is_currency() => {
                found.help("nothing is converted; write the amount on an `open` line, with its source")
            }
            None => {
                let fix = format!(" in \"{near}\"");
                let behind = Span { start: take.span.end, ..take.span };
                found.help(format!("write `in \"{near}\"` behind the accounts if that is what it is")).fix(behind, fix)
            }
        });
    }

    /// A line that opens the party with some of what was found.
    fn opened(
        &mut self,
        journal: &ast::JournalUse,
        group: Vec<Found<'_>>,
        trial: &Trial,
        (source, support, span): (SourceId, &Support, Span),
    ) {
        let mut entries: Vec<(ast::Path, Expr)> = Vec::new();
        let mut support = support.clone();
        let mut place = span;
        for found in &group {
            let Some(amount) = self.plain(found.sum, found.take.span) else { continue };
            let unit = if text(found.path) == "cash" { self.cash_unit(journal, found.take) } else { "shares".into() };
            entries.push((found.path.clone(), literal(amount, unit, found.take.span)));
            support.citations.extend(self.journal_lines(source, found, trial));
            place = found.take.span;
        }
        let date = journal.date.date;
        let Some(fact) = self.open(&journal.party, &entries) else { return };
        self.terms.lines.push(Line {
            id: None,
            date,
            known: date,
            basis: Basis::Actual,
            fact: Some(fact),
            realises: None,
            corrects: None,
            withdraws: None,
            restates: false,
            support,
            note: None,
            span: place,
        });
    }

    fn plain(&mut self, amount: Fixed, span: Span) -> Option<Number> {
        let number = amount.number();
        number
            .or_else(|fault| {
                self.report.fail(Code::JournalNumber, span, fault.to_string(), "too many digits").ok_or(fault)
            })
            .ok()
    }

    /// What cash is in: a currency that is named is one; a symbol stands for the party's own.
    fn cash_unit(&self, journal: &ast::JournalUse, take: &Take) -> Arc<str> {
        if let Some(named) = take.commodity.as_ref().filter(|named| Unit::of(&named.text).is_currency()) {
            return named.text.clone();
        }
        let id = self.symbols.paths.get(&journal.party.text).and_then(crate::check::symbols::as_party);
        let party = id.and_then(|id| self.terms.parties.get(id.index()));
        party.map_or_else(|| "USD".into(), |party| party.currency.clone())
    }

    /// The journal, account by account, with the line of the last posting.
    fn journal_lines(&self, source: SourceId, found: &Found<'_>, trial: &Trial) -> Vec<(SourceId, Option<Arc<str>>)> {
        let lines = found.made_of.iter().filter_map(|at| trial.held.get(*at));
        let cite = |held: &Held| {
            let postings = if held.balance.count == 1 { "posting" } else { "postings" };
            let place = self.sources.place(held.balance.last);
            format!(
                "{} {} {}, {} {postings}, the last at {place}",
                held.account, held.balance.amount, held.commodity, held.balance.count
            )
        };
        let mut places: Vec<String> = lines.clone().take(CITED).map(cite).collect();
        let more = found.made_of.len().saturating_sub(CITED);
        if more > 0 {
            places.push(format!("and {more} more accounts"));
        }
        places.into_iter().map(|place| (source, Some(place.into()))).collect()
    }

    /// A series of the journal's market prices.
    fn journal_prices(
        &mut self,
        books: &Books,
        (of, written): (&ast::Quoted, &ast::Text),
        take: &Take,
        (source, file): (SourceId, &ast::Text),
    ) -> Option<()> {
        let of = self.quoted(of)?;
        let unit = self.quoted_unit(&of);
        let currency = units::currency(&unit).unwrap_or("").to_owned();
        if let Some(written) = &take.commodity
            && self.converts(&currency, written)
        {
            return None;
        }
        let currency = take.commodity.as_ref().map_or(currency, |text| text.text.to_string());
        let names = &books.journal.commodities;
        let all = books.journal.prices.iter().filter(|p| names.get(p.commodity) == &*written.text);
        let mut mine: Vec<_> = all.clone().filter(|p| names.get(p.currency) == currency).collect();
        if mine.is_empty() {
            let message = format!("the journal has no price of `{}` in `{currency}`", written.text);
            let found = Diagnostic::new(Code::OtherCommodity, written.span, message);
            let mut others: Vec<String> =
                all.map(|p| format!("`{}` in `{}`", names.get(p.commodity), names.get(p.currency))).collect();
            if others.is_empty() {
                others = books.journal.prices.iter().map(|p| format!("`{}`", names.get(p.commodity))).collect();
            }
            let there = if others.is_empty() { "it has no prices".to_owned() } else { ask::listed(others.into_iter()) };
            self.report.push(found.label(format!("there: {there}")).help(Code::OtherCommodity.advice()));
            return None;
        }
        mine.sort_by_key(|p| p.date);
        let calendar = of.class().map(|class| self.trading(class));
        let mut points: Vec<(crate::time::Date, Number, u32)> = Vec::new();
        let mut before: Option<Span> = None;
        for price in mine {
            let Some(number) = self.plain(price.price, price.span) else { continue };
            let line = self.sources.get(price.span.source).map_or(0, |file| next(file.line(price.span.start)));
            if let (Some((_, known, _)), Some(first)) = (points.last().filter(|(day, ..)| *day == price.date), before) {
                if *known != number {
                    let message = format!("two prices on one day: {known} and {number}");
                    let error = Diagnostic::new(Code::ContradictingPrices, price.span, message).label("again here");
                    self.report
                        .push(error.also(first, "first here").also(take.span, "read from here").help("keep one"));
                }
                continue;
            }
            before = Some(price.span);
            if let Some(calendar) = calendar.as_ref().filter(|calendar| !calendar.is_trading(price.date)) {
                let message = super::prices::closed(price.date, calendar);
                let found = Diagnostic::new(Code::PriceGap, price.span, message).label("this price is never read");
                self.report.push(found.also(take.span, "read from here").help(super::prices::CLOSED));
                continue;
            }
            if !number.is_positive() {
                let message = format!("a price of {number}; it must be above zero");
                self.report.error(Code::BadValue, price.span, message, "not above zero");
                continue;
            }
            points.push((price.date, number, line));
        }
        if let Quoted::Close(class) = of {
            self.gaps(written, class, &points);
        }
        let support = Support { citations: vec![(source, None)], assumed: Vec::new() };
        let file = file.text.clone();
        let basis = Basis::Actual;
        self.terms.prices.push(Prices { of, file, points, linear: false, basis, support, span: take.span });
        Some(())
    }
}

/// A value as if it had been written.
fn literal(amount: Number, unit: Arc<str>, span: Span) -> Expr {
    let unit = UnitLit { num: ast::Name { text: unit, span }, den: None, of: None };
    let number = Expr { kind: ExprKind::Number(amount.abs(), Some(unit)), span };
    if amount.is_negative() { Expr { kind: ExprKind::Neg(Box::new(number)), span } } else { number }
}

/// One line for each holding; awards and those of them that dilute stand on one.
fn grouped(found: Vec<Found<'_>>) -> Vec<Vec<Found<'_>>> {
    let (awards, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|f| text(f.path).ends_with("awards"));
    let mut groups: Vec<Vec<Found<'_>>> = others.into_iter().map(|found| vec![found]).collect();
    if !awards.is_empty() {
        groups.push(awards);
    }
    groups
}

/// Whether an account fits a pattern; `*` stands for any letters, colons included.
fn matches(pattern: &str, account: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = account.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(before) = last.replace(part) {
            let Some(at) = rest.find(before) else { return false };
            rest = rest.get(at + before.len()..).unwrap_or("");
        }
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

/// What was read and taken, in one line.
fn note(books: &Books, journal: &ast::JournalUse, trial: &Trial, found: &[Found<'_>]) -> String {
    let all = &books.journal.transactions;
    let upto = all.iter().filter(|t| t.date <= journal.date.date).count();
    let taken: Vec<String> =
        found.iter().map(|f| format!("{} {} from {} accounts", text(f.path), f.sum, f.made_of.len())).collect();
    let left = trial.held.len() - trial.taken.len();
    format!(
        "{}: {upto} transactions up to {} read, {} later ones not; opened {}: {}; {left} balances not taken",
        journal.file.text,
        journal.date.date,
        all.len() - upto,
        journal.party.text,
        if taken.is_empty() { "nothing".to_owned() } else { taken.join(", ") },
    )
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_of_accounts() {
        for (pattern, account) in [
            ("Assets:Bank", "Assets:Bank"),
            ("Assets:*", "Assets:Bank:Checking"),
            ("*", "x"),
            ("*:Cash", "Assets:Cash"),
            ("Assets:*:USD", "Assets:Bank:One:USD"),
            ("*Bank*", "Assets:Bank:One"),
            ("a*a", "aa"),
        ] {
            assert!(matches(pattern, account), "{pattern} {account}");
        }
        for (pattern, account) in
            [("Assets:Bank", "Assets:Bank:One"), ("Assets:*", "Assets"), ("a*a", "a"), ("*b*c", "acb"), ("", "a")]
        {
            assert!(!matches(pattern, account), "{pattern} {account}");
        }
    }
}
