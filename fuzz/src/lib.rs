//! What the fuzz targets share with the tests: the same generators, the same questions, the same naive twin.

pub mod probe;
pub mod twin;
