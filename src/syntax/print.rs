//! Tree and tokens back to text.
