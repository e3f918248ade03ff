//! Files in memory, the rest from the repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proforma::check::Files;

/// Every text of the repository by its path below the root, read once.
static REPOSITORY: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    // The fuzz crate stands one folder down.
    let root = if root.join("rules").is_dir() { root } else { root.join("..") };
    let mut all = BTreeMap::new();
    for folder in ["rules", "ledgers"] {
        walk(&root, &root.join(folder), &mut all);
    }
    all
});

fn walk(root: &Path, folder: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(root, &path, into);
        } else if let (Ok(name), Ok(bytes)) = (path.strip_prefix(root), std::fs::read(&path)) {
            into.insert(name.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
}

/// Files by name, as bytes. What is not here is looked for in the repository, first at its path, then by its last name,
/// so that a file of the repository can be read from anywhere.
#[derive(Clone, Debug, Default)]
pub struct Bytes(pub BTreeMap<String, Vec<u8>>);

impl Bytes {
    pub fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect())
    }

    /// One file, or several, each after a line `#file NAME`. The first is the root.
    pub fn split(data: &[u8]) -> (Self, String) {
        const MARK: &[u8] = b"#file ";
        let mut files = Self::default();
        let mut root = None;
        let (mut name, mut body) = ("rules/deals/case.pf".to_owned(), Vec::new());
        for line in data.split_inclusive(|b| *b == b'\n') {
            if let Some(named) = line.strip_prefix(MARK) {
                if !body.is_empty() {
                    root.get_or_insert_with(|| name.clone());
                    files.0.insert(name, std::mem::take(&mut body));
                }
                name = String::from_utf8_lossy(named).trim().to_owned();
            } else {
                body.extend_from_slice(line);
            }
        }
        let root = root.unwrap_or_else(|| name.clone());
        files.0.insert(name, body);
        (files, root)
    }
}

impl Files for Bytes {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if let Some(bytes) = self.0.get(path).or_else(|| REPOSITORY.get(path)) {
            return Ok(bytes.clone());
        }
        let last = path.rsplit('/').next().unwrap_or(path);
        let mut named = REPOSITORY.iter().filter(|(name, _)| name.rsplit('/').next() == Some(last));
        named.next().map(|(_, bytes)| bytes.clone()).ok_or_else(|| "there is no such file".to_owned())
    }

    fn glob(&self, pattern: &str) -> Vec<String> {
        let (before, after) = pattern.split_once('*').unwrap_or((pattern, ""));
        self.0.keys().filter(|name| name.starts_with(before) && name.ends_with(after)).cloned().collect()
    }
}
