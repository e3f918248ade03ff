//! Any bytes are read without a panic, and every place named lies within the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proforma::syntax::text::normalise;
use proforma_fuzz::probe::texts;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = normalise(data) {
        texts::reads(&text);
    }
});
