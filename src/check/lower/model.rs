//! Values that a model works out: `fair value black_scholes(…)`, `assume NAME = black_scholes(…)`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::tranche::Warranted;
use crate::base::limits::{PATH_DAYS, PATHS, WINDOW};
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::assume::{Assumed, Known};
use crate::check::declare::next;
use crate::check::report::Once;
use crate::check::symbols::Scope;
use crate::check::types::{Hint, Typed, made, merge, nesting};
use crate::check::units::grouped;
use crate::num::{Number, Unit};
use crate::pricing::{Input, Method, Settings, Watched, YearBasis};
use crate::syntax::ast::{self, Expr, ExprKind};
use crate::terms::{Assumption, AssumptionId, ClassId, Fact, Formula, FormulaKind, Model, Quoted, Support};
use crate::time::Date;

/// What is known of all model values of a program.
#[derive(Default)]
pub(in crate::check) struct Models {
    /// Values in clauses, by the path of the clause: each is worked out once.
    named: BTreeMap<Arc<str>, AssumptionId>,
    /// The close that the model being read names.
    close: Option<(ClassId, Date, Span)>,
    /// Closes that are read once all prices are known.
    closes: Vec<(AssumptionId, ClassId, Date, Span)>,
    /// What all simulations cost.
    path_days: u64,
}

/// What a model takes from the warrant where it does not say otherwise.
pub(in crate::check) struct Awarded {
    /// Currency per share.
    pub unit: Unit,
    pub strike: Formula,
    /// The grant date.
    pub on: Option<Date>,
    /// The last day of exercise, and where it is written.
    pub until: Option<(Date, Span)>,
}

/// What is written between the brackets.
struct Written<'e> {
    inputs: BTreeMap<Input, &'e Expr>,
    on: Once<Date>,
    until: Once<Date>,
    year: YearBasis,
    settings: Settings,
}

/// Whether a value is a model's, whatever it rests on.
pub(super) fn is_model(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Paren(inner) | ExprKind::Supported(inner, _) => is_model(inner),
        kind => matches!(kind, ExprKind::Model(..)),
    }
}

impl Checker<'_> {
    /// The value of a clause by a model, and its place among the assumptions, where it is worked out once.
    pub(super) fn modelled(
        &mut self,
        expr: &Expr,
        support: &ast::Support,
        name: &Arc<str>,
        at: &Warranted,
    ) -> (Formula, Option<AssumptionId>) {
        self.modelled_for(expr, support, name, &at.award, &at.scope)
    }

    /// The same with what the model takes from the award.
    pub(super) fn modelled_for(
        &mut self,
        expr: &Expr,
        support: &ast::Support,
        name: &Arc<str>,
        award: &Awarded,
        scope: &Scope,
    ) -> (Formula, Option<AssumptionId>) {
        let failed = || Formula::undisclosed(Arc::clone(name), award.unit.clone(), expr.span);
        let id = match self.models.named.get(name) {
            Some(id) => *id,
            None => {
                let hint = Hint { unit: None, path: name, scope };
                let found = self.model_value(expr, Some(award), &hint).flatten();
                let close = self.models.close.take();
                let Some(mut found) = found.map(|typed| typed.formula) else { return (failed(), None) };
                let rests_on = self.support(support);
                merge(&mut found.support, rests_on);
                let id = AssumptionId(next(self.terms.assumptions.len()));
                self.models.closes.extend(close.map(|(class, day, span)| (id, class, day, span)));
                let (unit, height) = (found.unit.clone(), nesting(&found));
                let (span, support) = (expr.span, found.support.clone());
                let known = Known { unit, class: None, number: self.known(&found), height };
                self.assumed.push(Assumed::Value(known));
                let value = Some(found);
                self.terms.assumptions.push(Assumption { name: Arc::clone(name), value, why: None, support, span });
                self.models.named.insert(Arc::clone(name), id);
                id
            }
        };
        let mut formula = made(FormulaKind::Assumption(id), award.unit.clone(), expr.span);
        if let Some(assumption) = self.terms.assumptions.get(id.index()) {
            formula.support.clone_from(&assumption.support);
        }
        (formula, Some(id))
    }

    /// A model's value with its unit; nothing if the value is not a model's, `Some(None)` after an error.
    pub(in crate::check) fn model_value(
        &mut self,
        expr: &Expr,
        award: Option<&Awarded>,
        hint: &Hint,
    ) -> Option<Option<Typed>> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.model_value(inner, award, hint),
            ExprKind::Supported(inner, support) => {
                let mut found = self.model_value(inner, award, hint)?;
                let support = self.support(support);
                if let Some(found) = &mut found {
                    merge(&mut found.formula.support, support);
                }
                Some(found)
            }
            ExprKind::Model(name, inputs) => {
                let method = self.report.word(Code::UnknownName, name, "a model", Method::ALL)?;
                let formula = self.model(method, inputs, expr.span, award, hint);
                Some(formula.map(|formula| Typed { formula, class: None }))
            }
            _ => None,
        }
    }

    fn model(
        &mut self,
        method: Method,
        list: &[(ast::Name, Expr)],
        span: Span,
        award: Option<&Awarded>,
        hint: &Hint,
    ) -> Option<Formula> {
        let before = self.report.errors();
        let mut written = self.written(method, list);
        let mut found: BTreeMap<Input, Formula> = BTreeMap::new();
        let on = written.on.get().copied().or_else(|| award.and_then(|award| award.on));
        let mut unit = award.map(|award| award.unit.clone());
        for (input, expr) in &written.inputs {
            let path = format!("{}.{}", hint.path, input.word());
            let hint = Hint { unit: None, path: &path, scope: hint.scope };
            if *input == Input::Spot
                && let Some(class) = self.close_of(expr)
            {
                found.insert(*input, self.spot(class?, expr.span, on, award, &path)?);
                continue;
            }
            let needed = match input {
                Input::Spot | Input::Strike | Input::Hurdle => unit.clone(),
                Input::Term | Input::StrikeAfter => Some(Unit::of("years")),
                _ => Some(Unit::none()),
            };
            let formula = match needed {
                Some(needed) => self.value(expr, &needed, None, &hint),
                None => {
                    let found = self.typed(expr, &hint)?.formula;
                    if !found.unit.num.as_ref().is_some_and(crate::num::Atom::is_currency) || found.unit.den.is_none() {
                        let message = "the price of a share is needed here, such as `11.12 USD/share`";
                        return self.report.fail(Code::UnitMismatch, expr.span, message, "not a price");
                    }
                    unit = Some(found.unit.clone());
                    found
                }
            };
            self.accepted(*input, &formula, expr.span);
            found.insert(*input, formula);
        }
        self.term(&mut written, &mut found, (on, span), award);
        if let Some(award) = award.filter(|_| !found.contains_key(&Input::StrikeRatio)) {
            found.entry(Input::Strike).or_insert_with(|| award.strike.clone());
        }
        self.complete(method, &found, span);
        self.costs(&written.settings, found.get(&Input::Term), span);
        if self.report.errors() > before {
            return None;
        }
        let model = Model { settings: written.settings, inputs: found.into_iter().collect() };
        Some(made(FormulaKind::Model(Box::new(model)), unit?, span))
    }

    /// Sorts what is written into numbers, days and choices.
    fn written<'e>(&mut self, method: Method, list: &'e [(ast::Name, Expr)]) -> Written<'e> {
        let (on, until) = (Once::new("on"), Once::new("until"));
        let (year, settings) = (YearBasis::Act36525, Settings::of(method));
        let mut found = Written { inputs: BTreeMap::new(), on, until, year, settings };
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        let (needed, more) = method.inputs();
        for (name, expr) in list {
            if let Some(first) = seen.insert(&name.text, name.span) {
                let twice = Diagnostic::new(Code::ClauseTwice, name.span, format!("`{}` is given twice", name.text));
                self.report.push(twice.label("again here").also(first, "first here").help("keep one"));
                continue;
            }
            let input = needed.iter().chain(more).find(|input| input.word() == &*name.text);
            match (input, &*name.text) {
                (Some(input), _) => {
                    found.inputs.insert(*input, expr);
                }
                (None, "on") => self.day_of(expr, &mut found.on),
                (None, "until") => self.day_of(expr, &mut found.until),
                (None, word) => self.setting(word, name, expr, &mut found),
            }
        }
        found
    }

    fn setting(&mut self, word: &str, name: &ast::Name, expr: &Expr, found: &mut Written) {
        let settings = &mut found.settings;
        let simulated = settings.method == Method::Simulated;
        match word {
            "year" => {
                if let Some(basis) = self.choice(expr, "a way to count years", YearBasis::ALL) {
                    found.year = basis;
                }
            }
            "compounded" => {
                let ways = [(false, "continuously"), (true, "annually")];
                settings.annual = self.choice(expr, "a way of compounding", &ways).unwrap_or_default();
            }
            "watched" if settings.method != Method::BlackScholes => {
                let all =
                    [(Watched::Daily, "daily"), (Watched::AtEnd, "at_end"), (Watched::Continuously, "continuously")];
                // A simulation looks once a day.
                let ways = if simulated { all.get(..2).unwrap_or_default() } else { &all };
                if let Some(watched) = self.choice(expr, "a way to watch a price", ways) {
                    settings.watched = watched;
                }
            }
            "average" | "strike_average" if simulated => {
                let days = self.whole(expr, &Unit::of("trading days"), 1, WINDOW);
                let window = if word == "average" { &mut settings.window } else { &mut settings.strike_window };
                *window = days.unwrap_or(1);
            }
            "paths" if simulated => settings.paths = self.whole(expr, &Unit::none(), 100, PATHS).unwrap_or(100),
            "seed" if simulated => settings.seed = self.whole(expr, &Unit::none(), 0, u32::MAX).unwrap_or(0),
            "places" => {
                let places = self.whole(expr, &Unit::none(), 0, 10);
                settings.places = places.and_then(|p| u8::try_from(p).ok()).unwrap_or(4);
            }
            _ => {
                let (needed, more) = settings.method.inputs();
                let inputs = needed.iter().chain(more).map(|input| input.word());
                let other: &[&str] = match settings.method {
                    Method::BlackScholes => &[],
                    Method::FirstTouch => &["watched"],
                    Method::Simulated => &["watched", "average", "strike_average", "paths", "seed"],
                };
                let known = inputs.chain(["on", "until", "year", "compounded", "places"]).chain(other.iter().copied());
                self.report.unknown::<()>(Code::UnknownName, (word, name.span), "input of this model", known);
            }
        }
    }

    fn day_of(&mut self, expr: &Expr, into: &mut Once<Date>) {
        match &expr.kind {
            ExprKind::Date(date) => {
                let day = self.day(date);
                into.set(day, expr.span, &mut self.report);
            }
            _ => self.report.error(Code::WrongKind, expr.span, "a date is needed here", "such as `2027-08-20`"),
        }
    }

    fn choice<T: Clone>(&mut self, expr: &Expr, what: &str, ways: &[(T, &str)]) -> Option<T> {
        match &expr.kind {
            ExprKind::Path(path) if path.parts.len() == 1 => {
                self.report.word(Code::WrongKind, path.parts.first()?, what, ways)
            }
            _ => self.report.fail(Code::WrongKind, expr.span, format!("{what} is needed here"), "a word is needed"),
        }
    }

    /// A whole number written out.
    fn whole(&mut self, expr: &Expr, unit: &Unit, low: u32, high: u32) -> Option<u32> {
        let scope = Scope::default();
        let formula = self.value(expr, unit, None, &Hint { unit: None, path: "number", scope: &scope });
        let number = crate::check::types::constant(&formula).and_then(Number::to_i64);
        let fits = number.and_then(|n| u32::try_from(n).ok()).filter(|n| (low..=high).contains(n));
        fits.or_else(|| {
            let message = format!("a whole number from {} to {} is needed", grouped(low), grouped(high));
            self.report.fail(Code::BadValue, expr.span, message, "not one")
        })
    }

    /// The class of `close(CLASS)`; nothing if something else is written, `Some(None)` after an error.
    fn close_of(&mut self, expr: &Expr) -> Option<Option<ClassId>> {
        match &expr.kind {
            ExprKind::Call(name, args) if &*name.text == "close" => match args.as_slice() {
                [Expr { kind: ExprKind::Path(path), .. }] => Some(self.class_path(path)),
                _ => Some(self.report.fail(Code::AskPrice, expr.span, "which price?", "write `close(CLASS)`")),
            },
            _ => None,
        }
    }

    /// The close of a class on the day of measurement, to be looked up when all prices are known.
    fn spot(
        &mut self,
        class: ClassId,
        span: Span,
        on: Option<Date>,
        award: Option<&Awarded>,
        path: &str,
    ) -> Option<Formula> {
        let Some(award) = award else {
            let message = "a close is read only in the `fair value` of a warrant";
            return self.report.fail(Code::WrongKind, span, message, "write the price, such as `11.12 USD/share`");
        };
        let day = on?;
        let unit = self.price_unit(class);
        if !self.fits(&unit, span, &award.unit, None) {
            return None;
        }
        self.models.close = Some((class, day, span));
        Some(Formula::undisclosed(path, unit, span))
    }

    /// The term, as stated or from two days; it cannot go beyond the expiry.
    fn term(
        &mut self,
        written: &mut Written,
        found: &mut BTreeMap<Input, Formula>,
        (on, span): (Option<Date>, Span),
        award: Option<&Awarded>,
    ) {
        let expires = award.and_then(|award| award.until);
        let place = written.inputs.get(&Input::Term).map(|expr| expr.span);
        let past = |place: Span, days: String| {
            let error = Diagnostic::new(Code::BadValue, place, "the term goes beyond the expiry of the warrant");
            let error = error.label(days);
            expires.map_or(error.clone(), |(day, span)| error.also(span, format!("it expires on {day}")))
        };
        if let (Some(place), Some(until)) = (place, written.until.entry()) {
            let twice = Diagnostic::new(Code::ClauseTwice, until.1, "`term` and `until` both say when it ends");
            self.report.push(twice.also(place, "the term").help("keep one"));
        } else if let Some(place) = place {
            let years = found.get(&Input::Term).and_then(|term| self.known(term));
            let most = on.zip(expires).and_then(|(on, (day, _))| YearBasis::Act365.years(on, day).ok());
            // Published terms are rounded to hundredths of a year, some to tenths.
            let slack = most.and_then(|most| most.plus(Number::from_parts(5, 2).ok()?).ok());
            if let (Some(years), Some(most)) = (years, slack)
                && years > most
            {
                self.report.push(past(place, format!("{years} years")));
            }
        } else if let (Some(on), Some((until, end))) =
            (on, written.until.entry().map(|(day, span)| (*day, span)).or(expires))
        {
            if expires.is_some_and(|(day, _)| until > day) {
                self.report.push(past(end, format!("until {until}")));
            }
            if until <= on {
                let message = format!("nothing is left to measure: the term begins on {on}");
                self.report.error(Code::BadValue, end, message, format!("and ends on {until}"));
                found.insert(Input::Term, Formula::undisclosed("term", Unit::of("years"), span));
            } else if let Ok(years) = written.year.years(on, until) {
                found.insert(Input::Term, Formula::literal(years, Unit::of("years"), span));
            }
        }
    }

    fn accepted(&mut self, input: Input, formula: &Formula, span: Span) {
        if let Some(Err(unfit)) = self.known(formula).map(|number| input.accepts(number)) {
            self.report.error(Code::BadValue, span, unfit.to_string(), "outside what a model can use");
        }
    }

    /// Inputs that the others make necessary.
    fn complete(&mut self, method: Method, found: &BTreeMap<Input, Formula>, span: Span) {
        let given = |input: &Input| found.contains_key(input);
        let mut missing: Vec<Input> = method.inputs().0.iter().copied().filter(|input| !given(input)).collect();
        if method == Method::Simulated {
            let reset = [Input::StrikeRatio, Input::StrikeAfter];
            let indexed = [Input::IndexVolatility, Input::Correlation];
            let beaten = indexed.iter().chain(&[Input::IndexDividend, Input::Margin]).any(given);
            missing.extend(reset.iter().filter(|_| reset.iter().any(given)).filter(|input| !given(input)));
            missing.extend(indexed.iter().filter(|_| beaten).filter(|input| !given(input)));
            if !reset.iter().any(given) && !given(&Input::Strike) {
                missing.push(Input::Strike);
            }
            if let (Some(after), Some(term)) = (found.get(&Input::StrikeAfter), found.get(&Input::Term))
                && let (Some(set), Some(ends)) = (self.known(after), self.known(term))
                && set >= ends
            {
                let message = "the strike must be set before the end of the term";
                self.report.error(Code::BadValue, after.span, message, format!("the term is {ends} years"));
            }
            if let (Some(strike), true) = (found.get(&Input::Strike), reset.iter().any(given)) {
                let message = "`strike` and `strike_ratio` both say the exercise price";
                self.report.error(Code::ClauseTwice, strike.span, message, "keep one");
            }
        }
        if !missing.is_empty() {
            let names = missing.iter().map(|input| format!("`{}`", input.word())).collect::<Vec<_>>().join(", ");
            let term = missing.contains(&Input::Term);
            let help = if term { "; a term can be `term 5 years`, or `on DATE, until DATE`" } else { "" };
            self.missing(span, format!("the model needs {names}"), format!("add {names}{help}, or `undisclosed`"));
        }
    }

    /// What a simulation costs is bounded for all of them together.
    fn costs(&mut self, settings: &Settings, term: Option<&Formula>, span: Span) {
        let term = term.and_then(|term| self.known(term)).unwrap_or_else(|| Number::from_int(100));
        self.models.path_days = self.models.path_days.saturating_add(settings.path_days(term));
        if settings.method == Method::Simulated && self.models.path_days > PATH_DAYS {
            let most = grouped(PATH_DAYS);
            let message = format!("all simulations together have more than {most} trading days of paths");
            self.report.error(Code::BadValue, span, message, "fewer `paths` are needed");
        }
    }

    /// Fills in the closes that models read, now that all prices are known.
    pub(super) fn closes_of_models(&mut self) {
        for (id, class, day, span) in std::mem::take(&mut self.models.closes) {
            let Some((close, support)) = self.close_on(class, day) else {
                let name = self.terms.quoted(&Quoted::Close(class));
                let error = Diagnostic::new(Code::NoClose, span, format!("there is no `{name}` on {day}"));
                self.report.push(error.label("read here").help(Code::NoClose.advice()));
                continue;
            };
            let value = self.terms.assumptions.get_mut(id.index()).and_then(|assumption| assumption.value.as_mut());
            if let Some(FormulaKind::Model(model)) = value.map(|formula| &mut formula.kind)
                && let Some((_, spot)) = model.inputs.iter_mut().find(|(input, _)| *input == Input::Spot)
            {
                (spot.kind, spot.support) = (FormulaKind::Literal(close), support);
            }
        }
    }

    /// A close as stated in a file or on a line; nothing is filled in.
    fn close_on(&self, class: ClassId, day: Date) -> Option<(Number, Support)> {
        let of = Quoted::Close(class);
        let series = self.terms.prices.iter().filter(|prices| prices.of == of);
        let mut filed = series.filter_map(|prices| {
            let at = prices.points.binary_search_by_key(&day, |(date, ..)| *date).ok()?;
            prices.points.get(at).map(|(_, close, _)| (*close, prices.support.clone()))
        });
        let lines = self.terms.lines.iter().filter(|line| line.date == day);
        let mut said = lines.filter_map(|line| match &line.fact {
            Some(Fact::Price { of: quoted, price }) if *quoted == of => {
                self.known(price).map(|price| (price, line.support.clone()))
            }
            _ => None,
        });
        filed.next().or_else(|| said.next())
    }
}
