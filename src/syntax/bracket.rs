//! Which bracket closes which. Iterative: no input can exhaust the stack.

use std::collections::BTreeMap;

use super::MAX_DIAGNOSTICS;
use super::token::{Punct, Token, TokenKind};
use crate::base::{Code, Diagnostic, Span};

/// Deepest nesting of brackets of all kinds.
pub(super) const MAX_DEPTH: usize = crate::base::limits::NESTING;

/// What became of the brackets of a file. Tokens that are not listed stand as they are.
#[derive(Default)]
pub(super) struct Brackets {
    /// For every bracket that opens: the index of its partner.
    closes: BTreeMap<usize, Partner>,
    /// Brackets without a partner.
    pub lonely: BTreeMap<usize, Lonely>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Where a bracket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Partner {
    /// At this token.
    At(usize),
    /// Before this token, for want of a partner.
    Before(usize),
}

/// What the clause around a bracket without a partner has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lonely {
    /// Leave it out.
    Bracket,
    /// Leave out everything from here up to that token: too deep.
    Until(usize),
}

impl Brackets {
    /// Where the bracket at this index ends.
    pub fn partner(&self, open: usize) -> Option<Partner> {
        self.closes.get(&open).copied()
    }
}

/// Matches the brackets of `tokens`, which hold no trivia. `at_margin` tells whether a token begins a line without
/// a blank before it: a block that is never closed ends there. `indent` tells how far the line of a token stands from
/// the margin, and whether the token begins it.
pub(super) fn match_brackets(
    tokens: &[Token],
    at_margin: impl Fn(usize) -> bool,
    indent: impl Fn(usize) -> Option<(u32, bool)>,
) -> Brackets {
    let mut brackets = Brackets::default();
    let mut open: Vec<(usize, Punct)> = Vec::new();
    let mut too_deep = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.kind {
            TokenKind::Punct(p) if p.opens() && open.len() == MAX_DEPTH => {
                let end = skip(tokens, at);
                if !too_deep {
                    let message = format!("brackets nested more than {MAX_DEPTH} deep");
                    brackets.diagnostics.push(
                        Diagnostic::new(Code::TooDeep, token.span, message)
                            .label("one level too many")
                            .help("close what is open, or name parts of a value with `assume NAME = …`"),
                    );
                }
                too_deep = true;
                brackets.lonely.insert(at, Lonely::Until(end));
                at = end;
                continue;
            }
            TokenKind::Punct(p) if p.opens() => open.push((at, p)),
            TokenKind::Punct(p) if p.closes() => match keep(&open, p) {
                Some(left) => {
                    for (lonely, _) in open.drain(left + 1..).collect::<Vec<_>>() {
                        brackets.alone(tokens, lonely, Some(token.span));
                    }
                    if let Some((partner, _)) = open.pop() {
                        brackets.closes.insert(partner, Partner::At(at));
                    }
                }
                None => brackets.alone(tokens, at, None),
            },
            _ => {}
        }
        at += 1;
    }
    if !too_deep {
        let shifted = open.first().and_then(|(first, _)| brackets.shifted(*first, indent));
        brackets.diagnostics.extend(never_closed(tokens, &open, shifted));
    }
    for (index, punct) in open {
        if punct == Punct::OpenBrace {
            let end = if too_deep { tokens.len() } else { margin_after(tokens, &brackets, index, &at_margin) };
            brackets.closes.insert(index, Partner::Before(end));
        } else {
            brackets.lonely.insert(index, Lonely::Bracket);
        }
    }
    brackets
}

/// The place in `open` of the bracket that `close` closes. Braces are stronger than the others: what a `}` finds
/// open before its `{` is never closed, and a `)` does not look beyond a `{`.
fn keep(open: &[(usize, Punct)], close: Punct) -> Option<usize> {
    let reach = open.iter().enumerate().rev();
    let mut reach = reach.take_while(|(_, (_, p))| close == Punct::CloseBrace || *p != Punct::OpenBrace);
    reach.find(|(_, (_, p))| p.partner() == Some(close)).map(|(place, _)| place)
}

/// One past the partner of the bracket at `open`, whatever its kind.
fn skip(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            TokenKind::Punct(p) if p.opens() => depth += 1,
            TokenKind::Punct(p) if p.closes() => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// The first token at the margin after `open`, outside of any closed bracket.
fn margin_after(tokens: &[Token], brackets: &Brackets, open: usize, at_margin: impl Fn(usize) -> bool) -> usize {
    let mut at = open + 1;
    while at < tokens.len() && !at_margin(at) {
        at = match brackets.partner(at) {
            Some(Partner::At(close)) => close + 1,
            _ => at + 1,
        };
    }
    at
}

fn never_closed(tokens: &[Token], open: &[(usize, Punct)], shifted: Option<(usize, usize)>) -> Option<Diagnostic> {
    let mut places = open.iter().rev().filter_map(|(at, p)| tokens.get(*at).map(|t| (t.span, *p)));
    let (span, punct) = places.next()?;
    let message = format!("{} is never closed", punct.quoted());
    let span_of = |at: usize| tokens.get(at).map(|token| token.span);
    if let Some((opener, closer)) = shifted.and_then(|(open, close)| span_of(open).zip(span_of(close))) {
        let error = Diagnostic::new(Code::UnmatchedBracket, opener, message).label("is this the one?");
        let error =
            error.also(closer, "this stands further left, and closes it").also(span, "so this one is left open");
        return Some(error.help("add a `}` where the block ends"));
    }
    let mut diagnostic = Diagnostic::new(Code::UnmatchedBracket, span, message).label("opened here");
    diagnostic = diagnostic.help(format!("add a {} where it ends", punct.partner().map_or("bracket", Punct::quoted)));
    for (outer, punct) in places.take(3) {
        diagnostic = diagnostic.also(outer, format!("nor is this {}", punct.quoted()));
    }
    Some(diagnostic)
}

impl Brackets {
    /// The first block after `first` whose closing brace begins a line further left than the block's own line: the
    /// brace that is missing is likely its.
    fn shifted(&self, first: usize, indent: impl Fn(usize) -> Option<(u32, bool)>) -> Option<(usize, usize)> {
        let pairs = self.closes.range(first..).filter_map(|(open, partner)| match partner {
            Partner::At(close) => Some((*open, *close)),
            Partner::Before(_) => None,
        });
        let left = |(open, close): &(usize, usize)| match (indent(*open), indent(*close)) {
            (Some((block, _)), Some((brace, true))) => brace < block,
            _ => false,
        };
        pairs.filter(left).min_by_key(|(_, close)| *close)
    }

    /// Records a bracket without a partner; `before` is the one that closed something around it.
    fn alone(&mut self, tokens: &[Token], at: usize, before: Option<Span>) {
        self.lonely.insert(at, Lonely::Bracket);
        if self.diagnostics.len() >= MAX_DIAGNOSTICS {
            return;
        }
        let Some(Token { kind: TokenKind::Punct(punct), span }) = tokens.get(at) else { return };
        let diagnostic = match before {
            Some(closer) => {
                Diagnostic::new(Code::UnmatchedBracket, *span, format!("{} is never closed", punct.quoted()))
                    .label("opened here")
                    .also(closer, "this closes something around it")
                    .help(format!("add a {} before that", punct.partner().map_or("bracket", Punct::quoted)))
            }
            None => Diagnostic::new(Code::UnmatchedBracket, *span, format!("{} closes nothing", punct.quoted()))
                .label("nothing is open here")
                .help("remove it"),
        };
        self.diagnostics.push(diagnostic);
    }
}
