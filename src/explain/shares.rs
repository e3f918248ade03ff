//! Shares: what made them outstanding, and how counts and parts are put together.

use super::Derivation;
use super::tell::Teller;
use crate::num::{Fault, Number, Unit};
use crate::report::measure::Measures;
use crate::terms::{ClassId, Paragraph, Value};

impl Teller<'_, '_> {
    /// The class a measure of shares speaks about, if it is one.
    pub(super) fn class(&self) -> Option<ClassId> {
        let measure = &*self.name.measure;
        let shares = measure.starts_with("shares_") || measure.starts_with("eps_") || measure.starts_with("ownership_");
        let classes = (0u32..).map(ClassId).zip(&self.replay.terms.classes);
        let mut mine = classes.filter(|(_, class)| {
            let issuer = self.replay.terms.parties.get(class.issuer.index());
            issuer.is_some_and(|p| p.name == self.name.entity)
                && (measure.starts_with("ownership_") || self.name.item.as_ref().is_none_or(|i| *i == class.path))
        });
        mine.next().map(|(id, _)| id).filter(|_| shares)
    }

    /// The parts of a measure of shares.
    pub(super) fn share_parts(&mut self, class: ClassId) -> Result<Vec<Derivation>, Fault> {
        match &*self.name.measure {
            "shares_outstanding" => self.outstanding(class),
            "eps_shares_basic" => self.counted(class, true),
            "eps_shares_diluted" => self.counted(class, false),
            "eps_numerator_basic" => self.income(class, true),
            "eps_numerator_diluted" => self.income(class, false),
            "eps_basic" => self.per_share(class, true),
            "eps_diluted" => self.per_share(class, false),
            _ => self.holders(class),
        }
    }

    /// Every outcome that put shares out, with how many.
    fn outstanding(&mut self, class: ClassId) -> Result<Vec<Derivation>, Fault> {
        let Some(terms) = self.replay.terms.classes.get(class.index()) else { return Ok(Vec::new()) };
        let (register, end) = (&self.replay.register, self.period.to);
        let unissued = register.chart.find(&self.name.entity, "unissued", &terms.path, &terms.path);
        let mut parts = Vec::new();
        for outcome in register.outcomes.iter().filter(|o| o.date <= end) {
            let Some(entry) = outcome.entry.and_then(|id| register.journal.get(id)) else { continue };
            let postings = register.journal.postings(entry).iter().filter(|p| Some(p.account) == unissued);
            let put = postings.map(|p| p.amount.neg()).try_fold(Number::ZERO, Number::plus)?;
            if !put.is_zero() {
                let node = self.outcome(outcome, 0);
                parts.push(Derivation { amount: Some((Value::Known(put), Unit::of("shares"))), ..node });
            }
        }
        Ok(parts)
    }

    /// The lines of the share count.
    fn counted(&self, class: ClassId, basic: bool) -> Result<Vec<Derivation>, Fault> {
        let count = Measures { replay: self.replay }.share_count(class, self.period)?;
        let lines = count.lines.into_iter().map(|line| Derivation {
            label: line.label.trim().to_owned(),
            amount: Some((if basic { line.basic } else { line.diluted }, Unit::of("shares"))),
            rule: Some(line.why),
            ..Derivation::default()
        });
        Ok(lines.filter(|part| part.amount.as_ref().is_none_or(|(value, _)| *value != Value::ZERO)).collect())
    }

    /// Income, what goes before common shares, and what each dilutive security adds.
    fn income(&mut self, class: ClassId, basic: bool) -> Result<Vec<Derivation>, Fault> {
        let measures = Measures { replay: self.replay };
        let found = measures.earnings_per_share(class, self.period)?;
        let currency = self.replay.terms.classes.get(class.index()).map(|class| class.issuer);
        let currency = currency.and_then(|id| self.replay.terms.parties.get(id.index()));
        let money = Unit::of(currency.map_or("USD", |party| &*party.currency));
        let part = |label: String, value: Value, rule: &str| Derivation {
            label,
            amount: Some((value, money.clone())),
            rule: Some(rule.to_owned()).filter(|rule| !rule.is_empty()),
            ..Derivation::default()
        };
        let less = |value: Value| value.map(|n| Ok(n.neg()));
        let why = |words: &str, of| measures.why(class, words, of);
        let mut income = part("income".into(), found.income.clone(), &why("control number", Paragraph::EpsControl));
        for id in &found.lines {
            let Some(line) = self.replay.engine.line(*id) else { continue };
            let label = format!("stated on {}", line.line.date);
            let certainty = Some(line.line.basis);
            income.parts.push(Derivation { label, place: Some(line.line.span), certainty, ..Derivation::default() });
        }
        let mut parts = vec![
            income,
            part("preferred dividends".into(), less(found.preferred.clone())?, &why("", Paragraph::EpsPreferred)),
            part(
                "remeasurement of shares counted in basic".into(),
                less(found.count.remeasured.clone().unwrap_or(Value::ZERO))?,
                &why("", Paragraph::EpsRemeasured),
            ),
        ];
        for one in &found.participants {
            let (paid, left) = (less(one.distributed.clone())?, less(one.undistributed.clone())?);
            parts.push(part(format!("distributed to {}", one.name), paid, &why("", Paragraph::EpsParticipating)));
            parts.push(part(
                format!("undistributed, part of {}", one.name),
                left,
                &why("", Paragraph::EpsParticipating),
            ));
        }
        if !basic && !found.participants.is_empty() {
            let why = why("", Paragraph::EpsDistribution);
            parts.push(part("shared again over diluted shares".into(), found.shared_again.clone(), &why));
        }
        for step in found.steps.into_iter().filter(|step| !basic && step.dilutive != Some(false)) {
            parts.push(part(step.name, step.numerator, &step.why));
        }
        let nil = |part: &Derivation| part.amount.as_ref().is_some_and(|(value, _)| *value == Value::ZERO);
        parts.retain(|part| !nil(part));
        Ok(parts)
    }

    /// Income over shares, each with its parts; then what was tested.
    fn per_share(&mut self, class: ClassId, basic: bool) -> Result<Vec<Derivation>, Fault> {
        let found = Measures { replay: self.replay }.earnings_per_share(class, self.period)?;
        let of = |both: &(Value, Value)| if basic { both.0.clone() } else { both.1.clone() };
        let shown = |value: Value| value.known().map_or_else(|| "not stated".to_owned(), Number::grouped);
        // A quotient is not the sum of its parts: the amounts stand in the words.
        let node = |label: String, parts| Derivation { label, parts, ..Derivation::default() };
        let income = format!("income for common shares: {}", shown(of(&found.numerators)));
        let shares = format!("over weighted-average shares: {}", shown(of(&found.shares)));
        let mut parts = vec![node(income, self.income(class, basic)?), node(shares, self.counted(class, basic)?)];
        let why = Measures { replay: self.replay }.why(class, "", Paragraph::EpsTest);
        for step in found.steps.into_iter().filter(|_| !basic) {
            let label = format!("{}: {} per share with it; {}", step.name, shown(step.after), step.why);
            parts.push(Derivation {
                label,
                rule: Some(why.clone()).filter(|why| !why.is_empty()),
                ..Derivation::default()
            });
        }
        Ok(parts)
    }

    /// What each holder has and may come to have.
    fn holders(&self, class: ClassId) -> Result<Vec<Derivation>, Fault> {
        let dilution = Measures { replay: self.replay }.dilution(class, self.period.to)?;
        let counts = self.name.measure.starts_with("shares_");
        let vested = !self.name.measure.ends_with("issued");
        let diluted = self.name.measure.ends_with("fully_diluted");
        let all = diluted || self.name.measure.ends_with("with_promised");
        // Parts of an ownership percentage are shares: they are shown, not added up.
        let part = |label: String, value: Value| {
            let amount = counts.then(|| (value.clone(), Unit::of("shares")));
            let shown = value.known().map_or_else(|| "undisclosed".to_owned(), crate::num::Number::grouped);
            let label = if counts { label } else { format!("{label}: {shown} shares") };
            Derivation { label, amount, ..Derivation::default() }
        };
        let mut parts = vec![part("shares outstanding".into(), dilution.issued)];
        for stake in dilution.holders {
            let name = self.replay.terms.parties.get(stake.party.index()).map_or("", |p| &*p.name);
            if !counts && !stake.issued.is_zero() {
                parts.push(part(format!("of them held by {name}"), Value::Known(stake.issued)));
            }
            if vested && !stake.vested.is_zero() {
                parts.push(part(format!("rights of {name}, vested and not exercised"), Value::Known(stake.vested)));
            }
            if diluted && !stake.money.is_zero() {
                let label = format!("of them for money of {name}, called or promised");
                parts.push(part(label, Value::Known(stake.money.neg())));
            }
            if all && !stake.unvested.is_zero() {
                parts.push(part(format!("rights of {name}, not yet vested"), Value::Known(stake.unvested)));
            }
        }
        if all && !dilution.awards.is_zero() {
            parts.push(part(
                if dilution.pool_is_reserved { "reserved shares" } else { "employee awards" }.into(),
                Value::Known(dilution.awards),
            ));
        }
        Ok(parts)
    }
}
