//! Tokens: the first layer's output, comments and line ends included.

use std::sync::Arc;

use crate::base::Span;
use crate::num::Number;
use crate::time::Date;

/// A piece of text that is not blank.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// Which.
    pub kind: TokenKind,
    /// Where.
    pub span: Span,
}

/// Kinds of token. Words and periods are read back from the text under their span.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// `price`, `T1`, `T{k}`
    Word,
    /// `160_000_000`, `1.5bn` (multiplied out)
    Number(Number),
    /// `2027-08-20`
    Date(Date),
    /// `2027-08`, `~2027-08`: the last day of the month
    Month {
        /// That day.
        last: Date,
        /// `~` stands before it.
        approximate: bool,
    },
    /// `2027-Q3`, `2027-08-20..2027-09-30`
    Period,
    /// `"text"`, escapes resolved
    Text(Arc<str>),
    /// `{`, `>=`, …
    Punct(Punct),
    /// `# …`
    Comment,
    /// `## …`
    Doc,
    /// The end of a line.
    Newline,
}

impl TokenKind {
    /// Comments and line ends: everything the parsers never see.
    pub fn is_trivia(&self) -> bool {
        matches!(self, Self::Comment | Self::Doc | Self::Newline)
    }
}

macro_rules! puncts {
    ($($name:ident $text:literal)*) => {
        /// Punctuation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Punct {
            $(#[doc = concat!("`", $text, "`")] $name,)*
        }

        impl Punct {
            /// Longer ones before their beginnings.
            pub const ALL: &'static [Punct] = &[$(Punct::$name),*];

            /// As written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Punct::$name => $text,)* }
            }

            /// As written, in backticks, for messages.
            pub const fn quoted(self) -> &'static str {
                match self { $(Punct::$name => concat!("`", $text, "`"),)* }
            }
        }
    };
}

puncts! {
    Range ".." AtLeast ">=" AtMost "<=" NotEqual "!="
    OpenBrace "{" CloseBrace "}" OpenParen "(" CloseParen ")" OpenSquare "[" CloseSquare "]"
    Comma "," Semicolon ";" Colon ":" Dot "." Equal "=" Plus "+" Minus "-" Star "*" Slash "/" Percent "%" At "@"
    Below "<" Above ">" Bar "|"
}

impl Punct {
    /// `{`, `(`, `[`
    pub fn opens(self) -> bool {
        matches!(self, Self::OpenBrace | Self::OpenParen | Self::OpenSquare)
    }

    /// `}`, `)`, `]`
    pub fn closes(self) -> bool {
        matches!(self, Self::CloseBrace | Self::CloseParen | Self::CloseSquare)
    }

    /// The bracket that closes this one.
    pub fn partner(self) -> Option<Self> {
        match self {
            Self::OpenBrace => Some(Self::CloseBrace),
            Self::OpenParen => Some(Self::CloseParen),
            Self::OpenSquare => Some(Self::CloseSquare),
            _ => None,
        }
    }

    /// An operator with a value on either side. A line that begins with one goes on with the clause before it.
    pub fn is_binary(self) -> bool {
        matches!(
            self,
            Self::Plus
                | Self::Minus
                | Self::Star
                | Self::Slash
                | Self::AtLeast
                | Self::Above
                | Self::AtMost
                | Self::Below
                | Self::Equal
                | Self::NotEqual
        )
    }
}
