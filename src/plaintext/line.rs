//! One line of a journal, read from left to right.

use crate::base::{SourceId, Span};

/// A place in a line. Everything a journal is cut at is ASCII, so cuts never split a letter.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    text: &'a str,
    at: usize,
    /// Where the line begins in its file.
    start: usize,
    source: SourceId,
}

impl<'a> Line<'a> {
    pub const fn new(source: SourceId, start: usize, text: &'a str) -> Self {
        Self { text, at: 0, start, source }
    }

    /// The next byte, or 0 at the end.
    pub fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// The byte after the next, or 0.
    pub fn second(&self) -> u8 {
        self.text.as_bytes().get(self.at + 1).copied().unwrap_or(0)
    }

    pub const fn is_empty(&self) -> bool {
        self.at >= self.text.len()
    }

    pub const fn at(&self) -> usize {
        self.at
    }

    /// All that is left.
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Skips blanks, and says how many there were; a tab counts for two.
    pub fn blanks(&mut self) -> usize {
        let mut width = 0;
        loop {
            match self.peek() {
                b' ' => width += 1,
                b'\t' => width += 2,
                _ => return width,
            }
            self.at += 1;
        }
    }

    /// Skips this, if it is next.
    pub fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Takes bytes while they fit.
    pub fn while_byte(&mut self, fits: impl Fn(u8) -> bool) -> &'a str {
        let from = self.at;
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(|byte| fits(*byte)) {
            self.at += 1;
        }
        self.text.get(from..self.at).unwrap_or("")
    }

    /// Takes so many bytes.
    pub fn take(&mut self, count: usize) -> &'a str {
        let taken = self.text.get(self.at..self.at + count).unwrap_or("");
        self.at += taken.len();
        taken
    }

    /// Takes everything up to this byte and skips it; nothing if it does not come.
    pub fn until(&mut self, end: u8) -> Option<&'a str> {
        let rest = self.rest();
        let length = rest.bytes().position(|byte| byte == end)?;
        self.at += length + 1;
        rest.get(..length)
    }

    /// Takes a text in straight quotes, without them; `\"` does not end it.
    pub fn quoted(&mut self) -> Option<&'a str> {
        let rest = self.rest().strip_prefix('"')?;
        let mut escaped = false;
        for (length, byte) in rest.bytes().enumerate() {
            match byte {
                b'"' if !escaped => {
                    self.at += length + 2;
                    return rest.get(..length);
                }
                b'\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
        None
    }

    /// Takes everything that is left.
    pub fn finish(&mut self) -> &'a str {
        let rest = self.rest();
        self.at = self.text.len();
        rest
    }

    /// From an earlier place to here.
    pub fn span(&self, from: usize) -> Span {
        place(self.source, self.start + from, self.start + self.at)
    }

    /// From here to the last letter of the line.
    pub fn span_rest(&self) -> Span {
        let rest = self.rest().trim_end();
        place(self.source, self.start + self.at, self.start + self.at + rest.len())
    }

    /// The line without blanks around it.
    pub fn whole(&self) -> Span {
        let indent = self.text.len() - self.text.trim_start().len();
        place(self.source, self.start + indent, self.start + self.text.trim_end().len().max(indent))
    }
}

fn place(source: SourceId, from: usize, to: usize) -> Span {
    let narrow = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(source, narrow(from), narrow(to))
}
