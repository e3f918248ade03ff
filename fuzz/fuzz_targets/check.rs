//! One file or several (`#file NAME` before each) are checked, and what is well is run, reported and explained.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proforma_fuzz::probe::files::Bytes;
use proforma_fuzz::probe::runs::{Depth, everything};

fuzz_target!(|data: &[u8]| {
    let (files, root) = Bytes::split(data);
    everything(&files, &root, Depth { scenarios: 1, explained: 3, parties: 0, turn: Some(data.len()) });
});
