//! Lists that only grow. A fork shares what was written before it and goes on alone.

use std::sync::Arc;

/// A list that only grows.
#[derive(Clone, Debug)]
pub struct Log<T> {
    /// What is shared, in order: each list counts up to where the next begins.
    earlier: Vec<(Arc<Vec<T>>, usize, usize)>,
    /// How much is shared.
    start: usize,
    own: Arc<Vec<T>>,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self { earlier: Vec::new(), start: 0, own: Arc::default() }
    }
}

impl<T: Clone> Log<T> {
    /// Adds at the end.
    pub fn push(&mut self, item: T) {
        Arc::make_mut(&mut self.own).push(item);
    }

    /// Adds several at the end.
    pub fn extend(&mut self, items: impl IntoIterator<Item = T>) {
        Arc::make_mut(&mut self.own).extend(items);
    }

    /// Changes every item in place; what was shared is copied first.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        if self.start > 0 {
            *self = Self { earlier: Vec::new(), start: 0, own: Arc::new(self.iter().cloned().collect()) };
        }
        Arc::make_mut(&mut self.own).iter_mut()
    }
}

impl<T> Log<T> {
    /// The first `count` items, shared, at the beginning of a list of its own.
    #[must_use]
    pub fn fork(&self, count: usize) -> Self {
        let parts = self.earlier.iter().cloned().chain([(self.own.clone(), self.start, self.len())]);
        let parts = parts.map(|(list, from, to)| (list, from, to.min(count))).filter(|(_, from, to)| from < to);
        Self { earlier: parts.collect(), start: count.min(self.len()), own: Arc::default() }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.start + self.own.len()
    }

    /// How many of them are shared with the list this one was forked from.
    #[must_use]
    pub const fn shared(&self) -> usize {
        self.start
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at a position.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&T> {
        match at.checked_sub(self.start) {
            Some(own) => self.own.get(own),
            None => self
                .earlier
                .iter()
                .rev()
                .find(|(_, from, _)| *from <= at)
                .and_then(|(list, from, _)| list.get(at - from)),
        }
    }

    /// Items that were added together.
    #[must_use]
    pub fn slice(&self, first: usize, count: usize) -> &[T] {
        let (list, from) = match first.checked_sub(self.start) {
            Some(_) => (&self.own, self.start),
            None => match self.earlier.iter().rev().find(|(_, from, _)| *from <= first) {
                Some((list, from, _)) => (list, *from),
                None => return &[],
            },
        };
        list.get(first - from..first - from + count).unwrap_or_default()
    }

    /// The first item.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    /// The last item.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// All items in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        let shared = self.earlier.iter().flat_map(|(list, from, to)| list.get(..to - from).unwrap_or_default());
        shared.chain(self.own.iter())
    }

    /// Items from a position on.
    pub fn since(&self, first: usize) -> impl Iterator<Item = &T> {
        (first..self.len()).filter_map(|at| self.get(at))
    }

    /// How many at the beginning pass; all that pass must come first.
    #[must_use]
    pub fn partition_point(&self, passes: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&passes) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

impl<'a, T> IntoIterator for &'a Log<T> {
    type Item = &'a T;
    type IntoIter = Box<dyn Iterator<Item = &'a T> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forks_share_and_part() {
        let mut base = Log::default();
        base.extend(0..10);
        let mut fork = base.fork(4);
        fork.push(40);
        let mut second = fork.fork(5);
        second.extend([50, 60]);
        let third = second.fork(3);
        let all = |log: &Log<i32>| log.iter().copied().collect::<Vec<_>>();
        assert_eq!(all(&base), (0..10).collect::<Vec<_>>());
        assert_eq!(all(&fork), [0, 1, 2, 3, 40]);
        assert_eq!(all(&second), [0, 1, 2, 3, 40, 50, 60]);
        assert_eq!(all(&third), [0, 1, 2]);
        for log in [&base, &fork, &second, &third] {
            let by_position: Vec<i32> = (0..log.len()).filter_map(|at| log.get(at).copied()).collect();
            assert_eq!(by_position, all(log));
            assert_eq!(log.get(log.len()), None);
            assert_eq!(log.iter().next_back(), log.last());
        }
        assert_eq!(second.slice(1, 2), [1, 2]);
        assert_eq!(second.slice(5, 2), [50, 60]);
        assert_eq!(second.partition_point(|n| *n < 40), 4);
        assert_eq!(second.since(4).copied().collect::<Vec<_>>(), [40, 50, 60]);
        second.iter_mut().for_each(|n| *n += 1);
        assert_eq!((all(&second), all(&base)[0]), (vec![1, 2, 3, 4, 41, 51, 61], 0));
    }
}
