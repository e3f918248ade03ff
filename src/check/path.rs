//! File paths as text, `/` separated.

/// Without `.` and empty parts, and without `x/..`.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if path.starts_with('/') && parts.is_empty() => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if path.starts_with('/') { format!("/{joined}") } else { joined }
}

/// `other` as seen from the folder of `file`.
pub(super) fn beside(file: &str, other: &str) -> String {
    match file.rsplit_once('/') {
        _ if other.starts_with('/') => normal(other),
        Some((folder, _)) => normal(&format!("{folder}/{other}")),
        None => normal(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_texts() {
        assert_eq!(normal("./a//b/../c"), "a/c");
        assert_eq!(normal("../a"), "../a");
        assert_eq!(normal("/../a"), "/a");
        assert_eq!(beside("deals/x.pf", "../parties.pf"), "parties.pf");
        assert_eq!(beside("x.pf", "prices/amd.csv"), "prices/amd.csv");
        assert_eq!(beside("deals/x.pf", "/abs.pf"), "/abs.pf");
    }
}
