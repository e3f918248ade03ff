//! How much a program may be. Whoever goes beyond is told so, with a code and a place; docs/LANGUAGE.md lists the limits.

/// Bytes of one file, price files included; also keeps every position within 32 bits.
pub const FILE_BYTES: usize = 64 << 20;

/// Words, numbers, texts and signs of one file: as many as 64 MiB of ordinary text has.
pub const TOKENS: usize = 16 << 20;

/// Files that a program is made of.
pub const FILES: usize = 10_000;

/// Bytes of all files together.
pub const ALL_BYTES: usize = 512 << 20;

/// Deepest nesting of brackets of all kinds.
pub const NESTING: usize = 64;

/// Operators in one clause.
pub const OPERATORS: usize = 256;

/// Digits of a number as written, before and after the point together.
pub const DIGITS: usize = 28;

/// Clauses that all `for` and `tranches` of a program may generate together.
pub const GENERATED: u64 = 100_000;

/// Trading days of an average.
pub const WINDOW: u32 = 10_000;

/// Paths of a simulation.
pub const PATHS: u32 = 10_000_000;

/// Trading days of all paths of all simulations of a program: half a minute of one processor.
pub const PATH_DAYS: u64 = 4_000_000_000;

/// Products a rule of a book may expand to; more is not worth proving.
pub const PRODUCTS: usize = 1_000;

/// Diagnostics that reading one file may give.
pub const SYNTAX_DIAGNOSTICS: usize = 200;

/// Errors, and as many warnings, that checking a program may give.
pub const CHECK_DIAGNOSTICS: usize = 1_000;

/// Wrong rows of a price file that are shown.
pub const WRONG_ROWS: usize = 10;

/// Days on which something happens, in one run: twice what daily prices of two thousand years have.
pub const DAYS: usize = 1_000_000;

/// What legally happens in one run.
pub const OUTCOMES: usize = 20_000_000;

/// Quarters in the columns of a report: a hundred years.
pub const QUARTERS: usize = 400;
