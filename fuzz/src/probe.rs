//! The questions of `tests/it/probe`.

#[path = "../../tests/it/probe/ends.rs"]
pub mod ends;
#[path = "../../tests/it/probe/files.rs"]
pub mod files;
#[path = "../../tests/it/probe/journals.rs"]
pub mod journals;
#[path = "../../tests/it/probe/runs.rs"]
pub mod runs;
#[path = "../../tests/it/probe/texts.rs"]
pub mod texts;
