//! Parties, their share classes and the books they keep.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Code, Diagnostic};
use crate::check::Checker;
use crate::check::declare::Program;
use crate::check::report::Once;
use crate::check::symbols::Scope;
use crate::check::types::Hint;
use crate::num::Unit;
use crate::syntax::ast;
use crate::terms::{BookId, Party, PartyId, ShareClass};
use crate::time::{FiscalYearEnd, TradingCalendar, Weekday};

const MONTHS: [(u8, &str); 12] = [
    (1, "January"),
    (2, "February"),
    (3, "March"),
    (4, "April"),
    (5, "May"),
    (6, "June"),
    (7, "July"),
    (8, "August"),
    (9, "September"),
    (10, "October"),
    (11, "November"),
    (12, "December"),
];

impl Checker<'_> {
    /// Lowers parties, then their classes.
    pub(super) fn parties(&mut self, program: &Program) {
        for (decl, span) in &program.parties {
            let mut currency = Once::new("currency");
            let mut fiscal = Once::new("fiscal year");
            for clause in &decl.clauses {
                match clause {
                    ast::PartyClause::Currency(name) => currency.set(name, name.span, &mut self.report),
                    ast::PartyClause::FiscalYear(lit, span) => fiscal.set(lit, *span, &mut self.report),
                    ast::PartyClause::Class(_) | ast::PartyClause::Book(..) => {}
                }
            }
            if currency.get().is_none() {
                let message = format!("`{}` has no currency", decl.name.text);
                self.missing(decl.name.span, message, "add a clause such as `currency USD`");
            }
            let currency = currency.take().and_then(|name| self.currency_word(name).map(|_| name.text.clone()));
            let fiscal = fiscal.take().and_then(|lit| self.fiscal(lit)).unwrap_or_default();
            self.terms.parties.push(Party {
                name: decl.name.text.clone(),
                legal_name: decl.title.text.clone(),
                currency: currency.unwrap_or_else(|| "USD".into()),
                fiscal,
                book: None,
                span: *span,
            });
        }
        let calendars: Vec<TradingCalendar> = program.calendars.iter().map(|decl| self.calendar(decl)).collect();
        for (issuer, decl) in &program.classes {
            self.class(*issuer, decl, &calendars);
        }
    }

    fn fiscal(&mut self, lit: &ast::FiscalYearLit) -> Option<FiscalYearEnd> {
        let month = |checker: &mut Self, name| checker.report.word(Code::WrongKind, name, "a month", &MONTHS);
        let weekday = |checker: &mut Self, name| {
            checker.report.word(Code::WrongKind, name, "a day of the week", &Weekday::ALL.map(|day| (day, day.name())))
        };
        Some(match lit {
            ast::FiscalYearLit::DayMonth(day, name) => {
                let month = month(self, name)?;
                let last = match month {
                    2 => 29,
                    4 | 6 | 9 | 11 => 30,
                    _ => 31,
                };
                if !(1..=last).contains(day) {
                    let message = format!("there is no {day} {}", name.text);
                    return self.report.fail(Code::BadValue, name.span, message, format!("1 to {last}"));
                }
                FiscalYearEnd::MonthDay { month, day: *day }
            }
            ast::FiscalYearLit::LastWeekday(day, name) => {
                let (weekday, month) = (weekday(self, day), month(self, name));
                FiscalYearEnd::LastWeekday { weekday: weekday?, month: month? }
            }
            ast::FiscalYearLit::NearestWeekday(day, name) => {
                let (weekday, month) = (weekday(self, day), month(self, name));
                FiscalYearEnd::NearestWeekday { weekday: weekday?, month: month? }
            }
        })
    }

    fn calendar(&mut self, decl: &ast::CalendarDecl) -> TradingCalendar {
        let base = match &decl.like {
            None => TradingCalendar::weekdays(),
            Some(name) => {
                let choices = [(TradingCalendar::nyse(), "nyse"), (TradingCalendar::weekdays(), "weekdays")];
                let found = self.report.word(Code::WrongKind, name, "a built-in calendar", &choices);
                found.unwrap_or_else(TradingCalendar::weekdays)
            }
        };
        let closed: Vec<_> = decl.closed.iter().map(|date| self.day(date)).collect();
        TradingCalendar::custom(&decl.name.text, &base, closed)
    }

    fn class(&mut self, issuer: PartyId, decl: &ast::ClassDecl, calendars: &[TradingCalendar]) {
        let party = self.terms.parties.get(issuer.index());
        let (name, currency) = party.map_or(("?", "USD"), |p| (&p.name, &p.currency));
        let path: Arc<str> = format!("{name}.{}", decl.name.text).into();
        let per_share = Unit::per(currency, "share");
        let scope = Scope::default();
        let par = decl.par.as_ref().map(|par| {
            let path = format!("{path}.par");
            self.value(par, &per_share, None, &Hint { unit: None, path: &path, scope: &scope })
        });
        let authorised = decl.authorised.as_ref().map(|number| {
            let path = format!("{path}.authorised");
            self.value(number, &Unit::of("shares"), None, &Hint { unit: None, path: &path, scope: &scope })
        });
        let participates = decl.participates.as_ref().map(|said| self.class_participates(said, &path));
        let calendar = decl.calendar.as_ref().and_then(|name| self.class_calendar(name, calendars));
        let support = self.support(&decl.support);
        let span = decl.name.span;
        self.terms.classes.push(ShareClass { path, issuer, par, authorised, participates, calendar, support, span });
    }

    fn class_calendar(&mut self, name: &ast::Name, calendars: &[TradingCalendar]) -> Option<TradingCalendar> {
        if let Some(at) = self.symbols.calendars.get(&name.text) {
            return calendars.get(at).cloned();
        }
        match &*name.text {
            "nyse" => Some(TradingCalendar::nyse()),
            "weekdays" => Some(TradingCalendar::weekdays()),
            other => {
                let known = self.symbols.calendars.names().chain(["nyse", "weekdays"]);
                self.report.unknown(Code::UnknownName, (other, name.span), "calendar", known)
            }
        }
    }

    /// Resolves `book NAME { policy = choice }`, once books are lowered.
    pub(super) fn party_books(&mut self, program: &Program) {
        for (at, (decl, _)) in program.parties.iter().enumerate() {
            let mut book = Once::new("book");
            for clause in &decl.clauses {
                if let ast::PartyClause::Book(name, choices) = clause {
                    book.set((name, choices), name.span, &mut self.report);
                }
            }
            let Some((name, choices)) = book.take() else { continue };
            let Some(id) = self.symbols.books.find(name, "book", &mut self.report) else { continue };
            let choices = self.choices(id, choices);
            if let Some(party) = self.terms.parties.get_mut(at) {
                party.book = Some((id, choices));
            }
        }
    }

    /// The choice for every policy of a book.
    fn choices(&mut self, id: BookId, written: &[(ast::Name, ast::Name)]) -> Vec<(Arc<str>, Arc<str>)> {
        let Some(book) = self.terms.books.get(id.index()) else { return Vec::new() };
        let mut made: BTreeMap<&str, &ast::Name> = BTreeMap::new();
        for (policy, choice) in written {
            let Some(found) = book.policies.iter().find(|p| p.name == policy.text) else {
                let names = book.policies.iter().map(|p| &*p.name);
                let _: Option<()> =
                    self.report.unknown(Code::UnknownPolicy, (&policy.text, policy.span), "policy", names);
                continue;
            };
            super::dimension::share_of_whole(&mut self.report, choice);
            if !found.takes(&choice.text) {
                let names: Vec<(&str, &str)> = found.choices.iter().map(|c| (&**c, &**c)).collect();
                let what = format!("a choice of `{}`", found.name);
                self.report.word(Code::UnknownPolicy, choice, &what, &names);
            }
            if let Some(first) = made.insert(&found.name, choice) {
                let message = format!("`{}` is chosen twice", found.name);
                self.report
                    .push(Diagnostic::new(Code::ClauseTwice, choice.span, message).also(first.span, "first here"));
            }
        }
        let chosen = |policy: &crate::terms::Policy| {
            let default = || policy.choices.first().cloned().unwrap_or_else(|| "".into());
            made.get(&*policy.name).map_or_else(default, |choice| choice.text.clone())
        };
        book.policies.iter().map(|policy| (policy.name.clone(), chosen(policy))).collect()
    }
}
