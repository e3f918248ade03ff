//! Choices of policies: a word, or a share such as `1%`.

use nom::Input;

use super::ast::Name;
use super::clause::name;
use super::cursor::{Parsed, Tokens};
use super::token::{Punct, TokenKind};

/// `CHOICE := NAME | number '%'`
pub(super) fn choice(input: Tokens<'_>) -> Parsed<'_, Name> {
    let share = match input.token(0).map(|token| &token.kind) {
        Some(TokenKind::Number(number)) if input.punct(1, Punct::Percent) => Some(*number),
        _ => None,
    };
    let Some(share) = share else { return name(input) };
    let rest = input.take_from(2);
    Ok((rest, Name { text: format!("{share}%").into(), span: input.span_to(rest) }))
}
