//! What is asked of every program, whoever wrote it: shared by the tests here and the fuzz targets in `fuzz/`.
#![expect(clippy::indexing_slicing, reason = "tests stop at once")]

pub mod ends;
pub mod files;
pub mod journals;
pub mod runs;
pub mod texts;
