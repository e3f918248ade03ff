//! The report: from income to basic and diluted earnings per share, and the shares they are spread over.

use super::{Reconciliation, ShareCount};
use crate::num::{Fault, Number, Unit};
use crate::report::build::Reporter;
use crate::report::measure::Measures;
use crate::report::scales::{self, Scales};
use crate::report::{Bases, Cell, Column, Origin, Report, Row, Rule, Scale, Table, scope};
use crate::terms::{Basis, ClassId, Paragraph, Value};
use crate::time::{Period, PeriodName};

impl Reporter<'_, '_> {
    /// Earnings per share of a party for a period, and for the year to date if that is longer.
    pub(in crate::report) fn eps(&mut self) -> Result<Report, String> {
        let classes = &self.replay.terms.classes;
        let stated = |id: ClassId| !self.measures().stated_on(id).is_empty();
        let fits = |party| {
            let mine = (0u32..).map(ClassId).zip(classes).filter(|(_, class)| class.issuer == party);
            mine.into_iter().any(|(id, _)| stated(id) || self.replay.end().state.opened.contains_key(&id))
        };
        let Some((issuer, party)) = self.scope.fitting(self.replay, fits)? else {
            return Ok(self.nothing("eps", "earnings per share", "has stated earnings or opened with shares"));
        };
        let first = (0u32..).map(ClassId).zip(classes).filter(|(_, class)| class.issuer == issuer);
        let mine: Vec<ClassId> = first.map(|(id, _)| id).collect();
        let mine_stated = mine.iter().any(|id| !self.measures().stated_on(*id).is_empty());
        // Without a period: the last one about which something is stated.
        let last = mine.iter().flat_map(|id| self.measures().stated_on(*id)).map(|(_, period)| period.to).max();
        let or = scope::quarter(party, last.unwrap_or_else(|| self.replay.today()));
        let (label, period) = self.scope.period(party, or)?;
        let mut report = self.report("eps", format!("{} — earnings per share", party.name));
        report.header.period = Some((label, period));
        report.header.units = format!("amounts and {}, per share as they are", self.scales.shares());
        self.book_header(&mut report, issuer);
        let mut periods = vec![(String::new(), period)];
        let (year, number) = party.fiscal.quarter_of(period.to);
        let to_date = Period { from: party.fiscal.year(year).from, to: period.to };
        if number > 1 && party.fiscal.resolve(&PeriodName::Quarter(year, number)) == Some(period) {
            periods.push((format!(", {year} to {}", period.to), to_date));
        }
        for class in mine {
            let opened = self.replay.end().state.opened.contains_key(&class);
            let stated = !self.measures().stated_on(class).is_empty();
            if !opened && !stated {
                continue;
            }
            // Of several classes those about which nothing is stated go before the one that is, or take part in it.
            let path = self.replay.terms.classes.get(class.index()).map_or("", |class| &*class.path);
            if !stated && mine_stated && self.measures().takes_part(class).is_none() {
                report.notes.push(format!("{path} takes no part in income beyond its dividends, which go before."));
                continue;
            }
            for (label, period) in &periods {
                self.eps_of(&mut report, class, label, *period).map_err(|fault| fault.to_string())?;
            }
        }
        self.refusals(&mut report, period.to);
        Ok(report)
    }

    fn eps_of(&mut self, report: &mut Report, class: ClassId, label: &str, period: Period) -> Result<(), Fault> {
        let Some(terms) = self.replay.terms.classes.get(class.index()) else { return Ok(()) };
        let currency = self.replay.terms.parties.get(terms.issuer.index()).map_or("USD", |p| &*p.currency);
        if let Some(part) = self.measures().class_part(class, period)? {
            let table = self.class_table(class, &part, currency, label, period)?;
            report.tables.push(table);
            return Ok(());
        }
        let found = self.measures().earnings_per_share(class, period)?;
        let Some(terms) = self.replay.terms.classes.get(class.index()) else { return Ok(()) };
        let path = terms.path.clone();
        let currency = self.replay.terms.parties.get(terms.issuer.index()).map_or("USD", |p| &*p.currency);
        if found.lines.is_empty() {
            report.notes.push(format!(
                "no `earnings` line states the income of {period}: shares are shown, nothing is tested for dilution."
            ));
        }
        let table = self.per_share_table(&found, &path, currency, label, period)?;
        report.tables.push(table);
        let count = self.count_table(found.count, &path, period, label)?;
        report.tables.push(count);
        Ok(())
    }

    fn per_share_table(
        &mut self,
        found: &Reconciliation,
        path: &str,
        currency: &str,
        label: &str,
        period: Period,
    ) -> Result<Table, Fault> {
        let origin = || match found.lines.last() {
            Some(line) => Origin::Line(*line),
            None => Origin::State { what: path.into(), date: period.to },
        };
        let (money, shares) = (Unit::of(currency), Unit::of("shares"));
        let each = Unit::per(currency, "shares");
        let certainty = self.measures().certainty(period.to, |_| false);
        let columns = columns(currency, self.scales);
        let title = format!("Earnings per share of {path}{label} ({period})");
        let mut table = Table { title, columns, ..Table::default() };
        let bases = &mut self.bases;
        let mut row = |label: &str, amounts: [Option<Value>; 3], cents: bool, why: String| {
            let units = [&money, &shares, &each];
            let mut cells = vec![Cell::Text(label.to_owned())];
            for (at, (amount, unit)) in amounts.into_iter().zip(units).enumerate() {
                cells.push(match amount {
                    None => Cell::Empty,
                    Some(amount) => {
                        let figure = bases.figure(amount, unit.clone(), certainty, origin());
                        if at == 2 && cents { Cell::Scaled(figure, Scale::CENTS) } else { Cell::Figure(figure) }
                    }
                });
            }
            cells.push(Cell::Text(why));
            Row::of(cells)
        };
        let measures = Measures { replay: self.replay };
        let terms = &self.replay.terms.classes;
        let class = terms.iter().position(|class| *class.path == *path).map_or(0, |at| u32::try_from(at).unwrap_or(0));
        let why = |words: &str, of| measures.why(ClassId(class), words, of);
        let control = if found.net.is_some() { "continuing operations" } else { "the period" };
        table.rows.push(row(
            &format!("Income from {control}"),
            [Some(found.income.clone()), None, None],
            false,
            why("control number", Paragraph::EpsControl),
        ));
        if found.preferred != Value::ZERO {
            let less = found.preferred.clone().map(|n| Ok(n.neg()))?;
            table.rows.push(row(
                "  less: preferred dividends",
                [Some(less), None, None],
                false,
                why("", Paragraph::EpsPreferred),
            ));
        }
        if let Some(gain) = found.count.remeasured.clone().filter(|gain| *gain != Value::ZERO) {
            let less = gain.map(|n| Ok(n.neg()))?;
            let label = "  remeasurement of shares counted in basic, taken out";
            table.rows.push(row(label, [Some(less), None, None], false, why("", Paragraph::EpsRemeasured)));
        }
        for one in &found.participants {
            let shared = match one.losses {
                true => why("losses too", Paragraph::EpsLosses),
                false => why("", Paragraph::EpsParticipating),
            };
            for (what, amount, shares) in [
                ("distributed to", &one.distributed, None),
                ("undistributed, of", &one.undistributed, Some(one.shares.clone())),
            ] {
                if *amount == Value::ZERO && shares.is_none() {
                    continue;
                }
                let less = amount.clone().map(|n| Ok(n.neg()))?;
                let label = format!("  less: {what} {}", one.name);
                table.rows.push(row(&label, [Some(less), shares, None], false, shared.clone()));
            }
        }
        let (basic, diluted) = found.per_share()?;
        table.rows.push(Row::Rule(Rule::Single));
        let amounts = [Some(found.numerators.0.clone()), Some(found.shares.0.clone()), Some(basic)];
        table.rows.push(row("Basic", amounts, true, why("", Paragraph::EpsBasic)));
        for step in &found.steps {
            let amounts = [Some(step.numerator.clone()), Some(step.shares.clone()), Some(step.after.clone())];
            table.rows.push(row(&format!("  {}", step.name), amounts, false, step.why.clone()));
        }
        if found.shared_again != Value::ZERO && !found.participants.is_empty() {
            let again = [Some(found.shared_again.clone()), None, None];
            table.rows.push(row(
                "  shared again over diluted shares",
                again,
                false,
                why("", Paragraph::EpsDistribution),
            ));
        }
        table.rows.push(Row::Rule(Rule::Double));
        let amounts = [Some(found.numerators.1.clone()), Some(found.shares.1.clone()), Some(diluted)];
        table.rows.push(row("Diluted", amounts, true, why("", Paragraph::EpsDiluted)));
        if let (Some(net), Some((basic, diluted)), Some([gone, with])) =
            (&found.net, found.net_per_share()?, found.discontinued()?)
        {
            let same = || why("over the same shares", Paragraph::EpsNet);
            let over = |diluted: bool| Some(if diluted { found.shares.1.clone() } else { found.shares.0.clone() });
            let label = "Discontinued operations, basic";
            table.rows.push(row(label, [Some(gone.0), over(false), Some(gone.1)], true, same()));
            let label = "Discontinued operations, diluted";
            table.rows.push(row(label, [Some(with.0), over(true), Some(with.1)], true, same()));
            let (own, all) = net.numerators.clone();
            let others = own.clone().minus(net.income.clone())?;
            if others != Value::ZERO {
                table.rows.push(row("Net income", [Some(net.income.clone()), None, None], false, String::new()));
                let share = "its own part of each participant";
                let why =
                    if found.participants.is_empty() { String::new() } else { why(share, Paragraph::EpsParticipating) };
                table.rows.push(row("  less: what is not for common shares", [Some(others), None, None], false, why));
            }
            table.rows.push(row("Net income, basic", [Some(own), over(false), Some(basic)], true, same()));
            table.rows.push(row("Net income, diluted", [Some(all), over(true), Some(diluted)], true, same()));
        }
        let test = why("", Paragraph::EpsTest);
        let test = if test.is_empty() { test } else { format!(" ({test})") };
        table.footnotes.push(format!("Ranked by income per share added; taken while income per share falls{test}. The column shows it with the row taken."));
        Ok(table)
    }

    /// The shares line by line.
    pub(in crate::report) fn count_table(
        &mut self,
        count: ShareCount,
        path: &str,
        period: Period,
        label: &str,
    ) -> Result<Table, Fault> {
        let tenth = Scale { places: 1, ..self.scales.shares };
        let columns = vec![
            Column::text(in_words("Shares", self.scales)).named("Line"),
            Column::figures("Basic", tenth),
            Column::figures("Diluted", tenth),
            Column::text("Why"),
        ];
        let title = format!("Share count for EPS of {path}{label} ({} days)", period.days());
        let mut table = Table { title, columns, ..Table::default() };
        let (basic, diluted) = count.totals()?;
        let cells = |bases: &mut Bases, label: String, b: Value, d: Value, why: String| {
            let mut figure = |amount| {
                let origin = Origin::State { what: path.into(), date: period.to };
                Cell::Figure(bases.figure(amount, Unit::of("shares"), Basis::Actual, origin))
            };
            Row::of(vec![Cell::Text(label), figure(b), figure(d), Cell::Text(why)])
        };
        for line in count.lines {
            let row = cells(&mut self.bases, line.label, line.basic, line.diluted, line.why);
            table.rows.push(row);
        }
        table.rows.push(Row::Rule(Rule::Double));
        let row = cells(&mut self.bases, "Weighted-average shares".into(), basic, diluted, String::new());
        table.rows.push(row);
        let class = self.replay.terms.classes.iter().find(|class| *class.path == *path).map(|class| class.issuer);
        let little = class.map_or(Ok(Number::ZERO), |issuer| self.measures().little(issuer, period.to))?;
        let cite = class.and_then(|issuer| self.measures().paragraph(issuer, Paragraph::EpsLittle).map(str::to_owned));
        let cite = cite.map_or_else(String::new, |cite| format!(" ({cite})"));
        table.footnotes.push(format!("A tranche enters basic when every gate is met, the exercise gate included{cite}. Little or no consideration: an exercise price up to {little}% of the period's average price."));
        Ok(table)
    }
}

/// Columns of a table of earnings per share: what, income, shares, the one over the other, why.
pub(super) fn columns(currency: &str, scales: Scales) -> Vec<Column> {
    vec![
        Column::text(in_words(&format!("{currency} and shares"), scales)).named("Line"),
        Column::figures("Income", Scale { places: if scales.shares.power == 0 { 2 } else { 0 }, ..scales.shares }),
        Column::figures("Shares", Scale { places: 1, ..scales.shares }),
        Column::figures("Per share", Scale { power: 0, places: 4 }),
        Column::text("Why"),
    ]
}

/// `Shares in thousands`
fn in_words(what: &str, scales: Scales) -> String {
    match scales.shares.power {
        0 => what.to_owned(),
        _ => format!("{what} {}", scales::words(scales.shares)),
    }
}
