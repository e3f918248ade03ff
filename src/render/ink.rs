//! Lines of text in columns, with or without terminal colours.

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ink {
    #[default]
    Plain,
    /// Titles.
    Bold,
    /// Forecasts, and what only frames the rest.
    Dim,
    /// Below zero.
    Negative,
    /// A check that holds.
    Good,
    /// A check that failed.
    Bad,
}

impl Ink {
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Negative => "31",
            Self::Good => "32",
            Self::Bad => "1;31",
        }
    }
}

/// A line in the making. Spaces are only written before something that follows, so no line ends in one.
pub(super) struct Line {
    text: String,
    width: usize,
    column: usize,
    color: bool,
}

impl Line {
    pub fn new(color: bool) -> Self {
        Self { text: String::new(), width: 0, column: 0, color }
    }

    /// The next piece starts at this column, counted from 0, or further right if something stands there already.
    pub fn to(&mut self, column: usize) -> &mut Self {
        self.column = column.max(self.width);
        self
    }

    /// The next piece starts so many columns further.
    pub fn skip(&mut self, columns: usize) -> &mut Self {
        self.column = self.column.max(self.width) + columns;
        self
    }

    /// Writes a piece.
    pub fn add(&mut self, text: &str, ink: Ink) -> &mut Self {
        let body = text.trim_end_matches(' ');
        if !body.is_empty() {
            let gap = self.column.saturating_sub(self.width);
            self.text.extend(std::iter::repeat_n(' ', gap));
            self.width += gap + super::wrap::width(body);
            if self.color && ink != Ink::Plain {
                self.text.push_str("\u{1b}[");
                self.text.push_str(ink.code());
                self.text.push('m');
                self.push_clean(body);
                self.text.push_str("\u{1b}[0m");
            } else {
                self.push_clean(body);
            }
        }
        self.column = self.column.max(self.width) + (text.len() - body.len());
        self
    }

    /// Control characters of the input would act on the terminal: they are shown as `?`.
    fn push_clean(&mut self, text: &str) {
        self.text.extend(text.chars().map(|c| if c.is_control() { '?' } else { c }));
    }

    /// Where the next piece would start.
    pub fn column(&self) -> usize {
        self.column.max(self.width)
    }

    /// Ends the line and writes it.
    pub fn end(self, out: &mut String) {
        out.push_str(&self.text);
        out.push('\n');
    }
}
