//! Formatting keeps the tree, what is said about it, and every comment; formatting twice changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proforma::syntax::text::normalise;
use proforma_fuzz::probe::texts;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = normalise(data) {
        texts::formats(&text);
    }
});
