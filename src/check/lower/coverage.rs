//! What a party does under its contracts and its book says nothing of.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::terms::{
    Book, BookExpr, Fact, Finding, Funding, LineId, Method, ModificationType, PartyId, Rule, RuleKind, Terms,
};

impl Checker<'_> {
    /// Roles without a rule, and awards that a rule measures and nothing values: a run would leave them out. Modifications of a
    /// type that the judgements before them contradict: a run would take the type at its word.
    pub(super) fn coverage(&mut self) {
        // A name that is not found may be the rule or the value that is missing.
        if self.report.errors() > 0 {
            return;
        }
        let mut found = roles(&self.terms);
        found.extend(awards(&self.terms, &self.unvalued));
        found.extend(modified(&self.terms));
        found.into_iter().for_each(|warning| self.report.push(warning));
    }
}

/// The book of a party.
fn book_of(terms: &Terms, party: PartyId) -> Option<(&Arc<str>, &Book)> {
    let party = terms.parties.get(party.index())?;
    let (book, _) = party.book.as_ref()?;
    Some((&party.name, terms.books.get(book.index())?))
}

fn roles(terms: &Terms) -> Vec<Diagnostic> {
    let supplies = terms.supplies.iter().flat_map(|supply| {
        [(supply.seller, "seller", &supply.path, supply.span), (supply.buyer, "buyer", &supply.path, supply.span)]
    });
    let warrants = terms.warrants.iter().flat_map(|warrant| {
        let (path, span) = (&warrant.path, warrant.span);
        [(warrant.issuer, "issuer", path, span), (warrant.holder, "holder", path, span)]
    });
    let investments = terms.investments.iter().filter(|investment| investment.funding != Funding::Nothing);
    let investments = investments.flat_map(|investment| {
        let (path, span) = (&investment.path, investment.span);
        let investors = investment.investors.iter().map(move |(investor, _)| (*investor, "investor", path, span));
        investors.chain([(investment.company, "company", path, span)])
    });
    let mut said: BTreeSet<(PartyId, &str)> = BTreeSet::new();
    let mut found = Vec::new();
    for (party, role, path, span) in supplies.chain(warrants).chain(investments) {
        let Some((name, book)) = book_of(terms, party) else { continue };
        if book.rules.iter().any(|rule| &*rule.role == role) || !said.insert((party, role)) {
            continue;
        }
        let message = format!("`{}` has no rule for what `{name}` does as {role} of `{path}`", book.name);
        let warning = Diagnostic::new(Code::NoRule, span, message).label(format!("`{name}` is its {role}"));
        let help =
            format!("add a rule `as {role}` to the book, or give `{name}` another book; nothing of this is posted");
        found.push(warning.also(book.span, "its book").help(help));
    }
    found
}

/// The rule by which a book measures awards it gives.
fn measuring(book: &Book) -> Option<&Rule> {
    let values = |rule: &&Rule| match &rule.kind {
        RuleKind::Keep { target, .. } => &*rule.role == "issuer" && reads_value(target),
        _ => false,
    };
    book.rules.iter().find(values)
}

fn reads_value(expr: &BookExpr) -> bool {
    match expr {
        BookExpr::Method(method, _) => *method == Method::FairValue,
        BookExpr::Add(a, b) | BookExpr::Sub(a, b) | BookExpr::Mul(a, b) | BookExpr::Min(a, b) | BookExpr::Max(a, b) => {
            reads_value(a) || reads_value(b)
        }
        _ => false,
    }
}

/// Tranches of which the contract says no value, not even that it is undisclosed, and no line does.
fn awards(terms: &Terms, unvalued: &[(Arc<str>, Span)]) -> Vec<Diagnostic> {
    let mut said: BTreeSet<Span> = BTreeSet::new();
    let mut found = Vec::new();
    for (path, span) in unvalued {
        let mut tranches = (0u32..).map(crate::terms::TrancheId).zip(&terms.tranches);
        let Some((id, _)) = tranches.find(|(_, tranche)| format!("{}.fair_value", tranche.path) == **path) else {
            continue;
        };
        let Some(warrant) = terms.warrant_of(id) else { continue };
        let Some((name, book)) = book_of(terms, warrant.issuer) else { continue };
        let Some(rule) = measuring(book) else { continue };
        let valued = terms.lines.iter().any(|line| match &line.fact {
            Some(Fact::Judge { tranches, finding }) => {
                tranches.contains(&id)
                    && matches!(finding, Finding::Value(_) | Finding::Measured(Some(_)) | Finding::Modified(_))
            }
            _ => false,
        });
        // One word for a warrant whose tranches are alike.
        if valued || !said.insert(warrant.span) {
            continue;
        }
        let message = format!(
            "no value of `{}` is given, and the book of `{name}` measures it",
            path.trim_end_matches(".fair_value")
        );
        let warning = Diagnostic::new(Code::NoGrantValue, *span, message).label("what was it worth at the grant?");
        let help = "add `fair value AMOUNT`, a model, or a `value` line; or write `fair value undisclosed`: nothing is posted for it";
        found.push(warning.also(rule.span, format!("by `{}`", rule.name)).help(help));
    }
    found
}

/// Modifications whose type says otherwise of the time before than the last judgement.
fn modified(terms: &Terms) -> Vec<Diagnostic> {
    let replaced: BTreeSet<LineId> =
        terms.lines.iter().flat_map(|line| [line.corrects, line.withdraws]).flatten().collect();
    let lines =
        || (0u32..).map(LineId).zip(&terms.lines).filter(|(id, _)| !replaced.contains(id)).map(|(_, line)| line);
    let mut found = Vec::new();
    for line in lines() {
        let Some(Fact::Judge { tranches, finding: Finding::Modified(what) }) = &line.fact else { continue };
        for id in tranches {
            let judged = lines().filter_map(|other| match &other.fact {
                Some(Fact::Judge { tranches, finding: Finding::Probable(yes) })
                    if other.date <= line.date && tranches.contains(id) =>
                {
                    Some((other, *yes))
                }
                _ => None,
            });
            // The last of a day decides, as it does in a run.
            let Some((judgement, probable)) = judged.reduce(|a, b| if b.0.date >= a.0.date { b } else { a }) else {
                continue;
            };
            let Some(tranche) = terms.tranches.get(id.index()) else { continue };
            if judgement.date == line.date || probable != what.kind.replaces() {
                continue;
            }
            let (said, was) = if probable { ("improbable", "probable") } else { ("probable", "not probable") };
            let message = format!(
                "type {} says `{}` was {said} before the change, and it was judged {was} on {}",
                what.kind.word(),
                tranche.path,
                judgement.date
            );
            let meant = match what.kind {
                ModificationType::I => "III",
                ModificationType::II => "IV",
                ModificationType::III => "I",
                ModificationType::IV => "II",
            };
            let help = format!(
                "write `type {meant}`, or a `judge` line before this day; types III and IV replace the value of the grant, I and II add to it"
            );
            let warning =
                Diagnostic::new(Code::ModifiedAgainstJudgement, line.span, message).label("type of the modification");
            found.push(warning.also(judgement.span, "judged here").help(help));
            break;
        }
    }
    found
}
