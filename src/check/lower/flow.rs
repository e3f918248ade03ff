//! Operating lines: who pays whom, how much, on which days.

use super::standing;
use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::Program;
use crate::check::report::Once;
use crate::check::symbols::Scope;
use crate::check::types::{Hint, constant, merge};
use crate::check::units::{currency, shown};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, FlowClause, FlowClauseKind as Kind, PayDay};
use crate::terms::{Flow, FlowAmount, FlowSeries, Formula, FormulaKind, PartyId, Support};
use crate::time::{Date, FiscalYearEnd, Period};

/// The word for everyone who is no party.
const OTHERS: &str = "others";

/// Payments a version of a line may have: more are a slip in a date.
const MOST: usize = 10_000;

/// What the amounts of a line have in common.
struct Line<'l> {
    path: &'l str,
    fiscal: FiscalYearEnd,
    /// The days of payment where a version does not say its own.
    paid: PayDay,
    /// The currency of the first amount, and where that stands.
    unit: Option<(Unit, Span)>,
}

impl Checker<'_> {
    /// Lowers all operating lines.
    pub(super) fn flows(&mut self, program: &Program) {
        for (decl, span) in &program.flows {
            let flow = self.flow(decl, *span);
            self.terms.flows.push(flow);
        }
    }

    fn flow(&mut self, decl: &ast::Flow, span: Span) -> Flow {
        let (from, to) = (self.flow_end(&decl.from), self.flow_end(&decl.to));
        if decl.from.text == decl.to.text {
            let message = format!("`{}` pays itself", decl.from.text);
            let error = Diagnostic::new(Code::BadValue, decl.to.span, message).label("the same");
            self.report.push(error.also(decl.from.span, "who pays").help("name who receives it, or write `others`"));
        }
        let fiscal = from.or(to).and_then(|id| self.terms.parties.get(id.index())).map(|party| party.fiscal);
        let paid = decl.clauses.iter().find_map(|clause| match &clause.kind {
            Kind::Paid(day) => Some(day.clone()),
            _ => None,
        });
        let paid = paid.unwrap_or(PayDay::Last);
        let mut line = Line { path: &decl.name.text, fiscal: fiscal.unwrap_or_default(), paid, unit: None };
        let (mut stands, mut financing) = (Once::new("standing"), Once::new("financing"));
        let (mut support, mut series) = (self.support(&decl.support), Vec::new());
        for clause in &decl.clauses {
            let rests_on = self.support(&clause.support);
            match &clause.kind {
                Kind::Standing(found) => stands.set(standing(found), clause.span, &mut self.report),
                Kind::Financing => financing.set((), clause.span, &mut self.report),
                Kind::Series(version) => {
                    if let Some(first) = series.iter().find(|s: &&FlowSeries| s.name == version.name.text) {
                        let message = format!("`{}` is declared twice", version.name.text);
                        let error = Diagnostic::new(Code::DeclaredTwice, version.name.span, message);
                        self.report.push(error.label("again here").also(first.span, "first here"));
                        continue;
                    }
                    let mut found = self.flow_series(&version.clauses, &mut line, clause.span);
                    merge(&mut found.support, rests_on);
                    found.name = version.name.text.clone();
                    found.title = version.title.as_ref().map(|title| title.text.clone());
                    series.push(found);
                    continue;
                }
                _ => continue,
            }
            merge(&mut support, rests_on);
        }
        let mut own = self.flow_series(&decl.clauses, &mut line, span);
        let known = own.known;
        let has_own = !own.amounts.is_empty();
        if has_own && let Some(first) = series.first() {
            let place = own.amounts.first().map_or(span, |amount| amount.span);
            let error = Diagnostic::new(Code::BadValue, place, "an amount beside versions of the amounts");
            self.report.push(error.label("in which version?").also(first.span, "a version").help("move it into one"));
        }
        if series.is_empty() {
            if !has_own && !decl.clauses.iter().any(|clause| is_amount(&clause.kind)) {
                let message = format!("`{}` has no amount", decl.name.text);
                self.missing(decl.name.span, message, "add one, such as `2027-Q1 11bn USD`");
            }
            own.known = Date::MIN;
            series.push(own);
        }
        let unit = line.unit.map_or_else(Unit::none, |(unit, _)| unit);
        Flow {
            path: decl.name.text.clone(),
            title: decl.title.text.clone(),
            from,
            to,
            currency: currency(&unit).unwrap_or("USD").into(),
            standing: stands.take(),
            financing: financing.take().is_some(),
            known,
            series,
            support,
            span,
        }
    }

    /// A party; `None` for `others`.
    fn flow_end(&mut self, name: &ast::Name) -> Option<PartyId> {
        if &*name.text == OTHERS { None } else { self.symbols.party(name, &mut self.report) }
    }

    fn flow_series(&mut self, clauses: &[FlowClause], line: &mut Line<'_>, span: Span) -> FlowSeries {
        let (mut known, mut paid) = (Once::new("known"), Once::new("paid"));
        for clause in clauses {
            match &clause.kind {
                Kind::Known(date) => known.set(date, clause.span, &mut self.report),
                Kind::Paid(day) => paid.set(day, clause.span, &mut self.report),
                _ => {}
            }
        }
        let paid = paid.take().cloned().unwrap_or_else(|| line.paid.clone());
        let known = known.take().map_or(Date::MIN, |date| self.day(date));
        let mut amounts: Vec<FlowAmount> = Vec::new();
        let mut periods: Vec<(Period, Span)> = Vec::new();
        for clause in clauses {
            let made = match &clause.kind {
                Kind::Period(name, span, amount) => {
                    let found = line.fiscal.resolve(name);
                    let Some(period) = found else {
                        self.report.error(Code::BadValue, *span, format!("there is no period {name}"), "not a period");
                        continue;
                    };
                    self.overlapping(&periods, period, *span);
                    periods.push((period, *span));
                    let days = self.pay_days(&paid, period, *span);
                    (amount, days.into_iter().map(|day| (day, 0)).collect(), true, None)
                }
                Kind::Every(every) => {
                    let growth = every.growth.as_ref().and_then(|(rate, _)| self.growth(rate));
                    (&every.amount, self.every(every), false, growth)
                }
                _ => continue,
            };
            let (expr, days, split, growth): (_, Vec<(Date, u32)>, _, _) = made;
            let Some(amount) = self.flow_amount(expr, line) else { continue };
            let support = self.support(&clause.support);
            amounts.push(FlowAmount { amount, days, split, growth, support, span: clause.span });
        }
        if amounts.iter().map(|amount| amount.days.len()).sum::<usize>() > MOST {
            self.report.error(Code::BadValue, span, format!("more than {MOST} payments"), "are these the years?");
            amounts.clear();
        }
        FlowSeries { name: "".into(), title: None, known, amounts, support: Support::default(), span }
    }

    fn overlapping(&mut self, periods: &[(Period, Span)], period: Period, span: Span) {
        let Some((_, first)) = periods.iter().find(|(other, _)| other.intersect(&period).is_some()) else { return };
        let error = Diagnostic::new(Code::OverlappingPeriods, span, Code::OverlappingPeriods.title());
        self.report.push(error.label("these days again").also(*first, "first here").help("an amount is of one period"));
    }

    /// An amount of money in the currency of the line.
    fn flow_amount(&mut self, expr: &ast::Expr, line: &mut Line<'_>) -> Option<Formula> {
        let path = format!("{}.amount", line.path);
        let unit = line.unit.as_ref().map(|(unit, _)| unit.clone());
        let formula = self.typed(expr, &Hint { unit, path: &path, scope: &Scope::default() })?.formula;
        match &line.unit {
            Some((unit, span)) => {
                let because = Some((*span, format!("the amounts are in {}", shown(unit))));
                if !self.fits(&formula.unit, expr.span, &unit.clone(), because) {
                    return None;
                }
            }
            None if formula.unit.is_currency() => line.unit = Some((formula.unit.clone(), expr.span)),
            None => {
                let message = format!("{} cannot be paid", shown(&formula.unit));
                return self.report.fail(Code::UnitMismatch, expr.span, message, "an amount of money is needed");
            }
        }
        if constant(&formula).is_some_and(|n| !n.is_positive()) {
            let error = Diagnostic::new(Code::NegativeQuantity, expr.span, "the amount must be above zero");
            self.report.push(error.label("not above zero").help("swap `from` and `to`, or leave the period out"));
        }
        Some(formula)
    }

    /// A rate of growth: above -100%.
    fn growth(&mut self, expr: &ast::Expr) -> Option<Formula> {
        let hint = Hint { unit: None, path: "growth", scope: &Scope::default() };
        let formula = self.value(expr, &Unit::none(), None, &hint);
        if matches!(formula.kind, FormulaKind::Undisclosed(_)) {
            return Some(formula);
        }
        if constant(&formula).is_some_and(|rate| rate <= Number::ONE.neg()) {
            let message = "an amount cannot shrink by its whole or more";
            return self.report.fail(Code::BadValue, expr.span, message, "must be above -100%");
        }
        Some(formula)
    }

    /// The days of a repeated payment.
    pub(super) fn every(&mut self, every: &ast::Every) -> Vec<(Date, u32)> {
        let steps = [(0, "week"), (1, "month"), (3, "quarter"), (12, "year")];
        let step = self.report.word(Code::WrongKind, &every.step, "a step of payments", &steps);
        let grows = every
            .growth
            .as_ref()
            .map(|(_, word)| self.report.word(Code::WrongKind, word, "a step of growth", &steps).unwrap_or(12));
        let first = self.day(&every.from);
        let Some(to) = &every.to else {
            let error = Diagnostic::new(Code::AskEnd, every.from.span, Code::AskEnd.title()).label("and to which day?");
            self.report.push(error.help("add `to DATE`, the last day on which it can be paid"));
            return Vec::new();
        };
        let (last, Some(step)) = (self.day(to), step) else { return Vec::new() };
        if last < first {
            let error = Diagnostic::new(Code::BadValue, to.span, "the payments end before they begin");
            self.report.push(error.label("before the first").also(every.from.span, "the first"));
            return Vec::new();
        }
        let nth = |count: i32, step: i32| match step {
            0 => first.plus_days(7 * i64::from(count)),
            _ => first.plus_months(step.saturating_mul(count)),
        };
        // The calendar ends; after its last day there is no further step.
        let later = |count: i32, step: i32| count == 0 || nth(count, step) > nth(count - 1, step);
        let days: Vec<Date> = (0..=i32::try_from(MOST).unwrap_or(i32::MAX))
            .take_while(|count| later(*count, step))
            .map(|count| nth(count, step))
            .take_while(|d| *d <= last)
            .collect();
        let mut grown = 0;
        let with_growth = |day: Date| {
            while grows.is_some_and(|step| nth(grown + 1, step) <= day && later(grown + 1, step)) {
                grown += 1;
            }
            (day, u32::try_from(grown).unwrap_or(0))
        };
        days.into_iter().map(with_growth).collect()
    }

    /// The days of a period on which its amount is paid; an error if there is none.
    fn pay_days(&mut self, paid: &PayDay, period: Period, span: Span) -> Vec<Date> {
        let (found, place) = match paid {
            PayDay::First => (vec![period.from], span),
            PayDay::Last => (vec![period.to], span),
            PayDay::Each(day, place) => (monthly(period, *day), *place),
            PayDay::Of(day, month, place) => {
                let nth = usize::try_from(*month).ok().and_then(|month| month.checked_sub(1));
                (nth.and_then(|nth| monthly(period, *day).get(nth).copied()).into_iter().collect(), *place)
            }
        };
        if found.is_empty() {
            let error = Diagnostic::new(Code::BadValue, place, "the period has no such day").label("on which day?");
            self.report.push(error.also(span, format!("from {} to {}", period.from, period.to)));
        }
        found
    }
}

fn is_amount(kind: &Kind) -> bool {
    matches!(kind, Kind::Period(..) | Kind::Every(_))
}

/// The days with this number in their month, or the last of a shorter month, that lie in a period.
fn monthly(period: Period, day: i64) -> Vec<Date> {
    if !(1..=31).contains(&day) {
        return Vec::new();
    }
    let months = std::iter::successors(Some(period.from.month_start()), |month| Some(month.plus_months(1)));
    let in_time = months.take_while(|month| *month <= period.to).take(MOST);
    let days = in_time.map(|month| month.plus_days(day - 1).min(month.month_end()));
    days.filter(|day| period.contains(*day)).collect()
}
