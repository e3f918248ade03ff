//! Names as small numbers.

/// Names by number, in order of first use. One copy of each, all in one text.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: String,
    ends: Vec<usize>,
    /// Open addressing: one more than the number of the name, or 0. Numbers are given in order of first use, so nothing
    /// ever depends on the order of this table.
    table: Vec<u32>,
}

const START: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

fn hash(name: &str) -> u64 {
    name.bytes().fold(START, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

impl Names {
    /// The number of this name, new or not.
    pub fn id(&mut self, name: &str) -> u32 {
        if self.ends.len() * 2 >= self.table.len() {
            self.grow();
        }
        let (place, found) = self.place(name);
        if let Some(id) = found {
            return id;
        }
        let id = u32::try_from(self.ends.len()).unwrap_or(u32::MAX - 1);
        self.text.push_str(name);
        self.ends.push(self.text.len());
        if let Some(slot) = self.table.get_mut(place) {
            *slot = id + 1;
        }
        id
    }

    /// The number of this name, if it is known.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u32> {
        if self.table.is_empty() { None } else { self.place(name).1 }
    }

    /// The name with this number.
    #[must_use]
    pub fn get(&self, id: u32) -> &str {
        let at = id as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.text.get(start..*end)).unwrap_or("")
    }

    /// All names in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        (0u32..).take(self.ends.len()).map(|id| (id, self.get(id)))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Where the name stands in the table, or would.
    fn place(&self, name: &str) -> (usize, Option<u32>) {
        let mask = self.table.len().wrapping_sub(1);
        let mut at = usize::try_from(hash(name) & 0xffff_ffff).unwrap_or(0) & mask;
        loop {
            match self.table.get(at) {
                Some(0) | None => return (at, None),
                Some(slot) if self.get(slot - 1) == name => return (at, Some(slot - 1)),
                Some(_) => at = (at + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        self.table = vec![0; (self.table.len() * 2).max(64)];
        for id in 0..self.ends.len() {
            let id = u32::try_from(id).unwrap_or(u32::MAX - 1);
            let (place, _) = self.place(self.get(id));
            if let Some(slot) = self.table.get_mut(place) {
                *slot = id + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_keep_their_numbers() {
        let mut names = Names::default();
        assert_eq!(names.find("x"), None);
        let all: Vec<String> = (0..1000).map(|n| format!("Assets:Bank:{n}")).chain(["".to_owned()]).collect();
        for (id, name) in (0u32..).zip(&all) {
            assert_eq!(names.id(name), id);
        }
        for (id, name) in (0u32..).zip(&all) {
            assert_eq!((names.id(name), names.find(name), names.get(id)), (id, Some(id), name.as_str()));
        }
        assert_eq!((names.len(), names.find("Assets"), names.get(5000)), (1001, None, ""));
        assert_eq!(names.iter().last(), Some((1000, "")));
    }
}
