//! A short name for a set of inputs.

const START: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

/// Eight hexadecimal digits (32-bit FNV-1a) over names and contents, sorted by name. Names are taken below the folder
/// that all files share, so the answer does not depend on where the command runs.
pub(super) fn short<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut files: Vec<(&str, &str)> = files.into_iter().collect();
    files.sort_unstable();
    let shared = shared(files.iter().map(|(name, _)| *name));
    let hash = files.iter().fold(START, |hash, (name, content)| {
        let name = name.get(shared..).unwrap_or(name);
        fnv(fnv(fnv(fnv(hash, name.as_bytes()), &[0]), content.as_bytes()), &[0])
    });
    format!("{hash:08x}")
}

fn fnv(hash: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(PRIME))
}

/// Bytes of the folder that all names begin with.
fn shared<'a>(mut names: impl Iterator<Item = &'a str>) -> usize {
    let Some(first) = names.next() else { return 0 };
    let folder = |name: &str| name.rfind('/').map_or(0, |slash| slash + 1);
    names.fold(folder(first), |length, name| {
        let common = first.bytes().zip(name.bytes()).take(length).take_while(|(a, b)| a == b).count();
        first.get(..common).map_or(0, folder)
    })
}
