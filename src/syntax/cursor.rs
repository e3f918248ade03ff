//! The second layer's input: a clause, read from left to right by nom parsers.

use std::cell::{Cell, RefCell};
use std::iter::Enumerate;
use std::slice::Iter;

use nom::error::{ErrorKind, ParseError};
use nom::{IResult, Input, Needed};

use super::MAX_DIAGNOSTICS;
use super::token::{Punct, Token, TokenKind};
use super::tree::{Clause, End, Lexeme};
use crate::base::{Code, Diagnostic, SourceId, Span};

/// What all clauses of a file share.
pub(super) struct Shared<'a> {
    /// The file.
    pub source: SourceId,
    /// Its text.
    pub text: &'a str,
    diagnostics: RefCell<Vec<Diagnostic>>,
}

impl<'a> Shared<'a> {
    /// Nothing wrong yet.
    pub fn new(source: SourceId, text: &'a str) -> Self {
        Self { source, text, diagnostics: RefCell::default() }
    }

    /// The text under a span.
    pub fn under(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Lists something wrong.
    pub fn report(&self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.diagnostics.borrow_mut().push(diagnostic);
        }
    }

    /// Whether nothing more will be listed.
    pub fn is_full(&self) -> bool {
        self.diagnostics.borrow().len() >= MAX_DIAGNOSTICS
    }

    /// What was listed.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics.into_inner()
    }
}

/// What would have fitted somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A word of the language or punctuation, without backticks.
    Exactly(&'static str),
    /// In words: "a name", "`shares of CLASS`".
    Some(&'static str),
}

/// A clause while it is read: the furthest place reached and what would have fitted there.
pub(super) struct Frame<'a> {
    /// What all clauses of the file share.
    pub shared: &'a Shared<'a>,
    clause: &'a Clause,
    furthest: Cell<usize>,
    wanted: RefCell<Vec<Wanted>>,
    objection: RefCell<Option<Diagnostic>>,
    operators: Cell<usize>,
}

impl<'a> Frame<'a> {
    /// Nothing read yet.
    pub fn new(shared: &'a Shared<'a>, clause: &'a Clause) -> Self {
        Self {
            shared,
            clause,
            furthest: Cell::new(0),
            wanted: RefCell::default(),
            objection: RefCell::default(),
            operators: Cell::new(0),
        }
    }

    /// The whole clause, to be read.
    pub fn tokens(&'a self) -> Tokens<'a> {
        Tokens { frame: self, at: 0, end: self.clause.lexemes.len() }
    }

    /// Notes something wrong that does not keep the clause from being read.
    pub fn note(&self, diagnostic: Diagnostic) {
        self.objection.borrow_mut().get_or_insert(diagnostic);
    }

    /// Counts one more operator of this clause.
    pub fn count_operator(&self) -> usize {
        self.operators.set(self.operators.get() + 1);
        self.operators.get()
    }

    fn want(&self, at: usize, wanted: Wanted) {
        let mut list = self.wanted.borrow_mut();
        if at > self.furthest.get() {
            self.furthest.set(at);
            list.clear();
        }
        if at == self.furthest.get() && !list.contains(&wanted) {
            list.push(wanted);
        }
    }

    /// Why the clause cannot be read.
    pub fn explain(&self) -> Diagnostic {
        if let Some(objection) = self.objection.borrow_mut().take() {
            return objection;
        }
        let wanted = self.wanted.borrow();
        let expected = if wanted.is_empty() { "something else".to_owned() } else { join(&wanted) };
        let (found, span) = self.found(self.furthest.get());
        let diagnostic = Diagnostic::new(Code::ExpectedToken, span, format!("expected {expected}, found {found}"));
        self.line_rule(self.furthest.get(), diagnostic.label(format!("expected {expected}")))
    }

    /// The clause was read up to `rest`: reports what is left, and anything noted on the way.
    pub fn finish(&self, rest: Tokens<'_>) {
        if let Some(objection) = self.objection.borrow_mut().take() {
            self.shared.report(objection);
        } else if !rest.is_empty() {
            self.shared.report(self.leftover(rest.at));
        }
    }

    fn leftover(&self, at: usize) -> Diagnostic {
        let (found, span) = self.found(at);
        let wanted = self.wanted.borrow();
        let diagnostic = Diagnostic::new(Code::LeftoverText, span, format!("{found} after the end of a clause"));
        let diagnostic = diagnostic.label("the clause is complete before this");
        if let Some(unit) = self.per(at) {
            return diagnostic.help(format!("a price per unit is written with `/` and without blanks: `{unit}`"));
        }
        let diagnostic = diagnostic.help(Code::LeftoverText.advice());
        if at != self.furthest.get() || wanted.is_empty() {
            return diagnostic;
        }
        diagnostic.help(format!("here the clause could go on with {}", join(&wanted)))
    }

    /// `USD/turbine`, where `USD per turbine` stands.
    fn per(&self, at: usize) -> Option<String> {
        let word = |at: usize| match self.clause.lexemes.get(at) {
            Some(lexeme @ Lexeme::Token(_)) => Some(self.brief(lexeme.span())),
            _ => None,
        };
        let money = word(at.checked_sub(1)?)?.trim_start_matches(|c: char| !c.is_alphabetic()).to_owned();
        let per = word(at).filter(|per| matches!(&**per, "per" | "a" | "each"))?;
        let unit = word(at + 1).filter(|_| !per.is_empty() && !money.is_empty())?;
        Some(format!("{money}/{unit}"))
    }

    fn found(&self, at: usize) -> (String, Span) {
        match (self.clause.lexemes.get(at), self.clause.end) {
            (Some(lexeme @ Lexeme::Token(_)), _) => (format!("`{}`", self.brief(lexeme.span())), lexeme.span()),
            (Some(Lexeme::Block(block)), _) => ("`{`".to_owned(), Span { end: block.span.start + 1, ..block.span }),
            (None, End::Line(span)) => ("the end of the line".to_owned(), span),
            (None, End::Semicolon(span)) => ("`;`".to_owned(), span),
            (None, End::Brace(span)) => ("`}`".to_owned(), span),
        }
    }

    fn brief(&self, span: Span) -> String {
        let text = self.shared.under(span);
        if text.chars().count() > 40 { text.chars().take(37).chain("...".chars()).collect() } else { text.to_owned() }
    }

    fn line_rule(&self, at: usize, diagnostic: Diagnostic) -> Diagnostic {
        match (self.clause.lexemes.get(at), self.clause.end) {
            (None, End::Line(_)) => diagnostic.help(
                "a clause ends with its line, unless a bracket is open or the next line begins with `and`, `or` or an operator",
            ),
            _ => diagnostic,
        }
    }
}

fn join(wanted: &[Wanted]) -> String {
    let say = |wanted: &Wanted| match wanted {
        Wanted::Exactly(text) => format!("`{text}`"),
        Wanted::Some(text) => (*text).to_owned(),
    };
    match wanted {
        [] => String::new(),
        [one] => say(one),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(say).collect();
            format!("{} or {}", first.join(", "), say(last))
        }
    }
}

/// A parser did not find what it wanted; the frame knows what that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Miss;

impl<'a> ParseError<Tokens<'a>> for Miss {
    fn from_error_kind(_: Tokens<'a>, _: ErrorKind) -> Self {
        Self
    }

    fn append(_: Tokens<'a>, _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// What a parser of the second layer gives.
pub(super) type Parsed<'a, T> = IResult<Tokens<'a>, T, Miss>;

/// A parser as a value, for tables of clauses.
pub(super) type Rule<T> = for<'a> fn(Tokens<'a>) -> Parsed<'a, T>;

/// What is left of a clause.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    /// The clause.
    pub frame: &'a Frame<'a>,
    at: usize,
    end: usize,
}

impl<'a> Tokens<'a> {
    /// All that is left.
    pub fn lexemes(&self) -> &'a [Lexeme] {
        self.frame.clause.lexemes.get(self.at..self.end).unwrap_or(&[])
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.at >= self.end
    }

    /// The lexeme `ahead` places on.
    pub fn lexeme(&self, ahead: usize) -> Option<&'a Lexeme> {
        self.lexemes().get(ahead)
    }

    /// The token `ahead` places on, if there is one and it is not a block.
    pub fn token(&self, ahead: usize) -> Option<&'a Token> {
        match self.lexeme(ahead) {
            Some(Lexeme::Token(token)) => Some(token),
            _ => None,
        }
    }

    /// The word `ahead` places on.
    pub fn word(&self, ahead: usize) -> Option<&'a str> {
        self.token(ahead).filter(|t| t.kind == TokenKind::Word).map(|t| self.frame.shared.under(t.span))
    }

    /// Whether this stands `ahead` places on.
    pub fn punct(&self, ahead: usize, punct: Punct) -> bool {
        self.token(ahead).is_some_and(|t| t.kind == TokenKind::Punct(punct))
    }

    /// Whether no blank stands before the lexeme `ahead` places on.
    pub fn attached(&self, ahead: usize) -> bool {
        let place = self.at + ahead;
        let before = place.checked_sub(1).and_then(|p| self.frame.clause.lexemes.get(p));
        let here = self.frame.clause.lexemes.get(place);
        before.zip(here).is_some_and(|(a, b)| a.span().end == b.span().start)
    }

    /// The same place with another end, which is given back by [`Tokens::widened`].
    pub fn narrowed(self, length: usize) -> Self {
        Self { end: (self.at + length).min(self.end), ..self }
    }

    /// This place with the end of `other`.
    pub fn widened(self, other: Self) -> Self {
        Self { end: other.end, ..self }
    }

    /// From here up to `rest`.
    pub fn span_to(&self, rest: Self) -> Span {
        let lexemes = &self.frame.clause.lexemes;
        let first = lexemes.get(self.at).or_else(|| lexemes.last()).map(Lexeme::span);
        let last = rest.at.checked_sub(1).filter(|last| *last >= self.at).and_then(|last| lexemes.get(last));
        let first = first.unwrap_or(Span::new(self.frame.shared.source, 0, 0));
        first.to(last.map_or(first, Lexeme::span))
    }

    /// Notes what would fit here.
    pub fn want(&self, wanted: Wanted) {
        self.frame.want(self.at, wanted);
    }

    /// Fails, having wanted something else.
    pub fn miss<T>(self, wanted: Wanted) -> Parsed<'a, T> {
        self.want(wanted);
        Err(nom::Err::Error(Miss))
    }

    /// Fails for a reason of its own. The first reason of a clause is the one that is told.
    pub fn object<T>(self, diagnostic: Diagnostic) -> Parsed<'a, T> {
        self.frame.note(diagnostic);
        Err(nom::Err::Failure(Miss))
    }

    /// How many things were wanted here so far.
    pub fn wishes(&self) -> usize {
        if self.frame.furthest.get() == self.at { self.frame.wanted.borrow().len() } else { 0 }
    }

    /// Whether nothing beyond this place was wanted.
    pub fn is_furthest(&self) -> bool {
        self.frame.furthest.get() <= self.at
    }

    /// Names in one word what was wanted here after the first `kept` wishes.
    pub fn summarise(&self, kept: usize, wanted: Wanted) {
        if self.frame.furthest.get() == self.at {
            self.frame.wanted.borrow_mut().truncate(kept);
        }
        self.frame.want(self.at, wanted);
    }
}

impl<'a> Input for Tokens<'a> {
    type Item = &'a Lexeme;
    type Iter = Iter<'a, Lexeme>;
    type IterIndices = Enumerate<Iter<'a, Lexeme>>;

    fn input_len(&self) -> usize {
        self.end.saturating_sub(self.at)
    }

    fn take(&self, index: usize) -> Self {
        self.narrowed(index)
    }

    fn take_from(&self, index: usize) -> Self {
        Self { at: (self.at + index).min(self.end), ..*self }
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.take_from(index), self.take(index))
    }

    fn position<P: Fn(Self::Item) -> bool>(&self, predicate: P) -> Option<usize> {
        self.lexemes().iter().position(predicate)
    }

    fn iter_elements(&self) -> Self::Iter {
        self.lexemes().iter()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.lexemes().iter().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if count <= self.input_len() { Ok(count) } else { Err(Needed::new(count - self.input_len())) }
    }
}
