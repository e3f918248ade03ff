//! The formatter. It moves blanks only: every token, comment and line break stays where it was.

use crate::base::SourceId;
use crate::syntax::bracket::match_brackets;
use crate::syntax::lexer::lex;
use crate::syntax::token::{Punct, Token, TokenKind};

/// The text with two blanks of indent for every open bracket, one blank between tokens, none where none belongs, and
/// at most one empty line. A text whose letters or brackets are wrong is given back as it is.
#[must_use]
pub fn format(text: &str) -> String {
    let lexed = lex(SourceId::default(), text);
    let solid: Vec<Token> = lexed.tokens.iter().filter(|t| !t.kind.is_trivia()).cloned().collect();
    if !lexed.flaws.is_empty() || !match_brackets(&solid, |_| false, |_| None).diagnostics.is_empty() {
        return text.to_owned();
    }
    let mut layout = Layout { text, lines: Vec::new(), line: String::new(), depth: Vec::new(), before: None };
    for (at, token) in lexed.tokens.iter().enumerate() {
        let after = lexed.tokens.get(at + 1..).unwrap_or(&[]);
        layout.place(token, after);
    }
    let formatted = layout.finish();
    if same(text, &lexed.tokens, &formatted) { formatted } else { text.to_owned() }
}

/// Whether two texts have the same tokens and comments.
fn same(text: &str, tokens: &[Token], formatted: &str) -> bool {
    let kept = |t: &&Token| t.kind != TokenKind::Newline;
    let again = lex(SourceId::default(), formatted).tokens;
    tokens.iter().filter(kept).map(|t| under(text, t)).eq(again.iter().filter(kept).map(|t| under(formatted, t)))
}

fn under<'a>(text: &'a str, token: &Token) -> &'a str {
    text.get(token.span.start as usize..token.span.end as usize).unwrap_or("").trim_end()
}

/// The token before, and how it was read.
#[derive(Clone, Copy)]
struct Before<'a> {
    token: &'a Token,
    /// A sign, or the stroke of a unit: nothing may come between it and what follows.
    binds: bool,
}

struct Layout<'a> {
    text: &'a str,
    lines: Vec<String>,
    line: String,
    /// The open brackets.
    depth: Vec<Punct>,
    before: Option<Before<'a>>,
}

impl<'a> Layout<'a> {
    fn place(&mut self, token: &'a Token, after: &'a [Token]) {
        match token.kind {
            TokenKind::Newline => self.end_line(),
            TokenKind::Comment | TokenKind::Doc => {
                let blanks = if self.line.is_empty() { 2 * self.depth.len() } else { 2 };
                self.line.extend(std::iter::repeat_n(' ', blanks));
                self.line.push_str(under(self.text, token));
            }
            _ => self.place_solid(token, after),
        }
    }

    fn place_solid(&mut self, token: &'a Token, after: &'a [Token]) {
        let begins_line = self.line.is_empty();
        let binds = self.binds(token, after.first(), begins_line);
        if begins_line {
            let closing = |t: &&Token| matches!(t.kind, TokenKind::Punct(p) if p.closes());
            let leading = std::iter::once(token).chain(after).take_while(closing).count();
            let indent = self.depth.len().saturating_sub(leading) + usize::from(self.continues(token));
            self.line.extend(std::iter::repeat_n(' ', 2 * indent));
        } else if self.before.is_some_and(|before| self.blank_between(before, token, binds)) {
            self.line.push(' ');
        }
        self.line.push_str(under(self.text, token));
        match token.kind {
            TokenKind::Punct(p) if p.opens() => self.depth.push(p),
            TokenKind::Punct(p) if p.closes() => drop(self.depth.pop()),
            _ => {}
        }
        self.before = Some(Before { token, binds });
    }

    /// Whether a line that begins with this goes on with a clause; inside brackets other than braces every line does.
    fn continues(&self, token: &Token) -> bool {
        let in_clause = !matches!(
            self.before.map(|b| &b.token.kind),
            None | Some(TokenKind::Punct(Punct::OpenBrace | Punct::Semicolon))
        );
        let joins = match token.kind {
            TokenKind::Word => matches!(under(self.text, token), "and" | "or"),
            TokenKind::Punct(p) => p.is_binary(),
            _ => false,
        };
        in_clause && joins && matches!(self.depth.last(), None | Some(Punct::OpenBrace))
    }

    /// Whether this is a sign (`-91 days`) or the stroke of a unit (`USD/share`).
    fn binds(&self, token: &Token, next: Option<&Token>, begins_line: bool) -> bool {
        let Some(before) = self.before else { return token.kind == TokenKind::Punct(Punct::Minus) };
        let tight_before = before.token.span.end == token.span.start;
        let tight_after = next.is_some_and(|next| token.span.end == next.span.start);
        match token.kind {
            TokenKind::Punct(Punct::Slash) => {
                let words = before.token.kind == TokenKind::Word && next.is_some_and(|n| n.kind == TokenKind::Word);
                words && tight_before && tight_after
            }
            TokenKind::Punct(Punct::Minus) => match before.token.kind {
                TokenKind::Punct(Punct::CloseParen | Punct::CloseSquare | Punct::CloseBrace | Punct::Percent) => false,
                TokenKind::Punct(_) => true,
                TokenKind::Word => !begins_line && !tight_before && tight_after,
                _ => false,
            },
            _ => false,
        }
    }

    fn blank_between(&self, before: Before<'_>, token: &Token, binds: bool) -> bool {
        use Punct::{
            At, CloseBrace, CloseParen, CloseSquare, Colon, Comma, Dot, Minus, OpenBrace, OpenParen, OpenSquare,
            Percent, Range, Semicolon, Slash,
        };
        let tight = before.token.span.end == token.span.start;
        let punct = |t: &Token| if let TokenKind::Punct(p) = t.kind { Some(p) } else { None };
        let digits = |t: &Token| !matches!(t.kind, TokenKind::Word | TokenKind::Punct(_) | TokenKind::Text(_));
        let number = |t: &Token| matches!(t.kind, TokenKind::Number(_));
        match (punct(before.token), punct(token)) {
            (_, Some(Comma | Semicolon | Colon | CloseParen | CloseSquare)) => false,
            (Some(OpenParen | OpenSquare), _) | (Some(OpenBrace), Some(CloseBrace)) => false,
            (Some(Dot | Range), Some(Dot | Range)) => !tight,
            // A point next to digits could become part of a number, two points next to a date part of a period.
            (Some(Dot), _) => digits(token) && !tight,
            (_, Some(Dot)) => digits(before.token) && !tight,
            (Some(Range), _) => digits(token) && !number(token) && !tight,
            (_, Some(Range)) => digits(before.token) && !number(before.token) && !tight,
            (Some(At), _) => true,
            (_, Some(Minus)) if before.binds => false,
            (Some(Minus | Slash), _) if before.binds => false,
            (_, Some(Slash)) => !binds,
            (None, Some(Percent)) if number(before.token) => false,
            (None, Some(OpenSquare)) | (Some(CloseParen), Some(OpenSquare)) => false,
            (None, Some(OpenParen)) if before.token.kind == TokenKind::Word => !tight,
            _ => true,
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let empty_again = line.is_empty() && self.lines.last().is_none_or(String::is_empty);
        if !empty_again {
            self.lines.push(line);
        }
    }

    fn finish(mut self) -> String {
        self.end_line();
        while self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
        self.lines.iter().flat_map(|line| [line, "\n"]).collect()
    }
}
