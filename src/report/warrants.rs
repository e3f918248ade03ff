//! Report (a): vesting roll-forward, share count, ownership.

use super::build::Reporter;
use super::measure::Measured;
use super::{Cell, Check, Column, Origin, Report, Row, Rule, Scale, Table, scales, scope};
use crate::engine::evaluate::{self, Tested, Verdict};
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, ClassId, PartyId, Stage, Test, TrancheId, Value, WarrantId};
use crate::time::{Date, Period};

/// Ladders longer than this fold runs of tranches of which nothing has happened.
const FOLD: usize = 12;

/// What one tranche line adds up.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    opening: Number,
    vested: Number,
    lapsed: Number,
    lapsed_vested: Number,
    closing: Number,
    open: Number,
    exercised: Number,
    granted: Number,
}

impl Reporter<'_, '_> {
    /// The report of an issuer for a period.
    pub(super) fn warrants(&mut self) -> Result<Report, String> {
        let issues = |id| self.replay.terms.warrants.iter().any(|w| w.issuer == id);
        let Some((issuer, party)) = self.scope.fitting(self.replay, issues)? else {
            return Ok(self.nothing("warrants", "warrants: vesting roll-forward", "has issued no warrants"));
        };
        let (label, period) = self.scope.period(party, scope::quarter(party, self.replay.today()))?;
        let mut report = self.report("warrants", format!("{} — warrants: vesting roll-forward", party.name));
        report.header.period = Some((label, period));
        report.header.units = format!("{}; fair value {}", self.scales.shares(), scales::words(self.scales.money));
        self.book_header(&mut report, issuer);
        let roll = self.roll_forward(&mut report, issuer, period).map_err(|f| f.to_string())?;
        report.tables.push(roll);
        for (id, class) in (0u32..).map(ClassId).zip(&self.replay.terms.classes) {
            if class.issuer == issuer {
                let count = self.measures().share_count(id, period).map_err(|f| f.to_string())?;
                let count = self.count_table(count, &class.path, period, "").map_err(|f| f.to_string())?;
                report.tables.push(count);
                let owners = self.ownership(&mut report, id, period.to).map_err(|f| f.to_string())?;
                report.tables.push(owners);
            }
        }
        self.equity(&mut report, issuer, period).map_err(|f| f.to_string())?;
        self.refusals(&mut report, period.to);
        Ok(report)
    }

    fn roll_forward(&mut self, report: &mut Report, issuer: PartyId, period: Period) -> Result<Table, Fault> {
        let columns = vec![
            Column::text("Tranche"),
            Column::text("Quantity"),
            Column::text("Price"),
            Column::text("Other"),
            Column::figures("Unvested\nopening", self.scales.shares),
            Column::figures("Vested\nin period", self.scales.shares),
            Column::figures("Lapsed", self.scales.shares),
            Column::figures("Unvested\nclosing", self.scales.shares),
            Column::figures("Vested,\nunexer.", self.scales.shares).named("Vested and unexercised"),
            Column::figures("Exer-\ncised", self.scales.shares),
            Column::figures("GDFV\nper share", Scale::CENTS).named("Grant-date fair value per share"),
            Column::figures(format!("GDFV\n{}", scales::mark(self.scales.money).trim()), self.scales.coarse())
                .named("Grant-date fair value"),
        ];
        let mut table = Table { columns, ..Table::default() };
        let mut total = Sums::default();
        let mut marks = Vec::new();
        for (number, warrant) in (0u32..).map(WarrantId).zip(&self.replay.terms.warrants) {
            if warrant.issuer != issuer || !self.scope.takes(self.replay, warrant.contract) {
                continue;
            }
            let holder = self.party_name(warrant.holder);
            let mut sums = Sums::default();
            let mut values = Value::ZERO;
            let mut quiet: Vec<TrancheId> = Vec::new();
            let fold = !self.scope.all && warrant.tranches.len() > FOLD;
            for id in &warrant.tranches {
                let one = self.sums(*id, period)?;
                sums = sums.plus(one)?;
                let value = self.tranche_value(*id)?;
                values = values.plus(value.clone())?;
                let still =
                    one.vested.is_zero() && one.lapsed.is_zero() && one.open.is_zero() && one.exercised.is_zero();
                if fold && still && one.opening == one.closing {
                    quiet.push(*id);
                    continue;
                }
                self.folded(&mut table, &holder, &mut quiet, period)?;
                let row = self.tranche_row(&holder, *id, one, value, period, &mut marks)?;
                table.rows.push(row);
            }
            self.folded(&mut table, &holder, &mut quiet, period)?;
            table.rows.push(Row::Rule(Rule::Single));
            let per_share = values.clone().map(|v| v.over(warrant.size, crate::num::Rounding::CENTS))?;
            let row = self.sums_row(&holder, sums, Some((per_share, values)), &warrant.path, period);
            table.rows.push(row);
            let path = warrant.path.clone();
            self.check(
                report,
                "granted_accounted_for",
                format!("{path}: unvested + vested + exercised + lapsed = granted"),
                Value::Known(
                    sums.closing
                        .plus(sums.open)?
                        .plus(sums.exercised)?
                        .plus(self.lapsed_to_date(number, period.to)?)?,
                ),
                Value::Known(self.granted(number, period.to)?),
            );
            total = total.plus(sums)?;
        }
        table.rows.push(Row::Rule(Rule::Double));
        let row = self.sums_row("Total", total, None, "", period);
        table.rows.push(row);
        let rolled =
            total.opening.minus(total.vested)?.minus(total.lapsed.minus(total.lapsed_vested)?)?.plus(total.granted)?;
        self.check(
            report,
            "vesting_rolls",
            "opening + granted − vested − lapsed unvested = closing".into(),
            Value::Known(rolled),
            Value::Known(total.closing),
        );
        table.footnotes.push("GDFV: grant-date fair value. MET: the test holds; L: latched on that day; otherwise what was measured at the period's end.".into());
        let split = self
            .replay
            .outcomes()
            .any(|(_, o)| period.contains(o.date) && matches!(o.act, crate::engine::Act::Split { .. }));
        if split {
            table.footnotes.push("A split in the period multiplied the rights; the increase counts as granted. GDFV is per share at the grant.".into());
        }
        table.footnotes.extend(marks);
        Ok(table)
    }

    /// One row for a run of tranches of which nothing has happened.
    fn folded(
        &mut self,
        table: &mut Table,
        holder: &str,
        quiet: &mut Vec<TrancheId>,
        period: Period,
    ) -> Result<(), Fault> {
        let ids = std::mem::take(quiet);
        let Some(first) = ids.first() else { return Ok(()) };
        if ids.len() == 1 {
            let one = self.sums(*first, period)?;
            let value = self.tranche_value(*first)?;
            let row = self.tranche_row(holder, *first, one, value, period, &mut Vec::new())?;
            table.rows.push(row);
            return Ok(());
        }
        let mut sums = Sums::default();
        let mut values = Value::ZERO;
        for id in &ids {
            sums = sums.plus(self.sums(*id, period)?)?;
            values = values.plus(self.tranche_value(*id)?)?;
        }
        let label = self.measures().names(&ids);
        let path = self.tranche_path(*first);
        let mut row = self.sums_row(&label, sums, Some((Value::ZERO, values)), &path, period);
        if let Row::Cells { cells, .. } = &mut row {
            if let Some(cell) = cells.get_mut(1) {
                *cell = Cell::Text("not met".into());
            }
            if let Some(cell) = cells.get_mut(10) {
                *cell = Cell::Empty;
            }
        }
        table.rows.push(row);
        Ok(())
    }

    fn sums(&self, id: TrancheId, period: Period) -> Result<Sums, Fault> {
        let before = period.from.prev();
        let stage = |date: Date, stage| self.replay.engine.stage(&self.replay.at(date).state, id, stage);
        let known = |m: Measured| m.value.known().unwrap_or_default();
        let mut lapsed_vested = Number::ZERO;
        for (_, outcome) in self.replay.outcomes().filter(|(_, o)| period.contains(o.date)) {
            if let crate::engine::Act::Lapsed { tranche, vested, .. } = &outcome.act
                && *tranche == id
            {
                lapsed_vested = lapsed_vested.plus(*vested)?;
            }
        }
        let (opening, closing) = (stage(before, Stage::Locked), stage(period.to, Stage::Locked));
        let vested = known(self.measures().tranche_flow(id, "vested", period)?);
        let lapsed = known(self.measures().tranche_flow(id, "lapsed", period)?);
        let warrant = self.replay.engine.warrant_of(id);
        let fresh = warrant.is_some_and(|w| period.contains(w.granted));
        let size = self.replay.terms.tranches.get(id.index()).map_or(Number::ZERO, |t| t.size);
        let granted = if fresh { size } else { Number::ZERO };
        // A split or an adjustment inside the period adds locked rights as well; they count as granted.
        let grown = self.measures().grown(id, Stage::Locked, period)?;
        Ok(Sums {
            opening,
            vested,
            lapsed,
            lapsed_vested,
            closing,
            open: stage(period.to, Stage::Released).plus(stage(period.to, Stage::Cleared))?,
            exercised: stage(period.to, Stage::Used),
            granted: granted.plus(grown)?,
        })
    }

    /// Size at signing times grant-date value.
    pub(super) fn tranche_value(&self, id: TrancheId) -> Result<Value, Fault> {
        let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { return Ok(Value::ZERO) };
        Value::Known(tranche.size).times(self.replay.inputs.value(&tranche.fair_value)?)
    }

    fn lapsed_to_date(&self, warrant: WarrantId, date: Date) -> Result<Number, Fault> {
        let tranches = self.replay.terms.warrants.get(warrant.index()).map_or(&[][..], |w| &w.tranches);
        let state = &self.replay.at(date).state;
        tranches
            .iter()
            .map(|id| self.replay.engine.stage(state, *id, Stage::Lapsed))
            .try_fold(Number::ZERO, Number::plus)
    }

    /// The size of the warrant as its clause states it, after splits; nothing before the grant.
    fn granted(&self, warrant: WarrantId, date: Date) -> Result<Number, Fault> {
        let Some(terms) = self.replay.terms.warrants.get(warrant.index()) else { return Ok(Number::ZERO) };
        if date < terms.granted {
            return Ok(Number::ZERO);
        }
        let state = &self.replay.at(date).state;
        let split = crate::engine::exercise::split_since(state, terms)?;
        let adjusted = terms.equity.cheaper.as_ref().is_some_and(|issues| issues.number)
            || self.replay.engine.class_of(state, terms) != terms.class;
        if split == crate::num::Ratio::ONE && !adjusted {
            return Ok(terms.size);
        }
        // A split drops fractions of a right holding by holding: what is left of the grant stands with the issuer.
        let issuer = self.replay.terms.parties.get(terms.issuer.index()).map_or("", |p| &*p.name);
        let rights = format!("{} rights", terms.path);
        let account = self.replay.register.chart.find(issuer, "granted", &terms.path, &rights);
        Ok(account.map(|account| state.balances.get(account).neg()).unwrap_or_default())
    }

    fn tranche_row(
        &mut self,
        holder: &str,
        id: TrancheId,
        sums: Sums,
        value: Value,
        period: Period,
        marks: &mut Vec<String>,
    ) -> Result<Row, Fault> {
        let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { return Ok(Row::Blank) };
        let label = format!("{holder}/{}", tranche.name);
        let path = tranche.path.clone();
        let fair = self.replay.inputs.value(&tranche.fair_value)?;
        let mut row = self.sums_row(&label, sums, Some((fair, value)), &path, period);
        let [quantity, price, other] = self.gate_cells(id, period.to)?;
        if let Some(vested) = self.replay.at(period.to).state.tranches.get(&id).and_then(|t| t.vested)
            && period.contains(vested)
        {
            marks.push(format!("{label} vested {vested}{}.", self.evidence(id, vested)));
        }
        if let Row::Cells { cells, .. } = &mut row {
            for (index, text) in [quantity, price, other].into_iter().enumerate() {
                if let Some(cell) = cells.get_mut(index + 1) {
                    *cell = if index == 2 && text.is_empty() { Cell::Never } else { Cell::Text(text) };
                }
            }
        }
        Ok(row)
    }

    /// The lines and sources that made a tranche vest.
    fn evidence(&self, id: TrancheId, date: Date) -> String {
        let vesting =
            self.replay.register.outcomes.iter().find(|o| {
                o.date == date && matches!(o.act, crate::engine::Act::Vested { tranche, .. } if tranche == id)
            });
        let lines = vesting.map_or(&[][..], |o| &o.parents).iter().filter_map(|parent| match parent {
            crate::ledger::Parent::Line(line) => self.replay.engine.line(*line),
            _ => None,
        });
        let words: Vec<String> = lines
            .map(|line| {
                let name = line
                    .line
                    .id
                    .as_ref()
                    .map_or_else(|| format!("the line of {}", line.line.date), |id| format!("line {id}"));
                let cited = line.line.support.citations.iter().filter_map(|(source, place)| {
                    let source = self.replay.terms.sources.get(source.index())?;
                    Some(place.as_ref().map_or_else(|| source.name.to_string(), |p| format!("{} {p}", source.name)))
                });
                std::iter::once(name).chain(cited).collect::<Vec<_>>().join(" @ ")
            })
            .collect();
        if words.is_empty() { String::new() } else { format!(" (evidence: {})", words.join("; ")) }
    }

    /// What the gates of a tranche read at the end of a day, by kind of test.
    fn gate_cells(&self, id: TrancheId, date: Date) -> Result<[String; 3], Fault> {
        let mut cells = [String::new(), String::new(), String::new()];
        let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { return Ok(cells) };
        let state = &self.replay.at(date).state;
        for gate in std::iter::once(&tranche.vests).chain(&tranche.exercisable) {
            let evaluation = evaluate::evaluate(&self.replay.engine, state, id, gate, date)?;
            let mut leaves = Vec::new();
            gate.leaves(&mut leaves);
            for (leaf, tested) in leaves.iter().zip(&evaluation.tests) {
                let column = match leaf.test {
                    Test::Counter(..) => 0,
                    Test::Price(..) => 1,
                    _ => 2,
                };
                if let Some(cell) = cells.get_mut(column) {
                    if !cell.is_empty() {
                        cell.push_str("; ");
                    }
                    cell.push_str(&short(tested, column == 2));
                }
            }
        }
        Ok(cells)
    }

    fn sums_row(&mut self, label: &str, sums: Sums, value: Option<(Value, Value)>, path: &str, period: Period) -> Row {
        let shares = Unit::of("shares");
        let inside = |o: &crate::engine::Outcome| {
            o.act.tranche().is_some_and(|id| {
                let of = self.tranche_path(id);
                path.is_empty() || *of == *path || of.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
            })
        };
        let certainty = self.measures().certainty(period.to, inside);
        let mut cells = vec![Cell::Text(label.into()), Cell::Empty, Cell::Empty, Cell::Empty];
        for amount in [sums.opening, sums.vested, sums.lapsed, sums.closing, sums.open, sums.exercised] {
            let origin = Origin::State { what: path.into(), date: period.to };
            cells.push(Cell::Figure(self.bases.figure(Value::Known(amount), shares.clone(), certainty, origin)));
        }
        if let Some((per_share, whole)) = value {
            let unit = Unit::of("USD");
            for amount in [per_share, whole] {
                let origin = Origin::Term(format!("{path}.fair_value").into());
                cells.push(Cell::Figure(self.bases.figure(amount, unit.clone(), Basis::Actual, origin)));
            }
        }
        Row::of(cells)
    }
}

/// A number as people write it in conditions: `500m`, `1.5bn`, `2.15`.
pub(super) fn brief(number: Number) -> String {
    for (unit, size) in [("bn", 1_000_000_000i64), ("m", 1_000_000)] {
        let size = Number::from_int(size);
        let places = crate::num::Rounding { places: 6, ..crate::num::Rounding::CENTS };
        if number.abs() >= size
            && let Ok(scaled) = number.over(size, places)
        {
            return format!("{scaled}{unit}");
        }
    }
    number.to_string()
}

fn short(tested: &Tested, words: bool) -> String {
    let state = match (&tested.verdict, tested.latched) {
        (Verdict::Met, Some(date)) => format!("L {date}"),
        (Verdict::Met, None) => "MET".into(),
        (Verdict::Pending, _) => tested.actual.map_or_else(|| "open".into(), brief),
        (Verdict::Undetermined(_), _) => "n/a".into(),
        (Verdict::Impossible, _) => "over".into(),
    };
    if words {
        return format!("{} {state}", tested.text);
    }
    let threshold = tested.threshold.map_or_else(|| "undisclosed".into(), brief);
    format!("{threshold}  {state}")
}

impl Sums {
    fn plus(self, o: Self) -> Result<Self, Fault> {
        Ok(Self {
            opening: self.opening.plus(o.opening)?,
            vested: self.vested.plus(o.vested)?,
            lapsed: self.lapsed.plus(o.lapsed)?,
            lapsed_vested: self.lapsed_vested.plus(o.lapsed_vested)?,
            closing: self.closing.plus(o.closing)?,
            open: self.open.plus(o.open)?,
            exercised: self.exercised.plus(o.exercised)?,
            granted: self.granted.plus(o.granted)?,
        })
    }
}

impl Report {
    /// Adds a check.
    pub(super) fn tie(&mut self, check: Check) {
        self.checks.push(check);
    }
}
