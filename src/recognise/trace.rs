//! How a value came about. The day loop wants the value alone; `explain` wants everything that was read on the way.

use std::sync::Arc;

use super::Exact;

/// How a value came about: a name, the value, and what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// What was computed: `earned(amd_openai.penny.T2, own_band)`.
    pub label: Arc<str>,
    /// The value, unrounded.
    pub value: Exact,
    /// In words, where the parts do not say it: `band 1 to 2 GW, recognised 1.55 GW`.
    pub note: Option<Arc<str>>,
    /// Of what.
    pub parts: Vec<Trace>,
}

/// What a computation leaves behind: a whole [`Trace`], or just its value. Words are only made when they are kept.
pub trait Record: Sized {
    /// A value made of nothing else.
    fn leaf<L: Into<Arc<str>>>(label: impl FnOnce() -> L, value: Exact) -> Self {
        Self::of(label, value, || None, [])
    }

    /// A value made of a few parts, with a note.
    fn of<L: Into<Arc<str>>, const N: usize>(
        label: impl FnOnce() -> L,
        value: Exact,
        note: impl FnOnce() -> Option<Arc<str>>,
        parts: [Self; N],
    ) -> Self;

    /// A value made of any number of parts: those that `parts` gives, if they are kept.
    fn sum<L: Into<Arc<str>>>(label: impl FnOnce() -> L, value: Exact, parts: Vec<(Arc<str>, Exact)>) -> Self;

    /// The value.
    fn value(&self) -> &Exact;
}

impl Record for Trace {
    fn of<L: Into<Arc<str>>, const N: usize>(
        label: impl FnOnce() -> L,
        value: Exact,
        note: impl FnOnce() -> Option<Arc<str>>,
        parts: [Self; N],
    ) -> Self {
        Self { label: label().into(), value, note: note(), parts: parts.into() }
    }

    fn sum<L: Into<Arc<str>>>(label: impl FnOnce() -> L, value: Exact, parts: Vec<(Arc<str>, Exact)>) -> Self {
        let parts = parts.into_iter().map(|(label, value)| Self::leaf(|| label, value)).collect();
        Self { label: label().into(), value, note: None, parts }
    }

    fn value(&self) -> &Exact {
        &self.value
    }
}

impl Record for Exact {
    fn of<L: Into<Arc<str>>, const N: usize>(
        _: impl FnOnce() -> L,
        value: Exact,
        _: impl FnOnce() -> Option<Arc<str>>,
        _: [Self; N],
    ) -> Self {
        value
    }

    fn sum<L: Into<Arc<str>>>(_: impl FnOnce() -> L, value: Exact, _: Vec<(Arc<str>, Exact)>) -> Self {
        value
    }

    fn value(&self) -> &Exact {
        self
    }
}
