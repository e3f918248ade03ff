//! No input makes the program panic or hang.
