//! The file as clauses: tokens and blocks, before anything is known about their meaning.
//!
//! A clause ends at the end of its line or at `;`, unless a bracket is open or the next line begins with `and`, `or` or
//! an operator. Inside `{ }` the same rule holds one level down.

use std::collections::BTreeMap;

use super::ast::Text;
use super::bracket::{Brackets, Lonely, Partner, match_brackets};
use super::token::{Punct, Token, TokenKind};
use crate::base::{Diagnostic, SourceId, Span};

/// One clause.
#[derive(Debug)]
pub(super) struct Clause {
    /// Never empty.
    pub lexemes: Vec<Lexeme>,
    /// `##` lines directly above.
    pub docs: Vec<Text>,
    /// What ended it.
    pub end: End,
    /// A bracket of it is missing, which has been said; nothing more can be said about it.
    pub broken: bool,
}

/// A token, or everything between two braces.
#[derive(Debug)]
pub(super) enum Lexeme {
    /// Neither `{` nor `}`.
    Token(Token),
    /// `{ … }`
    Block(Block),
}

/// `{ … }`
#[derive(Debug)]
pub(super) struct Block {
    /// In order.
    pub clauses: Vec<Clause>,
    /// From brace to brace.
    pub span: Span,
}

/// What ended a clause, and where.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// The end of the line or of the file.
    Line(Span),
    /// `;`
    Semicolon(Span),
    /// The `}` of the block around it.
    Brace(Span),
}

impl Lexeme {
    /// Where.
    pub fn span(&self) -> Span {
        match self {
            Self::Token(token) => token.span,
            Self::Block(block) => block.span,
        }
    }
}

/// The clauses of a file, and the brackets that do not match.
pub(super) fn clauses(source: SourceId, text: &str, tokens: Vec<Token>) -> (Vec<Clause>, Vec<Diagnostic>) {
    let (tokens, layout) = separate(text, tokens);
    let indent = |at: usize| {
        let (first, line) = layout.range(..=at).next_back()?;
        Some((line.indent, *first == at))
    };
    let brackets = match_brackets(&tokens, |at| layout.get(&at).is_some_and(|l| l.indent == 0), indent);
    let mut splitter = Splitter { tokens: &tokens, layout, brackets: &brackets, text, source };
    let (clauses, _) = splitter.split(0, tokens.len(), None);
    (clauses, brackets.diagnostics)
}

/// How a line begins.
#[derive(Default)]
struct Layout {
    /// Bytes before its first token.
    indent: u32,
    docs: Vec<Text>,
}

/// The tokens without trivia, and for each that begins a line, how.
fn separate(text: &str, tokens: Vec<Token>) -> (Vec<Token>, BTreeMap<usize, Layout>) {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut layout = BTreeMap::new();
    let mut docs: Vec<Text> = Vec::new();
    let mut line_start = Some(0);
    let mut blank_line = false;
    for token in tokens {
        match token.kind {
            TokenKind::Newline => {
                if blank_line {
                    docs.clear();
                }
                blank_line = true;
                line_start = Some(token.span.end);
                continue;
            }
            TokenKind::Comment => {}
            TokenKind::Doc => {
                let line = text.get(token.span.start as usize..token.span.end as usize).unwrap_or("");
                if line_start.is_some() {
                    docs.push(Text { text: line.trim_start_matches('#').trim().into(), span: token.span });
                }
            }
            _ => {
                if let Some(start) = line_start.take() {
                    let indent = token.span.start.saturating_sub(start);
                    layout.insert(kept.len(), Layout { indent, docs: std::mem::take(&mut docs) });
                }
                kept.push(token);
            }
        }
        blank_line = false;
    }
    (kept, layout)
}

struct Splitter<'a> {
    tokens: &'a [Token],
    layout: BTreeMap<usize, Layout>,
    brackets: &'a Brackets,
    text: &'a str,
    source: SourceId,
}

/// A clause that is being collected.
#[derive(Default)]
struct Draft {
    lexemes: Vec<Lexeme>,
    docs: Vec<Text>,
    parens: usize,
    broken: bool,
}

impl Draft {
    fn finish(&mut self, end: End, into: &mut Vec<Clause>) {
        let Self { lexemes, docs, broken, .. } = std::mem::take(self);
        if !lexemes.is_empty() {
            into.push(Clause { lexemes, docs, end, broken });
        }
    }
}

impl Splitter<'_> {
    /// The clauses between two tokens, and whether brackets among them are nested too deeply. Calls itself once per
    /// open brace, of which there are at most 64.
    fn split(&mut self, mut at: usize, end: usize, brace: Option<Span>) -> (Vec<Clause>, bool) {
        let mut clauses = Vec::new();
        let mut too_deep = false;
        let mut draft = Draft::default();
        while let Some(token) = self.tokens.get(at).filter(|_| at < end) {
            if let Some(layout) = self.layout.get_mut(&at) {
                let docs = std::mem::take(&mut layout.docs);
                if draft.parens == 0 && !self.continues(token) {
                    draft.finish(End::Line(last_byte(&draft.lexemes, token.span)), &mut clauses);
                    draft.docs = docs;
                }
            }
            match (self.brackets.lonely.get(&at), self.brackets.partner(at), &token.kind) {
                (Some(Lonely::Until(next)), ..) => {
                    too_deep = true;
                    draft.broken = true;
                    at = *next;
                    continue;
                }
                (Some(Lonely::Bracket), ..) => draft.broken = true,
                (None, Some(partner), TokenKind::Punct(Punct::OpenBrace)) => {
                    let (inner_end, next, close) = match partner {
                        Partner::At(close) => (close, close + 1, self.tokens.get(close).map(|t| t.span)),
                        Partner::Before(next) => (next, next, None),
                    };
                    let (inner, inner_too_deep) = self.split(at + 1, inner_end, close);
                    draft.broken |= inner_too_deep;
                    too_deep |= inner_too_deep;
                    let last = close.or_else(|| self.tokens.get(inner_end.saturating_sub(1)).map(|t| t.span));
                    let span = token.span.to(last.unwrap_or(token.span));
                    draft.lexemes.push(Lexeme::Block(Block { clauses: inner, span }));
                    at = next;
                    continue;
                }
                (None, _, TokenKind::Punct(Punct::Semicolon)) if draft.parens == 0 => {
                    draft.finish(End::Semicolon(token.span), &mut clauses);
                }
                (None, ..) => {
                    match token.kind {
                        TokenKind::Punct(p) if p.opens() => draft.parens += 1,
                        TokenKind::Punct(p) if p.closes() => draft.parens = draft.parens.saturating_sub(1),
                        _ => {}
                    }
                    draft.lexemes.push(Lexeme::Token(token.clone()));
                }
            }
            at += 1;
        }
        let fallback = brace.unwrap_or(Span::new(self.source, 0, 0));
        let end = brace.map_or_else(|| End::Line(last_byte(&draft.lexemes, fallback)), End::Brace);
        draft.finish(end, &mut clauses);
        (clauses, too_deep)
    }

    /// Whether a line that begins with this goes on with the clause before it.
    fn continues(&self, token: &Token) -> bool {
        match token.kind {
            TokenKind::Word => {
                matches!(self.text.get(token.span.start as usize..token.span.end as usize), Some("and" | "or"))
            }
            TokenKind::Punct(punct) => punct.is_binary(),
            _ => false,
        }
    }
}

/// The empty place after the last of them.
fn last_byte(lexemes: &[Lexeme], otherwise: Span) -> Span {
    let span = lexemes.last().map_or(otherwise, Lexeme::span);
    Span { start: span.end, ..span }
}
