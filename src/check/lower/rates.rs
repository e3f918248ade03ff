//! Whether what is paid in another currency has a rate.

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::terms::{Fact, PartyId, Quoted};
use crate::time::Date;

impl Checker<'_> {
    /// A payment in a currency that is not the party's own needs a rate by its first day.
    pub(super) fn rates(&mut self) {
        let mut wanted: Vec<(Span, &str, PartyId, Option<Date>)> = Vec::new();
        for flow in &self.terms.flows {
            let days = flow.series.iter().flat_map(|s| &s.amounts).filter_map(|a| a.days.first());
            let first = days.map(|(day, _)| *day).min();
            for party in [flow.from, flow.to].into_iter().flatten() {
                wanted.push((flow.span, &flow.currency, party, first));
            }
        }
        for supply in &self.terms.supplies {
            let currency = |id: PartyId| self.terms.parties.get(id.index()).map(|party| &party.currency);
            wanted.push((supply.price.span, &supply.currency, supply.seller, None));
            if currency(supply.buyer) != currency(supply.seller) {
                wanted.push((supply.price.span, &supply.currency, supply.buyer, None));
            }
        }
        for credit in self.terms.credits.iter().filter(|credit| credit.loan().is_some()) {
            for party in [credit.giver, credit.taker] {
                wanted.push((credit.span, &credit.currency, party, None));
            }
        }
        for line in &self.terms.lines {
            let Some(Fact::Open { party, foreign, .. }) = &line.fact else { continue };
            wanted.extend(foreign.iter().map(|(currency, _)| (line.span, &**currency, *party, Some(line.date))));
        }
        let mut errors = Vec::new();
        for credit in &self.terms.credits {
            let Some(name) = credit.loan().and_then(|loan| loan.interest.benchmark.as_ref()) else { continue };
            let of = Quoted::Benchmark(name.clone());
            let in_lines =
                |line: &crate::terms::Line| matches!(&line.fact, Some(Fact::Price { of: found, .. }) if *found == of);
            let found = self.terms.prices.iter().any(|prices| prices.of == of)
                || self.terms.paths.iter().any(|path| path.of == of)
                || self.terms.lines.iter().any(in_lines);
            if !found {
                let message = format!("`{}` follows benchmark({name}), which has no value", credit.path);
                let error = Diagnostic::new(Code::NoRate, credit.span, message).label("which rate?");
                errors.push(error.help(format!("add a line such as `{} price benchmark({name}) 4.3%`", credit.since)));
            }
        }
        for (span, currency, party, day) in wanted {
            let Some(party) = self.terms.parties.get(party.index()) else { continue };
            if *party.currency == *currency {
                continue;
            }
            let first = self.first_rate(currency, &party.currency);
            let message = match (first, day) {
                (None, _) => format!("paid in {currency}, and there is no rate({currency} in {})", party.currency),
                (Some(first), Some(day)) if first > day => {
                    format!(
                        "paid in {currency} from {day} on; rate({currency} in {}) begins on {first}",
                        party.currency
                    )
                }
                _ => continue,
            };
            let error = Diagnostic::new(Code::NoRate, span, message).label(format!("in {currency}"));
            let error = error.also(party.span, format!("counts in {}", party.currency));
            let help = format!(
                "add a line such as `{} price rate({currency} in {}) RATE {}/{currency}`",
                day.map_or_else(|| "DATE".to_owned(), |day| day.to_string()),
                party.currency,
                party.currency
            );
            errors.push(error.help(help));
        }
        errors.into_iter().for_each(|error| self.report.push(error));
    }

    /// The first day on which two currencies have a rate, either way round.
    fn first_rate(&self, one: &str, other: &str) -> Option<Date> {
        let fits = |of: &Quoted| match of {
            Quoted::Rate(a, b) => (&**a, &**b) == (one, other) || (&**b, &**a) == (one, other),
            _ => false,
        };
        let files = self.terms.prices.iter().filter(|p| fits(&p.of)).filter_map(|p| p.points.first());
        let lines = self.terms.lines.iter().filter_map(|line| match &line.fact {
            Some(Fact::Price { of, .. }) if fits(of) => Some(line.date),
            _ => None,
        });
        let paths = self.terms.paths.iter().filter(|p| fits(&p.of)).map(|p| p.from);
        files.map(|(date, ..)| *date).chain(lines).chain(paths).min()
    }
}
