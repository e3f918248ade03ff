//! Standards of a book, and whether what a party chose and adopted fits them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::Program;
use crate::syntax::ast::{self, StandardClause};
use crate::terms::{Book, Cite, Effective, Fact, Line, Party, Requirement, Standard, Transition};
use crate::time::Date;

impl Checker<'_> {
    /// `standard NAME { … }`, once the policies of the book are known.
    pub(super) fn standard(&mut self, ast: &ast::Standard, cite: Option<Cite>, span: Span, book: &Book) -> Standard {
        let title = ast.title.as_ref().map_or_else(|| ast.name.text.clone(), |title| title.text.clone());
        let (mut effective, mut requires) = (Vec::new(), Vec::new());
        for clause in &ast.clauses {
            match clause {
                StandardClause::Effective(after, only) => {
                    let after = self.day(after);
                    let only = match only {
                        Some((policy, choice)) => match self.policy_choice(policy, choice, book) {
                            Some(only) => Some(only),
                            None => continue,
                        },
                        None => None,
                    };
                    effective.push(Effective { after, only });
                }
                StandardClause::Requires(policy, choice, how) => {
                    let transition = match how {
                        Some(word) => self.report.word(Code::WrongKind, word, "a transition", Transition::ALL),
                        None => Some(Transition::ModifiedRetrospective),
                    };
                    let found = self.policy_choice(policy, choice, book).zip(transition);
                    let Some(((policy, choice), transition)) = found else { continue };
                    if transition == Transition::ModifiedRetrospective && book.transition.is_none() {
                        let message =
                            format!("`{}` has nowhere to put what it changes of earlier years", ast.name.text);
                        self.missing(span, message, "add `transition against ACCOUNT`, such as retained earnings");
                    }
                    requires.push(Requirement { policy, choice, transition });
                }
            }
        }
        if effective.is_empty() {
            let message = format!("`{}` does not say when it takes effect", ast.name.text);
            self.missing(ast.name.span, message, "add `effective fiscal years beginning after DATE`");
        }
        Standard { name: ast.name.text.clone(), title, effective, requires, cite, span }
    }

    fn policy_choice(&mut self, policy: &ast::Name, choice: &ast::Name, book: &Book) -> Option<(Arc<str>, Arc<str>)> {
        let Some(found) = book.policies.iter().find(|found| found.name == policy.text) else {
            let known = book.policies.iter().map(|policy| &*policy.name);
            return self.report.unknown(Code::UnknownPolicy, (&policy.text, policy.span), "policy", known);
        };
        super::dimension::share_of_whole(&mut self.report, choice);
        if !found.takes(&choice.text) {
            let known = found.choices.iter().map(|choice| &**choice);
            return self.report.unknown(Code::UnknownPolicy, (&choice.text, choice.span), "choice", known);
        }
        Some((policy.text.clone(), choice.text.clone()))
    }

    /// Adoption lines and choices of parties against the standards of their books.
    pub(super) fn standards(&mut self, program: &Program) {
        let mut found: Vec<Diagnostic> = Vec::new();
        // One word on each line and on each choice, however many standards ask the same.
        let mut said: BTreeSet<Span> = BTreeSet::new();
        let begins = self.terms.begins();
        // Sorted out once: there are many lines, and few of them adopt anything.
        let adopting = self.terms.lines.iter().filter(|line| matches!(line.fact, Some(Fact::Adopt { .. })));
        let adopting: Vec<&Line> = adopting.collect();
        for (number, party) in (0u32..).zip(&self.terms.parties) {
            let Some((id, choices)) = &party.book else { continue };
            let Some(book) = self.terms.books.get(id.index()) else { continue };
            for standard in &book.standards {
                let Some(from) = standard.effective(&party.fiscal, choices) else { continue };
                for what in &standard.requires {
                    let adopts = adopting.iter().copied().filter(|line| match &line.fact {
                        Some(Fact::Adopt { party, policy, .. }) => party.0 == number && *policy == what.policy,
                        _ => false,
                    });
                    let lines: Vec<&Line> = adopts.collect();
                    for line in &lines {
                        let unfit = unfit(party, standard, what, from, line);
                        found.extend(unfit.filter(|_| said.insert(line.span)));
                    }
                    let chosen =
                        choices.iter().any(|(policy, choice)| *policy == what.policy && *choice != what.choice);
                    if chosen && lines.is_empty() && begins.is_some_and(|begins| from <= begins) {
                        let never = never(program, party, standard, what, from);
                        found.extend(never.filter(|(choice, _)| said.insert(*choice)).map(|(_, warning)| warning));
                    }
                }
            }
        }
        found.into_iter().for_each(|diagnostic| self.report.push(diagnostic));
    }
}

/// An adoption that comes too late, takes back what a standard requires, or begins inside a year.
fn unfit(party: &Party, standard: &Standard, what: &Requirement, from: Date, line: &Line) -> Option<Diagnostic> {
    let Some(Fact::Adopt { choice, transition, .. }) = &line.fact else { return None };
    let (owner, name, date) = (&party.name, &standard.name, line.date);
    let asks = format!("`{name}` is effective for `{owner}` from {from} on");
    let bad =
        |message: String, label: &str| Diagnostic::new(Code::BadValue, line.span, message).label(label.to_owned());
    if *choice != what.choice {
        let message = format!("`{} = {choice}` is no choice any more on {date}", what.policy);
        let error = bad(message, "after the standard").also(standard.span, asks);
        return (date >= from).then(|| error.help(format!("leave this line out, or date it before {from}")));
    }
    if date > from {
        let error = bad(format!("`{owner}` must adopt `{name}` on {from} already"), "later than it must");
        return Some(error.also(standard.span, asks).help("leave this line out: the standard takes effect by itself"));
    }
    let year = party.fiscal.year(party.fiscal.quarter_of(date).0).from;
    let inside = date != year && *transition == Transition::ModifiedRetrospective;
    inside.then(|| {
        let message = format!("`{name}` is adopted at the beginning of a fiscal year of `{owner}`");
        let error = bad(message, "inside a fiscal year").also(standard.span, asks);
        error.help(format!("write {year}, the first day of this one, or that of another year"))
    })
}

/// A choice that ended before anything happens.
fn never(
    program: &Program,
    party: &Party,
    standard: &Standard,
    what: &Requirement,
    from: Date,
) -> Option<(Span, Diagnostic)> {
    let (decl, _) = program.parties.iter().find(|(decl, _)| decl.name.text == party.name)?;
    let mut written = decl.clauses.iter().filter_map(|clause| match clause {
        ast::PartyClause::Book(_, choices) => Some(choices),
        _ => None,
    });
    let (_, choice) = written.next()?.iter().find(|(policy, _)| policy.text == what.policy)?;
    let message =
        format!("`{} = {}` had ended for `{}` before anything here happens", what.policy, choice.text, party.name);
    let warning =
        Diagnostic::new(Code::PolicyEnded, choice.span, message).label(format!("`{}` holds throughout", what.choice));
    let asks = format!("`{}` is effective for it from {from} on", standard.name);
    Some((choice.span, warning.also(standard.span, asks).help("leave the choice out, or keep another book")))
}
