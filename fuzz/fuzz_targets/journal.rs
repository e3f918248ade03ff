//! A text is read as a journal of beancount, hledger or ledger, whichever the first byte says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proforma::plaintext::Dialect;
use proforma::syntax::text::normalise;
use proforma_fuzz::probe::journals;

fuzz_target!(|data: &[u8]| {
    let [first, rest @ ..] = data else { return };
    let (dialect, _) = Dialect::ALL[usize::from(*first) % Dialect::ALL.len()];
    if let Ok(text) = normalise(rest) {
        journals::reads(dialect, &text);
    }
});
