//! Conditions, and the questions about prices.

use super::Checker;
use super::symbols::{Entity, Scope, as_class, as_counter, as_tranche, text};
use super::types::{Hint, merge};
use super::units::shown;
use crate::base::limits::WINDOW;
use crate::base::{Code, Diagnostic, Span};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, CompareOp, Expr, ExprKind};
use crate::syntax::print;
use crate::terms::{
    ClassId, Compare, CounterId, Formula, Gate, LatchId, Leaf, PriceMeasure, PriceMeasureId, Stage, Support, Test,
    TrancheId,
};
use crate::time::Date;

/// Where a condition stands.
pub(super) struct Around<'g> {
    pub scope: &'g Scope,
    /// Full path of the tranche.
    pub path: &'g str,
    pub tranche: TrancheId,
    /// The shares of the warrant.
    pub class: ClassId,
    /// Whether price thresholds move with splits.
    pub adjusts: bool,
    pub signed: Option<Date>,
    /// What conditions in brackets rest on.
    pub support: Support,
    /// Whether `latched` or `concurrent` is around.
    pub guarded: bool,
}

/// What a test reads.
enum Measure {
    Counter(CounterId),
    Price(ClassId, u32),
    /// An error was reported.
    Failed,
}

impl Checker<'_> {
    /// A condition; `None` after an error.
    pub(super) fn gate(&mut self, expr: &Expr, at: &mut Around) -> Option<Gate> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.gate(inner, at),
            ExprKind::Supported(inner, support) => {
                let support = self.support(support);
                merge(&mut at.support, support);
                self.gate(inner, at)
            }
            ExprKind::And(list) => self.gates(list, at).map(Gate::All),
            ExprKind::Or(list) => self.gates(list, at).map(Gate::Any),
            ExprKind::Concurrent(inner) => self.guarded(inner, at),
            ExprKind::Latched(inner, since) => {
                let inner = self.guarded(inner, at);
                let since = match since {
                    Some(since) => Some(self.since(since, at.signed)?),
                    None => None,
                };
                let id = LatchId(self.terms.latches);
                self.terms.latches = self.terms.latches.saturating_add(1);
                Some(Gate::Latched { id, inner: Box::new(inner?), since, span: expr.span })
            }
            ExprKind::Compare(op, left, right) => self.test(*op, left, right, expr, at).map(|test| leaf(test, expr)),
            ExprKind::Attested(name) => Some(leaf(Test::Attested(name.text.clone()), expr)),
            ExprKind::OnOrAfter(date) => Some(leaf(Test::Date(self.day(date)), expr)),
            ExprKind::Date(date) => Some(leaf(Test::Date(self.day(date)), expr)),
            ExprKind::AtSigning => {
                let date = self.signing(at.signed, expr.span, "at signing")?;
                Some(leaf(Test::Date(date), expr))
            }
            ExprKind::Reached(path, word) => self.reached(path, word, at).map(|test| leaf(test, expr)),
            _ => self.report.fail(Code::WrongKind, expr.span, "a condition is needed, not a value", "not a condition"),
        }
    }

    fn gates(&mut self, list: &[Expr], at: &mut Around) -> Option<Vec<Gate>> {
        let found: Vec<Option<Gate>> = list.iter().map(|expr| self.gate(expr, at)).collect();
        found.into_iter().collect()
    }

    fn guarded(&mut self, inner: &Expr, at: &mut Around) -> Option<Gate> {
        let before = std::mem::replace(&mut at.guarded, true);
        let gate = self.gate(inner, at);
        at.guarded = before;
        gate
    }

    fn reached(&mut self, path: &ast::Path, word: &ast::Name, at: &Around) -> Option<Test> {
        let stages = [
            (Stage::Released, "vested"),
            (Stage::Cleared, "exercisable"),
            (Stage::Used, "exercised"),
            (Stage::Released, "called"),
            (Stage::Used, "funded"),
        ];
        let stage = self.report.word(Code::WrongKind, word, "a stage of a tranche", &stages);
        let id = self.symbols.find(path, at.scope, "tranche", as_tranche, &mut self.report)?;
        if id == at.tranche {
            let message = format!("`{}` waits for itself", text(path));
            return self.report.fail(Code::BadValue, path.span, message, "this can never be met");
        }
        Some(Test::Reached(id, stage?))
    }

    fn test(&mut self, op: CompareOp, left: &Expr, right: &Expr, whole: &Expr, at: &Around) -> Option<Test> {
        let op = compare(op);
        match (self.measure(left, at), self.measure(right, at)) {
            (Some(_), Some(_)) => {
                let message = "a condition compares a counter or a price with a value";
                self.report.fail(Code::WrongKind, right.span, message, "a value is needed here")
            }
            (Some(measure), None) => self.against(&measure, left, op, right, whole, at),
            (None, Some(measure)) => self.against(&measure, right, mirrored(op), left, whole, at),
            (None, None) => {
                for side in [left, right] {
                    if let ExprKind::Path(path) = &side.kind
                        && self.symbols.entity(&text(path), at.scope).is_none()
                    {
                        return self.symbols.find(
                            path,
                            at.scope,
                            "counter",
                            |e| as_counter(e).map(|_| None),
                            &mut self.report,
                        )?;
                    }
                }
                let message = "neither side is a counter or a price";
                self.report.fail(Code::WrongKind, whole.span, message, "nothing here changes in time")
            }
        }
    }

    fn against(
        &mut self,
        measure: &Measure,
        measured: &Expr,
        op: Compare,
        threshold: &Expr,
        whole: &Expr,
        at: &Around,
    ) -> Option<Test> {
        match *measure {
            Measure::Failed => None,
            Measure::Counter(id) => {
                let counter = self.terms.counters.get(id.index())?;
                let (unit, name) = (counter.unit.clone(), counter.path.clone());
                let short = name.rsplit('.').next().unwrap_or(&name);
                let because = Some((measured.span, format!("`{short}` counts {}", shown(&unit))));
                let threshold = self.threshold(threshold, &unit, because, short, at);
                Some(Test::Counter(id, op, threshold))
            }
            Measure::Price(class, window) => {
                let unit = self.price_unit(class);
                let because = Some((measured.span, format!("the price is in {}", shown(&unit))));
                let threshold = self.threshold(threshold, &unit, because, "price", at);
                if !at.guarded {
                    self.ask_latched(whole, at);
                }
                let measure = PriceMeasure { class, window, adjusts: at.adjusts };
                Some(Test::Price(self.price_measure(measure), op, threshold))
            }
        }
    }

    fn threshold(
        &mut self,
        expr: &Expr,
        unit: &Unit,
        because: super::types::Because,
        name: &str,
        at: &Around,
    ) -> Formula {
        let path = format!("{}.{name}", at.path);
        self.value(expr, unit, because, &Hint { unit: None, path: &path, scope: at.scope })
    }

    /// The number of a price measure; equal ones share it.
    fn price_measure(&mut self, measure: PriceMeasure) -> PriceMeasureId {
        let list = &mut self.terms.price_measures;
        let at = list.iter().position(|m| *m == measure).unwrap_or_else(|| {
            list.push(measure);
            list.len() - 1
        });
        PriceMeasureId(super::declare::next(at))
    }

    /// Currency a share of a class is priced in.
    pub(super) fn price_unit(&self, class: ClassId) -> Unit {
        let issuer = self.terms.classes.get(class.index()).and_then(|c| self.terms.parties.get(c.issuer.index()));
        Unit::per(issuer.map_or("USD", |party| &party.currency), "share")
    }

    /// What an expression reads; `None` if it is a value.
    fn measure(&mut self, expr: &Expr, at: &Around) -> Option<Measure> {
        match &expr.kind {
            ExprKind::Paren(inner) | ExprKind::Supported(inner, _) => self.measure(inner, at),
            ExprKind::Path(path) => {
                let name = text(path);
                if let Some(id) = self.symbols.fitting(&name, at.scope, as_counter) {
                    return Some(Measure::Counter(id));
                }
                match self.symbols.entity(&name, at.scope) {
                    Some(Entity::Class(class)) => Some(self.ask_price(expr.span, &name, class)),
                    None if name == "price" => Some(self.ask_price(expr.span, "price", at.class)),
                    _ => None,
                }
            }
            ExprKind::Call(name, args) => match (&*name.text, args.as_slice()) {
                ("close", [class]) => {
                    Some(self.closing_of(class, at).map_or(Measure::Failed, |class| Measure::Price(class, 1)))
                }
                ("average", [inner, window]) => Some(self.average(inner, window, at).unwrap_or(Measure::Failed)),
                ("close" | "average", _) => {
                    let help = "write `close(CLASS)` or `average(close(CLASS), N trading days)`";
                    let message = format!("`{}` is not used like this", name.text);
                    self.report.push(Diagnostic::new(Code::AskPrice, expr.span, message).help(help));
                    Some(Measure::Failed)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The class inside `close(…)`.
    fn closing_of(&mut self, class: &Expr, at: &Around) -> Option<ClassId> {
        let ExprKind::Path(path) = &class.kind else {
            let message = "`close` reads the price of a class of shares";
            return self.report.fail(Code::WrongKind, class.span, message, "a class such as `AMD.common` is needed");
        };
        let own = self.terms.classes.get(at.class.index());
        let issuer = own.and_then(|c| c.path.split_once('.')).map(|(issuer, _)| issuer.into());
        let mut scope = at.scope.clone();
        scope.around.extend(issuer);
        self.symbols.find(path, &scope, "class of shares", as_class, &mut self.report)
    }

    fn average(&mut self, inner: &Expr, window: &Expr, at: &Around) -> Option<Measure> {
        let class = match &inner.kind {
            ExprKind::Call(name, args) if &*name.text == "close" => match args.as_slice() {
                [class] => self.closing_of(class, at),
                _ => None,
            },
            _ => {
                let message = "`average` is taken of `close(CLASS)`";
                self.report.fail(Code::WrongKind, inner.span, message, "not a close")
            }
        };
        let unit = Unit::of("trading days");
        let hint = Hint { unit: None, path: "window", scope: at.scope };
        let hint = Hint { unit: Some(unit.clone()), ..hint };
        let days = self.typed(window, &hint)?.formula;
        if !self.fits(&days.unit, window.span, &unit, None) {
            return None;
        }
        let count = super::types::constant(&days).filter(|n| n.is_integer()).and_then(Number::to_i64);
        let Some(count) = count.and_then(|n| u32::try_from(n).ok()).filter(|n| (1..=WINDOW).contains(n)) else {
            let most = super::units::grouped(WINDOW);
            let message = format!("the window must be a whole number of trading days, from 1 to {most}");
            return self.report.fail(Code::BadValue, window.span, message, "such as `30 trading days`");
        };
        let class = class?;
        if let Some(found) = self.terms.classes.get(class.index()).filter(|c| c.calendar.is_none()) {
            self.report.push(
                Diagnostic::new(
                    Code::AskCalendar,
                    window.span,
                    format!("trading days of which exchange? `{}` has none", found.path),
                )
                .label("counted in trading days")
                .also(found.span, "the class is declared here")
                .help("give the class a `calendar`, such as `calendar nyse`"),
            );
            return None;
        }
        Some(Measure::Price(class, count))
    }

    fn ask_price(&mut self, span: Span, name: &str, class: ClassId) -> Measure {
        let path = self.terms.classes.get(class.index()).map_or("CLASS", |c| &*c.path);
        let close = format!("close({path})");
        let average = format!("average(close({path}), 30 trading days)");
        self.report.push(
            Diagnostic::new(Code::AskPrice, span, format!("which price is `{name}`, over which window?"))
                .label("a close, or an average of closes?")
                .help(format!("write `{close}` or `{average}`"))
                .fix(span, close)
                .fix(span, average),
        );
        Measure::Failed
    }

    fn ask_latched(&mut self, whole: &Expr, at: &Around) {
        let end = Span::new(whole.span.source, whole.span.end, whole.span.end);
        let latched = if at.signed.is_some() { "latched since signed" } else { "latched" };
        self.report.push(
            Diagnostic::new(Code::AskLatched, whole.span, "is this price, once reached, enough for ever?")
                .label("a price test")
                .help(format!("write `{latched}` behind it if a price once reached counts for ever"))
                .help("write `concurrent` if it must hold on the day the rest is met")
                .fix(end, format!(" {latched}"))
                .fix(end, " concurrent"),
        );
    }
}

fn leaf(test: Test, expr: &Expr) -> Gate {
    Gate::Leaf(Leaf { test, text: print::expr(&plain(expr)).into(), span: expr.span })
}

/// Without what it rests on, and with `3 * 500m USD`, as generated text has it, multiplied out.
fn plain(expr: &Expr) -> Expr {
    let boxed = |inner: &Expr| Box::new(plain(inner));
    let kind = match &expr.kind {
        ExprKind::Supported(inner, _) => return plain(inner),
        ExprKind::Paren(inner) => ExprKind::Paren(boxed(inner)),
        ExprKind::Neg(inner) => ExprKind::Neg(boxed(inner)),
        ExprKind::Binary(op, a, b) => product(*op, boxed(a), boxed(b)),
        ExprKind::Compare(op, a, b) => ExprKind::Compare(*op, boxed(a), boxed(b)),
        ExprKind::Call(name, args) => ExprKind::Call(name.clone(), args.iter().map(plain).collect()),
        other => other.clone(),
    };
    Expr { kind, span: expr.span }
}

fn product(op: ast::BinaryOp, a: Box<Expr>, b: Box<Expr>) -> ExprKind {
    let (ExprKind::Number(left, one), ExprKind::Number(right, other)) = (&a.kind, &b.kind) else {
        return ExprKind::Binary(op, a, b);
    };
    match (op, left.times(*right), one.as_ref().xor(other.as_ref())) {
        (ast::BinaryOp::Mul, Ok(number), Some(unit)) => ExprKind::Number(number, Some(unit.clone())),
        _ => ExprKind::Binary(op, a, b),
    }
}

pub(super) const fn compare(op: CompareOp) -> Compare {
    match op {
        CompareOp::AtLeast => Compare::AtLeast,
        CompareOp::Above => Compare::Above,
        CompareOp::AtMost => Compare::AtMost,
        CompareOp::Below => Compare::Below,
        CompareOp::Equal => Compare::Equal,
        CompareOp::NotEqual => Compare::NotEqual,
    }
}

/// The same test with its sides changed.
const fn mirrored(op: Compare) -> Compare {
    match op {
        Compare::AtLeast => Compare::AtMost,
        Compare::Above => Compare::Below,
        Compare::AtMost => Compare::AtLeast,
        Compare::Below => Compare::Above,
        Compare::Equal => Compare::Equal,
        Compare::NotEqual => Compare::NotEqual,
    }
}
