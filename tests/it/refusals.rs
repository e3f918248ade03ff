//! What a contract says no to: one line for every kind, and nothing else changes.
