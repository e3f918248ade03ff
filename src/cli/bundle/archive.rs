//! The file a bundle is: a zip archive that everybody can open, sealed by a hash of all its bytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::super::exit::Stop;
use super::super::glob;
use crate::check::Files;

/// The newest form of bundle this program writes and reads.
const FORMAT: u32 = 1;

/// Bytes an entry may unfold to: as much text as a program may have.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// What is in a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Manifest {
    /// The form of the bundle.
    pub format: u32,
    /// The version of the program that made it.
    pub engine: String,
    /// The options the facts were made with, as they are given to `proforma facts`.
    pub arguments: Vec<String>,
    /// Files named by themselves; the others are used by them.
    pub roots: Vec<String>,
    /// Every file that was read.
    pub files: Vec<Entry>,
    /// The facts, as `proforma facts` prints them.
    pub facts: Entry,
    /// How many facts.
    pub rows: usize,
    /// Contracts in the run.
    pub contracts: usize,
    /// Contracts left out, and why.
    pub excluded: Vec<(String, String)>,
    /// Ledger lines the run refused, in words.
    pub refused: Vec<String>,
}

/// A file of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Entry {
    /// What contracts call it.
    pub path: String,
    /// Where it is in the archive.
    pub stored: String,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

impl Entry {
    pub fn of(path: &str, stored: String, bytes: &[u8]) -> Self {
        Self { path: path.to_owned(), stored, sha256: sha256(bytes) }
    }
}

/// SHA-256 in hexadecimal digits.
pub(in crate::cli) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where a file of contracts stands in the archive: below `inputs`, and never outside.
pub(super) fn stored(path: &str) -> String {
    let part = |part: &str| if part == ".." { "up".to_owned() } else { part.replace([':', '\\'], "_") };
    let parts: Vec<String> = path.split('/').filter(|part| !matches!(*part, "" | ".")).map(part).collect();
    format!("inputs/{}", parts.join("/"))
}

/// The bytes of a bundle: the manifest, the facts, and the inputs. No clock, so the same bundle has the same bytes. The last
/// 64 bytes are the hash of all before them.
pub(super) fn pack(manifest: &Manifest, facts: &[u8], inputs: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, String> {
    let manifest = Manifest { format: FORMAT, ..manifest.clone() };
    let listed = serde_json::to_string_pretty(&manifest).map_err(|error| error.to_string())? + "\n";
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let first = [("manifest.json", listed.as_bytes()), (&*manifest.facts.stored, facts)];
    let rest = inputs.iter().map(|(stored, bytes)| (&**stored, bytes.as_slice()));
    for (name, bytes) in first.into_iter().chain(rest) {
        writer.start_file(name, options).map_err(|error| error.to_string())?;
        writer.write_all(bytes).map_err(|error| error.to_string())?;
    }
    writer.set_raw_comment([b'0'; SEAL].into()).map_err(|error| error.to_string())?;
    let mut bytes = writer.finish().map_err(|error| error.to_string())?.into_inner();
    let body = bytes.len().saturating_sub(SEAL);
    let seal = sha256(bytes.get(..body).unwrap_or_default());
    bytes.truncate(body);
    bytes.extend_from_slice(seal.as_bytes());
    Ok(bytes)
}

/// How many digits the hash at the end has.
const SEAL: usize = 64;

/// A bundle that was opened.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Bundle {
    pub manifest: Manifest,
    /// The facts as they were made.
    pub facts: Vec<u8>,
    /// Inputs by their paths.
    inputs: BTreeMap<String, Vec<u8>>,
    /// What is not as it was made, in words.
    pub damage: Vec<String>,
}

impl Bundle {
    /// Opens a bundle. Bytes that have changed are collected; a file that is no bundle, or one of a newer form, stops.
    pub fn open(name: &str, bytes: &[u8]) -> Result<Self, Stop> {
        let bad =
            |why: String| Stop::new(format!("B01: `{name}` cannot be opened as a bundle: {why}; ask for it again"));
        let mut damage = Vec::new();
        let (body, seal) = bytes.split_at_checked(bytes.len().saturating_sub(SEAL)).unwrap_or((bytes, &[]));
        if sha256(body).as_bytes() != seal {
            damage.push("its bytes are not those it was made of: the hash at its end is of others".to_owned());
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| bad(error.to_string()))?;
        let listed = entry(&mut archive, "manifest.json").map_err(&bad)?;
        // The form comes first: a newer manifest may have other fields.
        let form: serde_json::Value = serde_json::from_slice(&listed).map_err(|error| bad(error.to_string()))?;
        let format = form.get("format").and_then(serde_json::Value::as_u64);
        if format.is_some_and(|format| format > u64::from(FORMAT)) {
            let engine = form.get("engine").and_then(serde_json::Value::as_str).unwrap_or("a newer version");
            return Err(Stop::new(format!(
                "B02: `{name}` was made by proforma {engine}, in a form newer than this program reads; install that version"
            )));
        }
        let manifest: Manifest = serde_json::from_slice(&listed).map_err(|error| bad(error.to_string()))?;
        let mut read = |wanted: &Entry| match entry(&mut archive, &wanted.stored) {
            Ok(bytes) => {
                if sha256(&bytes) != wanted.sha256 {
                    damage.push(format!("`{}` is not as it was: its hash is another", wanted.stored));
                }
                bytes
            }
            Err(why) => {
                damage.push(format!("`{}`: {why}", wanted.stored));
                Vec::new()
            }
        };
        let facts = read(&manifest.facts);
        let inputs = manifest.files.iter().map(|file| (file.path.clone(), read(file))).collect();
        Ok(Self { manifest, facts, inputs, damage })
    }
}

fn entry(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>, String> {
    let file = archive.by_name(name).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        return Err("it unfolds to more than 512 MiB".into());
    }
    Ok(bytes)
}

impl Files for Bundle {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.inputs.get(path).cloned().ok_or_else(|| "there is no such file in the bundle".to_owned())
    }

    fn glob(&self, pattern: &str) -> Vec<String> {
        self.inputs.keys().filter(|path| glob::fits(pattern, path)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> (Manifest, Vec<u8>) {
        let text = b"unit rack\n".to_vec();
        let stored = stored("../rules/a.pf");
        let manifest = Manifest {
            engine: "1.2.3".into(),
            files: vec![Entry::of("../rules/a.pf", stored.clone(), &text)],
            facts: Entry::of("facts.csv", "facts.csv".into(), b"x\n"),
            ..Manifest::default()
        };
        let bytes = pack(&manifest, b"x\n", &BTreeMap::from([(stored, text)])).unwrap();
        (manifest, bytes)
    }

    #[test]
    fn what_was_packed_is_found_again_and_twice_the_same() {
        let (manifest, bytes) = small();
        let bundle = Bundle::open("q.zip", &bytes).unwrap();
        assert_eq!(bundle.manifest, Manifest { format: FORMAT, ..manifest });
        assert_eq!(bundle.read("../rules/a.pf").unwrap(), b"unit rack\n");
        assert!(bundle.damage.is_empty());
        assert_eq!(small().1, bytes);
        assert_eq!(stored("/etc/../a:b\\c"), "inputs/etc/up/a_b_c");
    }

    /// Whichever byte changes, it is found.
    #[test]
    fn every_changed_byte_is_found() {
        let (_, bytes) = small();
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert!(Bundle::open("q.zip", &other).map_or(true, |bundle| !bundle.damage.is_empty()), "byte {at}");
        }
    }

    #[test]
    fn a_newer_form_and_no_form_are_told() {
        let (manifest, _) = small();
        let newer = Manifest { format: 9, engine: "9.0.0".into(), ..manifest };
        let listed = serde_json::to_string(&newer).unwrap();
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("manifest.json", SimpleFileOptions::default()).unwrap();
        writer.write_all(listed.as_bytes()).unwrap();
        let bytes = writer.finish().unwrap().into_inner();
        let told = Bundle::open("q.zip", &bytes).unwrap_err();
        assert!(told.message.starts_with("B02") && told.message.contains("9.0.0"), "{}", told.message);
        assert!(Bundle::open("q.zip", b"text").unwrap_err().message.starts_with("B01"));
    }
}
